/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "media/in/scrub.h"

/* ---- sizes ---- */

static kf_in_size stored_size(const kf_in_scrub *s)
{
    const kf_stream_info *info = &s->media->info.streams[s->stream];
    return (kf_in_size){info->width, info->height};
}

static int64_t bytes_of(const kf_in_scrub *s, kf_in_size size)
{
    const kf_in_size stored = stored_size(s);
    const int64_t samples = (int64_t)stored.width * stored.height;
    return size.width && samples ? s->frame_bytes * size.width * size.height / samples + 1 : s->frame_bytes;
}

static int64_t gop_length(const kf_in_scrub *s, int64_t i)
{
    const int64_t key = kf_in_index_key(s->index, i);
    int64_t end = key + 1 < s->index->key_count ? kf_in_index_key_frame(s->index, key + 1) : s->index->count;
    return end - kf_in_index_key_frame(s->index, key);
}

static bool all_fit(const kf_in_scrub *s)
{
    return kf_in_same_size(s->small, s->view);
}

void kf_in_kept_look(kf_in_scrub *s)
{
    const int64_t at = s->heads.items[0].at, length = gop_length(s, at);
    const kf_in_size full = s->view.width ? s->view : stored_size(s);
    s->small = s->view;
    for (int k = 2; k <= 8 && length * bytes_of(s, s->small) > (k > 2 ? s->budget / 2 : s->budget); k *= 2) {
        s->small = (kf_in_size){full.width / k, full.height / k};
        s->small = s->small.width && s->small.height ? s->small : s->view;
    }
    s->near = all_fit(s) ? INT64_MAX : s->budget / 2 / bytes_of(s, s->view) * 2 / 3;
}

kf_in_size kf_in_kept_size(const kf_in_scrub *s, int64_t i)
{
    return kf_in_heads_distance(&s->heads, i) <= s->near ? s->view : s->small;
}

static kf_in_size size_of(const kf_in_cached *c)
{
    return (kf_in_size){c->width, c->height};
}

const kf_in_cached *kf_in_kept_too_large(const kf_in_scrub *s)
{
    for (size_t k = 0; k < s->kept.count && !all_fit(s); k++) {
        const kf_in_cached *c = &s->kept.items[k];
        if (!kf_in_same_size(size_of(c), s->small) && !c->damaged && kf_in_heads_distance(&s->heads, c->i) > s->near) {
            return c;
        }
    }
    return NULL;
}

/* ---- what stays ---- */

int64_t kf_in_kept_room(const kf_in_scrub *s)
{
    int64_t n = s->budget / (all_fit(s) ? 1 : 2) / bytes_of(s, s->small);
    return n < 1 ? 1 : n;
}

bool kf_in_kept_has(kf_in_scrub *s, int64_t i)
{
    const kf_in_cached *c = kf_in_cache_find(&s->kept, i);
    return c && (kf_in_same_size(size_of(c), s->view) || kf_in_same_size(size_of(c), s->small) || !c->width);
}

bool kf_in_kept_has_all(kf_in_scrub *s, int64_t i)
{
    const kf_in_cached *c = kf_in_cache_find(&s->kept, i);
    return c && (!c->width || kf_in_same_size(size_of(c), kf_in_kept_size(s, i)));
}

/* The larger, the sooner it goes. Pictures of a size that is asked for no more go first. */
static int64_t expendable(const kf_in_scrub *s, const kf_in_cached *c)
{
    bool fits = !c->width || kf_in_same_size(size_of(c), s->view) || kf_in_same_size(size_of(c), s->small);
    return kf_in_heads_distance(&s->heads, c->i) + (fits ? 0 : INT32_MAX);
}

bool kf_in_kept_would_stay(const kf_in_scrub *s, int64_t i)
{
    int64_t mine = kf_in_heads_distance(&s->heads, i), bytes = bytes_of(s, kf_in_kept_size(s, i));
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
    trim(s);
}

/* ---- standing in ---- */

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
