/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "store/private.h"

bool reach_init(reach *r, const kf_store *store)
{
    *r = (reach){.store = store, .end = kf_store_bytes(store)};
    r->bits = kf_alloc_zero((size_t)(r->end / 512 + 1), sizeof *r->bits);
    return r->bits != NULL;
}

void reach_finish(reach *r)
{
    kf_free(r->bits);
    *r = (reach){0};
}

void reach_add(reach *r, kf_ref ref)
{
    if (ref != KF_REF_NONE && ref < r->end && !(r->known && r->known(r->ctx, ref))) {
        r->bits[ref / 512] |= UINT64_C(1) << (ref / 8 % 64);
    }
}

/* Records hold no part of a tree, and through them all of history could be reached. */
static kf_status visit(reach *r, kf_ref ref, kf_error *err)
{
    const kf_node *node = kf_store_node(r->store, ref, KF_NODE_ANY, 0);
    if (!node) {
        return store_fail_damaged(r->store, ref, "no sound node starts there", err);
    }
    if (is_record(node->kind)) {
        r->bits[ref / 512] &= ~(UINT64_C(1) << (ref / 8 % 64));
        return KF_OK;
    }
    for (uint32_t i = 0; i < node->ref_count; i++) {
        reach_add(r, kf_node_refs(node)[i]);
    }
    return KF_OK;
}

static kf_status visit_word(reach *r, uint64_t word, kf_error *err)
{
    uint64_t left = r->bits[word];
    while (left) {
        unsigned bit = 63 - (unsigned)__builtin_clzll(left);
        kf_status status = visit(r, word * 512 + bit * 8, err);
        if (status != KF_OK) {
            return status;
        }
        left = r->bits[word] & ((UINT64_C(1) << bit) - 1); /* the visit may have added some */
    }
    return KF_OK;
}

kf_status reach_sweep(reach *r, const kf_store_watch *watch, double from, double to, kf_error *err)
{
    uint64_t words = r->end / 512 + 1;
    for (uint64_t word = words; word-- > KF_STORE_FIRST_NODE / 512;) {
        kf_status status = r->bits[word] ? visit_word(r, word, err) : KF_OK;
        if (status == KF_OK && word % 4096 == 0) {
            status = watch_step(watch, from, to, 1 - (double)word / (double)words, err);
        }
        if (status != KF_OK) {
            return status;
        }
    }
    return KF_OK;
}

kf_status watch_step(const kf_store_watch *watch, double from, double to, double part, kf_error *err)
{
    if (!watch || !watch->step || watch->step(watch->ctx, from + (to - from) * part)) {
        return KF_OK;
    }
    return kf_fail(err, KF_ERR_CANCELLED, "cancelled");
}
