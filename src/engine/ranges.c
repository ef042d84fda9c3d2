/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/session.h"

/* The source span that the clip shows, handles of transitions included, [*from, *to); false if it has none (a loop). */
static bool source_span(const kf_clip_view *clip, kf_time head, kf_time tail, kf_time *from, kf_time *to)
{
    if (clip->loop || clip->duration <= 0) return false;
    if (clip->frozen) {
        *from = clip->freeze;
        *to = clip->freeze + 1;
        return true;
    }
    kf_clip_source_span(clip, -head, clip->duration + tail, from, to);
    return true;
}

/* What a clip asks of its media. */
typedef struct range {
    const char *clip, *file;
    kf_time from, to;
    kf_time end;      /* of the media, or of its picture */
} range;

static kf_time excess(const range *r)
{
    return r->to > r->end ? r->to - r->end : -r->from;
}

/* One frame of grace: sound and picture of a file are never equally long. */
static bool inside(const range *r, kf_time frame)
{
    return r->from >= 0 && r->to <= r->end + frame;
}

static kf_status refuse(const range *r, kf_error *err)
{
    return kf_fail(
        err, KF_ERR_RANGE,
        "%s: asks for %.3f..%.3f s of %s, which is %.3f s long: %.3f s too much; shorten the clip, or render with "
        "--clamp-ranges to hold the last frame",
        r->clip, kf_time_seconds(r->from), kf_time_seconds(r->to), r->file, kf_time_seconds(r->end),
        kf_time_seconds(excess(r)));
}

static void warn_held(kf_warnings *w, const range *r, const char *what)
{
    kf_warn(w, KF_ERR_RANGE,
            "%s: %s %.3f..%.3f s of %s, whose picture ends at %.3f s; the last frame is held for %.3f s", r->clip, what,
            kf_time_seconds(r->from), kf_time_seconds(r->to), r->file, kf_time_seconds(r->end),
            kf_time_seconds(excess(r)));
}

static kf_time later(kf_time a, kf_time b)
{
    return a == KF_TIME_NONE || b == KF_TIME_NONE ? KF_TIME_NONE : a > b ? a : b;
}

kf_status kf_check_range(kf_session *s, const kf_clip_place *place, bool clamp, kf_error *err)
{
    const kf_clip_view *clip = place->view;
    kf_asset_view asset;
    kf_asset_facts facts;
    char name[256];
    bool picture = place->track_view->kind == KF_TRACK_VIDEO;
    int32_t index = kf_asset_index(s->snapshot, clip->source_uid);
    if (clip->source != KF_SOURCE_ASSET || !clip->enabled || index < 0 || !kf_asset_at(s->snapshot, index, &asset))
        return KF_OK;
    kf_status status = picture ? kf_assets_facts(s->providers.assets, &asset, clip->video_stream, &facts, err)
                               : kf_assets_sound_facts(s->providers.assets, &asset, clip->audio_stream, &facts, err);
    if (status != KF_OK) return status;
    picture = picture && facts.video;
    kf_time end = picture ? facts.video_end : facts.audio_end, frame = kf_frame_start(1, place->sequence_view->rate);
    kf_clip_place_name(s->snapshot, place, name, sizeof name);
    range r = {.clip = name,
               .file = kf_path_name(asset.path),
               .end = picture && facts.audio ? later(end, facts.audio_end) : end};
    if (r.end == KF_TIME_NONE || (!facts.video && !facts.audio) || !source_span(clip, 0, 0, &r.from, &r.to))
        return KF_OK;
    if (!inside(&r, frame)) {
        if (!clamp) return refuse(&r, err);
        warn_held(&s->warnings, &r, "asks for");
        return KF_OK;
    }
    if (!picture) return KF_OK;
    r.end = end;
    if (!inside(&r, frame)) {
        warn_held(&s->warnings, &r, "asks for");
    } else if (source_span(clip, place->head, place->tail, &r.from, &r.to) && !inside(&r, frame)) {
        warn_held(&s->warnings, &r, "its transition reaches for");
    }
    return KF_OK;
}
