/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>

#include <math.h>
#include <string.h>

#include "media/in/internal.h"

static const char *keep(kf_media *media, const char *text)
{
    char *copy = text ? kf_arena_strndup(&media->arena, text, strlen(text)) : NULL;
    return copy ? copy : "";
}

static const char *tag(kf_media *media, const AVDictionary *d, const char *key)
{
    const AVDictionaryEntry *e = av_dict_get(d, key, NULL, 0);
    return keep(media, e ? e->value : NULL);
}

static kf_rational rational(AVRational r)
{
    kf_rational out = {0, 0};
    return r.num > 0 && r.den > 0 && kf_rational_make(r.num, r.den, &out) ? out : (kf_rational){0, 0};
}

/* ---- pictures ---- */

static const int32_t *display_matrix(const AVStream *st)
{
    size_t size = 0;
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    const AVPacketSideData *side = av_packet_side_data_get(st->codecpar->coded_side_data,
                                                           st->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    const uint8_t *data = side ? side->data : NULL;
    size = side ? side->size : 0;
#else
    const uint8_t *data = av_stream_get_side_data(st, AV_PKT_DATA_DISPLAYMATRIX, &size);
#endif
    return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)(const void *)data : NULL;
}

static void describe_rotation(kf_stream_info *info, const AVStream *st)
{
    const int32_t *given = display_matrix(st);
    if (!given) {
        return;
    }
    int32_t m[9];
    memcpy(m, given, sizeof m);
    double determinant = (double)m[0] * m[4] - (double)m[1] * m[3];
    if (determinant < 0) { /* a rotation, then a flip: take the flip out */
        info->mirrored = true;
        m[0] = -m[0];
        m[3] = -m[3];
    }
    double angle = av_display_rotation_get(m);
    if (!isnan(angle)) {
        info->rotation = (int)(((lrint(-angle / 90) % 4) + 4) % 4) * 90;
    }
}

/* Which field is shown first. Where libav tells coded and shown order apart, files by common tools mean the first
 * letter. */
static kf_field_order fields_of(enum AVFieldOrder order)
{
    switch (order) {
    case AV_FIELD_TT:
    case AV_FIELD_TB: return KF_FIELDS_TOP_FIRST;
    case AV_FIELD_BB:
    case AV_FIELD_BT: return KF_FIELDS_BOTTOM_FIRST;
    default: return KF_FIELDS_PROGRESSIVE;
    }
}

static void describe_shape(kf_stream_info *info)
{
    int64_t w = info->width, h = info->height;
    kf_rational a = info->sample_aspect;
    if (a.num > a.den) {
        w = av_rescale(w, a.num, a.den);
    } else if (a.num < a.den) {
        h = av_rescale(h, a.den, a.num);
    }
    if (w > 65536 || h > 65536) {
        w = info->width;
        h = info->height;
        info->sample_aspect = (kf_rational){1, 1};
    }
    bool turned = info->rotation % 180 != 0;
    info->shown_width = (int)(turned ? h : w);
    info->shown_height = (int)(turned ? w : h);
}

static kf_color tagged_color(const AVCodecParameters *par)
{
    return (kf_color){(uint8_t)par->color_primaries, (uint8_t)par->color_trc, (uint8_t)par->color_space,
                      (uint8_t)par->color_range,
                      (uint8_t)(par->chroma_location <= AVCHROMA_LOC_TOPLEFT ? par->chroma_location : 0)};
}

static void describe_video(kf_media *media, kf_stream_info *info, AVStream *st, const kf_in_stream *s)
{
    const AVCodecParameters *par = st->codecpar;
    bool copy;
    info->width = par->width;
    info->height = par->height;
    AVRational aspect = av_guess_sample_aspect_ratio(media->demux.format, st, NULL);
    info->sample_aspect = rational(aspect);
    if (!info->sample_aspect.num) {
        info->sample_aspect = (kf_rational){1, 1};
    }
    describe_rotation(info, st);
    describe_shape(info);
    AVRational rate = st->avg_frame_rate.num > 0 ? st->avg_frame_rate : st->r_frame_rate;
    info->rate = media->place.kind == KF_IN_SEQUENCE ? media->place.rate
                 : s->attached                       ? (kf_rational){0, 0}
                                                     : rational(rate);
    info->fields = fields_of(par->field_order);
    info->format = kf_in_format((enum AVPixelFormat)par->format, media->params.no_alpha, &copy);
    info->pixel_format = keep(media, par->format >= 0 ? av_get_pix_fmt_name((enum AVPixelFormat)par->format) : "");
    info->color = tagged_color(par);
    if (s->alpha_layer && info->format == KF_PIX_YUV420P8) { /* the plain decoder does not see the second layer */
        info->format = KF_PIX_YUVA420P8;
        info->pixel_format = "yuva420p";
    }
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)par->format);
    info->alpha = (d && (d->flags & AV_PIX_FMT_FLAG_ALPHA)) || s->alpha_layer || par->format == AV_PIX_FMT_PAL8;
}

/* ---- streams ---- */

static void describe_audio(kf_media *media, kf_stream_info *info, const AVStream *st)
{
    char layout[128];
    info->sample_rate = st->codecpar->sample_rate;
    info->channels = st->codecpar->ch_layout.nb_channels;
    info->layout =
        av_channel_layout_describe(&st->codecpar->ch_layout, layout, sizeof layout) > 0 ? keep(media, layout) : "";
}

static kf_stream_type type_of(const AVCodecParameters *par)
{
    switch (par->codec_type) {
    case AVMEDIA_TYPE_VIDEO: return par->width > 0 && par->height > 0 ? KF_STREAM_VIDEO : KF_STREAM_OTHER;
    case AVMEDIA_TYPE_AUDIO:
        return par->sample_rate > 0 && par->ch_layout.nb_channels > 0 ? KF_STREAM_AUDIO : KF_STREAM_OTHER;
    case AVMEDIA_TYPE_SUBTITLE: return KF_STREAM_SUBTITLE;
    default: return KF_STREAM_OTHER;
    }
}

static void describe_stream(kf_media *media, int i, kf_stream_info *info)
{
    AVStream *st = media->demux.format->streams[i];
    const AVCodecParameters *par = st->codecpar;
    const AVCodecDescriptor *d = avcodec_descriptor_get(par->codec_id);
    info->type = type_of(par);
    info->codec = keep(media, avcodec_get_name(par->codec_id));
    info->codec_label = keep(media, d && d->long_name ? d->long_name : info->codec);
    info->profile = keep(media, avcodec_profile_name(par->codec_id, par->profile));
    info->language = tag(media, st->metadata, "language");
    info->title = tag(media, st->metadata, "title");
    info->is_default = st->disposition & AV_DISPOSITION_DEFAULT;
    info->attached_picture = st->disposition & AV_DISPOSITION_ATTACHED_PIC;
    info->start = kf_in_time(media, i, media->streams[i].start);
    AVRational base = media->streams[i].base;
    info->duration = st->duration > 0 && !info->attached_picture ? kf_time_from_ticks(st->duration, base.num, base.den)
                                                                 : KF_TIME_NONE;
    info->bit_rate = par->bit_rate;
    info->frames = st->nb_frames;
    info->layout = info->pixel_format = "";
    if (info->type == KF_STREAM_VIDEO) {
        describe_video(media, info, st, &media->streams[i]);
    } else if (info->type == KF_STREAM_AUDIO) {
        describe_audio(media, info, st);
    }
}

/* Decodable beats not; then libav's own ranking (disposition, size, rate). Cover art is the last resort. */
static int best_stream(const kf_media *media, enum AVMediaType type, kf_stream_type ours)
{
    int best = av_find_best_stream(media->demux.format, type, -1, -1, NULL, 0);
    for (int pass = 0; pass < 2; pass++) {
        for (int i = -1; i < media->info.stream_count; i++) {
            int at = i < 0 ? best : i; /* first the one libav likes */
            const kf_stream_info *info = at < 0 ? NULL : &media->info.streams[at];
            if (info && info->type == ours && (pass || !info->attached_picture) &&
                avcodec_find_decoder(media->streams[at].par->codec_id)) {
                return at;
            }
        }
    }
    return -1;
}

/* ---- the file ---- */

static void describe_chapters(kf_media *media, const AVFormatContext *f)
{
    struct kf_media_chapter *c = f->nb_chapters ? kf_arena_alloc(&media->arena, f->nb_chapters * sizeof *c) : NULL;
    media->info.chapter_count = c ? (int)f->nb_chapters : 0;
    media->info.chapters = c;
    for (int i = 0; i < media->info.chapter_count; i++) {
        const AVChapter *from = f->chapters[i];
        AVRational b = from->time_base.num > 0 && from->time_base.den > 0 ? from->time_base : (AVRational){1, 1000};
        c[i].start = kf_time_from_ticks(from->start, b.num, b.den) - media->origin;
        c[i].end = kf_time_from_ticks(from->end, b.num, b.den) - media->origin;
        c[i].title = tag(media, from->metadata, "title");
    }
}

static void describe_metadata(kf_media *media, const AVFormatContext *f)
{
    int count = av_dict_count(f->metadata), n = 0;
    struct kf_media_tag *tags = count ? kf_arena_alloc(&media->arena, (size_t)count * sizeof *tags) : NULL;
    const AVDictionaryEntry *e = NULL;
    while (tags && n < count && (e = av_dict_get(f->metadata, "", e, AV_DICT_IGNORE_SUFFIX))) {
        tags[n++] = (struct kf_media_tag){keep(media, e->key), keep(media, e->value)};
    }
    media->info.metadata = tags;
    media->info.metadata_count = n;
}

static void describe_timecode(kf_media *media, const AVFormatContext *f)
{
    media->info.timecode = tag(media, f->metadata, "timecode");
    for (int i = 0; i < media->info.stream_count && !*media->info.timecode; i++) {
        media->info.timecode = tag(media, f->streams[i]->metadata, "timecode");
    }
    if (*media->info.timecode && media->info.best_video >= 0) {
        media->info.timecode_rate = media->info.streams[media->info.best_video].rate;
    }
}

static void describe_file(kf_media *media)
{
    const AVFormatContext *f = media->demux.format;
    kf_media_info *info = &media->info;
    info->path = media->place.path;
    info->container = keep(media, f->iformat->name);
    info->container_label = keep(media, f->iformat->long_name);
    info->bytes = media->demux.size;
    info->bit_rate = f->bit_rate;
    info->sequence = media->place.kind == KF_IN_SEQUENCE;
    info->still = media->place.kind == KF_IN_PICTURE || (info->best_audio < 0 && info->best_video >= 0 &&
                                                         info->streams[info->best_video].attached_picture);
    info->duration = f->duration > 0 ? kf_time_from_ticks(f->duration, 1, AV_TIME_BASE) : KF_TIME_NONE;
    for (int i = 0; i < info->stream_count; i++) {
        const kf_stream_info *s = &info->streams[i];
        bool plays = (s->type == KF_STREAM_VIDEO || s->type == KF_STREAM_AUDIO) && s->duration != KF_TIME_NONE;
        kf_time end = plays ? s->start + s->duration : KF_TIME_NONE;
        info->duration = i == 0 && plays ? end : end > info->duration ? end : info->duration;
    }
    if (info->still) {
        info->duration = 0;
    } else if (info->sequence) {
        info->duration = kf_frame_start(media->place.count, media->place.rate);
    }
}

kf_status kf_in_describe(kf_media *media, kf_error *err)
{
    size_t count = (size_t)media->info.stream_count;
    kf_stream_info *streams = kf_arena_alloc(&media->arena, (count ? count : 1) * sizeof *streams);
    if (!streams) {
        return kf_fail_memory(err);
    }
    media->info.streams = streams;
    for (int i = 0; i < media->info.stream_count; i++) {
        describe_stream(media, i, &streams[i]);
    }
    media->info.best_video = best_stream(media, AVMEDIA_TYPE_VIDEO, KF_STREAM_VIDEO);
    media->info.best_audio = best_stream(media, AVMEDIA_TYPE_AUDIO, KF_STREAM_AUDIO);
    describe_file(media);
    describe_chapters(media, media->demux.format);
    describe_metadata(media, media->demux.format);
    describe_timecode(media, media->demux.format);
    return KF_OK;
}

/* ---- after the index ---- */

static void refine_rate(kf_media *media, int i, kf_stream_info *info)
{
    const kf_in_index *x = &media->streams[i].index;
    AVRational base = media->streams[i].base;
    info->variable_rate = x->variable;
    if (x->grid.num) {
        info->rate = x->grid;
    } else if (x->count > 1 && media->place.kind == KF_IN_FILE && (info->variable_rate || !info->rate.num)) {
        int64_t num = (x->count - 1) * (int64_t)base.den,
                den = (x->frames[x->count - 1].pts - x->frames[0].pts) * base.num;
        AVRational r;
        av_reduce(&r.num, &r.den, num, den, 1000000);
        info->rate = rational(r);
    }
}

/* Codecs whose fields only a decoded picture tells of. */
static void refine_fields(kf_media *media, int i, kf_stream_info *info)
{
    enum AVCodecID id = media->streams[i].par->codec_id;
    bool may = id == AV_CODEC_ID_DVVIDEO || id == AV_CODEC_ID_MJPEG || id == AV_CODEC_ID_MPEG4 ||
               id == AV_CODEC_ID_PRORES || id == AV_CODEC_ID_DNXHD || id == AV_CODEC_ID_MPEG2VIDEO;
    if (may && media->streams[i].par->field_order == AV_FIELD_UNKNOWN && media->place.kind == KF_IN_FILE &&
        !media->streams[i].attached) {
        info->fields = kf_in_decoder_look_at_fields(media, i);
    }
}

static void refine_sound(kf_media *media, int i, kf_stream_info *info)
{
    const kf_in_sound_index *x = &media->streams[i].sound;
    info->start = av_rescale(x->start, KF_SECOND, info->sample_rate) - media->origin;
    info->duration = av_rescale(x->end - x->start, KF_SECOND, info->sample_rate);
}

void kf_in_describe_index(kf_media *media)
{
    kf_stream_info *streams = (kf_stream_info *)media->info.streams;
    kf_time end = KF_TIME_NONE;
    for (int i = 0; i < media->info.stream_count; i++) {
        const kf_in_index *x = &media->streams[i].index;
        if (streams[i].type == KF_STREAM_VIDEO && x->count) {
            streams[i].frames = x->count;
            streams[i].start = kf_in_index_time(media, i, x->frames[0].pts);
            streams[i].duration = kf_in_index_time(media, i, x->end) - streams[i].start;
            refine_rate(media, i, &streams[i]);
            refine_fields(media, i, &streams[i]);
        } else if (streams[i].type == KF_STREAM_AUDIO && media->streams[i].sound.count) {
            refine_sound(media, i, &streams[i]);
        } else if (streams[i].type != KF_STREAM_AUDIO || streams[i].duration == KF_TIME_NONE) {
            continue;
        }
        kf_time stream_end = streams[i].start + streams[i].duration;
        end = stream_end > end && !media->streams[i].attached ? stream_end : end;
    }
    if (end != KF_TIME_NONE && media->place.kind == KF_IN_FILE && !media->info.still) {
        media->info.duration = end;
    }
}
