/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The column of track headers beside the drawn area. Only those that are seen have widgets. */
#ifndef KERF_TIMELINE_HEADERS_H
#define KERF_TIMELINE_HEADERS_H

#include "area.h"

#define KERF_TYPE_TIMELINE_HEADERS (kerf_timeline_headers_get_type())
G_DECLARE_FINAL_TYPE(KerfTimelineHeaders, kerf_timeline_headers, KERF, TIMELINE_HEADERS, GtkWidget)

/* corner: stands beside the ruler. */
GtkWidget *kerf_timeline_headers_new(KerfTimelineArea *area, GtkWidget *corner);

/* One header (track_header.c). New, floating. */
GtkWidget *kt_track_header_new(KerfTimelineArea *area, uint64_t track);
/* Shows the track as it is now. */
void kt_track_header_update(GtkWidget *header, const kf_track_info *track, double height);

#endif
