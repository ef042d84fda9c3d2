/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "zoombar.h"

#include <math.h>

enum { HEIGHT = 14, END = 12, LEAST = 34 };
typedef enum grip { GRIP_NONE, GRIP_FROM, GRIP_TO, GRIP_THUMB } grip;

typedef struct zoombar {
    KerfTimelineArea *area;   /* owned */
    GtkWidget *widget;
    grip held, over;
    kf_time from, to, whole;  /* when it was grabbed */
} zoombar;

/* What the whole bar stands for. */
static kf_time whole(const zoombar *bar)
{
    kf_time end = kerf_document_sequence_info(bar->area->document)->duration;
    return MAX(MAX(end + end / 20, kt_view_end(&bar->area->view)), KF_SECOND);
}

static void thumb(const zoombar *bar, double width, double *from, double *to)
{
    double all = (double)(bar->held ? bar->whole : whole(bar));
    *from = (double)bar->area->view.from / all * width;
    *to = MIN((double)kt_view_end(&bar->area->view) / all * width, width);
    if (*to - *from < LEAST) {
        *from = CLAMP((*from + *to) / 2 - LEAST / 2.0, 0, MAX(width - LEAST, 0));
        *to = *from + LEAST;
    }
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    zoombar *bar = data;
    double from, to;
    GdkRGBA ink;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &ink);
    thumb(bar, width, &from, &to);
    double y = 3, h = height - 6, r = h / 2;
    cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, bar->held || bar->over ? 0.42 : 0.28);
    cairo_new_sub_path(cr);
    cairo_arc(cr, to - r, y + r, r, -G_PI_2, G_PI_2);
    cairo_arc(cr, from + r, y + r, r, G_PI_2, 3 * G_PI_2);
    cairo_close_path(cr);
    cairo_fill(cr);
    cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, 0.8);
    for (int side = 0; side < 2; side++) {
        cairo_arc(cr, side ? to - r : from + r, y + r, r - 1, 0, 2 * G_PI);
        cairo_fill(cr);
    }
}

static grip grip_at(const zoombar *bar, double x)
{
    double from, to;
    thumb(bar, gtk_widget_get_width(bar->widget), &from, &to);
    if (x < from - 2 || x > to + 2) return GRIP_NONE;
    return x < from + END ? GRIP_FROM : x > to - END ? GRIP_TO : GRIP_THUMB;
}

static void show(zoombar *bar, kf_time from, kf_time to)
{
    kt_view *view = &bar->area->view;
    double scale = view->width / (double)MAX(to - from, 1);
    kt_view_scroll_to(view, from);
    kt_view_zoom(view, scale / view->scale, 0, kerf_timeline_area_frame(bar->area));
    kerf_timeline_area_view_changed(bar->area);
}

static void began(GtkGestureDrag *gesture, double x, double y, zoombar *bar)
{
    bar->whole = whole(bar);
    bar->held = grip_at(bar, x);
    bar->from = bar->area->view.from;
    bar->to = kt_view_end(&bar->area->view);
    if (bar->held) return;
    kf_time span = bar->to - bar->from, at = (kf_time)(x / gtk_widget_get_width(bar->widget) * (double)bar->whole);
    show(bar, MAX(at - span / 2, 0), MAX(at - span / 2, 0) + span);
}

static void dragged(GtkGestureDrag *gesture, double dx, double dy, zoombar *bar)
{
    kf_time by = (kf_time)(dx / gtk_widget_get_width(bar->widget) * (double)bar->whole), least = KF_SECOND / 50;
    if (bar->held == GRIP_FROM) show(bar, CLAMP(bar->from + by, 0, bar->to - least), bar->to);
    if (bar->held == GRIP_TO) show(bar, bar->from, MAX(bar->to + by, bar->from + least));
    if (bar->held == GRIP_THUMB) {
        kt_view_scroll_to(&bar->area->view, bar->from + by);
        kerf_timeline_area_view_changed(bar->area);
    }
}

static void ended(GtkGestureDrag *gesture, double dx, double dy, zoombar *bar)
{
    bar->held = GRIP_NONE;
    gtk_widget_queue_draw(bar->widget);
}

static void hovered(GtkEventControllerMotion *controller, double x, double y, zoombar *bar)
{
    bar->over = grip_at(bar, x);
    gtk_widget_set_cursor_from_name(bar->widget,
                                    bar->over == GRIP_FROM || bar->over == GRIP_TO ? "ew-resize" : "default");
    gtk_widget_queue_draw(bar->widget);
}

static void left(GtkEventControllerMotion *controller, zoombar *bar)
{
    bar->over = GRIP_NONE;
    gtk_widget_queue_draw(bar->widget);
}

static void view_changed(KerfTimelineArea *area, GtkWidget *widget)
{
    gtk_widget_queue_draw(widget);
}

static void finish(gpointer data, GObject *gone)
{
    zoombar *bar = data;
    g_signal_handlers_disconnect_by_data(bar->area, gone);
    g_object_unref(bar->area);
    g_free(bar);
}

GtkWidget *kt_zoombar_new(KerfTimelineArea *area)
{
    zoombar *bar = g_new0(zoombar, 1);
    GtkGesture *drag = gtk_gesture_drag_new();
    GtkEventController *hover = gtk_event_controller_motion_new();
    bar->area = g_object_ref(area);
    bar->widget = gtk_drawing_area_new();
    gtk_widget_set_size_request(bar->widget, -1, HEIGHT);
    gtk_widget_set_tooltip_text(bar->widget, "Drag to scroll, its ends to zoom");
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar->widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "Scroll and zoom", -1);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(bar->widget), draw, bar, NULL);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(began), bar);
    g_signal_connect(drag, "drag-update", G_CALLBACK(dragged), bar);
    g_signal_connect(drag, "drag-end", G_CALLBACK(ended), bar);
    gtk_widget_add_controller(bar->widget, GTK_EVENT_CONTROLLER(drag));
    g_signal_connect(hover, "motion", G_CALLBACK(hovered), bar);
    g_signal_connect(hover, "leave", G_CALLBACK(left), bar);
    gtk_widget_add_controller(bar->widget, hover);
    g_signal_connect(area, "view-changed", G_CALLBACK(view_changed), bar->widget);
    g_object_weak_ref(G_OBJECT(bar->widget), finish, bar);
    return bar->widget;
}
