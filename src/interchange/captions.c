/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The film of a file of captions; SubRip and WebVTT; the three formats. */
#include "interchange/captions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/cues.h"

/* ---- The film ---- */

kf_status caption_film_init(caption_film *f, const kf_import_params *params, kf_report *report, kf_error *err)
{
    *f = (caption_film){.params = params, .report = report};
    ix_film_init(&f->film, params->name);
    ix_sequence_begin(&f->film, &f->sequence, params->name, params->rate);
    kf_json_key(&f->sequence.w, "size");
    kf_json_begin_array(&f->sequence.w);
    kf_json_write_int(&f->sequence.w, CAPTION_WIDTH);
    kf_json_write_int(&f->sequence.w, CAPTION_HEIGHT);
    kf_json_end_array(&f->sequence.w);
    return KF_OK;
}

void caption_film_finish(caption_film *f)
{
    for (size_t i = 0; i < f->count; i++) {
        kf_str_finish(&f->tracks[i].text);
    }
    kf_free(f->tracks);
    kf_str_finish(&f->sequence.text);
    ix_film_finish(&f->film);
}

/* The first track that is free at `start`. */
static kf_status find_track(caption_film *f, kf_time start, struct caption_track **out, kf_error *err)
{
    size_t i = 0;
    while (i < f->count && f->tracks[i].end > start) {
        i++;
    }
    if (i >= CAPTION_MAX_TRACKS) {
        return kf_fail(err, KF_ERR_UNSUPPORTED, "%s: more than %d captions are shown at once", f->params->name,
                       CAPTION_MAX_TRACKS);
    }
    if (i == f->count) {
        if (kf_grow((void **)&f->tracks, &f->capacity, f->count + 1, sizeof *f->tracks)) {
            return kf_fail_memory(err);
        }
        f->tracks[f->count++] = (struct caption_track){.w = {.compact = true, .depth = 1}};
    }
    *out = &f->tracks[i];
    (*out)->w.out = &(*out)->text;
    return KF_OK;
}

static void put_pair(kf_json_writer *w, const char *key, double x, double y)
{
    kf_json_key(w, key);
    kf_json_begin_array(w);
    kf_json_write_number(w, x);
    kf_json_write_number(w, y);
    kf_json_end_array(w);
}

static void put_place(kf_json_writer *w, const caption_cue *cue)
{
    static const char *const across[] = {"left", "center", "right"}, *const down[] = {"bottom", "middle", "top"};
    static const double x[] = {CAPTION_MARGIN * 2, CAPTION_WIDTH / 2, CAPTION_WIDTH - CAPTION_MARGIN * 2};
    static const double y[] = {CAPTION_HEIGHT - CAPTION_MARGIN, CAPTION_HEIGHT / 2, CAPTION_MARGIN};
    int place = cue->place ? cue->place - 1 : 1;
    const char *side = across[place % 3];
    put_pair(w, "position", cue->has_position ? cue->x : x[place % 3], cue->has_position ? cue->y : y[place / 3]);
    kf_json_put_string(w, "anchor_v", down[place / 3]);
    if (place % 3 != 1) {
        kf_json_put_string(w, "anchor_h", side);
        kf_json_put_string(w, "align", side);
    }
}

static void put_params(kf_json_writer *w, const caption_cue *cue)
{
    kf_json_key(w, "params");
    kf_json_begin_object(w);
    kf_json_put_string(w, "text", cue->markup);
    if (cue->styled) {
        kf_json_put_bool(w, "markup", true);
    }
    put_place(w, cue);
    if (cue->look) {
        kf_json_write_raw(w, cue->look);
    } else {
        kf_json_put_int(w, "size", CAPTION_SIZE);
        kf_json_put_int(w, "outline_width", 3);
    }
    kf_json_put_int(w, "max_width", CAPTION_MAX_WIDTH);
    kf_json_end_object(w);
}

kf_status caption_film_add(caption_film *f, const caption_cue *cue, kf_error *err)
{
    struct caption_track *track = NULL;
    kf_status status = find_track(f, cue->start, &track, err);
    if (status != KF_OK) {
        return status;
    }
    kf_json_writer *w = &track->w;
    kf_json_begin_object(w);
    kf_json_put_string(w, "generator", "title");
    ix_put_time(w, "start", cue->start, f->params->rate);
    ix_put_time(w, "duration", cue->end - cue->start, f->params->rate);
    put_params(w, cue);
    if (cue->kept) {
        kf_json_key(w, "metadata");
        kf_json_begin_object(w);
        kf_json_key(w, "captions");
        kf_json_begin_object(w);
        kf_json_write_raw(w, cue->kept);
        kf_json_end_object(w);
        kf_json_end_object(w);
    }
    kf_json_end_object(w);
    track->end = cue->end;
    return track->text.failed ? kf_fail_memory(err) : KF_OK;
}

kf_status caption_film_write(caption_film *f, kf_str *out, kf_error *err)
{
    kf_json_writer *w = &f->sequence.w;
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    for (size_t i = 0; i < f->count; i++) {
        kf_json_begin_object(w);
        kf_json_put_string(w, "name", "Captions");
        kf_json_key(w, "clips");
        kf_str list = {0};
        kf_str_addf(&list, "[%s]", f->tracks[i].text.data ? f->tracks[i].text.data : "");
        kf_json_write_raw(w, list.data ? list.data : "[]");
        f->film.failed |= list.failed;
        kf_str_finish(&list);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
    const char *id = f->sequence.id;
    ix_sequence_end(&f->film, &f->sequence);
    return ix_film_write(&f->film, id, out, err);
}

/* ---- SubRip and WebVTT ---- */

typedef struct reading {
    caption_film film;
    bool vtt;
    struct saved { kf_raw_cue cue; char *text, *settings; } *cues;
    size_t count, capacity;
} reading;

/* Cues are kept, to be put in order. */
static kf_status save_cue(void *ctx, const kf_raw_cue *cue, kf_error *err)
{
    reading *r = ctx;
    const char *setting = cue->settings, *end = setting + cue->settings_length;
    if (kf_grow((void **)&r->cues, &r->capacity, r->count + 1, sizeof *r->cues)) {
        return kf_fail_memory(err);
    }
    struct saved *s = &r->cues[r->count];
    kf_str settings = {0};
    while (setting < end && (*setting == ' ' || *setting == '\t')) {
        setting++;
    }
    kf_str_add_n(&settings, setting, (size_t)(end - setting));
    kf_str_add(&settings, "");
    *s = (struct saved){*cue, kf_strdup(cue->text), settings.data};
    if (!s->text || settings.failed || !settings.data) {
        kf_free(s->text);
        kf_str_finish(&settings);
        return kf_fail_memory(err);
    }
    r->count++;
    return KF_OK;
}

static int by_start(const void *a, const void *b)
{
    const kf_raw_cue *x = &((const struct saved *)a)->cue, *y = &((const struct saved *)b)->cue;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    return (x->line > y->line) - (x->line < y->line);
}

/* WebVTT: where the cue's line and align settings put it. */
static int place_of(const char *settings)
{
    const char *line = strstr(settings, "line:"), *align = strstr(settings, "align:");
    int column = !align ? 2 : strncmp(align + 6, "start", 5) == 0 || strncmp(align + 6, "left", 4) == 0 ? 1
                 : strncmp(align + 6, "end", 3) == 0 || strncmp(align + 6, "right", 5) == 0            ? 3 : 2;
    bool percent = line && strchr(line, '%') && strcspn(line, "%") < strcspn(line, " \t");
    int value = 0;
    bool top = line && sscanf(line + 5, "%d", &value) == 1 && (percent ? value < 50 : line[5] != '-');
    return (top ? 6 : 0) + column;
}

static kf_status put_cue(reading *r, const struct saved *s, kf_error *err)
{
    caption_text text = {0};
    kf_str kept = {0};
    char where[40] = "";
    caption_text_convert(&text, s->text, strlen(s->text), r->vtt ? CAPTION_VTT : CAPTION_SRT, CAPTION_MARKUP);
    int place = r->vtt && *s->settings ? place_of(s->settings) : 0;
    caption_cue cue = {.start = s->cue.start, .end = s->cue.end, .markup = text.out.data, .styled = text.styled,
                       .place = text.place ? text.place : place == 2 ? 0 : place};
    caption_text plain = {0};
    if (!text.styled) {
        caption_text_convert(&plain, text.out.data ? text.out.data : "", text.out.length, CAPTION_MARKUP, CAPTION_SRT);
        cue.markup = plain.out.data;
    }
    snprintf(where, sizeof where, "line %d", s->cue.line);
    if (text.lost) {
        kf_report_add(r->film.report, KF_LOSS_CHANGED, where, "some of the text's styling has no counterpart");
    }
    if (r->vtt && *s->settings) {
        kf_json_writer w = {.out = &kept, .compact = true};
        kf_json_key(&w, "settings");
        kf_json_write_string(&w, s->settings);
        cue.kept = kept.data;
    }
    bool failed = text.out.failed || plain.out.failed || kept.failed;
    kf_status status = failed ? kf_fail_memory(err) : *cue.markup ? caption_film_add(&r->film, &cue, err) : KF_OK;
    caption_text_finish(&text);
    caption_text_finish(&plain);
    kf_str_finish(&kept);
    return status;
}

static kf_status read_cues(reading *r, const char *text, kf_error *err)
{
    kf_cues_skipped skipped = {0};
    kf_status status = kf_cues_read(text, r->vtt, r->film.params->name, save_cue, r, &skipped, err);
    if (status == KF_OK && r->count) {
        qsort(r->cues, r->count, sizeof *r->cues, by_start);
    }
    for (size_t i = 0; i < r->count && status == KF_OK; i++) {
        status = put_cue(r, &r->cues[i], err);
    }
    if (skipped.count) {
        char where[40];
        snprintf(where, sizeof where, "line %d", skipped.line);
        kf_report_add(r->film.report, KF_LOSS_DROPPED, where, "%d captions whose times cannot be read are left out",
                      skipped.count);
    }
    return status;
}

/* What is not UTF-8 is read as Latin-1, as old files are. */
char *caption_plain_text(const kf_import_params *params)
{
    const char *bytes = params->bytes;
    size_t length = params->length;
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    kf_str out = {0};
    bool valid = kf_utf8_valid(bytes, length);
    kf_str_add(&out, "");
    for (size_t i = 0; i < length && !valid; i++) {
        unsigned char c = (unsigned char)bytes[i];
        char two[2] = {(char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F))};
        kf_str_add_n(&out, c < 0x80 ? (const char *)&bytes[i] : two, c < 0x80 ? 1 : 2);
    }
    if (valid) {
        kf_str_add_n(&out, bytes, length);
    }
    if (out.failed) {
        kf_str_finish(&out);
    }
    return out.data;
}

static kf_status import_cues(const kf_import_params *params, bool vtt, kf_str *film, kf_report *report, kf_error *err)
{
    reading r = {.vtt = vtt};
    char *text = caption_plain_text(params);
    if (!text) {
        return kf_fail_memory(err);
    }
    kf_status status = caption_film_init(&r.film, params, report, err);
    if (status == KF_OK) {
        status = read_cues(&r, text, err);
    }
    if (status == KF_OK) {
        status = caption_film_write(&r.film, film, err);
    }
    for (size_t i = 0; i < r.count; i++) {
        kf_free(r.cues[i].text);
        kf_free(r.cues[i].settings);
    }
    kf_free(r.cues);
    caption_film_finish(&r.film);
    kf_free(text);
    return status;
}

/* ---- The formats ---- */

static kf_status import_srt(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    return import_cues(params, false, film, report, err);
}

static kf_status import_vtt(const kf_import_params *params, kf_str *film, kf_report *report, kf_error *err)
{
    return import_cues(params, true, film, report, err);
}

static kf_status export_srt(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                            kf_error *err)
{
    return caption_export(snapshot, params, CAPTION_SRT, out, report, err);
}

static kf_status export_vtt(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                            kf_error *err)
{
    return caption_export(snapshot, params, CAPTION_VTT, out, report, err);
}

static kf_status export_ass(kf_snapshot snapshot, const kf_export_params *params, kf_str *out, kf_report *report,
                            kf_error *err)
{
    return caption_export(snapshot, params, CAPTION_ASS, out, report, err);
}

static bool begins_with(const char *bytes, size_t length, const char *word)
{
    size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, n = strlen(word);
    return length >= mark + n && memcmp(bytes + mark, word, n) == 0;
}

static bool sniff_vtt(const char *bytes, size_t length)
{
    return begins_with(bytes, length, "WEBVTT");
}

static bool sniff_ass(const char *bytes, size_t length)
{
    return begins_with(bytes, length, "[Script Info]");
}

/* A number alone on the first line, and an arrow on the second. */
static bool sniff_srt(const char *bytes, size_t length)
{
    size_t head = length < 200 ? length : 200, at = begins_with(bytes, length, "\xef\xbb\xbf") ? 3 : 0, digits = 0;
    while (at < head && strchr(" \t\r\n", bytes[at])) {
        at++;
    }
    while (at + digits < head && bytes[at + digits] >= '0' && bytes[at + digits] <= '9') {
        digits++;
    }
    const char *line = digits ? memchr(bytes + at, '\n', head - at) : NULL;
    return line && memmem(line, (size_t)(bytes + head - line), "-->", 3) && (size_t)(line - bytes) <= at + digits + 2;
}

static const char *const srt_extensions[] = {"srt", NULL};
static const char *const vtt_extensions[] = {"vtt", NULL};
static const char *const ass_extensions[] = {"ass", "ssa", NULL};

extern const kf_interchange ix_srt, ix_vtt, ix_ass;
const kf_interchange ix_srt = {.name = "srt", .label = "SubRip captions", .extensions = srt_extensions, .partial = true,
                               .sniff = sniff_srt, .import = import_srt, .export = export_srt};
const kf_interchange ix_vtt = {.name = "vtt", .label = "WebVTT captions", .extensions = vtt_extensions, .partial = true,
                               .sniff = sniff_vtt, .import = import_vtt, .export = export_vtt};
const kf_interchange ix_ass = {.name = "ass", .label = "ASS captions", .extensions = ass_extensions, .partial = true,
                               .sniff = sniff_ass, .import = caption_import_ass, .export = export_ass};
