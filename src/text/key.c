/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys for caches: FNV-1a over the values one by one (never over padding or pointers), finished with a mix. */
#include <string.h>

#include "text/private.h"

void kf_key_bytes(uint64_t *key, const void *bytes, size_t length)
{
    const uint8_t *p = bytes;
    uint64_t k = *key;
    for (size_t i = 0; i < length; i++) k = (k ^ p[i]) * UINT64_C(0x100000001b3);
    *key = k;
}

void kf_key_int(uint64_t *key, int64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)value >> (8 * i));
    kf_key_bytes(key, bytes, 8);
}

uint64_t kf_key_end(uint64_t key)
{
    key ^= key >> 33;
    key *= UINT64_C(0xff51afd7ed558ccd);
    key ^= key >> 33;
    return key ? key : 1;
}

static void key_floats(uint64_t *key, const float *values, int count)
{
    for (int i = 0; i < count; i++) {
        float v = values[i] == 0 ? 0 : values[i]; /* -0 and 0 draw the same */
        uint32_t bits;
        memcpy(&bits, &v, sizeof bits);
        kf_key_int(key, bits);
    }
}

/* The length goes first, so that neighbours cannot borrow bytes from each other; NULL differs from "". */
static void key_text(uint64_t *key, const char *text)
{
    kf_key_int(key, text ? (int64_t)strlen(text) : -1);
    if (text) kf_key_bytes(key, text, strlen(text));
}

uint64_t kf_title_key(const kf_title_params *p)
{
    uint64_t key = KF_KEY_START;
    const int64_t integers[] = {p->markup,        p->weight,     p->italic,         (int)p->box,
                                (int)p->align,    p->max_lines,  (int)p->ellipsize, (int)p->anchor_h,
                                (int)p->anchor_v, p->anchor_box, (int)p->direction};
    const float numbers[] = {p->size,         p->outline_width,  p->shadow_blur, p->box_radius,
                             p->line_spacing, p->letter_spacing, p->max_width, p->line_height};
    key_text(&key, p->text);
    key_text(&key, p->font);
    key_text(&key, p->language);
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) kf_key_int(&key, integers[i]);
    key_floats(&key, numbers, sizeof numbers / sizeof *numbers);
    key_floats(&key, p->color, 4);
    key_floats(&key, p->outline_color, 4);
    key_floats(&key, p->shadow_color, 4);
    key_floats(&key, p->shadow_offset, 2);
    key_floats(&key, p->box_color, 4);
    key_floats(&key, p->box_padding, 2);
    return kf_key_end(key);
}

uint64_t kf_shape_key(const kf_shape_params *p)
{
    uint64_t key = KF_KEY_START;
    const float numbers[] = {p->x, p->y, p->w, p->h, p->stroke_width, p->feather, p->shadow_blur, p->path_scale};
    kf_key_int(&key, (int)p->kind);
    kf_key_int(&key, (int)p->format);
    kf_key_int(&key, p->even_odd);
    key_text(&key, p->path);
    key_floats(&key, numbers, sizeof numbers / sizeof *numbers);
    key_floats(&key, p->radius, 4);
    kf_key_int(&key, p->points ? p->point_count : -1);
    for (int32_t i = 0; p->points && i < p->point_count; i++) key_floats(&key, p->points[i], 2);
    key_floats(&key, p->fill, 4);
    key_floats(&key, p->stroke, 4);
    key_floats(&key, p->shadow_color, 4);
    key_floats(&key, p->shadow_offset, 2);
    return kf_key_end(key);
}

uint64_t kf_subtitle_style_key(const kf_subtitle_style *p)
{
    uint64_t key = KF_KEY_START;
    const float numbers[] = {p->size, p->outline_width, p->box_radius, p->margin_h, p->margin_v};
    key_text(&key, p->font);
    kf_key_int(&key, p->box);
    kf_key_int(&key, (int)p->place);
    kf_key_int(&key, (int)p->engine);
    key_floats(&key, numbers, sizeof numbers / sizeof *numbers);
    key_floats(&key, p->color, 4);
    key_floats(&key, p->outline_color, 4);
    key_floats(&key, p->shadow_color, 4);
    key_floats(&key, p->shadow_offset, 2);
    key_floats(&key, p->box_color, 4);
    key_floats(&key, p->box_padding, 2);
    return kf_key_end(key);
}
