/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "form.h"

#include <string.h>

#include "monitor/timecode.h"
#include "swatch.h"
#include "text.h"

enum { COLORS = 9 };

static const char *const kinds[] = {"comment", "chapter", "todo", NULL};
static const char *const kind_labels[] = {"Comment", "Chapter", "To do", NULL};

struct _KerfMarkerForm {
    GtkBox parent;
    KerfDocument *document;
    kf_marker_owner owner;
    uint64_t id;              /* 0: none is shown */
    kf_time time;             /* of the owner */
    char *name, *note, *kind; /* as they are in the film */
    GtkSizeGroup *labels;
    GtkWidget *name_entry, *note_view, *kind_drop, *time_field, *duration_field, *swatches[COLORS];
    gboolean filling;
};

G_DEFINE_FINAL_TYPE(KerfMarkerForm, kerf_marker_form, GTK_TYPE_BOX)

/* ---- Edits ---- */

static void set(KerfMarkerForm *f, const char *key, const char *json)
{
    if (f->filling || !f->id) return;
    g_autofree char *text = g_strdup_printf("{\"%s\": %s}", key, json);
    kerf_markers_set(f->document, f->owner, f->id, text);
}

/* What is in the field already is no edit. */
static void set_text(KerfMarkerForm *f, const char *key, char **known, const char *text)
{
    if (f->filling || !f->id || g_strcmp0(*known, text) == 0) return;
    g_free(*known);
    *known = g_strdup(text);
    g_autofree char *json = kerf_json_quote(text);
    set(f, key, json);
}

static void store_name(KerfMarkerForm *f) { set_text(f, "name", &f->name, gtk_editable_get_text(GTK_EDITABLE(f->name_entry))); }

static void store_note(KerfMarkerForm *f)
{
    GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(f->note_view));
    GtkTextIter start, end;
    gtk_text_buffer_get_bounds(buffer, &start, &end);
    g_autofree char *text = gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
    set_text(f, "note", &f->note, text);
}

/* And back to the list. */
static void name_activated(GtkEntry *entry, gpointer data)
{
    store_name(data);
    gtk_widget_activate_action(GTK_WIDGET(entry), "win.panel-markers", NULL);
}

static void name_left(GtkEventControllerFocus *focus, gpointer data) { store_name(data); }
static void note_left(GtkEventControllerFocus *focus, gpointer data) { store_note(data); }

static void kind_chosen(GObject *object, GParamSpec *spec, gpointer data)
{
    KerfMarkerForm *f = data;
    const guint at = gtk_drop_down_get_selected(GTK_DROP_DOWN(f->kind_drop));
    if (at < G_N_ELEMENTS(kinds) - 1) set_text(f, "kind", &f->kind, kinds[at]);
}

static void time_entered(KerfTimecode *field, gint64 time, gpointer data)
{
    KerfMarkerForm *f = data;
    set(f, "time", kerf_json_time(time - kerf_markers_shown(f->document, f->owner, 0)).text);
}

static void duration_entered(KerfTimecode *field, gint64 time, gpointer data)
{
    set(data, "duration", kerf_json_time(MAX(time, 0)).text);
}

static void color_toggled(GtkToggleButton *button, gpointer data)
{
    KerfMarkerForm *f = data;
    if (f->filling || !gtk_toggle_button_get_active(button)) return;
    for (int i = 0; i < COLORS; i++) {
        const float *c = kerf_marker_colors[i].color;
        if (f->swatches[i] != GTK_WIDGET(button)) continue;
        g_autofree char *json = g_strdup_printf("[%.2f, %.2f, %.2f, 1]", (double)c[0], (double)c[1], (double)c[2]);
        set(f, "color", i == 0 ? "null" : json);
    }
}

/* ---- What is shown ---- */

static void show_kind(KerfMarkerForm *f)
{
    g_autoptr(GtkStringList) list = gtk_string_list_new(kind_labels);
    guint at = 0;
    while (kinds[at] && strcmp(kinds[at], f->kind) != 0) {
        at++;
    }
    if (!kinds[at]) gtk_string_list_append(list, f->kind);
    gtk_drop_down_set_model(GTK_DROP_DOWN(f->kind_drop), G_LIST_MODEL(list));
    gtk_drop_down_set_selected(GTK_DROP_DOWN(f->kind_drop), at);
}

/* The nearest of those that there are: films from elsewhere have others. */
static int nearest(const float color[4])
{
    int best = 0;
    float least = G_MAXFLOAT;
    for (int i = 1; i < COLORS && color[3] > 0; i++) {
        float sum = 0;
        for (int c = 0; c < 3; c++) {
            const float by = color[c] - kerf_marker_colors[i].color[c];
            sum += by * by;
        }
        if (sum < least) best = i;
        least = MIN(least, sum);
    }
    return best;
}

static void show_times(KerfMarkerForm *f, const kf_marker_info *info)
{
    kf_sequence_info clock = *kerf_markers_clock(f->document, f->owner);
    kerf_timecode_set_sequence(KERF_TIMECODE(f->time_field), &clock);
    kerf_timecode_set_time(KERF_TIMECODE(f->time_field), kerf_markers_shown(f->document, f->owner, info->time));
    clock.start_timecode = 0; /* a length begins at nothing */
    clock.drop_frame = false;
    kerf_timecode_set_sequence(KERF_TIMECODE(f->duration_field), &clock);
    kerf_timecode_set_time(KERF_TIMECODE(f->duration_field), info->duration);
}

static void keep(KerfMarkerForm *f, const kf_marker_info *info)
{
    g_free(f->name);
    g_free(f->note);
    g_free(f->kind);
    f->id = info->id;
    f->time = info->time;
    f->name = g_strdup(info->name);
    f->note = g_strdup(info->note);
    f->kind = g_strdup(*info->kind ? info->kind : kinds[0]);
}

static void fill(KerfMarkerForm *f, const kf_marker_info *info)
{
    f->filling = TRUE;
    keep(f, info);
    if (strcmp(gtk_editable_get_text(GTK_EDITABLE(f->name_entry)), f->name) != 0) {
        gtk_editable_set_text(GTK_EDITABLE(f->name_entry), f->name);
    }
    gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(f->note_view)), f->note, -1);
    show_kind(f);
    show_times(f, info);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(f->swatches[nearest(info->color)]), TRUE);
    f->filling = FALSE;
}

void kerf_marker_form_show(KerfMarkerForm *f, kf_marker_owner owner, KerfMarker *marker)
{
    const kf_marker_info *info = marker ? kerf_marker_info(marker) : NULL;
    gtk_widget_set_sensitive(GTK_WIDGET(f), info != NULL);
    f->owner = owner;
    fill(f, info ? info : &(kf_marker_info){.name = "", .note = "", .kind = ""});
}

void kerf_marker_form_enter_name(KerfMarkerForm *f) { gtk_widget_grab_focus(f->name_entry); }

/* ---- Building it ---- */

static void name_widget(GtkWidget *widget, const char *label)
{
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void add_row(KerfMarkerForm *f, const char *label, GtkWidget *content)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *text = gtk_label_new(label);
    gtk_label_set_xalign(GTK_LABEL(text), 0);
    gtk_widget_add_css_class(text, "dim-label");
    gtk_size_group_add_widget(f->labels, text);
    gtk_widget_set_hexpand(content, TRUE);
    gtk_box_append(GTK_BOX(row), text);
    gtk_box_append(GTK_BOX(row), content);
    gtk_box_append(GTK_BOX(f), row);
}

static void add_left(GtkWidget *widget, GCallback left, KerfMarkerForm *f)
{
    GtkEventController *focus = gtk_event_controller_focus_new();
    g_signal_connect(focus, "leave", left, f);
    gtk_widget_add_controller(widget, focus);
}

static GtkWidget *name_new(KerfMarkerForm *f)
{
    f->name_entry = gtk_entry_new();
    name_widget(f->name_entry, "Marker name");
    g_signal_connect(f->name_entry, "activate", G_CALLBACK(name_activated), f);
    add_left(f->name_entry, G_CALLBACK(name_left), f);
    return f->name_entry;
}

static GtkWidget *note_new(KerfMarkerForm *f)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    f->note_view = gtk_text_view_new();
    gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(f->note_view), GTK_WRAP_WORD_CHAR);
    gtk_text_view_set_accepts_tab(GTK_TEXT_VIEW(f->note_view), FALSE);
    name_widget(f->note_view, "Marker note");
    add_left(f->note_view, G_CALLBACK(note_left), f);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), f->note_view);
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), 54);
    gtk_widget_add_css_class(scroller, "kerf-note");
    return scroller;
}

static GtkWidget *times_new(KerfMarkerForm *f)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *length = gtk_label_new("Length");
    f->time_field = kerf_timecode_new("Marker time");
    f->duration_field = kerf_timecode_new("Marker length");
    gtk_widget_add_css_class(length, "dim-label");
    gtk_widget_set_hexpand(length, TRUE);
    gtk_widget_set_halign(length, GTK_ALIGN_END);
    g_signal_connect(f->time_field, "time-entered", G_CALLBACK(time_entered), f);
    g_signal_connect(f->duration_field, "time-entered", G_CALLBACK(duration_entered), f);
    gtk_box_append(GTK_BOX(box), f->time_field);
    gtk_box_append(GTK_BOX(box), length);
    gtk_box_append(GTK_BOX(box), f->duration_field);
    return box;
}

static GtkWidget *colors_new(KerfMarkerForm *f)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    for (int i = 0; i < COLORS; i++) {
        GtkWidget *button = f->swatches[i] = gtk_toggle_button_new(), *swatch = kerf_swatch_new();
        kerf_swatch_set(swatch, kerf_marker_colors[i].color);
        gtk_button_set_child(GTK_BUTTON(button), swatch);
        gtk_widget_set_tooltip_text(button, kerf_marker_colors[i].name);
        name_widget(button, kerf_marker_colors[i].name);
        gtk_widget_add_css_class(button, "flat");
        gtk_widget_add_css_class(button, "kerf-swatch");
        if (i > 0) gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), GTK_TOGGLE_BUTTON(f->swatches[0]));
        g_signal_connect(button, "toggled", G_CALLBACK(color_toggled), f);
        gtk_box_append(GTK_BOX(box), button);
    }
    return box;
}

static void finalize(GObject *object)
{
    KerfMarkerForm *f = KERF_MARKER_FORM(object);
    g_object_unref(f->document);
    g_object_unref(f->labels);
    g_free(f->name);
    g_free(f->note);
    g_free(f->kind);
    G_OBJECT_CLASS(kerf_marker_form_parent_class)->finalize(object);
}

/* Leaving a field that goes away is no edit. */
static void dispose(GObject *object)
{
    KERF_MARKER_FORM(object)->id = 0;
    G_OBJECT_CLASS(kerf_marker_form_parent_class)->dispose(object);
}

static void kerf_marker_form_class_init(KerfMarkerFormClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void kerf_marker_form_init(KerfMarkerForm *f) { f->labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL); }

GtkWidget *kerf_marker_form_new(KerfDocument *document)
{
    KerfMarkerForm *f = g_object_new(KERF_TYPE_MARKER_FORM, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, NULL);
    f->document = g_object_ref(document);
    f->kind_drop = gtk_drop_down_new_from_strings(kind_labels);
    name_widget(f->kind_drop, "Marker kind");
    g_signal_connect(f->kind_drop, "notify::selected", G_CALLBACK(kind_chosen), f);
    add_row(f, "Name", name_new(f));
    add_row(f, "Time", times_new(f));
    add_row(f, "Kind", f->kind_drop);
    add_row(f, "Colour", colors_new(f));
    add_row(f, "Note", note_new(f));
    gtk_widget_add_css_class(GTK_WIDGET(f), "kerf-export");
    gtk_widget_add_css_class(GTK_WIDGET(f), "kerf-export-foot");
    kerf_marker_form_show(f, KF_MARKER_SEQUENCE, NULL);
    return GTK_WIDGET(f);
}
