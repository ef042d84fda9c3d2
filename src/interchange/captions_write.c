/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing captions: the title clips of all tracks, in order of time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "interchange/captions.h"

typedef struct title {
    kf_time start, end;
    const kf_json *clip, *params;
    int track;
} title;

typedef struct writing {
    caption_form form;
    kf_report *report;
    kf_str *out;
    kf_sequence_view sequence;
    title *titles;
    size_t count, capacity;
    ix_table styles;           /* ASS: look to style number plus 1 */
    kf_str style_lines;
    bool rounded;
} writing;

static const char *text_of(const kf_json *object, const char *key)
{
    const kf_json *value = object ? kf_json_get(object, key) : NULL;
    return value && value->type == KF_JSON_STRING ? value->text : "";
}

static double number_of(const kf_json *object, const char *key, double otherwise)
{
    const kf_json *value = object ? kf_json_get(object, key) : NULL;
    return value && value->type == KF_JSON_NUMBER ? value->number : otherwise;
}

static bool flag_of(const kf_json *object, const char *key, bool otherwise)
{
    const kf_json *value = object ? kf_json_get(object, key) : NULL;
    return value && value->type == KF_JSON_BOOL ? value->boolean : otherwise;
}

static void note(writing *w, kf_loss_kind kind, int track, kf_time t, const char *name, const char *what)
{
    ix_place place;
    char label[16];
    snprintf(label, sizeof label, "V%d", track + 1);
    kf_report_add(w->report, kind, ix_where(place, &w->sequence, label, t, name), "%s", what);
}

/* ---- Gathering ---- */

static kf_status take_clip(writing *w, const kf_json *clip, int track, kf_time start, kf_time duration, kf_error *err)
{
    const char *generator = text_of(clip, "generator");
    const char *name = *text_of(clip, "name") ? text_of(clip, "name") : *generator ? generator : text_of(clip, "asset");
    const kf_json *params = kf_json_get(clip, "params");
    if (strcmp(generator, "subtitles") == 0) {
        note(w, KF_LOSS_DROPPED, track, start, name, "it shows a file of subtitles: that file can be converted itself");
        return KF_OK;
    }
    if (strcmp(generator, "title") != 0 || !flag_of(clip, "enabled", true)) {
        note(w, KF_LOSS_DROPPED, track, start, name, "captions hold nothing but titles that are shown");
        return KF_OK;
    }
    if (kf_grow((void **)&w->titles, &w->capacity, w->count + 1, sizeof *w->titles)) {
        return kf_fail_memory(err);
    }
    w->titles[w->count++] = (title){start, start + duration, clip, params, track};
    return KF_OK;
}

static kf_status take_track(writing *w, const kf_json *track, int number, kf_error *err)
{
    kf_time at = 0;
    const kf_json *clips = kf_json_get(track, "clips");
    kf_status status = KF_OK;
    for (const kf_json *item = clips ? clips->first : NULL; item && status == KF_OK; item = item->next) {
        bool gap = kf_json_get(item, "gap") != NULL;
        kf_time duration = ix_film_time(item, gap ? "gap" : "duration", w->sequence.rate, 0);
        if (kf_json_get(item, "transition")) {
            note(w, KF_LOSS_DROPPED, number, at, text_of(item, "transition"), "captions have no transitions");
            continue;
        }
        if (!gap) {
            status = take_clip(w, item, number, at, duration, err);
        }
        at += duration;
    }
    return status;
}

static kf_status take_tracks(writing *w, const kf_json *sequence, kf_error *err)
{
    const kf_json *tracks = kf_json_get(sequence, "tracks");
    ix_place place;
    kf_status status = KF_OK;
    int number = 0;
    for (const kf_json *track = tracks ? tracks->first : NULL; track && status == KF_OK; track = track->next) {
        bool audio = strcmp(text_of(track, "kind"), "audio") == 0, hidden = flag_of(track, "hide", false);
        if (audio || hidden) {
            kf_report_add(w->report, KF_LOSS_DROPPED,
                          ix_where(place, &w->sequence, text_of(track, "name"), KF_TIME_NONE, NULL),
                          audio ? "captions have no sound" : "the track is hidden");
        } else {
            status = take_track(w, track, number, err);
        }
        number += !audio;
    }
    return status;
}

static int by_start(const void *a, const void *b)
{
    const title *x = a, *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    return x->track - y->track;
}

/* ---- Place ---- */

static double coordinate(const kf_json *params, int index, double center)
{
    const kf_json *position = params ? kf_json_get(params, "position") : NULL;
    const kf_json *value = position && position->type == KF_JSON_ARRAY ? kf_json_at(position, (uint32_t)index) : NULL;
    return value && value->type == KF_JSON_NUMBER ? value->number : center;
}

/* As on a numeric keypad: the third of the picture that the title stands in, and the side it is aligned to. */
static int place_of(const writing *w, const kf_json *params)
{
    double y = coordinate(params, 1, w->sequence.height / 2.0) / w->sequence.height;
    const char *side = *text_of(params, "anchor_h") ? text_of(params, "anchor_h") : text_of(params, "align");
    int column = strcmp(side, "left") == 0 ? 1 : strcmp(side, "right") == 0 ? 3 : 2;
    return column + (y < 1.0 / 3 ? 6 : y > 2.0 / 3 ? 0 : 3);
}

/* ---- What is lost ---- */

static bool is_listed(const char *const *list, const char *key)
{
    while (*list && strcmp(*list, key) != 0) {
        list++;
    }
    return *list != NULL;
}

/* The look that captions get when they are read is no loss. */
static bool is_default_look(const kf_json *value)
{
    return (strcmp(value->key, "size") == 0 && value->number == CAPTION_SIZE) ||
           (strcmp(value->key, "outline_width") == 0 && value->number == 3);
}

static void report_lost(writing *w, const title *t)
{
    static const char *const carried[] = {"text",     "markup", "position",  "anchor_h",
                                          "anchor_v", "align",  "max_width", NULL};
    static const char *const styled[] = {"font", "size", "color", "outline_width", "outline_color", "shadow_color",
                                         "shadow_offset", "shadow_blur", "weight", "italic", NULL};
    static const char *const of_clip[] = {"id", "name", "generator", "params", "duration", "metadata", "label", "link",
                                          "group", "color", "enabled", NULL};
    kf_str lost = {0};
    for (const kf_json *v = t->params ? t->params->first : NULL; v; v = v->next) {
        bool animated = v->type == KF_JSON_OBJECT, kept = w->form == CAPTION_ASS && is_listed(styled, v->key);
        if (animated || (!is_listed(carried, v->key) && !kept && !is_default_look(v))) {
            kf_str_addf(&lost, "%s%s", lost.length ? ", " : "", v->key);
        }
    }
    for (const kf_json *v = t->clip->first; v; v = v->next) {
        if (!is_listed(of_clip, v->key)) {
            kf_str_addf(&lost, "%s%s", lost.length ? ", " : "", v->key);
        }
    }
    if (lost.length) {
        char what[400];
        snprintf(what, sizeof what, "these captions cannot say: %.300s", lost.data);
        note(w, KF_LOSS_CHANGED, t->track, t->start, text_of(t->clip, "name"), what);
    }
    kf_str_finish(&lost);
}

/* ---- Times ---- */

static int64_t rounded(writing *w, kf_time t, int64_t per_second)
{
    int64_t unit = KF_SECOND / per_second;
    w->rounded |= t % unit != 0;
    return (t + unit / 2) / unit;
}

static void put_clock(writing *w, kf_time t)
{
    bool ass = w->form == CAPTION_ASS;
    int64_t units = rounded(w, t, ass ? 100 : 1000), per = ass ? 100 : 1000, seconds = units / per;
    long long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60, rest = units % per;
    if (ass) {
        kf_str_addf(w->out, "%lld:%02lld:%02lld.%02lld", h, m, s, rest);
    } else {
        kf_str_addf(w->out, "%02lld:%02lld:%02lld%c%03lld", h, m, s, w->form == CAPTION_SRT ? ',' : '.', rest);
    }
}

/* ---- SubRip and WebVTT ---- */

static void put_settings(writing *w, const title *t, int place)
{
    const kf_json *metadata = kf_json_get(t->clip, "metadata");
    const char *kept = text_of(metadata ? kf_json_get(metadata, "captions") : NULL, "settings");
    static const char *const rows[] = {"", " line:50%", " line:0"}, *const columns[] = {" align:start", "",
                                                                                        " align:end"};
    if (*kept) {
        kf_str_addf(w->out, " %s", kept);
        return;
    }
    kf_str_add(w->out, rows[(place - 1) / 3]);
    kf_str_add(w->out, columns[(place - 1) % 3]);
}

static void put_cue(writing *w, const title *t, size_t number, const caption_text *text)
{
    int place = place_of(w, t->params);
    if (w->form == CAPTION_SRT) {
        kf_str_addf(w->out, "%zu\n", number);
    }
    put_clock(w, t->start);
    kf_str_add(w->out, " --> ");
    put_clock(w, t->end);
    if (w->form == CAPTION_VTT) {
        put_settings(w, t, place);
    }
    kf_str_add(w->out, "\n");
    if (w->form == CAPTION_SRT && place != 2) {
        kf_str_addf(w->out, "{\\an%d}", place);
    }
    kf_str_add_n(w->out, text->out.data ? text->out.data : "", text->out.length);
    kf_str_add(w->out, "\n\n");
}

/* ---- ASS ---- */

/* "#rrggbbaa" and its shorter forms as "&HAABBGGRR". */
static void add_ass_color(kf_str *out, const char *color, unsigned otherwise)
{
    unsigned v[4] = {otherwise >> 24 & 255, otherwise >> 16 & 255, otherwise >> 8 & 255, otherwise & 255};
    size_t n = strlen(color);
    if (n == 7 || n == 9) {
        v[3] = 255;
        sscanf(color, "#%2x%2x%2x%2x", &v[0], &v[1], &v[2], &v[3]);
    }
    kf_str_addf(out, "&H%02X%02X%02X%02X", 255 - v[3], v[2], v[1], v[0]);
}

static void add_ass_style(kf_str *out, const kf_json *p)
{
    const char *font = text_of(p, "font");
    double shadow = kf_json_get(p, "shadow_color") ? number_of(p, "shadow_offset", 4) : 0;
    for (font = *font ? font : "Sans"; *font; font++) {
        kf_str_add_n(out, *font == ',' ? " " : font, 1);
    }
    kf_str_add(out, ",");
    ix_add_number(out, number_of(p, "size", 72));
    kf_str_add(out, ",");
    add_ass_color(out, text_of(p, "color"), 0xffffffff);
    kf_str_add(out, ",&H000000FF,");
    add_ass_color(out, text_of(p, "outline_color"), 0x000000ff);
    kf_str_add(out, ",");
    add_ass_color(out, text_of(p, "shadow_color"), 0x00000000);
    kf_str_addf(out, ",%d,%d,0,0,100,100,0,0,1,", number_of(p, "weight", 0) >= 600 ? -1 : 0,
                flag_of(p, "italic", false) ? -1 : 0);
    ix_add_number(out, number_of(p, "outline_width", 0));
    kf_str_add(out, ",");
    ix_add_number(out, shadow);
    kf_str_add(out, ",2,120,120,60,1");
}

/* The number of the style with this look, whose line is written when it is new. */
static int64_t style_number(writing *w, const kf_json *params)
{
    kf_str look = {0};
    add_ass_style(&look, params);
    ix_entry *entry = look.failed ? NULL : ix_table_add(&w->styles, look.data);
    w->out->failed |= !entry;
    if (entry && !entry->number) {
        entry->number = (int64_t)w->styles.count;
        kf_str_addf(&w->style_lines, "Style: Caption%lld,%s\n", (long long)entry->number, look.data);
    }
    kf_str_finish(&look);
    return entry ? entry->number : 1;
}

static void put_dialogue(writing *w, const title *t, const caption_text *text)
{
    int place = place_of(w, t->params);
    double x = coordinate(t->params, 0, w->sequence.width / 2.0),
           y = coordinate(t->params, 1, w->sequence.height / 2.0);
    kf_str_add(w->out, "Dialogue: 0,");
    put_clock(w, t->start);
    kf_str_add(w->out, ",");
    put_clock(w, t->end);
    kf_str_addf(w->out, ",Caption%lld,,0,0,0,,{\\an%d\\pos(", (long long)style_number(w, t->params), place);
    ix_add_number(w->out, x);
    kf_str_add(w->out, ",");
    ix_add_number(w->out, y);
    kf_str_add(w->out, ")}");
    kf_str_add_n(w->out, text->out.data ? text->out.data : "", text->out.length);
    kf_str_add(w->out, "\n");
}

/* ---- All ---- */

static void put_title(writing *w, const title *t, size_t number)
{
    caption_text text = {0}, plain = {0};
    const char *written = text_of(t->params, "text");
    bool markup = flag_of(t->params, "markup", false);
    written = t->params && kf_json_get(t->params, "text") ? written : "Title";
    if (!markup) { /* made markup, so that one way leads on */
        for (const char *p = written; *p; p++) {
            kf_str_add(&plain.out, *p == '&' ? "&amp;" : *p == '<' ? "&lt;" : *p == '>' ? "&gt;" : "");
            kf_str_add_n(&plain.out, p, strchr("&<>", *p) ? 0 : 1);
        }
        written = plain.out.data ? plain.out.data : "";
    }
    caption_text_convert(&text, written, strlen(written), CAPTION_MARKUP, w->form);
    if (text.lost) {
        note(w, KF_LOSS_CHANGED, t->track, t->start, text_of(t->clip, "name"), "some of the text's styling is lost");
    }
    report_lost(w, t);
    w->out->failed |= text.out.failed || plain.out.failed;
    if (w->form == CAPTION_ASS) {
        put_dialogue(w, t, &text);
    } else {
        put_cue(w, t, number, &text);
    }
    caption_text_finish(&text);
    caption_text_finish(&plain);
}

static void put_titles(writing *w)
{
    kf_str events = {0}, *out = w->out;
    w->out = &events;
    for (size_t i = 0; i < w->count; i++) {
        put_title(w, &w->titles[i], i + 1);
    }
    w->out = out;
    if (w->form == CAPTION_ASS) {
        kf_str_addf(out, "[Script Info]\nScriptType: v4.00+\nPlayResX: %d\nPlayResY: %d\nWrapStyle: 0\n"
                    "ScaledBorderAndShadow: yes\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
                    "SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, "
                    "Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n%s\n"
                    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n",
                    w->sequence.width, w->sequence.height, w->style_lines.data ? w->style_lines.data : "");
    } else if (w->form == CAPTION_VTT) {
        kf_str_add(out, "WEBVTT\n\n");
    }
    kf_str_add_n(out, events.data ? events.data : "", events.length);
    out->failed |= events.failed || w->style_lines.failed;
    kf_str_finish(&events);
    if (w->rounded) {
        ix_place place;
        kf_report_add(w->report, KF_LOSS_NOTE, ix_where(place, &w->sequence, NULL, KF_TIME_NONE, NULL),
                      "times are rounded to %s", w->form == CAPTION_ASS ? "hundredths of a second" : "milliseconds");
    }
}

static const kf_json *find_sequence(const kf_json *film, const char *id)
{
    const kf_json *list = kf_json_get(film, "sequences");
    const kf_json *each = list ? list->first : film;
    while (list && each && strcmp(text_of(each, "id"), id) != 0) {
        each = each->next;
    }
    return each;
}

static kf_status write_sequence(writing *w, const kf_json *film, kf_error *err)
{
    const kf_json *sequence = find_sequence(film, w->sequence.id);
    kf_status status = sequence ? take_tracks(w, sequence, err) : KF_OK;
    if (status == KF_OK && w->count == 0) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "the sequence \"%.100s\" has no titles: captions hold nothing else",
                       *w->sequence.name ? w->sequence.name : w->sequence.id);
    }
    if (status == KF_OK) {
        qsort(w->titles, w->count, sizeof *w->titles, by_start);
        put_titles(w);
    }
    return status == KF_OK && w->out->failed ? kf_fail_memory(err) : status;
}

kf_status caption_export(kf_snapshot snapshot, const kf_export_params *params, caption_form form, kf_str *out,
                         kf_report *report, kf_error *err)
{
    writing w = {.form = form, .report = report, .out = out};
    kf_str text = {0};
    kf_json_doc *doc = NULL;
    kf_status status = ix_export_sequence(snapshot, params, &w.sequence, err);
    if (status == KF_OK) {
        status = kf_film_write_json(snapshot, &text, err);
    }
    if (status == KF_OK) {
        status = kf_json_parse(text.data, text.length, "film", 0, &doc, err);
    }
    if (status == KF_OK) {
        status = write_sequence(&w, kf_json_root(doc), err);
    }
    kf_json_free(doc);
    kf_str_finish(&text);
    kf_str_finish(&w.style_lines);
    ix_table_finish(&w.styles);
    kf_free(w.titles);
    return status;
}
