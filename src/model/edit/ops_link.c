/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips that belong together: link, unlink, group, ungroup. */
#include "base/api/alloc.h"
#include "model/edit/change.h"
#include "model/edit/ops.h"

/* The clips with all that they are linked, or grouped, with. */
static kf_status gather(kf_edit *e, kf_ids ids, kf_link_kind which, clip_place **out, size_t *count)
{
    return which == KF_LINK ? clips_gather(e, ids, true, out, count) : clips_gather_grouped(e, ids, false, out, count);
}

static kf_ref link_at(const kf_clip_view *clip, kf_link_kind which)
{
    return which == KF_LINK ? clip->link : clip->group;
}

/* Whether they are linked with each other, and with no others, already. */
static bool is_whole(kf_edit *e, const clip_place *list, size_t count, kf_link_kind which)
{
    kf_ref link = link_at(&list[0].view, which);
    bool same = link != KF_REF_NONE && kf_clip_links(edit_state(e), &list[0].view, which).count == (int32_t)count;
    for (size_t i = 1; i < count && same; i++) {
        same = link_at(&list[i].view, which) == link;
    }
    return same;
}

kf_status op_link(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_clips *a = args;
    kf_link_kind which = id == KF_EDIT_LINK ? KF_LINK : KF_GROUP;
    clip_place *list;
    size_t count;
    kf_status status = gather(e, a->clips, which, &list, &count);
    if (status == KF_OK && count < 2) {
        status = REFUSE(e, "one clip alone cannot be %s: name at least two", which == KF_LINK ? "linked" : "a group");
    }
    if (status == KF_OK && !is_whole(e, list, count, which)) {
        status = clips_relink(e, list, count, which);
    }
    kf_free(list);
    return status;
}

kf_status op_unlink(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_clips *a = args;
    kf_link_kind which = id == KF_EDIT_UNLINK ? KF_LINK : KF_GROUP;
    clip_place *list;
    size_t count;
    bool any = false;
    kf_status status = gather(e, a->clips, which, &list, &count);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        if (link_at(&list[i].view, which) != KF_REF_NONE) {
            any = true;
            status = clips_relink(e, &list[i], 1, which);
        }
    }
    kf_free(list);
    return status == KF_OK && !any ? REFUSE(e, "none of these clips is %s", which == KF_LINK ? "linked" : "in a group")
                                   : status;
}
