/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips, transitions and markers as members of their objects. */
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml.h"

/* ---- Time maps ---- */

typedef struct map {
    kf_time *time, *value;       /* count of each, ascending in time */
    uint32_t count;
    bool ramps;                  /* a speed changes smoothly */
} map;

static bool read_map(fx_story *s, const kf_xml *element, map *m)
{
    const kf_xml *timed = kf_xml_child(element, "timeMap");
    *m = (map){0};
    if (!timed || !timed->child_count) {
        return false;
    }
    m->time = kf_alloc_zero(timed->child_count, 2 * sizeof *m->time);
    if (!m->time) {
        s->failed = true;
        return false;
    }
    m->value = m->time + timed->child_count;
    for (const kf_xml *e = kf_xml_child(timed, "timept"); e; e = kf_xml_again(e)) {
        kf_time t = fx_time_attr(s->r, e, "time", 0);
        if (m->count && t <= m->time[m->count - 1]) {
            continue;
        }
        m->time[m->count] = t;
        m->value[m->count++] = fx_time_attr(s->r, e, "value", 0);
        m->ramps |= kf_xml_attr(e, "inTime") || kf_xml_attr(e, "outTime");
    }
    return m->count > 1;
}

/* Source time at local time t; before the first and after the last point the speed there goes on. */
static kf_time map_at(const map *m, kf_time t)
{
    uint32_t i = 1;
    while (i + 1 < m->count && t > m->time[i]) {
        i++;
    }
    kf_time span = m->time[i] - m->time[i - 1];
    return m->value[i - 1] + kf_muldiv_floor(t - m->time[i - 1], m->value[i] - m->value[i - 1], span);
}

/* Whether one speed holds from `start` to `end`: num / den of it. */
static bool one_speed(const map *m, kf_time start, kf_time end, int64_t *num, int64_t *den)
{
    uint32_t first = 1, last;
    while (first + 1 < m->count && m->time[first] <= start) {
        first++;
    }
    *num = m->value[first] - m->value[first - 1];
    *den = m->time[first] - m->time[first - 1];
    for (last = first; last + 1 < m->count && m->time[last] < end; last++) {
        kf_time straight = m->value[last] + kf_muldiv_floor(m->time[last + 1] - m->time[last], *num, *den);
        if (straight - m->value[last + 1] > 1 || m->value[last + 1] - straight > 1) {
            return false;
        }
    }
    return true;
}

/* Source time of a local one. A map that goes on beyond its points may lead past what a film can hold. */
static kf_time source_time(fx_story *s, const fx_placed *p, kf_time local)
{
    kf_time t = local - p->source.origin;
    if (t >= -KF_MODEL_MAX_TIME && t <= KF_MODEL_MAX_TIME) {
        return t;
    }
    fx_lose(s, KF_LOSS_CHANGED, p, "its source time lies past 1000 hours, and was moved there");
    return t < 0 ? -KF_MODEL_MAX_TIME : KF_MODEL_MAX_TIME;
}

static void write_remap_key(fx_story *s, const fx_placed *p, kf_time local, kf_time value)
{
    kf_json_begin_object(&s->w);
    ix_put_time(&s->w, "t", local - p->place.local, s->view.rate);
    ix_put_time(&s->w, "source", source_time(s, p, value), s->view.rate);
    kf_json_end_object(&s->w);
}

static void write_remap(fx_story *s, const fx_placed *p, const map *m)
{
    kf_time start = p->place.local, end = start + p->place.duration;
    kf_json_key(&s->w, "remap");
    kf_json_begin_array(&s->w);
    write_remap_key(s, p, start, map_at(m, start));
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->time[i] > start && m->time[i] < end) {
            write_remap_key(s, p, m->time[i], m->value[i]);
        }
    }
    write_remap_key(s, p, end, map_at(m, end));
    kf_json_end_array(&s->w);
    if (m->ramps) {
        fx_lose(s, KF_LOSS_CHANGED, p, "its speed changes at once where it changed smoothly");
    }
}

static void write_in(fx_story *s, kf_time in)
{
    if (in != 0) {
        ix_put_time(&s->w, "in", in, s->view.rate);
    }
}

static void write_speed(fx_story *s, kf_rational speed)
{
    if (speed.num != speed.den) {
        ix_put_ratio(&s->w, "speed", speed);
    }
}

static void write_mapped(fx_story *s, const fx_placed *p, const map *m)
{
    kf_time start = p->place.local, end = start + p->place.duration;
    int64_t num, den;
    kf_rational speed;
    bool steady = one_speed(m, start, end, &num, &den);
    if (steady && num == 0) {
        ix_put_time(&s->w, "freeze", source_time(s, p, map_at(m, start)), s->view.rate);
    } else if (steady && kf_rational_make(num < 0 ? -num : num, den, &speed) && speed.num / 1000 <= speed.den &&
               speed.den / 1000 <= speed.num) {
        write_in(s, source_time(s, p, map_at(m, num < 0 ? end : start)));
        write_speed(s, speed);
        if (num < 0) {
            kf_json_put_bool(&s->w, "reverse", true);
        }
    } else {
        write_remap(s, p, m);
    }
    if (kf_xml_child(p->element, "conform-rate") && p->place.speed.num != p->place.speed.den) {
        fx_lose(s, KF_LOSS_CHANGED, p, "its rate conform is left out: its time map alone says its speed");
    }
}

static void write_times(fx_story *s, const fx_placed *p)
{
    map m;
    if (p->source.kind == FX_TITLE || p->source.kind == FX_GENERATOR || p->source.still) {
        return;
    }
    if (read_map(s, p->element, &m)) {
        write_mapped(s, p, &m);
    } else {
        write_in(s, source_time(s, p, p->place.local));
        write_speed(s, p->place.speed);
    }
    if (fx_attr_is(kf_xml_child(p->element, "timeMap"), "preservesPitch", "0")) {
        kf_json_put_bool(&s->w, "pitch_preserve", false);
    }
    kf_free(m.time);
}

/* ---- Markers ---- */

bool fx_is_marker(const kf_xml *e)
{
    return kf_xml_is(e, "marker") || kf_xml_is(e, "chapter-marker");
}

void fx_write_marker(fx_reader *r, kf_json_writer *w, const kf_xml *e, kf_time time, kf_rational rate)
{
    const char *completed = kf_xml_attr(e, "completed"), *poster = kf_xml_attr(e, "posterOffset");
    kf_time duration = fx_time_attr(r, e, "duration", 0);
    kf_json_begin_object(w);
    ix_put_time(w, "time", time, rate);
    if (duration > kf_frame_start(1, rate)) {
        ix_put_time(w, "duration", duration, rate);
    }
    ix_put_text(w, "name", kf_xml_attr(e, "value"));
    ix_put_text(w, "note", kf_xml_attr(e, "note"));
    if (completed || kf_xml_is(e, "chapter-marker")) {
        kf_json_put_string(w, "kind", completed ? "todo" : "chapter");
    }
    if ((completed && strcmp(completed, "1") == 0) || poster) {
        static const char *const names[] = {"completed", "posterOffset", NULL};
        fx_kept keep;
        fx_keep_begin(&keep);
        fx_keep_attributes(&keep, e, names);
        fx_keep_end(&keep, w);
    }
    kf_json_end_object(w);
}

static kf_time marker_time(fx_story *s, const fx_placed *p, const kf_xml *marker)
{
    kf_time ahead = fx_time_attr(s->r, marker, "start", 0) - p->place.local;
    return kf_muldiv_floor(ahead, p->place.speed.den, p->place.speed.num);
}

bool fx_is_marker_inside(fx_story *s, const fx_placed *p, const kf_xml *e)
{
    kf_time t = fx_is_marker(e) ? marker_time(s, p, e) : -1;
    return t >= 0 && t <= p->place.duration;
}

void fx_write_markers(fx_story *s, const fx_placed *p)
{
    bool gap = p->source.kind == FX_NOTHING, any = false;
    for (const kf_xml *e = p->element->first; e; e = e->next) {
        if (!fx_is_marker_inside(s, p, e)) {
            continue;
        }
        kf_time t = marker_time(s, p, e);
        if (gap) {
            fx_write_marker(s->r, &s->mw, e, p->place.start + t, s->view.rate);
        } else {
            if (!any) {
                kf_json_key(&s->w, "markers");
                kf_json_begin_array(&s->w);
            }
            any = true;
            fx_write_marker(s->r, &s->w, e, t, s->view.rate);
        }
    }
    if (any) {
        kf_json_end_array(&s->w);
    }
}

/* ---- Clips ---- */

static void write_source(fx_story *s, const fx_placed *p)
{
    switch (p->source.kind) {
    case FX_ASSET:
        kf_json_put_string(&s->w, "asset", p->source.id);
        break;
    case FX_SEQUENCE:
        kf_json_put_string(&s->w, "sequence", p->source.id);
        break;
    case FX_TITLE:
        fx_write_title(s, p);
        break;
    default:
        fx_write_generator(s, p);
        break;
    }
}

static void write_angles(fx_story *s, const fx_source *source)
{
    if (source->angle) {
        kf_json_put_int(&s->w, "angle", source->angle);
    }
    if (source->audio_angle) {
        kf_json_put_int(&s->w, "audio_angle", source->audio_angle);
    }
}

/* The name that a clip has if it says none. */
static const char *source_name(fx_story *s, const fx_placed *p)
{
    return p->source.kind == FX_ASSET ? fx_name(p->source.resource)
                                      : fx_name(fx_resource(s->r, p->element, "ref", "media"));
}

void fx_write_clip(fx_story *s, const fx_placed *p, fx_part part, int64_t link)
{
    kf_json_writer *w = &s->w;
    bool sound = part != FX_PICTURE && p->source.audio;
    if (strcmp(fx_name(p->element), source_name(s, p)) != 0) {
        ix_put_text(w, "name", fx_name(p->element));
    }
    write_source(s, p);
    write_times(s, p);
    if (fx_attr_is(p->element, "enabled", "0")) {
        kf_json_put_bool(w, "enabled", false);
    }
    if (part != FX_SOUND && !sound && p->source.kind <= FX_SEQUENCE) {
        kf_json_put_bool(w, "audio", false);
    }
    write_angles(s, &p->source);
    if (link) {
        kf_json_put_int(w, "link", link);
    }
    fx_write_adjustments(s, p, part != FX_SOUND, sound);
    if (part == FX_SOUND && link) {
        return; /* the picture has the rest */
    }
    fx_write_markers(s, p);
    fx_keep_clip(s, p);
    if (s->r->inexact) {
        fx_lose(s, KF_LOSS_CHANGED, p, "a time in it is no whole flick (1/705600000 s), and was rounded to one");
        s->r->inexact = false;
    }
}

/* ---- Transitions ---- */

static const struct { const char *name, *kind; } transition_kinds[] = {
    {"Cross Dissolve", "dissolve"}, {"Dissolve", "dissolve"}, {"Fade To Color", "dip_to_color"},
    {"Fade to Color", "dip_to_color"}, {"Audio Crossfade", "dissolve"}, {"Wipe", "wipe"}, {"Edge Wipe", "wipe"},
    {"Slide", "slide"}, {"Push", "push"}, {"Zoom", "zoom"},
};

static const char *transition_kind(const char *name)
{
    for (size_t i = 0; i < sizeof transition_kinds / sizeof *transition_kinds; i++) {
        if (strcmp(transition_kinds[i].name, name) == 0) {
            return transition_kinds[i].kind;
        }
    }
    return NULL;
}

void fx_write_transition(fx_story *s, const fx_placed *p)
{
    static const char *const read[] = {NULL};
    const kf_xml *element = p->element;
    const kf_xml *filter = kf_xml_child(element, "filter-video");
    const kf_xml *effect = fx_resource(s->r, filter, "ref", "effect");
    const char *name = *fx_name(element) ? fx_name(element) : *fx_name(effect) ? fx_name(effect) : "Cross Dissolve";
    const char *kind = transition_kind(*fx_name(effect) ? fx_name(effect) : name);
    fx_kept keep;
    kf_json_put_string(&s->w, "transition", kind ? kind : "dissolve");
    ix_put_text(&s->w, "name", fx_name(element));
    if (!kind) {
        fx_lose(s, KF_LOSS_CHANGED, p, "the transition \"%.80s\" became a dissolve", name);
    } else if (filter && filter->first) {
        fx_lose(s, KF_LOSS_METADATA, p, "the settings of the transition \"%.80s\" are kept as metadata", name);
    }
    fx_keep_begin(&keep);
    fx_keep_children(&keep, "elements", element, read, true);
    if (!fx_keep_end(&keep, &s->w)) {
        fx_lose(s, KF_LOSS_DROPPED, p, "its settings are larger than 1 MiB");
    }
}
