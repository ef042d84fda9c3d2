/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colours of the drawn timeline. */
#ifndef KERF_TIMELINE_THEME_H
#define KERF_TIMELINE_THEME_H

#include "kerf/timeline.h"
#include "quads.h"

typedef struct kt_theme {
    kt_rgba background, video_row, audio_row, row_line, locked, split;
    kt_rgba ruler, ruler_line, tick, ruler_text;
    kt_rgba accent;           /* playhead, snapping */
    kt_rgba range, outside;   /* in/out range on the ruler; what lies outside of it */
    kt_rgba selected, error;
    kt_rgba clip_text, clip_line;
    kt_rgba asset, sound, sequence, generator, adjustment, transition; /* clips */
    kt_rgba band, key;        /* rubber band, keyframes */
    kt_rgba bubble, bubble_text;
} kt_theme;

kt_theme kt_theme_get(bool dark, bool contrast);
/* Colour of a clip's block: its label's, else that of its kind. audio: its track is. */
kt_rgba kt_theme_clip(const kt_theme *theme, const kf_timeline_item *clip, bool audio);

#endif
