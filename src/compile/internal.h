/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_COMPILE_INTERNAL_H
#define KF_COMPILE_INTERNAL_H

#include <stdatomic.h>

#include "compile/api/compile.h"

/* ---- Tables: lookup tables shared between frames, by what they were made from ---- */

typedef struct kf_table {
    atomic_int refs;
    uint64_t key;
    uint64_t used;           /* when it was last asked for */
    kf_lut1d *lut1;
    kf_lut3d *lut3;
} kf_table;

enum { KF_TABLE_CACHE = 64 };
typedef struct kf_table_cache {
    kf_table *entry[KF_TABLE_CACHE];
    int count;
    uint64_t clock;
} kf_table_cache;
void kf_table_cache_finish(kf_table_cache *cache);
uint64_t kf_table_key(const void *bytes, size_t length, uint64_t seed); /* 64-bit FNV-1a */

/* ---- The compiler ---- */

struct kf_compiler {
    kf_snapshot snapshot;
    kf_compile_sources sources;
    kf_sequence_view sequence;
    int32_t width, height;
    double scale;            /* canvas px per px of the sequence */
    int32_t x, y, w, h;      /* where the film lies on the canvas */
    struct kf_walk *walks;   /* one per sequence that was entered; the cursors keep their places between frames */
    int walk_count;
    uint64_t walk_clock;
    kf_table_cache tables;
    bool marks;
    kf_view_part part;
};

/* The places of one sequence's tracks. A sequence may be entered through several clips: one walk per clip. */
typedef struct kf_walk {
    kf_sequence_view sequence;
    uint64_t clip;           /* id of the clip that it was entered through; 0: the main one */
    uint64_t used;           /* when it was last asked for */
    int busy;                /* being lowered: must stay */
    int32_t angle;           /* of a multicam sequence: the only video track shown, from 1; 0: all */
    kf_track_view *tracks;
    kf_cursor *cursors;
} kf_walk;

/* What is being compiled: one sequence at one time. */
typedef struct kf_scene {
    kf_compiler *c;
    kf_compiled *out;
    kf_graph *g;
    const kf_sequence_view *sequence;
    kf_time t;               /* sequence time */
    int64_t frame;           /* its number */
    double scale;            /* canvas px per px of the sequence */
    int32_t width, height;   /* of the canvas of this sequence */
    int depth;
    kf_error *err;
} kf_scene;

/* A picture on its way through effects. Its own px are `kx`, `ky` per px of the sequence; its frame (what fractions
 * refer to) is [0, w) x [0, h). In sequences that work in linear light the values are display-referred or linear, as
 * `linear` says. */
typedef struct kf_layer {
    const kf_graph_node *node;
    double w, h, kx, ky;
    bool linear;
} kf_layer;

/* tables.c */
/* Holds the table for the frame being compiled. */
kf_status kf_scene_hold(kf_scene *s, kf_table *table);
const kf_table *kf_scene_table_find(kf_scene *s, uint64_t key); /* held; NULL: make it */
/* Takes lut1 or lut3 (freed on failure); held by the frame. Constant tables stay in the cache. */
kf_status kf_scene_table_add(kf_scene *s, uint64_t key, kf_lut1d *lut1, kf_lut3d *lut3, const kf_table **out);
/* fn(x) for `count` entries on [lo, hi] and each channel. */
typedef double kf_curve_fn(const void *params, int channel, double x);
typedef struct kf_curve_spec {
    kf_curve_fn *fn;
    const void *params;
    size_t params_size;      /* bytes that make the key, with fn */
    float lo, hi;
    int count;
    bool shared;             /* the same for all channels */
} kf_curve_spec;
kf_status kf_layer_curve(kf_scene *s, kf_layer *layer, const kf_curve_spec *spec);
/* Changes what the layer's values mean. */
kf_status kf_layer_set_linear(kf_scene *s, kf_layer *layer, bool linear);
kf_status kf_layer_convert(kf_scene *s, kf_layer *layer, kf_color from);
/* Puts *node where `forward` maps it; NULL when it is scaled to nothing (or was NULL). */
kf_status kf_scene_transform(kf_scene *s, const kf_graph_node **node, const kf_transform2d *forward, kf_filter filter);

/* Notes a clip's or an effect's nodes, if the compiler is to. */
kf_status kf_scene_mark(kf_scene *s, const kf_graph_node *before, const kf_graph_node *after, const char *format, ...)
    KF_PRINTF(4, 5);

/* effects.c */
/* owner: name of the clip or track, for marks. */
kf_status kf_layer_effects(kf_scene *s, kf_layer *layer, kf_effects effects, kf_time t, const char *owner);

/* place.c */
/* Where a transform puts a picture of w x h px on a canvas: forward maps the picture's px to the canvas. */
typedef struct kf_placement {
    kf_transform2d forward;
    float crop[4];           /* px of the picture: what is left of it */
    bool cropped;
    double kx, ky;           /* px of the picture per px of the sequence at scale 1 */
} kf_placement;
/* box: the frame that a box_size of 0 stands for, px of the sequence; scale: canvas px per px of the sequence. */
/* The factors that bring a picture of a size into a box. */
void kf_fit_scale(int32_t fit, const double size[2], const double box[2], double out[2]);
void kf_place(const kf_fx_transform *t, double w, double h, const double box[2], double scale, kf_placement *out);
/* Width of a pixel of the sequence to its height. */
double kf_pixel_aspect(const kf_sequence_view *sequence);
/* As kf_place on the scene's canvas. Lengths are in square pixels as high as the sequence's own. */
void kf_place_on(const kf_scene *s, const kf_fx_transform *t, double w, double h, kf_placement *out);
/* True if a picture of w x h px, put there upright, covers the whole canvas. */
bool kf_placement_spans(const kf_scene *s, const kf_placement *p, double w, double h);
void kf_transform_default(kf_fx_transform *out);

/* generators.c */
kf_status kf_generate(kf_scene *s, const kf_clip_view *clip, kf_time t, kf_layer *out);

/* transitions.c */
kf_status kf_transition_lower(kf_scene *s, const kf_transition_view *transition, const kf_graph_node *a,
                              const kf_graph_node *b, const kf_graph_node **out);

/* clip.c */
/* What a clip is called: its own name, else that of its source. */
const char *kf_clip_label(kf_scene *s, const kf_clip_view *clip);
/* The clip's picture at sequence time t on the canvas, opacity included; *out NULL: nothing. mode: its blend mode. */
kf_status kf_clip_lower(kf_scene *s, const kf_clip_view *clip, const kf_graph_node **out, int32_t *mode);

/* compile.c */
/* The picture of a sequence (w x h canvas, transparent where nothing is), display-referred or linear as the sequence
 * works. */
kf_status kf_sequence_lower(kf_scene *s, kf_walk *walk, const kf_graph_node *below, const kf_graph_node **out);
/* A track on what is below it (NULL: nothing). */
kf_status kf_track_lower(kf_scene *s, kf_walk *walk, int32_t track, const kf_graph_node **below);
kf_status kf_walk_get(kf_compiler *c, const kf_sequence_view *sequence, uint64_t clip, kf_walk **out, kf_error *err);

/* parts.c */
/* The part of a sequence that the compiler is to show, on what is below it. */
kf_status kf_part_lower(kf_scene *s, kf_walk *walk, const kf_graph_node **below);

#define KF_TRY(call) \
    do { \
        kf_status status_ = (call); \
        if (status_ != KF_OK) return status_; \
    } while (0)
/* Graph constructors return NULL when out of memory (inputs are known to be there). */
#define KF_NODE(s, place, node) \
    do { \
        if (!((place) = (node))) return kf_fail_memory((s)->err); \
    } while (0)

#endif
