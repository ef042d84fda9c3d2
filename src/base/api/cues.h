/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame of SubRip and WebVTT files: cues with their times, their text as it is written. Tolerant: numbers may be
 * missing or wrong, blank lines may be missing or too many, "." and "," both start milliseconds, hours may be left out. */
#ifndef KF_BASE_CUES_H
#define KF_BASE_CUES_H

#include "base/api/status.h"

enum { KF_CUE_MAX_TEXT = 4096 }; /* bytes of one cue's text; what is longer is cut */

typedef struct kf_raw_cue {
    kf_time start, end;        /* end > start */
    const char *text;          /* NUL-terminated, with its tags; lines end with \n. Good until the callback returns */
    size_t length;
    const char *settings;      /* what stands behind the times (WebVTT); not NUL-terminated */
    size_t settings_length;
    int line;                  /* of the times, from 1 */
} kf_raw_cue;
/* Called in the file's order; what it returns, if not KF_OK, ends the reading. */
typedef kf_status kf_cue_fn(void *ctx, const kf_raw_cue *cue, kf_error *err);

typedef struct kf_cues_skipped {
    int count, line;           /* cues whose times cannot be read; the first one's line */
} kf_cues_skipped;

/* Reads text (valid UTF-8 without a byte order mark, NUL-terminated); `name` starts error messages. KF_ERR_PARSE if a
 * WebVTT file has no header, or a file no cue (a WebVTT file may have none if none was skipped). */
kf_status kf_cues_read(const char *text, bool vtt, const char *name, kf_cue_fn *fn, void *ctx, kf_cues_skipped *skipped,
                       kf_error *err);

#endif
