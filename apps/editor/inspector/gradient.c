/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gradients: a click on the bar puts a stop, a drag moves it, a double click or Enter chooses its colour, Delete takes
 * it away. */
#include <math.h>
#include <string.h>

#include "row.h"

enum { BAR = 22, MARK = 10, MOST = 32, PAD = 6 };

typedef struct Stop {
    double at;
    GdkRGBA color;
} Stop;

#define KERF_TYPE_GRADIENT (kerf_gradient_get_type())
G_DECLARE_FINAL_TYPE(KerfGradient, kerf_gradient, KERF, GRADIENT, GtkWidget)

struct _KerfGradient {
    GtkWidget parent;
    Stop stops[MOST];         /* ascending */
    int count, chosen;        /* chosen: -1: none */
    double from;              /* where a drag began */
    gboolean dragging;
};

static guint edit_signal;

G_DEFINE_FINAL_TYPE(KerfGradient, kerf_gradient, GTK_TYPE_WIDGET)

static void tell(KerfGradient *g, KerfPhase phase) { g_signal_emit(g, edit_signal, 0, (int)phase); }

/* ---- Stops ---- */

static double reach(KerfGradient *g) { return MAX(gtk_widget_get_width(GTK_WIDGET(g)) - 2 * PAD, 1); }
static double x_of(KerfGradient *g, double at) { return PAD + at * reach(g); }
static double at_x(KerfGradient *g, double x) { return CLAMP((x - PAD) / reach(g), 0, 1); }

static int stop_near(KerfGradient *g, double x)
{
    int best = -1;
    for (int i = 0; i < g->count; i++) {
        const double away = fabs(x_of(g, g->stops[i].at) - x);
        if (away <= MARK && (best < 0 || away < fabs(x_of(g, g->stops[best].at) - x))) best = i;
    }
    return best;
}

static GdkRGBA color_at(KerfGradient *g, double at)
{
    int i = 0;
    while (i < g->count && g->stops[i].at <= at) {
        i++;
    }
    if (i == 0 || i == g->count) return g->stops[i == 0 ? 0 : g->count - 1].color;
    const Stop *a = &g->stops[i - 1], *b = &g->stops[i];
    const float part = (float)((at - a->at) / MAX(b->at - a->at, 1e-9));
    return (GdkRGBA){a->color.red + (b->color.red - a->color.red) * part,
                     a->color.green + (b->color.green - a->color.green) * part,
                     a->color.blue + (b->color.blue - a->color.blue) * part,
                     a->color.alpha + (b->color.alpha - a->color.alpha) * part};
}

static int add_stop(KerfGradient *g, double at, GdkRGBA color)
{
    int i = 0;
    if (g->count == MOST) return -1;
    while (i < g->count && g->stops[i].at <= at) {
        i++;
    }
    memmove(&g->stops[i + 1], &g->stops[i], (size_t)(g->count - i) * sizeof *g->stops);
    g->stops[i] = (Stop){at, color};
    g->count++;
    return i;
}

static void remove_stop(KerfGradient *g)
{
    if (g->chosen < 0 || g->chosen >= g->count || g->count <= 2) return;
    memmove(&g->stops[g->chosen], &g->stops[g->chosen + 1], (size_t)(g->count - g->chosen - 1) * sizeof *g->stops);
    g->count--;
    g->chosen = -1;
    gtk_widget_queue_draw(GTK_WIDGET(g));
    tell(g, KERF_PHASE_ONCE);
}

/* Between its neighbours. */
static void move_stop(KerfGradient *g, double at)
{
    const double low = g->chosen > 0 ? g->stops[g->chosen - 1].at : 0;
    const double high = g->chosen + 1 < g->count ? g->stops[g->chosen + 1].at : 1;
    g->stops[g->chosen].at = CLAMP(at, low, high);
    gtk_widget_queue_draw(GTK_WIDGET(g));
}

/* ---- Colours ---- */

static void color_chosen(GtkDialog *dialog, int response, KerfGradient *g)
{
    if (response == GTK_RESPONSE_OK && g->chosen >= 0 && g->chosen < g->count) {
        gtk_color_chooser_get_rgba(GTK_COLOR_CHOOSER(dialog), &g->stops[g->chosen].color);
        gtk_widget_queue_draw(GTK_WIDGET(g));
        tell(g, KERF_PHASE_ONCE);
    }
    gtk_window_destroy(GTK_WINDOW(dialog));
}

static void choose_color(KerfGradient *g)
{
    if (g->chosen < 0 || g->chosen >= g->count) return;
    GtkWidget *dialog = gtk_color_chooser_dialog_new("Colour of the stop",
                                                     GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(g))));
    gtk_window_set_modal(GTK_WINDOW(dialog), TRUE);
    gtk_color_chooser_set_use_alpha(GTK_COLOR_CHOOSER(dialog), TRUE);
    gtk_color_chooser_set_rgba(GTK_COLOR_CHOOSER(dialog), &g->stops[g->chosen].color);
    g_signal_connect_object(dialog, "response", G_CALLBACK(color_chosen), g, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- Hands ---- */

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfGradient *g)
{
    gtk_widget_grab_focus(GTK_WIDGET(g));
    g->chosen = stop_near(g, x);
    g->from = g->chosen >= 0 ? g->stops[g->chosen].at : 0;
    gtk_widget_queue_draw(GTK_WIDGET(g));
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, KerfGradient *g)
{
    if (g->chosen < 0 || (!g->dragging && fabs(dx) < 3)) return;
    if (!g->dragging) tell(g, KERF_PHASE_BEGIN);
    g->dragging = TRUE;
    move_stop(g, g->from + dx / reach(g));
    tell(g, KERF_PHASE_UPDATE);
}

static void end_drag(KerfGradient *g, KerfPhase phase)
{
    if (!g->dragging) return;
    g->dragging = FALSE;
    tell(g, phase);
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, KerfGradient *g) { end_drag(g, KERF_PHASE_COMMIT); }
static void drag_cancelled(GtkGesture *gesture, GdkEventSequence *e, KerfGradient *g)
{
    end_drag(g, KERF_PHASE_CANCEL);
}

static void released(GtkGestureClick *click, int times, double x, double y, KerfGradient *g)
{
    const int near = stop_near(g, x);
    if (near >= 0 && times == 2) {
        choose_color(g);
    } else if (near < 0 && times == 1) {
        g->chosen = add_stop(g, at_x(g, x), color_at(g, at_x(g, x)));
        gtk_widget_queue_draw(GTK_WIDGET(g));
        tell(g, KERF_PHASE_ONCE);
    }
}

static void nudge(KerfGradient *g, double by)
{
    if (g->chosen < 0) return;
    move_stop(g, g->stops[g->chosen].at + by);
    tell(g, KERF_PHASE_ONCE);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state,
                            KerfGradient *g)
{
    const double step = state & GDK_SHIFT_MASK ? 0.05 : 0.01;
    switch (keyval) {
    case GDK_KEY_Left:
        nudge(g, -step);
        return TRUE;
    case GDK_KEY_Right:
        nudge(g, step);
        return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_Page_Down:
        g->chosen = (g->chosen + (keyval == GDK_KEY_Page_Down ? 1 : g->count - (g->chosen >= 0))) % g->count;
        gtk_widget_queue_draw(GTK_WIDGET(g));
        return TRUE;
    case GDK_KEY_Insert:
        g->chosen = add_stop(g, 0.5, color_at(g, 0.5));
        tell(g, KERF_PHASE_ONCE);
        return TRUE;
    case GDK_KEY_Return:
        choose_color(g);
        return TRUE;
    case GDK_KEY_Delete:
    case GDK_KEY_BackSpace:
        remove_stop(g);
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- Drawing ---- */

static void draw_bar(KerfGradient *g, GtkSnapshot *snapshot)
{
    GskColorStop stops[MOST];
    for (int i = 0; i < g->count; i++) {
        stops[i] = (GskColorStop){(float)g->stops[i].at, g->stops[i].color};
    }
    const float width = (float)gtk_widget_get_width(GTK_WIDGET(g));
    const graphene_rect_t bounds = GRAPHENE_RECT_INIT(PAD, 0, width - 2 * PAD, BAR);
    gtk_snapshot_append_linear_gradient(snapshot, &bounds, &GRAPHENE_POINT_INIT(PAD, 0),
                                        &GRAPHENE_POINT_INIT(width - PAD, 0), stops, (gsize)g->count);
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfGradient *g = KERF_GRADIENT(widget);
    if (g->count >= 2) draw_bar(g, snapshot);
    for (int i = 0; i < g->count; i++) {
        const GdkRGBA edge = i == g->chosen ? kerf_style_color(widget, "accent_color") : (GdkRGBA){0.9f, 0.9f, 0.9f, 1};
        const float x = (float)x_of(g, g->stops[i].at);
        GskRoundedRect round;
        gsk_rounded_rect_init_from_rect(&round, &GRAPHENE_RECT_INIT(x - MARK / 2.0f, BAR - 4, MARK, MARK + 2), 2);
        gtk_snapshot_append_color(snapshot, &g->stops[i].color, &round.bounds);
        gtk_snapshot_append_border(snapshot, &round, (float[4]){2, 2, 2, 2}, (GdkRGBA[4]){edge, edge, edge, edge});
    }
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *a,
                    int *b)
{
    *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 80 : BAR + MARK;
}

static void kerf_gradient_class_init(KerfGradientClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    widget->snapshot = draw;
    widget->measure = measure;
    edit_signal = kerf_edit_signal_new(KERF_TYPE_GRADIENT);
    gtk_widget_class_set_css_name(widget, "gradient");
}

static void kerf_gradient_init(KerfGradient *g)
{
    GtkGesture *drag = gtk_gesture_drag_new(), *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    g->chosen = -1;
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), g);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), g);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), g);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), g);
    g_signal_connect(click, "released", G_CALLBACK(released), g);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), g);
    gtk_gesture_group(drag, click);
    gtk_widget_add_controller(GTK_WIDGET(g), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(g), GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(GTK_WIDGET(g), keys);
    gtk_widget_set_focusable(GTK_WIDGET(g), TRUE);
}

/* ---- The editor ---- */

static char *json_of(const KerfGradient *g)
{
    GString *out = g_string_new("[");
    for (int i = 0; i < g->count; i++) {
        const GdkRGBA *c = &g->stops[i].color;
        char at[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, "%s[%s,\"#%02x%02x%02x%02x\"]", i ? "," : "",
                               g_ascii_formatd(at, sizeof at, "%.4g", g->stops[i].at), (int)lroundf(c->red * 255),
                               (int)lroundf(c->green * 255), (int)lroundf(c->blue * 255), (int)lroundf(c->alpha * 255));
    }
    g_string_append_c(out, ']');
    return g_string_free(out, FALSE);
}

/* A colour as "#rrggbb", "#rrggbbaa" or [r, g, b, a]; where it ends. */
static const char *read_color(const char *at, GdkRGBA *out)
{
    at += strcspn(at, "\"[]");
    if (*at == '"') {
        const char *end = strchr(at + 1, '"');
        g_autofree char *text = g_strndup(at + 1, end ? (gsize)(end - at - 1) : 0);
        gdk_rgba_parse(out, text);
        return end ? end + 1 : at + 1;
    }
    float *const parts[] = {&out->red, &out->green, &out->blue, &out->alpha};
    for (int i = 0; i < 4 && (*at == '[' || *at == ','); i++) {
        char *end;
        *parts[i] = (float)g_ascii_strtod(at + 1, &end);
        at = end + strspn(end, " ");
    }
    return *at == ']' ? at + 1 : at;
}

static void read_json(KerfGradient *g, const char *json)
{
    const char *at = strchr(json, '[');
    g->count = 0;
    while (at && g->count < MOST && (at = strchr(at + 1, '['))) {
        char *end;
        Stop stop = {.color = {0, 0, 0, 1}};
        stop.at = g_ascii_strtod(at + 1, &end);
        at = read_color(end, &stop.color);
        add_stop(g, stop.at, stop.color);
    }
}

static void edited(KerfGradient *g, int phase, KerfRow *row) { kerf_row_edit(row, (KerfPhase)phase, json_of(g)); }

static void show(KerfRow *row, const KerfReading *reading)
{
    KerfGradient *g = KERF_GRADIENT(kerf_row_editor(row)->widget);
    g_autofree char *json = kerf_targets_json(kerf_row_targets(row), kerf_row_param(row));
    if (g->dragging) return;
    read_json(g, json ? json : kerf_row_param(row)->info.text);
    if (g->chosen >= g->count) g->chosen = -1;
    gtk_widget_queue_draw(GTK_WIDGET(g));
}

void kerf_editor_create_gradient(KerfRow *row, KerfEditor *out)
{
    KerfGradient *g = g_object_new(KERF_TYPE_GRADIENT, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(g), GTK_ACCESSIBLE_PROPERTY_LABEL, kerf_row_param(row)->info.label,
                                   -1);
    g_signal_connect(g, "edit", G_CALLBACK(edited), row);
    *out = (KerfEditor){.widget = GTK_WIDGET(g), .show = show, .block = TRUE};
}
