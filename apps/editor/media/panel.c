/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media panel: what the project is made of. */
#include "panel.h"

#include <string.h>

#include "app.h"
#include "dialogs.h"
#include "import.h"
#include "proxies.h"
#include "text.h"
#include "views.h"

typedef struct MediaPanel {
    KerfMediaViews views;     /* first: views are given where panels are wanted */
    GtkWidget *root, *search, *stack, *path, *up, *progress_bar, *progress;
    guint polling;            /* source that shows the progress of imports */
} MediaPanel;

static MediaPanel *panel_of(KerfWindow *window)
{
    GtkWidget *root = kerf_window_panel(window, "media");
    return root ? g_object_get_data(G_OBJECT(root), "media") : NULL;
}

/* ---- What is shown ---- */

static void show_bin(MediaPanel *m, const char *bin)
{
    char *copy = g_strdup(bin);
    g_free(m->views.bin);
    m->views.bin = copy;
    gtk_label_set_text(GTK_LABEL(m->path), *copy ? copy : "All bins");
    gtk_widget_set_sensitive(m->up, *copy != '\0');
    kerf_media_icons_refilter(&m->views);
}

static void go_up(GtkButton *button, gpointer data)
{
    MediaPanel *m = data;
    char *slash = strrchr(m->views.bin, '/');
    g_autofree char *parent = g_strndup(m->views.bin, slash ? (gsize)(slash - m->views.bin) : 0);
    show_bin(m, parent);
}

static void search_changed(GtkSearchEntry *entry, gpointer data)
{
    MediaPanel *m = data;
    g_free(m->views.search);
    m->views.search = g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(entry)), -1);
    kerf_media_list_refilter(&m->views);
    kerf_media_icons_refilter(&m->views);
}

static void activate(KerfMediaViews *views, KerfMediaItem *item)
{
    MediaPanel *m = (MediaPanel *)views;
    KerfDocument *document = kerf_window_document(views->window);
    if (item->kind == KERF_MEDIA_BIN) {
        show_bin(m, item->bin);
    } else if (item->kind == KERF_MEDIA_SEQUENCE) {
        kerf_document_show_sequence(document, item->uid);
        kerf_window_show_panel(views->window, "timeline");
    } else {
        const KerfSource source = {.uid = item->uid, .in = KF_TIME_NONE, .out = KF_TIME_NONE};
        kerf_document_set_source(document, &source);
        kerf_window_show_panel(views->window, "source");
    }
}

/* ---- Imports ---- */

static gboolean show_progress(gpointer data)
{
    MediaPanel *m = data;
    const double progress = kerf_import_progress(kerf_window_document(m->views.window));
    gtk_revealer_set_reveal_child(GTK_REVEALER(m->progress_bar), progress >= 0);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(m->progress), MAX(progress, 0));
    if (progress >= 0) return G_SOURCE_CONTINUE;
    m->polling = 0;
    return G_SOURCE_REMOVE;
}

static void import_paths(MediaPanel *m, const char *const *paths)
{
    kerf_import(kerf_window_document(m->views.window), m->views.worker, paths, m->views.bin);
    if (!m->polling) m->polling = g_timeout_add(100, show_progress, m);
}

static void cancel_import(GtkButton *button, gpointer data)
{
    MediaPanel *m = data;
    kerf_import_cancel(kerf_window_document(m->views.window));
}

static gboolean files_dropped(GtkDropTarget *target, const GValue *value, double x, double y, gpointer data)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (GSList *file = g_value_get_boxed(value); file; file = file->next) {
        char *path = g_file_get_path(file->data);
        if (path) g_ptr_array_add(paths, path);
    }
    if (paths->len == 0) return FALSE;
    g_ptr_array_add(paths, NULL);
    import_paths(data, (const char *const *)paths->pdata);
    return TRUE;
}

static void files_chosen(KerfWindow *window, char **paths)
{
    MediaPanel *m = panel_of(window);
    if (m) import_paths(m, (const char *const *)paths);
}

static void media_import(KerfWindow *window)
{
    const KerfFileDialog dialog = {.title = "Import media", .accept = "_Import"};
    kerf_choose_files(window, &dialog, files_chosen);
}

/* ---- Actions ---- */

static GPtrArray *selected_items(KerfWindow *window)
{
    MediaPanel *m = panel_of(window);
    if (!m) return g_ptr_array_new();
    const gboolean icons = strcmp(gtk_stack_get_visible_child_name(GTK_STACK(m->stack)), "icons") == 0;
    return kerf_media_selected(icons ? m->views.icon_selection : m->views.list_selection);
}

static gboolean has_selection(KerfWindow *window)
{
    if (!kerf_window_document(window)) return FALSE;
    g_autoptr(GPtrArray) items = selected_items(window);
    return items->len > 0;
}

static void bin_named(KerfWindow *window, const char *text)
{
    MediaPanel *m = panel_of(window);
    if (!m || !*text) return;
    g_autofree char *path = *m->views.bin ? g_strconcat(m->views.bin, "/", text, NULL) : g_strdup(text);
    g_autofree char *quoted = kerf_json_quote(path);
    kerf_document_edit(kerf_window_document(window), NULL, kerf_json_operation("add_bin", "\"bin\": %s", quoted));
}

static void media_new_bin(KerfWindow *window)
{
    const KerfQuestion question = {.title = "New bin", .accept = "_Create"};
    kerf_ask_text(window, &question, "Bin", bin_named);
}

static const char *thing_of(const KerfMediaItem *item) { return item->kind == KERF_MEDIA_SEQUENCE ? "sequence" : "asset"; }

static void renamed(KerfWindow *window, const char *text)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    if (items->len == 0 || !*text) return;
    const KerfMediaItem *item = items->pdata[0];
    g_autofree char *name = kerf_json_quote(text);
    char *operation;
    if (item->kind == KERF_MEDIA_BIN) {
        const char *slash = strrchr(item->bin, '/');
        g_autofree char *parent = g_strndup(item->bin, slash ? (gsize)(slash - item->bin + 1) : 0);
        g_autofree char *path = g_strconcat(parent, text, NULL), *to = kerf_json_quote(path), *from = kerf_json_quote(item->bin);
        operation = kerf_json_operation("rename_bin", "\"bin\": %s, \"to\": %s", from, to);
    } else {
        g_autofree char *id = kerf_json_quote(item->id), *op = g_strconcat("set_", thing_of(item), NULL);
        operation = kerf_json_operation(op, "\"%s\": %s, \"set\": {\"name\": %s}", thing_of(item), id, name);
    }
    kerf_document_edit(kerf_window_document(window), "Rename", operation);
}

static void media_rename(KerfWindow *window)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    const KerfQuestion question = {.title = "Rename", .accept = "_Rename"};
    if (items->len > 0) kerf_ask_text(window, &question, KERF_MEDIA_ITEM(items->pdata[0])->name, renamed);
}

static void media_remove(KerfWindow *window)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    g_autoptr(GString) script = g_string_new(NULL);
    for (guint i = 0; i < items->len; i++) {
        const KerfMediaItem *item = items->pdata[i];
        g_autofree char *name = kerf_json_quote(item->kind == KERF_MEDIA_BIN ? item->bin : item->id);
        const char *thing = item->kind == KERF_MEDIA_BIN ? "bin" : thing_of(item);
        g_string_append_printf(script, "{\"op\": \"remove_%s\", \"%s\": %s}\n", thing, thing, name);
    }
    kerf_document_edit(kerf_window_document(window), "Remove from the project", g_string_free(g_steal_pointer(&script), FALSE));
}

static void media_open(KerfWindow *window)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    MediaPanel *m = panel_of(window);
    if (items->len > 0) activate(&m->views, items->pdata[0]);
}

static void media_reveal(KerfWindow *window)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    const KerfMediaItem *item = items->len ? items->pdata[0] : NULL;
    if (!item || !item->file) return;
    g_autofree char *folder = g_path_get_dirname(item->file), *uri = g_filename_to_uri(folder, NULL, NULL);
    if (uri) gtk_show_uri(GTK_WINDOW(window), uri, GDK_CURRENT_TIME);
}

static void media_find(KerfWindow *window)
{
    MediaPanel *m = panel_of(window);
    if (m) gtk_widget_grab_focus(m->search);
}

static gboolean is_icons(KerfWindow *window)
{
    MediaPanel *m = panel_of(window);
    return m && strcmp(gtk_stack_get_visible_child_name(GTK_STACK(m->stack)), "icons") == 0;
}

static void media_icons(KerfWindow *window)
{
    MediaPanel *m = panel_of(window);
    if (!m) return;
    gtk_stack_set_visible_child_name(GTK_STACK(m->stack), is_icons(window) ? "list" : "icons");
    kerf_panel_set_focus(m->root, is_icons(window) ? m->views.icons : m->views.list);
    g_key_file_set_boolean(kerf_window_view(window), "media", "icons", is_icons(window));
    kerf_window_view_changed(window);
}

/* Another file for the first selected asset; others that are missing and have their file beside it are found too. */
static void relink_chosen(KerfWindow *window, const char *path)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    MediaPanel *m = panel_of(window);
    if (items->len == 0 || !m) return;
    const KerfMediaItem *first = items->pdata[0];
    g_autoptr(GString) script = g_string_new(NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    GListModel *all = kerf_media_tree_all(m->views.tree);
    for (guint i = 0; i < g_list_model_get_n_items(all); i++) {
        g_autoptr(KerfMediaItem) item = g_list_model_get_item(all, i);
        g_autofree char *name = item->file ? g_path_get_basename(item->file) : NULL;
        g_autofree char *beside = name ? g_build_filename(folder, name, NULL) : NULL;
        const gboolean found = item->missing && beside && g_file_test(beside, G_FILE_TEST_EXISTS);
        if (item != first && !found) continue;
        g_autofree char *id = kerf_json_quote(item->id), *quoted = kerf_json_quote(item == first ? path : beside);
        g_string_append_printf(script, "{\"op\": \"set_asset\", \"asset\": %s, \"set\": {\"path\": %s, \"offline\": false}}\n", id, quoted);
    }
    kerf_document_edit(kerf_window_document(window), "Relink", g_string_free(g_steal_pointer(&script), FALSE));
}

static void media_relink(KerfWindow *window)
{
    const KerfFileDialog dialog = {.title = "Where is the file now?", .accept = "_Relink"};
    kerf_choose_file(window, &dialog, relink_chosen);
}

static void media_proxy(KerfWindow *window)
{
    g_autoptr(GPtrArray) items = selected_items(window);
    for (guint i = 0; i < items->len; i++) {
        const KerfMediaItem *item = items->pdata[i];
        if (item->kind == KERF_MEDIA_ASSET && item->asset.video) {
            kerf_make_proxy(kerf_window_document(window), kerf_app_worker(kerf_window_app(window)), item->id, item->file);
        }
    }
}

static void sequence_named(KerfWindow *window, const char *text)
{
    KerfDocument *document = kerf_window_document(window);
    g_autofree char *id = kerf_json_quote(text);
    if (!*text || !kerf_document_edit(document, NULL, kerf_json_operation("add_sequence", "\"id\": %s", id))) return;
    const int32_t index = kf_film_sequence_find(kerf_document_film(document), text);
    kf_sequence_info info;
    if (kf_film_sequence(kerf_document_film(document), index, &info)) kerf_document_show_sequence(document, info.uid);
}

static void sequence_new(KerfWindow *window)
{
    const KerfQuestion question = {.title = "New sequence", .text = "Its size and rate come with the first clip.",
                                   .accept = "_Create"};
    kerf_ask_text(window, &question, "Sequence 2", sequence_named);
}

static const KerfAction actions[] = {
    {"media-import", "Import...", "Media", "<Control>i", media_import, kerf_window_has_document},
    {"media-new-bin", "New Bin...", "Media", "<Control>b", media_new_bin, kerf_window_has_document},
    {"sequence-new", "New Sequence...", "Sequence", "<Control>n", sequence_new, kerf_window_has_document},
    {"media-open", "Open in the Source Monitor", "Media", NULL, media_open, has_selection},
    {"media-rename", "Rename...", "Media", "F2", media_rename, has_selection, NULL, "media"},
    {"media-remove", "Remove", "Media", "Delete BackSpace", media_remove, has_selection, NULL, "media"},
    {"media-relink", "Relink...", "Media", "<Control><Alt>r", media_relink, has_selection},
    {"media-proxy", "Make Proxies", "Media", NULL, media_proxy, has_selection},
    {"media-reveal", "Show in Folder", "Media", NULL, media_reveal, has_selection},
    {"media-find", "Search Media", "Media", "<Control>f", media_find, kerf_window_has_document, NULL, "media"},
    {"media-icons", "Pictures or List", "Media", "<Control>Page_Up", media_icons, kerf_window_has_document, is_icons, "media"},
    {0},
};

/* ---- The panel ---- */

static GMenuModel *context_menu(void)
{
    static const char *const names[] = {"media-open", "media-rename", "media-relink", "media-proxy", "media-reveal", "media-remove",
                                        "media-import", "media-new-bin", "sequence-new"};
    GMenu *menu = g_menu_new();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *detailed = g_strconcat("win.", names[i], NULL);
        g_menu_append(menu, kerf_action_find(names[i])->label, detailed);
    }
    return G_MENU_MODEL(menu);
}

static void show_context(GtkGestureClick *click, int presses, double x, double y, gpointer data)
{
    GtkWidget *popover = data;
    kerf_window_update_actions(KERF_WINDOW(gtk_widget_get_root(popover)));
    gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)x, (int)y, 1, 1});
    gtk_popover_popup(GTK_POPOVER(popover));
}

static void add_context_menu(MediaPanel *m)
{
    g_autoptr(GMenuModel) menu = context_menu();
    GtkWidget *popover = gtk_popover_menu_new_from_model(menu);
    GtkGesture *click = gtk_gesture_click_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), GDK_BUTTON_SECONDARY);
    gtk_widget_set_parent(popover, m->root);
    gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
    gtk_widget_set_halign(popover, GTK_ALIGN_START);
    g_signal_connect(click, "pressed", G_CALLBACK(show_context), popover);
    gtk_widget_add_controller(m->root, GTK_EVENT_CONTROLLER(click));
}

static GtkWidget *toolbar_new(MediaPanel *m)
{
    static const char *const buttons[][2] = {{"media-import", "list-add-symbolic"}, {"media-new-bin", "folder-new-symbolic"},
                                             {"media-icons", "view-grid-symbolic"}};
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(buttons); i++) {
        gtk_box_append(GTK_BOX(bar), kerf_action_button(m->views.window, buttons[i][0], buttons[i][1]));
    }
    m->search = gtk_search_entry_new();
    gtk_widget_set_hexpand(m->search, TRUE);
    g_object_set(m->search, "placeholder-text", "Search", NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(m->search), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search media", -1);
    g_signal_connect(m->search, "search-changed", G_CALLBACK(search_changed), m);
    gtk_box_append(GTK_BOX(bar), m->search);
    gtk_widget_add_css_class(bar, "toolbar-tight");
    return bar;
}

static GtkWidget *icons_page_new(MediaPanel *m)
{
    GtkWidget *page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    m->up = gtk_button_new_from_icon_name("go-up-symbolic");
    m->path = gtk_label_new(NULL);
    gtk_widget_add_css_class(m->up, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(m->up), GTK_ACCESSIBLE_PROPERTY_LABEL, "To the bin above", -1);
    g_signal_connect(m->up, "clicked", G_CALLBACK(go_up), m);
    gtk_box_append(GTK_BOX(bar), m->up);
    gtk_box_append(GTK_BOX(bar), m->path);
    gtk_widget_add_css_class(bar, "toolbar-tight");
    gtk_box_append(GTK_BOX(page), bar);
    GtkWidget *icons = kerf_media_icons_new(&m->views);
    gtk_widget_set_vexpand(icons, TRUE);
    gtk_box_append(GTK_BOX(page), icons);
    return page;
}

static GtkWidget *progress_new(MediaPanel *m)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *cancel = gtk_button_new_with_label("Cancel");
    m->progress_bar = gtk_revealer_new();
    m->progress = gtk_progress_bar_new();
    gtk_progress_bar_set_text(GTK_PROGRESS_BAR(m->progress), "Looking at files");
    gtk_progress_bar_set_show_text(GTK_PROGRESS_BAR(m->progress), TRUE);
    gtk_widget_set_hexpand(m->progress, TRUE);
    g_signal_connect(cancel, "clicked", G_CALLBACK(cancel_import), m);
    gtk_box_append(GTK_BOX(box), m->progress);
    gtk_box_append(GTK_BOX(box), cancel);
    gtk_revealer_set_child(GTK_REVEALER(m->progress_bar), box);
    return m->progress_bar;
}

static void media_free(gpointer data)
{
    MediaPanel *m = data;
    if (m->polling) g_source_remove(m->polling);
    g_clear_object(&m->views.list_selection);
    g_clear_object(&m->views.icon_selection);
    g_clear_object(&m->views.list_filter);
    g_clear_object(&m->views.icon_filter);
    g_clear_object(&m->views.list_tree);
    g_clear_object(&m->views.list_found);
    kerf_media_tree_free(m->views.tree);
    g_object_unref(m->views.worker);
    g_free(m->views.search);
    g_free(m->views.bin);
    g_free(m);
}

static GtkWidget *create(KerfWindow *window)
{
    MediaPanel *m = g_new0(MediaPanel, 1);
    m->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    m->views = (KerfMediaViews){.window = window, .activate = activate, .search = g_strdup(""), .bin = g_strdup(""),
                                .worker = g_object_ref(kerf_app_worker(kerf_window_app(window)))};
    m->views.tree = kerf_media_tree_new(kerf_window_document(window), m->views.worker);
    m->stack = gtk_stack_new();
    g_object_set_data_full(G_OBJECT(m->root), "media", m, media_free);
    gtk_stack_add_named(GTK_STACK(m->stack), kerf_media_list_new(&m->views), "list");
    gtk_stack_add_named(GTK_STACK(m->stack), icons_page_new(m), "icons");
    gtk_stack_set_visible_child_name(GTK_STACK(m->stack),
                                     g_key_file_get_boolean(kerf_window_view(window), "media", "icons", NULL) ? "icons" : "list");
    gtk_widget_set_vexpand(m->stack, TRUE);
    const gboolean icons = strcmp(gtk_stack_get_visible_child_name(GTK_STACK(m->stack)), "icons") == 0;
    kerf_panel_set_focus(m->root, icons ? m->views.icons : m->views.list);
    gtk_box_append(GTK_BOX(m->root), toolbar_new(m));
    gtk_box_append(GTK_BOX(m->root), m->stack);
    gtk_box_append(GTK_BOX(m->root), progress_new(m));
    show_bin(m, "");
    GtkDropTarget *drop = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
    g_signal_connect(drop, "drop", G_CALLBACK(files_dropped), m);
    gtk_widget_add_controller(m->root, GTK_EVENT_CONTROLLER(drop));
    add_context_menu(m);
    return m->root;
}

const KerfPanel kerf_media_panel = {
    .id = "media", .title = "Media", .icon = "folder-videos-symbolic", .area = KERF_AREA_LEFT, .create = create, .actions = actions,
};
