/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/worker.h: arguments are checked here, the work is done in engine. */
#include <string.h>

#include "base/api/status.h"
#include "engine/api/worker.h"

kf_worker_params kf_worker_params_default(void)
{
    return (kf_worker_params){0};
}

kf_status kf_worker_create(const kf_worker_params *params, kf_worker **out, kf_error *error)
{
    kf_worker_params p = params ? *params : kf_worker_params_default();
    *out = NULL;
    if (p.threads < 0 || p.threads > 16)
        return kf_fail(error, KF_ERR_USAGE, "%d threads: give a number from 1 to 16, or 0", (int)p.threads);
    if (p.nice < 0 || p.nice > 19) return kf_fail(error, KF_ERR_USAGE, "a niceness of %d: give 1 to 19, or 0", (int)p.nice);
    if (p.disk_bytes < 0 || p.memory_bytes < 0) return kf_fail(error, KF_ERR_USAGE, "a limit of the cache is negative");
    return kf_engine_worker_create(&p, out, error);
}

void kf_worker_destroy(kf_worker *worker)
{
    kf_engine_worker_destroy(worker);
}

uint64_t kf_worker_listen(kf_worker *worker, kf_work_fn *fn, void *context)
{
    return kf_engine_worker_listen(worker, fn, context);
}

void kf_worker_unlisten(kf_worker *worker, uint64_t listener)
{
    kf_engine_worker_unlisten(worker, listener);
}

void kf_worker_forget(kf_worker *worker, const void *owner)
{
    kf_engine_worker_forget(worker, owner);
}

static bool is_path(const char *path)
{
    return path && *path;
}

static kf_work_urgency settle(kf_work_urgency urgency)
{
    return urgency < KF_WORK_VISIBLE || urgency > KF_WORK_LATER ? KF_WORK_LATER : urgency;
}

void kf_worker_refresh(kf_worker *worker, const char *path)
{
    if (is_path(path)) kf_engine_worker_refresh(worker, path);
}

kf_time kf_thumbnail_step(kf_time spacing)
{
    return kf_engine_thumbnail_step(spacing);
}

kf_work_state kf_worker_thumbnail(kf_worker *worker, const kf_thumbnail_request *request, const kf_thumbnail **out)
{
    kf_thumbnail_request r = *request;
    *out = NULL;
    if (!is_path(r.path) || r.stream < -1 || r.stream > 65535) return KF_WORK_FAILED;
    r.urgency = settle(r.urgency);
    return kf_engine_worker_thumbnail(worker, &r, out);
}

void kf_thumbnail_release(const kf_thumbnail *thumbnail)
{
    kf_engine_thumbnail_release(thumbnail);
}

kf_work_state kf_worker_peaks(kf_worker *worker, const kf_peaks_query *query, kf_peak_column *columns,
                              kf_peaks_info *info)
{
    kf_peaks_query q = *query;
    if (info) *info = (kf_peaks_info){0};
    q.count = q.count < 0 ? 0 : q.count;
    if (!is_path(q.path) || q.stream < -1) {
        memset(columns, 0, (size_t)q.count * sizeof *columns);
        return KF_WORK_FAILED;
    }
    q.urgency = settle(q.urgency);
    return kf_engine_worker_peaks(worker, &q, columns, info);
}

kf_work_state kf_worker_probe(kf_worker *worker, const char *path, kf_work_urgency urgency, kf_media_summary *out)
{
    memset(out, 0, sizeof *out);
    return is_path(path) ? kf_engine_worker_probe(worker, path, settle(urgency), out) : KF_WORK_FAILED;
}

char *kf_worker_probe_json(kf_worker *worker, const char *path)
{
    return is_path(path) ? kf_engine_worker_probe_json(worker, path) : NULL;
}

kf_work_state kf_worker_hash(kf_worker *worker, const char *path, kf_work_urgency urgency, uint64_t *out)
{
    *out = 0;
    return is_path(path) ? kf_engine_worker_hash(worker, path, settle(urgency), out) : KF_WORK_FAILED;
}

int32_t kf_proxy_preset_count(void)
{
    return kf_engine_proxy_preset_count();
}

kf_proxy_preset kf_proxy_preset_get(int32_t index)
{
    bool there = index >= 0 && index < kf_engine_proxy_preset_count();
    return there ? kf_engine_proxy_preset_get(index) : (kf_proxy_preset){"", "", ""};
}

kf_status kf_worker_make_proxy(kf_worker *worker, const kf_proxy_request *request, uint64_t *job, kf_error *error)
{
    *job = 0;
    if (!is_path(request->path)) return kf_fail(error, KF_ERR_USAGE, "a proxy of what? The path is missing");
    return kf_engine_worker_make_proxy(worker, request, job, error);
}

kf_work_state kf_worker_conform(kf_worker *worker, const char *media, int32_t stream, int32_t sample_rate, char **path)
{
    *path = NULL;
    if (!is_path(media) || stream < -1 || sample_rate < 8000 || sample_rate > 768000) return KF_WORK_FAILED;
    return kf_engine_worker_conform(worker, media, stream, sample_rate, path);
}

bool kf_worker_job(kf_worker *worker, uint64_t job, kf_work_job *out)
{
    return kf_engine_worker_job(worker, job, out);
}

int32_t kf_worker_jobs(kf_worker *worker, kf_work_job *jobs, int32_t capacity)
{
    return kf_engine_worker_jobs(worker, jobs, capacity);
}

void kf_worker_pause_job(kf_worker *worker, uint64_t job, bool paused)
{
    kf_engine_worker_pause_job(worker, job, paused);
}

void kf_worker_cancel_job(kf_worker *worker, uint64_t job)
{
    kf_engine_worker_cancel_job(worker, job);
}

void kf_worker_clear_jobs(kf_worker *worker)
{
    kf_engine_worker_clear_jobs(worker);
}

void kf_worker_set_busy(kf_worker *worker, bool busy)
{
    kf_engine_worker_set_busy(worker, busy);
}

bool kf_worker_wait(kf_worker *worker, double seconds)
{
    return kf_engine_worker_wait(worker, seconds > 0 ? seconds < 1e6 ? seconds : 1e6 : 0);
}

kf_worker_stats kf_worker_get_stats(kf_worker *worker)
{
    return kf_engine_worker_stats(worker);
}

const char *kf_worker_folder(const kf_worker *worker)
{
    return kf_engine_worker_folder(worker);
}

void kf_worker_clear_cache(kf_worker *worker)
{
    kf_engine_worker_clear_cache(worker);
}
