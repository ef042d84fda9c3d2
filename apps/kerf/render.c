/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf render, frame, check. */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct render_state {
    progress_mode mode;
    bool json;
    int stream; /* with -o -: where the bytes go; else 0 */
} render_state;

static void on_progress(void *context, const kf_progress *progress)
{
    render_state *state = context;
    progress_show(state->mode, progress);
}

static void on_warning(void *context, const kf_error *problem)
{
    render_state *state = context;
    progress_clear_line(state->mode);
    if (state->json) {
        putchar('{');
        cli_print_json_text("warning", problem->message);
        puts("}");
        fflush(stdout);
    }
    fprintf(stderr, "kerf: warning: %s\n", problem->message);
}

static int on_bytes(void *context, const uint8_t *bytes, size_t length)
{
    const render_state *state = context;
    while (length > 0) {
        ssize_t n = write(state->stream, bytes, length);
        if (n < 0 && errno != EINTR) return errno;
        bytes += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Standard output is the file: what is printed there goes to standard error. */
static bool open_stream(render_state *state)
{
    state->stream = dup(STDOUT_FILENO);
    return state->stream > 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

static void on_hash(void *context, int64_t frame, uint64_t video, uint64_t audio)
{
    (void)context;
    printf("%" PRId64 " %016" PRIx64 " %016" PRIx64 "\n", frame, video, audio);
}

static kf_render_params params_of(const cli_options *o)
{
    kf_render_params p = kf_render_params_default();
    p.output = o->output;
    p.null_output = o->null_output;
    p.overwrite = o->overwrite;
    p.allow_missing = o->allow_missing;
    p.clamp_ranges = o->clamp_ranges;
    p.variable_rate = o->variable_rate;
    p.sequence = o->sequence;
    p.preset = o->preset;
    p.video_codec = o->video_codec;
    p.audio_codec = o->audio_codec;
    p.speed = o->speed;
    p.pixel_format = o->pixel_format;
    p.profile = o->profile_name;
    p.crf = (int32_t)o->crf;
    p.video_bitrate = o->video_bitrate;
    p.audio_bitrate = o->audio_bitrate;
    p.width = (int32_t)o->width;
    p.height = (int32_t)o->height;
    p.rate = o->rate;
    p.threads = (int32_t)o->threads;
    p.memory = o->memory_mb * 1000000;
    p.reference = o->reference;
    p.instruction_set = o->instruction_set;
    p.profile_stages = o->profile;
    p.cancel = &cli_cancelled;
    return p;
}

/* "A..B", either end may be empty. */
static kf_status parse_range(const kf_film_handle *film, const char *text, kf_render_params *p, kf_error *error)
{
    const char *dots = strstr(text, "..");
    char from[64];
    if (!dots || (size_t)(dots - text) >= sizeof from) {
        snprintf(error->message, sizeof error->message,
                 "--range: \"%s\" is not of the form A..B, such as 2.5..10 or 100f..200f", text);
        return error->status = KF_ERR_USAGE;
    }
    memcpy(from, text, (size_t)(dots - text));
    from[dots - text] = 0;
    kf_status status = from[0] ? kf_film_parse_time(film, from, &p->start, error) : KF_OK;
    if (status == KF_OK && dots[2]) status = kf_film_parse_time(film, dots + 2, &p->end, error);
    return status;
}

static void print_report(const kf_render_report *r, const char *output, bool json)
{
    double film = (double)r->duration / (double)KF_SECOND;
    if (json) {
        printf("{\"done\":true,\"frames\":%" PRId64 ",\"samples\":%" PRId64
               ",\"duration\":%.6f,\"seconds\":%.3f,\"speed\":%.3f,"
               "\"decoded\":%" PRId64 ",\"passed\":%" PRId64 ",\"repeated\":%" PRId64 ",\"bytes\":%" PRId64
               ",\"peakMemory\":%" PRId64,
               r->frames, r->samples, film, r->seconds, r->speed, r->decoded_frames, r->passed_frames,
               r->repeated_frames, r->bytes, r->peak_memory);
        if (isfinite(r->true_peak_db)) printf(",\"truePeak\":%.2f", (double)r->true_peak_db);
        if (isfinite(r->peak_db)) printf(",\"peak\":%.2f,\"rms\":%.2f", (double)r->peak_db, (double)r->rms_db);
        if (isfinite(r->lufs)) printf(",\"lufs\":%.2f", (double)r->lufs);
        puts("}");
        return;
    }
    fprintf(stderr, "%s: %.2f s of film (%" PRId64 " frames) in %.2f s, %.2fx real time",
            output ? output : "nothing written", film, r->frames, r->seconds, r->speed);
    if (r->bytes) fprintf(stderr, ", %.1f MB", (double)r->bytes / 1e6);
    if (r->repeated_frames) fprintf(stderr, ", %" PRId64 " frames repeated", r->repeated_frames);
    if (r->passed_frames) fprintf(stderr, ", %" PRId64 " frames passed through", r->passed_frames);
    fputc('\n', stderr);
    if (isfinite(r->peak_db)) {
        fprintf(stderr, "sound: peak %.1f dBFS, RMS %.1f dBFS", (double)r->peak_db, (double)r->rms_db);
        if (isfinite(r->true_peak_db)) fprintf(stderr, ", true peak %.1f dBTP", (double)r->true_peak_db);
        if (isfinite(r->lufs)) fprintf(stderr, ", %.1f LUFS", (double)r->lufs);
        fputc('\n', stderr);
    }
    if (r->profile) fputs(r->profile, stderr);
}

kf_status cli_render_params(const kf_film_handle *film, const cli_options *o, kf_render_params *out, kf_error *error)
{
    *out = params_of(o);
    return o->range ? parse_range(film, o->range, out, error) : KF_OK;
}

static kf_status usage(kf_error *error, const char *format, const char *value)
{
    snprintf(error->message, sizeof error->message, format, value);
    return error->status = KF_ERR_USAGE;
}

static kf_status print_plan(const kf_film_handle *film, const kf_render_params *p, bool json, kf_error *error)
{
    char *plan;
    kf_status status = kf_render_plan(film, p, json ? KF_TEXT_JSON : KF_TEXT_PLAIN, &plan, error);
    if (status != KF_OK) return status;
    fputs(plan, stdout);
    kf_string_free(plan);
    return KF_OK;
}

static kf_status render(const kf_film_handle *film, const cli_options *o, render_state *state, kf_error *error)
{
    kf_render_params p;
    if (cli_render_params(film, o, &p, error) != KF_OK) return error->status;
    if (o->hash && strcmp(o->hash, "frames") != 0)
        return usage(error, "--hash: \"%s\" is not known; it takes: frames", o->hash);
    if (!o->output && !o->null_output && !o->dry_run && !o->hash)
        return usage(error, "nothing to write: give -o OUT, or --null to render without encoding%s", "");
    if (!o->output) p.null_output = true;
    if (o->dry_run) return print_plan(film, &p, state->json, error);
    if (state->stream) {
        p.output = NULL;
        p.write = on_bytes;
    }
    p.context = state;
    p.progress = state->mode == PROGRESS_NONE ? NULL : on_progress;
    p.warning = on_warning;
    p.hash = o->hash ? on_hash : NULL;
    kf_render_report report;
    kf_status status = kf_render(film, &p, &report, error);
    progress_end(state->mode);
    if (status != KF_OK) return status;
    if (!o->quiet) print_report(&report, p.null_output ? NULL : o->output, state->json);
    kf_string_free(report.profile);
    return KF_OK;
}

/* A film whose relative paths are from --folder. */
static kf_status open_from(const char *path, const char *folder, kf_film_handle **out, kf_error *error)
{
    size_t length;
    char *text = cli_read_file(path, &length, error);
    if (!text) return error->status;
    kf_status status = kf_film_open_json(text, length, path, folder, out, error);
    free(text);
    return status;
}

static kf_status open_film(cli_options *o, const char *path, kf_film_handle **out, kf_error *error)
{
    return o->folder ? open_from(path, o->folder, out, error) : cli_open_film(path, out, error);
}

static kf_status open_and_render(const cli_options *given, const char *path, cli_open_fn *open, render_state *state,
                                 kf_error *error)
{
    kf_film_handle *film;
    cli_options o = *given;
    kf_status status = cli_limit(&o, error);
    if (status == KF_OK) status = open(&o, path, &film, error);
    if (status != KF_OK) return status;
    status = render(film, &o, state, error);
    kf_film_close(film);
    return status;
}

/* An encoder that gets no memory only says that something is wrong. */
static void name_limit(const cli_options *o, kf_error *error)
{
    size_t used = strlen(error->message);
    if (o->memory_limit_mb == 0 || (error->status != KF_ERR_MEMORY && error->status != KF_ERR_ENCODE)) return;
    snprintf(error->message + used, sizeof error->message - used,
             "; the limit of %" PRId64 " MB of memory may be too low for this film", o->memory_limit_mb);
}

int cli_render(const cli_options *o, const char *path, cli_open_fn *open)
{
    kf_error error = {0};
    render_state state = {0};
    if (!progress_mode_parse(o->progress, &state.mode))
        return cli_usage_error("--progress: \"%s\" is none of auto, plain, json, none", o->progress);
    state.json = state.mode == PROGRESS_JSON;
    if (o->output && strcmp(o->output, "-") == 0 && !open_stream(&state))
        return cli_usage_error("-o -: standard output: %s", strerror(errno));
    cli_catch_signals();
    if (open_and_render(o, path, open, &state, &error) == KF_OK) return 0;
    name_limit(o, &error);
    if (state.json) {
        printf("{\"error\":\"%s\",\"code\":%d,", kf_status_text(error.status), (int)error.status);
        cli_print_json_text("message", error.message);
        puts("}");
    }
    return cli_fail(&error);
}

int run_render(const cli_options *o, char **arguments, int count)
{
    (void)count;
    return cli_render(o, arguments[0], open_film);
}

int cli_frame(const cli_options *given, const char *path, cli_open_fn *open)
{
    kf_error error = {0};
    kf_film_handle *film;
    cli_options o = *given;
    if (!o.output) return cli_usage_error("frame needs -o OUT.png");
    if (!o.at) return cli_usage_error("frame needs --at TIME, such as 2.5, 00:00:02:12 or 60f");
    if (open(&o, path, &film, &error) != KF_OK) return cli_fail(&error);
    kf_render_params p = params_of(&o);
    render_state state = {0};
    p.warning = on_warning;
    p.context = &state;
    kf_time at;
    kf_status status = kf_film_parse_time(film, o.at, &at, &error);
    if (status == KF_OK) status = kf_render_frame(film, at, o.output, &p, &error);
    kf_film_close(film);
    return status == KF_OK ? 0 : cli_fail(&error);
}

int run_frame(const cli_options *o, char **arguments, int count)
{
    (void)count;
    return cli_frame(o, arguments[0], open_film);
}

static void on_problem(void *context, const kf_error *problem)
{
    int *problems = context;
    if (problem->status != KF_OK) ++*problems;
    printf("%s: %s\n", problem->status == KF_OK ? "warning" : "error", problem->message);
}

int run_check(const cli_options *o, char **arguments, int count)
{
    (void)count;
    (void)o;
    kf_error error = {0};
    kf_film_handle *film;
    if (cli_open_film(arguments[0], &film, &error) != KF_OK) return cli_fail(&error);
    int problems = 0;
    kf_status status = kf_film_check(film, on_problem, &problems, &error);
    kf_film_summary s;
    if (status == KF_OK) status = kf_film_summarize(film, &s, &error);
    kf_film_close(film);
    if (problems) {
        printf("%s: %d problem%s\n", arguments[0], problems, problems == 1 ? "" : "s");
        return (int)status;
    }
    if (status != KF_OK) return cli_fail(&error);
    printf(
        "%s: good. %dx%d, %g frames/s, %.3f s, %d sequence%s, %d video and %d audio track%s, %d clip%s, %d asset%s\n",
        arguments[0], s.width, s.height, (double)s.rate.num / s.rate.den, (double)s.duration / (double)KF_SECOND,
        s.sequences, s.sequences == 1 ? "" : "s", s.video_tracks, s.audio_tracks,
        s.video_tracks + s.audio_tracks == 1 ? "" : "s", s.clips, s.clips == 1 ? "" : "s", s.assets,
        s.assets == 1 ? "" : "s");
    return 0;
}
