/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "shortcuts.h"

#include "app.h"

typedef struct Shortcuts {
    KerfWindow *window;
    GtkWidget *dialog, *search, *list, *hint;
    GtkWidget *waiting;       /* row whose new key is awaited; NULL: none */
} Shortcuts;

static KerfKeymap *keymap_of(Shortcuts *s) { return kerf_app_keymap(kerf_window_app(s->window)); }

static const KerfAction *action_of(GtkWidget *row) { return g_object_get_data(G_OBJECT(row), "action"); }

/* ---- Rows ---- */

static char *key_text(Shortcuts *s, const char *action)
{
    const char *key = kerf_keymap_key(keymap_of(s), action);
    guint keyval;
    GdkModifierType mods;
    if (!key || !gtk_accelerator_parse(key, &keyval, &mods)) return g_strdup("none");
    return gtk_accelerator_get_label(keyval, mods);
}

static void show_key(Shortcuts *s, GtkWidget *row)
{
    g_autofree char *text = key_text(s, action_of(row)->name);
    const gboolean waiting = row == s->waiting;
    gtk_label_set_text(GTK_LABEL(g_object_get_data(G_OBJECT(row), "key")), waiting ? "press keys ..." : text);
    g_autofree char *spoken = g_strdup_printf("%s: %s", action_of(row)->label, text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void reset_clicked(GtkButton *button, gpointer row)
{
    Shortcuts *s = g_object_get_data(G_OBJECT(row), "shortcuts");
    kerf_keymap_set(keymap_of(s), action_of(row)->name, KERF_KEYS_DEFAULT);
    show_key(s, row);
}

static void add_row(const KerfAction *action, gpointer data)
{
    Shortcuts *s = data;
    GtkWidget *row = adw_action_row_new(), *key = gtk_label_new(NULL);
    GtkWidget *reset = gtk_button_new_from_icon_name("edit-undo-symbolic");
    g_autofree char *title = g_markup_escape_text(action->label, -1);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), action->category);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    gtk_widget_add_css_class(key, "monospace");
    gtk_widget_add_css_class(reset, "flat");
    gtk_widget_set_valign(reset, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(reset, "Back to the default");
    gtk_accessible_update_property(GTK_ACCESSIBLE(reset), GTK_ACCESSIBLE_PROPERTY_LABEL, "Back to the default", -1);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), key);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), reset);
    g_object_set_data(G_OBJECT(row), "action", (gpointer)action);
    g_object_set_data(G_OBJECT(row), "key", key);
    g_object_set_data(G_OBJECT(row), "shortcuts", s);
    g_signal_connect(reset, "clicked", G_CALLBACK(reset_clicked), row);
    show_key(s, row);
    gtk_list_box_append(GTK_LIST_BOX(s->list), row);
}

static gboolean is_wanted(GtkListBoxRow *row, gpointer data)
{
    Shortcuts *s = data;
    const KerfAction *action = action_of(GTK_WIDGET(row));
    const char *search = gtk_editable_get_text(GTK_EDITABLE(s->search));
    g_autofree char *key = key_text(s, action->name);
    g_autofree char *all = g_strjoin(" ", action->label, action->category, key, NULL);
    g_autofree char *folded = g_utf8_casefold(all, -1), *wanted = g_utf8_casefold(search, -1);
    return strstr(folded, wanted) != NULL;
}

/* ---- A new key ---- */

static void stop_waiting(Shortcuts *s)
{
    GtkWidget *row = s->waiting;
    s->waiting = NULL;
    if (row) show_key(s, row);
}

static void activated(GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
    Shortcuts *s = data;
    stop_waiting(s);
    s->waiting = GTK_WIDGET(row);
    show_key(s, s->waiting);
}

/* Whoever had the key in the same scope loses it. */
static void take_from_others(Shortcuts *s, const KerfAction *action, guint keyval, GdkModifierType mods)
{
    const KerfAction *other = kerf_keymap_find(keymap_of(s), keyval, mods, action->scope);
    if (!other || other == action || g_strcmp0(other->scope, action->scope) != 0) return;
    g_autofree char *text = g_strdup_printf("%s no longer has a key", other->label);
    kerf_keymap_set(keymap_of(s), other->name, NULL);
    gtk_label_set_text(GTK_LABEL(s->hint), text);
}

static void show_all_keys(Shortcuts *s)
{
    for (GtkWidget *row = gtk_widget_get_first_child(s->list); row; row = gtk_widget_get_next_sibling(row)) {
        show_key(s, row);
    }
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint keyval, guint code, GdkModifierType state, gpointer data)
{
    Shortcuts *s = data;
    const GdkModifierType mods = state & gtk_accelerator_get_default_mod_mask();
    if (!s->waiting) return GDK_EVENT_PROPAGATE;
    if (keyval == GDK_KEY_Escape) {
        stop_waiting(s);
        return GDK_EVENT_STOP;
    }
    if (!gtk_accelerator_valid(keyval, mods)) return GDK_EVENT_STOP;
    const KerfAction *action = action_of(s->waiting);
    const gboolean none = keyval == GDK_KEY_BackSpace && mods == 0;
    g_autofree char *name = gtk_accelerator_name(gdk_keyval_to_lower(keyval), mods);
    if (!none) take_from_others(s, action, gdk_keyval_to_lower(keyval), mods);
    kerf_keymap_set(keymap_of(s), action->name, none ? NULL : name);
    s->waiting = NULL;
    show_all_keys(s);
    return GDK_EVENT_STOP;
}

/* ---- The window ---- */

void kerf_shortcuts_show(KerfWindow *window)
{
    Shortcuts *s = g_new0(Shortcuts, 1);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6), *scroller = gtk_scrolled_window_new();
    s->window = window;
    s->dialog = adw_window_new();
    s->search = gtk_search_entry_new();
    s->list = gtk_list_box_new();
    s->hint = gtk_label_new("Enter, then press the new keys. Backspace takes them away, Escape leaves them.");
    gtk_window_set_title(GTK_WINDOW(s->dialog), "Keyboard Shortcuts");
    gtk_window_set_transient_for(GTK_WINDOW(s->dialog), GTK_WINDOW(window));
    gtk_window_set_modal(GTK_WINDOW(s->dialog), TRUE);
    gtk_window_set_default_size(GTK_WINDOW(s->dialog), 560, 640);
    gtk_accessible_update_property(GTK_ACCESSIBLE(s->search), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search shortcuts", -1);
    gtk_accessible_update_property(GTK_ACCESSIBLE(s->list), GTK_ACCESSIBLE_PROPERTY_LABEL, "Shortcuts", -1);
    gtk_widget_set_margin_start(s->search, 12);
    gtk_widget_set_margin_end(s->search, 12);
    gtk_widget_add_css_class(s->hint, "dim-label");
    gtk_widget_set_margin_bottom(s->hint, 6);
    kerf_actions_each(add_row, s);
    gtk_list_box_set_filter_func(GTK_LIST_BOX(s->list), is_wanted, s, NULL);
    g_signal_connect_swapped(s->search, "search-changed", G_CALLBACK(gtk_list_box_invalidate_filter), s->list);
    g_signal_connect(s->list, "row-activated", G_CALLBACK(activated), s);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), s->list);
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_box_append(GTK_BOX(box), adw_header_bar_new());
    gtk_box_append(GTK_BOX(box), s->search);
    gtk_box_append(GTK_BOX(box), scroller);
    gtk_box_append(GTK_BOX(box), s->hint);
    adw_window_set_content(ADW_WINDOW(s->dialog), box);
    GtkEventController *keys = gtk_event_controller_key_new();
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), s);
    gtk_widget_add_controller(s->dialog, keys);
    g_object_set_data_full(G_OBJECT(s->dialog), "shortcuts", s, g_free);
    gtk_window_present(GTK_WINDOW(s->dialog));
    gtk_widget_grab_focus(s->search);
}
