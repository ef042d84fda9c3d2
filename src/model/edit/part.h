/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects put together from members of others, for readers that take only some of the keys. The members are those that
 * were read: messages name their places. */
#ifndef KF_MODEL_EDIT_PART_H
#define KF_MODEL_EDIT_PART_H

#include "model/edit/read.h"
#include "model/json/reader.h"

/* Zero-initialise. */
typedef struct json_part {
    kf_json object;
    kf_json *items;
    size_t count, capacity;
} json_part;

/* Adds a member, or puts it in place of one with its key. Borrows what it points to. */
kf_status part_add(kf_edit *e, json_part *p, const kf_json *item);
/* Adds those members of an object that `takes` says yes to. */
typedef bool part_takes(const kf_json *item, const void *ctx);
kf_status part_add_some(kf_edit *e, json_part *p, const kf_json *object, part_takes *takes, const void *ctx);
/* The object, valid until the part changes; `like` gives it its place in messages. */
const kf_json *part_object(json_part *p, const kf_json *like);
void part_finish(json_part *p);

/* Reads an object into a draft, by a table of the film format; times count at the rate of the open sequence. */
kf_status edit_read_object(kf_edit *e, const kf_json *json, const json_object *table, void *draft);
/* Metadata `*ref` with an object laid over it, key by key; JSON null: none. set NULL: as it is. */
kf_status edit_merge_metadata(kf_edit *e, const kf_json *set, kf_ref *ref);
/* Whether an object sets this key, also to null. */
static inline bool sets(const kf_json *object, const char *key)
{
    return kf_json_get(object, key) != NULL;
}

#endif
