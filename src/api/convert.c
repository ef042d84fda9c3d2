/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kf_convert: any form of film into any other, in memory until all is known. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "api/films.h"
#include "base/api/alloc.h"
#include "engine/api/engine.h"

typedef struct converting {
    const char *from, *to;        /* from: a file, or the name of `given` */
    const kf_film_handle *given;  /* the source; NULL: `from` is read */
    const kf_convert_params *params;
    const kf_interchange *target; /* NULL: JSON or .kerf */
    bool kerf;                    /* .kerf */
    char *folder;                 /* of `to` */
    int32_t sequence;
    kf_film *film;
    kf_str bytes;
} converting;

kf_convert_params kf_convert_params_default(void)
{
    return (kf_convert_params){0};
}

static kf_status tell(const converting *c, kf_convert_stage stage, kf_report *report, kf_error *error)
{
    bool failed = report->failed;
    for (size_t i = 0; i < report->count && c->params->loss; i++) {
        const kf_loss *loss = &report->losses[i];
        kf_convert_loss told = {stage, kf_loss_kind_name(loss->kind), loss->where, loss->what};
        c->params->loss(c->params->context, &told);
    }
    kf_report_finish(report);
    return failed ? kf_fail_memory(error) : KF_OK;
}

static kf_status find_target(converting *c, kf_error *error)
{
    const char *name = c->params->to_format ? c->params->to_format : kf_path_extension(c->to);
    c->kerf = strcasecmp(name, "kerf") == 0;
    if (c->kerf || strcasecmp(name, "json") == 0) {
        return KF_OK;
    }
    c->target = kf_interchange_find(name);
    if (!c->target) {
        return kf_fail(error, KF_ERR_UNSUPPORTED, "%s: there is no format \"%.60s\"; `kerf convert --help` lists them",
                       c->to, name);
    }
    return c->target->export ? KF_OK
                             : kf_fail(error, KF_ERR_UNSUPPORTED, "%s can be read, not written", c->target->label);
}

/* As a film that lies beside `to`, in memory. */
static kf_status copy_given(converting *c, kf_error *error)
{
    kf_str text = {0};
    kf_film_load load = {.name = c->from, .folder = kf_film_folder(c->given->film), .target = c->folder,
                         .media = kf_engine_media_facts};
    kf_status status = kf_film_write_json(kf_film_snapshot(c->given->film), &text, error);
    if (status == KF_OK) {
        status = kf_film_load_json(text.data, text.length, &load, &c->film, error);
    }
    kf_str_finish(&text);
    return status;
}

static kf_status read_source(converting *c, kf_error *error)
{
    kf_report report = {0};
    if (c->given) {
        return copy_given(c, error);
    }
    kf_film_source source = {.path = c->from, .format = c->params->from_format, .rate = c->params->rate,
                             .load = {.target = c->folder, .media = kf_engine_media_facts}};
    kf_status status = kf_film_read_file(&source, NULL, &report, &c->film, error);
    kf_status told = tell(c, KF_CONVERT_READ, &report, error);
    return status == KF_OK ? told : status;
}

static kf_status find_sequence(converting *c, kf_error *error)
{
    c->sequence = -1;
    if (!c->params->sequence) {
        return KF_OK;
    }
    c->sequence = kf_sequence_find(kf_film_snapshot(c->film), c->params->sequence);
    if (c->sequence < 0) {
        return kf_fail(error, KF_ERR_INVALID, "%s: there is no sequence \"%.100s\"", c->from, c->params->sequence);
    }
    return c->target ? KF_OK
                     : kf_fail(error, KF_ERR_USAGE, "a film's JSON holds all sequences: leave out the one to convert");
}

static kf_status write_target(converting *c, kf_error *error)
{
    kf_report report = {0};
    if (c->kerf) {
        return KF_OK;
    }
    if (!c->target) {
        return kf_film_write_json(kf_film_snapshot(c->film), &c->bytes, error);
    }
    char *folder = realpath(c->folder && *c->folder ? c->folder : ".", NULL);
    kf_export_params params = {c->sequence, kf_path_name(c->to), folder};
    kf_status status = c->target->export(kf_film_snapshot(c->film), &params, &c->bytes, &report, error);
    free(folder);
    kf_status told = tell(c, KF_CONVERT_WRITE, &report, error);
    return status == KF_OK ? told : status;
}

/* What was written is read again; a failure of that is a difference, too. */
static kf_status verify(converting *c, kf_error *error)
{
    kf_report report = {0};
    kf_error failure = {0};
    kf_film *again = NULL;
    kf_sequence_view view;
    kf_snapshot snapshot = kf_film_snapshot(c->film);
    kf_project_view project = {0};
    kf_project_get(snapshot, &project);
    kf_sequence_at(snapshot, c->sequence < 0 ? project.main_sequence : c->sequence, &view);
    kf_film_source source = {.path = c->to, .rate = view.rate, .load = {.name = c->to}};
    if (!c->target || !c->target->import) {
        return KF_OK;
    }
    kf_status status = kf_film_read_bytes(c->bytes.data ? c->bytes.data : "", c->bytes.length, c->target, &source, NULL,
                                          &again, &failure);
    if (status == KF_OK && !c->target->partial) {
        status = kf_interchange_compare(snapshot, c->sequence, kf_film_snapshot(again), &report, error);
    } else if (status != KF_OK && status != KF_ERR_MEMORY) {
        kf_report_add(&report, KF_LOSS_CHANGED, c->to, "it cannot be read back: %s", failure.message);
        status = KF_OK;
    }
    kf_film_destroy(again);
    kf_status told = tell(c, KF_CONVERT_VERIFY, &report, error);
    return status == KF_OK ? told : status;
}

static kf_status run(converting *c, kf_error *error)
{
    kf_status status = find_target(c, error);
    if (status == KF_OK) {
        status = read_source(c, error);
    }
    if (status == KF_OK) {
        status = find_sequence(c, error);
    }
    if (status == KF_OK) {
        status = write_target(c, error);
    }
    if (status == KF_OK) {
        status = verify(c, error);
    }
    if (status == KF_OK && !c->params->dry_run && c->kerf) {
        status = kf_film_write_project(c->film, c->to, error);
    } else if (status == KF_OK && !c->params->dry_run) {
        status = kf_file_write_atomic(c->to, c->bytes.data ? c->bytes.data : "", c->bytes.length, error);
    }
    return status;
}

static kf_status convert(converting *c, kf_error *error)
{
    kf_convert_params defaults = kf_convert_params_default();
    c->params = c->params ? c->params : &defaults;
    if (!c->params->overwrite && !c->params->dry_run && access(c->to, F_OK) == 0) {
        return kf_fail(error, KF_ERR_EXISTS, "%s exists; say that it may be overwritten, or choose another name", c->to);
    }
    c->folder = kf_path_folder(c->to);
    kf_status status = c->folder ? run(c, error) : kf_fail_memory(error);
    kf_free(c->folder);
    kf_film_destroy(c->film);
    kf_str_finish(&c->bytes);
    return status;
}

kf_status kf_convert(const char *from, const char *to, const kf_convert_params *params, kf_error *error)
{
    if (!from || !to) {
        return kf_fail(error, KF_ERR_USAGE, "a conversion needs a film and a file to write");
    }
    converting c = {.from = from, .to = to, .params = params};
    return convert(&c, error);
}

kf_status kf_film_convert(const kf_film_handle *film, const char *to, const kf_convert_params *params, kf_error *error)
{
    if (!film || !to) {
        return kf_fail(error, KF_ERR_USAGE, "a conversion needs a film and a file to write");
    }
    converting c = {.from = film->path ? kf_path_name(film->path) : "film", .to = to, .given = film, .params = params};
    return convert(&c, error);
}

bool kf_interchange_form_at(int32_t index, kf_interchange_form *out)
{
    const kf_interchange *f = index >= 0 ? kf_interchange_at(index) : NULL;
    if (!f) {
        return false;
    }
    *out = (kf_interchange_form){f->name, f->label, f->extensions, f->import != NULL, f->export != NULL, f->partial};
    return true;
}

kf_status kf_describe_interchange(kf_text_format format, char **out, kf_error *error)
{
    kf_str text = {0};
    const kf_interchange *f;
    *out = NULL;
    kf_str_add(&text, format == KF_TEXT_JSON ? "[" : "");
    for (int i = 0; (f = kf_interchange_at(i)); i++) {
        if (format == KF_TEXT_JSON) {
            kf_str_addf(&text, "%s{\"name\":\"%s\",\"label\":\"%s\",\"read\":%s,\"write\":%s}", i ? "," : "", f->name,
                        f->label, f->import ? "true" : "false", f->export ? "true" : "false");
        } else {
            kf_str_addf(&text, "%-8s %s%s\n", f->name, f->label,
                        !f->export ? " (read only)" : !f->import ? " (write only)" : "");
        }
    }
    kf_str_add(&text, format == KF_TEXT_JSON ? "]\n" : "");
    if (text.failed) {
        kf_str_finish(&text);
        return kf_fail_memory(error);
    }
    *out = text.data;
    return KF_OK;
}
