/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films for tests: loading from text, and random long ones. */
#ifndef KF_TEST_FILM_UTIL_H
#define KF_TEST_FILM_UTIL_H

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "base/api/time.h"
#include "model/api/model.h"
#include "test.h"

/* Media by name: "still.png", "sound.wav", "gone.mp4" (missing), else 1280x720 at 25 fps, 10 s. */
static inline kf_status test_facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    if (ctx) {
        ++*(int *)ctx;
    }
    const char *name = kf_path_name(file);
    if (strcmp(name, "gone.mp4") == 0) {
        err->status = KF_ERR_NOT_FOUND;
        snprintf(err->message, sizeof err->message, "%s: there is no such file", file);
        return KF_ERR_NOT_FOUND;
    }
    bool still = strcmp(name, "still.png") == 0, sound = strcmp(name, "sound.wav") == 0;
    *out = (kf_media_facts){.video = !sound, .audio = !still, .still = still, .width = sound ? 0 : 1280,
                            .height = sound ? 0 : 720, .rate = {25, 1}, .duration = still ? 0 : 10 * KF_SECOND};
    return KF_OK;
}

static inline kf_status load_text(const char *text, kf_film **out, kf_error *err)
{
    kf_film_load load = {.name = "film.json", .folder = "/films", .media = test_facts};
    *err = (kf_error){0};
    *out = NULL;
    return kf_film_load_json(text, strlen(text), &load, out, err);
}

/* Loads a film whose only track holds `clips`. */
static inline kf_film *load_clips(const char *clips)
{
    kf_str text = {0};
    kf_film *film = NULL;
    kf_error err;
    kf_str_addf(&text, "{\"kerf\":1,\"size\":[640,360],\"rate\":25,\"assets\":{\"a\":\"a.mp4\",\"b\":\"b.mp4\"},"
                "\"tracks\":[{\"clips\":[%s]}]}", clips);
    if (load_text(text.data, &film, &err) != KF_OK) {
        printf("# %s\n", err.message);
    }
    kf_str_finish(&text);
    return film;
}

static inline bool first_track(const kf_film *film, kf_track_view *out)
{
    kf_sequence_view sequence;
    kf_snapshot s = kf_film_snapshot(film);
    return kf_sequence_at(s, 0, &sequence) && kf_track_get(s, &sequence, 0, out);
}

/* Clip `index` (items count) of the first track. */
static inline bool clip_of(const kf_film *film, int64_t index, kf_clip_view *out)
{
    kf_track_view track;
    kf_cursor cursor;
    if (!film || !first_track(film, &track)) {
        return false;
    }
    kf_cursor_init(&cursor, kf_film_snapshot(film), &track);
    return kf_cursor_seek_index(&cursor, index) && kf_cursor_clip(&cursor, out);
}

/* A film with something of everything. */
__attribute__((unused)) static const char *const rich_film =
    "{\"kerf\":1,\"name\":\"Rich\",\"main\":\"top\",\"metadata\":{\"n\":1.50,\"big\":123456789012345678901234,"
    "\"s\":\"\\u0000\\u00e9\","
    "\"z\":[],\"a\":{\"deep\":[null,true,-0.0]}},\"bins\":[\"Interviews\",\"Interviews/Day 1\"],"
    "\"assets\":{\"a\":\"a.mp4\",\"b\":{\"path\":\"b_%04d.png\","
    "\"name\":\"Bees\",\"rate\":23.976,"
    "\"color\":{\"matrix\":\"bt601\",\"range\":\"full\"},\"deinterlace\":\"off\",\"alpha\":\"straight\"},"
    "\"c\":{\"offline\":true,\"bin\":\"Interviews\",\"label\":\"rose\",\"reel\":\"A001\","
    "\"metadata\":{\"scene\":\"12\"},"
    "\"timecode\":{\"start\":\"01:00:00;02\",\"rate\":29.97,\"drop_frame\":true},"
    "\"media\":{\"audio\":true,\"duration\":12.5,\"size\":[640,480],\"rate\":29.97,\"bytes\":9007199254740991,"
    "\"hash\":\"0123456789abcdef\"},\"proxy\":{\"path\":\"proxy/c.mp4\",\"state\":\"building\",\"use\":true},"
    "\"markers\":[{\"time\":\"00:00:02:00\",\"id\":900}],"
    "\"subclips\":[{\"name\":\"s1\",\"in\":1,\"out\":\"90f\",\"label\":\"blue\",\"bin\":\"Interviews\","
    "\"metadata\":{\"k\":1}},"
    "{\"out\":2}]}},"
    "\"sequences\":[{\"id\":\"in\",\"name\":\"Inner\",\"multicam\":true,\"size\":[320,240],\"rate\":29.97,"
    "\"drop_frame\":true,\"start_"
    "timecode\":\"01:00:00;00\","
    "\"tracks\":[{\"clips\":[{\"generator\":\"bars\",\"duration\":\"7f\",\"params\":{\"tone\":true}}]}]},"
    "{\"id\":\"top\",\"size\":[1920,1080],\"pixel_aspect\":\"4/"
    "3\",\"rate\":24,\"sample_rate\":44100,\"channels\":1,\"working\":\"linear\","
    "\"color\":{\"primaries\":\"bt2020\",\"transfer\":\"pq\",\"matrix\":\"bt2020\"},\"background\":[0.1,0.2,0.3],"
    "\"master_gain\":-1.5,"
    "\"limiter\":false,\"loudness\":-14,\"audio_effects\":[{\"effect\":\"limiter\"}],"
    "\"bin\":\"Cuts\",\"label\":\"green\",\"metadata\":{\"x\":{}},\"mark_in\":\"2f\",\"mark_out\":1,"
    "\"markers\":[{\"time\":1,\"name\":\"here\",\"kind\":\"todo\",\"metadata\":{\"who\":\"me\"}},{\"time\":\"3f\","
    "\"duration\":0.5,\"note\":\"so\",\"color\":\"#"
    "12345678\"}],\"tracks\":["
    "{\"name\":\"V1\",\"matte\":\"luma\",\"matte_invert\":true,\"opacity\":0.5,\"gain\":-3,\"lock\":true,\"effects\":[{"
    "\"effect\":\"blur\"}],"
    "\"clips\":[{\"gap\":\"1f\"},{\"gap\":\"2f\",\"name\":\"slug\",\"metadata\":{\"g\":1}},{\"asset\":\"a\","
    "\"link\":7,\"group\":1,"
    "\"color\":\"#ff8000\",\"metadata\":{\"take\":3},\"stream\":0,\"audio_stream\":1,\"in\":1,\"out\":3,\"speed\":\"7/"
    "3\",\"reverse\":true,"
    "\"name\":\"n\",\"label\":\"l\",\"audio\":false,\"enabled\":false,\"fade_in\":\"2f\",\"fade_in_curve\":\"s\",\"av_"
    "offset\":-0.1,"
    "\"markers\":[{\"time\":0.1}],\"effects\":[{\"effect\":\"curves\",\"enabled\":false,\"name\":\"c\",\"master\":[[0,"
    "0],[0.1,0.7],[1,1]]}]},"
    "{\"transition\":\"wipe\",\"duration\":\"8f\",\"align\":\"end\",\"angle\":45,\"curve\":\"ease\","
    "\"name\":\"to b\",\"metadata\":{\"t\":1}},{\"asset\":\"b\","
    "\"duration\":1,\"loop\":true,"
    "\"out\":0.3333333333},{\"transition\":\"dissolve\",\"duration\":0.25,\"before\":\"2f\"},{\"asset\":\"a\",\"freeze\":2,\"duration\":"
    "1},"
    "{\"asset\":\"a\",\"remap\":[{\"t\":0,\"source\":0,\"interp\":\"ease\"},{\"t\":1,\"source\":2,\"interp\":\"hold\"},"
    "{\"t\":2,\"source\":1}]}]},"
    "{\"solo\":true,\"target\":true,\"sync_lock\":false,\"label\":\"teal\",\"metadata\":{\"v\":2},"
    "\"clips\":[{\"sequence\":\"in\",\"group\":1,\"angle\":1,\"audio_angle\":1},{\"adjustment\":true,"
    "\"duration\":1.00000000123,\"effects\":[{"
    "\"effect\":\"hue\",\"angle\":"
    "{\"keys\":[{\"t\":0,\"v\":0.1},{\"t\":\"5f\",\"v\":360,\"interp\":\"bezier\",\"bezier\":[0.1,0.2,0.3,0.4]},{\"t\":"
    "2,\"v\":1e-3}]}}]}]},"
    "{\"kind\":\"audio\",\"mute\":true,\"hide\":true,\"pan\":{\"keys\":[{\"t\":0,\"v\":-1},{\"t\":9,\"v\":1}]},\"audio_"
    "effects\":[{\"effect\":\"eq\"}],"
    "\"clips\":[{\"asset\":\"a\",\"link\":7,\"id\":12,\"start\":0.7,\"gain\":-2.25}]}]}]}";

static inline uint32_t test_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
