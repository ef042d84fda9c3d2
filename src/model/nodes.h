/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model room: the nodes of a film as they lie in the store, and the builder that makes them.
 *
 * Payloads are plain structs in native (little-endian) layout, 8-byte aligned, with texts and arrays behind them. Kinds
 * and layouts are part of the file format: a changed layout is a new version of its kind. */
#ifndef KF_MODEL_NODES_H
#define KF_MODEL_NODES_H

#include "base/api/time.h"
#include "model/api/model.h"

enum {
    NODE_PROJECT = KF_NODE_FIRST_USER, NODE_ASSETS, NODE_ASSET, NODE_SEQUENCES, NODE_SEQUENCE, NODE_TRACK, NODE_LEAF,
    NODE_INNER, NODE_CLIP, NODE_TRANSITION, NODE_PARAMS, NODE_GAP, NODE_LINK, NODE_METADATA, NODE_BINS, NODE_SUBCLIPS,
    NODE_MARKER, NODE_MARKS_LEAF, NODE_MARKS_INNER, NODE_LIST_PARTS
};

/* Text in a payload: offset from its start and length without the NUL that follows. {0, 0} is "". */
typedef struct node_text { uint32_t at, length; } node_text;

/* NODE_METADATA: a JSON object as compact text, with its NUL. No refs. */

/* refs: assets, sequences, bins, metadata */
typedef struct project_body {
    node_text name;
    uint64_t main_uid;       /* sequence */
    uint64_t next_id;        /* of tracks, items and markers, larger than all in use */
} project_body;
enum { PROJECT_ASSETS, PROJECT_SEQUENCES, PROJECT_BINS, PROJECT_METADATA, PROJECT_REFS };

/* NODE_BINS: their paths, then texts. No refs. */
typedef struct bins_body {
    uint32_t count, reserved;
    node_text paths[];
} bins_body;

/* NODE_ASSETS, NODE_SEQUENCES: refs to the members, the payload holds their uids in the same order, ascending. What has more
 * than LIST_PART members is a NODE_LIST_PARTS: refs to such nodes, the payload holds a list_part for each. */
typedef struct list_part {
    uint64_t uid, index;     /* of its first member */
} list_part;
enum { LIST_PART = 64 };

/* refs: metadata, markers, subclips */
typedef struct asset_body {
    uint64_t uid;
    node_text id, name, path, bin, label, reel, proxy_path;
    kf_rational rate;
    uint8_t primaries, transfer, matrix, range, chroma_loc, deinterlace, alpha, proxy_state;
    uint32_t flags, reserved;
    int64_t timecode;        /* frame count of the label of the media's first frame */
    kf_rational timecode_rate;
    kf_time duration;        /* from here on: what was last known of the media */
    kf_rational media_rate;
    int32_t width, height;
    int64_t bytes;
    uint64_t hash;
} asset_body;
enum { ASSET_METADATA, ASSET_MARKERS, ASSET_SUBCLIPS, ASSET_REFS };
enum {
    ASSET_OFFLINE = 1,
    ASSET_TIMECODE = 2,
    ASSET_DROP_FRAME = 4,
    ASSET_USE_PROXY = 8,
    ASSET_MEDIA = 16,        /* something is known of the media */
    ASSET_VIDEO = 32,
    ASSET_AUDIO = 64,
    ASSET_STILL = 128,
    ASSET_HASH = 256
};

/* NODE_SUBCLIPS: an array of these with a ref to metadata for each, then texts. */
typedef struct subclip_body {
    node_text name, label, bin;
    kf_time in, out;
} subclip_body;

/* refs: markers, metadata, tracks, audio effects */
typedef struct sequence_body {
    uint64_t uid;
    node_text id, name, bin, label;
    int32_t width, height;
    kf_rational pixel_aspect, rate;
    int32_t sample_rate, channels;
    float background[4];
    int64_t start_timecode;
    float master_gain, loudness;
    uint8_t primaries, transfer, matrix, range, chroma_loc, working, flags, reserved;
    uint32_t track_count, effect_count;
    int64_t clip_count;
    kf_time duration;
    kf_time mark_in, mark_out; /* KF_TIME_NONE: not set */
} sequence_body;
enum { SEQUENCE_MARKERS, SEQUENCE_METADATA, SEQUENCE_TRACKS };
enum {
    SEQUENCE_AUTO_SIZE = 1,
    SEQUENCE_AUTO_RATE = 2,
    SEQUENCE_DROP_FRAME = 4,
    SEQUENCE_LIMITER = 8,
    SEQUENCE_LOUDNESS = 16,
    SEQUENCE_MULTICAM = 32
};

/* refs: tree, video, audio, metadata, effects, audio effects */
typedef struct track_body {
    uint64_t uid;
    node_text name, label;
    uint8_t kind, matte, flags, reserved[5];
    uint32_t effect_count, audio_effect_count;
    int64_t item_count, clip_count;
    kf_time duration;
} track_body;
enum { TRACK_TREE, TRACK_VIDEO, TRACK_AUDIO, TRACK_METADATA, TRACK_EFFECTS };
enum {
    TRACK_MUTE = 1,
    TRACK_HIDE = 2,
    TRACK_LOCK = 4,
    TRACK_SOLO = 8,
    TRACK_MATTE_INVERT = 16,
    TRACK_SYNC_LOCK = 32,
    TRACK_TARGET = 64
};

/* NODE_LEAF: refs to items (KF_REF_NONE for gaps that are nothing but long); NODE_INNER: refs to leaves or inner nodes.
 * An entry for each ref. */
typedef struct leaf_entry {
    kf_time duration;        /* 0 for transitions */
    uint32_t kind;           /* kf_item_kind */
    uint32_t tag;            /* low half of the item's id, to find it without looking at the items; 0 for gaps */
} leaf_entry;
typedef struct inner_entry {
    kf_time duration;
    int64_t items, clips;
} inner_entry;
enum { TREE_FANOUT = 32 };
/* A node of a track's tree: `leaf` or `inner` has `count` entries, as many as are whole. */
typedef struct tree_node {
    const kf_ref *refs;
    const leaf_entry *leaf;  /* NULL: an inner node */
    const inner_entry *inner;
    uint32_t count;
} tree_node;
/* False if there is none at ref. */
bool tree_node_open(const kf_store *store, kf_ref ref, tree_node *out);
/* The id of the clip or transition at ref, 0 if it is neither: both begin with it. */
uint64_t item_id(const kf_store *store, kf_ref ref);

/* Only for gaps with a name or metadata; refs: metadata. */
typedef struct gap_body {
    node_text name;
} gap_body;

/* NODE_LINK: ids (uint64_t) of the clips that are linked, or grouped, ascending. Its members refer to it. No refs. */

/* refs: generator, transform, video, sound, markers, metadata, link, group, effects, audio effects. The duration is in
 * the leaf. */
typedef struct clip_body {
    uint64_t id, source_uid;
    kf_time source_in, source_out, freeze;
    kf_rational speed;
    int32_t video_stream, audio_stream;
    uint16_t generator;      /* KF_GEN_* */
    uint8_t source, flags;
    uint32_t effect_count, audio_effect_count;
    uint32_t remap_at, remap_count;
    uint16_t angle, audio_angle; /* 0: all */
    node_text name, label;
    float color[4];          /* alpha 0: none */
} clip_body;
enum {
    CLIP_GENERATOR, CLIP_TRANSFORM, CLIP_VIDEO, CLIP_SOUND, CLIP_MARKERS, CLIP_METADATA, CLIP_LINK, CLIP_GROUP,
    CLIP_EFFECTS
};
enum { CLIP_REVERSE = 1, CLIP_LOOP = 2, CLIP_FROZEN = 4, CLIP_ENABLED = 8, CLIP_AUDIO = 16 };

/* refs: params, metadata */
typedef enum transition_align { ALIGN_CENTER, ALIGN_START, ALIGN_END, ALIGN_BEFORE } transition_align;
/* How a transition lies over its cut: a transition_align in the low 2 bits; above them, for ALIGN_BEFORE, the length of
 * the part before the cut. Every other transition_align is a split by itself. */
typedef uint64_t transition_split;
typedef struct transition_body {
    uint64_t id;
    kf_time duration;
    transition_split split;
    node_text name;
} transition_body;
enum { TRANSITION_PARAMS, TRANSITION_METADATA, TRANSITION_REFS };

/* Parameters that were set: a header, then one entry for each, ascending by field. */
typedef struct params_body {
    uint16_t kind, version;
    uint16_t count;
    uint8_t flags, reserved;
    node_text name;
} params_body;
enum { PARAMS_ENABLED = 1, PARAMS_CONSTANT = 2 };
typedef enum param_form { FORM_NUMBERS, FORM_TIME, FORM_KEYS, FORM_TEXT, FORM_POINTS, FORM_STOPS } param_form;
typedef struct param_entry {
    uint16_t field;          /* index in the kind's table */
    uint8_t type, form;      /* kf_field_type, param_form */
    uint32_t at, count;      /* of the data: doubles, kf_time, kf_key, bytes, points, stops */
    uint32_t reserved;
} param_entry;

/* refs: metadata */
typedef struct marker_body {
    uint64_t id;
    kf_time time, duration;
    node_text name, note, kind; /* kind "": comment */
    float color[4];
} marker_body;

/* Markers are a B+tree in order of (time, id). NODE_MARKS_LEAF: refs to markers; NODE_MARKS_INNER: refs to leaves or
 * inner nodes. An entry for each ref. */
typedef struct mark_entry {
    kf_time time;            /* of the first marker beneath it */
    uint64_t id;             /* of the first marker beneath it */
    kf_time end;             /* the last that a marker beneath it reaches */
    int64_t count;           /* of the markers beneath it */
} mark_entry;

_Static_assert(sizeof(asset_body) == 144 && sizeof(subclip_body) == 40 && sizeof(bins_body) == 8, "file format");
_Static_assert(sizeof(sequence_body) == 152 && sizeof(track_body) == 64 && sizeof(gap_body) == 8, "file format");
_Static_assert(sizeof(clip_body) == 112 && sizeof(transition_body) == 32 && sizeof(params_body) == 16, "file format");
_Static_assert(sizeof(param_entry) == 16 && sizeof(marker_body) == 64 && sizeof(mark_entry) == 32, "file format");
_Static_assert(sizeof(kf_key) == 80 && sizeof(kf_time_key) == 56 && sizeof(project_body) == 24, "file format");

/* ---- Reading ---- */

/* The body of a node of that kind, NULL if it is none or too small. *size: of the whole payload. */
const void *node_body(const kf_store *store, kf_ref ref, uint16_t kind, size_t least, size_t *size);
/* A text in a payload; "" if damaged. */
const char *body_text(const void *payload, size_t size, node_text text);
/* A list of refs of a node, clipped to those it has. */
kf_effects node_effects(const kf_node *node, uint32_t first, uint32_t count);

/* The markers beneath the root of a tree of them, KF_REF_NONE for none. */
kf_markers marks_of(const kf_store *store, kf_ref root);
/* A node's metadata as JSON text, "" if it has none. */
const char *metadata_text(const kf_store *store, kf_ref ref);

/* ---- The project's lists (members.c) ---- */

/* Members with ascending uids. */
typedef struct node_list {
    const kf_store *store;
    uint16_t kind;           /* NODE_ASSETS or NODE_SEQUENCES */
    const kf_ref *refs;      /* of the members, or of the parts */
    const uint64_t *uids;    /* of the members; NULL: in parts */
    const list_part *parts;
    int32_t count, part_count;
} node_list;
typedef struct list_member {
    uint64_t uid;
    kf_ref ref;
} list_member;
/* Empty if it is damaged. */
node_list node_list_open(const kf_store *store, kf_ref ref, uint16_t kind);
/* The project's list `which`: PROJECT_ASSETS or PROJECT_SEQUENCES. */
node_list node_list_of(kf_snapshot snapshot, uint32_t which);
bool node_list_at(const node_list *list, int32_t i, list_member *out); /* false: none there, or damaged */
int32_t node_list_index(const node_list *list, uint64_t uid);          /* -1: not a member */
/* How many members from a's i and b's j on are the same, as both lists share that part; 0: it is not known. */
int32_t node_list_shared(const node_list *a, int32_t i, const node_list *b, int32_t j);

/* A set of parameters: of the node at ref, or all defaults of kind_id for KF_REF_NONE. */
kf_params params_open(const kf_store *store, kf_ref ref, uint16_t kind_id);
/* What was set of a field, with its data; NULL if nothing was, or it is damaged. */
const void *params_entry(const kf_params *params, int field, param_entry *out);
size_t params_entry_bytes(const param_entry *entry); /* of its data */
/* The place of a constant time of a set of parameters in its payload; NULL if it is not set. */
kf_time *params_time(void *payload, size_t size, int field);
/* The track at ref; false if damaged. */
bool track_open(const kf_store *store, kf_ref ref, kf_track_view *out);
/* Clip and transition at an item's place; false if damaged. */
bool clip_open(const kf_store *store, const kf_item_view *item, kf_track_kind kind, kf_clip_view *out);
/* A transition whose cut is at `cut`, without its neighbours. */
bool transition_open(const kf_store *store, kf_ref ref, kf_time cut, kf_transition_view *out);
/* How much of a transition lies before its cut. */
kf_time transition_before(transition_split split, kf_time duration);
/* The split that puts `before`, 0 to duration, before the cut: ALIGN_BEFORE only if no other does. */
transition_split transition_split_at(kf_time before, kf_time duration);

/* ---- Building ---- */

/* Gathers one node: references, a body, and data behind it. Zero-initialise; reuse with build_start. A failed
 * allocation is kept until build_append. */
typedef struct node_build {
    unsigned char *bytes;
    size_t size, capacity;
    kf_ref *refs;
    size_t ref_count, ref_capacity;
    bool failed;
} node_build;
void build_start(node_build *b, size_t body_size);            /* empties it and makes room for a body */
uint32_t build_add(node_build *b, const void *data, size_t size); /* 8-byte aligned; its offset */
node_text build_text(node_build *b, const char *text);        /* NULL and "" take no room */
void build_ref(node_build *b, kf_ref ref);
void build_body(node_build *b, size_t at, const void *body, size_t size); /* overwrites */
kf_status build_append(node_build *b, kf_store *store, uint16_t kind, kf_ref *out, kf_error *err);
void build_load(node_build *b, const kf_node *node); /* as it is, to be changed and written anew */
void build_set_ref(node_build *b, uint32_t i, kf_ref ref);
/* `count` refs in place of `remove` from i on. */
void build_splice_refs(node_build *b, uint32_t i, uint32_t remove, const kf_ref *refs, uint32_t count);
void build_finish(node_build *b);

/* A list of members in ascending order of their uids. */
kf_status node_list_write(node_build *b, kf_store *store, uint16_t kind, const list_member *members, size_t count,
                          kf_ref *out, kf_error *err);
/* The list with one member put in or changed, or taken out with KF_REF_NONE. */
kf_status node_list_put(node_build *b, kf_store *store, const node_list *list, list_member change, kf_ref *out,
                        kf_error *err);

/* The items of a track before they are a tree. */
typedef struct track_item {
    kf_time duration;
    kf_ref ref;
    kf_item_kind kind;
} track_item;
typedef struct tree_sum {
    kf_time duration;
    int64_t items, clips;
} tree_sum;
/* Builds the B+tree of `count` items; *root is KF_REF_NONE if there are none. */
kf_status tree_build(kf_store *store, const track_item *items, size_t count, kf_ref *root, tree_sum *sum,
                     kf_error *err);

/* Takes out `remove` items from `index` on (they exist) and puts `items` in their place. */
typedef struct tree_change {
    int64_t index, remove;
    const track_item *items; /* NULL: none */
    size_t count;
} tree_change;
/* The tree `root` (KF_REF_NONE: empty) with a change, as new nodes that share all else. O(log n + count). *sum: of the
 * whole. KF_ERR_PARSE if a node on the way is damaged. */
kf_status tree_splice(kf_store *store, kf_ref root, const tree_change *change, kf_ref *out, tree_sum *sum,
                      kf_error *err);

/* Calls fn for each track whose tree is another one in state `to` than in `from`: KF_REF_NONE where there is no track or
 * no item. `from` may be KF_REF_NONE: nothing there. */
typedef void tree_fn(void *ctx, uint64_t sequence, uint64_t track, kf_ref from, kf_ref to);
void diff_trees(const kf_store *store, kf_ref from, kf_ref to, tree_fn *fn, void *ctx);

struct kf_film {
    kf_store *store;
    kf_ref pinned;            /* the root it stays at; KF_REF_NONE: the store's head */
    struct item_index *index; /* NULL until it is needed */
    bool editing;
    char *folder;             /* NULL: the current one */
    kf_media_facts_fn *media;
    void *media_ctx;
};

#endif
