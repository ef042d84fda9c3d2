/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of all sorts: pictures, sequences, descriptions, shapes, colours, fields, damage, and things that are no media.
 */
#include <libavutil/display.h>

#include "source_util.h"

#define H264 .encoder = "libx264", .format = KF_PIX_YUV420P8, .rate = {25, 1}, .options = "preset=fast"

/* ---- pictures ---- */

static bool write_picture(const char *path, const char *encoder, enum AVPixelFormat av_format, kf_pixfmt format,
                          int number)
{
    const AVCodec *av = avcodec_find_encoder_by_name(encoder);
    AVCodecContext *c = av ? avcodec_alloc_context3(av) : NULL;
    if (!c) {
        return false;
    }
    kf_frame *frame = number_frame(format, number, 1);
    AVFrame *wrapped = kf_out_wrap(frame, av_format, false);
    AVPacket *packet = av_packet_alloc();
    c->width = WIDTH;
    c->height = HEIGHT;
    c->pix_fmt = av_format;
    c->time_base = (AVRational){1, 25};
    c->color_range = av->id == AV_CODEC_ID_MJPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_UNSPECIFIED;
    bool good = avcodec_open2(c, av, NULL) >= 0 && avcodec_send_frame(c, wrapped) >= 0 &&
                avcodec_send_frame(c, NULL) >= 0 && avcodec_receive_packet(c, packet) >= 0;
    FILE *f = good ? fopen(path, "wb") : NULL;
    good = f && fwrite(packet->data, 1, (size_t)packet->size, f) == (size_t)packet->size;
    good = f && fclose(f) == 0 && good;
    av_packet_free(&packet);
    av_frame_free(&wrapped);
    kf_frame_unref(frame);
    avcodec_free_context(&c);
    return good;
}

static void check_picture(const char *name, const char *encoder, enum AVPixelFormat av_format, kf_pixfmt format,
                          kf_pixfmt delivered)
{
    const char *path = util_path(name);
    opened o;
    if (!write_picture(path, encoder, av_format, format, 0x5a3)) {
        printf("# %s cannot be written here\n", name);
        return;
    }
    if (open_video(path, &o)) {
        const kf_media_info *info = kf_media_describe(o.media);
        CHECK_MSG(info->still && info->duration == 0 && !info->sequence, "%s", name);
        CHECK_INT(o.info.frames, 1);
        kf_frame *frame = NULL;
        CHECK(kf_video_source_get(o.source, 7, &frame, NULL, NULL) == KF_OK);
        if (frame) {
            CHECK_MSG(frame->image.format == delivered, "%s: %s", name, kf_pixfmt_get(frame->image.format)->name);
            CHECK_MSG(read_number(&frame->image) == 0x5a3, "%s: %x", name, (unsigned)read_number(&frame->image));
            CHECK_MSG(frame->image.color.matrix != KF_MAT_UNSPECIFIED, "%s", name);
        }
        kf_frame_unref(frame);
        CHECK_INT(kf_video_source_frame_at(o.source, 100 * KF_SECOND), 0);
    }
    close_video(&o);
}

TEST(pictures)
{
    check_picture("a.png", "png", AV_PIX_FMT_RGB24, KF_PIX_RGB24, KF_PIX_RGB24);
    check_picture("b.png", "png", AV_PIX_FMT_RGBA, KF_PIX_RGBA8, KF_PIX_RGBA8);
    check_picture("c.png", "png", AV_PIX_FMT_GRAY8, KF_PIX_GRAY8, KF_PIX_GRAY8);
    check_picture("100%d.png", "png", AV_PIX_FMT_RGB24, KF_PIX_RGB24, KF_PIX_RGB24);
    check_picture("a.jpg", "mjpeg", AV_PIX_FMT_YUVJ420P, KF_PIX_YUV420P8, KF_PIX_YUV420P8);
    check_picture("a.bmp", "bmp", AV_PIX_FMT_BGRA, KF_PIX_BGRA8, KF_PIX_BGRA8);
    check_picture("a.tiff", "tiff", AV_PIX_FMT_RGB24, KF_PIX_RGB24, KF_PIX_RGB24);
    check_picture("a.webp", "libwebp", AV_PIX_FMT_YUV420P, KF_PIX_YUV420P8, KF_PIX_YUV420P8);
}

TEST(jpeg_is_full_range)
{
    opened o;
    REQUIRE(write_picture(util_path("range.jpg"), "mjpeg", AV_PIX_FMT_YUVJ420P, KF_PIX_YUV420P8, 1));
    if (open_video(util_path("range.jpg"), &o)) {
        CHECK_INT(o.info.color.range, KF_RANGE_FULL);
    }
    close_video(&o);
}

TEST(numbered_pictures)
{
    for (int i = 7; i < 20; i++) {
        char name[64];
        snprintf(name, sizeof name, "shot.%04d.png", i);
        REQUIRE(i == 15 || write_picture(util_path(name), "png", AV_PIX_FMT_RGB24, KF_PIX_RGB24, i));
    }
    kf_media_params params = kf_media_params_default();
    params.rate = (kf_rational){24, 1};
    opened o;
    if (open_video_with(util_path("shot.%04d.png"), &params, &o)) {
        const kf_media_info *info = kf_media_describe(o.media);
        CHECK(info->sequence && !info->still);
        CHECK_INT(o.info.frames, 8);
        CHECK_INT(info->duration, 8 * KF_SECOND / 24);
        CHECK_INT(o.info.end, 8 * KF_SECOND / 24);
        for (int n = 0; n < 24; n++) {
            int64_t i = n < 8 ? n : n < 16 ? 15 - n : n * 5 % 8;
            kf_frame *frame = NULL;
            CHECK(kf_video_source_get(o.source, i, &frame, NULL, NULL) == KF_OK);
            CHECK_INT(frame ? read_number(&frame->image) : -1, i + 7);
            CHECK_INT(frame ? frame->time : -1, i * KF_SECOND / 24);
            kf_frame_unref(frame);
        }
    }
    close_video(&o);
    kf_media *media;
    kf_error err;
    CHECK_INT(kf_media_open(util_path("none.%04d.png"), NULL, &media, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "pattern") != NULL);
}

TEST(palettes_become_colours)
{
    opened o;
    clip k = {.file = "p.gif", .encoder = "gif", .format = KF_PIX_GRAY8, .rate = {25, 1}, .frames = 5};
    REQUIRE(clip_write(&k, util_path(k.file)));
    if (open_video(util_path(k.file), &o)) {
        kf_frame *frame = NULL;
        CHECK(kf_video_source_get(o.source, 3, &frame, NULL, NULL) == KF_OK);
        CHECK(frame && (frame->image.format == KF_PIX_BGRA8 || frame->image.format == KF_PIX_RGBA8));
        CHECK(o.info.format == frame->image.format);
        kf_frame_unref(frame);
    }
    close_video(&o);
}

/* ---- alpha ---- */

TEST(alpha)
{
    clip k = {.file = "alpha.webm", .encoder = "libvpx-vp9", .format = KF_PIX_YUVA420P8, .rate = {25, 1}, .frames = 10,
              .options = "auto-alt-ref=0:cpu-used=8:deadline=realtime:b=500000"};
    opened o;
    if (!clip_write(&k, util_path(k.file))) {
        SKIP("no VP9 encoder");
    }
    kf_media_params params = kf_media_params_default();
    for (int pass = 0; pass < 2; pass++) {
        params.no_alpha = pass == 1;
        if (open_video_with(util_path(k.file), &params, &o)) {
            kf_frame *frame = NULL;
            CHECK(o.info.stream->alpha == !pass);
            CHECK(kf_video_source_get(o.source, 4, &frame, NULL, NULL) == KF_OK);
            CHECK_INT(frame ? frame->image.format : 0, pass ? KF_PIX_YUV420P8 : KF_PIX_YUVA420P8);
            CHECK_INT(frame ? (int)o.info.format : -1, frame ? (int)frame->image.format : 0);
            CHECK_INT(frame ? read_number(&frame->image) : -1, 4);
            kf_frame_unref(frame);
        }
        close_video(&o);
    }
    clip p = {.file = "alpha.mov",
              .encoder = "prores_ks",
              .format = KF_PIX_YUVA444P10,
              .rate = {25, 1},
              .frames = 3,
              .options = "profile=4444"};
    if (clip_write(&p, util_path(p.file)) && open_video(util_path(p.file), &o)) {
        kf_frame *frame = NULL;
        CHECK(kf_video_source_get(o.source, 1, &frame, NULL, NULL) == KF_OK);
        CHECK(frame && kf_pixfmt_get(frame->image.format)->alpha && kf_pixfmt_get(frame->image.format)->bits >= 10);
        CHECK(frame && frame->image.format == o.info.format && o.info.stream->alpha);
        kf_frame_unref(frame);
    }
    close_video(&o);
}

/* ---- shapes and colours ---- */

static void check_turn(int clockwise, bool flip, AVRational aspect, int w, int h)
{
    int32_t m[9];
    av_display_rotation_set(m, clockwise);
    av_display_matrix_flip(m, flip, false);
    clip k = {.file = "turn.mov", H264, .frames = 3, .matrix = m, .aspect = aspect};
    opened o;
    REQUIRE(clip_write(&k, util_path(k.file)));
    if (open_video(util_path(k.file), &o)) {
        const kf_stream_info *s = o.info.stream;
        CHECK_MSG(s->rotation == clockwise && s->mirrored == flip, "%d, %d: %d, %d", clockwise, flip, s->rotation,
                  s->mirrored);
        CHECK_MSG(s->shown_width == w && s->shown_height == h, "%d: shown %dx%d", clockwise, s->shown_width,
                  s->shown_height);
        CHECK(s->width == WIDTH && s->height == HEIGHT);
    }
    close_video(&o);
}

TEST(turned_mirrored_and_stretched)
{
    AVRational square = {1, 1};
    check_turn(0, false, square, WIDTH, HEIGHT);
    check_turn(90, false, square, HEIGHT, WIDTH);
    check_turn(180, false, square, WIDTH, HEIGHT);
    check_turn(270, false, square, HEIGHT, WIDTH);
    check_turn(0, true, square, WIDTH, HEIGHT);
    check_turn(90, true, square, HEIGHT, WIDTH);
    check_turn(0, false, (AVRational){4, 3}, WIDTH * 4 / 3 + 1, HEIGHT);
    check_turn(0, false, (AVRational){8, 9}, WIDTH, HEIGHT * 9 / 8);
}

TEST(colours_as_tagged_or_overridden)
{
    clip k = {.file = "tags.mp4", H264, .frames = 3};
    opened o;
    REQUIRE(clip_write(&k, util_path(k.file)));
    if (open_video(util_path(k.file), &o)) {
        kf_frame *frame = NULL;
        CHECK(kf_video_source_get(o.source, 0, &frame, NULL, NULL) == KF_OK);
        CHECK(frame && memcmp(&frame->image.color, &o.info.color, sizeof o.info.color) == 0);
        CHECK_INT(o.info.color.matrix, KF_MAT_BT709);
        CHECK_INT(o.info.color.primaries, KF_PRI_BT709);
        CHECK_INT(o.info.color.transfer, KF_TRC_BT709);
        CHECK_INT(o.info.color.range, KF_RANGE_LIMITED);
        kf_frame_unref(frame);
    }
    close_video(&o);
    kf_media_params params = kf_media_params_default();
    params.color = (kf_color){.matrix = KF_MAT_BT2020_NCL, .range = KF_RANGE_FULL};
    if (open_video_with(util_path(k.file), &params, &o)) {
        kf_frame *frame = NULL;
        CHECK(kf_video_source_get(o.source, 0, &frame, NULL, NULL) == KF_OK);
        CHECK(frame && frame->image.color.matrix == KF_MAT_BT2020_NCL && frame->image.color.range == KF_RANGE_FULL);
        CHECK(frame && memcmp(&frame->image.color, &o.info.color, sizeof o.info.color) == 0);
        kf_frame_unref(frame);
    }
    close_video(&o);
}

/* ---- fields ---- */

static uint32_t hash_frame(kf_video_source *source, int64_t i, int *number)
{
    kf_frame *frame = NULL;
    uint32_t hash = 2166136261u;
    CHECK(kf_video_source_get(source, i, &frame, NULL, NULL) == KF_OK);
    for (int y = 0; frame && y < frame->image.height; y++) {
        for (int x = 0; x < frame->image.width; x++) {
            hash = (hash ^ frame->image.plane[0][y * frame->image.stride[0] + x]) * 16777619u;
        }
    }
    *number = frame ? read_number(&frame->image) : -1;
    kf_frame_unref(frame);
    return hash;
}

static void check_fields(const char *file, const char *encoder, const char *options, bool bottom_first)
{
    clip k = {.file = file,
              .encoder = encoder,
              .format = KF_PIX_YUV420P8,
              .rate = {25, 1},
              .frames = 50,
              .gop = 12,
              .bframes = 2,
              .options = options,
              .interlaced = true,
              .bottom_first = bottom_first};
    uint32_t hashes[50];
    opened o;
    int number;
    if (!clip_write(&k, util_path(k.file))) {
        printf("# no %s encoder here\n", encoder);
        return;
    }
    REQUIRE(open_video(util_path(k.file), &o));
    CHECK_INT(o.info.stream->fields, bottom_first ? KF_FIELDS_BOTTOM_FIRST : KF_FIELDS_TOP_FIRST);
    CHECK_INT(o.info.frames, 50);
    for (int i = 0; i < o.info.frames; i++) {
        hashes[i] = hash_frame(o.source, i, &number);
        CHECK_MSG(number == i, "%s: frame %d carries %d", file, i, number);
    }
    close_video(&o);
    REQUIRE(open_video(util_path(k.file), &o));
    for (int n = 0; n < 60; n++) { /* the neighbours after a jump are the same as going forward */
        int i = n < 30 ? n * 17 % 50 : 79 - n;
        CHECK_MSG(hash_frame(o.source, i, &number) == hashes[i], "%s: frame %d differs after a jump", file, i);
    }
    close_video(&o);
    kf_media_params params = kf_media_params_default();
    params.no_deinterlace = true;
    REQUIRE(open_video_with(util_path(k.file), &params, &o));
    CHECK(hash_frame(o.source, 20, &number) != hashes[20]);
    CHECK_INT(number, 20);
    close_video(&o);
}

TEST(fields_become_frames)
{
    check_fields("top.ts", "mpeg2video", "b=4000000", false);
    check_fields("bottom.mov", "mpeg2video", "b=4000000", true);
    check_fields("top.mp4", "libx264", "preset=fast:x264-params=tff=1", false);
    check_fields("bottom.mkv", "libx264", "preset=fast:x264-params=bff=1", true);
}

/* ---- where things begin ---- */

TEST(frames_before_the_edit_are_not_shown)
{
    clip k = {.file = "cut.mp4", H264, .frames = 60, .gop = 24, .bframes = 2, .first = -10};
    opened o;
    REQUIRE(clip_write(&k, util_path(k.file)));
    if (open_video(util_path(k.file), &o)) {
        CHECK_INT(o.info.frames, 50);
        CHECK_INT(o.info.start, 0);
        for (int n = 0; n < 100; n++) {
            int64_t i = n < 50 ? n : 99 - n;
            kf_frame *frame = NULL;
            CHECK(kf_video_source_get(o.source, i, &frame, NULL, NULL) == KF_OK);
            CHECK_INT(frame ? read_number(&frame->image) : -1, i + 10);
            kf_frame_unref(frame);
        }
    }
    close_video(&o);
}

static bool write_with_sound(const char *path, int video_first, int sound_first)
{
    const clip k = {.file = "", H264, .frames = 25, .gop = 12, .first = video_first};
    AVFormatContext *f = NULL;
    const AVCodec *av = avcodec_find_encoder_by_name("libx264");
    if (!av || avformat_alloc_output_context2(&f, NULL, NULL, path) < 0) {
        return false;
    }
    AVCodecContext *c = clip_encoder(&k, f, av);
    AVStream *video = avformat_new_stream(f, NULL), *sound = avformat_new_stream(f, NULL);
    avcodec_parameters_from_context(video->codecpar, c);
    video->time_base = c->time_base;
    sound->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
    sound->codecpar->codec_id = AV_CODEC_ID_PCM_S16LE;
    sound->codecpar->sample_rate = 48000;
    sound->codecpar->format = AV_SAMPLE_FMT_S16;
    sound->codecpar->block_align = 2;
    av_channel_layout_default(&sound->codecpar->ch_layout, 1);
    sound->time_base = (AVRational){1, 48000};
    bool good = avio_open(&f->pb, path, AVIO_FLAG_WRITE) >= 0 && avformat_write_header(f, NULL) >= 0;
    for (int i = 0; good && i < 48; i++) {
        AVPacket *packet = av_packet_alloc();
        av_new_packet(packet, 2000);
        memset(packet->data, 0, 2000);
        packet->data[1] = i == 0 ? 0x40 : 0; /* a click at the first sample */
        packet->pts = packet->dts = av_rescale_q(sound_first + i * 1000, (AVRational){1, 48000}, sound->time_base);
        packet->duration = av_rescale_q(1000, (AVRational){1, 48000}, sound->time_base);
        packet->stream_index = 1;
        good = av_interleaved_write_frame(f, packet) >= 0;
        av_packet_free(&packet);
    }
    good = good && clip_frames(&k, f, c, video) && av_write_trailer(f) >= 0;
    avcodec_free_context(&c);
    avio_closep(&f->pb);
    avformat_free_context(f);
    return good;
}

static void check_distance(const char *name, int video_first, int sound_first, double video_at, int64_t click_at)
{
    opened o;
    kf_audio_source *audio = NULL;
    static float block[48000], *planes[1] = {block};
    REQUIRE(write_with_sound(util_path(name), video_first, sound_first));
    if (open_video(util_path(name), &o)) {
        CHECK_MSG(fabs(kf_time_seconds(o.info.start) - video_at) < 0.0011, "%s: picture starts at %g", name,
                  kf_time_seconds(o.info.start));
        CHECK(kf_audio_source_open(o.media, -1, 48000, 1, &audio, NULL) == KF_OK);
        if (audio) {
            CHECK(kf_audio_source_read(audio, 0, planes, 48000, NULL) == KF_OK);
            int at = 0;
            while (at < 48000 && block[at] < 0.4f) {
                at++;
            }
            bool rough = strstr(name, ".mkv") != NULL;
            CHECK_MSG(llabs(at - click_at) <= (rough ? 48 : 0), "%s: click at %d, expected %lld", name, at,
                      (long long)click_at);
        }
    }
    kf_audio_source_close(audio);
    close_video(&o);
}

TEST(sound_and_picture_keep_their_distance)
{
    check_distance("both.mov", 0, 0, 0, 0);
    check_distance("late-picture.mov", 10, 0, 0.4, 0);
    check_distance("late-sound.mov", 0, 24000, 0, 24000);
    check_distance("both-late.mov", 10, 24000, 0, 4800);
    check_distance("late-sound.mkv", 0, 24000, 0, 24000);
    check_distance("late-picture.mkv", 10, 0, 0.4, 0);
}

/* ---- what goes wrong ---- */

static void expect_error(const char *path, kf_status status, const char *word)
{
    kf_media *media;
    kf_error err = {0};
    kf_status got = kf_media_open(path, NULL, &media, &err);
    CHECK_MSG(got == status && err.status == status && !media, "%s: status %d: %s", path, got, err.message);
    CHECK_MSG(strstr(err.message, word) != NULL, "%s: \"%s\" lacks \"%s\"", path, err.message, word);
    kf_media_close(media);
}

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (f) {
        fwrite(bytes, 1, n, f);
        fclose(f);
    }
}

static size_t read_bytes(const char *path, uint8_t *bytes, size_t most)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(bytes, 1, most, f) : 0;
    if (f) {
        fclose(f);
    }
    return n;
}

TEST(what_is_no_media_is_refused)
{
    static uint8_t bytes[1 << 20];
    clip k = {.file = "whole.mp4", H264, .frames = 50};
    expect_error("", KF_ERR_INVALID, "missing");
    expect_error(util_path("nothing.mp4"), KF_ERR_NOT_FOUND, "no such file");
    expect_error("/tmp", KF_ERR_MEDIA, "folder");
    write_bytes(util_path("empty.mp4"), "", 0);
    expect_error(util_path("empty.mp4"), KF_ERR_MEDIA, "empty");
    static const char text[] = "Dear reader,\nthis is no film.\n";
    write_bytes(util_path("letter.txt"), text, sizeof text - 1);
    expect_error(util_path("letter.txt"), KF_ERR_MEDIA, "text file");
    write_bytes(util_path("letter.mp4"), text, sizeof text - 1);
    expect_error(util_path("letter.mp4"), KF_ERR_MEDIA, "text file");
    for (size_t i = 0; i < 5000; i++) {
        bytes[i] = (uint8_t)(i * i * 2654435761u >> 13);
    }
    write_bytes(util_path("noise.mp4"), bytes, 5000);
    expect_error(util_path("noise.mp4"), KF_ERR_MEDIA, "not media");
    REQUIRE(clip_write(&k, util_path(k.file)));
    size_t n = read_bytes(util_path(k.file), bytes, sizeof bytes);
    write_bytes(util_path("cut.mp4"), bytes, n / 2);
    expect_error(util_path("cut.mp4"), KF_ERR_MEDIA, "cut off");
    write_bytes(util_path("locked.mp4"), bytes, n);
    chmod(util_path("locked.mp4"), 0);
    if (geteuid() != 0) {
        expect_error(util_path("locked.mp4"), KF_ERR_IO, "permission");
    }
}

static void read_all_with(const kf_media_params *params, const char *path, int *good, int *substitutes)
{
    kf_media *media;
    kf_video_source *source = NULL;
    kf_video_info info;
    kf_error err = {0};
    *good = *substitutes = 0;
    if (kf_media_open(path, params, &media, &err) == KF_OK && kf_video_source_open(media, -1, &source, &err) == KF_OK &&
        kf_video_source_describe(source, &info, &err) == KF_OK) {
        for (int64_t i = 0; i < info.frames && i < 200; i++) {
            kf_frame *frame = NULL;
            bool damaged;
            if (kf_video_source_get(source, i, &frame, &damaged, &err) == KF_OK) {
                *good += !damaged;
                *substitutes += damaged;
                CHECK(frame->number == i);
            } else {
                CHECK(!frame && err.message[0]);
            }
            kf_frame_unref(frame);
        }
    } else {
        CHECK(err.message[0]);
    }
    kf_video_source_close(source);
    kf_media_close(media);
}

static void read_all(const char *path, int *good, int *substitutes)
{
    const kf_media_params interactive = {.interactive = true};
    int shown, stand_ins;
    read_all_with(NULL, path, good, substitutes);
    read_all_with(&interactive, path, &shown, &stand_ins);
    CHECK_MSG(shown + stand_ins == *good + *substitutes, "interactive: %d and %d, else %d and %d", shown, stand_ins, *good,
              *substitutes);
}

TEST(damage_is_survived)
{
    static uint8_t bytes[1 << 20], copy[1 << 20];
    static const clip kinds[] = {
        {.file = "d.mp4", H264, .frames = 60, .gop = 12, .bframes = 2, .muxer_options = "movflags=faststart"},
        {.file = "d.mkv", H264, .frames = 60, .gop = 12, .bframes = 2},
        {.file = "d.ts", H264, .frames = 60, .gop = 12, .bframes = 2},
        {.file = "d.avi", .encoder = "mpeg4", .format = KF_PIX_YUV420P8, .rate = {25, 1}, .frames = 60},
        {.file = "d.gif", .encoder = "gif", .format = KF_PIX_GRAY8, .rate = {25, 1}, .frames = 10},
    };
    int good, substitutes;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        REQUIRE(clip_write(&kinds[k], util_path(kinds[k].file)));
        size_t n = read_bytes(util_path(kinds[k].file), bytes, sizeof bytes);
        uint32_t seed = 12345;
        for (int round = 0; round < 12; round++) {
            memcpy(copy, bytes, n);
            for (int hits = 0; hits < 1 << (round / 2); hits++) {
                seed = seed * 1664525 + 1013904223;
                copy[seed % n] ^= (uint8_t)(seed >> 24);
            }
            write_bytes(util_path("damaged.bin"), copy, round % 3 == 2 ? n * 2 / 3 : n);
            read_all(util_path("damaged.bin"), &good, &substitutes);
        }
    }
    /* Half of a file whose header is whole: what is there is given. */
    REQUIRE(clip_write(&kinds[0], util_path("d.mp4")));
    size_t n = read_bytes(util_path("d.mp4"), bytes, sizeof bytes);
    write_bytes(util_path("half.mp4"), bytes, n * 2 / 3);
    read_all(util_path("half.mp4"), &good, &substitutes);
    CHECK_MSG(good > 10 && good < 60, "%d whole frames, %d substitutes", good, substitutes);
}

TEST(lost_frames_have_a_substitute)
{
    static uint8_t bytes[1 << 20];
    clip k = {.file = "lost.mov",
              .encoder = "mjpeg",
              .format = KF_PIX_YUV420P8,
              .rate = {25, 1},
              .frames = 10,
              .options = "q=3"};
    opened o;
    REQUIRE(clip_write(&k, util_path(k.file)));
    size_t n = read_bytes(util_path(k.file), bytes, sizeof bytes);
    int image = -1;
    for (size_t i = 0; i + 2 < n; i++) { /* wipe the sixth picture */
        image += bytes[i] == 0xff && bytes[i + 1] == 0xd8 && bytes[i + 2] == 0xff;
        bytes[i] = image == 5 ? 0 : bytes[i];
    }
    write_bytes(util_path(k.file), bytes, n);
    if (open_video(util_path(k.file), &o)) {
        for (int pass = 0; pass < 2; pass++) {
            for (int n2 = 0; n2 < 10; n2++) {
                int64_t i = pass ? 9 - n2 : n2;
                kf_frame *frame = NULL;
                bool damaged = false;
                CHECK(kf_video_source_get(o.source, i, &frame, &damaged, NULL) == KF_OK);
                CHECK_MSG(damaged == (i == 5), "frame %d", (int)i);
                CHECK_INT(frame ? frame->number : -1, i);
                if (i != 5 && frame) {
                    CHECK_INT(read_number(&frame->image), i);
                }
                kf_frame_unref(frame);
            }
        }
    }
    close_video(&o);
}

/* ---- many at once ---- */

typedef struct asker {
    kf_video_source *source;
    int64_t from, count;
    int wrong;
} asker;

static void *ask(void *arg)
{
    asker *a = arg;
    for (int64_t n = 0; n < 120; n++) {
        int64_t i = (a->from + n) % a->count;
        kf_frame *frame = NULL;
        if (n % 40 == 0) {
            kf_video_source_want(a->source, i, i + 39);
        }
        if (kf_video_source_get(a->source, i, &frame, NULL, NULL) != KF_OK || read_number(&frame->image) != i) {
            a->wrong++;
        }
        kf_frame_unref(frame);
    }
    return NULL;
}

TEST(many_threads_ask_one_source)
{
    clip k = {.file = "many.mp4", H264, .frames = 200, .gop = 50, .bframes = 2};
    opened o;
    pthread_t threads[6];
    asker askers[6];
    REQUIRE(clip_write(&k, util_path(k.file)));
    REQUIRE(open_video(util_path(k.file), &o));
    for (int t = 0; t < 6; t++) {
        askers[t] = (asker){o.source, t * 37, o.info.frames, 0};
        pthread_create(&threads[t], NULL, ask, &askers[t]);
    }
    for (int t = 0; t < 6; t++) {
        pthread_join(threads[t], NULL);
        CHECK_INT(askers[t].wrong, 0);
    }
    close_video(&o);
}

TEST(frames_outlive_their_source)
{
    clip k = {.file = "outlive.mp4", H264, .frames = 10};
    opened o;
    kf_frame *frame = NULL;
    REQUIRE(clip_write(&k, util_path(k.file)));
    REQUIRE(open_video(util_path(k.file), &o));
    CHECK(kf_video_source_get(o.source, 3, &frame, NULL, NULL) == KF_OK);
    kf_video_source_want(o.source, 0, 9);
    close_video(&o);
    CHECK_INT(frame ? read_number(&frame->image) : -1, 3);
    kf_frame_unref(frame);
}

int main(void)
{
    av_log_set_level(AV_LOG_FATAL);
    RUN(pictures);
    RUN(jpeg_is_full_range);
    RUN(numbered_pictures);
    RUN(palettes_become_colours);
    RUN(alpha);
    RUN(turned_mirrored_and_stretched);
    RUN(colours_as_tagged_or_overridden);
    RUN(fields_become_frames);
    RUN(frames_before_the_edit_are_not_shown);
    RUN(sound_and_picture_keep_their_distance);
    RUN(what_is_no_media_is_refused);
    RUN(damage_is_survived);
    RUN(lost_frames_have_a_substitute);
    RUN(many_threads_ask_one_source);
    RUN(frames_outlive_their_source);
    util_clean();
    return test_end();
}
