/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "job_row.h"

struct _KerfJobRow {
    GtkListBoxRow parent;
    KerfApp *app;
    gboolean render;
    guint64 id;
    kf_job_state state;
    char *output;
    GtkWidget *name, *status, *bar, *pause, *cancel, *retry, *folder, *remove;
};

G_DEFINE_FINAL_TYPE(KerfJobRow, kerf_job_row, GTK_TYPE_LIST_BOX_ROW)

/* ---- What can be done ---- */

static void act(KerfJobRow *row, KerfQueueAct what) { kerf_queue_act(kerf_app_queue(row->app), row->id, what); }

/* What is asked for by itself is to run. */
static void act_and_start(KerfJobRow *row, KerfQueueAct what)
{
    act(row, what);
    kerf_queue_set_starts(kerf_app_queue(row->app), TRUE);
}

static void pause_clicked(GtkButton *button, gpointer data)
{
    KerfJobRow *row = data;
    const gboolean pause = row->state != KF_JOB_PAUSED;
    kf_worker *worker = kerf_worker_get(kerf_app_worker(row->app));
    if (!row->render && worker) {
        kf_worker_pause_job(worker, row->id, pause);
    } else if (pause) {
        act(row, KERF_QUEUE_PAUSE);
    } else {
        act_and_start(row, KERF_QUEUE_RESUME);
    }
}

static void cancel_clicked(GtkButton *button, gpointer data)
{
    KerfJobRow *row = data;
    kf_worker *worker = kerf_worker_get(kerf_app_worker(row->app));
    if (row->render) {
        act(row, KERF_QUEUE_CANCEL);
    } else if (worker) {
        kf_worker_cancel_job(worker, row->id);
    }
}

static void retry_clicked(GtkButton *button, gpointer data) { act_and_start(data, KERF_QUEUE_RETRY); }

static void folder_clicked(GtkButton *button, gpointer data)
{
    KerfJobRow *row = data;
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(row));
    g_autofree char *folder = g_path_get_dirname(row->output);
    g_autofree char *uri = g_filename_to_uri(folder, NULL, NULL);
    if (uri) gtk_show_uri(GTK_WINDOW(root), uri, GDK_CURRENT_TIME);
}

static void remove_clicked(GtkButton *button, gpointer data) { kerf_job_row_remove(data); }

void kerf_job_row_remove(KerfJobRow *row)
{
    if (row->render) act(row, KERF_QUEUE_REMOVE);
}

void kerf_job_row_move(KerfJobRow *row, gboolean earlier)
{
    if (row->render) act(row, earlier ? KERF_QUEUE_EARLIER : KERF_QUEUE_LATER);
}

/* ---- What is seen ---- */

static void update_pause(KerfJobRow *row)
{
    const gboolean paused = row->state == KF_JOB_PAUSED;
    const char *label = paused ? "Resume" : "Pause";
    gtk_button_set_icon_name(GTK_BUTTON(row->pause), paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
    gtk_widget_set_tooltip_text(row->pause, label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->pause), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void update_buttons(KerfJobRow *row)
{
    const gboolean ended = row->state > KF_JOB_PAUSED;
    update_pause(row);
    gtk_widget_set_visible(row->pause, !ended);
    gtk_widget_set_visible(row->cancel, !ended);
    gtk_widget_set_visible(row->retry, ended && row->render && row->state != KF_JOB_DONE);
    gtk_widget_set_visible(row->folder, row->state == KF_JOB_DONE && *row->output);
    gtk_widget_set_visible(row->remove, ended && row->render);
}

void kerf_job_row_update(KerfJobRow *row, const KerfJob *job)
{
    row->render = job->render;
    row->id = job->id;
    row->state = job->state;
    g_free(row->output);
    row->output = g_strdup(job->output);
    gtk_label_set_text(GTK_LABEL(row->name), job->name);
    gtk_widget_set_tooltip_text(row->name, *job->output ? job->output : NULL);
    gtk_label_set_text(GTK_LABEL(row->status), job->status);
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(row->bar), CLAMP(job->part, 0, 1));
    gtk_widget_set_visible(row->bar, kerf_job_runs(job) || (job->state == KF_JOB_PAUSED && job->part > 0));
    (job->state == KF_JOB_FAILED ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(row->status, "error");
    update_buttons(row);
    g_autofree char *spoken = g_strdup_printf("%s: %s", job->name, job->status);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

gboolean kerf_job_row_is(KerfJobRow *row, const KerfJob *job) { return row->render == job->render && row->id == job->id; }

static GtkWidget *add_button(KerfJobRow *row, GtkWidget *box, const char *icon, const char *label, GCallback clicked)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_widget_set_tooltip_text(button, label);
    gtk_widget_add_css_class(button, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(button, "clicked", clicked, row);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static GtkWidget *label_new(gboolean name)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    if (name) {
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
        gtk_widget_set_hexpand(label, TRUE);
        return label;
    }
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_selectable(GTK_LABEL(label), TRUE);
    gtk_widget_add_css_class(label, "dim-label");
    gtk_widget_add_css_class(label, "numeric");
    return label;
}

static void finalize(GObject *object)
{
    g_free(KERF_JOB_ROW(object)->output);
    G_OBJECT_CLASS(kerf_job_row_parent_class)->finalize(object);
}

static void kerf_job_row_class_init(KerfJobRowClass *class) { G_OBJECT_CLASS(class)->finalize = finalize; }

static void kerf_job_row_init(KerfJobRow *row)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(box, "kerf-job");
    row->name = label_new(TRUE);
    row->status = label_new(FALSE);
    row->bar = gtk_progress_bar_new();
    gtk_accessible_update_property(GTK_ACCESSIBLE(row->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, "Progress", -1);
    gtk_box_append(GTK_BOX(head), row->name);
    row->pause = add_button(row, head, "media-playback-pause-symbolic", "Pause", G_CALLBACK(pause_clicked));
    row->cancel = add_button(row, head, "process-stop-symbolic", "Cancel", G_CALLBACK(cancel_clicked));
    row->retry = add_button(row, head, "view-refresh-symbolic", "Try Again", G_CALLBACK(retry_clicked));
    row->folder = add_button(row, head, "folder-open-symbolic", "Open Folder", G_CALLBACK(folder_clicked));
    row->remove = add_button(row, head, "user-trash-symbolic", "Remove", G_CALLBACK(remove_clicked));
    gtk_box_append(GTK_BOX(box), head);
    gtk_box_append(GTK_BOX(box), row->bar);
    gtk_box_append(GTK_BOX(box), row->status);
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
}

GtkWidget *kerf_job_row_new(KerfApp *app)
{
    KerfJobRow *row = g_object_new(KERF_TYPE_JOB_ROW, NULL);
    row->app = app;
    return GTK_WIDGET(row);
}
