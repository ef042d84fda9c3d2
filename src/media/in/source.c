/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all video sources do: open, describe, times. Pictures come from video.c or, interactive, from scrub.c. */
#include "media/in/scrub.h"
#include "media/in/video.h"

static const kf_in_index *index_of(const kf_video_source *s)
{
    return &s->media->streams[s->stream].index;
}

kf_status kf_video_source_open(kf_media *media, int stream, kf_video_source **out, kf_error *err)
{
    *out = NULL;
    int number = kf_in_find_stream(media, KF_STREAM_VIDEO, stream);
    if (number < 0) {
        return kf_fail(err, KF_ERR_NOT_FOUND, stream < 0 ? "%s: has no pictures" : "%s: has no video stream %d",
                       kf_in_name(media), stream);
    }
    kf_video_source *s = KF_NEW(kf_video_source);
    if (!s) {
        return kf_fail_memory(err);
    }
    const kf_stream_info *info = &media->info.streams[number];
    s->media = media;
    s->stream = number;
    s->budget = media->params.cache_bytes > 0 ? media->params.cache_bytes : 64 << 20;
    s->frame_bytes = (int64_t)info->width * info->height * 3 / 2;
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->work, NULL);
    pthread_cond_init(&s->done, NULL);
    kf_status status = media->params.interactive ? kf_in_scrub_open(media, number, &s->scrub, err) : KF_OK;
    if (status) {
        kf_video_source_close(s);
        return status;
    }
    *out = s;
    return KF_OK;
}

void kf_video_source_close(kf_video_source *s)
{
    if (!s) {
        return;
    }
    kf_in_scrub_close(s->scrub);
    kf_in_video_stop(s);
    pthread_cond_destroy(&s->work);
    pthread_cond_destroy(&s->done);
    pthread_mutex_destroy(&s->mutex);
    kf_free(s);
}

static kf_status ensure_index(kf_video_source *s, kf_error *err)
{
    if (atomic_load_explicit(&s->indexed, memory_order_acquire)) {
        return KF_OK;
    }
    kf_status status = kf_media_index(s->media, err);
    if (!status && !index_of(s)->count) {
        status = kf_fail(err, KF_ERR_MEDIA, "%s: its video stream has no frames; is the file cut off?",
                         kf_in_name(s->media));
    }
    if (!status) {
        const kf_media_params *p = &s->media->params;
        bool fields = s->media->info.streams[s->stream].fields != KF_FIELDS_PROGRESSIVE;
        pthread_mutex_lock(&s->mutex);
        if (!s->indexed) { /* and no decoder is under way yet */
            s->deinterlace = p->force_deinterlace || (!p->no_deinterlace && fields);
            if (s->scrub) {
                kf_in_scrub_ready(s->scrub, s->deinterlace);
            }
            s->indexed = true;
        }
        pthread_mutex_unlock(&s->mutex);
    }
    return status;
}

kf_status kf_video_source_describe(kf_video_source *s, kf_video_info *out, kf_error *err)
{
    *out = (kf_video_info){0};
    kf_status status = ensure_index(s, err);
    if (status) {
        return status;
    }
    const kf_stream_info *info = &s->media->info.streams[s->stream];
    out->stream = info;
    out->frames = index_of(s)->count;
    out->start = kf_video_source_frame_time(s, 0);
    out->end = kf_video_source_frame_time(s, out->frames);
    out->format = info->format;
    out->color = kf_in_final_color(s->media, info->color, info->format, info->width, info->height);
    return KF_OK;
}

int64_t kf_video_source_frame_at(kf_video_source *s, kf_time t)
{
    if (ensure_index(s, NULL)) {
        return 0;
    }
    const kf_in_index *x = index_of(s);
    int64_t ticks = kf_in_index_ticks(s->media, s->stream, t), i = atomic_load_explicit(&s->near, memory_order_relaxed);
    for (int k = 0; k < 2 && i < x->count; k++, i++) {
        if (x->frames[i].pts <= ticks && (i + 1 == x->count || ticks < x->frames[i + 1].pts)) {
            atomic_store_explicit(&s->near, i, memory_order_relaxed);
            return i;
        }
    }
    i = kf_in_index_at(x, ticks);
    atomic_store_explicit(&s->near, i, memory_order_relaxed);
    return i;
}

kf_time kf_video_source_frame_time(kf_video_source *s, int64_t i)
{
    if (ensure_index(s, NULL)) {
        return 0;
    }
    const kf_in_index *x = index_of(s);
    return kf_in_index_time(s->media, s->stream, i < 0 ? x->frames[0].pts : i < x->count ? x->frames[i].pts : x->end);
}

static int64_t clamp(const kf_video_source *s, int64_t i)
{
    int64_t last = index_of(s)->count - 1;
    return i < 0 ? 0 : i > last ? last : i;
}

kf_status kf_video_source_get(kf_video_source *s, int64_t i, kf_frame **out, bool *damaged, kf_error *err)
{
    bool ignored;
    damaged = damaged ? damaged : &ignored;
    *out = NULL;
    *damaged = false;
    kf_status status = ensure_index(s, err);
    if (status) {
        return status;
    }
    if (s->scrub) {
        kf_picture_reply reply;
        status = kf_in_scrub_show(s->scrub, &(kf_picture_request){.frame = clamp(s, i)}, &reply, err);
        *out = reply.frame;
        *damaged = reply.damaged;
        return status;
    }
    pthread_mutex_lock(&s->mutex);
    status = kf_in_video_get(s, clamp(s, i), out, damaged, err);
    pthread_mutex_unlock(&s->mutex);
    return status;
}

void kf_video_source_want(kf_video_source *s, int64_t from, int64_t to)
{
    if (ensure_index(s, NULL)) {
        return;
    }
    if (s->scrub) {
        kf_in_scrub_want(s->scrub, clamp(s, from), clamp(s, to));
        return;
    }
    pthread_mutex_lock(&s->mutex);
    kf_in_video_want(s, clamp(s, from), clamp(s, to));
    pthread_mutex_unlock(&s->mutex);
}

static kf_status show_run(kf_video_source *s, const kf_picture_request *request, kf_picture_reply *out, kf_error *err)
{
    kf_frame *whole;
    kf_in_shrinker shrinker = {0};
    kf_status status = kf_video_source_get(s, request->frame, &whole, &out->damaged, err);
    if (status) {
        return status;
    }
    out->frame = kf_in_shrink(&shrinker, whole, request->width, request->height);
    out->exact = out->frame != NULL;
    kf_in_shrinker_finish(&shrinker);
    kf_frame_unref(whole);
    return out->frame ? KF_OK : kf_fail_memory(err);
}

kf_status kf_video_source_show(kf_video_source *s, const kf_picture_request *request, kf_picture_reply *out,
                               kf_error *err)
{
    *out = (kf_picture_reply){0};
    kf_status status = ensure_index(s, err);
    if (status || !s->scrub) {
        return status ? status : show_run(s, request, out, err);
    }
    kf_picture_request clamped = *request;
    clamped.frame = clamp(s, request->frame);
    return kf_in_scrub_show(s->scrub, &clamped, out, err);
}

void kf_video_source_on_arrival(kf_video_source *s, void (*fn)(void *ctx, int64_t frame), void *ctx)
{
    if (s->scrub) {
        kf_in_scrub_on_arrival(s->scrub, fn, ctx);
    }
}

kf_source_stats kf_video_source_stats(kf_video_source *s)
{
    if (s->scrub) {
        return kf_in_scrub_stats(s->scrub);
    }
    pthread_mutex_lock(&s->mutex);
    kf_source_stats stats = s->stats;
    stats.cache_bytes_peak = s->cache.peak;
    pthread_mutex_unlock(&s->mutex);
    return stats;
}
