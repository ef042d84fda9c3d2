/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/in/scrub.h"

/* ---- what next ---- */

static int64_t gop_start(const kf_in_scrub *s, int64_t i)
{
    return kf_in_index_key_frame(s->index, kf_in_index_key(s->index, i));
}

typedef bool has_fn(kf_in_scrub *s, int64_t i);

/* The first frame of from..to that is not there and would stay; -1: none. */
static int64_t missing(kf_in_scrub *s, int64_t from, int64_t to, has_fn *has)
{
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < s->index->count; i++) {
        if (!has(s, i)) {
            return kf_in_kept_would_stay(s, i) ? i : -1;
        }
    }
    return -1;
}

static bool go(kf_in_goal *goal, int64_t i)
{
    *goal = (kf_in_goal){i, i};
    return i >= 0;
}

/* Ahead of somebody who moves forward, or might. */
static bool plan_forward(kf_in_scrub *s, const kf_in_head *head, kf_in_goal *goal)
{
    const int64_t most = kf_in_kept_room(s) / 4;
    int64_t length = head->told ? 24 : head->step > 0 ? 12 + 4 * head->step : 6, end = head->at + 1;
    length = length < most ? length : most < 2 ? 2 : most;
    end = head->at + length;
    end = head->told && head->end < end ? head->end : end;
    return head->step >= 0 && go(goal, missing(s, head->at + 1, end, kf_in_kept_has_all));
}

static int64_t backward_window(const kf_in_scrub *s)
{
    enum { LEAST = 8, AHEAD = 16 };
    int64_t n = kf_in_kept_room(s) - AHEAD;
    return n > LEAST ? n : LEAST;
}

/* Behind somebody who moves backward: the rest of the GOP, then the one before. One that does not fit is decoded in
 * pieces, each from its beginning on: not for a few frames. */
static bool plan_backward(kf_in_scrub *s, const kf_in_head *head, kf_in_goal *goal)
{
    const int64_t window = backward_window(s);
    int64_t low = head->at - window, last = head->at - 1;
    low = head->told && low < head->end ? head->end : low;
    low = low < 0 ? 0 : low;
    if (head->step >= 0) {
        return false;
    }
    while (last >= low && kf_in_kept_has(s, last)) {
        last--;
    }
    int64_t first = last >= low ? gop_start(s, last) : 0;
    if (last < low || (first < low && head->at - last > window / 4 && last - low < window / 4)) {
        return false;
    }
    return go(goal, missing(s, first < low ? low : first, last, kf_in_kept_has));
}

/* What was passed over on the way to a place where somebody stays. */
static bool plan_fill(kf_in_scrub *s, const kf_in_head *head, kf_in_goal *goal)
{
    int64_t first = gop_start(s, head->at), least = head->at - backward_window(s);
    return head->step == 0 && go(goal, missing(s, first > least ? first : least, head->at - 1, kf_in_kept_has));
}

/* What comes before a frame that somebody waits for is wanted next when they move backward; and a little of it always,
 * as the next step may be back. */
static bool plan_frame(kf_in_scrub *s, kf_in_goal *goal, int64_t i)
{
    enum { RUN_UP = 12 };
    const kf_in_head *head = s->heads.items;
    int64_t before = head->step < 0 && head->at <= i ? backward_window(s) : RUN_UP;
    *goal = (kf_in_goal){i, i > before ? i - before : 0};
    return true;
}

bool kf_in_plan(kf_in_scrub *s, kf_in_goal *goal)
{
    const int64_t patience = 2000000000; /* whoever moved so long before the newest has stopped */
    const kf_in_heads *h = &s->heads;
    if (s->waiting) {
        return plan_frame(s, goal, s->waiting->i);
    }
    if (s->wish_count) {
        return plan_frame(s, goal, s->wishes[0].i);
    }
    bool any = false;
    for (int k = 0; k < h->count && !any && !s->resting && h->items[0].ns - h->items[k].ns < patience; k++) {
        any = plan_backward(s, &h->items[k], goal) || plan_forward(s, &h->items[k], goal);
    }
    return any || (h->count && !s->resting && plan_fill(s, &h->items[0], goal));
}

/* ---- who does it ---- */

static bool valuable(const kf_in_scrub *s, const kf_in_stand *p, const kf_in_stand *than)
{
    int64_t a = kf_in_decoder_rebuild_cost(p->decoder), b = kf_in_decoder_rebuild_cost(than->decoder);
    return a != b ? a > b : p->used > than->used;
}

/* Where a run from a key starts: a new decoder, or the one that is least dear. The one used last goes on, if any does. */
static kf_in_stand *stand_to_seek(kf_in_scrub *s)
{
    kf_in_stand *empty = NULL, *least = NULL, *newest = NULL;
    int open = 0;
    for (int k = 0; k < KF_IN_PLACES; k++) {
        kf_in_stand *p = &s->stands[k];
        if (!p->decoder) {
            empty = empty ? empty : p;
            continue;
        }
        open++;
        newest = !newest || p->used > newest->used ? p : newest;
        least = !least || valuable(s, least, p) ? p : least;
    }
    if (empty && open < s->most_stands && (!least || kf_in_decoder_rebuild_cost(least->decoder) > 0)) {
        return empty;
    }
    return least ? least : empty;
}

kf_in_stand *kf_in_choose(kf_in_scrub *s, const kf_in_goal *goal, bool *seek)
{
    kf_in_stand *best = NULL;
    int64_t least = kf_in_decoder_seek_cost(s->media, s->stream, goal->i, s->deinterlace) + 2;
    for (int k = 0; k < KF_IN_PLACES; k++) {
        kf_in_stand *p = &s->stands[k];
        int64_t cost = p->decoder ? kf_in_decoder_cost(p->decoder, goal->i) : INT64_MAX;
        best = cost <= least ? p : best;
        least = cost < least ? cost : least;
    }
    *seek = !best;
    return best ? best : stand_to_seek(s);
}
