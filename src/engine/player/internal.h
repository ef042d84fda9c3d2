/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the player. What its threads do:
 *
 *   compose  makes pictures: of the position, of what comes next when playing, of neighbours when idle
 *   show     picks the picture of the moment and gives it to the caller
 *   load     makes films of media and graphs of sound, and opens devices: all that may wait for the disk or the system
 *   sound    renders ahead of the device (sound.h)
 *
 * One lock guards what they share. It is held for moments only: never over media, composing, a device or a callback. */
#ifndef KF_ENGINE_PLAYER_INTERNAL_H
#define KF_ENGINE_PLAYER_INTERNAL_H

#include "base/api/thread.h"
#include "engine/api/player.h"
#include "engine/player/frames.h"
#include "engine/player/programme.h"
#include "engine/player/run.h"

typedef struct kf_signal {
    pthread_cond_t cond;
    bool raised;
} kf_signal;

/* Counts of the run that is played. */
typedef struct kf_showing {
    uint64_t run;            /* its id */
    kf_time cursor;          /* the clock's time at which the frame of the moment began */
    int64_t frame;           /* ... its number */
    bool shown;              /* ... and whether it was seen */
} kf_showing;

typedef struct kf_wish {     /* a picture to make */
    kf_programme *programme; /* a reference of the composer's */
    int64_t frame;
    int divide;              /* of the sides */
    bool urgent;             /* it is waited for */
    kf_time deadline;        /* kf_clock_ns for a stand-in; 0: none */
} kf_wish;

struct kf_player {
    kf_player_params params; /* its strings: */
    char *backend, *system, *device;
    kf_warnings warnings;
    kf_library *library;
    kf_pool *pool;
    pthread_t compose_thread, show_thread;
    bool composing_runs, showing_runs;

    pthread_mutex_t lock;    /* of all that follows */
    bool quit;
    kf_signal compose, show;

    /* what is played */
    kf_programme *programme; /* NULL: nothing */
    uint64_t serials;
    kf_player_quality quality;
    bool proxies;

    /* transport */
    bool playing, scrubbing, loop, mute, scrub_sound;
    float gain_db;
    kf_time position;        /* when not playing */
    kf_time in, out;         /* KF_TIME_NONE: not set */
    kf_time moved_ns;        /* when the position was last asked for */
    int direction;           /* of the last move: -1, 1 */
    kf_run run;              /* when playing */
    uint64_t run_id;
    int64_t begun_ns;        /* of the run; 0: it gathers */

    /* pictures */
    kf_frames *frames;       /* those of `programme` at `quality`, all exact */
    kf_picture *stand_in;    /* of `stand_in_for`, when the exact one is not there */
    int64_t stand_in_for;
    kf_picture *late;        /* composed while playing, after its time */
    kf_picture *front;       /* the newest for the caller */
    uint64_t pictures;       /* serial of the newest */
    int64_t making;          /* frame being composed, -1: none */
    atomic_bool abandon;     /* it is not wanted any more */
    kf_showing showing;
    double compose_ns;       /* smoothed */
    kf_player_stats stats;
    int64_t told_ns;         /* when `state` was last called for statistics */
    bool tell_state;         /* it is to be called */
};

/* signal.c. Under the player's lock. */
void kf_signal_init(kf_signal *signal);
void kf_signal_finish(kf_signal *signal);
void kf_signal_raise(kf_signal *signal);
/* Until raised, or kf_clock_ns is `until` (0: for ever); takes the signal down. */
void kf_signal_wait(kf_signal *signal, pthread_mutex_t *lock, int64_t until);

/* compose.c */
void *kf_player_compose(void *player);
/* show.c */
void *kf_player_show(void *player);

/* player.c, under the lock */
/* The clock of the run: false: it has not begun. */
bool kf_player_elapsed(const kf_player *p, int64_t now, kf_time *elapsed);
int64_t kf_player_frame(const kf_player *p, int64_t now); /* of the position; 0 without a film */
void kf_player_begin(kf_player *p, int64_t now);          /* what the run needs has been gathered */
void kf_player_end_run(kf_player *p);                     /* it has come to its end */
void kf_player_changed(kf_player *p);                     /* state is to be told */
void kf_player_rerun(kf_player *p);                       /* if it plays: on from here, under what holds now */
void kf_player_place(kf_player *p);                       /* brings the position into the sequence */

#endif
