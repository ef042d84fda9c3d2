/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DIRECTIONAL blur: the mean of bilinear samples along a line. */
#include "video/cpu/passes.h"

#include <math.h>

typedef struct directional {
    const prepared *out, *in;
    kf_rect edge;        /* bounds of the input node */
    bool clamp;
    int count;           /* samples */
} directional;

/* dst[i] += w * the input row y at x + i, its edges continued or empty. */
static void add_shifted(rows_ctx *ctx, const directional *d, float *dst, const float *src, int x, int n, float w)
{
    kf_rect e = d->edge, r = d->in->region;
    int lo = e.x0 > r.x0 ? e.x0 : r.x0, hi = e.x1 < r.x1 ? e.x1 : r.x1;
    int left = lo - x > 0 ? lo - x < n ? lo - x : n : 0, right = hi - x < n ? hi - x > left ? hi - x : left : n;
    if (d->clamp) {
        for (int i = 0; i < left; i++) dst[i] += w * src[lo - r.x0];
        for (int i = right; i < n; i++) dst[i] += w * src[hi - 1 - r.x0];
    }
    ctx->k->axpy(dst + left, src + (x + left - r.x0), w, right - left);
}

static void add_sample(rows_ctx *ctx, const directional *d, int row, double dx, double dy)
{
    kf_rect from = d->in->region, to = d->out->region;
    double fx = floor(dx), fy = floor(dy);
    float tx = (float)(dx - fx), ty = (float)(dy - fy);
    for (int corner = 0; corner < 4; corner++) {
        int x = to.x0 + (int)fx + (corner & 1), y = to.y0 + row + (int)fy + (corner >> 1);
        float w = (corner & 1 ? tx : 1 - tx) * (corner >> 1 ? ty : 1 - ty) / (float)d->count;
        if (w == 0.0f || (!d->clamp && (y < d->edge.y0 || y >= d->edge.y1))) continue;
        y = clamp_to(clamp_to(y, d->edge.y0, d->edge.y1), from.y0, from.y1);
        for (int c = 0; c < 4; c++)
            add_shifted(ctx, d, image_row(&d->out->image, c, row), image_row(&d->in->image, c, y - from.y0), x, to.x1 - to.x0, w);
    }
}

static void directional_task(rows_ctx *ctx, void *arg, int row)
{
    const directional *d = arg;
    const kf_blur *blur = &d->out->node->u.blur;
    kf_rect to = d->out->region;
    for (int c = 0; c < 4; c++) ctx->k->fill(image_row(&d->out->image, c, row), 0.0f, to.x1 - to.x0);
    for (int j = 0; j < d->count; j++) {
        double s = (j + 0.5) / d->count - 0.5;
        add_sample(ctx, d, row, s * (double)blur->x, s * (double)blur->y);
    }
}

kf_status run_directional(struct kf_cpu *cpu, prepared *p, const prepared *in, kf_error *err)
{
    const kf_blur *blur = &p->node->u.blur;
    if (!in) return kf_fail(err, KF_ERR_INTERNAL, "a blur's input was not prepared");
    double length = sqrt((double)blur->x * (double)blur->x + (double)blur->y * (double)blur->y);
    directional d = {.out = p, .in = in, .edge = p->node->a->bounds, .clamp = blur->edge == KF_EDGE_CLAMP,
                     .count = length > 1 ? (int)fmin(ceil(length), 1e6) : 1};
    run_tasks(cpu, p->region.y1 - p->region.y0, directional_task, &d);
    return KF_OK;
}
