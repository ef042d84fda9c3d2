/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of projects: scripts, and what they report. */
#include <string.h>

#include "api/projects.h"
#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/api/engine.h"

/* ---- Edits ---- */

/* The lines of a script as one JSON list in which each is on its own line. */
static void wrap_lines(const kf_edit_script *script, kf_str *out)
{
    const char *c = script->text, *end = c + script->length;
    bool first = true;
    kf_str_add(out, "[");
    while (c < end) {
        const char *line_end = memchr(c, '\n', (size_t)(end - c));
        line_end = line_end ? line_end : end;
        const char *start = c;
        while (start < line_end && (*start == ' ' || *start == '\t' || *start == '\r')) {
            start++;
        }
        if (start < line_end && *start != '#') {
            kf_str_add(out, first ? "" : ",");
            kf_str_add_n(out, c, (size_t)(line_end - c));
            first = false;
        }
        kf_str_add(out, "\n");
        c = line_end + 1;
    }
    kf_str_add(out, "]");
}

static bool is_list(const kf_edit_script *script)
{
    size_t i = 0;
    while (i < script->length && strchr(" \t\r\n", script->text[i])) {
        i++;
    }
    return i < script->length && script->text[i] == '[';
}

kf_status project_parse(const kf_edit_script *script, kf_json_doc **out, kf_error *error)
{
    kf_str text = {0};
    if (is_list(script)) {
        kf_str_add_n(&text, script->text, script->length);
    } else {
        wrap_lines(script, &text);
    }
    kf_status status = text.failed ? kf_fail_memory(error)
                                   : kf_json_parse(text.data, text.length, script->name, 0, out, error);
    kf_str_finish(&text);
    if (status == KF_OK && kf_json_root(*out)->type != KF_JSON_ARRAY) {
        kf_json_free(*out);
        return kf_fail(error, KF_ERR_PARSE, "%s: a script is a list of edits, or one edit a line", script->name);
    }
    return status;
}

static const char *const change_names[] = {[KF_CHANGE_PROJECT] = "project",
                                           [KF_CHANGE_ASSET_ADDED] = "asset_added",
                                           [KF_CHANGE_ASSET_REMOVED] = "asset_removed",
                                           [KF_CHANGE_ASSET] = "asset",
                                           [KF_CHANGE_SEQUENCE_ADDED] = "sequence_added",
                                           [KF_CHANGE_SEQUENCE_REMOVED] = "sequence_removed",
                                           [KF_CHANGE_SEQUENCE] = "sequence",
                                           [KF_CHANGE_MARKERS] = "markers",
                                           [KF_CHANGE_TRACKS] = "tracks",
                                           [KF_CHANGE_TRACK] = "track",
                                           [KF_CHANGE_ITEMS] = "items"};

static void write_change(kf_json_writer *w, const kf_change *c)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "what", change_names[c->kind]);
    if (c->asset) {
        kf_json_put_int(w, "asset", (int64_t)c->asset);
    }
    if (c->sequence) {
        kf_json_put_int(w, "sequence", (int64_t)c->sequence);
    }
    if (c->track) {
        kf_json_put_int(w, "track", (int64_t)c->track);
    }
    if (c->kind == KF_CHANGE_ITEMS) {
        kf_json_put_int(w, "old_index", c->old_index);
        kf_json_put_int(w, "removed", c->removed);
        kf_json_put_int(w, "new_index", c->new_index);
        kf_json_put_int(w, "inserted", c->inserted);
        kf_json_put_number(w, "old_start", kf_time_seconds(c->old_start));
        kf_json_put_number(w, "old_end", kf_time_seconds(c->old_end));
        kf_json_put_number(w, "new_start", kf_time_seconds(c->new_start));
        kf_json_put_number(w, "new_end", kf_time_seconds(c->new_end));
    }
    kf_json_end_object(w);
}

/* A list of a report. */
static void begin_list(kf_json_writer *w, const char *name)
{
    kf_json_key(w, name);
    kf_json_begin_array(w);
}

static kf_status write_report(const kf_edit_result *result, const kf_changes *changes, char **out, kf_error *error)
{
    kf_str text = {0};
    kf_json_writer w = {.out = &text};
    kf_json_begin_object(&w);
    begin_list(&w, "created");
    for (size_t i = 0; i < result->id_count; i++) {
        kf_json_write_int(&w, (int64_t)result->ids[i]);
    }
    kf_json_end_array(&w);
    begin_list(&w, "notes");
    for (size_t i = 0; i < result->note_count; i++) {
        kf_json_write_string(&w, result->notes[i]);
    }
    kf_json_end_array(&w);
    begin_list(&w, "changes");
    for (size_t i = 0; i < changes->count; i++) {
        write_change(&w, &changes->list[i]);
    }
    kf_json_end_array(&w);
    kf_json_end_object(&w);
    if (text.failed) {
        kf_str_finish(&text);
        return kf_fail_memory(error);
    }
    *out = text.data;
    return KF_OK;
}

kf_status project_write_ahead(kf_project *p, kf_edit *edit, kf_error *error)
{
    kf_str text = {0};
    if (p->kerf) {
        return KF_OK;
    }
    kf_status status = kf_film_write_json(kf_edit_snapshot(edit), &text, error);
    if (status == KF_OK) {
        status = kf_file_write_atomic(p->path, text.data, text.length, error);
    }
    kf_str_finish(&text);
    return status;
}

/* Ends the transaction well. */
static kf_status finish_edit(kf_project *p, kf_edit *e, const kf_edit_script *script, kf_error *error)
{
    if (script->dry_run) {
        kf_edit_abort(e);
        return KF_OK;
    }
    kf_status status = project_write_ahead(p, e, error);
    return status == KF_OK ? kf_edit_commit(e, script->label, NULL, error) : status;
}

static kf_status apply_all(kf_edit *e, const kf_json *list, const char *name, kf_error *error)
{
    kf_status status = KF_OK;
    for (const kf_json *op = list->first; op && status == KF_OK; op = op->next) {
        status = kf_edit_apply(e, op, name, error);
    }
    return status;
}

static kf_status report_edit(const kf_edit *e, char **report, kf_error *error)
{
    kf_changes changes = {0};
    kf_status status = report ? kf_edit_changes(e, &changes, error) : KF_OK;
    if (status == KF_OK && report) {
        status = write_report(kf_edit_get_result(e), &changes, report, error);
    }
    kf_changes_finish(&changes);
    return status;
}

static kf_status run_script(kf_project *p, const kf_json *list, const kf_edit_script *script, char **report,
                            kf_error *error)
{
    kf_edit *e;
    kf_status status = kf_edit_begin(p->film, &e, error);
    if (status != KF_OK) {
        return status;
    }
    kf_edit_result_finish(&p->outcome);
    status = apply_all(e, list, script->name, error);
    status = status == KF_OK ? report_edit(e, report, error) : status;
    if (status == KF_OK) {
        kf_edit_take_result(e, &p->outcome);
        status = finish_edit(p, e, script, error);
    }
    if (status != KF_OK) {
        kf_edit_abort(e);
        kf_edit_result_finish(&p->outcome);
    } else {
        project_tell(p);
    }
    return status;
}

static kf_status edit_project(kf_project *p, const kf_edit_script *script, char **report, kf_error *error)
{
    kf_edit_script s = *script;
    kf_json_doc *doc;
    s.name = s.name ? s.name : "edit";
    kf_status status = project_check_writable(p, error);
    status = status == KF_OK ? project_parse(&s, &doc, error) : status;
    if (status != KF_OK) {
        return status;
    }
    status = run_script(p, kf_json_root(doc), &s, report, error);
    kf_json_free(doc);
    return status;
}

kf_status kf_project_edit(kf_project *p, const kf_edit_script *script, char **report, kf_error *error)
{
    kf_error own;
    if (report) {
        *report = NULL;
    }
    kf_status status = edit_project(p, script, report, error ? error : &own);
    if (status != KF_OK && report) {
        kf_free(*report);
        *report = NULL;
    }
    return status;
}

void outcome_set(const kf_edit_result *result, kf_edit_outcome *out)
{
    if (out) {
        *out = (kf_edit_outcome){result->ids, result->id_count, (const char *const *)result->notes, result->note_count};
    }
}

kf_status kf_project_apply(kf_project *p, const kf_edit_script *script, kf_edit_outcome *outcome, kf_error *error)
{
    kf_error own;
    kf_status status = edit_project(p, script, NULL, error ? error : &own);
    outcome_set(status == KF_OK ? &p->outcome : &(kf_edit_result){0}, outcome);
    return status;
}

static kf_status apply_relinking(kf_project *p, const kf_str *text, kf_error *error)
{
    const kf_edit_script script = {.text = text->data, .length = text->length, .name = "relink", .label = "Relink"};
    return text->length > 0 ? kf_project_edit(p, &script, NULL, error) : KF_OK;
}

kf_status kf_project_relink(kf_project *p, const kf_relink_params *params, char **report, kf_error *error)
{
    kf_str text = {0}, lines = {0};
    kf_error own;
    error = error ? error : &own;
    kf_status status = params->dry_run ? KF_OK : project_check_writable(p, error);
    status = status == KF_OK ? kf_engine_relink(p->film, params, &text, &lines, error) : status;
    if (status == KF_OK && !params->dry_run) {
        status = apply_relinking(p, &text, error);
    }
    kf_str_finish(&text);
    if (status == KF_OK && report) {
        *report = lines.data;
        return KF_OK;
    }
    kf_str_finish(&lines);
    return status;
}

kf_status kf_describe_edits(const char *name, kf_text_format format, char **out, kf_error *error)
{
    return kf_engine_describe_edits(name, format, out, error);
}

kf_status kf_edit_format(const char *operation, const char *const *arguments, int count, char **out, kf_error *error)
{
    return kf_engine_edit_format(operation, arguments, count, out, error);
}

