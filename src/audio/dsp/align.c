/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alignment of two recordings: cross-correlation of onset envelopes over everything gives a few candidates, generalised
 * cross-correlation with phase transform (C. Knapp, G. Carter, 1976) over the loudest windows decides between them and
 * finds the sample. */
#include "audio/dsp/internal.h"

enum {
    ENVELOPE_RATE = 400,  /* Hz */
    CANDIDATES = 8,
    WINDOWS = 12,         /* full-rate windows per candidate */
    APART = 8             /* envelope frames between candidates */
};
#define MOST (INT64_C(1) << 26)

typedef struct envelope {
    float *value;
    int64_t count;
} envelope;

/* Rising log energy per frame of `frame` samples. */
static bool make_envelope(const float *x, int64_t count, int32_t frame, envelope *out)
{
    out->count = count / frame;
    out->value = kf_alloc_zero((size_t)out->count + 1, sizeof(float));
    if (!out->value) return false;
    double before = 0.0, total = 0.0;
    for (int64_t k = 0; k < out->count; k++) total += fabs((double)x[k * frame]);
    double floor_energy = 1e-12 + 1e-4 * (total / (double)out->count) * (total / (double)out->count);
    for (int64_t k = 0; k < out->count; k++) {
        double energy = 0.0;
        for (int32_t i = 0; i < frame; i++) energy += (double)x[k * frame + i] * x[k * frame + i];
        double level = kf_dsp_log2(energy / frame + floor_energy);
        out->value[k] = k && level > before ? (float)(level - before) : 0.0f;
        before = level;
    }
    double mean = 0.0;
    for (int64_t k = 0; k < out->count; k++) mean += out->value[k];
    mean /= (double)out->count;
    for (int64_t k = 0; k < out->count; k++) out->value[k] -= (float)mean;
    return true;
}

static int32_t power_above(int64_t n)
{
    int32_t size = 2;
    while (size < n) size *= 2;
    return size;
}

/* corr[lag mod size] = sum of a[i] * b[i + lag], through one complex FFT of a + ib. */
static kf_status correlate(const float *a, int64_t a_count, const float *b, int64_t b_count, int32_t size,
                           bool phase_only, const kf_fft *fft, double *re, double *im)
{
    memset(re, 0, (size_t)size * sizeof *re);
    memset(im, 0, (size_t)size * sizeof *im);
    for (int64_t i = 0; i < a_count; i++) re[i] = a[i];
    for (int64_t i = 0; i < b_count; i++) im[i] = b[i];
    kf_fft_run(fft, false, re, im);
    for (int32_t k = 0; k <= size / 2; k++) {
        int32_t m = (size - k) & (size - 1);
        double ar = (re[k] + re[m]) * 0.5, ai = (im[k] - im[m]) * 0.5, br = (im[k] + im[m]) * 0.5,
               bi = (re[m] - re[k]) * 0.5;
        double r = ar * br + ai * bi, i = ar * bi - ai * br; /* conj(A) B */
        double scale = phase_only ? 1.0 / (sqrt(r * r + i * i) + 1e-12) : 1.0;
        re[k] = re[m] = r * scale;
        im[k] = i * scale;
        im[m] = -i * scale;
    }
    kf_fft_run(fft, true, re, im);
    return KF_OK;
}

typedef struct workspace {
    kf_fft *fft;
    double *re, *im;
    int32_t size;
} workspace;

static void workspace_finish(workspace *w)
{
    kf_fft_destroy(w->fft);
    kf_free(w->re);
    kf_free(w->im);
    memset(w, 0, sizeof *w);
}

static bool workspace_init(workspace *w, int32_t size)
{
    w->size = size;
    w->fft = kf_fft_create(size);
    w->re = kf_alloc_zero((size_t)size, sizeof *w->re);
    w->im = kf_alloc_zero((size_t)size, sizeof *w->im);
    return w->fft && w->re && w->im;
}

/* The best envelope lags within +-max_lag frames, at least APART from one another. */
static int pick_candidates(const workspace *w, int64_t max_lag, int64_t candidates[CANDIDATES])
{
    int count = 0;
    for (; count < CANDIDATES; count++) {
        double most = 0.0;
        int64_t best = 0;
        bool found = false;
        for (int64_t lag = -max_lag; lag <= max_lag; lag++) {
            double v = w->re[lag & (w->size - 1)];
            if (!(v > most)) continue;
            bool taken = false;
            for (int i = 0; i < count; i++)
                taken = taken || (lag - candidates[i] < APART && candidates[i] - lag < APART);
            if (taken) continue;
            most = v;
            best = lag;
            found = true;
        }
        if (!found) break;
        candidates[count] = best;
    }
    return count;
}

static kf_status coarse_search(const kf_align_input *in, int32_t frame, int64_t candidates[CANDIDATES], int *count,
                               kf_error *err)
{
    envelope a = {0}, b = {0};
    workspace w = {0};
    bool ok = make_envelope(in->ref, in->ref_count, frame, &a) && make_envelope(in->other, in->other_count, frame, &b);
    ok = ok && workspace_init(&w, power_above(a.count + b.count));
    if (ok) {
        correlate(a.value, a.count, b.value, b.count, w.size, false, w.fft, w.re, w.im);
        int64_t longest = a.count > b.count ? a.count : b.count, lag = in->max_lag / frame + 1;
        *count = pick_candidates(&w, lag < longest ? lag : longest, candidates);
    }
    workspace_finish(&w);
    kf_free(a.value);
    kf_free(b.value);
    return ok ? KF_OK : kf_fail_memory(err);
}

static double energy_of(const float *x, int64_t n)
{
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return sum;
}

/* Adds the phase-transformed correlation of up to WINDOWS loud windows around a candidate lag to `sum` (lags -span ..
 * span). Returns how many windows there were. */
static int fine_correlation(const kf_align_input *in, const workspace *w, int64_t lag, int32_t span, float *ref,
                            float *other, double *sum)
{
    int32_t length = w->size / 2;
    int64_t lo = lag < 0 ? -lag : 0, hi = in->ref_count < in->other_count - lag ? in->ref_count : in->other_count - lag;
    if (hi - lo < length / 4) return 0;
    int64_t slots = (hi - lo) / length, used = 0;
    if (slots < 1) slots = 1;
    double mean = energy_of(in->ref + lo, hi - lo) / (double)slots;
    for (int64_t k = 0; k < slots && used < WINDOWS; k++) {
        int64_t from = lo + k * length, n = hi - from < length ? hi - from : length;
        if (energy_of(in->ref + from, n) < 0.5 * mean || energy_of(in->other + from + lag, n) <= 0.0) continue;
        for (int64_t i = 0; i < n; i++) {
            float hann = (float)(0.5 - 0.5 * kf_dsp_cos_turns(((double)i + 0.5) / (double)n));
            ref[i] = in->ref[from + i] * hann;
            other[i] = in->other[from + lag + i] * hann;
        }
        correlate(ref, n, other, n, w->size, true, w->fft, w->re, w->im);
        for (int32_t s = -span; s <= span; s++) sum[s + span] += w->re[s & (w->size - 1)] / w->size;
        used++;
    }
    return (int)used;
}

typedef struct peak {
    int64_t lag;
    double height, rival; /* rival: the best elsewhere */
} peak;

static void look_at(peak *best, const double *sum, int windows, int64_t lag, int32_t span, int32_t guard)
{
    for (int32_t s = -span; s <= span; s++) {
        double height = sum[s + span] / windows;
        int64_t at = lag + s;
        if (height > best->height) {
            if (at - best->lag > guard || best->lag - at > guard)
                best->rival = best->height > best->rival ? best->height : best->rival;
            best->height = height;
            best->lag = at;
        } else if ((at - best->lag > guard || best->lag - at > guard) && height > best->rival) {
            best->rival = height;
        }
    }
}

static kf_status fine_search(const kf_align_input *in, int32_t frame, const int64_t *candidates, int count, peak *best,
                             kf_error *err)
{
    int32_t length = power_above(in->rate * 2 / 3), span = frame * 6;
    workspace w = {0};
    float *ref = kf_alloc_zero((size_t)length, sizeof *ref), *other = kf_alloc_zero((size_t)length, sizeof *other);
    double *sum = kf_alloc_zero((size_t)(2 * span + 1), sizeof *sum);
    bool ok = workspace_init(&w, 2 * length) && ref && other && sum;
    for (int i = 0; i < count && ok; i++) {
        memset(sum, 0, (size_t)(2 * span + 1) * sizeof *sum);
        int64_t lag = candidates[i] * frame;
        int windows = fine_correlation(in, &w, lag, span, ref, other, sum);
        if (windows) look_at(best, sum, windows, lag, span, in->rate / 500);
    }
    workspace_finish(&w);
    kf_free(ref);
    kf_free(other);
    kf_free(sum);
    return ok ? KF_OK : kf_fail_memory(err);
}

kf_status kf_audio_align(const kf_align_input *in, int64_t *offset, double *confidence, kf_error *err)
{
    *offset = 0;
    *confidence = 0.0;
    if (in->rate < 8000 || in->rate > 384000 || in->max_lag < 0)
        return kf_fail(err, KF_ERR_INVALID, "cannot align recordings at %d Hz", (int)in->rate);
    if (in->ref_count > MOST || in->other_count > MOST)
        return kf_fail(err, KF_ERR_INVALID, "recordings to align are too long (at most %lld samples)", (long long)MOST);
    if (in->ref_count < in->rate / 4 || in->other_count < in->rate / 4) {
        return kf_fail(err, KF_ERR_INVALID, "recordings to align are too short (at least a quarter of a second)");
    }
    if (!(energy_of(in->ref, in->ref_count) > 1e-9) || !(energy_of(in->other, in->other_count) > 1e-9)) {
        return kf_fail(err, KF_ERR_INVALID, "a recording to align is silent");
    }
    int64_t candidates[CANDIDATES];
    int count = 0;
    int32_t frame = in->rate / ENVELOPE_RATE;
    peak best = {0, 0.0, 0.0};
    kf_status status = coarse_search(in, frame, candidates, &count, err);
    if (!status) status = fine_search(in, frame, candidates, count, &best, err);
    if (status || best.height <= 0.0) return status;
    if (best.lag > in->max_lag || best.lag < -in->max_lag) return KF_OK;
    *offset = best.lag;
    *confidence = 1.0 - best.rival / best.height;
    return KF_OK;
}
