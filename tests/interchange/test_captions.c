/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interchange/kit.h"

static const kf_rational none = {0, 0}, pal = {25, 1};

/* Title n of track `track`: its clip; its text, "text|x,y" or "" if there is none. New string. */
static char *title_at(const kit *k, int32_t track, int64_t n, kf_clip_view *clip)
{
    kf_sequence_view s = kit_sequence(k, -1);
    kf_track_view view;
    kf_cursor cursor;
    kf_param_value text = {0}, place = {0};
    *clip = (kf_clip_view){0};
    if (!k->film || !kf_track_get(kf_film_snapshot(k->film), &s, track, &view)) return kf_strdup("");
    kf_cursor_init(&cursor, kf_film_snapshot(k->film), &view);
    while (kf_cursor_next(&cursor) && (!kf_cursor_clip(&cursor, clip) || n-- > 0)) {}
    if (!clip->generator.kind) return kf_strdup("");
    kf_params_get(&clip->generator, kf_kind_field(clip->generator.kind, "text"), &text);
    kf_params_get(&clip->generator, kf_kind_field(clip->generator.kind, "position"), &place);
    char out[400];
    snprintf(out, sizeof out, "%s|%g,%g", text.text ? text.text : "", place.number[0], place.number[1]);
    return kf_strdup(out);
}

static void check_title(const kit *k, int32_t track, int64_t n, int start_ms, int duration_ms, const char *wanted)
{
    kf_clip_view clip;
    char *text = title_at(k, track, n, &clip);
    CHECK_STR(text, wanted);
    CHECK_INT(clip.start, start_ms * (KF_SECOND / 1000));
    CHECK_INT(clip.duration, duration_ms * (KF_SECOND / 1000));
    kf_free(text);
}

static const char srt[] =
    "\xef\xbb\xbf" "1\r\n00:00:01,000 --> 00:00:02,500\r\nHello <i>you</i>\r\nthere\r\n\r\n"
    "2\n00:00:03,000 --> 00:00:04,000\n{\\an8}Top & <font color=\"#ff0000\">red</font>\n\n"
    "3\n00:00:03,500 --> 00:00:05,000\nplain <3\n\n";

TEST(subrip_becomes_titles)
{
    kit k = kit_text("srt", srt, none);
    if (!k.film) printf("# %s\n", k.err.message);
    CHECK_INT(kit_sequence(&k, -1).track_count, 2); /* the third cue overlaps the second */
    CHECK_INT(kit_sequence(&k, -1).width, 1920);
    check_title(&k, 0, 0, 1000, 1500, "Hello <i>you</i>\nthere|960,1020");
    check_title(&k, 0, 1, 3000, 1000, "Top &amp; <span foreground=\"#ff0000\">red</span>|960,60");
    check_title(&k, 1, 0, 3500, 1500, "plain <3|960,1020");
    CHECK_INT(k.report.count, 0);
    kit_finish(&k);
}

TEST(subrip_comes_back)
{
    kit k = kit_text("srt", srt, none);
    kit_trip trip = kit_round(&k, "srt", none);
    CHECK_STR(trip.text.data ? trip.text.data : trip.err.message,
              "1\n00:00:01,000 --> 00:00:02,500\nHello <i>you</i>\nthere\n\n"
              "2\n00:00:03,000 --> 00:00:04,000\n{\\an8}Top & <font color=\"#ff0000\">red</font>\n\n"
              "3\n00:00:03,500 --> 00:00:05,000\nplain <3\n\n");
    CHECK_INT(trip.report.count, 0);
    kit_print_report(&trip.report);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(webvtt_keeps_its_settings)
{
    const char *text = "WEBVTT\n\nNOTE not this\n\nintro\n00:01.000 --> 00:02.000 line:0 align:start\n"
                       "<v Ann>Hi <c.yellow>sun</c> &lt;3\n\n00:02.000 --> 00:03.000\n<b>bold</b>\n";
    kit k = kit_text("vtt", text, none);
    if (!k.film) printf("# %s\n", k.err.message);
    check_title(&k, 0, 0, 1000, 1000, "Hi <span foreground=\"#ffff00\">sun</span> &lt;3|120,60");
    check_title(&k, 0, 1, 2000, 1000, "<b>bold</b>|960,1020");
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "styling")); /* the voice */
    kit_trip trip = kit_round(&k, "vtt", none);
    CHECK_STR(trip.text.data ? trip.text.data : trip.err.message,
              "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0 align:start\nHi <c.yellow>sun</c> &lt;3\n\n"
              "00:00:02.000 --> 00:00:03.000\n<b>bold</b>\n\n");
    kit_trip_finish(&trip);
    kit_finish(&k);
}

static const char ass[] =
    "[Script Info]\nPlayResX: 960\nPlayResY: 540\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
    "OutlineColour, BackColour, Bold, Italic, Outline, Shadow, Alignment, MarginL, MarginR, MarginV\n"
    "Style: Big,Arial,40,&H0000FFFF,&H00000000,&H80000000,-1,0,2,0,8,10,10,20\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Comment: 0,0:00:00.00,0:00:01.00,Big,,0,0,0,,no\n"
    "Dialogue: 0,0:00:02.00,0:00:03.50,Big,Ann,0,0,0,,One, {\\i1}two{\\i0}\\Nthree\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Big,,0,0,0,,{\\pos(100,200)\\fad(1,2)\\c&H0000FF&}at\n";

TEST(ass_scripts_become_titles)
{
    kit k = kit_text("ass", ass, none);
    kf_clip_view clip;
    if (!k.film) printf("# %s\n", k.err.message);
    check_title(&k, 0, 0, 1000, 1000, "<span foreground=\"#ff0000\">at</span>|200,400");
    check_title(&k, 0, 1, 2000, 1500, "One, <i>two</i>\nthree|960,40");
    char *text = title_at(&k, 0, 1, &clip);
    kf_param_value size = {0}, color = {0}, outline = {0}, weight = {0};
    kf_params_get(&clip.generator, kf_kind_field(clip.generator.kind, "size"), &size);
    kf_params_get(&clip.generator, kf_kind_field(clip.generator.kind, "color"), &color);
    kf_params_get(&clip.generator, kf_kind_field(clip.generator.kind, "outline_width"), &outline);
    kf_params_get(&clip.generator, kf_kind_field(clip.generator.kind, "weight"), &weight);
    CHECK_NEAR(size.number[0], 80, 1e-9);
    CHECK_NEAR(outline.number[0], 4, 1e-9);
    CHECK_NEAR(weight.number[0], 700, 0);
    CHECK(color.number[0] == 1 && color.number[1] == 1 && color.number[2] == 0 && color.number[3] == 1);
    CHECK(strstr(clip.metadata, "\"actor\":\"Ann\"") != NULL);
    CHECK(kit_reported(&k, KF_LOSS_CHANGED, "overrides")); /* the fade */
    kf_free(text);
    kit_finish(&k);
}

TEST(ass_comes_back)
{
    kit k = kit_text("ass", ass, none);
    kit_trip trip = kit_round(&k, "ass", none);
    if (!trip.text.data) printf("# %s\n", trip.err.message);
    check_title(&trip.back, 0, 0, 1000, 1000, "<span foreground=\"#ff0000\">at</span>|200,400");
    check_title(&trip.back, 0, 1, 2000, 1500, "One, <i>two</i>\nthree|960,40");
    CHECK(trip.text.data && strstr(trip.text.data, ",Arial,80,&H0000FFFF,") != NULL);
    CHECK_INT(trip.report.count, 0);
    kit_print_report(&trip.report);
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(what_captions_cannot_say_is_reported)
{
    kit k = kit_film("{\"kerf\":1,\"rate\":24,\"size\":[1920,1080],\"assets\":{\"a\":{\"offline\":true}},\"tracks\":[{"
                     "\"clips\":[{\"asset\":\"a\",\"duration\":1},{\"generator\":\"title\",\"duration\":\"25f\",\"params\":"
                     "{\"text\":\"a < b\",\"font\":\"Inter\",\"position\":[960,1000]},\"opacity\":0.5}]},"
                     "{\"kind\":\"audio\",\"clips\":[]}]}");
    if (!k.film) printf("# %s\n", k.err.message);
    kit_trip trip = kit_round(&k, "vtt", none);
    CHECK_STR(trip.text.data ? trip.text.data : trip.err.message,
              "WEBVTT\n\n00:00:01.000 --> 00:00:02.042\na &lt; b\n\n");
    static const char *const said[] = {"nothing but titles", "font, opacity", "no sound", "rounded to milliseconds"};
    for (size_t i = 0; i < 4; i++) {
        bool found = false;
        for (size_t n = 0; n < trip.report.count; n++) found |= strstr(trip.report.losses[n].what, said[i]) != NULL;
        CHECK_MSG(found, "not said: %s", said[i]);
    }
    kit_trip_finish(&trip);
    kit_finish(&k);
}

TEST(frames_of_a_given_rate_are_used)
{
    kit k = kit_text("srt", "1\n00:00:01,000 --> 00:00:01,040\nx\n", pal);
    CHECK_INT(kit_sequence(&k, -1).rate.num, 25);
    CHECK_TRACK(&k, -1, 0, "(title) 25+1 in 0");
    kit_finish(&k);
}

TEST(contents_are_told_apart)
{
    static const struct { const char *text, *name; } rows[] = {
        {"WEBVTT\n", "vtt"}, {"\xef\xbb\xbf[Script Info]\n", "ass"}, {"1\n00:00:01,000 --> 00:00:02,000\nx\n", "srt"},
        {"{\"kerf\":1,\"metadata\":{\"OTIO_SCHEMA\":\"x\"}}", NULL},
        {"{ \"a\": [{}], \"OTIO_SCHEMA\": \"Timeline.1\"}", "otio"}, {"", NULL}, {"12\nhello --> there", "srt"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const kf_interchange *found = kf_interchange_sniff(rows[i].text, strlen(rows[i].text));
        CHECK_STR(found ? found->name : "", rows[i].name ? rows[i].name : "");
    }
}

TEST(errors_name_the_line)
{
    static const struct { const char *format, *text, *says; } rows[] = {
        {"srt", "hello\n", "no subtitle found"}, {"srt", "1\n00:00:02,000 --> 00:00:01,000\nx\n", "test:2"},
        {"vtt", "1\n", "begins with WEBVTT"}, {"ass", "[Script Info]\n", "no dialogue line"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        kit k = kit_text(rows[i].format, rows[i].text, none);
        CHECK_INT(k.err.status, KF_ERR_PARSE);
        CHECK_MSG(strstr(k.err.message, rows[i].says), "\"%s\"", k.err.message);
        kit_finish(&k);
    }
}

TEST(allocation_failures_are_reported)
{
    static const char *const names[] = {"srt", "vtt", "ass"};
    const char *texts[] = {srt, "WEBVTT\n\n00:01.000 --> 00:02.000 line:0\n<i>x</i>\n", ass};
    for (size_t f = 0; f < 3; f++) {
        kf_import_params params = {texts[f], strlen(texts[f]), "test", none};
        for (uint64_t n = 1; n < 2000; n++) {
            kf_str film = {0};
            kf_report report = {0};
            kf_error err = {0};
            kf_alloc_fail_from(n);
            kf_status status = kf_interchange_find(names[f])->import(&params, &film, &report, &err);
            bool reached = kf_alloc_count() >= n;
            kf_alloc_fail_from(0);
            CHECK_MSG(status == KF_OK || status == KF_ERR_MEMORY, "%s: %d", names[f], status);
            CHECK(reached || status == KF_OK);
            kf_str_finish(&film);
            kf_report_finish(&report);
            if (!reached) break;
        }
    }
}

int main(void)
{
    RUN(subrip_becomes_titles);
    RUN(subrip_comes_back);
    RUN(webvtt_keeps_its_settings);
    RUN(ass_scripts_become_titles);
    RUN(ass_comes_back);
    RUN(what_captions_cannot_say_is_reported);
    RUN(frames_of_a_given_rate_are_used);
    RUN(contents_are_told_apart);
    RUN(errors_name_the_line);
    RUN(allocation_failures_are_reported);
    return test_end();
}
