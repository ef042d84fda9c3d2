/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SRT and VTT cues drawn as titles. Cues shown together are stacked: the first is nearest to the edge they belong to.
 */
#include <string.h>

#include "text/sub.h"

typedef struct stack {
    double scale;              /* px of this picture per px of a picture of 1080 lines */
    double used[3];            /* height taken at the bottom, in the middle and at the top */
    double width, height;
} stack;

static kf_title_params cue_title(const kf_subtitle_style *style, const stack *k, const kf_cue *cue)
{
    static const kf_text_anchor_h sides[] = {KF_ANCHOR_CENTER, KF_ANCHOR_LEFT, KF_ANCHOR_CENTER, KF_ANCHOR_RIGHT};
    kf_title_params p = kf_title_defaults();
    float scale = (float)k->scale;
    p.text = cue->markup;
    p.markup = true;
    p.font = style->font;
    p.size = fmaxf(1, style->size * scale);
    p.outline_width = style->outline_width * scale;
    p.box = style->box ? KF_TEXT_BOX_WHOLE : KF_TEXT_BOX_NONE;
    p.box_radius = style->box_radius * scale;
    p.shadow_blur = 0;
    memcpy(p.color, style->color, sizeof p.color);
    memcpy(p.outline_color, style->outline_color, sizeof p.outline_color);
    memcpy(p.shadow_color, style->shadow_color, sizeof p.shadow_color);
    memcpy(p.box_color, style->box_color, sizeof p.box_color);
    for (int i = 0; i < 2; i++) {
        p.shadow_offset[i] = style->shadow_offset[i] * scale;
        p.box_padding[i] = style->box_padding[i] * scale;
    }
    p.anchor_h = sides[cue->h];
    p.align = (kf_text_align)p.anchor_h;
    p.anchor_v = KF_ANCHOR_TOP;
    p.anchor_box = true;
    p.max_width = fmaxf(16, (float)(k->width - 2 * style->margin_h * k->scale));
    return p;
}

static int cue_place(const kf_subtitle_style *style, const kf_cue *cue)
{
    if (cue->v) return cue->v;
    return style->place == KF_ANCHOR_TOP ? 3 : style->place == KF_ANCHOR_MIDDLE ? 2 : 1;
}

static double cue_x(const kf_subtitle_style *style, const stack *k, const kf_cue *cue)
{
    if (cue->has_position) return cue->position / 100.0 * k->width;
    double margin = style->margin_h * k->scale;
    return cue->h == 1 ? margin : cue->h == 3 ? k->width - margin : k->width / 2;
}

/* Top of a cue of height h. */
static double cue_y(const kf_subtitle_style *style, stack *k, const kf_cue *cue, double h)
{
    double margin = style->margin_v * k->scale, line = style->size * k->scale * 1.2, y;
    int place = cue_place(style, cue);
    if (cue->has_line && cue->line_percent) {
        y = cue->line_at / 100.0 * k->height;
    } else if (cue->has_line) {
        y = cue->line_at >= 0 ? cue->line_at * line : k->height + (cue->line_at + 1) * line - h;
    } else {
        double used = k->used[place - 1];
        y = place == 1 ? k->height - margin - used - h : place == 3 ? margin + used : (k->height - h) / 2 + used;
        k->used[place - 1] += h;
    }
    return fmax(0, fmin(y, k->height - h));
}

/* Reports of several cues in one. */
static void join_reports(kf_text_report *all, const kf_text_report *one)
{
    if (one->missing_font_count > all->missing_font_count) {
        memcpy(all->missing_fonts, one->missing_fonts, sizeof all->missing_fonts);
        all->missing_font_count = one->missing_font_count;
    }
    for (int i = 0; i < one->missing_glyph_kinds; i++) kf_text_report_glyph(all, one->missing_glyphs[i]);
}

static kf_status draw_cue(kf_subtitles *s, const kf_subtitle_style *style, stack *k, const kf_cue *cue, kf_raster *out,
    kf_text_report *report, kf_error *err)
{
    kf_text_metrics m;
    kf_text_report own;
    kf_title_params p = cue_title(style, k, cue);
    kf_status status = kf_text_measure(s->context, &p, &m, err);
    if (status) return status;
    double h = m.box.h;
    kf_text_metrics_finish(&m);
    status = kf_text_title_render(s->context, &p, out, &own, err);
    if (status) return status;
    if (report) join_reports(report, &own);
    out->x += (int)lrint(cue_x(style, k, cue));
    out->y += (int)lrint(cue_y(style, k, cue, h));
    return KF_OK;
}

kf_status kf_sub_pango_render(kf_subtitles *s, const kf_subtitles_view *view, const kf_subtitle_style *style,
                              kf_raster *out, kf_text_report *report, kf_error *err)
{
    int shown[KF_SUB_MAX_SHOWN];
    kf_raster rasters[KF_SUB_MAX_SHOWN] = {0};
    int count = kf_subtitles_shown(s, view->t, shown, KF_SUB_MAX_SHOWN);
    stack k = {.scale = view->height / 1080.0, .width = view->width, .height = view->height};
    kf_status status = KF_OK;
    for (int i = 0; i < count && !status; i++)
        status = draw_cue(s, style, &k, &s->cues[shown[i]], &rasters[i], report, err);
    if (!status) return kf_rasters_merge(rasters, count, view->width, view->height, out, err);
    for (int i = 0; i < count; i++) kf_raster_finish(&rasters[i]);
    return status;
}
