/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the player. What its threads do:
 *
 *   compose  makes pictures: of the position, of what comes next when playing, of neighbours when idle
 *   show     picks the picture of the moment and gives it to the caller
 *   load     makes films of media and graphs of sound, and opens devices: all that may wait for the disk or the system
 *   ahead    makes media ready for what comes in playing
 *   sound    renders ahead of the device, into lanes; the device's callback only takes from these (lanes.h)
 *
 * One lock guards what they share. It is held for moments only: never over media, composing, opening a device or a callback,
 * and the device's callback does not know it. */
#ifndef KF_ENGINE_PLAYER_INTERNAL_H
#define KF_ENGINE_PLAYER_INTERNAL_H

#include "audio/engine/api/device.h"
#include "engine/api/player.h"
#include "engine/player/frames.h"
#include "engine/player/meters.h"

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
    int look;                /* ... of decoded pictures */
    bool urgent;             /* it is waited for */
    bool runs;               /* others follow it in order */
    kf_time deadline;        /* kf_clock_ns for a stand-in; 0: none */
} kf_wish;

typedef struct kf_device_choice { /* as in kf_player_params; owned */
    char *system, *device;
} kf_device_choice;

enum { KF_PLAYER_THREADS = 5 };

struct kf_player {
    kf_player_params params; /* without its strings */
    kf_warnings warnings;
    kf_library *library;     /* media as they are looked at: where somebody scrubs */
    kf_library *running;     /* media as they are played: one picture after the other */
    kf_pool *pool;
    kf_lanes lanes;
    kf_meters meters;
    pthread_t threads[KF_PLAYER_THREADS];
    int thread_count;

    pthread_mutex_t lock;    /* of all that follows */
    bool quit;
    kf_signal compose, show, load, ahead, sound;

    /* what is played */
    kf_programme *programme; /* NULL: nothing */
    uint64_t serials;
    kf_player_quality quality;
    int32_t view_width, view_height; /* 0: not known */
    int divide;              /* of the sides of pictures: what both come to */
    bool proxies;
    kf_view_part part;

    /* transport */
    bool playing, scrubbing, loop, mute, scrub_sound;
    float gain_db;
    kf_time position;        /* when not playing */
    kf_time in, out;         /* KF_TIME_NONE: not set */
    kf_time moved_ns;        /* when the position was last asked for */
    int direction;           /* of the last move: -1, 1 */
    kf_run run;              /* when playing */
    uint64_t run_id;         /* another one for each start and seek */
    uint64_t run_turn;       /* counts changes of `run` on its way: its ends, its loop */
    uint64_t gathered;       /* id of the run that may begin */
    uint64_t elapsed_run;    /* id of the run that began last */
    kf_time elapsed;         /* ... how far it was last seen */
    uint64_t grain_id;       /* a run too: of scrubbing that sounds; 0: none */

    /* sound */
    kf_audio_device *device; /* NULL: none is open */
    int32_t device_rate;
    bool device_stale;       /* another one is wanted, or it was lost */
    bool device_chosen;      /* since the last one was opened */
    kf_device_choice choice; /* empty while the loading thread has it */
    kf_score *score;         /* of `programme`, or of one before until that has been made */
    uint64_t score_serial;   /* of the programme whose score was begun last */
    uint64_t score_done;     /* ... and is there, or cannot be made */
    kf_engine_media *wanted; /* media to make a film of; owned, with its texts and film; NULL: none */

    /* pictures */
    kf_frames *frames;       /* those of `programme` at `quality`, all exact */
    bool soft;               /* ... but made of smaller pictures, as they do for playing backward */
    kf_picture *stand_in;    /* of `stand_in_for`, when the exact one is not there */
    int64_t stand_in_for;
    kf_picture *late;        /* composed while playing, after its time */
    kf_picture *front;       /* the newest for the caller */
    uint64_t pictures;       /* serial of the newest */
    int64_t making;          /* frame being composed, -1: none */
    atomic_bool abandon;     /* it is not wanted any more */
    kf_showing showing;
    kf_time composed;        /* of the run: what is being composed, or was last */
    double compose_ns;       /* smoothed */
    kf_player_stats stats;
    int64_t underruns_before; /* of the last reset */
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

/* load.c */
void *kf_player_load(void *player);
void kf_player_forget_media(kf_engine_media *media); /* NULL is fine */
kf_status kf_player_choose(kf_device_choice *out, const char *system, const char *device, kf_error *err);
void kf_player_forget_choice(kf_device_choice *choice);
bool kf_player_has_score(const kf_player *p);        /* under the lock: the sound of the present film is there */
/* ahead.c */
void *kf_player_ahead(void *player);
/* sound.c */
void *kf_player_sound(void *player);

/* transport.c, under the lock */
/* The clock of the run: false: it has not begun. */
bool kf_player_elapsed(kf_player *p, int64_t now, kf_time *elapsed);
kf_time kf_player_position(kf_player *p, int64_t now);
int64_t kf_player_frame(kf_player *p, int64_t now);       /* of the position; 0 without a film */
void kf_player_begin(kf_player *p);                       /* what the run needs has been gathered */
void kf_player_restart(kf_player *p);                     /* if it plays: a new run from here */
void kf_player_halt(kf_player *p);                        /* pauses where it is */
void kf_player_end_run(kf_player *p);                     /* it has come to its end */
void kf_player_changed(kf_player *p);                     /* state is to be told */
void kf_player_rerun(kf_player *p);                       /* if it plays: on from here, under what holds now */
void kf_player_place(kf_player *p);                       /* brings the position into the sequence */

#endif
