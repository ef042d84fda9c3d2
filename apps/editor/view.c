/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "view.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"

#define WRITE_AFTER 2         /* s */

struct KerfView {
    KerfWindow *window;
    KerfDocument *document;
    GKeyFile *keys;
    guint writing;            /* source; 0: nothing to write */
};

/* ---- The file ---- */

static char *view_path(KerfDocument *document)
{
    g_autofree char *full = g_canonicalize_filename(kerf_document_path(document), NULL);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, full, -1);
    g_autofree char *folder = kerf_app_state_path("views");
    hash[24] = '\0';
    g_mkdir_with_parents(folder, 0700);
    return g_strdup_printf("%s/%s.ini", folder, hash);
}

static void store_document(KerfView *v)
{
    GArray *tabs = kerf_document_tabs(v->document);
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < tabs->len; i++) {
        g_string_append_printf(list, "%s%" G_GUINT64_FORMAT, i ? ";" : "", (guint64)g_array_index(tabs, uint64_t, i));
    }
    g_key_file_set_string(v->keys, "document", "tabs", list->str);
    g_key_file_set_uint64(v->keys, "document", "sequence", kerf_document_sequence_info(v->document)->uid);
    g_key_file_set_int64(v->keys, "document", "playhead", kerf_document_playhead(v->document));
}

static void restore_document(KerfView *v)
{
    g_autofree char *list = g_key_file_get_string(v->keys, "document", "tabs", NULL);
    g_auto(GStrv) tabs = g_strsplit(list ? list : "", ";", -1);
    for (char **tab = tabs; *tab; tab++) {
        kerf_document_show_sequence(v->document, g_ascii_strtoull(*tab, NULL, 10));
    }
    kerf_document_show_sequence(v->document, g_key_file_get_uint64(v->keys, "document", "sequence", NULL));
    kerf_document_seek(v->document, g_key_file_get_int64(v->keys, "document", "playhead", NULL));
}

static void write_now(KerfView *v)
{
    kerf_window_store_dock(v->window, v->keys);
    store_document(v);
    g_autofree char *path = view_path(v->document); /* another one after Save As */
    g_key_file_save_to_file(v->keys, path, NULL);
}

static gboolean write_soon(gpointer data)
{
    KerfView *v = data;
    v->writing = 0;
    write_now(v);
    return G_SOURCE_REMOVE;
}

void kerf_view_changed(KerfView *v)
{
    if (!v->writing) v->writing = g_timeout_add_seconds(WRITE_AFTER, write_soon, v);
}

static void document_changed(KerfDocument *document, gpointer data) { kerf_view_changed(data); }

KerfView *kerf_view_new(KerfWindow *window)
{
    KerfView *v = g_new0(KerfView, 1);
    v->window = window;
    v->document = g_object_ref(kerf_window_document(window));
    g_autofree char *path = view_path(v->document);
    v->keys = g_key_file_new();
    g_key_file_load_from_file(v->keys, path, G_KEY_FILE_NONE, NULL);
    restore_document(v);
    g_signal_connect(v->document, "playhead-changed", G_CALLBACK(document_changed), v);
    g_signal_connect(v->document, "state-changed", G_CALLBACK(document_changed), v);
    g_signal_connect(v->document, "sequence-changed", G_CALLBACK(document_changed), v);
    return v;
}

void kerf_view_free(KerfView *v)
{
    if (!v) return;
    if (v->writing) g_source_remove(v->writing);
    write_now(v);
    g_signal_handlers_disconnect_by_data(v->document, v);
    g_object_unref(v->document);
    g_key_file_free(v->keys);
    g_free(v);
}

GKeyFile *kerf_view_keys(KerfView *v) { return v->keys; }

/* ---- Arrangements ---- */

static const char *const sizes[] = {"start-width", "end-width", "bottom-height"};

static int area_of(const KerfDock *d, PanelWidget *widget)
{
    GtkWidget *frame = gtk_widget_get_ancestor(GTK_WIDGET(widget), PANEL_TYPE_FRAME);
    for (int i = 0; frame && i < (int)G_N_ELEMENTS(d->frames); i++) {
        if (GTK_WIDGET(d->frames[i]) == frame) return i;
    }
    return -1;
}

void kerf_dock_store(const KerfDock *d, GKeyFile *keys)
{
    for (const KerfPanel *const *p = kerf_panels; *p; p++) {
        PanelWidget *widget = g_hash_table_lookup(d->panels, (*p)->id);
        g_key_file_set_integer(keys, "panels", (*p)->id, widget ? area_of(d, widget) : -1);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        int size;
        g_object_get(d->dock, sizes[i], &size, NULL);
        g_key_file_set_integer(keys, "dock", sizes[i], size);
    }
}

int kerf_dock_area(GKeyFile *keys, const KerfPanel *panel)
{
    if (!g_key_file_has_key(keys, "panels", panel->id, NULL)) return panel->hidden ? -1 : (int)panel->area;
    const int area = g_key_file_get_integer(keys, "panels", panel->id, NULL);
    return area >= -1 && area < 6 ? area : (int)panel->area;
}

void kerf_dock_restore_sizes(const KerfDock *d, GKeyFile *keys)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        const int size = g_key_file_get_integer(keys, "dock", sizes[i], NULL);
        if (size >= 50 && size <= 4000) g_object_set(d->dock, sizes[i], size, NULL);
    }
}

typedef struct Arrangement {
    const char *name;
    const char *const *shown; /* besides media, program and timeline */
} Arrangement;

static const char *const editing[] = {"source", "effects", "inspector", "history", "mixer", "meters", NULL};
static const char *const color[] = {"scopes", "inspector", "effects", "meters", NULL};
static const char *const audio[] = {"mixer", "inspector", "effects", "source", "meters", NULL};
static const Arrangement arrangements[] = {{"editing", editing}, {"color", color}, {"audio", audio}};

static gboolean is_shown(const Arrangement *a, const char *id)
{
    static const char *const always[] = {"media", "program", "timeline", NULL};
    return g_strv_contains(always, id) || g_strv_contains(a->shown, id);
}

void kerf_dock_preset(GKeyFile *keys, const char *name)
{
    g_key_file_remove_group(keys, "panels", NULL);
    g_key_file_remove_group(keys, "dock", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(arrangements); i++) {
        if (strcmp(arrangements[i].name, name) != 0) continue;
        for (const KerfPanel *const *p = kerf_panels; *p; p++) {
            const int area = is_shown(&arrangements[i], (*p)->id) ? (int)(*p)->area : -1;
            g_key_file_set_integer(keys, "panels", (*p)->id, area);
        }
    }
}

/* ---- Sessions ---- */

static char *session_path(const char *pid)
{
    g_autofree char *folder = kerf_app_state_path("sessions");
    g_mkdir_with_parents(folder, 0700);
    return g_build_filename(folder, pid, NULL);
}

void kerf_session_note(const char *path, gboolean open)
{
    g_autofree char *pid = g_strdup_printf("%d", (int)getpid());
    g_autofree char *file = session_path(pid);
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_key_file_load_from_file(keys, file, G_KEY_FILE_NONE, NULL);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_MD5, full, -1);
    if (open) {
        g_key_file_set_string(keys, "open", hash, full);
    } else {
        g_key_file_remove_key(keys, "open", hash, NULL);
    }
    gsize count = 0;
    g_auto(GStrv) left = g_key_file_get_keys(keys, "open", &count, NULL);
    if (count > 0) {
        g_key_file_save_to_file(keys, file, NULL);
    } else {
        g_unlink(file);
    }
}

static void add_session(const char *file, GPtrArray *out)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_key_file_load_from_file(keys, file, G_KEY_FILE_NONE, NULL);
    g_auto(GStrv) names = g_key_file_get_keys(keys, "open", NULL, NULL);
    for (char **name = names; name && *name; name++) {
        char *path = g_key_file_get_string(keys, "open", *name, NULL);
        if (path && g_file_test(path, G_FILE_TEST_EXISTS)) {
            g_ptr_array_add(out, path);
        } else {
            g_free(path);
        }
    }
    g_unlink(file);
}

char **kerf_session_crashed(void)
{
    g_autofree char *folder = kerf_app_state_path("sessions");
    g_autoptr(GPtrArray) out = g_ptr_array_new();
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        const int pid = atoi(name);
        g_autofree char *file = g_build_filename(folder, name, NULL);
        if (pid > 0 && kill(pid, 0) != 0) add_session(file, out);
    }
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_steal(out, NULL);
}
