/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scrub.h"

#define HEIGHT 18
#define MARGIN 8.0            /* px left and right, so that the playhead's head fits */

struct _KerfScrub {
    GtkWidget parent;
    KerfScrubState state;
    gboolean held;
    double start;
};

G_DEFINE_FINAL_TYPE(KerfScrub, kerf_scrub, GTK_TYPE_WIDGET)

enum { SCRUBBED, SCRUB_ENDED, SIGNALS };
static guint signals[SIGNALS];

static double length(KerfScrub *s) { return MAX(gtk_widget_get_width(GTK_WIDGET(s)) - 2 * MARGIN, 1); }

static double x_of(KerfScrub *s, kf_time t)
{
    return MARGIN + (s->state.duration > 0 ? length(s) * ((double)t / (double)s->state.duration) : 0);
}

static kf_time time_of(KerfScrub *s, double x)
{
    const double part = CLAMP((x - MARGIN) / length(s), 0, 1);
    return (kf_time)(part * (double)s->state.duration);
}

/* ---- Drawing ---- */

static void draw_range(KerfScrub *s, GtkSnapshot *snapshot, const GdkRGBA *accent)
{
    const KerfScrubState *now = &s->state;
    if (now->in == KF_TIME_NONE && now->out == KF_TIME_NONE) return;
    const double from = x_of(s, now->in == KF_TIME_NONE ? 0 : now->in);
    const double to = x_of(s, now->out == KF_TIME_NONE ? now->duration : now->out);
    GdkRGBA fill = *accent;
    fill.alpha = 0.45f;
    gtk_snapshot_append_color(snapshot, &fill, &GRAPHENE_RECT_INIT(from, 7, MAX(to - from, 1), 8));
    if (now->in != KF_TIME_NONE) gtk_snapshot_append_color(snapshot, accent, &GRAPHENE_RECT_INIT(from, 4, 2, 14));
    if (now->out != KF_TIME_NONE) gtk_snapshot_append_color(snapshot, accent, &GRAPHENE_RECT_INIT(to - 2, 4, 2, 14));
}

static void draw_playhead(cairo_t *cr, double x, const GdkRGBA *color)
{
    gdk_cairo_set_source_rgba(cr, color);
    cairo_move_to(cr, x - 5, 1);
    cairo_line_to(cr, x + 5, 1);
    cairo_line_to(cr, x + 5, 5);
    cairo_line_to(cr, x, 10);
    cairo_line_to(cr, x - 5, 5);
    cairo_close_path(cr);
    cairo_fill(cr);
    cairo_rectangle(cr, x - 0.5, 8, 1, HEIGHT - 8);
    cairo_fill(cr);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfScrub *s = KERF_SCRUB(widget);
    GdkRGBA color, accent = {0.24f, 0.49f, 1, 1};
    GtkStyleContext *style = gtk_widget_get_style_context(widget);
    gtk_style_context_get_color(style, &color);
    gtk_style_context_lookup_color(style, "accent_color", &accent);
    GdkRGBA groove = color;
    groove.alpha *= 0.15f;
    gtk_snapshot_append_color(snapshot, &groove, &GRAPHENE_RECT_INIT(MARGIN, 9, length(s), 4));
    if (s->state.duration <= 0) return;
    draw_range(s, snapshot, &accent);
    const double x = floor(x_of(s, CLAMP(s->state.position, 0, s->state.duration))) + 0.5;
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(x - 6, 0, 12, HEIGHT));
    draw_playhead(cr, x, gtk_widget_has_visible_focus(widget) ? &accent : &color);
    cairo_destroy(cr);
}

static void measure(GtkWidget *w, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *mb, int *nb)
{
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : HEIGHT;
    *mb = *nb = -1;
}

/* ---- The hand ---- */

static void move_to(KerfScrub *s, kf_time t)
{
    s->state.position = t;
    gtk_widget_queue_draw(GTK_WIDGET(s));
    g_signal_emit(s, signals[SCRUBBED], 0, (gint64)t);
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfScrub *s = data;
    if (s->state.duration <= 0) return;
    gtk_widget_grab_focus(GTK_WIDGET(s));
    s->held = TRUE;
    s->start = x;
    move_to(s, time_of(s, x));
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, gpointer data)
{
    KerfScrub *s = data;
    if (s->held) move_to(s, time_of(s, s->start + dx));
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, gpointer data)
{
    KerfScrub *s = data;
    if (!s->held) return;
    s->held = FALSE;
    g_signal_emit(s, signals[SCRUB_ENDED], 0, (gint64)s->state.position);
}

/* ---- The widget ---- */

static void tell(KerfScrub *s, const char *text)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(s), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double)s->state.duration / KF_SECOND,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double)s->state.position / KF_SECOND,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text ? text : "", -1);
}

void kerf_scrub_set(KerfScrub *s, const KerfScrubState *state)
{
    const KerfScrubState old = s->state;
    s->state = *state;
    s->state.text = NULL;
    if (s->held) s->state.position = old.position;
    const KerfScrubState *now = &s->state;
    if (old.duration == now->duration && old.position == now->position && old.in == now->in && old.out == now->out) return;
    tell(s, state->text);
    gtk_widget_queue_draw(GTK_WIDGET(s));
}

static void kerf_scrub_class_init(KerfScrubClass *class)
{
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    GTK_WIDGET_CLASS(class)->measure = measure;
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "kerf-scrub");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_SLIDER);
    signals[SCRUBBED] =
        g_signal_new("scrubbed", KERF_TYPE_SCRUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
    signals[SCRUB_ENDED] =
        g_signal_new("scrub-ended", KERF_TYPE_SCRUB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void kerf_scrub_init(KerfScrub *s)
{
    s->state.in = s->state.out = KF_TIME_NONE;
    gtk_widget_set_focusable(GTK_WIDGET(s), TRUE);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), s);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), s);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), s);
    gtk_widget_add_controller(GTK_WIDGET(s), GTK_EVENT_CONTROLLER(drag));
}

GtkWidget *kerf_scrub_new(const char *label)
{
    KerfScrub *s = g_object_new(KERF_TYPE_SCRUB, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(s), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    return GTK_WIDGET(s);
}
