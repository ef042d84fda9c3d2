/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colour wheels: the puck's way from the middle is how far red, green and blue differ, the slider moves all three, the
 * numbers are each of them. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "row.h"
#include "slider.h"

enum { DISC = 92, PUCK = 10 };

#define KERF_TYPE_DISC (kerf_disc_get_type())
G_DECLARE_FINAL_TYPE(KerfDisc, kerf_disc, KERF, DISC, GtkWidget)

struct _KerfDisc {
    GtkWidget parent;
    double x, y;              /* of the puck: -1 to 1, right and up */
    double from_x, from_y;    /* where a drag began */
    gboolean dragging;
};

static guint edit_signal;

G_DEFINE_FINAL_TYPE(KerfDisc, kerf_disc, GTK_TYPE_WIDGET)

static void tell(KerfDisc *d, KerfPhase phase) { g_signal_emit(d, edit_signal, 0, (int)phase); }

static void place(KerfDisc *d, double x, double y)
{
    const double away = hypot(x, y), most = away > 1 ? away : 1;
    d->x = x / most;
    d->y = y / most;
    gtk_widget_queue_draw(GTK_WIDGET(d));
}

static double radius_of(KerfDisc *d)
{
    return (MIN(gtk_widget_get_width(GTK_WIDGET(d)), gtk_widget_get_height(GTK_WIDGET(d))) - PUCK) / 2.0;
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfDisc *d)
{
    d->from_x = d->x;
    d->from_y = d->y;
    gtk_widget_grab_focus(GTK_WIDGET(d));
}

/* Slower than the hand: corrections are small. */
static void drag_update(GtkGestureDrag *drag, double dx, double dy, KerfDisc *d)
{
    const GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag));
    const double speed = (state & GDK_SHIFT_MASK ? 1 : 0.5) / MAX(radius_of(d), 1);
    if (!d->dragging) tell(d, KERF_PHASE_BEGIN);
    d->dragging = TRUE;
    place(d, d->from_x + dx * speed, d->from_y - dy * speed);
    tell(d, KERF_PHASE_UPDATE);
}

static void end_drag(KerfDisc *d, KerfPhase phase)
{
    if (!d->dragging) return;
    d->dragging = FALSE;
    if (phase == KERF_PHASE_CANCEL) place(d, d->from_x, d->from_y);
    tell(d, phase);
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, KerfDisc *d) { end_drag(d, KERF_PHASE_COMMIT); }
static void drag_cancelled(GtkGesture *g, GdkEventSequence *e, KerfDisc *d) { end_drag(d, KERF_PHASE_CANCEL); }

static void pressed(GtkGestureClick *click, int times, double x, double y, KerfDisc *d)
{
    if (times != 2) return;
    place(d, 0, 0);
    tell(d, KERF_PHASE_ONCE);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfDisc *d)
{
    const double step = state & GDK_SHIFT_MASK ? 0.1 : 0.01;
    const double dx = keyval == GDK_KEY_Right ? step : keyval == GDK_KEY_Left ? -step : 0;
    const double dy = keyval == GDK_KEY_Up ? step : keyval == GDK_KEY_Down ? -step : 0;
    if (dx == 0 && dy == 0) return FALSE;
    place(d, d->x + dx, d->y + dy);
    tell(d, KERF_PHASE_ONCE);
    return TRUE;
}

/* Red points up to the right, as on a vectorscope: hue turns against the clock from there. */
static void draw_ring(GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
    static const GdkRGBA hues[] = {{0.75f, 0.2f, 0.2f, 1},  {0.7f, 0.2f, 0.7f, 1},  {0.25f, 0.25f, 0.8f, 1},
                                   {0.2f, 0.65f, 0.65f, 1}, {0.2f, 0.65f, 0.2f, 1}, {0.7f, 0.7f, 0.2f, 1},
                                   {0.75f, 0.2f, 0.2f, 1}};
    GskColorStop stops[7];
    graphene_point_t middle;
    graphene_rect_get_center(bounds, &middle);
    for (int i = 0; i < 7; i++) {
        stops[i] = (GskColorStop){(float)i / 6, hues[i]};
    }
    gtk_snapshot_append_conic_gradient(snapshot, bounds, &middle, 90, stops, 7); /* from the right, with the clock */
}

static void draw_middle(GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
    const GskColorStop stops[] = {
        {0, {0.16f, 0.16f, 0.17f, 1}}, {0.75f, {0.16f, 0.16f, 0.17f, 0.85f}}, {1, {0.16f, 0.16f, 0.17f, 0.2f}}};
    graphene_point_t middle;
    graphene_rect_get_center(bounds, &middle);
    gtk_snapshot_append_radial_gradient(snapshot, bounds, &middle, bounds->size.width / 2, bounds->size.height / 2, 0,
                                        1, stops, G_N_ELEMENTS(stops));
}

static void draw_puck(GtkSnapshot *snapshot, float x, float y)
{
    static const GdkRGBA white = {1, 1, 1, 0.9f}, shadow = {0, 0, 0, 0.5f};
    GskRoundedRect round;
    gsk_rounded_rect_init_from_rect(&round, &GRAPHENE_RECT_INIT(x - PUCK / 2.0f, y - PUCK / 2.0f, PUCK, PUCK),
                                    PUCK / 2.0f);
    gtk_snapshot_append_outset_shadow(snapshot, &round, &shadow, 0, 1, 0, 2);
    gtk_snapshot_append_border(snapshot, &round, (float[4]){2, 2, 2, 2}, (GdkRGBA[4]){white, white, white, white});
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfDisc *d = KERF_DISC(widget);
    const float width = (float)gtk_widget_get_width(widget), height = (float)gtk_widget_get_height(widget);
    const float side = MIN(width, height), reach = (float)radius_of(d);
    const GdkRGBA line = {1, 1, 1, 0.12f};
    const graphene_rect_t bounds = GRAPHENE_RECT_INIT((width - side) / 2, (height - side) / 2, side, side);
    GskRoundedRect round;
    gsk_rounded_rect_init_from_rect(&round, &bounds, side / 2);
    gtk_snapshot_push_rounded_clip(snapshot, &round);
    draw_ring(snapshot, &bounds);
    draw_middle(snapshot, &bounds);
    gtk_snapshot_append_color(snapshot, &line, &GRAPHENE_RECT_INIT(width / 2, bounds.origin.y, 1, side));
    gtk_snapshot_append_color(snapshot, &line, &GRAPHENE_RECT_INIT(bounds.origin.x, height / 2, side, 1));
    gtk_snapshot_pop(snapshot);
    draw_puck(snapshot, width / 2 + (float)d->x * reach, height / 2 - (float)d->y * reach);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *a,
                    int *b)
{
    *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 56 : DISC;
    *natural = DISC;
}

static void kerf_disc_class_init(KerfDiscClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    widget->snapshot = draw;
    widget->measure = measure;
    edit_signal = kerf_edit_signal_new(KERF_TYPE_DISC);
    gtk_widget_class_set_css_name(widget, "disc");
}

static void kerf_disc_init(KerfDisc *d)
{
    GtkGesture *drag = gtk_gesture_drag_new(), *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), d);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), d);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), d);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), d);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), d);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), d);
    gtk_gesture_group(drag, click);
    gtk_widget_add_controller(GTK_WIDGET(d), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(d), GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(GTK_WIDGET(d), keys);
    gtk_widget_set_focusable(GTK_WIDGET(d), TRUE);
}

/* ---- The editor: disc, slider, numbers ---- */

typedef struct Wheel {
    GtkWidget *disc, *slider, *number[3];
    double reach;             /* how far the rim moves a channel */
} Wheel;

/* Directions of red, green and blue: they add up to nothing. */
static const double across[3] = {1, -0.5, -0.5}, up[3] = {0, 0.86602540378443865, -0.86602540378443865};

static Wheel *wheel_of(KerfRow *row) { return g_object_get_data(G_OBJECT(kerf_row_editor(row)->widget), "wheel"); }

static double mean(const double v[3]) { return (v[0] + v[1] + v[2]) / 3; }

static void edit(KerfRow *row, KerfPhase phase, const double channels[3])
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    double number[4] = {0, 0, 0, info->number[3]};
    for (int i = 0; i < 3; i++) {
        number[i] = CLAMP(channels[i], info->min, info->max);
    }
    kerf_row_edit_numbers(row, phase, number);
}

static void disc_edited(KerfDisc *disc, int phase, KerfRow *row)
{
    const double *now = kerf_row_reading(row)->now.number, all = mean(now), reach = wheel_of(row)->reach;
    double channels[3];
    for (int i = 0; i < 3; i++) {
        channels[i] = all + reach * (disc->x * across[i] + disc->y * up[i]);
    }
    edit(row, (KerfPhase)phase, channels);
}

static void slider_edited(KerfSlider *slider, int phase, KerfRow *row)
{
    const double *now = kerf_row_reading(row)->now.number, by = kerf_slider_get(slider) - mean(now);
    edit(row, (KerfPhase)phase, (double[3]){now[0] + by, now[1] + by, now[2] + by});
}

static void number_edited(GtkWidget *number, int phase, KerfRow *row)
{
    const Wheel *w = wheel_of(row);
    double channels[3];
    memcpy(channels, kerf_row_reading(row)->now.number, sizeof channels);
    for (int i = 0; i < 3; i++) {
        if (number == w->number[i]) channels[i] = kerf_number_get(KERF_NUMBER(number));
    }
    edit(row, (KerfPhase)phase, channels);
}

static void show(KerfRow *row, const KerfReading *reading)
{
    Wheel *w = wheel_of(row);
    const double *v = reading->now.number;
    double x = 0, y = 0;
    for (int i = 0; i < 3; i++) {
        x += v[i] * across[i] * 2 / 3;
        y += v[i] * up[i] * 2 / 3;
        kerf_number_set_word(KERF_NUMBER(w->number[i]), reading->mixed ? "–" : NULL);
        kerf_number_set(KERF_NUMBER(w->number[i]), v[i]);
    }
    kerf_slider_set(KERF_SLIDER(w->slider), mean(v));
    if (!KERF_DISC(w->disc)->dragging) place(KERF_DISC(w->disc), x / w->reach, y / w->reach);
}

static GtkWidget *new_channel(KerfRow *row, Wheel *w, int i)
{
    static const char *const names[] = {"red", "green", "blue"}, *const letters[] = {"R", "G", "B"};
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    const KerfNumberRange range = {.min = info->min, .max = info->max, .step = 0.005, .digits = 3, .unit = ""};
    g_autofree char *label = g_strdup_printf("%s %s", info->label, names[i]);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2), *letter = gtk_label_new(letters[i]);
    w->number[i] = kerf_number_new(&range, label);
    gtk_widget_add_css_class(letter, names[i]);
    gtk_widget_set_hexpand(w->number[i], TRUE);
    g_signal_connect(w->number[i], "edit", G_CALLBACK(number_edited), row);
    gtk_box_append(GTK_BOX(box), letter);
    gtk_box_append(GTK_BOX(box), w->number[i]);
    return box;
}

void kerf_editor_create_wheel(KerfRow *row, KerfEditor *out)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    Wheel *w = g_new0(Wheel, 1);
    const double reach = MIN(info->max - info->number[0], info->number[0] - info->min);
    const KerfSliderRange range = {.min = info->number[0] - MIN(reach, 1), .max = info->number[0] + MIN(reach, 1),
                                   .step = 0.005, .origin = info->number[0]};
    out->widget = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    out->show = show;
    out->block = TRUE;
    w->reach = MIN(reach, 0.5);
    w->disc = g_object_new(KERF_TYPE_DISC, NULL);
    w->slider = kerf_slider_new(&range, info->label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(w->disc), GTK_ACCESSIBLE_PROPERTY_LABEL, info->label, -1);
    g_signal_connect(w->disc, "edit", G_CALLBACK(disc_edited), row);
    g_signal_connect(w->slider, "edit", G_CALLBACK(slider_edited), row);
    gtk_box_append(GTK_BOX(out->widget), w->disc);
    gtk_box_append(GTK_BOX(out->widget), w->slider);
    for (int i = 0; i < 3; i++) {
        gtk_box_append(GTK_BOX(out->widget), new_channel(row, w, i));
    }
    g_object_set_data_full(G_OBJECT(out->widget), "wheel", w, g_free);
}
