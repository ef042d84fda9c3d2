/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the subtitle files share. */
#ifndef KF_TEXT_SUB_H
#define KF_TEXT_SUB_H

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "text/pango.h"

enum {
    KF_SUB_MAX_FILE = 32 << 20,
    KF_SUB_MAX_SHOWN = 32,     /* cues drawn at once by the Pango engine */
    KF_SUB_MAX_STEPS = 256     /* intervals of a segment, see kf_intervals */
};

/* One SRT or VTT cue; strings are in the subtitles' arena. */
typedef struct kf_cue {
    const char *markup;        /* Pango */
    const char *ass;           /* libass event text without position */
    int h;                     /* 1 left, 2 centre, 3 right; 0: centre */
    int v;                     /* 1 bottom, 2 middle, 3 top; 0: as the style says */
    bool has_line;             /* line_at is given */
    bool line_percent;         /* line_at in percent of the height, else in lines from the top (negative: bottom) */
    float line_at;
    bool has_position;
    float position;            /* percent of the width */
} kf_cue;

/* Times at which the set of shown events changes, ascending. Interval i is [times[i], times[i + 1]). Intervals are
 * grouped in segments: runs in which something is shown, at most KF_SUB_MAX_STEPS long. How libass stacks colliding
 * events depends on what it drew before; replaying a segment from its start makes that the same for every order of
 * drawing. */
typedef struct kf_intervals {
    kf_time *times;
    int *first;                /* first interval of the segment of interval i */
    bool *overlap;             /* at the first interval of a segment: two events are shown at once somewhere in it */
    int count;                 /* of times */
} kf_intervals;
int kf_interval_at(const kf_intervals *intervals, kf_time t); /* -1 before the first */

typedef struct kf_ass kf_ass;

struct kf_subtitles {
    kf_text_context *context;
    kf_subtitle_kind kind;
    kf_arena arena;
    kf_subtitle_event *events; /* by start */
    kf_cue *cues;              /* parallel to events; NULL for ASS */
    bool *animated;            /* ASS: the event changes with time; else NULL */
    kf_time *latest;           /* greatest end of events 0..i */
    int count;
    int skipped, skipped_line;
    kf_intervals intervals;
    kf_ass *ass;               /* NULL until needed */
};

/* Indices of events shown at t, ascending, at most `limit`; returns how many. */
int kf_subtitles_shown(const kf_subtitles *s, kf_time t, int *indices, int limit);

/* ---- sub_parse.c ---- */

/* Fills events, cues, count and skipped from valid UTF-8 without BOM; text is NUL-terminated. */
kf_status kf_sub_parse(kf_subtitles *s, const char *text, const char *name, kf_error *err);

/* ---- sub_text.c ---- */

typedef struct kf_sub_text {
    kf_str plain, markup, ass;
    int place;                 /* from {\anN}: as on a numeric keypad, 0 if none */
} kf_sub_text;
/* Turns a cue's text with its tags into the three forms. Well-formed whatever the input. */
void kf_sub_text_convert(kf_sub_text *out, const char *text, size_t length, bool vtt);
void kf_sub_text_finish(kf_sub_text *out);

/* ---- sub_pango.c ---- */

kf_status kf_sub_pango_render(kf_subtitles *s, const kf_subtitles_view *view, const kf_subtitle_style *style,
                              kf_raster *out, kf_text_report *report, kf_error *err);

/* ---- sub_ass.c (with libass) ---- */

/* Fills events and animated from an ASS script. */
kf_status kf_sub_ass_parse(kf_subtitles *s, const char *text, size_t length, const char *name, kf_error *err);
kf_status kf_sub_ass_render(kf_subtitles *s, const kf_subtitles_view *view, const kf_subtitle_style *style,
                            kf_raster *out, kf_text_report *report, kf_error *err);
void kf_sub_ass_destroy(kf_ass *ass);

#endif
