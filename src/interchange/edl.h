/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMX3600 edit decision lists, as lines of text: what the list says, before it means anything on a timeline. */
#ifndef KF_INTERCHANGE_EDL_H
#define KF_INTERCHANGE_EDL_H

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "interchange/api/interchange.h"

enum { EDL_MAX_EVENTS = 1000000, EDL_MAX_CHANNELS = 24 };

typedef enum edl_edit { EDL_CUT, EDL_DISSOLVE, EDL_WIPE, EDL_KEY_BACKGROUND, EDL_KEY, EDL_KEY_OUT } edl_edit;

/* A label as written. */
typedef struct edl_timecode {
    int32_t hours, minutes, seconds, frames;
    bool drop;
} edl_timecode;

typedef struct edl_comment {
    const char *text;  /* without its '*' */
    struct edl_comment *next;
} edl_comment;

typedef struct edl_locator {
    edl_timecode at;   /* record time */
    const char *color, *text;
    struct edl_locator *next;
} edl_locator;

/* One line of an event. A transition is two lines of the same number: what it comes from, what it goes to. */
typedef struct edl_event {
    int line;
    const char *number, *reel, *channels; /* as written */
    bool video;
    uint32_t audio;                       /* bit n: channel n + 1 */
    edl_edit edit;
    int wipe;                             /* code of a WIPE */
    int64_t length;                       /* frames of the transition or key's fade */
    edl_timecode source_in, source_out, record_in, record_out;
    const char *from_name, *to_name, *source_file; /* "" if not said */
    bool has_speed, freeze;               /* freeze: a comment says so */
    int64_t speed_num, speed_den;         /* M2: frames a second, negative plays backwards, 0 stands still */
    bool has_sop, has_sat;
    double sop[9], sat;                   /* ASC CDL: slope, offset, power of red, green, blue; saturation */
    edl_comment *comments, **comments_end;
    edl_locator *locators, **locators_end;
} edl_event;

typedef struct edl_list {
    kf_arena arena;
    const char *title;      /* "" if none */
    bool record_drop;       /* the first FCM line says DROP FRAME */
    edl_event *events;
    size_t count, capacity;
    edl_comment *comments, **comments_end; /* before the first event */
    bool latin1;            /* the bytes were not UTF-8 and were taken as ISO 8859-1 */
} edl_list;

/* Reads lines; `name` starts error messages ("name:line: ..."). edl_list_finish also after a failure. */
kf_status edl_read(const char *bytes, size_t length, const char *name, edl_list *out, kf_error *err);
void edl_list_finish(edl_list *list);

bool edl_sniff(const char *bytes, size_t length);

/* The frame that a label names when frames are counted at the nominal rate (29.97: 30). A number that drop-frame
 * counting skips gives the frame after it. */
int64_t edl_frame(edl_timecode timecode, int nominal, bool drop);
/* The smallest usual rate whose labels the list's are: drop-frame 29.97 or 59.94, else 24, 25, 30, 48, 50 or 60. */
kf_rational edl_guess_rate(const edl_list *list);

/* ---- What both ways share ---- */

/* A locator's colour as the film has it ("#ff0000"), NULL if the name is not known; and the name nearest to a colour.
 */
const char *edl_color_value(const char *name);
const char *edl_color_name(const float color[4]);
/* Comments that an export writes anew (clip names, files, locators), and those of colour decision lists. */
bool edl_is_rewritten(const char *comment);
bool edl_is_cdl(const char *comment);
/* Writes "effects" that look exactly like the event's CDL; false, and nothing, if there are none such. */
bool edl_put_cdl(kf_json_writer *w, const edl_event *event);
/* Writes the angle and edge of wipe `code`; false: of the nearest. The code of an angle; 0 if there is none. */
bool edl_put_wipe(kf_json_writer *w, int code);
int edl_wipe_code(double angle);

kf_status edl_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err);
kf_status edl_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                     kf_error *err);

#endif
