/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "words.h"

#include <string.h>

#include "cues.h"
#include "markup.h"

enum { REST_MS = 900 };

struct _KerfWords {
    GtkWidget parent;
    KerfDocument *document;
    GtkWidget *bar, *view, *notice;
    GtkTextBuffer *buffer;
    uint64_t title;
    char *stored;             /* as it was shown or stored last */
    gboolean raw;             /* markup that is edited as it is written */
    gboolean showing, open;   /* open: a gesture is under way */
    guint rest;               /* timer */
};

G_DEFINE_FINAL_TYPE(KerfWords, kerf_words, GTK_TYPE_WIDGET)

/* ---- Storing ---- */

static void finish(KerfWords *w)
{
    g_clear_handle_id(&w->rest, g_source_remove);
    if (w->open && kerf_document_in_gesture(w->document)) kerf_document_gesture_commit(w->document, "Edit Text");
    w->open = FALSE;
}

static gboolean rested(gpointer data)
{
    KerfWords *w = data;
    w->rest = 0;
    finish(w);
    return G_SOURCE_REMOVE;
}

static char *text_of(KerfWords *w, gboolean *markup)
{
    GtkTextIter from, to;
    if (!w->raw) return kerf_markup_save(w->buffer, markup);
    *markup = TRUE;
    gtk_text_buffer_get_bounds(w->buffer, &from, &to);
    return gtk_text_buffer_get_text(w->buffer, &from, &to, FALSE);
}

static void store(KerfWords *w)
{
    gboolean markup;
    if (w->showing || w->title == 0) return;
    g_free(w->stored);
    w->stored = text_of(w, &markup);
    w->open = w->open && kerf_document_in_gesture(w->document); /* undo ends it too */
    if (!w->open && !kerf_document_gesture_begin(w->document)) return;
    w->open = TRUE;
    kerf_document_gesture_update(w->document, kerf_cue_text_operation(w->title, w->stored, markup), NULL);
    g_clear_handle_id(&w->rest, g_source_remove);
    w->rest = g_timeout_add(REST_MS, rested, w);
}

static void typed(GtkTextBuffer *buffer, gpointer data) { store(data); }
static void left(GtkEventControllerFocus *focus, gpointer data) { finish(data); }

/* ---- Showing ---- */

void kerf_words_show(KerfWords *w, uint64_t title)
{
    kf_timeline_item item;
    gboolean markup;
    if (title != w->title) finish(w);
    if (w->open) return;
    const gboolean there = kerf_cue_find(w->document, title, &item);
    const char *text = there ? kerf_cue_text(w->document, &item, &markup) : "";
    gtk_widget_set_sensitive(GTK_WIDGET(w), there);
    if (title == w->title && w->stored && strcmp(text, w->stored) == 0) return;
    w->title = there ? title : 0;
    g_free(w->stored);
    w->stored = g_strdup(text);
    w->showing = TRUE;
    w->raw = !kerf_markup_load(w->buffer, text, there && markup);
    w->showing = FALSE;
    gtk_widget_set_sensitive(w->bar, !w->raw);
    gtk_widget_set_visible(w->notice, w->raw);
}

void kerf_words_begin(KerfWords *w)
{
    GtkTextIter from, to;
    gtk_text_buffer_get_bounds(w->buffer, &from, &to);
    gtk_text_buffer_select_range(w->buffer, &from, &to);
    gtk_widget_grab_focus(w->view);
}

/* ---- Styles ---- */

static void style_clicked(GtkButton *button, gpointer data)
{
    KerfWords *w = data;
    kerf_markup_toggle(w->buffer, (KerfTextStyle)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "style")));
    store(w);
}

static void color_chosen(GtkColorButton *button, gpointer data)
{
    KerfWords *w = data;
    GdkRGBA color;
    gtk_color_chooser_get_rgba(GTK_COLOR_CHOOSER(button), &color);
    kerf_markup_color(w->buffer, &color);
    store(w);
}

static void size_chosen(GtkDropDown *list, GParamSpec *spec, gpointer data)
{
    static const int percents[] = {100, 50, 75, 125, 150, 200};
    KerfWords *w = data;
    const guint i = gtk_drop_down_get_selected(list);
    if (i >= G_N_ELEMENTS(percents) || w->showing) return;
    kerf_markup_size(w->buffer, percents[i]);
    store(w);
}

static void clear_clicked(GtkButton *button, gpointer data)
{
    KerfWords *w = data;
    kerf_markup_clear(w->buffer);
    store(w);
}

static void name_it(GtkWidget *widget, const char *name)
{
    gtk_widget_set_tooltip_text(widget, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_widget_set_focus_on_click(widget, FALSE); /* what is selected in the text stays so */
}

static GtkWidget *bar_new(KerfWords *w)
{
    static const char *const styles[][2] = {{"format-text-bold-symbolic", "Bold"},
                                            {"format-text-italic-symbolic", "Italic"},
                                            {"format-text-underline-symbolic", "Underline"},
                                            {"format-text-strikethrough-symbolic", "Strike Through"}};
    static const char *const sizes[] = {"100 %", "50 %", "75 %", "125 %", "150 %", "200 %", NULL};
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    for (int i = 0; i < KERF_TEXT_STYLES; i++) {
        GtkWidget *button = gtk_button_new_from_icon_name(styles[i][0]);
        gtk_widget_add_css_class(button, "flat");
        g_object_set_data(G_OBJECT(button), "style", GINT_TO_POINTER(i));
        name_it(button, styles[i][1]);
        g_signal_connect(button, "clicked", G_CALLBACK(style_clicked), w);
        gtk_box_append(GTK_BOX(bar), button);
    }
    GtkWidget *color = gtk_color_button_new(), *size = gtk_drop_down_new_from_strings(sizes);
    GtkWidget *clear = gtk_button_new_from_icon_name("edit-clear-symbolic");
    gtk_color_chooser_set_rgba(GTK_COLOR_CHOOSER(color), &(GdkRGBA){1, 0.85f, 0.2f, 1});
    gtk_widget_add_css_class(clear, "flat");
    name_it(color, "Colour of What Is Selected");
    name_it(size, "Size of What Is Selected");
    name_it(clear, "No Styles");
    g_signal_connect(color, "color-set", G_CALLBACK(color_chosen), w);
    g_signal_connect(size, "notify::selected", G_CALLBACK(size_chosen), w);
    g_signal_connect(clear, "clicked", G_CALLBACK(clear_clicked), w);
    gtk_box_append(GTK_BOX(bar), color);
    gtk_box_append(GTK_BOX(bar), size);
    gtk_box_append(GTK_BOX(bar), clear);
    gtk_widget_add_css_class(bar, "words-bar");
    return bar;
}

/* ---- The widget ---- */

static void dispose(GObject *object)
{
    KerfWords *w = KERF_WORDS(object);
    g_clear_handle_id(&w->rest, g_source_remove);
    for (GtkWidget *child; (child = gtk_widget_get_first_child(GTK_WIDGET(object)));) {
        gtk_widget_unparent(child);
    }
    g_clear_object(&w->document);
    g_clear_pointer(&w->stored, g_free);
    G_OBJECT_CLASS(kerf_words_parent_class)->dispose(object);
}

static void unmap(GtkWidget *widget)
{
    finish(KERF_WORDS(widget));
    GTK_WIDGET_CLASS(kerf_words_parent_class)->unmap(widget);
}

static void kerf_words_class_init(KerfWordsClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->unmap = unmap;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BOX_LAYOUT);
}

static void kerf_words_init(KerfWords *w)
{
    GtkWidget *scroller = gtk_scrolled_window_new();
    GtkEventController *focus = gtk_event_controller_focus_new();
    gtk_orientable_set_orientation(GTK_ORIENTABLE(gtk_widget_get_layout_manager(GTK_WIDGET(w))), GTK_ORIENTATION_VERTICAL);
    w->bar = bar_new(w);
    w->view = gtk_text_view_new();
    w->buffer = gtk_text_view_get_buffer(GTK_TEXT_VIEW(w->view));
    gtk_text_buffer_set_enable_undo(w->buffer, FALSE); /* the project's is the one */
    w->notice = gtk_label_new("This markup is shown as it is written");
    gtk_widget_add_css_class(w->notice, "dim-label");
    gtk_widget_set_visible(w->notice, FALSE);
    gtk_text_view_set_wrap_mode(GTK_TEXT_VIEW(w->view), GTK_WRAP_WORD_CHAR);
    gtk_text_view_set_accepts_tab(GTK_TEXT_VIEW(w->view), FALSE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(w->view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Text of the title", -1);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), w->view);
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), 64);
    gtk_widget_add_css_class(scroller, "param-text");
    g_signal_connect(w->buffer, "changed", G_CALLBACK(typed), w);
    g_signal_connect(focus, "leave", G_CALLBACK(left), w);
    gtk_widget_add_controller(w->view, focus);
    gtk_widget_set_parent(w->bar, GTK_WIDGET(w));
    gtk_widget_set_parent(scroller, GTK_WIDGET(w));
    gtk_widget_set_parent(w->notice, GTK_WIDGET(w));
}

GtkWidget *kerf_words_new(KerfDocument *document)
{
    KerfWords *w = g_object_new(KERF_TYPE_WORDS, NULL);
    w->document = g_object_ref(document);
    return GTK_WIDGET(w);
}
