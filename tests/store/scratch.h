/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder of the test's own, and small things that tests of stores on files share. */
#ifndef KF_TEST_SCRATCH_H
#define KF_TEST_SCRATCH_H

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/api/store.h"
#include "test.h"

static char scratch_folder[200];

static inline bool scratch_make(void)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%s/kerf-store-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(scratch_folder) != NULL;
}

/* A path in the folder; 32 may be in use at a time. */
static inline const char *scratch(const char *name)
{
    static char paths[32][300];
    static int next;
    char *path = paths[next++ % 32];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, name);
    return path;
}

static inline void scratch_remove(void)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_folder);
    if (system(command) != 0) {
        printf("# cannot remove %s\n", scratch_folder);
    }
}

/* Whether what was not flushed outlives a process here. */
static inline bool tails_are_kept(void)
{
    return access("/dev/shm", W_OK) == 0;
}

static inline bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static inline long file_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

/* Appends a node that holds `value` and commits it. */
static inline kf_ref commit_value(kf_store *store, int64_t value)
{
    kf_ref root = KF_REF_NONE, out = KF_REF_NONE;
    kf_error err = {0};
    kf_node_desc desc = {.kind = 16, .payload = &value, .payload_size = sizeof value};
    CHECK_MSG(kf_store_append(store, &desc, &root, &err) == KF_OK, "%s", err.message);
    kf_status status = kf_store_commit(store, &(kf_commit){.root = root, .label = "edit", .time = value}, &out, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    return out;
}

static inline int64_t value_of(const kf_store *store, kf_ref commit)
{
    kf_commit head;
    if (!kf_store_commit_get(store, commit, &head)) {
        return -1;
    }
    const kf_node *n = kf_store_node(store, head.root, 16, sizeof(int64_t));
    return n ? *(const int64_t *)kf_node_payload(n) : -2;
}

static inline int64_t head_value(const kf_store *store)
{
    return value_of(store, kf_store_head(store));
}

/* Whether the commits before the head count down from `newest` to 1. */
static inline bool history_is_whole(const kf_store *store, int64_t newest)
{
    kf_ref at = kf_store_head(store);
    kf_commit c;
    for (; kf_store_commit_get(store, at, &c) && value_of(store, at) == newest; at = c.parent) {
        newest--;
    }
    return newest == 0 && at == KF_REF_NONE;
}

static inline kf_store *open_or_fail(const char *path, const kf_store_params *params)
{
    kf_store *store = NULL;
    kf_error err = {0};
    kf_status status = kf_store_open_file(path, params, &store, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    return store;
}

static inline kf_store *create_or_fail(const char *path, const kf_store_params *params)
{
    kf_store *store = NULL;
    kf_error err = {0};
    unlink(path);
    kf_status status = kf_store_create_file(path, params, &store, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    return store;
}

#endif
