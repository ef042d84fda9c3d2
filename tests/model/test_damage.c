/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading damaged nodes: whatever the bytes behind the headers are, walking ends and reads nothing outside. */
#include "film_util.h"
#include "model/nodes.h"

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

static void read_moment(kf_snapshot s, const kf_moment *m, kf_time t)
{
    if (m->transition) {
        kf_transition_progress(m->transition, t);
    }
    if (m->clip) {
        kf_time from, to;
        kf_params effect;
        kf_marker marker;
        read_params(&m->clip->transform);
        read_params(&m->clip->video);
        read_params(&m->clip->generator);
        for (int32_t i = 0; kf_effect_at(s, m->clip->effects, i, &effect); i++) {
            read_params(&effect);
        }
        for (int32_t i = 0; i < 5 && kf_marker_at(s, m->clip->markers, i, &marker); i++) {
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
    kf_marker marker;
    kf_project_get(s, &project);
    for (int32_t i = 0; i < 10 && kf_asset_at(s, i, &asset); i++) {
        kf_asset_index(s, asset.uid);
    }
    for (int32_t q = 0; q < 10 && kf_sequence_at(s, q, &sequence); q++) {
        for (int32_t i = 0; i < 10 && kf_marker_at(s, sequence.markers, i, &marker); i++) {
        }
        for (int32_t i = 0; i < 10 && kf_track_get(s, &sequence, i, &track); i++) {
            read_track(s, &track);
        }
    }
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
        kf_film_destroy(film);
    }
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
    RUN(roots_of_another_kind);
    return test_end();
}
