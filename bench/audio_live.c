/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Playing a film's sound by the null device: CPU time of the threads that sound needs, and how often it broke, alone
 * and with a render beside.   build/release/bench/audio_live FILM KERF [SECONDS] */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kerf/player.h"

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL);
}

/* First line of a file of /proc/self/task/ID; "" if there is none. */
static void read_task(const char *id, const char *what, char *line, size_t size)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/self/task/%s/%s", id, what);
    FILE *f = fopen(path, "r");
    if (!f || !fgets(line, (int)size, f)) line[0] = 0;
    if (f) fclose(f);
    line[strcspn(line, "\n")] = 0;
}

/* CPU time of this process's threads of a name, ns. */
static int64_t cpu_of(const char *name)
{
    int64_t sum = 0;
    DIR *d = opendir("/proc/self/task");
    for (struct dirent *e; d && (e = readdir(d));) {
        char line[200];
        read_task(e->d_name, "comm", line, sizeof line);
        if (strcmp(line, name) != 0) continue;
        read_task(e->d_name, "schedstat", line, sizeof line);
        sum += atoll(line);
    }
    if (d) closedir(d);
    return sum;
}

/* Renders the film over and over, to nowhere. */
static pid_t start_render(const char *kerf, const char *film)
{
    fflush(stdout);
    pid_t child = fork();
    if (child != 0) return child;
    setpgid(0, 0);
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)) _exit(1);
    for (;;) {
        pid_t once = fork();
        if (once == 0) {
            execl(kerf, kerf, "render", film, "--null", (char *)NULL);
            _exit(1);
        }
        int code;
        if (once < 0 || waitpid(once, &code, 0) < 0 || code != 0) _exit(1);
    }
}

static void stop_render(pid_t child)
{
    if (child <= 0) return;
    kill(-child, SIGKILL);
    waitpid(child, NULL, 0);
}

static bool begin(kf_player *player)
{
    kf_player_state state;
    kf_player_set_loop(player, true);
    kf_player_play(player, 1);
    for (int i = 0; i < 1000; i++) {
        kf_player_get_state(player, &state);
        if (state.position > KF_SECOND / 4) return true;
        sleep_ms(20);
    }
    return false;
}

static void measure(kf_player *player, int32_t frames, double seconds, bool beside)
{
    kf_player_stats stats;
    kf_player_reset_stats(player);
    kf_player_get_stats(player, &stats);
    int64_t gaps = stats.gaps;
    int64_t began = now_ns(), sound = cpu_of("kerf-sound"), device = cpu_of("kf-audio-null");
    sleep_ms((int)(seconds * 1000));
    double wall = (double)(now_ns() - began);
    sound = cpu_of("kerf-sound") - sound;
    device = cpu_of("kf-audio-null") - device;
    kf_player_get_stats(player, &stats);
    printf("%5d frames%s: sound %.2f %% of a CPU, callbacks %.2f %%; %lld underruns, %lld gaps, %lld of %lld pictures "
           "dropped\n", (int)frames, beside ? ", a render beside" : "", 100 * (double)sound / wall,
           100 * (double)device / wall, (long long)stats.underruns, (long long)(stats.gaps - gaps),
           (long long)stats.dropped, (long long)(stats.dropped + stats.shown));
}

static int play(const kf_film_handle *film, int32_t frames, double seconds, const char *const render[2])
{
    kf_player_params p = kf_player_params_default();
    kf_player *player;
    kf_error error;
    p.audio_system = "null";
    p.buffer_frames = frames;
    if (kf_player_create(&p, &player, &error) || kf_player_set_film(player, film, NULL, &error) || !begin(player)) {
        fprintf(stderr, "audio_live: it does not play\n");
        return 1;
    }
    measure(player, frames, seconds, false);
    pid_t child = start_render(render[0], render[1]);
    sleep_ms(500);
    measure(player, frames, seconds, true);
    stop_render(child);
    kf_player_destroy(player);
    return 0;
}

int main(int argc, char **argv)
{
    kf_error error;
    kf_film_handle *film;
    if (argc < 3) {
        fprintf(stderr, "usage: audio_live FILM KERF [SECONDS]\n");
        return 2;
    }
    double seconds = argc > 3 ? atof(argv[3]) : 10;
    const char *const render[2] = {argv[2], argv[1]};
    if (kf_film_open(argv[1], &film, &error)) {
        fprintf(stderr, "audio_live: %s\n", error.message);
        return 1;
    }
    int failed = play(film, 64, seconds, render) || play(film, 1024, seconds, render);
    kf_film_close(film);
    return failed;
}
