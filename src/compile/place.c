/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "compile/internal.h"

/* What the graph calls nothing: singular, or a millionth. */
static bool vanishes(const kf_transform2d *t)
{
    kf_transform2d inverse;
    return hypot(t->m[0], t->m[3]) < 1e-6 || hypot(t->m[1], t->m[4]) < 1e-6 || !kf_transform2d_invert(t, &inverse);
}

kf_status kf_scene_transform(kf_scene *s, const kf_graph_node **node, const kf_transform2d *forward, kf_filter filter)
{
    if (!*node) return KF_OK;
    if (vanishes(forward))
        *node = NULL;
    else
        KF_NODE(s, *node, kf_graph_transform(s->g, *node, forward, filter));
    return KF_OK;
}

void kf_transform_default(kf_fx_transform *out)
{
    kf_kind_defaults(kf_kind_get(KF_FX_TRANSFORM), out);
}

void kf_fit_scale(int32_t fit, const double size[2], const double box[2], double out[2])
{
    double sx = box[0] / size[0], sy = box[1] / size[1];
    out[0] = out[1] = 1;
    if (fit == KF_FIT_CONTAIN) out[0] = out[1] = fmin(sx, sy);
    if (fit == KF_FIT_COVER) out[0] = out[1] = fmax(sx, sy);
    if (fit == KF_FIT_STRETCH) out[0] = sx, out[1] = sy;
}

/* cos and sin that are exact at quarter turns, so that turned pictures stay sharp. */
static void turn(double degrees, double *c, double *s)
{
    double quarters = degrees / 90;
    if (quarters == floor(quarters)) {
        static const double cs[4] = {1, 0, -1, 0}, sn[4] = {0, 1, 0, -1};
        int q = (int)(quarters - 4 * floor(quarters / 4));
        *c = cs[q];
        *s = sn[q];
        return;
    }
    *c = cos(degrees * (3.14159265358979323846 / 180));
    *s = sin(degrees * (3.14159265358979323846 / 180));
}

/* Cuts the part of the picture that hangs over the box (COVER). */
static void cut_overflow(const double size[2], const double f[2], const double box[2], kf_placement *out)
{
    for (int i = 0; i < 2; i++) {
        double over = (size[i] * f[i] - box[i]) / (2 * f[i]);
        if (over <= 1e-6) continue;
        out->crop[i] = fmaxf(out->crop[i], (float)over);
        out->crop[i + 2] = fminf(out->crop[i + 2], (float)(size[i] - over));
        out->cropped = true;
    }
}

static void set_crop(const kf_fx_transform *t, const double size[2], kf_placement *out)
{
    out->crop[0] = (float)(t->crop_left * size[0]);
    out->crop[1] = (float)(t->crop_top * size[1]);
    out->crop[2] = (float)((1 - t->crop_right) * size[0]);
    out->crop[3] = (float)((1 - t->crop_bottom) * size[1]);
    out->cropped = t->crop_left > 0 || t->crop_top > 0 || t->crop_right > 0 || t->crop_bottom > 0;
}

void kf_place(const kf_fx_transform *t, double w, double h, const double frame[2], double scale, kf_placement *out)
{
    double size[2] = {w, h}, box[2], f[2], c, s;
    for (int i = 0; i < 2; i++) box[i] = t->box_size[i] > 0 ? t->box_size[i] : frame[i];
    kf_fit_scale(t->fit, size, box, f);
    set_crop(t, size, out);
    bool whole = box[0] == frame[0] && box[1] == frame[1] && t->box_position[0] == 0 && t->box_position[1] == 0;
    bool still = t->scale[0] == 1 && t->scale[1] == 1 && t->rotation == 0 && t->position[0] == KF_POSITION_CENTER &&
                 t->position[1] == KF_POSITION_CENTER && t->offset[0] == 0 && t->offset[1] == 0;
    if (t->fit == KF_FIT_COVER && !(whole && still)) cut_overflow(size, f, box, out);
    out->kx = 1 / f[0];
    out->ky = 1 / f[1];

    double land[2], anchor[2];
    for (int i = 0; i < 2; i++) {
        anchor[i] = t->anchor[i] * size[i];
        double fitted = t->box_position[i] + (box[i] - size[i] * f[i]) / 2 + anchor[i] * f[i];
        land[i] = (t->position[i] == KF_POSITION_CENTER ? fitted : t->position[i]) + t->offset[i];
    }
    turn(t->rotation, &c, &s);
    double sx = f[0] * t->scale[0] * scale, sy = f[1] * t->scale[1] * scale;
    kf_transform2d m = {{c * sx, -s * sy, 0, s * sx, c * sy, 0}};
    m.m[2] = land[0] * scale - m.m[0] * anchor[0] - m.m[1] * anchor[1];
    m.m[5] = land[1] * scale - m.m[3] * anchor[0] - m.m[4] * anchor[1];
    if (t->flip_h || t->flip_v) {
        kf_transform2d flip = {{t->flip_h ? -1 : 1, 0, t->flip_h ? w : 0, 0, t->flip_v ? -1 : 1, t->flip_v ? h : 0}};
        m = kf_transform2d_mul(&m, &flip);
    }
    out->forward = m;
}

double kf_pixel_aspect(const kf_sequence_view *sequence)
{
    kf_rational a = sequence->pixel_aspect;
    return a.num > 0 && a.den > 0 ? (double)a.num / a.den : 1;
}

void kf_place_on(const kf_scene *s, const kf_fx_transform *t, double w, double h, kf_placement *out)
{
    double aspect = kf_pixel_aspect(s->sequence), frame[2] = {s->sequence->width * aspect, s->sequence->height};
    kf_place(t, w, h, frame, s->scale, out);
    for (int i = 0; i < 3; i++) out->forward.m[i] /= aspect;
}

bool kf_placement_spans(const kf_scene *s, const kf_placement *p, double w, double h)
{
    const double *m = p->forward.m;
    if (p->cropped || m[1] != 0 || m[3] != 0) return false;
    double x0 = m[2], x1 = m[0] * w + m[2], y0 = m[5], y1 = m[4] * h + m[5];
    return fmin(x0, x1) <= 1e-6 && fmax(x0, x1) >= s->width - 1e-6 && fmin(y0, y1) <= 1e-6 &&
           fmax(y0, y1) >= s->height - 1e-6;
}
