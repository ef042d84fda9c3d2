/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "media/in/internal.h"

/* Where i is or would be. */
static size_t place_of(const kf_in_cache *c, int64_t i)
{
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (c->items[mid].i < i) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

kf_in_cached *kf_in_cache_find(kf_in_cache *c, int64_t i)
{
    size_t at = place_of(c, i);
    return at < c->count && c->items[at].i == i ? &c->items[at] : NULL;
}

bool kf_in_cache_add(kf_in_cache *c, int64_t i, kf_frame *frame, bool damaged)
{
    size_t at = place_of(c, i);
    if (at < c->count && c->items[at].i == i) {
        return true;
    }
    if (kf_grow((void **)&c->items, &c->capacity, c->count + 1, sizeof *c->items)) {
        return false;
    }
    memmove(c->items + at + 1, c->items + at, (c->count - at) * sizeof *c->items);
    c->items[at] = (kf_in_cached){.frame = kf_frame_ref(frame), .i = i, .stamp = ++c->clock, .damaged = damaged};
    c->count++;
    c->bytes += (int64_t)frame->bytes;
    c->peak = c->bytes > c->peak ? c->bytes : c->peak;
    return true;
}

void kf_in_cache_remove(kf_in_cache *c, size_t at)
{
    kf_frame *frame = c->items[at].frame;
    c->bytes -= (int64_t)frame->bytes;
    memmove(c->items + at, c->items + at + 1, (c->count - at - 1) * sizeof *c->items);
    c->count--;
    kf_frame_unref(frame);
}

void kf_in_cache_finish(kf_in_cache *c)
{
    while (c->count) {
        kf_in_cache_remove(c, c->count - 1);
    }
    kf_free(c->items);
    *c = (kf_in_cache){0};
}
