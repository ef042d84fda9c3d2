/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hit.h"

#include <gtk/gtk.h>
#include <math.h>

#include "paint.h"
#include "ruler.h"

static const double EDGE = 7, NEAR = 5, HANDLE = 6; /* px */

/* ---- Ruler ---- */

static bool near_mark(const kt_hit_query *query, kf_time mark, double x)
{
    return mark != KF_TIME_NONE && fabs(kt_view_x(query->view, mark) - x) <= NEAR;
}

static bool find_marker(const kt_hit_query *query, kt_hit *hit)
{
    kf_time least = kt_view_time(query->view, hit->x - NEAR);
    int32_t i = kf_film_marker_after(query->film, KF_MARKER_SEQUENCE, query->sequence, least);
    return kf_film_marker(query->film, KF_MARKER_SEQUENCE, query->sequence, i, &hit->marker) &&
           kt_view_x(query->view, hit->marker.time) <= hit->x + NEAR;
}

static kt_zone ruler_zone(const kt_hit_query *query, kt_hit *hit)
{
    if (hit->y > KT_RULER_MARKS) return KT_ZONE_RULER;
    if (find_marker(query, hit)) return KT_ZONE_MARKER;
    if (near_mark(query, query->info->mark_in, hit->x)) return KT_ZONE_MARK_IN;
    if (near_mark(query, query->info->mark_out, hit->x)) return KT_ZONE_MARK_OUT;
    return KT_ZONE_RULER;
}

/* ---- Clips ---- */

typedef struct search {
    const kt_hit_query *query;
    kt_hit *hit;
    double best;
} search;

static bool is_transition(void *context, const kf_timeline_item *item)
{
    search *s = context;
    bool inside = item->start <= s->hit->time && s->hit->time < item->start + item->duration;
    if (item->kind != KF_TIMELINE_TRANSITION || !inside) return true;
    s->hit->item = *item;
    s->hit->on_item = true;
    return false;
}

static bool find_transition(const kt_hit_query *query, kt_hit *hit)
{
    search s = {query, hit, 0};
    const kf_timeline_range range = {query->sequence, hit->row.track, hit->time, hit->time + 1, 0, false};
    hit->on_item = false;
    kf_timeline_each(query->film, &range, is_transition, &s);
    return hit->on_item;
}

static kt_zone transition_zone(const kt_view *view, const kt_hit *hit)
{
    double left = kt_view_x(view, hit->item.start), right = kt_view_x(view, hit->item.start + hit->item.duration);
    double edge = MIN(EDGE, (right - left) / 4);
    if (hit->x < left + edge) return KT_ZONE_TRANSITION_HEAD;
    return hit->x >= right - edge ? KT_ZONE_TRANSITION_TAIL : KT_ZONE_TRANSITION;
}

/* Finds the clip (or gap) at the pointer; a clip whose end is within a few px of it wins over a gap. */
static void find_item(const kt_hit_query *query, kt_hit *hit)
{
    hit->on_item = kf_timeline_at(query->film, query->sequence, hit->row.track, hit->time, &hit->item);
    if (hit->on_item && hit->item.kind == KF_TIMELINE_CLIP) return;
    kf_time reach = kt_view_span(query->view, NEAR);
    for (int side = -1; side <= 1; side += 2) {
        kf_timeline_item other;
        if (kf_timeline_at(query->film, query->sequence, hit->row.track, hit->time + side * reach, &other) &&
            other.kind == KF_TIMELINE_CLIP) {
            hit->item = other;
            hit->on_item = true;
            return;
        }
    }
}

static double band_y(const kt_hit_query *query, const kt_hit *hit, double position)
{
    kt_painter painter = {.height = hit->row.height};
    double top, bottom;
    kt_paint_body(&painter, &top, &bottom);
    return kt_view_row_y(query->view, &hit->row) + bottom - 3 - position * (bottom - top - 6);
}

static bool find_key(const kt_hit_query *query, kt_hit *hit, int32_t count)
{
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_key_info key;
    for (int32_t i = 0; i < count && i < 256 && kf_film_param_key(query->film, &place, param, i, &key); i++) {
        double x = kt_view_x(query->view, hit->item.start + key.time);
        double y = band_y(query, hit, kt_band_position(hit->row.audio, key.value[0]));
        if (fabs(x - hit->x) <= HANDLE && fabs(y - hit->y) <= HANDLE) {
            hit->key = i;
            return true;
        }
    }
    return false;
}

static bool find_band(const kt_hit_query *query, kt_hit *hit)
{
    if (hit->row.height < KT_BAND_FROM || (double)hit->item.duration * query->view->scale < 24) return false;
    const char *param;
    kf_param_place place = kt_band_place(&hit->item, hit->row.audio, &param);
    kf_param_now now;
    if (!kf_film_param(query->film, &place, param, hit->time - hit->item.start, &now)) return false;
    if (now.keys > 0 && find_key(query, hit, now.keys)) {
        hit->zone = KT_ZONE_KEY;
        return true;
    }
    if (fabs(band_y(query, hit, kt_band_position(hit->row.audio, now.number[0])) - hit->y) > NEAR - 1) return false;
    hit->zone = KT_ZONE_BAND;
    return true;
}

/* Handles at the top of a sound's body, where its fades end. */
static kt_zone fade_zone(const kt_hit_query *query, const kt_hit *hit)
{
    const kf_timeline_item *clip = &hit->item;
    if (!hit->row.audio || hit->row.height < KT_BAND_FROM) return KT_ZONE_CLIP;
    double y = hit->y - kt_view_row_y(query->view, &hit->row) - KT_STRIP;
    if (y < 0 || y > HANDLE + 2 || (double)clip->duration * query->view->scale < 40) return KT_ZONE_CLIP;
    if (fabs(kt_view_x(query->view, clip->start + clip->fade_in) - hit->x) <= HANDLE) return KT_ZONE_FADE_IN;
    kf_time out = clip->start + clip->duration - clip->fade_out;
    return fabs(kt_view_x(query->view, out) - hit->x) <= HANDLE ? KT_ZONE_FADE_OUT : KT_ZONE_CLIP;
}

static kt_zone clip_zone(const kt_hit_query *query, kt_hit *hit)
{
    double left = kt_view_x(query->view, hit->item.start);
    double right = kt_view_x(query->view, hit->item.start + hit->item.duration);
    double edge = MIN(EDGE, MAX((right - left) / 4, 2));
    kt_zone fade = fade_zone(query, hit);
    if (fade != KT_ZONE_CLIP && hit->x > left + 2 && hit->x < right - 2) return fade;
    if (hit->x < left + edge) return KT_ZONE_HEAD;
    if (hit->x >= right - edge) return KT_ZONE_TAIL;
    return find_band(query, hit) ? hit->zone : KT_ZONE_CLIP;
}

static kt_zone row_zone(const kt_hit_query *query, kt_hit *hit)
{
    double y = hit->y - kt_view_row_y(query->view, &hit->row);
    if (y >= (hit->row.height >= KT_STRIP_FROM ? KT_STRIP : 0) && find_transition(query, hit)) {
        return transition_zone(query->view, hit);
    }
    find_item(query, hit);
    return hit->on_item && hit->item.kind == KF_TIMELINE_CLIP ? clip_zone(query, hit) : KT_ZONE_GAP;
}

kt_hit kt_hit_at(const kt_hit_query *query, double x, double y)
{
    kt_hit hit = {.x = x, .y = y, .time = MAX(kt_view_time(query->view, x), 0), .key = -1};
    double split = kt_view_split_y(query->view);
    if (y < KT_RULER) {
        hit.zone = ruler_zone(query, &hit);
    } else if (y >= split && y < split + KT_SPLIT) {
        hit.zone = KT_ZONE_SPLIT;
    } else {
        const kt_row *row = kt_view_row_at(query->view, y);
        if (!row) return hit;
        hit.row = *row;
        hit.on_row = true;
        hit.zone = row_zone(query, &hit);
    }
    return hit;
}
