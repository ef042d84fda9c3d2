/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/captions/captions.h"

#define RGBA(hex, alpha) \
    {(float)((hex) >> 16 & 255) / 255.0f, (float)((hex) >> 8 & 255) / 255.0f, (float)((hex) & 255) / 255.0f, alpha}
#define RGB(hex) RGBA(hex, 1)
#define SANS "Inter, Roboto, Noto Sans, DejaVu Sans, sans-serif"

static const caption_look looks[] = {
    {
        .named = {"captions", "Heavy white capitals with a black outline; the word that is said turns yellow."},
        .style = STYLE_COLOR, .font = SANS, .size = 84, .line = 1.24f, .weight = 900, .words = 4, .capitals = true,
        .text = RGB(0xffffff), .spoken = RGB(0xffe14d), .box = RGB(0xff3d6e), .outline = 10, .outline_color = RGB(0x000000),
        .shadow = RGBA(0x000000, 0.55f), .shadow_y = 6, .shadow_blur = 10,
    },
    {
        .named = {"captions-box", "White letters; a coloured box behind the word that is said."},
        .style = STYLE_BOX, .font = SANS, .size = 76, .line = 1.42f, .weight = 800, .words = 5,
        .text = RGB(0xffffff), .spoken = RGB(0xffffff), .box = RGB(0x7b4dff), .outline = 7, .outline_color = RGB(0x101018),
        .shadow = RGBA(0x000000, 0.4f), .shadow_y = 4, .shadow_blur = 8,
    },
    {
        .named = {"captions-karaoke", "Words light up as they are said, and stay lit, on a dark plate."},
        .style = STYLE_KARAOKE, .font = SANS, .size = 60, .line = 1.36f, .weight = 600, .words = 8,
        .text = RGBA(0xffffff, 0.55f), .spoken = RGB(0xffffff), .box = RGB(0x2d7dff), .plate = RGBA(0x08080c, 0.72f),
    },
    {
        .named = {"captions-pop", "One or two words at a time, large, each of which pops up as it is said."},
        .style = STYLE_POP, .font = SANS, .size = 112, .line = 1.2f, .weight = 900, .words = 2, .capitals = true,
        .text = RGB(0xffffff), .spoken = RGB(0x54f28a), .box = RGB(0x54f28a), .outline = 13, .outline_color = RGB(0x000000),
        .shadow = RGBA(0x000000, 0.5f), .shadow_y = 8, .shadow_blur = 14,
    },
};

const reel_template *caption_template_at(int index)
{
    return index >= 0 && index < (int)(sizeof looks / sizeof *looks) ? &looks[index].named : NULL;
}
