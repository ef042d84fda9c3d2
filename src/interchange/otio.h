/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenTimelineIO JSON: what reading and writing share.
 *
 * How a film carries what it has no words for: the `metadata` of a sequence, track, clip, ... is the OTIO object's own
 * metadata, and beside it a member "otio" holds what else the object had (unknown members, effects, ranges whose rates
 * matter). Written back, "otio" is taken apart again. The other way, what OTIO has no words for stands in the OTIO
 * metadata's member "kerf", as in the film's JSON. */
#ifndef KF_INTERCHANGE_OTIO_H
#define KF_INTERCHANGE_OTIO_H

#include "interchange/internal.h"

typedef enum otio_schema {
    OTIO_UNKNOWN, OTIO_TIMELINE, OTIO_STACK, OTIO_TRACK, OTIO_CLIP, OTIO_GAP, OTIO_TRANSITION, OTIO_COLLECTION,
    OTIO_TIME_WARP, OTIO_FREEZE, OTIO_EFFECT, OTIO_MISSING, OTIO_EXTERNAL, OTIO_GENERATOR, OTIO_IMAGES, OTIO_MARKER,
    OTIO_REFERENCE
} otio_schema;
/* Of an object's "OTIO_SCHEMA", old names and any version included. */
otio_schema otio_schema_of(const kf_json *object);

typedef struct otio_range {
    bool given;
    kf_time start, duration;
    kf_rational rate, start_rate; /* of the duration and the start; {0, 0} if it is no rate of pictures */
} otio_range;
/* A RationalTime; false if it is none, or not finite. *exact (may be NULL) is cleared if flicks had to round. */
bool otio_time(const kf_json *object, kf_time *out, kf_rational *rate, bool *exact);
otio_range otio_read_range(const kf_json *object);
void otio_put_time(kf_json_writer *w, const char *key, kf_time t, kf_rational rate);
void otio_put_range(kf_json_writer *w, const char *key, kf_time start, kf_time duration, kf_rational rate);

/* The start of an asset's "timecode" object in a film; false if there is none. */
bool otio_timecode_start(const kf_json *timecode, kf_time *out);

/* A marker's colour: "#rrggbb" of a name ("RED") or of a Color object; NULL if there is none. */
const char *otio_color_read(const kf_json *color, char hex[16]);
/* The name nearest to "#rrggbb"; *exact: it is that colour. NULL if hex is not in this form. */
const char *otio_color_name(const char *hex, bool *exact);

/* The text of a member if it is one, else "". */
const char *otio_text(const kf_json *object, const char *key);
/* True if key stands in the NULL-terminated list. */
bool otio_listed(const char *const *list, const char *key);
/* The object `key`, or NULL if it is absent or no object. */
const kf_json *otio_object(const kf_json *object, const char *key);

/* Nearest ratio of 32-bit numbers; false if not 0.001 to 1000. *exact: the double of the ratio is `value`. */
bool otio_ratio(double value, kf_rational *out, bool *exact);

/* Appends the path of an ImageSequenceReference: "shots/a_%04d.png". */
void otio_add_pattern(kf_str *out, const kf_json *media);

kf_status otio_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err);
kf_status otio_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                      kf_error *err);

#endif
