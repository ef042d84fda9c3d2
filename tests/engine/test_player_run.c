/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way of a playhead, and the cache of composed pictures. */
#include "base/api/alloc.h"
#include "engine/api/player.h"
#include "engine/player/frames.h"
#include "engine/player/picture.h"
#include "engine/player/run.h"
#include "test.h"

static const kf_rational FPS25 = {25, 1};
#define FRAME (KF_SECOND / 25)

static kf_run run_of(kf_time start, int32_t rate, kf_time lo, kf_time hi, bool loop)
{
    return (kf_run){.start = start, .rate = rate, .lo = lo, .hi = hi, .loop = loop, .frames = FPS25,
                    .stride = kf_run_stride(FPS25, rate)};
}

TEST(forward_ends_on_the_last_frame)
{
    kf_run r = run_of(0, 1000, 0, 2 * KF_SECOND, false);
    CHECK_INT(kf_run_position(&r, 0), 0);
    CHECK_INT(kf_run_position(&r, KF_SECOND), KF_SECOND);
    CHECK_INT(kf_run_frame(&r, KF_SECOND + FRAME - 1), 25);
    CHECK_INT(kf_run_next(&r, KF_SECOND), KF_SECOND + FRAME);
    CHECK_INT(kf_run_next(&r, KF_SECOND + FRAME - 1), KF_SECOND + FRAME);
    CHECK_INT(kf_run_length(&r), 2 * KF_SECOND);
    CHECK_INT(kf_run_frame(&r, 3 * KF_SECOND), 49);
    CHECK_INT(kf_run_next(&r, 2 * KF_SECOND - 1), KF_TIME_NONE);
}

TEST(backward_shows_each_frame_for_its_time)
{
    kf_run r = run_of(11 * FRAME - 1, -1000, 0, 2 * KF_SECOND, false); /* on the last flick of frame 10 */
    CHECK_INT(kf_run_frame(&r, 0), 10);
    CHECK_INT(kf_run_next(&r, 0), FRAME);
    CHECK_INT(kf_run_frame(&r, FRAME), 9);
    CHECK_INT(kf_run_length(&r), 11 * FRAME);
    CHECK_INT(kf_run_frame(&r, 11 * FRAME), 0);
    CHECK_INT(kf_run_next(&r, 10 * FRAME), KF_TIME_NONE);
}

TEST(loops_turn_at_out)
{
    kf_run r = run_of(30 * FRAME, 2000, 20 * FRAME, 40 * FRAME, true); /* 10 frames at double speed: 5 frames' time */
    CHECK_INT(kf_run_frame(&r, 5 * FRAME - 1), 39);
    CHECK_INT(kf_run_next(&r, 5 * FRAME - 1), 5 * FRAME);
    CHECK_INT(kf_run_frame(&r, 5 * FRAME), 20);
    CHECK_INT(kf_run_frame(&r, 15 * FRAME), 20);
    CHECK_INT(kf_run_length(&r), KF_TIME_NONE);
    kf_run b = run_of(21 * FRAME - 1, -1000, 20 * FRAME, 40 * FRAME, true);
    CHECK_INT(kf_run_frame(&b, 0), 20);
    CHECK_INT(kf_run_frame(&b, FRAME), 39);
}

TEST(fast_runs_show_every_nth)
{
    CHECK_INT(kf_run_stride(FPS25, 2000), 1);
    CHECK_INT(kf_run_stride(FPS25, 8000), 4);
    CHECK_INT(kf_run_stride(FPS25, -4000), 2);
    kf_run r = run_of(3 * FRAME, 8000, 0, 100 * FRAME, false);
    CHECK_INT(kf_run_frame(&r, 0), 0);
    CHECK_INT(kf_run_next(&r, 0), FRAME / 8);
    CHECK_INT(kf_run_frame(&r, FRAME / 8), 4);
    CHECK_INT(kf_run_next(&r, FRAME / 8), FRAME / 8 + FRAME / 2);
}

static kf_picture *picture_of(int64_t frame)
{
    kf_picture *p = kf_engine_picture_create(KF_PICTURE_YUV420P8, 64, 64);
    p->frame = frame;
    return p;
}

static bool is_twenty(void *ctx, int64_t frame)
{
    return frame == 20;
}

TEST(frames_keep_to_their_bytes)
{
    kf_picture *one = picture_of(0);
    int64_t bytes = (int64_t)kf_picture_bytes(one);
    kf_frames *f = kf_frames_create(3 * bytes);
    kf_frames_add(f, one, false);
    kf_engine_picture_unref(one);
    for (int i = 1; i <= 3; i++) {
        if (i == 3) CHECK(kf_frames_find(f, 0) != NULL); /* used: 1 is the oldest now */
        kf_picture *p = picture_of(i * 10);
        kf_frames_add(f, p, false);
        kf_engine_picture_unref(p);
    }
    CHECK(kf_frames_has(f, 0) && !kf_frames_has(f, 10) && kf_frames_has(f, 20) && kf_frames_has(f, 30));
    CHECK_INT(kf_frames_bytes(f), 3 * bytes);
    CHECK_INT(kf_frames_nearest(f, 24, 10)->frame, 20);
    CHECK_INT(kf_frames_nearest(f, 26, 10)->frame, 30);
    CHECK(kf_frames_nearest(f, 10, 5) == NULL);
    kf_frames_age(f, is_twenty, NULL);
    CHECK(kf_frames_has(f, 20) && !kf_frames_has(f, 30) && !kf_frames_find(f, 30) && kf_frames_find_stale(f, 30));
    kf_frames_drop(f, false);
    CHECK(!kf_frames_find_stale(f, 30) && kf_frames_has(f, 20));
    kf_frames_destroy(f);
}

TEST(pictures_outlive_their_maker)
{
    kf_picture *p = kf_engine_picture_create(KF_PICTURE_YUV420P8, 5, 3), *q = kf_picture_share(p);
    CHECK_INT(p->width, 5);
    CHECK_INT(p->matrix, 6); /* SMPTE 170M: small pictures */
    CHECK(p->plane[0] && p->plane[2] && !p->plane[3] && p->stride[1] >= 3);
    p->plane[0][0] = 77;
    kf_engine_picture_unref(p);
    CHECK_INT(q->plane[0][0], 77);
    kf_engine_picture_unref(q);
    CHECK(kf_engine_picture_create(KF_PICTURE_RGBA8, 0, 3) == NULL);
    CHECK(kf_engine_picture_create(KF_PICTURE_RGBA8, 3, 16385) == NULL);
}

int main(void)
{
    RUN(forward_ends_on_the_last_frame);
    RUN(backward_shows_each_frame_for_its_time);
    RUN(loops_turn_at_out);
    RUN(fast_runs_show_every_nth);
    RUN(frames_keep_to_their_bytes);
    RUN(pictures_outlive_their_maker);
    return test_end();
}
