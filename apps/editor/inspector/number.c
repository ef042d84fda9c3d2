/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "number.h"

#include <math.h>
#include <string.h>

enum { CLICK_SLACK = 3 }; /* px that a click may wander */

struct _KerfNumber {
    GtkWidget parent;
    KerfNumberRange range;
    double value, from;       /* from: where a drag began */
    double way;               /* px that the drag has gone, slowed ones counted less */
    double last_x;
    gboolean dragging;
    char *word;
    GtkWidget *stack, *shown, *entry;
};

static guint edit_signal;

G_DEFINE_FINAL_TYPE(KerfNumber, kerf_number, GTK_TYPE_WIDGET)

static void tell(KerfNumber *n, KerfPhase phase) { g_signal_emit(n, edit_signal, 0, (int)phase); }
static gboolean is_typing(KerfNumber *n) { return gtk_stack_get_visible_child(GTK_STACK(n->stack)) == n->entry; }

/* ---- Showing ---- */

/* Zeros at the end say nothing. */
static char *text_of(const KerfNumber *n, double value)
{
    char text[64];
    g_autofree char *format = g_strdup_printf("%%.%df", n->range.digits);
    g_ascii_formatd(text, sizeof text, format, value);
    if (strchr(text, '.')) {
        size_t length = strlen(text);
        while (text[length - 1] == '0') {
            text[--length] = '\0';
        }
        if (text[length - 1] == '.') text[length - 1] = '\0';
    }
    return g_strdup(strcmp(text, "-0") == 0 ? "0" : text);
}

static void show(KerfNumber *n)
{
    g_autofree char *value = text_of(n, n->value);
    g_autofree char *full = strcmp(n->range.unit, "deg") == 0 ? g_strconcat(value, "°", NULL)
                            : *n->range.unit                  ? g_strconcat(value, " ", n->range.unit, NULL)
                                                              : g_strdup(value);
    gtk_label_set_text(GTK_LABEL(n->shown), n->word ? n->word : full);
    gtk_accessible_update_property(GTK_ACCESSIBLE(n), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, n->value,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, n->word ? n->word : full, -1);
}

double kerf_number_get(KerfNumber *n) { return n->value; }

void kerf_number_set(KerfNumber *n, double value)
{
    if (n->dragging || is_typing(n) || n->value == value) return;
    n->value = value;
    show(n);
}

void kerf_number_set_word(KerfNumber *n, const char *word)
{
    if (g_strcmp0(n->word, word) == 0 || n->dragging) return;
    g_free(n->word);
    n->word = g_strdup(word);
    show(n);
}

/* A value that the user gave. */
static void take(KerfNumber *n, double value)
{
    n->value = CLAMP(value, n->range.min, n->range.max);
    g_clear_pointer(&n->word, g_free);
    show(n);
}

/* ---- Typing ---- */

/* first: what was typed already; NULL: the value, selected. */
static void start_typing(KerfNumber *n, const char *first)
{
    g_autofree char *text = n->word ? g_strdup("") : text_of(n, n->value);
    gtk_editable_set_text(GTK_EDITABLE(n->entry), first ? first : text);
    gtk_stack_set_visible_child(GTK_STACK(n->stack), n->entry);
    gtk_widget_grab_focus(n->entry);
    if (first) gtk_editable_set_position(GTK_EDITABLE(n->entry), -1);
}

static void stop_typing(KerfNumber *n, gboolean accept)
{
    if (!is_typing(n)) return;
    const gboolean had_focus = gtk_widget_is_ancestor(gtk_root_get_focus(gtk_widget_get_root(GTK_WIDGET(n))), n->entry);
    g_autofree char *text = g_strdelimit(g_strdup(gtk_editable_get_text(GTK_EDITABLE(n->entry))), ",", '.');
    gtk_stack_set_visible_child(GTK_STACK(n->stack), n->shown);
    if (had_focus) gtk_widget_grab_focus(GTK_WIDGET(n));
    char *end;
    const double value = g_ascii_strtod(g_strstrip(text), &end);
    if (!accept || end == text || !isfinite(value) || (value == n->value && !n->word)) return;
    take(n, value);
    tell(n, KERF_PHASE_ONCE);
}

static void entry_activated(GtkText *entry, KerfNumber *n) { stop_typing(n, TRUE); }
static void entry_left(GtkEventControllerFocus *focus, KerfNumber *n) { stop_typing(n, TRUE); }

static gboolean entry_key(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfNumber *n)
{
    if (keyval != GDK_KEY_Escape) return FALSE;
    stop_typing(n, FALSE);
    return TRUE;
}

/* ---- Dragging ---- */

static double speed_of(GdkModifierType state)
{
    return state & GDK_SHIFT_MASK ? 10 : state & GDK_CONTROL_MASK ? 0.1 : 1;
}

static void drag_begin(GtkGestureDrag *drag, double x, double y, KerfNumber *n)
{
    if (is_typing(n)) {
        gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_DENIED);
        return;
    }
    n->from = n->value;
    n->way = n->last_x = 0;
}

static void drag_update(GtkGestureDrag *drag, double x, double y, KerfNumber *n)
{
    if (!n->dragging && fabs(x) <= CLICK_SLACK) return;
    if (!n->dragging) {
        n->dragging = TRUE;
        gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
        gtk_widget_grab_focus(GTK_WIDGET(n));
        tell(n, KERF_PHASE_BEGIN);
    }
    n->way += (x - n->last_x) * speed_of(gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(drag)));
    n->last_x = x;
    const double place = n->range.step * 0.1;
    take(n, round((n->from + n->way * n->range.step) / place) * place);
    tell(n, KERF_PHASE_UPDATE);
}

static void end_drag(KerfNumber *n, KerfPhase phase)
{
    if (!n->dragging) return;
    n->dragging = FALSE;
    if (phase == KERF_PHASE_CANCEL) take(n, n->from);
    tell(n, phase);
}

static void drag_end(GtkGestureDrag *drag, double x, double y, KerfNumber *n)
{
    if (n->dragging) {
        end_drag(n, KERF_PHASE_COMMIT);
    } else if (!is_typing(n)) {
        start_typing(n, NULL);
    }
}

static void drag_cancelled(GtkGesture *gesture, GdkEventSequence *sequence, KerfNumber *n)
{
    end_drag(n, KERF_PHASE_CANCEL);
}

/* ---- Keys ---- */

static void step_by(KerfNumber *n, double steps)
{
    take(n, n->value + steps * n->range.step);
    tell(n, KERF_PHASE_ONCE);
}

/* A digit begins a number. */
static gboolean type_first(KerfNumber *n, guint keyval, GdkModifierType state)
{
    const gunichar c = gdk_keyval_to_unicode(keyval);
    const char first[] = {(char)c, '\0'};
    if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK) || c == 0 || c > 127 || !strchr("0123456789.,-", (int)c))
        return FALSE;
    start_typing(n, first);
    return TRUE;
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfNumber *n)
{
    if (is_typing(n)) return FALSE;
    switch (keyval) {
    case GDK_KEY_Up:
        step_by(n, speed_of(state));
        return TRUE;
    case GDK_KEY_Down:
        step_by(n, -speed_of(state));
        return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
        start_typing(n, NULL);
        return TRUE;
    case GDK_KEY_Escape:
        if (!n->dragging) return FALSE;
        end_drag(n, KERF_PHASE_CANCEL);
        return TRUE;
    default:
        return type_first(n, keyval, state);
    }
}

/* ---- The object ---- */

static void dispose(GObject *object)
{
    KerfNumber *n = KERF_NUMBER(object);
    g_clear_pointer(&n->stack, gtk_widget_unparent);
    g_clear_pointer(&n->word, g_free);
    G_OBJECT_CLASS(kerf_number_parent_class)->dispose(object);
}

static void kerf_number_class_init(KerfNumberClass *class)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    edit_signal = kerf_edit_signal_new(KERF_TYPE_NUMBER);
    gtk_widget_class_set_layout_manager_type(widget, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget, "number");
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_SPIN_BUTTON);
}

static void add_entry(KerfNumber *n)
{
    GtkEventController *focus = gtk_event_controller_focus_new(), *keys = gtk_event_controller_key_new();
    n->entry = gtk_text_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(n->entry), 4);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(n->entry), 7);
    gtk_editable_set_alignment(GTK_EDITABLE(n->entry), 1);
    g_signal_connect(n->entry, "activate", G_CALLBACK(entry_activated), n);
    g_signal_connect(focus, "leave", G_CALLBACK(entry_left), n);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(entry_key), n);
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    gtk_widget_add_controller(n->entry, focus);
    gtk_widget_add_controller(n->entry, keys);
    gtk_stack_add_child(GTK_STACK(n->stack), n->entry);
}

static void add_controllers(KerfNumber *n)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), n);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), n);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), n);
    g_signal_connect(drag, "cancel", G_CALLBACK(drag_cancelled), n);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), n);
    gtk_widget_add_controller(GTK_WIDGET(n), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_add_controller(GTK_WIDGET(n), keys);
}

static void kerf_number_init(KerfNumber *n)
{
    n->stack = gtk_stack_new();
    n->shown = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(n->shown), 1);
    gtk_label_set_width_chars(GTK_LABEL(n->shown), 6);
    gtk_widget_add_css_class(n->shown, "numeric");
    gtk_stack_add_child(GTK_STACK(n->stack), n->shown);
    add_entry(n);
    gtk_widget_set_parent(n->stack, GTK_WIDGET(n));
    gtk_widget_set_focusable(GTK_WIDGET(n), TRUE);
    gtk_widget_set_valign(GTK_WIDGET(n), GTK_ALIGN_CENTER);
    gtk_widget_set_cursor_from_name(GTK_WIDGET(n), "ew-resize");
    add_controllers(n);
}

GtkWidget *kerf_number_new(const KerfNumberRange *range, const char *label)
{
    KerfNumber *n = g_object_new(KERF_TYPE_NUMBER, NULL);
    n->range = *range;
    gtk_accessible_update_property(GTK_ACCESSIBLE(n), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, range->min, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX,
                                   range->max, -1);
    show(n);
    return GTK_WIDGET(n);
}
