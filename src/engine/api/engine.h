/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the rooms meet: films are checked against their media, composed and written. Params and reports are those of
 * the public API (kerf/kerf.h), whose functions these implement for a loaded film. Thread-safe for distinct calls on
 * one film. */
#ifndef KF_ENGINE_H
#define KF_ENGINE_H

#include "base/api/str.h"
#include "kerf/project.h"
#include "model/api/model.h"

/* What the model's loader asks (kf_media_facts_fn); ctx is not used. */
kf_status kf_engine_media_facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err);

kf_status kf_engine_render(const kf_film *film, const kf_render_params *params, kf_render_report *report,
                           kf_error *err);
kf_status kf_engine_frame(const kf_film *film, kf_time at, const char *path, const kf_render_params *params,
                          kf_error *err);
/* Refuses an output that is the film's own file or one of its assets, whatever it is called. film_path may be NULL. */
kf_status kf_engine_check_output(const kf_film *film, const char *film_path, const char *output, kf_error *err);
/* What render would do; appended. */
kf_status kf_engine_plan(const kf_film *film, const kf_render_params *params, kf_text_format format, kf_str *out,
    kf_error *err);
/* Opens every asset, compares every clip with its media, tries the files and fonts of effects, titles and transitions. */
kf_status kf_engine_check(const kf_film *film, kf_problem_fn *problem, void *ctx, kf_error *err);
kf_status kf_engine_probe(const char *path, const kf_probe_params *params, kf_text_format format, kf_str *out,
                          kf_error *err);
/* kf_curve_values of kerf/catalog.h. */
bool kf_engine_curve(const float (*points)[2], int32_t point_count, float *values, int32_t count);
/* What this build can do, from the tables; appended. */
kf_status kf_engine_describe_effects(const char *name, kf_text_format format, kf_str *out, kf_error *err);
kf_status kf_engine_describe_formats(kf_text_format format, kf_str *out, kf_error *err);
kf_status kf_engine_describe_presets(kf_text_format format, kf_str *out, kf_error *err);
/* libav* keeps its messages to itself. Once, before anything else. */
void kf_engine_quiet(void);
kf_status kf_engine_sync(const char *first, const char *second, kf_time *offset, double *confidence, kf_error *err);

/* Looks for the files of assets that are not there. Appends set_asset edits to `script`, one a line, and what became of
 * each asset to `report`, one a line. */
kf_status kf_engine_relink(const kf_film *film, const kf_relink_params *params, kf_str *script, kf_str *report,
                           kf_error *err);

/* kf_describe_edits and kf_edit_format of kerf/project.h. */
kf_status kf_engine_describe_edits(const char *name, kf_text_format format, char **out, kf_error *err);
kf_status kf_engine_edit_format(const char *operation, const char *const *arguments, int count, char **out,
                                kf_error *err);

#endif
