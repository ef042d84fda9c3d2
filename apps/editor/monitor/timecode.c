/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timecode.h"

#include <string.h>

#include "typed_time.h"

/* ---- The field ---- */

struct _KerfTimecode {
    GtkWidget parent;
    GtkWidget *text;
    kf_sequence_info sequence;
    kf_time time;
    gboolean typing;
    guint selecting;          /* source that selects the text */
};

G_DEFINE_FINAL_TYPE(KerfTimecode, kerf_timecode, GTK_TYPE_WIDGET)

enum { TIME_ENTERED, SIGNALS };
static guint signals[SIGNALS];

static void show_time(KerfTimecode *t)
{
    char text[40];
    kf_sequence_timecode(&t->sequence, t->time, text, sizeof text);
    if (strcmp(gtk_editable_get_text(GTK_EDITABLE(t->text)), text) != 0) gtk_editable_set_text(GTK_EDITABLE(t->text), text);
}

static void stop_typing(KerfTimecode *t)
{
    t->typing = FALSE;
    show_time(t);
    gtk_editable_select_region(GTK_EDITABLE(t->text), 0, 0);
}

static void enter(KerfTimecode *t, kf_time time) { g_signal_emit(t, signals[TIME_ENTERED], 0, (gint64)time); }

static void activated(GtkText *text, gpointer data)
{
    KerfTimecode *t = data;
    kf_time time;
    const gboolean good = kerf_typed_time(&t->sequence, gtk_editable_get_text(GTK_EDITABLE(text)), t->time, &time);
    stop_typing(t);
    if (good) {
        enter(t, time);
        gtk_root_set_focus(gtk_widget_get_root(GTK_WIDGET(t)), gtk_widget_get_parent(GTK_WIDGET(t)));
    } else {
        gtk_widget_error_bell(GTK_WIDGET(t));
        gtk_editable_select_region(GTK_EDITABLE(t->text), 0, -1);
    }
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    KerfTimecode *t = data;
    if (keyval == GDK_KEY_Escape) {
        stop_typing(t);
        gtk_root_set_focus(gtk_widget_get_root(GTK_WIDGET(t)), gtk_widget_get_parent(GTK_WIDGET(t)));
        return GDK_EVENT_STOP;
    }
    t->typing = TRUE;
    return GDK_EVENT_PROPAGATE;
}

static gboolean select_all(gpointer data)
{
    KerfTimecode *t = data;
    t->selecting = 0;
    gtk_editable_select_region(GTK_EDITABLE(t->text), 0, -1);
    return G_SOURCE_REMOVE;
}

/* After the click that gave the focus has put the cursor somewhere. */
static void focus_entered(GtkEventControllerFocus *focus, gpointer data)
{
    KerfTimecode *t = data;
    if (!t->selecting) t->selecting = g_idle_add(select_all, t);
}

static void focus_left(GtkEventControllerFocus *focus, gpointer data) { stop_typing(data); }

static gboolean scrolled(GtkEventControllerScroll *scroll, double dx, double dy, gpointer data)
{
    KerfTimecode *t = data;
    const gint64 frame = kf_sequence_frame(&t->sequence, t->time) + (dy > 0 ? 1 : -1);
    enter(t, kf_sequence_frame_time(&t->sequence, MAX(frame, 0)));
    return GDK_EVENT_STOP;
}

void kerf_timecode_set_sequence(KerfTimecode *t, const kf_sequence_info *sequence)
{
    t->sequence = *sequence;
    if (!t->typing) show_time(t);
}

void kerf_timecode_set_time(KerfTimecode *t, kf_time time)
{
    t->time = time;
    if (!t->typing) show_time(t);
}

static void dispose(GObject *object)
{
    KerfTimecode *t = KERF_TIMECODE(object);
    g_clear_handle_id(&t->selecting, g_source_remove);
    g_clear_pointer(&t->text, gtk_widget_unparent);
    G_OBJECT_CLASS(kerf_timecode_parent_class)->dispose(object);
}

static void kerf_timecode_class_init(KerfTimecodeClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "kerf-timecode");
    signals[TIME_ENTERED] = g_signal_new("time-entered", KERF_TYPE_TIMECODE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void kerf_timecode_init(KerfTimecode *t)
{
    t->sequence = (kf_sequence_info){.rate = {25, 1}};
    t->text = gtk_text_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(t->text), 11);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(t->text), 11);
    gtk_widget_add_css_class(t->text, "timecode");
    gtk_widget_set_parent(t->text, GTK_WIDGET(t));
    g_signal_connect(t->text, "activate", G_CALLBACK(activated), t);
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), t);
    gtk_widget_add_controller(t->text, keys);
    GtkEventController *focus = gtk_event_controller_focus_new();
    g_signal_connect(focus, "enter", G_CALLBACK(focus_entered), t);
    g_signal_connect(focus, "leave", G_CALLBACK(focus_left), t);
    gtk_widget_add_controller(t->text, focus);
    GtkEventController *scroll = gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_VERTICAL |
                                                                 GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);
    g_signal_connect(scroll, "scroll", G_CALLBACK(scrolled), t);
    gtk_widget_add_controller(GTK_WIDGET(t), scroll);
    show_time(t);
}

GtkWidget *kerf_timecode_new(const char *label)
{
    KerfTimecode *t = g_object_new(KERF_TYPE_TIMECODE, NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(t->text), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    gtk_widget_set_tooltip_text(GTK_WIDGET(t), label);
    return GTK_WIDGET(t);
}
