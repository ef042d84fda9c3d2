/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors: filled by the function that fails, read by the caller. */
#ifndef KF_BASE_STATUS_H
#define KF_BASE_STATUS_H

#include <stdarg.h>

#include "kerf/base.h"

/* Stores status and a printf-formatted message in *err (borrowed, may be NULL) and returns status, so that a function
 * can end with `return kf_fail(err, KF_ERR_IO, "...")`. Thread-safe for distinct err. */
kf_status kf_fail(kf_error *err, kf_status status, const char *format, ...) KF_PRINTF(3, 4);

/* As kf_fail for a failed system call: appends the text of errno and picks the status from it (ENOENT -> NOT_FOUND,
 * ENOSPC/EDQUOT -> NO_SPACE, ENOMEM -> MEMORY, else IO). */
kf_status kf_fail_errno(kf_error *err, int code, const char *format, ...) KF_PRINTF(3, 4);

/* "out of memory" with KF_ERR_MEMORY. */
kf_status kf_fail_memory(kf_error *err);

/* A short stable name ("parse", "not-found", ...), for JSON reports. Never NULL. */
const char *kf_status_name(kf_status status);

#endif
