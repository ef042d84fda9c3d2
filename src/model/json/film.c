/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The film as a whole: the order of reading, and the project node. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/api/alloc.h"
#include "model/api/edit.h"
#include "model/json/reader.h"

kf_status append_list(reader *r, uint16_t kind, const kf_ref *refs, uint32_t count, kf_ref *out)
{
    list_member *members = kf_alloc_zero((size_t)count + 1, sizeof *members);
    if (!members) {
        return kf_fail_memory(r->err);
    }
    for (uint32_t i = 0; i < count; i++) {
        members[i] = (list_member){kind == NODE_ASSETS ? r->assets[i].uid : r->sequences[i].uid, refs[i]};
    }
    kf_status status = node_list_write(&r->owner, r->store, kind, members, count, out, r->err);
    kf_free(members);
    return status;
}

/* ---- Sequences ---- */

/* The sequence of the film that a fragment is read into takes the place of the one before. */
static bool open_base_sequence(reader *r, const char *id)
{
    kf_sequence_view view;
    if (!kf_sequence_at(r->base, kf_sequence_find(r->base, id), &view)) {
        return false;
    }
    r->sequences[0] = (sequence_state){.id = view.id, .uid = view.uid, .stage = STAGE_DONE, .duration = view.duration,
                                       .width = view.width, .height = view.height, .rate = view.rate};
    return true;
}

bool lookup_sequence(reader *r, const char *id, uint32_t *out)
{
    uint32_t low = 0, high = r->sequence_count;
    if (r->base.store) {
        *out = 0;
        return open_base_sequence(r, id);
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(r->sequences[r->sequence_order[middle]].id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = low < r->sequence_count ? r->sequence_order[low] : 0;
    return low < r->sequence_count && strcmp(r->sequences[*out].id, id) == 0;
}

static const char *sequence_id(const reader *r, uint32_t i)
{
    kf_sequence_view view;
    return !r->base.store                                 ? r->sequences[i].id
           : kf_sequence_at(r->base, (int32_t)i, &view) ? view.id
                                                          : "";
}

kf_status find_sequence(reader *r, const kf_json *json, const char *id, uint32_t *out)
{
    if (lookup_sequence(r, id, out)) {
        return KF_OK;
    }
    kf_project_view project = {.sequence_count = (int32_t)r->sequence_count};
    if (r->base.store) {
        kf_project_get(r->base, &project);
    }
    const char **names = kf_alloc_zero((size_t)project.sequence_count + 1, sizeof *names);
    for (uint32_t i = 0; names && i < (uint32_t)project.sequence_count; i++) {
        names[i] = sequence_id(r, i);
    }
    const char *close = names ? kf_closest(id, names, (size_t)project.sequence_count) : NULL;
    kf_status status = close ? FAIL(r, json, "there is no sequence \"%.100s\"; did you mean \"%.100s\"?", id, close)
                             : FAIL(r, json, "there is no sequence \"%.100s\"", id);
    kf_free(names);
    return status;
}

typedef struct sort_entry {
    const char *id;
    uint32_t index;
} sort_entry;

static int compare_entries(const void *a, const void *b)
{
    const sort_entry *x = a, *y = b;
    int order = strcmp(x->id, y->id);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static kf_status sort_sequences(reader *r)
{
    sort_entry *entries = kf_alloc_zero(r->sequence_count, sizeof *entries);
    if (!entries) {
        return kf_fail_memory(r->err);
    }
    for (uint32_t i = 0; i < r->sequence_count; i++) {
        entries[i] = (sort_entry){r->sequences[i].id, i};
    }
    qsort(entries, r->sequence_count, sizeof *entries, compare_entries);
    kf_status status = KF_OK;
    for (uint32_t i = 0; i < r->sequence_count && status == KF_OK; i++) {
        r->sequence_order[i] = entries[i].index;
        if (i && strcmp(entries[i].id, entries[i - 1].id) == 0) {
            const kf_json *second = r->sequences[entries[i].index].json;
            status = FAIL(r, kf_json_get(second, "id"), "the id \"%.100s\" stands twice", entries[i].id);
        }
    }
    kf_free(entries);
    return status;
}

static kf_status note_sequence(reader *r, const kf_json *json, uint32_t index, bool only)
{
    sequence_state *s = &r->sequences[index];
    const kf_json *id = kf_json_get(json, "id");
    *s = (sequence_state){.json = json, .id = "main", .uid = (uint64_t)index + 1, .reader = index};
    kf_status status = need_object(r, json, "a sequence");
    if (status == KF_OK && id) {
        status = read_text(r, id, &s->id);
    } else if (status == KF_OK && !only) {
        status = FAIL(r, json, "each of several sequences needs an \"id\"");
    }
    return status == KF_OK && !*s->id ? FAIL(r, id, "the id of a sequence must not be empty") : status;
}

static kf_status note_sequences(reader *r, const kf_json *list)
{
    kf_status status = list ? need_array(r, list, "a list of sequences", 1000000) : KF_OK;
    if (status == KF_OK && list && list->count == 0) {
        return FAIL(r, list, "a film needs at least one sequence");
    }
    r->sequence_count = list && status == KF_OK ? list->count : 1;
    r->sequences = kf_alloc_zero(r->sequence_count, sizeof *r->sequences);
    r->sequence_order = kf_alloc_zero(r->sequence_count, sizeof *r->sequence_order);
    if (!r->sequences || !r->sequence_order) {
        status = status == KF_OK ? kf_fail_memory(r->err) : status;
    }
    if (status != KF_OK || !list) {
        return status == KF_OK ? note_sequence(r, r->root, 0, true) : status;
    }
    for (const kf_json *child = list->first; child && status == KF_OK; child = child->next) {
        status = note_sequence(r, child, child->index, list->count == 1);
    }
    return status;
}

static kf_status read_sequences(reader *r, kf_ref *out)
{
    kf_status status = KF_OK;
    for (uint32_t i = 0; i < r->sequence_count && status == KF_OK; i++) {
        if (r->sequences[i].stage == STAGE_NEW) {
            status = read_sequence(r, i);
        }
    }
    kf_ref *refs = kf_alloc_zero(r->sequence_count, sizeof *refs);
    if (status == KF_OK && !refs) {
        status = kf_fail_memory(r->err);
    }
    for (uint32_t i = 0; i < r->sequence_count && status == KF_OK; i++) {
        refs[i] = r->sequences[i].ref;
    }
    if (status == KF_OK) {
        status = append_list(r, NODE_SEQUENCES, refs, r->sequence_count, out);
    }
    kf_free(refs);
    return status;
}

/* ---- The project ---- */

static kf_status check_version(reader *r, const film_draft *d)
{
    if (d->version == 0) {
        return FAIL(r, r->root, "\"kerf\": 1 is missing: a film says so which version of the format it is in");
    }
    if (d->version > 1) {
        FAIL(r, kf_json_get(r->root, "kerf"),
             "version %lld of the format is newer than this Kerf, which reads version 1", (long long)d->version);
        if (r->err) {
            r->err->status = KF_ERR_UNSUPPORTED;
        }
        return KF_ERR_UNSUPPORTED;
    }
    return KF_OK;
}

static kf_status read_main(reader *r, const film_draft *d, uint64_t *uid)
{
    uint32_t index = 0;
    kf_status status = d->main ? find_sequence(r, kf_json_get(r->root, "main"), d->main, &index) : KF_OK;
    *uid = (uint64_t)index + 1;
    return status;
}

static kf_status append_project(reader *r, const film_draft *d, const kf_ref refs[PROJECT_REFS], kf_ref *out)
{
    project_body body = {0};
    kf_status status = read_main(r, d, &body.main_uid);
    if (status != KF_OK) {
        return status;
    }
    build_start(&r->owner, sizeof body);
    for (int i = 0; i < PROJECT_REFS; i++) {
        build_ref(&r->owner, refs[i]);
    }
    body.next_id = (uint64_t)r->next_id;
    body.name = build_text(&r->owner, d->name);
    build_body(&r->owner, 0, &body, sizeof body);
    return build_append(&r->owner, r->store, NODE_PROJECT, out, r->err);
}

static kf_status read_film(reader *r, kf_ref *out)
{
    film_draft draft = {0};
    kf_ref refs[PROJECT_REFS] = {KF_REF_NONE};
    kf_status status = need_object(r, r->root, "a film (an object)");
    const kf_json *version = kf_json_get(r->root, "kerf");
    if (status == KF_OK && version && version->is_integer && version->integer > 1) {
        draft.version = version->integer;
        return check_version(r, &draft); /* newer keys are not unknown ones */
    }
    bool list = kf_json_get(r->root, "sequences") != NULL;
    if (status == KF_OK) {
        status = read_object(r, r->root, list ? &object_film : &object_short_film, &draft, NULL);
    }
    if (status == KF_OK) {
        status = check_version(r, &draft);
    }
    if (status == KF_OK) {
        status = note_sequences(r, draft.sequences);
    }
    if (status == KF_OK) {
        status = sort_sequences(r);
    }
    if (status == KF_OK) {
        status = gather_ids(r);
    }
    if (status == KF_OK) {
        status = read_assets(r, draft.assets, &refs[PROJECT_ASSETS]);
    }
    if (status == KF_OK) {
        status = read_bins(r, draft.bins, &refs[PROJECT_BINS]);
    }
    if (status == KF_OK) {
        status = read_metadata(r, draft.metadata, &refs[PROJECT_METADATA]);
    }
    if (status == KF_OK) {
        status = read_sequences(r, &refs[PROJECT_SEQUENCES]);
    }
    return status == KF_OK ? append_project(r, &draft, refs, out) : status;
}

void reader_finish(reader *r)
{
    for (uint32_t i = 0; i < r->asset_count; i++) {
        kf_free(r->assets[i].file);
        kf_free(r->assets[i].message);
    }
    kf_free(r->assets);
    kf_free(r->sequences);
    kf_free(r->sequence_order);
    kf_free(r->items);
    kf_free(r->item_json);
    kf_free(r->ducks);
    kf_free(r->marks);
    kf_free(r->members);
    kf_free(r->nested);
    build_finish(&r->params);
    build_finish(&r->item);
    build_finish(&r->owner);
    build_finish(&r->small);
}

static kf_status fill_store(kf_store *store, const kf_json *root, const kf_film_load *load, kf_error *err)
{
    reader r = {.load = load ? *load : (kf_film_load){0}, .store = store, .root = root, .err = err};
    kf_commit commit = {.label = "", .time = (int64_t)time(NULL) * 1000000};
    kf_ref made;
    r.name = r.load.name ? r.load.name : "film";
    kf_status status = read_film(&r, &commit.root);
    if (status == KF_OK) {
        status = kf_store_commit(store, &commit, &made, err);
    }
    reader_finish(&r);
    return status;
}

kf_status kf_film_load_json(const char *bytes, size_t length, const kf_film_load *load, kf_film **out, kf_error *err)
{
    kf_json_doc *doc = NULL;
    kf_film_load where = load ? *load : (kf_film_load){0};
    where.folder = where.target ? where.target : where.folder;
    kf_status status = kf_json_parse(bytes, length, load && load->name ? load->name : "film", 0, &doc, err);
    if (status != KF_OK) {
        return status;
    }
    kf_film *film = KF_NEW(kf_film);
    status = film ? kf_store_create_memory(NULL, &film->store, err) : kf_fail_memory(err);
    if (status == KF_OK) {
        status = fill_store(film->store, kf_json_root(doc), load, err);
    }
    kf_json_free(doc);
    if (status == KF_OK) {
        status = kf_film_bind(film, &where, err);
    }
    if (status != KF_OK) {
        kf_film_destroy(film);
        return status;
    }
    *out = film;
    return KF_OK;
}
