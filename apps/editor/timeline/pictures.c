/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clips show of their sources: pictures at their ends or all along, and waveforms. */
#include "paint.h"

#include <math.h>

static const kf_time STRIP_UP_TO = 6 * KF_SECOND; /* of time for a picture's width: beyond, only ends have pictures */
static const double SOUND_PART = 0.34, SOUND_FROM = 40; /* of a picture's height, for its own sound; px of it */

typedef struct strip {
    kt_painter *painter;
    const kf_timeline_item *clip;
    const kt_file *file;
    double top, bottom, width; /* px */
    kf_time spacing;          /* of source time */
} strip;

static bool seen(const kt_painter *painter, kf_time from, kf_time to)
{
    return to > painter->from && from < painter->to;
}

/* One picture from time t on, `width` px wide or up to `end`; align: 1 ends at t. */
static void picture(const strip *s, kf_time t, kf_time shown, kf_time end, bool align_end)
{
    kt_painter *painter = s->painter;
    kt_media_kind kind;
    const kt_picture_query query = {.file = s->file, .spacing = s->spacing,
                                    .at = kf_timeline_source_time(painter->film, s->clip, shown),
                                    .height = (s->bottom - s->top) * painter->text->dpr,
                                    .soon = !seen(painter, t - (end - t), end)};
    int cell = kt_media_picture(painter->media, &query, painter->uses, &kind, &painter->waiting);
    if (cell < 0) return;
    const kt_cells *cells = &painter->media->cells[kind];
    kt_rect place = kt_cells_place(cells, cell);
    place.width = cells->cells[cell].width;
    place.height = cells->cells[cell].height;
    kt_quad *quad = kt_paint_span(painter, kind == KT_MEDIA_SMALL ? KT_THUMB_SMALL : KT_THUMB_LARGE, t, t, s->top,
                                  s->bottom, kt_rgb(0xe4e4e4));
    quad->x0 = align_end ? (float)-s->width : 0;
    quad->x1 = align_end ? 0 : (float)s->width;
    quad->c0 = kt_paint_time(painter, s->clip->start);
    quad->c1 = kt_paint_time(painter, end);
    place.x += 0.5; /* half a texel in: what lies beside belongs to others */
    place.y += 0.5;
    place.width -= 1;
    place.height -= 1;
    kt_texture_place(&cells->texture, place, quad);
}

static void paint_strip(const strip *s)
{
    const kf_timeline_item *clip = s->clip;
    double step = s->width / s->painter->scale; /* flicks */
    kf_time end = clip->start + clip->duration;
    int64_t first = (int64_t)floor((double)(MAX(s->painter->from, clip->start) - clip->start) / step);
    for (int64_t i = first;; i++) {
        kf_time at = clip->start + (kf_time)((double)i * step), next = clip->start + (kf_time)((double)(i + 1) * step);
        if (at >= end || at >= s->painter->to) return;
        picture(s, at, at, MIN(next, end), false);
    }
}

static void paint_ends(const strip *s)
{
    const kf_timeline_item *clip = s->clip;
    double width = (double)clip->duration * s->painter->scale;
    kf_time end = clip->start + clip->duration, span = (kf_time)(s->width / s->painter->scale);
    if (width >= s->width * 0.7 && seen(s->painter, clip->start, clip->start + span))
        picture(s, clip->start, clip->start, end, false);
    if (width >= s->width * 2.05 && seen(s->painter, end - span, end)) picture(s, end, end - 1, end, true);
}

static kf_time source_span(const kf_timeline_item *clip, double flicks)
{
    double speed = clip->speed.den && !clip->frozen ? fabs((double)clip->speed.num / clip->speed.den) : 1;
    return (kf_time)(flicks * (speed > 0 ? speed : 1));
}

static void paint_video(kt_painter *painter, const kf_timeline_item *clip, const kt_file *file)
{
    strip s = {.painter = painter, .clip = clip, .file = file};
    kt_paint_body(painter, &s.top, &s.bottom);
    double aspect = CLAMP(file->aspect, 0.4, 86.0 / 48);
    s.width = round((s.bottom - s.top) * aspect);
    if (s.width < 12) return;
    double flicks = s.width / painter->scale;
    if (flicks <= (double)STRIP_UP_TO) {
        s.spacing = MAX(source_span(clip, flicks), 1);
        paint_strip(&s);
    } else {
        s.spacing = KF_SECOND / 2;
        paint_ends(&s);
    }
}

/* ---- Waveforms ---- */

typedef struct wave {
    kt_painter *painter;
    const kf_timeline_item *clip;
    const kt_file *file;
    double top, bottom;
    double speed;             /* source time per timeline time, less than 0 backward */
    kf_time column;           /* source time of one column */
} wave;

static kf_time timeline_time(const wave *w, kf_time source)
{
    return w->clip->start + (kf_time)((double)(source - w->clip->source_in) / w->speed);
}

static void paint_tile(const wave *w, kf_time from)
{
    kt_painter *painter = w->painter;
    int cell = kt_media_wave(painter->media, w->file, from, w->column, painter->uses, &painter->waiting);
    if (cell < 0) return;
    const kt_cells *cells = &painter->media->cells[KT_MEDIA_WAVE];
    kt_rgba ink = kt_alpha(painter->theme->clip_text, 0.5), core = kt_alpha(painter->theme->clip_text, 0.62);
    kf_time a = timeline_time(w, from), b = timeline_time(w, from + w->column * KT_TILE);
    kt_quad *quad = kt_paint_span(painter, KT_WAVE, MIN(a, b), MAX(a, b), w->top, w->bottom, ink);
    kt_rect place = kt_cells_place(cells, cell);
    place.y += 0.5;
    place.height = 0;
    kt_texture_place(&cells->texture, place, quad);
    if (w->speed < 0) {
        uint16_t left = quad->u0;
        quad->u0 = quad->u1;
        quad->u1 = left;
    }
    quad->border = core;
    quad->flags = KT_FREE;
    quad->c0 = kt_paint_time(painter, w->clip->start);
    quad->c1 = kt_paint_time(painter, w->clip->start + w->clip->duration);
}

/* Columns are powers of two of flicks, one or two for a pixel, so that every clip of a file at this zoom shares tiles.
 */
static kf_time column_of(double source_per_px)
{
    kf_time column = 1 << 10;
    while ((double)column * 2 <= source_per_px) column *= 2;
    return column;
}

static void paint_wave(kt_painter *painter, const kf_timeline_item *clip, const kt_file *file, double top,
                       double bottom)
{
    wave w = {.painter = painter, .clip = clip, .file = file, .top = top, .bottom = bottom};
    w.speed = clip->speed.den ? (double)clip->speed.num / clip->speed.den : 1;
    w.speed = clip->reverse ? -fabs(w.speed) : w.speed;
    if (clip->frozen || clip->remapped || w.speed == 0) return;
    w.column = column_of(fabs(w.speed) / painter->scale);
    kf_time t0 = MAX(clip->start, painter->from), t1 = MIN(clip->start + clip->duration, painter->to);
    kf_time s0 = clip->source_in + (kf_time)((double)(t0 - clip->start) * w.speed);
    kf_time s1 = clip->source_in + (kf_time)((double)(t1 - clip->start) * w.speed);
    kf_time tile = w.column * KT_TILE, from = MAX(MIN(s0, s1), 0) / tile * tile;
    for (; from < MAX(s0, s1); from += tile) paint_tile(&w, from);
}

static void paint_sound_of_picture(kt_painter *painter, const kf_timeline_item *clip, const kt_file *file)
{
    double top, bottom;
    kt_paint_body(painter, &top, &bottom);
    if (bottom - top < SOUND_FROM) return;
    double split = round(bottom - (bottom - top) * SOUND_PART);
    kt_quad *back = kt_paint_span(painter, KT_SOLID, clip->start, clip->start + clip->duration, split, bottom,
                                  kt_alpha(kt_mix(painter->theme->sound, kt_rgb(0x000000), 0.25), 0.9));
    back->x0 = 1;
    back->x1 = -1;
    paint_wave(painter, clip, file, split + 1, bottom - 1);
}

void kt_paint_pictures(kt_painter *painter, const kf_timeline_item *clip)
{
    if (!painter->media->worker || clip->source != KF_TIMELINE_ASSET || clip->offline) return;
    const kt_file *file = kt_media_file(painter->media, painter->film, clip->source_index);
    if (!file || !file->path || painter->height < KT_STRIP_FROM) return;
    double top, bottom;
    kt_paint_body(painter, &top, &bottom);
    if (painter->audio) {
        paint_wave(painter, clip, file, top + 1, bottom - 1);
        return;
    }
    if (file->video) paint_video(painter, clip, file);
    if (clip->sound && file->audio) paint_sound_of_picture(painter, clip, file);
}
