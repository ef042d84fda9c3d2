/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/part.h"

#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/merge.h"

kf_status part_add(kf_edit *e, json_part *p, const kf_json *item)
{
    void *items = p->items;
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->items[i].key, item->key) == 0) {
            p->items[i] = *item;
            return KF_OK;
        }
    }
    if (kf_grow(&items, &p->capacity, p->count + 1, sizeof *p->items) != 0) {
        return kf_fail_memory(e->err);
    }
    p->items = items;
    p->items[p->count++] = *item;
    return KF_OK;
}

kf_status part_add_some(kf_edit *e, json_part *p, const kf_json *object, part_takes *takes, const void *ctx)
{
    kf_status status = KF_OK;
    for (const kf_json *item = object->first; item && status == KF_OK; item = item->next) {
        status = takes(item, ctx) ? part_add(e, p, item) : KF_OK;
    }
    return status;
}

const kf_json *part_object(json_part *p, const kf_json *like)
{
    p->object = *like;
    p->object.type = KF_JSON_OBJECT;
    p->object.table = NULL;
    p->object.count = (uint32_t)p->count;
    p->object.first = p->count ? p->items : NULL;
    for (size_t i = 0; i < p->count; i++) {
        p->items[i].index = (uint32_t)i;
        p->items[i].next = i + 1 < p->count ? &p->items[i + 1] : NULL;
    }
    return &p->object;
}

void part_finish(json_part *p)
{
    kf_free(p->items);
    *p = (json_part){0};
}

kf_status edit_read_object(kf_edit *e, const kf_json *json, const json_object *table, void *draft)
{
    reader r = {.name = e->name, .err = e->err, .rate = e->sequence.view.rate};
    return read_object(&r, json, table, draft, NULL);
}

kf_status edit_merge_metadata(kf_edit *e, const kf_json *set, kf_ref *ref)
{
    kf_str old = {0};
    kf_json_doc *doc = NULL;
    const char *text = metadata_text(e->store, *ref);
    if (!set || set->type == KF_JSON_NULL) {
        *ref = set ? KF_REF_NONE : *ref;
        return KF_OK;
    }
    kf_str_add(&old, *text ? text : "{}");
    kf_status status = edit_merge_text(e, &old, set, &doc);
    if (status == KF_OK) {
        fragment_scope scope = edit_scope(e);
        status = fragment_read_metadata(&scope, kf_json_root(doc), ref);
    }
    kf_json_free(doc);
    kf_str_finish(&old);
    return status;
}
