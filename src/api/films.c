/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/films.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/api/alloc.h"
#include "model/api/edit.h"

kf_status kf_film_read_bytes(const char *bytes, size_t length, const kf_interchange *format,
                             const kf_film_source *source, kf_report *report, kf_film **out, kf_error *err)
{
    if (!format) {
        return kf_film_load_json(bytes, length, &source->load, out, err);
    }
    if (!format->import) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: %s can be written, not read", source->load.name, format->label);
    }
    kf_str film = {0};
    kf_import_params params = {bytes, length, source->load.name, source->rate};
    kf_status status = format->import(&params, &film, report, err);
    if (status == KF_OK) {
        status = kf_film_load_json(film.data, film.length, &source->load, out, err);
    }
    kf_str_finish(&film);
    return status;
}

/* By name, else by content, else by extension; NULL: JSON. */
static kf_status find_format(const kf_film_source *source, const char *bytes, size_t length,
                             const kf_interchange **out, kf_error *err)
{
    *out = NULL;
    if (source->format && strcasecmp(source->format, "json") == 0) {
        return KF_OK;
    }
    if (source->format) {
        *out = kf_interchange_find(source->format);
        return *out ? KF_OK : kf_fail(err, KF_ERR_INVALID, "there is no format \"%.60s\"", source->format);
    }
    const char *extension = kf_path_extension(source->path);
    *out = kf_interchange_sniff(bytes, length);
    if (!*out && strcasecmp(extension, "json") != 0) {
        *out = kf_interchange_find(extension);
    }
    return KF_OK;
}

/* A .kerf file that does not begin like a film in JSON is a damaged project: its own reader says what to do. */
bool kf_is_project(const char *path)
{
    static const char magic[] = {'K', 'E', 'R', 'F', '\r', '\n', 0x1a, '\n'};
    char first[sizeof magic] = {0};
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    size_t n = fread(first, 1, sizeof first, file);
    bool unread = ferror(file) != 0;
    fclose(file);
    return (n == sizeof first && memcmp(first, magic, sizeof magic) == 0) ||
           (!unread && strcasecmp(kf_path_extension(path), "kerf") == 0 && first[0] != '{');
}

/* The film's present state as one that lies in another folder. */
static kf_status move_film(const kf_film_source *source, kf_film **film, kf_error *err)
{
    kf_str text = {0};
    kf_film *moved = NULL;
    kf_status status = kf_film_write_json(kf_film_snapshot(*film), &text, err);
    if (status == KF_OK) {
        status = kf_film_load_json(text.data, text.length, &source->load, &moved, err);
    }
    kf_str_finish(&text);
    kf_film_destroy(*film);
    *film = moved;
    return status;
}

static bool moves(const kf_film_load *load)
{
    char *path = load->target ? kf_path_rebase("x", load->folder, load->target) : NULL;
    bool changed = path && strcmp(path, "x") != 0;
    kf_free(path);
    return changed;
}

/* Renders and conversions must not meet damage on their way. */
static kf_status read_project(const kf_film_source *source, kf_film **out, kf_error *err)
{
    kf_store *store;
    kf_store_params params = {.read_only = true};
    kf_status status = kf_store_open_file(source->path, &params, &store, err);
    if (status != KF_OK) {
        return status;
    }
    status = kf_film_open_store(store, &source->load, out, err);
    if (status != KF_OK) {
        kf_store_unref(store);
        return status;
    }
    status = kf_store_verify_tree(store, kf_film_snapshot(*out).root, NULL, err);
    if (status != KF_OK) {
        kf_film_destroy(*out);
        *out = NULL;
    } else if (moves(&source->load)) {
        status = move_film(source, out, err);
    }
    return status;
}

kf_status kf_film_read_file(const kf_film_source *source, const kf_interchange **format, kf_report *report,
                            kf_film **out, kf_error *err)
{
    char *bytes, *folder = kf_path_folder(source->path);
    size_t length;
    const kf_interchange *found = NULL;
    kf_film_source s = *source;
    if (!folder) {
        return kf_fail_memory(err);
    }
    s.load.folder = s.load.folder ? s.load.folder : folder;
    s.load.name = s.load.name ? s.load.name : kf_path_name(source->path);
    bool project = kf_is_project(source->path);
    kf_status status = project ? read_project(&s, out, err)
                               : kf_file_read(source->path, KF_FILM_BYTES_MAX, &bytes, &length, err);
    if (status == KF_OK && !project) {
        status = find_format(&s, bytes, length, &found, err);
        if (status == KF_OK) {
            status = kf_film_read_bytes(bytes, length, found, &s, report, out, err);
        }
        kf_free(bytes);
    }
    kf_free(folder);
    if (format) {
        *format = found;
    }
    return status;
}

kf_status kf_film_write_project(kf_film *film, const char *path, kf_error *err)
{
    const kf_compact_params params = {.path = path, .keep_history = true};
    kf_compact *compact;
    kf_store *store;
    kf_status status = kf_compact_begin(kf_film_store(film), &params, &compact, err);
    if (status != KF_OK) {
        return status;
    }
    status = kf_compact_run(compact, err);
    status = status == KF_OK ? kf_compact_finish(compact, &store, err) : status;
    kf_compact_destroy(compact);
    if (status == KF_OK) {
        kf_store_unref(store);
    }
    return status;
}
