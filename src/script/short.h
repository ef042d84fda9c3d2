/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short forms of effects, as the SDKs' callers write them: {"brightness": 0.1, "blur": 4}. */
#ifndef KF_SCRIPT_SHORT_H
#define KF_SCRIPT_SHORT_H

#include "base/api/json.h"

/* Whether an item of a list of effects is a short form: an object that has neither "effect" nor "generator". */
bool kf_short_is(const kf_json *item);
/* Writes what a short form stands for as items of the normal form. item is told the catalogue's name of each, before it
 * is written. */
typedef kf_status kf_short_item_fn(void *ctx, const char *effect, kf_error *err);
kf_status kf_short_write(const kf_json *item, kf_json_writer *out, kf_short_item_fn *fn, void *ctx, kf_error *err);
/* How the short form calls a parameter of the catalogue; NULL: as it is. */
const char *kf_short_name(const char *effect, const char *parameter);

#endif
