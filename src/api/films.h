/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films in any form, for the files of this room. */
#ifndef KF_API_FILMS_H
#define KF_API_FILMS_H

#include "engine/api/engine.h"
#include "interchange/api/interchange.h"

enum { KF_FILM_BYTES_MAX = 1 << 30 };

struct kf_film_handle {
    kf_film *film;
    char *path;              /* of its file; NULL: none */
};

/* A film read from a file. Borrowed texts; load.media is set by the caller. */
typedef struct kf_film_source {
    const char *path;
    const char *format;      /* NULL: by what the bytes look like, then by the extension */
    kf_rational rate;        /* for forms that do not say theirs */
    kf_film_load load;       /* name and folder NULL: of the path */
} kf_film_source;

/* Whether the file at a path is a .kerf project. */
bool kf_is_project(const char *path);
/* Reads a film's JSON, a .kerf file (as it is now, all of it checked) or any form that interchange knows. *format (may
 * be NULL) is what it was; NULL: JSON or .kerf. */
kf_status kf_film_read_file(const kf_film_source *source, const kf_interchange **format, kf_report *report,
                            kf_film **out, kf_error *err);
/* As kf_film_read_file, of bytes that were read; format NULL: JSON. */
kf_status kf_film_read_bytes(const char *bytes, size_t length, const kf_interchange *format,
                             const kf_film_source *source, kf_report *report, kf_film **out, kf_error *err);

/* Writes a film's store, with its history, to a .kerf file; an older one there is replaced in the end. */
kf_status kf_film_write_project(kf_film *film, const char *path, kf_error *err);

/* Refuses render params that make no sense for any film. */
kf_status kf_check_render_params(const kf_render_params *params, kf_error *error);

#endif
