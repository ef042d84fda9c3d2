/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/session.h"

/* The source span that the clip shows, [*from, *to); false if it has none (a still, a frozen picture, a loop, a remap
 * that holds). */
static bool source_span(const kf_clip_view *clip, kf_time *from, kf_time *to)
{
    if (clip->loop || clip->duration <= 0) return false;
    if (clip->frozen) {
        *from = clip->freeze;
        *to = clip->freeze + 1;
        return true;
    }
    kf_clip_source_span(clip, 0, clip->duration, from, to);
    return true;
}

kf_status kf_check_range(kf_session *s, const kf_clip_place *place, bool clamp, kf_error *err)
{
    const kf_clip_view *clip = place->view;
    kf_asset_view asset;
    kf_asset_facts facts;
    kf_time from, to;
    char name[256];
    int32_t index = kf_asset_index(s->snapshot, clip->source_uid);
    if (clip->source != KF_SOURCE_ASSET || !clip->enabled || index < 0 || !kf_asset_at(s->snapshot, index,
        &asset)) return KF_OK;
    bool picture = place->track_view->kind == KF_TRACK_VIDEO;
    kf_status status = picture ? kf_assets_facts(s->assets, &asset, clip->video_stream, &facts, err)
                               : kf_assets_sound_facts(s->assets, &asset, clip->audio_stream, &facts, err);
    if (status != KF_OK) return status;
    kf_clip_place_name(s->snapshot, place, name, sizeof name);
    kf_time end = picture && facts.video ? facts.video_end : facts.audio_end;
    if (picture && facts.video && facts.audio && facts.audio_end != KF_TIME_NONE && end != KF_TIME_NONE
        && facts.audio_end > end)
        end = facts.audio_end;
    if (!facts.video && !facts.audio) return KF_OK;
    if (end == KF_TIME_NONE || !source_span(clip, &from, &to)) return KF_OK;
    kf_time slack = kf_frame_start(1,
        place->sequence_view->rate); /* one frame: durations of sound and picture are never equal */
    if (from >= 0 && to <= end + slack) return KF_OK;
    kf_time over = to > end ? to - end : -from;
    if (clamp) {
        kf_warn(&s->warnings, KF_ERR_RANGE,
            "%s: asks for %.3f..%.3f s of %s, which ends at %.3f s; the last frame is held for %.3f s",
                name, kf_time_seconds(from), kf_time_seconds(to), kf_path_name(asset.path), kf_time_seconds(end),
                kf_time_seconds(over));
        return KF_OK;
    }
    return kf_fail(
        err, KF_ERR_RANGE,
        "%s: asks for %.3f..%.3f s of %s, which is %.3f s long: %.3f s too much; shorten the clip, or render with "
        "--clamp-ranges to hold the last frame",
        name, kf_time_seconds(from), kf_time_seconds(to), kf_path_name(asset.path), kf_time_seconds(end),
        kf_time_seconds(over));
}
