/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture and its sound on an audio track are one clip in Final Cut Pro, if they are linked and in step. */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml_out.h"

static void add_picture(fo_story *s, const kf_clip_view *clip, int32_t lane)
{
    void *list = s->pairs;
    bool grown = kf_grow(&list, &s->pair_capacity, s->pair_count + 1, sizeof *s->pairs) == 0;
    s->pairs = list;
    if (grown) {
        s->pairs[s->pair_count++] = (fo_pair){.id = clip->id, .picture = *clip, .lane = lane};
    }
    s->o->failed |= !grown;
}

static int by_id(const void *left, const void *right)
{
    const fo_pair *a = left, *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

fo_pair *fo_pair_of(const fo_story *s, uint64_t id)
{
    fo_pair key = {.id = id};
    return s->pair_count ? bsearch(&key, s->pairs, s->pair_count, sizeof key, by_id) : NULL;
}

/* The picture lacks sound of its own, and both show the same source at the same time, at one speed. */
static bool in_step(const kf_clip_view *a, const kf_clip_view *b)
{
    bool plain = !a->reverse && !b->reverse && !a->frozen && !b->frozen && !a->loop && !b->loop && !a->remap_count &&
                 !b->remap_count && kf_rational_equal(a->speed, b->speed) && a->speed.num == a->speed.den;
    return plain && !a->audio && a->source == b->source && a->source_uid == b->source_uid &&
           a->source != KF_SOURCE_GENERATOR && a->angle == b->angle && a->enabled == b->enabled &&
           a->source_in - a->start == b->source_in - b->start;
}

static void take_sound(fo_story *s, const kf_clip_view *sound, int32_t lane)
{
    kf_links links = kf_clip_links(s->o->snapshot, sound, KF_LINK);
    for (int32_t i = 0; i < links.count; i++) {
        fo_pair *pair = links.ids[i] != sound->id ? fo_pair_of(s, links.ids[i]) : NULL;
        if (pair && !pair->taken && in_step(&pair->picture, sound)) {
            pair->taken = true;
            pair->sound = *sound;
            pair->lane = lane;
            return;
        }
    }
}

static void walk(fo_story *s, kf_track_kind kind, void visit(fo_story *, const kf_clip_view *, int32_t))
{
    kf_track_view track;
    kf_cursor cursor;
    kf_clip_view clip;
    for (int32_t i = 0; kf_track_get(s->o->snapshot, &s->view, i, &track); i++) {
        if (track.kind != kind || track.mute) {
            continue;
        }
        kf_cursor_init(&cursor, s->o->snapshot, &track);
        while (kf_cursor_next(&cursor)) {
            if (kf_cursor_clip(&cursor, &clip) && kf_clip_links(s->o->snapshot, &clip, KF_LINK).count > 1) {
                visit(s, &clip, s->lanes[i]);
            }
        }
    }
}

void fo_find_pairs(fo_story *s)
{
    walk(s, KF_TRACK_VIDEO, add_picture);
    if (s->pair_count) {
        qsort(s->pairs, s->pair_count, sizeof *s->pairs, by_id);
        walk(s, KF_TRACK_AUDIO, take_sound);
    }
}

bool fo_is_paired(const fo_story *s, const kf_clip_view *sound)
{
    kf_links links = kf_clip_links(s->o->snapshot, sound, KF_LINK);
    for (int32_t i = 0; i < links.count; i++) {
        const fo_pair *pair = fo_pair_of(s, links.ids[i]);
        if (pair && pair->taken && pair->sound.id == sound->id) {
            return true;
        }
    }
    return false;
}
