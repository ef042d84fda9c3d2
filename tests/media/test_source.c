/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every frame of every kind of stream is the one that was asked for, in whatever order. */
#include "source_util.h"

#define H264 .encoder = "libx264", .format = KF_PIX_YUV420P8
#define RATE(n, d) .rate = {n, d}

static int64_t uneven(int i)
{
    static const int steps[5] = {17, 40, 33, 8, 102};
    int64_t t = (int64_t)(i / 5) * 200;
    for (int k = 0; k < i % 5; k++) {
        t += steps[k];
    }
    return t;
}

static const clip clips[] = {
    {.file = "closed.mp4",
     H264,
     RATE(24, 1),
     .frames = 150,
     .gop = 30,
     .bframes = 3,
     .options = "preset=fast:x264-params=open-gop=0"},
    {.file = "open.mp4",
     H264,
     RATE(25, 1),
     .frames = 150,
     .gop = 24,
     .bframes = 3,
     .open_gop = true,
     .options = "preset=fast:x264-params=open-gop=1\\:scenecut=0\\:b-adapt=0"},
    {.file = "open.mkv",
     H264,
     RATE(25, 1),
     .frames = 150,
     .gop = 24,
     .bframes = 3,
     .open_gop = true,
     .options = "preset=fast:x264-params=open-gop=1\\:scenecut=0\\:b-adapt=0"},
    {.file = "open.ts",
     H264,
     RATE(25, 1),
     .frames = 150,
     .gop = 24,
     .bframes = 3,
     .open_gop = true,
     .options = "preset=fast:x264-params=open-gop=1\\:scenecut=0\\:b-adapt=0"},
    {.file = "pyramid.mov",
     H264,
     RATE(24000, 1001),
     .frames = 200,
     .gop = 100,
     .bframes = 4,
     .options = "preset=fast:x264-params=b-pyramid=normal"},
    {.file = "long.mp4", H264, RATE(30000, 1001), .frames = 300, .gop = 300, .bframes = 2, .options = "preset=fast"},
    {.file = "5994.mp4", H264, RATE(60000, 1001), .frames = 150, .gop = 60, .bframes = 2, .options = "preset=fast"},
    {.file = "50.mp4", H264, RATE(50, 1), .frames = 100, .gop = 50, .bframes = 2, .options = "preset=fast"},
    {.file = "fragments.mp4",
     H264,
     RATE(25, 1),
     .frames = 120,
     .gop = 24,
     .bframes = 2,
     .options = "preset=fast",
     .muxer_options = "movflags=frag_keyframe+empty_moov"},
    {.file = "vfr.mp4",
     H264,
     RATE(25, 1),
     .frames = 120,
     .gop = 24,
     .bframes = 2,
     .options = "preset=fast",
     .pts = uneven},
    {.file = "vfr.mkv",
     H264,
     RATE(25, 1),
     .frames = 120,
     .gop = 24,
     .bframes = 2,
     .options = "preset=fast",
     .pts = uneven},
    {.file = "edit.mp4",
     H264,
     RATE(25, 1),
     .frames = 100,
     .gop = 24,
     .bframes = 2,
     .options = "preset=fast",
     .first = 0,
     .muxer_options = "use_editlist=1"},
    {.file = "hevc.mp4",
     .encoder = "libx265",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 100,
     .gop = 24,
     .bframes = 3,
     .options = "preset=ultrafast:x265-params=log-level=none\\:open-gop=0\\:keyint=24"},
    {.file = "hevc-open.mkv",
     .encoder = "libx265",
     .format = KF_PIX_YUV420P10,
     RATE(25, 1),
     .frames = 100,
     .gop = 24,
     .bframes = 3,
     .open_gop = true,
     .options = "preset=ultrafast:x265-params=log-level=none\\:open-gop=1\\:keyint=24"},
    {.file = "vp9.webm",
     .encoder = "libvpx-vp9",
     .format = KF_PIX_YUV420P8,
     RATE(30, 1),
     .frames = 90,
     .gop = 30,
     .options = "deadline=good:cpu-used=5:auto-alt-ref=1:lag-in-frames=16:b=500000"},
    {.file = "vp8.webm",
     .encoder = "libvpx",
     .format = KF_PIX_YUV420P8,
     RATE(30, 1),
     .frames = 90,
     .gop = 30,
     .options = "deadline=good:cpu-used=5:auto-alt-ref=1:lag-in-frames=16:b=800000"},
    {.file = "av1.mp4",
     .encoder = "libsvtav1",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 60,
     .gop = 20,
     .options = "preset=10:crf=30"},
    {.file = "av1.mkv",
     .encoder = "libsvtav1",
     .format = KF_PIX_YUV420P10,
     RATE(25, 1),
     .frames = 60,
     .gop = 20,
     .options = "preset=10:crf=30"},
    {.file = "prores.mov", .encoder = "prores_ks", .format = KF_PIX_YUV422P10, RATE(25, 1), .frames = 40},
    {.file = "dnxhr.mov",
     .encoder = "dnxhd",
     .format = KF_PIX_YUV422P8,
     RATE(25, 1),
     .frames = 40,
     .scale = 2, /* the encoder takes 256x120 and more */
     .options = "profile=dnxhr_lb"},
    {.file = "mpeg4.avi",
     .encoder = "mpeg4",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 100,
     .gop = 12,
     .options = "b=2000000"},
    {.file = "mpeg4b.avi",
     .encoder = "mpeg4",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 100,
     .gop = 12,
     .bframes = 2,
     .options = "b=2000000"},
    {.file = "mpeg4b.mp4",
     .encoder = "mpeg4",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 100,
     .gop = 12,
     .bframes = 2,
     .options = "b=2000000"},
    {.file = "mpeg2.ts",
     .encoder = "mpeg2video",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 100,
     .gop = 12,
     .bframes = 2,
     .options = "b=2000000"},
    {.file = "mpeg2.mpg",
     .encoder = "mpeg2video",
     .format = KF_PIX_YUV420P8,
     RATE(25, 1),
     .frames = 100,
     .gop = 12,
     .bframes = 2,
     .options = "b=2000000"},
    {.file = "mjpeg.avi", .encoder = "mjpeg", .format = KF_PIX_YUV420P8, RATE(25, 1), .frames = 40, .options = "q=3"},
    {.file = "raw.h264", H264, RATE(25, 1), .frames = 60, .gop = 20, .options = "preset=fast"},
    {.file = "ffv1.mkv", .encoder = "ffv1", .format = KF_PIX_YUV444P10, RATE(25, 1), .frames = 40},
    {.file = "gray.mkv", .encoder = "ffv1", .format = KF_PIX_GRAY8, RATE(25, 1), .frames = 20},
    {.file = "rgb.mov", .encoder = "png", .format = KF_PIX_RGB24, RATE(25, 1), .frames = 20},
    {.file = "anim.gif", .encoder = "gif", .format = KF_PIX_GRAY8, RATE(25, 1), .frames = 20},
};

static void check_times(const clip *k, opened *o)
{
    double slack = strstr(k->file, "mkv") || strstr(k->file, "webm") ? 0.0011 : 2e-6;
    CHECK_MSG(o->info.start == 0, "%s starts at %g", k->file, kf_time_seconds(o->info.start));
    for (int i = 0; i < o->info.frames; i++) {
        kf_time t = kf_video_source_frame_time(o->source, i);
        double expected = k->pts ? (double)k->pts(i) / 1000 : (double)i * k->rate.den / k->rate.num;
        CHECK_MSG(fabs(kf_time_seconds(t) - expected) < slack, "%s: frame %d is at %.6f, expected %.6f", k->file, i,
                  kf_time_seconds(t), expected);
        CHECK_MSG(kf_video_source_frame_at(o->source, t) == i, "%s: frame_at(start of %d)", k->file, i);
        CHECK_MSG(kf_video_source_frame_at(o->source, t - 1) == (i ? i - 1 : 0), "%s: frame_at(before %d)", k->file, i);
        CHECK_MSG(kf_video_source_frame_at(o->source, kf_video_source_frame_time(o->source, i + 1) - 1) == i,
                  "%s: frame_at(end of %d)", k->file, i);
    }
    CHECK(kf_video_source_frame_at(o->source, INT64_MAX) == o->info.frames - 1);
    CHECK(kf_video_source_frame_at(o->source, INT64_MIN + 1) == 0);
    CHECK_MSG(o->info.stream->variable_rate == (k->pts != NULL), "%s: variable %d", k->file,
              o->info.stream->variable_rate);
}

typedef int64_t order_fn(int n, int64_t count);
static int64_t forward(int n, int64_t count) { return n < count ? n : -1; }
static int64_t backward(int n, int64_t count) { return count - 1 - n; }
static int64_t scattered(int n, int64_t count) { return n < 40 ? (n * INT64_C(7919) + n / 3) % count : -1; }
static int64_t two_places(int n, int64_t count)
{
    int64_t i = n / 2 + (n & 1 ? count / 2 : 0);
    return n / 2 < count / 2 ? i : -1;
}
static int64_t dissolve(int n, int64_t count) { return n / 2 + 12 < count ? n / 2 + (n & 1 ? 12 : 0) : -1; }
static int64_t skipping(int n, int64_t count) { return n * INT64_C(3) < count ? n * 3 : -1; }
static int64_t slow(int n, int64_t count) { return n / 3 < count ? n / 3 : -1; }

static int64_t check_order_with(const kf_media_params *params, const clip *k, const char *path, const char *name,
                                order_fn *order)
{
    opened o;
    int wrong = 0;
    int64_t decoded = 0;
    if (open_video_with(path, params, &o)) {
        for (int n = 0; order(n, o.info.frames) >= 0 && wrong < 5; n++) {
            int64_t i = order(n, o.info.frames);
            int number = number_at(&o, i);
            CHECK_MSG(number == i, "%s, %s: frame %lld carries %d", k->file, name, (long long)i, number);
            wrong += number != i;
        }
        decoded = kf_video_source_stats(o.source).decoded;
    }
    close_video(&o);
    return decoded;
}

static int64_t check_order(const clip *k, const char *path, const char *name, order_fn *order)
{
    return check_order_with(NULL, k, path, name, order);
}

/* As a person looks at it, with room for all of it and for a few pictures only. */
static void check_interactive(const clip *k, const char *path)
{
    const int64_t picture = (int64_t)WIDTH * HEIGHT * (k->scale ? k->scale * k->scale : 1) * 2;
    for (int tight = 0; tight < 2; tight++) {
        const kf_media_params params = {.interactive = true, .cache_bytes = tight ? 12 * picture : 0};
        check_order_with(&params, k, path, "forward, interactive", forward);
        check_order_with(&params, k, path, "backward, interactive", backward);
        check_order_with(&params, k, path, "scattered, interactive", scattered);
        check_order_with(&params, k, path, "dissolve, interactive", dissolve);
        check_order_with(&params, k, path, "every third, interactive", skipping);
    }
}

/* Single pictures, two at a time as in a dissolve, both announced; more are decoded than in a run only as far as a seek
 * makes it so. */
static void check_single(const clip *k, const char *path)
{
    const kf_media_params params = {.single = true};
    opened o;
    int wrong = 0;
    if (open_video_with(path, &params, &o)) {
        const int64_t last = o.info.frames - 1;
        for (int n = 0; n < 8 && wrong < 5; n++) {
            int64_t i = scattered(n, o.info.frames), j = i + n * 2 < last ? i + n * 2 : last;
            kf_video_source_want(o.source, i, i);
            kf_video_source_want(o.source, j, j);
            int first = number_at(&o, i), second = number_at(&o, j);
            CHECK_MSG(first == i && second == j, "%s, single: frames %lld and %lld carry %d and %d", k->file,
                      (long long)i, (long long)j, first, second);
            wrong += first != i || second != j;
        }
    }
    close_video(&o);
}

static void check_clip(const clip *k)
{
    const char *path = util_path(k->file);
    opened o;
    if (!clip_write(k, path)) {
        printf("# %s: no %s encoder here\n", k->file, k->encoder);
        return;
    }
    bool open = open_video(path, &o);
    if (open) {
        CHECK_MSG(o.info.frames == k->frames, "%s: %lld frames", k->file, (long long)o.info.frames);
        check_times(k, &o);
    }
    close_video(&o);
    if (!open || o.info.frames != k->frames) {
        return;
    }
    int64_t decoded = check_order(k, path, "forward", forward);
    CHECK_MSG(decoded == k->frames, "%s: forward decodes %lld frames", k->file, (long long)decoded);
    check_order(k, path, "backward", backward);
    check_order(k, path, "scattered", scattered);
    check_order(k, path, "two places", two_places);
    decoded = check_order(k, path, "dissolve", dissolve);
    CHECK_MSG(decoded <= k->frames + 13, "%s: a dissolve within decodes %lld frames", k->file, (long long)decoded);
    check_order(k, path, "every third", skipping);
    check_order(k, path, "slow", slow);
    check_single(k, path);
    check_interactive(k, path);
}

TEST(every_frame_of_every_codec)
{
    const char *only = getenv("KF_TEST_CLIP");
    for (size_t i = 0; i < sizeof clips / sizeof *clips; i++) {
        if (!only || strstr(clips[i].file, only)) {
            check_clip(&clips[i]);
        }
    }
}

/* A key frame of a clip whose frames are sorted comes without those that follow. */
TEST(single_pictures_come_at_once)
{
    const clip k = {.file = "single.mp4", H264, RATE(24, 1), .frames = 60, .gop = 30, .bframes = 2,
                    .options = "preset=fast:x264-params=scenecut=0"};
    const kf_media_params params = {.single = true};
    opened o;
    if (!clip_write(&k, util_path(k.file))) {
        SKIP("no H.264 encoder");
    }
    REQUIRE(open_video_with(util_path(k.file), &params, &o));
    CHECK_INT(number_at(&o, 30), 30);
    CHECK_INT(kf_video_source_stats(o.source).decoded, 1);
    close_video(&o);
}

/* A film of six cuts of one clip, each overlapping the next by a dissolve: as many frames are decoded as are shown,
 * whether the cuts are announced or not. */
TEST(cuts_of_one_file_share_its_decoder)
{
    enum { CUTS = 6, LENGTH = 50, DISSOLVE = 6, STEP = LENGTH - DISSOLVE };
    const clip k = {.file = "cuts.mp4", H264, RATE(24, 1), .frames = CUTS * LENGTH, .gop = 250, .bframes = 2,
                    .options = "preset=fast:x264-params=scenecut=0"};
    if (!clip_write(&k, util_path(k.file))) {
        SKIP("no H.264 encoder");
    }
    for (int announced = 0; announced < 2; announced++) {
        opened o;
        REQUIRE(open_video(util_path(k.file), &o));
        for (int n = 0; n < STEP * CUTS + DISSOLVE; n++) {
            for (int c = 0; c < CUTS; c++) {
                int at = n - c * STEP;
                if (announced && at == 0) {
                    kf_video_source_want(o.source, c * LENGTH, c * LENGTH + LENGTH - 1);
                }
                if (at >= 0 && at < LENGTH) {
                    CHECK_INT(number_at(&o, c * LENGTH + at), c * LENGTH + at);
                }
            }
        }
        kf_source_stats stats = kf_video_source_stats(o.source);
        CHECK_INT(stats.decoded, CUTS * LENGTH);
        CHECK_INT(stats.decoders, 1);
        CHECK_INT(stats.seeks, 1);
        close_video(&o);
    }
}

/* What is announced is decoded, and nothing behind its end. */
TEST(nothing_is_decoded_behind_an_announced_end)
{
    const clip k = {
        .file = "ends.mov", .encoder = "mjpeg", .format = KF_PIX_YUV420P8, RATE(24, 1), .frames = 60, .options = "q=3"};
    opened o;
    REQUIRE(clip_write(&k, util_path(k.file)));
    REQUIRE(open_video(util_path(k.file), &o));
    kf_video_source_want(o.source, 20, 29);
    for (int i = 20; i < 30; i++) {
        CHECK_INT(number_at(&o, i), i);
    }
    usleep(50000);
    kf_source_stats stats = kf_video_source_stats(o.source);
    CHECK_MSG(stats.decoded >= 10 && stats.decoded <= 12, "%lld frames", (long long)stats.decoded);
    close_video(&o);
}

/* The budget holds however frames are asked for. */
TEST(the_cache_stays_within_its_budget)
{
    const clip k = {
        .file = "budget.mp4", H264, RATE(24, 1), .frames = 200, .gop = 100, .bframes = 2, .options = "preset=fast"};
    if (!clip_write(&k, util_path(k.file))) {
        SKIP("no H.264 encoder");
    }
    kf_media_params params = kf_media_params_default();
    params.cache_bytes = 400000;
    opened o;
    REQUIRE(open_video_with(util_path(k.file), &params, &o));
    for (int n = 0; n < 150; n++) {
        int64_t i = n < 50 ? n : n < 100 ? 199 - n : n * 37 % 200;
        CHECK_INT(number_at(&o, i), i);
    }
    kf_source_stats stats = kf_video_source_stats(o.source);
    CHECK_MSG(stats.cache_bytes_peak < 400000 + 60000, "%lld bytes", (long long)stats.cache_bytes_peak);
    close_video(&o);
}

/* Two walks within one GOP that is far longer than the cache: the decoder that seeks for one of them passes what the
 * other needs, and yet goes on to where it was sent. */
TEST(strided_readers_of_a_long_gop_all_get_on)
{
    const clip k = {.file = "walks.mp4", H264, RATE(24, 1), .frames = 240, .gop = 250, .bframes = 2,
                    .options = "preset=fast:x264-params=scenecut=0"};
    if (!clip_write(&k, util_path(k.file))) {
        SKIP("no H.264 encoder");
    }
    kf_media_params params = kf_media_params_default();
    params.cache_bytes = 120000;
    for (int walks = 2; walks <= 4; walks++) {
        opened o;
        REQUIRE(open_video_with(util_path(k.file), &params, &o));
        for (int n = 0; n < 15; n++) {
            for (int w = 0; w < walks; w++) {
                int64_t i = 20 + 50 * w + 3 * n;
                CHECK_INT(number_at(&o, i), i);
            }
        }
        kf_source_stats stats = kf_video_source_stats(o.source);
        CHECK_MSG(stats.seeks <= walks * 15, "%d walks: %lld seeks", walks, (long long)stats.seeks);
        printf("# %d walks: %lld seeks, %lld decoded\n", walks, (long long)stats.seeks, (long long)stats.decoded);
        close_video(&o);
    }
}

TEST(real_clips_open_at_once)
{
    static const struct { const char *name; int frames, width, rate;
    } real[] = {{"big-buck-bunny-1080p24-30s.mp4", 720, 1920, 48000},
                {"flower.mp4", 150, 960, 48000},
                {"friday.mp4", 185, 640, 44100}};
    if (!test_media_folder()) {
        SKIP("the shared clips are not here (KERF_MEDIA)");
    }
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
        char path[1200];
        opened o;
        snprintf(path, sizeof path, "%s/%s", test_media_folder(), real[i].name);
        if (access(path, R_OK) != 0) {
            continue;
        }
        int64_t begin = kf_clock_ns();
        if (open_video(path, &o)) {
            kf_frame *frame = NULL;
            CHECK(kf_video_source_get(o.source, 0, &frame, NULL, NULL) == KF_OK);
            printf("# %s: opened, indexed and first frame in %.1f ms\n", real[i].name,
                   (double)(kf_clock_ns() - begin) / 1e6);
            CHECK_INT(frame ? frame->image.width : 0, real[i].width);
            CHECK_INT(o.info.frames, real[i].frames);
            CHECK_INT(o.info.start, 0);
            CHECK_INT(kf_media_describe(o.media)->streams[kf_media_describe(o.media)->best_audio].sample_rate,
                      real[i].rate);
            kf_frame_unref(frame);
        }
        close_video(&o);
    }
}

int main(void)
{
    av_log_set_level(AV_LOG_FATAL);
    RUN(every_frame_of_every_codec);
    RUN(single_pictures_come_at_once);
    RUN(cuts_of_one_file_share_its_decoder);
    RUN(nothing_is_decoded_behind_an_announced_end);
    RUN(the_cache_stays_within_its_budget);
    RUN(strided_readers_of_a_long_gop_all_get_on);
    RUN(real_clips_open_at_once);
    util_clean();
    return test_end();
}
