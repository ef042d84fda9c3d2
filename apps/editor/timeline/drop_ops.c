/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations that put what was dragged from another panel onto a track. */
#include "drops.h"
#include "ops.h"

static const kf_time STILL = 5 * KF_SECOND; /* of what has no length of its own */

/* A source's part: KF_TIME_NONE where it has no end of its own. */
typedef struct part {
    char *source;             /* JSON members that say what it is */
    kf_time in, out;
    bool video, audio;
} part;

/* What the film does not know of an asset, the worker may. */
static void look_at_media(KerfTimelineArea *area, int32_t index, kf_asset_info *asset)
{
    kf_media_summary media;
    char *path = asset->known ? NULL : kf_film_asset_file(kerf_document_film(area->document), index);
    bool there = path && area->media.worker &&
                 kf_worker_probe(area->media.worker, path, KF_WORK_VISIBLE, &media) == KF_WORK_READY;
    kf_string_free(path);
    if (!there) return;
    asset->known = true;
    asset->video = media.video_streams > 0;
    asset->audio = media.audio_streams > 0;
    asset->still = media.still;
    asset->duration = media.duration > 0 ? media.duration : 0;
}

static bool asset_part(KerfTimelineArea *area, const KerfDrag *drag, const char *name, part *out)
{
    const kf_film_handle *film = kerf_document_film(area->document);
    kf_asset_info asset;
    int32_t index = kf_film_asset_find(film, name);
    if (!kf_film_asset(film, index, &asset)) return false;
    look_at_media(area, index, &asset);
    g_autofree char *id = kerf_json_quote(name);
    kf_time end = asset.still || asset.duration <= 0 ? KF_TIME_NONE : asset.duration;
    *out = (part){.source = g_strdup_printf("\"asset\": %s", id),
                  .in = drag->in == KF_TIME_NONE ? 0 : drag->in,
                  .out = drag->out == KF_TIME_NONE ? end : drag->out,
                  .video = (!asset.known || asset.video) && drag->video,
                  .audio = asset.known && asset.audio && drag->audio};
    return true;
}

static bool sequence_part(KerfTimelineArea *area, const KerfDrag *drag, const char *name, part *out)
{
    const kf_film_handle *film = kerf_document_film(area->document);
    kf_sequence_info sequence;
    if (!kf_film_sequence(film, kf_film_sequence_find(film, name), &sequence)) return false;
    g_autofree char *id = kerf_json_quote(name);
    *out = (part){.source = g_strdup_printf("\"clip\": {\"sequence\": %s}", id),
                  .in = drag->in == KF_TIME_NONE ? 0 : drag->in,
                  .out = drag->out == KF_TIME_NONE ? sequence.duration : drag->out,
                  .video = true};
    return true;
}

static bool generator_part(const char *name, part *out)
{
    g_autofree char *kind = kerf_json_quote(name);
    *out = (part){
        .source = g_strdup_printf("\"clip\": {\"generator\": %s}", kind), .in = 0, .out = KF_TIME_NONE, .video = true};
    return true;
}

static bool part_of(KerfTimelineArea *area, const KerfDrag *drag, int i, part *out)
{
    *out = (part){0};
    switch (drag->kind) {
    case KERF_DRAG_ASSETS: return asset_part(area, drag, drag->names[i], out);
    case KERF_DRAG_SEQUENCES: return sequence_part(area, drag, drag->names[i], out);
    case KERF_DRAG_GENERATOR: return generator_part(drag->names[i], out);
    default: return false;
    }
}

/* Whole frames of the sequence, and no more than there is. */
static kf_time length_of(KerfTimelineArea *area, const part *p)
{
    if (p->out == KF_TIME_NONE) return STILL;
    const kf_sequence_info *info = kerf_document_sequence_info(area->document);
    kf_time frame = kerf_timeline_area_frame(area), length = p->out - p->in;
    gint64 frames = MAX(kf_sequence_frame(info, length + frame / 2), 1);
    kf_time whole = kf_sequence_frame_time(info, frames);
    return whole > length && frames > 1 ? kf_sequence_frame_time(info, frames - 1) : whole;
}

kf_time kt_put_length(KerfTimelineArea *area, const KerfDrag *drag)
{
    kf_time length = 0;
    part p;
    for (int i = 0; drag->names[i]; i++) {
        if (!part_of(area, drag, i, &p)) continue;
        length += length_of(area, &p);
        g_free(p.source);
    }
    return length;
}

/* The audio track for the sound of what goes to a video track: of the same number, else the first. 0: none. */
static uint64_t sound_track(KerfTimelineArea *area, const kt_row *row)
{
    const kt_view *view = &area->view;
    int32_t number = 0, count = view->row_count - view->video_rows;
    for (int32_t i = 0; i < view->video_rows; i++) {
        if (view->rows[i].uid == row->uid) number = view->video_rows - 1 - i;
    }
    return count > 0 ? view->rows[view->video_rows + (number < count ? number : 0)].uid : 0;
}

static char *put_part(KerfTimelineArea *area, const kt_put *put, const part *p, kf_time at)
{
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(area->document)->id);
    g_autoptr(GString) rest = g_string_new(NULL);
    uint64_t sound = p->audio && !put->row->audio ? sound_track(area, put->row) : 0;
    if (sound) g_string_append_printf(rest, ", \"audio_track\": \"#" KT_ID "\"", sound);
    if (p->out != KF_TIME_NONE) g_string_append_printf(rest, ", \"in\": %s", kerf_json_time(p->in).text);
    return kerf_json_operation(put->insert ? "insert" : "overwrite",
                               "\"sequence\": %s, \"track\": \"#" KT_ID "\", \"at\": %s, %s, \"duration\": %s%s",
                               sequence, put->row->uid, kerf_json_time(at).text, p->source,
                               kerf_json_time(length_of(area, p)).text, rest->str);
}

char *kt_put_operations(KerfTimelineArea *area, const kt_put *put)
{
    char *operations = NULL;
    kf_time at = MAX(put->at, 0);
    for (int i = 0; put->drag->names[i]; i++) {
        part p;
        if (!part_of(area, put->drag, i, &p)) continue;
        operations = kt_ops_join(operations, put_part(area, put, &p, at));
        at += length_of(area, &p);
        g_free(p.source);
    }
    return operations;
}
