/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the inspector shows: the selected clips (or transitions), read as one and changed as one. Of the clips, the
 * focused one is shown; a parameter of an effect is that of the effect of the same kind in the others, counted from the
 * first. */
#ifndef KERF_EDITOR_INSPECTOR_TARGETS_H
#define KERF_EDITOR_INSPECTOR_TARGETS_H

#include "document.h"
#include "kerf/catalog.h"

typedef struct KerfTargets KerfTargets;
KerfTargets *kerf_targets_new(KerfDocument *document);
void kerf_targets_free(KerfTargets *targets);
/* The selection or the film is another one: they are read again when they are next asked for. */
void kerf_targets_update(KerfTargets *targets);
KerfDocument *kerf_targets_document(KerfTargets *targets);

guint kerf_targets_count(KerfTargets *targets);
/* The one that is shown; NULL if nothing is selected. Good until the next update, or operation. */
const kf_timeline_item *kerf_targets_focus(KerfTargets *targets);
gboolean kerf_targets_focus_audio(KerfTargets *targets); /* it is on an audio track */
/* Time of the focused clip at the playhead, within it. */
kf_time kerf_targets_now(KerfTargets *targets);

/* A set of parameters of the focused one. */
typedef struct KerfSet {
    kf_param_group group;
    int32_t index;            /* of an effect, among those of its group */
    kf_catalog_kind kind;
} KerfSet;
gboolean kerf_targets_set(KerfTargets *targets, kf_param_group group, int32_t index, KerfSet *out, kf_param_set *state);

typedef struct KerfParam {
    KerfSet set;
    kf_catalog_param info;
} KerfParam;

typedef struct KerfReading {
    kf_param_now now;         /* of the focused one, at the playhead */
    gboolean mixed;           /* others have another value */
    gboolean at_key;          /* there is a keyframe at the playhead */
} KerfReading;
gboolean kerf_targets_read(KerfTargets *targets, const KerfParam *param, KerfReading *out);
/* Keyframe i of the focused one's parameter. */
gboolean kerf_targets_key(KerfTargets *targets, const KerfParam *param, int32_t i, kf_key_info *out);
/* Its value as JSON; new, NULL if it is not set. */
char *kerf_targets_json(KerfTargets *targets, const KerfParam *param);

/* ---- Operations: JSON lines for kerf_document_edit and gestures; new ---- */

/* A parameter's numbers as JSON. new */
char *kerf_param_value(const KerfParam *param, const double number[4]);
/* Sets a value (as JSON) at the playhead: a keyframe where there are keyframes. */
char *kerf_targets_op_set(KerfTargets *targets, const KerfParam *param, const char *value);
/* The value as it is, keyframes and all ({"keys": ...}), in place of what is there; "null": the default. */
char *kerf_targets_op_replace(KerfTargets *targets, const KerfParam *param, const char *value);
/* A keyframe at the playhead with the value there, or none there any more. */
char *kerf_targets_op_key(KerfTargets *targets, const KerfParam *param, gboolean there);
/* No keyframes any more: each keeps the value it has at the playhead. */
char *kerf_targets_op_still(KerfTargets *targets, const KerfParam *param);
/* Of the effect that the set is, for each that has it: changes it (an object of its keys), takes it away, moves it. */
char *kerf_targets_op_set_effect(KerfTargets *targets, const KerfSet *set, const char *keys);
char *kerf_targets_op_remove_effect(KerfTargets *targets, const KerfSet *set);
char *kerf_targets_op_move_effect(KerfTargets *targets, const KerfSet *set, int32_t to);
/* Adds an effect (JSON) to each that can have it. */
char *kerf_targets_op_add_effect(KerfTargets *targets, gboolean audio, const char *effect);
/* set_clip of all, or set_transition. */
char *kerf_targets_op_clip(KerfTargets *targets, const char *set);

#endif
