/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture of a media file; moving the pointer over it runs through the file. */
#ifndef KERF_EDITOR_MEDIA_THUMB_H
#define KERF_EDITOR_MEDIA_THUMB_H

#include <gtk/gtk.h>

#include "workers.h"

#define KERF_TYPE_THUMB (kerf_thumb_get_type())
G_DECLARE_FINAL_TYPE(KerfThumb, kerf_thumb, KERF, THUMB, GtkWidget)

GtkWidget *kerf_thumb_new(KerfWorker *worker, int height);
/* file NULL: shows the icon. duration 0: a still, or not known. */
void kerf_thumb_set(KerfThumb *thumb, const char *file, kf_time duration, const char *icon);
/* Media time under the pointer; KF_TIME_NONE: it is not there. */
kf_time kerf_thumb_hover(KerfThumb *thumb);

#endif
