/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/internal.h"

static uint64_t hash(const char *key, uint64_t seed)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ seed;
    for (; *key; key++) {
        h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
    }
    return h ^ h >> 32;
}

/* The slot of `key`, or the free one where it belongs. slot_count is a power of two, at most half of it in use. */
static uint32_t *slot_of(const ix_table *table, const char *key)
{
    size_t at = hash(key, table->seed) & (table->slot_count - 1);
    while (table->slots[at] && strcmp(table->entries[table->slots[at] - 1].key, key) != 0) {
        at = (at + 1) & (table->slot_count - 1);
    }
    return &table->slots[at];
}

ix_entry *ix_table_find(const ix_table *table, const char *key)
{
    uint32_t slot = table->slot_count ? *slot_of(table, key) : 0;
    return slot ? &table->entries[slot - 1] : NULL;
}

static bool make_room(ix_table *table)
{
    if (table->count * 2 < table->slot_count) {
        return true;
    }
    size_t size = table->slot_count ? table->slot_count * 2 : 64;
    uint32_t *slots = kf_alloc_zero(size, sizeof *slots);
    if (!slots) {
        return false;
    }
    if (!table->slots) {
        table->seed = (uint64_t)(uintptr_t)slots * UINT64_C(0x9E3779B97F4A7C15);
    }
    kf_free(table->slots);
    table->slots = slots;
    table->slot_count = size;
    for (size_t i = 0; i < table->count; i++) {
        *slot_of(table, table->entries[i].key) = (uint32_t)i + 1;
    }
    return true;
}

ix_entry *ix_table_add(ix_table *table, const char *key)
{
    ix_entry *found = ix_table_find(table, key);
    if (found) {
        return found;
    }
    if (!make_room(table) || kf_grow((void **)&table->entries, &table->capacity, table->count + 1, sizeof *found)) {
        return NULL;
    }
    char *copy = kf_strdup(key);
    if (!copy) {
        return NULL;
    }
    table->entries[table->count] = (ix_entry){.key = copy};
    *slot_of(table, key) = (uint32_t)++table->count;
    return &table->entries[table->count - 1];
}

void ix_table_finish(ix_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        kf_free(table->entries[i].key);
        kf_free(table->entries[i].text);
    }
    kf_free(table->entries);
    kf_free(table->slots);
    *table = (ix_table){0};
}
