/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pixels.h"

#include "base/api/alloc.h"
#include "base/api/thread.h"

static kf_text_context *context;

static kf_title_params title(const char *text)
{
    kf_title_params p = kf_title_defaults();
    p.text = text;
    p.font = "DejaVu Sans";
    return p;
}

static kf_raster draw(const kf_title_params *p)
{
    kf_raster r = {0};
    kf_error err = {0};
    kf_status status = kf_text_title_render(context, p, &r, NULL, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    CHECK(!r.frame || is_premultiplied(&r));
    CHECK(!r.frame || is_tight(&r));
    return r;
}

static void refused(const kf_title_params *p, const char *part)
{
    kf_raster r;
    kf_error err = {0};
    CHECK_INT(kf_text_title_render(context, p, &r, NULL, &err), KF_ERR_INVALID);
    CHECK_MSG(strstr(err.message, part), "\"%s\" lacks \"%s\"", err.message, part);
    CHECK(r.frame == NULL);
}

TEST(frame_is_tagged)
{
    kf_title_params p = title("Hx");
    kf_raster r = draw(&p);
    REQUIRE(r.frame);
    const kf_image *i = &r.frame->image;
    CHECK_INT(i->format, KF_PIX_BGRA8);
    CHECK(i->premultiplied);
    CHECK_INT(i->color.matrix, KF_MAT_RGB);
    CHECK_INT(i->color.range, KF_RANGE_FULL);
    CHECK_INT(i->color.transfer, KF_TRC_SRGB);
    CHECK_INT(i->color.primaries, KF_PRI_BT709);
    kf_raster_finish(&r);
    CHECK(r.frame == NULL);
}

TEST(nothing_visible_gives_no_frame)
{
    const char *const texts[] = {NULL, "", "   ", "\n\n"};
    for (int i = 0; i < 4; i++) {
        kf_title_params p = title(texts[i]);
        kf_raster r = draw(&p);
        CHECK(r.frame == NULL);
        kf_raster_finish(&r);
    }
}

TEST(ink_lies_where_measured)
{
    kf_title_params p = title("Kerf reference title");
    kf_text_metrics m;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    kf_raster r = draw(&p);
    CHECK_NEAR(r.x, m.ink.x, 1.5);
    CHECK_NEAR(r.y, m.ink.y, 1.5);
    CHECK_NEAR(raster_right(&r), m.ink.x + m.ink.w, 1.5);
    CHECK_NEAR(raster_bottom(&r), m.ink.y + m.ink.h, 1.5);
    CHECK_NEAR(m.logical.x + m.logical.w / 2, 0, 0.01);
    CHECK_NEAR(m.logical.y + m.logical.h / 2, 0, 0.01);
    CHECK_INT(m.line_count, 1);
    /* DejaVu Sans: ascent + descent is 2384 / 2048 of the em. */
    CHECK_NEAR(m.logical.h, 72 * 2384 / 2048.0, 1);
    kf_text_metrics_finish(&m);
    kf_raster_finish(&r);
}

TEST(anchors)
{
    kf_title_params p = title("HH\nHH");
    kf_text_metrics m;
    const double shares[] = {0, 0.5, 1};
    for (int h = 0; h < 3; h++) {
        p.anchor_h = (kf_text_anchor_h)h;
        REQUIRE(!kf_text_measure(context, &p, &m, NULL));
        CHECK_NEAR(m.logical.x, -m.logical.w * shares[h], 0.01);
        kf_text_metrics_finish(&m);
    }
    p.anchor_v = KF_ANCHOR_TOP;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK_NEAR(m.logical.y, 0, 0.01);
    kf_text_metrics_finish(&m);
    p.anchor_v = KF_ANCHOR_BOTTOM;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK_NEAR(m.logical.y + m.logical.h, 0, 0.01);
    kf_text_metrics_finish(&m);
    p.anchor_v = KF_ANCHOR_BASELINE;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK_NEAR(m.baseline, 0, 0.01);
    CHECK_INT(m.line_count, 2);
    CHECK_INT(m.lines[1].start, 3);
    CHECK_INT(m.lines[1].length, 2);
    CHECK_NEAR(m.lines[1].baseline, m.logical.h / 2, 0.1);
    kf_text_metrics_finish(&m);
    p.text = "HH";
    kf_raster r = draw(&p); /* the feet of H stand on the baseline */
    CHECK_INT(raster_bottom(&r), 0);
    kf_raster_finish(&r);
}

TEST(box_anchor_counts_padding)
{
    kf_title_params p = title("H");
    p.box = KF_TEXT_BOX_WHOLE;
    p.box_padding[0] = 30;
    p.box_padding[1] = 10;
    p.anchor_box = true;
    p.anchor_h = KF_ANCHOR_LEFT;
    p.anchor_v = KF_ANCHOR_TOP;
    kf_text_metrics m;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK_NEAR(m.box.x, 0, 0.01);
    CHECK_NEAR(m.logical.x, 30, 0.01);
    CHECK_NEAR(m.logical.y, 10, 0.01);
    CHECK_NEAR(m.box.w, m.logical.w + 60, 0.01);
    kf_raster r = draw(&p);
    CHECK_INT(r.x, 0);
    CHECK_INT(r.y, 0);
    CHECK_NEAR(raster_right(&r), m.box.w, 1);
    kf_text_metrics_finish(&m);
    kf_raster_finish(&r);
}

TEST(alignment_of_lines)
{
    kf_title_params p = title("wide line here\nII");
    p.anchor_h = KF_ANCHOR_LEFT;
    const double shares[] = {0, 0.5, 1};
    for (int a = 0; a < 3; a++) {
        kf_text_metrics m;
        p.align = (kf_text_align)a;
        REQUIRE(!kf_text_measure(context, &p, &m, NULL));
        CHECK_NEAR(m.lines[0].logical.x, 0, 0.01);
        CHECK_NEAR(m.lines[1].logical.x, (m.logical.w - m.lines[1].logical.w) * shares[a], 0.01);
        kf_text_metrics_finish(&m);
    }
    p.text = "שלום עולם ארוך\nאב"; /* left stays left in right-to-left text */
    p.align = KF_ALIGN_LEFT;
    kf_text_metrics m;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK_NEAR(m.lines[1].logical.x, 0, 0.01);
    kf_text_metrics_finish(&m);
}

TEST(wrapping_and_ellipsis)
{
    kf_title_params p = title("several words that do not fit on one line of this width");
    kf_text_metrics m;
    p.max_width = 500;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK(m.line_count >= 4);
    CHECK(m.logical.w <= 500.01);
    CHECK(!m.ellipsized);
    kf_text_metrics_finish(&m);
    p.ellipsize = KF_ELLIPSIZE_END;
    p.max_lines = 2;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    CHECK_INT(m.line_count, 2);
    CHECK(m.ellipsized);
    CHECK(m.logical.w <= 500.01);
    kf_text_metrics_finish(&m);
}

TEST(spacing)
{
    kf_title_params p = title("AAAAA\nB");
    kf_text_metrics plain, spaced;
    REQUIRE(!kf_text_measure(context, &p, &plain, NULL));
    p.letter_spacing = 10;
    p.line_spacing = 2;
    REQUIRE(!kf_text_measure(context, &p, &spaced, NULL));
    CHECK_NEAR(spaced.logical.w - plain.logical.w, 50, 10.1);
    CHECK_NEAR(spaced.lines[1].baseline - spaced.lines[0].baseline,
               2 * (plain.lines[1].baseline - plain.lines[0].baseline), 1);
    kf_text_metrics_finish(&plain);
    kf_text_metrics_finish(&spaced);
}

/* A full block fills its cell, so that its inside and its edges are known. */
TEST(fill_outline_and_box_pixels)
{
    kf_title_params p = title("\xe2\x96\x88"); /* U+2588 */
    kf_text_metrics m;
    p.color[0] = 1, p.color[1] = 0.5f, p.color[2] = 0;
    p.outline_width = 6;
    p.outline_color[2] = 1;
    p.box = KF_TEXT_BOX_WHOLE;
    p.box_padding[0] = p.box_padding[1] = 20;
    p.box_color[1] = 1;
    p.box_color[3] = 1;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    kf_raster r = draw(&p);
    int left = (int)lround(m.ink.x), middle = (int)lround(m.ink.y + m.ink.h / 2);
    CHECK(pixel_is(pixel_at(&r, (int)(m.ink.x + m.ink.w / 2), middle), 255, 128, 0, 255));
    CHECK(pixel_is(pixel_at(&r, left - 3, middle), 0, 0, 255, 255));
    CHECK(pixel_is(pixel_at(&r, left - 12, middle), 0, 255, 0, 255));
    CHECK_INT(pixel_at(&r, (int)m.box.x - 2, middle).a, 0);
    /* Round joins: the outline does not reach the corner of its bounds. */
    CHECK(pixel_is(pixel_at(&r, left - 6, (int)lround(m.ink.y) - 6), 0, 255, 0, 255));
    kf_text_metrics_finish(&m);
    kf_raster_finish(&r);
}

TEST(shadow_pixels)
{
    kf_title_params p = title("\xe2\x96\x88");
    kf_text_metrics m;
    p.shadow_color[0] = 1;
    p.shadow_color[3] = 0.5f;
    p.shadow_offset[0] = 20;
    p.shadow_offset[1] = 15;
    p.shadow_blur = 0;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    kf_raster r = draw(&p);
    int right = (int)floor(m.ink.x + m.ink.w), bottom = (int)floor(m.ink.y + m.ink.h);
    CHECK(pixel_is(pixel_at(&r, right + 10, bottom + 5), 128, 0, 0, 128));
    CHECK(pixel_is(pixel_at(&r, right - 5, bottom - 5), 255, 255, 255, 255));
    CHECK_NEAR(raster_right(&r), m.ink.x + m.ink.w + 20, 1.5);
    kf_raster_finish(&r);
    p.shadow_blur = 8;
    r = draw(&p);
    int near = pixel_at(&r, right + 20 - 4, bottom - 10).a, far = pixel_at(&r, right + 20 + 8, bottom - 10).a;
    CHECK_MSG(near > far && far > 0 && near < 128, "near %d far %d", near, far);
    kf_text_metrics_finish(&m);
    kf_raster_finish(&r);
}

TEST(boxes_of_lines)
{
    kf_title_params p = title("a wide first line\nI");
    kf_text_metrics m;
    p.box = KF_TEXT_BOX_LINES;
    p.box_padding[0] = 10;
    p.box_padding[1] = 0;
    p.box_color[3] = 1;
    REQUIRE(!kf_text_measure(context, &p, &m, NULL));
    kf_raster r = draw(&p);
    int y0 = (int)(m.lines[0].logical.y + 4), y1 = (int)(m.lines[1].logical.y + m.lines[1].logical.h - 4);
    int beside = (int)(m.lines[1].logical.x - 30);
    CHECK_INT(pixel_at(&r, beside, y0).a, 255);
    CHECK_INT(pixel_at(&r, beside, y1).a, 0);
    CHECK_INT(pixel_at(&r, (int)(m.lines[1].logical.x - 5), y1).a, 255);
    kf_text_metrics_finish(&m);
    kf_raster_finish(&r);
}

TEST(markup_colours_and_translucency)
{
    kf_title_params p = title(
        "<span foreground='#ff0000'>\xe2\x96\x88</span> <span foreground='#0000ff'>\xe2\x96\x88</span> <tt>x</tt>");
    p.markup = true;
    kf_raster r = draw(&p);
    CHECK(color_centre(&r, 2) < color_centre(&r, 0));
    kf_raster_finish(&r);
    p = title("\xe2\x96\x88");
    p.color[3] = 0.5f;
    r = draw(&p);
    CHECK(pixel_is(pixel_at(&r, 0, r.y + 20), 128, 128, 128, 128));
    kf_raster_finish(&r);
}

TEST(markup_points_are_pixels)
{
    kf_text_metrics a, b;
    kf_title_params p = title("Hello");
    p.size = 40;
    REQUIRE(!kf_text_measure(context, &p, &a, NULL));
    p.text = "<span size='40pt'>Hello</span>";
    p.markup = true;
    p.size = 10;
    REQUIRE(!kf_text_measure(context, &p, &b, NULL));
    CHECK_NEAR(a.logical.w, b.logical.w, 0.1);
    kf_text_metrics_finish(&a);
    kf_text_metrics_finish(&b);
}

TEST(right_to_left_order)
{
    /* First letter red, last blue: red lies right of blue in Hebrew, left of it in Latin. */
    static const char *const texts[] = {
        "<span color='#f00'>א</span>בגד<span color='#00f'>ה</span>",
        "<span color='#f00'>א</span>ב abc <span color='#00f'>ה</span>",
        "<span color='#f00'>a</span>bcd<span color='#00f'>e</span>"};
    for (int i = 0; i < 3; i++) {
        kf_title_params p = title(texts[i]);
        p.markup = true;
        kf_raster r = draw(&p);
        CHECK_MSG((color_centre(&r, 2) > color_centre(&r, 0)) == (i < 2), "text %d", i);
        kf_raster_finish(&r);
    }
    kf_title_params p = title("<span color='#f00'>a</span> - <span color='#00f'>ב</span>"); /* base direction decides */
    p.markup = true;
    p.direction = KF_DIRECTION_RTL;
    kf_raster r = draw(&p);
    CHECK(color_centre(&r, 2) > color_centre(&r, 0));
    kf_raster_finish(&r);
}

TEST(arabic_letters_join)
{
    kf_text_metrics joined, apart;
    kf_title_params p = title("مرحبا");
    REQUIRE(!kf_text_measure(context, &p, &joined, NULL));
    p.text = "م\xe2\x80\x8cر\xe2\x80\x8cح\xe2\x80\x8cب\xe2\x80\x8cا"; /* kept apart by non-joiners */
    REQUIRE(!kf_text_measure(context, &p, &apart, NULL));
    CHECK(apart.logical.w > joined.logical.w * 1.05);
    kf_text_metrics_finish(&joined);
    kf_text_metrics_finish(&apart);
}

TEST(emoji_have_colours)
{
    if (!kf_text_font_check(context, "Noto Color Emoji", NULL)) SKIP("no colour emoji font");
    kf_title_params p = title("\xf0\x9f\x98\x80"); /* a yellow face */
    kf_raster r = draw(&p);
    REQUIRE(r.frame);
    int yellow = 0, opaque = 0;
    for (int y = r.y; y < raster_bottom(&r); y++) {
        for (int x = r.x; x < raster_right(&r); x++) {
            pixel q = pixel_at(&r, x, y);
            opaque += q.a == 255;
            yellow += q.a == 255 && q.r > 200 && q.g > 150 && q.b < 120;
        }
    }
    CHECK_MSG(yellow > opaque / 4 && opaque > 1000, "%d of %d", yellow, opaque);
    kf_raster_finish(&r);
    p.color[3] = 0.25f;
    r = draw(&p);
    CHECK(abs(pixel_at(&r, 0, 0).a - 64) <= 1);
    kf_raster_finish(&r);
}

TEST(missing_font_is_reported)
{
    kf_title_params p = title("x <span font_family='Nowhere Serif'>y</span>");
    kf_raster r;
    kf_text_report report;
    char message[400], fallback[KF_TEXT_FAMILY_SIZE];
    p.markup = true;
    p.font = "No Such Family Bold";
    REQUIRE(!kf_text_title_render(context, &p, &r, &report, NULL));
    CHECK_INT(report.missing_font_count, 2);
    CHECK_STR(report.missing_fonts[0].wanted, "No Such Family");
    CHECK(report.missing_fonts[0].fallback[0] != 0);
    CHECK_STR(report.missing_fonts[1].wanted, "Nowhere Serif");
    kf_text_report_message(&report, message, sizeof message);
    CHECK(strstr(message, "font \"No Such Family\" is not installed, using \""));
    CHECK(!kf_text_font_check(context, "No Such Family Bold", fallback));
    CHECK_STR(fallback, report.missing_fonts[0].fallback);
    CHECK(!kf_text_font_check(context, "No Such Family, DejaVu Serif", fallback));
    CHECK_STR(fallback, "DejaVu Serif");
    CHECK(kf_text_font_check(context, "dejavu sans Italic", fallback));
    CHECK_STR(fallback, "DejaVu Sans");
    CHECK(kf_text_font_check(context, "Sans", NULL));
    kf_raster_finish(&r);
}

TEST(missing_glyphs_are_reported)
{
    kf_title_params p =
        title("a\xf4\x8f\xbf\xbd\xf4\x8f\xbf\xbd\xf3\xa0\x88\x80z"); /* U+10FFFD twice, unassigned U+E0200 */
    kf_raster r;
    kf_text_report report;
    char message[400];
    REQUIRE(!kf_text_title_render(context, &p, &r, &report, NULL));
    REQUIRE(report.missing_glyph_kinds >= 1);
    CHECK_INT(report.missing_glyphs[0], 0x10FFFD);
    CHECK(report.missing_glyph_count >= 2);
    kf_text_report_message(&report, message, sizeof message);
    CHECK(strstr(message, "no font has U+10FFFD"));
    kf_text_report_message(&report, message, 6);
    CHECK_STR(message, "no fo");
    kf_raster_finish(&r);
}

TEST(bad_params_are_refused)
{
    kf_title_params p = title("<b>open");
    p.markup = true;
    refused(&p, "markup is not valid: ");
    p.text = "<span size='9000pt'>x</span>";
    refused(&p, "size of 9000 px");
    p = title("bad \xff utf-8");
    refused(&p, "UTF-8");
    p = title("x");
    p.size = 0;
    refused(&p, "text size is 0");
    p.size = NAN;
    refused(&p, "text size");
    p = title("x");
    p.color[1] = INFINITY;
    refused(&p, "text colour");
    p = title("x");
    p.shadow_blur = 1000;
    refused(&p, "shadow blur is 1000");
    p = title("x");
    p.align = (kf_text_align)9;
    refused(&p, "align");
}

TEST(size_is_bounded)
{
    char text[3001];
    memset(text, 'W', 3000);
    text[3000] = 0;
    kf_title_params p = title(text);
    refused(&p, "limit is 16384 on a side");
    p.size = 4000;
    refused(&p, "letters");
    char *huge = kf_alloc((size_t)KF_TEXT_MAX_BYTES + 2);
    REQUIRE(huge);
    memset(huge, 'a', (size_t)KF_TEXT_MAX_BYTES + 1);
    huge[KF_TEXT_MAX_BYTES + 1] = 0;
    p = title(huge);
    refused(&p, "longer than");
    kf_free(huge);
}

TEST(rendering_is_repeatable)
{
    kf_title_params p = title("Repeat fi שלום");
    p.outline_width = 3.3f;
    p.shadow_color[3] = 0.7f;
    kf_text_context *other;
    REQUIRE(!kf_text_context_create(NULL, &other, NULL));
    kf_raster a = draw(&p), b;
    CHECK(!kf_text_title_render(other, &p, &b, NULL, NULL));
    CHECK(rasters_equal(&a, &b));
    kf_raster_finish(&a);
    kf_raster_finish(&b);
    kf_text_context_destroy(other);
}

TEST(keys)
{
    kf_title_params p = title("key"), q = p;
    char copy[] = "key";
    q.text = copy;
    CHECK(kf_title_key(&p) == kf_title_key(&q));
    q.shadow_offset[1] += 1;
    CHECK(kf_title_key(&p) != kf_title_key(&q));
    q = p;
    q.anchor_box = true;
    CHECK(kf_title_key(&p) != kf_title_key(&q));
    q = p;
    q.text = "keyD";
    q.font = "ejaVu Sans";
    CHECK(kf_title_key(&p) != kf_title_key(&q));
}

TEST(extra_fonts)
{
    const char *none[] = {"/nonexistent/font.ttf", NULL}, *text[] = {KF_SOURCE_ROOT "/meson.build", NULL};
    kf_text_context_params params = {none};
    kf_text_context *c;
    kf_error err = {0};
    CHECK_INT(kf_text_context_create(&params, &c, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "/nonexistent/font.ttf"));
    CHECK(c == NULL);
    params.font_files = text;
    CHECK_INT(kf_text_context_create(&params, &c, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "not a font"));
    const char *folder[] = {"/usr/share/fonts/truetype/dejavu", NULL};
    params.font_files = folder;
    if (kf_text_context_create(&params, &c, &err)) SKIP("no folder of DejaVu fonts to add");
    CHECK(kf_text_font_check(c, "DejaVu Serif", NULL));
    kf_text_context_destroy(c);
}

static void *draw_in_thread(void *arg)
{
    kf_raster *out = arg;
    kf_text_context *own;
    kf_title_params p = kf_title_defaults();
    p.text = "Threads مرحبا";
    p.outline_width = 2;
    if (kf_text_context_create(NULL, &own, NULL)) return NULL;
    for (int i = 0; i < 3; i++) {
        kf_raster_finish(out);
        kf_text_title_render(own, &p, out, NULL, NULL);
    }
    kf_text_context_destroy(own);
    return NULL;
}

TEST(contexts_in_parallel)
{
    pthread_t threads[4];
    kf_raster r[4] = {0};
    for (int i = 0; i < 4; i++) REQUIRE(!kf_thread_start(&threads[i], "title", draw_in_thread, &r[i], NULL));
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK(r[0].frame != NULL);
    for (int i = 1; i < 4; i++) CHECK(rasters_equal(&r[0], &r[i]));
    for (int i = 0; i < 4; i++) kf_raster_finish(&r[i]);
}

TEST(failed_allocations)
{
    kf_title_params p = title("oom");
    p.outline_width = 2;
    p.shadow_color[3] = 1;
    for (uint64_t n = 1; n < 100; n++) {
        kf_raster r;
        kf_error err;
        kf_alloc_fail_from(n);
        kf_status status = kf_text_title_render(context, &p, &r, NULL, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        CHECK((status == KF_OK) == (r.frame != NULL));
        kf_raster_finish(&r);
        if (!status) return;
    }
    CHECK(false);
}

int main(void)
{
    kf_error err;
    if (kf_text_context_create(NULL, &context, &err)) {
        printf("Bail out! %s\n", err.message);
        return 1;
    }
    if (!kf_text_font_check(context, "DejaVu Sans", NULL)) {
        puts("1..0 # SKIP DejaVu Sans is not installed");
        return 0;
    }
    RUN(frame_is_tagged);
    RUN(nothing_visible_gives_no_frame);
    RUN(ink_lies_where_measured);
    RUN(anchors);
    RUN(box_anchor_counts_padding);
    RUN(alignment_of_lines);
    RUN(wrapping_and_ellipsis);
    RUN(spacing);
    RUN(fill_outline_and_box_pixels);
    RUN(shadow_pixels);
    RUN(boxes_of_lines);
    RUN(markup_colours_and_translucency);
    RUN(markup_points_are_pixels);
    RUN(right_to_left_order);
    RUN(arabic_letters_join);
    RUN(emoji_have_colours);
    RUN(missing_font_is_reported);
    RUN(missing_glyphs_are_reported);
    RUN(bad_params_are_refused);
    RUN(size_is_bounded);
    RUN(rendering_is_repeatable);
    RUN(keys);
    RUN(extra_fonts);
    RUN(contexts_in_parallel);
    RUN(failed_allocations);
    kf_text_context_destroy(context);
    return test_end();
}
