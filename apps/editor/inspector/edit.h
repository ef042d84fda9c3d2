/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the inspector's widgets tell of edits, by a signal "edit" (int phase): a drag is BEGIN, UPDATE for each move,
 * then COMMIT or CANCEL; what happens at once (typing, keys) is ONCE. The widget holds the new value when it tells. */
#ifndef KERF_EDITOR_INSPECTOR_EDIT_H
#define KERF_EDITOR_INSPECTOR_EDIT_H

#include <gtk/gtk.h>

typedef enum KerfPhase {
    KERF_PHASE_BEGIN,
    KERF_PHASE_UPDATE,
    KERF_PHASE_COMMIT,
    KERF_PHASE_CANCEL,
    KERF_PHASE_ONCE
} KerfPhase;

/* Declares the signal in a class's init; its id. */
static inline guint kerf_edit_signal_new(GType type)
{
    return g_signal_new("edit", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

/* Colours of the style, for what is drawn. */
static inline GdkRGBA kerf_style_color(GtkWidget *widget, const char *name)
{
    GdkRGBA color = {0.5f, 0.5f, 0.5f, 1};
    gtk_style_context_lookup_color(gtk_widget_get_style_context(widget), name, &color);
    return color;
}
static inline GdkRGBA kerf_text_color(GtkWidget *widget, float alpha)
{
    GdkRGBA color;
    gtk_style_context_get_color(gtk_widget_get_style_context(widget), &color);
    color.alpha *= alpha;
    return color;
}

#endif
