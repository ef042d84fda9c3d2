/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keyframes of clips, tracks and effects: set_key, remove_key. The first keyframe of a parameter takes the place of its
 * constant value; the value of the last one that is taken away stays. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "model/edit/change.h"
#include "model/edit/ops.h"
#include "model/edit/part.h"

/* The parameter that is meant. */
typedef struct key_target {
    effect_owner owner;
    uint32_t ref;            /* place of its set among the owner's refs */
    kf_params params;        /* the set as it is */
    int index;
    const kf_field *field;
} key_target;

/* ---- Finding the parameter ---- */

static const struct own_set {
    owner_kind owner;
    uint16_t kind;
    uint32_t ref;
    const char *prefix;
    bool picture;
} own_sets[] = {
    {OWNER_CLIP, KF_PROP_CLIP_VIDEO, CLIP_VIDEO, "", true}, {OWNER_CLIP, KF_PROP_CLIP_AUDIO, CLIP_SOUND, "", false},
    {OWNER_CLIP, KF_FX_TRANSFORM, CLIP_TRANSFORM, "transform.", true},
    {OWNER_CLIP, 0, CLIP_GENERATOR, "params.", false}, /* of what it generates */
    {OWNER_TRACK, KF_PROP_TRACK_VIDEO, TRACK_VIDEO, "", true}, {OWNER_TRACK, KF_PROP_TRACK_AUDIO, TRACK_AUDIO, "", false},
};
enum { OWN_SETS = sizeof own_sets / sizeof *own_sets };

static const kf_kind *kind_of(const effect_owner *o, const struct own_set *set)
{
    bool fits = o->kind == set->owner && !(set->picture && o->holds == KF_TRACK_AUDIO);
    bool generates = o->kind == OWNER_CLIP && o->clip.view.source == KF_SOURCE_GENERATOR;
    return !fits ? NULL : set->kind ? kf_kind_get(set->kind) : generates ? o->clip.view.generator.kind : NULL;
}

static kf_status no_parameter(kf_edit *e, const effect_owner *o, const char *name)
{
    const char *names[OWN_SETS * KF_KIND_MAX_FIELDS];
    size_t count = 0;
    char owner[160];
    for (int s = 0; s < OWN_SETS; s++) {
        const kf_kind *kind = *own_sets[s].prefix ? NULL : kind_of(o, &own_sets[s]);
        for (int i = 0; kind && i < kind->field_count; i++) {
            names[count++] = kind->fields[i].name;
        }
    }
    const char *near = kf_closest(name, names, count);
    return near ? REFUSE(e, "%s has no \"%.100s\"; did you mean \"%s\"?", owner_name(e, o, owner), name, near)
                : REFUSE(e, "%s has no \"%.100s\"", owner_name(e, o, owner), name);
}

static kf_status find_own(kf_edit *e, const char *name, key_target *t)
{
    const effect_owner *o = &t->owner;
    const kf_node *node = kf_store_node(e->store, o->ref, o->node, 0);
    for (int s = 0; s < OWN_SETS; s++) {
        const kf_kind *kind = kind_of(o, &own_sets[s]);
        size_t prefix = strlen(own_sets[s].prefix);
        int field = kind && strncmp(name, own_sets[s].prefix, prefix) == 0 ? kf_kind_field(kind, name + prefix) : -1;
        if (field >= 0) {
            t->ref = own_sets[s].ref;
            t->params = params_open(e->store, node ? kf_node_ref(node, t->ref) : KF_REF_NONE, kind->id);
            t->index = field;
            return KF_OK;
        }
    }
    return no_parameter(e, o, name);
}

static kf_status find_in_effect(kf_edit *e, int32_t effect, const char *name, key_target *t)
{
    kf_status status = owner_effect(e, &t->owner, effect, &t->params);
    if (status != KF_OK) {
        return status;
    }
    t->ref = t->owner.first + (uint32_t)effect;
    t->index = t->params.kind ? kf_kind_field(t->params.kind, name) : -1;
    return t->index >= 0 ? KF_OK
                         : REFUSE(e, "%s has no \"%.100s\"", t->params.kind ? t->params.kind->name : "that effect", name);
}

static kf_status find_target(kf_edit *e, const kf_edit_key *a, key_target *t)
{
    kf_status status = owner_find(e, a->clip, a->sequence, a->track, &t->owner);
    if (status == KF_OK) {
        status = a->effect < 0 ? find_own(e, a->field, t) : find_in_effect(e, a->effect, a->field, t);
    }
    if (status != KF_OK) {
        return status;
    }
    t->field = &t->params.kind->fields[t->index];
    if (a->at < -KF_MODEL_MAX_TIME || a->at > KF_MODEL_MAX_TIME) {
        return REFUSE(e, "times reach to 1000 hours");
    }
    return t->field->animatable && kf_field_numbers(t->field->type) > 0
               ? KF_OK
               : REFUSE(e, "%s cannot be animated: it has no keyframes", a->field);
}

/* ---- Writing ---- */

/* The set of parameters with this entry for the field; `data` is what the entry tells of. */
static kf_status write_set(kf_edit *e, const key_target *t, const param_entry *own, const void *data, kf_ref *out)
{
    const kf_kind *kind = t->params.kind;
    params_body body = {.kind = kind->id, .version = kind->version,
                        .flags = PARAMS_CONSTANT | (t->params.enabled ? PARAMS_ENABLED : 0)};
    param_entry entry;
    for (int i = 0; i < kind->field_count; i++) {
        body.count += i == t->index || params_entry(&t->params, i, &entry);
    }
    size_t at = sizeof body;
    build_start(&e->build, at + body.count * sizeof entry);
    for (int i = 0; i < kind->field_count; i++) {
        const void *from = i == t->index ? data : params_entry(&t->params, i, &entry);
        if (!from) {
            continue;
        }
        entry = i == t->index ? *own : entry;
        entry.at = build_add(&e->build, from, params_entry_bytes(&entry));
        body.flags &= entry.form == FORM_KEYS ? (uint8_t)~PARAMS_CONSTANT : UINT8_MAX;
        build_body(&e->build, at, &entry, sizeof entry);
        at += sizeof entry;
    }
    body.name = build_text(&e->build, t->params.name);
    build_body(&e->build, 0, &body, sizeof body);
    return build_append(&e->build, e->store, NODE_PARAMS, out, e->err);
}

static kf_status put(kf_edit *e, key_target *t, param_entry entry, const void *data)
{
    kf_ref ref;
    entry.field = (uint16_t)t->index;
    entry.type = (uint8_t)t->field->type;
    kf_status status = write_set(e, t, &entry, data, &ref);
    status = status == KF_OK ? owner_load(e, &t->owner) : status;
    build_set_ref(&e->build, t->ref, ref);
    return status == KF_OK ? owner_put(e, &t->owner) : status;
}

/* ---- Setting ---- */

/* The value, checked as a film's. */
static kf_status read_value(kf_edit *e, const kf_edit_key *a, const key_target *t, double out[4])
{
    kf_json item = *a->value;
    kf_ref ref;
    kf_param_value value;
    if (item.type == KF_JSON_OBJECT || item.type == KF_JSON_NULL) {
        return kf_json_fail(a->value, e->name, e->err, "one value of %s must stand here", t->field->name);
    }
    item.key = t->field->name;
    item.next = NULL;
    const kf_json object = {.type = KF_JSON_OBJECT, .first = &item, .count = 1, .line = item.line};
    fragment_scope scope = edit_scope(e);
    kf_status status = fragment_read_params(&scope, KF_REF_NONE, t->params.kind_id, &object, &ref);
    if (status == KF_OK) {
        kf_params read = params_open(e->store, ref, t->params.kind_id);
        kf_params_get(&read, t->index, &value);
        memcpy(out, value.number, sizeof value.number);
    }
    return status;
}

/* The way to the next key, if one is given. */
static kf_status read_way(kf_edit *e, const kf_edit_key *a, kf_key *key)
{
    json_part p = {0};
    key_draft draft = {.interp = -1};
    reader r = {.name = e->name, .err = e->err};
    const kf_json none = {.type = KF_JSON_OBJECT};
    const kf_json interp = {.type = KF_JSON_STRING, .text = a->interp, .length = strlen(a->interp), .key = "interp"};
    kf_status status = *a->interp ? part_add(e, &p, &interp) : KF_OK;
    status = status == KF_OK && a->bezier ? part_add(e, &p, a->bezier) : status;
    if (status == KF_OK && p.count > 0) {
        const kf_json *object = part_object(&p, &none);
        status = edit_read_object(e, object, &object_key, &draft);
        status = status == KF_OK ? resolve_interp(&r, object, draft.interp, draft.bezier, &key->interp, key->bezier) : status;
    }
    part_finish(&p);
    return status;
}

/* "center" is no number: there is no way to one. */
static bool mixes(const kf_field *field, const kf_key *a, const kf_key *b)
{
    double center = (double)KF_POSITION_CENTER;
    bool takes = field->type == KF_FIELD_VEC2 && field->min == center && a->interp != KF_INTERP_HOLD;
    return takes && ((a->value[0] == center) != (b->value[0] == center) || (a->value[1] == center) != (b->value[1] == center));
}

/* Place of the first key at or after t. */
static int32_t key_place(const kf_param_value *value, kf_time t)
{
    int32_t low = 0, high = value->key_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (value->keys[middle].time < t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool key_at(const kf_param_value *value, int32_t place, kf_time t)
{
    return place < value->key_count && value->keys[place].time == t;
}

/* The keys with `count` (none or one) in place of `remove` at `place`. */
static kf_key *spliced(const kf_param_value *value, int32_t place, int32_t remove, const kf_key *key, int32_t count)
{
    kf_key *keys = kf_alloc_zero((size_t)value->key_count + 1, sizeof *keys);
    if (!keys) {
        return NULL;
    }
    if (place > 0) {
        memcpy(keys, value->keys, (size_t)place * sizeof *keys);
    }
    if (count) {
        keys[place] = *key;
    }
    if (place + remove < value->key_count) {
        memcpy(keys + place + count, value->keys + place + remove,
               (size_t)(value->key_count - place - remove) * sizeof *keys);
    }
    return keys;
}

static kf_status put_keys(kf_edit *e, key_target *t, const kf_key *keys, int32_t count)
{
    for (int32_t i = 1; i < count; i++) {
        if (mixes(t->field, &keys[i - 1], &keys[i])) {
            return REFUSE(e, "there is no way between \"center\" and a number: write numbers in both keys");
        }
    }
    return put(e, t, (param_entry){.form = FORM_KEYS, .count = (uint32_t)count}, keys);
}

kf_status op_set_key(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_key *a = args;
    key_target t = {0};
    kf_param_value value = {0};
    kf_status status = find_target(e, a, &t);
    if (status != KF_OK) {
        return status;
    }
    kf_params_get(&t.params, t.index, &value);
    int32_t place = key_place(&value, a->at), there = key_at(&value, place, a->at);
    if (value.key_count - there >= KF_MODEL_MAX_KEYS) {
        return REFUSE(e, "%s has %d keyframes: there cannot be more", a->field, value.key_count);
    }
    bool stepwise = t.field->type == KF_FIELD_BOOL || t.field->type == KF_FIELD_ENUM;
    kf_key key = there ? value.keys[place] : (kf_key){.time = a->at, .interp = KF_INTERP_LINEAR};
    status = read_way(e, a, &key);
    key.interp = stepwise ? KF_INTERP_HOLD : key.interp;
    status = status == KF_OK ? read_value(e, a, &t, key.value) : status;
    kf_key *keys = status == KF_OK ? spliced(&value, place, there, &key, 1) : NULL;
    if (status == KF_OK) {
        status = keys ? put_keys(e, &t, keys, value.key_count + 1 - there) : kf_fail_memory(e->err);
    }
    kf_free(keys);
    return status;
}

/* ---- Removing ---- */

static kf_status put_constant(kf_edit *e, key_target *t, const kf_key *last)
{
    kf_time time = kf_time_from_seconds(last->value[0]);
    return t->field->type == KF_FIELD_TIME
               ? put(e, t, (param_entry){.form = FORM_TIME, .count = 1}, &time)
               : put(e, t, (param_entry){.form = FORM_NUMBERS, .count = (uint32_t)kf_field_numbers(t->field->type)},
                     last->value);
}

kf_status op_remove_key(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_key *a = args;
    key_target t = {0};
    kf_param_value value = {0};
    char length[40];
    kf_status status = find_target(e, a, &t);
    if (status != KF_OK) {
        return status;
    }
    kf_params_get(&t.params, t.index, &value);
    int32_t place = key_place(&value, a->at);
    if (!key_at(&value, place, a->at)) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "%s has no keyframe at %s: it has %d", a->field,
                       length_text(e, a->at, length), value.key_count);
    }
    if (value.key_count == 1) {
        const kf_key last = value.keys[0];
        return put_constant(e, &t, &last);
    }
    kf_key *keys = spliced(&value, place, 1, NULL, 0);
    status = keys ? put_keys(e, &t, keys, value.key_count - 1) : kf_fail_memory(e->err);
    kf_free(keys);
    return status;
}
