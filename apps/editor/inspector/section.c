/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "section.h"

#include <string.h>

#include "clipboard.h"
#include "row.h"

struct KerfSection {
    KerfWindow *window;
    KerfTargets *targets;
    KerfSet set;
    GHashTable *folded;
    GPtrArray *rows;          /* KerfRow, owned by their widgets */
    GtkWidget *widget, *header, *arrow, *enable, *title, *body;
    gboolean showing;
};

GtkWidget *kerf_section_widget(KerfSection *s) { return s->widget; }
static KerfDocument *document_of(KerfSection *s) { return kerf_targets_document(s->targets); }

static gboolean is_effect(KerfSection *s)
{
    return s->set.group == KF_PARAMS_EFFECT || s->set.group == KF_PARAMS_AUDIO_EFFECT;
}

/* What every clip has is called by what it does. */
static const char *title_of(const KerfSet *set)
{
    return set->group == KF_PARAMS_VIDEO ? "Opacity" : set->group == KF_PARAMS_AUDIO ? "Audio" : set->kind.label;
}

/* ---- Edits ---- */

static void edit(KerfSection *s, const char *what, char *operations)
{
    g_autofree char *label = g_strdup_printf("%s: %s", s->set.kind.label, what);
    if (*operations) {
        kerf_document_edit(document_of(s), label, operations);
    } else {
        g_free(operations);
    }
}

static void enable_toggled(GtkCheckButton *check, KerfSection *s)
{
    if (s->showing) return;
    const gboolean on = gtk_check_button_get_active(check);
    edit(s, on ? "on" : "off",
         kerf_targets_op_set_effect(s->targets, &s->set, on ? "{\"enabled\": true}" : "{\"enabled\": false}"));
}

static void reset_all(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    KerfSection *s = data;
    KerfParam param = {.set = s->set};
    KerfReading reading;
    GString *operations = g_string_new(NULL);
    for (int32_t i = 0; kf_catalog_param_at(&s->set.kind, i, &param.info); i++) {
        if (!kerf_targets_read(s->targets, &param, &reading) || !(reading.now.set || reading.mixed)) continue;
        g_autofree char *one = kerf_targets_op_replace(s->targets, &param, "null");
        g_string_append(operations, one);
    }
    edit(s, "reset", g_string_free(operations, FALSE));
}

static void move_by(KerfSection *s, int by)
{
    edit(s, by < 0 ? "earlier" : "later", kerf_targets_op_move_effect(s->targets, &s->set, s->set.index + by));
}

static void move_up(GSimpleAction *action, GVariant *parameter, gpointer data) { move_by(data, -1); }
static void move_down(GSimpleAction *action, GVariant *parameter, gpointer data) { move_by(data, 1); }

static void remove_effect(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    KerfSection *s = data;
    edit(s, "remove", kerf_targets_op_remove_effect(s->targets, &s->set));
}

static void copy_effect(GSimpleAction *action, GVariant *parameter, gpointer data)
{
    KerfSection *s = data;
    kerf_clipboard_copy_effect(s->window, s->targets, &s->set);
}

/* ---- Folding ---- */

static void add_rows(KerfSection *s);

/* Rows are made when they are first seen. */
static void show_fold(KerfSection *s)
{
    const gboolean folded = g_hash_table_contains(s->folded, s->set.kind.name);
    if (!folded && s->rows->len == 0) add_rows(s);
    gtk_widget_set_visible(s->body, !folded);
    gtk_image_set_from_icon_name(GTK_IMAGE(s->arrow), folded ? "pan-end-symbolic" : "pan-down-symbolic");
    gtk_accessible_update_state(GTK_ACCESSIBLE(s->header), GTK_ACCESSIBLE_STATE_EXPANDED, !folded, -1);
}

static void fold(GtkButton *header, KerfSection *s)
{
    if (!g_hash_table_remove(s->folded, s->set.kind.name)) g_hash_table_add(s->folded, g_strdup(s->set.kind.name));
    show_fold(s);
    kerf_section_update(s);
}

static gboolean header_key(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, KerfSection *s)
{
    const gboolean alt = (state & GDK_ALT_MASK) != 0;
    if (!is_effect(s)) return FALSE;
    if (alt && (keyval == GDK_KEY_Up || keyval == GDK_KEY_Down)) {
        move_by(s, keyval == GDK_KEY_Up ? -1 : 1);
        return TRUE;
    }
    if (keyval == GDK_KEY_Delete || keyval == GDK_KEY_BackSpace) {
        edit(s, "remove", kerf_targets_op_remove_effect(s->targets, &s->set));
        return TRUE;
    }
    return FALSE;
}

/* ---- Dragging into another order ---- */

/* Its place among the effects of its group, with the group. */
static int drag_code(KerfSection *s) { return (int)s->set.group * 1000 + s->set.index; }

static GdkContentProvider *drag_prepare(GtkDragSource *source, double x, double y, KerfSection *s)
{
    return gdk_content_provider_new_typed(G_TYPE_INT, drag_code(s));
}

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y, KerfSection *s)
{
    KerfSet from;
    kf_param_set state;
    const int code = g_value_get_int(value), group = code / 1000, index = code % 1000;
    if (group != (int)s->set.group || index == s->set.index) return FALSE;
    if (!kerf_targets_set(s->targets, s->set.group, index, &from, &state)) return FALSE;
    edit(s, "order", kerf_targets_op_move_effect(s->targets, &from, s->set.index));
    return TRUE;
}

static void add_dragging(KerfSection *s)
{
    GtkDragSource *source = gtk_drag_source_new();
    GtkDropTarget *target = gtk_drop_target_new(G_TYPE_INT, GDK_ACTION_MOVE);
    gtk_drag_source_set_actions(source, GDK_ACTION_MOVE);
    g_signal_connect(source, "prepare", G_CALLBACK(drag_prepare), s);
    g_signal_connect(target, "drop", G_CALLBACK(dropped), s);
    gtk_widget_add_controller(s->header, GTK_EVENT_CONTROLLER(source));
    gtk_widget_add_controller(s->widget, GTK_EVENT_CONTROLLER(target));
}

/* ---- Building ---- */

/* What a transform has for templates rather than for hands stands last. */
static gboolean stands_last(const KerfParam *param)
{
    static const char *const names[] = {"fit", "box_position", "box_size", "offset"};
    for (size_t i = 0; strcmp(param->set.kind.name, "transform") == 0 && i < G_N_ELEMENTS(names); i++) {
        if (strcmp(param->info.name, names[i]) == 0) return TRUE;
    }
    return FALSE;
}

static GtkWidget *place_for(KerfSection *s, const KerfParam *param)
{
    GtkWidget *last = gtk_widget_get_last_child(s->body);
    const gboolean curve = strcmp(param->set.kind.name, "curves") == 0 && param->info.value == KF_VALUE_POINTS;
    if (param->info.value == KF_VALUE_WHEEL) {
        if (last && gtk_widget_has_css_class(last, "wheels")) return last;
        GtkWidget *wheels = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
        gtk_box_set_homogeneous(GTK_BOX(wheels), TRUE);
        gtk_widget_add_css_class(wheels, "wheels");
        gtk_box_append(GTK_BOX(s->body), wheels);
        return wheels;
    }
    if (!curve) return s->body;
    if (last && GTK_IS_STACK(last)) return last;
    GtkWidget *stack = gtk_stack_new(), *switcher = gtk_stack_switcher_new();
    gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), GTK_STACK(stack));
    gtk_widget_add_css_class(switcher, "param-tabs");
    gtk_box_append(GTK_BOX(s->body), switcher);
    gtk_box_append(GTK_BOX(s->body), stack);
    return stack;
}

static void add_row(KerfSection *s, const KerfParam *param)
{
    KerfRow *row = kerf_row_new(s->targets, param);
    GtkWidget *place = place_for(s, param);
    g_ptr_array_add(s->rows, row);
    if (GTK_IS_STACK(place)) {
        gtk_stack_add_titled(GTK_STACK(place), kerf_row_widget(row), param->info.name, param->info.label);
    } else {
        gtk_box_append(GTK_BOX(place), kerf_row_widget(row));
    }
}

static void add_rows(KerfSection *s)
{
    for (int last = 0; last < 2; last++) {
        KerfParam param = {.set = s->set};
        for (int32_t i = 0; kf_catalog_param_at(&s->set.kind, i, &param.info); i++) {
            if (stands_last(&param) == last) add_row(s, &param);
        }
    }
}

static GtkWidget *new_menu(KerfSection *s)
{
    static const GActionEntry actions[] = {{.name = "reset", .activate = reset_all},
                                           {.name = "up", .activate = move_up},
                                           {.name = "down", .activate = move_down},
                                           {.name = "copy", .activate = copy_effect},
                                           {.name = "remove", .activate = remove_effect}};
    g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();
    g_autoptr(GMenu) menu = g_menu_new();
    g_action_map_add_action_entries(G_ACTION_MAP(group), actions, G_N_ELEMENTS(actions), s);
    gtk_widget_insert_action_group(s->widget, "section", G_ACTION_GROUP(group));
    g_menu_append(menu, "Reset", "section.reset");
    if (is_effect(s)) {
        g_menu_append(menu, "Move Up", "section.up");
        g_menu_append(menu, "Move Down", "section.down");
        g_menu_append(menu, "Copy Effect", "section.copy");
        g_menu_append(menu, "Remove", "section.remove");
    }
    g_autofree char *label = g_strdup_printf("%s: more", s->set.kind.label);
    GtkWidget *button = gtk_menu_button_new();
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "view-more-symbolic");
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_add_css_class(button, "param-button");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    return button;
}

static GtkWidget *new_fold_button(KerfSection *s)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);
    GtkEventController *keys = gtk_event_controller_key_new();
    s->header = gtk_button_new();
    s->arrow = gtk_image_new();
    s->title = gtk_label_new(title_of(&s->set));
    gtk_widget_add_css_class(s->title, "section-title");
    gtk_label_set_ellipsize(GTK_LABEL(s->title), PANGO_ELLIPSIZE_END);
    gtk_box_append(GTK_BOX(box), s->arrow);
    gtk_box_append(GTK_BOX(box), s->title);
    gtk_button_set_child(GTK_BUTTON(s->header), box);
    gtk_widget_add_css_class(s->header, "flat");
    gtk_widget_add_css_class(s->header, "section-header");
    gtk_widget_set_hexpand(s->header, TRUE);
    gtk_widget_set_tooltip_text(s->header, s->set.kind.help);
    gtk_accessible_update_property(GTK_ACCESSIBLE(s->header), GTK_ACCESSIBLE_PROPERTY_LABEL, title_of(&s->set), -1);
    g_signal_connect(s->header, "clicked", G_CALLBACK(fold), s);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(header_key), s);
    gtk_widget_add_controller(s->header, keys);
    return s->header;
}

static GtkWidget *new_enable(KerfSection *s)
{
    g_autofree char *label = g_strdup_printf("%s: on", s->set.kind.label);
    s->enable = gtk_check_button_new();
    gtk_widget_set_tooltip_text(s->enable, "On or off");
    gtk_accessible_update_property(GTK_ACCESSIBLE(s->enable), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(s->enable, "toggled", G_CALLBACK(enable_toggled), s);
    return s->enable;
}

static void section_free(gpointer data)
{
    KerfSection *s = data;
    g_ptr_array_unref(s->rows);
    g_free(s);
}

KerfSection *kerf_section_new(KerfWindow *window, KerfTargets *targets, const KerfSet *set, GHashTable *folded)
{
    KerfSection *s = g_new0(KerfSection, 1);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    s->window = window;
    s->targets = targets;
    s->set = *set;
    s->folded = folded;
    s->rows = g_ptr_array_new();
    s->widget = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    s->body = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(s->body, "section-body");
    gtk_widget_add_css_class(line, "section-line");
    if (is_effect(s)) gtk_box_append(GTK_BOX(line), new_enable(s));
    gtk_box_append(GTK_BOX(line), new_fold_button(s));
    gtk_box_append(GTK_BOX(line), new_menu(s));
    gtk_box_append(GTK_BOX(s->widget), line);
    gtk_box_append(GTK_BOX(s->widget), s->body);
    if (is_effect(s)) add_dragging(s);
    show_fold(s);
    g_object_set_data_full(G_OBJECT(s->widget), "section", s, section_free);
    return s;
}

/* ---- Following ---- */

void kerf_section_update(KerfSection *s)
{
    KerfSet set;
    kf_param_set state;
    if (!kerf_targets_set(s->targets, s->set.group, s->set.index, &set, &state)) return;
    s->showing = TRUE;
    if (s->enable) gtk_check_button_set_active(GTK_CHECK_BUTTON(s->enable), state.enabled);
    gtk_label_set_text(GTK_LABEL(s->title), *state.name ? state.name : title_of(&s->set));
    s->showing = FALSE;
    if (!gtk_widget_get_visible(s->body)) return;
    gtk_widget_set_opacity(s->body, state.enabled ? 1 : 0.5);
    for (guint i = 0; i < s->rows->len; i++) {
        kerf_row_update(s->rows->pdata[i]);
    }
}
