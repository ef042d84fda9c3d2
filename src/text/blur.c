/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gaussian by three extended box filters (Gwosdek, Grewenig, Bruhn, Weickert: "Theoretical Foundations of Gaussian
 * Convolution by Extended Box Filtering", 2011): a box of 2r + 1 whole taps and two fractional ones has exactly the
 * wanted variance for every real sigma. */
#include "base/api/alloc.h"
#include "text/private.h"

enum { PASSES = 3, BLOCK = 16 };

typedef struct box {
    int radius;
    uint32_t whole, edge; /* weights in 1/2^24; (2 radius + 1) whole + 2 edge is about 2^24 */
} box;

static box box_for(double sigma)
{
    double variance = sigma * sigma / PASSES;
    int r = (int)floor(0.5 * sqrt(12 * variance + 1) - 0.5);
    double alpha = (2 * r + 1) * (r * (r + 1.0) - 3 * variance) / (6 * (variance - (r + 1.0) * (r + 1.0)));
    uint32_t edge = (uint32_t)(alpha / (2 * r + 1 + 2 * alpha) * 16777216 + 0.5);
    return (box){r, (16777216 - 2 * edge) / (uint32_t)(2 * r + 1), edge};
}

int kf_blur_reach(double sigma)
{
    return sigma > 0 ? PASSES * (box_for(sigma).radius + 1) : 0;
}

static uint16_t tap(const uint16_t *line, int n, int i)
{
    return i >= 0 && i < n ? line[i] : 0;
}

static void box_pass(const uint16_t *in, uint16_t *out, int n, box b)
{
    uint64_t sum = 0;
    for (int i = -b.radius; i <= b.radius; i++) sum += tap(in, n, i);
    for (int i = 0; i < n; i++) {
        uint64_t edges = (uint64_t)tap(in, n, i - b.radius - 1) + tap(in, n, i + b.radius + 1);
        out[i] = (uint16_t)((sum * b.whole + edges * b.edge + (1 << 23)) >> 24);
        sum += tap(in, n, i + b.radius + 1);
        sum -= tap(in, n, i - b.radius);
    }
}

/* Three passes over the line in a; c is scratch. The result is in the one returned. */
static uint16_t *box_passes(uint16_t *a, uint16_t *c, int n, box b)
{
    for (int pass = 0; pass < PASSES; pass++) {
        box_pass(a, c, n, b);
        uint16_t *swap = a;
        a = c;
        c = swap;
    }
    return a;
}

static void blur_row(uint8_t *row, int n, box b, uint16_t *a, uint16_t *c)
{
    for (int i = 0; i < n; i++) a[i] = (uint16_t)(row[i] * 257);
    const uint16_t *done = box_passes(a, c, n, b);
    for (int i = 0; i < n; i++) row[i] = (uint8_t)((done[i] + 128u) / 257u);
}

/* Up to BLOCK neighbouring columns at once, so that each visit to a row uses its cache line. lines: BLOCK + 1 lines of
 * n. */
static void blur_columns(uint8_t *pixels, ptrdiff_t stride, int columns, int n, box b, uint16_t *lines)
{
    uint16_t *scratch = lines + (size_t)BLOCK * (size_t)n;
    uint16_t *done[BLOCK];
    for (int y = 0; y < n; y++) {
        for (int c = 0; c < columns; c++)
            lines[(size_t)c * (size_t)n + (size_t)y] = (uint16_t)(pixels[y * stride + c] * 257);
    }
    for (int c = 0; c < columns; c++) {
        uint16_t *line = lines + (size_t)c * (size_t)n;
        done[c] = box_passes(line, scratch, n, b);
        scratch = done[c] == line ? scratch : line;
    }
    for (int y = 0; y < n; y++) {
        for (int c = 0; c < columns; c++) pixels[y * stride + c] = (uint8_t)((done[c][y] + 128u) / 257u);
    }
}

kf_status kf_blur_a8(uint8_t *pixels, int width, int height, ptrdiff_t stride, double sigma, kf_error *err)
{
    kf_status status = kf_text_check_range("blur", sigma, 0, 256, err);
    if (status) return status;
    if (sigma <= 0 || width <= 0 || height <= 0) return KF_OK;
    int longest = width > height ? width : height;
    uint16_t *lines = kf_alloc_zero((size_t)longest, (BLOCK + 1) * sizeof *lines);
    if (!lines) return kf_fail_memory(err);
    box b = box_for(sigma);
    for (int y = 0; y < height; y++) blur_row(pixels + y * stride, width, b, lines, lines + longest);
    for (int x = 0; x < width; x += BLOCK) {
        blur_columns(pixels + x, stride, width - x < BLOCK ? width - x : BLOCK, height, b, lines);
    }
    kf_free(lines);
    return KF_OK;
}
