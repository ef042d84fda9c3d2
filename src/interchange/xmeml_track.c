/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track of xmeml: clips and transitions, put where a film has them: clips end at the cut, transitions lie over it. */
#include "interchange/xmeml.h"

#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"

/* A clip, or a transition between the items beside it. */
typedef struct entry {
    const kf_xml *transition;   /* NULL: a clip */
    xm_clip clip;
    kf_time start, end, cut;    /* of a transition */
    kf_time covered;            /* how much of a clip's beginning a transition lies over */
    struct entry *left, *right; /* clips beside it */
    bool keep;
} entry;

typedef struct track {
    xm_scope *s;
    bool audio;
    entry *entries;
    size_t count, capacity;
} track;

/* ---- Reading ---- */

static kf_status add_entry(track *t, const kf_xml *node)
{
    if (kf_grow((void **)&t->entries, &t->capacity, t->count + 1, sizeof *t->entries)) {
        return kf_fail_memory(t->s->im->err);
    }
    entry *e = &t->entries[t->count++];
    memset(e, 0, sizeof *e);
    e->keep = true;
    if (!kf_xml_is(node, "transitionitem")) {
        return xm_read_clip(t->s, node, t->audio, &e->clip);
    }
    kf_rational rate = xm_rate(node, t->s->rate);
    e->transition = node;
    e->start = xm_time(xm_int(node, "start", 0), rate);
    e->end = xm_time(xm_int(node, "end", 0), rate);
    return KF_OK;
}

static kf_status read_entries(track *t, const kf_xml *element)
{
    kf_status status = KF_OK;
    for (const kf_xml *e = element->first; e && status == KF_OK; e = e->next) {
        if (kf_xml_is(e, "clipitem") || kf_xml_is(e, "generatoritem") || kf_xml_is(e, "transitionitem")) {
            status = add_entry(t, e);
        }
    }
    return status;
}

/* ---- Transitions ---- */

static entry *clip_beside(const track *t, size_t index, int by)
{
    size_t at = index + (size_t)by;
    return at < t->count && !t->entries[at].transition ? &t->entries[at] : NULL;
}

static entry *transition_beside(const track *t, size_t index, int by)
{
    size_t at = index + (size_t)by;
    return at < t->count && t->entries[at].transition ? &t->entries[at] : NULL;
}

static kf_time least(kf_time a, kf_time b)
{
    return a < b ? a : b;
}

/* How much of a transition lies before the cut inside of it: as Premiere says, or half, rounded down to a frame. */
static kf_time part_before(const track *t, const entry *e)
{
    kf_rational rate = t->s->rate;
    kf_time length = e->end - e->start, said = xm_int(e->transition, "cutPointTicks", 0) / XM_TICKS;
    bool inside = said > 0 && said < length;
    return inside ? kf_frame_start(kf_frame_at(said + kf_frame_start(1, rate) / 2, rate), rate)
                  : kf_frame_start(kf_frame_at(length, rate) / 2, rate);
}

/* Where the cut lies, as `alignment` says. */
static kf_time cut_of(const track *t, const entry *e)
{
    const char *alignment = kf_xml_text(e->transition, "alignment");
    if (alignment && strncmp(alignment, "start", 5) == 0) {
        return e->start;
    }
    if (alignment && strncmp(alignment, "end", 3) == 0) {
        return e->end;
    }
    return e->start + part_before(t, e);
}

/* Ends of -1 reach to the far end of the transition there. */
static void reach_transitions(track *t, size_t i)
{
    xm_clip *c = &t->entries[i].clip;
    const entry *before = transition_beside(t, i, -1), *after = transition_beside(t, i, 1);
    const entry *previous = clip_beside(t, i, -1);
    bool open_start = c->start < 0, open_end = c->end < 0;
    kf_time length = c->out > c->in ? c->out - c->in : 0;
    if (open_start) {
        c->start = before ? before->start : !open_end ? c->end - length : previous ? previous->clip.end : 0;
    }
    if (open_end) {
        c->end = after ? after->end : c->start + length;
    }
}

/* An end that reaches past the cut is taken back to it. */
static void trim_to_cuts(track *t, size_t i)
{
    xm_clip *c = &t->entries[i].clip;
    const entry *before = transition_beside(t, i, -1), *after = transition_beside(t, i, 1);
    if (before && c->start < before->cut && c->start >= before->start) {
        c->head = before->cut - c->start;
        c->start = before->cut;
    }
    if (after && c->end > after->cut && c->end <= after->end) {
        c->tail = c->end - after->cut;
        c->end = after->cut;
    }
}

/* ---- Order ---- */

static void report(const track *t, const xm_clip *clip, kf_loss_kind kind, const char *what)
{
    ix_place place;
    kf_report_add(t->s->im->report, kind, xm_where(t->s, clip, place), "%s", what);
}

/* Nothing overlaps on a track: what begins before the item before it ends loses its head. */
static void settle(track *t)
{
    kf_time end = 0;
    for (size_t i = 0; i < t->count; i++) {
        xm_clip *c = &t->entries[i].clip;
        if (t->entries[i].transition) {
            continue;
        }
        if (c->start < end && c->end > c->start) {
            report(t, c, KF_LOSS_CHANGED, "It begins before the clip before it ends: its beginning was cut off.");
            c->head += end - c->start;
            c->start = end;
        }
        if (c->end <= c->start) {
            report(t, c, KF_LOSS_DROPPED, "It has no length.");
            t->entries[i].keep = false;
            continue;
        }
        end = c->end;
    }
}

/* The clips that are kept beside each transition. */
static void find_neighbours(track *t)
{
    entry *beside = NULL;
    for (size_t i = 0; i < t->count; i++) {
        entry *e = &t->entries[i];
        e->left = beside;
        beside = e->keep && !e->transition ? e : beside;
    }
    beside = NULL;
    for (size_t i = t->count; i-- > 0;) {
        entry *e = &t->entries[i];
        e->right = beside;
        beside = e->keep && !e->transition ? e : beside;
    }
}

static void report_transition(const track *t, const entry *e, kf_loss_kind kind, const char *what)
{
    ix_place place;
    xm_clip at = {.node = e->transition, .start = e->start};
    kf_report_add(t->s->im->report, kind, xm_where(t->s, &at, place), "%s", what);
}

/* A transition must fit over the items beside it; what does not is made shorter. */
static void fit_transition(track *t, size_t i)
{
    entry *e = &t->entries[i];
    entry *left = e->left, *right = e->right;
    bool on_left = left && left->clip.end == e->cut, on_right = right && right->clip.start == e->cut;
    if (e->end <= e->start || (!on_left && !on_right)) {
        report_transition(t, e, KF_LOSS_DROPPED, "The transition touches no clip.");
        e->keep = false;
        return;
    }
    kf_time before = e->cut - e->start, after = e->end - e->cut;
    kf_time most_before = on_left ? left->clip.end - left->clip.start - left->covered
                                  : (e->cut - (left ? left->clip.end : 0)) / 2;
    kf_time most_after = on_right ? right->clip.end - right->clip.start
                         : right  ? (right->clip.start - e->cut) / 2
                                  : KF_MODEL_MAX_TIME;
    if (before > most_before || after > most_after) {
        report_transition(t, e, KF_LOSS_CHANGED, "It is longer than the clips beside it allow: it was made shorter.");
        before = least(before, most_before);
        after = least(after, most_after);
    }
    e->start = e->cut - before;
    e->end = e->cut + after;
    e->keep = e->end > e->start;
    if (on_right && e->keep) {
        right->covered = after;
    }
}

/* ---- Writing ---- */

static void write_gap(track *t, kf_time length)
{
    kf_json_begin_object(&t->s->seq.w);
    ix_put_time(&t->s->seq.w, "gap", length, t->s->rate);
    kf_json_end_object(&t->s->seq.w);
}

static void write_transition(track *t, const entry *e)
{
    kf_json_writer *w = &t->s->seq.w;
    kf_json_begin_object(w);
    ix_put_time(w, "duration", e->end - e->start, t->s->rate);
    ix_put_split(w, e->cut - e->start, e->end - e->start, t->s->rate);
    xm_write_transition_kind(t->s, e->transition);
    kf_json_end_object(w);
}

static kf_status write_entries(track *t)
{
    kf_status status = KF_OK;
    kf_time at = 0;
    bool after_transition = false;
    for (size_t i = 0; i < t->count && status == KF_OK; i++) {
        const entry *e = &t->entries[i];
        kf_time start = e->transition ? e->cut : e->clip.start;
        if (!e->keep) {
            continue;
        }
        if (start > at) {
            write_gap(t, start - at);
            at = start;
            after_transition = false;
        }
        if (e->transition && after_transition) {
            report_transition(t, e, KF_LOSS_DROPPED, "Another transition lies over the same cut.");
            continue;
        }
        after_transition = e->transition != NULL;
        if (e->transition) {
            write_transition(t, e);
        } else {
            status = xm_write_clip(t->s, &e->clip);
            at = e->clip.end;
        }
    }
    return status;
}

static void drop_twins(track *t)
{
    for (size_t i = 0; i < t->count; i++) {
        entry *e = &t->entries[i];
        if (!e->transition && e->keep && xm_is_twin(t->s, &e->clip)) {
            e->keep = false;
        }
    }
}

static bool is_empty(const track *t)
{
    size_t i = 0;
    while (i < t->count && (t->entries[i].transition || !t->entries[i].keep)) {
        i++;
    }
    return i == t->count;
}

static kf_status write_track(track *t, const kf_xml *element)
{
    kf_json_writer *w = &t->s->seq.w;
    const char *channel = kf_xml_attr(element, "currentExplodedTrackIndex"),
               *name = kf_xml_attr(element, "MZ.TrackName");
    bool had_clips = !is_empty(t);
    if (t->audio) {
        drop_twins(t);
    }
    if (is_empty(t) && (had_clips || (t->audio && channel && *channel != '0'))) {
        return KF_OK; /* the other channel of a track that is there */
    }
    find_neighbours(t);
    for (size_t i = 0; i < t->count; i++) {
        if (t->entries[i].transition) {
            fit_transition(t, i);
        }
    }
    kf_json_begin_object(w);
    if (t->audio) {
        kf_json_put_string(w, "kind", "audio");
    }
    kf_json_put_string(w, "name", name && *name ? name : t->s->track);
    if (!xm_true(element, "enabled", true)) {
        kf_json_put_bool(w, t->audio ? "mute" : "hide", true);
    }
    if (xm_true(element, "locked", false)) {
        kf_json_put_bool(w, "lock", true);
    }
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    kf_status status = write_entries(t);
    kf_json_end_array(w);
    kf_json_end_object(w);
    return status;
}

kf_status xm_track(xm_scope *s, const kf_xml *element, bool audio, int number)
{
    track t = {.s = s, .audio = audio};
    snprintf(s->track, sizeof s->track, "%c%d", audio ? 'A' : 'V', number);
    s->track_number = number;
    kf_status status = read_entries(&t, element);
    for (size_t i = 0; i < t.count && status == KF_OK; i++) {
        if (t.entries[i].transition) {
            t.entries[i].cut = cut_of(&t, &t.entries[i]);
        } else {
            reach_transitions(&t, i);
        }
    }
    for (size_t i = 0; i < t.count; i++) {
        if (!t.entries[i].transition) {
            trim_to_cuts(&t, i);
        }
    }
    settle(&t);
    if (status == KF_OK) {
        status = write_track(&t, element);
    }
    kf_free(t.entries);
    return status;
}
