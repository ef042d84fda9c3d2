/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Peaks against what a plain loop over the samples says. */
#include "base/api/alloc.h"
#include "media/api/peaks.h"
#include "test.h"

enum { SAMPLES = 300000 };

/* Two channels: a wobble with a few needles, and its opposite at half height. */
static float sample(int64_t i, int c)
{
    float v = (float)((i * 7919) % 1000) / 4000.0f - 0.125f;
    if (i % 50021 == 77) v = 0.9f;
    if (i % 70001 == 99) v = -0.8f;
    return c ? -v / 2 : v;
}

static kf_peaks *filled(int64_t n, int block)
{
    static float left[5000], right[5000];
    float *planes[2] = {left, right};
    kf_peaks *p = kf_peaks_create(2, 48000, n);
    for (int64_t at = 0; at < n; at += block) {
        int some = (int)(n - at < block ? n - at : block);
        for (int i = 0; i < some; i++) left[i] = sample(at + i, 0), right[i] = sample(at + i, 1);
        CHECK(kf_peaks_append(p, (const float *const *)planes, some));
    }
    CHECK(kf_peaks_end(p));
    return p;
}

static int word(float v)
{
    return (int)lrintf(v * 32767);
}

/* What the samples [from, to) say. */
static kf_peak expected(int channel, int64_t from, int64_t to)
{
    kf_peak out = {INT16_MAX, INT16_MIN, 0};
    double square = 0;
    int64_t n = 0;
    for (int64_t i = from; i < to && i < SAMPLES; i++)
        for (int c = channel < 0 ? 0 : channel; c <= (channel < 0 ? 1 : channel); c++, n++) {
            int v = word(sample(i, c));
            out.min = (int16_t)(v < out.min ? v : out.min);
            out.max = (int16_t)(v > out.max ? v : out.max);
            square += (double)v * v;
        }
    out.rms = (uint16_t)(sqrt(square / (double)n) + 0.5);
    return out;
}

static void check_columns(kf_peaks *p, int channel, int64_t column, int count, int64_t grain)
{
    kf_peak got[2000];
    kf_peaks_read(p, channel, 0, (double)(column * count), got, count);
    for (int i = 0; i < count; i++) {
        int64_t from = i * column / grain * grain, to = ((i + 1) * column + grain - 1) / grain * grain;
        if (i * column >= SAMPLES) {
            CHECK(got[i].min == 0 && got[i].max == 0 && got[i].rms == 0);
            continue;
        }
        kf_peak want = expected(channel, from, to);
        CHECK_MSG(got[i].min == want.min && got[i].max == want.max, "column %d of %lld: %d..%d, expected %d..%d", i,
                  (long long)column, got[i].min, got[i].max, want.min, want.max);
        CHECK_NEAR(got[i].rms, want.rms, 3);
    }
}

TEST(columns_at_many_zooms)
{
    kf_peaks *p = filled(SAMPLES, 4999);
    for (int channel = -1; channel < 2; channel++) {
        check_columns(p, channel, 256, 1500, 256);
        check_columns(p, channel, 1000, 310, 256);
        check_columns(p, channel, 1024, 290, 1024);
        check_columns(p, channel, 5000, 61, 4096);
        check_columns(p, channel, 100000, 3, 65536);
    }
    check_columns(p, 0, 32, 400, 256); /* finer than there is: neighbours share */
    kf_peak outside;
    kf_peaks_read(p, -1, -5000, -1000, &outside, 1);
    CHECK(outside.min == 0 && outside.max == 0);
    kf_peaks_read(p, 7, 0, 1000, &outside, 1); /* no such channel */
    CHECK(outside.max == 0);
    kf_peaks_destroy(p);
}

TEST(they_grow)
{
    float ones[1000];
    const float *planes[1] = {ones};
    for (int i = 0; i < 1000; i++) ones[i] = 2; /* too loud: cut */
    kf_peaks *p = kf_peaks_create(1, 8000, 100);
    CHECK_INT(kf_peaks_get_facts(p).ready, 0);
    kf_peaks_append(p, planes, 1000);
    CHECK_INT(kf_peaks_get_facts(p).ready, 768);
    kf_peak got[2];
    kf_peaks_read(p, 0, 0, 1536, got, 2);
    CHECK_INT(got[0].max, 32767);
    CHECK_INT(got[0].rms, 32767);
    CHECK_INT(got[1].max, 0);
    kf_peaks_end(p);
    CHECK_INT(kf_peaks_get_facts(p).ready, 1000);
    kf_peaks_read(p, 0, 0, 1536, got, 2);
    CHECK_INT(got[1].min, 32767);
    kf_peaks_destroy(p);
}

TEST(packed_and_back)
{
    kf_peaks *p = filled(SAMPLES, 5000);
    size_t length;
    kf_peak a[100], b[100];
    uint8_t *bytes = kf_peaks_pack(p, &length);
    REQUIRE(bytes);
    kf_peaks *q = kf_peaks_unpack(bytes, length);
    REQUIRE(q);
    kf_peaks_read(p, -1, 0, SAMPLES, a, 100);
    kf_peaks_read(q, -1, 0, SAMPLES, b, 100);
    CHECK(memcmp(a, b, sizeof a) == 0);
    CHECK_INT(kf_peaks_get_facts(q).ready, SAMPLES);
    kf_peaks_destroy(q);
    srand(1);
    for (int i = 0; i < 300; i++) {
        uint8_t *bad = kf_alloc(length);
        memcpy(bad, bytes, length);
        for (int k = 0; k < 3; k++) bad[(size_t)rand() % (i % 2 ? length : 48)] = (uint8_t)rand();
        kf_peaks_destroy(kf_peaks_unpack(bad, i % 3 ? length : (size_t)rand() % length));
        kf_free(bad);
    }
    kf_free(bytes);
    kf_peaks_destroy(p);
}

TEST(without_samples)
{
    size_t length;
    kf_peaks *p = kf_peaks_create(2, 48000, 0);
    CHECK(kf_peaks_end(p));
    uint8_t *bytes = kf_peaks_pack(p, &length);
    kf_peaks *q = kf_peaks_unpack(bytes, length);
    CHECK(q && kf_peaks_get_facts(q).ready == 0);
    kf_peaks_destroy(q);
    kf_peaks_destroy(p);
    kf_free(bytes);
}

int main(void)
{
    RUN(columns_at_many_zooms);
    RUN(they_grow);
    RUN(packed_and_back);
    RUN(without_samples);
    return test_end();
}
