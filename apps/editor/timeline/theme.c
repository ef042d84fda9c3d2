/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "theme.h"

#include <gtk/gtk.h>

static kt_theme dark_theme(void)
{
    return (kt_theme){
        .background = kt_rgb(0x1b1b1d), .video_row = kt_rgb(0x242427), .audio_row = kt_rgb(0x232626),
        .row_line = kt_rgb(0x18181a), .locked = kt_rgb(0x8a8a8a), .split = kt_rgb(0x111113),
        .ruler = kt_rgb(0x1f1f22), .ruler_line = kt_rgb(0x111113), .tick = kt_rgb(0x6c6c74),
        .ruler_text = kt_rgb(0xa9a9b2), .accent = kt_rgb(0x4c9dff), .range = kt_rgb(0x4a5a70),
        .outside = kt_alpha(kt_rgb(0x000000), 0.25), .selected = kt_rgb(0xf2f2f4), .error = kt_rgb(0xe0503f),
        .clip_text = kt_rgb(0xf0f0f2), .clip_line = kt_rgb(0x141416), .asset = kt_rgb(0x47597d),
        .sound = kt_rgb(0x36675a), .sequence = kt_rgb(0x66683d), .generator = kt_rgb(0x77516f),
        .adjustment = kt_rgb(0x5a5080), .transition = kt_rgb(0x9a7f4d), .band = kt_rgb(0xd9d4b8),
        .key = kt_rgb(0xf4e9b0), .bubble = kt_rgb(0x0d0d0e), .bubble_text = kt_rgb(0xf4f4f6)};
}

static kt_theme light_theme(void)
{
    return (kt_theme){
        .background = kt_rgb(0xdcdcdf), .video_row = kt_rgb(0xe9e9ec), .audio_row = kt_rgb(0xe6eaea),
        .row_line = kt_rgb(0xcfcfd3), .locked = kt_rgb(0x6a6a6a), .split = kt_rgb(0xbdbdc2),
        .ruler = kt_rgb(0xf2f2f4), .ruler_line = kt_rgb(0xc4c4c8), .tick = kt_rgb(0x8c8c94),
        .ruler_text = kt_rgb(0x4b4b52), .accent = kt_rgb(0x1a6fd8), .range = kt_rgb(0xb4c9e6),
        .outside = kt_alpha(kt_rgb(0x000000), 0.12), .selected = kt_rgb(0x101014), .error = kt_rgb(0xc8321f),
        .clip_text = kt_rgb(0x141418), .clip_line = kt_rgb(0xf4f4f6), .asset = kt_rgb(0x9fb5dd),
        .sound = kt_rgb(0x93c9b8), .sequence = kt_rgb(0xc9cb94), .generator = kt_rgb(0xd6acce),
        .adjustment = kt_rgb(0xb6acdd), .transition = kt_rgb(0xe2c892), .band = kt_rgb(0x55503a),
        .key = kt_rgb(0x6b5500), .bubble = kt_rgb(0x202024), .bubble_text = kt_rgb(0xffffff)};
}

kt_theme kt_theme_get(bool dark, bool contrast)
{
    kt_theme theme = dark ? dark_theme() : light_theme();
    if (!contrast) return theme;
    kt_rgba ink = kt_rgb(dark ? 0xffffff : 0x000000), paper = kt_rgb(dark ? 0x000000 : 0xffffff);
    theme.background = theme.ruler = paper;
    theme.video_row = theme.audio_row = kt_mix(paper, ink, 0.06);
    theme.row_line = theme.ruler_line = theme.tick = kt_mix(paper, ink, 0.6);
    theme.ruler_text = theme.clip_text = theme.selected = theme.band = theme.key = ink;
    theme.clip_line = ink;
    return theme;
}

static kt_rgba of_kind(const kt_theme *theme, const kf_timeline_item *clip, bool audio)
{
    switch (clip->source) {
    case KF_TIMELINE_SEQUENCE: return theme->sequence;
    case KF_TIMELINE_GENERATOR: return theme->generator;
    case KF_TIMELINE_ADJUSTMENT: return theme->adjustment;
    case KF_TIMELINE_ASSET: break;
    }
    return audio ? theme->sound : theme->asset;
}

kt_rgba kt_theme_clip(const kt_theme *theme, const kf_timeline_item *clip, bool audio)
{
    kt_rgba base = of_kind(theme, clip, audio);
    if (clip->color[3] <= 0) return base;
    kt_rgba label = {(uint8_t)(CLAMP(clip->color[0], 0, 1) * 255), (uint8_t)(CLAMP(clip->color[1], 0, 1) * 255),
                     (uint8_t)(CLAMP(clip->color[2], 0, 1) * 255), 255};
    return kt_mix(label, theme->background, 0.3);
}
