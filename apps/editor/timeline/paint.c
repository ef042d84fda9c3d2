/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "paint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double NAME_FROM = 30, DETAIL_FROM = 12; /* px of width */

kt_quad *kt_paint_span(kt_painter *painter, kt_quad_kind kind, kf_time from, kf_time to, double y0, double y1,
                       kt_rgba color)
{
    kt_quad *quad = kt_quads_push(painter->list, kind, color);
    quad->t0 = kt_paint_time(painter, from);
    quad->t1 = kt_paint_time(painter, to);
    quad->y0 = (float)y0;
    quad->y1 = (float)y1;
    return quad;
}

void kt_paint_body(const kt_painter *painter, double *top, double *bottom)
{
    *top = painter->height >= KT_STRIP_FROM ? KT_STRIP + 1 : 2;
    *bottom = painter->height - 2;
}

static double width_of(const kt_painter *painter, const kf_timeline_item *item)
{
    return (double)item->duration * painter->scale;
}

static bool is_selected(const kt_painter *painter, uint64_t id)
{
    return painter->selected && id && painter->selected(painter->context, id);
}

/* ---- Names and badges ---- */

/* A text that stays at the left edge of the window as long as its clip does. Returns its width, px. */
static double sticky_text(kt_painter *painter, const kf_timeline_item *item, const char *text, double x, double y)
{
    kt_quad *quad = kt_text_push(painter->text, painter->list, text, x, y, painter->theme->clip_text);
    if (!quad) {
        painter->incomplete = true;
        return 0;
    }
    quad->t0 = quad->t1 = quad->c0 = kt_paint_time(painter, item->start);
    quad->c1 = kt_paint_time(painter, item->start + item->duration);
    quad->flags = KT_STICKY;
    return quad->x1 - quad->x0;
}

static double badge(kt_painter *painter, const kf_timeline_item *item, const char *text, double x, kt_rgba color)
{
    kt_quad *box = kt_paint_span(painter, KT_BLOCK, item->start, item->start, 3, 14, color);
    uint32_t at = painter->list->count - 1;
    box->radius = 2;
    double width = sticky_text(painter, item, text, x + 3, 1.5);
    box = &painter->list->quads[at];
    box->x0 = (float)x;
    box->x1 = (float)(x + width + 6);
    box->c0 = box->t0;
    box->c1 = kt_paint_time(painter, item->start + item->duration);
    box->flags = KT_STICKY;
    return width + 9;
}

static bool speed_text(const kf_timeline_item *clip, char *text, size_t size)
{
    if (clip->frozen) return snprintf(text, size, "hold") > 0;
    if (clip->remapped) return snprintf(text, size, "remap") > 0;
    if (clip->reverse || clip->speed.num != clip->speed.den) {
        double percent = clip->speed.den ? 100.0 * clip->speed.num / clip->speed.den : 100;
        return snprintf(text, size, "%s%.4g%%", clip->reverse ? "\u2212" : "", fabs(percent)) > 0;
    }
    return false;
}

static void paint_name(kt_painter *painter, const kf_timeline_item *clip)
{
    double x = 5, width = width_of(painter, clip);
    double y = painter->height >= KT_STRIP_FROM ? 1 : MAX(0, floor((painter->height - painter->text->line) / 2));
    kt_rgba shade = kt_alpha(kt_rgb(0x000000), 0.35);
    if (width > NAME_FROM * 2 && (painter->audio ? clip->audio_effects : clip->effects)) {
        x += badge(painter, clip, "fx", x, kt_alpha(kt_rgb(0x7d5fc4), 0.9));
    }
    char speed[32];
    if (width > NAME_FROM * 2 && speed_text(clip, speed, sizeof speed)) x += badge(painter, clip, speed, x, shade);
    if (clip->angle && width > NAME_FROM * 2) {
        char angle[16];
        snprintf(angle, sizeof angle, "MC%d", clip->angle);
        x += badge(painter, clip, angle, x, shade);
    }
    double text = sticky_text(painter, clip, clip->name, x, y);
    if (!clip->linked || text <= 0) return;
    kt_rgba line = kt_alpha(painter->theme->clip_text, 0.55);
    kt_quad *under = kt_paint_span(painter, KT_SOLID, clip->start, clip->start, y + painter->text->line - 1,
                                   y + painter->text->line, line);
    under->x0 = (float)x;
    under->x1 = (float)(x + text);
    under->c0 = under->t0;
    under->c1 = kt_paint_time(painter, clip->start + clip->duration);
    under->flags = KT_STICKY;
}

/* ---- Over the picture ---- */

static void fade(kt_painter *painter, kf_time from, kf_time to, double left, double right)
{
    double top, bottom;
    kt_paint_body(painter, &top, &bottom);
    kt_quad *shade = kt_paint_span(painter, KT_FADE, from, to, top, bottom, kt_alpha(kt_rgb(0x000000), 0.4));
    shade->v0 = (uint16_t)(left * 65535);
    shade->v1 = (uint16_t)(right * 65535);
    kt_quad *line = kt_paint_span(painter, KT_LINE, from, to, top, bottom, kt_alpha(painter->theme->clip_text, 0.7));
    line->v0 = (uint16_t)(left * 65535);
    line->v1 = (uint16_t)(right * 65535);
    line->param = 2;
}

static void paint_fades(kt_painter *painter, const kf_timeline_item *clip)
{
    if (!painter->audio) return;
    kf_time end = clip->start + clip->duration;
    if (clip->fade_in > 0) fade(painter, clip->start, clip->start + MIN(clip->fade_in, clip->duration), 0, 1);
    if (clip->fade_out > 0) fade(painter, end - MIN(clip->fade_out, clip->duration), end, 1, 0);
}

static void paint_markers(kt_painter *painter, const kf_timeline_item *clip)
{
    kf_marker_info marker;
    for (int32_t i = 0; i < clip->markers && i < 64 && kf_timeline_marker(painter->film, clip, i, &marker); i++) {
        if (marker.time < 0 || marker.time > clip->duration) continue;
        kf_time at = clip->start + marker.time;
        kt_quad *pin = kt_paint_span(painter, KT_PIN, at, at, 2, 13, kt_rgb(0x6fbf73));
        pin->x0 = -4;
        pin->x1 = 5;
        pin->border = kt_rgb(0x1d3a1f);
    }
}

static void veil(kt_painter *painter, const kf_timeline_item *clip, kt_quad_kind kind, kt_rgba color)
{
    kt_quad *quad =
        kt_paint_span(painter, kind, clip->start, clip->start + clip->duration, 1, painter->height - 1, color);
    quad->radius = 2;
    quad->param = 9;
}

/* The two halves of a cut go on in their source as if there were none. */
static bool goes_on(const kf_timeline_item *a, const kf_timeline_item *b)
{
    return a->id && a->source == b->source && a->source_index == b->source_index && a->source_index >= 0 &&
           a->start + a->duration == b->start && a->source_end == b->source_in && !a->reverse && !b->reverse &&
           !a->remapped && !b->remapped && a->speed.num == b->speed.num && a->speed.den == b->speed.den;
}

static void paint_through_edit(kt_painter *painter, const kf_timeline_item *clip)
{
    if (!goes_on(&painter->before, clip)) return;
    kt_rgba color = kt_alpha(painter->theme->clip_text, 0.8);
    double y = painter->height - 9;
    for (int side = 0; side < 2; side++) {
        kt_quad *mark = kt_paint_span(painter, KT_DIAMOND, clip->start, clip->start, y, y + 6, color);
        mark->x0 = side ? 1 : -7;
        mark->x1 = side ? 7 : -1;
    }
}

static void paint_outline(kt_painter *painter, const kf_timeline_item *item)
{
    kt_rgba clear = kt_alpha(painter->theme->selected, 0.14);
    kt_quad *ring = kt_paint_span(painter, KT_BLOCK, item->start, item->start + item->duration, 1, painter->height - 1,
                                  clear);
    ring->border = painter->theme->selected;
    ring->radius = 2;
    ring->param = 2;
}

/* ---- Items ---- */

static void paint_block(kt_painter *painter, const kf_timeline_item *clip, kt_rgba color)
{
    kt_quad *block = kt_paint_span(painter, KT_BLOCK, clip->start, clip->start + clip->duration, 1, painter->height - 1,
                                   color);
    block->border = kt_mix(painter->theme->clip_line, color, 0.25);
    block->radius = 2;
    if (painter->height < KT_STRIP_FROM || width_of(painter, clip) < DETAIL_FROM) return;
    kt_quad *strip = kt_paint_span(painter, KT_SOLID, clip->start, clip->start + clip->duration, 2, KT_STRIP + 1,
                                   kt_mix(color, painter->theme->clip_text, 0.10));
    strip->x0 = 1;
    strip->x1 = -1;
}

static void paint_clip(kt_painter *painter, const kf_timeline_item *clip)
{
    kt_rgba color = kt_theme_clip(painter->theme, clip, painter->audio);
    double width = width_of(painter, clip);
    paint_block(painter, clip, color);
    if (width >= DETAIL_FROM) {
        if (painter->media) kt_paint_pictures(painter, clip);
        paint_fades(painter, clip);
    }
    if (clip->offline) veil(painter, clip, KT_HATCH, kt_alpha(painter->theme->error, 0.75));
    if (!clip->enabled) veil(painter, clip, KT_SOLID, kt_alpha(painter->theme->background, 0.6));
    if (width >= DETAIL_FROM * 2) kt_paint_band(painter, clip);
    if (width >= NAME_FROM) paint_name(painter, clip);
    if (width >= DETAIL_FROM) {
        paint_markers(painter, clip);
        paint_through_edit(painter, clip);
    }
    if (is_selected(painter, clip->id)) paint_outline(painter, clip);
    painter->before = *clip;
}

static void paint_merged(kt_painter *painter, const kf_timeline_item *item)
{
    kt_rgba color = kt_theme_clip(painter->theme, item, painter->audio);
    kt_paint_span(painter, KT_SOLID, item->start, item->start + item->duration, 1, painter->height - 1,
                  kt_mix(color, painter->theme->clip_line, 0.2));
    painter->before.id = 0;
}

static void paint_transition(kt_painter *painter, const kf_timeline_item *item)
{
    double top = painter->height >= KT_STRIP_FROM ? KT_STRIP + 2 : 3, bottom = painter->height - 3;
    kf_time end = item->start + item->duration;
    kt_quad *box = kt_paint_span(painter, KT_BLOCK, item->start, end, top, bottom,
                                 kt_alpha(painter->theme->transition, 0.85));
    box->border = kt_mix(painter->theme->transition, kt_rgb(0x000000), 0.5);
    box->radius = 2;
    if (width_of(painter, item) < DETAIL_FROM) return;
    kt_quad *line = kt_paint_span(painter, KT_LINE, item->start, end, top, bottom, kt_alpha(kt_rgb(0x000000), 0.45));
    line->v1 = 65535;
    line->param = 2;
    if (width_of(painter, item) >= NAME_FROM) sticky_text(painter, item, item->name, 4, top);
    if (is_selected(painter, item->id)) {
        kt_quad *ring = kt_paint_span(painter, KT_BLOCK, item->start, end, top, bottom, kt_rgba_none());
        ring->border = painter->theme->selected;
        ring->radius = 2;
        ring->param = 2;
    }
}

void kt_paint_item(kt_painter *painter, const kf_timeline_item *item)
{
    if (item->merged) {
        if (item->kind != KF_TIMELINE_GAP) paint_merged(painter, item);
    } else if (item->kind == KF_TIMELINE_CLIP) {
        paint_clip(painter, item);
    } else if (item->kind == KF_TIMELINE_TRANSITION) {
        paint_transition(painter, item);
    } else {
        painter->before.id = 0;
    }
}
