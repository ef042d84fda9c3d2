/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The titles of a sequence in order of time: what a list of captions shows, and edits of them. */
#ifndef KERF_EDITOR_CUES_H
#define KERF_EDITOR_CUES_H

#include "document.h"

/* One as it was when it was read. */
#define KERF_TYPE_CUE (kerf_cue_get_type())
G_DECLARE_FINAL_TYPE(KerfCue, kerf_cue, KERF, CUE, GObject)
struct _KerfCue {
    GObject parent;
    uint64_t id;
    kf_time start, end;
    char *text;               /* without markup, in one line */
};

/* Those of all video tracks of the sequence that is edited. New: KerfCue. */
GPtrArray *kerf_cues_read(KerfDocument *document);
/* Whether a clip is a title, and where. */
gboolean kerf_cue_find(KerfDocument *document, uint64_t id, kf_timeline_item *out);
/* Its text as it is stored. Borrowed from the film. */
const char *kerf_cue_text(KerfDocument *document, const kf_timeline_item *title, gboolean *markup);

/* A new title at the playhead, three seconds or up to the next one: in the style of the one that has the focus and on its track,
 * else a caption on the track called Captions, which is made if there is none. It gets the focus. */
void kerf_cue_add(KerfDocument *document);
/* A title of another look: name of a style (kerf_cue_styles). */
void kerf_cue_set_style(KerfDocument *document, const kf_timeline_item *title, int style);
extern const char *const kerf_cue_styles[]; /* labels; ends with NULL */
/* Where on the picture: 0..2 across, 0..2 down; within what is safe for titles. */
void kerf_cue_place(KerfDocument *document, const kf_timeline_item *title, int across, int down);
/* In two at the playhead; its words are shared out. */
void kerf_cue_split(KerfDocument *document, const kf_timeline_item *title);
/* With the next title of its track: one text after the other, until the end of that one. */
void kerf_cue_merge(KerfDocument *document, const kf_timeline_item *title);
void kerf_cue_remove(KerfDocument *document, const kf_timeline_item *title);
/* Moves its beginning or its end. */
void kerf_cue_set_time(KerfDocument *document, const kf_timeline_item *title, gboolean end, kf_time to);
/* The operation that sets its text. New. */
char *kerf_cue_text_operation(uint64_t id, const char *text, gboolean markup);

#endif
