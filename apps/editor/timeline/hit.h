/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is under the pointer. */
#ifndef KERF_TIMELINE_HIT_H
#define KERF_TIMELINE_HIT_H

#include "viewport.h"

typedef enum kt_zone {
    KT_ZONE_NONE,             /* below or above all tracks */
    KT_ZONE_RULER, KT_ZONE_MARKER, KT_ZONE_MARK_IN, KT_ZONE_MARK_OUT, KT_ZONE_SPLIT,
    KT_ZONE_GAP,              /* a track's empty place, also after its last clip */
    KT_ZONE_CLIP, KT_ZONE_HEAD, KT_ZONE_TAIL, /* a clip, its ends */
    KT_ZONE_FADE_IN, KT_ZONE_FADE_OUT,        /* handles of a sound's fades */
    KT_ZONE_BAND, KT_ZONE_KEY,                /* the rubber band's line, a keyframe on it */
    KT_ZONE_TRANSITION, KT_ZONE_TRANSITION_HEAD, KT_ZONE_TRANSITION_TAIL
} kt_zone;

typedef struct kt_hit {
    kt_zone zone;
    double x, y;
    kf_time time;             /* at x, not rounded */
    bool on_row;
    kt_row row;
    bool on_item;             /* item is a clip, a transition or a gap */
    kf_timeline_item item;    /* its texts are the film's */
    int32_t key;              /* index of the keyframe */
    kf_marker_info marker;    /* its texts are the film's */
} kt_hit;

typedef struct kt_hit_query {
    const kf_film_handle *film;
    int32_t sequence;
    const kf_sequence_info *info;
    const kt_view *view;
} kt_hit_query;

kt_hit kt_hit_at(const kt_hit_query *query, double x, double y);
/* A clip of a zone on a clip, its ends included. */
static inline bool kt_hit_on_clip(const kt_hit *hit)
{
    return hit->zone >= KT_ZONE_CLIP && hit->zone <= KT_ZONE_KEY;
}
static inline bool kt_hit_on_transition(const kt_hit *hit)
{
    return hit->zone >= KT_ZONE_TRANSITION;
}

#endif
