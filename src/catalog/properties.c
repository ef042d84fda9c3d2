/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every clip and every track has. */
#include "catalog/internal.h"

static const char *const mode_names[] = {
    "normal", "multiply", "screen", "overlay", "darken", "lighten", "color_dodge", "color_burn", "hard_light",
        "soft_light",
    "difference", "exclusion", "add", "subtract", "hue", "saturation", "color", "luminosity", NULL};
_Static_assert(sizeof mode_names / sizeof *mode_names == KF_MODE_COUNT + 1, "a name per blend mode");
static const char *const fade_names[] = {"linear", "power", "s", NULL};

static const kf_field clip_video_fields[] = {
    KF_NUM(kf_clip_video, opacity, 0, 1, 1, "", "How much of the clip shows."),
    KF_ENUM(kf_clip_video, blend_mode, mode_names, KF_MODE_NORMAL, "How the clip meets what is below it."),
};
static const kf_field track_video_fields[] = {
    KF_NUM(kf_track_video, opacity, 0, 1, 1, "", "How much of the track shows."),
    KF_ENUM(kf_track_video, blend_mode, mode_names, KF_MODE_NORMAL, "How the track meets what is below it."),
};
static const kf_field clip_audio_fields[] = {
    KF_NUM(kf_clip_audio, gain, -144, 48, 0, "dB", "Gain of the clip's sound; -144 is silence."),
    KF_NUM(kf_clip_audio, pan, -1, 1, 0, "", "-1 is left, 1 is right."),
    KF_SPAN(kf_clip_audio, fade_in, 0, 86400, 0, "Length of the fade from silence at the clip's start."),
    KF_SPAN(kf_clip_audio, fade_out, 0, 86400, 0, "Length of the fade to silence at the clip's end."),
    KF_ENUM(kf_clip_audio, fade_in_curve, fade_names, KF_FADE_CURVE_POWER, "Shape of the fade in."),
    KF_ENUM(kf_clip_audio, fade_out_curve, fade_names, KF_FADE_CURVE_POWER, "Shape of the fade out."),
    KF_BOOL(kf_clip_audio, pitch_preserve, 1, "Keeps the pitch when the speed is changed."),
    KF_SPAN(kf_clip_audio, av_offset, -3600, 3600, 0, "How much later than the picture the sound is heard."),
};
static const kf_field track_audio_fields[] = {
    KF_NUM(kf_track_audio, gain, -144, 48, 0, "dB", "Gain of the track; -144 is silence."),
    KF_NUM(kf_track_audio, pan, -1, 1, 0, "", "-1 is left, 1 is right."),
};

static const kf_kind kinds[] = {
    KF_KIND(KF_PROP_CLIP_VIDEO, KF_CLASS_PROPERTIES, "clip", "Clip", "Clip", clip_video_fields, kf_clip_video,
            "The picture of every clip."),
    KF_KIND(KF_PROP_CLIP_AUDIO, KF_CLASS_PROPERTIES, "clip_audio", "Clip sound", "Clip", clip_audio_fields,
        kf_clip_audio,
            "The sound of every clip."),
    KF_KIND(KF_PROP_TRACK_VIDEO, KF_CLASS_PROPERTIES, "track", "Track", "Track", track_video_fields, kf_track_video,
            "The picture of every track."),
    KF_KIND(KF_PROP_TRACK_AUDIO, KF_CLASS_PROPERTIES, "track_audio", "Track sound", "Track", track_audio_fields,
        kf_track_audio,
            "The sound of every track."),
};
const kf_kind_table kf_kinds_properties = {kinds, sizeof kinds / sizeof *kinds};
