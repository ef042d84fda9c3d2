/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "knobs.h"

#define REACH 8.0             /* px to a knob's middle */
#define THRESHOLD 3.0         /* px that the pointer moves before anything does */

struct _KerfKnobs {
    GtkWidget parent;
    KerfPicture *picture;
    GArray *list;             /* KerfKnob */
    int chosen;               /* by the keyboard, or dragged last; -1: none */
    int pressed;              /* -1: none */
    gboolean dragging, adds;
    double from[2];           /* of the film: where what is dragged was */
};

G_DEFINE_FINAL_TYPE(KerfKnobs, kerf_knobs, GTK_TYPE_WIDGET)

enum { BEGIN, MOVED, END, REMOVED, ADDED, SIGNALS };
static guint signals[SIGNALS];

static KerfKnob *knob(KerfKnobs *k, int i) { return &g_array_index(k->list, KerfKnob, i); }

static void place_of(KerfKnobs *k, int i, double out[2])
{
    const KerfPictureSpace space = kerf_picture_space(k->picture);
    kerf_space_to_widget(&space, knob(k, i)->at[0], knob(k, i)->at[1], out);
}

/* The last ones lie on top. */
static int knob_at(KerfKnobs *k, double x, double y)
{
    double at[2];
    for (int i = (int)k->list->len - 1; i >= 0; i--) {
        place_of(k, i, at);
        if (hypot(at[0] - x, at[1] - y) <= REACH) return i;
    }
    return -1;
}

/* ---- Drawing ---- */

static void trace(cairo_t *cr, KerfKnobKind kind, const double at[2])
{
    switch (kind) {
    case KERF_KNOB_CORNER:
    case KERF_KNOB_SIZE:
    case KERF_KNOB_WIDTH:
    case KERF_KNOB_HEIGHT: cairo_rectangle(cr, floor(at[0]) - 3.5, floor(at[1]) - 3.5, 8, 8); break;
    case KERF_KNOB_FEATHER:
        cairo_move_to(cr, at[0], at[1] - 6);
        cairo_line_to(cr, at[0] + 6, at[1]);
        cairo_line_to(cr, at[0], at[1] + 6);
        cairo_line_to(cr, at[0] - 6, at[1]);
        cairo_close_path(cr);
        break;
    default: cairo_arc(cr, at[0], at[1], kind == KERF_KNOB_TITLE ? 6 : 4.5, 0, 2 * G_PI);
    }
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    KerfKnobs *k = KERF_KNOBS(widget);
    const gboolean focus = gtk_widget_has_focus(widget);
    double at[2];
    if (k->list->len == 0) return;
    cairo_t *cr = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget)));
    for (int i = 0; i < (int)k->list->len; i++) {
        const gboolean chosen = i == k->chosen && (focus || k->dragging);
        place_of(k, i, at);
        trace(cr, knob(k, i)->kind, at);
        if (chosen) cairo_set_source_rgb(cr, 1, 0.75, 0.2);
        else cairo_set_source_rgb(cr, 1, 1, 1);
        cairo_fill_preserve(cr);
        cairo_set_source_rgba(cr, 0, 0, 0, 0.8);
        cairo_set_line_width(cr, 1);
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
}

/* ---- Drags ---- */

static void speak(KerfKnobs *k)
{
    const gboolean some = k->chosen >= 0 && k->chosen < (int)k->list->len;
    const KerfKnob *chosen = some ? knob(k, k->chosen) : NULL;
    g_autofree char *text = some ? g_strdup_printf("%s: %.0f, %.0f", chosen->name, chosen->at[0], chosen->at[1])
                                 : g_strdup_printf("%u points on the picture", k->list->len);
    gtk_accessible_update_property(GTK_ACCESSIBLE(k), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void move_to(KerfKnobs *k, double x, double y)
{
    KerfKnob moved = *knob(k, k->pressed);
    moved.at[0] = x;
    moved.at[1] = y;
    g_signal_emit(k, signals[MOVED], 0, &moved);
}

static void finish(KerfKnobs *k, gboolean keep)
{
    const gboolean dragging = k->dragging;
    k->dragging = FALSE;
    k->pressed = -1;
    if (dragging) g_signal_emit(k, signals[END], 0, keep);
    speak(k);
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfKnobs *k = data;
    k->pressed = k->chosen = knob_at(k, x, y);
    if (k->pressed < 0) {
        gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_DENIED);
        return;
    }
    gtk_widget_grab_focus(GTK_WIDGET(k));
    k->from[0] = knob(k, k->pressed)->at[0];
    k->from[1] = knob(k, k->pressed)->at[1];
    speak(k);
}

static void drag_update(GtkGestureDrag *drag, double x, double y, gpointer data)
{
    KerfKnobs *k = data;
    const KerfPictureSpace space = kerf_picture_space(k->picture);
    if (k->pressed < 0 || (!k->dragging && hypot(x, y) < THRESHOLD)) return;
    if (!k->dragging) {
        gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
        g_signal_emit(k, signals[BEGIN], 0, knob(k, k->pressed));
    }
    k->dragging = TRUE;
    move_to(k, k->from[0] + x * space.width / space.place.w, k->from[1] + y * space.height / space.place.h);
}

static void drag_end(GtkGestureDrag *drag, double x, double y, gpointer data) { finish(data, TRUE); }
static void drag_cancelled(GtkGesture *drag, GdkEventSequence *sequence, gpointer data) { finish(data, FALSE); }

static void clicked(GtkGestureClick *click, int count, double x, double y, gpointer data)
{
    KerfKnobs *k = data;
    const GdkModifierType mods = gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(click));
    const int at = knob_at(k, x, y);
    if (at >= 0 && (mods & GDK_ALT_MASK)) g_signal_emit(k, signals[REMOVED], 0, knob(k, at));
}

/* On the picture beneath, where no knob is. */
static void picture_clicked(GtkGestureClick *click, int count, double x, double y, gpointer data)
{
    KerfKnobs *k = data;
    const KerfPictureSpace space = kerf_picture_space(k->picture);
    double point[2];
    if (count != 2 || !k->adds || knob_at(k, x, y) >= 0) return;
    kerf_space_to_film(&space, x, y, point);
    g_signal_emit(k, signals[ADDED], 0, point);
}

/* ---- Keys ---- */

static gboolean choose(KerfKnobs *k, int by)
{
    const int count = (int)k->list->len;
    k->chosen = (MAX(k->chosen, by > 0 ? -1 : 0) + by + count) % count;
    speak(k);
    gtk_widget_queue_draw(GTK_WIDGET(k));
    return GDK_EVENT_STOP;
}

static gboolean move_by(KerfKnobs *k, double x, double y)
{
    if (k->chosen < 0) return choose(k, 1);
    const KerfKnob now = *knob(k, k->chosen);
    k->pressed = k->chosen;
    g_signal_emit(k, signals[BEGIN], 0, &now);
    move_to(k, now.at[0] + x, now.at[1] + y);
    g_signal_emit(k, signals[END], 0, TRUE);
    k->pressed = -1;
    speak(k);
    return GDK_EVENT_STOP;
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    KerfKnobs *k = data;
    const double by = state & GDK_SHIFT_MASK ? 10 : 1;
    if (k->list->len == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))) return GDK_EVENT_PROPAGATE;
    switch (keyval) {
    case GDK_KEY_Page_Down: return choose(k, 1);
    case GDK_KEY_Page_Up: return choose(k, -1);
    case GDK_KEY_Left: return move_by(k, -by, 0);
    case GDK_KEY_Right: return move_by(k, by, 0);
    case GDK_KEY_Up: return move_by(k, 0, -by);
    case GDK_KEY_Down: return move_by(k, 0, by);
    case GDK_KEY_Delete:
        if (k->chosen >= 0) g_signal_emit(k, signals[REMOVED], 0, knob(k, k->chosen));
        return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
        if (!k->dragging) return GDK_EVENT_PROPAGATE;
        finish(k, FALSE);
        return GDK_EVENT_STOP;
    default: return GDK_EVENT_PROPAGATE;
    }
}

/* ---- The widget ---- */

void kerf_knobs_set(KerfKnobs *k, const KerfKnob *list, guint count)
{
    const gboolean some = count > 0;
    if (count == 0 && k->list->len == 0) return;
    if (k->dragging && count != k->list->len) return; /* it will be told again when the drag ends */
    g_array_set_size(k->list, 0);
    if (some) g_array_append_vals(k->list, list, count);
    if (k->chosen >= (int)count) k->chosen = -1;
    gtk_widget_set_focusable(GTK_WIDGET(k), some);
    gtk_widget_set_can_target(GTK_WIDGET(k), some);
    if (!k->dragging) speak(k);
    gtk_widget_queue_draw(GTK_WIDGET(k));
}

gboolean kerf_knobs_dragging(KerfKnobs *k) { return k->dragging; }
void kerf_knobs_set_adds(KerfKnobs *k, gboolean adds) { k->adds = adds; }

static gboolean contains(GtkWidget *widget, double x, double y)
{
    KerfKnobs *k = KERF_KNOBS(widget);
    return k->dragging || knob_at(k, x, y) >= 0;
}

static void focus_changed(GtkEventControllerFocus *focus, gpointer data) { gtk_widget_queue_draw(data); }

static void finalize(GObject *object)
{
    g_array_unref(KERF_KNOBS(object)->list);
    G_OBJECT_CLASS(kerf_knobs_parent_class)->finalize(object);
}

static guint new_signal(const char *name, GType type)
{
    return g_signal_new(name, KERF_TYPE_KNOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, type);
}

static void kerf_knobs_class_init(KerfKnobsClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    GTK_WIDGET_CLASS(class)->contains = contains;
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    signals[BEGIN] = new_signal("knob-begin", G_TYPE_POINTER);
    signals[MOVED] = new_signal("knob-moved", G_TYPE_POINTER);
    signals[END] = new_signal("knob-end", G_TYPE_BOOLEAN);
    signals[REMOVED] = new_signal("knob-removed", G_TYPE_POINTER);
    signals[ADDED] = new_signal("knob-added", G_TYPE_POINTER);
}

static void kerf_knobs_init(KerfKnobs *k)
{
    GtkGesture *drag = gtk_gesture_drag_new(), *click = gtk_gesture_click_new();
    GtkEventController *keys = gtk_event_controller_key_new(), *focus = gtk_event_controller_focus_new();
    k->list = g_array_new(FALSE, FALSE, sizeof(KerfKnob));
    k->chosen = k->pressed = -1;
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), k);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), k);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), k);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), k);
    g_signal_connect(click, "pressed", G_CALLBACK(clicked), k);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), k);
    g_signal_connect(focus, "enter", G_CALLBACK(focus_changed), k);
    g_signal_connect(focus, "leave", G_CALLBACK(focus_changed), k);
    gtk_widget_add_controller(GTK_WIDGET(k), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(k), GTK_EVENT_CONTROLLER(click));
    gtk_widget_add_controller(GTK_WIDGET(k), keys);
    gtk_widget_add_controller(GTK_WIDGET(k), focus);
    gtk_widget_set_can_target(GTK_WIDGET(k), FALSE);
}

GtkWidget *kerf_knobs_new(KerfPicture *picture)
{
    KerfKnobs *k = g_object_new(KERF_TYPE_KNOBS, NULL);
    GtkGesture *click = gtk_gesture_click_new();
    k->picture = picture;
    gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
    g_signal_connect_object(click, "pressed", G_CALLBACK(picture_clicked), k, 0);
    gtk_widget_add_controller(GTK_WIDGET(picture), GTK_EVENT_CONTROLLER(click));
    return GTK_WIDGET(k);
}
