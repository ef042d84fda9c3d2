/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The project's lists: any number of members, put in, changed and taken out in any order, against a plain array; and what
 * a change of one of many writes. */
#include "edit_util.h"
#include "model/nodes.h"

enum { MOST = 700 };

static kf_store *store;
static node_build build;
static kf_ref members[MOST];   /* by uid; KF_REF_NONE: not there */

static kf_ref new_member(uint64_t value)
{
    kf_ref ref = KF_REF_NONE;
    kf_error err;
    build_start(&build, 0);
    build_add(&build, &value, sizeof value);
    build_append(&build, store, NODE_ASSET, &ref, &err);
    return ref;
}

static bool is_as_plain(const node_list *list)
{
    int32_t i = 0;
    list_member m;
    for (uint64_t uid = 0; uid < MOST; uid++) {
        if (members[uid] == KF_REF_NONE) {
            if (node_list_index(list, uid) != -1) return false;
            continue;
        }
        if (!node_list_at(list, i, &m) || m.uid != uid || m.ref != members[uid]) return false;
        if (node_list_index(list, uid) != i) return false;
        i++;
    }
    return list->count == i && !node_list_at(list, i, &m) && !node_list_at(list, -1, &m);
}

TEST(lists_are_as_plain_arrays)
{
    kf_error err = {0};
    kf_ref root = KF_REF_NONE;
    uint64_t random = 7;
    REQUIRE(kf_store_create_memory(NULL, &store, &err) == KF_OK);
    for (int n = 0; n < 4000; n++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t uid = (random >> 33) % MOST;
        bool takes = n < 2500 ? (random >> 20) % 4 == 0 : (random >> 20) % 8 != 0;
        node_list before = node_list_open(store, root, NODE_ASSETS);
        members[uid] = takes ? KF_REF_NONE : new_member(uid);
        REQUIRE(node_list_put(&build, store, &before, (list_member){uid, members[uid]}, &root, &err) == KF_OK);
        node_list list = node_list_open(store, root, NODE_ASSETS);
        if (n % 50 == 0 || n > 3900) {
            CHECK(is_as_plain(&list));
        }
    }
    build_finish(&build);
    kf_store_unref(store);
}

/* Whatever the number of assets, a change of one adds at most 16 KiB to the file. */
TEST(a_change_of_one_of_many_is_small)
{
    enum { ASSETS = 5000 };
    kf_str text = {0};
    kf_film *film = NULL;
    kf_str_add(&text, "{\"kerf\":1,\"assets\":{");
    for (int i = 0; i < ASSETS; i++) {
        kf_str_addf(&text, "%s\"a%d\":\"a%d.mp4\"", i ? "," : "", i, i);
    }
    kf_str_add(&text, "},\"sequences\":[{\"tracks\":[{\"clips\":[]}]}]}");
    REQUIRE(load_text(text.data, &film, &edit_error) == KF_OK);
    int64_t before = (int64_t)kf_store_bytes(kf_film_snapshot(film).store);
    EDIT(film, "{'op':'set_asset','asset':'a2500','set':{'name':'x'}}");
    EDIT(film, "{'op':'add_asset','asset':'new','set':{'path':'new.mp4'}}");
    EDIT(film, "{'op':'remove_asset','asset':'a17'}");
    CHECK_MSG((int64_t)kf_store_bytes(kf_film_snapshot(film).store) - before <= 3 * 16384, "%lld bytes",
              (long long)((int64_t)kf_store_bytes(kf_film_snapshot(film).store) - before));
    kf_project_view project;
    kf_asset_view asset;
    REQUIRE(kf_project_get(kf_film_snapshot(film), &project));
    CHECK_INT(project.asset_count, ASSETS);
    CHECK(kf_asset_at(kf_film_snapshot(film), ASSETS - 1, &asset) && !strcmp(asset.id, "new"));
    CHECK_INT(kf_asset_find(kf_film_snapshot(film), "a17"), -1);
    kf_film_destroy(film);
    kf_str_finish(&text);
}

int main(void)
{
    RUN(lists_are_as_plain_arrays);
    RUN(a_change_of_one_of_many_is_small);
    return test_end();
}
