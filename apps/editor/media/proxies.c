/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proxies.h"

#include "text.h"

typedef struct Proxy {
    KerfDocument *document;
    char *asset;
    uint64_t job;
    gulong listening;
    KerfWorker *worker;
} Proxy;

static void proxy_free(Proxy *p)
{
    if (p->listening) g_signal_handler_disconnect(p->worker, p->listening);
    g_object_unref(p->worker);
    g_object_unref(p->document);
    g_free(p->asset);
    g_free(p);
}

static void note_state(Proxy *p, const char *state, const char *path)
{
    if (!kerf_document_project(p->document)) return;
    g_autofree char *id = kerf_json_quote(p->asset), *quoted = kerf_json_quote(path);
    g_autofree char *where = path ? g_strdup_printf("\"path\": %s, ", quoted) : g_strdup("");
    kerf_document_edit(p->document, "Proxy",
                       kerf_json_operation("set_asset", "\"asset\": %s, \"set\": {\"proxy\": {%s\"state\": \"%s\", \"use\": true}}",
                                           id, where, state));
}

static gboolean find_job(kf_worker *worker, uint64_t id, kf_work_job *out)
{
    const int32_t count = kf_worker_jobs(worker, NULL, 0);
    g_autofree kf_work_job *jobs = g_new(kf_work_job, count + 8);
    const int32_t got = MIN(kf_worker_jobs(worker, jobs, count + 8), count + 8);
    for (int32_t i = 0; i < got; i++) {
        if (jobs[i].id != id) continue;
        *out = jobs[i];
        return TRUE;
    }
    return FALSE;
}

static void worker_event(KerfWorker *worker, int kind, const char *path, gboolean done, gpointer data)
{
    Proxy *p = data;
    kf_work_job job;
    if (kind != KF_WORK_PROXY || !find_job(kerf_worker_get(worker), p->job, &job)) return;
    if (job.state == KF_JOB_DONE) {
        note_state(p, "ready", job.output);
    } else if (job.state == KF_JOB_FAILED) {
        kerf_document_say(p->document, TRUE, "%s: %s", job.name, job.error);
    }
    if (job.state == KF_JOB_DONE || job.state == KF_JOB_FAILED || job.state == KF_JOB_CANCELLED) proxy_free(p);
}

void kerf_make_proxy(KerfDocument *document, KerfWorker *worker, const char *asset, const char *file)
{
    const kf_proxy_request request = {.path = file};
    kf_error error;
    uint64_t job;
    if (!kerf_worker_get(worker) || !file) return;
    if (kf_worker_make_proxy(kerf_worker_get(worker), &request, &job, &error) != KF_OK) {
        kerf_document_say(document, TRUE, "%s", error.message);
        return;
    }
    Proxy *p = g_new0(Proxy, 1);
    p->document = g_object_ref(document);
    p->worker = g_object_ref(worker);
    p->asset = g_strdup(asset);
    p->job = job;
    p->listening = g_signal_connect(worker, "event", G_CALLBACK(worker_event), p);
}
