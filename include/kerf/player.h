/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, playing: one sequence of a film, seen and heard.
 *
 * A player shows a state of a film (kf_project_film, kf_film_open) and follows its edits: give it each new state, also while
 * it plays. It opens, decodes, composes and plays on threads of its own; the audio device is the clock, pictures follow, and
 * one that comes too late is left out. Pictures come by kf_player_picture whenever `changed` has said that there is a new
 * one.
 *
 *     kf_player_params p = kf_player_params_default();
 *     p.changed = on_changed;  p.context = monitor;      // on_changed asks the window for a new drawing, no more
 *     kf_player_create(&p, &player, &error);
 *     kf_player_set_film(player, film, NULL, &error);    // and again after each edit
 *     kf_player_play(player, 1);
 *     ... when drawing:  if (kf_player_picture(player, &picture)) { draw(picture); kf_picture_release(picture); }
 *
 * Threads: every function may be called from any thread, and but for kf_player_create and kf_player_destroy none waits for
 * media, decoding, composing or a device: requests are noted, the newest counts, and `state` tells when they have come true.
 * Conventions as in kerf.h. */
#ifndef KERF_PLAYER_H
#define KERF_PLAYER_H

#include "kerf/kerf.h"
#include "kerf/picture.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kf_player kf_player;

typedef struct kf_player_params {
    const char *audio_system;  /* "pipewire", "alsa", "jack" ..., or "null": no sound, the system's clock; NULL: the one that
                                * works */
    const char *audio_device;  /* name of a device; NULL: the system's default */
    int32_t sample_rate;       /* of the device, Hz; 0: the sequence's */
    int32_t buffer_frames;     /* of the device, 64..2048; 0: 512 */
    int64_t memory;            /* bytes for composed pictures and for caches of media together; 0: 1 GiB */
    int32_t threads;           /* 0: one per CPU */
    /* Called on threads of the player, never two at once of the same kind; may be NULL. They must not wait, nor destroy the
     * player; all else is allowed in them. */
    void (*changed)(void *context);  /* there is a new picture */
    void (*state)(void *context);    /* kf_player_get_state or the statistics would say something new: at once for transport,
                                      * at most ten times a second for the rest */
    kf_problem_fn *problem;    /* media that cannot be shown or heard (a placeholder is), a device that is lost; once each */
    void *context;             /* given to the callbacks */
} kf_player_params;
KF_API kf_player_params kf_player_params_default(void);

/* Strings of params are copied. *out is new on success, NULL on failure (out of memory, a value out of range). A device that
 * cannot be opened is a problem, told by `problem`, not a failure: playing then goes by the system's clock. */
KF_API kf_status kf_player_create(const kf_player_params *params, kf_player **out, kf_error *error);
/* Waits until its threads have ended (decoding of one picture at most). No callback comes afterwards. NULL is fine; not from a
 * callback. Pictures that were given away stay good. */
KF_API void kf_player_destroy(kf_player *player);

/* ---- What is played ---- */

/* The film and the sequence (id; NULL: the main one) to show from now on. The player keeps the state for itself: the handle
 * may be closed at once. Costs microseconds; position, playing, open media and what is in caches stay, so that this is to be
 * called after every edit. NULL: nothing is shown any more. KF_ERR_NOT_FOUND: no such sequence; then all stays as it was. */
KF_API kf_status kf_player_set_film(kf_player *player, const kf_film_handle *film, const char *sequence, kf_error *error);

/* Media alone, for a source monitor: a film of one clip in one sequence called "main", of the media's own size, rate and length.
 * kf_film_of_media looks at the file, so call it where waiting is allowed; kf_player_set_media does it on a thread of the
 * player. What cannot be opened becomes a placeholder of 1920x1080 and 10 s. */
typedef struct kf_media_source {
    const char *path;         /* of the file, absolute or from the current folder; or a numbered sequence, "shot.%04d.png" */
    kf_rational rate;         /* of numbered pictures; {0, 0}: 25 */
    const kf_film_handle *film; /* with it and `asset` that asset of a film is shown, as it is to be interpreted there (colour,
                               * alpha, fields, rate, proxy), and path and rate are not looked at; may be NULL */
    const char *asset;        /* id */
} kf_media_source;
KF_API kf_status kf_film_of_media(const kf_media_source *source, kf_film_handle **out, kf_error *error);
KF_API kf_status kf_player_set_media(kf_player *player, const kf_media_source *source, kf_error *error);

/* What of the sequence's picture is shown; sound is always the whole. One of both. */
typedef struct kf_player_part {
    uint64_t clip;            /* id of a clip on a video track: it alone, effects and place included, while the time lies in it;
                               * without what is above and below it and without its transitions. For trimming */
    bool angles;              /* the video tracks beside each other, hidden or not, each in a cell of kf_player_angle_cell: the
                               * angles of a multicam sequence */
} kf_player_part;
/* From now on, whatever film is shown; costs microseconds. NULL or zeroed: all of it, as at first. */
KF_API void kf_player_set_part(kf_player *player, const kf_player_part *part);
/* Cell `index` (0 based, below `count`) of a picture of `count` angles, as parts of its width and height: x, y, width, height.
 * As many columns as the root of the count needs, row by row from the top left, the rows together in the middle. */
KF_API void kf_player_angle_cell(int32_t count, int32_t index, double out[4]);

/* ---- Transport ---- */

/* Loudness that a sequence asks for is not brought about in playing: it is known only when all has been heard.
 *
 * Plays from where it is: rate 1 is normal speed, negative backward, -8..8, 0 pauses. Sound keeps its pitch up to 4 times;
 * faster is silent. At the end (backward: the start) of the sequence, or of what kf_player_play_range was given, it pauses, or
 * goes round if looping. At the end already, playing forward begins at the start. */
KF_API void kf_player_play(kf_player *player, double rate);
/* Plays [from, to) once, or round and round if looping, at normal speed, and pauses at `to`. KF_TIME_NONE: the sequence's
 * ends. pre_roll, post_roll >= 0: begins and ends that much outside the range. */
KF_API void kf_player_play_range(kf_player *player, kf_time from, kf_time to, kf_time pre_roll, kf_time post_roll);
KF_API void kf_player_pause(kf_player *player);
/* With it, playing goes round: between in and out if kf_player_set_range gave them, else over the whole sequence. */
KF_API void kf_player_set_loop(kf_player *player, bool loop);
/* In and out for looping; KF_TIME_NONE: the sequence's ends. Playing outside of them goes on as it is. */
KF_API void kf_player_set_range(kf_player *player, kf_time in, kf_time out);
/* Moves to the frame that is shown at t (clamped to the sequence). While playing it plays on from there. */
KF_API void kf_player_seek(kf_player *player, kf_time t);
/* The same under a moving hand: only the newest position counts, but what comes ready on the way is shown, nearby pictures
 * stand in (kf_picture.exact says so), and short grains sound if kf_player_set_scrub_sound allows. Pauses. Ends with
 * kf_player_seek or any transport. */
KF_API void kf_player_scrub(kf_player *player, kf_time t);
/* Pauses and moves on by frames, also backward. Counts from the newest request, so that ten steps at once are ten frames. */
KF_API void kf_player_step(kf_player *player, int32_t frames);

/* ---- Settings ---- */

typedef enum kf_player_quality {
    KF_QUALITY_FULL,
    KF_QUALITY_HALF,
    KF_QUALITY_QUARTER,
    KF_QUALITY_AUTO          /* the smallest of these that fills what kf_player_set_view said */
} kf_player_quality;
/* Size at which pictures are composed: of the sequence, half or a quarter of its sides. Full at first. */
KF_API void kf_player_set_quality(kf_player *player, kf_player_quality quality);
/* How large they are drawn, px of the screen; 0: not known. Call it whenever that changes: it costs nothing. */
KF_API void kf_player_set_view(kf_player *player, int32_t width, int32_t height);
/* Proxies in place of media where they are ready and the asset says to use them. On at first. */
KF_API void kf_player_set_proxies(kf_player *player, bool use);
/* A file of the film's (as kf_film_asset_file says it) changed, vanished or came back: what is open of it is opened anew, and a
 * placeholder is shown for what cannot be. Costs little where the player has no such file. */
KF_API void kf_player_refresh(kf_player *player, const char *file);
/* Of what is heard here, not of the film: dB, -144 (silence) .. 24; and off altogether. Ramps, never clicks. */
KF_API void kf_player_set_gain(kf_player *player, float db);
KF_API void kf_player_set_mute(kf_player *player, bool mute);
KF_API void kf_player_set_scrub_sound(kf_player *player, bool sound);
/* Another audio device; as in kf_player_params. Playing goes on. */
KF_API kf_status kf_player_set_device(kf_player *player, const char *system, const char *device, kf_error *error);

/* ---- What comes out ---- */

/* The newest picture, a new reference in *out; false (and NULL): there is none yet. Never waits. Its serial tells whether it
 * is another one than last time. */
KF_API bool kf_player_picture(kf_player *player, kf_picture **out);

typedef struct kf_player_state {
    bool playing;             /* also while it gathers what it needs to begin */
    double rate;              /* that it plays at; 0 when it does not */
    kf_time position;         /* playing: what is heard now; else where it was sought to */
    int64_t frame;            /* the same as a number, from 0 */
    kf_time duration;         /* of the sequence; 0: no film, or not looked at yet */
    kf_rational frame_rate;
    int32_t width, height;    /* px of the sequence */
    kf_time in, out;          /* KF_TIME_NONE: not set */
    bool loop, scrubbing, mute, proxies, scrub_sound;
    float gain_db;
    kf_player_quality quality;
    bool waiting;             /* the picture of the position is not there yet */
} kf_player_state;
KF_API void kf_player_get_state(kf_player *player, kf_player_state *out);

/* Counts since the player was made, or since kf_player_reset_stats. */
typedef struct kf_player_stats {
    int64_t shown;            /* frames shown while playing */
    int64_t dropped;          /* whose time passed without being shown; at rates beyond 60 pictures a second those that were
                               * left out on purpose do not count */
    int64_t late;             /* shown more than half a frame after their time */
    int64_t composed;         /* pictures made, playing or not */
    int64_t cache_hits;       /* pictures wanted that were still there */
    int64_t cache_bytes;      /* in composed pictures now */
    int64_t underruns;        /* times that sound was not ready and silence was heard */
    int64_t gaps;             /* times that the device ran dry or stood still, since it was opened */
    double compose_ms;        /* to make one picture, decoding included: smoothed */
    char audio_system[32], audio_device[256]; /* in use now; "": none is open */
    int32_t sample_rate, buffer_frames;
    double latency_ms;        /* from the program to the air, as far as known */
} kf_player_stats;
KF_API void kf_player_get_stats(kf_player *player, kf_player_stats *out);
KF_API void kf_player_reset_stats(kf_player *player);

/* What is heard now; dB of full scale, -INFINITY is silence (also when it does not play). */
typedef struct kf_player_meter {
    float peak_db[2], rms_db[2]; /* left and right; of other layouts the first two, mono twice. Over the last 1/30 s or so */
    float momentary, short_term, integrated; /* LUFS, of the master only (else NAN); integrated since playing began. NAN when
                               * not known */
} kf_player_meter;
/* Fills *master (before the player's own gain) and one reading for each of the first `count` tracks of the sequence, by index,
 * pictures' tracks included (their clips may sound); may be NULL with 0. Returns how many tracks there are. */
KF_API int32_t kf_player_get_meters(kf_player *player, kf_player_meter *master, kf_player_meter *tracks, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
