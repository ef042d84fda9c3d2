/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sys/resource.h>

#include "base/api/alloc.h"
#include "store/private.h"
#include "test.h"

static kf_store *make(uint64_t limit)
{
    kf_store *store = NULL;
    kf_error err = {0};
    kf_status status = kf_store_create_memory(limit ? &(kf_store_params){.limit = limit} : NULL, &store, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    return store;
}

static kf_status add(kf_store *store, uint16_t kind, const char *text, const kf_ref *refs, uint32_t count, kf_ref *out)
{
    kf_node_desc desc = {
        .kind = kind, .version = 3, .ref_count = count, .refs = refs, .payload = text, .payload_size = strlen(text)};
    kf_error err = {0};
    kf_status status = kf_store_append(store, &desc, out, &err);
    CHECK(status == KF_OK || (err.status == status && err.message[0]));
    return status;
}

TEST(nodes_read_back)
{
    kf_store *store = make(0);
    REQUIRE(store);
    kf_ref a = 0, b = 0, c = 0;
    CHECK_INT(add(store, 20, "alpha", NULL, 0, &a), KF_OK);
    CHECK_INT(add(store, 21, "", NULL, 0, &b), KF_OK);
    CHECK_INT(add(store, 22, "a longer payload", (kf_ref[]){a, KF_REF_NONE, b}, 3, &c), KF_OK);
    CHECK_INT(a, KF_STORE_FIRST_NODE);
    CHECK_INT(b, a + 24);
    CHECK_INT(c, b + 16);
    CHECK_INT(kf_store_bytes(store), c + 56);
    const kf_node *n = kf_store_node(store, c, 22, 16);
    REQUIRE(n);
    CHECK(n->kind == 22 && n->version == 3 && n->ref_count == 3 && n->size == 56);
    CHECK(kf_node_ref(n, 0) == a && kf_node_ref(n, 1) == KF_REF_NONE && kf_node_ref(n, 2) == b &&
          kf_node_ref(n, 3) == KF_REF_NONE);
    CHECK_INT(kf_node_payload_size(n), 16);
    CHECK(memcmp(kf_node_payload(n), "a longer payload", 16) == 0 && (uintptr_t)kf_node_payload(n) % 8 == 0);
    n = kf_store_node(store, b, KF_NODE_ANY, 0);
    REQUIRE(n);
    CHECK_INT(kf_node_payload_size(n), 0);
    kf_store_unref(store);
    kf_store_unref(NULL);
}

TEST(bad_references_are_refused)
{
    kf_store *store = make(0);
    REQUIRE(store);
    kf_ref a = 0, out = 5;
    add(store, 20, "a node with a payload of forty bytes ....", NULL, 0, &a);
    uint64_t end = kf_store_bytes(store);
    const kf_ref bad[] = {1,
                          8,
                          a + 8,
                          a + 16,
                          a + 1,
                          a - 8,
                          end,
                          end + 8,
                          end - 8,
                          UINT64_MAX,
                          UINT64_MAX - 7,
                          UINT64_C(1) << 63,
                          UINT64_C(64) << 30};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT(add(store, 20, "x", (kf_ref[]){a, bad[i]}, 2, &out), KF_ERR_INVALID);
    }
    for (uint16_t kind = 0; kind < KF_NODE_FIRST_USER; kind++) {
        CHECK_INT(add(store, kind, "x", NULL, 0, &out), KF_ERR_INVALID);
    }
    CHECK_INT(out, 5);
    CHECK_INT(kf_store_bytes(store), end);
    kf_store_unref(store);
}

TEST(any_lookup_is_safe)
{
    kf_store *store = make(0);
    REQUIRE(store);
    kf_ref refs[200];
    /* Payloads that look like nodes, so that only true starts may answer. */
    kf_node fake[4] = {{20, 1, 16, 0, 0}, {20, 1, 16, 0, 0}, {20, 1, UINT32_MAX, UINT32_MAX, 0}, {20, 1, 16, 0, 0}};
    for (int i = 0; i < 200; i++) {
        kf_node_desc desc = {.kind = 20, .payload = fake, .payload_size = sizeof fake - (size_t)(i % 9)};
        REQUIRE(kf_store_append(store, &desc, &refs[i], NULL) == KF_OK);
    }
    uint64_t end = kf_store_bytes(store);
    int found = 0;
    for (kf_ref ref = 0; ref < end + 100; ref++) {
        found += kf_store_node(store, ref, KF_NODE_ANY, 0) != NULL;
    }
    CHECK_INT(found, 200);
    for (int i = 0; i < 200; i++) {
        CHECK(kf_store_node(store, refs[i], 20, 0) != NULL);
    }
    for (int bit = 13; bit < 64; bit++) {
        CHECK(kf_store_node(store, UINT64_C(1) << bit, KF_NODE_ANY, 0) == NULL || (UINT64_C(1) << bit) < end);
        CHECK(kf_store_node(store, 0 - (UINT64_C(1) << bit), KF_NODE_ANY, 0) == NULL);
    }
    CHECK(kf_store_node(store, refs[0], 21, 0) == NULL);
    CHECK(kf_store_node(store, refs[0], 20, 65) == NULL);
    CHECK(kf_store_node(store, refs[0], 20, SIZE_MAX) == NULL);
    CHECK(kf_store_node(store, KF_REF_NONE, KF_NODE_ANY, 0) == NULL);
    kf_store_unref(store);
}

TEST(growth_is_bounded_and_moves_nothing)
{
    kf_store *store = make(8 << 20);
    REQUIRE(store);
    kf_ref first = 0, last = 0;
    REQUIRE(add(store, 20, "first", NULL, 0, &first) == KF_OK);
    const kf_node *pointer = kf_store_node(store, first, 20, 0);
    static char block[10000];
    kf_node_desc desc = {.kind = 21, .payload = block, .payload_size = sizeof block, .refs = &first, .ref_count = 1};
    kf_status status = KF_OK;
    int n = 0;
    kf_error err = {0};
    while ((status = kf_store_append(store, &desc, &last, &err)) == KF_OK && n < 10000) {
        n++;
    }
    CHECK_INT(status, KF_ERR_MEMORY);
    CHECK(strstr(err.message, "limit") != NULL);
    CHECK_INT(n, ((8 << 20) - KF_STORE_FIRST_NODE - 24) / (10000 + 24));
    CHECK(kf_store_bytes(store) <= 8 << 20);
    CHECK(kf_store_node(store, first, 20, 5) == pointer && memcmp(kf_node_payload(pointer), "first", 5) == 0);
    CHECK_INT(add(store, 20, "small ones still fit", NULL, 0, &last), KF_OK);
    CHECK_INT(kf_store_verify(store, NULL, &err), KF_OK);
    kf_store_unref(store);
}

TEST(oversized_nodes_are_refused)
{
    kf_store *store = make(0);
    REQUIRE(store);
    kf_ref out;
    kf_node_desc desc = {.kind = 20, .payload = "", .payload_size = KF_NODE_LARGEST};
    CHECK_INT(kf_store_append(store, &desc, &out, NULL), KF_ERR_MEMORY);
    desc.payload_size = SIZE_MAX;
    CHECK_INT(kf_store_append(store, &desc, &out, NULL), KF_ERR_MEMORY);
    desc = (kf_node_desc){.kind = 20, .ref_count = UINT32_MAX};
    CHECK_INT(kf_store_append(store, &desc, &out, NULL), KF_ERR_MEMORY);
    CHECK_INT(kf_store_bytes(store), KF_STORE_FIRST_NODE);
    kf_store_unref(store);
}

TEST(creation_fails_cleanly)
{
    kf_store *store = NULL;
    kf_error err = {0};
    CHECK_INT(kf_store_create_memory(&(kf_store_params){.limit = 1}, &store, &err), KF_ERR_INVALID);
    CHECK_INT(kf_store_create_memory(&(kf_store_params){.limit = UINT64_MAX}, &store, &err), KF_ERR_INVALID);
    kf_alloc_fail_from(1);
    CHECK_INT(kf_store_create_memory(NULL, &store, &err), KF_ERR_MEMORY);
    kf_alloc_fail_from(0);
    CHECK(store == NULL && err.status == KF_ERR_MEMORY);
}

TEST(little_address_space_will_do)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP("sanitizers need address space themselves");
#else
    struct rlimit before, small = {.rlim_cur = UINT64_C(3) << 30};
    REQUIRE(getrlimit(RLIMIT_AS, &before) == 0);
    small.rlim_max = before.rlim_max;
    REQUIRE(setrlimit(RLIMIT_AS, &small) == 0);
    kf_store *store = NULL, *large = NULL;
    kf_ref out;
    CHECK_INT(kf_store_create_memory(NULL, &store, NULL), KF_OK);
    CHECK(store && add(store, 20, "here", NULL, 0, &out) == KF_OK);
    kf_store_unref(store);
    kf_error err = {0};
    CHECK_INT(kf_store_create_memory(&(kf_store_params){.limit = UINT64_C(8) << 30}, &large, &err), KF_ERR_MEMORY);
    CHECK_MSG(strstr(err.message, "8589934592 bytes") != NULL, "%s", err.message);
    setrlimit(RLIMIT_AS, &before);
#endif
}

static uint32_t crc_by_bits(uint32_t crc, const unsigned char *p, size_t length)
{
    crc = ~crc;
    while (length--) {
        crc ^= *p++;
        for (int k = 0; k < 8; k++) {
            crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
        }
    }
    return ~crc;
}

TEST(crc32c)
{
    unsigned char bytes[600];
    CHECK_INT(kf_crc32c(0, "123456789", 9), 0xE3069283);
    memset(bytes, 0, 32);
    CHECK_INT(kf_crc32c(0, bytes, 32), 0x8A9136AA); /* RFC 3720, B.4 */
    memset(bytes, 0xFF, 32);
    CHECK_INT(kf_crc32c_soft(0, bytes, 32), 0x62A8AB43);
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(i * 151 + (i >> 3));
    }
    for (size_t start = 0; start < 9; start++) {
        for (size_t n = 0; n < sizeof bytes - 9; n++) {
            uint32_t expected = crc_by_bits(7, bytes + start, n);
            REQUIRE(kf_crc32c_soft(7, bytes + start, n) == expected);
            REQUIRE(kf_crc32c(7, bytes + start, n) == expected);
        }
    }
    CHECK(kf_crc32c(kf_crc32c(0, bytes, 100), bytes + 100, 500) == kf_crc32c(0, bytes, 600));
}

int main(void)
{
    RUN(nodes_read_back);
    RUN(bad_references_are_refused);
    RUN(any_lookup_is_safe);
    RUN(growth_is_bounded_and_moves_nothing);
    RUN(oversized_nodes_are_refused);
    RUN(creation_fails_cleanly);
    RUN(little_address_space_will_do);
    RUN(crc32c);
    return test_end();
}
