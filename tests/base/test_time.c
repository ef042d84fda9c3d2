/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/time.h"
#include "test.h"

__extension__ typedef __int128 wide;

static const kf_rational rates[] = {
    {24000, 1001}, {24, 1},       {25, 1}, {30000, 1001}, {30, 1},        {48000, 1001}, {48, 1},
    {50, 1},       {60000, 1001}, {60, 1}, {100, 1},      {120000, 1001}, {120, 1},      {240, 1},
    {15, 1},       {25, 2},       {1, 1},  {1, 7},        {90000, 1},     {24975, 1000}, {999983, 33331},
};
#define RATES (sizeof rates / sizeof *rates)

static kf_time parsed(const char *text, kf_rational rate)
{
    kf_time t = KF_TIME_NONE;
    kf_error err;
    kf_status status = kf_time_parse(text, rate, &t, &err);
    CHECK_MSG(status == KF_OK, "%s: %s", text, err.message);
    return t;
}

TEST(common_frames_are_whole_flicks)
{
    static const int64_t flicks[] = {29429400, 29400000, 28224000, 23543520, 23520000, 14714700, 14700000,
                                     14112000, 11771760, 11760000, 7056000,  5885880,  5880000,  2940000};
    for (size_t i = 0; i < sizeof flicks / sizeof *flicks; i++) {
        CHECK_INT(kf_frame_start(1, rates[i]), flicks[i]);
        CHECK_INT(kf_frame_start(1000003, rates[i]), 1000003 * flicks[i]);
        CHECK_INT(kf_frame_at(1000003 * flicks[i] - 1, rates[i]), 1000002);
        CHECK_INT(kf_frame_start(-7, rates[i]), -7 * flicks[i]);
    }
}

TEST(frame_at_inverts_frame_start)
{
    static const int64_t frames[] = {0, 1, 2, 3, 999, 1000, 1001, 107892, 12345678, 4000000000, -1, -2, -1001, -98765};
    for (size_t r = 0; r < RATES; r++) {
        for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
            kf_time start = kf_frame_start(frames[i], rates[r]);
            if (start == INT64_MAX) {
                continue;
            }
            CHECK_INT(kf_frame_at(start, rates[r]), frames[i]);
            CHECK_INT(kf_frame_at(start - 1, rates[r]), frames[i] - 1);
        }
    }
}

TEST(samples_come_from_absolute_time)
{
    const kf_rational ntsc = {30000, 1001};
    static const int64_t expected[] = {0, 1602, 3204, 4805, 6407, 8008}; /* ceil(n * 1601.6) */
    for (int i = 0; i < 6; i++) {
        CHECK_INT(kf_sample_at(kf_frame_start(i, ntsc), 48000), expected[i]);
    }
    static const int32_t sample_rates[] = {8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000};
    for (size_t i = 0; i < sizeof sample_rates / sizeof *sample_rates; i++) {
        int32_t rate = sample_rates[i];
        CHECK_INT(kf_sample_start(rate, rate), KF_SECOND);
        for (int64_t n = -3; n < 3000; n += 7) {
            CHECK_INT(kf_sample_at(kf_sample_start(n, rate), rate), n);
            CHECK_INT(kf_sample_at(kf_sample_start(n, rate) + 1, rate), n + 1);
        }
    }
    CHECK_INT(kf_sample_at(KF_SECOND * 3600 * 24 * 365, 192000), INT64_C(192000) * 3600 * 24 * 365);
}

TEST(muldiv_has_128_bits_and_saturates)
{
    CHECK_INT(kf_muldiv_floor(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
    CHECK_INT(kf_muldiv_floor(INT64_MIN, INT64_MAX, INT64_MAX), INT64_MIN);
    CHECK_INT(kf_muldiv_floor(INT64_MAX, 2, 1), INT64_MAX);
    CHECK_INT(kf_muldiv_ceil(INT64_MIN, 2, 1), INT64_MIN);
    CHECK_INT(kf_muldiv_floor(-7, 1, 2), -4);
    CHECK_INT(kf_muldiv_ceil(-7, 1, 2), -3);
    CHECK_INT(kf_muldiv_floor(7, 1, 2), 3);
    CHECK_INT(kf_muldiv_ceil(7, 1, 2), 4);
    CHECK_INT(kf_muldiv_floor(INT64_C(9000000000000000000), 705600000, 705600001),
              (int64_t)((wide)INT64_C(9000000000000000000) * 705600000 / 705600001));
}

TEST(common_divisors)
{
    CHECK_INT(kf_gcd(48000, 44100), 300);
    CHECK_INT(kf_gcd(44100, 48000), 300);
    CHECK_INT(kf_gcd(7, 9), 1);
    CHECK_INT(kf_gcd(0, 5), 5);
}

TEST(rationals)
{
    kf_rational r = {0};
    CHECK(kf_rational_make(60, 2, &r) && r.num == 30 && r.den == 1);
    CHECK(kf_rational_make(INT64_C(30000) << 31, INT64_C(1001) << 31, &r) && r.num == 30000 && r.den == 1001);
    CHECK(!kf_rational_make(0, 1, &r));
    CHECK(!kf_rational_make(1, -1, &r));
    CHECK(!kf_rational_make(INT64_C(1) << 40, 3, &r));
    CHECK(kf_rational_equal((kf_rational){24, 1}, (kf_rational){48, 2}));
    CHECK(!kf_rational_equal((kf_rational){24, 1}, (kf_rational){24000, 1001}));
    CHECK(kf_rational_equal((kf_rational){0, 0}, (kf_rational){0, 0}));
    CHECK(!kf_rational_equal((kf_rational){0, 0}, (kf_rational){24, 1}));
}

TEST(ticks_round_trip)
{
    static const int64_t bases[][2] = {{1, 90000},    {1, 1000},  {1, 12800}, {1001, 30000}, {1, 705600000},
                                       {1, 10000000}, {1, 14112}, {3, 7},     {1, 1000000}};
    for (size_t b = 0; b < sizeof bases / sizeof *bases; b++) {
        int64_t num = bases[b][0], den = bases[b][1];
        for (int64_t n = -100; n < 5000; n += 13) {
            int64_t ticks = n * n * n;
            kf_time t = kf_time_from_ticks(ticks, num, den);
            if (t == INT64_MAX || t == INT64_MIN) {
                continue;
            }
            CHECK_INT(kf_ticks_from_time(t, num, den), ticks);
            CHECK_INT(kf_ticks_from_time(kf_time_from_ticks(ticks + 1, num, den) - 1, num, den), ticks);
        }
    }
    CHECK_INT(kf_time_from_ticks(90000, 1, 90000), KF_SECOND);
    CHECK_INT(kf_time_from_ticks(INT64_MAX, INT32_MAX, 1), INT64_MAX);
    CHECK_INT(kf_time_from_ticks(INT64_MIN, INT64_MAX, 1), INT64_MIN);
    CHECK_INT(kf_ticks_from_time(INT64_MAX, 1, INT64_MAX), INT64_MAX);
}

TEST(seconds)
{
    CHECK_INT(kf_time_from_seconds(0.1), 70560000);
    CHECK_INT(kf_time_from_seconds(-0.5), -KF_SECOND / 2);
    CHECK_INT(kf_time_from_seconds(1e30), INT64_MAX);
    CHECK_INT(kf_time_from_seconds(-1e30), INT64_MIN);
    CHECK_INT(kf_time_from_seconds(NAN), 0);
    CHECK_NEAR(kf_time_seconds(KF_SECOND * 5 / 2), 2.5, 0);
    CHECK_NEAR(kf_time_seconds(-KF_SECOND / 4), -0.25, 0);
}

TEST(parses_seconds_and_clock)
{
    const kf_rational none = {0, 0};
    CHECK_INT(parsed("12.5", none), KF_SECOND * 25 / 2);
    CHECK_INT(parsed("0", none), 0);
    CHECK_INT(parsed("0.1", none), 70560000);
    CHECK_INT(parsed("-1.5", none), -KF_SECOND * 3 / 2);
    CHECK_INT(parsed("123456789.00001", none), 123456789 * KF_SECOND + 7056);
    CHECK_INT(parsed("0.000000000000000000000000001", none), 0);
    CHECK_INT(parsed("0.0000000014172335600907", none), 1);
    CHECK_INT(parsed("01:02:03.250", none), (3600 + 120 + 3) * KF_SECOND + KF_SECOND / 4);
    CHECK_INT(parsed("90:00", none), 5400 * KF_SECOND);
    CHECK_INT(parsed("1:02.5", none), 62 * KF_SECOND + KF_SECOND / 2);
    CHECK_INT(parsed("13071672387", none), INT64_C(13071672387) * KF_SECOND);
}

TEST(parses_frames)
{
    CHECK_INT(parsed("123f", (kf_rational){25, 1}), 123 * KF_SECOND / 25);
    CHECK_INT(parsed("123f", (kf_rational){24000, 1001}), 123 * INT64_C(29429400));
    CHECK_INT(parsed("-2f", (kf_rational){25, 1}), -2 * KF_SECOND / 25);
    CHECK_INT(parsed("01:00:00:00", (kf_rational){25, 1}), 3600 * KF_SECOND);
    CHECK_INT(parsed("01:00:00:00", (kf_rational){30000, 1001}), kf_frame_start(108000, (kf_rational){30000, 1001}));
    CHECK_INT(parsed("01:00:00;00", (kf_rational){30000, 1001}), kf_frame_start(107892, (kf_rational){30000, 1001}));
    CHECK_INT(parsed("01:00:00;00", (kf_rational){60000, 1001}), kf_frame_start(215784, (kf_rational){60000, 1001}));
    CHECK_INT(parsed("00:00:01:23", (kf_rational){24000, 1001}), kf_frame_start(47, (kf_rational){24000, 1001}));
    CHECK_INT(parsed("00:00:00:119", (kf_rational){120000, 1001}), kf_frame_start(119, (kf_rational){120000, 1001}));
}

TEST(refuses_bad_times)
{
    static const struct { const char *text; kf_rational rate;
    } bad[] = {
        {"", {25, 1}},
        {"abc", {25, 1}},
        {"1.", {25, 1}},
        {".5", {25, 1}},
        {"1:2:3:4:5", {25, 1}},
        {"--1", {25, 1}},
        {"1 ", {25, 1}},
        {"1:60", {25, 1}},
        {"1:60:00", {25, 1}},
        {"00:00:00:25", {25, 1}},
        {"00:00:00;10", {25, 1}},
        {"00:00:00;10", {24000, 1001}},
        {"00:01:00;00", {30000, 1001}},
        {"00:01:00;01", {30000, 1001}},
        {"00:59:00;03", {60000, 1001}},
        {"12f", {0, 0}},
        {"00:00:00:01", {0, 0}},
        {"1f2", {25, 1}},
        {"1:2f", {25, 1}},
        {"99999999999999999999", {25, 1}},
        {"99999999999", {25, 1}},
        {"00;00:00:00", {30000, 1001}},
        {"1e3", {25, 1}},
        {"nan", {25, 1}},
        {"00:00:01:02.5", {25, 1}},
        {"13071672388", {25, 1}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        kf_error err = {0};
        kf_time t = 77;
        CHECK_MSG(kf_time_parse(bad[i].text, bad[i].rate, &t, &err) == KF_ERR_INVALID, "\"%s\"", bad[i].text);
        CHECK(err.message[0] != '\0');
        CHECK_INT(t, 77);
    }
}

static void check_label(int64_t frame, kf_rational rate, bool drop, const char *expected)
{
    char text[32];
    kf_timecode_format(frame, rate, drop, text);
    CHECK_STR(text, expected);
}

TEST(formats_timecode)
{
    const kf_rational r30 = {30000, 1001}, r60 = {60000, 1001}, r24 = {24000, 1001};
    check_label(1799, r30, true, "00:00:59;29");
    check_label(1800, r30, true, "00:01:00;02");
    check_label(17981, r30, true, "00:09:59;29");
    check_label(17982, r30, true, "00:10:00;00");
    check_label(107892, r30, true, "01:00:00;00");
    check_label(3599, r60, true, "00:00:59;59");
    check_label(3600, r60, true, "00:01:00;04");
    check_label(1800, r30, false, "00:01:00:00");
    check_label(86400, r24, true, "01:00:00:00"); /* no drop-frame at 23.976 */
    check_label(-1, (kf_rational){25, 1}, false, "-00:00:00:01");
    check_label(INT64_MAX, (kf_rational){1, 1}, false, "2562047788015215:30:07:00");
}

TEST(drop_frame_round_trip)
{
    const kf_rational drop_rates[] = {{30000, 1001}, {60000, 1001}};
    for (int r = 0; r < 2; r++) {
        char last[32] = "";
        for (int64_t frame = 0; frame < 110000; frame++) {
            char text[32];
            kf_timecode_format(frame, drop_rates[r], true, text);
            REQUIRE(strcmp(last, text) < 0);
            strcpy(last, text);
            if (frame % 7 == 0 || frame % 1800 < 8) {
                REQUIRE(parsed(text, drop_rates[r]) == kf_frame_start(frame, drop_rates[r]));
            }
        }
    }
}

TEST(timecode_round_trip)
{
    for (size_t r = 0; r < 14; r++) {
        for (int64_t frame = 0; frame < 3000000; frame += 997) {
            char text[32];
            kf_timecode_format(frame, rates[r], false, text);
            REQUIRE(kf_frame_at(parsed(text, rates[r]), rates[r]) == frame);
        }
    }
}

TEST(formats_clock)
{
    char text[32];
    kf_clock_format(3723 * KF_SECOND + KF_SECOND / 2, text);
    CHECK_STR(text, "01:02:03.500");
    kf_clock_format(KF_SECOND - 1, text);
    CHECK_STR(text, "00:00:00.999");
    kf_clock_format(-KF_SECOND, text);
    CHECK_STR(text, "-00:00:01.000");
    kf_clock_format(INT64_MIN, text);
    CHECK(strlen(text) < 32 && text[0] == '-');
}

int main(void)
{
    RUN(common_frames_are_whole_flicks);
    RUN(frame_at_inverts_frame_start);
    RUN(samples_come_from_absolute_time);
    RUN(muldiv_has_128_bits_and_saturates);
    RUN(common_divisors);
    RUN(rationals);
    RUN(ticks_round_trip);
    RUN(seconds);
    RUN(parses_seconds_and_clock);
    RUN(parses_frames);
    RUN(refuses_bad_times);
    RUN(formats_timecode);
    RUN(drop_frame_round_trip);
    RUN(timecode_round_trip);
    RUN(formats_clock);
    return test_end();
}
