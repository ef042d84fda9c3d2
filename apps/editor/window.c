/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "window.h"

#include <libpanel.h>

#include "app.h"
#include "disk.h"
#include "export/activity.h"
#include "panel.h"
#include "view.h"
#include "welcome.h"

#define FRAMES 6
static const char *const frame_names[FRAMES] = {"left", "center_left", "center_right", "right", "bottom", "bottom_right"};

struct _KerfWindow {
    AdwApplicationWindow parent;
    KerfDocument *document;
    GtkWidget *menu_bar, *title, *stack, *dock_place, *toasts;
    KerfDock dock;
    KerfView *view;           /* NULL on the start page */
    char *focused;
};

G_DEFINE_FINAL_TYPE(KerfWindow, kerf_window, ADW_TYPE_APPLICATION_WINDOW)

KerfApp *kerf_window_app(KerfWindow *w) { return KERF_APP(gtk_window_get_application(GTK_WINDOW(w))); }
KerfDocument *kerf_window_document(KerfWindow *w) { return w->document; }
gboolean kerf_window_has_document(KerfWindow *w) { return w->document != NULL; }
const char *kerf_window_focused_panel(KerfWindow *w) { return w->focused ? w->focused : ""; }

void kerf_window_say(KerfWindow *w, gboolean error, const char *text)
{
    g_autofree char *safe = g_markup_escape_text(text, -1);
    g_message("%s", text); /* for who was not looking */
    AdwToast *toast = adw_toast_new(safe);
    adw_toast_set_timeout(toast, error ? 6 : 3);
    if (error) adw_toast_set_priority(toast, ADW_TOAST_PRIORITY_HIGH);
    adw_toast_overlay_add_toast(ADW_TOAST_OVERLAY(w->toasts), toast);
}

/* ---- Panels ---- */

static const KerfPanel *panel_find(const char *id)
{
    for (const KerfPanel *const *p = kerf_panels; *p; p++) {
        if (strcmp((*p)->id, id) == 0) return *p;
    }
    return NULL;
}

static PanelWidget *add_panel(KerfWindow *w, const KerfPanel *panel, int area)
{
    PanelWidget *widget = PANEL_WIDGET(panel_widget_new());
    panel_widget_set_id(widget, panel->id);
    panel_widget_set_title(widget, panel->title);
    panel_widget_set_icon_name(widget, panel->icon);
    panel_widget_set_can_maximize(widget, TRUE);
    panel_widget_set_reorderable(widget, TRUE);
    GtkWidget *child = panel->create(w);
    gtk_widget_set_hexpand(child, TRUE);
    gtk_widget_set_vexpand(child, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, panel->title, -1);
    panel_widget_set_child(widget, child);
    g_hash_table_insert(w->dock.panels, (char *)panel->id, g_object_ref_sink(widget));
    panel_frame_add(w->dock.frames[area], widget);
    gtk_widget_set_visible(GTK_WIDGET(w->dock.frames[area]), TRUE);
    return widget;
}

GtkWidget *kerf_window_panel(KerfWindow *w, const char *id)
{
    PanelWidget *widget = g_hash_table_lookup(w->dock.panels, id);
    return widget ? panel_widget_get_child(widget) : NULL;
}

void kerf_window_show_panel(KerfWindow *w, const char *id)
{
    const KerfPanel *panel = panel_find(id);
    PanelWidget *widget = g_hash_table_lookup(w->dock.panels, id);
    if (!panel || !w->document) return;
    if (widget && !gtk_widget_get_parent(GTK_WIDGET(widget))) panel_frame_add(w->dock.frames[panel->area], widget);
    if (!widget) widget = add_panel(w, panel, panel->area);
    panel_widget_raise(widget);
    GtkWidget *child = panel_widget_get_child(widget), *focus = g_object_get_data(G_OBJECT(child), "kerf-focus");
    if (!focus || !gtk_widget_grab_focus(focus)) gtk_widget_child_focus(child, GTK_DIR_TAB_FORWARD);
}

void kerf_panel_set_focus(GtkWidget *panel, GtkWidget *focus) { g_object_set_data(G_OBJECT(panel), "kerf-focus", focus); }

static void remove_panels(KerfWindow *w)
{
    GHashTableIter iter;
    gpointer widget;
    g_hash_table_iter_init(&iter, w->dock.panels);
    while (g_hash_table_iter_next(&iter, NULL, &widget)) {
        panel_widget_set_child(widget, NULL);
    }
    g_hash_table_remove_all(w->dock.panels);
}

/* Beside the monitors, where there are many panels in little room, icons; else tabs with names. */
static GtkWidget *header_new(KerfArea area)
{
    if (area == KERF_AREA_LEFT || area == KERF_AREA_RIGHT || area == KERF_AREA_BOTTOM_RIGHT) return panel_frame_switcher_new();
    GtkWidget *bar = panel_frame_tab_bar_new();
    panel_frame_tab_bar_set_autohide(PANEL_FRAME_TAB_BAR(bar), FALSE);
    panel_frame_tab_bar_set_expand_tabs(PANEL_FRAME_TAB_BAR(bar), FALSE);
    return bar;
}

static void add_dock(KerfWindow *w)
{
    g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource("/app/kerf/editor/window.ui");
    GtkWidget *dock = GTK_WIDGET(gtk_builder_get_object(builder, "dock"));
    w->dock.dock = PANEL_DOCK(dock);
    for (int i = 0; i < FRAMES; i++) {
        w->dock.frames[i] = PANEL_FRAME(gtk_builder_get_object(builder, frame_names[i]));
        GtkWidget *bar = header_new((KerfArea)i);
        panel_frame_set_header(w->dock.frames[i], PANEL_FRAME_HEADER(bar));
    }
    adw_bin_set_child(ADW_BIN(w->dock_place), dock);
    for (const KerfPanel *const *p = kerf_panels; *p; p++) {
        const int area = kerf_dock_area(kerf_view_keys(w->view), *p);
        if (area >= 0) add_panel(w, *p, area);
    }
    for (int i = 0; i < FRAMES; i++) {
        PanelWidget *first = panel_frame_get_n_pages(w->dock.frames[i]) ? panel_frame_get_page(w->dock.frames[i], 0) : NULL;
        if (first) panel_frame_set_visible_child(w->dock.frames[i], first);
        gtk_widget_set_visible(GTK_WIDGET(w->dock.frames[i]), first != NULL);
    }
    kerf_dock_restore_sizes(&w->dock, kerf_view_keys(w->view));
}

static void remove_dock(KerfWindow *w)
{
    remove_panels(w);
    adw_bin_set_child(ADW_BIN(w->dock_place), NULL);
}

GKeyFile *kerf_window_view(KerfWindow *w) { return w->view ? kerf_view_keys(w->view) : NULL; }

void kerf_window_view_changed(KerfWindow *w)
{
    if (w->view) kerf_view_changed(w->view);
}

void kerf_window_store_dock(KerfWindow *w, GKeyFile *keys) { kerf_dock_store(&w->dock, keys); }

void kerf_window_arrange(KerfWindow *w, const char *name)
{
    if (!w->view) return;
    remove_dock(w);
    kerf_dock_preset(kerf_view_keys(w->view), name);
    add_dock(w);
    kerf_view_changed(w->view);
}

/* ---- Actions ---- */

static void run_action(GSimpleAction *simple, GVariant *parameter, gpointer data)
{
    g_autoptr(KerfWindow) w = g_object_ref(data); /* it may be what is closed */
    const KerfAction *action = kerf_action_find(g_action_get_name(G_ACTION(simple)));
    action->run(w);
    kerf_window_update_actions(w);
}

static void add_action(const KerfAction *action, gpointer data)
{
    KerfWindow *w = data;
    g_autoptr(GSimpleAction) simple =
        action->active ? g_simple_action_new_stateful(action->name, NULL, g_variant_new_boolean(FALSE))
                       : g_simple_action_new(action->name, NULL);
    g_signal_connect(simple, "activate", G_CALLBACK(run_action), w);
    g_action_map_add_action(G_ACTION_MAP(w), G_ACTION(simple));
}

static gboolean is_enabled(KerfWindow *w, const KerfAction *action)
{
    const gboolean without = action->enabled == NULL && g_str_has_prefix(action->name, "app-");
    if (!w->document && !without && action->enabled == NULL && action->scope) return FALSE;
    return action->enabled == NULL || action->enabled(w);
}

static void update_action(const KerfAction *action, gpointer data)
{
    KerfWindow *w = data;
    GSimpleAction *simple = G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(w), action->name));
    g_simple_action_set_enabled(simple, is_enabled(w, action));
    if (action->active) g_simple_action_set_state(simple, g_variant_new_boolean(w->document && action->active(w)));
}

void kerf_window_update_actions(KerfWindow *w) { kerf_actions_each(update_action, w); }

void kerf_window_run(KerfWindow *w, const char *action)
{
    g_action_group_activate_action(G_ACTION_GROUP(w), action, NULL);
}

static void show_panel_action(GSimpleAction *simple, GVariant *parameter, gpointer data)
{
    kerf_window_show_panel(data, g_variant_get_string(parameter, NULL));
}

/* Keys are bound by what they give without Shift too: Shift and 1, wherever an exclamation mark is. */
static const KerfAction *action_of_key(KerfWindow *w, guint keyval, guint code, GdkModifierType state)
{
    KerfKeymap *keymap = kerf_app_keymap(kerf_window_app(w));
    const char *scope = kerf_window_focused_panel(w);
    const KerfAction *action = kerf_keymap_find(keymap, keyval, state, scope);
    guint plain;
    if (action || !(state & GDK_SHIFT_MASK)) return action;
    if (!gdk_display_translate_key(gtk_widget_get_display(GTK_WIDGET(w)), code, state & ~GDK_SHIFT_MASK, 0, &plain, NULL, NULL, NULL)) {
        return NULL;
    }
    return kerf_keymap_find(keymap, plain, state, scope);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    KerfWindow *w = data;
    const KerfAction *action = action_of_key(w, keyval, code, state);
    if (!action || !is_enabled(w, action)) return GDK_EVENT_PROPAGATE;
    kerf_window_run(w, action->name);
    return GDK_EVENT_STOP;
}

static void focus_moved(GObject *object, GParamSpec *spec, gpointer data)
{
    KerfWindow *w = KERF_WINDOW(object);
    GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(w));
    GtkWidget *panel = focus ? gtk_widget_get_ancestor(focus, PANEL_TYPE_WIDGET) : NULL;
    const char *id = panel ? panel_widget_get_id(PANEL_WIDGET(panel)) : NULL;
    if (!id || g_strcmp0(id, w->focused) == 0) return;
    g_free(w->focused);
    w->focused = g_strdup(id);
    kerf_window_update_actions(w);
}

/* ---- The document ---- */

static void update_title(KerfWindow *w)
{
    if (!w->document) {
        adw_window_title_set_title(ADW_WINDOW_TITLE(w->title), "Kerf");
        adw_window_title_set_subtitle(ADW_WINDOW_TITLE(w->title), "");
        gtk_window_set_title(GTK_WINDOW(w), "Kerf");
        return;
    }
    const char *name = kerf_document_title(w->document);
    g_autofree char *full = g_strdup_printf("%s - Kerf", name);
    adw_window_title_set_title(ADW_WINDOW_TITLE(w->title), name);
    adw_window_title_set_subtitle(ADW_WINDOW_TITLE(w->title), kerf_document_sequence_info(w->document)->name);
    gtk_window_set_title(GTK_WINDOW(w), full);
}

static void state_changed(KerfDocument *document, gpointer data)
{
    update_title(data);
    kerf_window_update_actions(data);
}

static void message(KerfDocument *document, const char *text, gboolean error, gpointer data)
{
    kerf_window_say(data, error, text);
}

/* While something plays, work in the background stands back. */
static void stand_back(KerfWindow *w, gboolean playing)
{
    KerfApp *app = kerf_window_app(w);
    kf_worker *worker = app ? kerf_worker_get(kerf_app_worker(app)) : NULL;
    if (worker) kf_worker_set_busy(worker, playing);
}

static void mind_playing(KerfWindow *w)
{
    stand_back(w, kerf_playback_state(kerf_document_program(w->document))->playing ||
                      kerf_playback_state(kerf_document_source_player(w->document))->playing);
}

/* What is shown of a file is what is on the disk now. */
static void file_changed(KerfWorker *worker, int kind, const char *path, gboolean done, gpointer data)
{
    KerfWindow *w = data;
    if (kind != KF_WORK_CHANGED || !w->document) return;
    kf_player_refresh(kerf_playback_player(kerf_document_program(w->document)), path);
    kf_player_refresh(kerf_playback_player(kerf_document_source_player(w->document)), path);
}

static void close_document(KerfWindow *w)
{
    g_signal_handlers_disconnect_by_data(kerf_document_program(w->document), w);
    g_signal_handlers_disconnect_by_data(kerf_document_source_player(w->document), w);
    stand_back(w, FALSE);
    g_clear_pointer(&w->view, kerf_view_free);
    remove_dock(w);
    g_signal_handlers_disconnect_by_data(w->document, w);
    kerf_session_note(kerf_document_path(w->document), FALSE);
    kerf_document_close(w->document);
}

/* Once the panels are on the screen: keys go to the timeline at first. */
static gboolean focus_timeline(gpointer data)
{
    kerf_window_show_panel(data, "timeline");
    return G_SOURCE_REMOVE;
}

/* For bench/editor_start.py: tells when the first frame with the project in it was drawn. */
static void first_frame(GdkFrameClock *clock, gpointer data)
{
    g_signal_handlers_disconnect_by_func(clock, first_frame, data);
    g_printerr("kerf-editor: first frame at %" G_GINT64_FORMAT " us\n", g_get_monotonic_time());
}

static void time_first_frame(KerfWindow *w)
{
    GdkFrameClock *clock = g_getenv("KERF_TIMING") ? gtk_widget_get_frame_clock(GTK_WIDGET(w)) : NULL;
    if (clock) g_signal_connect(clock, "after-paint", G_CALLBACK(first_frame), w);
}

void kerf_window_set_document(KerfWindow *w, KerfDocument *document)
{
    if (w->document) close_document(w);
    g_set_object(&w->document, document);
    if (document) {
        w->view = kerf_view_new(w);
        add_dock(w);
        kerf_session_note(kerf_document_path(document), TRUE);
        g_idle_add_full(G_PRIORITY_LOW, focus_timeline, g_object_ref(w), g_object_unref);
        g_signal_connect(document, "state-changed", G_CALLBACK(state_changed), w);
        g_signal_connect(document, "sequence-changed", G_CALLBACK(state_changed), w);
        g_signal_connect(document, "selection-changed", G_CALLBACK(state_changed), w);
        g_signal_connect(document, "source-changed", G_CALLBACK(state_changed), w);
        g_signal_connect(document, "message", G_CALLBACK(message), w);
        g_signal_connect_swapped(kerf_document_program(document), "state", G_CALLBACK(mind_playing), w);
        g_signal_connect_swapped(kerf_document_source_player(document), "state", G_CALLBACK(mind_playing), w);
        kerf_app_add_recent(kerf_window_app(w), kerf_document_path(document));
    }
    if (document) time_first_frame(w);
    gtk_stack_set_visible_child_name(GTK_STACK(w->stack), document ? "editor" : "start");
    gtk_widget_set_visible(w->menu_bar, document != NULL);
    state_changed(document, w);
}

/* ---- The object ---- */

static gboolean close_request(GtkWindow *window)
{
    if (kerf_disk_keeps_open(KERF_WINDOW(window))) return TRUE;
    kerf_window_set_document(KERF_WINDOW(window), NULL);
    return GTK_WINDOW_CLASS(kerf_window_parent_class)->close_request(window);
}

static void dispose(GObject *object)
{
    KerfWindow *w = KERF_WINDOW(object);
    if (w->document) kerf_window_set_document(w, NULL);
    g_clear_pointer(&w->dock.panels, g_hash_table_unref);
    g_clear_pointer(&w->focused, g_free);
    G_OBJECT_CLASS(kerf_window_parent_class)->dispose(object);
}

static void kerf_window_class_init(KerfWindowClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WINDOW_CLASS(class)->close_request = close_request;
}

static void kerf_window_init(KerfWindow *w)
{
    w->dock.panels = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_object_unref);
    gtk_window_set_default_size(GTK_WINDOW(w), 1600, 950);
}

static void build(KerfWindow *w)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *header = adw_header_bar_new();
    g_autoptr(GMenuModel) menus = kerf_menus_new(w);
    w->menu_bar = gtk_popover_menu_bar_new_from_model(menus);
    w->title = adw_window_title_new("Kerf", "");
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), w->menu_bar);
    adw_header_bar_set_title_widget(ADW_HEADER_BAR(header), w->title);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), kerf_activity_new(w));
    w->stack = gtk_stack_new();
    w->dock_place = adw_bin_new();
    gtk_stack_add_named(GTK_STACK(w->stack), kerf_welcome_new(w), "start");
    gtk_stack_add_named(GTK_STACK(w->stack), w->dock_place, "editor");
    w->toasts = adw_toast_overlay_new();
    adw_toast_overlay_set_child(ADW_TOAST_OVERLAY(w->toasts), w->stack);
    gtk_widget_set_vexpand(w->toasts, TRUE);
    gtk_box_append(GTK_BOX(box), header);
    gtk_box_append(GTK_BOX(box), kerf_disk_notice_new(w));
    gtk_box_append(GTK_BOX(box), w->toasts);
    adw_application_window_set_content(ADW_APPLICATION_WINDOW(w), box);
}

KerfWindow *kerf_window_new(KerfApp *app)
{
    KerfWindow *w = g_object_new(KERF_TYPE_WINDOW, "application", app, NULL);
    static const GActionEntry show[] = {{.name = "panel", .activate = show_panel_action, .parameter_type = "s"}};
    g_action_map_add_action_entries(G_ACTION_MAP(w), show, G_N_ELEMENTS(show), w);
    kerf_actions_each(add_action, w);
    build(w);
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), w);
    gtk_widget_add_controller(GTK_WIDGET(w), keys);
    g_signal_connect(w, "notify::focus-widget", G_CALLBACK(focus_moved), NULL);
    g_signal_connect_object(kerf_app_worker(app), "event", G_CALLBACK(file_changed), w, 0);
    kerf_window_set_document(w, NULL);
    return w;
}
