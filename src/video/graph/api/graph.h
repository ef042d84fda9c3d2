/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The render graph of one frame: a tree (shared sub-trees allowed) of few primitive nodes, to which compile lowers
 * clips, effects and transitions. This header is the definition of every primitive; video/ref implements it word by
 * word, video/cpu must agree within one 8-bit code value.
 *
 * A node is an image on an infinite plane: premultiplied R, G, B, A in float32, nominal 0..1, unbounded. Pixel (x, y)
 * covers [x, x+1) x [y, y+1), its centre is at +0.5. Outside `bounds` a node is transparent black (0, 0, 0, 0).
 * "Straight" in an op means: colour divided by alpha (alpha <= 0: colour 0), the op, colour times alpha again.
 *
 * Graphs are built by one thread and then immutable; any thread may execute them. Nodes live in the graph's arena;
 * frames and tables that nodes point to are held by the graph (frames by reference, tables borrowed: they must outlive
 * it). */
#ifndef KF_VIDEO_GRAPH_H
#define KF_VIDEO_GRAPH_H

#include "base/api/alloc.h"
#include "base/api/image.h"
#include "base/api/status.h"
#include "color/api/color.h"

typedef struct kf_rect {
    int x0, y0, x1, y1; /* half-open */
} kf_rect;
#define KF_RECT_EVERYWHERE ((kf_rect){-(1 << 28), -(1 << 28), 1 << 28, 1 << 28})
kf_rect kf_rect_intersect(kf_rect a, kf_rect b); /* empty: all zero */
kf_rect kf_rect_union(kf_rect a, kf_rect b);
bool kf_rect_empty(kf_rect r);
bool kf_rect_contains(kf_rect outer, kf_rect inner);
kf_rect kf_rect_moved(kf_rect r, int dx, int dy);

/* x' = m[0]*x + m[1]*y + m[2];  y' = m[3]*x + m[4]*y + m[5], in continuous plane coordinates. double so that large
 * canvases stay exact. */
typedef struct kf_transform2d {
    double m[6];
} kf_transform2d;
kf_transform2d kf_transform2d_mul(const kf_transform2d *outer, const kf_transform2d *inner);
bool kf_transform2d_invert(const kf_transform2d *t, kf_transform2d *out); /* false if singular */
bool kf_transform2d_turns(const kf_transform2d *t);     /* m[0] == m[4] == 0: x and y change places */
bool kf_transform2d_separable(const kf_transform2d *t); /* that, or m[1] == m[3] == 0 */

typedef enum kf_blend_mode {
    KF_BLEND_NORMAL, KF_BLEND_MULTIPLY, KF_BLEND_SCREEN, KF_BLEND_OVERLAY, KF_BLEND_DARKEN, KF_BLEND_LIGHTEN,
    KF_BLEND_COLOR_DODGE, KF_BLEND_COLOR_BURN, KF_BLEND_HARD_LIGHT, KF_BLEND_SOFT_LIGHT, KF_BLEND_DIFFERENCE,
    KF_BLEND_EXCLUSION, KF_BLEND_ADD, KF_BLEND_SUBTRACT, KF_BLEND_HUE, KF_BLEND_SATURATION, KF_BLEND_COLOR,
    KF_BLEND_LUMINOSITY, KF_BLEND_COUNT
} kf_blend_mode;

typedef enum kf_filter { KF_FILTER_NEAREST, KF_FILTER_BILINEAR, KF_FILTER_BICUBIC } kf_filter;
typedef enum kf_edge { KF_EDGE_TRANSPARENT, KF_EDGE_CLAMP } kf_edge;

typedef enum kf_node_type {
    /* -- leaves -- */
    KF_NODE_SOURCE,     /* a decoded picture */
    KF_NODE_FILL,       /* one colour */
    KF_NODE_GRADIENT,
    KF_NODE_NOISE,
    /* -- point operations (unbounded unless noted) -- */
    KF_NODE_MATRIX,     /* rgb' = M rgb + offset * alpha, on premultiplied colour; alpha kept */
    KF_NODE_CURVES,     /* straight: kf_lut1d_eval */
    KF_NODE_LUT3D,      /* straight: mix(in, kf_lut3d_eval(in), amount); clamps to the table's domain: ends a fold */
    KF_NODE_ALPHA,      /* all four times `opacity` */
    KF_NODE_CHROMA_KEY,
    KF_NODE_LUMA_KEY,
    KF_NODE_VIGNETTE,
    KF_NODE_GRAIN,
    KF_NODE_MASK,       /* all four times an analytic shape */
    KF_NODE_MATTE,      /* all four times the alpha or luma of another node */
    /* -- geometry and neighbourhood -- */
    KF_NODE_CROP,       /* child inside a rectangle with antialiased edges */
    KF_NODE_TRANSFORM,
    KF_NODE_BLUR,
    KF_NODE_PIXELATE,
    /* -- two inputs -- */
    KF_NODE_BLEND,      /* b over a */
    KF_NODE_MIX,        /* all four: wa * a + wb * b (dissolve, unsharp, additive) */
    KF_NODE_COUNT
} kf_node_type;

typedef struct kf_graph_node kf_graph_node;

/* SOURCE: bounds [0, width) x [0, height) of the frame. Code values to R'G'B' by kf_color_decode of the frame's
 * resolved colour; straight alpha is multiplied in after that; alpha code / max. A premultiplied frame holds the code
 * values of the premultiplied colour, as kf_graph_output writes them: the decode's offsets count in full whatever alpha
 * is, and transparent black in limited-range Y'CbCr is (16, 128, 128). Chroma of subsampled formats: REPLICATE takes
 * the chroma sample whose cell holds the pixel (x >> sub_w, y >> sub_h), LINEAR interpolates on the chroma grid (siting
 * per chroma_loc; unspecified = left), edges clamped. Together with the encoder's box average (see kf_graph_output),
 * REPLICATE makes an untouched picture come out bit-exact. */
typedef enum kf_chroma_mode { KF_CHROMA_REPLICATE, KF_CHROMA_LINEAR } kf_chroma_mode;

/* GRADIENT: linear: t = ((p - p0) . (p1 - p0)) / |p1 - p0|^2; radial: t = |p - p0| / |p1 - p0|; p is the pixel centre.
 * Stops ascending in t (at most KF_STOPS_MAX), premultiplied colours interpolated linearly, clamped at the ends. */
#define KF_STOPS_MAX 16
typedef struct kf_gradient {
    bool radial;
    float p0[2], p1[2];
    int count;
    float at[KF_STOPS_MAX], color[KF_STOPS_MAX][4]; /* premultiplied */
} kf_gradient;

/* Hash noise. kf_noise_u32 is the one source of randomness: lowbias32-style integer mixing of (x, y, seed, channel).
 * NOISE node: opaque, value of each channel = kf_noise_u32 / 2^32 per cell of `size` px (channel 0 for all if
 * monochrome). GRAIN node: colour += alpha * amount * (u1 + u2 - 1), u from two hashes (channels c and c + 4), a
 * triangular distribution. */
uint32_t kf_noise_u32(int32_t x, int32_t y, uint32_t seed, uint32_t channel);
typedef struct kf_noise {
    uint32_t seed;
    int size;          /* cell edge, px, >= 1; cell = floor(x / size) */
    float amount;      /* GRAIN only */
    bool monochrome;
} kf_noise;

/* CHROMA_KEY, straight, R'G'B' -> Cb = (B - Y) / 1.8556, Cr = (R - Y) / 1.5748 with BT.709 luma. k = the key's (Cb,
 * Cr). d = |(Cb, Cr) - k|; keep = clamp01((d - tolerance) / max(softness, 1e-6)); alpha *= keep. Spill: p = ((Cb, Cr) .
 * k) / |k| (0 if |k| = 0); if p > 0: (Cb, Cr) -= spill * p * k / |k|; colour back from Y, Cb, Cr. */
typedef struct kf_chroma_key {
    float cb, cr, tolerance, softness, spill;
} kf_chroma_key;
/* LUMA_KEY, straight, Y = BT.709 luma. keep = clamp01((Y - lo) / s + 1) * clamp01((hi - Y) / s + 1), s = max(softness,
 * 1e-6); inverted: 1 - keep. alpha *= keep. */
typedef struct kf_luma_key {
    float lo, hi, softness;
    bool invert;
} kf_luma_key;
/* VIGNETTE: d = |((x - cx) / rx, (y - cy) / ry)|; t = clamp01((d - inner) / (outer - inner)); colour (not alpha) times
 * 1 - amount * t * t * (3 - 2 t). outer > inner. */
typedef struct kf_vignette {
    float cx, cy, rx, ry, inner, outer, amount;
} kf_vignette;

/* MASK: coverage = clamp01(0.5 - sd / feather), feather >= 1 px, sd in px, negative inside:
 * RECT (rounded): q = |p - c| - half + radius; sd = |max(q, 0)| + min(max(q.x, q.y), 0) - radius.
 * ELLIPSE: sd = (|(p - c) / half| - 1) * min(half.x, half.y).
 * HALFPLANE: sd = dot(p - c, n), n = unit vector in `half` (covers the side that n points away from).
 * p is rotated by -rotation about c first (RECT, ELLIPSE). invert: 1 - coverage. */
typedef enum kf_mask_type { KF_MASK_RECT, KF_MASK_ELLIPSE, KF_MASK_HALFPLANE } kf_mask_type;
typedef struct kf_shape_mask {
    kf_mask_type type;
    float cx, cy, half[2], radius, feather;
    float cos_r, sin_r; /* of rotation; 1, 0 for none */
    bool invert;
} kf_shape_mask;

/* TRANSFORM: out(p) = child(inverse(p)). The child is what kf_graph_shown gives of the input; a separable TRANSFORM of
 * MATRIX or ALPHA nodes over a SOURCE that is filtered plane by plane is those nodes over the TRANSFORM of the SOURCE.
 *
 * Separable: axis-aligned (m[1] == m[3] == 0; negative scales flip) or a quarter turn (m[0] == m[4] == 0). Along x, for
 * output pixel x: u = m[0]*(x+0.5) + m[2]; s = max(1, |m[0]|) (s = 1 for NEAREST); taps i with |i + 0.5 - u| < support
 * * s, weight k((i + 0.5 - u) / s), normalised to sum 1; i clamped to the child's bounds. k: BILINEAR triangle, support
 * 1; BICUBIC Catmull-Rom (B=0, C=1/2), support 2; NEAREST: the one tap i = floor(u). Then all four times the coverage
 * of the output pixel by the child's bounds mapped to the output: product over the axes of |[x, x+1) intersected with
 * the mapped interval| (1 for NEAREST inside, 0 outside). Same for y. A quarter turn exchanges the child's axes: along
 * the output's x the child's y goes by m[3]*(x+0.5) + m[5], along y its x by m[1]*(y+0.5) + m[2].
 *
 * When the child is a SOURCE without alpha or with premultiplied alpha, each plane is filtered on its own grid in code
 * values: chroma plane coordinate uc = u / 2^sub + offset, offset 0.25 where the siting is co-sited along that axis of
 * the child (LEFT: x; TOPLEFT: x and y), else 0, with s of the scaled coordinate. A SOURCE with straight alpha is
 * filtered like any other child: as premultiplied RGBA, so that transparent colours do not bleed. NEAREST moves samples
 * and does not filter: the offset is 0, and a SOURCE that is read as RGBA has chroma REPLICATE; for the other filters
 * LINEAR. The SOURCE's own mode does not matter under a TRANSFORM.
 *
 * Otherwise (rotation, shear): bicubic/bilinear (support not widened: minification is first done by an axis-aligned
 * TRANSFORM; kf_graph_transform inserts it) on the child as RGBA (a SOURCE's chroma as above): taps i0-1..i0+2 by k,
 * clamped to the bounds; coverage = clamp01((u - x0) / gu + 0.5) * clamp01((x1 - u) / gu + 0.5) * same for v, where gu
 * = |gradient of u| per output pixel. */

/* BLUR. GAUSSIAN: separable, sigma per axis, truncated at ceil(3 sigma), weights exp(-i^2/(2 sigma^2)) normalised;
 * executors may approximate within tolerance (sigma > 4 on a reduced image). BOX: separable mean over 2 r + 1 px,
 * fractional r gives the end taps the fraction as weight. DIRECTIONAL: mean of n = max(1, ceil(length)) bilinear
 * samples at p + ((j + 0.5) / n - 0.5) * length * (cos, sin). CLAMP repeats the child's bounds' edge pixels and keeps
 * bounds; TRANSPARENT lets the blur run out. */
typedef enum kf_blur_type { KF_BLUR_GAUSSIAN, KF_BLUR_BOX, KF_BLUR_DIRECTIONAL } kf_blur_type;
typedef struct kf_blur {
    kf_blur_type type;
    kf_edge edge;
    float x, y;            /* sigma or radius per axis, px; DIRECTIONAL: the vector length * (cos, sin) */
} kf_blur;
/* PIXELATE: mean over cells of `size` px counted from (ox, oy), cells clipped to the child's bounds. */
typedef struct kf_pixelate {
    int size, ox, oy;
} kf_pixelate;

/* BLEND: W3C Compositing Level 1: colour (premultiplied) co = (1 - ab) * cs + (1 - as) * cb + as * ab * B(Cb, Cs), ao =
 * as + ab - as * ab; Cb, Cs straight and, for all modes but NORMAL, ADD and SUBTRACT, clamped to 0..1. as includes
 * `opacity`. ADD: B = Cb + Cs; SUBTRACT: B = Cb - Cs (not clamped). HUE.. LUMINOSITY: the non-separable modes of that
 * text (Lum = 0.3 R + 0.59 G + 0.11 B). SOFT_LIGHT with its sqrt form. */

struct kf_graph_node {
    kf_node_type type;
    kf_rect bounds;            /* conservative */
    bool opaque;               /* alpha is exactly 1 everywhere inside bounds */
    bool planned;              /* geometry and neighbourhood nodes: the input has been planned on all of itself */
    const kf_graph_node *a, *b; /* inputs; NULL where the type has none */
    union {
        struct { kf_frame *frame; kf_chroma_mode chroma; } source;
        float fill[4];         /* premultiplied */
        kf_gradient *gradient;
        kf_noise noise;        /* NOISE, GRAIN */
        kf_affine matrix;
        const kf_lut1d *curves;
        struct { const kf_lut3d *lut; float amount; } lut3d;
        float opacity;         /* ALPHA */
        kf_chroma_key chroma_key;
        kf_luma_key luma_key;
        kf_vignette vignette;
        kf_shape_mask mask;
        struct { bool luma, invert; } matte; /* a = picture, b = matte; luma = BT.709 luma of premultiplied colour */
        float crop[4];         /* x0, y0, x1, y1; edge pixels weighted by coverage */
        struct { kf_transform2d inverse; kf_filter filter; } transform;
        kf_blur blur;
        kf_pixelate pixelate;
        struct { kf_blend_mode mode; float opacity; } blend; /* a = backdrop, b = source */
        struct { float wa, wb; } mix;
    } u;
};

typedef struct kf_graph kf_graph;
kf_graph *kf_graph_create(void); /* NULL when out of memory */
void kf_graph_destroy(kf_graph *graph);

/* Constructors compute bounds and opacity, and return NULL only when out of memory. They do not fold. A NULL input is
 * an empty image and gives NULL (BLEND and MIX: the other side). Invalid numbers (NaN, sizes) are the caller's to
 * reject. */
kf_graph_node *kf_graph_source(kf_graph *g, kf_frame *frame, kf_chroma_mode chroma); /* takes a reference of its own */
kf_graph_node *kf_graph_fill(kf_graph *g, const float rgba[4], kf_rect bounds); /* premultiplied */
kf_graph_node *kf_graph_gradient(kf_graph *g, const kf_gradient *gradient, kf_rect bounds);
kf_graph_node *kf_graph_noise(kf_graph *g, const kf_noise *noise, kf_rect bounds);
kf_graph_node *kf_graph_matrix(kf_graph *g, const kf_graph_node *a, const kf_affine *matrix);
kf_graph_node *kf_graph_curves(kf_graph *g, const kf_graph_node *a, const kf_lut1d *curves);
kf_graph_node *kf_graph_lut3d(kf_graph *g, const kf_graph_node *a, const kf_lut3d *lut, float amount);
kf_graph_node *kf_graph_alpha(kf_graph *g, const kf_graph_node *a, float opacity);
kf_graph_node *kf_graph_chroma_key(kf_graph *g, const kf_graph_node *a, const kf_chroma_key *key);
kf_graph_node *kf_graph_luma_key(kf_graph *g, const kf_graph_node *a, const kf_luma_key *key);
kf_graph_node *kf_graph_vignette(kf_graph *g, const kf_graph_node *a, const kf_vignette *vignette);
kf_graph_node *kf_graph_grain(kf_graph *g, const kf_graph_node *a, const kf_noise *noise);
kf_graph_node *kf_graph_mask(kf_graph *g, const kf_graph_node *a, const kf_shape_mask *mask);
kf_graph_node *kf_graph_matte(kf_graph *g, const kf_graph_node *a, const kf_graph_node *matte, bool luma, bool invert);
kf_graph_node *kf_graph_crop(kf_graph *g, const kf_graph_node *a, const float rect[4]);
/* forward maps child to parent coordinates; inserts the axis-aligned minification first when rotated and shrinking, and
 * gives the child itself for the identity. A transform that is singular or shrinks a million times gives NULL.
 * Whole-pixel shifts use NEAREST (exact). */
kf_graph_node *kf_graph_transform(kf_graph *g, const kf_graph_node *a, const kf_transform2d *forward, kf_filter filter);
kf_graph_node *kf_graph_blur(kf_graph *g, const kf_graph_node *a, const kf_blur *blur);
kf_graph_node *kf_graph_pixelate(kf_graph *g, const kf_graph_node *a, const kf_pixelate *pixelate);
kf_graph_node *kf_graph_blend(kf_graph *g, const kf_graph_node *backdrop, const kf_graph_node *source,
                              kf_blend_mode mode, float opacity);
kf_graph_node *kf_graph_mix(kf_graph *g, const kf_graph_node *a, float wa, const kf_graph_node *b, float wb);

/* What the root is rendered to: canvas [0, width) x [0, height), format any of kf_pixfmt (also RGBAF32). Formats
 * without alpha drop alpha (what is not covered is black: the colour stays premultiplied); formats with alpha are
 * stored straight unless `premultiplied`. R'G'B' -> code values by kf_color_encode, chroma = mean of the (1 << sub_w) x
 * (1 << sub_h) cell (cells cut at odd edges average what is there), each clamped to the code range and rounded: floor(v
 * + 0.5). Full code range is kept (no clipping to nominal limited range). */
typedef struct kf_graph_output {
    kf_pixfmt format;
    int width, height;
    kf_color color; /* resolved */
    bool premultiplied;
} kf_graph_output;

/* The node without what changes nothing of it: ALPHA 1, the identity MATRIX, a CROP of the whole, a BLEND of which one
 * side covers the other or does not show. What is returned lies in the tree and has the same bounds. */
const kf_graph_node *kf_graph_shown(const kf_graph_node *node);

/* Does a separable TRANSFORM filter this node plane by plane in code values? */
bool kf_graph_is_plane_source(const kf_graph_node *node);

/* Folds and culls: returns a tree (in the same graph) that gives the same picture on `visible`: MATRIX of MATRIX
 * multiplied, MATRIX of FILL evaluated, ALPHA of ALPHA, opacity 0 and things outside dropped, what lies wholly under an
 * opaque layer dropped, BLEND of an opaque full-opacity NORMAL source covering `visible` replaced by it. A SOURCE under
 * a TRANSFORM gets the chroma mode that the filter asks for, and MATRIX and ALPHA over it move above the TRANSFORM.
 * Inputs of nodes that look at their neighbours keep their bounds. May return NULL: nothing is visible. */
const kf_graph_node *kf_graph_plan(kf_graph *g, const kf_graph_node *root, kf_rect visible);

/* If the tree is one SOURCE frame that `output` would reproduce bit for bit (same format, size and colour), that frame,
 * else NULL: it passes through without a copy. `root` as returned by kf_graph_plan. */
kf_frame *kf_graph_passthrough(const kf_graph_node *root, const kf_graph_output *output);

/* Do both trees give the same picture? Nodes are compared by their values, pictures and tables by address: the caller
 * keeps both graphs alive. True is certain; false may only mean that it could not be told. */
bool kf_graph_same(const kf_graph_node *a, const kf_graph_node *b);

/* One line per node, for tests and --profile; new string, kf_free. */
char *kf_graph_describe(const kf_graph_node *root);

#endif
