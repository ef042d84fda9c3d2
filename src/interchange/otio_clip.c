/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clips, the media they refer to, and what stands on them: effects and markers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/otio_import.h"

/* ---- Media references ---- */

/* The active one of a Clip.2, or the one of a Clip.1; NULL: none. */
static const kf_json *media_of(otio_import_state *im, const kf_json *clip)
{
    const kf_json *all = otio_object(clip, "media_references");
    const char *active = otio_text(clip, "active_media_reference_key");
    const kf_json *one = all ? otio_object(all, *active ? active : "DEFAULT_MEDIA") : NULL;
    return otio_resolve(im, one ? one : otio_object(clip, "media_reference"));
}

/* Where the media's own time begins: what is subtracted to count from its first frame. */
static kf_time media_start(const kf_json *media)
{
    kf_time start;
    if (!media) {
        return 0;
    }
    if (otio_timecode_start(otio_object(otio_ours(media), "timecode"), &start)) {
        return start;
    }
    otio_range available = otio_read_range(otio_object(media, "available_range"));
    return available.given ? available.start : 0;
}

static void put_path(otio_import_state *im, const kf_json *media, otio_schema schema)
{
    kf_str path = {0};
    if (schema == OTIO_IMAGES) {
        otio_add_pattern(&path, media);
    } else {
        char *plain = ix_path_from_url(otio_text(media, "target_url"));
        kf_str_add(&path, plain ? plain : "");
        path.failed |= !plain;
        kf_free(plain);
    }
    im->film.failed |= path.failed;
    ix_put_text(&im->film.assets, "path", path.data);
    kf_str_finish(&path);
}

static void put_timecode(otio_import_state *im, otio_range available)
{
    kf_json_writer *w = &im->film.assets;
    int64_t frame = available.rate.num > 0 ? kf_frame_at(available.start, available.rate) : -1;
    if (available.start == 0 || frame < 0 || kf_frame_start(frame, available.rate) != available.start) {
        return;
    }
    kf_json_key(w, "timecode");
    kf_json_begin_object(w);
    kf_json_put_int(w, "start", frame);
    ix_put_ratio(w, "rate", available.rate);
    kf_json_end_object(w);
}

/* What is known of media that may never be seen here. */
static void put_facts(otio_import_state *im, otio_range available, bool audio)
{
    kf_json_writer *w = &im->film.assets;
    if (!available.given || available.duration <= 0) {
        return;
    }
    kf_json_key(w, "media");
    kf_json_begin_object(w);
    kf_json_put_bool(w, audio ? "audio" : "video", true);
    ix_put_time(w, "duration", available.duration, (kf_rational){0, 0});
    if (!audio && available.rate.num > 0) {
        ix_put_ratio(w, "rate", available.rate);
    }
    kf_json_end_object(w);
}

static void put_asset(otio_import_state *im, const otio_scope *scope, const kf_json *media, const char *name,
                      bool audio)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", NULL};
    kf_json_writer *w = &im->film.assets;
    otio_keep keep = {0};
    otio_schema schema = media ? otio_schema_of(media) : OTIO_MISSING;
    const kf_json *ours = media ? otio_ours(media) : NULL;
    static const char *const handled[] = {"asset", "path", "name", "metadata", NULL};
    bool file = (schema == OTIO_EXTERNAL && *otio_text(media, "target_url")) || schema == OTIO_IMAGES;
    otio_range available = media ? otio_read_range(otio_object(media, "available_range")) : (otio_range){0};
    if (file) {
        put_path(im, media, schema);
    }
    bool named = ours || (media && *otio_text(media, "name"));
    ix_put_text(w, "name", named ? otio_text(media, "name") : name);
    if (ours) {
        otio_put_ours(im, w, ours, handled);
    } else {
        put_timecode(im, available);
        if (!file) {
            kf_json_put_bool(w, "offline", true);
            put_facts(im, available, audio);
        }
    }
    if (schema == OTIO_IMAGES && !kf_json_get(ours, "rate")) {
        const kf_json *rate = kf_json_get(media, "rate");
        kf_rational r;
        if (rate && rate->type == KF_JSON_NUMBER && ix_rate_from_number(rate->number, &r)) {
            ix_put_ratio(w, "rate", r);
        }
    }
    if (!named && *name) {
        kf_json_put_bool(otio_keep_writer(&keep), "unnamed", true);
    }
    if (media && !ours) {
        otio_keep_rest(&keep, media, known);
        if (schema != OTIO_MISSING && schema != OTIO_EXTERNAL && schema != OTIO_IMAGES) {
            kf_json_put_string(otio_keep_writer(&keep), "schema", otio_text(media, "OTIO_SCHEMA"));
        }
    }
    otio_put_metadata(im, scope, w, media ? kf_json_get(media, "metadata") : NULL, &keep);
    kf_json_end_object(w);
}

/* Missing media are the same if their clips' names are, too. */
static const char *asset_of(otio_import_state *im, const otio_scope *scope, const kf_json *media, const char *name,
                            bool audio)
{
    kf_str key = {0};
    kf_json_writer w = {.out = &key, .compact = true};
    otio_schema schema = media ? otio_schema_of(media) : OTIO_MISSING;
    const char *url = media ? otio_text(media, "target_url") : "",
               *ours = otio_text(media ? otio_ours(media) : NULL, "asset");
    bool fresh = false;
    if (media) {
        ix_write_json(&w, media);
    }
    if (schema != OTIO_EXTERNAL && schema != OTIO_IMAGES) {
        kf_str_addf(&key, "\n%s", name);
    }
    const char *wanted = *ours ? ours : *url ? kf_path_name(url) : *name ? name : "missing";
    const char *id = ix_film_asset(&im->film, key.data ? key.data : "", wanted, &fresh);
    im->film.failed |= key.failed;
    if (fresh) {
        put_asset(im, scope, media, name, audio);
    }
    kf_str_finish(&key);
    return id;
}

/* ---- Ranges ---- */

static otio_range content(otio_import_state *im, const kf_json *item, int depth);

static otio_range trimmed(otio_import_state *im, const kf_json *item, int depth)
{
    otio_range range = otio_read_range(otio_object(item, "source_range"));
    return range.given ? range : content(im, item, depth);
}

/* The whole of what an item holds. */
static otio_range content(otio_import_state *im, const kf_json *item, int depth)
{
    otio_schema schema = otio_schema_of(item);
    const kf_json *children = kf_json_get(item, "children"), *media;
    otio_range sum = {.given = true};
    if (schema == OTIO_CLIP) {
        media = media_of(im, item);
        return media ? otio_read_range(otio_object(media, "available_range")) : (otio_range){0};
    }
    if ((schema != OTIO_TRACK && schema != OTIO_STACK) || depth > 2 * KF_MODEL_MAX_NESTING) {
        return (otio_range){0};
    }
    for (const kf_json *child = children ? children->first : NULL; child; child = child->next) {
        const kf_json *object = otio_resolve(im, child);
        if (!object || otio_schema_of(object) == OTIO_TRANSITION) {
            continue;
        }
        otio_range range = trimmed(im, object, depth + 1);
        if (schema == OTIO_TRACK && range.duration > 0 && sum.duration < KF_MODEL_MAX_TIME) {
            sum.duration += range.duration < KF_MODEL_MAX_TIME ? range.duration : KF_MODEL_MAX_TIME;
        } else if (range.duration > sum.duration) {
            sum.duration = range.duration;
        }
    }
    return sum;
}

otio_range otio_trimmed(otio_import_state *im, const kf_json *item)
{
    return trimmed(im, item, 0);
}

/* ---- Effects ---- */

typedef struct timing {
    bool warped, frozen;
    double scalar;
} timing;

/* A time warp or freeze that is written again from the clip's speed alone. */
static bool is_plain(const kf_json *effect, otio_schema schema)
{
    const char *name = otio_text(effect, "effect_name");
    const kf_json *metadata = kf_json_get(effect, "metadata"), *scalar = kf_json_get(effect, "time_scalar");
    kf_rational speed;
    bool exact = true;
    if (schema == OTIO_TIME_WARP && scalar->number != 0) {
        exact = otio_ratio(fabs(scalar->number), &speed, &exact) && exact;
    }
    return exact && !*otio_text(effect, "name") && (!metadata || metadata->count == 0) &&
           (schema == OTIO_FREEZE || scalar->number != 0) &&
           (!*name || strcmp(name, schema == OTIO_FREEZE ? "FreezeFrame" : "LinearTimeWarp") == 0);
}

/* The speed that effects give; what is no mere speed is kept. */
static timing read_effects(otio_import_state *im, const otio_scope *scope, const kf_json *item, otio_keep *keep)
{
    timing t = {.scalar = 1};
    const kf_json *effects = kf_json_get(item, "effects");
    bool plain = !effects || effects->count <= 1;
    for (const kf_json *child = effects ? effects->first : NULL; child; child = child->next) {
        const kf_json *effect = otio_resolve(im, child);
        otio_schema schema = effect ? otio_schema_of(effect) : OTIO_UNKNOWN;
        const kf_json *scalar = effect ? kf_json_get(effect, "time_scalar") : NULL;
        if (schema == OTIO_FREEZE) {
            t.warped = t.frozen = true;
            plain &= is_plain(effect, schema);
        } else if (schema == OTIO_TIME_WARP && scalar && scalar->type == KF_JSON_NUMBER && isfinite(scalar->number)) {
            t.warped = true;
            t.scalar *= scalar->number;
            plain &= is_plain(effect, schema);
        } else {
            plain = false;
            const char *name = effect ? otio_text(effect, *otio_text(effect, "name") ? "name" : "effect_name") : "";
            otio_lose(im, scope, KF_LOSS_METADATA, "the effect \"%.100s\" is not known: it is kept, but does nothing",
                      *name ? name : effect ? otio_text(effect, "OTIO_SCHEMA") : "");
        }
    }
    if (!plain) {
        ix_put_json(otio_keep_writer(keep), "effects", effects);
    }
    return t;
}

static void put_speed(otio_import_state *im, const otio_scope *scope, kf_json_writer *w, const timing *t)
{
    kf_rational speed;
    bool exact = true;
    if (!t->warped || t->frozen || fabs(t->scalar) == 1) {
        if (t->warped && !t->frozen && t->scalar < 0) {
            kf_json_put_bool(w, "reverse", true);
        }
        return;
    }
    if (!otio_ratio(fabs(t->scalar), &speed, &exact)) {
        otio_lose(im, scope, KF_LOSS_CHANGED, "a speed of %g is out of reach (0.001 to 1000): the clip plays at 1",
                  t->scalar);
        return;
    }
    if (!exact) {
        otio_lose(im, scope, KF_LOSS_CHANGED, "the speed %.17g became %d/%d", t->scalar, speed.num, speed.den);
    }
    ix_put_ratio(w, "speed", speed);
    if (t->scalar < 0) {
        kf_json_put_bool(w, "reverse", true);
    }
}

/* ---- Markers ---- */

static bool put_marker(otio_import_state *im, kf_json_writer *w, const otio_scope *scope, const kf_json *marker,
                       kf_time zero)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "marked_range", "range",
                                        "comment", "color", NULL};
    static const char *const handled[] = {"color", NULL};
    const kf_json *range_json = otio_object(marker, "marked_range");
    otio_range range = otio_read_range(range_json ? range_json : otio_object(marker, "range"));
    char hex[16];
    bool exact;
    const kf_json *ours = otio_ours(marker), *color = kf_json_get(marker, "color");
    const kf_json *own = ours ? kf_json_get(ours, "color") : NULL;
    const char *read = otio_color_read(color, hex);
    const char *called = color && color->type == KF_JSON_OBJECT ? otio_text(color, "name") : "";
    otio_keep keep = {0};
    if (!range.given || range.start < zero || range.duration < 0) {
        return false;
    }
    kf_json_begin_object(w);
    ix_put_time(w, "time", range.start - zero, scope->out.rate);
    if (range.duration > 0) {
        ix_put_time(w, "duration", range.duration, scope->out.rate);
    }
    ix_put_text(w, "name", otio_text(marker, "name"));
    ix_put_text(w, "note", otio_text(marker, "comment"));
    if (!own) {
        ix_put_text(w, "color", read);
    } else if (own->type != KF_JSON_STRING || own->length) {
        ix_put_json(w, "color", own);
    }
    otio_put_ours(im, w, ours, handled);
    if (*called && read && strcmp(called, otio_color_name(read, &exact)) != 0) {
        kf_json_put_string(otio_keep_writer(&keep), "color", called);
    }
    otio_keep_rest(&keep, marker, known);
    otio_put_metadata(im, scope, w, kf_json_get(marker, "metadata"), &keep);
    kf_json_end_object(w);
    return true;
}

void otio_put_markers(otio_import_state *im, const otio_scope *scope, kf_json_writer *w, const kf_json *list,
                      kf_time zero, otio_keep *keep)
{
    bool outside = false;
    if (!list || list->type != KF_JSON_ARRAY || !list->first) {
        return;
    }
    kf_json_key(w, "markers");
    kf_json_begin_array(w);
    for (const kf_json *child = list->first; child; child = child->next) {
        const kf_json *marker = otio_resolve(im, child);
        if (!marker || !put_marker(im, w, scope, marker, zero)) {
            otio_lose(im, scope, KF_LOSS_METADATA, "the marker \"%.100s\" lies before the start: it is kept, but not "
                      "shown", otio_text(marker, "name"));
            outside = true;
        }
    }
    kf_json_end_array(w);
    if (outside) {
        kf_json_writer *k = otio_keep_writer(keep);
        kf_json_key(k, "markers");
        kf_json_begin_array(k);
        for (const kf_json *child = list->first; child; child = child->next) {
            otio_range range = otio_read_range(otio_object(child, "marked_range"));
            if (!range.given || range.start < zero || range.duration < 0) {
                ix_write_json(k, child);
            }
        }
        kf_json_end_array(k);
    }
}

/* ---- Clips ---- */

static bool enabled(const kf_json *item)
{
    const kf_json *value = kf_json_get(item, "enabled");
    return !value || value->type != KF_JSON_BOOL || value->boolean;
}

/* What writing back needs to give the very range that was read. */
static void keep_range(const otio_scope *scope, otio_keep *keep, const kf_json *item, otio_range range)
{
    const kf_json *written = otio_object(item, "source_range");
    if (!written) {
        kf_json_put_bool(otio_keep_writer(keep), "whole", true);
    } else if (!kf_rational_equal(range.rate, scope->out.rate) ||
               (range.start != 0 && !kf_rational_equal(range.start_rate, scope->out.rate))) {
        ix_put_json(otio_keep_writer(keep), "source_range", written);
    }
}

static void put_source_times(otio_import_state *im, otio_scope *scope, otio_range range, kf_time zero,
                             const timing *t)
{
    kf_json_writer *w = &scope->out.w;
    kf_time in = range.start - zero;
    if (t->frozen || (t->warped && t->scalar == 0)) {
        ix_put_time(w, "freeze", in, scope->out.rate);
    } else if (in != 0) {
        ix_put_time(w, "in", in, scope->out.rate);
    }
    ix_put_time(w, "duration", range.duration, scope->out.rate);
    timing speed = *t;
    speed.frozen |= t->scalar == 0;
    put_speed(im, scope, w, &speed);
}

/* A generator, an adjustment or media: what kerf wrote, or else what the reference says. */
static void put_source(otio_import_state *im, otio_scope *scope, const kf_json *clip, const kf_json *media,
                       bool audio_track)
{
    kf_json_writer *w = &scope->out.w;
    const char *kind = media ? otio_text(media, "generator_kind") : "";
    const kf_json *ours = otio_ours(clip), *adjustment = ours ? kf_json_get(ours, "adjustment") : NULL;
    if (adjustment) {
        kf_json_put_bool(w, "adjustment", true);
    } else if (ours && *kind && kf_kind_find(KF_CLASS_GENERATOR, kind)) {
        kf_json_put_string(w, "generator", kind);
        ix_put_json(w, "params", otio_object(media, "parameters"));
    } else {
        if (media && otio_schema_of(media) == OTIO_GENERATOR) {
            otio_lose(im, scope, KF_LOSS_METADATA, "the generator \"%.100s\" is not known: it is kept as media that is "
                      "missing", kind);
        }
        kf_json_put_string(w, "asset", asset_of(im, scope, media, otio_text(clip, "name"), audio_track));
    }
}

static void keep_other_media(otio_import_state *im, const otio_scope *scope, const kf_json *clip, otio_keep *keep)
{
    const kf_json *all = otio_object(clip, "media_references");
    const char *active = otio_text(clip, "active_media_reference_key");
    if (!all || (all->count == 1 && (!*active || strcmp(active, "DEFAULT_MEDIA") == 0))) {
        return;
    }
    kf_json_writer *w = otio_keep_writer(keep);
    kf_json_key(w, "media_references");
    kf_json_begin_object(w);
    for (const kf_json *child = all->first; child; child = child->next) {
        if (strcmp(child->key, *active ? active : "DEFAULT_MEDIA") != 0) {
            ix_put_json(w, child->key, child);
        }
    }
    kf_json_end_object(w);
    ix_put_text(w, "active_media_reference_key", active);
    if (all->count > 1) {
        otio_lose(im, scope, KF_LOSS_METADATA, "of %u media references, \"%.60s\" is used; the others are kept",
                  all->count, *active ? active : "DEFAULT_MEDIA");
    }
}

static const char *const ours_handled[] = {"adjustment", "sequence", "duration", "in", "name", "enabled", "speed",
                                           "reverse", "freeze", "markers", "metadata", "asset", "generator", "params",
                                           NULL};

static void put_item_end(otio_import_state *im, otio_scope *scope, const kf_json *item, otio_range range,
                         otio_keep *keep)
{
    kf_json_writer *w = &scope->out.w;
    if (!enabled(item)) {
        kf_json_put_bool(w, "enabled", false);
    }
    otio_put_ours(im, w, otio_ours(item), ours_handled);
    otio_put_markers(im, scope, w, kf_json_get(item, "markers"), range.start, keep);
    keep_range(scope, keep, item, range);
    otio_put_metadata(im, scope, w, kf_json_get(item, "metadata"), keep);
    kf_json_end_object(w);
}

void otio_put_clip(otio_import_state *im, otio_scope *scope, const kf_json *clip, bool audio_track)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "source_range", "effects",
                                        "markers", "enabled", "media_reference", "media_references",
                                        "active_media_reference_key", NULL};
    kf_json_writer *w = &scope->out.w;
    const kf_json *media = media_of(im, clip);
    otio_range range = otio_trimmed(im, clip);
    otio_keep keep = {0};
    kf_json_begin_object(w);
    ix_put_text(w, "name", otio_text(clip, "name"));
    put_source(im, scope, clip, media, audio_track);
    timing t = read_effects(im, scope, clip, &keep);
    put_source_times(im, scope, range, media_start(media), &t);
    if (!otio_ours(clip) && scope->has_audio && !audio_track) {
        kf_json_put_bool(w, "audio", false);
    }
    keep_other_media(im, scope, clip, &keep);
    otio_keep_rest(&keep, clip, known);
    put_item_end(im, scope, clip, range, &keep);
}

void otio_put_nested(otio_import_state *im, otio_scope *scope, const kf_json *item, const char *id)
{
    static const char *const known[] = {"OTIO_SCHEMA", "OTIO_REF_ID", "metadata", "name", "source_range", "effects",
                                        "markers", "enabled", "children", "kind", NULL};
    kf_json_writer *w = &scope->out.w;
    otio_range range = otio_trimmed(im, item);
    otio_keep keep = {0};
    kf_json_begin_object(w);
    ix_put_text(w, "name", otio_text(item, "name"));
    kf_json_put_string(w, "sequence", id);
    timing t = read_effects(im, scope, item, &keep);
    put_source_times(im, scope, range, 0, &t);
    if (otio_schema_of(item) == OTIO_TRACK) {
        kf_json_put_string(otio_keep_writer(&keep), "kind", otio_text(item, "kind"));
    }
    otio_keep_rest(&keep, item, known);
    put_item_end(im, scope, item, range, &keep);
}
