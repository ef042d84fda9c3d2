/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/internal.h"

void ix_film_init(ix_film *film, const char *name)
{
    *film = (ix_film){0};
    film->head = (kf_json_writer){.out = &film->head_text, .compact = true};
    film->assets = (kf_json_writer){.out = &film->asset_text, .compact = true};
    kf_json_begin_object(&film->head);
    kf_json_put_int(&film->head, "kerf", 1);
    ix_put_text(&film->head, "name", name);
    kf_json_begin_object(&film->assets);
}

void ix_film_finish(ix_film *film)
{
    kf_str_finish(&film->head_text);
    kf_str_finish(&film->asset_text);
    kf_str_finish(&film->sequence_text);
    ix_table_finish(&film->assets_by_key);
    ix_table_finish(&film->ids);
}

/* `wanted`, or `wanted-2` and so on if that is taken. Each text remembers the number it was last tried with. */
static const char *new_id(ix_film *film, const char *wanted)
{
    char id[240];
    ix_entry *first = ix_table_add(&film->ids, wanted);
    if (!first) {
        return NULL;
    }
    if (++first->number == 1) {
        return first->key;
    }
    for (;;) {
        size_t size = kf_utf8_prefix(wanted, strnlen(wanted, 200));
        snprintf(id, sizeof id, "%.*s-%lld", (int)size, wanted, (long long)first->number);
        ix_entry *entry = ix_table_find(&film->ids, id);
        if (!entry) {
            break;
        }
        first->number++;
    }
    ix_entry *entry = ix_table_add(&film->ids, id);
    if (!entry) {
        return NULL;
    }
    entry->number = 1;
    return entry->key;
}

const char *ix_film_id(ix_film *film, const char *wanted)
{
    const char *id = new_id(film, wanted && *wanted ? wanted : "sequence");
    film->failed |= !id;
    return id ? id : "";
}

const char *ix_film_asset(ix_film *film, const char *key, const char *wanted, bool *fresh)
{
    ix_entry *entry = ix_table_add(&film->assets_by_key, key);
    *fresh = entry && !entry->text;
    if (*fresh) {
        const char *id = new_id(film, wanted && *wanted ? wanted : "media");
        entry->text = kf_strdup(id);
        kf_json_key(&film->assets, id ? id : "");
        kf_json_begin_object(&film->assets);
    }
    film->failed |= !entry || !entry->text;
    return entry && entry->text ? entry->text : "";
}

static void put_raw(kf_json_writer *w, const char *key, const kf_str *text)
{
    kf_json_key(w, key);
    kf_json_write_raw(w, text->data ? text->data : "");
}

kf_status ix_film_write(ix_film *film, const char *main_id, kf_str *out, kf_error *err)
{
    kf_str *sequences = &film->sequence_text;
    kf_json_end_object(&film->assets);
    kf_str_add(sequences, "]");
    if (film->failed || film->asset_text.failed || sequences->failed) {
        return kf_fail_memory(err);
    }
    put_raw(&film->head, "assets", &film->asset_text);
    ix_put_text(&film->head, "main", main_id);
    put_raw(&film->head, "sequences", sequences);
    kf_json_end_object(&film->head);
    if (!film->head_text.failed) {
        kf_str_add_n(out, film->head_text.data, film->head_text.length);
    }
    return film->head_text.failed || out->failed ? kf_fail_memory(err) : KF_OK;
}

void ix_sequence_begin(ix_film *film, ix_sequence *sequence, const char *name, kf_rational rate)
{
    ix_sequence_begin_as(film, sequence, NULL, name, rate);
}

void ix_sequence_begin_as(ix_film *film, ix_sequence *sequence, const char *wanted, const char *name,
                          kf_rational rate)
{
    *sequence = (ix_sequence){.id = ix_film_id(film, wanted && *wanted ? wanted : name), .rate = rate};
    sequence->w = (kf_json_writer){.out = &sequence->text, .compact = true};
    kf_json_begin_object(&sequence->w);
    kf_json_put_string(&sequence->w, "id", sequence->id);
    ix_put_text(&sequence->w, "name", name);
    if (rate.num > 0) {
        ix_put_ratio(&sequence->w, "rate", rate);
    }
}

void ix_sequence_end(ix_film *film, ix_sequence *sequence)
{
    kf_json_end_object(&sequence->w);
    film->failed |= sequence->text.failed;
    kf_str_add(&film->sequence_text, film->sequence_text.length ? "," : "[");
    if (!sequence->text.failed) {
        kf_str_add_n(&film->sequence_text, sequence->text.data, sequence->text.length);
    }
    kf_str_finish(&sequence->text);
}
