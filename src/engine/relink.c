/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding files for assets whose own are not there. Folders are walked once; of their files, those are kept that have the
 * name or the size of a wanted one; each wanted one then takes its best among them. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "engine/api/engine.h"
#include "base/api/hash.h"

enum { MOST_FILES = 2000000, DEEPEST = 64 };

typedef struct wanted {
    kf_asset_view asset;
    const char *path;        /* as the film has it, or the asset's name */
    const char *name;        /* its last part */
} wanted;

typedef struct candidate {
    char *path;
    int64_t bytes;
    dev_t device;            /* with inode: which file it is, whatever the path */
    ino_t inode;
    uint64_t hash;
    bool hashed, readable;
} candidate;

typedef struct relinking {
    const kf_film *film;
    kf_error *err;
    wanted *list;            /* sorted by name */
    int64_t *sizes;          /* sorted */
    size_t count, capacity, size_count, looked_at;
    candidate *found;
    size_t found_count, found_capacity;
} relinking;

/* ---- What is wanted ---- */

/* Films may come from other systems: both slashes part names. */
static const char *last_name(const char *path)
{
    const char *name = path;
    for (const char *c = path; *c; c++) {
        name = *c == '/' || *c == '\\' ? c + 1 : name;
    }
    return name;
}

static bool is_missing(const kf_film *film, const kf_asset_view *asset)
{
    char *file = kf_path_join(kf_film_folder(film), asset->path);
    bool numbered = strchr(asset->path, '%') != NULL;
    bool missing = asset->offline || (!numbered && (!file || access(file, R_OK) != 0));
    kf_free(file);
    return missing;
}

static int by_name(const void *a, const void *b)
{
    return strcasecmp(((const wanted *)a)->name, ((const wanted *)b)->name);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static kf_status add_wanted(relinking *r, const kf_asset_view *asset)
{
    void *list = r->list;
    const char *path = *asset->path ? asset->path : asset->name;
    if (!*last_name(path)) {
        return KF_OK;
    }
    if (kf_grow(&list, &r->capacity, r->count + 1, sizeof *r->list) != 0) {
        return kf_fail_memory(r->err);
    }
    r->list = list;
    r->list[r->count++] = (wanted){*asset, path, last_name(path)};
    return KF_OK;
}

static kf_status gather_wanted(relinking *r)
{
    kf_asset_view asset;
    kf_status status = KF_OK;
    for (int32_t i = 0; status == KF_OK && kf_asset_at(kf_film_snapshot(r->film), i, &asset); i++) {
        status = is_missing(r->film, &asset) ? add_wanted(r, &asset) : KF_OK;
    }
    r->sizes = kf_alloc_zero(r->count + 1, sizeof *r->sizes);
    if (status != KF_OK || !r->sizes) {
        return status == KF_OK ? kf_fail_memory(r->err) : status;
    }
    for (size_t i = 0; i < r->count; i++) {
        if (r->list[i].asset.media.has_hash && r->list[i].asset.media.bytes > 0) {
            r->sizes[r->size_count++] = r->list[i].asset.media.bytes;
        }
    }
    if (r->count > 0) {
        qsort(r->list, r->count, sizeof *r->list, by_name);
        qsort(r->sizes, r->size_count, sizeof *r->sizes, by_size);
    }
    return KF_OK;
}

/* ---- What there is ---- */

static kf_status add_found(relinking *r, const char *path, const struct stat *st)
{
    void *found = r->found;
    char *copy = kf_strdup(path);
    if (!copy || kf_grow(&found, &r->found_capacity, r->found_count + 1, sizeof *r->found) != 0) {
        kf_free(copy);
        return kf_fail_memory(r->err);
    }
    r->found = found;
    r->found[r->found_count++] = (candidate){.path = copy, .bytes = st->st_size, .device = st->st_dev,
                                                .inode = st->st_ino};
    return KF_OK;
}

static kf_status look_at_file(relinking *r, const char *path, const struct stat *st)
{
    int64_t bytes = st->st_size;
    wanted key = {.name = kf_path_name(path)};
    if (++r->looked_at > MOST_FILES) {
        return kf_fail(r->err, KF_ERR_INVALID, "there are more than %d files to look through: name smaller folders",
                       MOST_FILES);
    }
    bool kept = bsearch(&key, r->list, r->count, sizeof key, by_name) ||
                bsearch(&bytes, r->sizes, r->size_count, sizeof bytes, by_size);
    return kept ? add_found(r, path, st) : KF_OK;
}

static kf_status walk(relinking *r, const char *folder, int depth);

/* Files, and folders that are no links; nothing whose name begins with a dot. */
static kf_status look_at(relinking *r, const char *folder, const char *name, int depth)
{
    struct stat st;
    char *path = name[0] == '.' ? NULL : kf_path_join(folder, name);
    kf_status status = KF_OK;
    if (name[0] != '.' && !path) {
        return kf_fail_memory(r->err);
    }
    if (path && lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        status = depth < DEEPEST ? walk(r, path, depth + 1) : KF_OK;
    } else if (path && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
        status = look_at_file(r, path, &st);
    }
    kf_free(path);
    return status;
}

static kf_status walk(relinking *r, const char *folder, int depth)
{
    DIR *dir = opendir(folder);
    kf_status status = KF_OK;
    if (!dir) {
        return depth > 0 ? KF_OK : kf_fail(r->err, KF_ERR_NOT_FOUND, "%s: this folder cannot be read", folder);
    }
    for (struct dirent *entry; status == KF_OK && (entry = readdir(dir));) {
        status = look_at(r, folder, entry->d_name, depth);
    }
    closedir(dir);
    return status;
}

/* ---- What fits ---- */

static bool hash_of(candidate *c, uint64_t *out)
{
    static const size_t block = 1 << 20;
    FILE *file = c->hashed ? NULL : fopen(c->path, "rb");
    void *bytes = file ? kf_alloc(block) : NULL;
    if (bytes) {
        kf_hasher h;
        kf_hasher_init(&h);
        for (size_t n; (n = fread(bytes, 1, block, file)) > 0;) {
            kf_hasher_add(&h, bytes, n);
        }
        c->readable = !ferror(file);
        c->hash = kf_hasher_end(&h);
    }
    c->hashed = true;
    if (file) {
        fclose(file);
    }
    kf_free(bytes);
    *out = c->hash;
    return c->readable;
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* How many names at their ends are the same. */
static int same_tail(const char *a, const char *b)
{
    size_t i = strlen(a), k = strlen(b);
    int names = 0;
    while (i > 0 && k > 0 && (a[i - 1] == b[k - 1] || (is_slash(a[i - 1]) && is_slash(b[k - 1])))) {
        names += is_slash(a[i - 1]);
        i--;
        k--;
    }
    return names + (i == 0 && (k == 0 || is_slash(b[k - 1])));
}

enum { UNFIT = -1, BY_NAME = 0, BY_SIZE = 1000, BY_HASH = 2000 };

/* The content decides where it is known; else the name, with the size where that is known. *near: it has the name. */
static int fitness(const wanted *w, candidate *c, bool *near)
{
    const kf_media_known *m = &w->asset.media;
    bool name = strcasecmp(kf_path_name(c->path), w->name) == 0;
    bool size = m->bytes > 0 && m->bytes == c->bytes;
    uint64_t hash;
    *near = *near || name;
    if ((m->bytes > 0 && !size) || (!name && !(size && m->has_hash))) {
        return UNFIT;
    }
    if (m->has_hash && !(hash_of(c, &hash) && hash == m->hash)) {
        return UNFIT;
    }
    return (m->has_hash ? BY_HASH : size ? BY_SIZE : BY_NAME) + same_tail(w->path, c->path);
}

static bool is_same_file(const candidate *a, const candidate *b)
{
    return a->device == b->device && a->inode == b->inode;
}

typedef struct choice {
    const candidate *best, *other; /* other: fits as well, and may be another file */
    int fitness;
    bool near;
} choice;

static choice choose(relinking *r, const wanted *w)
{
    choice c = {.fitness = UNFIT};
    for (size_t i = 0; i < r->found_count; i++) {
        int fit = fitness(w, &r->found[i], &c.near);
        if (fit > c.fitness) {
            c = (choice){&r->found[i], NULL, fit, true};
        } else if (fit == c.fitness && fit != UNFIT && fit < BY_HASH && !is_same_file(&r->found[i], c.best)) {
            c.other = &r->found[i];
        }
    }
    return c;
}

/* ---- What comes of it ---- */

static kf_status write_edit(const relinking *r, const wanted *w, const char *path, kf_str *script)
{
    kf_json_writer jw = {.out = script, .compact = true};
    char *mine = kf_path_rebase(path, "", kf_film_folder(r->film));
    if (!mine) {
        return kf_fail_memory(r->err);
    }
    kf_json_begin_object(&jw);
    kf_json_put_string(&jw, "op", "set_asset");
    kf_json_put_string(&jw, "asset", w->asset.id);
    kf_json_key(&jw, "set");
    kf_json_begin_object(&jw);
    kf_json_put_string(&jw, "path", mine);
    kf_json_end_object(&jw);
    kf_json_end_object(&jw);
    kf_str_add(script, "\n");
    kf_free(mine);
    return script->failed ? kf_fail_memory(r->err) : KF_OK;
}

static kf_status settle(relinking *r, const wanted *w, kf_str *script, kf_str *report)
{
    choice c = choose(r, w);
    const char *id = w->asset.id;
    if (!c.best) {
        kf_str_addf(report, "%s: not found%s\n", id, c.near ? "; what has its name is another file, by size or content" : "");
        return KF_OK;
    }
    if (c.other) {
        kf_str_addf(report, "%s: found more than once, left alone: %s, %s\n", id, c.best->path, c.other->path);
        return KF_OK;
    }
    kf_str_addf(report, "%s: %s (same %s)\n", id, c.best->path,
                c.fitness >= BY_HASH ? "content" : c.fitness >= BY_SIZE ? "name and size" : "name");
    return write_edit(r, w, c.best->path, script);
}

static void finish(relinking *r)
{
    for (size_t i = 0; i < r->found_count; i++) {
        kf_free(r->found[i].path);
    }
    kf_free(r->found);
    kf_free(r->list);
    kf_free(r->sizes);
}

kf_status kf_engine_relink(const kf_film *film, const kf_relink_params *params, kf_str *script, kf_str *report,
                           kf_error *err)
{
    relinking r = {.film = film, .err = err};
    kf_status status = gather_wanted(&r);
    for (int32_t i = 0; i < params->folder_count && status == KF_OK && r.count > 0; i++) {
        status = walk(&r, params->folders[i], 0);
    }
    for (size_t i = 0; i < r.count && status == KF_OK; i++) {
        status = settle(&r, &r.list[i], script, report);
    }
    if (status == KF_OK && r.count == 0) {
        kf_str_add(report, "nothing is missing\n");
    }
    finish(&r);
    return status == KF_OK && report->failed ? kf_fail_memory(err) : status;
}
