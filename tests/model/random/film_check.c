/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "film_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/time.h"

#define SAY(...) (printf("# "), printf(__VA_ARGS__), putchar(10), false)
#define N(x) ((long long)(x))

/* ---- Reading ---- */

static void *grown(void *list, size_t count, size_t size)
{
    void *more = count & (count - 1) ? list : realloc(list, (count ? count * 2 : 1) * size);
    if (!more) {
        abort();
    }
    return more;
}

static void read_items(kf_snapshot state, flat_track *t)
{
    kf_cursor c;
    kf_clip_view clip;
    kf_transition_view transition;
    kf_cursor_init(&c, state, &t->view);
    while (kf_cursor_next(&c)) {
        uint64_t id = kf_cursor_clip(&c, &clip) ? clip.id : kf_cursor_transition(&c, &transition) ? transition.id : 0;
        t->items = grown(t->items, (size_t)t->count, sizeof *t->items);
        t->items[t->count++] = (flat_item){.view = c.item, .id = id};
    }
}

flat_film flat_read(kf_snapshot state)
{
    flat_film film = {0};
    kf_sequence_view s;
    kf_track_view view;
    for (int32_t q = 0; kf_sequence_at(state, q, &s); q++) {
        for (int32_t i = 0; kf_track_get(state, &s, i, &view); i++) {
            film.tracks = grown(film.tracks, film.count, sizeof *film.tracks);
            flat_track *t = &film.tracks[film.count++];
            *t = (flat_track){.sequence = s.uid, .uid = view.uid, .view = view};
            read_items(state, t);
        }
    }
    return film;
}

void flat_finish(flat_film *film)
{
    for (size_t i = 0; i < film->count; i++) {
        free(film->tracks[i].items);
    }
    free(film->tracks);
    *film = (flat_film){0};
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

uint64_t flat_hash(const flat_film *film)
{
    uint64_t hash = film->count;
    for (size_t i = 0; i < film->count; i++) {
        const flat_track *t = &film->tracks[i];
        hash = mix(mix(mix(hash, t->uid), (uint64_t)t->count), t->sequence);
        for (int64_t k = 0; k < t->count; k++) {
            hash = mix(mix(mix(hash, t->items[k].id), (uint64_t)t->items[k].view.duration), t->items[k].view.ref);
        }
    }
    return hash;
}

/* ---- Items ---- */

static bool check_order(const flat_track *t)
{
    kf_time at = 0;
    int64_t clips = 0;
    kf_item_kind last = KF_ITEM_NONE;
    for (int64_t i = 0; i < t->count; i++) {
        const kf_item_view *v = &t->items[i].view;
        bool solid = v->kind != KF_ITEM_TRANSITION;
        if (v->index != i || v->start != at || (solid ? v->duration <= 0 : v->duration != 0)) {
            return SAY("item %lld of track %lld: index %lld, %lld+%lld, expected at %lld", N(i), N(t->uid), N(v->index),
                       N(v->start), N(v->duration), N(at));
        }
        if (v->kind == last && last != KF_ITEM_CLIP) {
            return SAY("two %s in a row on track %lld", solid ? "gaps" : "transitions", N(t->uid));
        }
        at += v->duration;
        clips += v->kind == KF_ITEM_CLIP;
        last = v->kind;
    }
    if (last == KF_ITEM_GAP) {
        return SAY("track %lld ends with a gap", N(t->uid));
    }
    return (t->view.duration == at && t->view.clip_count == clips && t->view.item_count == t->count) ||
           SAY("track %lld says %lld long, %lld clips, %lld items; is %lld, %lld, %lld", N(t->uid), N(t->view.duration),
               N(t->view.clip_count), N(t->view.item_count), N(at), N(clips), N(t->count));
}

static bool check_sums(kf_snapshot state, const flat_film *film)
{
    kf_sequence_view s;
    for (int32_t q = 0; kf_sequence_at(state, q, &s); q++) {
        int64_t clips = 0;
        kf_time duration = 0;
        for (size_t i = 0; i < film->count; i++) {
            const kf_track_view *v = &film->tracks[i].view;
            bool own = film->tracks[i].sequence == s.uid;
            clips += own ? v->clip_count : 0;
            duration = own && v->duration > duration ? v->duration : duration;
        }
        if (clips != s.clip_count || duration != s.duration) {
            return SAY("sequence %s says %lld clips, %lld long; is %lld, %lld", s.id, N(s.clip_count), N(s.duration), N(clips),
                       N(duration));
        }
    }
    return true;
}

/* ---- Ids and links ---- */

static int by_id(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* An id with the link of its clip. */
typedef struct linked { uint64_t id; kf_ref link, group; uint64_t sequence; } linked;

static bool clip_view(kf_snapshot state, const flat_track *t, int64_t i, kf_clip_view *out)
{
    kf_cursor c;
    kf_cursor_init(&c, state, &t->view);
    return t->items[i].view.kind == KF_ITEM_CLIP && kf_cursor_seek_index(&c, i) && kf_cursor_clip(&c, out);
}

static bool check_link(kf_snapshot state, const kf_clip_view *clip, kf_link_kind which, const linked *all, size_t count)
{
    kf_links links = kf_clip_links(state, clip, which);
    kf_ref own = which == KF_LINK ? clip->link : clip->group;
    bool there = links.count == 0;
    const linked *self = bsearch(&clip->id, all, count, sizeof *all, by_id);
    for (int32_t i = 0; i < links.count; i++) {
        const linked *other = bsearch(&links.ids[i], all, count, sizeof *all, by_id);
        there = there || links.ids[i] == clip->id;
        if (i > 0 && links.ids[i] <= links.ids[i - 1]) {
            return SAY("the links of clip %lld are not in order", N(clip->id));
        }
        /* those in other sequences count as gone */
        if (other && other->sequence == self->sequence && (which == KF_LINK ? other->link : other->group) != own) {
            return SAY("clip %lld is %s with %lld, which is not with it", N(clip->id), which == KF_LINK ? "linked" : "grouped",
                       N(other->id));
        }
    }
    return there || SAY("clip %lld is not among those it is linked with", N(clip->id));
}

static bool check_links(kf_snapshot state, const flat_film *film, const linked *all, size_t count)
{
    kf_clip_view clip;
    for (size_t i = 0; i < film->count; i++) {
        for (int64_t k = 0; k < film->tracks[i].count; k++) {
            if (clip_view(state, &film->tracks[i], k, &clip) && (clip.link || clip.group) &&
                !(check_link(state, &clip, KF_LINK, all, count) && check_link(state, &clip, KF_GROUP, all, count))) {
                return false;
            }
        }
    }
    return true;
}

static bool check_ids(kf_snapshot state, const flat_film *film)
{
    linked *all = NULL;
    size_t count = 0;
    bool good = true;
    kf_clip_view clip;
    for (size_t i = 0; i < film->count; i++) {
        const flat_track *t = &film->tracks[i];
        for (int64_t k = 0; k < t->count; k++) {
            bool is_clip = clip_view(state, t, k, &clip);
            if (t->items[k].id) {
                all = grown(all, count, sizeof *all);
                all[count++] = (linked){t->items[k].id, is_clip ? clip.link : 0, is_clip ? clip.group : 0, t->sequence};
            }
        }
    }
    if (count > 1) {
        qsort(all, count, sizeof *all, by_id);
    }
    for (size_t i = 1; i < count && good; i++) {
        good = all[i].id != all[i - 1].id || SAY("two have the id %lld", N(all[i].id));
    }
    good = good && check_links(state, film, all, count);
    free(all);
    return good;
}

/* ---- Transitions ---- */

/* How much longer the clip could be at an end; -1: without limit. */
static kf_time handle(kf_snapshot state, const kf_clip_view *c, bool tail)
{
    kf_asset_view asset;
    kf_time whole = kf_muldiv_ceil(c->duration, c->speed.num, c->speed.den);
    bool late = tail != c->reverse, plain = !c->loop && !c->frozen && c->remap_count == 0 && c->source == KF_SOURCE_ASSET;
    if (!plain || !kf_asset_at(state, kf_asset_index(state, c->source_uid), &asset) || asset.media.facts.still ||
        (late && asset.media.facts.duration == 0)) {
        return -1;
    }
    kf_time source = late ? asset.media.facts.duration - c->source_in - whole : c->source_in;
    return source < 0 ? 0 : kf_muldiv_floor(source, c->speed.den, c->speed.num);
}

static bool check_transition(kf_snapshot state, const flat_track *t, int64_t i)
{
    kf_cursor c;
    kf_transition_view v;
    kf_clip_view left, right;
    kf_cursor_init(&c, state, &t->view);
    if (!kf_cursor_seek_index(&c, i) || !kf_cursor_transition(&c, &v)) {
        return SAY("transition %lld cannot be read", N(t->items[i].id));
    }
    const kf_item_view *before = i > 0 ? &t->items[i - 1].view : NULL;
    const kf_item_view *after = i + 1 < t->count ? &t->items[i + 1].view : NULL;
    kf_time head = v.cut - v.start, rest = v.duration - head;
    bool from = clip_view(state, t, i - (i > 0), &left) && before, to = after && clip_view(state, t, i + 1, &right);
    if (v.duration <= 0 || head < 0 || rest < 0 || (!from && !to)) {
        return SAY("transition %lld is %lld before and %lld after its cut", N(v.id), N(head), N(rest));
    }
    if (head > (before ? before->duration : 0) || (after && rest > after->duration)) {
        return SAY("transition %lld reaches beyond its neighbours", N(v.id));
    }
    if (from && to) {
        kf_time in = handle(state, &right, false), out = handle(state, &left, true);
        if ((in >= 0 && head > in) || (out >= 0 && rest > out)) {
            return SAY("transition %lld needs handles of %lld and %lld; there are %lld and %lld", N(v.id), N(rest), N(head),
                       N(out), N(in));
        }
    }
    return true;
}

/* Transitions at both ends of an item do not overlap. */
static bool check_apart(kf_snapshot state, const flat_track *t, int64_t i)
{
    kf_cursor c;
    kf_transition_view a, b;
    bool both = i > 0 && i + 1 < t->count && t->items[i - 1].view.kind == KF_ITEM_TRANSITION &&
                t->items[i + 1].view.kind == KF_ITEM_TRANSITION;
    kf_cursor_init(&c, state, &t->view);
    if (!both || !kf_cursor_seek_index(&c, i - 1) || !kf_cursor_transition(&c, &a)) {
        return true;
    }
    kf_time end = a.start + a.duration;
    return !kf_cursor_seek_index(&c, i + 1) || !kf_cursor_transition(&c, &b) || end <= b.start ||
           SAY("transitions %lld and %lld overlap", N(a.id), N(b.id));
}

static bool check_transitions(kf_snapshot state, const flat_track *t)
{
    bool good = true;
    for (int64_t i = 0; i < t->count && good; i++) {
        good = t->items[i].view.kind == KF_ITEM_TRANSITION ? check_transition(state, t, i) : check_apart(state, t, i);
    }
    return good;
}

bool check_state(kf_snapshot state, const flat_film *film)
{
    bool good = check_sums(state, film);
    for (size_t i = 0; i < film->count && good; i++) {
        good = check_order(&film->tracks[i]) && check_transitions(state, &film->tracks[i]);
    }
    return good && check_ids(state, film);
}

/* ---- Index and change records ---- */

bool check_index(kf_film *film, const flat_film *flat)
{
    kf_snapshot state = kf_film_snapshot(film);
    kf_sequence_view s;
    kf_track_view track;
    kf_item_place p;
    for (size_t i = 0; i < flat->count; i++) {
        const flat_track *t = &flat->tracks[i];
        for (int64_t k = 0; k < t->count; k++) {
            uint64_t id = t->items[k].id;
            if (!id) {
                continue;
            }
            bool found = kf_film_find(film, id, &p, NULL) == KF_OK && kf_sequence_at(state, p.sequence, &s) &&
                         kf_track_get(state, &s, p.track, &track);
            if (!found || s.uid != t->sequence || track.uid != t->uid || p.item.index != k ||
                p.item.start != t->items[k].view.start || p.item.ref != t->items[k].view.ref) {
                return SAY("%lld is item %lld of track %lld; the index says %s%lld", N(id), N(k), N(t->uid),
                           found ? "item " : "no such id ", N(p.item.index));
            }
        }
    }
    return true;
}

static bool same_item(const flat_item *a, const flat_item *b)
{
    return a->view.kind == b->view.kind && a->view.duration == b->view.duration && a->view.ref == b->view.ref;
}

static kf_time start_of(const flat_track *t, int64_t i)
{
    return i < t->count ? t->items[i].view.start : t->view.duration;
}

/* Old and new items alike up to old item `to`. */
static bool same_until(const flat_track *a, const flat_track *b, int64_t *i, int64_t *k, int64_t to)
{
    for (; *i < to; ++*i, ++*k) {
        if (*i >= a->count || *k >= b->count || !same_item(&a->items[*i], &b->items[*k])) {
            return SAY("track %lld: the record does not tell of item %lld", N(a->uid), N(*i));
        }
    }
    return true;
}

static bool check_track(const flat_track *a, const flat_track *b, const kf_changes *changes)
{
    int64_t i = 0, k = 0;
    for (size_t n = 0; n < changes->count; n++) {
        const kf_change *c = &changes->list[n];
        if (c->kind != KF_CHANGE_ITEMS || c->track != a->uid || c->sequence != a->sequence) {
            continue;
        }
        if (!same_until(a, b, &i, &k, c->old_index)) {
            return false;
        }
        if (k != c->new_index || start_of(a, i) != c->old_start || start_of(b, k) != c->new_start ||
            start_of(a, i + c->removed) != c->old_end || start_of(b, k + c->inserted) != c->new_end) {
            return SAY("track %lld: the record is wrong about item %lld", N(a->uid), N(i));
        }
        i += c->removed;
        k += c->inserted;
    }
    return same_until(a, b, &i, &k, a->count) && (k == b->count || SAY("track %lld: the record tells not all", N(a->uid)));
}

bool check_changes(const flat_film *from, const flat_film *to, const kf_changes *changes)
{
    for (size_t i = 0; i < from->count; i++) {
        for (size_t k = 0; k < to->count; k++) {
            bool same = from->tracks[i].sequence == to->tracks[k].sequence && from->tracks[i].uid == to->tracks[k].uid;
            if (same && !check_track(&from->tracks[i], &to->tracks[k], changes)) {
                return false;
            }
        }
    }
    return true;
}
