/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libswresample/swresample.h>
#include <libavutil/opt.h>

#include <string.h>

#include "media/in/mix.h"

enum { CHUNK = 1024 };

/* Decoded samples that follow one another. */
typedef struct run {
    float *samples[KF_IN_MAX_CHANNELS];
    int64_t at;            /* position of the first */
    int count, capacity;
} run;

struct kf_audio_source {
    kf_media *media;
    int stream, rate, out_rate, channels;
    int64_t origin;        /* position in the stream, in its samples, of media time 0 */
    int64_t start, end;    /* what plays */
    kf_in_demux demux;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    kf_in_mixer mixer;
    run decoded;           /* positions in the stream */
    bool placed, draining, fresh;
    int64_t sync;          /* packets before this one are passed over; -1: none */
    int64_t latest;        /* a seek must not land behind this packet */
    int64_t goal;          /* where the present run was begun for */
    int64_t next;          /* position of the next decoded sample, where the packet does not tell */
    SwrContext *swr;       /* NULL: the rates match */
    run resampled;         /* positions in the output */
    int64_t fed;           /* next position in the stream to go into swr */
    bool resampling;
    int64_t goal_out;      /* where resampling was begun for */
};

/* ---- runs of samples ---- */

static void run_free(run *r)
{
    kf_free(r->samples[0]);
    *r = (run){0};
}

/* Room for `count` samples per channel, their content lost. */
static bool run_reserve(run *r, int channels, int count)
{
    if (count <= r->capacity) {
        return true;
    }
    float *all = kf_alloc_zero((size_t)channels * (size_t)count, sizeof *all);
    if (!all) {
        return false;
    }
    kf_free(r->samples[0]);
    for (int c = 0; c < channels; c++) {
        r->samples[c] = all + (size_t)c * (size_t)count;
    }
    r->capacity = count;
    return true;
}

/* Copies what the run has from `position` on, at most n; returns how many. */
static int run_copy(const run *r, int channels, int64_t position, float *const *to, int at, int n)
{
    int64_t skip = position - r->at;
    if (skip < 0 || skip >= r->count) {
        return 0;
    }
    n = n < r->count - skip ? n : (int)(r->count - skip);
    for (int c = 0; c < channels; c++) {
        memcpy(to[c] + at, r->samples[c] + skip, (size_t)n * sizeof(float));
    }
    return n;
}

static void silence(const kf_audio_source *s, float *const *to, int at, int n)
{
    for (int c = 0; c < s->channels; c++) {
        memset(to[c] + at, 0, (size_t)n * sizeof(float));
    }
}

/* ---- opening ---- */

static const kf_in_stream *stream_of(const kf_audio_source *s)
{
    return &s->media->streams[s->stream];
}

static int64_t to_samples(const kf_audio_source *s, int64_t ticks)
{
    return av_rescale_q(ticks, stream_of(s)->base, (AVRational){1, s->rate});
}

static void find_extent(kf_audio_source *s)
{
    const kf_in_stream *st = stream_of(s);
    const kf_stream_info *info = &s->media->info.streams[s->stream];
    s->origin = av_rescale(s->media->origin, s->rate, KF_SECOND);
    if (st->direct) {
        s->start = to_samples(s, st->start);
        kf_time length = info->duration != KF_TIME_NONE ? info->duration : s->media->info.duration;
        s->end = s->start + (length > 0 ? av_rescale(length, s->rate, KF_SECOND) : 0);
    } else {
        s->start = st->sound.start;
        s->end = st->sound.end;
    }
}

static kf_status open_demux(kf_audio_source *s, kf_error *err)
{
    kf_in_demux_close(&s->demux);
    kf_status status = kf_in_demux_open(&s->media->place, &s->demux, err);
    if (status) {
        return status;
    }
    if (!s->media->quick && !s->media->timed && !stream_of(s)->direct) {
        avformat_find_stream_info(s->demux.format, NULL);
    }
    if ((int)s->demux.format->nb_streams <= s->stream) {
        return kf_fail(err, KF_ERR_MEDIA, "%s: changed while it was open; open the film again", kf_in_name(s->media));
    }
    for (int i = 0; i < (int)s->demux.format->nb_streams; i++) {
        s->demux.format->streams[i]->discard = i == s->stream ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    s->fresh = true;
    return KF_OK;
}

static kf_status open_swr(kf_audio_source *s, kf_error *err)
{
    if (s->rate == s->out_rate) {
        return KF_OK;
    }
    AVChannelLayout layout;
    av_channel_layout_default(&layout, s->channels);
    int code = swr_alloc_set_opts2(&s->swr, &layout, AV_SAMPLE_FMT_FLTP, s->out_rate, &layout, AV_SAMPLE_FMT_FLTP,
                                   s->rate, 0, NULL);
    av_channel_layout_uninit(&layout);
    if (code < 0) {
        return kf_fail_memory(err);
    }
    av_opt_set_int(s->swr, "exact_rational", 1, 0);
    code = swr_init(s->swr);
    char text[128];
    return code >= 0 ? KF_OK
                     : kf_fail(err, KF_ERR_UNSUPPORTED, "%s: sound at %d Hz cannot be brought to %d Hz (%s)",
                               kf_in_name(s->media), s->rate, s->out_rate, kf_in_error_text(code, text));
}

static kf_status fill_source(kf_audio_source *s, kf_error *err)
{
    s->packet = av_packet_alloc();
    s->frame = av_frame_alloc();
    kf_status status = s->packet && s->frame ? KF_OK : kf_fail_memory(err);
    if (!status && !stream_of(s)->direct) {
        status = kf_media_index(s->media, err);
    }
    if (!status) {
        find_extent(s);
        status = open_demux(s, err);
    }
    if (!status) {
        status = kf_in_codec_open(s->media, s->stream, 1, &s->codec, err);
    }
    return status ? status : open_swr(s, err);
}

kf_status kf_audio_source_open(kf_media *media, int stream, int sample_rate, int channels, kf_audio_source **out,
                               kf_error *err)
{
    *out = NULL;
    int number = kf_in_find_stream(media, KF_STREAM_AUDIO, stream);
    if (number < 0) {
        return kf_fail(err, KF_ERR_NOT_FOUND, stream < 0 ? "%s: has no sound" : "%s: has no audio stream %d",
                       kf_in_name(media), stream);
    }
    if (sample_rate < 1 || sample_rate > 768000 || channels < 0 || channels > 2) {
        return kf_fail(err, KF_ERR_INVALID, "sound at %d Hz with %d channels cannot be delivered", sample_rate,
                       channels);
    }
    const AVCodecParameters *par = media->streams[number].par;
    if (par->ch_layout.nb_channels > KF_IN_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: sound with %d channels; at most %d can be read", kf_in_name(media),
                       par->ch_layout.nb_channels, KF_IN_MAX_CHANNELS);
    }
    kf_audio_source *s = KF_NEW(kf_audio_source);
    if (!s) {
        return kf_fail_memory(err);
    }
    s->media = media;
    s->stream = number;
    s->rate = par->sample_rate;
    s->out_rate = sample_rate;
    s->channels = channels ? channels : par->ch_layout.nb_channels;
    s->demux.fd = -1;
    s->sync = -1;
    kf_status status = fill_source(s, err);
    if (status) {
        kf_audio_source_close(s);
        return status;
    }
    *out = s;
    return KF_OK;
}

void kf_audio_source_close(kf_audio_source *s)
{
    if (s) {
        swr_free(&s->swr);
        avcodec_free_context(&s->codec);
        av_packet_free(&s->packet);
        av_frame_free(&s->frame);
        kf_in_demux_close(&s->demux);
        kf_in_mixer_finish(&s->mixer);
        run_free(&s->decoded);
        run_free(&s->resampled);
        kf_free(s);
    }
}

int kf_audio_source_channels(const kf_audio_source *s)
{
    return s->channels;
}

int64_t kf_audio_source_length(kf_audio_source *s)
{
    int64_t in = s->end - s->origin;
    return in <= 0 ? 0 : kf_muldiv_ceil(in, s->out_rate, s->rate);
}

/* ---- positions ---- */

/* Number of the last packet that begins at or before the position; 0 if none. */
static int64_t packet_at(const kf_in_sound_index *x, int64_t position)
{
    int64_t low = 0, high = x->count;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (x->packets[mid].sample <= position) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low > 0 ? low - 1 : 0;
}

/* Number of the packet with this time; -1 if there is none. */
static int64_t packet_with(const kf_in_sound_index *x, int64_t pts)
{
    int64_t low = 0, high = x->count;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (x->packets[mid].pts < pts) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < x->count && x->packets[low].pts == pts ? low : -1;
}

/* How far before a position decoding begins, so that the decoder has settled there. */
static int64_t preroll(const kf_audio_source *s)
{
    switch (s->codec->codec_id) {
    case AV_CODEC_ID_MP2:
    case AV_CODEC_ID_MP3: return 12 * 1152; /* the bit reservoir */
    case AV_CODEC_ID_OPUS: return s->rate / 2; /* what is predicted from frame to frame fades slowly */
    case AV_CODEC_ID_FLAC:
    case AV_CODEC_ID_ALAC: return 1;
    default: return 4096;
    }
}

/* ---- seeking ---- */

static int64_t seek_time(const kf_audio_source *s, int64_t packet)
{
    const kf_in_sound *p = &stream_of(s)->sound.packets[packet];
    return s->media->timed || p->dts == AV_NOPTS_VALUE ? p->pts : p->dts;
}

static kf_status restart(kf_audio_source *s, kf_error *err)
{
    return s->fresh ? KF_OK : open_demux(s, err);
}

static kf_status seek(kf_audio_source *s, int64_t position, kf_error *err)
{
    const kf_in_stream *st = stream_of(s);
    int64_t from = position - (st->direct ? 0 : preroll(s));
    avcodec_flush_buffers(s->codec);
    s->draining = false;
    s->placed = true;
    s->goal = position;
    s->decoded.count = 0;
    s->sync = s->latest = -1;
    if (st->direct) {
        int64_t ticks = av_rescale_q_rnd(from, (AVRational){1, s->rate}, st->base, AV_ROUND_DOWN);
        bool start = from <= s->start && s->fresh;
        kf_status status = start || av_seek_frame(s->demux.format, s->stream, ticks, AVSEEK_FLAG_BACKWARD) >= 0
                               ? KF_OK
                               : restart(s, err);
        s->fresh = start;
        s->next = s->decoded.at = s->start;
        return status;
    }
    s->sync = packet_at(&st->sound, from);
    s->latest = packet_at(&st->sound, position);
    s->next = s->decoded.at = st->sound.packets[s->sync].sample;
    if (s->sync == 0 || av_seek_frame(s->demux.format, s->stream, seek_time(s, s->sync), AVSEEK_FLAG_BACKWARD) < 0) {
        return restart(s, err);
    }
    s->fresh = false;
    return KF_OK;
}

/* ---- decoding ---- */

/* Whether the packet belongs to what is read; *late: the seek went too far. */
static bool take_packet(kf_audio_source *s, bool *late)
{
    *late = false;
    if (s->packet->stream_index != s->stream) {
        return false;
    }
    if (s->sync < 0) {
        return true;
    }
    int64_t number =
        packet_with(&stream_of(s)->sound, s->packet->pts != AV_NOPTS_VALUE ? s->packet->pts : s->packet->dts);
    *late = number > s->latest;
    if (number < s->sync || *late) {
        return false;
    }
    s->sync = -1;
    return true;
}

static kf_status send_packet(kf_audio_source *s, kf_error *err)
{
    for (;;) {
        int code = av_read_frame(s->demux.format, s->packet);
        bool late = false;
        if (code == AVERROR(EAGAIN)) {
            continue;
        }
        if (code < 0) {
            avcodec_send_packet(s->codec, NULL);
            s->draining = true;
            return KF_OK;
        }
        bool taken = take_packet(s, &late);
        if (taken) {
            s->fresh = false;
            avcodec_send_packet(s->codec, s->packet); /* damage shows as a gap */
        }
        av_packet_unref(s->packet);
        if (late) {
            s->fresh = false;
            kf_status status = restart(s, err);
            s->latest = INT64_MAX;
            if (status) {
                return status;
            }
        }
        if (taken) {
            return KF_OK;
        }
    }
}

static int64_t position_of(const kf_audio_source *s, const AVFrame *frame)
{
    const kf_in_stream *st = stream_of(s);
    if (frame->pts == AV_NOPTS_VALUE) {
        return s->next;
    }
    if (st->direct) {
        return to_samples(s, frame->pts);
    }
    int64_t number = packet_with(&st->sound, frame->pts);
    return number >= 0 ? st->sound.packets[number].sample : s->next;
}

/* The next frame of the decoder as the run; *ended: there are no more. */
static kf_status decode_more(kf_audio_source *s, bool *ended, kf_error *err)
{
    *ended = false;
    for (;;) {
        int code = avcodec_receive_frame(s->codec, s->frame);
        if (code == AVERROR(EAGAIN) && !s->draining) {
            kf_status status = send_packet(s, err);
            if (status) {
                return status;
            }
        } else if (code >= 0) {
            break;
        } else if (code == AVERROR(ENOMEM)) {
            return kf_fail_memory(err);
        } else if (s->draining || code == AVERROR_EOF) {
            *ended = true;
            return KF_OK;
        }
    }
    int n = s->frame->nb_samples;
    kf_status status = run_reserve(&s->decoded, s->channels, n) ? KF_OK : kf_fail_memory(err);
    if (!status) {
        s->decoded.at = position_of(s, s->frame);
        s->decoded.count = n;
        s->next = s->decoded.at + n;
        status = kf_in_mix(&s->mixer, s->frame, s->decoded.samples, s->channels, err);
    }
    av_frame_unref(s->frame);
    return status;
}

/* ---- reading in the stream's own rate ---- */

/* n samples from `position` on, all within [start, end). */
static kf_status read_inside(kf_audio_source *s, int64_t position, float *const *to, int at, int n, kf_error *err)
{
    while (n > 0) {
        int64_t run_end = s->decoded.at + s->decoded.count;
        int got = s->placed ? run_copy(&s->decoded, s->channels, position, to, at, n) : 0;
        if (!got && s->placed && position >= run_end && (position - run_end < s->rate || position == s->goal)) {
            bool ended;
            kf_status status = decode_more(s, &ended, err);
            if (status) {
                return status;
            }
            int64_t gap = ended ? n : s->decoded.at - position; /* what was lost is silent */
            if (gap > 0 && position >= run_end) {
                got = gap < n ? (int)gap : n;
                silence(s, to, at, got);
            }
        } else if (!got) {
            kf_status status = seek(s, position, err);
            if (status) {
                return status;
            }
        }
        position += got;
        at += got;
        n -= got;
    }
    return KF_OK;
}

/* Reads what lies in [start, end) by `read`; the rest is silent. */
typedef kf_status read_fn(kf_audio_source *s, int64_t position, float *const *to, int at, int n, kf_error *err);
static kf_status read_within(kf_audio_source *s, int64_t start, int64_t end, read_fn *read, int64_t position,
                             float *const *to, int n, kf_error *err)
{
    int64_t from = position > start ? position : start, until = position + n < end ? position + n : end;
    if (from >= until) {
        silence(s, to, 0, n);
        return KF_OK;
    }
    int before = (int)(from - position), inside = (int)(until - from);
    silence(s, to, 0, before);
    silence(s, to, before + inside, n - before - inside);
    return read(s, from, to, before, inside, err);
}

static kf_status read_native(kf_audio_source *s, int64_t position, float *const *to, int n, kf_error *err)
{
    return read_within(s, s->start, s->end, read_inside, position, to, n, err);
}

/* ---- resampling ---- */

/* Begins so far before `position` that the filter has forgotten the beginning, where input and output samples coincide.
 * What comes out is therefore the same from wherever reading starts. */
static kf_status start_resampling(kf_audio_source *s, int64_t position, kf_error *err)
{
    int64_t g = kf_gcd(s->rate, s->out_rate), in_unit = s->rate / g, out_unit = s->out_rate / g;
    int64_t settle = 128 * (s->rate > s->out_rate ? s->rate / s->out_rate + 1 : 1);
    int64_t k = kf_muldiv_floor(position, 1, out_unit) - (settle + in_unit - 1) / in_unit;
    s->resampled.at = k * out_unit;
    s->resampled.count = 0;
    s->goal_out = position;
    s->fed = k * in_unit + s->origin;
    s->resampling = swr_init(s->swr) >= 0;
    return s->resampling ? KF_OK : kf_fail_memory(err);
}

static kf_status resample_more(kf_audio_source *s, kf_error *err)
{
    float block[CHUNK * 2], *planes[KF_IN_MAX_CHANNELS], *many = NULL;
    if (s->channels > 2) {
        many = kf_alloc_zero((size_t)s->channels * CHUNK, sizeof *many);
        if (!many) {
            return kf_fail_memory(err);
        }
    }
    for (int c = 0; c < s->channels; c++) {
        planes[c] = (many ? many : block) + c * CHUNK;
    }
    int room = (int)kf_muldiv_ceil(CHUNK, s->out_rate, s->rate) + 64;
    kf_status status = run_reserve(&s->resampled, s->channels, room) ? read_native(s, s->fed, planes, CHUNK, err)
                                                                     : kf_fail_memory(err);
    if (!status) {
        int n = swr_convert(s->swr, (uint8_t **)s->resampled.samples, room, (const uint8_t **)planes, CHUNK);
        s->fed += CHUNK;
        s->resampled.at += s->resampled.count;
        s->resampled.count = n > 0 ? n : 0;
        status = n < 0 ? kf_fail(err, KF_ERR_MEDIA, "%s: resampling failed", kf_in_name(s->media)) : KF_OK;
    }
    kf_free(many);
    return status;
}

static kf_status read_resampled(kf_audio_source *s, int64_t position, float *const *to, int at, int n, kf_error *err)
{
    while (n > 0) {
        int64_t end = s->resampled.at + s->resampled.count;
        int got = s->resampling ? run_copy(&s->resampled, s->channels, position, to, at, n) : 0;
        kf_status status = KF_OK;
        if (!got && s->resampling && position >= end && (position - end < s->out_rate || position == s->goal_out)) {
            status = resample_more(s, err);
        } else if (!got) {
            status = start_resampling(s, position, err);
        }
        if (status) {
            s->resampling = false;
            return status;
        }
        position += got;
        at += got;
        n -= got;
    }
    return KF_OK;
}

kf_status kf_audio_source_read(kf_audio_source *s, int64_t position, float *const *planes, int n, kf_error *err)
{
    if (n <= 0) {
        return KF_OK;
    }
    if (s->swr) {
        int64_t start = kf_muldiv_ceil(s->start - s->origin, s->out_rate, s->rate);
        return read_within(s, start, kf_audio_source_length(s), read_resampled, position, planes, n, err);
    }
    return read_native(s, position + s->origin, planes, n, err);
}
