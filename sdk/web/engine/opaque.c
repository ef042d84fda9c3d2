/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures whose alpha is 255 all over, as planes without alpha, which cost half as much to compose. */
#include <wasm_simd128.h>

#include "web.h"

bool kw_is_opaque(const kf_image *rgba)
{
    for (int y = 0; y < rgba->height; y++) {
        const uint8_t *row = rgba->plane[0] + y * rgba->stride[0];
        v128_t all = wasm_i32x4_const_splat(-1);
        int x = 0;
        for (; x + 4 <= rgba->width; x += 4) all = wasm_v128_and(all, wasm_v128_load(row + 4 * x));
        bool opaque = wasm_i32x4_all_true(wasm_i32x4_eq(wasm_u32x4_shr(all, 24), wasm_i32x4_const_splat(255)));
        for (; x < rgba->width; x++) opaque = opaque && row[4 * x + 3] == 255;
        if (!opaque) return false;
    }
    return true;
}

static v128_t byte_plane(const v128_t p[4], int c)
{
    v128_t low = wasm_i32x4_const_splat(255), q[4];
    for (int i = 0; i < 4; i++) q[i] = wasm_v128_and(wasm_u32x4_shr(p[i], 8 * c), low);
    return wasm_u8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(q[0], q[1]), wasm_i16x8_narrow_i32x4(q[2], q[3]));
}

static void split_row(const uint8_t *row, uint8_t *const to[3], int n)
{
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        v128_t p[4];
        for (int i = 0; i < 4; i++) p[i] = wasm_v128_load(row + 4 * (x + 4 * i));
        for (int c = 0; c < 3; c++) wasm_v128_store(to[c] + x, byte_plane(p, c));
    }
    for (; x < n; x++)
        for (int c = 0; c < 3; c++) to[c][x] = row[4 * x + c];
}

static void join_row(const uint8_t *const from[3], uint8_t *row, int n)
{
    const v128_t full = wasm_i8x16_const_splat(-1);
    int x = 0;
    for (; x + 16 <= n; x += 16) {
        v128_t r = wasm_v128_load(from[0] + x), g = wasm_v128_load(from[1] + x), b = wasm_v128_load(from[2] + x);
        v128_t rg0 = wasm_i8x16_shuffle(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        v128_t rg1 = wasm_i8x16_shuffle(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        v128_t ba0 = wasm_i8x16_shuffle(b, full, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        v128_t ba1 = wasm_i8x16_shuffle(b, full, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        uint8_t *o = row + 4 * x;
        wasm_v128_store(o, wasm_i16x8_shuffle(rg0, ba0, 0, 8, 1, 9, 2, 10, 3, 11));
        wasm_v128_store(o + 16, wasm_i16x8_shuffle(rg0, ba0, 4, 12, 5, 13, 6, 14, 7, 15));
        wasm_v128_store(o + 32, wasm_i16x8_shuffle(rg1, ba1, 0, 8, 1, 9, 2, 10, 3, 11));
        wasm_v128_store(o + 48, wasm_i16x8_shuffle(rg1, ba1, 4, 12, 5, 13, 6, 14, 7, 15));
    }
    for (; x < n; x++) {
        for (int c = 0; c < 3; c++) row[4 * x + c] = from[c][x];
        row[4 * x + 3] = 255;
    }
}

/* Rows of the planes R, G, B of a GBRP8 picture. */
static void plane_rows(const kf_image *gbr, int y, uint8_t *out[3])
{
    static const int order[3] = {2, 0, 1};
    for (int c = 0; c < 3; c++) out[c] = gbr->plane[order[c]] + y * gbr->stride[order[c]];
}

void kw_split(const kf_image *rgba, kf_image *gbr)
{
    uint8_t *rows[3];
    for (int y = 0; y < rgba->height; y++) {
        plane_rows(gbr, y, rows);
        split_row(rgba->plane[0] + y * rgba->stride[0], rows, rgba->width);
    }
}

void kw_join(const kf_image *gbr, kf_image *rgba)
{
    uint8_t *rows[3];
    for (int y = 0; y < rgba->height; y++) {
        plane_rows(gbr, y, rows);
        join_row((const uint8_t *const *)rows, rgba->plane[0] + y * rgba->stride[0], rgba->width);
    }
}
