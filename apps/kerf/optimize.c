/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf optimize, compare. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli.h"
#include "kerf/media.h"

/* ---- optimize ---- */

typedef struct optimize_state {
    progress_mode mode;
    double told;             /* of the whole, when it was last said */
} optimize_state;

static void on_part(void *context, double part, const char *doing)
{
    optimize_state *s = context;
    if (part < s->told + 0.005 && part < 1) return;
    s->told = part;
    if (s->mode == PROGRESS_JSON)
        printf("{\"part\":%.4f,\"doing\":\"%s\"}\n", part, doing);
    else if (s->mode == PROGRESS_BAR || s->mode == PROGRESS_LINES)
        fprintf(stderr, s->mode == PROGRESS_BAR ? "\r%-10s %3.0f %%" : "%s %.0f %%\n", doing, 100 * part);
    fflush(stdout);
}

static void on_warning(void *context, const kf_error *problem)
{
    const optimize_state *s = context;
    progress_clear_line(s->mode);
    fprintf(stderr, "kerf: %s\n", problem->message);
}

static void print_report(const kf_optimize_report *r, const char *output, bool json)
{
    if (!json) {
        printf("%s: %.2f MB of %.2f MB, 1 to %.2f", output, (double)r->bytes / 1e6, (double)r->original_bytes / 1e6,
               r->ratio);
        if (!isnan(r->ssim)) printf(", SSIM %.4f, PSNR %.2f dB", r->ssim, r->psnr);
        printf(", %dx%d\n", (int)r->width, (int)r->height);
        return;
    }
    printf("{\"done\":true,\"originalBytes\":%" PRId64 ",\"bytes\":%" PRId64 ",\"ratio\":%.4f,\"copied\":%s,"
           "\"scaled\":%s,\"width\":%d,\"height\":%d,\"videoBitrate\":%" PRId64 ",\"audioBitrate\":%" PRId64
           ",\"encodes\":%d", r->original_bytes, r->bytes, r->ratio, r->copied ? "true" : "false",
           r->scaled ? "true" : "false", (int)r->width, (int)r->height, r->video_bitrate, r->audio_bitrate,
           (int)r->encodes);
    if (!isnan(r->ssim)) printf(",\"ssim\":%.6f", r->ssim);
    if (isfinite(r->psnr)) printf(",\"psnr\":%.3f", r->psnr);
    puts("}");
}

int run_optimize(const cli_options *o, char **arguments, int count)
{
    (void)count;
    kf_error error = {0};
    optimize_state state = {.told = -1};
    kf_optimize_report report;
    kf_optimize_params p = kf_optimize_params_default();
    if (!o->output) return cli_usage_error("optimize needs -o OUT");
    if (!progress_mode_parse(o->progress, &state.mode))
        return cli_usage_error("--progress: \"%s\" is none of auto, plain, json, none", o->progress);
    cli_catch_signals();
    p.input = arguments[0];
    p.output = o->output;
    if (o->target) p.target = o->target;
    p.overwrite = o->overwrite;
    p.video_codec = o->video_codec;
    p.audio_codec = o->audio_codec;
    p.speed = o->speed;
    p.threads = (int32_t)o->threads;
    p.memory = o->memory_mb * 1000000;
    p.progress = on_part;
    p.warning = on_warning;
    p.context = &state;
    p.cancel = &cli_cancelled;
    kf_status status = kf_optimize(&p, &report, &error);
    progress_end(state.mode);
    if (status != KF_OK) return cli_fail(&error);
    print_report(&report, o->output, state.mode == PROGRESS_JSON);
    return 0;
}

/* ---- compare ---- */

int run_compare(const cli_options *o, char **arguments, int count)
{
    (void)count;
    kf_error error = {0};
    kf_compare_report r;
    kf_compare_params p = kf_compare_params_default();
    cli_catch_signals();
    p.frames = o->compared;
    p.threads = (int32_t)o->threads;
    p.cancel = &cli_cancelled;
    if (kf_compare(arguments[0], arguments[1], &p, &r, &error) != KF_OK) return cli_fail(&error);
    if (!o->json) {
        printf("SSIM %.6f (worst %.6f, frame %" PRId64 "), PSNR %.2f dB, %" PRId64 " frames\n", r.ssim, r.ssim_worst,
               r.worst, r.psnr, r.frames);
        return 0;
    }
    printf("{\"ssim\":%.6f,\"worst\":%.6f,\"worstFrame\":%" PRId64 ",\"frames\":%" PRId64, r.ssim, r.ssim_worst,
           r.worst, r.frames);
    if (isfinite(r.psnr)) printf(",\"psnr\":%.4f", r.psnr);
    printf(",\"lengthDifference\":%.6f}\n", (double)r.length_difference / (double)KF_SECOND);
    return 0;
}
