/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A render must not replace what it reads. */
#include <string.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "engine/api/engine.h"

typedef struct kf_target {
    const char *path;
    bool there;              /* a file of this name exists */
    struct stat is;
} kf_target;

/* Numbered files have no file of their pattern's name: then the folders are the same, and the names. */
static bool same_pattern(const char *a, const char *b)
{
    struct stat x, y;
    if (!strchr(kf_path_name(a), '%') || strcmp(kf_path_name(a), kf_path_name(b)) != 0) return false;
    char *m = kf_path_folder(a), *n = kf_path_folder(b);
    bool same = m && n && stat(m, &x) == 0 && stat(n, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
    kf_free(m);
    kf_free(n);
    return same;
}

static bool is_target(const kf_target *t, const char *path)
{
    struct stat is;
    if (t->there && stat(path, &is) == 0) return is.st_dev == t->is.st_dev && is.st_ino == t->is.st_ino;
    return same_pattern(t->path, path);
}

static bool is_asset(const kf_target *t, const char *folder, const kf_asset_view *asset)
{
    char *file = kf_path_join(folder, asset->path);
    bool is = file && is_target(t, file);
    kf_free(file);
    return is;
}

kf_status kf_engine_check_output(const kf_film *film, const char *film_path, const char *output, kf_error *err)
{
    kf_snapshot s = kf_film_snapshot(film);
    kf_project_view project;
    kf_asset_view asset;
    kf_target t = {.path = output};
    t.there = stat(output, &t.is) == 0;
    if (t.there && !S_ISREG(t.is.st_mode)) return KF_OK;
    if (film_path && is_target(&t, film_path))
        return kf_fail(err, KF_ERR_INVALID, "%s is the film itself; name another file to write", output);
    for (int32_t i = 0; kf_project_get(s, &project) && i < project.asset_count; i++)
        if (kf_asset_at(s, i, &asset) && is_asset(&t, kf_film_folder(film), &asset))
            return kf_fail(err, KF_ERR_INVALID, "%s is asset \"%s\" of the film; name another file to write", output,
                           asset.id);
    return KF_OK;
}
