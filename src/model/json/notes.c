/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept beside the film proper: metadata, markers, bins, timecode labels. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/reader.h"

/* ---- Metadata ---- */

static int depth_of(const kf_json *json)
{
    int deepest = 0;
    for (const kf_json *child = json->first; child; child = child->next) {
        int depth = depth_of(child);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static kf_status append_metadata(reader *r, const kf_json *json, const kf_str *text, kf_ref *out)
{
    if (text->failed) {
        return kf_fail_memory(r->err);
    }
    if (text->length > KF_MODEL_MAX_METADATA) {
        return FAIL(r, json, "%zu bytes of metadata; %d are possible", text->length, KF_MODEL_MAX_METADATA);
    }
    kf_node_desc desc = {.kind = NODE_METADATA, .version = 1, .payload = text->data,
                         .payload_size = text->length + 1};
    return kf_store_append(r->store, &desc, out, r->err);
}

kf_status read_metadata(reader *r, const kf_json *json, kf_ref *out)
{
    kf_str text = {0};
    kf_json_writer w = {.out = &text, .compact = true};
    *out = KF_REF_NONE;
    kf_status status = json ? need_object(r, json, "an object") : KF_OK;
    if (status != KF_OK || !json || json->count == 0) {
        return status;
    }
    if (depth_of(json) > KF_MODEL_MAX_METADATA_DEPTH) {
        return FAIL(r, json, "metadata can be nested %d levels deep", KF_MODEL_MAX_METADATA_DEPTH);
    }
    kf_json_write_value(&w, json);
    status = append_metadata(r, json, &text, out);
    kf_str_finish(&text);
    return status;
}

/* ---- Markers ---- */

static kf_status build_marker(reader *r, const marker_draft *d, mark_item *out)
{
    kf_ref metadata;
    marker_body body = {.time = d->time, .duration = d->duration};
    kf_status status = read_metadata(r, d->metadata, &metadata);
    if (status == KF_OK) {
        status = take_id(r, d->id, &body.id);
    }
    if (status != KF_OK) {
        return status;
    }
    build_start(&r->small, sizeof body);
    build_ref(&r->small, metadata);
    body.name = build_text(&r->small, d->name);
    body.note = build_text(&r->small, d->note);
    body.kind = build_text(&r->small, d->kind && strcmp(d->kind, "comment") != 0 ? d->kind : NULL);
    memcpy(body.color, d->color, sizeof body.color);
    build_body(&r->small, 0, &body, sizeof body);
    *out = (mark_item){.time = d->time, .end = d->time + d->duration, .id = body.id};
    return build_append(&r->small, r->store, NODE_MARKER, &out->ref, r->err);
}

kf_status read_marker(reader *r, const kf_json *json, bool of_clip, mark_item *out)
{
    marker_draft draft = {.time = KF_TIME_NONE};
    kf_status status = read_object(r, json, &object_marker, &draft, NULL);
    if (status == KF_OK && draft.time == KF_TIME_NONE) {
        return FAIL(r, json, "a marker needs its \"time\"");
    }
    if (status == KF_OK && draft.time < 0 && !of_clip) {
        return FAIL(r, kf_json_get(json, "time"), "this time must not be negative");
    }
    return status == KF_OK ? build_marker(r, &draft, out) : status;
}

kf_status read_markers(reader *r, const kf_json *json, bool of_clip, kf_ref *out)
{
    *out = KF_REF_NONE;
    kf_status status = json ? need_array(r, json, "a list of markers", KF_MODEL_MAX_MARKERS) : KF_OK;
    if (status != KF_OK || !json) {
        return status;
    }
    void *marks = r->marks;
    if (kf_grow(&marks, &r->mark_capacity, json->count, sizeof *r->marks) != 0) {
        return kf_fail_memory(r->err);
    }
    r->marks = marks;
    for (const kf_json *child = json->first; child && status == KF_OK; child = child->next) {
        status = read_marker(r, child, of_clip, &r->marks[child->index]);
    }
    return status == KF_OK ? marks_build(r->store, r->marks, json->count, out, r->err) : status;
}

/* ---- Bins ---- */

const char *bin_fault(const char *path)
{
    size_t length = strlen(path);
    if (length > LONGEST_BIN) {
        return "is too long for the path of a bin: 1000 bytes are possible";
    }
    bool hole = length > 0 && (path[0] == '/' || path[length - 1] == '/' || strstr(path, "//"));
    return hole ? "is no path of a bin: write names with one \"/\" between them" : NULL;
}

kf_status check_bin(reader *r, const kf_json *json, const char *path)
{
    const char *fault = path ? bin_fault(path) : NULL;
    return fault ? FAIL(r, json, "\"%.200s\" %s", path, fault) : KF_OK;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static kf_status find_twins(reader *r, const kf_json *json, const char **paths)
{
    if (json->count > 0) {
        qsort(paths, json->count, sizeof *paths, compare_texts);
    }
    for (uint32_t i = 1; i < json->count; i++) {
        if (strcmp(paths[i], paths[i - 1]) == 0) {
            return FAIL(r, json, "the bin \"%.200s\" stands twice", paths[i]);
        }
    }
    return KF_OK;
}

static kf_status read_paths(reader *r, const kf_json *json, const char **paths)
{
    bins_body body = {.count = json->count};
    kf_status status = KF_OK;
    build_start(&r->small, sizeof body + json->count * sizeof(node_text));
    build_body(&r->small, 0, &body, sizeof body);
    for (const kf_json *child = json->first; child && status == KF_OK; child = child->next) {
        status = read_text(r, child, &paths[child->index]);
        if (status == KF_OK && !*paths[child->index]) {
            return FAIL(r, child, "the path of a bin must not be empty");
        }
        if (status == KF_OK) {
            status = check_bin(r, child, paths[child->index]);
        }
        node_text text = build_text(&r->small, paths[child->index]);
        build_body(&r->small, sizeof body + child->index * sizeof text, &text, sizeof text);
    }
    return status == KF_OK ? find_twins(r, json, paths) : status;
}

kf_status read_bins(reader *r, const kf_json *json, kf_ref *out)
{
    *out = KF_REF_NONE;
    kf_status status = json ? need_array(r, json, "a list of paths of bins", KF_MODEL_MAX_BINS) : KF_OK;
    if (status != KF_OK || !json || json->count == 0) {
        return status;
    }
    const char **paths = kf_alloc_zero(json->count, sizeof *paths);
    status = paths ? read_paths(r, json, paths) : kf_fail_memory(r->err);
    kf_free(paths);
    return status == KF_OK ? build_append(&r->small, r->store, NODE_BINS, out, r->err) : status;
}

/* ---- Timecode labels ---- */

kf_status read_label(reader *r, const kf_json *json, kf_rational rate, bool *drop, int64_t *out)
{
    char text[40];
    kf_time time = 0;
    kf_error err = {0};
    const char *label = json->type == KF_JSON_STRING ? json->text : NULL;
    *drop = *drop || (label && strchr(label, ';'));
    if (*drop && !(rate.den == 1001 && (rate.num == 30000 || rate.num == 60000))) {
        return FAIL(r, json, "drop-frame timecode exists at 29.97 and 59.94 frames per second only");
    }
    if (!label) {
        return KF_OK;
    }
    snprintf(text, sizeof text, "%s", label);
    char *last = strrchr(text, ':');
    if (*drop && last && !strchr(text, ';')) {
        *last = ';';
    }
    if (kf_time_parse(text, rate, &time, &err) != KF_OK || time < 0 || time > KF_MODEL_MAX_TIME) {
        return FAIL(r, json, "%s", err.status ? err.message : "a timecode must be from 0 to 1000 hours");
    }
    *out = kf_frame_at(time, rate);
    return KF_OK;
}
