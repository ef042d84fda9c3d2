/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The film of an edit decision list. */
#include <stdio.h>
#include <string.h>

#include "interchange/edl_import.h"

enum { MOST_KEPT = 100 << 10 }; /* bytes of comments kept of one event; JSON may write a byte in six */

const char *edl_where(const edl_event *e, ix_place place)
{
    snprintf(place, sizeof(ix_place), "event %.20s (line %d), %.100s", e->number, e->line, e->reel);
    return place;
}

static void put_frames(edl_importer *im, const char *key, int64_t frames)
{
    ix_put_time(&im->sequence.w, key, kf_frame_start(frames, im->rate), im->rate);
}

static const char *clip_name(const edl_event *e)
{
    if (e->edit != EDL_CUT && *e->to_name) {
        return e->to_name;
    }
    return *e->from_name && e->edit == EDL_CUT ? e->from_name : e->reel;
}

/* Source times count from a timecode of zero: what the file's own timecode is, a list does not say. */
static void write_asset(edl_importer *im, const edl_event *e, const char *name)
{
    kf_json_writer *w = &im->film.assets;
    ix_put_text(w, "name", name);
    ix_put_text(w, "path", e->source_file);
    if (!*e->source_file) {
        kf_json_put_bool(w, "offline", true);
    }
    ix_put_text(w, "reel", e->reel);
    kf_json_key(w, "timecode");
    kf_json_begin_object(w);
    kf_json_put_string(w, "start", "00:00:00:00");
    ix_put_ratio(w, "rate", im->rate);
    if (e->source_in.drop && ix_rate_drops(im->rate)) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    kf_json_end_object(w);
    kf_json_end_object(w);
}

/* Of a path of any system. */
static const char *file_name(const char *path)
{
    const char *last = strrchr(path, '\\');
    return last ? last + 1 : kf_path_name(path);
}

static void put_asset(edl_importer *im, const edl_event *e)
{
    bool fresh;
    kf_str key = {0};
    const char *name = clip_name(e), *source = *e->source_file ? e->source_file : name;
    kf_str_addf(&key, "%s\n%s", e->reel, source);
    const char *id = ix_film_asset(&im->film, key.data ? key.data : "", name, &fresh);
    if (fresh) {
        write_asset(im, e, file_name(source));
    }
    im->film.failed |= key.failed;
    kf_str_finish(&key);
    kf_json_put_string(&im->sequence.w, "asset", id);
}

static void put_speed(edl_importer *im, const edl_item *it)
{
    ix_place place;
    const edl_event *e = it->event;
    kf_json_writer *w = &im->sequence.w;
    kf_rational speed = {1, 1};
    if (e->has_speed ? e->speed_num == 0 : e->freeze && it->source_length <= 1) {
        put_frames(im, "freeze", it->source_in);
        return;
    }
    put_frames(im, "in", it->source_in);
    if (!e->has_speed) {
        return;
    }
    int64_t size = e->speed_num < 0 ? -e->speed_num : e->speed_num, whole = e->speed_den * im->nominal;
    bool fits = kf_rational_make(size, whole, &speed) && size * 1000 >= whole && size / 1000 <= whole;
    if (!fits) {
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(e, place),
                      "Speeds go from a thousandth to a thousand times; it plays at normal speed.");
    } else if (speed.num != speed.den) {
        ix_put_ratio(w, "speed", speed);
    }
    if (e->speed_num < 0) {
        kf_json_put_bool(w, "reverse", true);
    }
}

static void put_markers(edl_importer *im, const edl_item *it)
{
    int64_t frame;
    kf_json_writer *w = &im->sequence.w;
    bool begun = false;
    for (const edl_locator *l = it->event->locators; l; l = l->next) {
        if (l->at.frames >= im->nominal) {
            continue;
        }
        frame = edl_frame(l->at, im->nominal, l->at.drop && ix_rate_drops(im->rate)) - it->record_in;
        if (!begun) {
            kf_json_key(w, "markers");
            kf_json_begin_array(w);
            begun = true;
        }
        kf_json_begin_object(w);
        put_frames(im, "time", frame < 0 ? 0 : frame);
        ix_put_text(w, "name", l->text);
        ix_put_text(w, "color", edl_color_value(l->color));
        kf_json_end_object(w);
    }
    if (begun) {
        kf_json_end_array(w);
    }
}

/* False if not all of them fit: metadata is bounded. */
static bool put_comments(kf_json_writer *w, const edl_comment *comment, bool with_cdl)
{
    size_t kept = 0;
    bool begun = false;
    for (; comment && kept < MOST_KEPT; comment = comment->next) {
        size_t length = strlen(comment->text) + 1;
        if (edl_is_rewritten(comment->text) || (!with_cdl && edl_is_cdl(comment->text))) {
            continue;
        }
        if (kept + length > MOST_KEPT) {
            break;
        }
        if (!begun) {
            kf_json_key(w, "comments");
            kf_json_begin_array(w);
            begun = true;
        }
        kf_json_write_string(w, comment->text);
        kept += length + 8;
    }
    if (begun) {
        kf_json_end_array(w);
    }
    return !comment;
}

static void put_metadata(edl_importer *im, const edl_item *it, bool cdl_is_effect)
{
    ix_place place;
    kf_json_writer *w = &im->sequence.w;
    kf_json_key(w, "metadata");
    kf_json_begin_object(w);
    kf_json_key(w, "edl");
    kf_json_begin_object(w);
    kf_json_put_string(w, "event", it->event->number);
    kf_json_put_string(w, "channels", it->event->channels);
    if (!put_comments(w, it->event->comments, !cdl_is_effect)) {
        kf_report_add(im->report, KF_LOSS_DROPPED, edl_where(it->event, place),
                      "It has too many comments to keep all.");
    }
    kf_json_end_object(w);
    kf_json_end_object(w);
}

static bool put_cdl(edl_importer *im, const edl_event *e)
{
    ix_place place;
    if (!e->has_sop && !e->has_sat) {
        return false;
    }
    bool put = edl_put_cdl(&im->sequence.w, e);
    if (!put) {
        kf_report_add(im->report, KF_LOSS_METADATA, edl_where(e, place),
                      "The colour decision list has values that no effect of Kerf has (a power of 0, for one).");
    }
    return put;
}

static void put_opacity_fade(edl_importer *im, const edl_item *it)
{
    kf_json_writer *w = &im->sequence.w;
    kf_json_key(w, "opacity");
    kf_json_begin_object(w);
    kf_json_key(w, "keys");
    kf_json_begin_array(w);
    for (int i = 0; i < 2; i++) {
        kf_json_begin_object(w);
        put_frames(im, "t", i * it->fade);
        kf_json_put_int(w, "v", i);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void write_transition(edl_importer *im, const edl_item *it)
{
    ix_place place;
    kf_json_writer *w = &im->sequence.w;
    const edl_event *e = it->event;
    kf_json_begin_object(w);
    kf_json_put_string(w, "transition", e->edit == EDL_WIPE ? "wipe" : "dissolve");
    put_frames(im, "duration", it->fade);
    kf_json_put_string(w, "align", "start");
    if (e->edit == EDL_WIPE && !edl_put_wipe(w, e->wipe)) {
        kf_report_add(im->report, KF_LOSS_CHANGED, edl_where(e, place),
                      "Kerf has no wipe like W%03d: it became a wipe to the right.", e->wipe);
    }
    kf_json_end_object(w);
}

static void write_gap(edl_importer *im, int64_t frames)
{
    kf_json_begin_object(&im->sequence.w);
    put_frames(im, "gap", frames);
    kf_json_end_object(&im->sequence.w);
}

static void write_clip(edl_importer *im, const edl_item *it)
{
    kf_json_writer *w = &im->sequence.w;
    const edl_event *e = it->event;
    kf_json_begin_object(w);
    put_asset(im, e);
    put_speed(im, it);
    put_frames(im, "duration", it->record_out - it->record_in);
    ix_put_text(w, "name", clip_name(e));
    if (!it->audio && !e->audio) {
        kf_json_put_bool(w, "audio", false);
    }
    if (it->fade_by_opacity) {
        put_opacity_fade(im, it);
    }
    bool effect = !it->audio && put_cdl(im, e);
    put_markers(im, it);
    put_metadata(im, it, effect);
    kf_json_end_object(w);
}

/* From black to black nothing fades. */
static void write_item(edl_importer *im, const edl_item *it, bool after_clip)
{
    if (it->fade && !it->fade_by_opacity && (after_clip || !it->black)) {
        write_transition(im, it);
    }
    if (it->black) {
        write_gap(im, it->record_out - it->record_in);
    } else {
        write_clip(im, it);
    }
}

static void write_track(edl_importer *im, bool audio, int number)
{
    char name[16];
    int64_t end = im->start;
    const edl_item *before = NULL;
    kf_json_writer *w = &im->sequence.w;
    snprintf(name, sizeof name, "%c%d", audio ? 'A' : 'V', number + 1);
    kf_json_begin_object(w);
    if (audio) {
        kf_json_put_string(w, "kind", "audio");
    }
    kf_json_put_string(w, "name", name);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    for (size_t i = 0; i < im->count; i++) {
        const edl_item *it = &im->items[i];
        if (it->audio != audio || it->layer != number) {
            continue;
        }
        if (it->record_in > end) {
            write_gap(im, it->record_in - end);
        }
        write_item(im, it, before && before->record_out == it->record_in && !before->black);
        end = it->record_out;
        before = it;
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static void write_sequence(edl_importer *im, const char *name)
{
    char label[32];
    kf_json_writer *w = &im->sequence.w;
    ix_sequence_begin(&im->film, &im->sequence, name, im->rate);
    kf_timecode_format(im->start, im->rate, im->sequence_drop, label);
    kf_json_put_string(w, "start_timecode", label);
    if (im->sequence_drop) {
        kf_json_put_bool(w, "drop_frame", true);
    }
    if (im->list.comments) {
        kf_json_key(w, "metadata");
        kf_json_begin_object(w);
        kf_json_key(w, "edl");
        kf_json_begin_object(w);
        if (!put_comments(w, im->list.comments, true)) {
            kf_report_add(im->report, KF_LOSS_DROPPED, im->params->name, "It has too many comments to keep all.");
        }
        kf_json_end_object(w);
        kf_json_end_object(w);
    }
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    for (int audio = 0; audio < 2; audio++) {
        for (int i = 0; i < im->layers[audio]; i++) {
            write_track(im, audio, i);
        }
    }
    kf_json_end_array(w);
    ix_sequence_end(&im->film, &im->sequence);
}

kf_status edl_write_film(edl_importer *im, kf_str *out)
{
    const char *name = *im->list.title ? im->list.title : kf_path_name(im->params->name);
    ix_film_init(&im->film, name);
    write_sequence(im, name);
    kf_status status = ix_film_write(&im->film, im->sequence.id, out, im->err);
    ix_film_finish(&im->film);
    return status;
}
