/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips, gaps, transitions and markers as JSON. */
#include <string.h>

#include "model/json/writer.h"

/* The least that an item or a marker takes: a reference and an entry of a leaf. */
enum { LEAST_ITEM = 8 + 16 };

bool write_count(film_writer *fw)
{
    uint64_t most = kf_store_bytes(fw->snapshot.store) / LEAST_ITEM;
    fw->stopped = fw->stopped || (uint64_t)++fw->written > most || fw->w.out->length > WRITE_MOST;
    return !fw->stopped;
}

void write_marker(film_writer *fw, const kf_marker *m)
{
    kf_json_writer *w = &fw->w;
    kf_json_begin_object(w);
    write_id(w, m->id);
    write_time_key(fw, "time", m->time);
    if (m->duration) {
        write_time_key(fw, "duration", m->duration);
    }
    write_text_key(w, "name", m->name);
    write_text_key(w, "note", m->note);
    if (strcmp(m->kind, "comment") != 0) {
        write_text_key(w, "kind", m->kind);
    }
    if (m->color[3] != 0) {
        kf_json_key(w, "color");
        write_float_color(w, m->color);
    }
    write_metadata(fw, m->metadata);
    kf_json_end_object(w);
}

void write_markers(film_writer *fw, kf_markers markers)
{
    kf_json_writer *w = &fw->w;
    kf_marker m;
    if (markers.count == 0) {
        return;
    }
    kf_json_key(w, "markers");
    kf_json_begin_array(w);
    for (int32_t i = 0; i < markers.count && write_count(fw); i++) {
        if (kf_marker_at(fw->snapshot, markers, i, &m)) {
            write_marker(fw, &m);
        }
    }
    kf_json_end_array(w);
}

static void write_source(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    kf_asset_view asset;
    kf_sequence_view sequence;
    if (c->source == KF_SOURCE_ASSET &&
        kf_asset_at(fw->snapshot, kf_asset_index(fw->snapshot, c->source_uid), &asset)) {
        write_text_key(w, "asset", asset.id);
    } else if (c->source == KF_SOURCE_SEQUENCE &&
               kf_sequence_at(fw->snapshot, kf_sequence_index(fw->snapshot, c->source_uid), &sequence)) {
        write_text_key(w, "sequence", sequence.id);
    } else if (c->source == KF_SOURCE_GENERATOR && c->generator.kind) {
        write_text_key(w, "generator", c->generator.kind->name);
    } else {
        kf_json_put_bool(w, "adjustment", true);
    }
    if (c->video_stream >= 0) {
        kf_json_put_int(w, "stream", c->video_stream);
    }
    if (c->audio_stream >= 0) {
        kf_json_put_int(w, "audio_stream", c->audio_stream);
    }
}

static void write_remap(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    kf_json_key(w, "remap");
    kf_json_begin_array(w);
    for (int32_t i = 0; i < c->remap_count; i++) {
        kf_json_begin_object(w);
        bool was = write_compact(w);
        write_time_key(fw, "t", c->remap[i].time);
        write_time_key(fw, "source", c->remap[i].source);
        write_interp(w, c->remap[i].interp, c->remap[i].bezier);
        kf_json_end_object(w);
        w->compact = was;
    }
    kf_json_end_array(w);
}

static void write_clip_times(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    if (c->frozen) { /* what it would play, were it not to stand still, the film does not say */
        write_time_key(fw, "freeze", c->freeze);
        write_time_key(fw, "duration", c->duration);
        return;
    }
    if (c->source_in != 0) {
        write_time_key(fw, "in", c->source_in);
    }
    if (c->source_out != KF_TIME_NONE) {
        write_time_key(fw, "out", c->source_out);
    }
    write_time_key(fw, "duration", c->duration);
    if (c->speed.num != c->speed.den) {
        kf_json_key(w, "speed");
        write_ratio(w, c->speed);
    }
    if (c->reverse) {
        kf_json_put_bool(w, "reverse", true);
    }
    if (c->loop) {
        kf_json_put_bool(w, "loop", true);
    }
    if (c->remap_count > 0) {
        write_remap(fw, c);
    }
}

/* The number of a link or group is the smallest of its ids. */
static void write_link(film_writer *fw, const char *key, const kf_clip_view *c, kf_link_kind kind)
{
    kf_links links = kf_clip_links(fw->snapshot, c, kind);
    if (links.count > 0 && links.ids[0] > 0 && links.ids[0] <= INT64_C(1) << 53) {
        kf_json_put_int(&fw->w, key, (int64_t)links.ids[0]);
    }
}

static void write_angles(kf_json_writer *w, const kf_clip_view *c)
{
    if (c->angle > 0) {
        kf_json_put_int(w, "angle", c->angle);
    }
    if (c->audio_angle > 0) {
        kf_json_put_int(w, "audio_angle", c->audio_angle);
    }
}

static void write_looks(film_writer *fw, const kf_clip_view *c)
{
    write_text_key(&fw->w, "name", c->name);
    write_text_key(&fw->w, "label", c->label);
    if (c->color[3] != 0) {
        kf_json_key(&fw->w, "color");
        write_float_color(&fw->w, c->color);
    }
    write_link(fw, "link", c, KF_LINK);
    write_link(fw, "group", c, KF_GROUP);
}

static void write_clip_keys(film_writer *fw, const kf_clip_view *c)
{
    kf_json_writer *w = &fw->w;
    write_id(w, c->id);
    write_looks(fw, c);
    write_source(fw, c);
    write_angles(w, c);
    write_clip_times(fw, c);
    if (!c->enabled) {
        kf_json_put_bool(w, "enabled", false);
    }
    if (!c->audio) {
        kf_json_put_bool(w, "audio", false);
    }
    write_params_object(fw, "params", &c->generator);
    write_params_object(fw, "transform", &c->transform);
    write_params(fw, &c->video);
    write_params(fw, &c->sound);
    write_effects(fw, "effects", c->effects);
    write_effects(fw, "audio_effects", c->audio_effects);
    write_markers(fw, c->markers);
    write_metadata(fw, c->metadata);
}

void write_clip(film_writer *fw, const kf_clip_view *clip)
{
    kf_json_begin_object(&fw->w);
    write_clip_keys(fw, clip);
    kf_json_end_object(&fw->w);
}

static void write_split(film_writer *fw, const kf_transition_view *t)
{
    static const char *const names[] = {"center", "start", "end"};
    transition_split split = transition_split_at(t->cut - t->start, t->duration);
    if (split < ALIGN_BEFORE) {
        write_text_key(&fw->w, "align", names[split]);
    } else {
        write_time_key(fw, "before", t->cut - t->start);
    }
}

void write_transition(film_writer *fw, const kf_transition_view *t)
{
    kf_json_writer *w = &fw->w;
    kf_json_begin_object(w);
    write_id(w, t->id);
    write_text_key(w, "transition", t->params.kind ? t->params.kind->name : "dissolve");
    write_time_key(fw, "duration", t->duration);
    write_split(fw, t);
    write_text_key(w, "name", t->name);
    write_params(fw, &t->params);
    write_metadata(fw, t->metadata);
    kf_json_end_object(w);
}

void write_gap(film_writer *fw, const kf_item_view *item)
{
    kf_gap_view gap;
    kf_gap_get(fw->snapshot, item, &gap);
    kf_json_begin_object(&fw->w);
    write_time_key(fw, "gap", item->duration);
    write_text_key(&fw->w, "name", gap.name);
    write_metadata(fw, gap.metadata);
    kf_json_end_object(&fw->w);
}

void write_item(film_writer *fw, kf_cursor *cursor)
{
    kf_clip_view clip;
    kf_transition_view transition;
    if (kf_cursor_clip(cursor, &clip)) {
        write_clip(fw, &clip);
    } else if (kf_cursor_transition(cursor, &transition)) {
        write_transition(fw, &transition);
    } else {
        kf_item_view item = cursor->item;
        item.kind = KF_ITEM_GAP;
        write_gap(fw, &item);
    }
}
