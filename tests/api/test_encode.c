/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames into files and streams: kf_frame_encoder, and kf_render with a function to write to. */
#include "api_util.h"
#include "kerf/frames.h"

enum { W = 64, H = 48, SIZE = W * H * 3 / 2 };

typedef struct bytes {
    uint8_t *data;
    size_t length, calls, fail_after; /* fail_after 0: never */
} bytes;

static int collect(void *context, const uint8_t *data, size_t length)
{
    bytes *b = context;
    if (b->fail_after && b->length + length > b->fail_after) return 32; /* EPIPE */
    b->data = realloc(b->data, b->length + length);
    memcpy(b->data + b->length, data, length);
    b->length += length;
    b->calls++;
    return 0;
}

static void save(const bytes *b, const char *path)
{
    FILE *f = fopen(path, "wb");
    CHECK(f && fwrite(b->data, 1, b->length, f) == b->length);
    if (f) fclose(f);
}

/* Frame i of a moving picture in I420. */
static void draw(uint8_t *out, int i)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) out[y * W + x] = (uint8_t)(16 + (x * 3 + y * 5 + i * 11) % 200);
    for (int k = W * H; k < SIZE; k++) out[k] = (uint8_t)(40 + (k * 7 + i * 3) % 160);
}

static kf_frame_encoder *encoder(kf_render_params *render, bool sound)
{
    kf_frame_encoder_params p = kf_frame_encoder_params_default();
    kf_frame_encoder *out = NULL;
    p.render = render;
    p.width = W;
    p.height = H;
    p.rate = (kf_rational){25, 1};
    p.sample_rate = sound ? 48000 : 0;
    p.channels = sound ? 2 : 0;
    kf_status status = kf_frame_encoder_create(&p, &out, &api_error);
    CHECK_MSG((status == KF_OK) == (out != NULL), "%s", api_error.message);
    return out;
}

static void push(kf_frame_encoder *e, int frames, bool sound)
{
    static float samples[1920 * 2];
    uint8_t picture[SIZE];
    for (int i = 0; i < 1920; i++) {
        samples[2 * i] = 0.5f;
        samples[2 * i + 1] = -0.25f;
    }
    for (int i = 0; i < frames; i++) {
        draw(picture, i);
        kf_pixels p = kf_pixels_in(KF_PIXELS_I420, W, H, picture);
        CHECK_INT(kf_frame_encoder_video(e, &p, &api_error), KF_OK);
        if (sound) CHECK_INT(kf_frame_encoder_sound(e, samples, 1920, &api_error), KF_OK);
    }
}

static kf_film_handle *film_of(const char *path, int width, int height, int frames)
{
    char text[600];
    kf_film_handle *film = NULL;
    snprintf(text, sizeof text, "{\"kerf\":1,\"assets\":{\"a\":\"%s\"},\"size\":[%d,%d],\"rate\":25,\"tracks\":[{\"clips\":["
             "{\"asset\":\"a\",\"duration\":\"%df\"}]}]}", path, width, height, frames);
    CHECK_MSG(kf_film_open_json(text, strlen(text), "film", NULL, &film, &api_error) == KF_OK, "%s", api_error.message);
    return film;
}

/* ---- Files ---- */

TEST(what_was_pushed_is_in_the_file)
{
    kf_render_params r = kf_render_params_default();
    kf_render_report report;
    uint8_t wanted[SIZE], got[SIZE];
    r.output = util_path("a.mkv");
    r.preset = "archive-ffv1";
    r.pixel_format = "yuv420p";
    kf_frame_encoder *e = encoder(&r, true);
    REQUIRE(e);
    push(e, 12, true);
    CHECK_INT(kf_frame_encoder_finish(e, &report, &api_error), KF_OK);
    CHECK_INT(report.frames, 12);
    CHECK_INT(report.samples, 12 * 1920);
    CHECK_INT(report.duration, FRAMES(12));
    kf_film_handle *film = film_of(r.output, W, H, 12);
    REQUIRE(film);
    for (int i = 0; i < 12; i++) {
        kf_pixels out = kf_pixels_in(KF_PIXELS_I420, W, H, got);
        CHECK_INT(kf_render_pixels(film, FRAMES(i), NULL, &out, &api_error), KF_OK);
        draw(wanted, i);
        CHECK_MSG(memcmp(wanted, got, SIZE) == 0, "frame %d", i);
    }
    kf_film_close(film);
}

TEST(scales_to_the_size_that_is_asked_for)
{
    kf_render_params r = kf_render_params_default();
    char *json;
    r.output = util_path("s.mp4");
    r.width = 32;
    kf_frame_encoder *e = encoder(&r, false);
    REQUIRE(e);
    push(e, 5, false);
    CHECK_INT(kf_frame_encoder_finish(e, NULL, &api_error), KF_OK);
    CHECK_INT(kf_probe(r.output, NULL, KF_TEXT_JSON, &json, &api_error), KF_OK);
    CHECK(json && strstr(json, "\"width\": 32") && strstr(json, "\"height\": 24"));
    kf_string_free(json);
}

TEST(leaves_nothing_when_cancelled)
{
    kf_render_params r = kf_render_params_default();
    r.output = util_path("gone.mp4");
    int before = util_count(util_folder);
    kf_frame_encoder *e = encoder(&r, false);
    REQUIRE(e);
    push(e, 3, false);
    kf_frame_encoder_cancel(e);
    CHECK_INT(util_count(util_folder), before);
    e = encoder(&r, false);
    REQUIRE(e);
    CHECK_INT(kf_frame_encoder_finish(e, NULL, &api_error), KF_ERR_INVALID);
    CHECK_INT(util_count(util_folder), before);
}

TEST(says_what_is_wrong)
{
    kf_frame_encoder *e;
    kf_frame_encoder_params p = kf_frame_encoder_params_default();
    kf_render_params r = kf_render_params_default();
    p.width = W;
    p.height = H;
    CHECK_INT(kf_frame_encoder_create(&p, &e, &api_error), KF_ERR_USAGE);
    r.output = util_path("x.mp4");
    r.preset = "mp5";
    p.render = &r;
    CHECK_INT(kf_frame_encoder_create(&p, &e, &api_error), KF_ERR_NOT_FOUND);
    CHECK(strstr(api_error.message, "did you mean"));
    r.preset = NULL;
    p.effects = "[{\"effect\":\"blur\",\"radios\":3}]";
    CHECK_INT(kf_frame_encoder_create(&p, &e, &api_error), KF_ERR_INVALID);
    CHECK_STR(api_error.message, "effects[0].radios: unknown; did you mean \"radius\"?");
    p.effects = NULL;
    p.channels = 9;
    p.sample_rate = 48000;
    CHECK_INT(kf_frame_encoder_create(&p, &e, &api_error), KF_ERR_USAGE);
    e = encoder(&r, false);
    REQUIRE(e);
    uint8_t small[100];
    kf_pixels wrong = kf_pixels_in(KF_PIXELS_RGBA8, 5, 5, small);
    CHECK_INT(kf_frame_encoder_video(e, &wrong, &api_error), KF_ERR_INVALID);
    CHECK_STR(api_error.message, "a picture of 5x5, where 64x48 was said before");
    CHECK_INT(kf_frame_encoder_sound(e, (float[2]){0}, 1, &api_error), KF_ERR_USAGE);
    kf_frame_encoder_cancel(e);
}

/* ---- Streams ---- */

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Walks the boxes to the end: ftyp, moov, then moof and mdat by turns, then mfra. Returns how many fragments. */
static int fragments(const bytes *b)
{
    static const char *const order[] = {"ftyp", "moov"};
    size_t at = 0;
    int boxes = 0, moofs = 0;
    const char *after = "";
    for (; at + 8 <= b->length; boxes++) {
        const char *type = (const char *)b->data + at + 4;
        if (boxes < 2)
            CHECK(memcmp(type, order[boxes], 4) == 0);
        else if (memcmp(type, "moof", 4) == 0)
            moofs++;
        else if (memcmp(type, "mdat", 4) == 0)
            CHECK(memcmp(after, "moof", 4) == 0);
        else
            CHECK_MSG(memcmp(type, "mfra", 4) == 0, "%.4s", type);
        after = type;
        CHECK(word(b->data + at) >= 8);
        if (word(b->data + at) < 8) break;
        at += word(b->data + at);
    }
    CHECK_INT(at, b->length);
    return moofs;
}

TEST(streams_mp4_in_fragments)
{
    bytes b = {0};
    kf_render_params r = kf_render_params_default();
    r.write = collect;
    r.context = &b;
    kf_frame_encoder *e = encoder(&r, true);
    REQUIRE(e);
    push(e, 150, true); /* 6 s */
    CHECK_MSG(b.length > 2000, "%zu bytes while frames still come", b.length);
    CHECK_INT(kf_frame_encoder_finish(e, NULL, &api_error), KF_OK);
    int count = fragments(&b);
    CHECK_MSG(count >= 5 && count <= 16, "%d fragments", count);
    save(&b, util_path("f.mp4"));
    kf_film_handle *film = film_of(util_path("f.mp4"), W, H, 150);
    REQUIRE(film);
    kf_render_params null = kf_render_params_default();
    kf_render_report report;
    null.null_output = true;
    CHECK_INT(kf_render(film, &null, &report, &api_error), KF_OK);
    CHECK_INT(report.decoded_frames, 150);
    CHECK_NEAR(report.rms_db, -8.06, 0.3); /* of 0.5 and -0.25 */
    kf_film_close(film);
    free(b.data);
}

static void keep_hash(void *context, int64_t frame, uint64_t video, uint64_t audio)
{
    uint64_t *sum = context;
    *sum = ((*sum ^ video) * 31 ^ audio ^ (uint64_t)frame) * 1099511628211u;
}

static uint64_t hash_of(const char *path)
{
    uint64_t sum = 1;
    kf_film_handle *film = film_of(path, 160, 90, 75);
    kf_render_params p = kf_render_params_default();
    p.null_output = true;
    p.hash = keep_hash;
    p.context = &sum;
    CHECK(film && kf_render(film, &p, NULL, &api_error) == KF_OK);
    kf_film_close(film);
    return sum;
}

static kf_film_handle *shapes(void)
{
    static const char text[] = "{\"kerf\":1,\"size\":[160,90],\"rate\":25,\"tracks\":[{\"clips\":[{\"generator\":\"noise\","
                               "\"duration\":3}]},{\"kind\":\"audio\",\"clips\":[{\"generator\":\"tone\",\"duration\":3}]}]}";
    kf_film_handle *film = NULL;
    CHECK_MSG(kf_film_open_json(text, strlen(text), "film", NULL, &film, &api_error) == KF_OK, "%s", api_error.message);
    return film;
}

TEST(renders_into_a_stream)
{
    bytes b = {0};
    kf_film_handle *film = shapes();
    REQUIRE(film);
    kf_render_params r = kf_render_params_default();
    kf_render_report report;
    r.output = util_path("r.mp4");
    CHECK_INT(kf_render(film, &r, NULL, &api_error), KF_OK);
    r.output = NULL;
    r.write = collect;
    r.context = &b;
    CHECK_INT(kf_render(film, &r, &report, &api_error), KF_OK);
    CHECK_INT(report.bytes, b.length);
    CHECK(fragments(&b) >= 2);
    save(&b, util_path("r2.mp4"));
    CHECK(hash_of(util_path("r.mp4")) == hash_of(util_path("r2.mp4")));
    b.length = 0;
    r.container = "webm";
    r.video_codec = "vp8";
    r.speed = "ultrafast";
    CHECK_MSG(kf_render(film, &r, &report, &api_error) == KF_OK, "%s", api_error.message);
    CHECK(b.length > 100 && memcmp(b.data, "\x1a\x45\xdf\xa3", 4) == 0);
    r.container = "gif";
    r.video_codec = NULL;
    CHECK_INT(kf_render(film, &r, NULL, &api_error), KF_ERR_UNSUPPORTED);
    kf_film_close(film);
    free(b.data);
}

TEST(ends_when_nobody_reads)
{
    bytes b = {.fail_after = 5000};
    kf_film_handle *film = shapes();
    REQUIRE(film);
    kf_render_params r = kf_render_params_default();
    r.write = collect;
    r.context = &b;
    CHECK_INT(kf_render(film, &r, NULL, &api_error), KF_ERR_IO);
    CHECK_MSG(strstr(api_error.message, "stream") && strstr(api_error.message, "Broken pipe"), "%s", api_error.message);
    kf_film_close(film);
    free(b.data);
}

int main(void)
{
    util_path("");
    RUN(what_was_pushed_is_in_the_file);
    RUN(scales_to_the_size_that_is_asked_for);
    RUN(leaves_nothing_when_cancelled);
    RUN(says_what_is_wrong);
    RUN(streams_mp4_in_fragments);
    RUN(renders_into_a_stream);
    RUN(ends_when_nobody_reads);
    util_clean();
    return test_end();
}
