/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/cues.h"

#include <string.h>

#include "base/api/str.h"

typedef struct line {
    const char *p;
    size_t length;
    int number;
} line;

typedef struct parser {
    const char *at;            /* next line */
    int number;                /* of the line before `at` */
    bool vtt;
    kf_str text;               /* of the cue being read */
    kf_cue_fn *fn;
    void *ctx;
    int cues;
    kf_cues_skipped skipped;
    const char *bad;           /* what was wrong in the first skipped cue */
} parser;

/* ---- Lines ---- */

static bool next_line(parser *p, line *out)
{
    if (!*p->at) {
        return false;
    }
    size_t n = strcspn(p->at, "\r\n");
    *out = (line){p->at, n, ++p->number};
    p->at += n;
    if (p->at[0] == '\r' && p->at[1] == '\n') {
        p->at += 2;
    } else if (*p->at) {
        p->at++;
    }
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(const line *l)
{
    return strspn(l->p, " \t") >= l->length;
}

static bool is_number(const line *l)
{
    size_t digits = strspn(l->p, "0123456789");
    return digits && digits + strspn(l->p + digits, " \t") >= l->length;
}

static const char *find_arrow(const line *l)
{
    return memmem(l->p, l->length, "-->", 3);
}

static bool starts_with(const line *l, const char *word)
{
    size_t n = strlen(word);
    return l->length >= n && memcmp(l->p, word, n) == 0 && (l->length == n || l->p[n] == ' ' || l->p[n] == '\t');
}

/* ---- Times ---- */

static bool read_int(const char **p, const char *end, int max_digits, int64_t *out, int *digits)
{
    *digits = 0;
    *out = 0;
    while (*p < end && is_digit(**p) && *digits < max_digits) {
        *out = *out * 10 + (**p - '0');
        (*p)++;
        (*digits)++;
    }
    return *digits > 0;
}

/* [hh:]mm:ss[.mmm] */
static bool read_clock(const char **p, const char *end, kf_time *out)
{
    int64_t part[3] = {0}, fraction = 0;
    int count = 0, digits;
    while (*p < end && (**p == ' ' || **p == '\t')) {
        (*p)++;
    }
    do {
        if (!read_int(p, end, 6, &part[count++], &digits)) {
            return false;
        }
    } while (count < 3 && *p < end && **p == ':' && (*p)++);
    if (count < 2) {
        return false;
    }
    if (*p < end && (**p == '.' || **p == ',')) {
        (*p)++;
        if (!read_int(p, end, 3, &fraction, &digits)) {
            return false;
        }
        for (; digits < 3; digits++) {
            fraction *= 10;
        }
        while (*p < end && is_digit(**p)) {
            (*p)++;
        }
    }
    int64_t hours = count == 3 ? part[0] : 0, minutes = part[count - 2], seconds = part[count - 1];
    if (minutes > 59 || seconds > 59) {
        return false;
    }
    *out = ((hours * 60 + minutes) * 60 + seconds) * KF_SECOND + fraction * (KF_SECOND / 1000);
    return true;
}

static bool at_blank(const char *p, const char *end)
{
    return p == end || *p == ' ' || *p == '\t';
}

/* Returns what is wrong, or NULL. */
static const char *read_timing(const line *l, kf_raw_cue *out)
{
    const char *arrow = find_arrow(l), *at = l->p, *end = l->p + l->length;
    *out = (kf_raw_cue){.line = l->number};
    if (!read_clock(&at, arrow, &out->start) || !at_blank(at, arrow)) {
        return "the start time cannot be read";
    }
    at = arrow + 3;
    if (!read_clock(&at, end, &out->end) || !at_blank(at, end)) {
        return "the end time cannot be read";
    }
    out->settings = at;
    out->settings_length = (size_t)(end - at);
    return out->end <= out->start ? "the end is not after the start" : NULL;
}

/* ---- Cues ---- */

static void add_text_line(parser *p, const line *l)
{
    size_t room = KF_CUE_MAX_TEXT - (p->text.length < KF_CUE_MAX_TEXT ? p->text.length : KF_CUE_MAX_TEXT);
    size_t n = l->length;
    if (n + 1 > room) {
        n = room ? room - 1 : 0;
        while (n && ((unsigned char)l->p[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    if (n && p->text.length) {
        kf_str_add(&p->text, "\n");
    }
    kf_str_add_n(&p->text, l->p, n);
}

static bool is_timing(const line *l)
{
    size_t blanks = strspn(l->p, " \t");
    return blanks < l->length && is_digit(l->p[blanks]) && find_arrow(l);
}

/* True if the next line is a cue's times, or a cue's number with its times after it: a blank line was forgotten. */
static bool cue_ahead(const parser *p)
{
    parser look = *p;
    line l;
    if (!next_line(&look, &l)) {
        return false;
    }
    if (is_number(&l) && !next_line(&look, &l)) {
        return false;
    }
    return is_timing(&l);
}

/* Text up to a blank line; in SRT also beyond blank lines that no cue follows. */
static void read_text(parser *p)
{
    line l;
    p->text.length = 0;
    if (p->text.data) {
        p->text.data[0] = '\0';
    }
    while (!cue_ahead(p) && next_line(p, &l)) {
        if (!is_blank(&l)) {
            add_text_line(p, &l);
        } else if (p->vtt) {
            return;
        }
    }
}

/* NOTE, STYLE and REGION run to a blank line. */
static void skip_block(parser *p)
{
    line l;
    while (next_line(p, &l) && !is_blank(&l)) {
    }
}

static kf_status read_cue(parser *p, const line *l, kf_error *err)
{
    kf_raw_cue cue;
    const char *why = read_timing(l, &cue);
    if (why && p->skipped.count++ == 0) {
        p->skipped.line = l->number;
        p->bad = why;
    }
    read_text(p);
    if (p->text.failed) {
        return kf_fail_memory(err);
    }
    if (why) {
        return KF_OK;
    }
    p->cues++;
    cue.text = p->text.data ? p->text.data : "";
    cue.length = p->text.length;
    return p->fn(p->ctx, &cue, err);
}

static kf_status read_all(parser *p, kf_error *err)
{
    line l;
    while (next_line(p, &l)) {
        if (p->vtt && (starts_with(&l, "NOTE") || starts_with(&l, "STYLE") || starts_with(&l, "REGION"))) {
            skip_block(p);
        } else if (find_arrow(&l)) {
            kf_status status = read_cue(p, &l, err);
            if (status) {
                return status;
            }
        }
    }
    return KF_OK;
}

kf_status kf_cues_read(const char *text, bool vtt, const char *name, kf_cue_fn *fn, void *ctx, kf_cues_skipped *skipped,
                       kf_error *err)
{
    parser p = {.at = text, .vtt = vtt, .fn = fn, .ctx = ctx};
    line header;
    if (vtt && (!next_line(&p, &header) || !starts_with(&header, "WEBVTT"))) {
        return kf_fail(err, KF_ERR_PARSE, "%s:1: a WebVTT file begins with WEBVTT", name);
    }
    kf_status status = read_all(&p, err);
    kf_str_finish(&p.text);
    *skipped = p.skipped;
    if (status || p.cues || (vtt && !p.skipped.count)) {
        return status;
    }
    if (p.skipped.count) {
        return kf_fail(err, KF_ERR_PARSE, "%s:%d: %s (write hh:mm:ss,mmm --> hh:mm:ss,mmm)", name, p.skipped.line,
                       p.bad);
    }
    return kf_fail(err, KF_ERR_PARSE, "%s:%d: no subtitle found (a cue begins with hh:mm:ss,mmm --> hh:mm:ss,mmm)",
                   name, p.number > 0 ? p.number : 1);
}
