/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* MLT at the same work, where it is installed. */
#ifndef KF_BENCH_MODEL_PEER_H
#define KF_BENCH_MODEL_PEER_H

#include <stdint.h>

/* Prints what opening a project of one track with `clips` clips, asking what is at a time, and inserting at its head take. */
void bench_peer(const char *folder, int64_t clips);

#endif
