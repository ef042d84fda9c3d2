/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/str.h"
#include "media/in/internal.h"

kf_media_params kf_media_params_default(void)
{
    return (kf_media_params){0};
}

const char *kf_in_name(const kf_media *media)
{
    return media->place.path;
}

kf_time kf_in_time(const kf_media *media, int stream, int64_t ticks)
{
    AVRational base = media->streams[stream].base;
    return kf_time_from_ticks(ticks, base.num, base.den) - media->origin;
}

int64_t kf_in_ticks(const kf_media *media, int stream, kf_time t)
{
    AVRational base = media->streams[stream].base;
    return kf_ticks_from_time(t > INT64_MAX / 2    ? INT64_MAX / 2
                              : t < -INT64_MAX / 2 ? -INT64_MAX / 2
                                                   : t + media->origin,
                              base.num, base.den);
}

int kf_in_find_stream(const kf_media *media, kf_stream_type type, int n)
{
    if (n < 0) {
        return type == KF_STREAM_VIDEO ? media->info.best_video : media->info.best_audio;
    }
    for (int i = 0; i < media->info.stream_count; i++) {
        if (media->info.streams[i].type == type && n-- == 0) {
            return i;
        }
    }
    return -1;
}

/* ---- opening ---- */

static bool plays(const AVStream *st)
{
    return (st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !(st->disposition & AV_DISPOSITION_ATTACHED_PIC)) ||
           st->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

/* Whether the packets' times are all known from the header, and so need no reading. */
static bool index_in_header(const kf_in_demux *d)
{
    if (!d->io || !kf_in_demux_is(d, "mov")) {
        return false;
    }
    bool any = false;
    for (unsigned i = 0; i < d->format->nb_streams; i++) {
        const AVStream *st = d->format->streams[i];
        if (plays(st)) {
            int entries = avformat_index_get_entries_count(st);
            if (st->nb_frames <= 0 || entries <= 0 || entries < st->nb_frames) {
                return false;
            }
            any = true;
        }
    }
    return any;
}

static bool parameters_complete(const AVStream *st)
{
    const AVCodecParameters *p = st->codecpar;
    if (p->codec_id == AV_CODEC_ID_NONE) {
        return false;
    }
    return p->codec_type == AVMEDIA_TYPE_AUDIO ? p->sample_rate > 0 && p->ch_layout.nb_channels > 0
                                               : p->width > 0 && p->height > 0;
}

/* What the packet's own bits say of fields. */
static enum AVFieldOrder fields_in_packet(const AVCodecParameters *par, const AVPacket *packet)
{
    AVCodecParserContext *parser = av_parser_init(par->codec_id);
    AVCodecContext *c = parser ? avcodec_alloc_context3(NULL) : NULL;
    enum AVFieldOrder order = AV_FIELD_UNKNOWN;
    if (c && avcodec_parameters_to_context(c, par) >= 0) {
        uint8_t *out;
        int size;
        parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
        av_parser_parse2(parser, c, &out, &size, packet->data, packet->size, packet->pts, packet->dts, packet->pos);
        order = parser->field_order;
    }
    avcodec_free_context(&c);
    av_parser_close(parser);
    return order;
}

/* Lets a decoder look at the first packet of a video stream for what only the bitstream tells. */
static bool look_at_packet(AVStream *st, const AVPacket *packet)
{
    const AVCodec *codec = avcodec_find_decoder(st->codecpar->codec_id);
    AVCodecContext *c = codec ? avcodec_alloc_context3(codec) : NULL;
    AVFrame *frame = av_frame_alloc();
    bool known = false;
    for (int full = 0; c && frame && full < 2 && !known; full++) {
        if (!full && (avcodec_parameters_to_context(c, st->codecpar) < 0 ||
                      (c->thread_count = 1, avcodec_open2(c, codec, NULL)) < 0)) {
            break;
        }
        c->skip_frame = full ? AVDISCARD_DEFAULT : AVDISCARD_ALL; /* some decoders tell all without decoding */
        if (full) {
            avcodec_flush_buffers(c);
        }
        if (avcodec_send_packet(c, packet) >= 0) {
            if (full) {
                avcodec_send_packet(c, NULL);
            }
            int code = avcodec_receive_frame(c, frame);
            known = c->pix_fmt != AV_PIX_FMT_NONE && (!full || code >= 0);
        }
    }
    if (known) {
        int64_t bit_rate = st->codecpar->bit_rate;
        uint32_t tag = st->codecpar->codec_tag;
        known = avcodec_parameters_from_context(st->codecpar, c) >= 0;
        st->codecpar->bit_rate = bit_rate;
        st->codecpar->codec_tag = tag;
        if (st->codecpar->field_order == AV_FIELD_UNKNOWN) {
            st->codecpar->field_order = fields_in_packet(st->codecpar, packet);
        }
    }
    av_frame_free(&frame);
    avcodec_free_context(&c);
    return known;
}

/* The same for sound: the header of AAC tells neither the layout nor a doubled rate for sure. */
static bool look_at_sound(AVStream *st, const AVPacket *packet)
{
    const AVCodec *codec = avcodec_find_decoder(st->codecpar->codec_id);
    if (!codec || codec->id != AV_CODEC_ID_AAC) {
        return true;
    }
    AVCodecContext *c = avcodec_alloc_context3(codec);
    AVFrame *frame = av_frame_alloc();
    bool known = c && frame && avcodec_parameters_to_context(c, st->codecpar) >= 0 &&
                 avcodec_open2(c, codec, NULL) >= 0 && avcodec_send_packet(c, packet) >= 0 &&
                 avcodec_receive_frame(c, frame) >= 0 && frame->sample_rate > 0;
    if (known) {
        int64_t bit_rate = st->codecpar->bit_rate;
        uint32_t tag = st->codecpar->codec_tag;
        known = avcodec_parameters_from_context(st->codecpar, c) >= 0;
        st->codecpar->bit_rate = bit_rate;
        st->codecpar->codec_tag = tag;
    }
    av_frame_free(&frame);
    avcodec_free_context(&c);
    return known;
}

/* The cheap way to what avformat_find_stream_info finds, for files whose header tells nearly all. */
static bool look_quickly(kf_in_demux *d)
{
    unsigned missing = 0;
    for (unsigned i = 0; i < d->format->nb_streams; i++) {
        AVStream *st = d->format->streams[i];
        if (plays(st) && (!parameters_complete(st) || i >= 32)) {
            return false;
        }
        st->discard = plays(st) ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        missing |= plays(st) ? 1u << i : 0;
    }
    AVPacket *packet = av_packet_alloc();
    bool good = packet != NULL;
    for (int n = 0; good && missing && n < 4000; n++) {
        good = av_read_frame(d->format, packet) >= 0;
        unsigned bit = good ? 1u << packet->stream_index : 0;
        if (missing & bit) {
            AVStream *st = d->format->streams[packet->stream_index];
            bool video = st->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
            good = video ? look_at_packet(st, packet) : look_at_sound(st, packet);
            if (video || !(packet->flags & AV_PKT_FLAG_DISCARD)) {
                missing &= ~bit;
            }
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return good && !missing;
}

static bool is_picture(const kf_in_demux *d)
{
    const char *name = d->format->iformat->name;
    size_t length = strlen(name);
    return (length > 5 && strcmp(name + length - 5, "_pipe") == 0) || strcmp(name, "image2") == 0;
}

static kf_status open_demux(kf_media *media, kf_error *err)
{
    kf_status status = kf_in_demux_open(&media->place, &media->demux, err);
    if (!status && media->place.kind == KF_IN_FILE && is_picture(&media->demux)) {
        kf_in_demux_close(&media->demux);
        media->place.kind = KF_IN_PICTURE;
        status = kf_in_demux_open(&media->place, &media->demux, err);
    }
    return status;
}

static kf_status look(kf_media *media, kf_error *err)
{
    kf_status status = open_demux(media, err);
    if (status) {
        return status;
    }
    media->quick = index_in_header(&media->demux);
    media->timed = kf_in_demux_is(&media->demux, "matroska");
    media->numbered = kf_in_demux_is(&media->demux, "avi");
    if (media->quick) {
        if (look_quickly(&media->demux)) {
            return KF_OK;
        }
        kf_in_demux_close(&media->demux);
        status = open_demux(media, err);
    }
    char text[128];
    int code = status ? 0 : avformat_find_stream_info(media->demux.format, NULL);
    return status     ? status
           : code < 0 ? kf_fail(err, KF_ERR_MEDIA, "%s: its streams cannot be read (%s); is the file cut off?",
                                kf_in_name(media), kf_in_error_text(code, text))
                      : KF_OK;
}

static kf_status copy_stream(kf_media *media, int i, kf_error *err)
{
    AVStream *st = media->demux.format->streams[i];
    kf_in_stream *s = &media->streams[i];
    s->base = st->time_base.num > 0 && st->time_base.den > 0 ? st->time_base : (AVRational){1, 1000000};
    s->start = st->start_time == AV_NOPTS_VALUE ? 0 : st->start_time;
    if (media->timed && s->start < 0 && st->codecpar->initial_padding > 0 && st->codecpar->sample_rate > 0) {
        int64_t padding =
            av_rescale_q(st->codecpar->initial_padding, (AVRational){1, st->codecpar->sample_rate}, s->base);
        s->start = s->start + padding > -2 && s->start + padding < 2 ? 0 : s->start + padding;
    }
    s->par = avcodec_parameters_alloc();
    if (!s->par || avcodec_parameters_copy(s->par, st->codecpar) < 0) {
        return kf_fail_memory(err);
    }
    if ((st->disposition & AV_DISPOSITION_ATTACHED_PIC) && st->attached_pic.size > 0) {
        s->attached = av_packet_clone(&st->attached_pic);
        if (!s->attached) {
            return kf_fail_memory(err);
        }
    }
    int bits = av_get_exact_bits_per_sample(s->par->codec_id);
    s->direct = s->par->codec_type == AVMEDIA_TYPE_AUDIO && bits > 0 && s->par->sample_rate > 0 &&
                (int64_t)s->base.num * s->par->sample_rate <= s->base.den;
    const AVDictionaryEntry *alpha = av_dict_get(st->metadata, "alpha_mode", NULL, 0);
    s->alpha_layer = alpha && strcmp(alpha->value, "1") == 0 && !media->params.no_alpha;
    return KF_OK;
}

/* Where sound begins before the pictures by something that is not a number of frames (its encoder's delay, often),
 * media time 0 is moved later by less than a frame, so that frame n begins n frames after it. */
static kf_time origin_on_frame(const kf_media *media, kf_time first)
{
    for (int i = 0; i < media->info.stream_count; i++) {
        const AVStream *st = media->demux.format->streams[i];
        AVRational r = st->avg_frame_rate.num > 0 ? st->avg_frame_rate : st->r_frame_rate;
        if (st->codecpar->codec_type != AVMEDIA_TYPE_VIDEO || !plays(st) || st->start_time == AV_NOPTS_VALUE) {
            continue;
        }
        AVRational base = media->streams[i].base;
        kf_time start = kf_time_from_ticks(media->streams[i].start, base.num, base.den);
        bool usual = r.num > 0 && r.den > 0 && r.num / r.den < 1000 && r.den / r.num < 2;
        kf_rational rate = usual ? (kf_rational){r.num, r.den} : (kf_rational){25, 1};
        return start - kf_frame_start(kf_frame_at(start - first, rate), rate);
    }
    return first;
}

static kf_status copy_streams(kf_media *media, kf_error *err)
{
    int count = (int)media->demux.format->nb_streams;
    media->streams = kf_alloc_zero(count ? (size_t)count : 1, sizeof *media->streams);
    if (!media->streams) {
        return kf_fail_memory(err);
    }
    bool any = false;
    kf_status status = KF_OK;
    for (int i = 0; !status && i < count; i++) {
        media->info.stream_count = i + 1;
        status = copy_stream(media, i, err);
        const AVStream *st = media->demux.format->streams[i];
        if (!status && plays(st) && st->start_time != AV_NOPTS_VALUE) {
            kf_time start =
                kf_time_from_ticks(media->streams[i].start, media->streams[i].base.num, media->streams[i].base.den);
            media->origin = any && media->origin < start ? media->origin : start;
            any = true;
        }
    }
    if (!status) {
        media->origin = origin_on_frame(media, media->origin);
    }
    return status;
}

static kf_status fill_media(kf_media *media, kf_error *err)
{
    kf_status status = look(media, err);
    if (!status) {
        status = copy_streams(media, err);
    }
    if (!status) {
        status = kf_in_describe(media, err);
    }
    if (!status && media->info.best_video < 0 && media->info.best_audio < 0) {
        status = kf_fail(err, KF_ERR_MEDIA,
                         "%s: has neither pictures nor sound that can be decoded; name a video, sound or picture file",
                         kf_in_name(media));
    }
    return status;
}

kf_status kf_media_open(const char *path, const kf_media_params *params, kf_media **out, kf_error *err)
{
    *out = NULL;
    if (!path || !*path) {
        return kf_fail(err, KF_ERR_INVALID, "a media path is missing");
    }
    kf_media *media = KF_NEW(kf_media);
    if (!media) {
        return kf_fail_memory(err);
    }
    media->params = params ? *params : kf_media_params_default();
    media->demux.fd = -1;
    media->info.best_video = media->info.best_audio = -1;
    pthread_mutex_init(&media->mutex, NULL);
    kf_status status = kf_in_place_find(path, &media->params, &media->place, err);
    if (!status) {
        status = fill_media(media, err);
    }
    if (status) {
        kf_media_close(media);
        return status;
    }
    *out = media;
    return KF_OK;
}

void kf_media_close(kf_media *media)
{
    if (!media) {
        return;
    }
    for (int i = 0; media->streams && i < media->info.stream_count; i++) {
        kf_in_stream *s = &media->streams[i];
        avcodec_parameters_free(&s->par);
        av_packet_free(&s->attached);
        kf_in_index_free(s);
    }
    kf_free(media->streams);
    kf_in_demux_close(&media->demux);
    kf_arena_finish(&media->arena);
    kf_free(media->place.path);
    pthread_mutex_destroy(&media->mutex);
    kf_free(media);
}

const kf_media_info *kf_media_describe(const kf_media *media)
{
    return &media->info;
}

kf_status kf_media_index(kf_media *media, kf_error *err)
{
    pthread_mutex_lock(&media->mutex);
    if (!media->indexed) {
        media->index_error.status = kf_in_index_make(media, &media->index_error);
        if (!media->index_error.status) {
            kf_in_describe_index(media);
        }
        media->indexed = true;
    }
    kf_status status = media->index_error.status;
    if (status && err) {
        *err = media->index_error;
    }
    pthread_mutex_unlock(&media->mutex);
    return status;
}

/* ---- codecs ---- */

static int thread_count(const kf_media *media, const AVCodecParameters *par)
{
    int cpus = kf_cpu_count(), most = (int64_t)par->width * par->height < 500000 ? 2 : 6;
    cpus += media->params.interactive; /* nobody else works meanwhile: threads that wait for each other's rows are made
                                        * up for */
    int n = media->params.threads > 0 ? media->params.threads : cpus < most ? cpus : most;
    return n > 64 ? 64 : n;
}

/* The parts of one picture at once give a single one sooner than several pictures at once, where each stands alone. */
static int thread_type(const kf_media *media, const AVCodec *codec)
{
    const AVCodecDescriptor *d = avcodec_descriptor_get(codec->id);
    bool alone = d && (d->props & AV_CODEC_PROP_INTRA_ONLY), soon = media->params.interactive || media->params.single;
    bool parts = codec->capabilities & AV_CODEC_CAP_SLICE_THREADS;
    return alone && soon && parts ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE;
}

static const AVCodec *find_codec(const kf_in_stream *s)
{
    const AVCodec *codec = NULL;
    if (s->alpha_layer && s->par->codec_id == AV_CODEC_ID_VP9) {
        codec = avcodec_find_decoder_by_name("libvpx-vp9");
    } else if (s->alpha_layer && s->par->codec_id == AV_CODEC_ID_VP8) {
        codec = avcodec_find_decoder_by_name("libvpx");
    }
    return codec ? codec : avcodec_find_decoder(s->par->codec_id);
}

kf_status kf_in_codec_open(const kf_media *media, int stream, int threads, AVCodecContext **out, kf_error *err)
{
    const kf_in_stream *s = &media->streams[stream];
    const AVCodec *codec = find_codec(s);
    char text[128];
    *out = NULL;
    if (!codec) {
        return kf_fail(err, KF_ERR_UNSUPPORTED,
                       "%s: this build has no decoder for %s; convert the file to H.264 or ProRes", kf_in_name(media),
                       avcodec_get_name(s->par->codec_id));
    }
    AVCodecContext *c = avcodec_alloc_context3(codec);
    if (!c) {
        return kf_fail_memory(err);
    }
    int code = avcodec_parameters_to_context(c, s->par);
    c->pkt_timebase = s->base;
    c->thread_count = threads > 0 ? threads : thread_count(media, s->par);
    c->thread_type = thread_type(media, codec);
    c->flags |= s->par->codec_id == AV_CODEC_ID_H264 ? AV_CODEC_FLAG_OUTPUT_CORRUPT : 0; /* decoder.c sorts them out */
    c->flags2 |= s->par->codec_type == AVMEDIA_TYPE_AUDIO ? AV_CODEC_FLAG2_SKIP_MANUAL : 0;
    code = code < 0 ? code : avcodec_open2(c, codec, NULL);
    if (code < 0) {
        avcodec_free_context(&c);
        return code == AVERROR(ENOMEM)
                   ? kf_fail_memory(err)
                   : kf_fail(err, KF_ERR_MEDIA,
                             "%s: the %s decoder does not take this stream (%s); is the file damaged?",
                             kf_in_name(media), codec->name, kf_in_error_text(code, text));
    }
    *out = c;
    return KF_OK;
}
