/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON of the operations that the timeline asks for (docs/edits.md). All are new strings, a line or more each. */
#ifndef KERF_TIMELINE_OPS_H
#define KERF_TIMELINE_OPS_H

#include <glib.h>

#include "text.h"

#define KT_ID "%" G_GUINT64_FORMAT

/* Operations one after the other; takes both, either may be NULL. */
char *kt_ops_join(char *one, char *two);
/* A number as JSON, whatever the locale. */
typedef struct kt_number {
    char text[40];
} kt_number;
kt_number kt_ops_number(double value);

typedef struct kt_trim_ops {
    uint64_t clip;
    bool head, ripple;
    kf_time by;
    const char *linked;
    const uint64_t *with;     /* clips whose same ends go along */
    size_t with_count;
} kt_trim_ops;
char *kt_ops_trim(const kt_trim_ops *trim);
char *kt_ops_roll(uint64_t clip, kf_time by, const char *linked);
char *kt_ops_slip(uint64_t clip, kf_time by, const char *linked);
char *kt_ops_slide(uint64_t clip, kf_time by, const char *linked);
char *kt_ops_razor(const char *sequence, kf_time at, const char *tracks);
char *kt_ops_set_clips(const uint64_t *ids, size_t count, const char *key, const char *json);

typedef struct kt_move_ops {
    const uint64_t *ids;
    size_t count;
    kf_time by;
    uint64_t track;           /* uid; 0: as before */
    bool insert, copy;
    const char *linked;
} kt_move_ops;
char *kt_ops_move(const kt_move_ops *move);

#endif
