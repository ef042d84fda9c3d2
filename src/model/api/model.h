/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timeline model: immutable nodes in a store, read through snapshots.
 *
 * A snapshot is a root in a store. Snapshots, views and cursors are plain values that own nothing; the strings, keys
 * and points they point to live as long as the film (store). Any number of threads may read at once without a lock; a
 * cursor belongs to one thread at a time. Reading never allocates and never fails on damaged bytes: what cannot be read
 * reads as absent.
 *
 * A track is a B+tree of items (gaps, clips, transitions) whose inner nodes sum durations: positions are sums, finding
 * the item at a time is O(log n), and a cursor that moves on finds the next one in O(1). */
#ifndef KF_MODEL_H
#define KF_MODEL_H

#include "base/api/image.h"
#include "base/api/str.h"
#include "catalog/api/catalog.h"
#include "store/api/store.h"

enum {
    KF_MODEL_MAX_SIDE = 16384,       /* px of a sequence's width or height */
    KF_MODEL_MAX_TRACKS = 1000,      /* of a sequence */
    KF_MODEL_MAX_ITEMS = 10000000,   /* of a track */
    KF_MODEL_MAX_EFFECTS = 256,      /* of one clip, track or master */
    KF_MODEL_MAX_KEYS = 100000,      /* of one parameter */
    KF_MODEL_MAX_NESTING = 16,       /* sequences in sequences */
    KF_MODEL_MAX_MARKERS = 10000000, /* of a sequence, asset or clip */
    KF_MODEL_MAX_BINS = 100000,
    KF_MODEL_MAX_SUBCLIPS = 100000,  /* of an asset */
    KF_MODEL_MAX_ANGLE = 1000,       /* video tracks of a sequence */
    KF_MODEL_MAX_METADATA = 1 << 20, /* bytes of one object's, as compact JSON */
    KF_MODEL_MAX_METADATA_DEPTH = 64,
    KF_MODEL_MAX_LAYERS = 10000      /* clips on top of each other in one frame, nested ones included */
};
#define KF_MODEL_MAX_TIME (INT64_C(1000) * 3600 * KF_SECOND) /* longest sequence: 1000 h */

/* ---- Films ---- */

/* A loaded film: a store and its current root. Immutable once loaded; thread-safe. */
typedef struct kf_film kf_film;

/* What the loader asks about media when a film leaves something to it: a sequence's size or rate, a clip's duration. */
typedef struct kf_media_facts {
    bool video, audio;
    bool still;             /* one picture: no duration of its own */
    int32_t width, height;  /* as shown: after rotation, square pixels */
    kf_rational rate;       /* average; {0, 0} unknown */
    kf_time duration;       /* of the longest stream */
} kf_media_facts;
/* `file` is a path to open. A failure (missing file, ...) is KF_ERR_*; called on the loading thread, once an asset. */
typedef kf_status kf_media_facts_fn(void *ctx, const char *file, kf_media_facts *out, kf_error *err);

typedef struct kf_film_load {
    const char *name;          /* starts error messages; NULL: "film" */
    const char *folder;        /* where the film is: relative paths are from there; NULL or "": the current folder */
    const char *target;        /* where it will be: relative paths are rewritten to be from there; NULL: it stays */
    kf_media_facts_fn *media;  /* may be NULL: then sizes and rates left open become 1920x1080 and 30, and a clip
                                  without a duration is an error. A failing media is an error for durations only, not
                                  for size and rate */
    void *ctx;
} kf_film_load;

/* Reads and checks a film (docs/film-format.md). load may be NULL. *out is new on success, untouched on failure.
 * Errors: KF_ERR_PARSE (not JSON), KF_ERR_INVALID (unknown keys, values out of range, cycles, unknown ids),
 * KF_ERR_UNSUPPORTED (a newer version of the format), KF_ERR_MEMORY, and what `media` returns. */
kf_status kf_film_load_json(const char *bytes, size_t length, const kf_film_load *load, kf_film **out, kf_error *err);
/* The film in a store, as of its head. The film takes the store over; on failure it stays the caller's. Only folder,
 * media and ctx of `load` (may be NULL) matter. KF_ERR_PARSE if the head is no film. */
kf_status kf_film_open_store(kf_store *store, const kf_film_load *load, kf_film **out, kf_error *err);
/* An empty film with one sequence. Zero-initialise for one without name, preset and tracks. */
typedef struct kf_film_new_params {
    const char *name;          /* NULL: none */
    const char *sequence;      /* its id; NULL: "main" */
    const char *preset;        /* of kf_sequence_preset_find; NULL: size and rate are left to the first clip */
    int32_t video_tracks, audio_tracks;
} kf_film_new_params;
/* In memory. *out is new on success, untouched on failure. load may be NULL. KF_ERR_NOT_FOUND (no such preset),
 * KF_ERR_INVALID (too many tracks, no id). */
kf_status kf_film_new(const kf_film_new_params *params, const kf_film_load *load, kf_film **out, kf_error *err);
void kf_film_destroy(kf_film *film); /* NULL is fine; no snapshot may be in use */

typedef struct kf_snapshot {
    const kf_store *store;
    kf_ref root;
} kf_snapshot;
kf_snapshot kf_film_snapshot(const kf_film *film); /* the current one */
/* A film that stays at the present state, whatever becomes of this one. Made by the thread that edits, read and destroyed
 * by any. */
kf_status kf_film_pin(const kf_film *film, kf_film **out, kf_error *err);
/* The same of a state of its history. KF_ERR_NOT_FOUND: there is no commit with this serial number. */
kf_status kf_film_pin_state(const kf_film *film, uint64_t serial, kf_film **out, kf_error *err);
/* Where the film is, from which its relative paths are (of assets, and parameters that are files); "": the current folder. */
const char *kf_film_folder(const kf_film *film);

/* Appends the film as JSON that loads to the same model. */
kf_status kf_film_write_json(kf_snapshot snapshot, kf_str *out, kf_error *err);
/* Appends the JSON Schema (2020-12) of films, made from the catalog's and the model's tables. */
kf_status kf_schema_write(kf_str *out, kf_error *err);

/* ---- Parameters ---- */

typedef enum kf_interp { KF_INTERP_HOLD, KF_INTERP_LINEAR, KF_INTERP_BEZIER } kf_interp;

/* A keyframe; `interp` and `bezier` are of the way to the next key. bezier: x1, y1, x2, y2 of a cubic as in CSS: u is
 * the fraction of the time between the keys, s solves x(s) = u with x(s) = 3 s (1-s)^2 x1 + 3 s^2 (1-s) x2 + s^3 (x1,
 * x2 in 0..1, so there is one s), and the value goes y(s) of the way. Solved by bisection and Newton steps in double
 * with + - * / only: the same bits everywhere. Before the first and after the last key their values hold. */
typedef struct kf_key {
    kf_time time;      /* of the clip: 0 = its start on the timeline; of tracks and sequences: sequence time */
    int32_t interp;    /* kf_interp */
    int32_t reserved;
    double bezier[4];
    double value[4];   /* kf_field_numbers of them; TIME in seconds */
} kf_key;

/* The y of the cubic above for u in 0..1. */
double kf_bezier_ease(const double bezier[4], double u);
/* Value at t of `count` >= 1 ascending keys with n numbers each. */
void kf_keys_eval(const kf_key *keys, int32_t count, int n, kf_time t, double *out);

/* The parameters of one effect, transition, generator or set of properties. */
typedef struct kf_params {
    const kf_kind *kind;   /* NULL: of a kind this build does not know */
    uint16_t kind_id;
    bool constant;         /* no keyframes: evaluate once */
    bool enabled;          /* effects can be switched off */
    const char *name;      /* given by the user, "" if none */
    const void *payload;   /* private; NULL: all defaults */
    uint32_t size;
    kf_ref ref;            /* KF_REF_NONE: all defaults. Equal refs have equal values: a key for caches */
} kf_params;

/* Fills the kind's struct (kinds.h; kind->values_size bytes) with the values at time t: defaults, then what was set. No
 * allocation; O(fields + log keys). False and defaults if nothing could be read; false and nothing written if kind is
 * NULL. */
bool kf_params_eval(const kf_params *params, kf_time t, void *values);

/* One parameter as it was set. */
typedef struct kf_param_value {
    bool set;                /* false: the default holds, and nothing below is meaningful */
    int32_t key_count;       /* 0: constant */
    const kf_key *keys;
    double number[4];        /* constant numbers; TIME in seconds (exact in `time`) */
    kf_time time;
    const char *text;        /* TEXT, FILE */
    kf_points points;
    kf_stops stops;
} kf_param_value;
bool kf_params_get(const kf_params *params, int field, kf_param_value *out); /* false: not set, as out->set */

/* ---- Project and assets ---- */

/* Metadata is a JSON object as compact text that is kept as it was read (numbers as they were written), "" if there is
 * none. Labels are names of colours or what else an editor shows. */

typedef struct kf_project_view {
    const char *name;         /* "" if none */
    const char *metadata;
    int32_t asset_count, sequence_count;
    int32_t main_sequence;    /* index */
    int32_t bin_count;
} kf_project_view;
bool kf_project_get(kf_snapshot snapshot, kf_project_view *out);
/* Path of bin i, such as "Interviews/Day 1"; NULL past the last. Those above it, and those that assets and sequences
 * are in, need not be listed. */
const char *kf_bin_at(kf_snapshot snapshot, int32_t i);

/* Markers of an asset, a sequence or a clip, in order of time. */
typedef struct kf_marker {
    uint64_t id;              /* stable, unique in the film */
    kf_time time, duration;   /* duration 0: a point */
    const char *name, *note;  /* "" if none */
    const char *kind;         /* "comment", "chapter", "todo", ... */
    const char *metadata;
    float color[4];           /* alpha 0: none */
    kf_ref ref;
} kf_marker;
typedef struct kf_markers {
    kf_ref ref;
    int32_t count;
} kf_markers;
bool kf_marker_at(kf_snapshot snapshot, kf_markers markers, int32_t i, kf_marker *out); /* O(log n) */
/* How many lie before t: the index of the first one at or after t, one more than that of the last one before t. */
int32_t kf_marker_index(kf_snapshot snapshot, kf_markers markers, kf_time t); /* O(log n) */
int32_t kf_marker_find(kf_snapshot snapshot, kf_markers markers, uint64_t id); /* index, -1 if there is none; O(n) */
/* Calls fn for each marker that covers t (time <= t <= time + duration), or that lies over [from, to) at least in part
 * (points: from <= time < to), in order of time, until it returns false. O((found + 1) log n). */
typedef bool kf_marker_fn(void *ctx, int32_t index, const kf_marker *marker);
void kf_markers_at(kf_snapshot snapshot, kf_markers markers, kf_time t, kf_marker_fn *fn, void *ctx);
void kf_markers_over(kf_snapshot snapshot, kf_markers markers, kf_time from, kf_time to, kf_marker_fn *fn, void *ctx);

typedef enum kf_deinterlace { KF_DEINTERLACE_AUTO, KF_DEINTERLACE_ON, KF_DEINTERLACE_OFF } kf_deinterlace;
typedef enum kf_alpha_mode { KF_ALPHA_AUTO, KF_ALPHA_STRAIGHT, KF_ALPHA_PREMULTIPLIED, KF_ALPHA_IGNORE } kf_alpha_mode;

/* What was last known of an asset's media. */
typedef struct kf_media_known {
    bool known;               /* false: nothing */
    bool has_hash;
    kf_media_facts facts;     /* 0: not known */
    int64_t bytes;            /* of the file; 0: not known */
    uint64_t hash;            /* XXH64 of the file */
} kf_media_known;

/* Label of the media's first frame. */
typedef struct kf_source_timecode {
    bool known, drop_frame;
    int64_t start;            /* frame count */
    kf_rational rate;
} kf_source_timecode;

typedef enum kf_proxy_state {
    KF_PROXY_NONE, KF_PROXY_QUEUED, KF_PROXY_BUILDING, KF_PROXY_READY, KF_PROXY_FAILED, KF_PROXY_OFFLINE
} kf_proxy_state;
typedef struct kf_proxy {
    kf_proxy_state state;
    bool use;                 /* in editing, where it is ready */
    const char *path;         /* "" if none */
} kf_proxy;

typedef struct kf_asset_view {
    uint64_t uid;             /* stable; what clips refer to; no asset or sequence of the film has the same */
    const char *id;           /* its key in the film */
    const char *name;         /* "" if none */
    const char *path;         /* from the film's folder, or absolute; may be "" if it is offline */
    const char *bin, *label, *reel, *metadata; /* "" if none */
    bool offline;             /* known to be missing */
    kf_rational rate;         /* of numbered image sequences; {0, 0}: not given */
    kf_color color;           /* overrides; unspecified parts are as the file says */
    kf_deinterlace deinterlace;
    kf_alpha_mode alpha;
    kf_source_timecode timecode;
    kf_media_known media;
    kf_proxy proxy;
    kf_markers markers;       /* in times of the media */
    int32_t subclip_count;
    kf_ref ref;
} kf_asset_view;
bool kf_asset_at(kf_snapshot snapshot, int32_t index, kf_asset_view *out);
int32_t kf_asset_index(kf_snapshot snapshot, uint64_t uid); /* O(log n); -1 if there is none */
int32_t kf_asset_find(kf_snapshot snapshot, const char *id); /* O(n); -1 if there is none */

/* A part of an asset with a name of its own. */
typedef struct kf_subclip {
    const char *name, *label, *bin, *metadata;
    kf_time in, out;          /* source time */
} kf_subclip;
bool kf_subclip_at(kf_snapshot snapshot, const kf_asset_view *asset, int32_t i, kf_subclip *out);

/* ---- Sequences ---- */

typedef enum kf_working { KF_WORKING_DISPLAY, KF_WORKING_LINEAR } kf_working;

/* A list of effects, in order of application. */
typedef struct kf_effects {
    const kf_ref *refs;
    int32_t count;
} kf_effects;
/* Effect i of a list; false if it cannot be read. */
bool kf_effect_at(kf_snapshot snapshot, kf_effects effects, int32_t i, kf_params *out);

typedef struct kf_sequence_view {
    uint64_t uid;
    const char *id, *name;    /* "" if none */
    const char *bin, *label, *metadata;
    kf_time mark_in, mark_out; /* KF_TIME_NONE: not set */
    bool multicam;            /* its video tracks are angles, numbered from 1 at the bottom */
    int32_t width, height;
    kf_rational pixel_aspect; /* {1, 1} square */
    kf_rational rate;
    bool auto_size, auto_rate; /* not given in the film: taken from the first clip's media if that could be asked, else
                                  1920x1080, 30 */
    int32_t sample_rate, channels; /* 48000, 2 by default */
    kf_working working;
    kf_color color;           /* fully specified; BT.709 by default */
    float background[4];      /* straight, display-referred */
    int64_t start_timecode;   /* frame count of frame 0's label */
    bool drop_frame;
    float master_gain;        /* dB */
    bool limiter;             /* true-peak limiter on the master; on by default */
    bool has_loudness;        /* normalise to `loudness` LUFS */
    float loudness;
    kf_effects audio_effects; /* of the master */
    kf_markers markers;
    int32_t track_count;      /* video and audio, bottom to top */
    int64_t clip_count;       /* of all tracks */
    kf_time duration;         /* end of the longest track, hidden and muted ones included */
    kf_ref ref;
} kf_sequence_view;
bool kf_sequence_at(kf_snapshot snapshot, int32_t index, kf_sequence_view *out);
int32_t kf_sequence_index(kf_snapshot snapshot, uint64_t uid);        /* -1 if there is none */
int32_t kf_sequence_find(kf_snapshot snapshot, const char *id);       /* by id; -1 if there is none */

/* ---- Tracks ---- */

typedef enum kf_track_kind { KF_TRACK_VIDEO, KF_TRACK_AUDIO } kf_track_kind;
typedef enum kf_matte { KF_MATTE_NONE, KF_MATTE_ALPHA, KF_MATTE_LUMA } kf_matte;

typedef struct kf_track_view {
    uint64_t uid;
    const char *name, *label, *metadata; /* "" if none */
    kf_track_kind kind;
    bool mute;                /* no sound */
    bool hide;                /* no picture */
    bool lock, solo;
    bool sync_lock;           /* ripples with edits of other tracks */
    bool target;              /* where edits go that name no track */
    kf_params video;          /* kf_track_video */
    kf_params audio;          /* kf_track_audio */
    kf_effects effects, audio_effects; /* on all of the track's picture; on the sum of its clips' sound */
    kf_matte matte;           /* the video track above is this one's matte (and is not shown itself) */
    bool matte_invert;
    int64_t item_count, clip_count;
    kf_time duration;
    kf_ref ref;
    kf_ref tree;              /* private */
} kf_track_view;
bool kf_track_get(kf_snapshot snapshot, const kf_sequence_view *sequence, int32_t index, kf_track_view *out);
/* Index of the track that is angle `angle` of a sequence: its video tracks count from 1 at the bottom. -1: none. */
int32_t kf_angle_track(kf_snapshot snapshot, const kf_sequence_view *sequence, int32_t angle);

/* ---- Clips ---- */

typedef enum kf_clip_source {
    KF_SOURCE_ASSET, KF_SOURCE_GENERATOR, KF_SOURCE_SEQUENCE,
    KF_SOURCE_ADJUSTMENT      /* its effects apply to everything below it */
} kf_clip_source;

/* A key of a time remap; interp and bezier as in kf_key. */
typedef struct kf_time_key {
    kf_time time;             /* of the clip */
    kf_time source;
    int32_t interp, reserved;
    double bezier[4];
} kf_time_key;

typedef struct kf_clip_view {
    uint64_t id;              /* stable, unique in the film */
    kf_time start, duration;  /* on the timeline */
    kf_clip_source source;
    uint64_t source_uid;      /* of the asset or nested sequence */
    int32_t video_stream, audio_stream; /* of the asset: index among streams of that type; -1: the best one */
    kf_params generator;      /* GENERATOR */
    kf_time source_in;        /* in source time */
    kf_time source_out;       /* end of the loop, or of what was asked for; KF_TIME_NONE: not given */
    kf_rational speed;        /* source time per timeline time, > 0 */
    bool reverse;
    bool loop;                /* source_in..source_out (or the media's end) repeats */
    bool frozen;              /* the picture at `freeze` stands still; no sound */
    kf_time freeze;
    const kf_time_key *remap; /* if remap_count > 0: replaces speed and reverse */
    int32_t remap_count;
    bool enabled;             /* false: as if it were a gap */
    bool audio;               /* on video tracks: its sound is heard, if it has any; on audio tracks always true */
    kf_params transform;      /* kf_fx_transform */
    kf_params video;          /* kf_clip_video */
    kf_params sound;          /* kf_clip_audio */
    kf_effects effects, audio_effects;
    kf_markers markers;       /* times of the clip */
    int32_t angle;            /* of a multicam sequence: the one shown, from 1; 0: all */
    int32_t audio_angle;      /* ... the one heard */
    const char *name, *label, *metadata; /* "" if none */
    float color[4];           /* to show it in; alpha 0: none */
    kf_ref link, group;       /* private; clips that are linked, or grouped, with one another have equal ones */
    kf_ref ref;
} kf_clip_view;

/* The clips that a clip is linked or grouped with, itself among them: ids, ascending. Ids of clips that are gone may
 * stand there. */
typedef enum kf_link_kind { KF_LINK, KF_GROUP } kf_link_kind;
typedef struct kf_links {
    const uint64_t *ids;
    int32_t count;            /* 0: with none */
} kf_links;
kf_links kf_clip_links(kf_snapshot snapshot, const kf_clip_view *clip, kf_link_kind which);

/* Source time for clip time t (0 = clip start). t may lie outside 0..duration: in the handles that a transition uses,
 * the mapping simply goes on. The picture is the source's last frame that begins at or before it. Exact integers:
 *   forward  in + floor(t * speed)
 *   reverse  in + L - 1 - floor(t * speed) with L = ceil(duration * speed): the last flick of the source range comes
 *            first, so that frames appear in exactly the opposite order of playing forward
 *   loop     the distance from `in` modulo the loop's length (source_out, else media_end, minus in)
 *   freeze   the frozen time
 *   remap    between keys linear: s0 + floor((t - t0) * (s1 - s0) / (t1 - t0)), hold: s0, bezier: in double, floor;
 *            before the first and after the last key their source times hold.
 * media_end: end of the media or nested sequence, KF_TIME_NONE if not known (then a loop without `out` does not
 * repeat). */
kf_time kf_clip_source_time(const kf_clip_view *clip, kf_time t, kf_time media_end);
/* Source span [*from, *to) that clip times [t0, t1) touch, t0 < t1; without loop. For remap: bounds over keys and both
 * ends. */
void kf_clip_source_span(const kf_clip_view *clip, kf_time t0, kf_time t1, kf_time *from, kf_time *to);

/* ---- Walking a track ---- */

typedef enum kf_item_kind { KF_ITEM_NONE, KF_ITEM_GAP, KF_ITEM_CLIP, KF_ITEM_TRANSITION } kf_item_kind;
typedef struct kf_item_view {
    kf_item_kind kind;        /* NONE: before the first or past the last */
    int64_t index;            /* among all items of the track */
    kf_time start, duration;  /* TRANSITION: start = its cut, duration = 0 (it lies over its neighbours) */
    kf_ref ref;
} kf_item_view;

/* The clip at an item's place; false if it is none. */
bool kf_clip_get(kf_snapshot snapshot, const kf_item_view *item, kf_track_kind track, kf_clip_view *out);

/* Name and metadata of a gap, "" if it has none. */
typedef struct kf_gap_view {
    const char *name, *metadata;
} kf_gap_view;
bool kf_gap_get(kf_snapshot snapshot, const kf_item_view *item, kf_gap_view *out); /* false if it is no gap */

typedef struct kf_transition_view {
    uint64_t id;
    const char *name, *metadata; /* "" if none */
    kf_params params;         /* kind: KF_TR_* */
    kf_time start, duration;  /* on the timeline */
    kf_time cut;              /* start <= cut <= start + duration */
    const kf_clip_view *from, *to; /* borrowed from the cursor; NULL: nothing (a gap, a disabled clip, or the end of the
                                      track): fade in or out */
} kf_transition_view;
/* The transition at an item's place, without its neighbours; false if it is none. */
bool kf_transition_get(kf_snapshot snapshot, const kf_item_view *item, kf_transition_view *out);
/* Progress at t, 0..1: (t - start) / duration, through the transition's curve. */
double kf_transition_progress(const kf_transition_view *transition, kf_time t);

/* A place in a track. Initialise with kf_cursor_init; copy freely, but what kf_moment points to is in the cursor it
 * came from. */
enum { KF_CURSOR_DEPTH = 12 };
typedef struct kf_moment {
    kf_item_kind kind;        /* GAP, CLIP, or NONE past the end */
    kf_time start, duration;  /* of the item */
    const kf_clip_view *clip; /* CLIP */
    const kf_transition_view *transition; /* NULL if none lies over this time */
} kf_moment;
typedef struct kf_cursor {
    kf_snapshot snapshot;
    kf_ref tree;
    kf_track_kind track_kind;
    kf_item_view item;
    int32_t depth;            /* private from here on */
    struct kf_cursor_level { kf_ref node; uint32_t at; } level[KF_CURSOR_DEPTH];
    int64_t item_count;
    bool moment_ready, has_clip, has_head, has_tail;
    kf_moment moment;
    kf_clip_view clip, before, after; /* this, previous and next clip */
    kf_transition_view head, tail;    /* transitions at its start and end */
} kf_cursor;

void kf_cursor_init(kf_cursor *cursor, kf_snapshot snapshot, const kf_track_view *track);
/* Moves to the gap or clip that holds time t (start <= t < start + duration). False past the end or before 0; O(1) when
 * t lies in the current item or the next one, else O(log n). cursor->item says where it is. */
bool kf_cursor_seek(kf_cursor *cursor, kf_time t);
/* Moves to item `index` (transitions count). */
bool kf_cursor_seek_index(kf_cursor *cursor, int64_t index);
/* Next and previous item, transitions included; false (and KF_ITEM_NONE) at the ends. After init, next gives the first
 * item. */
bool kf_cursor_next(kf_cursor *cursor);
bool kf_cursor_previous(kf_cursor *cursor);
/* The clip, or the transition (with its neighbours, kept in the cursor until it moves), under the cursor. */
bool kf_cursor_clip(const kf_cursor *cursor, kf_clip_view *out);
bool kf_cursor_transition(kf_cursor *cursor, kf_transition_view *out);

/* What is at time t: the item, its clip, and the transition that lies over t. Valid until the cursor moves to another
 * item. False past the end of the track, except that a transition reaching past it (a fade out with its tail after the
 * last clip) is still given. */
bool kf_track_at(kf_cursor *cursor, kf_time t, kf_moment *out);

/* ---- Objects as JSON ---- */

/* Append one object as it stands in a film, on one line: for the clipboard, and to show what differs. Times are written
 * as frames of `rate` where seconds are not short; {0, 0}: never. KF_ERR_MEMORY; KF_ERR_INVALID if it is damaged;
 * KF_ERR_UNSUPPORTED for an effect of a kind that this build does not know. */
kf_status kf_asset_write_json(kf_snapshot snapshot, const kf_asset_view *asset, kf_str *out, kf_error *err);
kf_status kf_sequence_write_json(kf_snapshot snapshot, const kf_sequence_view *sequence, kf_str *out, kf_error *err);
kf_status kf_track_write_json(kf_snapshot snapshot, kf_rational rate, const kf_track_view *track, kf_str *out,
                              kf_error *err);
kf_status kf_clip_write_json(kf_snapshot snapshot, kf_rational rate, const kf_clip_view *clip, kf_str *out,
                             kf_error *err);
kf_status kf_transition_write_json(kf_snapshot snapshot, kf_rational rate, const kf_transition_view *transition, kf_str *out,
                                   kf_error *err);
kf_status kf_effect_write_json(kf_snapshot snapshot, kf_rational rate, const kf_params *effect, kf_str *out, kf_error *err);
/* The value of one parameter; nothing if it is not set. */
kf_status kf_param_write_json(kf_snapshot snapshot, kf_rational rate, const kf_params *params, int field, kf_str *out,
                              kf_error *err);
kf_status kf_marker_write_json(kf_snapshot snapshot, kf_rational rate, const kf_marker *marker, kf_str *out,
                               kf_error *err);

#endif
