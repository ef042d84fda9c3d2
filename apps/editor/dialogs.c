/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dialogs.h"

/* ---- Files ---- */

typedef struct Choice {
    KerfWindow *window;
    KerfFileChosen *one;
    KerfFilesChosen *many;
} Choice;

static void answer(Choice *c, GListModel *files)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < g_list_model_get_n_items(files); i++) {
        g_autoptr(GFile) file = g_list_model_get_item(files, i);
        char *path = g_file_get_path(file);
        if (path) g_ptr_array_add(paths, path);
    }
    if (paths->len == 0) return;
    if (c->one) c->one(c->window, paths->pdata[0]);
    g_ptr_array_add(paths, NULL);
    if (c->many) c->many(c->window, (char **)paths->pdata);
}

static void file_answered(GtkNativeDialog *dialog, int response, gpointer data)
{
    Choice *c = data;
    if (response == GTK_RESPONSE_ACCEPT) {
        g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
        answer(c, files);
    }
    g_object_unref(dialog);
    g_free(c);
}

static void add_filters(GtkFileChooser *chooser, const KerfFileDialog *d)
{
    if (!d->patterns) return;
    g_autoptr(GtkFileFilter) first = gtk_file_filter_new();
    g_autoptr(GtkFileFilter) all = gtk_file_filter_new();
    gtk_file_filter_set_name(first, d->filter);
    for (const char *const *p = d->patterns; *p; p++) {
        gtk_file_filter_add_pattern(first, *p);
    }
    gtk_file_filter_set_name(all, "All files");
    gtk_file_filter_add_pattern(all, "*");
    gtk_file_chooser_add_filter(chooser, first);
    gtk_file_chooser_add_filter(chooser, all);
}

static void show_chooser(Choice *c, const KerfFileDialog *d)
{
    const GtkFileChooserAction action = d->folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
                                        : d->save ? GTK_FILE_CHOOSER_ACTION_SAVE
                                                  : GTK_FILE_CHOOSER_ACTION_OPEN;
    GtkFileChooserNative *dialog = gtk_file_chooser_native_new(d->title, GTK_WINDOW(c->window), action, d->accept, "_Cancel");
    GtkFileChooser *chooser = GTK_FILE_CHOOSER(dialog);
    gtk_file_chooser_set_select_multiple(chooser, c->many != NULL);
    add_filters(chooser, d);
    if (d->name) gtk_file_chooser_set_current_name(chooser, d->name);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    g_signal_connect(dialog, "response", G_CALLBACK(file_answered), c);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

void kerf_choose_file(KerfWindow *window, const KerfFileDialog *dialog, KerfFileChosen *chosen)
{
    Choice *c = g_new0(Choice, 1);
    c->window = window;
    c->one = chosen;
    show_chooser(c, dialog);
}

void kerf_choose_files(KerfWindow *window, const KerfFileDialog *dialog, KerfFilesChosen *chosen)
{
    Choice *c = g_new0(Choice, 1);
    c->window = window;
    c->many = chosen;
    show_chooser(c, dialog);
}

/* ---- Questions ---- */

typedef struct Asking {
    KerfWindow *window;
    void (*accepted)(KerfWindow *window);
    KerfTextGiven *given;
    GtkWidget *entry;
} Asking;

static void asked(AdwMessageDialog *dialog, const char *response, gpointer data)
{
    Asking *a = data;
    if (strcmp(response, "accept") == 0) {
        if (a->accepted) a->accepted(a->window);
        if (a->given) a->given(a->window, gtk_editable_get_text(GTK_EDITABLE(a->entry)));
    }
    g_free(a);
}

static AdwMessageDialog *question_new(Asking *a, const KerfQuestion *q)
{
    GtkWidget *widget = adw_message_dialog_new(GTK_WINDOW(a->window), q->title, q->text);
    AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG(widget);
    adw_message_dialog_add_responses(dialog, "cancel", "_Cancel", "accept", q->accept, NULL);
    adw_message_dialog_set_response_appearance(dialog, "accept", q->destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_default_response(dialog, "accept");
    adw_message_dialog_set_close_response(dialog, "cancel");
    g_signal_connect(dialog, "response", G_CALLBACK(asked), a);
    return dialog;
}

void kerf_ask(KerfWindow *window, const KerfQuestion *question, void (*accepted)(KerfWindow *window))
{
    Asking *a = g_new0(Asking, 1);
    a->window = window;
    a->accepted = accepted;
    gtk_window_present(GTK_WINDOW(question_new(a, question)));
}

void kerf_ask_text(KerfWindow *window, const KerfQuestion *question, const char *text, KerfTextGiven *given)
{
    Asking *a = g_new0(Asking, 1);
    a->window = window;
    a->given = given;
    a->entry = gtk_entry_new();
    AdwMessageDialog *dialog = question_new(a, question);
    gtk_editable_set_text(GTK_EDITABLE(a->entry), text ? text : "");
    gtk_entry_set_activates_default(GTK_ENTRY(a->entry), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(a->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, question->title, -1);
    adw_message_dialog_set_extra_child(dialog, a->entry);
    gtk_window_present(GTK_WINDOW(dialog));
}
