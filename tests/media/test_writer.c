/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every codec in a container that carries it, read back frame by frame. */
#include "writer_util.h"

#define FRAMES 20

typedef struct combination {
    const char *file, *video, *audio;
    kf_pixfmt format;
    const char *profile, *speed;
    int tolerance;     /* of brightness */
    float tone;        /* greatest error of a sample after decoding; < 0: not compared (priming not cut away) */
    bool exact_sound;  /* the sample count is that of the film */
} combination;

static const combination combinations[] = {
    {"h264.mp4", "h264", "aac", 0, NULL, "ultrafast", 3, 0.1f, false},
    {"h264-10.mkv", "h264", "flac", KF_PIX_YUV420P10, NULL, "ultrafast", 3, 1e-6f, true},
    {"h264-444.mov", "h264", "pcm_s24", KF_PIX_YUV444P8, NULL, "ultrafast", 3, 1e-6f, true},
    {"h264-422.mov", "h264", "pcm_s16", KF_PIX_YUV422P10, NULL, "superfast", 3, 2e-5f, true},
    {"nv12.mp4", "h264", "mp3", KF_PIX_NV12, NULL, "ultrafast", 3, -1, false},
    {"h264.ts", "h264", "aac", 0, NULL, "ultrafast", 3, -1, false},
    {"hevc.mp4", "hevc", "aac", 0, NULL, "ultrafast", 3, 0.1f, false},
    {"hevc-10.mov", "hevc", "alac", KF_PIX_YUV420P10, "main10", "ultrafast", 3, 1e-6f, true},
    {"vp9.webm", "vp9", "opus", 0, NULL, "ultrafast", 4, 0.2f, false},
    {"vp8.webm", "vp8", "vorbis", 0, NULL, "ultrafast", 6, -1, false},
    {"av1.mp4", "av1", "opus", 0, NULL, "ultrafast", 4, 0.2f, false},
    {"av1-10.mkv", "av1", "opus", KF_PIX_YUV420P10, NULL, "12", 4, 0.2f, false},
    {"prores.mov", "prores", "pcm_s24", 0, NULL, NULL, 2, 1e-6f, true},
    {"prores-proxy.mov", "prores", "pcm_f32", 0, "proxy", NULL, 3, 0, true},
    {"prores-4444.mov", "prores", "none", KF_PIX_YUVA444P10, NULL, NULL, 2, 0, true},
    {"dnxhr-lb.mov", "dnxhr", "pcm_s16", 0, "lb", NULL, 3, 2e-5f, true},
    {"dnxhr-hqx.mov", "dnxhr", "pcm_s24", KF_PIX_YUV422P10, NULL, NULL, 2, 1e-6f, true},
    {"dnxhr-444.mov", "dnxhr", "none", 0, "444", NULL, 2, 0, true},
    {"ffv1.mkv", "ffv1", "flac", 0, NULL, NULL, 0, 1e-6f, true},
    {"ffv1-rgb.mkv", "ffv1", "pcm_f32", KF_PIX_GBRP10, NULL, NULL, 0, 0, true},
    {"mpeg4.avi", "mpeg4", "mp3", 0, NULL, NULL, 4, -1, false},
    {"mjpeg.mov", "mjpeg", "ac3", 0, NULL, NULL, 3, -1, false},
    {"anim.gif", "gif", "none", 0, NULL, NULL, 4, 0, true},
};

static bool has_encoder(const char *video, const char *audio)
{
    int v = kf_video_codec_find(video), a = strcmp(audio, "none") ? kf_audio_codec_find(audio) : -1;
    return kf_video_codec_get(v).encoder && (a < 0 || kf_audio_codec_get(a).encoder);
}

static void check_tags(const combination *c, const AVCodecContext *codec)
{
    if (strcmp(c->video, "gif") == 0 || strcmp(c->video, "mpeg4") == 0 || strcmp(c->video, "vp8") == 0) {
        return; /* carry none, or not all */
    }
    bool rgb = kf_pixfmt_get(c->format)->model == KF_MODEL_RGB, jpeg = strcmp(c->video, "mjpeg") == 0;
    CHECK_MSG(codec->colorspace == (rgb ? AVCOL_SPC_RGB : AVCOL_SPC_BT709) || jpeg, "%s: matrix %d", c->file,
              codec->colorspace);
    CHECK_MSG(codec->color_primaries == AVCOL_PRI_BT709, "%s: primaries %d", c->file, codec->color_primaries);
    CHECK_MSG(codec->color_trc == AVCOL_TRC_BT709, "%s: transfer %d", c->file, codec->color_trc);
    bool full = rgb || jpeg;
    CHECK_MSG(codec->color_range == (full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG) ||
                  (!full && codec->color_range == AVCOL_RANGE_UNSPECIFIED) || rgb,
              "%s: range %d", c->file, codec->color_range);
}

static void check_film(const combination *c, util_film *film)
{
    AVStream *st = film->format->streams[film->video.index];
    CHECK_MSG(film->video.frames == FRAMES, "%s: %d frames", c->file, film->video.frames);
    CHECK_MSG(film->video.wrong == 0, "%s: %d frames have the wrong brightness", c->file, film->video.wrong);
    CHECK_MSG(st->codecpar->width == WIDTH && st->codecpar->height == HEIGHT, "%s", c->file);
    CHECK_MSG(av_cmp_q(st->avg_frame_rate, (AVRational){25, 1}) == 0 || fabs(av_q2d(st->avg_frame_rate) - 25) < 0.7,
              "%s: rate %d/%d", c->file, st->avg_frame_rate.num, st->avg_frame_rate.den);
    CHECK_MSG(fabs(film->video.last_frame - film->video.first - 0.76) < 0.0015, "%s: last frame at %g", c->file,
              film->video.last_frame - film->video.first);
    check_tags(c, film->video.codec);
    if (strcmp(c->audio, "none") == 0) {
        CHECK_MSG(film->audio.index < 0, "%s has sound", c->file);
        return;
    }
    CHECK_MSG(film->audio.index >= 0, "%s has no sound", c->file);
    int64_t expected = 38400;
    CHECK_MSG(c->exact_sound ? film->audio.samples == expected : llabs(film->audio.samples - expected) <= 4096,
              "%s: %lld samples", c->file, (long long)film->audio.samples);
    CHECK_MSG(c->tone < 0 || film->audio.error <= c->tone, "%s: tone off by %g", c->file, film->audio.error);
}

static void check_combination(const combination *c)
{
    if (!has_encoder(c->video, c->audio)) {
        printf("# %s: no encoder here\n", c->file);
        return;
    }
    kf_writer_params p = util_params(util_path(c->file));
    p.video.codec = c->video;
    p.video.format = c->format;
    p.video.profile = c->profile;
    p.video.speed = c->speed;
    p.video.color = (kf_color){KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_UNSPECIFIED, 0};
    p.audio.codec = c->audio;
    kf_error err = {0};
    kf_writer_stats stats = {0};
    kf_status status = util_write(&p, FRAMES, &stats, &err);
    CHECK_MSG(status == KF_OK, "%s: %s", c->file, err.message);
    struct stat st;
    util_film film;
    bool read = !status && util_read(p.path, c->tolerance, &film);
    CHECK_MSG(read, "%s cannot be read", c->file);
    if (read) {
        CHECK_INT(stats.frames, FRAMES);
        CHECK(stat(p.path, &st) == 0 && st.st_size == stats.file_bytes);
        check_film(c, &film);
        util_close(&film);
    }
    remove(p.path);
}

TEST(every_codec)
{
    for (size_t i = 0; i < sizeof combinations / sizeof *combinations; i++) {
        int64_t start = kf_clock_ns();
        check_combination(&combinations[i]);
        printf("# %s %.2f s\n", combinations[i].file, (double)(kf_clock_ns() - start) / 1e9);
    }
}

/* What the table says about a codec is what libavcodec does. */
TEST(formats_are_consistent)
{
    CHECK(kf_container_count() > 8);
    for (int i = 0; i < kf_container_count(); i++) {
        kf_container_info c = kf_container_get(i);
        CHECK(kf_container_find(c.name) == i);
        CHECK(c.extensions[0] && (c.video[0] || c.audio[0]));
        for (int k = 0; c.video[k]; k++) {
            CHECK_MSG(kf_video_codec_find(c.video[k]) >= 0, "%s in %s", c.video[k], c.name);
        }
        for (int k = 0; c.audio[k]; k++) {
            CHECK_MSG(kf_audio_codec_find(c.audio[k]) >= 0, "%s in %s", c.audio[k], c.name);
        }
    }
    CHECK_STR(kf_container_get(kf_container_find("a/b.M4V")).name, "mp4");
    CHECK_INT(kf_container_find("a.xyz"), -1);
    CHECK_INT(kf_container_find("noextension"), -1);
    for (int i = 0; i < kf_video_codec_count(); i++) {
        kf_video_codec_info v = kf_video_codec_get(i);
        CHECK_MSG(v.encoder ? v.formats[0] != KF_PIX_NONE : v.missing != NULL, "%s", v.name);
        CHECK_MSG(!v.profiles[0] || v.crf_min < v.crf_max || strcmp(v.name, "h264"), "%s", v.name);
    }
}

TEST(timecode_chapters_metadata)
{
    kf_writer_chapter chapters[] = {{0, KF_SECOND / 4, "Eins"}, {KF_SECOND / 4, KF_SECOND / 2, "Zw\xc3\xb6lf"}};
    kf_writer_option metadata[] = {{"title", "A film"}, {"comment", "made for a test"}};
    const char *files[] = {"meta.mov", "meta.mp4", "meta.mkv"};
    for (int i = 0; i < 3; i++) {
        kf_writer_params p = util_params(util_path(files[i]));
        p.video.speed = "ultrafast";
        p.video.rate = (kf_rational){30000, 1001};
        p.chapters = chapters;
        p.chapter_count = 2;
        p.metadata = metadata;
        p.metadata_count = 2;
        p.timecode = 107892; /* 01:00:00;00 */
        p.timecode_drop = true;
        p.faststart = i < 2;
        kf_error err = {0};
        CHECK_MSG(util_write(&p, FRAMES, NULL, &err) == KF_OK, "%s", err.message);
        util_film film;
        REQUIRE(util_read(p.path, 4, &film));
        CHECK_INT(film.video.frames, FRAMES);
        CHECK_INT(film.format->nb_chapters, 2);
        AVDictionaryEntry *e =
            film.format->nb_chapters == 2 ? av_dict_get(film.format->chapters[1]->metadata, "title", NULL, 0) : NULL;
        CHECK_STR(e ? e->value : NULL, "Zw\xc3\xb6lf");
        CHECK_NEAR(film.format->nb_chapters == 2
                       ? film.format->chapters[1]->start * av_q2d(film.format->chapters[1]->time_base)
                       : 0,
                   0.25, 0.001);
        e = av_dict_get(film.format->metadata, "title", NULL, 0);
        CHECK_STR(e ? e->value : NULL, "A film");
        AVStream *st = film.format->streams[film.video.index];
        e = av_dict_get(st->metadata, "timecode", NULL, 0);
        if (i < 2) {
            CHECK_STR(e ? e->value : NULL, "01:00:00;00");
            CHECK(av_cmp_q(st->avg_frame_rate, (AVRational){30000, 1001}) == 0);
        }
        util_close(&film);
        remove(p.path);
    }
}

static int64_t box_at(const char *path, const char *box)
{
    FILE *f = fopen(path, "rb");
    char buffer[1 << 16];
    size_t n = f ? fread(buffer, 1, sizeof buffer, f) : 0;
    if (f) {
        fclose(f);
    }
    for (size_t i = 0; i + 4 < n; i++) {
        if (memcmp(buffer + i, box, 4) == 0) {
            return (int64_t)i;
        }
    }
    return -1;
}

TEST(faststart_and_fragments)
{
    for (int mode = 0; mode < 3; mode++) {
        kf_writer_params p = util_params(util_path("front.mp4"));
        p.video.speed = "ultrafast";
        p.faststart = mode == 1;
        p.fragmented = mode == 2;
        kf_error err = {0};
        CHECK_MSG(util_write(&p, FRAMES, NULL, &err) == KF_OK, "%s", err.message);
        int64_t moov = box_at(p.path, "moov"), mdat = box_at(p.path, "mdat");
        CHECK(moov > 0 && mdat > 0 && (mode == 0) == (mdat < moov));
        CHECK((box_at(p.path, "moof") > 0) == (mode == 2));
        util_film film;
        CHECK(util_read(p.path, 4, &film) && film.video.frames == FRAMES);
        util_close(&film);
        remove(p.path);
    }
}

/* Both streams begin with the film: the priming of the audio encoder is cut away, reordering of pictures made good. */
TEST(starts_at_zero)
{
    const char *files[][2] = {
        {"zero.mp4", "aac"}, {"zero.mov", "aac"}, {"zero.webm", "opus"}, {"zero.mkv", "flac"}, {"zero.mkv", "opus"}};
    for (int i = 0; i < 5; i++) {
        kf_writer_params p = util_params(util_path(files[i][0]));
        p.video.speed = "veryfast";
        p.audio.codec = files[i][1];
        kf_error err = {0};
        CHECK_MSG(util_write(&p, FRAMES, NULL, &err) == KF_OK, "%s", err.message);
        util_film film;
        REQUIRE(util_read(p.path, 255, &film));
        CHECK_MSG(film.video.first == 0, "%s %s: picture at %g", files[i][0], files[i][1], film.video.first);
        CHECK_MSG(fabs(film.audio.first) < 0.0011, "%s %s: sound at %g", files[i][0], files[i][1], film.audio.first);
        CHECK_MSG(film.audio.error < 0.2f, "%s %s: tone off by %g", files[i][0], files[i][1], film.audio.error);
        util_close(&film);
        remove(p.path);
    }
}

TEST(same_bytes_every_time)
{
    kf_writer_params p = util_params(util_path("same.mp4"));
    p.video.threads = 2;
    p.overwrite = true;
    char *first = NULL;
    size_t first_length = 0;
    for (int i = 0; i < 2; i++) {
        kf_error err = {0};
        CHECK_MSG(util_write(&p, FRAMES, NULL, &err) == KF_OK, "%s", err.message);
        FILE *f = fopen(p.path, "rb");
        REQUIRE(f);
        char *bytes = kf_alloc(1 << 20);
        size_t n = fread(bytes, 1, 1 << 20, f);
        fclose(f);
        CHECK(n > 0 && (!first || (n == first_length && memcmp(first, bytes, n) == 0)));
        kf_free(first);
        first = bytes;
        first_length = n;
    }
    kf_free(first);
    remove(p.path);
}

static void check_rate(kf_rational rate)
{
    kf_writer_params p = util_params(util_path("rate.mp4"));
    p.video.speed = "ultrafast";
    p.video.rate = rate;
    p.video.sample_aspect = (kf_rational){4, 3};
    kf_error err = {0};
    CHECK_MSG(util_write(&p, 12, NULL, &err) == KF_OK, "%s", err.message);
    util_film film;
    REQUIRE(util_read(p.path, 255, &film));
    AVStream *st = film.format->streams[film.video.index];
    CHECK_MSG(av_cmp_q(st->avg_frame_rate, (AVRational){rate.num, rate.den}) == 0, "%d/%d became %d/%d", rate.num,
              rate.den, st->avg_frame_rate.num, st->avg_frame_rate.den);
    CHECK_INT(st->nb_frames, 12);
    CHECK_NEAR(film.video.duration, 12.0 * rate.den / rate.num, 1e-6);
    CHECK(av_cmp_q(st->sample_aspect_ratio, (AVRational){4, 3}) == 0);
    util_close(&film);
    remove(p.path);
}

TEST(rates_are_exact)
{
    kf_rational rates[] = {{24000, 1001}, {24, 1},        {30000, 1001}, {50, 1},
                           {60000, 1001}, {120000, 1001}, {15, 1},       {10, 3}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        check_rate(rates[i]);
    }
}

int main(void)
{
    kf_media_log_libav(false);
    RUN(formats_are_consistent);
    RUN(every_codec);
    RUN(timecode_chapters_metadata);
    RUN(faststart_and_fragments);
    RUN(starts_at_zero);
    RUN(same_bytes_every_time);
    RUN(rates_are_exact);
    util_clean();
    return test_end();
}
