/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Final Cut Pro XML (xmeml 4 and 5), as Premiere, Resolve and Final Cut Pro 7 write it.
 *
 * Its rules of time: `start` and `end` are frames of the sequence; `in` and `out` are frames of the clip's own rate,
 * counted after any change of speed, so that out - in lasts as long as the clip does. A clip that meets a transition
 * has -1 for that end: it then reaches to the far end of the transition. */
#ifndef KF_INTERCHANGE_XMEML_H
#define KF_INTERCHANGE_XMEML_H

#include "interchange/internal.h"
#include "interchange/xml.h"

typedef struct xm_import {
    const kf_import_params *params;
    kf_report *report;
    kf_error *err;
    ix_film film;
    ix_table elements;   /* "file file-1" -> number: the element that says most of it, as a pointer */
    ix_table bins;       /* "file file-1", "sequence sequence-1" -> text: path of the bin it is in */
    ix_table sequences;  /* id -> text: id in the film; number: XM_OPEN or XM_DONE */
    int depth;           /* sequences in sequences */
    int bin_count;
} xm_import;
enum { XM_OPEN = 1, XM_DONE = 2, XM_MAX_DEPTH = 15 };

/* The sequence that is being written. */
typedef struct xm_scope {
    xm_import *im;
    ix_sequence seq;
    kf_rational rate;
    int32_t width, height;
    ix_table links;      /* id of a clip item -> number: its group */
    ix_table twins;      /* sound that is there already -> channel */
    int64_t link_count;
    const char *name;
    char track[16];
    int track_number;    /* from 1, of its kind */
} xm_scope;

/* A clip or generator item of a track. Times are flicks. */
typedef struct xm_clip {
    const kf_xml *node;
    bool audio;
    kf_rational rate;
    kf_time start, end;     /* on the timeline; moved to the cut where a transition lies */
    kf_time in, out;        /* in the clip's own time, before that */
    kf_time head, tail;     /* how much was taken off for transitions */
    kf_time low, high;      /* source range that is played */
    kf_rational speed;
    bool reverse, frozen;
    const kf_xml *graph;    /* of a varying speed */
} xm_clip;

/* ---- Reading values ---- */

/* Ticks of Premiere's clock, 254016000000 a second, to a flick. */
#define XM_TICKS 360
/* A whole number; `otherwise` if the child is absent or is none. */
int64_t xm_int(const kf_xml *element, const char *child, int64_t otherwise);
double xm_number(const char *text, double otherwise);
bool xm_true(const kf_xml *element, const char *child, bool otherwise);
/* <rate><timebase/><ntsc/></rate>; `otherwise` if there is none. */
kf_rational xm_rate(const kf_xml *element, kf_rational otherwise);
/* A time of `frames` at a rate, kept within what a film holds. */
kf_time xm_time(int64_t frames, kf_rational rate);

/* The element that says most of what `element` refers to by its id. */
const kf_xml *xm_resolve(const xm_import *im, const kf_xml *element);
const char *xm_where(const xm_scope *s, const xm_clip *clip, ix_place place);

/* ---- Parts of the import ---- */

/* Writes a sequence, if it is not there yet; *id is its id in the film, NULL if it is open (a circle) or too deep. */
kf_status xm_sequence(xm_import *im, const kf_xml *element, const char **id);
kf_status xm_multiclip(xm_import *im, const kf_xml *element, const char **id, int *angle);

/* Writes track `number` (from 1) of its kind. */
kf_status xm_track(xm_scope *s, const kf_xml *track, bool audio, int number);

kf_status xm_read_clip(xm_scope *s, const kf_xml *node, bool audio, xm_clip *out);
kf_status xm_write_clip(xm_scope *s, const xm_clip *clip);
/* Of sound: true if another channel of the same is on a track already. A film's clips play all channels at once. */
bool xm_is_twin(xm_scope *s, const xm_clip *clip);
/* The asset of a <file>; "" if that is out of memory. */
const char *xm_asset(xm_import *im, const kf_xml *file, const char *name);
void xm_write_markers(kf_json_writer *w, const kf_xml *element, kf_rational rate, kf_time from, kf_time end);

void xm_read_speed(xm_scope *s, xm_clip *clip);
/* The clip's properties and effects that its filters say. */
void xm_write_filters(xm_scope *s, const xm_clip *clip, const kf_xml *file);
/* A filter that the film says in its own words. */
bool xm_filter_is_read(const kf_xml *filter);
void xm_write_remap(xm_scope *s, const xm_clip *clip);
bool xm_write_generator(xm_scope *s, const xm_clip *clip);

/* Members of a transition's object, after its times: the kind. */
void xm_write_transition_kind(xm_scope *s, const kf_xml *node);

/* ---- What both ways share ---- */

const char *xm_blend_mode(const char *composite);  /* NULL: not known */
const char *xm_composite(int32_t blend_mode);      /* NULL: has none */

kf_status xmeml_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err);
kf_status xmeml_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                       kf_error *err);

#endif
