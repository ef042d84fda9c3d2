/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Curves: a click puts a point, a drag moves it, out of the frame or Delete takes it away. */
#include <math.h>
#include <string.h>

#include "row.h"

enum { SIDE = 168, DOT = 8, NEAR = 9, SAMPLES = 128, MOST = 64 };
static const double apart = 0.005; /* least distance of points across */

#define KERF_TYPE_CURVE (kerf_curve_get_type())
G_DECLARE_FINAL_TYPE(KerfCurve, kerf_curve, KERF, CURVE, GtkWidget)

struct _KerfCurve {
    GtkWidget parent;
    float points[MOST][2];    /* ascending in x; none: a straight line */
    int count, chosen;        /* chosen: -1: none */
    float before[MOST][2];    /* where a drag began */
    int count_before;
    gboolean dragging, gone;  /* gone: the point is dragged out */
    GdkRGBA color;
};

static guint edit_signal;

G_DEFINE_FINAL_TYPE(KerfCurve, kerf_curve, GTK_TYPE_WIDGET)

static void tell(KerfCurve *c, KerfPhase phase) { g_signal_emit(c, edit_signal, 0, (int)phase); }

/* ---- Points ---- */

static void set_ends(KerfCurve *c)
{
    if (c->count > 0) return;
    memcpy(c->points, (float[2][2]){{0, 0}, {1, 1}}, sizeof(float[2][2]));
    c->count = 2;
}

static int add_point(KerfCurve *c, double x, double y)
{
    int at = 0;
    while (at < c->count && c->points[at][0] < x) {
        at++;
    }
    if (c->count == MOST) return -1;
    memmove(c->points[at + 1], c->points[at], (size_t)(c->count - at) * sizeof *c->points);
    c->points[at][0] = (float)x;
    c->points[at][1] = (float)y;
    c->count++;
    return at;
}

static void remove_point(KerfCurve *c, int i)
{
    memmove(c->points[i], c->points[i + 1], (size_t)(c->count - i - 1) * sizeof *c->points);
    c->count--;
}

/* Between its neighbours. */
static void move_point(KerfCurve *c, int i, double x, double y)
{
    const double low = i > 0 ? c->points[i - 1][0] + apart : 0,
                 high = i + 1 < c->count ? c->points[i + 1][0] - apart : 1;
    c->points[i][0] = (float)CLAMP(x, low, MAX(low, high));
    c->points[i][1] = (float)CLAMP(y, 0, 1);
    gtk_widget_queue_draw(GTK_WIDGET(c));
}

static double width_of(KerfCurve *c) { return MAX(gtk_widget_get_width(GTK_WIDGET(c)), 1); }
static double height_of(KerfCurve *c) { return MAX(gtk_widget_get_height(GTK_WIDGET(c)), 1); }

static int point_near(KerfCurve *c, double x, double y)
{
    for (int i = 0; i < c->count; i++) {
        const double dx = c->points[i][0] * width_of(c) - x, dy = (1 - c->points[i][1]) * height_of(c) - y;
        if (hypot(dx, dy) <= NEAR) return i;
    }
    return -1;
}

/* ---- Gestures ---- */

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfCurve *c)
{
    gtk_widget_grab_focus(GTK_WIDGET(c));
    memcpy(c->before, c->points, sizeof c->before);
    c->count_before = c->count;
    set_ends(c);
    c->chosen = point_near(c, x, y);
    c->gone = FALSE;
    c->dragging = TRUE;
    tell(c, KERF_PHASE_BEGIN);
    if (c->chosen < 0) {
        c->chosen = add_point(c, CLAMP(x / width_of(c), 0, 1), CLAMP(1 - y / height_of(c), 0, 1));
        tell(c, KERF_PHASE_UPDATE);
    }
    gtk_widget_queue_draw(GTK_WIDGET(c));
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, KerfCurve *c)
{
    double x, y;
    gtk_gesture_drag_get_start_point(drag, &x, &y);
    x += dx;
    y += dy;
    if (!c->dragging || c->chosen < 0 || hypot(dx, dy) < 2) return;
    const gboolean out = x < -30 || y < -30 || x > width_of(c) + 30 || y > height_of(c) + 30;
    if (out && !c->gone && c->count > 2) {
        remove_point(c, c->chosen);
        c->gone = TRUE;
    } else if (!out && c->gone) {
        c->chosen = add_point(c, CLAMP(x / width_of(c), 0, 1), CLAMP(1 - y / height_of(c), 0, 1));
        c->gone = FALSE;
    }
    if (!c->gone) move_point(c, c->chosen, x / width_of(c), 1 - y / height_of(c));
    gtk_widget_queue_draw(GTK_WIDGET(c));
    tell(c, KERF_PHASE_UPDATE);
}

static void end_drag(KerfCurve *c, KerfPhase phase)
{
    if (!c->dragging) return;
    c->dragging = FALSE;
    if (c->gone) c->chosen = -1;
    if (phase == KERF_PHASE_CANCEL) {
        memcpy(c->points, c->before, sizeof c->points);
        c->count = c->count_before;
        c->chosen = -1;
    }
    tell(c, phase);
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, KerfCurve *c) { end_drag(c, KERF_PHASE_COMMIT); }
static void drag_cancelled(GtkGesture *g, GdkEventSequence *e, KerfCurve *c) { end_drag(c, KERF_PHASE_CANCEL); }

static void choose(KerfCurve *c, int by)
{
    set_ends(c);
    c->chosen = (c->chosen + by + c->count) % c->count;
    gtk_widget_queue_draw(GTK_WIDGET(c));
}

static void nudge(KerfCurve *c, double dx, double dy)
{
    set_ends(c);
    if (c->chosen < 0) c->chosen = 0;
    move_point(c, c->chosen, c->points[c->chosen][0] + dx, c->points[c->chosen][1] + dy);
    tell(c, KERF_PHASE_ONCE);
}

/* In the middle between the chosen point and the next. */
static void insert(KerfCurve *c)
{
    set_ends(c);
    const int i = CLAMP(c->chosen, 0, c->count - 2);
    c->chosen = add_point(c, (c->points[i][0] + c->points[i + 1][0]) / 2, (c->points[i][1] + c->points[i + 1][1]) / 2);
    tell(c, KERF_PHASE_ONCE);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfCurve *c)
{
    const double step = state & GDK_SHIFT_MASK ? 0.05 : 0.01;
    switch (keyval) {
    case GDK_KEY_Left:
        nudge(c, -step, 0);
        return TRUE;
    case GDK_KEY_Right:
        nudge(c, step, 0);
        return TRUE;
    case GDK_KEY_Up:
        nudge(c, 0, step);
        return TRUE;
    case GDK_KEY_Down:
        nudge(c, 0, -step);
        return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_Page_Down:
        choose(c, keyval == GDK_KEY_Page_Down ? 1 : -1);
        return TRUE;
    case GDK_KEY_Insert:
        insert(c);
        return TRUE;
    case GDK_KEY_Delete:
    case GDK_KEY_BackSpace:
        if (c->chosen < 0 || c->count <= 2) return FALSE;
        remove_point(c, c->chosen);
        c->chosen = -1;
        tell(c, KERF_PHASE_ONCE);
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- Drawing ---- */

static void draw_grid(cairo_t *cr, double width, double height)
{
    cairo_set_source_rgba(cr, 1, 1, 1, 0.08);
    cairo_set_line_width(cr, 1);
    for (int i = 1; i < 4; i++) {
        cairo_move_to(cr, floor(width * i / 4) + 0.5, 0);
        cairo_rel_line_to(cr, 0, height);
        cairo_move_to(cr, 0, floor(height * i / 4) + 0.5);
        cairo_rel_line_to(cr, width, 0);
    }
    cairo_move_to(cr, 0, height);
    cairo_line_to(cr, width, 0);
    cairo_stroke(cr);
}

static void draw_line(KerfCurve *c, cairo_t *cr, double width, double height)
{
    float values[SAMPLES + 1];
    if (!kf_curve_values((const float(*)[2])c->points, c->count, values, SAMPLES + 1)) return;
    for (int i = 0; i <= SAMPLES; i++) {
        cairo_line_to(cr, width * i / SAMPLES, height * (1 - values[i]));
    }
    cairo_set_source_rgba(cr, c->color.red, c->color.green, c->color.blue, 1);
    cairo_set_line_width(cr, 1.5);
    cairo_stroke(cr);
}

static void draw_points(KerfCurve *c, cairo_t *cr, double width, double height)
{
    for (int i = 0; i < c->count; i++) {
        const double x = c->points[i][0] * width, y = (1 - c->points[i][1]) * height;
        cairo_arc(cr, x, y, DOT / 2.0, 0, 2 * G_PI);
        cairo_set_source_rgba(cr, c->color.red, c->color.green, c->color.blue, 1);
        cairo_set_line_width(cr, 1.5);
        if (i == c->chosen) cairo_fill_preserve(cr);
        cairo_stroke(cr);
    }
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfCurve *c = KERF_CURVE(widget);
    const double width = width_of(c), height = height_of(c);
    const graphene_rect_t bounds = GRAPHENE_RECT_INIT(-DOT, -DOT, (float)width + 2 * DOT, (float)height + 2 * DOT);
    const GdkRGBA ground = {0, 0, 0, 0.25f};
    gtk_snapshot_append_color(snapshot, &ground, &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &bounds);
    draw_grid(cr, width, height);
    draw_line(c, cr, width, height);
    draw_points(c, cr, width, height);
    cairo_destroy(cr);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *a,
                    int *b)
{
    *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 100 : SIDE;
    *natural = SIDE;
}

static void kerf_curve_class_init(KerfCurveClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    widget->snapshot = draw;
    widget->measure = measure;
    edit_signal = kerf_edit_signal_new(KERF_TYPE_CURVE);
    gtk_widget_class_set_css_name(widget, "curve");
}

static void kerf_curve_init(KerfCurve *c)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    c->chosen = -1;
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), c);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), c);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), c);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), c);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), c);
    gtk_widget_add_controller(GTK_WIDGET(c), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(c), keys);
    gtk_widget_set_focusable(GTK_WIDGET(c), TRUE);
    gtk_widget_set_margin_start(GTK_WIDGET(c), DOT);
    gtk_widget_set_margin_end(GTK_WIDGET(c), DOT);
    gtk_widget_set_margin_top(GTK_WIDGET(c), DOT / 2);
    gtk_widget_set_margin_bottom(GTK_WIDGET(c), DOT / 2);
}

/* ---- The editor ---- */

static char *json_of(const KerfCurve *c)
{
    GString *out = g_string_new("[");
    for (int i = 0; i < c->count; i++) {
        char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(x, sizeof x, "%.5g", (double)c->points[i][0]);
        g_ascii_formatd(y, sizeof y, "%.5g", (double)c->points[i][1]);
        g_string_append_printf(out, "%s[%s,%s]", i ? "," : "", x, y);
    }
    g_string_append_c(out, ']');
    return g_string_free(out, FALSE);
}

static void read_json(KerfCurve *c, const char *json)
{
    double pair[2];
    int half = 0;
    c->count = 0;
    for (const char *at = json; at && *at && c->count < MOST;) {
        char *end;
        pair[half] = g_ascii_strtod(at, &end);
        if (end == at) {
            at++;
            continue;
        }
        at = end;
        half = !half;
        if (!half) add_point(c, pair[0], pair[1]);
    }
}

static void edited(KerfCurve *c, int phase, KerfRow *row) { kerf_row_edit(row, (KerfPhase)phase, json_of(c)); }

static void show(KerfRow *row, const KerfReading *reading)
{
    KerfCurve *c = KERF_CURVE(kerf_row_editor(row)->widget);
    g_autofree char *json = kerf_targets_json(kerf_row_targets(row), kerf_row_param(row));
    if (c->dragging) return;
    read_json(c, json);
    if (c->chosen >= c->count) c->chosen = -1;
    gtk_widget_queue_draw(GTK_WIDGET(c));
}

void kerf_editor_create_curve(KerfRow *row, KerfEditor *out)
{
    static const struct { const char *name; GdkRGBA color; } colors[] = {
        {"red", {1, 0.42f, 0.4f, 1}}, {"green", {0.45f, 0.85f, 0.45f, 1}}, {"blue", {0.45f, 0.65f, 1, 1}}};
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    KerfCurve *c = g_object_new(KERF_TYPE_CURVE, NULL);
    g_autofree char *label = g_strdup_printf("%s curve", info->label);
    c->color = (GdkRGBA){0.9f, 0.9f, 0.9f, 1};
    for (size_t i = 0; i < G_N_ELEMENTS(colors); i++) {
        if (strcmp(colors[i].name, info->name) == 0) c->color = colors[i].color;
    }
    gtk_accessible_update_property(GTK_ACCESSIBLE(c), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(c, "edit", G_CALLBACK(edited), row);
    *out = (KerfEditor){.widget = GTK_WIDGET(c), .show = show, .block = TRUE};
}
