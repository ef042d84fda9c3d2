/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SubRip and WebVTT: what base reads, as events and their looks. */
#include <string.h>

#include "base/api/cues.h"
#include "text/sub.h"

typedef struct gathering {
    kf_subtitles *s;
    bool vtt;
    size_t event_capacity, cue_capacity;
} gathering;

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

static const char *keep(gathering *g, const kf_str *text)
{
    return kf_arena_strndup(&g->s->arena, text->data ? text->data : "", text->length);
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

static kf_status add_cue(void *ctx, const kf_raw_cue *raw, kf_error *err)
{
    gathering *g = ctx;
    kf_subtitles *s = g->s;
    size_t need = (size_t)s->count + 1;
    if (kf_grow((void **)&s->events, &g->event_capacity, need, sizeof *s->events) != 0) return kf_fail_memory(err);
    if (kf_grow((void **)&s->cues, &g->cue_capacity, need, sizeof *s->cues) != 0) return kf_fail_memory(err);
    kf_sub_text forms = {0};
    kf_sub_text_convert(&forms, raw->text, raw->length, g->vtt);
    kf_subtitle_event *e = &s->events[s->count];
    kf_cue *c = &s->cues[s->count];
    *e = (kf_subtitle_event){raw->start, raw->end, keep(g, &forms.plain), raw->line};
    *c = (kf_cue){0};
    if (g->vtt) read_settings(c, raw->settings, raw->settings + raw->settings_length);
    c->markup = keep(g, &forms.markup);
    c->ass = keep(g, &forms.ass);
    take_place(c, forms.place);
    bool failed = forms.plain.failed || forms.markup.failed || forms.ass.failed || !e->text || !c->markup || !c->ass;
    bool empty = forms.plain.length == 0;
    kf_sub_text_finish(&forms);
    if (failed) return kf_fail_memory(err);
    if (!empty) s->count++;
    return KF_OK;
}

kf_status kf_sub_parse(kf_subtitles *s, const char *text, const char *name, kf_error *err)
{
    kf_cues_skipped skipped = {0};
    gathering g = {.s = s, .vtt = s->kind == KF_SUBTITLES_VTT};
    kf_status status = kf_cues_read(text, g.vtt, name, add_cue, &g, &skipped, err);
    s->skipped = skipped.count;
    s->skipped_line = skipped.line;
    return status;
}
