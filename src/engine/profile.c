/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/thread.h"

void kf_profile_init(kf_profile *p, bool on)
{
    *p = (kf_profile){.on = on, .started = kf_clock_ns()};
}

kf_span kf_profile_begin(kf_profile *p, kf_part stage)
{
    return (kf_span){stage, p->on ? kf_clock_ns() : 0};
}

void kf_profile_end(kf_profile *p, kf_span span)
{
    if (p->on) p->wall[span.stage] += kf_clock_ns() - span.at;
}

void kf_profile_thread(kf_profile *p, kf_part stage)
{
    if (p->on) p->cpu[stage] = kf_thread_cpu_ns();
}

void kf_profile_finish(kf_profile *p)
{
    kf_free(p->costs);
    p->costs = NULL;
}

void kf_profile_cost(kf_profile *p, const char *name, double ms)
{
    size_t i = 0;
    while (i < p->cost_count && strcmp(p->costs[i].name, name) != 0) i++;
    if (i == p->cost_count) {
        if (kf_grow((void **)&p->costs, &p->cost_capacity, i + 1, sizeof *p->costs)) return; /* one row less */
        p->costs[i] = (kf_cost){0};
        snprintf(p->costs[i].name, sizeof p->costs[i].name, "%s", name);
        p->cost_count++;
    }
    p->costs[i].ms += ms;
    p->costs[i].samples++;
}

static int by_cost(const void *a, const void *b)
{
    double x = ((const kf_cost *)a)->ms, y = ((const kf_cost *)b)->ms;
    return x > y ? -1 : x < y;
}

static void write_costs(kf_profile *p, kf_str *s)
{
    enum { ROWS = 30 };
    if (p->cost_count == 0) return;
    qsort(p->costs, p->cost_count, sizeof *p->costs, by_cost);
    kf_str_add(s, "composed alone, on every 24th frame          ms\n");
    for (size_t i = 0; i < p->cost_count && i < ROWS; i++)
        kf_str_addf(s, "  %-36s  %8.3f\n", p->costs[i].name, fmax(0, p->costs[i].ms / (double)p->costs[i].samples));
}

int64_t kf_peak_memory(void)
{
    struct rusage u;
    return getrusage(RUSAGE_SELF, &u) == 0 ? (int64_t)u.ru_maxrss * 1024 : 0;
}

static double process_cpu_ms(void)
{
    struct rusage u;
    if (getrusage(RUSAGE_SELF, &u) != 0) return 0;
    return 1e3 * (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-3 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

char *kf_profile_write(kf_profile *p, int64_t frames, const kf_source_stats *sources)
{
    static const char *const names[KF_PART_COUNT] = {"set-up", "fetch and compile", "compose", "encode", "sound"};
    kf_str s = {0};
    double n = frames > 0 ? (double)frames : 1, ms = 1e-6 / n,
           cpu = process_cpu_ms() - (double)p->sampling / 1e6;
    kf_str_addf(&s, "stage               ms per frame   own CPU\n");
    for (int i = 0; i < KF_PART_COUNT; i++)
        kf_str_addf(&s, "%-18s  %12.3f  %8.3f\n", names[i], (double)p->wall[i] * ms, (double)p->cpu[i] * ms);
    kf_str_addf(&s, "decoding            %12.3f            %lld frames, %lld seeks, %lld decoders\n",
                (double)sources->decode_ns * ms, (long long)sources->decoded, (long long)sources->seeks,
                (long long)sources->decoders);
    kf_str_addf(&s, "all                 %12.3f  %8.3f  (CPU: all threads)\n",
                (double)(kf_clock_ns() - p->started) * ms, cpu / n);
    /* Decoders and encoders run on threads of their own libraries: what is not ours is the floor. */
    double ours = (double)(p->cpu[KF_PART_FETCH] + p->cpu[KF_PART_COMPOSE]) / 1e6;
    if (cpu > ours)
        kf_str_addf(&s, "CPU time to the floor of decoding, encoding and sound alone: %.2f\n", cpu / (cpu - ours));
    kf_str_addf(&s, "peak memory %.1f MB\n", (double)kf_peak_memory() / (1 << 20));
    write_costs(p, &s);
    if (!s.failed) return s.data;
    kf_str_finish(&s);
    return NULL;
}
