/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Project, assets, sequences, tracks and markers as views. */
#include <string.h>

#include "model/nodes.h"

kf_effects node_effects(const kf_node *node, uint32_t first, uint32_t count)
{
    uint32_t there = first < node->ref_count ? node->ref_count - first : 0;
    return (kf_effects){.refs = kf_node_refs(node) + (there ? first : 0),
                        .count = (int32_t)(count < there ? count : there)};
}

static const project_body *project_of(kf_snapshot snapshot, const kf_node **node, size_t *size)
{
    const project_body *body = node_body(snapshot.store, snapshot.root, NODE_PROJECT, sizeof *body, size);
    *node = body ? kf_store_node(snapshot.store, snapshot.root, NODE_PROJECT, sizeof *body) : NULL;
    return body;
}

/* ---- Lists of members with ascending uids ---- */

typedef struct list {
    const kf_ref *refs;
    const uint64_t *uids;
    int32_t count;
} list;

static list list_of(kf_snapshot snapshot, uint32_t which, uint16_t kind)
{
    const kf_node *node;
    size_t size;
    if (!project_of(snapshot, &node, &size)) {
        return (list){0};
    }
    node = kf_store_node(snapshot.store, kf_node_ref(node, which), kind, 0);
    if (!node || (uint64_t)node->ref_count * sizeof(uint64_t) > kf_node_payload_size(node)) {
        return (list){0};
    }
    return (list){kf_node_refs(node), kf_node_payload(node), (int32_t)node->ref_count};
}

static int32_t list_index(const list *l, uint64_t uid)
{
    int32_t low = 0, high = l->count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (l->uids[middle] < uid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < l->count && l->uids[low] == uid ? low : -1;
}

bool kf_project_get(kf_snapshot snapshot, kf_project_view *out)
{
    const kf_node *node;
    size_t size;
    const project_body *body = project_of(snapshot, &node, &size);
    if (!body) {
        return false;
    }
    list assets = list_of(snapshot, PROJECT_ASSETS, NODE_ASSETS);
    list sequences = list_of(snapshot, PROJECT_SEQUENCES, NODE_SEQUENCES);
    int32_t main_sequence = list_index(&sequences, body->main_uid);
    *out = (kf_project_view){.name = body_text(body, size, body->name), .asset_count = assets.count,
                             .sequence_count = sequences.count, .main_sequence = main_sequence < 0 ? 0 : main_sequence};
    return true;
}

int32_t kf_asset_index(kf_snapshot snapshot, uint64_t uid)
{
    list assets = list_of(snapshot, PROJECT_ASSETS, NODE_ASSETS);
    return list_index(&assets, uid);
}

bool kf_asset_at(kf_snapshot snapshot, int32_t index, kf_asset_view *out)
{
    list assets = list_of(snapshot, PROJECT_ASSETS, NODE_ASSETS);
    size_t size;
    const asset_body *b = index < 0 || index >= assets.count
                              ? NULL
                              : node_body(snapshot.store, assets.refs[index], NODE_ASSET, sizeof *b, &size);
    if (!b) {
        return false;
    }
    *out = (kf_asset_view){
        .uid = b->uid, .id = body_text(b, size, b->id), .name = body_text(b, size, b->name),
        .path = body_text(b, size, b->path), .file = body_text(b, size, b->file),
        .rate = b->rate.num > 0 && b->rate.den > 0 ? b->rate : (kf_rational){0},
        .color = {b->primaries, b->transfer, b->matrix, b->range, b->chroma_loc},
        .deinterlace = b->deinterlace <= KF_DEINTERLACE_OFF ? (kf_deinterlace)b->deinterlace : KF_DEINTERLACE_AUTO,
        .alpha = b->alpha <= KF_ALPHA_IGNORE ? (kf_alpha_mode)b->alpha : KF_ALPHA_AUTO};
    return true;
}

/* ---- Sequences ---- */

int32_t kf_sequence_index(kf_snapshot snapshot, uint64_t uid)
{
    list sequences = list_of(snapshot, PROJECT_SEQUENCES, NODE_SEQUENCES);
    return list_index(&sequences, uid);
}

int32_t kf_sequence_find(kf_snapshot snapshot, const char *id)
{
    kf_sequence_view view;
    for (int32_t i = 0; kf_sequence_at(snapshot, i, &view); i++) {
        if (strcmp(view.id, id) == 0) {
            return i;
        }
    }
    return -1;
}

static int32_t within(int32_t v, int32_t low, int32_t high)
{
    return v < low ? low : v > high ? high : v;
}

static kf_rational rate_or(kf_rational rate, int32_t num)
{
    return rate.num > 0 && rate.den > 0 ? rate : (kf_rational){num, 1};
}

static void open_sequence(const kf_node *node, const sequence_body *b, size_t size, kf_sequence_view *out)
{
    *out = (kf_sequence_view){
        .uid = b->uid, .id = body_text(b, size, b->id), .name = body_text(b, size, b->name),
        .width = within(b->width, 1, KF_MODEL_MAX_SIDE), .height = within(b->height, 1, KF_MODEL_MAX_SIDE),
        .pixel_aspect = rate_or(b->pixel_aspect, 1), .rate = rate_or(b->rate, 30),
        .auto_size = (b->flags & SEQUENCE_AUTO_SIZE) != 0, .auto_rate = (b->flags & SEQUENCE_AUTO_RATE) != 0,
        .sample_rate = within(b->sample_rate, 8000, 768000), .channels = within(b->channels, 1, 64),
        .working = b->working == KF_WORKING_LINEAR ? KF_WORKING_LINEAR : KF_WORKING_DISPLAY,
        .color = {b->primaries, b->transfer, b->matrix, b->range, b->chroma_loc},
        .start_timecode = b->start_timecode, .drop_frame = (b->flags & SEQUENCE_DROP_FRAME) != 0,
        .master_gain = b->master_gain, .limiter = (b->flags & SEQUENCE_LIMITER) != 0,
        .has_loudness = (b->flags & SEQUENCE_LOUDNESS) != 0, .loudness = b->loudness, .clip_count = b->clip_count,
        .duration = b->duration < 0 ? 0 : b->duration};
    memcpy(out->background, b->background, sizeof out->background);
    kf_effects tracks = node_effects(node, SEQUENCE_TRACKS, b->track_count);
    out->track_count = tracks.count;
    out->audio_effects = node_effects(node, SEQUENCE_TRACKS + (uint32_t)tracks.count, b->effect_count);
}

bool kf_sequence_at(kf_snapshot snapshot, int32_t index, kf_sequence_view *out)
{
    list sequences = list_of(snapshot, PROJECT_SEQUENCES, NODE_SEQUENCES);
    size_t size;
    kf_ref ref = index < 0 || index >= sequences.count ? KF_REF_NONE : sequences.refs[index];
    const sequence_body *body = node_body(snapshot.store, ref, NODE_SEQUENCE, sizeof *body, &size);
    if (!body) {
        return false;
    }
    const kf_node *node = kf_store_node(snapshot.store, ref, NODE_SEQUENCE, sizeof *body);
    open_sequence(node, body, size, out);
    out->ref = ref;
    out->markers = (kf_markers){.ref = kf_node_ref(node, SEQUENCE_MARKERS), .count = (int32_t)body->marker_count};
    return true;
}

/* ---- Tracks ---- */

bool kf_track_get(kf_snapshot snapshot, const kf_sequence_view *sequence, int32_t index, kf_track_view *out)
{
    const kf_node *owner = kf_store_node(snapshot.store, sequence->ref, NODE_SEQUENCE, 0);
    if (!owner || index < 0 || index >= sequence->track_count) {
        return false;
    }
    kf_ref ref = kf_node_ref(owner, SEQUENCE_TRACKS + (uint32_t)index);
    size_t size;
    const track_body *b = node_body(snapshot.store, ref, NODE_TRACK, sizeof *b, &size);
    if (!b) {
        return false;
    }
    const kf_node *node = kf_store_node(snapshot.store, ref, NODE_TRACK, sizeof *b);
    *out = (kf_track_view){
        .uid = b->uid, .name = body_text(b, size, b->name),
        .kind = b->kind == KF_TRACK_AUDIO ? KF_TRACK_AUDIO : KF_TRACK_VIDEO, .mute = (b->flags & TRACK_MUTE) != 0,
        .hide = (b->flags & TRACK_HIDE) != 0, .lock = (b->flags & TRACK_LOCK) != 0,
        .solo = (b->flags & TRACK_SOLO) != 0, .matte = b->matte <= KF_MATTE_LUMA ? (kf_matte)b->matte : KF_MATTE_NONE,
        .matte_invert = (b->flags & TRACK_MATTE_INVERT) != 0,
        .item_count = b->item_count < 0 ? 0 : b->item_count, .clip_count = b->clip_count < 0 ? 0 : b->clip_count,
        .duration = b->duration < 0 ? 0 : b->duration, .ref = ref, .tree = kf_node_ref(node, TRACK_TREE)};
    out->video = params_open(snapshot.store, kf_node_ref(node, TRACK_VIDEO), KF_PROP_TRACK_VIDEO);
    out->audio = params_open(snapshot.store, kf_node_ref(node, TRACK_AUDIO), KF_PROP_TRACK_AUDIO);
    out->effects = node_effects(node, TRACK_EFFECTS, b->effect_count);
    out->audio_effects = node_effects(node, TRACK_EFFECTS + (uint32_t)out->effects.count, b->audio_effect_count);
    return true;
}

/* ---- Markers ---- */

bool kf_marker_at(kf_snapshot snapshot, kf_markers markers, int32_t i, kf_marker *out)
{
    size_t size;
    const marker_body *body = node_body(snapshot.store, markers.ref, NODE_MARKERS, sizeof *body, &size);
    if (!body || i < 0 || i >= markers.count || ((uint64_t)i + 1) * sizeof *body > size) {
        return false;
    }
    const marker_body *m = &body[i];
    *out = (kf_marker){.time = m->time, .duration = m->duration, .name = body_text(body, size, m->name),
                       .note = body_text(body, size, m->note)};
    memcpy(out->color, m->color, sizeof out->color);
    return true;
}
