/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef KF_MEDIA_SWEEP_H
#define KF_MEDIA_SWEEP_H

/* Removes the temporary files that writers of `output` left behind whose processes are gone. */
void kf_media_sweep(const char *output);

#endif
