/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films as JSON: whatever the bytes, loading gives a film or a message. A film that loads can be walked and evaluated,
 * and what is written of it loads to the same. */
#include "base/api/alloc.h"
#include "base/api/time.h"
#include "fuzz.h"
#include "model/api/model.h"

static kf_status facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    size_t n = strlen(file);
    if (n % 5 == 0) {
        snprintf(err->message, sizeof err->message, "%.100s: not there", file);
        return err->status = KF_ERR_NOT_FOUND;
    }
    *out = (kf_media_facts){.video = n % 3 != 0,
                            .still = n % 4 == 0,
                            .audio = true,
                            .width = (int32_t)(n * 7),
                            .height = (int32_t)(n * 5),
                            .rate = {(int32_t)n, 1},
                            .duration = (kf_time)n * KF_SECOND / 7};
    return KF_OK;
}

static kf_status load(const char *bytes, size_t length, kf_film **film)
{
    kf_film_load options = {.name = "fuzz", .folder = "/films", .media = facts};
    kf_error err = {0};
    kf_status status = kf_film_load_json(bytes, length, &options, film, &err);
    FUZZ_REQUIRE(status == KF_OK || (err.message[0] && err.status == status));
    return status;
}

static void evaluate(const kf_params *params, kf_time t)
{
    union { unsigned char bytes[KF_KIND_MAX_VALUES]; double align; void *pointer; } values;
    kf_params_eval(params, t, &values);
}

static void walk_moment(kf_snapshot snapshot, const kf_moment *m, kf_time t)
{
    const kf_clip_view *clip = m->clip;
    if (m->transition) {
        double p = kf_transition_progress(m->transition, t);
        FUZZ_REQUIRE(p >= -10 && p <= 11);
        evaluate(&m->transition->params, 0);
    }
    if (!clip) {
        return;
    }
    kf_time at = t - clip->start, from, to;
    evaluate(&clip->generator, at);
    evaluate(&clip->transform, at);
    evaluate(&clip->video, at);
    evaluate(&clip->sound, at);
    for (int32_t i = 0; i < clip->effects.count; i++) {
        kf_params effect;
        FUZZ_REQUIRE(kf_effect_at(snapshot, clip->effects, i, &effect) && effect.kind);
        evaluate(&effect, at);
    }
    kf_time source = kf_clip_source_time(clip, at, KF_TIME_NONE);
    kf_clip_source_span(clip, at, at + 1, &from, &to);
    FUZZ_REQUIRE(clip->loop || (source >= from && source < to));
}

static void walk_track(kf_snapshot snapshot, const kf_track_view *track)
{
    kf_cursor c;
    kf_time end = 0;
    int64_t count = 0, clips = 0;
    kf_cursor_init(&c, snapshot, track);
    for (; kf_cursor_next(&c); count++) {
        FUZZ_REQUIRE(c.item.start == end && c.item.index == count);
        end += c.item.duration;
        clips += c.item.kind == KF_ITEM_CLIP;
    }
    FUZZ_REQUIRE(count == track->item_count && clips == track->clip_count && end == track->duration);
    for (int i = 0; i <= 64; i++) {
        kf_moment m;
        kf_time t = kf_muldiv_floor(track->duration, i, 63);
        if (kf_track_at(&c, t, &m)) {
            FUZZ_REQUIRE(m.kind == KF_ITEM_NONE || (t >= m.start && t < m.start + m.duration));
            walk_moment(snapshot, &m, t);
        }
    }
}

static void walk(kf_snapshot snapshot)
{
    kf_project_view project;
    kf_sequence_view s;
    kf_track_view track;
    kf_asset_view asset;
    FUZZ_REQUIRE(kf_project_get(snapshot, &project));
    for (int32_t i = 0; i < project.asset_count; i++) {
        FUZZ_REQUIRE(kf_asset_at(snapshot, i, &asset) && kf_asset_index(snapshot, asset.uid) == i);
    }
    for (int32_t q = 0; q < project.sequence_count; q++) {
        FUZZ_REQUIRE(kf_sequence_at(snapshot, q, &s) && kf_sequence_find(snapshot, s.id) == q);
        for (int32_t i = 0; i < s.track_count; i++) {
            FUZZ_REQUIRE(kf_track_get(snapshot, &s, i, &track) && track.duration <= s.duration);
            walk_track(snapshot, &track);
        }
    }
}

static kf_str write_film(const kf_film *film)
{
    kf_str out = {0};
    kf_error err;
    FUZZ_REQUIRE(kf_film_write_json(kf_film_snapshot(film), &out, &err) == KF_OK);
    return out;
}

static void fuzz_one(const char *bytes, size_t length)
{
    kf_film *film = NULL, *again = NULL;
    if (load(bytes, length, &film) != KF_OK) {
        FUZZ_REQUIRE(!film);
        return;
    }
    walk(kf_film_snapshot(film));
    kf_str once = write_film(film);
    FUZZ_REQUIRE(load(once.data, once.length, &again) == KF_OK);
    kf_str twice = write_film(again);
    FUZZ_REQUIRE(strcmp(once.data, twice.data) == 0);
    kf_str_finish(&once);
    kf_str_finish(&twice);
    kf_film_destroy(film);
    kf_film_destroy(again);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "{\"kerf\":1,\"size\":[64,36],\"rate\":25,\"assets\":{\"a\":\"a.mp4\"},\"tracks\":[{\"clips\":[{\"asset\":\"a\","
    "\"in\":1,\"out\":3,"
    "\"opacity\":{\"keys\":[{\"t\":0,\"v\":0,\"interp\":\"ease\"},{\"t\":1,\"v\":1}]}},{\"transition\":\"dissolve\","
    "\"duration\":0.5},"
    "{\"asset\":\"a\",\"duration\":\"50f\",\"speed\":\"-3/2\",\"effects\":[{\"effect\":\"blur\",\"radius\":4}]}]}]}",
    "{\"kerf\":1,\"main\":\"b\",\"sequences\":[{\"id\":\"a\",\"rate\":29.97,\"drop_frame\":true,\"start_timecode\":"
    "\"01:00:00;02\","
    "\"tracks\":[{\"clips\":[{\"generator\":\"title\",\"duration\":2,\"params\":{\"text\":\"hi\",\"position\":["
    "\"center\",9]}}]}]},"
    "{\"id\":\"b\",\"tracks\":[{\"matte\":\"luma\",\"clips\":[{\"sequence\":\"a\"}]},{\"clips\":[{\"gap\":1},{"
    "\"adjustment\":true,"
    "\"duration\":1}]}]}]}",
    "{\"kerf\":1,\"assets\":{\"a\":{\"path\":\"x%04d.png\",\"rate\":24,\"alpha\":\"straight\",\"color\":{\"matrix\":"
    "\"bt601\"}}},"
    "\"markers\":[{\"time\":1,\"name\":\"m\",\"color\":\"#ff0000\"}],\"loudness\":-14,\"audio_effects\":[{\"effect\":"
    "\"limiter\"}],\"tracks\":["
    "{\"kind\":\"audio\",\"pan\":-1,\"clips\":[{\"asset\":\"a\",\"start\":2,\"loop\":true,\"out\":1,\"duration\":5,"
    "\"fade_in\":0.1}]},{\"clips\":["
    "{\"asset\":\"a\",\"remap\":[{\"t\":0,\"source\":2},{\"t\":1,\"source\":0,\"interp\":\"hold\"},{\"t\":2,\"source\":"
    "3}]},"
    "{\"asset\":\"a\",\"freeze\":1,\"duration\":1},{\"generator\":\"gradient\",\"duration\":1,\"params\":{\"stops\":[["
    "0,\"#000\"],[1,[1,1,1]]]}}]}]}",
    "{\"kerf\":1,\"bins\":[\"A\",\"A/B\"],\"metadata\":{\"n\":1.50},\"assets\":{\"a\":{\"offline\":true,"
    "\"bin\":\"A/B\",\"reel\":\"1\","
    "\"timecode\":{\"start\":\"01:00:00;02\",\"rate\":29.97,\"drop_frame\":true},\"media\":{\"duration\":9,"
    "\"size\":[64,36],"
    "\"rate\":25,\"hash\":\"0123456789abcdef\"},\"proxy\":{\"path\":\"p\",\"state\":\"queued\"},"
    "\"markers\":[{\"time\":\"3f\"}],"
    "\"subclips\":[{\"in\":1,\"out\":\"90f\",\"metadata\":{\"k\":[]}}]}},\"sequences\":[{\"id\":\"m\","
    "\"multicam\":true,"
    "\"tracks\":[{\"clips\":[{\"asset\":\"a\"}]}]},{\"id\":\"s\",\"mark_in\":1,\"mark_out\":\"50f\",\"rate\":25,"
    "\"label\":\"x\","
    "\"tracks\":[{\"target\":true,\"sync_lock\":false,\"clips\":[{\"gap\":1,\"name\":\"g\"},{\"asset\":\"a\","
    "\"link\":7,\"group\":2,"
    "\"id\":9,\"color\":\"#f00\"},{\"transition\":\"wipe\",\"duration\":1,\"metadata\":{\"a\":1}}]},"
    "{\"kind\":\"audio\","
    "\"clips\":[{\"sequence\":\"m\",\"angle\":1,\"audio_angle\":2,\"link\":7,\"markers\":[{\"id\":4,\"time\":1,"
    "\"kind\":\"todo\"}]},"
    "{\"asset\":\"a\",\"group\":2}]}]}]}",
    NULL};
static const char *const words[] = {"\"keys\":[",
                                    "{\"t\":0,\"v\":1}",
                                    "\"transition\":\"wipe\"",
                                    "{\"gap\":1}",
                                    "\"sequence\":\"a\"",
                                    "\"sequence\":\"b\"",
                                    "\"id\":1",
                                    "\"duration\":",
                                    "\"speed\":",
                                    "\"reverse\":true",
                                    "\"loop\":true",
                                    "\"freeze\":",
                                    "1e9",
                                    "-1",
                                    "1e-9",
                                    "0.0000000001",
                                    "99999999f",
                                    "\"1f\"",
                                    "\"00:00:00:24\"",
                                    "null",
                                    "true",
                                    "\"center\"",
                                    "[]",
                                    "{}",
                                    "\\u0000",
                                    "\\ud83d\\ude00",
                                    "9007199254740993",
                                    "\"remap\":[",
                                    "\"bezier\":[0.1,9,0.9,-9]",
                                    "\"align\":\"start\"",
                                    "\"align\":\"end\"",
                                    "\"before\":\"3f\"",
                                    "\"rate\":23.976",
                                    "\"rate\":\"60000/1001\"",
                                    "\"effects\":[",
                                    "{\"effect\":\"curves\",\"master\":[[0,0],[1,1]]}",
                                    "\"stream\":3",
                                    "\"link\":1",
                                    "\"group\":1",
                                    "\"metadata\":{\"a\":1e400}",
                                    "\"markers\":[{\"time\":1,\"id\":9}]",
                                    "\"offline\":true",
                                    "\"media\":{\"size\":[1,1]}",
                                    "\"bin\":\"A/B\"",
                                    "\"multicam\":true",
                                    "\"name\":\"n\"",
                                    "\"in\":",
                                    "\"out\":",
                                    "\"start\":",
                                    ",",
                                    ":",
                                    "[",
                                    "]",
                                    "{",
                                    "}",
                                    "\"",
                                    NULL};
FUZZ_MAIN(corpus, words)
#else
FUZZ_MAIN(, )
#endif
