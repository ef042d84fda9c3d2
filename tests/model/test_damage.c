/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading damaged nodes: whatever the bytes behind the headers are, walking ends and reads nothing outside. */
#include "film_util.h"
#include "model/marks.h"

typedef struct bytes {
    unsigned char *data;
    size_t size;
} bytes;

/* What lies behind the header of a random node. The test writes into a store that is otherwise never written. */
static bytes random_body(kf_snapshot s, uint64_t *seed)
{
    uint64_t end = kf_store_bytes(s.store);
    for (;;) {
        kf_ref ref = KF_STORE_FIRST_NODE + 8 * (test_random(seed) % ((end - KF_STORE_FIRST_NODE) / 8));
        const kf_node *node = kf_store_node(s.store, ref, KF_NODE_ANY, 0);
        if (node && node->kind >= KF_NODE_FIRST_USER && node->size > sizeof *node) {
            return (bytes){(unsigned char *)(uintptr_t)(node + 1), node->size - sizeof *node};
        }
    }
}

static void damage(kf_snapshot s, uint64_t *seed)
{
    bytes b = random_body(s, seed);
    size_t at = test_random(seed) % b.size;
    switch (test_random(seed) % 4) {
    case 0:
        b.data[at] = (unsigned char)test_random(seed);
        break;
    case 1:
        b.data[at] ^= (unsigned char)(1 << test_random(seed) % 8);
        break;
    case 2: /* a reference, or a number, that is another node's */
        if (b.size >= 8) {
            kf_ref ref = KF_STORE_FIRST_NODE + 8 * (test_random(seed) % 1000);
            memcpy(b.data + at / 8 * 8 % (b.size - 7), &ref, sizeof ref);
        }
        break;
    default:
        memset(b.data + at, test_random(seed) % 2 ? 0xFF : 0, b.size - at < 8 ? b.size - at : 8);
        break;
    }
}

static void read_params(const kf_params *params)
{
    union { unsigned char room[KF_KIND_MAX_VALUES]; double align; void *pointer; } values;
    for (kf_time t = -KF_SECOND; t < 5 * KF_SECOND; t += KF_SECOND) {
        kf_params_eval(params, t, &values);
    }
    for (int i = 0; params->kind && i < params->kind->field_count; i++) {
        kf_param_value value;
        kf_params_get(params, i, &value);
    }
}

static bool count_marker(void *ctx, int32_t index, const kf_marker *marker)
{
    return ++*(int64_t *)ctx < 100000 && strlen(marker->kind) + strlen(marker->metadata) < 1000000;
}

static void read_markers(kf_snapshot s, kf_markers markers)
{
    kf_marker marker;
    int64_t count = 0;
    for (int32_t i = 0; i < 10; i++) {
        kf_marker_at(s, markers, i, &marker);
    }
    for (kf_time t = -KF_SECOND; t < 5 * KF_SECOND; t += KF_SECOND / 2) {
        kf_markers_at(s, markers, t, count_marker, &count);
        kf_markers_over(s, markers, t, t + KF_SECOND, count_marker, &count);
        CHECK(kf_marker_index(s, markers, t) >= 0);
    }
    kf_marker_find(s, markers, 900);
}

static void read_asset(kf_snapshot s, const kf_asset_view *asset)
{
    kf_subclip subclip;
    CHECK(strlen(asset->metadata) + strlen(asset->reel) + strlen(asset->proxy.path) < 1000000);
    for (int32_t i = 0; i < 10 && kf_subclip_at(s, asset, i, &subclip); i++) {
        CHECK(strlen(subclip.name) + strlen(subclip.metadata) < 1000000);
    }
    read_markers(s, asset->markers);
}

static void read_links(kf_snapshot s, const kf_clip_view *clip)
{
    uint64_t sum = 0;
    for (int which = KF_LINK; which <= KF_GROUP; which++) {
        kf_links links = kf_clip_links(s, clip, (kf_link_kind)which);
        for (int32_t i = 0; i < links.count; i++) {
            sum ^= links.ids[i];
        }
    }
    CHECK(sum != 1 || *clip->metadata != 1);
}

static void read_moment(kf_snapshot s, const kf_moment *m, kf_time t)
{
    if (m->transition) {
        kf_transition_progress(m->transition, t);
    }
    if (m->clip) {
        kf_time from, to;
        kf_params effect;
        read_links(s, m->clip);
        read_markers(s, m->clip->markers);
        read_params(&m->clip->transform);
        read_params(&m->clip->video);
        read_params(&m->clip->generator);
        for (int32_t i = 0; kf_effect_at(s, m->clip->effects, i, &effect); i++) {
            read_params(&effect);
        }
        kf_clip_source_time(m->clip, t - m->clip->start, KF_SECOND);
        kf_clip_source_span(m->clip, t, t + 1, &from, &to);
    }
}

static void read_track(kf_snapshot s, const kf_track_view *track)
{
    kf_cursor c;
    kf_moment m;
    kf_cursor_init(&c, s, track);
    for (int i = 0; i < 200 && kf_cursor_next(&c); i++) {
        kf_gap_view gap;
        CHECK(kf_gap_get(s, &c.item, &gap) == (c.item.kind == KF_ITEM_GAP) && strlen(gap.metadata) < 1000000);
    }
    for (int i = 0; i < 200 && kf_cursor_previous(&c); i++) {
    }
    for (kf_time t = -KF_SECOND; t < 20 * KF_SECOND; t += KF_SECOND / 4) {
        if (kf_track_at(&c, t, &m)) {
            read_moment(s, &m, t);
        }
    }
    kf_cursor_seek_index(&c, track->item_count / 2);
    read_params(&track->video);
}

static void read_all(kf_snapshot s)
{
    kf_project_view project;
    kf_asset_view asset;
    kf_sequence_view sequence;
    kf_track_view track;
    const char *bin;
    kf_project_get(s, &project);
    for (int32_t i = 0; i < 10 && (bin = kf_bin_at(s, i)); i++) {
        CHECK(strlen(bin) < 1000000);
    }
    for (int32_t i = 0; i < 10 && kf_asset_at(s, i, &asset); i++) {
        kf_asset_index(s, asset.uid);
        read_asset(s, &asset);
    }
    for (int32_t q = 0; q < 10 && kf_sequence_at(s, q, &sequence); q++) {
        read_markers(s, sequence.markers);
        kf_angle_track(s, &sequence, 1);
        for (int32_t i = 0; i < 10 && kf_track_get(s, &sequence, i, &track); i++) {
            read_track(s, &track);
        }
    }
}

static void write_all(kf_snapshot s)
{
    kf_str out = {0};
    kf_error err;
    kf_film_write_json(s, &out, &err);
    CHECK(out.length < 10000000);
    kf_str_finish(&out);
}

TEST(damaged_bytes_are_read_safely)
{
    uint64_t seed = 1;
    for (int round = 0; round < 300; round++) {
        kf_film *film = NULL;
        kf_error err;
        REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
        kf_snapshot s = kf_film_snapshot(film);
        for (int n = 0; n < 12; n++) {
            damage(s, &seed);
            read_all(s);
        }
        write_all(s);
        kf_film_destroy(film);
    }
}

/* A tree whose nodes all stand 32 times in the node above: more entries than can ever be walked. */
static kf_ref tower(kf_store *store, uint16_t leaf, uint16_t inner, kf_ref item, const void *entry, size_t size)
{
    kf_ref refs[TREE_FANOUT], made = item;
    unsigned char entries[TREE_FANOUT * sizeof(mark_entry)];
    for (int level = 0; level < 8; level++) {
        for (int i = 0; i < TREE_FANOUT; i++) {
            refs[i] = made;
            memcpy(entries + (size_t)i * size, entry, size);
        }
        kf_node_desc desc = {.kind = level ? inner : leaf, .version = 1, .ref_count = TREE_FANOUT, .refs = refs,
                             .payload = entries, .payload_size = TREE_FANOUT * size};
        CHECK(kf_store_append(store, &desc, &made, NULL) == KF_OK);
    }
    return made;
}

TEST(towers_of_markers_end)
{
    kf_film *film = load_clips("{\"asset\":\"a\",\"markers\":[{\"time\":1}]}");
    kf_clip_view clip;
    kf_marker marker;
    int64_t count = 0;
    REQUIRE(clip_of(film, 0, &clip) && kf_marker_at(kf_film_snapshot(film), clip.markers, 0, &marker));
    for (int64_t claimed = 0; claimed < 3; claimed++) {
        mark_entry entry = {.time = KF_SECOND, .end = KF_SECOND, .id = marker.id, .count = claimed * claimed * 1000};
        kf_ref root = tower(film->store, NODE_MARKS_LEAF, NODE_MARKS_INNER, marker.ref, &entry, sizeof entry);
        read_markers(kf_film_snapshot(film), marks_of(film->store, root));
        count = 0;
        kf_markers_at(kf_film_snapshot(film), marks_of(film->store, root), KF_SECOND, count_marker, &count);
        CHECK(count <= 2 * 32 * 4000 + 32);
    }
    kf_film_destroy(film);
}

/* The track's tree is such a tower, and says so. */
TEST(towers_of_items_are_not_written)
{
    kf_film *film = load_clips("{\"asset\":\"a\"}");
    kf_clip_view clip;
    kf_track_view track;
    kf_error err;
    kf_str out = {0};
    REQUIRE(clip_of(film, 0, &clip) && first_track(film, &track));
    kf_snapshot s = kf_film_snapshot(film);
    leaf_entry entry = {.duration = KF_SECOND, .kind = KF_ITEM_CLIP};
    inner_entry sums = {.duration = KF_SECOND, .items = 32, .clips = 32};
    kf_ref root = tower(film->store, NODE_LEAF, NODE_LEAF, clip.ref, &entry, sizeof entry);
    root = tower(film->store, NODE_INNER, NODE_INNER, root, &sums, sizeof sums);
    const kf_node *node = kf_store_node(s.store, track.ref, NODE_TRACK, 0);
    memcpy((kf_ref *)(uintptr_t)kf_node_refs(node) + TRACK_TREE, &root, sizeof root);
    int64_t items = INT64_MAX;
    track_body *body = (track_body *)(uintptr_t)kf_node_payload(node);
    body->item_count = body->clip_count = items;
    CHECK(first_track(film, &track) && track.item_count <= (int64_t)kf_store_bytes(s.store) / 24);
    kf_film_write_json(s, &out, &err);
    CHECK(out.length < 10000000);
    kf_str_finish(&out);
    kf_film_destroy(film);
}

/* The tower has 32^9 items and says that it has 100. */
TEST(towers_of_items_end)
{
    kf_film *film = load_clips("{\"asset\":\"a\"}");
    kf_clip_view clip;
    kf_track_view track;
    kf_cursor c;
    REQUIRE(clip_of(film, 0, &clip) && first_track(film, &track));
    leaf_entry entry = {.duration = KF_SECOND, .kind = KF_ITEM_CLIP};
    inner_entry sums = {.duration = KF_SECOND, .items = 32, .clips = 32};
    kf_ref root = tower(film->store, NODE_LEAF, NODE_LEAF, clip.ref, &entry, sizeof entry);
    track.tree = tower(film->store, NODE_INNER, NODE_INNER, root, &sums, sizeof sums);
    track.item_count = 100;
    kf_cursor_init(&c, kf_film_snapshot(film), &track);
    int64_t count = 0;
    while (count < 1000 && kf_cursor_next(&c)) {
        count++;
    }
    CHECK_INT(count, 100);
    CHECK(c.item.kind == KF_ITEM_NONE && c.item.index == 100 && !kf_cursor_next(&c));
    kf_film_destroy(film);
}

TEST(roots_of_another_kind)
{
    kf_film *film = NULL;
    kf_error err;
    REQUIRE(load_text(rich_film, &film, &err) == KF_OK);
    kf_snapshot s = kf_film_snapshot(film);
    kf_str out = {0};
    for (kf_ref ref = 0; ref < kf_store_bytes(s.store) + 64; ref += 4) {
        read_all((kf_snapshot){s.store, ref == s.root ? 0 : ref});
    }
    CHECK(kf_film_write_json((kf_snapshot){s.store, 0}, &out, &err) == KF_ERR_INTERNAL);
    kf_str_finish(&out);
    kf_film_destroy(film);
}

int main(void)
{
    RUN(damaged_bytes_are_read_safely);
    RUN(towers_of_markers_end);
    RUN(towers_of_items_are_not_written);
    RUN(towers_of_items_end);
    RUN(roots_of_another_kind);
    return test_end();
}
