/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of edit operations, for people and scripts. */
#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "catalog/api/catalog.h"
#include "engine/api/engine.h"

static kf_status give(kf_str *s, char **out, kf_error *error)
{
    if (s->failed || !s->data) {
        kf_str_finish(s);
        return kf_fail_memory(error);
    }
    *out = s->data;
    return KF_OK;
}

/* ---- Describing ---- */

static void plain_default(kf_str *s, const kf_field *f)
{
    if (f->required) {
        kf_str_add(s, "needed");
    } else if (f->type == KF_FIELD_ENUM) {
        kf_str_addf(s, "%s", f->choices[(int)f->def[0]]);
    } else if (f->type == KF_FIELD_BOOL) {
        kf_str_add(s, f->def[0] != 0 ? "true" : "false");
    } else if (f->type == KF_FIELD_INT) {
        kf_str_addf(s, "%g", f->def[0]);
    } else if (f->type == KF_FIELD_TEXT && *f->def_text) {
        kf_str_addf(s, "%s", f->def_text);
    } else {
        kf_str_add(s, "-");
    }
}

static void plain_field(kf_str *s, const kf_field *f)
{
    kf_str_addf(s, "    %-14s %-5s ", f->name, kf_field_type_name(f->type));
    plain_default(s, f);
    for (int i = 0; f->choices && f->choices[i]; i++) {
        kf_str_addf(s, "%s%s", i ? ", " : "  (of ", f->choices[i]);
    }
    kf_str_addf(s, "%s\n                         %s\n", f->choices ? ")" : "", f->help);
}

static void json_field(kf_json_writer *w, const kf_field *f)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "name", f->name);
    kf_json_put_string(w, "type", kf_field_type_name(f->type));
    kf_json_put_bool(w, "required", f->required);
    kf_json_key(w, "default");
    if (f->required || (f->type == KF_FIELD_TIME && isnan(f->def[0])) || f->type > KF_FIELD_STOPS) {
        kf_json_write_null(w);
    } else if (f->type == KF_FIELD_ENUM) {
        kf_json_write_string(w, f->choices[(int)f->def[0]]);
    } else if (f->type == KF_FIELD_BOOL) {
        kf_json_write_bool(w, f->def[0] != 0);
    } else if (f->type == KF_FIELD_TEXT) {
        kf_json_write_string(w, f->def_text);
    } else {
        kf_json_write_number(w, f->def[0]);
    }
    if (f->choices) {
        kf_json_key(w, "choices");
        kf_json_begin_array(w);
        for (int i = 0; f->choices[i]; i++) {
            kf_json_write_string(w, f->choices[i]);
        }
        kf_json_end_array(w);
    }
    kf_json_put_string(w, "help", f->help);
    kf_json_end_object(w);
}

static void json_kind(kf_json_writer *w, const kf_kind *k)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "name", k->name);
    kf_json_put_string(w, "label", k->label);
    kf_json_put_string(w, "category", k->category);
    kf_json_put_string(w, "help", k->help);
    kf_json_key(w, "arguments");
    kf_json_begin_array(w);
    for (int i = 0; i < k->field_count; i++) {
        json_field(w, &k->fields[i]);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

static kf_status find_edit(const char *name, const kf_kind **out, kf_error *error)
{
    *out = kf_kind_find(KF_CLASS_EDIT, name);
    if (*out) {
        return KF_OK;
    }
    const char *near = kf_kind_suggest(KF_CLASS_EDIT, name);
    return near ? kf_fail(error, KF_ERR_NOT_FOUND, "there is no edit \"%.100s\"; did you mean \"%s\"?", name, near)
                : kf_fail(error, KF_ERR_NOT_FOUND, "there is no edit \"%.100s\"; kerf edits lists them", name);
}

static void plain_kind(kf_str *s, const kf_kind *k, bool fields)
{
    kf_str_addf(s, "  %-20s %s\n", k->name, k->help);
    for (int f = 0; fields && f < k->field_count; f++) {
        plain_field(s, &k->fields[f]);
    }
}

/* All of a category under one heading, where its first one stands. */
static void plain_categories(kf_str *s)
{
    for (int i = 0; i < kf_edit_count(); i++) {
        const char *category = kf_edit_at(i)->category;
        int first = 0;
        while (strcmp(kf_edit_at(first)->category, category) != 0) {
            first++;
        }
        if (first < i) {
            continue;
        }
        kf_str_addf(s, "%s%s\n", i ? "\n" : "", category);
        for (int k = i; k < kf_edit_count(); k++) {
            if (strcmp(kf_edit_at(k)->category, category) == 0) {
                plain_kind(s, kf_edit_at(k), false);
            }
        }
    }
}

static void json_kinds(kf_str *s, const kf_kind *only)
{
    kf_json_writer w = {.out = s};
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_edit_count(); i++) {
        if (!only || kf_edit_at(i) == only) {
            json_kind(&w, kf_edit_at(i));
        }
    }
    kf_json_end_array(&w);
    kf_str_add(s, "\n");
}

kf_status kf_engine_describe_edits(const char *name, kf_text_format format, char **out, kf_error *error)
{
    kf_str s = {0};
    const kf_kind *only = NULL;
    *out = NULL;
    kf_status status = name ? find_edit(name, &only, error) : KF_OK;
    if (status != KF_OK) {
        return status;
    }
    if (format == KF_TEXT_JSON) {
        json_kinds(&s, only);
    } else if (only) {
        plain_kind(&s, only, true);
    } else {
        plain_categories(&s);
    }
    return give(&s, out, error);
}

/* ---- Arguments from texts ---- */

static bool is_json(const char *text)
{
    kf_json_doc *doc;
    kf_error ignored;
    if (kf_json_parse(text, strlen(text), "value", 0, &doc, &ignored) != KF_OK) {
        return false;
    }
    kf_json_free(doc);
    return true;
}

/* "3" or "3,4,5" as a list. */
static void write_ids(kf_str *s, const char *value)
{
    if (value[0] == '[') {
        kf_str_add(s, value);
    } else {
        kf_str_addf(s, "[%s]", value);
    }
}

static kf_status write_argument(kf_str *s, const kf_kind *kind, const char *argument, kf_error *error)
{
    const char *equals = strchr(argument, '=');
    char name[64];
    if (!equals || equals == argument || (size_t)(equals - argument) >= sizeof name) {
        return kf_fail(error, KF_ERR_USAGE, "\"%.100s\" is no argument: write name=value, as in %s", argument,
                       kind->field_count ? kind->fields[0].name : "");
    }
    memcpy(name, argument, (size_t)(equals - argument));
    name[equals - argument] = '\0';
    int i = kf_kind_field(kind, name);
    kf_field_type type = i < 0 ? KF_FIELD_TEXT : kind->fields[i].type;
    kf_json_writer w = {.out = s, .compact = true};
    kf_str_add(s, ",");
    kf_json_write_string(&w, name);
    kf_str_add(s, ":");
    const char *value = equals + 1;
    if (type == KF_FIELD_IDS) {
        write_ids(s, value);
    } else if (type != KF_FIELD_TEXT && type != KF_FIELD_TIME && type != KF_FIELD_ENUM && is_json(value)) {
        kf_str_add(s, value);
    } else {
        kf_json_writer text = {.out = s, .compact = true};
        kf_json_write_string(&text, value);
    }
    return KF_OK;
}

kf_status kf_engine_edit_format(const char *operation, const char *const *arguments, int count, char **out, kf_error *error)
{
    const kf_kind *kind;
    kf_str s = {0};
    *out = NULL;
    kf_status status = find_edit(operation, &kind, error);
    if (status != KF_OK) {
        return status;
    }
    kf_str_addf(&s, "{\"op\":\"%s\"", kind->name);
    for (int i = 0; i < count && status == KF_OK; i++) {
        status = write_argument(&s, kind, arguments[i], error);
    }
    kf_str_add(&s, "}");
    if (status != KF_OK) {
        kf_str_finish(&s);
        return status;
    }
    return give(&s, out, error);
}
