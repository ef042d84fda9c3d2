/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* (snapshot, time) -> render graph, and snapshot -> sound graph. Knows no codec, no font and no file: pictures, rasters
 * and tables arrive through kf_compile_sources, samples through kf_sample_source. */
#ifndef KF_COMPILE_H
#define KF_COMPILE_H

#include "audio/engine/api/engine.h"
#include "base/api/time.h"
#include "color/api/color.h"
#include "model/api/model.h"
#include "video/graph/api/graph.h"

/* ---- What a compiler asks for ---- */

/* A decoded picture of an asset. frame is a new reference; NULL: nothing to show (transparent). */
typedef struct kf_asset_picture {
    kf_frame *frame;
    kf_rational sample_aspect;  /* {1, 1} square */
    int rotation;               /* clockwise quarter turns times 90 that show it upright */
    bool mirrored;              /* after the rotation */
    int width, height;          /* of the stored picture, if the frame is a smaller version of it; 0: the frame's */
} kf_asset_picture;

/* A raster placed on the canvas: its top left pixel at (x, y). frame is a new reference; NULL: nothing. */
typedef struct kf_placed {
    kf_frame *frame;
    int x, y;
} kf_placed;

/* What is known of an asset without decoding it. */
typedef struct kf_asset_facts {
    bool video, audio, alpha;
    int width, height;            /* as shown: upright, square pixels; 0: not known */
    kf_time video_end, audio_end; /* media time of the end; KF_TIME_NONE: a still, or not known */
} kf_asset_facts;

/* A lookup table from a .cube file: one of both is set. Borrowed; lives as long as the sources. */
typedef struct kf_cube {
    const kf_lut1d *lut1;
    const kf_lut3d *lut3;
} kf_cube;

/* All calls come from the compiling thread and may block. Failures end the compilation; what can be replaced (a missing
 * file when that is allowed, a missing font) is the provider's to replace and report. Each may be NULL: then nothing is
 * shown. */
typedef struct kf_compile_sources {
    void *ctx;
    kf_status (*facts)(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err);
    kf_status (*picture)(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                         kf_error *err);
    /* sizes and positions relative to the title's position, px of the canvas */
    kf_status (*title)(void *ctx, const kf_gen_title *title, kf_placed *out, kf_error *err);
    kf_status (*shape)(void *ctx, const kf_gen_shape *shape, kf_placed *out, kf_error *err);
    kf_status (*subtitles)(void *ctx, const kf_gen_subtitles *style, kf_time t, int width, int height, kf_placed *out,
                           kf_error *err);
    kf_status (*still)(void *ctx, const char *file, kf_frame **out, kf_error *err); /* picture of a luma matte */
    kf_status (*cube)(void *ctx, const char *file, kf_cube *out, kf_error *err);
} kf_compile_sources;

/* ---- Video ---- */

/* What of a sequence is shown; {0}: all. */
typedef struct kf_view_part {
    uint64_t clip;           /* id; only this clip, while the time lies in it, without what is above and below it and without
                              * its transitions; 0: all */
    bool angles;             /* the video tracks beside each other, hidden or not */
} kf_view_part;
static inline bool kf_view_part_equal(kf_view_part a, kf_view_part b)
{
    return a.clip == b.clip && a.angles == b.angles;
}
/* Cell `index` of `count`, as parts of the whole: x, y, width, height. As many columns as the root of the count needs, row by
 * row from the top left, the rows in the middle. */
void kf_grid_cell(int32_t count, int32_t index, double out[4]);

typedef struct kf_compiler_params {
    kf_snapshot snapshot;
    int32_t sequence;                    /* index */
    int32_t width, height;               /* of the canvas; 0: the sequence's. Another size: the film is scaled to fit,
                                          * centred, and all lengths in px with it; what it does not cover is the
                                          * sequence's background */
    const kf_compile_sources *sources;   /* borrowed */
    bool marks;                          /* frames say which nodes belong to which clip and effect */
    kf_view_part part;
} kf_compiler_params;

/* Used by one thread at a time. */
typedef struct kf_compiler kf_compiler;
kf_status kf_compiler_create(const kf_compiler_params *params, kf_compiler **out, kf_error *err);
void kf_compiler_destroy(kf_compiler *compiler); /* NULL is fine. Frames compiled stay valid */

/* A clip (before is NULL) or an effect: what it turned into what. */
typedef struct kf_mark {
    const kf_graph_node *before, *after;
    char name[80];
} kf_mark;

/* A frame's graph with everything it refers to. May go to another thread. */
typedef struct kf_compiled {
    kf_graph *graph;
    const kf_graph_node *root;           /* never NULL: the background is at the bottom */
    kf_color color;                      /* what root's values mean: of the sequence */
    int64_t layers;                      /* clips that show */
    struct kf_table **tables;            /* held; private */
    int32_t table_count, table_capacity;
    kf_mark *marks;
    int32_t mark_count, mark_capacity;
} kf_compiled;
/* t: sequence time. *out is new on success; released with kf_compiled_release. Errors: what the sources return. */
kf_status kf_compile_frame(kf_compiler *compiler, kf_time t, kf_compiled **out, kf_error *err);
void kf_compiled_release(kf_compiled *compiled); /* NULL is fine; any thread */

/* ---- Audio ---- */

typedef struct kf_audio_sources {
    void *ctx;
    kf_status (*facts)(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err);
    /* Samples of an asset at the graph's rate and channels, sample 0 at media time 0. *out.ctx stays the provider's.
       Called once per clip. */
    kf_status (*sound)(void *ctx, const kf_asset_view *asset, int stream, int32_t rate, int32_t channels,
                       kf_sample_source *out, kf_error *err);
} kf_audio_sources;

/* The sound of a sequence as one graph of all its clips, with everything it refers to. */
typedef struct kf_compiled_audio kf_compiled_audio;
kf_status kf_compile_audio(kf_snapshot snapshot, int32_t sequence, const kf_audio_sources *sources,
                           kf_compiled_audio **out, kf_error *err);
void kf_compiled_audio_destroy(kf_compiled_audio *audio); /* NULL is fine; no renderer of it may live */
/* The caller may change meters, limiter and gain before it makes renderers. */
kf_audio_graph *kf_compiled_audio_graph(kf_compiled_audio *audio);
/* True if the sequence asks for a loudness: integrated target in LUFS, true-peak ceiling in dBTP. Measuring and the gain
 * are the caller's. */
bool kf_compiled_audio_loudness(const kf_compiled_audio *audio, double *target, double *ceiling);
/* False: nothing can be heard. */
bool kf_compiled_audio_sounds(const kf_compiled_audio *audio);

#endif
