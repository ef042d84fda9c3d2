/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading FCPXML 1.8 to 1.11: the document, its projects and its browser. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml.h"

/* ---- Attributes ---- */

const char *fx_name(const kf_xml *element)
{
    const char *name = kf_xml_attr(element, "name");
    return name ? name : "";
}

bool fx_attr_is(const kf_xml *element, const char *name, const char *value)
{
    const char *text = kf_xml_attr(element, name);
    return text && strcmp(text, value) == 0;
}

kf_time fx_time_attr(fx_reader *r, const kf_xml *element, const char *name, kf_time otherwise)
{
    kf_time t = otherwise;
    bool exact = true;
    const char *text = kf_xml_attr(element, name);
    if (!text || r->status) {
        return otherwise;
    }
    if (!fx_read_time(text, &t, &exact)) {
        r->status = kf_xml_fail(element, r->name, r->err,
                                "%s=\"%.60s\" is no time: seconds such as \"1001/30000s\" are wanted", name, text);
    }
    r->inexact |= !exact;
    return t;
}

/* ---- The report ---- */

void fx_lose(fx_story *s, kf_loss_kind kind, const fx_placed *p, const char *format, ...)
{
    char message[500], lane[24];
    ix_place where;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    snprintf(lane, sizeof lane, "lane %d", (int)p->place.lane);
    const char *name = *fx_name(p->element) ? fx_name(p->element) : p->element->name;
    kf_time start = p->place.start == KF_TIME_NONE || p->place.start < 0 ? KF_TIME_NONE : p->place.start;
    ix_where(where, &s->view, start == KF_TIME_NONE ? "" : lane, start, name);
    message[kf_utf8_prefix(message, strlen(message))] = '\0';
    kf_report_add(s->r->report, kind, where, "%s", message);
}

/* ---- The document ---- */

static bool add_resource(fx_reader *r, ix_table *table, const char *key, const kf_xml *element, size_t *capacity)
{
    size_t at = table->count;
    void *list = r->resource;
    if (ix_table_find(table, key)) {
        return true;
    }
    at = r->resource_count;
    bool grown = kf_grow(&list, capacity, at + 1, sizeof *r->resource) == 0;
    r->resource = list;
    ix_entry *entry = grown ? ix_table_add(table, key) : NULL;
    if (!entry) {
        return false;
    }
    entry->number = (int64_t)at;
    r->resource[r->resource_count++] = element;
    return true;
}

static bool read_resources(fx_reader *r, size_t *capacity)
{
    const kf_xml *resources = kf_xml_child(r->root, "resources");
    for (const kf_xml *e = resources ? resources->first : NULL; e; e = e->next) {
        const char *id = kf_xml_attr(e, "id");
        if (id && !add_resource(r, &r->resources, id, e, capacity)) {
            return false;
        }
    }
    return true;
}

/* The browser's clips, by what they refer to. */
static bool read_browser(fx_reader *r, const kf_xml *folder, size_t *capacity)
{
    for (const kf_xml *e = folder->first; e; e = e->next) {
        const char *ref = fx_is_story_item(e) ? kf_xml_attr(e, "ref") : NULL;
        if (ref && !add_resource(r, &r->bins, ref, e, capacity)) {
            return false;
        }
        bool inside = kf_xml_is(e, "library") || kf_xml_is(e, "event");
        if (inside && !read_browser(r, e, capacity)) {
            return false;
        }
    }
    return true;
}

/* ---- Projects ---- */

static void note_left_out(fx_reader *r, const kf_xml *e)
{
    const kf_xml *library = kf_xml_child(r->root, "library");
    bool kept = e->parent == library || e->parent == kf_xml_child(library ? library : r->root, "event");
    if (strstr(e->name, "collection") && kept) {
        kf_report_add(r->report, KF_LOSS_METADATA, fx_name(e), "<%s> is kept as metadata", e->name);
    } else if (strstr(e->name, "collection")) {
        kf_report_add(r->report, KF_LOSS_DROPPED, fx_name(e), "<%s> of another event than the first", e->name);
    } else if (fx_is_story_item(e) && !kf_xml_attr(e, "ref")) {
        kf_report_add(r->report, KF_LOSS_DROPPED, fx_name(e), "<%s> is in the browser only, and in no project",
                      e->name);
    }
}

/* Reads the projects in a library, an event or the document; the id of the first. */
static const char *read_projects(fx_reader *r, const kf_xml *folder, const char *main_id)
{
    for (const kf_xml *e = folder->first; e && r->status == KF_OK; e = e->next) {
        const kf_xml *sequence = kf_xml_child(e, "sequence");
        const char *id = NULL;
        if (kf_xml_is(e, "library") || kf_xml_is(e, "event")) {
            id = read_projects(r, e, main_id);
        } else if (kf_xml_is(e, "project") && sequence) {
            id = fx_read_sequence(r, *fx_name(e) ? fx_name(e) : r->name, sequence, e);
        } else {
            note_left_out(r, e);
        }
        main_id = main_id ? main_id : id;
    }
    return main_id;
}

/* A file of browser clips only: compound clips are sequences, anything else is put one after another. */
static const char *read_clips(fx_reader *r)
{
    fx_story s;
    const kf_xml *folder = r->root, *inner = NULL;
    while ((inner = kf_xml_child(folder, "library")) || (inner = kf_xml_child(folder, "event"))) {
        folder = inner;
    }
    fx_story_begin(&s, r, r->name, folder);
    for (const kf_xml *e = folder->first; e && !s.format.rate.num; e = e->next) {
        const kf_xml *asset = fx_resource(r, e, "ref", "asset");
        s.format = fx_read_format(r, fx_resource(r, asset ? asset : e, "format", "format"));
        s.view.rate = s.format.rate.num ? s.format.rate : s.view.rate;
    }
    fx_read_spine(&s, folder, 0, 0, 0);
    kf_report_add(r->report, KF_LOSS_NOTE, r->name, "there is no project: the clips were put one after another");
    return fx_story_end(&s, folder, NULL);
}

static void keep_document(fx_reader *r)
{
    static const char *const resources[] = {"effect", "locator", NULL};
    static const char *const collections[] = {"smart-collection", "keyword-collection", "collection-folder", NULL};
    const kf_xml *library = kf_xml_child(r->root, "library");
    const kf_xml *event = kf_xml_child(library ? library : r->root, "event");
    fx_kept keep;
    fx_keep_begin(&keep);
    fx_keep_children(&keep, "resources", kf_xml_child(r->root, "resources"), resources, false);
    fx_keep_children(&keep, "library", library, collections, false);
    fx_keep_children(&keep, "event", event, collections, false);
    if (!fx_keep_end(&keep, &r->film.head)) {
        kf_report_add(r->report, KF_LOSS_DROPPED, r->name, "effects and collections are larger than 1 MiB together");
    }
}

/* What is only in the browser comes into the film last. */
static void read_unused(fx_reader *r)
{
    for (size_t i = 0; i < r->bins.count && r->status == KF_OK; i++) {
        const kf_xml *clip = r->resource[r->bins.entries[i].number];
        const kf_xml *asset = fx_resource(r, clip, "ref", "asset"), *media = fx_resource(r, clip, "ref", "media");
        if (asset) {
            fx_asset(r, asset);
        } else if (media) {
            fx_media(r, media);
        }
    }
}

static kf_status read_document(fx_reader *r, kf_str *film)
{
    size_t capacity = 0;
    const char *version = kf_xml_attr(r->root, "version");
    if (!kf_xml_is(r->root, "fcpxml")) {
        return kf_fail(r->err, KF_ERR_PARSE, "%s: not FCPXML: its element is <%.40s>", r->name, r->root->name);
    }
    if (version && strncmp(version, "1.", 2) != 0) {
        return kf_fail(r->err, KF_ERR_UNSUPPORTED, "%s: FCPXML %.20s is not known: export version 1.8 to 1.11",
                       r->name, version);
    }
    if (!read_resources(r, &capacity) || !read_browser(r, r->root, &capacity)) {
        return kf_fail_memory(r->err);
    }
    keep_document(r);
    const char *main_id = read_projects(r, r->root, NULL);
    if (!main_id && r->status == KF_OK) {
        main_id = read_clips(r);
    }
    read_unused(r);
    return r->status ? r->status : ix_film_write(&r->film, main_id, film, r->err);
}

kf_status fx_import(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    kf_xml_doc *doc;
    fx_reader r = {.name = params->name ? params->name : "fcpxml", .report = report, .err = err};
    kf_status status = kf_xml_parse(params->bytes, params->length, r.name, &doc, err);
    if (status) {
        return status;
    }
    r.root = kf_xml_root(doc);
    ix_film_init(&r.film, "");
    status = read_document(&r, film);
    ix_film_finish(&r.film);
    ix_table_finish(&r.resources);
    ix_table_finish(&r.media);
    ix_table_finish(&r.bins);
    kf_free(r.resource);
    kf_xml_free(doc);
    return status;
}
