/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/api/store.h"
#include "test.h"

static kf_ref node(kf_store *store, int64_t value)
{
    kf_ref out = KF_REF_NONE;
    kf_node_desc desc = {.kind = 16, .payload = &value, .payload_size = sizeof value};
    CHECK_INT(kf_store_append(store, &desc, &out, NULL), KF_OK);
    return out;
}

static kf_ref commit(kf_store *store, const char *label, int64_t value)
{
    kf_ref out = KF_REF_NONE;
    kf_error err = {0};
    kf_status status = kf_store_commit(
        store, &(kf_commit){.root = node(store, value), .label = label, .time = value * 1000}, &out, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    return out;
}

static int64_t head_value(const kf_store *store)
{
    kf_commit head;
    if (!kf_store_commit_get(store, kf_store_head(store), &head)) {
        return -1;
    }
    const kf_node *n = kf_store_node(store, head.root, 16, sizeof(int64_t));
    return n ? *(const int64_t *)kf_node_payload(n) : -2;
}

static bool undo(kf_store *store)
{
    kf_ref target = kf_store_undo_target(store);
    return target != KF_REF_NONE && kf_store_set_head(store, target, NULL) == KF_OK;
}

static bool redo(kf_store *store)
{
    kf_ref target = kf_store_redo_target(store);
    return target != KF_REF_NONE && kf_store_set_head(store, target, NULL) == KF_OK;
}

static kf_store *make(void)
{
    kf_store *store = NULL;
    CHECK_INT(kf_store_create_memory(&(kf_store_params){.limit = 64 << 20}, &store, NULL), KF_OK);
    return store;
}

TEST(commits_form_a_chain)
{
    kf_store *store = make();
    REQUIRE(store);
    CHECK_INT(kf_store_head(store), KF_REF_NONE);
    CHECK_INT(kf_store_undo_target(store), KF_REF_NONE);
    CHECK_INT(kf_store_redo_target(store), KF_REF_NONE);
    kf_ref refs[20];
    for (int i = 0; i < 20; i++) {
        char label[32];
        snprintf(label, sizeof label, "edit %d", i);
        refs[i] = commit(store, label, i);
        CHECK_INT(kf_store_head(store), refs[i]);
    }
    kf_ref at = kf_store_head(store);
    for (int i = 19; i >= 0; i--) {
        kf_commit c;
        char label[32];
        snprintf(label, sizeof label, "edit %d", i);
        REQUIRE(kf_store_commit_get(store, at, &c));
        CHECK_STR(c.label, label);
        CHECK_INT(c.time, i * 1000);
        CHECK_INT(c.serial, i + 1);
        CHECK_INT(c.parent, i ? refs[i - 1] : KF_REF_NONE);
        at = c.parent;
    }
    kf_store_report report;
    CHECK_INT(kf_store_verify(store, &report, NULL), KF_OK);
    CHECK_INT(report.nodes, 40);
    CHECK_INT(report.commits, 20);
    kf_store_unref(store);
}

TEST(undo_and_redo_move_the_head)
{
    kf_store *store = make();
    REQUIRE(store);
    for (int i = 1; i <= 200; i++) {
        commit(store, "x", i);
    }
    kf_ref top = kf_store_head(store);
    for (int i = 199; i >= 1; i--) {
        REQUIRE(undo(store));
        CHECK_INT(head_value(store), i);
    }
    CHECK(!undo(store));
    for (int i = 2; i <= 200; i++) {
        REQUIRE(redo(store));
        CHECK_INT(head_value(store), i);
    }
    CHECK(!redo(store));
    CHECK_INT(kf_store_head(store), top);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(a_new_branch_keeps_the_old_one)
{
    kf_store *store = make();
    REQUIRE(store);
    commit(store, "a", 1);
    kf_ref a = kf_store_head(store), b = commit(store, "b", 2), c = commit(store, "c", 3);
    CHECK(undo(store));
    kf_ref d = commit(store, "d", 4);
    CHECK_INT(kf_store_undo_target(store), b);
    CHECK_INT(kf_store_commit_before(store, KF_REF_NONE), d);
    CHECK_INT(kf_store_commit_before(store, d), c);
    CHECK_INT(kf_store_commit_before(store, b), a);
    CHECK_INT(kf_store_commit_before(store, a), KF_REF_NONE);
    CHECK_INT(kf_store_commit_before(store, a - 24), KF_REF_NONE); /* no commit */
    CHECK(!redo(store));
    CHECK(undo(store));
    CHECK_INT(kf_store_redo_target(store), d);
    CHECK_INT(kf_store_set_head(store, c, NULL), KF_OK); /* a jump back to the old branch */
    CHECK_INT(head_value(store), 3);
    CHECK(undo(store));
    CHECK_INT(kf_store_redo_target(store), c); /* redo follows where one came from */
    CHECK(redo(store));
    CHECK_INT(head_value(store), 3);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(bad_commits_are_refused)
{
    kf_store *store = make();
    REQUIRE(store);
    kf_ref root = node(store, 1), out = 9;
    kf_error err = {0};
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = root + 8}, &out, &err), KF_ERR_INVALID);
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = KF_REF_NONE}, &out, &err), KF_ERR_INVALID);
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = root, .label = "\xFF"}, &out, &err), KF_ERR_INVALID);
    char label[1002];
    memset(label, 'l', 1001);
    label[1001] = '\0';
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = root, .label = label}, &out, &err), KF_ERR_INVALID);
    CHECK_INT(out, 9);
    CHECK_INT(kf_store_head(store), KF_REF_NONE);
    CHECK_INT(kf_store_set_head(store, root, &err), KF_ERR_INVALID);
    CHECK_INT(kf_store_set_head(store, KF_REF_NONE, &err), KF_ERR_INVALID);
    label[1000] = '\0';
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = root, .label = label}, &out, &err), KF_OK);
    CHECK_INT(kf_store_commit(store, &(kf_commit){.root = root}, NULL, &err), KF_OK);
    kf_commit c;
    CHECK(kf_store_commit_get(store, kf_store_head(store), &c) && c.label[0] == '\0');
    CHECK(!kf_store_commit_get(store, root, &c));
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

TEST(a_full_store_keeps_its_head)
{
    kf_store *store = NULL;
    REQUIRE(kf_store_create_memory(&(kf_store_params){.limit = 64 << 10}, &store, NULL) == KF_OK);
    kf_ref root = node(store, 1), last = KF_REF_NONE, out;
    kf_error err = {0};
    while (kf_store_commit(store, &(kf_commit){.root = root, .label = "fill"}, &out, &err) == KF_OK) {
        last = out;
    }
    CHECK_INT(err.status, KF_ERR_MEMORY);
    CHECK_INT(kf_store_head(store), last);
    kf_commit c;
    CHECK(kf_store_commit_get(store, last, &c) && c.root == root);
    CHECK_INT(kf_store_verify(store, NULL, NULL), KF_OK);
    kf_store_unref(store);
}

int main(void)
{
    RUN(commits_form_a_chain);
    RUN(undo_and_redo_move_the_head);
    RUN(a_new_branch_keeps_the_old_one);
    RUN(bad_commits_are_refused);
    RUN(a_full_store_keeps_its_head);
    return test_end();
}
