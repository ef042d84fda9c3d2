/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arguments of operations from JSON, by the tables of catalog/edits.c. */
#ifndef KF_MODEL_EDIT_ARGS_H
#define KF_MODEL_EDIT_ARGS_H

#include "base/api/alloc.h"
#include "catalog/api/catalog.h"
#include "model/api/edit.h"

typedef struct edit_args {
    const char *name;    /* starts messages */
    kf_edit *edit;
    kf_rational rate;    /* for timecode and frames */
    kf_arena arena;      /* lists of ids */
} edit_args;

/* Finds the operation and fills `values` (KF_KIND_MAX_VALUES bytes), which borrow from `op` and the arena. */
kf_status args_read(edit_args *args, const kf_json *op, const kf_kind **kind, void *values, kf_error *err);
void args_finish(edit_args *args);

#endif
