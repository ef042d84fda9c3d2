/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The drawn tracks: lists of quads kept for each track, for more than is visible, until the track is another one.
 * Scrolling and zooming within that cost nothing; what must be made anew at once is, the rest waits for frames with
 * time to spare. */
#ifndef KERF_TIMELINE_TRACKS_H
#define KERF_TIMELINE_TRACKS_H

#include <gtk/gtk.h>

#include "gl.h"
#include "paint.h"
#include "viewport.h"

typedef struct kt_tracks {
    GHashTable *by_uid;       /* uint64_t -> track_cache */
    uint32_t frame;
    uint32_t epoch;           /* of what all tracks depend on: colours, selection, assets */
    int built;                /* tracks made anew in the last frame */
    int64_t items;            /* items read in the last frame */
} kt_tracks;

void kt_tracks_init(kt_tracks *tracks);
/* With GL's context current, or after it is gone with gl false. */
void kt_tracks_finish(kt_tracks *tracks, bool gl);
/* GL's objects are gone, or are to go. */
void kt_tracks_drop_gl(kt_tracks *tracks, bool gl);
/* Everything is drawn anew. */
void kt_tracks_changed(kt_tracks *tracks);

typedef struct kt_scene {
    const kf_film_handle *film;
    int32_t sequence;
    const kt_view *view;
    const kt_theme *theme;
    kt_text *text;
    kt_media *media;          /* may be NULL */
    kt_selected_fn *selected;
    void *context;
    int64_t budget_ns;        /* thread CPU time that may be spent on what could wait: KT_BUDGET_NS */
} kt_scene;

/* Makes what is missing. True: there is more to do in a later frame. */
bool kt_tracks_prepare(kt_tracks *tracks, const kt_scene *scene);
/* Draws the visible rows; after kt_tracks_prepare. */
void kt_tracks_draw(kt_tracks *tracks, kt_gl *gl, const kt_scene *scene);

#define KT_BUDGET_NS INT64_C(1500000)
/* CPU time of this thread, ns. */
int64_t kt_thread_ns(void);

#endif
