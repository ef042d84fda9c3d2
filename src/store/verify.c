/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "store/private.h"

static kf_status damaged(const kf_store *store, kf_store_report *report, kf_ref at, const char *what, kf_error *err)
{
    report->bad = at;
    return store_fail_damaged(store, at, what, err);
}

static kf_status walk_nodes(log_walk *w, const kf_store_watch *watch, kf_store_report *report, kf_error *err)
{
    while (w->at < w->end) {
        const char *flaw = log_step(w);
        if (flaw) {
            return damaged(w->store, report, w->at, flaw, err);
        }
        report->commits = w->last.serial;
        if (++report->nodes % 4096 == 0) {
            kf_status status = watch_step(watch, 0, 1, (double)w->at / (double)w->end, err);
            if (status != KF_OK) {
                return status;
            }
        }
    }
    return KF_OK;
}

kf_status kf_store_verify(const kf_store *store, kf_store_report *report, kf_error *err)
{
    return kf_store_verify_watched(store, NULL, report, err);
}

/* Trusts nothing but the extent: keeps its own map of the starts of nodes. */
kf_status kf_store_verify_watched(const kf_store *store, const kf_store_watch *watch, kf_store_report *report,
                                  kf_error *err)
{
    kf_store_report local;
    report = report ? report : &local;
    log_walk w = {.store = store, .at = KF_STORE_FIRST_NODE, .end = kf_store_bytes(store)};
    *report = (kf_store_report){.bytes = w.end};
    if (!store_header_is_sound(store->nodes.base)) {
        return damaged(store, report, 0, "the header is not that of a Kerf project", err);
    }
    w.starts = kf_alloc_zero((size_t)(w.end / 512 + 1), sizeof *w.starts);
    if (!w.starts) {
        return kf_fail_memory(err);
    }
    kf_status status = walk_nodes(&w, watch, report, err);
    kf_free(w.starts);
    return status;
}

kf_status kf_store_verify_tree(const kf_store *store, kf_ref root, const kf_store_watch *watch, kf_error *err)
{
    reach r;
    if (!reach_init(&r, store)) {
        return kf_fail_memory(err);
    }
    kf_status status = KF_OK;
    if (kf_store_node(store, root, KF_NODE_ANY, 0)) {
        reach_add(&r, root);
        status = reach_sweep(&r, watch, 0, 1, err);
    } else {
        status = store_fail_damaged(store, root, "no sound node starts there", err);
    }
    reach_finish(&r);
    return status;
}
