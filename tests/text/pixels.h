/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking at rasters. Coordinates are those of the raster: relative to its anchor or origin. */
#ifndef KF_TEST_TEXT_PIXELS_H
#define KF_TEST_TEXT_PIXELS_H

#include "test.h"
#include "text/api/text.h"

typedef struct pixel { int b, g, r, a; } pixel;

static inline pixel pixel_at(const kf_raster *r, int x, int y)
{
    if (!r->frame) return (pixel){0};
    const kf_image *i = &r->frame->image;
    x -= r->x;
    y -= r->y;
    if (x < 0 || y < 0 || x >= i->width || y >= i->height) return (pixel){0};
    if (i->format == KF_PIX_GRAY8) {
        int v = i->plane[0][y * i->stride[0] + x];
        return (pixel){v, v, v, v};
    }
    const uint8_t *p = i->plane[0] + y * i->stride[0] + 4 * x;
    return (pixel){p[0], p[1], p[2], p[3]};
}

static inline bool pixel_is(pixel p, int r, int g, int b, int a)
{
    return p.r == r && p.g == g && p.b == b && p.a == a;
}

static inline int raster_right(const kf_raster *r) { return r->frame ? r->x + r->frame->image.width : 0; }
static inline int raster_bottom(const kf_raster *r) { return r->frame ? r->y + r->frame->image.height : 0; }

/* No colour above its alpha anywhere. */
static inline bool is_premultiplied(const kf_raster *r)
{
    for (int y = r->y; y < raster_bottom(r); y++) {
        for (int x = r->x; x < raster_right(r); x++) {
            pixel p = pixel_at(r, x, y);
            if (p.r > p.a || p.g > p.a || p.b > p.a) return false;
        }
    }
    return true;
}

/* Each edge row and column has ink. */
static inline bool is_tight(const kf_raster *r)
{
    bool top = false, bottom = false, left = false, right = false;
    for (int x = r->x; x < raster_right(r); x++) {
        top |= pixel_at(r, x, r->y).a > 0;
        bottom |= pixel_at(r, x, raster_bottom(r) - 1).a > 0;
    }
    for (int y = r->y; y < raster_bottom(r); y++) {
        left |= pixel_at(r, r->x, y).a > 0;
        right |= pixel_at(r, raster_right(r) - 1, y).a > 0;
    }
    return top && bottom && left && right;
}

static inline bool rasters_equal(const kf_raster *a, const kf_raster *b)
{
    if (!a->frame || !b->frame) return !a->frame && !b->frame;
    const kf_image *i = &a->frame->image, *j = &b->frame->image;
    if (a->x != b->x || a->y != b->y || i->width != j->width || i->height != j->height || i->format != j->format)
        return false;
    for (int y = 0; y < i->height; y++) {
        size_t bytes = (size_t)i->width * (i->format == KF_PIX_GRAY8 ? 1 : 4);
        if (memcmp(i->plane[0] + y * i->stride[0], j->plane[0] + y * j->stride[0], bytes) != 0) return false;
    }
    return true;
}

/* Sum over the raster of x weighted by how much a channel (0 b, 1 g, 2 r) exceeds the other two, over the weights:
 * where the ink of that colour lies. NAN without any. */
static inline double color_centre(const kf_raster *r, int channel)
{
    double sum = 0, weight = 0;
    for (int y = r->y; y < raster_bottom(r); y++) {
        for (int x = r->x; x < raster_right(r); x++) {
            pixel p = pixel_at(r, x, y);
            int c[3] = {p.b, p.g, p.r},
                others = c[(channel + 1) % 3] > c[(channel + 2) % 3] ? c[(channel + 1) % 3] : c[(channel + 2) % 3];
            double w = c[channel] > others ? c[channel] - others : 0;
            sum += w * (x + 0.5);
            weight += w;
        }
    }
    return weight > 0 ? sum / weight : NAN;
}

#endif
