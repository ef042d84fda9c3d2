/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moving ends, cuts and clips. */
#include "parts.h"

/* ---- Trim ---- */

static kf_time handle(const plain_film *film, const plain_clip *c, bool tail)
{
    const plain_asset *asset = film->assets;
    while (asset->uid != c->asset) {
        asset++;
    }
    bool late = tail != c->reverse;
    return late ? timeline_of(c, asset->duration - c->in - source_of(c, c->duration)) : timeline_of(c, c->in);
}

/* Makes a clip longer or shorter at an end; its start does not move. */
static bool resize(const plain_film *film, plain_clip *c, bool tail, kf_time longer)
{
    kf_time least = c->duration < film->frame ? c->duration : film->frame;
    if (longer > 0 ? longer > handle(film, c, tail) : c->duration + longer < least) {
        return false;
    }
    show_part(c, tail ? 0 : -longer, tail ? c->duration + longer : c->duration);
    return true;
}

static int place_of(const plain_track *t, uint64_t id)
{
    int i = 0;
    while (t->clips[i].id != id) {
        i++;
    }
    return i;
}

static bool trim_one(plain_film *film, int track, uint64_t id, const kf_edit_trim *a, kf_time way)
{
    plain_track *t = &film->tracks[track];
    int i = place_of(t, id);
    bool tail = a->edge == KF_EDGE_TAIL;
    kf_time longer = tail ? way : -way, end = end_of(&t->clips[i]);
    kf_time room = !tail ? gap_before(t, i) : i + 1 < t->count ? gap_before(t, i + 1) : KF_MODEL_MAX_TIME;
    if (t->lock || (!a->ripple && longer > room) || !resize(film, &t->clips[i], tail, longer)) {
        return false;
    }
    if (a->ripple) {
        for (int k = i + 1; k < t->count; k++) {
            t->clips[k].start += longer;
        }
    } else if (!tail) {
        t->clips[i].start = end - t->clips[i].duration;
    }
    return true;
}

static kf_time edge_of(const plain_clip *c, int edge)
{
    return edge == KF_EDGE_TAIL ? end_of(c) : c->start;
}

bool plain_trim(plain_film *film, const kf_edit_trim *a)
{
    set s;
    copies links = {0};
    bool done[PLAIN_TRACKS] = {0}, tail = a->edge == KF_EDGE_TAIL;
    if (!gather(film, (kf_ids){&a->clip, 1}, a->linked, &s) || (a->to == KF_TIME_NONE) == (a->by == KF_TIME_NONE)) {
        return false;
    }
    kf_time edge = edge_of(plain_find(film, a->clip, NULL), a->edge), way = a->to == KF_TIME_NONE ? a->by : a->to - edge;
    for (int i = 0; i < s.count; i++) {
        if (edge_of(&s.clip[i], a->edge) == edge && !done[s.track[i]]) {
            done[s.track[i]] = true;
            if (!trim_one(film, s.track[i], s.clip[i].id, a, way)) {
                return false;
            }
        }
    }
    kf_time by = tail ? way : -way, at = by < 0 && !tail ? edge - by : edge;
    return !a->ripple || ripple(film, done, a->sync, at, by, &links);
}

static bool roll_one(plain_film *film, int track, uint64_t id, kf_time way)
{
    plain_track *t = &film->tracks[track];
    int i = place_of(t, id);
    if (t->lock || i + 1 == t->count || gap_before(t, i + 1) > 0) {
        return false;
    }
    plain_clip *next = &t->clips[i + 1];
    if (!resize(film, &t->clips[i], true, way) || !resize(film, next, false, -way)) {
        return false;
    }
    next->start += way;
    return true;
}

static bool slip_one(plain_film *film, int track, uint64_t id, kf_time way)
{
    plain_clip *c = plain_find(film, id, NULL);
    if (film->tracks[track].lock || (way > 0 ? way > handle(film, c, true) : -way > handle(film, c, false))) {
        return false;
    }
    show_part(c, way, way + c->duration);
    return true;
}

/* A neighbour that touches gives or takes, a gap too. */
static bool slide_one(plain_film *film, int track, uint64_t id, kf_time way)
{
    plain_track *t = &film->tracks[track];
    int i = place_of(t, id);
    plain_clip *c = &t->clips[i], *before = i ? c - 1 : NULL, *after = i + 1 < t->count ? c + 1 : NULL;
    bool touches = before && gap_before(t, i) == 0;
    kf_time gap_after = after ? gap_before(t, i + 1) : KF_MODEL_MAX_TIME;
    if (t->lock || (!touches && gap_before(t, i) + way < 0) || (gap_after > 0 && way > gap_after)) {
        return false;
    }
    if (gap_after == 0) {
        if (!resize(film, after, false, -way)) {
            return false;
        }
        after->start += way;
    }
    c->start += way;
    return !touches || resize(film, before, true, way);
}

bool plain_shift(plain_film *film, uint16_t op, const kf_edit_shift *a)
{
    set s;
    if (!gather(film, (kf_ids){&a->clip, 1}, a->linked, &s) || (a->to == KF_TIME_NONE) == (a->by == KF_TIME_NONE)) {
        return false;
    }
    const plain_clip first = *plain_find(film, a->clip, NULL);
    kf_time from = op == KF_EDIT_ROLL ? end_of(&first) : op == KF_EDIT_SLIDE ? first.start : first.in;
    kf_time way = a->to == KF_TIME_NONE ? a->by : a->to - from;
    if (op == KF_EDIT_SLIP && a->to != KF_TIME_NONE) {
        way = floor_of((wide)way * first.speed.den, first.speed.num) * (first.reverse ? -1 : 1);
    }
    for (int i = 0; i < s.count; i++) {
        bool good = op == KF_EDIT_ROLL ? end_of(&s.clip[i]) != end_of(&first) || roll_one(film, s.track[i], s.clip[i].id, way)
                    : op == KF_EDIT_SLIP ? slip_one(film, s.track[i], s.clip[i].id, way)
                                         : slide_one(film, s.track[i], s.clip[i].id, way);
        if (!good) {
            return false;
        }
    }
    return true;
}

/* ---- Move ---- */

static bool make_room(plain_film *film, const kf_edit_move *a, const set *s, const int *to, kf_time way, copies *links)
{
    kf_time from = KF_MODEL_MAX_TIME, end = 0;
    bool moves[PLAIN_TRACKS];
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        moves[i] = a->sync && film->tracks[i].sync && !film->tracks[i].lock;
    }
    for (int i = 0; i < s->count; i++) {
        from = s->clip[i].start + way < from ? s->clip[i].start + way : from;
        end = end_of(&s->clip[i]) + way > end ? end_of(&s->clip[i]) + way : end;
        moves[to[i]] = true;
    }
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        if (moves[i]) {
            open_up(film, i, from, end - from, links);
        }
    }
    return true;
}

bool plain_move(plain_film *film, const kf_edit_move *a)
{
    set s;
    int to[256], track, steps;
    copies links = {0};
    if (!gather(film, a->clips, a->linked, &s) || (a->to != KF_TIME_NONE && a->by != KF_TIME_NONE)) {
        return false;
    }
    kf_time start = plain_find(film, a->clips.ids[0], &track)->start;
    kf_time way = a->by != KF_TIME_NONE ? a->by : a->to != KF_TIME_NONE ? a->to - start : 0;
    steps = *a->track ? track_of(a->track) - track : 0;
    if (*a->track && is_audio(track) != is_audio(track_of(a->track))) {
        return false;
    }
    for (int i = 0; i < s.count; i++) {
        bool same = is_audio(s.track[i]) == is_audio(track);
        to[i] = s.track[i] + (same ? steps : 0);
        if (to[i] < 0 || to[i] >= PLAIN_TRACKS || is_audio(to[i]) != is_audio(s.track[i]) || s.clip[i].start + way < 0 ||
            film->tracks[to[i]].lock || (!a->copy && film->tracks[s.track[i]].lock)) {
            return false;
        }
        if (!a->copy) {
            take(&film->tracks[s.track[i]], s.clip[i].id);
        }
    }
    if (a->mode == KF_PLACING_INSERT) {
        make_room(film, a, &s, to, way, &links);
    }
    copies own = {0};
    for (int i = 0; i < s.count; i++) {
        plain_clip c = s.clip[i];
        c.start += way;
        if (a->copy) {
            c.id = film->ids++;
            c.link = copy_link(film, &own, c.link);
        }
        clear(film, to[i], c.start, end_of(&c), &links);
        plain_add(film, to[i], c);
    }
    return true;
}

/* Puts the clip where another is, which goes. */
static bool swap_into(plain_film *film, int track, uint64_t slot, plain_clip clip)
{
    plain_track *t = &film->tracks[track];
    int i = place_of(t, slot);
    clip.start = t->clips[i].start;
    if (t->lock || (i + 1 < t->count && t->clips[i + 1].start < end_of(&clip))) {
        return false;
    }
    t->clips[i] = clip;
    return true;
}

static bool swap_pair(plain_film *film, uint64_t a, uint64_t b)
{
    int track_a = 0, track_b = 0;
    plain_clip *x = plain_find(film, a, &track_a), *y = plain_find(film, b, &track_b);
    const plain_clip first = *x, second = *y;
    if (is_audio(track_a) != is_audio(track_b)) {
        return false;
    }
    if (track_a != track_b) {
        return swap_into(film, track_a, a, second) && swap_into(film, track_b, b, first);
    }
    if (x > y) {
        return swap_pair(film, b, a);
    }
    kf_time way = second.duration - first.duration;
    for (plain_clip *c = x + 1; c < y; c++) {
        c->start += way;
    }
    *x = second;
    x->start = first.start;
    *y = first;
    y->start = second.start + way;
    return !film->tracks[track_a].lock;
}

/* The two, and on one track what is between; 0: they are not there. */
static int swap_moves(const plain_film *film, const kf_edit_swap *a, plain_clip *out)
{
    int track_a, track_b, n = 0;
    const plain_clip *x = plain_find(film, a->clip, &track_a), *y = plain_find(film, a->with, &track_b);
    if (!x || !y) {
        return 0;
    }
    for (const plain_clip *c = x < y ? x : y; track_a == track_b && c <= (x < y ? y : x) && n < 256; c++) {
        out[n++] = *c;
    }
    if (track_a != track_b) {
        out[n++] = *x;
        out[n++] = *y;
    }
    return n;
}

static bool is_among(const plain_clip *list, int count, uint64_t id)
{
    for (int i = 0; i < count; i++) {
        if (list[i].id == id) {
            return true;
        }
    }
    return false;
}

/* How far those went that are linked to the clip; 0 if they do not agree. */
static kf_time swap_way(const plain_film *film, const plain_clip *moved, int count, const plain_clip *clip)
{
    kf_time way = KF_TIME_NONE;
    for (int i = 0; i < count; i++) {
        if (moved[i].link == clip->link && clip->link) {
            kf_time by = plain_find(film, moved[i].id, NULL)->start - moved[i].start;
            way = way == KF_TIME_NONE || way == by ? by : 0;
        }
    }
    return way == KF_TIME_NONE ? 0 : way;
}

static bool is_free(const plain_track *t, kf_time start, kf_time end)
{
    for (int i = 0; i < t->count; i++) {
        if (t->clips[i].start < end && end_of(&t->clips[i]) > start) {
            return false;
        }
    }
    return start >= 0;
}

static bool swap_partners(plain_film *film, const set *all, const plain_clip *moved, int count)
{
    kf_time way[256] = {0};
    for (int i = 0; i < all->count; i++) {
        way[i] = is_among(moved, count, all->clip[i].id) ? 0 : swap_way(film, moved, count, &all->clip[i]);
    }
    for (int i = 0; i < all->count; i++) {
        if (way[i] && film->tracks[all->track[i]].lock) {
            return false;
        }
        if (way[i]) {
            take(&film->tracks[all->track[i]], all->clip[i].id);
        }
    }
    for (int i = 0; i < all->count; i++) {
        plain_clip c = all->clip[i];
        c.start += way[i];
        if (way[i] && !is_free(&film->tracks[all->track[i]], c.start, end_of(&c))) {
            return false;
        }
        if (way[i]) {
            plain_add(film, all->track[i], c);
        }
    }
    return true;
}

bool plain_swap(plain_film *film, const kf_edit_swap *a)
{
    set all;
    plain_clip moved[256];
    uint64_t ids[256];
    int count = swap_moves(film, a, moved);
    if (a->clip == a->with || !count) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        ids[i] = moved[i].id;
    }
    return gather(film, (kf_ids){ids, count}, a->linked, &all) && swap_pair(film, a->clip, a->with) &&
           (!a->linked || swap_partners(film, &all, moved, count));
}
