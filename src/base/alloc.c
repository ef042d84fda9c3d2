/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Per thread, so that a failing test disturbs no other thread. */
static _Thread_local uint64_t fail_from, alloc_count;

void kf_alloc_fail_from(uint64_t n)
{
    fail_from = n;
    alloc_count = 0;
}

uint64_t kf_alloc_count(void)
{
    return alloc_count;
}

/* No object may be larger than PTRDIFF_MAX. */
static bool allowed(size_t size)
{
    alloc_count++;
    return size <= PTRDIFF_MAX - 63 && (fail_from == 0 || alloc_count < fail_from);
}

void *kf_alloc(size_t size)
{
    return allowed(size) ? malloc(size ? size : 1) : NULL;
}

void *kf_alloc_zero(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        bytes = SIZE_MAX;
    }
    return allowed(bytes) ? calloc(1, bytes ? bytes : 1) : NULL;
}

void *kf_realloc(void *p, size_t size)
{
    return allowed(size) ? realloc(p, size ? size : 1) : NULL;
}

char *kf_strdup(const char *text)
{
    if (!text) {
        return NULL;
    }
    size_t size = strlen(text) + 1;
    char *copy = kf_alloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

void kf_free(void *p)
{
    free(p);
}

void *kf_alloc_aligned(size_t size)
{
    if (!allowed(size)) {
        return NULL;
    }
    size_t rounded = (size + 63) & ~(size_t)63;
    return aligned_alloc(64, rounded ? rounded : 64);
}

void kf_free_aligned(void *p)
{
    free(p);
}

int kf_grow(void **items, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity) {
        return 0;
    }
    size_t wanted = *capacity > SIZE_MAX / 2 ? need : *capacity * 2;
    if (wanted < 8) {
        wanted = 8;
    }
    if (wanted < need) {
        wanted = need;
    }
    size_t bytes;
    if (__builtin_mul_overflow(wanted, size, &bytes)) {
        return -1;
    }
    void *p = kf_realloc(*items, bytes);
    if (!p) {
        return -1;
    }
    *items = p;
    *capacity = wanted;
    return 0;
}

struct kf_arena_block {
    struct kf_arena_block *next;
    size_t size; /* of the bytes that follow */
    _Alignas(16) unsigned char bytes[];
};

enum { ARENA_FIRST = 4096 - 64, ARENA_LARGEST = 1 << 20 };

/* Block sizes double up to a megabyte; an object larger than that gets a block of its own. */
static bool arena_add_block(kf_arena *arena, size_t need)
{
    size_t size = arena->block ? arena->block->size * 2 : ARENA_FIRST;
    if (size > ARENA_LARGEST) {
        size = ARENA_LARGEST;
    }
    if (size < need) {
        size = need;
    }
    if (size > SIZE_MAX - sizeof(struct kf_arena_block)) {
        return false;
    }
    struct kf_arena_block *block = kf_alloc_zero(1, sizeof *block + size);
    if (!block) {
        return false;
    }
    block->size = size;
    block->next = arena->block;
    arena->block = block;
    arena->used = 0;
    arena->total += size;
    return true;
}

void *kf_arena_alloc(kf_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = size ? (size + 15) & ~(size_t)15 : 16;
    if ((!arena->block || arena->block->size - arena->used < size) && !arena_add_block(arena, size)) {
        return NULL;
    }
    void *p = arena->block->bytes + arena->used;
    arena->used += size;
    return p;
}

char *kf_arena_strndup(kf_arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? kf_arena_alloc(arena, length + 1) : NULL;
    if (copy && length) {
        memcpy(copy, text, length);
    }
    return copy;
}

void kf_arena_finish(kf_arena *arena)
{
    struct kf_arena_block *block = arena->block;
    while (block) {
        struct kf_arena_block *next = block->next;
        kf_free(block);
        block = next;
    }
    *arena = (kf_arena){0};
}
