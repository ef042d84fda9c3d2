/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resources: formats, assets, compound and multicam clips. Each comes into the film when it is first used. */
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/fcpxml.h"

const kf_xml *fx_resource(const fx_reader *r, const kf_xml *element, const char *attribute, const char *kind)
{
    const char *id = kf_xml_attr(element, attribute);
    const ix_entry *entry = id ? ix_table_find(&r->resources, id) : NULL;
    const kf_xml *found = entry ? r->resource[entry->number] : NULL;
    return kf_xml_is(found, kind) ? found : NULL;
}

/* ---- Formats ---- */

static int32_t side(const kf_xml *format, const char *name)
{
    double v;
    const char *text = kf_xml_attr(format, name);
    return text && fx_read_numbers(text, &v, 1) == 1 && v >= 1 && v <= KF_MODEL_MAX_SIDE ? (int32_t)v : 0;
}

fx_format fx_read_format(fx_reader *r, const kf_xml *format)
{
    fx_format f = {.pixel_aspect = {1, 1}};
    const char *name = kf_xml_attr(format, "name"), *fields = kf_xml_attr(format, "fieldOrder");
    kf_time frame = fx_time_attr(r, format, "frameDuration", 0);
    if (frame > 0 && frame <= 100 * KF_SECOND && frame >= KF_SECOND / 1000) {
        kf_rational_make(KF_SECOND, frame, &f.rate);
    }
    f.width = side(format, "width");
    f.height = side(format, "height");
    f.width = f.height ? f.width : 0;
    if (name) {
        fx_format_from_name(name, &f.rate, &f.width, &f.height);
    }
    if (side(format, "paspH") && side(format, "paspV")) {
        kf_rational_make(side(format, "paspH"), side(format, "paspV"), &f.pixel_aspect);
    }
    f.interlaced = fields && strcmp(fields, "progressive") != 0;
    return f;
}

/* ---- Assets ---- */

static const char *file_of(const kf_xml *asset, bool proxy)
{
    const kf_xml *rep = kf_xml_child(asset, "media-rep");
    for (const kf_xml *other = rep; other; other = kf_xml_again(other)) {
        if (fx_attr_is(other, "kind", "proxy-media") == proxy) {
            return kf_xml_attr(other, "src");
        }
    }
    return rep || proxy ? NULL : kf_xml_attr(asset, "src");
}

/* Whether there is such a file. */
static bool put_path(fx_reader *r, kf_json_writer *w, const char *url)
{
    char *path = url && *url ? ix_path_from_url(url) : NULL;
    bool any = path && *path;
    r->film.failed |= url && *url && !path;
    if (any) {
        kf_json_put_string(w, "path", path);
    }
    kf_free(path);
    return any;
}

static void write_files(fx_reader *r, kf_json_writer *w, const kf_xml *asset)
{
    const char *proxy = file_of(asset, true);
    if (!put_path(r, w, file_of(asset, false))) {
        kf_json_put_bool(w, "offline", true);
        kf_report_add(r->report, KF_LOSS_NOTE, fx_name(asset), "this asset names no file: it is offline");
    }
    if (proxy && *proxy) {
        kf_json_key(w, "proxy");
        kf_json_begin_object(w);
        put_path(r, w, proxy);
        kf_json_put_string(w, "state", "ready");
        kf_json_end_object(w);
    }
    if (kf_xml_child(kf_xml_child(asset, "media-rep"), "bookmark")) {
        kf_report_add(r->report, KF_LOSS_DROPPED, fx_name(asset), "its bookmark: that is good on one computer only");
    }
}

static void write_known_media(kf_json_writer *w, const kf_xml *asset, const fx_format *f, kf_time duration)
{
    bool video = fx_attr_is(asset, "hasVideo", "1"), audio = fx_attr_is(asset, "hasAudio", "1");
    if (!video && !audio) {
        return;
    }
    kf_json_key(w, "media");
    kf_json_begin_object(w);
    kf_json_put_bool(w, "video", video);
    kf_json_put_bool(w, "audio", audio);
    if (video && !audio && duration == 0 && kf_xml_attr(asset, "duration")) {
        kf_json_put_bool(w, "still", true);
    }
    if (duration > 0) {
        ix_put_time(w, "duration", duration, (kf_rational){0, 0});
    }
    if (video && f->width) {
        kf_json_key(w, "size");
        kf_json_begin_array(w);
        kf_json_write_int(w, f->width);
        kf_json_write_int(w, f->height);
        kf_json_end_array(w);
    }
    if (video && f->rate.num) {
        ix_put_ratio(w, "rate", f->rate);
    }
    kf_json_end_object(w);
}

/* Source timecode is a count of frames; what does not lie on one keeps its exact start as metadata. */
static void write_timecode(kf_json_writer *w, const kf_xml *asset, const fx_format *f, kf_time start)
{
    if (start <= 0 || f->rate.num <= 0) {
        return;
    }
    kf_json_key(w, "timecode");
    kf_json_begin_object(w);
    kf_json_put_int(w, "start", kf_frame_at(start, f->rate));
    ix_put_ratio(w, "rate", f->rate);
    kf_json_put_bool(w, "drop_frame", fx_attr_is(asset, "tcFormat", "DF") && ix_rate_drops(f->rate));
    kf_json_end_object(w);
}

static const char *reel_of(const kf_xml *element)
{
    const kf_xml *md = kf_xml_child(kf_xml_child(element, "metadata"), "md");
    while (md && !fx_attr_is(md, "key", "com.apple.proapps.studio.reel")) {
        md = kf_xml_again(md);
    }
    return kf_xml_attr(md, "value");
}

/* The clip in the browser that stands for a resource; NULL: none. */
const kf_xml *fx_browser_clip(const fx_reader *r, const kf_xml *resource)
{
    const ix_entry *entry = ix_table_find(&r->bins, kf_xml_attr(resource, "id"));
    return entry ? r->resource[entry->number] : NULL;
}

void fx_write_bin(fx_reader *r, kf_json_writer *w, const kf_xml *in_event)
{
    const kf_xml *event = in_event;
    while (event && !kf_xml_is(event, "event")) {
        event = event->parent;
    }
    const char *name = kf_xml_attr(event, "name");
    char *bin = name && *name ? kf_strdup(name) : NULL;
    r->film.failed |= name && *name && !bin;
    for (char *at = bin; at && *at; at++) {
        *at = *at == '/' ? '-' : *at;
    }
    ix_put_text(w, "bin", bin);
    kf_free(bin);
}

static bool is_on_frame(kf_time t, kf_rational rate)
{
    return t == 0 || (rate.num > 0 && kf_frame_start(kf_frame_at(t, rate), rate) == t);
}

/* Markers count from the asset's start; the model takes none before that. */
static void write_asset_markers(fx_reader *r, kf_json_writer *w, const kf_xml *asset, const kf_xml *clip,
                                kf_rational rate)
{
    kf_time start = fx_time_attr(r, asset, "start", 0);
    bool any = false;
    for (const kf_xml *e = clip ? clip->first : NULL; e; e = e->next) {
        kf_time t = fx_is_marker(e) ? fx_time_attr(r, e, "start", start) - start : -1;
        if (t < 0 || t > KF_MODEL_MAX_TIME) {
            continue;
        }
        if (!any) {
            kf_json_key(w, "markers");
            kf_json_begin_array(w);
            any = true;
        }
        fx_write_marker(r, w, e, t, rate.num > 0 ? rate : (kf_rational){30, 1});
    }
    if (any) {
        kf_json_end_array(w);
    }
}

static void report_browser(fx_reader *r, const kf_xml *clip)
{
    for (const kf_xml *e = clip ? clip->first : NULL; e; e = e->next) {
        bool item = fx_is_story_item(e) || kf_xml_is(e, "spine");
        if (!fx_is_marker(e)) {
            kf_report_add(r->report, item ? KF_LOSS_DROPPED : KF_LOSS_METADATA, fx_name(clip),
                          "<%s> of the browser's clip%s", e->name, item ? "" : " is kept as metadata");
        }
    }
}

/* What the asset and the browser's clip of it say that Kerf has no place for. */
static void write_browser(fx_reader *r, kf_json_writer *w, const kf_xml *asset, const fx_format *f)
{
    static const char *const left[] = {"marker",    "chapter-marker", "spine",   "asset-clip", "clip",
                                       "video",     "audio",          "title",   "ref-clip",   "mc-clip",
                                       "sync-clip", "audition",       "caption", "gap",        NULL};
    static const char *const attributes[] = {"uid", "videoSources", "audioSources", "audioChannels", "audioRate",
                                             "colorSpaceOverride", "customLUTOverride", "auxVideoFlags", NULL};
    static const char *const own[] = {"metadata", NULL};
    const kf_xml *clip = fx_browser_clip(r, asset);
    fx_kept keep;
    ix_put_text(w, "reel", reel_of(asset) ? reel_of(asset) : reel_of(clip));
    write_asset_markers(r, w, asset, clip, f->rate);
    fx_keep_begin(&keep);
    fx_keep_attributes(&keep, asset, attributes);
    if (!is_on_frame(fx_time_attr(r, asset, "start", 0), f->rate)) {
        ix_put_text(&keep.w, "start", kf_xml_attr(asset, "start"));
    }
    fx_keep_children(&keep, "elements", asset, own, false);
    fx_keep_children(&keep, "browser", clip, left, true);
    report_browser(r, clip);
    if (!fx_keep_end(&keep, w)) {
        kf_report_add(r->report, KF_LOSS_DROPPED, fx_name(asset), "its metadata is larger than 1 MiB");
    }
}

const char *fx_asset(fx_reader *r, const kf_xml *asset)
{
    bool fresh;
    const char *id = ix_film_asset(&r->film, kf_xml_attr(asset, "id"), fx_name(asset), &fresh);
    if (!fresh) {
        return id;
    }
    kf_json_writer *w = &r->film.assets;
    fx_format f = fx_read_format(r, fx_resource(r, asset, "format", "format"));
    write_files(r, w, asset);
    ix_put_text(w, "name", kf_xml_attr(asset, "name"));
    fx_write_bin(r, w, fx_browser_clip(r, asset));
    write_timecode(w, asset, &f, fx_time_attr(r, asset, "start", 0));
    write_known_media(w, asset, &f, fx_time_attr(r, asset, "duration", 0));
    write_browser(r, w, asset, &f);
    kf_json_end_object(w);
    return id;
}

/* ---- Compound and multicam clips ---- */

/* The offset that the first item of a sequence has: most count from tcStart, some from 0. */
kf_time fx_spine_base(fx_reader *r, const kf_xml *spine, kf_time start)
{
    const kf_xml *first = spine ? spine->first : NULL;
    while (first && !fx_is_story_item(first)) {
        first = first->next;
    }
    return fx_time_attr(r, first, "offset", start) >= start ? start : 0;
}

static const char *read_multicam(fx_reader *r, const kf_xml *media, const kf_xml *multicam)
{
    fx_story s;
    int32_t angle = 0;
    kf_time start = fx_time_attr(r, multicam, "tcStart", 0);
    fx_story_begin(&s, r, fx_name(media), multicam);
    s.multicam = true;
    for (const kf_xml *e = kf_xml_child(multicam, "mc-angle"); e && r->status == KF_OK; e = kf_xml_again(e)) {
        fx_read_spine(&s, e, fx_spine_base(r, e, start), ++angle, 0);
    }
    return fx_story_end(&s, multicam, media);
}

const char *fx_read_sequence(fx_reader *r, const char *name, const kf_xml *sequence, const kf_xml *owner)
{
    fx_story s;
    const kf_xml *spine = kf_xml_child(sequence, "spine");
    fx_story_begin(&s, r, name, sequence);
    if (spine) {
        fx_read_spine(&s, spine, fx_spine_base(r, spine, fx_time_attr(r, sequence, "tcStart", 0)), 0, 0);
    }
    return fx_story_end(&s, sequence, owner);
}

static const char *read_media(fx_reader *r, const kf_xml *media)
{
    const kf_xml *multicam = kf_xml_child(media, "multicam"), *sequence = kf_xml_child(media, "sequence");
    return multicam ? read_multicam(r, media, multicam)
           : sequence ? fx_read_sequence(r, fx_name(media), sequence, media) : NULL;
}

const char *fx_media(fx_reader *r, const kf_xml *media)
{
    const char *key = kf_xml_attr(media, "id");
    ix_entry *entry = ix_table_add(&r->media, key);
    if (!entry) {
        r->film.failed = true;
        return NULL;
    }
    if (entry->text || r->status) {
        r->height = (int)entry->number;
        return entry->text;
    }
    if (entry->number) {
        r->status = kf_xml_fail(media, r->name, r->err, "\"%.100s\" contains itself", fx_name(media));
        return NULL;
    }
    entry->number = -1;
    const char *id = read_media(r, media);
    entry = ix_table_add(&r->media, key);
    entry->text = kf_strdup(id);
    entry->number = r->height;
    r->film.failed |= id && !entry->text;
    return entry->text;
}
