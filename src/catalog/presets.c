/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "catalog/api/catalog.h"

#include "base/api/str.h"

#include <string.h>

#define KBPS(n) ((int64_t)(n) * 1000)

static const kf_preset presets[] = {
    {.name = "youtube-1080p", .help = "H.264 1920x1080 for upload", .container = "mp4", .video_codec = "h264", .audio_codec = "aac", .speed = "medium", .crf = 18, .audio_bitrate = KBPS(256), .width = 1920, .height = 1080},
    {.name = "youtube-2160p", .help = "H.264 3840x2160 for upload", .container = "mp4", .video_codec = "h264", .audio_codec = "aac", .speed = "medium", .crf = 18, .audio_bitrate = KBPS(256), .width = 3840, .height = 2160},
    {.name = "vertical-1080x1920", .help = "H.264 for phones", .container = "mp4", .video_codec = "h264", .audio_codec = "aac", .speed = "medium", .crf = 18, .audio_bitrate = KBPS(128), .width = 1080, .height = 1920},
    {.name = "web-720p", .help = "small H.264", .container = "mp4", .video_codec = "h264", .audio_codec = "aac", .speed = "fast", .crf = 23, .audio_bitrate = KBPS(128), .width = 1280, .height = 720},
    {.name = "hevc-1080p", .help = "HEVC 1920x1080", .container = "mp4", .video_codec = "hevc", .audio_codec = "aac", .speed = "medium", .crf = 22, .audio_bitrate = KBPS(192), .width = 1920, .height = 1080},
    {.name = "web-vp9", .help = "VP9 and Opus", .container = "webm", .video_codec = "vp9", .audio_codec = "opus", .crf = 31, .audio_bitrate = KBPS(128)},
    {.name = "web-av1", .help = "AV1 and Opus", .container = "webm", .video_codec = "av1", .audio_codec = "opus", .crf = 32, .audio_bitrate = KBPS(128)},
    {.name = "prores-422-hq", .help = "for grading and exchange", .container = "mov", .video_codec = "prores", .audio_codec = "pcm_s24", .profile = "hq", .crf = -1},
    {.name = "prores-4444", .help = "with alpha", .container = "mov", .video_codec = "prores", .audio_codec = "pcm_s24", .profile = "4444", .crf = -1},
    {.name = "prores-proxy", .help = "light editing copies", .container = "mov", .video_codec = "prores", .audio_codec = "pcm_s16", .profile = "proxy", .crf = -1, .width = 1280, .height = 720},
    {.name = "dnxhr-hq", .help = "for Avid", .container = "mov", .video_codec = "dnxhr", .audio_codec = "pcm_s24", .profile = "hq", .crf = -1},
    {.name = "archive-ffv1", .help = "lossless", .container = "mkv", .video_codec = "ffv1", .audio_codec = "flac", .crf = -1},
    {.name = "gif-480", .help = "animated GIF 480 wide", .container = "gif", .video_codec = "gif", .audio_codec = "none", .crf = -1, .width = 480, .rate = {15, 1}},
    {.name = "png-sequence", .help = "numbered pictures", .container = "png", .video_codec = "png", .audio_codec = "none", .crf = -1},
    {.name = "wav", .help = "sound only, 24 bit", .container = "wav", .video_codec = "none", .audio_codec = "pcm_s24", .crf = -1},
    {.name = "flac", .help = "sound only, lossless", .container = "flac", .video_codec = "none", .audio_codec = "flac", .crf = -1},
};
enum { PRESETS = sizeof presets / sizeof *presets };

int kf_preset_count(void)
{
    return PRESETS;
}

const kf_preset *kf_preset_at(int index)
{
    return index >= 0 && index < PRESETS ? &presets[index] : NULL;
}

const kf_preset *kf_preset_find(const char *name)
{
    for (int i = 0; i < PRESETS; i++)
        if (strcmp(presets[i].name, name) == 0) return &presets[i];
    return NULL;
}

const char *kf_preset_closest(const char *name)
{
    const char *names[PRESETS];
    for (int i = 0; i < PRESETS; i++) names[i] = presets[i].name;
    return kf_closest(name, names, PRESETS);
}
