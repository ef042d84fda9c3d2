/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Films and other files that commands are given. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "kerf/project.h"

char *cli_read_file(const char *path, size_t *length, kf_error *error)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *bytes = NULL;
    size_t capacity = 0, n = 1;
    int failed = file ? 0 : errno;
    *length = 0;
    while (!failed && n > 0) {
        if (capacity - *length < 65536) {
            capacity = capacity * 2 + 65537;
            char *more = realloc(bytes, capacity);
            if (!more) {
                failed = ENOMEM;
                break;
            }
            bytes = more;
        }
        n = fread(bytes + *length, 1, capacity - *length - 1, file);
        failed = ferror(file) ? errno : 0;
        *length += n;
    }
    if (file && file != stdin) fclose(file);
    if (failed) {
        free(bytes);
        bytes = NULL;
        error->status = failed == ENOENT ? KF_ERR_NOT_FOUND : failed == ENOMEM ? KF_ERR_MEMORY : KF_ERR_IO;
        snprintf(error->message, sizeof error->message, "%s: cannot be read: %s", path, strerror(failed));
    }
    return bytes;
}

kf_status cli_open_film(const char *name, kf_film_handle **out, kf_error *error)
{
    const char *hash = strrchr(name, '#');
    char *end = NULL;
    unsigned long long number = hash && hash[1] >= '0' && hash[1] <= '9' ? strtoull(hash + 1, &end, 10) : 0;
    FILE *file = end && !*end ? fopen(name, "rb") : NULL;
    if (file) fclose(file);
    if (!end || *end || file) return kf_film_open(name, out, error);
    char *path = malloc((size_t)(hash - name) + 1);
    if (!path) return kf_film_open(name, out, error);
    memcpy(path, name, (size_t)(hash - name));
    path[hash - name] = '\0';
    kf_status status = kf_film_open_state(path, number, out, error);
    free(path);
    return status;
}
