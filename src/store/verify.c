/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "store/private.h"

static kf_status damaged(kf_store_report *report, kf_ref at, const char *what, kf_error *err)
{
    report->bad = at;
    return kf_fail(err, KF_ERR_PARSE, "the project is damaged at byte %llu: %s", (unsigned long long)at, what);
}

static kf_status walk_nodes(log_walk *w, kf_store_report *report, kf_error *err)
{
    while (w->at < w->end) {
        const char *flaw = log_step(w);
        if (flaw) {
            return damaged(report, w->at, flaw, err);
        }
        report->nodes++;
        report->commits = w->last.serial;
    }
    return KF_OK;
}

/* Trusts nothing but the extent: keeps its own map of the starts of nodes. */
kf_status kf_store_verify(const kf_store *store, kf_store_report *report, kf_error *err)
{
    kf_store_report local;
    report = report ? report : &local;
    log_walk w = {.store = store, .at = KF_STORE_FIRST_NODE, .end = kf_store_bytes(store)};
    *report = (kf_store_report){.bytes = w.end};
    if (!store_header_is_sound(store->nodes.base)) {
        return damaged(report, 0, "the header is not that of a Kerf project", err);
    }
    w.starts = kf_alloc_zero((size_t)(w.end / 512 + 1), sizeof *w.starts);
    if (!w.starts) {
        return kf_fail_memory(err);
    }
    kf_status status = walk_nodes(&w, report, err);
    kf_free(w.starts);
    return status;
}
