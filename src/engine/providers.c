/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/providers.h"

/* The compiler has one context, the providers two: these pass on. */
static kf_status facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    return kf_assets_facts(((kf_providers *)ctx)->assets, asset, stream, out, err);
}

static kf_status picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                         kf_error *err)
{
    const kf_providers *p = ctx;
    return kf_assets_look(p->assets, asset, stream, t, p->look, out, err);
}

static kf_status title(void *ctx, const kf_gen_title *v, kf_placed *out, kf_error *err)
{
    return kf_rasters_title(((kf_providers *)ctx)->rasters, v, out, err);
}

static kf_status shape(void *ctx, const kf_gen_shape *v, kf_placed *out, kf_error *err)
{
    return kf_rasters_shape(((kf_providers *)ctx)->rasters, v, out, err);
}

static kf_status subtitles(void *ctx, const kf_gen_subtitles *v, kf_time t, int width, int height, kf_placed *out,
                           kf_error *err)
{
    return kf_rasters_subtitles(((kf_providers *)ctx)->rasters, v, t, width, height, out, err);
}

static kf_status still(void *ctx, const char *file, kf_frame **out, kf_error *err)
{
    return kf_rasters_still(((kf_providers *)ctx)->rasters, file, out, err);
}

static kf_status cube(void *ctx, const char *file, kf_cube *out, kf_error *err)
{
    return kf_rasters_cube(((kf_providers *)ctx)->rasters, file, out, err);
}

kf_compile_sources kf_providers_sources(kf_providers *p)
{
    return (kf_compile_sources){p, facts, picture, title, shape, subtitles, still, cube};
}

kf_audio_sources kf_providers_audio(kf_providers *p)
{
    return (kf_audio_sources){p->assets, kf_assets_sound_facts, kf_assets_sound};
}
