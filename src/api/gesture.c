/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing in a program: the listener, gestures, finding items. */
#include <string.h>

#include "api/films.h"
#include "api/projects.h"
#include "base/api/alloc.h"

struct kf_gesture {
    kf_project *project;
    kf_edit *edit;
    uint64_t begin, last;    /* bytes of the store when it began, and before the last update */
};

static uint64_t bytes_of(const kf_project *p)
{
    return kf_store_bytes(kf_film_store(p->film));
}

static kf_ref present_root(const kf_project *p)
{
    return p->gesture ? kf_edit_snapshot(p->gesture->edit).root : kf_film_snapshot(p->film).root;
}

/* ---- The listener ---- */

_Static_assert((int)KF_PROJECT_CHANGED == KF_CHANGE_PROJECT && (int)KF_PROJECT_ASSET_CHANGED == KF_CHANGE_ASSET &&
                   (int)KF_PROJECT_SEQUENCE_CHANGED == KF_CHANGE_SEQUENCE &&
                   (int)KF_PROJECT_ITEMS_CHANGED == KF_CHANGE_ITEMS,
               "kinds of changes are the model's");

static kf_project_change change_of(const kf_change *c)
{
    return (kf_project_change){.kind = (kf_project_change_kind)c->kind, .sequence = c->sequence, .track = c->track,
                               .asset = c->asset, .old_index = c->old_index, .removed = c->removed,
                               .new_index = c->new_index, .inserted = c->inserted, .old_start = c->old_start,
                               .old_end = c->old_end, .new_start = c->new_start, .new_end = c->new_end};
}

/* False when out of memory: then it cannot be said what has changed. */
static bool list_changes(kf_project *p, kf_ref now)
{
    kf_changes *c = &p->listener.changes;
    void *told = p->listener.told;
    if (kf_diff(kf_film_store(p->film), p->listener.seen, now, c, NULL) != KF_OK ||
        kf_grow(&told, &p->listener.capacity, c->count, sizeof *p->listener.told) != 0) {
        c->count = 0;
        return false;
    }
    p->listener.told = told;
    for (size_t i = 0; i < c->count; i++) {
        p->listener.told[i] = change_of(&c->list[i]);
    }
    return true;
}

void project_tell(kf_project *p)
{
    kf_ref now = p->listener.fn ? present_root(p) : KF_REF_NONE;
    if (!p->listener.fn || now == p->listener.seen) {
        return;
    }
    bool listed = list_changes(p, now);
    p->listener.seen = now;
    if (!listed || p->listener.changes.count > 0) {
        p->listener.fn(p->listener.context, p->listener.told, p->listener.changes.count);
    }
}

void kf_project_listen(kf_project *p, kf_project_changed_fn *fn, void *context)
{
    p->listener.fn = fn;
    p->listener.context = context;
    p->listener.seen = present_root(p);
}

void project_listener_finish(kf_project *p)
{
    kf_changes_finish(&p->listener.changes);
    kf_free(p->listener.told);
}

/* ---- Gestures ---- */

kf_status kf_gesture_begin(kf_project *p, kf_gesture **out, kf_error *error)
{
    *out = NULL;
    kf_status status = project_check_writable(p, error);
    kf_gesture *g = status == KF_OK ? KF_NEW(kf_gesture) : NULL;
    if (!g) {
        return status == KF_OK ? kf_fail_memory(error) : status;
    }
    g->project = p;
    status = kf_edit_begin(p->film, &g->edit, error);
    if (status != KF_OK) {
        kf_free(g);
        return status;
    }
    g->begin = g->last = bytes_of(p);
    *out = p->gesture = g;
    return KF_OK;
}

kf_status kf_gesture_update(kf_gesture *g, const char *operations, size_t length, kf_edit_outcome *outcome,
                            kf_error *error)
{
    const kf_edit_script script = {.text = operations, .length = length, .name = "edit"};
    kf_json_doc *doc;
    outcome_set(&(kf_edit_result){0}, outcome);
    kf_status status = project_parse(&script, &doc, error);
    if (status != KF_OK) {
        return status;
    }
    uint64_t before = bytes_of(g->project);
    status = kf_edit_update(g->edit, kf_json_root(doc), script.name, error);
    kf_json_free(doc);
    if (status == KF_OK) {
        g->last = before;
        outcome_set(kf_edit_get_result(g->edit), outcome);
        project_tell(g->project);
    }
    return status;
}

kf_status gesture_pin(kf_gesture *g, kf_film **out, kf_error *error)
{
    return kf_edit_pin(g->edit, out, error);
}

kf_status kf_gesture_film(kf_gesture *g, kf_film_handle **out, kf_error *error)
{
    return kf_project_film(g->project, out, error);
}

/* The edit is ended already. kept: its last state is one of history. */
static void end(kf_gesture *g, bool kept)
{
    g->project->waste += (kept ? g->last : bytes_of(g->project)) - g->begin;
    g->project->gesture = NULL;
    project_tell(g->project);
    kf_free(g);
}

kf_status kf_gesture_commit(kf_gesture *g, const char *label, kf_error *error)
{
    kf_status status = project_write_ahead(g->project, g->edit, error);
    status = status == KF_OK ? kf_edit_commit(g->edit, label, NULL, error) : status;
    if (status != KF_OK) {
        kf_edit_abort(g->edit);
    }
    end(g, status == KF_OK);
    return status;
}

void kf_gesture_cancel(kf_gesture *g)
{
    if (g) {
        kf_edit_abort(g->edit);
        end(g, false);
    }
}

/* ---- Finding ---- */

kf_status kf_project_find(kf_project *p, uint64_t id, kf_project_place *out, kf_error *error)
{
    kf_item_place place;
    kf_status status = p->gesture ? kf_edit_find(p->gesture->edit, id, &place, error)
                                  : kf_film_find(p->film, id, &place, error);
    if (status == KF_OK) {
        *out = (kf_project_place){place.sequence, place.track, place.item.index};
    }
    return status;
}
