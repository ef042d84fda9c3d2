/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proxies stand at the same times as their originals, frame for frame. */
#include <libavutil/display.h>

#include "media/api/proxy.h"
#include "media/api/writer.h"
#include "source_util.h"

static void same_frames(opened *a, opened *b)
{
    CHECK_INT(b->info.frames, a->info.frames);
    for (int64_t i = 0; i <= a->info.frames; i++) {
        CHECK_INT(kf_video_source_frame_time(b->source, i), kf_video_source_frame_time(a->source, i));
        if (i < a->info.frames) CHECK_INT(number_at(b, i), i);
    }
}

static bool make(const char *from, const char *to, kf_proxy_params p)
{
    kf_error err = {0};
    p.path = from;
    p.output = to;
    kf_status status = kf_proxy_write(&p, &err);
    CHECK_MSG(!status, "%s: %s", from, err.message);
    return !status;
}

static void compare(const clip *k, kf_proxy_params p)
{
    const char *from = util_path(k->file), *to = util_path("proxy.mov");
    opened a, b;
    if (!clip_write(k, from)) {
        printf("# this libavcodec has no %s\n", k->encoder);
        return;
    }
    if (!make(from, to, p)) return;
    bool good = open_video(from, &a);
    if (good && open_video(to, &b)) {
        same_frames(&a, &b);
        CHECK_INT(b.info.stream->shown_width * a.info.stream->shown_height,
                  b.info.stream->shown_height * a.info.stream->shown_width);
        close_video(&b);
    }
    if (good) close_video(&a);
}

TEST(constant_rates)
{
    compare(&(clip){.file = "a.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 40, .rate = {24, 1},
                    .bframes = 2}, (kf_proxy_params){0});
    compare(&(clip){.file = "b.mp4", .encoder = "libx264", .format = KF_PIX_YUV420P8, .frames = 61,
                    .rate = {30000, 1001}, .bframes = 3, .gop = 50}, (kf_proxy_params){0});
    compare(&(clip){.file = "c.mkv", .encoder = "libx264", .format = KF_PIX_YUV420P8, .frames = 50,
                    .rate = {24000, 1001}, .bframes = 2}, (kf_proxy_params){0});
    compare(&(clip){.file = "d.ts", .encoder = "mpeg2video", .format = KF_PIX_YUV420P8, .frames = 30, .rate = {25, 1}},
            (kf_proxy_params){0});
}

static int64_t uneven(int i)
{
    return i * 40 + (i % 3) * 7 + (i > 20 ? 2500 : 0);
}

TEST(variable_rates)
{
    compare(&(clip){.file = "v.mkv", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 33, .pts = uneven,
                    .rate = {25, 1}}, (kf_proxy_params){0});
    compare(&(clip){.file = "v.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 33, .pts = uneven,
                    .rate = {25, 1}}, (kf_proxy_params){0});
}

TEST(smaller_ones)
{
    clip k = {.file = "s.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 12, .rate = {25, 1}, .scale = 6};
    compare(&k, (kf_proxy_params){.divide = 2});
    compare(&k, (kf_proxy_params){.lines = 192, .codec = "prores"});
    opened o;
    if (open_video(util_path("proxy.mov"), &o)) {
        CHECK_INT(o.info.stream->width, 256);
        CHECK_INT(o.info.stream->height, 192);
        CHECK_STR(o.info.stream->codec, "prores");
        close_video(&o);
    }
}

TEST(turned_ones)
{
    int32_t matrix[9];
    av_display_rotation_set(matrix, 90);
    clip k = {.file = "t.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 5, .rate = {25, 1}, .matrix = matrix};
    compare(&k, (kf_proxy_params){0});
    opened a, b;
    if (open_video(util_path("t.mp4"), &a) && open_video(util_path("proxy.mov"), &b)) {
        CHECK(a.info.stream->rotation != 0);
        CHECK_INT(b.info.stream->rotation, a.info.stream->rotation);
        CHECK_INT(b.info.stream->mirrored, a.info.stream->mirrored);
        close_video(&a);
        close_video(&b);
    }
}

static int calls;

static bool stop_soon(void *ctx, double progress)
{
    (void)ctx;
    CHECK(progress >= 0 && progress <= 1);
    return ++calls < 5;
}

TEST(stopping_leaves_nothing)
{
    clip k = {.file = "x.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 30, .rate = {25, 1}};
    REQUIRE(clip_write(&k, util_path(k.file)));
    remove(util_path("stopped.mov"));
    int before = util_count(util_folder);
    kf_error err;
    kf_proxy_params p = {.path = util_path(k.file), .output = util_path("stopped.mov"), .go_on = stop_soon};
    CHECK_INT(kf_proxy_write(&p, &err), KF_ERR_CANCELLED);
    CHECK_INT(util_count(util_folder), before);
}

TEST(leftovers_of_dead_processes_go)
{
    const char *dead = util_path(".left.mov.kerf-part-4190000-1"); /* past the largest number of a process */
    FILE *f = fopen(dead, "w");
    REQUIRE(f);
    fclose(f);
    clip k = {.file = "l.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 3, .rate = {25, 1}};
    REQUIRE(clip_write(&k, util_path(k.file)));
    make(util_path(k.file), util_path("left.mov"), (kf_proxy_params){0});
    CHECK(access(dead, F_OK) != 0);
}

TEST(real_clips_keep_their_times_and_sound)
{
    const char *media = test_media_folder();
    if (!media) SKIP("no shared media");
    char from[1200];
    opened a, b;
    snprintf(from, sizeof from, "%s/friday.mp4", media);
    if (!make(from, util_path("real.mov"), (kf_proxy_params){.lines = 120})) return;
    REQUIRE(open_video(from, &a) && open_video(util_path("real.mov"), &b));
    CHECK_INT(b.info.frames, a.info.frames);
    for (int64_t i = 0; i <= a.info.frames; i++)
        CHECK_INT(kf_video_source_frame_time(b.source, i), kf_video_source_frame_time(a.source, i));
    const kf_media_info *m = kf_media_describe(b.media), *n = kf_media_describe(a.media);
    CHECK((m->best_audio >= 0) == (n->best_audio >= 0));
    if (m->best_audio >= 0) CHECK_STR(m->streams[m->best_audio].codec, "pcm_s16le");
    close_video(&a);
    close_video(&b);
}

int main(void)
{
    kf_media_log_libav(false);
    RUN(constant_rates);
    RUN(variable_rates);
    RUN(smaller_ones);
    RUN(turned_ones);
    RUN(stopping_leaves_nothing);
    RUN(leftovers_of_dead_processes_go);
    RUN(real_clips_keep_their_times_and_sound);
    util_clean();
    return test_end();
}
