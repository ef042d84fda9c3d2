/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/api/drawn.h"

#include "base/api/alloc.h"
#include "text/private.h"

/* ---- Params ---- */

kf_title_params kf_title_params_of(const kf_gen_title *v)
{
    kf_title_params p = kf_title_defaults();
    p.text = v->text;
    p.markup = v->markup;
    p.font = v->font;
    p.size = fminf(fmaxf(v->size, 0.5f), KF_TEXT_MAX_SIZE);
    p.weight = v->weight ? (int)fmin(fmax(v->weight, 100), 1000) : 0;
    p.italic = v->italic;
    p.outline_width = fminf(v->outline_width, 512);
    p.shadow_blur = fminf(v->shadow_blur, 256);
    p.box = (kf_text_box)v->box;
    p.box_radius = v->box_radius;
    p.align = (kf_text_align)v->align;
    p.line_spacing = v->line_spacing;
    p.line_height = v->line_height;
    p.letter_spacing = v->letter_spacing;
    p.max_width = v->max_width;
    p.max_lines = v->max_lines;
    p.ellipsize = (kf_text_ellipsize)v->ellipsize;
    p.anchor_h = (kf_text_anchor_h)v->anchor_h;
    p.anchor_v = (kf_text_anchor_v)v->anchor_v;
    p.direction = (kf_text_direction)v->direction;
    p.language = v->language && v->language[0] ? v->language : NULL;
    for (int i = 0; i < 4; i++) {
        p.color[i] = v->color[i];
        p.outline_color[i] = v->outline_color[i];
        p.shadow_color[i] = v->shadow_color[i];
        p.box_color[i] = v->box_color[i];
    }
    for (int i = 0; i < 2; i++) {
        p.shadow_offset[i] = v->shadow_offset[i];
        p.box_padding[i] = v->box_padding[i];
    }
    return p;
}

kf_shape_params kf_shape_params_of(const kf_gen_shape *v)
{
    static const kf_shape_kind kinds[] = {KF_SHAPE_RECT, KF_SHAPE_ROUNDED, KF_SHAPE_ELLIPSE, KF_SHAPE_POLYGON,
                                          KF_SHAPE_PATH};
    kf_shape_params p = kf_shape_defaults();
    p.kind = kinds[v->kind];
    p.x = -v->size[0] / 2;
    p.y = -v->size[1] / 2;
    p.w = v->size[0];
    p.h = v->size[1];
    p.points = v->points.p;
    p.point_count = v->points.count;
    p.path = v->path;
    p.path_scale = v->path_scale > 0 ? v->path_scale : 1;
    p.stroke_width = v->stroke_width;
    p.feather = fminf(v->feather, 256);
    p.shadow_blur = fminf(v->shadow_blur, 256);
    for (int i = 0; i < 4; i++) {
        p.radius[i] = v->radius;
        p.fill[i] = v->fill[i];
        p.stroke[i] = v->stroke[i];
        p.shadow_color[i] = v->shadow_color[i];
    }
    p.shadow_offset[0] = v->shadow_offset[0];
    p.shadow_offset[1] = v->shadow_offset[1];
    return p;
}

/* ---- Cache ---- */

enum { CACHE_MAX = 256 };

typedef struct entry {
    uint64_t key, used;
    kf_raster raster;
} entry;

struct kf_drawn {
    entry cache[CACHE_MAX];
    int count;
    uint64_t clock;
    int64_t bytes, bytes_max;
};

kf_drawn *kf_drawn_create(int64_t bytes_max)
{
    kf_drawn *d = KF_NEW(kf_drawn);
    if (d) d->bytes_max = bytes_max;
    return d;
}

void kf_drawn_destroy(kf_drawn *d)
{
    for (int i = 0; d && i < d->count; i++) kf_raster_finish(&d->cache[i].raster);
    kf_free(d);
}

static int64_t raster_bytes(const kf_raster *r)
{
    return r->frame ? (int64_t)r->frame->bytes : 0;
}

static kf_raster shared(const kf_raster *r)
{
    return (kf_raster){r->frame ? kf_frame_ref(r->frame) : NULL, r->x, r->y};
}

bool kf_drawn_find(kf_drawn *d, uint64_t key, kf_raster *out)
{
    for (int i = 0; i < d->count; i++) {
        entry *e = &d->cache[i];
        if (e->key != key) continue;
        e->used = ++d->clock;
        *out = shared(&e->raster);
        return true;
    }
    return false;
}

static void drop_oldest(kf_drawn *d)
{
    int at = 0;
    for (int i = 1; i < d->count; i++)
        if (d->cache[i].used < d->cache[at].used) at = i;
    d->bytes -= raster_bytes(&d->cache[at].raster);
    kf_raster_finish(&d->cache[at].raster);
    d->cache[at] = d->cache[--d->count];
}

kf_raster kf_drawn_keep(kf_drawn *d, uint64_t key, kf_raster raster)
{
    while (d->count > 0 && (d->count == CACHE_MAX || d->bytes + raster_bytes(&raster) > d->bytes_max)) drop_oldest(d);
    d->bytes += raster_bytes(&raster);
    d->cache[d->count++] = (entry){key, ++d->clock, raster};
    return shared(&raster);
}

kf_status kf_drawn_shape(kf_drawn *d, const kf_gen_shape *shape, kf_raster *out, kf_error *err)
{
    kf_shape_params p = kf_shape_params_of(shape);
    uint64_t key = kf_shape_key(&p);
    kf_raster raster;
    if (kf_drawn_find(d, key, out)) return KF_OK;
    kf_status status = kf_shape_render(&p, &raster, err);
    if (status == KF_OK) *out = kf_drawn_keep(d, key, raster);
    return status;
}
