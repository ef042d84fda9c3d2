/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What operations read of the film format. */
#include "model/edit/read.h"
#include "model/json/reader.h"

fragment_scope edit_scope(kf_edit *e)
{
    bool open = e->sequence.ref != KF_REF_NONE;
    return (fragment_scope){.store = e->store, .snapshot = edit_state(e), .sequence = open ? e->sequence.view.uid : 0,
                            .next_id = &e->next_id, .name = e->name, .folder = e->film->folder, .media = e->film->media,
                            .ctx = e->film->media_ctx, .err = e->err};
}

kf_status edit_read_ratio(kf_edit *e, const kf_json *json, kf_rational *out, bool *negative)
{
    reader r = {.name = e->name, .err = e->err};
    kf_status status = read_ratio(&r, json, out, negative);
    bool fits = status != KF_OK || ((int64_t)out->num * 1000 >= out->den && out->num <= (int64_t)out->den * 1000);
    return fits ? status : REFUSE(e, "a speed of %.40s is beyond 0.001 to 1000", json->text);
}

kf_status edit_read_clip(kf_edit *e, const kf_json *json, kf_track_kind kind, track_item *out, uint64_t *id)
{
    fragment_scope scope = edit_scope(e);
    fragment_clip clip = {.json = json, .track = kind};
    kf_status status = fragment_read_clip(&scope, &clip);
    *out = (track_item){.duration = clip.duration, .ref = clip.ref, .kind = KF_ITEM_CLIP};
    *id = clip.id;
    return status;
}
