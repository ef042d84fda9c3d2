/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shapes.h"

#include <math.h>
#include <string.h>

#include "text.h"

#define GAP 16.0              /* px of the widget from a mask's edge to the knob of its feather */
#define ARM 24.0              /* ... to the knob that turns */
enum { CORNERS = 256 };

/* ---- Reading ---- */

typedef struct Mask {
    int shape;                /* 0 rectangle, 1 ellipse, 2 polygon */
    double center[2], size[2], rotation, feather;
    double corners[CORNERS][2]; /* parts of the picture */
    int count;
} Mask;

static kf_param_place effect_of(const KerfShapes *s, int effect)
{
    return (kf_param_place){.item = s->clip, .group = KF_PARAMS_EFFECT, .index = effect};
}

static void read_pair(const KerfShapes *s, int effect, const char *name, double missing, double out[2])
{
    const kf_param_place place = effect_of(s, effect);
    kf_param_now now;
    const bool there = kf_film_param(s->film, &place, name, s->t, &now);
    for (int i = 0; i < 2; i++) out[i] = there ? now.number[i] : missing;
}

static double read_number(const KerfShapes *s, int effect, const char *name, double missing)
{
    double pair[2];
    read_pair(s, effect, name, missing, pair);
    return pair[0];
}

static gboolean is_mask(const KerfShapes *s, int effect)
{
    const kf_param_place place = effect_of(s, effect);
    kf_param_set set;
    return kf_film_params(s->film, &place, &set) && set.enabled && strcmp(set.kind, "mask") == 0;
}

static void read_mask(const KerfShapes *s, int effect, Mask *m)
{
    const kf_param_place place = effect_of(s, effect);
    m->shape = (int)read_number(s, effect, "shape", 0);
    read_pair(s, effect, "center", 0.5, m->center);
    read_pair(s, effect, "size", 0.5, m->size);
    m->rotation = read_number(s, effect, "rotation", 0) * G_PI / 180;
    m->feather = read_number(s, effect, "feather", 0);
    m->count = m->shape == 2 ? (int)kerf_clip_polygon(s->film, &place, m->corners, CORNERS) : 0;
}

/* ---- Between a mask's own pixels, the picture and the film ---- */

static void to_film(const KerfShapes *s, const Mask *m, double x, double y, double out[2])
{
    const KerfOutline *o = &s->place->outline;
    const double c = cos(m->rotation), n = sin(m->rotation);
    const double part[2] = {m->center[0] + (c * x - n * y) / o->width, m->center[1] + (n * x + c * y) / o->height};
    kerf_pose_point(o, &s->place->pose, part, out);
}

static void from_film(const KerfShapes *s, const Mask *m, const double point[2], double out[2])
{
    const KerfOutline *o = &s->place->outline;
    double part[2];
    kerf_pose_part(o, &s->place->pose, point, part);
    const double x = (part[0] - m->center[0]) * o->width, y = (part[1] - m->center[1]) * o->height;
    const double c = cos(m->rotation), n = sin(m->rotation);
    out[0] = c * x + n * y;
    out[1] = c * y - n * x;
}

/* Px of the clip's picture for one of the widget. */
static double unit_of(const KerfShapes *s)
{
    const double scale = (fabs(s->place->pose.scale[0]) + fabs(s->place->pose.scale[1])) / 2;
    return s->unit / (scale > 0.001 ? scale : 0.001);
}

/* ---- Knobs ---- */

static void add(GArray *out, KerfKnobKind kind, int effect, int index, const double at[2], const char *name)
{
    KerfKnob knob = {.kind = kind, .effect = effect, .index = index, .at = {at[0], at[1]}};
    g_strlcpy(knob.name, name, sizeof knob.name);
    g_array_append_val(out, knob);
}

static void add_own(const KerfShapes *s, const Mask *m, GArray *out, const KerfKnob *like, const double own[2])
{
    double at[2];
    to_film(s, m, own[0], own[1], at);
    add(out, like->kind, like->effect, like->index, at, like->name);
}

static void add_box_knobs(const KerfShapes *s, const Mask *m, int effect, GArray *out)
{
    const double w = m->size[0] * s->place->outline.width / 2, h = m->size[1] * s->place->outline.height / 2;
    const double u = unit_of(s);
    const struct {
        KerfKnobKind kind;
        const char *what;
        double own[2];
    } all[] = {{KERF_KNOB_TURN, "rotation", {0, -h - ARM * u}},
               {KERF_KNOB_FEATHER, "feather", {-w - GAP * u - m->feather, 0}},
               {KERF_KNOB_WIDTH, "width", {w, 0}},
               {KERF_KNOB_HEIGHT, "height", {0, h}},
               {KERF_KNOB_SIZE, "size", {w, h}},
               {KERF_KNOB_CENTER, "centre", {0, 0}}};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        KerfKnob knob = {.kind = all[i].kind, .effect = effect};
        g_snprintf(knob.name, sizeof knob.name, "Mask %d, %s", effect + 1, all[i].what);
        add_own(s, m, out, &knob, all[i].own);
    }
}

static void middle_of(const Mask *m, double out[2])
{
    out[0] = out[1] = 0;
    for (int i = 0; i < m->count; i++) {
        out[0] += m->corners[i][0] / m->count;
        out[1] += m->corners[i][1] / m->count;
    }
}

/* Left of the leftmost corner. */
static void feather_place(const KerfShapes *s, const Mask *m, double out[2])
{
    const double *left = m->corners[0];
    for (int i = 1; i < m->count; i++) {
        if (m->corners[i][0] < left[0]) left = m->corners[i];
    }
    const double part[2] = {left[0] - (GAP * unit_of(s) + m->feather) / s->place->outline.width, left[1]};
    kerf_pose_point(&s->place->outline, &s->place->pose, part, out);
}

static void add_polygon_knobs(const KerfShapes *s, const Mask *m, int effect, GArray *out)
{
    double at[2], middle[2];
    char name[64];
    if (m->count == 0) return;
    feather_place(s, m, at);
    g_snprintf(name, sizeof name, "Mask %d, feather", effect + 1);
    add(out, KERF_KNOB_FEATHER, effect, 0, at, name);
    middle_of(m, middle);
    kerf_pose_point(&s->place->outline, &s->place->pose, middle, at);
    g_snprintf(name, sizeof name, "Mask %d, all of it", effect + 1);
    add(out, KERF_KNOB_CENTER, effect, 0, at, name);
    for (int i = 0; i < m->count; i++) {
        kerf_pose_point(&s->place->outline, &s->place->pose, m->corners[i], at);
        g_snprintf(name, sizeof name, "Mask %d, corner %d of %d", effect + 1, i + 1, m->count);
        add(out, KERF_KNOB_CORNER, effect, i, at, name);
    }
}

static void add_keys(const KerfShapes *s, GArray *out)
{
    const kf_param_place place = {.item = s->clip, .group = KF_PARAMS_TRANSFORM};
    kf_param_now now;
    kf_key_info key;
    KerfClipPlace there;
    if (!kf_film_param(s->film, &place, "position", 0, &now) || now.keys < 2) return;
    for (int32_t i = 0; i < MIN(now.keys, CORNERS) && kf_film_param_key(s->film, &place, "position", i, &key); i++) {
        char name[64];
        g_snprintf(name, sizeof name, "Keyframe %d of %d of the position", i + 1, now.keys);
        if (kerf_clip_place(s->film, s->clip, key.time, &there)) add(out, KERF_KNOB_KEY, -1, i, there.pose.position, name);
    }
}

/* A title's own place, in the frame that the clip covers. */
static void add_title(const KerfShapes *s, GArray *out)
{
    const kf_param_place place = {.item = s->clip, .group = KF_PARAMS_GENERATOR};
    const KerfOutline *o = &s->place->outline;
    kf_param_now now;
    double part[2], at[2];
    if (strcmp(s->clip->generator, "title") != 0 || !kf_film_param(s->film, &place, "position", s->t, &now)) return;
    for (int i = 0; i < 2; i++) { /* "center" is far outside */
        part[i] = now.number[i] < -100000 ? 0.5 : now.number[i] / (i ? o->height : o->width);
    }
    kerf_pose_point(o, &s->place->pose, part, at);
    add(out, KERF_KNOB_TITLE, -1, 0, at, "Place of the title");
}

GArray *kerf_shapes_knobs(const KerfShapes *s)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(KerfKnob));
    Mask m;
    add_keys(s, out);
    for (int i = 0; i < s->clip->effects; i++) {
        if (!is_mask(s, i)) continue;
        read_mask(s, i, &m);
        (m.shape == 2 ? add_polygon_knobs : add_box_knobs)(s, &m, i, out);
    }
    add_title(s, out);
    return out;
}

/* ---- Operations ---- */

typedef struct Value {
    char text[80];
} Value;

static Value number(double v)
{
    Value out;
    g_ascii_formatd(out.text, sizeof out.text, "%.5f", v);
    return out;
}

static Value pair(double x, double y)
{
    Value out;
    g_snprintf(out.text, sizeof out.text, "[%.30s, %.30s]", number(x).text, number(y).text);
    return out;
}

/* Sets a parameter of a mask, or its keyframe of this moment if it has any. */
static char *set_effect(const KerfShapes *s, int effect, const char *name, const char *value)
{
    const kf_param_place place = effect_of(s, effect);
    kf_param_now now = {0};
    kf_film_param(s->film, &place, name, s->t, &now);
    if (now.keys > 0) {
        return kerf_json_operation("set_key", "\"clip\": %" G_GUINT64_FORMAT
                                   ", \"effect\": %d, \"field\": \"%s\", \"at\": %s, \"value\": %s",
                                   s->clip->id, effect, name, kerf_json_time(s->t).text, value);
    }
    return kerf_json_operation("set_effect", "\"clip\": %" G_GUINT64_FORMAT ", \"index\": %d, \"set\": {\"%s\": %s}",
                               s->clip->id, effect, name, value);
}

static char *set_corners(const KerfShapes *s, int effect, const Mask *m)
{
    GString *list = g_string_new("[");
    for (int i = 0; i < m->count; i++) {
        g_string_append_printf(list, "%s%s", i ? ", " : "", pair(m->corners[i][0], m->corners[i][1]).text);
    }
    g_string_append_c(list, ']');
    char *out = kerf_json_operation("set_effect", "\"clip\": %" G_GUINT64_FORMAT ", \"index\": %d, \"set\": {\"points\": %s}",
                                    s->clip->id, effect, list->str);
    g_string_free(list, TRUE);
    return out;
}

static char *move_polygon(const KerfShapes *s, const KerfKnob *knob, Mask *m)
{
    double part[2], middle[2], corner[2], at[2];
    kerf_pose_part(&s->place->outline, &s->place->pose, knob->at, part);
    if (knob->kind == KERF_KNOB_CORNER) {
        if (knob->index >= m->count) return NULL;
        memcpy(m->corners[knob->index], part, sizeof part);
        return set_corners(s, knob->effect, m);
    }
    if (knob->kind == KERF_KNOB_CENTER) {
        middle_of(m, middle);
        for (int i = 0; i < m->count; i++) {
            for (int k = 0; k < 2; k++) m->corners[i][k] += part[k] - middle[k];
        }
        return set_corners(s, knob->effect, m);
    }
    m->feather = 0;
    feather_place(s, m, at);
    kerf_pose_part(&s->place->outline, &s->place->pose, at, corner);
    return set_effect(s, knob->effect, "feather", number(MAX(corner[0] - part[0], 0) * s->place->outline.width).text);
}

static char *move_box(const KerfShapes *s, const KerfKnob *knob, const Mask *m)
{
    const KerfOutline *o = &s->place->outline;
    double own[2], part[2];
    from_film(s, m, knob->at, own);
    const double w = MAX(2 * fabs(own[0]) / o->width, 0.001), h = MAX(2 * fabs(own[1]) / o->height, 0.001);
    switch (knob->kind) {
    case KERF_KNOB_CENTER:
        kerf_pose_part(o, &s->place->pose, knob->at, part);
        return set_effect(s, knob->effect, "center", pair(part[0], part[1]).text);
    case KERF_KNOB_SIZE: return set_effect(s, knob->effect, "size", pair(w, h).text);
    case KERF_KNOB_WIDTH: return set_effect(s, knob->effect, "size", pair(w, m->size[1]).text);
    case KERF_KNOB_HEIGHT: return set_effect(s, knob->effect, "size", pair(m->size[0], h).text);
    case KERF_KNOB_TURN: {
        const double by = atan2(own[0], -own[1]);
        return set_effect(s, knob->effect, "rotation", number((m->rotation + by) * 180 / G_PI).text);
    }
    default: {
        const double feather = fabs(own[0]) - m->size[0] * o->width / 2 - GAP * unit_of(s);
        return set_effect(s, knob->effect, "feather", number(CLAMP(feather, 0, 2000)).text);
    }
    }
}

static char *move_key(const KerfShapes *s, const KerfKnob *knob)
{
    const kf_param_place place = {.item = s->clip, .group = KF_PARAMS_TRANSFORM};
    kf_key_info key;
    if (!kf_film_param_key(s->film, &place, "position", knob->index, &key)) return NULL;
    return kerf_json_operation("set_key", "\"clip\": %" G_GUINT64_FORMAT
                               ", \"field\": \"transform.position\", \"at\": %s, \"value\": %s",
                               s->clip->id, kerf_json_time(key.time).text,
                               pair(knob->at[0] - s->place->offset[0], knob->at[1] - s->place->offset[1]).text);
}

static char *move_title(const KerfShapes *s, const KerfKnob *knob)
{
    const kf_param_place place = {.item = s->clip, .group = KF_PARAMS_GENERATOR};
    const KerfOutline *o = &s->place->outline;
    kf_param_now now = {0};
    double part[2];
    kerf_pose_part(o, &s->place->pose, knob->at, part);
    const Value to = pair(round(part[0] * o->width), round(part[1] * o->height));
    kf_film_param(s->film, &place, "position", s->t, &now);
    if (now.keys > 0) {
        return kerf_json_operation("set_key", "\"clip\": %" G_GUINT64_FORMAT
                                   ", \"field\": \"params.position\", \"at\": %s, \"value\": %s",
                                   s->clip->id, kerf_json_time(s->t).text, to.text);
    }
    return kerf_json_operation("set_clip", "\"clips\": [%" G_GUINT64_FORMAT "], \"set\": {\"params\": {\"position\": %s}}",
                               s->clip->id, to.text);
}

char *kerf_shapes_move(const KerfShapes *s, const KerfKnob *knob)
{
    Mask m;
    if (knob->kind == KERF_KNOB_KEY) return move_key(s, knob);
    if (knob->kind == KERF_KNOB_TITLE) return move_title(s, knob);
    if (!is_mask(s, knob->effect)) return NULL;
    read_mask(s, knob->effect, &m);
    return m.shape == 2 ? move_polygon(s, knob, &m) : move_box(s, knob, &m);
}

char *kerf_shapes_remove(const KerfShapes *s, const KerfKnob *knob)
{
    const kf_param_place place = {.item = s->clip, .group = KF_PARAMS_TRANSFORM};
    kf_key_info key;
    Mask m;
    if (knob->kind == KERF_KNOB_KEY && kf_film_param_key(s->film, &place, "position", knob->index, &key)) {
        return kerf_json_operation("remove_key", "\"clip\": %" G_GUINT64_FORMAT ", \"field\": \"transform.position\", \"at\": %s",
                                   s->clip->id, kerf_json_time(key.time).text);
    }
    if (knob->kind != KERF_KNOB_CORNER) return NULL;
    read_mask(s, knob->effect, &m);
    if (m.count <= 3 || knob->index >= m.count) return NULL;
    memmove(m.corners[knob->index], m.corners[knob->index + 1], sizeof m.corners[0] * (size_t)(m.count - knob->index - 1));
    m.count--;
    return set_corners(s, knob->effect, &m);
}

/* ---- More corners ---- */

static int polygon_of(const KerfShapes *s, Mask *m)
{
    for (int i = 0; i < s->clip->effects; i++) {
        if (!is_mask(s, i)) continue;
        read_mask(s, i, m);
        if (m->shape == 2) return i;
    }
    return -1;
}

gboolean kerf_shapes_has_polygon(const KerfShapes *s)
{
    Mask m;
    return polygon_of(s, &m) >= 0;
}

/* How far a point is from a side. */
static double away(const double p[2], const double a[2], const double b[2])
{
    const double x = b[0] - a[0], y = b[1] - a[1], length = x * x + y * y;
    const double t = length > 0 ? CLAMP(((p[0] - a[0]) * x + (p[1] - a[1]) * y) / length, 0, 1) : 0;
    return hypot(p[0] - a[0] - t * x, p[1] - a[1] - t * y);
}

char *kerf_shapes_add(const KerfShapes *s, const double point[2])
{
    Mask m;
    double part[2];
    const int effect = polygon_of(s, &m);
    int best = m.count;
    if (effect < 0 || m.count >= CORNERS) return NULL;
    kerf_pose_part(&s->place->outline, &s->place->pose, point, part);
    for (int i = 0; i < m.count; i++) {
        const double least = best < m.count ? away(part, m.corners[best], m.corners[(best + 1) % m.count]) : INFINITY;
        if (away(part, m.corners[i], m.corners[(i + 1) % m.count]) < least) best = i;
    }
    if (best < m.count) memmove(m.corners[best + 2], m.corners[best + 1], sizeof m.corners[0] * (size_t)(m.count - best - 1));
    memcpy(m.corners[best < m.count ? best + 1 : m.count], part, sizeof part);
    m.count++;
    return set_corners(s, effect, &m);
}
