/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An interactive video source: one thread decodes for those who wait, newest first, and then for what they will look at
 * next (heads.c, plan.c); pictures passed on the way are kept small (kept.c). Another sees to it that something to show
 * is near everywhere (anchors.c). */
#ifndef KF_MEDIA_IN_SCRUB_H
#define KF_MEDIA_IN_SCRUB_H

#include <time.h>

#include "media/in/internal.h"

enum { KF_IN_HEADS = 4, KF_IN_PLACES = 6, KF_IN_WISHES = 4 };

/* What pictures are scaled to; 0, 0: not at all. */
typedef struct kf_in_size {
    int width, height;
} kf_in_size;

/* ---- heads.c ---- */

/* Where somebody looks, and how they got there. */
typedef struct kf_in_head {
    int64_t at;            /* asked for last; of a hint that nobody has followed yet, the frame before its first */
    int64_t step;          /* the last move; 0: none, it was a jump */
    int64_t end;           /* told: the last frame wanted */
    bool told;
    int64_t ns;            /* when */
} kf_in_head;
/* Newest first. */
typedef struct kf_in_heads {
    kf_in_head items[KF_IN_HEADS];
    int count;
} kf_in_heads;
void kf_in_heads_look(kf_in_heads *h, int64_t i, int64_t now);
void kf_in_heads_want(kf_in_heads *h, int64_t from, int64_t to, int64_t now);
/* How far frame i is from being looked at, in frames; what has been left behind counts more. */
int64_t kf_in_heads_distance(const kf_in_heads *h, int64_t i);

/* ---- scrub.c, show.c ---- */

/* One call of show that waits; on its caller's stack. */
typedef struct kf_in_waiter {
    int64_t i;
    kf_in_size size;
    const atomic_bool *cancel;
    bool done, fits, damaged; /* fits: of the size asked for; else the caller shrinks it */
    kf_frame *frame;
    kf_status status;
    kf_error *err;
    struct kf_in_waiter *next;
} kf_in_waiter;

/* A frame for which a stand-in was given. */
typedef struct kf_in_wish {
    int64_t i, ns;
} kf_in_wish;

/* A decoder somewhere in the stream. The decoding thread's, but for `last` and `used`. */
typedef struct kf_in_stand {
    kf_in_decoder *decoder;
    kf_frame *tail;        /* given last since its seek */
    int64_t last;          /* number of the tail, -1 none */
    uint64_t used;         /* clock of its last step */
    int64_t decoded, ns;   /* of its decoder, as of its last step */
} kf_in_stand;

typedef struct kf_in_scrub {
    kf_media *media;
    int stream;
    const kf_in_index *index;
    bool deinterlace;
    pthread_mutex_t mutex; /* for all that follows */
    pthread_cond_t work, done;
    pthread_t thread;
    bool running, stop;
    bool turn;             /* there is something newer to do: the decoder comes back between packets */
    bool resting;          /* what was decoded ahead failed: not before somebody asks again */
    kf_in_heads heads;
    kf_in_waiter *waiting; /* newest first */
    kf_in_wish wishes[KF_IN_WISHES]; /* newest first */
    int wish_count;
    kf_in_size view;       /* asked for last */
    kf_in_size small;      /* of pictures further away than `near`, as a GOP would not fit otherwise; = view: it does */
    int64_t near;
    kf_in_cache kept;
    kf_in_cache anchors;   /* small pictures here and there, to stand in */
    int64_t anchor_budget;
    pthread_t anchor_thread;
    pthread_cond_t anchor_work;
    bool anchoring;        /* its thread runs */
    int64_t anchor_failed; /* the key frame that it could not decode last, -1 */
    int64_t frame_bytes;   /* of a picture as it is stored */
    int64_t budget;        /* of `kept` */
    int64_t step_ns;       /* what decoding a frame takes, on average */
    int most_stands;
    kf_in_stand stands[KF_IN_PLACES];
    kf_in_converter converter;
    kf_in_shrinker shrinker, small_shrinker, anchor_shrinker; /* the decoding thread's */
    int64_t used_ns;       /* when it decoded last */
    uint64_t clock;
    kf_source_stats stats;
    void (*on_arrival)(void *ctx, int64_t frame);
    void *arrival_ctx;
} kf_in_scrub;

kf_status kf_in_scrub_open(kf_media *media, int stream, kf_in_scrub **out, kf_error *err);
void kf_in_scrub_close(kf_in_scrub *s); /* NULL is fine */
void kf_in_scrub_ready(kf_in_scrub *s, bool deinterlace); /* the index is there; before any of these: */
/* As kf_video_source_show, _want, _on_arrival, _stats; frames are within the stream. */
kf_status kf_in_scrub_show(kf_in_scrub *s, const kf_picture_request *request, kf_picture_reply *out, kf_error *err);
void kf_in_scrub_want(kf_in_scrub *s, int64_t from, int64_t to);
void kf_in_scrub_on_arrival(kf_in_scrub *s, void (*fn)(void *ctx, int64_t frame), void *ctx);
kf_source_stats kf_in_scrub_stats(kf_in_scrub *s);

/* Between these two files; under the mutex, but for the first three. */
bool kf_in_same_size(kf_in_size a, kf_in_size b);
bool kf_in_cancelled(const atomic_bool *cancel);
struct timespec kf_in_time_after(int64_t ns); /* for pthread_cond_timedwait */
bool kf_in_drop_wish(kf_in_scrub *s, int64_t i);
kf_status kf_in_scrub_start(kf_in_scrub *s, kf_error *err); /* the thread, if need be */

/* ---- kept.c: under the mutex ---- */

/* Somebody looks elsewhere, or at another size: what is kept in which size is decided anew. */
void kf_in_kept_look(kf_in_scrub *s);
/* Number of pictures that fit the budget. */
int64_t kf_in_kept_room(const kf_in_scrub *s);
bool kf_in_kept_has(kf_in_scrub *s, int64_t i);     /* in some size */
bool kf_in_kept_has_all(kf_in_scrub *s, int64_t i); /* in that in which it would be kept now, or larger */
/* The size in which frame i is kept. */
kf_in_size kf_in_kept_size(const kf_in_scrub *s, int64_t i);
/* One that is kept larger than it need be; NULL: none. */
const kf_in_cached *kf_in_kept_too_large(const kf_in_scrub *s);
/* Whether frame i would stay if it were kept now. */
bool kf_in_kept_would_stay(const kf_in_scrub *s, int64_t i);
/* Takes a reference of its own; what is further from being looked at goes. */
void kf_in_kept_put(kf_in_scrub *s, int64_t i, kf_frame *frame, kf_in_size size, bool damaged);
/* The picture nearest to frame i, anchors included, of the same GOP where there is one; NULL if there is none. */
const kf_in_cached *kf_in_kept_nearest(const kf_in_scrub *s, int64_t i);

/* ---- anchors.c: under the mutex ---- */

/* Looks whether a picture is missing where somebody looks now, or nearby. */
void kf_in_anchors_look(kf_in_scrub *s);
/* Keeps a small copy of a picture that is passed, if it is one of those that are kept. shrinker: of the calling thread.
 * Leaves the mutex meanwhile. */
void kf_in_anchors_pass(kf_in_scrub *s, int64_t i, kf_frame *frame, kf_in_shrinker *shrinker);
void kf_in_anchors_stop(kf_in_scrub *s); /* after s->stop, without the mutex */

/* ---- plan.c: under the mutex, on the decoding thread ---- */

typedef struct kf_in_goal {
    int64_t i;             /* to come out next */
    int64_t needed;        /* of what comes before, what is wanted from here on */
} kf_in_goal;
/* What to decode next; false: nothing. */
bool kf_in_plan(kf_in_scrub *s, kf_in_goal *goal);
/* The decoder to do it; *seek: after a seek to goal->i. It may have to be opened first. */
kf_in_stand *kf_in_choose(kf_in_scrub *s, const kf_in_goal *goal, bool *seek);

#endif
