/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <pthread.h>

#include "base/api/alloc.h"
#include "base/api/image.h"
#include "test.h"

TEST(every_format_is_described)
{
    for (int f = 1; f < KF_PIX_COUNT; f++) {
        const kf_pixfmt_info *info = kf_pixfmt_get(f);
        REQUIRE(info->name != NULL);
        CHECK_MSG(kf_pixfmt_find(info->name) == f, "%s", info->name);
        CHECK_MSG(info->planes >= 1 && info->planes <= 4 && info->components >= 1 && info->bits >= 8, "%s", info->name);
        int color = info->model == KF_MODEL_GRAY ? 1 : 3;
        CHECK_MSG(info->components == color + info->alpha, "%s", info->name);
        int planes = info->packed ? 1 : info->semiplanar ? 2 : info->components;
        CHECK_MSG(info->planes == planes, "%s", info->name);
        int sample = info->bits == 32 ? 4 : info->bits > 8 ? 2 : 1;
        CHECK_MSG(info->bytes == sample * (info->packed ? info->components : 1), "%s", info->name);
        CHECK_MSG(info->model == KF_MODEL_YUV || (info->sub_w == 0 && info->sub_h == 0), "%s", info->name);
    }
    CHECK_STR(kf_pixfmt_get(KF_PIX_YUV420P10)->name, "yuv420p10");
    CHECK_INT(kf_pixfmt_get(KF_PIX_P010)->shift, 6);
    CHECK_STR(kf_pixfmt_get(KF_PIX_COUNT)->name, "none");
    CHECK_STR(kf_pixfmt_get((kf_pixfmt)-1)->name, "none");
    CHECK_INT(kf_pixfmt_find("none"), KF_PIX_NONE);
    CHECK_INT(kf_pixfmt_find(NULL), KF_PIX_NONE);
}

static void plane_is(kf_pixfmt format, int plane, size_t row_bytes, int rows)
{
    size_t row;
    int n;
    kf_pixfmt_plane(format, 101, 51, plane, &row, &n);
    CHECK_MSG(row == row_bytes && n == rows, "%s plane %d: %zu x %d", kf_pixfmt_get(format)->name, plane, row, n);
}

TEST(planes_of_odd_sizes)
{
    plane_is(KF_PIX_YUV420P8, 0, 101, 51);
    plane_is(KF_PIX_YUV420P8, 1, 51, 26);
    plane_is(KF_PIX_YUV420P8, 3, 0, 0);
    plane_is(KF_PIX_YUV422P10, 2, 102, 51);
    plane_is(KF_PIX_YUVA420P8, 3, 101, 51);
    plane_is(KF_PIX_NV12, 1, 102, 26);
    plane_is(KF_PIX_P010, 1, 204, 26);
    plane_is(KF_PIX_RGB24, 0, 303, 51);
    plane_is(KF_PIX_RGBA16, 0, 808, 51);
    plane_is(KF_PIX_RGBAF32, 3, 404, 51);
    plane_is(KF_PIX_NONE, 0, 0, 0);
}

TEST(frames_hold_their_planes)
{
    static const int sizes[][2] = {{1, 1}, {2, 2}, {63, 17}, {64, 64}, {65, 3}, {1920, 1}, {1, 720}};
    for (int f = 1; f < KF_PIX_COUNT; f++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            kf_frame *frame = kf_frame_create(f, sizes[s][0], sizes[s][1]);
            REQUIRE(frame != NULL);
            const kf_image *image = &frame->image;
            size_t total = 0;
            for (int p = 0; p < kf_pixfmt_get(f)->planes; p++) {
                size_t row;
                int rows;
                kf_pixfmt_plane(f, sizes[s][0], sizes[s][1], p, &row, &rows);
                CHECK((uintptr_t)image->plane[p] % 64 == 0 && image->stride[p] % 64 == 0 &&
                      (size_t)image->stride[p] >= row);
                memset(image->plane[p], p + 1, (size_t)image->stride[p] * (size_t)rows);
                total += (size_t)image->stride[p] * (size_t)rows;
            }
            for (int p = 0; p < kf_pixfmt_get(f)->planes; p++) {
                CHECK(image->plane[p][0] == p + 1); /* planes do not overlap */
            }
            CHECK(frame->bytes >= total && frame->number == -1 && image->format == f);
            kf_frame_unref(frame);
        }
    }
    CHECK(kf_frame_create(KF_PIX_NONE, 4, 4) == NULL);
    CHECK(kf_frame_create(KF_PIX_COUNT, 4, 4) == NULL);
    CHECK(kf_frame_create(KF_PIX_GRAY8, 0, 4) == NULL);
    CHECK(kf_frame_create(KF_PIX_GRAY8, 4, 65537) == NULL);
    kf_alloc_fail_from(1);
    CHECK(kf_frame_create(KF_PIX_GRAY8, 4, 4) == NULL);
    kf_alloc_fail_from(0);
    kf_frame_unref(NULL);
}

static int released;

static void count_release(kf_frame *frame)
{
    released++;
    CHECK(frame->owner == &released);
    kf_frame_free(frame);
}

static void *ref_and_unref(void *arg)
{
    for (int i = 0; i < 10000; i++) {
        kf_frame_unref(kf_frame_ref(arg));
    }
    kf_frame_unref(arg);
    return NULL;
}

TEST(the_last_reference_releases_once)
{
    kf_frame *frame = kf_frame_create(KF_PIX_GRAY8, 16, 16);
    REQUIRE(frame);
    frame->release = count_release;
    frame->owner = &released;
    released = 0;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        REQUIRE(pthread_create(&threads[i], NULL, ref_and_unref, kf_frame_ref(frame)) == 0);
    }
    kf_frame_unref(frame);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    CHECK_INT(released, 1);
}

static void resolves(kf_color in, kf_pixfmt format, int width, int height, kf_color expected)
{
    kf_color out = kf_color_resolve(in, format, width, height);
    CHECK_MSG(memcmp(&out, &expected, sizeof out) == 0, "%s %dx%d: %d %d %d %d %d", kf_pixfmt_get(format)->name, width,
              height, out.primaries, out.transfer, out.matrix, out.range, out.chroma_loc);
    kf_color again = kf_color_resolve(out, format, width, height);
    CHECK(memcmp(&again, &out, sizeof out) == 0);
}

TEST(unspecified_colour)
{
    const kf_color none = {2, 2, 2, 0, 0}, zero = {0};
    resolves(none, KF_PIX_YUV420P8, 1280, 720, (kf_color){1, 1, 1, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves(zero, KF_PIX_YUV420P8, 1280, 720, (kf_color){1, 1, 1, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves(none, KF_PIX_YUV420P8, 1280, 534, (kf_color){1, 1, 1, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves(none, KF_PIX_YUV420P8, 720, 480, (kf_color){6, 6, 6, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves(none, KF_PIX_YUV420P8, 720, 576, (kf_color){5, 6, 5, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves(none, KF_PIX_RGBA8, 100, 100, (kf_color){1, 13, 0, KF_RANGE_FULL, 0});
    resolves(none, KF_PIX_GRAY8, 100, 100, (kf_color){6, 6, 6, KF_RANGE_FULL, 0});
    resolves((kf_color){2, 16, 2, 0, 0}, KF_PIX_YUV420P10, 640, 360,
             (kf_color){9, 16, 9, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves((kf_color){9, 2, 2, 0, 0}, KF_PIX_YUV420P10, 3840, 2160,
             (kf_color){9, 14, 9, KF_RANGE_LIMITED, KF_CHROMA_LEFT});
    resolves((kf_color){2, 2, 1, 2, 0}, KF_PIX_YUV420P8, 320, 240,
             (kf_color){1, 1, 1, KF_RANGE_FULL, KF_CHROMA_CENTER});
    resolves((kf_color){1, 13, 1, 2, 3}, KF_PIX_YUV444P8, 320, 240, (kf_color){1, 13, 1, KF_RANGE_FULL, 3});
    resolves((kf_color){1, 1, 1, 1, 0}, KF_PIX_GBRP10, 320, 240, (kf_color){1, 1, 0, KF_RANGE_LIMITED, 0});
}

int main(void)
{
    RUN(every_format_is_described);
    RUN(planes_of_odd_sizes);
    RUN(frames_hold_their_planes);
    RUN(the_last_reference_releases_once);
    RUN(unspecified_colour);
    return test_end();
}
