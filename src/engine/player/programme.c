/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/programme.h"

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/settings.h"

#define ANNOUNCED KF_SECOND /* of each clip that comes */

static kf_status fill(kf_programme *p, const kf_programme_params *params, kf_error *err)
{
    p->serial = params->serial;
    p->snapshot = kf_film_snapshot(p->film);
    p->proxies = params->proxies;
    kf_status status = kf_settings_sequence(p->snapshot, params->sequence, &p->sequence, err);
    if (status != KF_OK) return status;
    if (!kf_sequence_at(p->snapshot, p->sequence, &p->view))
        return kf_fail(err, KF_ERR_INTERNAL, "the sequence cannot be read");
    kf_assets_params ap = {.snapshot = p->snapshot,
                           .folder = kf_film_folder(p->film),
                           .library = params->library,
                           .allow_missing = true,
                           .lenient = true,
                           .proxies = params->proxies,
                           .placeholder_width = p->view.width,
                           .placeholder_height = p->view.height,
                           .warnings = params->warnings};
    return kf_assets_create(&ap, &p->providers.assets, err);
}

kf_status kf_programme_create(const kf_film *film, const kf_programme_params *params, kf_programme **out,
                              kf_error *err)
{
    *out = NULL;
    kf_programme *p = KF_NEW(kf_programme);
    if (!p) return kf_fail_memory(err);
    atomic_init(&p->refs, 1);
    kf_status status = kf_film_pin(film, &p->film, err);
    if (status == KF_OK) status = fill(p, params, err);
    if (status == KF_OK)
        *out = p;
    else
        kf_programme_unref(p);
    return status;
}

kf_programme *kf_programme_ref(kf_programme *p)
{
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

void kf_programme_unref(kf_programme *p)
{
    if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1) return;
    kf_assets_destroy(p->providers.assets);
    kf_film_destroy(p->film);
    kf_free(p);
}

static void announce_clip(kf_programme *p, const kf_clip_view *clip)
{
    kf_asset_view asset;
    int32_t index = clip->source == KF_SOURCE_ASSET && clip->enabled ? kf_asset_index(p->snapshot, clip->source_uid) : -1;
    if (index < 0 || !kf_asset_at(p->snapshot, index, &asset)) return;
    kf_time first = kf_clip_source_time(clip, 0, KF_TIME_NONE);
    kf_assets_announce_span(p->providers.assets, &asset, clip->video_stream, first, ANNOUNCED);
}

static void announce_track(kf_programme *p, const kf_track_view *track, kf_time from, kf_time to)
{
    kf_cursor cursor;
    kf_clip_view clip;
    kf_cursor_init(&cursor, p->snapshot, track);
    if (!kf_cursor_seek(&cursor, from)) return;
    while (kf_cursor_next(&cursor) && cursor.item.start <= to)
        if (cursor.item.kind == KF_ITEM_CLIP && kf_cursor_clip(&cursor, &clip)) announce_clip(p, &clip);
}

void kf_programme_announce(kf_programme *p, kf_time from, kf_time to)
{
    for (int32_t i = 0; i < p->view.track_count; i++) {
        kf_track_view track;
        if (!kf_track_get(p->snapshot, &p->view, i, &track) || track.kind != KF_TRACK_VIDEO || track.hide) continue;
        announce_track(p, &track, from, to);
    }
}

int64_t kf_programme_frames(const kf_programme *p)
{
    return p->view.duration > 0 ? kf_frame_at(p->view.duration - 1, p->view.rate) + 1 : 1;
}
