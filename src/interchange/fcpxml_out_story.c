/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From tracks to a spine and what is connected to it. The lowest video track is the primary storyline; what another
 * track shows hangs on the item of the primary storyline under its beginning. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml_out.h"

void fo_lose(const fo_story *s, kf_loss_kind kind, const char *track, kf_time t, const char *name, const char *format,
             ...)
{
    char message[500];
    ix_place where;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    message[kf_utf8_prefix(message, strlen(message))] = '\0';
    kf_report_add(s->o->report, kind, ix_where(where, &s->view, track, t, name), "%s", message);
}

/* ---- Lanes ---- */

/* The lane that a track had in the file it came from; 10001: none. */
static int32_t kept_lane(const kf_track_view *track)
{
    fo_kept kept;
    fo_kept_read(&kept, track->metadata);
    const kf_json *lane = kept.root ? kf_json_get(kept.root, "lane") : NULL;
    int32_t value = lane && lane->is_integer && lane->integer >= -10000 && lane->integer <= 10000
                        ? (int32_t)lane->integer : 10001;
    fo_kept_finish(&kept);
    return value;
}

/* Kept lanes hold if pictures ascend, with one at 0, and sounds descend below 0. */
static bool use_kept_lanes(fo_story *s)
{
    kf_track_view track;
    int32_t highest = -10001, lowest = 0, primary = -1;
    for (int32_t i = 0; kf_track_get(s->o->snapshot, &s->view, i, &track); i++) {
        int32_t lane = kept_lane(&track);
        bool audio = track.kind == KF_TRACK_AUDIO;
        if (lane > 10000 || (audio ? lane >= lowest : lane <= highest)) {
            return false;
        }
        s->lanes[i] = lane;
        *(audio ? &lowest : &highest) = lane;
        primary = !audio && lane == 0 ? i : primary;
    }
    s->primary = primary;
    return primary >= 0;
}

static void number_lanes(fo_story *s)
{
    kf_track_view track;
    int32_t video = 0, audio = 0;
    s->primary = -1;
    for (int32_t i = 0; kf_track_get(s->o->snapshot, &s->view, i, &track); i++) {
        if (track.kind == KF_TRACK_AUDIO) {
            s->lanes[i] = --audio;
        } else {
            s->primary = s->primary < 0 ? i : s->primary;
            s->lanes[i] = video++;
        }
    }
}

/* ---- What tracks cannot carry ---- */

static void report_track(const fo_story *s, const kf_track_view *t, int32_t lane)
{
    char number[24];
    kf_param_value v;
    snprintf(number, sizeof number, "lane %d", (int)lane);
    const char *name = *t->name ? t->name : number;
    const struct { bool lost; const char *what; } checks[] = {
        {t->effects.count > 0, "effects"}, {t->audio_effects.count > 0, "audio effects"},
        {fo_param(&t->video, "opacity", &v), "opacity"}, {fo_param(&t->video, "blend_mode", &v), "blend mode"},
        {fo_param(&t->audio, "gain", &v), "gain"}, {fo_param(&t->audio, "pan", &v), "pan"},
        {t->matte != KF_MATTE_NONE, "matte"}, {t->solo, "solo"}, {t->lock, "lock"}, {*t->label, "label"},
        {*t->name && !s->view.multicam, "name"}};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (checks[i].lost) {
            fo_lose(s, KF_LOSS_DROPPED, name, KF_TIME_NONE, "", "the track's %s: lanes have none", checks[i].what);
        }
    }
    if (t->mute != t->hide && t->kind == KF_TRACK_VIDEO) {
        fo_lose(s, KF_LOSS_DROPPED, name, KF_TIME_NONE, "", "the track is %s: lanes are both or neither",
                t->mute ? "muted, but not hidden" : "hidden, but not muted");
    }
}

static void report_sequence(const fo_story *s)
{
    const kf_sequence_view *v = &s->view;
    const struct { bool lost; const char *what;
    } checks[] = {
        {v->working == KF_WORKING_LINEAR, "mixing in linear light"},
        {v->master_gain != 0, "master gain"},
        {v->has_loudness, "loudness"},
        {v->audio_effects.count > 0, "audio effects"},
        {!v->limiter, "switched off limiter"},
        {v->background[0] > 0 || v->background[1] > 0 || v->background[2] > 0 || v->background[3] < 1, "background"},
        {v->mark_in != KF_TIME_NONE || v->mark_out != KF_TIME_NONE, "in and out marks"},
        {*v->label, "label"}};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (checks[i].lost) {
            fo_lose(s, KF_LOSS_DROPPED, NULL, KF_TIME_NONE, "", "the sequence's %s", checks[i].what);
        }
    }
}

/* ---- Segments: what hangs on the primary storyline ---- */

static void add_segment(fo_story *s, const fo_segment *segment)
{
    void *list = s->segments;
    bool grown = kf_grow(&list, &s->segment_capacity, s->segment_count + 1, sizeof *segment) == 0;
    s->segments = list;
    if (grown) {
        s->segments[s->segment_count++] = *segment;
    }
    s->o->failed |= !grown;
}

/* Clips that transitions join are one segment. */
static void add_track_segments(fo_story *s, const kf_track_view *track, int32_t index)
{
    kf_cursor cursor;
    kf_clip_view clip;
    kf_transition_view transition;
    fo_segment open = {0};
    bool joined = false; /* the item before was a transition */
    kf_cursor_init(&cursor, s->o->snapshot, track);
    while (kf_cursor_next(&cursor)) {
        bool is_clip = kf_cursor_clip(&cursor, &clip), lost = is_clip && !fo_is_shown(&clip, track);
        bool shown = is_clip && !lost && !fo_is_paired(s, &clip);
        bool transit = cursor.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&cursor, &transition);
        bool follows = open.count && (joined || transit);
        if (open.count && !(follows && (shown || transit))) {
            add_segment(s, &open);
            open.count = 0;
        }
        if ((shown || transit) && !open.count) {
            kf_time start = transit && transition.start < transition.cut ? transition.start : cursor.item.start;
            open = (fo_segment){.start = start, .lane = s->lanes[index], .track = index, .first = cursor.item.index};
        }
        open.count += shown || transit;
        joined = transit;
        if (lost) {
            fo_lose_unshown(s, &clip, track);
        }
    }
    if (open.count) {
        add_segment(s, &open);
    }
}

static int by_start(const void *left, const void *right)
{
    const fo_segment *a = left, *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return a->lane != b->lane ? (a->lane < b->lane ? -1 : 1) : (a->first < b->first ? -1 : a->first > b->first);
}

static void find_segments(fo_story *s)
{
    kf_track_view track;
    for (int32_t i = 0; kf_track_get(s->o->snapshot, &s->view, i, &track); i++) {
        report_track(s, &track, s->lanes[i]);
        if (i != s->primary) {
            add_track_segments(s, &track, i);
        }
    }
    if (s->segment_count) {
        qsort(s->segments, s->segment_count, sizeof *s->segments, by_start);
    }
}

/* ---- Storylines ---- */

static void write_gap(fo_story *s, kf_time offset, kf_time duration, const char *name)
{
    kf_xml_begin(s->x, "gap");
    kf_xml_put_attr(s->x, "name", *name ? name : "Gap");
    fx_put_time(s->x, "offset", offset);
    fx_put_time(s->x, "start", FO_GAP_START);
    fx_put_time(s->x, "duration", duration);
}

static void write_segment_item(fo_story *s, kf_cursor *cursor, const kf_track_view *track, kf_time origin)
{
    kf_transition_view transition;
    fo_clip c = {.track = track};
    if (kf_cursor_transition(cursor, &transition)) {
        fo_write_transition(s, &transition, track, transition.start - origin);
    } else if (kf_cursor_clip(cursor, &c.clip)) {
        c.offset = c.clip.start - origin;
        fo_begin_clip(s, &c);
        fo_end_clip(s, &c);
    }
}

/* A transition over nothing needs a gap to lie on. */
static void write_edge_gap(fo_story *s, kf_time offset, kf_time duration)
{
    if (duration > 0) {
        write_gap(s, offset, duration, "");
        kf_xml_end(s->x, "gap");
    }
}

static void write_storyline(fo_story *s, const fo_segment *segment, const kf_track_view *track, kf_time offset)
{
    kf_cursor cursor;
    kf_transition_view transition;
    kf_cursor_init(&cursor, s->o->snapshot, track);
    kf_xml_begin(s->x, "spine");
    kf_xml_put_attrf(s->x, "lane", "%d", (int)segment->lane);
    fx_put_time(s->x, "offset", offset);
    bool found = kf_cursor_seek_index(&cursor, segment->first);
    write_edge_gap(s, 0, found ? cursor.item.start - segment->start : 0);
    for (int64_t i = 0; i < segment->count && found; i++) {
        write_segment_item(s, &cursor, track, segment->start);
        if (i + 1 == segment->count && kf_cursor_transition(&cursor, &transition)) {
            write_edge_gap(s, transition.cut - segment->start, transition.start + transition.duration - transition.cut);
        }
        found = kf_cursor_next(&cursor);
    }
    kf_xml_end(s->x, "spine");
}

static void write_connected(fo_story *s, const fo_segment *segment, kf_time offset)
{
    kf_cursor cursor;
    kf_track_view track;
    fo_clip c = {.track = &track, .offset = offset, .lane = segment->lane};
    if (!kf_track_get(s->o->snapshot, &s->view, segment->track, &track)) {
        return;
    }
    kf_cursor_init(&cursor, s->o->snapshot, &track);
    if (segment->count > 1 || !kf_cursor_seek_index(&cursor, segment->first) || !kf_cursor_clip(&cursor, &c.clip)) {
        write_storyline(s, segment, &track, offset);
        return;
    }
    fo_begin_clip(s, &c);
    fo_end_clip(s, &c);
}

/* All that begins before `end`, in an element whose local time is `local` at `start`. */
static void write_anchored(fo_story *s, kf_time start, kf_time end, kf_time local)
{
    while (s->next_segment < s->segment_count && s->segments[s->next_segment].start < end) {
        const fo_segment *segment = &s->segments[s->next_segment++];
        write_connected(s, segment, local + segment->start - start);
    }
}

/* Sequence markers stand in gaps where there is one, and else become markers of the clip that is there. */
static void put_sequence_markers(fo_story *s, kf_time start, kf_time end, kf_time local, bool gap)
{
    kf_marker m;
    while (kf_marker_at(s->o->snapshot, s->view.markers, s->next_marker, &m) && m.time < end) {
        s->next_marker++;
        fo_put_marker(s, &m, local + m.time - start);
        if (!gap) {
            fo_lose(s, KF_LOSS_CHANGED, NULL, m.time, m.name, "a marker of the sequence became one of the clip there");
        }
    }
}

static void write_primary_gap(fo_story *s, kf_time start, kf_time end, const char *name)
{
    write_gap(s, s->start + start, end - start, name);
    write_anchored(s, start, end, FO_GAP_START);
    put_sequence_markers(s, start, end, FO_GAP_START, true);
    kf_xml_end(s->x, "gap");
}

static void write_primary_item(fo_story *s, kf_cursor *cursor, const kf_track_view *track)
{
    kf_time start = cursor->item.start, end = start + cursor->item.duration;
    kf_transition_view transition;
    kf_gap_view gap;
    fo_clip c = {.track = track};
    if (kf_cursor_transition(cursor, &transition)) {
        fo_write_transition(s, &transition, track, s->start + transition.start);
    } else if (kf_cursor_clip(cursor, &c.clip)) {
        c.offset = s->start + start;
        fo_begin_clip(s, &c);
        write_anchored(s, start, end, c.local);
        put_sequence_markers(s, start, end, c.local, !c.element);
        fo_end_clip(s, &c);
    } else if (cursor->item.kind == KF_ITEM_GAP) {
        write_primary_gap(s, start, end, kf_gap_get(s->o->snapshot, &cursor->item, &gap) ? gap.name : "");
    }
}

static kf_time last_marker(const fo_story *s)
{
    kf_marker m;
    return s->view.markers.count > 0 && kf_marker_at(s->o->snapshot, s->view.markers, s->view.markers.count - 1, &m)
               ? m.time + 1 : 0;
}

static void write_spine(fo_story *s)
{
    kf_cursor cursor;
    kf_track_view track;
    kf_time end = 0, last = last_marker(s);
    kf_xml_begin(s->x, "spine");
    if (s->primary >= 0 && kf_track_get(s->o->snapshot, &s->view, s->primary, &track)) {
        kf_cursor_init(&cursor, s->o->snapshot, &track);
        while (kf_cursor_next(&cursor)) {
            write_primary_item(s, &cursor, &track);
        }
        end = track.duration;
    }
    last = last > s->view.duration ? last : s->view.duration;
    if (last > end && (end == 0 || s->next_segment < s->segment_count || s->next_marker < s->view.markers.count)) {
        /* The rest hangs on a gap that reaches to the last of it, in whole frames. */
        int64_t frames = kf_frame_at(last - 1, s->view.rate) + 1;
        write_primary_gap(s, end, kf_frame_start(frames, s->view.rate), "");
    }
    kf_xml_end(s->x, "spine");
}

/* ---- Sequences ---- */

static void put_kept_elements(fo_story *s, const fo_kept *kept, bool note)
{
    const kf_json *list = kept->root ? kf_json_get(kept->root, "elements") : NULL;
    for (const kf_json *e = list ? list->first : NULL; e; e = e->next) {
        bool is_note = e->type == KF_JSON_STRING && strncmp(e->text, "<note", 5) == 0;
        if (e->type == KF_JSON_STRING && is_note == note) {
            kf_xml_put_source(s->x, e->text);
        }
    }
}

static void put_audio(fo_story *s)
{
    static const struct { int32_t hz; const char *name; } rates[] = {
        {32000, "32k"}, {44100, "44.1k"}, {48000, "48k"}, {88200, "88.2k"}, {96000, "96k"}, {176400, "176.4k"},
        {192000, "192k"}};
    const kf_sequence_view *v = &s->view;
    const char *name = NULL;
    kf_xml_put_attr(s->x, "audioLayout", v->channels == 1 ? "mono" : v->channels == 2 ? "stereo" : "surround");
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        name = rates[i].hz == v->sample_rate ? rates[i].name : name;
    }
    kf_xml_put_attr(s->x, "audioRate", name ? name : "48k");
    if (!name || (v->channels > 2 && v->channels != 6)) {
        fo_lose(s, KF_LOSS_CHANGED, NULL, KF_TIME_NONE, "", "%d Hz and %d channels of sound became %s and %s",
                (int)v->sample_rate, (int)v->channels, name ? name : "48k", v->channels > 2 ? "surround" : "the same");
    }
}

void fo_put_media_attributes(fo_story *s, const fo_kept *kept, bool sequence)
{
    const kf_sequence_view *v = &s->view;
    fo_format_spec spec = {v->width, v->height, v->rate, v->pixel_aspect, NULL, NULL};
    spec.name = kept->root ? fo_kept_text(kept->root, "format") : NULL;
    spec.color_space = kept->root ? fo_kept_text(kept->root, "colorSpace") : NULL;
    kf_xml_put_attr(s->x, "format", fo_format(s->o, &spec));
    fx_put_time(s->x, "duration", v->duration);
    fx_put_time(s->x, "tcStart", s->start);
    kf_xml_put_attr(s->x, "tcFormat", v->drop_frame ? "DF" : "NDF");
    if (sequence) {
        put_audio(s);
    }
    kf_xml_put_attr(s->x, "renderFormat", fo_kept_attribute(kept, "renderFormat"));
    kf_xml_put_attr(s->x, "keywords", sequence ? fo_kept_attribute(kept, "keywords") : NULL);
}

static bool begin(fo_story *s, fo_writer *o, kf_xml_writer *x, const kf_sequence_view *view)
{
    *s = (fo_story){.o = o, .x = x, .view = *view, .primary = -1};
    s->start = kf_frame_start(view->start_timecode, view->rate);
    s->lanes = kf_alloc_zero((size_t)view->track_count + 1, sizeof *s->lanes);
    o->failed |= !s->lanes;
    return s->lanes != NULL;
}

static void finish(fo_story *s)
{
    kf_free(s->lanes);
    kf_free(s->segments);
    kf_free(s->pairs);
}

void fo_write_sequence(fo_writer *o, kf_xml_writer *x, const kf_sequence_view *view)
{
    fo_story s;
    fo_kept kept;
    if (!begin(&s, o, x, view)) {
        return;
    }
    if (!use_kept_lanes(&s)) {
        number_lanes(&s);
    }
    fo_kept_read(&kept, view->metadata);
    kf_xml_begin(x, "sequence");
    fo_put_media_attributes(&s, &kept, true);
    put_kept_elements(&s, &kept, true);
    report_sequence(&s);
    fo_find_pairs(&s);
    find_segments(&s);
    write_spine(&s);
    put_kept_elements(&s, &kept, false);
    kf_xml_end(x, "sequence");
    fo_kept_finish(&kept);
    finish(&s);
}

/* ---- Multicam clips ---- */

static void write_angle(fo_story *s, const kf_track_view *track, int number)
{
    fo_kept kept;
    kf_cursor cursor;
    char id[24];
    fo_kept_read(&kept, track->metadata);
    snprintf(id, sizeof id, "angle%d", number);
    const char *old = fo_kept_attribute(&kept, "angleID");
    kf_xml_begin(s->x, "mc-angle");
    kf_xml_put_attr(s->x, "name", *track->name ? track->name : id);
    kf_xml_put_attr(s->x, "angleID", old ? old : id);
    kf_cursor_init(&cursor, s->o->snapshot, track);
    while (kf_cursor_next(&cursor)) {
        write_primary_item(s, &cursor, track);
    }
    kf_xml_end(s->x, "mc-angle");
    fo_kept_finish(&kept);
}

void fo_write_multicam(fo_writer *o, kf_xml_writer *x, const kf_sequence_view *view)
{
    fo_story s;
    fo_kept kept;
    kf_track_view track;
    int number = 0;
    if (!begin(&s, o, x, view)) {
        return;
    }
    fo_kept_read(&kept, view->metadata);
    kf_xml_begin(x, "multicam");
    fo_put_media_attributes(&s, &kept, false);
    s.start = 0; /* angles count from 0 */
    s.view.markers.count = 0;
    report_sequence(&s);
    for (int32_t i = 0; kf_track_get(o->snapshot, view, i, &track); i++) {
        report_track(&s, &track, i);
        if (track.kind == KF_TRACK_VIDEO) {
            write_angle(&s, &track, ++number);
        } else {
            fo_lose(&s, KF_LOSS_DROPPED, track.name, KF_TIME_NONE, "", "a track of sound in a multicam clip");
        }
    }
    put_kept_elements(&s, &kept, false);
    kf_xml_end(x, "multicam");
    fo_kept_finish(&kept);
    finish(&s);
}
