/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the writer of Final Cut Pro XML. */
#ifndef KF_INTERCHANGE_FCPXML_OUT_H
#define KF_INTERCHANGE_FCPXML_OUT_H

#include "interchange/fcpxml.h"

#define FO_GAP_START \
    (INT64_C(3600) * KF_SECOND) /* local time of gaps, titles and generators, as Final Cut Pro has it */

/* The "fcpxml" object of metadata; root NULL: there is none. */
typedef struct fo_kept {
    kf_json_doc *doc;
    const kf_json *root;
} fo_kept;
/* How a film uses an asset: what can be said of media that is not known. */
typedef struct fo_use {
    bool seen, heard;
    kf_time end;                 /* of what is used, in source time */
} fo_use;

typedef struct fo_writer {
    kf_snapshot snapshot;
    kf_report *report;
    kf_error *err;
    kf_str resources;            /* finished elements */
    ix_table used;               /* ids of resources that were kept from the file the film came from */
    ix_table ids;                /* what is a resource ("asset 3", an effect's uid) -> its id */
    ix_table bins;               /* bin -> number of its event, from 1 */
    kf_str *events;              /* what is in the browser's events */
    size_t event_count, event_capacity;
    int64_t next_id, next_style;
    fo_use *uses;                /* of each asset */
    bool *nested;                /* each sequence: whether another shows it */
    kf_rational rate;            /* of the main sequence */
    fo_kept kept;                /* of the film */
    bool failed;                 /* out of memory */
} fo_writer;

/* The id of the resource called `key`; *fresh: it is new, and the caller writes it. */
const char *fo_id(fo_writer *o, const char *key, bool *fresh);
/* Writers of one resource: it is added to the others when it ends, as more may be met while it is written. */
typedef struct fo_resource {
    kf_str text;
    kf_xml_writer x;
} fo_resource;
void fo_resource_begin(fo_resource *r, const char *element, const char *id);
void fo_resource_end(fo_writer *o, fo_resource *r, const char *element);

typedef struct fo_format_spec {
    int32_t width, height;       /* 0: not known */
    kf_rational rate;            /* {0, 0}: not known */
    kf_rational pixel_aspect;
    const char *name, *color_space; /* that were kept; NULL: none */
} fo_format_spec;
const char *fo_format(fo_writer *o, const fo_format_spec *spec);
const char *fo_asset(fo_writer *o, const kf_asset_view *asset);
kf_time fo_asset_start(const kf_asset_view *asset);
kf_str *fo_event(fo_writer *o, const char *bin); /* what is in a bin's event; NULL: out of memory */
const char *fo_effect(fo_writer *o, const char *name, const char *uid);
const char *fo_media(fo_writer *o, int32_t sequence);        /* a nested sequence; its clips refer to it */

/* ---- What was kept ---- */

void fo_kept_read(fo_kept *kept, const char *metadata);
void fo_kept_finish(fo_kept *kept);
const char *fo_kept_text(const kf_json *object, const char *key); /* NULL: absent or no text */
const char *fo_kept_attribute(const fo_kept *kept, const char *name);

/* ---- Sequences ---- */

/* Sound of an audio track that goes with its picture's clip. */
typedef struct fo_pair {
    uint64_t id;                 /* of the picture's clip */
    kf_clip_view picture, sound;
    int32_t lane;                /* of the sound */
    bool taken;                  /* sound is set */
} fo_pair;

typedef struct fo_segment {
    kf_time start;
    int32_t lane, track;
    int64_t first, count;        /* items */
} fo_segment;

typedef struct fo_story {
    fo_writer *o;
    kf_xml_writer *x;
    kf_sequence_view view;
    kf_time start;               /* local time of its beginning */
    int32_t *lanes;              /* of each track */
    int32_t primary;             /* track; -1: none */
    fo_segment *segments;
    size_t segment_count, segment_capacity, next_segment;
    int32_t next_marker;         /* of the sequence */
    fo_pair *pairs;              /* by id */
    size_t pair_count, pair_capacity;
} fo_story;

void fo_lose(const fo_story *s, kf_loss_kind kind, const char *track, kf_time t, const char *name, const char *format,
             ...) KF_PRINTF(6, 7);
/* The sequence, with its spine, in x. */
void fo_write_sequence(fo_writer *o, kf_xml_writer *x, const kf_sequence_view *view);
void fo_write_multicam(fo_writer *o, kf_xml_writer *x, const kf_sequence_view *view);
void fo_put_media_attributes(fo_story *s, const fo_kept *kept, bool sequence);
/* fcpxml_out_pairs.c */
void fo_find_pairs(fo_story *s);
fo_pair *fo_pair_of(const fo_story *s, uint64_t id);
bool fo_is_paired(const fo_story *s, const kf_clip_view *sound); /* it goes with its picture: written there */

/* ---- Clips ---- */

typedef struct fo_clip {
    kf_clip_view clip;
    const kf_track_view *track;
    kf_time offset;              /* in the parent */
    int32_t lane;                /* 0: in a spine */
    kf_time local;               /* set by fo_begin_clip: local time of its start */
    const char *element;         /* ... its name; NULL: it is a gap, as nothing can show it */
    const kf_clip_view *sound;   /* ... whose sound it has; NULL: none */
    const char *name;            /* ... */
    fo_kept kept;                /* ... */
} fo_clip;

void fo_begin_clip(fo_story *s, fo_clip *c);     /* up to where connected clips stand */
void fo_end_clip(fo_story *s, fo_clip *c);       /* the rest, and the end tag */
/* False: only a gap can stand for it. */
bool fo_is_shown(const kf_clip_view *clip, const kf_track_view *track);
void fo_lose_unshown(fo_story *s, const kf_clip_view *clip, const kf_track_view *track);
void fo_write_transition(fo_story *s, const kf_transition_view *t, const kf_track_view *track, kf_time offset);
void fo_put_marker(fo_story *s, const kf_marker *m, kf_time start);
void fo_lose_clip(const fo_story *s, const fo_clip *c, kf_loss_kind kind, const char *format, ...) KF_PRINTF(4, 5);
/* fcpxml_out_adjust.c: the adjustment called `element`, if the clip has what it takes; false: nothing written. */
bool fo_put_adjustment(fo_story *s, const fo_clip *c, const char *element);
void fo_report_adjustments(fo_story *s, const fo_clip *c);
/* fcpxml_out_title.c */
void fo_put_title(fo_story *s, const fo_clip *c);
void fo_put_solid(fo_story *s, const fo_clip *c);
/* A parameter by name; false: not set, as out->set. */
bool fo_param(const kf_params *params, const char *name, kf_param_value *out);

#endif
