/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound: every sample at its place, from wherever reading starts. */
#include "source_util.h"

typedef struct sound {
    const char *file, *encoder;
    enum AVSampleFormat format;
    int rate, channels, samples;
    float tolerance;   /* 0: exact */
    int64_t bit_rate;
    bool long_end;     /* the container does not tell where the padding begins */
    int late;          /* samples of priming that the container does not tell of */
} sound;

enum { SAMPLES = 100000 };

/* Lossless ones carry a number in each sample; the others a sweep, which fits nowhere but where it belongs. */
static float signal_at(const sound *k, int64_t n, int c)
{
    n -= k->late;
    if (n < 0 || n >= k->samples) {
        return 0;
    }
    if (k->tolerance == 0) {
        return (float)((n * 7919 + c * 12345) % 65536 - 32768) / 32768.0f;
    }
    double t = (double)n / k->rate;
    return (float)(0.3 * sin(2 * 3.14159265358979 * (300 + 400 * t) * t + c) +
                   0.2 * sin(2 * 3.14159265358979 * 977 * t + 2 * c));
}

static void fill_frame(const sound *k, AVFrame *f, int64_t at)
{
    bool planar = av_sample_fmt_is_planar(k->format);
    for (int c = 0; c < k->channels; c++) {
        uint8_t *plane = f->extended_data[planar ? c : 0];
        for (int i = 0; i < f->nb_samples; i++) {
            float v = signal_at(k, at + i + k->late, c);
            int x = planar ? i : i * k->channels + c;
            switch (av_get_packed_sample_fmt(k->format)) {
            case AV_SAMPLE_FMT_U8: plane[x] = (uint8_t)lrintf(v * 128 + 128); break;
            case AV_SAMPLE_FMT_S16: ((int16_t *)(void *)plane)[x] = (int16_t)lrintf(v * 32768); break;
            case AV_SAMPLE_FMT_S32: ((int32_t *)(void *)plane)[x] = (int32_t)llrintf(v * 32768) * 65536; break;
            default: ((float *)(void *)plane)[x] = v;
            }
        }
    }
}

static bool write_samples(const sound *k, AVFormatContext *f, AVCodecContext *c, AVStream *st)
{
    bool good = true;
    int block = c->frame_size > 0 ? c->frame_size : 1024;
    for (int64_t at = 0; good && at < k->samples; at += block) {
        AVFrame *frame = av_frame_alloc();
        frame->format = c->sample_fmt;
        frame->nb_samples = k->samples - at < block ? (int)(k->samples - at) : block;
        frame->sample_rate = k->rate;
        frame->pts = at;
        av_channel_layout_copy(&frame->ch_layout, &c->ch_layout);
        good = av_frame_get_buffer(frame, 0) >= 0;
        if (good) {
            fill_frame(k, frame, at);
            good = send_frame(f, c, st, frame);
        }
        av_frame_free(&frame);
    }
    return good && send_frame(f, c, st, NULL);
}

static bool sound_write(const sound *k, const char *path)
{
    const AVCodec *av = avcodec_find_encoder_by_name(k->encoder);
    AVFormatContext *f = NULL;
    if (!av || avformat_alloc_output_context2(&f, NULL, NULL, path) < 0) {
        return false;
    }
    AVCodecContext *c = avcodec_alloc_context3(av);
    c->sample_fmt = k->format;
    c->sample_rate = k->rate;
    c->bit_rate = k->bit_rate;
    c->time_base = (AVRational){1, k->rate};
    c->strict_std_compliance = -2;
    c->flags |= f->oformat->flags & AVFMT_GLOBALHEADER ? AV_CODEC_FLAG_GLOBAL_HEADER : 0;
    av_channel_layout_default(&c->ch_layout, k->channels);
    AVStream *st = avformat_new_stream(f, NULL);
    bool good = avcodec_open2(c, av, NULL) >= 0 && avcodec_parameters_from_context(st->codecpar, c) >= 0 &&
                avio_open(&f->pb, path, AVIO_FLAG_WRITE) >= 0;
    if (good) {
        st->time_base = c->time_base;
        good = avformat_write_header(f, NULL) >= 0 && write_samples(k, f, c, st) && av_write_trailer(f) >= 0;
    }
    avcodec_free_context(&c);
    if (f->pb) {
        avio_closep(&f->pb);
    }
    avformat_free_context(f);
    return good;
}

/* ---- reading ---- */

typedef struct heard {
    kf_media *media;
    kf_audio_source *source;
    float *planes[8];
    int64_t length;
} heard;

static bool open_sound(const char *path, int rate, int channels, heard *h)
{
    kf_error err = {0};
    *h = (heard){0};
    bool good = !kf_media_open(path, NULL, &h->media, &err) &&
                !kf_audio_source_open(h->media, -1, rate, channels, &h->source, &err);
    CHECK_MSG(good, "%s: %s", path, err.message);
    if (good) {
        h->length = kf_audio_source_length(h->source);
        float *all = calloc((size_t)(h->length + 1) * 8, sizeof *all);
        for (int c = 0; c < 8; c++) {
            h->planes[c] = all + c * (h->length + 1);
        }
    }
    return good;
}

static void close_sound(heard *h)
{
    free(h->planes[0]);
    kf_audio_source_close(h->source);
    kf_media_close(h->media);
}

/* All of it, in blocks of changing size. */
static void hear_all(heard *h)
{
    int step = 1;
    for (int64_t at = 0; at < h->length; step = step * 7 % 4093 + 1) {
        float *to[8];
        int n = h->length - at < step ? (int)(h->length - at) : step;
        for (int c = 0; c < 8; c++) {
            to[c] = h->planes[c] + at;
        }
        kf_error err = {0};
        CHECK_MSG(kf_audio_source_read(h->source, at, to, n, &err) == KF_OK, "%s", err.message);
        at += n;
    }
}

/* Largest difference to the signal from `from` on, as if it were `lag` samples late. */
static double difference(const sound *k, const heard *h, int64_t from, int64_t to, int lag)
{
    double worst = 0;
    for (int c = 0; c < k->channels; c++) {
        for (int64_t i = from; i < to; i++) {
            double d = fabs(h->planes[c][i] - signal_at(k, i - lag, c));
            worst = d > worst ? d : worst;
        }
    }
    return worst;
}

/* A second source that jumps about must give what the first gave going forward. */
static void check_jumps(const sound *k, const char *path, const heard *h, int rate, int channels, double tolerance)
{
    static float block[8][3000];
    float *to[8];
    heard j;
    for (int c = 0; c < 8; c++) {
        to[c] = block[c];
    }
    if (!open_sound(path, rate, channels, &j)) {
        return;
    }
    int used = kf_audio_source_channels(j.source);
    for (int t = 0; t < 30; t++) {
        int64_t at = t == 0 ? h->length - 500 : t == 1 ? -700 : (t * INT64_C(48271) * 977) % (h->length - 3000);
        double worst = 0;
        CHECK(kf_audio_source_read(j.source, at, to, 3000, NULL) == KF_OK);
        for (int c = 0; c < used; c++) {
            for (int i = 0; i < 3000; i++) {
                double expected = at + i >= 0 && at + i < h->length ? h->planes[c][at + i] : 0;
                double d = fabs(block[c][i] - expected);
                worst = d > worst ? d : worst;
            }
        }
        CHECK_MSG(worst <= tolerance, "%s: after a jump to %lld: off by %g", k->file, (long long)at, worst);
    }
    close_sound(&j);
}

static const sound sounds[] = {
    {"s16.wav", "pcm_s16le", AV_SAMPLE_FMT_S16, 48000, 2, SAMPLES, 0, 0, false},
    {"u8.wav", "pcm_u8", AV_SAMPLE_FMT_U8, 22050, 1, SAMPLES, 0.01f, 0, false},
    {"s24.mov", "pcm_s24le", AV_SAMPLE_FMT_S32, 48000, 2, SAMPLES, 0, 0, false},
    {"f32.wav", "pcm_f32le", AV_SAMPLE_FMT_FLT, 96000, 2, SAMPLES, 0, 0, false},
    {"s16.mkv", "pcm_s16le", AV_SAMPLE_FMT_S16, 44100, 2, SAMPLES, 0, 0, false},
    {"five.wav", "pcm_s16le", AV_SAMPLE_FMT_S16, 48000, 6, SAMPLES, 0, 0, false},
    {"l.flac", "flac", AV_SAMPLE_FMT_S16, 44100, 2, SAMPLES, 0, 0, false},
    {"l.mkv", "flac", AV_SAMPLE_FMT_S16, 44100, 2, SAMPLES, 0, 0, false},
    {"l.m4a", "alac", AV_SAMPLE_FMT_S16P, 48000, 2, SAMPLES, 0, 0, false},
    {"a.m4a", "aac", AV_SAMPLE_FMT_FLTP, 48000, 2, SAMPLES, 0.05f, 256000, false},
    {"a441.mp4", "aac", AV_SAMPLE_FMT_FLTP, 44100, 1, SAMPLES, 0.05f, 160000, false},
    {"a.mkv", "aac", AV_SAMPLE_FMT_FLTP, 48000, 2, SAMPLES, 0.05f, 256000, true, 1024},
    {"a.ts", "aac", AV_SAMPLE_FMT_FLTP, 48000, 2, SAMPLES, 0.05f, 256000, true, 1024},
    {"m.mp3", "libmp3lame", AV_SAMPLE_FMT_FLTP, 44100, 2, SAMPLES, 0.05f, 256000, false},
    {"o.opus", "libopus", AV_SAMPLE_FMT_FLT, 48000, 2, SAMPLES, 0.08f, 256000, false},
    {"o.webm", "libopus", AV_SAMPLE_FMT_FLT, 48000, 2, SAMPLES, 0.08f, 256000, false},
    {"v.ogg", "libvorbis", AV_SAMPLE_FMT_FLTP, 44100, 2, SAMPLES, 0.05f, 256000, false},
    {"v.webm", "libvorbis", AV_SAMPLE_FMT_FLTP, 44100, 2, SAMPLES, 0.05f, 256000, true, 128},
    {"d.ac3", "ac3", AV_SAMPLE_FMT_FLTP, 48000, 2, SAMPLES, 0.03f, 448000, true, 256},
    {"d.mp4", "ac3", AV_SAMPLE_FMT_FLTP, 48000, 2, SAMPLES, 0.03f, 448000, true},
};

static void check_sound(const sound *k)
{
    const char *path = util_path(k->file);
    heard h;
    if (!sound_write(k, path)) {
        printf("# %s: cannot be written here\n", k->file);
        return;
    }
    if (!open_sound(path, k->rate, 0, &h)) {
        close_sound(&h);
        return;
    }
    bool quantised = strstr(k->file, ".m") != NULL && k->tolerance > 0; /* edit lists count in milliseconds */
    CHECK_MSG(kf_audio_source_channels(h.source) == k->channels, "%s", k->file);
    CHECK_MSG(k->long_end
                  ? h.length >= k->samples && h.length < k->samples + 6000
                  : h.length == k->samples || (quantised && h.length > k->samples - 48 && h.length <= k->samples),
              "%s: %lld samples", k->file, (long long)h.length);
    hear_all(&h);
    int64_t to = h.length < k->samples ? h.length : k->samples, edge = k->tolerance > 0 ? 3000 : 0;
    double fits = difference(k, &h, edge, to - edge, 0);
    CHECK_MSG(fits <= k->tolerance, "%s: off by %g; if late by one %g, early by one %g", k->file, fits,
              difference(k, &h, edge + 1, to - edge, 1), difference(k, &h, edge, to - edge - 1, -1));
    check_jumps(k, path, &h, k->rate, 0,
                strcmp(k->encoder, "aac") == 0 ? 0.03
                : k->tolerance > 0             ? 1e-3
                                               : 0); /* AAC may fill in noise */
    close_sound(&h);
}

TEST(every_sample_of_every_codec)
{
    const char *only = getenv("KF_TEST_CLIP");
    for (size_t i = 0; i < sizeof sounds / sizeof *sounds; i++) {
        if (!only || strstr(sounds[i].file, only)) {
            check_sound(&sounds[i]);
        }
    }
}

/* Resampled sound is the sweep at the other rate, and the same from wherever reading starts. */
static void check_resampling(int from, int to)
{
    sound k = {"rate.wav", "pcm_f32le", AV_SAMPLE_FMT_FLT, from, 2, from * 3 / 2, 0.001f, 0, false};
    const char *path = util_path(k.file);
    heard h;
    REQUIRE(sound_write(&k, path));
    if (open_sound(path, to, 2, &h)) {
        CHECK_INT(h.length, kf_muldiv_ceil(k.samples, to, from));
        hear_all(&h);
        double worst = 0;
        for (int64_t i = 2000; i < h.length - 2000; i++) {
            double t = (double)i / to, d = 0.3 * sin(2 * 3.14159265358979 * (300 + 400 * t) * t) +
                                           0.2 * sin(2 * 3.14159265358979 * 977 * t);
            worst = fmax(worst, fabs(h.planes[0][i] - d));
        }
        CHECK_MSG(worst < 0.002, "%d to %d Hz: off by %g", from, to, worst);
        check_jumps(&k, path, &h, to, 2, 1e-5);
    }
    close_sound(&h);
}

TEST(resampling_is_exact_from_anywhere)
{
    check_resampling(44100, 48000);
    check_resampling(48000, 44100);
    check_resampling(96000, 48000);
    check_resampling(22050, 96000);
    check_resampling(8000, 48000);
    check_resampling(11025, 44101);
}

static void check_mix(const char *file, int channels, int to, const float *weights, int outputs)
{
    sound k = {file, "pcm_s16le", AV_SAMPLE_FMT_S16, 48000, channels, 20000, 0, 0, false};
    heard h;
    REQUIRE(sound_write(&k, util_path(file)));
    if (open_sound(util_path(file), 48000, to, &h)) {
        hear_all(&h);
        double worst = 0;
        for (int64_t i = 0; i < h.length; i++) {
            for (int o = 0; o < outputs; o++) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += (double)weights[o * channels + c] * signal_at(&k, i, c);
                }
                worst = fmax(worst, fabs(h.planes[o][i] - sum));
            }
        }
        CHECK_MSG(worst < 1e-5, "%s to %d channels: off by %g", file, to, worst);
    }
    close_sound(&h);
}

TEST(channels_are_mixed_as_documented)
{
    const float p = 0.70710678f;
    /* FL FR FC LFE BL BR (SL SR) */
    check_mix("mono.wav", 1, 2, (float[]){1, 1}, 2);
    check_mix("mono.wav", 1, 1, (float[]){1}, 1);
    check_mix("stereo.wav", 2, 1, (float[]){0.5f, 0.5f}, 1);
    check_mix("stereo.wav", 2, 2, (float[]){1, 0, 0, 1}, 2);
    check_mix("51.wav", 6, 2, (float[]){1, 0, p, 0, p, 0, 0, 1, p, 0, 0, p}, 2);
    check_mix("51.wav", 6, 1, (float[]){.5f, .5f, p, 0, p / 2, p / 2}, 1);
    check_mix("71.wav", 8, 2, (float[]){1, 0, p, 0, p, 0, p, 0, 0, 1, p, 0, 0, p, 0, p}, 2);
}

TEST(what_is_outside_is_silent)
{
    sound k = {"short.wav", "pcm_s16le", AV_SAMPLE_FMT_S16, 48000, 1, 1000, 0, 0, false};
    heard h;
    REQUIRE(sound_write(&k, util_path(k.file)));
    REQUIRE(open_sound(util_path(k.file), 48000, 1, &h));
    float block[3000], *planes[1] = {block};
    const int64_t places[] = {-1000, -5000, 1000, INT64_C(1) << 40, -(INT64_C(1) << 40), 500};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        CHECK(kf_audio_source_read(h.source, places[i], planes, 3000, NULL) == KF_OK);
        for (int n = 0; n < 3000; n++) {
            CHECK(block[n] == signal_at(&k, places[i] + n, 0));
        }
    }
    CHECK(kf_audio_source_read(h.source, 0, planes, 0, NULL) == KF_OK);
    close_sound(&h);
}

TEST(impossible_requests_are_refused)
{
    sound k = {"short.wav", "pcm_s16le", AV_SAMPLE_FMT_S16, 48000, 1, 1000, 0, 0, false};
    kf_media *media;
    kf_audio_source *a;
    kf_video_source *v;
    kf_error err;
    REQUIRE(sound_write(&k, util_path(k.file)));
    REQUIRE(kf_media_open(util_path(k.file), NULL, &media, &err) == KF_OK);
    CHECK_INT(kf_audio_source_open(media, 3, 48000, 2, &a, &err), KF_ERR_NOT_FOUND);
    CHECK_INT(kf_audio_source_open(media, -1, 0, 2, &a, &err), KF_ERR_INVALID);
    CHECK_INT(kf_audio_source_open(media, -1, 48000, 3, &a, &err), KF_ERR_INVALID);
    CHECK_INT(kf_video_source_open(media, -1, &v, &err), KF_ERR_NOT_FOUND);
    kf_media_close(media);
}

int main(void)
{
    av_log_set_level(AV_LOG_FATAL);
    RUN(every_sample_of_every_codec);
    RUN(resampling_is_exact_from_anywhere);
    RUN(channels_are_mixed_as_documented);
    RUN(what_is_outside_is_silent);
    RUN(impossible_requests_are_refused);
    util_clean();
    return test_end();
}
