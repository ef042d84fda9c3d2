/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proxies: light copies of a film to edit with, whose frames stand at the same times as the original's, one for one; and
 * conformed sound: a stream as PCM at another rate. */
#ifndef KF_MEDIA_PROXY_H
#define KF_MEDIA_PROXY_H

#include "media/api/source.h"

/* progress 0..1, about every frame or block, on the calling thread; false: stop, with KF_ERR_CANCELLED. */
typedef bool kf_media_go_on_fn(void *ctx, double progress);

typedef struct kf_proxy_params {
    const char *path;
    const char *output;        /* .mov; replaced when the proxy is whole */
    kf_rational rate;          /* of numbered pictures */
    const char *codec;         /* "prores" or "dnxhr"; NULL: what suits the pictures */
    int lines;                 /* of the shorter side at most; 0: all */
    int divide;                /* both sides by this; 0 as 1 */
    int threads;               /* of each codec; 0: automatic */
    kf_media_go_on_fn *go_on;  /* may be NULL */
    void *ctx;
} kf_proxy_params;
/* Best video and best audio stream (as 16-bit PCM, from media time 0 on), with timecode, rotation and colour tags. UNSUPPORTED:
 * there is nothing to be made lighter (sound only, stills), or no encoder. Else as kf_media_open and kf_writer_open. */
kf_status kf_proxy_write(const kf_proxy_params *params, kf_error *err);

typedef struct kf_conform_params {
    const char *path;
    const char *output;        /* .wav */
    int stream;                /* among the audio streams, -1 = the best */
    int sample_rate;
    kf_media_go_on_fn *go_on;
    void *ctx;
} kf_conform_params;
/* Float PCM with the stream's channels, from media time 0 on. */
kf_status kf_conform_write(const kf_conform_params *params, kf_error *err);

#endif
