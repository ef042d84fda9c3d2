/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resources on the way out: formats, assets, effects, compound and multicam clips. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml_out.h"

/* ---- Ids ---- */

const char *fo_id(fo_writer *o, const char *key, bool *fresh)
{
    char id[32];
    ix_entry *entry = ix_table_add(&o->ids, key);
    *fresh = entry && !entry->text;
    if (*fresh) {
        do {
            snprintf(id, sizeof id, "r%lld", (long long)++o->next_id);
        } while (ix_table_find(&o->used, id));
        entry->text = kf_strdup(id);
    }
    o->failed |= !entry || !entry->text;
    return entry && entry->text ? entry->text : "";
}

void fo_resource_begin(fo_resource *r, const char *element, const char *id)
{
    r->text = (kf_str){0};
    r->x = (kf_xml_writer){.out = &r->text, .depth = 2};
    kf_xml_begin(&r->x, element);
    kf_xml_put_attr(&r->x, "id", id);
}

void fo_resource_end(fo_writer *o, fo_resource *r, const char *element)
{
    kf_xml_end(&r->x, element);
    o->failed |= r->text.failed;
    if (!r->text.failed) {
        kf_str_add_n(&o->resources, r->text.data, r->text.length);
    }
    kf_str_finish(&r->text);
}

/* ---- What was kept ---- */

void fo_kept_read(fo_kept *kept, const char *metadata)
{
    *kept = (fo_kept){NULL, NULL};
    if (*metadata && kf_json_parse(metadata, strlen(metadata), "metadata", 0, &kept->doc, NULL) == KF_OK) {
        kept->root = kf_json_get(kf_json_root(kept->doc), "fcpxml");
    }
}

void fo_kept_finish(fo_kept *kept)
{
    kf_json_free(kept->doc);
    *kept = (fo_kept){NULL, NULL};
}

const char *fo_kept_text(const kf_json *object, const char *key)
{
    const kf_json *value = object ? kf_json_get(object, key) : NULL;
    return value && value->type == KF_JSON_STRING ? value->text : NULL;
}

const char *fo_kept_attribute(const fo_kept *kept, const char *name)
{
    const kf_json *attributes = kept->root ? kf_json_get(kept->root, "attributes") : NULL;
    return fo_kept_text(attributes, name);
}

static void put_kept_attributes(kf_xml_writer *x, const fo_kept *kept, const char *const *names)
{
    for (; *names; names++) {
        kf_xml_put_attr(x, *names, fo_kept_attribute(kept, *names));
    }
}

/* ---- Formats ---- */

/* A name that was kept holds as long as it means this size and rate. */
static bool is_name_of(const char *name, const fo_format_spec *f)
{
    kf_rational rate = {0, 0};
    int32_t width = 0, height = 0;
    fx_format_from_name(name, &rate, &width, &height);
    return width == f->width && height == f->height && kf_rational_equal(rate, f->rate);
}

const char *fo_format(fo_writer *o, const fo_format_spec *f)
{
    char key[200], own[64];
    bool fresh;
    fo_resource r;
    const char *name = f->name && is_name_of(f->name, f) ? f->name
                       : fx_format_name(f->width, f->height, f->rate, own) ? own : NULL;
    kf_rational aspect = f->pixel_aspect;
    snprintf(key, sizeof key, "format %dx%d %d/%d %d/%d %.64s", (int)f->width, (int)f->height, (int)f->rate.num,
             (int)f->rate.den, (int)aspect.num, (int)aspect.den, f->color_space ? f->color_space : "");
    const char *id = fo_id(o, key, &fresh);
    if (!fresh) {
        return id;
    }
    fo_resource_begin(&r, "format", id);
    kf_xml_put_attr(&r.x, "name", name);
    if (f->rate.num > 0) {
        fx_put_time(&r.x, "frameDuration", kf_frame_start(1, f->rate));
    }
    if (f->width > 0) {
        kf_xml_put_attrf(&r.x, "width", "%d", (int)f->width);
        kf_xml_put_attrf(&r.x, "height", "%d", (int)f->height);
    }
    if (aspect.num != aspect.den) {
        kf_xml_put_attrf(&r.x, "paspH", "%d", (int)aspect.num);
        kf_xml_put_attrf(&r.x, "paspV", "%d", (int)aspect.den);
    }
    kf_xml_put_attr(&r.x, "colorSpace", f->color_space);
    fo_resource_end(o, &r, "format");
    return id;
}

/* ---- The browser ---- */

kf_str *fo_event(fo_writer *o, const char *bin)
{
    ix_entry *entry = ix_table_add(&o->bins, bin);
    void *list = o->events;
    if (entry && !entry->number && kf_grow(&list, &o->event_capacity, o->event_count + 1, sizeof *o->events) == 0) {
        o->events = list;
        o->events[o->event_count++] = (kf_str){0};
        entry->number = (int64_t)o->event_count;
    }
    o->failed |= !entry || !entry->number;
    return entry && entry->number ? &o->events[entry->number - 1] : NULL;
}

/* What stands for a resource in its bin's event. */
typedef struct browser_clip {
    const char *bin, *element, *id, *name;
    kf_time start, duration;
    const fo_kept *kept;
    kf_markers markers;          /* of an asset, from `start` on */
    kf_rational rate;
} browser_clip;

static void put_asset_markers(fo_writer *o, kf_xml_writer *x, const browser_clip *c)
{
    fo_story s = {.o = o, .x = x, .view = {.rate = c->rate.num > 0 ? c->rate : (kf_rational){30, 1}, .name = c->name,
                                           .id = ""}};
    kf_marker m;
    for (int32_t i = 0; kf_marker_at(o->snapshot, c->markers, i, &m); i++) {
        fo_put_marker(&s, &m, c->start + m.time);
    }
}

/* Whether an element that was kept stands behind a clip's markers. */
static bool is_behind_markers(const char *text)
{
    static const char *const names[] = {"<rating", "<keyword", "<analysis", "<audio-", "<filter", "<metadata"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strncmp(text, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void put_in_browser(fo_writer *o, const browser_clip *c)
{
    const kf_json *list = c->kept->root ? kf_json_get(c->kept->root, "browser") : NULL;
    kf_str *event = *c->bin ? fo_event(o, c->bin) : NULL;
    bool marked = false;
    if (!event) {
        return;
    }
    kf_xml_writer x = {.out = event, .depth = 3};
    kf_xml_begin(&x, c->element);
    kf_xml_put_attr(&x, "ref", c->id);
    kf_xml_put_attr(&x, "name", c->name);
    if (c->duration > 0) {
        fx_put_time(&x, "duration", c->duration);
    }
    for (const kf_json *e = list ? list->first : NULL; e; e = e->next) {
        const char *text = e->type == KF_JSON_STRING ? e->text : "";
        if (!marked && is_behind_markers(text)) {
            put_asset_markers(o, &x, c);
            marked = true;
        }
        kf_xml_put_source(&x, text);
    }
    if (!marked) {
        put_asset_markers(o, &x, c);
    }
    kf_xml_end(&x, c->element);
    o->failed |= event->failed;
}

/* ---- Assets ---- */

kf_time fo_asset_start(const kf_asset_view *asset)
{
    fo_kept kept;
    bool exact = true;
    kf_time start = asset->timecode.known ? kf_frame_start(asset->timecode.start, asset->timecode.rate) : 0, told;
    fo_kept_read(&kept, asset->metadata);
    const char *text = kept.root ? fo_kept_text(kept.root, "start") : NULL;
    /* The exact start, unless the timecode was changed since. */
    if (text && fx_read_time(text, &told, &exact) &&
        (!asset->timecode.known || kf_frame_at(told, asset->timecode.rate) == asset->timecode.start)) {
        start = told;
    }
    fo_kept_finish(&kept);
    return start;
}

static void lose_asset(fo_writer *o, const kf_asset_view *asset, const char *what)
{
    kf_report_add(o->report, KF_LOSS_DROPPED, *asset->name ? asset->name : asset->id, "its %s", what);
}

static void report_asset(fo_writer *o, const kf_asset_view *a)
{
    const struct { bool lost; const char *what; } checks[] = {
        {*a->label, "label"}, {a->proxy.state != KF_PROXY_NONE && !*a->proxy.path, "proxy"},
        {a->markers.count > 0 && !*a->bin, "markers, which stand in a bin"},
        {a->subclip_count > 0, "subclips"}, {a->deinterlace != KF_DEINTERLACE_AUTO, "deinterlacing"},
        {a->alpha != KF_ALPHA_AUTO, "way of alpha"}, {a->rate.num > 0, "rate, as a sequence of pictures"},
        {a->color.matrix != KF_MAT_UNSPECIFIED || a->color.primaries != KF_PRI_UNSPECIFIED ||
         a->color.transfer != KF_TRC_UNSPECIFIED || a->color.range != KF_RANGE_UNSPECIFIED, "colour description"}};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (checks[i].lost) {
            lose_asset(o, a, checks[i].what);
        }
    }
}

/* Media that is not known is as long as it is used, and holds what is used of it. */
static kf_media_facts facts_of(fo_writer *o, const kf_asset_view *a)
{
    int32_t index = kf_asset_index(o->snapshot, a->uid);
    kf_rational rate = a->timecode.known ? a->timecode.rate : o->rate;
    if (a->media.known || index < 0) {
        return a->media.facts;
    }
    const fo_use *use = &o->uses[index];
    kf_time end = use->end > 0 ? kf_frame_start(kf_frame_at(use->end - 1, rate) + 1, rate) : 0;
    kf_report_add(o->report, KF_LOSS_NOTE, *a->name ? a->name : a->id,
                  "what its media holds is not known: it is written as far as it is used");
    return (kf_media_facts){.video = use->seen || !use->heard, .audio = use->heard, .rate = rate, .duration = end};
}

static void put_facts(fo_writer *o, kf_xml_writer *x, const kf_asset_view *a)
{
    kf_media_facts f = facts_of(o, a);
    kf_rational rate = f.rate.num > 0 ? f.rate : a->timecode.known ? a->timecode.rate : (kf_rational){0, 0};
    if (f.duration > 0 || f.still) {
        fx_put_time(x, "duration", f.duration);
    }
    kf_xml_put_attr(x, "hasVideo", f.video ? "1" : NULL);
    if (rate.num > 0 || f.width > 0) {
        fo_format_spec spec = {f.width, f.height, rate, {1, 1}, NULL, NULL};
        kf_xml_put_attr(x, "format", fo_format(o, &spec));
    }
    kf_xml_put_attr(x, "hasAudio", f.audio ? "1" : NULL);
}

static void put_file(fo_writer *o, kf_xml_writer *x, const char *kind, const char *path)
{
    kf_str url = {0};
    ix_add_url(&url, path, "");
    kf_xml_begin(x, "media-rep");
    kf_xml_put_attr(x, "kind", kind);
    kf_xml_put_attr(x, "src", url.data ? url.data : "");
    kf_xml_end(x, "media-rep");
    o->failed |= url.failed;
    kf_str_finish(&url);
}

/* The reel is told once: by the asset, or by its clip in the browser. */
static void put_asset_metadata(kf_xml_writer *x, const kf_asset_view *a, const fo_kept *kept)
{
    const kf_json *elements = kept->root ? kf_json_get(kept->root, "elements") : NULL;
    for (const kf_json *e = elements ? elements->first : NULL; e; e = e->next) {
        if (e->type == KF_JSON_STRING && kf_xml_put_source(x, e->text)) {
            return;
        }
    }
    const kf_json *browser = kept->root ? kf_json_get(kept->root, "browser") : NULL;
    bool told = false;
    for (const kf_json *e = browser && *a->bin ? browser->first : NULL; e; e = e->next) {
        told |= e->type == KF_JSON_STRING && strstr(e->text, "studio.reel") != NULL;
    }
    if (*a->reel && !told) {
        kf_xml_begin(x, "metadata");
        kf_xml_begin(x, "md");
        kf_xml_put_attr(x, "key", "com.apple.proapps.studio.reel");
        kf_xml_put_attr(x, "value", a->reel);
        kf_xml_end(x, "md");
        kf_xml_end(x, "metadata");
    }
}

const char *fo_asset(fo_writer *o, const kf_asset_view *a)
{
    static const char *const kept_names[] = {"uid", "videoSources", "audioSources", "audioChannels", "audioRate",
                                             "colorSpaceOverride", "customLUTOverride", "auxVideoFlags", NULL};
    char key[40];
    bool fresh;
    fo_resource r;
    fo_kept kept;
    snprintf(key, sizeof key, "asset %llu", (unsigned long long)a->uid);
    const char *id = fo_id(o, key, &fresh);
    if (!fresh) {
        return id;
    }
    fo_kept_read(&kept, a->metadata);
    fo_resource_begin(&r, "asset", id);
    kf_xml_put_attr(&r.x, "name", *a->name ? a->name : a->id);
    fx_put_time(&r.x, "start", fo_asset_start(a));
    put_facts(o, &r.x, a);
    put_kept_attributes(&r.x, &kept, kept_names);
    put_file(o, &r.x, "original-media", a->path);
    if (*a->proxy.path) {
        put_file(o, &r.x, "proxy-media", a->proxy.path);
    }
    put_asset_metadata(&r.x, a, &kept);
    fo_resource_end(o, &r, "asset");
    const char *name = *a->name ? a->name : a->id;
    browser_clip clip = {a->bin, "asset-clip", id, name, fo_asset_start(a), a->media.facts.duration, &kept, a->markers,
                         a->media.facts.rate};
    put_in_browser(o, &clip);
    fo_kept_finish(&kept);
    report_asset(o, a);
    return id;
}

/* ---- Effects ---- */

const char *fo_effect(fo_writer *o, const char *name, const char *uid)
{
    bool fresh;
    fo_resource r;
    const char *id = fo_id(o, uid, &fresh);
    if (fresh) {
        fo_resource_begin(&r, "effect", id);
        kf_xml_put_attr(&r.x, "name", name);
        kf_xml_put_attr(&r.x, "uid", uid);
        fo_resource_end(o, &r, "effect");
    }
    return id;
}

/* ---- Nested sequences ---- */

const char *fo_media(fo_writer *o, int32_t sequence)
{
    char key[40];
    bool fresh;
    kf_sequence_view view;
    fo_resource r;
    fo_kept kept;
    snprintf(key, sizeof key, "sequence %d", (int)sequence);
    const char *id = fo_id(o, key, &fresh);
    if (!fresh || !kf_sequence_at(o->snapshot, sequence, &view)) {
        return id;
    }
    fo_kept_read(&kept, view.metadata);
    fo_resource_begin(&r, "media", id);
    kf_xml_put_attr(&r.x, "name", *view.name ? view.name : view.id);
    kf_xml_put_attr(&r.x, "uid", kept.root ? fo_kept_text(kept.root, "uid") : NULL);
    if (view.multicam) {
        fo_write_multicam(o, &r.x, &view);
    } else {
        fo_write_sequence(o, &r.x, &view);
    }
    fo_resource_end(o, &r, "media");
    browser_clip clip = {.bin = view.bin, .element = view.multicam ? "mc-clip" : "ref-clip", .id = id, .kept = &kept,
                         .name = *view.name ? view.name : view.id, .duration = view.duration};
    put_in_browser(o, &clip);
    fo_kept_finish(&kept);
    /* The table may have moved its entries, but not their texts. */
    return id;
}
