/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations, for their table. */
#ifndef KF_MODEL_EDIT_OPS_H
#define KF_MODEL_EDIT_OPS_H

#include "model/edit/edit.h"

edit_fn op_put, op_append, op_replace, op_span, op_razor, op_delete, op_ripple_delete, op_close_gap, op_insert_gap;
edit_fn op_trim, op_roll, op_slip, op_slide, op_rate_stretch;
edit_fn op_swap, op_move, op_freeze_frame, op_join;
edit_fn op_set_clip, op_paste_attributes, op_set_key, op_remove_key, op_angle, op_detach_audio;
edit_fn op_link, op_unlink, op_add_effect, op_set_effect, op_move_effect, op_remove_effect;
edit_fn op_add_transition, op_set_transition, op_remove_transition;
edit_fn op_add_track, op_set_track, op_move_track, op_remove_track, op_marker;
edit_fn op_add_asset, op_set_asset, op_remove_asset, op_add_bin, op_rename_bin, op_remove_bin, op_set_project;
edit_fn op_add_sequence, op_set_sequence, op_duplicate_sequence, op_remove_sequence, op_nest;

#endif
