/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/ssim.h"

#include <math.h>
#include <string.h>

#include "base/api/alloc.h"

enum { WINDOW = 11, STEP = 4, SUMS = 4 };
static const double C1 = (0.01 * 255) * (0.01 * 255), C2 = (0.03 * 255) * (0.03 * 255);

typedef struct measuring {
    const kf_image *a, *b;
    int window[2], count[2];  /* across and down: samples of a window, number of windows */
    double weight[2][WINDOW];
    double *sums;             /* of each worker: SUMS rows */
    double *row_ssim, *row_squares;
} measuring;

static int set_axis(int size, double weight[WINDOW], int *count)
{
    int n = size < WINDOW ? size : WINDOW;
    double sum = 0, w[WINDOW];
    for (int i = 0; i < n; i++) {
        double d = i - (n - 1) / 2.0;
        w[i] = exp(-d * d / (2 * 1.5 * 1.5));
        sum += w[i];
    }
    for (int i = 0; i < n; i++) weight[i] = w[i] / sum;
    *count = (size - n) / STEP + 1;
    return n;
}

/* Weighted sums down the columns of one row of windows: of a, b, a^2 + b^2, ab. */
static void sum_columns(const measuring *m, int y, double *const sums[SUMS])
{
    const int width = m->a->width;
    double *restrict sa = sums[0], *restrict sb = sums[1], *restrict ss = sums[2], *restrict sp = sums[3];
    for (int i = 0; i < SUMS; i++) memset(sums[i], 0, sizeof(double) * (size_t)width);
    for (int k = 0; k < m->window[1]; k++) {
        const uint8_t *restrict a = m->a->plane[0] + (y + k) * m->a->stride[0];
        const uint8_t *restrict b = m->b->plane[0] + (y + k) * m->b->stride[0];
        const double w = m->weight[1][k];
        for (int x = 0; x < width; x++) {
            const double p = a[x], q = b[x];
            sa[x] += w * p;
            sb[x] += w * q;
            ss[x] += w * (p * p + q * q);
            sp[x] += w * (p * q);
        }
    }
}

static double window_ssim(const measuring *m, double *const sums[SUMS], int x)
{
    double s[SUMS] = {0};
    for (int i = 0; i < SUMS; i++)
        for (int k = 0; k < m->window[0]; k++) s[i] += m->weight[0][k] * sums[i][x + k];
    const double means = s[0] * s[0] + s[1] * s[1], product = s[0] * s[1];
    return (2 * product + C1) * (2 * (s[3] - product) + C2) / ((means + C1) * (s[2] - means + C2));
}

static void measure_row(void *ctx, int row, int worker)
{
    const measuring *m = ctx;
    double *sums[SUMS];
    double sum = 0;
    for (int i = 0; i < SUMS; i++) sums[i] = m->sums + ((size_t)worker * SUMS + (size_t)i) * (size_t)m->a->width;
    sum_columns(m, row * STEP, sums);
    for (int i = 0; i < m->count[0]; i++) sum += window_ssim(m, sums, i * STEP);
    m->row_ssim[row] = sum;
}

static void square_row(void *ctx, int y, int worker)
{
    const measuring *m = ctx;
    const uint8_t *a = m->a->plane[0] + y * m->a->stride[0], *b = m->b->plane[0] + y * m->b->stride[0];
    int64_t sum = 0;
    (void)worker;
    for (int x = 0; x < m->a->width; x++) {
        int d = a[x] - b[x];
        sum += d * d;
    }
    m->row_squares[y] = (double)sum;
}

kf_status kf_likeness_measure(const kf_image *a, const kf_image *b, kf_pool *pool, kf_likeness *out, kf_error *err)
{
    measuring m = {.a = a, .b = b};
    size_t workers = pool ? (size_t)kf_pool_threads(pool) : 1;
    m.window[0] = set_axis(a->width, m.weight[0], &m.count[0]);
    m.window[1] = set_axis(a->height, m.weight[1], &m.count[1]);
    m.sums = kf_alloc(workers * SUMS * (size_t)a->width * sizeof(double));
    m.row_ssim = kf_alloc((size_t)m.count[1] * sizeof(double));
    m.row_squares = kf_alloc((size_t)a->height * sizeof(double));
    *out = (kf_likeness){0};
    bool good = m.sums && m.row_ssim && m.row_squares;
    if (good) {
        kf_pool_for(pool, m.count[1], measure_row, &m);
        kf_pool_for(pool, a->height, square_row, &m);
        for (int i = 0; i < m.count[1]; i++) out->ssim += m.row_ssim[i];
        for (int y = 0; y < a->height; y++) out->squares += m.row_squares[y];
        out->ssim /= (double)m.count[0] * m.count[1];
    }
    kf_free(m.sums);
    kf_free(m.row_ssim);
    kf_free(m.row_squares);
    return good ? KF_OK : kf_fail_memory(err);
}
