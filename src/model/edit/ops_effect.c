/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Effects of clips, tracks and sequences: add_effect, set_effect, move_effect, remove_effect. */
#include "model/edit/change.h"
#include "model/edit/ops.h"

/* What a name stands for where both classes have it: sound on what has no picture. */
static kf_kind_class class_of(const effect_owner *o, const kf_json *effect)
{
    const kf_json *name = kf_json_get(effect, "effect");
    const char *text = name && name->type == KF_JSON_STRING ? name->text : "";
    bool picture = kf_kind_find(KF_CLASS_EFFECT, text) != NULL, sound = kf_kind_find(KF_CLASS_AUDIO_EFFECT, text) != NULL;
    if (picture == sound) {
        return o->holds == KF_TRACK_AUDIO ? KF_CLASS_AUDIO_EFFECT : KF_CLASS_EFFECT;
    }
    return picture ? KF_CLASS_EFFECT : KF_CLASS_AUDIO_EFFECT;
}

/* `count` effects (one or none) in place of `remove` at `index` of all. */
static kf_status splice(kf_edit *e, effect_owner *o, uint32_t index, uint32_t remove, kf_ref ref, uint32_t count)
{
    kf_status status = owner_load(e, o);
    build_splice_refs(&e->build, o->first + index, remove, &ref, count);
    for (int i = 0; i < 2; i++) {
        if (o->count_at[i]) {
            build_body(&e->build, o->count_at[i], &o->count[i], sizeof o->count[i]);
        }
    }
    return status == KF_OK ? owner_put(e, o) : status;
}

kf_status op_add_effect(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_effect *a = args;
    effect_owner o;
    char name[160];
    kf_status status = owner_find(e, a->clip, a->sequence, a->track, &o);
    if (status != KF_OK) {
        return status;
    }
    kf_kind_class cls = class_of(&o, a->effect);
    int sound = cls == KF_CLASS_AUDIO_EFFECT;
    uint32_t at = a->index < 0 ? o.count[sound] : (uint32_t)a->index;
    if (!sound && o.holds == KF_TRACK_AUDIO) {
        return REFUSE(e, "%s has no picture: only audio effects go there", owner_name(e, &o, name));
    }
    if (at > o.count[sound] || o.count[sound] >= KF_MODEL_MAX_EFFECTS) {
        return REFUSE(e, "%s has %u effects of that kind (%d are possible): there is no place %d", owner_name(e, &o, name),
                      o.count[sound], KF_MODEL_MAX_EFFECTS, a->index);
    }
    kf_ref ref;
    fragment_scope scope = edit_scope(e);
    status = fragment_read_effect(&scope, a->effect, cls, o.kind == OWNER_SEQUENCE, &ref);
    o.count[sound]++;
    return status == KF_OK ? splice(e, &o, at + (sound ? o.count[0] : 0), 0, ref, 1) : status;
}

kf_status op_set_effect(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_effect *a = args;
    effect_owner o;
    kf_params old;
    kf_ref ref;
    kf_status status = owner_find(e, a->clip, a->sequence, a->track, &o);
    status = status == KF_OK ? owner_effect(e, &o, a->index, &old) : status;
    if (status == KF_OK) {
        fragment_scope scope = edit_scope(e);
        status = fragment_read_params(&scope, old.ref, old.kind_id, a->set, &ref);
    }
    return status == KF_OK ? splice(e, &o, (uint32_t)a->index, 1, ref, 1) : status;
}

kf_status op_remove_effect(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_effect *a = args;
    effect_owner o;
    kf_params old;
    kf_status status = owner_find(e, a->clip, a->sequence, a->track, &o);
    status = status == KF_OK ? owner_effect(e, &o, a->index, &old) : status;
    if (status != KF_OK) {
        return status;
    }
    o.count[(uint32_t)a->index >= o.count[0]]--;
    return splice(e, &o, (uint32_t)a->index, 1, KF_REF_NONE, 0);
}

kf_status op_move_effect(kf_edit *e, uint16_t id, const void *args)
{
    const kf_edit_effect *a = args;
    effect_owner o;
    kf_params moved, there;
    kf_status status = owner_find(e, a->clip, a->sequence, a->track, &o);
    status = status == KF_OK ? owner_effect(e, &o, a->index, &moved) : status;
    status = status == KF_OK ? owner_effect(e, &o, a->to, &there) : status;
    if (status != KF_OK || a->index == a->to) {
        return status;
    }
    if (((uint32_t)a->index < o.count[0]) != ((uint32_t)a->to < o.count[0])) {
        return REFUSE(e, "picture effects stay before audio effects: the first audio effect is at %u", o.count[0]);
    }
    status = owner_load(e, &o);
    build_splice_refs(&e->build, o.first + (uint32_t)a->index, 1, NULL, 0);
    build_splice_refs(&e->build, o.first + (uint32_t)a->to, 0, &moved.ref, 1);
    return status == KF_OK ? owner_put(e, &o) : status;
}
