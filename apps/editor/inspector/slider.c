/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slider.h"

#include <math.h>

enum { HEIGHT = 18, KNOB = 9, GROOVE = 3 };

struct _KerfSlider {
    GtkWidget parent;
    KerfSliderRange range;
    double value, before;     /* before: where a drag began */
    double grip;              /* px from the knob's middle to where it was taken */
    gboolean dragging, moved;
};

static guint edit_signal;

G_DEFINE_FINAL_TYPE(KerfSlider, kerf_slider, GTK_TYPE_WIDGET)

static void tell(KerfSlider *s, KerfPhase phase) { g_signal_emit(s, edit_signal, 0, (int)phase); }

/* ---- Values and places ---- */

static double place_of(const KerfSlider *s, double value)
{
    const KerfSliderRange *r = &s->range;
    value = CLAMP(value, r->min, r->max);
    return r->logarithmic ? log(value / r->min) / log(r->max / r->min) : (value - r->min) / (r->max - r->min);
}

static double value_at(const KerfSlider *s, double place)
{
    const KerfSliderRange *r = &s->range;
    place = CLAMP(place, 0, 1);
    if (r->logarithmic) {
        const double value = r->min * pow(r->max / r->min, place), digit = pow(10, floor(log10(value)) - 2);
        return CLAMP(round(value / digit) * digit, r->min, r->max);
    }
    return CLAMP(round((r->min + place * (r->max - r->min)) / r->step) * r->step, r->min, r->max);
}

static double knob_x(KerfSlider *s, double value)
{
    return KNOB / 2.0 + place_of(s, value) * (gtk_widget_get_width(GTK_WIDGET(s)) - KNOB);
}

double kerf_slider_get(KerfSlider *s) { return s->value; }

static void show(KerfSlider *s, double value)
{
    if (s->value == value) return;
    s->value = value;
    gtk_accessible_update_property(GTK_ACCESSIBLE(s), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, value, -1);
    gtk_widget_queue_draw(GTK_WIDGET(s));
}

void kerf_slider_set(KerfSlider *s, double value)
{
    if (!s->dragging) show(s, value);
}

static void take_once(KerfSlider *s, double value)
{
    show(s, CLAMP(value, s->range.min, s->range.max));
    tell(s, KERF_PHASE_ONCE);
}

/* ---- Dragging ---- */

static void move_to(KerfSlider *s, double x)
{
    const double value = value_at(s, (x - KNOB / 2.0) / MAX(gtk_widget_get_width(GTK_WIDGET(s)) - KNOB, 1));
    if (value == s->value) return;
    if (!s->moved) tell(s, KERF_PHASE_BEGIN);
    s->moved = TRUE;
    show(s, value);
    tell(s, KERF_PHASE_UPDATE);
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfSlider *s)
{
    const double away = x - knob_x(s, s->value);
    s->before = s->value;
    s->dragging = TRUE;
    s->moved = FALSE;
    s->grip = fabs(away) <= KNOB ? away : 0;
    gtk_widget_grab_focus(GTK_WIDGET(s));
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
    if (s->grip == 0) move_to(s, x);
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, KerfSlider *s)
{
    double x, y;
    gtk_gesture_drag_get_start_point(drag, &x, &y);
    if (s->dragging) move_to(s, x + dx - s->grip);
}

static void end_drag(KerfSlider *s, KerfPhase phase)
{
    if (!s->dragging) return;
    s->dragging = FALSE;
    if (phase == KERF_PHASE_CANCEL) show(s, s->before);
    if (s->moved) tell(s, phase);
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, KerfSlider *s) { end_drag(s, KERF_PHASE_COMMIT); }
static void drag_cancelled(GtkGesture *g, GdkEventSequence *e, KerfSlider *s) { end_drag(s, KERF_PHASE_CANCEL); }

static void pressed(GtkGestureClick *click, int times, double x, double y, KerfSlider *s)
{
    if (times != 2) return;
    end_drag(s, KERF_PHASE_CANCEL);
    take_once(s, s->range.origin);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfSlider *s)
{
    const double far = state & GDK_SHIFT_MASK ? 10 : state & GDK_CONTROL_MASK ? 0.1 : 1;
    const double step = s->range.logarithmic ? s->value * 0.02 : s->range.step;
    switch (keyval) {
    case GDK_KEY_Left:
    case GDK_KEY_Down:
        take_once(s, s->value - step * far);
        return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_Up:
        take_once(s, s->value + step * far);
        return TRUE;
    case GDK_KEY_Home:
        take_once(s, s->range.min);
        return TRUE;
    case GDK_KEY_End:
        take_once(s, s->range.max);
        return TRUE;
    case GDK_KEY_Escape:
        if (!s->dragging) return FALSE;
        end_drag(s, KERF_PHASE_CANCEL);
        return TRUE;
    default:
        return FALSE;
    }
}

/* ---- Drawing ---- */

static void fill(GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float width, float height)
{
    GskRoundedRect round;
    gsk_rounded_rect_init_from_rect(&round, &GRAPHENE_RECT_INIT(x, y, width, height), MIN(width, height) / 2);
    gtk_snapshot_push_rounded_clip(snapshot, &round);
    gtk_snapshot_append_color(snapshot, color, &round.bounds);
    gtk_snapshot_pop(snapshot);
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfSlider *s = KERF_SLIDER(widget);
    const float width = (float)gtk_widget_get_width(widget), middle = (float)gtk_widget_get_height(widget) / 2;
    const double begin = s->range.origin >= s->range.max ? s->range.min : s->range.origin;
    const float x = (float)knob_x(s, s->value), origin = (float)knob_x(s, begin);
    const gboolean alive = gtk_widget_is_sensitive(widget);
    const GdkRGBA groove = kerf_text_color(widget, 0.15f), knob = kerf_text_color(widget, alive ? 0.9f : 0.4f);
    const GdkRGBA bar = alive ? kerf_style_color(widget, "accent_bg_color") : groove;
    fill(snapshot, &groove, 0, middle - GROOVE / 2.0f, width, GROOVE);
    if (x != origin) fill(snapshot, &bar, MIN(x, origin), middle - GROOVE / 2.0f, fabsf(x - origin), GROOVE);
    fill(snapshot, &knob, x - KNOB / 2.0f, middle - KNOB / 2.0f, KNOB, KNOB);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *a,
                    int *b)
{
    *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 40 : HEIGHT;
    *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 90 : HEIGHT;
}

/* ---- The object ---- */

static void kerf_slider_class_init(KerfSliderClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    widget->snapshot = draw;
    widget->measure = measure;
    edit_signal = kerf_edit_signal_new(KERF_TYPE_SLIDER);
    gtk_widget_class_set_css_name(widget, "slider-bar");
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void kerf_slider_init(KerfSlider *s)
{
    GtkGesture *drag = gtk_gesture_drag_new(), *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), s);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), s);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), s);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), s);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), s);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), s);
    gtk_gesture_group(drag, click);
    gtk_widget_add_controller(GTK_WIDGET(s), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(s), GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(GTK_WIDGET(s), keys);
    gtk_widget_set_focusable(GTK_WIDGET(s), TRUE);
    gtk_widget_set_hexpand(GTK_WIDGET(s), TRUE);
    gtk_widget_set_valign(GTK_WIDGET(s), GTK_ALIGN_CENTER);
}

GtkWidget *kerf_slider_new(const KerfSliderRange *range, const char *label)
{
    KerfSlider *s = g_object_new(KERF_TYPE_SLIDER, NULL);
    s->range = *range;
    s->value = range->origin;
    gtk_accessible_update_property(GTK_ACCESSIBLE(s), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, range->min, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                   range->max, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, range->origin, -1);
    return GTK_WIDGET(s);
}
