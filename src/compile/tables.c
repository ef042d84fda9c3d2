/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lookup tables. A table is made once, shared by the frames that need it, and freed when neither a frame nor the cache
 * holds it, so that a film of many grades keeps a bounded number of them. */
#include <math.h>
#include <string.h>

#include "compile/internal.h"

static void table_release(kf_table *t)
{
    if (atomic_fetch_sub(&t->refs, 1) != 1) return;
    kf_lut1d_destroy(t->lut1);
    kf_lut3d_destroy(t->lut3);
    kf_free(t);
}

void kf_table_cache_finish(kf_table_cache *cache)
{
    for (int i = 0; i < cache->count; i++) table_release(cache->entry[i]);
    cache->count = 0;
}

void kf_compiled_release(kf_compiled *compiled)
{
    if (!compiled) return;
    kf_graph_destroy(compiled->graph);
    for (int i = 0; i < compiled->table_count; i++) table_release(compiled->tables[i]);
    kf_free(compiled->tables);
    kf_free(compiled->marks);
    kf_free(compiled);
}

uint64_t kf_table_key(const void *bytes, size_t length, uint64_t seed)
{
    uint64_t h = 14695981039346656037u ^ seed;
    for (size_t i = 0; i < length; i++) h = (h ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
    return h;
}

kf_status kf_scene_hold(kf_scene *s, kf_table *table)
{
    kf_compiled *o = s->out;
    size_t capacity = (size_t)o->table_capacity;
    if (kf_grow((void **)&o->tables, &capacity, (size_t)o->table_count + 1, sizeof *o->tables))
        return kf_fail_memory(s->err);
    o->table_capacity = (int32_t)capacity;
    atomic_fetch_add(&table->refs, 1);
    o->tables[o->table_count++] = table;
    return KF_OK;
}

const kf_table *kf_scene_table_find(kf_scene *s, uint64_t key)
{
    kf_table_cache *cache = &s->c->tables;
    for (int i = 0; i < cache->count; i++) {
        if (cache->entry[i]->key != key) continue;
        cache->entry[i]->used = ++cache->clock;
        return kf_scene_hold(s, cache->entry[i]) == KF_OK ? cache->entry[i] : NULL;
    }
    return NULL;
}

static int oldest(const kf_table_cache *cache)
{
    int at = 0;
    for (int i = 1; i < cache->count; i++)
        if (cache->entry[i]->used < cache->entry[at]->used) at = i;
    return at;
}

kf_status kf_scene_table_add(kf_scene *s, uint64_t key, kf_lut1d *lut1, kf_lut3d *lut3, const kf_table **out)
{
    kf_table *t = KF_NEW(kf_table);
    if (!t) {
        kf_lut1d_destroy(lut1);
        kf_lut3d_destroy(lut3);
        return kf_fail_memory(s->err);
    }
    kf_table_cache *cache = &s->c->tables;
    *t = (kf_table){.key = key, .lut1 = lut1, .lut3 = lut3, .used = ++cache->clock};
    atomic_init(&t->refs, 1); /* the cache's */
    int at = cache->count < KF_TABLE_CACHE ? cache->count++ : oldest(cache);
    if (cache->entry[at]) table_release(cache->entry[at]);
    cache->entry[at] = t;
    *out = t;
    return kf_scene_hold(s, t);
}

static uint64_t spec_key(const kf_curve_spec *spec)
{
    kf_curve_fn *fn = spec->fn;
    float range[3] = {spec->lo, spec->hi, (float)spec->count};
    return kf_table_key(range, sizeof range,
                        kf_table_key(&fn, sizeof fn, kf_table_key(spec->params, spec->params_size, 1)));
}

static kf_lut1d *sample_curve(const kf_curve_spec *spec)
{
    kf_lut1d *lut = kf_lut1d_create(spec->count, spec->shared);
    if (!lut) return NULL;
    lut->lo = spec->lo;
    lut->hi = spec->hi;
    for (int c = 0; c < (spec->shared ? 1 : 3); c++)
        for (int i = 0; i < spec->count; i++) {
            double x = spec->lo + ((double)spec->hi - spec->lo) * i / (spec->count - 1);
            lut->value[c][i] = (float)spec->fn(spec->params, c, x);
        }
    return lut;
}

kf_status kf_layer_curve(kf_scene *s, kf_layer *layer, const kf_curve_spec *spec)
{
    uint64_t key = spec_key(spec);
    const kf_table *table = kf_scene_table_find(s, key);
    if (!table) {
        kf_lut1d *lut = sample_curve(spec);
        if (!lut) return kf_fail_memory(s->err);
        KF_TRY(kf_scene_table_add(s, key, lut, NULL, &table));
    }
    KF_NODE(s, layer->node, kf_graph_curves(s->g, layer->node, table->lut1));
    return KF_OK;
}

kf_status kf_layer_set_linear(kf_scene *s, kf_layer *layer, bool linear)
{
    if (layer->linear == linear || !layer->node) return KF_OK;
    uint8_t spec[2] = {s->sequence->color.transfer, linear};
    uint64_t key = kf_table_key(spec, sizeof spec, 2);
    const kf_table *table = kf_scene_table_find(s, key);
    if (!table) {
        kf_lut1d *lut = NULL;
        KF_TRY(linear ? kf_color_linearize(spec[0], &lut, s->err) : kf_color_delinearize(spec[0], &lut, s->err));
        KF_TRY(kf_scene_table_add(s, key, lut, NULL, &table));
    }
    KF_NODE(s, layer->node, kf_graph_curves(s->g, layer->node, table->lut1));
    layer->linear = linear;
    return KF_OK;
}

kf_status kf_layer_convert(kf_scene *s, kf_layer *layer, kf_color from)
{
    kf_color to = s->sequence->color;
    if (!kf_color_needs_conversion(from, to)) return KF_OK;
    uint8_t spec[4] = {from.primaries, from.transfer, to.primaries, to.transfer};
    uint64_t key = kf_table_key(spec, sizeof spec, 3);
    const kf_table *table = kf_scene_table_find(s, key);
    if (!table) {
        kf_lut3d *lut = NULL;
        KF_TRY(kf_color_convert_lut(from, to, 0, &lut, s->err));
        KF_TRY(kf_scene_table_add(s, key, NULL, lut, &table));
    }
    KF_NODE(s, layer->node, kf_graph_lut3d(s->g, layer->node, table->lut3, 1));
    return KF_OK;
}
