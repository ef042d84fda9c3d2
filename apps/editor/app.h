/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application: settings, recent projects, what windows share. */
#ifndef KERF_EDITOR_APP_H
#define KERF_EDITOR_APP_H

#include <adwaita.h>

#include "actions.h"
#include "document.h"
#include "queues.h"
#include "workers.h"

#define KERF_TYPE_APP (kerf_app_get_type())
G_DECLARE_FINAL_TYPE(KerfApp, kerf_app, KERF, APP, AdwApplication)

KerfApp *kerf_app_new(void);
KerfKeymap *kerf_app_keymap(KerfApp *app);
/* Thumbnails, waveforms, proxies; made when it is first asked for. */
KerfWorker *kerf_app_worker(KerfApp *app);
/* Exports; opened when it is first asked for. */
KerfQueue *kerf_app_queue(KerfApp *app);

/* Settings, kept in settings.ini in the user's configuration folder; written soon after a change. Keys are "group.name". */
GKeyFile *kerf_app_settings(KerfApp *app);
void kerf_app_settings_changed(KerfApp *app);
/* Folders of the user: configuration, and state (views of projects, the queue). Made if they are missing. New. */
char *kerf_app_config_path(const char *name);
char *kerf_app_state_path(const char *name);

/* Paths of recent projects, the newest first; NULL-terminated, new. */
char **kerf_app_recent(KerfApp *app);
void kerf_app_add_recent(KerfApp *app, const char *path);

/* Opens a film in a window: the given one if it has no document, else a new one. window may be NULL. */
void kerf_app_open(KerfApp *app, KerfWindow *window, const char *path);
/* A new untitled project; preset as in kerf_document_create. */
void kerf_app_create(KerfApp *app, KerfWindow *window, const char *preset);
/* Light, dark, or high contrast as the system says; "dark" is the default. Reads style.css of the settings folder again. */
void kerf_app_update_style(KerfApp *app);

#endif
