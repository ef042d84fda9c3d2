/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sound.h"

enum { RATE = 48000 };

/* Bursts of pink noise and tones: a stand-in for speech. */
static void make_scene(int64_t first, int32_t n, float *out)
{
    float *tone = floats(n);
    kf_noise_fill(KF_NOISE_PINK, 3, 0.5f, first, n, out);
    kf_tone_fill(440000, RATE, 0.2f, first, n, tone);
    for (int32_t i = 0; i < n; i++) {
        int64_t t = first + i, syllable = t / 9000;
        uint64_t h = (uint64_t)syllable * UINT64_C(0x9e3779b97f4a7c15);
        float level = (float)((h >> 40) & 255) / 255.0f, in_syllable = (float)(t % 9000) / 9000.0f;
        out[i] = (out[i] + tone[i]) * level * (1.0f - in_syllable);
    }
    kf_free(tone);
}

static void check_offset(int64_t lag, float gain, float noise, int64_t max_lag, double least)
{
    enum { N = RATE * 12 };
    float *ref = floats(N), *other = floats(N), *hiss = floats(N);
    make_scene(1000000, N, ref);
    make_scene(1000000 - lag, N, other); /* other[i + lag] = ref[i] */
    kf_noise_fill(KF_NOISE_WHITE, 99, noise, 0, N, hiss);
    for (int i = 0; i < N; i++) other[i] = other[i] * gain + hiss[i];
    int64_t offset = 0;
    double confidence = 0;
    kf_error err;
    kf_align_input input = {
        .ref = ref, .other = other, .ref_count = N, .other_count = N, .rate = RATE, .max_lag = max_lag};
    CHECK_INT(kf_audio_align(&input, &offset, &confidence, &err), KF_OK);
    CHECK_INT(offset, lag);
    CHECK_MSG(confidence > least, "lag %lld: confidence %g", (long long)lag, confidence);
    kf_free(ref);
    kf_free(other);
    kf_free(hiss);
}

TEST(finds_offsets_to_the_sample)
{
    check_offset(0, 1.0f, 0.0f, RATE * 5, 0.5);
    check_offset(12345, 0.1f, 0.0f, RATE * 5, 0.5);
    check_offset(-100001, 3.0f, 0.0f, RATE * 5, 0.5);
    check_offset(47, 1.0f, 0.0f, 1000, 0.5);
}

TEST(finds_offsets_in_noise)
{
    check_offset(33333, 0.3f, 0.01f, RATE * 5, 0.3);
    check_offset(-71000, 0.3f, 0.02f, RATE * 5, 0.3);
}

TEST(doubts_unrelated_recordings)
{
    enum { N = RATE * 8 };
    float *ref = floats(N), *other = floats(N);
    make_scene(1000000, N, ref);
    kf_noise_fill(KF_NOISE_WHITE, 5, 0.3f, 0, N, other);
    int64_t offset;
    double confidence = 1;
    kf_align_input input = {
        .ref = ref, .other = other, .ref_count = N, .other_count = N, .rate = RATE, .max_lag = RATE};
    CHECK_INT(kf_audio_align(&input, &offset, &confidence, NULL), KF_OK);
    CHECK_MSG(confidence < 0.2, "confidence %g", confidence);
    memset(other, 0, N * sizeof *other);
    CHECK_INT(kf_audio_align(&input, &offset, &confidence, NULL), KF_ERR_INVALID);
    kf_free(ref);
    kf_free(other);
}

int main(void)
{
    RUN(finds_offsets_to_the_sample);
    RUN(finds_offsets_in_noise);
    RUN(doubts_unrelated_recordings);
    return test_end();
}
