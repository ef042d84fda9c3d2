/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a clip lies in the film's picture, as the compositor places it (docs/effects.md, transform), its masks, and its way. */
#ifndef KERF_EDITOR_CLIP_PLACE_H
#define KERF_EDITOR_CLIP_PLACE_H

#include "kerf/timeline.h"
#include "paths.h"
#include "pose.h"

typedef struct KerfClipPlace {
    KerfOutline outline;
    KerfPose pose;            /* position: where the anchor lands, `offset` included */
    double offset[2];
} KerfClipPlace;
/* Of a clip at a time of it. False: there is no size to count by. */
bool kerf_clip_place(const kf_film_handle *film, const kf_timeline_item *clip, kf_time t, KerfClipPlace *out);
/* Adds the way of the anchor, if its position has keyframes. */
void kerf_clip_motion(const kf_film_handle *film, const kf_timeline_item *clip, KerfPaths *paths);
/* Corners of a polygon (the effect that `place` is), as parts of the picture; how many were written. */
unsigned kerf_clip_polygon(const kf_film_handle *film, const kf_param_place *place, double (*out)[2], unsigned most);
/* Adds the outline of each mask of the clip. */
void kerf_clip_masks(const kf_film_handle *film, const kf_timeline_item *clip, const KerfClipPlace *place, kf_time t,
                     KerfPaths *paths);

#endif
