/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequences and tracks of xmeml. The sound of a film's video tracks gets tracks of its own, as the format has it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/xmeml_write.h"

/* ---- Values ---- */

bool xm_rate_fits(kf_rational rate)
{
    return rate.num > 0 && (rate.den == 1 || (rate.den == 1001 && rate.num % 1000 == 0)) &&
           ix_rate_nominal(rate) < 1000;
}

void xm_put_rate(xm_export *x, kf_rational rate)
{
    kf_xml_begin(&x->w, "rate");
    kf_xml_putf(&x->w, "timebase", "%d", ix_rate_nominal(rate));
    kf_xml_put(&x->w, "ntsc", rate.den == 1001 ? "TRUE" : "FALSE");
    kf_xml_end(&x->w, "rate");
}

int64_t xm_frame(kf_time t, kf_rational rate)
{
    int64_t frame = kf_frame_at(t, rate);
    return frame + (kf_frame_start(frame + 1, rate) - t < t - kf_frame_start(frame, rate));
}

void xm_lost(const xm_target *t, const kf_clip_view *clip, kf_loss_kind kind, const char *what)
{
    ix_place place;
    if (t->channel < 2) { /* what is true of one channel is true of the other */
        kf_report_add(t->x->report, kind, ix_where(place, &t->sequence, t->track, clip->start, clip->name), "%s", what);
    }
}

/* ---- The plan: where each clip will stand ---- */

static int by_clip(const void *a, const void *b)
{
    uint64_t x = ((const xm_place *)a)->clip, y = ((const xm_place *)b)->clip;
    return x < y ? -1 : x > y;
}

const xm_place *xm_find_place(const xm_target *t, uint64_t clip)
{
    xm_place key = {.clip = clip};
    return t->place_count ? bsearch(&key, t->places, t->place_count, sizeof key, by_clip) : NULL;
}

static bool is_written(const kf_clip_view *clip)
{
    return clip->source != KF_SOURCE_ADJUSTMENT;
}

/* Whether a clip of a video track gets items of sound. */
static bool is_heard(const xm_target *t, const kf_clip_view *clip)
{
    kf_asset_view asset;
    if (!clip->audio || clip->frozen || clip->source == KF_SOURCE_GENERATOR || !is_written(clip)) {
        return false;
    }
    if (clip->source == KF_SOURCE_SEQUENCE) {
        return true;
    }
    return kf_asset_at(t->x->snapshot, kf_asset_index(t->x->snapshot, clip->source_uid), &asset) &&
           !(asset.media.known && !asset.media.facts.audio);
}

static bool track_is_heard(const xm_target *t, const kf_track_view *track)
{
    kf_cursor cursor;
    kf_clip_view clip;
    if (track->kind == KF_TRACK_AUDIO) {
        return true;
    }
    kf_cursor_init(&cursor, t->x->snapshot, track);
    while (kf_cursor_next(&cursor)) {
        if (kf_cursor_clip(&cursor, &clip) && is_heard(t, &clip)) {
            return true;
        }
    }
    return false;
}

static bool plan_track(xm_target *t, const kf_track_view *track, int32_t video_track, int32_t audio_track)
{
    kf_cursor cursor;
    kf_clip_view clip;
    int32_t index = 0, heard = 0;
    kf_cursor_init(&cursor, t->x->snapshot, track);
    while (kf_cursor_next(&cursor)) {
        if (!kf_cursor_clip(&cursor, &clip) || !is_written(&clip)) {
            continue;
        }
        xm_place place = {.clip = clip.id};
        if (video_track) {
            place.video_item = ++t->x->items;
            place.video_track = video_track;
            place.video_index = ++index;
        }
        if (audio_track && (!video_track || is_heard(t, &clip))) {
            place.audio_item = t->x->items + 1;
            t->x->items += 2;
            place.audio_track = audio_track;
            place.audio_index = ++heard;
        }
        if (kf_grow((void **)&t->places, &t->place_capacity, t->place_count + 1, sizeof place)) {
            return false;
        }
        t->places[t->place_count++] = place;
    }
    return true;
}

static kf_status plan(xm_target *t)
{
    kf_track_view track;
    int32_t video = 0, audio = 1;
    for (int pass = 0; pass < 2; pass++) { /* the film's tracks of sound come before those of its pictures' sound */
        for (int32_t i = 0; i < t->sequence.track_count; i++) {
            if (!kf_track_get(t->x->snapshot, &t->sequence, i, &track) || (track.kind == KF_TRACK_VIDEO) != pass) {
                continue;
            }
            bool heard = track_is_heard(t, &track);
            if (!plan_track(t, &track, pass ? ++video : 0, heard ? audio : 0)) {
                return kf_fail_memory(t->x->err);
            }
            audio += heard ? 2 : 0;
        }
    }
    if (t->place_count) {
        qsort(t->places, t->place_count, sizeof *t->places, by_clip);
    }
    return KF_OK;
}

/* ---- Tracks ---- */

static bool skip_item(const xm_target *t, const kf_clip_view *clip, bool video_track)
{
    if (!is_written(clip)) {
        if (t->kind == KF_TRACK_VIDEO) {
            xm_lost(t, clip, KF_LOSS_DROPPED, "Final Cut Pro XML has no adjustment layers.");
        }
        return true;
    }
    return t->kind == KF_TRACK_AUDIO && video_track && !is_heard(t, clip);
}

/* Whether a transition joins something here: of a video track's sound only what is heard. */
static bool crosses(const xm_target *t, const kf_transition_view *transition, bool video_track)
{
    if (t->kind == KF_TRACK_VIDEO || !video_track) {
        return true;
    }
    return (transition->from && is_heard(t, transition->from)) || (transition->to && is_heard(t, transition->to));
}

static kf_status put_items(xm_target *t, const kf_track_view *track)
{
    kf_cursor cursor, ahead;
    kf_clip_view clip;
    kf_transition_view head, tail;
    bool has_head = false, has_tail;
    kf_status status = KF_OK;
    bool video_track = track->kind == KF_TRACK_VIDEO;
    kf_cursor_init(&cursor, t->x->snapshot, track);
    while (status == KF_OK && kf_cursor_next(&cursor)) {
        if (cursor.item.kind == KF_ITEM_TRANSITION) {
            has_head = kf_cursor_transition(&cursor, &head) && xm_fit_transition(t, &head, true);
            if (has_head && crosses(t, &head, video_track)) {
                xm_put_transition(t, &head);
            }
            continue;
        }
        if (kf_cursor_clip(&cursor, &clip) && !skip_item(t, &clip, video_track)) {
            ahead = cursor;
            has_tail = kf_cursor_next(&ahead) && ahead.item.kind == KF_ITEM_TRANSITION &&
                       kf_cursor_transition(&ahead, &tail) && xm_fit_transition(t, &tail, false);
            status = xm_put_clip(t, &clip, has_head ? &head : NULL, has_tail ? &tail : NULL);
        }
        has_head = false;
    }
    return status;
}

static kf_status put_track(xm_target *t, const kf_track_view *track)
{
    kf_xml_writer *w = &t->x->w;
    bool off = t->kind == KF_TRACK_VIDEO ? track->hide : track->mute;
    t->track = *track->name ? track->name : t->kind == KF_TRACK_VIDEO ? "V" : "A";
    kf_xml_begin(w, "track");
    kf_xml_put_attr(w, "MZ.TrackName", *track->name ? track->name : NULL);
    if (t->kind == KF_TRACK_AUDIO) {
        kf_xml_put_attrf(w, "currentExplodedTrackIndex", "%d", t->channel - 1);
        kf_xml_put_attr(w, "totalExplodedTrackCount", "2");
        kf_xml_put_attr(w, "premiereTrackType", "Stereo");
    }
    kf_status status = put_items(t, track);
    kf_xml_put(w, "enabled", off ? "FALSE" : "TRUE");
    kf_xml_put(w, "locked", track->lock ? "TRUE" : "FALSE");
    if (t->kind == KF_TRACK_AUDIO) {
        kf_xml_putf(w, "outputchannelindex", "%d", t->channel);
    }
    kf_xml_end(w, "track");
    return status;
}

static void report_track(const xm_target *t, const kf_track_view *track)
{
    ix_place place;
    const struct { bool is; const char *what; } losses[] = {
        {track->video.ref != KF_REF_NONE, "Final Cut Pro XML has no opacity and blend mode of a track."},
        {track->audio.ref != KF_REF_NONE, "Final Cut Pro XML has no gain and pan of a track."},
        {track->effects.count || track->audio_effects.count, "Final Cut Pro XML has no effects of a track."},
        {track->matte != KF_MATTE_NONE, "The track's matte is not written."},
        {track->solo, "Solo is not written."},
    };
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        if (losses[i].is) {
            kf_report_add(t->x->report, KF_LOSS_DROPPED,
                          ix_where(place, &t->sequence, track->name, KF_TIME_NONE, NULL), "%s", losses[i].what);
        }
    }
}

static kf_status put_video(xm_target *t)
{
    kf_status status = KF_OK;
    kf_track_view track;
    t->kind = KF_TRACK_VIDEO;
    t->channel = 0;
    for (int32_t i = 0; i < t->sequence.track_count && status == KF_OK; i++) {
        if (kf_track_get(t->x->snapshot, &t->sequence, i, &track)) {
            report_track(t, &track);
            status = track.kind == KF_TRACK_VIDEO ? put_track(t, &track) : KF_OK;
        }
    }
    return status;
}

static kf_status put_audio_pair(xm_target *t, const kf_track_view *track)
{
    kf_status status = KF_OK;
    for (t->channel = 1; t->channel <= 2 && status == KF_OK; t->channel++) {
        status = put_track(t, track);
    }
    return status;
}

static kf_status put_audio(xm_target *t)
{
    kf_status status = KF_OK;
    kf_track_view track;
    t->kind = KF_TRACK_AUDIO;
    for (int pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < t->sequence.track_count && status == KF_OK; i++) {
            if (kf_track_get(t->x->snapshot, &t->sequence, i, &track) && (track.kind == KF_TRACK_VIDEO) == pass &&
                track_is_heard(t, &track)) {
                status = put_audio_pair(t, &track);
            }
        }
    }
    return status;
}

/* ---- Sequences ---- */

static void put_format(xm_target *t)
{
    kf_xml_writer *w = &t->x->w;
    kf_rational aspect = t->sequence.pixel_aspect;
    kf_xml_begin(w, "format");
    kf_xml_begin(w, "samplecharacteristics");
    xm_put_rate(t->x, t->sequence.rate);
    kf_xml_putf(w, "width", "%d", t->sequence.width);
    kf_xml_putf(w, "height", "%d", t->sequence.height);
    kf_xml_put(w, "anamorphic", "FALSE");
    kf_xml_put(w, "pixelaspectratio", aspect.num == 10 && aspect.den == 11   ? "NTSC-601"
                                      : aspect.num == 12 && aspect.den == 11 ? "PAL-601"
                                      : aspect.num == 4 && aspect.den == 3   ? "HD-(1440x1080)"
                                                                             : "square");
    kf_xml_put(w, "fielddominance", "none");
    kf_xml_end(w, "samplecharacteristics");
    kf_xml_end(w, "format");
}

static void put_timecode(xm_target *t)
{
    char label[32];
    kf_xml_writer *w = &t->x->w;
    const kf_sequence_view *s = &t->sequence;
    kf_timecode_format(s->start_timecode, s->rate, s->drop_frame, label);
    kf_xml_begin(w, "timecode");
    xm_put_rate(t->x, s->rate);
    kf_xml_put(w, "string", label);
    kf_xml_putf(w, "frame", "%lld", (long long)s->start_timecode);
    kf_xml_put(w, "displayformat", s->drop_frame ? "DF" : "NDF");
    kf_xml_end(w, "timecode");
}

static kf_status put_media(xm_target *t)
{
    kf_xml_writer *w = &t->x->w;
    kf_xml_begin(w, "media");
    kf_xml_begin(w, "video");
    put_format(t);
    kf_status status = put_video(t);
    kf_xml_end(w, "video");
    kf_xml_begin(w, "audio");
    kf_xml_begin(w, "format");
    kf_xml_begin(w, "samplecharacteristics");
    kf_xml_put(w, "depth", "16");
    kf_xml_putf(w, "samplerate", "%d", t->sequence.sample_rate);
    kf_xml_end(w, "samplecharacteristics");
    kf_xml_end(w, "format");
    status = status ? status : put_audio(t);
    kf_xml_end(w, "audio");
    kf_xml_end(w, "media");
    return status;
}

static void put_sequence_head(xm_target *t, int32_t index)
{
    kf_xml_writer *w = &t->x->w;
    const kf_sequence_view *s = &t->sequence;
    kf_xml_begin(w, "sequence");
    kf_xml_put_attrf(w, "id", "sequence-%d", index + 1);
    kf_xml_put(w, "name", *s->name ? s->name : s->id);
    kf_xml_putf(w, "duration", "%lld", (long long)xm_frame(s->duration, s->rate));
    xm_put_rate(t->x, s->rate);
    if (s->mark_in != KF_TIME_NONE && s->mark_out != KF_TIME_NONE) {
        kf_xml_putf(w, "in", "%lld", (long long)xm_frame(s->mark_in, s->rate));
        kf_xml_putf(w, "out", "%lld", (long long)xm_frame(s->mark_out, s->rate));
    }
    put_timecode(t);
    if (*s->label) {
        kf_xml_begin(w, "labels");
        kf_xml_put(w, "label2", s->label);
        kf_xml_end(w, "labels");
    }
}

static kf_status put_target(xm_target *t, int32_t index)
{
    kf_marker marker;
    kf_status status = plan(t);
    if (status) {
        return status;
    }
    put_sequence_head(t, index);
    status = put_media(t);
    for (int32_t i = 0; kf_marker_at(t->x->snapshot, t->sequence.markers, i, &marker); i++) {
        xm_put_marker(t->x, &marker, 0, t->sequence.rate);
    }
    kf_xml_end(&t->x->w, "sequence");
    return status;
}

static void report_sequence(const xm_target *t)
{
    ix_place place;
    const kf_sequence_view *s = &t->sequence;
    const struct { bool is; const char *what;
    } losses[] = {
        {s->master_gain != 0 || s->has_loudness || s->audio_effects.count,
         "Gain, loudness and effects of the whole are not written."},
        {s->working != KF_WORKING_DISPLAY, "That layers are mixed in linear light is not written."},
        {s->background[0] != 0 || s->background[1] != 0 || s->background[2] != 0,
         "The background's colour is not written."},
    };
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        if (losses[i].is) {
            kf_report_add(t->x->report, KF_LOSS_DROPPED, ix_where(place, s, NULL, KF_TIME_NONE, NULL), "%s",
                          losses[i].what);
        }
    }
}

kf_status xm_put_sequence(xm_export *x, int32_t index)
{
    xm_target t = {.x = x};
    if (!kf_sequence_at(x->snapshot, index, &t.sequence)) {
        return kf_fail(x->err, KF_ERR_INTERNAL, "sequence %d cannot be read", index);
    }
    if (x->sequence_state[index]) { /* the model has no circles */
        kf_xml_begin(&x->w, "sequence");
        kf_xml_put_attrf(&x->w, "id", "sequence-%d", index + 1);
        kf_xml_end(&x->w, "sequence");
        return KF_OK;
    }
    if (!xm_rate_fits(t.sequence.rate)) {
        return kf_fail(x->err, KF_ERR_UNSUPPORTED,
                       "sequence \"%.200s\": Final Cut Pro XML has whole frame rates and n/1.001, not %d/%d: give the "
                       "sequence another rate", t.sequence.id, t.sequence.rate.num, t.sequence.rate.den);
    }
    x->sequence_state[index] = XM_OPEN;
    report_sequence(&t);
    kf_status status = put_target(&t, index);
    x->sequence_state[index] = XM_DONE;
    kf_free(t.places);
    return status;
}

/* ---- The file ---- */

static kf_status put_sequences(xm_export *x, int32_t first, bool all, int32_t count)
{
    kf_status status = xm_put_sequence(x, first);
    for (int32_t i = 0; all && i < count && status == KF_OK; i++) {
        if (!x->sequence_state[i]) {
            status = xm_put_sequence(x, i);
        }
    }
    return status;
}

static kf_status put_project(xm_export *x, const kf_project_view *project, int32_t first, bool all)
{
    kf_xml_begin(&x->w, "project");
    kf_xml_put(&x->w, "name", *project->name ? project->name : "Kerf");
    kf_xml_begin(&x->w, "children");
    kf_status status = xm_put_bins(x);
    status = status ? status : put_sequences(x, first, all, project->sequence_count);
    kf_xml_end(&x->w, "children");
    kf_xml_end(&x->w, "project");
    return status;
}

static bool has_bins(kf_snapshot snapshot, const kf_project_view *project)
{
    kf_asset_view asset;
    bool has = project->bin_count > 0;
    for (int32_t i = 0; i < project->asset_count && !has; i++) {
        has = kf_asset_at(snapshot, i, &asset) && *asset.bin;
    }
    return has;
}

static kf_status put_root(xm_export *x, const kf_project_view *project, const kf_export_params *params)
{
    bool all = params->sequence < 0;
    int32_t first = all ? project->main_sequence : params->sequence;
    bool whole = (all && project->sequence_count > 1) || *project->name || has_bins(x->snapshot, project);
    kf_str_add(x->w.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE xmeml>\n");
    kf_xml_begin(&x->w, "xmeml");
    kf_xml_put_attr(&x->w, "version", "4");
    kf_status status = whole ? put_project(x, project, first, all) : put_sequences(x, first, false, 1);
    kf_xml_end(&x->w, "xmeml");
    return status;
}

kf_status xmeml_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                       kf_error *err)
{
    xm_export x = {.snapshot = snapshot, .folder = params->folder, .w = {.out = out}, .report = report, .err = err};
    kf_project_view project;
    kf_sequence_view sequence;
    kf_status status = ix_export_sequence(snapshot, params, &sequence, err);
    if (status || !kf_project_get(snapshot, &project)) {
        return status ? status : kf_fail(err, KF_ERR_INTERNAL, "there is no film in this snapshot");
    }
    x.file_written = kf_alloc_zero((size_t)project.asset_count + 1, sizeof *x.file_written);
    x.sequence_state = kf_alloc_zero((size_t)project.sequence_count + 1, sizeof *x.sequence_state);
    status = x.file_written && x.sequence_state ? put_root(&x, &project, params) : kf_fail_memory(err);
    kf_free(x.file_written);
    kf_free(x.sequence_state);
    return status == KF_OK && out->failed ? kf_fail_memory(err) : status;
}
