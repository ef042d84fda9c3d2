/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filters of xmeml that are properties of a film's clips: motion, opacity, crop, speed, levels, pan. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "interchange/xmeml.h"

enum { MOST_KEYS = 100000 };

static const char *effect_id(const kf_xml *filter)
{
    const kf_xml *effect = kf_xml_child(filter, "effect");
    const char *id = kf_xml_text(effect, "effectid"), *name = kf_xml_text(effect, "name");
    return id && *id ? id : name ? name : "";
}

bool xm_filter_is_read(const kf_xml *filter)
{
    static const char *const ids[] = {"basic", "opacity", "crop", "timeremap", "audiolevels", "audiopan", "flop", NULL};
    const char *id = effect_id(filter);
    for (int i = 0; ids[i]; i++) {
        if (strcasecmp(id, ids[i]) == 0) {
            return xm_true(filter, "enabled", true);
        }
    }
    return false;
}

/* The filter of that id that is switched on. */
static const kf_xml *find_filter(const xm_clip *clip, const char *id)
{
    const kf_xml *f = kf_xml_child(clip->node, "filter");
    while (f && (strcasecmp(effect_id(f), id) != 0 || !xm_true(f, "enabled", true))) {
        f = kf_xml_again(f);
    }
    return kf_xml_child(f, "effect");
}

static const kf_xml *find_parameter(const kf_xml *effect, const char *id)
{
    const kf_xml *p = kf_xml_child(effect, "parameter");
    for (; p; p = kf_xml_again(p)) {
        const char *own = kf_xml_text(p, "parameterid");
        if (own && strcasecmp(own, id) == 0) {
            return p;
        }
    }
    return NULL;
}

/* ---- Speed ---- */

/* A decimal, exactly. */
static bool read_ratio(const char *text, int64_t *num, int64_t *den)
{
    bool negative = false, point = false;
    int digits = 0;
    *num = 0;
    *den = 1;
    text += strspn(text, " \t\r\n");
    negative = *text == '-';
    for (text += negative; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
        } else if (digits < 17) {
            *num = *num * 10 + (*text - '0');
            *den *= point ? 10 : 1;
            digits++;
        } else if (!point) {
            return false;
        }
    }
    *num = negative ? -*num : *num;
    return digits > 0;
}

/* A speed that had to be rounded to a decimal: the first of its continued fraction's convergents that rounds to it. */
static void unround(int64_t *num, int64_t *den)
{
    int64_t a = *num, b = *den, h0 = 0, h1 = 1, k0 = 1, k1 = 0;
    double value = (double)*num / (double)*den, tolerance = 0.5 / (double)*den;
    while (b) {
        int64_t q = a / b, h = q * h1 + h0, k = q * k1 + k0, r = a % b;
        if (fabs((double)h / (double)k - value) <= tolerance) {
            *num = h;
            *den = k;
            return;
        }
        h0 = h1;
        h1 = h;
        k0 = k1;
        k1 = k;
        a = b;
        b = r;
    }
}

static kf_time scaled(kf_time t, kf_rational by)
{
    return kf_muldiv_floor(t, by.num, by.den);
}

static kf_time key_time(const kf_xml *key, const char *child, kf_rational rate)
{
    double frames = xm_number(kf_xml_text(key, child), 0);
    double t = frames * rate.den / rate.num * (double)KF_SECOND, most = (double)KF_MODEL_MAX_TIME;
    return frames == floor(frames) && fabs(frames) < 1e12 ? xm_time((int64_t)frames, rate)
                                                          : (kf_time)llround(t > most ? most : t < -most ? -most : t);
}

/* The source time that a graph gives for a time of the clip: straight between its keys. */
static bool graph_at(const kf_xml *graph, kf_rational rate, kf_time t, kf_time *out)
{
    const kf_xml *before = NULL, *after = NULL;
    for (const kf_xml *k = kf_xml_child(graph, "keyframe"); k && !after; k = kf_xml_again(k)) {
        if (key_time(k, "when", rate) <= t) {
            before = k;
        } else {
            after = k;
        }
    }
    if (!before) {
        return false;
    }
    kf_time t0 = key_time(before, "when", rate), v0 = key_time(before, "value", rate);
    kf_time t1 = after ? key_time(after, "when", rate) : t0, v1 = after ? key_time(after, "value", rate) : v0;
    if (t1 <= t0 && t != t0) {
        return false;
    }
    *out = t1 > t0 ? v0 + kf_muldiv_floor(t - t0, v1 - v0, t1 - t0) : v0;
    return true;
}

static bool is_near(kf_time a, kf_time b, kf_time by)
{
    return a - b <= by && b - a <= by;
}

/* A constant speed: in and out count after the change, but some write them as source frames. */
static void read_constant(xm_scope *s, xm_clip *c, const kf_xml *graph, bool reverse)
{
    ix_place place;
    kf_time from, to, length = c->end - c->start + c->head + c->tail, frame = kf_frame_start(1, s->rate);
    c->reverse = reverse;
    if (graph_at(graph, c->rate, c->in, &from) && graph_at(graph, c->rate, c->out, &to) && from != to) {
        c->reverse = to < from;
        c->low = to < from ? to : from;
        c->high = to < from ? from : to;
        return;
    }
    bool source =
        !is_near(c->out - c->in, length, frame) && is_near(c->out - c->in, scaled(length, c->speed), 2 * frame);
    if (!source && !is_near(c->out - c->in, length, frame)) {
        kf_report_add(s->im->report, KF_LOSS_NOTE, xm_where(s, c, place),
                      "Its in and out fit neither its length nor its speed; in, length and speed hold.");
    }
    if (source) {
        c->low = c->in;
        c->high = c->out;
        return;
    }
    kf_time media = xm_time(xm_int(c->node, "duration", 0), c->rate);
    kf_time first = reverse ? (media > c->out ? media - c->out : 0) : c->in;
    kf_time last = reverse ? (media > c->in ? media - c->in : c->out) : c->out;
    c->low = scaled(first, c->speed);
    c->high = scaled(last, c->speed);
}

/* Keys of a varying speed must be in order. */
static bool is_graph(const kf_xml *graph, kf_rational rate)
{
    int keys = 0;
    kf_time last = 0;
    for (const kf_xml *k = kf_xml_child(graph, "keyframe"); k && keys < MOST_KEYS; k = kf_xml_again(k)) {
        kf_time t = key_time(k, "when", rate);
        if (keys++ && t <= last) {
            return false;
        }
        last = t;
    }
    return keys >= 2 && keys < MOST_KEYS;
}

static void read_remap(xm_scope *s, xm_clip *c, const kf_xml *effect)
{
    ix_place place;
    int64_t num = 100, den = 1;
    const char *speed = kf_xml_text(find_parameter(effect, "speed"), "value");
    const kf_xml *graph = find_parameter(effect, "graphdict");
    bool varies = xm_true(find_parameter(effect, "variablespeed"), "value", false);
    bool reverse = xm_true(find_parameter(effect, "reverse"), "value", false);
    if (speed && !read_ratio(speed, &num, &den)) {
        num = 100;
    }
    if (varies && is_graph(graph, c->rate)) {
        c->graph = graph;
        kf_report_add(s->im->report, KF_LOSS_NOTE, xm_where(s, c, place),
                      "Its speed varies; between the points it is taken as even.");
        return;
    }
    if (varies) {
        kf_report_add(s->im->report, KF_LOSS_CHANGED, xm_where(s, c, place),
                      "Its speed varies, but its graph is missing, not in order or too long: the speed given holds.");
    }
    if (num == 0) {
        c->frozen = true;
        return;
    }
    int64_t size = num < 0 ? -num : num;
    if (den >= 10000) {
        unround(&size, &den);
    }
    if (!kf_rational_make(size, den * 100, &c->speed) || size * 10 < den || size / 100 / 1000 > den) {
        c->speed = (kf_rational){1, 1};
        kf_report_add(s->im->report, KF_LOSS_CHANGED, xm_where(s, c, place),
                      "Speeds go from a thousandth to a thousand times; it plays at normal speed.");
    }
    read_constant(s, c, graph, reverse != (num < 0));
}

void xm_read_speed(xm_scope *s, xm_clip *c)
{
    ix_place place;
    kf_time length = c->end - c->start, frame = kf_frame_start(1, s->rate);
    const kf_xml *effect = find_filter(c, "timeremap");
    c->speed = (kf_rational){1, 1};
    c->low = c->in;
    c->high = c->out;
    if (xm_true(c->node, "stillframe", false)) {
        c->frozen = true;
        c->low = xm_time(xm_int(c->node, "stillframeoffset", 0), c->rate);
        return;
    }
    if (effect) {
        read_remap(s, c, effect);
    } else if (!is_near(c->out - c->in, length + c->head + c->tail, 2 * frame)) {
        kf_report_add(
            s->im->report, KF_LOSS_CHANGED, xm_where(s, c, place),
            "Its in and out span another length than its place on the track, with no change of speed; the place "
            "and the in hold.");
        c->high = c->low + length + c->head + c->tail;
    }
    c->low += c->reverse ? 0 : scaled(c->head, c->speed);
    c->high -= c->reverse ? scaled(c->head, c->speed) : 0;
    if (c->reverse) {
        c->low = c->high - kf_muldiv_ceil(length, c->speed.num, c->speed.den);
    }
}

void xm_write_remap(xm_scope *s, const xm_clip *c)
{
    kf_json_writer *w = &s->seq.w;
    kf_json_key(w, "remap");
    kf_json_begin_array(w);
    for (const kf_xml *k = kf_xml_child(c->graph, "keyframe"); k; k = kf_xml_again(k)) {
        kf_json_begin_object(w);
        ix_put_time(w, "t", key_time(k, "when", c->rate) - c->in - c->head, s->rate);
        ix_put_time(w, "source", key_time(k, "value", c->rate), s->rate);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

/* ---- Values over time ---- */

/* How a parameter's numbers become a film's: v * scale + offset, or 20 log10 v; then within low..high. */
typedef struct shape {
    int count;
    double scale[2], offset[2], low, high;
    bool decibels;
} shape;

static double shaped(const shape *h, int i, double v)
{
    v = h->decibels ? (v > 1e-7 ? 20 * log10(v) : h->low) : v * h->scale[i] + h->offset[i];
    return v < h->low ? h->low : v > h->high ? h->high : v;
}

static void write_value(kf_json_writer *w, const kf_xml *holder, const shape *h)
{
    static const char *const parts[] = {"horiz", "vert"};
    const kf_xml *value = kf_xml_child(holder, "value");
    if (h->count == 1) {
        kf_json_write_number(w, shaped(h, 0, xm_number(value ? value->text : NULL, 0)));
        return;
    }
    kf_json_begin_array(w);
    for (int i = 0; i < 2; i++) {
        kf_json_write_number(w, shaped(h, i, xm_number(kf_xml_text(value, parts[i]), 0)));
    }
    kf_json_end_array(w);
}

static const char *interp_of(const kf_xml *key)
{
    const char *name = kf_xml_text(kf_xml_child(key, "interpolation"), "name");
    return name && strcasecmp(name, "hold") == 0 ? "hold" : NULL;
}

static void write_animated(xm_scope *s, const xm_clip *c, const char *key, const kf_xml *parameter, const shape *h)
{
    kf_json_writer *w = &s->seq.w;
    const kf_xml *k = kf_xml_child(parameter, "keyframe");
    kf_time last = INT64_MIN;
    kf_json_key(w, key);
    if (!k) {
        write_value(w, parameter, h);
        return;
    }
    kf_json_begin_object(w);
    kf_json_key(w, "keys");
    kf_json_begin_array(w);
    for (int count = 0; k && count < MOST_KEYS; k = kf_xml_again(k), count++) {
        kf_time t = key_time(k, "when", c->rate) - c->in - c->head;
        if (t <= last || t > KF_MODEL_MAX_TIME || t < -KF_MODEL_MAX_TIME) {
            continue;
        }
        last = t;
        kf_json_begin_object(w);
        ix_put_time(w, "t", t, s->rate);
        kf_json_key(w, "v");
        write_value(w, k, h);
        ix_put_text(w, "interp", interp_of(k));
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

/* ---- Picture ---- */

static bool says(const kf_xml *parameter)
{
    return kf_xml_child(parameter, "value") || kf_xml_child(parameter, "keyframe");
}

static bool is_zero(const kf_xml *parameter)
{
    const kf_xml *value = kf_xml_child(parameter, "value");
    return !kf_xml_child(parameter, "keyframe") && xm_number(kf_xml_text(value, "horiz"), 0) == 0 &&
           xm_number(kf_xml_text(value, "vert"), 0) == 0;
}

static void write_crop(xm_scope *s, const xm_clip *c)
{
    static const char *const sides[][2] = {
        {"left", "crop_left"}, {"right", "crop_right"}, {"top", "crop_top"}, {"bottom", "crop_bottom"}};
    const shape percent = {.count = 1, .scale = {0.01}, .low = 0, .high = 1};
    const kf_xml *crop = find_filter(c, "crop");
    for (int i = 0; i < 4; i++) {
        const kf_xml *side = find_parameter(crop, sides[i][0]);
        if (says(side)) {
            write_animated(s, c, sides[i][1], side, &percent);
        }
    }
    if (find_filter(c, "flop")) {
        kf_json_put_bool(&s->seq.w, "flip_h", true);
    }
}

/* The centre is a fraction of the picture's own size, from the middle of the frame. */
static void write_motion(xm_scope *s, const xm_clip *c, const kf_xml *basic, const double size[2])
{
    const kf_xml *scale = find_parameter(basic, "scale"), *rotation = find_parameter(basic, "rotation");
    const kf_xml *centre = find_parameter(basic, "center"), *anchor = find_parameter(basic, "centerOffset");
    double width = s->width > 0 ? s->width : 1920, height = s->height > 0 ? s->height : 1080;
    const shape scale_shape = {.count = 1, .scale = {0.01}, .low = -1000, .high = 1000};
    const shape turn = {.count = 1, .scale = {1}, .low = -36000, .high = 36000};
    const shape place = {.count = 2, .scale = {size[0], size[1]}, .offset = {width / 2, height / 2}, .low = -100000,
                         .high = 100000};
    const shape fraction = {.count = 2, .scale = {1, 1}, .offset = {0.5, 0.5}, .low = -100, .high = 100};
    if (says(scale)) {
        write_animated(s, c, "scale", scale, &scale_shape);
    }
    if (says(rotation)) {
        write_animated(s, c, "rotation", rotation, &turn);
    }
    bool anchored = says(anchor) && !is_zero(anchor);
    if (says(centre) && (anchored || !is_zero(centre))) {
        write_animated(s, c, "position", centre, &place);
    }
    if (anchored) {
        write_animated(s, c, "anchor", anchor, &fraction);
    }
}

static void write_transform(xm_scope *s, const xm_clip *c, const kf_xml *file)
{
    kf_json_writer *w = &s->seq.w;
    const kf_xml *basic = find_filter(c, "basic");
    const kf_xml *video = kf_xml_child(kf_xml_child(file, "media"), "video");
    const kf_xml *own = kf_xml_child(video, "samplecharacteristics");
    double size[2] = {(double)xm_int(own, "width", 0), (double)xm_int(own, "height", 0)};
    bool known = size[0] > 0 && size[1] > 0 && s->width > 0;
    bool other = known && ((int32_t)size[0] != s->width || (int32_t)size[1] != s->height);
    size[0] = known ? size[0] : s->width > 0 ? s->width : 1920;
    size[1] = known ? size[1] : s->height > 0 ? s->height : 1080;
    if (!basic && !other && !find_filter(c, "crop") && !find_filter(c, "flop")) {
        return;
    }
    kf_json_key(w, "transform");
    kf_json_begin_object(w);
    if (other) {
        kf_json_put_string(w, "fit", "none"); /* pixels are shown as they are */
    }
    write_motion(s, c, basic, size);
    write_crop(s, c);
    kf_json_end_object(w);
}

static void write_picture(xm_scope *s, const xm_clip *c, const kf_xml *file)
{
    ix_place place;
    const shape percent = {.count = 1, .scale = {0.01}, .low = 0, .high = 1};
    const kf_xml *opacity = find_parameter(find_filter(c, "opacity"), "opacity");
    const char *composite = kf_xml_text(c->node, "compositemode");
    if (says(opacity)) {
        write_animated(s, c, "opacity", opacity, &percent);
    }
    const char *mode = composite && *composite ? xm_blend_mode(composite) : "normal";
    if (mode && strcmp(mode, "normal") != 0) {
        kf_json_put_string(&s->seq.w, "blend_mode", mode);
    } else if (!mode) {
        kf_report_add(s->im->report, KF_LOSS_CHANGED, xm_where(s, c, place),
                      "Kerf has no composite mode %.60s: it is laid over what is below.", composite);
    }
    write_transform(s, c, file);
}

void xm_write_filters(xm_scope *s, const xm_clip *c, const kf_xml *file)
{
    const shape level = {.count = 1, .low = -144, .high = 48, .decibels = true};
    const shape pan = {.count = 1, .scale = {1}, .low = -1, .high = 1};
    if (!c->audio) {
        write_picture(s, c, file);
        return;
    }
    const kf_xml *gain = find_parameter(find_filter(c, "audiolevels"), "level");
    const kf_xml *side = find_parameter(find_filter(c, "audiopan"), "pan");
    if (says(gain)) {
        write_animated(s, c, "gain", gain, &level);
    }
    if (says(side)) {
        write_animated(s, c, "pan", side, &pan);
    }
}
