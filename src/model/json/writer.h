/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model's JSON writer. */
#ifndef KF_MODEL_JSON_WRITER_H
#define KF_MODEL_JSON_WRITER_H

#include "model/json/reader.h"

typedef struct film_writer {
    kf_json_writer w;
    kf_snapshot snapshot;
    kf_rational rate;   /* of the sequence being written; {0, 0} if it is left to the media */
    int64_t written;    /* items and markers */
    bool stopped;       /* see write_count */
} film_writer;

/* Counts an item or a marker that is about to be written. False, and the writer has stopped, if there are more than a
 * sound store of this size can hold (nodes of a hostile one may stand in many places), or the text gets too long. */
bool write_count(film_writer *fw);
#define WRITE_MOST ((size_t)1 << 31) /* bytes of JSON */

void write_float(kf_json_writer *w, float v);                       /* the shortest decimal that gives this float */
void write_float_color(kf_json_writer *w, const float c[4]);
void write_ratio(kf_json_writer *w, kf_rational ratio);             /* a short decimal, or "num/den" */
bool write_compact(kf_json_writer *w);                              /* switches to one line; what it was before */
void write_text_key(kf_json_writer *w, const char *key, const char *text); /* nothing for "" */
void write_id(kf_json_writer *w, uint64_t id);
void write_time(film_writer *fw, kf_time t);
void write_interp(kf_json_writer *w, int32_t interp, const double bezier[4]);
void write_time_key(film_writer *fw, const char *key, kf_time t);
void write_params(film_writer *fw, const kf_params *params);        /* keys for what is set */
void write_param(film_writer *fw, const kf_params *params, int field); /* its value; nothing if it is not set */
void write_params_object(film_writer *fw, const char *key, const kf_params *params);
void write_effect(film_writer *fw, const kf_params *params);        /* of a known kind */
void write_effects(film_writer *fw, const char *key, kf_effects effects);
void write_metadata(film_writer *fw, const char *metadata);         /* its key, unless there is none or it is damaged */

/* Objects. Clips and markers count time at fw->rate; assets set it. */
void write_marker(film_writer *fw, const kf_marker *marker);
void write_markers(film_writer *fw, kf_markers markers);
void write_clip(film_writer *fw, const kf_clip_view *clip);
void write_transition(film_writer *fw, const kf_transition_view *transition);
void write_gap(film_writer *fw, const kf_item_view *item);
void write_item(film_writer *fw, kf_cursor *cursor);
void write_track(film_writer *fw, const kf_track_view *track);
void write_named_sequence(film_writer *fw, const kf_sequence_view *sequence);
void write_asset(film_writer *fw, const kf_asset_view *asset);
/* What `set` arguments of edits change: a track (kf_track_view) without its clips, a sequence (kf_sequence_view) without
 * markers and tracks, an asset (kf_asset_view) without markers. */
typedef void write_head_fn(film_writer *fw, const void *view);
write_head_fn write_track_head, write_sequence_head, write_asset_head;

#endif
