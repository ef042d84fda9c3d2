/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "store/private.h"
#include "test.h"

static kf_store *sample(void)
{
    kf_store *store = NULL;
    if (kf_store_create_memory(&(kf_store_params){.limit = 1 << 20}, &store, NULL) != KF_OK) {
        return NULL;
    }
    kf_ref previous = KF_REF_NONE;
    for (int i = 0; i < 30; i++) {
        kf_node_desc desc = {.kind = (uint16_t)(16 + i % 3), .version = 1, .refs = &previous, .ref_count = 1,
                             .payload = "some bytes that vary", .payload_size = (size_t)(i % 20)};
        if (kf_store_append(store, &desc, &previous, NULL) != KF_OK) {
            return NULL;
        }
        if (i % 5 == 4) {
            kf_store_commit(store, &(kf_commit){.root = previous, .label = "five more", .time = i}, NULL, NULL);
        }
        if (i == 17) {
            kf_store_set_head(store, kf_store_undo_target(store), NULL);
        }
    }
    return store;
}

TEST(finds_every_flipped_bit)
{
    kf_store *store = sample();
    REQUIRE(store);
    kf_store_report report;
    REQUIRE(kf_store_verify(store, &report, NULL) == KF_OK);
    CHECK(report.nodes == 37 && report.commits == 6 && report.bad == KF_REF_NONE &&
          report.bytes == kf_store_bytes(store));
    uint64_t end = kf_store_bytes(store);
    int missed = 0;
    for (uint64_t at = 0; at < end; at = at == 63 ? KF_STORE_FIRST_NODE : at + 1) {
        for (int bit = 0; bit < 8; bit++) {
            store->nodes.base[at] ^= (unsigned char)(1 << bit);
            kf_error err = {0};
            missed +=
                kf_store_verify(store, &report, &err) != KF_ERR_PARSE || err.message[0] == '\0' || report.bad > at;
            store->nodes.base[at] ^= (unsigned char)(1 << bit);
        }
    }
    CHECK_INT(missed, 0);
    CHECK_INT(kf_store_verify(store, &report, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(names_the_damaged_node)
{
    kf_store *store = sample();
    REQUIRE(store);
    kf_ref third = KF_STORE_FIRST_NODE + 24 + 32;
    store->nodes.base[third + 20] ^= 1;
    kf_store_report report;
    kf_error err = {0};
    CHECK_INT(kf_store_verify(store, &report, &err), KF_ERR_PARSE);
    CHECK_INT(report.bad, third);
    CHECK_STR(err.message, "the project is damaged at byte 4152: the checksum of a node is wrong");
    kf_store_unref(store);
}

/* Rewrites a node's checksum, as one who forges a file would. */
static void reseal(kf_store *store, kf_ref at)
{
    kf_node *node = (kf_node *)(void *)(store->nodes.base + at);
    node->checksum = node_checksum(node, at);
}

TEST(finds_forged_references)
{
    kf_store *store = sample();
    REQUIRE(store);
    kf_ref second = KF_STORE_FIRST_NODE + 24;
    kf_ref *ref = (kf_ref *)(void *)(store->nodes.base + second + sizeof(kf_node));
    const kf_ref forged[] = {second, second + 8, KF_STORE_FIRST_NODE + 8, 8,
                             3,      UINT64_MAX, UINT64_MAX - 7,          kf_store_bytes(store)};
    kf_ref good = *ref;
    for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
        *ref = forged[i];
        reseal(store, second);
        CHECK_INT(kf_store_verify(store, NULL, NULL), KF_ERR_PARSE);
    }
    *ref = good;
    reseal(store, second);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(a_commit_covers_the_nodes_before_it)
{
    kf_store *store = sample();
    REQUIRE(store);
    store->nodes.base[KF_STORE_FIRST_NODE + 2] ^= 1; /* another version, sealed again */
    reseal(store, KF_STORE_FIRST_NODE);
    kf_error err = {0};
    CHECK_INT(kf_store_verify(store, NULL, &err), KF_ERR_PARSE);
    CHECK(strstr(err.message, "commit does not match") != NULL);
    kf_store_unref(store);
}

TEST(random_damage_ends_well)
{
    kf_store *store = sample();
    REQUIRE(store);
    uint64_t end = kf_store_bytes(store), state = 42;
    unsigned char *copy = malloc(end);
    memcpy(copy, store->nodes.base, end);
    for (int round = 0; round < 20000; round++) {
        uint64_t at = 0;
        for (int k = 0; k < 4; k++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            at = KF_STORE_FIRST_NODE + (state >> 33) % (end - KF_STORE_FIRST_NODE);
            store->nodes.base[at] = (unsigned char)(state >> 20);
        }
        if (round % 2) { /* make one header pass its checksum, so that the checks behind it are reached */
            kf_node *node = (kf_node *)(void *)(store->nodes.base + (at & ~UINT64_C(7)));
            if ((at & ~UINT64_C(7)) + sizeof *node <= end && node->size >= 16 &&
                node->size < end - (at & ~UINT64_C(7)) - 8) {
                reseal(store, at & ~UINT64_C(7));
            }
        }
        kf_store_report report;
        kf_status status = kf_store_verify(store, &report, NULL);
        REQUIRE(status == KF_OK || (status == KF_ERR_PARSE && report.bad < end));
        memcpy(store->nodes.base, copy, end);
    }
    free(copy);
    kf_store_unref(store);
}

TEST(reports_lack_of_memory)
{
    kf_store *store = sample();
    REQUIRE(store);
    kf_error err = {0};
    kf_alloc_fail_from(1);
    CHECK_INT(kf_store_verify(store, NULL, &err), KF_ERR_MEMORY);
    kf_alloc_fail_from(0);
    CHECK_INT(err.status, KF_ERR_MEMORY);
    kf_store_unref(store);
}

int main(void)
{
    RUN(finds_every_flipped_bit);
    RUN(names_the_damaged_node);
    RUN(finds_forged_references);
    RUN(a_commit_covers_the_nodes_before_it);
    RUN(random_damage_ends_well);
    RUN(reports_lack_of_memory);
    return test_end();
}
