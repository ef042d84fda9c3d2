/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Params checked and laid out. Lines are placed here, not by Pango, so that left and right mean left and right in every
 * direction and single lines can be anchored at fractions of a pixel. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "text/private.h"

static double px(int units)
{
    return (double)units / PANGO_SCALE;
}

static kf_text_rect rect_px(PangoRectangle r)
{
    return (kf_text_rect){px(r.x), px(r.y), px(r.width), px(r.height)};
}

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

/* Pango counts in int units of 1/1024 px: a text whose extents could pass 2^31 of them is refused before it is laid
 * out. */
static kf_status check_text(const kf_title_params *p, kf_error *err)
{
    const char *text = p->text ? p->text : "";
    size_t length = strnlen(text, KF_TEXT_MAX_BYTES + 1);
    if (length > KF_TEXT_MAX_BYTES)
        return kf_fail(err, KF_ERR_INVALID, "text is longer than %d bytes", KF_TEXT_MAX_BYTES);
    if (!kf_utf8_valid(text, length)) return kf_fail(err, KF_ERR_INVALID, "text is not valid UTF-8");
    double letters = (double)g_utf8_strlen(text, (gssize)length);
    double per_letter = 2 * fmax(fmax(1, p->line_spacing) * p->size, p->line_height) + fabs(p->letter_spacing);
    if (letters * per_letter > 2097151) {
        return kf_fail(
            err, KF_ERR_INVALID,
            "text of %.0f letters at %g px is too large to draw as one title: use a smaller size or less text", letters,
            p->size);
    }
    return KF_OK;
}

static kf_status check_params(const kf_title_params *p, kf_error *err)
{
    kf_status status = check_choices(p, err);
    if (!status) status = check_numbers(p, err);
    if (!status) status = check_colors(p, err);
    return status ? status : check_text(p, err);
}

/* ---- Markup ---- */

static kf_status check_size(int units, kf_error *err)
{
    if (units <= KF_TEXT_MAX_SIZE * PANGO_SCALE) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID, "markup asks for a size of %d px; the limit is %d", units / PANGO_SCALE,
                   KF_TEXT_MAX_SIZE);
}

static kf_status check_attribute(const PangoAttribute *a, kf_error *err)
{
    switch ((int)a->klass->type) {
    case PANGO_ATTR_SIZE:
    case PANGO_ATTR_ABSOLUTE_SIZE:
        return check_size(((const PangoAttrSize *)a)->size, err);
    case PANGO_ATTR_FONT_DESC:
        return check_size(pango_font_description_get_size(((const PangoAttrFontDesc *)a)->desc), err);
    case PANGO_ATTR_SCALE:
        return kf_text_check_range("scale in markup", ((const PangoAttrFloat *)a)->value, 0, 20, err);
    case PANGO_ATTR_RISE:
    case PANGO_ATTR_LETTER_SPACING:
        return kf_text_check_range("spacing or rise in markup (1/1024 px)", ((const PangoAttrInt *)a)->value,
                                   -KF_TEXT_MAX_SIZE * PANGO_SCALE, KF_TEXT_MAX_SIZE * PANGO_SCALE, err);
    case PANGO_ATTR_LINE_HEIGHT:
        return kf_text_check_range("line height in markup", ((const PangoAttrFloat *)a)->value, 0, 100, err);
    case PANGO_ATTR_ABSOLUTE_LINE_HEIGHT:
        return check_size(((const PangoAttrInt *)a)->value, err);
    default:
        return KF_OK;
    }
}

static void report_attribute(const PangoAttribute *a, kf_text_context *context, kf_text_report *report)
{
    if (a->klass->type == PANGO_ATTR_FAMILY) {
        kf_text_report_families(context, ((const PangoAttrString *)a)->value, report);
    } else if (a->klass->type == PANGO_ATTR_FONT_DESC) {
        kf_text_report_families(context, pango_font_description_get_family(((const PangoAttrFontDesc *)a)->desc),
                                report);
    }
}

static kf_status take_attributes(PangoAttrList *list, kf_text_context *context, kf_text_report *report, kf_error *err)
{
    kf_status status = KF_OK;
    GSList *all = pango_attr_list_get_attributes(list);
    for (GSList *l = all; l; l = l->next) {
        if (!status) status = check_attribute(l->data, err);
        if (!status && report) report_attribute(l->data, context, report);
        pango_attribute_destroy(l->data);
    }
    g_slist_free(all);
    return status;
}

static kf_status set_markup(PangoLayout *layout, kf_text_context *context, const char *text, kf_text_report *report,
                            kf_error *err)
{
    PangoAttrList *attributes = NULL;
    char *plain = NULL;
    GError *problem = NULL;
    if (!pango_parse_markup(text, -1, 0, &attributes, &plain, NULL, &problem)) {
        kf_status status = kf_fail(err, KF_ERR_INVALID,
                                   "markup is not valid: %s (write &amp; &lt; &gt; for & < >, or switch markup off)",
                                   problem->message);
        g_error_free(problem);
        return status;
    }
    kf_status status = take_attributes(attributes, context, report, err);
    if (!status) {
        pango_layout_set_text(layout, plain, -1);
        pango_layout_set_attributes(layout, attributes);
    }
    pango_attr_list_unref(attributes);
    g_free(plain);
    return status;
}

static void add_letter_spacing(PangoLayout *layout, double spacing)
{
    if (spacing == 0) return;
    PangoAttrList *list = pango_layout_get_attributes(layout);
    list = list ? pango_attr_list_copy(list) : pango_attr_list_new();
    pango_attr_list_insert_before(list, pango_attr_letter_spacing_new((int)lrint(spacing * PANGO_SCALE)));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

/* ---- Layout ---- */

static void set_font(PangoLayout *layout, kf_text_context *context, const kf_title_params *p, kf_text_report *report)
{
    PangoFontDescription *d = kf_text_description(context, p->font);
    pango_font_description_set_absolute_size(d, lrint(p->size * PANGO_SCALE));
    if (p->weight) pango_font_description_set_weight(d, (PangoWeight)p->weight);
    if (p->italic) pango_font_description_set_style(d, PANGO_STYLE_ITALIC);
    pango_layout_set_font_description(layout, d);
    if (report) kf_text_report_families(context, pango_font_description_get_family(d), report);
    pango_font_description_free(d);
}

static void set_flow(PangoLayout *layout, const kf_title_params *p)
{
    static const PangoEllipsizeMode modes[] = {PANGO_ELLIPSIZE_NONE, PANGO_ELLIPSIZE_START, PANGO_ELLIPSIZE_MIDDLE,
                                               PANGO_ELLIPSIZE_END};
    if (p->max_width > 0) {
        pango_layout_set_width(layout, (int)lrint(p->max_width * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_ellipsize(layout, modes[p->ellipsize]);
        if (p->max_lines > 0) pango_layout_set_height(layout, -p->max_lines);
    }
    if (p->line_spacing > 0 && p->line_spacing != 1) pango_layout_set_line_spacing(layout, p->line_spacing);
}

static void set_direction(kf_text_context *context, PangoLayout *layout, const kf_title_params *p)
{
    pango_context_set_base_dir(context->pango,
                               p->direction == KF_DIRECTION_RTL ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_context_set_language(context->pango, pango_language_from_string(p->language ? p->language : "und"));
    pango_layout_context_changed(layout);
    pango_layout_set_auto_dir(layout, p->direction == KF_DIRECTION_AUTO);
}

static void report_glyphs(PangoLayout *layout, kf_text_report *report)
{
    if (!pango_layout_get_unknown_glyphs_count(layout)) return;
    for (GSList *line = pango_layout_get_lines_readonly(layout); line; line = line->next) {
        for (GSList *run = ((PangoLayoutLine *)line->data)->runs; run; run = run->next) {
            const PangoGlyphString *glyphs = ((PangoGlyphItem *)run->data)->glyphs;
            for (int i = 0; i < glyphs->num_glyphs; i++) {
                PangoGlyph g = glyphs->glyphs[i].glyph;
                if (g != PANGO_GLYPH_EMPTY && (g & PANGO_GLYPH_UNKNOWN_FLAG))
                    kf_text_report_glyph(report, g & ~PANGO_GLYPH_UNKNOWN_FLAG);
            }
        }
    }
}

/* Extents relative to the layout's own origin; x of each line still 0. */
static kf_status read_lines(kf_layout *layout, kf_error *err)
{
    int count = pango_layout_get_line_count(layout->pango);
    layout->lines = kf_alloc_zero((size_t)(count > 0 ? count : 1), sizeof *layout->lines);
    if (!layout->lines) return kf_fail_memory(err);
    PangoLayoutIter *iter = pango_layout_get_iter(layout->pango);
    do {
        kf_layout_line *line = &layout->lines[layout->count++];
        PangoRectangle ink, logical, own_ink, own_logical;
        line->line = pango_layout_iter_get_line_readonly(iter);
        line->baseline = px(pango_layout_iter_get_baseline(iter));
        pango_layout_iter_get_line_extents(iter, &ink, &logical);
        pango_layout_line_get_extents(line->line, &own_ink, &own_logical);
        line->logical = rect_px(logical);
        line->logical.x = px(own_logical.x);
        line->logical.w = px(own_logical.width);
        line->ink = rect_px(own_ink);
        line->ink.y += line->baseline;
    } while (layout->count < count && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return KF_OK;
}

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

/* Aligns the lines against each other and moves everything so that the anchor lies at 0, 0. */
static void place_lines(kf_layout *layout, const kf_title_params *p)
{
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

kf_status kf_layout_create(kf_layout *layout, kf_text_context *context, const kf_title_params *p,
                           kf_text_report *report, kf_error *err)
{
    *layout = (kf_layout){0};
    kf_status status = check_params(p, err);
    if (status) return status;
    const char *text = p->text ? p->text : "";
    layout->pango = pango_layout_new(context->pango);
    set_direction(context, layout->pango, p);
    set_font(layout->pango, context, p, report);
    set_flow(layout->pango, p);
    if (p->markup) status = set_markup(layout->pango, context, text, report, err);
    else pango_layout_set_text(layout->pango, text, -1);
    if (!status) add_letter_spacing(layout->pango, p->letter_spacing);
    if (!status) status = read_lines(layout, err);
    if (status) {
        kf_layout_finish(layout);
        return status;
    }
    if (report) report_glyphs(layout->pango, report);
    space_lines(layout, (double)p->line_height);
    place_lines(layout, p);
    return KF_OK;
}

void kf_layout_finish(kf_layout *layout)
{
    kf_free(layout->lines);
    if (layout->pango) g_object_unref(layout->pango);
    *layout = (kf_layout){0};
}

/* ---- Measuring ---- */

kf_status kf_text_measure(kf_text_context *context, const kf_title_params *params, kf_text_metrics *out, kf_error *err)
{
    *out = (kf_text_metrics){0};
    kf_layout layout;
    kf_status status = kf_layout_create(&layout, context, params, NULL, err);
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
    out->ellipsized = pango_layout_is_ellipsized(layout.pango);
    for (int i = 0; i < layout.count; i++) {
        const kf_layout_line *l = &layout.lines[i];
        out->lines[i] = (kf_text_line){l->logical, l->ink, l->baseline, l->line->start_index, l->line->length};
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
