/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every form of interchange promises of any bytes: its import gives a film, or a message; its export gives text, or
 * a message. */
#ifndef KF_FUZZ_INTERCHANGE_H
#define KF_FUZZ_INTERCHANGE_H

#include "fuzz.h"
#include "interchange/api/interchange.h"

/* Whether the model may still refuse what an import wrote: forms that carry the model's own values as they stand. */
static inline bool fuzz_may_refuse(const char *form)
{
    return strcmp(form, "edl") && strcmp(form, "xmeml") && strcmp(form, "fcpxml");
}

/* The film that the bytes describe; NULL when they are refused. */
static inline kf_film *fuzz_import(const char *form, const char *bytes, size_t length)
{
    kf_import_params params = {bytes, length, "fuzz", {0, 0}};
    kf_str json = {0};
    kf_report report = {0};
    kf_error err = {0};
    kf_film *film = NULL;
    kf_status status = kf_interchange_find(form)->import(&params, &json, &report, &err);
    FUZZ_REQUIRE(status == KF_OK ? err.status == KF_OK : err.message[0] && err.status == status);
    if (status == KF_OK) {
        status = kf_film_load_json(json.data, json.length, NULL, &film, &err);
        bool good = status == KF_OK || (fuzz_may_refuse(form) && status != KF_ERR_PARSE && err.message[0]);
        if (!good) fprintf(stderr, "%s\n%.*s\n%s\n", err.message, (int)length, bytes, json.data);
        FUZZ_REQUIRE(good);
    }
    kf_report_finish(&report);
    kf_str_finish(&json);
    return film;
}

/* Writes the film to *text; false when the form refuses it. */
static inline bool fuzz_export(const char *form, const kf_film *film, kf_str *text)
{
    kf_export_params params = {-1, "fuzz"};
    kf_report report = {0};
    kf_error err = {0};
    kf_status status = kf_interchange_find(form)->export(kf_film_snapshot(film), &params, text, &report, &err);
    FUZZ_REQUIRE(status == KF_OK || (err.message[0] && err.status == status));
    kf_report_finish(&report);
    return status == KF_OK;
}

/* What is read can be written, and is read again. */
static inline void fuzz_round_trip(const char *form, const char *bytes, size_t length)
{
    kf_str text = {0};
    kf_film *film = fuzz_import(form, bytes, length);
    if (film) {
        FUZZ_REQUIRE(fuzz_export(form, film, &text));
        kf_film *again = fuzz_import(form, text.data, text.length);
        FUZZ_REQUIRE(again != NULL);
        kf_film_destroy(again);
    }
    kf_film_destroy(film);
    kf_str_finish(&text);
}

#endif
