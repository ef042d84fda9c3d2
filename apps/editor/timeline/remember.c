/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the timeline was looked at, kept with the project's view: heights of tracks, the split, and for each sequence
 * scale and scroll positions. */
#include "area.h"

static const char *const GROUP = "timeline";

static char *sequence_key(KerfTimelineArea *area)
{
    return g_strdup_printf("sequence-%" G_GUINT64_FORMAT, area->shown);
}

void kerf_timeline_area_store(KerfTimelineArea *area)
{
    GKeyFile *keys = kerf_window_view(area->window);
    const kt_view *view = &area->view;
    if (!keys || !area->shown || area->fit_pending) return;
    g_autofree char *key = sequence_key(area);
    double numbers[] = {view->scale * KF_SECOND, (double)view->from / KF_SECOND, view->video_scroll,
                        view->audio_scroll};
    g_key_file_set_double_list(keys, GROUP, key, numbers, G_N_ELEMENTS(numbers));
    g_key_file_set_double(keys, GROUP, "split", view->split);
    kerf_window_view_changed(area->window);
}

void kerf_timeline_area_store_height(KerfTimelineArea *area, uint64_t track, double height)
{
    GKeyFile *keys = kerf_window_view(area->window);
    if (!keys) return;
    g_autofree char *key = g_strdup_printf("track-%" G_GUINT64_FORMAT, track);
    g_key_file_set_double(keys, GROUP, key, height);
    kerf_window_view_changed(area->window);
}

double kerf_timeline_area_stored_height(KerfTimelineArea *area, uint64_t track, double usual)
{
    GKeyFile *keys = kerf_window_view(area->window);
    g_autofree char *key = g_strdup_printf("track-%" G_GUINT64_FORMAT, track);
    double height = keys ? g_key_file_get_double(keys, GROUP, key, NULL) : 0;
    return height > 0 ? CLAMP(height, KT_ROW_MIN, KT_ROW_MAX) : usual;
}

bool kerf_timeline_area_restore(KerfTimelineArea *area)
{
    GKeyFile *keys = kerf_window_view(area->window);
    area->shown = kerf_document_sequence_info(area->document)->uid;
    if (!keys) return false;
    g_autofree char *key = sequence_key(area);
    gsize count = 0;
    g_autofree double *numbers = g_key_file_get_double_list(keys, GROUP, key, &count, NULL);
    double split = g_key_file_get_double(keys, GROUP, "split", NULL);
    if (split > 0) area->view.split = MIN(split, 1);
    if (count != 4 || !(numbers[0] > 0)) return false;
    area->view.scale = numbers[0] / KF_SECOND;
    kt_view_zoom(&area->view, 1, 0, kerf_timeline_area_frame(area)); /* into its bounds */
    kt_view_scroll_to(&area->view, (kf_time)(numbers[1] * KF_SECOND));
    area->view.video_scroll = numbers[2];
    area->view.audio_scroll = numbers[3];
    return true;
}
