/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "model/api/edit.h"
#include "model/edit/index.h"

void kf_film_destroy(kf_film *film)
{
    if (film) {
        index_destroy(film->index);
        kf_free(film->folder);
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

kf_status kf_film_bind(kf_film *film, const kf_film_load *load, kf_error *err)
{
    char *folder = kf_strdup(load->folder);
    if (load->folder && !folder) {
        return kf_fail_memory(err);
    }
    kf_free(film->folder);
    film->folder = folder;
    film->media = load->media;
    film->media_ctx = load->ctx;
    return KF_OK;
}

const char *kf_film_folder(const kf_film *film)
{
    return film->folder ? film->folder : "";
}
