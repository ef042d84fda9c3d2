/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "app.h"

#include <glib/gstdio.h>
#include <libpanel.h>

#include "view.h"

#define RECENT_MAX 20

struct _KerfApp {
    AdwApplication parent;
    KerfKeymap *keymap;
    KerfWorker *worker;
    KerfQueue *queue;
    GKeyFile *settings;
    guint writing;            /* source that writes the settings */
    GtkCssProvider *style, *own_style;
};

G_DEFINE_FINAL_TYPE(KerfApp, kerf_app, ADW_TYPE_APPLICATION)

KerfKeymap *kerf_app_keymap(KerfApp *app) { return app->keymap; }
GKeyFile *kerf_app_settings(KerfApp *app) { return app->settings; }

KerfWorker *kerf_app_worker(KerfApp *app)
{
    if (!app->worker) app->worker = kerf_worker_new(app->settings);
    return app->worker;
}

KerfQueue *kerf_app_queue(KerfApp *app)
{
    if (!app->queue) app->queue = kerf_queue_new();
    return app->queue;
}

static char *user_path(const char *folder, const char *name)
{
    g_autofree char *place = g_build_filename(folder, "kerf", NULL);
    g_mkdir_with_parents(place, 0700);
    return g_build_filename(place, name, NULL);
}

char *kerf_app_config_path(const char *name) { return user_path(g_get_user_config_dir(), name); }
char *kerf_app_state_path(const char *name) { return user_path(g_get_user_state_dir(), name); }

static void write_settings(KerfApp *app)
{
    g_autofree char *path = kerf_app_config_path("settings.ini");
    g_autoptr(GError) error = NULL;
    if (!g_key_file_save_to_file(app->settings, path, &error)) g_warning("settings are not saved: %s", error->message);
}

static gboolean write_soon(gpointer data)
{
    KerfApp *app = data;
    app->writing = 0;
    write_settings(app);
    return G_SOURCE_REMOVE;
}

void kerf_app_settings_changed(KerfApp *app)
{
    if (!app->writing) app->writing = g_timeout_add(500, write_soon, app);
}

/* ---- Recent projects ---- */

char **kerf_app_recent(KerfApp *app)
{
    char **list = g_key_file_get_string_list(app->settings, "recent", "projects", NULL, NULL);
    return list ? list : g_new0(char *, 1);
}

void kerf_app_add_recent(KerfApp *app, const char *path)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_auto(GStrv) before = kerf_app_recent(app);
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    g_ptr_array_add(list, full);
    for (char **p = before; *p && list->len < RECENT_MAX; p++) {
        if (strcmp(*p, full) != 0) g_ptr_array_add(list, *p);
    }
    g_key_file_set_string_list(app->settings, "recent", "projects", (const char *const *)list->pdata, list->len);
    kerf_app_settings_changed(app);
}

/* ---- Opening ---- */

typedef struct Opening {
    KerfApp *app;
    KerfWindow *window;
} Opening;

static KerfWindow *window_for(KerfApp *app, KerfWindow *window)
{
    if (window && !kerf_window_document(window)) return window;
    KerfWindow *fresh = kerf_window_new(app);
    gtk_window_present(GTK_WINDOW(fresh));
    return fresh;
}

static void opened(GObject *source, GAsyncResult *result, gpointer data)
{
    Opening *o = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(KerfDocument) document = kerf_document_open_finish(result, o->app->settings, &error);
    if (document) {
        kerf_window_set_document(o->window, document);
    } else {
        kerf_window_say(o->window, TRUE, error->message);
    }
    g_object_unref(o->window);
    g_application_release(G_APPLICATION(o->app));
    g_free(o);
}

void kerf_app_open(KerfApp *app, KerfWindow *window, const char *path)
{
    Opening *o = g_new0(Opening, 1);
    o->app = app;
    o->window = g_object_ref(window_for(app, window));
    g_application_hold(G_APPLICATION(app));
    kerf_document_open_async(path, NULL, opened, o);
}

void kerf_app_create(KerfApp *app, KerfWindow *window, const char *preset)
{
    g_autoptr(GError) error = NULL;
    KerfWindow *place = window_for(app, window);
    g_autoptr(KerfDocument) document = kerf_document_create(preset, app->settings, &error);
    if (document) {
        kerf_window_set_document(place, document);
    } else {
        kerf_window_say(place, TRUE, error->message);
    }
}

/* ---- Style ---- */

void kerf_app_update_style(KerfApp *app)
{
    g_autofree char *scheme = g_key_file_get_string(app->settings, "view", "style", NULL);
    g_autofree char *own = kerf_app_config_path("style.css");
    AdwStyleManager *manager = adw_style_manager_get_default();
    adw_style_manager_set_color_scheme(manager, g_strcmp0(scheme, "light") == 0    ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                : g_strcmp0(scheme, "system") == 0 ? ADW_COLOR_SCHEME_PREFER_DARK
                                                                                   : ADW_COLOR_SCHEME_FORCE_DARK);
    gtk_css_provider_load_from_resource(app->style, "/app/kerf/editor/style.css");
    if (g_file_test(own, G_FILE_TEST_EXISTS)) gtk_css_provider_load_from_path(app->own_style, own);
}

static void add_style(KerfApp *app)
{
    GdkDisplay *display = gdk_display_get_default();
    app->style = gtk_css_provider_new();
    app->own_style = gtk_css_provider_new();
    gtk_icon_theme_add_resource_path(gtk_icon_theme_get_for_display(display), "/app/kerf/editor/icons");
    gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(app->style),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    gtk_style_context_add_provider_for_display(display, GTK_STYLE_PROVIDER(app->own_style),
                                               GTK_STYLE_PROVIDER_PRIORITY_USER);
    kerf_app_update_style(app);
}

/* ---- The application ---- */

static void startup(GApplication *base)
{
    KerfApp *app = KERF_APP(base);
    g_autofree char *path = kerf_app_config_path("settings.ini");
    G_APPLICATION_CLASS(kerf_app_parent_class)->startup(base);
    panel_init();
    app->settings = g_key_file_new();
    g_key_file_load_from_file(app->settings, path, G_KEY_FILE_NONE, NULL);
    app->keymap = kerf_keymap_new();
    add_style(app);
}

static void activate(GApplication *base)
{
    GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(base));
    g_auto(GStrv) crashed = kerf_session_crashed();
    for (char **path = crashed; *path; path++) {
        kerf_app_open(KERF_APP(base), NULL, *path);
    }
    if (*crashed) return;
    if (!window) window = GTK_WINDOW(kerf_window_new(KERF_APP(base)));
    gtk_window_present(window);
}

static void open_files(GApplication *base, GFile **files, int count, const char *hint)
{
    for (int i = 0; i < count; i++) {
        g_autofree char *path = g_file_get_path(files[i]);
        KerfWindow *window = kerf_window_new(KERF_APP(base));
        gtk_window_present(GTK_WINDOW(window));
        if (path) kerf_app_open(KERF_APP(base), window, path);
    }
}

static void shutdown_app(GApplication *base)
{
    KerfApp *app = KERF_APP(base);
    if (app->writing) {
        g_source_remove(app->writing);
        write_settings(app);
    }
    G_APPLICATION_CLASS(kerf_app_parent_class)->shutdown(base);
    g_clear_object(&app->worker);
    if (app->queue) kerf_queue_close(app->queue);
    g_clear_object(&app->queue);
    g_clear_pointer(&app->keymap, kerf_keymap_free);
    g_clear_pointer(&app->settings, g_key_file_free);
    g_clear_object(&app->style);
    g_clear_object(&app->own_style);
}

static void kerf_app_class_init(KerfAppClass *class)
{
    GApplicationClass *application = G_APPLICATION_CLASS(class);
    application->startup = startup;
    application->activate = activate;
    application->open = open_files;
    application->shutdown = shutdown_app;
}

static void kerf_app_init(KerfApp *app) {}

KerfApp *kerf_app_new(void)
{
    return g_object_new(KERF_TYPE_APP, "application-id", "app.kerf.Editor", "flags",
                        G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE, NULL);
}
