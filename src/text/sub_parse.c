/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SubRip and WebVTT. Tolerant: cue numbers may be missing or wrong, blank lines may be missing or too many, "." and ","
 * both start milliseconds, hours may be left out. A cue whose times cannot be read is passed over and counted. */
#include <string.h>

#include "text/sub.h"

typedef struct line {
    const char *p;
    size_t length;
    int number;
} line;

typedef struct parser {
    kf_subtitles *s;
    const char *at;            /* next line */
    int number;                /* of the line before `at` */
    bool vtt;
    size_t event_capacity, cue_capacity;
    kf_str text;               /* of the cue being read */
    const char *bad;           /* what was wrong in the first skipped cue */
} parser;

typedef struct timing {
    kf_time start, end;
    kf_cue settings;
} timing;

/* ---- Lines ---- */

static bool next_line(parser *p, line *out)
{
    if (!*p->at) return false;
    size_t n = strcspn(p->at, "\r\n");
    *out = (line){p->at, n, ++p->number};
    p->at += n;
    if (p->at[0] == '\r' && p->at[1] == '\n') p->at += 2;
    else if (*p->at) p->at++;
    return true;
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
    while (*p < end && g_ascii_isdigit(**p) && *digits < max_digits) {
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
    while (*p < end && (**p == ' ' || **p == '\t')) (*p)++;
    do {
        if (!read_int(p, end, 6, &part[count++], &digits)) return false;
    } while (count < 3 && *p < end && **p == ':' && (*p)++);
    if (count < 2) return false;
    if (*p < end && (**p == '.' || **p == ',')) {
        (*p)++;
        if (!read_int(p, end, 3, &fraction, &digits)) return false;
        for (; digits < 3; digits++) fraction *= 10;
        while (*p < end && g_ascii_isdigit(**p)) (*p)++;
    }
    int64_t hours = count == 3 ? part[0] : 0, minutes = part[count - 2], seconds = part[count - 1];
    if (minutes > 59 || seconds > 59) return false;
    *out = ((hours * 60 + minutes) * 60 + seconds) * KF_SECOND + fraction * (KF_SECOND / 1000);
    return true;
}

/* A decimal number with an optional sign, without locale; *percent if a % follows. */
static bool read_decimal(const char *p, const char *end, float *out, bool *percent)
{
    char copy[24];
    size_t n = 0;
    while (p + n < end && n + 1 < sizeof copy && (g_ascii_isdigit(p[n]) || p[n] == '.' || p[n] == '-')) n++;
    memcpy(copy, p, n);
    copy[n] = 0;
    char *stop;
    double v = g_ascii_strtod(copy, &stop);
    if (stop == copy || !(fabs(v) <= 10000)) return false;
    *out = (float)v;
    *percent = p + n < end && p[n] == '%';
    return true;
}

/* WebVTT, 4.4: line, position, align. */
static void read_setting(kf_cue *cue, const char *p, const char *end)
{
    bool percent = false;
    if (end - p > 5 && memcmp(p, "line:", 5) == 0) {
        cue->has_line = read_decimal(p + 5, end, &cue->line_at, &percent);
        cue->line_percent = percent;
    } else if (end - p > 9 && memcmp(p, "position:", 9) == 0) {
        cue->has_position =
            read_decimal(p + 9, end, &cue->position, &percent) && percent && cue->position >= 0 && cue->position <= 100;
    } else if (end - p > 6 && memcmp(p, "align:", 6) == 0) {
        char side =
            p[6] == 's' && end - p > 8 && p[8] == 'a' ? 'l' : p[6]; /* start, left | middle, center | end, right */
        cue->h = side == 'l' ? 1 : side == 'e' || side == 'r' ? 3 : 2;
    }
}

static void read_settings(kf_cue *cue, const char *p, const char *end)
{
    while (p < end) {
        while (p < end && (*p == ' ' || *p == '\t')) p++;
        const char *start = p;
        while (p < end && *p != ' ' && *p != '\t') p++;
        read_setting(cue, start, p);
    }
}

static bool at_blank(const char *p, const char *end)
{
    return p == end || *p == ' ' || *p == '\t';
}

/* Returns what is wrong, or NULL. */
static const char *read_timing(const parser *p, const line *l, timing *out)
{
    *out = (timing){0};
    const char *arrow = find_arrow(l), *at = l->p, *end = l->p + l->length;
    if (!read_clock(&at, arrow, &out->start) || !at_blank(at, arrow)) return "the start time cannot be read";
    at = arrow + 3;
    if (!read_clock(&at, end, &out->end) || !at_blank(at, end)) return "the end time cannot be read";
    if (out->end <= out->start) return "the end is not after the start";
    if (p->vtt) read_settings(&out->settings, at, end);
    return NULL;
}

/* ---- Cues ---- */

static void skip_cue(parser *p, int number, const char *why)
{
    if (p->s->skipped++ == 0) {
        p->s->skipped_line = number;
        p->bad = why;
    }
}

static const char *keep(parser *p, const kf_str *text)
{
    return kf_arena_strndup(&p->s->arena, text->data ? text->data : "", text->length);
}

/* {\anN} counts; a VTT line alone says whether the cue hangs from the top or stands on the bottom. */
static void take_place(kf_cue *cue, int keypad)
{
    if (keypad) {
        cue->h = (keypad - 1) % 3 + 1;
        cue->v = (keypad - 1) / 3 + 1;
    } else if (cue->has_line) {
        cue->v = cue->line_percent || cue->line_at >= 0 ? 3 : 1;
    }
}

static kf_status add_cue(parser *p, const timing *t, int number, kf_error *err)
{
    kf_subtitles *s = p->s;
    size_t need = (size_t)s->count + 1;
    if (kf_grow((void **)&s->events, &p->event_capacity, need, sizeof *s->events) != 0) return kf_fail_memory(err);
    if (kf_grow((void **)&s->cues, &p->cue_capacity, need, sizeof *s->cues) != 0) return kf_fail_memory(err);
    kf_sub_text forms = {0};
    kf_sub_text_convert(&forms, p->text.data ? p->text.data : "", p->text.length, p->vtt);
    kf_subtitle_event *e = &s->events[s->count];
    kf_cue *c = &s->cues[s->count];
    *e = (kf_subtitle_event){t->start, t->end, keep(p, &forms.plain), number};
    *c = t->settings;
    c->markup = keep(p, &forms.markup);
    c->ass = keep(p, &forms.ass);
    take_place(c, forms.place);
    bool failed = forms.plain.failed || forms.markup.failed || forms.ass.failed || !e->text || !c->markup || !c->ass;
    bool empty = forms.plain.length == 0;
    kf_sub_text_finish(&forms);
    if (failed) return kf_fail_memory(err);
    if (!empty) s->count++;
    return KF_OK;
}

static void add_text_line(parser *p, const line *l)
{
    size_t room = KF_SUB_MAX_CUE - (p->text.length < KF_SUB_MAX_CUE ? p->text.length : KF_SUB_MAX_CUE);
    size_t n = l->length;
    if (n + 1 > room) {
        n = room ? room - 1 : 0;
        while (n && ((unsigned char)l->p[n] & 0xC0) == 0x80) n--;
    }
    if (n && p->text.length) kf_str_add(&p->text, "\n");
    kf_str_add_n(&p->text, l->p, n);
}

static bool is_timing(const line *l)
{
    size_t blanks = strspn(l->p, " \t");
    return blanks < l->length && g_ascii_isdigit(l->p[blanks]) && find_arrow(l);
}

/* True if the next line is a cue's times, or a cue's number with its times after it: a blank line was forgotten. */
static bool cue_ahead(const parser *p)
{
    parser look = *p;
    line l;
    if (!next_line(&look, &l)) return false;
    if (is_number(&l) && !next_line(&look, &l)) return false;
    return is_timing(&l);
}

/* Text up to a blank line; in SRT also beyond blank lines that no cue follows. */
static void read_text(parser *p)
{
    line l;
    p->text.length = 0;
    if (p->text.data) p->text.data[0] = 0;
    while (!cue_ahead(p) && next_line(p, &l)) {
        if (!is_blank(&l)) add_text_line(p, &l);
        else if (p->vtt) return;
    }
}

/* NOTE, STYLE and REGION run to a blank line. */
static void skip_block(parser *p)
{
    line l;
    while (next_line(p, &l) && !is_blank(&l)) continue;
}

static kf_status read_cue(parser *p, const line *l, kf_error *err)
{
    timing t;
    const char *why = read_timing(p, l, &t);
    if (why) skip_cue(p, l->number, why);
    read_text(p);
    if (p->text.failed) return kf_fail_memory(err);
    return why ? KF_OK : add_cue(p, &t, l->number, err);
}

static kf_status read_all(parser *p, kf_error *err)
{
    line l;
    while (next_line(p, &l)) {
        if (p->vtt && (starts_with(&l, "NOTE") || starts_with(&l, "STYLE") || starts_with(&l, "REGION"))) {
            skip_block(p);
        } else if (find_arrow(&l)) {
            kf_status status = read_cue(p, &l, err);
            if (status) return status;
        }
    }
    return KF_OK;
}

static kf_status read_header(parser *p, const char *name, kf_error *err)
{
    line l;
    if (!p->vtt) return KF_OK;
    if (!next_line(p, &l) || !starts_with(&l, "WEBVTT")) {
        return kf_fail(err, KF_ERR_PARSE, "%s:1: a WebVTT file begins with WEBVTT", name);
    }
    return KF_OK;
}

kf_status kf_sub_parse(kf_subtitles *s, const char *text, const char *name, kf_error *err)
{
    parser p = {.s = s, .at = text, .vtt = s->kind == KF_SUBTITLES_VTT};
    kf_status status = read_header(&p, name, err);
    if (!status) status = read_all(&p, err);
    kf_str_finish(&p.text);
    if (status || s->count || (p.vtt && !s->skipped)) return status;
    if (s->skipped)
        return kf_fail(err, KF_ERR_PARSE, "%s:%d: %s (write hh:mm:ss,mmm --> hh:mm:ss,mmm)", name, s->skipped_line,
                       p.bad);
    return kf_fail(err, KF_ERR_PARSE, "%s:%d: no subtitle found (a cue begins with hh:mm:ss,mmm --> hh:mm:ss,mmm)",
                   name, p.number > 0 ? p.number : 1);
}
