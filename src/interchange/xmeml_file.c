/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and bins of xmeml. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/xmeml_write.h"

/* ---- Files ---- */

static void put_url(xm_export *x, const kf_asset_view *asset)
{
    kf_str url = {0};
    char *path = x->folder && *x->folder ? kf_path_join(x->folder, asset->path) : kf_strdup(asset->path);
    ix_add_url(&url, path ? path : "", "localhost");
    if (url.data) {
        kf_xml_put(&x->w, "pathurl", url.data);
    }
    x->w.out->failed |= url.failed || !path;
    kf_free(path);
    kf_str_finish(&url);
}

static void put_timecode(xm_export *x, const kf_asset_view *asset, kf_rational rate)
{
    char label[32];
    const kf_source_timecode *timecode = &asset->timecode;
    rate = xm_rate_fits(timecode->rate) ? timecode->rate : rate;
    int64_t start = timecode->known ? timecode->start : 0;
    bool drop = timecode->known && timecode->drop_frame && ix_rate_drops(rate);
    if (!timecode->known && !*asset->reel) {
        return;
    }
    kf_timecode_format(start, rate, drop, label);
    kf_xml_begin(&x->w, "timecode");
    xm_put_rate(x, rate);
    kf_xml_put(&x->w, "string", label);
    kf_xml_putf(&x->w, "frame", "%lld", (long long)start);
    kf_xml_put(&x->w, "displayformat", drop ? "DF" : "NDF");
    kf_xml_begin(&x->w, "reel");
    kf_xml_put(&x->w, "name", asset->reel);
    kf_xml_end(&x->w, "reel");
    kf_xml_end(&x->w, "timecode");
}

static void put_media(xm_export *x, const kf_asset_view *asset, kf_rational rate)
{
    const kf_media_facts *facts = &asset->media.facts;
    bool video = !asset->media.known || facts->video, audio = !asset->media.known || facts->audio;
    kf_xml_begin(&x->w, "media");
    if (video) {
        kf_xml_begin(&x->w, "video");
        if (facts->width > 0) {
            kf_xml_begin(&x->w, "samplecharacteristics");
            xm_put_rate(x, rate);
            kf_xml_putf(&x->w, "width", "%d", facts->width);
            kf_xml_putf(&x->w, "height", "%d", facts->height);
            kf_xml_end(&x->w, "samplecharacteristics");
        }
        kf_xml_end(&x->w, "video");
    }
    if (audio) {
        kf_xml_begin(&x->w, "audio");
        kf_xml_put(&x->w, "channelcount", "2");
        kf_xml_end(&x->w, "audio");
    }
    kf_xml_end(&x->w, "media");
}

void xm_put_file(xm_export *x, int32_t index, kf_rational otherwise)
{
    kf_asset_view asset;
    if (!kf_asset_at(x->snapshot, index, &asset)) {
        return;
    }
    const kf_media_facts *facts = &asset.media.facts;
    kf_rational rate = xm_rate_fits(facts->rate) ? facts->rate : otherwise;
    kf_xml_begin(&x->w, "file");
    kf_xml_put_attrf(&x->w, "id", "file-%d", index + 1);
    if (!x->file_written[index]) {
        x->file_written[index] = true;
        kf_xml_put(&x->w, "name", *asset.name ? asset.name : *asset.path ? kf_path_name(asset.path) : asset.id);
        if (*asset.path) {
            put_url(x, &asset);
        }
        xm_put_rate(x, rate);
        if (facts->duration > 0 || facts->still) {
            kf_xml_putf(&x->w, "duration", "%lld", facts->still ? 1LL : (long long)xm_frame(facts->duration, rate));
        }
        put_timecode(x, &asset, rate);
        put_media(x, &asset, rate);
    }
    kf_xml_end(&x->w, "file");
}

void xm_put_masterclip(xm_export *x, int32_t asset)
{
    kf_xml_putf(&x->w, "masterclipid", "masterclip-%d", asset + 1);
}

/* ---- Bins ---- */

/* A bin, or an asset in one. */
typedef struct entry {
    const char *bin;
    int32_t asset; /* -1: the bin itself */
} entry;

/* In order of paths, where '/' comes before every other character: what is in a bin follows it. */
static int compare_paths(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    int x = *a == '/' ? 1 : (unsigned char)*a, y = *b == '/' ? 1 : (unsigned char)*b;
    return x - y;
}

static int by_bin(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int order = compare_paths(x->bin, y->bin);
    return order ? order : (x->asset > y->asset) - (x->asset < y->asset);
}

/* How many characters of both paths are the same whole bins. */
static size_t common(const char *open, const char *path)
{
    size_t same = 0, i = 0;
    for (;; i++) {
        bool end_open = !open[i] || open[i] == '/', end_path = !path[i] || path[i] == '/';
        if (end_open && end_path) {
            same = i;
        }
        if (!open[i] || open[i] != path[i]) {
            return same;
        }
    }
}

static void close_bins(xm_export *x, const char *open, size_t keep)
{
    for (size_t i = strlen(open); i > keep; i--) {
        if (i == strlen(open) || open[i] == '/') {
            kf_xml_end(&x->w, "children");
            kf_xml_end(&x->w, "bin");
        }
    }
}

static void open_bins(xm_export *x, const char *path, size_t from)
{
    char name[256];
    for (const char *at = path + from; *at;) {
        at += *at == '/';
        size_t length = strcspn(at, "/"), most = length < sizeof name - 1 ? length : sizeof name - 1;
        memcpy(name, at, most);
        name[most] = '\0';
        kf_xml_begin(&x->w, "bin");
        kf_xml_put(&x->w, "name", name);
        kf_xml_begin(&x->w, "children");
        at += length;
    }
}

static void put_browser_clip(xm_export *x, int32_t index)
{
    kf_asset_view asset;
    kf_rational rate = {25, 1};
    if (!kf_asset_at(x->snapshot, index, &asset)) {
        return;
    }
    rate = xm_rate_fits(asset.media.facts.rate) ? asset.media.facts.rate : rate;
    bool sound = asset.media.known && !asset.media.facts.video;
    kf_xml_begin(&x->w, "clip");
    kf_xml_put_attrf(&x->w, "id", "masterclip-%d", index + 1);
    xm_put_masterclip(x, index);
    kf_xml_put(&x->w, "ismasterclip", "TRUE");
    kf_xml_putf(&x->w, "duration", "%lld", (long long)xm_frame(asset.media.facts.duration, rate));
    xm_put_rate(x, rate);
    kf_xml_put(&x->w, "name", *asset.name ? asset.name : asset.id);
    kf_xml_begin(&x->w, "media");
    kf_xml_begin(&x->w, sound ? "audio" : "video");
    kf_xml_begin(&x->w, "track");
    kf_xml_begin(&x->w, "clipitem");
    kf_xml_put_attrf(&x->w, "id", "browser-%d", index + 1);
    xm_put_masterclip(x, index);
    kf_xml_put(&x->w, "name", *asset.name ? asset.name : asset.id);
    xm_put_rate(x, rate);
    xm_put_file(x, index, rate);
    kf_xml_end(&x->w, "clipitem");
    kf_xml_end(&x->w, "track");
    kf_xml_end(&x->w, sound ? "audio" : "video");
    kf_xml_end(&x->w, "media");
    kf_xml_end(&x->w, "clip");
}

static size_t gather(xm_export *x, const kf_project_view *project, entry *entries)
{
    kf_asset_view asset;
    size_t count = 0;
    for (int32_t i = 0; i < project->bin_count; i++) {
        const char *bin = kf_bin_at(x->snapshot, i);
        if (bin && *bin) {
            entries[count++] = (entry){bin, -1};
        }
    }
    for (int32_t i = 0; i < project->asset_count; i++) {
        if (kf_asset_at(x->snapshot, i, &asset) && *asset.bin) {
            entries[count++] = (entry){asset.bin, i};
        }
    }
    return count;
}

kf_status xm_put_bins(xm_export *x)
{
    kf_project_view project;
    const char *open = "";
    if (!kf_project_get(x->snapshot, &project) || project.bin_count + project.asset_count == 0) {
        return KF_OK;
    }
    entry *entries = kf_alloc_zero((size_t)project.bin_count + (size_t)project.asset_count, sizeof *entries);
    if (!entries) {
        return kf_fail_memory(x->err);
    }
    size_t count = gather(x, &project, entries);
    if (count) {
        qsort(entries, count, sizeof *entries, by_bin);
    }
    for (size_t i = 0; i < count; i++) {
        size_t keep = common(open, entries[i].bin);
        close_bins(x, open, keep);
        open_bins(x, entries[i].bin, keep);
        open = entries[i].bin;
        if (entries[i].asset >= 0) {
            put_browser_clip(x, entries[i].asset);
        }
    }
    close_bins(x, open, 0);
    kf_free(entries);
    return KF_OK;
}
