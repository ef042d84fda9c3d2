/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor.h"

#include "bars.h"
#include "carry.h"
#include "guides.h"
#include "panel.h"
#include "placing.h"
#include "two_up.h"

struct _KerfMonitor {
    GtkWidget parent;
    KerfWindow *window;
    KerfDeck *deck;
    GtkWidget *picture, *guides, *bars;
    KerfPlacing *placing;     /* NULL: of the source */
    GtkWidget *two_up, *trim_bar; /* the same */
    gboolean shows[KERF_SHOWS];
    kf_player_quality quality; /* as it was written last */
};

G_DEFINE_FINAL_TYPE(KerfMonitor, kerf_monitor, GTK_TYPE_WIDGET)

KerfDeck *kerf_monitor_deck(KerfMonitor *m) { return m->deck; }
KerfPicture *kerf_monitor_picture(KerfMonitor *m) { return KERF_PICTURE(m->picture); }
gboolean kerf_monitor_shows(KerfMonitor *m, KerfMonitorShow what) { return m->shows[what]; }
void kerf_monitor_enter_time(KerfMonitor *m) { kerf_bars_enter_time(KERF_BARS(m->bars)); }

/* ---- What is remembered ---- */

static const char *const show_names[KERF_SHOWS] = {"safe", "box", "paths", "timecode", "checker"};

static const char *group_of(KerfMonitor *m) { return kerf_deck_is_source(m->deck) ? "source-monitor" : "program-monitor"; }

static void read_view(KerfMonitor *m)
{
    GKeyFile *view = kerf_window_view(m->window);
    m->shows[KERF_SHOW_BOX] = m->shows[KERF_SHOW_PATHS] = TRUE;
    for (int i = 0; view && i < KERF_SHOWS; i++) {
        if (!g_key_file_has_key(view, group_of(m), show_names[i], NULL)) continue;
        m->shows[i] = g_key_file_get_boolean(view, group_of(m), show_names[i], NULL);
    }
    const gboolean known = view && g_key_file_has_key(view, group_of(m), "quality", NULL);
    const int quality = known ? g_key_file_get_integer(view, group_of(m), "quality", NULL) : KF_QUALITY_AUTO;
    m->quality = (kf_player_quality)CLAMP(quality, 0, KF_QUALITY_AUTO);
    kerf_deck_set_quality(m->deck, m->quality);
}

static void write_view(KerfMonitor *m)
{
    GKeyFile *view = kerf_window_view(m->window);
    if (!view) return;
    for (int i = 0; i < KERF_SHOWS; i++) g_key_file_set_boolean(view, group_of(m), show_names[i], m->shows[i]);
    g_key_file_set_integer(view, group_of(m), "quality", (int)m->quality);
    kerf_window_view_changed(m->window);
}

/* ---- What it shows ---- */

static const char *notice_of(KerfMonitor *m)
{
    const kf_sequence_info *info = kerf_deck_info(m->deck);
    const gboolean source = kerf_deck_is_source(m->deck);
    if (kerf_picture_failure(KERF_PICTURE(m->picture))) return kerf_picture_failure(KERF_PICTURE(m->picture));
    if (!kerf_deck_player(m->deck)) return "Nothing can be played: see the message";
    if (kerf_deck_picture(m->deck)) return NULL;
    if (source && info->uid == 0) return "Double-click media to look at it here";
    return !source && info->duration == 0 ? "The sequence is empty" : NULL;
}

static void update_text(KerfMonitor *m)
{
    kf_picture *picture = kerf_deck_picture(m->deck);
    char text[40] = "";
    if (m->shows[KERF_SHOW_TIMECODE] && picture) {
        kf_sequence_timecode(kerf_deck_info(m->deck), picture->time, text, sizeof text);
    }
    kerf_guides_set_text(KERF_GUIDES(m->guides), *text ? text : NULL);
    kerf_guides_set_notice(KERF_GUIDES(m->guides), notice_of(m));
}

static void picture_came(KerfDeck *deck, gpointer data)
{
    KerfMonitor *m = data;
    kerf_picture_show(KERF_PICTURE(m->picture), kerf_deck_picture(deck));
    update_text(m);
    if (m->placing) kerf_placing_update(m->placing);
}

/* Both sides of a cut while one is trimmed, but while it plays the picture. */
static void update_sides(KerfMonitor *m)
{
    const KerfSides *sides = kerf_document_sides(kerf_window_document(m->window));
    const gboolean both = sides->shown && !kerf_deck_state(m->deck)->playing;
    gtk_widget_set_visible(m->two_up, both);
    gtk_widget_set_visible(m->picture, !both);
    gtk_widget_set_visible(m->trim_bar, sides->held);
}

static void sides_came(KerfDocument *document, gpointer data)
{
    KerfMonitor *m = data;
    update_sides(m);
    kerf_two_up_update(KERF_TWO_UP(m->two_up));
}

static void state_came(KerfDeck *deck, gpointer data)
{
    KerfMonitor *m = data;
    const kf_player_state *state = kerf_deck_state(deck);
    if (m->two_up) update_sides(m);
    kerf_picture_set_size(KERF_PICTURE(m->picture), state->width, state->height);
    update_text(m);
    if (m->placing) kerf_placing_update(m->placing);
    if (state->quality == m->quality) return;
    m->quality = state->quality;
    write_view(m);
}

static void view_changed(KerfPicture *picture, gpointer data)
{
    KerfMonitor *m = data;
    int width, height;
    kerf_picture_drawn(picture, &width, &height);
    kerf_deck_set_view(m->deck, KERF_VIEW_MONITOR, width, height);
}

static void apply_shows(KerfMonitor *m)
{
    kerf_guides_set_safe(KERF_GUIDES(m->guides), m->shows[KERF_SHOW_SAFE]);
    kerf_picture_set_checker(KERF_PICTURE(m->picture), m->shows[KERF_SHOW_CHECKER]);
    if (m->placing) kerf_placing_show(m->placing, m->shows[KERF_SHOW_BOX], m->shows[KERF_SHOW_PATHS]);
    update_text(m);
}

void kerf_monitor_set_shows(KerfMonitor *m, KerfMonitorShow what, gboolean on)
{
    m->shows[what] = on;
    apply_shows(m);
    write_view(m);
}

/* ---- The widget ---- */

static KerfMonitor *monitor_of(KerfWindow *window, const char *id)
{
    GtkWidget *widget = kerf_window_panel(window, id);
    return widget ? KERF_MONITOR(widget) : NULL;
}

static gboolean source_has_focus(KerfWindow *window) { return strcmp(kerf_window_focused_panel(window), "source") == 0; }

KerfMonitor *kerf_monitor_target(KerfWindow *window)
{
    return monitor_of(window, source_has_focus(window) ? "source" : "program");
}

KerfDeck *kerf_monitor_target_deck(KerfWindow *window)
{
    KerfDocument *document = kerf_window_document(window);
    if (!document) return NULL;
    return source_has_focus(window) ? kerf_deck_source(document) : kerf_deck_program(document);
}

/* What is pressed in a monitor concerns that monitor. */
static void pressed(GtkGestureClick *click, int count, double x, double y, gpointer data)
{
    KerfMonitor *m = data;
    GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(GTK_WIDGET(m)));
    GtkWidget *shown = gtk_widget_get_visible(m->picture) ? m->picture : m->two_up;
    if (!focus || !gtk_widget_is_ancestor(focus, GTK_WIDGET(m))) gtk_widget_child_focus(shown, GTK_DIR_TAB_FORWARD);
}

static void dispose(GObject *object)
{
    KerfMonitor *m = KERF_MONITOR(object);
    g_clear_pointer(&m->placing, kerf_placing_free);
    for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object)));) {
        gtk_widget_unparent(child);
    }
    G_OBJECT_CLASS(kerf_monitor_parent_class)->dispose(object);
}

static gboolean grab_focus(GtkWidget *widget) { return gtk_widget_grab_focus(KERF_MONITOR(widget)->picture); }

static void kerf_monitor_class_init(KerfMonitorClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->grab_focus = grab_focus;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "kerf-monitor");
}

static void kerf_monitor_init(KerfMonitor *m)
{
    GtkLayoutManager *layout = gtk_widget_get_layout_manager(GTK_WIDGET(m));
    GtkGesture *click = gtk_gesture_click_new();
    gtk_orientable_set_orientation(GTK_ORIENTABLE(layout), GTK_ORIENTATION_VERTICAL);
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), 0);
    gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), m);
    gtk_widget_add_controller(GTK_WIDGET(m), GTK_EVENT_CONTROLLER(click));
}

static void add_sides(KerfMonitor *m)
{
    m->two_up = kerf_two_up_new(m->window);
    m->trim_bar = kerf_trim_bar_new(m->window);
    gtk_widget_set_vexpand(m->two_up, TRUE);
    gtk_widget_set_parent(m->two_up, GTK_WIDGET(m));
    gtk_widget_set_parent(m->trim_bar, GTK_WIDGET(m));
    g_signal_connect_object(kerf_window_document(m->window), "sides-changed", G_CALLBACK(sides_came), m, 0);
    update_sides(m);
}

static void build(KerfMonitor *m, gboolean source)
{
    m->picture = kerf_picture_new();
    m->guides = kerf_guides_new(KERF_PICTURE(m->picture));
    m->bars = kerf_bars_new(m->window, m->deck, KERF_PICTURE(m->picture));
    gtk_widget_set_vexpand(m->picture, TRUE);
    gtk_widget_set_hexpand(m->picture, TRUE);
    gtk_widget_set_focusable(m->picture, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(m->picture), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   source ? "Picture of the source" : "Picture of the program", -1);
    kerf_picture_add_layer(KERF_PICTURE(m->picture), m->guides);
    kerf_carry_add(m->picture, kerf_window_document(m->window), source);
    if (!source) m->placing = kerf_placing_new(kerf_window_document(m->window), m->deck, KERF_PICTURE(m->picture));
    gtk_widget_set_parent(m->picture, GTK_WIDGET(m));
    if (!source) add_sides(m);
    gtk_widget_set_parent(m->bars, GTK_WIDGET(m));
}

GtkWidget *kerf_monitor_new(KerfWindow *window, gboolean source)
{
    KerfMonitor *m = g_object_new(KERF_TYPE_MONITOR, NULL);
    KerfDocument *document = kerf_window_document(window);
    m->window = window;
    m->deck = source ? kerf_deck_source(document) : kerf_deck_program(document);
    read_view(m);
    build(m, source);
    g_signal_connect_object(m->picture, "view-changed", G_CALLBACK(view_changed), m, 0);
    g_signal_connect_object(m->deck, "picture", G_CALLBACK(picture_came), m, 0);
    g_signal_connect_object(m->deck, "state", G_CALLBACK(state_came), m, 0);
    apply_shows(m);
    state_came(m->deck, m);
    picture_came(m->deck, m);
    kerf_panel_set_focus(GTK_WIDGET(m), m->picture);
    return GTK_WIDGET(m);
}
