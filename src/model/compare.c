/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two films side by side: what has the same name is written as JSON from either, and compared key by key. */
#include "model/api/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "model/json/writer.h"

typedef struct place {
    kf_sequence_view sequence;
    kf_track_view track;
    int32_t index;            /* of the track */
    char name[16];            /* "A2" */
} place;

/* A track, clip or transition of one of the films. */
typedef struct thing {
    uint64_t id;
    const place *place;       /* the track, or the one it is in */
    kf_item_view item;        /* kind NONE: a track */
    bool met;                 /* is in the other film too */
} thing;

typedef struct side {
    kf_snapshot state;
    place *places;
    thing *things;            /* in their order */
    size_t count, capacity;
    const thing **sorted;     /* by kind and id */
} side;

enum { MOST_FIELDS = 128 };

typedef struct comparer {
    side sides[2];
    kf_difference_fn *fn;
    void *ctx;
    kf_error *err;
    kf_arena arena;           /* values of the fields */
    kf_difference_field fields[MOST_FIELDS];
    int field_count;
    kf_str text[2];           /* an object from either film */
    kf_difference run;        /* MOVED; count 0: none */
    char run_id[24];
    uint64_t run_track;
} comparer;

/* ---- Lists of what there is ---- */

static kf_status add_thing(comparer *c, side *s, const thing *t)
{
    void *things = s->things;
    if (kf_grow(&things, &s->capacity, s->count + 1, sizeof *t) != 0) {
        return kf_fail_memory(c->err);
    }
    s->things = things;
    s->things[s->count++] = *t;
    return KF_OK;
}

static kf_status add_track(comparer *c, side *s, const place *p)
{
    kf_cursor cursor;
    kf_clip_view clip;
    kf_transition_view transition;
    kf_status status = add_thing(c, s, &(thing){.id = p->track.uid, .place = p});
    kf_cursor_init(&cursor, s->state, &p->track);
    while (status == KF_OK && kf_cursor_next(&cursor)) {
        uint64_t id = kf_cursor_clip(&cursor, &clip) ? clip.id : kf_cursor_transition(&cursor, &transition) ? transition.id : 0;
        status = id ? add_thing(c, s, &(thing){.id = id, .place = p, .item = cursor.item}) : KF_OK;
    }
    return status;
}

/* All tracks, with their numbers among those of their kind. */
static kf_status list_places(comparer *c, side *s, size_t *count)
{
    kf_sequence_view sequence;
    size_t most = 0;
    *count = 0;
    for (int32_t q = 0; kf_sequence_at(s->state, q, &sequence); q++) {
        most += (size_t)sequence.track_count;
    }
    s->places = kf_alloc_zero(most + 1, sizeof *s->places);
    if (!s->places) {
        return kf_fail_memory(c->err);
    }
    for (int32_t q = 0; kf_sequence_at(s->state, q, &sequence); q++) {
        int numbers[2] = {0};
        place p = {.sequence = sequence};
        for (; *count < most && kf_track_get(s->state, &sequence, p.index, &p.track); p.index++) {
            bool audio = p.track.kind == KF_TRACK_AUDIO;
            snprintf(p.name, sizeof p.name, "%c%d", audio ? 'A' : 'V', ++numbers[audio]);
            s->places[(*count)++] = p;
        }
    }
    return KF_OK;
}

static int by_name(const void *a, const void *b)
{
    const thing *x = *(const thing *const *)a, *y = *(const thing *const *)b;
    if (x->item.kind != y->item.kind) {
        return x->item.kind < y->item.kind ? -1 : 1;
    }
    return (x->id > y->id) - (x->id < y->id);
}

static kf_status list_side(comparer *c, side *s)
{
    size_t count;
    kf_status status = list_places(c, s, &count);
    for (size_t i = 0; i < count && status == KF_OK; i++) {
        status = add_track(c, s, &s->places[i]);
    }
    s->sorted = status == KF_OK ? kf_alloc_zero(s->count + 1, sizeof *s->sorted) : NULL;
    if (!s->sorted) {
        return status == KF_OK ? kf_fail_memory(c->err) : status;
    }
    for (size_t i = 0; i < s->count; i++) {
        s->sorted[i] = &s->things[i];
    }
    qsort(s->sorted, s->count, sizeof *s->sorted, by_name);
    return KF_OK;
}

static thing *find_thing(const side *s, const thing *like)
{
    const thing **found = s->count ? bsearch(&like, s->sorted, s->count, sizeof *s->sorted, by_name) : NULL;
    return found ? &s->things[*found - s->things] : NULL;
}

/* ---- Fields ---- */

static kf_status add_field(comparer *c, const char *key, const char *from, const char *to)
{
    kf_difference_field *f = &c->fields[c->field_count];
    if (c->field_count == MOST_FIELDS) {
        return KF_OK;
    }
    *f = (kf_difference_field){kf_arena_strndup(&c->arena, key, strlen(key)),
                               from ? kf_arena_strndup(&c->arena, from, strlen(from)) : NULL,
                               to ? kf_arena_strndup(&c->arena, to, strlen(to)) : NULL};
    if (!f->key || (from && !f->from) || (to && !f->to)) {
        return kf_fail_memory(c->err);
    }
    c->field_count++;
    return KF_OK;
}

static void write_value(kf_str *out, const kf_json *value)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_write_value(&w, value);
}

/* One key of either object; NULL: not there. */
static kf_status compare_values(comparer *c, const char *key, const kf_json *from, const kf_json *to)
{
    kf_str texts[2] = {0};
    if (from) {
        write_value(&texts[0], from);
    }
    if (to) {
        write_value(&texts[1], to);
    }
    kf_status status = KF_OK;
    if (texts[0].failed || texts[1].failed) {
        status = kf_fail_memory(c->err);
    } else if (!from || !to || strcmp(texts[0].data, texts[1].data) != 0) {
        status = add_field(c, key, texts[0].data, texts[1].data);
    }
    kf_str_finish(&texts[0]);
    kf_str_finish(&texts[1]);
    return status;
}

static kf_status compare_keys(comparer *c, const kf_json *from, const kf_json *to)
{
    kf_status status = KF_OK;
    for (const kf_json *k = from->first; k && status == KF_OK; k = k->next) {
        status = compare_values(c, k->key, k, kf_json_get(to, k->key));
    }
    for (const kf_json *k = to->first; k && status == KF_OK; k = k->next) {
        status = kf_json_get(from, k->key) ? KF_OK : compare_values(c, k->key, NULL, k);
    }
    return status;
}

/* The two objects in c->text. */
static kf_status compare_texts(comparer *c)
{
    kf_json_doc *docs[2] = {0};
    kf_status status = KF_OK;
    if (c->text[0].failed || c->text[1].failed) {
        return kf_fail_memory(c->err);
    }
    if (strcmp(c->text[0].data, c->text[1].data) == 0) {
        return KF_OK;
    }
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        status = kf_json_parse(c->text[i].data, c->text[i].length, "film", 0, &docs[i], c->err);
    }
    status = status == KF_OK ? compare_keys(c, kf_json_root(docs[0]), kf_json_root(docs[1])) : status;
    kf_json_free(docs[0]);
    kf_json_free(docs[1]);
    return status;
}

/* Writes an object of side i, which compare_texts looks at. */
static kf_status write_object(comparer *c, int i, kf_rational rate, write_head_fn *write, const void *view)
{
    c->text[i].length = 0;
    kf_str_add(&c->text[i], "");
    film_writer fw = {.w = {.out = &c->text[i], .compact = true}, .snapshot = c->sides[i].state, .rate = rate};
    write(&fw, view);
    return fw.stopped ? kf_fail(c->err, KF_ERR_INVALID, "this film is damaged, or too large to be written as JSON") : KF_OK;
}

/* ---- Telling ---- */

static void start_object(comparer *c)
{
    c->field_count = 0;
    kf_arena_finish(&c->arena);
}

static void end_run(comparer *c)
{
    if (c->run.count > 0) {
        c->fn(c->ctx, &c->run);
        c->run.count = 0;
    }
}

static void tell(comparer *c, kf_difference *d)
{
    end_run(c);
    d->fields = c->fields;
    d->field_count = d->kind == KF_DIFFERENCE_CHANGED ? c->field_count : 0;
    if (d->kind != KF_DIFFERENCE_CHANGED || d->field_count > 0) {
        c->fn(c->ctx, d);
    }
}

static kf_difference describe(const thing *t, kf_difference_kind kind, char id[24])
{
    static const char *const names[] = {"track", "", "clip", "transition"};
    kf_difference d = {.kind = kind, .what = names[t->item.kind], .id = id, .sequence = t->place->sequence.id,
                       .start = t->item.start, .duration = t->item.duration};
    snprintf(id, 24, "%llu", (unsigned long long)t->id);
    memcpy(d.track, t->place->name, sizeof d.track);
    return d;
}

/* ---- Tracks, clips and transitions ---- */

static void write_clip_of(film_writer *fw, const void *view)
{
    write_clip(fw, view);
}

static void write_transition_of(film_writer *fw, const void *view)
{
    write_transition(fw, view);
}

static kf_status write_thing(comparer *c, int i, const thing *t)
{
    kf_cursor cursor;
    kf_clip_view clip;
    kf_transition_view transition;
    if (t->item.kind == KF_ITEM_NONE) {
        return write_object(c, i, t->place->sequence.rate, write_track_head, &t->place->track);
    }
    kf_cursor_init(&cursor, c->sides[i].state, &t->place->track);
    if (!kf_cursor_seek_index(&cursor, t->item.index)) {
        return kf_fail(c->err, KF_ERR_INVALID, "this film is damaged");
    }
    if (kf_cursor_clip(&cursor, &clip)) {
        return write_object(c, i, t->place->sequence.rate, write_clip_of, &clip);
    }
    return kf_cursor_transition(&cursor, &transition)
               ? write_object(c, i, t->place->sequence.rate, write_transition_of, &transition)
               : kf_fail(c->err, KF_ERR_INVALID, "this film is damaged");
}

static kf_status add_texts(comparer *c, const char *key, const char *from, const char *to)
{
    kf_str texts[2] = {0};
    kf_json_writer w[2] = {{.out = &texts[0]}, {.out = &texts[1]}};
    kf_json_write_string(&w[0], from);
    kf_json_write_string(&w[1], to);
    bool failed = texts[0].failed || texts[1].failed;
    kf_status status = failed ? kf_fail_memory(c->err) : add_field(c, key, texts[0].data, texts[1].data);
    kf_str_finish(&texts[0]);
    kf_str_finish(&texts[1]);
    return status;
}

static kf_status add_numbers(comparer *c, const char *key, const thing *from, const thing *to, bool times)
{
    kf_str texts[2] = {0};
    for (int i = 0; i < 2; i++) {
        const thing *t = i ? to : from;
        film_writer fw = {.w = {.out = &texts[i]}, .rate = t->place->sequence.rate};
        if (times) {
            write_time(&fw, t->item.start);
        } else {
            kf_str_addf(&texts[i], "%d", t->place->index);
        }
    }
    bool failed = texts[0].failed || texts[1].failed;
    kf_status status = failed ? kf_fail_memory(c->err) : add_field(c, key, texts[0].data, texts[1].data);
    kf_str_finish(&texts[0]);
    kf_str_finish(&texts[1]);
    return status;
}

/* Where it is; its start is left to the caller. */
static kf_status compare_places(comparer *c, const thing *from, const thing *to)
{
    kf_status status = KF_OK;
    if (strcmp(from->place->sequence.id, to->place->sequence.id) != 0) {
        status = add_texts(c, "sequence", from->place->sequence.id, to->place->sequence.id);
    }
    if (status == KF_OK && to->item.kind == KF_ITEM_NONE) {
        return from->place->index == to->place->index ? KF_OK : add_numbers(c, "index", from, to, false);
    }
    if (status == KF_OK && from->place->track.uid != to->place->track.uid) {
        status = add_texts(c, "track", from->place->name, to->place->name);
    }
    return status;
}

static bool is_same_node(const comparer *c, const thing *from, const thing *to)
{
    bool node = to->item.kind == KF_ITEM_NONE ? from->place->track.ref == to->place->track.ref
                                              : from->item.ref == to->item.ref && from->item.duration == to->item.duration;
    return c->sides[0].state.store == c->sides[1].state.store && node &&
           kf_rational_equal(from->place->sequence.rate, to->place->sequence.rate);
}

/* Nothing but its start changed: it joins the run of those before it, or begins one. */
static void add_to_run(comparer *c, const thing *from, const thing *to)
{
    kf_time by = to->item.start - from->item.start;
    if (c->run.count > 0 && c->run_track == to->place->track.uid && c->run.moved_by == by) {
        c->run.count++;
        return;
    }
    end_run(c);
    c->run = describe(to, KF_DIFFERENCE_MOVED, c->run_id);
    c->run.count = 1;
    c->run.moved_by = by;
    c->run_track = to->place->track.uid;
}

static kf_status compare_things(comparer *c, const thing *from, const thing *to)
{
    char id[24];
    start_object(c);
    kf_status status = compare_places(c, from, to);
    if (status == KF_OK && !is_same_node(c, from, to)) {
        status = write_thing(c, 0, from);
        status = status == KF_OK ? write_thing(c, 1, to) : status;
        status = status == KF_OK ? compare_texts(c) : status;
    }
    bool moved = from->item.start != to->item.start;
    if (status != KF_OK || (moved && c->field_count == 0)) {
        if (status == KF_OK) {
            add_to_run(c, from, to);
        }
        return status;
    }
    status = moved ? add_numbers(c, "start", from, to, true) : KF_OK;
    if (status == KF_OK && c->field_count > 0) {
        kf_difference d = describe(to, KF_DIFFERENCE_CHANGED, id);
        tell(c, &d);
    }
    return status;
}

/* Those of the first film that the second one lacks. */
static void tell_removed(comparer *c)
{
    char id[24];
    for (size_t i = 0; i < c->sides[1].count; i++) {
        thing *old = find_thing(&c->sides[0], &c->sides[1].things[i]);
        if (old) {
            old->met = c->sides[1].things[i].met = true;
        }
    }
    for (size_t i = 0; i < c->sides[0].count; i++) {
        if (!c->sides[0].things[i].met) {
            kf_difference d = describe(&c->sides[0].things[i], KF_DIFFERENCE_REMOVED, id);
            tell(c, &d);
        }
    }
}

static kf_status compare_lists(comparer *c)
{
    char id[24];
    kf_status status = list_side(c, &c->sides[0]);
    status = status == KF_OK ? list_side(c, &c->sides[1]) : status;
    if (status != KF_OK) {
        return status;
    }
    tell_removed(c);
    for (size_t i = 0; i < c->sides[1].count && status == KF_OK; i++) {
        const thing *to = &c->sides[1].things[i];
        if (to->met) {
            status = compare_things(c, find_thing(&c->sides[0], to), to);
        } else {
            kf_difference d = describe(to, KF_DIFFERENCE_ADDED, id);
            tell(c, &d);
        }
    }
    end_run(c);
    return status;
}

/* ---- Project, assets, sequences ---- */

static void write_project(film_writer *fw, const void *view)
{
    const kf_project_view *p = view;
    kf_sequence_view main_sequence;
    kf_json_begin_object(&fw->w);
    write_text_key(&fw->w, "name", p->name);
    if (kf_sequence_at(fw->snapshot, p->main_sequence, &main_sequence)) {
        write_text_key(&fw->w, "main", main_sequence.id);
    }
    write_metadata(fw, p->metadata);
    kf_json_key(&fw->w, "bins");
    kf_json_begin_array(&fw->w);
    for (int32_t i = 0; i < p->bin_count; i++) {
        kf_json_write_string(&fw->w, kf_bin_at(fw->snapshot, i));
    }
    kf_json_end_array(&fw->w);
    kf_json_end_object(&fw->w);
}

static void write_asset_of(film_writer *fw, const void *view)
{
    write_asset(fw, view);
}

static void write_markers_of(film_writer *fw, const void *view)
{
    const kf_sequence_view *s = view;
    kf_json_begin_object(&fw->w);
    write_markers(fw, s->markers);
    kf_json_end_object(&fw->w);
}

static kf_status compare_project(comparer *c)
{
    kf_project_view views[2];
    kf_status status = KF_OK;
    start_object(c);
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        status = kf_project_get(c->sides[i].state, &views[i])
                     ? write_object(c, i, (kf_rational){0}, write_project, &views[i])
                     : kf_fail(c->err, KF_ERR_INVALID, "this film is damaged");
    }
    status = status == KF_OK ? compare_texts(c) : status;
    kf_difference d = {.kind = KF_DIFFERENCE_CHANGED, .what = "project", .id = "", .sequence = ""};
    if (status == KF_OK) {
        tell(c, &d);
    }
    return status;
}

static kf_status compare_asset(comparer *c, const kf_asset_view *from, const kf_asset_view *to)
{
    kf_difference d = {.kind = KF_DIFFERENCE_CHANGED, .what = "asset", .id = to->id, .sequence = ""};
    start_object(c);
    kf_status status = write_object(c, 0, (kf_rational){0}, write_asset_of, from);
    status = status == KF_OK ? write_object(c, 1, (kf_rational){0}, write_asset_of, to) : status;
    status = status == KF_OK ? compare_texts(c) : status;
    if (status == KF_OK) {
        tell(c, &d);
    }
    return status;
}

static int32_t same_asset(kf_snapshot state, const kf_asset_view *like)
{
    kf_asset_view view;
    int32_t index = kf_asset_index(state, like->uid); /* the same one mostly */
    return kf_asset_at(state, index, &view) && strcmp(view.id, like->id) == 0 ? index : kf_asset_find(state, like->id);
}

static kf_status compare_assets(comparer *c)
{
    kf_asset_view a, b;
    kf_snapshot from = c->sides[0].state, to = c->sides[1].state;
    kf_status status = KF_OK;
    for (int32_t i = 0; kf_asset_at(from, i, &a); i++) {
        kf_difference d = {.kind = KF_DIFFERENCE_REMOVED, .what = "asset", .id = a.id, .sequence = ""};
        if (same_asset(to, &a) < 0) {
            tell(c, &d);
        }
    }
    for (int32_t i = 0; status == KF_OK && kf_asset_at(to, i, &b); i++) {
        kf_difference d = {.kind = KF_DIFFERENCE_ADDED, .what = "asset", .id = b.id, .sequence = ""};
        if (kf_asset_at(from, same_asset(from, &b), &a)) {
            status = compare_asset(c, &a, &b);
        } else {
            tell(c, &d);
        }
    }
    return status;
}

static kf_status compare_sequence(comparer *c, const kf_sequence_view *from, const kf_sequence_view *to)
{
    write_head_fn *const parts[] = {write_sequence_head, write_markers_of};
    kf_difference d = {.kind = KF_DIFFERENCE_CHANGED, .what = "sequence", .id = to->id, .sequence = ""};
    kf_status status = KF_OK;
    start_object(c);
    for (int i = 0; i < 2 && status == KF_OK; i++) {
        status = write_object(c, 0, from->rate, parts[i], from);
        status = status == KF_OK ? write_object(c, 1, to->rate, parts[i], to) : status;
        status = status == KF_OK ? compare_texts(c) : status;
    }
    if (status == KF_OK) {
        tell(c, &d);
    }
    return status;
}

static kf_status compare_sequences(comparer *c)
{
    kf_sequence_view a, b;
    kf_snapshot from = c->sides[0].state, to = c->sides[1].state;
    kf_status status = KF_OK;
    for (int32_t i = 0; kf_sequence_at(from, i, &a); i++) {
        kf_difference d = {.kind = KF_DIFFERENCE_REMOVED, .what = "sequence", .id = a.id, .sequence = ""};
        if (kf_sequence_find(to, a.id) < 0) {
            tell(c, &d);
        }
    }
    for (int32_t i = 0; status == KF_OK && kf_sequence_at(to, i, &b); i++) {
        kf_difference d = {.kind = KF_DIFFERENCE_ADDED, .what = "sequence", .id = b.id, .sequence = ""};
        if (kf_sequence_at(from, kf_sequence_find(from, b.id), &a)) {
            status = compare_sequence(c, &a, &b);
        } else {
            tell(c, &d);
        }
    }
    return status;
}

kf_status kf_snapshot_compare(kf_snapshot from, kf_snapshot to, kf_difference_fn *fn, void *ctx, kf_error *err)
{
    comparer c = {.sides = {{.state = from}, {.state = to}}, .fn = fn, .ctx = ctx, .err = err};
    kf_status status = compare_project(&c);
    status = status == KF_OK ? compare_assets(&c) : status;
    status = status == KF_OK ? compare_sequences(&c) : status;
    status = status == KF_OK ? compare_lists(&c) : status;
    for (int i = 0; i < 2; i++) {
        kf_free(c.sides[i].places);
        kf_free(c.sides[i].things);
        kf_free(c.sides[i].sorted);
        kf_str_finish(&c.text[i]);
    }
    kf_arena_finish(&c.arena);
    return status;
}
