/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Assets: add, set, remove. */
#include <stdio.h>
#include <string.h>

#include "model/edit/merge.h"
#include "model/edit/ops.h"
#include "model/edit/read.h"
#include "model/edit/usage.h"

static kf_status find_asset_of(kf_edit *e, const char *id, kf_asset_view *out)
{
    kf_snapshot state = edit_state(e);
    return kf_asset_at(state, kf_asset_find(state, id), out)
               ? KF_OK
               : kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no asset \"%.100s\"", id);
}

kf_status op_add_asset(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_asset *a = args;
    uint64_t uid = project_new_uid(e);
    kf_ref ref;
    fragment_scope scope = edit_scope(e);
    kf_status status = fragment_read_asset(&scope, a->set, a->asset, uid, &ref);
    return status == KF_OK ? project_put(e, PROJECT_ASSETS, uid, ref) : status;
}

static kf_status keep_markers(kf_edit *e, const kf_asset_view *old, kf_ref *ref)
{
    const kf_node *node = kf_store_node(e->store, *ref, NODE_ASSET, sizeof(asset_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_INTERNAL, "the changed asset cannot be read");
    }
    build_load(&e->build, node);
    build_set_ref(&e->build, ASSET_MARKERS, old->markers.ref);
    return build_append(&e->build, e->store, NODE_ASSET, ref, e->err);
}

kf_status op_set_asset(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_asset *a = args;
    kf_asset_view old;
    kf_json_doc *doc;
    kf_ref ref;
    kf_status status = find_asset_of(e, a->asset, &old);
    if (status == KF_OK) {
        status = edit_refuse_key(e, a->set, "markers", "use add_marker, set_marker and remove_marker");
    }
    if (status != KF_OK) {
        return status;
    }
    old.offline = old.offline && !kf_json_get(a->set, "path"); /* a new file is there unless it is said not to be */
    status = edit_merge(e, write_asset_head, &old, a->set, &doc);
    if (status != KF_OK) {
        return status;
    }
    fragment_scope scope = edit_scope(e);
    status = fragment_read_asset(&scope, kf_json_root(doc), old.id, old.uid, &ref);
    kf_json_free(doc);
    status = status == KF_OK ? keep_markers(e, &old, &ref) : status;
    return status == KF_OK ? project_put(e, PROJECT_ASSETS, old.uid, ref) : status;
}

kf_status op_remove_asset(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_asset *a = args;
    kf_asset_view asset;
    char what[120];
    kf_status status = find_asset_of(e, a->asset, &asset);
    if (status != KF_OK) {
        return status;
    }
    snprintf(what, sizeof what, "asset \"%.80s\"", asset.id);
    status = check_unused(e, KF_SOURCE_ASSET, asset.uid, what);
    return status == KF_OK ? project_put(e, PROJECT_ASSETS, asset.uid, KF_REF_NONE) : status;
}
