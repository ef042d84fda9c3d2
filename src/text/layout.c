/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines laid out by Pango. */
#include <string.h>

#include "base/api/alloc.h"
#include "text/pango.h"

static double px(int units)
{
    return (double)units / PANGO_SCALE;
}

static kf_text_rect rect_px(PangoRectangle r)
{
    return (kf_text_rect){px(r.x), px(r.y), px(r.width), px(r.height)};
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
static kf_status read_lines(kf_layout *layout, PangoLayout *pango, kf_error *err)
{
    int count = pango_layout_get_line_count(pango);
    layout->lines = kf_alloc_zero((size_t)(count > 0 ? count : 1), sizeof *layout->lines);
    if (!layout->lines) return kf_fail_memory(err);
    PangoLayoutIter *iter = pango_layout_get_iter(pango);
    do {
        kf_layout_line *line = &layout->lines[layout->count++];
        PangoRectangle ink, logical, own_ink, own_logical;
        PangoLayoutLine *own = pango_layout_iter_get_line_readonly(iter);
        line->line = own;
        line->start = own->start_index;
        line->length = own->length;
        line->baseline = px(pango_layout_iter_get_baseline(iter));
        pango_layout_iter_get_line_extents(iter, &ink, &logical);
        pango_layout_line_get_extents(own, &own_ink, &own_logical);
        line->logical = rect_px(logical);
        line->logical.x = px(own_logical.x);
        line->logical.w = px(own_logical.width);
        line->ink = rect_px(own_ink);
        line->ink.y += line->baseline;
    } while (layout->count < count && pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    return KF_OK;
}

static void set_text(PangoLayout *pango, kf_text_context *context, const kf_title_params *p, kf_text_report *report)
{
    set_direction(context, pango, p);
    set_font(pango, context, p, report);
    set_flow(pango, p);
}

kf_status kf_layout_create(kf_layout *layout, kf_text_context *context, const kf_title_params *p,
                           kf_text_report *report, kf_error *err)
{
    *layout = (kf_layout){0};
    kf_status status = kf_title_check(p, err);
    if (status) return status;
    const char *text = p->text ? p->text : "";
    PangoLayout *pango = pango_layout_new(context->pango);
    layout->driver = pango;
    set_text(pango, context, p, report);
    if (p->markup) status = set_markup(pango, context, text, report, err);
    else pango_layout_set_text(pango, text, -1);
    if (!status) add_letter_spacing(pango, p->letter_spacing);
    if (!status) status = read_lines(layout, pango, err);
    if (status) {
        kf_layout_finish(layout);
        return status;
    }
    layout->ellipsized = pango_layout_is_ellipsized(pango);
    if (report) report_glyphs(pango, report);
    kf_layout_place(layout, p);
    return KF_OK;
}

void kf_layout_finish(kf_layout *layout)
{
    kf_free(layout->lines);
    if (layout->driver) g_object_unref(layout->driver);
    *layout = (kf_layout){0};
}
