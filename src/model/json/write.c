/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films as JSON. What is at its default is left out; times are exact. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/json/writer.h"

/* ---- Values ---- */

void write_float(kf_json_writer *w, float v)
{
    double d = (double)v;
    for (int digits = 6; digits <= 9; digits++) {
        /* Rounded by arithmetic, not by text, so that no locale matters. */
        double scale = v != 0 ? pow(10, digits - 1 - floor(log10(fabs(d)))) : 1;
        double rounded = isfinite(scale) && scale > 0 ? round(d * scale) / scale : d;
        if ((float)rounded == v) {
            d = rounded;
            break;
        }
    }
    kf_json_write_number(w, d);
}

void write_time(film_writer *fw, kf_time t)
{
    kf_time size = t < 0 ? -t : t, ms = KF_SECOND / 1000;
    if (t % ms == 0) {
        kf_json_write_number(&fw->w, (double)(t / ms) / 1000.0);
        return;
    }
    int64_t frame = fw->rate.num > 0 ? kf_frame_at(size, fw->rate) : 0;
    if (fw->rate.num > 0 && kf_frame_start(frame, fw->rate) == size) {
        char text[32];
        snprintf(text, sizeof text, "%s%lldf", t < 0 ? "-" : "", (long long)frame);
        kf_json_write_string(&fw->w, text);
        return;
    }
    /* Ten decimals name a flick; up to 1000 hours a double carries them. */
    int64_t digits = (kf_muldiv_floor(size, INT64_C(20000000000), KF_SECOND) + 1) / 2;
    double seconds = (double)digits / 1e10;
    kf_json_write_number(&fw->w, t < 0 ? -seconds : seconds);
}

static void write_time_key(film_writer *fw, const char *key, kf_time t)
{
    kf_json_key(&fw->w, key);
    write_time(fw, t);
}

/* A number where it has a short decimal form, else "num/den". */
void write_ratio(kf_json_writer *w, kf_rational ratio)
{
    if (ratio.den > 0 && 1000000 % ratio.den == 0) {
        kf_json_write_number(w, (double)ratio.num / ratio.den);
        return;
    }
    char text[32];
    snprintf(text, sizeof text, "%d/%d", ratio.num, ratio.den);
    kf_json_write_string(w, text);
}

/* As "#rrggbb" or "#rrggbbaa" if that is exact. */
static bool as_hex(const double c[4], bool single, char out[16])
{
    int code[4];
    for (int i = 0; i < 4; i++) {
        if (!(c[i] >= 0 && c[i] <= 1)) {
            return false;
        }
        code[i] = (int)(c[i] * 255 + 0.5);
        double back = code[i] / 255.0;
        if (single ? (float)back != (float)c[i] : back != c[i]) {
            return false;
        }
    }
    snprintf(out, 16, code[3] == 255 ? "#%02x%02x%02x" : "#%02x%02x%02x%02x", (unsigned)code[0], (unsigned)code[1],
             (unsigned)code[2], (unsigned)code[3]);
    return true;
}

/* Small things stand on one line. */
bool write_compact(kf_json_writer *w)
{
    bool was = w->compact;
    w->compact = true;
    return was;
}

static void write_color(kf_json_writer *w, const double c[4], bool single)
{
    char text[16];
    if (as_hex(c, single, text)) {
        kf_json_write_string(w, text);
        return;
    }
    bool was = write_compact(w);
    kf_json_begin_array(w);
    for (int i = 0; i < 4; i++) {
        if (single) {
            write_float(w, (float)c[i]);
        } else {
            kf_json_write_number(w, c[i]);
        }
    }
    kf_json_end_array(w);
    w->compact = was;
}

void write_float_color(kf_json_writer *w, const float c[4])
{
    double wide[4] = {(double)c[0], (double)c[1], (double)c[2], (double)c[3]};
    write_color(w, wide, true);
}

static void write_text_key(kf_json_writer *w, const char *key, const char *text)
{
    if (*text) {
        kf_json_put_string(w, key, text);
    }
}

static void write_id(kf_json_writer *w, uint64_t id)
{
    kf_json_put_int(w, "id", (int64_t)id);
}

/* ---- Parameters ---- */

static void write_component(kf_json_writer *w, const kf_field *field, double v)
{
    if (v == (double)KF_POSITION_CENTER && field->min == v) {
        kf_json_write_string(w, "center");
    } else {
        kf_json_write_number(w, v);
    }
}

static void write_numbers(film_writer *fw, const kf_field *field, const double *v)
{
    kf_json_writer *w = &fw->w;
    switch (field->type) {
    case KF_FIELD_BOOL:
        kf_json_write_bool(w, v[0] >= 0.5);
        break;
    case KF_FIELD_ENUM:
        kf_json_write_string(w, field->choices[(int)v[0]]);
        break;
    case KF_FIELD_INT:
        kf_json_write_int(w, (int64_t)v[0]);
        break;
    case KF_FIELD_TIME:
        write_time(fw, kf_time_from_seconds(v[0]));
        break;
    case KF_FIELD_COLOR:
        write_color(w, v, false);
        break;
    case KF_FIELD_VEC2: {
        bool was = write_compact(w);
        kf_json_begin_array(w);
        write_component(w, field, v[0]);
        write_component(w, field, v[1]);
        kf_json_end_array(w);
        w->compact = was;
        break;
    }
    default:
        kf_json_write_number(w, v[0]);
        break;
    }
}

static void write_interp(kf_json_writer *w, int32_t interp, const double bezier[4])
{
    static const char *const names[] = {"hold", "linear", "bezier"};
    if (interp == KF_INTERP_LINEAR || interp < 0 || interp > KF_INTERP_BEZIER) {
        return;
    }
    kf_json_put_string(w, "interp", names[interp]);
    if (interp != KF_INTERP_BEZIER) {
        return;
    }
    kf_json_key(w, "bezier");
    kf_json_begin_array(w);
    for (int i = 0; i < 4; i++) {
        kf_json_write_number(w, bezier[i]);
    }
    kf_json_end_array(w);
}

static void write_keys(film_writer *fw, const kf_field *field, const kf_param_value *value)
{
    kf_json_writer *w = &fw->w;
    kf_json_begin_object(w);
    kf_json_key(w, "keys");
    kf_json_begin_array(w);
    for (int32_t i = 0; i < value->key_count; i++) {
        kf_json_begin_object(w);
        bool was = write_compact(w);
        write_time_key(fw, "t", value->keys[i].time);
        kf_json_key(w, "v");
        write_numbers(fw, field, value->keys[i].value);
        write_interp(w, value->keys[i].interp, value->keys[i].bezier);
        kf_json_end_object(w);
        w->compact = was;
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void write_points(kf_json_writer *w, kf_points points)
{
    bool was = write_compact(w);
    kf_json_begin_array(w);
    for (int32_t i = 0; i < points.count; i++) {
        kf_json_begin_array(w);
        write_float(w, points.p[i][0]);
        write_float(w, points.p[i][1]);
        kf_json_end_array(w);
    }
    kf_json_end_array(w);
    w->compact = was;
}

static void write_stops(kf_json_writer *w, kf_stops stops)
{
    bool was = write_compact(w);
    kf_json_begin_array(w);
    for (int32_t i = 0; i < stops.count; i++) {
        kf_json_begin_array(w);
        write_float(w, stops.s[i].at);
        write_float_color(w, stops.s[i].color);
        kf_json_end_array(w);
    }
    kf_json_end_array(w);
    w->compact = was;
}

static void write_value(film_writer *fw, const kf_field *field, const kf_param_value *value)
{
    switch (field->type) {
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE:
        kf_json_write_string(&fw->w, value->written);
        break;
    case KF_FIELD_POINTS:
        write_points(&fw->w, value->points);
        break;
    case KF_FIELD_STOPS:
        write_stops(&fw->w, value->stops);
        break;
    default:
        if (value->key_count) {
            write_keys(fw, field, value);
        } else if (field->type == KF_FIELD_TIME) {
            write_time(fw, value->time);
        } else {
            write_numbers(fw, field, value->number);
        }
        break;
    }
}

void write_params(film_writer *fw, const kf_params *params)
{
    for (int i = 0; params->kind && i < params->kind->field_count; i++) {
        kf_param_value value;
        if (kf_params_get(params, i, &value)) {
            kf_json_key(&fw->w, params->kind->fields[i].name);
            write_value(fw, &params->kind->fields[i], &value);
        }
    }
}

static void write_params_object(film_writer *fw, const char *key, const kf_params *params)
{
    if (params->payload) {
        kf_json_key(&fw->w, key);
        kf_json_begin_object(&fw->w);
        write_params(fw, params);
        kf_json_end_object(&fw->w);
    }
}

void write_effects(film_writer *fw, const char *key, kf_effects effects)
{
    kf_json_writer *w = &fw->w;
    if (effects.count == 0) {
        return;
    }
    kf_json_key(w, key);
    kf_json_begin_array(w);
    for (int32_t i = 0; i < effects.count; i++) {
        kf_params params;
        if (!kf_effect_at(fw->snapshot, effects, i, &params) || !params.kind) {
            continue;
        }
        kf_json_begin_object(w);
        kf_json_put_string(w, "effect", params.kind->name);
        write_text_key(w, "name", params.name);
        if (!params.enabled) {
            kf_json_put_bool(w, "enabled", false);
        }
        write_params(fw, &params);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

void write_markers(film_writer *fw, kf_markers markers)
{
    kf_json_writer *w = &fw->w;
    kf_marker m;
    if (markers.count == 0) {
        return;
    }
    kf_json_key(w, "markers");
    kf_json_begin_array(w);
    for (int32_t i = 0; kf_marker_at(fw->snapshot, markers, i, &m); i++) {
        kf_json_begin_object(w);
        write_time_key(fw, "time", m.time);
        if (m.duration) {
            write_time_key(fw, "duration", m.duration);
        }
        write_text_key(w, "name", m.name);
        write_text_key(w, "note", m.note);
        if (m.color[3] != 0) {
            kf_json_key(w, "color");
            write_float_color(w, m.color);
        }
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

/* ---- Items ---- */

static void write_source(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    kf_asset_view asset;
    kf_sequence_view sequence;
    if (c->source == KF_SOURCE_ASSET &&
        kf_asset_at(fw->snapshot, kf_asset_index(fw->snapshot, c->source_uid), &asset)) {
        write_text_key(w, "asset", asset.id);
    } else if (c->source == KF_SOURCE_SEQUENCE &&
               kf_sequence_at(fw->snapshot, kf_sequence_index(fw->snapshot, c->source_uid), &sequence)) {
        write_text_key(w, "sequence", sequence.id);
    } else if (c->source == KF_SOURCE_GENERATOR && c->generator.kind) {
        write_text_key(w, "generator", c->generator.kind->name);
    } else {
        kf_json_put_bool(w, "adjustment", true);
    }
    if (c->video_stream >= 0) {
        kf_json_put_int(w, "stream", c->video_stream);
    }
    if (c->audio_stream >= 0) {
        kf_json_put_int(w, "audio_stream", c->audio_stream);
    }
}

static void write_remap(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    kf_json_key(w, "remap");
    kf_json_begin_array(w);
    for (int32_t i = 0; i < c->remap_count; i++) {
        kf_json_begin_object(w);
        bool was = write_compact(w);
        write_time_key(fw, "t", c->remap[i].time);
        write_time_key(fw, "source", c->remap[i].source);
        write_interp(w, c->remap[i].interp, c->remap[i].bezier);
        kf_json_end_object(w);
        w->compact = was;
    }
    kf_json_end_array(w);
}

static void write_clip_times(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    if (c->frozen) {
        write_time_key(fw, "freeze", c->freeze);
    } else if (c->source_in != 0) {
        write_time_key(fw, "in", c->source_in);
    }
    if (c->source_out != KF_TIME_NONE) {
        write_time_key(fw, "out", c->source_out);
    }
    write_time_key(fw, "duration", c->duration);
    if (c->speed.num != c->speed.den) {
        kf_json_key(w, "speed");
        write_ratio(w, c->speed);
    }
    if (c->reverse) {
        kf_json_put_bool(w, "reverse", true);
    }
    if (c->loop) {
        kf_json_put_bool(w, "loop", true);
    }
    if (c->remap_count > 0) {
        write_remap(fw, c);
    }
}

static void write_clip(film_writer *fw, const kf_clip_view *c, bool on_video)
{
    kf_json_writer *w = &fw->w;
    write_id(w, c->id);
    write_text_key(w, "name", c->name);
    write_text_key(w, "label", c->label);
    write_source(fw, c);
    write_clip_times(fw, c);
    if (!c->enabled) {
        kf_json_put_bool(w, "enabled", false);
    }
    if (on_video && !c->audio) {
        kf_json_put_bool(w, "audio", false);
    }
    write_params_object(fw, "params", &c->generator);
    write_params_object(fw, "transform", &c->transform);
    write_params(fw, &c->video);
    write_params(fw, &c->sound);
    write_effects(fw, "effects", c->effects);
    write_effects(fw, "audio_effects", c->audio_effects);
    write_markers(fw, c->markers);
}

static void write_transition(film_writer *fw, const kf_transition_view *t)
{
    kf_json_writer *w = &fw->w;
    kf_time before = t->cut - t->start;
    write_id(w, t->id);
    write_text_key(w, "transition", t->params.kind ? t->params.kind->name : "dissolve");
    write_time_key(fw, "duration", t->duration);
    write_text_key(w, "align", before == 0 ? "start" : before == t->duration ? "end" : "center");
    write_params(fw, &t->params);
}

static void write_item(film_writer *fw, kf_cursor *cursor)
{
    kf_clip_view clip;
    kf_transition_view transition;
    kf_json_begin_object(&fw->w);
    if (kf_cursor_clip(cursor, &clip)) {
        write_clip(fw, &clip, cursor->track_kind == KF_TRACK_VIDEO);
    } else if (kf_cursor_transition(cursor, &transition)) {
        write_transition(fw, &transition);
    } else {
        write_time_key(fw, "gap", cursor->item.duration);
    }
    kf_json_end_object(&fw->w);
}

/* ---- Tracks ---- */

static void write_track(film_writer *fw, const kf_track_view *t)
{
    kf_json_writer *w = &fw->w;
    kf_cursor cursor;
    const struct { const char *key; bool on; } flags[] = {
        {"mute", t->mute}, {"hide", t->hide}, {"lock", t->lock}, {"solo", t->solo}};
    kf_json_begin_object(w);
    write_id(w, t->uid);
    write_text_key(w, "kind", t->kind == KF_TRACK_AUDIO ? "audio" : "video");
    write_text_key(w, "name", t->name);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].on) {
            kf_json_put_bool(w, flags[i].key, true);
        }
    }
    if (t->matte != KF_MATTE_NONE) {
        write_text_key(w, "matte", t->matte == KF_MATTE_LUMA ? "luma" : "alpha");
    }
    if (t->matte_invert) {
        kf_json_put_bool(w, "matte_invert", true);
    }
    write_params(fw, &t->video);
    write_params(fw, &t->audio);
    write_effects(fw, "effects", t->effects);
    write_effects(fw, "audio_effects", t->audio_effects);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    kf_cursor_init(&cursor, fw->snapshot, t);
    while (kf_cursor_next(&cursor)) {
        write_item(fw, &cursor);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

/* ---- Sequences ---- */

static void write_code(kf_json_writer *w, const char *key, const char *const *names, const uint8_t *codes, uint8_t code,
                       uint8_t otherwise)
{
    for (int i = 0; names[i] && code != otherwise; i++) {
        if (codes[i] == code) {
            write_text_key(w, key, names[i]);
            return;
        }
    }
}

static void write_color_description(kf_json_writer *w, kf_color c, kf_color otherwise)
{
    if (c.matrix == otherwise.matrix && c.primaries == otherwise.primaries && c.transfer == otherwise.transfer &&
        c.range == otherwise.range) {
        return;
    }
    kf_json_key(w, "color");
    kf_json_begin_object(w);
    write_code(w, "matrix", kf_matrix_names, kf_matrix_codes, c.matrix, otherwise.matrix);
    write_code(w, "primaries", kf_primaries_names, kf_primaries_codes, c.primaries, otherwise.primaries);
    write_code(w, "transfer", kf_transfer_names, kf_transfer_codes, c.transfer, otherwise.transfer);
    write_code(w, "range", kf_range_names, kf_range_codes, c.range, otherwise.range);
    kf_json_end_object(w);
}

static void write_picture(film_writer *fw, const kf_sequence_view *s)
{
    kf_json_writer *w = &fw->w;
    if (!s->auto_size) {
        kf_json_key(w, "size");
        bool was = write_compact(w);
        kf_json_begin_array(w);
        kf_json_write_int(w, s->width);
        kf_json_write_int(w, s->height);
        kf_json_end_array(w);
        w->compact = was;
    }
    if (s->pixel_aspect.num != s->pixel_aspect.den) {
        kf_json_key(w, "pixel_aspect");
        write_ratio(w, s->pixel_aspect);
    }
    if (!s->auto_rate) {
        kf_json_key(w, "rate");
        write_ratio(w, s->rate);
    }
    if (s->working == KF_WORKING_LINEAR) {
        write_text_key(w, "working", "linear");
    }
    write_color_description(w, s->color, (kf_color){KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_LIMITED, 0});
    if (s->background[0] != 0 || s->background[1] != 0 || s->background[2] != 0 || s->background[3] != 1) {
        kf_json_key(w, "background");
        write_float_color(w, s->background);
    }
    if (s->start_timecode != 0) {
        char text[32];
        kf_timecode_format(s->start_timecode, s->rate, s->drop_frame, text);
        write_text_key(w, "start_timecode", text);
    }
    if (s->drop_frame) {
        kf_json_put_bool(w, "drop_frame", true);
    }
}

static void write_sound(film_writer *fw, const kf_sequence_view *s)
{
    kf_json_writer *w = &fw->w;
    if (s->sample_rate != 48000) {
        kf_json_put_int(w, "sample_rate", s->sample_rate);
    }
    if (s->channels != 2) {
        kf_json_put_int(w, "channels", s->channels);
    }
    if (s->master_gain != 0) {
        kf_json_key(w, "master_gain");
        write_float(w, s->master_gain);
    }
    if (!s->limiter) {
        kf_json_put_bool(w, "limiter", false);
    }
    if (s->has_loudness) {
        kf_json_key(w, "loudness");
        write_float(w, s->loudness);
    }
    write_effects(fw, "audio_effects", s->audio_effects);
}

static void write_sequence(film_writer *fw, const kf_sequence_view *s)
{
    kf_track_view track;
    fw->rate = s->auto_rate ? (kf_rational){0} : s->rate;
    write_picture(fw, s);
    write_sound(fw, s);
    write_markers(fw, s->markers);
    kf_json_key(&fw->w, "tracks");
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; kf_track_get(fw->snapshot, s, i, &track); i++) {
        write_track(fw, &track);
    }
    kf_json_end_array(&fw->w);
}

static void write_named_sequence(film_writer *fw, const kf_sequence_view *s)
{
    kf_json_begin_object(&fw->w);
    write_text_key(&fw->w, "id", s->id);
    write_text_key(&fw->w, "name", s->name);
    write_sequence(fw, s);
    kf_json_end_object(&fw->w);
}

/* ---- The film ---- */

static void write_asset(film_writer *fw, const kf_asset_view *a)
{
    static const char *const deinterlace[] = {"auto", "on", "off"};
    static const char *const alpha[] = {"auto", "straight", "premultiplied", "ignore"};
    kf_json_writer *w = &fw->w;
    kf_color none = {KF_PRI_UNSPECIFIED, KF_TRC_UNSPECIFIED, KF_MAT_UNSPECIFIED, KF_RANGE_UNSPECIFIED, 0};
    bool colored = a->color.matrix != none.matrix || a->color.primaries != none.primaries ||
                   a->color.transfer != none.transfer || a->color.range != none.range;
    kf_json_key(w, a->id);
    if (!*a->name && a->rate.num == 0 && !colored && a->deinterlace == KF_DEINTERLACE_AUTO &&
        a->alpha == KF_ALPHA_AUTO) {
        kf_json_write_string(w, a->path);
        return;
    }
    kf_json_begin_object(w);
    write_text_key(w, "path", a->path);
    write_text_key(w, "name", a->name);
    if (a->rate.num > 0) {
        kf_json_key(w, "rate");
        write_ratio(w, a->rate);
    }
    write_color_description(w, a->color, none);
    if (a->deinterlace != KF_DEINTERLACE_AUTO) {
        write_text_key(w, "deinterlace", deinterlace[a->deinterlace]);
    }
    if (a->alpha != KF_ALPHA_AUTO) {
        write_text_key(w, "alpha", alpha[a->alpha]);
    }
    kf_json_end_object(w);
}

static void write_assets(film_writer *fw)
{
    kf_asset_view asset;
    if (!kf_asset_at(fw->snapshot, 0, &asset)) {
        return;
    }
    kf_json_key(&fw->w, "assets");
    kf_json_begin_object(&fw->w);
    for (int32_t i = 0; kf_asset_at(fw->snapshot, i, &asset); i++) {
        write_asset(fw, &asset);
    }
    kf_json_end_object(&fw->w);
}

static void write_sequences(film_writer *fw, const kf_project_view *project)
{
    kf_sequence_view s;
    bool one = project->sequence_count == 1 && kf_sequence_at(fw->snapshot, 0, &s);
    if (one && !*s.name && strcmp(s.id, "main") == 0) {
        write_sequence(fw, &s);
        return;
    }
    if (project->main_sequence > 0 && kf_sequence_at(fw->snapshot, project->main_sequence, &s)) {
        write_text_key(&fw->w, "main", s.id);
    }
    kf_json_key(&fw->w, "sequences");
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; kf_sequence_at(fw->snapshot, i, &s); i++) {
        write_named_sequence(fw, &s);
    }
    kf_json_end_array(&fw->w);
}

kf_status kf_film_write_json(kf_snapshot snapshot, kf_str *out, kf_error *err)
{
    kf_project_view project;
    film_writer fw = {.w = {.out = out}, .snapshot = snapshot};
    if (!kf_project_get(snapshot, &project)) {
        return kf_fail(err, KF_ERR_INTERNAL, "there is no film in this snapshot");
    }
    kf_json_begin_object(&fw.w);
    kf_json_key(&fw.w, "kerf");
    kf_json_write_int(&fw.w, 1);
    write_text_key(&fw.w, "name", project.name);
    write_assets(&fw);
    write_sequences(&fw, &project);
    kf_json_end_object(&fw.w);
    kf_str_add(out, "\n");
    return out->failed ? kf_fail_memory(err) : KF_OK;
}
