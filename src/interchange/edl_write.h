/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of an edit decision list. */
#ifndef KF_INTERCHANGE_EDL_WRITE_H
#define KF_INTERCHANGE_EDL_WRITE_H

#include "interchange/internal.h"

typedef struct edl_writer {
    kf_snapshot snapshot;
    kf_sequence_view sequence;
    kf_str *out;
    kf_report *report;
    int number;              /* of the last event */
    bool source_drop;        /* as the last FCM line says */
    bool wrapped;            /* a label came around at 24 hours */
} edl_writer;

/* What a clip shows, as a list names it. */
typedef struct edl_source {
    char reel[40];
    const char *name, *file; /* "" if none */
    int64_t start;           /* label of source time 0, in frames of the sequence's rate */
    bool drop;               /* its labels are drop-frame */
    bool black;
    bool silent;             /* known to have no sound */
} edl_source;

/* One line: a clip from `in` to `out`, in sequence time. */
typedef struct edl_part {
    edl_source source;
    kf_time in, out;
    int64_t source_in, source_out;
    char channels[16];
    bool early;              /* the source would begin before its first frame: it begins there */
    bool has_speed;
    double speed;            /* M2: frames a second */
} edl_part;

/* Record times are whole frames: the start of the one that begins nearest to t. */
kf_time edl_nearest_frame(const edl_writer *w, kf_time t);
void edl_describe(const edl_writer *w, const kf_clip_view *clip, edl_source *out);
/* Source times and speed for part->in and part->out; part->source is set. clip is not looked at for black. */
void edl_times(const edl_writer *w, const kf_clip_view *clip, edl_part *part);
/* channel 0: of a clip of the video track. */
void edl_channels(const edl_writer *w, const kf_clip_view *clip, const edl_source *source, int channel, char out[16]);

void edl_put_line(kf_str *out, const char *text); /* on one line, whatever is in it */
void edl_put_fcm(edl_writer *w, bool drop);
void edl_put_cut(edl_writer *w, const edl_part *part);
void edl_put_transition(edl_writer *w, const kf_transition_view *transition, const edl_part *from, const edl_part *to);
void edl_put_notes(edl_writer *w, const kf_clip_view *clip, const edl_source *source);
void edl_put_comments(edl_writer *w, const char *metadata);
void edl_put_locator(edl_writer *w, const kf_marker *marker, kf_time at);
/* What of a clip no line says. */
void edl_report_clip(const edl_writer *w, const kf_track_view *track, const kf_clip_view *clip,
                     const edl_part *part);

#endif
