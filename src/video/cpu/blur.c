/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GAUSSIAN and BOX. The input's rows are filtered along x as they are run and kept; rows of the output are filtered
 * along y when they are asked for. A Gaussian wider than LARGE_SIGMA runs on a reduced grid: quadratic B-splines over
 * blocks of f samples (repeated halving by 1 3 3 1, which keeps what would fold below a hundredth of a code), a
 * narrower Gaussian there, and cubic B-spline interpolation back. The variances of both splines, (f^2 - 1) / 4 and f^2
 * / 3, are taken off the Gaussian's, so that the whole has the variance asked for; the rest of the difference is below
 * half an 8-bit code for any picture and axis.
 *
 * What is filtered is R, G, B, or, where the input can run as linear forms, the output's own planes without their
 * offsets: then the output's planes come out one by one, and chroma that is blurred enough is read and kept on its own
 * grid throughout. */
#include "video/cpu/blur.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LARGE_SIGMA = 4;
enum { FACTOR_MAX = 256 };

static int factor_of(const kf_blur *blur, double sigma)
{
    int f = 1;
    if (blur->type != KF_BLUR_GAUSSIAN) return 1;
    while (sigma > LARGE_SIGMA && sigma / (2 * f) >= 2 && f < FACTOR_MAX) f *= 2;
    return f;
}

static int reach_along(const kf_blur *blur, double amount)
{
    int f = factor_of(blur, amount);
    double reach = fmin(ceil((blur->type == KF_BLUR_GAUSSIAN ? 3 : 1) * amount), 1e6);
    return (int)reach + 2 + (f > 1 ? 6 * f : 0);
}

void blur_reach(const kf_blur *blur, int *x, int *y)
{
    *x = reach_along(blur, (double)fabsf(blur->x)) + 2; /* make_blur_axis rounds outward */
    *y = reach_along(blur, (double)fabsf(blur->y)) + 2;
}

/* ---- weights ---- */

/* Variance of a Gaussian sampled on integers up to `radius`, the last taps weighted by `last`. */
static double cut_variance(double sigma, int radius, double last)
{
    double sum = 1, moment = 0;
    for (int i = 1; i <= radius; i++) {
        double v = 2 * exp(-(double)i * i / (2 * sigma * sigma)) * (i == radius ? last : 1);
        sum += v;
        moment += v * i * i;
    }
    return moment / sum;
}

/* Sigma of the reduced Gaussian, cut at *radius with its ends weighted by *last, such that the whole has the variance
 * and about the extent of the Gaussian cut at three sigma. */
static double reduced_sigma(double sigma, int f, int *radius, double *last)
{
    int full = (int)ceil(3 * sigma);
    double ff = (double)f * f, extent = (full + 0.5) / f - 1;
    double want = (cut_variance(sigma, full, 1) - (ff - 1) / 4 - ff / 3) / ff;
    *radius = (int)ceil(extent);
    *last = extent - *radius + 1;
    double lo = 0.3 * sqrt(want), hi = 3 * sqrt(want);
    for (int i = 0; i < 50; i++) {
        double mid = (lo + hi) / 2;
        if (cut_variance(mid, *radius, *last) < want)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

static double box_tap(double amount, int i)
{
    return abs(i) <= (int)amount ? 1 : amount - floor(amount);
}

static double gauss_tap(double sigma, int i)
{
    return sigma > 0 ? exp(-(double)i * i / (2 * sigma * sigma)) : i == 0;
}

static bool make_weights(kf_arena *arena, const kf_blur *blur, double amount, blur_axis *a)
{
    bool box = blur->type == KF_BLUR_BOX;
    double last = 1, sum = 0;
    a->radius = (int)ceil(fmin(box ? amount : 3 * amount, 1e6));
    if (a->factor > 1) amount = reduced_sigma(amount, a->factor, &a->radius, &last);
    a->weights = kf_arena_alloc(arena, sizeof(float) * (size_t)(2 * a->radius + 1));
    double *w = kf_arena_alloc(arena, sizeof(double) * (size_t)(a->radius + 1));
    if (!a->weights || !w) return false;
    for (int i = 0; i <= a->radius; i++) {
        w[i] = (box ? box_tap(amount, i) : gauss_tap(amount, i)) * (i == a->radius ? last : 1);
        sum += i ? 2 * w[i] : w[i];
    }
    for (int i = -a->radius; i <= a->radius; i++) a->weights[i + a->radius] = (float)(w[abs(i)] / sum);
    return true;
}

static float *make_block(kf_arena *arena, int f)
{
    float *block = kf_arena_alloc(arena, sizeof(float) * (size_t)(3 * f - 2));
    for (int i = 0; block && i < 3 * f - 2; i++) block[i] = (float)block_weight(f, i);
    return block;
}

/* Reduced sample left of position x (a whole number of half pixels) and the distance to it. */
static int reduced_position(const blur_axis *a, int x_twice, double *t)
{
    int f = a->factor, twice = x_twice - 2 * a->origin - f, whole = floor_div(twice, 2 * f);
    *t = (double)(twice - 2 * f * whole) / (2 * f);
    return whole;
}

/* Output samples [out0, out1) of an input that lies in [edge0, edge1). */
static bool make_blur_axis(kf_arena *arena, const kf_blur *blur, double amount, int edge0, int edge1, int out0,
                           int out1, blur_axis *a)
{
    amount = fabs(amount);
    int f = factor_of(blur, amount), reach = reach_along(blur, amount);
    *a = (blur_axis){.factor = f, .origin = edge0, .taps = f > 1 ? 4 : 1, .out0 = out0, .out1 = out1};
    a->in0 = edge0 + ((clamp_to(out0 - reach, edge0, edge1) - edge0) & ~1); /* whole chroma cells when the edges are */
    a->in1 = edge0 + ((clamp_to(out1 + reach - 1, edge0, edge1) + 2 - edge0) & ~1);
    if (a->in1 > edge1) a->in1 = edge1;
    if (!make_weights(arena, blur, amount, a)) return false;
    double t;
    int margin = f > 1 ? 1 : 0; /* for the middles of chroma cells */
    a->m0 = reduced_position(a, 2 * out0 + 1, &t) - 2 * margin;
    a->m1 = reduced_position(a, 2 * out1 - 1, &t) + 3 * margin + 1;
    a->j0 = a->m0 - a->radius;
    a->j1 = a->m1 + a->radius;
    return true;
}

/* Cubic B-spline taps of outputs start .. start + count, each `size` pixels wide: samples floor(u) - 1 .. floor(u) + 2.
 */
static bool make_table(kf_arena *arena, const blur_axis *a, int size, int start, int count, blur_table *table)
{
    size_t n = (size_t)count;
    *table = (blur_table){.start = start, .count = count};
    table->first = kf_arena_alloc(arena, sizeof(int32_t) * n);
    table->spline = kf_arena_alloc(arena, sizeof(float) * n * (size_t)a->taps);
    if (!table->first || !table->spline) return false;
    for (int i = 0; i < count; i++) {
        double t;
        int whole = reduced_position(a, (2 * (start + i) + 1) * size, &t);
        table->first[i] = whole - (a->taps > 1) - a->m0;
        if (a->taps == 1) {
            table->spline[i] = 1.0f;
            continue;
        }
        double s = 1 - t;
        const double w[4] = {s * s * s / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6,
                             t * t * t / 6};
        for (size_t k = 0; k < 4; k++) table->spline[k * n + (size_t)i] = (float)w[k];
    }
    return true;
}

/* ---- along x ---- */

/* Samples, relative to the origin, of a grid `factor` times as fine as the reduced one, that reduced samples [j0, j1)
 * are made of. */
static void padded_range(const blur_axis *a, int factor, int *p0, int *p1)
{
    *p0 = a->j0;
    *p1 = a->j1;
    for (int f = factor; f > 1; f /= 2) {
        *p0 = 2 * *p0 - 1;
        *p1 = 2 * *p1 + 1;
    }
}

/* A row being brought to the reduced grid: samples [lo, hi) of the input, relative to the origin, in memory that starts
 * at `base`. */
typedef struct fine_row {
    int factor, lo, hi, base, count;
    int p0, p1;          /* what the reduced samples are made of */
} fine_row;

/* Chroma rows that are continued have one sample more on each side: the edge's pixels. */
static fine_row fine_row_of(const struct blurred *b, bool half)
{
    const blur_axis *a = &b->x;
    fine_row row = {.factor = half ? a->factor / 2 : a->factor};
    int edge = half && b->clamp;
    row.lo = ((a->in0 - a->origin) >> half) - edge;
    row.hi = ((a->in1 - a->origin + half) >> half) + edge;
    padded_range(a, row.factor, &row.p0, &row.p1);
    row.base = row.p0 < row.lo ? row.p0 : row.lo; /* the edge may lie inside the padding or beyond it */
    row.count = (row.p1 > row.hi ? row.p1 : row.hi) - row.base;
    return row;
}

/* Continues the row to both sides and halves it until it is on the reduced grid; gives where it ends up: line or other.
 */
static const float *reduce(rows_ctx *ctx, const struct blurred *b, const fine_row *row, float *line, float *other)
{
    int lo = row->lo - row->base, hi = row->hi - row->base, p0 = row->p0, p1 = row->p1;
    ctx->k->fill(line, b->clamp ? line[lo] : 0.0f, lo);
    ctx->k->fill(line + hi, b->clamp ? line[hi - 1] : 0.0f, row->count - hi);
    float *from = line + (p0 - row->base), *to = other;
    for (int f = row->factor; f > 1; f /= 2) {
        int q0 = (p0 + 1) / 2, q1 = (p1 - 1) / 2; /* both are odd, so exact for negative ones, too */
        ctx->k->halve3(to, from, q1 - q0);
        float *swap = from;
        from = to;
        to = swap;
        p0 = q0;
        p1 = q1;
    }
    return from;
}

void keep_filtered(rows_ctx *ctx, const struct blurred *b, int plane, int index, const float *src)
{
    float *dst = b->rows + ((size_t)plane * (size_t)(b->s1 - b->s0) + (size_t)index) * b->row;
    ctx->k->fir(dst, src, b->x.weights, 2 * b->x.radius + 1, b->x.m1 - b->x.m0);
}

/* Rows of a plane of b->wide: those of the input and the edges of chroma. */
static size_t wide_rows(const struct blurred *b)
{
    return (size_t)(b->y.in1 - b->y.in0) + 2;
}

/* Keeps the reduced row of a plane; `index` counts the plane's input rows. */
static void keep_row(rows_ctx *ctx, const struct blurred *b, int plane, int index, const float *reduced)
{
    if (b->y.factor > 1) {
        float *wide = b->wide + ((size_t)plane * wide_rows(b) + (size_t)index) * b->wide_row;
        memcpy(wide, reduced, sizeof(float) * (size_t)(b->x.j1 - b->x.j0));
    } else {
        keep_filtered(ctx, b, plane, index, reduced);
    }
}

static void input_row(rows_ctx *ctx, const struct blurred *b, int y)
{
    fine_row row = fine_row_of(b, false);
    float *saved = ctx->next, *line[4], *inside[4], *other = take(ctx, (size_t)row.count + 16);
    for (int c = 0; c < 4; c++) {
        line[c] = take(ctx, (size_t)row.count + 16);
        inside[c] = line[c] + (row.lo - row.base);
    }
    full_rows(ctx, b->node->a, y, b->x.in0, row.hi - row.lo, inside);
    for (int c = 0; c < b->planes; c++) keep_row(ctx, b, c, y - b->y.in0, reduce(ctx, b, &row, line[c], other));
    ctx->next = saved;
}

/* Pixels of a plane of forms, or cells. */
static void form_row(rows_ctx *ctx, const struct blurred *b, int plane, int grid, int y, int x0, int n, float *value,
                     float *alpha)
{
    int most = grid ? KF_CHUNK / 2 : KF_CHUNK;
    for (int x = 0; x < n; x += most) {
        int count = n - x < most ? n - x : most;
        row_state state = eval_linear(ctx, b->node->a, b->form[plane], grid, y, x0 + x, count, value + x, alpha + x);
        if (state == ROW_EMPTY) ctx->k->fill(value + x, 0.0f, count);
        if (state != ROW_ALPHA) ctx->k->fill(alpha + x, state == ROW_EMPTY ? 0.0f : 1.0f, count);
    }
}

/* A full-size plane of forms, and alpha with plane 0. */
static void input_form(rows_ctx *ctx, const struct blurred *b, int plane, int y)
{
    fine_row row = fine_row_of(b, false);
    int at = row.lo - row.base, index = y - b->y.in0;
    float *saved = ctx->next, *value = take(ctx, (size_t)row.count + 16), *alpha = take(ctx, (size_t)row.count + 16);
    float *other = take(ctx, (size_t)row.count + 16);
    form_row(ctx, b, plane, 0, y, b->x.in0, row.hi - row.lo, value + at, alpha + at);
    keep_row(ctx, b, plane, index, reduce(ctx, b, &row, value, other));
    if (plane == 0 && b->planes == 4) keep_row(ctx, b, 3, index, reduce(ctx, b, &row, alpha, other));
    ctx->next = saved;
}

/* The mean of one column of pixels over `rows` rows. */
static float edge_pixel(rows_ctx *ctx, const struct blurred *b, int plane, int x, int y, int rows)
{
    float value, alpha, sum = 0.0f;
    for (int i = 0; i < rows; i++) {
        form_row(ctx, b, plane, 0, y + i, x, 1, &value, &alpha);
        sum += value;
    }
    return sum / (float)rows;
}

/* A row of chroma cells; edge: only of their pixels in row y, -1 above, 1 below all cells. */
static void input_cells(rows_ctx *ctx, const struct blurred *b, int plane, int edge, int y)
{
    fine_row row = fine_row_of(b, true);
    int n = (b->x.in1 - b->x.in0 + 1) >> 1, at = row.lo - row.base + b->clamp;
    int index = edge > 0 ? (b->y.in1 - b->y.in0) / 2 + 1 : edge < 0 ? 0 : ((y - b->y.in0) >> 1) + b->clamp;
    float *saved = ctx->next, *value = take(ctx, (size_t)row.count + 16),
          *other = take(ctx, (size_t)(2 * row.count) + 16);
    float *alpha = take(ctx, (size_t)(2 * row.count) + 16);
    if (edge) {
        form_row(ctx, b, plane, 0, y, b->x.in0, b->x.in1 - b->x.in0, other, alpha);
        ctx->k->halve(value + at, other, b->x.in1 - b->x.in0);
    } else {
        form_row(ctx, b, plane, 1, y >> 1, b->x.in0 >> 1, n, value + at, alpha);
    }
    if (b->clamp) {
        value[at - 1] = b->edge_pixels ? edge_pixel(ctx, b, plane, b->x.in0, y, edge ? 1 : 2) : value[at];
        value[at + n] = b->edge_pixels ? edge_pixel(ctx, b, plane, b->x.in1 - 1, y, edge ? 1 : 2) : value[at + n - 1];
    }
    keep_row(ctx, b, plane, index, reduce(ctx, b, &row, value, other));
    ctx->next = saved;
}

/* What is read of rows y and, of chroma cells, y + 1. */
static void input_forms(rows_ctx *ctx, const struct blurred *b, int y)
{
    input_form(ctx, b, 0, y);
    for (int c = 1; c < 3; c++) {
        if (!b->half_chroma) {
            input_form(ctx, b, c, y);
            continue;
        }
        if (!(y & 1)) input_cells(ctx, b, c, 0, y);
        if (b->clamp && y == b->y.in0) input_cells(ctx, b, c, -1, y);
        if (b->clamp && y == b->y.in1 - 1) input_cells(ctx, b, c, 1, y);
    }
}

enum { BAND = 8 };

static void input_task(rows_ctx *ctx, void *arg, int band)
{
    const struct blurred *b = arg;
    int y0 = b->y.in0 + band * BAND,
        y1 = y0 + BAND < b->y.in1 ? y0 + BAND : b->y.in1; /* cells are whole: BAND is even */
    for (int y = y0; y < y1; y++) {
        if (b->forms)
            input_forms(ctx, b, y);
        else
            input_row(ctx, b, y);
    }
}

/* ---- along y ---- */

/* Weights w of samples at, at + 1, ... as weights of samples inside [lo, hi): beyond it those of the edge, or none.
 * Gives the first sample and the number of them; w is changed in place. */
static int fold_weights(float *w, int at, int n, int lo, int hi, bool clamp, int *first)
{
    int skip = at < lo ? lo - at : 0, end = at + n > hi ? hi - at : n;
    if (skip >= n || end <= 0) { /* wholly beyond an edge */
        float sum = 0.0f;
        for (int i = 0; i < n; i++) sum += w[i];
        *first = skip >= n ? lo : hi - 1;
        w[0] = clamp ? sum : 0.0f;
        return 1;
    }
    for (int i = 0; i < skip && clamp; i++) w[skip] += w[i];
    for (int i = end; i < n && clamp; i++) w[end - 1] += w[i];
    memmove(w, w + skip, sizeof(float) * (size_t)(end - skip));
    *first = at + skip;
    return end - skip;
}

/* n columns from `x` on of the weighted sum of rows. */
static void sum_rows(rows_ctx *ctx, float *dst, const float *first_row, size_t row, const float *w, int taps, int n)
{
    for (int x = 0; x < n; x += KF_CHUNK)
        ctx->k->columns_f32(dst + x, first_row + x, (ptrdiff_t)(row * sizeof(float)), w, taps,
                            n - x < KF_CHUNK ? n - x : KF_CHUNK);
}

/* One row on the reduced grid of y, filtered along x. */
static void reduced_row_task(rows_ctx *ctx, void *arg, int index)
{
    const struct blurred *b = arg;
    const blur_axis *ay = &b->y;
    int width = b->x.j1 - b->x.j0;
    float *saved = ctx->next, *w = take(ctx, 3 * (size_t)ay->factor), *line = take(ctx, (size_t)width);
    for (int c = 0; c < b->planes; c++) {
        int half = b->half_chroma && (c == 1 || c == 2), f = ay->factor >> half, first;
        memcpy(w, b->block[half], sizeof(float) * (size_t)(3 * f - 2));
        int edge = half && b->clamp, in0 = (ay->in0 >> half) - edge, in1 = ((ay->in1 + half) >> half) + edge;
        int at = (ay->origin >> half) + (ay->j0 + index) * f - (f - 1);
        int taps = fold_weights(w, at, 3 * f - 2, in0, in1, b->clamp, &first);
        const float *src = b->wide + ((size_t)c * wide_rows(b) + (size_t)(first - in0)) * b->wide_row;
        sum_rows(ctx, line, src, b->wide_row, w, taps, width);
        keep_filtered(ctx, b, c, index, line);
    }
    ctx->next = saved;
}

/* An output row of the blur being made: which kept rows with which weights, and which of their columns. */
typedef struct blur_row {
    const struct blurred *b;
    const blur_table *x;
    float *w;
    int taps, first;     /* of kept rows */
    int column, n, c0, width;
} blur_row;

static blur_row open_row(rows_ctx *ctx, const struct blurred *b, int grid, int y, int x0, int n)
{
    const blur_axis *ay = &b->y;
    const blur_table *ty = &b->at_y[grid], *tx = &b->at_x[grid];
    int row = y - ty->start, fir = 2 * ay->radius + 1, taps = fir + ay->taps - 1;
    blur_row r = {.b = b, .x = tx, .w = take(ctx, (size_t)taps), .column = x0 - tx->start, .n = n};
    memset(r.w, 0, sizeof(float) * (size_t)taps);
    for (int k = 0; k < ay->taps; k++) {
        float s = ty->spline[(size_t)k * (size_t)ty->count + (size_t)row];
        for (int q = 0; q < fir; q++) r.w[k + q] += s * ay->weights[q];
    }
    /* rows on the reduced grid are all there; input rows end at the edge */
    int at = ty->first[row] + (ay->factor > 1 ? b->s0 : ay->origin + ay->j0);
    r.taps = fold_weights(r.w, at, taps, b->s0, b->s1, b->clamp, &r.first);
    r.c0 = tx->first[r.column];
    r.width = tx->first[r.column + n - 1] + b->x.taps - r.c0;
    return r;
}

/* The row on the reduced grid of x. */
static void reduced_row(rows_ctx *ctx, const blur_row *r, int plane, float *dst)
{
    const struct blurred *b = r->b;
    const float *src =
        b->rows + ((size_t)plane * (size_t)(b->s1 - b->s0) + (size_t)(r->first - b->s0)) * b->row + r->c0;
    sum_rows(ctx, dst, src, b->row, r->w, r->taps, r->width);
}

static void interpolate(rows_ctx *ctx, const blur_row *r, float *dst, const float *line)
{
    const blur_table *t = r->x;
    if (r->b->x.taps == 1)
        memcpy(dst, line, sizeof(float) * (size_t)r->n);
    else
        ctx->k->across(dst, line, t->first + r->column, r->c0, t->spline + r->column, t->count, r->b->x.taps, r->n);
}

row_state eval_blur(rows_ctx *ctx, const prepared *p, int y, int x0, int n, float *const dst[4])
{
    const struct blurred *b = p->blur;
    if (b->empty) return ROW_EMPTY;
    float *saved = ctx->next;
    blur_row row = open_row(ctx, b, 0, y, x0, n);
    float *line = take(ctx, (size_t)row.width + KF_SLACK);
    for (int c = 0; c < b->planes; c++) {
        reduced_row(ctx, &row, c, line);
        interpolate(ctx, &row, dst[c], line);
    }
    if (b->forms) ctx->k->matrix(dst[0], dst[1], dst[2], NULL, b->inverse, n);
    ctx->next = saved;
    return b->planes == 3 ? ROW_OPAQUE : ROW_ALPHA;
}

bool blur_has_forms(const prepared *p)
{
    return p->blur->forms || p->blur->empty;
}

bool blur_has_cells(const prepared *p)
{
    return p->blur->half_chroma || p->blur->empty;
}

row_state eval_blur_form(rows_ctx *ctx, const prepared *p, const float t[4], int grid, int y, int x0, int n,
                         float *value, float *alpha)
{
    const struct blurred *b = p->blur;
    if (b->empty) return ROW_EMPTY;
    float *saved = ctx->next;
    blur_row row = open_row(ctx, b, grid, y, x0, n);
    size_t width = (size_t)row.width;
    float *line = take(ctx, width + KF_SLACK), *sum = take(ctx, width + KF_SLACK);
    ctx->k->fill(sum, 0.0f, row.width);
    for (int c = 0; c < 3; c++) {
        float k = t[0] * b->inverse[0][c] + t[1] * b->inverse[1][c] + t[2] * b->inverse[2][c];
        if (fabsf(k) < 1e-5f) continue; /* planes are at most a code range wide */
        reduced_row(ctx, &row, c, line);
        ctx->k->axpy(sum, line, k, row.width);
    }
    interpolate(ctx, &row, value, sum);
    if (b->planes == 4) {
        reduced_row(ctx, &row, 3, line);
        interpolate(ctx, &row, alpha, line);
        ctx->k->axpy(value, alpha, t[3], n);
    } else if (t[3] != 0.0f) {
        ctx->k->axpb(value, value, 1.0f, t[3], n);
    }
    ctx->next = saved;
    return b->planes == 3 ? ROW_OPAQUE : ROW_ALPHA;
}

/* ---- the pass ---- */

static bool blur_memory(struct kf_cpu *cpu, struct blurred *b, size_t slot)
{
    size_t in_rows = b->y.factor > 1 && !b->feed ? wide_rows(b) : 0, rows = (size_t)(b->s1 - b->s0);
    b->wide_row = ((size_t)(b->x.j1 - b->x.j0) + 15) & ~(size_t)15;
    b->row = ((size_t)(b->x.m1 - b->x.m0) + 15) & ~(size_t)15;
    size_t wide = in_rows * b->wide_row * (size_t)b->planes;
    b->wide = slot_floats(cpu, slot, wide + rows * b->row * (size_t)b->planes);
    b->rows = b->wide ? b->wide + wide : NULL;
    return b->wide != NULL;
}

/* Scratch floats of an input row and of the weights of a row. */
static size_t blur_span(const struct blurred *b)
{
    fine_row row = fine_row_of(b, false);
    return 6 * ((size_t)row.count + 32) + 2 * (size_t)b->y.radius + 3 * (size_t)b->y.factor +
           (size_t)(b->x.j1 - b->x.j0) + 256;
}

/* Chroma blurred so much that its own grid and the middles of its cells will do. */
static bool chroma_may_be_half(const struct kf_cpu *cpu, const kf_blur *blur, kf_rect edge)
{
    enum { ENOUGH = 10 };
    bool whole =
        !(edge.x0 & 1) && !(edge.y0 & 1) && (blur->edge == KF_EDGE_TRANSPARENT || (!(edge.x1 & 1) && !(edge.y1 & 1)));
    return whole && cpu->info->sub_w && cpu->info->sub_h && !cells_are_cut(cpu) && blur->type == KF_BLUR_GAUSSIAN
        && fabsf(blur->x) >= ENOUGH && fabsf(blur->y) >= ENOUGH;
}

/* The output's planes as forms of R, G, B, and R, G, B as forms of the planes. */
static void set_forms(const struct kf_cpu *cpu, struct blurred *b)
{
    double m[3][3], inv[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) m[i][j] = (double)(b->form[i][j] = cpu->encode.m[i][j]);
    double det = 0;
    for (int i = 0; i < 3; i++) {
        int p = (i + 1) % 3, q = (i + 2) % 3;
        for (int j = 0; j < 3; j++) {
            int r = (j + 1) % 3, s = (j + 2) % 3;
            inv[j][i] = m[p][r] * m[q][s] - m[p][s] * m[q][r];
        }
        det += m[0][i] * (m[1][p] * m[2][q] - m[1][q] * m[2][p]);
    }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) b->inverse[i][j] = (float)(inv[i][j] / det);
}

static bool make_tables(struct kf_cpu *cpu, struct blurred *b, const kf_blur *blur, kf_rect edge, kf_rect to)
{
    kf_arena *arena = &cpu->arena;
    if (!make_blur_axis(arena, blur, (double)blur->x, edge.x0, edge.x1, to.x0, to.x1, &b->x) ||
        !make_blur_axis(arena, blur, (double)blur->y, edge.y0, edge.y1, to.y0, to.y1, &b->y) ||
        !make_table(arena, &b->x, 1, to.x0, to.x1 - to.x0, &b->at_x[0]) ||
        !make_table(arena, &b->y, 1, to.y0, to.y1 - to.y0, &b->at_y[0]) ||
        !(b->block[0] = make_block(arena, b->y.factor)))
        return false;
    if (!b->half_chroma) return true;
    int x0 = to.x0 >> 1, y0 = to.y0 >> 1;
    return make_table(arena, &b->x, 2, x0, ((to.x1 + 1) >> 1) - x0, &b->at_x[1])
        && make_table(arena, &b->y, 2, y0, ((to.y1 + 1) >> 1) - y0, &b->at_y[1])
        && (b->block[1] = make_block(arena, b->y.factor / 2)) != NULL;
}

kf_status run_blur(struct kf_cpu *cpu, prepared *p, size_t slot, kf_error *err)
{
    const kf_graph_node *n = p->node;
    const kf_blur *blur = &n->u.blur;
    kf_rect to = p->region, edge = n->a->bounds;
    int rx, ry;
    struct blurred *b = kf_arena_alloc(&cpu->arena, sizeof *b);
    if (!b) return kf_fail_memory(err);
    *b = (struct blurred){.node = n, .clamp = blur->edge == KF_EDGE_CLAMP, .planes = n->opaque ? 3 : 4};
    p->blur = b;
    blur_reach(blur, &rx, &ry);
    b->empty = kf_rect_empty(kf_rect_intersect((kf_rect){to.x0 - rx, to.y0 - ry, to.x1 + rx, to.y1 + ry}, edge));
    if (b->empty) return KF_OK;
    b->forms = cpu->info->model == KF_MODEL_YUV && linear_possible(cpu, n->a);
    b->half_chroma = b->forms && chroma_may_be_half(cpu, blur, edge);
    if (b->forms) set_forms(cpu, b);
    b->edge_pixels = b->half_chroma && b->clamp &&
                     !(one_colour_in_cells(cpu, n->a, b->form[1]) && one_colour_in_cells(cpu, n->a, b->form[2]));
    if (!make_tables(cpu, b, blur, edge, to)) return kf_fail_memory(err);
    b->s0 = b->y.factor > 1 ? b->y.j0 : b->y.in0;
    b->s1 = b->y.factor > 1 ? b->y.j1 : b->y.in1;
    if (!open_feed(cpu, b) || !blur_memory(cpu, b, slot)) return kf_fail_memory(err);
    size_t span = b->feed ? feed_span(b) : blur_span(b);
    if (span > cpu->span) cpu->span = span;
    kf_status status = ensure_scratch(cpu, n->a, err);
    if (status != KF_OK) return status;
    if (b->feed) {
        run_feed(cpu, b);
        return KF_OK;
    }
    run_tasks(cpu, (b->y.in1 - b->y.in0 + BAND - 1) / BAND, input_task, b);
    if (b->y.factor > 1) run_tasks(cpu, b->y.j1 - b->y.j0, reduced_row_task, b);
    return KF_OK;
}
