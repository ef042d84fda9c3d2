/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model room: which sequences contain which. */
#ifndef KF_MODEL_NESTING_H
#define KF_MODEL_NESTING_H

#include "model/api/model.h"

/* Whether clips that show the sequences `inner` (uids) may be put into sequence `outer` (of the film, or new): neither
 * a circle nor more than KF_MODEL_MAX_NESTING levels come of it. KF_ERR_INVALID with a message that names them, or
 * KF_ERR_MEMORY. O(clips of the film); nothing to do if count is 0. */
kf_status check_nesting(kf_snapshot snapshot, uint64_t outer, const uint64_t *inner, size_t count, kf_error *err);

#endif
