/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metadata of OTIO objects on its way into a film. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/otio_import.h"

kf_json_writer *otio_keep_writer(otio_keep *keep)
{
    if (!keep->w.out) {
        keep->w = (kf_json_writer){.out = &keep->text, .compact = true};
        kf_json_begin_object(&keep->w);
    }
    return &keep->w;
}

static bool is_default(const kf_json *value)
{
    return value->type == KF_JSON_NULL ||
           ((value->type == KF_JSON_ARRAY || value->type == KF_JSON_OBJECT) && value->count == 0);
}

void otio_keep_rest(otio_keep *keep, const kf_json *object, const char *const *known)
{
    bool any = false;
    for (const kf_json *child = object->first; child; child = child->next) {
        if (otio_listed(known, child->key) || is_default(child)) {
            continue;
        }
        kf_json_writer *w = otio_keep_writer(keep);
        if (!any) {
            kf_json_key(w, "fields");
            kf_json_begin_object(w);
            any = true;
        }
        ix_put_json(w, child->key, child);
    }
    if (any) {
        kf_json_end_object(&keep->w);
    }
}

const kf_json *otio_ours(const kf_json *object)
{
    return otio_object(otio_object(object, "metadata"), "kerf");
}

/* Depth of nesting, and whether some number is none that JSON has. */
static int depth_of(const kf_json *value, bool *odd)
{
    int deepest = 0;
    *odd |= value->type == KF_JSON_NUMBER && !strpbrk(value->text, "0123456789");
    for (const kf_json *child = value->first; child; child = child->next) {
        int depth = depth_of(child, odd) + 1;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static void write_members(kf_json_writer *w, const kf_json *metadata)
{
    for (const kf_json *child = metadata ? metadata->first : NULL; child; child = child->next) {
        if (strcmp(child->key, "kerf") != 0 && strcmp(child->key, "otio") != 0) {
            ix_put_json(w, child->key, child);
        }
    }
}

/* The members of the metadata, and what was kept, as one object; "" if there is nothing. */
static void compose(kf_str *out, const kf_json *metadata, otio_keep *keep)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_begin_object(&w);
    write_members(&w, metadata);
    if (keep->w.out) {
        kf_json_end_object(&keep->w);
        kf_json_key(&w, "otio");
        kf_json_write_raw(&w, keep->text.data ? keep->text.data : "{}");
    }
    bool any = w.started[1];
    kf_json_end_object(&w);
    out->failed |= keep->text.failed;
    if (!any) {
        kf_str_finish(out);
    }
}

void otio_put_metadata(otio_import_state *im, const otio_scope *scope, kf_json_writer *w, const kf_json *metadata,
                       otio_keep *keep)
{
    kf_str text = {0};
    bool odd = false;
    metadata = metadata && metadata->type == KF_JSON_OBJECT ? metadata : NULL;
    int depth = metadata ? depth_of(metadata, &odd) : 0;
    compose(&text, depth < OTIO_MAX_METADATA_DEPTH ? metadata : NULL, keep);
    im->film.failed |= text.failed;
    if (depth >= OTIO_MAX_METADATA_DEPTH || text.length > OTIO_MAX_METADATA) {
        otio_lose(im, scope, KF_LOSS_DROPPED, "the metadata is nested too deeply or larger than 1 MiB: it is left out");
    } else if (odd) {
        otio_lose(im, scope, KF_LOSS_CHANGED, "numbers of the metadata that are NaN or infinite became texts");
    }
    if (text.length && text.length <= OTIO_MAX_METADATA) {
        kf_json_key(w, "metadata");
        kf_json_write_raw(w, text.data);
    }
    kf_str_finish(&text);
    kf_str_finish(&keep->text);
}

/* Takes the number of a clip, track, ...; false if it is taken, or no number. */
static bool take_number(otio_import_state *im, const kf_json *id)
{
    if (!id->is_integer || id->integer < 1 || id->integer > INT64_C(9007199254740991)) {
        return false;
    }
    ix_entry *entry = ix_table_add(&im->numbers, id->text);
    im->film.failed |= !entry;
    return entry && entry->number++ == 0;
}

void otio_put_ours(otio_import_state *im, kf_json_writer *w, const kf_json *ours, const char *const *except)
{
    for (const kf_json *child = ours ? ours->first : NULL; child; child = child->next) {
        bool id = strcmp(child->key, "id") == 0;
        if ((except && otio_listed(except, child->key)) || (id && !take_number(im, child))) {
            continue;
        }
        ix_put_json(w, child->key, child);
    }
}
