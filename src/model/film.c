/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "model/nodes.h"

void kf_film_destroy(kf_film *film)
{
    if (film) {
        kf_store_destroy(film->store);
        kf_free(film);
    }
}

kf_snapshot kf_film_snapshot(const kf_film *film)
{
    kf_commit commit = {0};
    kf_store_commit_get(film->store, kf_store_head(film->store), &commit);
    return (kf_snapshot){.store = film->store, .root = commit.root};
}
