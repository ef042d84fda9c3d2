/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The background worker, as kerf/worker.h describes it. Arguments are legal: src/api has looked at them. */
#ifndef KF_ENGINE_API_WORKER_H
#define KF_ENGINE_API_WORKER_H

#include "kerf/worker.h"

kf_status kf_engine_worker_create(const kf_worker_params *params, kf_worker **out, kf_error *err);
void kf_engine_worker_destroy(kf_worker *worker);
uint64_t kf_engine_worker_listen(kf_worker *worker, kf_work_fn *fn, void *context);
void kf_engine_worker_unlisten(kf_worker *worker, uint64_t listener);
void kf_engine_worker_forget(kf_worker *worker, const void *owner);
void kf_engine_worker_refresh(kf_worker *worker, const char *path);
kf_time kf_engine_thumbnail_step(kf_time spacing);
kf_work_state kf_engine_worker_thumbnail(kf_worker *worker, const kf_thumbnail_request *request,
                                         const kf_thumbnail **out);
void kf_engine_thumbnail_release(const kf_thumbnail *thumbnail);
kf_work_state kf_engine_worker_peaks(kf_worker *worker, const kf_peaks_query *query, kf_peak_column *columns,
                                     kf_peaks_info *info);
kf_work_state kf_engine_worker_probe(kf_worker *worker, const char *path, kf_work_urgency urgency,
                                     kf_media_summary *out);
char *kf_engine_worker_probe_json(kf_worker *worker, const char *path);
kf_work_state kf_engine_worker_hash(kf_worker *worker, const char *path, kf_work_urgency urgency, uint64_t *out);
int32_t kf_engine_worker_jobs(kf_worker *worker, kf_work_job *jobs, int32_t capacity);
bool kf_engine_worker_job(kf_worker *worker, uint64_t job, kf_work_job *out);
int32_t kf_engine_proxy_preset_count(void);
kf_proxy_preset kf_engine_proxy_preset_get(int32_t index);
kf_status kf_engine_worker_make_proxy(kf_worker *worker, const kf_proxy_request *request, uint64_t *job,
                                      kf_error *err);
kf_work_state kf_engine_worker_conform(kf_worker *worker, const char *media, int32_t stream, int32_t sample_rate,
                                       char **path);
void kf_engine_worker_pause_job(kf_worker *worker, uint64_t job, bool paused);
void kf_engine_worker_cancel_job(kf_worker *worker, uint64_t job);
void kf_engine_worker_clear_jobs(kf_worker *worker);
void kf_engine_worker_set_busy(kf_worker *worker, bool busy);
bool kf_engine_worker_wait(kf_worker *worker, double seconds);
kf_worker_stats kf_engine_worker_stats(kf_worker *worker);
const char *kf_engine_worker_folder(const kf_worker *worker);
void kf_engine_worker_clear_cache(kf_worker *worker);

#endif
