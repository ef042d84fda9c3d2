/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kerf probe, effects, formats, presets, schema, sync. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "kerf/reel.h"

static int print_text(kf_status status, char **text, const kf_error *error)
{
    if (status != KF_OK) return cli_fail(error);
    fputs(*text, stdout);
    kf_string_free(*text);
    return 0;
}

static kf_text_format format_of(const cli_options *o)
{
    return o->json ? KF_TEXT_JSON : KF_TEXT_PLAIN;
}

int run_probe(const cli_options *o, char **arguments, int count)
{
    (void)count;
    kf_error error = {0};
    char *text = NULL;
    kf_probe_params params = {.loudness = o->loudness, .index = o->index};
    return print_text(kf_probe(arguments[0], &params, format_of(o), &text, &error), &text, &error);
}

int run_effects(const cli_options *o, char **arguments, int count)
{
    kf_error error = {0};
    char *text = NULL;
    return print_text(kf_describe_effects(count ? arguments[0] : NULL, format_of(o), &text, &error), &text, &error);
}

int run_formats(const cli_options *o, char **arguments, int count)
{
    (void)arguments;
    (void)count;
    kf_error error = {0};
    char *text = NULL;
    return print_text(kf_describe_formats(format_of(o), &text, &error), &text, &error);
}

int run_presets(const cli_options *o, char **arguments, int count)
{
    (void)arguments;
    (void)count;
    kf_error error = {0};
    char *text = NULL;
    return print_text(kf_describe_presets(format_of(o), &text, &error), &text, &error);
}

int run_schema(const cli_options *o, char **arguments, int count)
{
    (void)o;
    kf_error error = {0};
    char *text = NULL;
    bool reel = count == 1 && strcmp(arguments[0], "reel") == 0;
    if (count == 1 && !reel) return cli_usage_error("schema: \"%s\" is none of: reel", arguments[0]);
    return print_text(reel ? kf_describe_reel_schema(&text, &error) : kf_describe_schema(&text, &error), &text, &error);
}

int run_sync(const cli_options *o, char **arguments, int count)
{
    (void)count;
    kf_error error = {0};
    kf_time offset;
    double confidence;
    if (kf_sync_by_sound(arguments[0], arguments[1], &offset, &confidence, &error) != KF_OK) return cli_fail(&error);
    double seconds = (double)offset / (double)KF_SECOND;
    if (o->json)
        printf("{\"offset\":%.6f,\"confidence\":%.3f}\n", seconds, confidence);
    else
        printf("%s starts %.4f s %s than %s (confidence %.2f)\n", arguments[1], seconds < 0 ? -seconds : seconds,
               seconds < 0 ? "earlier" : "later", arguments[0], confidence);
    return 0;
}
