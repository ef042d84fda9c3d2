/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, background work on media: thumbnails, waveform peaks, descriptions, hashes, proxies, conformed
 * sound, and their cache in memory and on disk.
 *
 * How it is used. The functions that get something (kf_worker_thumbnail, kf_worker_peaks, kf_worker_probe, ...) answer at
 * once with what is in memory, never touch a file, and are made for a draw loop: call them in every frame for what is
 * visible. What is not there is asked for by the same call and made in the background, what was asked last first;
 * listeners are told when it has come, and the next call gives it. All of it belongs to the media file, never to a clip:
 * a thousand clips of one file share one set.
 *
 * What is asked for is made once, however often it is asked for. A file that changed (size or time) is seen within some
 * seconds of use, and everything made of it is made anew (KF_WORK_CHANGED).
 *
 * The disk cache is shared by all processes of the user, bounded in size, and dispensable: if it is damaged it is started
 * anew, and if it cannot be used the worker goes without.
 *
 * Conventions as in kerf.h. A worker is thread-safe: all functions may be called from any thread, listeners too, except
 * where a function says otherwise. Paths are compared as text: give absolute ones, the same way each time. */
#ifndef KERF_WORKER_H
#define KERF_WORKER_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kf_worker kf_worker;

typedef struct kf_worker_params {
    const char *folder;        /* of the disk cache, made if absent; NULL: $XDG_CACHE_HOME/kerf/media, else
                                * ~/.cache/kerf/media; "": no disk cache */
    int64_t disk_bytes;        /* bound of the disk cache, proxies not counted; 0: 4 GiB */
    int64_t memory_bytes;      /* bound of thumbnails and peaks in memory; 0: 128 MiB */
    int32_t threads;           /* for thumbnails and descriptions, 1..16; 0: one for two CPUs, at least 2, at most 4. One
                                * more each for sound and for proxies. The bound of open decoders follows from it */
    int32_t nice;              /* how far work stands back for others, 1..19; 0: 5 */
} kf_worker_params;
KF_API kf_worker_params kf_worker_params_default(void);

/* Starts its threads; the disk cache is opened by one of them. params may be NULL. Fails only for want of memory or threads,
 * or with KF_ERR_USAGE for numbers out of range. */
KF_API kf_status kf_worker_create(const kf_worker_params *params, kf_worker **out, kf_error *error);
/* Cancels all work, waits for it to stop (tens of milliseconds), and frees the worker. Thumbnails that were given out stay
 * good. Not from a listener. */
KF_API void kf_worker_destroy(kf_worker *worker);

/* ---- Being told ---- */

typedef enum kf_work_kind {
    KF_WORK_THUMBNAIL, KF_WORK_PEAKS, KF_WORK_PROBE, KF_WORK_HASH, KF_WORK_PROXY, KF_WORK_CONFORM,
    KF_WORK_CHANGED            /* only in events: the file changed on disk, or vanished, or came back; ask anew */
} kf_work_kind;
typedef struct kf_work_event {
    kf_work_kind kind;
    const char *path;          /* of the media; good during the call */
    int32_t stream;            /* as it was asked for */
    uint64_t job;              /* as in kf_work_job; 0: none */
    bool done;                 /* false: there is more of it than before (peaks, a job's progress), and more will come */
} kf_work_event;
/* On a thread of the worker, often: it should only note the event and wake the window. It may call any function of the
 * worker but kf_worker_destroy and kf_worker_unlisten. */
typedef void kf_work_fn(void *context, const kf_work_event *event);
/* Any number of listeners; each is told of everything. Returns a number for unlisten, 0 when out of memory. */
KF_API uint64_t kf_worker_listen(kf_worker *worker, kf_work_fn *fn, void *context);
/* When it returns, the listener is not running and will not be called again. */
KF_API void kf_worker_unlisten(kf_worker *worker, uint64_t listener);

/* ---- Asking ---- */

typedef enum kf_work_state {
    KF_WORK_READY,
    KF_WORK_PENDING,           /* asked for; what there is so far is given */
    KF_WORK_FAILED             /* cannot be had of this file as it is; not tried again until it changes */
} kf_work_state;
typedef enum kf_work_urgency {
    KF_WORK_VISIBLE,           /* on the screen now */
    KF_WORK_SOON,              /* beside what is on the screen */
    KF_WORK_LATER              /* when nothing else is to be done */
} kf_work_urgency;

/* Of pending requests some thousands are kept; of more, the oldest of the least urgent are forgotten, as if they had not been
 * asked for. This forgets those of an owner (see the requests) that have not begun and that nobody else asked for: when a
 * panel closes, or a view has scrolled far away. */
KF_API void kf_worker_forget(kf_worker *worker, const void *owner);
/* Looks at the file at once, rather than in some seconds, for whether it has changed. What failed is tried again. */
KF_API void kf_worker_refresh(kf_worker *worker, const char *path);

/* ---- Thumbnails ---- */

typedef struct kf_thumbnail_request {
    const char *path;
    int32_t stream;            /* among the video streams; -1: the best */
    kf_time at;                /* media time; clamped to the file */
    kf_time spacing;           /* how far apart in time the thumbnails of this zoom level stand. `at` is rounded down to a grid
                                * that follows from it, so that all views share them; from 1 s up the picture may be from
                                * up to half the grid's step beside, where that is cheaper to decode. 0: the frame at `at` */
    int32_t height;            /* px wanted; the picture has the next of 48, 96, 192, 384 */
    kf_work_urgency urgency;
    const void *owner;         /* for kf_worker_forget; may be NULL */
} kf_thumbnail_request;

/* Immutable. Upright, square pixels, converted to sRGB for display. */
typedef struct kf_thumbnail {
    uint64_t id;               /* of these pixels, never used again: a key for textures */
    int32_t width, height;
    int32_t stride;            /* bytes */
    const uint8_t *pixels;     /* R, G, B, A; premultiplied */
    kf_time at;                /* where on the grid it belongs */
} kf_thumbnail;

/* The grid: steps are powers of two of a second, from 1/32 s to about 9 hours; the largest that is <= spacing. 0 if spacing
 * is below the smallest: no grid. */
KF_API kf_time kf_thumbnail_step(kf_time spacing);

/* *out (a reference, for kf_thumbnail_release) is the thumbnail if READY; while PENDING it may be a stand-in from nearby or
 * of another size, else NULL; NULL if FAILED. */
KF_API kf_work_state kf_worker_thumbnail(kf_worker *worker, const kf_thumbnail_request *request,
                                         const kf_thumbnail **out);
KF_API void kf_thumbnail_release(const kf_thumbnail *thumbnail); /* NULL is fine */

/* ---- Peaks ---- */

typedef struct kf_peaks_query {
    const char *path;
    int32_t stream;            /* among the audio streams; -1: the best */
    int32_t channel;           /* -1: all together */
    kf_time from, to;          /* media time of the first column's start and the last one's end; from > to: backward */
    int32_t count;             /* of columns */
    kf_work_urgency urgency;
    const void *owner;
} kf_peaks_query;
typedef struct kf_peak_column {
    float min, max;            /* of the samples in its span, -1..1; nothing: 0, 0 */
    float rms;
} kf_peak_column;
typedef struct kf_peaks_info {
    int32_t channels, sample_rate;
    kf_time ready;             /* media time up to which peaks are there; grows while they are computed */
    kf_time end;               /* of the stream; an estimate until READY */
} kf_peaks_info;
/* Fills `count` columns at any zoom, in time proportional to count. Columns not yet computed, and those outside the stream,
 * are 0. Finer than 256 samples a column, neighbouring columns share a peak. info may be NULL. While PENDING, listeners
 * are told about ten times a second as more is there. FAILED: no such stream, or it cannot be decoded. */
KF_API kf_work_state kf_worker_peaks(kf_worker *worker, const kf_peaks_query *query, kf_peak_column *columns,
                                     kf_peaks_info *info);

/* ---- Descriptions ---- */

typedef struct kf_media_summary {
    kf_time duration;          /* KF_TIME_NONE: unknown; stills: 0 */
    int64_t bytes;             /* of the file */
    int64_t modified_ns;       /* its time, since 1970 */
    int64_t bit_rate;
    bool still, sequence;      /* one picture; numbered pictures */
    int32_t video_streams, audio_streams, subtitle_streams;
    int32_t width, height;     /* of the best video stream, shown upright with square pixels; 0: no video */
    int32_t rotation;
    kf_rational rate;          /* {0, 0}: unknown */
    int64_t frames;            /* as the container says; 0: unknown */
    bool alpha, hdr, interlaced, variable_rate;
    int32_t sample_rate, channels; /* of the best audio stream; 0: no audio */
    char container[32], video_codec[32], audio_codec[32], pixel_format[24], layout[24]; /* "" if unknown */
    char timecode[16];         /* of the first frame, "" if none */
    char error[1000];          /* FAILED: what is wrong and what to do; else "" */
} kf_media_summary;
KF_API kf_work_state kf_worker_probe(kf_worker *worker, const char *path, kf_work_urgency urgency,
                                     kf_media_summary *out);
/* All that kf_probe says, as JSON: a new string once kf_worker_probe is READY, else NULL. */
KF_API char *kf_worker_probe_json(kf_worker *worker, const char *path);
/* XXH64 of the file's bytes, as assets keep it. */
KF_API kf_work_state kf_worker_hash(kf_worker *worker, const char *path, kf_work_urgency urgency, uint64_t *out);

/* ---- Proxies and conformed sound ---- */

typedef struct kf_proxy_preset {
    const char *name, *label, *help; /* "proxy-720" */
} kf_proxy_preset;
KF_API int32_t kf_proxy_preset_count(void);
KF_API kf_proxy_preset kf_proxy_preset_get(int32_t index); /* 0 is the default */

typedef struct kf_proxy_request {
    const char *path;
    const char *preset;        /* a name; NULL: the default */
    const char *folder;        /* where the proxy goes, made if absent; NULL: "proxies" in the folder of the disk cache. It is
                                * never evicted */
    kf_rational rate;          /* of numbered pictures */
} kf_proxy_request;
/* Begins a job; if the same one waits or runs, *job is that. Its frames stand at the same times as the original's, one for
 * one; sound is 16-bit PCM; timecode, rotation and colour tags are kept. Once the job is KF_JOB_DONE its `output` is
 * there: put it into the asset with the edit set_asset. A proxy that was made before is found at once. Until then nothing
 * stands under its name; after a crash the same request starts anew. KF_ERR_NOT_FOUND: no such preset; KF_ERR_INVALID: no
 * folder. */
KF_API kf_status kf_worker_make_proxy(kf_worker *worker, const kf_proxy_request *request, uint64_t *job,
                                      kf_error *error);

/* A stream's sound as float PCM (WAV) at sample_rate from media time 0 on, with the stream's channels, for reading without
 * decoding. It stands in the disk cache and may be evicted: who cannot open it reads the original. *path is a new string
 * (kf_string_free) if READY, else NULL. FAILED without a disk cache, too. */
KF_API kf_work_state kf_worker_conform(kf_worker *worker, const char *media, int32_t stream, int32_t sample_rate,
                                       char **path);

/* ---- Jobs ---- */

/* Long work: peaks, hashes, proxies, conformed sound. Thumbnails and descriptions are too small to be listed. */
typedef struct kf_work_job {
    uint64_t id;
    kf_work_kind kind;
    kf_job_state state;
    float progress;            /* 0..1 */
    char name[128];            /* "Proxy of bunny.mp4" */
    char path[1024];           /* of the media, cut if longer */
    char output[1024];         /* of a proxy that is DONE; else "" */
    kf_status status;          /* FAILED: why */
    char error[1000];
} kf_work_job;
/* Fills up to `capacity` jobs, in the order they came, and returns how many there are. Those that are done are listed until
 * kf_worker_clear_jobs, the last 64 of them; peaks, hashes and sound only while they are not done. */
KF_API int32_t kf_worker_jobs(kf_worker *worker, kf_work_job *jobs, int32_t capacity);
/* One of them; false if it is not listed. */
KF_API bool kf_worker_job(kf_worker *worker, uint64_t job, kf_work_job *out);
KF_API void kf_worker_pause_job(kf_worker *worker, uint64_t job, bool paused);
/* A cancelled proxy leaves nothing behind. */
KF_API void kf_worker_cancel_job(kf_worker *worker, uint64_t job);
KF_API void kf_worker_clear_jobs(kf_worker *worker); /* forgets those that ended */

/* While the player plays: thumbnails and peaks that are visible go on with one thread, everything else waits. */
KF_API void kf_worker_set_busy(kf_worker *worker, bool busy);
/* Waits until there is nothing to do but what is paused or stands back; false when `seconds` have passed before. For scripts and tests,
 * not for a window's thread. */
KF_API bool kf_worker_wait(kf_worker *worker, double seconds);

typedef struct kf_worker_stats {
    int64_t memory_bytes;      /* of thumbnails and peaks */
    int64_t disk_bytes;        /* 0 without a disk cache */
    int32_t pending;           /* requests waiting or being worked on */
    int32_t decoders_peak;     /* most files open at the same time */
    int64_t thumbnails_decoded, thumbnails_loaded, disk_hits, disk_misses;
} kf_worker_stats;
KF_API kf_worker_stats kf_worker_get_stats(kf_worker *worker);
/* The disk cache's folder; "" without one. Good as long as the worker. */
KF_API const char *kf_worker_folder(const kf_worker *worker);
/* Forgets all that is in memory and on disk but proxies. */
KF_API void kf_worker_clear_cache(kf_worker *worker);

#ifdef __cplusplus
}
#endif
#endif
