/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one table of what can be written, and the questions one can ask it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/api/str.h"
#include "media/out/internal.h"
#include "media/out/kf_out_config.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

static const char *const speed_names[KF_OUT_SPEEDS + 1] = {
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", NULL
};
enum { VERYFAST = 2, FAST = 4, MEDIUM = 5 };

/* ---- encoders ---- */

static const kf_out_encoder x264 = {
    .name = "libx264", .gpl = true, .speed_option = "preset", .speed_default = MEDIUM, .crf_option = "crf"};
static const kf_out_encoder openh264 = {.name = "libopenh264", .speed_default = -1, .fixed = "rc_mode=quality"};
static const kf_out_encoder x265 = {
    .name = "libx265", .gpl = true, .speed_option = "preset", .speed_default = MEDIUM, .crf_option = "crf",
    .fixed = "x265-params=log-level=error"
};
static const kf_out_encoder kvazaar = {.name = "libkvazaar", .speed_default = -1};
static const kf_out_encoder vpx9 = {.name = "libvpx-vp9",
                                    .speed_option = "cpu-used",
                                    .speeds = {"8", "7", "6", "5", "4", "3", "2", "1", "0"},
                                    .speed_default = FAST,
                                    .crf_option = "crf",
                                    .crf_needs_zero_bitrate = true,
                                    .fixed = "row-mt=1:tile-columns=2:auto-alt-ref=1:lag-in-frames=25"};
static const kf_out_encoder vpx8 = {.name = "libvpx",
                                    .speed_option = "cpu-used",
                                    .speeds = {"8", "7", "6", "5", "4", "3", "2", "1", "0"},
                                    .speed_default = FAST,
                                    .crf_option = "crf"};
static const kf_out_encoder svtav1 = {.name = "libsvtav1",
                                      .speed_option = "preset",
                                      .speeds = {"12", "11", "10", "9", "8", "7", "5", "4", "2"},
                                      .speed_default = FAST,
                                      .crf_option = "crf"};
static const kf_out_encoder aom = {.name = "libaom-av1",
                                   .speed_option = "cpu-used",
                                   .speeds = {"8", "8", "7", "6", "6", "5", "4", "3", "1"},
                                   .speed_default = FAST,
                                   .crf_option = "crf",
                                   .crf_needs_zero_bitrate = true,
                                   .fixed = "row-mt=1:tiles=2x1"};
static const kf_out_encoder rav1e = {.name = "librav1e",
                                     .speed_option = "speed",
                                     .speeds = {"10", "10", "9", "8", "7", "6", "5", "3", "1"},
                                     .speed_default = FAST};
static const kf_out_encoder prores = {.name = "prores_ks", .speed_default = -1, .fixed = "vendor=apl0"};
static const kf_out_encoder dnxhd = {.name = "dnxhd", .speed_default = -1};
static const kf_out_encoder ffv1 = {.name = "ffv1", .speed_default = -1, .fixed = "level=3:slicecrc=1:coder=1:g=1"};
static const kf_out_encoder mpeg4 = {.name = "mpeg4", .speed_default = -1, .crf_option = "q"};
static const kf_out_encoder mjpeg = {.name = "mjpeg", .speed_default = -1, .crf_option = "q"};
static const kf_out_encoder gif = {.name = "gif", .speed_default = -1};
static const kf_out_encoder png = {.name = "png",
                                   .speed_option = "compression_level",
                                   .speeds = {"1", "1", "2", "3", "4", "6", "7", "8", "9"},
                                   .speed_default = FAST,
                                   .fixed = "pred=up"};

static const kf_out_profile prores_profiles[] = {{"hq", "3", KF_PIX_YUV422P10},
                                                 {"proxy", "0", KF_PIX_YUV422P10},
                                                 {"lt", "1", KF_PIX_YUV422P10},
                                                 {"standard", "2", KF_PIX_YUV422P10},
                                                 {"4444", "4", KF_PIX_YUV444P10},
                                                 {"4444xq", "5", KF_PIX_YUV444P10},
                                                 {NULL}};
static const kf_out_profile dnxhr_profiles[] = {
    {"hq", "dnxhr_hq", KF_PIX_YUV422P8}, {"lb", "dnxhr_lb", KF_PIX_YUV422P8}, {"sq", "dnxhr_sq", KF_PIX_YUV422P8},
    {"hqx", "dnxhr_hqx", KF_PIX_YUV422P10}, {"444", "dnxhr_444", KF_PIX_YUV444P10}, {NULL}
};
static const kf_out_profile h264_profiles[] = {{"high"},    {"baseline"}, {"main"}, {"high10"},
                                               {"high422"}, {"high444"},  {NULL}};
static const kf_out_profile hevc_profiles[] = {{"main"},      {"main10"},     {"main12"}, {"main422-10"},
                                               {"main444-8"}, {"main444-10"}, {NULL}};

/* ---- codecs ---- */

static const kf_out_video_codec video_codecs[] = {
    {.name = "h264",
     .label = "H.264 / AVC",
     .encoders = {&x264, &openh264},
     .profiles = h264_profiles,
     .profile_names = LIST("high", "baseline", "main", "high10", "high422", "high444"),
     .format = KF_PIX_YUV420P8,
     .even_size = true,
     .crf_min = 0,
     .crf_max = 51,
     .crf_default = 20,
     .instead = "vp9, av1 or mpeg4"},
    {.name = "hevc",
     .label = "H.265 / HEVC",
     .encoders = {&x265, &kvazaar},
     .profiles = hevc_profiles,
     .profile_names = LIST("main", "main10", "main12", "main422-10", "main444-8", "main444-10"),
     .format = KF_PIX_YUV420P8,
     .even_size = true,
     .crf_min = 0,
     .crf_max = 51,
     .crf_default = 24,
     .instead = "vp9 or av1"},
    {.name = "vp9",
     .label = "VP9",
     .encoders = {&vpx9},
     .format = KF_PIX_YUV420P8,
     .crf_min = 0,
     .crf_max = 63,
     .crf_default = 31,
     .instead = "av1 or h264"},
    {.name = "vp8",
     .label = "VP8",
     .encoders = {&vpx8},
     .format = KF_PIX_YUV420P8,
     .crf_min = 4,
     .crf_max = 63,
     .crf_default = 16,
     .instead = "vp9"},
    {.name = "av1",
     .label = "AV1",
     .encoders = {&svtav1, &aom, &rav1e},
     .format = KF_PIX_YUV420P8,
     .even_size = true,
     .crf_min = 1,
     .crf_max = 63,
     .crf_default = 30,
     .instead = "vp9 or hevc"},
    {.name = "prores",
     .label = "Apple ProRes",
     .encoders = {&prores},
     .profiles = prores_profiles,
     .profile_names = LIST("hq", "proxy", "lt", "standard", "4444", "4444xq"),
     .format = KF_PIX_YUV422P10,
     .even_size = true,
     .instead = "dnxhr or ffv1"},
    {.name = "dnxhr",
     .label = "Avid DNxHR",
     .encoders = {&dnxhd},
     .profiles = dnxhr_profiles,
     .profile_names = LIST("hq", "lb", "sq", "hqx", "444"),
     .format = KF_PIX_YUV422P8,
     .even_size = true,
     .instead = "prores or ffv1"},
    {.name = "ffv1",
     .label = "FFV1 (lossless)",
     .encoders = {&ffv1},
     .format = KF_PIX_YUV422P10,
     .instead = "prores or h264 with crf 0"},
    {.name = "mpeg4",
     .label = "MPEG-4 part 2",
     .encoders = {&mpeg4},
     .format = KF_PIX_YUV420P8,
     .even_size = true,
     .crf_min = 1,
     .crf_max = 31,
     .crf_default = 3,
     .instead = "h264 or vp9"},
    {.name = "mjpeg",
     .label = "Motion JPEG",
     .encoders = {&mjpeg},
     .format = KF_PIX_YUV422P8,
     .crf_min = 1,
     .crf_max = 31,
     .crf_default = 3,
     .instead = "png"},
    {.name = "gif", .label = "GIF", .encoders = {&gif}, .format = KF_PIX_BGRA8, .instead = "a PNG sequence"},
    {.name = "png", .label = "PNG", .encoders = {&png}, .format = KF_PIX_RGB24, .instead = "mjpeg"},
};

static const kf_out_audio_codec audio_codecs[] = {
    {"aac", "AAC", {"aac", "libfdk_aac"}, false, 192000, AV_SAMPLE_FMT_NONE, "opus"},
    {"opus", "Opus", {"libopus"}, false, 128000, AV_SAMPLE_FMT_FLT, "vorbis or aac"},
    {"mp3", "MP3", {"libmp3lame", "libshine"}, false, 192000, AV_SAMPLE_FMT_FLTP, "aac"},
    {"vorbis", "Vorbis", {"libvorbis"}, false, 160000, AV_SAMPLE_FMT_FLTP, "opus"},
    {"ac3", "AC-3", {"ac3"}, false, 224000, AV_SAMPLE_FMT_FLTP, "aac"},
    {"flac", "FLAC (lossless)", {"flac"}, true, 0, AV_SAMPLE_FMT_S32, "pcm_s24"},
    {"alac", "Apple Lossless", {"alac"}, true, 0, AV_SAMPLE_FMT_S32P, "flac"},
    {"pcm_s16", "PCM 16 bit", {"pcm_s16le"}, true, 0, AV_SAMPLE_FMT_S16, "flac"},
    {"pcm_s24", "PCM 24 bit", {"pcm_s24le"}, true, 0, AV_SAMPLE_FMT_S32, "flac"},
    {"pcm_f32", "PCM 32 bit float", {"pcm_f32le"}, true, 0, AV_SAMPLE_FMT_FLT, "pcm_s24"},
};

/* ---- containers ---- */

#define NONE_AUDIO ((const char *const[]){NULL})

static const kf_out_container containers[] = {
    {.name = "mp4",
     .label = "MPEG-4",
     .muxer = "mp4",
     .extensions = LIST("mp4", "m4v"),
     .video = LIST("h264", "hevc", "av1", "vp9", "mpeg4"),
     .audio = LIST("aac", "opus", "mp3", "ac3", "flac", "alac"),
     .faststart = true,
     .chapters = true,
     .timecode = true,
     .variable = true,
     .hvc1 = true},
    {.name = "mov",
     .label = "QuickTime",
     .muxer = "mov",
     .extensions = LIST("mov"),
     .video = LIST("h264", "hevc", "prores", "dnxhr", "mjpeg", "mpeg4", "png"),
     .audio = LIST("aac", "pcm_s24", "pcm_s16", "pcm_f32", "alac", "mp3", "ac3"),
     .faststart = true,
     .chapters = true,
     .timecode = true,
     .variable = true,
     .hvc1 = true},
    {.name = "mkv",
     .label = "Matroska",
     .muxer = "matroska",
     .extensions = LIST("mkv"),
     .video = LIST("h264", "hevc", "vp9", "vp8", "av1", "ffv1", "prores", "dnxhr", "mjpeg", "mpeg4", "png"),
     .audio = LIST("aac", "opus", "flac", "vorbis", "mp3", "ac3", "alac", "pcm_s16", "pcm_s24", "pcm_f32"),
     .variable = true,
     .chapters = true},
    {.name = "webm",
     .label = "WebM",
     .muxer = "webm",
     .extensions = LIST("webm"),
     .video = LIST("vp9", "av1", "vp8"),
     .audio = LIST("opus", "vorbis"),
     .variable = true,
     .chapters = true},
    {.name = "avi",
     .label = "AVI",
     .muxer = "avi",
     .extensions = LIST("avi"),
     .video = LIST("mpeg4", "mjpeg", "ffv1", "h264", "png"),
     .audio = LIST("pcm_s16", "pcm_s24", "mp3", "ac3"),
     .needs_seek = true},
    {.name = "ts",
     .label = "MPEG transport stream",
     .muxer = "mpegts",
     .extensions = LIST("ts", "m2ts", "mts"),
     .video = LIST("h264", "hevc"),
     .audio = LIST("aac", "mp3", "ac3", "opus")},
    {.name = "gif",
     .label = "GIF",
     .muxer = "gif",
     .extensions = LIST("gif"),
     .video = LIST("gif"),
     .audio = NONE_AUDIO},
    {.name = "png",
     .label = "PNG sequence",
     .extensions = LIST("png"),
     .video = LIST("png"),
     .audio = NONE_AUDIO,
     .pictures = true},
    {.name = "jpeg",
     .label = "JPEG sequence",
     .extensions = LIST("jpg", "jpeg"),
     .video = LIST("mjpeg"),
     .audio = NONE_AUDIO,
     .pictures = true},
    {.name = "wav",
     .label = "WAVE",
     .muxer = "wav",
     .extensions = LIST("wav"),
     .video = NONE_AUDIO,
     .audio = LIST("pcm_s24", "pcm_s16", "pcm_f32"),
     .needs_seek = true},
    {.name = "flac",
     .label = "FLAC",
     .muxer = "flac",
     .extensions = LIST("flac"),
     .video = NONE_AUDIO,
     .audio = LIST("flac")},
    {.name = "m4a",
     .label = "MPEG-4 audio",
     .muxer = "ipod",
     .extensions = LIST("m4a"),
     .video = NONE_AUDIO,
     .audio = LIST("aac", "alac"),
     .faststart = true,
     .chapters = true},
    {.name = "mp3",
     .label = "MP3",
     .muxer = "mp3",
     .extensions = LIST("mp3"),
     .video = NONE_AUDIO,
     .audio = LIST("mp3")},
    {.name = "ogg",
     .label = "Ogg",
     .muxer = "ogg",
     .extensions = LIST("ogg", "oga"),
     .video = NONE_AUDIO,
     .audio = LIST("vorbis", "opus", "flac")},
    {.name = "opus",
     .label = "Opus",
     .muxer = "opus",
     .extensions = LIST("opus"),
     .video = NONE_AUDIO,
     .audio = LIST("opus")},
};

/* ---- questions ---- */

const char *const *kf_speed_names(void)
{
    return speed_names;
}

int kf_out_speed_index(const char *name)
{
    for (int i = 0; name && i < KF_OUT_SPEEDS; i++) {
        if (strcmp(speed_names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

const kf_out_container *kf_out_container_at(int index) { return &containers[index]; }
const kf_out_video_codec *kf_out_video_codec_at(int index) { return &video_codecs[index]; }
const kf_out_audio_codec *kf_out_audio_codec_at(int index) { return &audio_codecs[index]; }

bool kf_out_listed(const char *const *list, const char *name)
{
    for (; *list; list++) {
        if (strcasecmp(*list, name) == 0) {
            return true;
        }
    }
    return false;
}

void kf_out_join(const char *const *list, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; list[i] && used < size; i++) {
        int n = snprintf(out + used, size - used, "%s%s", i ? ", " : "", list[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static bool usable(const kf_out_encoder *encoder)
{
    return KF_OUT_GPL || !encoder->gpl;
}

const AVCodec *kf_out_find_video(const kf_out_video_codec *codec, const kf_out_encoder **how)
{
    for (int i = 0; codec->encoders[i]; i++) {
        const AVCodec *av = usable(codec->encoders[i]) ? avcodec_find_encoder_by_name(codec->encoders[i]->name) : NULL;
        if (av) {
            *how = codec->encoders[i];
            return av;
        }
    }
    *how = NULL;
    return NULL;
}

const AVCodec *kf_out_find_audio(const kf_out_audio_codec *codec)
{
    for (int i = 0; codec->encoders[i]; i++) {
        const AVCodec *av = avcodec_find_encoder_by_name(codec->encoders[i]);
        if (av) {
            return av;
        }
    }
    return NULL;
}

int kf_out_formats(const kf_out_video_codec *codec, const AVCodec *av, kf_pixfmt out[KF_PIX_COUNT])
{
    int n = 0;
    bool swap;
    if (strcmp(codec->name, "gif") == 0) { /* the palette filter's input */
        out[n++] = KF_PIX_BGRA8;
    } else {
        if (kf_out_av_format(av, codec->format, &swap) != AV_PIX_FMT_NONE) {
            out[n++] = codec->format;
        }
        for (kf_pixfmt f = KF_PIX_NONE + 1; f < KF_PIX_COUNT && n < KF_PIX_COUNT - 1; f++) {
            if (f != codec->format && kf_out_av_format(av, f, &swap) != AV_PIX_FMT_NONE) {
                out[n++] = f;
            }
        }
    }
    out[n] = KF_PIX_NONE;
    return n;
}

int kf_container_count(void) { return COUNT(containers); }
int kf_video_codec_count(void) { return COUNT(video_codecs); }
int kf_audio_codec_count(void) { return COUNT(audio_codecs); }

kf_container_info kf_container_get(int index)
{
    const kf_out_container *c = &containers[index];
    return (kf_container_info){
        .name = c->name, .label = c->label, .extensions = c->extensions, .video = c->video, .audio = c->audio,
        .faststart = c->faststart, .chapters = c->chapters, .timecode = c->timecode, .variable = c->variable,
        .pictures = c->pictures,
        .available = c->pictures || av_guess_format(c->muxer, NULL, NULL) != NULL};
}

int kf_container_find(const char *name_or_path)
{
    if (!name_or_path) {
        return -1;
    }
    for (int i = 0; i < COUNT(containers); i++) {
        if (strcasecmp(containers[i].name, name_or_path) == 0) {
            return i;
        }
    }
    const char *extension = kf_path_extension(name_or_path);
    extension = *extension ? extension : name_or_path;
    for (int i = 0; i < COUNT(containers); i++) {
        if (kf_out_listed(containers[i].extensions, extension)) {
            return i;
        }
    }
    return -1;
}

kf_video_codec_info kf_video_codec_get(int index)
{
    static const char *const none[] = {NULL};
    const kf_out_video_codec *c = &video_codecs[index];
    kf_video_codec_info info = {.name = c->name,
                                .label = c->label,
                                .profiles = c->profile_names ? c->profile_names : none,
                                .even_size = c->even_size};
    const kf_out_encoder *how;
    const AVCodec *av = kf_out_find_video(c, &how);
    if (!av) {
        info.missing = c->instead;
        return info;
    }
    info.encoder = how->name;
    info.speed = how->speed_option != NULL;
    if (how->crf_option) {
        info.crf_min = c->crf_min, info.crf_max = c->crf_max, info.crf_default = c->crf_default;
    }
    int n = kf_out_formats(c, av, info.formats);
    for (int i = 0; i < n; i++) {
        info.alpha |= kf_pixfmt_get(info.formats[i])->alpha;
    }
    return info;
}

kf_audio_codec_info kf_audio_codec_get(int index)
{
    const kf_out_audio_codec *c = &audio_codecs[index];
    const AVCodec *av = kf_out_find_audio(c);
    return (kf_audio_codec_info){.name = c->name,
                                 .label = c->label,
                                 .encoder = av ? av->name : NULL,
                                 .missing = av ? NULL : c->instead,
                                 .lossless = c->lossless,
                                 .bitrate_default = c->bitrate_default};
}

int kf_video_codec_find(const char *name)
{
    for (int i = 0; name && i < COUNT(video_codecs); i++) {
        if (strcasecmp(video_codecs[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

int kf_audio_codec_find(const char *name)
{
    for (int i = 0; name && i < COUNT(audio_codecs); i++) {
        if (strcasecmp(audio_codecs[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
