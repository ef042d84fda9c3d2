/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A processor is a film of one picture that is the caller's: compiled and composed like any other. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "base/api/time.h"
#include "compile/api/compile.h"
#include "engine/api/frames.h"
#include "engine/frames/pixels.h"
#include "engine/frames/processor.h"
#include "script/api/script.h"
#include "engine/providers.h"
#include "video/cpu/api/cpu.h"

enum { RASTER_BYTES = 32 << 20 };

struct kf_frame_processor {
    kf_providers providers;  /* first: the compiler's context */
    kf_warnings warnings;
    char *folder;
    int32_t width, height;   /* of what comes in */
    int32_t out_width, out_height;
    kf_film *film;
    kf_compile_sources sources;
    kf_compiler *compiler;
    kf_pool *pool;
    kf_cpu *cpu;
    kf_frame *in;            /* while a picture is processed */
    kf_frame *copy;          /* of an opaque input */
    kf_frame *scratch;       /* of an output in the input's memory */
};

/* ---- Sources ---- */

static kf_status facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    const kf_frame_processor *p = ctx;
    (void)asset, (void)stream, (void)err;
    *out = (kf_asset_facts){.video = true, .alpha = kf_pixfmt_get(p->in->image.format)->alpha, .width = p->width,
                            .height = p->height, .video_end = KF_TIME_NONE, .audio_end = KF_TIME_NONE};
    return KF_OK;
}

static kf_status picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                         kf_error *err)
{
    const kf_frame_processor *p = ctx;
    (void)asset, (void)stream, (void)t, (void)err;
    *out = (kf_asset_picture){.frame = kf_frame_ref(p->in), .sample_aspect = {1, 1}};
    return KF_OK;
}

/* ---- Making one ---- */

/* *kept, of the given format; what it shows is not said. */
static kf_frame *keep_frame(const kf_frame_processor *p, kf_frame **kept, kf_pixfmt format)
{
    if (*kept && (*kept)->image.format == format) return *kept;
    kf_frame_unref(*kept);
    *kept = kf_frame_create(format, p->width, p->height);
    return *kept;
}

static kf_status make_film(kf_frame_processor *p, const kf_frame_processor_params *params, kf_error *err)
{
    kf_script script = {0};
    kf_rational rate = params->rate.num > 0 ? params->rate : (kf_rational){30, 1};
    kf_script_canvas canvas = {p->width, p->height, rate, p->folder};
    kf_status status = kf_script_read(params->effects, &script, err);
    if (status == KF_OK) status = kf_script_film(&script, &canvas, &p->film, err);
    kf_script_finish(&script);
    return status;
}

static kf_status make_executor(kf_frame_processor *p, const kf_frame_processor_params *params, kf_error *err)
{
    int threads = params->threads > 0 ? params->threads : kf_cpu_count();
    if (!(p->pool = kf_pool_create(threads))) return kf_fail_memory(err);
    kf_cpu_params up = {p->pool, kf_cpu_isa()};
    kf_status status = kf_rasters_create(p->folder, &p->warnings, RASTER_BYTES, &p->providers.rasters, err);
    if (status != KF_OK) return status;
    p->sources = kf_providers_sources(&p->providers);
    p->sources.facts = facts;
    p->sources.picture = picture;
    kf_compiler_params cp = {.snapshot = kf_film_snapshot(p->film), .width = p->out_width, .height = p->out_height,
                             .sources = &p->sources};
    status = kf_compiler_create(&cp, &p->compiler, err);
    return status == KF_OK ? kf_cpu_create(&up, &p->cpu, err) : status;
}

/* Files, points of curves and the like are looked at when a frame is compiled: what is wrong with them is said at once. */
static kf_status try_once(kf_frame_processor *p, kf_error *err)
{
    kf_error error;
    kf_compiled *compiled;
    if (!(p->in = keep_frame(p, &p->copy, KF_PIX_RGB24))) return kf_fail_memory(err);
    kf_status status = kf_compile_frame(p->compiler, 0, &compiled, &error);
    p->in = NULL;
    if (status == KF_OK)
        kf_compiled_release(compiled);
    else
        kf_fail(err, status, "effects: %s", error.message);
    return status;
}

kf_status kf_processor_open(const kf_frame_processor_params *params, int32_t out_width, int32_t out_height,
                            kf_frame_processor **out, kf_error *err)
{
    kf_frame_processor *p = KF_NEW(kf_frame_processor);
    *out = NULL;
    if (!p) return kf_fail_memory(err);
    kf_warnings_init(&p->warnings, params->warning, params->context);
    p->width = params->width;
    p->height = params->height;
    p->out_width = out_width;
    p->out_height = out_height;
    p->folder = kf_strdup(params->folder ? params->folder : ".");
    kf_status status = p->folder ? make_film(p, params, err) : kf_fail_memory(err);
    if (status == KF_OK) status = make_executor(p, params, err);
    if (status == KF_OK) status = try_once(p, err);
    if (status == KF_OK)
        *out = p;
    else
        kf_engine_processor_destroy(p);
    return status;
}

kf_status kf_engine_processor_create(const kf_frame_processor_params *params, kf_frame_processor **out, kf_error *err)
{
    return kf_processor_open(params, params->width, params->height, out, err);
}

const kf_film *kf_processor_film(const kf_frame_processor *p)
{
    return p->film;
}

void kf_engine_processor_destroy(kf_frame_processor *p)
{
    if (!p) return;
    kf_cpu_destroy(p->cpu);
    kf_compiler_destroy(p->compiler);
    kf_rasters_destroy(p->providers.rasters);
    kf_pool_destroy(p->pool);
    kf_film_destroy(p->film);
    kf_frame_unref(p->copy);
    kf_frame_unref(p->scratch);
    kf_warnings_finish(&p->warnings);
    kf_free(p->folder);
    kf_free(p);
}

/* ---- Running ---- */

static void free_view(kf_frame *frame)
{
    kf_free(frame);
}

/* The caller's pixels as a frame. The executor may hold on to it until the next picture, but then looks at its address
 * only, which is why each picture has a frame of its own. */
static kf_frame *view_frame(const kf_image *image)
{
    kf_frame *f = KF_NEW(kf_frame);
    if (!f) return NULL;
    f->image = *image;
    f->number = -1;
    atomic_init(&f->refs, 1);
    f->release = free_view;
    return f;
}

static kf_frame *open_input(kf_frame_processor *p, const kf_pixels *in)
{
    kf_image image = kf_pixels_view(in);
    if (!in->opaque || !kf_pixfmt_get(image.format)->alpha) return view_frame(&image);
    kf_frame *copy = keep_frame(p, &p->copy, KF_PIX_RGB24);
    if (!copy) return NULL;
    kf_image_drop_fourth(&image, &copy->image);
    copy->image.color = image.color;
    return kf_frame_ref(copy);
}

static kf_status compose(kf_frame_processor *p, kf_image *out, kf_time at, kf_error *err)
{
    kf_compiled *compiled;
    kf_graph_output output = {out->format, out->width, out->height, out->color, out->premultiplied};
    kf_status status = kf_compile_frame(p->compiler, at, &compiled, err);
    if (status != KF_OK) return status;
    status = kf_cpu_render(p->cpu, compiled->graph, compiled->root, &output, out, err);
    kf_compiled_release(compiled);
    return status;
}

kf_status kf_processor_compose(kf_frame_processor *p, const kf_pixels *in, kf_image *out, kf_time at, kf_error *err)
{
    if (in->width != p->width || in->height != p->height)
        return kf_fail(err, KF_ERR_INVALID, "a picture of %dx%d, where %dx%d was said before", (int)in->width,
                       (int)in->height, (int)p->width, (int)p->height);
    if (at < 0 || at >= KF_SCRIPT_LENGTH)
        return kf_fail(err, KF_ERR_INVALID, "a frame at %.3f s: times go from 0 to %.0f s", kf_time_seconds(at),
                       kf_time_seconds(KF_SCRIPT_LENGTH));
    if (!(p->in = open_input(p, in))) return kf_fail_memory(err);
    kf_status status = compose(p, out, at, err);
    kf_frame_unref(p->in);
    p->in = NULL;
    return status;
}

/* In place: composed beside, and then copied. */
static kf_status compose_aside(kf_frame_processor *p, const kf_pixels *in, kf_image *out, kf_time at, kf_error *err)
{
    kf_frame *scratch = keep_frame(p, &p->scratch, out->format);
    if (!scratch) return kf_fail_memory(err);
    scratch->image.color = out->color;
    scratch->image.premultiplied = out->premultiplied;
    kf_status status = kf_processor_compose(p, in, &scratch->image, at, err);
    if (status == KF_OK) kf_image_copy_rows(&scratch->image, out);
    return status;
}

kf_status kf_engine_processor_run(kf_frame_processor *p, const kf_pixels *in, const kf_pixels *out, kf_time at,
                                  kf_error *err)
{
    if (out->width != p->out_width || out->height != p->out_height)
        return kf_fail(err, KF_ERR_INVALID, "an output of %dx%d, where %dx%d was said before", (int)out->width,
                       (int)out->height, (int)p->out_width, (int)p->out_height);
    kf_image image = kf_pixels_view(out), from = kf_pixels_view(in);
    bool aside = kf_images_overlap(&from, &image);
    kf_status status = aside ? compose_aside(p, in, &image, at, err) : kf_processor_compose(p, in, &image, at, err);
    if (status == KF_OK && out->opaque && kf_pixfmt_get(image.format)->alpha) kf_image_make_opaque(&image);
    return status;
}

kf_status kf_engine_effects_normal(const char *effects, kf_str *out, kf_error *err)
{
    kf_script script = {0};
    kf_status status = kf_script_read(effects, &script, err);
    if (status == KF_OK) kf_str_add_n(out, script.normal.data, script.normal.length);
    kf_script_finish(&script);
    return status;
}
