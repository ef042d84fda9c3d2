/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading OTIO: the document, and the sequences in it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/otio_import.h"

void otio_lose(otio_import_state *im, const otio_scope *scope, kf_loss_kind kind, const char *format, ...)
{
    char what[500];
    ix_place place = "";
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (scope) {
        ix_where(place, &scope->place, scope->track, scope->clip ? scope->position : KF_TIME_NONE, scope->clip);
    }
    kf_report_add(im->report, kind, place, "%s", what);
}

/* ---- References to objects that were written before ---- */

static void index_references(otio_import_state *im, const kf_json *value)
{
    const kf_json *id = kf_json_get(value, "OTIO_REF_ID");
    if (id && id->type == KF_JSON_STRING) {
        ix_entry *entry = ix_table_add(&im->references, id->text);
        im->film.failed |= !entry;
        if (entry && !entry->number) {
            entry->number = (int64_t)(intptr_t)value;
        }
    }
    for (const kf_json *child = value->first; child; child = child->next) {
        index_references(im, child);
    }
}

const kf_json *otio_resolve(otio_import_state *im, const kf_json *object)
{
    if (!object || object->type != KF_JSON_OBJECT) {
        return NULL;
    }
    if (otio_schema_of(object) != OTIO_REFERENCE) {
        return object;
    }
    const ix_entry *entry = ix_table_find(&im->references, otio_text(object, "id"));
    if (++im->references_used > OTIO_MAX_REFERENCES && im->status == KF_OK) {
        im->status = kf_fail(im->err, KF_ERR_UNSUPPORTED, "%s:%u: objects refer to one another too often",
                             im->params->name, object->line);
    }
    return entry && im->status == KF_OK ? (const kf_json *)(intptr_t)entry->number : NULL;
}

/* ---- Rates ---- */

/* The first rate of pictures among the ranges of clips and gaps; depth-first as they are written. */
static bool find_rate(const kf_json *value, kf_rational *out)
{
    otio_schema schema = value->type == KF_JSON_OBJECT ? otio_schema_of(value) : OTIO_UNKNOWN;
    if (schema == OTIO_CLIP || schema == OTIO_GAP || schema == OTIO_STACK || schema == OTIO_TRACK) {
        otio_range range = otio_read_range(otio_object(value, "source_range"));
        if (range.given && range.duration > 0 && range.rate.num > 0) {
            *out = range.rate;
            return true;
        }
    }
    for (const kf_json *child = value->first; child; child = child->next) {
        bool metadata = child->key && strcmp(child->key, "metadata") == 0;
        if (!metadata && find_rate(child, out)) {
            return true;
        }
    }
    return false;
}

static kf_rational choose_rate(otio_import_state *im, const kf_json *ours, const kf_json *start, const kf_json *stack)
{
    kf_rational rate = {0, 0};
    kf_time ignored;
    const kf_json *own = ours ? kf_json_get(ours, "rate") : NULL;
    int num = 0, den = 1;
    if (own && own->type == KF_JSON_NUMBER && ix_rate_from_number(own->number, &rate)) {
        return rate;
    }
    if (own && own->type == KF_JSON_STRING && sscanf(own->text, "%d/%d", &num, &den) == 2 &&
        kf_rational_make(num, den, &rate)) {
        return rate;
    }
    if (start && otio_time(start, &ignored, &rate, NULL) && (double)rate.num / (rate.den + !rate.den) > 2) {
        return rate;
    }
    if (stack && find_rate(stack, &rate)) {
        return rate;
    }
    return im->params->rate.num > 0 ? im->params->rate : (kf_rational){24, 1};
}

/* ---- Sequences ---- */

static bool has_audio(otio_import_state *im, const kf_json *children)
{
    for (const kf_json *child = children ? children->first : NULL; child; child = child->next) {
        const kf_json *track = otio_resolve(im, child);
        if (track && otio_schema_of(track) == OTIO_TRACK && strcmp(otio_text(track, "kind"), "Audio") == 0) {
            return true;
        }
    }
    return false;
}

/* Tracks that are neither of pictures nor of sound are kept whole. */
static bool is_foreign_track(const kf_json *track)
{
    const char *kind = otio_text(track, "kind");
    return otio_schema_of(track) == OTIO_TRACK && *kind && strcmp(kind, "Video") != 0 && strcmp(kind, "Audio") != 0;
}

static void put_children(otio_import_state *im, otio_scope *scope, const kf_json *children, otio_keep *keep)
{
    kf_json_writer *w = &scope->out.w;
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    bool foreign = false;
    for (const kf_json *child = children ? children->first : NULL; child && im->status == KF_OK; child = child->next) {
        const kf_json *item = otio_resolve(im, child);
        if (!item) {
            continue;
        }
        if (is_foreign_track(item)) {
            foreign = true;
            otio_lose(im, scope, KF_LOSS_METADATA, "a track of kind \"%.60s\" is not known: it is kept, but does "
                      "nothing", otio_text(item, "kind"));
        } else if (otio_schema_of(item) == OTIO_TRACK) {
            otio_put_track(im, scope, item, false);
        } else {
            otio_put_lone(im, scope, item);
        }
    }
    kf_json_end_array(w);
    if (!foreign) {
        return;
    }
    kf_json_writer *k = otio_keep_writer(keep);
    kf_json_key(k, "tracks");
    kf_json_begin_array(k);
    for (const kf_json *child = children->first; child; child = child->next) {
        const kf_json *item = otio_resolve(im, child);
        if (item && is_foreign_track(item)) {
            kf_json_begin_object(k);
            kf_json_put_int(k, "index", child->index);
            ix_put_json(k, "track", item);
            kf_json_end_object(k);
        }
    }
    kf_json_end_array(k);
}

static void begin_scope(otio_import_state *im, otio_scope *scope, const char *name, const char *id, kf_rational rate)
{
    *scope = (otio_scope){.track = NULL};
    ix_sequence_begin_as(&im->film, &scope->out, id, name, rate);
    scope->place = (kf_sequence_view){.id = scope->out.id, .name = name, .rate = rate};
}

static const char *const sequence_handled[] = {"id", "name", "rate", "start_timecode", "tracks", "markers",
                                               "metadata", "film", "unnamed", NULL};

/* The sequence of a nested stack or track. Its own markers and metadata stand in "kerf" if kerf wrote it; those of the
 * stack are the clip's. */
static void put_nested_sequence(otio_import_state *im, const otio_scope *outer, const kf_json *item,
                                const char **id)
{
    static const char *const handled[] = {"id", "name", "rate", "tracks", NULL};
    otio_scope scope;
    otio_keep keep = {0};
    const kf_json *ours = otio_object(otio_ours(item), "sequence"), *children = kf_json_get(item, "children");
    const char *name = ours ? otio_text(ours, "name") : otio_text(item, "name");
    kf_rational rate = ours ? choose_rate(im, ours, NULL, NULL) : outer->out.rate;
    begin_scope(im, &scope, name, otio_text(ours, "id"), rate);
    *id = scope.out.id;
    scope.has_audio = has_audio(im, children);
    otio_put_ours(im, &scope.out.w, ours, handled);
    if (otio_schema_of(item) == OTIO_TRACK) {
        kf_json_key(&scope.out.w, "tracks");
        kf_json_begin_array(&scope.out.w);
        otio_put_track(im, &scope, item, true);
        kf_json_end_array(&scope.out.w);
    } else {
        put_children(im, &scope, children, &keep);
    }
    if (!kf_json_get(ours, "metadata")) {
        otio_put_metadata(im, &scope, &scope.out.w, NULL, &keep);
    }
    kf_str_finish(&keep.text);
    ix_sequence_end(&im->film, &scope.out);
}

/* What makes two nested stacks the same sequence: what they hold, not where and how it is shown. */
static void content_key(kf_str *key, const kf_json *item)
{
    kf_json_writer w = {.out = key, .compact = true};
    kf_json_begin_array(&w);
    kf_json_write_string(&w, otio_text(item, "name"));
    kf_json_write_string(&w, otio_text(item, "kind"));
    const kf_json *children = kf_json_get(item, "children"), *ours = otio_object(otio_ours(item), "sequence");
    if (children) {
        ix_write_json(&w, children);
    }
    if (ours) {
        ix_write_json(&w, ours);
    }
    kf_json_end_array(&w);
}

const char *otio_nested_sequence(otio_import_state *im, const otio_scope *scope, const kf_json *item)
{
    kf_str key = {0};
    const char *id = NULL;
    if (im->depth + 1 >= KF_MODEL_MAX_NESTING) {
        im->status = im->status ? im->status
                                : kf_fail(im->err, KF_ERR_UNSUPPORTED, "%s:%u: stacks are nested deeper than %d levels",
                                          im->params->name, item->line, KF_MODEL_MAX_NESTING);
        return NULL;
    }
    content_key(&key, item);
    const ix_entry *known = key.failed ? NULL : ix_table_find(&im->nested, key.data);
    if (known) {
        kf_str_finish(&key);
        return known->text;
    }
    im->depth++;
    put_nested_sequence(im, scope, item, &id);
    im->depth--;
    ix_entry *entry = key.failed ? NULL : ix_table_add(&im->nested, key.data);
    if (entry) {
        entry->text = kf_strdup(id);
    }
    im->film.failed |= !entry || !entry->text;
    kf_str_finish(&key);
    return im->film.failed ? NULL : entry->text;
}

/* ---- Timelines ---- */

static void put_start(otio_import_state *im, otio_scope *scope, const kf_json *start, const kf_json *ours)
{
    kf_time t;
    char label[32];
    const kf_json *drop = ours ? kf_json_get(ours, "drop_frame") : NULL;
    if (!start || !otio_time(start, &t, NULL, NULL) || t == 0) {
        return;
    }
    if (t < 0 || t > KF_MODEL_MAX_TIME) {
        otio_lose(im, scope, KF_LOSS_DROPPED, "the global start time is out of reach");
        return;
    }
    scope->place.start_timecode = kf_frame_at(t, scope->out.rate);
    scope->place.drop_frame = drop && drop->boolean && ix_rate_drops(scope->out.rate);
    kf_timecode_format(scope->place.start_timecode, scope->out.rate, scope->place.drop_frame, label);
    kf_json_put_string(&scope->out.w, "start_timecode", label);
}

static const kf_json *stack_of(otio_import_state *im, const kf_json *root)
{
    return otio_schema_of(root) == OTIO_TIMELINE ? otio_resolve(im, kf_json_get(root, "tracks")) : root;
}

static void keep_stack(otio_keep *keep, const kf_json *stack)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "name", "children", "markers", "enabled", NULL};
    otio_keep rest = {0};
    const char *name = otio_text(stack, "name");
    if (strcmp(name, "tracks") != 0) {
        kf_json_put_string(otio_keep_writer(keep), "stack_name", name);
    }
    otio_keep_rest(&rest, stack, known);
    if (rest.w.out) {
        kf_json_end_object(&rest.w);
        kf_json_key(otio_keep_writer(keep), "stack");
        kf_json_write_raw(&keep->w, rest.text.data ? rest.text.data : "{}");
        keep->text.failed |= rest.text.failed;
    }
    kf_str_finish(&rest.text);
}

static void put_tracks_of(otio_import_state *im, otio_scope *scope, const kf_json *stack, otio_keep *keep)
{
    kf_json_writer *w = &scope->out.w;
    otio_schema schema = otio_schema_of(stack);
    if (schema == OTIO_STACK) {
        otio_put_markers(im, scope, w, kf_json_get(stack, "markers"), 0, keep);
        put_children(im, scope, kf_json_get(stack, "children"), keep);
        return;
    }
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    if (schema == OTIO_TRACK) {
        otio_put_track(im, scope, stack, false);
    } else {
        otio_put_lone(im, scope, stack);
    }
    kf_json_end_array(w);
}

/* A timeline, or a stack, track or clip that stands alone. Returns the id of its sequence. */
static const char *put_timeline(otio_import_state *im, const kf_json *root)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "global_start_time",
                                        "tracks", NULL};
    static const char *const kept_names[] = {"Stack", "Track", "Clip", NULL};
    otio_scope scope;
    otio_keep keep = {0};
    const kf_json *stack = stack_of(im, root), *ours = otio_ours(root);
    const kf_json *start = otio_object(root, "global_start_time");
    bool timeline = otio_schema_of(root) == OTIO_TIMELINE;
    const char *name = ours && kf_json_get(ours, "unnamed") ? "" : otio_text(root, "name");
    begin_scope(im, &scope, *name || ours ? name : im->params->name, otio_text(ours, "id"),
                choose_rate(im, ours, start, stack));
    put_start(im, &scope, start, ours);
    otio_put_ours(im, &scope.out.w, ours, sequence_handled);
    if (stack) {
        scope.has_audio = has_audio(im, kf_json_get(stack, "children"));
        if (scope.has_audio && !ours) {
            otio_lose(im, &scope, KF_LOSS_NOTE, "there are audio tracks, so clips of video tracks are silent");
        }
        put_tracks_of(im, &scope, stack, &keep);
    }
    if (timeline) {
        if (start && !scope.place.start_timecode) {
            kf_json_put_bool(otio_keep_writer(&keep), "zero_start", true);
        }
        otio_keep_rest(&keep, root, known);
        if (stack) {
            keep_stack(&keep, stack);
        }
    } else {
        kf_json_put_string(otio_keep_writer(&keep), "root", kept_names[otio_schema_of(root) == OTIO_STACK   ? 0
                                                                      : otio_schema_of(root) == OTIO_TRACK ? 1
                                                                                                           : 2]);
    }
    otio_put_metadata(im, &scope, &scope.out.w, timeline ? kf_json_get(root, "metadata") : NULL, &keep);
    ix_sequence_end(&im->film, &scope.out);
    return scope.out.id;
}

/* ---- The document ---- */

static bool is_sequence(const kf_json *object)
{
    otio_schema schema = otio_schema_of(object);
    return schema == OTIO_TIMELINE || schema == OTIO_STACK || schema == OTIO_TRACK || schema == OTIO_CLIP;
}

/* Timelines of a collection, and of collections in it (as deep as the reader of JSON goes). */
static void put_collection(otio_import_state *im, const kf_json *collection, const char **first)
{
    const kf_json *children = kf_json_get(collection, "children");
    for (const kf_json *child = children ? children->first : NULL; child && im->status == KF_OK; child = child->next) {
        const kf_json *object = otio_resolve(im, child);
        if (object && object == child && otio_schema_of(object) == OTIO_COLLECTION) {
            put_collection(im, object, first);
        } else if (object && is_sequence(object)) {
            const char *id = put_timeline(im, object);
            *first = *first ? *first : id;
        } else {
            kf_report_add(im->report, KF_LOSS_DROPPED, otio_text(collection, "name"),
                          "a %.80s in a collection is left out", object ? otio_text(object, "OTIO_SCHEMA") : "value");
        }
    }
}

/* What kerf kept of the film itself, in the first timeline. */
static const kf_json *film_of(const kf_json *root)
{
    const kf_json *children = kf_json_get(root, "children");
    const kf_json *timeline = otio_schema_of(root) == OTIO_COLLECTION && children ? children->first : root;
    return timeline ? otio_object(otio_ours(timeline), "film") : NULL;
}

static kf_status read_document(otio_import_state *im, const kf_json *root, const char **main_id)
{
    static const char *const handled[] = {"kerf", "name", "assets", "sequences", "main", NULL};
    if (root->type != KF_JSON_OBJECT || (!is_sequence(root) && otio_schema_of(root) != OTIO_COLLECTION)) {
        return kf_fail(im->err, KF_ERR_PARSE, "%s: not OpenTimelineIO: the file's \"OTIO_SCHEMA\" is \"%.60s\", not "
                       "Timeline, SerializableCollection, Stack, Track or Clip", im->params->name,
                       root->type == KF_JSON_OBJECT ? otio_text(root, "OTIO_SCHEMA") : "");
    }
    index_references(im, root);
    otio_put_ours(im, &im->film.head, film_of(root), handled);
    if (otio_schema_of(root) == OTIO_COLLECTION) {
        put_collection(im, root, main_id);
    } else {
        *main_id = put_timeline(im, root);
    }
    if (im->status == KF_OK && !*main_id) {
        return kf_fail(im->err, KF_ERR_INVALID, "%s: there is no timeline in this collection", im->params->name);
    }
    return im->status;
}

static void finish(otio_import_state *im)
{
    ix_film_finish(&im->film);
    ix_table_finish(&im->references);
    ix_table_finish(&im->nested);
    ix_table_finish(&im->numbers);
}

kf_status otio_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    kf_json_doc *doc;
    otio_import_state im = {.params = params, .report = report, .err = err};
    kf_status status = kf_json_parse(params->bytes, params->length, params->name, KF_JSON_ALLOW_NAN, &doc, err);
    if (status != KF_OK) {
        return status;
    }
    const kf_json *root = kf_json_root(doc), *ours = film_of(root);
    ix_film_init(&im.film, ours ? otio_text(ours, "name") : otio_text(root, "name"));
    const char *main_id = NULL;
    status = read_document(&im, root, &main_id);
    if (status == KF_OK) {
        status = ix_film_write(&im.film, main_id, film, err);
    }
    finish(&im);
    kf_json_free(doc);
    return status;
}
