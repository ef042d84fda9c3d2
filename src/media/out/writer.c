/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A film: two lanes, each with its encoder, that meet in the muxer. */
#include <libavutil/display.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "media/out/internal.h"

#define FRAGMENT_US 1000000 /* longest fragment */
#define STALL_NS INT64_C(1000000000) /* how long a lane waits for the other to move */

typedef struct lane {
    bool present;       /* the film has this stream */
    bool ended;         /* flushed */
    bool started;       /* fed at least once, by `feeder` */
    pthread_t feeder;
    kf_time fed;        /* film time taken in */
    int64_t moved_ns;   /* when that last grew */
    kf_time gave_up;    /* the other lane stopped waiting for this one at this time; KF_TIME_NONE */
    AVStream *stream;
    AVPacket *packet;
    int64_t shift;      /* added to the time stamps of packets, in units of the encoder */
    int64_t bytes, encode_ns, mux_ns;
} lane;

struct kf_writer {
    const kf_out_container *container;
    kf_out_file file;
    bool file_open;
    AVFormatContext *mux;
    kf_out_sequence *sequence;
    kf_out_gif *gif;
    kf_out_video video;
    kf_out_audio audio;
    lane v, a;
    int width, height;
    kf_rational rate, tick; /* tick {0, 0}: frames are numbered */
    int64_t frames, last_pts, end_pts; /* with tick */
    kf_out_lasting lasting; /* at a variable rate */
    int64_t samples;
    int64_t wait_ns;
    bool one_feeder, complete;
    pthread_mutex_t lock; /* guards the muxer, the lanes' progress and the error */
    pthread_cond_t moved;
    kf_error error;       /* the first one; status 0 if none */
};

void kf_media_log_libav(bool on)
{
    av_log_set_level(on ? AV_LOG_INFO : AV_LOG_FATAL);
    if (!on) {
        setenv("SVT_LOG", "1", 0); /* SVT-AV1 prints by itself: errors only */
    }
}

kf_writer_params kf_writer_params_default(void)
{
    return (kf_writer_params){.video.crf = -1, .timecode = -1};
}

kf_pixfmt kf_writer_video_format(const kf_writer *writer)
{
    return writer->v.present ? writer->video.format : KF_PIX_NONE;
}
kf_color kf_writer_video_color(const kf_writer *writer) { return writer->video.color; }
bool kf_writer_has_video(const kf_writer *writer) { return writer->v.present; }
bool kf_writer_has_audio(const kf_writer *writer) { return writer->a.present; }

/* ---- errors ---- */

static kf_status keep_error_locked(kf_writer *w, const kf_error *error)
{
    if (!w->error.status) {
        w->error = *error;
        pthread_cond_broadcast(&w->moved);
    }
    return error->status;
}

static kf_status keep_error(kf_writer *w, const kf_error *error, kf_error *err)
{
    pthread_mutex_lock(&w->lock);
    keep_error_locked(w, error);
    pthread_mutex_unlock(&w->lock);
    return kf_fail(err, error->status, "%s", error->message);
}

void kf_writer_stop(kf_writer *w, const kf_error *why)
{
    keep_error(w, why, NULL);
}

static kf_status av_failed(kf_writer *w, const char *doing, int code, kf_error *err)
{
    if (w->file.error) {
        return kf_out_file_error(&w->file, w->file.error, err);
    }
    if (code == AVERROR(ENOMEM)) {
        return kf_fail_memory(err);
    }
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    return kf_fail(err, KF_ERR_ENCODE, "%s: %s failed (%s)", w->file.name ? w->file.name : "output", doing, text);
}

/* ---- from the encoders to the file ---- */

static kf_status write_locked(kf_writer *w, lane *l, kf_error *err)
{
    if (w->error.status) {
        return kf_fail(err, w->error.status, "%s", w->error.message);
    }
    int64_t start = kf_clock_ns();
    int code = av_interleaved_write_frame(w->mux, l->packet);
    l->mux_ns += kf_clock_ns() - start;
    return code < 0 || w->file.error ? av_failed(w, "writing", code, err) : KF_OK;
}

static kf_status mux_packet(kf_writer *w, lane *l, const AVCodecContext *codec, kf_error *err)
{
    AVPacket *p = l->packet;
    p->stream_index = l->stream->index;
    if (l == &w->v && (w->lasting.on || p->duration <= 0)) {
        bool last = w->tick.num > 0 && p->pts == w->last_pts && w->end_pts > p->pts;
        p->duration = last ? w->end_pts - p->pts : kf_out_lasting_take(&w->lasting, p->pts);
    }
    p->pts += p->pts != AV_NOPTS_VALUE ? l->shift : 0;
    p->dts += p->dts != AV_NOPTS_VALUE ? l->shift : 0;
    av_packet_rescale_ts(p, codec->time_base, l->stream->time_base);
    pthread_mutex_lock(&w->lock);
    kf_status status = write_locked(w, l, err);
    pthread_mutex_unlock(&w->lock);
    return status;
}

static kf_status put_packet(kf_writer *w, lane *l, const AVCodecContext *codec, kf_error *err)
{
    l->bytes += l->packet->size;
    if (w->sequence) {
        kf_status status = kf_out_sequence_add(w->sequence, l->packet->data, (size_t)l->packet->size, err);
        av_packet_unref(l->packet);
        return status;
    }
    return mux_packet(w, l, codec, err);
}

static kf_status drain(kf_writer *w, lane *l, AVCodecContext *codec, kf_error *err)
{
    for (;;) {
        int64_t start = kf_clock_ns();
        int code = avcodec_receive_packet(codec, l->packet);
        l->encode_ns += kf_clock_ns() - start;
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
            return KF_OK;
        }
        if (code < 0) {
            return av_failed(w, "encoding", code, err);
        }
        kf_status status = put_packet(w, l, codec, err);
        if (status) {
            return status;
        }
    }
}

/* frame NULL: flush. */
static kf_status encode(kf_writer *w, lane *l, AVCodecContext *codec, AVFrame *frame, kf_error *err)
{
    for (;;) {
        int64_t start = kf_clock_ns();
        int code = avcodec_send_frame(codec, frame);
        l->encode_ns += kf_clock_ns() - start;
        if (code < 0 && code != AVERROR(EAGAIN) && !(code == AVERROR_EOF && !frame)) {
            return av_failed(w, "encoding", code, err);
        }
        kf_status status = drain(w, l, codec, err);
        if (status || code != AVERROR(EAGAIN)) {
            return status;
        }
    }
}

/* ---- back-pressure ---- */

static bool must_wait(const kf_writer *w, const lane *self, const lane *other)
{
    return !w->one_feeder && !w->error.status && other->present && !other->ended && other->started &&
           !pthread_equal(other->feeder, pthread_self()) && self->fed - other->fed > KF_WRITER_LEAD &&
           other->gave_up != other->fed;
}

static void wait_for_other(kf_writer *w, lane *self, lane *other)
{
    int64_t begin = kf_clock_ns();
    while (must_wait(w, self, other)) {
        int64_t left = (other->moved_ns > begin ? other->moved_ns : begin) + STALL_NS - kf_clock_ns();
        if (left <= 0) {
            other->gave_up = other->fed; /* until it moves again */
            break;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t ns = until.tv_nsec + left;
        until.tv_sec += (time_t)(ns / 1000000000);
        until.tv_nsec = (long)(ns % 1000000000);
        pthread_cond_timedwait(&w->moved, &w->lock, &until);
    }
    w->wait_ns += kf_clock_ns() - begin;
}

/* Called at the start of each feeding; `fed` is the film time after it. */
static kf_status enter(kf_writer *w, lane *self, lane *other, kf_time fed, kf_error *err)
{
    pthread_mutex_lock(&w->lock);
    self->feeder = pthread_self();
    self->started = true;
    wait_for_other(w, self, other);
    if (fed > self->fed) {
        self->fed = fed;
        self->moved_ns = kf_clock_ns();
        pthread_cond_broadcast(&w->moved);
    }
    kf_status status = w->error.status ? kf_fail(err, w->error.status, "%s", w->error.message) : KF_OK;
    pthread_mutex_unlock(&w->lock);
    return status;
}

/* ---- feeding ---- */

static kf_status encode_video(void *ctx, AVFrame *frame, kf_error *err)
{
    kf_writer *w = ctx;
    return encode(w, &w->v, w->video.ctx, frame, err);
}

static kf_status check_frame(const kf_writer *w, const kf_frame *frame, kf_error *err)
{
    const kf_image *i = &frame->image;
    if (i->width == w->width && i->height == w->height && i->format == w->video.format) {
        return KF_OK;
    }
    return kf_fail(err, KF_ERR_INVALID, "frame %lld is %dx%d %s, but %s is being written as %dx%d %s",
                   (long long)w->video.next, i->width, i->height, kf_pixfmt_get(i->format)->name,
                   w->file.name ? w->file.name : "the sequence", w->width, w->height,
                   kf_pixfmt_get(w->video.format)->name);
}

static kf_status write_video(kf_writer *w, kf_frame *frame, int32_t periods, kf_error *err)
{
    AVFrame *wrapped = kf_out_wrap(frame, w->gif ? AV_PIX_FMT_BGRA : w->video.ctx->pix_fmt, w->video.swap);
    if (!wrapped) {
        return kf_fail_memory(err);
    }
    kf_out_tag(wrapped, w->video.color);
    wrapped->pts = w->tick.num > 0 ? kf_ticks_from_time(frame->time, w->tick.num, w->tick.den) : w->video.next;
    w->last_pts = ++w->video.taken == w->frames ? wrapped->pts : -1;
    wrapped->sample_aspect_ratio = w->video.ctx->sample_aspect_ratio;
    kf_status status = kf_out_lasting_add(&w->lasting, wrapped, periods, err);
    w->video.next += periods;
    status = status ? status : w->gif ? kf_out_gif_push(w->gif, wrapped, encode_video, w, err) : encode_video(w, wrapped, err);
    av_frame_free(&wrapped);
    return status;
}

kf_status kf_writer_video(kf_writer *w, kf_frame *frame, int32_t periods, kf_error *err)
{
    if (!w->v.present || w->v.ended) {
        return kf_fail(err, KF_ERR_USAGE, "%s",
                       w->v.present ? "the picture stream has ended" : "this output has no picture stream");
    }
    kf_error error = {0};
    kf_status status = check_frame(w, frame, err);
    if (status) {
        return status;
    }
    status = enter(w, &w->v, &w->a, w->tick.num > 0 ? frame->time : kf_frame_start(w->video.next + periods, w->rate),
                   err);
    if (status) {
        return status;
    }
    return write_video(w, frame, periods, &error) ? keep_error(w, &error, err) : KF_OK;
}

static kf_status send_audio(kf_writer *w, kf_error *err)
{
    AVFrame *frame = kf_out_audio_take(&w->audio);
    kf_status status = frame ? encode(w, &w->a, w->audio.ctx, frame, err) : KF_OK;
    av_frame_free(&frame);
    return status;
}

static kf_status write_audio(kf_writer *w, const float *const *planes, int n, kf_error *err)
{
    for (int at = 0; at < n;) {
        int took = kf_out_audio_fill(&w->audio, planes, at, n - at);
        if (took < 0) {
            return kf_fail_memory(err);
        }
        at += took;
        w->samples += took;
        kf_status status = w->audio.filled == w->audio.block ? send_audio(w, err) : KF_OK;
        if (status) {
            return status;
        }
    }
    return KF_OK;
}

kf_status kf_writer_audio(kf_writer *w, const float *const *planes, int n, kf_error *err)
{
    if (!w->a.present || w->a.ended) {
        return kf_fail(err, KF_ERR_USAGE, "%s",
                       w->a.present ? "the sound stream has ended" : "this output has no sound stream");
    }
    kf_error error = {0};
    kf_status status = enter(w, &w->a, &w->v, kf_sample_start(w->samples + n, w->audio.ctx->sample_rate), err);
    if (status) {
        return status;
    }
    return write_audio(w, planes, n, &error) ? keep_error(w, &error, err) : KF_OK;
}

/* ---- ending a lane ---- */

static kf_status leave(kf_writer *w, lane *l, kf_error *error, kf_error *err)
{
    pthread_mutex_lock(&w->lock);
    l->ended = true;
    kf_status status = error->status ? keep_error_locked(w, error) : KF_OK;
    pthread_cond_broadcast(&w->moved);
    pthread_mutex_unlock(&w->lock);
    return status ? kf_fail(err, status, "%s", error->message) : KF_OK;
}

static kf_status first_error(kf_writer *w, kf_error *err)
{
    pthread_mutex_lock(&w->lock);
    kf_error error = w->error;
    pthread_mutex_unlock(&w->lock);
    return error.status ? kf_fail(err, error.status, "%s", error.message) : KF_OK;
}

kf_status kf_writer_end_video(kf_writer *w, kf_error *err)
{
    kf_status status = first_error(w, err);
    if (status || !w->v.present || w->v.ended) {
        return status;
    }
    kf_error error = {0};
    status = w->gif ? kf_out_gif_end(w->gif, encode_video, w, &error) : KF_OK;
    status = status ? status : encode(w, &w->v, w->video.ctx, NULL, &error);
    return leave(w, &w->v, &error, err);
}

kf_status kf_writer_end_audio(kf_writer *w, kf_error *err)
{
    kf_status status = first_error(w, err);
    if (status || !w->a.present || w->a.ended) {
        return status;
    }
    kf_error error = {0};
    status = send_audio(w, &error);
    status = status ? status : encode(w, &w->a, w->audio.ctx, NULL, &error);
    return leave(w, &w->a, &error, err);
}

/* ---- opening ---- */

static bool is_none(const char *codec)
{
    return codec && strcasecmp(codec, "none") == 0;
}

static kf_status refuse_codec(const kf_out_container *c, const char *kind, const char *name, const char *const *takes,
                              kf_error *err)
{
    char list[300];
    kf_out_join(takes, list, sizeof list);
    kf_str others = {0};
    bool video = kind[0] == 'v';
    for (int i = 0; i < kf_container_count(); i++) {
        const kf_out_container *o = kf_out_container_at(i);
        if (o != c && kf_out_listed(video ? o->video : o->audio, name)) {
            kf_str_addf(&others, "%s%s", others.length ? ", " : "", o->name);
        }
    }
    kf_status status = kf_fail(err, KF_ERR_UNSUPPORTED, "%s cannot carry %s codec %s; it takes %s%s%s%s", c->name, kind,
                               name, *list ? list : "none at all", others.length ? " (" : "",
                               others.length ? others.data : "", others.length ? " can carry it)" : "");
    kf_str_finish(&others);
    return status;
}

static kf_status unknown_codec(const char *kind, const char *name, int count, bool video, kf_error *err)
{
    const char *names[64];
    int n = 0;
    for (; n < count && n < 63; n++) {
        names[n] = video ? kf_out_video_codec_at(n)->name : kf_out_audio_codec_at(n)->name;
    }
    names[n] = NULL;
    char list[300];
    kf_out_join(names, list, sizeof list);
    const char *close = kf_closest(name, names, (size_t)n);
    return kf_fail(err, KF_ERR_INVALID, "there is no %s codec \"%s\"%s%s%s; there are %s", kind, name,
                   close ? "; did you mean " : "", close ? close : "", close ? "?" : "", list);
}

static kf_status choose_video(const kf_out_container *c, const char *name, const kf_out_video_codec **out,
                              kf_error *err)
{
    *out = NULL;
    name = name && *name ? name : c->video[0];
    if (!name || is_none(name)) {
        return KF_OK;
    }
    int index = kf_video_codec_find(name);
    if (index < 0) {
        return unknown_codec("video", name, kf_video_codec_count(), true, err);
    }
    *out = kf_out_video_codec_at(index);
    return kf_out_listed(c->video, name) ? KF_OK : refuse_codec(c, "video", name, c->video, err);
}

static kf_status choose_audio(const kf_out_container *c, const char *name, const kf_out_audio_codec **out,
                              kf_error *err)
{
    *out = NULL;
    name = name && *name ? name : c->audio[0];
    if (!name || is_none(name)) {
        return KF_OK;
    }
    int index = kf_audio_codec_find(name);
    if (index < 0) {
        return unknown_codec("audio", name, kf_audio_codec_count(), false, err);
    }
    *out = kf_out_audio_codec_at(index);
    return kf_out_listed(c->audio, name) ? KF_OK : refuse_codec(c, "audio", name, c->audio, err);
}

static kf_status choose_container(const kf_writer_params *p, const kf_out_container **out, kf_error *err)
{
    int index = kf_container_find(p->container ? p->container : p->path);
    if (index < 0) {
        const char *names[32];
        int n = 0;
        for (; n < kf_container_count() && n < 31; n++) {
            names[n] = kf_out_container_at(n)->name;
        }
        names[n] = NULL;
        char list[200];
        kf_out_join(names, list, sizeof list);
        return kf_fail(err, KF_ERR_INVALID, "%s: no container is called \"%s\"; there are %s",
                       p->path ? p->path : "output",
                       p->container ? p->container
                       : p->path    ? kf_path_extension(p->path)
                                    : "",
                       list);
    }
    *out = kf_out_container_at(index);
    if (!kf_container_get(index).available) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "this libavformat cannot write %s; use mkv or mp4", (*out)->label);
    }
    if (p->video.variable && !(*out)->variable) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s shows all frames for the same time; use mp4, mov, mkv or webm, or "
                       "leave the variable rate away", (*out)->label);
    }
    if ((p->sink || p->fragmented) && p->faststart) {
        return kf_fail(err, KF_ERR_INVALID,
                       "faststart needs a file that can be rewritten: not for fragments or a stream");
    }
    if (p->sink && ((*out)->pictures || (*out)->needs_seek || strcmp((*out)->name, "gif") == 0)) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s cannot be written to a stream; write a file", (*out)->label);
    }
    return KF_OK;
}

static kf_status open_target(kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    if (p->path && !p->sink) {
        kf_writer_clean(p->path);
    }
    if (w->container->pictures) {
        return kf_out_sequence_open(p->path, p->overwrite, &w->sequence, err);
    }
    kf_status status = p->sink ? kf_out_file_sink(p->sink, p->path, &w->file, err)
                               : kf_out_file_open(p->path, p->overwrite, &w->file, err);
    w->file_open = status == KF_OK || p->sink;
    if (status) {
        return status;
    }
    if (!w->file.seekable && w->container->needs_seek) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s cannot be written to a pipe; write a file", w->container->label);
    }
    return kf_out_file_io(&w->file, err);
}

/* ---- the muxer ---- */

static bool add_metadata(AVFormatContext *mux, const kf_writer_params *p)
{
    for (int i = 0; i < p->metadata_count; i++) {
        if (av_dict_set(&mux->metadata, p->metadata[i].key, p->metadata[i].value, 0) < 0) {
            return false;
        }
    }
    return true;
}

/* libavformat has no public function for it: the array and its items are the context's, allocated by libavutil. */
static bool add_chapters(AVFormatContext *mux, const kf_writer_params *p)
{
    if (p->chapter_count <= 0) {
        return true;
    }
    mux->chapters = av_calloc((size_t)p->chapter_count, sizeof *mux->chapters);
    for (int i = 0; mux->chapters && i < p->chapter_count; i++) {
        AVChapter *c = av_mallocz(sizeof *c);
        if (!c) {
            return false;
        }
        mux->chapters[mux->nb_chapters++] = c;
        c->id = i + 1;
        c->time_base = (AVRational){1, 1000000};
        c->start = kf_muldiv_floor(p->chapters[i].start, 1000000, KF_SECOND);
        c->end = kf_muldiv_floor(p->chapters[i].end, 1000000, KF_SECOND);
        if (p->chapters[i].title && av_dict_set(&c->metadata, "title", p->chapters[i].title, 0) < 0) {
            return false;
        }
    }
    return mux->chapters != NULL;
}

static kf_status check_chapters(const kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    for (int i = 0; i < p->chapter_count; i++) {
        kf_time after = i ? p->chapters[i - 1].start : 0;
        if (p->chapters[i].start < after || p->chapters[i].end < p->chapters[i].start) {
            return kf_fail(err, KF_ERR_INVALID,
                           "chapter %d must start at or after the one before it and end after it starts", i + 1);
        }
    }
    if (p->chapter_count > 65535) {
        return kf_fail(err, KF_ERR_INVALID, "%d chapters are too many; at most 65535", p->chapter_count);
    }
    return KF_OK;
}

static kf_status add_stream(kf_writer *w, lane *l, const AVCodecContext *codec, kf_error *err)
{
    l->stream = avformat_new_stream(w->mux, NULL);
    if (!l->stream || avcodec_parameters_from_context(l->stream->codecpar, codec) < 0) {
        return kf_fail_memory(err);
    }
    l->stream->time_base = codec->time_base;
    return KF_OK;
}

/* Matroska places Opus by its CodecDelay. libavformat before 59.30.101 writes that but leaves the stamps negative, and
 * then moves both streams to be rid of the sign, which puts the picture 7 ms late. */
static int64_t priming_shift(const kf_writer *w)
{
    bool matroska = strcmp(w->container->muxer, "matroska") == 0 || strcmp(w->container->muxer, "webm") == 0;
    bool old = avformat_version() <= AV_VERSION_INT(59, 30, 100);
    bool avi = strcmp(w->container->muxer, "avi") == 0; /* has no place for priming, and counts frames from zero */
    return avi || (matroska && old && w->audio.av->id == AV_CODEC_ID_OPUS) ? w->audio.ctx->initial_padding : 0;
}

static kf_status add_audio_stream(kf_writer *w, kf_error *err)
{
    w->a.shift = priming_shift(w);
    return add_stream(w, &w->a, w->audio.ctx, err);
}

static uint8_t *new_matrix(AVStream *s, size_t size)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    AVPacketSideData *side = av_packet_side_data_new(&s->codecpar->coded_side_data, &s->codecpar->nb_coded_side_data,
                                                     AV_PKT_DATA_DISPLAYMATRIX, size, 0);
    return side ? side->data : NULL;
#else
    return av_stream_new_side_data(s, AV_PKT_DATA_DISPLAYMATRIX, size);
#endif
}

static bool turn_stream(AVStream *s, int rotation, bool mirrored)
{
    int32_t matrix[9];
    if (!rotation && !mirrored) {
        return true;
    }
    uint8_t *to = new_matrix(s, sizeof matrix);
    av_display_rotation_set(matrix, rotation);
    av_display_matrix_flip(matrix, mirrored, 0);
    if (to) {
        memcpy(to, matrix, sizeof matrix);
    }
    return to != NULL;
}

static kf_status add_video_stream(kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    kf_status status = add_stream(w, &w->v, w->video.ctx, err);
    if (status) {
        return status;
    }
    AVStream *s = w->v.stream;
    s->r_frame_rate = w->video.ctx->framerate;
    s->avg_frame_rate = p->video.variable ? (AVRational){0, 1} : s->r_frame_rate;
    s->sample_aspect_ratio = w->video.ctx->sample_aspect_ratio;
    if (!turn_stream(s, p->video.rotation, p->video.mirrored)) {
        return kf_fail_memory(err);
    }
    if (w->container->hvc1 && w->video.av->id == AV_CODEC_ID_HEVC) {
        s->codecpar->codec_tag = MKTAG('h', 'v', 'c', '1');
    }
    if (p->timecode >= 0 && w->container->timecode) {
        char text[32];
        kf_timecode_format(p->timecode, p->video.rate, p->timecode_drop, text);
        if (av_dict_set(&s->metadata, "timecode", text, 0) < 0) {
            return kf_fail_memory(err);
        }
    }
    return KF_OK;
}

static void mux_options(const kf_writer *w, const kf_writer_params *p, AVDictionary **options)
{
    if (strcmp(w->container->muxer, "wav") == 0 && w->file.seekable) {
        av_dict_set(options, "rf64", "auto", 0); /* past 4 GiB */
    }
    if (!w->container->faststart) { /* not of the family of mp4 */
        return;
    }
    if (p->video.tick.num > 0) {
        av_dict_set_int(options, "movie_timescale", p->video.tick.den, 0); /* in which edit lists give the start */
    }
    if (p->fragmented || !w->file.seekable) {
        av_dict_set(options, "movflags", "frag_keyframe+empty_moov+delay_moov+default_base_moof", 0);
        av_dict_set_int(options, "frag_duration", FRAGMENT_US, 0); /* key frames may be far apart, and sound has none */
    } else if (p->faststart && w->file.temp_path) {
        av_dict_set(options, "movflags", "faststart", 0);
    }
}

static kf_status write_header(kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    AVDictionary *options = NULL;
    mux_options(w, p, &options);
    int code = avformat_write_header(w->mux, &options);
    av_dict_free(&options);
    return code < 0 || w->file.error ? av_failed(w, "starting the file", code, err) : KF_OK;
}

static kf_status open_mux(kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    char url[4200];
    snprintf(url, sizeof url, "file:%s", w->file.temp_path ? w->file.temp_path : w->file.name);
    if (avformat_alloc_output_context2(&w->mux, NULL, w->container->muxer, url) < 0) {
        return kf_fail_memory(err);
    }
    w->mux->pb = w->file.io;
    w->mux->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL; /* FLAC in mp4, as FFmpeg before 6 saw it */
    w->mux->flags |= AVFMT_FLAG_CUSTOM_IO | (p->bitexact ? AVFMT_FLAG_BITEXACT : 0);
    kf_status status = w->v.present ? add_video_stream(w, p, err) : KF_OK;
    status = status || !w->a.present ? status : add_audio_stream(w, err);
    if (status) {
        return status;
    }
    return add_metadata(w->mux, p) && add_chapters(w->mux, p) ? write_header(w, p, err) : kf_fail_memory(err);
}

/* ---- life ---- */

static kf_status open_encoders(kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    const kf_out_video_codec *video;
    const kf_out_audio_codec *audio;
    kf_status status = choose_video(w->container, p->video.codec, &video, err);
    status = status ? status : choose_audio(w->container, p->audio.codec, &audio, err);
    if (status) {
        return status;
    }
    if (!video && !audio) {
        return kf_fail(err, KF_ERR_INVALID, "%s would have neither pictures nor sound; choose a codec",
                       p->path ? p->path : "the output");
    }
    const AVOutputFormat *format = w->container->pictures ? NULL : av_guess_format(w->container->muxer, NULL, NULL);
    bool global = format && (format->flags & AVFMT_GLOBALHEADER);
    w->v.present = video != NULL;
    w->a.present = audio != NULL;
    status = video ? kf_out_video_open(p, video, global, &w->video, err) : KF_OK;
    return status || !audio ? status : kf_out_audio_open(p, audio, global, &w->audio, err);
}

static kf_status open_writer(kf_writer *w, const kf_writer_params *p, kf_error *err)
{
    kf_status status = choose_container(p, &w->container, err);
    status = status ? status : check_chapters(w, p, err);
    status = status ? status : open_encoders(w, p, err);
    status = status ? status : open_target(w, p, err);
    if (status) {
        return status;
    }
    w->width = p->video.width;
    w->height = p->video.height;
    w->rate = p->video.rate;
    w->tick = p->video.tick;
    w->one_feeder = p->one_feeder;
    w->frames = p->video.frames;
    if (p->video.variable) {
        kf_out_lasting_init(&w->lasting, w->video.ctx);
    }
    w->end_pts = w->tick.num > 0 ? kf_ticks_from_time(p->video.end, w->tick.num, w->tick.den) : 0;
    w->v.packet = av_packet_alloc();
    w->a.packet = av_packet_alloc();
    if (!w->v.packet || !w->a.packet) {
        return kf_fail_memory(err);
    }
    if (w->v.present && w->video.av->id == AV_CODEC_ID_GIF) {
        status = kf_out_gif_open(&p->video, w->file.final_path, &w->gif, err);
    }
    return status || w->sequence ? status : open_mux(w, p, err);
}

static void init_locks(kf_writer *w)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->moved, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&w->lock, NULL);
}

kf_status kf_writer_open(const kf_writer_params *params, kf_writer **out, kf_error *err)
{
    *out = NULL;
    kf_writer *w = KF_NEW(kf_writer);
    if (!w) {
        return kf_fail_memory(err);
    }
    w->file.fd = -1;
    w->v.gave_up = w->a.gave_up = KF_TIME_NONE;
    init_locks(w);
    kf_status status = open_writer(w, params, err);
    if (status) {
        kf_writer_abort(w);
        return status;
    }
    *out = w;
    return KF_OK;
}

static void close_all(kf_writer *w)
{
    kf_out_gif_close(w->gif);
    kf_out_video_close(&w->video);
    kf_out_audio_close(&w->audio);
    if (w->mux) {
        w->mux->pb = NULL; /* the file's */
        avformat_free_context(w->mux);
    }
    kf_out_lasting_finish(&w->lasting);
    av_packet_free(&w->v.packet);
    av_packet_free(&w->a.packet);
    pthread_cond_destroy(&w->moved);
    pthread_mutex_destroy(&w->lock);
    kf_free(w);
}

void kf_writer_abort(kf_writer *w)
{
    if (!w) {
        return;
    }
    if (w->sequence) {
        kf_out_sequence_discard(w->sequence);
    }
    if (w->file_open) {
        kf_out_file_discard(&w->file);
    }
    close_all(w);
}

static kf_status write_trailer(kf_writer *w, kf_error *err)
{
    int64_t start = kf_clock_ns();
    int code = av_write_trailer(w->mux);
    avio_flush(w->file.io);
    w->v.mux_ns += kf_clock_ns() - start;
    if (code >= 0 && w->file.io->error < 0) {
        code = w->file.io->error;
    }
    return code < 0 || w->file.error ? av_failed(w, "finishing the file", code, err) : KF_OK;
}

static kf_status commit(kf_writer *w, kf_error *err)
{
    if (w->sequence) {
        kf_out_sequence *s = w->sequence;
        w->sequence = NULL;
        return kf_out_sequence_commit(s, err);
    }
    w->file_open = false;
    return kf_out_file_commit(&w->file, err);
}

static kf_writer_stats collect_stats(const kf_writer *w)
{
    return (kf_writer_stats){
        .frames = w->video.taken, .samples = w->samples, .video_bytes = w->v.bytes, .audio_bytes = w->a.bytes,
        .file_bytes = w->sequence ? w->v.bytes : w->file.size, .video_ns = w->v.encode_ns, .audio_ns = w->a.encode_ns,
        .mux_ns = w->v.mux_ns + w->a.mux_ns, .wait_ns = w->wait_ns};
}

kf_status kf_writer_complete(kf_writer *w, kf_writer_stats *stats, kf_error *err)
{
    kf_status status = kf_writer_end_video(w, err);
    status = status ? status : kf_writer_end_audio(w, err);
    status = status || w->sequence || w->complete ? status : write_trailer(w, err);
    w->complete = true;
    if (stats) {
        *stats = collect_stats(w);
    }
    return status;
}

kf_status kf_writer_finish(kf_writer *w, kf_writer_stats *stats, kf_error *err)
{
    kf_status status = kf_writer_complete(w, stats, err);
    status = status ? status : commit(w, err);
    kf_writer_abort(w);
    return status;
}
