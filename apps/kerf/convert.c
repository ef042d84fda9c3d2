/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf convert A B: the report goes to stdout, one line a loss or one JSON object a line. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

typedef struct telling {
    bool report, json;
    int losses[3], notes;     /* by stage */
} telling;

static const char *const stages[] = {"read", "write", "verify"};

static void print_json(const kf_convert_loss *loss)
{
    printf("{\"stage\":\"%s\",\"kind\":\"%s\",", stages[loss->stage], loss->kind);
    cli_print_json_text("where", loss->where);
    putchar(',');
    cli_print_json_text("what", loss->what);
    puts("}");
}

static void on_loss(void *context, const kf_convert_loss *loss)
{
    telling *t = context;
    bool note = strcmp(loss->kind, "note") == 0;
    t->notes += note;
    t->losses[loss->stage] += !note;
    if (!t->report) return;
    if (t->json) {
        print_json(loss);
    } else {
        printf("%s: %s: %s%s%s\n", stages[loss->stage], loss->kind, loss->where, *loss->where ? ": " : "", loss->what);
    }
}

static void print_sum(const telling *t, bool dry_run, const char *to)
{
    int lost = t->losses[KF_CONVERT_READ] + t->losses[KF_CONVERT_WRITE];
    if (t->json) return;
    fprintf(stderr, "kerf: %s%s: %d loss%s, %d difference%s when read back%s\n", dry_run ? "not written: " : "", to,
            lost, lost == 1 ? "" : "es", t->losses[KF_CONVERT_VERIFY], t->losses[KF_CONVERT_VERIFY] == 1 ? "" : "s",
            t->report || lost + t->losses[KF_CONVERT_VERIFY] == 0 ? "" : "; --report lists them");
}

int run_convert(const cli_options *o, char **arguments, int count)
{
    kf_error error = {0};
    telling t = {.report = o->report != NULL, .json = o->report && strcmp(o->report, "json") == 0};
    kf_convert_params params = kf_convert_params_default();
    params.from_format = o->from;
    params.to_format = o->to;
    params.sequence = o->sequence;
    params.rate = o->rate;
    params.overwrite = o->overwrite;
    params.dry_run = o->dry_run;
    params.loss = on_loss;
    params.context = &t;
    if (strcmp(arguments[1], "-") == 0)
        return cli_usage_error("convert writes to a file, not to standard output; a file called so is ./-");
    if (kf_convert(arguments[0], arguments[1], &params, &error) != KF_OK) return cli_fail(&error);
    print_sum(&t, o->dry_run, arguments[1]);
    return 0;
}
