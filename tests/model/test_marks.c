/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trees of markers against a plain list. */
#include <stdlib.h>

#include "film_util.h"
#include "model/marks.h"

/* A tree and the list it stands for, in order. */
typedef struct pair {
    kf_store *store;
    kf_ref root;
    mark_item *list;
    size_t count, capacity;
    uint64_t next_id, seed;
    kf_error err;
} pair;

static void begin(pair *p, uint64_t seed)
{
    *p = (pair){.next_id = 1, .seed = seed};
    CHECK(kf_store_create_memory(NULL, &p->store, &p->err) == KF_OK);
}

static void end(pair *p)
{
    kf_store_unref(p->store);
    kf_free(p->list);
}

static mark_item make_marker(pair *p, kf_time time, kf_time duration)
{
    node_build b = {0};
    mark_item item = {.time = time, .end = time + duration, .id = p->next_id++};
    marker_body body = {.id = item.id, .time = time, .duration = duration};
    build_start(&b, sizeof body);
    build_ref(&b, KF_REF_NONE);
    build_body(&b, 0, &body, sizeof body);
    CHECK(build_append(&b, p->store, NODE_MARKER, &item.ref, &p->err) == KF_OK);
    build_finish(&b);
    return item;
}

/* Few times, so that many markers share theirs; most are short. */
static mark_item random_marker(pair *p)
{
    kf_time time = test_random(&p->seed) % 2000;
    uint32_t kind = test_random(&p->seed) % 10;
    return make_marker(p, time, kind < 4 ? 0 : kind < 9 ? test_random(&p->seed) % 20 : test_random(&p->seed) % 3000);
}

static bool less(const mark_item *a, const mark_item *b)
{
    return a->time != b->time ? a->time < b->time : a->id < b->id;
}

static void list_insert(pair *p, mark_item item)
{
    void *list = p->list;
    CHECK(kf_grow(&list, &p->capacity, p->count + 1, sizeof item) == 0);
    p->list = list;
    size_t at = p->count++;
    for (; at > 0 && less(&item, &p->list[at - 1]); at--) {
        p->list[at] = p->list[at - 1];
    }
    p->list[at] = item;
}

static void list_remove(pair *p, size_t at)
{
    memmove(&p->list[at], &p->list[at + 1], (--p->count - at) * sizeof *p->list);
}

static void change(pair *p, uint32_t growth)
{
    kf_ref old = p->root;
    if (p->count == 0 || test_random(&p->seed) % 100 < growth) {
        mark_item item = random_marker(p);
        CHECK(marks_insert(p->store, old, item.ref, &p->root, &p->err) == KF_OK);
        list_insert(p, item);
    } else if (test_random(&p->seed) % 4 == 0) {
        size_t at = test_random(&p->seed) % p->count;
        mark_item item = random_marker(p);
        CHECK(marks_replace(p->store, old, &p->list[at], item.ref, &p->root, &p->err) == KF_OK);
        list_remove(p, at);
        list_insert(p, item);
    } else {
        size_t at = test_random(&p->seed) % p->count;
        CHECK(marks_remove(p->store, old, &p->list[at], &p->root, &p->err) == KF_OK);
        list_remove(p, at);
    }
}

/* ---- Invariants ---- */

/* Sums, order and filling of a subtree; its depth. */
static int check_node(const pair *p, kf_ref ref, const mark_entry *said, bool root)
{
    const kf_node *node;
    const mark_entry *e = marks_entries(p->store, ref, &node);
    mark_entry sum = {0};
    int depth = 0;
    CHECK(e && node->ref_count > 0 && node->ref_count <= TREE_FANOUT && (root || node->ref_count >= 2));
    for (uint32_t i = 0; e && i < node->ref_count; i++) {
        int below = node->kind == NODE_MARKS_LEAF ? 0 : check_node(p, kf_node_ref(node, i), &e[i], false);
        CHECK(i == 0 || below == depth);
        CHECK(i == 0 || e[i - 1].time < e[i].time || (e[i - 1].time == e[i].time && e[i - 1].id < e[i].id));
        depth = below;
        sum = (mark_entry){i ? sum.time : e[i].time, i ? sum.id : e[i].id, i && sum.end > e[i].end ? sum.end : e[i].end,
                           sum.count + e[i].count};
    }
    CHECK(!said || memcmp(&sum, said, sizeof sum) == 0);
    return depth + 1;
}

static void check_tree(const pair *p)
{
    kf_snapshot s = {p->store, 0};
    kf_markers markers = marks_of(p->store, p->root);
    kf_marker m;
    CHECK_INT(markers.count, (int64_t)p->count);
    CHECK((p->root == KF_REF_NONE) == (p->count == 0));
    if (p->root) {
        check_node(p, p->root, NULL, true);
    }
    for (size_t i = 0; i < p->count; i++) {
        CHECK(kf_marker_at(s, markers, (int32_t)i, &m) && m.id == p->list[i].id && m.time == p->list[i].time);
    }
    CHECK(!kf_marker_at(s, markers, (int32_t)p->count, &m) && !kf_marker_at(s, markers, -1, &m));
}

/* ---- Queries ---- */

typedef struct found {
    const pair *p;
    size_t next;             /* in the list */
    kf_time from, to;        /* covers `from` if they are equal, else over [from, to) */
    int64_t count, stop;
} found;

static bool belongs(const found *f, const mark_item *m)
{
    bool point = m->time == m->end;
    return f->from == f->to ? m->time <= f->from && f->from <= m->end
                            : m->time < f->to && (point ? m->time >= f->from : m->end > f->from);
}

static bool expect_next(void *ctx, int32_t index, const kf_marker *marker)
{
    found *f = ctx;
    while (f->next < f->p->count && !belongs(f, &f->p->list[f->next])) {
        f->next++;
    }
    CHECK(f->next < f->p->count && (int64_t)f->next == index && f->p->list[f->next].id == marker->id);
    f->next++;
    return ++f->count != f->stop;
}

static void check_query(const pair *p, kf_time from, kf_time to)
{
    kf_snapshot s = {p->store, 0};
    kf_markers markers = marks_of(p->store, p->root);
    found f = {.p = p, .from = from, .to = to};
    if (from == to) {
        kf_markers_at(s, markers, from, expect_next, &f);
    } else {
        kf_markers_over(s, markers, from, to, expect_next, &f);
    }
    for (; f.next < p->count; f.next++) {
        CHECK(!belongs(&f, &p->list[f.next]));
    }
    if (f.count > 1) {
        found one = {.p = p, .from = from, .to = to, .stop = 1};
        from == to ? kf_markers_at(s, markers, from, expect_next, &one)
                   : kf_markers_over(s, markers, from, to, expect_next, &one);
        CHECK_INT(one.count, 1);
    }
}

static void check_queries(pair *p)
{
    kf_markers markers = marks_of(p->store, p->root);
    for (int i = 0; i < 40; i++) {
        kf_time from = (kf_time)(test_random(&p->seed) % 2200) - 100;
        check_query(p, from, from);
        check_query(p, from, from + 1 + test_random(&p->seed) % 300);
        int32_t before = 0;
        while (before < (int32_t)p->count && p->list[before].time < from) {
            before++;
        }
        CHECK_INT(kf_marker_index((kf_snapshot){p->store, 0}, markers, from), before);
    }
    for (size_t i = 0; i < p->count; i += p->count / 5 + 1) {
        CHECK_INT(kf_marker_find((kf_snapshot){p->store, 0}, markers, p->list[i].id), (int64_t)i);
    }
    CHECK_INT(kf_marker_find((kf_snapshot){p->store, 0}, markers, p->next_id), -1);
}

TEST(random_changes_match_a_list)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        pair p;
        begin(&p, seed);
        for (int i = 0; i < 6000; i++) {
            change(&p, i < 3000 ? 70 : 30);
            if (i % 250 == 0) {
                check_tree(&p);
                check_queries(&p);
            }
        }
        while (p.count > 0) {
            change(&p, 0);
        }
        check_tree(&p);
        end(&p);
    }
}

TEST(built_trees_match_a_list)
{
    for (size_t count = 0; count < 3000; count = count * 3 / 2 + 1) {
        pair p;
        begin(&p, count);
        for (size_t i = 0; i < count; i++) {
            list_insert(&p, random_marker(&p));
        }
        mark_item *items = kf_alloc_zero(count + 1, sizeof *items);
        for (size_t i = 0; i < count; i++) {
            items[i] = p.list[count - 1 - i];
        }
        CHECK(marks_build(p.store, items, count, &p.root, &p.err) == KF_OK);
        check_tree(&p);
        check_queries(&p);
        kf_free(items);
        end(&p);
    }
}

/* Edits leave older trees as they are, and add little. */
TEST(old_trees_stay)
{
    pair p;
    begin(&p, 9);
    for (int i = 0; i < 2000; i++) {
        change(&p, 100);
    }
    pair old = p;
    old.list = kf_alloc_zero(p.count, sizeof *old.list);
    memcpy(old.list, p.list, p.count * sizeof *old.list);
    for (int i = 0; i < 2000; i++) {
        uint64_t bytes = kf_store_bytes(p.store);
        change(&p, 50);
        CHECK(kf_store_bytes(p.store) - bytes < 16384);
    }
    check_tree(&old);
    check_tree(&p);
    kf_free(old.list);
    end(&p);
}

TEST(wrong_changes_are_refused)
{
    pair p;
    kf_ref out;
    begin(&p, 3);
    mark_item a = make_marker(&p, 5, 0), b = make_marker(&p, 5, 0);
    CHECK(marks_remove(p.store, KF_REF_NONE, &a, &out, &p.err) == KF_ERR_INVALID);
    REQUIRE(marks_insert(p.store, KF_REF_NONE, a.ref, &p.root, &p.err) == KF_OK);
    CHECK(marks_insert(p.store, p.root, a.ref, &out, &p.err) == KF_ERR_INVALID);
    CHECK(marks_remove(p.store, p.root, &b, &out, &p.err) == KF_ERR_INVALID);
    CHECK(strstr(p.err.message, "there is no marker 2"));
    CHECK(marks_insert(p.store, p.root, p.root, &out, &p.err) == KF_ERR_PARSE);
    CHECK(marks_insert(p.store, a.ref, b.ref, &out, &p.err) == KF_ERR_PARSE);
    CHECK(marks_remove(p.store, p.root, &a, &out, &p.err) == KF_OK && out == KF_REF_NONE);
    end(&p);
}

/* Changing markers allocates nothing but nodes. */
TEST(a_full_store)
{
    pair p;
    kf_ref out = KF_REF_NONE;
    kf_store_params limit = {.limit = 1 << 20};
    p = (pair){.next_id = 1, .seed = 4};
    REQUIRE(kf_store_create_memory(&limit, &p.store, &p.err) == KF_OK);
    kf_status status = KF_OK;
    for (int i = 0; i < 5000 && status == KF_OK; i++) {
        node_build b = {0};
        marker_body body = {.id = p.next_id++, .time = i};
        kf_ref ref;
        build_start(&b, sizeof body);
        build_body(&b, 0, &body, sizeof body);
        status = build_append(&b, p.store, NODE_MARKER, &ref, &p.err);
        build_finish(&b);
        if (status == KF_OK) {
            status = marks_insert(p.store, p.root, ref, &out, &p.err);
        }
        p.root = status == KF_OK ? out : p.root;
    }
    CHECK_INT(status, KF_ERR_MEMORY);
    p.count = (size_t)marks_of(p.store, p.root).count;
    CHECK(p.count > 100 && check_node(&p, p.root, NULL, true) >= 2);
    end(&p);
}

int main(void)
{
    RUN(random_changes_match_a_list);
    RUN(built_trees_match_a_list);
    RUN(old_trees_stay);
    RUN(wrong_changes_are_refused);
    RUN(a_full_store);
    return test_end();
}
