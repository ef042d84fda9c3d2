/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An edit decision list on its way to a film: events, then items on tracks, then text. */
#ifndef KF_INTERCHANGE_EDL_IMPORT_H
#define KF_INTERCHANGE_EDL_IMPORT_H

#include "interchange/edl.h"
#include "interchange/internal.h"

enum { EDL_MAX_LAYERS = 100 };

/* What one event puts on a track. Times are frames of the list's rate. */
typedef struct edl_item {
    const edl_event *event, *from;   /* from: the other line of a transition */
    int64_t record_in, record_out, source_in, source_length;
    int layer;                       /* of its kind: 0 is V1 or A1 */
    bool audio;
    bool black;
    int64_t fade;                    /* frames of the transition at its start; 0: a cut */
    bool fade_by_opacity;            /* from black though a clip stands before it */
} edl_item;

typedef struct edl_importer {
    const kf_import_params *params;
    edl_list list;
    edl_item *items;
    size_t count;
    kf_rational rate;
    int nominal;
    int64_t start;                   /* record time of the sequence's first frame */
    bool sequence_drop;
    int layers[2];                   /* video, audio */
    ix_film film;
    ix_sequence sequence;
    kf_report *report;
    kf_error *err;
} edl_importer;

/* "event 003 (line 7), REEL", for reports. */
const char *edl_where(const edl_event *event, ix_place place);
kf_status edl_write_film(edl_importer *im, kf_str *out);

#endif
