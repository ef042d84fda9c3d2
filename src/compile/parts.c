/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Less than the whole of a sequence: one clip alone, or its angles beside each other. */
#include <math.h>

#include "compile/internal.h"

/* ---- One clip ---- */

/* The clip of a video track at the scene's time, if it is the one; NULL: it is not. */
static const kf_clip_view *find_clip(kf_scene *s, kf_walk *walk, uint64_t id)
{
    kf_moment moment;
    for (int32_t i = 0; i < walk->sequence.track_count; i++) {
        bool there = walk->tracks[i].kind == KF_TRACK_VIDEO && kf_track_at(&walk->cursors[i], s->t, &moment);
        if (there && moment.clip && moment.clip->id == id) return moment.clip;
    }
    return NULL;
}

static kf_status lay_clip(kf_scene *s, kf_walk *walk, uint64_t id, const kf_graph_node **below)
{
    const kf_clip_view *clip = find_clip(s, walk, id);
    const kf_graph_node *picture = NULL;
    int32_t mode;
    if (clip) KF_TRY(kf_clip_lower(s, clip, &picture, &mode));
    if (picture) KF_NODE(s, *below, kf_graph_blend(s->g, *below, picture, KF_BLEND_NORMAL, 1));
    return KF_OK;
}

/* ---- Angles ---- */

static int32_t columns_of(int32_t count)
{
    int32_t columns = 1;
    while (columns * columns < count) columns++;
    return columns;
}

void kf_grid_cell(int32_t count, int32_t index, double out[4])
{
    int32_t columns = columns_of(count), rows = (count + columns - 1) / columns;
    out[2] = out[3] = 1.0 / columns;
    out[0] = index % columns * out[2];
    out[1] = (1 - rows * out[3]) / 2 + index / columns * out[3];
}

/* Compiled at the size of its cell, so that nothing is scaled twice. */
static kf_status lay_angle(kf_scene *s, kf_walk *walk, int32_t track, const double part[4], const kf_graph_node **below)
{
    kf_scene cell = *s;
    const kf_graph_node *picture = NULL;
    cell.scale = s->scale * part[2];
    cell.width = (int32_t)fmax(1, floor(s->width * part[2]));
    cell.height = (int32_t)fmax(1, floor(s->height * part[3]));
    KF_TRY(kf_track_lower(&cell, walk, track, &picture));
    if (!picture) return KF_OK;
    float canvas[4] = {0, 0, (float)cell.width, (float)cell.height};
    kf_transform2d shift = {{1, 0, floor(s->width * part[0] + 0.5), 0, 1, floor(s->height * part[1] + 0.5)}};
    KF_NODE(s, picture, kf_graph_crop(s->g, picture, canvas));
    KF_NODE(s, picture, kf_graph_transform(s->g, picture, &shift, KF_FILTER_NEAREST));
    KF_NODE(s, *below, kf_graph_blend(s->g, *below, picture, KF_BLEND_NORMAL, 1));
    return KF_OK;
}

static int32_t count_angles(const kf_walk *walk)
{
    int32_t count = 0;
    for (int32_t i = 0; i < walk->sequence.track_count; i++) count += walk->tracks[i].kind == KF_TRACK_VIDEO;
    return count;
}

static kf_status lay_angles(kf_scene *s, kf_walk *walk, const kf_graph_node **below)
{
    int32_t count = count_angles(walk), index = 0;
    double part[4];
    for (int32_t i = 0; i < walk->sequence.track_count; i++) {
        if (walk->tracks[i].kind != KF_TRACK_VIDEO) continue;
        kf_grid_cell(count, index++, part);
        KF_TRY(lay_angle(s, walk, i, part, below));
    }
    return KF_OK;
}

kf_status kf_part_lower(kf_scene *s, kf_walk *walk, const kf_graph_node **below)
{
    const kf_view_part *part = &s->c->part;
    walk->busy++;
    kf_status status = part->clip ? lay_clip(s, walk, part->clip, below) : lay_angles(s, walk, below);
    walk->busy--;
    return status;
}
