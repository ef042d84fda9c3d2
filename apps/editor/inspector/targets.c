/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "targets.h"

#include <math.h>
#include <string.h>

#include "text.h"

enum { COMPARED = 200 }; /* more than these are changed, but not looked at for whether they differ */

typedef struct Target {
    kf_timeline_item item;
    gboolean audio;           /* on an audio track */
    gboolean sounds;          /* what it shows has sound, as far as is known */
} Target;

struct KerfTargets {
    KerfDocument *document;
    GArray *list;             /* Target; the focused one first. For showing, the first COMPARED of them are enough */
    gboolean stale, complete;
};

KerfTargets *kerf_targets_new(KerfDocument *document)
{
    KerfTargets *t = g_new0(KerfTargets, 1);
    t->document = document;
    t->stale = TRUE;
    t->list = g_array_new(FALSE, FALSE, sizeof(Target));
    return t;
}

void kerf_targets_free(KerfTargets *t)
{
    g_array_unref(t->list);
    g_free(t);
}

KerfDocument *kerf_targets_document(KerfTargets *t) { return t->document; }
static const Target *target_at(KerfTargets *t, guint i) { return &g_array_index(t->list, Target, i); }

static gboolean generator_sounds(const kf_timeline_item *item)
{
    kf_catalog_kind kind;
    kf_catalog_param tone;
    return kf_catalog_find(KF_CATALOG_GENERATOR, item->generator, &kind) &&
           (strcmp(kind.category, "Sound") == 0 || kf_catalog_param_find(&kind, "tone", &tone));
}

static gboolean has_sound(KerfTargets *t, const kf_timeline_item *item)
{
    kf_asset_info asset;
    switch (item->source) {
    case KF_TIMELINE_ASSET:
        return !kf_film_asset(kerf_document_film(t->document), item->source_index, &asset) || !asset.known ||
               asset.audio;
    case KF_TIMELINE_GENERATOR:
        return generator_sounds(item);
    default:
        return item->source == KF_TIMELINE_SEQUENCE;
    }
}

/* Clips go with clips, transitions with transitions. */
static void add_target(KerfTargets *t, uint64_t id)
{
    Target target = {0};
    kf_track_info track;
    if (!kerf_document_find(t->document, id, &target.item)) return;
    if (t->list->len && target_at(t, 0)->item.kind != target.item.kind) return;
    target.audio = kf_film_track(kerf_document_film(t->document), target.item.sequence, target.item.track, &track) &&
                   track.audio;
    target.sounds = target.item.kind == KF_TIMELINE_CLIP && has_sound(t, &target.item);
    g_array_append_val(t->list, target);
}

static void collect(KerfTargets *t, guint most)
{
    size_t count;
    const uint64_t *ids = kerf_document_selection(t->document, &count);
    const uint64_t focus = kerf_document_focus(t->document);
    g_array_set_size(t->list, 0);
    if (focus) add_target(t, focus);
    for (size_t i = 0; i < count && t->list->len < most; i++) {
        if (ids[i] != focus) add_target(t, ids[i]);
    }
    t->stale = FALSE;
    t->complete = t->list->len < most;
}

void kerf_targets_update(KerfTargets *t) { t->stale = TRUE; }

/* How many there are: some at least, if there are any. */
static guint some(KerfTargets *t)
{
    if (t->stale) collect(t, COMPARED);
    return t->list->len;
}

static guint all(KerfTargets *t)
{
    if (t->stale || !t->complete) collect(t, G_MAXUINT);
    return t->list->len;
}

guint kerf_targets_count(KerfTargets *t)
{
    size_t count;
    kerf_document_selection(t->document, &count);
    return some(t) == COMPARED ? (guint)count : t->list->len;
}

const kf_timeline_item *kerf_targets_focus(KerfTargets *t) { return some(t) ? &target_at(t, 0)->item : NULL; }
gboolean kerf_targets_focus_audio(KerfTargets *t) { return some(t) && target_at(t, 0)->audio; }

static kf_time now_of(KerfTargets *t, const Target *target)
{
    const kf_sequence_info *q = kerf_document_sequence_info(t->document);
    const kf_time frame = kf_sequence_frame_time(q, 1);
    const kf_time at = kerf_document_playhead(t->document) - target->item.start;
    return CLAMP(at, 0, MAX(target->item.duration - frame, 0));
}

kf_time kerf_targets_now(KerfTargets *t) { return some(t) ? now_of(t, target_at(t, 0)) : 0; }

/* ---- Sets ---- */

static gboolean is_effect(kf_param_group group) { return group == KF_PARAMS_EFFECT || group == KF_PARAMS_AUDIO_EFFECT; }

static int32_t effect_count(const Target *target, kf_param_group group)
{
    return group == KF_PARAMS_EFFECT ? target->item.effects : target->item.audio_effects;
}

static gboolean has_group(const Target *target, kf_param_group group)
{
    const gboolean clip = target->item.kind == KF_TIMELINE_CLIP;
    switch (group) {
    case KF_PARAMS_TRANSITION:
        return target->item.kind == KF_TIMELINE_TRANSITION;
    case KF_PARAMS_GENERATOR:
        return clip && target->item.source == KF_TIMELINE_GENERATOR;
    case KF_PARAMS_AUDIO:
        return clip && (target->audio || target->item.sound) && target->sounds;
    case KF_PARAMS_AUDIO_EFFECT:
        return clip && (target->sounds || target->item.audio_effects > 0);
    default:
        return clip && !target->audio;
    }
}

static gboolean read_set(KerfTargets *t, const Target *target, const KerfSet *set, kf_param_set *out)
{
    const kf_param_place place = {.item = &target->item, .group = set->group, .index = set->index};
    return has_group(target, set->group) && kf_film_params(kerf_document_film(t->document), &place, out);
}

gboolean kerf_targets_set(KerfTargets *t, kf_param_group group, int32_t index, KerfSet *out, kf_param_set *state)
{
    *out = (KerfSet){.group = group, .index = index};
    return some(t) && read_set(t, target_at(t, 0), out, state) &&
           kf_catalog_find(kf_catalog_type_of(group), state->kind, &out->kind);
}

/* How many effects of the same kind stand before it in the focused one. */
static int32_t occurrence_of(KerfTargets *t, const KerfSet *set)
{
    int32_t count = 0;
    KerfSet other = *set;
    kf_param_set state;
    for (other.index = 0; other.index < set->index; other.index++) {
        count += read_set(t, target_at(t, 0), &other, &state) && strcmp(state.kind, set->kind.name) == 0;
    }
    return count;
}

/* The same set of another target; FALSE if it has none. */
static gboolean find_set(KerfTargets *t, guint i, const KerfSet *set, KerfSet *out)
{
    const Target *target = target_at(t, i);
    kf_param_set state;
    *out = *set;
    if (!has_group(target, set->group)) return FALSE;
    if (!is_effect(set->group)) {
        return read_set(t, target, out, &state) && strcmp(state.kind, set->kind.name) == 0;
    }
    if (i == 0) return TRUE;
    int32_t left = occurrence_of(t, set);
    for (out->index = 0; out->index < effect_count(target, set->group); out->index++) {
        const gboolean same = read_set(t, target, out, &state) && strcmp(state.kind, set->kind.name) == 0;
        if (same && left-- == 0) return TRUE;
    }
    return FALSE;
}

/* ---- Reading ---- */

static gboolean read_now(KerfTargets *t, guint i, const KerfParam *param, kf_param_now *out)
{
    const Target *target = target_at(t, i);
    KerfSet set;
    if (!find_set(t, i, &param->set, &set)) return FALSE;
    const kf_param_place place = {.item = &target->item, .group = set.group, .index = set.index};
    return kf_film_param(kerf_document_film(t->document), &place, param->info.name, now_of(t, target), out);
}

static gboolean same_value(const kf_param_now *a, const kf_param_now *b)
{
    return memcmp(a->number, b->number, sizeof a->number) == 0 && strcmp(a->text, b->text) == 0;
}

static gboolean key_at(KerfTargets *t, const KerfParam *param, kf_time time)
{
    const kf_time half = kf_sequence_frame_time(kerf_document_sequence_info(t->document), 1) / 2;
    kf_key_info key;
    for (int32_t i = 0; kerf_targets_key(t, param, i, &key) && key.time <= time + half; i++) {
        if (key.time > time - half) return TRUE;
    }
    return FALSE;
}

gboolean kerf_targets_read(KerfTargets *t, const KerfParam *param, KerfReading *out)
{
    *out = (KerfReading){0};
    if (!some(t) || !read_now(t, 0, param, &out->now)) return FALSE;
    out->at_key = out->now.keys > 0 && key_at(t, param, kerf_targets_now(t));
    for (guint i = 1; i < MIN(t->list->len, COMPARED) && !out->mixed; i++) {
        kf_param_now other;
        out->mixed = read_now(t, i, param, &other) && !same_value(&out->now, &other);
    }
    return TRUE;
}

gboolean kerf_targets_key(KerfTargets *t, const KerfParam *param, int32_t i, kf_key_info *out)
{
    if (!some(t)) return FALSE;
    const kf_param_place place = {.item = &target_at(t, 0)->item, .group = param->set.group, .index = param->set.index};
    return kf_film_param_key(kerf_document_film(t->document), &place, param->info.name, i, out);
}

char *kerf_targets_json(KerfTargets *t, const KerfParam *param)
{
    if (!some(t)) return NULL;
    const kf_param_place place = {.item = &target_at(t, 0)->item, .group = param->set.group, .index = param->set.index};
    char *text = kf_film_param_json(kerf_document_film(t->document), &place, param->info.name), *copy = g_strdup(text);
    kf_string_free(text);
    return copy;
}

/* ---- Values ---- */

static void add_number(GString *out, const KerfParam *param, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (param->info.centers && value == param->info.min) {
        g_string_append(out, "\"center\"");
    } else {
        g_string_append(out, g_ascii_formatd(text, sizeof text, "%.10g", value));
    }
}

static int numbers_of(kf_catalog_value value)
{
    return value == KF_VALUE_POINT ? 2 : value == KF_VALUE_COLOR || value == KF_VALUE_WHEEL ? 4 : 1;
}

char *kerf_param_value(const KerfParam *param, const double number[4])
{
    GString *out = g_string_new(NULL);
    const int n = numbers_of(param->info.value);
    if (param->info.value == KF_VALUE_SWITCH) {
        g_string_append(out, number[0] >= 0.5 ? "true" : "false");
    } else if (param->info.value == KF_VALUE_CHOICE) {
        const int32_t choice = CLAMP((int32_t)number[0], 0, param->info.choice_count - 1);
        g_string_append_printf(out, "\"%s\"", param->info.choices[choice]);
    } else if (param->info.value == KF_VALUE_WHOLE) {
        g_string_append_printf(out, "%.0f", round(number[0]));
    } else {
        if (n > 1) g_string_append_c(out, '[');
        for (int i = 0; i < n; i++) {
            if (i) g_string_append_c(out, ',');
            add_number(out, param, number[i]);
        }
        if (n > 1) g_string_append_c(out, ']');
    }
    return g_string_free(out, FALSE);
}

/* ---- Operations ---- */

/* Place of an effect as set_effect and set_key count: picture effects first. */
static int32_t place_of(const Target *target, const KerfSet *set)
{
    return !is_effect(set->group)             ? -1
           : set->group == KF_PARAMS_EFFECT   ? set->index
                                              : target->item.effects + set->index;
}

/* A set of the clip's own: {"transform": {"scale": value}}. New. */
static char *own_member(const KerfParam *param, const char *value)
{
    const char *outer = param->set.group == KF_PARAMS_TRANSFORM   ? "transform"
                        : param->set.group == KF_PARAMS_GENERATOR ? "params"
                                                                  : NULL;
    return outer ? g_strdup_printf("{\"%s\": {\"%s\": %s}}", outer, param->info.name, value)
                 : g_strdup_printf("{\"%s\": %s}", param->info.name, value);
}

static void add_set_effect(GString *out, const Target *target, const KerfParam *param, const KerfSet *set,
                           const char *value)
{
    g_string_append_printf(
        out, "{\"op\": \"set_effect\", \"clip\": %" G_GUINT64_FORMAT ", \"index\": %d, \"set\": {\"%s\": %s}}\n",
        target->item.id, place_of(target, set), param->info.name, value);
}

static void add_set_item(GString *out, const Target *target, const char *keys)
{
    const gboolean clip = target->item.kind == KF_TIMELINE_CLIP;
    g_string_append_printf(out,
                           clip ? "{\"op\": \"set_clip\", \"clips\": [%" G_GUINT64_FORMAT "], \"set\": %s}\n"
                                : "{\"op\": \"set_transition\", \"transition\": %" G_GUINT64_FORMAT ", \"set\": %s}\n",
                           target->item.id, keys);
}

static void add_replace(GString *out, const Target *target, const KerfParam *param, const KerfSet *set,
                        const char *value)
{
    if (is_effect(set->group)) {
        add_set_effect(out, target, param, set, value);
        return;
    }
    g_autofree char *keys = own_member(param, value);
    add_set_item(out, target, keys);
}

static void add_key(GString *out, const char *op, KerfTargets *t, const Target *target, const KerfParam *param,
                    const KerfSet *set, const char *value)
{
    const char *prefix = set->group == KF_PARAMS_TRANSFORM   ? "transform."
                         : set->group == KF_PARAMS_GENERATOR ? "params."
                                                             : "";
    g_string_append_printf(
        out, "{\"op\": \"%s\", \"clip\": %" G_GUINT64_FORMAT ", \"effect\": %d, \"field\": \"%s%s\", \"at\": %s", op,
        target->item.id, place_of(target, set), prefix, param->info.name, kerf_json_time(now_of(t, target)).text);
    if (value) g_string_append_printf(out, ", \"value\": %s", value);
    g_string_append(out, "}\n");
}

char *kerf_targets_op_set(KerfTargets *t, const KerfParam *param, const char *value)
{
    GString *out = g_string_new(NULL);
    kf_param_now now;
    KerfSet set;
    for (guint i = 0, count = all(t); i < count; i++) {
        if (!find_set(t, i, &param->set, &set) || !read_now(t, i, param, &now)) continue;
        if (now.keys > 0) {
            add_key(out, "set_key", t, target_at(t, i), param, &set, value);
        } else {
            add_replace(out, target_at(t, i), param, &set, value);
        }
    }
    return g_string_free(out, FALSE);
}

char *kerf_targets_op_replace(KerfTargets *t, const KerfParam *param, const char *value)
{
    GString *out = g_string_new(NULL);
    KerfSet set;
    for (guint i = 0, count = all(t); i < count; i++) {
        if (find_set(t, i, &param->set, &set)) add_replace(out, target_at(t, i), param, &set, value);
    }
    return g_string_free(out, FALSE);
}

/* "centre" is no place that keyframes could lead to or from. */
static void place_centre(KerfTargets *t, const KerfParam *param, double number[4])
{
    const kf_sequence_info *q = kerf_document_sequence_info(t->document);
    if (param->info.centers && number[0] == param->info.min) number[0] = q->width / 2.0;
    if (param->info.centers && number[1] == param->info.min) number[1] = q->height / 2.0;
}

char *kerf_targets_op_key(KerfTargets *t, const KerfParam *param, gboolean there)
{
    GString *out = g_string_new(NULL);
    kf_param_now now;
    KerfSet set;
    for (guint i = 0, count = all(t); i < count; i++) {
        if (!find_set(t, i, &param->set, &set) || !read_now(t, i, param, &now)) continue;
        place_centre(t, param, now.number);
        g_autofree char *value = there ? kerf_param_value(param, now.number) : NULL;
        if (there || now.keys > 0) {
            add_key(out, there ? "set_key" : "remove_key", t, target_at(t, i), param, &set, value);
        }
    }
    return g_string_free(out, FALSE);
}

char *kerf_targets_op_still(KerfTargets *t, const KerfParam *param)
{
    GString *out = g_string_new(NULL);
    kf_param_now now;
    KerfSet set;
    for (guint i = 0, count = all(t); i < count; i++) {
        if (!find_set(t, i, &param->set, &set) || !read_now(t, i, param, &now) || now.keys == 0) continue;
        g_autofree char *value = kerf_param_value(param, now.number);
        add_replace(out, target_at(t, i), param, &set, value);
    }
    return g_string_free(out, FALSE);
}

/* Operation `name` for each that has the effect; keys: its "set"; to: the effect in whose place it goes. Either may be
 * NULL. */
static char *op_effect(KerfTargets *t, const KerfSet *set, const char *name, const char *keys, const KerfSet *to)
{
    GString *out = g_string_new(NULL);
    KerfSet own, other;
    for (guint i = 0, count = all(t); i < count; i++) {
        if (!find_set(t, i, set, &own) || (to && i > 0 && !find_set(t, i, to, &other))) continue;
        if (i == 0 && to) other = *to;
        g_string_append_printf(out, "{\"op\": \"%s\", \"clip\": %" G_GUINT64_FORMAT ", \"index\": %d", name,
                               target_at(t, i)->item.id, place_of(target_at(t, i), &own));
        if (keys) g_string_append_printf(out, ", \"set\": %s", keys);
        if (to) g_string_append_printf(out, ", \"to\": %d", place_of(target_at(t, i), &other));
        g_string_append(out, "}\n");
    }
    return g_string_free(out, FALSE);
}

char *kerf_targets_op_set_effect(KerfTargets *t, const KerfSet *set, const char *keys)
{
    return op_effect(t, set, "set_effect", keys, NULL);
}

char *kerf_targets_op_remove_effect(KerfTargets *t, const KerfSet *set)
{
    return op_effect(t, set, "remove_effect", NULL, NULL);
}

char *kerf_targets_op_move_effect(KerfTargets *t, const KerfSet *set, int32_t to)
{
    KerfSet there;
    kf_param_set state;
    if (!kerf_targets_set(t, set->group, to, &there, &state)) return g_strdup("");
    return op_effect(t, set, "move_effect", NULL, &there);
}

char *kerf_targets_op_add_effect(KerfTargets *t, gboolean audio, const char *effect)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0, count = all(t); i < count; i++) {
        if (!has_group(target_at(t, i), audio ? KF_PARAMS_AUDIO_EFFECT : KF_PARAMS_EFFECT)) continue;
        g_string_append_printf(out, "{\"op\": \"add_effect\", \"clip\": %" G_GUINT64_FORMAT ", \"effect\": %s}\n",
                               target_at(t, i)->item.id, effect);
    }
    return g_string_free(out, FALSE);
}

char *kerf_targets_op_clip(KerfTargets *t, const char *set)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0, count = all(t); i < count; i++) {
        add_set_item(out, target_at(t, i), set);
    }
    return g_string_free(out, FALSE);
}
