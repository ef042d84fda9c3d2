/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clip_place.h"

#include <math.h>
#include <string.h>

#define CENTER (-1000000.0)   /* a position that the fit decides */
#define WAY_POINTS 96
#define ROUND_POINTS 48

typedef struct Reader {
    const kf_film_handle *film;
    kf_param_place place;
    kf_time t;
} Reader;

/* The value of a parameter; `missing` when the film does not know it. */
static void read_pair(const Reader *r, const char *name, double missing, double out[2])
{
    kf_param_now now;
    const bool there = kf_film_param(r->film, &r->place, name, r->t, &now);
    for (int i = 0; i < 2; i++) out[i] = there ? now.number[i] : missing;
}

static double read_number(const Reader *r, const char *name, double missing)
{
    double pair[2];
    read_pair(r, name, missing, pair);
    return pair[0];
}

/* ---- Size ---- */

static bool frame_size(const kf_film_handle *film, int32_t sequence, double out[2])
{
    kf_sequence_info info;
    if (!kf_film_sequence(film, sequence, &info) || info.width <= 0) return false;
    const kf_rational a = info.pixel_aspect;
    out[0] = info.width * (a.num > 0 && a.den > 0 ? (double)a.num / a.den : 1);
    out[1] = info.height;
    return true;
}

/* Media of unknown size count as large as the frame, which is where the fit puts most of them. */
static bool picture_size(const kf_film_handle *film, const kf_timeline_item *clip, double out[2])
{
    kf_asset_info asset;
    if (clip->source == KF_TIMELINE_SEQUENCE) return frame_size(film, clip->source_index, out);
    const bool media = clip->source == KF_TIMELINE_ASSET && kf_film_asset(film, clip->source_index, &asset);
    if (!media || asset.width <= 0 || asset.height <= 0) return frame_size(film, clip->sequence, out);
    out[0] = asset.width;
    out[1] = asset.height;
    return true;
}

/* ---- Place ---- */

enum { FIT_NONE, FIT_CONTAIN, FIT_COVER, FIT_STRETCH };

static void fit_factors(int fit, const double size[2], const double box[2], double out[2])
{
    const double x = box[0] / size[0], y = box[1] / size[1];
    out[0] = out[1] = 1;
    if (fit == FIT_CONTAIN) out[0] = out[1] = fmin(x, y);
    if (fit == FIT_COVER) out[0] = out[1] = fmax(x, y);
    if (fit == FIT_STRETCH) out[0] = x, out[1] = y;
}

static void find_outline(const Reader *r, const double size[2], const double frame[2], KerfClipPlace *out, double middle[2])
{
    double box[2], corner[2], factor[2];
    read_pair(r, "box_size", 0, box);
    read_pair(r, "box_position", 0, corner);
    read_pair(r, "anchor", 0.5, out->outline.anchor);
    for (int i = 0; i < 2; i++) box[i] = box[i] > 0 ? box[i] : frame[i];
    fit_factors((int)read_number(r, "fit", FIT_CONTAIN), size, box, factor);
    out->outline.width = size[0] * factor[0];
    out->outline.height = size[1] * factor[1];
    for (int i = 0; i < 2; i++) {
        middle[i] = corner[i] + (box[i] - size[i] * factor[i]) / 2 + out->outline.anchor[i] * size[i] * factor[i];
    }
}

bool kerf_clip_place(const kf_film_handle *film, const kf_timeline_item *clip, kf_time t, KerfClipPlace *out)
{
    const Reader r = {film, {.item = clip, .group = KF_PARAMS_TRANSFORM}, t};
    double size[2], frame[2], middle[2], position[2];
    if (!picture_size(film, clip, size) || !frame_size(film, clip->sequence, frame)) return false;
    find_outline(&r, size, frame, out, middle);
    read_pair(&r, "position", CENTER, position);
    read_pair(&r, "offset", 0, out->offset);
    read_pair(&r, "scale", 1, out->pose.scale);
    out->pose.rotation = read_number(&r, "rotation", 0);
    for (int i = 0; i < 2; i++) out->pose.position[i] = (position[i] == CENTER ? middle[i] : position[i]) + out->offset[i];
    return true;
}

/* ---- Way ---- */

void kerf_clip_motion(const kf_film_handle *film, const kf_timeline_item *clip, KerfPaths *paths)
{
    const kf_param_place place = {.item = clip, .group = KF_PARAMS_TRANSFORM};
    double points[2 * WAY_POINTS][2];
    KerfClipPlace now;
    kf_param_now value;
    kf_key_info key = {0}, last = {0};
    guint count = 0;
    if (!kf_film_param(film, &place, "position", 0, &value) || value.keys < 2) return;
    for (int32_t i = 0; i < MIN(value.keys, WAY_POINTS) && kf_film_param_key(film, &place, "position", i, &last); i++) {
        if (i == 0) key = last;
        if (!kerf_clip_place(film, clip, last.time, &now)) return;
        memcpy(points[count++], now.pose.position, sizeof points[0]);
    }
    const guint dots = count;
    for (int i = 0; i < WAY_POINTS; i++) {
        const kf_time t = key.time + (last.time - key.time) / (WAY_POINTS - 1) * i;
        if (!kerf_clip_place(film, clip, t, &now)) return;
        memcpy(points[count++], now.pose.position, sizeof points[0]);
    }
    kerf_paths_add(paths, points, count, dots, FALSE);
}

/* ---- Masks ---- */

enum { MASK_RECT, MASK_ELLIPSE, MASK_POLYGON };

/* Corners of a box, or points of an ellipse in it, about its middle; -0.5..0.5. */
static guint shape_points(int shape, double (*out)[2])
{
    static const double corners[4][2] = {{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}};
    if (shape != MASK_ELLIPSE) {
        memcpy(out, corners, sizeof corners);
        return 4;
    }
    for (int i = 0; i < ROUND_POINTS; i++) {
        out[i][0] = 0.5 * cos(2 * G_PI * i / ROUND_POINTS);
        out[i][1] = 0.5 * sin(2 * G_PI * i / ROUND_POINTS);
    }
    return ROUND_POINTS;
}

/* Turned about its centre in pixels, then as parts of the picture. */
static guint box_points(const Reader *r, int shape, const KerfOutline *o, double (*out)[2])
{
    double center[2], size[2];
    read_pair(r, "center", 0.5, center);
    read_pair(r, "size", 0.5, size);
    const double angle = read_number(r, "rotation", 0) * G_PI / 180, c = cos(angle), s = sin(angle);
    const guint count = shape_points(shape, out);
    for (guint i = 0; i < count; i++) {
        const double x = out[i][0] * size[0] * o->width, y = out[i][1] * size[1] * o->height;
        out[i][0] = center[0] + (c * x - s * y) / o->width;
        out[i][1] = center[1] + (s * x + c * y) / o->height;
    }
    return count;
}

/* "[[x, y], ...]" */
unsigned kerf_clip_polygon(const kf_film_handle *film, const kf_param_place *place, double (*out)[2], unsigned most)
{
    char *json = kf_film_param_json(film, place, "points");
    guint count = 0;
    const char *at = json ? strchr(json, '[') : NULL;
    while (at && (at = strchr(at + 1, '[')) && count < most) {
        char *end;
        out[count][0] = g_ascii_strtod(at + 1, &end);
        out[count][1] = *end == ',' ? g_ascii_strtod(end + 1, &end) : 0;
        count++;
    }
    kf_string_free(json);
    return count;
}

static void add_mask(const Reader *r, const KerfClipPlace *place, KerfPaths *paths)
{
    enum { MOST = 256 };
    double parts[MOST][2], points[MOST][2];
    const int shape = (int)read_number(r, "shape", MASK_RECT);
    const guint count = shape == MASK_POLYGON ? kerf_clip_polygon(r->film, &r->place, parts, MOST) : box_points(r, shape, &place->outline, parts);
    for (guint i = 0; i < count; i++) kerf_pose_point(&place->outline, &place->pose, parts[i], points[i]);
    if (count > 1) kerf_paths_add(paths, points, count, 0, TRUE);
}

void kerf_clip_masks(const kf_film_handle *film, const kf_timeline_item *clip, const KerfClipPlace *place, kf_time t,
                     KerfPaths *paths)
{
    for (int32_t i = 0; i < clip->effects; i++) {
        const Reader r = {film, {.item = clip, .group = KF_PARAMS_EFFECT, .index = i}, t};
        kf_param_set set;
        if (kf_film_params(film, &r.place, &set) && set.enabled && strcmp(set.kind, "mask") == 0) add_mask(&r, place, paths);
    }
}
