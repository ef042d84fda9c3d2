/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timeline panel: tabs of sequences, tools, track headers, the drawn area, and the bar that scrolls and zooms. */
#include "panel.h"

#include "area.h"
#include "commands.h"
#include "headers.h"
#include "text.h"
#include "zoombar.h"

typedef struct panel {
    KerfWindow *window;
    KerfTimelineArea *area;
    GtkWidget *tabs, *timecode, *adjusted[2];
    GtkAdjustment *rows[2];   /* of video and audio */
    bool updating;
} panel;

static const char *const OWN = "kerf-timeline";

KerfTimelineArea *kerf_timeline_area_of(KerfWindow *window)
{
    GtkWidget *widget = kerf_window_panel(window, "timeline");
    panel *p = widget ? g_object_get_data(G_OBJECT(widget), OWN) : NULL;
    return p ? p->area : NULL;
}

/* ---- Tabs ---- */

static void tab_chosen(GtkToggleButton *button, panel *p)
{
    const uint64_t *uid = g_object_get_data(G_OBJECT(button), "uid");
    if (!p->updating && gtk_toggle_button_get_active(button)) kerf_document_show_sequence(p->area->document, *uid);
}

static void tab_closed(GtkButton *button, panel *p)
{
    const uint64_t *uid = g_object_get_data(G_OBJECT(button), "uid");
    kerf_document_close_tab(p->area->document, *uid);
}

static GtkWidget *with_uid(GtkWidget *button, uint64_t uid)
{
    g_object_set_data_full(G_OBJECT(button), "uid", g_memdup2(&uid, sizeof uid), g_free);
    return button;
}

static void add_tab(panel *p, const kf_sequence_info *info, bool closable)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *tab = with_uid(gtk_toggle_button_new_with_label(info->name), info->uid);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(tab),
                                 info->uid == kerf_document_sequence_info(p->area->document)->uid);
    g_signal_connect(tab, "toggled", G_CALLBACK(tab_chosen), p);
    gtk_box_append(GTK_BOX(box), tab);
    if (closable) {
        GtkWidget *close = with_uid(gtk_button_new_from_icon_name("window-close-symbolic"), info->uid);
        g_autofree char *name = g_strdup_printf("Close %s", info->name);
        gtk_accessible_update_property(GTK_ACCESSIBLE(close), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
        gtk_widget_add_css_class(close, "flat");
        g_signal_connect(close, "clicked", G_CALLBACK(tab_closed), p);
        gtk_box_append(GTK_BOX(box), close);
    }
    gtk_box_append(GTK_BOX(p->tabs), box);
}

static void update_tabs(panel *p)
{
    GArray *uids = kerf_document_tabs(p->area->document);
    const kf_film_handle *film = kerf_document_film(p->area->document);
    p->updating = true;
    for (GtkWidget *child; (child = gtk_widget_get_first_child(p->tabs));) gtk_box_remove(GTK_BOX(p->tabs), child);
    for (guint i = 0; i < uids->len; i++) {
        kf_sequence_info info;
        int32_t index = kf_film_sequence_index(film, g_array_index(uids, uint64_t, i));
        if (kf_film_sequence(film, index, &info)) add_tab(p, &info, uids->len > 1);
    }
    gtk_widget_set_visible(p->tabs, uids->len > 1);
    p->updating = false;
}

static void sequence_changed(KerfDocument *document, GtkWidget *widget)
{
    update_tabs(g_object_get_data(G_OBJECT(widget), OWN));
}

static void changed(KerfDocument *document, const kf_project_change *changes, guint count, GtkWidget *widget)
{
    for (guint i = 0; i < count; i++) {
        kf_project_change_kind kind = changes[i].kind;
        if (kind >= KF_PROJECT_SEQUENCE_ADDED && kind <= KF_PROJECT_SEQUENCE_CHANGED) {
            update_tabs(g_object_get_data(G_OBJECT(widget), OWN));
            return;
        }
    }
}

/* ---- Timecode ---- */

static void show_timecode(panel *p)
{
    char text[32];
    kf_sequence_timecode(kerf_document_sequence_info(p->area->document), kerf_document_playhead(p->area->document),
                         text, sizeof text);
    if (!gtk_widget_has_focus(p->timecode)) gtk_editable_set_text(GTK_EDITABLE(p->timecode), text);
}

static void playhead_changed(KerfDocument *document, GtkWidget *widget)
{
    panel *p = g_object_get_data(G_OBJECT(widget), OWN);
    GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(p->window));
    if (!focus || !gtk_widget_is_ancestor(focus, p->timecode)) show_timecode(p);
}

static void timecode_entered(GtkEntry *entry, panel *p)
{
    kf_time at;
    kf_error error;
    const kf_sequence_info *info = kerf_document_sequence_info(p->area->document);
    if (kf_sequence_parse_time(info, gtk_editable_get_text(GTK_EDITABLE(entry)), &at, &error) == KF_OK) {
        kerf_document_seek(p->area->document, at);
        kerf_timeline_area_show_time(p->area, at, false);
    } else {
        kerf_document_say(p->area->document, TRUE, "%s", error.message);
    }
    gtk_widget_grab_focus(GTK_WIDGET(p->area));
    show_timecode(p);
}

static GtkWidget *make_timecode(panel *p)
{
    p->timecode = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(p->timecode), 11);
    gtk_editable_set_max_width_chars(GTK_EDITABLE(p->timecode), 11);
    gtk_widget_add_css_class(p->timecode, "timecode");
    gtk_widget_add_css_class(p->timecode, "timeline-timecode");
    gtk_widget_set_tooltip_text(p->timecode, "Playhead: type a timecode to go there");
    gtk_accessible_update_property(GTK_ACCESSIBLE(p->timecode), GTK_ACCESSIBLE_PROPERTY_LABEL, "Playhead timecode", -1);
    g_signal_connect(p->timecode, "activate", G_CALLBACK(timecode_entered), p);
    return p->timecode;
}

/* ---- Scroll bars of rows ---- */

static void rows_scrolled(GtkAdjustment *adjustment, panel *p)
{
    if (p->updating) return;
    kt_view *view = &p->area->view;
    view->audio_scroll = gtk_adjustment_get_value(p->rows[1]);
    view->video_scroll = MAX(gtk_adjustment_get_upper(p->rows[0]) - gtk_adjustment_get_page_size(p->rows[0]), 0) -
                         gtk_adjustment_get_value(p->rows[0]);
    kerf_timeline_area_view_changed(p->area);
}

static void view_changed(KerfTimelineArea *area, panel *p)
{
    const kt_view *view = &area->view;
    double video = kt_view_half(view, false).height, audio = kt_view_half(view, true).height;
    p->updating = true;
    gtk_adjustment_configure(p->rows[0], MAX(view->video_height - video, 0) - view->video_scroll, 0,
                             MAX(view->video_height, video), 20, video, video);
    gtk_adjustment_configure(p->rows[1], view->audio_scroll, 0, MAX(view->audio_height, audio), 20, audio, audio);
    gtk_widget_set_size_request(p->adjusted[0], -1, (int)(kt_view_split_y(view)));
    gtk_widget_set_margin_top(p->adjusted[0], 0);
    p->updating = false;
}

static GtkWidget *make_scrollbars(panel *p)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    static const char *const names[] = {"Scroll video tracks", "Scroll audio tracks"};
    for (int i = 0; i < 2; i++) {
        p->rows[i] = gtk_adjustment_new(0, 0, 1, 20, 1, 1);
        p->adjusted[i] = gtk_scrollbar_new(GTK_ORIENTATION_VERTICAL, p->rows[i]);
        gtk_accessible_update_property(GTK_ACCESSIBLE(p->adjusted[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, names[i], -1);
        g_signal_connect(p->rows[i], "value-changed", G_CALLBACK(rows_scrolled), p);
        gtk_box_append(GTK_BOX(box), p->adjusted[i]);
    }
    gtk_widget_set_vexpand(p->adjusted[1], TRUE);
    return box;
}

/* ---- Tools ---- */

static GtkWidget *make_bar(panel *p)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 1);
    gtk_widget_add_css_class(bar, "timeline-bar");
    for (int i = 0; kt_tools[i]; i++) {
        g_autofree char *action = g_strconcat("tool-", kt_tools[i]->id, NULL);
        gtk_box_append(GTK_BOX(bar), kerf_action_button(p->window, action, kt_tools[i]->icon));
    }
    GtkWidget *line = gtk_separator_new(GTK_ORIENTATION_VERTICAL);
    gtk_widget_set_margin_start(line, 6);
    gtk_widget_set_margin_end(line, 6);
    gtk_box_append(GTK_BOX(bar), line);
    gtk_box_append(GTK_BOX(bar), kerf_action_button(p->window, "mode-snap", "kerf-snap-symbolic"));
    gtk_box_append(GTK_BOX(bar), kerf_action_button(p->window, "mode-linked", "kerf-linked-symbolic"));
    p->tabs = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    gtk_widget_add_css_class(p->tabs, "timeline-tabs");
    gtk_widget_set_hexpand(p->tabs, TRUE);
    gtk_widget_set_halign(p->tabs, GTK_ALIGN_END);
    gtk_box_append(GTK_BOX(bar), p->tabs);
    return bar;
}

static void tool_changed(KerfTimelineArea *area, panel *p)
{
    kerf_window_update_actions(p->window);
}

/* ---- The panel ---- */

static void finish(gpointer data)
{
    panel *p = data;
    g_signal_handlers_disconnect_by_data(p->area, p);
    g_object_unref(p->area);
    g_free(p);
}

static void follow(panel *p, GtkWidget *widget)
{
    g_signal_connect(p->area, "view-changed", G_CALLBACK(view_changed), p);
    g_signal_connect(p->area, "tool-changed", G_CALLBACK(tool_changed), p);
    g_signal_connect_object(p->area->document, "sequence-changed", G_CALLBACK(sequence_changed), widget, 0);
    g_signal_connect_object(p->area->document, "changed", G_CALLBACK(changed), widget, 0);
    g_signal_connect_object(p->area->document, "playhead-changed", G_CALLBACK(playhead_changed), widget, 0);
}

static GtkWidget *create(KerfWindow *window)
{
    panel *p = g_new0(panel, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *grid = gtk_grid_new();
    p->window = window;
    p->area = KERF_TIMELINE_AREA(g_object_ref_sink(kerf_timeline_area_new(window)));
    g_object_set_data_full(G_OBJECT(box), OWN, p, finish);
    gtk_box_append(GTK_BOX(box), make_bar(p));
    gtk_grid_attach(GTK_GRID(grid), GTK_WIDGET(p->area), 1, 0, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), kerf_timeline_headers_new(p->area, make_timecode(p)), 0, 0, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), make_scrollbars(p), 2, 0, 1, 1);
    gtk_grid_attach(GTK_GRID(grid), kt_zoombar_new(p->area), 1, 1, 1, 1);
    gtk_box_append(GTK_BOX(box), grid);
    follow(p, box);
    update_tabs(p);
    show_timecode(p);
    kerf_panel_set_focus(box, GTK_WIDGET(p->area));
    return box;
}

const KerfPanel kerf_timeline_panel = {
    .id = "timeline", .title = "Timeline", .icon = "kerf-tool-track-select-symbolic", .area = KERF_AREA_BOTTOM,
    .create = create, .actions = kt_commands,
};
