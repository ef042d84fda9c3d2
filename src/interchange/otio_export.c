/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing OTIO: the timeline, its stack and tracks. */
#include "interchange/otio_export.h"

#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"

void otio_note(otio_export_state *ex, kf_loss_kind kind, const char *clip, const char *format, ...)
{
    char what[500];
    ix_place place;
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    ix_where(place, &ex->place, ex->track, clip ? ex->position : KF_TIME_NONE, clip);
    kf_report_add(ex->report, kind, place, "%s", what);
}

kf_time otio_film_time(const otio_export_state *ex, const kf_json *object, const char *key, kf_time otherwise)
{
    return ix_film_time(object, key, ex->place.rate, otherwise);
}

bool otio_film_flag(const kf_json *object, const char *key, bool otherwise)
{
    const kf_json *value = kf_json_get(object, key);
    return value && value->type == KF_JSON_BOOL ? value->boolean : otherwise;
}

const kf_json *otio_kept(const kf_json *object)
{
    return otio_object(otio_object(object, "metadata"), "otio");
}

/* ---- Metadata ---- */

/* Members of clips and tracks that change nothing of what is seen or heard. */
static const char *const silent[] = {"id", "size", "rate", "bin", "drop_frame", "film", "asset", "media", "timecode",
                                     "link", "audio", "kind", "color", "target", "sync_lock", NULL};

static void put_leftovers(otio_export_state *ex, const kf_json *object, const char *const *carried, const char *clip)
{
    kf_str names = {0};
    for (const kf_json *child = object->first; child; child = child->next) {
        if (otio_listed(carried, child->key)) {
            continue;
        }
        kf_json_key(&ex->w, child->key);
        kf_json_write_value(&ex->w, child);
        if (!otio_listed(silent, child->key)) {
            kf_str_addf(&names, "%s%s", names.length ? ", " : "", child->key);
        }
    }
    if (names.length && clip) {
        otio_note(ex, KF_LOSS_METADATA, clip, "OTIO has no words for: %s; only Kerf reads it back", names.data);
    }
    ex->w.out->failed |= names.failed;
    kf_str_finish(&names);
}

void otio_put_metadata_of(otio_export_state *ex, const kf_json *object, const char *const *carried, const char *extra,
                          const char *clip)
{
    kf_json_writer *w = &ex->w;
    const kf_json *metadata = object == ex->film ? NULL : otio_object(object, "metadata");
    kf_json_key(w, "metadata");
    kf_json_begin_object(w);
    for (const kf_json *child = metadata ? metadata->first : NULL; child; child = child->next) {
        if (strcmp(child->key, "otio") != 0 && strcmp(child->key, "kerf") != 0) {
            kf_json_key(w, child->key);
            kf_json_write_value(w, child);
        }
    }
    kf_json_key(w, "kerf");
    kf_json_begin_object(w);
    put_leftovers(ex, object, carried, clip);
    if (extra) {
        kf_json_write_raw(w, extra);
    }
    kf_json_end_object(w);
    kf_json_end_object(w);
}

void otio_begin(otio_export_state *ex, const char *schema, const char *name)
{
    kf_json_begin_object(&ex->w);
    kf_json_put_string(&ex->w, "OTIO_SCHEMA", schema);
    kf_json_put_string(&ex->w, "name", name);
}

void otio_put_fields(otio_export_state *ex, const kf_json *object)
{
    const kf_json *fields = otio_object(otio_kept(object), "fields");
    for (const kf_json *child = fields ? fields->first : NULL; child; child = child->next) {
        kf_json_key(&ex->w, child->key);
        kf_json_write_value(&ex->w, child);
    }
}

static void put_empty(otio_export_state *ex, const char *key)
{
    kf_json_key(&ex->w, key);
    kf_json_begin_array(&ex->w);
    kf_json_end_array(&ex->w);
}

/* ---- Markers ---- */

static void write_marker(otio_export_state *ex, const kf_json *marker, kf_time zero)
{
    static const char *const carried[] = {"time", "duration", "name", "note", "metadata", NULL};
    static const char *const with_color[] = {"time", "duration", "name", "note", "metadata", "color", NULL};
    const char *hex = otio_text(marker, "color"), *kept = otio_text(otio_kept(marker), "color");
    bool exact = false, has_color = kf_json_get(marker, "color") != NULL;
    const char *color = otio_color_name(hex, &exact);
    otio_begin(ex, "Marker.2", otio_text(marker, "name"));
    kf_json_put_string(&ex->w, "color", *kept ? kept : color ? color : "GREEN");
    otio_put_range(&ex->w, "marked_range", zero + otio_film_time(ex, marker, "time", 0),
                   otio_film_time(ex, marker, "duration", 0), ex->place.rate);
    kf_json_put_string(&ex->w, "comment", otio_text(marker, "note"));
    otio_put_metadata_of(ex, marker, exact && !*kept ? with_color : carried, has_color ? NULL : "\"color\":\"\"", NULL);
    otio_put_fields(ex, marker);
    kf_json_end_object(&ex->w);
}

void otio_write_markers(otio_export_state *ex, const kf_json *object, kf_time zero)
{
    const kf_json *markers = kf_json_get(object, "markers"), *kept = otio_kept(object);
    const kf_json *outside = kept ? kf_json_get(kept, "markers") : NULL;
    kf_json_key(&ex->w, "markers");
    kf_json_begin_array(&ex->w);
    for (const kf_json *child = markers ? markers->first : NULL; child; child = child->next) {
        write_marker(ex, child, zero);
    }
    for (const kf_json *child = outside ? outside->first : NULL; child; child = child->next) {
        kf_json_write_value(&ex->w, child);
    }
    kf_json_end_array(&ex->w);
}

/* ---- Tracks ---- */

void otio_write_items(otio_export_state *ex, const kf_json *track)
{
    const kf_json *clips = kf_json_get(track, "clips");
    kf_json_key(&ex->w, "children");
    kf_json_begin_array(&ex->w);
    ex->position = 0;
    for (const kf_json *child = clips ? clips->first : NULL; child && ex->status == KF_OK; child = child->next) {
        otio_write_item(ex, child);
        ex->position += otio_film_time(ex, child, kf_json_get(child, "gap") ? "gap" : "duration", 0) *
                        !kf_json_get(child, "transition");
        if (ex->w.out->length > OTIO_MAX_OUTPUT) {
            ex->status = kf_fail(ex->err, KF_ERR_UNSUPPORTED, "the file gets larger than 1 GiB: OTIO repeats nested "
                                 "sequences wherever they are shown");
        }
    }
    kf_json_end_array(&ex->w);
    ex->position = 0;
}

static void write_track(otio_export_state *ex, const kf_json *track, int number)
{
    static const char *const carried[] = {"kind", "name", "clips", "metadata", NULL};
    static const char *const off[] = {"kind", "name", "clips", "metadata", "mute", "hide", NULL};
    char label[32];
    const char *name = otio_text(track, "name");
    bool audio = strcmp(otio_text(track, "kind"), "audio") == 0;
    bool disabled = otio_film_flag(track, "mute", false) && otio_film_flag(track, "hide", false);
    const kf_json *kept = otio_kept(track), *fields = otio_object(kept, "fields");
    snprintf(label, sizeof label, "%c%d", audio ? 'A' : 'V', number);
    ex->track = *name ? name : label;
    otio_begin(ex, "Track.1", name);
    kf_json_put_string(&ex->w, "kind", audio ? "Audio" : "Video");
    kf_json_put_bool(&ex->w, "enabled", !disabled);
    otio_put_metadata_of(ex, track, disabled ? off : carried, NULL, "");
    if (!kf_json_get(fields, "effects")) {
        put_empty(ex, "effects");
    }
    if (!kf_json_get(fields, "markers")) {
        put_empty(ex, "markers");
    }
    if (!kf_json_get(fields, "source_range")) {
        kf_json_key(&ex->w, "source_range");
        kf_json_write_null(&ex->w);
    }
    otio_put_fields(ex, track);
    otio_write_items(ex, track);
    kf_json_end_object(&ex->w);
    ex->track = NULL;
}

/* Foreign tracks go back to where they stood. */
static void write_foreign(otio_export_state *ex, const kf_json *kept, uint32_t at)
{
    const kf_json *list = kept ? kf_json_get(kept, "tracks") : NULL;
    for (const kf_json *child = list ? list->first : NULL; child; child = child->next) {
        const kf_json *index = kf_json_get(child, "index"), *track = kf_json_get(child, "track");
        if (track && index && index->is_integer && index->integer - child->index == at) {
            kf_json_write_value(&ex->w, track);
        }
    }
}

static bool is_lone(const kf_json *track)
{
    const kf_json *clips = kf_json_get(track, "clips");
    return otio_film_flag(otio_kept(track), "lone", false) && clips && clips->count == 1;
}

void otio_write_children(otio_export_state *ex, const kf_json *sequence)
{
    const kf_json *tracks = kf_json_get(sequence, "tracks"), *kept = otio_kept(sequence);
    int numbers[2] = {0, 0};
    uint32_t index = 0;
    kf_json_key(&ex->w, "children");
    kf_json_begin_array(&ex->w);
    for (const kf_json *track = tracks ? tracks->first : NULL; track && ex->status == KF_OK;
         track = track->next, index++) {
        bool audio = strcmp(otio_text(track, "kind"), "audio") == 0;
        write_foreign(ex, kept, index);
        if (is_lone(track)) {
            otio_write_item(ex, kf_json_get(track, "clips")->first);
        } else {
            write_track(ex, track, ++numbers[audio]);
        }
    }
    write_foreign(ex, kept, index);
    kf_json_end_array(&ex->w);
}

/* ---- The timeline ---- */

static void write_stack(otio_export_state *ex, const kf_json *sequence)
{
    const kf_json *kept = otio_kept(sequence), *stack = otio_object(kept, "stack");
    const kf_json *name = kept ? kf_json_get(kept, "stack_name") : NULL, *fields = otio_object(stack, "fields");
    kf_json_key(&ex->w, "tracks");
    otio_begin(ex, "Stack.1", name && name->text ? name->text : "tracks");
    kf_json_put_bool(&ex->w, "enabled", true);
    if (!kf_json_get(fields, "metadata")) {
        kf_json_key(&ex->w, "metadata");
        kf_json_begin_object(&ex->w);
        kf_json_end_object(&ex->w);
    }
    if (!kf_json_get(fields, "effects")) {
        put_empty(ex, "effects");
    }
    for (const kf_json *child = fields ? fields->first : NULL; child; child = child->next) {
        kf_json_key(&ex->w, child->key);
        kf_json_write_value(&ex->w, child);
    }
    otio_write_markers(ex, sequence, 0);
    otio_write_children(ex, sequence);
    kf_json_end_object(&ex->w);
}

/* What the film itself says, for the way back. */
static void put_film(kf_str *out, const kf_json *film)
{
    static const char *const members[] = {"name", "bins", "metadata", NULL};
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_begin_object(&w);
    for (const kf_json *child = film->first; child; child = child->next) {
        if (otio_listed(members, child->key)) {
            kf_json_key(&w, child->key);
            kf_json_write_value(&w, child);
        }
    }
    kf_json_end_object(&w);
}

static void write_timeline(otio_export_state *ex, const kf_json *sequence, const char *file)
{
    static const char *const carried[] = {"name", "start_timecode", "markers", "tracks", "metadata", "kerf", "assets",
                                          "bins", "$schema", NULL};
    const char *name = sequence == ex->film ? "" : otio_text(sequence, "name");
    kf_str film = {0};
    kf_str_add(&film, *name ? "\"film\":" : "\"unnamed\":true,\"film\":");
    put_film(&film, ex->film);
    otio_begin(ex, "Timeline.1", *name ? name : file ? file : "");
    otio_put_metadata_of(ex, sequence, carried, film.data, "");
    if (ex->place.start_timecode || otio_film_flag(otio_kept(sequence), "zero_start", false)) {
        otio_put_time(&ex->w, "global_start_time", kf_frame_start(ex->place.start_timecode, ex->place.rate),
                      ex->place.rate);
    } else {
        kf_json_key(&ex->w, "global_start_time");
        kf_json_write_null(&ex->w);
    }
    ex->w.out->failed |= film.failed;
    kf_str_finish(&film);
    write_stack(ex, sequence);
    otio_put_fields(ex, sequence);
    kf_json_end_object(&ex->w);
}

/* ---- The document ---- */

static bool index_members(ix_table *table, const kf_json *list)
{
    for (const kf_json *child = list ? list->first : NULL; child; child = child->next) {
        ix_entry *entry = ix_table_add(table, child->key ? child->key : otio_text(child, "id"));
        if (!entry) {
            return false;
        }
        entry->number = (int64_t)(intptr_t)child;
    }
    return true;
}

static void report_unwritten(otio_export_state *ex, const ix_table *table, const char *what, const char *hint)
{
    for (size_t i = 0; i < table->count; i++) {
        if (!ix_table_find(&ex->written, table->entries[i].key)) {
            kf_report_add(ex->report, KF_LOSS_DROPPED, table->entries[i].key, "this %s is not in the file%s", what,
                          hint);
        }
    }
}

static kf_status write_document(otio_export_state *ex, const kf_export_params *params)
{
    const kf_json *list = kf_json_get(ex->film, "sequences"), *sequence = ex->film;
    kf_status status = ix_export_sequence(ex->snapshot, params, &ex->place, ex->err);
    if (status != KF_OK) {
        return status;
    }
    if (!index_members(&ex->assets, kf_json_get(ex->film, "assets")) || !index_members(&ex->sequences, list)) {
        return kf_fail_memory(ex->err);
    }
    if (list) {
        const ix_entry *entry = ix_table_find(&ex->sequences, ex->place.id);
        sequence = entry ? (const kf_json *)(intptr_t)entry->number : list->first;
        ex->w.out->failed |= !ix_table_add(&ex->written, ex->place.id);
    }
    write_timeline(ex, sequence, params->name);
    kf_str_add(ex->w.out, "\n");
    report_unwritten(ex, &ex->assets, "asset", ": no clip of the sequence shows it");
    report_unwritten(ex, &ex->sequences, "sequence", ": OTIO holds one; the others can be written on their own");
    return ex->status == KF_OK && ex->w.out->failed ? kf_fail_memory(ex->err) : ex->status;
}

kf_status otio_export(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                      kf_error *err)
{
    otio_export_state ex = {.snapshot = snapshot, .report = report, .err = err, .w = {.out = out}};
    kf_str text = {0};
    kf_json_doc *doc = NULL;
    kf_status status = kf_film_write_json(snapshot, &text, err);
    if (status == KF_OK) {
        status = kf_json_parse(text.data, text.length, "film", 0, &doc, err);
    }
    if (status == KF_OK) {
        ex.film = kf_json_root(doc);
        status = write_document(&ex, params);
    }
    ix_table_finish(&ex.assets);
    ix_table_finish(&ex.sequences);
    ix_table_finish(&ex.written);
    kf_json_free(doc);
    kf_str_finish(&text);
    return status;
}
