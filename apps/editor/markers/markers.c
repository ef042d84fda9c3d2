/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The markers panel: those of the sequence, of the clip with the focus, or of the asset in the source monitor. Choosing one
 * goes there; below the list it is changed. Delete removes it, Enter begins to write its name. */
#include "form.h"
#include "panel.h"
#include "swatch.h"

enum { OWNERS = 3 };

typedef struct Markers {
    KerfWindow *window;
    KerfDocument *document;   /* owned */
    GtkWidget *top, *owners[OWNERS], *view, *notice, *remove;
    KerfMarkerList *list;
    GtkSingleSelection *selection;
    KerfMarkerForm *form;
    uint64_t id;              /* the chosen one; 0: none */
    kf_time time;
    gboolean refreshing;      /* choosing goes nowhere */
} Markers;

static const kf_marker_owner owner_kinds[OWNERS] = {KF_MARKER_SEQUENCE, KF_MARKER_CLIP, KF_MARKER_ASSET};
static const char *const owner_labels[OWNERS] = {"Sequence", "Clip", "Source"};

static kf_marker_owner owner_of(Markers *m) { return kerf_marker_list_owner(m->list); }

/* ---- Choosing ---- */

static void chosen(GObject *object, GParamSpec *spec, gpointer data)
{
    Markers *m = data;
    KerfMarker *marker = gtk_single_selection_get_selected_item(m->selection);
    const kf_marker_info *info = marker ? kerf_marker_info(marker) : NULL;
    if (m->refreshing) return;
    m->id = info ? info->id : 0;
    m->time = info ? info->time : 0;
    gtk_widget_set_sensitive(m->remove, info != NULL);
    kerf_marker_form_show(m->form, owner_of(m), marker);
    if (info) kerf_markers_go(m->document, owner_of(m), info->time);
}

/* The same marker stays chosen, wherever an edit has moved it. */
static void choose_again(Markers *m)
{
    guint at = m->id ? kerf_marker_list_find(m->list, m->id, m->time) : GTK_INVALID_LIST_POSITION;
    const guint count = g_list_model_get_n_items(G_LIST_MODEL(m->list));
    kf_marker_info info;
    for (guint i = 0; m->id && at == GTK_INVALID_LIST_POSITION && i < MIN(count, 10000); i++) {
        if (kerf_markers_at(m->document, owner_of(m), (int32_t)i, &info) && info.id == m->id) at = i;
    }
    gtk_single_selection_set_selected(m->selection, at);
    KerfMarker *marker = gtk_single_selection_get_selected_item(m->selection);
    m->id = marker ? kerf_marker_info(marker)->id : 0;
    m->time = marker ? kerf_marker_info(marker)->time : 0;
    gtk_widget_set_sensitive(m->remove, marker != NULL);
    kerf_marker_form_show(m->form, owner_of(m), marker);
}

static void update_notice(Markers *m)
{
    static const char *const texts[] = {"No markers yet: M adds one at the playhead.",
                                        "Select a clip to see its markers.",
                                        "Open media in the source monitor to see its markers."};
    const kf_marker_owner owner = owner_of(m);
    const gboolean have = kerf_markers_have(m->document, owner);
    gtk_widget_set_visible(m->notice, g_list_model_get_n_items(G_LIST_MODEL(m->list)) == 0);
    gtk_label_set_text(GTK_LABEL(m->notice), !have ? texts[owner == KF_MARKER_CLIP ? 1 : 2]
                                             : owner == KF_MARKER_SEQUENCE ? texts[0]
                                                                           : "No markers yet: the plus adds one.");
}

static void refresh(Markers *m)
{
    if (!gtk_widget_get_mapped(m->top)) return;
    m->refreshing = TRUE;
    kerf_marker_list_refresh(m->list);
    choose_again(m);
    m->refreshing = FALSE;
    update_notice(m);
}

static void owner_toggled(GtkToggleButton *button, gpointer data)
{
    Markers *m = data;
    if (!gtk_toggle_button_get_active(button)) return;
    for (int i = 0; i < OWNERS; i++) {
        if (m->owners[i] == GTK_WIDGET(button)) kerf_marker_list_set_owner(m->list, owner_kinds[i]);
    }
    m->id = 0;
    refresh(m);
}

/* ---- Doing ---- */

static void add_clicked(GtkButton *button, gpointer data)
{
    Markers *m = data;
    const kf_marker_owner owner = owner_of(m);
    if (!kerf_markers_add(m->document, owner, kerf_markers_now(m->document, owner))) return;
    size_t count;
    const uint64_t *ids = kerf_document_created(m->document, &count);
    m->id = count ? ids[count - 1] : 0;
    m->time = kerf_markers_now(m->document, owner);
    refresh(m);
    kerf_marker_form_enter_name(m->form);
}

static void remove_chosen(Markers *m)
{
    if (m->id) kerf_markers_remove(m->document, owner_of(m), m->id);
}

static void remove_clicked(GtkButton *button, gpointer data) { remove_chosen(data); }

static void activated(GtkListView *view, guint position, gpointer data)
{
    Markers *m = data;
    kerf_marker_form_enter_name(m->form);
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    if (keyval != GDK_KEY_Delete && keyval != GDK_KEY_KP_Delete) return GDK_EVENT_PROPAGATE;
    remove_chosen(data);
    return GDK_EVENT_STOP;
}

/* ---- Rows ---- */

static void setup_row(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *time = gtk_label_new(NULL), *name = gtk_label_new(NULL);
    gtk_widget_add_css_class(time, "numeric");
    gtk_widget_add_css_class(time, "dim-label");
    gtk_label_set_xalign(GTK_LABEL(name), 0);
    gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_box_append(GTK_BOX(row), kerf_swatch_new());
    gtk_box_append(GTK_BOX(row), time);
    gtk_box_append(GTK_BOX(row), name);
    gtk_list_item_set_child(item, row);
}

static void bind_row(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    KerfMarker *marker = gtk_list_item_get_item(item);
    GtkWidget *row = gtk_list_item_get_child(item), *swatch = gtk_widget_get_first_child(row);
    GtkWidget *time = gtk_widget_get_next_sibling(swatch), *name = gtk_widget_get_next_sibling(time);
    if (!marker) return;
    const kf_marker_info *info = kerf_marker_info(marker);
    kerf_swatch_set(swatch, info->color);
    gtk_label_set_text(GTK_LABEL(time), kerf_marker_timecode(marker));
    const char *what = *info->name ? info->name : *info->note ? info->note : info->kind;
    g_autofree char *spoken = g_strjoin(" ", kerf_marker_timecode(marker), what, NULL);
    gtk_label_set_text(GTK_LABEL(name), what);
    gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_parent(row)), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    gtk_widget_set_tooltip_text(row, *info->note ? info->note : NULL);
    (*info->name ? gtk_widget_remove_css_class : gtk_widget_add_css_class)(name, "dim-label");
}

/* ---- The panel ---- */

static GtkWidget *icon_button(const char *icon, const char *label, GCallback clicked, Markers *m)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_widget_set_tooltip_text(button, label);
    gtk_widget_add_css_class(button, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(button, "clicked", clicked, m);
    return button;
}

static GtkWidget *bar_new(Markers *m)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2), *owners = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(owners, "linked");
    gtk_widget_add_css_class(bar, "toolbar-tight");
    gtk_widget_add_css_class(bar, "kerf-export");
    for (int i = 0; i < OWNERS; i++) {
        m->owners[i] = gtk_toggle_button_new_with_label(owner_labels[i]);
        if (i > 0) gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(m->owners[i]), GTK_TOGGLE_BUTTON(m->owners[0]));
        gtk_box_append(GTK_BOX(owners), m->owners[i]);
    }
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(m->owners[0]), TRUE);
    for (int i = 0; i < OWNERS; i++) {
        g_signal_connect(m->owners[i], "toggled", G_CALLBACK(owner_toggled), m);
    }
    m->remove = icon_button("list-remove-symbolic", "Remove Marker", G_CALLBACK(remove_clicked), m);
    gtk_widget_set_hexpand(owners, TRUE);
    gtk_widget_set_halign(owners, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(bar), owners);
    gtk_box_append(GTK_BOX(bar), icon_button("list-add-symbolic", "Add Marker", G_CALLBACK(add_clicked), m));
    gtk_box_append(GTK_BOX(bar), m->remove);
    return bar;
}

static GtkWidget *view_new(Markers *m)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    GtkEventController *keys = gtk_event_controller_key_new();
    GtkWidget *scroller = gtk_scrolled_window_new();
    g_signal_connect(factory, "setup", G_CALLBACK(setup_row), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_row), NULL);
    m->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(m->list)));
    gtk_single_selection_set_autoselect(m->selection, FALSE);
    gtk_single_selection_set_can_unselect(m->selection, TRUE);
    gtk_single_selection_set_selected(m->selection, GTK_INVALID_LIST_POSITION);
    m->view = gtk_list_view_new(GTK_SELECTION_MODEL(g_object_ref(m->selection)), factory);
    gtk_accessible_update_property(GTK_ACCESSIBLE(m->view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Markers", -1);
    gtk_widget_add_css_class(m->view, "kerf-markers");
    g_signal_connect(m->selection, "notify::selected-item", G_CALLBACK(chosen), m);
    g_signal_connect(m->view, "activate", G_CALLBACK(activated), m);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), m);
    gtk_widget_add_controller(m->view, keys);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), m->view);
    gtk_widget_set_vexpand(scroller, TRUE);
    return scroller;
}

static Markers *of(gpointer top) { return g_object_get_data(G_OBJECT(top), "markers"); }
static void film_changed(KerfDocument *document, gpointer changes, guint count, gpointer top) { refresh(of(top)); }
static void changed(KerfDocument *document, gpointer top) { refresh(of(top)); }
static void mapped(GtkWidget *top, gpointer data) { refresh(data); }

static void markers_free(gpointer data)
{
    Markers *m = data;
    g_signal_handlers_disconnect_by_data(m->selection, m);
    g_object_unref(m->selection);
    g_object_unref(m->list);
    g_object_unref(m->document);
    g_free(m);
}

static void connect(Markers *m)
{
    g_signal_connect_object(m->document, "changed", G_CALLBACK(film_changed), m->top, 0);
    g_signal_connect_object(m->document, "sequence-changed", G_CALLBACK(changed), m->top, 0);
    g_signal_connect_object(m->document, "selection-changed", G_CALLBACK(changed), m->top, 0);
    g_signal_connect_object(m->document, "source-changed", G_CALLBACK(changed), m->top, 0);
    g_signal_connect(m->top, "map", G_CALLBACK(mapped), m);
}

static GtkWidget *create(KerfWindow *window)
{
    Markers *m = g_new0(Markers, 1);
    m->window = window;
    m->document = g_object_ref(kerf_window_document(window));
    m->top = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    m->list = kerf_marker_list_new(m->document);
    m->form = KERF_MARKER_FORM(kerf_marker_form_new(m->document));
    m->notice = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(m->notice), TRUE);
    gtk_widget_add_css_class(m->notice, "dim-label");
    gtk_widget_add_css_class(m->notice, "kerf-notice");
    gtk_box_append(GTK_BOX(m->top), bar_new(m));
    gtk_box_append(GTK_BOX(m->top), m->notice);
    gtk_box_append(GTK_BOX(m->top), view_new(m));
    gtk_box_append(GTK_BOX(m->top), GTK_WIDGET(m->form));
    g_object_set_data_full(G_OBJECT(m->top), "markers", m, markers_free);
    kerf_panel_set_focus(m->top, m->view);
    connect(m);
    return m->top;
}

const KerfPanel kerf_markers_panel = {
    .id = "markers", .title = "Markers", .icon = "kerf-marker-symbolic", .area = KERF_AREA_LEFT, .hidden = TRUE,
    .create = create,
};
