/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The quote: a saying whose lines come in one after the other, and who said it. Lengths are px of a frame whose shorter
 * side has 1080. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reel/fields.h"
#include "reel/film.h"

typedef struct quote_settings {
    const char *text, *author, *about, *audio, *font;
    kf_time audio_duration, hold;
    int32_t font_size;
} quote_settings;

typedef struct quote_look {
    reel_template named;
    const char *font, *mark;     /* mark: the sign above it, "" for none */
    float size, line, width;     /* greatest size; from line to line, as a factor; of the text, as a fraction of the frame */
    int32_t weight, author_weight, align;
    float text[4], author[4], accent[4];
    kf_stop ground[3];
    int32_t ground_count;
    float angle;
} quote_look;

typedef struct quote_line {
    const char *text;
    kf_time start;
} quote_line;

typedef struct quote {
    const quote_settings *said;
    quote_look look;
    quote_line lines[KF_REEL_MAX_LINES];
    int32_t count, voice;
    double size, x, top;         /* px */
    kf_time author, move;
    bool rtl;
} quote;

#define RGB(hex) {(float)((hex) >> 16 & 255) / 255.0f, (float)((hex) >> 8 & 255) / 255.0f, (float)((hex) & 255) / 255.0f, 1}
#define SERIF "Noto Serif, DejaVu Serif, serif"
#define SANS "Inter, Roboto, Noto Sans, DejaVu Sans, sans-serif"

static const quote_look looks[] = {
    {
        .named = {"quote-paper", "Ink on paper, in the middle, with a large quotation mark."},
        .font = SERIF, .mark = "\u201c", .size = 92, .line = 1.32f, .width = 0.8f, .weight = 500, .author_weight = 400,
        .text = RGB(0x23201b), .author = RGB(0x7a7062), .accent = RGB(0xc2562d),
        .ground = {{0, RGB(0xf8f3e9)}, {1, RGB(0xece2d0)}}, .ground_count = 2, .angle = 90,
    },
    {
        .named = {"quote-night", "Light letters on a deep blue evening, in the middle."},
        .font = SERIF, .mark = "", .size = 92, .line = 1.34f, .width = 0.8f, .weight = 500, .author_weight = 400,
        .text = RGB(0xf4f1ff), .author = RGB(0xb2abd6), .accent = RGB(0xffc46b),
        .ground = {{0, RGB(0x0d1030)}, {0.6f, RGB(0x2b2058)}, {1, RGB(0x6a3563)}}, .ground_count = 3, .angle = 80,
    },
    {
        .named = {"quote-bold", "Heavy letters from the left beside a bar, on one colour."},
        .font = SANS, .mark = "", .size = 108, .line = 1.16f, .width = 0.8f, .weight = 800, .author_weight = 500, .align = -1,
        .text = RGB(0x101010), .author = RGB(0x303030), .accent = RGB(0x101010),
        .ground = {{0, RGB(0xffd84a)}, {1, RGB(0xffc928)}}, .ground_count = 2, .angle = 90,
    },
};

static const reel_template *template_at(int index)
{
    return index >= 0 && index < (int)(sizeof looks / sizeof *looks) ? &looks[index].named : NULL;
}

/* ---- What it is told ---- */

#define Q quote_settings
static const kf_field fields[] = {
    TEXT(Q, text, "text", "", "The saying."),
    TEXT(Q, author, "author", "", "Who said it."),
    TEXT(Q, about, "about", "", "A line under the author, such as where it was said."),
    FILE_OF(Q, audio, "audio", "A voice that says it; the lines come in as it goes."),
    SECONDS(Q, audio_duration, "audioDuration", 0.01, 3600, NAN, "How long the voice is; without it, as the file says."),
    SECONDS(Q, hold, "hold", 0, 600, 2.5, "How long all of it stays."),
    TEXT(Q, font, "fontFamily", "", "Font families, in order of preference; without one, the template's."),
    WHOLE(Q, font_size, "fontSize", 0, 400, 0, "px", "Greatest size, in a frame whose shorter side has 1080 px; 0: the template's."),
};
#undef Q

static const reel_section sections[] = {
    {"quote", FIELDS(fields), 0, "The saying.", 0},
};

static const kf_json *named(const reel *r, const char *key)
{
    return reel_member(reel_member(r->config.root, "quote"), key);
}

static void choose_look(reel *r, quote *q)
{
    const reel_colors *c = &r->config.colors;
    q->look = *(const quote_look *)(const void *)r->config.look;
    q->look.font = *q->said->font ? q->said->font : q->look.font;
    q->look.size = q->said->font_size > 0 ? (float)q->said->font_size : q->look.size;
    for (int i = 0; i < 4; i++) {
        q->look.text[i] = isnan(c->sent_text[0]) ? q->look.text[i] : c->sent_text[i];
        q->look.accent[i] = isnan(c->accent[0]) ? q->look.accent[i] : c->accent[i];
        q->look.author[i] = isnan(c->name[0]) ? q->look.author[i] : c->name[i];
    }
    r->ground = (kf_stops){q->look.ground, q->look.ground_count};
    r->angle = q->look.angle;
    r->unit = fmin(r->area.w, r->area.h) / 1080.0;
}

/* ---- Layout ---- */

/* The largest size at which the saying takes at most 0.62 of the height. */
static kf_status break_lines(reel *r, quote *q)
{
    enum { TRIES = 14 };
    double size = (double)q->look.size * r->unit, most = 0.62 * r->area.h;
    const char *broken = "";
    float width = 0;
    for (int i = 0; i < TRIES; i++, size *= 0.92) {
        kf_reel_text text = {.text = q->said->text, .font = q->look.font, .size = (float)round(size), .rtl = q->rtl,
            .weight = q->look.weight, .max_width = q->look.width * (float)r->area.w};
        kf_status status = reel_break(r, named(r, "text"), &text, &broken, &q->count, &width);
        if (status != KF_OK) {
            return status;
        }
        if (q->count * size * (double)q->look.line <= most && width <= text.max_width) {
            break;
        }
    }
    q->size = round(size);
    for (int32_t i = 0; i < q->count; i++) {
        size_t n = strcspn(broken, "\n");
        q->lines[i].text = kf_arena_strndup(&r->arena, broken, n);
        broken += n + (broken[n] == '\n');
        if (!q->lines[i].text) {
            return kf_fail_memory(r->err);
        }
    }
    double block = q->count * q->size * (double)q->look.line;
    q->top = r->area.y + round((r->area.h - block) / 2 - 0.02 * r->area.h);
    q->x = q->look.align < 0 ? r->area.x + round(r->area.w * (1 - (double)q->look.width) / 2 + 30 * r->unit)
                             : r->area.x + r->area.w / 2;
    return KF_OK;
}

/* ---- Timing ---- */

static kf_status voice_length(reel *r, const quote *q, kf_time *out)
{
    *out = 0;
    if (q->said->audio_duration != KF_TIME_NONE) {
        *out = q->said->audio_duration;
    } else if (q->voice >= 0) {
        *out = r->assets[q->voice].facts.duration;
        if (*out <= 0) {
            return REEL_FAIL(r, named(r, "audio"), "nothing says how long %.200s is: give \"audioDuration\" in seconds",
                             q->said->audio);
        }
    }
    return KF_OK;
}

/* Each line takes its share of the voice, by its letters; without one, somewhat less than it is read in. */
static kf_status time_lines(reel *r, quote *q)
{
    const reel_animation_settings *a = &r->config.animation;
    kf_time voice, t = a->base_delay;
    kf_status status = voice_length(r, q, &voice);
    size_t letters = 0, before = 0;
    bool still = !a->show || a->type == ANIMATION_NONE;
    q->move = still ? 0 : reel_frame(r, kf_time_from_seconds((double)(a->transition / 1000 / a->speed)));
    for (int32_t i = 0; i < q->count; i++) {
        letters += strlen(q->lines[i].text) + 1;
    }
    kf_time reading = voice > 0 ? voice : still ? 0 : kf_time_from_seconds(0.035 * (double)letters / (double)a->speed);
    for (int32_t i = 0; i < q->count; i++) {
        q->lines[i].start = reel_frame(r, t + kf_muldiv_floor(reading, (int64_t)before, (int64_t)letters));
        before += strlen(q->lines[i].text) + 1;
    }
    q->author = reel_frame(r, t + reading + q->move / 2);
    reel_set_duration(r, q->author + q->move + q->said->hold);
    if (q->voice >= 0) {
        reel_add_voice(r, (reel_voice){q->voice, q->said->author, reel_frame(r, t), voice});
    }
    return status;
}

static kf_status lay_out(reel *r)
{
    quote *q = kf_arena_alloc(&r->arena, sizeof *q);
    if (!q) {
        return kf_fail_memory(r->err);
    }
    *q = (quote){.said = r->config.settings};
    r->state = q;
    choose_look(r, q);
    q->rtl = reel_text_is_rtl(q->said->text);
    q->look.align = q->rtl ? -q->look.align : q->look.align;
    if (!*q->said->text) {
        return REEL_FAIL(r, named(r, "text"), "a quote needs a \"text\"");
    }
    kf_status status = reel_sound_get(r, named(r, "audio"), q->said->audio, &q->voice);
    status = status == KF_OK ? break_lines(r, q) : status;
    return status == KF_OK ? time_lines(r, q) : status;
}

/* ---- Writing ---- */

static void write_motion(reel *r, const quote *q)
{
    static const reel_curve fade = {"ease_out", {0}};
    if (q->move <= 0) {
        return;
    }
    film_move_number(r, "opacity", 0, 1, q->move, &fade);
    if (r->config.animation.type == ANIMATION_SLIDE || r->config.animation.type == ANIMATION_POP) {
        kf_json_key(&r->w, "transform");
        kf_json_begin_object(&r->w);
        film_move_point(r, "offset", (reel_point){0, round(0.5 * q->size)}, (reel_point){0, 0}, q->move, &reel_curve_out);
        kf_json_end_object(&r->w);
    }
}

static void write_words(reel *r, const quote *q, const char *name, const reel_title *title, kf_time start)
{
    if (start >= r->duration || !*title->text) {
        return;
    }
    film_track_begin(r, name, false);
    film_clips_begin(r);
    film_title_begin(r, name, title, (reel_span){start, r->duration - start});
    write_motion(r, q);
    film_clip_end(r);
    film_track_end(r);
}

static void write_lines(reel *r, const quote *q)
{
    double line = q->size * (double)q->look.line;
    for (int32_t i = 0; i < q->count; i++) {
        char name[32];
        snprintf(name, sizeof name, "line %d", (int)i + 1);
        reel_title title = {.text = q->lines[i].text, .font = q->look.font, .size = q->size, .weight = q->look.weight,
            .color = q->look.text, .align = q->look.align, .rtl = q->rtl, .x = q->x,
            .y = round(reel_baseline(q->top + i * line, q->size, line))};
        write_words(r, q, name, &title, q->lines[i].start);
    }
}

static void write_author(reel *r, const quote *q)
{
    double size = round(fmax(0.42 * q->size, 34 * r->unit)), y = q->top + q->count * q->size * (double)q->look.line;
    reel_title author = {.text = q->said->author, .font = q->look.font, .size = size, .weight = q->look.author_weight,
        .color = q->look.author, .align = q->look.align, .rtl = reel_text_is_rtl(q->said->author), .x = q->x,
        .y = round(y + 70 * r->unit + size)};
    reel_title about = author;
    about.text = q->said->about;
    about.size = round(0.82 * size);
    about.y = round(author.y + (*q->said->author ? 1.5 * size : 0));
    write_words(r, q, "author", &author, q->author);
    write_words(r, q, "about", &about, q->author);
}

/* The mark above, or the bar beside. */
static void write_ornament(reel *r, const quote *q)
{
    reel_span span = {0, r->duration};
    double line = q->size * (double)q->look.line;
    if (*q->look.mark) {
        double size = round(260 * r->unit);
        reel_title mark = {.text = q->look.mark, .font = q->look.font, .size = size, .weight = 700,
            .color = q->look.accent, .x = q->x, .y = round(q->top + 0.52 * size)};
        mark.y = round(q->top - 20 * r->unit + 0.28 * size);
        film_title_track(r, "mark", &mark, span);
    }
    if (q->look.align != 0) {
        int32_t w = reel_even(14 * r->unit), h = reel_even(q->count * line);
        int32_t x = (int32_t)(q->x + (q->look.align < 0 ? -48 * r->unit : 48 * r->unit - w));
        film_shape_track(r, "bar", &(reel_shape){.box = {x, (int32_t)q->top, w, h}, .fill = q->look.accent}, span);
    }
}

static void write_tracks(reel *r)
{
    const quote *q = r->state;
    write_ornament(r, q);
    write_lines(r, q);
    write_author(r, q);
}

extern const reel_kind reel_kind_quote;

const reel_kind reel_kind_quote = {
    .name = "quote", .help = "A saying whose lines come in one after the other, and who said it.",
    .template_at = template_at, .sections = sections, .section_count = (int)(sizeof sections / sizeof *sections),
    .settings_size = sizeof(quote_settings), .lay_out = lay_out, .write_tracks = write_tracks,
};
