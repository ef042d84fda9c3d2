/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/in/deinterlace.h"
#include "media/in/internal.h"

struct kf_in_decoder {
    kf_media *media;
    int stream;
    const kf_in_index *index;
    kf_in_demux demux;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *raw;
    kf_in_deinterlacer *deinterlacer; /* NULL: none */
    bool deinterlace;
    bool fresh;            /* the demuxer stands at the start */
    bool used;             /* the codec has seen packets */
    bool draining, ended;
    int attempts;          /* of the present seek */
    int64_t key;           /* where the present run began */
    int32_t sync;          /* packets before this one are passed over; -1 once it came */
    int32_t next;          /* number of the packet that comes next */
    int64_t last;          /* frame put out last, -1 none since the seek */
    int64_t first;         /* earlier frames cannot come */
    int64_t key_frame;     /* earlier ones refer to what came before the key */
    int64_t left_out;      /* the highest frame left out since the seek, -1 none: lower ones may not come */
    bool clean;            /* a whole frame came since the seek */
    int64_t until;         /* the last frame that is wanted, -1 not known */
    bool (*stop)(void *ctx); /* NULL: nothing stops it */
    void *stop_ctx;
    int64_t decoded, ns;
};

/* ---- opening ---- */

static kf_status open_demux(kf_in_decoder *d, kf_error *err)
{
    const kf_media *media = d->media;
    kf_in_demux_close(&d->demux);
    kf_status status = kf_in_demux_open(&media->place, &d->demux, err);
    if (status) {
        return status;
    }
    if (!media->quick && !media->timed && media->place.kind == KF_IN_FILE) {
        avformat_find_stream_info(d->demux.format, NULL); /* times of packets depend on it */
    }
    if ((int)d->demux.format->nb_streams <= d->stream) {
        return kf_fail(err, KF_ERR_MEDIA, "%s: changed while it was open; open the film again", kf_in_name(media));
    }
    for (int i = 0; i < (int)d->demux.format->nb_streams; i++) {
        d->demux.format->streams[i]->discard = i == d->stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    d->fresh = true;
    return KF_OK;
}

kf_status kf_in_decoder_open(kf_media *media, int stream, kf_in_way way, kf_in_decoder **out, kf_error *err)
{
    *out = NULL;
    kf_in_decoder *d = KF_NEW(kf_in_decoder);
    if (!d) {
        return kf_fail_memory(err);
    }
    d->media = media;
    d->stream = stream;
    d->index = &media->streams[stream].index;
    d->deinterlace = way == KF_IN_DEINTERLACED;
    d->demux.fd = -1;
    d->sync = -1;
    d->last = d->left_out = d->until = -1;
    d->ended = true; /* until it is sent somewhere */
    d->packet = av_packet_alloc();
    d->raw = av_frame_alloc();
    kf_status status = d->packet && d->raw ? KF_OK : kf_fail_memory(err);
    if (!status && !media->streams[stream].attached) {
        status = open_demux(d, err);
    }
    if (!status) {
        bool still = media->place.kind != KF_IN_FILE || media->streams[stream].attached;
        status = kf_in_codec_open(media, stream, still || way == KF_IN_ROUGHLY ? 1 : 0, &d->codec, err);
    }
    if (status) {
        kf_in_decoder_close(d);
        return status;
    }
    if (way == KF_IN_ROUGHLY) {
        d->codec->skip_loop_filter = AVDISCARD_ALL;
    }
    *out = d;
    return KF_OK;
}

void kf_in_decoder_close(kf_in_decoder *d)
{
    if (d) {
        kf_in_deinterlacer_close(d->deinterlacer);
        avcodec_free_context(&d->codec);
        av_packet_free(&d->packet);
        av_frame_free(&d->raw);
        kf_in_demux_close(&d->demux);
        kf_free(d);
    }
}

int64_t kf_in_decoder_decoded(const kf_in_decoder *d)
{
    return d->decoded;
}

int64_t kf_in_decoder_ns(const kf_in_decoder *d)
{
    return d->ns;
}

/* ---- costs ---- */

int64_t kf_in_decoder_cost(const kf_in_decoder *d, int64_t i)
{
    if (d->ended || i <= d->last || i < d->first) {
        return INT64_MAX;
    }
    int32_t at = d->sync >= 0 ? d->sync : d->next, order = d->index->frames[i].order;
    bool passed = d->deinterlace ? i <= d->left_out + 2 : i <= d->left_out && order < at; /* or what goes into it */
    if ((passed && d->left_out >= 0) || (d->draining && order >= at)) {
        return INT64_MAX;
    }
    return order < at ? 0 : order - at + 1;
}

int64_t kf_in_decoder_rebuild_cost(const kf_in_decoder *d)
{
    enum { FEW = 12 };
    const kf_in_index *x = d->index;
    if (d->ended || d->sync >= 0) {
        return 0;
    }
    int64_t key = kf_in_index_key_before(x, d->next - 1);
    int64_t following = key + 1 < x->key_count ? x->keys[key + 1].order : x->packets;
    return following - d->next <= FEW ? 0 : d->next - (key < 0 ? 0 : x->keys[key].order);
}

bool kf_in_decoder_passed(const kf_in_decoder *d, int64_t i)
{
    return d->ended || d->last >= i;
}

/* The frame whose predecessors suffice to give frame i. */
static int64_t needs(int64_t i, bool deinterlace)
{
    return deinterlace && i > 0 ? i - 1 : i;
}

int64_t kf_in_decoder_seek_cost(const kf_media *media, int stream, int64_t i, bool deinterlace)
{
    const kf_in_index *x = &media->streams[stream].index;
    int64_t key = kf_in_index_key(x, needs(i, deinterlace));
    return x->frames[i].order - (key < 0 ? 0 : x->keys[key].order) + 1 + x->reorder;
}

/* ---- seeking ---- */

static int64_t seek_time(const kf_in_decoder *d, const kf_in_key *key)
{
    return d->media->timed || key->dts == AV_NOPTS_VALUE ? key->pts : key->dts;
}

/* Brings the demuxer to or before the key; attempts tell how far before. */
static kf_status place_demux(kf_in_decoder *d, kf_error *err)
{
    const kf_in_index *x = d->index;
    int64_t key = d->key - (d->attempts == 1 ? 1 : 0);
    if (d->fresh && d->sync <= d->next) {
        return KF_OK;
    }
    bool start = key < 0 || x->untimed || d->attempts > 1 || x->keys[key].order == 0;
    if (x->untimed && d->sync >= d->next && !d->attempts) {
        return KF_OK; /* it is ahead */
    }
    if (!start && av_seek_frame(d->demux.format, d->stream, seek_time(d, &x->keys[key]), AVSEEK_FLAG_BACKWARD) >= 0) {
        d->fresh = false;
        return KF_OK;
    }
    d->next = 0;
    if (start && !x->untimed && d->attempts < 2 && key >= 0 &&
        av_seek_frame(d->demux.format, d->stream, seek_time(d, &x->keys[key]), AVSEEK_FLAG_BACKWARD) >= 0) {
        return KF_OK;
    }
    return open_demux(d, err);
}

kf_status kf_in_decoder_seek(kf_in_decoder *d, int64_t i, kf_error *err)
{
    if (d->used) {
        avcodec_flush_buffers(d->codec);
        d->used = false;
    }
    kf_in_deinterlacer_close(d->deinterlacer);
    d->deinterlacer = NULL;
    d->draining = d->ended = d->clean = false;
    d->attempts = 0;
    d->last = d->left_out = -1;
    if (d->media->streams[d->stream].attached) {
        d->first = d->key_frame = 0;
        return KF_OK;
    }
    d->key = kf_in_index_key(d->index, needs(i, d->deinterlace));
    d->sync = d->key < 0 ? 0 : d->index->keys[d->key].order;
    d->first = kf_in_index_key_frame(d->index, d->key);
    d->key_frame = d->first;
    if (d->deinterlace && d->first > 0) {
        d->first++;
    }
    kf_status status = place_demux(d, err);
    d->ended = status != KF_OK;
    return status;
}

/* ---- packets ---- */

/* The number of d->packet. */
static int32_t number_packet(const kf_in_decoder *d)
{
    if (d->index->untimed) {
        return d->next;
    }
    return kf_in_index_order(d->index, d->index->by_dts ? d->packet->dts : d->packet->pts);
}

/* Whether the packet belongs to the run; *late: the demuxer stands behind where the run begins. */
static bool take_packet(kf_in_decoder *d, bool *late)
{
    int32_t order = number_packet(d);
    *late = false;
    if (d->sync >= 0) {
        *late = order > d->sync;
        if (d->index->untimed) {
            d->next++;
        }
        if (order != d->sync) {
            return false;
        }
        d->sync = -1;
        d->next = order + 1;
        return true;
    }
    d->next = order >= 0 ? order + 1 : d->next + 1;
    return true;
}

static int retry_seek(kf_in_decoder *d)
{
    av_packet_unref(d->packet);
    d->attempts++;
    kf_error ignored;
    return d->attempts > 2 || place_demux(d, &ignored) ? AVERROR_EOF : 0;
}

/* The next packet of the stream into d->packet; AVERROR_EOF at the end. */
static int read_packet(kf_in_decoder *d)
{
    AVPacket *attached = d->media->streams[d->stream].attached;
    if (attached) {
        return d->used ? AVERROR_EOF : av_packet_ref(d->packet, attached);
    }
    for (;;) {
        int code = av_read_frame(d->demux.format, d->packet);
        bool late = code < 0 && d->sync >= 0;
        if (code == AVERROR(EAGAIN)) {
            continue;
        }
        if (code >= 0 && d->packet->stream_index == d->stream && take_packet(d, &late)) {
            d->fresh = false;
            return 0;
        }
        if (late) {
            code = retry_seek(d);
        }
        if (code < 0) {
            return AVERROR_EOF;
        }
        av_packet_unref(d->packet);
    }
}

/* Whether libavcodec knows which frames nothing refers to. In HEVC they say so for their own temporal layer only: there
 * must be no other, which the header of MP4 and Matroska tells. */
static bool knows_references(const AVCodecContext *c)
{
    const uint8_t *x = c->extradata;
    bool one_layer = c->extradata_size > 22 && x[0] == 1 && (x[21] >> 3 & 7) == 1;
    return c->codec_id == AV_CODEC_ID_H264 || c->codec_id == AV_CODEC_ID_MPEG2VIDEO ||
           c->codec_id == AV_CODEC_ID_MPEG4 || (c->codec_id == AV_CODEC_ID_HEVC && one_layer);
}

/* Frames nothing refers to may be left out before `needed`. */
static enum AVDiscard skipping(kf_in_decoder *d, int64_t needed)
{
    needed -= d->deinterlace ? 2 : 0;
    int64_t i = kf_in_index_shown(d->index, d->next - 1);
    if (i < 0 || i >= needed || !knows_references(d->codec)) {
        return AVDISCARD_DEFAULT;
    }
    d->left_out = i > d->left_out ? i : d->left_out;
    return AVDISCARD_NONREF;
}

/* Whether the codec has seen all that the last wanted frame needs, so that it may put out at once what it holds back to
 * sort and to keep its threads busy. A frame's second field may come in a packet that shows nothing by itself. */
static bool has_enough(const kf_in_decoder *d)
{
    const kf_in_index *x = d->index;
    if (d->until < 0 || d->deinterlace || d->sync >= 0 || d->next <= x->frames[d->until].order) {
        return false;
    }
    return d->next >= x->packets || kf_in_index_shown(x, d->next) >= 0;
}

void kf_in_decoder_until(kf_in_decoder *d, int64_t i)
{
    d->until = i;
}

void kf_in_decoder_stop(kf_in_decoder *d, bool (*stop)(void *ctx), void *ctx)
{
    d->stop = stop;
    d->stop_ctx = ctx;
}

static void send_packet(kf_in_decoder *d, int64_t needed)
{
    if (has_enough(d) || read_packet(d) < 0) {
        avcodec_send_packet(d->codec, NULL);
        d->draining = true;
    } else {
        d->codec->skip_frame = skipping(d, needed);
        d->packet->pts = d->packet->dts = d->next - 1; /* the frame will tell what it came from */
        avcodec_send_packet(d->codec, d->packet); /* a damaged packet gives no frame; the next may */
        av_packet_unref(d->packet);
    }
    d->used = true;
}

/* ---- frames ---- */

/* libavcodec hands out what refers to lost frames, too, because left to itself it also keeps back whole ones at the
 * end. */
static bool is_whole(kf_in_decoder *d, const AVFrame *frame)
{
    d->clean |= !(frame->flags & AV_FRAME_FLAG_CORRUPT);
    return d->clean;
}

/* The frame's number in the index, -1 if it has none. */
static int64_t number_frame(const kf_in_decoder *d, const AVFrame *frame)
{
    if (d->media->streams[d->stream].attached) {
        return 0;
    }
    int64_t order = frame->pts != AV_NOPTS_VALUE ? frame->pts : frame->best_effort_timestamp;
    return order >= 0 && order < INT32_MAX ? kf_in_index_shown(d->index, (int32_t)order) : -1;
}

/* The next decoded frame into d->raw; AVERROR_EOF at the end, AVERROR_EXIT when stopped. */
static int decode(kf_in_decoder *d, int64_t needed, int64_t *i)
{
    for (;;) {
        int64_t begin = kf_clock_ns();
        int code = avcodec_receive_frame(d->codec, d->raw);
        if (code == AVERROR(EAGAIN) && !d->draining) {
            if (d->stop && d->stop(d->stop_ctx)) {
                return AVERROR_EXIT;
            }
            send_packet(d, needed);
            d->ns += kf_clock_ns() - begin;
            continue;
        }
        d->ns += kf_clock_ns() - begin;
        if (code < 0) {
            if (d->draining) {
                return AVERROR_EOF;
            }
            if (code == AVERROR_EOF || code == AVERROR(ENOMEM)) {
                return code;
            }
            continue; /* damage */
        }
        d->decoded++;
        *i = number_frame(d, d->raw);
        if (*i >= d->key_frame && is_whole(d, d->raw)) {
            return 0;
        }
        av_frame_unref(d->raw);
    }
}

static kf_status ending(int code, kf_error *err)
{
    return code == AVERROR(ENOMEM) ? kf_fail_memory(err)
           : code == AVERROR_EXIT  ? kf_fail(err, KF_ERR_CANCELLED, "stopped on request")
                                   : KF_OK;
}

static kf_status next_deinterlaced(kf_in_decoder *d, int64_t needed, AVFrame *frame, int64_t *i, kf_error *err)
{
    for (;;) {
        if (d->deinterlacer && kf_in_deinterlacer_pull(d->deinterlacer, frame, i)) {
            return KF_OK;
        }
        int64_t number;
        int code = decode(d, needed, &number);
        if (code < 0 && (code != AVERROR_EOF || !d->deinterlacer || kf_in_deinterlacer_finished(d->deinterlacer))) {
            *i = -1;
            return ending(code, err);
        }
        kf_status status = KF_OK;
        if (code >= 0 && !d->deinterlacer) {
            status = kf_in_deinterlacer_open(d->raw, d->media->params.force_deinterlace, &d->deinterlacer, err);
        }
        if (!status) {
            status = kf_in_deinterlacer_push(d->deinterlacer, code < 0 ? NULL : d->raw, number, err);
        }
        av_frame_unref(d->raw);
        if (status) {
            return status;
        }
    }
}

static kf_status next_any(kf_in_decoder *d, int64_t needed, AVFrame *frame, int64_t *i, kf_error *err)
{
    if (d->deinterlace) {
        return next_deinterlaced(d, needed, frame, i, err);
    }
    int code = decode(d, needed, i);
    if (code < 0) {
        *i = -1;
        return ending(code, err);
    }
    av_frame_move_ref(frame, d->raw);
    return KF_OK;
}

kf_status kf_in_decoder_next(kf_in_decoder *d, int64_t needed, AVFrame *frame, int64_t *i, kf_error *err)
{
    for (;;) {
        kf_status status = next_any(d, needed, frame, i, err);
        if (status || *i < 0) {
            d->ended = status != KF_ERR_CANCELLED;
            return status;
        }
        if (*i > d->last && *i >= d->first) {
            d->last = *i;
            return KF_OK;
        }
        av_frame_unref(frame); /* broken, or a second one for the same time */
    }
}

/* ---- fields ---- */

static kf_field_order fields_of_frame(const AVFrame *frame)
{
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    bool interlaced = frame->flags & AV_FRAME_FLAG_INTERLACED, top = frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
    bool interlaced = frame->interlaced_frame, top = frame->top_field_first;
#endif
    return !interlaced ? KF_FIELDS_PROGRESSIVE : top ? KF_FIELDS_TOP_FIRST : KF_FIELDS_BOTTOM_FIRST;
}

kf_field_order kf_in_decoder_look_at_fields(kf_media *media, int stream)
{
    kf_in_decoder *d = NULL;
    kf_error ignored;
    kf_field_order order = KF_FIELDS_PROGRESSIVE;
    AVFrame *frame = av_frame_alloc();
    int64_t i;
    if (frame && !kf_in_decoder_open(media, stream, KF_IN_ROUGHLY, &d, &ignored) && !kf_in_decoder_seek(d, 0, &ignored) &&
        !kf_in_decoder_next(d, 0, frame, &i, &ignored) && i >= 0) {
        order = fields_of_frame(frame);
    }
    av_frame_free(&frame);
    kf_in_decoder_close(d);
    return order;
}
