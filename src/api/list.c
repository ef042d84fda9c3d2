/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kf_film_list: a sequence's tracks and clips as text and as JSON. */
#include <stdio.h>
#include <string.h>

#include "api/items.h"
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "base/api/str.h"
#include "base/api/time.h"

typedef struct listing {
    const kf_film_handle *film;
    kf_sequence_info sequence;
    kf_str text;
    kf_json_writer w;
} listing;

/* ---- Text ---- */

/* On one line. */
static void add_name(kf_str *s, const char *name)
{
    size_t length = strcspn(name, "\n\r");
    kf_str_add_n(s, name, length);
    kf_str_add(s, name[length] ? " ..." : "");
}

static bool plain_item(void *context, const kf_timeline_item *item)
{
    listing *l = context;
    char start[32], duration[32];
    kf_sequence_timecode(&l->sequence, item->start, start, sizeof start);
    int64_t frames = kf_frame_at(item->duration, l->sequence.rate);
    kf_timecode_format(frames, l->sequence.rate, l->sequence.drop_frame, duration);
    kf_str_addf(&l->text, "%8llu  %s  %s  %s", (unsigned long long)item->id, start, duration,
                item->kind == KF_TIMELINE_TRANSITION ? "~ " : "");
    add_name(&l->text, item->name);
    kf_str_add(&l->text, item->enabled ? "" : " (off)");
    kf_str_add(&l->text, item->offline ? " (offline)" : "");
    kf_str_add(&l->text, "\n");
    return true;
}

static void plain_track(listing *l, const kf_track_info *track)
{
    kf_str_addf(&l->text, "%c%d", track->audio ? 'A' : 'V', track->number);
    if (*track->name) {
        kf_str_add(&l->text, " ");
        add_name(&l->text, track->name);
    }
    kf_str_addf(&l->text, "%s%s%s\n", track->mute || track->hide ? " (off)" : "", track->lock ? " (locked)" : "",
                track->clips == 0 ? " (empty)" : "");
}

/* ---- JSON ---- */

static void json_source(kf_json_writer *w, const kf_film_handle *film, const kf_timeline_item *item)
{
    kf_asset_info asset;
    kf_sequence_info sequence;
    if (item->source == KF_TIMELINE_ASSET && kf_film_asset(film, item->source_index, &asset)) {
        kf_json_put_string(w, "asset", asset.id);
        kf_json_put_number(w, "in", kf_time_seconds(item->source_in));
    } else if (item->source == KF_TIMELINE_SEQUENCE && kf_film_sequence(film, item->source_index, &sequence)) {
        kf_json_put_string(w, "sequence", sequence.id);
        kf_json_put_number(w, "in", kf_time_seconds(item->source_in));
    } else if (item->source == KF_TIMELINE_GENERATOR) {
        kf_json_put_string(w, "generator", item->generator);
    } else {
        kf_json_put_bool(w, "adjustment", item->source == KF_TIMELINE_ADJUSTMENT);
    }
}

static bool json_item(void *context, const kf_timeline_item *item)
{
    listing *l = context;
    kf_json_writer *w = &l->w;
    bool clip = item->kind == KF_TIMELINE_CLIP;
    kf_json_begin_object(w);
    kf_json_put_int(w, "id", (int64_t)item->id);
    kf_json_put_number(w, "start", kf_time_seconds(item->start));
    kf_json_put_number(w, "duration", kf_time_seconds(item->duration));
    kf_json_put_string(w, "name", item->name);
    if (clip) {
        json_source(w, l->film, item);
        kf_json_put_bool(w, "enabled", item->enabled);
    } else {
        kf_json_put_string(w, "transition", item->transition);
        kf_json_put_number(w, "cut", kf_time_seconds(item->cut));
    }
    kf_json_end_object(w);
    return true;
}

static void begin_json_track(kf_json_writer *w, const kf_track_info *track)
{
    char label[16];
    snprintf(label, sizeof label, "%c%d", track->audio ? 'A' : 'V', track->number);
    kf_json_begin_object(w);
    kf_json_put_string(w, "track", label);
    kf_json_put_int(w, "id", (int64_t)track->uid);
    kf_json_put_string(w, "name", track->name);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
}

static void begin_json(listing *l)
{
    const kf_sequence_info *q = &l->sequence;
    kf_json_begin_object(&l->w);
    kf_json_put_string(&l->w, "sequence", q->id);
    kf_json_put_string(&l->w, "name", q->name);
    kf_json_put_number(&l->w, "duration", kf_time_seconds(q->duration));
    kf_json_key(&l->w, "tracks");
    kf_json_begin_array(&l->w);
}

/* ---- Both ---- */

static void list_track(listing *l, const kf_timeline_range *range, kf_text_format format)
{
    kf_track_info track;
    if (!kf_film_track(l->film, range->sequence, range->track, &track)) {
        return;
    }
    if (format != KF_TEXT_JSON) {
        plain_track(l, &track);
        kf_timeline_each(l->film, range, plain_item, l);
        return;
    }
    begin_json_track(&l->w, &track);
    kf_timeline_each(l->film, range, json_item, l);
    kf_json_end_array(&l->w);
    kf_json_end_object(&l->w);
}

static kf_status find_sequence(const kf_film_handle *film, const char *id, int32_t *out, kf_error *error)
{
    kf_film_info info;
    *out = id ? kf_film_sequence_find(film, id) : kf_film_get_info(film, &info) ? info.main_sequence : -1;
    return *out >= 0 ? KF_OK : kf_fail(error, KF_ERR_NOT_FOUND, "there is no sequence \"%.100s\"", id ? id : "main");
}

kf_status kf_film_list(const kf_film_handle *film, const char *sequence, kf_text_format format, char **out,
                       kf_error *error)
{
    listing l = {.film = film};
    int32_t index;
    *out = NULL;
    l.w.out = &l.text;
    kf_status status = find_sequence(film, sequence, &index, error);
    if (status != KF_OK || !kf_film_sequence(film, index, &l.sequence)) {
        return status;
    }
    kf_str_add(&l.text, "");
    if (format == KF_TEXT_JSON) {
        begin_json(&l);
    }
    for (int32_t i = 0; i < l.sequence.tracks; i++) {
        list_track(&l, &(kf_timeline_range){.sequence = index, .track = i, .to = INT64_MAX}, format);
    }
    if (format == KF_TEXT_JSON) {
        kf_json_end_array(&l.w);
        kf_json_end_object(&l.w);
        kf_str_add(&l.text, "\n");
    }
    if (l.text.failed) {
        kf_str_finish(&l.text);
        return kf_fail_memory(error);
    }
    *out = l.text.data;
    return KF_OK;
}
