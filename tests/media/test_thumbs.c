/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thumbnails of clips whose frames carry their numbers. */
#include <libavutil/display.h>

#include "media/api/thumbs.h"
#include "media/api/writer.h"
#include "source_util.h"

static kf_thumbs *thumbs_of(const clip *k)
{
    kf_thumbs *t = NULL;
    kf_error err = {0};
    if (!clip_write(k, util_path(k->file))) return NULL;
    CHECK_MSG(!kf_thumbs_open(util_path(k->file), -1, &t, &err), "%s", err.message);
    return t;
}

static kf_frame *thumb_at(kf_thumbs *t, kf_time at, kf_time slack)
{
    kf_frame *f = NULL;
    kf_error err = {0};
    CHECK_MSG(!kf_thumbs_get(t, at, slack, 48, &f, &err), "%s", err.message);
    return f;
}

static int number_of(kf_thumbs *t, kf_time at, kf_time slack)
{
    kf_frame *f = thumb_at(t, at, slack);
    int number = f ? read_number(&f->image) : -1;
    kf_frame_unref(f);
    return number;
}

static const clip long_gops = {.file = "g.mp4", .encoder = "libx264", .format = KF_PIX_YUV420P8, .frames = 240,
                               .gop = 80, .bframes = 3, .rate = {24, 1}, .options = "sc_threshold=0"};

TEST(exact_ones)
{
    kf_thumbs *t = thumbs_of(&long_gops);
    if (!t) SKIP("no libx264");
    for (int i = 5; i < 240; i += 23) CHECK_INT(number_of(t, kf_frame_start(i, (kf_rational){24, 1}), 0), i);
    CHECK_INT(number_of(t, KF_SECOND / 2 + 1, 0), 12);
    CHECK_INT(number_of(t, 0, 0), 0);
    CHECK_INT(number_of(t, KF_SECOND * 100, 0), 239);
    kf_thumbs_close(t);
}

static void check_slack(kf_thumbs *t, double at, double slack)
{
    int n = number_of(t, (kf_time)(at * KF_SECOND), (kf_time)(slack * KF_SECOND));
    CHECK_MSG(n >= (int)((at - slack) * 24) && n <= (int)((at + slack) * 24 + 1), "%d at %g, slack %g", n, at, slack);
}

TEST(with_slack_from_beside)
{
    kf_thumbs *t = thumbs_of(&long_gops);
    if (!t) SKIP("no libx264");
    for (double at = 0; at < 10; at += 1) check_slack(t, at, 0.5);
    for (double at = 9; at >= 0; at -= 2.3) check_slack(t, at, 0.6);
    CHECK_INT(number_of(t, KF_SECOND * 3, KF_SECOND), 80);  /* the keyframe at 3.33 s */
    CHECK_INT(number_of(t, KF_SECOND * 7, KF_SECOND), 160); /* and at 6.67 s */
    kf_thumbs_close(t);
}

static int64_t slides(int i)
{
    return i * 20000;
}

TEST(slack_shows_what_is_shown_then)
{
    kf_thumbs *t = thumbs_of(&(clip){.file = "slides.mkv", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 6,
                                     .pts = slides, .rate = {25, 1}});
    REQUIRE(t);
    for (int i = 0; i < 5; i++) CHECK_INT(number_of(t, KF_SECOND * (20 * i + 10), KF_SECOND), i);
    CHECK_INT(number_of(t, KF_SECOND * 30, KF_SECOND), 1); /* back again */
    kf_thumbs_close(t);
}

TEST(containers_without_an_index)
{
    kf_thumbs *t = thumbs_of(&(clip){.file = "n.ts", .encoder = "mpeg2video", .format = KF_PIX_YUV420P8, .frames = 250,
                                     .gop = 25, .rate = {25, 1}});
    if (!t) SKIP("no mpeg2video");
    for (int at = 1; at < 9; at++) {
        int n = number_of(t, KF_SECOND * at, KF_SECOND / 2);
        CHECK_MSG(abs(n - 25 * at) <= 13, "%d at %d s", n, at);
    }
    kf_thumbs_close(t);
}

/* Frame 1 is white in its upper left block only. */
TEST(upright)
{
    int32_t matrix[9];
    av_display_rotation_set(matrix, 90);
    kf_thumbs *t = thumbs_of(&(clip){.file = "r.mp4", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .frames = 3,
                                     .rate = {25, 1}, .matrix = matrix});
    REQUIRE(t);
    const kf_media_info *m = kf_thumbs_info(t);
    int turn = m->streams[m->best_video].rotation;
    kf_frame *f = thumb_at(t, KF_SECOND / 25, 0);
    REQUIRE(f && (turn == 90 || turn == 270));
    CHECK_INT(f->image.height, 48);
    CHECK_INT(f->image.width, 36);
    int x = turn == 90 ? 30 : 5, y = turn == 90 ? 5 : 42; /* where the upper left block goes */
    CHECK(f->image.plane[0][y * f->image.stride[0] + 4 * x] > 180);
    CHECK(f->image.plane[0][(47 - y) * f->image.stride[0] + 4 * (35 - x)] < 80);
    kf_frame_unref(f);
    kf_thumbs_close(t);
}

static kf_frame *gradient(bool alpha)
{
    kf_frame *f = kf_frame_create(KF_PIX_RGBA8, 37, 21);
    for (int y = 0; f && y < 21; y++)
        for (int x = 0; x < 37; x++) {
            uint8_t *p = f->image.plane[0] + y * f->image.stride[0] + 4 * x;
            p[0] = (uint8_t)(x * 6);
            p[1] = (uint8_t)(y * 12);
            p[2] = 90;
            p[3] = alpha ? (uint8_t)(255 - x) : 255;
        }
    return f;
}

static void check_packed(bool alpha, int tolerance)
{
    size_t length;
    kf_frame *f = gradient(alpha);
    uint8_t *bytes = kf_thumb_pack(&f->image, &length);
    REQUIRE(bytes);
    kf_frame *g = kf_thumb_unpack(bytes, length);
    REQUIRE(g && g->image.width == 37 && g->image.height == 21 && g->image.format == KF_PIX_RGBA8);
    for (int y = 0; y < 21; y++)
        for (int x = 0; x < 4 * 37; x++)
            CHECK(abs(g->image.plane[0][y * g->image.stride[0] + x] - f->image.plane[0][y * f->image.stride[0] + x]) <=
                  tolerance);
    kf_frame_unref(g);
    srand(1);
    for (int i = 0; i < 300; i++) { /* what is damaged is refused, or another picture: never more */
        uint8_t *bad = kf_alloc(length);
        memcpy(bad, bytes, length);
        for (int k = 0; k < 3; k++) bad[(size_t)rand() % length] = (uint8_t)rand();
        kf_frame_unref(kf_thumb_unpack(bad, i % 3 ? length : (size_t)rand() % length));
        kf_free(bad);
    }
    kf_free(bytes);
    kf_frame_unref(f);
}

TEST(packed_and_back)
{
    check_packed(false, 14);
    check_packed(true, 0);
}

int main(void)
{
    kf_media_log_libav(false);
    RUN(exact_ones);
    RUN(with_slack_from_beside);
    RUN(slack_shows_what_is_shown_then);
    RUN(containers_without_an_index);
    RUN(upright);
    RUN(packed_and_back);
    util_clean();
    return test_end();
}
