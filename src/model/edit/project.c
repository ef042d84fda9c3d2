/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The project and the sequence that an operation works on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "model/edit/edit.h"

static kf_status damaged(kf_edit *e, const char *what)
{
    return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: %s cannot be read", what);
}

/* ---- The project ---- */

kf_status project_load(kf_edit *e, project_body *body)
{
    const kf_node *node = kf_store_node(e->store, e->root, NODE_PROJECT, sizeof *body);
    if (!node) {
        return damaged(e, "its root");
    }
    memcpy(body, kf_node_payload(node), sizeof *body);
    build_load(&e->build, node);
    return KF_OK;
}

kf_status project_store(kf_edit *e, project_body *body)
{
    body->next_id = e->next_id;
    build_body(&e->build, 0, body, sizeof *body);
    return build_append(&e->build, e->store, NODE_PROJECT, &e->root, e->err);
}

static kf_status put_list(kf_edit *e, uint32_t which, kf_ref list)
{
    project_body body;
    kf_status status = project_load(e, &body);
    if (status == KF_OK) {
        build_set_ref(&e->build, which, list);
        status = project_store(e, &body);
    }
    return status;
}

kf_status project_put(kf_edit *e, uint32_t which, uint64_t uid, kf_ref ref)
{
    node_list list = node_list_of(edit_state(e), which);
    kf_ref changed;
    kf_status status = node_list_put(&e->build, e->store, &list, (list_member){uid, ref}, &changed, e->err);
    return status == KF_OK ? put_list(e, which, changed) : status;
}

kf_status project_put_all(kf_edit *e, uint32_t which, const list_member *members, size_t count)
{
    uint16_t kind = which == PROJECT_ASSETS ? NODE_ASSETS : NODE_SEQUENCES;
    kf_ref ref;
    kf_status status = node_list_write(&e->build, e->store, kind, members, count, &ref, e->err);
    return status == KF_OK ? put_list(e, which, ref) : status;
}

static uint64_t last_uid(const node_list *list)
{
    list_member last;
    return node_list_at(list, list->count - 1, &last) ? last.uid : 0;
}

uint64_t project_new_uid(kf_edit *e)
{
    node_list assets = node_list_of(edit_state(e), PROJECT_ASSETS);
    node_list sequences = node_list_of(edit_state(e), PROJECT_SEQUENCES);
    uint64_t last = last_uid(&assets) > last_uid(&sequences) ? last_uid(&assets) : last_uid(&sequences);
    e->next_id = last >= e->next_id ? last + 1 : e->next_id;
    return edit_new_id(e);
}

uint64_t edit_new_id(kf_edit *e)
{
    return e->next_id++;
}

/* ---- Results ---- */

void edit_created(kf_edit *e, uint64_t id)
{
    void *ids = e->result.ids;
    if (kf_grow(&ids, &e->id_capacity, e->result.id_count + 1, sizeof id) == 0) {
        e->result.ids = ids;
        e->result.ids[e->result.id_count++] = id;
    }
}

void edit_note(kf_edit *e, const char *format, ...)
{
    enum { MOST = 1000 };
    void *notes = e->result.notes;
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (e->result.note_count < MOST && kf_grow(&notes, &e->note_capacity, e->result.note_count + 1, sizeof(char *)) == 0) {
        e->result.notes = notes;
        char *copy = kf_strdup(text);
        if (copy) {
            e->result.notes[e->result.note_count++] = copy;
        }
    }
}

/* ---- The sequence ---- */

static kf_status open_at(kf_edit *e, int32_t index)
{
    struct edit_sequence *s = &e->sequence;
    kf_snapshot state = edit_state(e);
    if (!kf_sequence_at(state, index, &s->view)) {
        return damaged(e, "a sequence");
    }
    const kf_node *node = kf_store_node(e->store, s->view.ref, NODE_SEQUENCE, 0);
    void *tracks = s->tracks;
    size_t count = (size_t)s->view.track_count;
    if (kf_grow(&tracks, &s->capacity, count + 1, sizeof(kf_ref)) != 0) {
        return kf_fail_memory(e->err);
    }
    s->tracks = tracks;
    for (size_t i = 0; i < count; i++) {
        s->tracks[i] = kf_node_ref(node, SEQUENCE_TRACKS + (uint32_t)i);
    }
    s->count = count;
    s->markers = kf_node_ref(node, SEQUENCE_MARKERS);
    s->ref = s->view.ref;
    s->changed = false;
    return KF_OK;
}

kf_status sequence_open(kf_edit *e, const char *id)
{
    kf_snapshot state = edit_state(e);
    kf_project_view project;
    if (!kf_project_get(state, &project)) {
        return damaged(e, "its root");
    }
    int32_t index = *id ? kf_sequence_find(state, id) : project.main_sequence;
    if (index < 0 || project.sequence_count == 0) {
        return kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no sequence \"%s\"", id);
    }
    return open_at(e, index);
}

kf_status sequence_open_uid(kf_edit *e, uint64_t uid)
{
    int32_t index = kf_sequence_index(edit_state(e), uid);
    return index < 0 ? damaged(e, "the sequence of a clip") : open_at(e, index);
}

/* Sums of the tracks into the body that is being built. */
static kf_status put_sums(kf_edit *e)
{
    struct edit_sequence *s = &e->sequence;
    int64_t clips = 0;
    kf_time duration = 0;
    uint32_t count = (uint32_t)s->count;
    for (int32_t i = 0; i < (int32_t)s->count; i++) {
        kf_track_view track;
        kf_status status = track_view(e, i, &track);
        if (status != KF_OK) {
            return status;
        }
        clips += track.clip_count;
        duration = track.duration > duration ? track.duration : duration;
    }
    build_body(&e->build, offsetof(sequence_body, clip_count), &clips, sizeof clips);
    build_body(&e->build, offsetof(sequence_body, duration), &duration, sizeof duration);
    build_body(&e->build, offsetof(sequence_body, track_count), &count, sizeof count);
    return KF_OK;
}

kf_status sequence_close(kf_edit *e)
{
    struct edit_sequence *s = &e->sequence;
    kf_ref ref = s->ref;
    s->ref = KF_REF_NONE;
    if (ref == KF_REF_NONE || !s->changed) {
        return KF_OK;
    }
    const kf_node *node = kf_store_node(e->store, ref, NODE_SEQUENCE, sizeof(sequence_body));
    if (!node) {
        return damaged(e, "a sequence");
    }
    build_load(&e->build, node);
    build_splice_refs(&e->build, SEQUENCE_TRACKS, (uint32_t)s->view.track_count, s->tracks, (uint32_t)s->count);
    build_set_ref(&e->build, SEQUENCE_MARKERS, s->markers);
    kf_status status = put_sums(e);
    if (status == KF_OK) {
        status = build_append(&e->build, e->store, NODE_SEQUENCE, &ref, e->err);
    }
    return status == KF_OK ? project_put(e, PROJECT_SEQUENCES, s->view.uid, ref) : status;
}

kf_time sequence_frame(const kf_edit *e)
{
    return kf_frame_start(1, e->sequence.view.rate);
}

kf_time sequence_floor(const kf_edit *e, kf_time t)
{
    return kf_frame_start(kf_frame_at(t, e->sequence.view.rate), e->sequence.view.rate);
}

const char *time_text(kf_edit *e, kf_time t)
{
    const kf_sequence_view *v = &e->sequence.view;
    char *text = e->times[e->next_text++ % 4];
    kf_timecode_format(kf_frame_at(t, v->rate) + v->start_timecode, v->rate, v->drop_frame, text);
    return text;
}

const char *length_text(kf_edit *e, kf_time t, char buffer[40])
{
    kf_rational rate = e->sequence.view.rate;
    int64_t frames = kf_frame_at(t, rate);
    if (kf_frame_start(frames, rate) == t) {
        snprintf(buffer, 40, "%lld frame%s", (long long)frames, frames == 1 ? "" : "s");
    } else {
        snprintf(buffer, 40, "%.3f s", kf_time_seconds(t));
    }
    return buffer;
}

/* ---- Tracks ---- */

kf_status track_view(kf_edit *e, int32_t i, kf_track_view *out)
{
    return track_open(e->store, e->sequence.tracks[i], out) ? KF_OK : damaged(e, "a track");
}

/* Its number among those of its kind, from 1. */
static int track_number(kf_edit *e, int32_t index, kf_track_kind kind)
{
    int number = 0;
    for (int32_t i = 0; i <= index; i++) {
        kf_track_view view;
        number += track_open(e->store, e->sequence.tracks[i], &view) && view.kind == kind;
    }
    return number;
}

const char *track_name(kf_edit *e, int32_t i, char buffer[80])
{
    kf_track_view view = {0};
    track_open(e->store, e->sequence.tracks[i], &view);
    int n = snprintf(buffer, 80, "%c%d", view.kind == KF_TRACK_AUDIO ? 'A' : 'V', track_number(e, i, view.kind));
    if (view.name && *view.name && strcmp(view.name, buffer) != 0) {
        snprintf(buffer + n, 80 - (size_t)n, " (%.60s)", view.name);
    }
    return buffer;
}

static bool is_called(kf_edit *e, int32_t i, const kf_track_view *view, const char *name)
{
    char *end;
    if (name[0] == '#') {
        return strtoull(name + 1, &end, 10) == view->uid && *end == '\0' && end > name + 1;
    }
    char letter = view->kind == KF_TRACK_AUDIO ? 'A' : 'V';
    if (name[0] == letter && name[1] >= '1' && name[1] <= '9') {
        long number = strtol(name + 1, &end, 10);
        if (*end == '\0' && number == track_number(e, i, view->kind)) {
            return true;
        }
    }
    return strcmp(view->name, name) == 0;
}

kf_status track_find(kf_edit *e, const char *name, int32_t *out)
{
    kf_str all = {0};
    for (int32_t i = 0; i < (int32_t)e->sequence.count; i++) {
        kf_track_view view;
        char buffer[80];
        kf_status status = track_view(e, i, &view);
        if (status != KF_OK || is_called(e, i, &view, name)) {
            kf_str_finish(&all);
            *out = i;
            return status;
        }
        if (i < 20) {
            kf_str_addf(&all, "%s%s", i ? ", " : "", track_name(e, i, buffer));
        }
    }
    kf_status status = kf_fail(e->err, KF_ERR_NOT_FOUND, "there is no track \"%s\"; there are: %s", name,
                               all.data ? all.data : "none");
    kf_str_finish(&all);
    return status;
}

kf_status track_unlocked(kf_edit *e, int32_t i)
{
    kf_track_view view;
    char buffer[80];
    kf_status status = track_view(e, i, &view);
    if (status != KF_OK || !view.lock) {
        return status;
    }
    return REFUSE(e, "track %s is locked: unlock it first", track_name(e, i, buffer));
}

static kf_status choose_all(kf_edit *e, bool *chosen)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; i < (int32_t)e->sequence.count && status == KF_OK; i++) {
        kf_track_view view;
        status = track_view(e, i, &view);
        chosen[i] = status == KF_OK && !view.lock;
    }
    return status;
}

static kf_status choose_named(kf_edit *e, const char *list, bool *chosen)
{
    kf_status status = KF_OK;
    while (*list && status == KF_OK) {
        size_t length = strcspn(list, ",");
        char name[256];
        if (length >= sizeof name) {
            return REFUSE(e, "a track's name in \"%.40s...\" is too long", list);
        }
        memcpy(name, list, length);
        name[length] = '\0';
        int32_t track = 0;
        status = track_find(e, name, &track);
        if (status == KF_OK) {
            status = track_unlocked(e, track);
        }
        if (status == KF_OK) {
            chosen[track] = true;
        }
        list += length + (list[length] == ',');
    }
    return status;
}

kf_status tracks_choose(kf_edit *e, const char *list, bool **chosen)
{
    *chosen = kf_alloc_zero(e->sequence.count + 1, sizeof **chosen);
    if (!*chosen) {
        return kf_fail_memory(e->err);
    }
    kf_status status = strcmp(list, "all") == 0 ? choose_all(e, *chosen) : choose_named(e, list, *chosen);
    if (status != KF_OK) {
        kf_free(*chosen);
        *chosen = NULL;
    }
    return status;
}
