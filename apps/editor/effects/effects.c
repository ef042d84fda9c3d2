/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The effects browser: a search, types to choose from, and cards, which are activated or dragged to a clip. */
#include <string.h>

#include "apply.h"
#include "drag.h"
#include "item.h"
#include "panel.h"
#include "preview.h"

typedef struct Browser {
    KerfWindow *window;
    GtkWidget *root, *search, *types, *grid, *stack;
    GtkFilter *filter;
    GtkFilterListModel *shown;
    GListStore *items;
    GCancellable *previews;   /* NULL: not asked for yet */
} Browser;

static const struct { const char *label; int type; } types[] = {
    {"All", -1}, {"Video", KF_CATALOG_VIDEO_EFFECT}, {"Audio", KF_CATALOG_AUDIO_EFFECT},
    {"Transitions", KF_CATALOG_TRANSITION}, {"Generators", KF_CATALOG_GENERATOR}};

/* ---- Filtering ---- */

static gboolean is_shown(gpointer object, gpointer data)
{
    Browser *b = data;
    KerfEffectItem *item = KERF_EFFECT_ITEM(object);
    const guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(b->types));
    const int type = chosen < G_N_ELEMENTS(types) ? types[chosen].type : -1;
    if (type >= 0 && (int)kerf_effect_item_kind(item)->type != type) return FALSE;
    return kerf_effect_item_matches(item, gtk_editable_get_text(GTK_EDITABLE(b->search)));
}

static void filter_changed(Browser *b)
{
    gtk_filter_changed(b->filter, GTK_FILTER_CHANGE_DIFFERENT);
    const gboolean any = g_list_model_get_n_items(G_LIST_MODEL(b->shown)) > 0;
    gtk_stack_set_visible_child_name(GTK_STACK(b->stack), any ? "grid" : "none");
}

static void search_changed(GtkSearchEntry *entry, Browser *b) { filter_changed(b); }
static void type_changed(GtkDropDown *list, GParamSpec *spec, Browser *b) { filter_changed(b); }

/* ---- Choosing ---- */

static void apply(Browser *b, KerfEffectItem *item)
{
    KerfDocument *document = kerf_window_document(b->window);
    if (document && item) kerf_effects_apply(document, kerf_effect_item_kind(item));
}

static void activated(GtkGridView *grid, guint position, Browser *b)
{
    g_autoptr(KerfEffectItem) item = g_list_model_get_item(G_LIST_MODEL(b->shown), position);
    apply(b, item);
}

/* Enter in the search takes the first that is found; "search-changed" may not have come yet. */
static void search_activated(GtkSearchEntry *entry, Browser *b)
{
    filter_changed(b);
    g_autoptr(KerfEffectItem) item = g_list_model_get_item(G_LIST_MODEL(b->shown), 0);
    apply(b, item);
}

static KerfDragKind drag_kind(kf_catalog_type type)
{
    return type == KF_CATALOG_TRANSITION  ? KERF_DRAG_TRANSITION
           : type == KF_CATALOG_GENERATOR ? KERF_DRAG_GENERATOR
                                          : KERF_DRAG_EFFECTS;
}

static GdkContentProvider *drag_prepare(GtkDragSource *source, double x, double y, GtkListItem *cell)
{
    KerfEffectItem *item = gtk_list_item_get_item(cell);
    if (!item) return NULL;
    const kf_catalog_kind *kind = kerf_effect_item_kind(item);
    KerfDrag *drag = kerf_drag_new(drag_kind(kind->type), (const char *[]){kind->name, NULL});
    GdkContentProvider *content = gdk_content_provider_new_typed(KERF_TYPE_DRAG, drag);
    kerf_drag_free(drag);
    return content;
}

/* ---- Cards ---- */

/* A picture, or the icon of its kind until there is one. */
static GtkWidget *new_face(void)
{
    GtkWidget *face = gtk_stack_new(), *icon = gtk_image_new(), *picture = gtk_picture_new();
    gtk_image_set_pixel_size(GTK_IMAGE(icon), 24);
    gtk_widget_set_size_request(picture, KERF_PREVIEW_WIDTH, KERF_PREVIEW_HEIGHT);
    gtk_picture_set_can_shrink(GTK_PICTURE(picture), TRUE);
    gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
    gtk_stack_add_named(GTK_STACK(face), icon, "icon");
    gtk_stack_add_named(GTK_STACK(face), picture, "picture");
    gtk_widget_set_overflow(face, GTK_OVERFLOW_HIDDEN);
    return face;
}

/* The picture has more pixels than it is shown with. */
static GtkWidget *new_clamp(GtkWidget *face)
{
    GtkWidget *clamp = adw_clamp_new();
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), KERF_PREVIEW_WIDTH);
    adw_clamp_set_tightening_threshold(ADW_CLAMP(clamp), KERF_PREVIEW_WIDTH);
    adw_clamp_set_child(ADW_CLAMP(clamp), face);
    return clamp;
}

static GtkWidget *face_of(GtkListItem *cell)
{
    return adw_clamp_get_child(ADW_CLAMP(gtk_widget_get_first_child(gtk_list_item_get_child(cell))));
}

static void card_setup(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2), *label = gtk_label_new(NULL);
    GtkDragSource *source = gtk_drag_source_new();
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_lines(GTK_LABEL(label), 2);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
    gtk_label_set_width_chars(GTK_LABEL(label), 10);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 12);
    gtk_widget_add_css_class(card, "effect-card");
    gtk_box_append(GTK_BOX(card), new_clamp(new_face()));
    gtk_box_append(GTK_BOX(card), label);
    gtk_drag_source_set_actions(source, GDK_ACTION_COPY);
    g_signal_connect(source, "prepare", G_CALLBACK(drag_prepare), cell);
    gtk_widget_add_controller(card, GTK_EVENT_CONTROLLER(source));
    gtk_list_item_set_child(cell, card);
}

static const char *type_class(kf_catalog_type type)
{
    return type == KF_CATALOG_AUDIO_EFFECT ? "audio" : type == KF_CATALOG_TRANSITION ? "transition"
           : type == KF_CATALOG_GENERATOR  ? "generator" : "video";
}

static void show_face(KerfEffectItem *item, GParamSpec *spec, GtkStack *face)
{
    GtkWidget *icon = gtk_stack_get_child_by_name(face, "icon"),
              *picture = gtk_stack_get_child_by_name(face, "picture");
    GdkTexture *preview = kerf_effect_item_preview(item);
    gtk_image_set_from_icon_name(GTK_IMAGE(icon), kerf_effect_item_icon(item));
    gtk_picture_set_paintable(GTK_PICTURE(picture), preview ? GDK_PAINTABLE(preview) : NULL);
    gtk_stack_set_visible_child(face, preview ? picture : icon);
}

static void card_bind(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
    KerfEffectItem *item = gtk_list_item_get_item(cell);
    const kf_catalog_kind *kind = kerf_effect_item_kind(item);
    GtkWidget *card = gtk_list_item_get_child(cell), *face = face_of(cell);
    g_autofree char *tip = g_strdup_printf("%s\n%s", kind->label, kind->help);
    gtk_widget_set_css_classes(face, (const char *[]){"effect-icon", type_class(kind->type), NULL});
    g_signal_connect_object(item, "notify::preview", G_CALLBACK(show_face), face, 0);
    show_face(item, NULL, GTK_STACK(face));
    gtk_label_set_text(GTK_LABEL(gtk_widget_get_last_child(card)), kind->label);
    gtk_widget_set_tooltip_text(card, tip);
    gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_parent(card)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   kind->label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, kind->help, -1);
}

static void card_unbind(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
    g_signal_handlers_disconnect_by_func(gtk_list_item_get_item(cell), show_face, face_of(cell));
}

/* ---- Building ---- */

static GtkWidget *new_grid(Browser *b)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    GtkWidget *scroller = gtk_scrolled_window_new();
    b->filter = GTK_FILTER(gtk_custom_filter_new(is_shown, b, NULL));
    b->items = kerf_effect_items_new();
    b->shown = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(b->items)), b->filter);
    g_signal_connect(factory, "setup", G_CALLBACK(card_setup), b);
    g_signal_connect(factory, "bind", G_CALLBACK(card_bind), b);
    g_signal_connect(factory, "unbind", G_CALLBACK(card_unbind), b);
    b->grid =
        gtk_grid_view_new(GTK_SELECTION_MODEL(gtk_single_selection_new(g_object_ref(G_LIST_MODEL(b->shown)))), factory);
    gtk_grid_view_set_min_columns(GTK_GRID_VIEW(b->grid), 2);
    gtk_grid_view_set_max_columns(GTK_GRID_VIEW(b->grid), 12);
    gtk_widget_add_css_class(b->grid, "effects-grid");
    gtk_accessible_update_property(GTK_ACCESSIBLE(b->grid), GTK_ACCESSIBLE_PROPERTY_LABEL, "Effects", -1);
    g_signal_connect(b->grid, "activate", G_CALLBACK(activated), b);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), b->grid);
    gtk_widget_set_vexpand(scroller, TRUE);
    return scroller;
}

static GtkWidget *new_bar(Browser *b)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    const char *names[G_N_ELEMENTS(types) + 1] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        names[i] = types[i].label;
    }
    b->search = gtk_search_entry_new();
    b->types = gtk_drop_down_new_from_strings(names);
    g_object_set(b->search, "placeholder-text", "Search effects", NULL);
    gtk_widget_set_hexpand(b->search, TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(b->search), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search effects", -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(b->types), GTK_ACCESSIBLE_PROPERTY_LABEL, "Type", -1);
    g_signal_connect(b->search, "search-changed", G_CALLBACK(search_changed), b);
    g_signal_connect(b->search, "activate", G_CALLBACK(search_activated), b);
    g_signal_connect(b->types, "notify::selected", G_CALLBACK(type_changed), b);
    gtk_box_append(GTK_BOX(bar), b->search);
    gtk_box_append(GTK_BOX(bar), b->types);
    gtk_widget_add_css_class(bar, "effects-bar");
    return bar;
}

static GtkWidget *new_none(void)
{
    GtkWidget *label = gtk_label_new("Nothing is called that.");
    gtk_widget_add_css_class(label, "dim-label");
    return label;
}

static void browser_free(gpointer data)
{
    Browser *b = data;
    if (b->previews) g_cancellable_cancel(b->previews);
    g_clear_object(&b->previews);
    g_object_unref(b->items);
    g_object_unref(b->shown);
    g_free(b);
}

/* Pictures are made when somebody looks. */
static void mapped(GtkWidget *root, Browser *b)
{
    if (b->previews) return;
    b->previews = g_cancellable_new();
    kerf_previews_make(G_LIST_MODEL(b->items), b->previews);
}

static GtkWidget *create(KerfWindow *window)
{
    Browser *b = g_new0(Browser, 1);
    b->window = window;
    b->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    b->stack = gtk_stack_new();
    gtk_box_append(GTK_BOX(b->root), new_bar(b));
    gtk_stack_add_named(GTK_STACK(b->stack), new_grid(b), "grid");
    gtk_stack_add_named(GTK_STACK(b->stack), new_none(), "none");
    gtk_box_append(GTK_BOX(b->root), b->stack);
    g_signal_connect(b->root, "map", G_CALLBACK(mapped), b);
    g_object_set_data_full(G_OBJECT(b->root), "browser", b, browser_free);
    return b->root;
}

/* ---- The panel ---- */

static gboolean focus_search(gpointer data)
{
    g_autoptr(GtkWidget) root = data;
    const Browser *b = g_object_get_data(G_OBJECT(root), "browser");
    if (gtk_widget_get_root(root)) gtk_widget_grab_focus(b->search);
    return G_SOURCE_REMOVE;
}

/* The search has the focus once the panel is there. */
static void find_effect(KerfWindow *window)
{
    kerf_window_show_panel(window, "effects");
    GtkWidget *root = kerf_window_panel(window, "effects");
    if (root) g_idle_add(focus_search, g_object_ref(root));
}

static const KerfAction actions[] = {
    {"effects-find", "Find Effect…", "Clip", "<Control><Alt>f", find_effect, kerf_window_has_document, NULL, NULL},
    {0},
};

const KerfPanel kerf_effects_panel = {
    .id = "effects", .title = "Effects", .icon = "kerf-effects-symbolic", .area = KERF_AREA_LEFT, .create = create,
    .actions = actions,
};
