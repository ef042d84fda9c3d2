/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Configs by their tables. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "reel/config.h"

#define FAIL(r, value, ...) kf_json_fail((value), (r)->name, (r)->err, __VA_ARGS__)

/* ---- Defaults ---- */

static void default_value(const kf_field *f, void *member)
{
    switch (f->type) {
    case KF_FIELD_BOOL:
        *(int8_t *)member = isnan(f->def[0]) ? -1 : f->def[0] != 0;
        break;
    case KF_FIELD_INT:
    case KF_FIELD_ENUM:
        *(int32_t *)member = (int32_t)f->def[0];
        break;
    case KF_FIELD_FLOAT:
        *(float *)member = (float)f->def[0];
        break;
    case KF_FIELD_TIME:
        *(kf_time *)member = isnan(f->def[0]) ? KF_TIME_NONE : kf_time_from_seconds(f->def[0]);
        break;
    case KF_FIELD_COLOR:
        for (int i = 0; i < 4; i++) {
            ((float *)member)[i] = (float)f->def[i];
        }
        break;
    case KF_FIELD_TEXT:
    case KF_FIELD_FILE:
        *(const char **)member = f->def_text;
        break;
    default:
        memset(member, 0, kf_field_size(f->type));
    }
}

void reel_defaults(const reel_section *table, void *values)
{
    for (int i = 0; i < table->count; i++) {
        default_value(&table->fields[i], (char *)values + table->fields[i].offset);
    }
}

static void default_section(const reel_section *s, void *values)
{
    if (s->list) {
        *(const kf_json **)((char *)values + s->offset) = NULL;
    } else {
        reel_defaults(s, (char *)values + s->offset);
    }
}

/* ---- Values ---- */

static kf_status out_of_range(reel_reader *r, const kf_json *json, const kf_field *f)
{
    const char *hint = f->type == KF_FIELD_TIME && json->number > f->max ? "; it is in seconds" : "";
    return FAIL(r, json, "%.40s is out of range: it is from %g to %g%s%s%s%s", json->text, f->min, f->max,
                *f->unit ? " " : "", f->unit, f->type == KF_FIELD_INT ? ", whole numbers" : "", hint);
}

static kf_status read_number(reel_reader *r, const kf_json *json, const kf_field *f, double *out)
{
    if (json->type != KF_JSON_NUMBER) {
        return FAIL(r, json, "must be a number");
    }
    *out = json->number;
    return kf_field_in_range(f, out) ? KF_OK : out_of_range(r, json, f);
}

static kf_status read_seconds(reel_reader *r, const kf_json *json, const kf_field *f, kf_time *out)
{
    double seconds = 0;
    kf_status status = read_number(r, json, f, &seconds);
    *out = status == KF_OK ? kf_time_from_seconds(seconds) : 0;
    return status;
}

static kf_status read_text(reel_reader *r, const kf_json *json, const char **out)
{
    if (json->type != KF_JSON_STRING) {
        return FAIL(r, json, "must be a text");
    }
    if (strlen(json->text) != json->length) {
        return FAIL(r, json, "a text must not hold \\u0000");
    }
    *out = json->text;
    return KF_OK;
}

static kf_status read_choice(reel_reader *r, const kf_json *json, const char *const *names, int32_t *out)
{
    const char *text = NULL;
    kf_status status = read_text(r, json, &text);
    size_t count = 0;
    for (; status == KF_OK && names[count]; count++) {
        if (strcmp(names[count], text) == 0) {
            *out = (int32_t)count;
            return KF_OK;
        }
    }
    return status == KF_OK ? reel_unknown(r, json, names, count) : status;
}

/* A text that is none of those known: "did you mean", or all there are. */
kf_status reel_unknown(reel_reader *r, const kf_json *value, const char *const *known, size_t count)
{
    const char *near = kf_closest(value->text, known, count);
    kf_str all = {0};
    for (size_t i = 0; i < count; i++) {
        kf_str_addf(&all, "%s%s", i ? ", " : "", known[i]);
    }
    kf_status status = near ? FAIL(r, value, "\"%.60s\" is unknown; did you mean \"%s\"?", value->text, near)
                            : FAIL(r, value, "\"%.60s\" is unknown; possible are %s", value->text, all.data ? all.data : "");
    kf_str_finish(&all);
    return status;
}

/* ---- Colours ---- */

static bool hex_color(const char *text, float out[4])
{
    int digit[8], n = 0;
    for (const char *c = text + 1; *c; c++) {
        if (n == 8 || (digit[n++] = kf_hex_digit(*c)) < 0) {
            return false;
        }
    }
    if (*text != '#' || (n != 3 && n != 4 && n != 6 && n != 8)) {
        return false;
    }
    out[3] = 1;
    for (int i = 0; n < 5 ? i < n : i < n / 2; i++) {
        out[i] = (float)(n < 5 ? digit[i] * 17 : digit[2 * i] * 16 + digit[2 * i + 1]) / 255.0f;
    }
    return true;
}

static kf_status read_color(reel_reader *r, const kf_json *json, float out[4])
{
    if (json->type == KF_JSON_STRING && hex_color(json->text, out)) {
        return KF_OK;
    }
    bool good = json->type == KF_JSON_ARRAY && (json->count == 3 || json->count == 4);
    out[3] = 1;
    int i = 0;
    for (const kf_json *c = good ? json->first : NULL; c; c = c->next) {
        good = good && c->type == KF_JSON_NUMBER && c->number >= 0 && c->number <= 1;
        out[i++] = (float)c->number;
    }
    return good ? KF_OK
                : FAIL(r, json, "must be a colour: \"#rrggbb\", \"#rrggbbaa\", or [r, g, b] from 0 to 1");
}

/* Of [position, colour], or a colour at its place among `count`. */
static kf_status read_stop(reel_reader *r, const kf_json *json, uint32_t index, uint32_t count, kf_stop *out)
{
    const kf_json *color = json;
    out->at = count > 1 ? (float)index / (float)(count - 1) : 0;
    if (json->type == KF_JSON_ARRAY && json->count == 2) {
        const kf_json *at = json->first;
        if (at->type != KF_JSON_NUMBER || !(at->number >= 0 && at->number <= 1)) {
            return FAIL(r, at, "must be a position from 0 to 1");
        }
        out->at = (float)at->number;
        color = at->next;
    }
    return read_color(r, color, out->color);
}

static kf_status read_stops(reel_reader *r, const kf_json *json, kf_stops *out)
{
    if (json->type != KF_JSON_ARRAY || json->count < 2 || json->count > 16) {
        return FAIL(r, json, "must be a list of 2 to 16 colours");
    }
    kf_stop *stops = kf_arena_alloc(r->arena, json->count * sizeof *stops);
    kf_status status = stops ? KF_OK : kf_fail_memory(r->err);
    uint32_t i = 0;
    for (const kf_json *item = json->first; item && status == KF_OK; item = item->next, i++) {
        status = read_stop(r, item, i, json->count, &stops[i]);
        if (status == KF_OK && i > 0 && stops[i].at < stops[i - 1].at) {
            status = FAIL(r, item, "positions must ascend");
        }
    }
    *out = (kf_stops){stops, (int32_t)json->count};
    return status;
}

/* ---- Files ---- */

/* The host of a remote address, "" for "file:" and "data:" and what has none; NULL for a path. */
static const char *host_of(const char *text, size_t *length)
{
    const char *c = text;
    while (isalnum((unsigned char)*c) || *c == '+' || *c == '-' || *c == '.') {
        c++;
    }
    bool address = *c == ':' && c - text > 1;
    const char *start = address ? c + 1 : text;
    if (strncmp(start, "//", 2) != 0) {
        *length = 0;
        return address ? "" : NULL;
    }
    start += 2;
    size_t authority = strcspn(start, "/?#\\");
    for (size_t i = 0; i < authority; i++) {
        if (start[i] == '@') { /* a user's name may look like a host */
            start += i + 1;
            authority -= i + 1;
            i = (size_t)-1;
        }
    }
    *length = *start == '[' ? authority : strcspn(start, ":/?#\\");
    return start;
}

static bool ends_alike(const char *host, size_t length, const char *end)
{
    size_t n = strlen(end);
    for (size_t i = 0; i < n && n <= length; i++) {
        if (tolower((unsigned char)host[length - n + i]) != tolower((unsigned char)end[i])) {
            return false;
        }
    }
    return n <= length;
}

static bool allowed(const kf_reel_options *options, const char *host, size_t length)
{
    for (const char *const *h = options ? options->allowed_hosts : NULL; h && *h && length > 0; h++) {
        bool any = strcmp(*h, ".") == 0;
        if (any || (ends_alike(host, length, *h) && (**h == '.' || strlen(*h) == length))) {
            return true;
        }
    }
    return false;
}

kf_status reel_check_file(reel_reader *r, const kf_json *value)
{
    size_t length;
    const char *host = host_of(value->text, &length);
    if (!host || allowed(r->options, host, length)) {
        return KF_OK;
    }
    if (length == 0) {
        return FAIL(r, value, "%.80s is an address, not a file: write its path", value->text);
    }
    return FAIL(r, value,
                "%.80s is remote, and remote files are not fetched: download it and name the file, or allow the host %.*s",
                value->text, length < 100 ? (int)length : 100, host);
}

static kf_status read_file(reel_reader *r, const kf_json *json, const char **out)
{
    kf_status status = json->type == KF_JSON_NULL ? KF_OK : read_text(r, json, out);
    return status == KF_OK && json->type != KF_JSON_NULL ? reel_check_file(r, json) : status;
}

/* ---- Objects ---- */

static kf_status read_value(reel_reader *r, const kf_json *json, const kf_field *f, void *member)
{
    double number = 0;
    kf_status status;
    switch (f->type) {
    case KF_FIELD_BOOL:
        *(bool *)member = json->boolean;
        return json->type == KF_JSON_BOOL ? KF_OK : FAIL(r, json, "must be true or false");
    case KF_FIELD_INT:
        status = read_number(r, json, f, &number);
        *(int32_t *)member = status == KF_OK ? (int32_t)number : 0;
        return status;
    case KF_FIELD_FLOAT:
        status = read_number(r, json, f, &number);
        *(float *)member = (float)number;
        return status;
    case KF_FIELD_ENUM:
        return read_choice(r, json, f->choices, member);
    case KF_FIELD_TIME:
        return read_seconds(r, json, f, member);
    case KF_FIELD_COLOR:
        return read_color(r, json, member);
    case KF_FIELD_STOPS:
        return read_stops(r, json, member);
    case KF_FIELD_TEXT:
        return read_text(r, json, member);
    case KF_FIELD_FILE:
        return read_file(r, json, member);
    default:
        *(const kf_json **)member = json;
        return KF_OK;
    }
}

static kf_status unknown_key(reel_reader *r, const kf_json *member, const char *const *known, size_t count)
{
    const char *near = kf_closest(member->key, known, count);
    return near ? FAIL(r, member, "unknown; did you mean \"%s\"?", near) : FAIL(r, member, "unknown");
}

enum { KEYS_MAX = 32 };

kf_status reel_read(reel_reader *r, const kf_json *object, const reel_section *table, void *values)
{
    if (object->type != KF_JSON_OBJECT) {
        return FAIL(r, object, "must be an object: {...}");
    }
    kf_status status = KF_OK;
    for (const kf_json *m = object->first; m && status == KF_OK; m = m->next) {
        const kf_field *f = kf_field_find(table->fields, (size_t)table->count, m->key);
        if (f) {
            status = read_value(r, m, f, (char *)values + f->offset);
            continue;
        }
        const char *known[KEYS_MAX];
        for (int i = 0; i < table->count; i++) {
            known[i] = table->fields[i].name;
        }
        status = unknown_key(r, m, known, (size_t)table->count);
    }
    return status;
}

/* ---- The config ---- */

static const reel_section *find_section(const reel_section *sections, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(sections[i].name, name) == 0) {
            return &sections[i];
        }
    }
    return NULL;
}

static kf_status unknown_section(reel_reader *r, const kf_json *member, const reel_kind *kind)
{
    const char *known[KEYS_MAX] = {"template"};
    size_t count = 1;
    for (int i = 0; i < reel_section_count; i++) {
        known[count++] = reel_sections[i].name;
    }
    for (int i = 0; i < kind->section_count && count < KEYS_MAX; i++) {
        known[count++] = kind->sections[i].name;
    }
    return unknown_key(r, member, known, count);
}

const reel_template *reel_template_find(const char *name, const reel_kind **kind)
{
    for (const reel_kind *const *k = reel_kinds; *k; k++) {
        const reel_template *t;
        for (int i = 0; (t = (*k)->template_at(i)); i++) {
            if (strcmp(t->name, name) == 0) {
                *kind = *k;
                return t;
            }
        }
    }
    return NULL;
}

static kf_status unknown_template(reel_reader *r, const kf_json *json)
{
    const char *known[KEYS_MAX];
    size_t count = 0;
    for (const reel_kind *const *k = reel_kinds; *k; k++) {
        const reel_template *t;
        for (int i = 0; (t = (*k)->template_at(i)) && count < KEYS_MAX; i++) {
            known[count++] = t->name;
        }
    }
    return reel_unknown(r, json, known, count);
}

/* The template first: it says which kind of reel this is, and so what else there may be. */
static kf_status read_template(reel_reader *r, const kf_json *root, reel_config *out)
{
    const kf_json *json = kf_json_get(root, "template");
    const char *name = reel_kinds[0]->template_at(0)->name;
    kf_status status = json ? read_text(r, json, &name) : KF_OK;
    if (status != KF_OK) {
        return status;
    }
    out->look = reel_template_find(name, &out->kind);
    if (!out->look) {
        return unknown_template(r, json);
    }
    out->settings = kf_arena_alloc(r->arena, out->kind->settings_size + 1);
    for (int i = 0; out->settings && i < out->kind->section_count; i++) {
        default_section(&out->kind->sections[i], out->settings);
    }
    return out->settings ? KF_OK : kf_fail_memory(r->err);
}

static kf_status read_list(reel_reader *r, const kf_json *json, const reel_section *section, void *values)
{
    *(const kf_json **)((char *)values + section->offset) = json;
    if (json->type != KF_JSON_ARRAY) {
        return FAIL(r, json, "must be a list: [{...}, ...]");
    }
    return json->count <= section->list ? KF_OK
                                        : FAIL(r, json, "%u entries; %u are possible", json->count, section->list);
}

static kf_status read_section(reel_reader *r, const kf_json *m, const reel_section *section, void *values)
{
    return section->list ? read_list(r, m, section, values)
                         : reel_read(r, m, section, (char *)values + section->offset);
}

static kf_status read_member(reel_reader *r, const kf_json *m, reel_config *out)
{
    const reel_section *section = find_section(reel_sections, reel_section_count, m->key);
    if (section) {
        return read_section(r, m, section, out);
    }
    section = find_section(out->kind->sections, out->kind->section_count, m->key);
    if (section) {
        return read_section(r, m, section, out->settings);
    }
    bool known = strcmp(m->key, "$schema") == 0 || strcmp(m->key, "template") == 0;
    return known ? KF_OK : unknown_section(r, m, out->kind);
}

static kf_status read_config(reel_reader *r, const kf_json *root, reel_config *out)
{
    kf_status status = root->type == KF_JSON_OBJECT ? KF_OK : FAIL(r, root, "a config is an object: {...}");
    out->root = root;
    if (status == KF_OK) {
        status = read_template(r, root, out);
    }
    for (const kf_json *m = root->first; m && status == KF_OK; m = m->next) {
        status = read_member(r, m, out);
    }
    return status;
}

/* ---- The older request form ---- */

/* {type, inputPath, settings: {width, height, fps, quality}, input: {config}} */
static bool is_request(const kf_json *root)
{
    const kf_json *input = kf_json_get(root, "input");
    return input && kf_json_get(input, "config");
}

static kf_status read_settings(reel_reader *r, const kf_json *json, reel_config *out)
{
    static const reel_section *video = &reel_sections[0];
    int32_t size[2] = {0, 0};
    static const char *const known[] = {"width", "height", "fps", "quality"};
    kf_status status = json->type == KF_JSON_OBJECT ? KF_OK : FAIL(r, json, "must be an object: {...}");
    for (const kf_json *m = json->first; m && status == KF_OK; m = m->next) {
        const kf_field *f = kf_field_find(video->fields, (size_t)video->count, m->key);
        bool side = strcmp(m->key, "width") == 0 || strcmp(m->key, "height") == 0;
        if (side) {
            bool good = m->is_integer && m->integer >= 16 && m->integer <= 8192;
            size[*m->key == 'h'] = good ? (int32_t)m->integer : 0;
            status = good ? KF_OK : FAIL(r, m, "must be a whole number from 16 to 8192");
        } else if (strcmp(m->key, "fps") == 0 || strcmp(m->key, "quality") == 0) {
            status = read_value(r, m, f, (char *)&out->video + f->offset);
        } else {
            status = unknown_key(r, m, known, sizeof known / sizeof *known);
        }
    }
    if (status != KF_OK || (!size[0] && !size[1])) {
        return status;
    }
    if (!size[0] || !size[1]) {
        return FAIL(r, json, "width and height belong together");
    }
    kf_str text = {0};
    kf_str_addf(&text, "%dx%d", (int)size[0], (int)size[1]);
    out->video.resolution = text.failed ? NULL : kf_arena_strndup(r->arena, text.data, text.length);
    kf_str_finish(&text);
    return out->video.resolution ? KF_OK : kf_fail_memory(r->err);
}

/* A video or picture that the request names is the background, unless the config says otherwise. */
static kf_status read_input_path(reel_reader *r, const kf_json *json, const char **out)
{
    return json ? read_file(r, json, out) : KF_OK;
}

static kf_status parse(reel_reader *r, const char *bytes, size_t length, reel_documents *documents, const kf_json **root)
{
    kf_json_doc *doc = NULL;
    kf_status status = kf_json_parse(bytes, length, r->name, 0, &doc, r->err);
    if (status == KF_OK) {
        documents->doc[documents->count++] = doc;
        *root = kf_json_root(doc);
    }
    return status;
}

/* What is said outside stands unless the config inside says otherwise. */
static kf_status read_request(reel_reader *r, const kf_json *root, reel_documents *documents, reel_config *out)
{
    static const char *const known[] = {"type", "inputPath", "settings", "input"};
    const kf_json *config = kf_json_get(kf_json_get(root, "input"), "config");
    const char *path = "";
    kf_status status = KF_OK;
    for (const kf_json *m = root->first; m && status == KF_OK; m = m->next) {
        if (strcmp(m->key, "settings") == 0) {
            status = read_settings(r, m, out);
        } else if (strcmp(m->key, "type") != 0 && strcmp(m->key, "inputPath") != 0 && strcmp(m->key, "input") != 0) {
            status = unknown_key(r, m, known, sizeof known / sizeof *known);
        }
    }
    if (status == KF_OK) {
        status = read_input_path(r, kf_json_get(root, "inputPath"), &path);
    }
    if (status == KF_OK && config->type == KF_JSON_STRING) {
        status = parse(r, config->text, config->length, documents, &config);
    }
    if (status == KF_OK) {
        status = read_config(r, config, out);
    }
    if (status == KF_OK && *path && !*out->background.url) {
        out->background.url = path;
        out->background.type = BACKDROP_VIDEO;
    }
    return status;
}

kf_status reel_config_read(reel_reader *r, const char *bytes, size_t length, reel_documents *documents,
                           reel_config *out)
{
    const kf_json *root = NULL;
    *out = (reel_config){0};
    for (int i = 0; i < reel_section_count; i++) {
        default_section(&reel_sections[i], out);
    }
    kf_status status = length <= KF_REEL_MAX_BYTES
                           ? parse(r, bytes, length, documents, &root)
                           : kf_fail(r->err, KF_ERR_INVALID, "%s: a config is at most 16 MB", r->name);
    if (status == KF_OK && root->type == KF_JSON_STRING) {
        status = parse(r, root->text, root->length, documents, &root);
    }
    if (status != KF_OK) {
        return status;
    }
    return is_request(root) ? read_request(r, root, documents, out) : read_config(r, root, out);
}

void reel_documents_finish(reel_documents *documents)
{
    while (documents->count > 0) {
        kf_json_free(documents->doc[--documents->count]);
    }
}
