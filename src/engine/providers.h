/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Assets and rasters as the one provider that the compiler knows. Not to be moved while sources of it are in use. */
#ifndef KF_ENGINE_PROVIDERS_H
#define KF_ENGINE_PROVIDERS_H

#include "engine/assets.h"
#include "engine/rasters.h"

typedef struct kf_providers {
    kf_assets *assets;
    kf_rasters *rasters;
    kf_look *look;           /* how pictures are looked at; NULL: for a render */
} kf_providers;
kf_compile_sources kf_providers_sources(kf_providers *providers);
kf_audio_sources kf_providers_audio(kf_providers *providers);

#endif
