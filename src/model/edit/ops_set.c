/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clips have: set_clip. Keys are read as a film's are: laid over the clip's own keys they make a clip, of which those
 * are taken that were set. Parameters are merged, and all else stays as it was, also what this Kerf does not know. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/change.h"
#include "model/edit/ops.h"
#include "model/edit/part.h"
#include "model/json/writer.h"

typedef struct setting {
    kf_edit *e;
    const kf_json *set;
    const kf_clip_view *clip;
    kf_track_kind track;
    bool timing;             /* it sets how source time runs */
    clip_body body;          /* to be */
    kf_ref refs[CLIP_EFFECTS];
} setting;

/* ---- What can be set ---- */

static const struct { const char *key, *instead; } elsewhere[] = {
    {"id", NULL}, {"asset", "replace"}, {"generator", "replace"}, {"sequence", "replace"}, {"adjustment", "replace"},
    {"start", "move"}, {"duration", "trim"}, {"speed", "rate_stretch"}, {"reverse", "rate_stretch"}, {"link", "link"},
    {"group", "group"}, {"markers", "add_marker"},
};

static kf_status check_keys(kf_edit *e, const kf_json *set)
{
    if (set->type != KF_JSON_OBJECT) {
        return kf_json_fail(set, e->name, e->err, "an object with keys of a clip must stand here");
    }
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        const kf_json *found = kf_json_get(set, elsewhere[i].key);
        if (found) {
            return elsewhere[i].instead
                       ? kf_json_fail(found, e->name, e->err, "set_clip leaves this alone: use %s", elsewhere[i].instead)
                       : kf_json_fail(found, e->name, e->err, "the number of a clip stays");
        }
    }
    return KF_OK;
}

static bool is_timing(const char *key)
{
    static const char *const keys[] = {"in", "out", "freeze", "loop", "remap"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool takes_timing(const kf_json *item, const void *ctx)
{
    return is_timing(item->key);
}

/* ---- The clip as it is to be ---- */

/* The clip without what parameters, effects and markers it has. */
static kf_clip_view bare(const setting *s)
{
    kf_clip_view c = *s->clip;
    kf_params *params[] = {&c.generator, &c.transform, &c.video, &c.sound};
    for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
        params[i]->payload = NULL;
        params[i]->ref = KF_REF_NONE;
    }
    c.effects = c.audio_effects = (kf_effects){0};
    c.markers = (kf_markers){0};
    c.metadata = "";
    c.link = c.group = KF_REF_NONE;
    c.frozen = c.frozen && !sets(s->set, "freeze") && !sets(s->set, "remap");
    c.remap_count = sets(s->set, "remap") || sets(s->set, "freeze") ? 0 : c.remap_count;
    c.loop = c.loop && !sets(s->set, "loop");
    c.source_out = c.loop ? c.source_out : KF_TIME_NONE;
    return c;
}

static bool given(const kf_json *set, const char *key)
{
    const kf_json *value = kf_json_get(set, key);
    return value && value->type != KF_JSON_NULL;
}

/* Keys of the old clip, but those that the new timing stands in place of, and those that are set to null. */
static bool takes_old(const kf_json *item, const void *ctx)
{
    const kf_json *set = ctx;
    bool still = given(set, "freeze"), mapped = given(set, "remap");
    bool motion = strcmp(item->key, "speed") == 0 || strcmp(item->key, "reverse") == 0 || strcmp(item->key, "loop") == 0;
    return !sets(set, item->key) && !((still || mapped) && motion) && !(still && strcmp(item->key, "in") == 0);
}

/* Parameters are merged in their own way. */
static bool takes_new(const kf_json *item, const void *ctx)
{
    bool merged = strcmp(item->key, "transform") == 0 || strcmp(item->key, "params") == 0;
    return item->type != KF_JSON_NULL && !merged && find_key(&object_clip, item->key);
}

static kf_status read_whole(setting *s, const kf_json *old, track_item *out)
{
    json_part p = {0};
    kf_edit *e = s->e;
    kf_status status = part_add_some(e, &p, old, takes_old, s->set);
    status = status == KF_OK ? part_add_some(e, &p, s->set, takes_new, NULL) : status;
    if (status == KF_OK) {
        fragment_scope scope = edit_scope(e);
        fragment_clip clip = {.json = part_object(&p, s->set), .track = s->track};
        scope.keep_ids = true;
        status = fragment_read_clip(&scope, &clip);
        *out = (track_item){.duration = clip.duration, .ref = clip.ref, .kind = KF_ITEM_CLIP};
    }
    part_finish(&p);
    return status;
}

/* The clip with what is set of its body, as a node whose parameters are only those that were set. */
static kf_status make_whole(setting *s, track_item *out)
{
    kf_str text = {0};
    kf_json_doc *doc = NULL;
    kf_clip_view old = bare(s);
    film_writer fw = {.w = {.out = &text, .compact = true}, .snapshot = edit_state(s->e), .rate = s->e->sequence.view.rate};
    write_clip(&fw, &old);
    kf_status status = text.failed ? kf_fail_memory(s->e->err)
                                   : kf_json_parse(text.data, text.length, s->e->name, 0, &doc, s->e->err);
    status = status == KF_OK ? read_whole(s, kf_json_root(doc), out) : status;
    kf_json_free(doc);
    kf_str_finish(&text);
    return status;
}

/* ---- Parameters ---- */

static bool takes_kind(const kf_json *item, const void *ctx)
{
    return kf_kind_field(ctx, item->key) >= 0 && !find_key(&object_clip, item->key);
}

/* Fields of a kind that stand among the clip's keys. */
static kf_status merge_properties(setting *s, uint16_t id, kf_ref *ref)
{
    json_part p = {0};
    const kf_kind *kind = kf_kind_get(id);
    kf_status status = part_add_some(s->e, &p, s->set, takes_kind, kind);
    if (status == KF_OK && p.count > 0 && id == KF_PROP_CLIP_VIDEO && s->track == KF_TRACK_AUDIO) {
        status = kf_json_fail(&p.items[0], s->e->name, s->e->err, "clips of audio tracks have no picture");
    } else if (status == KF_OK && p.count > 0) {
        fragment_scope scope = edit_scope(s->e);
        status = fragment_read_params(&scope, *ref, id, part_object(&p, s->set), ref);
    }
    part_finish(&p);
    return status;
}

/* An object of parameters; null: all defaults. */
static kf_status merge_object(setting *s, const char *key, uint16_t id, kf_ref *ref)
{
    const kf_json *value = kf_json_get(s->set, key);
    if (!value) {
        return KF_OK;
    }
    if (id == 0 || (id == KF_FX_TRANSFORM && s->track == KF_TRACK_AUDIO)) {
        return kf_json_fail(value, s->e->name, s->e->err,
                            id ? "clips of audio tracks have no picture" : "\"params\" belong to a generator");
    }
    if (value->type == KF_JSON_NULL) {
        *ref = KF_REF_NONE;
        return KF_OK;
    }
    fragment_scope scope = edit_scope(s->e);
    return fragment_read_params(&scope, *ref, id, value, ref);
}

static kf_status merge_params(setting *s)
{
    uint16_t generator = s->clip->source == KF_SOURCE_GENERATOR ? s->clip->generator.kind_id : 0;
    kf_status status = merge_object(s, "params", generator, &s->refs[CLIP_GENERATOR]);
    status = status == KF_OK ? merge_object(s, "transform", KF_FX_TRANSFORM, &s->refs[CLIP_TRANSFORM]) : status;
    status = status == KF_OK ? merge_properties(s, KF_PROP_CLIP_VIDEO, &s->refs[CLIP_VIDEO]) : status;
    return status == KF_OK ? merge_properties(s, KF_PROP_CLIP_AUDIO, &s->refs[CLIP_SOUND]) : status;
}

/* ---- The node ---- */

/* How source time runs, as it was: a clip that stands still keeps the speed it would play with. */
static void keep_timing(const clip_body *old, clip_body *body)
{
    const uint8_t flags = CLIP_REVERSE | CLIP_LOOP | CLIP_FROZEN;
    body->source_in = old->source_in;
    body->source_out = old->source_out;
    body->freeze = old->freeze;
    body->speed = old->speed;
    body->flags = (uint8_t)((body->flags & ~flags) | (old->flags & flags));
}

static void add_refs(kf_edit *e, const kf_node *from, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        build_ref(&e->build, kf_node_ref(from, first + i));
    }
}

/* Effects of the new clip where they were set, else of the old one. */
static void add_effects(setting *s, const kf_node *old, const clip_body *was, const kf_node *new, const clip_body *now)
{
    bool picture = sets(s->set, "effects"), sound = sets(s->set, "audio_effects");
    s->body.effect_count = picture ? now->effect_count : was->effect_count;
    s->body.audio_effect_count = sound ? now->audio_effect_count : was->audio_effect_count;
    add_refs(s->e, picture ? new : old, CLIP_EFFECTS, s->body.effect_count);
    add_refs(s->e, sound ? new : old, CLIP_EFFECTS + (sound ? now : was)->effect_count, s->body.audio_effect_count);
}

static kf_status build(setting *s, kf_ref made, kf_ref *out)
{
    kf_edit *e = s->e;
    size_t size, new_size;
    const clip_body *was = node_body(e->store, s->clip->ref, NODE_CLIP, sizeof *was, &size);
    const clip_body *now = node_body(e->store, made, NODE_CLIP, sizeof *now, &new_size);
    const kf_node *old = kf_store_node(e->store, s->clip->ref, NODE_CLIP, sizeof *was);
    const kf_node *new = kf_store_node(e->store, made, NODE_CLIP, sizeof *now);
    const kf_item_view item = {.kind = KF_ITEM_CLIP, .duration = s->clip->duration, .ref = made};
    kf_clip_view view;
    if (!was || !now || !clip_open(e->store, &item, s->track, &view)) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
    }
    s->body = *now;
    bool still = given(s->set, "freeze");
    const kf_clip_view *runs = &view;
    if (!s->timing || still) {
        keep_timing(was, &s->body);
        runs = s->clip;
    }
    if (still) {
        s->body.flags |= CLIP_FROZEN;
        s->body.freeze = now->freeze;
    }
    const clip_rest rest = {runs->remap, runs->remap_count, view.name, view.label};
    clip_start(e, &s->body, &rest);
    for (int i = 0; i < CLIP_EFFECTS; i++) {
        build_ref(&e->build, s->refs[i]);
    }
    add_effects(s, old, was, new, now);
    return clip_store(e, &s->body, out);
}

static kf_status check_range(kf_edit *e, const clip_place *place, kf_track_kind track, kf_ref ref)
{
    const kf_item_view item = {
        .kind = KF_ITEM_CLIP, .start = place->view.start, .duration = place->view.duration, .ref = ref};
    kf_clip_view view;
    return clip_open(e->store, &item, track, &view) ? clip_check_range(e, &view) : KF_OK;
}

/* In and out are those of a loop; else they belong to the clip's length and place. */
static kf_status check_loop(kf_edit *e, const kf_json *set, const kf_clip_view *clip)
{
    const kf_json *loop = kf_json_get(set, "loop"), *in = kf_json_get(set, "in"), *out = kf_json_get(set, "out");
    bool loops = loop ? loop->type == KF_JSON_BOOL && loop->boolean : clip->loop;
    return loops || !(in || out)
               ? KF_OK
               : kf_json_fail(in ? in : out, e->name, e->err, "only a clip that loops is set these: use slip or trim");
}

static kf_status check_angles(kf_edit *e, const kf_json *set, const kf_clip_view *clip)
{
    static const char *const keys[] = {"angle", "audio_angle"};
    kf_status status = KF_OK;
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        const kf_json *angle = kf_json_get(set, keys[i]);
        status = angle && angle->is_integer && angle->integer > 0 ? clip_check_angle(e, clip, angle->integer) : KF_OK;
    }
    return status;
}

static kf_status set_one(kf_edit *e, const kf_json *set, bool timing, const clip_place *place)
{
    setting s = {.e = e, .set = set, .clip = &place->view, .timing = timing};
    track_item made;
    kf_track_view track;
    kf_ref ref;
    kf_status status = track_view(e, place->track, &track);
    const kf_node *old = kf_store_node(e->store, place->view.ref, NODE_CLIP, sizeof s.body);
    s.track = status == KF_OK ? track.kind : KF_TRACK_VIDEO;
    for (uint32_t i = 0; old && i < CLIP_EFFECTS; i++) {
        s.refs[i] = kf_node_ref(old, i);
    }
    status = status == KF_OK ? check_loop(e, set, &place->view) : status;
    status = status == KF_OK ? check_angles(e, set, &place->view) : status;
    status = status == KF_OK ? make_whole(&s, &made) : status;
    status = status == KF_OK ? merge_params(&s) : status;
    status = status == KF_OK ? edit_merge_metadata(e, kf_json_get(set, "metadata"), &s.refs[CLIP_METADATA]) : status;
    status = status == KF_OK ? build(&s, made.ref, &ref) : status;
    status = status == KF_OK && timing ? check_range(e, place, s.track, ref) : status;
    return status == KF_OK ? clip_put(e, place, ref, timing) : status;
}

/* A key that is none of a clip. */
static kf_status check_known(kf_edit *e, const kf_json *set)
{
    clip_draft ignored;
    json_part p = {0};
    kf_status status = KF_OK;
    for (const kf_json *item = set->first; item && status == KF_OK; item = item->next) {
        status = find_key(&object_clip, item->key) ? KF_OK : part_add(e, &p, item);
    }
    status = status == KF_OK ? edit_read_object(e, part_object(&p, set), &object_clip, &ignored) : status;
    part_finish(&p);
    return status;
}

kf_status op_set_clip(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_set_clip *a = args;
    clip_place *list = NULL;
    size_t count = 0;
    json_part timing = {0};
    kf_status status = clips_gather(e, a->clips, false, &list, &count);
    status = status == KF_OK ? check_keys(e, a->set) : status;
    status = status == KF_OK ? check_known(e, a->set) : status;
    status = status == KF_OK ? part_add_some(e, &timing, a->set, takes_timing, NULL) : status;
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        status = set_one(e, a->set, timing.count > 0, &list[i]);
    }
    part_finish(&timing);
    kf_free(list);
    return status;
}
