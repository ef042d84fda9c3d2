/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Final Cut Pro XML: what reading and writing share, and the parts of the reader.
 *
 * The rule of time: every element has a local time of its own, which begins at its `start`; `offset` says where that
 * lies in the local time of its parent. A sequence's local time begins at tcStart, an asset's at its first frame's
 * timecode, from which Kerf counts source time. */
#ifndef KF_INTERCHANGE_FCPXML_H
#define KF_INTERCHANGE_FCPXML_H

#include "interchange/internal.h"
#include "interchange/xml.h"

/* ---- Values ---- */

/* Reads "1001/30000s", "5s", "2.5s". *exact is cleared (never set) if the time is no whole flick and was rounded. False
 * if it is no time, or past 1000 hours. */
bool fx_read_time(const char *text, kf_time *out, bool *exact);
/* Reads up to `most` numbers with blanks or commas between; how many there were. No locale matters. */
int fx_read_numbers(const char *text, double *out, int most);
void fx_add_time(kf_str *out, kf_time t);                 /* "1001/30000s" */
void fx_put_time(kf_xml_writer *w, const char *name, kf_time t); /* as an attribute */
/* The rate and size that a format's name means: "FFVideoFormat1080p2398". Parts that it does not say stay. */
void fx_format_from_name(const char *name, kf_rational *rate, int32_t *width, int32_t *height);
/* Final Cut Pro's own name for a common format; false: it has none. */
bool fx_format_name(int32_t width, int32_t height, kf_rational rate, char out[64]);

/* Blend modes by Final Cut Pro's numbers; -1: none such. */
int fx_blend_to_kerf(int number);
int fx_blend_from_kerf(int mode);

/* ---- Reading ---- */


typedef struct fx_reader {
    const char *name;            /* of the file */
    const kf_xml *root;
    ix_film film;
    ix_table resources;          /* id -> index into resource */
    const kf_xml **resource;     /* elements that the tables number */
    size_t resource_count;
    ix_table media;              /* id of a media -> id of its sequence (text), and its height; -1: being read */
    ix_table bins;               /* id of an asset or media -> its clip in the browser, in resource */
    int64_t links;               /* given so far */
    int depth;                   /* of sequences that are being read */
    int height;                  /* of the last one that was: how many are nested in each other, itself included */
    bool inexact;                /* a time was rounded since this was cleared */
    kf_report *report;
    kf_error *err;
    kf_status status;            /* the first failure; all loops look at it */
} fx_reader;

kf_time fx_time_attr(fx_reader *r, const kf_xml *element, const char *name, kf_time otherwise);
bool fx_attr_is(const kf_xml *element, const char *name, const char *value);
/* The resource that the element's `attribute` names, if it is one of that kind ("asset", "format", ...); else NULL. */
const kf_xml *fx_resource(const fx_reader *r, const kf_xml *element, const char *attribute, const char *kind);

typedef struct fx_format {
    kf_rational rate;            /* {0, 0}: not said */
    int32_t width, height;       /* 0: not said */
    kf_rational pixel_aspect;
    bool interlaced;
} fx_format;
fx_format fx_read_format(fx_reader *r, const kf_xml *format);

/* What an element shows. */
typedef enum fx_shown { FX_NOTHING, FX_ASSET, FX_SEQUENCE, FX_TITLE, FX_GENERATOR } fx_shown;
typedef struct fx_source {
    fx_shown kind;
    const char *id;              /* of the asset or sequence in the film */
    const kf_xml *element;       /* the title or generator */
    const kf_xml *resource;      /* the asset */
    kf_time start;               /* the element's local time if it does not say its `start` */
    kf_time origin;              /* local time of source time 0 */
    bool video, audio, still;
    int32_t angle, audio_angle;
} fx_source;

/* Where an element lies: [start, start + duration) of the sequence, from `local` on in its own time, which runs `speed`
 * times as fast (conformed rates only: a time map belongs to the element). */
typedef struct fx_place {
    kf_time start, duration, local;
    kf_rational speed;
    int32_t lane;
} fx_place;

typedef struct fx_placed {
    const kf_xml *element;       /* the clip, the chosen one of an audition */
    const kf_xml *audition;      /* NULL: none */
    fx_place place;
    fx_source source;
    int64_t link;                /* of a picture whose sound is a clip of its own; 0: none */
} fx_placed;

/* A sequence on its way from spine and lanes to tracks. */
typedef struct fx_item {
    kf_item_kind kind;
    kf_time start, duration;
    size_t at, size;             /* of its JSON members, in text; a gap may have none */
} fx_item;
/* A run of items that stay on one track: a storyline, or one connected clip. */
typedef struct fx_unit {
    int32_t lane;
    bool audio;
    kf_time start, end;
    size_t first, count;         /* items */
    size_t order;
    int32_t track;               /* within its lane, from 0 */
    bool primary;
} fx_unit;
typedef struct fx_story {
    fx_reader *r;
    kf_sequence_view view;       /* for naming places: name, id, rate, timecode */
    fx_format format;
    int height;                  /* of the highest sequence nested in it */
    bool multicam;               /* lanes are angles: nothing is taken apart */
    kf_str text, markers;
    kf_json_writer w;            /* of text: the item being written */
    kf_json_writer mw;           /* of markers: a list */
    fx_item *items;
    fx_unit *units;
    fx_placed *placed;           /* a stack of what is being read */
    bool failed;                 /* out of memory */
    size_t item_count, item_capacity, unit_count, unit_capacity, placed_count, placed_capacity;
} fx_story;

/* One entry of the report. */
void fx_lose(fx_story *s, kf_loss_kind kind, const fx_placed *p, const char *format, ...) KF_PRINTF(4, 5);
const char *fx_name(const kf_xml *element);

/* fcpxml_media.c: resources. */
const char *fx_asset(fx_reader *r, const kf_xml *asset);            /* id in the film, made at first use */
const char *fx_media(fx_reader *r, const kf_xml *media);            /* id of its sequence, made at first use */
/* A project or compound clip as a sequence of the film; its id. */
const char *fx_read_sequence(fx_reader *r, const char *name, const kf_xml *sequence, const kf_xml *owner);
const kf_xml *fx_browser_clip(const fx_reader *r, const kf_xml *resource); /* NULL: none */
/* The local time that a sequence's offsets count from: tcStart, but some count from 0. */
kf_time fx_spine_base(fx_reader *r, const kf_xml *spine, kf_time start);
/* The member "bin", if the element is in an event. */
void fx_write_bin(fx_reader *r, kf_json_writer *w, const kf_xml *in_event);
/* fcpxml_source.c */
void fx_resolve(fx_story *s, const kf_xml *element, fx_source *out);
/* fcpxml_story.c */
void fx_story_begin(fx_story *s, fx_reader *r, const char *name, const kf_xml *sequence);
/* Reads the children of `spine` that have no lane, and all that is connected to them. Their offsets count from `base`,
 * which is `at` of the sequence. */
void fx_read_spine(fx_story *s, const kf_xml *spine, kf_time base, int32_t lane, kf_time at);
bool fx_is_story_item(const kf_xml *element);             /* a clip of any sort, or a gap */
/* Nested content of a clip or sync clip as a sequence of its own; its id. */
const char *fx_nest(fx_story *s, const kf_xml *clip, kf_time *base);
/* fcpxml_tracks.c: writes tracks and ends the sequence. */
const char *fx_story_end(fx_story *s, const kf_xml *sequence, const kf_xml *owner);
/* fcpxml_clip.c: begins an item's object and writes what a clip has. */
typedef enum fx_part { FX_WHOLE, FX_PICTURE, FX_SOUND } fx_part;
void fx_write_clip(fx_story *s, const fx_placed *p, fx_part part, int64_t link);
void fx_write_transition(fx_story *s, const fx_placed *p);
void fx_write_marker(fx_reader *r, kf_json_writer *w, const kf_xml *e, kf_time time, kf_rational rate);
bool fx_is_marker(const kf_xml *e);                       /* a marker or chapter marker */
bool fx_is_marker_inside(fx_story *s, const fx_placed *p, const kf_xml *e);
void fx_write_markers(fx_story *s, const fx_placed *p);   /* of a clip: to it; of a gap: to the sequence */
/* fcpxml_adjust.c: transform, blend, volume. */
void fx_write_adjustments(fx_story *s, const fx_placed *p, bool picture, bool sound);
/* fcpxml_title.c: "generator" and "params". */
void fx_write_title(fx_story *s, const fx_placed *p);
void fx_write_generator(fx_story *s, const fx_placed *p);
/* fcpxml_keep.c: what Kerf has no place for, as "metadata": {"fcpxml": {"attributes": {...}, "elements": [...]}}. */
typedef struct fx_kept {
    kf_str text;                 /* of the inner object */
    kf_json_writer w;
} fx_kept;
void fx_keep_begin(fx_kept *kept);
void fx_keep_attributes(fx_kept *kept, const kf_xml *element, const char *const *names);
void fx_keep_element(kf_json_writer *w, const kf_xml *element); /* as one text of XML, into a list */
/* The list of those children whose names are (or, with `others`, are not) in `names`. */
void fx_keep_children(fx_kept *kept, const char *key, const kf_xml *element, const char *const *names, bool others);
/* Writes the member "metadata" if anything was kept. False: it is too large, and nothing was written. */
bool fx_keep_end(fx_kept *kept, kf_json_writer *w);
void fx_keep_clip(fx_story *s, const fx_placed *p);
bool fx_is_one_of(const kf_xml *element, const char *const *names);

kf_status fx_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err);
kf_status fx_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                    kf_error *err);

#endif
