/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/recorder/tap.h"

#include <math.h>
#include <string.h>

#define QUEUE_SECONDS 5  /* that a disk may stand still */
#define RMS_SECONDS 0.3f

kf_status kf_tap_init(kf_tap *tap, int32_t rate, int32_t channels, kf_error *err)
{
    *tap = (kf_tap){.rate = rate, .channels = channels};
    return kf_audio_fifo_create(channels, rate * QUEUE_SECONDS, &tap->fifo, err);
}

void kf_tap_finish(kf_tap *tap)
{
    kf_audio_fifo_destroy(tap->fifo);
    tap->fifo = NULL;
}

/* ---- the device's thread ---- */

/* Others only ever lower it. */
static void raise_peak(_Atomic float *peak, float to)
{
    float now = atomic_load_explicit(peak, memory_order_relaxed);
    while (to > now &&
           !atomic_compare_exchange_weak_explicit(peak, &now, to, memory_order_relaxed, memory_order_relaxed))
        continue;
}

static void measure(kf_tap *tap, int32_t c, const float *in, int32_t n)
{
    kf_meter m = {0};
    kf_meter_add(&m, 1, n, &in);
    raise_peak(&tap->peak[c], m.peak[0]);
    if (m.peak[0] >= 1.0f) atomic_store_explicit(&tap->clipped, true, memory_order_relaxed);
    float share = (float)n / ((float)tap->rate * RMS_SECONDS), mean = (float)(m.square[0] / n);
    float square = atomic_load_explicit(&tap->square[c], memory_order_relaxed);
    square += (mean - square) * (share < 1.0f ? share : 1.0f);
    atomic_store_explicit(&tap->square[c], square, memory_order_relaxed);
}

static void pass(kf_tap *tap, float *const *planes, int32_t n)
{
    int32_t taken = 0;
    if (atomic_load_explicit(&tap->missing, memory_order_acquire) == 0) {
        taken = kf_audio_fifo_write(tap->fifo, (const float *const *)planes, n);
    }
    if (taken < n) atomic_fetch_add_explicit(&tap->missing, n - taken, memory_order_release);
}

static bool move_gate(kf_tap *tap, int from, int to)
{
    return atomic_compare_exchange_strong_explicit(&tap->gate, &from, to, memory_order_acq_rel, memory_order_acquire);
}

void kf_tap_block(kf_tap *tap, float *const *planes, int32_t n, const kf_audio_block *block)
{
    for (int32_t c = 0; c < tap->channels; c++) measure(tap, c, planes[c], n);
    if (move_gate(tap, KF_TAP_OPENING, KF_TAP_OPEN)) {
        atomic_store_explicit(&tap->start_ns, block->heard_ns, memory_order_relaxed);
    }
    int gate = atomic_load_explicit(&tap->gate, memory_order_acquire);
    if (gate == KF_TAP_OPEN || gate == KF_TAP_CLOSING) pass(tap, planes, n);
    if (gate == KF_TAP_CLOSING) move_gate(tap, KF_TAP_CLOSING, KF_TAP_CLOSED);
}

/* ---- others ---- */

void kf_tap_levels(kf_tap *tap, float *peak_db, float *rms_db)
{
    for (int32_t c = 0; c < tap->channels; c++) {
        peak_db[c] = kf_gain_to_db(atomic_exchange_explicit(&tap->peak[c], 0.0f, memory_order_relaxed));
        rms_db[c] = kf_gain_to_db(sqrtf(atomic_load_explicit(&tap->square[c], memory_order_relaxed)));
    }
}

void kf_tap_open(kf_tap *tap)
{
    atomic_store_explicit(&tap->start_ns, 0, memory_order_relaxed);
    atomic_store_explicit(&tap->clipped, false, memory_order_relaxed);
    atomic_store_explicit(&tap->gate, KF_TAP_OPENING, memory_order_release);
}

void kf_tap_close(kf_tap *tap)
{
    if (!move_gate(tap, KF_TAP_OPENING, KF_TAP_CLOSED)) move_gate(tap, KF_TAP_OPEN, KF_TAP_CLOSING);
}

bool kf_tap_closed(const kf_tap *tap)
{
    return atomic_load_explicit(&tap->gate, memory_order_acquire) == KF_TAP_CLOSED;
}

int32_t kf_tap_take(kf_tap *tap, float *const *planes, int32_t n, bool *silent)
{
    int64_t missing = atomic_load_explicit(&tap->missing, memory_order_acquire);
    int32_t taken = kf_audio_fifo_read(tap->fifo, planes, n);
    *silent = taken == 0 && missing > 0;
    if (!*silent) return taken;
    taken = missing < n ? (int32_t)missing : n;
    for (int32_t c = 0; c < tap->channels; c++) memset(planes[c], 0, (size_t)taken * sizeof(float));
    atomic_fetch_sub_explicit(&tap->missing, taken, memory_order_release);
    return taken;
}
