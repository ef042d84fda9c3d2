/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of writing OTIO: otio_export.c has the timeline, stacks and tracks, otio_write.c what stands in them,
 * otio_media.c media. All walk the film's JSON, as the model writes it: what has no OTIO counterpart goes to the
 * metadata's "kerf" as it is. */
#ifndef KF_INTERCHANGE_OTIO_EXPORT_H
#define KF_INTERCHANGE_OTIO_EXPORT_H

#include "interchange/otio.h"

typedef struct otio_export_state {
    kf_snapshot snapshot;
    kf_report *report;
    kf_error *err;
    kf_json_writer w;
    const kf_json *film;
    ix_table assets, sequences;  /* id to kf_json; number */
    ix_table written;            /* ids of assets and sequences that the file has */
    kf_sequence_view place;      /* of the sequence being written */
    const char *track;
    kf_time position;
    int depth;
    kf_status status;
} otio_export_state;

/* The largest file written: nested sequences are written out wherever they are shown. */
#define OTIO_MAX_OUTPUT ((size_t)1 << 30)

void otio_note(otio_export_state *ex, kf_loss_kind kind, const char *clip, const char *format, ...) KF_PRINTF(4, 5);
/* A time member of an object of the film, at the rate of the present sequence; `otherwise` if it is absent. */
kf_time otio_film_time(const otio_export_state *ex, const kf_json *object, const char *key, kf_time otherwise);
bool otio_film_flag(const kf_json *object, const char *key, bool otherwise);
/* What reading kept in an object's metadata, or NULL. */
const kf_json *otio_kept(const kf_json *object);
/* Begins an OTIO object with its schema and name. */
void otio_begin(otio_export_state *ex, const char *schema, const char *name);
/* Writes "metadata": the film object's own, and in "kerf" its members that `carried` does not list (NULL-terminated)
 * and `extra` (text of members to add, or NULL). Members that mean something to a viewer are reported as `clip`'s. */
void otio_put_metadata_of(otio_export_state *ex, const kf_json *object, const char *const *carried, const char *extra,
                          const char *clip);
/* Members that reading kept as they were. */
void otio_put_fields(otio_export_state *ex, const kf_json *object);
/* "markers" of an object of the film, and those that were kept; times count from `zero`. */
void otio_write_markers(otio_export_state *ex, const kf_json *object, kf_time zero);

/* ---- otio_write.c ---- */

void otio_write_item(otio_export_state *ex, const kf_json *item);

/* ---- otio_media.c ---- */

/* The reference to asset `id`. */
void otio_write_media(otio_export_state *ex, const char *id);
/* Where the asset's own time begins, and how long it is (-1: not known). */
void otio_media_extent(const otio_export_state *ex, const char *id, kf_time *start, kf_time *duration);

/* ---- otio_export.c ---- */

/* "children": of a stack, the tracks of a sequence; of a track, its items. */
void otio_write_children(otio_export_state *ex, const kf_json *sequence);
void otio_write_items(otio_export_state *ex, const kf_json *track);

#endif
