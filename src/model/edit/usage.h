/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which clips show an asset or a sequence. */
#ifndef KF_MODEL_EDIT_USAGE_H
#define KF_MODEL_EDIT_USAGE_H

#include "model/edit/edit.h"

/* KF_ERR_INVALID with the first clip that shows it, KF_OK if there is none. what: "asset \"a\"", for the message. O(clips of
 * the film). */
kf_status check_unused(kf_edit *e, kf_clip_source source, uint64_t uid, const char *what);

#endif
