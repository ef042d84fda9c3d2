/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON Schema of configs and their reference, from the tables that read them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reel/config.h"

/* ---- Schema ---- */

static void put_type(kf_json_writer *w, const char *type)
{
    kf_json_put_string(w, "type", type);
}

static void put_choices(kf_json_writer *w, const char *const *names)
{
    kf_json_key(w, "enum");
    kf_json_begin_array(w);
    for (; *names; names++) {
        kf_json_write_string(w, *names);
    }
    kf_json_end_array(w);
}

static void put_reference(kf_json_writer *w, const char *definition)
{
    char path[64];
    snprintf(path, sizeof path, "#/$defs/%s", definition);
    kf_json_put_string(w, "$ref", path);
}

static void put_items(kf_json_writer *w, const char *definition)
{
    put_type(w, "array");
    kf_json_key(w, "items");
    kf_json_begin_object(w);
    put_reference(w, definition);
    kf_json_end_object(w);
}

static void put_number(kf_json_writer *w, const kf_field *f)
{
    put_type(w, f->type == KF_FIELD_INT ? "integer" : "number");
    kf_json_put_number(w, "minimum", f->min);
    kf_json_put_number(w, "maximum", f->max);
    if (!isnan(f->def[0])) {
        kf_json_put_number(w, "default", f->def[0]);
    }
}

static void put_form(kf_json_writer *w, const kf_field *f)
{
    switch (f->type) {
    case KF_FIELD_BOOL:
        put_type(w, "boolean");
        if (!isnan(f->def[0])) {
            kf_json_put_bool(w, "default", f->def[0] != 0);
        }
        break;
    case KF_FIELD_ENUM:
        put_choices(w, f->choices);
        kf_json_put_string(w, "default", f->choices[(int)f->def[0]]);
        break;
    case KF_FIELD_COLOR:
        put_reference(w, "color");
        break;
    case KF_FIELD_STOPS:
        put_items(w, "stop");
        break;
    case KF_FIELD_JSON:
        put_items(w, "file");
        break;
    case KF_FIELD_FILE:
        put_reference(w, "file");
        break;
    case KF_FIELD_TEXT:
        put_type(w, "string");
        kf_json_put_string(w, "default", f->def_text);
        break;
    default:
        put_number(w, f);
    }
}

static void put_field(kf_json_writer *w, const kf_field *f)
{
    char help[400];
    snprintf(help, sizeof help, "%s%s%s%s", f->help, *f->unit ? " [" : "", f->unit, *f->unit ? "]" : "");
    kf_json_key(w, f->name);
    kf_json_begin_object(w);
    kf_json_put_string(w, "description", help);
    put_form(w, f);
    kf_json_end_object(w);
}

static void put_object(kf_json_writer *w, const reel_section *s)
{
    kf_json_begin_object(w);
    put_type(w, "object");
    if (s->help) {
        kf_json_put_string(w, "description", s->help);
    }
    kf_json_key(w, "properties");
    kf_json_begin_object(w);
    for (int i = 0; i < s->count; i++) {
        put_field(w, &s->fields[i]);
    }
    kf_json_end_object(w);
    kf_json_put_bool(w, "additionalProperties", false);
    kf_json_end_object(w);
}

static const char definitions[] =
    "{\"color\": {\"oneOf\": [{\"type\": \"string\", \"pattern\": "
    "\"^#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$\"}, {\"type\": \"array\", \"items\": {\"type\": \"number\", "
    "\"minimum\": 0, \"maximum\": 1}, \"minItems\": 3, \"maxItems\": 4}]}, "
    "\"stop\": {\"anyOf\": [{\"$ref\": \"#/$defs/color\"}, {\"type\": \"array\", \"prefixItems\": [{\"type\": \"number\", "
    "\"minimum\": 0, \"maximum\": 1}, {\"$ref\": \"#/$defs/color\"}], \"minItems\": 2, \"maxItems\": 2}]}, "
    "\"file\": {\"type\": [\"string\", \"null\"]}}";

static void put_templates(kf_json_writer *w)
{
    const reel_template *t;
    kf_json_key(w, "template");
    kf_json_begin_object(w);
    kf_json_put_string(w, "description", "What it looks like.");
    kf_json_key(w, "enum");
    kf_json_begin_array(w);
    for (const reel_kind *const *k = reel_kinds; *k; k++) {
        for (int i = 0; (t = (*k)->template_at(i)); i++) {
            kf_json_write_string(w, t->name);
        }
    }
    kf_json_end_array(w);
    kf_json_put_string(w, "default", reel_kinds[0]->template_at(0)->name);
    kf_json_end_object(w);
}

static void put_section(kf_json_writer *w, const reel_section *s)
{
    kf_json_key(w, s->name);
    if (!s->list) {
        put_object(w, s);
        return;
    }
    kf_json_begin_object(w);
    put_type(w, "array");
    kf_json_put_int(w, "maxItems", s->list);
    kf_json_key(w, "items");
    put_object(w, s);
    kf_json_end_object(w);
}

static void put_properties(kf_json_writer *w)
{
    put_templates(w);
    for (int i = 0; i < reel_section_count; i++) {
        put_section(w, &reel_sections[i]);
    }
    for (const reel_kind *const *k = reel_kinds; *k; k++) {
        for (int i = 0; i < (*k)->section_count; i++) {
            put_section(w, &(*k)->sections[i]);
        }
    }
    kf_json_key(w, "$schema");
    kf_json_write_raw(w, "{\"type\": \"string\"}");
}

kf_status kf_reel_schema_write(kf_str *out, kf_error *err)
{
    kf_json_writer w = {.out = out};
    kf_json_begin_object(&w);
    kf_json_put_string(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
    kf_json_put_string(&w, "title", "Kerf reel");
    put_type(&w, "object");
    kf_json_key(&w, "properties");
    kf_json_begin_object(&w);
    put_properties(&w);
    kf_json_end_object(&w);
    kf_json_put_bool(&w, "additionalProperties", false);
    kf_json_key(&w, "$defs");
    kf_json_write_raw(&w, definitions);
    kf_json_end_object(&w);
    return out->failed ? kf_fail_memory(err) : KF_OK;
}

/* ---- Reference ---- */

static void add_choices(kf_str *s, const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        kf_str_addf(s, "%s`%s`", i ? ", " : "", names[i]);
    }
}

static void add_form(kf_str *s, const kf_field *f)
{
    const char *unit = f->unit;
    switch (f->type) {
    case KF_FIELD_ENUM:
        add_choices(s, f->choices);
        break;
    case KF_FIELD_BOOL:
        kf_str_add(s, "true, false");
        break;
    case KF_FIELD_INT:
    case KF_FIELD_FLOAT:
    case KF_FIELD_TIME:
        kf_str_addf(s, "%g to %g%s%s", f->min, f->max, *unit ? " " : "", unit);
        break;
    case KF_FIELD_JSON:
        kf_str_add(s, "list of files");
        break;
    case KF_FIELD_STOPS:
        kf_str_add(s, "list of colours");
        break;
    default:
        kf_str_add(s, kf_field_type_name(f->type));
    }
}

static void add_default(kf_str *s, const kf_field *f)
{
    switch (f->type) {
    case KF_FIELD_ENUM:
        kf_str_addf(s, "`%s`", f->choices[(int)f->def[0]]);
        break;
    case KF_FIELD_BOOL:
        kf_str_add(s, isnan(f->def[0]) ? "the template's" : f->def[0] != 0 ? "true" : "false");
        break;
    case KF_FIELD_INT:
    case KF_FIELD_FLOAT:
    case KF_FIELD_TIME:
        kf_str_addf(s, isnan(f->def[0]) ? "" : "%g", f->def[0]);
        break;
    case KF_FIELD_TEXT:
        kf_str_addf(s, *f->def_text ? "`%s`" : "%s", f->def_text);
        break;
    case KF_FIELD_COLOR:
    case KF_FIELD_STOPS:
        kf_str_add(s, "the template's");
        break;
    default:
        break;
    }
}

static void add_table(kf_str *s, const reel_section *section)
{
    kf_str_addf(s, "\n### %s\n\n%s\n\n| key | value | default | |\n| --- | --- | --- | --- |\n", section->name,
                section->help);
    for (int i = 0; i < section->count; i++) {
        const kf_field *f = &section->fields[i];
        kf_str_addf(s, "| `%s` | ", f->name);
        add_form(s, f);
        kf_str_add(s, " | ");
        add_default(s, f);
        kf_str_addf(s, " | %s |\n", f->help);
    }
}

static void add_templates(kf_str *s)
{
    const reel_template *t;
    kf_str_add(s, "\n### template\n\n| name | kind | |\n| --- | --- | --- |\n");
    for (const reel_kind *const *k = reel_kinds; *k; k++) {
        for (int i = 0; (t = (*k)->template_at(i)); i++) {
            bool first = k == reel_kinds && i == 0;
            kf_str_addf(s, "| `%s`%s | %s | %s |\n", t->name, first ? " (default)" : "", (*k)->name, t->help);
        }
    }
}

kf_status kf_reel_reference_write(kf_str *out, kf_error *err)
{
    add_templates(out);
    for (int i = 0; i < reel_section_count; i++) {
        if (reel_sections[i].help) {
            add_table(out, &reel_sections[i]);
        }
    }
    for (const reel_kind *const *k = reel_kinds; *k; k++) {
        for (int i = 0; i < (*k)->section_count; i++) {
            add_table(out, &(*k)->sections[i]);
        }
    }
    return out->failed ? kf_fail_memory(err) : KF_OK;
}
