/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequences. The ones a sequence nests are read before it, so that their lengths are known and cycles show. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/json/reader.h"

/* ---- Nested sequences first ---- */

static kf_status fail_cycle(reader *r, const kf_json *json, uint32_t from, uint32_t to)
{
    kf_str path = {0};
    uint32_t i = from;
    kf_str_addf(&path, "\"%.60s\"", r->sequences[to].id);
    for (int n = 0; i != to && n < KF_MODEL_MAX_NESTING; n++, i = r->sequences[i].reader) {
        kf_str_addf(&path, " in \"%.60s\"", r->sequences[i].id);
    }
    kf_status status = FAIL(r, json, "sequences contain one another in a circle: %.800s in \"%.60s\"",
                            path.data ? path.data : "...", r->sequences[to].id);
    kf_str_finish(&path);
    return status;
}

static int depth_of(const reader *r, uint32_t index)
{
    int depth = 1;
    for (; r->sequences[index].reader != index && depth <= KF_MODEL_MAX_NESTING; depth++) {
        index = r->sequences[index].reader;
    }
    return depth;
}

static kf_status read_nested(reader *r, uint32_t self, const kf_json *json)
{
    uint32_t index;
    if (!json || json->type != KF_JSON_STRING || !lookup_sequence(r, json->text, &index)) {
        return KF_OK; /* read_clip says what is wrong */
    }
    sequence_state *nested = &r->sequences[index];
    if (nested->stage == STAGE_READING) {
        return fail_cycle(r, json, self, index);
    }
    if (nested->stage == STAGE_DONE) {
        return KF_OK;
    }
    if (depth_of(r, self) >= KF_MODEL_MAX_NESTING) {
        return FAIL(r, json, "sequences are nested deeper than %d levels here", KF_MODEL_MAX_NESTING);
    }
    nested->reader = self;
    return read_sequence(r, index);
}

/* Calls for each clip of well-formed tracks; stops when it returns other than KF_OK. */
typedef kf_status clip_fn(reader *r, uint32_t self, const kf_json *track, const kf_json *clip, void *ctx);
static kf_status for_each_clip(reader *r, uint32_t self, clip_fn *fn, void *ctx)
{
    const kf_json *tracks = kf_json_get(r->sequences[self].json, "tracks");
    for (const kf_json *track = tracks ? tracks->first : NULL; track; track = track->next) {
        const kf_json *clips = kf_json_get(track, "clips");
        for (const kf_json *clip = clips ? clips->first : NULL; clip; clip = clip->next) {
            kf_status status = fn(r, self, track, clip, ctx);
            if (status != KF_OK) {
                return status;
            }
        }
    }
    return KF_OK;
}

static kf_status nest(reader *r, uint32_t self, const kf_json *track, const kf_json *clip, void *ctx)
{
    return read_nested(r, self, kf_json_get(clip, "sequence"));
}

/* ---- Size and rate from the first clips ---- */

typedef struct automatic {
    bool need_size, need_rate;
    int32_t width, height;
    kf_rational rate;
    int asked;
} automatic;
enum { MOST_ASKED = 8 };

/* Averages of variable rates become the usual rate that is near. */
static kf_rational usual_rate(kf_rational rate)
{
    static const kf_rational usual[] = {{24000, 1001}, {24, 1}, {25, 1}, {30000, 1001}, {30, 1}, {48, 1}, {50, 1},
                                        {60000, 1001}, {60, 1}, {100, 1}, {120000, 1001}, {120, 1}};
    double v = (double)rate.num / rate.den, nearest = 0.01;
    kf_rational out = rate;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        double off = fabs((double)usual[i].num / usual[i].den / v - 1);
        if (off < nearest) {
            nearest = off;
            out = usual[i];
        }
    }
    return out;
}

static void take_picture(automatic *a, int32_t width, int32_t height, kf_rational rate)
{
    if (a->need_size && width > 0 && height > 0 && width <= KF_MODEL_MAX_SIDE && height <= KF_MODEL_MAX_SIDE) {
        a->width = width;
        a->height = height;
        a->need_size = false;
    }
    double v = rate.den > 0 ? (double)rate.num / rate.den : 0;
    if (a->need_rate && v >= 0.01 && v <= 1000) {
        a->rate = usual_rate(rate);
        a->need_rate = false;
    }
}

/* Ends the walk with KF_ERR_CANCELLED once everything is known. */
static kf_status ask_clip(reader *r, uint32_t self, const kf_json *track, const kf_json *clip, void *ctx)
{
    automatic *a = ctx;
    uint32_t index;
    const kf_json *kind = kf_json_get(track, "kind"), *asset = kf_json_get(clip, "asset");
    const kf_json *sequence = kf_json_get(clip, "sequence");
    if (kind && kind->type == KF_JSON_STRING && strcmp(kind->text, "audio") == 0) {
        return KF_OK;
    }
    if (sequence && sequence->type == KF_JSON_STRING && lookup_sequence(r, sequence->text, &index)) {
        take_picture(a, r->sequences[index].width, r->sequences[index].height, r->sequences[index].rate);
    }
    if (asset && asset->type == KF_JSON_STRING && lookup_asset(r, asset->text, &index)) {
        a->asked += !r->assets[index].asked;
        const kf_media_facts *facts = asset_facts(r, index, WANT_PICTURE);
        if (r->assets[index].status == KF_OK && facts->video) {
            take_picture(a, facts->width, facts->height, facts->still ? (kf_rational){0} : facts->rate);
        }
    }
    return (!a->need_size && !a->need_rate) || a->asked >= MOST_ASKED ? KF_ERR_CANCELLED : KF_OK;
}

kf_status read_size(reader *r, const kf_json *json, int32_t *width, int32_t *height)
{
    int32_t *sides[] = {width, height};
    if (json->type != KF_JSON_ARRAY || json->count != 2) {
        return FAIL(r, json, "a size is [width, height]");
    }
    for (const kf_json *v = json->first; v; v = v->next) {
        if (!v->is_integer || v->integer < 1 || v->integer > KF_MODEL_MAX_SIDE) {
            return FAIL(r, v, "%.40s: a side must be a whole number from 1 to %d", v->text ? v->text : "this",
                        KF_MODEL_MAX_SIDE);
        }
        *sides[v->index] = (int32_t)v->integer;
    }
    return KF_OK;
}

static kf_status set_picture(reader *r, uint32_t self, const sequence_draft *d, sequence_body *body)
{
    automatic a = {
        .need_size = !d->size, .need_rate = d->rate.num == 0, .width = 1920, .height = 1080, .rate = {30, 1}};
    body->flags |= (uint8_t)((a.need_size ? SEQUENCE_AUTO_SIZE : 0) | (a.need_rate ? SEQUENCE_AUTO_RATE : 0));
    kf_status status = d->size ? read_size(r, d->size, &a.width, &a.height) : KF_OK;
    if (status != KF_OK) {
        return status;
    }
    if (a.need_size || a.need_rate) {
        for_each_clip(r, self, ask_clip, &a);
    }
    body->width = a.width;
    body->height = a.height;
    body->rate = d->rate.num ? d->rate : a.rate;
    bool negative = false;
    body->pixel_aspect = (kf_rational){1, 1};
    status = d->pixel_aspect ? read_ratio(r, d->pixel_aspect, &body->pixel_aspect, &negative) : KF_OK;
    return negative ? FAIL(r, d->pixel_aspect, "%.60s is no ratio of sides: they are positive", d->pixel_aspect->text)
                    : status;
}

/* ---- The rest ---- */

static kf_status set_color(reader *r, const kf_json *json, sequence_body *body)
{
    color_draft d = {-1, -1, -1, -1};
    kf_status status = json ? read_object(r, json, &object_color, &d, NULL) : KF_OK;
    body->matrix = color_code(kf_matrix_names, kf_matrix_codes, d.matrix, KF_MAT_BT709);
    body->primaries = color_code(kf_primaries_names, kf_primaries_codes, d.primaries, KF_PRI_BT709);
    body->transfer = color_code(kf_transfer_names, kf_transfer_codes, d.transfer, KF_TRC_BT709);
    body->range = color_code(kf_range_names, kf_range_codes, d.range, KF_RANGE_LIMITED);
    body->chroma_loc = KF_CHROMA_LEFT;
    return status;
}

static kf_status set_timecode(reader *r, const sequence_draft *d, const kf_json *json, sequence_body *body)
{
    bool drop = d->drop_frame;
    const kf_json *value = kf_json_get(json, "start_timecode");
    kf_status status = KF_OK;
    if (value || drop) {
        status = read_label(r, value ? value : kf_json_get(json, "drop_frame"), body->rate, &drop,
                            &body->start_timecode);
    }
    body->flags |= drop ? SEQUENCE_DROP_FRAME : 0;
    return status;
}

static kf_status read_mark(reader *r, const kf_json *json, kf_time *out)
{
    *out = KF_TIME_NONE;
    kf_status status = json ? read_time(r, json, out) : KF_OK;
    return status == KF_OK && json && *out < 0 ? FAIL(r, json, "this time must not be negative") : status;
}

static kf_status set_marks(reader *r, const sequence_draft *d, sequence_body *body)
{
    r->rate = body->rate;
    kf_status status = read_mark(r, d->mark_in, &body->mark_in);
    if (status == KF_OK) {
        status = read_mark(r, d->mark_out, &body->mark_out);
    }
    bool both = status == KF_OK && d->mark_in && d->mark_out;
    return both && body->mark_out <= body->mark_in
               ? FAIL(r, d->mark_out, "\"mark_out\" must lie behind \"mark_in\" (%.6g s)",
                      kf_time_seconds(body->mark_in))
               : status;
}

static kf_status set_body(reader *r, uint32_t self, const kf_json *json, const sequence_draft *d, sequence_body *body)
{
    body->uid = r->sequences[self].uid;
    body->sample_rate = (int32_t)d->sample_rate;
    body->channels = (int32_t)d->channels;
    body->working = (uint8_t)d->working;
    body->master_gain = (float)d->master_gain;
    body->loudness = d->loudness <= 0 ? (float)d->loudness : 0;
    body->flags = (uint8_t)((d->limiter ? SEQUENCE_LIMITER : 0) | (d->loudness <= 0 ? SEQUENCE_LOUDNESS : 0) |
                            (d->multicam ? SEQUENCE_MULTICAM : 0));
    memcpy(body->background, d->background, sizeof body->background);
    kf_status status = set_picture(r, self, d, body);
    if (status == KF_OK) {
        status = set_color(r, d->color, body);
    }
    if (status == KF_OK) {
        status = set_marks(r, d, body);
    }
    if (status == KF_OK) {
        status = check_bin(r, kf_json_get(json, "bin"), d->bin);
    }
    return status == KF_OK ? set_timecode(r, d, json, body) : status;
}

static kf_status no_matte(reader *r, const kf_json *track)
{
    return FAIL(r, kf_json_get(track, "matte"), "the matte is the video track above this one, and there is none");
}

static void add_track(sequence_body *body, sequence_state *s, const track_sum *sum)
{
    body->clip_count += sum->clips;
    body->duration = sum->duration > body->duration ? sum->duration : body->duration;
    s->layers += sum->layers;
}

static kf_status read_tracks(reader *r, const kf_json *tracks, sequence_state *s, sequence_body *body)
{
    kf_status status = tracks ? need_array(r, tracks, "a list of tracks", KF_MODEL_MAX_TRACKS) : KF_OK;
    track_sum below = {0};
    for (const kf_json *child = tracks && status == KF_OK ? tracks->first : NULL; child; child = child->next) {
        track_sum sum;
        status = read_track(r, child, &sum);
        if (status != KF_OK) {
            return status;
        }
        if (below.matte != KF_MATTE_NONE && sum.kind != KF_TRACK_VIDEO) {
            return no_matte(r, kf_json_at(tracks, child->index - 1));
        }
        add_track(body, s, &sum);
        build_ref(&r->owner, sum.ref);
        below = sum;
    }
    if (status == KF_OK && below.matte != KF_MATTE_NONE) {
        return no_matte(r, kf_json_at(tracks, tracks->count - 1));
    }
    body->track_count = tracks && status == KF_OK ? tracks->count : 0;
    return status;
}

static kf_status check_duck(reader *r, const kf_json *duck, const char *const *names, size_t count)
{
    const kf_json *sidechain = kf_json_get(duck, "sidechain");
    const char *wanted = sidechain && sidechain->text ? sidechain->text : "";
    for (size_t i = 0; i < count && *wanted; i++) {
        if (strcmp(names[i], wanted) == 0) {
            return KF_OK;
        }
    }
    const char *close = *wanted ? kf_closest(wanted, names, count) : NULL;
    if (!*wanted) {
        return FAIL(r, duck, "a duck effect needs the name of the track it listens to in \"sidechain\"");
    }
    return close ? FAIL(r, sidechain, "there is no track called \"%.100s\"; did you mean \"%.100s\"?", wanted, close)
                 : FAIL(r, sidechain, "there is no track called \"%.100s\" in this sequence", wanted);
}

kf_status check_ducks(reader *r, const char *const *names, size_t count)
{
    kf_status status = KF_OK;
    for (size_t i = 0; i < r->duck_count && status == KF_OK; i++) {
        status = check_duck(r, r->ducks[i], names, count);
    }
    return status;
}

static kf_status check_own_ducks(reader *r, const kf_json *tracks)
{
    const char *names[KF_MODEL_MAX_TRACKS];
    size_t count = 0;
    for (const kf_json *track = tracks ? tracks->first : NULL; track; track = track->next) {
        const kf_json *name = kf_json_get(track, "name");
        if (name && count < KF_MODEL_MAX_TRACKS) {
            names[count++] = name->text;
        }
    }
    return check_ducks(r, names, count);
}

static kf_status read_own_links(reader *r, const kf_json *tracks)
{
    const kf_json *lists[KF_MODEL_MAX_TRACKS];
    size_t count = 0;
    for (const kf_json *track = tracks ? tracks->first : NULL; track && count < KF_MODEL_MAX_TRACKS;
         track = track->next) {
        lists[count++] = kf_json_get(track, "clips");
    }
    return read_links(r, lists, count);
}

static kf_status finish(reader *r, uint32_t self, const sequence_draft *d, sequence_body *body)
{
    sequence_state *s = &r->sequences[self];
    if (s->layers > KF_MODEL_MAX_LAYERS) {
        return FAIL(r, s->json, "up to %lld clips lie on top of each other here, nested ones included; %d are possible",
                    (long long)s->layers, KF_MODEL_MAX_LAYERS);
    }
    body->id = build_text(&r->owner, s->id);
    body->name = build_text(&r->owner, d->name);
    body->bin = build_text(&r->owner, d->bin);
    body->label = build_text(&r->owner, d->label);
    build_body(&r->owner, 0, body, sizeof *body);
    s->duration = body->duration;
    s->width = body->width;
    s->height = body->height;
    s->rate = body->rate;
    s->height_of_tree = r->nested_height + 1;
    s->stage = STAGE_DONE;
    if (s->height_of_tree > KF_MODEL_MAX_NESTING) {
        return FAIL(r, s->json, "sequences are nested deeper than %d levels here", KF_MODEL_MAX_NESTING);
    }
    return build_append(&r->owner, r->store, NODE_SEQUENCE, &s->ref, r->err);
}

static kf_status build_sequence(reader *r, uint32_t self, const sequence_draft *d)
{
    sequence_body body = {0};
    kf_ref markers, metadata;
    const kf_json *json = r->sequences[self].json;
    kf_status status = set_body(r, self, json, d, &body);
    r->nested_height = 0;
    r->duck_count = 0;
    if (status == KF_OK) {
        status = read_markers(r, d->markers, false, &markers);
    }
    if (status == KF_OK) {
        status = read_metadata(r, d->metadata, &metadata);
    }
    if (status == KF_OK) {
        status = read_own_links(r, d->tracks);
    }
    if (status != KF_OK) {
        return status;
    }
    build_start(&r->owner, sizeof body);
    build_ref(&r->owner, markers);
    build_ref(&r->owner, metadata);
    status = read_tracks(r, d->tracks, &r->sequences[self], &body);
    if (status == KF_OK) {
        status = read_effects(r, d->audio_effects, KF_CLASS_AUDIO_EFFECT, true, &r->owner, &body.effect_count);
    }
    if (status == KF_OK && !r->head) {
        status = check_own_ducks(r, d->tracks);
    }
    return status == KF_OK ? finish(r, self, d, &body) : status;
}

kf_status read_sequence(reader *r, uint32_t index)
{
    sequence_state *s = &r->sequences[index];
    sequence_draft draft = {.sample_rate = 48000, .channels = 2, .limiter = true, .loudness = 1,
                            .background = {0, 0, 0, 1}};
    s->stage = STAGE_READING;
    kf_status status = for_each_clip(r, index, nest, NULL);
    bool top = s->json == r->root;
    if (status == KF_OK) {
        status = read_object(r, s->json, top ? &object_short_sequence : &object_sequence, &draft, NULL);
    }
    if (top) {
        draft.name = NULL;
        draft.metadata = NULL;
    }
    return status == KF_OK ? build_sequence(r, index, &draft) : status;
}
