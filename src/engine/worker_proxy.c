/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proxies, as jobs. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/worker.h"
#include "engine/worker.h"
#include "media/api/proxy.h"

typedef struct preset {
    kf_proxy_preset shown;
    const char *codec;         /* NULL: by the pictures */
    int lines, divide;
} preset;

static const preset presets[] = {
    {{"proxy-720", "720 lines", "at most 720 lines; DNxHR LB, or ProRes where there are more than 8 bits or alpha"}, NULL, 720, 1},
    {{"prores-720", "ProRes Proxy, 720 lines", "at most 720 lines; slow to make"}, "prores", 720, 1},
    {{"dnxhr-720", "DNxHR LB, 720 lines", "at most 720 lines; 8 bits"}, "dnxhr", 720, 1},
    {{"half", "Half size", "half the width and height"}, NULL, 0, 2},
    {{"quarter", "Quarter size", "a quarter of the width and height"}, NULL, 0, 4},
};
enum { PRESETS = sizeof presets / sizeof *presets };

int32_t kf_engine_proxy_preset_count(void)
{
    return PRESETS;
}

kf_proxy_preset kf_engine_proxy_preset_get(int32_t index)
{
    return presets[index].shown;
}

static kf_status find_preset(const char *name, int *out, kf_error *err)
{
    const char *names[PRESETS];
    *out = 0;
    if (!name || !*name) return KF_OK;
    for (int i = 0; i < PRESETS; i++) {
        names[i] = presets[i].shown.name;
        *out = i;
        if (strcmp(name, names[i]) == 0) return KF_OK;
    }
    const char *close = kf_closest(name, names, PRESETS);
    return kf_fail(err, KF_ERR_NOT_FOUND, "there is no proxy preset \"%s\"; %s%s", name,
                   close ? "did you mean " : "the default is ", close ? close : names[0]);
}

/* ---- Running ---- */

static bool go_on(void *ctx, double progress)
{
    kf_proxy_work *p = ctx;
    return kf_work_job_go_on(p->worker, &p->task, progress);
}

/* "FOLDER/bunny.1a2b3c4d.proxy-720.mov": the number tells files of one name, and versions of one file, apart. */
static char *output_path(const kf_proxy_work *p)
{
    const kf_work_file *f = p->task.file;
    const char *name = kf_path_name(f->path), *dot = strrchr(name, '.');
    char *key = kf_work_file_key(f, "proxy1");
    uint32_t number = 2166136261u;
    for (const char *at = key ? key : ""; *at; at++) number = (number ^ (uint8_t)*at) * 16777619u;
    int stem = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
    kf_str path = {0};
    kf_str_addf(&path, "%s/%.*s.%08x.%s.mov", p->folder, stem > 150 ? 150 : stem, name, (unsigned)number,
                presets[p->preset].shown.name);
    kf_free(key);
    if (path.failed) kf_str_finish(&path);
    for (char *at = path.data ? strrchr(path.data, '/') : NULL; at && *at; at++)
        if (*at == '%') *at = '_'; /* of numbered pictures */
    return path.data;
}

static bool is_there(const char *path)
{
    kf_media *media;
    if (access(path, R_OK) != 0 || kf_media_open(path, NULL, &media, NULL)) return false;
    kf_media_close(media);
    return true;
}

static kf_status make(kf_proxy_work *p, const char *output, kf_error *err)
{
    const preset *how = &presets[p->preset];
    kf_proxy_params params = {.path = p->task.file->path, .output = output, .rate = p->rate, .codec = how->codec,
                              .lines = how->lines, .divide = how->divide, .go_on = go_on, .ctx = p};
    if (!go_on(p, 0)) return kf_fail(err, KF_ERR_CANCELLED, "stopped");
    if (is_there(output)) return KF_OK;
    kf_status status = kf_folder_make(p->folder, err);
    return status ? status : kf_proxy_write(&params, err);
}

static void remove_work(kf_worker *w, kf_proxy_work *p)
{
    kf_proxy_work **at = &w->proxies;
    while (*at != p) at = &(*at)->next;
    *at = p->next;
    kf_free(p->folder);
    kf_free(p);
}

static void end_work(kf_worker *w, kf_proxy_work *p, const char *output, const kf_error *err)
{
    if (!err && p->task.job) snprintf(p->task.job->info.output, sizeof p->task.job->info.output, "%s", output);
    kf_work_job_end(w, &p->task, err, true);
    remove_work(w, p);
}

static void run_proxy(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_proxy_work *p = (kf_proxy_work *)task;
    kf_work_file *f = task->file;
    kf_error err = {0};
    uint64_t id = task->job ? task->job->info.id : 0;
    kf_work_file_look(w, f);
    char *output = output_path(p);
    kf_work_count_open(w, 1);
    pthread_mutex_unlock(&w->mutex);
    kf_status status = output ? make(p, output, &err) : kf_fail_memory(&err);
    pthread_mutex_lock(&w->mutex);
    kf_work_count_open(w, -1);
    end_work(w, p, output, status ? &err : NULL);
    pthread_mutex_unlock(&w->mutex);
    kf_free(output);
    kf_work_tell(w, &(kf_work_event){KF_WORK_PROXY, f->path, -1, id, true});
    pthread_mutex_lock(&w->mutex);
}

static void drop_proxy(kf_worker *w, kf_task *task)
{
    kf_error cancelled = {.status = KF_ERR_CANCELLED};
    end_work(w, (kf_proxy_work *)task, NULL, &cancelled);
}

static const kf_task_kind task_proxy = {run_proxy, drop_proxy};

/* ---- Asking ---- */

static char *folder_for(const kf_worker *w, const kf_proxy_request *r)
{
    if (r->folder && *r->folder) return kf_strdup(r->folder);
    return w->folder ? kf_path_join(w->folder, "proxies") : NULL;
}

static kf_proxy_work *find_work(const kf_worker *w, const kf_work_file *f, int number, const char *folder)
{
    kf_proxy_work *p = w->proxies;
    while (p && (p->task.file != f || p->preset != number || strcmp(p->folder, folder) != 0 || !p->task.job)) p = p->next;
    return p;
}

/* Under the mutex. Takes the folder if it is new. */
static kf_proxy_work *begin(kf_worker *w, const kf_proxy_request *r, int number, char *folder)
{
    kf_work_file *f = kf_work_file_get(w, r->path, KF_WORK_LATER);
    kf_proxy_work *p = f ? find_work(w, f, number, folder) : NULL;
    if (p) return p;
    p = f ? KF_NEW(kf_proxy_work) : NULL;
    if (!p) return NULL;
    *p = (kf_proxy_work){.task = {.kind = &task_proxy, .file = f, .lane = KF_LANE_BULK}, .worker = w, .preset = number,
                         .rate = r->rate};
    p->folder = kf_strdup(folder);
    if (!p->folder || !kf_work_job_begin(w, &p->task, KF_WORK_PROXY, "Proxy of")) {
        kf_free(p->folder);
        kf_free(p);
        return NULL;
    }
    p->next = w->proxies;
    w->proxies = p;
    kf_work_ask(w, &p->task, KF_WORK_LATER, NULL);
    return p;
}

kf_status kf_engine_worker_make_proxy(kf_worker *w, const kf_proxy_request *r, uint64_t *job, kf_error *err)
{
    int number;
    kf_status status = find_preset(r->preset, &number, err);
    if (status) return status;
    char *folder = folder_for(w, r);
    if (!folder)
        return kf_fail(err, KF_ERR_INVALID, "there is no folder for the proxy of %s; name one", kf_path_name(r->path));
    pthread_mutex_lock(&w->mutex);
    const kf_proxy_work *p = begin(w, r, number, folder);
    if (p) *job = p->task.job->info.id;
    pthread_mutex_unlock(&w->mutex);
    kf_free(folder);
    return p ? KF_OK : kf_fail_memory(err);
}
