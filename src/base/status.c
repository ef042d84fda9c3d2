/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Cuts a multi-byte character that truncation left unfinished. */
static void trim_utf8(char *text)
{
    size_t n = strlen(text), back = 0;
    while (back < 4 && back < n && ((unsigned char)text[n - 1 - back] & 0xC0) == 0x80) {
        back++;
    }
    if (back >= n) {
        return;
    }
    unsigned char lead = (unsigned char)text[n - 1 - back];
    size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (back < want) {
        text[n - 1 - back] = '\0';
    }
}

/* Formats aside first: an argument may be err->message itself. */
static void store(kf_error *err, kf_status status, const char *suffix, const char *format, va_list args)
{
    char text[sizeof err->message];
    int n = vsnprintf(text, sizeof text, format, args);
    if (n < 0) {
        text[0] = '\0';
    } else if (suffix && (size_t)n < sizeof text) {
        snprintf(text + n, sizeof text - (size_t)n, ": %s", suffix);
    }
    trim_utf8(text);
    memcpy(err->message, text, strlen(text) + 1);
    err->status = status;
}

kf_status kf_fail(kf_error *err, kf_status status, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        store(err, status, NULL, format, args);
        va_end(args);
    }
    return status;
}

static kf_status status_of_errno(int code)
{
    switch (code) {
    case ENOENT: return KF_ERR_NOT_FOUND;
    case ENOMEM: return KF_ERR_MEMORY;
    case ENOSPC: return KF_ERR_NO_SPACE;
#ifdef EDQUOT
    case EDQUOT: return KF_ERR_NO_SPACE;
#endif
    default: return KF_ERR_IO;
    }
}

kf_status kf_fail_errno(kf_error *err, int code, const char *format, ...)
{
    kf_status status = status_of_errno(code);
    if (err) {
        char reason[128] = "";
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
        const char *text = strerror_r(code, reason, sizeof reason);
#else
        const char *text = strerror_r(code, reason, sizeof reason) == 0 ? reason : "unknown error";
#endif
        va_list args;
        va_start(args, format);
        store(err, status, text, format, args);
        va_end(args);
    }
    return status;
}

kf_status kf_fail_memory(kf_error *err)
{
    return kf_fail(err, KF_ERR_MEMORY, "out of memory");
}

const char *kf_status_name(kf_status status)
{
    static const char *const names[] = {
        [KF_OK] = "ok",
        [KF_ERR_USAGE] = "usage",
        [KF_ERR_PARSE] = "parse",
        [KF_ERR_INVALID] = "invalid",
        [KF_ERR_NOT_FOUND] = "not-found",
        [KF_ERR_MEDIA] = "media",
        [KF_ERR_RANGE] = "range",
        [KF_ERR_UNSUPPORTED] = "unsupported",
        [KF_ERR_EXISTS] = "exists",
        [KF_ERR_IO] = "io",
        [KF_ERR_NO_SPACE] = "no-space",
        [KF_ERR_MEMORY] = "memory",
        [KF_ERR_ENCODE] = "encode",
        [KF_ERR_CANCELLED] = "cancelled",
        [KF_ERR_INTERNAL] = "internal",
    };
    return (unsigned)status < sizeof names / sizeof *names ? names[status] : "unknown";
}
