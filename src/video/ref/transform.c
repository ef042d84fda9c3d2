/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TRANSFORM: separable (antialiased; a SOURCE plane by plane in code values) and general. */
#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "video/ref/internal.h"

static double kernel(kf_filter filter, double t)
{
    t = fabs(t);
    if (filter == KF_FILTER_BILINEAR) return t < 1 ? 1 - t : 0;
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1; /* Catmull-Rom */
    return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

/* The taps of every output position of one axis. */
typedef struct axis {
    int *count;         /* taps per position */
    int *index;         /* already within the child */
    double *weight;
    int stride;         /* entries of index and weight per position */
} axis;

static void axis_finish(axis *a)
{
    kf_free(a->count);
    kf_free(a->index);
    kf_free(a->weight);
    memset(a, 0, sizeof *a);
}

static int clamp_index(double i, int lo, int hi)
{
    return i < lo ? lo : i > hi - 1 ? hi - 1 : (int)i;
}

static int nearest_taps(double u, int lo, int hi, int *index, double *weight)
{
    index[0] = clamp_index(floor(u), lo, hi);
    weight[0] = 1;
    return 1;
}

static int filter_taps(kf_filter filter, double u, double s, int lo, int hi, int *index, double *weight)
{
    double reach = (filter == KF_FILTER_BICUBIC ? 2 : 1) * s, sum = 0;
    int count = 0;
    for (double i = floor(u - reach) - 1; i <= ceil(u + reach); i++) {
        if (fabs(i + 0.5 - u) >= reach) continue;
        index[count] = clamp_index(i, lo, hi);
        weight[count] = kernel(filter, (i + 0.5 - u) / s);
        sum += weight[count++];
    }
    for (int t = 0; t < count; t++) weight[t] /= sum;
    return count;
}

/* Output positions [x0, x1), u = scale * (x + 0.5) + shift, tap indices clamped to [lo, hi). */
static kf_status axis_init(axis *a, kf_filter filter, double scale, double shift, int x0, int x1, int lo, int hi,
                           kf_error *err)
{
    double s = filter == KF_FILTER_NEAREST ? 1 : fmax(1, fabs(scale));
    size_t n = (size_t)(x1 - x0);
    memset(a, 0, sizeof *a);
    if (s > 1e6) return kf_fail(err, KF_ERR_INVALID, "transform shrinks %g times: at most 1e6 is possible", s);
    a->stride = (int)(4 * s) + 4;
    a->count = kf_alloc_zero(n, sizeof *a->count);
    a->index = kf_alloc_zero(n * (size_t)a->stride, sizeof *a->index);
    a->weight = kf_alloc_zero(n * (size_t)a->stride, sizeof *a->weight);
    if (!a->count || !a->index || !a->weight) {
        axis_finish(a);
        return kf_fail_memory(err);
    }
    for (size_t k = 0; k < n; k++) {
        double u = scale * ((double)x0 + (double)k + 0.5) + shift;
        int *index = a->index + k * (size_t)a->stride;
        double *weight = a->weight + k * (size_t)a->stride;
        a->count[k] = filter == KF_FILTER_NEAREST ? nearest_taps(u, lo, hi, index, weight)
                                                  : filter_taps(filter, u, s, lo, hi, index, weight);
    }
    return KF_OK;
}

/* Smallest and largest tap index of an axis as a half-open range. */
static void axis_range(const axis *a, int n, int *lo, int *hi)
{
    *lo = a->index[0];
    *hi = a->index[0] + 1;
    for (int k = 0; k < n; k++) {
        for (int t = 0; t < a->count[k]; t++) {
            int i = a->index[(size_t)k * (size_t)a->stride + (size_t)t];
            if (i < *lo) *lo = i;
            if (i + 1 > *hi) *hi = i + 1;
        }
    }
}

/* Coverage of pixel x by the child's interval [lo, hi) mapped to the output. */
static double axis_coverage(kf_filter filter, double scale, double shift, int x, int lo, int hi)
{
    if (filter == KF_FILTER_NEAREST) {
        double i = floor(scale * (x + 0.5) + shift);
        return i >= lo && i < hi ? 1 : 0;
    }
    double from = (lo - shift) / scale, to = (hi - shift) / scale;
    return from < to ? ref_overlap(x, from, to) : ref_overlap(x, to, from);
}

/* How the child is read along the output's x or y (d = 0, 1): its axis `of`, coordinate scale * (x + 0.5) + shift. */
typedef struct way {
    int of;
    double scale, shift;
} way;

static way way_along(const kf_graph_node *node, int d)
{
    const double *m = node->u.transform.inverse.m;
    if (kf_transform2d_turns(&node->u.transform.inverse)) return d ? (way){0, m[1], m[2]} : (way){1, m[3], m[5]};
    return d ? (way){1, m[4], m[5]} : (way){0, m[0], m[2]};
}

static void apply_coverage(const kf_graph_node *node, kf_rect child, kf_rect part, ref_image *out)
{
    kf_filter filter = node->u.transform.filter;
    const int lo[2] = {child.x0, child.y0}, hi[2] = {child.x1, child.y1};
    way wx = way_along(node, 0), wy = way_along(node, 1);
    for (int y = part.y0; y < part.y1; y++) {
        double cy = axis_coverage(filter, wy.scale, wy.shift, y, lo[wy.of], hi[wy.of]);
        for (int x = part.x0; x < part.x1; x++) {
            double k = cy * axis_coverage(filter, wx.scale, wx.shift, x, lo[wx.of], hi[wx.of]);
            for (int c = 0; c < 4; c++) ref_at(out, x, y)[c] *= (float)k;
        }
    }
}

/* The child of a TRANSFORM as premultiplied RGBA; a SOURCE with the chroma that the filter asks for. */
static kf_status eval_child(const kf_graph_node *node, kf_rect need, ref_image *in, kf_error *err)
{
    const kf_graph_node *child = node->a;
    if (child->type != KF_NODE_SOURCE) return ref_eval(child, need, in, err);
    kf_chroma_mode chroma = node->u.transform.filter == KF_FILTER_NEAREST ? KF_CHROMA_REPLICATE : KF_CHROMA_LINEAR;
    kf_status status = ref_image_init(in, need, err);
    if (status == KF_OK) ref_source_as(&child->u.source.frame->image, chroma, need, in);
    return status;
}

static kf_status aligned_rgba(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    kf_filter filter = node->u.transform.filter;
    kf_rect b = node->a->bounds;
    const int lo[2] = {b.x0, b.y0}, hi[2] = {b.x1, b.y1};
    int from[2], to[2];
    way wx = way_along(node, 0), wy = way_along(node, 1);
    axis ax = {0}, ay = {0};
    ref_image in = {0};
    kf_status status = axis_init(&ax, filter, wx.scale, wx.shift, part.x0, part.x1, lo[wx.of], hi[wx.of], err);
    if (status == KF_OK)
        status = axis_init(&ay, filter, wy.scale, wy.shift, part.y0, part.y1, lo[wy.of], hi[wy.of], err);
    if (status != KF_OK) goto end;
    axis_range(&ax, part.x1 - part.x0, &from[wx.of], &to[wx.of]);
    axis_range(&ay, part.y1 - part.y0, &from[wy.of], &to[wy.of]);
    status = eval_child(node, (kf_rect){from[0], from[1], to[0], to[1]}, &in, err);
    if (status != KF_OK) goto end;
    for (int y = part.y0; y < part.y1; y++) {
        size_t ky = (size_t)(y - part.y0), at_y = ky * (size_t)ay.stride;
        for (int x = part.x0; x < part.x1; x++) {
            size_t kx = (size_t)(x - part.x0), at_x = kx * (size_t)ax.stride;
            double sum[4] = {0};
            for (int j = 0; j < ay.count[ky]; j++) {
                for (int i = 0; i < ax.count[kx]; i++) {
                    int at[2];
                    at[wx.of] = ax.index[at_x + (size_t)i];
                    at[wy.of] = ay.index[at_y + (size_t)j];
                    const float *px = ref_at(&in, at[0], at[1]);
                    double w = ax.weight[at_x + (size_t)i] * ay.weight[at_y + (size_t)j];
                    for (int c = 0; c < 4; c++) sum[c] += w * px[c];
                }
            }
            for (int c = 0; c < 4; c++) ref_at(out, x, y)[c] = (float)sum[c];
        }
    }
end:
    ref_image_finish(&in);
    axis_finish(&ax);
    axis_finish(&ay);
    return status;
}

/* Filters one component into channel `component` of out. */
static kf_status aligned_component(const kf_graph_node *node, int component, kf_rect part, ref_image *out,
                                   kf_error *err)
{
    const kf_image *image = &node->a->u.source.frame->image;
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    kf_filter filter = node->u.transform.filter;
    ref_plane plane = ref_plane_of(image, component);
    bool chroma = info->model == KF_MODEL_YUV && (component == 1 || component == 2);
    const double cell[2] = {chroma ? 1 << info->sub_w : 1, chroma ? 1 << info->sub_h : 1};
    const int size[2] = {plane.width, plane.height};
    double offset[2] = {0};
    /* NEAREST takes the sample whose cell holds the pixel, so that whole-pixel shifts are exact. */
    if (chroma && filter != KF_FILTER_NEAREST) ref_chroma_offset(image, offset);
    way wx = way_along(node, 0), wy = way_along(node, 1);
    axis ax = {0}, ay = {0};
    kf_status status = axis_init(&ax, filter, wx.scale / cell[wx.of], wx.shift / cell[wx.of] + offset[wx.of], part.x0,
                                 part.x1, 0, size[wx.of], err);
    if (status == KF_OK)
        status = axis_init(&ay, filter, wy.scale / cell[wy.of], wy.shift / cell[wy.of] + offset[wy.of], part.y0,
                           part.y1, 0, size[wy.of], err);
    for (int y = part.y0; y < part.y1 && status == KF_OK; y++) {
        size_t ky = (size_t)(y - part.y0), at_y = ky * (size_t)ay.stride;
        for (int x = part.x0; x < part.x1; x++) {
            size_t kx = (size_t)(x - part.x0), at_x = kx * (size_t)ax.stride;
            double sum = 0;
            for (int j = 0; j < ay.count[ky]; j++) {
                for (int i = 0; i < ax.count[kx]; i++) {
                    int at[2];
                    at[wx.of] = ax.index[at_x + (size_t)i];
                    at[wy.of] = ay.index[at_y + (size_t)j];
                    double w = ax.weight[at_x + (size_t)i] * ay.weight[at_y + (size_t)j];
                    sum += w * ref_plane_get(&plane, at[0], at[1]);
                }
            }
            ref_at(out, x, y)[component] = (float)sum;
        }
    }
    axis_finish(&ax);
    axis_finish(&ay);
    return status;
}

static kf_status aligned_source(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_image *image = &node->a->u.source.frame->image;
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int colors = info->model == KF_MODEL_GRAY ? 1 : 3;
    for (int c = 0; c < 4; c++) {
        if (c < 3 ? c >= colors : !info->alpha) continue;
        kf_status status = aligned_component(node, c, part, out, err);
        if (status != KF_OK) return status;
    }
    kf_affine decode = ref_decode_matrix(image);
    float alpha_scale = info->bits == 32 ? 1 : 1.0f / (float)((1 << info->bits) - 1);
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            float *px = ref_at(out, x, y), code[3] = {px[0], px[1], px[2]};
            ref_decode(image, &decode, code, info->alpha ? px[3] * alpha_scale : 1, px);
        }
    }
    return KF_OK;
}

/* ---- rotation and shear ---- */

/* Indices of the four taps about u and their weights. */
static int general_taps(kf_filter filter, double u, int lo, int hi, int index[4], double weight[4])
{
    if (filter == KF_FILTER_NEAREST) return nearest_taps(u, lo, hi, index, weight);
    double i0 = floor(u - 0.5);
    for (int t = 0; t < 4; t++) {
        index[t] = clamp_index(i0 - 1 + t, lo, hi);
        weight[t] = kernel(filter, i0 - 1 + t + 0.5 - u);
    }
    return 4;
}

static double general_coverage(kf_filter filter, double u, double gradient, int lo, int hi)
{
    if (filter == KF_FILTER_NEAREST) return u >= lo && u < hi ? 1 : 0;
    double in = (u - lo) / gradient + 0.5, out = (hi - u) / gradient + 0.5;
    return fmin(fmax(in, 0), 1) * fmin(fmax(out, 0), 1);
}

static void general_pixel(const kf_graph_node *node, const ref_image *in, int x, int y, float px[4])
{
    const double *m = node->u.transform.inverse.m;
    kf_filter filter = node->u.transform.filter;
    kf_rect b = node->a->bounds;
    double u = m[0] * (x + 0.5) + m[1] * (y + 0.5) + m[2], v = m[3] * (x + 0.5) + m[4] * (y + 0.5) + m[5];
    double k = general_coverage(filter, u, hypot(m[0], m[1]), b.x0, b.x1)
             * general_coverage(filter, v, hypot(m[3], m[4]), b.y0, b.y1);
    if (k == 0) return;
    int ix[4], iy[4];
    double wx[4], wy[4], sum[4] = {0};
    int nx = general_taps(filter, u, b.x0, b.x1, ix, wx), ny = general_taps(filter, v, b.y0, b.y1, iy, wy);
    for (int j = 0; j < ny; j++) {
        for (int i = 0; i < nx; i++) {
            for (int c = 0; c < 4; c++) sum[c] += wx[i] * wy[j] * ref_at(in, ix[i], iy[j])[c];
        }
    }
    for (int c = 0; c < 4; c++) px[c] = (float)(sum[c] * k);
}

/* What general_pixel reads of the child for the pixels of `part`. */
static kf_rect general_need(const kf_transform2d *inverse, kf_rect part, kf_rect b)
{
    const double *m = inverse->m;
    double lo[2] = {INFINITY, INFINITY}, hi[2] = {-INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
        double x = i & 1 ? part.x1 : part.x0, y = i & 2 ? part.y1 : part.y0;
        double at[2] = {m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]};
        for (int k = 0; k < 2; k++) {
            lo[k] = fmin(lo[k], floor(at[k]) - 3);
            hi[k] = fmax(hi[k], ceil(at[k]) + 3);
        }
    }
    return (kf_rect){clamp_index(lo[0], b.x0, b.x1), clamp_index(lo[1], b.y0, b.y1),
                     clamp_index(hi[0], b.x0, b.x1) + 1, clamp_index(hi[1], b.y0, b.y1) + 1};
}

static kf_status general(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    kf_rect need = general_need(&node->u.transform.inverse, part, node->a->bounds);
    ref_image in;
    kf_status status = eval_child(node, need, &in, err);
    if (status != KF_OK) return status;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) general_pixel(node, &in, x, y, ref_at(out, x, y));
    }
    ref_image_finish(&in);
    return KF_OK;
}

/* The node without the MATRIX and ALPHA nodes on top. */
static const kf_graph_node *under_colour(const kf_graph_node *n)
{
    for (n = kf_graph_shown(n); n && (n->type == KF_NODE_MATRIX || n->type == KF_NODE_ALPHA);) n = kf_graph_shown(n->a);
    return n;
}

/* An axis-aligned TRANSFORM of a colour node over a SOURCE: that node over the TRANSFORM. */
static kf_status exchanged(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    kf_graph_node inner = *node, outer = *node->a;
    inner.a = node->a->a;
    outer.a = &inner;
    outer.bounds = inner.bounds;
    return ref_point(&outer, part, out, err);
}

kf_status ref_transform(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    kf_graph_node shown = *node;
    shown.a = kf_graph_shown(node->a);
    if (!shown.a || kf_rect_empty(shown.a->bounds)) return KF_OK;
    if (!kf_transform2d_separable(&node->u.transform.inverse)) return general(&shown, part, out, err);
    bool planes = kf_graph_is_plane_source(under_colour(shown.a));
    if (planes && shown.a->type != KF_NODE_SOURCE) return exchanged(&shown, part, out, err);
    kf_status status = planes ? aligned_source(&shown, part, out, err) : aligned_rgba(&shown, part, out, err);
    if (status == KF_OK) apply_coverage(&shown, shown.a->bounds, part, out);
    return status;
}
