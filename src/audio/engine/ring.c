/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audio/engine/internal.h"

kf_status kf_ring_init(kf_ring *ring, int32_t channels, int64_t size, kf_error *err)
{
    memset(ring, 0, sizeof *ring);
    ring->channels = channels;
    ring->size = KF_CHUNK;
    while (ring->size < size) ring->size *= 2;
    for (int c = 0; c < channels; c++) {
        ring->plane[c] = kf_alloc_zero((size_t)ring->size, sizeof(float));
        if (!ring->plane[c]) return kf_fail_memory(err);
    }
    return KF_OK;
}

void kf_ring_finish(kf_ring *ring)
{
    for (int c = 0; c < ring->channels; c++) kf_free(ring->plane[c]);
    memset(ring, 0, sizeof *ring);
}

void kf_ring_reset(kf_ring *ring, int64_t at)
{
    ring->first = ring->end = at;
}

void kf_ring_write(kf_ring *ring, int32_t n, float *const *in)
{
    int64_t slot = ring->end & (ring->size - 1);
    int32_t head = ring->size - slot < n ? (int32_t)(ring->size - slot) : n;
    for (int c = 0; c < ring->channels; c++) {
        memcpy(ring->plane[c] + slot, in[c], (size_t)head * sizeof(float));
        memcpy(ring->plane[c], in[c] + head, (size_t)(n - head) * sizeof(float));
    }
    ring->end += n;
    if (ring->end - ring->first > ring->size) ring->first = ring->end - ring->size;
}

void kf_ring_read(const kf_ring *ring, int64_t at, int32_t n, float *const *out)
{
    for (int c = 0; c < ring->channels; c++) {
        for (int32_t i = 0; i < n; i++) {
            int64_t p = at + i;
            out[c][i] = p >= ring->first && p < ring->end ? ring->plane[c][p & (ring->size - 1)] : 0.0f;
        }
    }
}
