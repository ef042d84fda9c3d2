/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A video source for runs of pictures: who reads what (readers.c), and the thread that decodes (video.c). */
#ifndef KF_MEDIA_IN_VIDEO_H
#define KF_MEDIA_IN_VIDEO_H

#include "media/in/internal.h"

enum { KF_IN_READERS = 16, KF_IN_DECODERS = 4, KF_IN_AHEAD = 4, KF_IN_BEHIND = 6 };

/* A place from which frames are being read, or will be: announced by a hint, or inferred from what is asked. */
typedef struct kf_in_reader {
    int64_t next;          /* expected next */
    int64_t end;           /* the last one it will want; INT64_MAX or 0 if unknown */
    int64_t stride;        /* the last step */
    int64_t last;          /* asked for last */
    int returns;           /* how often in a row it asked for an earlier one */
    uint64_t stamp;
    bool backward;
    bool announced;        /* by a hint */
    bool steady;           /* goes on from frame to frame: worth decoding ahead for */
    bool started;          /* has asked */
} kf_in_reader;

typedef struct kf_in_readers {
    kf_in_reader items[KF_IN_READERS];
    int count;
    uint64_t clock;
} kf_in_readers;
/* Notes that frame i is asked for; returns its reader. */
kf_in_reader *kf_in_readers_ask(kf_in_readers *r, int64_t i, int64_t count);
void kf_in_readers_want(kf_in_readers *r, int64_t from, int64_t to);
/* How soon a steady reader needs frame i, in frames; INT64_MAX: none does. */
int64_t kf_in_readers_need(const kf_in_readers *r, int64_t i);
/* Whether a reader may still ask for i, which it has just got (given), or passed without asking. */
bool kf_in_readers_recent(const kf_in_readers *r, int64_t i, bool given);
/* Whether some reader is not steady, so that what it asked for may be asked again. */
bool kf_in_readers_roaming(const kf_in_readers *r);

/* One call of kf_video_source_get that waits; on its caller's stack. */
typedef struct kf_in_waiting {
    int64_t i;
    bool done, damaged;
    kf_frame *frame;
    kf_status status;
    kf_error *err;
    struct kf_in_waiting *next;
} kf_in_waiting;

typedef struct kf_in_pooled {
    kf_in_decoder *decoder;
    kf_frame *tail;        /* the frame it gave last since its seek, NULL if none */
    int64_t sent;          /* the frame that its last seek was for: on the way there it is not called back */
    uint64_t used;         /* clock of its last step */
    int64_t used_ns;
    int64_t decoded, ns;   /* of its decoder, as of its last step */
} kf_in_pooled;

struct kf_video_source {
    kf_media *media;
    int stream;
    bool deinterlace;
    _Atomic bool indexed;
    _Atomic int64_t near;  /* last result of frame_at */
    pthread_mutex_t mutex; /* for all that follows; decoders belong to the thread */
    pthread_cond_t work, done;
    pthread_t thread;
    bool running, stop;
    kf_in_cache cache;
    kf_in_readers readers;
    kf_in_waiting *waiting;
    kf_in_pooled pool[KF_IN_DECODERS];
    kf_in_converter converter;
    int64_t frame_bytes;   /* of one frame */
    int64_t budget;
    uint64_t clock;
    kf_source_stats stats;
    struct kf_in_scrub *scrub; /* an interactive source; then all from `thread` on is unused. NULL: runs */
};

/* Under the mutex. As kf_video_source_get and _want; i is within the stream. */
kf_status kf_in_video_get(kf_video_source *s, int64_t i, kf_frame **out, bool *damaged, kf_error *err);
void kf_in_video_want(kf_video_source *s, int64_t from, int64_t to);
void kf_in_video_stop(kf_video_source *s); /* ends the thread, frees what it has */

#endif
