/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands: each is declared once, in a table, from which come its GAction ("win.NAME"), its place in menus, its keys, its
 * tooltip and its line in the shortcuts window. */
#ifndef KERF_EDITOR_ACTIONS_H
#define KERF_EDITOR_ACTIONS_H

#include <gtk/gtk.h>

typedef struct _KerfWindow KerfWindow;

typedef struct KerfAction {
    const char *name;         /* "edit-undo": stable, keys are stored by it; NULL ends a table */
    const char *label;        /* "Undo" */
    const char *category;     /* of the shortcuts window: "Edit", "Timeline", ... */
    const char *keys;         /* as gtk_accelerator_parse takes them, several with spaces between: "j", "<Control>z"; NULL */
    void (*run)(KerfWindow *window);
    gboolean (*enabled)(KerfWindow *window); /* NULL: always */
    gboolean (*active)(KerfWindow *window);  /* a switch, and whether it is on; run turns it. NULL: no switch */
    /* Keys act only while a panel with this id has the focus, and go before those without a scope; NULL: everywhere */
    const char *scope;
} KerfAction;

/* Actions of the window itself; ends with a NULL name. */
extern const KerfAction kerf_window_actions[];
/* ... of clips and sequences, wherever the focus is. */
extern const KerfAction kerf_clip_actions[];
/* The menu bar, from tables of action names. New. */
GMenuModel *kerf_menus_new(KerfWindow *window);

/* ---- Keys ---- */

typedef struct KerfKeymap KerfKeymap;
/* Keys of every action, with the user's own (keys.ini in the settings folder) in place of the defaults. */
KerfKeymap *kerf_keymap_new(void);
void kerf_keymap_free(KerfKeymap *keymap);
/* The action of a key press; NULL if there is none. scope: id of the focused panel, may be NULL. */
const KerfAction *kerf_keymap_find(KerfKeymap *keymap, guint keyval, GdkModifierType state, const char *scope);
/* "<Control>z" of an action, its first key; NULL if it has none. Borrowed. */
const char *kerf_keymap_key(KerfKeymap *keymap, const char *action);
/* Gives an action other keys (NULL: none; KERF_KEYS_DEFAULT: its own again), and stores that. */
#define KERF_KEYS_DEFAULT ""
void kerf_keymap_set(KerfKeymap *keymap, const char *action, const char *keys);

/* Calls fn for each action of the window and of all panels. */
void kerf_actions_each(void (*fn)(const KerfAction *action, gpointer data), gpointer data);
const KerfAction *kerf_action_find(const char *name);

/* A button for an action: icon, tooltip with its key, accessible name. Does not take the focus when clicked. */
GtkWidget *kerf_action_button(KerfWindow *window, const char *action, const char *icon);

#endif
