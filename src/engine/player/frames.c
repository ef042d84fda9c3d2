/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/frames.h"

#include <string.h>

#include "base/api/alloc.h"
#include "engine/api/player.h"
#include "engine/player/picture.h"

typedef struct item {
    kf_picture *picture;
    uint64_t used;
    bool stale;
} item;

struct kf_frames {
    item *items;             /* ascending by frame */
    size_t count, capacity;
    int64_t bytes, room;
    uint64_t clock;
    kf_frames_waste waste;
    size_t waste_capacity;
};

kf_frames *kf_frames_create(int64_t bytes)
{
    kf_frames *f = KF_NEW(kf_frames);
    if (f) f->room = bytes;
    return f;
}

void kf_frames_destroy(kf_frames *f)
{
    if (!f) return;
    kf_frames_drop(f, true);
    kf_frames_burn(f->waste);
    kf_free(f->items);
    kf_free(f);
}

/* Index of the first item at or after the frame. */
static size_t place(const kf_frames *f, int64_t frame)
{
    size_t lo = 0, hi = f->count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (f->items[mid].picture->frame < frame)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* NULL: there is none. */
static item *item_of(const kf_frames *f, int64_t frame)
{
    size_t at = place(f, frame);
    return at < f->count && f->items[at].picture->frame == frame ? &f->items[at] : NULL;
}

bool kf_frames_has(const kf_frames *f, int64_t frame)
{
    const item *found = item_of(f, frame);
    return found && !found->stale;
}

static kf_picture *use(kf_frames *f, item *found)
{
    if (!found) return NULL;
    found->used = ++f->clock;
    return found->picture;
}

kf_picture *kf_frames_find(kf_frames *f, int64_t frame)
{
    return kf_frames_has(f, frame) ? use(f, item_of(f, frame)) : NULL;
}

kf_picture *kf_frames_find_stale(kf_frames *f, int64_t frame)
{
    return use(f, item_of(f, frame));
}

kf_picture *kf_frames_nearest(kf_frames *f, int64_t frame, int64_t reach)
{
    size_t at = place(f, frame);
    bool after = at < f->count && f->items[at].picture->frame - frame <= reach;
    bool before = at > 0 && frame - f->items[at - 1].picture->frame <= reach;
    if (!after && !before) return NULL;
    if (after && before)
        after = f->items[at].picture->frame - frame < frame - f->items[at - 1].picture->frame;
    return use(f, &f->items[after ? at : at - 1]);
}

void kf_frames_discard(kf_frames *f, kf_picture *picture)
{
    kf_frames_waste *w = &f->waste;
    if (!picture) return;
    if (kf_grow((void **)&w->items, &f->waste_capacity, w->count + 1, sizeof *w->items))
        kf_engine_picture_unref(picture);
    else
        w->items[w->count++] = picture;
}

kf_frames_waste kf_frames_take_waste(kf_frames *f)
{
    kf_frames_waste waste = f->waste;
    f->waste = (kf_frames_waste){0};
    f->waste_capacity = 0;
    return waste;
}

void kf_frames_burn(kf_frames_waste waste)
{
    for (size_t i = 0; i < waste.count; i++) kf_engine_picture_unref(waste.items[i]);
    kf_free(waste.items);
}

static void remove_at(kf_frames *f, size_t at)
{
    f->bytes -= (int64_t)kf_picture_bytes(f->items[at].picture);
    kf_frames_discard(f, f->items[at].picture);
    memmove(&f->items[at], &f->items[at + 1], (--f->count - at) * sizeof *f->items);
}

static void make_room(kf_frames *f, int64_t bytes)
{
    while (f->count > 0 && f->bytes + bytes > f->room) {
        size_t oldest = 0;
        for (size_t i = 1; i < f->count; i++)
            if (f->items[i].used < f->items[oldest].used) oldest = i;
        remove_at(f, oldest);
    }
}

void kf_frames_add(kf_frames *f, kf_picture *picture, bool stale)
{
    int64_t bytes = (int64_t)kf_picture_bytes(picture);
    size_t at = place(f, picture->frame);
    if (at < f->count && f->items[at].picture->frame == picture->frame) remove_at(f, at);
    make_room(f, bytes);
    if (bytes > f->room || kf_grow((void **)&f->items, &f->capacity, f->count + 1, sizeof *f->items)) return;
    at = place(f, picture->frame);
    memmove(&f->items[at + 1], &f->items[at], (f->count++ - at) * sizeof *f->items);
    f->items[at] = (item){kf_engine_picture_ref(picture), ++f->clock, stale};
    f->bytes += bytes;
}

void kf_frames_age(kf_frames *f, bool (*keep)(void *ctx, int64_t frame), void *ctx)
{
    for (size_t i = 0; i < f->count; i++)
        if (!f->items[i].stale) f->items[i].stale = !keep(ctx, f->items[i].picture->frame);
}

void kf_frames_drop(kf_frames *f, bool all)
{
    for (size_t i = f->count; i-- > 0;)
        if (all || f->items[i].stale) remove_at(f, i);
}

int64_t kf_frames_bytes(const kf_frames *f)
{
    return f->bytes;
}

int64_t kf_frames_room(const kf_frames *f)
{
    return f->room;
}
