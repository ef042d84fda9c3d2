/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Putting in and taking out. */
#include <string.h>

#include "base/api/time.h"
#include "parts.h"

/* ---- Put ---- */

bool plain_put(plain_film *film, uint16_t op, const kf_edit_put *a)
{
    int tracks[2] = {track_of(a->track), *a->audio_track ? track_of(a->audio_track) : -1};
    bool done[PLAIN_TRACKS] = {0};
    copies links = {0};
    const plain_asset *asset = film->assets;
    while (strcmp(asset->id, a->asset) != 0) {
        asset++;
    }
    plain_clip clip = {.asset = asset->uid, .in = a->in, .start = a->at, .duration = a->duration, .speed = {1, 1}};
    kf_time out = a->out;
    if (clip.duration == KF_TIME_NONE) {
        clip.duration = a->until != KF_TIME_NONE ? a->until - a->at : out - a->in;
    }
    if (out == KF_TIME_NONE) {
        out = a->in + clip.duration;
    } else if (a->fit == KF_EDIT_FIT_SPEED) {
        if (!kf_rational_make((out - a->in) / film->frame, clip.duration / film->frame, &clip.speed)) {
            return false;
        }
    }
    if (tracks[1] >= 0 && (!is_audio(tracks[1]) || tracks[1] == tracks[0])) {
        return false;
    }
    if (clip.duration <= 0 || a->in < 0 || out <= a->in || out > asset->duration || (op != KF_EDIT_APPEND && a->at < 0)) {
        return false;
    }
    clip.link = tracks[1] >= 0 ? ++film->links : 0;
    if (op == KF_EDIT_APPEND) {
        kf_time first = plain_end(&film->tracks[tracks[0]]), second = tracks[1] >= 0 ? plain_end(&film->tracks[tracks[1]]) : 0;
        clip.start = first > second ? first : second;
    }
    for (int i = 0; i < 2 && tracks[i] >= 0; i++) {
        clip.id = film->ids++;
        done[tracks[i]] = true;
        if (film->tracks[tracks[i]].lock) {
            return false;
        }
        if (op == KF_EDIT_OVERWRITE) {
            clear(film, tracks[i], clip.start, end_of(&clip), &links);
        } else {
            open_up(film, tracks[i], clip.start, clip.duration, &links);
        }
        plain_add(film, tracks[i], clip);
    }
    return op != KF_EDIT_INSERT || ripple(film, done, a->sync, clip.start, clip.duration, &links);
}

bool plain_insert_gap(plain_film *film, const kf_edit_insert_gap *a)
{
    bool chosen[PLAIN_TRACKS];
    copies links = {0};
    if (a->at < 0 || a->duration <= 0 || !choose(film, a->tracks, chosen)) {
        return false;
    }
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        if (chosen[i]) {
            open_up(film, i, a->at, a->duration, &links);
        }
    }
    return true;
}

/* ---- Cut and remove ---- */

bool plain_span(plain_film *film, uint16_t op, const kf_edit_span *a)
{
    bool chosen[PLAIN_TRACKS];
    copies links = {0};
    if (a->from < 0 || a->to <= a->from || !choose(film, a->tracks, chosen)) {
        return false;
    }
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        if (chosen[i]) {
            clear(film, i, a->from, a->to, &links);
            shift(&film->tracks[i], a->to, op == KF_EDIT_EXTRACT ? a->from - a->to : 0);
        }
    }
    return op != KF_EDIT_EXTRACT || ripple(film, chosen, true, a->to, a->from - a->to, &links);
}

bool plain_razor(plain_film *film, const kf_edit_razor *a)
{
    bool chosen[PLAIN_TRACKS];
    copies links = {0};
    uint64_t before = film->ids;
    if (!choose(film, a->tracks, chosen)) {
        return false;
    }
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        if (chosen[i]) {
            cut(film, i, a->at, true, &links);
        }
    }
    return film->ids != before;
}

bool plain_delete(plain_film *film, const kf_edit_delete *a)
{
    set s;
    if (!gather(film, a->clips, a->linked, &s)) {
        return false;
    }
    for (int i = 0; i < s.count; i++) {
        if (film->tracks[s.track[i]].lock) {
            return false;
        }
        take(&film->tracks[s.track[i]], s.clip[i].id);
    }
    return true;
}

/* The one to take out next: the latest, of those the lowest. */
static int latest(const set *s, const bool *gone)
{
    int found = -1;
    for (int i = 0; i < s->count; i++) {
        found = !gone[i] && (found < 0 || s->clip[i].start > s->clip[found].start) ? i : found;
    }
    return found;
}

bool plain_ripple_delete(plain_film *film, const kf_edit_delete *a)
{
    set s;
    bool gone[256] = {0};
    copies links = {0};
    if (!gather(film, a->clips, a->linked, &s)) {
        return false;
    }
    for (int i; (i = latest(&s, gone)) >= 0;) {
        bool done[PLAIN_TRACKS] = {0};
        const plain_clip c = s.clip[i];
        for (int k = 0; k < s.count; k++) {
            if (!gone[k] && s.clip[k].start == c.start && s.clip[k].duration == c.duration) {
                plain_track *t = &film->tracks[s.track[k]];
                gone[k] = done[s.track[k]] = true;
                if (t->lock) {
                    return false;
                }
                take(t, s.clip[k].id);
                shift(t, c.start, -c.duration);
            }
        }
        if (!ripple(film, done, a->sync, end_of(&c), -c.duration, &links)) {
            return false;
        }
    }
    return true;
}

bool plain_close_gap(plain_film *film, const kf_edit_close_gap *a)
{
    int track = track_of(a->track);
    plain_track *t = &film->tracks[track];
    bool done[PLAIN_TRACKS] = {0}, any = a->at == KF_TIME_NONE;
    copies links = {0};
    done[track] = true;
    if (t->lock) {
        return false;
    }
    for (int i = t->count - 1; i >= 0; i--) {
        kf_time gap = gap_before(t, i), end = t->clips[i].start;
        if (gap > 0 && (a->at == KF_TIME_NONE || (a->at < end && a->at >= end - gap))) {
            any = true;
            shift(t, end, -gap);
            if (!ripple(film, done, a->sync, end, -gap, &links)) {
                return false;
            }
            if (a->at != KF_TIME_NONE) {
                break;
            }
        }
    }
    return any;
}
