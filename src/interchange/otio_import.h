/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of reading OTIO: otio_import.c has the document and its sequences, otio_track.c tracks and what stands in
 * them, otio_clip.c clips and media, otio_keep.c metadata. */
#ifndef KF_INTERCHANGE_OTIO_IMPORT_H
#define KF_INTERCHANGE_OTIO_IMPORT_H

#include "interchange/otio.h"

/* Members of an object that a film has no words for, on their way to its metadata's "otio". Zero-initialise. */
typedef struct otio_keep {
    kf_str text;
    kf_json_writer w;
} otio_keep;

/* A sequence that is being written. */
typedef struct otio_scope {
    ix_sequence out;
    kf_sequence_view place;      /* name, rate and timecode, for reports */
    bool has_audio;              /* it has audio tracks: the pictures of foreign files are silent then */
    const char *track;
    kf_time position;
    const char *clip;
} otio_scope;

typedef struct otio_import_state {
    const kf_import_params *params;
    kf_report *report;
    kf_error *err;
    ix_film film;
    ix_table references;         /* OTIO_REF_ID to its object */
    ix_table nested;             /* text of a stack to the id of its sequence */
    ix_table numbers;            /* ids of clips and tracks that are taken */
    int depth;                   /* sequences in sequences */
    int references_used;
    kf_status status;            /* the first error */
} otio_import_state;

/* Enough for sane files, too little for one that unfolds without end. */
enum { OTIO_MAX_REFERENCES = 1000, OTIO_MAX_METADATA = 1 << 20, OTIO_MAX_METADATA_DEPTH = 90 };

/* Reports a loss at the scope's present place. */
void otio_lose(otio_import_state *im, const otio_scope *scope, kf_loss_kind kind, const char *format, ...)
    KF_PRINTF(4, 5);
/* The object itself, or the one a SerializableObjectRef names; NULL for what is no object. */
const kf_json *otio_resolve(otio_import_state *im, const kf_json *object);

/* ---- otio_keep.c ---- */

/* The writer inside the kept object, begun when first used. */
kf_json_writer *otio_keep_writer(otio_keep *keep);
/* Keeps members of `object` that `known` (NULL-terminated) does not list, as "fields". */
void otio_keep_rest(otio_keep *keep, const kf_json *object, const char *const *known);
/* Writes "metadata": the object's own without "kerf", and what was kept; finishes keep. Too large a one is dropped and
 * reported. */
void otio_put_metadata(otio_import_state *im, const otio_scope *scope, kf_json_writer *w, const kf_json *metadata,
                       otio_keep *keep);
/* Members of a "kerf" object that stand neither in `except` (may be NULL) nor have been written already. "id" is left
 * out if its number is taken. */
void otio_put_ours(otio_import_state *im, kf_json_writer *w, const kf_json *ours, const char *const *except);
/* The "kerf" in an object's metadata, or NULL. */
const kf_json *otio_ours(const kf_json *object);

/* ---- otio_clip.c ---- */

/* Trimmed range of a clip, gap, track or stack: its source_range, else that of what it holds. */
otio_range otio_trimmed(otio_import_state *im, const kf_json *item);
void otio_put_clip(otio_import_state *im, otio_scope *scope, const kf_json *clip, bool audio_track);
/* A clip that shows sequence `id`: for stacks and tracks in tracks. */
void otio_put_nested(otio_import_state *im, otio_scope *scope, const kf_json *item, const char *id);
/* Writes "markers" of those in `list` that lie at or after `zero`; the rest are kept. */
void otio_put_markers(otio_import_state *im, const otio_scope *scope, kf_json_writer *w, const kf_json *list,
                      kf_time zero, otio_keep *keep);

/* ---- otio_track.c ---- */

/* `nested`: the track is the sequence that a clip shows; its range and effects are the clip's. */
void otio_put_track(otio_import_state *im, otio_scope *scope, const kf_json *track, bool nested);
/* A track with one item that is no track: what stands alone in a stack. */
void otio_put_lone(otio_import_state *im, otio_scope *scope, const kf_json *item);

/* ---- otio_import.c ---- */

/* The id of the sequence made of a stack or track that stands in a track; the same for the same content. */
const char *otio_nested_sequence(otio_import_state *im, const otio_scope *scope, const kf_json *item);

#endif
