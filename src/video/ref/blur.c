/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* BLUR and PIXELATE. */
#include <math.h>

#include "base/api/alloc.h"
#include "video/ref/internal.h"

/* The pixel of the child that (x, y) stands for: itself, or with CLAMP the nearest inside `bounds`. NULL: transparent.
 */
static const float *sample(const ref_image *in, kf_rect bounds, kf_edge edge, int x, int y)
{
    if (edge == KF_EDGE_CLAMP) {
        x = ref_clamp_int(x, bounds.x0, bounds.x1 - 1);
        y = ref_clamp_int(y, bounds.y0, bounds.y1 - 1);
    }
    if (x < in->rect.x0 || x >= in->rect.x1 || y < in->rect.y0 || y >= in->rect.y1) return NULL;
    return ref_at(in, x, y);
}

/* Weights for -radius .. radius, summing to 1. */
static double *kernel_make(kf_blur_type type, double size, int *radius)
{
    size = fabs(size);
    *radius = (int)ceil(fmin(type == KF_BLUR_GAUSSIAN ? 3 * size : size, 1e6));
    double *w = kf_alloc_zero((size_t)*radius * 2 + 1, sizeof *w), sum = 0;
    if (!w) return NULL;
    for (int i = -*radius; i <= *radius; i++) {
        double k = 1;
        if (type == KF_BLUR_GAUSSIAN && size > 0) k = exp(-(double)i * i / (2 * size * size));
        if (type == KF_BLUR_BOX && fabs((double)i) > size) k = size - floor(size);
        w[i + *radius] = k;
        sum += k;
    }
    for (int i = 0; i <= 2 * *radius; i++) w[i] /= sum;
    return w;
}

/* One pass of a separable blur over `in`, along x (dx = 1) or y, into out over its rectangle. */
static void blur_pass(const ref_image *in, kf_rect bounds, kf_edge edge, const double *w, int radius, bool along_x,
                      ref_image *out)
{
    for (int y = out->rect.y0; y < out->rect.y1; y++) {
        for (int x = out->rect.x0; x < out->rect.x1; x++) {
            double sum[4] = {0};
            for (int i = -radius; i <= radius; i++) {
                const float *px = sample(in, bounds, edge, along_x ? x + i : x, along_x ? y : y + i);
                for (int c = 0; px && c < 4; c++) sum[c] += w[i + radius] * px[c];
            }
            for (int c = 0; c < 4; c++) ref_at(out, x, y)[c] = (float)sum[c];
        }
    }
}

static void copy_part(const ref_image *from, kf_rect part, ref_image *to)
{
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            for (int c = 0; c < 4; c++) ref_at(to, x, y)[c] = ref_at(from, x, y)[c];
        }
    }
}

/* What of the child can reach `part` over rx, ry px. With CLAMP a part beyond the child still needs the edge pixels. */
static kf_rect blur_need(const kf_graph_node *node, kf_rect part, int rx, int ry)
{
    kf_rect b = node->a->bounds, grown = {part.x0 - rx, part.y0 - ry, part.x1 + rx, part.y1 + ry};
    return kf_rect_intersect(grown, b);
}

static kf_status separable(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_blur *blur = &node->u.blur;
    kf_rect bounds = node->a->bounds;
    ref_image in = {0}, rows = {0}, done = {0};
    int rx = 0, ry = 0;
    double *wx = kernel_make(blur->type, blur->x, &rx), *wy = kernel_make(blur->type, blur->y, &ry);
    kf_status status = wx && wy ? KF_OK : kf_fail_memory(err);
    kf_rect need = blur_need(node, part, rx, ry);
    if (status != KF_OK || kf_rect_empty(need)) goto end;
    status = ref_eval(node->a, need, &in, err);
    if (status == KF_OK) status = ref_image_init(&rows, (kf_rect){part.x0, need.y0, part.x1, need.y1}, err);
    if (status == KF_OK) status = ref_image_init(&done, part, err);
    if (status != KF_OK) goto end;
    blur_pass(&in, bounds, blur->edge, wx, rx, true, &rows);
    blur_pass(&rows, (kf_rect){part.x0, bounds.y0, part.x1, bounds.y1}, blur->edge, wy, ry, false, &done);
    copy_part(&done, part, out);
end:
    kf_free(wx);
    kf_free(wy);
    ref_image_finish(&in);
    ref_image_finish(&rows);
    ref_image_finish(&done);
    return status;
}

static void add_bilinear(const ref_image *in, kf_rect bounds, kf_edge edge, double u, double v, double sum[4])
{
    double x = floor(u - 0.5), y = floor(v - 0.5), fx = u - 0.5 - x, fy = v - 0.5 - y;
    for (int j = 0; j < 2; j++) {
        for (int i = 0; i < 2; i++) {
            const float *px = sample(in, bounds, edge, (int)x + i, (int)y + j);
            double w = (i ? fx : 1 - fx) * (j ? fy : 1 - fy);
            for (int c = 0; px && c < 4; c++) sum[c] += w * px[c];
        }
    }
}

static kf_status directional(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_blur *blur = &node->u.blur;
    double length = hypot(blur->x, blur->y);
    int n = (int)fmin(fmax(1, ceil(length)), 1e6);
    kf_rect need = blur_need(node, part, (int)fmin(fabs(blur->x), 1e6) + 2, (int)fmin(fabs(blur->y), 1e6) + 2);
    if (kf_rect_empty(need)) return KF_OK;
    ref_image in;
    kf_status status = ref_eval(node->a, need, &in, err);
    if (status != KF_OK) return status;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            double sum[4] = {0};
            for (int j = 0; j < n; j++) {
                double t = (j + 0.5) / n - 0.5;
                add_bilinear(&in, node->a->bounds, blur->edge, x + 0.5 + t * blur->x, y + 0.5 + t * blur->y, sum);
            }
            for (int c = 0; c < 4; c++) ref_at(out, x, y)[c] = (float)(sum[c] / n);
        }
    }
    ref_image_finish(&in);
    return KF_OK;
}

kf_status ref_blur(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    if (!node->a || kf_rect_empty(node->a->bounds)) return KF_OK;
    if (node->u.blur.type == KF_BLUR_DIRECTIONAL) return directional(node, part, out, err);
    return separable(node, part, out, err);
}

/* The cell that holds coordinate `at`, counted from `origin`. */
static int cell_of(int at, int origin, int size)
{
    return (int)floor(((double)at - origin) / size);
}

static void mean_of(const ref_image *in, kf_rect cell, float px[4])
{
    double sum[4] = {0}, n = (double)(cell.x1 - cell.x0) * (cell.y1 - cell.y0);
    for (int y = cell.y0; y < cell.y1; y++) {
        for (int x = cell.x0; x < cell.x1; x++) {
            for (int c = 0; c < 4; c++) sum[c] += ref_at(in, x, y)[c];
        }
    }
    for (int c = 0; c < 4; c++) px[c] = (float)(sum[c] / n);
}

kf_status ref_pixelate(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_pixelate *p = &node->u.pixelate;
    if (!node->a) return KF_OK;
    kf_rect bounds = node->a->bounds;
    part = kf_rect_intersect(part, bounds);
    if (kf_rect_empty(part)) return KF_OK;
    int cx0 = cell_of(part.x0, p->ox, p->size), cx1 = cell_of(part.x1 - 1, p->ox, p->size) + 1;
    int cy0 = cell_of(part.y0, p->oy, p->size), cy1 = cell_of(part.y1 - 1, p->oy, p->size) + 1;
    kf_rect cells = {p->ox + cx0 * p->size, p->oy + cy0 * p->size, p->ox + cx1 * p->size, p->oy + cy1 * p->size};
    ref_image in;
    kf_status status = ref_eval(node->a, kf_rect_intersect(cells, bounds), &in, err);
    if (status != KF_OK) return status;
    for (int cy = cy0; cy < cy1; cy++) {
        for (int cx = cx0; cx < cx1; cx++) {
            int x0 = p->ox + cx * p->size, y0 = p->oy + cy * p->size;
            kf_rect cell = kf_rect_intersect((kf_rect){x0, y0, x0 + p->size, y0 + p->size}, bounds);
            kf_rect seen = kf_rect_intersect(cell, part);
            float mean[4];
            mean_of(&in, cell, mean);
            for (int y = seen.y0; y < seen.y1; y++) {
                for (int x = seen.x0; x < seen.x1; x++) {
                    for (int c = 0; c < 4; c++) ref_at(out, x, y)[c] = mean[c];
                }
            }
        }
    }
    ref_image_finish(&in);
    return KF_OK;
}
