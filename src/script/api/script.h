/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of effects as JSON: its normal form, and the film that shows a picture with them. */
#ifndef KF_SCRIPT_H
#define KF_SCRIPT_H

#include "base/api/status.h"
#include "base/api/str.h"
#include "kerf/base.h"
#include "model/api/model.h"

/* Where an item of the normal form came from, and where it stands in the film. */
typedef struct kf_script_item {
    uint32_t source;         /* index in the list that was given */
    const char *effect;      /* of a short form: the catalogue's name; else NULL */
    int track, place;        /* place: among the effects of the track's clip; -1: it is the clip */
} kf_script_item;
/* Zero-initialise. */
typedef struct kf_script {
    kf_str normal;           /* JSON list */
    kf_script_item *items;
    size_t count, capacity;
} kf_script;
void kf_script_finish(kf_script *script);

/* effects NULL: an empty list. */
kf_status kf_script_read(const char *effects, kf_script *out, kf_error *err);
/* A film of one picture, the asset "frame", with the effects, that lasts KF_SCRIPT_LENGTH. Messages name places of the
 * list that was given. folder may be NULL. */
#define KF_SCRIPT_LENGTH (INT64_C(3599999) * KF_SECOND)
typedef struct kf_script_canvas {
    int32_t width, height;
    kf_rational rate;
    const char *folder;
} kf_script_canvas;
kf_status kf_script_film(kf_script *script, const kf_script_canvas *canvas, kf_film **out, kf_error *err);

#endif
