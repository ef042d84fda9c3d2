/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters of clips, transitions, tracks and the master, and of their effects. */
#include <math.h>
#include <string.h>

#include "api/items.h"
#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"

/* ---- Whose ---- */

static bool of_transition(const kf_film_handle *film, const kf_param_place *place, kf_params *out)
{
    kf_transition_view transition;
    bool there = place->group == KF_PARAMS_TRANSITION && item_transition(film, place->item, &transition);
    *out = there ? transition.params : *out;
    return there;
}

static bool of_clip(const kf_film_handle *film, const kf_param_place *place, kf_params *out)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_clip_view clip;
    if (!item_clip(film, place->item, &clip)) {
        return of_transition(film, place, out);
    }
    switch (place->group) {
    case KF_PARAMS_TRANSFORM:
        *out = clip.transform;
        return true;
    case KF_PARAMS_VIDEO:
        *out = clip.video;
        return true;
    case KF_PARAMS_AUDIO:
        *out = clip.sound;
        return true;
    case KF_PARAMS_GENERATOR:
        *out = clip.generator;
        return clip.source == KF_SOURCE_GENERATOR;
    case KF_PARAMS_EFFECT:
        return kf_effect_at(s, clip.effects, place->index, out);
    case KF_PARAMS_AUDIO_EFFECT:
        return kf_effect_at(s, clip.audio_effects, place->index, out);
    default:
        return false;
    }
}

static bool of_track(kf_snapshot s, const kf_sequence_view *q, const kf_param_place *place, kf_params *out)
{
    kf_track_view track;
    if (!kf_track_get(s, q, place->track, &track)) {
        return false;
    }
    switch (place->group) {
    case KF_PARAMS_VIDEO:
        *out = track.video;
        return true;
    case KF_PARAMS_AUDIO:
        *out = track.audio;
        return true;
    case KF_PARAMS_EFFECT:
        return kf_effect_at(s, track.effects, place->index, out);
    case KF_PARAMS_AUDIO_EFFECT:
        return kf_effect_at(s, track.audio_effects, place->index, out);
    default:
        return false;
    }
}

static bool find_params(const kf_film_handle *film, const kf_param_place *place, kf_params *out)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_sequence_view q;
    if (place->item) {
        return of_clip(film, place, out);
    }
    if (!kf_sequence_at(s, place->sequence, &q)) {
        return false;
    }
    return place->track >= 0                          ? of_track(s, &q, place, out)
           : place->group == KF_PARAMS_AUDIO_EFFECT && kf_effect_at(s, q.audio_effects, place->index, out);
}

bool kf_film_params(const kf_film_handle *film, const kf_param_place *place, kf_param_set *out)
{
    kf_params params;
    if (!find_params(film, place, &params)) {
        return false;
    }
    *out = (kf_param_set){.kind = params.kind ? params.kind->name : "", .name = params.name, .enabled = params.enabled,
                          .keyed = !params.constant, .version = params.ref};
    return true;
}

/* ---- Values ---- */

/* A parameter that was found, with what is set of it. */
typedef struct found_param {
    kf_params params;
    int index;
    const kf_field *field;
    kf_param_value value;
} found_param;

static bool find_param(const kf_film_handle *film, const kf_param_place *place, const char *name, found_param *out)
{
    if (!find_params(film, place, &out->params) || !out->params.kind) {
        return false;
    }
    out->index = kf_kind_field(out->params.kind, name);
    if (out->index < 0) {
        return false;
    }
    out->field = &out->params.kind->fields[out->index];
    kf_params_get(&out->params, out->index, &out->value);
    return true;
}

static void put_default(const kf_field *field, kf_param_now *out)
{
    memcpy(out->number, field->def, sizeof out->number);
    out->text = field->def_text ? field->def_text : "";
    if (field->type == KF_FIELD_TIME) {
        out->time = isnan(field->def[0]) ? KF_TIME_NONE : kf_time_from_seconds(field->def[0]);
    }
}

static void put_value(const found_param *p, kf_time t, kf_param_now *out)
{
    const kf_param_value *v = &p->value;
    memcpy(out->number, v->number, sizeof out->number);
    out->time = v->time;
    out->text = v->text ? v->text : "";
    if (v->key_count > 0) {
        kf_keys_eval(v->keys, v->key_count, kf_field_numbers(p->field->type), t, out->number);
        out->time = kf_time_from_seconds(out->number[0]);
    }
}

bool kf_film_param(const kf_film_handle *film, const kf_param_place *place, const char *param, kf_time t,
                   kf_param_now *out)
{
    found_param p;
    if (!find_param(film, place, param, &p)) {
        return false;
    }
    *out = (kf_param_now){.set = p.value.set, .keys = p.value.key_count};
    if (p.value.set) {
        put_value(&p, t, out);
    } else {
        put_default(p.field, out);
    }
    return true;
}

bool kf_film_param_key(const kf_film_handle *film, const kf_param_place *place, const char *param, int32_t i,
                       kf_key_info *out)
{
    found_param p;
    if (!find_param(film, place, param, &p) || !p.value.set || i < 0 || i >= p.value.key_count) {
        return false;
    }
    const kf_key *key = &p.value.keys[i];
    *out = (kf_key_info){.time = key->time, .interp = KF_KEY_LINEAR};
    out->interp = key->interp == KF_INTERP_HOLD     ? KF_KEY_HOLD
                  : key->interp == KF_INTERP_BEZIER ? KF_KEY_BEZIER
                                                    : KF_KEY_LINEAR;
    memcpy(out->bezier, key->bezier, sizeof out->bezier);
    memcpy(out->value, key->value, sizeof out->value);
    return true;
}

/* ---- As JSON ---- */

static kf_rational rate_of(kf_snapshot s, const kf_param_place *place)
{
    kf_sequence_view q;
    bool there = kf_sequence_at(s, place->item ? place->item->sequence : place->sequence, &q);
    return there ? q.rate : (kf_rational){0};
}

static char *text_or_nothing(kf_str *text, kf_status status)
{
    if (status != KF_OK) {
        kf_str_finish(text);
    }
    return text->data;
}

char *kf_film_param_json(const kf_film_handle *film, const kf_param_place *place, const char *param)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    found_param p;
    kf_str text = {0};
    if (!find_param(film, place, param, &p) || !p.value.set) {
        return NULL;
    }
    return text_or_nothing(&text, kf_param_write_json(s, rate_of(s, place), &p.params, p.index, &text, NULL));
}

char *kf_film_effect_json(const kf_film_handle *film, const kf_param_place *place)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_params params;
    kf_str text = {0};
    bool effect = place->group == KF_PARAMS_EFFECT || place->group == KF_PARAMS_AUDIO_EFFECT;
    if (!effect || !find_params(film, place, &params)) {
        return NULL;
    }
    return text_or_nothing(&text, kf_effect_write_json(s, rate_of(s, place), &params, &text, NULL));
}
