/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Putting clips in: insert, overwrite, append, insert_gap. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/ops.h"

/* What goes in, and where. */
typedef struct put {
    const kf_edit_put *args;
    kf_asset_view asset;
    bool of_asset;
    bool known;              /* what its media is like: */
    kf_media_facts facts;
    int32_t tracks[2];       /* picture (or all) and sound; -1: none */
    kf_time at, duration, in;
    kf_rational speed;
    track_item items[2];     /* for the tracks */
} put;

/* ---- Where ---- */

static int32_t default_track(kf_edit *e, kf_track_kind kind)
{
    int32_t first = -1;
    for (int32_t i = 0; i < (int32_t)e->sequence.count; i++) {
        kf_track_view view;
        if (!track_open(e->store, e->sequence.tracks[i], &view) || view.kind != kind) {
            continue;
        }
        if (view.target) {
            return i;
        }
        first = first < 0 ? i : first;
    }
    return first;
}

static kf_status find_tracks(kf_edit *e, put *p)
{
    bool sound = p->of_asset && p->known && !p->facts.video;
    p->tracks[1] = -1;
    kf_status status = KF_OK;
    if (*p->args->track) {
        status = track_find(e, p->args->track, &p->tracks[0]);
    } else {
        p->tracks[0] = default_track(e, sound ? KF_TRACK_AUDIO : KF_TRACK_VIDEO);
        if (p->tracks[0] < 0) {
            status = kf_fail(e->err, KF_ERR_NOT_FOUND, "the sequence has no %s track to put it on: add_track adds one",
                             sound ? "audio" : "video");
        }
    }
    if (status == KF_OK && *p->args->audio_track) {
        kf_track_view view;
        status = track_find(e, p->args->audio_track, &p->tracks[1]);
        status = status == KF_OK ? track_view(e, p->tracks[1], &view) : status;
        if (status == KF_OK && (view.kind != KF_TRACK_AUDIO || p->tracks[1] == p->tracks[0])) {
            status = REFUSE(e, "audio_track \"%s\" must be an audio track other than the first", p->args->audio_track);
        }
    }
    return status;
}

/* ---- How long ---- */

static kf_status find_subclip(kf_edit *e, const put *p, kf_time *in, kf_time *out)
{
    kf_subclip sub;
    for (int32_t i = 0; kf_subclip_at(edit_state(e), &p->asset, i, &sub); i++) {
        if (strcmp(sub.name, p->args->subclip) == 0) {
            *in = sub.in;
            *out = sub.out;
            return KF_OK;
        }
    }
    return kf_fail(e->err, KF_ERR_NOT_FOUND, "asset \"%s\" has no subclip \"%s\"", p->asset.id, p->args->subclip);
}

static kf_status disagree(kf_edit *e, kf_time source, kf_time place)
{
    return REFUSE(e, "the source is %.3f s and its place %.3f s long: leave out one of at, until, in and out, or say with "
                  "fit what gives way", kf_time_seconds(source), kf_time_seconds(place));
}

/* Makes source and place as long as each other. */
static kf_status fit(kf_edit *e, put *p, kf_time *in, kf_time *out)
{
    kf_time source = *out - *in, place = p->duration;
    switch (p->args->fit) {
    case KF_EDIT_FIT_HEAD:
        *in = *out - place;
        return KF_OK;
    case KF_EDIT_FIT_TAIL:
        *out = *in + place;
        return KF_OK;
    case KF_EDIT_FIT_SPEED:
        if (speed_from(source, place, &p->speed)) {
            return KF_OK;
        }
        return REFUSE(e, "a speed of %g is beyond 0.001 to 1000", (double)source / (double)place);
    default:
        return disagree(e, source, place);
    }
}

/* Source in and out from those given and the length; the media's ends where nothing is said. */
static kf_status find_source(kf_edit *e, put *p)
{
    kf_time in = p->args->in, out = p->args->out;
    kf_time end = p->known && p->facts.duration > 0 && !p->facts.still ? p->facts.duration : KF_TIME_NONE;
    kf_status status = *p->args->subclip ? find_subclip(e, p, &in, &out) : KF_OK;
    if (status != KF_OK) {
        return status;
    }
    if (in == KF_TIME_NONE) {
        in = out != KF_TIME_NONE && p->duration != KF_TIME_NONE ? out - p->duration : 0;
    }
    if (out == KF_TIME_NONE) {
        out = p->duration != KF_TIME_NONE ? in + p->duration : end;
    }
    if (out == KF_TIME_NONE) {
        return REFUSE(e, "how long is asset \"%s\"? Say out or duration", p->asset.id);
    }
    if (p->duration == KF_TIME_NONE) {
        p->duration = out - in;
    } else if (out - in != p->duration) {
        status = fit(e, p, &in, &out);
    }
    if (status == KF_OK && (in < 0 || out <= in || (end != KF_TIME_NONE && out > end))) {
        return kf_fail(e->err, KF_ERR_RANGE, "asset \"%s\" has no source from %.3f to %.3f s%s", p->asset.id,
                       kf_time_seconds(in), kf_time_seconds(out), end != KF_TIME_NONE && out > end ? ": it ends before" : "");
    }
    p->in = in;
    return status;
}

static kf_status find_place(kf_edit *e, put *p)
{
    kf_time at = p->args->at, until = p->args->until;
    if (at == KF_TIME_NONE && until == KF_TIME_NONE) {
        at = e->sequence.view.mark_in;
        until = e->sequence.view.mark_out;
    }
    p->at = at;
    p->duration = p->args->duration;
    if (at != KF_TIME_NONE && until != KF_TIME_NONE) {
        if (until <= at) {
            return REFUSE(e, "it would end at %s, not after it begins at %s", time_text(e, until), time_text(e, at));
        }
        p->duration = p->duration == KF_TIME_NONE ? until - at : p->duration;
    }
    return at == KF_TIME_NONE && until == KF_TIME_NONE
               ? REFUSE(e, "where? Give at or until, or set the sequence's mark_in")
               : KF_OK;
}

static kf_status back_time(kf_edit *e, put *p)
{
    kf_time until = p->args->until == KF_TIME_NONE ? e->sequence.view.mark_out : p->args->until;
    if (p->at == KF_TIME_NONE) {
        p->at = until - p->duration;
    }
    if (p->duration < 1) {
        return REFUSE(e, "it would be of no length");
    }
    return p->at >= 0 ? KF_OK : REFUSE(e, "it would begin %.3f s before the sequence", -kf_time_seconds(p->at));
}

/* ---- The clips ---- */

static kf_status make_link(kf_edit *e, const uint64_t ids[2], kf_ref *out)
{
    build_start(&e->build, 0);
    build_add(&e->build, ids, 2 * sizeof *ids);
    return build_append(&e->build, e->store, NODE_LINK, out, e->err);
}

static kf_status asset_clips(kf_edit *e, put *p)
{
    uint64_t ids[2] = {edit_new_id(e), 0};
    kf_ref link = KF_REF_NONE;
    kf_status status = KF_OK;
    if (p->tracks[1] >= 0) {
        ids[1] = edit_new_id(e);
        status = make_link(e, ids, &link);
    }
    for (int i = 0; i < 2 && ids[i] && status == KF_OK; i++) {
        bool heard = i == 1 || p->tracks[1] < 0;
        const clip_body body = {.id = ids[i], .source_uid = p->asset.uid, .source_in = p->in, .source_out = KF_TIME_NONE,
                                .speed = p->speed, .video_stream = -1, .audio_stream = -1, .source = KF_SOURCE_ASSET,
                                .flags = CLIP_ENABLED | (heard ? CLIP_AUDIO : 0)};
        p->items[i] = (track_item){.duration = p->duration, .kind = KF_ITEM_CLIP};
        status = clip_new(e, &body, link, &p->items[i].ref);
        edit_created(e, ids[i]);
    }
    return status;
}

static kf_status read_clip_object(kf_edit *e, put *p)
{
    kf_track_view track;
    kf_status status = track_view(e, p->tracks[0], &track);
    if (status != KF_OK) {
        return status;
    }
    uint64_t id;
    p->items[0].kind = KF_ITEM_CLIP;
    status = edit_read_clip(e, p->args->clip, track.kind, &p->items[0], &id);
    p->duration = p->items[0].duration;
    if (status == KF_OK) {
        edit_created(e, id);
    }
    return status;
}

static kf_status prepare(kf_edit *e, put *p, bool place)
{
    const kf_edit_put *a = p->args;
    p->of_asset = *a->asset != '\0';
    p->speed = (kf_rational){1, 1};
    p->at = KF_TIME_NONE;
    p->duration = a->duration;
    if (p->of_asset == (a->clip != NULL)) {
        return REFUSE(e, "what is to be put in? Give asset or clip");
    }
    if (p->of_asset && !kf_asset_at(edit_state(e), kf_asset_find(edit_state(e), a->asset), &p->asset)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no asset \"%s\": add_asset adds one", a->asset);
    }
    p->known = p->of_asset && media_of(e, &p->asset, &p->facts);
    kf_status status = find_tracks(e, p);
    if (status == KF_OK && place) {
        status = find_place(e, p);
    }
    if (status == KF_OK) {
        status = p->of_asset ? find_source(e, p) : read_clip_object(e, p);
    }
    if (status == KF_OK && place) {
        status = back_time(e, p);
    }
    return status == KF_OK && p->of_asset ? asset_clips(e, p) : status;
}

/* ---- The operations ---- */

static kf_status put_on(kf_edit *e, const put *p, int i, bool insert)
{
    window w;
    size_t first, last;
    kf_status status = window_open_span(e, p->tracks[i], p->at, insert ? p->at : p->at + p->duration, &w, &first, &last);
    if (status != KF_OK) {
        return status;
    }
    if (!insert) {
        size_t kept = window_drop_transition(&w, first);
        last -= first - kept;
        first = kept;
    }
    return window_end(&w, window_replace(&w, first, last, &p->items[i], 1));
}

kf_status op_put(kf_edit *e, uint16_t id, const void *args)
{
    put p = {.args = args};
    bool insert = id == KF_EDIT_INSERT;
    kf_status status = sequence_open(e, p.args->sequence);
    status = status == KF_OK ? prepare(e, &p, true) : status;
    for (int i = 0; i < 2 && status == KF_OK && p.tracks[i] >= 0; i++) {
        status = put_on(e, &p, i, insert);
    }
    if (status != KF_OK || !insert) {
        return status;
    }
    bool *done = kf_alloc_zero(e->sequence.count, sizeof *done);
    if (!done) {
        return kf_fail_memory(e->err);
    }
    for (int i = 0; i < 2 && p.tracks[i] >= 0; i++) {
        done[p.tracks[i]] = true;
    }
    const ripple r = {.at = p.at, .by = p.duration, .done = done, .sync = p.args->sync, .markers = p.args->markers};
    status = ripple_others(e, &r);
    kf_free(done);
    return status;
}

kf_status op_append(kf_edit *e, uint16_t id, const void *args)
{
    put p = {.args = args};
    kf_track_view track;
    kf_status status = sequence_open(e, p.args->sequence);
    status = status == KF_OK ? prepare(e, &p, false) : status;
    p.at = 0;
    for (int i = 0; i < 2 && status == KF_OK && p.tracks[i] >= 0; i++) {
        status = track_view(e, p.tracks[i], &track);
        p.at = status == KF_OK && track.duration > p.at ? track.duration : p.at;
    }
    for (int i = 0; i < 2 && status == KF_OK && p.tracks[i] >= 0; i++) {
        status = put_on(e, &p, i, true);
    }
    return status;
}

kf_status op_insert_gap(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_insert_gap *a = args;
    bool *chosen;
    kf_status status = sequence_open(e, a->sequence);
    if (status != KF_OK) {
        return status;
    }
    if (a->at < 0 || a->duration <= 0) {
        return REFUSE(e, "a gap begins at 0 or later and is longer than nothing");
    }
    status = tracks_choose(e, a->tracks, &chosen);
    if (status != KF_OK) {
        return status;
    }
    for (size_t i = 0; i < e->sequence.count; i++) {
        chosen[i] = !chosen[i]; /* those that ripple_others leaves alone */
    }
    const ripple r = {.at = a->at, .by = a->duration, .done = chosen, .sync = true, .all = true, .markers = a->markers};
    status = ripple_others(e, &r);
    kf_free(chosen);
    return status;
}
