/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "model/api/edit.h"
#include "model/edit/index.h"

void kf_film_destroy(kf_film *film)
{
    if (film) {
        index_destroy(film->index);
        kf_free(film->folder);
        kf_store_unref(film->store);
        kf_free(film);
    }
}

kf_status kf_film_open_store(kf_store *store, const kf_film_load *load, kf_film **out, kf_error *err)
{
    kf_film *film = KF_NEW(kf_film);
    if (!film) {
        return kf_fail_memory(err);
    }
    film->store = store;
    kf_project_view project;
    kf_status status = load ? kf_film_bind(film, load, err) : KF_OK;
    if (status == KF_OK && !kf_project_get(kf_film_snapshot(film), &project)) {
        const char *name = load && load->name ? load->name : "the file";
        status = kf_fail(err, KF_ERR_PARSE, "%s holds no film, or its last state is damaged: kerf recover saves what can be saved",
                         name);
    }
    if (status != KF_OK) {
        film->store = NULL;
        kf_film_destroy(film);
        return status;
    }
    *out = film;
    return KF_OK;
}

kf_status kf_film_pin(const kf_film *film, kf_film **out, kf_error *err)
{
    kf_film *pinned = KF_NEW(kf_film);
    const kf_film_load load = {.folder = film->folder};
    if (!pinned) {
        return kf_fail_memory(err);
    }
    kf_status status = kf_film_bind(pinned, &load, err);
    if (status != KF_OK) {
        kf_free(pinned);
        return status;
    }
    pinned->store = kf_store_ref(film->store);
    pinned->pinned = kf_film_snapshot(film).root;
    *out = pinned;
    return KF_OK;
}

kf_status kf_film_pin_state(const kf_film *film, uint64_t serial, kf_film **out, kf_error *err)
{
    kf_commit commit;
    kf_ref ref = kf_store_commit_before(film->store, KF_REF_NONE);
    while (kf_store_commit_get(film->store, ref, &commit) && commit.serial != serial) {
        ref = kf_store_commit_before(film->store, ref);
    }
    if (ref == KF_REF_NONE) {
        return kf_fail(err, KF_ERR_NOT_FOUND, "there is no state %llu in the history; kerf log --all lists them",
                       (unsigned long long)serial);
    }
    kf_status status = kf_film_pin(film, out, err);
    if (status == KF_OK) {
        (*out)->pinned = commit.root;
    }
    return status;
}

void kf_film_set_store(kf_film *film, kf_store *store)
{
    index_destroy(film->index);
    film->index = NULL;
    kf_store_unref(film->store);
    film->store = store;
}

kf_snapshot kf_film_snapshot(const kf_film *film)
{
    kf_commit commit = {.root = film->pinned};
    if (film->pinned == KF_REF_NONE) {
        kf_store_commit_get(film->store, kf_store_head(film->store), &commit);
    }
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
