/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `set` arguments mean: an object of the film format laid over what is there, as a merge patch (RFC 7396): objects
 * are merged key by key, null takes a key away (its default holds again), all else replaces. */
#ifndef KF_MODEL_MERGE_H
#define KF_MODEL_MERGE_H

#include "model/edit/edit.h"
#include "model/json/writer.h"

/* `set` (NULL: nothing) over what `write` writes of `view`. Free *out with kf_json_free. KF_ERR_INVALID unless `set` is an
 * object, KF_ERR_MEMORY. */
kf_status edit_merge(kf_edit *e, write_head_fn *write, const void *view, const kf_json *set, kf_json_doc **out);
/* The same over `old`, which is JSON. */
kf_status edit_merge_text(kf_edit *e, const kf_str *old, const kf_json *set, kf_json_doc **out);
/* KF_ERR_INVALID with `way` if `set` has that key: it is changed in another way. */
kf_status edit_refuse_key(kf_edit *e, const kf_json *set, const char *key, const char *way);

#endif
