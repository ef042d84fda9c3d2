/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder for files of the moment, in $TMPDIR or /tmp. What processes left there that were killed goes within hours. */
#ifndef KF_ENGINE_SCRATCH_H
#define KF_ENGINE_SCRATCH_H

#include "base/api/status.h"

typedef struct kf_scratch {
    char *folder;
    int lock;                /* of the folder, held while it is in use */
} kf_scratch;
kf_status kf_scratch_open(kf_scratch *scratch, kf_error *err);
/* Removes it with its files. {0} is fine. */
void kf_scratch_close(kf_scratch *scratch);

#endif
