/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media files (kerf/media.h). */
#include "api_util.h"
#include "kerf/frames.h"
#include "kerf/media.h"

/* A film of moving things at 25 frames a second, with a tone; rendered with an encoder's constant quality. */
static void make_clip(const char *name, int seconds, int crf, const char *extra)
{
    char text[1024];
    kf_film_handle *film = NULL;
    kf_render_params p = kf_render_params_default();
    snprintf(text, sizeof text,
             "{\"kerf\":1,\"size\":[320,180],\"rate\":25,\"tracks\":[{\"clips\":[{\"generator\":\"gradient\",\"duration\":%d}]},"
             "{\"clips\":[{\"generator\":\"noise\",\"duration\":%d,\"opacity\":0.2,\"params\":{\"size\":2}}]},"
             "{\"clips\":[{\"generator\":\"shape\",\"duration\":%d,\"transform\":{\"offset\":{\"keys\":[{\"t\":0,\"v\":[-90,0]},"
             "{\"t\":%d,\"v\":[90,40]}]}}%s}]},"
             "{\"kind\":\"audio\",\"clips\":[{\"generator\":\"tone\",\"duration\":%d}]}]}",
             seconds, seconds, seconds, seconds, extra, seconds);
    CHECK_MSG(kf_film_open_json(text, strlen(text), "film", NULL, &film, &api_error) == KF_OK, "%s", api_error.message);
    REQUIRE(film);
    p.output = util_path(name);
    p.overwrite = true;
    p.crf = crf;
    p.speed = "veryfast";
    CHECK_INT(kf_render(film, &p, NULL, &api_error), KF_OK);
    kf_film_close(film);
}

/* ---- Looking ---- */

typedef struct strip {
    int count;
    kf_time at[8];
    int middle[8][3];          /* colour of the middle of each */
    int width, height;
} strip;

static bool keep_picture(void *context, int32_t index, kf_time at, const kf_pixels *p)
{
    strip *s = context;
    CHECK_INT(index, s->count);
    CHECK(p->layout == KF_PIXELS_RGBA8 && p->premultiplied);
    s->width = p->width;
    s->height = p->height;
    s->at[s->count] = at;
    for (int c = 0; c < 3; c++)
        s->middle[s->count][c] = p->plane[0][p->height / 2 * p->stride[0] + p->width / 2 * 4 + c];
    return ++s->count < 6;
}

/* A second of red, of green, of blue; left at half, right silent. */
static void make_colours(const char *name)
{
    static const char text[] =
        "{\"kerf\":1,\"size\":[192,108],\"rate\":25,\"tracks\":[{\"clips\":["
        "{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":\"#ff0000\"}},"
        "{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":\"#00ff00\"}},"
        "{\"generator\":\"solid\",\"duration\":1,\"params\":{\"color\":\"#0000ff\"}}]},"
        "{\"kind\":\"audio\",\"clips\":[{\"gap\":1},{\"generator\":\"tone\",\"duration\":1}]}]}";
    kf_film_handle *film = NULL;
    kf_render_params p = kf_render_params_default();
    CHECK_MSG(kf_film_open_json(text, strlen(text), "film", NULL, &film, &api_error) == KF_OK, "%s", api_error.message);
    p.output = util_path(name);
    REQUIRE(film && kf_render(film, &p, NULL, &api_error) == KF_OK);
    kf_film_close(film);
}

static void check_colours(const strip *s, int first)
{
    for (int i = 0; i < s->count; i++)
        for (int c = 0; c < 3; c++)
            CHECK_NEAR(s->middle[i][c], c == first + i ? 255 : 0, 12);
}

TEST(thumbnails_of_a_file)
{
    strip s = {0};
    make_colours("rgb.mp4");
    kf_thumbnails_params p = kf_thumbnails_params_default();
    p.count = 3;
    p.height = 54;
    p.picture = keep_picture;
    p.context = &s;
    CHECK_INT(kf_thumbnails(util_path("rgb.mp4"), &p, &api_error), KF_OK);
    CHECK_INT(s.count, 3);
    CHECK_INT(s.width, 96);
    CHECK_INT(s.height, 54);
    CHECK_INT(s.at[1], KF_SECOND + KF_SECOND / 2);
    check_colours(&s, 0);
    const kf_time at[] = {FRAMES(25), FRAMES(50)}; /* the first frame of each */
    s.count = 0;
    p.count = 2;
    p.at = at;
    CHECK_INT(kf_thumbnails(util_path("rgb.mp4"), &p, &api_error), KF_OK);
    CHECK_INT(s.count, 2);
    check_colours(&s, 1);
    bool stop = true;
    p.cancel = &stop;
    CHECK_INT(kf_thumbnails(util_path("rgb.mp4"), &p, &api_error), KF_ERR_CANCELLED);
    p.height = 0;
    CHECK_INT(kf_thumbnails(util_path("rgb.mp4"), &p, &api_error), KF_ERR_USAGE);
}

TEST(waveform_of_a_file)
{
    kf_peak_column columns[20];
    kf_peaks_info info;
    kf_peaks_query q = {.path = util_path("rgb.mp4"), .stream = -1, .channel = -1, .to = KF_TIME_NONE, .count = 20};
    CHECK_INT(kf_waveform(&q, columns, &info, NULL, &api_error), KF_OK);
    CHECK_INT(info.channels, 2);
    CHECK_INT(info.sample_rate, 48000);
    CHECK_NEAR((double)info.end / (double)KF_SECOND, 3, 0.05);
    CHECK_NEAR(columns[3].max, 0, 0.01); /* 0.45 to 0.6 s: nothing; 1.35 to 1.5 s: the tone */
    CHECK(columns[9].max > 0.05f && columns[9].min < -0.05f && columns[9].rms > 0.03f);
    CHECK_NEAR(columns[17].max, 0, 0.01);
    q.stream = 3;
    CHECK_INT(kf_waveform(&q, columns, NULL, NULL, &api_error), KF_ERR_NOT_FOUND);
    q.count = 0;
    CHECK_INT(kf_waveform(&q, columns, NULL, NULL, &api_error), KF_ERR_USAGE);
}

TEST(facts_of_a_file)
{
    kf_media_summary s;
    CHECK_INT(kf_media_summarize(util_path("rgb.mp4"), &s, &api_error), KF_OK);
    CHECK_INT(s.width, 192);
    CHECK_INT(s.duration, 3 * KF_SECOND);
    CHECK_STR(s.video_codec, "h264");
    CHECK_STR(s.audio_codec, "aac");
    CHECK(s.bytes > 1000 && s.modified_ns > 0);
    CHECK_INT(kf_media_summarize(util_path("none.mp4"), &s, &api_error), KF_ERR_NOT_FOUND);
    CHECK(strstr(s.error, "none.mp4"));
}

/* ---- Comparing ---- */

TEST(equal_files_compare_as_one)
{
    kf_compare_report r;
    make_clip("a.mp4", 2, 18, "");
    CHECK_INT(kf_compare(util_path("a.mp4"), util_path("a.mp4"), NULL, &r, &api_error), KF_OK);
    CHECK(r.ssim == 1.0 && r.ssim_worst == 1.0 && isinf(r.psnr));
    CHECK_INT(r.frames, 50);
    CHECK_INT(r.length_difference, 0);
}

TEST(worse_quality_compares_as_less)
{
    kf_compare_report good, bad;
    kf_compare_params p = kf_compare_params_default();
    make_clip("a.mp4", 2, 18, "");
    make_clip("b.mp4", 2, 28, "");
    make_clip("c.mp4", 3, 45, "");
    CHECK_INT(kf_compare(util_path("a.mp4"), util_path("b.mp4"), NULL, &good, &api_error), KF_OK);
    p.frames = 10;
    CHECK_INT(kf_compare(util_path("a.mp4"), util_path("c.mp4"), &p, &bad, &api_error), KF_OK);
    CHECK_INT(bad.frames, 10);
    CHECK_INT(bad.length_difference, KF_SECOND);
    CHECK_MSG(good.ssim < 1 && good.ssim > bad.ssim + 0.02 && bad.ssim > 0, "%g %g", good.ssim, bad.ssim);
    CHECK_MSG(good.psnr > bad.psnr + 3 && bad.psnr > 10, "%g %g", good.psnr, bad.psnr);
    CHECK(bad.ssim_worst <= bad.ssim);
}

/* Flat grey of Y' 126 against 136, lossless: the luminance term alone, and 10^2 squared error. */
static void flat(const char *name, int luma)
{
    uint8_t bytes[64 * 48 * 3 / 2];
    kf_frame_encoder *e;
    kf_render_params r = kf_render_params_default();
    kf_frame_encoder_params p = kf_frame_encoder_params_default();
    r.output = util_path(name);
    r.preset = "archive-ffv1";
    r.pixel_format = "yuv420p";
    p.render = &r;
    p.width = 64;
    p.height = 48;
    memset(bytes, 128, sizeof bytes);
    memset(bytes, luma, 64 * 48);
    kf_pixels frame = kf_pixels_in(KF_PIXELS_I420, 64, 48, bytes);
    REQUIRE(kf_frame_encoder_create(&p, &e, &api_error) == KF_OK);
    for (int i = 0; i < 3; i++) CHECK_INT(kf_frame_encoder_video(e, &frame, &api_error), KF_OK);
    CHECK_INT(kf_frame_encoder_finish(e, NULL, &api_error), KF_OK);
}

TEST(known_distortions)
{
    kf_compare_report r;
    flat("x.mkv", 126);
    flat("y.mkv", 136);
    CHECK_INT(kf_compare(util_path("x.mkv"), util_path("y.mkv"), NULL, &r, &api_error), KF_OK);
    CHECK_NEAR(r.ssim, (2 * 126.0 * 136 + 6.5025) / (126.0 * 126 + 136.0 * 136 + 6.5025), 1e-6);
    CHECK_NEAR(r.psnr, 28.130803608679, 1e-6); /* 10 log10(65025 / 100) */
    CHECK_INT(r.frames, 3);
}

TEST(compare_names_what_is_not_there)
{
    kf_compare_report r;
    CHECK_INT(kf_compare(util_path("none.mp4"), util_path("a.mp4"), NULL, &r, &api_error), KF_ERR_NOT_FOUND);
    CHECK(strstr(api_error.message, "none.mp4"));
    bool stop = true;
    kf_compare_params p = kf_compare_params_default();
    p.cancel = &stop;
    CHECK_INT(kf_compare(util_path("a.mp4"), util_path("a.mp4"), &p, &r, &api_error), KF_ERR_CANCELLED);
}

TEST(media_open_as_films)
{
    kf_film_handle *film;
    kf_film_summary s;
    CHECK_INT(kf_film_open_media(util_path("a.mp4"), &film, &api_error), KF_OK);
    REQUIRE(film);
    CHECK_INT(kf_film_summarize(film, &s, &api_error), KF_OK);
    CHECK_INT(s.width, 320);
    CHECK_INT(s.rate.num, 25);
    CHECK_INT(s.duration, 2 * KF_SECOND);
    kf_film_close(film);
}

/* Sound of six channels is heard as stereo. */
TEST(surround_is_mixed_down)
{
    float samples[6 * 1920] = {0};
    uint8_t bytes[64 * 48 * 3 / 2];
    kf_film_handle *film = NULL;
    kf_render_params r = kf_render_params_default();
    kf_frame_encoder_params p = {.render = &r, .width = 64, .height = 48, .rate = {25, 1}, .sample_rate = 48000, .channels = 6};
    kf_frame_encoder *e;
    r.output = util_path("six.mkv");
    memset(bytes, 128, sizeof bytes);
    for (int i = 0; i < 1920; i++) samples[6 * i] = samples[6 * i + 1] = 0.25f;
    kf_pixels frame = kf_pixels_in(KF_PIXELS_I420, 64, 48, bytes);
    REQUIRE(kf_frame_encoder_create(&p, &e, &api_error) == KF_OK);
    for (int i = 0; i < 10; i++) {
        CHECK_INT(kf_frame_encoder_video(e, &frame, &api_error), KF_OK);
        CHECK_INT(kf_frame_encoder_sound(e, samples, 1920, &api_error), KF_OK);
    }
    REQUIRE(kf_frame_encoder_finish(e, NULL, &api_error) == KF_OK);
    REQUIRE(kf_film_open_media(r.output, &film, &api_error) == KF_OK);
    kf_render_params null = kf_render_params_default();
    kf_render_report report;
    null.null_output = true;
    CHECK_MSG(kf_render(film, &null, &report, &api_error) == KF_OK, "%s", api_error.message);
    CHECK_NEAR(report.peak_db, -12.04, 0.05); /* 0.25 */
    kf_film_close(film);
}

/* ---- Making smaller ---- */

static int64_t bytes_of(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) return -1;
    int64_t n = ftell(f);
    fclose(f);
    return n;
}

static double last_part;
static bool stop_now, stop_early;

static void on_part(void *context, double part, const char *doing)
{
    (void)context;
    CHECK_MSG(part >= last_part - 1e-9 && part <= 1, "%g after %g (%s)", part, last_part, doing);
    last_part = part;
    if (stop_early && part > 0.05) stop_now = true;
}

static kf_optimize_params to_size(const char *in, const char *out, int64_t target)
{
    kf_optimize_params p = kf_optimize_params_default();
    p.input = util_path(in);
    p.output = util_path(out);
    p.target = target;
    p.speed = "veryfast";
    p.overwrite = true;
    p.progress = on_part;
    p.cancel = &stop_now;
    last_part = 0;
    stop_now = stop_early = false;
    return p;
}

static void lands(const char *in, const char *out, int64_t target, kf_optimize_report *r)
{
    kf_optimize_params p = to_size(in, out, target);
    CHECK_MSG(kf_optimize(&p, r, &api_error) == KF_OK, "%s", api_error.message);
    int64_t n = bytes_of(p.output);
    CHECK_INT(r->bytes, n);
    CHECK_INT(r->original_bytes, bytes_of(p.input));
    CHECK_MSG(n <= target && n * 100 >= target * 97, "%s: %lld bytes of %lld", out, (long long)n, (long long)target);
    CHECK_NEAR(r->ratio, (double)r->original_bytes / (double)n, 1e-9);
    CHECK_MSG(r->ssim > 0.3 && r->ssim < 1 && r->psnr > 10, "%g %g", r->ssim, r->psnr);
    CHECK_NEAR(last_part, 1, 1e-9);
    CHECK(!r->copied);
}

TEST(sizes_are_met)
{
    kf_optimize_report r, small;
    make_clip("a.mp4", 4, 14, "");
    int64_t n = bytes_of(util_path("a.mp4"));
    lands("a.mp4", "o.mp4", n / 2, &r);
    lands("a.mp4", "p.mp4", n / 5, &small);
    CHECK(!r.scaled && r.width == 320 && r.height == 180 && small.ssim < r.ssim);
    make_clip("s.mp4", 1, 10, ",\"opacity\":0.5"); /* short, and nothing like the other */
    lands("s.mp4", "o.mkv", bytes_of(util_path("s.mp4")) / 3, &r);
    lands("a.mp4", "o.webm", n / 3, &r); /* an encoder that is not asked for two passes */
}

TEST(pictures_shrink_when_there_is_no_other_way)
{
    kf_optimize_report r;
    kf_optimize_params p = to_size("a.mp4", "t.mp4", 26000);
    CHECK_MSG(kf_optimize(&p, &r, &api_error) == KF_OK, "%s", api_error.message);
    CHECK(r.scaled && r.width < 320 && r.height < 180 && r.width % 2 == 0 && r.bytes <= 26000);
    p = to_size("a.mp4", "u.mp4", 900);
    CHECK_INT(kf_optimize(&p, &r, &api_error), KF_ERR_INVALID);
    CHECK(strstr(api_error.message, "cannot be brought to 900 bytes"));
    CHECK_INT(bytes_of(util_path("u.mp4")), -1);
}

TEST(what_is_small_enough_is_copied)
{
    kf_optimize_report r;
    kf_optimize_params p = to_size("a.mp4", "copy.mp4", 100000000);
    CHECK_INT(kf_optimize(&p, &r, &api_error), KF_OK);
    CHECK(r.copied && r.ssim == 1.0 && r.ratio == 1.0 && r.encodes == 0);
    CHECK_INT(bytes_of(p.output), bytes_of(p.input));
    p.overwrite = false;
    CHECK_INT(kf_optimize(&p, &r, &api_error), KF_ERR_EXISTS);
    p = to_size("a.mp4", "a.mp4", 1000);
    CHECK_INT(kf_optimize(&p, &r, &api_error), KF_ERR_INVALID);
}

TEST(optimising_stops_on_request)
{
    kf_optimize_report r;
    kf_optimize_params p = to_size("a.mp4", "never.mp4", bytes_of(util_path("a.mp4")) / 2);
    stop_early = true;
    int before = util_count(util_folder);
    CHECK_INT(kf_optimize(&p, &r, &api_error), KF_ERR_CANCELLED);
    CHECK_INT(util_count(util_folder), before);
}

int main(void)
{
    util_path("");
    RUN(thumbnails_of_a_file);
    RUN(waveform_of_a_file);
    RUN(facts_of_a_file);
    RUN(equal_files_compare_as_one);
    RUN(worse_quality_compares_as_less);
    RUN(known_distortions);
    RUN(compare_names_what_is_not_there);
    RUN(media_open_as_films);
    RUN(surround_is_mixed_down);
    RUN(sizes_are_met);
    RUN(pictures_shrink_when_there_is_no_other_way);
    RUN(what_is_small_enough_is_copied);
    RUN(optimising_stops_on_request);
    util_clean();
    return test_end();
}
