/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/api/formats.h"

#include "media/api/writer.h"

bool kf_engine_container(int32_t index, kf_container_desc *out)
{
    if (index < 0 || index >= kf_container_count()) return false;
    kf_container_info c = kf_container_get(index);
    *out = (kf_container_desc){c.name, c.label, c.extensions, c.video, c.audio, c.pictures, c.available};
    return true;
}

static void describe_video(int index, kf_codec_desc *out)
{
    kf_video_codec_info v = kf_video_codec_get(index);
    *out = (kf_codec_desc){.name = v.name, .label = v.label, .alpha = v.alpha, .available = v.encoder != NULL,
                           .crf_min = v.crf_min, .crf_max = v.crf_max, .crf_default = v.crf_default};
}

static void describe_audio(int index, kf_codec_desc *out)
{
    kf_audio_codec_info a = kf_audio_codec_get(index);
    *out = (kf_codec_desc){.name = a.name, .label = a.label, .audio = true, .lossless = a.lossless,
                           .available = a.encoder != NULL, .bitrate = a.bitrate_default};
}

bool kf_engine_codec(int32_t index, kf_codec_desc *out)
{
    int videos = kf_video_codec_count();
    if (index < 0 || index >= videos + kf_audio_codec_count()) return false;
    if (index < videos)
        describe_video(index, out);
    else
        describe_audio(index - videos, out);
    return true;
}
