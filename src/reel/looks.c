/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "reel/look.h"

#define RGBA(hex, alpha) \
    {(float)((hex) >> 16 & 255) / 255.0f, (float)((hex) >> 8 & 255) / 255.0f, (float)((hex) & 255) / 255.0f, alpha}
#define RGB(hex) RGBA(hex, 1)
#define SANS "Inter, SF Pro Text, Roboto, Noto Sans, DejaVu Sans, sans-serif"

static const reel_look looks[] = {
    {
        .name = "modern-light", .label = "Modern light", .help = "White sheet, blue and grey bubbles with tails.",
        .sent = {.fill = RGB(0x0a7cff), .text = RGB(0xffffff)},
        .received = {.fill = RGB(0xe9e9eb), .text = RGB(0x111114)},
        .radius = 54, .small_radius = 54, .tail = TAIL_CURVE, .pad_x = 40, .pad_y = 26,
        .margin = 44, .gap = 10, .group_gap = 30, .max_width = 0.74f,
        .font = SANS, .size = 46, .line = 1.28f, .weight = 400,
        .backdrop = {{0, RGB(0xffffff)}, {1, RGB(0xf4f6fb)}}, .backdrop_count = 2, .angle = 90,
        .header = RGBA(0xf7f7f9, 0.94f), .header_text = RGB(0x111114), .header_dim = RGB(0x8a8a90),
        .header_line = RGBA(0x000000, 0.12f), .accent = RGB(0x0a7cff), .name_color = RGB(0x8a8a90),
        .header_height = 236,
    },
    {
        .name = "modern-dark", .label = "Modern dark", .help = "The same on black.",
        .sent = {.fill = RGB(0x0a84ff), .text = RGB(0xffffff)},
        .received = {.fill = RGB(0x2c2c2f), .text = RGB(0xf5f5f7)},
        .radius = 54, .small_radius = 54, .tail = TAIL_CURVE, .pad_x = 40, .pad_y = 26,
        .margin = 44, .gap = 10, .group_gap = 30, .max_width = 0.74f,
        .font = SANS, .size = 46, .line = 1.28f, .weight = 400,
        .backdrop = {{0, RGB(0x0b0b0d)}, {1, RGB(0x17181d)}}, .backdrop_count = 2, .angle = 90,
        .header = RGBA(0x151518, 0.94f), .header_text = RGB(0xf5f5f7), .header_dim = RGB(0x98989f),
        .header_line = RGBA(0xffffff, 0.12f), .accent = RGB(0x0a84ff), .name_color = RGB(0x98989f),
        .header_height = 236,
    },
};
enum { LOOKS = sizeof looks / sizeof *looks };

static const char *const names[LOOKS + 1] = {"modern-light", "modern-dark"};

const char *const *reel_look_names(void)
{
    return names;
}

size_t reel_look_count(void)
{
    return LOOKS;
}

const reel_look *reel_look_at(int index)
{
    return index >= 0 && index < LOOKS ? &looks[index] : NULL;
}

const reel_look *reel_look_find(const char *name)
{
    for (int i = 0; i < LOOKS; i++) {
        if (strcmp(looks[i].name, name) == 0) {
            return &looks[i];
        }
    }
    return NULL;
}
