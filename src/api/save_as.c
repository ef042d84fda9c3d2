/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Projects from other editors' films, untitled ones, and where they are saved. */
#include <string.h>
#include <unistd.h>

#include "api/films.h"
#include "api/projects.h"
#include "base/api/alloc.h"

/* ---- Untitled projects ---- */

static kf_status untitled_folder(char **out, kf_error *error)
{
    return kf_folder_of_user("XDG_DATA_HOME", ".local/share", "untitled", out, error);
}

kf_status project_untitled_path(kf_str *out, kf_error *error)
{
    char *folder;
    kf_status status = untitled_folder(&folder, error);
    if (status != KF_OK) {
        return status;
    }
    for (int i = 1; i < 100000; i++) {
        out->length = 0;
        kf_str_addf(out, "%s/Untitled %d.kerf", folder, i);
        if (out->failed || access(out->data, F_OK) != 0) {
            break;
        }
    }
    kf_free(folder);
    return out->failed ? kf_fail_memory(error) : KF_OK;
}

bool kf_project_untitled(const kf_project *p)
{
    char *untitled, *folder = kf_path_folder(p->path);
    if (!folder || untitled_folder(&untitled, NULL) != KF_OK) {
        kf_free(folder);
        return false;
    }
    const bool same = strcmp(untitled, folder) == 0;
    kf_free(untitled);
    kf_free(folder);
    return same;
}

/* ---- Importing ---- */

static kf_status import_to(const char *path, const char *target, kf_error *error)
{
    char *folder = kf_path_folder(target);
    kf_film_source source = {.path = path, .load = {.media = kf_engine_media_facts, .target = folder}};
    kf_film *film;
    kf_status status = folder ? kf_film_read_file(&source, NULL, NULL, &film, error) : kf_fail_memory(error);
    if (status == KF_OK) {
        status = kf_film_write_project(film, target, error);
        kf_film_destroy(film);
    }
    kf_free(folder);
    return status;
}

kf_status kf_project_import(const char *path, kf_project **out, kf_error *error)
{
    kf_str target = {0};
    *out = NULL;
    kf_status status = project_untitled_path(&target, error);
    status = status == KF_OK ? import_to(path, target.data, error) : status;
    status = status == KF_OK ? kf_project_open(target.data, NULL, out, error) : status;
    kf_str_finish(&target);
    return status;
}

/* ---- Save As ---- */

/* The project's file with its history, at another path; the film goes on there. */
static kf_status move_store(kf_project *p, const char *path, kf_error *error)
{
    const kf_compact_params params = {.path = path, .keep_history = true};
    kf_compact *compact;
    kf_store *store;
    kf_status status = kf_compact_begin(kf_film_store(p->film), &params, &compact, error);
    if (status != KF_OK) {
        return status;
    }
    status = kf_compact_run(compact, error);
    status = status == KF_OK ? kf_compact_finish(compact, &store, error) : status;
    kf_compact_destroy(compact);
    if (status == KF_OK) {
        kf_film_set_store(p->film, store);
    }
    return status;
}

static void put_path(kf_str *out, const char *id, const char *path)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_begin_object(&w);
    kf_json_put_string(&w, "op", "set_asset");
    kf_json_put_string(&w, "asset", id);
    kf_json_key(&w, "set");
    kf_json_begin_object(&w);
    kf_json_put_string(&w, "path", path);
    kf_json_end_object(&w);
    kf_json_end_object(&w);
    kf_str_add(out, "\n");
}

/* Assets whose paths are from the folder of the film lead to the same files from another one. */
static kf_status rebase_assets(kf_project *p, const char *from, const char *to, kf_error *error)
{
    const kf_snapshot snapshot = kf_film_snapshot(p->film);
    kf_asset_view asset;
    kf_str script = {0};
    for (int32_t i = 0; kf_asset_at(snapshot, i, &asset); i++) {
        char *path = asset.path[0] && asset.path[0] != '/' ? kf_path_rebase(asset.path, from, to) : NULL;
        if (path && strcmp(path, asset.path) != 0) {
            put_path(&script, asset.id, path);
        }
        kf_free(path);
    }
    const kf_edit_script edit = {.text = script.data, .length = script.length, .label = "Save As"};
    kf_status status = script.failed   ? kf_fail_memory(error)
                       : script.length ? kf_project_apply(p, &edit, NULL, error)
                                       : KF_OK;
    kf_str_finish(&script);
    return status;
}

static kf_status bind_folder(kf_project *p, const char *folder, kf_error *error)
{
    const kf_film_load load = project_film_load(p, folder);
    return kf_film_bind(p->film, &load, error);
}

kf_status kf_project_save_as(kf_project *p, const char *path, kf_error *error)
{
    kf_status status = project_check_history(p, error);
    if (status != KF_OK) {
        return status;
    }
    char *before = kf_strdup(p->path), *copy = kf_strdup(path), *from = kf_path_folder(p->path), *to = kf_path_folder(path);
    const bool untitled = kf_project_untitled(p);
    status = before && copy && from && to ? move_store(p, path, error) : kf_fail_memory(error);
    if (status == KF_OK) {
        kf_free(p->path);
        p->path = copy;
        copy = NULL;
        status = bind_folder(p, to, error);
        status = status == KF_OK && strcmp(from, to) != 0 ? rebase_assets(p, from, to, error) : status;
        status = status == KF_OK ? kf_project_save(p, error) : status;
        if (status == KF_OK && untitled) {
            unlink(before);
        }
    }
    kf_free(before);
    kf_free(copy);
    kf_free(from);
    kf_free(to);
    return status;
}
