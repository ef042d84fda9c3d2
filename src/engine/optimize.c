/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encoding to a size: rates are computed from the bytes there are to spend, and corrected by what came out. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "engine/api/media.h"
#include "engine/exporter.h"
#include "engine/footage.h"
#include "engine/scratch.h"
#include "engine/settings.h"
#include "media/api/source.h"

enum { TRIES = 8, QUALITY_FRAMES = 240, SIDE_MIN = 32, LITTLE = 8000 };
/* Of the target: the least that is good enough, and what is aimed at. */
static const double LEAST = 0.97, AIM = 0.985;
/* Progress once all is encoded. */
static const double ENCODED = 0.85;
/* Bits per pixel below which the picture is made smaller, and what it then has. */
static const double HOPELESS = 0.008, SMALLER = 0.02;

typedef struct optimizing {
    const kf_optimize_params *params;
    kf_film *film;
    kf_settings settings;      /* of a render to the output; for what it says of rate, length and codecs */
    bool sound;
    int64_t sound_bitrate;     /* of the original; 0: not known */
    int64_t original;
    double seconds;
    int32_t width, height;
    int64_t video_bitrate, audio_bitrate;
    double other;              /* bytes that are not video: sound and container */
    bool two_pass, passed;     /* passed: a first pass was made for this size of the picture */
    bool scaled;               /* the film has another size than it shall have */
    bool settle, done;         /* settle: anything up to the target will do; done: there is a file */
    kf_scratch scratch;
    char *log;                 /* of the first pass's statistics */
    kf_writer_stats stats, before; /* of the last encode, and the one before it */
    double base, span;         /* of progress: of the encode under way */
    const char *doing;
    kf_optimize_report report;
} optimizing;

/* ---- What there is ---- */

static void warn(const optimizing *o, const char *format, ...) KF_PRINTF(2, 3);
static void warn(const optimizing *o, const char *format, ...)
{
    kf_error e = {.status = KF_OK};
    va_list args;
    va_start(args, format);
    vsnprintf(e.message, sizeof e.message, format, args);
    va_end(args);
    if (o->params->warning) o->params->warning(o->params->context, &e);
}

static kf_render_params render_params(const optimizing *o)
{
    const kf_optimize_params *p = o->params;
    return (kf_render_params){.output = p->output, .overwrite = p->overwrite, .start = KF_TIME_NONE, .end = KF_TIME_NONE,
                              .clamp_ranges = true, .video_codec = p->video_codec, .audio_codec = p->audio_codec,
                              .speed = p->speed, .crf = -1, .video_bitrate = o->video_bitrate,
                              .audio_bitrate = o->audio_bitrate, .threads = p->threads, .memory = p->memory,
                              .warning = p->warning, .context = p->context, .cancel = p->cancel};
}

static int even(double v)
{
    int n = 2 * (int)floor(v / 2);
    return n < 2 ? 2 : n;
}

static bool knows_passes(const kf_settings *s)
{
    const char *codec = s->writer.video.codec;
    int i = kf_video_codec_find(codec ? codec : "h264");
    kf_video_codec_info info = i >= 0 ? kf_video_codec_get(i) : (kf_video_codec_info){0};
    return info.encoder && strcmp(info.encoder, "libx264") == 0;
}

static kf_status check_input(optimizing *o, kf_error *err)
{
    kf_media_params mp = kf_media_params_default();
    kf_media *media;
    kf_status status = kf_media_open(o->params->input, &mp, &media, err);
    if (status != KF_OK) return status;
    const kf_media_info *m = kf_media_describe(media);
    o->original = m->bytes;
    o->sound = m->best_audio >= 0;
    o->sound_bitrate = o->sound ? m->streams[m->best_audio].bit_rate : 0;
    if (m->still || m->best_video < 0 || m->streams[m->best_video].attached_picture)
        status = kf_fail(err, KF_ERR_UNSUPPORTED, "%s has no moving pictures to make smaller", o->params->input);
    kf_media_close(media);
    return status;
}

/* The film at the size that it shall have. */
static kf_status open_film(optimizing *o, kf_error *err)
{
    const kf_footage_spec spec = {.width = o->width, .height = o->height};
    kf_film_destroy(o->film);
    o->film = NULL;
    return kf_footage_film(o->params->input, &spec, &o->film, err);
}

static kf_status open_input(optimizing *o, kf_error *err)
{
    kf_status status = check_input(o, err);
    if (status == KF_OK) status = open_film(o, err);
    if (status == KF_OK) status = kf_engine_check_output(o->film, NULL, o->params->output, err);
    if (status != KF_OK) return status;
    const kf_render_params rp = render_params(o);
    status = kf_settings_resolve(kf_film_snapshot(o->film), &rp, &o->settings, err);
    if (status != KF_OK) return status;
    o->seconds = kf_time_seconds(o->settings.end - o->settings.start);
    o->two_pass = knows_passes(&o->settings);
    o->width = even(o->settings.view.width);
    o->height = even(o->settings.view.height);
    bool odd = o->width != o->settings.view.width || o->height != o->settings.view.height;
    return odd ? open_film(o, err) : KF_OK;
}

/* ---- Rates ---- */

/* Sound may cost a fifth of all, from 32 kbit/s to what the preset says or the original has. */
static void choose_sound(optimizing *o)
{
    static const int64_t rates[] = {192000, 160000, 128000, 96000, 64000, 48000, 32000};
    int64_t most = o->settings.writer.audio.bitrate > 0 ? o->settings.writer.audio.bitrate : 128000;
    double share = 8.0 * (double)o->params->target / o->seconds / 5;
    if (o->sound_bitrate > 0 && most > o->sound_bitrate * 5 / 4) most = o->sound_bitrate * 5 / 4;
    size_t i = 0;
    while (i + 1 < sizeof rates / sizeof *rates && (rates[i] > most || (double)rates[i] > share)) i++;
    o->audio_bitrate = rates[i];
}

/* What a container takes for its head, each frame and each packet of sound; a guess until it has been seen. */
static double container_bytes(const optimizing *o)
{
    return 2000 + 14 * (double)o->settings.frames + (o->sound ? 400 * o->seconds : 0);
}

/* From all there is to spend; false: nothing is left. */
static bool choose_video(optimizing *o)
{
    o->video_bitrate = (int64_t)((AIM * (double)o->params->target - o->other) * 8 / o->seconds);
    return o->video_bitrate >= 1000;
}

/* By what came of the rate before. */
static bool correct_video(optimizing *o)
{
    double wanted = AIM * (double)o->params->target - o->other;
    double factor = wanted / fmax(1, (double)o->stats.video_bytes);
    int64_t before = o->video_bitrate;
    o->video_bitrate = (int64_t)((double)before * fmin(fmax(factor, 0.1), 10));
    if (o->video_bitrate / 1000 == before / 1000) /* encoders count in kbit/s */
        o->video_bitrate = before + (factor < 1 ? -1000 : 1000);
    return wanted > 0 && o->video_bitrate >= 1000;
}

/* ---- Smaller pictures ---- */

static bool scale_by(optimizing *o, double factor)
{
    o->width = even(o->width * factor);
    o->height = even(o->height * factor);
    o->report.scaled = true;
    o->passed = false;
    o->scaled = true;
    o->before = (kf_writer_stats){0};
    warn(o, "%s: %lld bytes are too few for %dx%d; the picture becomes %dx%d", o->params->output,
         (long long)o->params->target, (int)o->settings.view.width, (int)o->settings.view.height, (int)o->width,
         (int)o->height);
    return o->width >= SIDE_MIN && o->height >= SIDE_MIN;
}

static bool scale_if_hopeless(optimizing *o)
{
    double rate = (double)o->settings.rate.num / o->settings.rate.den;
    double bits = (double)o->video_bitrate / ((double)o->width * o->height * rate);
    return bits >= HOPELESS || scale_by(o, sqrt(bits / SMALLER));
}

/* ---- Encoding ---- */

static void on_progress(void *context, const kf_progress *p)
{
    const optimizing *o = context;
    double part = p->frames > 0 ? (double)p->frame / (double)p->frames : 0;
    if (o->params->progress) o->params->progress(o->params->context, o->base + o->span * part, o->doing);
}

/* What is said of places in the film ("tracks[0]...") means nothing to who gave a file. */
static void on_warning(void *context, const kf_error *problem)
{
    const optimizing *o = context;
    if (o->params->warning && strncmp(problem->message, "tracks[", 7) != 0) o->params->warning(o->params->context, problem);
}

static int drop_bytes(void *context, const uint8_t *bytes, size_t length)
{
    (void)context, (void)bytes, (void)length;
    return 0;
}

static bool accept(void *ctx, const kf_writer_stats *stats)
{
    optimizing *o = ctx;
    double least = o->settle ? 0 : LEAST * (double)o->params->target;
    o->stats = *stats;
    o->done = stats->file_bytes <= o->params->target && (double)stats->file_bytes >= least;
    return o->done;
}

/* pass: of two, 1 or 2; 0: the only one. share: of the progress that is left. */
static kf_status encode(optimizing *o, int pass, double share, kf_error *err)
{
    const kf_writer_option options[2] = {{"flags", pass == 1 ? "+pass1" : "+pass2"}, {"stats", o->log}};
    const kf_render_extra extra = {options, pass ? 2 : 0, accept, o};
    kf_render_params rp = render_params(o);
    rp.context = o;
    rp.progress = on_progress;
    rp.warning = on_warning;
    if (pass == 1) {
        rp.write = drop_bytes;
        rp.container = kf_path_extension(rp.output);
    }
    o->doing = pass == 1 ? "measuring" : "encoding";
    o->span = share * (ENCODED - o->base);
    kf_status status = kf_engine_render_with(o->film, &rp, &extra, NULL, err);
    o->base += o->span;
    o->report.encodes++;
    return status;
}

static kf_status too_small(const optimizing *o, kf_error *err)
{
    return kf_fail(err, KF_ERR_INVALID, "%s: %.1f s cannot be brought to %lld bytes; ask for more, or for a part of it",
                   o->params->input, o->seconds, (long long)o->params->target);
}

static kf_status encode_once(optimizing *o, kf_error *err)
{
    kf_status status = o->scaled ? open_film(o, err) : KF_OK;
    o->scaled = false;
    if (status == KF_OK && o->two_pass && !o->passed) {
        status = encode(o, 1, 0.3, err);
        if (status != KF_OK) return status;
        o->passed = true;
        o->done = false;
        o->other = (double)o->stats.audio_bytes + container_bytes(o);
        if (!choose_video(o)) return too_small(o, err);
    }
    if (status != KF_OK) return status;
    status = encode(o, o->two_pass ? 2 : 0, 0.6, err);
    o->other = (double)(o->stats.file_bytes - o->stats.video_bytes);
    return status;
}

/* Another rate made no difference: the encoder is at its best, or at its worst. */
static bool stuck(const optimizing *o)
{
    double before = (double)o->before.video_bytes, now = (double)o->stats.video_bytes;
    return before > 0 && fabs(now - before) < 0.01 * before;
}

/* What to try next; false: nothing helps. */
static bool adjust(optimizing *o, int tries)
{
    bool large = o->stats.file_bytes > o->params->target;
    bool last = tries + 2 >= TRIES, at_end = stuck(o);
    o->before = o->stats;
    if (large && (at_end || tries == TRIES / 2)) return scale_by(o, 0.7) && choose_video(o);
    o->settle = last || (at_end && !large);
    if (!correct_video(o)) return scale_by(o, 0.7) && choose_video(o);
    if (last && large) o->video_bitrate -= o->video_bitrate / 50;
    return true;
}

static kf_status encode_to_size(optimizing *o, kf_error *err)
{
    if (o->sound) choose_sound(o);
    o->other = (double)o->audio_bitrate * o->seconds / 8 + container_bytes(o);
    if (!choose_video(o)) o->video_bitrate = LITTLE; /* what is measured decides */
    if (!scale_if_hopeless(o)) return too_small(o, err);
    for (int tries = 0; tries < TRIES; tries++) {
        kf_status status = encode_once(o, err);
        if (status != KF_OK || o->done) return status;
        if (!adjust(o, tries)) break;
    }
    return too_small(o, err);
}

/* ---- The whole ---- */

static bool same_container(const optimizing *o)
{
    int in = kf_container_find(o->params->input), out = kf_container_find(o->params->output);
    return in >= 0 && in == out && !o->params->video_codec && !o->params->audio_codec;
}

static kf_status copy(optimizing *o, kf_error *err)
{
    warn(o, "%s has %lld bytes and is small enough; it was copied", o->params->input, (long long)o->original);
    o->report.copied = true;
    o->report.bytes = o->original;
    o->report.ssim = 1;
    o->report.psnr = INFINITY;
    return kf_writer_copy(o->params->input, o->params->output, o->params->overwrite, err);
}

static void on_compared(void *context, double part)
{
    const optimizing *o = context;
    if (o->params->progress) o->params->progress(o->params->context, ENCODED + (1 - ENCODED) * part, "comparing");
}

static kf_status compare(optimizing *o, kf_error *err)
{
    const kf_optimize_params *p = o->params;
    const kf_compare_params cp = {.frames = QUALITY_FRAMES, .threads = p->threads, .memory = p->memory,
                                  .progress = on_compared, .context = o, .cancel = p->cancel};
    kf_compare_report r;
    o->report.ssim = o->report.psnr = NAN;
    if (p->no_quality) return KF_OK;
    kf_status status = kf_engine_compare(p->input, p->output, &cp, &r, err);
    if (status != KF_OK) return status;
    o->report.ssim = r.ssim;
    o->report.psnr = r.psnr;
    return KF_OK;
}

static kf_status optimize(optimizing *o, kf_error *err)
{
    kf_status status = open_input(o, err);
    if (status != KF_OK) return status;
    if (o->original <= o->params->target && same_container(o)) return copy(o, err);
    status = kf_scratch_open(&o->scratch, err);
    if (status == KF_OK && !(o->log = kf_path_join(o->scratch.folder, "pass"))) status = kf_fail_memory(err);
    if (status == KF_OK) status = encode_to_size(o, err);
    if (status != KF_OK) return status;
    o->report.bytes = o->stats.file_bytes;
    if ((double)o->stats.file_bytes < LEAST * (double)o->params->target)
        warn(o, "%s has %lld bytes of the %lld it may have: better than that the encoder cannot make it",
             o->params->output, (long long)o->stats.file_bytes, (long long)o->params->target);
    return compare(o, err);
}

kf_status kf_engine_optimize(const kf_optimize_params *params, kf_optimize_report *report, kf_error *err)
{
    optimizing o = {.params = params};
    kf_status status = optimize(&o, err);
    if (status == KF_OK && report) {
        o.report.original_bytes = o.original;
        o.report.ratio = o.report.bytes > 0 ? (double)o.original / (double)o.report.bytes : 0;
        o.report.width = o.width;
        o.report.height = o.height;
        o.report.video_bitrate = o.report.copied ? 0 : o.video_bitrate;
        o.report.audio_bitrate = o.report.copied ? 0 : o.audio_bitrate;
        *report = o.report;
    }
    kf_scratch_close(&o.scratch);
    kf_free(o.log);
    kf_settings_finish(&o.settings);
    kf_film_destroy(o.film);
    return status;
}
