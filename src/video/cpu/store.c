/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Storing R, G, B, A rows in the output's format. */
#include "video/cpu/internal.h"

#include <string.h>

static void store_row(rows_ctx *ctx, const component *out, const float *row, int y, int x, int n, float max)
{
    const kf_store how = {.max = max, .shift = ctx->cpu->info->shift, .step = out->step};
    uint8_t *dst = (uint8_t *)out->data + (ptrdiff_t)y * out->stride + (ptrdiff_t)x * out->step * out->bytes;
    if (out->bytes == 1)
        ctx->k->store_u8(dst, row, &how, n);
    else if (out->bytes == 2)
        ctx->k->store_u16((uint16_t *)(void *)dst, row, &how, n);
    else
        memcpy(dst, row, sizeof(float) * (size_t)n);
}

static float code_max(const struct kf_cpu *cpu)
{
    return cpu->info->bits == 32 ? 0.0f : (float)((1 << cpu->info->bits) - 1);
}

/* One component of the picture from R'G'B' rows that lie on its grid. */
static void store_component(rows_ctx *ctx, int id, float *const rgb[4], int y, int x, int n)
{
    float *saved = ctx->next, *row = take(ctx, KF_CHUNK);
    if (ctx->cpu->info->bits == 32)
        memcpy(row, rgb[id], sizeof(float) * (size_t)n);
    else
        ctx->k->dot3(row, rgb[0], rgb[1], rgb[2], NULL, ctx->cpu->encode.m[id], n);
    store_row(ctx, &ctx->cpu->planes[id], row, y, x, n, code_max(ctx->cpu));
    ctx->next = saved;
}

static void store_alpha(rows_ctx *ctx, const float *alpha, int y, int x, int n)
{
    float *saved = ctx->next, *row = take(ctx, KF_CHUNK);
    float max = code_max(ctx->cpu);
    ctx->k->axpb(row, alpha, max == 0.0f ? 1.0f : max, 0.0f, n);
    store_row(ctx, &ctx->cpu->planes[3], row, y, x, n, max);
    ctx->next = saved;
}

/* Are the output's pixels three or four bytes next to each other? */
static bool is_packed(const struct kf_cpu *cpu)
{
    return cpu->planes[0].bytes == 1 && cpu->planes[0].step >= 3;
}

/* Pixels from R'G'B' rows and, if the output has it, alpha; the rows are used up. */
static void store_packed(rows_ctx *ctx, float *const rgba[4], int y, int x, int n)
{
    const struct kf_cpu *cpu = ctx->cpu;
    const component *out = cpu->planes;
    const uint8_t *first = cpu->image->plane[0];
    uint8_t *dst = cpu->image->plane[0] + (ptrdiff_t)y * out->stride + (ptrdiff_t)x * out->step;
    const float *rows[4];
    for (int c = 0; c < out->step; c++) rows[out[c].data - first] = rgba[c];
    ctx->k->matrix(rgba[0], rgba[1], rgba[2], NULL, cpu->encode.m, n);
    if (out->step == 4) {
        ctx->k->scale(rgba[3], code_max(cpu), n);
        ctx->k->store4_u8(dst, rows, code_max(cpu), n);
    } else {
        ctx->k->store3_u8(dst, rows, code_max(cpu), n);
    }
}

/* One full row into all full-size components; rows are left as the output's colour wants them. */
static void eval_and_store(rows_ctx *ctx, const kf_graph_node *root, int y, int x, int n, float *const rgba[4])
{
    const struct kf_cpu *cpu = ctx->cpu;
    row_state state = eval_rows(ctx, root, y, x, n, rgba);
    for (int c = 0; state == ROW_EMPTY && c < 4; c++) ctx->k->fill(rgba[c], 0.0f, n);
    if (cpu->info->alpha) {
        if (state == ROW_OPAQUE) ctx->k->fill(rgba[3], 1.0f, n);
        if (state == ROW_ALPHA && !cpu->output->premultiplied)
            ctx->k->straighten(rgba[0], rgba[1], rgba[2], rgba[3], n);
    }
    if (is_packed(cpu)) {
        store_packed(ctx, rgba, y, x, n);
        return;
    }
    if (cpu->info->alpha) store_alpha(ctx, rgba[3], y, x, n);
    int last = cpu->info->model == KF_MODEL_GRAY ? 1 : 3;
    for (int id = 0; id < last; id++)
        if (!cpu->planes[id].sub_w && !cpu->planes[id].sub_h) store_component(ctx, id, rgba, y, x, n);
}

static void store_chroma(rows_ctx *ctx, float *const even[4], float *const odd[4], bool two, int y, int x, int n)
{
    const kf_pixfmt_info *info = ctx->cpu->info;
    for (int c = 0; c < 3; c++) {
        if (two) ctx->k->mix(even[c], even[c], 0.5f, odd[c], 0.5f, n);
        if (info->sub_w) ctx->k->halve(even[c], even[c], n);
    }
    int count = (n + info->sub_w) >> info->sub_w;
    for (int id = 1; id < 3; id++) store_component(ctx, id, even, y >> info->sub_h, x >> info->sub_w, count);
}

void run_cell_rows(rows_ctx *ctx, const frame_cell *c, int y0, int y1)
{
    const kf_pixfmt_info *info = ctx->cpu->info;
    bool chroma = info->model == KF_MODEL_YUV && (info->sub_w || info->sub_h);
    int step = chroma ? 1 << info->sub_h : 1;
    float *saved = ctx->next, *even[4], *odd[4];
    for (int i = 0; i < 4; i++) {
        even[i] = take(ctx, KF_CHUNK);
        odd[i] = take(ctx, KF_CHUNK);
    }
    for (int y = y0; y < y1; y += step) {
        for (int x = c->rect.x0; x < c->rect.x1; x += KF_CHUNK) {
            int n = c->rect.x1 - x < KF_CHUNK ? c->rect.x1 - x : KF_CHUNK;
            bool two = step == 2 && y + 1 < y1;
            eval_and_store(ctx, c->root, y, x, n, even);
            if (two) eval_and_store(ctx, c->root, y + 1, x, n, odd);
            if (chroma) store_chroma(ctx, even, odd, two, y, x, n);
        }
    }
    ctx->next = saved;
}
