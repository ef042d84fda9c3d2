/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adjustments on the way out: what fcpxml_adjust.c reads, the other way round. */
#include <math.h>
#include <string.h>

#include "interchange/fcpxml_out.h"

/* A value in Final Cut Pro's terms: (number - add) / factor. */
typedef struct value {
    const char *name;            /* of its attribute or param */
    const char *unit;            /* behind the number */
    int count;
    double factor[2], add[2];
    kf_param_value v;
} value;

/* ---- Values ---- */

static void add_number(kf_str *out, double v)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_write_number(&w, v);
}

static void add_value(kf_str *out, const value *v, const double *number)
{
    for (int i = 0; i < v->count; i++) {
        double n = round((number[i] - v->add[i]) / v->factor[i] * 1e9) / 1e9;
        kf_str_add(out, i ? " " : "");
        add_number(out, n == 0 ? 0 : n); /* no "-0" */
    }
    kf_str_add(out, v->unit);
}

static void put_text(fo_story *s, const char *attribute, kf_str *text)
{
    kf_xml_put_attr(s->x, attribute, text->data);
    s->o->failed |= text->failed;
    kf_str_finish(text);
}

/* Constants are attributes. */
static void put_constant(fo_story *s, const value *v)
{
    kf_str text = {0};
    if (v->v.set && !v->v.key_count) {
        add_value(&text, v, v->v.number);
        put_text(s, v->name, &text);
    }
}

static const char *interp_name(const kf_key *key)
{
    static const struct { const char *name; double bezier[4]; } eases[] = {
        {"ease", {0.25, 0.1, 0.25, 1}}, {"easeIn", {0.42, 0, 1, 1}}, {"easeOut", {0, 0, 0.58, 1}}};
    for (size_t i = 0; key->interp == KF_INTERP_BEZIER && i < sizeof eases / sizeof *eases; i++) {
        if (memcmp(key->bezier, eases[i].bezier, sizeof key->bezier) == 0) {
            return eases[i].name;
        }
    }
    return key->interp == KF_INTERP_LINEAR ? "linear" : NULL;
}

static void put_keys(fo_story *s, const fo_clip *c, const value *v)
{
    bool exact = true;
    kf_xml_begin(s->x, "keyframeAnimation");
    for (int32_t i = 0; i < v->v.key_count; i++) {
        const kf_key *key = &v->v.keys[i];
        const char *interp = interp_name(key);
        kf_str text = {0};
        exact &= interp || i + 1 == v->v.key_count;
        add_value(&text, v, key->value);
        kf_xml_begin(s->x, "keyframe");
        fx_put_time(s->x, "time", c->local + key->time);
        put_text(s, "value", &text);
        kf_xml_put_attr(s->x, "interp", interp && *interp != 'l' ? interp : NULL);
        kf_xml_put_attr(s->x, "curve", "linear");
        kf_xml_end(s->x, "keyframe");
    }
    kf_xml_end(s->x, "keyframeAnimation");
    if (!exact) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "keyframes of its %s that hold or follow a curve of their own are linear",
                     v->name);
    }
}

/* Keyframes stand in a param. */
static void put_animation(fo_story *s, const fo_clip *c, const value *v)
{
    if (v->v.set && v->v.key_count) {
        kf_xml_begin(s->x, "param");
        kf_xml_put_attr(s->x, "name", v->name);
        put_keys(s, c, v);
        kf_xml_end(s->x, "param");
    }
}

static bool put_element(fo_story *s, const fo_clip *c, const char *name, const value *values, int count)
{
    kf_xml_begin(s->x, name);
    for (int i = 0; i < count; i++) {
        put_constant(s, &values[i]);
    }
    for (int i = 0; i < count; i++) {
        put_animation(s, c, &values[i]);
    }
    kf_xml_end(s->x, name);
    return true;
}

/* ---- Crop and conform ---- */

/* Width of the picture to its height. */
static double aspect_of(const fo_story *s, const fo_clip *c)
{
    kf_asset_view asset;
    bool found = c->clip.source == KF_SOURCE_ASSET &&
                 kf_asset_at(s->o->snapshot, kf_asset_index(s->o->snapshot, c->clip.source_uid), &asset);
    const kf_media_facts *f = found && asset.media.known ? &asset.media.facts : NULL;
    return f && f->width && f->height ? (double)f->width / f->height : (double)s->view.width / s->view.height;
}

static bool put_crop(fo_story *s, const fo_clip *c)
{
    double across = 1 / aspect_of(s, c) / 100;
    value values[] = {{"left", "", 1, {across}, {0}, {0}}, {"top", "", 1, {0.01}, {0}, {0}},
                      {"right", "", 1, {across}, {0}, {0}}, {"bottom", "", 1, {0.01}, {0}, {0}}};
    static const char *const fields[] = {"crop_left", "crop_top", "crop_right", "crop_bottom"};
    bool any = false;
    for (int i = 0; i < 4; i++) {
        any |= fo_param(&c->clip.transform, fields[i], &values[i].v);
    }
    if (any) {
        kf_xml_begin(s->x, "adjust-crop");
        kf_xml_put_attr(s->x, "mode", "trim");
        put_element(s, c, "trim-rect", values, 4);
        kf_xml_end(s->x, "adjust-crop");
    }
    return any;
}

static int fit_of(const fo_clip *c)
{
    kf_param_value v;
    return fo_param(&c->clip.transform, "fit", &v) ? (int)v.number[0] : KF_FIT_CONTAIN;
}

static bool put_conform(fo_story *s, const fo_clip *c)
{
    int fit = fit_of(c);
    if (fit != KF_FIT_COVER && fit != KF_FIT_NONE) {
        return false;
    }
    kf_xml_begin(s->x, "adjust-conform");
    kf_xml_put_attr(s->x, "type", fit == KF_FIT_COVER ? "fill" : "none");
    kf_xml_end(s->x, "adjust-conform");
    return true;
}

/* ---- Transform ---- */

/* How far a position lies from the centre, which is what an offset says. */
static void away_from_center(const fo_story *s, const double position[2], double out[2])
{
    double center[2] = {s->view.width / 2.0, s->view.height / 2.0};
    for (int i = 0; i < 2; i++) {
        out[i] = position[i] == (double)KF_POSITION_CENTER ? 0 : position[i] - center[i];
    }
}

/* Position and offset are one in Final Cut Pro; keyframes of one of them are kept. */
static bool join_position(fo_story *s, const fo_clip *c, value *out)
{
    kf_param_value position;
    double away[2] = {0, 0};
    bool placed = fo_param(&c->clip.transform, "position", &position);
    bool moved = fo_param(&c->clip.transform, "offset", &out->v);
    if (!placed) {
        return moved;
    }
    if (position.key_count && moved && out->v.key_count) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "keyframes of its offset hide those of its position");
        return true;
    }
    if (position.key_count) {
        double shift[2] = {moved ? out->v.number[0] : 0, moved ? out->v.number[1] : 0};
        out->v = position;
        out->add[0] = s->view.width / 2.0 - shift[0];
        out->add[1] = s->view.height / 2.0 - shift[1];
        return true;
    }
    away_from_center(s, position.number, away);
    if (moved && out->v.key_count) {
        out->add[0] = -away[0];
        out->add[1] = -away[1];
    } else {
        out->v = (kf_param_value){.set = true, .number = {away[0] + (moved ? out->v.number[0] : 0),
                                                          away[1] + (moved ? out->v.number[1] : 0)}};
    }
    return true;
}

static bool is_on(const kf_params *params, const char *name)
{
    kf_param_value v;
    return fo_param(params, name, &v) && v.number[0] != 0;
}

static bool put_transform(fo_story *s, const fo_clip *c)
{
    double h = s->view.height, w = s->view.width;
    const kf_params *t = &c->clip.transform;
    value values[] = {{"position", "", 2, {h / 100, -h / 100}, {0, 0}, {0}}, {"scale", "", 2, {1, 1}, {0, 0}, {0}},
                      {"rotation", "", 1, {-1}, {0}, {0}}, {"anchor", "", 2, {h / w / 100, -0.01}, {0.5, 0.5}, {0}}};
    bool flip_h = is_on(t, "flip_h"), flip_v = is_on(t, "flip_v");
    bool any = join_position(s, c, &values[0]);
    any |= fo_param(t, "scale", &values[1].v);
    any |= fo_param(t, "rotation", &values[2].v);
    any |= fo_param(t, "anchor", &values[3].v);
    if (flip_h || flip_v) {
        values[1].v = values[1].v.set ? values[1].v : (kf_param_value){.set = true, .number = {1, 1}};
        values[1].factor[0] = flip_h ? -1 : 1;
        values[1].factor[1] = flip_v ? -1 : 1;
        any = true;
    }
    return any && put_element(s, c, "adjust-transform", values, 4);
}

/* ---- Blend, volume, pan ---- */

static int blend_of(const fo_clip *c)
{
    kf_param_value v;
    return fo_param(&c->clip.video, "blend_mode", &v) ? (int)v.number[0] : KF_MODE_NORMAL;
}

static bool put_blend(fo_story *s, const fo_clip *c)
{
    value amount = {"amount", "", 1, {1}, {0}, {0}};
    int mode = fx_blend_from_kerf(blend_of(c));
    if (!fo_param(&c->clip.video, "opacity", &amount.v) && mode <= 0) {
        return false;
    }
    kf_xml_begin(s->x, "adjust-blend");
    put_constant(s, &amount);
    if (mode > 0) {
        kf_xml_put_attrf(s->x, "mode", "%d", mode);
    }
    put_animation(s, c, &amount);
    kf_xml_end(s->x, "adjust-blend");
    return true;
}

static void put_fade(fo_story *s, const kf_params *sound, const char *element, const char *field, const char *curve)
{
    static const char *const types[] = {"linear", "easeIn", "easeInOut"};
    kf_param_value v, shape;
    if (!fo_param(sound, field, &v) || v.time <= 0) {
        return;
    }
    int type = fo_param(sound, curve, &shape) ? (int)shape.number[0] : KF_FADE_CURVE_POWER;
    kf_xml_begin(s->x, element);
    kf_xml_put_attr(s->x, "type", type == KF_FADE_CURVE_POWER && element[4] == 'O' ? "easeOut" : types[type % 3]);
    fx_put_time(s->x, "duration", v.time);
    kf_xml_end(s->x, element);
}

static bool put_volume(fo_story *s, const fo_clip *c)
{
    value amount = {"amount", "dB", 1, {1}, {0}, {0}};
    const kf_params *sound = c->sound ? &c->sound->sound : NULL;
    kf_param_value v;
    bool fades = sound && (fo_param(sound, "fade_in", &v) || fo_param(sound, "fade_out", &v));
    if (!sound || (!fo_param(sound, "gain", &amount.v) && !fades)) {
        return false;
    }
    kf_xml_begin(s->x, "adjust-volume");
    put_constant(s, &amount);
    if (fades || amount.v.key_count) {
        kf_xml_begin(s->x, "param");
        kf_xml_put_attr(s->x, "name", "amount");
        put_fade(s, sound, "fadeIn", "fade_in", "fade_in_curve");
        put_fade(s, sound, "fadeOut", "fade_out", "fade_out_curve");
        if (amount.v.key_count) {
            put_keys(s, c, &amount);
        }
        kf_xml_end(s->x, "param");
    }
    kf_xml_end(s->x, "adjust-volume");
    return true;
}

static bool put_panner(fo_story *s, const fo_clip *c)
{
    value pan = {"amount", "", 1, {0.01}, {0}, {0}};
    return c->sound && fo_param(&c->sound->sound, "pan", &pan.v) && !pan.v.key_count &&
           put_element(s, c, "adjust-panner", &pan, 1);
}

bool fo_put_adjustment(fo_story *s, const fo_clip *c, const char *element)
{
    static const struct { const char *name; bool (*put)(fo_story *, const fo_clip *); bool picture; } all[] = {
        {"adjust-crop", put_crop, true}, {"adjust-conform", put_conform, true},
        {"adjust-transform", put_transform, true}, {"adjust-blend", put_blend, true},
        {"adjust-volume", put_volume, false}, {"adjust-panner", put_panner, false}};
    bool video = c->track->kind == KF_TRACK_VIDEO && strcmp(c->element, "mc-clip") != 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, element) == 0) {
            return (video || !all[i].picture) && all[i].put(s, c);
        }
    }
    return false;
}

void fo_report_adjustments(fo_story *s, const fo_clip *c)
{
    const kf_params *t = &c->clip.transform;
    kf_param_value v;
    bool multicam = strcmp(c->element, "mc-clip") == 0;
    if (fo_param(t, "box_position", &v) || fo_param(t, "box_size", &v)) {
        fo_lose_clip(s, c, KF_LOSS_DROPPED, "the box that it is fitted into");
    }
    if (fit_of(c) == KF_FIT_STRETCH) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "it is fitted inside the frame where it was stretched to it");
    }
    if (fx_blend_from_kerf(blend_of(c)) < 0) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "its blend mode became normal");
    }
    if (c->sound && fo_param(&c->sound->sound, "pan", &v) && v.key_count) {
        fo_lose_clip(s, c, KF_LOSS_DROPPED, "the keyframes of its pan");
    }
    if (multicam && c->track->kind == KF_TRACK_VIDEO && (t->payload || c->clip.video.payload)) {
        fo_lose_clip(s, c, KF_LOSS_DROPPED, "its transform and opacity: those of a multicam clip are its angles'");
    }
}
