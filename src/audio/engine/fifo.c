/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audio/engine/api/fifo.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

#include "base/api/alloc.h"

struct kf_audio_fifo {
    int32_t channels, size;     /* size: a power of two */
    float *samples;             /* `size` of each channel */
    alignas(64) _Atomic int64_t written; /* frames, ever; each count on a cache line of its thread's own */
    alignas(64) _Atomic int64_t read;
};

kf_status kf_audio_fifo_create(int32_t channels, int32_t frames, kf_audio_fifo **out, kf_error *err)
{
    *out = NULL;
    if (channels < 1 || channels > KF_DSP_MAX_CHANNELS || frames < 1 || frames > 1 << 28) {
        return kf_fail(err, KF_ERR_INVALID, "a queue of %d frames of %d channels", (int)frames, (int)channels);
    }
    kf_audio_fifo *fifo = kf_alloc_aligned(sizeof *fifo);
    if (!fifo) return kf_fail_memory(err);
    memset(fifo, 0, sizeof *fifo);
    fifo->channels = channels;
    for (fifo->size = 1; fifo->size < frames;) fifo->size *= 2;
    fifo->samples = kf_alloc_zero((size_t)fifo->size * (size_t)channels, sizeof(float));
    if (!fifo->samples) {
        kf_audio_fifo_destroy(fifo);
        return kf_fail_memory(err);
    }
    *out = fifo;
    return KF_OK;
}

void kf_audio_fifo_destroy(kf_audio_fifo *fifo)
{
    if (!fifo) return;
    kf_free(fifo->samples);
    kf_free_aligned(fifo);
}

int32_t kf_audio_fifo_write(kf_audio_fifo *fifo, const float *const *planes, int32_t n)
{
    int64_t at = atomic_load_explicit(&fifo->written, memory_order_relaxed);
    int64_t room = fifo->size - (at - atomic_load_explicit(&fifo->read, memory_order_acquire));
    if (n > room) n = (int32_t)room;
    int32_t from = (int32_t)(at & (fifo->size - 1)), first = n < fifo->size - from ? n : fifo->size - from;
    for (int32_t c = 0; c < fifo->channels; c++) {
        float *plane = fifo->samples + (size_t)c * (size_t)fifo->size;
        memcpy(plane + from, planes[c], (size_t)first * sizeof(float));
        memcpy(plane, planes[c] + first, (size_t)(n - first) * sizeof(float));
    }
    atomic_store_explicit(&fifo->written, at + n, memory_order_release);
    return n;
}

int32_t kf_audio_fifo_read(kf_audio_fifo *fifo, float *const *planes, int32_t n)
{
    int64_t at = atomic_load_explicit(&fifo->read, memory_order_relaxed);
    int64_t filled = atomic_load_explicit(&fifo->written, memory_order_acquire) - at;
    if (n > filled) n = (int32_t)filled;
    int32_t from = (int32_t)(at & (fifo->size - 1)), first = n < fifo->size - from ? n : fifo->size - from;
    for (int32_t c = 0; c < fifo->channels && planes; c++) {
        const float *plane = fifo->samples + (size_t)c * (size_t)fifo->size;
        memcpy(planes[c], plane + from, (size_t)first * sizeof(float));
        memcpy(planes[c] + first, plane, (size_t)(n - first) * sizeof(float));
    }
    atomic_store_explicit(&fifo->read, at + n, memory_order_release);
    return n;
}

int32_t kf_audio_fifo_filled(const kf_audio_fifo *fifo)
{
    int64_t read = atomic_load_explicit(&fifo->read, memory_order_acquire);
    int64_t filled = atomic_load_explicit(&fifo->written, memory_order_acquire) - read;
    return (int32_t)(filled < fifo->size ? filled : fifo->size);
}

int32_t kf_audio_fifo_room(const kf_audio_fifo *fifo)
{
    return fifo->size - kf_audio_fifo_filled(fifo);
}
