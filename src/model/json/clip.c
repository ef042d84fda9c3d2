/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips: what they show, which part of it, for how long. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

/* A clip on its way from its draft to its node. */
typedef struct making {
    const kf_json *json;
    clip_draft draft;
    clip_body body;
    kf_track_kind track;
    kf_time duration;
    kf_time source_end;     /* of a nested sequence; KF_TIME_NONE: not known (yet) */
    uint32_t asset;
    int64_t layers;
    const kf_kind *generator;
    unsigned kinds;         /* of properties that are set */
    const linked_clip *member;   /* NULL: neither linked nor in a group */
} making;

static kf_status no_picture(reader *r, const making *m, const char *key)
{
    return FAIL(r, kf_json_get(m->json, key), "clips of audio tracks have no picture");
}

/* ---- Source ---- */

/* What a fragment nests is checked at its end. */
static kf_status note_nested(reader *r, uint64_t uid)
{
    void *nested = r->nested;
    if (!r->base.store) {
        return KF_OK;
    }
    if (kf_grow(&nested, &r->nested_capacity, r->nested_count + 1, sizeof uid) != 0) {
        return kf_fail_memory(r->err);
    }
    r->nested = nested;
    r->nested[r->nested_count++] = uid;
    return KF_OK;
}

static kf_status open_sequence(reader *r, making *m)
{
    uint32_t index = 0;
    const kf_json *json = kf_json_get(m->json, "sequence");
    kf_status status = find_sequence(r, json, m->draft.sequence, &index);
    if (status != KF_OK) {
        return status;
    }
    const sequence_state *s = &r->sequences[index];
    m->body.source = KF_SOURCE_SEQUENCE;
    m->body.source_uid = s->uid;
    m->source_end = s->duration;
    m->layers = s->layers + 1;
    r->nested_height = s->height_of_tree > r->nested_height ? s->height_of_tree : r->nested_height;
    return s->stage == STAGE_DONE ? note_nested(r, s->uid) : FAIL(r, json, "this sequence contains itself");
}

static kf_status open_asset(reader *r, making *m)
{
    kf_status status = find_asset(r, kf_json_get(m->json, "asset"), m->draft.asset, &m->asset);
    m->body.source = KF_SOURCE_ASSET;
    m->body.source_uid = status == KF_OK ? r->assets[m->asset].uid : 0;
    return status;
}

static kf_status open_generator(reader *r, making *m)
{
    m->generator = kf_kind_find(KF_CLASS_GENERATOR, m->draft.generator);
    if (!m->generator) {
        return unknown_kind(r, kf_json_get(m->json, "generator"), KF_CLASS_GENERATOR, m->draft.generator);
    }
    m->body.source = KF_SOURCE_GENERATOR;
    m->body.generator = m->generator->id;
    return KF_OK;
}

static kf_status open_source(reader *r, making *m)
{
    const clip_draft *d = &m->draft;
    int sources = !!d->asset + !!d->generator + !!d->sequence + d->adjustment;
    if (sources != 1) {
        return FAIL(r, m->json,
                    sources ? "a clip has one of \"asset\", \"generator\", \"sequence\" and \"adjustment\", not "
                              "several"
                            : "a clip needs one of \"asset\", \"generator\", \"sequence\" and "
                              "\"adjustment\": true (or write {\"gap\": time})");
    }
    if (d->params && !d->generator) {
        return FAIL(r, d->params, "\"params\" belong to a generator");
    }
    if ((d->angle || d->audio_angle) && !d->sequence) {
        return FAIL(r, kf_json_get(m->json, d->angle ? "angle" : "audio_angle"),
                    "angles belong to clips that show a (multicam) \"sequence\"");
    }
    if (d->adjustment) {
        m->body.source = KF_SOURCE_ADJUSTMENT;
        return m->track == KF_TRACK_AUDIO ? no_picture(r, m, "adjustment") : KF_OK;
    }
    return d->asset ? open_asset(r, m) : d->generator ? open_generator(r, m) : open_sequence(r, m);
}

/* ---- Speed, freeze, remap ---- */

static kf_status set_speed(reader *r, making *m)
{
    clip_draft *d = &m->draft;
    bool negative = false;
    m->body.speed = (kf_rational){1, 1};
    if (d->speed) {
        kf_status status = read_ratio(r, d->speed, &m->body.speed, &negative);
        if (status != KF_OK) {
            return status;
        }
        double v = (double)m->body.speed.num / m->body.speed.den;
        if (v < 0.001 || v > 1000) {
            return FAIL(r, d->speed, "a speed must be from 0.001 to 1000 (or negative, to play backwards); for a still "
                                     "picture write \"freeze\"");
        }
    }
    if (negative != d->reverse) {
        m->body.flags |= CLIP_REVERSE;
    }
    return KF_OK;
}

static kf_status read_remap_key(reader *r, const kf_json *json, kf_time_key *out)
{
    remap_draft draft = {.t = KF_TIME_NONE, .source = KF_TIME_NONE, .interp = -1};
    kf_status status = read_object(r, json, &object_remap, &draft, NULL);
    if (status == KF_OK && (draft.t == KF_TIME_NONE || draft.source == KF_TIME_NONE)) {
        return FAIL(r, json, "a key of a remap needs \"t\" and \"source\"");
    }
    *out = (kf_time_key){.time = draft.t, .source = draft.source};
    return status == KF_OK ? resolve_interp(r, json, draft.interp, draft.bezier, &out->interp, out->bezier) : status;
}

/* Adds the keys to the clip's node; *end gets the last key's time. */
static kf_status set_remap(reader *r, making *m, kf_time *end)
{
    const clip_draft *d = &m->draft;
    kf_status status = need_array(r, d->remap, "a list of keys {\"t\", \"source\"}", KF_MODEL_MAX_KEYS);
    if (status == KF_OK && d->remap->count == 0) {
        return FAIL(r, d->remap, "at least one key must stand here");
    }
    if (status == KF_OK && (d->speed || d->reverse || d->loop || d->freeze != KF_TIME_NONE)) {
        return FAIL(r, d->remap, "a remap stands in place of \"speed\", \"reverse\", \"loop\" and \"freeze\"");
    }
    kf_time_key key = {0}, last = {0};
    for (const kf_json *child = status == KF_OK ? d->remap->first : NULL; child; child = child->next, last = key) {
        status = read_remap_key(r, child, &key);
        if (status != KF_OK) {
            return status;
        }
        if (child->index > 0 && key.time <= last.time) {
            return FAIL(r, child, "keys must stand in order of time, one at a time");
        }
        uint32_t at = build_add(&r->item, &key, sizeof key);
        m->body.remap_at = child->index ? m->body.remap_at : at;
    }
    m->body.remap_count = d->remap->count;
    *end = last.time;
    return status;
}

/* ---- Range and duration ---- */

static kf_time played(const making *m, kf_time source)
{
    return kf_muldiv_floor(source, m->body.speed.den, m->body.speed.num);
}

static kf_time used(const making *m, kf_time duration)
{
    return kf_muldiv_ceil(duration, m->body.speed.num, m->body.speed.den);
}

/* The end of the asset's or nested sequence's time. */
static kf_status media_end(reader *r, const making *m, kf_time *out)
{
    if (m->body.source == KF_SOURCE_SEQUENCE) {
        *out = m->source_end;
        return KF_OK;
    }
    if (m->body.source != KF_SOURCE_ASSET) {
        return FAIL(r, m->json, "this clip needs a \"duration\"");
    }
    const kf_media_facts *facts = asset_facts(r, m->asset, WANT_LENGTH);
    if (r->assets[m->asset].status != KF_OK) {
        const char *said = r->assets[m->asset].message;
        FAIL(r, m->json, "without a \"duration\" the media must be read: %.700s", said ? said : "out of memory");
        if (r->err) {
            r->err->status = r->assets[m->asset].status;
        }
        return r->assets[m->asset].status;
    }
    if (facts->still || facts->duration <= 0) {
        return FAIL(r, m->json,
                    facts->still ? "\"%s\" is a still picture: this clip needs a \"duration\""
                                 : "this clip needs a \"duration\": that of \"%s\" is not known",
                    m->draft.asset);
    }
    *out = facts->duration;
    return KF_OK;
}

/* Forward and backward clips: two of in, out and duration make the third; out may be left to the media. */
static kf_status set_range(reader *r, making *m)
{
    clip_draft *d = &m->draft;
    bool in = d->in != KF_TIME_NONE, out = d->out != KF_TIME_NONE, duration = d->duration != KF_TIME_NONE;
    if (out && duration && !in) {
        d->in = d->out - used(m, d->duration);
        in = true;
    }
    m->body.source_in = in ? d->in : 0;
    m->body.source_out = d->out;
    if (duration) {
        m->duration = d->duration;
        return out && used(m, m->duration) > d->out - m->body.source_in + 1
                   ? FAIL(r, kf_json_get(m->json, "out"),
                          "\"in\", \"out\" and \"duration\" contradict each other: at this "
                          "speed the clip uses %.6g s, in to out is %.6g s (loop?)",
                          kf_time_seconds(used(m, m->duration)), kf_time_seconds(d->out - m->body.source_in))
                   : KF_OK;
    }
    kf_time end = d->out;
    kf_status status = out ? KF_OK : media_end(r, m, &end);
    if (status != KF_OK) {
        return status;
    }
    m->duration = played(m, end - m->body.source_in);
    if (m->duration > 0) {
        return KF_OK;
    }
    return FAIL(r, m->json, out ? "\"out\" (%.6g s) must lie behind \"in\" (%.6g s)"
                                : "nothing is left: the source ends at %.6g s, \"in\" is %.6g s",
                kf_time_seconds(end), kf_time_seconds(m->body.source_in));
}

static kf_status set_loop(reader *r, making *m)
{
    const clip_draft *d = &m->draft;
    m->body.flags |= CLIP_LOOP;
    m->body.source_in = d->in == KF_TIME_NONE ? 0 : d->in;
    m->body.source_out = d->out;
    m->duration = d->duration;
    if (d->duration == KF_TIME_NONE) {
        return FAIL(r, m->json, "a clip that loops needs a \"duration\"");
    }
    return d->out != KF_TIME_NONE && d->out <= m->body.source_in
               ? FAIL(r, kf_json_get(m->json, "out"), "a loop's \"out\" must lie behind its \"in\"") : KF_OK;
}

static kf_status set_frozen(reader *r, making *m)
{
    clip_draft *d = &m->draft;
    if (d->speed || d->reverse || d->loop) {
        return FAIL(r, m->json, "a frozen clip has no \"speed\", \"reverse\" or \"loop\"");
    }
    if (d->duration == KF_TIME_NONE && d->in != KF_TIME_NONE && d->out != KF_TIME_NONE) {
        d->duration = d->out - d->in;
    }
    m->body.flags |= CLIP_FROZEN;
    m->body.freeze = m->body.source_in = d->freeze;
    m->duration = d->duration;
    return d->duration != KF_TIME_NONE ? KF_OK : FAIL(r, m->json, "a frozen clip needs a \"duration\"");
}

static kf_status set_times(reader *r, making *m)
{
    clip_draft *d = &m->draft;
    kf_time remap_end = KF_TIME_NONE;
    kf_status status = set_speed(r, m);
    m->body.source_out = KF_TIME_NONE;
    if (status == KF_OK && d->remap) {
        status = set_remap(r, m, &remap_end);
        m->body.source_in = d->in == KF_TIME_NONE ? 0 : d->in;
        m->body.source_out = d->out;
        m->duration = d->duration == KF_TIME_NONE ? remap_end : d->duration;
    } else if (status == KF_OK) {
        status = d->freeze != KF_TIME_NONE ? set_frozen(r, m) : d->loop ? set_loop(r, m) : set_range(r, m);
    }
    if (status == KF_OK && (m->duration <= 0 || m->duration > KF_MODEL_MAX_TIME)) {
        return FAIL(r, m->json, "a clip must be longer than 0, and at most 1000 hours");
    }
    return status;
}

/* ---- Parameters ---- */

static kf_status read_property(reader *r, const making *m, uint16_t kind, int bit, kf_ref *out)
{
    *out = KF_REF_NONE;
    if (!(m->kinds >> bit & 1)) {
        return KF_OK;
    }
    params_request q = {.json = m->json, .kind = kf_kind_get(kind), .own = &object_clip, .lenient = true};
    return read_params(r, &q, out);
}

static kf_status read_transform(reader *r, const making *m, kf_ref *out)
{
    params_request q = {.json = m->draft.transform, .kind = kf_kind_get(KF_FX_TRANSFORM)};
    return read_params(r, &q, out);
}

static kf_status read_generator(reader *r, const making *m, kf_ref *out)
{
    *out = KF_REF_NONE;
    if (!m->generator) {
        return KF_OK;
    }
    params_request q = {.json = m->draft.params, .kind = m->generator};
    return read_params(r, &q, out);
}

static kf_status check_picture(reader *r, const making *m)
{
    const clip_draft *d = &m->draft;
    if (m->track == KF_TRACK_VIDEO) {
        return KF_OK;
    }
    if (m->kinds & 1) {
        return FAIL(r, m->json, "clips of audio tracks have no opacity or blend mode");
    }
    return d->transform ? no_picture(r, m, "transform") : d->effects ? no_picture(r, m, "effects") : KF_OK;
}

static kf_status read_parameters(reader *r, making *m)
{
    kf_ref refs[CLIP_EFFECTS] = {KF_REF_NONE};
    kf_status status = check_picture(r, m);
    if (status == KF_OK) {
        status = read_generator(r, m, &refs[CLIP_GENERATOR]);
    }
    if (status == KF_OK) {
        status = read_transform(r, m, &refs[CLIP_TRANSFORM]);
    }
    if (status == KF_OK) {
        status = read_property(r, m, KF_PROP_CLIP_VIDEO, 0, &refs[CLIP_VIDEO]);
    }
    if (status == KF_OK) {
        status = read_property(r, m, KF_PROP_CLIP_AUDIO, 1, &refs[CLIP_SOUND]);
    }
    if (status == KF_OK) {
        status = read_markers(r, m->draft.markers, true, &refs[CLIP_MARKERS]);
    }
    if (status == KF_OK) {
        status = read_metadata(r, m->draft.metadata, &refs[CLIP_METADATA]);
    }
    refs[CLIP_LINK] = m->member ? m->member->node[KF_LINK] : KF_REF_NONE;
    refs[CLIP_GROUP] = m->member ? m->member->node[KF_GROUP] : KF_REF_NONE;
    for (int i = 0; i < CLIP_EFFECTS; i++) {
        build_ref(&r->item, refs[i]);
    }
    if (status == KF_OK) {
        status = read_effects(r, m->draft.effects, KF_CLASS_EFFECT, false, &r->item, &m->body.effect_count);
    }
    if (status == KF_OK) {
        status = read_effects(r, m->draft.audio_effects, KF_CLASS_AUDIO_EFFECT, false, &r->item,
                              &m->body.audio_effect_count);
    }
    return status;
}

/* ---- The clip ---- */

static kf_status build_clip(reader *r, making *m)
{
    const clip_draft *d = &m->draft;
    build_start(&r->item, sizeof m->body);
    kf_status status = set_times(r, m);
    if (status == KF_OK) {
        status = read_parameters(r, m);
    }
    if (status == KF_OK && m->member) {
        m->body.id = m->member->id;
    } else if (status == KF_OK) {
        status = take_id(r, d->id, &m->body.id);
    }
    m->body.angle = (uint16_t)d->angle;
    m->body.audio_angle = (uint16_t)d->audio_angle;
    memcpy(m->body.color, d->color, sizeof m->body.color);
    m->body.video_stream = (int32_t)d->stream;
    m->body.audio_stream = (int32_t)d->audio_stream;
    m->body.flags |= (uint8_t)((d->enabled ? CLIP_ENABLED : 0) | (d->audio ? CLIP_AUDIO : 0));
    m->body.name = build_text(&r->item, d->name);
    m->body.label = build_text(&r->item, d->label);
    build_body(&r->item, 0, &m->body, sizeof m->body);
    return status;
}

kf_status read_clip(reader *r, const kf_json *json, kf_track_kind kind, kf_time *start, kf_time *duration,
                    int64_t *layers, kf_ref *out)
{
    making m = {.json = json, .track = kind, .source_end = KF_TIME_NONE, .layers = 1,
                .draft = {.enabled = true, .audio = true, .stream = -1, .audio_stream = -1, .start = KF_TIME_NONE,
                          .in = KF_TIME_NONE, .out = KF_TIME_NONE, .duration = KF_TIME_NONE, .freeze = KF_TIME_NONE}};
    kf_status status = read_object(r, json, &object_clip, &m.draft, &m.kinds);
    if (status == KF_OK) {
        m.member = next_member(r, json);
        status = open_source(r, &m);
    }
    if (status == KF_OK) {
        status = build_clip(r, &m);
    }
    *start = m.draft.start;
    *duration = m.duration;
    *layers = m.layers;
    return status == KF_OK ? build_append(&r->item, r->store, NODE_CLIP, out, r->err) : status;
}
