/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/api/json.h"
#include "base/api/time.h"

/* ---- Numbers ---- */

kf_time floor_of(wide a, wide b)
{
    wide q = a / b;
    return (kf_time)(q - (a % b < 0));
}

static kf_time ceil_of(wide a, wide b)
{
    return -floor_of(-a, b);
}

/* Source that a stretch of timeline takes, and the timeline that a stretch of source fills. */
kf_time source_of(const plain_clip *c, kf_time t)
{
    return ceil_of((wide)t * c->speed.num, c->speed.den);
}

kf_time timeline_of(const plain_clip *c, kf_time t)
{
    kf_time length = floor_of((wide)t * c->speed.den, c->speed.num);
    return length < 0 ? 0 : length;
}

kf_time end_of(const plain_clip *c)
{
    return c->start + c->duration;
}

/* ---- Lists ---- */

plain_film plain_copy(const plain_film *film)
{
    plain_film copy = *film;
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        size_t size = (size_t)film->tracks[i].count * sizeof(plain_clip);
        copy.tracks[i].clips = malloc(size + 1);
        if (!copy.tracks[i].clips) {
            abort();
        }
        if (size) {
            memcpy(copy.tracks[i].clips, film->tracks[i].clips, size);
        }
    }
    return copy;
}

void plain_finish(plain_film *film)
{
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        free(film->tracks[i].clips);
    }
    *film = (plain_film){0};
}

plain_clip *plain_find(const plain_film *film, uint64_t id, int *track)
{
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        for (int k = 0; k < film->tracks[i].count; k++) {
            if (film->tracks[i].clips[k].id == id) {
                if (track) {
                    *track = i;
                }
                return &film->tracks[i].clips[k];
            }
        }
    }
    return NULL;
}

kf_time plain_end(const plain_track *t)
{
    return t->count ? end_of(&t->clips[t->count - 1]) : 0;
}

void plain_add(plain_film *film, int track, plain_clip clip)
{
    plain_track *t = &film->tracks[track];
    t->clips = realloc(t->clips, ((size_t)t->count + 1) * sizeof clip);
    if (!t->clips) {
        abort();
    }
    int at = t->count++;
    for (; at > 0 && t->clips[at - 1].start > clip.start; at--) {
        t->clips[at] = t->clips[at - 1];
    }
    t->clips[at] = clip;
}

void take(plain_track *t, uint64_t id)
{
    int kept = 0;
    for (int i = 0; i < t->count; i++) {
        if (t->clips[i].id != id) {
            t->clips[kept++] = t->clips[i];
        }
    }
    t->count = kept;
}

bool is_audio(int track)
{
    return track >= PLAIN_TRACKS / 2;
}

const char *plain_name(int track)
{
    static const char *const names[] = {"V1", "V2", "V3", "A1", "A2", "A3"};
    return names[track];
}

int track_of(const char *name)
{
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        if (strncmp(name, plain_name(i), 2) == 0) {
            return i;
        }
    }
    return -1;
}

/* "all" leaves locked ones out, by name they are refused. */
bool choose(const plain_film *film, const char *list, bool chosen[PLAIN_TRACKS])
{
    memset(chosen, 0, PLAIN_TRACKS);
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        bool named = strstr(list, plain_name(i)) != NULL;
        if (named && film->tracks[i].lock) {
            return false;
        }
        chosen[i] = named || (strcmp(list, "all") == 0 && !film->tracks[i].lock);
    }
    return true;
}

/* ---- Parts of edits ---- */

int copy_link(plain_film *film, copies *c, int link)
{
    for (int i = 0; i < c->count; i++) {
        if (c->old[i] == link) {
            return c->new[i];
        }
    }
    if (link == 0 || c->count == 64) {
        return 0;
    }
    c->old[c->count] = link;
    c->new[c->count] = ++film->links;
    return c->new[c->count++];
}

/* The clip to show only [from, to) of itself. */
void show_part(plain_clip *c, kf_time from, kf_time to)
{
    if (c->reverse) {
        kf_time whole = source_of(c, c->duration), rest = source_of(c, to - from);
        c->in += whole - rest - source_of(c, from);
    } else {
        c->in += source_of(c, from);
    }
    c->duration = to - from;
}

void cut(plain_film *film, int track, kf_time t, bool new_id, copies *links)
{
    for (int i = 0; i < film->tracks[track].count; i++) {
        plain_clip *c = &film->tracks[track].clips[i], right = *c;
        if (c->start < t && t < end_of(c)) {
            show_part(&right, t - c->start, c->duration);
            show_part(c, 0, t - c->start);
            right.start = t;
            if (new_id) {
                right.id = film->ids++;
                right.link = copy_link(film, links, right.link);
            }
            plain_add(film, track, right);
            return;
        }
    }
}

bool empty_between(const plain_track *t, kf_time from, kf_time to)
{
    for (int i = 0; i < t->count; i++) {
        if (t->clips[i].start < to && end_of(&t->clips[i]) > from) {
            return false;
        }
    }
    return true;
}

void clear(plain_film *film, int track, kf_time from, kf_time to, copies *links)
{
    cut(film, track, from, true, links);
    cut(film, track, to, false, links);
    plain_track *t = &film->tracks[track];
    int kept = 0;
    for (int i = 0; i < t->count; i++) {
        if (t->clips[i].start < from || t->clips[i].start >= to) {
            t->clips[kept++] = t->clips[i];
        }
    }
    t->count = kept;
}

void shift(plain_track *t, kf_time from, kf_time by)
{
    for (int i = 0; i < t->count; i++) {
        t->clips[i].start += t->clips[i].start >= from ? by : 0;
    }
}

void open_up(plain_film *film, int track, kf_time at, kf_time by, copies *links)
{
    cut(film, track, at, true, links);
    shift(&film->tracks[track], at, by);
}

/* What is at `at` or later on the tracks that are synced and not done moves. */
bool ripple(plain_film *film, const bool *done, bool sync, kf_time at, kf_time by, copies *links)
{
    for (int i = 0; i < PLAIN_TRACKS && by != 0 && sync; i++) {
        plain_track *t = &film->tracks[i];
        if (done[i] || t->lock || !t->sync) {
            continue;
        }
        if (by > 0) {
            open_up(film, i, at, by, links);
        } else if (!empty_between(t, at + by, at)) {
            return false;
        } else {
            shift(t, at, by);
        }
    }
    return true;
}

kf_time gap_before(const plain_track *t, int i)
{
    return t->clips[i].start - (i ? end_of(&t->clips[i - 1]) : 0);
}

/* ---- Sets ---- */

static bool has_id(kf_ids ids, uint64_t id)
{
    for (int i = 0; i < ids.count; i++) {
        if (ids.ids[i] == id) {
            return true;
        }
    }
    return false;
}

static bool is_linked(const plain_film *film, kf_ids ids, int link)
{
    for (int i = 0; i < ids.count && link; i++) {
        if (plain_find(film, ids.ids[i], NULL)->link == link) {
            return true;
        }
    }
    return false;
}

bool gather(const plain_film *film, kf_ids ids, bool linked, set *out)
{
    out->count = 0;
    for (int i = 0; i < ids.count; i++) {
        if (!plain_find(film, ids.ids[i], NULL)) {
            return false;
        }
    }
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        for (int k = 0; k < film->tracks[i].count; k++) {
            const plain_clip *c = &film->tracks[i].clips[k];
            if (out->count < 256 && (has_id(ids, c->id) || (linked && is_linked(film, ids, c->link)))) {
                out->clip[out->count] = *c;
                out->track[out->count++] = i;
            }
        }
    }
    return true;
}

/* ---- All of them ---- */

static bool plain_set_track(plain_film *film, const kf_edit_track *a)
{
    plain_track *t = &film->tracks[track_of(a->track)];
    const kf_json *lock = kf_json_get(a->set, "lock"), *sync = kf_json_get(a->set, "sync_lock");
    t->lock = lock ? lock->boolean : t->lock;
    t->sync = sync ? sync->boolean : t->sync;
    return true;
}

static bool apply(plain_film *film, uint16_t op, const void *args)
{
    switch (op) {
    case KF_EDIT_INSERT:
    case KF_EDIT_OVERWRITE:
    case KF_EDIT_APPEND:
        return plain_put(film, op, args);
    case KF_EDIT_LIFT:
    case KF_EDIT_EXTRACT:
        return plain_span(film, op, args);
    case KF_EDIT_RAZOR:
        return plain_razor(film, args);
    case KF_EDIT_DELETE:
        return plain_delete(film, args);
    case KF_EDIT_RIPPLE_DELETE:
        return plain_ripple_delete(film, args);
    case KF_EDIT_CLOSE_GAP:
        return plain_close_gap(film, args);
    case KF_EDIT_INSERT_GAP:
        return plain_insert_gap(film, args);
    case KF_EDIT_TRIM:
        return plain_trim(film, args);
    case KF_EDIT_ROLL:
    case KF_EDIT_SLIP:
    case KF_EDIT_SLIDE:
        return plain_shift(film, op, args);
    case KF_EDIT_MOVE:
        return plain_move(film, args);
    case KF_EDIT_SWAP:
        return plain_swap(film, args);
    default:
        return plain_set_track(film, args);
    }
}

bool plain_apply(plain_film *film, uint16_t op, const void *args)
{
    bool good = apply(film, op, args);
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        good = good && plain_end(&film->tracks[i]) <= KF_MODEL_MAX_TIME;
    }
    return good;
}
