/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "media/in/video.h"

/* How far off the expected frame an ask may be and still be this reader's; -1: not its. One that goes on steadily may
 * ask for a few frames out of order, as several threads do. */
static int64_t distance(const kf_in_reader *r, int64_t i)
{
    int64_t ahead = r->backward ? r->next - i : i - r->next;
    int64_t left = r->end == INT64_MAX ? INT64_MAX : r->backward ? i - r->end : r->end - i;
    int64_t behind = r->steady && r->started ? KF_IN_BEHIND : 1;
    if (ahead < -behind || left < 0) {
        return -1;
    }
    int64_t most = r->announced ? INT64_MAX : 2 * r->stride + 2;
    return ahead > most ? -1 : llabs(ahead);
}

static kf_in_reader *find(kf_in_readers *rs, int64_t i)
{
    kf_in_reader *best = NULL;
    int64_t best_distance = INT64_MAX;
    for (int k = 0; k < rs->count; k++) {
        int64_t d = distance(&rs->items[k], i);
        if (d >= 0 && d < best_distance) {
            best = &rs->items[k];
            best_distance = d;
        }
    }
    return best;
}

static void turn(kf_in_reader *r, int64_t stride)
{
    r->backward = !r->backward;
    r->stride = stride;
    r->end = r->backward ? 0 : INT64_MAX;
    r->steady = true;
    r->returns = 0;
}

/* A reader that asked only once, and now steps back. */
static kf_in_reader *find_turning(kf_in_readers *rs, int64_t i)
{
    for (int k = 0; k < rs->count; k++) {
        kf_in_reader *r = &rs->items[k];
        int64_t back = r->backward ? i - r->last : r->last - i;
        if (!r->announced && r->started && back >= 1 && back <= 4) {
            turn(r, back);
            return r;
        }
    }
    return NULL;
}

/* Moves the reader to frame i, which it asks for. */
static void advance(kf_in_reader *r, int64_t i)
{
    int64_t ahead = r->backward ? r->next - i : i - r->next;
    bool returns = r->started && (r->backward ? i > r->last : i < r->last);
    r->returns = returns ? r->returns + 1 : i == r->last ? r->returns : 0;
    if (r->returns >= 3 && !r->announced) {
        turn(r, 1);
        r->next = i;
        ahead = 0;
    }
    if (ahead >= 0) {
        r->stride = r->started ? 1 + ahead : 1;
        r->steady |= r->started;
        r->next = r->backward ? i - 1 : i + 1;
    }
    r->last = i;
    r->started = true;
}

static kf_in_reader *make(kf_in_readers *rs)
{
    if (rs->count < KF_IN_READERS) {
        return &rs->items[rs->count++];
    }
    kf_in_reader *oldest = &rs->items[0];
    for (int k = 1; k < rs->count; k++) {
        oldest = rs->items[k].stamp < oldest->stamp ? &rs->items[k] : oldest;
    }
    return oldest;
}

/* Removes readers that have all they wanted, and those that have gone silent while others asked. */
static void drop_finished(kf_in_readers *rs, int64_t count)
{
    const uint64_t patience = 4 + 2 * (uint64_t)rs->count, roaming = 32, announced = 1000;
    for (int k = rs->count - 1; k >= 0; k--) {
        const kf_in_reader *r = &rs->items[k];
        bool finished = r->backward ? r->next < r->end - 2 || r->next < -2
                                    : (r->end != INT64_MAX && r->next > r->end + 2) || r->next > count + 2;
        if (finished || rs->clock - r->stamp > (r->announced ? announced : r->steady ? patience : roaming)) {
            rs->items[k] = rs->items[--rs->count];
        }
    }
}

kf_in_reader *kf_in_readers_ask(kf_in_readers *rs, int64_t i, int64_t count)
{
    drop_finished(rs, count);
    kf_in_reader *r = find(rs, i);
    r = r ? r : find_turning(rs, i);
    if (!r) {
        r = make(rs);
        *r = (kf_in_reader){.end = INT64_MAX, .stride = 1, .next = i};
    }
    advance(r, i);
    r->stamp = ++rs->clock;
    return r;
}

void kf_in_readers_want(kf_in_readers *rs, int64_t from, int64_t to)
{
    bool backward = from > to;
    kf_in_reader *r = NULL;
    for (int k = 0; k < rs->count && !r; k++) {
        kf_in_reader *have = &rs->items[k];
        bool overlaps = backward ? from >= have->end : from <= have->end; /* else it is the next clip's */
        bool alike = have->backward == backward && overlaps && llabs(from - have->next) <= 2;
        r = alike ? have : NULL;
    }
    if (!r) {
        r = make(rs);
        *r = (kf_in_reader){.next = from, .backward = backward, .stride = 1};
    }
    r->end = to;
    r->announced = r->steady = true;
    r->stamp = ++rs->clock;
}

int64_t kf_in_readers_need(const kf_in_readers *rs, int64_t i)
{
    int64_t soonest = INT64_MAX;
    for (int k = 0; k < rs->count; k++) {
        const kf_in_reader *r = &rs->items[k];
        int64_t ahead = r->backward ? r->next - i : i - r->next;
        bool within = ahead >= 0 && (r->backward ? i >= r->end : i <= r->end);
        if (r->steady && within && ahead < soonest) {
            soonest = ahead;
        }
    }
    return soonest;
}

bool kf_in_readers_recent(const kf_in_readers *rs, int64_t i, bool given)
{
    for (int k = 0; k < rs->count; k++) {
        const kf_in_reader *r = &rs->items[k];
        int64_t behind = r->backward ? i - r->next : r->next - i;
        if (r->started && behind >= 1 && behind <= (given ? 1 : KF_IN_BEHIND)) {
            return true;
        }
    }
    return false;
}

bool kf_in_readers_roaming(const kf_in_readers *rs)
{
    for (int k = 0; k < rs->count; k++) {
        if (!rs->items[k].steady) {
            return true;
        }
    }
    return false;
}
