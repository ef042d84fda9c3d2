/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of a film: what they need, and composing them. */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "base/api/hash.h"
#include "web.h"

KW_EXPORT(kw_film_request) const kw_request *kw_film_request(const kw_film *f, int32_t i);
KW_EXPORT(kw_film_forget) void kw_film_forget(kw_film *f);
KW_EXPORT(kw_film_hash) kf_status kw_film_hash(kw_film *f);

/* ---- Sources ---- */

static kf_status facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    const kw_known *k = kw_find_known(((kw_film *)ctx)->engine, asset->path);
    *out = k && !k->failed ? k->asset : (kf_asset_facts){.video_end = KF_TIME_NONE, .audio_end = KF_TIME_NONE};
    return KF_OK;
}

static kw_request *find_request(kw_film *f, int32_t asset, int32_t stream, kf_time at)
{
    for (size_t i = 0; i < f->request_count; i++) {
        kw_request *r = &f->requests[i];
        if (r->asset == asset && r->stream == stream && r->at == at) return r;
    }
    return NULL;
}

static kw_request *add_request(kw_film *f, kw_request request)
{
    if (kf_grow((void **)&f->requests, &f->request_capacity, f->request_count + 1, sizeof request)) return NULL;
    f->requests[f->request_count] = request;
    return &f->requests[f->request_count++];
}

static kf_status picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                         kf_error *err)
{
    kw_film *f = ctx;
    const kw_known *known = kw_find_known(f->engine, asset->path);
    int32_t index = kf_asset_index(kf_film_snapshot(f->film), asset->uid);
    kw_request *r = find_request(f, index, stream, t);
    *out = (kf_asset_picture){.sample_aspect = {1, 1}};
    if (!r && f->planning) {
        r = add_request(f, (kw_request){.asset = index, .stream = stream, .time = kf_time_seconds(t), .at = t});
        if (!r) return kf_fail_memory(err);
    }
    if (!r) return KF_OK;
    r->wanted = 1;
    if (!r->frame) return KF_OK;
    out->frame = kf_frame_ref(r->frame);
    if (!known || known->failed) return KF_OK;
    out->sample_aspect = known->sample_aspect;
    out->rotation = known->rotation;
    return KF_OK;
}

static kf_status title(void *ctx, const kf_gen_title *title, kf_placed *out, kf_error *err)
{
    kf_raster raster = {0};
    kf_status status = kw_draw_title(((kw_film *)ctx)->engine, title, &raster, err);
    *out = (kf_placed){raster.frame, raster.x, raster.y};
    return status;
}

static kf_status shape(void *ctx, const kf_gen_shape *shape, kf_placed *out, kf_error *err)
{
    kf_raster raster = {0};
    kf_status status = kf_drawn_shape(((kw_film *)ctx)->engine->drawn, shape, &raster, err);
    *out = (kf_placed){raster.frame, raster.x, raster.y};
    return status;
}

kf_compile_sources kw_sources(kw_film *f)
{
    return (kf_compile_sources){.ctx = f, .facts = facts, .picture = picture, .title = title, .shape = shape};
}

/* ---- Planning ---- */

static void drop_unwanted(kw_film *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->request_count; i++) {
        if (f->requests[i].wanted) f->requests[kept++] = f->requests[i];
        else kf_frame_unref(f->requests[i].frame);
    }
    f->request_count = kept;
}

static kf_status compile(kw_film *f, double frame, kf_compiled **out)
{
    return kf_compile_frame(f->compiler, kf_frame_start((int64_t)frame, f->view.rate), out, &f->engine->error);
}

/* How many pictures the frame needs; negative: failed, minus the status. What was given to frames before stays where
 * this one needs it, too. */
int32_t kw_film_plan(kw_film *f, double frame)
{
    kf_compiled *compiled = NULL;
    for (size_t i = 0; i < f->request_count; i++) f->requests[i].wanted = 0;
    f->planning = true;
    kf_status status = compile(f, frame, &compiled);
    f->planning = false;
    if (status != KF_OK) return -(int32_t)status;
    kf_compiled_release(compiled);
    drop_unwanted(f);
    return (int32_t)f->request_count;
}

const kw_request *kw_film_request(const kw_film *f, int32_t i)
{
    return &f->requests[i];
}

/* The graph that `out` shows. */
static void forget(kw_film *f)
{
    kf_compiled_release(f->composed);
    f->composed = NULL;
}

/* The picture stays the caller's, too; NULL: there is none to show. */
void kw_film_put(kw_film *f, int32_t i, kf_frame *picture)
{
    kf_frame_unref(f->requests[i].frame);
    f->requests[i].frame = picture ? kf_frame_ref(picture) : NULL;
    f->requests[i].filled = 1;
    forget(f);
}

/* Lets go of all pictures: the next frame is given new ones. */
void kw_film_forget(kw_film *f)
{
    for (size_t i = 0; i < f->request_count; i++) kf_frame_unref(f->requests[i].frame);
    f->request_count = 0;
    forget(f);
}

/* ---- Composing ---- */

static kf_status make_out(kw_film *f, kf_pixfmt format, kf_error *err)
{
    const kf_image *now = f->out ? &f->out->image : NULL;
    if (now && now->format == format && now->width == f->view.width && now->height == f->view.height) return KF_OK;
    kf_frame_unref(f->out);
    f->out = kf_frame_create(format, f->view.width, f->view.height);
    if (!f->out) return kf_fail_memory(err);
    kf_color own = f->view.color;
    if (kf_pixfmt_get(format)->model == KF_MODEL_RGB)
        own = (kf_color){own.primaries, own.transfer, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};
    f->out->image.color = kf_color_resolve(own, format, f->view.width, f->view.height);
    return KF_OK;
}

static kf_status render(kw_film *f, const kf_compiled *compiled, kf_pixfmt format, kf_error *err)
{
    kf_status status = make_out(f, format, err);
    if (status != KF_OK) return status;
    kf_image *image = &f->out->image;
    kf_graph_output output = {format, image->width, image->height, image->color, f->premultiplied};
    return kf_cpu_render(f->engine->cpu, compiled->graph, compiled->root, &output, image, err);
}

/* Is this what was composed last? Much of a chat stands still. */
static bool shows(const kw_film *f, kf_compiled *compiled, kf_pixfmt format)
{
    const kf_graph_node *seen =
        kf_graph_plan(compiled->graph, compiled->root, (kf_rect){0, 0, f->view.width, f->view.height});
    if (seen) compiled->root = seen;
    return f->composed && f->out->image.format == format && kf_graph_same(f->composed->root, compiled->root);
}

/* The frame in a format of kf_pixfmt, the film's until its next one; NULL: failed. */
kf_frame *kw_film_render(kw_film *f, double frame, int32_t format)
{
    kf_compiled *compiled = NULL;
    kf_status status = compile(f, frame, &compiled);
    if (status == KF_OK && shows(f, compiled, (kf_pixfmt)format)) {
        kf_compiled_release(compiled);
        return f->out;
    }
    forget(f);
    if (status == KF_OK) status = render(f, compiled, (kf_pixfmt)format, &f->engine->error);
    if (status == KF_OK) {
        f->composed = compiled;
        return f->out;
    }
    kf_compiled_release(compiled);
    return NULL;
}

/* The text is the XXH64 of the frame that was rendered last, as `kerf render --hash frames` prints it. */
kf_status kw_film_hash(kw_film *f)
{
    if (!f->out) return kf_fail(&f->engine->error, KF_ERR_INVALID, "no frame was rendered yet");
    kf_str_addf(kw_text_start(f->engine), "%016llx", (unsigned long long)kf_image_hash(&f->out->image));
    return KF_OK;
}
