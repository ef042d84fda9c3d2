/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies of whole sequences: all ids are new, and what was linked is linked with its like among the copies. Parameters,
 * effects and metadata are shared with the original. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/ops.h"
#include "model/marks.h"

static kf_status damaged(kf_edit *e, const char *what)
{
    return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: %s cannot be read", what);
}

/* The node at *ref with another number, which is the first thing in its body. */
static kf_status copy_numbered(kf_edit *e, uint16_t kind, size_t least, kf_ref *ref)
{
    const kf_node *node = kf_store_node(e->store, *ref, kind, least);
    uint64_t id = edit_new_id(e);
    if (!node) {
        return damaged(e, "a marker or a transition");
    }
    build_load(&e->build, node);
    build_body(&e->build, 0, &id, sizeof id);
    edit_created(e, id);
    return build_append(&e->build, e->store, kind, ref, e->err);
}
_Static_assert(offsetof(marker_body, id) == 0 && offsetof(transition_body, id) == 0, "ids come first");

static kf_status copy_markers(kf_edit *e, kf_ref *tree)
{
    kf_snapshot state = edit_state(e);
    kf_markers markers = marks_of(e->store, *tree);
    mark_item *items = kf_alloc_zero((size_t)markers.count + 1, sizeof *items);
    kf_status status = items ? KF_OK : kf_fail_memory(e->err);
    size_t count = 0;
    for (int32_t i = 0; i < markers.count && status == KF_OK; i++) {
        kf_marker marker;
        if (kf_marker_at(state, markers, i, &marker)) {
            kf_ref ref = marker.ref;
            status = copy_numbered(e, NODE_MARKER, sizeof(marker_body), &ref);
            count += status == KF_OK && mark_item_get(e->store, ref, &items[count]);
        }
    }
    status = status == KF_OK ? marks_build(e->store, items, count, tree, e->err) : status;
    kf_free(items);
    return status;
}

static kf_status copy_link_of(kf_edit *e, const kf_node *node, uint32_t which, kf_ref *out)
{
    *out = kf_node_ref(node, which);
    return *out == KF_REF_NONE ? KF_OK : edit_copy_link(e, out);
}

static kf_status copy_clip(kf_edit *e, kf_ref *ref)
{
    const kf_node *node = kf_store_node(e->store, *ref, NODE_CLIP, sizeof(clip_body));
    if (!node) {
        return damaged(e, "a clip");
    }
    clip_body body;
    kf_ref link, group, markers = kf_node_ref(node, CLIP_MARKERS);
    memcpy(&body, kf_node_payload(node), sizeof body);
    kf_status status = edit_copy_id(e, body.id, &body.id);
    status = status == KF_OK ? copy_link_of(e, node, CLIP_LINK, &link) : status;
    status = status == KF_OK ? copy_link_of(e, node, CLIP_GROUP, &group) : status;
    if (status == KF_OK && markers != KF_REF_NONE) {
        status = copy_markers(e, &markers);
    }
    if (status != KF_OK) {
        return status;
    }
    edit_created(e, body.id);
    build_load(&e->build, node);
    build_set_ref(&e->build, CLIP_LINK, link);
    build_set_ref(&e->build, CLIP_GROUP, group);
    build_set_ref(&e->build, CLIP_MARKERS, markers);
    build_body(&e->build, 0, &body, sizeof body);
    return build_append(&e->build, e->store, NODE_CLIP, ref, e->err);
}

static kf_status copy_items(kf_edit *e, const kf_track_view *track, track_item *items, size_t *count)
{
    kf_cursor c;
    kf_status status = KF_OK;
    kf_cursor_init(&c, edit_state(e), track);
    for (*count = 0; *count < (size_t)track->item_count && status == KF_OK && kf_cursor_next(&c); ++*count) {
        track_item *item = &items[*count];
        *item = (track_item){.duration = c.item.duration, .ref = c.item.ref, .kind = c.item.kind};
        if (item->kind == KF_ITEM_CLIP) {
            status = copy_clip(e, &item->ref);
        } else if (item->kind == KF_ITEM_TRANSITION) {
            item->duration = 0;
            status = copy_numbered(e, NODE_TRANSITION, sizeof(transition_body), &item->ref);
        }
    }
    return status;
}

static kf_status copy_tree(kf_edit *e, const kf_track_view *track, kf_ref *out)
{
    track_item *items = kf_alloc_zero((size_t)track->item_count + 1, sizeof *items);
    size_t count = 0;
    tree_sum sum;
    kf_status status = items ? copy_items(e, track, items, &count) : kf_fail_memory(e->err);
    if (status == KF_OK && count != (size_t)track->item_count) {
        status = damaged(e, "a track");
    }
    status = status == KF_OK ? tree_build(e->store, items, count, out, &sum, e->err) : status;
    kf_free(items);
    return status;
}

static kf_status copy_track(kf_edit *e, kf_ref *ref)
{
    kf_track_view track;
    kf_ref tree;
    uint64_t uid = edit_new_id(e);
    const kf_node *node = kf_store_node(e->store, *ref, NODE_TRACK, sizeof(track_body));
    if (!node || !track_open(e->store, *ref, &track)) {
        return damaged(e, "a track");
    }
    kf_status status = copy_tree(e, &track, &tree);
    if (status != KF_OK) {
        return status;
    }
    edit_created(e, uid);
    build_load(&e->build, node);
    build_set_ref(&e->build, TRACK_TREE, tree);
    build_body(&e->build, offsetof(track_body, uid), &uid, sizeof uid);
    return build_append(&e->build, e->store, NODE_TRACK, ref, e->err);
}

static kf_status copy_parts(kf_edit *e)
{
    kf_status status = KF_OK;
    for (size_t i = 0; i < e->sequence.count && status == KF_OK; i++) {
        status = copy_track(e, &e->sequence.tracks[i]);
    }
    return status == KF_OK && e->sequence.markers != KF_REF_NONE ? copy_markers(e, &e->sequence.markers) : status;
}

static kf_status write_copy(kf_edit *e, uint64_t uid, const char *id)
{
    const struct edit_sequence *s = &e->sequence;
    const kf_node *node = kf_store_node(e->store, s->ref, NODE_SEQUENCE, sizeof(sequence_body));
    sequence_body body;
    kf_ref ref;
    if (!node) {
        return damaged(e, "a sequence");
    }
    memcpy(&body, kf_node_payload(node), sizeof body);
    build_load(&e->build, node);
    build_splice_refs(&e->build, SEQUENCE_TRACKS, (uint32_t)s->view.track_count, s->tracks, (uint32_t)s->count);
    build_set_ref(&e->build, SEQUENCE_MARKERS, s->markers);
    body.uid = uid;
    body.id = build_text(&e->build, id);
    build_body(&e->build, 0, &body, sizeof body);
    kf_status status = build_append(&e->build, e->store, NODE_SEQUENCE, &ref, e->err);
    return status == KF_OK ? project_put(e, PROJECT_SEQUENCES, uid, ref) : status;
}

kf_status op_duplicate_sequence(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_sequence *a = args;
    if (!*a->id || kf_sequence_find(edit_state(e), a->id) >= 0) {
        return *a->id ? REFUSE(e, "there is another sequence \"%.100s\"", a->id)
                      : REFUSE(e, "the id of a sequence must not be empty");
    }
    kf_status status = sequence_open(e, a->sequence);
    uint64_t uid = project_new_uid(e);
    status = status == KF_OK ? copy_parts(e) : status;
    return status == KF_OK ? write_copy(e, uid, a->id) : status;
}
