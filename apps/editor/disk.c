/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "disk.h"

#include "dialogs.h"

typedef struct Notice {
    KerfWindow *window;
    GtkWidget *bar, *label;
    guint looking;            /* source */
} Notice;

/* ---- Looking ---- */

static gboolean is_failing(KerfWindow *w, kf_error *why)
{
    KerfDocument *document = kerf_window_document(w);
    return document && kf_project_written(kerf_document_project(document), why) != KF_OK;
}

static void show(Notice *n, const kf_error *why)
{
    g_autofree char *text = g_strdup_printf("Free some space. %s", why->message);
    gtk_label_set_text(GTK_LABEL(n->label), text);
    gtk_revealer_set_reveal_child(GTK_REVEALER(n->bar), TRUE);
}

static gboolean look(gpointer data)
{
    Notice *n = data;
    kf_error why;
    const gboolean failing = is_failing(n->window, &why);
    if (failing) {
        show(n, &why);
    } else if (gtk_revealer_get_reveal_child(GTK_REVEALER(n->bar))) {
        gtk_revealer_set_reveal_child(GTK_REVEALER(n->bar), FALSE);
        if (kerf_window_has_document(n->window)) kerf_window_say(n->window, FALSE, "All edits are on the disk again");
    }
    return G_SOURCE_CONTINUE;
}

static void notice_free(gpointer data)
{
    Notice *n = data;
    g_source_remove(n->looking);
    g_free(n);
}

GtkWidget *kerf_disk_notice_new(KerfWindow *window)
{
    Notice *n = g_new0(Notice, 1);
    n->window = window;
    n->bar = gtk_revealer_new();
    n->label = gtk_label_new(NULL);
    n->looking = g_timeout_add_seconds(1, look, n);
    gtk_label_set_wrap(GTK_LABEL(n->label), TRUE);
    gtk_widget_add_css_class(n->label, "kerf-warning");
    gtk_revealer_set_child(GTK_REVEALER(n->bar), n->label);
    g_object_set_data_full(G_OBJECT(n->bar), "disk", n, notice_free);
    return n->bar;
}

/* ---- Closing ---- */

static void close_anyway(KerfWindow *w) { gtk_window_destroy(GTK_WINDOW(w)); }

gboolean kerf_disk_keeps_open(KerfWindow *window)
{
    static const KerfQuestion question = {
        .title = "Close without the last edits?",
        .text = "The disk does not take them. Free some space, or save the project to another disk; then nothing is lost.",
        .accept = "_Close Anyway", .destructive = TRUE};
    if (!is_failing(window, NULL)) return FALSE;
    kerf_ask(window, &question, close_anyway);
    return TRUE;
}
