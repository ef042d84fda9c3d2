/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/hash.h"

#include <string.h>

#define P1 11400714785074694791u
#define P2 14029467366897019727u
#define P3 1609587929392839161u
#define P4 9650029242287828579u
#define P5 2870177450012600261u

static uint64_t rotate(uint64_t v, int n)
{
    return v << n | v >> (64 - n);
}

static uint64_t load64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static uint64_t round64(uint64_t lane, uint64_t v)
{
    return rotate(lane + v * P2, 31) * P1;
}

void kf_hasher_init(kf_hasher *h)
{
    *h = (kf_hasher){.lane = {P1 + P2, P2, 0, 0 - P1}};
}

static void stripe(kf_hasher *h, const uint8_t *p)
{
    for (int i = 0; i < 4; i++) h->lane[i] = round64(h->lane[i], load64(p + 8 * i));
}

void kf_hasher_add(kf_hasher *h, const void *bytes, size_t length)
{
    const uint8_t *p = bytes;
    h->total += length;
    if (h->used) {
        size_t n = length < (size_t)(32 - h->used) ? length : (size_t)(32 - h->used);
        memcpy(h->buffer + h->used, p, n);
        h->used += (int)n;
        p += n;
        length -= n;
        if (h->used < 32) return;
        stripe(h, h->buffer);
        h->used = 0;
    }
    for (; length >= 32; p += 32, length -= 32) stripe(h, p);
    memcpy(h->buffer, p, length);
    h->used = (int)length;
}

uint64_t kf_hasher_end(const kf_hasher *h)
{
    uint64_t v = P5;
    if (h->total >= 32) {
        v = rotate(h->lane[0], 1) + rotate(h->lane[1], 7) + rotate(h->lane[2], 12) + rotate(h->lane[3], 18);
        for (int i = 0; i < 4; i++) v = (v ^ round64(0, h->lane[i])) * P1 + P4;
    }
    v += h->total;
    int i = 0;
    for (; i + 8 <= h->used; i += 8) v = rotate(v ^ round64(0, load64(h->buffer + i)), 27) * P1 + P4;
    if (i + 4 <= h->used) {
        uint32_t w;
        memcpy(&w, h->buffer + i, 4);
        v = rotate(v ^ w * P1, 23) * P2 + P3;
        i += 4;
    }
    for (; i < h->used; i++) v = rotate(v ^ h->buffer[i] * P5, 11) * P1;
    v = (v ^ v >> 33) * P2;
    v = (v ^ v >> 29) * P3;
    return v ^ v >> 32;
}

uint64_t kf_image_hash(const kf_image *image)
{
    kf_hasher h;
    kf_hasher_init(&h);
    for (int p = 0; p < kf_pixfmt_get(image->format)->planes; p++) {
        size_t bytes;
        int rows;
        kf_pixfmt_plane(image->format, image->width, image->height, p, &bytes, &rows);
        for (int y = 0; y < rows; y++) kf_hasher_add(&h, image->plane[p] + y * image->stride[p], bytes);
    }
    return kf_hasher_end(&h);
}
