/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kf_film_compare: differences as text and as JSON. */
#include <string.h>

#include "api/films.h"
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "base/api/time.h"
#include "kerf/project.h"
#include "model/api/compare.h"

typedef struct listing {
    kf_str text;
    kf_json_writer w;
    bool any;
} listing;

static const char *const kind_names[] = {"added", "removed", "changed", "moved"};

/* ---- Text ---- */

enum { LONGEST_VALUE = 80 }; /* bytes of a value in a line */

static void add_value(kf_str *s, const char *json)
{
    size_t length = json ? strlen(json) : 0;
    size_t shown = length > LONGEST_VALUE ? kf_utf8_prefix(json, LONGEST_VALUE) : length;
    kf_str_add_n(s, json ? json : "none", json ? shown : 4);
    kf_str_add(s, shown < length ? "..." : "");
}

static void add_place(kf_str *s, const kf_difference *d)
{
    if (*d->track) {
        kf_str_addf(s, ", %s of %s", d->track, d->sequence);
    }
    if (*d->track && strcmp(d->what, "track") != 0) {
        kf_str_addf(s, " at %g s", kf_time_seconds(d->start));
    }
}

static void tell_text(void *ctx, const kf_difference *d)
{
    listing *l = ctx;
    kf_str *s = &l->text;
    l->any = true;
    if (d->kind == KF_DIFFERENCE_MOVED && d->count > 1) {
        kf_str_addf(s, "moved %lld from %s %s on", (long long)d->count, d->what, d->id);
    } else {
        kf_str_addf(s, "%s %s%s%s", kind_names[d->kind], d->what, *d->id ? " " : "", d->id);
    }
    add_place(s, d);
    if (d->kind == KF_DIFFERENCE_MOVED) {
        kf_str_addf(s, ": by %+g s", kf_time_seconds(d->moved_by));
    } else if (d->kind == KF_DIFFERENCE_ADDED && d->duration > 0) {
        kf_str_addf(s, " for %g s", kf_time_seconds(d->duration));
    }
    for (int i = 0; i < d->field_count; i++) {
        kf_str_addf(s, "%s %s ", i ? "," : ":", d->fields[i].key);
        add_value(s, d->fields[i].from);
        kf_str_add(s, " -> ");
        add_value(s, d->fields[i].to);
    }
    kf_str_add(s, "\n");
}

/* ---- JSON ---- */

static void put_value(kf_json_writer *w, const char *key, const char *json)
{
    if (json) {
        kf_json_key(w, key);
        kf_json_write_raw(w, json);
    }
}

static void put_fields(kf_json_writer *w, const kf_difference *d)
{
    kf_json_key(w, "fields");
    kf_json_begin_object(w);
    for (int i = 0; i < d->field_count; i++) {
        kf_json_key(w, d->fields[i].key);
        kf_json_begin_object(w);
        put_value(w, "from", d->fields[i].from);
        put_value(w, "to", d->fields[i].to);
        kf_json_end_object(w);
    }
    kf_json_end_object(w);
}

static void tell_json(void *ctx, const kf_difference *d)
{
    listing *l = ctx;
    kf_json_writer *w = &l->w;
    l->any = true;
    kf_json_begin_object(w);
    kf_json_put_string(w, "change", kind_names[d->kind]);
    kf_json_put_string(w, "what", d->what);
    if (*d->id) {
        kf_json_put_string(w, "id", d->id);
    }
    if (*d->track) {
        kf_json_put_string(w, "sequence", d->sequence);
        kf_json_put_string(w, "track", d->track);
    }
    if (*d->track && strcmp(d->what, "track") != 0) {
        kf_json_put_number(w, "start", kf_time_seconds(d->start));
        kf_json_put_number(w, "duration", kf_time_seconds(d->duration));
    }
    if (d->kind == KF_DIFFERENCE_MOVED) {
        kf_json_put_int(w, "count", d->count);
        kf_json_put_number(w, "by", kf_time_seconds(d->moved_by));
    }
    if (d->kind == KF_DIFFERENCE_CHANGED) {
        put_fields(w, d);
    }
    kf_json_end_object(w);
}

kf_status kf_film_compare(const kf_film_handle *from, const kf_film_handle *to, kf_text_format format, char **out,
                          bool *different, kf_error *error)
{
    listing l = {0};
    bool json = format == KF_TEXT_JSON;
    l.w.out = &l.text;
    *out = NULL;
    if (json) {
        kf_json_begin_array(&l.w);
    }
    kf_status status = kf_snapshot_compare(kf_film_snapshot(from->film), kf_film_snapshot(to->film), json ? tell_json : tell_text, &l,
                                  error);
    if (json) {
        kf_json_end_array(&l.w);
    }
    kf_str_add(&l.text, "");
    if (status != KF_OK || l.text.failed) {
        kf_str_finish(&l.text);
        return status != KF_OK ? status : kf_fail_memory(error);
    }
    *out = l.text.data;
    if (different) {
        *different = l.any;
    }
    return KF_OK;
}
