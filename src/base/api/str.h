/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* String builder and text helpers. Not thread-safe; distinct builders are independent. */
#ifndef KF_BASE_STR_H
#define KF_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "kerf/base.h"

/* Zero-initialise to start. `data` is NUL-terminated once anything was added. A failed allocation sets `failed` and
 * later appends do nothing; check once at the end. */
typedef struct kf_str {
    char *data;
    size_t length, capacity;
    bool failed;
} kf_str;
void kf_str_add(kf_str *s, const char *text);
void kf_str_add_n(kf_str *s, const void *bytes, size_t length);
void kf_str_addf(kf_str *s, const char *format, ...) KF_PRINTF(2, 3);
void kf_str_finish(kf_str *s);

/* Value of a hexadecimal digit, -1 if it is none. */
int kf_hex_digit(char c);

/* True if bytes are well-formed UTF-8 (no overlong forms, surrogates, or values past U+10FFFF). */
bool kf_utf8_valid(const char *bytes, size_t length);
/* Length of the longest well-formed UTF-8 prefix. */
size_t kf_utf8_prefix(const char *bytes, size_t length);

/* The best match of `word` among `candidates` for a did-you-mean, or NULL if none is close (Damerau-Levenshtein, at
 * most a third of the length, ignoring case). */
const char *kf_closest(const char *word, const char *const *candidates, size_t count);

/* Joins a folder and a relative path; an absolute `path` is returned as it is. New string, kf_free. */
char *kf_path_join(const char *folder, const char *path);
/* A path that is relative to folder `from`, as it is relative to folder `to` (both absolute, or from the current folder;
 * "" and "." are that). An absolute one stays. No links are followed. New string, kf_free; NULL: out of memory. */
char *kf_path_rebase(const char *path, const char *from, const char *to);
/* The folder of a path ("." if none). New string, kf_free. */
char *kf_path_folder(const char *path);
/* Pointer into path: the part after the last '/'. */
const char *kf_path_name(const char *path);
/* Pointer into path: the extension without its dot, "" if none. */
const char *kf_path_extension(const char *path);

/* Makes a folder and those above it, for the user alone; fine if it is there. */
kf_status kf_folder_make(const char *path, kf_error *err);
/* A folder of the user's for Kerf, made if need be: "$variable/kerf/name", or "~/fallback/kerf/name" where that is not
 * set (XDG_DATA_HOME and ".local/share", XDG_STATE_HOME and ".local/state", ...). New string, kf_free. KF_ERR_NOT_FOUND:
 * there is no HOME either. */
kf_status kf_folder_of_user(const char *variable, const char *fallback, const char *name, char **out, kf_error *err);

/* Reads a whole file of at most `limit` bytes; *out is NUL-terminated (kf_free), *length without the NUL. */
kf_status kf_file_read(const char *path, size_t limit, char **out, size_t *length, kf_error *err);
/* Writes beside `path` and renames, so that readers see the old file or the whole new one. */
kf_status kf_file_write_atomic(const char *path, const void *bytes, size_t length, kf_error *err);

#endif
