/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing xmeml. */
#ifndef KF_INTERCHANGE_XMEML_WRITE_H
#define KF_INTERCHANGE_XMEML_WRITE_H

#include "interchange/xmeml.h"

/* Where a clip of the film stands in the file; 0: there is no such item. The sound has two channels, on two tracks. */
typedef struct xm_place {
    uint64_t clip;
    int32_t video_item, video_track, video_index;
    int32_t audio_item, audio_track, audio_index; /* of the first channel; the second is item and track + 1 */
} xm_place;

typedef struct xm_export {
    kf_snapshot snapshot;
    const char *folder;      /* as in kf_export_params */
    kf_xml_writer w;
    kf_report *report;
    kf_error *err;
    bool *file_written;      /* by index of the asset */
    int32_t *sequence_state; /* by index: 0, XM_OPEN, XM_DONE */
    int32_t items;           /* numbers given to clip items */
} xm_export;

/* A sequence that is being written. */
typedef struct xm_target {
    xm_export *x;
    kf_sequence_view sequence;
    xm_place *places;        /* by clip */
    size_t place_count, place_capacity;
    const char *track;       /* name, for reports */
    kf_track_kind kind;
    int channel;             /* of sound: 1 or 2 */
} xm_target;

/* One item: what is played, and where. Times are flicks. */
typedef struct xm_item {
    const kf_clip_view *clip;
    kf_asset_view asset;
    bool has_asset;
    const kf_transition_view *head, *tail; /* NULL if none */
    kf_rational rate;        /* of in and out */
    kf_time before, after;   /* how far it reaches into transitions past its cuts */
    int64_t in, out, duration;
    kf_time base;            /* clip time of frame 0 of its own time: in = base + before */
} xm_item;

void xm_put_rate(xm_export *x, kf_rational rate);
bool xm_rate_fits(kf_rational rate);
int64_t xm_frame(kf_time t, kf_rational rate); /* the nearest */

kf_status xm_put_sequence(xm_export *x, int32_t index);
void xm_put_file(xm_export *x, int32_t asset, kf_rational otherwise);
kf_status xm_put_bins(xm_export *x);
void xm_put_masterclip(xm_export *x, int32_t asset);

/* The whole of a clip item of a track. */
kf_status xm_put_clip(xm_target *t, const kf_clip_view *clip, const kf_transition_view *head,
                      const kf_transition_view *tail);
/* Lets a transition begin at its cut where the source after it has nothing before its first frame; `tell` reports it.
 * False if nothing is left of it. */
bool xm_fit_transition(xm_target *t, kf_transition_view *transition, bool tell);
void xm_put_transition(xm_target *t, const kf_transition_view *transition);
void xm_put_marker(xm_export *x, const kf_marker *marker, kf_time from, kf_rational rate);

void xm_put_filters(xm_target *t, const xm_item *item);
void xm_put_speed(xm_target *t, const xm_item *item);
/* Effect of a generator item. */
void xm_put_generator(xm_target *t, const kf_clip_view *clip);

void xm_lost(const xm_target *t, const kf_clip_view *clip, kf_loss_kind kind, const char *what);
const xm_place *xm_find_place(const xm_target *t, uint64_t clip);

#endif
