/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* New jobs: a copy of the film, and the words that tell `kerf render` what to make of it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/engine.h"
#include "engine/api/queue.h"
#include "engine/queue_jobs.h"
#include "engine/settings.h"

/* ---- Params as words ---- */

typedef struct words {
    kf_queue_job *job;
    bool failed;
} words;

static void put(words *w, const char *word)
{
    w->failed = w->failed || !kf_queue_argument(w->job, word);
}

static void put_text(words *w, const char *option, const char *value)
{
    if (!value) return;
    put(w, option);
    put(w, value);
}

static void put_int(words *w, const char *option, int64_t value, int64_t unset)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    if (value != unset) put_text(w, option, text);
}

static void put_flag(words *w, const char *option, bool value)
{
    if (value) put(w, option);
}

/* Seconds to twelve places: more than a flick needs, so that the time is read back exactly. */
static void format_time(kf_time t, char *out, size_t size)
{
    int64_t rest = t % KF_SECOND;
    uint64_t picoseconds = (uint64_t)(((unsigned __int128)rest * 1000000000000u + KF_SECOND / 2) / KF_SECOND);
    snprintf(out, size, "%" PRId64 ".%012" PRIu64, t / KF_SECOND, picoseconds);
}

static void put_range(words *w, kf_time start, kf_time end)
{
    char from[40] = "", to[40] = "", range[90];
    if (start == KF_TIME_NONE && end == KF_TIME_NONE) return;
    if (start != KF_TIME_NONE) format_time(start, from, sizeof from);
    if (end != KF_TIME_NONE) format_time(end, to, sizeof to);
    snprintf(range, sizeof range, "%s..%s", from, to);
    put_text(w, "--range", range);
}

static void put_shape(words *w, const kf_settings *s, const kf_render_params *p)
{
    char text[40];
    snprintf(text, sizeof text, "%dx%d", s->width, s->height);
    if (p->width > 0 || p->height > 0) put_text(w, "--size", text);
    snprintf(text, sizeof text, "%d/%d", (int)p->rate.num, (int)p->rate.den);
    if (p->rate.num > 0) put_text(w, "--rate", text);
}

static bool put_params(kf_queue_job *job, const kf_render_params *p, const kf_settings *s)
{
    words w = {.job = job};
    put_flag(&w, "--overwrite", p->overwrite);
    put_flag(&w, "--allow-missing", p->allow_missing);
    put_flag(&w, "--clamp-ranges", p->clamp_ranges);
    put_flag(&w, "--vfr", p->variable_rate);
    put_flag(&w, "--reference", p->reference);
    put_range(&w, p->start, p->end);
    put_text(&w, "--sequence", p->sequence);
    put_text(&w, "--preset", p->preset);
    put_text(&w, "--video-codec", p->video_codec);
    put_text(&w, "--audio-codec", p->audio_codec);
    put_text(&w, "--speed", p->speed);
    put_text(&w, "--pixel-format", p->pixel_format);
    put_text(&w, "--profile-name", p->profile);
    put_text(&w, "--isa", p->instruction_set);
    put_int(&w, "--crf", p->crf < 0 ? -1 : p->crf, -1);
    put_int(&w, "--bitrate", p->video_bitrate, 0);
    put_int(&w, "--audio-bitrate", p->audio_bitrate, 0);
    put_int(&w, "--threads", p->threads, 0);
    put_int(&w, "--memory", (p->memory + 999999) / 1000000, 0);
    put_shape(&w, s, p);
    return !w.failed;
}

/* ---- The output ---- */

/* A path that means the same whatever folder a process is in. */
static kf_status absolute_output(const char *output, const char **out, kf_error *err)
{
    char *folder = kf_path_folder(output), *real = folder ? realpath(folder, NULL) : NULL;
    kf_status status = KF_OK;
    char *path = real ? kf_path_join(real, kf_path_name(output)) : NULL;
    if (!folder || (real && !path))
        status = kf_fail_memory(err);
    else if (!real)
        status = kf_fail(err, KF_ERR_NOT_FOUND, "cannot write %s: there is no folder %s; create it first", output, folder);
    else if (access(real, W_OK) != 0)
        status = kf_fail(err, KF_ERR_IO, "cannot write %s: no permission to create files in %s; choose another folder",
                         output, real);
    kf_free(folder);
    free(real);
    *out = status == KF_OK ? path : NULL;
    return status;
}

static bool overwrites(const kf_queue_job *job)
{
    for (size_t i = 0; i < job->argument_count; i++)
        if (strcmp(job->arguments[i], "--overwrite") == 0) return true;
    return false;
}

static bool unfinished(const kf_queue_job *job)
{
    return job->info.state <= KF_JOB_PAUSED || job->process;
}

kf_status kf_queue_check_free(const kf_queue_jobs *jobs, const kf_queue_job *job, kf_error *err)
{
    const char *output = job->info.output;
    struct stat there;
    if (overwrites(job)) return KF_OK;
    if (stat(output, &there) == 0 && S_ISREG(there.st_mode))
        return kf_fail(err, KF_ERR_EXISTS,
                       "%s is already there; ask for overwriting (--overwrite) or choose another name", output);
    for (size_t i = 0; i < jobs->count; i++) {
        const kf_queue_job *other = &jobs->items[i];
        if (other == job || !unfinished(other) || strcmp(other->info.output, output) != 0) continue;
        return kf_fail(err, KF_ERR_EXISTS, "%s is written by job %" PRIu64 " of the queue already; ask for overwriting "
                       "(--overwrite) or choose another name", output, other->info.id);
    }
    return KF_OK;
}

/* ---- The film ---- */

/* Room for the number of the job's process, which a full disk must not stop from being kept. */
static kf_status keep_place(const char *folder, kf_error *err)
{
    static const char blank[] = "0                      \n";
    char *path = kf_path_join(folder, "process");
    kf_status status = path ? kf_file_write_atomic(path, blank, sizeof blank - 1, err) : kf_fail_memory(err);
    kf_free(path);
    return status;
}

/* In a folder of its own, which is the job's once it has a number. */
static kf_status keep_film(const char *folder, const kf_film *film, kf_error *err)
{
    kf_str text = {0};
    kf_status status = kf_film_write_json(kf_film_snapshot(film), &text, err);
    char *path = kf_path_join(folder, "film.json");
    if (status == KF_OK && !path) status = kf_fail_memory(err);
    if (status == KF_OK) status = kf_file_write_atomic(path, text.data, text.length, err);
    kf_free(path);
    kf_str_finish(&text);
    return status == KF_OK ? keep_place(folder, err) : status;
}

static bool set_folder(kf_queue_job *job, const kf_film *film)
{
    const char *folder = kf_film_folder(film);
    char *real = realpath(*folder ? folder : ".", NULL);
    job->folder = kf_strdup(real ? real : folder);
    free(real);
    return job->folder != NULL;
}

/* The pipe's name, whose extension says what the process is to write; its folder is known later. */
static kf_status name_stream(kf_queue_job *job, const char *container, kf_error *err)
{
    char name[64];
    if (!container || kf_container_find(container) < 0)
        return kf_fail(err, KF_ERR_INVALID, "there is no container \"%s\"; `kerf formats` lists them",
                       container ? container : "");
    snprintf(name, sizeof name, "stream.%s", kf_container_get(kf_container_find(container)).extensions[0]);
    job->streams = true;
    return kf_queue_text(&job->info.output, name) ? KF_OK : kf_fail_memory(err);
}

/* ---- Adding ---- */

static kf_status describe(const kf_engine_job *params, kf_queue_job *job, kf_error *err)
{
    kf_settings settings;
    kf_render_params p = *params->render;
    kf_status status = KF_OK;
    p.write = params->write;
    if (p.write)
        p.output = NULL;
    else
        status = absolute_output(p.output, &job->info.output, err);
    if (status != KF_OK) return status;
    if (!p.write) p.output = job->info.output;
    if (!p.write) status = kf_engine_check_output(params->film, params->film_path, p.output, err);
    if (status != KF_OK) return status;
    status = kf_settings_resolve(kf_film_snapshot(params->film), &p, &settings, err);
    job->info.progress.frames = settings.frames;
    if (status == KF_OK && p.write) status = name_stream(job, settings.writer.container, err);
    const char *name = params->name ? params->name : job->info.output ? kf_path_name(job->info.output) : "";
    bool good = put_params(job, &p, &settings) && set_folder(job, params->film) &&
                kf_queue_text(&job->info.name, name) && kf_queue_text(&job->info.preset, p.preset ? p.preset : "") &&
                kf_queue_text(&job->info.message, "") && kf_queue_text(&job->info.warning, "");
    kf_settings_finish(&settings);
    return status == KF_OK && !good ? kf_fail_memory(err) : status;
}

/* In the job's folder. */
static kf_status open_stream(kf_queue_job *job, const char *folder, const kf_engine_job *params, kf_error *err)
{
    char *path = kf_path_join(folder, job->info.output);
    bool good = path && kf_queue_text(&job->info.output, path);
    kf_free(path);
    if (!good) return kf_fail_memory(err);
    return kf_queue_stream_start(job->info.output, params->write, params->context, &job->stream, err);
}

/* Gives the job its number and its folder, and puts it into the list. */
static kf_status enlist(kf_render_queue *queue, kf_queue_job *job, const char *made, const kf_engine_job *params,
                        kf_error *err)
{
    kf_queue_jobs *jobs;
    kf_status status = kf_queue_enter(queue, &jobs, err);
    if (status != KF_OK) return status;
    job->info.id = jobs->next;
    job->info.added = (int64_t)time(NULL);
    char *folder = kf_queue_job_path(queue, job->info.id);
    status = job->streams ? KF_OK : kf_queue_check_free(jobs, job, err);
    if (folder) kf_queue_folder_remove(folder); /* of an attempt whose number could not be kept */
    if (status == KF_OK && (!folder || rename(made, folder) != 0))
        status = kf_fail_errno(err, errno, "%s: the folder of a job cannot be made", folder ? folder : made);
    if (status == KF_OK && job->streams) status = open_stream(job, folder, params, err);
    if (status == KF_OK && !kf_queue_jobs_add(jobs, job)) status = kf_fail_memory(err);
    bool added = status == KF_OK;
    jobs->next += added;
    kf_status left = kf_queue_leave(queue, added, err);
    if (added) *job = (kf_queue_job){.info.id = job->info.id, .leash = -1};
    kf_free(folder);
    return status == KF_OK ? left : status;
}

kf_status kf_engine_queue_add(kf_render_queue *queue, const kf_engine_job *params, uint64_t *id, kf_error *err)
{
    kf_queue_job job = {.leash = -1, .since = -1, .info.progress.eta_seconds = -1};
    char *made = kf_queue_path(queue, "new-XXXXXX");
    kf_status status = !made ? kf_fail_memory(err) : describe(params, &job, err);
    if (status == KF_OK && !mkdtemp(made)) {
        status = kf_fail_errno(err, errno, "%s: the folder of a job cannot be made", made);
    } else if (status == KF_OK) {
        status = keep_film(made, params->film, err);
        if (status == KF_OK) status = enlist(queue, &job, made, params, err);
        if (status != KF_OK) kf_queue_folder_remove(made);
    }
    if (status == KF_OK && id) *id = job.info.id;
    kf_queue_job_finish(&job);
    kf_free(made);
    return status;
}
