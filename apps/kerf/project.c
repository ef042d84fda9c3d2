/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing films and their history. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "kerf/project.h"

static int close_with(kf_project *project, kf_status status, kf_error *error)
{
    kf_error closing;
    if (kf_project_close(project, &closing) != KF_OK && status == KF_OK) {
        *error = closing;
        status = closing.status;
    }
    return status == KF_OK ? 0 : cli_fail(error);
}

static int print_text(kf_status status, char *text, const kf_error *error)
{
    if (status != KF_OK) return cli_fail(error);
    fputs(text, stdout);
    kf_string_free(text);
    return 0;
}

/* ---- edit ---- */

static int edit_film(const cli_options *o, const char *path, kf_edit_script *script)
{
    kf_project *project;
    kf_error error = {0};
    char *report = NULL;
    script->label = o->label;
    script->dry_run = o->dry_run;
    kf_status status = kf_project_open(path, NULL, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    status = kf_project_edit(project, script, o->quiet ? NULL : &report, &error);
    if (status == KF_OK && report) printf("%s\n", report);
    kf_string_free(report);
    return close_with(project, status, &error);
}

int run_edit(const cli_options *o, char **arguments, int count)
{
    kf_error error = {0};
    kf_edit_script script = {0};
    if (!o->script == (count < 2)) return cli_usage_error("edit needs an operation (kerf edits lists them), or --script FILE");
    char *text = NULL, *bytes = NULL;
    if (o->script) {
        bytes = cli_read_file(o->script, &script.length, &error);
        if (!bytes) return cli_fail(&error);
        script.text = bytes;
        script.name = o->script;
    } else {
        if (kf_edit_format(arguments[1], (const char *const *)arguments + 2, count - 2, &text, &error) != KF_OK)
            return cli_fail(&error);
        script.text = text;
        script.length = strlen(text);
        script.name = arguments[1];
    }
    int code = edit_film(o, arguments[0], &script);
    kf_string_free(text);
    free(bytes);
    return code;
}

int run_relink(const cli_options *o, char **arguments, int count)
{
    kf_project *project;
    kf_error error = {0};
    char *report = NULL;
    const char *folders[65];
    kf_relink_params params = {.folders = folders, .dry_run = o->dry_run};
    if (o->search) folders[params.folder_count++] = o->search;
    for (int i = 1; i < count && params.folder_count < 65; i++) folders[params.folder_count++] = arguments[i];
    if (params.folder_count == 0) return cli_usage_error("relink needs a folder to look through: --search DIR");
    kf_status status = kf_project_open(arguments[0], &(kf_project_params){.read_only = o->dry_run}, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    status = kf_project_relink(project, &params, &report, &error);
    if (status == KF_OK && report) fputs(report, stdout);
    kf_string_free(report);
    return close_with(project, status, &error);
}

int run_edits(const cli_options *o, char **arguments, int count)
{
    char *text;
    kf_error error = {0};
    kf_status status = kf_describe_edits(count ? arguments[0] : NULL, o->json ? KF_TEXT_JSON : KF_TEXT_PLAIN, &text, &error);
    return print_text(status, text, &error);
}

/* ---- new ---- */

int run_new(const cli_options *o, char **arguments, int count)
{
    kf_project *project;
    kf_error error = {0};
    const kf_project_create_params params = {.name = o->name, .preset = o->preset,
                                             .video_tracks = o->video_tracks >= 0 ? (int32_t)o->video_tracks : 2,
                                             .audio_tracks = o->audio_tracks >= 0 ? (int32_t)o->audio_tracks : 2};
    kf_status status = kf_project_create(count ? arguments[0] : NULL, &params, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    if (count == 0) printf("%s\n", kf_project_path(project));
    return close_with(project, KF_OK, &error);
}

/* ---- History ---- */

int run_log(const cli_options *o, char **arguments, int count)
{
    kf_project *project;
    kf_error error = {0};
    char *text = NULL;
    kf_status status = kf_project_open(arguments[0], &(kf_project_params){.read_only = true}, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    status = kf_project_log(project, o->all, o->json ? KF_TEXT_JSON : KF_TEXT_PLAIN, &text, &error);
    int code = print_text(status, text, &error);
    kf_project_close(project, NULL);
    return code;
}

/* ---- diff ---- */

enum { EXIT_DIFFERENT = 15 };

int run_diff(const cli_options *o, char **arguments, int count)
{
    kf_film_handle *films[2] = {0};
    kf_error error = {0};
    char *text = NULL;
    bool different = false;
    kf_status status = cli_open_film(arguments[0], &films[0], &error);
    if (status == KF_OK) status = cli_open_film(arguments[1], &films[1], &error);
    if (status == KF_OK)
        status = kf_film_compare(films[0], films[1], o->json ? KF_TEXT_JSON : KF_TEXT_PLAIN, &text, &different, &error);
    int code = print_text(status, text, &error);
    kf_film_close(films[0]);
    kf_film_close(films[1]);
    return code == 0 && different ? EXIT_DIFFERENT : code;
}

typedef kf_status step_function(kf_project *, kf_error *);

/* The number after FILM.kerf, 1 if there is none; 0 with a message printed if it is no number. */
static unsigned long long count_of(char **arguments, int count, const char *what)
{
    char *end = NULL;
    if (count < 2) return 1;
    unsigned long long n = strtoull(arguments[1], &end, 10);
    if (*end == 0 && n > 0) return n;
    cli_usage_error("\"%s\" is not a number of %s", arguments[1], what);
    return 0;
}

/* All N steps, or none: what was done is taken back. */
static kf_status step_times(kf_project *project, unsigned long long n, step_function *one, step_function *back,
                            kf_error *error)
{
    unsigned long long done = 0;
    kf_status status = KF_OK;
    while (done < n && (status = one(project, error)) == KF_OK) done++;
    if (status != KF_ERR_INVALID || done == 0) return status;
    snprintf(error->message, sizeof error->message, "there are only %llu steps, not %llu: nothing was changed",
             done, n);
    for (unsigned long long i = 0; i < done; i++) {
        kf_status backed = back(project, NULL);
        if (backed != KF_OK) return backed;
    }
    return status;
}

static bool find_present(void *context, const kf_project_step *step)
{
    if (step->present) *(kf_project_step *)context = *step;
    return !step->present;
}

/* Where the project is now. Labels live as long as the project is open and not edited. */
static void print_present(kf_project *project)
{
    kf_project_step step = {0};
    if (kf_project_history(project, find_present, &step, NULL) == KF_OK)
        printf("at %llu %s\n", (unsigned long long)step.number, *step.label ? step.label : "(start)");
}

/* done: "undone", with the label of what it was if it was one step. */
static void print_steps(kf_project *project, const char *done, const char *label, unsigned long long n)
{
    if (n == 1)
        printf("%s: %s\n", done, label && *label ? label : "(no label)");
    else
        printf("%s: %llu steps\n", done, n);
    print_present(project);
}

typedef struct direction {
    step_function *one, *back;
    const char *(*label)(kf_project *);
    const char *done;
} direction;

static int step(const cli_options *o, char **arguments, int count, const direction *way)
{
    kf_project *project;
    kf_error error = {0};
    unsigned long long n = count_of(arguments, count, "steps");
    if (n == 0) return KF_ERR_USAGE;
    kf_status status = kf_project_open(arguments[0], NULL, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    const char *label = way->label(project);
    status = step_times(project, n, way->one, way->back, &error);
    if (status == KF_OK && !o->quiet) print_steps(project, way->done, label, n);
    return close_with(project, status, &error);
}

int run_undo(const cli_options *o, char **arguments, int count)
{
    static const direction back = {kf_project_undo, kf_project_redo, kf_project_undo_label, "undone"};
    return step(o, arguments, count, &back);
}

int run_redo(const cli_options *o, char **arguments, int count)
{
    static const direction forth = {kf_project_redo, kf_project_undo, kf_project_redo_label, "redone"};
    return step(o, arguments, count, &forth);
}

/* Runs one step on a project, and says where that led. */
static int run_one(const cli_options *o, const char *path, step_function *one)
{
    kf_project *project;
    kf_error error = {0};
    kf_status status = kf_project_open(path, NULL, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    status = one(project, &error);
    if (status == KF_OK && !o->quiet) print_present(project);
    return close_with(project, status, &error);
}

int run_go(const cli_options *o, char **arguments, int count)
{
    kf_project *project;
    kf_error error = {0};
    unsigned long long number = count_of(arguments, count, "a state");
    if (number == 0) return KF_ERR_USAGE;
    kf_status status = kf_project_open(arguments[0], NULL, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    status = kf_project_go(project, number, &error);
    if (status == KF_OK && !o->quiet) print_present(project);
    return close_with(project, status, &error);
}

int run_save(const cli_options *o, char **arguments, int count)
{
    return run_one(&(cli_options){.quiet = true}, arguments[0], kf_project_save);
}

int run_revert(const cli_options *o, char **arguments, int count)
{
    return run_one(o, arguments[0], kf_project_revert);
}

int run_compact(const cli_options *o, char **arguments, int count)
{
    kf_project *project;
    kf_error error = {0};
    kf_status status = kf_project_open(arguments[0], NULL, &project, &error);
    if (status != KF_OK) return cli_fail(&error);
    status = kf_project_compact(project, o->drop_history, &error);
    return close_with(project, status, &error);
}

int run_recover(const cli_options *o, char **arguments, int count)
{
    char *text = NULL;
    kf_error error = {0};
    kf_status status = kf_project_recover(arguments[0], arguments[1], &text, &error);
    int code = print_text(status, text, &error);
    if (code == 0) puts("");
    return code;
}
