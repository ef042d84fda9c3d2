/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalog/internal.h"

static const char *const curve_names[] = {"linear", "ease", "ease_in", "ease_out", NULL};
static const char *const direction_names[] = {"left", "right", "up", "down", NULL};

#define CURVE(S) KF_ENUM(S, curve, curve_names, KF_TR_CURVE_LINEAR, "How progress runs over time.")
#define DIRECTION(S) KF_ENUM(S, direction, direction_names, KF_TR_LEFT, "Way of the motion.")

static const kf_field dissolve_fields[] = {CURVE(kf_tr_dissolve)};
static const kf_field additive_fields[] = {CURVE(kf_tr_additive_dissolve)};
static const kf_field dip_fields[] = {
    CURVE(kf_tr_dip_to_color),
    KF_COL(kf_tr_dip_to_color, color, 0, 0, 0, 1, "The colour between the two pictures."),
};
static const kf_field wipe_fields[] = {
    CURVE(kf_tr_wipe),
    KF_NUM(kf_tr_wipe, angle, -36000, 36000, 0, "deg", "Where the edge travels to: 0 right, 90 down."),
    KF_NUM(kf_tr_wipe, feather, 0, 1, 0.05, "", "Width of the soft edge, of the way."),
};
static const kf_field slide_fields[] = {CURVE(kf_tr_slide), DIRECTION(kf_tr_slide)};
static const kf_field push_fields[] = {CURVE(kf_tr_push), DIRECTION(kf_tr_push)};
static const kf_field zoom_fields[] = {
    CURVE(kf_tr_zoom),
    KF_NUM(kf_tr_zoom, scale, 1, 100, 3, "", "How far the outgoing picture grows."),
};
static const kf_field luma_matte_fields[] = {
    CURVE(kf_tr_luma_matte),
    KF_FILE(kf_tr_luma_matte, file, "A picture: dark places change first."),
    KF_NUM(kf_tr_luma_matte, feather, 0, 1, 0.1, "", "Width of the soft edge in brightness."),
    KF_BOOL(kf_tr_luma_matte, invert, 0, "Bright places change first."),
};

#define TR(id, name, label, category, fields, type, help) \
    KF_KIND(id, KF_CLASS_TRANSITION, name, label, category, fields, type, help)

static const kf_kind kinds[] = {
    TR(KF_TR_DISSOLVE, "dissolve", "Dissolve", "Dissolve", dissolve_fields, kf_tr_dissolve,
        "One picture fades into the other."),
    TR(KF_TR_ADDITIVE_DISSOLVE, "additive_dissolve", "Additive dissolve", "Dissolve", additive_fields,
        kf_tr_additive_dissolve,
       "The new picture comes in full before the old one goes."),
    TR(KF_TR_DIP_TO_COLOR, "dip_to_color", "Dip to colour", "Dissolve", dip_fields, kf_tr_dip_to_color,
        "Through a colour."),
    TR(KF_TR_WIPE, "wipe", "Wipe", "Wipe", wipe_fields, kf_tr_wipe, "An edge crosses the picture."),
    TR(KF_TR_SLIDE, "slide", "Slide", "Move", slide_fields, kf_tr_slide, "The new picture slides over the old one."),
    TR(KF_TR_PUSH, "push", "Push", "Move", push_fields, kf_tr_push, "The new picture pushes the old one out."),
    TR(KF_TR_ZOOM, "zoom", "Zoom", "Move", zoom_fields, kf_tr_zoom, "Flies through the old picture into the new one."),
    TR(KF_TR_LUMA_MATTE, "luma_matte", "Luma matte", "Wipe", luma_matte_fields, kf_tr_luma_matte,
       "A picture's brightness says when each place changes."),
};
const kf_kind_table kf_kinds_transitions = {kinds, sizeof kinds / sizeof *kinds};
