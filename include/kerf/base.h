/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plain data shared by every public header: status codes, errors, time and rates. Only C standard headers are included.
 * Everything here is a value type: safe to copy and to use from any thread. */
#ifndef KERF_BASE_H
#define KERF_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KF_API __attribute__((visibility("default")))
#define KF_PRINTF(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))
#else
#define KF_API
#define KF_PRINTF(fmt_at, args_at)
#endif

/* What went wrong. Values are stable; `kerf` maps each to its own exit code (docs/cli.md). */
typedef enum kf_status {
    KF_OK = 0,
    KF_ERR_USAGE = 1,       /* a call or a command line that makes no sense */
    KF_ERR_PARSE = 2,       /* a file that is not in the form it should have */
    KF_ERR_INVALID = 3,     /* a value out of range, an unknown key, a cycle, an impossible request */
    KF_ERR_NOT_FOUND = 4,   /* a file, folder, stream, asset, font, preset that is not there */
    KF_ERR_MEDIA = 5,       /* media that cannot be read or decoded */
    KF_ERR_RANGE = 6,       /* a source range beyond its media */
    KF_ERR_UNSUPPORTED = 7, /* well-formed, but this build or format cannot carry it */
    KF_ERR_EXISTS = 8,      /* the output is there and overwriting was not asked for */
    KF_ERR_IO = 9,          /* reading or writing failed (permission, a broken disk, ...) */
    KF_ERR_NO_SPACE = 10,   /* the disk is full */
    KF_ERR_MEMORY = 11,     /* an allocation failed or a budget cannot be met */
    KF_ERR_ENCODE = 12,     /* an encoder or muxer refused */
    KF_ERR_CANCELLED = 13,  /* stopped on request */
    KF_ERR_INTERNAL = 14    /* a broken promise inside Kerf */
} kf_status;

/* A status with its message. The message names the file, clip or option, says what is wrong and what to do. */
typedef struct kf_error {
    kf_status status;
    char message[1000];
} kf_error;

/* Time in flicks: 1/705 600 000 s. Range about +-414 years. */
typedef int64_t kf_time;
#define KF_SECOND INT64_C(705600000)
#define KF_TIME_NONE INT64_MIN

/* A positive rate or ratio, in lowest terms; {0, 0} means "not given". */
typedef struct kf_rational {
    int32_t num, den;
} kf_rational;

#ifdef __cplusplus
}
#endif
#endif
