/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a strip of the mixer stands for: the sound of a track of the edited sequence, or all of it. */
#ifndef KERF_EDITOR_MIXER_CHANNEL_H
#define KERF_EDITOR_MIXER_CHANNEL_H

#include "document.h"
#include "inspector/edit.h"

typedef struct KerfChannel {
    KerfDocument *document;           /* not owned */
    uint64_t track;                   /* uid; 0: the master */
    int32_t index;                    /* of the track in the sequence; -1: the master */
    int32_t effects, picture_effects; /* how many it has: of the sound; before them in set_effect */
} KerfChannel;

kf_param_place kerf_channel_place(const KerfChannel *channel, kf_param_group group, int32_t index);
/* A number of a set of its parameters at the playhead; its default if it is not set. */
kf_param_now kerf_channel_read(const KerfChannel *channel, const kf_param_place *place, const char *param);

/* Operations: JSON lines for kerf_document_edit and gestures; new. */
/* "op" on the channel; rest: its other members, such as "\"set\": {}". */
char *kerf_channel_op(const KerfChannel *channel, const char *op, const char *rest);
/* Gives its own parameter (gain, pan; of the master: master_gain) a value; a keyframe at the playhead where there are
 * some. */
char *kerf_channel_op_number(const KerfChannel *channel, const char *param, double value);
/* The same of its audio effect `index`, with a value as JSON. */
char *kerf_channel_op_effect(const KerfChannel *channel, int32_t index, const char *param, const char *value);

/* What a widget told by "edit": begins, moves and ends a gesture, or is an edit at once. Takes the operation over (NULL
 * for BEGIN, COMMIT and CANCEL). */
void kerf_channel_edit(const KerfChannel *channel, KerfPhase phase, const char *label, char *operation);

#endif
