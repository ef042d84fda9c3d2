/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interchange.h"

#include <string.h>

#include "dialogs.h"
#include "forms.h"

#define LOSSES_SHOWN 300

/* What is to be written; owns everything. */
typedef struct Writing {
    KerfWindow *window;
    kf_film_handle *film;
    char *sequence, *path, *form, *extension;
    gboolean dry;             /* only to learn what would be lost */
    GPtrArray *losses;        /* texts: some of them */
    int count, lost;          /* all of them; those that do not survive as they are */
    kf_error error;
} Writing;

static void writing_free(gpointer data)
{
    Writing *w = data;
    g_clear_object(&w->window);
    kf_film_close(w->film);
    g_free(w->sequence);
    g_free(w->path);
    g_free(w->form);
    g_free(w->extension);
    g_ptr_array_unref(w->losses);
    g_free(w);
}

/* ---- On a thread ---- */

static const char *kind_label(const char *kind)
{
    return strcmp(kind, "dropped") == 0 ? "Lost" : strcmp(kind, "changed") == 0 ? "Changed" : strcmp(kind, "metadata") == 0
               ? "Kept as metadata" : "Note";
}

static void add_loss(void *context, const kf_convert_loss *loss)
{
    Writing *w = context;
    if (!w->dry) return;
    w->lost += strcmp(loss->kind, "dropped") == 0 || strcmp(loss->kind, "changed") == 0;
    if (w->count++ >= LOSSES_SHOWN) return;
    g_ptr_array_add(w->losses, g_strdup_printf("%s: %s%s%s", kind_label(loss->kind), loss->what, *loss->where ? "\n" : "",
                                               loss->where));
}

static void write_film(GTask *task, gpointer object, gpointer data, GCancellable *cancel)
{
    Writing *w = data;
    kf_convert_params params = kf_convert_params_default();
    params.to_format = w->form;
    params.sequence = strcmp(w->form, "json") == 0 ? NULL : w->sequence;
    params.overwrite = true; /* the dialog has asked */
    params.dry_run = w->dry;
    params.loss = add_loss;
    params.context = w;
    g_task_return_boolean(task, kf_film_convert(w->film, w->path, &params, &w->error) == KF_OK);
}

static void run(Writing *w, GAsyncReadyCallback done)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, w);
    g_task_set_task_data(task, w, NULL);
    g_task_run_in_thread(task, write_film);
}

static void written(GObject *object, GAsyncResult *result, gpointer data)
{
    Writing *w = data;
    const gboolean good = g_task_propagate_boolean(G_TASK(result), NULL);
    g_autofree char *text = good ? g_strdup_printf("Wrote %s", w->path) : g_strdup(w->error.message);
    kerf_window_say(w->window, !good, text);
    writing_free(w);
}

static void write_now(Writing *w)
{
    w->dry = FALSE;
    run(w, written);
}

/* ---- What will be lost ---- */

static void answered(AdwMessageDialog *dialog, const char *response, gpointer data)
{
    if (strcmp(response, "write") == 0) {
        write_now(data);
    } else {
        writing_free(data);
    }
}

static GtkWidget *loss_new(const char *text)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    gtk_widget_add_css_class(label, "kerf-loss");
    return label;
}

static GtkWidget *losses_new(const Writing *w)
{
    GtkWidget *scroller = gtk_scrolled_window_new(), *list = gtk_list_box_new();
    gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, "What will not survive", -1);
    for (guint i = 0; i < w->losses->len; i++) {
        gtk_list_box_append(GTK_LIST_BOX(list), loss_new(w->losses->pdata[i]));
    }
    g_autofree char *rest = g_strdup_printf("And %d more", w->count - (int)w->losses->len);
    if (w->count > (int)w->losses->len) gtk_list_box_append(GTK_LIST_BOX(list), loss_new(rest));
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), list);
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), 280);
    gtk_scrolled_window_set_min_content_width(GTK_SCROLLED_WINDOW(scroller), 520);
    return scroller;
}

static void show_losses(Writing *w)
{
    g_autofree char *title = w->lost == 0   ? g_strdup("Nothing will be lost")
                             : w->lost == 1 ? g_strdup("One thing will not survive as it is")
                                            : g_strdup_printf("%d things will not survive as they are", w->lost);
    GtkWidget *widget = adw_message_dialog_new(GTK_WINDOW(w->window), title, NULL);
    AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG(widget);
    adw_message_dialog_add_responses(dialog, "cancel", "_Cancel", "write", "_Write", NULL);
    adw_message_dialog_set_response_appearance(dialog, "write", ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response(dialog, "write");
    adw_message_dialog_set_close_response(dialog, "cancel");
    adw_message_dialog_set_extra_child(dialog, losses_new(w));
    g_signal_connect(dialog, "response", G_CALLBACK(answered), w);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void tried(GObject *object, GAsyncResult *result, gpointer data)
{
    Writing *w = data;
    if (!g_task_propagate_boolean(G_TASK(result), NULL)) {
        kerf_window_say(w->window, TRUE, w->error.message);
        writing_free(w);
    } else if (w->count == 0) {
        write_now(w);
    } else {
        show_losses(w);
    }
}

/* ---- What to write, and where ---- */

#define PENDING "kerf-interchange" /* what waits with the window for the file's name */

static void chosen(KerfWindow *window, const char *path)
{
    Writing *w = g_object_steal_data(G_OBJECT(window), PENDING);
    if (!w) return;
    const gboolean whole = strrchr(path, '.') > strrchr(path, '/');
    w->window = g_object_ref(window);
    w->path = whole ? g_strdup(path) : g_strconcat(path, ".", w->extension, NULL);
    w->dry = TRUE;
    run(w, tried);
}

static gboolean form_chosen(KerfWindow *window, const KerfFormValue *values, gpointer data)
{
    KerfDocument *document = kerf_window_document(window);
    GPtrArray *names = data; /* name, extension, name, ... */
    Writing *w = g_new0(Writing, 1);
    w->losses = g_ptr_array_new_with_free_func(g_free);
    if (kf_project_film(kerf_document_project(document), &w->film, &w->error) != KF_OK) {
        kerf_window_say(window, TRUE, w->error.message);
        writing_free(w);
        return TRUE;
    }
    w->sequence = g_strdup(kerf_document_sequence_info(document)->id);
    w->form = g_strdup(names->pdata[values[0].chosen * 2]);
    w->extension = g_strdup(names->pdata[values[0].chosen * 2 + 1]);
    g_autofree char *name = g_strconcat(kerf_document_title(document), ".", w->extension, NULL);
    g_strdelimit(name, "/", '-');
    g_object_set_data_full(G_OBJECT(window), PENDING, w, writing_free);
    const KerfFileDialog dialog = {.title = "Export To", .accept = "_Export", .save = TRUE, .name = name};
    kerf_choose_file(window, &dialog, chosen);
    return TRUE;
}

static void free_names(gpointer data) { g_ptr_array_unref(data); }

void kerf_interchange_export(KerfWindow *window)
{
    GPtrArray *names = g_ptr_array_new();
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    kf_interchange_form form;
    for (int32_t i = 0; kf_interchange_form_at(i, &form); i++) {
        if (!form.write) continue;
        g_ptr_array_add(names, (gpointer)form.name);
        g_ptr_array_add(names, (gpointer)form.extensions[0]);
        g_ptr_array_add(labels, (gpointer)form.label);
    }
    g_ptr_array_add(names, (gpointer) "json");
    g_ptr_array_add(names, (gpointer) "json");
    g_ptr_array_add(labels, (gpointer) "Kerf film, as text (JSON)");
    g_ptr_array_add(labels, NULL);
    const KerfFormField fields[] = {
        {.label = "Form", .kind = KERF_FORM_CHOICE, .choices = (const char *const *)labels->pdata}, {.label = NULL}};
    kerf_form_show(window, "Export for Another Program", fields, form_chosen, names, free_names);
}
