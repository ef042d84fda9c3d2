/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading pictures row by row. */
#include "video/cpu/passes.h"

#include <string.h>

static int packed_offset(kf_pixfmt format, int c)
{
    if (format == KF_PIX_BGRA8 && c < 3) return 2 - c;
    return c;
}

void picture_open(picture *p, const kf_image *image)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    *p = (picture){.premultiplied = image->premultiplied};
    p->color = kf_color_resolve(image->color, image->format, image->width, image->height);
    p->colors = info->model == KF_MODEL_GRAY ? 1 : 3;
    int word = info->bits == 32 ? 4 : info->bits > 8 ? 2 : 1;
    static const int gbr_plane[4] = {2, 0, 1, 3};
    p->packed = info->packed ? info->components : 0;
    for (int i = 0; i < p->colors + info->alpha; i++) {
        int id = i == p->colors ? 3 : i; /* component: the last one of an alpha format is alpha */
        component *c = &p->c[id];
        bool chroma = info->model == KF_MODEL_YUV && (id == 1 || id == 2);
        c->bytes = word;
        c->step = 1;
        c->unit = 1.0f / (float)(1 << info->shift);
        c->sub_w = chroma ? info->sub_w : 0;
        c->sub_h = chroma ? info->sub_h : 0;
        c->width = (image->width + (1 << c->sub_w) - 1) >> c->sub_w;
        c->height = (image->height + (1 << c->sub_h) - 1) >> c->sub_h;
        int plane = id, offset = 0;
        if (info->packed) {
            plane = 0;
            offset = packed_offset(image->format, id);
            c->step = info->components;
            p->place[id] = offset;
        } else if (info->semiplanar && chroma) {
            plane = 1;
            offset = id - 1;
            c->step = 2;
        } else if (info->model == KF_MODEL_RGB && info->bits != 32) {
            plane = gbr_plane[id];
        }
        c->data = image->plane[plane] + (ptrdiff_t)offset * word;
        c->stride = image->stride[plane];
    }
    float unit = p->c[0].unit, top = info->bits == 32 ? 1.0f : (float)((1 << info->bits) - 1);
    p->alpha_scale = unit / top;
    p->decode = info->bits == 32 ? kf_affine_identity : kf_color_decode(p->color, info);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) p->decode.m[i][j] *= unit;
}

/* The plane of a packed picture as a component of its first samples. */
static component whole_plane(const picture *p)
{
    component c = p->c[0];
    c.data -= (ptrdiff_t)p->place[0] * c.bytes;
    return c;
}

/* ---- opened frames ---- */

const opened *find_opened(const struct kf_cpu *cpu, const kf_graph_node *source)
{
    for (size_t i = 0; i < cpu->source_count; i++)
        if (cpu->sources[i].frame == source->u.source.frame) return &cpu->sources[i];
    return NULL;
}

/* Is any sample of pixels [x, x + n) of a component's row other than 0? -0 and NaN are. */
static bool any_set(const component *c, int x, int y, int n)
{
    unsigned any = 0;
    const uint8_t *row = c->data + (ptrdiff_t)y * c->stride;
    if (c->bytes == 1) {
        for (int i = 0; i < n; i++) any |= row[(ptrdiff_t)(x + i) * c->step];
    } else {
        int words = c->bytes / 2;
        const uint16_t *word = (const uint16_t *)(const void *)row;
        for (int i = 0; i < n * words; i++) any |= word[(ptrdiff_t)(x + i / words) * c->step * words + i % words];
    }
    return any != 0;
}

/* The same for some bytes of pixels of four. */
static bool any_in_words(const uint8_t *row, int x, int n, const uint8_t mask[4])
{
    typedef uint32_t pixel_word __attribute__((may_alias, aligned(1)));
    const pixel_word *word = (const pixel_word *)(const void *)row + x;
    uint32_t any = 0, bits;
    memcpy(&bits, mask, sizeof bits);
    for (int i = 0; i < n; i++) any |= word[i];
    return (any & bits) != 0;
}

/* Straight pixels show where alpha is not 0; premultiplied ones where any component is not. */
static bool any_shown(const picture *p, int x, int y, int n)
{
    if (p->packed == 4 && p->c[0].bytes == 1) { /* alpha is the last of the four */
        static const uint8_t alpha[4] = {0, 0, 0, 255}, all[4] = {255, 255, 255, 255};
        component plane = whole_plane(p);
        return any_in_words(plane.data + (ptrdiff_t)y * plane.stride, x, n, p->premultiplied ? all : alpha);
    }
    for (int c = p->premultiplied ? 0 : 3; c < 4; c++)
        if (any_set(&p->c[c], x, y, n)) return true;
    return false;
}

static void find_span(const picture *p, int y, int32_t span[2])
{
    enum { STEP = 32 };
    int first = 0, last = p->c[3].width;
    while (first + STEP <= last && !any_shown(p, first, y, STEP)) first += STEP;
    while (first < last && !any_shown(p, first, y, 1)) first++;
    while (last - STEP >= first && !any_shown(p, last - STEP, y, STEP)) last -= STEP;
    while (last > first && !any_shown(p, last - 1, y, 1)) last--;
    span[0] = first;
    span[1] = last;
}

enum { SPAN_ROWS = 64 };

static void span_task(rows_ctx *ctx, void *arg, int band)
{
    const opened *o = arg;
    int rows = o->picture.c[3].height, y1 = (band + 1) * SPAN_ROWS < rows ? (band + 1) * SPAN_ROWS : rows;
    for (int y = band * SPAN_ROWS; y < y1; y++) find_span(&o->picture, y, o->span[y]);
}

static void close_source(opened *o)
{
    kf_frame_unref(o->frame);
    kf_free(o->span);
}

void close_sources(struct kf_cpu *cpu, bool all)
{
    size_t kept = 0;
    for (size_t i = 0; i < cpu->source_count; i++) {
        if (cpu->sources[i].used && cpu->sources[i].span && !all)
            cpu->sources[kept++] = cpu->sources[i];
        else
            close_source(&cpu->sources[i]);
    }
    cpu->source_count = kept;
}

static kf_status open_under(struct kf_cpu *cpu, const kf_graph_node *n, kf_error *err)
{
    if (!n) return KF_OK;
    if (n->type != KF_NODE_SOURCE) {
        kf_status status = open_under(cpu, n->a, err);
        return status == KF_OK ? open_under(cpu, n->b, err) : status;
    }
    opened *o = (opened *)find_opened(cpu, n);
    if (o) {
        o->used = true;
        return KF_OK;
    }
    if (kf_grow((void **)&cpu->sources, &cpu->source_capacity, cpu->source_count + 1, sizeof *o) != 0)
        return kf_fail_memory(err);
    o = &cpu->sources[cpu->source_count];
    *o = (opened){.used = true};
    picture_open(&o->picture, &n->u.source.frame->image);
    bool yuv = kf_pixfmt_get(n->u.source.frame->image.format)->model == KF_MODEL_YUV;
    if (o->picture.c[3].data && !(yuv && o->picture.premultiplied)) { /* there black is not 0 */
        int rows = o->picture.c[3].height;
        o->span = kf_alloc((size_t)rows * sizeof *o->span);
        if (!o->span) return kf_fail_memory(err);
        run_tasks(cpu, (rows + SPAN_ROWS - 1) / SPAN_ROWS, span_task, o);
    }
    o->frame = kf_frame_ref(n->u.source.frame);
    cpu->source_count++;
    return KF_OK;
}

kf_status open_sources(struct kf_cpu *cpu, const kf_graph_node *root, kf_error *err)
{
    for (size_t i = 0; i < cpu->source_count; i++) cpu->sources[i].used = false;
    return open_under(cpu, root, err);
}

/* ---- rows ---- */

void load_row(rows_ctx *ctx, float *dst, const component *c, int y, int x0, int n)
{
    const uint8_t *row = c->data + (ptrdiff_t)y * c->stride + (ptrdiff_t)x0 * c->step * c->bytes;
    if (c->bytes == 1)
        ctx->k->load_u8(dst, row, c->step, n);
    else if (c->bytes == 2)
        ctx->k->load_u16(dst, (const uint16_t *)(const void *)row, c->step, n);
    else
        ctx->k->load_f32(dst, (const float *)(const void *)row, c->step, n);
}

/* Rows by component as rows in the order of memory. */
static void by_place(const picture *p, float *const component_row[4], float *row[4])
{
    for (int c = 0; c < 4; c++)
        if (p->c[c].data) row[p->place[c]] = component_row[c];
}

bool load_packed(rows_ctx *ctx, float *const dst[4], const picture *p, int y, int x0, int n)
{
    if (p->packed < 3 || p->c[0].bytes != 1) return false;
    component plane = whole_plane(p);
    const uint8_t *src = plane.data + (ptrdiff_t)y * plane.stride + (ptrdiff_t)x0 * p->packed;
    float *placed[4];
    by_place(p, dst, placed);
    if (p->packed == 4) ctx->k->load4_u8(placed, src, n);
    else ctx->k->load3_u8(placed, src, n);
    return true;
}

bool load_packed_form(rows_ctx *ctx, float *value, float *alpha, const picture *p, const float c[4], float per_alpha,
                      int y, int x0, int n)
{
    if (p->packed != 4 || p->c[0].bytes != 1) return false;
    component plane = whole_plane(p);
    float placed[4] = {0, 0, 0, c[3]};
    for (int i = 0; i < 3; i++) placed[p->place[i]] = c[i];
    ctx->k->form4_u8(value, alpha, plane.data + (ptrdiff_t)y * plane.stride + (ptrdiff_t)x0 * 4, placed, p->alpha_scale,
                     per_alpha, !p->premultiplied, n);
    return true;
}

static int clamp_index(int v, int size)
{
    return v < 0 ? 0 : v >= size ? size - 1 : v;
}

/* Samples [first, first + n) of a row, the edges continued. */
static void load_padded(rows_ctx *ctx, float *dst, const component *c, int y, int first, int n)
{
    int lo = clamp_index(first, c->width), hi = clamp_index(first + n - 1, c->width) + 1;
    load_row(ctx, dst + (lo - first), c, y, lo, hi - lo);
    ctx->k->fill(dst, dst[lo - first], lo - first);
    ctx->k->fill(dst + (hi - first), dst[hi - 1 - first], n - (hi - first));
}

/* On the chroma grid full-grid pixel v lies at v / 2, co-sited, or a quarter before. */
static void load_linear_chroma(rows_ctx *ctx, float *dst, const component *c, int chroma_loc, int y, int x0, int n)
{
    bool centred_x = c->sub_w && chroma_loc == KF_CHROMA_CENTER,
         centred_y = c->sub_h && chroma_loc != KF_CHROMA_TOPLEFT;
    int first = c->sub_w ? (x0 >> 1) - centred_x : x0, last = c->sub_w ? ((x0 + n - 1) >> 1) + 1 : x0 + n - 1,
        count = last - first + 1;
    int quarters = c->sub_h ? 2 * y - centred_y : 4 * y;
    int above = clamp_index(quarters >> 2, c->height), below = clamp_index((quarters >> 2) + 1, c->height);
    float fy = (float)(quarters & 3) * 0.25f, *saved = ctx->next, *line = take(ctx, (size_t)count),
          *other = take(ctx, (size_t)count);
    load_padded(ctx, line, c, above, first, count);
    if (fy != 0 && below != above) {
        load_padded(ctx, other, c, below, first, count);
        ctx->k->mix(line, line, 1.0f - fy, other, fy, count);
    }
    if (!c->sub_w)
        memcpy(dst, line, sizeof(float) * (size_t)n);
    else if (centred_x)
        ctx->k->widen2_linear(dst, line, 0.75f, 1, 0.25f, x0 & 1, n);
    else
        ctx->k->widen2_linear(dst, line, 0.0f, 0, 0.5f, x0 & 1, n);
    ctx->next = saved;
}

void load_full_row(rows_ctx *ctx, float *dst, const component *c, kf_chroma_mode mode, int chroma_loc, int y, int x0,
                   int n)
{
    if (!c->sub_w && !c->sub_h) {
        load_row(ctx, dst, c, y, x0, n);
    } else if (mode == KF_CHROMA_LINEAR) {
        load_linear_chroma(ctx, dst, c, chroma_loc, y, x0, n);
    } else if (!c->sub_w) {
        load_row(ctx, dst, c, y >> c->sub_h, x0, n);
    } else {
        float *saved = ctx->next, *line = take(ctx, (size_t)n + 8);
        int lo = x0 >> 1, hi = (x0 + n - 1) >> 1;
        load_row(ctx, line, c, y >> c->sub_h, lo, hi - lo + 1);
        ctx->k->widen2(dst, line, x0 & 1, n);
        ctx->next = saved;
    }
}

/* The samples of one source row that outputs [x0, x0 + n) are made of: [lo, lo + span). */
typedef struct row_window {
    int i, j, lo, span; /* i, j: the outputs' places in the axes */
} row_window;

static bool open_window(const axis *ax, const axis *ay, int y, int x0, int n, row_window *w)
{
    w->j = y - ay->start;
    w->i = x0 - ax->start;
    if (w->j < 0 || w->j >= ay->count || ay->cover[w->j] <= 0.0f) return false;
    int first = w->i / KF_AXIS_BLOCK, last = (w->i + n - 1) / KF_AXIS_BLOCK;
    int lo = ax->block[first][0], hi = ax->block[first][1];
    for (int b = first + 1; b <= last; b++) {
        lo = ax->block[b][0] < lo ? ax->block[b][0] : lo;
        hi = ax->block[b][1] > hi ? ax->block[b][1] : hi;
    }
    w->lo = lo;
    w->span = hi + ax->taps - lo;
    return true;
}

/* Row w->j filtered along y; `samples` of them from the window's first on. */
static void filter_columns(rows_ctx *ctx, float *line, const component *c, const axis *ay, const row_window *w,
                           int samples)
{
    float *saved = ctx->next, *wy = take(ctx, (size_t)ay->taps);
    for (int q = 0; q < ay->taps; q++) wy[q] = ay->weight[(size_t)q * (size_t)ay->count + (size_t)w->j];
    const uint8_t *row = c->data + (ptrdiff_t)ay->first[w->j] * c->stride + (ptrdiff_t)w->lo * c->step * c->bytes;
    if (c->bytes == 1)
        ctx->k->columns_u8(line, row, c->stride, wy, ay->taps, samples);
    else if (c->bytes == 2)
        ctx->k->columns_u16(line, (const uint16_t *)(const void *)row, c->stride, wy, ay->taps, samples);
    else
        ctx->k->columns_f32(line, (const float *)(const void *)row, c->stride, wy, ay->taps, samples);
    ctx->next = saved;
}

static void filter_row(rows_ctx *ctx, float *dst, const float *line, const axis *ax, const row_window *w, int n)
{
    ctx->k->across(dst, line, ax->first + w->i, w->lo, ax->weight + w->i, ax->count, ax->taps, n);
}

bool resample_row(rows_ctx *ctx, float *dst, const component *c, const axis *ax, const axis *ay, int y, int x0, int n)
{
    row_window w;
    if (!open_window(ax, ay, y, x0, n, &w)) return false;
    float *saved = ctx->next, *line = take(ctx, (size_t)w.span + KF_SLACK);
    if (c->step == 1) {
        filter_columns(ctx, line, c, ay, &w, w.span);
    } else { /* the component's last sample may be the end of its row */
        float *all = take(ctx, (size_t)w.span * (size_t)c->step);
        filter_columns(ctx, all, c, ay, &w, (w.span - 1) * c->step + 1);
        ctx->k->load_f32(line, all, c->step, w.span);
    }
    filter_row(ctx, dst, line, ax, &w, n);
    ctx->next = saved;
    return true;
}

bool resample_packed(rows_ctx *ctx, float *const dst[4], const picture *p, const float *combine, const axis *ax,
                     const axis *ay, int y, int x0, int n)
{
    row_window w;
    if (!open_window(ax, ay, y, x0, n, &w)) return false;
    component plane = whole_plane(p);
    float *saved = ctx->next, *line[4], *placed[4] = {0};
    for (int c = 0; c < 4; c++) line[c] = take(ctx, (size_t)w.span + KF_SLACK);
    float *all = take(ctx, (size_t)w.span * (size_t)p->packed);
    filter_columns(ctx, all, &plane, ay, &w, w.span * p->packed);
    by_place(p, line, placed);
    ctx->k->split(placed, all, p->packed, w.span);
    if (combine) {
        const float c[4] = {combine[0], combine[1], combine[2], 0};
        ctx->k->dot3(all, line[0], line[1], line[2], NULL, c, w.span);
        line[0] = all;
    }
    for (int c = 0; c < 4; c++)
        if (p->c[c].data && (!combine || c == 0 || c == 3)) filter_row(ctx, dst[c], line[c], ax, &w, n);
    ctx->next = saved;
    return true;
}
