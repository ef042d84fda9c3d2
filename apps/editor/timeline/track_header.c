/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track's header: target, name, and its switches; its lower (video: upper) edge changes its height. */
#include <math.h>

#include "context.h"
#include "headers.h"
#include "ops.h"

typedef struct track_switch {
    const char *key;          /* of set_track */
    const char *text;         /* or an icon's name */
    const char *tip;
    bool icon, video, audio;
} track_switch;

static const track_switch switches[] = {
    {"sync_lock", "kerf-sync-symbolic", "Sync lock: stays in step when other tracks ripple", true, true, true},
    {"hide", "kerf-eye-symbolic", "Hide this track's picture", true, true, false},
    {"mute", "M", "Mute", false, false, true},
    {"solo", "S", "Solo: only solo tracks are heard", false, false, true},
    {"lock", "kerf-lock-symbolic", "Lock: nothing on this track can be changed", true, true, true},
};

typedef struct header {
    KerfTimelineArea *area;   /* not owned */
    uint64_t track;
    bool audio;
    GtkWidget *target, *name, *switches[G_N_ELEMENTS(switches)];
    bool updating;
    double start_height;
} header;

static const char *const OWN = "kerf-header";

static bool value_of(const kf_track_info *track, int i)
{
    const bool values[] = {track->sync_lock, track->hide, track->mute, track->solo, track->lock};
    return values[i];
}

static void set_track(header *h, const char *key, bool on, const char *label)
{
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(h->area->document)->id);
    kerf_document_edit(h->area->document, label,
                       kerf_json_operation("set_track",
                                           "\"sequence\": %s, \"track\": \"#" KT_ID "\", \"set\": {\"%s\": %s}",
                                           sequence, h->track, key, on ? "true" : "false"));
}

static void switched(GtkToggleButton *button, header *h)
{
    const track_switch *s = g_object_get_data(G_OBJECT(button), "switch");
    if (!h->updating) set_track(h, s ? s->key : "target", gtk_toggle_button_get_active(button), NULL);
}

/* ---- Height ---- */

static void height_begin(GtkGestureDrag *gesture, double x, double y, header *h)
{
    for (int32_t i = 0; i < h->area->view.row_count; i++) {
        if (h->area->view.rows[i].uid == h->track) h->start_height = h->area->view.rows[i].height;
    }
}

/* The handle moves with the edge: offsets count from where it is by now, so it is the window that says by how much. */
static void height_moved(GtkGestureDrag *gesture, double dx, double dy, header *h)
{
    double y, start, x;
    GtkWidget *handle = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(gesture));
    gtk_gesture_drag_get_start_point(gesture, &x, &start);
    gtk_widget_translate_coordinates(handle, GTK_WIDGET(h->area), 0, start + dy, &x, &y);
    for (int32_t i = 0; i < h->area->view.row_count; i++) {
        const kt_row *row = &h->area->view.rows[i];
        if (row->uid != h->track) continue;
        double top = kt_view_row_y(&h->area->view, row);
        double height = h->audio ? y - top : top + row->height - y;
        kerf_timeline_area_set_height(h->area, h->track, height);
        return;
    }
}

static GtkWidget *make_handle(header *h)
{
    GtkWidget *handle = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_widget_set_size_request(handle, -1, 4);
    gtk_widget_set_valign(handle, h->audio ? GTK_ALIGN_END : GTK_ALIGN_START);
    gtk_widget_set_cursor_from_name(handle, "row-resize");
    g_signal_connect(drag, "drag-begin", G_CALLBACK(height_begin), h);
    g_signal_connect(drag, "drag-update", G_CALLBACK(height_moved), h);
    gtk_widget_add_controller(handle, GTK_EVENT_CONTROLLER(drag));
    return handle;
}

/* ---- Name ---- */

static void rename_entered(GtkEntry *entry, GtkPopover *popover)
{
    header *h = g_object_get_data(G_OBJECT(popover), OWN);
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(h->area->document)->id);
    g_autofree char *name = kerf_json_quote(gtk_editable_get_text(GTK_EDITABLE(entry)));
    char *operation = kerf_json_operation(
        "set_track", "\"sequence\": %s, \"track\": \"#" KT_ID "\", \"set\": {\"name\": %s}", sequence, h->track, name);
    gtk_popover_popdown(popover);
    kerf_document_edit(h->area->document, "Rename Track", operation);
}

static void popover_closed(GtkPopover *popover, gpointer data)
{
    gtk_widget_unparent(GTK_WIDGET(popover));
}

static void rename_track(header *h)
{
    GtkWidget *popover = gtk_popover_new(), *entry = gtk_entry_new();
    gtk_editable_set_text(GTK_EDITABLE(entry), gtk_label_get_text(GTK_LABEL(h->name)));
    gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Name of the track", -1);
    gtk_popover_set_child(GTK_POPOVER(popover), entry);
    gtk_widget_set_parent(popover, h->name);
    g_object_set_data(G_OBJECT(popover), OWN, h);
    g_signal_connect(entry, "activate", G_CALLBACK(rename_entered), popover);
    g_signal_connect(popover, "closed", G_CALLBACK(popover_closed), NULL);
    gtk_popover_popup(GTK_POPOVER(popover));
    gtk_widget_grab_focus(entry);
}

/* ---- Context menu ---- */

static void run_rename(GSimpleAction *action, GVariant *value, gpointer data)
{
    rename_track(data);
}

static void run_remove(GSimpleAction *action, GVariant *value, gpointer data)
{
    header *h = data;
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(h->area->document)->id);
    kerf_document_edit(
        h->area->document, "Remove Track",
        kerf_json_operation("remove_track", "\"sequence\": %s, \"track\": \"#" KT_ID "\"", sequence, h->track));
}

static void move_by(header *h, int by)
{
    const kt_row *row = NULL;
    for (int32_t i = 0; i < h->area->view.row_count; i++) {
        if (h->area->view.rows[i].uid == h->track) row = &h->area->view.rows[i];
    }
    if (!row) return;
    int32_t index = row->track + (h->audio ? -by : by);
    if (index < 0 || index >= h->area->view.row_count) return;
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(h->area->document)->id);
    kerf_document_edit(h->area->document, "Move Track",
                       kerf_json_operation("move_track", "\"sequence\": %s, \"track\": \"#" KT_ID "\", \"index\": %d",
                                           sequence, h->track, index));
}

static void run_up(GSimpleAction *action, GVariant *value, gpointer data)
{
    move_by(data, 1);
}

static void run_down(GSimpleAction *action, GVariant *value, gpointer data)
{
    move_by(data, -1);
}

static void set_height(header *h, double height)
{
    kerf_timeline_area_set_height(h->area, h->track, height);
}

static void run_taller(GSimpleAction *action, GVariant *value, gpointer data)
{
    set_height(data, 96);
}

static void run_flat(GSimpleAction *action, GVariant *value, gpointer data)
{
    set_height(data, 26);
}

static const GActionEntry actions[] = {
    {"rename", run_rename}, {"remove", run_remove}, {"up", run_up},
    {"down", run_down},     {"tall", run_taller},   {"flat", run_flat},
};

static GMenuModel *make_menu(void)
{
    GMenu *menu = g_menu_new();
    g_autoptr(GMenu) own = g_menu_new(), tracks = g_menu_new(), height = g_menu_new();
    g_menu_append(own, "Rename...", "track.rename");
    g_menu_append(own, "Move Up", "track.up");
    g_menu_append(own, "Move Down", "track.down");
    g_menu_append(own, "Remove Track", "track.remove");
    g_menu_append(tracks, "Add Video Track", "win.sequence-add-video-track");
    g_menu_append(tracks, "Add Audio Track", "win.sequence-add-audio-track");
    g_menu_append(height, "Tall", "track.tall");
    g_menu_append(height, "Flat", "track.flat");
    g_menu_append_section(menu, NULL, G_MENU_MODEL(own));
    g_menu_append_section(menu, NULL, G_MENU_MODEL(tracks));
    g_menu_append_section(menu, NULL, G_MENU_MODEL(height));
    return G_MENU_MODEL(menu);
}

static void show_menu(GtkWidget *widget, double x, double y)
{
    g_autoptr(GMenuModel) model = make_menu();
    GtkWidget *popover = gtk_popover_menu_new_from_model(model);
    gtk_widget_set_parent(popover, widget);
    gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)x, (int)y, 1, 1});
    gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
    gtk_popover_popup(GTK_POPOVER(popover));
}

static void pressed(GtkGestureClick *gesture, int presses, double x, double y, header *h)
{
    GtkWidget *widget = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(gesture));
    guint button = gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(gesture));
    if (button == GDK_BUTTON_SECONDARY) {
        show_menu(widget, x, y);
    } else if (presses == 2) {
        rename_track(h);
    }
}

static gboolean menu_key(GtkWidget *widget, GVariant *args, gpointer data)
{
    show_menu(widget, 20, 10);
    return TRUE;
}

static void add_menu(GtkWidget *widget, header *h)
{
    g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
    g_action_map_add_action_entries(G_ACTION_MAP(group), actions, G_N_ELEMENTS(actions), h);
    gtk_widget_insert_action_group(widget, "track", G_ACTION_GROUP(group));
    GtkGesture *click = gtk_gesture_click_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), 0);
    g_signal_connect(click, "pressed", G_CALLBACK(pressed), h);
    gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
    GtkEventController *keys = gtk_shortcut_controller_new();
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
                                         gtk_shortcut_new(gtk_shortcut_trigger_parse_string("Menu|<Shift>F10"),
                                                          gtk_callback_action_new(menu_key, NULL, NULL)));
    gtk_widget_add_controller(widget, keys);
}

/* ---- The widget ---- */

static GtkWidget *make_toggle(header *h, const char *text, bool icon, const char *tip)
{
    GtkWidget *button = gtk_toggle_button_new();
    if (icon) {
        gtk_button_set_icon_name(GTK_BUTTON(button), text);
    } else {
        gtk_button_set_label(GTK_BUTTON(button), text);
    }
    gtk_widget_set_tooltip_text(button, tip);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_set_focus_on_click(button, FALSE);
    gtk_widget_add_css_class(button, "flat");
    g_signal_connect(button, "toggled", G_CALLBACK(switched), h);
    return button;
}

static void finish(gpointer data, GObject *gone)
{
    g_free(data);
}

GtkWidget *kt_track_header_new(KerfTimelineArea *area, uint64_t track)
{
    header *h = g_new0(header, 1);
    GtkWidget *overlay = gtk_overlay_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 1);
    h->area = area;
    h->track = track;
    g_object_set_data(G_OBJECT(overlay), OWN, h);
    g_object_weak_ref(G_OBJECT(overlay), finish, h);
    h->target = make_toggle(h, "", false, "Target: edits that name no track go here");
    h->name = gtk_label_new(NULL);
    gtk_label_set_ellipsize(GTK_LABEL(h->name), PANGO_ELLIPSIZE_END);
    gtk_label_set_xalign(GTK_LABEL(h->name), 0);
    gtk_widget_set_hexpand(h->name, TRUE);
    gtk_box_append(GTK_BOX(box), h->target);
    gtk_box_append(GTK_BOX(box), h->name);
    for (size_t i = 0; i < G_N_ELEMENTS(switches); i++) {
        h->switches[i] = make_toggle(h, switches[i].text, switches[i].icon, switches[i].tip);
        g_object_set_data(G_OBJECT(h->switches[i]), "switch", (gpointer)&switches[i]);
        gtk_box_append(GTK_BOX(box), h->switches[i]);
    }
    gtk_overlay_set_child(GTK_OVERLAY(overlay), box);
    gtk_widget_add_css_class(overlay, "track-header");
    gtk_widget_set_overflow(overlay, GTK_OVERFLOW_HIDDEN);
    add_menu(overlay, h);
    return overlay;
}

static void name_switches(header *h, const char *track)
{
    static const char *const what[] = {"sync lock", "hide", "mute", "solo", "lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(switches); i++) {
        g_autofree char *name = g_strdup_printf("%s %s", track, what[i]);
        gtk_accessible_update_property(GTK_ACCESSIBLE(h->switches[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    }
    g_autofree char *name = g_strdup_printf("%s target", track);
    gtk_accessible_update_property(GTK_ACCESSIBLE(h->target), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void kt_track_header_update(GtkWidget *widget, const kf_track_info *track, double height)
{
    header *h = g_object_get_data(G_OBJECT(widget), OWN);
    char id[16];
    bool first = gtk_button_get_label(GTK_BUTTON(h->target))[0] == 0;
    g_snprintf(id, sizeof id, "%s%d", track->audio ? "A" : "V", track->number);
    h->audio = track->audio;
    if (first) gtk_overlay_add_overlay(GTK_OVERLAY(widget), make_handle(h));
    if (g_strcmp0(gtk_button_get_label(GTK_BUTTON(h->target)), id) != 0) {
        gtk_button_set_label(GTK_BUTTON(h->target), id);
        name_switches(h, id);
    }
    h->updating = true;
    gtk_label_set_text(GTK_LABEL(h->name), track->name);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(h->target), track->target);
    for (size_t i = 0; i < G_N_ELEMENTS(switches); i++) {
        gtk_widget_set_visible(h->switches[i], track->audio ? switches[i].audio : switches[i].video);
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(h->switches[i]), value_of(track, (int)i));
    }
    h->updating = false;
}
