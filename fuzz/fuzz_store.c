/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* .kerf files: whatever the bytes, opening, verifying, walking, editing, compacting and recovering end, within the
 * file's size, with what is sound or with a message. Its own main, since what it changes are numbers in a binary file:
 * half of the changes are sealed with right checksums, as one who forges a file would.
 *     fuzz_store FILE... | [-n COUNT] [-s SEED] */
#ifdef KF_LIBFUZZER
#define FUZZ_NO_MAIN
#else
#define KF_LIBFUZZER
#endif
#include "fuzz.h"

#include <unistd.h>

#include "store/private.h"

enum { LIMIT = 8 << 20, WALK_MOST = 20000 };

static char folder[200];
static unsigned runs;

/* Everything that can be reached without asking whether it makes sense. */
static void walk(const kf_store *store, kf_ref ref, int *left)
{
    const kf_node *node = kf_store_node(store, ref, KF_NODE_ANY, 0);
    if (!node || --*left < 0) {
        return;
    }
    const unsigned char *payload = kf_node_payload(node);
    size_t size = kf_node_payload_size(node);
    volatile unsigned char last = size ? payload[size - 1] : 0;
    (void)last;
    for (uint32_t i = 0; i < node->ref_count && *left > 0; i++) {
        FUZZ_REQUIRE(kf_node_ref(node, i) < ref); /* so the depth is bounded too */
        walk(store, kf_node_ref(node, i), left);
    }
}

static void edit(kf_store *store)
{
    kf_commit head = {0};
    kf_store_commit_get(store, kf_store_head(store), &head);
    kf_store_point point = kf_store_mark(store);
    kf_ref refs[2] = {head.root, head.parent}, out, commit;
    kf_node_desc desc = {.kind = 20, .refs = refs, .ref_count = 2, .payload = "fuzz", .payload_size = 4};
    if (kf_store_append(store, &desc, &out, NULL) != KF_OK) {
        return;
    }
    if (runs % 2) {
        kf_store_rewind(store, point);
        FUZZ_REQUIRE(kf_store_bytes(store) == point.end);
    } else if (kf_store_commit(store, &(kf_commit){.root = out, .label = "x"}, &commit, NULL) == KF_OK) {
        FUZZ_REQUIRE(kf_store_head(store) == commit && kf_store_undo_target(store) != commit);
    }
    kf_store_mark_saved(store, NULL);
}

static void compact(kf_store *store)
{
    char path[300];
    snprintf(path, sizeof path, "%s/compact.kerf", folder);
    kf_compact *c = NULL;
    kf_store *fresh = NULL;
    kf_compact_params params = {.path = path, .keep_history = runs % 2};
    uint64_t bytes = kf_store_bytes(store);
    if (kf_compact_begin(store, &params, &c, NULL) == KF_OK && kf_compact_run(c, NULL) == KF_OK &&
        kf_compact_finish(c, &fresh, NULL) == KF_OK) {
        FUZZ_REQUIRE(kf_store_verify(fresh, NULL, NULL) == KF_OK);
        FUZZ_REQUIRE(kf_store_bytes(fresh) <= bytes + 4096);
    }
    kf_compact_destroy(c);
    kf_store_unref(fresh);
    unlink(path);
}

static void look(kf_store *store)
{
    kf_store_report report;
    kf_error err = {0};
    kf_status status = kf_store_verify(store, &report, &err);
    FUZZ_REQUIRE(status == KF_OK || (status == KF_ERR_PARSE && err.message[0]));
    kf_commit commit;
    int left = WALK_MOST;
    for (kf_ref at = kf_store_head(store); left > 0 && kf_store_commit_get(store, at, &commit); at = commit.parent) {
        FUZZ_REQUIRE(strlen(commit.label) < kf_store_bytes(store));
        walk(store, commit.root, &left);
        left--;
    }
    kf_store_undo_target(store);
    kf_store_redo_target(store);
    if (kf_store_commit_get(store, kf_store_head(store), &commit)) {
        bool whole = kf_store_verify_tree(store, commit.root, NULL, &err) == KF_OK;
        FUZZ_REQUIRE(whole || err.message[0]);
    }
}

static void in_memory(const char *bytes, size_t length)
{
    kf_store *store = NULL;
    kf_error err = {0};
    kf_status status = kf_store_open_memory(bytes, length, &(kf_store_params){.limit = LIMIT}, &store, &err);
    FUZZ_REQUIRE((status == KF_OK) == (store != NULL) && (status == KF_OK || err.message[0]));
    if (store) {
        look(store);
        for (kf_ref ref = 0; ref < kf_store_bytes(store) + 64; ref += 4) {
            kf_store_node(store, ref, KF_NODE_ANY, 0);
        }
        edit(store);
        if (runs % 64 == 1) {
            compact(store);
        }
    }
    kf_store_unref(store);
}

static void on_file(const char *bytes, size_t length)
{
    char path[300], saved[300];
    snprintf(path, sizeof path, "%s/fuzz.kerf", folder);
    snprintf(saved, sizeof saved, "%s/saved.kerf", folder);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) {
        return;
    }
    kf_store *store = NULL;
    kf_store_params params = {.read_only = runs % 3 != 0, .limit = LIMIT};
    if (kf_store_recover(path, saved, NULL, NULL, NULL) == KF_OK) {
        FUZZ_REQUIRE(kf_store_open_file(saved, NULL, &store, NULL) == KF_OK);
        FUZZ_REQUIRE(kf_store_verify(store, NULL, NULL) == KF_OK);
        kf_store_unref(store);
        store = NULL;
    }
    unlink(saved);
    if (kf_store_open_file(path, &params, &store, NULL) == KF_OK) {
        look(store);
        kf_store_refresh(store, NULL, NULL);
        edit(store);
        kf_store_sync(store, NULL);
    }
    kf_store_unref(store);
    unlink(path);
}

static void fuzz_one(const char *bytes, size_t length)
{
    if (!folder[0]) {
        snprintf(folder, sizeof folder, "%s/kerf-fuzz-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
        FUZZ_REQUIRE(mkdtemp(folder));
    }
    runs++;
    if (length > LIMIT / 2) {
        return;
    }
    in_memory(bytes, length);
    if (runs % 64 == 0) {
        on_file(bytes, length);
    }
}

FUZZ_MAIN(, )

#ifndef FUZZ_NO_MAIN

static uint64_t seed = 1;

static uint32_t roll(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

/* Two branches, a save, shared nodes, payloads of many sizes, and superblocks as a file has them. */
static size_t make_sample(unsigned char **out)
{
    kf_store *store = NULL;
    kf_ref refs[8] = {0};
    FUZZ_REQUIRE(kf_store_create_memory(&(kf_store_params){.limit = 1 << 20}, &store, NULL) == KF_OK);
    for (unsigned i = 0; i < 60; i++) {
        char payload[700];
        memset(payload, (int)i, sizeof payload);
        kf_node_desc desc = {.kind = (uint16_t)(16 + i % 5), .version = 1, .refs = refs, .ref_count = i % 9,
                             .payload = payload, .payload_size = i * i % 700};
        kf_store_append(store, &desc, &refs[i % 8], NULL);
        if (i % 6 == 5) {
            kf_store_commit(store, &(kf_commit){.root = refs[i % 8], .label = "a commit", .time = i}, NULL, NULL);
        }
        if (i == 40 || i == 41) {
            kf_store_set_head(store, kf_store_undo_target(store), NULL);
        }
    }
    kf_store_mark_saved(store, NULL);
    size_t size = kf_store_bytes(store);
    *out = malloc(size + 4096);
    FUZZ_REQUIRE(*out);
    memcpy(*out, kf_store_data(store), size);
    superblock block = {.generation = 7, .state = store_state(store)};
    superblock_seal(&block);
    memcpy(*out + superblock_place(7), &block, sizeof block);
    kf_store_unref(store);
    return size;
}

static void change(unsigned char *bytes, size_t *size)
{
    static const uint64_t odd[] = {0, 1, 7, 8, 16, 24, 4096, 4104, 0xFFFF, UINT32_MAX, UINT64_MAX, 1 << 28,
                                   UINT64_C(1) << 63, 65536};
    size_t nodes = *size > 4096 ? *size - 4096 : 1;
    size_t at = roll(8) ? 4096 + roll((uint32_t)nodes) : roll(2) ? 1024 + roll(64) : roll(4096);
    at = at + 8 < *size ? at : 0;
    uint64_t value = roll(3) ? odd[roll(sizeof odd / sizeof *odd)] : 4096 + roll((uint32_t)nodes) / 8 * 8;
    switch (roll(8)) {
    case 0:
        bytes[at] ^= (unsigned char)(1 << roll(8));
        break;
    case 1:
        bytes[at] = (unsigned char)roll(256);
        break;
    case 2:
        memcpy(bytes + at / 8 * 8, &value, 8);
        break;
    case 3:
        memcpy(bytes + at / 4 * 4, &value, 4);
        break;
    case 4:
        memmove(bytes + at / 8 * 8, bytes + roll((uint32_t)*size) / 8 * 8, 8);
        break;
    case 5:
        *size = roll(20) ? *size : roll((uint32_t)*size);
        break;
    default:
        memcpy(bytes + at / 8 * 8, &value, roll(2) ? 2 : 8);
        break;
    }
}

/* Makes every node from the front, as far as sizes lead, and the superblocks pass their checksums. */
static void seal(unsigned char *bytes, size_t size)
{
    for (uint64_t at = 4096; at + sizeof(kf_node) <= size;) {
        kf_node *node = (kf_node *)(void *)(bytes + at);
        if (!node_fits(node, at, size)) {
            break;
        }
        node->checksum = node_checksum(node, at);
        at += align8(node->size);
    }
    for (int i = 0; i < 2 && size >= 4096; i++) {
        superblock_seal((superblock *)(void *)(bytes + (i ? SUPERBLOCK_SECOND : SUPERBLOCK_FIRST)));
    }
}

static void mutate(long count)
{
    unsigned char *sample;
    size_t whole = make_sample(&sample);
    fuzz_one((const char *)sample, whole);
    for (long i = 0; i < count; i++) {
        size_t size = whole;
        unsigned char *bytes = malloc(whole + 64);
        FUZZ_REQUIRE(bytes);
        memcpy(bytes, sample, whole);
        for (uint32_t n = 1 + roll(3); n > 0 && size > 64; n--) {
            change(bytes, &size);
        }
        if (roll(2)) {
            seal(bytes, size);
        }
        fuzz_one((const char *)bytes, size);
        free(bytes);
    }
    free(sample);
    printf("%ld mutations: nothing broke\n", count);
}

static void run_file(const char *path)
{
    static char bytes[LIMIT];
    FILE *file = fopen(path, "rb");
    FUZZ_REQUIRE(file);
    fuzz_one(bytes, fread(bytes, 1, sizeof bytes, file));
    fclose(file);
}

int main(int argc, char **argv)
{
    long count = getenv("KERF_SOAK") ? 1000000 : 4000;
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (argv[i][1] == 's') {
            seed = (uint64_t)atoll(argv[i + 1]);
        } else {
            count = atol(argv[i + 1]);
        }
    }
    if (i == argc) {
        mutate(count);
    }
    for (; i < argc; i++) {
        run_file(argv[i]);
    }
    if (folder[0]) {
        rmdir(folder);
    }
    return 0;
}
#endif
