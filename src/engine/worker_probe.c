/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Descriptions and hashes of files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/engine.h"
#include "engine/api/worker.h"
#include "base/api/hash.h"
#include "engine/probe.h"
#include "engine/worker.h"

enum { READ_BYTES = 1 << 20 };

void kf_work_facts_forget(kf_work_file *f)
{
    kf_free(f->summary);
    kf_free(f->json);
    f->summary = NULL;
    f->json = NULL;
    f->probed = f->digested = (kf_fact){0};
}

static void tell(kf_worker *w, const kf_work_file *f, kf_work_kind kind)
{
    pthread_mutex_unlock(&w->mutex);
    kf_work_tell(w, &(kf_work_event){kind, f->path, -1, 0, true});
    pthread_mutex_lock(&w->mutex);
}

/* ---- Describing ---- */

#define COPY(to, from) snprintf(to, sizeof(to), "%s", from)

static void describe_video(const kf_stream_info *s, kf_media_summary *out)
{
    out->width = s->shown_width;
    out->height = s->shown_height;
    out->rotation = s->rotation;
    out->rate = s->rate;
    out->frames = s->frames;
    out->alpha = s->alpha;
    out->hdr = s->color.transfer == KF_TRC_PQ || s->color.transfer == KF_TRC_HLG;
    out->interlaced = s->fields != KF_FIELDS_PROGRESSIVE;
    out->variable_rate = s->variable_rate;
    COPY(out->video_codec, s->codec);
    COPY(out->pixel_format, s->pixel_format);
}

static void describe_audio(const kf_stream_info *s, kf_media_summary *out)
{
    out->sample_rate = s->sample_rate;
    out->channels = s->channels;
    COPY(out->audio_codec, s->codec);
    COPY(out->layout, s->layout);
}

static void describe(const kf_media_info *m, kf_media_summary *out)
{
    out->duration = m->duration;
    out->bit_rate = m->bit_rate;
    out->still = m->still;
    out->sequence = m->sequence;
    COPY(out->container, m->container);
    COPY(out->timecode, m->timecode);
    for (int i = 0; i < m->stream_count; i++) {
        out->video_streams += m->streams[i].type == KF_STREAM_VIDEO;
        out->audio_streams += m->streams[i].type == KF_STREAM_AUDIO;
        out->subtitle_streams += m->streams[i].type == KF_STREAM_SUBTITLE;
    }
    if (m->best_video >= 0) describe_video(&m->streams[m->best_video], out);
    if (m->best_audio >= 0) describe_audio(&m->streams[m->best_audio], out);
}

kf_status kf_work_describe(const char *path, kf_media_summary *out, kf_str *json, kf_error *err)
{
    kf_media_params params = kf_media_params_default();
    kf_media *media;
    params.threads = 1;
    kf_status status = kf_media_open(path, &params, &media, err);
    if (status) return status;
    describe(kf_media_describe(media), out);
    if (json) kf_probe_write_json(kf_media_describe(media), json);
    kf_media_close(media);
    return json && json->failed ? kf_fail_memory(err) : KF_OK;
}

/* ---- In the disk cache: the summary, then the JSON ---- */

static bool ends(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

static bool plausible(const kf_media_summary *s)
{
    return ends(s->container, sizeof s->container) && ends(s->video_codec, sizeof s->video_codec) &&
           ends(s->audio_codec, sizeof s->audio_codec) && ends(s->pixel_format, sizeof s->pixel_format) &&
           ends(s->layout, sizeof s->layout) && ends(s->timecode, sizeof s->timecode) && ends(s->error, sizeof s->error);
}

static bool load(kf_disk_cache *cache, const char *key, kf_media_summary *out, kf_str *json)
{
    size_t length = 0;
    uint8_t *bytes = kf_disk_cache_get(cache, key, &length);
    bool good = bytes && length > sizeof *out && kf_utf8_valid((char *)bytes + sizeof *out, length - sizeof *out);
    if (good) memcpy(out, bytes, sizeof *out);
    good = good && plausible(out);
    if (good) kf_str_add_n(json, bytes + sizeof *out, length - sizeof *out);
    kf_free(bytes);
    return good && !json->failed;
}

static void store(kf_disk_cache *cache, const char *key, const kf_media_summary *s, const kf_str *json)
{
    kf_str bytes = {0};
    kf_str_add_n(&bytes, s, sizeof *s);
    kf_str_add_n(&bytes, json->data, json->length);
    if (!bytes.failed) kf_disk_cache_put(cache, key, bytes.data, bytes.length);
    kf_str_finish(&bytes);
}

/* ---- Probing ---- */

/* Without the mutex. */
static kf_status obtain(kf_worker *w, const char *path, const char *key, kf_media_summary *out, kf_str *json, kf_error *err)
{
    kf_disk_cache *cache = key ? kf_work_cache(w) : NULL;
    if (cache && load(cache, key, out, json)) return KF_OK;
    memset(out, 0, sizeof *out);
    json->length = 0;
    pthread_mutex_lock(&w->mutex);
    kf_work_count_open(w, 1);
    pthread_mutex_unlock(&w->mutex);
    kf_status status = kf_work_describe(path, out, json, err);
    pthread_mutex_lock(&w->mutex);
    kf_work_count_open(w, -1);
    pthread_mutex_unlock(&w->mutex);
    if (!status && cache) store(cache, key, out, json);
    return status;
}

/* Under the mutex. Takes summary and json. */
static void settle(kf_work_file *f, kf_media_summary *summary, kf_str *json, kf_status status, const kf_error *err)
{
    kf_free(f->summary);
    kf_free(f->json);
    f->summary = summary;
    f->json = status ? NULL : json->data;
    if (status) kf_str_finish(json);
    f->probed = (kf_fact){status == KF_OK, status != KF_OK};
    if (!summary) return;
    summary->bytes = f->size;
    summary->modified_ns = f->modified_ns;
    if (status) COPY(summary->error, err->message);
    if (status) return;
    f->opened = true;
    f->still = summary->still;
    f->duration = summary->duration > 0 ? summary->duration : KF_TIME_NONE;
}

static void run_probe(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_work_file *f = task->file;
    kf_error err = {0};
    kf_str json = {0};
    kf_media_summary *summary = KF_NEW(kf_media_summary);
    kf_work_file_look(w, f);
    uint64_t generation = f->generation;
    char *key = kf_work_file_key(f, "probe1");
    pthread_mutex_unlock(&w->mutex);
    kf_status status = summary ? obtain(w, f->path, key, summary, &json, &err) : kf_fail_memory(&err);
    pthread_mutex_lock(&w->mutex);
    kf_free(key);
    task->running = false;
    if (generation == f->generation) {
        settle(f, summary, &json, status, &err);
    } else {
        kf_free(summary);
        kf_str_finish(&json);
    }
    tell(w, f, KF_WORK_PROBE);
}

static void drop(kf_worker *w, kf_task *task)
{
    kf_error cancelled = {.status = KF_ERR_CANCELLED};
    kf_work_job_end(w, task, &cancelled, false);
}

const kf_task_kind kf_task_probe = {run_probe, drop};

kf_work_state kf_engine_worker_probe(kf_worker *w, const char *path, kf_work_urgency urgency, kf_media_summary *out)
{
    kf_work_state state = KF_WORK_PENDING;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, path, urgency);
    if (f && f->summary) *out = *f->summary;
    if (f && (f->probed.ready || f->probed.failed)) state = f->probed.ready ? KF_WORK_READY : KF_WORK_FAILED;
    if (f && state == KF_WORK_PENDING) kf_work_ask(w, &f->probe, urgency, NULL);
    pthread_mutex_unlock(&w->mutex);
    return state;
}

char *kf_engine_worker_probe_json(kf_worker *w, const char *path)
{
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, path, KF_WORK_LATER);
    char *copy = f ? kf_strdup(f->json) : NULL;
    pthread_mutex_unlock(&w->mutex);
    return copy;
}

/* ---- Hashing ---- */

static kf_status digest(kf_worker *w, kf_task *task, uint64_t *out, kf_error *err)
{
    const char *path = task->file->path;
    kf_hasher h;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    uint8_t *bytes = kf_alloc(READ_BYTES);
    kf_status status = fd < 0 ? kf_fail_errno(err, errno, "%s: cannot be read", path) : bytes ? KF_OK : kf_fail_memory(err);
    kf_hasher_init(&h);
    int64_t total = task->file->size > 0 ? task->file->size : 1;
    for (ssize_t n = 1; !status && n > 0;) {
        if (!kf_work_job_go_on(w, task, (double)h.total / (double)total)) status = kf_fail(err, KF_ERR_CANCELLED, "stopped");
        n = status ? 0 : read(fd, bytes, READ_BYTES);
        if (n < 0 && errno == EINTR) n = 1;
        else if (n < 0) status = kf_fail_errno(err, errno, "%s: reading failed", path);
        else kf_hasher_add(&h, bytes, (size_t)n);
    }
    if (fd >= 0) close(fd);
    kf_free(bytes);
    *out = kf_hasher_end(&h);
    return status;
}

static bool load_digest(kf_disk_cache *cache, const char *key, uint64_t *out)
{
    size_t length = 0;
    uint8_t *bytes = kf_disk_cache_get(cache, key, &length);
    bool good = bytes && length == sizeof *out;
    if (good) memcpy(out, bytes, sizeof *out);
    kf_free(bytes);
    return good;
}

static void run_digest(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_work_file *f = task->file;
    kf_error err = {0};
    uint64_t value = 0;
    if (task->job) task->job->info.state = KF_JOB_RUNNING;
    kf_work_file_look(w, f);
    uint64_t generation = f->generation;
    char *key = kf_work_file_key(f, "hash1");
    pthread_mutex_unlock(&w->mutex);
    kf_disk_cache *cache = key ? kf_work_cache(w) : NULL;
    bool loaded = load_digest(cache, key, &value);
    kf_status status = loaded ? KF_OK : digest(w, task, &value, &err);
    if (!status && !loaded && cache) kf_disk_cache_put(cache, key, &value, sizeof value);
    kf_free(key);
    pthread_mutex_lock(&w->mutex);
    bool current = generation == f->generation;
    kf_work_job_end(w, task, status ? &err : NULL, status && status != KF_ERR_CANCELLED && current);
    task->running = false;
    if (current) {
        f->digested = (kf_fact){!status, status != KF_OK};
        f->digest_value = value;
    }
    tell(w, f, KF_WORK_HASH);
}

const kf_task_kind kf_task_digest = {run_digest, drop};

kf_work_state kf_engine_worker_hash(kf_worker *w, const char *path, kf_work_urgency urgency, uint64_t *out)
{
    kf_work_state state = KF_WORK_PENDING;
    *out = 0;
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, path, urgency);
    if (f && (f->digested.ready || f->digested.failed)) state = f->digested.ready ? KF_WORK_READY : KF_WORK_FAILED;
    if (state == KF_WORK_READY) *out = f->digest_value;
    if (f && state == KF_WORK_PENDING) {
        if (!f->digest.job) kf_work_job_begin(w, &f->digest, KF_WORK_HASH, "Fingerprint of");
        kf_work_ask(w, &f->digest, urgency, NULL);
    }
    pthread_mutex_unlock(&w->mutex);
    return state;
}
