/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media references: numbered pictures both ways, and writing those of a film's assets. */
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/otio_export.h"

/* Folder, prefix, %0Nd and suffix. */
void otio_add_pattern(kf_str *out, const kf_json *media)
{
    char *base = ix_path_from_url(otio_text(media, "target_url_base"));
    const kf_json *padding = kf_json_get(media, "frame_zero_padding");
    int digits = padding && padding->is_integer && padding->integer > 0 && padding->integer < 20
                     ? (int)padding->integer : 0;
    size_t length = base ? strlen(base) : 0;
    out->failed |= !base;
    kf_str_add(out, base ? base : "");
    kf_str_add(out, length && base[length - 1] != '/' ? "/" : "");
    kf_str_add(out, otio_text(media, "name_prefix"));
    if (digits) {
        kf_str_addf(out, "%%0%dd", digits);
    } else {
        kf_str_add(out, "%d");
    }
    kf_str_add(out, otio_text(media, "name_suffix"));
    kf_free(base);
}

static const kf_json *asset_of(const otio_export_state *ex, const char *id)
{
    const ix_entry *entry = *id ? ix_table_find(&ex->assets, id) : NULL;
    return entry ? (const kf_json *)(intptr_t)entry->number : NULL;
}

static const kf_json *fields_of(const kf_json *asset)
{
    return otio_object(otio_kept(asset), "fields");
}

/* What is known of the media's range; the film's timecode decides over what was once read. */
static otio_range available(const otio_export_state *ex, const kf_json *asset)
{
    const kf_json *media = otio_object(asset, "media"), *fields = fields_of(asset);
    otio_range read = otio_read_range(otio_object(fields, "available_range"));
    kf_time start = read.given ? read.start : 0;
    bool timecode = otio_timecode_start(otio_object(asset, "timecode"), &start);
    kf_time duration = media ? otio_film_time(ex, media, "duration", 0) : 0;
    if (read.given && (!timecode || start == read.start)) {
        return read;
    }
    return (otio_range){.given = duration > 0, .start = start, .duration = duration, .rate = ex->place.rate};
}

void otio_media_extent(const otio_export_state *ex, const char *id, kf_time *start, kf_time *duration)
{
    const kf_json *asset = asset_of(ex, id);
    otio_range range = asset ? available(ex, asset) : (otio_range){0};
    *start = range.start;
    *duration = range.given ? range.duration : -1;
}

/* ---- Paths ---- */

/* The URL or pattern that was read still leads to the asset's path. */
static bool same_path(otio_export_state *ex, const kf_json *fields, const char *path)
{
    kf_str pattern = {0};
    bool same = false;
    if (kf_json_get(fields, "name_prefix")) {
        otio_add_pattern(&pattern, fields);
        same = pattern.data && strcmp(pattern.data, path) == 0;
    } else {
        char *plain = ix_path_from_url(otio_text(fields, "target_url"));
        same = plain && strcmp(plain, path) == 0;
        ex->w.out->failed |= !plain;
        kf_free(plain);
    }
    ex->w.out->failed |= pattern.failed;
    kf_str_finish(&pattern);
    return same;
}

/* Relative paths stay as they are: readers of OTIO take them so. */
static void put_url(otio_export_state *ex, const char *key, const char *path, size_t length)
{
    kf_str plain = {0}, url = {0};
    kf_str_add_n(&plain, path, length);
    if (length && path[0] == '/') {
        ix_add_url(&url, plain.data ? plain.data : "", "");
    } else {
        kf_str_add(&url, plain.data ? plain.data : "");
    }
    ex->w.out->failed |= plain.failed || url.failed;
    kf_json_put_string(&ex->w, key, url.data ? url.data : "");
    kf_str_finish(&plain);
    kf_str_finish(&url);
}

/* The place of "%d" or "%04d" in a path, or NULL. */
static const char *find_pattern(const char *path, int *digits, const char **end)
{
    for (const char *at = strchr(path, '%'); at; at = strchr(at + 1, '%')) {
        const char *d = at + 1;
        int n = 0;
        while (*d >= '0' && *d <= '9' && n < 100) {
            n = n * 10 + (*d++ - '0');
        }
        if (*d == 'd' && n < 20) {
            *digits = n;
            *end = d + 1;
            return at;
        }
    }
    return NULL;
}

static void put_pattern(otio_export_state *ex, const kf_json *asset, const char *path, const char *id)
{
    const char *end, *name = kf_path_name(path);
    int digits;
    const char *at = find_pattern(path, &digits, &end);
    kf_str prefix = {0};
    kf_rational rate = ex->place.rate;
    const kf_json *own = kf_json_get(asset, "rate");
    kf_str_add(&prefix, "");
    kf_str_add_n(&prefix, name, at > name ? (size_t)(at - name) : 0);
    ex->w.out->failed |= prefix.failed;
    if (own && own->type == KF_JSON_NUMBER) {
        ix_rate_from_number(own->number, &rate);
    }
    put_url(ex, "target_url_base", path, (size_t)(name - path));
    kf_json_put_string(&ex->w, "name_prefix", prefix.data ? prefix.data : "");
    kf_json_put_string(&ex->w, "name_suffix", end);
    kf_json_put_int(&ex->w, "frame_zero_padding", digits);
    kf_json_put_int(&ex->w, "start_frame", 1);
    kf_json_put_int(&ex->w, "frame_step", 1);
    kf_json_put_number(&ex->w, "rate", (double)rate.num / rate.den);
    kf_json_put_string(&ex->w, "missing_frame_policy", "error");
    kf_report_add(ex->report, KF_LOSS_NOTE, id, "the number of the first picture is not known here: 1 is written");
    kf_str_finish(&prefix);
}

/* ---- References ---- */

static void put_available(otio_export_state *ex, const kf_json *asset)
{
    const kf_json *fields = fields_of(asset), *written = fields ? kf_json_get(fields, "available_range") : NULL;
    otio_range range = available(ex, asset), read = otio_read_range(written);
    if (written && (!range.given || (read.start == range.start && read.duration == range.duration))) {
        kf_json_key(&ex->w, "available_range");
        kf_json_write_value(&ex->w, written);
    } else if (range.given) {
        otio_put_range(&ex->w, "available_range", range.start, range.duration, ex->place.rate);
    } else {
        kf_json_key(&ex->w, "available_range");
        kf_json_write_null(&ex->w);
    }
}

static void put_other_fields(otio_export_state *ex, const kf_json *fields, bool path_too)
{
    static const char *const of_range[] = {"available_range", NULL};
    static const char *const of_path[] = {"available_range", "target_url", "target_url_base", "name_prefix",
                                          "name_suffix", "frame_zero_padding", "start_frame", "frame_step", "rate",
                                          "missing_frame_policy", NULL};
    for (const kf_json *child = fields ? fields->first : NULL; child; child = child->next) {
        if (!otio_listed(path_too ? of_range : of_path, child->key)) {
            kf_json_key(&ex->w, child->key);
            kf_json_write_value(&ex->w, child);
        }
    }
}

void otio_write_media(otio_export_state *ex, const char *id)
{
    static const char *const carried[] = {"path", "name", "metadata", NULL};
    const kf_json *asset = asset_of(ex, id), *kept = asset ? otio_kept(asset) : NULL,
                  *fields = otio_object(kept, "fields");
    const char *path = asset && asset->type == KF_JSON_STRING ? asset->text : otio_text(asset, "path"), *end;
    const char *schema = otio_text(kept, "schema");
    int digits;
    bool pattern = find_pattern(path, &digits, &end) != NULL, same = fields && same_path(ex, fields, path);
    kf_str extra = {0};
    kf_json_writer w = {.out = &extra, .compact = true};
    if (!asset) {
        ex->status = kf_fail(ex->err, KF_ERR_INTERNAL, "the film has no asset \"%.100s\"", id);
        return;
    }
    ex->w.out->failed |= !ix_table_add(&ex->written, id);
    otio_begin(ex, *schema ? schema : !*path ? "MissingReference.1" : pattern ? "ImageSequenceReference.1"
                                                                              : "ExternalReference.1",
               otio_film_flag(kept, "unnamed", false) ? "" : otio_text(asset, "name"));
    kf_json_key(&w, "asset");
    kf_json_write_string(&w, id);
    otio_put_metadata_of(ex, asset, carried, extra.data, NULL);
    ex->w.out->failed |= extra.failed;
    kf_str_finish(&extra);
    if (*path && !same && pattern) {
        put_pattern(ex, asset, path, id);
    } else if (*path && !same) {
        put_url(ex, "target_url", path, strlen(path));
    }
    put_available(ex, asset);
    put_other_fields(ex, fields, same || !*path);
    kf_json_end_object(&ex->w);
}
