/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two ways in which the media panel shows its tree. Both select in the document, drag what is selected, and call
 * `activate` for a double click or Enter. */
#ifndef KERF_EDITOR_MEDIA_VIEWS_H
#define KERF_EDITOR_MEDIA_VIEWS_H

#include "item.h"
#include "window.h"

typedef struct KerfMediaViews {
    KerfWindow *window;
    KerfMediaTree *tree;
    KerfWorker *worker;
    void (*activate)(struct KerfMediaViews *views, KerfMediaItem *item);
    char *search;             /* folded; "" shows the bins */
    char *bin;                /* that the icons show; "" is the top */
    GtkSelectionModel *list_selection, *icon_selection;
    GtkWidget *list, *icons;
    GtkFilter *list_filter, *icon_filter;
    GListModel *list_tree, *list_found; /* the list's two models */
} KerfMediaViews;

/* Widgets, floating; kept in views->list and views->icons. */
GtkWidget *kerf_media_list_new(KerfMediaViews *views);
GtkWidget *kerf_media_icons_new(KerfMediaViews *views);
/* The search text or the bin is another. */
void kerf_media_list_refilter(KerfMediaViews *views);
void kerf_media_icons_refilter(KerfMediaViews *views);

/* ---- Shared ---- */

gboolean kerf_media_matches(KerfMediaViews *views, KerfMediaItem *item);
const char *kerf_media_icon(const KerfMediaItem *item);
/* Selected items of a view as a new array of references. */
GPtrArray *kerf_media_selected(GtkSelectionModel *selection);
/* Tells the document what is selected in a view. */
void kerf_media_selection_changed(KerfMediaViews *views, GtkSelectionModel *selection);
/* Lets a row drag what is selected (or `item` alone if it is not), and lets bins take what is dropped on them. item_of gives the
 * row's present item, borrowed, or NULL. */
typedef KerfMediaItem *KerfItemOf(GtkWidget *row);
void kerf_media_row_drags(KerfMediaViews *views, GtkWidget *row, KerfItemOf *item_of, GtkSelectionModel *(*selection)(KerfMediaViews *));

#endif
