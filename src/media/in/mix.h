/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoded sound of any sample format and layout to float planes of the wanted number of channels. Not thread-safe. */
#ifndef KF_MEDIA_IN_MIX_H
#define KF_MEDIA_IN_MIX_H

#include "media/in/internal.h"

enum { KF_IN_MAX_CHANNELS = 64 };

typedef struct kf_in_mixer {
    AVChannelLayout layout; /* that the weights are for */
    int channels;           /* of the output */
    float weight[2][KF_IN_MAX_CHANNELS];
    bool plain;             /* channel c goes to plane c */
    float *row;
    int row_capacity;
} kf_in_mixer;
/* Zero-initialise the mixer. Fills to[0..channels)[0..frame->nb_samples). Channels beyond those of the frame are
 * silent. */
kf_status kf_in_mix(kf_in_mixer *m, const AVFrame *frame, float *const *to, int channels, kf_error *err);
void kf_in_mixer_finish(kf_in_mixer *m);

#endif
