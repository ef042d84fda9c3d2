/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside of the model room: presets of sequences as keys of the film format. */
#ifndef KF_MODEL_PRESETS_H
#define KF_MODEL_PRESETS_H

#include "base/api/json.h"
#include "catalog/api/presets.h"

/* KF_ERR_NOT_FOUND, with the closest name there is. */
kf_status preset_find(const char *name, const kf_sequence_preset **out, kf_error *err);
/* Its keys, into an object that is open. */
void preset_write(kf_json_writer *w, const kf_sequence_preset *preset);

#endif
