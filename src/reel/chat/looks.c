/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chat's templates. */
#include "reel/chat/chat.h"

#define RGBA(hex, alpha) \
    {(float)((hex) >> 16 & 255) / 255.0f, (float)((hex) >> 8 & 255) / 255.0f, (float)((hex) & 255) / 255.0f, alpha}
#define RGB(hex) RGBA(hex, 1)
#define SANS "Inter, Roboto, Noto Sans, DejaVu Sans, sans-serif"
#define MONO "DejaVu Sans Mono, Liberation Mono, Noto Sans Mono, monospace"

static const chat_look looks[] = {
    {
        .named = {"modern-light", "White sheet, blue and grey bubbles with tails."},
        .sent = {.fill = RGB(0x0a7cff), .text = RGB(0xffffff)},
        .received = {.fill = RGB(0xe9e9eb), .text = RGB(0x111114)},
        .radius = 54, .tail = TAIL_CURVE, .bar = BAR_CENTER, .marks = MARKS_TEXT, .pad_x = 40, .pad_y = 26,
        .margin = 44, .gap = 8, .group_gap = 30, .max_width = 0.74f,
        .font = SANS, .size = 46, .line = 1.28f, .weight = 400, .name_weight = 500,
        .ground = {{0, RGB(0xffffff)}, {1, RGB(0xf3f5fa)}}, .ground_count = 2, .angle = 90,
        .bar_fill = RGBA(0xf7f7f9, 0.94f), .bar_text = RGB(0x111114), .bar_dim = RGB(0x8a8a90),
        .bar_line = RGBA(0x000000, 0.12f), .accent = RGB(0x0a7cff), .name_color = RGB(0x8a8a90), .bar_height = 232,
    },
    {
        .named = {"modern-dark", "The same on black."},
        .sent = {.fill = RGB(0x0a84ff), .text = RGB(0xffffff)},
        .received = {.fill = RGB(0x2c2c2f), .text = RGB(0xf5f5f7)},
        .radius = 54, .tail = TAIL_CURVE, .bar = BAR_CENTER, .marks = MARKS_TEXT, .pad_x = 40, .pad_y = 26,
        .margin = 44, .gap = 8, .group_gap = 30, .max_width = 0.74f,
        .font = SANS, .size = 46, .line = 1.28f, .weight = 400, .name_weight = 500,
        .ground = {{0, RGB(0x0a0a0c)}, {1, RGB(0x15161b)}}, .ground_count = 2, .angle = 90,
        .bar_fill = RGBA(0x161618, 0.94f), .bar_text = RGB(0xf5f5f7), .bar_dim = RGB(0x98989f),
        .bar_line = RGBA(0xffffff, 0.12f), .accent = RGB(0x0a84ff), .name_color = RGB(0x98989f), .bar_height = 232,
    },
    {
        .named = {"meadow", "Green and white cards on warm paper, with ticks."},
        .sent = {.fill = RGB(0xd7f8c8), .text = RGB(0x14201a), .shadow = RGBA(0x000000, 0.14f), .shadow_y = 3, .shadow_blur = 2},
        .received = {.fill = RGB(0xffffff), .text = RGB(0x14201a), .shadow = RGBA(0x000000, 0.14f), .shadow_y = 3, .shadow_blur = 2},
        .radius = 30, .small_radius = 8, .tail = TAIL_CORNER, .bar = BAR_LEFT, .marks = MARKS_TICKS, .pad_x = 34, .pad_y = 24,
        .margin = 36, .gap = 10, .group_gap = 26, .max_width = 0.78f,
        .font = SANS, .size = 45, .line = 1.3f, .weight = 400, .name_weight = 600,
        .ground = {{0, RGB(0xf0e9df)}, {1, RGB(0xe3dccd)}}, .ground_count = 2, .angle = 90,
        .bar_fill = RGB(0x0c6b58), .bar_text = RGB(0xffffff), .bar_dim = RGBA(0xffffff, 0.78f),
        .accent = RGB(0x35a7e8), .bar_height = 184,
    },
    {
        .named = {"aurora", "Bubbles in a gradient from violet to coral on near black, with avatars."},
        .sent = {.fill = RGB(0x6f4bff), .end = RGB(0xff5f7e), .text = RGB(0xffffff)},
        .received = {.fill = RGB(0x262433), .text = RGB(0xf3f1fb)},
        .avatars = true, .radius = 58, .small_radius = 16, .tail = TAIL_CORNER, .bar = BAR_LEFT, .marks = MARKS_TEXT,
        .pad_x = 42, .pad_y = 28, .margin = 36, .gap = 8, .group_gap = 34, .max_width = 0.72f,
        .font = SANS, .size = 46, .line = 1.28f, .weight = 400, .name_weight = 600,
        .ground = {{0, RGB(0x100e1a)}, {0.6f, RGB(0x171326)}, {1, RGB(0x241530)}}, .ground_count = 3, .angle = 110,
        .bar_fill = RGBA(0x100e1a, 0.92f), .bar_text = RGB(0xf6f4ff), .bar_dim = RGB(0x9c96b8),
        .bar_line = RGBA(0xffffff, 0.08f), .accent = RGB(0xb08cff), .name_color = RGB(0x9c96b8), .bar_height = 184,
    },
    {
        .named = {"workspace", "Rows with avatars and coloured names, as teams write to each other."},
        .sent = {.text = RGB(0xd9dce3)}, .received = {.text = RGB(0xd9dce3)},
        .rows = true, .avatars = true, .names = true, .radius = 20, .tail = TAIL_NONE, .bar = BAR_LEFT, .marks = MARKS_TEXT,
        .pad_x = 0, .pad_y = 6, .margin = 44, .gap = 2, .group_gap = 40, .max_width = 1,
        .font = SANS, .size = 44, .line = 1.34f, .weight = 400, .name_weight = 700,
        .ground = {{0, RGB(0x25272d)}, {1, RGB(0x1e2025)}}, .ground_count = 2, .angle = 90,
        .bar_fill = RGB(0x1b1d22), .bar_text = RGB(0xf2f3f5), .bar_dim = RGB(0x8e939e),
        .bar_line = RGBA(0x000000, 0.4f), .accent = RGB(0x7c8cff), .bar_height = 172,
    },
    {
        .named = {"terminal", "Green letters on a black screen; made for the typewriter."},
        .sent = {.text = RGB(0xe8ffe8)}, .received = {.text = RGB(0x4dfc86)},
        .rows = true, .names = true, .radius = 6, .tail = TAIL_NONE, .bar = BAR_WINDOW, .marks = MARKS_TEXT,
        .pad_x = 0, .pad_y = 4, .margin = 56, .gap = 4, .group_gap = 36, .max_width = 1,
        .font = MONO, .size = 42, .line = 1.36f, .weight = 400, .name_weight = 700,
        .ground = {{0, RGB(0x06110a)}, {1, RGB(0x020503)}}, .ground_count = 2, .angle = 90,
        .bar_fill = RGB(0x17201a), .bar_text = RGB(0x9fb8a6), .bar_dim = RGB(0x5b7a65),
        .bar_line = RGBA(0x4dfc86, 0.25f), .accent = RGB(0x4dfc86), .name_color = RGB(0x2f9d57), .bar_height = 116,
    },
    {
        .named = {"comic", "Black outlines, hard shadows and loud colours."},
        .sent = {.fill = RGB(0xff5d8f), .text = RGB(0x16110f), .stroke = RGB(0x16110f), .stroke_width = 7,
                 .shadow = RGB(0x16110f), .shadow_x = 9, .shadow_y = 10},
        .received = {.fill = RGB(0xffffff), .text = RGB(0x16110f), .stroke = RGB(0x16110f), .stroke_width = 7,
                     .shadow = RGB(0x16110f), .shadow_x = 9, .shadow_y = 10},
        .names = true, .radius = 36, .tail = TAIL_POINT, .bar = BAR_CENTER, .marks = MARKS_TEXT,
        .pad_x = 42, .pad_y = 30, .margin = 56, .gap = 28, .group_gap = 46, .max_width = 0.76f,
        .font = SANS, .size = 48, .line = 1.24f, .weight = 800, .name_weight = 800,
        .ground = {{0, RGB(0xffd23f)}, {1, RGB(0xffb627)}}, .ground_count = 2, .angle = 90,
        .bar_fill = RGB(0x3bceac), .bar_text = RGB(0x16110f), .bar_dim = RGB(0x16110f), .bar_line = RGB(0x16110f),
        .accent = RGB(0x16110f), .name_color = RGB(0x16110f), .bar_height = 240,
    },
    {
        .named = {"glass", "Frosted bubbles that float on colour; made for pictures and videos behind."},
        .sent = {.fill = RGBA(0xffffff, 0.88f), .text = RGB(0x1b1c2b), .shadow = RGBA(0x10123a, 0.16f), .shadow_y = 8, .shadow_blur = 14},
        .received = {.fill = RGBA(0x14163a, 0.42f), .text = RGB(0xffffff), .stroke = RGBA(0xffffff, 0.34f), .stroke_width = 2.5f},
        .radius = 48, .tail = TAIL_NONE, .bar = BAR_PILL, .marks = MARKS_TEXT, .pad_x = 42, .pad_y = 30,
        .margin = 52, .gap = 14, .group_gap = 34, .max_width = 0.74f,
        .font = SANS, .size = 47, .line = 1.3f, .weight = 500, .name_weight = 600,
        .ground = {{0, RGB(0x4158d0)}, {0.5f, RGB(0xc850c0)}, {1, RGB(0xffa25f)}}, .ground_count = 3, .angle = 125,
        .bar_fill = RGBA(0x14163a, 0.42f), .bar_text = RGB(0xffffff), .bar_dim = RGBA(0xffffff, 0.75f),
        .bar_line = RGBA(0xffffff, 0.34f), .accent = RGB(0xffffff), .name_color = RGBA(0xffffff, 0.85f), .bar_height = 210,
    },
};
enum { LOOKS = sizeof looks / sizeof *looks };

const chat_look *chat_look_at(int index)
{
    return index >= 0 && index < LOOKS ? &looks[index] : NULL;
}

/* A look begins with its name: who has the one has the other. */
const reel_template *chat_template_at(int index)
{
    const chat_look *look = chat_look_at(index);
    return look ? &look->named : NULL;
}
