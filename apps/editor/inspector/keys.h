/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keyframes that are edited as a whole: read, changed, written back as a value. */
#ifndef KERF_EDITOR_INSPECTOR_KEYS_H
#define KERF_EDITOR_INSPECTOR_KEYS_H

#include "targets.h"

typedef GArray KerfKeys; /* kf_key_info, ascending in time */

static inline kf_key_info *kerf_key_at(KerfKeys *keys, int i) { return &g_array_index(keys, kf_key_info, i); }
/* Fills `keys` anew. */
void kerf_keys_read(KerfKeys *keys, KerfTargets *targets, const KerfParam *param);
/* {"keys": [...]}; new. A key that stands where another one was moved to is left out. */
char *kerf_keys_json(KerfKeys *keys, const KerfParam *param, int moved);
/* Index of the key nearest to a time, in a direction: -1 before it, 1 after it; -1 if there is none. */
int kerf_keys_beside(KerfKeys *keys, kf_time time, int direction);
/* First number's value between keys i and i + 1, at a part of the way from 0 to 1. */
double kerf_key_between(const kf_key_info *from, const kf_key_info *to, double part, int number);

#endif
