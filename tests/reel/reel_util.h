/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reels with a font of which every byte is half as wide as high, and media that are only said to exist. */
#ifndef KF_TEST_REEL_UTIL_H
#define KF_TEST_REEL_UTIL_H

#include "base/api/json.h"
#include "base/api/time.h"
#include "reel/api/reel.h"
#include "test.h"

static inline kf_status util_lines(void *ctx, const kf_reel_text *text, kf_reel_line *lines, int32_t capacity,
                                   int32_t *count, kf_error *err)
{
    int32_t length = (int32_t)strlen(text->text), start = 0, n = 0;
    int32_t most = text->max_width > 0 ? (int32_t)(text->max_width / (text->size / 2)) : length + 1;
    most = most > 0 ? most : 1;
    do {
        const char *newline = strchr(text->text + start, '\n');
        int32_t left = newline ? (int32_t)(newline - text->text) - start : length - start;
        int32_t take = left < most ? left : most;
        for (int32_t k = take; take < left && k > 0; k--) {
            if (text->text[start + k] == ' ') {
                take = k;
                break;
            }
        }
        if (n < capacity) {
            lines[n] = (kf_reel_line){start, take, (float)take * text->size / 2};
        }
        n++;
        start += take;
        start += text->text[start] == ' ' || text->text[start] == '\n';
    } while (start < length);
    *count = n;
    return KF_OK;
}

static inline kf_status util_media(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    kf_time ms = KF_SECOND / 1000;
    *out = (kf_media_facts){0};
    if (strstr(file, ".wav")) {
        *out = (kf_media_facts){.audio = true, .duration = atoi(file) * ms}; /* "1500.wav" is 1.5 s long */
    } else if (strstr(file, ".png")) {
        *out = (kf_media_facts){.video = true, .still = true, .width = 400, .height = 300};
    } else if (strstr(file, ".mp4")) {
        *out = (kf_media_facts){.video = true, .audio = true, .width = 1920, .height = 1080, .rate = {25, 1},
            .duration = atoi(file) * ms};
    } else {
        return err ? (snprintf(err->message, sizeof err->message, "%s: no such file", file), err->status = KF_ERR_NOT_FOUND)
                   : KF_ERR_NOT_FOUND;
    }
    return KF_OK;
}

static const kf_reel_resolver util_resolver = {NULL, util_lines, util_media};

typedef struct util_reel {
    kf_status status;
    kf_error error;
    kf_str film;
    kf_reel_output output;
    kf_json_doc *doc;
} util_reel;

static inline util_reel util_make_with(const char *config, const kf_reel_options *options)
{
    util_reel r = {0};
    r.status = kf_reel_make(config, strlen(config), &util_resolver, options, &r.film, &r.output, &r.error);
    if (r.status == KF_OK && kf_json_parse(r.film.data, r.film.length, "film", 0, &r.doc, &r.error) != KF_OK) {
        r.status = KF_ERR_INTERNAL;
    }
    return r;
}

static inline util_reel util_make(const char *config)
{
    return util_make_with(config, NULL);
}

static inline void util_finish(util_reel *r)
{
    kf_json_free(r->doc);
    kf_str_finish(&r->film);
}

/* The entry of a list whose `key` is `value`; NULL if there is none. */
static inline const kf_json *util_find(const kf_json *list, const char *key, const char *value)
{
    for (const kf_json *item = list ? list->first : NULL; item; item = item->next) {
        const kf_json *m = kf_json_get(item, key);
        if (m && m->text && strcmp(m->text, value) == 0) {
            return item;
        }
    }
    return NULL;
}

static inline const kf_json *util_track(const util_reel *r, const char *sequence, const char *track)
{
    const kf_json *s = util_find(kf_json_get(kf_json_root(r->doc), "sequences"), "id", sequence);
    return util_find(kf_json_get(s, "tracks"), "name", track);
}

static inline const kf_json *util_clip(const util_reel *r, const char *sequence, const char *track, uint32_t index)
{
    const kf_json *clips = kf_json_get(util_track(r, sequence, track), "clips");
    return clips ? kf_json_at(clips, index) : NULL;
}

/* "a.b.c" below a value. */
static inline const kf_json *util_at(const kf_json *value, const char *path)
{
    char part[80];
    while (value && *path) {
        size_t n = strcspn(path, ".");
        snprintf(part, sizeof part, "%.*s", (int)n, path);
        value = value->type == KF_JSON_ARRAY ? kf_json_at(value, (uint32_t)atoi(part)) : kf_json_get(value, part);
        path += n + (path[n] == '.');
    }
    return value;
}

static inline double util_number(const kf_json *value, const char *path)
{
    const kf_json *v = util_at(value, path);
    return v && v->type == KF_JSON_NUMBER ? v->number : NAN;
}

static inline const char *util_text(const kf_json *value, const char *path)
{
    const kf_json *v = util_at(value, path);
    return v && v->text ? v->text : "(none)";
}

/* A time at 30 frames a second, in seconds. */
static inline double util_time(const kf_json *value, const char *path)
{
    kf_time t = 0;
    return kf_time_parse(util_text(value, path), (kf_rational){30, 1}, &t, NULL) == KF_OK ? kf_time_seconds(t) : NAN;
}

#endif
