/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Items of tracks as plain structs. */
#include "api/items.h"

#include <string.h>

bool track_reader_init(track_reader *r, const kf_film_handle *film, int32_t sequence, int32_t track)
{
    kf_sequence_view q;
    r->snapshot = kf_film_snapshot(film->film);
    r->sequence = sequence;
    r->track = track;
    r->source_uid = 0;
    if (!kf_sequence_at(r->snapshot, sequence, &q) || !kf_track_get(r->snapshot, &q, track, &r->view)) {
        return false;
    }
    kf_cursor_init(&r->cursor, r->snapshot, &r->view);
    return true;
}

/* ---- Sources ---- */

static void read_asset(track_reader *r, uint64_t uid)
{
    kf_asset_view asset;
    r->source_index = kf_asset_index(r->snapshot, uid);
    if (kf_asset_at(r->snapshot, r->source_index, &asset)) {
        r->source_name = asset_title(&asset);
        r->offline = asset.offline;
        r->source_end = asset.media.facts.duration > 0 ? asset.media.facts.duration : KF_TIME_NONE;
    }
}

static void read_nested(track_reader *r, uint64_t uid)
{
    kf_sequence_view q;
    r->source_index = kf_sequence_index(r->snapshot, uid);
    if (kf_sequence_at(r->snapshot, r->source_index, &q)) {
        r->source_name = *q.name ? q.name : q.id;
        r->source_end = q.duration;
    }
}

static void read_source(track_reader *r, const kf_clip_view *clip)
{
    if (r->source_uid == clip->source_uid && r->source_uid != 0 && r->source_kind == clip->source) {
        return;
    }
    r->source_uid = clip->source_uid;
    r->source_kind = clip->source;
    r->source_index = -1;
    r->source_name = "";
    r->source_end = KF_TIME_NONE;
    r->offline = false;
    if (clip->source == KF_SOURCE_ASSET) {
        read_asset(r, clip->source_uid);
    } else if (clip->source == KF_SOURCE_SEQUENCE) {
        read_nested(r, clip->source_uid);
    }
}

/* ---- Clips ---- */

static const char *generator_name(const kf_params *generator)
{
    const kf_kind *kind = generator->kind;
    int field = kind ? kf_kind_field(kind, "text") : -1;
    kf_param_value text;
    if (field >= 0 && kf_params_get(generator, field, &text) && text.text && *text.text) {
        return text.text;
    }
    return kind ? kind->label : "";
}

static const char *clip_name(const track_reader *r, const kf_clip_view *clip)
{
    if (*clip->name) {
        return clip->name;
    }
    return clip->source == KF_SOURCE_GENERATOR    ? generator_name(&clip->generator)
           : clip->source == KF_SOURCE_ADJUSTMENT ? "Adjustment"
                                                  : r->source_name;
}

static bool effects_keyed(kf_snapshot s, kf_effects effects)
{
    kf_params params;
    for (int32_t i = 0; i < effects.count; i++) {
        if (kf_effect_at(s, effects, i, &params) && !params.constant) {
            return true;
        }
    }
    return false;
}

static bool clip_keyed(kf_snapshot s, const kf_clip_view *clip)
{
    return !clip->transform.constant || !clip->video.constant || !clip->sound.constant || !clip->generator.constant ||
           effects_keyed(s, clip->effects) || effects_keyed(s, clip->audio_effects);
}

static kf_time fade(const kf_params *sound, const char *field)
{
    kf_param_value value;
    bool set = sound->payload && kf_params_get(sound, kf_kind_field(sound->kind, field), &value);
    return set ? value.time : 0;
}

/* The node says all but how long it is. */
static uint64_t version_of(const kf_item_view *item)
{
    return (item->ref ^ (uint64_t)item->duration * UINT64_C(0x9e3779b97f4a7c15)) | 1;
}

static void fill_source(track_reader *r, const kf_clip_view *clip, kf_timeline_item *out)
{
    kf_time from, to;
    read_source(r, clip);
    kf_clip_source_span(clip, 0, clip->duration > 0 ? clip->duration : 1, &from, &to);
    out->source = (kf_timeline_source)(clip->source == KF_SOURCE_ASSET       ? KF_TIMELINE_ASSET
                                       : clip->source == KF_SOURCE_SEQUENCE  ? KF_TIMELINE_SEQUENCE
                                       : clip->source == KF_SOURCE_GENERATOR ? KF_TIMELINE_GENERATOR
                                                                             : KF_TIMELINE_ADJUSTMENT);
    out->source_index = r->source_index;
    out->source_in = kf_clip_source_time(clip, 0, r->source_end);
    out->source_end = clip->reverse && clip->remap_count == 0 && !clip->frozen ? from : to;
    out->offline = r->offline;
    bool made = clip->source == KF_SOURCE_GENERATOR && clip->generator.kind;
    out->generator = made ? clip->generator.kind->name : "";
}

static void fill_clip(track_reader *r, const kf_clip_view *clip, kf_timeline_item *out)
{
    fill_source(r, clip, out);
    out->id = clip->id;
    out->name = clip_name(r, clip);
    out->label = clip->label;
    memcpy(out->color, clip->color, sizeof out->color);
    out->speed = clip->speed;
    out->reverse = clip->reverse;
    out->loop = clip->loop;
    out->frozen = clip->frozen;
    out->remapped = clip->remap_count > 0;
    out->enabled = clip->enabled;
    out->sound = clip->audio;
    out->linked = clip->link != KF_REF_NONE;
    out->grouped = clip->group != KF_REF_NONE;
    out->keyed = clip_keyed(r->snapshot, clip);
    out->effects = clip->effects.count;
    out->audio_effects = clip->audio_effects.count;
    out->markers = clip->markers.count;
    out->angle = clip->angle;
    out->fade_in = fade(&clip->sound, "fade_in");
    out->fade_out = fade(&clip->sound, "fade_out");
}

static void fill_transition(const kf_transition_view *t, kf_timeline_item *out)
{
    const kf_kind *kind = t->params.kind;
    out->id = t->id;
    out->name = *t->name ? t->name : kind ? kind->label : "";
    out->transition = kind ? kind->name : "";
    out->start = t->start;
    out->duration = t->duration;
    out->cut = t->cut;
    out->from = t->from != NULL;
    out->to = t->to != NULL;
    out->keyed = !t->params.constant;
    out->enabled = true;
}

bool item_fill(track_reader *r, kf_timeline_item *out)
{
    const kf_item_view *item = &r->cursor.item;
    kf_clip_view clip;
    kf_transition_view transition;
    kf_gap_view gap;
    if (item->kind == KF_ITEM_NONE) {
        return false;
    }
    *out = (kf_timeline_item){.sequence = r->sequence, .track = r->track, .index = item->index, .start = item->start,
                              .duration = item->duration, .name = "", .label = "", .transition = "", .generator = "",
                              .source_index = -1, .speed = {1, 1}, .version = version_of(item), .ref = item->ref};
    if (kf_cursor_clip(&r->cursor, &clip)) {
        out->kind = KF_TIMELINE_CLIP;
        fill_clip(r, &clip, out);
    } else if (kf_cursor_transition(&r->cursor, &transition)) {
        out->kind = KF_TIMELINE_TRANSITION;
        fill_transition(&transition, out);
    } else if (kf_gap_get(r->snapshot, item, &gap)) {
        out->kind = KF_TIMELINE_GAP;
        out->name = gap.name;
    }
    return true;
}

/* ---- Back from an item ---- */

static kf_track_kind kind_of_track(kf_snapshot s, const kf_timeline_item *item)
{
    kf_sequence_view q;
    kf_track_view track;
    bool there = kf_sequence_at(s, item->sequence, &q) && kf_track_get(s, &q, item->track, &track);
    return there ? track.kind : KF_TRACK_VIDEO;
}

bool item_clip(const kf_film_handle *film, const kf_timeline_item *item, kf_clip_view *out)
{
    kf_snapshot s = kf_film_snapshot(film->film);
    const kf_item_view view = {.kind = KF_ITEM_CLIP, .index = item->index, .start = item->start,
                               .duration = item->duration, .ref = item->ref};
    return item->kind == KF_TIMELINE_CLIP && kf_clip_get(s, &view, kind_of_track(s, item), out) && out->id == item->id;
}

bool item_transition(const kf_film_handle *film, const kf_timeline_item *item, kf_transition_view *out)
{
    const kf_item_view view = {.kind = KF_ITEM_TRANSITION, .index = item->index, .start = item->cut, .ref = item->ref};
    return item->kind == KF_TIMELINE_TRANSITION && kf_transition_get(kf_film_snapshot(film->film), &view, out) &&
           out->id == item->id;
}
