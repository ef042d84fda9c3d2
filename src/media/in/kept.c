/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "media/in/scrub.h"

int64_t kf_in_kept_room(const kf_in_scrub *s)
{
    int64_t n = s->budget / (s->kept_bytes > 0 ? s->kept_bytes : 1);
    return n < 1 ? 1 : n;
}

bool kf_in_kept_has(kf_in_scrub *s, int64_t i)
{
    const kf_in_cached *c = kf_in_cache_find(&s->kept, i);
    return c && ((c->width == s->view.width && c->height == s->view.height) || !c->width);
}

/* The larger, the sooner it goes. Pictures of a size that is asked for no more go first. */
static int64_t expendable(const kf_in_scrub *s, const kf_in_cached *c)
{
    bool fits = !c->width || (c->width == s->view.width && c->height == s->view.height);
    return kf_in_heads_distance(&s->heads, c->i) + (fits ? 0 : INT32_MAX);
}

bool kf_in_kept_would_stay(const kf_in_scrub *s, int64_t i)
{
    int64_t mine = kf_in_heads_distance(&s->heads, i), bytes = s->kept_bytes;
    for (size_t k = 0; k < s->kept.count && bytes <= s->budget; k++) {
        const kf_in_cached *c = &s->kept.items[k];
        bytes += c->i != i && expendable(s, c) <= mine ? (int64_t)c->frame->bytes : 0;
    }
    return bytes <= s->budget;
}

static void trim(kf_in_scrub *s)
{
    while (s->kept.bytes > s->budget && s->kept.count > 1) {
        size_t worst = 0;
        int64_t most = -1;
        for (size_t k = 0; k < s->kept.count; k++) {
            int64_t e = expendable(s, &s->kept.items[k]);
            worst = e > most ? k : worst;
            most = e > most ? e : most;
        }
        kf_in_cache_remove(&s->kept, worst);
    }
}

void kf_in_kept_put(kf_in_scrub *s, int64_t i, kf_frame *frame, kf_in_size size, bool damaged)
{
    kf_in_cached *c = kf_in_cache_find(&s->kept, i);
    if (c) {
        kf_in_cache_remove(&s->kept, (size_t)(c - s->kept.items));
    }
    if (!kf_in_cache_add(&s->kept, i, frame, damaged)) {
        return; /* without memory for it, it is decoded again */
    }
    c = kf_in_cache_find(&s->kept, i);
    c->width = size.width;
    c->height = size.height;
    s->kept_bytes = (int64_t)frame->bytes;
    trim(s);
}

/* How badly another picture stands in for frame i: one of another GOP is likely to be of another shot. */
static int64_t strangeness(const kf_in_scrub *s, int64_t i, int64_t key, int64_t other)
{
    int64_t d = llabs(other - i);
    return d + (d && kf_in_index_key(s->index, other) != key ? INT32_MAX : 0);
}

static const kf_in_cached *nearest(const kf_in_scrub *s, const kf_in_cache *cache, int64_t i, int64_t *least)
{
    const kf_in_cached *best = NULL;
    int64_t key = kf_in_index_key(s->index, i);
    for (size_t k = 0; k < cache->count; k++) {
        int64_t d = strangeness(s, i, key, cache->items[k].i);
        best = d < *least ? &cache->items[k] : best;
        *least = d < *least ? d : *least;
    }
    return best;
}

const kf_in_cached *kf_in_kept_nearest(const kf_in_scrub *s, int64_t i)
{
    int64_t least = INT64_MAX;
    const kf_in_cached *kept = nearest(s, &s->kept, i, &least), *anchor = nearest(s, &s->anchors, i, &least);
    return anchor ? anchor : kept;
}
