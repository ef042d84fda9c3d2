/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "panel.h"

extern const KerfPanel kerf_effects_panel;
extern const KerfPanel kerf_export_panel;
extern const KerfPanel kerf_history_panel;
extern const KerfPanel kerf_inspector_panel;
extern const KerfPanel kerf_markers_panel;
extern const KerfPanel kerf_media_panel;
extern const KerfPanel kerf_meters_panel;
extern const KerfPanel kerf_mixer_panel;
extern const KerfPanel kerf_multicam_panel;
extern const KerfPanel kerf_program_panel;
extern const KerfPanel kerf_queue_panel;
extern const KerfPanel kerf_scopes_panel;
extern const KerfPanel kerf_source_panel;
extern const KerfPanel kerf_timeline_panel;
extern const KerfPanel kerf_titles_panel;

const KerfPanel *const kerf_panels[] = {
    &kerf_media_panel,
    &kerf_source_panel,
    &kerf_program_panel,
    &kerf_multicam_panel,
    &kerf_timeline_panel,
    &kerf_effects_panel,
    &kerf_history_panel,
    &kerf_markers_panel,
    &kerf_export_panel,
    &kerf_queue_panel,
    &kerf_scopes_panel,
    &kerf_inspector_panel,
    &kerf_titles_panel,
    &kerf_mixer_panel,
    &kerf_meters_panel,
    NULL,
};
