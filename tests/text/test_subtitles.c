/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pixels.h"

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"

static kf_text_context *context;

static kf_time ms(int64_t v) { return v * (KF_SECOND / 1000); }

static kf_subtitles *parse_as(const char *text, const char *name, kf_subtitle_kind kind)
{
    kf_subtitles *s;
    kf_error err = {0};
    kf_status status = kf_subtitles_parse(context, text, strlen(text), name, kind, &s, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    return s;
}

static kf_subtitles *parse(const char *text)
{
    return parse_as(text, "test", KF_SUBTITLES_AUTO);
}

static void refused(const char *bytes, size_t length, kf_status expected, const char *part)
{
    kf_subtitles *s;
    kf_error err = {0};
    CHECK_INT(kf_subtitles_parse(context, bytes, length, "bad.srt", KF_SUBTITLES_AUTO, &s, &err), expected);
    CHECK_MSG(strstr(err.message, part), "\"%s\" lacks \"%s\"", err.message, part);
    CHECK(s == NULL);
}

static void check_event(const kf_subtitles *s, int i, int64_t start, int64_t end, const char *text)
{
    const kf_subtitle_event *e = kf_subtitles_event_at(s, i);
    REQUIRE(e != NULL);
    CHECK_INT(e->start, ms(start));
    CHECK_INT(e->end, ms(end));
    CHECK_STR(e->text, text);
}

static kf_raster draw(kf_subtitles *s, int64_t at_ms, const kf_subtitle_style *style)
{
    kf_raster r = {0};
    kf_error err = {0};
    kf_subtitles_view view = {ms(at_ms), 640, 360, style};
    kf_status status = kf_subtitles_render(s, &view, &r, NULL, &err);
    CHECK_MSG(status == KF_OK, "%s", err.message);
    CHECK(!r.frame || is_premultiplied(&r));
    CHECK(!r.frame || is_tight(&r));
    return r;
}

static bool shows(kf_subtitles *s, int64_t at_ms)
{
    kf_raster r = draw(s, at_ms, NULL);
    bool any = r.frame != NULL;
    kf_raster_finish(&r);
    return any;
}

static kf_subtitle_style pango_style(void)
{
    kf_subtitle_style style = kf_subtitle_style_defaults();
    style.engine = KF_SUBTITLE_ENGINE_PANGO;
    return style;
}

/* ---- Parsing ---- */

TEST(srt)
{
    kf_subtitles *s = parse(
        "1\n00:00:01,000 --> 00:00:02,500\nHello <i>there</i>\nline 2\n\n2\n01:02:03,456 --> 01:02:04,000\nLast\n");
    REQUIRE(s);
    CHECK_INT(kf_subtitles_kind(s), KF_SUBTITLES_SRT);
    CHECK_INT(kf_subtitles_count(s), 2);
    check_event(s, 0, 1000, 2500, "Hello there\nline 2");
    check_event(s, 1, 3723456, 3724000, "Last");
    CHECK_INT(kf_subtitles_event_at(s, 1)->line, 7);
    CHECK(kf_subtitles_event_at(s, 2) == NULL);
    CHECK_INT(kf_subtitles_skipped(s, NULL), 0);
    kf_subtitles_destroy(s);
}

TEST(srt_as_found_in_the_wild)
{
    /* BOM, CRLF, no numbers, no blank lines between, dots, short times, coordinates, blank line inside a cue, no line
     * end */
    kf_subtitles *s = parse(
        "\xef\xbb\xbf\r\n\r\n00:00:05.5 --> 00:00:06,75 X1:1 X2:2\r\nB <font color=\"#FF0000\">red</font> & <x>\r\n"
        "7\r\n00:01 --> 0:00:02,000\r\nA\r\n\r\nstill A\r\n\r\n9\r\n00:00:09,000-->00:00:10,000\r\n{\\an8}C --> {D}");
    REQUIRE(s);
    CHECK_INT(kf_subtitles_count(s), 3);
    check_event(s, 0, 1000, 2000, "A\nstill A");
    check_event(s, 1, 5500, 6750, "B red & <x>");
    check_event(s, 2, 9000, 10000, "C --> {D}");
    kf_subtitles_destroy(s);
    s = parse("1\r00:00:01,000 --> 00:00:02,000\rold Mac\r");
    REQUIRE(s);
    check_event(s, 0, 1000, 2000, "old Mac");
    kf_subtitles_destroy(s);
}

TEST(utf16)
{
    static const char text[] = "\xff\xfe""1\0\n\0""0\0""0\0:\0""0\0""1\0-\0-\0>\0""0\0:\0""2\0\n\0\xe9\0\n\0";
    kf_subtitles *s;
    REQUIRE(!kf_subtitles_parse(context, text, sizeof text - 1, "u16", KF_SUBTITLES_AUTO, &s, NULL));
    check_event(s, 0, 1000, 2000, "\xc3\xa9");
    kf_subtitles_destroy(s);
}

TEST(unreadable_cues_are_counted)
{
    int line = 0;
    kf_subtitles *s = parse("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:0x,000 --> 00:00:04,000\nlost\n\n"
        "3\n00:00:05,000 --> 00:00:04,000\nbackwards\n\n4\n00:00:06,000 --> 00:00:07,000\nB\n");
    REQUIRE(s);
    CHECK_INT(kf_subtitles_count(s), 2);
    check_event(s, 0, 1000, 2000, "A");
    check_event(s, 1, 6000, 7000, "B");
    CHECK_INT(kf_subtitles_skipped(s, &line), 2);
    CHECK_INT(line, 6);
    kf_subtitles_destroy(s);
}

TEST(bad_files_are_refused)
{
    refused("", 0, KF_ERR_PARSE, "bad.srt:1: no subtitle found");
    refused("just text\nmore\n", 15, KF_ERR_PARSE, "no subtitle found");
    refused("1\n00:00:01,000 --> 00:61:02,000\nx\n", 34, KF_ERR_PARSE, "bad.srt:2: the end time cannot be read");
    refused("1\n00:00:03,000 --> 00:00:02,000\nx\n", 34, KF_ERR_PARSE, "bad.srt:2: the end is not after the start");
    refused("caf\xe9 --> \n", 10, KF_ERR_PARSE, "not UTF-8");
    refused("a\0b", 3, KF_ERR_PARSE, "zero bytes");
    kf_subtitles *s;
    kf_error err;
    CHECK_INT(kf_subtitles_load(context, "/nonexistent.srt", KF_SUBTITLES_AUTO, &s, &err), KF_ERR_NOT_FOUND);
    CHECK(strstr(err.message, "/nonexistent.srt"));
    CHECK_INT(kf_subtitles_parse(context, "x", 1, "x.vtt", KF_SUBTITLES_VTT, &s, &err), KF_ERR_PARSE);
    CHECK(strstr(err.message, "x.vtt:1: a WebVTT file begins with WEBVTT"));
}

TEST(vtt)
{
    kf_subtitles *s = parse("WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE a comment\n00:00 --> "
                            "00:01\n\nintro\n00:01.000 --> 00:02.000 "
                            "line:0 position:20% align:start\n<v Fred>Hi &amp; <c.yellow>bye</c> &lt;3 "
                            "<00:00:01.500>&nbsp;x\n\n1:00:00.000 --> 1:00:01.000\nend\n");
    REQUIRE(s);
    CHECK_INT(kf_subtitles_kind(s), KF_SUBTITLES_VTT);
    CHECK_INT(kf_subtitles_count(s), 2);
    check_event(s, 0, 1000, 2000, "Hi & bye <3 \xc2\xa0x");
    check_event(s, 1, 3600000, 3601000, "end");
    kf_subtitle_style style = pango_style();
    for (int engine = 0; engine < 2; engine++) {
        style.engine = (kf_subtitle_engine)engine;
        kf_raster r = draw(s, 1500, &style);
        REQUIRE(r.frame);
        CHECK_MSG(r.y < 30 && abs(r.x - 128) < 8, "engine %d: %d %d", engine, r.x, r.y); /* line 0 at 20 % of 640 */
        kf_raster_finish(&r);
    }
    kf_subtitles_destroy(s);
    s = parse("WEBVTT\n");
    REQUIRE(s);
    CHECK_INT(kf_subtitles_count(s), 0);
    CHECK(kf_subtitles_change_key(s, 0) == 0);
    CHECK(!shows(s, 0));
    kf_subtitles_destroy(s);
}

static const char ass_script[] =
    "[Script Info]\nScriptType: v4.00+\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, "
    "ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    "Style: Default,Sans,30,&H00FFFFFF,&H0,&H00000000,&H0,0,0,0,0,100,100,0,0,1,2,0,2,10,10,10,1\n"
    "Style: Odd,No Such Family,30,&H00FFFFFF,&H0,&H00000000,&H0,0,0,0,0,100,100,0,0,1,2,0,2,10,10,10,1\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\fad(200,200)}fading\\Nin\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}plain{\\i0}{\\p1}m 0 0 l 9 9{\\p0} text\n"
    "Dialogue: 0,0:00:07.00,0:00:07.50,Default,,0,0,0,,{\\an7\\pos(100,100)\\bord0\\1c&H0000FF&\\p1}m 0 0 l 50 0 50 50 "
    "0 50{\\p0}\n";

static kf_subtitles *parse_ass(const char *text)
{
    kf_subtitles *s = NULL;
    kf_error err = {0};
    kf_status status = kf_subtitles_parse(context, text, strlen(text), "t.ass", KF_SUBTITLES_AUTO, &s, &err);
    if (status == KF_ERR_UNSUPPORTED) {
        CHECK(strstr(err.message, "t.ass: this build has no libass"));
        test_skip_reason = "built without libass";
    } else {
        CHECK_MSG(!status, "%s", err.message);
    }
    return s;
}

TEST(ass)
{
    kf_subtitles *s = parse_ass(ass_script);
    if (!s) return;
    CHECK_INT(kf_subtitles_kind(s), KF_SUBTITLES_ASS);
    CHECK_INT(kf_subtitles_count(s), 3);
    check_event(s, 0, 1000, 2000, "plain text");
    check_event(s, 1, 5000, 6000, "fading\nin");
    CHECK(!shows(s, 999));
    CHECK(shows(s, 1000));
    CHECK(shows(s, 1999));
    CHECK(!shows(s, 2000));
    CHECK(kf_subtitles_change_key(s, ms(1000)) == kf_subtitles_change_key(s, ms(1999)));
    CHECK(kf_subtitles_change_key(s, ms(5100)) != kf_subtitles_change_key(s, ms(5101))); /* fading */
    CHECK(kf_subtitles_change_key(s, ms(5500)) != 0);
    kf_raster r = draw(s, 7200, NULL); /* a red square of 50 px at 100, 100 */
    REQUIRE(r.frame);
    CHECK_NEAR(r.x, 100, 1);
    CHECK_NEAR(raster_bottom(&r), 150, 1);
    CHECK(pixel_is(pixel_at(&r, 125, 125), 255, 0, 0, 255));
    kf_raster_finish(&r);
    kf_text_report report;
    kf_subtitles_view view = {ms(1500), 640, 360, NULL};
    CHECK(!kf_subtitles_render(s, &view, &r, &report, NULL));
    CHECK_INT(report.missing_font_count, 1);
    CHECK_STR(report.missing_fonts[0].wanted, "No Such Family");
    kf_raster_finish(&r);
    kf_subtitles_destroy(s);
    CHECK_INT(kf_subtitles_parse(context, "[Script Info]\n", 14, "t.ass", KF_SUBTITLES_AUTO, &s, NULL), KF_ERR_PARSE);
}

TEST(hostile_ass)
{
    kf_str text = {0};
    kf_str_add_n(&text, ass_script, strstr(ass_script, "Dialogue") - ass_script);
    kf_str_add(
        &text,
        "Dialogue: "
        "0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\fs99999\\bord9999\\blur999\\fscx99999\\pos(-99999,1e30)}XXXX\n"
        "Dialogue: "
        "0,0:00:03.00,0:00:04.00,Nope,,-9999999,99999999,-1,Banner;0;0;0,{\\t(0,1,\\frx1e20\\fax1e9)\\org(1e30,nan)"
        "\\p99999}m 0 0 l 1e9 1e9 -1e9 5\n"
        "Dialogue: 0,9:99:99.99,-1:00:00.00,,,,,,,{\\pos(320,180)\\clip(m 0 0 l 9 9)}{{{}}}\\\\N{\\\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\pos(630,350)\\fs200}clipped at the edge\n");
    kf_subtitles *s = parse_ass(text.data);
    kf_str_finish(&text);
    if (!s) return;
    for (int t = 0; t < 7000; t += 500) {
        kf_raster r = draw(s, t, NULL);
        CHECK(!r.frame || (r.x >= 0 && r.y >= 0 && raster_right(&r) <= 640 && raster_bottom(&r) <= 360));
        kf_raster_finish(&r);
    }
    CHECK(shows(s, 5500));
    kf_subtitles_destroy(s);
}

/* ---- Drawing ---- */

TEST(shown_from_start_to_before_end)
{
    for (int engine = 0; engine < 2; engine++) {
        kf_subtitles *s = parse("00:00:01,001 --> 00:00:02,000\nHello\n\n00:00:02,000 --> 00:00:03,000\nnext\n");
        kf_subtitle_style style = pango_style();
        style.engine = (kf_subtitle_engine)engine;
        REQUIRE(s);
        const struct {
            kf_time t;
            bool ink;
        } cases[] = {{ms(0), false},     {ms(1001) - 1, false}, {ms(1001), true},  {ms(2000) - 1, true},
                     {ms(2000), true},   {ms(3000) - 1, true},  {ms(3000), false}, {-ms(1), false},
                     {INT64_MAX, false}, {KF_TIME_NONE, false}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            kf_raster r = {0};
            kf_subtitles_view view = {cases[i].t, 640, 360, &style};
            CHECK(!kf_subtitles_render(s, &view, &r, NULL, NULL));
            CHECK_MSG((r.frame != NULL) == cases[i].ink, "engine %d case %zu", engine, i);
            CHECK((kf_subtitles_change_key(s, cases[i].t) != 0) == cases[i].ink);
            kf_raster_finish(&r);
        }
        CHECK(kf_subtitles_change_key(s, ms(1001)) == kf_subtitles_change_key(s, ms(1999)));
        CHECK(kf_subtitles_change_key(s, ms(1999)) != kf_subtitles_change_key(s, ms(2000)));
        kf_subtitles_destroy(s);
    }
}

TEST(places_and_looks)
{
    for (int engine = 0; engine < 2; engine++) {
        kf_subtitles *s = parse("00:00:01,000 --> 00:00:02,000\nmmm\n\n00:00:03,000 --> 00:00:04,000\n{\\an7}<font "
                                "color=\"#ff0000\">mmm</font>\n");
        kf_subtitle_style style = pango_style();
        style.engine = (kf_subtitle_engine)engine;
        REQUIRE(s);
        kf_raster r = draw(s, 1500, &style);
        REQUIRE(r.frame);
        CHECK_NEAR((r.x + raster_right(&r)) / 2.0, 320, 2); /* centred at the bottom, 20 px of margin */
        CHECK_MSG(raster_bottom(&r) > 320 && raster_bottom(&r) <= 342, "engine %d: %d", engine, raster_bottom(&r));
        kf_raster_finish(&r);
        r = draw(s, 3500, &style);
        REQUIRE(r.frame);
        CHECK_MSG(r.y >= 18 && r.y < 50 && abs(r.x - 40) < 6, "engine %d: %d %d", engine, r.x,
                  r.y); /* top left, 40 px of margin */
        CHECK(isfinite(color_centre(&r, 2)));
        kf_raster_finish(&r);
        style.place = KF_ANCHOR_TOP;
        style.box = true;
        style.box_color[2] = 1, style.box_color[3] = 1;
        style.outline_width = 0;
        r = draw(s, 1500, &style);
        REQUIRE(r.frame);
        CHECK(r.y < 30);
        CHECK(pixel_is(pixel_at(&r, r.x + 4, (r.y + raster_bottom(&r)) / 2), 0, 0, 255, 255));
        kf_raster_finish(&r);
        kf_subtitles_destroy(s);
    }
}

/* Whatever was drawn before, the picture of a time is the same; equal keys mean equal pictures. */
static void check_order(kf_subtitles *s, const kf_subtitle_style *style)
{
    enum { N = 20 };
    kf_raster forward[N];
    for (int i = 0; i < N; i++) forward[i] = draw(s, i * 500 + 100, style);
    for (int k = 0, i = 7; k < 2 * N; k++, i = (i * 13 + 5) % N) {
        kf_raster again = draw(s, i * 500 + 100, style);
        CHECK_MSG(rasters_equal(&again, &forward[i]), "at %d ms", i * 500 + 100);
        kf_raster_finish(&again);
    }
    for (int i = 0; i < N; i++) {
        for (int j = i + 1; j < N; j++) {
            bool same = kf_subtitles_change_key(s, ms(i * 500 + 100)) == kf_subtitles_change_key(s, ms(j * 500 + 100));
            CHECK(!same || rasters_equal(&forward[i], &forward[j]));
        }
    }
    for (int i = 0; i < N; i++) kf_raster_finish(&forward[i]);
}

TEST(order_of_drawing_does_not_matter)
{
    static const char text[] =
        "00:00:01,000 --> 00:00:03,000\nfirst\n\n00:00:02,000 --> 00:00:08,000\nsecond one\nof two lines\n\n"
        "00:00:02,500 --> 00:00:05,000\nthird\n\n00:00:04,000 --> 00:00:09,000\nfourth\n\n00:00:06,000 --> "
        "00:00:07,000\nfifth\n";
    for (int engine = 0; engine < 2; engine++) {
        kf_subtitles *s = parse(text);
        kf_subtitle_style style = pango_style();
        style.engine = (kf_subtitle_engine)engine;
        REQUIRE(s);
        check_order(s, &style);
        kf_subtitles_destroy(s);
    }
}

TEST(colour_emoji_in_srt)
{
    if (!kf_text_font_check(context, "Noto Color Emoji", NULL)) SKIP("no colour emoji font");
    kf_subtitles *s = parse("00:00:01,000 --> 00:00:02,000\n\xf0\x9f\x98\x80\n");
    kf_subtitle_style style = pango_style();
    REQUIRE(s);
    kf_raster r = draw(s, 1500, &style);
    REQUIRE(r.frame);
    pixel p = pixel_at(&r, 320, (r.y + raster_bottom(&r)) / 2);
    CHECK_MSG(p.a == 255 && p.r > p.b + 40, "%d %d %d %d", p.r, p.g, p.b, p.a);
    kf_raster_finish(&r);
    kf_subtitles_destroy(s);
}

TEST(bad_views_and_styles_are_refused)
{
    kf_subtitles *s = parse("00:00:01,000 --> 00:00:02,000\nx\n");
    kf_raster r;
    kf_error err;
    REQUIRE(s);
    kf_subtitles_view view = {ms(1500), 0, 360, NULL};
    CHECK_INT(kf_subtitles_render(s, &view, &r, NULL, &err), KF_ERR_INVALID);
    view.width = 20000;
    CHECK_INT(kf_subtitles_render(s, &view, &r, NULL, &err), KF_ERR_INVALID);
    CHECK(strstr(err.message, "picture width is 20000"));
    kf_subtitle_style style = kf_subtitle_style_defaults(), other = style;
    style.size = NAN;
    view = (kf_subtitles_view){ms(1500), 640, 360, &style};
    CHECK_INT(kf_subtitles_render(s, &view, &r, NULL, &err), KF_ERR_INVALID);
    other.margin_v = 61;
    style = kf_subtitle_style_defaults();
    CHECK(kf_subtitle_style_key(&style) != kf_subtitle_style_key(&other));
    view = (kf_subtitles_view){ms(1500), 1, 1, NULL};
    CHECK_INT(kf_subtitles_render(s, &view, &r, NULL, &err), KF_OK);
    kf_raster_finish(&r);
    kf_subtitles_destroy(s);
}

TEST(many_cues_at_once)
{
    kf_str text = {0};
    for (int i = 0; i < 5000; i++)
        kf_str_addf(&text, "00:00:%02d,%03d --> 01:00:00,000\n<b>cue %d\n\n", i / 1000, i % 1000, i);
    kf_subtitles *s = parse(text.data);
    kf_str_finish(&text);
    REQUIRE(s);
    CHECK_INT(kf_subtitles_count(s), 5000);
    kf_subtitle_style style = pango_style();
    kf_raster r = draw(s, 10000, &style);
    CHECK(r.frame != NULL);
    kf_raster_finish(&r);
    kf_subtitles_destroy(s);
}

TEST(failed_allocations)
{
    static const char text[] = "00:00:01,000 --> 00:00:02,000\n<b>x\n\n00:00:01,000 --> 00:00:02,000\ny\n";
    kf_subtitle_style style = pango_style();
    for (uint64_t n = 1; n < 200; n++) {
        kf_subtitles *s;
        kf_raster r = {0};
        kf_subtitles_view view = {ms(1500), 640, 360, &style};
        kf_alloc_fail_from(n);
        kf_status status = kf_subtitles_parse(context, text, sizeof text - 1, "oom", KF_SUBTITLES_AUTO, &s, NULL);
        if (!status) status = kf_subtitles_render(s, &view, &r, NULL, NULL);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        CHECK((status == KF_OK) == (r.frame != NULL));
        kf_raster_finish(&r);
        kf_subtitles_destroy(s);
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
    RUN(srt);
    RUN(srt_as_found_in_the_wild);
    RUN(utf16);
    RUN(unreadable_cues_are_counted);
    RUN(bad_files_are_refused);
    RUN(vtt);
    RUN(ass);
    RUN(hostile_ass);
    RUN(shown_from_start_to_before_end);
    RUN(places_and_looks);
    RUN(order_of_drawing_does_not_matter);
    RUN(colour_emoji_in_srt);
    RUN(bad_views_and_styles_are_refused);
    RUN(many_cues_at_once);
    RUN(failed_allocations);
    kf_text_context_destroy(context);
    return test_end();
}
