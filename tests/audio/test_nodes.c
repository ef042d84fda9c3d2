/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sound.h"

enum { RATE = 48000 };
static const kf_dsp_setup stereo = {RATE, 2}, mono = {RATE, 1};

/* ---- every node: block sizes, reset, no allocation ---- */

static void fill_noise(float *l, float *r, int32_t n)
{
    kf_noise_fill(KF_NOISE_WHITE, 1, 0.9f, 0, n, l);
    kf_noise_fill(KF_NOISE_WHITE, 2, 0.9f, 0, n, r);
    for (int32_t i = n / 3; i < n / 2; i++) l[i] = r[i] = 0.0f;
}

static void run_node(kf_dsp_node *node, int64_t at, int32_t n, int32_t block, float *l, float *r, const float *sl,
                     const float *sr)
{
    for (int32_t done = 0; done < n; done += block) {
        float *io[2] = {l + done, r + done};
        const float *side[2] = {sl + done, sr + done};
        kf_dsp_node_process(node, at + done, n - done < block ? n - done : block, io,
                            node->driver->takes_sidechain ? side : NULL);
    }
}

TEST(blocks_do_not_matter_to_any_node)
{
    enum { N = 20000 };
    static float l[N], r[N], wl[N], wr[N], sl[N], sr[N];
    static const int32_t sizes[] = {1, 7, 64, 1000, 4096};
    fill_noise(sl, sr, N);
    for (int kind = 0; kind < KF_DSP_KIND_COUNT; kind++) {
        kf_dsp_node node;
        REQUIRE(kf_dsp_node_init(&node, kind, &stereo, NULL, NULL) == KF_OK);
        fill_noise(wl, wr, N);
        run_node(&node, 12345, N, N, wl, wr, sl, sr);
        for (int s = 0; s < 5; s++) {
            fill_noise(l, r, N);
            node.driver->reset(node.state);
            kf_alloc_fail_from(0);
            uint64_t before = kf_alloc_count();
            run_node(&node, 12345, N, sizes[s], l, r, sl, sr);
            CHECK_INT(kf_alloc_count(), before);
            CHECK_MSG(memcmp(l, wl, sizeof l) == 0 && memcmp(r, wr, sizeof r) == 0, "%s in blocks of %d",
                      node.driver->name, (int)sizes[s]);
        }
        CHECK(kf_dsp_driver_find(node.driver->name) == node.driver);
        kf_dsp_node_finish(&node);
    }
    CHECK(kf_dsp_driver_find("nothing") == NULL);
}

TEST(nodes_survive_failing_allocations)
{
    for (int kind = 0; kind < KF_DSP_KIND_COUNT; kind++) {
        for (int k = 1; k < 40; k++) {
            kf_dsp_node node;
            kf_alloc_fail_from((uint64_t)k);
            kf_status status = kf_dsp_node_init(&node, kind, &stereo, NULL, NULL);
            kf_alloc_fail_from(0);
            CHECK(status == KF_OK || status == KF_ERR_MEMORY);
            kf_dsp_node_finish(&node);
        }
    }
}

/* ---- EQ ---- */

/* Level of a sine after the node, relative to before, in dB; run-in half a second. */
static double gain_at(kf_dsp_kind kind, const void *params, int64_t milli_hz, float amplitude)
{
    enum { N = RATE };
    static float x[N];
    kf_dsp_node node;
    kf_tone_fill(milli_hz, RATE, amplitude, 0, N, x);
    if (kf_dsp_node_init(&node, kind, &mono, params, NULL)) return NAN;
    float *io[1] = {x};
    kf_dsp_node_process(&node, 0, N, io, NULL);
    kf_dsp_node_finish(&node);
    return 20 * log10(amplitude_at(x + N / 2, N / 2, (double)milli_hz / 1000.0, RATE) / amplitude);
}

TEST(eq_meets_its_numbers)
{
    kf_eq_params peak = {.band = {{KF_EQ_PEAK, 1000, 6, 1}}};
    CHECK_NEAR(gain_at(KF_DSP_EQ, &peak, 1000000, 0.2f), 6.0, 0.02);
    CHECK_NEAR(gain_at(KF_DSP_EQ, &peak, 20000, 0.2f), 0.0, 0.05);
    kf_eq_params shelf = {.band = {{KF_EQ_LOW_SHELF, 200, -9, 0.7071f}}};
    CHECK_NEAR(gain_at(KF_DSP_EQ, &shelf, 20000, 0.2f), -9.0, 0.1);
    CHECK_NEAR(gain_at(KF_DSP_EQ, &shelf, 200000, 0.2f), -4.5, 0.05);
    CHECK_NEAR(gain_at(KF_DSP_EQ, &shelf, 5000000, 0.2f), 0.0, 0.05);
    kf_eq_params high = {.band = {{KF_EQ_OFF}, {KF_EQ_HIGH_SHELF, 6000, 4, 0.7071f}}};
    CHECK_NEAR(gain_at(KF_DSP_EQ, &high, 6000000, 0.2f), 2.0, 0.05);
    CHECK_NEAR(gain_at(KF_DSP_EQ, &high, 22000000, 0.2f), 4.0, 0.1);
    kf_eq_params pass = {.band = {{KF_EQ_HIGH_PASS, 100, 0, 0.70710678f}, {KF_EQ_LOW_PASS, 10000, 0, 0.70710678f}}};
    CHECK_NEAR(gain_at(KF_DSP_EQ, &pass, 100000, 0.2f), -3.01, 0.05);
    CHECK_NEAR(gain_at(KF_DSP_EQ, &pass, 10000000, 0.2f), -3.01, 0.05);
    CHECK_NEAR(gain_at(KF_DSP_EQ, &pass, 1000000, 0.2f), 0.0, 0.05);
    CHECK(gain_at(KF_DSP_EQ, &pass, 20000, 0.2f) < -27.0);
}

TEST(eq_response_matches_what_is_heard)
{
    kf_eq_params p = {.band = {{KF_EQ_LOW_SHELF, 120, 5, 0.8f}, {KF_EQ_PEAK, 700, -7, 2}, {KF_EQ_NOTCH, 3000, 0, 4},
                               {KF_EQ_HIGH_SHELF, 9000, 3, 0.7f}, {KF_EQ_BAND_PASS, 1500, 0, 0.3f}}};
    static const int64_t hz[] = {60000, 120000, 400000, 700000, 1500000, 2700000, 5000000, 12000000, 19000000};
    for (size_t i = 0; i < sizeof hz / sizeof *hz; i++) {
        CHECK_NEAR(gain_at(KF_DSP_EQ, &p, hz[i], 0.2f), kf_eq_response_db(&p, RATE, (double)hz[i] / 1000.0), 0.05);
    }
}

/* ---- dynamics ---- */

TEST(compressor_follows_its_curve)
{
    kf_compressor_params p = {
        .threshold_db = -20, .ratio = 4, .knee_db = 0, .attack_ms = 0.1f, .release_ms = 2000, .makeup_db = 0, .mix = 1};
    /* a square wave has one level: full-rate alternation of +-a */
    static const float levels[] = {-40, -20, -10, 0};
    for (int k = 0; k < 4; k++) {
        float x[4096], a = kf_db_to_gain(levels[k]), *io[1] = {x};
        for (int i = 0; i < 4096; i++) x[i] = i & 1 ? -a : a;
        kf_dsp_node node;
        REQUIRE(kf_dsp_node_init(&node, KF_DSP_COMPRESSOR, &mono, &p, NULL) == KF_OK);
        kf_dsp_node_process(&node, 0, 4096, io, NULL);
        double want = levels[k] <= -20 ? levels[k] : -20 + (levels[k] + 20) / 4;
        CHECK_NEAR(kf_gain_to_db(fabsf(x[4095])), want, 0.05);
        CHECK_NEAR(kf_compressor_curve_db(&p, levels[k]), want, 1e-4);
        kf_dsp_node_finish(&node);
    }
    p.knee_db = 10;
    CHECK_NEAR(kf_compressor_curve_db(&p, -25), -25, 1e-4);
    CHECK_NEAR(kf_compressor_curve_db(&p, -20), -20 - 0.75 * 25 / 20, 1e-4); /* (knee/2)^2 / (2 knee) below */
    CHECK_NEAR(kf_compressor_curve_db(&p, -15), -20 + 5.0 / 4, 1e-4);
}

TEST(compressor_hears_the_sidechain)
{
    kf_compressor_params p = {.threshold_db = -20, .ratio = 2, .attack_ms = 1, .release_ms = 100, .mix = 1};
    static float x[RATE / 2], loud[RATE / 2];
    for (int i = 0; i < RATE / 2; i++) {
        x[i] = 0.01f;
        loud[i] = 1.0f;
    }
    kf_dsp_node node;
    float *io[1] = {x};
    const float *side[1] = {loud};
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_COMPRESSOR, &mono, &p, NULL) == KF_OK);
    kf_dsp_node_process(&node, 0, RATE / 2, io, side);
    CHECK_NEAR(kf_gain_to_db(x[RATE / 2 - 1]), -50.0, 0.05);
    kf_dsp_node_finish(&node);
}

TEST(ducking_turns_down_and_recovers)
{
    enum { N = RATE * 2 };
    kf_duck_params p = {
        .threshold_db = -30, .amount_db = 12, .attack_ms = 50, .hold_ms = 100, .release_ms = 200, .look_ahead_ms = 60};
    float *x = floats(N), *voice = floats(N);
    for (int i = 0; i < N; i++) x[i] = 0.5f;
    kf_tone_fill(300000, RATE, 0.5f, 0, RATE / 2, voice + RATE / 2); /* 0.5 s .. 1 s */
    kf_dsp_node node;
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_DUCK, &mono, &p, NULL) == KF_OK);
    CHECK_INT(node.driver->latency(node.state), RATE * 60 / 1000);
    float *io[1] = {x};
    const float *side[1] = {voice};
    kf_dsp_node_process(&node, 0, N, io, side);
    int32_t delay = RATE * 60 / 1000;
    CHECK_NEAR(x[delay + RATE * 42 / 100], 0.5, 1e-6);                 /* 80 ms before the voice */
    CHECK_NEAR(kf_gain_to_db(x[delay + RATE / 2]), -18.02, 0.1);       /* down before it starts */
    CHECK_NEAR(kf_gain_to_db(x[delay + RATE * 9 / 10]), -18.02, 0.05);
    CHECK_NEAR(x[delay + RATE * 15 / 10], 0.5, 1e-6);
    kf_dsp_node_finish(&node);
    kf_free(x);
    kf_free(voice);
}

TEST(gate_closes_and_opens)
{
    enum { N = RATE };
    kf_gate_params p = {
        .threshold_db = -40, .hysteresis_db = 4, .range_db = 60, .attack_ms = 1, .hold_ms = 20, .release_ms = 50};
    float *x = floats(N), *io[1] = {x};
    kf_tone_fill(1000000, RATE, 0.003f, 0, N, x); /* -50 dB */
    kf_tone_fill(1000000, RATE, 0.3f, RATE / 2, RATE / 4, x + RATE / 2);
    kf_dsp_node node;
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_GATE, &mono, &p, NULL) == KF_OK);
    kf_dsp_node_process(&node, 0, N, io, NULL);
    CHECK_NEAR(amplitude_at(x + RATE / 4, RATE / 8, 1000, RATE), 0.000003, 0.0000005);
    CHECK_NEAR(amplitude_at(x + RATE * 5 / 8, RATE / 16, 1000, RATE), 0.3, 0.001);
    CHECK_NEAR(amplitude_at(x + N - RATE / 10, RATE / 10, 1000, RATE), 0.000003, 0.000001);
    kf_dsp_node_finish(&node);
    kf_free(x);
}

/* ---- delay, reverb ---- */

TEST(delay_echoes_on_time)
{
    enum { N = RATE };
    kf_delay_params p = {.time_ms = 100, .feedback = 0.5f, .low_pass_hz = 20000, .mix = 0.8f};
    float *x = floats(N), *io[1] = {x};
    x[10] = 1.0f;
    kf_dsp_node node;
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_DELAY, &mono, &p, NULL) == KF_OK);
    kf_dsp_node_process(&node, 0, N, io, NULL);
    CHECK_NEAR(x[10], 1.0, 1e-7);
    CHECK_NEAR(x[4810], 0.8, 1e-6);
    CHECK_NEAR(x[9610], 0.4, 1e-6);
    CHECK_NEAR(x[14410], 0.2, 1e-6);
    CHECK(x[4809] == 0.0f && x[4811] == 0.0f);
    kf_dsp_node_finish(&node);
    kf_free(x);
}

static double energy_db(const float *x, int32_t n)
{
    double sum = 1e-30;
    for (int32_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return 10 * log10(sum / n);
}

TEST(reverb_decays_as_asked)
{
    enum { N = RATE * 3 };
    kf_reverb_params p = {.decay_s = 1.5f, .pre_delay_ms = 0, .damping = 0, .size = 1, .width = 1, .wet = 1, .dry = 0};
    float *l = floats(N), *r = floats(N), *io[2] = {l, r};
    l[0] = r[0] = 1.0f;
    kf_dsp_node node;
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_REVERB, &stereo, &p, NULL) == KF_OK);
    kf_dsp_node_process(&node, 0, N, io, NULL);
    double early = energy_db(l + RATE / 4, RATE / 4), late = energy_db(l + RATE + RATE / 4, RATE / 4);
    CHECK_NEAR(early - late, 40.0, 2.0); /* 60 dB in 1.5 s = 40 dB in 1 s */
    double difference = 0;
    for (int i = 0; i < N; i++) difference += fabs(l[i] - r[i]);
    CHECK(difference > 1.0); /* wide */
    kf_dsp_node_finish(&node);
    kf_free(l);
    kf_free(r);
}

/* ---- limiter ---- */

/* True peak on a 16x grid with a long kernel: an independent and stricter measure than the limiter's own. */
static double fine_peak(const float *x, int32_t n)
{
    double most = 0;
    static double tap[16][128];
    for (int p = 0; p < 16; p++) {
        for (int k = 0; k < 128; k++) {
            double d = k - 63 - p / 16.0, w = d / 64.0;
            tap[p][k] = (d == 0 ? 1.0 : sin(M_PI * d) / (M_PI * d)) * (fabs(w) >= 1 ? 0 : 0.5 + 0.5 * cos(M_PI * w));
        }
    }
    for (int32_t i = 64; i < n - 64; i++) {
        for (int p = 0; p < 16; p++) {
            double sum = 0;
            for (int k = 0; k < 128; k++) sum += tap[p][k] * x[i - 63 + k];
            if (fabs(sum) > most) most = fabs(sum);
        }
    }
    return 20 * log10(most);
}

static void limit(float *x, int32_t n, const kf_limiter_params *p)
{
    kf_dsp_node node;
    float *io[1] = {x};
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_LIMITER, &mono, p, NULL) == KF_OK);
    kf_dsp_node_process(&node, 0, n, io, NULL);
    kf_dsp_node_finish(&node);
}

/* dBTP as libebur128 reads it; our own 4x reading without it. */
static double standard_peak(const float *x, int32_t n)
{
    kf_loudness *loudness = NULL;
    if (kf_loudness_create(RATE, 1, &loudness, NULL) || !loudness) return kf_gain_to_db(kf_true_peak(x, n));
    kf_loudness_add(loudness, n, &x, NULL);
    double peak = kf_loudness_get(loudness).true_peak_db;
    kf_loudness_destroy(loudness);
    return peak;
}

TEST(limiter_holds_its_ceiling)
{
    enum { N = RATE / 2 };
    kf_limiter_params p = {.ceiling_db = -1, .look_ahead_ms = 3, .release_ms = 50, .input_db = 0};
    float *x = floats(N);
    for (int kind = KF_NOISE_WHITE; kind <= KF_NOISE_PINK; kind++) {
        kf_noise_fill(kind, 4, 4.0f, 0, N, x);
        limit(x, N, &p);
        CHECK_MSG(kf_gain_to_db(kf_true_peak(x, N)) <= -1.0, "%f", kf_gain_to_db(kf_true_peak(x, N)));
        CHECK_MSG(standard_peak(x, N) <= -1.0, "noise: %f dBTP", standard_peak(x, N));
        CHECK_MSG(fine_peak(x, N) <= (kind == KF_NOISE_PINK ? -1.0 : -0.5), "noise: %f dBTP", fine_peak(x, N));
    }
    for (int32_t i = 0; i < N; i++)
        x[i] = sinf((float)M_PI * 0.5f * (float)i + 0.785398f) * 1.3f; /* samples 0.92, peaks 1.3 */
    limit(x, N, &p);
    CHECK_MSG(fine_peak(x, N) <= -1.0, "inter-sample: %f dBTP", fine_peak(x, N));
    CHECK_MSG(fine_peak(x + N / 2, N / 2) >= -1.5, "too low: %f dBTP", fine_peak(x + N / 2, N / 2));
    for (int32_t i = 0; i < N; i++)
        x[i] = (i / 400) % 10 == 0 ? ((i / 20) & 1 ? 2.0f : -2.0f) : 0.1f; /* bursts of a square wave */
    limit(x, N, &p);
    CHECK_MSG(standard_peak(x, N) <= -1.0, "square: %f dBTP", standard_peak(x, N));
    kf_free(x);
}

TEST(limiter_leaves_quiet_sound_alone)
{
    enum { N = 8192 };
    static float x[N], y[N];
    kf_tone_fill(997000, RATE, 0.85f, 0, N, x);
    memcpy(y, x, sizeof y);
    kf_dsp_node node;
    float *io[1] = {y};
    REQUIRE(kf_dsp_node_init(&node, KF_DSP_LIMITER, &mono, NULL, NULL) == KF_OK);
    kf_dsp_node_process(&node, 0, N, io, NULL);
    int32_t latency = node.driver->latency(node.state);
    CHECK(memcmp(y + latency, x, sizeof x - (size_t)latency * sizeof *x) == 0);
    kf_dsp_node_finish(&node);
}

/* ---- element-wise ---- */

TEST(pan_laws)
{
    float l, r;
    kf_pan_gains(KF_PAN_BALANCE, 0, &l, &r);
    CHECK(l == 1.0f && r == 1.0f);
    kf_pan_gains(KF_PAN_BALANCE, 0.5f, &l, &r);
    CHECK_NEAR(l, cos(M_PI / 4), 1e-6);
    CHECK(r == 1.0f);
    kf_pan_gains(KF_PAN_BALANCE, -1, &l, &r);
    CHECK(l == 1.0f && r == 0.0f);
    for (float p = -1; p <= 1; p += 0.125f) {
        kf_pan_gains(KF_PAN_POWER, p, &l, &r);
        CHECK_NEAR(l * l + r * r, 2.0, 1e-5);
    }
    kf_pan_gains(KF_PAN_POWER, 1, &l, &r);
    CHECK_NEAR(r, sqrt(2), 1e-6);
}

TEST(fades_add_up)
{
    for (int64_t i = 0; i < 1000; i++) {
        float in = kf_fade_gain(KF_FADE_LINEAR, i, 1000), out = kf_fade_gain(KF_FADE_LINEAR, 999 - i, 1000);
        CHECK_NEAR(in + out, 1.0, 1e-6);
        in = kf_fade_gain(KF_FADE_S, i, 1000), out = kf_fade_gain(KF_FADE_S, 999 - i, 1000);
        CHECK_NEAR(in + out, 1.0, 1e-6);
        in = kf_fade_gain(KF_FADE_POWER, i, 1000), out = kf_fade_gain(KF_FADE_POWER, 999 - i, 1000);
        CHECK_NEAR(in * in + out * out, 1.0, 1e-6);
    }
    CHECK(kf_fade_gain(KF_FADE_POWER, -1, 10) == 0.0f && kf_fade_gain(KF_FADE_POWER, 10, 10) == 1.0f);
    float x[100];
    for (int i = 0; i < 100; i++) x[i] = 1.0f;
    kf_fade_apply(KF_FADE_POWER, true, 1030, 40, 1000, 100, x);
    CHECK(x[29] == 1.0f && x[70] == 0.0f);
    CHECK_NEAR(x[30], kf_fade_gain(KF_FADE_POWER, 39, 40), 1e-6);
}

TEST(crossfade_has_no_click)
{
    enum { N = 9600 };
    static float a[N], b[N], out[N];
    kf_tone_fill(440000, RATE, 0.5f, 0, N, a);
    kf_tone_fill(550000, RATE, 0.5f, 0, N, b);
    kf_crossfade(KF_FADE_POWER, 3000, 2400, 0, N, a, b, out);
    for (int i = 0; i < N; i++) CHECK(i >= 3000 || out[i] == a[i]);
    for (int i = 5400; i < N; i++) CHECK(out[i] == b[i]);
    double most = 0;
    for (int i = 1; i < N - 1; i++) most = fmax(most, fabs(out[i - 1] - 2.0 * out[i] + out[i + 1]));
    /* a steady 550 Hz sine of 0.5 has a second difference of 0.5 (2 pi f / fs)^2 = 0.0026; a click of 1 % would show as
     * 0.01 */
    CHECK_MSG(most < 0.005, "%g", most);
}

TEST(generators_are_exact)
{
    float a[64], b[64];
    int64_t day = INT64_C(48000) * 86400; /* 997 Hz * whole seconds: the same phase */
    kf_tone_fill(997000, RATE, 1.0f, 0, 64, a);
    kf_tone_fill(997000, RATE, 1.0f, day, 64, b);
    CHECK(memcmp(a, b, sizeof a) == 0);
    for (int i = 0; i < 64; i++) CHECK_NEAR(a[i], sin(2 * M_PI * 997 * i / 48000.0), 1e-7);
    enum { N = 100000 };
    float *x = floats(N), *y = floats(N);
    kf_noise_fill(KF_NOISE_WHITE, 5, 1.0f, -50, N, x);
    kf_noise_fill(KF_NOISE_WHITE, 5, 1.0f, 950, 1000, y);
    CHECK(memcmp(x + 1000, y, 1000 * sizeof *y) == 0);
    double mean = 0, square = 0;
    for (int i = 0; i < N; i++) {
        mean += x[i];
        square += (double)x[i] * x[i];
    }
    CHECK_NEAR(mean / N, 0.0, 0.01);
    CHECK_NEAR(square / N, 1.0 / 3, 0.01);
    kf_free(x);
    kf_free(y);
}

TEST(decibels)
{
    CHECK(kf_db_to_gain(0) == 1.0f && kf_db_to_gain(-144) == 0.0f && kf_db_to_gain(-INFINITY) == 0.0f);
    for (float db = -120; db < 48; db += 0.37f) {
        CHECK_NEAR(kf_db_to_gain(db) / pow(10, db / 20), 1.0, 1e-6);
        CHECK_NEAR(kf_gain_to_db(kf_db_to_gain(db)), db, 1e-4);
    }
}

/* ---- meters, loudness ---- */

TEST(meters_read_sines)
{
    enum { N = RATE };
    float *x = floats(N);
    kf_tone_fill(997000, RATE, 0.5f, 0, N, x);
    const float *in[2] = {x, x};
    kf_meter m = {0};
    kf_meter_add(&m, 2, N / 2, in);
    const float *rest[2] = {x + N / 2, x + N / 2};
    kf_meter_add(&m, 2, N / 2, rest);
    CHECK_NEAR(kf_meter_peak_db(&m, 2), -6.02, 0.01);
    CHECK_NEAR(kf_meter_rms_db(&m, 2), -9.03, 0.01);
    float isp[4096];
    for (int i = 0; i < 4096; i++) isp[i] = sinf((float)M_PI * 0.5f * (float)i + 0.785398f);
    CHECK_NEAR(kf_gain_to_db(kf_true_peak(isp + 0, 4096)), 0.0, 0.3);
    kf_free(x);
}

TEST(loudness_of_a_reference_tone)
{
    kf_loudness *loudness;
    REQUIRE(kf_loudness_create(RATE, 2, &loudness, NULL) == KF_OK);
    if (!loudness) SKIP("built without libebur128");
    enum { N = RATE };
    float *x = floats(N);
    for (int s = 0; s < 20; s++) {
        kf_tone_fill(1000000, RATE, kf_db_to_gain(-23.0f), (int64_t)s * N, N, x);
        const float *in[2] = {x, x};
        CHECK_INT(kf_loudness_add(loudness, N, in, NULL), KF_OK);
    }
    kf_loudness_values v = kf_loudness_get(loudness);
    CHECK(v.available);
    CHECK_NEAR(v.integrated, -23.0, 0.1); /* EBU Tech 3341, case 1 */
    CHECK_NEAR(v.short_term, -23.0, 0.1);
    CHECK_NEAR(v.momentary, -23.0, 0.1);
    CHECK_NEAR(v.range, 0.0, 0.1);
    CHECK_NEAR(v.true_peak_db, -23.0, 0.1);
    bool limited;
    CHECK_NEAR(kf_loudness_gain_db(&v, -14.0, -1.0, &limited), 9.0, 0.1);
    CHECK(!limited);
    CHECK_NEAR(kf_loudness_gain_db(&v, 5.0, -1.0, &limited), 22.0, 0.1);
    CHECK(limited);
    kf_loudness_destroy(loudness);
    kf_free(x);
}

/* Of the last 0.4 s, 0.1 s silent leave three quarters of the power: 1.25 dB less. */
TEST(live_loudness_is_that_of_each_tenth)
{
    kf_loudness *loudness;
    REQUIRE(kf_loudness_create_live(RATE, 2, &loudness, NULL) == KF_OK);
    if (!loudness) SKIP("built without libebur128");
    float x[480];
    const float *in[2] = {x, x};
    CHECK(kf_loudness_get(loudness).momentary == -INFINITY);
    for (int k = 0; k < 1000; k++) {
        kf_tone_fill(1000000, RATE, kf_db_to_gain(-23.0f), k * 480, 480, x);
        kf_loudness_add(loudness, 480, in, NULL);
    }
    kf_loudness_values v = kf_loudness_get(loudness);
    CHECK(v.available);
    CHECK_NEAR(v.integrated, -23.0, 0.1);
    CHECK_NEAR(v.short_term, -23.0, 0.1);
    CHECK_NEAR(v.momentary, -23.0, 0.1);
    memset(x, 0, sizeof x);
    for (int k = 0; k < 9; k++) kf_loudness_add(loudness, 480, in, NULL);
    CHECK(kf_loudness_get(loudness).momentary == v.momentary);
    kf_loudness_add(loudness, 480, in, NULL);
    CHECK_NEAR(kf_loudness_get(loudness).momentary, v.momentary - 1.25, 0.1);
    kf_loudness_destroy(loudness);
}

int main(void)
{
    RUN(blocks_do_not_matter_to_any_node);
    RUN(nodes_survive_failing_allocations);
    RUN(eq_meets_its_numbers);
    RUN(eq_response_matches_what_is_heard);
    RUN(compressor_follows_its_curve);
    RUN(compressor_hears_the_sidechain);
    RUN(ducking_turns_down_and_recovers);
    RUN(gate_closes_and_opens);
    RUN(delay_echoes_on_time);
    RUN(reverb_decays_as_asked);
    RUN(limiter_holds_its_ceiling);
    RUN(limiter_leaves_quiet_sound_alone);
    RUN(pan_laws);
    RUN(fades_add_up);
    RUN(crossfade_has_no_click);
    RUN(generators_are_exact);
    RUN(decibels);
    RUN(meters_read_sines);
    RUN(loudness_of_a_reference_tone);
    RUN(live_loudness_is_that_of_each_tenth);
    return test_end();
}
