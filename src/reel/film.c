/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of a film's JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reel/film.h"

const reel_curve reel_curve_out = {NULL, {0.16, 1, 0.3, 1}};
const reel_curve reel_curve_in_out = {NULL, {0.45, 0, 0.15, 1}};
const reel_curve reel_curve_back = {NULL, {0.34, 1.4, 0.64, 1}};

/* ---- Values ---- */

void film_number(kf_str *out, double v)
{
    long hundredths = lround(fabs(v) * 100);
    kf_str_addf(out, "%s%ld.%02ld", v < 0 && hundredths ? "-" : "", hundredths / 100, hundredths % 100);
}

static void write_time(reel *r, kf_time t)
{
    char text[40];
    int64_t frame = kf_frame_at(t, r->rate);
    if (t % (KF_SECOND / 1000) == 0) {
        int64_t ms = t / (KF_SECOND / 1000);
        kf_json_write_number(&r->w, (double)ms / 1000);
        return;
    }
    if (kf_frame_start(frame, r->rate) == t) {
        snprintf(text, sizeof text, "%lldf", (long long)frame);
        kf_json_write_string(&r->w, text);
        return;
    }
    int64_t digits = (kf_muldiv_floor(t, INT64_C(20000000000), KF_SECOND) + 1) / 2; /* ten decimals name a flick */
    snprintf(text, sizeof text, "%lld.%010lld", (long long)(digits / INT64_C(10000000000)),
             (long long)(digits % INT64_C(10000000000)));
    kf_json_write_raw(&r->w, text);
}

void film_time(reel *r, const char *key, kf_time t)
{
    kf_json_key(&r->w, key);
    write_time(r, t);
}

void film_point_value(reel *r, double x, double y)
{
    bool compact = r->w.compact;
    r->w.compact = true;
    kf_json_begin_array(&r->w);
    kf_json_write_number(&r->w, x);
    kf_json_write_number(&r->w, y);
    kf_json_end_array(&r->w);
    r->w.compact = compact;
}

void film_point(reel *r, const char *key, double x, double y)
{
    kf_json_key(&r->w, key);
    film_point_value(r, x, y);
}

static unsigned code(float v)
{
    return (unsigned)lroundf(fminf(fmaxf(v, 0), 1) * 255);
}

void film_color_value(reel *r, const float c[4])
{
    char text[16];
    unsigned alpha = code(c[3]);
    snprintf(text, sizeof text, alpha == 255 ? "#%02x%02x%02x" : "#%02x%02x%02x%02x", code(c[0]), code(c[1]), code(c[2]),
             alpha);
    kf_json_write_string(&r->w, text);
}

void film_color(reel *r, const char *key, const float color[4])
{
    kf_json_key(&r->w, key);
    film_color_value(r, color);
}

void film_stops(reel *r, const kf_stops *stops)
{
    bool compact = r->w.compact;
    kf_json_key(&r->w, "stops");
    r->w.compact = true;
    kf_json_begin_array(&r->w);
    for (int32_t i = 0; i < stops->count; i++) {
        kf_json_begin_array(&r->w);
        kf_json_write_number(&r->w, round((double)stops->s[i].at * 1e4) / 1e4);
        film_color_value(r, stops->s[i].color);
        kf_json_end_array(&r->w);
    }
    kf_json_end_array(&r->w);
    r->w.compact = compact;
}

/* ---- Sequences and tracks ---- */

void film_sequence_begin(reel *r, const char *id, const char *name, int32_t w, int32_t h)
{
    char rate[32];
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "id", id);
    kf_json_put_string(&r->w, "name", name);
    if (strcmp(id, "main") != 0) {
        kf_json_put_string(&r->w, "bin", "Parts");
    }
    film_point(r, "size", w, h);
    snprintf(rate, sizeof rate, "%d/%d", (int)r->rate.num, (int)r->rate.den);
    kf_json_put_string(&r->w, "rate", rate);
    kf_json_put_int(&r->w, "sample_rate", r->config.audio.sample_rate);
}

void film_tracks_begin(reel *r)
{
    kf_json_key(&r->w, "tracks");
    kf_json_begin_array(&r->w);
}

void film_sequence_end(reel *r)
{
    kf_json_end_array(&r->w);
    kf_json_end_object(&r->w);
}

void film_track_begin(reel *r, const char *name, bool audio)
{
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "name", name);
    if (audio) {
        kf_json_put_string(&r->w, "kind", "audio");
    }
}

void film_clips_begin(reel *r)
{
    kf_json_key(&r->w, "clips");
    kf_json_begin_array(&r->w);
}

void film_track_end(reel *r)
{
    kf_json_end_array(&r->w);
    kf_json_end_object(&r->w);
}

/* ---- Clips ---- */

static void clip_begin(reel *r, const char *name, reel_span span)
{
    kf_json_begin_object(&r->w);
    if (name && *name) {
        kf_json_put_string(&r->w, "name", name);
    }
    film_time(r, "start", span.start);
    film_time(r, "duration", span.duration);
}

void film_generator_begin(reel *r, const char *name, const char *generator, reel_span span)
{
    clip_begin(r, name, span);
    kf_json_put_string(&r->w, "generator", generator);
    kf_json_key(&r->w, "params");
    kf_json_begin_object(&r->w);
}

void film_params_end(reel *r)
{
    kf_json_end_object(&r->w);
}

void film_asset_begin(reel *r, const char *name, int32_t asset, reel_span span)
{
    clip_begin(r, name, span);
    kf_json_put_string(&r->w, "asset", r->assets[asset].id);
}

void film_nested_begin(reel *r, const char *name, const char *sequence, reel_span span)
{
    clip_begin(r, name, span);
    kf_json_put_string(&r->w, "sequence", sequence);
}

void film_clip_end(reel *r)
{
    kf_json_end_object(&r->w);
}

/* ---- Keyframes ---- */

void film_key_begin(reel *r, kf_time t, const reel_curve *curve)
{
    kf_json_begin_object(&r->w);
    film_time(r, "t", t);
    if (curve && curve->interp) {
        kf_json_put_string(&r->w, "interp", curve->interp);
    } else if (curve) {
        kf_json_key(&r->w, "bezier");
        kf_json_begin_array(&r->w);
        for (int i = 0; i < 4; i++) {
            kf_json_write_number(&r->w, curve->bezier[i]);
        }
        kf_json_end_array(&r->w);
    }
    kf_json_key(&r->w, "v");
}

void film_key_end(reel *r)
{
    kf_json_end_object(&r->w);
}

void film_keys_begin(reel *r, const char *key)
{
    kf_json_key(&r->w, key);
    kf_json_begin_object(&r->w);
    kf_json_key(&r->w, "keys");
    kf_json_begin_array(&r->w);
}

void film_keys_end(reel *r)
{
    kf_json_end_array(&r->w);
    kf_json_end_object(&r->w);
}

void film_move_point(reel *r, const char *key, reel_point from, reel_point to, kf_time length, const reel_curve *curve)
{
    bool compact = r->w.compact;
    film_keys_begin(r, key);
    r->w.compact = true;
    film_key_begin(r, 0, curve);
    film_point_value(r, from.x, from.y);
    film_key_end(r);
    film_key_begin(r, length, NULL);
    film_point_value(r, to.x, to.y);
    film_key_end(r);
    r->w.compact = compact;
    film_keys_end(r);
}

void film_move_number(reel *r, const char *key, double from, double to, kf_time length, const reel_curve *curve)
{
    bool compact = r->w.compact;
    film_keys_begin(r, key);
    r->w.compact = true;
    film_key_begin(r, 0, curve);
    kf_json_write_number(&r->w, from);
    film_key_end(r);
    film_key_begin(r, length, NULL);
    kf_json_write_number(&r->w, to);
    film_key_end(r);
    r->w.compact = compact;
    film_keys_end(r);
}

/* ---- Places ---- */

void film_place(reel *r, double x, double y)
{
    kf_json_key(&r->w, "transform");
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "fit", "none");
    film_point(r, "anchor", 0, 0);
    film_point(r, "position", x, y);
    kf_json_end_object(&r->w);
}

void film_fit(reel *r, const char *fit, reel_box box)
{
    kf_json_key(&r->w, "transform");
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "fit", fit);
    film_point(r, "box_position", box.x, box.y);
    film_point(r, "box_size", box.w, box.h);
    kf_json_end_object(&r->w);
}

void film_opacity(reel *r, double opacity)
{
    if (opacity < 1) {
        kf_json_put_number(&r->w, "opacity", opacity);
    }
}

/* ---- Pictures in boxes ---- */

/* The part of a picture that a box shows which it covers. */
static reel_point shown_part(const kf_media_facts *f, reel_box box)
{
    if (f->width <= 0 || f->height <= 0) {
        return (reel_point){1, 1};
    }
    double x = (double)box.w / f->width, y = (double)box.h / f->height;
    return x > y ? (reel_point){1, y / x} : (reel_point){x / y, 1};
}

/* center, size: fractions of the picture. */
static void put_mask(reel *r, reel_point center, reel_point size, bool ellipse, double radius)
{
    kf_json_key(&r->w, "effects");
    kf_json_begin_array(&r->w);
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "effect", "mask");
    kf_json_put_string(&r->w, "shape", ellipse ? "ellipse" : "rect");
    film_point(r, "center", center.x, center.y);
    film_point(r, "size", size.x, size.y);
    if (!ellipse) {
        kf_json_put_number(&r->w, "radius", radius);
    }
    kf_json_end_object(&r->w);
    kf_json_end_array(&r->w);
}

void film_mask(reel *r, reel_box box, reel_point size, double radius)
{
    reel_point center = {(box.x + box.w / 2.0) / size.x, (box.y + box.h / 2.0) / size.y};
    put_mask(r, center, (reel_point){box.w / size.x, box.h / size.y}, false, radius);
}

void film_cover(reel *r, int32_t asset, reel_box box, double radius)
{
    bool round = radius >= box.w / 2.0 && radius >= box.h / 2.0;
    film_fit(r, "cover", box);
    if (radius > 0) {
        put_mask(r, (reel_point){0.5, 0.5}, shown_part(&r->assets[asset].facts, box), round, radius);
    }
}

/* ---- Titles and shapes ---- */

static void put_relief(reel *r, const reel_title *t)
{
    if (t->outline > 0) {
        kf_json_put_number(&r->w, "outline_width", t->outline);
        film_color(r, "outline_color", t->outline_color);
    }
    if (t->shadow) {
        film_color(r, "shadow_color", t->shadow);
        film_point(r, "shadow_offset", 0, t->shadow_y);
        kf_json_put_number(&r->w, "shadow_blur", t->shadow_blur);
    }
}

void film_title_begin(reel *r, const char *name, const reel_title *t, reel_span span)
{
    static const char *const sides[] = {"left", "center", "right"};
    film_generator_begin(r, name, "title", span);
    kf_json_put_string(&r->w, "text", t->text);
    kf_json_put_string(&r->w, "font", t->font);
    kf_json_put_number(&r->w, "size", t->size);
    kf_json_put_int(&r->w, "weight", t->weight);
    film_color(r, "color", t->color);
    kf_json_put_string(&r->w, "align", sides[t->align + 1]);
    kf_json_put_string(&r->w, "anchor_h", sides[t->align + 1]);
    kf_json_put_string(&r->w, "anchor_v", "baseline");
    if (t->line > 0) {
        kf_json_put_number(&r->w, "line_height", t->line);
    }
    if (t->room > 0) {
        kf_json_put_number(&r->w, "max_width", round(t->room));
        kf_json_put_string(&r->w, "ellipsize", "end");
    }
    kf_json_put_string(&r->w, "direction", t->rtl ? "rtl" : "ltr");
    put_relief(r, t);
    film_point(r, "position", t->x, t->y);
    film_params_end(r);
}

void film_title(reel *r, const char *name, const reel_title *t, reel_span span)
{
    film_title_begin(r, name, t, span);
    film_clip_end(r);
}

static void put_shape_colors(reel *r, const reel_shape *s)
{
    static const float none[4] = {0, 0, 0, 0};
    film_color(r, "fill", s->fill ? s->fill : none);
    if (s->stroke && s->stroke_width > 0) {
        film_color(r, "stroke", s->stroke);
        kf_json_put_number(&r->w, "stroke_width", s->stroke_width);
    }
    if (s->shadow && s->shadow[3] > 0) {
        film_color(r, "shadow_color", s->shadow);
        film_point(r, "shadow_offset", s->shadow_offset.x, s->shadow_offset.y);
        kf_json_put_number(&r->w, "shadow_blur", s->shadow_blur);
    }
}

void film_shape_begin(reel *r, const char *name, const reel_shape *s, reel_span span)
{
    film_generator_begin(r, name, "shape", span);
    if (s->path) {
        kf_json_put_string(&r->w, "kind", "path");
        kf_json_put_string(&r->w, "path", s->path);
        film_point(r, "position", s->box.x, s->box.y);
    } else {
        kf_json_put_string(&r->w, "kind", s->ellipse ? "ellipse" : s->radius > 0 ? "rounded" : "rect");
        film_point(r, "position", s->box.x + s->box.w / 2.0, s->box.y + s->box.h / 2.0);
        film_point(r, "size", s->box.w, s->box.h);
        if (s->radius > 0) {
            kf_json_put_number(&r->w, "radius", s->radius);
        }
    }
    put_shape_colors(r, s);
    film_params_end(r);
}

void film_shape(reel *r, const char *name, const reel_shape *s, reel_span span)
{
    film_shape_begin(r, name, s, span);
    film_clip_end(r);
}

/* ---- Whole tracks ---- */

static void track_of_one(reel *r, const char *name)
{
    film_track_begin(r, name, false);
    film_clips_begin(r);
}

void film_title_track(reel *r, const char *name, const reel_title *title, reel_span span)
{
    track_of_one(r, name);
    film_title(r, name, title, span);
    film_track_end(r);
}

void film_shape_track(reel *r, const char *name, const reel_shape *shape, reel_span span)
{
    track_of_one(r, name);
    film_shape(r, name, shape, span);
    film_track_end(r);
}

void film_nested_track(reel *r, const char *name, const char *sequence, reel_point at, reel_span span)
{
    track_of_one(r, name);
    film_nested_begin(r, name, sequence, span);
    film_place(r, at.x, at.y);
    film_clip_end(r);
    film_track_end(r);
}
