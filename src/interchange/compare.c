/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two sequences side by side: what a film that was written and read again is not any more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interchange/internal.h"

enum { MOST_PER_TRACK = 100 };

typedef struct side {
    kf_snapshot snapshot;
    kf_sequence_view sequence;
    kf_cursor cursor;
    bool there;               /* the cursor is at a clip or transition */
    kf_clip_view clip;
    kf_transition_view transition;
} side;

typedef struct comparing {
    side before, after;
    kf_report *report;
    const char *track;
    int told;
} comparing;

static bool is_clip(const side *s)
{
    return s->cursor.item.kind == KF_ITEM_CLIP;
}

/* To the next clip or transition. */
static void advance(side *s)
{
    do {
        s->there = kf_cursor_next(&s->cursor);
    } while (s->there && s->cursor.item.kind == KF_ITEM_GAP);
    if (s->there && is_clip(s)) {
        s->there = kf_cursor_clip(&s->cursor, &s->clip);
    } else if (s->there) {
        s->there = kf_cursor_transition(&s->cursor, &s->transition);
    }
}

static kf_time start_of(const side *s)
{
    return is_clip(s) ? s->clip.start : s->transition.start;
}

static const char *name_of(const side *s)
{
    kf_asset_view asset;
    kf_sequence_view nested;
    if (!is_clip(s)) {
        return s->transition.params.kind ? s->transition.params.kind->name : "transition";
    }
    if (*s->clip.name) {
        return s->clip.name;
    }
    if (s->clip.source == KF_SOURCE_ASSET &&
        kf_asset_at(s->snapshot, kf_asset_index(s->snapshot, s->clip.source_uid), &asset)) {
        return *asset.name ? asset.name : kf_path_name(asset.path);
    }
    if (s->clip.source == KF_SOURCE_SEQUENCE &&
        kf_sequence_at(s->snapshot, kf_sequence_index(s->snapshot, s->clip.source_uid), &nested)) {
        return *nested.name ? nested.name : nested.id;
    }
    return s->clip.generator.kind ? s->clip.generator.kind->name : "clip";
}

static void tell(comparing *c, const side *s, const char *format, ...) KF_PRINTF(3, 4);
static void tell(comparing *c, const side *s, const char *format, ...)
{
    char what[300];
    ix_place place;
    va_list args;
    if (c->told++ >= MOST_PER_TRACK) {
        return;
    }
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    ix_where(place, &s->sequence, c->track, start_of(s), name_of(s));
    kf_report_add(c->report, KF_LOSS_CHANGED, place, "%s", what);
}

/* ---- One item ---- */

/* A source time of the clip as the label of its frame: a form may know that alone, and count from 0. */
static kf_time label_of(const side *s, kf_time source)
{
    kf_asset_view asset;
    bool labelled = s->clip.source == KF_SOURCE_ASSET &&
                    kf_asset_at(s->snapshot, kf_asset_index(s->snapshot, s->clip.source_uid), &asset) &&
                    asset.timecode.known && asset.timecode.rate.num > 0;
    return labelled ? source + kf_frame_start(asset.timecode.start, asset.timecode.rate) : source;
}

static void compare_time(comparing *c, const char *what, kf_time before, kf_time after)
{
    if (before != after) {
        tell(c, &c->before, "its %s is %.6f s when read back, not %.6f s", what, kf_time_seconds(after),
             kf_time_seconds(before));
    }
}

static void compare_speed(comparing *c)
{
    const kf_clip_view *a = &c->before.clip, *b = &c->after.clip;
    if (a->frozen != b->frozen) {
        tell(c, &c->before, a->frozen ? "it plays when read back, and stood still" : "it stands still when read back");
        return;
    }
    if ((a->remap_count > 0) != (b->remap_count > 0)) {
        tell(c, &c->before, "its varying speed is another when read back");
    } else if (!kf_rational_equal(a->speed, b->speed) || a->reverse != b->reverse) {
        tell(c, &c->before, "its speed is %s%d/%d when read back, not %s%d/%d", b->reverse ? "-" : "", b->speed.num,
             b->speed.den, a->reverse ? "-" : "", a->speed.num, a->speed.den);
    }
}

static void compare_clips(comparing *c)
{
    static const char *const sources[] = {"media", "a generator", "a sequence", "an adjustment"};
    const kf_clip_view *a = &c->before.clip, *b = &c->after.clip;
    compare_time(c, "start", a->start, b->start);
    compare_time(c, "duration", a->duration, b->duration);
    if (a->source != b->source) {
        tell(c, &c->before, "it is %s when read back, not %s", sources[b->source], sources[a->source]);
        return;
    }
    if (a->source == KF_SOURCE_ASSET || a->source == KF_SOURCE_SEQUENCE) {
        compare_time(c, a->frozen ? "frozen time" : "in point", label_of(&c->before, a->frozen ? a->freeze : a->source_in),
                     label_of(&c->after, b->frozen ? b->freeze : b->source_in));
        compare_speed(c);
    }
    if (a->enabled != b->enabled) {
        tell(c, &c->before, b->enabled ? "it is enabled when read back" : "it is disabled when read back");
    }
}

static void compare_transitions(comparing *c)
{
    const kf_transition_view *a = &c->before.transition, *b = &c->after.transition;
    compare_time(c, "start", a->start, b->start);
    compare_time(c, "duration", a->duration, b->duration);
    if (a->params.kind_id != b->params.kind_id) {
        tell(c, &c->before, "it is a %s when read back", name_of(&c->after));
    }
}

/* ---- Tracks ---- */

/* Items that begin within a frame of one another are the same. */
static void compare_items(comparing *c)
{
    kf_time frame = kf_frame_start(1, c->before.sequence.rate);
    c->told = 0;
    advance(&c->before);
    advance(&c->after);
    while (c->before.there || c->after.there) {
        kf_time a = c->before.there ? start_of(&c->before) : INT64_MAX;
        kf_time b = c->after.there ? start_of(&c->after) : INT64_MAX;
        bool both = c->before.there && c->after.there;
        bool same = both && is_clip(&c->before) == is_clip(&c->after) && a - b < frame && b - a < frame;
        bool first = !c->after.there || (both && (a < b || (a == b && !is_clip(&c->before))));
        if (same && is_clip(&c->before)) {
            compare_clips(c);
        } else if (same) {
            compare_transitions(c);
        } else if (first) {
            tell(c, &c->before, "it is not there when read back");
        } else {
            tell(c, &c->after, "it is new when read back");
        }
        if (same || first) {
            advance(&c->before);
        }
        if (same || !first) {
            advance(&c->after);
        }
    }
    if (c->told > MOST_PER_TRACK) {
        ix_place place;
        kf_report_add(c->report, KF_LOSS_CHANGED, ix_where(place, &c->before.sequence, c->track, KF_TIME_NONE, NULL),
                      "%d more differences", c->told - MOST_PER_TRACK);
    }
}

/* The n-th track of its kind; false if there is none. */
static bool find_track(const side *s, kf_track_kind kind, int n, kf_track_view *out)
{
    for (int32_t i = 0; kf_track_get(s->snapshot, &s->sequence, i, out); i++) {
        if (out->kind == kind && n-- == 0) {
            return true;
        }
    }
    return false;
}

static void compare_kind(comparing *c, kf_track_kind kind)
{
    for (int n = 0;; n++) {
        char label[16];
        ix_place place;
        kf_track_view a, b;
        bool before = find_track(&c->before, kind, n, &a), after = find_track(&c->after, kind, n, &b);
        if (!before && !after) {
            return;
        }
        snprintf(label, sizeof label, "%c%d", kind == KF_TRACK_VIDEO ? 'V' : 'A', n + 1);
        c->track = before && *a.name ? a.name : label;
        if (before && after) {
            kf_cursor_init(&c->before.cursor, c->before.snapshot, &a);
            kf_cursor_init(&c->after.cursor, c->after.snapshot, &b);
            compare_items(c);
        } else if ((before ? a : b).clip_count > 0) {
            kf_report_add(c->report, KF_LOSS_CHANGED,
                          ix_where(place, &c->before.sequence, c->track, KF_TIME_NONE, NULL),
                          before ? "the track is not there when read back" : "the track is new when read back");
        }
    }
}

static void compare_sequences(comparing *c)
{
    const kf_sequence_view *a = &c->before.sequence, *b = &c->after.sequence;
    ix_place place;
    ix_where(place, a, NULL, KF_TIME_NONE, NULL);
    if (!kf_rational_equal(a->rate, b->rate)) {
        kf_report_add(c->report, KF_LOSS_CHANGED, place, "the rate is %d/%d when read back, not %d/%d", b->rate.num,
                      b->rate.den, a->rate.num, a->rate.den);
    }
    if (a->start_timecode != b->start_timecode) {
        kf_report_add(c->report, KF_LOSS_CHANGED, place, "the timecode starts at frame %lld when read back, not %lld",
                      (long long)b->start_timecode, (long long)a->start_timecode);
    }
    if (!b->auto_size && (a->width != b->width || a->height != b->height)) {
        kf_report_add(c->report, KF_LOSS_CHANGED, place, "the size is %dx%d when read back, not %dx%d", b->width,
                      b->height, a->width, a->height);
    }
    compare_kind(c, KF_TRACK_VIDEO);
    compare_kind(c, KF_TRACK_AUDIO);
}

kf_status kf_interchange_compare(kf_snapshot before, int32_t sequence, kf_snapshot after, kf_report *report,
                                 kf_error *err)
{
    comparing c = {.before.snapshot = before, .after.snapshot = after, .report = report};
    kf_export_params wanted = {.sequence = sequence}, main_one = {.sequence = -1};
    kf_status status = ix_export_sequence(before, &wanted, &c.before.sequence, err);
    if (status == KF_OK) {
        status = ix_export_sequence(after, &main_one, &c.after.sequence, err);
    }
    if (status == KF_OK) {
        compare_sequences(&c);
    }
    return status;
}
