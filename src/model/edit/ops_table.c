/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/ops.h"

const struct edit_op edit_ops[] = {
    {KF_EDIT_INSERT, op_put}, {KF_EDIT_OVERWRITE, op_put}, {KF_EDIT_APPEND, op_append}, {KF_EDIT_LIFT, op_span},
    {KF_EDIT_EXTRACT, op_span}, {KF_EDIT_RAZOR, op_razor}, {KF_EDIT_JOIN, op_join}, {KF_EDIT_DELETE, op_delete},
    {KF_EDIT_RIPPLE_DELETE, op_ripple_delete}, {KF_EDIT_CLOSE_GAP, op_close_gap}, {KF_EDIT_INSERT_GAP, op_insert_gap},
    {KF_EDIT_TRIM, op_trim}, {KF_EDIT_ROLL, op_roll}, {KF_EDIT_SLIP, op_slip}, {KF_EDIT_SLIDE, op_slide},
    {KF_EDIT_RATE_STRETCH, op_rate_stretch}, {KF_EDIT_SWAP, op_swap}, {KF_EDIT_MOVE, op_move},
    {KF_EDIT_FREEZE_FRAME, op_freeze_frame},
    {KF_EDIT_SET_CLIP, op_set_clip}, {KF_EDIT_PASTE_ATTRIBUTES, op_paste_attributes},
    {KF_EDIT_SET_KEY, op_set_key}, {KF_EDIT_REMOVE_KEY, op_remove_key}, {KF_EDIT_REPLACE, op_replace},
    {KF_EDIT_ANGLE, op_angle}, {KF_EDIT_DETACH_AUDIO, op_detach_audio},
    {KF_EDIT_LINK, op_link}, {KF_EDIT_UNLINK, op_unlink}, {KF_EDIT_GROUP, op_link}, {KF_EDIT_UNGROUP, op_unlink},
    {KF_EDIT_ADD_EFFECT, op_add_effect}, {KF_EDIT_SET_EFFECT, op_set_effect}, {KF_EDIT_MOVE_EFFECT, op_move_effect},
    {KF_EDIT_REMOVE_EFFECT, op_remove_effect}, {KF_EDIT_ADD_TRANSITION, op_add_transition},
    {KF_EDIT_SET_TRANSITION, op_set_transition}, {KF_EDIT_REMOVE_TRANSITION, op_remove_transition},
    {KF_EDIT_ADD_TRACK, op_add_track}, {KF_EDIT_SET_TRACK, op_set_track}, {KF_EDIT_MOVE_TRACK, op_move_track},
    {KF_EDIT_REMOVE_TRACK, op_remove_track}, {KF_EDIT_ADD_MARKER, op_marker}, {KF_EDIT_SET_MARKER, op_marker},
    {KF_EDIT_REMOVE_MARKER, op_marker}, {KF_EDIT_ADD_ASSET, op_add_asset}, {KF_EDIT_SET_ASSET, op_set_asset},
    {KF_EDIT_REMOVE_ASSET, op_remove_asset}, {KF_EDIT_ADD_BIN, op_add_bin}, {KF_EDIT_RENAME_BIN, op_rename_bin},
    {KF_EDIT_REMOVE_BIN, op_remove_bin}, {KF_EDIT_SET_PROJECT, op_set_project},
    {KF_EDIT_ADD_SEQUENCE, op_add_sequence}, {KF_EDIT_SET_SEQUENCE, op_set_sequence},
    {KF_EDIT_DUPLICATE_SEQUENCE, op_duplicate_sequence}, {KF_EDIT_REMOVE_SEQUENCE, op_remove_sequence},
    {KF_EDIT_NEST, op_nest},
};
const int edit_op_count = sizeof edit_ops / sizeof *edit_ops;
