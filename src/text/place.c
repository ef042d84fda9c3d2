/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles' params checked, their lines placed. Lines are placed here, not by who draws the glyphs, so that left and right
 * mean left and right in every direction and single lines can be anchored at fractions of a pixel. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "text/private.h"

/* ---- Checks ---- */

static kf_status check_enum(const char *what, int value, int last, kf_error *err)
{
    if (value >= 0 && value <= last) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID, "%s has the unknown value %d", what, value);
}

static kf_status check_choices(const kf_title_params *p, kf_error *err)
{
    kf_status status = check_enum("box", (int)p->box, KF_TEXT_BOX_LINES, err);
    if (!status) status = check_enum("align", (int)p->align, KF_ALIGN_RIGHT, err);
    if (!status) status = check_enum("ellipsize", (int)p->ellipsize, KF_ELLIPSIZE_END, err);
    if (!status) status = check_enum("horizontal anchor", (int)p->anchor_h, KF_ANCHOR_RIGHT, err);
    if (!status) status = check_enum("vertical anchor", (int)p->anchor_v, KF_ANCHOR_BOTTOM, err);
    return status ? status : check_enum("direction", (int)p->direction, KF_DIRECTION_RTL, err);
}

static kf_status check_numbers(const kf_title_params *p, kf_error *err)
{
    const struct { const char *what; double value, min, max; } checks[] = {
        {"text size", p->size, 0.5, KF_TEXT_MAX_SIZE},
        {"text weight", p->weight ? p->weight : 400, 100, 1000},
        {"outline width", p->outline_width, 0, 512},
        {"box padding", p->box_padding[0], 0, 4096},
        {"box padding", p->box_padding[1], 0, 4096},
        {"box radius", p->box_radius, 0, 1e9},
        {"line spacing", p->line_spacing != 0 ? p->line_spacing : 1, 0.1, 10},
        {"line height", p->line_height, 0, KF_TEXT_MAX_SIDE},
        {"letter spacing", p->letter_spacing, -1000, 1000},
        {"wrapping width", p->max_width, 0, KF_TEXT_MAX_SIDE},
        {"number of lines", p->max_lines, 0, 10000},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        kf_status status = kf_text_check_range(checks[i].what, checks[i].value, checks[i].min, checks[i].max, err);
        if (status) return status;
    }
    return KF_OK;
}

static kf_status check_colors(const kf_title_params *p, kf_error *err)
{
    kf_status status = kf_check_color("text colour", p->color, err);
    if (!status) status = kf_check_color("outline colour", p->outline_color, err);
    if (!status) status = kf_check_color("box colour", p->box_color, err);
    return status ? status : kf_check_shadow(p->shadow_color, p->shadow_offset, p->shadow_blur, err);
}

static double count_letters(const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return (double)n;
}

/* Pango counts in int units of 1/1024 px: a text whose extents could pass 2^31 of them is refused before it is laid
 * out. */
static kf_status check_text(const kf_title_params *p, kf_error *err)
{
    const char *text = p->text ? p->text : "";
    size_t length = strnlen(text, KF_TEXT_MAX_BYTES + 1);
    if (length > KF_TEXT_MAX_BYTES)
        return kf_fail(err, KF_ERR_INVALID, "text is longer than %d bytes", KF_TEXT_MAX_BYTES);
    if (!kf_utf8_valid(text, length)) return kf_fail(err, KF_ERR_INVALID, "text is not valid UTF-8");
    double letters = count_letters(text, length);
    double per_letter = 2 * fmax(fmax(1, p->line_spacing) * p->size, p->line_height) + fabs(p->letter_spacing);
    if (letters * per_letter > 2097151) {
        return kf_fail(
            err, KF_ERR_INVALID,
            "text of %.0f letters at %g px is too large to draw as one title: use a smaller size or less text", letters,
            p->size);
    }
    return KF_OK;
}

kf_status kf_title_check(const kf_title_params *p, kf_error *err)
{
    kf_status status = check_choices(p, err);
    if (!status) status = check_numbers(p, err);
    if (!status) status = check_colors(p, err);
    return status ? status : check_text(p, err);
}

/* ---- Placing ---- */

static void move_rect(kf_text_rect *r, double dx, double dy)
{
    r->x += dx;
    r->y += dy;
}

/* Baselines at one distance, whatever fonts a line has fallen back to. */
static void space_lines(kf_layout *layout, double height)
{
    for (int i = 1; height > 0 && i < layout->count; i++) {
        kf_layout_line *line = &layout->lines[i];
        double dy = layout->lines[0].baseline + i * height - line->baseline;
        line->baseline += dy;
        move_rect(&line->logical, 0, dy);
        move_rect(&line->ink, 0, dy);
    }
}

static double share(kf_text_anchor_h where)
{
    return where == KF_ANCHOR_LEFT ? 0 : where == KF_ANCHOR_CENTER ? 0.5 : 1;
}

static double anchor_y(const kf_layout *layout, const kf_title_params *p, kf_text_rect r)
{
    switch (p->anchor_v) {
    case KF_ANCHOR_TOP: return r.y;
    case KF_ANCHOR_MIDDLE: return r.y + r.h / 2;
    case KF_ANCHOR_BASELINE: return layout->lines[0].baseline;
    default: return r.y + r.h;
    }
}

void kf_layout_place(kf_layout *layout, const kf_title_params *p)
{
    space_lines(layout, (double)p->line_height);
    double width = 0, top = layout->lines[0].logical.y, bottom = top;
    for (int i = 0; i < layout->count; i++) {
        const kf_text_rect *r = &layout->lines[i].logical;
        width = fmax(width, r->w);
        bottom = fmax(bottom, r->y + r->h);
    }
    layout->logical = (kf_text_rect){0, top, width, bottom - top};
    layout->box = layout->logical;
    if (p->box != KF_TEXT_BOX_NONE) layout->box = kf_rect_grow(layout->box, p->box_padding[0], p->box_padding[1]);
    kf_text_rect anchored = p->anchor_box ? layout->box : layout->logical;
    double dx = -(anchored.x + anchored.w * share(p->anchor_h)), dy = -anchor_y(layout, p, anchored);
    move_rect(&layout->logical, dx, dy);
    move_rect(&layout->box, dx, dy);
    for (int i = 0; i < layout->count; i++) {
        kf_layout_line *line = &layout->lines[i];
        double x = dx + (width - line->logical.w) * share((kf_text_anchor_h)p->align) - line->logical.x;
        line->x = x;
        line->baseline += dy;
        move_rect(&line->logical, x, dy);
        move_rect(&line->ink, x, dy);
        layout->ink = kf_text_rect_union(layout->ink, line->ink);
    }
}

/* ---- Measuring ---- */

kf_status kf_text_measure(kf_text_context *context, const kf_title_params *params, kf_text_metrics *out, kf_error *err)
{
    *out = (kf_text_metrics){0};
    kf_layout layout;
    kf_status status = kf_layout_create(&layout, context, params, &out->report, err);
    if (status) return status;
    out->lines = kf_alloc_zero((size_t)layout.count, sizeof *out->lines);
    if (!out->lines) {
        kf_layout_finish(&layout);
        return kf_fail_memory(err);
    }
    out->logical = layout.logical;
    out->ink = layout.ink;
    out->box = layout.box;
    out->baseline = layout.lines[0].baseline;
    out->line_count = layout.count;
    out->ellipsized = layout.ellipsized;
    for (int i = 0; i < layout.count; i++) {
        const kf_layout_line *l = &layout.lines[i];
        out->lines[i] = (kf_text_line){l->logical, l->ink, l->baseline, l->start, l->length};
    }
    kf_layout_finish(&layout);
    return KF_OK;
}

void kf_text_metrics_finish(kf_text_metrics *metrics)
{
    if (!metrics) return;
    kf_free(metrics->lines);
    *metrics = (kf_text_metrics){0};
}
