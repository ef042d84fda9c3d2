/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recording sound to a WAV file: 24 bit PCM, RF64 (EBU Tech 3306) from 4 GiB on. Unlike a kf_writer's, a file that
 * could not be written to its end is kept, up to there.
 *
 * The file has a temporary name until it is finished. Not thread-safe; distinct files are independent. */
#ifndef KF_MEDIA_WAV_H
#define KF_MEDIA_WAV_H

#include "base/api/status.h"

typedef struct kf_wav kf_wav;

typedef struct kf_wav_params {
    const char *path;        /* borrowed for the call */
    bool overwrite;
    int32_t rate, channels;  /* rate > 0; 1..8 */
} kf_wav_params;
/* *out is NULL on failure: EXISTS, NOT_FOUND (no such folder), INVALID (not a place for a file), NO_SPACE, IO. */
kf_status kf_wav_create(const kf_wav_params *params, kf_wav **out, kf_error *err);

/* The next n frames, nominally -1..1 (more is clipped). After a failure nothing more is written, and what kf_wav_frames
 * says is kept. */
kf_status kf_wav_write(kf_wav *wav, const float *const *planes, int32_t n, kf_error *err);
int64_t kf_wav_frames(const kf_wav *wav); /* written so far */

/* Gives the file its name; frees wav in every case. On failure there is no file. */
kf_status kf_wav_finish(kf_wav *wav, kf_error *err);
/* Removes what was written and frees wav. NULL is fine. */
void kf_wav_discard(kf_wav *wav);

#endif
