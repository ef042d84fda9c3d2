/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reels: a config becomes a film, whose text is measured by the page and whose media are those that it told about. */
#include <string.h>

#include "reel/api/reel.h"
#include "web.h"

KW_EXPORT(kw_reel) kf_status kw_reel(kw_engine *e, const char *config, size_t length);
KW_EXPORT(kw_reel_schema) kf_status kw_reel_schema(kw_engine *e);

static int32_t without_spaces(const char *text, int32_t start, int32_t length)
{
    while (length > 0 && strchr(" \t\r\n", text[start + length - 1])) length--;
    return length;
}

static kf_status lines(void *ctx, const kf_reel_text *text, kf_reel_line *out, int32_t capacity, int32_t *count,
                       kf_error *err)
{
    kf_text_context *letters;
    kf_text_metrics metrics = {0};
    kf_title_params p = kf_title_defaults();
    p.text = text->text;
    p.font = text->font;
    p.size = text->size;
    p.weight = text->weight;
    p.max_width = text->max_width;
    p.direction = text->rtl ? KF_DIRECTION_RTL : KF_DIRECTION_LTR;
    kf_status status = kw_letters(ctx, &letters, err);
    if (status == KF_OK) status = kf_text_measure(letters, &p, &metrics, err);
    *count = metrics.line_count;
    for (int32_t i = 0; i < metrics.line_count && i < capacity; i++) {
        const kf_text_line *l = &metrics.lines[i];
        out[i] = (kf_reel_line){l->start, without_spaces(text->text, l->start, l->length), (float)l->logical.w};
    }
    kf_text_metrics_finish(&metrics);
    return status;
}

/* The text is the path of a file that has to be told about first, where that is why it failed. */
static kf_status media(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    kw_engine *e = ctx;
    const kw_known *k = kw_find_known(e, file);
    if (!k) kf_str_add(kw_text_start(e), file);
    if (!k || k->failed) return kf_fail(err, KF_ERR_NOT_FOUND, "%s: cannot be opened", file);
    *out = k->media;
    return KF_OK;
}

/* The text is the film's JSON; on failure, the path of a file that kw_know has to be told about, or nothing. */
kf_status kw_reel(kw_engine *e, const char *config, size_t length)
{
    const char *const anywhere[] = {".", NULL};
    const kf_reel_resolver resolver = {e, lines, media};
    const kf_reel_options options = {.allowed_hosts = anywhere};
    kf_str film = {0};
    kw_text_start(e);
    kf_status status = kf_reel_make(config, length, &resolver, &options, &film, NULL, &e->error);
    if (status == KF_OK) {
        kf_str_finish(&e->text);
        e->text = film;
    } else {
        kf_str_finish(&film);
    }
    return status;
}

/* The text is the JSON Schema of configs. */
kf_status kw_reel_schema(kw_engine *e)
{
    return kf_reel_schema_write(kw_text_start(e), &e->error);
}
