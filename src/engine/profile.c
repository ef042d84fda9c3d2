/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/profile.h"

#include <sys/resource.h>
#include <time.h>

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
    struct timespec t;
    if (p->on && clock_gettime(CLOCK_THREAD_CPUTIME_ID,
        &t) == 0) p->cpu[stage] = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

char *kf_profile_write(const kf_profile *p, int64_t frames, const kf_source_stats *sources)
{
    static const char *const names[KF_PART_COUNT] = {"set-up", "fetch and compile", "compose", "encode", "sound"};
    kf_str s = {0};
    double n = frames > 0 ? (double)frames : 1, ms = 1e-6 / n;
    struct rusage usage;
    kf_str_addf(&s, "stage               ms per frame   own CPU\n");
    for (int i = 0; i < KF_PART_COUNT; i++)
        kf_str_addf(&s, "%-18s  %12.3f  %8.3f\n", names[i], (double)p->wall[i] * ms, (double)p->cpu[i] * ms);
    kf_str_addf(&s, "decoding            %12.3f            %lld frames, %lld seeks, %lld decoders\n",
        (double)sources->decode_ns * ms,
                (long long)sources->decoded, (long long)sources->seeks, (long long)sources->decoders);
    kf_str_addf(&s, "all                 %12.3f  ", (double)(kf_clock_ns() - p->started) * ms);
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        double cpu = (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec
                   + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
        kf_str_addf(&s, "%8.3f  (all threads)\npeak memory %.1f MB\n", cpu * 1e3 / n, (double)usage.ru_maxrss / 1024);
    }
    if (!s.failed) return s.data;
    kf_str_finish(&s);
    return NULL;
}
