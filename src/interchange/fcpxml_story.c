/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading storylines: where each element lies in its sequence, and what is connected to it. */
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml.h"

/* ---- Kinds of elements ---- */

bool fx_is_one_of(const kf_xml *element, const char *const *names)
{
    while (*names && !kf_xml_is(element, *names)) {
        names++;
    }
    return *names != NULL;
}

bool fx_is_story_item(const kf_xml *element)
{
    static const char *const names[] = {"asset-clip", "clip", "video", "audio", "title", "gap", "ref-clip", "mc-clip",
                                        "sync-clip", "audition", "caption", NULL};
    return fx_is_one_of(element, names);
}

/* What has content of its own in place of a reference: its children without a lane. */
static bool is_container(const kf_xml *element)
{
    return kf_xml_is(element, "clip") || kf_xml_is(element, "sync-clip");
}

static const kf_xml *chosen_of(const kf_xml *audition)
{
    const kf_xml *e = audition->first;
    while (e && !fx_is_story_item(e)) {
        e = e->next;
    }
    return e;
}

/* ---- Places ---- */

/* How fast local time runs: a rate conform shows each frame of the media for one of the sequence. */
static kf_rational conform_speed(fx_story *s, const kf_xml *element)
{
    double number;
    kf_rational from, speed = {1, 1}, to = s->format.rate;
    const kf_xml *conform = kf_xml_child(element, "conform-rate");
    const char *source = kf_xml_attr(conform, "srcFrameRate");
    if (!source || fx_attr_is(conform, "scaleEnabled", "0") || fx_read_numbers(source, &number, 1) != 1 ||
        !ix_rate_from_number(number, &from) || to.num <= 0) {
        return speed;
    }
    kf_rational_make((int64_t)to.num * from.den, (int64_t)to.den * from.num, &speed);
    return speed;
}

/* The length of what is shown, for elements that do not say theirs. */
static kf_time natural_duration(fx_story *s, const fx_placed *p)
{
    const kf_xml *media = fx_resource(s->r, p->element, "ref", "media");
    const kf_xml *timed = p->source.kind == FX_ASSET ? p->source.resource : media ? media->first : NULL;
    kf_time whole = fx_time_attr(s->r, timed, "duration", 0);
    return whole > 0 ? whole - (p->place.local - p->source.start) : 0;
}

/* What begins before the sequence loses its head. */
static bool trim_head(fx_story *s, fx_placed *p)
{
    fx_place *at = &p->place;
    kf_time early = at->start < 0 ? -at->start : 0;
    if (early == 0) {
        return true;
    }
    if (early >= at->duration) {
        fx_lose(s, KF_LOSS_DROPPED, p, "it lies before the beginning of the sequence");
        return false;
    }
    fx_lose(s, KF_LOSS_CHANGED, p, "what lies before the beginning of the sequence is cut off");
    at->start = 0;
    at->duration -= early;
    at->local += kf_muldiv_floor(early, at->speed.num, at->speed.den);
    return true;
}

static bool place(fx_story *s, const kf_xml *element, kf_time start, int32_t lane, fx_placed *p)
{
    fx_reader *r = s->r;
    bool audition = kf_xml_is(element, "audition");
    *p = (fx_placed){.element = audition ? chosen_of(element) : element, .audition = audition ? element : NULL};
    if (!p->element) {
        return false;
    }
    p->place = (fx_place){.start = start, .lane = lane, .speed = conform_speed(s, p->element)};
    fx_resolve(s, p->element, &p->source);
    p->place.local = fx_time_attr(r, p->element, "start", p->source.start);
    p->place.duration = fx_time_attr(r, p->element, "duration", -1);
    if (p->place.duration < 0) {
        p->place.duration = natural_duration(s, p);
    }
    if (r->status == KF_OK && p->place.duration <= 0) {
        fx_lose(s, KF_LOSS_DROPPED, p, "it has no duration");
        return false;
    }
    if (r->status == KF_OK && start > KF_MODEL_MAX_TIME - p->place.duration) {
        r->status = kf_xml_fail(element, r->name, r->err, "it lies past 1000 hours");
    }
    return r->status == KF_OK && trim_head(s, p);
}

/* ---- Items ---- */

static void *push(fx_story *s, void **items, size_t *count, size_t *capacity, size_t size)
{
    if (kf_grow(items, capacity, *count + 1, size) != 0) {
        s->failed = true;
        return NULL;
    }
    return (char *)*items + (*count)++ * size;
}

static void add_item(fx_story *s, fx_item item)
{
    void *items = s->items;
    fx_item *slot = push(s, &items, &s->item_count, &s->item_capacity, sizeof item);
    s->items = items;
    if (slot) {
        *slot = item;
    }
}

static size_t begin_item(fx_story *s)
{
    s->w = (kf_json_writer){.out = &s->text, .compact = true};
    kf_json_begin_object(&s->w);
    return s->text.length;
}

/* Only the members are kept: what an item is, and where its neighbours are, is written with its track. */
static void end_item(fx_story *s, fx_item item)
{
    item.size = s->text.length - item.at;
    kf_json_end_object(&s->w);
    add_item(s, item);
}

static void add_clip(fx_story *s, const fx_placed *p, fx_part part, int64_t link)
{
    fx_item item = {.kind = KF_ITEM_CLIP, .start = p->place.start, .duration = p->place.duration};
    item.at = begin_item(s);
    fx_write_clip(s, p, part, link);
    end_item(s, item);
}

static void add_gap(fx_story *s, const fx_placed *p)
{
    fx_item item = {.kind = KF_ITEM_GAP, .start = p->place.start, .duration = p->place.duration};
    item.at = begin_item(s);
    if (kf_xml_is(p->element, "gap") && strcmp(fx_name(p->element), "Gap") != 0) {
        ix_put_text(&s->w, "name", fx_name(p->element));
    }
    end_item(s, item);
}

static void add_transition(fx_story *s, const fx_placed *p)
{
    fx_item item = {.kind = KF_ITEM_TRANSITION, .start = p->place.start, .duration = p->place.duration};
    item.at = begin_item(s);
    fx_write_transition(s, p);
    end_item(s, item);
}

/* Sound has the lanes below the primary storyline. */
static void add_unit(fx_story *s, fx_unit unit)
{
    void *units = s->units;
    unit.order = s->unit_count;
    unit.lane = unit.audio && unit.lane >= 0 ? -1 : unit.lane;
    fx_unit *slot = push(s, &units, &s->unit_count, &s->unit_capacity, sizeof unit);
    s->units = units;
    if (slot) {
        *slot = unit;
    }
}

/* Only sound is on an audio track of its own. */
static bool is_sound(const fx_story *s, const fx_placed *p)
{
    return p->source.audio && !p->source.video && !s->multicam;
}

static bool is_shown(const fx_story *s, const fx_placed *p)
{
    return p->source.kind != FX_NOTHING && !is_sound(s, p);
}

/* ---- Sound that lies elsewhere than its picture ---- */

/* J and L cuts: audioStart and audioDuration. */
static bool split_sound(fx_story *s, const fx_placed *p, fx_placed *sound)
{
    kf_time start = fx_time_attr(s->r, p->element, "audioStart", p->place.local);
    kf_time duration = fx_time_attr(s->r, p->element, "audioDuration", p->place.duration);
    if (!p->source.audio || !p->source.video || s->multicam || duration <= 0 ||
        (start == p->place.local && duration == p->place.duration)) {
        return false;
    }
    *sound = *p;
    sound->place.start += kf_muldiv_floor(start - p->place.local, p->place.speed.den, p->place.speed.num);
    sound->place.local = start;
    sound->place.duration = duration;
    sound->place.lane = p->place.lane - 1;
    sound->source.video = false;
    return true;
}

static void add_sound_unit(fx_story *s, const fx_placed *p, int64_t link)
{
    fx_placed sound = *p;
    if (p->place.start > KF_MODEL_MAX_TIME - p->place.duration) {
        fx_lose(s, KF_LOSS_DROPPED, p, "its sound lies past 1000 hours");
    } else if (trim_head(s, &sound)) {
        add_unit(s, (fx_unit){.lane = p->place.lane, .audio = true, .start = sound.place.start, .first = s->item_count,
                              .end = sound.place.start + sound.place.duration, .count = 1});
        add_clip(s, &sound, FX_SOUND, link);
    }
}

/* ---- Runs ---- */

static bool push_placed(fx_story *s, const fx_placed *p)
{
    void *placed = s->placed;
    fx_placed *slot = push(s, &placed, &s->placed_count, &s->placed_capacity, sizeof *p);
    s->placed = placed;
    if (slot) {
        *slot = *p;
    }
    return slot != NULL;
}

static void read_attached(fx_story *s, const fx_placed *p);

/* Writes the items of placed[from ..] on one track, then all that hangs on them. */
static void read_run(fx_story *s, size_t from, bool primary)
{
    size_t count = s->placed_count - from;
    bool shown = false, heard = false;
    fx_placed *placed = s->placed + from;
    for (size_t i = 0; i < count; i++) {
        shown |= is_shown(s, &placed[i]) && placed[i].element;
        heard |= is_sound(s, &placed[i]);
    }
    fx_unit unit = {.first = s->item_count, .audio = heard && !shown, .primary = primary};
    for (size_t i = 0; i < count && s->r->status == KF_OK; i++) {
        fx_placed p = s->placed[from + i], sound;
        unit.lane = p.place.lane;
        kf_time end = p.place.start + p.place.duration;
        unit.end = end > unit.end ? end : unit.end;
        unit.start = i == 0 ? p.place.start : unit.start;
        if (kf_xml_is(p.element, "transition")) {
            add_transition(s, &p);
        } else if (unit.audio ? is_sound(s, &p) : is_shown(s, &p)) {
            bool split = split_sound(s, &p, &sound);
            s->r->links += split;
            p.link = s->placed[from + i].link = split ? s->r->links : 0;
            add_clip(s, &p, unit.audio ? FX_SOUND : split ? FX_PICTURE : FX_WHOLE, p.link);
        } else {
            add_gap(s, &p);
        }
    }
    unit.count = s->item_count - unit.first;
    if (shown || heard || primary) {
        add_unit(s, unit);
    }
    for (size_t i = 0; i < count && s->r->status == KF_OK; i++) {
        fx_placed p = s->placed[from + i], sound;
        if (is_sound(s, &p) && !unit.audio) {
            add_sound_unit(s, &p, 0);
        }
        if (p.link && split_sound(s, &p, &sound)) {
            add_sound_unit(s, &sound, p.link);
        }
        read_attached(s, &p);
    }
    s->placed_count = from;
}

static int32_t lane_of(const kf_xml *element)
{
    const char *text = kf_xml_attr(element, "lane");
    long lane = text ? strtol(text, NULL, 10) : 0;
    return lane > 10000 ? 10000 : lane < -10000 ? -10000 : (int32_t)lane;
}

/* A connected clip or storyline: its offset counts in the local time of what it hangs on. */
static void read_connected(fx_story *s, const fx_placed *p, const kf_xml *child)
{
    const fx_place *parent = &p->place;
    kf_time ahead = fx_time_attr(s->r, child, "offset", parent->local) - parent->local;
    kf_time at = parent->start + kf_muldiv_floor(ahead, parent->speed.den, parent->speed.num);
    int32_t lane = parent->lane + lane_of(child);
    fx_placed placed;
    if (kf_xml_is(child, "spine")) {
        fx_read_spine(s, child, 0, lane, at);
    } else if (place(s, child, at, lane, &placed) && push_placed(s, &placed)) {
        read_run(s, s->placed_count - 1, false);
    }
}

static void read_attached(fx_story *s, const fx_placed *p)
{
    bool container = is_container(p->element);
    if (kf_xml_is(p->element, "transition")) {
        return;
    }
    if (p->source.kind == FX_NOTHING) {
        fx_write_markers(s, p);
    }
    for (const kf_xml *child = p->element->first; child && s->r->status == KF_OK; child = child->next) {
        bool item = fx_is_story_item(child) || kf_xml_is(child, "spine");
        if (item && (!container || kf_xml_attr(child, "lane"))) {
            read_connected(s, p, child);
        }
    }
}

static void place_transition(fx_story *s, const kf_xml *element, kf_time start, int32_t lane)
{
    fx_placed p = {.element = element, .place = {.start = start, .lane = lane, .speed = {1, 1}}};
    p.place.duration = fx_time_attr(s->r, element, "duration", 0);
    if (p.place.duration <= 0) {
        fx_lose(s, KF_LOSS_DROPPED, &p, "a transition needs a duration");
    } else {
        push_placed(s, &p);
    }
}

void fx_read_spine(fx_story *s, const kf_xml *spine, kf_time base, int32_t lane, kf_time at)
{
    size_t from = s->placed_count;
    kf_time position = at;
    for (const kf_xml *child = spine->first; child && s->r->status == KF_OK; child = child->next) {
        bool transition = kf_xml_is(child, "transition"), inner = kf_xml_is(child, "spine");
        fx_placed p;
        if ((!transition && !inner && !fx_is_story_item(child)) || kf_xml_attr(child, "lane")) {
            continue;
        }
        kf_time start = at + fx_time_attr(s->r, child, "offset", base + position - at) - base;
        if (transition) {
            place_transition(s, child, start, lane);
        } else if (inner) {
            fx_read_spine(s, child, base - fx_time_attr(s->r, child, "offset", 0), lane, at);
        } else if (place(s, child, start, lane, &p) && push_placed(s, &p)) {
            position = p.place.start + p.place.duration;
        }
    }
    if (s->r->status == KF_OK && s->placed_count > from) {
        read_run(s, from, s->multicam || (s->unit_count == 0 && from == 0));
    }
}

/* ---- Sequences ---- */

void fx_story_begin(fx_story *s, fx_reader *r, const char *name, const kf_xml *sequence)
{
    if (++r->depth > 2 * KF_MODEL_MAX_NESTING && r->status == KF_OK) {
        r->status = kf_xml_fail(sequence, r->name, r->err, "clips are nested in each other more than %d deep",
                                KF_MODEL_MAX_NESTING);
    }
    *s = (fx_story){.r = r, .format = fx_read_format(r, fx_resource(r, sequence, "format", "format"))};
    kf_rational rate = s->format.rate.num > 0 ? s->format.rate : (kf_rational){30, 1};
    s->view = (kf_sequence_view){.name = name, .id = "sequence", .rate = rate};
    s->view.drop_frame = fx_attr_is(sequence, "tcFormat", "DF") && ix_rate_drops(rate);
    kf_time start = fx_time_attr(r, sequence, "tcStart", 0);
    s->view.start_timecode = start > 0 ? kf_frame_at(start, rate) : 0;
    s->mw = (kf_json_writer){.out = &s->markers, .compact = true};
    kf_json_begin_array(&s->mw);
}

/* The earliest local time of a clip's own content. */
static kf_time content_begin(fx_reader *r, const kf_xml *clip)
{
    kf_time begin = KF_TIME_NONE;
    for (const kf_xml *child = clip->first; child; child = child->next) {
        bool spine = kf_xml_is(child, "spine");
        if ((spine || fx_is_story_item(child)) && !kf_xml_attr(child, "lane")) {
            kf_time offset = fx_time_attr(r, child, "offset", 0) + (spine ? content_begin(r, child) : 0);
            begin = begin == KF_TIME_NONE || offset < begin ? offset : begin;
        }
    }
    return begin == KF_TIME_NONE ? 0 : begin;
}

const char *fx_nest(fx_story *outer, const kf_xml *clip, kf_time *base)
{
    fx_story s;
    fx_story_begin(&s, outer->r, fx_name(clip), clip);
    if (s.format.rate.num <= 0) {
        s.format.rate = outer->format.rate;
        s.view.rate = outer->view.rate;
    }
    if (!s.format.width) {
        s.format.width = outer->format.width;
        s.format.height = outer->format.height;
    }
    *base = content_begin(outer->r, clip);
    fx_read_spine(&s, clip, *base, 0, 0);
    return fx_story_end(&s, clip, NULL);
}
