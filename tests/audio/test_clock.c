/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clock of a device against simulated ones, whose true position is known at any time. */
#include "audio/engine/clock.h"
#include "test.h"

enum { RATE = 48000, BLOCK = 1024, LATENCY = 2 * BLOCK };
#define START INT64_C(1000000000000000) /* ns; a machine that has been up for eleven days */

typedef struct sim {
    double rate;          /* true frames per second of the system's clock */
    double jitter;        /* s: callbacks come late by 0 .. this */
    double stall_at, stall; /* s: the device stands still once */
    bool odd;             /* blocks of 1 .. 2 * BLOCK */
    uint64_t random;
    kf_clock clock;
    double due, called, shown; /* s: of the next callback; of the last one; of the last look at the clock */
    double last;          /* what the clock said then */
    int64_t frames;
    int backwards, beyond;
    double error_low, error_high; /* of the clock against the truth since `measure` */
    double measure;
} sim;

static double random_unit(sim *s)
{
    s->random = s->random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (double)(s->random >> 11) / 9007199254740992.0;
}

static int64_t ns_of(double s)
{
    return START + (int64_t)llround(s * 1e9);
}

/* Looks at the clock each 0.7 ms up to time t; the truth is that frame f is heard at `at`. */
static void look(sim *s, double t, double at, double f)
{
    for (; s->shown < t; s->shown += 0.0007) {
        kf_audio_clock c = kf_clock_read(&s->clock, ns_of(s->shown));
        if (!c.running) continue;
        s->backwards += c.frame < s->last;
        s->beyond += c.frame > (double)s->frames;
        s->last = c.frame;
        double error = c.frame - (f + (s->shown - at) * s->rate);
        if (s->shown < s->measure) continue;
        s->error_low = error < s->error_low ? error : s->error_low;
        s->error_high = error > s->error_high ? error : s->error_high;
    }
}

static sim sim_start(double rate)
{
    sim s = {.rate = rate, .random = 1, .last = -1e9};
    kf_clock_init(&s.clock, RATE, LATENCY);
    return s;
}

/* Runs up to time `until`, measuring errors from `measure` on. */
static void sim_run(sim *s, double until, double measure)
{
    s->measure = measure;
    s->error_low = 1e9;
    s->error_high = -1e9;
    while (s->due < until) {
        int32_t n = s->odd ? 1 + (int32_t)(random_unit(s) * 2 * BLOCK) : BLOCK;
        if (s->stall > 0 && s->due >= s->stall_at) {
            s->due += s->stall;
            s->stall = 0;
        }
        double late = fmax(s->due + s->jitter * random_unit(s), s->called);
        s->called = late;
        double before = (double)s->frames - LATENCY;
        look(s, late, s->due, before);
        kf_clock_update(&s->clock, ns_of(late), n);
        s->frames += n;
        s->due += n / s->rate;
    }
}

TEST(an_exact_device_is_exact)
{
    kf_clock clock;
    kf_clock_init(&clock, RATE, LATENCY);
    CHECK(!kf_clock_read(&clock, START).running);
    CHECK_NEAR(kf_clock_read(&clock, START).frame, -2048, 0);
    CHECK_INT(kf_clock_update(&clock, START, BLOCK), START + 42666666); /* 2048 / 48000 s */
    CHECK_NEAR(kf_clock_read(&clock, START).frame, -2048, 1e-6);
    CHECK_NEAR(kf_clock_read(&clock, START + 10000000).frame, -2048 + 480, 1e-3);
    for (int k = 1; k <= 1000; k++) kf_clock_update(&clock, START + (int64_t)k * 1024 * 1000000000 / RATE, BLOCK);
    int64_t now = START + INT64_C(1000) * 1024 * 1000000000 / RATE;
    CHECK_NEAR(kf_clock_read(&clock, now).frame, 1024000 - 2048, 1e-3);
    CHECK_NEAR(kf_clock_read(&clock, now + 5000000).frame, 1024000 - 2048 + 240, 1e-3);
    CHECK_NEAR(kf_clock_read(&clock, now - 5000000).frame, 1024000 - 2048 - 240, 1e-3);
    CHECK_NEAR(kf_clock_read(&clock, now).rate, 48000, 1e-3);
}

/* A step of the rate by d makes a loop of w = 2 pi 1 Hz and damping sqrt(1/2) err by at most
 * d / w * sqrt 2 * exp(-pi/4) * sin(pi/4) = 0.456 d / w: with 500 ppm 36 us, 1.74 frames. */
static void check_drift(double ppm)
{
    double rate = RATE * (1 + ppm * 1e-6);
    sim s = sim_start(rate);
    sim_run(&s, 30, 0);
    CHECK_MSG(s.error_low > -2 && s.error_high < 2, "%g ppm: %g .. %g frames", ppm, s.error_low, s.error_high);
    CHECK_INT(s.backwards, 0);
    CHECK_INT(s.beyond, 0);
    CHECK_INT(s.clock.gaps, 0);
    CHECK_NEAR(kf_clock_read(&s.clock, ns_of(s.due)).rate, rate, 0.048); /* 1 ppm */
    sim_run(&s, 60, 30);
    CHECK_MSG(s.error_low > -0.02 && s.error_high < 0.02, "%g ppm: %g .. %g frames", ppm, s.error_low, s.error_high);
}

TEST(finds_a_crystal_that_is_500_ppm_off)
{
    check_drift(500);
    check_drift(-500);
}

/* Lateness of 0 .. 4 ms is 2 ms = 96 frames in the mean, and 1.155 ms = 55.4 frames rms around it. The loop at 0.1 Hz
 * has a noise bandwidth of 0.53 * 2 pi 0.1 = 0.333 Hz, and lets sqrt(2 * 0.333 * 1024 / 48000) = 0.119 of it
 * through: 6.6 frames rms; four times that is the bound. Its idea of the rate is then 50 ppm rms off. */
TEST(filters_jitter)
{
    sim s = sim_start(RATE * 1.0005);
    s.jitter = 0.004;
    sim_run(&s, 10, 0);
    sim_run(&s, 60, 10);
    CHECK_MSG(s.error_low > -96 - 27 && s.error_high < -96 + 27, "%g .. %g frames", s.error_low, s.error_high);
    CHECK_NEAR(kf_clock_read(&s.clock, ns_of(s.due)).rate, RATE * 1.0005, RATE * 200e-6);
    CHECK_INT(s.backwards, 0);
    CHECK_INT(s.beyond, 0);
    CHECK_INT(s.clock.gaps, 0);
}

/* The queue of two blocks runs dry, and the clock waits at the last frame handed over; then the card starts over: 42.7
 * ms until the next frame is heard, and all is as before. */
TEST(stands_still_with_the_device)
{
    sim s = sim_start(RATE);
    s.stall_at = 5;
    s.stall = 0.3;
    sim_run(&s, 5, 0);
    int64_t handed = s.frames;
    kf_audio_clock dry = kf_clock_read(&s.clock, ns_of(s.due + 0.2));
    CHECK_NEAR(dry.frame, (double)handed, 0);
    sim_run(&s, s.due + 0.001, 100);
    CHECK_INT(s.clock.gaps, 1);
    double resumed = s.due - BLOCK / s.rate;
    CHECK_NEAR(kf_clock_read(&s.clock, ns_of(resumed)).frame, (double)handed, 0);
    s.shown = resumed;
    sim_run(&s, 20, resumed + 0.09);
    CHECK_MSG(s.error_low > -0.01 && s.error_high < 0.01, "%g .. %g frames", s.error_low, s.error_high);
    CHECK_INT(s.backwards, 0);
    CHECK_INT(s.beyond, 0);
    CHECK_INT(s.clock.gaps, 1);
}

/* One missing callback moves the count by a block: seen after four of them. */
TEST(sees_a_missing_callback)
{
    sim s = sim_start(RATE);
    s.stall_at = 5;
    s.stall = (double)BLOCK / RATE;
    sim_run(&s, 5.2, 100);
    CHECK_INT(s.clock.gaps, 1);
    sim_run(&s, 20, 5.3);
    CHECK_INT(s.clock.gaps, 1);
    CHECK_MSG(s.error_low > -3 && s.error_high < 3, "%g .. %g frames", s.error_low, s.error_high);
    CHECK_INT(s.backwards, 0);
}

/* A device takes two blocks at once and then one each 21.3 ms: at the second, 2048 frames are between it and the air.
 * The line, which began at -2048 with the first, is there 21.3 ms later. */
TEST(a_queue_that_is_filled_at_once_is_no_error)
{
    kf_clock clock;
    kf_clock_init(&clock, RATE, LATENCY);
    kf_clock_update(&clock, START, BLOCK);
    for (int k = 0; k < 3; k++) kf_clock_update(&clock, START + (int64_t)k * 1024 * 1000000000 / RATE, BLOCK);
    int64_t now = START + INT64_C(2) * 1024 * 1000000000 / RATE;
    CHECK_NEAR(kf_clock_read(&clock, now).frame, 3 * 1024 - 2048, 0.01);
    CHECK_NEAR(kf_clock_read(&clock, now + 10000000).frame, 3 * 1024 - 2048 + 480, 0.01);
    CHECK_INT(clock.gaps, 0);
}

TEST(stays_in_order_whatever_comes)
{
    sim s = sim_start(RATE * 0.9995);
    s.jitter = 0.015;
    s.odd = true;
    for (int k = 0; k < 20; k++) {
        s.stall_at = s.due + 1;
        s.stall = 0.02 * (k + 1);
        sim_run(&s, s.stall_at + 2, 0);
    }
    CHECK_INT(s.backwards, 0);
    CHECK_INT(s.beyond, 0);
    kf_audio_clock c = kf_clock_read(&s.clock, ns_of(s.shown));
    CHECK_MSG(fabs(c.rate - RATE) < RATE * 0.01001, "%g", c.rate);
}

int main(void)
{
    RUN(an_exact_device_is_exact);
    RUN(finds_a_crystal_that_is_500_ppm_off);
    RUN(filters_jitter);
    RUN(stands_still_with_the_device);
    RUN(sees_a_missing_callback);
    RUN(a_queue_that_is_filled_at_once_is_no_error);
    RUN(stays_in_order_whatever_comes);
    return test_end();
}
