/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A wide blur of a source's planes, moved or scaled or not: what the transform does, the continued edges and the
 * reduction are one filter from the planes to the reduced grid. */
#include "video/cpu/blur.h"

#include <math.h>

struct plane_feed {
    const picture *picture;
    axis x[2], y[2];     /* [1]: of subsampled components */
    float weight[3][4];  /* planes of the blur as forms of the picture's components */
};

/* The source below colour matrices and an aligned transform (*place, may be NULL); NULL: something else. t is taken
 * along. */
static const kf_graph_node *source_of(const kf_graph_node *n, float t[3][4], const kf_graph_node **place)
{
    for (; n->type == KF_NODE_MATRIX; n = n->a)
        for (int p = 0; p < 3; p++) form_through_matrix(t[p], &n->u.matrix, t[p]);
    *place = NULL;
    if (n->type == KF_NODE_TRANSFORM) {
        const double *m = n->u.transform.inverse.m;
        if (m[1] != 0 || m[3] != 0) return NULL;
        *place = n;
        n = n->a;
    }
    return n->type == KF_NODE_SOURCE && n->opaque ? n : NULL;
}

/* Direction d (0: x, 1: y) for components subsampled by 1 << sub. */
static bool make_axis(struct kf_cpu *cpu, const struct blurred *b, const kf_graph_node *source,
                      const kf_graph_node *place, int d, int sub, axis *out)
{
    const blur_axis *a = d ? &b->y : &b->x;
    const picture *p = b->feed->picture;
    const component *c = &p->c[sub ? 1 : 0];
    kf_rect edge = b->node->a->bounds;
    kf_filter filter = place ? place->u.transform.filter : KF_FILTER_NEAREST;
    if (!place && sub && source->u.source.chroma == KF_CHROMA_LINEAR) filter = KF_FILTER_BILINEAR;
    bool cosited = sub && filter != KF_FILTER_NEAREST &&
                   (d ? p->color.chroma_loc == KF_CHROMA_TOPLEFT : p->color.chroma_loc != KF_CHROMA_CENTER);
    axis_spec spec = {
        .scale = place ? place->u.transform.inverse.m[d ? 4 : 0] : 1,
        .offset = place ? place->u.transform.inverse.m[d ? 5 : 2] : 0,
        .hi = d ? p->c[0].height : p->c[0].width,
        .divide = sub ? 2 : 1,
        .siting = cosited ? 0.25 : 0,
        .size = d ? c->height : c->width,
        .filter = filter,
        .limit = KF_FAR,
        .start = a->j0,
        .count = a->j1 - a->j0,
        .block = a->factor,
        .block_origin = a->origin,
        .edge0 = d ? edge.y0 : edge.x0,
        .edge1 = d ? edge.y1 : edge.x1,
        .clamp = b->clamp,
    };
    return axis_get(cpu, &spec, out);
}

bool open_feed(struct kf_cpu *cpu, struct blurred *b)
{
    if (!b->forms || b->x.factor == 1 || b->y.factor == 1) return true;
    float t[3][4];
    const kf_graph_node *place;
    for (int p = 0; p < 3; p++)
        for (int i = 0; i < 4; i++) t[p][i] = b->form[p][i];
    const kf_graph_node *source = source_of(b->node->a, t, &place);
    if (!source) return true;
    struct plane_feed *feed = kf_arena_alloc(&cpu->arena, sizeof *feed);
    if (!feed) return false;
    feed->picture = &find_opened(cpu, source)->picture;
    b->feed = feed;
    bool sub_w = false, sub_h = false;
    for (int i = 0; i < feed->picture->colors; i++) {
        sub_w |= feed->picture->c[i].sub_w != 0;
        sub_h |= feed->picture->c[i].sub_h != 0;
    }
    for (int p = 0; p < 3; p++) form_through_decode(t[p], feed->picture, feed->weight[p]);
    return make_axis(cpu, b, source, place, 0, 0, &feed->x[0]) && make_axis(cpu, b, source, place, 1, 0, &feed->y[0])
        && (!sub_w || make_axis(cpu, b, source, place, 0, 1, &feed->x[1]))
        && (!sub_h || make_axis(cpu, b, source, place, 1, 1, &feed->y[1]));
}

size_t feed_span(const struct blurred *b)
{
    const struct plane_feed *feed = b->feed;
    size_t width = (size_t)(b->x.j1 - b->x.j0), line = (size_t)feed->picture->c[0].width + KF_SLACK;
    return 8 * (width + 16) + 4 * (line + 16) + (size_t)feed->y[0].taps + 2 * (size_t)b->y.radius + 256;
}

/* One row on the reduced grid. */
static void feed_task(rows_ctx *ctx, void *arg, int index)
{
    const struct blurred *b = arg;
    const struct plane_feed *feed = b->feed;
    const kf_kernels *k = ctx->k;
    int n = b->x.j1 - b->x.j0, row = b->y.j0 + index;
    float *saved = ctx->next, *part[3] = {0}, *cover = take(ctx, (size_t)n), *sum = take(ctx, (size_t)n);
    k->axpb(cover, feed->x[0].cover, feed->y[0].cover[index], 0.0f, n);
    for (int i = 0; i < feed->picture->colors; i++) {
        const component *c = &feed->picture->c[i];
        part[i] = take(ctx, (size_t)n);
        if (!resample_row(ctx, part[i], c, &feed->x[c->sub_w], &feed->y[c->sub_h], row, b->x.j0, n))
            k->fill(part[i], 0.0f, n);
    }
    for (int p = 0; p < 3; p++) {
        const float *w = feed->weight[p];
        k->axpb(sum, cover, w[3], 0.0f, n);
        for (int i = 0; i < feed->picture->colors; i++)
            if (w[i] != 0) k->axpy(sum, part[i], w[i], n);
        keep_filtered(ctx, b, p, index, sum);
    }
    if (b->planes == 4) keep_filtered(ctx, b, 3, index, cover);
    ctx->next = saved;
}

void run_feed(struct kf_cpu *cpu, struct blurred *b)
{
    run_tasks(cpu, b->y.j1 - b->y.j0, feed_task, b);
}
