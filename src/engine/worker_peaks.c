/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waveforms: loaded from the disk cache by a quick thread, or else computed by the thread for sound. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/api/worker.h"
#include "engine/worker.h"

enum { BLOCK = 16384, COLUMNS = 256 };
static const int64_t tell_every_ns = 100000000;

static const kf_task_kind task_load, task_build;

static kf_sound *sound_of(kf_work_file *f, int32_t stream)
{
    kf_sound *s = f->sounds;
    while (s && s->stream != stream) s = s->next;
    if (s) return s;
    s = KF_NEW(kf_sound);
    if (!s) return NULL;
    s->task = (kf_task){.kind = &task_load, .file = f};
    s->stream = stream;
    s->next = f->sounds;
    f->sounds = s;
    return s;
}

static void unlink_loaded(kf_worker *w, kf_sound *sound)
{
    kf_sound **at = &w->loaded;
    while (*at && *at != sound) at = &(*at)->next_loaded;
    if (*at) *at = sound->next_loaded;
}

void kf_work_sound_unload(kf_worker *w, kf_sound *s)
{
    unlink_loaded(w, s);
    w->bytes -= s->bytes;
    s->bytes = 0;
    kf_peaks_destroy(s->peaks);
    s->peaks = NULL;
    s->complete = false;
}

void kf_work_sounds_forget(kf_worker *w, kf_work_file *f)
{
    for (kf_sound *s = f->sounds; s; s = s->next) {
        s->failed = false;
        if (s->complete) kf_work_sound_unload(w, s); /* what is being made is thrown away at its end */
    }
}

/* Under the mutex. Takes complete peaks over. */
static void settle(kf_worker *w, kf_sound *s, kf_peaks *peaks)
{
    if (s->peaks != peaks) kf_peaks_destroy(s->peaks);
    s->peaks = peaks;
    s->complete = true;
    s->bytes = kf_peaks_get_facts(peaks).bytes;
    s->used = ++w->stamp;
    s->next_loaded = w->loaded;
    w->loaded = s;
    w->bytes += s->bytes;
    kf_work_trim(w);
}

static void tell(kf_worker *w, const kf_sound *s, bool done)
{
    kf_work_tell(w, &(kf_work_event){KF_WORK_PEAKS, s->task.file->path, s->stream, s->task.job ? s->task.job->info.id : 0, done});
}

static char *disk_key(const kf_sound *s)
{
    char kind[32];
    snprintf(kind, sizeof kind, "peaks1|%d", (int)s->stream);
    return kf_work_file_key(s->task.file, kind);
}

/* ---- Loading ---- */

static kf_peaks *load(kf_disk_cache *cache, const char *key)
{
    size_t length;
    uint8_t *bytes = key ? kf_disk_cache_get(cache, key, &length) : NULL;
    kf_peaks *peaks = bytes ? kf_peaks_unpack(bytes, length) : NULL;
    kf_free(bytes);
    return peaks;
}

static void build_later(kf_worker *w, kf_sound *s)
{
    s->task.kind = &task_build;
    s->task.lane = KF_LANE_SOUND;
    kf_work_job_begin(w, &s->task, KF_WORK_PEAKS, "Waveform of");
    kf_work_ask(w, &s->task, s->task.urgency, s->task.owner);
}

static void run_load(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_sound *s = (kf_sound *)task;
    kf_work_file_look(w, task->file);
    uint64_t generation = task->file->generation;
    char *key = disk_key(s);
    pthread_mutex_unlock(&w->mutex);
    kf_peaks *peaks = load(kf_work_cache(w), key);
    kf_free(key);
    pthread_mutex_lock(&w->mutex);
    task->running = false;
    if (!peaks || generation != task->file->generation) {
        kf_peaks_destroy(peaks);
        build_later(w, s);
        return;
    }
    settle(w, s, peaks);
    pthread_mutex_unlock(&w->mutex);
    tell(w, s, true);
    pthread_mutex_lock(&w->mutex);
}

static void drop(kf_worker *w, kf_task *task)
{
    kf_sound *s = (kf_sound *)task;
    kf_error cancelled = {.status = KF_ERR_CANCELLED};
    kf_work_job_end(w, task, &cancelled, false);
    task->kind = &task_load;
    task->lane = KF_LANE_QUICK;
    if (!s->complete) {
        kf_peaks_destroy(s->peaks);
        s->peaks = NULL;
    }
}

static const kf_task_kind task_load = {run_load, drop};

/* ---- Computing ---- */

typedef struct build {
    kf_worker *w;
    kf_sound *sound;
    kf_media *media;
    kf_audio_source *source;
    kf_peaks *peaks;
    float *memory;
    int channels, rate;
    int64_t length, told_ns;
} build;

const kf_stream_info *kf_work_sound_stream(const kf_media_info *m, int stream)
{
    if (stream < 0) return m->best_audio >= 0 ? &m->streams[m->best_audio] : NULL;
    for (int i = 0; i < m->stream_count; i++)
        if (m->streams[i].type == KF_STREAM_AUDIO && stream-- == 0) return &m->streams[i];
    return NULL;
}

static kf_status build_open(build *b, kf_error *err)
{
    kf_work_file *f = b->sound->task.file;
    kf_media_params params = kf_media_params_default();
    params.threads = 1;
    kf_status status = kf_media_open(f->path, &params, &b->media, err);
    if (status) return status;
    const kf_stream_info *info = kf_work_sound_stream(kf_media_describe(b->media), b->sound->stream);
    if (!info) return kf_fail(err, KF_ERR_NOT_FOUND, "%s: has no such sound", f->path);
    b->rate = info->sample_rate;
    status = kf_audio_source_open(b->media, b->sound->stream, b->rate, 0, &b->source, err);
    if (status) return status;
    b->channels = kf_audio_source_channels(b->source);
    if (b->channels < 1 || b->channels > KF_PEAK_CHANNELS)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: sound of %d channels has no waveform", f->path, b->channels);
    b->length = kf_audio_source_length(b->source);
    b->memory = kf_alloc((size_t)b->channels * BLOCK * sizeof(float));
    b->peaks = kf_peaks_create(b->channels, b->rate, b->length);
    return b->memory && b->peaks ? KF_OK : kf_fail_memory(err);
}

static void tell_now_and_then(build *b)
{
    int64_t now = kf_clock_ns();
    if (now - b->told_ns < tell_every_ns) return;
    b->told_ns = now;
    tell(b->w, b->sound, false);
}

static kf_status build_block(build *b, int64_t at, kf_error *err)
{
    float *planes[KF_PEAK_CHANNELS];
    int n = (int)(b->length - at < BLOCK ? b->length - at : BLOCK);
    for (int c = 0; c < b->channels; c++) planes[c] = b->memory + (size_t)c * BLOCK;
    kf_status status = kf_audio_source_read(b->source, at, planes, n, err);
    if (status) return status;
    return kf_peaks_append(b->peaks, (const float *const *)planes, n) ? KF_OK : kf_fail_memory(err);
}

static kf_status build_all(build *b, uint64_t generation, kf_error *err)
{
    kf_status status = KF_OK;
    for (int64_t at = 0; at < b->length && !status; at += BLOCK) {
        bool on = kf_work_job_go_on(b->w, &b->sound->task, (double)at / (double)b->length);
        pthread_mutex_lock(&b->w->mutex);
        on = on && generation == b->sound->task.file->generation;
        pthread_mutex_unlock(&b->w->mutex);
        status = on ? build_block(b, at, err) : kf_fail(err, KF_ERR_CANCELLED, "stopped");
        if (!status) tell_now_and_then(b);
    }
    if (!status && !kf_peaks_end(b->peaks)) status = kf_fail_memory(err);
    return status;
}

static void store(kf_worker *w, const char *key, kf_peaks *peaks)
{
    size_t length;
    kf_disk_cache *cache = key ? kf_work_cache(w) : NULL;
    uint8_t *bytes = cache ? kf_peaks_pack(peaks, &length) : NULL;
    if (bytes) kf_disk_cache_put(cache, key, bytes, length);
    kf_free(bytes);
}

static void build_close(build *b)
{
    kf_audio_source_close(b->source);
    kf_media_close(b->media);
    kf_free(b->memory);
}

/* The peaks are shown while they grow: they belong to the sound from here on. */
static void publish(build *b)
{
    pthread_mutex_lock(&b->w->mutex);
    kf_peaks_destroy(b->sound->peaks);
    b->sound->peaks = b->peaks;
    pthread_mutex_unlock(&b->w->mutex);
}

static void conclude(build *b, uint64_t generation, kf_status status, const kf_error *err)
{
    kf_worker *w = b->w;
    kf_sound *s = b->sound;
    bool current = generation == s->task.file->generation;
    kf_work_job_end(w, &s->task, status ? err : NULL, status && status != KF_ERR_CANCELLED && current);
    s->task.running = false;
    s->task.kind = &task_load;
    s->task.lane = KF_LANE_QUICK;
    if (!status && current) {
        settle(w, s, b->peaks);
        return;
    }
    kf_peaks_destroy(b->peaks);
    s->peaks = NULL;
    s->failed = current && status && status != KF_ERR_CANCELLED;
}

static void run_build(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_error err = {0};
    build b = {.w = w, .sound = (kf_sound *)task};
    if (task->job) task->job->info.state = KF_JOB_RUNNING;
    kf_work_file_look(w, task->file);
    uint64_t generation = task->file->generation;
    char *key = disk_key(b.sound);
    kf_work_count_open(w, 1);
    pthread_mutex_unlock(&w->mutex);
    kf_status status = build_open(&b, &err);
    if (b.peaks) publish(&b);
    if (!status) status = build_all(&b, generation, &err);
    build_close(&b);
    if (!status) store(w, key, b.peaks);
    kf_free(key);
    pthread_mutex_lock(&w->mutex);
    kf_work_count_open(w, -1);
    conclude(&b, generation, status, &err);
    pthread_mutex_unlock(&w->mutex);
    tell(w, b.sound, true);
    pthread_mutex_lock(&w->mutex);
}

static const kf_task_kind task_build = {run_build, drop};

/* ---- Asking ---- */

static float to_float(int v)
{
    return (float)v / 32767.0f;
}

static kf_peak_column column_of(kf_peak p)
{
    return (kf_peak_column){to_float(p.min), to_float(p.max), to_float(p.rms)};
}

/* In pieces; backward ones from the other end. */
void kf_work_peaks_fill(kf_peaks *peaks, const kf_peaks_query *q, kf_peak_column *columns)
{
    kf_peak some[COLUMNS];
    bool back = q->from > q->to;
    double rate = kf_peaks_get_facts(peaks).sample_rate, per_flick = rate / (double)KF_SECOND;
    double from = (double)(back ? q->to : q->from) * per_flick, to = (double)(back ? q->from : q->to) * per_flick;
    double step = (to - from) / q->count;
    for (int at = 0; at < q->count; at += COLUMNS) {
        int n = q->count - at < COLUMNS ? q->count - at : COLUMNS;
        kf_peaks_read(peaks, q->channel, from + step * at, from + step * (at + n), some, n);
        for (int i = 0; i < n; i++) columns[back ? q->count - 1 - at - i : at + i] = column_of(some[i]);
    }
}

void kf_work_peaks_info(kf_peaks *peaks, kf_peaks_info *info)
{
    kf_peaks_facts f = kf_peaks_get_facts(peaks);
    *info = (kf_peaks_info){f.channels, f.sample_rate, kf_sample_start(f.ready, f.sample_rate),
                            kf_sample_start(f.expected, f.sample_rate)};
}

static kf_work_state answer(kf_worker *w, kf_sound *s, const kf_peaks_query *q, kf_peak_column *columns,
                            kf_peaks_info *info)
{
    if (s->failed) return KF_WORK_FAILED;
    s->used = ++w->stamp;
    if (!s->complete) kf_work_ask(w, &s->task, q->urgency, q->owner);
    if (s->peaks && q->count > 0) kf_work_peaks_fill(s->peaks, q, columns);
    if (s->peaks) kf_work_peaks_info(s->peaks, info);
    return s->complete ? KF_WORK_READY : KF_WORK_PENDING;
}

kf_work_state kf_engine_worker_peaks(kf_worker *w, const kf_peaks_query *q, kf_peak_column *columns, kf_peaks_info *info)
{
    kf_peaks_info ignored;
    info = info ? info : &ignored;
    *info = (kf_peaks_info){0};
    memset(columns, 0, (size_t)q->count * sizeof *columns);
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, q->path, q->urgency);
    kf_sound *s = f ? sound_of(f, q->stream) : NULL;
    kf_work_state state = s ? answer(w, s, q, columns, info) : KF_WORK_PENDING;
    pthread_mutex_unlock(&w->mutex);
    return state;
}
