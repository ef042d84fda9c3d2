/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "actions.h"

#include "app.h"
#include "panel.h"

/* ---- All actions ---- */

static void each_of(const KerfAction *table, void (*fn)(const KerfAction *, gpointer), gpointer data)
{
    for (const KerfAction *a = table; a && a->name; a++) {
        fn(a, data);
    }
}

void kerf_actions_each(void (*fn)(const KerfAction *action, gpointer data), gpointer data)
{
    each_of(kerf_window_actions, fn, data);
    each_of(kerf_clip_actions, fn, data);
    for (const KerfPanel *const *p = kerf_panels; *p; p++) {
        each_of((*p)->actions, fn, data);
    }
}

typedef struct Finding {
    const char *name;
    const KerfAction *found;
} Finding;

static void find_one(const KerfAction *action, gpointer data)
{
    Finding *f = data;
    if (strcmp(action->name, f->name) == 0) f->found = action;
}

const KerfAction *kerf_action_find(const char *name)
{
    Finding f = {name, NULL};
    kerf_actions_each(find_one, &f);
    return f.found;
}

/* ---- Keys ---- */

typedef struct Binding {
    guint keyval;
    GdkModifierType mods;
    const KerfAction *action;
} Binding;

struct KerfKeymap {
    GKeyFile *own;            /* group "keys": action = keys */
    GArray *bindings;         /* Binding */
    GHashTable *first;        /* action's name -> its first key */
};

static char *keys_of(KerfKeymap *keymap, const KerfAction *action)
{
    char *own = g_key_file_get_string(keymap->own, "keys", action->name, NULL);
    return own ? own : g_strdup(action->keys);
}

static void bind_action(const KerfAction *action, gpointer data)
{
    KerfKeymap *keymap = data;
    g_autofree char *keys = keys_of(keymap, action);
    g_auto(GStrv) list = g_strsplit(keys ? keys : "", " ", -1);
    for (char **key = list; *key; key++) {
        Binding b = {.action = action};
        if (!**key || !gtk_accelerator_parse(*key, &b.keyval, &b.mods)) continue;
        g_array_append_val(keymap->bindings, b);
        if (!g_hash_table_contains(keymap->first, action->name)) {
            g_hash_table_insert(keymap->first, (char *)action->name, g_strdup(*key));
        }
    }
}

static void bind_all(KerfKeymap *keymap)
{
    g_array_set_size(keymap->bindings, 0);
    g_hash_table_remove_all(keymap->first);
    kerf_actions_each(bind_action, keymap);
}

KerfKeymap *kerf_keymap_new(void)
{
    KerfKeymap *keymap = g_new0(KerfKeymap, 1);
    g_autofree char *path = kerf_app_config_path("keys.ini");
    keymap->own = g_key_file_new();
    g_key_file_load_from_file(keymap->own, path, G_KEY_FILE_NONE, NULL);
    keymap->bindings = g_array_new(FALSE, FALSE, sizeof(Binding));
    keymap->first = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    bind_all(keymap);
    return keymap;
}

void kerf_keymap_free(KerfKeymap *keymap)
{
    if (!keymap) return;
    g_key_file_free(keymap->own);
    g_array_unref(keymap->bindings);
    g_hash_table_unref(keymap->first);
    g_free(keymap);
}

/* Shift is part of what the keys of some signs give ("?"): those are bound without it. Not of arrows, letters and such. */
static gboolean matches(const Binding *b, guint keyval, GdkModifierType mods)
{
    const guint lower = gdk_keyval_to_lower(keyval);
    if (b->mods == mods) return b->keyval == lower;
    if (b->keyval != keyval || b->mods != (mods & ~GDK_SHIFT_MASK)) return FALSE;
    return lower == keyval && g_unichar_isgraph(gdk_keyval_to_unicode(keyval));
}

const KerfAction *kerf_keymap_find(KerfKeymap *keymap, guint keyval, GdkModifierType state, const char *scope)
{
    const GdkModifierType mods = state & gtk_accelerator_get_default_mod_mask();
    const KerfAction *found = NULL;
    for (guint i = 0; i < keymap->bindings->len; i++) {
        const Binding *b = &g_array_index(keymap->bindings, Binding, i);
        if (!matches(b, keyval, mods)) continue;
        if (!b->action->scope && !found) found = b->action;
        if (b->action->scope && scope && strcmp(b->action->scope, scope) == 0) return b->action;
    }
    return found;
}

const char *kerf_keymap_key(KerfKeymap *keymap, const char *action)
{
    return g_hash_table_lookup(keymap->first, action);
}

void kerf_keymap_set(KerfKeymap *keymap, const char *action, const char *keys)
{
    g_autofree char *path = kerf_app_config_path("keys.ini");
    if (keys && !*keys) {
        g_key_file_remove_key(keymap->own, "keys", action, NULL);
    } else {
        g_key_file_set_string(keymap->own, "keys", action, keys ? keys : "");
    }
    g_key_file_save_to_file(keymap->own, path, NULL);
    bind_all(keymap);
}

/* ---- Buttons ---- */

GtkWidget *kerf_action_button(KerfWindow *window, const char *name, const char *icon)
{
    const KerfAction *action = kerf_action_find(name);
    const char *key = kerf_keymap_key(kerf_app_keymap(kerf_window_app(window)), name);
    GtkWidget *button = action->active ? gtk_toggle_button_new() : gtk_button_new();
    g_autofree char *detailed = g_strconcat("win.", name, NULL);
    g_autofree char *tip = NULL;
    guint keyval;
    GdkModifierType mods;
    if (key && gtk_accelerator_parse(key, &keyval, &mods)) {
        g_autofree char *shown = gtk_accelerator_get_label(keyval, mods);
        tip = g_strdup_printf("%s (%s)", action->label, shown);
    }
    gtk_button_set_icon_name(GTK_BUTTON(button), icon);
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), detailed);
    gtk_widget_set_tooltip_text(button, tip ? tip : action->label);
    gtk_widget_set_focus_on_click(button, FALSE);
    gtk_widget_add_css_class(button, "flat");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, action->label, -1);
    return button;
}
