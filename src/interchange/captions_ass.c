/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading ASS and SSA scripts: styles and dialogue lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/api/alloc.h"
#include "interchange/captions.h"

enum { MAX_FIELDS = 32, MAX_STYLES = 10000 };

typedef struct field {
    const char *text;
    size_t length;
} field;

/* The order of fields that a "Format:" line gives. */
typedef struct format {
    char names[MAX_FIELDS][20];
    int count;
} format;

typedef struct ass_style {
    char look[400];            /* members of a title's params */
    int place;                 /* as on a numeric keypad */
    double left, right, vertical; /* margins, in the script's pixels */
} ass_style;

typedef struct ass_event {
    kf_time start, end;
    int line, style;           /* -1: the default look */
    field text, name, style_name, effect;
    double left, right, vertical; /* 0: as the style says */
    long layer;
} ass_event;

typedef struct script {
    caption_film film;
    double width, height;      /* PlayResX, PlayResY */
    bool old;                  /* [V4 Styles]: SSA numbers alignments otherwise */
    format styles_format, events_format;
    ix_table style_names;
    ass_style *styles;
    size_t style_count, style_capacity;
    ass_event *events;
    size_t event_count, event_capacity;
    int skipped, skipped_line;
} script;

/* ---- Fields ---- */

static field trim(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    while (end > p && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    return (field){p, (size_t)(end - p)};
}

static void read_format(format *f, const char *p, const char *end)
{
    f->count = 0;
    while (p < end && f->count < MAX_FIELDS) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        field name = trim(p, comma ? comma : end);
        snprintf(f->names[f->count++], sizeof f->names[0], "%.*s", (int)(name.length < 19 ? name.length : 19),
                 name.text);
        p = comma ? comma + 1 : end;
    }
}

/* The fields of a line; the last one of the format takes all that is left. */
static void split(const format *f, const char *p, const char *end, field fields[MAX_FIELDS])
{
    for (int i = 0; i < f->count; i++) {
        const char *comma = i + 1 < f->count && p < end ? memchr(p, ',', (size_t)(end - p)) : NULL;
        fields[i] = i + 1 < f->count ? trim(p, comma ? comma : end) : (field){p, (size_t)(end - p)};
        p = comma ? comma + 1 : end;
    }
}

static field get(const format *f, const field fields[MAX_FIELDS], const char *name)
{
    for (int i = 0; i < f->count; i++) {
        if (strcasecmp(f->names[i], name) == 0) {
            return fields[i];
        }
    }
    return (field){"", 0};
}

static double number(field f)
{
    const char *end;
    double v = f.length ? ix_read_number(f.text, &end) : 0;
    return v > -1e6 && v < 1e6 ? v : 0;
}

/* h:mm:ss.cc */
static bool read_clock(field f, kf_time *out)
{
    char text[32];
    snprintf(text, sizeof text, "%.*s", (int)(f.length < 31 ? f.length : 31), f.text);
    return f.length > 0 && f.length < 31 && kf_time_parse(text, (kf_rational){0, 0}, out, NULL) == KF_OK && *out >= 0;
}

/* ---- Styles ---- */

/* "&HAABBGGRR" or a decimal number, alpha 255 transparent, as "#rrggbbaa". */
static void color_of(field f, char out[16])
{
    char text[24];
    snprintf(text, sizeof text, "%.*s", (int)(f.length < 23 ? f.length : 23), f.text);
    bool hex = text[0] == '&' || text[0] == 'H';
    const char *digits = text + strspn(text, "&Hh");
    unsigned long v = strtoul(digits, NULL, hex ? 16 : 10);
    snprintf(out, 16, "#%02lx%02lx%02lx%02lx", v & 255, v >> 8 & 255, v >> 16 & 255, 255 - (v >> 24 & 255));
}

/* SSA: 1 to 3 at the bottom, 5 to 7 at the top, 9 to 11 in the middle. */
static int place_of(const script *s, int alignment)
{
    if (!s->old) {
        return alignment >= 1 && alignment <= 9 ? alignment : 2;
    }
    int column = (alignment & 3) ? (alignment & 3) : 2;
    return column + (alignment & 4 ? 6 : alignment & 8 ? 3 : 0);
}

static void put_color(kf_json_writer *w, const char *key, field f)
{
    char color[16];
    if (f.length) {
        color_of(f, color);
        kf_json_put_string(w, key, color);
    }
}

static void put_look(const script *s, kf_json_writer *w, const format *f, const field fields[MAX_FIELDS])
{
    double scale = CAPTION_HEIGHT / s->height, size = number(get(f, fields, "Fontsize")) * scale;
    double outline = number(get(f, fields, "Outline")) * scale, shadow = number(get(f, fields, "Shadow")) * scale;
    field font = get(f, fields, "Fontname");
    char name[100];
    snprintf(name, sizeof name, "%.*s", (int)(font.length < 99 ? font.length : 99), font.text);
    ix_put_text(w, "font", name);
    kf_json_put_number(w, "size", size >= 1 && size <= 4096 ? size : CAPTION_SIZE);
    put_color(w, "color", get(f, fields, "PrimaryColour"));
    kf_json_put_number(w, "outline_width", outline >= 0 && outline <= 512 ? outline : 0);
    put_color(w, "outline_color", get(f, fields, s->old ? "TertiaryColour" : "OutlineColour"));
    if (shadow > 0 && shadow <= 4096) {
        put_color(w, "shadow_color", get(f, fields, "BackColour"));
        kf_json_put_number(w, "shadow_offset", shadow);
        kf_json_put_int(w, "shadow_blur", 0);
    }
    if (number(get(f, fields, "Bold")) != 0) {
        kf_json_put_int(w, "weight", 700);
    }
    if (number(get(f, fields, "Italic")) != 0) {
        kf_json_put_bool(w, "italic", true);
    }
}

static kf_status add_style(script *s, const char *p, const char *end, kf_error *err)
{
    field fields[MAX_FIELDS];
    const format *f = &s->styles_format;
    kf_str look = {0}, name = {0};
    kf_json_writer w = {.out = &look, .compact = true, .depth = 1};
    split(f, p, end, fields);
    field called = get(f, fields, "Name");
    if (s->style_count >= MAX_STYLES || called.length == 0) {
        return KF_OK;
    }
    kf_str_add_n(&name, called.text, called.length);
    if (kf_grow((void **)&s->styles, &s->style_capacity, s->style_count + 1, sizeof *s->styles)) {
        kf_str_finish(&name);
        return kf_fail_memory(err);
    }
    put_look(s, &w, f, fields);
    ass_style *style = &s->styles[s->style_count];
    *style = (ass_style){.place = place_of(s, (int)number(get(f, fields, "Alignment"))),
                         .left = number(get(f, fields, "MarginL")), .right = number(get(f, fields, "MarginR")),
                         .vertical = number(get(f, fields, "MarginV"))};
    if (look.length < sizeof style->look && look.data) {
        memcpy(style->look, look.data, look.length + 1);
    }
    ix_entry *entry = name.failed || look.failed ? NULL : ix_table_add(&s->style_names, name.data);
    kf_str_finish(&name);
    kf_str_finish(&look);
    if (!entry) {
        return kf_fail_memory(err);
    }
    entry->number = (int64_t)s->style_count++;
    return KF_OK;
}

/* ---- Events ---- */

static int style_index(const script *s, field name)
{
    char text[200];
    if (name.length && *name.text == '*') {
        name.text++;
        name.length--;
    }
    if (name.length >= sizeof text) {
        return -1;
    }
    memcpy(text, name.text, name.length);
    text[name.length] = '\0';
    const ix_entry *entry = ix_table_find(&s->style_names, text);
    return entry ? (int)entry->number : -1;
}

static kf_status add_event(script *s, const char *p, const char *end, int line, kf_error *err)
{
    field fields[MAX_FIELDS];
    const format *f = &s->events_format;
    split(f, p, end, fields);
    ass_event e = {.line = line, .text = get(f, fields, "Text"), .name = get(f, fields, "Name"),
                   .style_name = get(f, fields, "Style"), .effect = get(f, fields, "Effect"),
                   .left = number(get(f, fields, "MarginL")), .right = number(get(f, fields, "MarginR")),
                   .vertical = number(get(f, fields, "MarginV")), .layer = (long)number(get(f, fields, "Layer"))};
    if (!read_clock(get(f, fields, "Start"), &e.start) || !read_clock(get(f, fields, "End"), &e.end) ||
        e.end <= e.start) {
        s->skipped_line = s->skipped++ ? s->skipped_line : line;
        return KF_OK;
    }
    if (kf_grow((void **)&s->events, &s->event_capacity, s->event_count + 1, sizeof e)) {
        return kf_fail_memory(err);
    }
    s->events[s->event_count++] = e;
    return KF_OK;
}

/* ---- Lines ---- */

/* The value of "Key: value", or NULL. */
static const char *value_of(const char *p, const char *end, const char *key)
{
    size_t n = strlen(key);
    return (size_t)(end - p) > n && strncasecmp(p, key, n) == 0 && p[n] == ':' ? trim(p + n + 1, end).text : NULL;
}

static kf_status read_line(script *s, const char *p, const char *end, int line, kf_error *err)
{
    const char *v;
    if (*p == '[') {
        s->old |= strncasecmp(p, "[V4 Styles]", 11) == 0;
    } else if ((v = value_of(p, end, "PlayResX"))) {
        s->width = number((field){v, (size_t)(end - v)});
    } else if ((v = value_of(p, end, "PlayResY"))) {
        s->height = number((field){v, (size_t)(end - v)});
    } else if ((v = value_of(p, end, "Format"))) {
        format f = {0};
        read_format(&f, v, end);
        bool events = f.count && strcasecmp(f.names[f.count - 1], "Text") == 0;
        *(events ? &s->events_format : &s->styles_format) = f;
    } else if ((v = value_of(p, end, "Style"))) {
        return add_style(s, v, end, err);
    } else if ((v = value_of(p, end, "Dialogue"))) {
        return add_event(s, v, end, line, err);
    }
    return KF_OK;
}

/* 384x288 is the size that scripts have which say none. */
static void settle_size(script *s)
{
    s->width = s->width > 0 ? s->width : s->height > 0 ? s->height * 4 / 3 : 384;
    s->height = s->height > 0 ? s->height : 288;
}

static kf_status read_lines(script *s, const char *text, kf_error *err)
{
    static const char styles[] = "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
                                 "Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, "
                                 "Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding";
    static const char events[] = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";
    bool sized = false;
    read_format(&s->styles_format, styles, styles + strlen(styles));
    read_format(&s->events_format, events, events + strlen(events));
    for (int line = 1; *text; line++) {
        size_t n = strcspn(text, "\r\n");
        if (!sized && (value_of(text, text + n, "Style") || value_of(text, text + n, "Dialogue"))) {
            settle_size(s);
            sized = true;
        }
        kf_status status = n ? read_line(s, text, text + n, line, err) : KF_OK;
        if (status != KF_OK) {
            return status;
        }
        text += n;
        text += text[0] == '\r' && text[1] == '\n' ? 2 : *text != '\0';
    }
    settle_size(s);
    return KF_OK;
}

/* ---- Cues ---- */

static void put_kept(kf_json_writer *w, const char *key, field f)
{
    kf_str text = {0};
    kf_str_add_n(&text, f.text, f.length);
    if (text.data) {
        ix_put_text(w, key, text.data);
    }
    w->out->failed |= text.failed;
    kf_str_finish(&text);
}

/* Where the cue stands: {\pos}, or its margins. */
static void place_cue(const script *s, const ass_event *e, const caption_text *text, caption_cue *cue)
{
    static const ass_style plain = {.place = 2, .left = 10, .right = 10, .vertical = 10};
    const ass_style *style = e->style >= 0 ? &s->styles[e->style] : &plain;
    double sx = CAPTION_WIDTH / s->width, sy = CAPTION_HEIGHT / s->height;
    double left = (e->left ? e->left : style->left) * sx,
           right = CAPTION_WIDTH - (e->right ? e->right : style->right) * sx;
    double margin = (e->vertical ? e->vertical : style->vertical) * sy;
    cue->place = text->place ? text->place : style->place;
    int column = (cue->place - 1) % 3, row = (cue->place - 1) / 3;
    cue->x = column == 0 ? left : column == 1 ? (left + right) / 2 : right;
    cue->y = row == 0 ? CAPTION_HEIGHT - margin : row == 1 ? CAPTION_HEIGHT / 2.0 : margin;
    if (text->has_position) {
        cue->x = text->x * sx;
        cue->y = text->y * sy;
    }
    cue->has_position = cue->x > -1e5 && cue->x < 1e5 && cue->y > -1e5 && cue->y < 1e5;
}

static kf_status put_event(script *s, ass_event *e, kf_error *err)
{
    caption_text text = {0};
    kf_str kept = {0};
    kf_json_writer w = {.out = &kept, .compact = true, .depth = 1};
    char where[40];
    e->style = style_index(s, e->style_name);
    caption_text_convert(&text, e->text.text, e->text.length, CAPTION_ASS, CAPTION_MARKUP);
    caption_cue cue = {.start = e->start, .end = e->end, .markup = text.out.data, .styled = true};
    place_cue(s, e, &text, &cue);
    cue.look = e->style >= 0 && *s->styles[e->style].look ? s->styles[e->style].look : NULL;
    put_kept(&w, "style", e->style_name);
    put_kept(&w, "actor", e->name);
    put_kept(&w, "effect", e->effect);
    if (e->layer) {
        kf_json_put_int(&w, "layer", e->layer);
    }
    cue.kept = kept.length ? kept.data : NULL;
    snprintf(where, sizeof where, "line %d", e->line);
    if (text.lost || e->effect.length) {
        kf_report_add(s->film.report, KF_LOSS_CHANGED, where, "overrides or effects of this line have no counterpart");
    }
    bool failed = text.out.failed || kept.failed;
    kf_status status = failed ? kf_fail_memory(err) : text.out.length ? caption_film_add(&s->film, &cue, err) : KF_OK;
    caption_text_finish(&text);
    kf_str_finish(&kept);
    return status;
}

static int by_start(const void *a, const void *b)
{
    const ass_event *x = a, *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    return (x->line > y->line) - (x->line < y->line);
}

static kf_status read_script(script *s, const char *text, kf_error *err)
{
    const char *name = s->film.params->name;
    kf_status status = read_lines(s, text, err);
    if (status != KF_OK) {
        return status;
    }
    if (!s->event_count) {
        return kf_fail(err, KF_ERR_PARSE, "%s:%d: %s", name, s->skipped ? s->skipped_line : 1,
                       s->skipped ? "the times of this line cannot be read" : "no dialogue line found");
    }
    qsort(s->events, s->event_count, sizeof *s->events, by_start);
    for (size_t i = 0; i < s->event_count && status == KF_OK; i++) {
        status = put_event(s, &s->events[i], err);
    }
    if (s->skipped) {
        char where[40];
        snprintf(where, sizeof where, "line %d", s->skipped_line);
        kf_report_add(s->film.report, KF_LOSS_DROPPED, where, "%d lines whose times cannot be read are left out",
                      s->skipped);
    }
    return status;
}

kf_status caption_import_ass(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    script *s = KF_NEW(script);
    char *text = caption_plain_text(params);
    if (!s || !text) {
        kf_free(s);
        kf_free(text);
        return kf_fail_memory(err);
    }
    kf_status status = caption_film_init(&s->film, params, report, err);
    if (status == KF_OK) {
        status = read_script(s, text, err);
    }
    if (status == KF_OK) {
        status = caption_film_write(&s->film, film, err);
    }
    caption_film_finish(&s->film);
    ix_table_finish(&s->style_names);
    kf_free(s->styles);
    kf_free(s->events);
    kf_free(s);
    kf_free(text);
    return status;
}
