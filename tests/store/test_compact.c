/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compaction: what can be reached goes over, in the same shape, while editing goes on. */
#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "scratch.h"
#include "store/private.h"

enum { FAN = 6, PAYLOAD = 500 };

/* A tree of which each commit copies one path: the root refers to FAN leaves; a leaf holds the number of the commit
 * that changed it last. */
typedef struct edited {
    kf_ref leaves[FAN];
    int64_t value;
} edited;

static bool edit(kf_store *store, edited *e)
{
    int64_t payload[PAYLOAD / 8] = {0};
    payload[0] = ++e->value;
    payload[PAYLOAD / 8 - 1] = -e->value;
    kf_ref root;
    kf_node_desc leaf = {.kind = 40, .version = 7, .payload = payload, .payload_size = sizeof payload};
    kf_node_desc tree = {.kind = 41, .refs = e->leaves, .ref_count = FAN, .payload = &e->value, .payload_size = 8};
    return kf_store_append(store, &leaf, &e->leaves[e->value % FAN], NULL) == KF_OK &&
           kf_store_append(store, &tree, &root, NULL) == KF_OK &&
           kf_store_commit(store, &(kf_commit){.root = root, .label = "an edit", .time = e->value * 10}, NULL, NULL) ==
               KF_OK;
}

/* Of commits made one on another from the first. */
static bool tree_is_whole(const kf_store *store, kf_ref root)
{
    const kf_node *tree = kf_store_node(store, root, 41, 8);
    int64_t value = tree ? *(const int64_t *)kf_node_payload(tree) : 0;
    int good = 0;
    for (int64_t v = value; tree && v > value - FAN; v--) {
        const kf_node *leaf = kf_store_node(store, kf_node_ref(tree, (uint32_t)((v + FAN) % FAN)), 40, 16);
        const int64_t *numbers = leaf ? kf_node_payload(leaf) : NULL;
        good += v <= 0 ? leaf == NULL : leaf && leaf->version == 7 && numbers[0] == v && numbers[PAYLOAD / 8 - 1] == -v;
    }
    return good == FAN;
}

static int64_t tree_value(const kf_store *store, kf_ref commit)
{
    kf_commit c;
    if (!kf_store_commit_get(store, commit, &c) || !tree_is_whole(store, c.root)) {
        return -1;
    }
    return *(const int64_t *)kf_node_payload(kf_store_node(store, c.root, 41, 8));
}

static kf_store *compact(kf_store *store, const kf_compact_params *params)
{
    kf_compact *c = NULL;
    kf_store *out = NULL;
    kf_error err = {0};
    kf_status status = kf_compact_begin(store, params, &c, &err);
    status = status == KF_OK ? kf_compact_run(c, &err) : status;
    status = status == KF_OK ? kf_compact_finish(c, &out, &err) : status;
    CHECK_MSG(status == KF_OK, "%s", err.message);
    kf_compact_destroy(c);
    return out;
}

static void give_up_nodes(kf_store *store)
{
    static char garbage[3000];
    kf_ref out;
    kf_node_desc desc = {.kind = 50, .payload = garbage, .payload_size = sizeof garbage};
    CHECK_INT(kf_store_append(store, &desc, &out, NULL), KF_OK);
}

TEST(history_goes_over)
{
    const char *path = scratch("history.kerf");
    kf_store *store = create_or_fail(path, NULL);
    REQUIRE(store);
    edited e = {0};
    for (int i = 0; i < 100; i++) {
        give_up_nodes(store);
        REQUIRE(edit(store, &e));
        if (i == 49) {
            CHECK_INT(kf_store_mark_saved(store, NULL), KF_OK);
        }
    }
    for (int i = 0; i < 30; i++) {
        CHECK_INT(kf_store_set_head(store, kf_store_undo_target(store), NULL), KF_OK);
    }
    uint64_t before = kf_store_bytes(store);
    kf_store *fresh = compact(store, &(kf_compact_params){.keep_history = true});
    REQUIRE(fresh);
    CHECK_INT(before - kf_store_bytes(fresh), 100 * (3000 + 16)); /* exactly what nothing refers to */
    CHECK_INT(tree_value(fresh, kf_store_head(fresh)), 70);
    CHECK_INT(tree_value(fresh, kf_store_saved(fresh)), 50);
    CHECK_INT(tree_value(fresh, kf_store_redo_target(fresh)), 71);
    kf_store_report report;
    CHECK_INT(kf_store_verify(fresh, &report, NULL), KF_OK);
    CHECK_INT(report.commits, 100);
    CHECK_INT(report.nodes, 100 * 3 + 30 + 1);
    kf_ref at = kf_store_head(fresh);
    for (int i = 70; i >= 1; i--) {
        kf_commit c;
        REQUIRE(kf_store_commit_get(fresh, at, &c));
        CHECK_INT(tree_value(fresh, at), i);
        CHECK_INT(c.time, i * 10);
        CHECK_STR(c.label, "an edit");
        at = c.parent;
    }
    CHECK_INT(tree_value(store, kf_store_head(store)), 70); /* still there for its readers */
    CHECK(kf_store_replaced(store) && !kf_store_replaced(fresh));
    CHECK(!edit(store, &(edited){0}));
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    kf_store_unref(store);
    commit_value(fresh, 1);
    CHECK_STR(kf_store_path(fresh) + strlen(kf_store_path(fresh)) - 12, "history.kerf");
    kf_store *second = NULL;
    CHECK_INT(kf_store_open_file(path, NULL, &second, NULL), KF_ERR_IO); /* the lock went over too */
    kf_store_unref(fresh);
    CHECK(!file_exists(scratch("history.kerf.lock")) && !file_exists(scratch("history.kerf.compacting")));
    fresh = open_or_fail(path, NULL);
    REQUIRE(fresh);
    CHECK_INT(head_value(fresh), 1);
    CHECK_INT(kf_store_verify(fresh, NULL, NULL), KF_OK);
    kf_store_unref(fresh);
}

TEST(history_can_be_dropped)
{
    for (int undone = 0; undone < 2; undone++) {
        kf_store *store = NULL;
        edited e = {0};
        REQUIRE(kf_store_create_memory(NULL, &store, NULL) == KF_OK);
        for (int i = 1; i <= 60; i++) {
            REQUIRE(edit(store, &e));
            if (i == 40) {
                CHECK_INT(kf_store_save(store, NULL), KF_OK);
            }
        }
        for (int i = 0; undone && i < 50; i++) {
            CHECK_INT(kf_store_set_head(store, kf_store_undo_target(store), NULL), KF_OK);
        }
        const char *path = scratch(undone ? "undone.kerf" : "dropped.kerf");
        kf_store *fresh = compact(store, &(kf_compact_params){.path = path});
        REQUIRE(fresh);
        kf_store_unref(store);
        kf_store_report report;
        CHECK_INT(kf_store_verify(fresh, &report, NULL), KF_OK);
        CHECK_INT(report.commits, 2);
        CHECK_INT(tree_value(fresh, kf_store_head(fresh)), undone ? 10 : 60);
        CHECK_INT(tree_value(fresh, kf_store_saved(fresh)), 40);
        CHECK_INT(tree_value(fresh, undone ? kf_store_redo_target(fresh) : kf_store_undo_target(fresh)), 40);
        CHECK_INT(kf_store_undo_target(fresh) == KF_REF_NONE, undone);
        /* 40 and 60 have no leaf in common, nor have 40 and 10 */
        CHECK_INT(report.nodes, 2 * (FAN + 1) + 2 + 1 + undone);
        kf_store_unref(fresh);
    }
}

TEST(shared_nodes_stay_shared)
{
    kf_store *store = NULL;
    REQUIRE(kf_store_create_memory(NULL, &store, NULL) == KF_OK);
    kf_ref leaf, both[2], root;
    CHECK_INT(kf_store_append(store, &(kf_node_desc){.kind = 60, .payload = "x", .payload_size = 1}, &leaf, NULL), 0);
    for (int i = 0; i < 2; i++) {
        kf_node_desc desc = {.kind = 61, .refs = (kf_ref[]){leaf, leaf, KF_REF_NONE}, .ref_count = 3};
        CHECK_INT(kf_store_append(store, &desc, &both[i], NULL), KF_OK);
    }
    CHECK_INT(kf_store_append(store, &(kf_node_desc){.kind = 62, .refs = both, .ref_count = 2}, &root, NULL), KF_OK);
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = root}, NULL, NULL), KF_OK);
    kf_store *fresh = compact(store, &(kf_compact_params){.path = scratch("shared.kerf")});
    REQUIRE(fresh);
    kf_store_report report;
    CHECK_INT(kf_store_verify(fresh, &report, NULL), KF_OK);
    CHECK_INT(report.nodes, 5);
    kf_commit c;
    REQUIRE(kf_store_commit_get(fresh, kf_store_head(fresh), &c));
    const kf_node *top = kf_store_node(fresh, c.root, 62, 0);
    const kf_node *a = kf_store_node(fresh, kf_node_ref(top, 0), 61, 0);
    const kf_node *b = kf_store_node(fresh, kf_node_ref(top, 1), 61, 0);
    REQUIRE(top && a && b && a != b);
    CHECK(kf_node_ref(a, 0) == kf_node_ref(a, 1) && kf_node_ref(a, 0) == kf_node_ref(b, 0) && a->ref_count == 3);
    CHECK_INT(kf_node_ref(a, 2), KF_REF_NONE);
    kf_store_unref(fresh);
    kf_store_unref(store);
}

typedef struct running {
    kf_compact *compact;
    kf_status status;
    atomic_bool done;
} running;

static void *run(void *arg)
{
    running *r = arg;
    r->status = kf_compact_run(r->compact, NULL);
    atomic_store(&r->done, true);
    return NULL;
}

/* Edits, undo, and a new branch while the copy is made, also on states that it does not keep. */
TEST(edits_made_meanwhile_are_kept)
{
    for (int keep = 0; keep < 2; keep++) {
        kf_store *store = create_or_fail(scratch("meanwhile.kerf"), NULL);
        REQUIRE(store);
        edited e = {0};
        for (int i = 0; i < 3000; i++) {
            REQUIRE(edit(store, &e));
        }
        running r = {0};
        pthread_t thread;
        REQUIRE(kf_compact_begin(store, &(kf_compact_params){.keep_history = keep}, &r.compact, NULL) == KF_OK);
        REQUIRE(kf_thread_start(&thread, "compact", run, &r, NULL) == KF_OK);
        for (int i = 0; i < 20 || (i < 1000 && !atomic_load(&r.done)); i++) {
            CHECK_INT(kf_store_set_head(store, kf_store_undo_target(store), NULL), KF_OK);
        }
        pthread_join(thread, NULL);
        CHECK_INT(r.status, KF_OK);
        int64_t here = tree_value(store, kf_store_head(store));
        CHECK(here <= 2980 && here > 0);
        for (int i = 0; i < 5; i++) {
            CHECK_INT(kf_store_set_head(store, kf_store_redo_target(store), NULL), KF_OK);
        }
        CHECK_INT(kf_store_mark_saved(store, NULL), KF_OK);
        commit_value(store, 77);
        kf_store *fresh = NULL;
        kf_error err = {0};
        CHECK_MSG(kf_compact_finish(r.compact, &fresh, &err) == KF_OK, "%s", err.message);
        REQUIRE(fresh);
        kf_compact_destroy(r.compact);
        kf_store_unref(store);
        kf_store_report report;
        CHECK_INT(kf_store_verify(fresh, &report, NULL), KF_OK);
        CHECK_INT(head_value(fresh), 77);
        CHECK_INT(tree_value(fresh, kf_store_saved(fresh)), here + 5);
        CHECK_INT(kf_store_undo_target(fresh), kf_store_saved(fresh));
        CHECK(keep ? report.commits == 3001 : report.commits < 3000);
        CHECK(!kf_store_damage(fresh, NULL));
        kf_store_unref(fresh);
    }
}

TEST(giving_up_leaves_nothing)
{
    kf_store *store = create_or_fail(scratch("cancel.kerf"), NULL), *fresh = NULL;
    REQUIRE(store);
    edited e = {0};
    for (int i = 0; i < 100; i++) {
        REQUIRE(edit(store, &e));
    }
    kf_compact *c = NULL;
    REQUIRE(kf_compact_begin(store, &(kf_compact_params){0}, &c, NULL) == KF_OK);
    CHECK_INT(kf_compact_finish(c, &fresh, NULL), KF_ERR_INVALID); /* has not run */
    CHECK_INT(kf_compact_run(c, NULL), KF_OK);
    CHECK(file_exists(scratch("cancel.kerf.compacting")));
    kf_compact_destroy(c);
    CHECK(!file_exists(scratch("cancel.kerf.compacting")));
    REQUIRE(edit(store, &e));
    CHECK_INT(tree_value(store, kf_store_head(store)), 101);
    CHECK_INT(kf_store_sync(store, NULL), KF_OK);
    kf_store_unref(store);
    kf_compact_destroy(NULL);
}

static bool stop_half_way(void *ctx, double part)
{
    double *last = ctx;
    bool rising = part >= *last && part <= 1;
    *last = rising ? part : 2;
    return part < 0.5;
}

TEST(cancelled_on_request)
{
    kf_store *store = NULL;
    REQUIRE(kf_store_create_memory(NULL, &store, NULL) == KF_OK);
    edited e = {0};
    for (int i = 0; i < 30000; i++) {
        REQUIRE(edit(store, &e));
    }
    double last = 0;
    kf_compact *c = NULL;
    kf_compact_params params = {.path = scratch("stop.kerf"), .keep_history = true, .watch = {stop_half_way, &last}};
    REQUIRE(kf_compact_begin(store, &params, &c, NULL) == KF_OK);
    kf_error err = {0};
    CHECK_INT(kf_compact_run(c, &err), KF_ERR_CANCELLED);
    CHECK(last >= 0.5 && last <= 1);
    kf_compact_destroy(c);
    CHECK(!file_exists(scratch("stop.kerf")) && !file_exists(scratch("stop.kerf.compacting")) &&
          !file_exists(scratch("stop.kerf.lock")));
    last = 0;
    CHECK_INT(kf_store_verify_watched(store, &(kf_store_watch){stop_half_way, &last}, NULL, &err), KF_ERR_CANCELLED);
    last = 0;
    kf_commit head;
    REQUIRE(kf_store_commit_get(store, kf_store_head(store), &head));
    CHECK_INT(kf_store_verify_tree(store, head.root, NULL, &err), KF_OK);
    CHECK_INT(kf_store_verify_tree(store, head.root + 8, NULL, &err), KF_ERR_PARSE);
    kf_store_unref(store);
}

TEST(where_it_cannot_go)
{
    kf_store *store = create_or_fail(scratch("go.kerf"), NULL), *other = create_or_fail(scratch("held.kerf"), NULL);
    kf_store *memory = NULL;
    REQUIRE(store && other && kf_store_create_memory(NULL, &memory, NULL) == KF_OK);
    commit_value(store, 1);
    kf_compact *c = NULL;
    kf_error err = {0};
    CHECK_INT(kf_compact_begin(memory, &(kf_compact_params){0}, &c, &err), KF_ERR_INVALID);
    CHECK_INT(kf_compact_begin(store, &(kf_compact_params){.path = scratch("held.kerf")}, &c, &err), KF_ERR_IO);
    CHECK(strstr(err.message, "held.kerf is open for writing") != NULL);
    CHECK_INT(kf_compact_begin(store, &(kf_compact_params){.path = scratch("no/way.kerf")}, &c, &err),
              KF_ERR_NOT_FOUND);
    CHECK(c == NULL);
    kf_store_unref(other);
    kf_store *fresh = compact(store, &(kf_compact_params){.path = scratch("held.kerf")}); /* over another file */
    REQUIRE(fresh);
    CHECK_INT(head_value(fresh), 1);
    kf_store_unref(fresh);
    kf_store_unref(store);
    kf_store_unref(memory);
    CHECK(file_exists(scratch("go.kerf")));
}

TEST(fails_cleanly_without_memory)
{
    kf_store *store = NULL;
    REQUIRE(kf_store_create_memory(NULL, &store, NULL) == KF_OK);
    edited e = {0};
    for (int i = 0; i < 200; i++) {
        REQUIRE(edit(store, &e));
    }
    int failures = 0;
    kf_status status = KF_ERR_MEMORY;
    for (uint64_t n = 1; status != KF_OK && n < 200; n++) {
        kf_compact *c = NULL;
        kf_store *fresh = NULL;
        kf_compact_params params = {.path = scratch("low.kerf"), .keep_history = true};
        kf_alloc_fail_from(n);
        status = kf_compact_begin(store, &params, &c, NULL);
        status = status == KF_OK ? kf_compact_run(c, NULL) : status;
        status = status == KF_OK ? kf_compact_finish(c, &fresh, NULL) : status;
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || (status == KF_ERR_MEMORY && !fresh));
        failures += status != KF_OK;
        kf_compact_destroy(c);
        CHECK(!file_exists(scratch("low.kerf.compacting")) && file_exists(scratch("low.kerf")) == (status == KF_OK));
        CHECK(!fresh || tree_value(fresh, kf_store_head(fresh)) == 200);
        kf_store_unref(fresh);
    }
    CHECK_INT(status, KF_OK);
    CHECK(failures > 10);
    kf_store_unref(store);
}

int main(void)
{
    if (!scratch_make()) {
        return 1;
    }
    RUN(history_goes_over);
    RUN(history_can_be_dropped);
    RUN(shared_nodes_stay_shared);
    RUN(edits_made_meanwhile_are_kept);
    RUN(giving_up_leaves_nothing);
    RUN(cancelled_on_request);
    RUN(where_it_cannot_go);
    RUN(fails_cleanly_without_memory);
    scratch_remove();
    return test_end();
}
