/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequences: add, set, remove. */
#include <stdio.h>
#include <string.h>

#include "model/edit/merge.h"
#include "model/edit/ops.h"
#include "model/edit/read.h"
#include "model/edit/usage.h"
#include "model/presets.h"

/* ---- Add ---- */

/* A preset's keys, or none. */
static kf_status preset_text(const char *name, kf_str *out, kf_error *err)
{
    kf_json_writer w = {.out = out, .compact = true};
    const kf_sequence_preset *preset = NULL;
    kf_status status = *name ? preset_find(name, &preset, err) : KF_OK;
    kf_json_begin_object(&w);
    if (preset) {
        preset_write(&w, preset);
    }
    kf_json_end_object(&w);
    return status;
}

static kf_status merge_preset(kf_edit *e, const kf_edit_sequence *a, kf_json_doc **out)
{
    kf_str base = {0};
    kf_status status = a->set ? edit_refuse_key(e, a->set, "id", "the id is an argument of its own") : KF_OK;
    status = status == KF_OK ? preset_text(a->preset, &base, e->err) : status;
    status = status == KF_OK ? edit_merge_text(e, &base, a->set, out) : status;
    kf_str_finish(&base);
    return status;
}

kf_status op_add_sequence(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_sequence *a = args;
    kf_json_doc *doc;
    kf_ref ref;
    kf_status status = merge_preset(e, a, &doc);
    if (status != KF_OK) {
        return status;
    }
    uint64_t uid = project_new_uid(e);
    fragment_scope scope = edit_scope(e);
    status = fragment_read_sequence(&scope, kf_json_root(doc), a->id, uid, &ref);
    kf_json_free(doc);
    return status == KF_OK ? project_put(e, PROJECT_SEQUENCES, uid, ref) : status;
}

/* ---- Set ---- */

/* What was taken from media stays so; null leaves it to them again (when the film is read the next time). */
static void keep_automatic(const kf_sequence_view *old, const kf_json *set, sequence_body *body)
{
    const kf_json *size = kf_json_get(set, "size"), *rate = kf_json_get(set, "rate");
    if (!size ? old->auto_size : size->type == KF_JSON_NULL) {
        body->flags |= SEQUENCE_AUTO_SIZE;
        body->width = old->width;
        body->height = old->height;
    } else {
        body->flags &= (uint8_t)~SEQUENCE_AUTO_SIZE;
    }
    if (!rate ? old->auto_rate : rate->type == KF_JSON_NULL) {
        body->flags |= SEQUENCE_AUTO_RATE;
        body->rate = old->rate;
    } else {
        body->flags &= (uint8_t)~SEQUENCE_AUTO_RATE;
    }
}

/* The new head with the tracks and markers of the sequence that is open. */
static kf_status keep_tracks(kf_edit *e, const kf_json *set, kf_ref *ref)
{
    const struct edit_sequence *s = &e->sequence;
    const kf_node *node = kf_store_node(e->store, *ref, NODE_SEQUENCE, sizeof(sequence_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_INTERNAL, "the changed sequence cannot be read");
    }
    sequence_body body;
    memcpy(&body, kf_node_payload(node), sizeof body);
    keep_automatic(&s->view, set, &body);
    body.track_count = (uint32_t)s->count;
    body.clip_count = s->view.clip_count;
    body.duration = s->view.duration;
    build_load(&e->build, node);
    build_set_ref(&e->build, SEQUENCE_MARKERS, s->markers);
    build_splice_refs(&e->build, SEQUENCE_TRACKS, 0, s->tracks, (uint32_t)s->count);
    build_body(&e->build, 0, &body, sizeof body);
    return build_append(&e->build, e->store, NODE_SEQUENCE, ref, e->err);
}

static kf_status read_changed(kf_edit *e, const kf_json *set, kf_ref *out)
{
    kf_json_doc *doc;
    kf_sequence_view old = e->sequence.view;
    old.auto_size = old.auto_rate = false;
    kf_status status = edit_refuse_key(e, set, "markers", "use add_marker, set_marker and remove_marker");
    if (status == KF_OK) {
        status = edit_refuse_key(e, set, "tracks", "use add_track, set_track, move_track and remove_track");
    }
    status = status == KF_OK ? edit_merge(e, write_sequence_head, &old, set, &doc) : status;
    if (status != KF_OK) {
        return status;
    }
    const kf_json *id = kf_json_get(kf_json_root(doc), "id");
    fragment_scope scope = edit_scope(e);
    scope.head = true;
    status = fragment_read_sequence(&scope, kf_json_root(doc), id && id->type == KF_JSON_STRING ? id->text : old.id,
                                    old.uid, out);
    kf_json_free(doc);
    return status == KF_OK ? keep_tracks(e, set, out) : status;
}

kf_status op_set_sequence(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_sequence *a = args;
    kf_ref ref;
    kf_status status = sequence_open(e, a->sequence);
    status = status == KF_OK ? read_changed(e, a->set, &ref) : status;
    return status == KF_OK ? project_put(e, PROJECT_SEQUENCES, e->sequence.view.uid, ref) : status;
}

/* ---- Remove ---- */

/* After the main sequence, the first one is. */
static kf_status change_main(kf_edit *e, uint64_t gone)
{
    kf_sequence_view first;
    project_body body;
    kf_status status = project_load(e, &body);
    if (status != KF_OK || body.main_uid != gone || !kf_sequence_at(edit_state(e), 0, &first)) {
        return status;
    }
    body.main_uid = first.uid;
    edit_note(e, "\"%.100s\" is the main sequence now", first.id);
    return project_store(e, &body);
}

kf_status op_remove_sequence(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_sequence *a = args;
    kf_snapshot state = edit_state(e);
    kf_sequence_view view;
    char what[120];
    if (!kf_sequence_at(state, kf_sequence_find(state, a->sequence), &view)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no sequence \"%.100s\"", a->sequence);
    }
    if (!kf_sequence_at(state, 1, &(kf_sequence_view){0})) {
        return REFUSE(e, "\"%.100s\" is the last sequence: a film needs one", view.id);
    }
    snprintf(what, sizeof what, "sequence \"%.80s\"", view.id);
    kf_status status = check_unused(e, KF_SOURCE_SEQUENCE, view.uid, what);
    status = status == KF_OK ? project_put(e, PROJECT_SEQUENCES, view.uid, KF_REF_NONE) : status;
    return status == KF_OK ? change_main(e, view.uid) : status;
}
