/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "base/api/field.h"
#include "test.h"

TEST(fails_on_request)
{
    kf_alloc_fail_from(2);
    void *a = kf_alloc(10), *b = kf_alloc(10), *c = kf_alloc_zero(1, 1);
    CHECK(a && !b && !c && !kf_alloc_aligned(1) && !kf_strdup("x"));
    CHECK(kf_realloc(a, 20) == NULL);
    CHECK_INT(kf_alloc_count(), 6);
    kf_alloc_fail_from(0);
    a = kf_realloc(a, 20);
    CHECK(a != NULL);
    kf_free(a);
    kf_free(NULL);
}

TEST(sizes_at_the_edges)
{
    void *p = kf_alloc(0);
    CHECK(p != NULL);
    kf_free(p);
    p = kf_alloc_zero(0, 8);
    CHECK(p != NULL);
    kf_free(p);
    volatile size_t huge = SIZE_MAX / 2;
    CHECK(kf_alloc_zero(huge, 3) == NULL);
    CHECK(kf_alloc_aligned(huge * 2 + 1) == NULL);
    CHECK(kf_strdup(NULL) == NULL);
    p = kf_alloc_aligned(1);
    CHECK(p && (uintptr_t)p % 64 == 0);
    memset(p, 1, 64);
    kf_free_aligned(p);
}

TEST(grows)
{
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        void *p = items;
        REQUIRE(kf_grow(&p, &capacity, (size_t)i + 1, sizeof *items) == 0);
        items = p;
        items[i] = i;
    }
    CHECK(items[999] == 999 && items[0] == 0 && capacity >= 1000);
    size_t before = capacity;
    void *p = items;
    CHECK_INT(kf_grow(&p, &capacity, SIZE_MAX / 2, sizeof *items), -1);
    CHECK(p == items && capacity == before);
    kf_free(items);
}

TEST(arena)
{
    kf_arena arena = {0};
    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *p = kf_arena_alloc(&arena, n);
        REQUIRE(p && (uintptr_t)p % 16 == 0);
        for (size_t i = 0; i < n; i++) {
            REQUIRE(p[i] == 0);
        }
        memset(p, 0xAA, n);
    }
    unsigned char *big = kf_arena_alloc(&arena, 5000000);
    REQUIRE(big != NULL);
    CHECK(big[0] == 0 && big[4999999] == 0);
    CHECK_STR(kf_arena_strndup(&arena, "hello", 4), "hell");
    CHECK(arena.total >= 5000000);
    CHECK(kf_arena_alloc(&arena, SIZE_MAX) == NULL);
    kf_arena_finish(&arena);
    CHECK(arena.block == NULL && arena.total == 0);
    kf_alloc_fail_from(1);
    CHECK(kf_arena_alloc(&arena, 1) == NULL);
    kf_alloc_fail_from(0);
    CHECK(kf_arena_alloc(&arena, 1) != NULL);
    kf_arena_finish(&arena);
}

TEST(fields)
{
    static const char *const modes[] = {"add", "multiply", NULL};
    static const kf_field fields[] = {
        {.name = "amount", .type = KF_FIELD_FLOAT, .min = -1, .max = 1},
        {.name = "count", .type = KF_FIELD_INT, .min = 0, .max = 10},
        {.name = "mode", .type = KF_FIELD_ENUM, .choices = modes},
        {.name = "at", .type = KF_FIELD_VEC2, .min = 0, .max = 2},
    };
    CHECK(kf_field_find(fields, 4, "mode") == &fields[2]);
    CHECK(kf_field_find(fields, 4, "none") == NULL);
    CHECK_STR(kf_field_type_name(KF_FIELD_COLOR), "color");
    CHECK_STR(kf_field_type_name(KF_FIELD_STOPS), "stops");
    CHECK_INT(kf_field_size(KF_FIELD_COLOR), 16);
    CHECK_INT(kf_field_numbers(KF_FIELD_VEC2), 2);
    CHECK_INT(kf_field_numbers(KF_FIELD_TEXT), 0);
    CHECK(kf_field_in_range(&fields[0], &(double){1.0}));
    CHECK(!kf_field_in_range(&fields[0], &(double){1.01}));
    CHECK(!kf_field_in_range(&fields[0], &(double){NAN}));
    CHECK(kf_field_in_range(&fields[1], &(double){10}));
    CHECK(!kf_field_in_range(&fields[1], &(double){1.5}));
    CHECK(kf_field_in_range(&fields[2], &(double){1}));
    CHECK(!kf_field_in_range(&fields[2], &(double){2}));
    CHECK(kf_field_in_range(&fields[3], (double[]){0, 2}));
    CHECK(!kf_field_in_range(&fields[3], (double[]){0, 2.5}));
}

int main(void)
{
    RUN(fails_on_request);
    RUN(sizes_at_the_edges);
    RUN(grows);
    RUN(arena);
    RUN(fields);
    return test_end();
}
