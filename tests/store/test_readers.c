/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers on other threads while one writer appends; meant to be run under a thread sanitizer too. */
#include <stdatomic.h>

#include "base/api/thread.h"
#include "store/api/store.h"
#include "test.h"

enum { READERS = 4, COMMITS = 3000, LIST = 8 };

typedef struct item {
    int64_t serial;
    int64_t filler[30];
} item;

typedef struct shared {
    kf_store *store;
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
        if (it->serial != newest - i || it->filler[0] != it->serial || it->filler[29] != -it->serial) {
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
    it.filler[29] = -serial;
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

TEST(readers_see_whole_states)
{
    shared s = {0};
    REQUIRE(kf_store_create_memory(NULL, &s.store, NULL) == KF_OK);
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++) {
        REQUIRE(kf_thread_start(&threads[i], "reader", reader, &s, NULL) == KF_OK);
    }
    kf_ref list[LIST] = {0};
    int64_t written = 0, verified = 0, until = kf_clock_ns() + INT64_C(20000000000);
    for (int i = 1; i <= COMMITS; i++) {
        written += write_state(s.store, i, list);
        verified += i % 500 == 0 && kf_store_verify(s.store, NULL, NULL) == KF_OK;
    }
    while (atomic_load(&s.looked) < 1000 && kf_clock_ns() < until) {
        sched_yield();
    }
    atomic_store(&s.done, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
    }
    CHECK_INT(written, COMMITS);
    CHECK_INT(verified, COMMITS / 500);
    CHECK_INT(atomic_load(&s.wrong), 0);
    CHECK(atomic_load(&s.looked) >= 1000);
    kf_store_destroy(s.store);
}

int main(void)
{
    RUN(readers_see_whole_states);
    return test_end();
}
