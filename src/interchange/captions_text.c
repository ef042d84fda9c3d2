/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of captions: tags, entities and overrides of one form become those of another. Between them stands a run of
 * characters with a style, so what is written is well-formed whatever was read. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "interchange/captions.h"

enum { MAX_DEPTH = 16 };

typedef struct run_style {
    bool on[4];                /* bold, italic, underline, strike */
    int32_t color;             /* 0xRRGGBB; -1: none */
} run_style;
static const char letters[] = "bius";

typedef struct converter {
    caption_text *t;
    caption_form from, to;
    run_style now, written;    /* of what is read; of what stands open in the output */
    struct open_tag { char name[8]; run_style before; } open[MAX_DEPTH];
    int depth;
    bool drawing;              /* ASS: {\p1}: the text is a shape */
} converter;

/* ---- Colours ---- */

static const struct { const char *name; int32_t rgb; bool vtt; } colors[] = {
    {"white", 0xffffff, true}, {"lime", 0x00ff00, true},    {"cyan", 0x00ffff, true}, {"red", 0xff0000, true},
    {"yellow", 0xffff00, true}, {"magenta", 0xff00ff, true}, {"blue", 0x0000ff, true}, {"black", 0x000000, true},
    {"green", 0x008000, false}, {"gray", 0x808080, false},   {"silver", 0xc0c0c0, false}, {"orange", 0xffa500, false},
    {"purple", 0x800080, false}, {"navy", 0x000080, false},  {"maroon", 0x800000, false}, {"teal", 0x008080, false},
    {"olive", 0x808000, false}, {"aqua", 0x00ffff, false},   {"fuchsia", 0xff00ff, false}};
enum { COLORS = sizeof colors / sizeof *colors };

/* "#rrggbb" or a name; -1 if neither. */
static int32_t read_color(const char *text, size_t length)
{
    char copy[16];
    char *end;
    if (length == 0 || length >= sizeof copy) {
        return -1;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (copy[0] == '#' && length == 7) {
        long rgb = strtol(copy + 1, &end, 16);
        return *end ? -1 : (int32_t)rgb;
    }
    for (int i = 0; i < COLORS; i++) {
        if (strcasecmp(colors[i].name, copy) == 0) {
            return colors[i].rgb;
        }
    }
    return -1;
}

static const char *vtt_class(int32_t rgb)
{
    for (int i = 0; i < COLORS; i++) {
        if (colors[i].vtt && colors[i].rgb == rgb) {
            return colors[i].name;
        }
    }
    return NULL;
}

/* ---- Writing ---- */

static bool same_style(const run_style *a, const run_style *b)
{
    return memcmp(a->on, b->on, sizeof a->on) == 0 && a->color == b->color;
}

/* ASS switches each property on its own. */
static void switch_ass(converter *c)
{
    for (int i = 0; i < 4; i++) {
        if (c->now.on[i] != c->written.on[i]) {
            kf_str_addf(&c->t->out, "{\\%c%d}", letters[i], c->now.on[i]);
        }
    }
    int32_t rgb = c->now.color;
    if (rgb != c->written.color && rgb >= 0) {
        kf_str_addf(&c->t->out, "{\\c&H%02X%02X%02X&}", (unsigned)rgb & 255, (unsigned)rgb >> 8 & 255,
                    (unsigned)rgb >> 16 & 255);
    } else if (rgb != c->written.color) {
        kf_str_add(&c->t->out, "{\\c}");
    }
}

static void open_color(converter *c, int32_t rgb, bool closing)
{
    kf_str *out = &c->t->out;
    const char *class = vtt_class(rgb);
    if (c->to == CAPTION_VTT && class) {
        kf_str_addf(out, closing ? "</c>" : "<c.%s>", class);
    } else if (c->to == CAPTION_VTT) {
        c->t->lost = true;
    } else if (closing) {
        kf_str_add(out, c->to == CAPTION_SRT ? "</font>" : "</span>");
    } else {
        kf_str_addf(out, c->to == CAPTION_SRT ? "<font color=\"#%06x\">" : "<span foreground=\"#%06x\">",
                    (unsigned)rgb);
    }
}

/* VTT has no strike-through. */
static bool has_tag(const converter *c, const run_style *style, int i)
{
    c->t->lost |= i == 3 && style->on[i] && c->to == CAPTION_VTT;
    return style->on[i] && !(i == 3 && c->to == CAPTION_VTT);
}

static void switch_tags(converter *c)
{
    for (int i = 3; i >= 0; i--) {
        if (has_tag(c, &c->written, i)) {
            kf_str_addf(&c->t->out, "</%c>", letters[i]);
        }
    }
    if (c->written.color >= 0) {
        open_color(c, c->written.color, true);
    }
    if (c->now.color >= 0) {
        open_color(c, c->now.color, false);
    }
    for (int i = 0; i < 4; i++) {
        if (has_tag(c, &c->now, i)) {
            kf_str_addf(&c->t->out, "<%c>", letters[i]);
        }
    }
}

static void switch_style(converter *c)
{
    if (same_style(&c->now, &c->written)) {
        return;
    }
    if (c->to == CAPTION_ASS) {
        switch_ass(c);
    } else {
        switch_tags(c);
    }
    c->t->styled = true;
    c->written = c->now;
}

static const char *escape(caption_form to, char ch)
{
    bool entities = to == CAPTION_MARKUP || to == CAPTION_VTT;
    switch (ch) {
    case '&':
        return entities ? "&amp;" : NULL;
    case '<':
        return entities ? "&lt;" : NULL;
    case '>':
        return entities ? "&gt;" : NULL;
    case '{':
        return to == CAPTION_ASS ? "\\{" : NULL;
    case '}':
        return to == CAPTION_ASS ? "\\}" : NULL;
    case '\n':
        return to == CAPTION_ASS ? "\\N" : NULL;
    default:
        return NULL;
    }
}

/* A blank line would end the cue. */
static bool ends_cue(const converter *c, char ch)
{
    const kf_str *out = &c->t->out;
    return ch == '\n' && (c->to == CAPTION_SRT || c->to == CAPTION_VTT) &&
           (out->length == 0 || out->data[out->length - 1] == '\n');
}

static void put(converter *c, const char *p, size_t length)
{
    const char *escaped = escape(c->to, *p);
    if (c->drawing || (((unsigned char)*p < 0x20 || *p == 0x7f) && *p != '\n' && *p != '\t')) {
        c->t->lost |= c->drawing;
        return;
    }
    if (ends_cue(c, *p)) {
        c->t->lost = true;
        return;
    }
    bool plain = same_style(&c->now, &(run_style){.color = -1});
    if (plain || (*p != '\n' && *p != ' ')) { /* blanks take no style of their own */
        switch_style(c);
    }
    if (escaped) {
        kf_str_add(&c->t->out, escaped);
    } else {
        kf_str_add_n(&c->t->out, p, length);
    }
}

/* ---- Tags ---- */

static void open_tag(converter *c, const char *name, const run_style *style)
{
    if (c->depth == MAX_DEPTH) {
        c->t->lost = true;
        return;
    }
    snprintf(c->open[c->depth].name, sizeof c->open[0].name, "%s", name);
    c->open[c->depth++].before = c->now;
    c->now = *style;
}

/* Closes the innermost tag of this name with what is open in it. */
static void close_tag(converter *c, const char *name)
{
    for (int i = c->depth - 1; i >= 0; i--) {
        if (strcmp(c->open[i].name, name) == 0) {
            c->now = c->open[i].before;
            c->depth = i;
            return;
        }
    }
}

/* The value of color= or foreground= in a tag. */
static int32_t color_attribute(const char *p, const char *end)
{
    for (; p + 6 < end; p++) {
        bool found = strncasecmp(p, "color=", 6) == 0 || (p + 11 < end && strncasecmp(p, "foreground=", 11) == 0);
        if (found) {
            p = memchr(p, '=', (size_t)(end - p));
            p += strspn(p, "= \"'");
            return p < end ? read_color(p, strcspn(p, "\"' >")) : -1;
        }
    }
    return -1;
}

/* False: no tag that this form has. */
static bool apply_tag(converter *c, const char *name, const char *rest, const char *end)
{
    run_style style = c->now;
    const char *letter = name[0] && !name[1] ? strchr(letters, name[0]) : NULL;
    if (letter) {
        style.on[letter - letters] = true;
    } else if (strcmp(name, "font") == 0 || strcmp(name, "span") == 0) {
        int32_t rgb = color_attribute(rest, end);
        style.color = rgb >= 0 ? rgb : style.color;
        c->t->lost |= rgb < 0;
    } else if (c->from == CAPTION_VTT && strcmp(name, "c") == 0) {
        int32_t rgb = *rest == '.' ? read_color(rest + 1, strcspn(rest + 1, ". >")) : -1;
        style.color = rgb >= 0 ? rgb : style.color;
        c->t->lost |= rgb < 0 && *rest == '.';
    } else {
        c->t->lost |= c->from != CAPTION_SRT;
        return c->from != CAPTION_SRT;
    }
    open_tag(c, name, &style);
    return true;
}

/* Bytes of the tag at p ('<'); 0: it is text. */
static size_t take_tag(converter *c, const char *p, size_t left)
{
    char name[8];
    const char *end = memchr(p, '>', left), *q = p + 1;
    size_t n = 0;
    if (!end) {
        return 0;
    }
    bool closing = *q == '/';
    q += closing;
    while (q + n < end && isalpha((unsigned char)q[n]) && n + 1 < sizeof name) {
        name[n] = (char)tolower((unsigned char)q[n]);
        n++;
    }
    name[n] = '\0';
    bool known = n && (q + n == end || strchr(" .\t/", q[n]));
    if (closing && known) {
        close_tag(c, name);
    } else if (!known || !apply_tag(c, name, q + n, end)) {
        return c->from == CAPTION_VTT ? (size_t)(end - p) + 1 : 0;
    }
    return (size_t)(end - p) + 1;
}

static size_t take_entity(converter *c, const char *p, size_t left)
{
    static const struct { const char *name, *text; } entities[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&#39;", "'"},
        {"&#34;", "\""}, {"&nbsp;", "\xc2\xa0"}, {"&lrm;", "\xe2\x80\x8e"}, {"&rlm;", "\xe2\x80\x8f"}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t n = strlen(entities[i].name);
        if (n <= left && memcmp(p, entities[i].name, n) == 0) {
            put(c, entities[i].text, strlen(entities[i].text));
            return n;
        }
    }
    return 0;
}

/* ---- Overrides ---- */

/* "&HBBGGRR&"; -1 if it is none. */
static int32_t ass_color(const char *p, const char *end)
{
    char *stop;
    if (p + 2 >= end || p[0] != '&' || toupper((unsigned char)p[1]) != 'H') {
        return -1;
    }
    unsigned long bgr = strtoul(p + 2, &stop, 16);
    return stop > end ? -1 : (int32_t)((bgr & 255) << 16 | (bgr & 0xff00) | (bgr >> 16 & 255));
}

static bool take_flag(converter *c, char letter, const char *value, const char *end)
{
    const char *at = strchr(letters, letter);
    if (!at || (value < end && !isdigit((unsigned char)*value))) {
        return false;
    }
    c->now.on[at - letters] = value < end && atoi(value) != 0;
    return true;
}

/* One override without its backslash, such as "an8" or "c&H0000FF&". */
static void override_one(converter *c, const char *p, const char *end)
{
    caption_text *t = c->t;
    if (end - p > 2 && memcmp(p, "an", 2) == 0 && p[2] >= '1' && p[2] <= '9') {
        t->place = t->place ? t->place : p[2] - '0';
    } else if (end - p > 4 && memcmp(p, "pos(", 4) == 0) {
        const char *comma, *stop;
        t->x = ix_read_number(p + 4, &comma);
        t->has_position = *comma == ',';
        t->y = t->has_position ? ix_read_number(comma + 1 + strspn(comma + 1, " "), &stop) : 0;
    } else if (*p == 'c' || (p + 1 < end && p[0] == '1' && p[1] == 'c')) {
        c->now.color = ass_color(p + (*p == 'c' ? 1 : 2), end);
    } else if (*p == 'r') {
        c->now = (run_style){.color = -1};
        t->lost |= end - p > 1;
    } else if (*p == 'p' && p + 1 < end && isdigit((unsigned char)p[1])) {
        c->drawing = atoi(p + 1) != 0;
        t->lost |= c->drawing;
    } else if (!take_flag(c, *p, p + 1, end)) {
        t->lost = true;
    }
}

static const char *override_end(const char *p, const char *end)
{
    int depth = 0;
    for (; p < end && (*p != '\\' || depth > 0); p++) {
        depth += (*p == '(') - (*p == ')');
    }
    return p;
}

/* Bytes of the block at p ('{'); 0: it is text. */
static size_t take_overrides(converter *c, const char *p, size_t left)
{
    const char *end = memchr(p, '}', left);
    if (!end || (c->from == CAPTION_SRT && p[1] != '\\')) {
        return 0;
    }
    const char *at = memchr(p, '\\', (size_t)(end - p));
    while (at && at < end) {
        const char *stop = override_end(at + 1, end);
        if (stop > at + 1) {
            override_one(c, at + 1, stop);
        }
        at = stop;
    }
    return (size_t)(end - p) + 1;
}

static size_t take_escape(converter *c, const char *p, size_t left)
{
    if (left < 2 || !strchr("Nnh{}", p[1])) {
        return 0;
    }
    put(c, p[1] == 'h' ? "\xc2\xa0" : p[1] == '{' ? "{" : p[1] == '}' ? "}" : "\n", p[1] == 'h' ? 2 : 1);
    return 2;
}

/* ---- All ---- */

static size_t take(converter *c, const char *p, size_t left)
{
    bool ass = c->from == CAPTION_ASS, srt = c->from == CAPTION_SRT;
    if (*p == '<' && !ass) {
        return take_tag(c, p, left);
    }
    if (*p == '{' && (ass || srt)) {
        return take_overrides(c, p, left);
    }
    if (*p == '\\' && ass) {
        return take_escape(c, p, left);
    }
    return *p == '&' && !ass && !srt ? take_entity(c, p, left) : 0;
}

void caption_text_convert(caption_text *t, const char *text, size_t length, caption_form from, caption_form to)
{
    converter c = {.t = t, .from = from, .to = to, .now = {.color = -1}, .written = {.color = -1}};
    kf_str_add(&t->out, "");
    for (size_t i = 0; i < length;) {
        size_t used = take(&c, text + i, length - i);
        if (!used) {
            used = 1;
            while (i + used < length && ((unsigned char)text[i + used] & 0xC0) == 0x80) {
                used++;
            }
            put(&c, text + i, used);
        }
        i += used;
    }
    c.now = (run_style){.color = -1};
    if (c.to != CAPTION_ASS) {
        switch_style(&c);
    }
}

void caption_text_finish(caption_text *t)
{
    kf_str_finish(&t->out);
    *t = (caption_text){0};
}
