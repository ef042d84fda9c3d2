/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sound.h"

static kf_speed_reader *reader_for(kf_speed_mode mode, const kf_warp_point *points, int32_t count,
                                   kf_sample_source source, int channels)
{
    kf_speed_params params = {
        .rate = 48000, .channels = channels, .mode = mode, .warp = {points, count}, .source = source};
    kf_speed_reader *reader = NULL;
    kf_error err = {0};
    if (kf_speed_reader_create(&params, &reader, &err)) printf("# %s\n", err.message);
    return reader;
}

static void check_snr(int64_t num, int64_t den, int64_t milli_hz, double least)
{
    enum { N = 20000 };
    static float x[N];
    kf_warp_point line[2] = {{0, 0}, {den, num}};
    kf_speed_reader *r =
        reader_for(KF_SPEED_VARISPEED, line, 2, (kf_sample_source){.read = tone_read, .ctx = &milli_hz}, 1);
    float *out[1] = {x};
    REQUIRE(r && kf_speed_reader_read(r, INT64_C(5000000000), N, out, NULL) == KF_OK);
    double snr = sine_snr(x, N, milli_hz / 1000.0 * (double)num / (double)den, 48000);
    CHECK_MSG(snr > least, "%lld/%lld, %lld mHz: %.1f dB", (long long)num, (long long)den, (long long)milli_hz, snr);
    kf_speed_reader_destroy(r);
}

TEST(varispeed_is_clean)
{
    check_snr(1001, 1000, 997000, 90);
    check_snr(2, 3, 10000000, 90);
    check_snr(3, 2, 7000000, 90);
    check_snr(11, 10, 15000000, 85);
    check_snr(999, 1000, 18000000, 80);
    check_snr(7, 1, 1000000, 85);
    check_snr(48000, 44100, 997000, 90);
}

TEST(varispeed_does_not_alias)
{
    enum { N = 8192 };
    static float x[N];
    int64_t hz = 20000000; /* becomes 40 kHz at double speed: must vanish */
    kf_warp_point line[2] = {{0, 0}, {1, 2}};
    kf_speed_reader *r = reader_for(KF_SPEED_VARISPEED, line, 2, (kf_sample_source){.read = tone_read, .ctx = &hz}, 1);
    float *out[1] = {x}, most = 0;
    REQUIRE(r && kf_speed_reader_read(r, 0, N, out, NULL) == KF_OK);
    for (int i = 0; i < N; i++) most = fmaxf(most, fabsf(x[i]));
    CHECK_MSG(most < 0.5 * 1e-4, "%g", most);
    kf_speed_reader_destroy(r);
}

static void check_blocks(kf_speed_mode mode, const kf_warp_point *points, int32_t count)
{
    enum { N = 12000 };
    float *whole[2] = {floats(N), floats(N)}, *parts[2] = {floats(N), floats(N)};
    float amplitude = 0.4f;
    kf_sample_source source = {.read = noise_read, .ctx = &amplitude};
    static const int32_t sizes[] = {1, 7, 64, 1000, 4096};
    kf_speed_reader *r = reader_for(mode, points, count, source, 2);
    REQUIRE(r && kf_speed_reader_read(r, 500, N, whole, NULL) == KF_OK);
    kf_speed_reader_destroy(r);
    for (int s = 0; s < 5; s++) {
        r = reader_for(mode, points, count, source, 2);
        REQUIRE(r);
        for (int32_t done = 0; done < N; done += sizes[s]) {
            float *out[2] = {parts[0] + done, parts[1] + done};
            kf_speed_reader_read(r, 500 + done, N - done < sizes[s] ? N - done : sizes[s], out, NULL);
        }
        CHECK_MSG(memcmp(whole[0], parts[0], N * sizeof(float)) == 0 &&
                      memcmp(whole[1], parts[1], N * sizeof(float)) == 0,
                  "mode %d, blocks of %d", (int)mode, (int)sizes[s]);
        kf_speed_reader_destroy(r);
    }
    for (int c = 0; c < 2; c++) {
        kf_free(whole[c]);
        kf_free(parts[c]);
    }
}

TEST(blocks_do_not_matter)
{
    kf_warp_point slow[2] = {{0, 0}, {10, 7}};
    kf_warp_point curve[5] = {{0, 100}, {3000, 4000}, {5000, 4000}, {7001, 1000}, {9000, 20000}};
    check_blocks(KF_SPEED_VARISPEED, slow, 2);
    check_blocks(KF_SPEED_VARISPEED, curve, 5);
    check_blocks(KF_SPEED_OVERLAP_ADD, slow, 2);
    check_blocks(KF_SPEED_OVERLAP_ADD, curve, 5);
    check_blocks(KF_SPEED_STRETCH, slow, 2);
}

TEST(reverse_is_exact)
{
    enum { N = 5000 };
    float *out[2] = {floats(N), floats(N)};
    kf_warp_point line[2] = {{0, 100000}, {1, 99999}};
    kf_speed_reader *r = reader_for(KF_SPEED_VARISPEED, line, 2, (kf_sample_source){.read = position_read}, 2);
    REQUIRE(r && kf_speed_reader_read(r, 0, N, out, NULL) == KF_OK);
    int wrong = 0;
    for (int i = 0; i < N; i++)
        wrong += out[0][i] != position_sample(100000 - i, 0) || out[1][i] != position_sample(100000 - i, 1);
    CHECK_INT(wrong, 0);
    kf_speed_reader_destroy(r);
    kf_free(out[0]);
    kf_free(out[1]);
}

static void check_pitch(kf_speed_mode mode, int64_t num, int64_t den)
{
    enum { N = 32768 };
    static float x[N];
    int64_t hz = 1000000;
    kf_warp_point line[2] = {{0, 0}, {den, num}};
    kf_speed_reader *r = reader_for(mode, line, 2, (kf_sample_source){.read = tone_read, .ctx = &hz}, 1);
    float *out[1] = {x};
    REQUIRE(r && kf_speed_reader_read(r, 100000, N, out, NULL) == KF_OK);
    double found = strongest_hz(x, N, 900, 1100, 0.5, 48000);
    CHECK_MSG(fabs(found - 1000) <= 1.5, "mode %d at %lld/%lld: %.1f Hz", (int)mode, (long long)num, (long long)den,
              found);
    CHECK_NEAR(amplitude_at(x, N, found, 48000), 0.5, 0.05);
    kf_speed_reader_destroy(r);
}

TEST(stretch_keeps_pitch_and_level)
{
    check_pitch(KF_SPEED_OVERLAP_ADD, 1, 2);
    check_pitch(KF_SPEED_OVERLAP_ADD, 3, 2);
    check_pitch(KF_SPEED_OVERLAP_ADD, 10, 9);
    check_pitch(KF_SPEED_STRETCH, 1, 2);
    check_pitch(KF_SPEED_STRETCH, 3, 2);
    check_pitch(KF_SPEED_STRETCH, 10, 9);
}

/* A burst every second: where do they come out after a minute? */
static kf_status bursts_read(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    kf_tone_fill(1000000, 48000, 0.5f, first, n, planes[0]);
    for (int32_t i = 0; i < n; i++) {
        int64_t in_second = (first + i) % 48000;
        if (in_second < 0 || in_second >= 2400) planes[0][i] = 0.0f;
    }
    return KF_OK;
}

static void check_length(kf_speed_mode mode, int64_t num, int64_t den, int seconds, double tolerance_ms)
{
    int32_t n = (int32_t)(48000 * den / num);
    float *x = floats(n), *out[1] = {x};
    kf_warp_point line[2] = {{0, 0}, {den, num}};
    kf_speed_reader *r = reader_for(mode, line, 2, (kf_sample_source){.read = bursts_read}, 1);
    REQUIRE(r);
    for (int s = 0; s < seconds; s++) { /* the second of source starts at n * s; its burst is 50 ms of source long */
        int64_t first = 48000 * (int64_t)s * den / num - n / 2;
        if (s == 0) kf_speed_reader_read(r, first, n, out, NULL);
        else kf_speed_reader_read(r, first, n, out, NULL);
        double sum = 0, moment = 0;
        for (int32_t i = 0; i < n; i++) {
            sum += (double)x[i] * x[i];
            moment += (double)x[i] * x[i] * i;
        }
        double centre = moment / sum - n / 2, want = 1200.0 * (double)den / (double)num;
        if (s == 0 || s == seconds - 1) {
            CHECK_MSG(fabs(centre - want) < tolerance_ms * 48, "mode %d, %lld/%lld, second %d: off by %.2f ms",
                      (int)mode, (long long)num, (long long)den, s, (centre - want) / 48);
        }
    }
    kf_speed_reader_destroy(r);
    kf_free(x);
}

TEST(stretch_stays_in_place)
{
    check_length(KF_SPEED_OVERLAP_ADD, 4, 3, 30, 15);
    check_length(KF_SPEED_OVERLAP_ADD, 2, 3, 30, 15);
    check_length(KF_SPEED_STRETCH, 4, 3, 30, 15);
    check_length(KF_SPEED_STRETCH, 2, 3, 30, 15);
}

TEST(rejects_broken_warps)
{
    kf_warp_point back[3] = {{0, 0}, {10, 5}, {10, 9}};
    kf_speed_params params = {.rate = 48000, .channels = 1, .warp = {back, 3}, .source = {.read = position_read}};
    kf_speed_reader *r;
    kf_error err;
    CHECK_INT(kf_speed_reader_create(&params, &r, &err), KF_ERR_INVALID);
    params.warp.count = 1;
    CHECK_INT(kf_speed_reader_create(&params, &r, &err), KF_ERR_INVALID);
}

int main(void)
{
    RUN(varispeed_is_clean);
    RUN(varispeed_does_not_alias);
    RUN(blocks_do_not_matter);
    RUN(reverse_is_exact);
    RUN(stretch_keeps_pitch_and_level);
    RUN(stretch_stays_in_place);
    RUN(rejects_broken_warps);
    return test_end();
}
