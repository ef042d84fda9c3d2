/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests of operations on what clips have: edits that are checked to be undone exactly, and looking at clips. */
#ifndef KF_TEST_CHANGE_UTIL_H
#define KF_TEST_CHANGE_UTIL_H

#include "edit_util.h"

/* The edit, undone and redone: the roots must be the same ones. */
static inline bool edit_there_and_back(kf_film *film, const char *op)
{
    kf_ref before = kf_film_snapshot(film).root;
    if (edit(film, op) != KF_OK) {
        return false;
    }
    kf_ref after = kf_film_snapshot(film).root;
    bool back = after == before || (kf_film_undo(film, NULL, &edit_error) == KF_OK &&
                                    kf_film_snapshot(film).root == before &&
                                    kf_film_redo(film, NULL, &edit_error) == KF_OK);
    return back && kf_film_snapshot(film).root == after;
}

/* The edit, refused with these words, and the film as it was. */
static inline bool refused(kf_film *film, const char *op, const char *says)
{
    kf_ref before = kf_film_snapshot(film).root;
    edit_error.message[0] = '\0';
    return edit(film, op) != KF_OK && strstr(edit_error.message, says) && kf_film_snapshot(film).root == before;
}

#define STEP(film, op) CHECK_MSG(edit_there_and_back(film, op), "%s: %s", op, edit_error.message)
#define REFUSES(film, op, says) CHECK_MSG(refused(film, op, says), "%s: \"%s\"", op, edit_error.message)

static inline kf_clip_view clip_at(kf_film *film, uint64_t id)
{
    kf_item_place place;
    kf_sequence_view sequence;
    kf_track_view track;
    kf_cursor c;
    kf_clip_view clip = {0};
    kf_snapshot state = kf_film_snapshot(film);
    if (kf_film_find(film, id, &place, &edit_error) == KF_OK && kf_sequence_at(state, place.sequence, &sequence) &&
        kf_track_get(state, &sequence, place.track, &track)) {
        kf_cursor_init(&c, state, &track);
        if (kf_cursor_seek_index(&c, place.item.index)) {
            kf_cursor_clip(&c, &clip);
        }
    }
    return clip;
}

static inline kf_track_view track_at(kf_film *film, int32_t index)
{
    kf_sequence_view sequence;
    kf_track_view track = {0};
    kf_snapshot state = kf_film_snapshot(film);
    if (kf_sequence_at(state, 0, &sequence)) {
        kf_track_get(state, &sequence, index, &track);
    }
    return track;
}

/* Names of effects: "blur crop | gain". */
static inline const char *effects_text(kf_film *film, kf_effects picture, kf_effects sound)
{
    static char text[400];
    kf_params params;
    text[0] = '\0';
    for (int32_t i = 0; kf_effect_at(kf_film_snapshot(film), picture, i, &params); i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", params.kind->name);
    }
    snprintf(text + strlen(text), sizeof text - strlen(text), "|");
    for (int32_t i = 0; kf_effect_at(kf_film_snapshot(film), sound, i, &params); i++) {
        snprintf(text + strlen(text), sizeof text - strlen(text), " %s", params.kind->name);
    }
    return text;
}

/* A parameter as text: "-" if not set, "0.5", or its keys in frames: "0:1 !25:0.5", ! before those that hold, ~ before
 * beziers. */
static inline const char *param_text(const kf_params *params, const char *field)
{
    static kf_str s;
    kf_param_value value;
    s.length = 0;
    kf_str_add(&s, "");
    int i = params->kind ? kf_kind_field(params->kind, field) : -1;
    if (i < 0 || !kf_params_get(params, i, &value)) {
        return "-";
    }
    int n = kf_field_numbers(params->kind->fields[i].type);
    for (int32_t k = 0; k < value.key_count; k++) {
        static const char *const ways[] = {"!", "", "~"};
        kf_str_addf(&s, "%s%s", k ? " " : "", ways[value.keys[k].interp]);
        frames(&s, value.keys[k].time);
        kf_str_addf(&s, ":%g", value.keys[k].value[0]);
        if (n == 2) {
            kf_str_addf(&s, ",%g", value.keys[k].value[1]);
        }
    }
    if (value.key_count == 0) {
        kf_str_addf(&s, n == 2 ? "%g,%g" : "%g", value.number[0], value.number[1]);
    }
    return value.text ? value.text : s.data;
}

/* A parameter of a clip's set (video, audio, ...) as param_text gives it. */
#define CHECK_PARAM(film, id, set, field, expected) \
    do { \
        kf_clip_view clip_ = clip_at(film, id); \
        CHECK_TEXT(param_text(&clip_.set, field), expected); \
    } while (0)

#define CHECK_TEXT(found, expected) \
    do { \
        const char *found_ = found; \
        CHECK_MSG(strcmp(found_, expected) == 0, "%s, not %s", found_, expected); \
    } while (0)
#define CHECK_EFFECTS(film, id, expected) \
    CHECK_TEXT(effects_text(film, clip_at(film, id).effects, clip_at(film, id).audio_effects), expected)

#endif
