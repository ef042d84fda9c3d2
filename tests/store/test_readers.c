/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers on other threads while one writer appends; meant to be run under a thread sanitizer too. */
#include <stdatomic.h>

#include "base/api/thread.h"
#include "scratch.h"

enum { READERS = 4, COMMITS = 3000, LIST = 8, FILLER = 200 };

typedef struct item {
    int64_t serial;
    int64_t filler[FILLER];
} item;

typedef struct shared {
    kf_store *store;
    const char *path;
    atomic_bool done;
    atomic_long looked, wrong;
} shared;

/* Each commit's root refers to the LIST newest items, whose serial numbers fall by one. */
static bool read_state(const kf_store *store)
{
    kf_ref head = kf_store_head(store);
    kf_commit c;
    if (head == KF_REF_NONE) {
        return true;
    }
    if (!kf_store_commit_get(store, head, &c)) {
        return false;
    }
    const kf_node *root = kf_store_node(store, c.root, 16, 0);
    if (!root || root->ref_count != LIST) {
        return false;
    }
    int64_t newest = 0;
    for (uint32_t i = 0; i < LIST; i++) {
        const kf_node *n = kf_store_node(store, kf_node_ref(root, i), 17, sizeof(item));
        if (!n) {
            return kf_node_ref(root, i) == KF_REF_NONE;
        }
        const item *it = kf_node_payload(n);
        newest = i == 0 ? it->serial : newest;
        if (it->serial != newest - i || it->filler[0] != it->serial || it->filler[FILLER - 1] != -it->serial) {
            return false;
        }
    }
    return true;
}

static void *reader(void *arg)
{
    shared *s = arg;
    unsigned seed = 1;
    while (!atomic_load(&s->done)) {
        atomic_fetch_add(&s->wrong, !read_state(s->store));
        seed = seed * 1664525 + 1013904223; /* a wild reference must never hurt */
        const kf_node *n = kf_store_node(s->store, seed & ~7u, KF_NODE_ANY, 0);
        atomic_fetch_add(&s->wrong, n && n->size < sizeof *n);
        atomic_fetch_add(&s->looked, 1);
    }
    return NULL;
}

static bool write_state(kf_store *store, int64_t serial, kf_ref list[LIST])
{
    item it = {.serial = serial};
    it.filler[0] = serial;
    it.filler[FILLER - 1] = -serial;
    memmove(list + 1, list, (LIST - 1) * sizeof *list);
    kf_node_desc desc = {.kind = 17, .payload = &it, .payload_size = sizeof it};
    if (kf_store_append(store, &desc, &list[0], NULL) != KF_OK) {
        return false;
    }
    kf_ref root;
    desc = (kf_node_desc){.kind = 16, .refs = list, .ref_count = LIST};
    return kf_store_append(store, &desc, &root, NULL) == KF_OK &&
           kf_store_commit(store, &(kf_commit){.root = root, .label = "edit"}, NULL, NULL) == KF_OK &&
           (serial % 10 || kf_store_set_head(store, kf_store_undo_target(store), NULL) == KF_OK);
}

/* Readers of s->store while `work` writes it. */
static void with_readers(shared *s, void (*work)(shared *s))
{
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++) {
        REQUIRE(kf_thread_start(&threads[i], "reader", reader, s, NULL) == KF_OK);
    }
    int64_t until = kf_clock_ns() + INT64_C(20000000000);
    work(s);
    while (atomic_load(&s->looked) < 1000 && kf_clock_ns() < until) {
        sched_yield();
    }
    atomic_store(&s->done, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
    }
    CHECK_INT(atomic_load(&s->wrong), 0);
    CHECK(atomic_load(&s->looked) >= 1000);
}

static void write_many(shared *s)
{
    kf_ref list[LIST] = {0};
    int64_t written = 0, verified = 0;
    for (int i = 1; i <= COMMITS; i++) {
        written += write_state(s->store, i, list);
        verified += i % 500 == 0 && kf_store_verify(s->store, NULL, NULL) == KF_OK;
    }
    CHECK_INT(written, COMMITS);
    CHECK_INT(verified, COMMITS / 500);
}

TEST(readers_see_whole_states)
{
    shared s = {0};
    REQUIRE(kf_store_create_memory(NULL, &s.store, NULL) == KF_OK);
    with_readers(&s, write_many);
    kf_store_unref(s.store);
}

/* Here memory gives way to the file under the readers. */
TEST(readers_of_a_file)
{
    shared s = {0};
    s.store = create_or_fail(scratch("readers.kerf"), &(kf_store_params){.flush_ms = 1});
    REQUIRE(s.store);
    with_readers(&s, write_many);
    kf_store_unref(s.store);
    s = (shared){.store = open_or_fail(scratch("readers.kerf"), NULL)};
    REQUIRE(s.store);
    with_readers(&s, write_many); /* where nodes are checked when first met */
    kf_store_unref(s.store);
}

static void *open_again_and_again(void *arg)
{
    shared *s = arg;
    while (!atomic_load(&s->done)) {
        kf_store *store = NULL;
        kf_error err = {0};
        kf_status status = kf_store_open_file(s->path, &(kf_store_params){.read_only = true}, &store, &err);
        if (status != KF_OK || !read_state(store) || kf_store_refresh(store, NULL, NULL) != KF_OK ||
            !read_state(store) || kf_store_damage(store, NULL)) {
            atomic_fetch_add(&s->wrong, 1);
            printf("# %s\n", err.message);
        }
        kf_store_unref(store);
        atomic_fetch_add(&s->looked, 1);
    }
    return NULL;
}

/* By any moment of its flushing. */
TEST(a_file_opens_while_it_is_written)
{
    shared s = {.path = scratch("opened.kerf")};
    s.store = create_or_fail(s.path, &(kf_store_params){.flush_ms = 1});
    REQUIRE(s.store);
    CHECK_INT(kf_store_sync(s.store, NULL), KF_OK);
    pthread_t thread;
    REQUIRE(kf_thread_start(&thread, "opener", open_again_and_again, &s, NULL) == KF_OK);
    int64_t until = kf_clock_ns() + INT64_C(10000000000);
    kf_ref list[LIST] = {0};
    int64_t i = 0, written = 0;
    for (i = 1; i <= COMMITS || (atomic_load(&s.looked) < 300 && kf_clock_ns() < until); i++) {
        written += write_state(s.store, i, list);
        if (i % 20 == 0) {
            CHECK_INT(kf_store_sync(s.store, NULL), KF_OK);
        }
    }
    atomic_store(&s.done, true);
    pthread_join(thread, NULL);
    CHECK_INT(written, i - 1);
    CHECK_INT(atomic_load(&s.wrong), 0);
    kf_store_unref(s.store);
}

static void *compact(void *arg)
{
    return (void *)(intptr_t)kf_compact_run(arg, NULL);
}

static void write_and_compact(shared *s)
{
    kf_ref list[LIST] = {0};
    kf_compact *c = NULL;
    kf_store *fresh = NULL;
    pthread_t thread;
    void *status = NULL;
    REQUIRE(kf_compact_begin(s->store, &(kf_compact_params){.keep_history = true}, &c, NULL) == KF_OK);
    REQUIRE(kf_thread_start(&thread, "compact", compact, c, NULL) == KF_OK);
    int64_t written = 0;
    for (int i = 1; i <= COMMITS; i++) {
        written += write_state(s->store, i, list);
    }
    pthread_join(thread, &status);
    CHECK_INT((intptr_t)status, KF_OK);
    CHECK_INT(written, COMMITS);
    CHECK_INT(kf_compact_finish(c, &fresh, NULL), KF_OK);
    kf_compact_destroy(c);
    CHECK(fresh && read_state(fresh));
    CHECK_INT(fresh ? kf_store_verify(fresh, NULL, NULL) : -1, KF_OK);
    kf_store_unref(fresh);
}

/* Of the old store, whose file is replaced under them. */
TEST(readers_during_compaction)
{
    shared s = {0};
    s.store = create_or_fail(scratch("compacted.kerf"), &(kf_store_params){.flush_ms = 1});
    REQUIRE(s.store);
    kf_ref list[LIST] = {0};
    for (int i = 1; i <= COMMITS; i++) {
        REQUIRE(write_state(s.store, i, list));
    }
    with_readers(&s, write_and_compact);
    CHECK(read_state(s.store));
    kf_store_unref(s.store);
}

int main(void)
{
    if (!scratch_make()) {
        return 1;
    }
    RUN(readers_see_whole_states);
    RUN(readers_of_a_file);
    RUN(readers_during_compaction);
    RUN(a_file_opens_while_it_is_written);
    scratch_remove();
    return test_end();
}
