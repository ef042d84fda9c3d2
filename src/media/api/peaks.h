/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waveform peaks: a pyramid of minimum, maximum and mean square per channel, 256 samples a bucket at its foot and four
 * buckets to one above. Filled from the start on by one thread while others ask it. */
#ifndef KF_MEDIA_PEAKS_H
#define KF_MEDIA_PEAKS_H

#include "base/api/status.h"

enum { KF_PEAK_SAMPLES = 256, KF_PEAK_LEVELS = 8, KF_PEAK_CHANNELS = 64 };

typedef struct kf_peak {
    int16_t min, max;
    uint16_t rms;              /* of 32767 */
} kf_peak;

/* Thread-safe, but for append and end: one thread. */
typedef struct kf_peaks kf_peaks;
/* expected: samples that will come; an estimate. NULL when out of memory. */
kf_peaks *kf_peaks_create(int channels, int sample_rate, int64_t expected);
void kf_peaks_destroy(kf_peaks *peaks); /* NULL is fine */

/* The next n samples, -1..1 (what is beyond is cut). False when out of memory. */
bool kf_peaks_append(kf_peaks *peaks, const float *const *planes, int n);
/* No more will come: what is left of the last buckets counts. */
bool kf_peaks_end(kf_peaks *peaks);

typedef struct kf_peaks_facts {
    int channels, sample_rate;
    int64_t ready;             /* samples that are in buckets */
    int64_t expected;          /* samples there will be */
    bool complete;
    int64_t bytes;             /* of memory */
} kf_peaks_facts;
kf_peaks_facts kf_peaks_get_facts(kf_peaks *peaks);

/* Column i spans the samples [from + i * (to - from) / count, from + (i + 1) * (to - from) / count), widened to whole buckets of the
 * finest level that is fast; from < to. channel -1: all together. Columns without samples are {0, 0, 0}. */
void kf_peaks_read(kf_peaks *peaks, int channel, double from, double to, kf_peak *columns, int count);

/* Bytes for the disk cache (kf_free) of complete peaks; NULL on failure. */
uint8_t *kf_peaks_pack(kf_peaks *peaks, size_t *length);
/* NULL if the bytes are not such peaks: they are not trusted. */
kf_peaks *kf_peaks_unpack(const uint8_t *bytes, size_t length);

#endif
