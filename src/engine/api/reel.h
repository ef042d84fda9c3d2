/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reels (reel/api/reel.h) with the fonts and the media of this machine. */
#ifndef KF_ENGINE_REEL_H
#define KF_ENGINE_REEL_H

#include "engine/api/engine.h"
#include "reel/api/reel.h"

/* Where relative files of a config are from (NULL: the current folder), and who is told of fonts and characters that are not
 * there, each once (on the calling thread; NULL: nobody). */
typedef struct kf_engine_reel_params {
    const char *folder;
    kf_problem_fn *warning;
    void *ctx;
} kf_engine_reel_params;

/* As kf_reel_make. Any thread. */
kf_status kf_engine_reel(const char *config, size_t length, const kf_engine_reel_params *params,
                         const kf_reel_options *options, kf_str *film, kf_reel_output *output, kf_error *err);

#endif
