/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The history of projects, and their saved state. */
#include <string.h>
#include <time.h>

#include "api/projects.h"
#include "base/api/alloc.h"

/* ---- History ---- */

kf_status project_check_history(const kf_project *p, kf_error *error)
{
    return p->kerf ? project_check_writable(p, error)
                   : kf_fail(error, KF_ERR_UNSUPPORTED,
                             "%s is JSON and has no history: kerf convert %s FILE.kerf gives it one", p->path, p->path);
}

static kf_status moved(kf_project *p, kf_status status)
{
    if (status == KF_OK) {
        project_tell(p);
    }
    return status;
}

kf_status kf_project_undo(kf_project *p, kf_error *error)
{
    kf_status status = project_check_history(p, error);
    return status == KF_OK ? moved(p, kf_film_undo(p->film, NULL, error)) : status;
}

kf_status kf_project_redo(kf_project *p, kf_error *error)
{
    kf_status status = project_check_history(p, error);
    return status == KF_OK ? moved(p, kf_film_redo(p->film, NULL, error)) : status;
}

kf_status kf_project_go(kf_project *p, uint64_t number, kf_error *error)
{
    kf_store *store = kf_film_store(p->film);
    kf_commit commit;
    kf_status status = project_check_history(p, error);
    if (status != KF_OK) {
        return status;
    }
    kf_ref ref = kf_store_commit_before(store, KF_REF_NONE);
    while (kf_store_commit_get(store, ref, &commit) && commit.serial != number) {
        ref = kf_store_commit_before(store, ref);
    }
    if (ref == KF_REF_NONE) {
        return kf_fail(error, KF_ERR_NOT_FOUND, "%s has no state %llu; kerf log --all lists them", p->path,
                       (unsigned long long)number);
    }
    return moved(p, kf_film_go(p->film, ref, NULL, error));
}

/* ---- Labels ---- */

static const char *label_of(kf_store *store, kf_ref ref)
{
    kf_commit commit;
    return kf_store_commit_get(store, ref, &commit) ? commit.label : NULL;
}

const char *kf_project_undo_label(kf_project *p)
{
    kf_store *store = kf_film_store(p->film);
    bool there = p->kerf && kf_store_undo_target(store) != KF_REF_NONE;
    return there ? label_of(store, kf_store_head(store)) : NULL;
}

const char *kf_project_redo_label(kf_project *p)
{
    kf_store *store = kf_film_store(p->film);
    return p->kerf ? label_of(store, kf_store_redo_target(store)) : NULL;
}

/* ---- Saving ---- */

bool kf_project_unsaved(kf_project *p)
{
    kf_store *store = kf_film_store(p->film);
    kf_commit saved, now = {0};
    if (!p->kerf || !kf_store_commit_get(store, kf_store_head(store), &now)) {
        return false;
    }
    return kf_store_commit_get(store, kf_store_saved(store), &saved) ? now.root != saved.root
                                                                     : now.parent != KF_REF_NONE;
}

kf_status kf_project_save(kf_project *p, kf_error *error)
{
    kf_status status = project_check_history(p, error);
    return status == KF_OK ? kf_store_save(kf_film_store(p->film), error) : status;
}

kf_status kf_project_revert(kf_project *p, kf_error *error)
{
    kf_status status = project_check_history(p, error);
    if (status != KF_OK) {
        return status;
    }
    kf_store *store = kf_film_store(p->film);
    kf_commit saved;
    if (!kf_store_commit_get(store, kf_store_saved(store), &saved)) {
        return kf_fail(error, KF_ERR_INVALID, "%s was never saved: undo and go reach its earlier states", p->path);
    }
    return moved(p, kf_film_restore(p->film, kf_store_saved(store), "Revert to saved", NULL, error));
}

kf_status kf_project_compact(kf_project *p, bool drop_history, kf_error *error)
{
    kf_status status = project_check_history(p, error);
    if (status == KF_OK && p->gesture) {
        status = kf_fail(error, KF_ERR_INVALID, "%s is being edited: end the gesture first", p->path);
    }
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
        p->listener.seen = kf_film_snapshot(p->film).root;
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
        return project_check_history(p, error);
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


kf_status kf_project_history(kf_project *p, kf_project_step_fn *fn, void *context, kf_error *error)
{
    if (!p->kerf) {
        return project_check_history(p, error);
    }
    kf_store *store = kf_film_store(p->film);
    kf_ref head = kf_store_head(store), line = head; /* the next state on the way from the present one to the first */
    kf_commit commit;
    bool more = true;
    kf_ref ref = kf_store_commit_before(store, KF_REF_NONE);
    for (; more && kf_store_commit_get(store, ref, &commit); ref = kf_store_commit_before(store, ref)) {
        kf_commit parent = {0};
        kf_store_commit_get(store, commit.parent, &parent);
        const kf_project_step step = {.number = commit.serial, .parent = parent.serial, .label = commit.label,
                                      .time = commit.time, .present = ref == head,
                                      .saved = ref == kf_store_saved(store), .undone = ref != line};
        line = ref == line ? commit.parent : line;
        more = fn(context, &step);
    }
    return KF_OK;
}
