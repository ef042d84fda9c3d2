/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DIRECTIONAL blur: the mean of bilinear samples along a line. A row is the weighted sum of shifted input rows; where a
 * shift leaves the input, its edge goes on or there is nothing. */
#include "video/cpu/passes.h"

#include <math.h>

typedef struct directional {
    const prepared *out, *in;
    kf_rect edge;        /* of the input that is there: the node's bounds within in->region */
    bool clamp, opaque;
    int count;           /* samples */
} directional;

/* Weighted input rows: row k is read from at[k] floats into the plane on, for the output's first column. */
typedef struct shifted_rows {
    int count;
    ptrdiff_t *at;
    float *weight;
    int *shift;          /* input column of output column to.x0 */
    int least, most;     /* of the shifts */
} shifted_rows;

static void add_corner(const directional *d, shifted_rows *rows, int x, int y, float w)
{
    const kf_image *image = &d->in->image;
    if (w == 0.0f || (!d->clamp && (y < d->edge.y0 || y >= d->edge.y1))) return;
    y = clamp_to(y, d->edge.y0, d->edge.y1);
    int k = rows->count++;
    rows->at[k] =
        (ptrdiff_t)(y - d->in->region.y0) * (image->stride[0] / (ptrdiff_t)sizeof(float)) + (x - d->in->region.x0);
    rows->weight[k] = w;
    rows->shift[k] = x;
    if (k == 0 || x < rows->least) rows->least = x;
    if (k == 0 || x > rows->most) rows->most = x;
}

/* The rows that output row y is made of. */
static shifted_rows rows_of(rows_ctx *ctx, const directional *d, int y)
{
    const kf_blur *blur = &d->out->node->u.blur;
    size_t most = 4 * (size_t)d->count;
    shifted_rows rows = {.weight = take(ctx, most), .shift = (int *)(void *)take(ctx, most),
                         .at = (ptrdiff_t *)(void *)take(ctx, most * sizeof(ptrdiff_t) / sizeof(float))};
    for (int j = 0; j < d->count; j++) {
        double s = (j + 0.5) / d->count - 0.5, dx = s * (double)blur->x, dy = s * (double)blur->y, fx = floor(dx),
               fy = floor(dy);
        float tx = (float)(dx - fx), ty = (float)(dy - fy);
        for (int corner = 0; corner < 4; corner++) {
            float w = (corner & 1 ? tx : 1 - tx) * (corner >> 1 ? ty : 1 - ty) / (float)d->count;
            add_corner(d, &rows, d->out->region.x0 + (int)fx + (corner & 1), y + (int)fy + (corner >> 1), w);
        }
    }
    return rows;
}

/* Columns [x0, x1) of the output, some of whose samples may lie beyond the input. */
static void sum_at_edge(const directional *d, const shifted_rows *rows, const float *plane, float *dst, int x0, int x1)
{
    for (int i = x0; i < x1; i++) {
        float sum = 0.0f;
        for (int k = 0; k < rows->count; k++) {
            int x = rows->shift[k] + i, inside = clamp_to(x, d->edge.x0, d->edge.x1);
            if (x == inside || d->clamp) sum += rows->weight[k] * plane[rows->at[k] + i + (inside - x)];
        }
        dst[i] = sum;
    }
}

static void directional_task(rows_ctx *ctx, void *arg, int row)
{
    const directional *d = arg;
    kf_rect to = d->out->region;
    float *saved = ctx->next;
    shifted_rows rows = rows_of(ctx, d, to.y0 + row);
    int n = to.x1 - to.x0, left = clamp_to(d->edge.x0 - rows.least, 0, n + 1);
    int right = rows.count ? clamp_to(d->edge.x1 - rows.most, left, n + 1) : left;
    for (int c = 0; c < 4; c++) {
        float *dst = image_row(&d->out->image, c, row);
        const float *plane = image_row(&d->in->image, c, 0);
        if (c == 3 && d->opaque) {
            ctx->k->fill(dst, 1.0f, n);
            continue;
        }
        sum_at_edge(d, &rows, plane, dst, 0, left);
        ctx->k->sum_at(dst + left, plane + left, rows.at, rows.weight, rows.count, right - left);
        sum_at_edge(d, &rows, plane, dst, right, n);
    }
    ctx->next = saved;
}

kf_status run_directional(struct kf_cpu *cpu, prepared *p, const prepared *in, kf_error *err)
{
    const kf_blur *blur = &p->node->u.blur;
    if (!in) return kf_fail(err, KF_ERR_INTERNAL, "a blur's input was not prepared");
    double length = sqrt((double)blur->x * (double)blur->x + (double)blur->y * (double)blur->y);
    directional d = {.out = p,
                     .in = in,
                     .edge = kf_rect_intersect(p->node->a->bounds, in->region),
                     .clamp = blur->edge == KF_EDGE_CLAMP,
                     .opaque = p->node->opaque,
                     .count = length > 1 ? (int)fmin(ceil(length), 1e6) : 1};
    size_t span = 20 * (size_t)d.count + 64;
    if (span > cpu->span) cpu->span = span;
    kf_status status = ensure_scratch(cpu, NULL, err);
    if (status == KF_OK) run_tasks(cpu, p->region.y1 - p->region.y0, directional_task, &d);
    return status;
}
