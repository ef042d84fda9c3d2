/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reels ask for: text is measured as it will be drawn, media are opened. */
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/engine.h"
#include "engine/api/reel.h"
#include "engine/assets.h"
#include "text/api/text.h"

typedef struct resolving {
    const char *folder;
    kf_text_context *text;   /* made when the first text is measured */
    kf_warnings warnings;
} resolving;

static kf_title_params title_of(const kf_reel_text *text)
{
    kf_title_params p = kf_title_defaults();
    p.text = text->text;
    p.font = text->font;
    p.size = text->size;
    p.weight = text->weight;
    p.max_width = text->max_width;
    p.direction = text->rtl ? KF_DIRECTION_RTL : KF_DIRECTION_LTR;
    return p;
}

static void warn_report(resolving *r, const kf_text_report *report)
{
    char text[512];
    kf_text_report_message(report, text, sizeof text);
    if (text[0]) {
        kf_warn(&r->warnings, KF_ERR_NOT_FOUND, "%s", text);
    }
}

static kf_status lines(void *ctx, const kf_reel_text *text, kf_reel_line *out, int32_t capacity, int32_t *count,
                       kf_error *err)
{
    resolving *r = ctx;
    kf_text_metrics metrics = {0};
    kf_title_params params = title_of(text);
    kf_status status = r->text ? KF_OK : kf_text_context_create(NULL, &r->text, err);
    if (status == KF_OK) {
        status = kf_text_measure(r->text, &params, &metrics, err);
    }
    warn_report(r, &metrics.report);
    *count = metrics.line_count;
    for (int32_t i = 0; i < metrics.line_count && i < capacity; i++) {
        const kf_text_line *l = &metrics.lines[i];
        out[i] = (kf_reel_line){l->start, l->length, (float)l->logical.w};
    }
    kf_text_metrics_finish(&metrics);
    return status;
}

static kf_status media(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    const resolving *r = ctx;
    if (strstr(file, "//") == file || strstr(file, "://")) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%.200s is remote, and Kerf opens no connections: download it and name the file",
                       file);
    }
    char *path = kf_path_join(r->folder, file);
    kf_status status = path ? kf_engine_media_facts(NULL, path, out, err) : kf_fail_memory(err);
    kf_free(path);
    return status;
}

static kf_status read_text(void *ctx, const char *file, kf_str *out, kf_error *err)
{
    enum { TEXT_MAX = 16 << 20 };
    const resolving *r = ctx;
    char *path = kf_path_join(r->folder, file), *bytes = NULL;
    size_t length = 0;
    kf_status status = path ? kf_file_read(path, TEXT_MAX, &bytes, &length, err) : kf_fail_memory(err);
    if (status == KF_OK) {
        kf_str_add_n(out, bytes, length);
    }
    kf_free(bytes);
    kf_free(path);
    return status == KF_OK && out->failed ? kf_fail_memory(err) : status;
}

kf_status kf_engine_reel(const char *config, size_t length, const kf_engine_reel_params *params,
                         const kf_reel_options *options, kf_str *film, kf_reel_output *output, kf_error *err)
{
    resolving r = {.folder = params->folder && *params->folder ? params->folder : "."};
    kf_reel_resolver resolver = {&r, lines, media, read_text};
    kf_warnings_init(&r.warnings, params->warning, params->ctx);
    kf_status status = kf_reel_make(config, length, &resolver, options, film, output, err);
    kf_warnings_finish(&r.warnings);
    kf_text_context_destroy(r.text);
    return status;
}
