/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading objects of the film format for operations. */
#ifndef KF_MODEL_EDIT_READ_H
#define KF_MODEL_EDIT_READ_H

#include "model/edit/edit.h"
#include "model/json/fragment.h"

/* For the fragment readers: into the transaction's state, for the sequence that is open. */
fragment_scope edit_scope(kf_edit *e);

#endif
