/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From lanes to tracks: what does not fit on a lane's first track goes on another. */
#include <stdlib.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml.h"

/* ---- Order ---- */

/* Pictures from the lowest lane to the highest, then sound from the highest to the lowest; in a lane by time. */
static int by_lane(const void *left, const void *right)
{
    const fx_unit *a = left, *b = right;
    if (a->audio != b->audio) {
        return a->audio ? 1 : -1;
    }
    if (a->lane != b->lane) {
        return (a->lane < b->lane) == a->audio ? 1 : -1;
    }
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

static int by_track(const void *left, const void *right)
{
    const fx_unit *a = left, *b = right;
    if (a->audio != b->audio || a->lane != b->lane || a->track == b->track) {
        return by_lane(left, right);
    }
    return a->track < b->track ? -1 : 1;
}

static bool same_lane(const fx_unit *a, const fx_unit *b)
{
    return a->audio == b->audio && a->lane == b->lane;
}

/* Each unit goes on the first track of its lane that is free; the primary storyline has the first for itself. */
static size_t fit_lane(fx_unit *units, size_t count, kf_time *ends)
{
    size_t tracks = 0;
    for (size_t i = 0; i < count; i++) {
        if (units[i].primary) {
            units[i].track = 0;
            ends[tracks++] = KF_MODEL_MAX_TIME;
        }
    }
    for (size_t i = 0; i < count; i++) {
        size_t t = 0;
        while (t < tracks && ends[t] > units[i].start) {
            t++;
        }
        if (units[i].primary) {
            continue;
        }
        if (t >= KF_MODEL_MAX_TRACKS) {
            return t + 1;
        }
        units[i].track = (int32_t)t;
        ends[t] = units[i].end;
        tracks += t == tracks;
    }
    return tracks;
}

static void fit_lanes(fx_story *s, const kf_xml *sequence)
{
    kf_time *ends = kf_alloc((KF_MODEL_MAX_TRACKS + 2) * sizeof *ends);
    size_t total = 0;
    if (!ends) {
        s->failed = true;
        return;
    }
    for (size_t i = 0, n; i < s->unit_count && total <= KF_MODEL_MAX_TRACKS; i += n) {
        for (n = 1; i + n < s->unit_count && same_lane(&s->units[i], &s->units[i + n]); n++) {
        }
        total += fit_lane(&s->units[i], n, ends);
    }
    kf_free(ends);
    if (total > KF_MODEL_MAX_TRACKS && s->r->status == KF_OK) {
        s->r->status = kf_xml_fail(sequence, s->r->name, s->r->err, "it needs more than %d tracks",
                                   KF_MODEL_MAX_TRACKS);
    }
}

/* ---- Items ---- */

/* A track that is being written. */
typedef struct track {
    fx_story *s;
    kf_json_writer *w;
    kf_time end;                 /* of what was written */
    kf_item_kind last;           /* NONE: nothing yet */
    kf_time room;                /* of the last item, as far as no transition lies over it */
    kf_time over;                /* what the last transition takes of the item behind it */
    const fx_item *ahead;        /* the next item of the unit that is no transition, as last found */
} track;

static void lose_at(track *t, const fx_item *item, kf_loss_kind kind, const char *what)
{
    ix_place where;
    ix_where(where, &t->s->view, NULL, item->start, "");
    kf_report_add(t->s->r->report, kind, where, "%s", what);
}

static void wrote(track *t, kf_item_kind kind, kf_time duration)
{
    t->end += duration;
    t->last = kind;
    t->room = duration - t->over;
    t->over = 0;
}

static void write_gap(track *t, kf_time duration)
{
    kf_json_begin_object(t->w);
    ix_put_time(t->w, "gap", duration, t->s->view.rate);
    kf_json_end_object(t->w);
    wrote(t, KF_ITEM_GAP, duration);
}

/* The item's members stand in the story's text. */
static void write_members(track *t, const fx_item *item, const char *key, kf_time time)
{
    kf_str *out = t->w->out;
    ix_put_time(t->w, key, time, t->s->view.rate);
    if (item->size && !t->s->text.failed) {
        kf_str_add(out, ",");
        kf_str_add_n(out, t->s->text.data + item->at, item->size);
    }
}

/* Times that were rounded to a flick do not make gaps. */
static void go_to(track *t, const fx_item *item)
{
    kf_time ahead = item->start - t->end;
    if (ahead > 1) {
        write_gap(t, ahead);
    } else if (ahead < -1) {
        lose_at(t, item, KF_LOSS_CHANGED, "it begins before the end of what is before it, and was moved behind that");
    }
}

static void write_item(track *t, const fx_item *item)
{
    kf_time rounded = item->start - t->end == 1;
    go_to(t, item);
    kf_json_begin_object(t->w);
    write_members(t, item, item->kind == KF_ITEM_GAP ? "gap" : "duration", item->duration + rounded);
    kf_json_end_object(t->w);
    wrote(t, item->kind, item->duration + rounded);
}

/* ---- Transitions ---- */

/* Where the cut is: the end of what is before it, or the start of what follows, if that lies within. */
static kf_time cut_of(const track *t, const fx_item *item, const fx_item *next)
{
    kf_time end = item->start + item->duration;
    if (t->last != KF_ITEM_NONE && t->end >= item->start && t->end <= end) {
        return t->end;
    }
    return next && next->start >= t->end && next->start >= item->start && next->start <= end ? next->start : t->end;
}

static kf_time least(kf_time a, kf_time b)
{
    return a < b ? a : b;
}

/* How much of a transition lies before its cut. Times that were rounded to a flick are at its ends, or in its middle. */
static kf_time part_before(track *t, const fx_item *item, kf_time cut)
{
    kf_time before = cut - item->start, after = item->duration - before;
    if (before < 0 || after < 0) {
        lose_at(t, item, KF_LOSS_CHANGED, "this transition was moved to lie centred on its cut");
        return item->duration / 2;
    }
    bool middle = before - after <= 2 && after - before <= 2;
    return before <= 1 ? 0 : after <= 1 ? item->duration : middle ? item->duration / 2 : before;
}

static void write_transition(track *t, const fx_item *item, const fx_item *next)
{
    kf_time cut = cut_of(t, item, next), lead = cut > t->end + 1 ? cut - t->end : 0;
    kf_time gap = next && next->start > cut + 1 ? next->start - cut : 0;
    bool from = t->last == KF_ITEM_CLIP && !lead, to = next && next->kind == KF_ITEM_CLIP && !gap;
    if ((!from && !to) || t->last == KF_ITEM_TRANSITION) {
        lose_at(t, item, KF_LOSS_DROPPED, "a transition without a clip on either side");
        return;
    }
    kf_time part = part_before(t, item, cut);
    kf_time before = least(part, lead ? lead : t->last == KF_ITEM_NONE ? 0 : t->room);
    kf_time after = least(item->duration - part, gap ? gap : next ? next->duration : KF_MODEL_MAX_TIME);
    kf_time duration = before + after;
    if (duration <= 0) {
        lose_at(t, item, KF_LOSS_DROPPED, "a transition that its clips are too short for");
        return;
    }
    if (duration < item->duration) {
        lose_at(t, item, KF_LOSS_CHANGED, "this transition was made shorter: its clips are too short for it");
    }
    if (lead) {
        write_gap(t, lead);
    }
    kf_json_begin_object(t->w);
    ix_put_split(t->w, before, duration, t->s->view.rate);
    write_members(t, item, "duration", duration);
    kf_json_end_object(t->w);
    t->last = KF_ITEM_TRANSITION;
    t->over = after;
}

static const fx_item *skip_transitions(const fx_item *item, const fx_item *end)
{
    while (item < end && item->kind == KF_ITEM_TRANSITION) {
        item++;
    }
    return item;
}

/* The item after this one, or the next unit's first. */
static const fx_item *next_of(track *t, const fx_unit *unit, const fx_unit *next, const fx_item *item)
{
    const fx_item *items = t->s->items, *end = items + unit->first + unit->count;
    if (!t->ahead || t->ahead <= item) {
        t->ahead = skip_transitions(item + 1, end);
    }
    if (t->ahead < end || !next) {
        return t->ahead < end ? t->ahead : NULL;
    }
    const fx_item *last = items + next->first + next->count, *first = skip_transitions(items + next->first, last);
    return first < last ? first : NULL;
}

static void write_unit(track *t, const fx_unit *unit, const fx_unit *next)
{
    const fx_item *item = t->s->items + unit->first, *end = item + unit->count;
    t->ahead = NULL;
    for (; item < end; item++) {
        if (item->kind == KF_ITEM_TRANSITION) {
            write_transition(t, item, next_of(t, unit, next, item));
        } else {
            write_item(t, item);
        }
    }
}

/* ---- Tracks ---- */

/* The n-th angle of a multicam clip. */
static const kf_xml *angle_at(const kf_xml *multicam, int32_t n)
{
    const kf_xml *angle = kf_xml_child(multicam, "mc-angle");
    for (; angle && n > 1; n--) {
        angle = kf_xml_again(angle);
    }
    return angle;
}

static void write_track_head(fx_story *s, kf_json_writer *w, const fx_unit *unit, const kf_xml *angle)
{
    static const char *const kept[] = {"angleID", NULL};
    fx_kept keep;
    if (unit->audio) {
        kf_json_put_string(w, "kind", "audio");
    }
    ix_put_text(w, "name", kf_xml_attr(angle, "name"));
    fx_keep_begin(&keep);
    kf_json_put_int(&keep.w, "lane", unit->lane);
    fx_keep_attributes(&keep, angle, kept);
    fx_keep_end(&keep, w);
}

static void write_tracks(fx_story *s, kf_json_writer *w, const kf_xml *sequence)
{
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    for (size_t i = 0; i < s->unit_count;) {
        const fx_unit *first = &s->units[i];
        track t = {.s = s, .w = w};
        kf_json_begin_object(w);
        write_track_head(s, w, first, s->multicam ? angle_at(sequence, first->lane) : NULL);
        kf_json_key(w, "clips");
        kf_json_begin_array(w);
        for (bool more = true; more; i++) {
            const fx_unit *next = i + 1 < s->unit_count ? &s->units[i + 1] : NULL;
            more = next && same_lane(first, next) && next->track == first->track;
            write_unit(&t, &s->units[i], more ? next : NULL);
        }
        kf_json_end_array(w);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
}

/* ---- The sequence ---- */

static void write_picture(fx_story *s, kf_json_writer *w)
{
    char label[32];
    if (s->format.width && s->format.height) {
        kf_json_key(w, "size");
        kf_json_begin_array(w);
        kf_json_write_int(w, s->format.width);
        kf_json_write_int(w, s->format.height);
        kf_json_end_array(w);
    }
    if (s->format.pixel_aspect.num != s->format.pixel_aspect.den) {
        ix_put_ratio(w, "pixel_aspect", s->format.pixel_aspect);
    }
    if (s->view.start_timecode) {
        kf_timecode_format(s->view.start_timecode, s->view.rate, s->view.drop_frame, label);
        kf_json_put_string(w, "start_timecode", label);
    }
    if (s->view.drop_frame) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    if (s->multicam) {
        kf_json_put_bool(w, "multicam", true);
    }
}

static void write_sound(kf_json_writer *w, const kf_xml *sequence)
{
    double khz;
    const char *layout = kf_xml_attr(sequence, "audioLayout"), *rate = kf_xml_attr(sequence, "audioRate");
    if (layout && layout[0] != 's') {
        kf_json_put_int(w, "channels", 1);
    } else if (layout && layout[1] == 'u') {
        kf_json_put_int(w, "channels", 6);
    }
    if (rate && fx_read_numbers(rate, &khz, 1) == 1 && khz >= 8 && khz <= 192) {
        kf_json_put_int(w, "sample_rate", (int64_t)(khz * 1000 + 0.5));
    }
}

static void keep_sequence(fx_story *s, kf_json_writer *w, const kf_xml *sequence, const kf_xml *owner)
{
    static const char *const attributes[] = {"renderFormat", "keywords", NULL};
    static const char *const elements[] = {"note", "metadata", NULL};
    const kf_xml *format = fx_resource(s->r, sequence, "format", "format");
    char name[64];
    bool named = fx_format_name(s->format.width, s->format.height, s->format.rate, name);
    fx_kept keep;
    fx_keep_begin(&keep);
    fx_keep_attributes(&keep, sequence, attributes);
    fx_keep_children(&keep, "elements", kf_xml_is(sequence, "clip") ? NULL : sequence, elements, false);
    ix_put_text(&keep.w, "uid", kf_xml_attr(owner, "uid"));
    ix_put_text(&keep.w, "element", kf_xml_is(owner, "media") ? "media" : NULL);
    if (!named || !fx_attr_is(format, "name", name)) {
        ix_put_text(&keep.w, "format", kf_xml_attr(format, "name"));
    }
    ix_put_text(&keep.w, "colorSpace", kf_xml_attr(format, "colorSpace"));
    if (!fx_keep_end(&keep, w)) {
        kf_report_add(s->r->report, KF_LOSS_DROPPED, s->view.name, "its metadata is larger than 1 MiB");
    }
}

static void finish(fx_story *s)
{
    s->r->film.failed |= s->failed || s->text.failed || s->markers.failed;
    kf_str_finish(&s->text);
    kf_str_finish(&s->markers);
    kf_free(s->items);
    kf_free(s->units);
    kf_free(s->placed);
}

const char *fx_story_end(fx_story *s, const kf_xml *sequence, const kf_xml *owner)
{
    ix_sequence out;
    ix_sequence_begin(&s->r->film, &out, s->view.name, s->format.rate);
    if (s->unit_count) {
        qsort(s->units, s->unit_count, sizeof *s->units, by_lane);
        fit_lanes(s, sequence);
        qsort(s->units, s->unit_count, sizeof *s->units, by_track);
    }
    write_picture(s, &out.w);
    write_sound(&out.w, sequence);
    fx_write_bin(s->r, &out.w, kf_xml_is(owner, "media") ? fx_browser_clip(s->r, owner) : owner);
    keep_sequence(s, &out.w, sequence, owner);
    kf_json_end_array(&s->mw);
    if (s->markers.length > 2 && !s->markers.failed) {
        kf_json_key(&out.w, "markers");
        kf_json_write_raw(&out.w, s->markers.data);
    }
    if (s->r->status == KF_OK && !s->failed && !s->text.failed) {
        write_tracks(s, &out.w, sequence);
    }
    ix_sequence_end(&s->r->film, &out);
    s->r->height = s->height + 1;
    s->r->depth--;
    if (s->r->height > KF_MODEL_MAX_NESTING && s->r->status == KF_OK) {
        s->r->status = kf_xml_fail(sequence, s->r->name, s->r->err, "clips are nested in each other more than %d deep",
                                   KF_MODEL_MAX_NESTING);
    }
    finish(s);
    return out.id;
}
