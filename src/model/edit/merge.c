/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/merge.h"

#include <string.h>

static void merge_objects(kf_json_writer *w, const kf_json *old, const kf_json *set);

static void merge_value(kf_json_writer *w, const kf_json *old, const kf_json *set)
{
    if (set->type == KF_JSON_OBJECT) {
        merge_objects(w, old && old->type == KF_JSON_OBJECT ? old : NULL, set);
    } else {
        kf_json_write_value(w, set);
    }
}

/* old may be NULL. */
static void merge_objects(kf_json_writer *w, const kf_json *old, const kf_json *set)
{
    kf_json_begin_object(w);
    for (const kf_json *child = old ? old->first : NULL; child; child = child->next) {
        const kf_json *change = kf_json_get(set, child->key);
        if (!change || change->type != KF_JSON_NULL) {
            kf_json_key(w, child->key);
        }
        if (!change) {
            kf_json_write_value(w, child);
        } else if (change->type != KF_JSON_NULL) {
            merge_value(w, child, change);
        }
    }
    for (const kf_json *child = set->first; child; child = child->next) {
        if (child->type != KF_JSON_NULL && !kf_json_get(old, child->key)) {
            kf_json_key(w, child->key);
            merge_value(w, NULL, child);
        }
    }
    kf_json_end_object(w);
}

kf_status edit_merge_text(kf_edit *e, const kf_str *old, const kf_json *set, kf_json_doc **out)
{
    kf_json_doc *doc;
    kf_str text = {0};
    kf_json_writer w = {.out = &text, .compact = true};
    if (set && set->type != KF_JSON_OBJECT) {
        return kf_json_fail(set, e->name, e->err, "an object must stand here");
    }
    if (old->failed) {
        return kf_fail_memory(e->err);
    }
    kf_status status = kf_json_parse(old->data, old->length, e->name, 0, &doc, e->err);
    if (status != KF_OK || !set) {
        *out = doc;
        return status;
    }
    merge_objects(&w, kf_json_root(doc), set);
    status = text.failed ? kf_fail_memory(e->err) : kf_json_parse(text.data, text.length, e->name, 0, out, e->err);
    kf_str_finish(&text);
    kf_json_free(doc);
    return status;
}

kf_status edit_merge(kf_edit *e, write_head_fn *write, const void *view, const kf_json *set, kf_json_doc **out)
{
    kf_str old = {0};
    film_writer fw = {.w = {.out = &old, .compact = true}, .snapshot = edit_state(e)};
    write(&fw, view);
    kf_status status = fw.stopped ? kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: this cannot be read")
                                  : edit_merge_text(e, &old, set, out);
    kf_str_finish(&old);
    return status;
}

kf_status edit_refuse_key(kf_edit *e, const kf_json *set, const char *key, const char *way)
{
    const kf_json *found = kf_json_get(set, key);
    return found ? kf_json_fail(found, e->name, e->err, "%s", way) : KF_OK;
}
