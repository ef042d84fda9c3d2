/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "media/in/scrub.h"

/* The largest move that is not a jump. */
static const int64_t reach = 24;

/* Makes room at the front, where the newest stands; what stood at `at` goes. */
static kf_in_head *bring_forward(kf_in_heads *h, int at)
{
    memmove(h->items + 1, h->items, (size_t)at * sizeof *h->items);
    return &h->items[0];
}

static kf_in_head *add(kf_in_heads *h)
{
    h->count += h->count < KF_IN_HEADS;
    return bring_forward(h, h->count - 1);
}

static int find(const kf_in_heads *h, int64_t i, int64_t most)
{
    int best = -1;
    for (int k = 0; k < h->count; k++) {
        int64_t d = llabs(h->items[k].at - i);
        if (d <= most) {
            best = k;
            most = d - 1;
        }
    }
    return best;
}

/* Whether a hint still holds after a move to i. */
static bool holds(const kf_in_head *head, int64_t i)
{
    bool backward = head->end < head->at;
    return head->told && (backward ? i <= head->at && i >= head->end : i >= head->at && i <= head->end);
}

void kf_in_heads_look(kf_in_heads *h, int64_t i, int64_t now)
{
    int k = find(h, i, reach);
    kf_in_head head = k >= 0 ? h->items[k] : (kf_in_head){.at = i};
    head.told = holds(&head, i);
    head.step = i != head.at ? i - head.at : head.step;
    head.at = i;
    head.ns = now;
    *(k >= 0 ? bring_forward(h, k) : add(h)) = head;
}

void kf_in_heads_want(kf_in_heads *h, int64_t from, int64_t to, int64_t now)
{
    int64_t step = from > to ? -1 : 1;
    int k = find(h, from, 2);
    kf_in_head head = k >= 0 ? h->items[k] : (kf_in_head){.at = from - step};
    head.told = true;
    head.end = to;
    head.step = (head.step > 0) == (step > 0) && head.step ? head.step : step;
    head.ns = now;
    *(k >= 0 ? bring_forward(h, k) : add(h)) = head;
}

int64_t kf_in_heads_distance(const kf_in_heads *h, int64_t i)
{
    int64_t least = INT64_MAX;
    for (int k = 0; k < h->count; k++) {
        const kf_in_head *head = &h->items[k];
        int64_t d = i - head->at, behind = head->step < 0 ? 3 : 2;
        bool left = head->step && d && (d > 0) != (head->step > 0);
        d = llabs(d) * (left ? behind : 1);
        least = d < least ? d : least;
    }
    return least;
}
