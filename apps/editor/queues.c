/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "queues.h"

#include <string.h>

#define TELL_EVERY 200        /* ms: each time the window is drawn anew, beside an export that wants all cores */

struct _KerfQueue {
    GObject parent;
    GThreadPool *pool;        /* of one thread; NULL: closed */
    kf_render_queue *queue;   /* atomic: set on that thread once, before anything else happens on it */
    int pending;              /* orders that are not done */
    const kf_job_list *list;
    char *problem;
    gboolean starts;
    GMutex lock;              /* what follows: set by the queue's threads */
    guint source;             /* that tells; 0: none */
};

enum { CHANGED, ENDED, PROBLEM, SIGNALS };
static guint signals[SIGNALS];

G_DEFINE_FINAL_TYPE(KerfQueue, kerf_queue, G_TYPE_OBJECT)

/* ---- From the queue's threads ---- */

static gboolean has_ended(kf_job_state state) { return state == KF_JOB_DONE || state == KF_JOB_FAILED; }

static const kf_render_job *find(const kf_job_list *list, guint64 id)
{
    for (int32_t i = 0; list && i < list->count; i++) {
        if (list->jobs[i].id == id) return &list->jobs[i];
    }
    return NULL;
}

static gboolean is_open_job(const kf_render_job *job) { return job->state == KF_JOB_QUEUED || job->state == KF_JOB_RUNNING; }

/* With nothing left to do, it waits again for what is added. */
static void stop_when_empty(KerfQueue *q)
{
    if (!q->starts || q->pending) return;
    for (int32_t i = 0; i < q->list->count; i++) {
        if (is_open_job(&q->list->jobs[i])) return;
    }
    kerf_queue_set_starts(q, FALSE);
}

static void tell_ended(KerfQueue *q, const kf_job_list *before)
{
    g_autoptr(GArray) ended = g_array_new(FALSE, FALSE, sizeof(guint64));
    for (int32_t i = 0; i < q->list->count; i++) {
        const kf_render_job *job = &q->list->jobs[i], *old = find(before, job->id);
        if (has_ended(job->state) && old && !has_ended(old->state)) g_array_append_val(ended, job->id);
    }
    for (guint i = 0; i < ended->len; i++) {
        g_signal_emit(q, signals[ENDED], 0, g_array_index(ended, guint64, i));
    }
}

static void refresh(KerfQueue *q)
{
    const kf_job_list *before = q->list, *list;
    kf_render_queue *queue = g_atomic_pointer_get(&q->queue);
    if (!queue || kf_render_queue_list(queue, &list, NULL) != KF_OK) return;
    q->list = list;
    if (before) stop_when_empty(q);
    g_signal_emit(q, signals[CHANGED], 0);
    if (before) tell_ended(q, before);
    kf_job_list_free(before);
}

static gboolean tell(gpointer data)
{
    KerfQueue *q = data;
    g_mutex_lock(&q->lock);
    q->source = 0;
    g_mutex_unlock(&q->lock);
    if (q->pool) refresh(q);
    return G_SOURCE_REMOVE;
}

static void changed(void *context)
{
    KerfQueue *q = context;
    g_mutex_lock(&q->lock);
    if (!q->source) q->source = g_timeout_add_full(G_PRIORITY_DEFAULT, TELL_EVERY, tell, g_object_ref(q), g_object_unref);
    g_mutex_unlock(&q->lock);
}

/* ---- On its thread ---- */

typedef enum OrderKind { ORDER_OPEN, ORDER_START, ORDER_ACT, ORDER_ADD } OrderKind;

typedef struct Order {
    OrderKind kind;
    KerfQueue *queue;         /* owned */
    KerfQueueAct act;
    guint64 id;
    gboolean starts;
    KerfQueueJob *job;
    KerfQueueAdded *added;
    gpointer data;
    kf_error error;           /* KF_OK: it went well */
} Order;

static void open_queue(KerfQueue *q, kf_error *error)
{
    kf_render_queue_params params = kf_render_queue_params_default();
    params.starts = false;
    params.outlive = true;
    params.changed = changed;
    params.context = q;
    kf_render_queue *queue;
    if (kf_render_queue_create(&params, &queue, error) == KF_OK) g_atomic_pointer_set(&q->queue, queue);
}

/* Past the neighbour: before the one before it, or before the one after the next. */
static void move(KerfQueue *q, const Order *order, kf_error *error)
{
    const kf_job_list *list;
    if (kf_render_queue_list(q->queue, &list, error) != KF_OK) return;
    for (int32_t i = 0; i < list->count; i++) {
        if (list->jobs[i].id != order->id) continue;
        const int32_t to = order->act == KERF_QUEUE_EARLIER ? i - 1 : i + 2;
        if (to < 0 || to > list->count) break;
        kf_render_queue_move(q->queue, order->id, to < list->count ? list->jobs[to].id : 0, error);
    }
    kf_job_list_free(list);
}

static void act(KerfQueue *q, const Order *order, kf_error *error)
{
    switch (order->act) {
    case KERF_QUEUE_PAUSE: kf_render_queue_pause(q->queue, order->id, error); break;
    case KERF_QUEUE_RESUME: kf_render_queue_resume(q->queue, order->id, error); break;
    case KERF_QUEUE_CANCEL: kf_render_queue_cancel(q->queue, order->id, error); break;
    case KERF_QUEUE_RETRY: kf_render_queue_retry(q->queue, order->id, error); break;
    case KERF_QUEUE_REMOVE: kf_render_queue_remove(q->queue, order->id, error); break;
    case KERF_QUEUE_EARLIER:
    case KERF_QUEUE_LATER: move(q, order, error); break;
    }
}

static void add(KerfQueue *q, const KerfQueueJob *job, kf_error *error)
{
    const kf_render_job_params params = {.film = job->film, .name = job->name, .render = &job->render};
    kf_render_queue_add(q->queue, &params, NULL, error);
}

static gboolean done(gpointer data);

static void run(gpointer data, gpointer user)
{
    Order *order = data;
    KerfQueue *q = order->queue;
    if (order->kind == ORDER_OPEN) {
        open_queue(q, &order->error);
    } else if (!q->queue) {
        order->error.status = KF_ERR_IO;
        g_strlcpy(order->error.message, "the render queue could not be opened", sizeof order->error.message);
    } else if (order->kind == ORDER_START) {
        kf_render_queue_set_starts(q->queue, order->starts);
    } else if (order->kind == ORDER_ACT) {
        act(q, order, &order->error);
    } else {
        add(q, order->job, &order->error);
    }
    g_idle_add_full(G_PRIORITY_DEFAULT, done, order, NULL);
}

/* ---- And back ---- */

static void finish_add(Order *order)
{
    const gboolean good = order->error.status == KF_OK;
    if (good) g_clear_pointer(&order->job, kerf_queue_job_free);
    order->added(order->data, order->job, good ? NULL : &order->error);
}

static gboolean done(gpointer data)
{
    Order *order = data;
    KerfQueue *q = order->queue;
    const gboolean good = order->error.status == KF_OK;
    q->pending--;
    if (order->kind == ORDER_OPEN && !good) q->problem = g_strdup(order->error.message);
    if (q->pool && order->kind == ORDER_OPEN) g_signal_emit(q, signals[CHANGED], 0);
    if (order->kind == ORDER_ADD) {
        finish_add(order);
    } else if (!good && q->pool && order->kind == ORDER_ACT) {
        g_signal_emit(q, signals[PROBLEM], 0, order->error.message);
    }
    if (q->pool) refresh(q);
    g_object_unref(q);
    g_free(order);
    return G_SOURCE_REMOVE;
}

static void push(KerfQueue *q, OrderKind kind, Order order)
{
    Order *copy = g_memdup2(&order, sizeof order);
    copy->kind = kind;
    copy->queue = g_object_ref(q);
    q->pending++;
    g_thread_pool_push(q->pool, copy, NULL);
}

/* ---- What can be asked for ---- */

const kf_job_list *kerf_queue_list(KerfQueue *q) { return q->list; }
const kf_render_job *kerf_queue_job(KerfQueue *q, guint64 id) { return find(q->list, id); }
const char *kerf_queue_problem(KerfQueue *q) { return q->problem; }
gboolean kerf_queue_starts(KerfQueue *q) { return q->starts; }

void kerf_queue_set_starts(KerfQueue *q, gboolean starts)
{
    q->starts = starts;
    push(q, ORDER_START, (Order){.starts = starts});
}

void kerf_queue_act(KerfQueue *q, guint64 id, KerfQueueAct what) { push(q, ORDER_ACT, (Order){.id = id, .act = what}); }

void kerf_queue_add(KerfQueue *q, KerfQueueJob *job, KerfQueueAdded *added, gpointer data)
{
    push(q, ORDER_ADD, (Order){.job = job, .added = added, .data = data});
}

KerfQueueJob *kerf_queue_job_new(kf_film_handle *film)
{
    KerfQueueJob *job = g_new0(KerfQueueJob, 1);
    job->film = film;
    job->render = kf_render_params_default();
    job->texts = g_string_chunk_new(256);
    return job;
}

void kerf_queue_job_free(KerfQueueJob *job)
{
    if (!job) return;
    kf_film_close(job->film);
    g_string_chunk_free(job->texts);
    g_free(job);
}

const char *kerf_queue_job_text(KerfQueueJob *job, const char *text)
{
    return text && *text ? g_string_chunk_insert(job->texts, text) : NULL;
}

/* ---- The object ---- */

void kerf_queue_close(KerfQueue *q)
{
    if (!q->pool) return;
    g_thread_pool_free(q->pool, FALSE, TRUE);
    q->pool = NULL;
    kf_render_queue_destroy(q->queue);
    q->queue = NULL;
    kf_job_list_free(q->list);
    q->list = NULL;
}

static void finalize(GObject *object)
{
    KerfQueue *q = KERF_QUEUE(object);
    kerf_queue_close(q);
    g_free(q->problem);
    g_mutex_clear(&q->lock);
    G_OBJECT_CLASS(kerf_queue_parent_class)->finalize(object);
}

static void kerf_queue_class_init(KerfQueueClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[CHANGED] = g_signal_new("changed", KERF_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
    signals[ENDED] = g_signal_new("ended", KERF_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
    signals[PROBLEM] =
        g_signal_new("problem", KERF_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void kerf_queue_init(KerfQueue *q)
{
    g_mutex_init(&q->lock);
    q->pool = g_thread_pool_new(run, NULL, 1, FALSE, NULL);
}

KerfQueue *kerf_queue_new(void)
{
    KerfQueue *q = g_object_new(KERF_TYPE_QUEUE, NULL);
    push(q, ORDER_OPEN, (Order){0});
    return q;
}
