/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the background worker (kerf/worker.h).
 *
 * Work is a list of tasks in three lanes, each with its threads: quick things (thumbnails, descriptions, what is loaded from
 * the disk cache), sound that is read from end to end, and proxies. A thread takes the most urgent task, among those the one
 * asked for last. One mutex guards everything that is not said to be a thread's own; nobody holds it while files are
 * touched or listeners are called. */
#ifndef KF_ENGINE_WORKER_H
#define KF_ENGINE_WORKER_H

#include "base/api/str.h"
#include "base/api/thread.h"
#include "engine/display.h"
#include "kerf/worker.h"
#include "media/api/cache.h"
#include "media/api/peaks.h"
#include "media/api/thumbs.h"

enum {
    KF_WORK_THREADS = 20, KF_WORK_SIZES = 4, KF_WORK_PENDING_MAX = 4000, KF_WORK_FILE_BUCKETS = 1024,
    KF_WORK_THUMB_BUCKETS = 8192, KF_WORK_JOBS_KEPT = 64
};

typedef enum kf_lane_kind { KF_LANE_QUICK, KF_LANE_SOUND, KF_LANE_BULK, KF_LANE_COUNT } kf_lane_kind;

typedef struct kf_task_kind kf_task_kind;
typedef struct kf_work_file kf_work_file;
typedef struct kf_work_thread kf_work_thread;

/* Something to do; the first member of what it is about, or a member of its file. It is in its lane's list while it
 * waits. */
typedef struct kf_task {
    struct kf_task *prev, *next;
    const kf_task_kind *kind;
    kf_work_file *file;
    kf_lane_kind lane;
    kf_work_urgency urgency;
    uint64_t stamp;            /* of when it was asked for last */
    int64_t asked_ns;
    const void *owner;
    bool shared;               /* by owners: kf_worker_forget leaves it */
    bool waiting, running;
    int claimed;               /* thumbnails: by the thread of this number + 1, which will come to it */
    struct kf_job *job;        /* long work, as long as it is not done; NULL: none */
} kf_task;

/* run: on a thread of the lane, with the mutex, which it may leave meanwhile. drop: it will not be run; the task may be freed.
 */
struct kf_task_kind {
    void (*run)(kf_worker *w, kf_work_thread *thread, kf_task *task);
    void (*drop)(kf_worker *w, kf_task *task);
};

/* What the window sees of long work. */
typedef struct kf_job {
    struct kf_job *next;
    kf_work_job info;
    kf_task *task;             /* NULL once it has ended */
    bool paused, cancelled;
    bool rests;                /* it stopped while it runs, because it is held */
    int64_t told_ns;
} kf_job;

/* ---- Files ---- */

/* One picture, in memory. */
typedef struct kf_thumb_picture {
    kf_thumbnail shown;        /* first: what is given out */
    atomic_int refs;
    kf_frame *frame;
} kf_thumb_picture;

typedef struct kf_thumb_key {
    kf_work_file *file;
    int32_t stream, size;      /* size: index of its height */
    int32_t level;             /* 0: exact; else log2 of the grid's step in units of the smallest, plus 1 */
    kf_time at;
} kf_thumb_key;
typedef struct kf_thumb {
    kf_task task;
    kf_thumb_key key;
    uint64_t hash;
    struct kf_thumb *chain;    /* in its bucket */
    struct kf_thumb *newer, *older; /* by last use, once it is there */
    uint64_t used;
    kf_thumb_picture *picture;
    bool failed;
} kf_thumb;

/* The peaks of a stream. */
typedef struct kf_sound {
    kf_task task;
    struct kf_sound *next, *next_loaded; /* of the file; of those whose peaks are complete, in memory */
    int32_t stream;
    bool failed, complete;
    kf_peaks *peaks;           /* NULL: none yet */
    int64_t bytes;             /* of peaks, counted */
    uint64_t used;
    uint64_t generation;       /* of the file, when the peaks were begun */
} kf_sound;

/* A stream's sound as PCM, in the disk cache. */
typedef struct kf_conformed {
    kf_task task;
    struct kf_conformed *next; /* of the file */
    int32_t stream, rate;
    bool failed;
    char *path;                /* NULL: not there */
} kf_conformed;

/* A proxy that is to be made; its task's end frees it. */
typedef struct kf_proxy_work {
    kf_task task;
    struct kf_proxy_work *next; /* of the worker */
    kf_worker *worker;
    int preset;
    char *folder;
    kf_rational rate;
} kf_proxy_work;

typedef struct kf_fact { bool ready, failed; } kf_fact;

/* A file that was asked about. Lives as long as the worker. */
struct kf_work_file {
    kf_work_file *chain;
    uint64_t hash;
    char *path;
    bool known, there;         /* it was looked at; it exists */
    int64_t size, modified_ns;
    int64_t looked_ns;
    uint64_t generation;       /* counts its changes */
    kf_task look, probe, digest;
    bool opened, still;        /* facts for thumbnails */
    kf_time duration;
    kf_fact probed, digested;
    kf_media_summary *summary;
    char *json;
    uint64_t digest_value;
    kf_sound *sounds;
    kf_conformed *conformed;
};

/* ---- The worker ---- */

struct kf_work_thread {
    kf_worker *worker;
    kf_lane_kind lane;
    int number;                /* in its lane */
    pthread_t id;
    kf_thumbs *thumbs;         /* open file, its own */
    kf_work_file *thumbs_file;
    int32_t thumbs_stream;
    uint64_t thumbs_generation;
    kf_time thumbs_at;         /* where it stands */
    int64_t thumbs_used_ns;
    kf_display display;        /* its own */
};

typedef struct kf_lane {
    kf_task *first, *last;
    int count;
    pthread_cond_t wake;
} kf_lane;

typedef struct kf_listener {
    struct kf_listener *next;
    uint64_t number;
    kf_work_fn *fn;
    void *context;
} kf_listener;

struct kf_worker {
    kf_worker_params params;
    char *folder;              /* NULL: no disk cache */
    pthread_mutex_t mutex;
    pthread_cond_t idle;
    bool stop, busy;
    kf_lane lanes[KF_LANE_COUNT];
    int running;
    uint64_t stamp, next_job, next_thumb;
    kf_work_thread threads[KF_WORK_THREADS];
    int thread_count;
    kf_work_file *files[KF_WORK_FILE_BUCKETS];
    kf_thumb *thumbs[KF_WORK_THUMB_BUCKETS];
    kf_thumb *newest, *oldest; /* thumbnails that are there, by use */
    kf_sound *loaded;          /* sounds whose peaks are complete, in memory */
    int64_t bytes;             /* of thumbnails and peaks */
    kf_job *jobs, **jobs_end;
    kf_proxy_work *proxies;    /* waiting or running */
    int open;                  /* media files */
    kf_worker_stats stats;
    pthread_mutex_t cache_mutex;
    bool cache_tried;
    kf_disk_cache *cache;
    pthread_rwlock_t listen;   /* held while listeners are called */
    kf_listener *listeners;
    uint64_t next_listener;
};

/* ---- worker.c ---- */

/* Under the mutex. Puts the task into its lane, or moves it forward if it waits there. */
void kf_work_ask(kf_worker *w, kf_task *task, kf_work_urgency urgency, const void *owner);
/* Under the mutex: takes it out of its lane's list, if it waits. */
void kf_work_withdraw(kf_worker *w, kf_task *task);
/* Without the mutex. */
void kf_work_tell(kf_worker *w, const kf_work_event *event);
/* The number of media files that are open changes. Under the mutex. */
void kf_work_count_open(kf_worker *w, int change);
/* Whether `task` should wait for a while. Under the mutex. */
bool kf_work_held(const kf_worker *w, const kf_task *task);

/* ---- worker_files.c ---- */

/* Under the mutex: the file of a path, new if need be; NULL when out of memory. Sees to it that it is looked at every now and
 * then. */
kf_work_file *kf_work_file_get(kf_worker *w, const char *path, kf_work_urgency urgency);
/* Under the mutex, which it leaves: looks whether the file has changed, and if so forgets what was made of it. */
void kf_work_file_look(kf_worker *w, kf_work_file *file);
/* The file's identity as the start of a key: "KIND|size|time|path|". New string, NULL when out of memory. Under the mutex. */
char *kf_work_file_key(const kf_work_file *file, const char *kind);
void kf_work_files_finish(kf_worker *w);
/* Without the mutex. NULL: none. */
kf_disk_cache *kf_work_cache(kf_worker *w);
/* Under the mutex: down to the memory limit. */
void kf_work_trim(kf_worker *w);
extern const kf_task_kind kf_task_look;

/* ---- worker_thumbs.c ---- */

/* Under the mutex: forgets the thumbnails of a file that are there or failed (NULL: of all). */
void kf_work_thumbs_forget(kf_worker *w, const kf_work_file *file);
void kf_work_thumb_remove(kf_worker *w, kf_thumb *thumb);
void kf_work_thumbs_finish(kf_worker *w);
void kf_work_thread_close(kf_worker *w, kf_work_thread *thread); /* its decoder; under the mutex, which it leaves */
extern const kf_task_kind kf_task_thumb;

/* ---- worker_peaks.c ---- */

void kf_work_sounds_forget(kf_worker *w, kf_work_file *file);
void kf_work_sound_unload(kf_worker *w, kf_sound *sound); /* under the mutex, of complete ones */
/* Among the audio streams, -1: the best; NULL: there is none. */
const kf_stream_info *kf_work_sound_stream(const kf_media_info *media, int stream);
/* The columns and the facts that a query asks for of peaks; urgency and owner are not looked at. */
void kf_work_peaks_fill(kf_peaks *peaks, const kf_peaks_query *query, kf_peak_column *columns);
void kf_work_peaks_info(kf_peaks *peaks, kf_peaks_info *info);

/* ---- worker_probe.c ---- */

extern const kf_task_kind kf_task_probe, kf_task_digest;
/* Opens a file and says what it is; json may be NULL. */
kf_status kf_work_describe(const char *path, kf_media_summary *out, kf_str *json, kf_error *err);
void kf_work_facts_forget(kf_work_file *file);

/* ---- worker_conform.c ---- */

void kf_work_conformed_forget(kf_work_file *file);
void kf_work_conformed_free(kf_work_file *file);

/* ---- worker_jobs.c ---- */

/* Under the mutex. A job for a task that goes to a slow lane; NULL when out of memory: then it runs unseen. */
kf_job *kf_work_job_begin(kf_worker *w, kf_task *task, kf_work_kind kind, const char *verb);
/* Without the mutex, now and then from long work: notes how far it is, waits while it is paused or should stand back.
 * False: it shall stop. */
bool kf_work_job_go_on(kf_worker *w, kf_task *task, double progress);
/* Under the mutex. err NULL: done. Those that ended well are forgotten unless `keep`. */
void kf_work_job_end(kf_worker *w, kf_task *task, const kf_error *err, bool keep);
void kf_work_jobs_finish(kf_worker *w);

#endif
