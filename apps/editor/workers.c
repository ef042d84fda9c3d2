/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "workers.h"

#include <string.h>

#define TELL_EVERY 50         /* ms */

typedef struct Event {
    kf_work_kind kind;
    gboolean done;
    char *path;
} Event;

struct _KerfWorker {
    GObject parent;
    kf_worker *worker;
    uint64_t listener;
    GMutex lock;              /* what follows: filled by the worker's threads */
    GHashTable *events;       /* "kind path" -> Event */
    guint source;             /* that tells; 0: none */
};

static guint event_signal;

G_DEFINE_FINAL_TYPE(KerfWorker, kerf_worker, G_TYPE_OBJECT)

static void event_free(gpointer data)
{
    Event *event = data;
    g_free(event->path);
    g_free(event);
}

static GHashTable *events_new(void) { return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, event_free); }

static gboolean tell(gpointer data)
{
    KerfWorker *w = data;
    g_mutex_lock(&w->lock);
    g_autoptr(GHashTable) events = w->events;
    w->events = events_new();
    w->source = 0;
    g_mutex_unlock(&w->lock);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, events);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Event *event = value;
        g_signal_emit(w, event_signal, 0, (int)event->kind, event->path, event->done);
    }
    return G_SOURCE_REMOVE;
}

static void heard(void *context, const kf_work_event *heard_event)
{
    KerfWorker *w = context;
    char *key = g_strdup_printf("%d %s", (int)heard_event->kind, heard_event->path);
    Event *event = g_new0(Event, 1);
    event->kind = heard_event->kind;
    event->done = heard_event->done;
    event->path = g_strdup(heard_event->path);
    g_mutex_lock(&w->lock);
    g_hash_table_replace(w->events, key, event);
    if (!w->source) {
        w->source = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, TELL_EVERY, tell, g_object_ref(w), g_object_unref);
    }
    g_mutex_unlock(&w->lock);
}

static void finalize(GObject *object)
{
    KerfWorker *w = KERF_WORKER(object);
    if (w->worker) kf_worker_unlisten(w->worker, w->listener);
    kf_worker_destroy(w->worker);
    g_hash_table_unref(w->events);
    g_mutex_clear(&w->lock);
    G_OBJECT_CLASS(kerf_worker_parent_class)->finalize(object);
}

static void kerf_worker_class_init(KerfWorkerClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    event_signal = g_signal_new("event", KERF_TYPE_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_INT,
                                G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void kerf_worker_init(KerfWorker *w)
{
    g_mutex_init(&w->lock);
    w->events = events_new();
}

KerfWorker *kerf_worker_new(GKeyFile *settings)
{
    KerfWorker *w = g_object_new(KERF_TYPE_WORKER, NULL);
    kf_worker_params params = kf_worker_params_default();
    params.memory_bytes = (int64_t)g_key_file_get_integer(settings, "memory", "worker", NULL) << 20;
    params.disk_bytes = (int64_t)g_key_file_get_integer(settings, "memory", "disk", NULL) << 30;
    if (kf_worker_create(&params, &w->worker, NULL) != KF_OK) w->worker = NULL;
    if (w->worker) w->listener = kf_worker_listen(w->worker, heard, w);
    return w;
}

kf_worker *kerf_worker_get(KerfWorker *w) { return w->worker; }
