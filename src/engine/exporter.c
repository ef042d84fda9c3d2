/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rendering a film: three threads for pictures (fetch and compile, compose, encode) and one for sound, joined by
 * bounded queues. Each runs ahead of the next as far as its queue allows, so that everything that is independent
 * overlaps. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/hash.h"
#include "base/api/time.h"
#include "engine/api/engine.h"
#include "engine/canvas.h"
#include "engine/exporter.h"
#include "engine/profile.h"
#include "engine/repeats.h"
#include "engine/session.h"
#include "video/ref/api/ref.h"

enum { SOUND_BLOCK = 8192, LOOK_NS = 5000000 };

/* Frames that wait between two stages. Decoders run ahead by themselves, so that little is gained by more of them. */
static size_t frames_ahead(const kf_render_params *params, int per_threads, int most)
{
    int threads = params->threads > 0 ? params->threads : kf_cpu_count(), n = threads / per_threads;
    return (size_t)(n < 1 ? 1 : n > most ? most : n);
}

typedef struct kf_job {
    int64_t index;
    kf_compiled *compiled;
    kf_frame *frame;         /* composed, or passed through */
} kf_job;

typedef struct kf_export {
    const kf_render_params *params;
    const kf_render_extra *extra;
    kf_settings settings;
    kf_session session;
    kf_graph_output output;
    kf_writer *writer;       /* NULL: nothing is written */
    kf_compiler *compiler;
    kf_cpu *cpu;
    kf_compiled_audio *audio; /* NULL: no sound */
    kf_audio_renderer *renderer;
    kf_queue *compiled, *composed;
    kf_shelf *shelf;
    kf_repeats repeats;      /* of the composing thread */
    struct showing {         /* of the encoding thread: the picture on show */
        kf_frame *frame;
        uint64_t hash;
        int32_t unwritten;   /* frames for which it shows that the writer has not heard of */
    } showing;
    kf_profile profile;
    int64_t started;

    pthread_mutex_t lock;    /* of what follows */
    atomic_bool stop;
    kf_status status;
    kf_error error;
    int ended;               /* stages */
    pthread_cond_t left;     /* one of them has */

    /* hashes, handed out in order when both are there */
    uint64_t *video_hash, *audio_hash;
    int64_t video_done, audio_done, hashed;
    kf_hasher hasher;        /* of the sound thread: the samples of frame audio_done so far */

    struct pace {
        int64_t told;        /* when progress was last reported, ns */
        int64_t since, frame; /* where the last second began */
        double rate;         /* frames per second in it */
    } pace;

    int64_t frames, passed, repeated, samples; /* done */
    int64_t composing_ns;
    kf_writer_stats stats;
} kf_export;

/* ---- Failing and stopping ---- */

/* The first failure counts; everything stops. */
static void export_fail(kf_export *x, kf_status status, const kf_error *error)
{
    pthread_mutex_lock(&x->lock);
    if (x->status == KF_OK) {
        x->status = status;
        x->error = *error;
    }
    pthread_mutex_unlock(&x->lock);
    atomic_store(&x->stop, true);
    kf_queue_close(x->compiled);
    kf_queue_close(x->composed);
    if (x->writer) kf_writer_stop(x->writer, error);
}

static bool stopped(kf_export *x)
{
    if (atomic_load(&x->stop)) return true;
    if (!x->params->cancel || !*(const volatile bool *)x->params->cancel) return false;
    kf_error e;
    export_fail(x, kf_fail(&e, KF_ERR_CANCELLED, "the render was stopped"), &e);
    return true;
}

static void job_free(kf_job *job)
{
    if (!job) return;
    kf_compiled_release(job->compiled);
    kf_frame_unref(job->frame);
    kf_free(job);
}

/* ---- Fetch and compile ---- */

static void *fetch_thread(void *arg)
{
    kf_export *x = arg;
    kf_error error;
    for (int64_t i = 0; i < x->settings.frames && !stopped(x); i++) {
        kf_job *job = KF_NEW(kf_job);
        kf_span span = kf_profile_begin(&x->profile, KF_PART_FETCH);
        kf_status status =
            job ? kf_compile_frame(x->compiler, kf_settings_frame_time(&x->settings, i), &job->compiled, &error)
                : kf_fail_memory(&error);
        kf_profile_end(&x->profile, span);
        if (status == KF_OK) status = kf_session_intact(&x->session, &error);
        if (status != KF_OK) {
            if (job) kf_compiled_release(job->compiled);
            kf_free(job);
            export_fail(x, status, &error);
            break;
        }
        job->index = i;
        if (!kf_queue_push(x->compiled, job)) {
            job_free(job);
            break;
        }
    }
    kf_queue_close(x->compiled);
    kf_profile_thread(&x->profile, KF_PART_FETCH);
    return NULL;
}

/* ---- Compose ---- */

enum { SAMPLE_EVERY = 24 };

static double time_alone(kf_export *x, kf_graph *graph, const kf_graph_node *node, kf_frame *scratch)
{
    int64_t at = kf_clock_ns();
    if (!node || kf_cpu_render(x->cpu, graph, node, &x->output, &scratch->image, NULL) != KF_OK) return 0;
    return (double)(kf_clock_ns() - at) / 1e6;
}

/* What clips and effects cost: each is composed alone, an effect less what it was applied to. */
static void sample_costs(kf_export *x, const kf_compiled *c)
{
    kf_frame *scratch = kf_shelf_take(x->shelf);
    for (int32_t i = 0; scratch && i < c->mark_count; i++) {
        const kf_mark *m = &c->marks[i];
        double cost = time_alone(x, c->graph, m->after, scratch) - time_alone(x, c->graph, m->before, scratch);
        kf_profile_cost(&x->profile, m->name, cost);
    }
    kf_frame_unref(scratch);
}

static kf_status compose(kf_export *x, kf_job *job, kf_error *err)
{
    const kf_canvas canvas = {x->cpu, x->shelf, x->output};
    bool passed = false;
    if (x->params->reference) return kf_ref_render(job->compiled->root, &x->output, &job->frame, err);
    job->frame = kf_repeats_look(&x->repeats, &x->output, job->compiled);
    x->repeated += job->frame != NULL;
    x->passed += job->frame && x->repeats.passed;
    if (job->frame) return KF_OK;
    kf_status status = kf_canvas_compose(&canvas, job->compiled, &job->frame, &passed, err);
    if (status != KF_OK) return status;
    x->passed += passed;
    kf_repeats_keep(&x->repeats, job->compiled, job->frame, passed);
    job->compiled = NULL;
    return KF_OK;
}

static int64_t composing_cpu(const kf_export *x)
{
    return x->profile.on ? kf_thread_cpu_ns() + kf_pool_cpu_ns(x->session.pool) : 0;
}

static void *compose_thread(void *arg)
{
    kf_export *x = arg;
    const int64_t cpu = composing_cpu(x);
    kf_error error;
    void *item;
    while (kf_queue_pop(x->compiled, &item)) {
        kf_job *job = item;
        kf_status status = KF_OK;
        if (!atomic_load(&x->stop)) {
            kf_span span = kf_profile_begin(&x->profile, KF_PART_COMPOSE);
            const int64_t began = kf_clock_ns();
            status = compose(x, job, &error);
            x->composing_ns += kf_clock_ns() - began;
            kf_profile_end(&x->profile, span);
        }
        if (x->profile.on && status == KF_OK && job->index % SAMPLE_EVERY == 0) {
            const int64_t before = composing_cpu(x);
            sample_costs(x, x->repeats.compiled ? x->repeats.compiled : job->compiled);
            x->profile.sampling += composing_cpu(x) - before;
        }
        kf_compiled_release(job->compiled); /* its source frames go back to their decoders */
        job->compiled = NULL;
        if (status != KF_OK) export_fail(x, status, &error);
        if (atomic_load(&x->stop) || !kf_queue_push(x->composed, job)) job_free(job);
    }
    kf_queue_close(x->composed);
    x->profile.cpu[KF_PART_COMPOSE] = composing_cpu(x) - cpu - x->profile.sampling;
    return NULL;
}

/* ---- Hashes ---- */

static void hand_out_hashes(kf_export *x)
{
    pthread_mutex_lock(&x->lock);
    while (x->hashed < x->video_done && x->hashed < x->audio_done) {
        int64_t i = x->hashed++;
        x->params->hash(x->params->context, i, x->video_hash[i], x->audio_hash[i]);
    }
    pthread_mutex_unlock(&x->lock);
}

static void put_hash(kf_export *x, uint64_t *list, int64_t *done, int64_t i, uint64_t hash)
{
    pthread_mutex_lock(&x->lock);
    list[i] = hash;
    *done = i + 1;
    pthread_mutex_unlock(&x->lock);
    hand_out_hashes(x);
}

/* ---- Progress ---- */

/* About ten times a second, and at the end; the rate is that of the last second or so. Called by the thread that
 * finishes frames. */
static void report_progress(kf_export *x, kf_progress_stage stage, int64_t frame)
{
    static const int64_t interval = 100000000, second = 1000000000;
    struct pace *pace = &x->pace;
    int64_t now = kf_clock_ns();
    if (!x->params->progress || (stage == KF_STAGE_RENDER && now - pace->told < interval && frame < x->settings.frames))
        return;
    double seconds = (double)(now - x->started) / 1e9, done = kf_time_seconds(kf_frame_start(frame, x->settings.rate));
    double mean = seconds > 0 ? (double)frame / seconds : 0;
    if (now - pace->since >= second) {
        pace->rate = (double)(frame - pace->frame) * 1e9 / (double)(now - pace->since);
        pace->since = now;
        pace->frame = frame;
    }
    kf_progress p = {.stage = stage, .frame = frame, .frames = x->settings.frames, .seconds = seconds,
                     .frames_per_second = pace->rate > 0 ? pace->rate : mean, .speed = seconds > 0 ? done / seconds : 0,
                     .eta_seconds = mean > 0 ? (double)(x->settings.frames - frame) / mean : -1};
    pace->told = now;
    x->params->progress(x->params->context, &p);
}

/* ---- Encode ---- */

/* The writer learns how long a picture shows when the next one comes. */
static kf_status write_showing(kf_export *x, kf_error *err)
{
    struct showing *s = &x->showing;
    const int32_t frames = s->unwritten;
    s->unwritten = 0;
    return x->writer && frames > 0 ? kf_writer_video(x->writer, s->frame, frames, err) : KF_OK;
}

/* For how many frames a picture is written at most. At a variable rate: a second, so that players that jump to a time
 * need not look far; and one at both ends, as files tell their length by the times for decoding, which follow from those
 * of the frames around. */
static int32_t longest_showing(const kf_export *x, int64_t index)
{
    enum { EDGE = 4 };
    const kf_rational rate = x->settings.rate;
    const bool edge = index < EDGE || index >= x->settings.frames - EDGE;
    return !x->settings.writer.video.variable || edge || rate.num < rate.den ? 1 : rate.num / rate.den;
}

static void show(kf_export *x, kf_frame *frame)
{
    kf_frame_unref(x->showing.frame);
    x->showing = (struct showing){.frame = kf_frame_ref(frame)};
    if (x->params->hash) x->showing.hash = kf_image_hash(&frame->image);
}

static kf_status encode(kf_export *x, kf_job *job, kf_error *err)
{
    struct showing *s = &x->showing;
    kf_status status = KF_OK;
    if (job->frame != s->frame) {
        status = write_showing(x, err);
        show(x, job->frame);
    }
    if (x->params->hash) put_hash(x, x->video_hash, &x->video_done, job->index, s->hash);
    s->unwritten++;
    return status == KF_OK && s->unwritten >= longest_showing(x, job->index) ? write_showing(x, err) : status;
}

static kf_status end_pictures(kf_export *x, kf_error *err)
{
    kf_status status = write_showing(x, err);
    return status == KF_OK ? kf_writer_end_video(x->writer, err) : status;
}

static void *encode_thread(void *arg)
{
    kf_export *x = arg;
    kf_error error;
    void *item;
    while (kf_queue_pop(x->composed, &item)) {
        kf_job *job = item;
        kf_status status = KF_OK;
        if (!stopped(x)) {
            kf_span span = kf_profile_begin(&x->profile, KF_PART_ENCODE);
            status = encode(x, job, &error);
            kf_profile_end(&x->profile, span);
            x->frames = job->index + 1;
            report_progress(x, KF_STAGE_RENDER, x->frames);
        }
        job_free(job);
        if (status != KF_OK) export_fail(x, status, &error);
    }
    if (x->writer && !atomic_load(&x->stop)) {
        kf_span span = kf_profile_begin(&x->profile, KF_PART_ENCODE);
        kf_status status = end_pictures(x, &error);
        kf_profile_end(&x->profile, span);
        if (status != KF_OK) export_fail(x, status, &error);
    }
    kf_profile_thread(&x->profile, KF_PART_ENCODE);
    return NULL;
}

/* ---- Sound ---- */

/* Renders [first, last) in blocks and hands them to fn, which may be NULL: the meters see them all. */
typedef kf_status block_fn(kf_export *x, int64_t first, int32_t n, float *const *planes, kf_error *err);

static kf_status render_sound(kf_export *x, int64_t first, int64_t last, block_fn *fn, kf_error *err)
{
    kf_audio_graph *graph = kf_compiled_audio_graph(x->audio);
    float *planes[KF_DSP_MAX_CHANNELS], *memory = kf_alloc((size_t)graph->channels * SOUND_BLOCK * sizeof(float));
    kf_status status = KF_OK;
    if (!memory) return kf_fail_memory(err);
    for (int c = 0; c < graph->channels; c++) planes[c] = memory + (size_t)c * SOUND_BLOCK;
    while (status == KF_OK && first < last && !stopped(x)) {
        int32_t n = (int32_t)(last - first < SOUND_BLOCK ? last - first : SOUND_BLOCK);
        status = kf_audio_render(x->renderer, first, n, planes, err);
        if (status == KF_OK && fn) status = fn(x, first, n, planes, err);
        first += n;
    }
    kf_free(memory);
    return status;
}

/* Position of the sample that frame i of the output starts with. */
static int64_t frame_sample(const kf_export *x, int64_t i)
{
    kf_time t = i >= x->settings.frames ? x->settings.end : kf_settings_frame_time(&x->settings, i);
    return kf_sample_at(t, x->settings.view.sample_rate);
}

/* The hash of the frame's span of samples that ends here. */
static void end_sound_hash(kf_export *x)
{
    put_hash(x, x->audio_hash, &x->audio_done, x->audio_done, kf_hasher_end(&x->hasher));
    kf_hasher_init(&x->hasher);
}

static void hash_block(kf_export *x, int64_t first, int32_t n, float *const *planes)
{
    for (int32_t i = 0; i < n; i++) {
        while (x->audio_done < x->settings.frames && first + i >= frame_sample(x, x->audio_done + 1)) end_sound_hash(x);
        for (int c = 0; c < x->settings.view.channels; c++) kf_hasher_add(&x->hasher, &planes[c][i], sizeof(float));
    }
}

static kf_status write_block(kf_export *x, int64_t first, int32_t n, float *const *planes, kf_error *err)
{
    x->samples += n;
    if (x->params->hash) hash_block(x, first, n, planes);
    if (!x->settings.video) {
        kf_time heard = kf_sample_start(first + n, x->settings.view.sample_rate) - x->settings.start;
        report_progress(x, KF_STAGE_RENDER, kf_frame_at(heard, x->settings.rate));
    }
    if (!x->writer || !kf_writer_has_audio(x->writer)) return KF_OK;
    return kf_writer_audio(x->writer, (const float *const *)planes, n, err);
}

/* Two passes: the loudness of the whole range first, then the gain that brings it to the target. */
static kf_status normalise(kf_export *x, int64_t first, int64_t last, kf_error *err)
{
    double target, ceiling;
    if (!kf_compiled_audio_loudness(x->audio, &target, &ceiling)) return KF_OK;
    kf_status status = render_sound(x, first, last, NULL, err);
    if (status != KF_OK) return status;
    kf_audio_meters m = kf_audio_renderer_meters(x->renderer, -1);
    if (!m.loudness.available) {
        kf_warn(&x->session.warnings, KF_ERR_UNSUPPORTED, "loudness is not normalised: this build has no libebur128");
        return KF_OK;
    }
    bool limited;
    double gain = kf_loudness_gain_db(&m.loudness, target, ceiling, &limited);
    if (limited)
        kf_warn(&x->session.warnings, KF_OK, "the film reaches %.1f LUFS, not %.1f: more would pass %.1f dBTP",
                m.loudness.integrated + gain, target, ceiling);
    kf_audio_renderer_destroy(x->renderer);
    x->renderer = NULL;
    kf_compiled_audio_graph(x->audio)->master_gain.constant += (float)gain;
    return kf_audio_renderer_create(kf_compiled_audio_graph(x->audio), &x->renderer, err);
}

static void *sound_thread(void *arg)
{
    kf_export *x = arg;
    kf_error error;
    int32_t rate = x->settings.view.sample_rate;
    int64_t first = kf_sample_at(x->settings.start, rate), last = kf_sample_at(x->settings.end, rate);
    kf_hasher_init(&x->hasher);
    kf_span span = kf_profile_begin(&x->profile, KF_PART_SOUND);
    kf_status status = normalise(x, first, last, &error);
    if (status == KF_OK) status = render_sound(x, first, last, write_block, &error);
    if (status == KF_OK && !atomic_load(&x->stop)) {
        while (x->params->hash && x->audio_done < x->settings.frames) end_sound_hash(x);
        if (x->writer && kf_writer_has_audio(x->writer)) status = kf_writer_end_audio(x->writer, &error);
    }
    kf_profile_end(&x->profile, span);
    kf_profile_thread(&x->profile, KF_PART_SOUND);
    if (status != KF_OK) export_fail(x, status, &error);
    return NULL;
}

/* ---- Setting up ---- */

static kf_status open_sound(kf_export *x, kf_error *err)
{
    kf_status status =
        kf_compile_audio(x->session.snapshot, x->settings.sequence, &x->session.audio_sources, &x->audio, err);
    if (status != KF_OK) return status;
    if (!x->settings.audio || !kf_compiled_audio_sounds(x->audio)) {
        kf_compiled_audio_destroy(x->audio);
        x->audio = NULL;
        if (!x->settings.video)
            return kf_fail(err, KF_ERR_INVALID, "the film has no sound, and nothing else is to be written");
        return KF_OK;
    }
    kf_compiled_audio_graph(x->audio)->meters = KF_AUDIO_METER_LOUDNESS;
    return kf_audio_renderer_create(kf_compiled_audio_graph(x->audio), &x->renderer, err);
}

static kf_status open_writer(kf_export *x, kf_error *err)
{
    kf_writer_params *w = &x->settings.writer;
    const kf_sequence_view *q = &x->settings.view;
    if (!x->audio) w->audio.codec = "none";
    w->video.options = x->extra->options;
    w->video.option_count = x->extra->option_count;
    x->output = (kf_graph_output){.width = x->settings.width, .height = x->settings.height};
    if (x->params->null_output) {
        x->output.format = w->video.format ? w->video.format : KF_PIX_YUV420P8;
        x->output.color = kf_color_resolve(q->color, x->output.format, x->output.width, x->output.height);
        return KF_OK;
    }
    kf_status status = kf_writer_open(w, &x->writer, err);
    if (status != KF_OK) return status;
    x->output.format = kf_writer_video_format(x->writer);
    x->output.color = kf_writer_video_color(x->writer);
    x->settings.video = kf_writer_has_video(x->writer);
    return KF_OK;
}

static kf_isa pick_isa(const char *name)
{
    kf_isa best = kf_cpu_isa();
    for (kf_isa i = KF_ISA_C; name && i <= KF_ISA_AVX512; i++)
        if (strcmp(kf_isa_name(i), name) == 0 && i < best) return i;
    return best;
}

static kf_status open_picture(kf_export *x, kf_error *err)
{
    kf_compiler_params cp = {x->session.snapshot, x->settings.sequence, x->output.width, x->output.height,
                             &x->session.sources, x->params->profile_stages};
    kf_cpu_params up = {x->session.pool, pick_isa(x->params->instruction_set)};
    if (!x->settings.video) return KF_OK;
    kf_status status = kf_compiler_create(&cp, &x->compiler, err);
    if (status == KF_OK) status = kf_cpu_create(&up, &x->cpu, err);
    if (status == KF_OK && !(x->shelf = kf_shelf_create(&x->output))) status = kf_fail_memory(err);
    return status;
}

static kf_status export_open(kf_export *x, const kf_film *film, kf_error *err)
{
    kf_status status = kf_settings_resolve(kf_film_snapshot(film), x->params, &x->settings, err);
    if (status != KF_OK) return status;
    kf_span span = kf_profile_begin(&x->profile, KF_PART_SETUP);
    status = kf_session_open(&x->session, film, x->params, &x->settings, err);
    if (status != KF_OK) return status;
    status = open_sound(x, err);
    if (status == KF_OK) status = open_writer(x, err);
    if (status == KF_OK) status = open_picture(x, err);
    x->compiled = kf_queue_create(frames_ahead(x->params, 2, 8));
    x->composed = kf_queue_create(frames_ahead(x->params, 1, 8));
    x->video_hash = kf_alloc_zero(x->params->hash ? (size_t)x->settings.frames : 1, sizeof(uint64_t));
    x->audio_hash = kf_alloc_zero(x->params->hash ? (size_t)x->settings.frames : 1, sizeof(uint64_t));
    if (status == KF_OK && (!x->compiled || !x->composed || !x->video_hash || !x->audio_hash))
        status = kf_fail_memory(err);
    if (!x->audio) x->audio_done = x->settings.frames; /* silence hashes to 0 */
    if (!x->settings.video) x->video_done = x->settings.frames;
    kf_profile_end(&x->profile, span);
    return status;
}

static void export_close(kf_export *x)
{
    if (x->writer) kf_writer_abort(x->writer);
    kf_queue_destroy(x->compiled);
    kf_queue_destroy(x->composed);
    kf_repeats_finish(&x->repeats);
    kf_frame_unref(x->showing.frame);
    kf_compiler_destroy(x->compiler);
    kf_cpu_destroy(x->cpu);
    kf_audio_renderer_destroy(x->renderer);
    kf_compiled_audio_destroy(x->audio);
    if (x->session.pool || x->session.library) kf_session_close(&x->session);
    kf_shelf_destroy(x->shelf);
    kf_settings_finish(&x->settings);
    kf_free(x->video_hash);
    kf_free(x->audio_hash);
    kf_profile_finish(&x->profile);
    pthread_cond_destroy(&x->left);
    pthread_mutex_destroy(&x->lock);
}

/* ---- Running ---- */

typedef struct stage {
    kf_export *x;
    void *(*run)(void *);
} stage;

static void *run_stage(void *arg)
{
    const stage *s = arg;
    s->run(s->x);
    pthread_mutex_lock(&s->x->lock);
    s->x->ended++;
    pthread_cond_signal(&s->x->left);
    pthread_mutex_unlock(&s->x->lock);
    return NULL;
}

/* Waits for the stages. One that waits or flushes does not look whether the render is cancelled: this does. */
static void watch(kf_export *x, int stages)
{
    pthread_mutex_lock(&x->lock);
    while (x->ended < stages) {
        if (kf_cond_wait_until(&x->left, &x->lock, kf_clock_ns() + LOOK_NS)) continue;
        pthread_mutex_unlock(&x->lock);
        stopped(x);
        pthread_mutex_lock(&x->lock);
    }
    pthread_mutex_unlock(&x->lock);
}

static void run(kf_export *x)
{
    stage stages[4] = {{x, fetch_thread}, {x, compose_thread}, {x, encode_thread}, {x, sound_thread}};
    static const char *const names[4] = {"kerf-fetch", "kerf-compose", "kerf-encode", "kerf-sound"};
    const bool wanted[4] = {x->settings.video, x->settings.video, x->settings.video, x->audio != NULL};
    pthread_t threads[4];
    bool started[4] = {false};
    int count = 0;
    kf_error error;
    for (int i = 0; i < 4; i++) {
        if (!wanted[i]) continue;
        kf_status status = kf_thread_start(&threads[i], names[i], run_stage, &stages[i], &error);
        started[i] = status == KF_OK;
        count += started[i];
        if (status == KF_OK) continue;
        export_fail(x, status, &error);
        break;
    }
    watch(x, count);
    for (int i = 0; i < 4; i++)
        if (started[i]) pthread_join(threads[i], NULL);
    void *item;
    kf_queue_close(x->compiled); /* nobody did if there are no pictures */
    kf_queue_close(x->composed);
    while (kf_queue_pop(x->compiled, &item)) job_free(item); /* left behind after a failure */
    while (kf_queue_pop(x->composed, &item)) job_free(item);
}

static void fill_report(kf_export *x, kf_render_report *r)
{
    kf_source_stats s = kf_library_stats(x->session.library);
    memset(r, 0, sizeof *r);
    r->frames = x->frames;
    r->samples = x->samples;
    r->duration = x->settings.end - x->settings.start;
    r->seconds = (double)(kf_clock_ns() - x->started) / 1e9;
    r->speed = r->seconds > 0 ? kf_time_seconds(r->duration) / r->seconds : 0;
    r->decoded_frames = s.decoded;
    r->passed_frames = x->passed;
    r->repeated_frames = x->repeated;
    r->cache_hits = s.cache_hits;
    r->cache_misses = s.cache_misses;
    r->compose_seconds = (double)x->composing_ns / 1e9;
    r->peak_memory = kf_peak_memory();
    r->bytes = x->stats.file_bytes;
    r->peak_db = r->rms_db = r->true_peak_db = r->lufs = NAN;
    if (x->renderer) {
        kf_audio_meters m = kf_audio_renderer_meters(x->renderer, -1);
        r->peak_db = m.peak_db;
        r->rms_db = m.rms_db;
        if (m.loudness.available) {
            r->true_peak_db = (float)m.loudness.true_peak_db;
            r->lufs = (float)m.loudness.integrated;
        }
    }
    if (x->params->profile_stages) r->profile = kf_profile_write(&x->profile, x->frames, &s);
}

/* Writes the rest, and gives the file its name if it is wanted. */
static kf_status finish_writer(kf_export *x, kf_error *err)
{
    report_progress(x, KF_STAGE_FINISH, x->settings.frames);
    kf_status status = kf_writer_complete(x->writer, &x->stats, err);
    if (status != KF_OK || (x->extra->accept && !x->extra->accept(x->extra->ctx, &x->stats))) return status;
    kf_writer *writer = x->writer;
    x->writer = NULL;
    return kf_writer_finish(writer, &x->stats, err);
}

kf_status kf_engine_render(const kf_film *film, const kf_render_params *params, kf_render_report *report, kf_error *err)
{
    const kf_render_extra none = {0};
    return kf_engine_render_with(film, params, &none, report, err);
}

kf_status kf_engine_render_with(const kf_film *film, const kf_render_params *params, const kf_render_extra *extra,
                                kf_render_report *report, kf_error *err)
{
    kf_export x = {.params = params, .extra = extra, .started = kf_clock_ns()};
    if (report) memset(report, 0, sizeof *report);
    if (!params->output && !params->write && !params->null_output)
        return kf_fail(err, KF_ERR_USAGE, "name an output file, or ask for no output (--null)");
    pthread_mutex_init(&x.lock, NULL);
    kf_cond_init(&x.left);
    kf_profile_init(&x.profile, params->profile_stages);
    kf_status status = export_open(&x, film, err);
    if (status == KF_OK) {
        report_progress(&x, KF_STAGE_OPEN, 0);
        run(&x);
        status = x.status;
        if (status != KF_OK && err) *err = x.error;
    }
    if (status == KF_OK) status = kf_session_intact(&x.session, err);
    if (status == KF_OK && x.writer) status = finish_writer(&x, err);
    if (status == KF_OK && report) fill_report(&x, report);
    export_close(&x);
    return status;
}
