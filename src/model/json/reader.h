/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model's JSON reader. Each kind of object is described by a table of its keys (keys.c), which reading,
 * errors and the schema share; reading an object fills a draft, a plain struct, from which its node is made. */
#ifndef KF_MODEL_JSON_READER_H
#define KF_MODEL_JSON_READER_H

#include "base/api/json.h"
#include "model/marks.h"

/* ---- Tables of keys ---- */

typedef enum key_type {
    KEY_BOOL,    /* bool */
    KEY_INT,     /* int64_t */
    KEY_NUMBER,  /* double */
    KEY_TEXT,    /* const char * of the document */
    KEY_TIME,    /* kf_time */
    KEY_CHOICE,  /* int32_t */
    KEY_COLOR,   /* float[4] */
    KEY_RATE,    /* kf_rational, frames per second */
    KEY_VALUE    /* const kf_json *: read later; `schema` names its form */
} key_type;

typedef struct json_key {
    const char *name;
    key_type type;
    uint16_t offset;             /* in the draft */
    double min, max;             /* INT, NUMBER, TIME (seconds) */
    const char *const *choices;  /* CHOICE: NULL-terminated */
    const char *schema;          /* VALUE: a definition of the schema */
    const char *help;
} json_key;

enum { OBJECT_MAX_KINDS = 2 };
typedef struct json_object {
    const char *name;            /* "clip" */
    const json_key *keys;
    int key_count;
    uint16_t kinds[OBJECT_MAX_KINDS]; /* catalogue kinds whose fields stand beside the keys, 0: none */
    const char *help;
    bool open;                   /* parameters stand beside the keys: read_params finds the unknown ones */
    const struct json_object *also; /* keys that stand in the same object and are read in another turn */
} json_object;

typedef struct film_draft {
    int64_t version;
    const char *schema, *name, *main;
    const kf_json *assets, *sequences, *bins, *metadata;
} film_draft; /* version 0: not given */
typedef struct asset_draft {
    const char *path, *name, *bin, *label, *reel;
    kf_rational rate;
    const kf_json *color, *timecode, *media, *proxy, *markers, *subclips, *metadata;
    int32_t deinterlace, alpha;
    bool offline;
} asset_draft;
typedef struct timecode_draft {
    const kf_json *start;
    kf_rational rate;
    bool drop_frame;
} timecode_draft;
typedef struct media_draft {
    bool video, audio, still;
    kf_time duration;
    const kf_json *size;
    kf_rational rate;
    int64_t bytes;
    const char *hash;
} media_draft;
typedef struct proxy_draft {
    const char *path;
    int32_t state;               /* kf_proxy_state - 1, -1: not given */
    bool use;
} proxy_draft;
typedef struct subclip_draft {
    const char *name, *label, *bin;
    kf_time in, out;
    const kf_json *metadata;
} subclip_draft;
typedef struct color_draft {
    int32_t matrix, primaries, transfer, range;
} color_draft; /* index of choice, -1: not given */
typedef struct sequence_draft {
    const char *id, *name, *bin, *label;
    const kf_json *mark_in, *mark_out;
    bool multicam;
    const kf_json *size, *pixel_aspect;
    kf_rational rate;
    int64_t sample_rate, channels;
    int32_t working;
    const kf_json *color;
    float background[4];
    const char *start_timecode;
    bool drop_frame, limiter;
    double master_gain, loudness; /* loudness above 0: not given */
    const kf_json *audio_effects, *markers, *tracks, *metadata;
} sequence_draft;
typedef struct track_draft {
    int64_t id;
    int32_t kind, matte;         /* matte: kf_matte - 1 */
    const char *name, *label;
    bool mute, hide, lock, solo, matte_invert, sync_lock, target;
    const kf_json *effects, *audio_effects, *clips, *metadata;
} track_draft;
typedef struct clip_draft {
    int64_t id;
    const char *asset, *generator, *sequence;
    bool adjustment, reverse, loop, enabled, audio;
    int64_t stream, audio_stream;
    kf_time start, in, out, duration, freeze; /* KF_TIME_NONE: not given */
    const kf_json *speed, *remap, *transform, *params, *effects, *audio_effects, *markers, *metadata;
    const char *name, *label;
    int64_t link, group, angle, audio_angle; /* 0: not given */
    float color[4];
} clip_draft;
typedef struct gap_draft {
    kf_time gap;
    const char *name;
    const kf_json *metadata;
} gap_draft;
typedef struct transition_draft {
    int64_t id;
    const char *transition;
    kf_time duration;
    int32_t align;               /* transition_align, -1: not given */
    kf_time before;              /* KF_TIME_NONE: not given */
    const char *name;
    const kf_json *metadata;
} transition_draft;
typedef struct effect_draft {
    const char *effect, *name;
    bool enabled;
} effect_draft;
typedef struct marker_draft {
    int64_t id;
    kf_time time, duration;
    const char *name, *note, *kind;
    const kf_json *metadata;
    float color[4];
} marker_draft;
typedef struct remap_draft {
    kf_time t, source;
    int32_t interp;
    const kf_json *bezier;
} remap_draft;
typedef struct key_draft {
    kf_time t;
    const kf_json *v;
    int32_t interp;
    const kf_json *bezier;
} key_draft;

extern const json_object object_film, object_asset, object_color, object_timecode, object_media, object_proxy,
    object_subclip, object_sequence, object_track, object_clip, object_gap, object_transition, object_effect,
    object_marker, object_remap, object_key;
/* A film whose only sequence is written at the top. */
extern const json_object object_short_film, object_short_sequence;
extern const json_object *const json_objects[]; /* all of these, NULL-terminated */

/* How keys are connected; the last three stand for beziers. */
typedef enum interp_choice {
    CHOICE_HOLD,
    CHOICE_LINEAR,
    CHOICE_BEZIER,
    CHOICE_EASE,
    CHOICE_EASE_IN,
    CHOICE_EASE_OUT
} interp_choice;

/* The code point of a choice in one of the tables below it. */
uint8_t color_code(const char *const *names, const uint8_t *codes, int32_t choice, uint8_t otherwise);

/* ---- The reader ---- */

typedef struct asset_state {
    uint64_t uid;
    kf_media_known known;        /* what the film says of the media */
    char *file;                  /* resolved, owned */
    char *message;               /* owned: why asking failed */
    bool asked;
    kf_status asking;            /* how that went */
    kf_status status;            /* of the facts that were given last */
    kf_media_facts facts;
} asset_state;

typedef enum sequence_stage { STAGE_NEW, STAGE_READING, STAGE_DONE } sequence_stage;
typedef struct sequence_state {
    const kf_json *json;
    const char *id;
    uint64_t uid;
    sequence_stage stage;
    uint32_t reader;             /* the sequence that led here, while READING */
    kf_ref ref;
    kf_time duration;
    int32_t width, height;
    kf_rational rate;
    int32_t height_of_tree;      /* 1: nests nothing */
    int64_t layers;              /* clips on top of each other, at most */
} sequence_state;

/* A clip that is linked or grouped with others of its sequence. */
typedef struct linked_clip {
    const kf_json *json;
    uint64_t id;
    int64_t number[2];           /* as written, by kf_link_kind; 0: none */
    kf_ref node[2];
} linked_clip;

/* Reads a film, or (fragment.h) an object of one into a film that is there: then `base` is that film, `assets` and
 * `sequences` have room for the one of each that was looked up last, and sequences[1] is the one being read. */
typedef struct reader {
    kf_snapshot base;            /* store NULL: a whole film is read */
    bool head;                   /* of fragments: a sequence without its tracks */
    bool keep_ids;               /* of fragments: ids that are given are kept, else all are new */
    kf_film_load load;
    const char *name;            /* starts messages */
    kf_store *store;
    kf_error *err;
    const kf_json *root;
    const kf_json *assets_json;
    asset_state *assets;
    uint32_t asset_count;
    sequence_state *sequences;
    uint32_t *sequence_order;    /* indexes, sorted by id */
    uint32_t sequence_count;
    int64_t next_id;             /* larger than all in the film */
    kf_rational rate;            /* of the sequence being read */
    int32_t nested_height;       /* of what it nests so far */
    node_build params, item, owner, small;
    mark_item *marks;
    size_t mark_capacity;
    linked_clip *members;            /* of the sequence being read, in the order of reading */
    size_t member_count, member_capacity, member_next;
    track_item *items;           /* of the track being read */
    const kf_json **item_json;
    size_t item_count, item_capacity, json_capacity;
    uint64_t *nested;            /* of a fragment: the sequences that its clips show */
    size_t nested_count, nested_capacity;
    const kf_json **ducks;       /* effects of the sequence being read that listen to a track */
    size_t duck_count, duck_capacity;
} reader;

#define FAIL(r, value, ...) kf_json_fail((value), (r)->name, (r)->err, __VA_ARGS__)

/* Reads an object's keys into a draft that holds the defaults; kinds' fields are left for read_params. An unknown key
 * is an error. *kinds_used gets a bit for each of the table's kinds that has keys; may be NULL. */
kf_status read_object(reader *r, const kf_json *json, const json_object *table, void *draft, unsigned *kinds_used);
/* Errors unless json is an object, an array (of at most `most`). */
kf_status need_object(reader *r, const kf_json *json, const char *what);
kf_status need_array(reader *r, const kf_json *json, const char *what, uint32_t most);
const json_key *find_key(const json_object *table, const char *name);

kf_status read_time(reader *r, const kf_json *json, kf_time *out);
kf_status read_rate(reader *r, const kf_json *json, kf_rational *out);
/* A ratio other than 0: number or "a/b"; *negative gets its sign. */
kf_status read_ratio(reader *r, const kf_json *json, kf_rational *out, bool *negative);
/* A path of the film as it is to be kept: rewritten if the film moves. New string; NULL: out of memory. */
char *reader_path(const reader *r, const char *path);
kf_status read_text(reader *r, const kf_json *json, const char **out);
kf_status read_choice(reader *r, const kf_json *json, const char *const *choices, int32_t *out);
/* "#rgb", "#rrggbb", "#rrggbbaa" or three or four numbers (not checked for range). */
kf_status read_color(reader *r, const kf_json *json, double out[4]);
kf_status read_bezier(reader *r, const kf_json *json, double out[4]);
/* The interp and bezier that a choice and the key "bezier" stand for. */
kf_status resolve_interp(reader *r, const kf_json *key, int32_t choice, const kf_json *bezier, int32_t *interp,
                         double out[4]);

/* Reads what `json` sets of a kind's fields into a node; keys of `own` are skipped, others are errors unless `lenient`.
 * *out is KF_REF_NONE if nothing is set, unless `always`. */
typedef struct params_request {
    const kf_json *json;         /* may be NULL: nothing set */
    const kf_kind *kind;
    const json_object *own;
    const char *name;
    bool lenient, always, disabled;
    const kf_params *over;       /* of the same kind: what json does not set is as there; null resets. NULL: defaults */
} params_request;
kf_status read_params(reader *r, const params_request *request, kf_ref *out);
kf_status read_effect(reader *r, const kf_json *json, kf_kind_class cls, bool master, kf_ref *out);
/* Appends the effects' refs to `into`; json may be NULL. *count gets their number. */
kf_status read_effects(reader *r, const kf_json *json, kf_kind_class cls, bool master, node_build *into,
                       uint32_t *count);
/* Markers of clips may lie before 0, where a trimmed head was. */
kf_status read_marker(reader *r, const kf_json *json, bool of_clip, mark_item *out);
kf_status read_markers(reader *r, const kf_json *json, bool of_clip, kf_ref *out); /* json may be NULL */
/* An object of anything; json may be NULL: KF_REF_NONE. */
kf_status read_metadata(reader *r, const kf_json *json, kf_ref *out);
/* The path of a bin, at the key "bin" of object; "" and NULL are fine. */
enum { LONGEST_BIN = 1000 };
const char *bin_fault(const char *path); /* what is wrong with it; NULL: nothing */
kf_status check_bin(reader *r, const kf_json *json, const char *path);
kf_status read_bins(reader *r, const kf_json *json, kf_ref *out);
kf_status read_size(reader *r, const kf_json *json, int32_t *width, int32_t *height);
/* A timecode label as a frame count; with *drop, ':' before the frames will do, and ';' sets it. */
kf_status read_label(reader *r, const kf_json *json, kf_rational rate, bool *drop, int64_t *out);

kf_status unknown_kind(reader *r, const kf_json *json, kf_kind_class cls, const char *name);
/* Index of an asset or a sequence; unknown ones are errors at json. */
kf_status find_asset(reader *r, const kf_json *json, const char *id, uint32_t *out);
kf_status find_sequence(reader *r, const kf_json *json, const char *id, uint32_t *out);
bool lookup_asset(reader *r, const char *id, uint32_t *out);
bool lookup_sequence(reader *r, const char *id, uint32_t *out);
kf_status read_assets(reader *r, const kf_json *json, kf_ref *out);
kf_status read_asset(reader *r, const kf_json *json, const char *id, asset_state *state, kf_ref *out);
/* Appends a list of members whose uids are 1, 2, 3, ... */
kf_status append_list(reader *r, uint16_t kind, const kf_ref *refs, uint32_t count, kf_ref *out);
/* The facts of an asset's media: what the film says, where that is enough for a length or a picture, else asked for
 * once; the asset's status says how that went. */
typedef enum facts_wanted { WANT_LENGTH, WANT_PICTURE } facts_wanted;
const kf_media_facts *asset_facts(reader *r, uint32_t asset, facts_wanted wanted);

/* Ids: all given ones are known before the first is taken. */
kf_status gather_ids(reader *r);
kf_status take_id(reader *r, int64_t given, uint64_t *out);
/* Makes the nodes of links and groups among the clips of lists (NULL: none), and takes the ids of their members. */
kf_status read_links(reader *r, const kf_json *const *lists, size_t count);
/* The member that a clip is, NULL if it is none; clips ask in the order they stand in. */
const linked_clip *next_member(reader *r, const kf_json *clip);
kf_status read_clip(reader *r, const kf_json *json, kf_track_kind kind, kf_time *start, kf_time *duration,
                    int64_t *layers, kf_ref *out);
/* What a track adds to its sequence. */
typedef struct track_sum {
    kf_ref ref;
    kf_track_kind kind;
    kf_matte matte;
    kf_time duration;
    int64_t clips, layers;
} track_sum;
kf_status read_track(reader *r, const kf_json *json, track_sum *out);
/* A track's items into r->items, with transitions' nodes. */
kf_status read_run(reader *r, kf_track_kind kind, const kf_json *clips);
/* The transition that is item `at` of r->items, between its neighbours there. */
typedef struct placing {
    const track_item *left, *right; /* NULL at the ends of the track */
    kf_time before, after;          /* parts of the transition */
} placing;
kf_status place_transition(reader *r, size_t at, placing *out);
kf_status add_item(reader *r, const kf_json *json, track_item item);
kf_status read_sequence(reader *r, uint32_t index);
/* A duck was met, which listens to a track. */
kf_status note_duck(reader *r, const kf_json *json);
/* Each duck that was met listens to one of these tracks. */
kf_status check_ducks(reader *r, const char *const *names, size_t count);
void reader_finish(reader *r);

#endif
