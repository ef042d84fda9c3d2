/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/programme.h"

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/settings.h"

#define HEAD (KF_SECOND / 2)         /* of a clip's handle that a transition may show */
#define ANNOUNCED (2 * KF_SECOND)    /* of each clip that comes */

static kf_status fill(kf_programme *p, const kf_programme_params *params, kf_error *err)
{
    p->serial = params->serial;
    p->snapshot = kf_film_snapshot(p->film);
    p->proxies = params->proxies;
    p->part = params->part;
    kf_status status = kf_settings_sequence(p->snapshot, params->sequence, &p->sequence, err);
    if (status != KF_OK) return status;
    if (!kf_sequence_at(p->snapshot, p->sequence, &p->view))
        return kf_fail(err, KF_ERR_INTERNAL, "the sequence cannot be read");
    kf_assets_params ap = {.snapshot = p->snapshot,
                           .folder = kf_film_folder(p->film),
                           .library = params->library,
                           .running = params->running,
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

/* The asset of a clip that is shown from its in point on; false: there is none. */
static bool plain_asset(kf_programme *p, const kf_clip_view *clip, kf_asset_view *out)
{
    bool plain = clip->source == KF_SOURCE_ASSET && clip->enabled && !clip->reverse && !clip->frozen;
    int32_t index = plain && clip->remap_count == 0 ? kf_asset_index(p->snapshot, clip->source_uid) : -1;
    return index >= 0 && kf_asset_at(p->snapshot, index, out);
}

static void warm_clip(kf_programme *p, const kf_clip_view *clip, kf_time t)
{
    kf_asset_view asset;
    if (t >= clip->duration || !plain_asset(p, clip, &asset)) return;
    kf_time span = kf_muldiv_ceil(clip->duration - t, clip->speed.num, clip->speed.den);
    kf_assets_warm(p->providers.assets, &asset, clip->video_stream, kf_clip_source_time(clip, t, KF_TIME_NONE), span);
}

static void announce_clip(kf_programme *p, const kf_clip_view *clip, bool joined)
{
    kf_asset_view asset;
    if (!plain_asset(p, clip, &asset)) return;
    kf_time first = kf_clip_source_time(clip, joined ? -HEAD : 0, KF_TIME_NONE);
    kf_assets_announce_span(p->providers.assets, &asset, clip->video_stream, first < 0 ? 0 : first, ANNOUNCED);
}

/* In a transition two clips are being read: no time to begin anything. */
static void warm_track(kf_programme *p, const kf_track_view *track, const kf_programme_moment *m)
{
    kf_cursor cursor;
    kf_moment moment;
    kf_clip_view clip;
    bool joined = false;
    kf_cursor_init(&cursor, p->snapshot, track);
    if (!kf_track_at(&cursor, m->at, &moment)) return;
    if (moment.clip && !moment.transition) warm_clip(p, moment.clip, m->at + m->lead - moment.clip->start);
    while (kf_cursor_next(&cursor) && cursor.item.start <= m->to) {
        if (cursor.item.kind == KF_ITEM_CLIP && kf_cursor_clip(&cursor, &clip)) announce_clip(p, &clip, joined);
        joined = cursor.item.kind == KF_ITEM_TRANSITION;
    }
}

void kf_programme_warm(kf_programme *p, const kf_programme_moment *m)
{
    for (int32_t i = 0; i < p->view.track_count; i++) {
        kf_track_view track;
        if (!kf_track_get(p->snapshot, &p->view, i, &track) || track.kind != KF_TRACK_VIDEO || track.hide) continue;
        warm_track(p, &track, m);
    }
}

int64_t kf_programme_frames(const kf_programme *p)
{
    return p->view.duration > 0 ? kf_frame_at(p->view.duration - 1, p->view.rate) + 1 : 1;
}
