/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves that draw themselves: FILL, GRADIENT, NOISE. */
#include <math.h>
#include <string.h>

#include "video/ref/internal.h"

kf_status ref_fill(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) memcpy(ref_at(out, x, y), node->u.fill, sizeof(float[4]));
    }
    return KF_OK;
}

static void gradient_color(const kf_gradient *g, double t, float px[4])
{
    if (!(t > g->at[0])) {
        memcpy(px, g->color[0], sizeof(float[4]));
        return;
    }
    for (int i = 0; i + 1 < g->count; i++) {
        if (t < g->at[i + 1]) {
            double f = (t - g->at[i]) / ((double)g->at[i + 1] - g->at[i]);
            for (int c = 0; c < 4; c++)
                px[c] = (float)(g->color[i][c] + ((double)g->color[i + 1][c] - g->color[i][c]) * f);
            return;
        }
    }
    memcpy(px, g->color[g->count - 1], sizeof(float[4]));
}

kf_status ref_gradient(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_gradient *g = node->u.gradient;
    double dx = (double)g->p1[0] - g->p0[0], dy = (double)g->p1[1] - g->p0[1], length2 = dx * dx + dy * dy;
    if (g->count < 1) return KF_OK;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            double px = x + 0.5 - g->p0[0], py = y + 0.5 - g->p0[1];
            double t = g->radial ? sqrt((px * px + py * py) / length2) : (px * dx + py * dy) / length2;
            gradient_color(g, t, ref_at(out, x, y));
        }
    }
    return KF_OK;
}

kf_status ref_noise(const kf_graph_node *node, kf_rect part, ref_image *out, kf_error *err)
{
    const kf_noise *n = &node->u.noise;
    for (int y = part.y0; y < part.y1; y++) {
        for (int x = part.x0; x < part.x1; x++) {
            int cx = (int)floor((double)x / n->size), cy = (int)floor((double)y / n->size);
            float *px = ref_at(out, x, y);
            for (uint32_t c = 0; c < 3; c++)
                px[c] = (float)(kf_noise_u32(cx, cy, n->seed, n->monochrome ? 0 : c) * 0x1p-32);
            px[3] = 1;
        }
    }
    return KF_OK;
}
