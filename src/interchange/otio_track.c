/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks. Items are measured first, so that transitions can be fitted between them. */
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/otio_import.h"

typedef struct slot {
    const kf_json *json;
    kf_item_kind kind;        /* NONE: left out */
    kf_time duration;
    kf_time before, after;    /* TRANSITION: as it is to be */
    bool changed;
} slot;

typedef struct slots {
    slot *at;
    size_t count, capacity;
} slots;

/* ---- Measuring ---- */

static slot measure(otio_import_state *im, const otio_scope *scope, const kf_json *item)
{
    slot s = {.json = item};
    otio_schema schema = otio_schema_of(item);
    const kf_json *in = otio_object(item, "in_offset"), *out = otio_object(item, "out_offset");
    if (schema == OTIO_TRANSITION) {
        bool ok = (!in || otio_time(in, &s.before, NULL, NULL)) && (!out || otio_time(out, &s.after, NULL, NULL));
        s.kind = ok && s.before >= 0 && s.after >= 0 ? KF_ITEM_TRANSITION : KF_ITEM_NONE;
        s.before = in ? s.before : 0;
        s.after = out ? s.after : 0;
        return s;
    }
    otio_range range = schema == OTIO_UNKNOWN ? otio_read_range(otio_object(item, "source_range"))
                                              : otio_trimmed(im, item);
    bool clip = schema == OTIO_CLIP || schema == OTIO_STACK || schema == OTIO_TRACK;
    s.duration = range.duration;
    s.kind = range.duration <= 0 ? KF_ITEM_NONE : clip ? KF_ITEM_CLIP : KF_ITEM_GAP;
    return s;
}

static bool gather(otio_import_state *im, otio_scope *scope, const kf_json *track, slots *out)
{
    const kf_json *children = kf_json_get(track, "children");
    for (const kf_json *child = children ? children->first : NULL; child; child = child->next) {
        const kf_json *item = otio_resolve(im, child);
        if (!item) {
            continue;
        }
        if (kf_grow((void **)&out->at, &out->capacity, out->count + 1, sizeof *out->at)) {
            im->film.failed = true;
            return false;
        }
        slot s = measure(im, scope, item);
        scope->clip = otio_text(item, "name");
        if (s.kind == KF_ITEM_NONE) {
            otio_lose(im, scope, KF_LOSS_DROPPED, "a %.60s without a duration is left out",
                      otio_text(item, "OTIO_SCHEMA"));
        } else {
            out->at[out->count++] = s;
            scope->position += s.duration;
        }
    }
    scope->clip = NULL;
    scope->position = 0;
    return true;
}

/* ---- Fitting transitions ---- */

static kf_time least(kf_time a, kf_time b)
{
    return a < b ? a : b;
}

/* A transition's parts are as long as their sides have room. */
static void fit(slot *t, const slot *left, kf_time left_free, const slot *right)
{
    kf_time before = least(t->before, left_free), after = right ? least(t->after, right->duration) : t->after;
    t->changed = before != t->before || after != t->after;
    t->before = before;
    t->after = after;
    if (before + after == 0 || ((!left || left->kind != KF_ITEM_CLIP) && (!right || right->kind != KF_ITEM_CLIP))) {
        t->kind = KF_ITEM_NONE;
    }
}

static void fit_transitions(otio_import_state *im, otio_scope *scope, slots *s)
{
    const slot *left = NULL;
    kf_time left_free = 0;   /* of the item before, what no transition lies over */
    bool after_transition = false;
    for (size_t i = 0; i < s->count; i++) {
        slot *t = &s->at[i];
        if (t->kind != KF_ITEM_TRANSITION) {
            left_free = t->duration - (after_transition ? left_free : 0);
            left = t;
            after_transition = false;
            scope->position += t->duration;
            continue;
        }
        const slot *right = i + 1 < s->count && s->at[i + 1].kind != KF_ITEM_TRANSITION ? &s->at[i + 1] : NULL;
        bool last = i + 1 == s->count;
        scope->clip = otio_text(t->json, "name");
        if (after_transition || (!right && !last)) {
            t->kind = KF_ITEM_NONE;
        } else {
            fit(t, left, left_free, right);
        }
        if (t->kind == KF_ITEM_NONE) {
            otio_lose(im, scope, KF_LOSS_DROPPED, "a transition that joins no clips is left out");
            continue;
        }
        left_free = t->after;
        after_transition = true;
        if (t->changed) {
            otio_lose(im, scope, KF_LOSS_CHANGED, "the transition is shorter: it reached past what it joins");
        }
    }
    scope->clip = NULL;
    scope->position = 0;
}

/* ---- Writing ---- */

static void put_gap(otio_import_state *im, otio_scope *scope, const slot *s)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "source_range", "enabled",
                                        NULL};
    kf_json_writer *w = &scope->out.w;
    otio_keep keep = {0};
    kf_json_begin_object(w);
    ix_put_time(w, "gap", s->duration, scope->out.rate);
    ix_put_text(w, "name", otio_text(s->json, "name"));
    if (otio_schema_of(s->json) == OTIO_UNKNOWN) {
        otio_lose(im, scope, KF_LOSS_METADATA, "a %.80s is not known: a gap stands in its place, and keeps it",
                  otio_text(s->json, "OTIO_SCHEMA"));
        ix_put_json(otio_keep_writer(&keep), "object", s->json);
        otio_put_metadata(im, scope, w, NULL, &keep);
    } else {
        otio_range range = otio_read_range(otio_object(s->json, "source_range"));
        if (range.start != 0 || !kf_rational_equal(range.rate, scope->out.rate)) {
            ix_put_json(otio_keep_writer(&keep), "source_range", otio_object(s->json, "source_range"));
        }
        otio_keep_rest(&keep, s->json, known);
        otio_put_metadata(im, scope, w, kf_json_get(s->json, "metadata"), &keep);
    }
    kf_json_end_object(w);
}

static void put_transition(otio_import_state *im, otio_scope *scope, const slot *s)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "in_offset", "out_offset",
                                        "transition_type", NULL};
    static const char *const handled[] = {"transition", "duration", "align", "before", "name", "metadata", NULL};
    kf_json_writer *w = &scope->out.w;
    const char *type = otio_text(s->json, "transition_type"), *ours = otio_text(otio_ours(s->json), "transition");
    otio_keep keep = {0};
    kf_json_begin_object(w);
    kf_json_put_string(w, "transition", *ours ? ours : "dissolve");
    ix_put_time(w, "duration", s->before + s->after, scope->out.rate);
    ix_put_split(w, s->before, s->before + s->after, scope->out.rate);
    ix_put_text(w, "name", otio_text(s->json, "name"));
    otio_put_ours(im, w, otio_ours(s->json), handled);
    if (!*ours && *type && strcmp(type, "SMPTE_Dissolve") != 0) {
        otio_lose(im, scope, KF_LOSS_CHANGED, "the transition \"%.100s\" became a dissolve", type);
        kf_json_put_string(otio_keep_writer(&keep), "transition_type", type);
    }
    if (s->changed) {
        ix_put_json(otio_keep_writer(&keep), "in_offset", kf_json_get(s->json, "in_offset"));
        ix_put_json(otio_keep_writer(&keep), "out_offset", kf_json_get(s->json, "out_offset"));
        ix_put_time(otio_keep_writer(&keep), "duration", s->before + s->after, (kf_rational){0, 0});
        ix_put_time(otio_keep_writer(&keep), "before", s->before, (kf_rational){0, 0});
    }
    otio_keep_rest(&keep, s->json, known);
    otio_put_metadata(im, scope, w, kf_json_get(s->json, "metadata"), &keep);
    kf_json_end_object(w);
}

static void put_slot(otio_import_state *im, otio_scope *scope, const slot *s, bool audio_track)
{
    if (s->kind == KF_ITEM_TRANSITION) {
        put_transition(im, scope, s);
    } else if (s->kind == KF_ITEM_GAP) {
        put_gap(im, scope, s);
    } else if (otio_schema_of(s->json) == OTIO_CLIP) {
        otio_put_clip(im, scope, s->json, audio_track);
    } else {
        const char *id = otio_nested_sequence(im, scope, s->json);
        if (id) {
            otio_put_nested(im, scope, s->json, id);
        }
    }
}

static void put_items(otio_import_state *im, otio_scope *scope, const slots *s, bool audio_track)
{
    kf_json_writer *w = &scope->out.w;
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    for (size_t i = 0; i < s->count && im->status == KF_OK; i++) {
        scope->clip = otio_text(s->at[i].json, "name");
        if (s->at[i].kind != KF_ITEM_NONE) {
            put_slot(im, scope, &s->at[i], audio_track);
        }
        scope->position += s->at[i].duration;
    }
    kf_json_end_array(w);
    scope->clip = NULL;
    scope->position = 0;
}

/* ---- Tracks ---- */

static bool has_effects(const kf_json *track)
{
    const kf_json *effects = kf_json_get(track, "effects");
    return effects && effects->first;
}

static void put_track_head(otio_import_state *im, otio_scope *scope, const kf_json *track, bool audio, bool nested)
{
    static const char *const handled[] = {"kind", "name", "metadata", "clips", NULL};
    kf_json_writer *w = &scope->out.w;
    const kf_json *enabled = kf_json_get(track, "enabled"), *ours = nested ? NULL : otio_ours(track);
    kf_json_put_string(w, "kind", audio ? "audio" : "video");
    ix_put_text(w, "name", otio_text(track, "name"));
    if (enabled && enabled->type == KF_JSON_BOOL && !enabled->boolean && !kf_json_get(ours, "mute")) {
        kf_json_put_bool(w, "mute", true);
    }
    if (enabled && enabled->type == KF_JSON_BOOL && !enabled->boolean && !kf_json_get(ours, "hide")) {
        kf_json_put_bool(w, "hide", true);
    }
    otio_put_ours(im, w, ours, handled);
}

static void put_track_metadata(otio_import_state *im, otio_scope *scope, const kf_json *track, bool nested)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "kind", "enabled",
                                        "children", NULL};
    if (nested) {
        return; /* the clip that shows it has all this */
    }
    const kf_json *markers = kf_json_get(track, "markers");
    otio_keep keep = {0};
    if (has_effects(track)) {
        otio_lose(im, scope, KF_LOSS_METADATA, "effects of the track are not known: they are kept, but do nothing");
    }
    if (markers && markers->first) {
        otio_lose(im, scope, KF_LOSS_METADATA, "films have no markers on tracks: %u are kept, but not shown",
                  markers->count);
    }
    otio_keep_rest(&keep, track, known);
    otio_put_metadata(im, scope, &scope->out.w, kf_json_get(track, "metadata"), &keep);
}

/* A track whose source_range cuts off some of it shows a sequence in which it is whole. */
static bool is_cut(otio_import_state *im, otio_scope *scope, const kf_json *track, const slots *s)
{
    otio_range range = otio_read_range(otio_object(track, "source_range"));
    kf_time whole = 0;
    for (size_t i = 0; i < s->count; i++) {
        whole += s->at[i].duration;
    }
    if (!range.given || (range.start == 0 && range.duration == whole)) {
        return false;
    }
    if (range.start >= whole || range.duration <= 0 || range.start + range.duration <= 0 || range.start < 0) {
        otio_lose(im, scope, KF_LOSS_NOTE,
                  "the track's source range lies outside of what it holds: all of it is shown");
        return false;
    }
    return true;
}

static void put_cut_track(otio_import_state *im, otio_scope *scope, const kf_json *track)
{
    kf_json_writer *w = &scope->out.w;
    const char *id = otio_nested_sequence(im, scope, track);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    if (id) {
        otio_put_nested(im, scope, track, id);
    }
    kf_json_end_array(w);
    otio_lose(im, scope, KF_LOSS_NOTE, "the track is cut by its source range: it became a sequence of its own");
}

void otio_put_track(otio_import_state *im, otio_scope *scope, const kf_json *track, bool nested)
{
    kf_json_writer *w = &scope->out.w;
    bool audio = strcmp(otio_text(track, "kind"), "Audio") == 0;
    slots s = {0};
    scope->track = otio_text(track, "name");
    scope->position = 0;
    if (gather(im, scope, track, &s)) {
        kf_json_begin_object(w);
        bool cut = !nested && is_cut(im, scope, track, &s);
        if (cut) {
            kf_json_put_string(w, "kind", audio ? "audio" : "video");
            put_cut_track(im, scope, track);
        } else {
            put_track_head(im, scope, track, audio, nested);
            fit_transitions(im, scope, &s);
            put_items(im, scope, &s, audio);
            put_track_metadata(im, scope, track, nested);
        }
        kf_json_end_object(w);
    }
    kf_free(s.at);
    scope->track = NULL;
}

void otio_put_lone(otio_import_state *im, otio_scope *scope, const kf_json *item)
{
    kf_json_writer *w = &scope->out.w;
    scope->position = 0;
    scope->clip = otio_text(item, "name");
    slot one = measure(im, scope, item);
    if (one.kind != KF_ITEM_CLIP && one.kind != KF_ITEM_GAP) {
        otio_lose(im, scope, KF_LOSS_DROPPED, "a %.60s without a duration is left out", otio_text(item, "OTIO_SCHEMA"));
        return;
    }
    slots s = {.at = &one, .count = 1};
    kf_json_begin_object(w);
    put_items(im, scope, &s, false);
    otio_keep keep = {0};
    kf_json_put_bool(otio_keep_writer(&keep), "lone", true);
    otio_put_metadata(im, scope, w, NULL, &keep);
    kf_json_end_object(w);
}
