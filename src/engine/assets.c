/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/assets.h"
#include "engine/rasters.h"

enum { STREAMS_MAX = 8, READERS_MAX = 16 };

/* A sound decoder. One clip at a time owns it; when that clip has ended, another takes it over where it stands. */
typedef struct kf_reader {
    kf_audio_source *source;
    int stream;
    int32_t rate, channels;
    int64_t at;                  /* the sample after the last one read */
    struct kf_clip_sound *owner; /* NULL: free */
} kf_reader;

typedef struct kf_entry {
    pthread_mutex_t lock;
    kf_asset_view view;
    bool tried, missing;
    kf_status status;            /* of opening */
    kf_error error;
    kf_media *media;
    struct { int stream; kf_video_source *source; kf_video_info info; kf_frame *still; } video[STREAMS_MAX];
    int video_count;
    kf_frame *placeholder;
    kf_reader readers[READERS_MAX];
    int reader_count;
} kf_entry;

struct kf_assets {
    kf_assets_params params;
    kf_entry *entries;
    int32_t count;
    pthread_mutex_t lock;
    struct kf_clip_sound *sounds; /* linked list of everything handed out */
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
    for (int32_t i = 0; i < a->count; i++) {
        pthread_mutex_init(&a->entries[i].lock, NULL);
        kf_asset_at(params->snapshot, i, &a->entries[i].view);
    }
    *out = a;
    return KF_OK;
}

static void entry_finish(kf_entry *e)
{
    for (int i = 0; i < e->reader_count; i++) kf_audio_source_close(e->readers[i].source);
    for (int i = 0; i < e->video_count; i++) {
        kf_frame_unref(e->video[i].still);
        kf_video_source_close(e->video[i].source);
    }
    kf_frame_unref(e->placeholder);
    kf_media_close(e->media);
    pthread_mutex_destroy(&e->lock);
}

/* ---- Opening ---- */

static kf_media_params media_params(const kf_assets *a, const kf_asset_view *view)
{
    kf_media_params p = kf_media_params_default();
    p.rate = view->rate;
    p.color = view->color;
    p.threads = a->params.threads;
    p.single = a->params.single;
    p.cache_bytes = a->params.cache_bytes;
    p.no_deinterlace = view->deinterlace == KF_DEINTERLACE_OFF;
    p.force_deinterlace = view->deinterlace == KF_DEINTERLACE_ON;
    p.no_alpha = view->alpha == KF_ALPHA_IGNORE;
    return p;
}

static kf_status open_file(const kf_assets *a, kf_entry *e, const kf_media_params *p)
{
    if (!*e->view.path)
        return kf_fail(&e->error, KF_ERR_NOT_FOUND, "the media of asset \"%s\" is offline: give the asset a path",
                       e->view.id);
    char *file = kf_path_join(a->params.folder, e->view.path);
    kf_status status = file ? kf_media_open(file, p, &e->media, &e->error) : kf_fail_memory(&e->error);
    kf_free(file);
    return status;
}

/* Under the entry's lock. */
static kf_status entry_open(kf_assets *a, kf_entry *e, kf_error *err)
{
    if (!e->tried) {
        kf_media_params p = media_params(a, &e->view);
        e->tried = true;
        e->status = open_file(a, e, &p);
        if (e->status != KF_OK && e->status != KF_ERR_MEMORY && a->params.allow_missing) {
            kf_warn(a->params.warnings, e->status, "%s; a placeholder is shown instead", e->error.message);
            e->missing = true;
            e->status = KF_OK;
        }
    }
    if (e->status != KF_OK && err) *err = e->error;
    return e->status;
}

static kf_entry *find_entry(kf_assets *a, const kf_asset_view *view)
{
    int32_t i = kf_asset_index(a->params.snapshot, view->uid);
    return i >= 0 && i < a->count ? &a->entries[i] : NULL;
}

/* Under the entry's lock, of an open entry. *out is NULL if there is no such stream. */
static kf_status video_of(kf_entry *e, int stream, int *out, kf_error *err)
{
    *out = -1;
    for (int i = 0; i < e->video_count; i++)
        if (e->video[i].stream == stream) {
            *out = i;
            return KF_OK;
        }
    if (e->video_count == STREAMS_MAX)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: more than %d of its video streams are used", e->view.path,
                       STREAMS_MAX);
    kf_video_source *source;
    kf_status status = kf_video_source_open(e->media, stream, &source, err);
    if (status != KF_OK) return status;
    status = kf_video_source_describe(source, &e->video[e->video_count].info, err);
    if (status != KF_OK) {
        kf_video_source_close(source);
        return status;
    }
    e->video[e->video_count].stream = stream;
    e->video[e->video_count].source = source;
    *out = e->video_count++;
    return KF_OK;
}

static bool has_video(const kf_entry *e)
{
    return e->media && kf_media_describe(e->media)->best_video >= 0;
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
    int slot;
    if (!job->used[i]) return;
    kf_entry *e = &job->a->entries[i];
    pthread_mutex_lock(&e->lock);
    job->status[i] = entry_open(job->a, e, &job->errors[i]);
    if (job->status[i] == KF_OK && has_video(e)) job->status[i] = video_of(e, -1, &slot, &job->errors[i]);
    pthread_mutex_unlock(&e->lock);
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
    kf_entry *e = &a->entries[index];
    pthread_mutex_lock(&e->lock);
    kf_status status = entry_open(a, e, err);
    *out = status == KF_OK ? e->media : NULL;
    pthread_mutex_unlock(&e->lock);
    return status;
}

/* ---- Facts ---- */

static const kf_stream_info *stream_of(const kf_media_info *m, kf_stream_type type, int n)
{
    int best = type == KF_STREAM_VIDEO ? m->best_video : m->best_audio;
    if (n < 0) return best >= 0 ? &m->streams[best] : NULL;
    for (int i = 0; i < m->stream_count; i++)
        if (m->streams[i].type == type && n-- == 0) return &m->streams[i];
    return NULL;
}

static kf_time stream_end(const kf_stream_info *s)
{
    return s->duration == KF_TIME_NONE ? KF_TIME_NONE : s->start + s->duration;
}

static void fill_facts(const kf_entry *e, int video, int audio, kf_asset_facts *out)
{
    const kf_media_info *m = kf_media_describe(e->media);
    const kf_stream_info *v = stream_of(m, KF_STREAM_VIDEO, video), *s = stream_of(m, KF_STREAM_AUDIO, audio);
    if (v) {
        out->video = true;
        out->alpha = v->alpha && e->view.alpha != KF_ALPHA_IGNORE;
        out->width = v->shown_width;
        out->height = v->shown_height;
        out->video_end = m->still || v->attached_picture ? KF_TIME_NONE : stream_end(v);
        for (int i = 0; i < e->video_count && !m->still; i++)
            if (e->video[i].stream == video && e->video[i].info.frames > 1) out->video_end = e->video[i].info.end;
    }
    if (s) {
        out->audio = true;
        out->audio_end = stream_end(s);
    }
}

static kf_status facts_of(kf_assets *a, const kf_asset_view *asset, int video, int audio, kf_asset_facts *out,
                          kf_error *err)
{
    kf_entry *e = find_entry(a, asset);
    *out = (kf_asset_facts){.video_end = KF_TIME_NONE, .audio_end = KF_TIME_NONE};
    if (!e) return KF_OK;
    pthread_mutex_lock(&e->lock);
    kf_status status = entry_open(a, e, err);
    if (status == KF_OK && e->media) fill_facts(e, video, audio, out);
    if (status == KF_OK && e->missing) out->video = true;
    pthread_mutex_unlock(&e->lock);
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

static kf_status placeholder(kf_assets *a, kf_entry *e, kf_asset_picture *out, kf_error *err)
{
    if (!e->placeholder) {
        kf_status status = kf_placeholder_draw(a->params.placeholder_width, a->params.placeholder_height, e->view.path,
                                               &e->placeholder, err);
        if (status != KF_OK) return status;
    }
    out->frame = kf_frame_ref(e->placeholder);
    return KF_OK;
}

/* Stills are decoded once. */
static kf_status take_frame(kf_assets *a, kf_entry *e, int slot, kf_time t, kf_frame **out, kf_error *err)
{
    kf_video_source *source = e->video[slot].source;
    bool still = e->video[slot].info.frames == 1, damaged = false;
    if (still && e->video[slot].still) {
        *out = kf_frame_ref(e->video[slot].still);
        return KF_OK;
    }
    pthread_mutex_unlock(&e->lock); /* decoding may take long */
    int64_t i = kf_video_source_frame_at(source, t);
    kf_status status = kf_video_source_get(source, i, out, &damaged, err);
    pthread_mutex_lock(&e->lock);
    if (status != KF_OK) return status;
    if (damaged)
        kf_warn(a->params.warnings, KF_ERR_MEDIA, "%s: damaged from %.3f s on; the last good picture stands in",
                e->view.path, kf_time_seconds(t));
    if (still && !e->video[slot].still) e->video[slot].still = kf_frame_ref(*out);
    return KF_OK;
}

kf_status kf_assets_picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                            kf_error *err)
{
    kf_assets *a = ctx;
    kf_entry *e = find_entry(a, asset);
    int slot = -1;
    *out = (kf_asset_picture){.sample_aspect = {1, 1}};
    if (!e) return KF_OK;
    pthread_mutex_lock(&e->lock);
    kf_status status = entry_open(a, e, err);
    if (status == KF_OK && e->missing) {
        status = placeholder(a, e, out, err);
    } else if (status == KF_OK && has_video(e)) {
        status = video_of(e, stream, &slot, err);
        if (status == KF_OK) status = take_frame(a, e, slot, t, &out->frame, err);
        if (status == KF_OK) {
            const kf_stream_info *info = e->video[slot].info.stream;
            out->sample_aspect = info->sample_aspect;
            out->rotation = info->rotation;
            out->mirrored = info->mirrored;
        }
    }
    pthread_mutex_unlock(&e->lock);
    return status;
}

kf_status kf_assets_announce(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
                             kf_error *err)
{
    kf_assets *a = ctx;
    kf_entry *e = find_entry(a, asset);
    int slot = -1;
    *out = (kf_asset_picture){.sample_aspect = {1, 1}};
    if (!e) return KF_OK;
    pthread_mutex_lock(&e->lock);
    if (entry_open(a, e, NULL) == KF_OK && has_video(e) && video_of(e, stream, &slot, NULL) == KF_OK) {
        int64_t i = kf_video_source_frame_at(e->video[slot].source, t);
        kf_video_source_want(e->video[slot].source, i, i);
    }
    pthread_mutex_unlock(&e->lock);
    return KF_OK;
}

/* ---- Sound ---- */

/* One clip's place in an asset's sound. */
typedef struct kf_clip_sound {
    struct kf_clip_sound *next;
    kf_assets *assets;
    kf_entry *entry;
    int stream;
    int32_t rate, channels;
    kf_reader *reader;
} kf_clip_sound;

static bool fits(const kf_reader *r, const kf_clip_sound *s)
{
    return !r->owner && r->stream == s->stream && r->rate == s->rate && r->channels == s->channels;
}

/* The free reader that is soonest at `at` going forward, else any free one; NULL: none. */
static kf_reader *free_reader(kf_entry *e, const kf_clip_sound *s, int64_t at)
{
    kf_reader *best = NULL;
    for (int i = 0; i < e->reader_count; i++) {
        kf_reader *r = &e->readers[i];
        if (!fits(r, s)) continue;
        bool ahead = r->at <= at, best_ahead = best && best->at <= at;
        if (!best || (ahead && (!best_ahead || r->at > best->at))) best = r;
    }
    return best;
}

static kf_status open_reader(kf_entry *e, kf_clip_sound *s, kf_reader **out, kf_error *err)
{
    kf_reader *r = NULL;
    for (int i = 0; i < e->reader_count && !r; i++)
        if (!e->readers[i].owner) r = &e->readers[i];
    if (!r && e->reader_count < READERS_MAX) r = &e->readers[e->reader_count];
    if (!r)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: its sound is used by more than %d clips at once", e->view.path,
                       READERS_MAX);
    kf_audio_source *source;
    kf_status status = kf_audio_source_open(e->media, s->stream, s->rate, s->channels, &source, err);
    if (status != KF_OK) return status;
    if (r == &e->readers[e->reader_count])
        e->reader_count++;
    else
        kf_audio_source_close(r->source);
    *r = (kf_reader){.source = source, .stream = s->stream, .rate = s->rate, .channels = s->channels};
    *out = r;
    return KF_OK;
}

static kf_status read_sound(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    kf_clip_sound *s = ctx;
    kf_entry *e = s->entry;
    kf_status status = KF_OK;
    pthread_mutex_lock(&e->lock);
    if (!s->reader) {
        s->reader = free_reader(e, s, first);
        if (!s->reader) status = open_reader(e, s, &s->reader, err);
        if (s->reader) s->reader->owner = s;
    }
    pthread_mutex_unlock(&e->lock);
    if (status != KF_OK) return status;
    s->reader->at = first + n;
    return kf_audio_source_read(s->reader->source, first, planes, n, err);
}

static void idle_sound(void *ctx)
{
    kf_clip_sound *s = ctx;
    pthread_mutex_lock(&s->entry->lock);
    if (s->reader) s->reader->owner = NULL;
    s->reader = NULL;
    pthread_mutex_unlock(&s->entry->lock);
}

static kf_status read_silence(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    for (int c = 0; c < channels; c++) memset(planes[c], 0, (size_t)n * sizeof(float));
    return KF_OK;
}

kf_status kf_assets_sound(void *ctx, const kf_asset_view *asset, int stream, int32_t rate, int32_t channels,
                          kf_sample_source *out, kf_error *err)
{
    kf_assets *a = ctx;
    kf_entry *e = find_entry(a, asset);
    *out = (kf_sample_source){.read = read_silence};
    if (!e || !e->media) return KF_OK;
    kf_clip_sound *s = KF_NEW(kf_clip_sound);
    if (!s) return kf_fail_memory(err);
    *s = (kf_clip_sound){.assets = a, .entry = e, .stream = stream, .rate = rate, .channels = channels};
    pthread_mutex_lock(&a->lock);
    s->next = a->sounds;
    a->sounds = s;
    pthread_mutex_unlock(&a->lock);
    *out = (kf_sample_source){.read = read_sound, .idle = idle_sound, .ctx = s};
    return KF_OK;
}

/* ---- The rest ---- */

kf_source_stats kf_assets_stats(kf_assets *a)
{
    kf_source_stats sum = {0};
    for (int32_t i = 0; i < a->count; i++)
        for (int v = 0; v < a->entries[i].video_count; v++) {
            kf_source_stats s = kf_video_source_stats(a->entries[i].video[v].source);
            sum.decoded += s.decoded;
            sum.seeks += s.seeks;
            sum.decoders += s.decoders;
            sum.cache_hits += s.cache_hits;
            sum.cache_bytes_peak += s.cache_bytes_peak;
            sum.decode_ns += s.decode_ns;
        }
    return sum;
}

void kf_assets_destroy(kf_assets *a)
{
    if (!a) return;
    while (a->sounds) {
        kf_clip_sound *next = a->sounds->next;
        kf_free(a->sounds);
        a->sounds = next;
    }
    for (int32_t i = 0; i < a->count; i++) entry_finish(&a->entries[i]);
    kf_free(a->entries);
    pthread_mutex_destroy(&a->lock);
    kf_free(a);
}
