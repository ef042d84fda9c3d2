/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "activity.h"

#include "jobs.h"

typedef struct Activity {
    KerfWindow *window;
    GtkWidget *button, *ring, *text;
    double part;
} Activity;

/* ---- How far ---- */

static void draw_ring(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    Activity *a = data;
    const double radius = MIN(width, height) / 2.0 - 2;
    GdkRGBA color;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &color);
    cairo_set_line_width(cr, 3);
    cairo_set_source_rgba(cr, color.red, color.green, color.blue, 0.2);
    cairo_arc(cr, width / 2.0, height / 2.0, radius, 0, 2 * G_PI);
    cairo_stroke(cr);
    gtk_style_context_lookup_color(gtk_widget_get_style_context(GTK_WIDGET(area)), "accent_color", &color);
    cairo_set_source_rgba(cr, color.red, color.green, color.blue, 1);
    cairo_arc(cr, width / 2.0, height / 2.0, radius, -G_PI / 2, -G_PI / 2 + 2 * G_PI * CLAMP(a->part, 0.02, 1));
    cairo_stroke(cr);
}

static void update(Activity *a)
{
    g_autoptr(GPtrArray) jobs = kerf_jobs(kerf_window_app(a->window));
    g_autoptr(GString) tip = g_string_new(NULL);
    int running = 0;
    double sum = 0;
    for (guint i = 0; i < jobs->len; i++) {
        const KerfJob *job = jobs->pdata[i];
        if (!kerf_job_runs(job)) continue;
        sum += job->part;
        if (running++ < 8) g_string_append_printf(tip, "%s%s: %s", tip->len ? "\n" : "", job->name, job->status);
    }
    gtk_widget_set_visible(a->button, running > 0);
    if (running == 0) return;
    a->part = sum / running;
    g_autofree char *text = running == 1 ? g_strdup_printf("%.0f %%", a->part * 100)
                                         : g_strdup_printf("%d jobs · %.0f %%", running, a->part * 100);
    gtk_label_set_text(GTK_LABEL(a->text), text);
    gtk_widget_set_tooltip_text(a->button, tip->str);
    g_autofree char *spoken = g_strdup_printf("Background work: %s", text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(a->button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    gtk_widget_queue_draw(a->ring);
}

/* ---- News ---- */

static void queue_changed(KerfQueue *queue, gpointer button) { update(g_object_get_data(G_OBJECT(button), "activity")); }

static void worked(KerfWorker *worker, int kind, const char *path, gboolean done, gpointer button)
{
    if (kind != KF_WORK_THUMBNAIL && kind != KF_WORK_PROBE) update(g_object_get_data(G_OBJECT(button), "activity"));
}

/* Told once, in the window that is being worked in. */
static gboolean is_told_here(Activity *a)
{
    return gtk_application_get_active_window(GTK_APPLICATION(kerf_window_app(a->window))) == GTK_WINDOW(a->window);
}

static void ended(KerfQueue *queue, guint64 id, gpointer button)
{
    Activity *a = g_object_get_data(G_OBJECT(button), "activity");
    const kf_render_job *job = kerf_queue_job(queue, id);
    if (!job || !is_told_here(a)) return;
    const gboolean good = job->state == KF_JOB_DONE;
    g_autofree char *text = good ? g_strdup_printf("Exported %s", job->output) : g_strdup(job->message);
    kerf_window_say(a->window, !good, text);
}

static void refused(KerfQueue *queue, const char *text, gpointer button)
{
    Activity *a = g_object_get_data(G_OBJECT(button), "activity");
    if (is_told_here(a)) kerf_window_say(a->window, TRUE, text);
}

static void clicked(GtkButton *button, gpointer data)
{
    Activity *a = data;
    kerf_window_show_panel(a->window, "queue");
}

GtkWidget *kerf_activity_new(KerfWindow *window)
{
    Activity *a = g_new0(Activity, 1);
    KerfApp *app = kerf_window_app(window);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    a->window = window;
    a->button = gtk_button_new();
    a->ring = gtk_drawing_area_new();
    a->text = gtk_label_new(NULL);
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(a->ring), 18);
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(a->ring), 18);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(a->ring), draw_ring, a, NULL);
    gtk_widget_add_css_class(a->button, "flat");
    gtk_widget_add_css_class(a->text, "numeric");
    gtk_box_append(GTK_BOX(box), a->ring);
    gtk_box_append(GTK_BOX(box), a->text);
    gtk_button_set_child(GTK_BUTTON(a->button), box);
    gtk_widget_set_visible(a->button, FALSE);
    g_object_set_data_full(G_OBJECT(a->button), "activity", a, g_free);
    g_signal_connect(a->button, "clicked", G_CALLBACK(clicked), a);
    g_signal_connect_object(kerf_app_queue(app), "changed", G_CALLBACK(queue_changed), a->button, 0);
    g_signal_connect_object(kerf_app_queue(app), "ended", G_CALLBACK(ended), a->button, 0);
    g_signal_connect_object(kerf_app_queue(app), "problem", G_CALLBACK(refused), a->button, 0);
    g_signal_connect_object(kerf_app_worker(app), "event", G_CALLBACK(worked), a->button, 0);
    return a->button;
}
