/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Project, assets, sequences, tracks and gaps as views. */
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

node_list node_list_of(kf_snapshot snapshot, uint32_t which)
{
    const kf_node *node;
    size_t size;
    uint16_t kind = which == PROJECT_ASSETS ? NODE_ASSETS : NODE_SEQUENCES;
    kf_ref ref = project_of(snapshot, &node, &size) ? kf_node_ref(node, which) : KF_REF_NONE;
    return node_list_open(snapshot.store, ref, kind);
}

static const bins_body *bins_of(kf_snapshot snapshot, size_t *size)
{
    const kf_node *node;
    const project_body *body = project_of(snapshot, &node, size);
    return body ? node_body(snapshot.store, kf_node_ref(node, PROJECT_BINS), NODE_BINS, sizeof(bins_body), size) : NULL;
}

static uint32_t bin_count(const bins_body *bins, size_t size)
{
    size_t room = bins ? (size - sizeof *bins) / sizeof(node_text) : 0;
    return bins && bins->count <= room ? bins->count : (uint32_t)room;
}

bool kf_project_get(kf_snapshot snapshot, kf_project_view *out)
{
    const kf_node *node;
    size_t size;
    const project_body *body = project_of(snapshot, &node, &size);
    if (!body) {
        return false;
    }
    node_list assets = node_list_of(snapshot, PROJECT_ASSETS);
    node_list sequences = node_list_of(snapshot, PROJECT_SEQUENCES);
    int32_t main_sequence = node_list_index(&sequences, body->main_uid);
    *out = (kf_project_view){.name = body_text(body, size, body->name), .asset_count = assets.count,
                             .sequence_count = sequences.count, .main_sequence = main_sequence < 0 ? 0 : main_sequence};
    out->metadata = metadata_text(snapshot.store, kf_node_ref(node, PROJECT_METADATA));
    const bins_body *bins = bins_of(snapshot, &size);
    out->bin_count = (int32_t)bin_count(bins, size);
    return true;
}

const char *kf_bin_at(kf_snapshot snapshot, int32_t i)
{
    size_t size;
    const bins_body *bins = bins_of(snapshot, &size);
    bool there = i >= 0 && (uint32_t)i < bin_count(bins, size);
    return there ? body_text(bins, size, bins->paths[i]) : NULL;
}

/* ---- Assets ---- */

int32_t kf_asset_find(kf_snapshot snapshot, const char *id)
{
    kf_asset_view view;
    for (int32_t i = 0; kf_asset_at(snapshot, i, &view); i++) {
        if (strcmp(view.id, id) == 0) {
            return i;
        }
    }
    return -1;
}

int32_t kf_asset_index(kf_snapshot snapshot, uint64_t uid)
{
    node_list assets = node_list_of(snapshot, PROJECT_ASSETS);
    return node_list_index(&assets, uid);
}

static kf_rational rate_or_none(kf_rational rate)
{
    return rate.num > 0 && rate.den > 0 ? rate : (kf_rational){0};
}

static kf_time time_from_0(kf_time t)
{
    return t < 0 ? 0 : t > KF_MODEL_MAX_TIME ? KF_MODEL_MAX_TIME : t;
}

static kf_media_known media_of(const asset_body *b)
{
    bool sized = b->width > 0 && b->height > 0;
    kf_media_facts facts = {.video = (b->flags & ASSET_VIDEO) != 0, .audio = (b->flags & ASSET_AUDIO) != 0,
                            .still = (b->flags & ASSET_STILL) != 0, .width = sized ? b->width : 0,
                            .height = sized ? b->height : 0, .rate = rate_or_none(b->media_rate),
                            .duration = time_from_0(b->duration)};
    bool known = (b->flags & ASSET_MEDIA) != 0;
    return (kf_media_known){.known = known, .has_hash = (b->flags & ASSET_HASH) != 0,
                            .facts = known ? facts : (kf_media_facts){0}, .bytes = b->bytes < 0 ? 0 : b->bytes,
                            .hash = b->hash};
}

static kf_source_timecode timecode_of(const asset_body *b)
{
    kf_rational rate = rate_or_none(b->timecode_rate);
    bool known = (b->flags & ASSET_TIMECODE) && rate.num > 0;
    return known ? (kf_source_timecode){true, (b->flags & ASSET_DROP_FRAME) != 0, b->timecode, rate}
                 : (kf_source_timecode){0};
}

static void open_asset(const kf_store *store, kf_ref ref, const asset_body *b, size_t size, kf_asset_view *out)
{
    const kf_node *node = kf_store_node(store, ref, NODE_ASSET, sizeof *b);
    const kf_node *subclips = kf_store_node(store, kf_node_ref(node, ASSET_SUBCLIPS), NODE_SUBCLIPS, 0);
    *out = (kf_asset_view){
        .uid = b->uid, .id = body_text(b, size, b->id), .name = body_text(b, size, b->name),
        .path = body_text(b, size, b->path), .bin = body_text(b, size, b->bin),
        .label = body_text(b, size, b->label), .reel = body_text(b, size, b->reel), .rate = rate_or_none(b->rate),
        .metadata = metadata_text(store, kf_node_ref(node, ASSET_METADATA)),
        .offline = (b->flags & ASSET_OFFLINE) != 0,
        .color = {b->primaries, b->transfer, b->matrix, b->range, b->chroma_loc},
        .deinterlace = b->deinterlace <= KF_DEINTERLACE_OFF ? (kf_deinterlace)b->deinterlace : KF_DEINTERLACE_AUTO,
        .alpha = b->alpha <= KF_ALPHA_IGNORE ? (kf_alpha_mode)b->alpha : KF_ALPHA_AUTO,
        .timecode = timecode_of(b), .media = media_of(b),
        .proxy = {b->proxy_state <= KF_PROXY_OFFLINE ? (kf_proxy_state)b->proxy_state : KF_PROXY_NONE,
                  (b->flags & ASSET_USE_PROXY) != 0, body_text(b, size, b->proxy_path)},
        .markers = marks_of(store, kf_node_ref(node, ASSET_MARKERS)),
        .subclip_count = subclips ? (int32_t)subclips->ref_count : 0, .ref = ref};
}

bool kf_asset_at(kf_snapshot snapshot, int32_t index, kf_asset_view *out)
{
    node_list assets = node_list_of(snapshot, PROJECT_ASSETS);
    list_member member;
    size_t size;
    bool there = node_list_at(&assets, index, &member);
    const asset_body *b = there ? node_body(snapshot.store, member.ref, NODE_ASSET, sizeof *b, &size) : NULL;
    if (b) {
        open_asset(snapshot.store, member.ref, b, size, out);
    }
    return b != NULL;
}

bool kf_subclip_at(kf_snapshot snapshot, const kf_asset_view *asset, int32_t i, kf_subclip *out)
{
    const kf_node *owner = kf_store_node(snapshot.store, asset->ref, NODE_ASSET, 0);
    kf_ref ref = owner ? kf_node_ref(owner, ASSET_SUBCLIPS) : KF_REF_NONE;
    size_t size;
    const subclip_body *b = node_body(snapshot.store, ref, NODE_SUBCLIPS, sizeof *b, &size);
    if (!b || i < 0 || i >= asset->subclip_count || ((uint64_t)i + 1) * sizeof *b > size) {
        return false;
    }
    const kf_node *node = kf_store_node(snapshot.store, ref, NODE_SUBCLIPS, 0);
    *out = (kf_subclip){.name = body_text(b, size, b[i].name), .label = body_text(b, size, b[i].label),
                        .bin = body_text(b, size, b[i].bin), .in = b[i].in, .out = b[i].out,
                        .metadata = metadata_text(snapshot.store, kf_node_ref(node, (uint32_t)i))};
    return true;
}

/* ---- Sequences ---- */

int32_t kf_sequence_index(kf_snapshot snapshot, uint64_t uid)
{
    node_list sequences = node_list_of(snapshot, PROJECT_SEQUENCES);
    return node_list_index(&sequences, uid);
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
        .bin = body_text(b, size, b->bin), .label = body_text(b, size, b->label), .mark_in = b->mark_in,
        .mark_out = b->mark_out, .multicam = (b->flags & SEQUENCE_MULTICAM) != 0,
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
    node_list sequences = node_list_of(snapshot, PROJECT_SEQUENCES);
    list_member member;
    size_t size;
    kf_ref ref = node_list_at(&sequences, index, &member) ? member.ref : KF_REF_NONE;
    const sequence_body *body = node_body(snapshot.store, ref, NODE_SEQUENCE, sizeof *body, &size);
    if (!body) {
        return false;
    }
    const kf_node *node = kf_store_node(snapshot.store, ref, NODE_SEQUENCE, sizeof *body);
    open_sequence(node, body, size, out);
    out->ref = ref;
    out->markers = marks_of(snapshot.store, kf_node_ref(node, SEQUENCE_MARKERS));
    out->metadata = metadata_text(snapshot.store, kf_node_ref(node, SEQUENCE_METADATA));
    return true;
}

/* ---- Tracks ---- */

/* How many items there can be at most: each takes at least a reference and an entry of a leaf. */
static int64_t possible_items(const kf_store *store, int64_t count)
{
    int64_t most = (int64_t)(kf_store_bytes(store) / (sizeof(kf_ref) + sizeof(leaf_entry)));
    return count < 0 ? 0 : count > most ? most : count;
}

bool track_open(const kf_store *store, kf_ref ref, kf_track_view *out)
{
    size_t size;
    const track_body *b = node_body(store, ref, NODE_TRACK, sizeof *b, &size);
    if (!b) {
        return false;
    }
    const kf_node *node = kf_store_node(store, ref, NODE_TRACK, sizeof *b);
    *out = (kf_track_view){
        .uid = b->uid, .name = body_text(b, size, b->name), .label = body_text(b, size, b->label),
        .metadata = metadata_text(store, kf_node_ref(node, TRACK_METADATA)),
        .sync_lock = (b->flags & TRACK_SYNC_LOCK) != 0, .target = (b->flags & TRACK_TARGET) != 0,
        .kind = b->kind == KF_TRACK_AUDIO ? KF_TRACK_AUDIO : KF_TRACK_VIDEO, .mute = (b->flags & TRACK_MUTE) != 0,
        .hide = (b->flags & TRACK_HIDE) != 0, .lock = (b->flags & TRACK_LOCK) != 0,
        .solo = (b->flags & TRACK_SOLO) != 0, .matte = b->matte <= KF_MATTE_LUMA ? (kf_matte)b->matte : KF_MATTE_NONE,
        .matte_invert = (b->flags & TRACK_MATTE_INVERT) != 0,
        .item_count = possible_items(store, b->item_count), .clip_count = possible_items(store, b->clip_count),
        .duration = b->duration < 0 ? 0 : b->duration, .ref = ref, .tree = kf_node_ref(node, TRACK_TREE)};
    out->video = params_open(store, kf_node_ref(node, TRACK_VIDEO), KF_PROP_TRACK_VIDEO);
    out->audio = params_open(store, kf_node_ref(node, TRACK_AUDIO), KF_PROP_TRACK_AUDIO);
    out->effects = node_effects(node, TRACK_EFFECTS, b->effect_count);
    out->audio_effects = node_effects(node, TRACK_EFFECTS + (uint32_t)out->effects.count, b->audio_effect_count);
    return true;
}

bool kf_track_get(kf_snapshot snapshot, const kf_sequence_view *sequence, int32_t index, kf_track_view *out)
{
    const kf_node *owner = kf_store_node(snapshot.store, sequence->ref, NODE_SEQUENCE, 0);
    if (!owner || index < 0 || index >= sequence->track_count) {
        return false;
    }
    return track_open(snapshot.store, kf_node_ref(owner, SEQUENCE_TRACKS + (uint32_t)index), out);
}

int32_t kf_angle_track(kf_snapshot snapshot, const kf_sequence_view *sequence, int32_t angle)
{
    kf_track_view track;
    for (int32_t i = 0; i < sequence->track_count && angle > 0; i++) {
        bool video = kf_track_get(snapshot, sequence, i, &track) && track.kind == KF_TRACK_VIDEO;
        if (video && --angle == 0) {
            return i;
        }
    }
    return -1;
}

/* ---- Gaps ---- */

bool kf_gap_get(kf_snapshot snapshot, const kf_item_view *item, kf_gap_view *out)
{
    size_t size;
    *out = (kf_gap_view){"", ""};
    const gap_body *body = node_body(snapshot.store, item->ref, NODE_GAP, sizeof *body, &size);
    if (item->kind == KF_ITEM_GAP && body) {
        const kf_node *node = kf_store_node(snapshot.store, item->ref, NODE_GAP, 0);
        *out = (kf_gap_view){body_text(body, size, body->name), metadata_text(snapshot.store, kf_node_ref(node, 0))};
    }
    return item->kind == KF_ITEM_GAP;
}
