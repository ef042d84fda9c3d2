/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Structural similarity on pictures whose result is known by hand. */
#include "engine/ssim.h"
#include "test.h"

#define C1 (2.55 * 2.55)
#define C2 (7.65 * 7.65)

static kf_frame *picture(int width, int height, int base, int slope, int noise)
{
    kf_frame *f = kf_frame_create(KF_PIX_GRAY8, width, height);
    uint32_t state = 1;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            state = state * 1664525 + 1013904223;
            int v = base + slope * (x + y) / 4 + (noise ? (int)(state >> 24) % noise : 0);
            f->image.plane[0][y * f->image.stride[0] + x] = (uint8_t)(v > 255 ? 255 : v);
        }
    return f;
}

static kf_likeness measure(kf_frame *a, kf_frame *b, kf_pool *pool)
{
    kf_likeness out;
    kf_error error;
    CHECK_INT(kf_likeness_measure(&a->image, &b->image, pool, &out, &error), KF_OK);
    return out;
}

TEST(equal_pictures_are_one)
{
    kf_frame *a = picture(131, 77, 20, 3, 60), *b = picture(131, 77, 20, 3, 60);
    kf_likeness l = measure(a, b, NULL);
    CHECK(l.ssim == 1.0 && l.squares == 0);
    kf_frame_unref(a);
    kf_frame_unref(b);
}

/* Flat pictures have no variance: what is left is the luminance term. */
TEST(flat_pictures)
{
    kf_frame *a = picture(64, 40, 100, 0, 0), *b = picture(64, 40, 120, 0, 0);
    kf_likeness l = measure(a, b, NULL);
    CHECK_NEAR(l.ssim, (2 * 100.0 * 120 + C1) / (100.0 * 100 + 120.0 * 120 + C1), 1e-9);
    CHECK_NEAR(l.squares, 64 * 40 * 400, 0);
    kf_frame_unref(a);
    kf_frame_unref(b);
}

/* One row of two samples, weights 1/2 each: (0, 200) against (0, 100). Means 100 and 50, variances 10000 and 2500,
 * covariance 5000. */
TEST(two_samples)
{
    kf_frame *a = picture(2, 1, 0, 0, 0), *b = picture(2, 1, 0, 0, 0);
    a->image.plane[0][1] = 200;
    b->image.plane[0][1] = 100;
    double wanted = (2 * 100.0 * 50 + C1) * (2 * 5000.0 + C2) / ((10000 + 2500 + C1) * (10000.0 + 2500 + C2));
    CHECK_NEAR(measure(a, b, NULL).ssim, wanted, 1e-6);
    /* the other way about the covariance is negative */
    b->image.plane[0][0] = 100;
    b->image.plane[0][1] = 0;
    wanted = (2 * 100.0 * 50 + C1) * (-2 * 5000.0 + C2) / ((10000 + 2500 + C1) * (10000.0 + 2500 + C2));
    CHECK_NEAR(measure(a, b, NULL).ssim, wanted, 1e-6);
    kf_frame_unref(a);
    kf_frame_unref(b);
}

/* The definition, written out, in double. */
static double plain(const kf_image *a, const kf_image *b)
{
    double w[11], sum = 0, total = 0;
    int count = 0;
    for (int i = 0; i < 11; i++) sum += w[i] = exp(-(i - 5) * (i - 5) / 4.5);
    for (int y = 0; y + 11 <= a->height; y += 4)
        for (int x = 0; x + 11 <= a->width; x += 4, count++) {
            double ma = 0, mb = 0, va = 0, vb = 0, cov = 0;
            for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < 11; j++)
                    for (int i = 0; i < 11; i++) {
                        double g = w[i] * w[j] / (sum * sum);
                        double p = a->plane[0][(y + j) * a->stride[0] + x + i];
                        double q = b->plane[0][(y + j) * b->stride[0] + x + i];
                        if (pass == 0) {
                            ma += g * p;
                            mb += g * q;
                        } else {
                            va += g * (p - ma) * (p - ma);
                            vb += g * (q - mb) * (q - mb);
                            cov += g * (p - ma) * (q - mb);
                        }
                    }
            total += (2 * ma * mb + C1) * (2 * cov + C2) / ((ma * ma + mb * mb + C1) * (va + vb + C2));
        }
    return total / count;
}

TEST(equals_the_definition_on_any_number_of_threads)
{
    kf_frame *a = picture(93, 58, 30, 5, 80), *b = picture(93, 58, 34, 5, 60);
    kf_pool *pool = kf_pool_create(3);
    double alone = measure(a, b, NULL).ssim, shared = measure(a, b, pool).ssim;
    CHECK(alone == shared);
    CHECK_NEAR(alone, plain(&a->image, &b->image), 1e-9);
    CHECK(alone < 0.999 && alone > 0.1);
    kf_pool_destroy(pool);
    kf_frame_unref(a);
    kf_frame_unref(b);
}

int main(void)
{
    RUN(equal_pictures_are_one);
    RUN(flat_pictures);
    RUN(two_samples);
    RUN(equals_the_definition_on_any_number_of_threads);
    return test_end();
}
