/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fader.h"

#include <math.h>

enum { KNOB = 16, GROOVE = 4, NUMBERS = 20, STICK = 3 };

/* The way of the fader: straight between these. The uppermost is its end; below the last it is silent. */
typedef struct Mark {
    double db, place;
} Mark;
static const Mark marks[] = {{12, 1},     {6, 0.87},  {0, 0.74},   {-6, 0.61},
                             {-12, 0.49}, {-24, 0.3}, {-40, 0.13}, {-60, 0.02}};
enum { MARKS = G_N_ELEMENTS(marks) };

struct _KerfFader {
    GtkWidget parent;
    double db, before; /* before: where a drag began */
    double grip;       /* px from the knob's middle to where it was taken */
    gboolean dragging, moved;
};

static guint edit_signal;

G_DEFINE_FINAL_TYPE(KerfFader, kerf_fader, GTK_TYPE_WIDGET)

static void tell(KerfFader *f, KerfPhase phase)
{
    g_signal_emit(f, edit_signal, 0, (int)phase);
}

/* ---- Values and places ---- */

static double place_of(double db)
{
    if (db >= marks[0].db) return 1;
    for (int i = 1; i < MARKS; i++) {
        const Mark *high = &marks[i - 1], *low = &marks[i];
        if (db >= low->db) return low->place + (db - low->db) / (high->db - low->db) * (high->place - low->place);
    }
    return 0;
}

static double db_at(double place)
{
    if (place >= 1) return marks[0].db;
    for (int i = 1; i < MARKS; i++) {
        const Mark *high = &marks[i - 1], *low = &marks[i];
        if (place < low->place) continue;
        return round((low->db + (place - low->place) / (high->place - low->place) * (high->db - low->db)) * 10) / 10;
    }
    return KERF_FADER_SILENCE;
}

static double way(KerfFader *f)
{
    return MAX(gtk_widget_get_height(GTK_WIDGET(f)) - KNOB, 1);
}
static double knob_y(KerfFader *f, double db)
{
    return KNOB / 2.0 + (1 - place_of(db)) * way(f);
}

/* Near a mark it is the mark. */
static double stick(KerfFader *f, double place)
{
    for (int i = 0; i < MARKS; i++) {
        if (fabs(place - marks[i].place) * way(f) <= STICK) return marks[i].db;
    }
    return db_at(place);
}

double kerf_fader_get(KerfFader *f)
{
    return f->db;
}

static void show(KerfFader *f, double db)
{
    char text[24];
    if (f->db == db) return;
    f->db = db;
    g_snprintf(text, sizeof text, db <= KERF_FADER_SILENCE ? "silent" : "%.1f dB", db);
    gtk_accessible_update_property(GTK_ACCESSIBLE(f), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, db,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
    gtk_widget_queue_draw(GTK_WIDGET(f));
}

void kerf_fader_set(KerfFader *f, double db)
{
    if (!f->dragging) show(f, db);
}

static void take_once(KerfFader *f, double db)
{
    db = db < marks[MARKS - 1].db ? KERF_FADER_SILENCE : MIN(db, marks[0].db);
    if (db == f->db) return;
    show(f, db);
    tell(f, KERF_PHASE_ONCE);
}

static void step(KerfFader *f, double by)
{
    take_once(f, MAX(f->db, marks[MARKS - 1].db) + by);
}

/* ---- Dragging ---- */

static void move_to(KerfFader *f, double y, gboolean fine)
{
    const double place = 1 - (y - KNOB / 2.0) / way(f), db = fine ? db_at(place) : stick(f, place);
    if (db == f->db) return;
    if (!f->moved) tell(f, KERF_PHASE_BEGIN);
    f->moved = TRUE;
    show(f, db);
    tell(f, KERF_PHASE_UPDATE);
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfFader *f)
{
    const double away = y - knob_y(f, f->db);
    f->before = f->db;
    f->dragging = TRUE;
    f->moved = FALSE;
    f->grip = fabs(away) <= KNOB ? away : 0;
    gtk_widget_grab_focus(GTK_WIDGET(f));
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void drag_update(GtkGestureDrag *drag, double dx, double dy, KerfFader *f)
{
    double x, y;
    const GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag));
    gtk_gesture_drag_get_start_point(drag, &x, &y);
    if (!f->dragging) return;
    if (state & GDK_SHIFT_MASK) {
        move_to(f, knob_y(f, f->before) + dy / 8, TRUE);
    } else {
        move_to(f, y + dy - f->grip, FALSE);
    }
}

static void end_drag(KerfFader *f, KerfPhase phase)
{
    if (!f->dragging) return;
    f->dragging = FALSE;
    if (phase == KERF_PHASE_CANCEL) show(f, f->before);
    if (f->moved) tell(f, phase);
}

static void drag_end(GtkGestureDrag *drag, double dx, double dy, KerfFader *f)
{
    end_drag(f, KERF_PHASE_COMMIT);
}
static void drag_cancelled(GtkGesture *g, GdkEventSequence *e, KerfFader *f)
{
    end_drag(f, KERF_PHASE_CANCEL);
}

static void pressed(GtkGestureClick *click, int times, double x, double y, KerfFader *f)
{
    if (times != 2) return;
    end_drag(f, KERF_PHASE_CANCEL);
    take_once(f, 0);
}

static gboolean scrolled(GtkEventControllerScroll *scroll, double dx, double dy, KerfFader *f)
{
    const GdkModifierType state = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(scroll));
    if (f->dragging || dy == 0) return FALSE;
    step(f, -dy * (state & GDK_SHIFT_MASK ? 0.1 : 1));
    return TRUE;
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfFader *f)
{
    const double size = state & GDK_SHIFT_MASK ? 6 : state & GDK_CONTROL_MASK ? 0.1 : 1;
    switch (keyval) {
    case GDK_KEY_Down: step(f, -size); return TRUE;
    case GDK_KEY_Up: step(f, size); return TRUE;
    case GDK_KEY_Home: take_once(f, 0); return TRUE;
    case GDK_KEY_End: take_once(f, KERF_FADER_SILENCE); return TRUE;
    case GDK_KEY_Escape:
        if (!f->dragging) return FALSE;
        end_drag(f, KERF_PHASE_CANCEL);
        return TRUE;
    default: return FALSE;
    }
}

/* ---- Drawing ---- */

static void draw_number(GtkWidget *widget, GtkSnapshot *snapshot, double db, float y)
{
    const GdkRGBA color = kerf_text_color(widget, db == 0 ? 0.85f : 0.45f);
    char text[8];
    int width, height;
    g_snprintf(text, sizeof text, "%.0f", fabs(db));
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, text);
    pango_layout_get_pixel_size(layout, &width, &height);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)(NUMBERS - 6 - width), y - (float)height / 2));
    gtk_snapshot_append_layout(snapshot, layout, &color);
    gtk_snapshot_restore(snapshot);
}

static void draw_knob(GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float width)
{
    GskRoundedRect round;
    const GdkRGBA body = {0.78f, 0.79f, 0.8f, 1}, line = kerf_style_color(widget, "accent_bg_color");
    gsk_rounded_rect_init_from_rect(&round, &GRAPHENE_RECT_INIT(x, y - KNOB / 2.0f, width, KNOB), 3);
    gtk_snapshot_push_rounded_clip(snapshot, &round);
    gtk_snapshot_append_color(snapshot, &body, &round.bounds);
    gtk_snapshot_append_color(snapshot, &line, &GRAPHENE_RECT_INIT(x, y - 1, width, 2));
    gtk_snapshot_pop(snapshot);
}

static void draw(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfFader *f = KERF_FADER(widget);
    const float width = (float)gtk_widget_get_width(widget) - NUMBERS, middle = NUMBERS + width / 2;
    const GdkRGBA groove = {0, 0, 0, 0.5f}, tick = kerf_text_color(widget, 0.2f);
    for (int i = 0; i < MARKS - 1; i++) {
        const float y = (float)knob_y(f, marks[i].db);
        gtk_snapshot_append_color(snapshot, &tick, &GRAPHENE_RECT_INIT(NUMBERS - 3, y, width + 3, 1));
        draw_number(widget, snapshot, marks[i].db, y);
    }
    gtk_snapshot_append_color(snapshot, &groove,
                              &GRAPHENE_RECT_INIT(middle - GROOVE / 2.0f, KNOB / 2.0f, GROOVE, (float)way(f)));
    draw_knob(widget, snapshot, NUMBERS, (float)knob_y(f, f->db), width);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *a,
                    int *b)
{
    *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? NUMBERS + 20 : 90;
    *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NUMBERS + 22 : 190;
}

/* ---- The object ---- */

static void kerf_fader_class_init(KerfFaderClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    widget->snapshot = draw;
    widget->measure = measure;
    edit_signal = kerf_edit_signal_new(KERF_TYPE_FADER);
    gtk_widget_class_set_css_name(widget, "fader");
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void kerf_fader_init(KerfFader *f)
{
    GtkGesture *drag = gtk_gesture_drag_new(), *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), f);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), f);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), f);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), f);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), f);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scrolled), f);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), f);
    gtk_gesture_group(drag, click);
    gtk_widget_add_controller(GTK_WIDGET(f), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(f), GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(GTK_WIDGET(f), scroll);
    gtk_widget_add_controller(GTK_WIDGET(f), keys);
    gtk_widget_set_focusable(GTK_WIDGET(f), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(f), TRUE);
}

GtkWidget *kerf_fader_new(const char *label)
{
    KerfFader *f = g_object_new(KERF_TYPE_FADER, NULL);
    gtk_widget_set_tooltip_text(GTK_WIDGET(f), "Gain: drag, Shift for finer steps, double click for 0 dB");
    gtk_accessible_update_property(
        GTK_ACCESSIBLE(f), GTK_ACCESSIBLE_PROPERTY_LABEL, label, GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, KERF_FADER_SILENCE,
        GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, marks[0].db, GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.0, -1);
    return GTK_WIDGET(f);
}
