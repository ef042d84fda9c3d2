/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transactions and history. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/api/alloc.h"
#include "model/edit/args.h"
#include "model/edit/edit.h"

static uint64_t next_id_at(const kf_store *store, kf_ref root)
{
    size_t size;
    const project_body *body = node_body(store, root, NODE_PROJECT, sizeof *body, &size);
    return body && body->next_id > 0 ? body->next_id : 1;
}

static void clear_result(kf_edit *e)
{
    for (size_t i = 0; i < e->result.note_count; i++) {
        kf_free(e->result.notes[i]);
    }
    e->result.note_count = e->result.id_count = 0;
}

void kf_edit_result_finish(kf_edit_result *result)
{
    for (size_t i = 0; i < result->note_count; i++) {
        kf_free(result->notes[i]);
    }
    kf_free(result->ids);
    kf_free(result->notes);
    *result = (kf_edit_result){0};
}

void kf_edit_take_result(kf_edit *e, kf_edit_result *out)
{
    *out = e->result;
    e->result = (kf_edit_result){0};
    e->id_capacity = e->note_capacity = 0;
}

kf_status kf_edit_begin(kf_film *film, kf_edit **out, kf_error *err)
{
    if (film->editing || film->pinned != KF_REF_NONE) {
        return kf_fail(err, KF_ERR_INVALID, film->editing ? "an edit of this film is open already: commit or abort it first"
                                                          : "this state of the film is not edited");
    }
    kf_edit *e = KF_NEW(kf_edit);
    if (!e) {
        return kf_fail_memory(err);
    }
    e->film = film;
    e->name = "edit";
    e->store = film->store;
    e->base = e->root = kf_film_snapshot(film).root;
    e->next_id = next_id_at(e->store, e->root);
    e->mark = kf_store_mark(e->store);
    film->editing = true;
    *out = e;
    return KF_OK;
}

void kf_edit_reset(kf_edit *e)
{
    e->root = e->base;
    e->next_id = next_id_at(e->store, e->root);
    e->label[0] = '\0';
    e->operations = 0;
    clear_result(e);
    if (!e->shown) {
        /* the index must not know nodes that go; what it cannot follow it forgets */
        if (e->film->index) {
            index_move(e->film->index, e->store, e->base, NULL);
        }
        kf_store_rewind(e->store, e->mark);
    }
}

static void destroy(kf_edit *e)
{
    e->film->editing = false;
    kf_edit_result_finish(&e->result);
    kf_free(e->sequence.tracks);
    copy_map_finish(&e->ids);
    copy_map_finish(&e->links);
    build_finish(&e->build);
    kf_free(e);
}

void kf_edit_abort(kf_edit *e)
{
    if (e) {
        kf_edit_reset(e);
        destroy(e);
    }
}

const kf_edit_result *kf_edit_get_result(const kf_edit *e)
{
    return &e->result;
}

kf_status kf_edit_changes(const kf_edit *e, kf_changes *out, kf_error *err)
{
    return kf_diff(e->store, e->base, e->root, out, err);
}

kf_snapshot kf_edit_snapshot(kf_edit *e)
{
    e->shown = true;
    return edit_state(e);
}

/* ---- Operations ---- */

static edit_fn *find_op(uint16_t id)
{
    for (int i = 0; i < edit_op_count; i++) {
        if (edit_ops[i].id == id) {
            return edit_ops[i].fn;
        }
    }
    return NULL;
}

static void add_label(kf_edit *e, const kf_kind *kind)
{
    if (e->operations++ == 0) {
        snprintf(e->label, sizeof e->label, "%s", kind->label);
    } else if (strncmp(e->label, kind->label, strlen(kind->label)) != 0) {
        snprintf(e->label, sizeof e->label, "%d edits", e->operations);
    }
}

/* JSON arguments are there that must be. */
static kf_status check_given(const kf_kind *kind, const void *args, kf_error *err)
{
    for (int i = 0; i < kind->field_count; i++) {
        const kf_field *field = &kind->fields[i];
        const kf_json *json = NULL;
        if (field->required && field->type == KF_FIELD_JSON) {
            memcpy(&json, (const char *)args + field->offset, sizeof json);
            if (!json) {
                return kf_fail(err, KF_ERR_INVALID, "%s needs \"%s\": %s", kind->name, field->name, field->help);
            }
        }
    }
    return KF_OK;
}

kf_status kf_edit_operate(kf_edit *e, uint16_t id, const void *args, kf_error *err)
{
    const kf_kind *kind = kf_kind_get(id);
    edit_fn *fn = kind && kind->cls == KF_CLASS_EDIT ? find_op(id) : NULL;
    kf_error own;
    if (!fn) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "there is no edit with the number %u", id);
    }
    kf_status status = check_given(kind, args, err);
    if (status != KF_OK) {
        return status;
    }
    kf_ref root = e->root;
    uint64_t next_id = e->next_id;
    size_t ids = e->result.id_count, notes = e->result.note_count;
    e->err = err ? err : &own;
    e->ids.count = e->links.count = 0;
    status = fn(e, id, args);
    if (status == KF_OK) {
        status = sequence_close(e);
    }
    e->sequence.ref = KF_REF_NONE;
    if (status == KF_OK) {
        add_label(e, kind);
        return KF_OK;
    }
    e->root = root;
    e->next_id = next_id;
    e->result.id_count = ids;
    while (e->result.note_count > notes) {
        kf_free(e->result.notes[--e->result.note_count]);
    }
    return status;
}

kf_status kf_edit_apply(kf_edit *e, const kf_json *op, const char *name, kf_error *err)
{
    e->name = name ? name : "edit";
    union {
        unsigned char bytes[KF_KIND_MAX_VALUES];
        double number;
        void *pointer;
    } values;
    edit_args args = {.name = e->name, .edit = e};
    const kf_kind *kind;
    kf_status status = args_read(&args, op, &kind, &values, err);
    if (status == KF_OK) {
        kf_error cause;
        status = kf_edit_operate(e, kind->id, &values, &cause);
        if (status != KF_OK) {
            kf_fail(err, status, "%s:%u: %s", e->name, op->line, cause.message);
        }
    }
    args_finish(&args);
    return status;
}

/* What an update gives up, or goes back to. */
typedef struct standing {
    kf_ref root;
    uint64_t next_id;
    int operations;
    char label[EDIT_LABEL];
    kf_edit_result result;
    size_t id_capacity, note_capacity;
} standing;

static void leave(kf_edit *e, standing *s)
{
    *s = (standing){.root = e->root, .next_id = e->next_id, .operations = e->operations,
                    .id_capacity = e->id_capacity, .note_capacity = e->note_capacity};
    memcpy(s->label, e->label, sizeof s->label);
    kf_edit_take_result(e, &s->result);
    e->shown = true; /* nothing is dropped: the way back needs it */
    kf_edit_reset(e);
}

static void go_back(kf_edit *e, const standing *s)
{
    kf_edit_result_finish(&e->result);
    e->root = s->root;
    e->next_id = s->next_id;
    e->operations = s->operations;
    e->result = s->result;
    e->id_capacity = s->id_capacity;
    e->note_capacity = s->note_capacity;
    memcpy(e->label, s->label, sizeof e->label);
}

kf_status kf_edit_update(kf_edit *e, const kf_json *operations, const char *name, kf_error *err)
{
    standing before;
    kf_status status = KF_OK;
    leave(e, &before);
    for (const kf_json *op = operations->first; op && status == KF_OK; op = op->next) {
        status = kf_edit_apply(e, op, name, err);
    }
    if (status != KF_OK) {
        go_back(e, &before);
    } else {
        kf_edit_result_finish(&before.result);
    }
    return status;
}

kf_status kf_edit_pin(kf_edit *e, kf_film **out, kf_error *err)
{
    kf_status status = kf_film_pin(e->film, out, err);
    if (status == KF_OK) {
        (*out)->pinned = kf_edit_snapshot(e).root;
    }
    return status;
}

/* ---- Commits ---- */

static int64_t now_us(void)
{
    struct timespec now;
    return timespec_get(&now, TIME_UTC) == TIME_UTC ? (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 : 0;
}

static kf_status moved(kf_film *film, kf_ref from, kf_ref to, kf_changes *changes, kf_error *err)
{
    kf_status status = changes ? kf_diff(film->store, from, to, changes, err) : KF_OK;
    if (status == KF_OK && film->index) {
        status = index_move(film->index, film->store, to, err);
    }
    return status;
}

kf_status kf_edit_commit(kf_edit *e, const char *label, kf_changes *changes, kf_error *err)
{
    kf_status status = KF_OK;
    if (e->root != e->base) {
        /* what can fail comes before the commit */
        status = moved(e->film, e->base, e->root, changes, err);
        kf_commit commit = {.root = e->root, .label = label ? label : e->label, .time = now_us()};
        status = status == KF_OK ? kf_store_commit(e->store, &commit, NULL, err) : status;
    } else if (changes) {
        changes->count = 0;
    }
    if (status == KF_OK) {
        destroy(e);
    }
    return status;
}

/* ---- History ---- */

kf_status kf_film_go(kf_film *film, kf_ref commit, kf_changes *changes, kf_error *err)
{
    kf_commit from = {0}, to;
    if (film->editing) {
        return kf_fail(err, KF_ERR_INVALID, "an edit of this film is open: commit or abort it first");
    }
    if (!kf_store_commit_get(film->store, commit, &to)) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no state %llu in the history", (unsigned long long)commit);
    }
    kf_store_commit_get(film->store, kf_store_head(film->store), &from);
    kf_status status = kf_store_set_head(film->store, commit, err);
    return status == KF_OK ? moved(film, from.root, to.root, changes, err) : status;
}

kf_status kf_film_undo(kf_film *film, kf_changes *changes, kf_error *err)
{
    kf_ref target = kf_store_undo_target(film->store);
    return target == KF_REF_NONE ? kf_fail(err, KF_ERR_INVALID, "there is nothing to undo")
                                 : kf_film_go(film, target, changes, err);
}

kf_status kf_film_redo(kf_film *film, kf_changes *changes, kf_error *err)
{
    kf_ref target = kf_store_redo_target(film->store);
    return target == KF_REF_NONE ? kf_fail(err, KF_ERR_INVALID, "there is nothing to redo")
                                 : kf_film_go(film, target, changes, err);
}

kf_status kf_film_restore(kf_film *film, kf_ref commit, const char *label, kf_changes *changes, kf_error *err)
{
    kf_commit to;
    kf_edit *e;
    if (!kf_store_commit_get(film->store, commit, &to)) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no state %llu in the history", (unsigned long long)commit);
    }
    kf_status status = kf_edit_begin(film, &e, err);
    if (status != KF_OK) {
        return status;
    }
    e->root = to.root;
    status = kf_edit_commit(e, label, changes, err);
    if (status != KF_OK) {
        kf_edit_abort(e);
    }
    return status;
}

kf_store *kf_film_store(kf_film *film)
{
    return film->store;
}

/* ---- Finding ---- */

static int32_t track_index(kf_snapshot state, const kf_sequence_view *sequence, uint64_t uid)
{
    kf_track_view track;
    for (int32_t i = 0; kf_track_get(state, sequence, i, &track); i++) {
        if (track.uid == uid) {
            return i;
        }
    }
    return -1;
}

static kf_status find_at(kf_film *film, kf_snapshot state, uint64_t id, kf_item_place *out, kf_error *err)
{
    item_place place;
    kf_sequence_view sequence;
    const item_index *index;
    kf_status status = film_index(film, state.root, &index, err);
    if (status != KF_OK) {
        return status;
    }
    bool found = index_find(index, id, &place);
    int32_t at = found ? kf_sequence_index(state, place.sequence) : -1;
    int32_t track = kf_sequence_at(state, at, &sequence) ? track_index(state, &sequence, place.track) : -1;
    if (track < 0) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no clip %llu", (unsigned long long)id);
    }
    *out = (kf_item_place){.sequence = at, .track = track, .item = place.item};
    return KF_OK;
}

kf_status kf_film_find(kf_film *film, uint64_t id, kf_item_place *out, kf_error *err)
{
    return find_at(film, kf_film_snapshot(film), id, out, err);
}

kf_status kf_edit_find(kf_edit *e, uint64_t id, kf_item_place *out, kf_error *err)
{
    return find_at(e->film, edit_state(e), id, out, err);
}

bool edit_find(kf_edit *e, uint64_t id, kf_item_place *out)
{
    return find_at(e->film, edit_state(e), id, out, NULL) == KF_OK;
}
