/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <strings.h>

#include "base/api/str.h"
#include "catalog/api/presets.h"

#define KBPS(n) ((int64_t)(n) * 1000)
#define FORMAT(c, v, a) .container = c, .extension = c, .video_codec = v, .audio_codec = a
#define QUALITY(q, s) .crf = q, .speed = s
#define SIZE(w, h) .width = w, .height = h

static const kf_preset presets[] = {
    {"mp4", "MP4", "H.264 and AAC as the film is", FORMAT("mp4", "h264", "aac"), QUALITY(20, "medium"),
        .audio_bitrate = KBPS(192),
     .faststart = true},
    {"mov", "QuickTime", "H.264 and AAC as the film is", FORMAT("mov", "h264", "aac"), QUALITY(20, "medium"),
     .audio_bitrate = KBPS(192), .faststart = true},
    {"mkv", "Matroska", "H.264 and FLAC as the film is", FORMAT("mkv", "h264", "flac"), QUALITY(20, "medium")},
    {"webm", "WebM", "VP9 and Opus as the film is", FORMAT("webm", "vp9", "opus"), .crf = 31,
        .audio_bitrate = KBPS(128)},
    {"youtube-1080p", "YouTube 1080p", "H.264 1920x1080 for upload", FORMAT("mp4", "h264", "aac"), QUALITY(18,
        "medium"),
     SIZE(1920, 1080), .audio_bitrate = KBPS(256), .faststart = true},
    {"youtube-2160p", "YouTube 4K", "H.264 3840x2160 for upload", FORMAT("mp4", "h264", "aac"), QUALITY(18, "medium"),
     SIZE(3840, 2160), .audio_bitrate = KBPS(256), .faststart = true},
    {"vertical-1080x1920", "Vertical", "H.264 1080x1920 for phones", FORMAT("mp4", "h264", "aac"), QUALITY(18,
        "medium"),
     SIZE(1080, 1920), .audio_bitrate = KBPS(128), .faststart = true},
    {"stills", "Stills", "H.264 as the film is, frames only where the picture changes", FORMAT("mp4", "h264", "aac"),
     QUALITY(18, "medium"), .audio_bitrate = KBPS(128), .faststart = true, .variable_rate = true},
    {"web-720p", "Web 720p", "small H.264 1280x720", FORMAT("mp4", "h264", "aac"), QUALITY(23, "fast"), SIZE(1280, 720),
     .audio_bitrate = KBPS(128), .faststart = true},
    {"hevc-1080p", "HEVC 1080p", "HEVC 1920x1080", FORMAT("mp4", "hevc", "aac"), QUALITY(22, "medium"), SIZE(1920,
        1080),
     .audio_bitrate = KBPS(192), .faststart = true},
    {"web-vp9", "Web VP9", "VP9 and Opus", FORMAT("webm", "vp9", "opus"), .crf = 31, .audio_bitrate = KBPS(128)},
    {"web-av1", "Web AV1", "AV1 and Opus", FORMAT("webm", "av1", "opus"), .crf = 32, .audio_bitrate = KBPS(128)},
    {"prores-422-proxy", "ProRes Proxy", "light copies for editing, 1280x720", FORMAT("mov", "prores", "pcm_s16"),
        .crf = -1,
     .profile = "proxy", SIZE(1280, 720)},
    {"prores-422-hq", "ProRes 422 HQ", "for grading and exchange", FORMAT("mov", "prores", "pcm_s24"), .crf = -1,
        .profile = "hq"},
    {"prores-4444", "ProRes 4444", "with alpha", FORMAT("mov", "prores", "pcm_s24"), .crf = -1, .profile = "4444",
     .pixel_format = "yuva444p10"},
    {"dnxhr-hq", "DNxHR HQ", "for Avid", FORMAT("mov", "dnxhr", "pcm_s24"), .crf = -1, .profile = "hq"},
    {"archive-ffv1", "Archive", "lossless FFV1 and FLAC", FORMAT("mkv", "ffv1", "flac"), .crf = -1},
    {"gif-480", "GIF", "animated GIF, 480 wide, 15 frames a second", FORMAT("gif", "gif", "none"), .crf = -1,
        .width = 480,
     .rate = {15, 1}},
    {"png-sequence", "PNG sequence", "numbered pictures with alpha", FORMAT("png", "png", "none"), .crf = -1},
    {"wav", "WAV", "sound only, 24 bit", FORMAT("wav", "none", "pcm_s24"), .crf = -1},
    {"flac", "FLAC", "sound only, lossless", FORMAT("flac", "none", "flac"), .crf = -1},
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

const char *kf_preset_suggest(const char *name)
{
    const char *names[PRESETS];
    for (int i = 0; i < PRESETS; i++) names[i] = presets[i].name;
    return kf_closest(name, names, PRESETS);
}

const kf_preset *kf_preset_for_extension(const char *extension)
{
    for (int i = 0; i < PRESETS; i++)
        if (strcasecmp(presets[i].extension, extension) == 0) return &presets[i];
    return NULL;
}
