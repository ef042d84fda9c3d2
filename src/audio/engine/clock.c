/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audio/engine/clock.h"

#include <math.h>
#include <string.h>

/* Bandwidths of the loop, Hz: while it finds the phase, and from LOCKING seconds on, when only a crystal's drift is
 * left to follow. At 0.1 Hz and 1024 frames of 48 kHz it lets through an eighth of the jitter. */
#define BAND_QUICK 1.0
#define BAND_SLOW 0.1
#define LOCKING 2.0
#define MOST_OFF 0.01     /* of the nominal rate: no crystal is that wrong */
#define HORIZON 0.02      /* s: the line reaches the loop's value in that time, or a block */
#define ASTRAY_BLOCKS 4
#define SURE_GAP 0.01     /* s above two blocks */
#define FILLING_BLOCKS 8  /* at a start, in which a device may fill its queue at once */

void kf_clock_init(kf_clock *clock, int32_t rate, int32_t latency)
{
    *clock = (kf_clock){.nominal = rate, .latency = latency, .period = 1.0 / rate};
}

/* The line's value at ns. */
static double line_at(const kf_clock_line *l, int64_t ns)
{
    double frame = atomic_load_explicit(&l->frame, memory_order_relaxed);
    double most = atomic_load_explicit(&l->most, memory_order_relaxed);
    double s = (double)(ns - atomic_load_explicit(&l->ns, memory_order_relaxed)) * 1e-9;
    frame += s * atomic_load_explicit(s < 0 ? &l->before : &l->after, memory_order_relaxed);
    return frame < most ? frame : most;
}

/* Bends the line at ns so that it meets frame `target` `horizon` seconds later, or waits for it. */
static void bend(kf_clock *clock, int64_t ns, double target, double horizon, double most)
{
    kf_clock_line *l = &clock->line;
    bool first = atomic_load_explicit(&clock->sequence, memory_order_relaxed) == 0;
    double rate = 1.0 / clock->period, from = first ? target - horizon * rate : line_at(l, ns);
    double before = first ? rate : atomic_load_explicit(&l->after, memory_order_relaxed);
    double after = target > from ? (target - from) / horizon : 0.0;
    uint32_t sequence = atomic_load_explicit(&clock->sequence, memory_order_relaxed);
    atomic_store_explicit(&clock->sequence, sequence + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&l->ns, ns, memory_order_relaxed);
    atomic_store_explicit(&l->frame, from, memory_order_relaxed);
    atomic_store_explicit(&l->before, before, memory_order_relaxed);
    atomic_store_explicit(&l->after, after, memory_order_relaxed);
    atomic_store_explicit(&l->most, most, memory_order_relaxed);
    atomic_store_explicit(&l->rate, rate, memory_order_relaxed);
    atomic_store_explicit(&clock->sequence, sequence + 2, memory_order_release);
}

/* The loop starts over at time t, with the length of a frame that it knows. */
static void restart(kf_clock *clock, double t)
{
    clock->due = clock->since = t;
    clock->blocks = 0;
    clock->astray = 0;
    clock->astray_sum = 0;
}

/* A block that was due earlier or later by far: after a gap the device's count and time have parted. One block says so
 * if it is more than its queue apart; by less it takes a few in a row, for a busy machine calls a single block late.
 * At a start the device fills its queue, and the last block of that counts. True if the loop should not follow this
 * block. */
static bool find_gap(kf_clock *clock, double t)
{
    double e = t - clock->due, block = clock->last / clock->nominal;
    if (fabs(e) > 2 * block + SURE_GAP) {
        if (e > 0) atomic_fetch_add_explicit(&clock->gaps, 1, memory_order_relaxed);
        restart(clock, t);
        return false;
    }
    bool far = fabs(e) > 0.75 * block && fabs(e) > 1e-3;
    if (far && e < 0 && clock->blocks < FILLING_BLOCKS) {
        clock->due = t;
        return false;
    }
    if (!far || (clock->astray && (e > 0) != (clock->astray_sum > 0))) {
        clock->astray = 0;
        clock->astray_sum = 0;
    }
    if (!far) return false;
    clock->astray++;
    clock->astray_sum += e;
    if (clock->astray < ASTRAY_BLOCKS) return true;
    if (e > 0) atomic_fetch_add_explicit(&clock->gaps, 1, memory_order_relaxed);
    restart(clock, clock->due + clock->astray_sum / clock->astray);
    return false;
}

/* The filtered time of this block; the length of a frame follows. */
static double filter(kf_clock *clock, double t)
{
    double block = clock->last / clock->nominal, e = t - clock->due;
    double band = t - clock->since < LOCKING ? BAND_QUICK : BAND_SLOW;
    double w = 2 * M_PI * band * block;
    double low = (1 - MOST_OFF) / clock->nominal, high = (1 + MOST_OFF) / clock->nominal;
    clock->period += w * w * e / clock->last;
    clock->period = clock->period < low ? low : clock->period > high ? high : clock->period;
    return clock->due + M_SQRT2 * w * e;
}

int64_t kf_clock_update(kf_clock *clock, int64_t ns, int32_t n)
{
    if (clock->last == 0) clock->epoch_ns = ns;
    double t = (double)(ns - clock->epoch_ns) * 1e-9, block = n / clock->nominal, at = 0;
    if (clock->last != 0) at = find_gap(clock, t) ? clock->due : filter(clock, t);
    double horizon = block > HORIZON ? block : HORIZON;
    double target = (double)clock->frames - clock->latency + (t + horizon - at) / clock->period;
    double ahead = clock->latency < 0 ? -clock->latency : 0;
    bend(clock, ns, target, horizon, (double)(clock->frames + n) + ahead);
    clock->frames += n;
    clock->blocks += clock->blocks < FILLING_BLOCKS;
    clock->last = n;
    clock->due = at + n * clock->period;
    return clock->epoch_ns + (int64_t)((at + clock->latency * clock->period) * 1e9);
}

kf_audio_clock kf_clock_read(const kf_clock *clock, int64_t ns)
{
    for (;;) {
        uint32_t sequence = atomic_load_explicit(&clock->sequence, memory_order_acquire);
        if (sequence == 0) return (kf_audio_clock){.frame = -fmax(clock->latency, 0), .rate = clock->nominal};
        kf_audio_clock out = {.frame = line_at(&clock->line, ns),
                              .rate = atomic_load_explicit(&clock->line.rate, memory_order_relaxed),
                              .running = true};
        atomic_thread_fence(memory_order_acquire);
        if (!(sequence & 1) && sequence == atomic_load_explicit(&clock->sequence, memory_order_relaxed)) return out;
    }
}
