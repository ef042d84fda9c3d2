/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window's own actions: files, history, view. What belongs to a panel is beside that panel. */
#include "app.h"
#include "dialogs.h"
#include "preferences.h"
#include "shortcuts.h"
#include "templates.h"
#include "view.h"

/* ---- Files ---- */

static void project_new(KerfWindow *w) { kerf_app_create(kerf_window_app(w), w, NULL); }

static void open_chosen(KerfWindow *w, const char *path) { kerf_app_open(kerf_window_app(w), w, path); }

static void project_open(KerfWindow *w)
{
    static const char *const patterns[] = {"*.kerf", "*.json", "*.otio", "*.edl", "*.xml", "*.fcpxml", NULL};
    const KerfFileDialog dialog = {.title = "Open", .accept = "_Open", .filter = "Projects and films", .patterns = patterns};
    kerf_choose_file(w, &dialog, open_chosen);
}

static void save_as_chosen(KerfWindow *w, const char *path)
{
    KerfDocument *document = kerf_window_document(w);
    g_autofree char *before = g_strdup(kerf_document_path(document));
    if (!kerf_document_save_as(document, path)) return;
    kerf_session_note(before, FALSE);
    kerf_session_note(path, TRUE);
    kerf_app_add_recent(kerf_window_app(w), path);
}

static void project_save_as(KerfWindow *w)
{
    static const char *const patterns[] = {"*.kerf", NULL};
    g_autofree char *name = g_strconcat(kerf_document_title(kerf_window_document(w)), ".kerf", NULL);
    const KerfFileDialog dialog = {.title = "Save As", .accept = "_Save", .filter = "Kerf projects", .patterns = patterns,
                                   .save = TRUE, .name = name};
    kerf_choose_file(w, &dialog, save_as_chosen);
}

static void project_save(KerfWindow *w)
{
    KerfDocument *document = kerf_window_document(w);
    if (kerf_document_untitled(document)) {
        project_save_as(w);
    } else {
        kerf_document_save(document);
    }
}

static void revert(KerfWindow *w) { kerf_document_revert(kerf_window_document(w)); }

static void project_revert(KerfWindow *w)
{
    const KerfQuestion question = {.title = "Revert to the saved state?",
                                   .text = "What was done since is left in the history: Undo brings it back.",
                                   .accept = "_Revert"};
    kerf_ask(w, &question, revert);
}

static gboolean is_unsaved(KerfWindow *w)
{
    return kerf_window_has_document(w) && kf_project_unsaved(kerf_document_project(kerf_window_document(w)));
}

static void window_close(KerfWindow *w) { gtk_window_close(GTK_WINDOW(w)); }

static void app_quit(KerfWindow *w)
{
    g_autoptr(GList) windows = g_list_copy(gtk_application_get_windows(GTK_APPLICATION(kerf_window_app(w))));
    for (const GList *one = windows; one; one = one->next) {
        gtk_window_close(one->data);
    }
}

/* ---- History ---- */

static void edit_undo(KerfWindow *w) { kerf_document_undo(kerf_window_document(w)); }
static void edit_redo(KerfWindow *w) { kerf_document_redo(kerf_window_document(w)); }

static gboolean can_undo(KerfWindow *w)
{
    return kerf_window_has_document(w) && kf_project_undo_label(kerf_document_project(kerf_window_document(w)));
}

static gboolean can_redo(KerfWindow *w)
{
    return kerf_window_has_document(w) && kf_project_redo_label(kerf_document_project(kerf_window_document(w)));
}

/* ---- Modes ---- */

static void turn(KerfWindow *w, KerfMode mode)
{
    KerfDocument *document = kerf_window_document(w);
    kerf_document_set_mode(document, mode, !kerf_document_mode(document, mode));
}

static void mode_snap(KerfWindow *w) { turn(w, KERF_MODE_SNAP); }
static void mode_linked(KerfWindow *w) { turn(w, KERF_MODE_LINKED); }
static gboolean is_snap(KerfWindow *w) { return kerf_document_mode(kerf_window_document(w), KERF_MODE_SNAP); }
static gboolean is_linked(KerfWindow *w) { return kerf_document_mode(kerf_window_document(w), KERF_MODE_LINKED); }

/* ---- View ---- */

static void fullscreen(KerfWindow *w)
{
    if (gtk_window_is_fullscreen(GTK_WINDOW(w))) {
        gtk_window_unfullscreen(GTK_WINDOW(w));
    } else {
        gtk_window_fullscreen(GTK_WINDOW(w));
    }
}

static void style_toggle(KerfWindow *w)
{
    KerfApp *app = kerf_window_app(w);
    const gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
    g_key_file_set_string(kerf_app_settings(app), "view", "style", dark ? "light" : "dark");
    kerf_app_settings_changed(app);
    kerf_app_update_style(app);
}

static void go_media(KerfWindow *w) { kerf_window_show_panel(w, "media"); }
static void go_source(KerfWindow *w) { kerf_window_show_panel(w, "source"); }
static void go_timeline(KerfWindow *w) { kerf_window_show_panel(w, "timeline"); }
static void go_program(KerfWindow *w) { kerf_window_show_panel(w, "program"); }
static void go_inspector(KerfWindow *w) { kerf_window_show_panel(w, "inspector"); }
static void go_mixer(KerfWindow *w) { kerf_window_show_panel(w, "mixer"); }
static void go_effects(KerfWindow *w) { kerf_window_show_panel(w, "effects"); }
static void go_titles(KerfWindow *w) { kerf_window_show_panel(w, "titles"); }
static void go_multicam(KerfWindow *w) { kerf_window_show_panel(w, "multicam"); }
static void go_history(KerfWindow *w) { kerf_window_show_panel(w, "history"); }
static void go_markers(KerfWindow *w) { kerf_window_show_panel(w, "markers"); }
static void go_scopes(KerfWindow *w) { kerf_window_show_panel(w, "scopes"); }

static void arrange_editing(KerfWindow *w) { kerf_window_arrange(w, "editing"); }
static void arrange_color(KerfWindow *w) { kerf_window_arrange(w, "color"); }
static void arrange_audio(KerfWindow *w) { kerf_window_arrange(w, "audio"); }
static void arrange_reset(KerfWindow *w) { kerf_window_arrange(w, "reset"); }

static void about(KerfWindow *w)
{
    adw_show_about_window(GTK_WINDOW(w), "application-name", "Kerf", "version", kf_version(), "license-type",
                          GTK_LICENSE_LGPL_2_1, "comments", "A video editor that never loses work", NULL);
}

const KerfAction kerf_window_actions[] = {
    {"project-new", "New Project", "File", "<Control><Alt>n", project_new},
    {"project-template", "New from Template...", "File", NULL, kerf_template_choose},
    {"project-open", "Open...", "File", "<Control>o", project_open},
    {"project-save", "Save", "File", "<Control>s", project_save, kerf_window_has_document},
    {"project-save-as", "Save As...", "File", "<Control><Shift>s", project_save_as, kerf_window_has_document},
    {"project-save-template", "Save as Template...", "File", NULL, kerf_template_save, kerf_window_has_document},
    {"project-revert", "Revert to Saved...", "File", NULL, project_revert, is_unsaved},
    {"window-close", "Close", "File", "<Control><Shift>w", window_close},
    {"app-quit", "Quit", "File", "<Control>q", app_quit},
    {"edit-undo", "Undo", "Edit", "<Control>z", edit_undo, can_undo},
    {"edit-redo", "Redo", "Edit", "<Control><Shift>z", edit_redo, can_redo},
    {"mode-snap", "Snap", "Timeline", "s", mode_snap, kerf_window_has_document, is_snap},
    {"mode-linked", "Linked Selection", "Timeline", "<Control>l", mode_linked, kerf_window_has_document, is_linked},
    {"window-fullscreen", "Full Screen", "View", "F11", fullscreen},
    {"style-toggle", "Light or Dark", "View", NULL, style_toggle},
    {"panel-media", "Go to Media", "View", "<Shift>1", go_media, kerf_window_has_document},
    {"panel-source", "Go to the Source Monitor", "View", "<Shift>2", go_source, kerf_window_has_document},
    {"panel-timeline", "Go to the Timeline", "View", "<Shift>3", go_timeline, kerf_window_has_document},
    {"panel-program", "Go to the Program Monitor", "View", "<Shift>4", go_program, kerf_window_has_document},
    {"panel-inspector", "Go to the Inspector", "View", "<Shift>5", go_inspector, kerf_window_has_document},
    {"panel-mixer", "Go to the Mixer", "View", "<Shift>6", go_mixer, kerf_window_has_document},
    {"panel-effects", "Go to Effects", "View", "<Shift>7", go_effects, kerf_window_has_document},
    {"panel-titles", "Go to Titles", "View", "<Control><Alt>t", go_titles, kerf_window_has_document},
    {"panel-multicam", "Go to Multicam", "View", "<Control><Alt>0", go_multicam, kerf_window_has_document},
    {"panel-history", "Go to the History", "View", "<Shift>8", go_history, kerf_window_has_document},
    {"panel-markers", "Go to Markers", "View", "<Shift>9", go_markers, kerf_window_has_document},
    {"panel-scopes", "Go to the Scopes", "View", "<Shift>0", go_scopes, kerf_window_has_document},
    {"workspace-editing", "Workspace: Editing", "View", "<Alt><Shift>1", arrange_editing, kerf_window_has_document},
    {"workspace-color", "Workspace: Color", "View", "<Alt><Shift>2", arrange_color, kerf_window_has_document},
    {"workspace-audio", "Workspace: Audio", "View", "<Alt><Shift>3", arrange_audio, kerf_window_has_document},
    {"workspace-reset", "Reset Panels", "View", "<Alt><Shift>0", arrange_reset, kerf_window_has_document},
    {"preferences", "Preferences", "Edit", "<Control>comma", kerf_preferences_show},
    {"help-shortcuts", "Keyboard Shortcuts", "Help", "<Control><Alt>k", kerf_shortcuts_show},
    {"help-about", "About Kerf", "Help", NULL, about},
    {0},
};
