/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/assets.h"

#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/rasters.h"

/* An asset that was asked for. Set once, under the lock of all; the placeholder is made later. */
typedef struct kf_entry {
    bool known;
    kf_material *material;
    kf_material *proxy, *running;  /* for pictures; NULL: none */
    kf_frame *placeholder;
} kf_entry;

/* A clip's sound, which survives reading errors if that is wanted. */
typedef struct kf_heard {
    struct kf_heard *next;
    kf_assets *assets;
    kf_clip_sound *sound;
    bool failed;
} kf_heard;

struct kf_assets {
    kf_assets_params params;
    kf_entry *entries;
    int32_t count;
    pthread_mutex_t lock;    /* of entries and sounds; never held while media are opened or read */
    kf_heard *sounds;        /* all that were handed out */
};

kf_status kf_assets_create(const kf_assets_params *params, kf_assets **out, kf_error *err)
{
    kf_project_view project;
    *out = NULL;
    kf_assets *a = KF_NEW(kf_assets);
    if (!a) return kf_fail_memory(err);
    a->params = *params;
    pthread_mutex_init(&a->lock, NULL);
    if (!kf_project_get(params->snapshot, &project)) project.asset_count = 0;
    a->entries = kf_alloc_zero((size_t)project.asset_count + 1, sizeof *a->entries);
    if (!a->entries) {
        kf_assets_destroy(a);
        return kf_fail_memory(err);
    }
    a->count = project.asset_count;
    *out = a;
    return KF_OK;
}

/* ---- Assets and their materials ---- */

static kf_status find_material(kf_assets *a, kf_library *library, const kf_asset_view *view, const char *path,
                               kf_material **out, kf_error *err)
{
    kf_interpretation how = {.file = "", .name = view->id, .rate = view->rate, .color = view->color,
                             .deinterlace = view->deinterlace, .alpha = view->alpha};
    char *file = *path ? kf_path_join(a->params.folder, path) : NULL;
    if (*path && !file) return kf_fail_memory(err);
    if (file) how.file = file;
    kf_status status = kf_library_get(library, &how, out, err);
    kf_free(file);
    return status;
}

static void forget_entry(kf_entry *e)
{
    kf_material_release(e->material);
    kf_material_release(e->proxy);
    kf_material_release(e->running);
    kf_frame_unref(e->placeholder);
    *e = (kf_entry){0};
}

static kf_status fill_entry(kf_assets *a, const kf_asset_view *view, kf_entry *e, kf_error *err)
{
    bool proxy = a->params.proxies && view->proxy.use && view->proxy.state == KF_PROXY_READY;
    kf_library *library = a->params.library, *running = a->params.running;
    kf_status status = find_material(a, library, view, view->path, &e->material, err);
    if (status == KF_OK && proxy) status = find_material(a, library, view, view->proxy.path, &e->proxy, err);
    if (status == KF_OK && running && !proxy) status = find_material(a, running, view, view->path, &e->running, err);
    e->known = status == KF_OK;
    if (status != KF_OK) forget_entry(e);
    return status;
}

/* *out is NULL if the film has no such asset. */
static kf_status find_entry(kf_assets *a, const kf_asset_view *view, kf_entry **out, kf_error *err)
{
    int32_t i = kf_asset_index(a->params.snapshot, view->uid);
    *out = i >= 0 && i < a->count ? &a->entries[i] : NULL;
    if (!*out) return KF_OK;
    pthread_mutex_lock(&a->lock);
    kf_status status = (*out)->known ? KF_OK : fill_entry(a, view, *out, err);
    pthread_mutex_unlock(&a->lock);
    return status;
}

/* Whether the failure to open `e` is to be lived with: then it is told. */
static bool goes_missing(kf_assets *a, kf_status status, const kf_error *error)
{
    if (status == KF_ERR_MEMORY || !a->params.allow_missing) return false;
    kf_warn(a->params.warnings, status, "%s; a placeholder is shown instead", error->message);
    return true;
}

/* *missing: it cannot be opened, and that is allowed. */
static kf_status open_entry(kf_assets *a, kf_entry *e, bool pictures, bool *missing, kf_error *err)
{
    kf_error error;
    kf_status status = kf_material_open(e->material, pictures, &error);
    *missing = false;
    if (status == KF_OK) return KF_OK;
    *missing = goes_missing(a, status, &error);
    if (!*missing && err) *err = error;
    return *missing ? KF_OK : status;
}

typedef struct open_job {
    kf_assets *a;
    const bool *used;
    kf_status *status;
    kf_error *errors;
} open_job;

static void open_one(void *ctx, int i, int worker)
{
    open_job *job = ctx;
    kf_asset_view view;
    kf_entry *e;
    bool missing;
    if (!job->used[i] || !kf_asset_at(job->a->params.snapshot, i, &view)) return;
    job->status[i] = find_entry(job->a, &view, &e, &job->errors[i]);
    if (job->status[i] == KF_OK && e) job->status[i] = open_entry(job->a, e, true, &missing, &job->errors[i]);
}

kf_status kf_assets_open(kf_assets *a, kf_pool *pool, const bool *used, kf_error *err)
{
    open_job job = {a, used, kf_alloc_zero((size_t)a->count + 1, sizeof(kf_status)),
                    kf_alloc_zero((size_t)a->count + 1, sizeof(kf_error))};
    kf_status status = job.status && job.errors ? KF_OK : kf_fail_memory(err);
    if (status == KF_OK) kf_pool_for(pool, a->count, open_one, &job);
    for (int32_t i = 0; i < a->count && status == KF_OK; i++) {
        status = job.status[i];
        if (status != KF_OK && err) *err = job.errors[i];
    }
    kf_free(job.status);
    kf_free(job.errors);
    return status;
}

kf_status kf_assets_media(kf_assets *a, int32_t index, const kf_media **out, kf_error *err)
{
    kf_asset_view view;
    kf_entry *e = NULL;
    bool missing;
    *out = NULL;
    if (!kf_asset_at(a->params.snapshot, index, &view)) return KF_OK;
    kf_status status = find_entry(a, &view, &e, err);
    if (status != KF_OK || !e) return status;
    status = open_entry(a, e, false, &missing, err);
    if (status == KF_OK && !missing) *out = kf_material_media(e->material);
    return status;
}

/* ---- Facts ---- */

static kf_status facts_of(kf_assets *a, const kf_asset_view *asset, int video, int audio, kf_asset_facts *out,
                          kf_error *err)
{
    kf_entry *e;
    bool missing;
    *out = (kf_asset_facts){.video_end = KF_TIME_NONE, .audio_end = KF_TIME_NONE};
    kf_status status = find_entry(a, asset, &e, err);
    if (status != KF_OK || !e) return status;
    status = open_entry(a, e, false, &missing, err);
    if (status == KF_OK && !missing) status = kf_material_facts(e->material, video, audio, out, err);
    if (status == KF_OK && missing) out->video = true;
    return status;
}

kf_status kf_assets_facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    return facts_of(ctx, asset, stream, -1, out, err);
}

kf_status kf_assets_sound_facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    return facts_of(ctx, asset, -1, stream, out, err);
}

/* ---- Pictures ---- */

static kf_status placeholder(kf_assets *a, kf_entry *e, const char *path, kf_asset_picture *out, kf_error *err)
{
    kf_status status = KF_OK;
    pthread_mutex_lock(&a->lock);
    if (!e->placeholder)
        status = kf_placeholder_draw(a->params.placeholder_width, a->params.placeholder_height, path, &e->placeholder,
                                     err);
    if (status == KF_OK) out->frame = kf_frame_ref(e->placeholder);
    pthread_mutex_unlock(&a->lock);
    return status;
}

/* A proxy stands for a picture of the original's shape: what that is when upright, turned as the proxy is. */
static bool take_proxy(kf_entry *e, int stream, kf_time t, kf_look *look, kf_asset_picture *out)
{
    kf_asset_facts facts;
    bool damaged;
    if (!e->proxy || stream >= 0 || kf_material_facts(e->material, -1, -1, &facts, NULL) != KF_OK) return false;
    if (kf_material_picture(e->proxy, -1, t, look, out, &damaged, NULL) != KF_OK) return false;
    if (damaged || !out->frame || facts.width <= 0) {
        kf_frame_unref(out->frame);
        return false;
    }
    out->sample_aspect = (kf_rational){1, 1};
    bool aside = out->rotation % 180 != 0;
    out->width = aside ? facts.height : facts.width;
    out->height = aside ? facts.width : facts.height;
    return true;
}

static kf_status take_picture(kf_assets *a, kf_entry *e, const kf_asset_view *asset, int stream, kf_time t,
                              kf_look *look, kf_asset_picture *out, kf_error *err)
{
    bool damaged;
    if (take_proxy(e, stream, t, look, out)) return KF_OK;
    bool runs = look && look->runs && e->running && kf_material_is_near(e->running, stream, t);
    kf_status status = runs ? kf_material_picture(e->running, stream, t, NULL, out, &damaged, err)
                            : kf_material_picture(e->material, stream, t, look, out, &damaged, err);
    if (status == KF_OK && damaged)
        kf_warn(a->params.warnings, KF_ERR_MEDIA, "%s: damaged from %.3f s on; the last good picture stands in",
                asset->path, kf_time_seconds(t));
    return status;
}

kf_status kf_assets_picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                            kf_error *err)
{
    return kf_assets_look(ctx, asset, stream, t, NULL, out, err);
}

kf_status kf_assets_look(kf_assets *a, const kf_asset_view *asset, int stream, kf_time t, kf_look *look,
                         kf_asset_picture *out, kf_error *err)
{
    kf_entry *e;
    kf_error error;
    bool missing;
    *out = (kf_asset_picture){.sample_aspect = {1, 1}};
    kf_status status = find_entry(a, asset, &e, err);
    if (status != KF_OK || !e) return status;
    status = open_entry(a, e, false, &missing, err);
    if (status == KF_OK && !missing) {
        status = take_picture(a, e, asset, stream, t, look, out, &error);
        if (status != KF_OK && status != KF_ERR_CANCELLED && a->params.lenient) missing = goes_missing(a, status, &error);
        if (status != KF_OK && !missing && err) *err = error;
    }
    return missing ? placeholder(a, e, asset->path, out, err) : status;
}

void kf_assets_announce_span(kf_assets *a, const kf_asset_view *asset, int stream, kf_time t, kf_time span)
{
    kf_entry *e;
    if (find_entry(a, asset, &e, NULL) == KF_OK && e)
        kf_material_announce(e->proxy && stream < 0 ? e->proxy : e->material, stream, t, span);
}

void kf_assets_warm(kf_assets *a, const kf_asset_view *asset, int stream, kf_time t, kf_time span)
{
    kf_entry *e;
    kf_asset_picture picture;
    bool damaged;
    if (find_entry(a, asset, &e, NULL) != KF_OK || !e || !e->running || kf_material_is_near(e->running, stream, t)) return;
    kf_material_announce(e->running, stream, t, span);
    if (kf_material_picture(e->running, stream, t, NULL, &picture, &damaged, NULL) == KF_OK) kf_frame_unref(picture.frame);
}

kf_status kf_assets_announce(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                             kf_error *err)
{
    *out = (kf_asset_picture){.sample_aspect = {1, 1}};
    kf_assets_announce_span(ctx, asset, stream, t, 0);
    return KF_OK;
}

/* ---- Sound ---- */

static kf_status read_silence(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    for (int c = 0; c < channels; c++) memset(planes[c], 0, (size_t)n * sizeof(float));
    return KF_OK;
}

static kf_status read_heard(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    kf_heard *h = ctx;
    kf_error error;
    if (h->failed) return read_silence(NULL, first, n, planes, channels, NULL);
    kf_sample_source source = kf_clip_sound_source(h->sound);
    kf_status status = source.read(source.ctx, first, n, planes, channels, &error);
    if (status == KF_OK) return KF_OK;
    if (!h->assets->params.lenient || status == KF_ERR_MEMORY) {
        if (err) *err = error;
        return status;
    }
    kf_warn(h->assets->params.warnings, status, "%s; silence is heard instead", error.message);
    h->failed = true;
    return read_silence(NULL, first, n, planes, channels, NULL);
}

static void idle_heard(void *ctx)
{
    kf_heard *h = ctx;
    kf_sample_source source = kf_clip_sound_source(h->sound);
    source.idle(source.ctx);
    h->failed = false; /* another time it may go well */
}

kf_status kf_assets_sound(void *ctx, const kf_asset_view *asset, int stream, int32_t rate, int32_t channels,
                          kf_sample_source *out, kf_error *err)
{
    kf_assets *a = ctx;
    kf_entry *e;
    bool missing;
    *out = (kf_sample_source){.read = read_silence};
    kf_status status = find_entry(a, asset, &e, err);
    if (status != KF_OK || !e) return status;
    status = open_entry(a, e, false, &missing, err);
    if (status != KF_OK || missing) return status;
    kf_heard *h = KF_NEW(kf_heard);
    if (!h) return kf_fail_memory(err);
    status = kf_material_sound(e->material, stream, rate, channels, &h->sound, err);
    if (status != KF_OK) {
        kf_free(h);
        return status;
    }
    h->assets = a;
    pthread_mutex_lock(&a->lock);
    h->next = a->sounds;
    a->sounds = h;
    pthread_mutex_unlock(&a->lock);
    *out = (kf_sample_source){.read = read_heard, .idle = idle_heard, .ctx = h};
    return KF_OK;
}

/* ---- The end ---- */

void kf_assets_destroy(kf_assets *a)
{
    if (!a) return;
    while (a->sounds) {
        kf_heard *next = a->sounds->next;
        kf_clip_sound_destroy(a->sounds->sound);
        kf_free(a->sounds);
        a->sounds = next;
    }
    for (int32_t i = 0; i < a->count; i++) forget_entry(&a->entries[i]);
    kf_free(a->entries);
    pthread_mutex_destroy(&a->lock);
    kf_free(a);
}
