/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Effects up to the first generator are the picture's own. A generator is a track above it, and effects that follow one
 * are those of an adjustment layer above that. */
#include "script/api/script.h"

#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "script/short.h"

static const char name[] = "effects";

void kf_script_finish(kf_script *s)
{
    kf_str_finish(&s->normal);
    kf_free(s->items);
    memset(s, 0, sizeof *s);
}

/* ---- The normal form ---- */

typedef struct reading {
    kf_script *script;
    uint32_t source;
} reading;

static kf_status add_item(void *ctx, const char *effect, kf_error *err)
{
    reading *r = ctx;
    kf_script *s = r->script;
    if (kf_grow((void **)&s->items, &s->capacity, s->count + 1, sizeof *s->items)) return kf_fail_memory(err);
    s->items[s->count++] = (kf_script_item){.source = r->source, .effect = effect};
    return KF_OK;
}

static kf_status read_item(reading *r, const kf_json *item, kf_json_writer *w, kf_error *err)
{
    r->source = item->index;
    if (item->type != KF_JSON_OBJECT)
        return kf_json_fail(item, name, err, "must be an object such as {\"effect\": \"blur\", \"radius\": 8}");
    if (kf_short_is(item)) return kf_short_write(item, w, add_item, r, err);
    kf_json_write_value(w, item);
    return add_item(r, NULL, err);
}

static kf_status read_list(const kf_json *list, kf_script *out, kf_error *err)
{
    kf_json_writer w = {.out = &out->normal, .compact = true};
    reading r = {out, 0};
    kf_status status = KF_OK;
    kf_json_begin_array(&w);
    if (list->type == KF_JSON_OBJECT) /* one alone */
        status = read_item(&r, list, &w, err);
    else if (list->type != KF_JSON_ARRAY)
        return kf_json_fail(list, name, err, "must be a list of effects such as [{\"effect\": \"blur\", \"radius\": 8}]");
    for (const kf_json *v = list->first; list->type == KF_JSON_ARRAY && v && status == KF_OK; v = v->next)
        status = read_item(&r, v, &w, err);
    kf_json_end_array(&w);
    return status == KF_OK && out->normal.failed ? kf_fail_memory(err) : status;
}

/* "effects:1: [2].radius: ..." as "effects[2].radius: ..." */
static void tidy(kf_error *err)
{
    unsigned line;
    int at = 0;
    if (!err || sscanf(err->message, "effects:%u: %n", &line, &at) < 1 || at == 0) return;
    char text[sizeof err->message];
    const char *rest = err->message + at, *before = rest[0] == '[' ? "effects" : "effects: ";
    snprintf(text, sizeof text, "%s%.980s", before, rest);
    memcpy(err->message, text, sizeof text);
}

kf_status kf_script_read(const char *effects, kf_script *out, kf_error *err)
{
    kf_json_doc *doc;
    const char *text = effects ? effects : "[]";
    kf_status status = kf_json_parse(text, strlen(text), name, 0, &doc, err);
    if (status != KF_OK) return status;
    status = read_list(kf_json_root(doc), out, err);
    if (status == KF_ERR_INVALID) tidy(err);
    kf_json_free(doc);
    return status;
}

/* ---- The film ---- */

typedef struct building {
    kf_script *script;
    kf_json_writer w;
    int track, place;        /* of what comes next */
    bool open;               /* a clip's list of effects is */
} building;

static void begin_clip(building *b)
{
    b->track++;
    b->place = 0;
    kf_json_begin_object(&b->w);
    kf_json_key(&b->w, "clips");
    kf_json_begin_array(&b->w);
    kf_json_begin_object(&b->w);
}

static void end_clip(building *b)
{
    kf_json_end_object(&b->w);
    kf_json_end_array(&b->w);
    kf_json_end_object(&b->w);
}

static void put_duration(building *b)
{
    kf_json_put_int(&b->w, "duration", KF_SCRIPT_LENGTH / KF_SECOND);
}

static void begin_effects(building *b)
{
    kf_json_key(&b->w, "effects");
    kf_json_begin_array(&b->w);
    b->open = true;
}

static void end_effects(building *b)
{
    if (!b->open) return;
    kf_json_end_array(&b->w);
    end_clip(b);
    b->open = false;
}

static void put_effect(building *b, const kf_json *item, kf_script_item *place)
{
    if (!b->open) {
        begin_clip(b);
        kf_json_put_bool(&b->w, "adjustment", true);
        put_duration(b);
        begin_effects(b);
    }
    *place = (kf_script_item){place->source, place->effect, b->track, b->place++};
    kf_json_write_value(&b->w, item);
}

static void put_generator(building *b, const kf_json *item, kf_script_item *place)
{
    end_effects(b);
    begin_clip(b);
    *place = (kf_script_item){place->source, place->effect, b->track, -1};
    for (const kf_json *v = item->first; v; v = v->next) {
        kf_json_key(&b->w, v->key);
        kf_json_write_value(&b->w, v);
    }
    if (!kf_json_get(item, "start")) kf_json_put_int(&b->w, "start", 0);
    if (!kf_json_get(item, "duration")) put_duration(b);
    end_clip(b);
}

static void write_head(kf_json_writer *w, const kf_script_canvas *c)
{
    char rate[40], size[40];
    snprintf(rate, sizeof rate, "%d/%d", (int)c->rate.num, (int)c->rate.den);
    snprintf(size, sizeof size, "[%d,%d]", (int)c->width, (int)c->height);
    kf_json_put_int(w, "kerf", 1);
    kf_json_key(w, "assets");
    kf_json_write_raw(w, "{\"frame\":{\"path\":\"frame\",\"media\":{\"video\":true,\"still\":true}}}");
    kf_json_key(w, "size");
    kf_json_write_raw(w, size);
    kf_json_put_string(w, "rate", rate);
    kf_json_key(w, "background");
    kf_json_write_raw(w, "[0,0,0,0]");
}

static void write_film(kf_script *s, const kf_json *items, const kf_script_canvas *canvas, kf_str *out)
{
    building b = {.script = s, .w = {.out = out, .compact = true}, .track = -1};
    kf_json_begin_object(&b.w);
    write_head(&b.w, canvas);
    kf_json_key(&b.w, "tracks");
    kf_json_begin_array(&b.w);
    begin_clip(&b);
    kf_json_put_string(&b.w, "asset", "frame");
    put_duration(&b);
    begin_effects(&b);
    for (const kf_json *v = items->first; v; v = v->next) {
        if (kf_json_get(v, "generator"))
            put_generator(&b, v, &s->items[v->index]);
        else
            put_effect(&b, v, &s->items[v->index]);
    }
    end_effects(&b);
    kf_json_end_array(&b.w);
    kf_json_end_object(&b.w);
}

/* ---- Messages ---- */

/* What the rest of a place ("radius: must be ...") is called in the short form. */
static void add_short(kf_str *out, const kf_script_item *item, const char *rest)
{
    char parameter[64];
    int at = 0;
    const char *short_name = NULL;
    if (sscanf(rest, ".%63[a-z_]%n", parameter, &at) == 1) short_name = kf_short_name(item->effect, parameter);
    if (!short_name && strncmp(rest, ".params", 7) == 0) {
        short_name = "textOverlay";
        at = 7;
    }
    if (short_name)
        kf_str_addf(out, ".%s%s", short_name, rest + at);
    else
        kf_str_add(out, rest);
}

static const kf_script_item *find_item(const kf_script *s, int track, int place)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].track == track && (s->items[i].place == place || s->items[i].place < 0)) return &s->items[i];
    return NULL;
}

/* A message about the film becomes one about the list that was given. */
static void translate(const kf_script *s, kf_error *err)
{
    int track, place = -1, at = 0, more = 0;
    unsigned line;
    if (!err || sscanf(err->message, "effects:%u: tracks[%d].clips[0]%n", &line, &track, &at) < 2 || at == 0) return;
    const char *rest = err->message + at;
    if (sscanf(rest, ".effects[%d]%n", &place, &more) != 1) place = -1;
    const kf_script_item *item = find_item(s, track, place);
    if (!item) return;
    if (item->place >= 0) rest += more;
    kf_str text = {0};
    kf_str_addf(&text, "effects[%u]", item->source);
    if (item->effect)
        add_short(&text, item, rest);
    else
        kf_str_add(&text, rest);
    if (!text.failed) snprintf(err->message, sizeof err->message, "%s", text.data);
    kf_str_finish(&text);
}

kf_status kf_script_film(kf_script *s, const kf_script_canvas *canvas, kf_film **out, kf_error *err)
{
    kf_error own, *e = err ? err : &own;
    kf_str text = {0};
    kf_json_doc *doc;
    kf_film_load load = {.name = name, .folder = canvas->folder};
    kf_status status = kf_json_parse(s->normal.data, s->normal.length, name, 0, &doc, e);
    if (status != KF_OK) return status;
    write_film(s, kf_json_root(doc), canvas, &text);
    status = text.failed ? kf_fail_memory(e) : kf_film_load_json(text.data, text.length, &load, out, e);
    if (status != KF_OK) translate(s, e);
    kf_json_free(doc);
    kf_str_finish(&text);
    return status;
}
