/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editors of texts, files and fonts, and of lists as JSON. What is typed shows at once; it is one step of history when
 * typing rests or the focus goes elsewhere. */
#include <string.h>

#include "row.h"
#include "text.h"

enum { REST_MS = 900 };

typedef struct Typing {
    KerfRow *row;
    GtkWidget *text;          /* GtkTextView or GtkEntry */
    gboolean open;            /* a gesture is under way */
    guint rest;               /* timer */
} Typing;

static Typing *typing_of(KerfRow *row) { return g_object_get_data(G_OBJECT(kerf_row_editor(row)->widget), "typing"); }

static char *text_of(Typing *t)
{
    if (!GTK_IS_TEXT_VIEW(t->text)) return g_strdup(gtk_editable_get_text(GTK_EDITABLE(t->text)));
    GtkTextBuffer *buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(t->text));
    GtkTextIter from, to;
    gtk_text_buffer_get_bounds(buffer, &from, &to);
    return gtk_text_buffer_get_text(buffer, &from, &to, FALSE);
}

static gboolean is_json(KerfRow *row)
{
    return kerf_row_param(row)->info.value == KF_VALUE_POINTS;
}

static void finish(Typing *t)
{
    g_clear_handle_id(&t->rest, g_source_remove);
    if (t->open) kerf_row_edit(t->row, KERF_PHASE_COMMIT, NULL);
    t->open = FALSE;
}

static gboolean rested(gpointer data)
{
    Typing *t = data;
    t->rest = 0;
    finish(t);
    return G_SOURCE_REMOVE;
}

static void typed(GObject *source, Typing *t)
{
    if (kerf_row_showing(t->row) || is_json(t->row)) return;
    g_autofree char *text = text_of(t);
    KerfDocument *document = kerf_targets_document(kerf_row_targets(t->row));
    t->open = t->open && kerf_document_in_gesture(document); /* undo ends it too */
    if (!t->open) kerf_row_edit(t->row, KERF_PHASE_BEGIN, NULL);
    t->open = TRUE;
    kerf_row_edit(t->row, KERF_PHASE_UPDATE, kerf_json_quote(text));
    g_clear_handle_id(&t->rest, g_source_remove);
    t->rest = g_timeout_add(REST_MS, rested, t);
}

static void activated(GtkEntry *entry, Typing *t)
{
    finish(t);
    if (is_json(t->row)) kerf_row_edit(t->row, KERF_PHASE_ONCE, text_of(t));
}

static void left(GtkEventControllerFocus *focus, Typing *t) { finish(t); }

static void unmapped(GtkWidget *widget, Typing *t) { finish(t); }

static void typing_free(gpointer data)
{
    Typing *t = data;
    g_clear_handle_id(&t->rest, g_source_remove);
    g_free(t);
}

static void show_text(KerfRow *row, const KerfReading *reading)
{
    Typing *t = typing_of(row);
    g_autofree char *json = is_json(row) ? kerf_targets_json(kerf_row_targets(row), kerf_row_param(row)) : NULL;
    const char *text = is_json(row) ? (json ? json : kerf_row_param(row)->info.text) : reading->now.text;
    g_autofree char *shown = text_of(t);
    if (t->open || strcmp(shown, text) == 0) return;
    if (GTK_IS_TEXT_VIEW(t->text)) {
        gtk_text_buffer_set_text(gtk_text_view_get_buffer(GTK_TEXT_VIEW(t->text)), text, -1);
    } else if (!gtk_widget_has_focus(t->text)) {
        gtk_editable_set_text(GTK_EDITABLE(t->text), text);
    }
}

static GtkWidget *new_view(Typing *t)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    t->text = gtk_text_view_new();
    gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(t->text), GTK_WRAP_WORD_CHAR);
    gtk_text_view_set_accepts_tab(GTK_TEXT_VIEW(t->text), FALSE);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), t->text);
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), 56);
    gtk_widget_add_css_class(scroller, "param-text");
    g_signal_connect(gtk_text_view_get_buffer(GTK_TEXT_VIEW(t->text)), "changed", G_CALLBACK(typed), t);
    return scroller;
}

static GtkWidget *new_entry(Typing *t)
{
    t->text = gtk_entry_new();
    gtk_editable_set_width_chars(GTK_EDITABLE(t->text), 6);
    g_signal_connect(t->text, "changed", G_CALLBACK(typed), t);
    g_signal_connect(t->text, "activate", G_CALLBACK(activated), t);
    return t->text;
}

static void create_typed(KerfRow *row, KerfEditor *out)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    GtkEventController *focus = gtk_event_controller_focus_new();
    Typing *t = g_new0(Typing, 1);
    t->row = row;
    out->block = info->value == KF_VALUE_TEXT && strcmp(info->name, "text") == 0;
    out->widget = out->block ? new_view(t) : new_entry(t);
    out->show = show_text;
    g_signal_connect(focus, "leave", G_CALLBACK(left), t);
    g_signal_connect(t->text, "unmap", G_CALLBACK(unmapped), t);
    gtk_widget_add_controller(t->text, focus);
    gtk_accessible_update_property(GTK_ACCESSIBLE(t->text), GTK_ACCESSIBLE_PROPERTY_LABEL, info->label, -1);
    g_object_set_data_full(G_OBJECT(out->widget), "typing", t, typing_free);
}

/* ---- Files ---- */

static void show_file(KerfRow *row, const KerfReading *reading)
{
    g_autofree char *name = *reading->now.text ? g_path_get_basename(reading->now.text) : g_strdup("Choose…");
    gtk_button_set_label(GTK_BUTTON(kerf_row_editor(row)->widget), reading->mixed ? "–" : name);
    gtk_widget_set_tooltip_text(kerf_row_editor(row)->widget, *reading->now.text ? reading->now.text : NULL);
}

static void file_chosen(GtkNativeDialog *dialog, int response, GtkWidget *button)
{
    KerfRow *row = g_object_get_data(G_OBJECT(button), "row-of");
    g_autoptr(GFile) file =
        response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
    g_autofree char *path = file ? g_file_get_path(file) : NULL;
    if (path) kerf_row_edit(row, KERF_PHASE_ONCE, kerf_json_quote(path));
    g_object_unref(dialog);
}

static void choose_file(GtkButton *button, KerfRow *row)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(button)));
    GtkFileChooserNative *dialog = gtk_file_chooser_native_new(kerf_row_param(row)->info.help, window,
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, "_Open", NULL);
    gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
    g_signal_connect_object(dialog, "response", G_CALLBACK(file_chosen), button, 0);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static GtkWidget *new_button(KerfRow *row, GCallback clicked)
{
    GtkWidget *button = gtk_button_new_with_label("");
    GtkWidget *label = gtk_button_get_child(GTK_BUTTON(button));
    if (GTK_IS_LABEL(label)) gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
    g_object_set_data(G_OBJECT(button), "row-of", row);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   kerf_row_param(row)->info.label, -1);
    g_signal_connect(button, "clicked", clicked, row);
    return button;
}

static void create_file(KerfRow *row, KerfEditor *out)
{
    out->widget = new_button(row, G_CALLBACK(choose_file));
    out->show = show_file;
}

/* ---- Fonts ---- */

static void font_chosen(GtkDialog *dialog, int response, GtkWidget *button)
{
    KerfRow *row = g_object_get_data(G_OBJECT(button), "row-of");
    PangoFontDescription *font = gtk_font_chooser_get_font_desc(GTK_FONT_CHOOSER(dialog));
    if (font) pango_font_description_unset_fields(font, PANGO_FONT_MASK_SIZE);
    g_autofree char *name = font ? pango_font_description_to_string(font) : NULL;
    pango_font_description_free(font);
    if (response == GTK_RESPONSE_OK && name) kerf_row_edit(row, KERF_PHASE_ONCE, kerf_json_quote(name));
    gtk_window_destroy(GTK_WINDOW(dialog));
}

/* The dialog reads all fonts: it is made when it is wanted. */
static void choose_font(GtkButton *button, KerfRow *row)
{
    GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(button)));
    GtkWidget *dialog = gtk_font_chooser_dialog_new(kerf_row_param(row)->info.label, window);
    g_autofree char *font = g_strconcat(kerf_row_reading(row)->now.text, " 12", NULL);
    gtk_window_set_modal(GTK_WINDOW(dialog), TRUE);
    gtk_font_chooser_set_level(GTK_FONT_CHOOSER(dialog), GTK_FONT_CHOOSER_LEVEL_FAMILY | GTK_FONT_CHOOSER_LEVEL_STYLE);
    gtk_font_chooser_set_font(GTK_FONT_CHOOSER(dialog), font);
    g_signal_connect_object(dialog, "response", G_CALLBACK(font_chosen), button, 0);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void show_font(KerfRow *row, const KerfReading *reading)
{
    gtk_button_set_label(GTK_BUTTON(kerf_row_editor(row)->widget), reading->mixed ? "–" : reading->now.text);
}

static void create_font(KerfRow *row, KerfEditor *out)
{
    out->widget = new_button(row, G_CALLBACK(choose_font));
    out->show = show_font;
}

void kerf_editor_create_text(KerfRow *row, KerfEditor *out)
{
    const kf_catalog_param *info = &kerf_row_param(row)->info;
    if (info->value == KF_VALUE_FILE) {
        create_file(row, out);
    } else if (info->value == KF_VALUE_TEXT && strcmp(info->name, "font") == 0) {
        create_font(row, out);
    } else {
        create_typed(row, out);
    }
}
