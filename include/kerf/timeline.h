/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, reading a film: its sequences, tracks, clips, parameters, assets and markers as plain structs, for
 * programs that show them.
 *
 * A film handle is one state that never changes: everything here may be called from any number of threads at once, opens no
 * media, touches no disk but the film's own mapped file, and allocates nothing (functions that return new strings excepted).
 * Texts are borrowed, never NULL, and live as long as the handle. A getter returns false for what is not there, and then has
 * written nothing. Equal `version`s of an object in two states of one project mean that nothing in it differs: keep what was
 * made from it (drawings, waveforms) by its version. */
#ifndef KERF_TIMELINE_H
#define KERF_TIMELINE_H

#include "kerf/kerf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Project ---- */

typedef struct kf_film_info {
    const char *name;         /* "" if none */
    int32_t assets, sequences, bins;
    int32_t main_sequence;    /* index */
} kf_film_info;
KF_API bool kf_film_get_info(const kf_film_handle *film, kf_film_info *out);
/* Path of bin i, such as "Interviews/Day 1". Bins that only assets and sequences name need not be listed. */
KF_API const char *kf_film_bin(const kf_film_handle *film, int32_t i);
/* Where relative paths of media are from; "": the current folder. */
KF_API const char *kf_film_media_folder(const kf_film_handle *film);

/* ---- Assets ---- */

typedef struct kf_asset_info {
    uint64_t uid;             /* stable; no asset or sequence of the film has the same */
    const char *id;           /* its name in edits and in the film's JSON */
    const char *name;         /* to show: its own, else the file's */
    const char *path;         /* as the film has it; "" if there is none */
    const char *bin, *label, *reel, *metadata; /* "" if none; metadata is a JSON object */
    bool offline;             /* the film says that it is missing */
    bool known;               /* what follows is as it was last seen */
    bool video, audio, still;
    int32_t width, height;    /* px; 0: not known */
    kf_rational rate;         /* {0, 0}: not known */
    kf_time duration;         /* 0: not known */
    int64_t bytes;            /* of the file; 0: not known */
    bool timecode_known, drop_frame;
    int64_t timecode_start;   /* frame count of its first frame's label */
    const char *proxy_state;  /* "none", "queued", "building", "ready", "failed", "offline" */
    const char *proxy_path;   /* "" if none */
    bool proxy_use;
    int32_t markers, subclips;
    uint64_t version;
} kf_asset_info;
KF_API bool kf_film_asset(const kf_film_handle *film, int32_t index, kf_asset_info *out);
KF_API int32_t kf_film_asset_index(const kf_film_handle *film, uint64_t uid);        /* -1: none. O(log n) */
KF_API int32_t kf_film_asset_find(const kf_film_handle *film, const char *id);       /* -1: none. O(n) */
/* Path to open it by: absolute, or from the current folder. New string; NULL when out of memory or it has none. */
KF_API char *kf_film_asset_file(const kf_film_handle *film, int32_t index);
/* How many clips of all sequences use each asset: counts[i] for asset i, `count` of them. O(clips): not for each frame. */
KF_API void kf_film_asset_uses(const kf_film_handle *film, int32_t *counts, int32_t count);

typedef struct kf_subclip_info {
    const char *name, *label, *bin;
    kf_time in, out;          /* source time */
} kf_subclip_info;
KF_API bool kf_film_subclip(const kf_film_handle *film, int32_t asset, int32_t i, kf_subclip_info *out);

/* ---- Sequences and tracks ---- */

typedef struct kf_sequence_info {
    uint64_t uid;
    const char *id, *name;    /* name to show: its own, else the id */
    const char *bin, *label;
    int32_t width, height;    /* px */
    kf_rational pixel_aspect, rate;
    int32_t sample_rate, channels;
    kf_time duration, mark_in, mark_out; /* marks: KF_TIME_NONE if not set */
    int64_t start_timecode;   /* frame count of frame 0's label */
    bool drop_frame, multicam;
    int32_t tracks, markers;
    int64_t clips;
    float master_gain;        /* dB */
    int32_t audio_effects;    /* of the master */
    uint64_t version;
} kf_sequence_info;
KF_API bool kf_film_sequence(const kf_film_handle *film, int32_t index, kf_sequence_info *out);
KF_API int32_t kf_film_sequence_index(const kf_film_handle *film, uint64_t uid);     /* -1: none */
KF_API int32_t kf_film_sequence_find(const kf_film_handle *film, const char *id);    /* -1: none */
/* What follows takes a zeroed info, of no sequence, for one of 25 frames a second. */
/* Timecode of a time of a sequence, "01:00:00;02" for drop-frame. Writes at most size bytes, 0-terminated. */
KF_API void kf_sequence_timecode(const kf_sequence_info *sequence, kf_time t, char *text, size_t size);
/* Reads what kf_film_parse_time reads, at this sequence's rate, and with its first timecode. */
KF_API kf_status kf_sequence_parse_time(const kf_sequence_info *sequence, const char *text, kf_time *out,
                                        kf_error *error);
/* Exact conversions: frame that is shown at t (floor), and the time at which a frame begins. */
KF_API int64_t kf_sequence_frame(const kf_sequence_info *sequence, kf_time t);
KF_API kf_time kf_sequence_frame_time(const kf_sequence_info *sequence, int64_t frame);

typedef struct kf_track_info {
    uint64_t uid;
    const char *name, *label; /* "" if none */
    bool audio;
    int32_t number;           /* among tracks of its kind, from 1: V1, A2 */
    bool mute, hide, lock, solo, sync_lock, target;
    int64_t items, clips;
    kf_time duration;
    int32_t effects, audio_effects;
    uint64_t version;
} kf_track_info;
/* Tracks stand from the bottom to the top; video and audio tracks in one list. */
KF_API bool kf_film_track(const kf_film_handle *film, int32_t sequence, int32_t index, kf_track_info *out);

/* ---- What lies on a track ---- */

typedef enum kf_timeline_kind { KF_TIMELINE_GAP, KF_TIMELINE_CLIP, KF_TIMELINE_TRANSITION } kf_timeline_kind;
typedef enum kf_timeline_source {
    KF_TIMELINE_ASSET, KF_TIMELINE_SEQUENCE, KF_TIMELINE_GENERATOR, KF_TIMELINE_ADJUSTMENT
} kf_timeline_source;

typedef struct kf_timeline_item {
    kf_timeline_kind kind;
    uint64_t id;              /* of a clip or transition: stable, unique in the film, what edits take. 0: a gap */
    int32_t sequence, track;  /* indices */
    int64_t index;            /* among all items of the track */
    kf_time start, duration;  /* on the timeline */
    bool merged;              /* stands for several that are too short to tell apart (kf_timeline_range.resolution):
                                 all but the duration is of the first of them */
    const char *name;         /* to show: its own, else its source's; of a transition its kind */
    const char *label;
    float color[4];           /* alpha 0: none */
    /* a transition */
    kf_time cut;              /* start <= cut <= start + duration */
    bool from, to;            /* there is a clip on that side */
    const char *transition;   /* its kind, such as "dissolve"; "" for clips */
    /* a clip */
    kf_timeline_source source;
    int32_t source_index;     /* of the asset or the nested sequence; -1: none, or it is gone */
    const char *generator;    /* its kind, such as "title"; "" for others */
    kf_time source_in;        /* source time at its first picture */
    kf_time source_end;       /* end of what it shows of its source, or the lower end when it runs backwards */
    kf_rational speed;        /* source time per timeline time */
    bool reverse, loop, frozen, remapped;
    bool enabled, sound;      /* sound: it is heard, if its source has any */
    bool offline;             /* its asset is */
    bool linked, grouped, keyed; /* keyed: some parameter has keyframes */
    int32_t effects, audio_effects, markers;
    int32_t angle;            /* of a multicam clip, from 1; 0: none */
    kf_time fade_in, fade_out; /* of its sound */
    uint64_t version;
    uint64_t ref;             /* private */
} kf_timeline_item;

typedef struct kf_timeline_range {
    int32_t sequence, track;  /* indices */
    kf_time from, to;         /* items that lie over [from, to) at least in part */
    kf_time resolution;       /* what is shorter may be given merged with its neighbours, at most one for each
                                 resolution: cost grows with (to - from) / resolution, not with clips. Shorter gaps
                                 and transitions are left out. 0: all */
    bool gaps;                /* gaps are given too */
} kf_timeline_range;
/* The function gets items in order of time, transitions after the clip before their cut, until it returns false. The item
 * is good for the call; its texts for as long as the film. O(log n + given). */
typedef bool kf_timeline_fn(void *context, const kf_timeline_item *item);
KF_API void kf_timeline_each(const kf_film_handle *film, const kf_timeline_range *range, kf_timeline_fn *fn, void *context);
/* The clip (or gap) at time t of a track. */
KF_API bool kf_timeline_at(const kf_film_handle *film, int32_t sequence, int32_t track, kf_time t, kf_timeline_item *out);
/* The item at an index of a track: the neighbours of another one. */
KF_API bool kf_timeline_item_at(const kf_film_handle *film, int32_t sequence, int32_t track, int64_t index,
                                kf_timeline_item *out);
/* Source time that a clip shows at time t of the timeline. */
KF_API kf_time kf_timeline_source_time(const kf_film_handle *film, const kf_timeline_item *clip, kf_time t);
/* Ids of what a clip is linked with, or grouped, itself among them; at most `size` are written. How many there are. */
KF_API int32_t kf_timeline_links(const kf_film_handle *film, const kf_timeline_item *clip, bool group, uint64_t *ids,
                                 int32_t size);

/* What a thing that is dragged snaps to. */
typedef struct kf_snap_params {
    int32_t sequence;
    kf_time time, tolerance;  /* tolerance: to both sides */
    kf_time playhead;         /* KF_TIME_NONE: none */
    const uint64_t *ignore;   /* ids of clips not to snap to: those that are dragged */
    int32_t ignore_count;
} kf_snap_params;
KF_API bool kf_timeline_snap(const kf_film_handle *film, const kf_snap_params *params, kf_time *out);

/* ---- Markers ---- */

typedef enum kf_marker_owner { KF_MARKER_SEQUENCE, KF_MARKER_ASSET, KF_MARKER_CLIP } kf_marker_owner;
typedef struct kf_marker_info {
    uint64_t id;
    kf_time time, duration;   /* of the sequence, the media, or the clip; duration 0: a point */
    const char *name, *note, *kind; /* kind: "comment", "chapter", "todo", ... */
    float color[4];           /* alpha 0: none */
} kf_marker_info;
/* Marker i in order of time; owner SEQUENCE and ASSET: `index` is theirs. */
KF_API bool kf_film_marker(const kf_film_handle *film, kf_marker_owner owner, int32_t index, int32_t i,
                           kf_marker_info *out);
KF_API bool kf_timeline_marker(const kf_film_handle *film, const kf_timeline_item *clip, int32_t i, kf_marker_info *out);
/* Index of the first marker at or after t. */
KF_API int32_t kf_film_marker_after(const kf_film_handle *film, kf_marker_owner owner, int32_t index, kf_time t);

/* ---- Parameters ---- */

/* Whose parameters. */
typedef enum kf_param_group {
    KF_PARAMS_TRANSFORM,      /* clip: position, scale, rotation, opacity, ... */
    KF_PARAMS_VIDEO,          /* clip or track: its picture's own properties */
    KF_PARAMS_AUDIO,          /* clip or track: gain, pan, fades */
    KF_PARAMS_GENERATOR,      /* clip made by a generator */
    KF_PARAMS_TRANSITION,
    KF_PARAMS_EFFECT,         /* effect `index` of a clip or track */
    KF_PARAMS_AUDIO_EFFECT    /* audio effect `index` of a clip, track, or (item NULL, track -1) of the sequence's master */
} kf_param_group;
typedef struct kf_param_place {
    const kf_timeline_item *item; /* a clip or transition; NULL: the track, or the master */
    int32_t sequence, track;      /* used if item is NULL */
    kf_param_group group;
    int32_t index;                /* of the effect */
} kf_param_place;

typedef struct kf_param_set {
    const char *kind;         /* its name in kerf/catalog.h, such as "blur"; "" if this build does not know it */
    const char *name;         /* given by the user, "" if none */
    bool enabled, keyed;
    uint64_t version;
} kf_param_set;
KF_API bool kf_film_params(const kf_film_handle *film, const kf_param_place *place, kf_param_set *out);

/* A parameter's value at a time: of the clip for clips (0 = its start), else of the sequence. */
typedef struct kf_param_now {
    bool set;                 /* false: its default holds */
    int32_t keys;             /* 0: constant */
    double number[4];         /* numbers, colours (RGBA), points (x, y); times in seconds; choices and switches as index */
    kf_time time;             /* of a TIME parameter, exact */
    const char *text;         /* texts and files; "" for others */
} kf_param_now;
KF_API bool kf_film_param(const kf_film_handle *film, const kf_param_place *place, const char *param, kf_time t,
                          kf_param_now *out);
typedef enum kf_key_interp { KF_KEY_HOLD, KF_KEY_LINEAR, KF_KEY_BEZIER } kf_key_interp;
typedef struct kf_key_info {
    kf_time time;
    kf_key_interp interp;     /* of the way to the next key */
    double bezier[4];         /* x1, y1, x2, y2 as in CSS */
    double value[4];
} kf_key_info;
KF_API bool kf_film_param_key(const kf_film_handle *film, const kf_param_place *place, const char *param, int32_t i,
                              kf_key_info *out);
/* Any value as it stands in a film's JSON (points of curves, gradients, keyframes, ...). New string, NULL if not set. */
KF_API char *kf_film_param_json(const kf_film_handle *film, const kf_param_place *place, const char *param);

/* An effect as it stands in a film's JSON, {"effect": kind, ...}, for add_effect. New string, NULL if it is none. */
KF_API char *kf_film_effect_json(const kf_film_handle *film, const kf_param_place *place);

/* A clip or transition as it stands in a film's JSON, for the clipboard. New string. */
KF_API kf_status kf_timeline_json(const kf_film_handle *film, const kf_timeline_item *item, char **out, kf_error *error);

/* The tracks of a sequence (by id; NULL: the main one) with their clips and transitions: lines of id, start, length and
 * name, or JSON. End *out with kf_string_free. KF_ERR_NOT_FOUND. */
KF_API kf_status kf_film_list(const kf_film_handle *film, const char *sequence, kf_text_format format, char **out,
                              kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
