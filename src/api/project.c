/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Projects: a film with the file that it is edited in. */
#include "kerf/project.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/films.h"
#include "base/api/alloc.h"
#include "base/api/time.h"
#include "model/api/edit.h"

/* What edits asked about media, so that a script does not open the same file again and again. */
typedef struct known_media {
    struct known_media *next;
    char *file;
    kf_status status;
    kf_media_facts facts;
    kf_error error;
} known_media;

struct kf_project {
    kf_film *film;
    char *path;
    bool kerf, read_only;
    known_media *media;
};

/* ---- Media ---- */

static kf_status facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    kf_project *p = ctx;
    known_media *m = p->media;
    while (m && strcmp(m->file, file) != 0) {
        m = m->next;
    }
    if (!m) {
        m = KF_NEW(known_media);
        char *name = kf_strdup(file);
        if (!m || !name) {
            kf_free(m);
            kf_free(name);
            return kf_fail_memory(err);
        }
        m->file = name;
        m->status = kf_engine_media_facts(NULL, file, &m->facts, &m->error);
        m->next = p->media;
        p->media = m;
    }
    *out = m->facts;
    if (m->status != KF_OK && err) {
        *err = m->error;
    }
    return m->status;
}

static void forget_media(kf_project *p)
{
    while (p->media) {
        known_media *m = p->media;
        p->media = m->next;
        kf_free(m->file);
        kf_free(m);
    }
}

/* ---- Opening and closing ---- */

static kf_status open_kerf(kf_project *p, const kf_film_load *load, kf_error *error)
{
    kf_store *store;
    const kf_store_params params = {.read_only = p->read_only};
    kf_status status = kf_store_open_file(p->path, &params, &store, error);
    if (status == KF_OK) {
        status = kf_film_open_store(store, load, &p->film, error);
        if (status != KF_OK) {
            kf_store_unref(store);
        }
    }
    return status;
}

static kf_status open_json(kf_project *p, const kf_film_load *load, kf_error *error)
{
    const kf_interchange *format;
    kf_film_source source = {.path = p->path, .load = *load};
    kf_status status = kf_film_read_file(&source, &format, NULL, &p->film, error);
    if (status == KF_OK && format && !p->read_only) {
        status = kf_fail(error, KF_ERR_UNSUPPORTED, "%s is %s, which is imported, not edited: kerf convert %s FILE.kerf first",
                         p->path, format->label, p->path);
    }
    return status;
}

kf_status kf_project_open(const char *path, const kf_project_params *params, kf_project **out, kf_error *error)
{
    kf_project *p = KF_NEW(kf_project);
    char *folder = kf_path_folder(path);
    *out = NULL;
    if (!p || !folder || !(p->path = kf_strdup(path))) {
        kf_free(p);
        kf_free(folder);
        return kf_fail_memory(error);
    }
    p->read_only = params && params->read_only;
    p->kerf = kf_is_project(path);
    kf_film_load load = {.name = kf_path_name(path), .folder = folder, .media = facts, .ctx = p};
    kf_status status = p->kerf ? open_kerf(p, &load, error) : open_json(p, &load, error);
    kf_free(folder);
    if (status == KF_OK) {
        *out = p;
    } else {
        kf_project_close(p, NULL);
    }
    return status;
}

/* ---- Creating ---- */

/* A name in the user's data folder that is not in use. */
static kf_status untitled_path(kf_str *out, kf_error *error)
{
    char *folder;
    kf_status status = kf_folder_of_user("XDG_DATA_HOME", ".local/share", "untitled", &folder, error);
    if (status != KF_OK) {
        return status;
    }
    for (int i = 1; i < 100000; i++) {
        out->length = 0;
        kf_str_addf(out, "%s/Untitled %d.kerf", folder, i);
        if (out->failed || access(out->data, F_OK) != 0) {
            break;
        }
    }
    kf_free(folder);
    return out->failed ? kf_fail_memory(error) : KF_OK;
}

static kf_status write_new(const char *path, const kf_project_create_params *params, kf_error *error)
{
    const kf_film_new_params film_params = {.name = params->name, .preset = params->preset,
                                            .video_tracks = params->video_tracks, .audio_tracks = params->audio_tracks};
    kf_film *film;
    kf_status status = kf_film_new(&film_params, NULL, &film, error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_film_write_project(film, path, error);
    kf_film_destroy(film);
    return status;
}

kf_status kf_project_create(const char *path, const kf_project_create_params *params, kf_project **out, kf_error *error)
{
    static const kf_project_create_params usual = {.video_tracks = 2, .audio_tracks = 2};
    kf_str untitled = {0};
    *out = NULL;
    kf_status status = path ? KF_OK : untitled_path(&untitled, error);
    path = path ? path : untitled.data;
    if (status == KF_OK && access(path, F_OK) == 0) {
        status = kf_fail(error, KF_ERR_EXISTS, "%s is there already; choose another name", path);
    }
    status = status == KF_OK ? write_new(path, params ? params : &usual, error) : status;
    status = status == KF_OK ? kf_project_open(path, NULL, out, error) : status;
    kf_str_finish(&untitled);
    return status;
}

const char *kf_project_path(const kf_project *p)
{
    return p->path;
}

kf_status kf_project_close(kf_project *p, kf_error *error)
{
    if (!p) {
        return KF_OK;
    }
    kf_error cause = {0};
    kf_status status = p->film && p->kerf && !p->read_only ? kf_store_sync(kf_film_store(p->film), &cause) : KF_OK;
    if (status != KF_OK) {
        kf_fail(error, status, "%s: what was done is not on disk: it waits in this machine's memory for the next edit of the "
                "project that can write (%s)", p->path, cause.message);
    }
    kf_film_destroy(p->film);
    forget_media(p);
    kf_free(p->path);
    kf_free(p);
    return status;
}

static kf_status check_writable(const kf_project *p, kf_error *error)
{
    return p->read_only ? kf_fail(error, KF_ERR_INVALID, "%s is open for reading only", p->path) : KF_OK;
}

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

static kf_status parse_script(const kf_edit_script *script, kf_json_doc **out, kf_error *error)
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

static const char *const change_names[] = {
    [KF_CHANGE_PROJECT] = "project", [KF_CHANGE_ASSET_ADDED] = "asset_added", [KF_CHANGE_ASSET_REMOVED] = "asset_removed",
    [KF_CHANGE_ASSET] = "asset", [KF_CHANGE_SEQUENCE_ADDED] = "sequence_added",
    [KF_CHANGE_SEQUENCE_REMOVED] = "sequence_removed", [KF_CHANGE_SEQUENCE] = "sequence", [KF_CHANGE_MARKERS] = "markers",
    [KF_CHANGE_TRACKS] = "tracks", [KF_CHANGE_TRACK] = "track", [KF_CHANGE_ITEMS] = "items"};

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

static kf_status write_json(kf_project *p, kf_snapshot state, kf_error *error)
{
    kf_str text = {0};
    kf_status status = kf_film_write_json(state, &text, error);
    if (status == KF_OK) {
        status = kf_file_write_atomic(p->path, text.data, text.length, error);
    }
    kf_str_finish(&text);
    return status;
}

/* Ends the transaction well: a JSON film is written before it commits. */
static kf_status finish_edit(kf_project *p, kf_edit *e, const kf_edit_script *script, kf_error *error)
{
    if (!p->kerf && !script->dry_run) {
        kf_status status = write_json(p, kf_edit_snapshot(e), error);
        if (status != KF_OK) {
            return status;
        }
    }
    return script->dry_run ? (kf_edit_abort(e), KF_OK) : kf_edit_commit(e, script->label, NULL, error);
}

static kf_status apply_all(kf_edit *e, const kf_json *list, const char *name, kf_error *error)
{
    kf_status status = KF_OK;
    for (const kf_json *op = list->first; op && status == KF_OK; op = op->next) {
        status = kf_edit_apply(e, op, name, error);
    }
    return status;
}

static kf_status run_script(kf_project *p, const kf_json *list, const kf_edit_script *script, char **report, kf_error *error)
{
    kf_edit *e;
    kf_changes changes = {0};
    kf_status status = kf_edit_begin(p->film, &e, error);
    if (status != KF_OK) {
        return status;
    }
    status = apply_all(e, list, script->name, error);
    if (status == KF_OK && report) {
        status = kf_edit_changes(e, &changes, error);
        status = status == KF_OK ? write_report(kf_edit_get_result(e), &changes, report, error) : status;
    }
    kf_changes_finish(&changes);
    status = status == KF_OK ? finish_edit(p, e, script, error) : status;
    if (status != KF_OK) {
        kf_edit_abort(e);
    }
    return status;
}

kf_status kf_project_edit(kf_project *p, const kf_edit_script *script, char **report, kf_error *error)
{
    kf_edit_script s = *script;
    kf_json_doc *doc;
    kf_error own;
    error = error ? error : &own;
    s.name = s.name ? s.name : "edit";
    if (report) {
        *report = NULL;
    }
    kf_status status = check_writable(p, error);
    status = status == KF_OK ? parse_script(&s, &doc, error) : status;
    if (status != KF_OK) {
        return status;
    }
    status = run_script(p, kf_json_root(doc), &s, report, error);
    kf_json_free(doc);
    if (status != KF_OK && report) {
        kf_free(*report);
        *report = NULL;
    }
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
    kf_status status = params->dry_run ? KF_OK : check_writable(p, error);
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

/* ---- History ---- */

static kf_status check_history(const kf_project *p, kf_error *error)
{
    return p->kerf ? check_writable(p, error)
                   : kf_fail(error, KF_ERR_UNSUPPORTED, "%s is JSON and has no history: kerf convert %s FILE.kerf gives it one",
                             p->path, p->path);
}

kf_status kf_project_undo(kf_project *p, kf_error *error)
{
    kf_status status = check_history(p, error);
    return status == KF_OK ? kf_film_undo(p->film, NULL, error) : status;
}

kf_status kf_project_redo(kf_project *p, kf_error *error)
{
    kf_status status = check_history(p, error);
    return status == KF_OK ? kf_film_redo(p->film, NULL, error) : status;
}

kf_status kf_project_go(kf_project *p, uint64_t number, kf_error *error)
{
    kf_store *store = kf_film_store(p->film);
    kf_commit commit;
    kf_status status = check_history(p, error);
    if (status != KF_OK) {
        return status;
    }
    kf_ref ref = kf_store_commit_before(store, KF_REF_NONE);
    while (kf_store_commit_get(store, ref, &commit) && commit.serial != number) {
        ref = kf_store_commit_before(store, ref);
    }
    return ref == KF_REF_NONE ? kf_fail(error, KF_ERR_NOT_FOUND, "%s has no state %llu; kerf log --all lists them", p->path,
                                        (unsigned long long)number)
                              : kf_film_go(p->film, ref, NULL, error);
}

kf_status kf_project_save(kf_project *p, kf_error *error)
{
    kf_status status = check_history(p, error);
    return status == KF_OK ? kf_store_save(kf_film_store(p->film), error) : status;
}

kf_status kf_project_revert(kf_project *p, kf_error *error)
{
    kf_status status = check_history(p, error);
    if (status != KF_OK) {
        return status;
    }
    kf_store *store = kf_film_store(p->film);
    kf_commit saved;
    if (!kf_store_commit_get(store, kf_store_saved(store), &saved)) {
        return kf_fail(error, KF_ERR_INVALID, "%s was never saved: undo and go reach its earlier states", p->path);
    }
    return kf_film_restore(p->film, kf_store_saved(store), "Revert to saved", NULL, error);
}

kf_status kf_project_compact(kf_project *p, bool drop_history, kf_error *error)
{
    kf_status status = check_history(p, error);
    if (status != KF_OK) {
        return status;
    }
    kf_compact *compact;
    kf_store *store;
    const kf_compact_params params = {.keep_history = !drop_history};
    status = kf_compact_begin(kf_film_store(p->film), &params, &compact, error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_compact_run(compact, error);
    status = status == KF_OK ? kf_compact_finish(compact, &store, error) : status;
    kf_compact_destroy(compact);
    if (status == KF_OK) {
        kf_film_set_store(p->film, store);
    }
    return status;
}

/* ---- The log ---- */

typedef struct log_entry {
    bool head, saved;
    kf_commit commit;
    uint64_t parent;         /* number of the state it was made on; 0: none */
} log_entry;

static void plain_entry(kf_str *s, const log_entry *e)
{
    char date[32];
    time_t seconds = (time_t)(e->commit.time / 1000000);
    struct tm local;
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", localtime_r(&seconds, &local));
    kf_str_addf(s, "%s %5llu  %s  %s%s", e->head ? "*" : " ", (unsigned long long)e->commit.serial, date,
                *e->commit.label ? e->commit.label : "(start)", e->saved ? "  [saved]" : "");
    if (e->parent + 1 != e->commit.serial && e->parent) {
        kf_str_addf(s, "  (on %llu)", (unsigned long long)e->parent);
    }
    kf_str_add(s, "\n");
}

static void json_entry(kf_json_writer *w, const log_entry *e)
{
    kf_json_begin_object(w);
    kf_json_put_int(w, "number", (int64_t)e->commit.serial);
    if (e->parent) {
        kf_json_put_int(w, "parent", (int64_t)e->parent);
    }
    kf_json_put_string(w, "label", e->commit.label);
    kf_json_put_number(w, "time", (double)e->commit.time / 1e6);
    kf_json_put_bool(w, "head", e->head);
    kf_json_put_bool(w, "saved", e->saved);
    kf_json_end_object(w);
}

kf_status kf_project_log(kf_project *p, bool all, kf_text_format format, char **out, kf_error *error)
{
    if (!p->kerf) {
        return check_history(p, error);
    }
    kf_store *store = kf_film_store(p->film);
    kf_str text = {0};
    kf_json_writer w = {.out = &text};
    kf_ref head = kf_store_head(store), ref = all ? kf_store_commit_before(store, KF_REF_NONE) : head;
    log_entry e;
    if (format == KF_TEXT_JSON) {
        kf_json_begin_array(&w);
    }
    while (kf_store_commit_get(store, ref, &e.commit)) {
        kf_commit parent = {0};
        kf_store_commit_get(store, e.commit.parent, &parent);
        e.parent = parent.serial;
        e.head = ref == head;
        e.saved = ref == kf_store_saved(store);
        if (format == KF_TEXT_JSON) {
            json_entry(&w, &e);
        } else {
            plain_entry(&text, &e);
        }
        ref = all ? kf_store_commit_before(store, ref) : e.commit.parent;
    }
    if (format == KF_TEXT_JSON) {
        kf_json_end_array(&w);
        kf_str_add(&text, "\n");
    }
    *out = text.failed ? NULL : text.data ? text.data : kf_strdup("");
    return *out ? KF_OK : kf_fail_memory(error);
}

/* ---- Films ---- */

kf_status kf_project_film(kf_project *p, kf_film_handle **out, kf_error *error)
{
    *out = NULL;
    kf_film_handle *h = KF_NEW(kf_film_handle);
    if (!h || !(h->path = kf_strdup(p->path))) {
        kf_free(h);
        return kf_fail_memory(error);
    }
    kf_status status = kf_film_pin(p->film, &h->film, error);
    if (status == KF_OK) {
        *out = h;
    } else {
        kf_film_close(h);
    }
    return status;
}

kf_status kf_film_open_state(const char *path, uint64_t number, kf_film_handle **out, kf_error *error)
{
    kf_project *p;
    kf_film *film;
    *out = NULL;
    kf_status status = kf_project_open(path, &(kf_project_params){.read_only = true}, &p, error);
    if (status != KF_OK) {
        return status;
    }
    if (!p->kerf) {
        status = check_history(p, error);
    } else {
        status = kf_film_pin_state(p->film, number, &film, error);
    }
    if (status == KF_OK) {
        status = kf_project_film(p, out, error);
        if (status == KF_OK) {
            kf_film_destroy((*out)->film);
            (*out)->film = film;
        } else {
            kf_film_destroy(film);
        }
    }
    kf_project_close(p, NULL);
    return status;
}

/* ---- Safety ---- */

static kf_status give_line(kf_str *text, char **out, kf_error *error)
{
    if (text->failed) {
        kf_str_finish(text);
        return kf_fail_memory(error);
    }
    if (out) {
        *out = text->data;
    } else {
        kf_str_finish(text);
    }
    return KF_OK;
}

kf_status kf_project_verify(const char *path, char **report, kf_error *error)
{
    kf_store *store;
    const kf_store_params params = {.read_only = true};
    kf_store_report r = {0};
    kf_str text = {0};
    kf_status status = kf_store_open_file(path, &params, &store, error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_store_verify(store, &r, error);
    kf_store_unref(store);
    if (status != KF_OK) {
        return status;
    }
    kf_str_addf(&text, "%llu bytes, %llu nodes, %llu states: all sound", (unsigned long long)r.bytes,
                (unsigned long long)r.nodes, (unsigned long long)r.commits);
    return give_line(&text, report, error);
}

kf_status kf_project_recover(const char *path, const char *output, char **report, kf_error *error)
{
    kf_recover_report r;
    kf_str text = {0};
    kf_status status = kf_store_recover(path, output, NULL, &r, error);
    if (status != KF_OK) {
        return status;
    }
    kf_str_addf(&text, "%llu of %llu states saved; %s: state %llu, \"%s\"; %llu of %llu bytes were lost",
                (unsigned long long)(r.commits - r.lost_commits), (unsigned long long)r.commits,
                r.newest ? "the last one is whole" : "the newest whole one", (unsigned long long)r.head.serial, r.label,
                (unsigned long long)r.lost_bytes, (unsigned long long)r.bytes);
    return give_line(&text, report, error);
}
