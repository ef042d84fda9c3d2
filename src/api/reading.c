/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A film's project, assets, sequences, tracks and markers as plain structs. */
#include <string.h>

#include "api/items.h"
#include "base/api/alloc.h"
#include "base/api/time.h"

/* ---- Project ---- */

bool kf_film_get_info(const kf_film_handle *film, kf_film_info *out)
{
    kf_project_view v;
    if (!kf_project_get(kf_film_snapshot(film->film), &v)) {
        return false;
    }
    *out = (kf_film_info){v.name, v.asset_count, v.sequence_count, v.bin_count, v.main_sequence};
    return true;
}

const char *kf_film_bin(const kf_film_handle *film, int32_t i)
{
    const char *bin = kf_bin_at(kf_film_snapshot(film->film), i);
    return bin ? bin : "";
}

const char *kf_film_media_folder(const kf_film_handle *film)
{
    return kf_film_folder(film->film);
}

/* ---- Assets ---- */

static const char *proxy_name(kf_proxy_state state)
{
    static const char *const names[] = {
        [KF_PROXY_NONE] = "none", [KF_PROXY_QUEUED] = "queued", [KF_PROXY_BUILDING] = "building",
        [KF_PROXY_READY] = "ready", [KF_PROXY_FAILED] = "failed", [KF_PROXY_OFFLINE] = "offline"};
    return names[state];
}

const char *asset_title(const kf_asset_view *asset)
{
    const char *file = *asset->path ? kf_path_name(asset->path) : asset->id;
    return *asset->name ? asset->name : file;
}

bool kf_film_asset(const kf_film_handle *film, int32_t index, kf_asset_info *out)
{
    kf_asset_view v;
    if (!kf_asset_at(kf_film_snapshot(film->film), index, &v)) {
        return false;
    }
    const kf_media_facts *m = &v.media.facts;
    *out = (kf_asset_info){
        .uid = v.uid, .id = v.id, .name = asset_title(&v), .path = v.path, .bin = v.bin, .label = v.label,
        .reel = v.reel, .metadata = v.metadata, .offline = v.offline, .known = v.media.known, .video = m->video,
        .audio = m->audio, .still = m->still, .width = m->width, .height = m->height, .rate = m->rate,
        .duration = m->duration, .bytes = v.media.bytes, .timecode_known = v.timecode.known,
        .drop_frame = v.timecode.drop_frame, .timecode_start = v.timecode.start,
        .proxy_state = proxy_name(v.proxy.state), .proxy_path = v.proxy.path, .proxy_use = v.proxy.use,
        .markers = v.markers.count, .subclips = v.subclip_count, .version = v.ref};
    return true;
}

int32_t kf_film_asset_index(const kf_film_handle *film, uint64_t uid)
{
    return kf_asset_index(kf_film_snapshot(film->film), uid);
}

int32_t kf_film_asset_find(const kf_film_handle *film, const char *id)
{
    return kf_asset_find(kf_film_snapshot(film->film), id);
}

char *kf_film_asset_file(const kf_film_handle *film, int32_t index)
{
    kf_asset_view v;
    bool there = kf_asset_at(kf_film_snapshot(film->film), index, &v) && *v.path;
    return there ? kf_path_join(kf_film_folder(film->film), v.path) : NULL;
}

static void count_track(kf_snapshot s, const kf_track_view *track, int32_t *counts, int32_t count)
{
    kf_cursor c;
    kf_clip_view clip;
    kf_cursor_init(&c, s, track);
    while (kf_cursor_next(&c)) {
        bool uses = kf_cursor_clip(&c, &clip) && clip.source == KF_SOURCE_ASSET;
        int32_t i = uses ? kf_asset_index(s, clip.source_uid) : -1;
        if (i >= 0 && i < count) {
            counts[i]++;
        }
    }
}

void kf_film_asset_uses(const kf_film_handle *film, int32_t *counts, int32_t count)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_sequence_view q;
    kf_track_view track;
    memset(counts, 0, (size_t)(count > 0 ? count : 0) * sizeof *counts);
    for (int32_t i = 0; kf_sequence_at(s, i, &q); i++) {
        for (int32_t k = 0; kf_track_get(s, &q, k, &track); k++) {
            count_track(s, &track, counts, count);
        }
    }
}

bool kf_film_subclip(const kf_film_handle *film, int32_t asset, int32_t i, kf_subclip_info *out)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_asset_view v;
    kf_subclip sub;
    if (!kf_asset_at(s, asset, &v) || !kf_subclip_at(s, &v, i, &sub)) {
        return false;
    }
    *out = (kf_subclip_info){sub.name, sub.label, sub.bin, sub.in, sub.out};
    return true;
}

/* ---- Sequences ---- */

bool kf_film_sequence(const kf_film_handle *film, int32_t index, kf_sequence_info *out)
{
    kf_sequence_view v;
    if (!kf_sequence_at(kf_film_snapshot(film->film), index, &v)) {
        return false;
    }
    *out = (kf_sequence_info){
        .uid = v.uid, .id = v.id, .name = *v.name ? v.name : v.id, .bin = v.bin, .label = v.label, .width = v.width,
        .height = v.height, .pixel_aspect = v.pixel_aspect, .rate = v.rate, .sample_rate = v.sample_rate,
        .channels = v.channels, .duration = v.duration, .mark_in = v.mark_in, .mark_out = v.mark_out,
        .start_timecode = v.start_timecode, .drop_frame = v.drop_frame, .multicam = v.multicam,
        .tracks = v.track_count, .markers = v.markers.count, .clips = v.clip_count, .master_gain = v.master_gain,
        .audio_effects = v.audio_effects.count, .version = v.ref};
    return true;
}

int32_t kf_film_sequence_index(const kf_film_handle *film, uint64_t uid)
{
    return kf_sequence_index(kf_film_snapshot(film->film), uid);
}

int32_t kf_film_sequence_find(const kf_film_handle *film, const char *id)
{
    return kf_sequence_find(kf_film_snapshot(film->film), id);
}

/* A zeroed info, of no sequence, counts as one of 25 frames a second. */
static kf_rational rate_of(const kf_sequence_info *sequence)
{
    return sequence->rate.num > 0 && sequence->rate.den > 0 ? sequence->rate : (kf_rational){25, 1};
}

int64_t kf_sequence_frame(const kf_sequence_info *sequence, kf_time t)
{
    return kf_frame_at(t, rate_of(sequence));
}

kf_time kf_sequence_frame_time(const kf_sequence_info *sequence, int64_t frame)
{
    return kf_frame_start(frame, rate_of(sequence));
}

void kf_sequence_timecode(const kf_sequence_info *sequence, kf_time t, char *text, size_t size)
{
    char label[32];
    int64_t frame = kf_frame_at(t, rate_of(sequence)) + sequence->start_timecode;
    kf_timecode_format(frame, rate_of(sequence), sequence->drop_frame, label);
    if (size > 0) {
        size_t length = strlen(label) < size ? strlen(label) : size - 1;
        memcpy(text, label, length);
        text[length] = '\0';
    }
}

/* hh:mm:ss:ff and hh:mm:ss;ff, which name a frame. */
static bool is_timecode(const char *text)
{
    int colons = 0;
    for (const char *c = text; *c; c++) {
        colons += *c == ':' || *c == ';';
    }
    return colons == 3;
}

kf_status kf_sequence_parse_time(const kf_sequence_info *sequence, const char *text, kf_time *out, kf_error *error)
{
    kf_time t;
    kf_status status = kf_time_parse(text, rate_of(sequence), &t, error);
    if (status != KF_OK || !is_timecode(text)) {
        *out = status == KF_OK ? t : *out;
        return status;
    }
    int64_t frame = kf_frame_at(t, rate_of(sequence)) - sequence->start_timecode;
    if (frame < 0) {
        char first[32];
        kf_sequence_timecode(sequence, 0, first, sizeof first);
        return kf_fail(error, KF_ERR_INVALID, "%s lies before the first frame, which is %s", text, first);
    }
    *out = kf_frame_start(frame, rate_of(sequence));
    return KF_OK;
}

/* ---- Tracks ---- */

static int32_t number_of(kf_snapshot s, const kf_sequence_view *q, int32_t index, kf_track_kind kind)
{
    int32_t number = 1;
    kf_track_view track;
    for (int32_t i = 0; i < index; i++) {
        number += kf_track_get(s, q, i, &track) && track.kind == kind;
    }
    return number;
}

bool kf_film_track(const kf_film_handle *film, int32_t sequence, int32_t index, kf_track_info *out)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    kf_sequence_view q;
    kf_track_view v;
    if (!kf_sequence_at(s, sequence, &q) || !kf_track_get(s, &q, index, &v)) {
        return false;
    }
    *out = (kf_track_info){
        .uid = v.uid, .name = v.name, .label = v.label, .audio = v.kind == KF_TRACK_AUDIO,
        .number = number_of(s, &q, index, v.kind), .mute = v.mute, .hide = v.hide, .lock = v.lock, .solo = v.solo,
        .sync_lock = v.sync_lock, .target = v.target, .items = v.item_count, .clips = v.clip_count,
        .duration = v.duration, .effects = v.effects.count, .audio_effects = v.audio_effects.count, .version = v.ref};
    return true;
}

/* ---- Markers ---- */

static kf_markers markers_of(kf_snapshot s, kf_marker_owner owner, int32_t index)
{
    kf_asset_view asset;
    kf_sequence_view sequence;
    if (owner == KF_MARKER_ASSET) {
        return kf_asset_at(s, index, &asset) ? asset.markers : (kf_markers){0};
    }
    return owner == KF_MARKER_SEQUENCE && kf_sequence_at(s, index, &sequence) ? sequence.markers : (kf_markers){0};
}

bool marker_fill(kf_snapshot s, kf_markers markers, int32_t i, kf_marker_info *out)
{
    kf_marker m;
    if (!kf_marker_at(s, markers, i, &m)) {
        return false;
    }
    *out = (kf_marker_info){.id = m.id, .time = m.time, .duration = m.duration, .name = m.name, .note = m.note,
                            .kind = m.kind};
    memcpy(out->color, m.color, sizeof out->color);
    return true;
}

bool kf_film_marker(const kf_film_handle *film, kf_marker_owner owner, int32_t index, int32_t i, kf_marker_info *out)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    return marker_fill(s, markers_of(s, owner, index), i, out);
}

int32_t kf_film_marker_after(const kf_film_handle *film, kf_marker_owner owner, int32_t index, kf_time t)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    return kf_marker_index(s, markers_of(s, owner, index), t);
}
