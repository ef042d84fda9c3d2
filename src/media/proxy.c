/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libswscale/swscale.h>

#include <string.h>

#include "media/api/proxy.h"
#include "media/api/writer.h"
#include "media/in/internal.h"
#include "media/out/internal.h"
#include "media/sweep.h"

enum { BLOCK = 8192 };

typedef struct proxy {
    const kf_proxy_params *params;
    kf_media *media;
    kf_video_source *video;
    kf_video_info info;
    kf_audio_source *audio;    /* NULL: none */
    int64_t samples, heard;    /* there are; written */
    int rate, channels;
    float *memory;
    kf_writer *writer;
    int width, height;
    struct SwsContext *sws;
    int from_key[3];           /* format, width and height of what sws takes */
} proxy;

/* ---- What it becomes ---- */

static bool plain_8bit(const kf_video_info *v)
{
    bool hdr = v->color.transfer == KF_TRC_PQ || v->color.transfer == KF_TRC_HLG;
    return !hdr && kf_pixfmt_get(v->format)->bits <= 8;
}

static bool can_write(const char *codec)
{
    int i = kf_video_codec_find(codec);
    return i >= 0 && kf_video_codec_get(i).encoder;
}

/* DNxHR LB is several times quicker to write; ProRes keeps 10 bits, alpha, and small pictures. */
static void choose_codec(const proxy *p, kf_writer_video_params *v)
{
    const char *wanted = p->params->codec;
    bool alpha = p->info.stream->alpha && can_write("prores");
    bool fits = p->width >= 256 && p->height >= 120 && !alpha;
    bool dnxhr = wanted ? strcmp(wanted, "dnxhr") == 0 : plain_8bit(&p->info);
    v->codec = fits && can_write("dnxhr") && (dnxhr || !can_write("prores")) ? "dnxhr" : "prores";
    v->profile = strcmp(v->codec, "dnxhr") == 0 ? "lb" : alpha ? "4444" : "proxy";
    v->format = alpha ? KF_PIX_YUVA444P10 : KF_PIX_NONE;
}

static int even(double v)
{
    int n = 2 * (int)(v / 2 + 0.5);
    return n < 2 ? 2 : n;
}

static void choose_size(proxy *p)
{
    const kf_stream_info *s = p->info.stream;
    double divide = p->params->divide > 1 ? p->params->divide : 1;
    int shorter = s->width < s->height ? s->width : s->height;
    if (p->params->lines > 0 && shorter / divide > p->params->lines) divide = (double)shorter / p->params->lines;
    p->width = even(s->width / divide);
    p->height = even(s->height / divide);
}

/* So that it shows with the same proportions: the shape of the original's pixels times what rounding did. */
static kf_rational aspect(const proxy *p)
{
    const kf_stream_info *s = p->info.stream;
    int64_t num = s->sample_aspect.num > 0 ? s->sample_aspect.num : 1, den = s->sample_aspect.num > 0 ? s->sample_aspect.den
                                                                                                      : 1;
    kf_rational out;
    if (kf_rational_make(num * s->width * p->height, den * s->height * p->width, &out) && out.num < 60000 &&
        out.den < 60000)
        return out;
    return (kf_rational){(int32_t)num, (int32_t)den};
}

static bool exact(const proxy *p, kf_rational tick)
{
    for (int64_t i = 0; i <= p->info.frames; i++) {
        kf_time t = kf_video_source_frame_time(p->video, i);
        if (kf_time_from_ticks(kf_ticks_from_time(t, tick.num, tick.den), tick.num, tick.den) != t) return false;
    }
    return true;
}

/* The coarsest unit in which all times are whole; or else one in which they lie less than 2 us early, never late. */
static kf_rational choose_tick(const proxy *p, kf_rational rate)
{
    AVRational base = p->media->streams[kf_in_find_stream(p->media, KF_STREAM_VIDEO, -1)].base;
    kf_rational candidates[] = {{rate.den, rate.num}, {base.num, base.den}, {1, 90000}};
    for (int i = 0; i < 3; i++)
        if (candidates[i].num > 0 && candidates[i].den > 0 && exact(p, candidates[i])) return candidates[i];
    return (kf_rational){1, 705600};
}

static void set_timecode(const kf_media_info *m, kf_rational rate, kf_writer_params *w)
{
    kf_rational at = m->timecode_rate.num > 0 ? m->timecode_rate : rate;
    kf_time t;
    if (!m->timecode[0] || kf_time_parse(m->timecode, at, &t, NULL)) return;
    w->timecode = kf_frame_at(t, at);
    w->timecode_drop = strchr(m->timecode, ';') != NULL;
}

static kf_status open_writer(proxy *p, kf_error *err)
{
    kf_writer_params w = kf_writer_params_default();
    const kf_stream_info *s = p->info.stream;
    w.path = p->params->output;
    w.container = "mov";
    w.overwrite = true;
    w.bitexact = true;
    w.video = (kf_writer_video_params){.width = p->width, .height = p->height, .crf = -1, .sample_aspect = aspect(p),
                                       .color = p->info.color, .threads = p->params->threads, .frames = p->info.frames,
                                       .end = p->info.end, .rotation = s->rotation, .mirrored = s->mirrored};
    w.video.rate = s->rate.num > 0 && s->rate.num / s->rate.den < 1000 ? s->rate : (kf_rational){25, 1};
    w.video.tick = choose_tick(p, w.video.rate);
    w.video.color.range = KF_RANGE_LIMITED;
    if (w.video.color.matrix == KF_MAT_RGB) w.video.color.matrix = KF_MAT_BT709;
    choose_codec(p, &w.video);
    w.audio = (kf_writer_audio_params){.codec = p->audio ? "pcm_s16" : "none", .sample_rate = p->rate,
                                       .channels = p->channels};
    set_timecode(kf_media_describe(p->media), w.video.rate, &w);
    return kf_writer_open(&w, &p->writer, err);
}

/* ---- Opening ---- */

static kf_status open_sound(proxy *p, kf_error *err)
{
    const kf_media_info *m = kf_media_describe(p->media);
    if (m->best_audio < 0) return KF_OK;
    p->rate = m->streams[m->best_audio].sample_rate;
    kf_status status = kf_audio_source_open(p->media, -1, p->rate, 0, &p->audio, err);
    if (status) return status;
    p->channels = kf_audio_source_channels(p->audio);
    if (p->channels > KF_OUT_MAX_CHANNELS) { /* more than the container's layouts: the two that everybody hears */
        kf_audio_source_close(p->audio);
        p->channels = 2;
        status = kf_audio_source_open(p->media, -1, p->rate, 2, &p->audio, err);
        if (status) return status;
    }
    p->samples = kf_audio_source_length(p->audio);
    p->memory = kf_alloc((size_t)p->channels * BLOCK * sizeof(float));
    return p->memory ? KF_OK : kf_fail_memory(err);
}

static kf_status open_proxy(proxy *p, kf_error *err)
{
    kf_media_params mp = kf_media_params_default();
    mp.rate = p->params->rate;
    mp.threads = p->params->threads;
    mp.cache_bytes = 32 << 20;
    kf_status status = kf_media_open(p->params->path, &mp, &p->media, err);
    if (status) return status;
    const kf_media_info *m = kf_media_describe(p->media);
    if (m->still || m->best_video < 0 || m->streams[m->best_video].attached_picture)
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: has no moving pictures; a proxy would not make it lighter",
                       p->params->path);
    status = kf_video_source_open(p->media, -1, &p->video, err);
    if (!status) status = kf_video_source_describe(p->video, &p->info, err);
    if (!status) status = open_sound(p, err);
    if (status) return status;
    choose_size(p);
    return open_writer(p, err);
}

static void close_proxy(proxy *p)
{
    kf_writer_abort(p->writer);
    kf_audio_source_close(p->audio);
    kf_video_source_close(p->video);
    kf_media_close(p->media);
    kf_free(p->memory);
    sws_freeContext(p->sws);
}

/* ---- Writing ---- */

static bool prepare_sws(proxy *p, const kf_image *in)
{
    int key[3] = {in->format, in->width, in->height};
    if (p->sws && memcmp(key, p->from_key, sizeof key) == 0) return true;
    sws_freeContext(p->sws);
    p->sws = sws_getContext(in->width, in->height, kf_out_av_plain(in->format), p->width, p->height,
                            kf_out_av_plain(kf_writer_video_format(p->writer)), SWS_BILINEAR, NULL, NULL, NULL);
    memcpy(p->from_key, key, sizeof key);
    if (!p->sws) return false;
    int to = kf_writer_video_color(p->writer).matrix, from = in->color.matrix == KF_MAT_RGB ? to : in->color.matrix;
    sws_setColorspaceDetails(p->sws, sws_getCoefficients(from), in->color.range == KF_RANGE_FULL, sws_getCoefficients(to), 0,
                             0, 1 << 16, 1 << 16);
    return true;
}

static kf_status write_frame(proxy *p, int64_t i, kf_error *err)
{
    kf_frame *in, *out = NULL;
    kf_status status = kf_video_source_get(p->video, i, &in, NULL, err);
    if (status) return status;
    if (prepare_sws(p, &in->image)) out = kf_frame_create(kf_writer_video_format(p->writer), p->width, p->height);
    if (out) {
        int from[4], to[4];
        for (int k = 0; k < 4; k++) from[k] = (int)in->image.stride[k], to[k] = (int)out->image.stride[k];
        sws_scale(p->sws, (const uint8_t *const *)in->image.plane, from, 0, in->image.height, out->image.plane, to);
        out->image.color = kf_writer_video_color(p->writer);
        out->time = kf_video_source_frame_time(p->video, i);
    }
    status = out ? kf_writer_video(p->writer, out, 1, err) : kf_fail_memory(err);
    kf_frame_unref(out);
    kf_frame_unref(in);
    return status;
}

/* The sound up to a time. */
static kf_status write_sound(proxy *p, kf_time until, kf_error *err)
{
    int64_t end = p->audio ? kf_sample_at(until, p->rate) : 0;
    kf_status status = KF_OK;
    end = end < p->samples ? end : p->samples;
    while (p->heard < end && !status) {
        float *planes[KF_OUT_MAX_CHANNELS];
        int n = (int)(end - p->heard < BLOCK ? end - p->heard : BLOCK);
        for (int c = 0; c < p->channels; c++) planes[c] = p->memory + (size_t)c * BLOCK;
        status = kf_audio_source_read(p->audio, p->heard, planes, n, err);
        if (!status) status = kf_writer_audio(p->writer, (const float *const *)planes, n, err);
        p->heard += n;
    }
    return status;
}

static kf_status go_on(const proxy *p, int64_t i, kf_error *err)
{
    const kf_proxy_params *q = p->params;
    bool on = !q->go_on || q->go_on(q->ctx, (double)i / (double)p->info.frames);
    return on ? KF_OK : kf_fail(err, KF_ERR_CANCELLED, "the proxy of %s was stopped", q->path);
}

static kf_status write_all(proxy *p, kf_error *err)
{
    kf_status status = KF_OK;
    for (int64_t i = 0; i < p->info.frames && !status; i++) {
        status = go_on(p, i, err);
        if (!status) status = write_frame(p, i, err);
        if (!status) status = write_sound(p, kf_video_source_frame_time(p->video, i + 1), err);
    }
    return status ? status : write_sound(p, kf_sample_start(p->samples, p->rate ? p->rate : 1), err);
}

kf_status kf_proxy_write(const kf_proxy_params *params, kf_error *err)
{
    proxy p = {.params = params};
    kf_media_sweep(params->output);
    kf_status status = open_proxy(&p, err);
    if (!status) status = write_all(&p, err);
    if (!status) {
        status = kf_writer_finish(p.writer, NULL, err);
        p.writer = NULL;
    }
    close_proxy(&p);
    return status;
}
