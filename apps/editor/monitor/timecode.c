/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timecode.h"

#include <string.h>

/* ---- What is typed ---- */

enum { FIELDS = 4 };          /* hours, minutes, seconds, frames */

static int nominal_rate(const kf_sequence_info *s)
{
    return s->rate.den > 0 ? (s->rate.num + s->rate.den / 2) / s->rate.den : 25;
}

/* "1200" and "1:2." into fields from the right. FALSE if it is neither digits nor fields. */
static gboolean read_fields(const char *text, gint64 fields[FIELDS])
{
    gint64 given[FIELDS] = {0};
    int count = 0;
    const gboolean marked = strpbrk(text, ":;.,") != NULL;
    const size_t length = strlen(text);
    if (length == 0 || length > 11) return FALSE;
    for (const char *c = text; *c;) {
        size_t digits = strspn(c, "0123456789");
        /* without marks, fields have two digits, the first one what is left */
        if (!marked && length > 2) digits = (strlen(c) - 1) % 2 + 1;
        if (count == FIELDS || digits > 2 || (!marked && (digits == 0 || strspn(c, "0123456789") < digits))) return FALSE;
        for (size_t i = 0; i < digits; i++) given[count] = given[count] * 10 + (c[i] - '0');
        count++;
        c += digits;
        if (marked && *c && !strchr(":;.,", *c++)) return FALSE;
        if (marked && !*c && strchr(":;.,", c[-1]) && count < FIELDS) given[count++] = 0; /* "1." is "1:00" */
    }
    for (int i = 0; i < FIELDS; i++) fields[i] = i < FIELDS - count ? 0 : given[i - (FIELDS - count)];
    return TRUE;
}

static gint64 frames_of(const kf_sequence_info *s, const gint64 fields[FIELDS])
{
    return ((fields[0] * 60 + fields[1]) * 60 + fields[2]) * nominal_rate(s) + fields[3];
}

/* Fields that overflow carry over, and a label that drop-frame leaves out is the next one that is there. */
static gboolean label_time(const kf_sequence_info *s, const gint64 fields[FIELDS], kf_time *out)
{
    const gint64 rate = nominal_rate(s);
    for (gint64 i = 0; i <= 4; i++) {
        const gint64 n = frames_of(s, fields) + i;
        char text[48];
        g_snprintf(text, sizeof text, "%02d:%02d:%02d%c%02d", (int)(n / rate / 3600), (int)(n / rate / 60 % 60),
                   (int)(n / rate % 60), s->drop_frame ? ';' : ':', (int)(n % rate));
        if (kf_sequence_parse_time(s, text, out, NULL) == KF_OK) return TRUE;
    }
    return FALSE;
}

gboolean kerf_timecode_read(const kf_sequence_info *s, const char *typed, kf_time now, kf_time *out)
{
    g_autofree char *text = g_strstrip(g_strdup(typed));
    gint64 fields[FIELDS];
    if (*text == '+' || *text == '-') {
        if (!read_fields(text + 1, fields)) return FALSE;
        const gint64 by = frames_of(s, fields), frame = kf_sequence_frame(s, now) + (*text == '-' ? -by : by);
        *out = kf_sequence_frame_time(s, MAX(frame, 0));
        return TRUE;
    }
    if (read_fields(text, fields)) return label_time(s, fields, out);
    return kf_sequence_parse_time(s, text, out, NULL) == KF_OK;
}

/* ---- The field ---- */

struct _KerfTimecode {
    GtkWidget parent;
    GtkWidget *text;
    kf_sequence_info sequence;
    kf_time time;
    gboolean typing;
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
    const gboolean good = kerf_timecode_read(&t->sequence, gtk_editable_get_text(GTK_EDITABLE(text)), t->time, &time);
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

static void focus_entered(GtkEventControllerFocus *focus, gpointer data)
{
    KerfTimecode *t = data;
    gtk_editable_select_region(GTK_EDITABLE(t->text), 0, -1);
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
    g_clear_pointer(&KERF_TIMECODE(object)->text, gtk_widget_unparent);
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
