/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adjustments: conform, crop, transform, blend, volume, panner. Final Cut Pro counts positions from the centre,
 * upwards, in percent of the frame's height, and turns anticlockwise. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "interchange/fcpxml.h"

/* A value and how it becomes Kerf's: number * factor + add, within least to most. */
typedef struct value {
    const char *key, *name;      /* Kerf's, Final Cut Pro's */
    int count;                   /* of numbers, 1 or 2 */
    double factor[2], add[2], least, most;
} value;

static const kf_xml *active(const kf_xml *clip, const char *name)
{
    const kf_xml *adjust = kf_xml_child(clip, name);
    return fx_attr_is(adjust, "enabled", "0") ? NULL : adjust;
}

/* ---- Values ---- */

static bool convert(const value *v, const char *text, double out[2])
{
    int count = text ? fx_read_numbers(text, out, v->count) : 0;
    if (count == 0) {
        return false;
    }
    if (count < v->count) {
        out[1] = out[0];
    }
    for (int i = 0; i < v->count; i++) {
        out[i] = round((out[i] * v->factor[i] + v->add[i]) * 1e9) / 1e9;
        out[i] = out[i] < v->least ? v->least : out[i] > v->most ? v->most : out[i];
    }
    return true;
}

static void write_value(kf_json_writer *w, const value *v, const double number[2])
{
    if (v->count == 1) {
        kf_json_write_number(w, number[0]);
        return;
    }
    kf_json_begin_array(w);
    kf_json_write_number(w, number[0]);
    kf_json_write_number(w, number[1]);
    kf_json_end_array(w);
}

static const char *interp_of(const kf_xml *key)
{
    static const char *const names[][2] = {{"ease", "ease"}, {"easeIn", "ease_in"}, {"easeOut", "ease_out"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (fx_attr_is(key, "interp", names[i][0])) {
            return names[i][1];
        }
    }
    return NULL;
}

static kf_time key_time(fx_story *s, const fx_placed *p, const kf_xml *key)
{
    kf_time ahead = fx_time_attr(s->r, key, "time", 0) - p->place.local;
    return kf_muldiv_floor(ahead, p->place.speed.den, p->place.speed.num);
}

/* Keys that a film cannot hold do not count. */
static bool read_key(fx_story *s, const fx_placed *p, const value *v, const kf_xml *key, double number[2])
{
    kf_time t = key_time(s, p, key);
    return t >= -KF_MODEL_MAX_TIME && t <= KF_MODEL_MAX_TIME && convert(v, kf_xml_attr(key, "value"), number);
}

static void write_keys(fx_story *s, const fx_placed *p, const value *v, const kf_xml *animation)
{
    kf_time last = KF_TIME_NONE;
    double number[2];
    bool smooth = false;
    kf_json_key(&s->w, v->key);
    kf_json_begin_object(&s->w);
    kf_json_key(&s->w, "keys");
    kf_json_begin_array(&s->w);
    for (const kf_xml *e = kf_xml_child(animation, "keyframe"); e; e = kf_xml_again(e)) {
        kf_time t = key_time(s, p, e);
        if (!read_key(s, p, v, e, number) || (last != KF_TIME_NONE && t <= last)) {
            continue;
        }
        last = t;
        smooth |= !fx_attr_is(e, "curve", "linear");
        kf_json_begin_object(&s->w);
        ix_put_time(&s->w, "t", t, s->view.rate);
        kf_json_key(&s->w, "v");
        write_value(&s->w, v, number);
        ix_put_text(&s->w, "interp", interp_of(e));
        kf_json_end_object(&s->w);
    }
    kf_json_end_array(&s->w);
    kf_json_end_object(&s->w);
    if (smooth && animation->child_count > 2) {
        fx_lose(s, KF_LOSS_CHANGED, p, "the curve through the keyframes of its %s is straight", v->name);
    }
}

static const kf_xml *param_of(const kf_xml *adjust, const char *name)
{
    const kf_xml *param = kf_xml_child(adjust, "param");
    while (param && strcasecmp(fx_name(param), name) != 0) {
        param = kf_xml_again(param);
    }
    return param;
}

static bool has_key(fx_story *s, const fx_placed *p, const value *v, const kf_xml *animation)
{
    double number[2];
    const kf_xml *e = kf_xml_child(animation, "keyframe");
    while (e && !read_key(s, p, v, e, number)) {
        e = kf_xml_again(e);
    }
    return e != NULL;
}

/* Keyframes stand in a param of the adjustment, the rest in an attribute. */
static void put_value(fx_story *s, const fx_placed *p, const kf_xml *adjust, const value *v)
{
    double number[2];
    const kf_xml *param = param_of(adjust, v->name), *animation = kf_xml_child(param, "keyframeAnimation");
    const char *text = kf_xml_attr(adjust, v->name);
    if (has_key(s, p, v, animation)) {
        write_keys(s, p, v, animation);
    } else if (convert(v, text ? text : kf_xml_attr(param, "value"), number)) {
        kf_json_key(&s->w, v->key);
        write_value(&s->w, v, number);
    }
}

/* ---- The picture ---- */

static double height_of(const fx_story *s)
{
    return s->format.height ? s->format.height : 1080;
}

static double width_of(const fx_story *s)
{
    return s->format.width ? s->format.width : height_of(s) * 16 / 9;
}

static void put_crop(fx_story *s, const fx_placed *p, const kf_xml *trim)
{
    fx_format f = fx_read_format(s->r, fx_resource(s->r, p->source.resource, "format", "format"));
    double across = (f.width ? f.height : height_of(s)) / (f.width ? f.width : width_of(s));
    const value values[] = {
        {"crop_left", "left", 1, {across / 100}, {0}, 0, 1}, {"crop_top", "top", 1, {0.01}, {0}, 0, 1},
        {"crop_right", "right", 1, {across / 100}, {0}, 0, 1}, {"crop_bottom", "bottom", 1, {0.01}, {0}, 0, 1}};
    for (size_t i = 0; trim && i < 4; i++) {
        put_value(s, p, trim, &values[i]);
    }
}

static void put_transform(fx_story *s, const fx_placed *p, const kf_xml *adjust)
{
    double h = height_of(s), w = width_of(s);
    const value values[] = {
        {"offset", "position", 2, {h / 100, -h / 100}, {0, 0}, -100000, 100000},
        {"scale", "scale", 2, {1, 1}, {0, 0}, -1000, 1000},
        {"rotation", "rotation", 1, {-1, 0}, {0, 0}, -36000, 36000},
        {"anchor", "anchor", 2, {h / w / 100, -0.01}, {0.5, 0.5}, -100, 100}};
    for (size_t i = 0; adjust && i < 4; i++) {
        put_value(s, p, adjust, &values[i]);
    }
}

static void write_transform(fx_story *s, const fx_placed *p)
{
    const kf_xml *clip = p->element, *conform = active(clip, "adjust-conform"), *crop = active(clip, "adjust-crop");
    const kf_xml *transform = active(clip, "adjust-transform");
    bool trimmed = fx_attr_is(crop, "mode", "trim"), fitted = fx_attr_is(conform, "type", "fill") ||
                                                             fx_attr_is(conform, "type", "none");
    if (!fitted && !trimmed && !transform) {
        return;
    }
    kf_json_key(&s->w, "transform");
    kf_json_begin_object(&s->w);
    if (fitted) {
        kf_json_put_string(&s->w, "fit", fx_attr_is(conform, "type", "none") ? "none" : "cover");
    }
    put_transform(s, p, transform);
    put_crop(s, p, trimmed ? kf_xml_child(crop, "trim-rect") : NULL);
    kf_json_end_object(&s->w);
}

static void write_blend(fx_story *s, const fx_placed *p)
{
    static const value amount = {"opacity", "amount", 1, {1, 1}, {0, 0}, 0, 1};
    const kf_xml *blend = active(p->element, "adjust-blend");
    const char *mode = kf_xml_attr(blend, "mode");
    int kerf = mode ? fx_blend_to_kerf((int)strtol(mode, NULL, 10)) : KF_MODE_NORMAL;
    put_value(s, p, blend, &amount);
    if (kerf < 0) {
        fx_lose(s, KF_LOSS_CHANGED, p, "its blend mode %.40s became normal", mode);
    } else if (kerf != KF_MODE_NORMAL) {
        const kf_kind *kind = kf_kind_get(KF_PROP_CLIP_VIDEO);
        const kf_field *field = &kind->fields[kf_kind_field(kind, "blend_mode")];
        kf_json_put_string(&s->w, "blend_mode", field->choices[kerf]);
    }
}

/* ---- The sound ---- */

static void put_fade(fx_story *s, const kf_xml *fade, const char *key, const char *curve_key)
{
    kf_time duration = fx_time_attr(s->r, fade, "duration", 0);
    if (duration > 0 && duration <= 86400 * KF_SECOND) {
        ix_put_time(&s->w, key, duration, s->view.rate);
        if (fx_attr_is(fade, "type", "linear") || fx_attr_is(fade, "type", "easeInOut")) {
            kf_json_put_string(&s->w, curve_key, fx_attr_is(fade, "type", "linear") ? "linear" : "s");
        }
    }
}

static void write_volume(fx_story *s, const fx_placed *p)
{
    static const value amount = {"gain", "amount", 1, {1, 1}, {0, 0}, -144, 48};
    static const value pan = {"pan", "amount", 1, {0.01, 1}, {0, 0}, -1, 1};
    const kf_xml *volume = active(p->element, "adjust-volume"), *param = param_of(volume, "amount");
    const kf_xml *panner = active(p->element, "adjust-panner");
    put_value(s, p, volume, &amount);
    put_fade(s, kf_xml_child(param, "fadeIn"), "fade_in", "fade_in_curve");
    put_fade(s, kf_xml_child(param, "fadeOut"), "fade_out", "fade_out_curve");
    if (panner && !panner->child_count && !kf_xml_attr(panner, "mode")) {
        put_value(s, p, panner, &pan);
    }
}

void fx_write_adjustments(fx_story *s, const fx_placed *p, bool picture, bool sound)
{
    if (picture) {
        write_transform(s, p);
        write_blend(s, p);
    }
    if (sound) {
        write_volume(s, p);
    }
}
