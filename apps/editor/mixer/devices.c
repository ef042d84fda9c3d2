/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "devices.h"

#include <string.h>

#include "kerf/audio.h"

typedef struct Choice {
    KerfApp *app;
    gboolean input, filling;
    GPtrArray *values; /* stored, one for each line */
} Choice;

static char *setting(KerfApp *app, const char *key)
{
    char *value = g_key_file_get_string(kerf_app_settings(app), "audio", key, NULL);
    return value ? value : g_strdup("");
}

void kerf_devices_input(KerfApp *app, char **system, char **device)
{
    g_autofree char *value = setting(app, "input");
    char *slash = strchr(value, '/');
    if (slash) *slash = '\0';
    *device = g_strdup(slash ? slash + 1 : "");
    *system = g_strdup(value);
}

/* ---- Putting to use ---- */

static void apply_to(KerfPlayback *playback, const char *system, const char *device)
{
    kf_player *player = kerf_playback_player(playback);
    if (player) kf_player_set_device(player, *system ? system : NULL, *device ? device : NULL, NULL);
}

void kerf_devices_apply(KerfApp *app)
{
    g_autofree char *system = setting(app, "system"), *device = setting(app, "device");
    for (GList *w = gtk_application_get_windows(GTK_APPLICATION(app)); w; w = w->next) {
        KerfDocument *document = KERF_IS_WINDOW(w->data) ? kerf_window_document(w->data) : NULL;
        if (!document) continue;
        apply_to(kerf_document_program(document), system, device);
        apply_to(kerf_document_source_player(document), system, device);
    }
}

/* ---- Listing ---- */

static void devices_free(gpointer data)
{
    kf_audio_devices_finish(data);
    g_free(data);
}

static void list_thread(GTask *task, gpointer source, gpointer system, GCancellable *cancel)
{
    kf_audio_devices *list = g_new0(kf_audio_devices, 1);
    kf_error error;
    if (kf_audio_devices_list(system, list, &error) == KF_OK) {
        g_task_return_pointer(task, list, devices_free);
        return;
    }
    g_free(list);
    g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error.message);
}

static void add_line(Choice *c, GtkStringList *names, const char *name, const char *value)
{
    gtk_string_list_append(names, name);
    g_ptr_array_add(c->values, g_strdup(value));
}

static void add_device(Choice *c, GtkStringList *names, const kf_audio_device_item *item)
{
    g_autofree char *value = c->input ? g_strdup_printf("%s/%s", item->system, item->name) : g_strdup(item->name);
    g_autofree char *name = *item->name ? g_strdup_printf("%s (%s)", item->name, item->system)
                                        : g_strdup_printf("Default of %s", item->system);
    if ((gboolean)item->input == c->input && (c->input || *item->name)) add_line(c, names, name, value);
}

/* What was chosen, also if it is not there now. */
static guint chosen_line(Choice *c, GtkStringList *names, const char *value)
{
    g_autofree char *with = g_strconcat(value, "/", NULL);
    for (guint i = 0; i < c->values->len; i++) {
        if (strcmp(c->values->pdata[i], value) == 0 || (c->input && strcmp(c->values->pdata[i], with) == 0)) return i;
    }
    add_line(c, names, value, value);
    return c->values->len - 1;
}

static void listed(GObject *row, GAsyncResult *result, gpointer data)
{
    Choice *c = g_object_get_data(row, "choice");
    g_autoptr(GError) error = NULL;
    kf_audio_devices *list = g_task_propagate_pointer(G_TASK(result), &error);
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    g_autofree char *now = setting(c->app, c->input ? "input" : "device");
    c->filling = TRUE;
    g_ptr_array_set_size(c->values, 0);
    add_line(c, names, "Default", "");
    for (int32_t i = 0; list && i < list->count; i++) { add_device(c, names, &list->items[i]); }
    const guint line = chosen_line(c, names, now);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), error ? error->message : "");
    adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(names));
    adw_combo_row_set_selected(ADW_COMBO_ROW(row), line);
    c->filling = FALSE;
    if (list) devices_free(list);
}

/* ---- The row ---- */

static void selected(GObject *row, GParamSpec *spec, Choice *c)
{
    const guint line = adw_combo_row_get_selected(ADW_COMBO_ROW(row));
    if (c->filling || line >= c->values->len) {
        g_signal_stop_emission_by_name(row, "notify::selected");
        return;
    }
    g_key_file_set_string(kerf_app_settings(c->app), "audio", c->input ? "input" : "device", c->values->pdata[line]);
    kerf_app_settings_changed(c->app);
    if (!c->input) kerf_devices_apply(c->app);
}

static void choice_free(gpointer data)
{
    Choice *c = data;
    g_ptr_array_unref(c->values);
    g_free(c);
}

GtkWidget *kerf_device_row_new(KerfApp *app, gboolean input, GCallback changed, gpointer data)
{
    GtkWidget *row = adw_combo_row_new();
    Choice *c = g_new0(Choice, 1);
    g_autofree char *system = setting(app, "system");
    const gboolean all = input || !*system;
    c->app = app;
    c->input = input;
    c->values = g_ptr_array_new_with_free_func(g_free);
    g_object_set_data_full(G_OBJECT(row), "choice", c, choice_free);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), input ? "Microphone" : "Device");
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), "Looking for devices...");
    g_signal_connect(row, "notify::selected", G_CALLBACK(selected), c);
    if (changed) g_signal_connect_swapped(row, "notify::selected", changed, data);
    g_autoptr(GTask) task = g_task_new(row, NULL, listed, NULL);
    g_task_set_task_data(task, all ? NULL : g_strdup(system), g_free);
    g_task_run_in_thread(task, list_thread);
    return row;
}
