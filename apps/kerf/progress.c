/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_cancelled;

static void on_signal(int number)
{
    if (cli_cancelled) _exit(128 + number);
    cli_cancelled = true;
}

void cli_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

bool progress_mode_parse(const char *text, progress_mode *out)
{
    if (!text || strcmp(text, "auto") == 0)
        *out = isatty(STDERR_FILENO) ? PROGRESS_BAR : PROGRESS_NONE;
    else if (strcmp(text, "plain") == 0)
        *out = PROGRESS_LINES;
    else if (strcmp(text, "json") == 0)
        *out = PROGRESS_JSON;
    else if (strcmp(text, "none") == 0)
        *out = PROGRESS_NONE;
    else
        return false;
    return true;
}

void cli_print_json_text(const char *key, const char *text)
{
    printf("\"%s\":\"", key);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c < 0x20) printf("\\u%04x", c);
        else putchar(c);
    }
    putchar('"');
}

static const char *stage_name(kf_progress_stage stage)
{
    return stage == KF_STAGE_OPEN ? "open" : stage == KF_STAGE_RENDER ? "render" : "finish";
}

static void format_eta(double seconds, char *buffer, size_t size)
{
    if (seconds < 0)
        snprintf(buffer, size, "--:--");
    else if (seconds >= 3600)
        snprintf(buffer, size, "%d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60) % 60, (int)seconds % 60);
    else
        snprintf(buffer, size, "%d:%02d", (int)(seconds / 60), (int)seconds % 60);
}

void progress_show(progress_mode mode, const kf_progress *p)
{
    if (mode == PROGRESS_NONE) return;
    double done = p->frames > 0 ? (double)p->frame / (double)p->frames : 0;
    if (mode == PROGRESS_JSON) {
        printf("{\"stage\":\"%s\",\"frame\":%lld,\"frames\":%lld,\"seconds\":%.3f,\"fps\":%.2f,\"speed\":%.3f,\"eta\":%"
               ".1f}\n",
               stage_name(p->stage), (long long)p->frame, (long long)p->frames, p->seconds, p->frames_per_second,
               p->speed, p->eta_seconds);
        fflush(stdout);
        return;
    }
    char eta[32];
    format_eta(p->eta_seconds, eta, sizeof eta);
    if (mode == PROGRESS_LINES) {
        fprintf(stderr, "%s %lld/%lld frames, %.1f frames/s, %.2fx real time, ETA %s\n", stage_name(p->stage),
                (long long)p->frame, (long long)p->frames, p->frames_per_second, p->speed, eta);
        return;
    }
    enum { WIDTH = 30 };
    char bar[WIDTH * 3 + 1];
    int at = 0, full = (int)(done * WIDTH + 0.5);
    for (int i = 0; i < WIDTH; i++) at += snprintf(bar + at, sizeof bar - (size_t)at, "%s", i < full ? "━" : "╌");
    fprintf(stderr, "\r\033[K%3.0f%% %s %lld/%lld  %.0f frames/s  %.2fx real time  ETA %s", done * 100, bar,
            (long long)p->frame, (long long)p->frames, p->frames_per_second, p->speed, eta);
    fflush(stderr);
}

void progress_clear_line(progress_mode mode)
{
    if (mode == PROGRESS_BAR) fputs("\r\033[K", stderr);
}

void progress_end(progress_mode mode)
{
    progress_clear_line(mode);
}
