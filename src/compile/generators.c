/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures that are made rather than decoded, at the size of the canvas. */
#include <math.h>
#include <stdio.h>

#include "compile/internal.h"

typedef kf_status generate_fn(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out);

static kf_rect canvas(const kf_scene *s)
{
    return (kf_rect){0, 0, s->width, s->height};
}

static kf_status flat(kf_scene *s, const float straight[4], kf_rect r, const kf_graph_node **out)
{
    float c[4] = {straight[0] * straight[3], straight[1] * straight[3], straight[2] * straight[3], straight[3]};
    KF_NODE(s, *out, kf_graph_fill(s->g, c, r));
    return KF_OK;
}

static kf_status over(kf_scene *s, const kf_graph_node **below, const kf_graph_node *node)
{
    if (!node) return KF_OK;
    KF_NODE(s, *below, *below ? kf_graph_blend(s->g, *below, node, KF_BLEND_NORMAL, 1) : node);
    return KF_OK;
}

/* Takes the placed raster's frame. */
static kf_status placed_node(kf_scene *s, kf_placed *p, const kf_graph_node **out)
{
    *out = NULL;
    if (!p->frame) return KF_OK;
    kf_transform2d m = {{1, 0, p->x, 0, 1, p->y}};
    const kf_graph_node *node = kf_graph_source(s->g, p->frame, KF_CHROMA_REPLICATE);
    kf_frame_unref(p->frame);
    if (node) node = kf_graph_transform(s->g, node, &m, KF_FILTER_NEAREST);
    *out = node;
    return node ? KF_OK : kf_fail_memory(s->err);
}

static kf_status gen_solid(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    return flat(s, ((const kf_gen_solid *)values)->color, canvas(s), out);
}

static kf_status gen_gradient(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    const kf_gen_gradient *v = values;
    double a = v->angle * 3.14159265358979323846 / 180, c = cos(a), n = sin(a), w = s->width, h = s->height;
    double x = v->center[0] * w, y = v->center[1] * h;
    double reach =
        v->size * (v->kind == KF_GEN_GRADIENT_RADIAL ? sqrt(w * w + h * h) / 2 : (fabs(w * c) + fabs(h * n)) / 2);
    kf_gradient g = {.radial = v->kind == KF_GEN_GRADIENT_RADIAL};
    g.p0[0] = (float)(g.radial ? x : x - c * reach);
    g.p0[1] = (float)(g.radial ? y : y - n * reach);
    g.p1[0] = (float)(x + c * reach);
    g.p1[1] = (float)(y + n * reach);
    g.count = v->stops.count < KF_STOPS_MAX ? v->stops.count : KF_STOPS_MAX;
    for (int i = 0; i < g.count; i++) {
        const kf_stop *stop = &v->stops.s[i];
        g.at[i] = stop->at;
        for (int k = 0; k < 3; k++) g.color[i][k] = stop->color[k] * stop->color[3];
        g.color[i][3] = stop->color[3];
    }
    if (g.count > 0) KF_NODE(s, *out, kf_graph_gradient(s->g, &g, canvas(s)));
    return KF_OK;
}

static kf_status gen_noise(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    const kf_gen_noise *v = values;
    double size = v->size * s->scale;
    kf_noise noise = {.seed = (uint32_t)v->seed * 2654435761u + (v->still ? 0 : (uint32_t)s->frame),
                      .size = size < 1.5 ? 1 : (int)(size + 0.5), .monochrome = v->monochrome};
    KF_NODE(s, *out, kf_graph_noise(s->g, &noise, canvas(s)));
    return KF_OK;
}

/* ---- Bars ---- */

typedef struct kf_bar { float x0, y0, x1, y1, r, g, b; } kf_bar; /* fractions of the frame */

/* SMPTE EG 1, 75 %: seven bars, the castellations, and the row with -I, white, +Q and the PLUGE. */
static const kf_bar smpte_bars[] = {
    {0 / 7.f, 0, 1 / 7.f, .667f, .75f, .75f, .75f}, {1 / 7.f, 0, 2 / 7.f, .667f, .75f, .75f, 0},
    {2 / 7.f, 0, 3 / 7.f, .667f, 0, .75f, .75f},    {3 / 7.f, 0, 4 / 7.f, .667f, 0, .75f, 0},
    {4 / 7.f, 0, 5 / 7.f, .667f, .75f, 0, .75f},    {5 / 7.f, 0, 6 / 7.f, .667f, .75f, 0, 0},
    {6 / 7.f, 0, 1, .667f, 0, 0, .75f},
    {0 / 7.f, .667f, 1 / 7.f, .75f, 0, 0, .75f},    {1 / 7.f, .667f, 2 / 7.f, .75f, 0, 0, 0},
    {2 / 7.f, .667f, 3 / 7.f, .75f, .75f, 0, .75f}, {3 / 7.f, .667f, 4 / 7.f, .75f, 0, 0, 0},
    {4 / 7.f, .667f, 5 / 7.f, .75f, 0, .75f, .75f}, {5 / 7.f, .667f, 6 / 7.f, .75f, 0, 0, 0},
    {6 / 7.f, .667f, 1, .75f, .75f, .75f, .75f},
    {0, .75f, 5 / 28.f, 1, 0, .129f, .298f},        {5 / 28.f, .75f, 10 / 28.f, 1, 1, 1, 1},
    {10 / 28.f, .75f, 15 / 28.f, 1, .196f, 0, .416f}, {15 / 28.f, .75f, 1, 1, 0, 0, 0},
    {5 / 7.f, .75f, 16 / 21.f, 1, -.04f, -.04f, -.04f}, {17 / 21.f, .75f, 6 / 7.f, 1, .04f, .04f, .04f},
};
/* EBU 100/0/75/0: white, then 75 % colours, then black. */
static const kf_bar ebu_bars[] = {
    {0, 0, .125f, 1, 1, 1, 1},           {.125f, 0, .25f, 1, .75f, .75f, 0}, {.25f, 0, .375f, 1, 0, .75f, .75f},
    {.375f, 0, .5f, 1, 0, .75f, 0},      {.5f, 0, .625f, 1, .75f, 0, .75f},  {.625f, 0, .75f, 1, .75f, 0, 0},
    {.75f, 0, .875f, 1, 0, 0, .75f},     {.875f, 0, 1, 1, 0, 0, 0},
};

static kf_status gen_bars(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    bool ebu = ((const kf_gen_bars *)values)->kind == KF_GEN_BARS_EBU;
    const kf_bar *bars = ebu ? ebu_bars : smpte_bars;
    size_t count = ebu ? sizeof ebu_bars / sizeof *ebu_bars : sizeof smpte_bars / sizeof *smpte_bars;
    for (size_t i = 0; i < count; i++) {
        const kf_bar *b = &bars[i];
        const kf_graph_node *node;
        kf_rect r = {(int)lroundf(b->x0 * s->width), (int)lroundf(b->y0 * s->height), (int)lroundf(b->x1 * s->width),
                     (int)lroundf(b->y1 * s->height)};
        if (kf_rect_empty(r)) continue;
        KF_TRY(flat(s, (float[4]){b->r, b->g, b->b, 1}, r, &node));
        KF_TRY(over(s, out, node));
    }
    return KF_OK;
}

/* ---- Text and shapes ---- */

static kf_status title_node(kf_scene *s, const kf_gen_title *in, const kf_graph_node **out)
{
    kf_gen_title v = *in;
    float k = (float)s->scale;
    float *lengths[] = {&v.size,           &v.outline_width,  &v.shadow_offset[0], &v.shadow_offset[1], &v.shadow_blur,
                        &v.box_padding[0], &v.box_padding[1], &v.box_radius,       &v.letter_spacing,   &v.max_width,
                        &v.line_height};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) *lengths[i] *= k;
    kf_placed p = {0};
    if (!s->c->sources.title) return KF_OK;
    KF_TRY(s->c->sources.title(s->c->sources.ctx, &v, &p, s->err));
    double x = v.position[0] == KF_POSITION_CENTER ? s->width / 2.0 : v.position[0] * s->scale;
    double y = v.position[1] == KF_POSITION_CENTER ? s->height / 2.0 : v.position[1] * s->scale;
    p.x += (int)floor(x + 0.5);
    p.y += (int)floor(y + 0.5);
    return placed_node(s, &p, out);
}

static kf_status gen_title(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    return title_node(s, values, out);
}

static kf_status gen_subtitles(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    const kf_gen_subtitles *v = values;
    kf_placed p = {0};
    if (!v->file || !v->file[0] || !s->c->sources.subtitles) return KF_OK;
    KF_TRY(s->c->sources.subtitles(s->c->sources.ctx, v, t, s->width, s->height, &p, s->err));
    return placed_node(s, &p, out);
}

static kf_status shape_node(kf_scene *s, const kf_gen_shape *shape, double x, double y, const kf_graph_node **out)
{
    kf_placed p = {0};
    KF_TRY(s->c->sources.shape(s->c->sources.ctx, shape, &p, s->err));
    p.x += (int)floor(x + 0.5);
    p.y += (int)floor(y + 0.5);
    return placed_node(s, &p, out);
}

static kf_status gen_shape(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    kf_gen_shape v = *(const kf_gen_shape *)values;
    if (!s->c->sources.shape) return KF_OK;
    double x = v.position[0] == KF_POSITION_CENTER ? s->width / 2.0 : v.position[0] * s->scale;
    double y = v.position[1] == KF_POSITION_CENTER ? s->height / 2.0 : v.position[1] * s->scale;
    float k = (float)s->scale;
    float *lengths[] = {&v.size[0], &v.size[1],          &v.radius,           &v.stroke_width,
                        &v.feather, &v.shadow_offset[0], &v.shadow_offset[1], &v.shadow_blur};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) *lengths[i] *= k;
    v.path_scale = k;
    if (k == 1 || v.points.count == 0) return shape_node(s, &v, x, y, out);
    float (*points)[2] = kf_alloc((size_t)v.points.count * sizeof *points);
    if (!points) return kf_fail_memory(s->err);
    for (int i = 0; i < v.points.count; i++)
        for (int c = 0; c < 2; c++) points[i][c] = v.points.p[i][c] * k;
    v.points.p = (const float (*)[2])points;
    kf_status status = shape_node(s, &v, x, y, out);
    kf_free(points);
    return status;
}

/* ---- Countdown: a film leader ---- */

static kf_status ring(kf_scene *s, const float color[4], double radius, double width, const kf_graph_node **out)
{
    const kf_graph_node *node;
    KF_TRY(flat(s, color, canvas(s), &node));
    kf_shape_mask m = {.type = KF_MASK_ELLIPSE, .cx = s->width / 2.f, .cy = s->height / 2.f, .feather = 1.5f,
        .cos_r = 1,
                       .half = {(float)(radius + width / 2), (float)(radius + width / 2)}};
    KF_NODE(s, node, kf_graph_mask(s->g, node, &m));
    m.half[0] = m.half[1] = (float)(radius - width / 2);
    m.invert = true;
    KF_NODE(s, node, kf_graph_mask(s->g, node, &m));
    return over(s, out, node);
}

/* The dark part that goes round once a second, as a polygon from the centre past the corners. */
static kf_status sweep(kf_scene *s, double part, const kf_graph_node **out)
{
    enum { STEPS = 32 };
    float points[STEPS + 2][2] = {{0, 0}};
    double reach = hypot(s->width, s->height) / 2 + 2;
    for (int i = 0; i <= STEPS; i++) {
        double a = 2 * 3.14159265358979323846 * (part * i / STEPS - 0.25);
        points[i + 1][0] = (float)(fmin(fmax(cos(a) * reach, -s->width / 2.0), s->width / 2.0));
        points[i + 1][1] = (float)(fmin(fmax(sin(a) * reach, -s->height / 2.0), s->height / 2.0));
    }
    kf_gen_shape v;
    kf_kind_defaults(kf_kind_get(KF_GEN_SHAPE), &v);
    v.kind = KF_GEN_SHAPE_POLYGON;
    v.points = (kf_points){(const float (*)[2])points, STEPS + 2};
    v.fill[0] = v.fill[1] = v.fill[2] = 0;
    v.fill[3] = 0.35f;
    const kf_graph_node *node = NULL;
    if (part <= 0 || !s->c->sources.shape) return KF_OK;
    KF_TRY(shape_node(s, &v, s->width / 2.0, s->height / 2.0, &node));
    return over(s, out, node);
}

static kf_status gen_countdown(kf_scene *s, const void *values, kf_time t, const kf_graph_node **out)
{
    const kf_gen_countdown *v = values;
    if (t < 0) t = 0;
    int64_t second = t / KF_SECOND;
    int64_t number = v->from - second;
    double part = (double)(t % KF_SECOND) / (double)KF_SECOND, h = s->height, line = fmax(1, h / 270);
    const kf_graph_node *node;
    KF_TRY(flat(s, v->background, canvas(s), out));
    KF_TRY(sweep(s, part, out));
    kf_rect across = {0, (int)(h / 2 - line / 2), s->width, (int)(h / 2 + line / 2 + 0.5)};
    kf_rect down = {(int)(s->width / 2.0 - line / 2), 0, (int)(s->width / 2.0 + line / 2 + 0.5), s->height};
    KF_TRY(flat(s, v->color, across, &node));
    KF_TRY(over(s, out, node));
    KF_TRY(flat(s, v->color, down, &node));
    KF_TRY(over(s, out, node));
    KF_TRY(ring(s, v->color, h * 0.42, line * 1.5, out));
    KF_TRY(ring(s, v->color, h * 0.38, line * 1.5, out));
    if (number < 1) return KF_OK;
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    kf_gen_title title;
    kf_kind_defaults(kf_kind_get(KF_GEN_TITLE), &title);
    title.text = text;
    title.font = "Sans Bold";
    title.size = (float)(h / s->scale * 0.5);
    for (int i = 0; i < 4; i++) title.color[i] = v->color[i];
    KF_TRY(title_node(s, &title, &node));
    return over(s, out, node);
}

static const struct { uint16_t kind; generate_fn *fn; } generators[] = {
    {KF_GEN_SOLID, gen_solid}, {KF_GEN_GRADIENT, gen_gradient}, {KF_GEN_BARS, gen_bars}, {KF_GEN_COUNTDOWN,
        gen_countdown},
    {KF_GEN_NOISE, gen_noise}, {KF_GEN_TITLE, gen_title}, {KF_GEN_SUBTITLES, gen_subtitles}, {KF_GEN_SHAPE, gen_shape},
};

kf_status kf_generate(kf_scene *s, const kf_clip_view *clip, kf_time t, kf_layer *out)
{
    _Alignas(16) char values[KF_KIND_MAX_VALUES];
    *out = (kf_layer){.w = s->width, .h = s->height, .kx = s->scale, .ky = s->scale};
    if (!kf_params_eval(&clip->generator, t, values)) return KF_OK;
    kf_time source = kf_clip_source_time(clip, t, KF_TIME_NONE);
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++)
        if (generators[i].kind == clip->generator.kind_id) return generators[i].fn(s, values, source, &out->node);
    return KF_OK; /* a tone, or a kind of a newer version */
}
