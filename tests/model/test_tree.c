/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splicing of tracks' trees against a plain array. */
#include "film_util.h"
#include "model/nodes.h"

enum { MOST = 20000 };
static kf_time plain[MOST];
static size_t plain_count;

static void plain_splice(size_t at, size_t remove, const track_item *items, size_t count)
{
    memmove(plain + at + count, plain + at + remove, (plain_count - at - remove) * sizeof *plain);
    for (size_t i = 0; i < count; i++) {
        plain[at + i] = items[i].duration;
    }
    plain_count += count - remove;
}

static bool same(const kf_store *store, kf_ref root, const tree_sum *sum)
{
    kf_track_view track = {.tree = root, .item_count = sum->items, .duration = sum->duration};
    kf_cursor cursor;
    kf_cursor_init(&cursor, (kf_snapshot){.store = store}, &track);
    kf_time start = 0;
    for (size_t i = 0; i < plain_count; i++) {
        if (!kf_cursor_next(&cursor) || cursor.item.duration != plain[i] || cursor.item.start != start ||
            cursor.item.index != (int64_t)i) {
            return false;
        }
        start += plain[i];
    }
    return !kf_cursor_next(&cursor) && sum->items == (int64_t)plain_count && sum->duration == start;
}

/* Every node but the root has at least a few entries, and all leaves lie equally deep. */
static int depth_of(const kf_store *store, kf_ref ref, bool root)
{
    const kf_node *node = kf_store_node(store, ref, KF_NODE_ANY, 0);
    if (!node || node->ref_count > TREE_FANOUT || (!root && node->ref_count < 5)) {
        return -1;
    }
    int depth = 0;
    for (uint32_t i = 0; node->kind == NODE_INNER && i < node->ref_count; i++) {
        int below = depth_of(store, kf_node_ref(node, i), false);
        if (below < 0 || (i > 0 && below + 1 != depth)) {
            return -1;
        }
        depth = below + 1;
    }
    return depth;
}

static void run(uint64_t seed, int steps, size_t largest)
{
    kf_error err;
    kf_store *store;
    REQUIRE(kf_store_create_memory(NULL, &store, &err) == KF_OK);
    kf_ref root = KF_REF_NONE;
    tree_sum sum = {0};
    plain_count = 0;
    static track_item items[3000];
    for (int i = 0; i < steps; i++) {
        size_t count = test_random(&seed) % largest, at = test_random(&seed) % (plain_count + 1);
        size_t remove = test_random(&seed) % largest;
        remove = remove < plain_count - at ? remove : plain_count - at;
        count = plain_count + count - remove < MOST ? count : 0;
        for (size_t k = 0; k < count; k++) {
            items[k] = (track_item){.duration = 1 + test_random(&seed) % 1000, .kind = KF_ITEM_GAP};
        }
        tree_change change = {(int64_t)at, (int64_t)remove, items, count};
        REQUIRE(tree_splice(store, root, &change, &root, &sum, &err) == KF_OK);
        plain_splice(at, remove, items, count);
        REQUIRE(same(store, root, &sum));
        REQUIRE(root == KF_REF_NONE || depth_of(store, root, true) >= 0);
    }
    kf_store_unref(store);
}

TEST(splices_as_an_array_does)
{
    run(1, 4000, 4);
    run(2, 600, 40);
    run(3, 60, 3000);
    run(4, 2000, 3);
}

TEST(copies_one_path)
{
    kf_error err;
    kf_store *store;
    REQUIRE(kf_store_create_memory(NULL, &store, &err) == KF_OK);
    static track_item items[100000];
    for (size_t i = 0; i < 100000; i++) {
        items[i] = (track_item){.duration = 100, .kind = KF_ITEM_GAP};
    }
    kf_ref root;
    tree_sum sum;
    REQUIRE(tree_build(store, items, 100000, &root, &sum, &err) == KF_OK);
    uint64_t before = kf_store_bytes(store);
    tree_change change = {.index = 0, .items = items, .count = 1};
    REQUIRE(tree_splice(store, root, &change, &root, &sum, &err) == KF_OK);
    CHECK(sum.items == 100001 && sum.duration == 10000100);
    CHECK_MSG(kf_store_bytes(store) - before < 6000, "%llu bytes", (unsigned long long)(kf_store_bytes(store) - before));
    kf_store_unref(store);
}

TEST(refuses_a_damaged_tree)
{
    kf_error err;
    kf_store *store;
    REQUIRE(kf_store_create_memory(NULL, &store, &err) == KF_OK);
    kf_node_desc desc = {.kind = NODE_MARKER, .version = 1, .payload = "abcdefgh", .payload_size = 8};
    kf_ref odd, out;
    tree_sum sum;
    REQUIRE(kf_store_append(store, &desc, &odd, &err) == KF_OK);
    tree_change change = {.index = 0, .remove = 1};
    CHECK(tree_splice(store, odd, &change, &out, &sum, &err) == KF_ERR_PARSE);
    CHECK(strstr(err.message, "damaged"));
    kf_store_unref(store);
}

int main(void)
{
    RUN(splices_as_an_array_does);
    RUN(copies_one_path);
    RUN(refuses_a_damaged_tree);
    return test_end();
}
