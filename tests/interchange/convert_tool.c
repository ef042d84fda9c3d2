/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* convert_tool FROM TO < in > out: one form into another ("json" is the film's own); losses go to stderr. */
#include <stdio.h>
#include <string.h>

#include "interchange/api/interchange.h"

static void read_all(kf_str *text)
{
    char buffer[65536];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
        kf_str_add_n(text, buffer, got);
    }
    kf_str_add(text, "");
}

/* All media are 100 s of 1920x1080 pictures at 24 fps. */
static kf_status facts(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    *out = (kf_media_facts){.video = true, .audio = true, .width = 1920, .height = 1080, .rate = {24, 1},
                            .duration = 100 * KF_SECOND};
    return KF_OK;
}

static kf_status convert(const char *from, const char *to, const kf_str *in, kf_str *out, kf_report *report,
                         kf_error *err)
{
    kf_str json = {0};
    kf_film *film = NULL;
    kf_import_params params = {in->data, in->length, "in", {0, 0}};
    kf_export_params target = {-1, "out"};
    kf_film_load load = {.name = "film", .media = facts};
    bool plain = strcmp(from, "json") == 0;
    kf_status status = plain ? KF_OK : kf_interchange_find(from)->import(&params, &json, report, err);
    const kf_str *text = plain ? in : &json;
    if (status == KF_OK) {
        status = kf_film_load_json(text->data, text->length, &load, &film, err);
    }
    if (status == KF_OK && strcmp(to, "json") == 0) {
        status = kf_film_write_json(kf_film_snapshot(film), out, err);
    } else if (status == KF_OK) {
        status = kf_interchange_find(to)->export(kf_film_snapshot(film), &target, out, report, err);
    }
    kf_film_destroy(film);
    kf_str_finish(&json);
    return status;
}

int main(int argc, char **argv)
{
    kf_str in = {0}, out = {0};
    kf_report report = {0};
    kf_error err = {0};
    if (argc != 3) {
        return 2;
    }
    read_all(&in);
    kf_status status = convert(argv[1], argv[2], &in, &out, &report, &err);
    fwrite(out.data ? out.data : "", 1, out.length, stdout);
    for (size_t i = 0; i < report.count; i++) {
        fprintf(stderr, "%s: %s: %s\n", kf_loss_kind_name(report.losses[i].kind), report.losses[i].where,
                report.losses[i].what);
    }
    if (status != KF_OK) {
        fprintf(stderr, "error: %s\n", err.message);
    }
    kf_str_finish(&in);
    kf_str_finish(&out);
    kf_report_finish(&report);
    return status == KF_OK ? 0 : 1;
}
