/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line. Each command is one row of a table; each option is one row of its command's table, from which
 * parsing and help are made. Exit codes are those of kf_status. */
#ifndef KF_APPS_KERF_CLI_H
#define KF_APPS_KERF_CLI_H

#include "kerf/kerf.h"

typedef enum option_type {
    OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_BYTES, OPTION_RATE, OPTION_SIZE,
    OPTION_MAYBE           /* a text that may be left out: --report, --report=json; "" without */
} option_type;

/* Values of every option of every command; which ones a command takes is in its table. */
typedef struct cli_options {
    const char *output, *at, *range, *preset, *video_codec, *audio_codec, *speed, *pixel_format, *profile_name,
        *progress, *hash, *sequence, *instruction_set, *name, *script, *search, *label, *report, *from, *to, *folder, *allow_hosts;
    bool null_output, overwrite, dry_run, allow_missing, clamp_ranges, variable_rate, profile, json, loudness, index, reference, quiet,
        all, drop_history,
        stop_on_eof, help;
    int64_t target, compared, video_tracks, audio_tracks, crf, video_bitrate, audio_bitrate, threads, memory_mb, memory_limit_mb, nice, jobs, width, height;
    kf_rational rate;
} cli_options;

typedef struct option_row {
    const char *name;      /* without dashes */
    char letter;           /* 0: none */
    option_type type;
    size_t offset;         /* in cli_options; SIZE: of width, height follows */
    const char *value;     /* name of the value in help, NULL for flags */
    const char *help;
} option_row;

typedef struct command_row {
    const char *name, *arguments, *help;
    int min_arguments, max_arguments;
    const option_row *options;
    int option_count;
    int (*run)(const cli_options *options, char **arguments, int count);
} command_row;

extern const command_row cli_commands[];
extern const int cli_command_count;

/* Splits argv (after the command's name) into options and arguments; false with a message in *error. `arguments` has
 * room for all of argv. */
bool cli_parse(const command_row *command, int argc, char **argv, cli_options *out, char **arguments, int *count,
               kf_error *error);
void cli_print_help(const command_row *command);

/* Prints "kerf: message" on stderr and returns the exit code. */
int cli_fail(const kf_error *error);
int cli_usage_error(const char *format, ...) KF_PRINTF(1, 2);

/* ---- files ---- */
/* A film in any form, or with "#N" at the end of its name (unless there is a file of that name) state N of a project. */
kf_status cli_open_film(const char *name, kf_film_handle **out, kf_error *error);
/* All of a file; "-" is standard input. Ends with free; NULL with *error filled. */
char *cli_read_file(const char *path, size_t *length, kf_error *error);

/* Opens what a command is given, and may fill in options that were not. */
typedef kf_status cli_open_fn(cli_options *options, const char *path, kf_film_handle **out, kf_error *error);
/* A render, or a frame at --at, of what `open` opens; they print and give the exit code. */
int cli_render(const cli_options *options, const char *path, cli_open_fn *open);
int cli_frame(const cli_options *options, const char *path, cli_open_fn *open);

int run_reel(const cli_options *options, char **arguments, int count);
int run_render(const cli_options *options, char **arguments, int count);
/* The params that options ask for, and those of --range. */
kf_status cli_render_params(const kf_film_handle *film, const cli_options *o, kf_render_params *out, kf_error *error);
int run_queue(const cli_options *options, char **arguments, int count);
int run_frame(const cli_options *options, char **arguments, int count);
int run_check(const cli_options *options, char **arguments, int count);
int run_convert(const cli_options *options, char **arguments, int count);
int run_probe(const cli_options *options, char **arguments, int count);
int run_effects(const cli_options *options, char **arguments, int count);
int run_formats(const cli_options *options, char **arguments, int count);
int run_presets(const cli_options *options, char **arguments, int count);
int run_schema(const cli_options *options, char **arguments, int count);
int run_edit(const cli_options *options, char **arguments, int count);
int run_relink(const cli_options *options, char **arguments, int count);
int run_new(const cli_options *options, char **arguments, int count);
int run_edits(const cli_options *options, char **arguments, int count);
int run_list(const cli_options *options, char **arguments, int count);
int run_diff(const cli_options *options, char **arguments, int count);
int run_log(const cli_options *options, char **arguments, int count);
int run_undo(const cli_options *options, char **arguments, int count);
int run_redo(const cli_options *options, char **arguments, int count);
int run_go(const cli_options *options, char **arguments, int count);
int run_save(const cli_options *options, char **arguments, int count);
int run_revert(const cli_options *options, char **arguments, int count);
int run_compact(const cli_options *options, char **arguments, int count);
int run_recover(const cli_options *options, char **arguments, int count);
int run_proxy(const cli_options *options, char **arguments, int count);
int run_cache(const cli_options *options, char **arguments, int count);
int run_optimize(const cli_options *options, char **arguments, int count);
int run_compare(const cli_options *options, char **arguments, int count);
int run_sync(const cli_options *options, char **arguments, int count);

/* ---- progress ---- */
typedef enum progress_mode { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_LINES, PROGRESS_JSON } progress_mode;
/* "auto", "plain", "json", "none"; false if unknown. auto: a bar on a terminal, nothing elsewhere. */
bool progress_mode_parse(const char *text, progress_mode *out);
void progress_show(progress_mode mode, const kf_progress *progress);
/* Ends a bar's line. */
void progress_end(progress_mode mode);
/* True between the bar's lines: warnings clear it first. */
void progress_clear_line(progress_mode mode);

/* "key":"text" to standard output. */
void cli_print_json_text(const char *key, const char *text);

/* ---- limits ---- */
/* What --nice, --memory-limit and --stop-on-eof ask for, of this process. */
kf_status cli_limit(const cli_options *options, kf_error *error);

/* SIGINT and SIGTERM set this; a second signal ends the process at once. */
extern bool cli_cancelled;
void cli_catch_signals(void);

#endif
