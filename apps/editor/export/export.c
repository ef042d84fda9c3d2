/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The export panel: settings, what will come of them in words, and the way into the queue. */
#include "app.h"
#include "dialogs.h"
#include "form.h"
#include "interchange.h"
#include "panel.h"

typedef struct ExportPanel {
    KerfWindow *window;
    KerfExportForm *form;
    GtkWidget *summary, *buttons;
} ExportPanel;

/* ---- Into the queue ---- */

/* What waits for an answer, or for the queue. */
typedef struct Adding {
    KerfWindow *window;       /* owned */
    KerfQueueJob *job;
    gboolean start;
} Adding;

#define PENDING "kerf-export-pending"

static void adding_free(gpointer data)
{
    Adding *a = data;
    g_object_unref(a->window);
    kerf_queue_job_free(a->job);
    g_free(a);
}

static void send(Adding *a);

static void replace(KerfWindow *window)
{
    Adding *a = g_object_steal_data(G_OBJECT(window), PENDING);
    if (!a) return;
    a->job->render.overwrite = true;
    send(a);
}

static void ask_to_replace(Adding *a, KerfQueueJob *job)
{
    g_autofree char *title = g_strdup_printf("Replace \"%s\"?", job->name);
    const KerfQuestion question = {.title = title,
                                   .text = "There is a file of this name. It stays as it is until the new one is complete.",
                                   .accept = "_Replace", .destructive = TRUE};
    a->job = job;
    g_object_set_data_full(G_OBJECT(a->window), PENDING, a, adding_free);
    kerf_ask(a->window, &question, replace);
}

static void added(gpointer data, KerfQueueJob *job, const kf_error *error)
{
    Adding *a = data;
    if (error && error->status == KF_ERR_EXISTS && !job->render.overwrite) {
        ask_to_replace(a, job);
        return;
    }
    if (!error && a->start) kerf_queue_set_starts(kerf_app_queue(kerf_window_app(a->window)), TRUE);
    kerf_window_say(a->window, error != NULL, error ? error->message : a->start ? "The export has begun" : "Added to the queue");
    a->job = job;
    adding_free(a);
}

static void send(Adding *a)
{
    KerfQueueJob *job = a->job;
    a->job = NULL;
    kerf_queue_add(kerf_app_queue(kerf_window_app(a->window)), job, added, a);
}

static void export_film(ExportPanel *p, gboolean start)
{
    KerfDocument *document = kerf_window_document(p->window);
    const kf_sequence_info *sequence = kerf_document_sequence_info(document);
    kf_film_handle *film;
    kf_error error;
    KerfExport e;
    kerf_export_form_get(p->form, &e);
    if (kerf_export_length(&e, sequence) == 0) return;
    if (kf_project_film(kerf_document_project(document), &film, &error) != KF_OK) {
        kerf_window_say(p->window, TRUE, error.message);
        return;
    }
    Adding *a = g_new0(Adding, 1);
    a->window = g_object_ref(p->window);
    a->start = start;
    a->job = kerf_queue_job_new(film);
    kerf_export_fill(&e, sequence, a->job);
    send(a);
}

/* ---- The panel ---- */

static void update(ExportPanel *p)
{
    const kf_sequence_info *sequence = kerf_document_sequence_info(kerf_window_document(p->window));
    KerfExport e;
    kerf_export_form_get(p->form, &e);
    g_autofree char *summary = kerf_export_summary(&e, sequence);
    gtk_label_set_text(GTK_LABEL(p->summary), summary);
    gtk_widget_set_sensitive(p->buttons, kerf_export_length(&e, sequence) > 0 && *e.path);
}

static void form_changed(KerfExportForm *form, gpointer data) { update(data); }

static GtkWidget *button_new(KerfWindow *window, const char *action, const char *label, const char *class)
{
    GtkWidget *button = gtk_button_new_with_label(label);
    g_autofree char *detailed = g_strconcat("win.", action, NULL);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), detailed);
    gtk_widget_set_tooltip_text(button, kerf_keymap_key(kerf_app_keymap(kerf_window_app(window)), action));
    gtk_widget_set_hexpand(button, TRUE);
    if (class) gtk_widget_add_css_class(button, class);
    return button;
}

static GtkWidget *foot_new(ExportPanel *p)
{
    GtkWidget *foot = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    p->summary = gtk_label_new(NULL);
    p->buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_label_set_wrap(GTK_LABEL(p->summary), TRUE);
    gtk_label_set_xalign(GTK_LABEL(p->summary), 0);
    gtk_widget_add_css_class(p->summary, "numeric");
    gtk_widget_add_css_class(foot, "kerf-export-foot");
    gtk_box_append(GTK_BOX(p->buttons), button_new(p->window, "export-add", "Add to Queue", NULL));
    gtk_box_append(GTK_BOX(p->buttons), button_new(p->window, "export-start", "Export", "suggested-action"));
    gtk_box_append(GTK_BOX(foot), p->summary);
    gtk_box_append(GTK_BOX(foot), p->buttons);
    return foot;
}

static GtkWidget *create(KerfWindow *window)
{
    ExportPanel *p = g_new0(ExportPanel, 1);
    GtkWidget *top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
    p->window = window;
    p->form = KERF_EXPORT_FORM(kerf_export_form_new(window));
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(p->form));
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_box_append(GTK_BOX(top), scroller);
    gtk_box_append(GTK_BOX(top), foot_new(p));
    g_object_set_data_full(G_OBJECT(top), "export", p, g_free);
    g_object_set_data(G_OBJECT(top), "form", p->form);
    g_signal_connect(p->form, "changed", G_CALLBACK(form_changed), p);
    update(p);
    return top;
}

/* ---- Commands ---- */

static ExportPanel *panel_of(KerfWindow *w)
{
    GtkWidget *top = kerf_window_panel(w, "export");
    return top ? g_object_get_data(G_OBJECT(top), "export") : NULL;
}

static gboolean has_panel(KerfWindow *w) { return kerf_window_has_document(w) && panel_of(w) != NULL; }

static void show_export(KerfWindow *w) { kerf_window_show_panel(w, "export"); }
static void start(KerfWindow *w) { export_film(panel_of(w), TRUE); }
static void add(KerfWindow *w) { export_film(panel_of(w), FALSE); }

static const KerfAction actions[] = {
    {"export", "Export...", "File", "<Control>m", show_export, kerf_window_has_document},
    {"export-start", "Start the Export", "File", "<Control>Return", start, has_panel, NULL, "export"},
    {"export-add", "Add to the Export Queue", "File", "<Control><Shift>Return", add, has_panel, NULL, "export"},
    {"interchange-export", "Export for Another Program...", "File", NULL, kerf_interchange_export, kerf_window_has_document},
    {"captions-import", "Import Captions...", "File", NULL, kerf_captions_import, kerf_window_has_document},
    {0},
};

const KerfPanel kerf_export_panel = {
    .id = "export", .title = "Export", .icon = "kerf-export-symbolic", .area = KERF_AREA_RIGHT, .hidden = TRUE,
    .create = create, .actions = actions,
};
