/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single pictures as files: what is written is read back, by libav, sample by sample. */
#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/thread.h"
#include "folder.h"
#include "media/api/source.h"
#include "media/api/writer.h"
#include "test.h"

/* Noise below, steps above, so that some rows deflate well and some do not. */
static kf_frame *draw(kf_pixfmt format, int width, int height)
{
    kf_frame *f = kf_frame_create(format, width, height);
    uint32_t random = 1;
    size_t row;
    int rows;
    kf_pixfmt_plane(format, width, height, 0, &row, &rows);
    for (int y = 0; y < height; y++) {
        uint8_t *to = f->image.plane[0] + y * f->image.stride[0];
        for (size_t x = 0; x < row; x++) {
            random = random * 1664525u + 1013904223u;
            to[x] = y > height / 2 ? (uint8_t)(random >> 24) : (uint8_t)(x / 64 + (size_t)y / 8);
        }
    }
    f->image.premultiplied = false;
    f->image.color =
        kf_color_resolve((kf_color){KF_PRI_BT709, KF_TRC_SRGB, KF_MAT_RGB, KF_RANGE_FULL}, format, width, height);
    return f;
}

static kf_frame *read_back(const char *path)
{
    kf_media *media = NULL;
    kf_video_source *source = NULL;
    kf_frame *frame = NULL;
    kf_error err = {0};
    kf_status status = kf_media_open(path, NULL, &media, &err);
    status = status ? status : kf_video_source_open(media, -1, &source, &err);
    status = status ? status : kf_video_source_get(source, 0, &frame, NULL, &err);
    CHECK_MSG(!status, "%s: %s", path, err.message);
    kf_video_source_close(source);
    kf_media_close(media);
    return frame;
}

static bool same_samples(const kf_image *a, const kf_image *b)
{
    size_t row;
    int rows;
    if (a->format != b->format || a->width != b->width || a->height != b->height) {
        printf("# %dx%d %s is read as %dx%d %s\n", a->width, a->height, kf_pixfmt_get(a->format)->name, b->width,
               b->height, kf_pixfmt_get(b->format)->name);
        return false;
    }
    kf_pixfmt_plane(a->format, a->width, a->height, 0, &row, &rows);
    for (int y = 0; y < rows; y++) {
        if (memcmp(a->plane[0] + y * a->stride[0], b->plane[0] + y * b->stride[0], row) != 0) { return false; }
    }
    return true;
}

static void check_png(kf_pixfmt format, int width, int height, kf_pool *pool)
{
    const char *path = util_path("a.png"), *other = util_path("b.png");
    kf_error err = {0};
    kf_frame *frame = draw(format, width, height), *back;
    char *one = NULL, *many = NULL;
    size_t one_size = 0, many_size = 0;
    CHECK_MSG(!kf_image_write(path, &frame->image, true, NULL, &err), "%s", err.message);
    CHECK_MSG(!kf_image_write(other, &frame->image, true, pool, &err), "%s", err.message);
    CHECK(!kf_file_read(path, 1 << 28, &one, &one_size, &err) &&
          !kf_file_read(other, 1 << 28, &many, &many_size, &err));
    CHECK(one_size == many_size && one && many && memcmp(one, many, one_size) == 0);
    back = read_back(path);
    CHECK_MSG(back && same_samples(&frame->image, &back->image), "%dx%d %s", width, height,
              kf_pixfmt_get(format)->name);
    kf_frame_unref(back);
    kf_frame_unref(frame);
    kf_free(one);
    kf_free(many);
}

TEST(png_is_read_as_written)
{
    static const int sizes[][2] = {{1, 1}, {3, 1}, {1, 7}, {37, 23}, {640, 361}, {1921, 1081}};
    static const kf_pixfmt formats[] = {KF_PIX_RGB24, KF_PIX_RGBA8, KF_PIX_RGBA16, KF_PIX_GRAY8};
    kf_pool *pool = kf_pool_create(3);
    REQUIRE(pool);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t k = 0; k < sizeof formats / sizeof *formats; k++) {
            check_png(formats[k], sizes[i][0], sizes[i][1], pool);
        }
    }
    kf_pool_destroy(pool);
}

/* After the header chunk: sRGB, or the codes of H.273. */
TEST(png_tells_its_colour)
{
    static const struct {
        kf_color color;
        const char *chunk;
        uint8_t data[4];
        int size;
    } rows[] = {
        {{KF_PRI_BT709, KF_TRC_BT709, KF_MAT_RGB, KF_RANGE_FULL}, "sRGB", {1}, 1},
        {{KF_PRI_BT2020, KF_TRC_PQ, KF_MAT_RGB, KF_RANGE_FULL}, "cICP", {9, 16, 0, 1}, 4},
        {{KF_PRI_P3D65, KF_TRC_SRGB, KF_MAT_RGB, KF_RANGE_FULL}, "cICP", {12, 13, 0, 1}, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum { HEADERS = 8 + 25 };
        kf_error err = {0};
        kf_frame *frame = draw(KF_PIX_RGB24, 16, 16);
        char *bytes = NULL;
        size_t size = 0;
        frame->image.color = rows[i].color;
        CHECK_MSG(!kf_image_write(util_path("p.png"), &frame->image, true, NULL, &err), "%s", err.message);
        CHECK(!kf_file_read(util_path("p.png"), 1 << 20, &bytes, &size, &err) && size > HEADERS + 12);
        CHECK(bytes && memcmp(bytes + HEADERS + 4, rows[i].chunk, 4) == 0);
        CHECK(bytes && memcmp(bytes + HEADERS + 8, rows[i].data, (size_t)rows[i].size) == 0);
        kf_free(bytes);
        kf_frame_unref(frame);
    }
}

int main(void)
{
    RUN(png_is_read_as_written);
    RUN(png_tells_its_colour);
    util_clean();
    return test_end();
}
