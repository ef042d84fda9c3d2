/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building the JSON of edits, and texts of times and sizes. */
#ifndef KERF_EDITOR_TEXT_H
#define KERF_EDITOR_TEXT_H

#include <glib.h>

#include "kerf/timeline.h"

/* A JSON string with its quotes. New. NULL gives null. */
char *kerf_json_quote(const char *text);
/* Seconds as a JSON number that is read back to the same flick. Holds 40 bytes. */
typedef struct KerfTimeText {
    char text[40];
} KerfTimeText;
KerfTimeText kerf_json_time(kf_time t);
/* An operation: {"op": name, ...}. `format` is printf's and gives the rest of the members, such as
 * "\"clip\": %" G_GUINT64_FORMAT; NULL: none. New. */
char *kerf_json_operation(const char *name, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* "[1,2,3]"; new. */
char *kerf_json_ids(const uint64_t *ids, size_t count);

/* "1:02:03" or "2:03" of a duration; new. */
char *kerf_duration_text(kf_time t);

#endif
