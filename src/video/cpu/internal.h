/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a frame is executed. The planned tree is cut into cells (rectangles between the edges of layers); in each cell
 * only the layers that show are left. What looks at its neighbours is prepared first (passes.c). Then every cell is run
 * in bands of rows, chunk by chunk, either as a linear form per output plane (linear.c: when the tree holds only affine
 * colour, normal blends and separable scaling, which commute with the output's own matrix and chroma average), or as R,
 * G, B, A rows (rows.c). Nothing in these phases allocates but scratch sized before. */
#ifndef KF_VIDEO_CPU_INTERNAL_H
#define KF_VIDEO_CPU_INTERNAL_H

#include <assert.h>

#include "base/api/thread.h"
#include "video/cpu/api/cpu.h"
#include "video/cpu/kernels.h"

enum {
    KF_CHUNK = 512,
    KF_SLACK = 80,         /* floats that `across` may read beyond */
    KF_FAR = 1 << 29,      /* a canvas edge that cuts nothing */
};

typedef enum row_state { ROW_EMPTY, ROW_OPAQUE, ROW_ALPHA } row_state; /* OPAQUE: the alpha row is not written */

/* One component of a picture: where its samples are. */
typedef struct component {
    const uint8_t *data;
    ptrdiff_t stride;
    int step;            /* samples from one pixel to the next */
    int bytes;           /* 1, 2, or 4 (float) */
    int sub_w, sub_h, width, height;
    float unit;          /* stored word to code value (1/64 for P010) */
} component;

typedef struct picture {
    component c[4];      /* Y Cb Cr A or R G B A; [3].data NULL without alpha */
    int colors;          /* 1 for grey, else 3 */
    int packed;          /* samples per pixel when all components lie in one plane, else 0 */
    int place[4];        /* packed: of each component */
    bool premultiplied;
    kf_affine decode;    /* stored words to R'G'B' */
    float alpha_scale;   /* stored word to 0..1 */
    kf_color color;
} picture;
void picture_open(picture *p, const kf_image *image);

/* The frame of a SOURCE, opened. One whose spans have been found is kept, with a reference, as long as every render
 * uses it: overlays are mostly the same frame for seconds. */
typedef struct opened {
    kf_frame *frame;
    picture picture;
    int32_t (*span)[2];    /* per row: what can show, [first, past the last); NULL: everything */
    bool used;
} opened;

enum { KF_AXIS_BLOCK = 64 };

/* Separable filter along one axis for a range of output pixels. */
typedef struct axis {
    int start, count;    /* output range */
    int taps;
    int32_t *first;      /* [count]: source index of the first tap; first + taps stays inside the source */
    float *weight;       /* [taps][count], coverage and pair mean folded in */
    float *cover;        /* [count] */
    int full0, full1;    /* output range where cover is 1 */
    int32_t (*block)[2]; /* least and greatest `first` of every KF_AXIS_BLOCK outputs */
} axis;

typedef struct axis_spec {
    double scale, offset;  /* u = scale * (x + 0.5) + offset, in the child's coordinates */
    double lo, hi;         /* the child's bounds */
    double origin, divide, siting; /* position on the grid of its samples: (u - origin) / divide + siting */
    int size;              /* samples */
    kf_filter filter;
    int pair;              /* 1: output pixels are means of pairs (chroma); the pair is cut at `limit` */
    int limit;             /* full-grid size of the canvas */
    int start, count;      /* wanted output range, on the (chroma) grid */
    int block; /* more than 1: outputs are means by quadratic B-splines over blocks of so many pixels (see blur.c), */
    int block_origin;      /* counted from here; */
    int edge0, edge1;      /* pixels outside continue these edges if `clamp`, else are nothing */
    bool clamp;
} axis_spec;
/* Weight of pixel i of the 3 f - 2 of a block: three boxes of f one after the other. */
double block_weight(int f, int i);

/* The tables of one axis, kept from frame to frame: most layers do not move. */
typedef struct kept_axis {
    axis_spec spec;
    axis axis;
    kf_arena arena;
    bool used;
} kept_axis;
/* Arrays live until drop_axes. False when out of memory. */
bool axis_get(struct kf_cpu *cpu, const axis_spec *spec, axis *out);
/* Frees the tables that were not used since the last call, or all. */
void drop_axes(struct kf_cpu *cpu, bool all);

/* Per TRANSFORM node and output grid (0: full, 1: chroma): the axes of each distinct source grid. */
typedef struct resampler {
    const kf_graph_node *node;
    int grid;
    picture source;        /* of a SOURCE child, or of the prepared child */
    axis x[2], y[2];       /* [0] full-size components, [1] subsampled ones */
} resampler;

/* What has been made of a node ahead of the frame's rows (passes.c), over `region`. */
typedef enum prepared_kind { PREPARED_IMAGE, PREPARED_TURNED, PREPARED_BLUR, PREPARED_CELLS } prepared_kind;
typedef struct prepared {
    const kf_graph_node *node;
    prepared_kind kind;
    bool ready;
    kf_rect region;
    kf_image image;        /* IMAGE: four float planes in a buffer of kf_cpu */
    picture *turned;       /* TURNED: rows and columns exchanged, of all of a plane source or of the IMAGE */
    struct blurred *blur;
    struct cell_means *cells;
} prepared;

typedef struct frame_cell {
    kf_rect rect;
    const kf_graph_node *root;
    bool linear;
} frame_cell;

struct kf_cpu {
    kf_cpu_params params;
    const kf_kernels *k;
    /* of the frame under way */
    kf_arena arena;
    const kf_graph_output *output;
    const kf_pixfmt_info *info;
    kf_image *image;
    kf_affine encode;
    component planes[4];
    frame_cell *cells;
    size_t cell_count, cell_capacity;
    opened *sources;
    size_t source_count, source_capacity;
    kept_axis *axes;
    size_t axis_count, axis_capacity;
    resampler *resamplers;
    size_t resampler_count, resampler_capacity;
    prepared *prepared;
    size_t prepared_count, prepared_capacity;
    size_t span;           /* scratch floats that rows of sources, blurs and cells take beyond the chunks */
    float **buffers;       /* kept between frames: one per prepared node, in order */
    size_t *buffer_floats;
    size_t buffer_count, buffer_capacity;
    /* scratch, per worker */
    float **scratch;
    size_t scratch_floats;
    int workers;
};

/* A bump allocator on a worker's scratch. */
typedef struct rows_ctx {
    struct kf_cpu *cpu;
    const kf_kernels *k;
    float *next, *end;
    int limit_x, limit_y;  /* the canvas's right and bottom edges in the coordinates of the node being run */
} rows_ctx;
static inline float *take(rows_ctx *ctx, size_t floats)
{
    float *p = ctx->next;
    ctx->next += (floats + 15) & ~(size_t)15;
    assert(ctx->next <= ctx->end); /* see ensure_scratch */
    return p;
}

const resampler *find_resampler(const struct kf_cpu *cpu, const kf_graph_node *node, int grid);
const prepared *find_prepared(const struct kf_cpu *cpu, const kf_graph_node *node, prepared_kind kind);

/* Opens the frames of all sources under root. */
kf_status open_sources(struct kf_cpu *cpu, const kf_graph_node *root, kf_error *err);
/* Closes those that are not worth keeping or were not used since open_sources, or all. */
void close_sources(struct kf_cpu *cpu, bool all);
/* Are there chroma cells that the canvas's edge cuts? */
bool cells_are_cut(const struct kf_cpu *cpu);
const opened *find_opened(const struct kf_cpu *cpu, const kf_graph_node *source);

/* Cuts [*x0, *x1) of row y to where the node can be other than transparent; false: nowhere. */
bool shown_span(const rows_ctx *ctx, const kf_graph_node *node, int y, int *x0, int *x1);
/* Pixels of row y in which a mask can be more than 0, and pixels in which it is 1. */
typedef struct mask_spans {
    int shown0, shown1, solid0, solid1;
} mask_spans;
mask_spans mask_spans_of(const kf_shape_mask *mask, int y);
/* A TRANSFORM that moves by whole pixels: its rows are the child's. */
bool is_shift(const kf_graph_node *node, int *dx, int *dy);

/* Raw samples of a component, clamped to nothing: the range must lie inside. */
void load_row(rows_ctx *ctx, float *dst, const component *c, int y, int x0, int n);
/* Premultiplied or straight components of four packed bytes, or three; false: the picture has another form. */
bool load_packed(rows_ctx *ctx, float *const dst[4], const picture *p, int y, int x0, int n);
/* value = c[0..2] . components + c[3], times alpha if straight; + per_alpha * alpha. alpha is scaled to 0..1. */
bool load_packed_form(rows_ctx *ctx, float *value, float *alpha, const picture *p, const float c[4], float per_alpha,
                      int y, int x0, int n);
/* Full-resolution row of a component with replicated or linear chroma. */
void load_full_row(rows_ctx *ctx, float *dst, const component *c, kf_chroma_mode mode, int chroma_loc, int y, int x0,
                   int n);
/* Filtered row: dst[i] for output (start + i, y), coverage folded in. y and start in the resampler's grid. False: no
 * cover. */
bool resample_row(rows_ctx *ctx, float *dst, const component *c, const axis *ax, const axis *ay, int y, int x0, int n);
/* The same for all components of a packed picture (alpha to [3]). combine: t[0..2] . components into dst[0] instead. */
bool resample_packed(rows_ctx *ctx, float *const dst[4], const picture *p, const float *combine, const axis *ax,
                     const axis *ay, int y, int x0, int n);

/* R, G, B, A rows of node at (x0.., y). */
row_state eval_rows(rows_ctx *ctx, const kf_graph_node *node, int y, int x0, int n, float *const dst[4]);

/* t, on R, G, B and alpha, as a form of what the matrix is applied to; out may be t. */
void form_through_matrix(const float t[4], const kf_affine *m, float out[4]);
/* t as coefficients on a picture's stored components, and a constant; those that cannot move the result by a thousandth
 * of a code are zero. What t asks of alpha is in the constant, but for premultiplied pictures, where it is left to the
 * caller. */
void form_through_decode(const float t[4], const picture *p, float out[4]);
/* Can this tree run as a linear form? */
bool linear_possible(const struct kf_cpu *cpu, const kf_graph_node *node);
/* Is the form of the node the same all over each chroma cell? */
bool one_colour_in_cells(struct kf_cpu *cpu, const kf_graph_node *node, const float t[4]);
/* value = t[0..2] . R'G'B' premultiplied + t[3] * alpha. grid 1: on the output's chroma grid. */
row_state eval_linear(rows_ctx *ctx, const kf_graph_node *node, const float t[4], int grid, int y, int x0, int n,
                      float *value, float *alpha);
/* Prepares what rows of root over `visible` will read. */
kf_status run_passes(struct kf_cpu *cpu, const kf_graph_node *root, kf_rect visible, kf_error *err);
kf_status make_resamplers(struct kf_cpu *cpu, const kf_graph_node *root, kf_rect visible, kf_error *err);
kf_status ensure_scratch(struct kf_cpu *cpu, const kf_graph_node *root, kf_error *err);
bool needs_prepared_child(const kf_graph_node *transform);

/* Rows of a BLUR (not DIRECTIONAL) and of a PIXELATE, inside p->region. */
row_state eval_blur(rows_ctx *ctx, const prepared *p, int y, int x0, int n, float *const dst[4]);
/* The same as a linear form; blur_has_forms: it can be one, blur_has_cells: on the chroma grid (1), too. */
bool blur_has_forms(const prepared *p);
bool blur_has_cells(const prepared *p);
row_state eval_blur_form(rows_ctx *ctx, const prepared *p, const float t[4], int grid, int y, int x0, int n,
                         float *value, float *alpha);
row_state eval_cells(rows_ctx *ctx, const prepared *p, int y, int x0, int n, float *const dst[4]);

/* Runs one band of a cell and stores it. */
void run_cell_linear(rows_ctx *ctx, const frame_cell *c, int y0, int y1);
void run_cell_rows(rows_ctx *ctx, const frame_cell *c, int y0, int y1);

/* n tasks on the pool; each gets its worker's scratch. */
void run_tasks(struct kf_cpu *cpu, int n, void (*fn)(rows_ctx *ctx, void *arg, int i), void *arg);

#endif
