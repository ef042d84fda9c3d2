/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Presets of sequences. NTSC and PAL pixels are those of the 704 columns that carry the picture. */
#include <string.h>

#include "base/api/str.h"
#include "catalog/api/presets.h"

#define STEREO .sample_rate = 48000, .channels = 2
#define SQUARE .pixel_aspect = {1, 1}
#define ROW(name, label, help, w, h, num, den) {name, label, help, w, h, {num, den}, SQUARE, STEREO}
#define HD(name, rate, num, den) ROW("1080p" name, "HD " rate, "1920x1080", 1920, 1080, num, den)
#define HD720(name, rate, num, den) ROW("720p" name, "HD 720 " rate, "1280x720", 1280, 720, num, den)
#define UHD(name, rate, num, den) ROW("2160p" name, "UHD 4K " rate, "3840x2160", 3840, 2160, num, den)
#define VERTICAL(name, rate, num, den) ROW("vertical-" name, "Vertical " rate, "1080x1920, for phones", 1080, 1920, num, den)
#define SQUARED(name, rate, num, den) ROW("square-" name, "Square " rate, "1080x1080, for feeds", 1080, 1080, num, den)
#define DV(name, label, help, h, num, den, x, y) {name, label, help, 720, h, {num, den}, {x, y}, STEREO}

static const kf_sequence_preset presets[] = {
    HD("23.976", "23.976", 24000, 1001), HD("24", "24", 24, 1), HD("25", "25", 25, 1), HD("29.97", "29.97", 30000, 1001),
    HD("30", "30", 30, 1), HD("50", "50", 50, 1), HD("59.94", "59.94", 60000, 1001), HD("60", "60", 60, 1),
    HD720("25", "25", 25, 1), HD720("30", "30", 30, 1), HD720("50", "50", 50, 1), HD720("59.94", "59.94", 60000, 1001),
    HD720("60", "60", 60, 1),
    UHD("23.976", "23.976", 24000, 1001), UHD("24", "24", 24, 1), UHD("25", "25", 25, 1),
    UHD("29.97", "29.97", 30000, 1001), UHD("30", "30", 30, 1), UHD("50", "50", 50, 1),
    UHD("59.94", "59.94", 60000, 1001), UHD("60", "60", 60, 1),
    ROW("dci-2k-24", "DCI 2K 24", "2048x1080, for cinema", 2048, 1080, 24, 1),
    ROW("dci-2k-48", "DCI 2K 48", "2048x1080, for cinema", 2048, 1080, 48, 1),
    ROW("dci-4k-24", "DCI 4K 24", "4096x2160, for cinema", 4096, 2160, 24, 1),
    ROW("dci-4k-23.976", "DCI 4K 23.976", "4096x2160", 4096, 2160, 24000, 1001),
    ROW("dci-4k-25", "DCI 4K 25", "4096x2160", 4096, 2160, 25, 1),
    VERTICAL("24", "24", 24, 1), VERTICAL("25", "25", 25, 1), VERTICAL("29.97", "29.97", 30000, 1001),
    VERTICAL("30", "30", 30, 1), VERTICAL("60", "60", 60, 1),
    SQUARED("24", "24", 24, 1), SQUARED("25", "25", 25, 1), SQUARED("29.97", "29.97", 30000, 1001),
    SQUARED("30", "30", 30, 1), SQUARED("60", "60", 60, 1),
    DV("pal-dv", "PAL DV 4:3", "720x576 at 25", 576, 25, 1, 12, 11),
    DV("pal-dv-wide", "PAL DV 16:9", "720x576 at 25", 576, 25, 1, 16, 11),
    DV("ntsc-dv", "NTSC DV 4:3", "720x480 at 29.97", 480, 30000, 1001, 10, 11),
    DV("ntsc-dv-wide", "NTSC DV 16:9", "720x480 at 29.97", 480, 30000, 1001, 40, 33),
};
enum { PRESETS = sizeof presets / sizeof *presets };

int kf_sequence_preset_count(void)
{
    return PRESETS;
}

const kf_sequence_preset *kf_sequence_preset_at(int index)
{
    return index >= 0 && index < PRESETS ? &presets[index] : NULL;
}

const kf_sequence_preset *kf_sequence_preset_find(const char *name)
{
    for (int i = 0; i < PRESETS; i++) {
        if (strcmp(presets[i].name, name) == 0) {
            return &presets[i];
        }
    }
    return NULL;
}

const char *kf_sequence_preset_suggest(const char *name)
{
    const char *names[PRESETS];
    for (int i = 0; i < PRESETS; i++) {
        names[i] = presets[i].name;
    }
    return kf_closest(name, names, PRESETS);
}
