/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The menu bar. */
#include "app.h"
#include "panel.h"

typedef struct MenuTable {
    const char *title;
    const char *const *actions; /* names; "" begins a new section; NULL ends. Names of actions that are not there are left out */
} MenuTable;

static const char *const file_menu[] = {
    "project-new", "project-template", "project-open", "", "project-save", "project-save-as", "project-save-template",
    "project-revert", "", "media-import", "media-relink", "captions-import", "captions-export", "interchange-export", "",
    "export", "frame-export", "", "project-settings", "sequence-settings", "", "window-close", "app-quit", NULL};
static const char *const edit_menu[] = {
    "edit-undo", "edit-redo", "", "edit-cut", "edit-copy", "edit-paste", "edit-paste-insert", "edit-paste-attributes",
    "edit-paste-effect", "effects-find", "",
    "edit-delete", "edit-ripple-delete", "", "edit-select-all", "edit-deselect", "", "preferences", NULL};
static const char *const clip_menu[] = {
    "clip-insert", "clip-overwrite", "", "clip-speed", "clip-freeze", "clip-enable", "clip-link", "clip-group", "clip-nest",
    "clip-rename", "", "clip-multicam", "clip-detach-audio", "", "clip-reveal", NULL};
static const char *const sequence_menu[] = {
    "sequence-new", "title-add", "", "sequence-razor", "sequence-razor-all", "sequence-trim-start", "sequence-trim-end", "trim-edit", "sequence-lift",
    "sequence-extract", "sequence-close-gap", "", "sequence-transition", "sequence-add-video-track",
    "sequence-add-audio-track", "", "mode-snap", "mode-linked", NULL};
static const char *const marker_menu[] = {
    "marker-add", "marker-next", "marker-previous", "marker-clear-all", "", "mark-in", "mark-out", "mark-clip", "mark-clear", "",
    "go-to-in", "go-to-out", NULL};
static const char *const play_menu[] = {
    "play-toggle", "play-in-out", "play-loop", "", "shuttle-back", "shuttle-stop", "shuttle-forward", "", "step-back",
    "step-forward", "go-to-start", "go-to-end", "cut-previous", "cut-next", "", "voice-record", NULL};
static const char *const help_menu[] = {"help-tutorial", "help-shortcuts", "", "help-about", NULL};

static const MenuTable menus[] = {
    {"_File", file_menu}, {"_Edit", edit_menu},     {"_Clip", clip_menu}, {"_Sequence", sequence_menu},
    {"_Markers", marker_menu}, {"_Playback", play_menu},
};

static void append_action(GMenu *section, KerfWindow *window, const char *name)
{
    const KerfAction *action = kerf_action_find(name);
    if (!action) return;
    g_autofree char *detailed = g_strconcat("win.", name, NULL);
    g_autoptr(GMenuItem) item = g_menu_item_new(action->label, detailed);
    const char *key = kerf_keymap_key(kerf_app_keymap(kerf_window_app(window)), name);
    if (key) g_menu_item_set_attribute(item, "accel", "s", key);
    g_menu_append_item(section, item);
}

static GMenuModel *menu_of(KerfWindow *window, const char *const *names)
{
    GMenu *menu = g_menu_new();
    g_autoptr(GMenu) section = g_menu_new();
    for (; *names; names++) {
        if (**names) {
            append_action(section, window, *names);
            continue;
        }
        if (g_menu_model_get_n_items(G_MENU_MODEL(section)) > 0) {
            g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
        }
        g_object_unref(section);
        section = g_menu_new();
    }
    if (g_menu_model_get_n_items(G_MENU_MODEL(section)) > 0) g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
    return G_MENU_MODEL(menu);
}

static GMenuModel *window_menu(KerfWindow *window)
{
    GMenu *menu = g_menu_new();
    g_autoptr(GMenu) panels = g_menu_new();
    static const char *const views[] = {"workspace-editing", "workspace-color", "workspace-audio", "workspace-reset", "",
                                        "window-fullscreen", "style-toggle", NULL};
    for (const KerfPanel *const *p = kerf_panels; *p; p++) {
        g_autofree char *detailed = g_strdup_printf("win.panel::%s", (*p)->id);
        g_menu_append(panels, (*p)->title, detailed);
    }
    g_menu_append_section(menu, NULL, G_MENU_MODEL(panels));
    g_autoptr(GMenuModel) rest = menu_of(window, views);
    g_menu_append_section(menu, NULL, rest);
    return G_MENU_MODEL(menu);
}

GMenuModel *kerf_menus_new(KerfWindow *window)
{
    GMenu *bar = g_menu_new();
    for (size_t i = 0; i < G_N_ELEMENTS(menus); i++) {
        g_autoptr(GMenuModel) menu = menu_of(window, menus[i].actions);
        g_menu_append_submenu(bar, menus[i].title, menu);
    }
    g_autoptr(GMenuModel) panels = window_menu(window);
    g_menu_append_submenu(bar, "_Window", panels);
    g_autoptr(GMenuModel) help = menu_of(window, help_menu);
    g_menu_append_submenu(bar, "_Help", help);
    return G_MENU_MODEL(bar);
}
