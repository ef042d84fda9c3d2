/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ids and links of copies. */
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/edit.h"

/* ---- Maps ---- */

enum { FEW = 16 }; /* are looked through one by one */

/* Where the entry is, or the free slot where it would be. Half of the slots are free. */
static uint32_t *slot_of(const copy_map *map, uint64_t old)
{
    size_t mask = map->slot_count - 1, at = (size_t)(old * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    while (map->slots[at] && map->list[map->slots[at] - 1].old != old) {
        at = (at + 1) & mask;
    }
    return &map->slots[at];
}

static copy_entry *map_find(const copy_map *map, uint64_t old)
{
    if (map->count > FEW) {
        uint32_t index = *slot_of(map, old);
        return index ? &map->list[index - 1] : NULL;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (map->list[i].old == old) {
            return &map->list[i];
        }
    }
    return NULL;
}

/* Slots for at least twice as many as there are, and all that there are in them. */
static bool make_slots(copy_map *map)
{
    size_t count = 4 * FEW;
    while (count < map->count * 4) {
        count *= 2;
    }
    uint32_t *slots = kf_alloc_zero(count, sizeof *slots);
    if (!slots) {
        return false;
    }
    kf_free(map->slots);
    map->slots = slots;
    map->slot_count = count;
    for (size_t i = 0; i < map->count; i++) {
        *slot_of(map, map->list[i].old) = (uint32_t)i + 1;
    }
    return true;
}

/* NULL: out of memory. */
static copy_entry *map_add(copy_map *map, uint64_t old, uint64_t new)
{
    void *list = map->list;
    if (map->count >= UINT32_MAX / 4 || kf_grow(&list, &map->capacity, map->count + 1, sizeof *map->list) != 0) {
        return NULL;
    }
    map->list = list;
    map->list[map->count++] = (copy_entry){.old = old, .new = new};
    bool crowded = map->count == FEW + 1 || (map->count > FEW && map->count * 2 > map->slot_count);
    if (crowded && !make_slots(map)) {
        map->count--;
        return NULL;
    }
    if (map->count > FEW && !crowded) {
        *slot_of(map, old) = (uint32_t)map->count;
    }
    return &map->list[map->count - 1];
}

void copy_map_finish(copy_map *map)
{
    kf_free(map->list);
    kf_free(map->slots);
    *map = (copy_map){0};
}

/* ---- Ids and links ---- */

static copy_entry *reserve_id(kf_edit *e, uint64_t id)
{
    copy_entry *known = map_find(&e->ids, id);
    return known ? known : map_add(&e->ids, id, edit_new_id(e));
}

kf_status edit_copy_id(kf_edit *e, uint64_t id, uint64_t *out)
{
    copy_entry *known = map_find(&e->ids, id);
    if (known && known->used) { /* a second copy: linked with the second copies of the others */
        e->ids.count = e->links.count = 0;
    }
    known = reserve_id(e, id);
    if (!known) {
        return kf_fail_memory(e->err);
    }
    known->used = true;
    *out = known->new;
    return KF_OK;
}

static int compare_ids(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The node that stands for a link among copies. */
static kf_status build_link(kf_edit *e, const kf_node *node, kf_ref *out)
{
    node_build b = {0};
    build_start(&b, 0);
    size_t count = kf_node_payload_size(node) / sizeof(uint64_t);
    for (size_t i = 0; i < count; i++) {
        const copy_entry *id = reserve_id(e, ((const uint64_t *)kf_node_payload(node))[i]);
        b.failed = b.failed || !id;
        if (id) {
            build_add(&b, &id->new, sizeof id->new);
        }
    }
    if (!b.failed && count > 0) {
        qsort(b.bytes, count, sizeof(uint64_t), compare_ids);
    }
    kf_status status = build_append(&b, e->store, NODE_LINK, out, e->err);
    build_finish(&b);
    return status;
}

kf_status edit_copy_link(kf_edit *e, kf_ref *link)
{
    const copy_entry *known = map_find(&e->links, *link);
    const kf_node *node = kf_store_node(e->store, *link, NODE_LINK, 0);
    if (known || !node) {
        *link = known ? known->new : KF_REF_NONE;
        return KF_OK;
    }
    kf_ref old = *link;
    kf_status status = build_link(e, node, link);
    return status == KF_OK && !map_add(&e->links, old, *link) ? kf_fail_memory(e->err) : status;
}
