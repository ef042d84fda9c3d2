/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The titles panel: all titles and captions of the sequence as a list, and what is edited of the one that has the focus: its words
 * with their styles, times, place, and looks. */
#include "panel.h"

#include <string.h>

#include "cues.h"
#include "export/interchange.h"
#include "inspector/row.h"
#include "monitor/timecode.h"
#include "words.h"

typedef struct Titles {
    KerfWindow *window;
    KerfDocument *document;
    KerfTargets *targets;
    GListStore *list;         /* KerfCue */
    GtkSingleSelection *selection;
    GtkWidget *top, *view, *form, *words, *times[2], *notice;
    GPtrArray *rows;          /* KerfRow, owned by their widgets */
    kf_sequence_info info;    /* that rows tell times by */
    gboolean following;       /* the list follows the document: nobody chose */
} Titles;

static Titles *of(gpointer top) { return g_object_get_data(G_OBJECT(top), "titles"); }

static gboolean focused(KerfWindow *window, kf_timeline_item *out)
{
    KerfDocument *document = kerf_window_has_document(window) ? kerf_window_document(window) : NULL;
    return document && kerf_cue_find(document, kerf_document_focus(document), out);
}

/* ---- The list ---- */

static gboolean same_cue(KerfCue *a, KerfCue *b)
{
    return a->id == b->id && a->start == b->start && a->end == b->end && strcmp(a->text, b->text) == 0;
}

/* Only what differs is put in again: the list keeps its place. */
static void read_list(Titles *t)
{
    g_autoptr(GPtrArray) cues = kerf_cues_read(t->document);
    const guint count = g_list_model_get_n_items(G_LIST_MODEL(t->list));
    guint head = 0, tail = 0;
    while (head < MIN(count, cues->len)) {
        g_autoptr(KerfCue) old = g_list_model_get_item(G_LIST_MODEL(t->list), head);
        if (!same_cue(old, cues->pdata[head])) break;
        head++;
    }
    while (tail < MIN(count, cues->len) - head) {
        g_autoptr(KerfCue) old = g_list_model_get_item(G_LIST_MODEL(t->list), count - 1 - tail);
        if (!same_cue(old, cues->pdata[cues->len - 1 - tail])) break;
        tail++;
    }
    if (head == count && head == cues->len) return;
    g_list_store_splice(t->list, head, count - head - tail, cues->pdata + head, cues->len - head - tail);
}

static guint position_of(Titles *t, uint64_t id)
{
    const guint count = g_list_model_get_n_items(G_LIST_MODEL(t->list));
    for (guint i = 0; i < count; i++) {
        g_autoptr(KerfCue) cue = g_list_model_get_item(G_LIST_MODEL(t->list), i);
        if (cue->id == id) return i;
    }
    return GTK_INVALID_LIST_POSITION;
}

static void follow_focus(Titles *t)
{
    kf_timeline_item title;
    const gboolean there = focused(t->window, &title);
    t->following = TRUE;
    gtk_single_selection_set_selected(t->selection, there ? position_of(t, title.id) : GTK_INVALID_LIST_POSITION);
    t->following = FALSE;
    gtk_widget_set_visible(t->form, there);
    gtk_widget_set_visible(t->notice, g_list_model_get_n_items(G_LIST_MODEL(t->list)) == 0);
    kerf_words_show(KERF_WORDS(t->words), there ? title.id : 0);
    if (!there) return;
    for (int i = 0; i < 2; i++) {
        kerf_timecode_set_sequence(KERF_TIMECODE(t->times[i]), &t->info);
        kerf_timecode_set_time(KERF_TIMECODE(t->times[i]), title.start + (i ? title.duration : 0));
    }
    for (guint i = 0; i < t->rows->len; i++) kerf_row_update(t->rows->pdata[i]);
}

static void refresh(Titles *t)
{
    if (!gtk_widget_get_mapped(t->top)) return;
    t->info = *kerf_document_sequence_info(t->document);
    t->following = TRUE;
    read_list(t);
    t->following = FALSE;
    kerf_targets_update(t->targets);
    follow_focus(t);
}

static void chosen(GtkSingleSelection *selection, GParamSpec *spec, gpointer data)
{
    Titles *t = data;
    KerfCue *cue = gtk_single_selection_get_selected_item(selection);
    if (t->following || !cue) return;
    kerf_document_seek(t->document, cue->start);
    kerf_document_select(t->document, &cue->id, 1);
}

static void activated(GtkListView *view, guint position, gpointer data) { kerf_words_begin(KERF_WORDS(((Titles *)data)->words)); }

/* ---- Rows ---- */

static void setup_row(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *times = gtk_label_new(NULL), *text = gtk_label_new(NULL);
    gtk_widget_add_css_class(times, "timecode");
    gtk_widget_add_css_class(times, "dim-label");
    gtk_label_set_ellipsize(GTK_LABEL(text), PANGO_ELLIPSIZE_END);
    gtk_label_set_xalign(GTK_LABEL(text), 0);
    gtk_widget_set_hexpand(text, TRUE);
    gtk_box_append(GTK_BOX(row), times);
    gtk_box_append(GTK_BOX(row), text);
    gtk_list_item_set_child(item, row);
}

static void bind_row(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    Titles *t = data;
    KerfCue *cue = gtk_list_item_get_item(item);
    GtkWidget *row = gtk_list_item_get_child(item), *times = gtk_widget_get_first_child(row);
    char from[40], to[40];
    kf_sequence_timecode(&t->info, cue->start, from, sizeof from);
    kf_sequence_timecode(&t->info, cue->end, to, sizeof to);
    g_autofree char *both = g_strdup_printf("%s\n%s", from, to), *spoken = g_strdup_printf("%s to %s %s", from, to, cue->text);
    gtk_label_set_text(GTK_LABEL(times), both);
    gtk_label_set_text(GTK_LABEL(gtk_widget_get_last_child(row)), cue->text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_parent(row)), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* ---- Actions ---- */

static gboolean has_title(KerfWindow *window)
{
    kf_timeline_item title;
    return focused(window, &title);
}

static void add(KerfWindow *w)
{
    kerf_cue_add(kerf_window_document(w));
    GtkWidget *top = kerf_window_panel(w, "titles");
    if (top && gtk_widget_get_mapped(top) && has_title(w)) kerf_words_begin(KERF_WORDS(of(top)->words));
}

#define ON_TITLE(name, call) \
    static void name(KerfWindow *w) \
    { \
        kf_timeline_item title; \
        if (focused(w, &title)) call(kerf_window_document(w), &title); \
    }
ON_TITLE(split, kerf_cue_split)
ON_TITLE(merge, kerf_cue_merge)
ON_TITLE(take_out, kerf_cue_remove)

static const KerfAction actions[] = {
    {"title-add", "New Title", "Titles", "<Control><Shift>t", add, kerf_window_has_document},
    {"title-split", "Split Title at the Playhead", "Titles", NULL, split, has_title},
    {"title-merge", "Merge with the Next Title", "Titles", NULL, merge, has_title},
    {"title-remove", "Delete Title", "Titles", "Delete", take_out, has_title, NULL, "titles"},
    {"captions-export", "Export Captions...", "File", NULL, kerf_captions_export, kerf_window_has_document},
    {0},
};

/* ---- The form ---- */

static void time_entered(KerfTimecode *field, gint64 time, gpointer data)
{
    Titles *t = data;
    kf_timeline_item title;
    if (focused(t->window, &title)) kerf_cue_set_time(t->document, &title, GTK_WIDGET(field) == t->times[1], time);
}

static void placed(GtkButton *button, gpointer data)
{
    Titles *t = data;
    kf_timeline_item title;
    const int place = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "place"));
    if (focused(t->window, &title)) kerf_cue_place(t->document, &title, place % 3, place / 3);
}

static void style_chosen(GtkDropDown *list, GParamSpec *spec, gpointer data)
{
    Titles *t = data;
    kf_timeline_item title;
    const guint i = gtk_drop_down_get_selected(list);
    if (i == 0 || i == GTK_INVALID_LIST_POSITION) return;
    if (focused(t->window, &title)) kerf_cue_set_style(t->document, &title, (int)i - 1);
    gtk_drop_down_set_selected(list, 0);
}

static void name_it(GtkWidget *widget, const char *name)
{
    gtk_widget_set_tooltip_text(widget, name);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *places_new(Titles *t)
{
    static const char *const names[] = {"Top Left", "Top", "Top Right", "Left", "Middle", "Right", "Bottom Left", "Bottom",
                                        "Bottom Right"};
    static const char *const signs[] = {"↖", "↑", "↗", "←", "·", "→", "↙", "↓", "↘"};
    GtkWidget *grid = gtk_grid_new();
    for (int i = 0; i < 9; i++) {
        GtkWidget *button = gtk_button_new();
        gtk_button_set_child(GTK_BUTTON(button), gtk_label_new(signs[i]));
        gtk_widget_add_css_class(button, "flat");
        g_object_set_data(G_OBJECT(button), "place", GINT_TO_POINTER(i));
        name_it(button, names[i]);
        g_signal_connect(button, "clicked", G_CALLBACK(placed), t);
        gtk_grid_attach(GTK_GRID(grid), button, i % 3, i / 3, 1, 1);
    }
    gtk_widget_add_css_class(grid, "places");
    return grid;
}

static GtkWidget *styles_new(Titles *t)
{
    GPtrArray *names = g_ptr_array_new();
    g_ptr_array_add(names, (gpointer) "Style…");
    for (const char *const *name = kerf_cue_styles; *name; name++) g_ptr_array_add(names, (gpointer)*name);
    g_ptr_array_add(names, NULL);
    GtkWidget *list = gtk_drop_down_new_from_strings((const char *const *)names->pdata);
    g_ptr_array_unref(names);
    name_it(list, "Style of the Title");
    g_signal_connect(list, "notify::selected", G_CALLBACK(style_chosen), t);
    return list;
}

static GtkWidget *times_new(Titles *t)
{
    static const char *const names[] = {"Start of the title", "End of the title"};
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    for (int i = 0; i < 2; i++) {
        t->times[i] = kerf_timecode_new(names[i]);
        g_signal_connect(t->times[i], "time-entered", G_CALLBACK(time_entered), t);
        gtk_box_append(GTK_BOX(box), t->times[i]);
    }
    gtk_box_append(GTK_BOX(box), styles_new(t));
    gtk_widget_set_hexpand(box, TRUE);
    return box;
}

/* What a title looks like, as the inspector edits it. */
static void add_rows(Titles *t, GtkWidget *box)
{
    static const char *const names[] = {"font", "size", "weight", "italic", "color", "outline_width", "outline_color",
                                        "shadow_color", "shadow_offset", "shadow_blur", "box", "box_color", "box_padding",
                                        "box_radius", "align", "line_spacing", "letter_spacing", "max_width", "position"};
    KerfParam param = {.set = {.group = KF_PARAMS_GENERATOR}};
    if (!kf_catalog_find(KF_CATALOG_GENERATOR, "title", &param.set.kind)) return;
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!kf_catalog_param_find(&param.set.kind, names[i], &param.info)) continue;
        KerfRow *row = kerf_row_new(t->targets, &param);
        g_ptr_array_add(t->rows, row);
        gtk_box_append(GTK_BOX(box), kerf_row_widget(row));
    }
}

static GtkWidget *form_new(Titles *t)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4), *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *scroller = gtk_scrolled_window_new(), *rows = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    t->words = kerf_words_new(t->document);
    gtk_box_append(GTK_BOX(line), times_new(t));
    gtk_box_append(GTK_BOX(line), places_new(t));
    gtk_box_append(GTK_BOX(box), t->words);
    gtk_box_append(GTK_BOX(box), line);
    add_rows(t, rows);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), rows);
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_box_append(GTK_BOX(box), scroller);
    gtk_widget_add_css_class(box, "section-body");
    return box;
}

/* ---- The panel ---- */

static GtkWidget *bar_new(KerfWindow *window)
{
    static const char *const buttons[][2] = {{"title-add", "list-add-symbolic"},
                                             {"title-split", "edit-cut-symbolic"},
                                             {"title-merge", "insert-link-symbolic"},
                                             {"title-remove", "list-remove-symbolic"},
                                             {"captions-import", "document-open-symbolic"},
                                             {"captions-export", "document-save-symbolic"},
                                             {"monitor-safe", "kerf-safe-margins-symbolic"}};
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    for (guint i = 0; i < G_N_ELEMENTS(buttons); i++) {
        gtk_box_append(GTK_BOX(bar), kerf_action_button(window, buttons[i][0], buttons[i][1]));
    }
    gtk_widget_add_css_class(bar, "toolbar-tight");
    return bar;
}

static GtkWidget *view_new(Titles *t)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    GtkWidget *scroller = gtk_scrolled_window_new();
    g_signal_connect(factory, "setup", G_CALLBACK(setup_row), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_row), t);
    t->list = g_list_store_new(KERF_TYPE_CUE);
    t->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(t->list)));
    gtk_single_selection_set_autoselect(t->selection, FALSE);
    gtk_single_selection_set_can_unselect(t->selection, TRUE);
    gtk_single_selection_set_selected(t->selection, GTK_INVALID_LIST_POSITION);
    t->view = gtk_list_view_new(GTK_SELECTION_MODEL(g_object_ref(t->selection)), factory);
    gtk_accessible_update_property(GTK_ACCESSIBLE(t->view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Titles", -1);
    gtk_widget_add_css_class(t->view, "kerf-markers");
    g_signal_connect(t->selection, "notify::selected-item", G_CALLBACK(chosen), t);
    g_signal_connect(t->view, "activate", G_CALLBACK(activated), t);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), t->view);
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroller), 120);
    gtk_widget_set_vexpand(scroller, TRUE);
    return scroller;
}

static void film_changed(KerfDocument *document, gpointer changes, guint count, gpointer top) { refresh(of(top)); }
static void changed(KerfDocument *document, gpointer top) { refresh(of(top)); }
static void mapped(GtkWidget *top, gpointer data) { refresh(data); }

static void titles_free(gpointer data)
{
    Titles *t = data;
    g_signal_handlers_disconnect_by_data(t->selection, t);
    g_object_unref(t->selection);
    g_object_unref(t->list);
    kerf_targets_free(t->targets);
    g_ptr_array_unref(t->rows);
    g_object_unref(t->document);
    g_free(t);
}

static void connect(Titles *t)
{
    g_signal_connect_object(t->document, "changed", G_CALLBACK(film_changed), t->top, 0);
    g_signal_connect_object(t->document, "sequence-changed", G_CALLBACK(changed), t->top, 0);
    g_signal_connect_object(t->document, "selection-changed", G_CALLBACK(changed), t->top, 0);
    g_signal_connect(t->top, "map", G_CALLBACK(mapped), t);
}

static GtkWidget *create(KerfWindow *window)
{
    Titles *t = g_new0(Titles, 1);
    t->window = window;
    t->document = g_object_ref(kerf_window_document(window));
    t->targets = kerf_targets_new(t->document);
    t->rows = g_ptr_array_new();
    t->top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    t->notice = gtk_label_new("There are no titles yet.\nNew Title adds one at the playhead.");
    gtk_label_set_justify(GTK_LABEL(t->notice), GTK_JUSTIFY_CENTER);
    gtk_widget_add_css_class(t->notice, "dim-label");
    gtk_widget_add_css_class(t->notice, "kerf-notice");
    t->form = form_new(t);
    gtk_box_append(GTK_BOX(t->top), bar_new(window));
    gtk_box_append(GTK_BOX(t->top), t->notice);
    gtk_box_append(GTK_BOX(t->top), view_new(t));
    gtk_box_append(GTK_BOX(t->top), t->form);
    g_object_set_data_full(G_OBJECT(t->top), "titles", t, titles_free);
    kerf_panel_set_focus(t->top, t->view);
    connect(t);
    return t->top;
}

const KerfPanel kerf_titles_panel = {
    .id = "titles", .title = "Titles", .icon = "kerf-gen-text-symbolic", .area = KERF_AREA_RIGHT, .hidden = TRUE, .create = create,
    .actions = actions,
};
