/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SRT, WebVTT and ASS: whatever the bytes, reading gives subtitles that can be drawn at any time, or a message. */
#include "fuzz.h"
#include "text/api/text.h"

static kf_text_context *fonts(void)
{
    static kf_text_context *context;
    if (!context) FUZZ_REQUIRE(kf_text_context_create(NULL, &context, NULL) == KF_OK);
    return context;
}

static void draw(kf_subtitles *subtitles, kf_time t)
{
    kf_subtitles_view view = {.t = t, .width = 160, .height = 90};
    kf_raster raster = {0};
    kf_error err = {0};
    uint64_t key = kf_subtitles_change_key(subtitles, t);
    kf_status status = kf_subtitles_render(subtitles, &view, &raster, NULL, &err);
    FUZZ_REQUIRE(status == KF_OK || err.message[0]);
    FUZZ_REQUIRE(key != 0 || !raster.frame);
    kf_raster_finish(&raster);
}

static void fuzz_one(const char *bytes, size_t length)
{
    kf_subtitles *subtitles = NULL;
    kf_error err = {0};
    kf_status status = kf_subtitles_parse(fonts(), bytes, length, "fuzz", KF_SUBTITLES_AUTO, &subtitles, &err);
    FUZZ_REQUIRE((status == KF_OK) == (subtitles != NULL));
    FUZZ_REQUIRE(status == KF_OK || (err.message[0] && err.status == status));
    if (!subtitles) return;
    for (int i = 0; i < kf_subtitles_count(subtitles) && i < 4; i++) {
        const kf_subtitle_event *e = kf_subtitles_event_at(subtitles, i);
        FUZZ_REQUIRE(e && e->text && e->start <= e->end);
        draw(subtitles, e->start);
    }
    draw(subtitles, -1);
    draw(subtitles, KF_SECOND);
    kf_subtitles_destroy(subtitles);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "1\n00:00:01,000 --> 00:00:02,500\nHello <i>there</i>\n\n2\n00:00:03,000 --> 00:00:04,000 X1:1\n<font "
    "color=\"#ff0000\">red</font>\n",
    "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nid\n00:01.000 --> 00:02.000 align:left line:10%\n<v Bob>Hi &amp; bye\n",
    "[Script Info]\nPlayResX: 160\nPlayResY: 90\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: "
    "D,Sans,10\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:02.00,D,{\\b1\\pos(10,10)\\blur4}Hi\\Nthere\n",
    "",
    NULL,
};
static const char *const dictionary[] = {"-->",
                                         "00:00:01,000",
                                         "99:59:59,999",
                                         "WEBVTT",
                                         "NOTE",
                                         "REGION",
                                         "<b>",
                                         "</b>",
                                         "<c.x>",
                                         "&lt;",
                                         "{\\p1}m 0 0 l 9 9",
                                         "{\\t(0,100,\\fs200)}",
                                         "{\\clip(1,m 0 0)}",
                                         "Dialogue:",
                                         "Style:",
                                         "PlayResX: 1000000",
                                         "\xff\xfe",
                                         "\xef\xbb\xbf",
                                         "\xd7\xa9",
                                         "\n\n",
                                         "\r",
                                         NULL};

FUZZ_MAIN(corpus, dictionary)
#else
FUZZ_MAIN(, )
#endif
