/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lookup tables: life and plain evaluation. */
#include "color/internal.h"

#include <math.h>

#include "base/api/alloc.h"

kf_lut1d *kf_lut1d_create(int count, bool shared)
{
    kf_lut1d *lut = KF_NEW(kf_lut1d);
    if (!lut) return NULL;
    lut->hi = 1;
    lut->count = count;
    for (int c = 0; c < 3; c++) {
        lut->value[c] = shared && c > 0 ? lut->value[0] : kf_alloc_zero((size_t)count, sizeof(float));
        if (!lut->value[c]) {
            kf_lut1d_destroy(lut);
            return NULL;
        }
    }
    return lut;
}

kf_lut3d *kf_lut3d_create(int size)
{
    kf_lut3d *lut = KF_NEW(kf_lut3d);
    if (!lut) return NULL;
    lut->size = size;
    for (int c = 0; c < 3; c++) lut->hi[c] = 1;
    lut->value = kf_alloc_zero((size_t)size * size * size, sizeof(float[3]));
    if (!lut->value) {
        kf_lut3d_destroy(lut);
        return NULL;
    }
    return lut;
}

void kf_lut1d_destroy(kf_lut1d *lut)
{
    if (!lut) return;
    if (lut->value[2] != lut->value[1] && lut->value[2] != lut->value[0]) kf_free(lut->value[2]);
    if (lut->value[1] != lut->value[0]) kf_free(lut->value[1]);
    kf_free(lut->value[0]);
    kf_free(lut);
}

void kf_lut3d_destroy(kf_lut3d *lut)
{
    if (!lut) return;
    kf_free(lut->value);
    kf_free(lut);
}

void kf_lut1d_eval(const kf_lut1d *lut, const float in[3], float out[3])
{
    float scale = (float)(lut->count - 1) / (lut->hi - lut->lo), last = (float)(lut->count - 2);
    for (int c = 0; c < 3; c++) {
        float t = (in[c] - lut->lo) * scale, base = floorf(t);
        if (!(base > 0)) base = 0; /* also NaN */
        if (base > last) base = last;
        const float *v = lut->value[c] + (int)base;
        out[c] = v[0] + (v[1] - v[0]) * (t - base);
    }
}

/* Kasson et al. 1995: the cube is cut into six tetrahedra along the grey diagonal; the one that holds the point is
 * walked from its dark to its light corner in descending order of the fractions. */
void kf_lut3d_eval(const kf_lut3d *lut, const float in[3], float out[3])
{
    const int stride[3] = {3, 3 * lut->size, 3 * lut->size * lut->size};
    float top = (float)(lut->size - 1), fraction[3];
    const float *corner = lut->value;
    for (int c = 0; c < 3; c++) {
        float t = (in[c] - lut->lo[c]) * (top / (lut->hi[c] - lut->lo[c]));
        if (!(t > 0)) t = 0; /* also NaN */
        if (t > top) t = top;
        float base = floorf(t);
        if (base > top - 1) base = top - 1;
        fraction[c] = t - base;
        corner += (int)base * stride[c];
    }
    int order[3] = {0, 1, 2};
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2 - i; j++) {
            if (fraction[order[j]] < fraction[order[j + 1]]) {
                int swap = order[j];
                order[j] = order[j + 1];
                order[j + 1] = swap;
            }
        }
    }
    for (int c = 0; c < 3; c++) out[c] = corner[c];
    for (int i = 0; i < 3; i++) {
        const float *next = corner + stride[order[i]];
        for (int c = 0; c < 3; c++) out[c] += (next[c] - corner[c]) * fraction[order[i]];
        corner = next;
    }
}
