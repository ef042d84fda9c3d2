/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing OTIO: gaps, transitions, clips, nested sequences. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/otio_export.h"

/* ---- Gaps and transitions ---- */

static bool same_range(const kf_json *written, kf_time start, kf_time duration)
{
    otio_range range = otio_read_range(written);
    return range.given && range.start == start && range.duration == duration;
}

static void put_range(otio_export_state *ex, const kf_json *kept, kf_time start, kf_time duration)
{
    const kf_json *written = otio_object(kept, "source_range");
    if (written && same_range(written, start, duration)) {
        kf_json_key(&ex->w, "source_range");
        kf_json_write_value(&ex->w, written);
    } else {
        otio_put_range(&ex->w, "source_range", start, duration, ex->place.rate);
    }
}

static void put_list(otio_export_state *ex, const kf_json *fields, const char *key)
{
    if (!fields || !kf_json_get(fields, key)) {
        kf_json_key(&ex->w, key);
        kf_json_begin_array(&ex->w);
        kf_json_end_array(&ex->w);
    }
}

static void write_gap(otio_export_state *ex, const kf_json *item)
{
    static const char *const carried[] = {"gap", "name", "metadata", NULL};
    const kf_json *kept = otio_kept(item), *object = otio_object(kept, "object");
    kf_time duration = otio_film_time(ex, item, "gap", 0);
    otio_range unchanged = otio_read_range(otio_object(kept, "source_range"));
    if (object) {
        kf_json_write_value(&ex->w, object);
        return;
    }
    otio_begin(ex, "Gap.1", otio_text(item, "name"));
    put_range(ex, kept, unchanged.duration == duration ? unchanged.start : 0, duration);
    put_list(ex, otio_object(kept, "fields"), "effects");
    put_list(ex, otio_object(kept, "fields"), "markers");
    kf_json_put_bool(&ex->w, "enabled", true);
    otio_put_metadata_of(ex, item, carried, NULL, NULL);
    otio_put_fields(ex, item);
    kf_json_end_object(&ex->w);
}

static void put_offsets(otio_export_state *ex, const kf_json *item, const kf_json *kept)
{
    kf_time duration = otio_film_time(ex, item, "duration", 0);
    kf_time before = ix_film_split(item, duration, ex->place.rate);
    const kf_json *in = otio_object(kept, "in_offset"), *out = otio_object(kept, "out_offset");
    if (in && out && otio_film_time(ex, kept, "duration", -1) == duration &&
        otio_film_time(ex, kept, "before", before) == before) {
        kf_json_key(&ex->w, "in_offset");
        kf_json_write_value(&ex->w, in);
        kf_json_key(&ex->w, "out_offset");
        kf_json_write_value(&ex->w, out);
        return;
    }
    otio_put_time(&ex->w, "in_offset", before, ex->place.rate);
    otio_put_time(&ex->w, "out_offset", duration - before, ex->place.rate);
}

static void write_transition(otio_export_state *ex, const kf_json *item)
{
    static const char *const dissolve[] = {"transition", "duration", "align", "before", "name", "metadata", NULL};
    static const char *const carried[] = {"duration", "align", "before", "name", "metadata", NULL};
    const char *kind = otio_text(item, "transition"), *type = otio_text(otio_kept(item), "transition_type");
    bool plain = strcmp(kind, "dissolve") == 0;
    if (!plain) {
        otio_note(ex, KF_LOSS_CHANGED, otio_text(item, "name"), "the transition \"%s\" is a custom one in OTIO: others "
                  "than Kerf show it as they like", kind);
    }
    otio_begin(ex, "Transition.1", otio_text(item, "name"));
    kf_json_put_string(&ex->w, "transition_type", *type ? type : plain ? "SMPTE_Dissolve" : "Custom_Transition");
    put_offsets(ex, item, otio_kept(item));
    otio_put_metadata_of(ex, item, plain ? dissolve : carried, NULL, NULL);
    otio_put_fields(ex, item);
    kf_json_end_object(&ex->w);
}

/* ---- Effects ---- */

typedef struct speed_of {
    bool frozen, reverse;
    kf_rational speed;
} speed_of;

static speed_of film_speed(const kf_json *item)
{
    const kf_json *value = kf_json_get(item, "speed");
    speed_of s = {.frozen = kf_json_get(item, "freeze") != NULL, .reverse = otio_film_flag(item, "reverse", false),
                  .speed = {1, 1}};
    int num = 1, den = 1;
    bool exact;
    if (value && value->type == KF_JSON_NUMBER) {
        otio_ratio(fabs(value->number), &s.speed, &exact);
        s.reverse ^= value->number < 0;
    } else if (value && value->type == KF_JSON_STRING && sscanf(value->text, "%d/%d", &num, &den) == 2) {
        kf_rational_make(num, den, &s.speed);
    }
    return s;
}

static bool is_timing(const kf_json *effect)
{
    otio_schema schema = otio_schema_of(effect);
    return schema == OTIO_TIME_WARP || schema == OTIO_FREEZE;
}

/* The effects say the same speed as the clip has. */
static bool still_true(const kf_json *effects, speed_of now)
{
    double scalar = 1;
    bool frozen = false, exact;
    kf_rational speed = {1, 1};
    for (const kf_json *child = effects ? effects->first : NULL; child; child = child->next) {
        const kf_json *value = kf_json_get(child, "time_scalar");
        frozen |= otio_schema_of(child) == OTIO_FREEZE;
        scalar *= otio_schema_of(child) == OTIO_TIME_WARP && value ? value->number : 1;
    }
    frozen |= scalar == 0;
    if (frozen || now.frozen) {
        return frozen == now.frozen;
    }
    return (scalar < 0) == now.reverse && otio_ratio(fabs(scalar), &speed, &exact) &&
           kf_rational_equal(speed, now.speed);
}

static void write_timing(otio_export_state *ex, speed_of s)
{
    kf_json_writer *w = &ex->w;
    double scalar = (double)s.speed.num / s.speed.den;
    if (!s.frozen && !s.reverse && s.speed.num == s.speed.den) {
        return;
    }
    otio_begin(ex, s.frozen ? "FreezeFrame.1" : "LinearTimeWarp.1", "");
    kf_json_put_string(w, "effect_name", s.frozen ? "FreezeFrame" : "LinearTimeWarp");
    kf_json_put_number(w, "time_scalar", s.frozen ? 0 : s.reverse ? -scalar : scalar);
    kf_json_key(w, "metadata");
    kf_json_begin_object(w);
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static void write_effects(otio_export_state *ex, const kf_json *item)
{
    const kf_json *kept = otio_kept(item), *effects = kept ? kf_json_get(kept, "effects") : NULL;
    speed_of now = film_speed(item);
    bool same = still_true(effects, now);
    kf_json_key(&ex->w, "effects");
    kf_json_begin_array(&ex->w);
    if (!same) {
        write_timing(ex, now);
    }
    for (const kf_json *child = effects ? effects->first : NULL; child; child = child->next) {
        if (same || !is_timing(child)) {
            kf_json_write_value(&ex->w, child);
        }
    }
    kf_json_end_array(&ex->w);
}

/* ---- Clips ---- */

static void put_extent(otio_export_state *ex, const kf_json *item, kf_time zero, kf_time whole)
{
    const kf_json *kept = otio_kept(item);
    kf_time in = otio_film_time(ex, item, kf_json_get(item, "freeze") ? "freeze" : "in", 0);
    kf_time duration = otio_film_time(ex, item, "duration", 0);
    if (otio_film_flag(kept, "whole", false) && in == 0 && duration == whole) {
        kf_json_key(&ex->w, "source_range");
        kf_json_write_null(&ex->w);
    } else {
        put_range(ex, kept, zero + in, duration);
    }
    write_effects(ex, item);
    otio_write_markers(ex, item, zero + in);
    kf_json_put_bool(&ex->w, "enabled", otio_film_flag(item, "enabled", true));
}

/* Members of a clip that OTIO has its own words for. */
static const char *const clip_carried[] = {"name", "asset", "sequence", "generator", "params", "in", "duration",
                                           "speed", "reverse", "freeze", "enabled", "markers", "metadata", NULL};

static const char *clip_name(const kf_json *item)
{
    static const char *const keys[] = {"name", "asset", "sequence", "generator"};
    const char *name = "";
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !*name; i++) {
        name = otio_text(item, keys[i]);
    }
    return *name ? name : "clip";
}

static void write_generator(otio_export_state *ex, const kf_json *item, const char *generator)
{
    kf_json_writer *w = &ex->w;
    const kf_json *params = otio_object(item, "params");
    otio_note(ex, KF_LOSS_METADATA, clip_name(item), "others than Kerf do not know the generator \"%s\"", generator);
    otio_begin(ex, "GeneratorReference.1", "");
    kf_json_put_string(w, "generator_kind", generator);
    kf_json_key(w, "parameters");
    if (params) {
        kf_json_write_value(w, params);
    } else {
        kf_json_begin_object(w);
        kf_json_end_object(w);
    }
    kf_json_end_object(w);
}

static void write_reference(otio_export_state *ex, const kf_json *item)
{
    const char *generator = otio_text(item, "generator"), *asset = otio_text(item, "asset");
    if (*asset) {
        otio_write_media(ex, asset);
    } else if (*generator) {
        write_generator(ex, item, generator);
    } else {
        otio_begin(ex, "MissingReference.1", "adjustment");
        kf_json_end_object(&ex->w);
    }
}

static void write_references(otio_export_state *ex, const kf_json *item)
{
    kf_json_writer *w = &ex->w;
    const kf_json *kept = otio_kept(item), *others = otio_object(kept, "media_references");
    const char *active = otio_text(kept, "active_media_reference_key");
    active = *active ? active : "DEFAULT_MEDIA";
    kf_json_key(w, "media_references");
    kf_json_begin_object(w);
    kf_json_key(w, active);
    write_reference(ex, item);
    for (const kf_json *child = others ? others->first : NULL; child; child = child->next) {
        if (strcmp(child->key, active) != 0) {
            kf_json_key(w, child->key);
            kf_json_write_value(w, child);
        }
    }
    kf_json_end_object(w);
    kf_json_put_string(w, "active_media_reference_key", active);
}

static void write_clip(otio_export_state *ex, const kf_json *item)
{
    kf_time zero = 0, whole = -1;
    otio_media_extent(ex, otio_text(item, "asset"), &zero, &whole);
    otio_begin(ex, "Clip.2", otio_text(item, "name"));
    put_extent(ex, item, zero, whole);
    otio_put_metadata_of(ex, item, clip_carried, NULL, clip_name(item));
    write_references(ex, item);
    otio_put_fields(ex, item);
    kf_json_end_object(&ex->w);
}

/* ---- Nested sequences ---- */

/* Members of the sequence itself, for the way back: "sequence": {...}. */
static void describe_sequence(kf_str *out, const kf_json *sequence)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_str_add(out, "\"sequence\":");
    kf_json_begin_object(&w);
    for (const kf_json *child = sequence->first; child; child = child->next) {
        if (strcmp(child->key, "tracks") != 0) {
            kf_json_key(&w, child->key);
            kf_json_write_value(&w, child);
        }
    }
    kf_json_end_object(&w);
}

/* A track was read here, and the sequence is still no more than that. */
static bool is_single_track(const kf_json *item, const kf_json *sequence)
{
    const kf_json *tracks = kf_json_get(sequence, "tracks"), *track = tracks ? tracks->first : NULL;
    static const char *const plain[] = {"id", "kind", "name", "clips", NULL};
    bool single = *otio_text(otio_kept(item), "kind") && track && !track->next;
    for (const kf_json *child = single ? track->first : NULL; child; child = child->next) {
        single &= otio_listed(plain, child->key);
    }
    return single;
}

static void write_nested(otio_export_state *ex, const kf_json *item, const kf_json *sequence, int32_t index)
{
    kf_sequence_view place = ex->place, nested;
    const char *track = ex->track;
    kf_time position = ex->position;
    kf_str extra = {0};
    bool single = is_single_track(item, sequence);
    if (!kf_sequence_at(ex->snapshot, index, &nested)) {
        return;
    }
    describe_sequence(&extra, sequence);
    otio_begin(ex, single ? "Track.1" : "Stack.1", otio_text(item, "name"));
    put_extent(ex, item, 0, nested.duration);
    otio_put_metadata_of(ex, item, clip_carried, extra.data, clip_name(item));
    ex->w.out->failed |= extra.failed;
    kf_str_finish(&extra);
    ex->place = nested;
    if (single) {
        kf_json_put_string(&ex->w, "kind", otio_text(otio_kept(item), "kind"));
        otio_write_items(ex, kf_json_get(sequence, "tracks")->first);
    } else {
        otio_write_children(ex, sequence);
    }
    ex->place = place;
    ex->track = track;
    ex->position = position;
    otio_put_fields(ex, item);
    kf_json_end_object(&ex->w);
}

void otio_write_item(otio_export_state *ex, const kf_json *item)
{
    const char *id = otio_text(item, "sequence");
    const ix_entry *sequence = *id ? ix_table_find(&ex->sequences, id) : NULL;
    if (kf_json_get(item, "gap")) {
        write_gap(ex, item);
    } else if (kf_json_get(item, "transition")) {
        write_transition(ex, item);
    } else if (sequence) {
        ex->w.out->failed |= !ix_table_add(&ex->written, id);
        write_nested(ex, item, (const kf_json *)(intptr_t)sequence->number, kf_sequence_find(ex->snapshot, id));
    } else {
        write_clip(ex, item);
    }
}
