/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loudness through libebur128. */
#include "audio/dsp/internal.h"

#ifdef KF_HAVE_EBUR128
#include <ebur128.h>

enum { PART = 4096 };

struct kf_loudness {
    ebur128_state *state;
    int channels;
    int32_t tenth, since; /* live: frames in 0.1 s, and since `last` was measured; else 0 */
    kf_loudness_values last;
    float interleaved[PART * KF_DSP_MAX_CHANNELS];
};

/* 5.1 and 7.1 in the order L R C LFE Ls Rs ...: the LFE does not count, surrounds weigh more (BS.1770). */
static void map_channels(ebur128_state *state, int channels)
{
    if (channels < 6) return;
    static const int map[8] = {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED, EBUR128_LEFT_SURROUND,
                               EBUR128_RIGHT_SURROUND, EBUR128_Mp135, EBUR128_Mm135};
    for (int c = 0; c < channels; c++) ebur128_set_channel(state, (unsigned)c, map[c]);
}

static const kf_loudness_values nothing = {false, -INFINITY, -INFINITY, -INFINITY, 0.0, -INFINITY, -INFINITY};

static kf_status create(int32_t rate, int channels, int mode, kf_loudness **out, kf_error *err)
{
    *out = NULL;
    if (rate < 8000 || rate > 384000 || channels < 1 || channels > KF_DSP_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_INVALID, "loudness of %d channels at %d Hz cannot be measured", channels, (int)rate);
    }
    kf_loudness *loudness = KF_NEW(kf_loudness);
    if (!loudness) return kf_fail_memory(err);
    loudness->channels = channels;
    loudness->last = nothing;
    loudness->last.available = true;
    loudness->state = ebur128_init((unsigned)channels, (unsigned long)rate, mode | EBUR128_MODE_HISTOGRAM);
    if (!loudness->state) {
        kf_free(loudness);
        return kf_fail_memory(err);
    }
    map_channels(loudness->state, channels);
    *out = loudness;
    return KF_OK;
}

kf_status kf_loudness_create(int32_t rate, int channels, kf_loudness **out, kf_error *err)
{
    return create(rate, channels, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK, out, err);
}

kf_status kf_loudness_create_live(int32_t rate, int channels, kf_loudness **out, kf_error *err)
{
    kf_status status = create(rate, channels, EBUR128_MODE_I | EBUR128_MODE_S | EBUR128_MODE_SAMPLE_PEAK, out, err);
    if (!status) (*out)->tenth = rate / 10;
    return status;
}

void kf_loudness_destroy(kf_loudness *loudness)
{
    if (!loudness) return;
    ebur128_destroy(&loudness->state);
    kf_free(loudness);
}

static double peak_db(const kf_loudness *loudness, int (*get)(ebur128_state *, unsigned, double *))
{
    double most = 0.0;
    for (int c = 0; c < loudness->channels; c++) {
        double peak = 0.0;
        if (get(loudness->state, (unsigned)c, &peak) == EBUR128_SUCCESS && peak > most) most = peak;
    }
    return most > 1e-30 ? kf_dsp_gain_db(most) : -INFINITY;
}

static double value_of(const kf_loudness *loudness, int (*get)(ebur128_state *, double *))
{
    double value;
    return get(loudness->state, &value) == EBUR128_SUCCESS ? value : -INFINITY;
}

static kf_loudness_values measure(const kf_loudness *loudness)
{
    kf_loudness_values v = nothing;
    v.available = true;
    v.integrated = value_of(loudness, ebur128_loudness_global);
    v.momentary = value_of(loudness, ebur128_loudness_momentary);
    v.short_term = value_of(loudness, ebur128_loudness_shortterm);
    v.peak_db = peak_db(loudness, ebur128_sample_peak);
    if (loudness->tenth) return v;
    v.range = value_of(loudness, ebur128_loudness_range);
    v.true_peak_db = peak_db(loudness, ebur128_true_peak);
    return v;
}

static void measure_live(kf_loudness *loudness, int32_t n)
{
    if (!loudness->tenth) return;
    loudness->since += n;
    if (loudness->since < loudness->tenth) return;
    loudness->since %= loudness->tenth;
    loudness->last = measure(loudness);
}

kf_status kf_loudness_add(kf_loudness *loudness, int32_t n, const float *const *in, kf_error *err)
{
    if (!loudness) return KF_OK;
    int channels = loudness->channels;
    for (int32_t done = 0; done < n; done += PART) {
        int32_t part = n - done < PART ? n - done : PART;
        for (int c = 0; c < channels; c++) {
            for (int32_t i = 0; i < part; i++) loudness->interleaved[i * channels + c] = in[c][done + i];
        }
        if (ebur128_add_frames_float(loudness->state, loudness->interleaved, (size_t)part) != EBUR128_SUCCESS) {
            return kf_fail_memory(err);
        }
        measure_live(loudness, part);
    }
    return KF_OK;
}

kf_loudness_values kf_loudness_get(const kf_loudness *loudness)
{
    if (!loudness) return nothing;
    return loudness->tenth ? loudness->last : measure(loudness);
}

#else

kf_status kf_loudness_create(int32_t rate, int channels, kf_loudness **out, kf_error *err)
{
    *out = NULL;
    return KF_OK;
}

kf_status kf_loudness_create_live(int32_t rate, int channels, kf_loudness **out, kf_error *err)
{
    *out = NULL;
    return KF_OK;
}

void kf_loudness_destroy(kf_loudness *loudness)
{
}

kf_status kf_loudness_add(kf_loudness *loudness, int32_t n, const float *const *in, kf_error *err)
{
    return KF_OK;
}

kf_loudness_values kf_loudness_get(const kf_loudness *loudness)
{
    return (kf_loudness_values){false, -INFINITY, -INFINITY, -INFINITY, 0.0, -INFINITY, -INFINITY};
}

#endif

double kf_loudness_gain_db(const kf_loudness_values *values, double target_lufs, double ceiling_db, bool *limited)
{
    if (limited) *limited = false;
    if (!values->available || !(values->integrated > -200.0)) return 0.0;
    double gain = target_lufs - values->integrated, room = ceiling_db - values->true_peak_db;
    if (gain <= room) return gain;
    if (limited) *limited = true;
    return room;
}
