/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captions in their three forms: what is read can be written in each form, and is read again. */
#include "interchange.h"

static const char *const forms[] = {"srt", "vtt", "ass"};

static void write_form(const kf_film *film, const char *form)
{
    kf_str text = {0};
    if (fuzz_export(form, film, &text)) {
        kf_film_destroy(fuzz_import(form, text.data, text.length));
    }
    kf_str_finish(&text);
}

static void fuzz_one(const char *bytes, size_t length)
{
    for (int i = 0; i < 3; i++) {
        kf_film *film = fuzz_import(forms[i], bytes, length);
        for (int k = 0; film && k < 3; k++) {
            write_form(film, forms[k]);
        }
        kf_film_destroy(film);
    }
}

static const char *const corpus[] = {
    "1\n00:00:01,000 --> 00:00:02,500\nHello <i>you</i>\n\n2\n00:00:02,000 --> 00:00:04,000\n{\\an8}Top "
    "<font color=\"#ff0000\">red</font>\n",
    "WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 line:10% align:end\n<v Ann>Hi <c.yellow>sun</c> &lt;3\n",
    "[Script Info]\nPlayResX: 960\nPlayResY: 540\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Bold, "
    "Outline, Shadow, Alignment, MarginV\nStyle: Big,Arial,40,&H0000FFFF,-1,2,1,8,20\n[Events]\nFormat: Layer, Start, "
    "End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:02.00,0:00:03.50,Big,Ann,0,0,0,,One, "
    "{\\i1\\c&HFF&}two{\\i0\\pos(1,2)}\\Nthree\n",
    NULL};
static const char *const dictionary[] = {"-->", "{\\an5}", "{\\p1}", "{\\r}", "</i>", "<b>", "<font color=", "&amp;", "\\N",
                                         "\n\n", "Dialogue: ", "Format: ", "Style: ", ",", "9999:59:59.999", NULL};
FUZZ_MAIN(corpus, dictionary)
