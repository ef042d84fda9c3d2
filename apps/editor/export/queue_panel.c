/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The queue panel: exports, and what else goes on in the background, with its progress; each can be paused, cancelled, tried
 * again. Delete removes, Alt with Up and Down changes the order. */
#include "job_row.h"
#include "panel.h"

typedef struct QueuePanel {
    KerfWindow *window;
    KerfApp *app;
    GtkWidget *top, *renders, *work, *work_title, *start, *clear, *notice;
    gboolean updating;
} QueuePanel;

/* ---- Lists ---- */

static KerfJobRow *row_at(GtkWidget *list, int index)
{
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(list), index);
    return row ? KERF_JOB_ROW(row) : NULL;
}

static void put(QueuePanel *p, GtkWidget *list, int index, const KerfJob *job)
{
    KerfJobRow *row = row_at(list, index);
    while (row && !kerf_job_row_is(row, job)) {
        KerfJobRow *after = row_at(list, index + 1);
        if (!after || !kerf_job_row_is(after, job)) break;
        gtk_list_box_remove(GTK_LIST_BOX(list), GTK_WIDGET(row));
        row = after;
    }
    if (!row) {
        row = KERF_JOB_ROW(kerf_job_row_new(p->app));
        gtk_list_box_append(GTK_LIST_BOX(list), GTK_WIDGET(row));
    }
    kerf_job_row_update(row, job);
}

static void cut(GtkWidget *list, int count)
{
    for (KerfJobRow *row; (row = row_at(list, count));) {
        gtk_list_box_remove(GTK_LIST_BOX(list), GTK_WIDGET(row));
    }
}

static void fill(QueuePanel *p, GPtrArray *jobs, GtkWidget *list, gboolean render)
{
    int count = 0;
    for (guint i = 0; i < jobs->len; i++) {
        const KerfJob *job = jobs->pdata[i];
        if (job->render == render) put(p, list, count++, job);
    }
    cut(list, count);
    gtk_widget_set_visible(list, count > 0);
}

/* ---- The bar ---- */

static void update_bar(QueuePanel *p, GPtrArray *jobs)
{
    gboolean ended = FALSE, waits = FALSE;
    for (guint i = 0; i < jobs->len; i++) {
        const KerfJob *job = jobs->pdata[i];
        ended |= kerf_job_ended(job);
        waits |= job->render && (job->state == KF_JOB_QUEUED || job->state == KF_JOB_RUNNING);
    }
    p->updating = TRUE;
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(p->start), kerf_queue_starts(kerf_app_queue(p->app)));
    p->updating = FALSE;
    gtk_widget_set_sensitive(p->start, waits);
    gtk_widget_set_sensitive(p->clear, ended);
}

static void update(QueuePanel *p)
{
    if (!gtk_widget_get_mapped(p->top)) return;
    g_autoptr(GPtrArray) jobs = kerf_jobs(p->app);
    const char *problem = kerf_queue_problem(kerf_app_queue(p->app));
    fill(p, jobs, p->renders, TRUE);
    fill(p, jobs, p->work, FALSE);
    gtk_widget_set_visible(p->work_title, gtk_widget_get_visible(p->work));
    gtk_widget_set_visible(p->notice, jobs->len == 0 || problem);
    gtk_label_set_text(GTK_LABEL(p->notice), problem ? problem : "Exports and work on media are listed here while they run.");
    update_bar(p, jobs);
}

static void start_toggled(GtkToggleButton *button, gpointer data)
{
    QueuePanel *p = data;
    if (!p->updating) kerf_queue_set_starts(kerf_app_queue(p->app), gtk_toggle_button_get_active(button));
}

static void clear_clicked(GtkButton *button, gpointer data)
{
    QueuePanel *p = data;
    KerfQueue *queue = kerf_app_queue(p->app);
    kf_worker *worker = kerf_worker_get(kerf_app_worker(p->app));
    const kf_job_list *list = kerf_queue_list(queue);
    for (int32_t i = 0; list && i < list->count; i++) {
        if (list->jobs[i].state > KF_JOB_PAUSED) kerf_queue_act(queue, list->jobs[i].id, KERF_QUEUE_REMOVE);
    }
    if (worker) kf_worker_clear_jobs(worker);
    update(p);
}

static GtkWidget *bar_new(QueuePanel *p)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    gtk_widget_add_css_class(bar, "toolbar-tight");
    p->start = gtk_toggle_button_new_with_label("Start Queue");
    p->clear = gtk_button_new_with_label("Clear Finished");
    gtk_widget_set_tooltip_text(p->start, "Begin the exports that wait, one after the other");
    gtk_widget_add_css_class(p->start, "flat");
    gtk_widget_add_css_class(p->clear, "flat");
    gtk_widget_set_hexpand(p->clear, TRUE);
    gtk_widget_set_halign(p->clear, GTK_ALIGN_END);
    g_signal_connect(p->start, "toggled", G_CALLBACK(start_toggled), p);
    g_signal_connect(p->clear, "clicked", G_CALLBACK(clear_clicked), p);
    gtk_box_append(GTK_BOX(bar), p->start);
    gtk_box_append(GTK_BOX(bar), p->clear);
    return bar;
}

/* ---- The panel ---- */

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    QueuePanel *p = data;
    GtkListBoxRow *row = gtk_list_box_get_selected_row(GTK_LIST_BOX(p->renders));
    const gboolean alt = (state & gtk_accelerator_get_default_mod_mask()) == GDK_ALT_MASK;
    if (!row) return GDK_EVENT_PROPAGATE;
    if (keyval == GDK_KEY_Delete || keyval == GDK_KEY_KP_Delete) {
        kerf_job_row_remove(KERF_JOB_ROW(row));
        return GDK_EVENT_STOP;
    }
    if (!alt || (keyval != GDK_KEY_Up && keyval != GDK_KEY_Down)) return GDK_EVENT_PROPAGATE;
    const int to = gtk_list_box_row_get_index(row) + (keyval == GDK_KEY_Up ? -1 : 1);
    GtkListBoxRow *other = gtk_list_box_get_row_at_index(GTK_LIST_BOX(p->renders), to);
    if (!other) return GDK_EVENT_STOP;
    kerf_job_row_move(KERF_JOB_ROW(row), keyval == GDK_KEY_Up);
    gtk_list_box_select_row(GTK_LIST_BOX(p->renders), other); /* jobs change places, rows do not */
    gtk_widget_grab_focus(GTK_WIDGET(other));
    return GDK_EVENT_STOP;
}

static GtkWidget *list_new(const char *label)
{
    GtkWidget *list = gtk_list_box_new();
    gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    return list;
}

static GtkWidget *lists_new(QueuePanel *p)
{
    GtkWidget *scroller = gtk_scrolled_window_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkEventController *keys = gtk_event_controller_key_new();
    p->renders = list_new("Exports");
    p->work = list_new("Background");
    p->work_title = gtk_label_new("Background");
    p->notice = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(p->notice), TRUE);
    gtk_widget_add_css_class(p->notice, "dim-label");
    gtk_widget_add_css_class(p->notice, "kerf-notice");
    gtk_widget_add_css_class(p->work_title, "kerf-heading");
    gtk_label_set_xalign(GTK_LABEL(p->work_title), 0);
    gtk_box_append(GTK_BOX(box), p->notice);
    gtk_box_append(GTK_BOX(box), p->renders);
    gtk_box_append(GTK_BOX(box), p->work_title);
    gtk_box_append(GTK_BOX(box), p->work);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), p);
    gtk_widget_add_controller(p->renders, keys);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), box);
    gtk_widget_set_vexpand(scroller, TRUE);
    return scroller;
}

static void queue_changed(KerfQueue *queue, gpointer top) { update(g_object_get_data(G_OBJECT(top), "queue")); }

static void worked(KerfWorker *worker, int kind, const char *path, gboolean done, gpointer top)
{
    if (kind != KF_WORK_THUMBNAIL && kind != KF_WORK_PROBE) update(g_object_get_data(G_OBJECT(top), "queue"));
}

static void mapped(GtkWidget *top, gpointer data) { update(data); }

static GtkWidget *create(KerfWindow *window)
{
    QueuePanel *p = g_new0(QueuePanel, 1);
    p->window = window;
    p->app = kerf_window_app(window);
    p->top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(p->top), bar_new(p));
    gtk_box_append(GTK_BOX(p->top), lists_new(p));
    g_object_set_data_full(G_OBJECT(p->top), "queue", p, g_free);
    g_signal_connect_object(kerf_app_queue(p->app), "changed", G_CALLBACK(queue_changed), p->top, 0);
    g_signal_connect_object(kerf_app_worker(p->app), "event", G_CALLBACK(worked), p->top, 0);
    g_signal_connect(p->top, "map", G_CALLBACK(mapped), p);
    return p->top;
}

static void show_queue(KerfWindow *w) { kerf_window_show_panel(w, "queue"); }
static const KerfAction actions[] = {
    {"queue-show", "Export Queue", "File", "<Control><Alt>q", show_queue, kerf_window_has_document},
    {0},
};

const KerfPanel kerf_queue_panel = {
    .id = "queue", .title = "Queue", .icon = "kerf-queue-symbolic", .area = KERF_AREA_RIGHT, .hidden = TRUE,
    .create = create, .actions = actions,
};
