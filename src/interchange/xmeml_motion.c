/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of a film's clips as filters of xmeml. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interchange/xmeml_write.h"

static void begin_filter(xm_target *t, const char *name, const char *id, const char *category)
{
    kf_xml_writer *w = &t->x->w;
    bool audio = t->kind == KF_TRACK_AUDIO;
    kf_xml_begin(w, "filter");
    kf_xml_begin(w, "effect");
    kf_xml_put(w, "name", name);
    kf_xml_put(w, "effectid", id);
    kf_xml_put(w, "effectcategory", category);
    kf_xml_put(w, "effecttype", category);
    kf_xml_put(w, "mediatype", audio ? "audio" : "video");
}

static void end_filter(xm_target *t)
{
    kf_xml_end(&t->x->w, "effect");
    kf_xml_end(&t->x->w, "filter");
}

/* ---- Values over time ---- */

/* How a film's numbers become a parameter's: v * scale + offset, or 10^(v / 20). `centre` stands for the "center" of
 * positions. */
typedef struct shape {
    const char *id, *name;
    int count;
    double scale[2], offset[2], centre[2];
    bool decibels;
} shape;

static double shaped(const shape *h, int i, double v)
{
    if (v == (double)KF_POSITION_CENTER) {
        v = h->centre[i];
    }
    return h->decibels ? (v <= -144 ? 0 : pow(10, v / 20)) : v * h->scale[i] + h->offset[i];
}

static void put_value(kf_xml_writer *w, const shape *h, const double *v)
{
    if (h->count == 1) {
        kf_xml_putf(w, "value", "%.10g", shaped(h, 0, v[0]));
        return;
    }
    kf_xml_begin(w, "value");
    kf_xml_putf(w, "horiz", "%.10g", shaped(h, 0, v[0]));
    kf_xml_putf(w, "vert", "%.10g", shaped(h, 1, v[1]));
    kf_xml_end(w, "value");
}

static void put_keys(xm_target *t, const xm_item *item, const shape *h, const kf_param_value *value)
{
    kf_xml_writer *w = &t->x->w;
    bool eased = false;
    for (int32_t i = 0; i < value->key_count; i++) {
        const kf_key *key = &value->keys[i];
        kf_xml_begin(w, "keyframe");
        kf_xml_putf(w, "when", "%lld", (long long)xm_frame(item->base + key->time, item->rate));
        put_value(w, h, key->value);
        if (key->interp == KF_INTERP_HOLD) {
            kf_xml_begin(w, "interpolation");
            kf_xml_put(w, "name", "hold");
            kf_xml_end(w, "interpolation");
        }
        kf_xml_end(w, "keyframe");
        eased |= key->interp == KF_INTERP_BEZIER;
    }
    if (eased) {
        xm_lost(t, item->clip, KF_LOSS_CHANGED, "Curves between keyframes became straight.");
    }
}

/* `fallback` is the value where the parameter was not set. */
static void put_parameter(xm_target *t, const xm_item *item, const shape *h, const kf_param_value *value,
                          const double *fallback)
{
    kf_xml_writer *w = &t->x->w;
    kf_xml_begin(w, "parameter");
    kf_xml_put(w, "parameterid", h->id);
    kf_xml_put(w, "name", h->name);
    if (value->set && value->key_count > 0) {
        put_keys(t, item, h, value);
    } else {
        put_value(w, h, value->set ? value->number : fallback);
    }
    kf_xml_end(w, "parameter");
}

static kf_param_value get(const kf_params *params, const char *field)
{
    kf_param_value value = {0};
    int index = params->kind ? kf_kind_field(params->kind, field) : -1;
    if (index >= 0) {
        kf_params_get(params, index, &value);
    }
    return value;
}

/* ---- Speed ---- */

static double frames_of(kf_time t, kf_rational rate)
{
    return (double)t * rate.num / ((double)KF_SECOND * rate.den);
}

/* The source at a time of the clip, its range going on at both ends. */
static kf_time source_at(const kf_clip_view *c, kf_time t)
{
    kf_time way = kf_muldiv_floor(t, c->speed.num, c->speed.den);
    return c->reverse ? c->source_in + kf_muldiv_ceil(c->duration, c->speed.num, c->speed.den) - way
                      : c->source_in + way;
}

static void put_graph_key(xm_target *t, const char *mark, int64_t when, double value)
{
    kf_xml_writer *w = &t->x->w;
    kf_xml_begin(w, "keyframe");
    if (mark) {
        kf_xml_put(w, mark, "TRUE");
    }
    kf_xml_putf(w, "when", "%lld", (long long)when);
    kf_xml_putf(w, "value", "%.15g", value);
    kf_xml_end(w, "keyframe");
}

static void put_even_graph(xm_target *t, const xm_item *item)
{
    static const char *const marks[] = {"speedkfstart", "speedkfin", "speedkfout", "speedkfend"};
    const int64_t whens[] = {0, item->in, item->out, item->duration};
    for (int i = 0; i < 4; i++) {
        kf_time at = kf_frame_start(whens[i], item->rate) - item->base;
        put_graph_key(t, marks[i], whens[i], frames_of(source_at(item->clip, at), item->rate));
    }
}

static void put_varying_graph(xm_target *t, const xm_item *item)
{
    const kf_clip_view *c = item->clip;
    bool straight = true;
    for (int32_t i = 0; i < c->remap_count; i++) {
        put_graph_key(t, NULL, xm_frame(item->base + c->remap[i].time, item->rate),
                      frames_of(c->remap[i].source, item->rate));
        straight &= c->remap[i].interp == KF_INTERP_LINEAR;
    }
    if (!straight) {
        xm_lost(t, c, KF_LOSS_CHANGED, "Curves and holds of its time remap became straight.");
    }
}

static void put_text_parameter(kf_xml_writer *w, const char *id, const char *value)
{
    kf_xml_begin(w, "parameter");
    kf_xml_put(w, "parameterid", id);
    kf_xml_put(w, "name", id);
    kf_xml_put(w, "value", value);
    kf_xml_end(w, "parameter");
}

void xm_put_speed(xm_target *t, const xm_item *item)
{
    kf_xml_writer *w = &t->x->w;
    const kf_clip_view *c = item->clip;
    char speed[40];
    bool varies = c->remap_count > 0;
    if (c->frozen || (!varies && !c->reverse && c->speed.num == c->speed.den)) {
        return;
    }
    snprintf(speed, sizeof speed, "%.15g", varies ? 100 : 100.0 * c->speed.num / c->speed.den);
    begin_filter(t, "Time Remap", "timeremap", "motion");
    put_text_parameter(w, "variablespeed", varies ? "1" : "0");
    put_text_parameter(w, "speed", speed);
    put_text_parameter(w, "reverse", c->reverse && !varies ? "TRUE" : "FALSE");
    put_text_parameter(w, "frameblending", "FALSE");
    kf_xml_begin(w, "parameter");
    kf_xml_put(w, "parameterid", "graphdict");
    kf_xml_put(w, "name", "graphdict");
    if (varies) {
        put_varying_graph(t, item);
    } else {
        put_even_graph(t, item);
    }
    kf_xml_end(w, "parameter");
    end_filter(t);
}

/* ---- Motion ---- */

/* The picture's own size, and how much its fit scales it. */
typedef struct fitting {
    double width, height, factor;
} fitting;

static fitting fit_of(const xm_target *t, const xm_item *item, const kf_fx_transform *v)
{
    kf_sequence_view nested;
    const kf_media_facts *facts = &item->asset.media.facts;
    double width = t->sequence.width, height = t->sequence.height;
    fitting f = {width, height, 1};
    if (item->has_asset && facts->width > 0 && facts->height > 0) {
        f.width = facts->width;
        f.height = facts->height;
    } else if (item->clip->source == KF_SOURCE_SEQUENCE &&
               kf_sequence_at(t->x->snapshot, kf_sequence_index(t->x->snapshot, item->clip->source_uid), &nested)) {
        f.width = nested.width;
        f.height = nested.height;
    }
    double x = width / f.width, y = height / f.height;
    f.factor = v->fit == KF_FIT_NONE ? 1 : v->fit == KF_FIT_COVER ? (x > y ? x : y) : x < y ? x : y;
    return f;
}

/* Position and offset add up; one of them may move. */
static void put_centre(xm_target *t, const xm_item *item, const fitting *f, const kf_fx_transform *v)
{
    const kf_params *params = &item->clip->transform;
    kf_param_value position = get(params, "position"), offset = get(params, "offset");
    shape h = {.id = "center", .name = "Center", .count = 2, .scale = {1 / f->width, 1 / f->height}};
    for (int i = 0; i < 2; i++) {
        double side = i ? t->sequence.height : t->sequence.width, own = i ? f->height : f->width;
        h.centre[i] = side / 2 + ((double)v->anchor[i] - 0.5) * own * f->factor;
        h.offset[i] = ((double)v->offset[i] - side / 2) / own;
    }
    const double none[2] = {(double)KF_POSITION_CENTER, (double)KF_POSITION_CENTER};
    if (!(offset.set && offset.key_count > 0)) {
        put_parameter(t, item, &h, &position, none);
        return;
    }
    for (int i = 0; i < 2; i++) {
        double side = i ? t->sequence.height : t->sequence.width;
        double at = (double)v->position[i] == (double)KF_POSITION_CENTER ? h.centre[i] : (double)v->position[i];
        h.offset[i] = (at - side / 2) * h.scale[i];
    }
    put_parameter(t, item, &h, &offset, none);
    if (position.set && position.key_count > 0) {
        xm_lost(t, item->clip, KF_LOSS_CHANGED,
                "Position and offset both move: the position's keyframes are not written.");
    }
}

static void put_basic(xm_target *t, const xm_item *item, const fitting *f, const kf_fx_transform *v)
{
    const kf_params *params = &item->clip->transform;
    const kf_param_value scale = get(params, "scale"), rotation = get(params, "rotation"),
                         anchor = get(params, "anchor");
    const shape size = {.id = "scale", .name = "Scale", .count = 1, .scale = {100 * f->factor}};
    const shape turn = {.id = "rotation", .name = "Rotation", .count = 1, .scale = {1}};
    const shape middle = {
        .id = "centerOffset", .name = "Anchor Point", .count = 2, .scale = {1, 1}, .offset = {-0.5, -0.5}};
    begin_filter(t, "Basic Motion", "basic", "motion");
    put_parameter(t, item, &size, &scale, (const double[]){1, 1});
    put_parameter(t, item, &turn, &rotation, (const double[]){0});
    put_centre(t, item, f, v);
    put_parameter(t, item, &middle, &anchor, (const double[]){0.5, 0.5});
    end_filter(t);
}

static void put_crop(xm_target *t, const xm_item *item)
{
    static const char *const sides[][2] = {
        {"crop_left", "left"}, {"crop_right", "right"}, {"crop_top", "top"}, {"crop_bottom", "bottom"}};
    kf_param_value value[4];
    bool any = false;
    for (int i = 0; i < 4; i++) {
        value[i] = get(&item->clip->transform, sides[i][0]);
        any |= value[i].set;
    }
    if (!any) {
        return;
    }
    begin_filter(t, "Crop", "crop", "motion");
    for (int i = 0; i < 4; i++) {
        const shape percent = {.id = sides[i][1], .name = sides[i][1], .count = 1, .scale = {100}};
        put_parameter(t, item, &percent, &value[i], (const double[]){0});
    }
    end_filter(t);
}

static void put_transform(xm_target *t, const xm_item *item)
{
    kf_fx_transform v;
    const kf_clip_view *c = item->clip;
    kf_kind_defaults(kf_kind_get(KF_FX_TRANSFORM), &v);
    kf_params_eval(&c->transform, 0, &v);
    fitting f = fit_of(t, item, &v);
    bool set = c->transform.ref != KF_REF_NONE;
    if (!set && f.factor == 1) {
        return;
    }
    put_basic(t, item, &f, &v);
    put_crop(t, item);
    if (v.flip_h) {
        begin_filter(t, "Flop", "flop", "filter");
        end_filter(t);
    }
    if (v.fit == KF_FIT_STRETCH || v.scale[0] != v.scale[1] || v.flip_v || v.box_size[0] != 0 || v.box_size[1] != 0 ||
        v.box_position[0] != 0 || v.box_position[1] != 0) {
        xm_lost(t, c, KF_LOSS_CHANGED,
                "Boxes, stretching, two scales and turning upside down are not written: the picture keeps its shape.");
    }
}

static void put_picture(xm_target *t, const xm_item *item)
{
    kf_clip_video v;
    const kf_clip_view *c = item->clip;
    const shape percent = {.id = "opacity", .name = "opacity", .count = 1, .scale = {100}};
    const kf_param_value opacity = get(&c->video, "opacity");
    if (opacity.set) {
        begin_filter(t, "Opacity", "opacity", "motion");
        put_parameter(t, item, &percent, &opacity, (const double[]){1});
        end_filter(t);
    }
    if (kf_params_eval(&c->video, 0, &v) && v.blend_mode != KF_MODE_NORMAL) {
        const char *mode = xm_composite(v.blend_mode);
        kf_xml_put(&t->x->w, "compositemode", mode ? mode : "normal");
        if (!mode) {
            xm_lost(t, c, KF_LOSS_CHANGED, "Final Cut Pro XML has no such blend mode: it is laid over what is below.");
        }
    }
    put_transform(t, item);
}

/* ---- Sound ---- */

static void put_sound(xm_target *t, const xm_item *item)
{
    const kf_clip_view *c = item->clip;
    const shape level = {.id = "level", .name = "Level", .count = 1, .decibels = true};
    const shape side = {.id = "pan", .name = "Pan", .count = 1, .scale = {1}};
    const kf_param_value gain = get(&c->sound, "gain"), pan = get(&c->sound, "pan");
    if (gain.set) {
        begin_filter(t, "Audio Levels", "audiolevels", "audiolevels");
        put_parameter(t, item, &level, &gain, (const double[]){0});
        end_filter(t);
    }
    if (pan.set) {
        begin_filter(t, "Audio Pan", "audiopan", "audiopan");
        put_parameter(t, item, &side, &pan, (const double[]){0});
        end_filter(t);
    }
    if (get(&c->sound, "fade_in").set || get(&c->sound, "fade_out").set || get(&c->sound, "av_offset").set) {
        xm_lost(t, c, KF_LOSS_DROPPED, "Fades and the offset of its sound are not written.");
    }
}

static void report_effects(const xm_target *t, kf_effects effects, const kf_clip_view *clip)
{
    kf_params p;
    char what[160];
    for (int32_t i = 0; kf_effect_at(t->x->snapshot, effects, i, &p); i++) {
        snprintf(what, sizeof what, "Final Cut Pro XML has no effect like %.60s.", p.kind ? p.kind->name : "this");
        xm_lost(t, clip, KF_LOSS_DROPPED, what);
    }
}

void xm_put_filters(xm_target *t, const xm_item *item)
{
    const kf_clip_view *c = item->clip;
    xm_put_speed(t, item);
    if (t->kind == KF_TRACK_VIDEO) {
        put_picture(t, item);
        report_effects(t, c->effects, c);
        if (c->loop) {
            xm_lost(t, c, KF_LOSS_CHANGED, "Final Cut Pro XML has no loops: the source plays on.");
        }
    } else {
        put_sound(t, item);
        report_effects(t, c->audio_effects, c);
    }
}
