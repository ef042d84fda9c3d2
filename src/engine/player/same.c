/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/same.h"

#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"

/* Tracks whose looks may differ. */
typedef struct pair {
    kf_cursor a, b;
} pair;

struct kf_same {
    kf_snapshot a, b;
    kf_rational rate;
    pair *pairs;
    int32_t count;
    int32_t sequence;        /* index of the one that is shown */
    enum { UNKNOWN, EQUAL, DIFFERENT } rest; /* all assets and all other sequences */
};

/* ---- Sequences and tracks ---- */

static bool same_canvas(const kf_sequence_view *a, const kf_sequence_view *b)
{
    return a->uid == b->uid && a->width == b->width && a->height == b->height &&
           kf_rational_equal(a->pixel_aspect, b->pixel_aspect) && kf_rational_equal(a->rate, b->rate) &&
           a->working == b->working && memcmp(&a->color, &b->color, sizeof a->color) == 0 &&
           memcmp(a->background, b->background, sizeof a->background) == 0 && a->track_count == b->track_count;
}

static bool same_effects(kf_effects a, kf_effects b)
{
    return a.count == b.count && (a.count == 0 || memcmp(a.refs, b.refs, (size_t)a.count * sizeof *a.refs) == 0);
}

static bool same_layer(const kf_track_view *a, const kf_track_view *b)
{
    return a->uid == b->uid && a->kind == b->kind && a->hide == b->hide && a->matte == b->matte &&
           a->matte_invert == b->matte_invert && a->video.ref == b->video.ref && same_effects(a->effects, b->effects);
}

/* False: all frames differ. Tracks of equal nodes need a look too: assets may have changed beneath them. */
static bool add_track(kf_same *s, const kf_programme *pa, const kf_programme *pb, int32_t i)
{
    kf_track_view a, b;
    if (!kf_track_get(s->a, &pa->view, i, &a) || !kf_track_get(s->b, &pb->view, i, &b)) return false;
    if (!same_layer(&a, &b)) return a.kind == KF_TRACK_AUDIO && b.kind == KF_TRACK_AUDIO;
    if (a.kind == KF_TRACK_AUDIO || a.hide) return true;
    kf_cursor_init(&s->pairs[s->count].a, s->a, &a);
    kf_cursor_init(&s->pairs[s->count].b, s->b, &b);
    s->count++;
    return true;
}

kf_same *kf_same_create(const kf_programme *a, const kf_programme *b)
{
    if (!a || !b || a->snapshot.store != b->snapshot.store || a->proxies != b->proxies || a->sequence != b->sequence)
        return NULL;
    if (a->part.angles || !kf_view_part_equal(a->part, b->part)) return NULL;
    if (!same_canvas(&a->view, &b->view)) return NULL;
    kf_same *s = KF_NEW(kf_same);
    if (!s) return NULL;
    s->a = a->snapshot;
    s->b = b->snapshot;
    s->rate = a->view.rate;
    s->sequence = a->sequence;
    s->pairs = kf_alloc_zero((size_t)a->view.track_count + 1, sizeof *s->pairs);
    bool some = s->pairs != NULL;
    for (int32_t i = 0; i < a->view.track_count && some; i++) some = add_track(s, a, b, i);
    if (some) return s;
    kf_same_destroy(s);
    return NULL;
}

void kf_same_destroy(kf_same *s)
{
    if (!s) return;
    kf_free(s->pairs);
    kf_free(s);
}

/* ---- Clips ---- */

static bool same_asset(const kf_same *s, uint64_t uid)
{
    kf_asset_view a, b;
    int32_t i = kf_asset_index(s->a, uid), j = kf_asset_index(s->b, uid);
    if (i < 0 && j < 0) return true;
    return i >= 0 && j >= 0 && kf_asset_at(s->a, i, &a) && kf_asset_at(s->b, j, &b) && a.ref == b.ref;
}

static bool same_assets(const kf_same *s)
{
    kf_asset_view a, b;
    for (int32_t i = 0;; i++) {
        bool has_a = kf_asset_at(s->a, i, &a), has_b = kf_asset_at(s->b, i, &b);
        if (!has_a && !has_b) return true;
        if (has_a != has_b || a.ref != b.ref) return false;
    }
}

static bool same_sequences(const kf_same *s)
{
    kf_sequence_view a, b;
    for (int32_t i = 0;; i++) {
        bool has_a = kf_sequence_at(s->a, i, &a), has_b = kf_sequence_at(s->b, i, &b);
        if (!has_a && !has_b) return true;
        if (has_a != has_b || (i != s->sequence && a.ref != b.ref)) return false;
    }
}

/* What is nested may show anything of the film but the sequence it is in. */
static bool same_rest(kf_same *s)
{
    if (s->rest == UNKNOWN) s->rest = same_assets(s) && same_sequences(s) ? EQUAL : DIFFERENT;
    return s->rest == EQUAL;
}

static bool same_clip(kf_same *s, const kf_clip_view *a, const kf_clip_view *b)
{
    if (!a || !b) return a == b;
    if (a->ref != b->ref || a->start != b->start || a->duration != b->duration) return false;
    if (a->source == KF_SOURCE_ASSET) return same_asset(s, a->source_uid);
    return a->source != KF_SOURCE_SEQUENCE || same_rest(s);
}

static bool same_transition(kf_same *s, const kf_transition_view *a, const kf_transition_view *b)
{
    if (!a || !b) return a == b;
    return a->params.ref == b->params.ref && a->params.kind_id == b->params.kind_id && a->start == b->start &&
           a->duration == b->duration && a->cut == b->cut && same_clip(s, a->from, b->from) && same_clip(s, a->to, b->to);
}

static bool same_moment(kf_same *s, pair *p, kf_time t)
{
    kf_moment a, b;
    bool has_a = kf_track_at(&p->a, t, &a), has_b = kf_track_at(&p->b, t, &b);
    if (!has_a || !has_b) return has_a == has_b;
    return a.kind == b.kind && same_clip(s, a.clip, b.clip) && same_transition(s, a.transition, b.transition);
}

bool kf_same_frame(kf_same *s, int64_t frame)
{
    kf_time t = kf_frame_start(frame, s ? s->rate : (kf_rational){1, 1});
    for (int32_t i = 0; s && i < s->count; i++)
        if (!same_moment(s, &s->pairs[i], t)) return false;
    return s != NULL;
}
