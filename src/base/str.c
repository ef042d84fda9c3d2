/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/status.h"

/* Room for `extra` more bytes and a NUL. */
static bool reserve(kf_str *s, size_t extra)
{
    if (s->failed) {
        return false;
    }
    void *data = s->data;
    if (extra >= SIZE_MAX - s->length || kf_grow(&data, &s->capacity, s->length + extra + 1, 1) != 0) {
        s->failed = true;
        return false;
    }
    s->data = data;
    return true;
}

void kf_str_add_n(kf_str *s, const void *bytes, size_t length)
{
    if (!reserve(s, length)) {
        return;
    }
    if (length) {
        memcpy(s->data + s->length, bytes, length);
    }
    s->length += length;
    s->data[s->length] = '\0';
}

void kf_str_add(kf_str *s, const char *text)
{
    kf_str_add_n(s, text, strlen(text));
}

void kf_str_addf(kf_str *s, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = s->failed ? 0 : s->capacity - s->length;
    int n = vsnprintf(room ? s->data + s->length : NULL, room, format, args);
    if (n < 0) {
        s->failed = true;
    } else if (!s->failed && (size_t)n < room) {
        s->length += (size_t)n;
    } else if (reserve(s, (size_t)n)) {
        vsnprintf(s->data + s->length, (size_t)n + 1, format, again);
        s->length += (size_t)n;
    } else if (s->data) {
        s->data[s->length] = '\0';
    }
    va_end(again);
    va_end(args);
}

void kf_str_finish(kf_str *s)
{
    kf_free(s->data);
    *s = (kf_str){0};
}

/* Bytes of the well-formed character at p (Unicode 15, table 3-7), or 0. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80) {
        return 1;
    }
    size_t n = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || left < n) {
        return 0;
    }
    unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return n;
}

int kf_hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool kf_utf8_valid(const char *bytes, size_t length)
{
    return kf_utf8_prefix(bytes, length) == length;
}

size_t kf_utf8_prefix(const char *bytes, size_t length)
{
    const unsigned char *p = (const unsigned char *)bytes;
    size_t i = 0;
    while (i < length) {
        uint64_t word;
        while (length - i >= 8 && (memcpy(&word, p + i, 8), (word & UINT64_C(0x8080808080808080)) == 0)) {
            i += 8;
        }
        size_t n = i < length ? utf8_length(p + i, length - i) : 0;
        if (n == 0) {
            break;
        }
        i += n;
    }
    return i;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

enum { CLOSEST_MAX = 64 };

/* Optimal string alignment distance: insertion, deletion, substitution, swap of neighbours. */
static int distance(const char *a, int na, const char *b, int nb)
{
    int rows[3][CLOSEST_MAX + 1];
    for (int j = 0; j <= nb; j++) {
        rows[0][j] = j;
    }
    for (int i = 1; i <= na; i++) {
        int *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= nb; j++) {
            int cost = lower(a[i - 1]) != lower(b[j - 1]);
            now[j] = least(least(up[j] + 1, now[j - 1] + 1), up[j - 1] + cost);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
                now[j] = least(now[j], up2[j - 2] + 1);
            }
        }
    }
    return rows[na % 3][nb];
}

const char *kf_closest(const char *word, const char *const *candidates, size_t count)
{
    size_t length = strlen(word);
    const char *best = NULL;
    int best_distance = INT32_MAX;
    for (size_t i = 0; length <= CLOSEST_MAX && i < count; i++) {
        size_t other = strlen(candidates[i]);
        if (other > CLOSEST_MAX) {
            continue;
        }
        int limit = (int)((length > other ? length : other) / 3);
        int d = distance(word, (int)length, candidates[i], (int)other);
        if (d <= limit && d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}

/* --- paths --- */

char *kf_path_join(const char *folder, const char *path)
{
    if (!folder || !*folder || strcmp(folder, ".") == 0 || path[0] == '/') {
        return kf_strdup(path);
    }
    size_t n = strlen(folder), m = strlen(path);
    bool slash = folder[n - 1] != '/';
    char *out = kf_alloc(n + slash + m + 1);
    if (out) {
        memcpy(out, folder, n);
        out[n] = '/';
        memcpy(out + n + slash, path, m + 1);
    }
    return out;
}

/* Appends the parts of a path to a clean absolute one: "." and ".." are worked in. */
static void add_parts(kf_str *s, const char *path)
{
    while (*path) {
        size_t n = strcspn(path, "/");
        if (n == 2 && path[0] == '.' && path[1] == '.') {
            while (s->length > 0 && s->data[--s->length] != '/') {
            }
        } else if (n > 0 && !(n == 1 && path[0] == '.')) {
            kf_str_add(s, "/");
            kf_str_add_n(s, path, n);
        }
        path += n + (path[n] == '/');
    }
    kf_str_add_n(s, "", 0);
}

static void add_absolute(kf_str *s, const char *folder)
{
    char here[4096];
    if (folder[0] != '/' && getcwd(here, sizeof here)) {
        add_parts(s, here);
    }
    add_parts(s, folder);
}

char *kf_path_rebase(const char *path, const char *from, const char *to)
{
    kf_str source = {0}, target = {0}, out = {0};
    if (path[0] == '/') {
        return kf_strdup(path);
    }
    add_absolute(&source, from ? from : "");
    add_absolute(&target, to ? to : "");
    add_parts(&source, path);
    size_t shared = 0, i = 0;
    if (!source.failed && !target.failed) {
        source.data[source.length] = target.data[target.length] = '\0';
        for (; source.data[i] && source.data[i] == target.data[i]; i++) {
            shared = source.data[i] == '/' ? i : shared;
        }
        bool whole = target.data[i] == '\0' && (source.data[i] == '/' || source.data[i] == '\0');
        shared = whole ? i : shared;
        for (const char *c = target.data + shared; *c; c++) {
            if (*c == '/') {
                kf_str_add(&out, "../");
            }
        }
        kf_str_add(&out, source.data + shared + (source.data[shared] == '/'));
    }
    bool failed = source.failed || target.failed || out.failed;
    kf_str_finish(&source);
    kf_str_finish(&target);
    if (failed) {
        kf_str_finish(&out);
    }
    return out.data;
}

char *kf_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash) {
        return kf_strdup(".");
    }
    size_t n = slash == path ? 1 : (size_t)(slash - path);
    char *out = kf_alloc(n + 1);
    if (out) {
        memcpy(out, path, n);
        out[n] = '\0';
    }
    return out;
}

const char *kf_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *kf_path_extension(const char *path)
{
    const char *name = kf_path_name(path), *dot = strrchr(name, '.');
    return dot && dot != name ? dot + 1 : name + strlen(name);
}

/* --- files --- */

static kf_status read_all(int fd, const char *path, size_t limit, kf_str *text, kf_error *err)
{
    struct stat info;
    size_t step =
        fstat(fd, &info) == 0 && info.st_size > 0 && (uint64_t)info.st_size < limit ? (size_t)info.st_size + 1 : 65536;
    for (;;) {
        size_t room = limit - text->length < step ? limit - text->length + 1 : step;
        if (!reserve(text, room)) {
            return kf_fail(err, KF_ERR_MEMORY, "%s: out of memory while reading", path);
        }
        ssize_t n = read(fd, text->data + text->length, room);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return kf_fail_errno(err, errno, "%s: cannot read", path);
        }
        text->length += (size_t)n;
        text->data[text->length] = '\0';
        if (n == 0) {
            return KF_OK;
        }
        if (text->length > limit) {
            return kf_fail(err, KF_ERR_INVALID, "%s: larger than %zu bytes, the most that is read here", path, limit);
        }
        step = 65536 + text->length;
    }
}

kf_status kf_file_read(const char *path, size_t limit, char **out, size_t *length, kf_error *err)
{
    if (limit > SIZE_MAX / 2) {
        limit = SIZE_MAX / 2;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return kf_fail_errno(err, errno, "%s: cannot open", path);
    }
    kf_str text = {0};
    kf_status status = read_all(fd, path, limit, &text, err);
    close(fd);
    if (status != KF_OK) {
        kf_str_finish(&text);
        return status;
    }
    *out = text.data;
    *length = text.length;
    return KF_OK;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

/* A device or a pipe has no old contents to protect and must not be replaced. */
static kf_status write_special(const char *path, const void *bytes, size_t length, kf_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return kf_fail_errno(err, errno, "%s: cannot open for writing", path);
    }
    int code = write_all(fd, bytes, length);
    if (close(fd) != 0 && code == 0) {
        code = errno;
    }
    return code ? kf_fail_errno(err, code, "%s: cannot write", path) : KF_OK;
}

static void sync_folder(const char *path)
{
    char *folder = kf_path_folder(path);
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    kf_free(folder);
}

/* Opens a new file beside `path`; its name is put into `name`. */
static int open_beside(const char *path, kf_str *name)
{
    for (int i = 0; i < 100; i++) {
        name->length = 0;
        kf_str_addf(name, "%s.%ld-%d.part", path, (long)getpid(), i);
        if (name->failed) {
            errno = ENOMEM;
            return -1;
        }
        int fd = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) {
            return fd;
        }
    }
    return -1;
}

static kf_status replace_file(const char *path, const struct stat *old, const void *bytes, size_t length, kf_error *err)
{
    kf_str part = {0};
    int fd = open_beside(path, &part);
    if (fd < 0) {
        kf_status status = kf_fail_errno(err, errno, "%s: cannot write in its folder", path);
        kf_str_finish(&part);
        return status;
    }
    int code = write_all(fd, bytes, length);
    if (code == 0 && old && fchmod(fd, old->st_mode & 07777) != 0) {
        code = errno;
    }
    if (code == 0 && fsync(fd) != 0 && errno != EINVAL) {
        code = errno;
    }
    if (close(fd) != 0 && code == 0) {
        code = errno;
    }
    if (code == 0 && rename(part.data, path) != 0) {
        code = errno;
    }
    if (code != 0) {
        unlink(part.data);
    } else {
        sync_folder(path);
    }
    kf_str_finish(&part);
    return code ? kf_fail_errno(err, code, "%s: cannot write", path) : KF_OK;
}

kf_status kf_file_write_atomic(const char *path, const void *bytes, size_t length, kf_error *err)
{
    struct stat info;
    bool exists = stat(path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode)) {
        return kf_fail(err, KF_ERR_IO, "%s: is a folder, not a file", path);
    }
    if (exists && !S_ISREG(info.st_mode)) {
        return write_special(path, bytes, length, err);
    }
    char *real = exists ? realpath(path, NULL) : NULL; /* a link stays; its target is replaced */
    kf_status status = replace_file(real ? real : path, exists ? &info : NULL, bytes, length, err);
    free(real);
    return status;
}
