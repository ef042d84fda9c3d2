/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/material.h"

#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"

/* ---- Opening and closing ---- */

static kf_media_params media_params(const kf_library *l, const kf_interpretation *how)
{
    kf_media_params p = kf_media_params_default();
    p.rate = how->rate;
    p.color = how->color;
    p.threads = l->params.threads;
    p.single = l->params.single;
    p.interactive = l->params.interactive;
    p.cache_bytes = l->params.cache_bytes;
    p.no_deinterlace = how->deinterlace == KF_DEINTERLACE_OFF;
    p.force_deinterlace = how->deinterlace == KF_DEINTERLACE_ON;
    p.no_alpha = how->alpha == KF_ALPHA_IGNORE;
    return p;
}

void kf_material_close(kf_material *m)
{
    for (int i = 0; i < m->reader_count; i++) kf_audio_source_close(m->readers[i].source);
    for (int i = 0; i < m->video_count; i++) {
        kf_frame_unref(m->video[i].still);
        kf_video_source_close(m->video[i].source);
    }
    kf_media_close(m->media);
    m->media = NULL;
    m->video_count = m->reader_count = 0;
    m->tried = false;
    memset(m->places, 0, sizeof m->places);
    atomic_store(&m->open, false);
}

/* Under the lock. */
static kf_status open_media(kf_material *m, kf_error *err)
{
    atomic_store(&m->used, kf_clock_ns());
    if (!m->tried) {
        kf_media_params p = media_params(m->library, &m->how);
        m->tried = true;
        m->tried_ns = kf_clock_ns();
        if (*m->file)
            m->status = kf_media_open(m->file, &p, &m->media, &m->error);
        else
            m->status = kf_fail(&m->error, KF_ERR_NOT_FOUND,
                                "the media of asset \"%s\" is offline: give the asset a path", m->name);
        atomic_store(&m->open, m->status == KF_OK);
    }
    if (m->status != KF_OK && err) *err = m->error;
    return m->status;
}

/* Under the lock, of open media. *out is the number of the stream among those in use. */
static kf_status video_of(kf_material *m, int stream, int *out, kf_error *err)
{
    *out = -1;
    for (int i = 0; i < m->video_count; i++)
        if (m->video[i].stream == stream) {
            *out = i;
            return KF_OK;
        }
    if (m->video_count == KF_MATERIAL_STREAMS)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: more than %d of its video streams are used", m->file,
                       KF_MATERIAL_STREAMS);
    kf_video_source *source;
    kf_status status = kf_video_source_open(m->media, stream, &source, err);
    if (status != KF_OK) return status;
    status = kf_video_source_describe(source, &m->video[m->video_count].info, err);
    if (status != KF_OK) {
        kf_video_source_close(source);
        return status;
    }
    m->video[m->video_count].stream = stream;
    m->video[m->video_count].source = source;
    m->video[m->video_count].still = NULL;
    *out = m->video_count++;
    return KF_OK;
}

static bool has_video(const kf_material *m)
{
    return kf_media_describe(m->media)->best_video >= 0;
}

kf_status kf_material_open(kf_material *m, bool pictures, kf_error *err)
{
    int slot;
    pthread_mutex_lock(&m->lock);
    bool fresh = !m->media;
    kf_status status = open_media(m, err);
    if (status == KF_OK && pictures && has_video(m)) status = video_of(m, -1, &slot, err);
    pthread_mutex_unlock(&m->lock);
    if (fresh) kf_library_trim(m->library);
    return status;
}

const kf_media *kf_material_media(kf_material *m)
{
    pthread_mutex_lock(&m->lock);
    const kf_media *media = m->media;
    pthread_mutex_unlock(&m->lock);
    return media;
}

/* Opens it and holds it open until done_with; returns with the lock held on success. */
static kf_status begin_use(kf_material *m, kf_error *err)
{
    kf_status status = kf_material_open(m, false, err);
    if (status != KF_OK) return status;
    pthread_mutex_lock(&m->lock);
    status = open_media(m, err); /* it may have been closed in between */
    if (status != KF_OK) pthread_mutex_unlock(&m->lock);
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

static void fill_facts(const kf_material *m, int video, int audio, kf_asset_facts *out)
{
    const kf_media_info *info = kf_media_describe(m->media);
    const kf_stream_info *v = stream_of(info, KF_STREAM_VIDEO, video), *s = stream_of(info, KF_STREAM_AUDIO, audio);
    if (v) {
        out->video = true;
        out->alpha = v->alpha && m->how.alpha != KF_ALPHA_IGNORE;
        out->width = v->shown_width;
        out->height = v->shown_height;
        out->video_end = info->still || v->attached_picture ? KF_TIME_NONE : stream_end(v);
        for (int i = 0; i < m->video_count && !info->still; i++)
            if (m->video[i].stream == video && m->video[i].info.frames > 1) out->video_end = m->video[i].info.end;
    }
    if (s) {
        out->audio = true;
        out->audio_end = stream_end(s);
    }
}

kf_status kf_material_facts(kf_material *m, int video, int audio, kf_asset_facts *out, kf_error *err)
{
    *out = (kf_asset_facts){.video_end = KF_TIME_NONE, .audio_end = KF_TIME_NONE};
    kf_status status = begin_use(m, err);
    if (status != KF_OK) return status;
    fill_facts(m, video, audio, out);
    pthread_mutex_unlock(&m->lock);
    return KF_OK;
}

/* ---- Pictures ---- */

#define NEAR (3 * KF_SECOND)             /* a decoder gets over that without a seek */
#define LATELY_NS INT64_C(5000000000)   /* so long it stays where it was */

/* Under the lock: the place before t that is nearest to it, if it is near. */
static kf_material_place *place_before(kf_material *m, int stream, kf_time t, int64_t now)
{
    kf_material_place *best = NULL;
    for (int i = 0; i < KF_MATERIAL_PLACES; i++) {
        kf_material_place *p = &m->places[i];
        if (p->ns == 0 || p->stream != stream || p->t > t || t - p->t > NEAR || now - p->ns > LATELY_NS) continue;
        if (!best || p->t > best->t) best = p;
    }
    return best;
}

static void note_place(kf_material *m, int stream, kf_time t)
{
    int64_t now = kf_clock_ns();
    kf_material_place *p = place_before(m, stream, t, now);
    for (int i = 0; i < KF_MATERIAL_PLACES && !p; i++)
        if (m->places[i].ns == 0) p = &m->places[i];
    kf_material_place *oldest = &m->places[0];
    for (int i = 1; i < KF_MATERIAL_PLACES; i++)
        if (m->places[i].ns < oldest->ns) oldest = &m->places[i];
    *(p ? p : oldest) = (kf_material_place){stream, t, now};
}

bool kf_material_is_near(kf_material *m, int stream, kf_time t)
{
    pthread_mutex_lock(&m->lock);
    bool is = m->media && place_before(m, stream, t, kf_clock_ns()) != NULL;
    pthread_mutex_unlock(&m->lock);
    return is;
}

static kf_status look_at(kf_video_source *source, const kf_stream_info *info, int64_t frame, kf_look *look,
                         kf_frame **out, bool *damaged, kf_error *err)
{
    kf_picture_request request = {.frame = frame, .deadline = look->deadline, .cancel = look->cancel};
    kf_picture_reply reply = {0};
    if (look->divide > 1) {
        request.width = (info->width + look->divide - 1) / look->divide;
        request.height = (info->height + look->divide - 1) / look->divide;
    }
    kf_status status = kf_video_source_show(source, &request, &reply, err);
    if (status != KF_OK) return status;
    *out = reply.frame;
    *damaged = reply.damaged;
    look->inexact |= !reply.exact;
    return KF_OK;
}

/* Stills are decoded once. */
static kf_status take_frame(kf_material *m, int slot, kf_time t, kf_look *look, kf_frame **out, bool *damaged,
                            kf_error *err)
{
    kf_video_source *source = m->video[slot].source;
    bool still = m->video[slot].info.frames == 1;
    if (still && m->video[slot].still) {
        *out = kf_frame_ref(m->video[slot].still);
        return KF_OK;
    }
    m->busy++;
    pthread_mutex_unlock(&m->lock); /* decoding may take long */
    int64_t i = kf_video_source_frame_at(source, t);
    kf_status status = look && !still ? look_at(source, m->video[slot].info.stream, i, look, out, damaged, err)
                                      : kf_video_source_get(source, i, out, damaged, err);
    pthread_mutex_lock(&m->lock);
    m->busy--;
    if (status == KF_OK && still && !m->video[slot].still) m->video[slot].still = kf_frame_ref(*out);
    return status;
}

kf_status kf_material_picture(kf_material *m, int stream, kf_time t, kf_look *look, kf_asset_picture *out,
                              bool *damaged, kf_error *err)
{
    int slot = -1;
    *out = (kf_asset_picture){.sample_aspect = {1, 1}};
    *damaged = false;
    kf_status status = begin_use(m, err);
    if (status != KF_OK) return status;
    if (has_video(m)) {
        status = video_of(m, stream, &slot, err);
        if (status == KF_OK) status = take_frame(m, slot, t, look, &out->frame, damaged, err);
        if (status == KF_OK) {
            const kf_stream_info *info = m->video[slot].info.stream;
            out->sample_aspect = info->sample_aspect;
            out->rotation = info->rotation;
            out->mirrored = info->mirrored;
            if (!m->library->params.interactive) note_place(m, stream, t);
            if (look && out->frame->image.width < info->width) {
                out->width = info->width;
                out->height = info->height;
            }
        }
    }
    pthread_mutex_unlock(&m->lock);
    return status;
}

void kf_material_announce(kf_material *m, int stream, kf_time t, kf_time span)
{
    int slot;
    if (begin_use(m, NULL) != KF_OK) return;
    if (has_video(m) && video_of(m, stream, &slot, NULL) == KF_OK) {
        kf_video_source *source = m->video[slot].source;
        kf_video_source_want(source, kf_video_source_frame_at(source, t), kf_video_source_frame_at(source, t + span));
    }
    pthread_mutex_unlock(&m->lock);
}

/* ---- Sound ---- */

/* One clip's place in a material's sound. */
struct kf_clip_sound {
    kf_material *material;
    int stream;
    int32_t rate, channels;
    kf_reader *reader;
};

static bool fits(const kf_reader *r, const kf_clip_sound *s)
{
    return !r->owner && r->stream == s->stream && r->rate == s->rate && r->channels == s->channels;
}

/* The free reader that is soonest at `at` going forward, else any free one; NULL: none. */
static kf_reader *free_reader(kf_material *m, const kf_clip_sound *s, int64_t at)
{
    kf_reader *best = NULL;
    for (int i = 0; i < m->reader_count; i++) {
        kf_reader *r = &m->readers[i];
        if (!fits(r, s)) continue;
        bool ahead = r->at <= at, best_ahead = best && best->at <= at;
        if (!best || (ahead && (!best_ahead || r->at > best->at))) best = r;
    }
    return best;
}

static kf_status open_reader(kf_material *m, kf_clip_sound *s, kf_reader **out, kf_error *err)
{
    kf_reader *r = NULL;
    for (int i = 0; i < m->reader_count && !r; i++)
        if (!m->readers[i].owner) r = &m->readers[i];
    if (!r && m->reader_count < KF_MATERIAL_READERS) r = &m->readers[m->reader_count];
    if (!r)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: its sound is used by more than %d clips at once", m->file,
                       KF_MATERIAL_READERS);
    kf_audio_source *source;
    kf_status status = kf_audio_source_open(m->media, s->stream, s->rate, s->channels, &source, err);
    if (status != KF_OK) return status;
    if (r == &m->readers[m->reader_count])
        m->reader_count++;
    else
        kf_audio_source_close(r->source);
    *r = (kf_reader){.source = source, .stream = s->stream, .rate = s->rate, .channels = s->channels};
    *out = r;
    return KF_OK;
}

static kf_status take_reader(kf_clip_sound *s, int64_t first, kf_error *err)
{
    kf_material *m = s->material;
    kf_status status = begin_use(m, err);
    if (status != KF_OK) return status;
    s->reader = free_reader(m, s, first);
    if (!s->reader) status = open_reader(m, s, &s->reader, err);
    if (s->reader) {
        s->reader->owner = s;
        m->busy++;
    }
    pthread_mutex_unlock(&m->lock);
    return status;
}

static kf_status read_sound(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    kf_clip_sound *s = ctx;
    kf_status status = s->reader ? KF_OK : take_reader(s, first, err);
    if (status != KF_OK) return status;
    s->reader->at = first + n;
    return kf_audio_source_read(s->reader->source, first, planes, n, err);
}

static void idle_sound(void *ctx)
{
    kf_clip_sound *s = ctx;
    if (!s->reader) return;
    pthread_mutex_lock(&s->material->lock);
    s->reader->owner = NULL;
    s->reader = NULL;
    s->material->busy--;
    pthread_mutex_unlock(&s->material->lock);
}

kf_status kf_material_sound(kf_material *m, int stream, int32_t rate, int32_t channels, kf_clip_sound **out,
                            kf_error *err)
{
    kf_clip_sound *s = KF_NEW(kf_clip_sound);
    *out = s;
    if (!s) return kf_fail_memory(err);
    *s = (kf_clip_sound){.stream = stream, .rate = rate, .channels = channels, .material = m};
    pthread_mutex_lock(&m->library->lock);
    m->refs++;
    pthread_mutex_unlock(&m->library->lock);
    return KF_OK;
}

kf_sample_source kf_clip_sound_source(kf_clip_sound *s)
{
    return (kf_sample_source){.read = read_sound, .idle = idle_sound, .ctx = s};
}

void kf_clip_sound_destroy(kf_clip_sound *s)
{
    if (!s) return;
    idle_sound(s);
    kf_material_release(s->material);
    kf_free(s);
}
