/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/films.h"

#include <string.h>
#include <strings.h>

#include "base/api/alloc.h"

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
    kf_status status = kf_file_read(source->path, KF_FILM_BYTES_MAX, &bytes, &length, err);
    if (status == KF_OK) {
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
