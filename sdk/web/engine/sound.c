/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sound of a film, rendered as the native engine does: from samples that the browser has decoded. */
#include "audio/engine/api/engine.h"
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "web.h"

/* Fills n samples of each plane from a position of an asset's sound at the film's rate, outside of it with silence. */
KW_IMPORT(sound) void kw_js_sound(int32_t asset, int32_t stream, double first, int32_t n, float *const *planes,
                                  int32_t channels);

typedef struct kw_sound kw_sound;
KW_EXPORT(kw_sound_open) kw_sound *kw_sound_open(kw_film *f);
KW_EXPORT(kw_sound_close) void kw_sound_close(kw_sound *s);
KW_EXPORT(kw_sound_render) float *kw_sound_render(kw_sound *s, double first, int32_t n);

typedef struct kw_sound_source {
    struct kw_sound_source *next;
    int32_t asset, stream;
} kw_sound_source;

struct kw_sound {
    kw_film *film;
    kf_compiled_audio *audio;
    kf_audio_renderer *renderer;
    kw_sound_source *sources;
    float *block;            /* plane after plane */
    size_t block_capacity;
};

static kf_status read_asset(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    const kw_sound_source *source = ctx;
    kw_js_sound(source->asset, source->stream, (double)first, n, planes, channels);
    return KF_OK;
}

static kf_status facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    kw_film *f = ((kw_sound *)ctx)->film;
    return f->sources.facts(f->sources.ctx, asset, stream, out, err);
}

static kf_status sound(void *ctx, const kf_asset_view *asset, int stream, int32_t rate, int32_t channels,
                       kf_sample_source *out, kf_error *err)
{
    kw_sound *s = ctx;
    kw_sound_source *source = KF_NEW(kw_sound_source);
    if (!source) return kf_fail_memory(err);
    *source = (kw_sound_source){s->sources, kf_asset_index(kf_film_snapshot(s->film->film), asset->uid), stream};
    s->sources = source;
    *out = (kf_sample_source){.read = read_asset, .ctx = source};
    return KF_OK;
}

static kf_status describe(kw_sound *s, kf_error *err)
{
    const kf_audio_graph *graph = kf_compiled_audio_graph(s->audio);
    double target, ceiling;
    kf_json_writer w = {.out = kw_text_start(s->film->engine), .compact = true};
    kf_json_begin_object(&w);
    kf_json_put_int(&w, "rate", graph->rate);
    kf_json_put_int(&w, "channels", graph->channels);
    kf_json_put_int(&w, "length", kf_audio_graph_end(graph));
    if (kf_compiled_audio_loudness(s->audio, &target, &ceiling)) kf_json_put_number(&w, "loudness", target);
    kf_json_end_object(&w);
    return s->film->engine->text.failed ? kf_fail_memory(err) : KF_OK;
}

/* The text is JSON: rate, channels, length in samples, and a wanted loudness, which is not seen to here. NULL: failed.
 * Closed before its film. */
kw_sound *kw_sound_open(kw_film *f)
{
    kf_error *err = &f->engine->error;
    kw_sound *s = KF_NEW(kw_sound);
    kf_audio_sources sources = {.ctx = s, .facts = facts, .sound = sound};
    kf_status status = s ? KF_OK : kf_fail_memory(err);
    if (status != KF_OK) return NULL;
    s->film = f;
    status = kf_compile_audio(kf_film_snapshot(f->film), f->sequence, &sources, &s->audio, err);
    if (status == KF_OK) status = kf_audio_renderer_create(kf_compiled_audio_graph(s->audio), &s->renderer, err);
    if (status == KF_OK) status = describe(s, err);
    if (status == KF_OK) return s;
    kw_sound_close(s);
    return NULL;
}

void kw_sound_close(kw_sound *s)
{
    kf_audio_renderer_destroy(s->renderer);
    kf_compiled_audio_destroy(s->audio);
    while (s->sources) {
        kw_sound_source *next = s->sources->next;
        kf_free(s->sources);
        s->sources = next;
    }
    kf_free(s->block);
    kf_free(s);
}

/* n samples from `first` on, channel after channel; valid until the next call. NULL: failed. */
float *kw_sound_render(kw_sound *s, double first, int32_t n)
{
    kf_error *err = &s->film->engine->error;
    int channels = kf_compiled_audio_graph(s->audio)->channels;
    float *planes[KF_DSP_MAX_CHANNELS];
    if (kf_grow((void **)&s->block, &s->block_capacity, (size_t)n * (size_t)channels, sizeof *s->block)) {
        kf_fail_memory(err);
        return NULL;
    }
    for (int c = 0; c < channels; c++) planes[c] = s->block + (size_t)n * (size_t)c;
    return kf_audio_render(s->renderer, (int64_t)first, n, planes, err) == KF_OK ? s->block : NULL;
}
