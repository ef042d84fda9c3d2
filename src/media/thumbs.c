/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thumbnails decoded from a file. Exact ones come from a decoder that walks along; those with slack from one that needs no
 * index, prefers keyframes, and leaves out what nothing refers to. */
#include <libswscale/swscale.h>

#include <string.h>

#include "media/api/thumbs.h"
#include "media/in/internal.h"
#include "media/out/internal.h"

enum { PACKETS_MAX = 4000, WIDTH_MAX = 4096 };

/* The decoder for pictures with slack. */
typedef struct coarse {
    bool tried, works;
    kf_in_demux demux;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *held, *next;      /* put out last; the one after it, if `ahead` */
    kf_time held_at, next_at;
    bool holds, ahead, draining;
} coarse;

struct kf_thumbs {
    kf_media *media;
    int stream, number;        /* among the video streams; in the file */
    kf_video_source *source;   /* made on demand */
    kf_in_decoder *walker;     /* for exact ones; made on demand */
    coarse coarse;
    kf_in_converter converter;
    struct SwsContext *sws;
    int sws_key[6];
};

static void coarse_close(coarse *c)
{
    avcodec_free_context(&c->codec);
    av_packet_free(&c->packet);
    av_frame_free(&c->held);
    av_frame_free(&c->next);
    kf_in_demux_close(&c->demux);
}

void kf_thumbs_close(kf_thumbs *t)
{
    if (!t) return;
    kf_in_decoder_close(t->walker);
    kf_video_source_close(t->source);
    coarse_close(&t->coarse);
    kf_in_converter_finish(&t->converter);
    sws_freeContext(t->sws);
    kf_media_close(t->media);
    kf_free(t);
}

kf_status kf_thumbs_open(const char *path, int stream, kf_thumbs **out, kf_error *err)
{
    kf_media_params params = kf_media_params_default();
    params.threads = 1;
    params.cache_bytes = 16 << 20;
    params.single = true;
    *out = NULL;
    kf_thumbs *t = KF_NEW(kf_thumbs);
    if (!t) return kf_fail_memory(err);
    t->coarse.demux.fd = -1;
    t->stream = stream;
    kf_status status = kf_media_open(path, &params, &t->media, err);
    if (!status && (t->number = kf_in_find_stream(t->media, KF_STREAM_VIDEO, stream)) < 0)
        status = kf_fail(err, KF_ERR_NOT_FOUND, "%s: has no pictures", path);
    if (status) {
        kf_thumbs_close(t);
        return status;
    }
    *out = t;
    return KF_OK;
}

const kf_media_info *kf_thumbs_info(const kf_thumbs *t)
{
    return kf_media_describe(t->media);
}

/* ---- Exact ---- */

/* Frame i from a decoder that goes on from where it stands or seeks, whichever is nearer. */
static kf_status walk(kf_thumbs *t, int64_t i, AVFrame *frame, kf_error *err)
{
    kf_status status = t->walker ? KF_OK : kf_in_decoder_open(t->media, t->number, false, &t->walker, err);
    if (status) return status;
    int64_t n = -1, seek_cost = kf_in_decoder_seek_cost(t->media, t->number, i, false);
    if (kf_in_decoder_cost(t->walker, i) > seek_cost) status = kf_in_decoder_seek(t->walker, i, err);
    while (!status && n < i) {
        av_frame_unref(frame);
        status = kf_in_decoder_next(t->walker, i, frame, &n, err);
        if (!status && n < 0) return KF_ERR_MEDIA;
    }
    return !status && n > i ? KF_ERR_MEDIA : status;
}

static kf_status walk_to(kf_thumbs *t, int64_t i, kf_frame **out, kf_error *err)
{
    AVFrame *frame = av_frame_alloc();
    kf_status status = frame ? walk(t, i, frame, err) : kf_fail_memory(err);
    if (!status) status = kf_in_picture(t->media, t->number, &t->converter, frame, out, err);
    av_frame_free(&frame);
    return status;
}

/* The source knows the times, and stands in where a frame is damaged. */
static kf_status exact(kf_thumbs *t, kf_time at, kf_frame **out, kf_error *err)
{
    kf_video_info info;
    kf_status status = t->source ? KF_OK : kf_video_source_open(t->media, t->stream, &t->source, err);
    if (!status) status = kf_video_source_describe(t->source, &info, err);
    if (status) return status;
    int64_t i = kf_video_source_frame_at(t->source, at);
    if (info.frames > 1 && walk_to(t, i, out, err) == KF_OK) return KF_OK;
    return kf_video_source_get(t->source, i, out, NULL, err);
}

/* ---- With slack ---- */

static bool coarse_open(kf_thumbs *t)
{
    coarse *c = &t->coarse;
    if (c->tried) return c->works;
    c->tried = true;
    const kf_media *m = t->media;
    if (m->place.kind != KF_IN_FILE || m->streams[t->number].attached || kf_in_demux_open(&m->place, &c->demux, NULL))
        return false;
    if (!m->quick && !m->timed) avformat_find_stream_info(c->demux.format, NULL); /* times of packets depend on it */
    if ((int)c->demux.format->nb_streams <= t->number || kf_in_codec_open(m, t->number, 1, &c->codec, NULL)) return false;
    for (int i = 0; i < (int)c->demux.format->nb_streams; i++)
        c->demux.format->streams[i]->discard = i == t->number ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    c->codec->skip_loop_filter = AVDISCARD_NONKEY;
    c->codec->skip_frame = AVDISCARD_NONREF;
    c->packet = av_packet_alloc();
    c->held = av_frame_alloc();
    c->next = av_frame_alloc();
    c->works = c->packet && c->held && c->next;
    return c->works;
}

static AVStream *coarse_stream(kf_thumbs *t)
{
    return t->coarse.demux.format->streams[t->number];
}

static bool coarse_seek(kf_thumbs *t, int64_t ticks)
{
    coarse *c = &t->coarse;
    c->holds = c->ahead = c->draining = false;
    avcodec_flush_buffers(c->codec);
    return av_seek_frame(c->demux.format, t->number, ticks, AVSEEK_FLAG_BACKWARD) >= 0 ||
           av_seek_frame(c->demux.format, t->number, ticks, 0) >= 0;
}

static void coarse_feed(kf_thumbs *t)
{
    coarse *c = &t->coarse;
    int code;
    do {
        av_packet_unref(c->packet);
        code = av_read_frame(c->demux.format, c->packet);
    } while (code == AVERROR(EAGAIN) || (code >= 0 && c->packet->stream_index != t->number));
    c->draining = code < 0;
    avcodec_send_packet(c->codec, c->draining ? NULL : c->packet); /* a damaged packet gives no frame; the next may */
    av_packet_unref(c->packet);
}

/* The next frame into c->next. */
static bool coarse_step(kf_thumbs *t)
{
    coarse *c = &t->coarse;
    if (c->ahead) return true;
    for (int n = 0; n < PACKETS_MAX; n++) {
        int code = avcodec_receive_frame(c->codec, c->next);
        if (code >= 0) {
            int64_t ticks = c->next->best_effort_timestamp;
            c->next_at = ticks == AV_NOPTS_VALUE ? KF_TIME_NONE : kf_in_time(t->media, t->number, ticks);
            c->ahead = c->next_at != KF_TIME_NONE;
            if (c->ahead) return true;
        } else if (c->draining && code != AVERROR(EAGAIN)) {
            return false;
        } else {
            coarse_feed(t);
        }
    }
    return false;
}

static void coarse_take(coarse *c)
{
    av_frame_unref(c->held);
    av_frame_move_ref(c->held, c->next);
    c->held_at = c->next_at;
    c->holds = true;
    c->ahead = false;
}

/* When the last keyframe at or before `at` is decoded; KF_TIME_NONE: not known. */
static kf_time key_before(kf_thumbs *t, kf_time at)
{
    AVStream *st = coarse_stream(t);
    int n = av_index_search_timestamp(st, kf_in_ticks(t->media, t->number, at), AVSEEK_FLAG_BACKWARD);
    const AVIndexEntry *e = n >= 0 ? avformat_index_get_entry(st, n) : NULL;
    return e ? kf_in_time(t->media, t->number, e->timestamp) : KF_TIME_NONE;
}

/* Brings the decoder to where frames up to `to` come soonest. */
static bool coarse_approach(kf_thumbs *t, kf_time from, kf_time to)
{
    const coarse *c = &t->coarse;
    kf_time key = key_before(t, to);
    bool on_the_way = c->holds && c->held_at <= from, soon = c->ahead && c->next_at >= from;
    if (on_the_way && (soon || key == KF_TIME_NONE || key <= c->held_at)) return true;
    return coarse_seek(t, kf_in_ticks(t->media, t->number, key >= from ? to : from));
}

/* The first frame from `from` on, or the one still shown at `to` if none begins in between; borrowed, NULL: none. */
static AVFrame *coarse_find(kf_thumbs *t, kf_time from, kf_time to)
{
    coarse *c = &t->coarse;
    while (coarse_step(t) && (c->next_at <= to || !c->holds)) {
        coarse_take(c);
        if (c->held_at >= from) break;
    }
    return c->holds ? c->held : NULL;
}

static kf_status with_slack(kf_thumbs *t, kf_time at, kf_time slack, kf_frame **out, kf_error *err)
{
    AVFrame *found = coarse_open(t) && coarse_approach(t, at - slack, at + slack) ? coarse_find(t, at - slack, at + slack)
                                                                                  : NULL;
    AVFrame *copy = found ? av_frame_clone(found) : NULL;
    kf_status status = copy ? kf_in_picture(t->media, t->number, &t->converter, copy, out, err) : KF_ERR_MEDIA;
    av_frame_free(&copy);
    return status;
}

/* ---- Making it small ---- */

static bool shown_as_is(kf_color c)
{
    bool plain = c.transfer != KF_TRC_PQ && c.transfer != KF_TRC_HLG && c.transfer != KF_TRC_LINEAR;
    return plain && c.primaries != KF_PRI_BT2020 && c.primaries != KF_PRI_P3D65 && c.primaries != KF_PRI_P3DCI;
}

static bool prepare_sws(kf_thumbs *t, const kf_image *in, const kf_image *out)
{
    int key[6] = {in->format, in->width, in->height, out->format, out->width, out->height};
    if (t->sws && memcmp(key, t->sws_key, sizeof key) == 0) return true;
    sws_freeContext(t->sws);
    t->sws = sws_getContext(in->width, in->height, kf_out_av_plain(in->format), out->width, out->height,
                            kf_out_av_plain(out->format), SWS_AREA | SWS_ACCURATE_RND, NULL, NULL, NULL);
    memcpy(t->sws_key, key, sizeof key);
    if (!t->sws) return false;
    const int *from = sws_getCoefficients(in->color.matrix == KF_MAT_RGB ? SWS_CS_DEFAULT : in->color.matrix);
    sws_setColorspaceDetails(t->sws, from, in->color.range == KF_RANGE_FULL, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0,
                             1 << 16, 1 << 16);
    return true;
}

static kf_frame *scale(kf_thumbs *t, const kf_image *in, int width, int height)
{
    kf_frame *f = kf_frame_create(shown_as_is(in->color) ? KF_PIX_RGBA8 : KF_PIX_RGBA16, width, height);
    if (!f || !prepare_sws(t, in, &f->image)) {
        kf_frame_unref(f);
        return NULL;
    }
    int from[4], to[4] = {(int)f->image.stride[0]};
    for (int p = 0; p < 4; p++) from[p] = (int)in->stride[p];
    sws_scale(t->sws, (const uint8_t *const *)in->plane, from, 0, in->height, f->image.plane, to);
    f->image.color = in->color;
    f->image.color.matrix = KF_MAT_RGB;
    f->image.color.range = KF_RANGE_FULL;
    f->image.premultiplied = in->premultiplied;
    return f;
}

static void premultiply(kf_image *image)
{
    for (int y = 0; y < image->height && !image->premultiplied; y++) {
        uint8_t *row = image->plane[0] + y * image->stride[0];
        uint16_t *row16 = (uint16_t *)(void *)row;
        for (int k = 0; k < 4 * image->width; k++) {
            if (image->format == KF_PIX_RGBA8 && k % 4 < 3)
                row[k] = (uint8_t)((row[k] * row[k | 3] + 127) / 255);
            else if (k % 4 < 3)
                row16[k] = (uint16_t)(((uint32_t)row16[k] * row16[k | 3] + 32767) / 65535);
        }
    }
    image->premultiplied = true;
}

/* Where the pixel at (x, y) of the upright picture lies in the stored one. */
static void stored_place(const kf_stream_info *s, const kf_image *upright, int *x, int *y)
{
    int w = upright->width, h = upright->height, ux = s->mirrored ? w - 1 - *x : *x, uy = *y;
    switch (s->rotation) {
    case 90: *x = uy, *y = w - 1 - ux; break;
    case 180: *x = w - 1 - ux, *y = h - 1 - uy; break;
    case 270: *x = h - 1 - uy, *y = ux; break;
    default: *x = ux;
    }
}

static kf_frame *turn(const kf_stream_info *s, kf_frame *stored)
{
    const kf_image *in = &stored->image;
    bool aside = s->rotation == 90 || s->rotation == 270;
    size_t pixel = in->format == KF_PIX_RGBA8 ? 4 : 8;
    kf_frame *f = kf_frame_create(in->format, aside ? in->height : in->width, aside ? in->width : in->height);
    for (int y = 0; f && y < f->image.height; y++) {
        uint8_t *row = f->image.plane[0] + y * f->image.stride[0];
        for (int x = 0; x < f->image.width; x++) {
            int sx = x, sy = y;
            stored_place(s, &f->image, &sx, &sy);
            memcpy(row + pixel * (size_t)x, in->plane[0] + sy * in->stride[0] + pixel * (size_t)sx, pixel);
        }
    }
    if (f) {
        f->image.color = in->color;
        f->image.premultiplied = in->premultiplied;
    }
    kf_frame_unref(stored);
    return f;
}

static kf_frame *make_small(kf_thumbs *t, const kf_image *in, int height)
{
    const kf_stream_info *s = &t->media->info.streams[t->number];
    bool aside = s->rotation == 90 || s->rotation == 270;
    int64_t shown_w = s->shown_width > 0 ? s->shown_width : in->width, shown_h = s->shown_height > 0 ? s->shown_height
                                                                                                    : in->height;
    int64_t width = (shown_w * height + shown_h / 2) / shown_h;
    int w = width < 1 ? 1 : width > WIDTH_MAX ? WIDTH_MAX : (int)width;
    kf_frame *f = scale(t, in, aside ? height : w, aside ? w : height);
    if (f && (s->rotation || s->mirrored)) f = turn(s, f);
    if (f) premultiply(&f->image);
    return f;
}

kf_status kf_thumbs_get(kf_thumbs *t, kf_time at, kf_time slack, int height, kf_frame **out, kf_error *err)
{
    kf_frame *frame = NULL;
    *out = NULL;
    kf_status status = slack > 0 ? with_slack(t, at, slack, &frame, err) : KF_ERR_MEDIA;
    if (status) status = exact(t, at, &frame, err);
    if (status) return status;
    *out = make_small(t, &frame->image, height);
    if (*out) (*out)->time = frame->time;
    kf_frame_unref(frame);
    return *out ? KF_OK : kf_fail_memory(err);
}
