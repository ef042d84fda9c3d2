/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captions: SubRip, WebVTT and ASS to title clips and back. captions_text.c has the text with its styles, captions.c
 * and captions_ass.c reading, captions_write.c writing. */
#ifndef KF_INTERCHANGE_CAPTIONS_H
#define KF_INTERCHANGE_CAPTIONS_H

#include "interchange/internal.h"

typedef enum caption_form { CAPTION_MARKUP /* of titles */, CAPTION_SRT, CAPTION_VTT, CAPTION_ASS } caption_form;

/* Text being turned from one form into another. Zero-initialise; caption_text_finish. */
typedef struct caption_text {
    kf_str out;
    bool styled;               /* the text has bold, italic, ... or coloured parts */
    bool lost;                 /* something of its styling has no counterpart */
    int place;                 /* as on a numeric keypad ({\an8}); 0: not said */
    bool has_position;         /* ASS: {\pos(x,y)} */
    double x, y;
} caption_text;
void caption_text_convert(caption_text *t, const char *text, size_t length, caption_form from, caption_form to);
void caption_text_finish(caption_text *t);

/* How a caption looks where nothing else is said; of a picture of 1920x1080. */
enum { CAPTION_WIDTH = 1920, CAPTION_HEIGHT = 1080, CAPTION_SIZE = 54, CAPTION_MARGIN = 60, CAPTION_MAX_WIDTH = 1680,
       CAPTION_MAX_TRACKS = 100 };

/* The film of a file of captions. */
typedef struct caption_film {
    const kf_import_params *params;
    kf_report *report;
    ix_film film;
    ix_sequence sequence;
    struct caption_track { kf_str text; kf_json_writer w; kf_time end; } *tracks; /* cues that overlap need several */
    size_t count, capacity;
} caption_film;

/* What a cue shows. Texts are borrowed. */
typedef struct caption_cue {
    kf_time start, end;
    const char *markup;        /* or plain text, if not styled */
    bool styled;
    int place;                 /* 1 to 9; 0: bottom, centre */
    bool has_position;
    double x, y;               /* px of 1920x1080 */
    const char *look;          /* members of the title's params for font, size, colours; NULL: the default look */
    const char *kept;          /* members of metadata's "captions"; NULL: none */
} caption_cue;

kf_status caption_film_init(caption_film *f, const kf_import_params *params, kf_report *report, kf_error *err);
/* Cues come in any order. KF_ERR_UNSUPPORTED: more than CAPTION_MAX_TRACKS at once. */
kf_status caption_film_add(caption_film *f, const caption_cue *cue, kf_error *err);
kf_status caption_film_write(caption_film *f, kf_str *out, kf_error *err);
void caption_film_finish(caption_film *f);

/* The file's text without a byte order mark, NUL-terminated, UTF-8. New string; NULL: out of memory. */
char *caption_plain_text(const kf_import_params *params);
kf_status caption_import_ass(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err);
kf_status caption_export(kf_snapshot snapshot, const kf_export_params *params, caption_form form, kf_str *out,
                         kf_report *report, kf_error *err);

#endif
