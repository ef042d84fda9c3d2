/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/api/str.h"
#include "base/api/time.h"
#include "media/out/internal.h"

#define QUIET 24 /* libav's own lines below fatal stay hidden: our messages say what is wrong */

static const kf_out_profile *find_profile(const kf_out_video_codec *codec, const char *name)
{
    for (const kf_out_profile *p = codec->profiles; p && p->name; p++) {
        if (strcasecmp(p->name, name) == 0) {
            return p;
        }
    }
    return NULL;
}

static kf_status check_profile_format(const kf_out_video_codec *codec, const kf_out_profile *profile, kf_pixfmt format,
                                      kf_error *err)
{
    if (!profile || profile->format == KF_PIX_NONE || profile->format == format) {
        return KF_OK;
    }
    const kf_pixfmt_info *want = kf_pixfmt_get(profile->format), *have = kf_pixfmt_get(format);
    bool alpha_444 =
        have->alpha && have->sub_w == 0 && want->sub_w == 0 && have->bits == want->bits; /* 4444 with alpha */
    bool rgb_444 = strcmp(profile->name, "444") == 0 && have->model == KF_MODEL_RGB && have->bits == want->bits;
    if (alpha_444 || rgb_444) {
        return KF_OK;
    }
    return kf_fail(err, KF_ERR_UNSUPPORTED,
                   "%s profile %s holds %s, not %s; choose another profile or leave the pixel format away", codec->name,
                   profile->name, want->name, have->name);
}

/* Codecs whose profile is their quality always have one: the first that holds the wanted format. */
static const kf_out_profile *default_profile(const kf_out_video_codec *codec, kf_pixfmt format)
{
    if (!codec->profiles || !codec->profiles->value) {
        return NULL;
    }
    for (const kf_out_profile *p = codec->profiles; format != KF_PIX_NONE && p->name; p++) {
        if (check_profile_format(codec, p, format, NULL) == KF_OK) {
            return p;
        }
    }
    return codec->profiles;
}

static kf_status choose_profile(const kf_writer_video_params *params, const kf_out_video_codec *codec,
                                const kf_out_profile **out, kf_error *err)
{
    *out = NULL;
    if (!params->profile || !*params->profile) {
        *out = default_profile(codec, params->format);
        return KF_OK;
    }
    if (!codec->profiles) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s has no profiles to choose from; leave the profile away",
                       codec->name);
    }
    *out = find_profile(codec, params->profile);
    if (!*out) {
        char names[256];
        kf_out_join(codec->profile_names, names, sizeof names);
        return kf_fail(err, KF_ERR_INVALID, "%s has no profile \"%s\"; it has %s", codec->name, params->profile, names);
    }
    return KF_OK;
}

static kf_status refuse_format(const kf_out_video_codec *codec, const AVCodec *av, kf_pixfmt wanted, kf_error *err)
{
    kf_pixfmt formats[KF_PIX_COUNT];
    const char *names[KF_PIX_COUNT];
    int n = kf_out_formats(codec, av, formats);
    for (int i = 0; i < n; i++) {
        names[i] = kf_pixfmt_get(formats[i])->name;
    }
    names[n] = NULL;
    char list[600];
    kf_out_join(names, list, sizeof list);
    return kf_fail(err, KF_ERR_UNSUPPORTED, "%s (%s) does not take pictures in %s; it takes %s", codec->name, av->name,
                   kf_pixfmt_get(wanted)->name, list);
}

static kf_status choose_format(const kf_writer_video_params *params, const kf_out_profile *profile, kf_out_video *v,
                               kf_error *err)
{
    v->format = params->format                         ? params->format
                : profile && profile->format           ? profile->format
                                                       : v->codec->format;
    kf_pixfmt formats[KF_PIX_COUNT];
    int n = kf_out_formats(v->codec, v->av, formats);
    for (int i = 0; i < n; i++) {
        if (formats[i] == v->format) {
            return check_profile_format(v->codec, profile, v->format, err);
        }
    }
    return refuse_format(v->codec, v->av, v->format, err);
}

static kf_status check_size(const kf_writer_video_params *params, const kf_out_video *v, kf_error *err)
{
    if (params->width < 1 || params->height < 1 || params->width > 16384 || params->height > 16384) {
        return kf_fail(err, KF_ERR_INVALID, "a picture of %dx%d cannot be written; each side must be 1 to 16384",
                       params->width, params->height);
    }
    const kf_pixfmt_info *info = kf_pixfmt_get(v->format);
    int mask_w = (1 << info->sub_w) - 1, mask_h = (1 << info->sub_h) - 1;
    if (v->codec->even_size && ((params->width & mask_w) || (params->height & mask_h))) {
        return kf_fail(
            err, KF_ERR_UNSUPPORTED,
            "%s in %s cannot be %dx%d: its colour planes have half the %s, so that must be even; use %dx%d, or a 4:4:4 "
            "pixel format if the codec has one",
            v->codec->name, info->name, params->width, params->height, info->sub_h ? "width and height" : "width",
            params->width & mask_w ? params->width + 1 : params->width,
            params->height & mask_h ? params->height + 1 : params->height);
    }
    if (v->av->id == AV_CODEC_ID_DNXHD && (params->width < 256 || params->height < 120)) {
        return kf_fail(err, KF_ERR_UNSUPPORTED,
                       "dnxhr cannot be %dx%d: it starts at 256x120; use a larger size or prores", params->width,
                       params->height);
    }
    return KF_OK;
}

static kf_status check_rate(const kf_writer_video_params *params, const kf_out_video *v, kf_error *err)
{
    if (params->rate.num < 1 || params->rate.den < 1) {
        return kf_fail(err, KF_ERR_INVALID, "a frame rate of %d/%d is none", params->rate.num, params->rate.den);
    }
    if (params->rate.num / params->rate.den > 1000) {
        return kf_fail(err, KF_ERR_INVALID, "a frame rate of %d/%d is too high; at most 1000 frames per second",
                       params->rate.num, params->rate.den);
    }
    if (v->av->id == AV_CODEC_ID_GIF && (int64_t)params->rate.num > 50 * (int64_t)params->rate.den) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "gif shows at most 50 frames per second; choose a lower rate");
    }
    if (v->av->id == AV_CODEC_ID_MPEG4 && (params->rate.num > 65535 || params->rate.den > 65535)) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "mpeg4 cannot count %d/%d frames per second; choose a simpler rate",
                       params->rate.num, params->rate.den);
    }
    return KF_OK;
}

/* --- options --- */

static kf_status set(AVDictionary **options, const char *key, const char *value, kf_error *err)
{
    return av_dict_set(options, key, value, 0) < 0 ? kf_fail_memory(err) : KF_OK;
}

static bool all_digits(const char *text)
{
    return *text && strspn(text + (*text == '-'), "0123456789") == strlen(text) - (*text == '-');
}

static kf_status set_speed(const kf_out_video_codec *codec, const kf_out_encoder *how, const char *speed,
                           AVDictionary **options, kf_error *err)
{
    if (!how->speed_option) {
        return speed ? kf_fail(err, KF_ERR_UNSUPPORTED, "%s (%s) has no choice of speed; leave it away", codec->name,
                               how->name)
                     : KF_OK;
    }
    int index = speed ? kf_out_speed_index(speed) : how->speed_default;
    bool words = how->speeds[0] == NULL;
    if (index >= 0) {
        return set(options, how->speed_option, words ? kf_speed_names()[index] : how->speeds[index], err);
    }
    if (!speed) {
        return KF_OK;
    }
    if (words ? strcmp(speed, "placebo") == 0 : all_digits(speed)) {
        return set(options, how->speed_option, speed, err);
    }
    char names[200];
    kf_out_join(kf_speed_names(), names, sizeof names);
    return kf_fail(err, KF_ERR_INVALID, "%s has no speed \"%s\"; use %s%s", codec->name, speed, names,
                   words ? "" : ", or a number of the encoder's own");
}

static kf_status set_crf(const kf_out_video *v, const kf_out_encoder *how, int crf, AVDictionary **options,
                         kf_error *err)
{
    const kf_out_video_codec *c = v->codec;
    if (crf < c->crf_min || crf > c->crf_max) {
        return kf_fail(err, KF_ERR_INVALID, "%s has no quality (crf) %d; it goes from %d (best) to %d", c->name, crf,
                       c->crf_min, c->crf_max);
    }
    if (strcmp(how->crf_option, "q") == 0) {
        v->ctx->flags |= AV_CODEC_FLAG_QSCALE;
        v->ctx->global_quality = crf * FF_QP2LAMBDA;
        return KF_OK;
    }
    if (how->crf_needs_zero_bitrate && v->ctx->bit_rate <= 0) {
        v->ctx->bit_rate = 0;
    }
    char text[16];
    snprintf(text, sizeof text, "%d", crf);
    return set(options, how->crf_option, text, err);
}

static kf_status set_quality(const kf_writer_video_params *params, const kf_out_video *v, const kf_out_encoder *how,
                             AVDictionary **options, kf_error *err)
{
    if (params->bitrate < 0 || params->bitrate > INT64_C(10000000000)) {
        return kf_fail(err, KF_ERR_INVALID, "a video bit rate of %lld is none; give bits per second",
                       (long long)params->bitrate);
    }
    if (params->bitrate > 0) {
        v->ctx->bit_rate = params->bitrate;
    }
    if (params->crf < 0) {
        bool none = params->bitrate > 0 || !how->crf_option;
        return none ? KF_OK : set_crf(v, how, v->codec->crf_default, options, err);
    }
    if (!how->crf_option) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s (%s) has no constant quality (crf); %s", v->codec->name, how->name,
                       v->codec->profiles && v->codec->profiles->value ? "choose a profile instead" : "leave it away");
    }
    return set_crf(v, how, params->crf, options, err);
}

static kf_status set_profile(const kf_out_video *v, const kf_out_profile *profile, AVDictionary **options,
                             kf_error *err)
{
    if (!profile) {
        return KF_OK;
    }
    const char *value = profile->value ? profile->value : profile->name;
    bool alpha = kf_pixfmt_get(v->format)->alpha;
    if (strcmp(v->av->name, "prores_ks") == 0 && alpha && set(options, "alpha_bits", "16", err)) {
        return KF_ERR_MEMORY;
    }
    return set(options, "profile", value, err);
}

static kf_status set_options(const kf_writer_params *params, const kf_out_encoder *how, const kf_out_profile *profile,
                             kf_out_video *v, AVDictionary **options, kf_error *err)
{
    const kf_writer_video_params *p = &params->video;
    if (how->fixed && av_dict_parse_string(options, how->fixed, "=", ":", 0) < 0) {
        return kf_fail_memory(err);
    }
    kf_status status = set_speed(v->codec, how, p->speed, options, err);
    status = status ? status : set_quality(p, v, how, options, err);
    status = status ? status : set_profile(v, profile, options, err);
    for (int i = 0; !status && i < p->option_count; i++) {
        status = set(options, p->options[i].key, p->options[i].value, err);
    }
    return status;
}

static void set_context(const kf_writer_params *params, bool global_header, kf_out_video *v)
{
    const kf_writer_video_params *p = &params->video;
    AVCodecContext *c = v->ctx;
    c->log_level_offset = QUIET;
    c->width = p->width;
    c->height = p->height;
    c->pix_fmt = kf_out_av_format(v->av, v->format, &v->swap);
    c->time_base = p->tick.num > 0 ? (AVRational){p->tick.num, p->tick.den} : (AVRational){p->rate.den, p->rate.num};
    c->framerate = (AVRational){p->rate.num, p->rate.den};
    c->sample_aspect_ratio = p->sample_aspect.num > 0 && p->sample_aspect.den > 0
                                 ? (AVRational){p->sample_aspect.num, p->sample_aspect.den} : (AVRational){1, 1};
    c->color_primaries = (enum AVColorPrimaries)v->color.primaries;
    c->color_trc = (enum AVColorTransferCharacteristic)v->color.transfer;
    c->colorspace = (enum AVColorSpace)v->color.matrix;
    c->color_range = (enum AVColorRange)v->color.range;
    c->chroma_sample_location = (enum AVChromaLocation)v->color.chroma_loc;
    c->thread_count = p->threads > 0 ? p->threads : 0;
    if (p->gop > 0) {
        c->gop_size = p->gop;
    }
    c->flags |= (global_header ? AV_CODEC_FLAG_GLOBAL_HEADER : 0) | (params->bitexact ? AV_CODEC_FLAG_BITEXACT : 0);
}

static kf_status open_failed(const kf_out_video *v, int code, kf_error *err)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    return kf_fail(
        err, KF_ERR_ENCODE,
        "the encoder %s refused %dx%d %s at %d/%d frames per second (%s); check size, rate, speed and options",
        v->av->name, v->ctx->width, v->ctx->height, kf_pixfmt_get(v->format)->name, v->ctx->framerate.num,
        v->ctx->framerate.den, text);
}

static kf_status open_context(const kf_writer_params *params, const kf_out_encoder *how, const kf_out_profile *profile,
                              bool global_header, kf_out_video *v, kf_error *err)
{
    AVDictionary *options = NULL;
    set_context(params, global_header, v);
    kf_status status = set_options(params, how, profile, v, &options, err);
    if (!status) {
        /* gif gets its palette from the filter in front */
        v->ctx->pix_fmt = v->av->id == AV_CODEC_ID_GIF ? AV_PIX_FMT_PAL8 : v->ctx->pix_fmt;
        int code = avcodec_open2(v->ctx, v->av, &options);
        const AVDictionaryEntry *left = av_dict_get(options, "", NULL, AV_DICT_IGNORE_SUFFIX);
        if (code < 0) {
            status = open_failed(v, code, err);
        } else if (left) {
            status = kf_fail(err, KF_ERR_INVALID, "the encoder %s has no option \"%s\"", v->av->name, left->key);
        }
    }
    av_dict_free(&options);
    return status;
}

static kf_status missing(const kf_out_video_codec *codec, kf_error *err)
{
    bool withheld = false;
    for (int i = 0; codec->encoders[i]; i++) {
        withheld |= avcodec_find_encoder_by_name(codec->encoders[i]->name) != NULL;
    }
    return kf_fail(err, KF_ERR_UNSUPPORTED, "%s cannot be written: %s%s; use %s", codec->name,
                   withheld ? "this build of Kerf leaves out GPL encoders such as "
                            : "this libavcodec has no encoder such as ",
                   codec->encoders[0]->name, codec->instead);
}

kf_status kf_out_video_open(const kf_writer_params *params, const kf_out_video_codec *codec, bool global_header,
                            kf_out_video *v, kf_error *err)
{
    *v = (kf_out_video){.codec = codec};
    const kf_out_encoder *how;
    const kf_out_profile *profile;
    v->av = kf_out_find_video(codec, &how);
    if (!v->av) {
        return missing(codec, err);
    }
    kf_status status = choose_profile(&params->video, codec, &profile, err);
    status = status ? status : choose_format(&params->video, profile, v, err);
    status = status ? status : check_size(&params->video, v, err);
    status = status ? status : check_rate(&params->video, v, err);
    if (status) {
        return status;
    }
    kf_color color = params->video.color;
    if (v->av->id == AV_CODEC_ID_MJPEG) {
        color.range = KF_RANGE_FULL;
    }
    v->color = kf_color_resolve(color, v->format, params->video.width, params->video.height);
    v->ctx = avcodec_alloc_context3(v->av);
    return v->ctx ? open_context(params, how, profile, global_header, v, err) : kf_fail_memory(err);
}

void kf_out_video_close(kf_out_video *v)
{
    avcodec_free_context(&v->ctx);
}
