/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Markers of sequences, clips and assets: add, set, remove. */
#include <string.h>

#include "model/edit/merge.h"
#include "model/edit/ops.h"
#include "model/edit/read.h"

/* What carries the markers, and their tree. */
typedef struct carrier {
    clip_place clip;
    kf_asset_view asset;
    kf_rational rate;        /* that frames count at; {0, 0}: the sequence's */
    kf_ref tree;
} carrier;

static kf_status find_asset_carrier(kf_edit *e, const char *id, carrier *c)
{
    kf_snapshot state = edit_state(e);
    if (!kf_asset_at(state, kf_asset_find(state, id), &c->asset)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no asset \"%.100s\"", id);
    }
    c->rate = c->asset.media.facts.rate.num ? c->asset.media.facts.rate : c->asset.rate;
    c->tree = c->asset.markers.ref;
    return KF_OK;
}

static kf_status find_carrier(kf_edit *e, const kf_edit_marker *a, carrier *c)
{
    *c = (carrier){.tree = KF_REF_NONE};
    if (a->clip && *a->asset) {
        return REFUSE(e, "a marker is on a clip or on an asset, not on both");
    }
    if (*a->asset) {
        return find_asset_carrier(e, a->asset, c);
    }
    kf_status status = a->clip && !*a->sequence ? KF_OK : sequence_open(e, a->sequence);
    if (status == KF_OK && a->clip) {
        status = clip_find(e, a->clip, &c->clip);
    }
    c->tree = status != KF_OK ? KF_REF_NONE : a->clip ? c->clip.view.markers.ref : e->sequence.markers;
    return status;
}

/* ---- Putting the tree back ---- */

static kf_status with_markers(kf_edit *e, kf_ref *ref, uint16_t kind, uint32_t which, kf_ref tree)
{
    const kf_node *node = kf_store_node(e->store, *ref, kind, 0);
    if (!node) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: what has the marker cannot be read");
    }
    build_load(&e->build, node);
    build_set_ref(&e->build, which, tree);
    return build_append(&e->build, e->store, kind, ref, e->err);
}

static kf_status put_on_clip(kf_edit *e, const carrier *c)
{
    window w;
    size_t at;
    kf_status status = window_open_clip(e, &c->clip, &w, &at);
    if (status != KF_OK) {
        return status;
    }
    status = with_markers(e, &w.items[at].item.ref, NODE_CLIP, CLIP_MARKERS, c->tree);
    if (status == KF_OK) {
        return window_close(&w);
    }
    window_finish(&w);
    return status;
}

static kf_status put_back(kf_edit *e, const kf_edit_marker *a, const carrier *c)
{
    if (a->clip) {
        return put_on_clip(e, c);
    }
    if (!*a->asset) {
        e->sequence.markers = c->tree;
        e->sequence.changed = true;
        return KF_OK;
    }
    kf_ref ref = c->asset.ref;
    kf_status status = with_markers(e, &ref, NODE_ASSET, ASSET_MARKERS, c->tree);
    return status == KF_OK ? project_put(e, PROJECT_ASSETS, c->asset.uid, ref) : status;
}

/* ---- Operations ---- */

static kf_status add(kf_edit *e, const kf_edit_marker *a, carrier *c)
{
    mark_item item;
    fragment_scope scope = edit_scope(e);
    scope.rate = c->rate;
    kf_status status = fragment_read_marker(&scope, a->set, a->clip != 0, &item);
    if (status != KF_OK) {
        return status;
    }
    edit_created(e, item.id);
    return marks_insert(e->store, c->tree, item.ref, &c->tree, e->err);
}

static kf_status find_marker(kf_edit *e, uint64_t id, const carrier *c, kf_marker *out, mark_item *item)
{
    kf_snapshot state = edit_state(e);
    kf_markers markers = marks_of(e->store, c->tree);
    bool found = kf_marker_at(state, markers, kf_marker_find(state, markers, id), out) &&
                 mark_item_get(e->store, out->ref, item);
    return found ? KF_OK : kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no marker %llu here", (unsigned long long)id);
}

static void write_marker_head(film_writer *fw, const void *marker)
{
    write_marker(fw, marker);
}

static kf_status read_changed(kf_edit *e, const kf_json *set, const carrier *c, const kf_marker *old, mark_item *out)
{
    kf_json_doc *doc;
    kf_status status = edit_refuse_key(e, set, "id", "the number of a marker stays");
    status = status == KF_OK ? edit_merge(e, write_marker_head, old, set, &doc) : status;
    if (status != KF_OK) {
        return status;
    }
    fragment_scope scope = edit_scope(e);
    scope.rate = c->rate;
    scope.keep_ids = true;
    status = fragment_read_marker(&scope, kf_json_root(doc), c->clip.view.id != 0, out);
    kf_json_free(doc);
    return status;
}

static kf_status change(kf_edit *e, const kf_edit_marker *a, carrier *c)
{
    kf_marker old;
    mark_item item, changed;
    kf_status status = find_marker(e, a->marker, c, &old, &item);
    status = status == KF_OK ? read_changed(e, a->set, c, &old, &changed) : status;
    return status == KF_OK ? marks_replace(e->store, c->tree, &item, changed.ref, &c->tree, e->err) : status;
}

static kf_status take_away(kf_edit *e, const kf_edit_marker *a, carrier *c)
{
    kf_marker old;
    mark_item item;
    kf_status status = find_marker(e, a->marker, c, &old, &item);
    return status == KF_OK ? marks_remove(e->store, c->tree, &item, &c->tree, e->err) : status;
}

kf_status op_marker(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_marker *a = args;
    carrier c;
    kf_status status = find_carrier(e, a, &c);
    if (status != KF_OK) {
        return status;
    }
    status = id == KF_EDIT_ADD_MARKER ? add(e, a, &c) : id == KF_EDIT_SET_MARKER ? change(e, a, &c) : take_away(e, a, &c);
    return status == KF_OK ? put_back(e, a, &c) : status;
}
