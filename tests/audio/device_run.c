/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a device for test_servers.py: device_run SYSTEM SECONDS [RATE [in]]. Plays a ramp that says which frame each
 * sample is, or listens, and prints what the clock said, as JSON. Exit code 1 with a message if it cannot be opened. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audio/engine/api/device.h"
#include "base/api/thread.h"

typedef struct tally {
    _Atomic int64_t frames, wrong;
    _Atomic bool lost;
    bool input;
    double beyond;           /* most that was heard before it was handed over */
    int64_t looks, backwards;
    double slowest, fastest; /* frames per second that the clock has said, after a second */
} tally;

static void on_block(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block)
{
    tally *t = ctx;
    t->wrong += block->frame != t->frames;
    t->frames += n;
    for (int32_t i = 0; i < n && !t->input; i++) {
        planes[0][i] = (float)((block->frame + i) % 65536 + 1) / 65536.0f;
        planes[1][i] = -planes[0][i];
    }
}

static void on_lost(void *ctx, const kf_error *why)
{
    tally *t = ctx;
    t->lost = true;
}

static void look(tally *t, const kf_audio_device *device, double *last, bool settled)
{
    kf_audio_clock c = kf_audio_device_clock(device, kf_clock_ns());
    int64_t handed = kf_audio_device_get_stats(device).frames;
    if (!c.running) return;
    t->looks++;
    t->backwards += c.frame < *last;
    if (c.frame - (double)handed > t->beyond) t->beyond = c.frame - (double)handed;
    *last = c.frame;
    if (!settled) return;
    if (t->slowest == 0 || c.rate < t->slowest) t->slowest = c.rate;
    if (c.rate > t->fastest) t->fastest = c.rate;
}

static void run(tally *t, const kf_audio_device *device, double seconds)
{
    double last = -1e9;
    int64_t began = kf_clock_ns();
    for (int64_t now = began; (double)(now - began) < seconds * 1e9; now = kf_clock_ns()) {
        look(t, device, &last, now - began > 1000000000);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
}

static void print(const tally *t, const kf_audio_device *device)
{
    const kf_audio_device_info *info = kf_audio_device_get_info(device);
    kf_audio_device_stats stats = kf_audio_device_get_stats(device);
    struct sigaction interrupt;
    sigaction(SIGINT, NULL, &interrupt);
    printf("{\"system\": \"%s\", \"frames\": %d, \"rate\": %d, \"handed\": %lld, \"gaps\": %lld, \"wrong\": %lld, "
           "\"looks\": %lld, \"backwards\": %lld, \"beyond\": %.3f, \"slowest\": %.1f, \"fastest\": %.1f, "
           "\"lost\": %s, \"handlers\": %s}\n",
           info->system, (int)info->frames, (int)info->rate, (long long)stats.frames, (long long)stats.gaps,
           (long long)t->wrong, (long long)t->looks, (long long)t->backwards, t->beyond, t->slowest, t->fastest,
           t->lost ? "true" : "false", interrupt.sa_handler == SIG_DFL ? "false" : "true");
}

static void print_list(const char *system)
{
    kf_audio_device_list list;
    kf_audio_device_list_get(system, &list, NULL);
    for (int32_t i = 0; i < list.count; i++) {
        const kf_audio_device_entry *e = &list.entries[i];
        printf("%s %s \"%s\"\n", e->system, e->direction == KF_AUDIO_INPUT ? "in" : "out", e->name);
    }
    kf_audio_device_list_finish(&list);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    tally t = {.input = argc > 4 && strcmp(argv[4], "in") == 0};
    kf_audio_device_params p = kf_audio_device_params_default();
    p.system = argv[1];
    if (argc > 3) p.rate = atoi(argv[3]);
    p.direction = t.input ? KF_AUDIO_INPUT : KF_AUDIO_OUTPUT;
    p.callback = on_block;
    p.lost = on_lost;
    p.ctx = &t;
    kf_audio_device *device;
    kf_error error;
    if (kf_audio_device_open(&p, &device, &error) != KF_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    run(&t, device, atof(argv[2]));
    print(&t, device);
    print_list(argv[1]);
    kf_audio_device_close(device);
    return 0;
}
