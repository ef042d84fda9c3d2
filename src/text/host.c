/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/api/host.h"

#include "base/api/alloc.h"
#include "text/private.h"

struct kf_text_context {
    kf_text_host host;
};

/* A layout's own: what the host gave, and whose host it is. */
typedef struct hosted {
    const kf_text_host *host;
    kf_host_lines lines;
} hosted;

kf_status kf_text_context_create_host(const kf_text_host *host, kf_text_context **out, kf_error *err)
{
    *out = KF_NEW(kf_text_context);
    if (!*out) return kf_fail_memory(err);
    (*out)->host = *host;
    return KF_OK;
}

void kf_text_context_destroy(kf_text_context *context)
{
    kf_free(context);
}

static kf_status take_lines(kf_layout *layout, const kf_host_lines *lines, kf_error *err)
{
    layout->lines = kf_alloc_zero((size_t)lines->count, sizeof *layout->lines);
    if (!layout->lines) return kf_fail_memory(err);
    layout->count = lines->count;
    layout->ellipsized = lines->ellipsized;
    for (int i = 0; i < layout->count; i++) {
        const kf_host_line *from = &lines->lines[i];
        kf_layout_line *to = &layout->lines[i];
        to->start = from->start;
        to->length = from->length;
        to->baseline = from->baseline;
        to->logical = (kf_text_rect){0, from->top, from->width, from->height};
        to->ink = from->ink;
        to->ink.y += from->baseline;
    }
    return KF_OK;
}

kf_status kf_layout_create(kf_layout *layout, kf_text_context *context, const kf_title_params *p,
                           kf_text_report *report, kf_error *err)
{
    *layout = (kf_layout){0};
    kf_status status = kf_title_check(p, err);
    if (status) return status;
    hosted *h = KF_NEW(hosted);
    if (!h) return kf_fail_memory(err);
    layout->driver = h;
    h->host = &context->host;
    status = h->host->layout(h->host->ctx, p, &h->lines, err);
    if (!status) status = take_lines(layout, &h->lines, err);
    if (status) kf_layout_finish(layout);
    else kf_layout_place(layout, p);
    return status;
}

void kf_layout_finish(kf_layout *layout)
{
    hosted *h = layout->driver;
    if (h) kf_free(h->lines.lines);
    kf_free(h);
    kf_free(layout->lines);
    *layout = (kf_layout){0};
}

kf_status kf_glyphs_draw(const kf_canvas *canvas, const kf_layout *layout, kf_glyph_mode mode, const kf_title_params *p,
                         kf_error *err)
{
    const hosted *h = layout->driver;
    double(*origins)[2] = kf_alloc_zero((size_t)layout->count, sizeof *origins);
    if (!origins) return kf_fail_memory(err);
    for (int i = 0; i < layout->count; i++) {
        origins[i][0] = layout->lines[i].x - canvas->x;
        origins[i][1] = layout->lines[i].baseline - canvas->y;
    }
    const kf_host_glyphs glyphs = {
        .title = p, .outline = mode == KF_GLYPHS_OUTLINE, .pixels = canvas->pixels, .stride = (int32_t)canvas->stride,
        .width = canvas->width, .height = canvas->height, .count = layout->count, .lines = h->lines.lines,
        .origins = (const double(*)[2])origins};
    kf_status status = h->host->draw(h->host->ctx, &glyphs, err);
    kf_free(origins);
    return status;
}
