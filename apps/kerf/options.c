/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(kf_error *error, const char *format, ...) KF_PRINTF(2, 3);
static bool fail(kf_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error->status = KF_ERR_USAGE;
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    return false;
}

static bool parse_int(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end || errno) return false;
    *out = v;
    return true;
}

/* "8M", "192k", "128000" */
static bool parse_bytes(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    double v = strtod(text, &end);
    if (end == text || errno || !(v >= 0)) return false;
    if (*end == 'k' || *end == 'K') v *= 1e3, end++;
    else if (*end == 'm' || *end == 'M') v *= 1e6, end++;
    else if (*end == 'g' || *end == 'G') v *= 1e9, end++;
    if (*end || v > 1e15) return false;
    *out = (int64_t)v;
    return true;
}

/* "24", "30000/1001", "29.97" */
static bool parse_rate(const char *text, kf_rational *out)
{
    static const struct { const char *text; kf_rational rate; } ntsc[] = {
        {"23.976", {24000, 1001}}, {"23.98", {24000, 1001}}, {"29.97", {30000, 1001}}, {"47.952", {48000, 1001}},
        {"59.94", {60000, 1001}}, {"119.88", {120000, 1001}},
    };
    for (size_t i = 0; i < sizeof ntsc / sizeof *ntsc; i++)
        if (strcmp(text, ntsc[i].text) == 0) {
            *out = ntsc[i].rate;
            return true;
        }
    char *end;
    long num = strtol(text, &end, 10), den = 1;
    if (*end == '/') den = strtol(end + 1, &end, 10);
    if (*end || num <= 0 || den <= 0 || num > 1000000 || den > 1000000) return false;
    *out = (kf_rational){(int32_t)num, (int32_t)den};
    return true;
}

static bool parse_size(const char *text, int64_t out[2])
{
    char *end;
    long w = strtol(text, &end, 10);
    if (*end != 'x' && *end != 'X') return false;
    long h = strtol(end + 1, &end, 10);
    if (*end || w < 1 || h < 1 || w > 16384 || h > 16384) return false;
    out[0] = w;
    out[1] = h;
    return true;
}

static bool set_option(const option_row *row, const char *value, cli_options *out, kf_error *error)
{
    void *at = (char *)out + row->offset;
    switch (row->type) {
    case OPTION_FLAG: *(bool *)at = true; return true;
    case OPTION_TEXT: *(const char **)at = value; return true;
    case OPTION_MAYBE:
        *(const char **)at = value ? value : "";
        return !value || strcmp(value, row->value) == 0 ||
               fail(error, "--%s takes nothing, or %s, not \"%s\"", row->name, row->value, value);
    case OPTION_INT:
        return parse_int(value, at) || fail(error, "--%s: \"%s\" is not a whole number", row->name, value);
    case OPTION_BYTES:
        return parse_bytes(value, at) ||
               fail(error, "--%s: \"%s\" is not a number such as 8M or 192k", row->name, value);
    case OPTION_RATE:
        return parse_rate(value, at) ||
               fail(error, "--%s: \"%s\" is not a rate such as 25, 29.97 or 30000/1001", row->name, value);
    case OPTION_SIZE:
        return parse_size(value, at) ||
               fail(error, "--%s: \"%s\" is not a size such as 1920x1080 (1 to 16384)", row->name, value);
    }
    return false;
}

static const option_row *find_option(const command_row *command, const char *name, size_t length)
{
    for (int i = 0; i < command->option_count; i++)
        if (strlen(command->options[i].name) == length && strncmp(command->options[i].name, name, length) == 0)
            return &command->options[i];
    return NULL;
}

static const option_row *find_letter(const command_row *command, char letter)
{
    for (int i = 0; i < command->option_count; i++)
        if (command->options[i].letter == letter) return &command->options[i];
    return NULL;
}

bool cli_parse(const command_row *command, int argc, char **argv, cli_options *out, char **arguments, int *count,
               kf_error *error)
{
    *count = 0;
    bool only_arguments = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (only_arguments || word[0] != '-' || word[1] == 0) {
            arguments[(*count)++] = argv[i];
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_arguments = true;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            out->help = true;
            return true;
        }
        const char *value = NULL;
        const option_row *row;
        if (word[1] == '-') {
            const char *equals = strchr(word, '=');
            row = find_option(command, word + 2, equals ? (size_t)(equals - word - 2) : strlen(word + 2));
            if (equals) value = equals + 1;
        } else {
            row = find_letter(command, word[1]);
            if (word[2]) value = word + 2;
        }
        if (!row) return fail(error, "%s has no option %s; see `kerf %s --help`", command->name, word, command->name);
        if (row->type == OPTION_FLAG && value) return fail(error, "--%s takes no value", row->name);
        if (row->type != OPTION_FLAG && row->type != OPTION_MAYBE && !value) {
            if (i + 1 >= argc) return fail(error, "--%s needs a value: %s", row->name, row->value);
            value = argv[++i];
        }
        if (!set_option(row, value, out, error)) return false;
    }
    if (*count < command->min_arguments)
        return fail(error, "%s needs %s; see `kerf %s --help`", command->name, command->arguments, command->name);
    if (*count > command->max_arguments)
        return fail(error, "%s takes %s, not also \"%s\"", command->name,
                    command->max_arguments ? command->arguments : "no arguments", arguments[command->max_arguments]);
    return true;
}

void cli_print_help(const command_row *command)
{
    printf("kerf %s %s\n%s\n", command->name, command->arguments, command->help);
    if (command->option_count) puts("\nOptions:");
    for (int i = 0; i < command->option_count; i++) {
        const option_row *o = &command->options[i];
        char left[64];
        bool maybe = o->type == OPTION_MAYBE;
        snprintf(left, sizeof left, "%c%c%s--%s%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
                 o->letter ? ", " : "  ", o->name, maybe ? "[=" : o->value ? " " : "", o->value ? o->value : "",
                 maybe ? "]" : "");
        printf("  %-30s %s\n", left, o->help);
    }
}

int cli_fail(const kf_error *error)
{
    fprintf(stderr, "kerf: %s\n", error->message[0] ? error->message : kf_status_text(error->status));
    return error->status ? (int)error->status : KF_ERR_INTERNAL;
}

int cli_usage_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("kerf: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return KF_ERR_USAGE;
}
