/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markers as a list model, whose items are made when they are seen. */
#ifndef KERF_EDITOR_MARKER_LIST_H
#define KERF_EDITOR_MARKER_LIST_H

#include <gtk/gtk.h>

#include "place.h"

/* One as it was when it was read. */
#define KERF_TYPE_MARKER (kerf_marker_get_type())
G_DECLARE_FINAL_TYPE(KerfMarker, kerf_marker, KERF, MARKER, GObject)
/* Its texts live as long as the object. */
const kf_marker_info *kerf_marker_info(KerfMarker *marker);
/* "00:00:10:00", where it is shown. */
const char *kerf_marker_timecode(KerfMarker *marker);

#define KERF_TYPE_MARKER_LIST (kerf_marker_list_get_type())
G_DECLARE_FINAL_TYPE(KerfMarkerList, kerf_marker_list, KERF, MARKER_LIST, GObject)

KerfMarkerList *kerf_marker_list_new(KerfDocument *document);
void kerf_marker_list_set_owner(KerfMarkerList *list, kf_marker_owner owner);
kf_marker_owner kerf_marker_list_owner(KerfMarkerList *list);
/* The film is another one. */
void kerf_marker_list_refresh(KerfMarkerList *list);
/* Index of a marker that is, or was, at a time; GTK_INVALID_LIST_POSITION: it is not there. */
guint kerf_marker_list_find(KerfMarkerList *list, uint64_t id, kf_time time);

#endif
