/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is dragged from one panel to another. Files from outside come as GdkFileList. */
#ifndef KERF_EDITOR_DRAG_H
#define KERF_EDITOR_DRAG_H

#include <glib-object.h>

#include "kerf/base.h"

typedef enum KerfDragKind {
    KERF_DRAG_ASSETS,         /* names: ids of assets */
    KERF_DRAG_SEQUENCES,      /* ids of sequences, to nest */
    KERF_DRAG_EFFECTS,        /* kinds of kerf/catalog.h, video or audio */
    KERF_DRAG_TRANSITION,     /* one kind */
    KERF_DRAG_GENERATOR       /* one kind */
} KerfDragKind;

typedef struct KerfDrag {
    KerfDragKind kind;
    char **names;             /* NULL-terminated */
    kf_time in, out;          /* ASSETS, of one: its marks; KF_TIME_NONE: its ends */
    gboolean video, audio;    /* which of an asset's is wanted */
} KerfDrag;

#define KERF_TYPE_DRAG (kerf_drag_get_type())
GType kerf_drag_get_type(void); /* boxed: for GtkDropTarget and gdk_content_provider_new_typed */
/* names is copied. All of it is wanted from end to end. */
KerfDrag *kerf_drag_new(KerfDragKind kind, const char *const *names);
KerfDrag *kerf_drag_copy(const KerfDrag *drag);
void kerf_drag_free(KerfDrag *drag);

#endif
