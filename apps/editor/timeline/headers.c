/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "headers.h"

#include <math.h>

enum { WIDTH = 156 };

/* ---- One half: video or audio ---- */

#define KERF_TYPE_TIMELINE_STACK (kerf_timeline_stack_get_type())
G_DECLARE_FINAL_TYPE(KerfTimelineStack, kerf_timeline_stack, KERF, TIMELINE_STACK, GtkWidget)

struct _KerfTimelineStack {
    GtkWidget parent;
    KerfTimelineArea *area;   /* not owned: both are of one panel */
    bool audio;
    GHashTable *rows;         /* uint64_t * of the track -> GtkWidget */
};

G_DEFINE_FINAL_TYPE(KerfTimelineStack, kerf_timeline_stack, GTK_TYPE_WIDGET)

static void stack_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : 0;
}

static GtkWidget *row_widget(KerfTimelineStack *stack, uint64_t track)
{
    GtkWidget *header = g_hash_table_lookup(stack->rows, &track);
    if (header) return header;
    header = kt_track_header_new(stack->area, track);
    g_hash_table_insert(stack->rows, g_memdup2(&track, sizeof track), header);
    gtk_widget_set_parent(header, GTK_WIDGET(stack));
    return header;
}

static gboolean is_away(gpointer key, gpointer widget, gpointer data)
{
    const kt_view *view = data;
    for (int32_t i = 0; i < view->row_count; i++) {
        if (view->rows[i].uid == *(uint64_t *)key) return !kt_view_row_visible(view, &view->rows[i]);
    }
    return TRUE;
}

static void unparent(gpointer widget)
{
    gtk_widget_unparent(widget);
}

/* Widgets for the rows that are seen, and for no others. */
static void stack_sync(KerfTimelineStack *stack)
{
    KerfTimelineArea *area = stack->area;
    g_hash_table_foreach_remove(stack->rows, is_away, &area->view);
    for (int32_t i = 0; i < area->view.row_count; i++) {
        const kt_row *row = &area->view.rows[i];
        kf_track_info track;
        if (row->audio != stack->audio || !kt_view_row_visible(&area->view, row)) continue;
        if (!kf_film_track(kerf_document_film(area->document), kerf_document_sequence(area->document), row->track,
                           &track))
            continue;
        kt_track_header_update(row_widget(stack, row->uid), &track, row->height);
    }
    gtk_widget_queue_allocate(GTK_WIDGET(stack));
}

static void stack_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KerfTimelineStack *stack = KERF_TIMELINE_STACK(widget);
    const kt_view *view = &stack->area->view;
    double top = kt_view_half(view, stack->audio).y;
    for (int32_t i = 0; i < view->row_count; i++) {
        GtkWidget *header = g_hash_table_lookup(stack->rows, &view->rows[i].uid);
        if (!header) continue;
        int ignored;
        gtk_widget_measure(header, GTK_ORIENTATION_VERTICAL, width, &ignored, NULL, NULL, NULL);
        graphene_point_t at = GRAPHENE_POINT_INIT(0, (float)(kt_view_row_y(view, &view->rows[i]) - top));
        gtk_widget_allocate(header, width, MAX((int)view->rows[i].height, ignored), -1,
                            gsk_transform_translate(NULL, &at));
    }
}

static void stack_dispose(GObject *object)
{
    g_clear_pointer(&KERF_TIMELINE_STACK(object)->rows, g_hash_table_unref);
    G_OBJECT_CLASS(kerf_timeline_stack_parent_class)->dispose(object);
}

static void kerf_timeline_stack_class_init(KerfTimelineStackClass *class)
{
    G_OBJECT_CLASS(class)->dispose = stack_dispose;
    GTK_WIDGET_CLASS(class)->measure = stack_measure;
    GTK_WIDGET_CLASS(class)->size_allocate = stack_allocate;
}

static void kerf_timeline_stack_init(KerfTimelineStack *stack)
{
    stack->rows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, unparent);
    gtk_widget_set_overflow(GTK_WIDGET(stack), GTK_OVERFLOW_HIDDEN);
}

/* ---- The column ---- */

struct _KerfTimelineHeaders {
    GtkWidget parent;
    KerfTimelineArea *area;
    GtkWidget *corner;
    KerfTimelineStack *halves[2];
};

G_DEFINE_FINAL_TYPE(KerfTimelineHeaders, kerf_timeline_headers, GTK_TYPE_WIDGET)

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
    int ignored;
    gtk_widget_measure(KERF_TIMELINE_HEADERS(widget)->corner, orientation, -1, &ignored, NULL, NULL, NULL);
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? MAX(WIDTH, ignored) : 0;
}

static void allocate(GtkWidget *widget, int width, int height, int baseline)
{
    KerfTimelineHeaders *headers = KERF_TIMELINE_HEADERS(widget);
    gtk_widget_size_allocate(headers->corner, &(GtkAllocation){0, 0, width, KT_RULER}, -1);
    for (int i = 0; i < 2; i++) {
        kt_rect half = kt_view_half(&headers->area->view, i);
        const GtkAllocation place = {0, (int)half.y, width, MAX((int)half.height, 0)};
        int ignored;
        gtk_widget_measure(GTK_WIDGET(headers->halves[i]), GTK_ORIENTATION_VERTICAL, width, &ignored, NULL, NULL, NULL);
        gtk_widget_size_allocate(GTK_WIDGET(headers->halves[i]), &place, -1);
    }
}

static void view_changed(KerfTimelineArea *area, KerfTimelineHeaders *headers)
{
    for (int i = 0; i < 2; i++) stack_sync(headers->halves[i]);
    gtk_widget_queue_allocate(GTK_WIDGET(headers));
}

static gboolean scrolled(GtkEventControllerScroll *controller, double dx, double dy, KerfTimelineHeaders *headers)
{
    KerfTimelineArea *area = headers->area;
    bool wheel = gtk_event_controller_scroll_get_unit(controller) == GDK_SCROLL_UNIT_WHEEL;
    double x, y;
    GdkEvent *event = gtk_event_controller_get_current_event(GTK_EVENT_CONTROLLER(controller));
    if (!gdk_event_get_position(event, &x, &y)) return FALSE;
    GtkWidget *root = GTK_WIDGET(gtk_widget_get_root(GTK_WIDGET(headers)));
    gtk_widget_translate_coordinates(root, GTK_WIDGET(headers), x, y, &x, &y);
    if (y > kt_view_split_y(&area->view)) area->view.audio_scroll += dy * (wheel ? 40 : 1);
    else area->view.video_scroll -= dy * (wheel ? 40 : 1);
    kerf_timeline_area_view_changed(area);
    return TRUE;
}

static void dispose(GObject *object)
{
    KerfTimelineHeaders *headers = KERF_TIMELINE_HEADERS(object);
    if (headers->area) g_signal_handlers_disconnect_by_data(headers->area, headers);
    g_clear_pointer(&headers->corner, gtk_widget_unparent);
    for (int i = 0; i < 2; i++) {
        if (headers->halves[i]) gtk_widget_unparent(GTK_WIDGET(headers->halves[i]));
        headers->halves[i] = NULL;
    }
    g_clear_object(&headers->area);
    G_OBJECT_CLASS(kerf_timeline_headers_parent_class)->dispose(object);
}

static void kerf_timeline_headers_class_init(KerfTimelineHeadersClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->measure = measure;
    GTK_WIDGET_CLASS(class)->size_allocate = allocate;
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "trackheaders");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void kerf_timeline_headers_init(KerfTimelineHeaders *headers)
{
    gtk_widget_set_overflow(GTK_WIDGET(headers), GTK_OVERFLOW_HIDDEN);
    gtk_accessible_update_property(GTK_ACCESSIBLE(headers), GTK_ACCESSIBLE_PROPERTY_LABEL, "Tracks", -1);
}

GtkWidget *kerf_timeline_headers_new(KerfTimelineArea *area, GtkWidget *corner)
{
    KerfTimelineHeaders *headers = g_object_new(KERF_TYPE_TIMELINE_HEADERS, NULL);
    headers->area = g_object_ref(area);
    headers->corner = corner;
    gtk_widget_set_parent(corner, GTK_WIDGET(headers));
    for (int i = 0; i < 2; i++) {
        headers->halves[i] = g_object_new(KERF_TYPE_TIMELINE_STACK, NULL);
        headers->halves[i]->area = area;
        headers->halves[i]->audio = i;
        gtk_widget_set_parent(GTK_WIDGET(headers->halves[i]), GTK_WIDGET(headers));
    }
    GtkEventController *wheel = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(wheel, "scroll", G_CALLBACK(scrolled), headers);
    gtk_widget_add_controller(GTK_WIDGET(headers), wheel);
    g_signal_connect(area, "view-changed", G_CALLBACK(view_changed), headers);
    view_changed(area, headers);
    return GTK_WIDGET(headers);
}
