/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the store costs: a commit, until it is on disk, a look at a node, opening, verifying, compacting and recovering
 * a large file, and the memory for it.   store [FOLDER [MEGABYTES]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/api/thread.h"
#include "store/api/store.h"

enum { NODES = 20, NODE_BYTES = 232, REFS = 32 };

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void print_ns(const char *what, int64_t *ns, size_t count)
{
    qsort(ns, count, sizeof *ns, compare);
    printf("%-44s median %9.3f us, 99%% %9.3f us, most %9.3f us\n", what, (double)ns[count / 2] / 1e3,
           (double)ns[count * 99 / 100] / 1e3, (double)ns[count - 1] / 1e3);
}

static void die(const kf_error *err)
{
    fprintf(stderr, "store: %s\n", err->message);
    exit(1);
}

/* As an edit does: about 5 KiB in 20 nodes, and a commit. */
static void edit(kf_store *store, kf_ref *root)
{
    static const char payload[NODE_BYTES];
    kf_error err = {0};
    for (int i = 0; i < NODES; i++) {
        kf_node_desc desc = {.kind = 20, .refs = root, .ref_count = 1, .payload = payload, .payload_size = NODE_BYTES};
        if (kf_store_append(store, &desc, root, &err) != KF_OK) {
            die(&err);
        }
    }
    if (kf_store_commit(store, &(kf_commit){.root = *root, .label = "Ripple delete"}, NULL, &err) != KF_OK) {
        die(&err);
    }
}

static void commits(kf_store *store, const char *what)
{
    enum { COUNT = 20000 };
    int64_t *ns = calloc(COUNT, sizeof *ns);
    kf_ref root = KF_REF_NONE;
    for (int i = 0; ns && i < COUNT; i++) {
        int64_t start = kf_clock_ns();
        edit(store, &root);
        ns[i] = kf_clock_ns() - start;
    }
    if (ns) {
        print_ns(what, ns, COUNT);
    }
    free(ns);
}

/* From the return of a commit until it is durable, nobody asking for it. */
static void until_on_disk(kf_store *store)
{
    enum { COUNT = 20 };
    int64_t ns[COUNT];
    kf_ref root = KF_REF_NONE;
    for (int i = 0; i < COUNT; i++) {
        kf_store_flush_info info = {.behind = 1};
        edit(store, &root);
        int64_t start = kf_clock_ns();
        while (info.behind > 0) {
            usleep(500);
            kf_store_flush_state(store, &info);
        }
        ns[i] = kf_clock_ns() - start;
    }
    print_ns("a commit on disk", ns, COUNT);
}

/* Of this process, which no file backs. */
static double own_megabytes(void)
{
    char line[200];
    double total = 0, kilobytes;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (sscanf(line, "RssAnon: %lf", &kilobytes) == 1 || sscanf(line, "RssShmem: %lf", &kilobytes) == 1) {
            total += kilobytes / 1024;
        }
    }
    if (status) {
        fclose(status);
    }
    return total;
}

static void print_seconds(const char *what, int64_t start, uint64_t bytes)
{
    double seconds = (double)(kf_clock_ns() - start) / 1e9;
    printf("%-44s %.3f s", what, seconds);
    if (bytes) {
        printf(", %.0f MB/s", (double)bytes / 1e6 / seconds);
    }
    printf("\n");
}

static void whole_file(const char *path)
{
    char other[1100];
    kf_error err = {0};
    kf_store *store = NULL, *fresh = NULL;
    kf_compact *compact = NULL;
    snprintf(other, sizeof other, "%s.other", path);
    if (kf_store_open_file(path, NULL, &store, &err) != KF_OK) {
        die(&err);
    }
    uint64_t bytes = kf_store_bytes(store);
    int64_t start = kf_clock_ns();
    if (kf_store_verify(store, NULL, &err) != KF_OK) {
        die(&err);
    }
    print_seconds("verify", start, bytes);
    start = kf_clock_ns();
    if (kf_store_recover(path, other, NULL, NULL, &err) != KF_OK) {
        die(&err);
    }
    print_seconds("recover to another file, disk included", start, bytes);
    unlink(other);
    start = kf_clock_ns();
    if (kf_compact_begin(store, &(kf_compact_params){.keep_history = true}, &compact, &err) != KF_OK ||
        kf_compact_run(compact, &err) != KF_OK) {
        die(&err);
    }
    print_seconds("compact in the background, disk included", start, bytes);
    start = kf_clock_ns();
    if (kf_compact_finish(compact, &fresh, &err) != KF_OK) {
        die(&err);
    }
    print_seconds("its last step, on the writer's thread", start, 0);
    kf_compact_destroy(compact);
    kf_store_unref(store);
    kf_store_unref(fresh);
}

/* Leaves of about 200 bytes, 32 to an inner node, each of which refers to the one before too; gives the leaves. */
static size_t fill(kf_store *store, uint64_t bytes, kf_ref *leaves, size_t most)
{
    static const char payload[200];
    kf_ref group[REFS + 1], root = KF_REF_NONE;
    size_t count = 0;
    kf_error err = {0};
    while (kf_store_bytes(store) < bytes && count + REFS <= most) {
        for (int i = 0; i < REFS; i++) {
            kf_node_desc leaf = {.kind = 21, .payload = payload, .payload_size = sizeof payload};
            if (kf_store_append(store, &leaf, &group[i], &err) != KF_OK) {
                die(&err);
            }
            leaves[count++] = group[i];
        }
        group[REFS] = root;
        kf_node_desc inner = {.kind = 22, .refs = group, .ref_count = REFS + 1};
        if (kf_store_append(store, &inner, &root, &err) != KF_OK) {
            die(&err);
        }
    }
    if (kf_store_commit(store, &(kf_commit){.root = root}, NULL, &err) != KF_OK ||
        kf_store_sync(store, &err) != KF_OK) {
        die(&err);
    }
    return count;
}

static void look(const kf_store *store, const kf_ref *leaves, size_t count, size_t stride, const char *what)
{
    size_t found = 0, at = 0;
    int64_t start = kf_clock_ns();
    for (size_t i = 0; i < 4000000; i++) {
        found += kf_store_node(store, leaves[at], 21, 100) != NULL;
        at += stride;
        at -= at >= count ? count : 0;
    }
    printf("%-44s %.2f ns%s\n", what, (double)(kf_clock_ns() - start) / 4e6, found == 4000000 ? "" : " (NOT FOUND)");
}

static void openings(const char *path)
{
    enum { COUNT = 200 };
    int64_t open_ns[COUNT], read_ns[COUNT];
    kf_error err = {0};
    for (int i = 0; i < COUNT * 2; i++) {
        kf_store *store;
        kf_commit commit;
        kf_store_params params = {.read_only = i % 2 == 0};
        int64_t start = kf_clock_ns();
        if (kf_store_open_file(path, &params, &store, &err) != KF_OK) {
            die(&err);
        }
        bool good = kf_store_commit_get(store, kf_store_head(store), &commit);
        const kf_node *root = kf_store_node(store, commit.root, 22, 0);
        good = good && root && kf_store_node(store, kf_node_ref(root, 7), 21, 100);
        (i % 2 ? open_ns : read_ns)[i / 2] = kf_clock_ns() - start;
        kf_store_unref(store);
        if (!good) {
            fprintf(stderr, "store: the file does not hold what was written\n");
            exit(1);
        }
    }
    print_ns("open to read and look at a path", read_ns, COUNT);
    print_ns("open to write and look at a path", open_ns, COUNT);
}

int main(int argc, char **argv)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/bench-%ld.kerf", argc > 1 ? argv[1] : "/tmp", (long)getpid());
    uint64_t megabytes = argc > 2 ? (uint64_t)atol(argv[2]) : 250;
    size_t most = (size_t)megabytes * 5000;
    kf_ref *leaves = calloc(most + 1, sizeof *leaves);
    kf_error err = {0};
    kf_store *store = NULL;
    if (!leaves || kf_store_create_memory(NULL, &store, &err) != KF_OK) {
        die(&err);
    }
    commits(store, "commit of 5 KiB in 20 nodes, in memory");
    kf_store_unref(store);
    if (kf_store_create_file(path, NULL, &store, &err) != KF_OK) {
        die(&err);
    }
    commits(store, "commit of 5 KiB in 20 nodes, on a file");
    until_on_disk(store);
    kf_store_unref(store);
    unlink(path);
    if (kf_store_create_file(path, NULL, &store, &err) != KF_OK) {
        die(&err);
    }
    memset(leaves, 1, most * sizeof *leaves);
    double before = own_megabytes();
    size_t count = fill(store, megabytes << 20, leaves, most);
    printf("%-44s %.1f MB\n", "memory for a file just written", own_megabytes() - before);
    look(store, leaves, count < 1000 ? count : 1000, 7, "a checked node, one of 1 000");
    look(store, leaves, count, 7919 * 101 % count, "a checked node, one of all");
    kf_store_unref(store);
    openings(path);
    whole_file(path);
    unlink(path);
    free(leaves);
    return 0;
}
