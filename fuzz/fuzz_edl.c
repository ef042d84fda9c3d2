/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edit decision lists. */
#include "interchange.h"

static void fuzz_one(const char *bytes, size_t length)
{
    kf_str text = {0};
    kf_interchange_sniff(bytes, length);
    kf_film *film = fuzz_import("edl", bytes, length);
    if (film) {
        fuzz_export("edl", film, &text);
    }
    kf_film_destroy(film);
    kf_str_finish(&text);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "TITLE: t\nFCM: NON-DROP FRAME\n001  A        V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
    "* FROM CLIP NAME: a\n* LOC: 01:00:01:00 RED   x\n"
    "002  A        V     C        00:00:02:00 00:00:02:00 01:00:02:00 01:00:02:00\n"
    "002  B        V     D    010 00:00:00:00 00:00:02:00 01:00:02:00 01:00:04:00\nM2   B  047.6  00:00:00:00\n"
    "* TO CLIP NAME: b\n003  BL V C 00:00:00:00 00:00:00:00 01:00:04:00 01:00:04:00\n"
    "003  C AA/V W002 005 00:00:00:00 00:00:02:00 01:00:04:00 01:00:06:00\n",
    "TITLE: t\nFCM: DROP FRAME\n001  A B C:00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
    "001 A V K B 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n"
    "001 B V K 010 00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\n* ASC_SOP (1 1 1)(0 0 0)(1 1 1)\n* ASC_SAT 0.5\n",
    "001 A A2 C 00:00:00;00 00:00:02;00 01:00:00;00 01:00:02;00\nM2 A -024.0 00:00:00:00\nAUD 3 4\n",
    "",
    NULL,
};
static const char *const dictionary[] = {"001",
                                         "002",
                                         "A",
                                         "AA/V",
                                         "NONE",
                                         "B",
                                         "V",
                                         "C",
                                         "D",
                                         "K B",
                                         "K O",
                                         "W001",
                                         "010",
                                         "00:00:00:00",
                                         "00:00:02:00",
                                         "23:59:59:23",
                                         "00:01:00;00",
                                         "99:59:59:99",
                                         "M2   A  -000.1  00:00:00:00\n",
                                         "FCM: DROP FRAME\n",
                                         "BL",
                                         "\n",
                                         "\r",
                                         "* LOC: ",
                                         "* ASC_SOP ",
                                         "* FROM CLIP NAME: ",
                                         "\xff",
                                         "\xef\xbb\xbf",
                                         NULL};

FUZZ_MAIN(corpus, dictionary)
#else
FUZZ_MAIN(, )
#endif
