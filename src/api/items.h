/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading of films, for the files of this room. */
#ifndef KF_API_ITEMS_H
#define KF_API_ITEMS_H

#include "api/films.h"
#include "kerf/timeline.h"
#include "model/api/model.h"

const char *asset_title(const kf_asset_view *asset); /* to show */
bool marker_fill(kf_snapshot snapshot, kf_markers markers, int32_t i, kf_marker_info *out);

/* A track that is read, with what its clips have in common: most come from the same few sources. */
typedef struct track_reader {
    kf_snapshot snapshot;
    int32_t sequence, track;
    kf_track_view view;
    kf_cursor cursor;
    uint64_t source_uid;     /* of the asset or sequence that `source` is about; 0: none */
    kf_clip_source source_kind;
    int32_t source_index;
    const char *source_name;
    kf_time source_end;      /* KF_TIME_NONE: not known */
    bool offline;
} track_reader;
bool track_reader_init(track_reader *reader, const kf_film_handle *film, int32_t sequence, int32_t track);
/* The item under the reader's cursor. */
bool item_fill(track_reader *reader, kf_timeline_item *out);
/* The clip that an item stands for; false for others, and for items of another film. */
bool item_clip(const kf_film_handle *film, const kf_timeline_item *item, kf_clip_view *out);
bool item_transition(const kf_film_handle *film, const kf_timeline_item *item, kf_transition_view *out);

#endif
