/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edit decision lists: whatever the bytes, an import gives a film that loads, or a message; the film can be written. */
#include "base/api/alloc.h"
#include "fuzz.h"
#include "interchange/api/interchange.h"

static void fuzz_one(const char *bytes, size_t length)
{
    const kf_interchange *edl = kf_interchange_find("edl");
    kf_import_params params = {bytes, length, "fuzz", {0, 0}};
    kf_export_params to = {-1, "fuzz"};
    kf_str json = {0}, text = {0};
    kf_report report = {0};
    kf_error err = {0};
    kf_film *film = NULL;
    edl->sniff(bytes, length);
    kf_status status = edl->import(&params, &json, &report, &err);
    FUZZ_REQUIRE(status == KF_OK || (err.message[0] && err.status == status));
    if (status == KF_OK) {
        status = kf_film_load_json(json.data, json.length, NULL, &film, &err);
        if (status) fprintf(stderr, "%s\n%s\n", err.message, json.data);
        FUZZ_REQUIRE(status == KF_OK);
        status = edl->export(kf_film_snapshot(film), &to, &text, &report, &err);
        FUZZ_REQUIRE(status == KF_OK || err.message[0]);
    }
    kf_film_destroy(film);
    kf_report_finish(&report);
    kf_str_finish(&json);
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
