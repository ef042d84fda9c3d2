/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text: JavaScript breaks lines and fills glyphs on a canvas; everything else of a title is drawn here. */
#include "base/api/alloc.h"
#include "base/api/json.h"
#include "text/api/host.h"
#include "web.h"

/* title: JSON. Gives lines from kw_lines, their number in count[0], and in count[1] whether text was left out; NULL: text
 * cannot be laid out here. */
KW_IMPORT(layout) kf_host_line *kw_js_layout(const char *title, int32_t count[2]);
/* Fills glyphs as kf_host_glyphs says; false: failed. title as for layout. */
KW_IMPORT(draw) int32_t kw_js_draw(const char *title, const kf_host_glyphs *glyphs);

KW_EXPORT(kw_lines) kf_host_line *kw_lines(int32_t count);

kf_host_line *kw_lines(int32_t count)
{
    return kf_alloc_zero((size_t)count, sizeof(kf_host_line));
}

static void put_color(kf_json_writer *w, const char *key, const float color[4])
{
    kf_json_key(w, key);
    kf_json_begin_array(w);
    for (int i = 0; i < 4; i++) kf_json_write_number(w, color[i]);
    kf_json_end_array(w);
}

/* TitleText of text.ts. */
static void write_title(kf_str *out, const kf_title_params *p)
{
    static const char *const cuts[] = {"none", "start", "middle", "end"};
    static const char *const directions[] = {"auto", "ltr", "rtl"};
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_begin_object(&w);
    kf_json_put_string(&w, "text", p->text ? p->text : "");
    kf_json_put_bool(&w, "markup", p->markup);
    kf_json_put_string(&w, "font", p->font ? p->font : "");
    kf_json_put_number(&w, "size", p->size);
    kf_json_put_int(&w, "weight", p->weight);
    kf_json_put_bool(&w, "italic", p->italic);
    put_color(&w, "color", p->color);
    kf_json_put_number(&w, "outlineWidth", p->outline_width);
    kf_json_put_number(&w, "lineSpacing", p->line_spacing > 0 ? p->line_spacing : 1);
    kf_json_put_number(&w, "letterSpacing", p->letter_spacing);
    kf_json_put_number(&w, "maxWidth", p->max_width);
    kf_json_put_int(&w, "maxLines", p->max_lines);
    kf_json_put_string(&w, "ellipsize", cuts[p->ellipsize]);
    kf_json_put_string(&w, "direction", directions[p->direction]);
    kf_json_put_string(&w, "language", p->language ? p->language : "");
    kf_json_end_object(&w);
}

static kf_status layout(void *ctx, const kf_title_params *p, kf_host_lines *out, kf_error *err)
{
    kf_str text = {0};
    int32_t count[2] = {0};
    write_title(&text, p);
    if (text.failed) return kf_fail_memory(err);
    out->lines = kw_js_layout(text.data, count);
    out->count = count[0];
    out->ellipsized = count[1] != 0;
    kf_str_finish(&text);
    if (out->lines && out->count > 0) return KF_OK;
    return kf_fail(err, KF_ERR_UNSUPPORTED, "text cannot be drawn here: there is no canvas");
}

static kf_status draw(void *ctx, const kf_host_glyphs *glyphs, kf_error *err)
{
    kf_str text = {0};
    write_title(&text, glyphs->title);
    if (text.failed) return kf_fail_memory(err);
    int32_t good = kw_js_draw(text.data, glyphs);
    kf_str_finish(&text);
    return good ? KF_OK : kf_fail(err, KF_ERR_UNSUPPORTED, "text cannot be drawn here: there is no canvas");
}

kf_status kw_letters(kw_engine *e, kf_text_context **out, kf_error *err)
{
    const kf_text_host host = {e, layout, draw};
    kf_status status = e->letters ? KF_OK : kf_text_context_create_host(&host, &e->letters, err);
    *out = e->letters;
    return status;
}

kf_status kw_draw_title(kw_engine *e, const kf_gen_title *title, kf_raster *out, kf_error *err)
{
    kf_title_params p = kf_title_params_of(title);
    uint64_t key = kf_title_key(&p);
    kf_text_context *letters;
    kf_raster raster;
    if (kf_drawn_find(e->drawn, key, out)) return KF_OK;
    kf_status status = kw_letters(e, &letters, err);
    if (status == KF_OK) status = kf_text_title_render(letters, &p, &raster, NULL, err);
    if (status == KF_OK) *out = kf_drawn_keep(e->drawn, key, raster);
    return status;
}
