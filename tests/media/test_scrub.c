/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interactive sources: every exact picture is the one that straightforward decoding gives, however it is come by. */
#include "source_util.h"

#define H264 .encoder = "libx264", .format = KF_PIX_YUV420P8, .rate = {24, 1}

static const kf_media_params interactive = {.interactive = true};
/* Long GOPs, so that most frames are far from a key. 256x192. */
static const clip long_gop = {.file = "long.mp4", H264, .frames = 300, .gop = 150, .bframes = 2, .scale = 2,
                              .options = "preset=fast:x264-params=scenecut=0"};

static bool open_clip(const clip *k, const kf_media_params *params, opened *o)
{
    *o = (opened){0};
    return clip_write(k, util_path(k->file)) && open_video_with(util_path(k->file), params, o);
}

static kf_picture_reply show(opened *o, int64_t i, int width, int height, int64_t deadline)
{
    const kf_picture_request request = {.frame = i, .width = width, .height = height, .deadline = deadline};
    kf_picture_reply reply;
    kf_error err = {0};
    CHECK_MSG(kf_video_source_show(o->source, &request, &reply, &err) == KF_OK, "frame %d: %s", (int)i, err.message);
    return reply;
}

static bool same_pictures(const kf_frame *a, const kf_frame *b)
{
    const kf_image *x = &a->image, *y = &b->image;
    if (x->format != y->format || x->width != y->width || x->height != y->height) {
        return false;
    }
    for (int p = 0; p < kf_pixfmt_get(x->format)->planes; p++) {
        size_t bytes;
        int rows;
        kf_pixfmt_plane(x->format, x->width, x->height, p, &bytes, &rows);
        for (int r = 0; r < rows; r++) {
            if (memcmp(x->plane[p] + r * x->stride[p], y->plane[p] + r * y->stride[p], bytes)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- sizes ---- */

/* Half the size: each sample is the mean of four. */
TEST(half_a_picture_is_the_mean_of_four)
{
    opened o;
    int worst = 0;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    kf_picture_reply whole = show(&o, 37, 0, 0, 0), half = show(&o, 37, 128, 96, 0);
    REQUIRE(whole.frame && half.frame);
    CHECK(whole.exact && half.exact);
    CHECK_INT(whole.frame->image.width, 256);
    CHECK_INT(half.frame->image.width, 128);
    CHECK_INT(half.frame->image.height, 96);
    CHECK_INT(half.frame->number, 37);
    CHECK(half.frame->time == kf_video_source_frame_time(o.source, 37));
    for (int y = 0; y < 96; y++) {
        for (int x = 0; x < 128; x++) {
            int sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += sample_at(&whole.frame->image, 2 * x + k % 2, 2 * y + k / 2);
            }
            int off = abs(4 * sample_at(&half.frame->image, x, y) - sum);
            worst = off > worst ? off : worst;
        }
    }
    CHECK_MSG(worst <= 4, "%d / 4 off", worst);
    kf_frame_unref(whole.frame);
    kf_frame_unref(half.frame);
    close_video(&o);
}

TEST(sizes_that_do_not_shrink_are_whole)
{
    static const int sizes[][2] = {{0, 0}, {256, 192}, {500, 400}, {257, 10}, {100, 0}, {-5, 20}};
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        kf_picture_reply r = show(&o, 5, sizes[k][0], sizes[k][1], 0);
        CHECK(r.exact && r.frame && r.frame->image.width == 256 && r.frame->image.height == 192);
        kf_frame_unref(r.frame);
    }
    kf_picture_reply r = show(&o, 5, 97, 33, 0);
    CHECK(r.exact && r.frame && r.frame->image.width == 97 && r.frame->image.height == 33);
    kf_frame_unref(r.frame);
    close_video(&o);
}

TEST(pictures_of_many_formats_shrink)
{
    static const clip kinds[] = {
        {.file = "deep.mov", .encoder = "prores_ks", .format = KF_PIX_YUV422P10, .rate = {25, 1}, .frames = 4},
        {.file = "deep.mkv", .encoder = "ffv1", .format = KF_PIX_YUV444P10, .rate = {25, 1}, .frames = 4},
        {.file = "gray.mkv", .encoder = "ffv1", .format = KF_PIX_GRAY8, .rate = {25, 1}, .frames = 4},
        {.file = "rgb.mov", .encoder = "png", .format = KF_PIX_RGB24, .rate = {25, 1}, .frames = 4},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        opened o;
        REQUIRE(open_clip(&kinds[k], &interactive, &o));
        for (int i = 3; i >= 0; i--) {
            kf_picture_reply r = show(&o, i, WIDTH / 2, HEIGHT / 2, 0);
            CHECK_MSG(r.frame && r.exact && r.frame->image.width == WIDTH / 2, "%s", kinds[k].file);
            CHECK_INT(r.frame ? (int)r.frame->image.format : -1, o.info.format);
            CHECK_MSG(r.frame && read_number(&r.frame->image) == i, "%s, frame %d", kinds[k].file, i);
            kf_frame_unref(r.frame);
        }
        close_video(&o);
    }
}

/* ---- exactness ---- */

/* Gestures of a person: shuttle on, step back, jump, reverse play, and back to where it was. */
static int64_t gesture(int n)
{
    return n < 40    ? 100 + n * 3
           : n < 80  ? 217 - (n - 40)
           : n < 110 ? n * 7919 % 300
           : n < 200 ? 250 - (n - 110) * 2
                     : 149 + (n % 2 ? n - 200 : 200 - n);
}

static void check_gestures(const kf_media_params *params, const clip *k, int width, int height)
{
    enum { LOOKS = 230 };
    opened plain, o;
    int wrong = 0;
    static kf_frame *expected[300];
    REQUIRE(open_clip(k, NULL, &plain));
    for (int i = 0; i < 300; i++) {
        expected[i] = show(&plain, i, width, height, 0).frame;
    }
    REQUIRE(open_video_with(util_path(k->file), params, &o));
    for (int n = 0; n < LOOKS && wrong < 5; n++) {
        int64_t i = gesture(n), deadline = n % 3 ? 0 : kf_clock_ns() + n * 20000;
        kf_picture_reply r = show(&o, i, width, height, deadline);
        CHECK(r.exact || deadline);
        bool good = r.frame && !r.damaged && (!r.exact || same_pictures(r.frame, expected[i]));
        CHECK_MSG(good && (!r.exact || r.frame->number == i), "look %d, frame %d", n, (int)i);
        wrong += !good;
        kf_frame_unref(r.frame);
    }
    for (int i = 0; i < 300; i++) {
        kf_frame_unref(expected[i]);
    }
    close_video(&o);
    close_video(&plain);
}

TEST(gestures_show_exact_pictures)
{
    check_gestures(&interactive, &long_gop, 0, 0);
    check_gestures(&interactive, &long_gop, 100, 60);
    const kf_media_params tight = {.interactive = true, .cache_bytes = 20 * 256 * 192 * 3 / 2, .threads = 4};
    check_gestures(&tight, &long_gop, 0, 0);
    check_gestures(&tight, &long_gop, 64, 48);
}

TEST(gestures_show_exact_pictures_of_other_codecs)
{
    static const clip kinds[] = {
        {.file = "long.mkv", .encoder = "libx265", .format = KF_PIX_YUV420P8, .rate = {24, 1}, .frames = 300, .gop = 100,
         .options = "preset=ultrafast:x265-params=log-level=none\\:keyint=100\\:bframes=4\\:b-adapt=0"},
        {.file = "layers.mp4", .encoder = "libx265", .format = KF_PIX_YUV420P8, .rate = {24, 1}, .frames = 300,
         .gop = 100,
         .options = "preset=ultrafast:x265-params=log-level=none\\:keyint=100\\:bframes=4\\:temporal-layers=1"},
        {.file = "long.ts", .encoder = "mpeg2video", .format = KF_PIX_YUV420P8, .rate = {25, 1}, .frames = 300,
         .gop = 60, .bframes = 2, .options = "b=2000000"},
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        check_gestures(&interactive, &kinds[k], 0, 0);
        check_gestures(&interactive, &kinds[k], 64, 48);
    }
}

TEST(gestures_show_deinterlaced_pictures)
{
    const clip fields = {.file = "fields.mp4", H264, .frames = 300, .gop = 60, .bframes = 2, .interlaced = true,
                         .options = "preset=fast:x264-params=scenecut=0"};
    check_gestures(&interactive, &fields, 0, 0);
    check_gestures(&interactive, &fields, 64, 48);
}

/* ---- stand-ins ---- */

typedef struct arrivals {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    int64_t last;
} arrivals;

static void arrived(void *ctx, int64_t frame)
{
    arrivals *a = ctx;
    pthread_mutex_lock(&a->mutex);
    a->last = frame;
    pthread_cond_signal(&a->cond);
    pthread_mutex_unlock(&a->mutex);
}

static bool wait_for_arrival(arrivals *a, int64_t frame)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 30;
    pthread_mutex_lock(&a->mutex);
    int code = 0;
    while (a->last != frame && !code) {
        code = pthread_cond_timedwait(&a->cond, &a->mutex, &until);
    }
    pthread_mutex_unlock(&a->mutex);
    return !code;
}

TEST(a_stand_in_comes_at_once_and_the_exact_picture_arrives)
{
    arrivals a = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, -1};
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    kf_video_source_on_arrival(o.source, arrived, &a);
    kf_frame_unref(show(&o, 3, 64, 48, 0).frame);
    for (int n = 0; n < 6; n++) {
        int64_t i = n % 2 ? 140 - n : 290 - n;
        kf_picture_reply r = show(&o, i, 64, 48, 1);
        REQUIRE(r.frame);
        CHECK_MSG(r.exact ? r.frame->number == i : r.frame->number != i || r.frame->image.width != 64, "frame %d",
                  (int)i);
        CHECK_INT(read_number(&r.frame->image), r.frame->number);
        CHECK_MSG(r.exact || wait_for_arrival(&a, i), "frame %d never came", (int)i);
        kf_frame_unref(r.frame);
        r = show(&o, i, 64, 48, 1);
        CHECK(r.exact && r.frame && r.frame->number == i && r.frame->image.width == 64);
        kf_frame_unref(r.frame);
    }
    close_video(&o);
}

TEST(the_first_look_has_a_picture_too)
{
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    kf_picture_reply r = show(&o, 299, 64, 48, 1);
    CHECK(r.frame && (r.exact ? r.frame->number == 299 : r.frame->number >= 0));
    kf_frame_unref(r.frame);
    close_video(&o);
}

/* The GOP does not fit as large as it is shown: it is kept smaller, and each step back shows the right frame at once. */
TEST(steps_back_show_the_right_frame_if_smaller)
{
    const kf_media_params tight = {.interactive = true, .cache_bytes = 60 * 256 * 192 * 3 / 2};
    opened o;
    int smaller = 0;
    REQUIRE(open_clip(&long_gop, &tight, &o));
    kf_frame_unref(show(&o, 140, 0, 0, 0).frame);
    for (int64_t n = -1; n < kf_video_source_stats(o.source).decoded; usleep(200000)) {
        n = kf_video_source_stats(o.source).decoded;
    }
    for (int i = 139; i > 0; i--) {
        kf_picture_reply r = show(&o, i, 0, 0, 1);
        REQUIRE(r.frame);
        CHECK_INT(r.frame->number, i);
        CHECK_INT(read_number(&r.frame->image), i);
        CHECK(r.exact == (r.frame->image.width == 256));
        smaller += !r.exact;
        kf_frame_unref(r.frame);
    }
    CHECK_MSG(smaller > 0, "all were there");
    close_video(&o);
}

/* ---- cancelling ---- */

TEST(what_was_cancelled_is_not_waited_for)
{
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    const atomic_bool cancel = true;
    const kf_picture_request request = {.frame = 140, .cancel = &cancel};
    kf_picture_reply reply;
    kf_error err = {0};
    CHECK_INT(kf_video_source_show(o.source, &request, &reply, &err), KF_ERR_CANCELLED);
    CHECK(!reply.frame && err.message[0]);
    close_video(&o);
}

typedef struct waiter {
    opened *o;
    int64_t i;
    atomic_bool cancel, done;
    kf_status status;
    bool right;
} waiter;

static void *wait_for_picture(void *arg)
{
    waiter *w = arg;
    const kf_picture_request request = {.frame = w->i, .cancel = &w->cancel};
    kf_picture_reply reply;
    w->status = kf_video_source_show(w->o->source, &request, &reply, NULL);
    w->right = w->status ? !reply.frame : reply.exact && reply.frame->number == w->i;
    kf_frame_unref(reply.frame);
    w->done = true;
    return NULL;
}

TEST(waits_end_when_they_are_cancelled)
{
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    for (int n = 0; n < 20; n++) {
        waiter w = {.o = &o, .i = n % 2 ? 149 : 299};
        pthread_t thread;
        pthread_create(&thread, NULL, wait_for_picture, &w);
        usleep((useconds_t)n * 300);
        w.cancel = true;
        pthread_join(thread, NULL);
        CHECK(w.right && (w.status == KF_OK || w.status == KF_ERR_CANCELLED));
        kf_frame_unref(show(&o, n * 13, 64, 48, 1).frame);
    }
    close_video(&o);
}

/* ---- what it costs ---- */

/* Reverse play decodes each GOP about once, in one go, not a frame per run. */
TEST(reverse_play_decodes_a_gop_at_a_time)
{
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    for (int64_t i = 299; i >= 0; i--) {
        CHECK_INT(number_at(&o, i), i);
    }
    kf_source_stats stats = kf_video_source_stats(o.source);
    CHECK_MSG(stats.decoded < 2 * 300 + 60 && stats.seeks <= 8, "%lld decoded, %lld seeks", (long long)stats.decoded,
              (long long)stats.seeks);
    close_video(&o);
}

TEST(memory_is_bounded)
{
    const kf_media_params tight = {.interactive = true, .cache_bytes = 60 * 256 * 192 * 3 / 2};
    opened o;
    REQUIRE(open_clip(&long_gop, &tight, &o));
    for (int n = 0; n < 230; n++) {
        kf_frame_unref(show(&o, gesture(n), n % 50 ? 128 : 0, n % 50 ? 96 : 0, n % 4 ? 0 : 1).frame);
    }
    kf_source_stats stats = kf_video_source_stats(o.source);
    CHECK_MSG(stats.cache_bytes_peak <= tight.cache_bytes, "%lld bytes of %lld", (long long)stats.cache_bytes_peak,
              (long long)tight.cache_bytes);
    close_video(&o);
}

/* What is announced is there when it is asked for. */
TEST(hints_are_followed)
{
    opened o;
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    kf_video_source_want(o.source, 100, 115);
    for (int n = 0; n < 3000 && kf_video_source_stats(o.source).decoded < 116; n++) {
        usleep(10000);
    }
    usleep(100000);
    int64_t hits = kf_video_source_stats(o.source).cache_hits;
    for (int i = 100; i <= 115; i++) {
        CHECK_INT(number_at(&o, i), i);
    }
    CHECK_INT(kf_video_source_stats(o.source).cache_hits - hits, 16);
    close_video(&o);
}

/* ---- many at once ---- */

static void *look_around(void *arg)
{
    waiter *w = arg;
    uint32_t seed = (uint32_t)w->i;
    w->right = true;
    for (int n = 0; n < 60; n++) {
        seed = seed * 1664525 + 1013904223;
        const kf_picture_request request = {
            .frame = (seed >> 8) % 300, .width = seed >> 30 ? 128 : 0, .height = seed >> 30 ? 96 : 0,
            .deadline = seed >> 29 & 1 ? kf_clock_ns() + 5000000 : 0, .cancel = &w->cancel};
        kf_picture_reply r;
        if (n % 8 == 0) {
            kf_video_source_want(w->o->source, request.frame, request.frame > 150 ? 0 : 299);
        }
        kf_status status = kf_video_source_show(w->o->source, &request, &r, NULL);
        w->right &= status == KF_OK && read_number(&r.frame->image) == r.frame->number &&
                    (!r.exact || r.frame->number == request.frame);
        kf_frame_unref(r.frame);
    }
    return NULL;
}

TEST(many_threads_look_around)
{
    opened o;
    pthread_t threads[4];
    static waiter looks[4];
    REQUIRE(open_clip(&long_gop, &interactive, &o));
    for (int t = 0; t < 4; t++) {
        looks[t] = (waiter){.o = &o, .i = t + 1};
        pthread_create(&threads[t], NULL, look_around, &looks[t]);
    }
    for (int t = 0; t < 4; t++) {
        pthread_join(threads[t], NULL);
        CHECK(looks[t].right);
    }
    close_video(&o);
}

TEST(a_source_closes_in_the_middle_of_its_work)
{
    for (int n = 0; n < 8; n++) {
        opened o;
        REQUIRE(open_clip(&long_gop, &interactive, &o));
        kf_frame_unref(show(&o, 20 * n, 64, 48, 1).frame);
        kf_video_source_want(o.source, 299, 0);
        usleep((useconds_t)n * 2000);
        close_video(&o);
    }
}

/* ---- a real clip ---- */

TEST(far_jumps_in_a_real_clip_are_exact)
{
    static const int frames[] = {700, 120, 121, 118, 470, 473};
    char path[1200];
    opened plain, o;
    if (!test_media_folder()) {
        SKIP("the shared clips are not here (KERF_MEDIA)");
    }
    snprintf(path, sizeof path, "%s/big-buck-bunny-1080p24-30s.mp4", test_media_folder());
    REQUIRE(open_video(path, &plain) && open_video_with(path, &interactive, &o));
    for (size_t k = 0; k < sizeof frames / sizeof *frames; k++) {
        kf_picture_reply a = show(&plain, frames[k], 960, 540, 0), b = show(&o, frames[k], 960, 540, 0);
        CHECK_MSG(a.frame && b.frame && b.exact && same_pictures(a.frame, b.frame), "frame %d", frames[k]);
        kf_frame_unref(a.frame);
        kf_frame_unref(b.frame);
    }
    close_video(&o);
    close_video(&plain);
}

int main(void)
{
    av_log_set_level(AV_LOG_FATAL);
    if (!clip_write(&long_gop, util_path(long_gop.file))) {
        printf("1..0 # SKIP no H.264 encoder\n");
        util_clean();
        return 0;
    }
    RUN(half_a_picture_is_the_mean_of_four);
    RUN(sizes_that_do_not_shrink_are_whole);
    RUN(pictures_of_many_formats_shrink);
    RUN(gestures_show_exact_pictures);
    RUN(gestures_show_exact_pictures_of_other_codecs);
    RUN(gestures_show_deinterlaced_pictures);
    RUN(a_stand_in_comes_at_once_and_the_exact_picture_arrives);
    RUN(steps_back_show_the_right_frame_if_smaller);
    RUN(the_first_look_has_a_picture_too);
    RUN(what_was_cancelled_is_not_waited_for);
    RUN(waits_end_when_they_are_cancelled);
    RUN(reverse_play_decodes_a_gop_at_a_time);
    RUN(memory_is_bounded);
    RUN(hints_are_followed);
    RUN(many_threads_look_around);
    RUN(a_source_closes_in_the_middle_of_its_work);
    RUN(far_jumps_in_a_real_clip_are_exact);
    util_clean();
    return test_end();
}
