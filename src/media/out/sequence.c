/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "media/out/internal.h"

#define MAX_DIGITS 12

struct kf_out_sequence {
    char *prefix, *suffix; /* of the file names, around the number; prefix includes the folder */
    int digits;
    bool overwrite;
    char *temp;            /* the temporary folder */
    int lock;              /* the folder, open */
    int64_t count;
};

/* Splits "dir/frame%05d.png"; "%%" stands for a percent sign. */
static bool split_pattern(const char *pattern, kf_str *prefix, kf_str *suffix, int *digits)
{
    kf_str *part = prefix;
    for (const char *c = pattern; *c; c++) {
        if (*c != '%') {
            kf_str_add_n(part, c, 1);
            continue;
        }
        c++;
        if (*c == '%') {
            kf_str_add_n(part, c, 1);
            continue;
        }
        int n = 0;
        while (*c >= '0' && *c <= '9' && n <= MAX_DIGITS) {
            n = n * 10 + (*c++ - '0');
        }
        if (*c != 'd' || n > MAX_DIGITS || part == suffix) {
            return false;
        }
        *digits = n;
        part = suffix;
    }
    return part == suffix && !strchr(suffix->data ? suffix->data : "", '/');
}

static char *final_name(const kf_out_sequence *s, int64_t number)
{
    kf_str name = {0};
    kf_str_addf(&name, "%s%0*lld%s", s->prefix, s->digits, (long long)number, s->suffix);
    if (name.failed) {
        kf_str_finish(&name);
    }
    return name.data;
}

static char *temp_name(const kf_out_sequence *s, int64_t number)
{
    char file[32];
    snprintf(file, sizeof file, "%lld", (long long)number);
    return kf_path_join(s->temp, file);
}

static kf_status make_folder(kf_out_sequence *s, const char *pattern, kf_error *err)
{
    for (int n = 0; n < 1000; n++) {
        s->temp = kf_out_temp_name(pattern, n);
        if (!s->temp) {
            return kf_fail_memory(err);
        }
        bool made = mkdir(s->temp, 0777) == 0;
        int code = made ? EEXIST : errno;
        s->lock = made ? open(s->temp, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (s->lock >= 0 && kf_out_temp_claim(s->lock)) {
            return KF_OK;
        }
        if (s->lock >= 0) {
            close(s->lock);
            s->lock = -1;
        }
        if (made) {
            rmdir(s->temp);
        }
        kf_free(s->temp);
        s->temp = NULL;
        if (code == ENOENT || code == ENOTDIR) {
            return kf_fail(err, KF_ERR_NOT_FOUND, "cannot write %s: its folder does not exist; create it first",
                           pattern);
        }
        if (code != EEXIST) {
            return kf_fail_errno(err, code, "cannot write %s", pattern);
        }
    }
    return kf_fail(err, KF_ERR_IO, "cannot write %s: its folder is full of unfinished .kerf-part folders; remove them",
                   pattern);
}

static kf_status check_free(const kf_out_sequence *s, int64_t number, kf_error *err)
{
    if (s->overwrite) {
        return KF_OK;
    }
    char *name = final_name(s, number);
    kf_status status = !name ? kf_fail_memory(err) : access(name, F_OK) == 0 ? kf_out_exists(name, err) : KF_OK;
    kf_free(name);
    return status;
}

kf_status kf_out_sequence_open(const char *pattern, bool overwrite, kf_out_sequence **out, kf_error *err)
{
    kf_str prefix = {0}, suffix = {0};
    int digits = 0;
    *out = NULL;
    if (!pattern || !split_pattern(pattern, &prefix, &suffix, &digits)) {
        kf_str_finish(&prefix);
        kf_str_finish(&suffix);
        return kf_fail(err, KF_ERR_INVALID,
                       "%s: a picture sequence needs one number in its name, such as out/frame%%05d.png",
                       pattern ? pattern : "output");
    }
    kf_out_sequence *s = KF_NEW(kf_out_sequence);
    if (s) {
        s->lock = -1;
    }
    bool whole = s && !prefix.failed && !suffix.failed;
    if (whole) {
        s->prefix = prefix.data ? prefix.data : kf_strdup("");
        s->suffix = suffix.data ? suffix.data : kf_strdup("");
        s->digits = digits;
        s->overwrite = overwrite;
        whole = s->prefix && s->suffix;
    } else {
        kf_str_finish(&prefix);
        kf_str_finish(&suffix);
    }
    kf_status status = whole ? check_free(s, 1, err) : kf_fail_memory(err);
    status = status ? status : make_folder(s, pattern, err);
    if (status) {
        kf_out_sequence_discard(s);
        return status;
    }
    *out = s;
    return KF_OK;
}

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : EIO;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

kf_status kf_out_sequence_add(kf_out_sequence *s, const uint8_t *bytes, size_t length, kf_error *err)
{
    kf_status status = check_free(s, s->count + 1, err);
    char *name = status ? NULL : temp_name(s, s->count + 1);
    if (!name) {
        return status ? status : kf_fail_memory(err);
    }
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int code = fd < 0 ? errno : 0;
    if (fd >= 0) {
        s->count++;
        code = write_all(fd, bytes, length);
        code = close(fd) != 0 && !code ? errno : code;
    }
    kf_free(name);
    return code ? kf_fail_errno(err, code, "writing picture %lld of %s...%s failed", (long long)s->count, s->prefix,
                                s->suffix)
                : KF_OK;
}

static kf_status sync_files(const kf_out_sequence *s, kf_error *err)
{
    int code = syncfs(s->lock) != 0 ? errno : 0; /* one call for all files */
    return code ? kf_fail_errno(err, code, "writing %s...%s failed", s->prefix, s->suffix) : KF_OK;
}

static kf_status rename_all(const kf_out_sequence *s, kf_error *err)
{
    kf_status status = KF_OK;
    for (int64_t n = 1; !status && n <= s->count; n++) {
        char *from = temp_name(s, n), *to = final_name(s, n);
        status = from && to ? kf_out_rename(from, to, s->overwrite, err) : kf_fail_memory(err);
        kf_free(from);
        kf_free(to);
    }
    return status;
}

kf_status kf_out_sequence_commit(kf_out_sequence *s, kf_error *err)
{
    kf_status status = sync_files(s, err);
    status = status ? status : rename_all(s, err);
    status = status ? status : kf_out_sync_folder(s->prefix, err);
    kf_out_sequence_discard(s);
    return status;
}

void kf_out_sequence_discard(kf_out_sequence *s)
{
    if (!s) {
        return;
    }
    for (int64_t n = 1; s->temp && n <= s->count; n++) {
        char *name = temp_name(s, n);
        if (name) {
            unlink(name); /* gone already where it was renamed */
        }
        kf_free(name);
    }
    if (s->temp) {
        rmdir(s->temp);
    }
    if (s->lock >= 0) {
        close(s->lock);
    }
    kf_free(s->temp);
    kf_free(s->prefix);
    kf_free(s->suffix);
    kf_free(s);
}
