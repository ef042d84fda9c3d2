/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* queue.json, and the lines that a job's process says. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "engine/api/queue.h"
#include "engine/queue_jobs.h"

enum { VERSION = 1, BYTES_MAX = 256 << 20, CHUNK = 65536 };

/* ---- Fields that are the same on disk and in memory ---- */

typedef struct number_field {
    const char *key;
    size_t offset;           /* in kf_queue_job, int64_t */
} number_field;
typedef struct text_field {
    const char *key;
    size_t offset;           /* in kf_queue_job, char * */
} text_field;
typedef struct flag_field {
    const char *key;
    size_t offset;           /* in kf_queue_job, bool */
} flag_field;

#define AT(member) offsetof(kf_queue_job, member)
static const number_field numbers[] = {
    {"id", AT(info.id)}, {"added", AT(info.added)}, {"started", AT(info.started)}, {"ended", AT(info.ended)},
    {"bytes", AT(info.bytes)}, {"frame", AT(info.progress.frame)}, {"frames", AT(info.progress.frames)}};
static const text_field texts[] = {
    {"name", AT(info.name)}, {"output", AT(info.output)}, {"preset", AT(info.preset)}, {"folder", AT(folder)},
    {"message", AT(info.message)}, {"warning", AT(info.warning)}};
static const flag_field flags[] = {{"process", AT(process)}, {"bound", AT(bound)}, {"removed", AT(removed)},
                                   {"streams", AT(streams)}};
#define COUNT(table) (sizeof(table) / sizeof *(table))
#define FIELD(job, row, type) ((type *)((char *)(job) + (row).offset))

static const char *text_of(const kf_json *object, const char *key)
{
    const kf_json *value = kf_json_get(object, key);
    return value && value->type == KF_JSON_STRING ? value->text : "";
}

static double number_of(const kf_json *object, const char *key)
{
    const kf_json *value = kf_json_get(object, key);
    return value && value->type == KF_JSON_NUMBER ? value->number : 0;
}

static int64_t integer_of(const kf_json *object, const char *key)
{
    const kf_json *value = kf_json_get(object, key);
    return value && value->type == KF_JSON_NUMBER && value->is_integer ? value->integer : 0;
}

/* ---- Reading ---- */

static bool read_arguments(const kf_json *list, kf_queue_job *job)
{
    for (const kf_json *v = list ? list->first : NULL; v; v = v->next)
        if (v->type == KF_JSON_STRING && !kf_queue_argument(job, v->text)) return false;
    return true;
}

static kf_job_state state_of(const char *name)
{
    for (kf_job_state s = KF_JOB_QUEUED; s <= KF_JOB_CANCELLED; s++)
        if (strcmp(kf_engine_job_state_name(s), name) == 0) return s;
    return KF_JOB_FAILED;
}

static bool read_job(const kf_json *object, kf_queue_job *job)
{
    bool good = true;
    *job = (kf_queue_job){.leash = -1, .since = -1};
    for (size_t i = 0; i < COUNT(numbers); i++) *FIELD(job, numbers[i], int64_t) = integer_of(object, numbers[i].key);
    for (size_t i = 0; i < COUNT(flags); i++) {
        const kf_json *value = kf_json_get(object, flags[i].key);
        *FIELD(job, flags[i], bool) = value && value->type == KF_JSON_BOOL && value->boolean;
    }
    for (size_t i = 0; i < COUNT(texts); i++)
        good = kf_queue_text(FIELD(job, texts[i], const char *), text_of(object, texts[i].key)) && good;
    job->info.state = state_of(text_of(object, "state"));
    job->info.status = (kf_status)integer_of(object, "status");
    job->info.warnings = (int32_t)integer_of(object, "warnings");
    job->info.progress.seconds = number_of(object, "seconds");
    job->info.progress.eta_seconds = -1;
    if (job->process) job->info.warnings = 0; /* heard anew */
    return read_arguments(kf_json_get(object, "arguments"), job) && good;
}

static kf_status read_jobs(const kf_json *root, const char *path, kf_queue_jobs *out, kf_error *err)
{
    if (integer_of(root, "queue") > VERSION)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s is of a newer version of Kerf; use that one", path);
    const kf_json *list = kf_json_get(root, "jobs");
    out->next = (uint64_t)integer_of(root, "next");
    for (const kf_json *v = list ? list->first : NULL; v; v = v->next) {
        kf_queue_job job;
        bool good = read_job(v, &job);
        if (good && job.info.id != 0 && job.info.id < out->next && kf_queue_jobs_add(out, &job)) continue;
        kf_queue_job_finish(&job);
        return good ? kf_fail(err, KF_ERR_PARSE, "%s is damaged: job %llu; move it away to begin with an empty queue",
                              path, (unsigned long long)job.info.id) : kf_fail_memory(err);
    }
    return KF_OK;
}

kf_status kf_queue_read(const char *path, kf_queue_jobs *out, kf_error *err)
{
    char *bytes;
    size_t length;
    kf_json_doc *doc = NULL;
    *out = (kf_queue_jobs){.next = 1};
    if (access(path, F_OK) != 0) return KF_OK;
    kf_status status = kf_file_read(path, BYTES_MAX, &bytes, &length, err);
    if (status != KF_OK) return status;
    status = kf_json_parse(bytes, length, path, 0, &doc, err);
    if (status == KF_OK) status = read_jobs(kf_json_root(doc), path, out, err);
    if (status != KF_OK) kf_queue_jobs_finish(out);
    kf_json_free(doc);
    kf_free(bytes);
    return status;
}

/* ---- Writing ---- */

static void write_job(kf_json_writer *w, const kf_queue_job *job)
{
    kf_json_begin_object(w);
    for (size_t i = 0; i < COUNT(numbers); i++) kf_json_put_int(w, numbers[i].key, *FIELD(job, numbers[i], int64_t));
    for (size_t i = 0; i < COUNT(texts); i++)
        kf_json_put_string(w, texts[i].key, *FIELD(job, texts[i], const char *));
    for (size_t i = 0; i < COUNT(flags); i++) kf_json_put_bool(w, flags[i].key, *FIELD(job, flags[i], bool));
    kf_json_put_string(w, "state", kf_engine_job_state_name(job->info.state));
    kf_json_put_int(w, "status", job->info.status);
    kf_json_put_int(w, "warnings", job->info.warnings);
    kf_json_put_number(w, "seconds", job->info.progress.seconds);
    kf_json_key(w, "arguments");
    kf_json_begin_array(w);
    for (size_t i = 0; i < job->argument_count; i++) kf_json_write_string(w, job->arguments[i]);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

kf_status kf_queue_write(const char *path, const kf_queue_jobs *jobs, kf_error *err)
{
    kf_str text = {0};
    kf_json_writer w = {.out = &text};
    kf_json_begin_object(&w);
    kf_json_put_int(&w, "queue", VERSION);
    kf_json_put_int(&w, "next", (int64_t)jobs->next);
    kf_json_key(&w, "jobs");
    kf_json_begin_array(&w);
    for (size_t i = 0; i < jobs->count; i++) write_job(&w, &jobs->items[i]);
    kf_json_end_array(&w);
    kf_json_end_object(&w);
    kf_str_add(&text, "\n");
    kf_status status = text.failed ? kf_fail_memory(err) : kf_file_write_atomic(path, text.data, text.length, err);
    kf_str_finish(&text);
    return status;
}

/* ---- What a process says ---- */

/* From the speed since the run began or went on. */
static double time_left(const kf_progress *p, kf_queue_job *job)
{
    if (p->stage != KF_STAGE_RENDER || job->info.state != KF_JOB_RUNNING) {
        job->since = -1;
    } else if (job->since < 0) {
        job->since = p->seconds;
        job->since_frame = p->frame;
    } else if (p->frame > job->since_frame && p->seconds - job->since > 0.3) {
        return (double)(p->frames - p->frame) * (p->seconds - job->since) / (double)(p->frame - job->since_frame);
    }
    return -1;
}

static void hear_progress(const kf_json *line, kf_queue_job *job)
{
    const char *stage = text_of(line, "stage");
    kf_progress p = {
        .stage = strcmp(stage, "open") == 0 ? KF_STAGE_OPEN : strcmp(stage, "render") == 0 ? KF_STAGE_RENDER
                                                                                           : KF_STAGE_FINISH,
        .frame = integer_of(line, "frame"), .frames = integer_of(line, "frames"), .seconds = number_of(line, "seconds"),
        .frames_per_second = number_of(line, "fps"), .speed = number_of(line, "speed")};
    p.eta_seconds = time_left(&p, job);
    job->info.progress = p;
}

static void hear_end(const kf_json *line, kf_queue_job *job)
{
    kf_render_job *info = &job->info;
    info->progress.frame = info->progress.frames = integer_of(line, "frames");
    info->progress.seconds = number_of(line, "seconds");
    info->progress.speed = number_of(line, "speed");
    info->bytes = integer_of(line, "bytes");
    job->finished = true;
}

static void hear_line(const char *text, size_t length, kf_queue_job *job)
{
    kf_json_doc *doc;
    kf_render_job *info = &job->info;
    if (kf_json_parse(text, length, "line", 0, &doc, NULL) != KF_OK) return;
    const kf_json *line = kf_json_root(doc);
    if (kf_json_get(line, "stage")) {
        hear_progress(line, job);
    } else if (kf_json_get(line, "warning")) {
        info->warnings++;
        kf_queue_text(&info->warning, text_of(line, "warning"));
    } else if (kf_json_get(line, "error")) {
        info->status = (kf_status)integer_of(line, "code");
        kf_queue_text(&info->message, text_of(line, "message"));
    } else if (kf_json_get(line, "done")) {
        hear_end(line, job);
    }
    kf_json_free(doc);
}

/* Whole lines of a piece; returns the bytes that they take. */
static size_t hear_lines(const char *bytes, size_t length, kf_queue_job *job)
{
    size_t done = 0;
    for (const char *end; (end = memchr(bytes + done, '\n', length - done)); done = (size_t)(end - bytes) + 1)
        hear_line(bytes + done, (size_t)(end - bytes) - done, job);
    return done;
}

bool kf_queue_hear(const char *folder, kf_queue_job *job)
{
    char *path = kf_path_join(folder, "said"), *bytes = kf_alloc(CHUNK);
    int fd = path && bytes ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    bool news = false;
    ssize_t n;
    while (fd >= 0 && (n = pread(fd, bytes, CHUNK, job->read)) > 0) {
        size_t used = hear_lines(bytes, (size_t)n, job);
        if (used == 0) break;
        job->read += (int64_t)used;
        news = true;
    }
    if (fd >= 0) close(fd);
    kf_free(path);
    kf_free(bytes);
    return news;
}
