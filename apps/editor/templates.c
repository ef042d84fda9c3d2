/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "templates.h"

#include <string.h>

#include "app.h"
#include "dialogs.h"
#include "forms.h"

static char *folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "kerf", "templates", NULL);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    g_autofree char *x = g_utf8_casefold(*(char *const *)a, -1), *y = g_utf8_casefold(*(char *const *)b, -1);
    return g_utf8_collate(x, y);
}

char **kerf_templates(void)
{
    g_autofree char *path = folder();
    g_autoptr(GPtrArray) out = g_ptr_array_new();
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (g_str_has_suffix(name, ".json")) g_ptr_array_add(out, g_build_filename(path, name, NULL));
    }
    g_ptr_array_sort(out, by_name);
    g_ptr_array_add(out, NULL);
    return (char **)g_ptr_array_steal(out, NULL);
}

char *kerf_template_name(const char *path)
{
    char *name = g_path_get_basename(path);
    name[strlen(name) - strlen(".json")] = '\0';
    return name;
}

/* ---- Keeping one, on a thread ---- */

typedef struct Keeping {
    KerfWindow *window;       /* owned, as all */
    kf_film_handle *film;
    char *path;
    kf_error error;
} Keeping;

static void keeping_free(Keeping *k)
{
    g_object_unref(k->window);
    kf_film_close(k->film);
    g_free(k->path);
    g_free(k);
}

static void write_film(GTask *task, gpointer object, gpointer data, GCancellable *cancel)
{
    Keeping *k = data;
    kf_convert_params params = kf_convert_params_default();
    params.to_format = "json";
    params.overwrite = true;
    g_task_return_boolean(task, kf_film_convert(k->film, k->path, &params, &k->error) == KF_OK);
}

static void film_written(GObject *object, GAsyncResult *result, gpointer data)
{
    Keeping *k = data;
    g_autofree char *name = kerf_template_name(k->path), *text = g_strdup_printf("The template %s was kept", name);
    const gboolean done = g_task_propagate_boolean(G_TASK(result), NULL);
    kerf_window_say(k->window, !done, done ? text : k->error.message);
    keeping_free(k);
}

static void name_given(KerfWindow *window, const char *text)
{
    KerfDocument *document = kerf_window_document(window);
    g_autofree char *where = folder(), *name = g_strstrip(g_strdup(text));
    if (!document || !*name) return;
    Keeping *k = g_new0(Keeping, 1);
    k->window = g_object_ref(window);
    k->path = g_strdup_printf("%s/%s.json", where, g_strdelimit(name, "/\\", '-'));
    g_mkdir_with_parents(where, 0700);
    if (kf_project_film(kerf_document_project(document), &k->film, &k->error) != KF_OK) {
        kerf_window_say(window, TRUE, k->error.message);
        keeping_free(k);
        return;
    }
    g_autoptr(GTask) task = g_task_new(NULL, NULL, film_written, k);
    g_task_set_task_data(task, k, NULL);
    g_task_run_in_thread(task, write_film);
}

void kerf_template_save(KerfWindow *window)
{
    const KerfQuestion question = {.title = "Save as Template", .accept = "_Save",
                                   .text = "New projects can begin as this one is now. One of the same name is replaced."};
    kerf_ask_text(window, &question, kerf_document_title(kerf_window_document(window)), name_given);
}

/* ---- Beginning with one ---- */

static gboolean chosen(KerfWindow *window, const KerfFormValue *values, gpointer data)
{
    char **paths = data;
    kerf_app_open(kerf_window_app(window), window, paths[values[0].chosen]);
    return TRUE;
}

static void free_paths(gpointer data) { g_strfreev(data); }

void kerf_template_choose(KerfWindow *window)
{
    char **paths = kerf_templates();
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (char **path = paths; *path; path++) g_ptr_array_add(names, kerf_template_name(*path));
    if (names->len == 0) {
        kerf_window_say(window, FALSE, "There are no templates yet: Save as Template makes one of a project");
        g_strfreev(paths);
        return;
    }
    g_ptr_array_add(names, NULL);
    const KerfFormField fields[] = {
        {.label = "Template", .kind = KERF_FORM_CHOICE, .choices = (const char *const *)names->pdata}, {.label = NULL}};
    kerf_form_show(window, "New from Template", fields, chosen, paths, free_paths);
}
