/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of SRT and VTT cues: tags, entities and override blocks. */
#include <string.h>
#include <strings.h>

#include "text/sub.h"

enum { MAX_DEPTH = 16 };

typedef enum tag_kind {
    TAG_UNKNOWN,
    TAG_BOLD,
    TAG_ITALIC,
    TAG_UNDERLINE,
    TAG_STRIKE,
    TAG_COLOR,
    TAG_PLAIN /* no effect */
} tag_kind;

typedef struct tag {
    tag_kind kind;
    uint32_t color; /* 0xRRGGBB */
    char name[8];
} tag;

typedef struct converter {
    kf_sub_text *out;
    tag open[MAX_DEPTH];
    int depth;
    bool vtt;
} converter;

static const char *const markup_names[] = {"", "b", "i", "u", "s", "span", "span"};

static void open_markup(converter *c, const tag *t)
{
    if (t->kind == TAG_COLOR) kf_str_addf(&c->out->markup, "<span foreground=\"#%06x\">", (unsigned)t->color);
    else kf_str_addf(&c->out->markup, "<%s>", markup_names[t->kind]);
}

/* libass colours are BGR. */
static void ass_color(converter *c, uint32_t rgb)
{
    kf_str_addf(&c->out->ass, "{\\c&H%02X%02X%02X&}", (unsigned)(rgb & 255), (unsigned)(rgb >> 8 & 255),
                (unsigned)(rgb >> 16));
}

static void open_ass(converter *c, const tag *t)
{
    static const char letters[] = " bius";
    if (t->kind == TAG_COLOR) ass_color(c, t->color);
    else if (t->kind < TAG_COLOR) kf_str_addf(&c->out->ass, "{\\%c1}", letters[t->kind]);
}

/* Back to what encloses the closed tag: another of its kind, else the style. */
static void close_ass(converter *c, tag_kind kind)
{
    static const char letters[] = " biusc";
    if (kind > TAG_COLOR) return;
    for (int i = c->depth - 1; i >= 0; i--) {
        if (c->open[i].kind == kind) {
            open_ass(c, &c->open[i]);
            return;
        }
    }
    kf_str_addf(&c->out->ass, "{\\%c}", letters[kind]);
}

static void push_tag(converter *c, const tag *t)
{
    if (c->depth == MAX_DEPTH) return;
    c->open[c->depth++] = *t;
    open_markup(c, t);
    open_ass(c, t);
}

/* Closes the innermost tag of this name and what is open inside it. */
static void pop_tag(converter *c, const char *name)
{
    int at = c->depth - 1;
    while (at >= 0 && strcmp(c->open[at].name, name) != 0) at--;
    if (at < 0) return;
    while (c->depth > at) {
        tag_kind kind = c->open[--c->depth].kind;
        kf_str_addf(&c->out->markup, "</%s>", markup_names[kind]);
        close_ass(c, kind);
    }
}

/* ---- Characters ---- */

static void add_char(converter *c, const char *p, size_t length)
{
    kf_sub_text *o = c->out;
    if ((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t') return;
    kf_str_add_n(&o->plain, p, length);
    switch (*p) {
    case '&': kf_str_add(&o->markup, "&amp;"); break;
    case '<': kf_str_add(&o->markup, "&lt;"); break;
    case '>': kf_str_add(&o->markup, "&gt;"); break;
    default: kf_str_add_n(&o->markup, p, length);
    }
    switch (*p) {
    case '\n': kf_str_add(&o->ass, "\\N"); break;
    case '{': kf_str_add(&o->ass, "\\{"); break;
    case '}': kf_str_add(&o->ass, "\\}"); break;
    case '\\': kf_str_add(&o->ass, "\\\xe2\x81\xa0"); break; /* a word joiner keeps it from starting an escape */
    default: kf_str_add_n(&o->ass, p, length);
    }
}

/* VTT character references; returns the bytes used, 0 if it is none. */
static size_t add_entity(converter *c, const char *p, size_t left)
{
    static const struct { const char *name, *text; } entities[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"},
        {"&nbsp;", "\xc2\xa0"}, {"&lrm;", "\xe2\x80\x8e"}, {"&rlm;", "\xe2\x80\x8f"}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t n = strlen(entities[i].name);
        if (n <= left && memcmp(p, entities[i].name, n) == 0) {
            add_char(c, entities[i].text, strlen(entities[i].text));
            return n;
        }
    }
    return 0;
}

/* ---- Tags ---- */

static bool parse_color(const char *p, size_t length, uint32_t *rgb)
{
    char value[32];
    const char *at = NULL;
    for (size_t i = 0; i + 5 < length; i++) {
        if (strncasecmp(p + i, "color", 5) == 0) {
            at = p + i + 5;
            break;
        }
    }
    if (!at) return false;
    const char *end = p + length;
    while (at < end && strchr(" =\"'", *at)) at++;
    size_t n = 0;
    while (at + n < end && n + 1 < sizeof value && (g_ascii_isalnum(at[n]) || at[n] == '#')) n++;
    memcpy(value, at, n);
    value[n] = 0;
    PangoColor color;
    if (!pango_color_parse(&color, value)) return false;
    *rgb = (uint32_t)(color.red >> 8) << 16 | (uint32_t)(color.green >> 8) << 8 | (uint32_t)(color.blue >> 8);
    return true;
}

static tag_kind kind_of(const char *name, bool vtt)
{
    static const struct { const char *name; tag_kind kind; bool vtt_only; } known[] = {
        {"b", TAG_BOLD, false}, {"i", TAG_ITALIC, false}, {"u", TAG_UNDERLINE, false}, {"s", TAG_STRIKE, false},
        {"font", TAG_COLOR, false}, {"c", TAG_PLAIN, true}, {"v", TAG_PLAIN, true}, {"lang", TAG_PLAIN, true},
        {"ruby", TAG_PLAIN, true}, {"rt", TAG_PLAIN, true}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if ((vtt || !known[i].vtt_only) && strcmp(name, known[i].name) == 0) return known[i].kind;
    }
    return TAG_UNKNOWN;
}

/* The colour classes every VTT has: <c.yellow>. */
static void color_class(tag *t, const char *p, size_t length)
{
    static const struct {
        const char *name;
        uint32_t rgb;
    } classes[] = {{"white", 0xffffff},  {"lime", 0x00ff00},    {"cyan", 0x00ffff}, {"red", 0xff0000},
                   {"yellow", 0xffff00}, {"magenta", 0xff00ff}, {"blue", 0x0000ff}, {"black", 0x000000}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t n = strlen(classes[i].name);
        if (length == n && memcmp(p, classes[i].name, n) == 0) {
            t->kind = TAG_COLOR;
            t->color = classes[i].rgb;
        }
    }
}

/* Handles a tag at p ('<'); returns the bytes used, 0 if it is text. */
static size_t take_tag(converter *c, const char *p, size_t left)
{
    const char *end = memchr(p, '>', left);
    if (!end) return 0;
    const char *q = p + 1;
    bool closing = *q == '/';
    if (closing) q++;
    tag t = {0};
    size_t n = 0;
    while (q + n < end && g_ascii_isalpha(q[n]) && n + 1 < sizeof t.name) n++;
    for (size_t i = 0; i < n; i++) t.name[i] = g_ascii_tolower(q[i]);
    bool whole = q + n == end || strchr(" .\t", q[n]);
    t.kind = whole ? kind_of(t.name, c->vtt) : TAG_UNKNOWN;
    size_t used = (size_t)(end - p) + 1;
    if (t.kind == TAG_UNKNOWN) return c->vtt ? used : 0;
    if (closing) {
        pop_tag(c, t.name);
        return used;
    }
    if (t.kind == TAG_COLOR && !parse_color(q, (size_t)(end - q), &t.color)) t.kind = TAG_PLAIN;
    if (t.kind == TAG_PLAIN && c->vtt && q[n] == '.') color_class(&t, q + n + 1, (size_t)(end - q) - n - 1);
    push_tag(c, &t);
    return used;
}

/* {\an8} and other ASS overrides that people put into SRT; returns the bytes used, 0 if it is text. */
static size_t take_override(converter *c, const char *p, size_t left)
{
    if (left < 3 || p[1] != '\\') return 0;
    const char *end = memchr(p, '}', left);
    if (!end) return 0;
    for (const char *q = p; q + 3 < end; q++) {
        if (memcmp(q, "\\an", 3) == 0 && q[3] >= '1' && q[3] <= '9') c->out->place = q[3] - '0';
    }
    return (size_t)(end - p) + 1;
}

void kf_sub_text_convert(kf_sub_text *out, const char *text, size_t length, bool vtt)
{
    converter c = {.out = out, .vtt = vtt};
    for (size_t i = 0; i < length;) {
        const char *p = text + i;
        size_t used = 0;
        if (*p == '<') used = take_tag(&c, p, length - i);
        else if (*p == '{' && !vtt) used = take_override(&c, p, length - i);
        else if (*p == '&' && vtt) used = add_entity(&c, p, length - i);
        if (!used) {
            used = (size_t)(g_utf8_next_char(p) - p);
            if (used > length - i) used = length - i;
            add_char(&c, p, used);
        }
        i += used;
    }
    while (c.depth) pop_tag(&c, c.open[c.depth - 1].name);
}

void kf_sub_text_finish(kf_sub_text *out)
{
    kf_str_finish(&out->plain);
    kf_str_finish(&out->markup);
    kf_str_finish(&out->ass);
}
