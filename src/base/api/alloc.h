/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocation. Everything in Kerf allocates through these, so that tests can fail each allocation in turn. Thread-safe.
 */
#ifndef KF_BASE_ALLOC_H
#define KF_BASE_ALLOC_H

#include <stddef.h>
#include <stdint.h>

/* NULL on failure; never for size 0 unless failing. Free with kf_free. */
void *kf_alloc(size_t size);
void *kf_alloc_zero(size_t count, size_t size); /* overflow-checked */
void *kf_realloc(void *p, size_t size);         /* p unchanged on failure */
char *kf_strdup(const char *text);              /* NULL in, NULL out */
void kf_free(void *p);                          /* NULL is fine */
/* 64-byte aligned, size rounded up to 64; free with kf_free_aligned. */
void *kf_alloc_aligned(size_t size);
void kf_free_aligned(void *p);

#define KF_NEW(type) ((type *)kf_alloc_zero(1, sizeof(type)))

/* Grows *items (capacity *capacity, element size `size`) to hold at least `need`; doubles. Returns 0 or -1 (unchanged).
 */
int kf_grow(void **items, size_t *capacity, size_t need, size_t size);

/* Test hook: the n-th allocation from now on this thread (1 = the next) and all after it fail; 0 switches off. */
void kf_alloc_fail_from(uint64_t n);
/* Allocations on this thread since the last kf_alloc_fail_from. */
uint64_t kf_alloc_count(void);

/* Bump allocator for objects that die together. Zeroed by init; not thread-safe; memory is zero-filled. */
typedef struct kf_arena {
    struct kf_arena_block *block;
    size_t used, total;
} kf_arena;
void *kf_arena_alloc(kf_arena *arena, size_t size); /* 16-byte aligned, NULL on failure */
char *kf_arena_strndup(kf_arena *arena, const char *text, size_t length);
void kf_arena_finish(kf_arena *arena); /* frees all; the arena may be used again */

#endif
