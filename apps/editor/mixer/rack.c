/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rack.h"

#include <string.h>

#include "kerf/catalog.h"
#include "text.h"

struct KerfRack {
    const KerfChannel *channel;
    char *name;
    GtkWidget *root, *list;
    GString *shape;    /* kinds that are listed */
    GtkWidget *params; /* of the open popover; NULL: none */
    gboolean showing;
};

GtkWidget *kerf_rack_widget(KerfRack *r)
{
    return r->root;
}

static void label_of(const kf_param_set *set, char *text, size_t size)
{
    kf_catalog_kind kind;
    const gboolean known = kf_catalog_find(KF_CATALOG_AUDIO_EFFECT, set->kind, &kind);
    g_strlcpy(text, *set->name ? set->name : known ? kind.label : "Unknown effect", size);
}

static gboolean effect_at(KerfRack *r, int32_t index, kf_param_set *out)
{
    const kf_param_place place = kerf_channel_place(r->channel, KF_PARAMS_AUDIO_EFFECT, index);
    return index < r->channel->effects && kf_film_params(kerf_document_film(r->channel->document), &place, out);
}

/* ---- Edits ---- */

static int32_t index_of(gpointer widget)
{
    return GPOINTER_TO_INT(g_object_get_data(G_OBJECT(widget), "index"));
}

static void toggled(GtkCheckButton *check, KerfRack *r)
{
    const gboolean on = gtk_check_button_get_active(check);
    if (r->showing) return;
    kerf_document_edit(r->channel->document, on ? "Enable effect" : "Disable effect",
                       kerf_channel_op_effect(r->channel, index_of(check), "enabled", on ? "true" : "false"));
}

static void removed(GtkButton *button, KerfRack *r)
{
    g_autofree char *rest = g_strdup_printf("\"index\": %d", r->channel->picture_effects + index_of(button));
    kerf_document_edit(r->channel->document, "Remove effect", kerf_channel_op(r->channel, "remove_effect", rest));
}

static void add_chosen(GSimpleAction *action, GVariant *value, gpointer data)
{
    KerfRack *r = data;
    g_autofree char *kind = kerf_json_quote(g_variant_get_string(value, NULL));
    g_autofree char *rest = g_strdup_printf("\"effect\": {\"effect\": %s}", kind);
    kerf_document_edit(r->channel->document, "Add effect", kerf_channel_op(r->channel, "add_effect", rest));
}

/* ---- Parameters ---- */

static void popover_closed(GtkPopover *popover, KerfRack *r)
{
    r->params = NULL;
    gtk_menu_button_set_popover(GTK_MENU_BUTTON(gtk_widget_get_ancestor(GTK_WIDGET(popover), GTK_TYPE_MENU_BUTTON)),
                                NULL);
}

/* Made when it is opened: most are never looked at. */
static void make_popover(GtkMenuButton *button, gpointer data)
{
    KerfRack *r = data;
    GtkWidget *popover = gtk_popover_new();
    r->params = kerf_effect_params_new(r->channel, index_of(button));
    gtk_popover_set_child(GTK_POPOVER(popover), r->params);
    gtk_popover_set_position(GTK_POPOVER(popover), GTK_POS_LEFT);
    g_signal_connect_after(popover, "closed", G_CALLBACK(popover_closed), r);
    gtk_menu_button_set_popover(button, popover);
}

/* ---- The list ---- */

static void name_widget(GtkWidget *widget, const char *what, const char *effect, const char *channel)
{
    g_autofree char *name = g_strdup_printf("%s %s of %s", what, effect, channel);
    gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *name_button(KerfRack *r, const char *text)
{
    GtkWidget *button = gtk_menu_button_new(), *label = gtk_label_new(text);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_width_chars(GTK_LABEL(label), 5);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 5);
    gtk_menu_button_set_child(GTK_MENU_BUTTON(button), label);
    gtk_menu_button_set_create_popup_func(GTK_MENU_BUTTON(button), make_popover, r, NULL);
    gtk_widget_set_tooltip_text(button, text);
    gtk_widget_set_hexpand(button, TRUE);
    name_widget(button, "Parameters of", text, r->name);
    return button;
}

static void add_row(KerfRack *r, int32_t index, const kf_param_set *set)
{
    char text[96];
    label_of(set, text, sizeof text);
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0), *check = gtk_check_button_new();
    GtkWidget *name = name_button(r, text), *remove = gtk_button_new_from_icon_name("window-close-symbolic");
    GtkWidget *const widgets[] = {check, name, remove};
    gtk_widget_add_css_class(row, "mixer-effect");
    gtk_widget_add_css_class(remove, "flat");
    name_widget(check, "Enable", text, r->name);
    name_widget(remove, "Remove", text, r->name);
    gtk_widget_set_tooltip_text(remove, "Remove this effect");
    for (size_t i = 0; i < G_N_ELEMENTS(widgets); i++) {
        g_object_set_data(G_OBJECT(widgets[i]), "index", GINT_TO_POINTER(index));
        gtk_box_append(GTK_BOX(row), widgets[i]);
    }
    g_signal_connect(check, "toggled", G_CALLBACK(toggled), r);
    g_signal_connect(remove, "clicked", G_CALLBACK(removed), r);
    gtk_box_append(GTK_BOX(r->list), row);
}

static void read_shape(KerfRack *r)
{
    kf_param_set set;
    g_string_truncate(r->shape, 0);
    for (int32_t i = 0; effect_at(r, i, &set); i++) { g_string_append_printf(r->shape, "%s %s\n", set.kind, set.name); }
}

static void rebuild(KerfRack *r)
{
    kf_param_set set;
    r->params = NULL;
    for (GtkWidget *row; (row = gtk_widget_get_first_child(r->list));) { gtk_box_remove(GTK_BOX(r->list), row); }
    for (int32_t i = 0; effect_at(r, i, &set); i++) { add_row(r, i, &set); }
}

void kerf_rack_update(KerfRack *r)
{
    g_autofree char *before = g_strdup(r->shape->str);
    GtkWidget *row;
    kf_param_set set;
    read_shape(r);
    r->showing = TRUE;
    if (strcmp(before, r->shape->str) != 0) rebuild(r);
    row = gtk_widget_get_first_child(r->list);
    for (int32_t i = 0; row && effect_at(r, i, &set); i++, row = gtk_widget_get_next_sibling(row)) {
        gtk_check_button_set_active(GTK_CHECK_BUTTON(gtk_widget_get_first_child(row)), set.enabled);
    }
    r->showing = FALSE;
    if (r->params) kerf_effect_params_update(r->params);
}

/* ---- Adding ---- */

static GMenu *category_menu(GMenu *menu, GHashTable *menus, const char *category)
{
    GMenu *found = g_hash_table_lookup(menus, category);
    if (found) return found;
    found = g_menu_new();
    g_menu_append_submenu(menu, category, G_MENU_MODEL(found));
    g_hash_table_insert(menus, (char *)category, found);
    return found;
}

static GMenuModel *effects_menu(void)
{
    GMenu *menu = g_menu_new();
    g_autoptr(GHashTable) menus = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_object_unref);
    kf_catalog_kind kind;
    for (int32_t i = 0; kf_catalog_at(KF_CATALOG_AUDIO_EFFECT, i, &kind); i++) {
        g_autoptr(GMenuItem) item = g_menu_item_new(kind.label, NULL);
        g_menu_item_set_action_and_target(item, "rack.add", "s", kind.name);
        g_menu_append_item(category_menu(menu, menus, kind.category), item);
    }
    return G_MENU_MODEL(menu);
}

static void add_adder(KerfRack *r)
{
    static const GActionEntry actions[] = {{.name = "add", .activate = add_chosen, .parameter_type = "s"}};
    g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
    g_autoptr(GMenuModel) menu = effects_menu();
    g_autofree char *name = g_strdup_printf("Add an effect to %s", r->name);
    GtkWidget *button = gtk_menu_button_new();
    g_action_map_add_action_entries(G_ACTION_MAP(group), actions, G_N_ELEMENTS(actions), r);
    gtk_widget_insert_action_group(r->root, "rack", G_ACTION_GROUP(group));
    gtk_menu_button_set_label(GTK_MENU_BUTTON(button), "+ Effect");
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), menu);
    gtk_widget_add_css_class(button, "mixer-add");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_box_append(GTK_BOX(r->root), button);
}

static void rack_free(gpointer data)
{
    KerfRack *r = data;
    g_string_free(r->shape, TRUE);
    g_free(r->name);
    g_free(r);
}

KerfRack *kerf_rack_new(const KerfChannel *channel, const char *name)
{
    KerfRack *r = g_new0(KerfRack, 1);
    r->channel = channel;
    r->name = g_strdup(name);
    r->shape = g_string_new(NULL);
    r->root = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    r->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);
    g_object_set_data_full(G_OBJECT(r->root), "rack", r, rack_free);
    gtk_widget_add_css_class(r->root, "mixer-rack");
    gtk_box_append(GTK_BOX(r->root), r->list);
    add_adder(r);
    return r;
}
