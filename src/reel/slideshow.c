/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The slideshow: pictures that a slow camera moves over, with transitions and captions. Lengths are px of a frame whose
 * shorter side has 1080. */
#include <math.h>

#include "reel/fields.h"
#include "reel/film.h"

enum { SLIDES_MAX = 1000 };

typedef enum slide_pan { PAN_AUTO, PAN_NONE, PAN_IN, PAN_OUT, PAN_LEFT, PAN_RIGHT, PAN_UP, PAN_DOWN } slide_pan;
typedef enum slide_join { JOIN_DISSOLVE, JOIN_PUSH, JOIN_SLIDE, JOIN_WIPE, JOIN_ZOOM, JOIN_DIP, JOIN_NONE } slide_join;

#define PANS "auto", "none", "in", "out", "left", "right", "up", "down", NULL
#define JOINS "dissolve", "push", "slide", "wipe", "zoom", "dip", "none", NULL
static const char *const pan_names[] = {PANS}, *const join_names[] = {JOINS};
static const char *const slide_pan_names[] = {"default", PANS}, *const slide_join_names[] = {"default", JOINS};
static const char *const join_of[] = {"dissolve", "push", "slide", "wipe", "zoom", "dip_to_color"};
static const char *const place_names[] = {"bottom", "middle", "top", NULL};

typedef struct show_settings {
    kf_time each, joining;
    int32_t join, pan, place;    /* slide_join, slide_pan, of captions */
    float amount;                /* percent */
    const char *font;
    int32_t font_size;
} show_settings;

typedef struct show_config {
    show_settings show;
    const kf_json *slides;
} show_config;

typedef struct slide_said {
    const char *image, *caption;
    kf_time duration;
    int32_t pan, join;           /* as said: 0: the slideshow's, else one more; then slide_pan, slide_join */
} slide_said;

typedef struct show_look {
    reel_template named;
    float card;                  /* margin of a card around the pictures; 0: they fill the frame */
    float radius;
    const char *font;
    float size;
    int32_t weight;
    float text[4], back[4];      /* of captions; alpha 0: none */
    kf_stop ground[2];
} show_look;

typedef struct slide {
    const kf_json *json;
    slide_said said;
    int32_t asset, lines;
    kf_time start, duration, joining; /* joining: length of the transition before it */
    const char *caption;
    float width;                 /* of the caption, px */
} slide;

typedef struct show {
    const show_settings *said;
    show_look look;
    slide *slides;
    int32_t count;
    double size;                 /* of captions, px */
    reel_box box;                /* of the pictures */
} show;

#define RGBA(hex, alpha) \
    {(float)((hex) >> 16 & 255) / 255.0f, (float)((hex) >> 8 & 255) / 255.0f, (float)((hex) & 255) / 255.0f, alpha}
#define RGB(hex) RGBA(hex, 1)
#define SANS "Inter, Roboto, Noto Sans, DejaVu Sans, sans-serif"

static const show_look looks[] = {
    {
        .named = {"slideshow", "Pictures fill the frame; captions on a dark band."},
        .font = SANS, .size = 54, .weight = 600, .text = RGB(0xffffff), .back = RGBA(0x000000, 0.55f), .radius = 24,
        .ground = {{0, RGB(0x000000)}, {1, RGB(0x000000)}},
    },
    {
        .named = {"slideshow-card", "Pictures on a rounded card, captions below it, on a light ground."},
        .card = 64, .radius = 44, .font = SANS, .size = 50, .weight = 600, .text = RGB(0x1c1a18), .back = RGBA(0, 0),
        .ground = {{0, RGB(0xfdf6ec)}, {1, RGB(0xf1dfd1)}},
    },
};

static const reel_template *template_at(int index)
{
    return index >= 0 && index < (int)(sizeof looks / sizeof *looks) ? &looks[index].named : NULL;
}

/* ---- What it is told ---- */

#define S show_settings
static const kf_field show_fields[] = {
    SECONDS(S, each, "slideDuration", 0.2, 600, 4, "How long a slide shows, half of its transitions included."),
    CHOICE(S, join, "transition", join_names, JOIN_DISSOLVE, "From slide to slide."),
    SECONDS(S, joining, "transitionDuration", 0, 30, 0.8, "Length of a transition."),
    CHOICE(S, pan, "pan", pan_names, PAN_AUTO, "How the camera moves over pictures; auto: a different way each time."),
    NUMBER(S, amount, "panAmount", 0, 100, 14, "%", "How far it moves, or how much nearer it comes."),
    CHOICE(S, place, "captionPosition", place_names, 0, "Where captions stand."),
    TEXT(S, font, "fontFamily", "", "Font families, in order of preference; without one, the template's."),
    WHOLE(S, font_size, "fontSize", 0, 400, 0, "px", "Of captions, in a frame whose shorter side has 1080 px; 0: the template's."),
};
#undef S
#define S slide_said
static const kf_field slide_fields[] = {
    FILE_OF(S, image, "image", "The picture, or a video, which plays without its sound."),
    TEXT(S, caption, "caption", "", "Words with it."),
    SECONDS(S, duration, "duration", 0.2, 600, NAN, "How long it shows; without it, slideDuration, or a shorter video's length."),
    CHOICE(S, pan, "pan", slide_pan_names, 0, "How the camera moves over it; default: as the slideshow says."),
    CHOICE(S, join, "transition", slide_join_names, 0, "From the slide before; default: as the slideshow says."),
};
#undef S

static const reel_section slide_table = {"slides", FIELDS(slide_fields), 0, "The pictures, in order.", 0};
static const reel_section sections[] = {
    {"slideshow", FIELDS(show_fields), offsetof(show_config, show), "The slideshow as a whole.", 0},
    {"slides", FIELDS(slide_fields), offsetof(show_config, slides), "The pictures, in order.", SLIDES_MAX},
};

static kf_status read_slide(reel *r, const show *s, const kf_json *json, slide *out)
{
    reel_reader reader = reel_reader_of(r);
    *out = (slide){.json = json, .caption = ""};
    reel_defaults(&slide_table, &out->said);
    kf_status status = reel_read(&reader, json, &slide_table, &out->said);
    if (status == KF_OK && !*out->said.image) {
        status = REEL_FAIL(r, json, "shows nothing: give it an \"image\"");
    }
    out->said.pan = out->said.pan == 0 ? s->said->pan : out->said.pan - 1;
    out->said.join = out->said.join == 0 ? s->said->join : out->said.join - 1;
    return status == KF_OK ? reel_picture_get(r, reel_member(json, "image"), out->said.image, &out->asset) : status;
}

static kf_status read_slides(reel *r, show *s, const kf_json *list)
{
    s->count = list ? (int32_t)list->count : 0;
    if (s->count == 0) {
        return REEL_FAIL(r, list ? list : r->config.root, "a slideshow needs \"slides\": [{\"image\": ...}, ...]");
    }
    s->slides = kf_arena_alloc(&r->arena, (size_t)s->count * sizeof *s->slides);
    kf_status status = s->slides ? KF_OK : kf_fail_memory(r->err);
    int32_t i = 0;
    for (const kf_json *json = list->first; json && status == KF_OK; json = json->next, i++) {
        status = read_slide(r, s, json, &s->slides[i]);
    }
    return status;
}

/* ---- Timing ---- */

static kf_time least(kf_time a, kf_time b)
{
    return a < b ? a : b;
}

static bool moves(const reel *r, const slide *s)
{
    const kf_media_facts *f = &r->assets[s->asset].facts;
    return f->video && !f->still && f->duration > 0;
}

/* A transition shows a slide before its start and after its end: half as much as it lasts. */
static kf_status time_slides(reel *r, show *s)
{
    kf_time t = r->config.animation.base_delay, two = 2 * kf_frame_start(1, r->rate);
    for (int32_t i = 0; i < s->count; i++) {
        slide *one = &s->slides[i];
        bool given = one->said.duration != KF_TIME_NONE;
        kf_time wanted = given ? one->said.duration : s->said->each, room = wanted;
        if (moves(r, one)) {
            room = r->assets[one->asset].facts.duration - s->said->joining - two;
            if (room < two) {
                return REEL_FAIL(r, one->json, "the video is too short for a slide with transitions of %.2f s",
                                 kf_time_seconds(s->said->joining));
            }
        }
        one->start = reel_frame(r, t);
        t += least(wanted, room);
        one->duration = reel_frame(r, t) - one->start;
    }
    for (int32_t i = 1; i < s->count; i++) {
        slide *one = &s->slides[i];
        kf_time most = least(s->said->joining, least(one->duration, one[-1].duration));
        int64_t pairs = one->said.join == JOIN_NONE ? 0 : kf_frame_at(most, r->rate) / 2;
        one->joining = kf_frame_start(2 * pairs, r->rate);
    }
    reel_set_duration(r, t);
    return KF_OK;
}

/* ---- Layout ---- */

static void choose_look(reel *r, show *s)
{
    const reel_colors *c = &r->config.colors;
    s->look = *(const show_look *)(const void *)r->config.look;
    s->look.font = *s->said->font ? s->said->font : s->look.font;
    s->look.size = s->said->font_size > 0 ? (float)s->said->font_size : s->look.size;
    for (int i = 0; i < 4; i++) {
        s->look.text[i] = isnan(c->sent_text[0]) ? s->look.text[i] : c->sent_text[i];
        s->look.back[i] = isnan(c->background[0]) ? s->look.back[i] : c->background[i];
    }
    r->ground = (kf_stops){s->look.ground, 2};
    r->angle = 90;
    r->unit = fmin(r->area.w, r->area.h) / 1080.0;
    s->size = reel_px(r, (double)s->look.size);
    int32_t margin = reel_even(reel_px(r, (double)s->look.card));
    s->box = r->area;
    if (margin > 0) {
        int32_t below = reel_even(4 * s->size);
        s->box = (reel_box){margin, margin, r->area.w - 2 * margin, r->area.h - 2 * margin - below};
    }
}

static kf_status break_captions(reel *r, show *s)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; i < s->count && status == KF_OK; i++) {
        slide *one = &s->slides[i];
        kf_reel_text text = {.text = one->said.caption, .font = s->look.font, .size = (float)s->size,
            .weight = s->look.weight, .max_width = 0.8f * (float)r->area.w, .rtl = reel_text_is_rtl(one->said.caption)};
        if (*one->said.caption) {
            status = reel_break(r, reel_member(one->json, "caption"), &text, &one->caption, &one->lines, &one->width);
        }
    }
    return status;
}

static kf_status lay_out(reel *r)
{
    const show_config *config = r->config.settings;
    show *s = kf_arena_alloc(&r->arena, sizeof *s);
    if (!s) {
        return kf_fail_memory(r->err);
    }
    *s = (show){.said = &config->show};
    r->state = s;
    choose_look(r, s);
    kf_status status = read_slides(r, s, config->slides);
    status = status == KF_OK ? time_slides(r, s) : status;
    return status == KF_OK ? break_captions(r, s) : status;
}

/* ---- The camera ---- */

/* Where the camera begins and ends: how near, and how far from the middle as a fraction of what it may move. */
typedef struct camera { double scale[2], x[2], y[2]; } camera;

static camera camera_of(const show *s, const slide *one, int32_t index)
{
    static const slide_pan turns[] = {PAN_IN, PAN_LEFT, PAN_OUT, PAN_RIGHT};
    int32_t pan = one->said.pan == PAN_AUTO ? (int32_t)turns[index % 4] : one->said.pan;
    double near = 1 + (double)s->said->amount / 100, way = 0.8;
    switch (pan) {
    case PAN_IN: return (camera){{1, near}, {0, 0}, {0, 0}};
    case PAN_OUT: return (camera){{near, 1}, {0, 0}, {0, 0}};
    case PAN_LEFT: return (camera){{near, near}, {way, -way}, {0, 0}};
    case PAN_RIGHT: return (camera){{near, near}, {-way, way}, {0, 0}};
    case PAN_UP: return (camera){{near, near}, {0, 0}, {way, -way}};
    case PAN_DOWN: return (camera){{near, near}, {0, 0}, {-way, way}};
    default: return (camera){{1, 1}, {0, 0}, {0, 0}};
    }
}

static void write_keys(reel *r, const char *key, const kf_time t[2], const reel_point v[2])
{
    bool compact = r->w.compact;
    film_keys_begin(r, key);
    r->w.compact = true;
    for (int i = 0; i < 2; i++) {
        film_key_begin(r, t[i], NULL);
        film_point_value(r, v[i].x, v[i].y);
        film_key_end(r);
    }
    r->w.compact = compact;
    film_keys_end(r);
}

/* It moves for as long as the slide shows, transitions included. */
static void write_camera(reel *r, const show *s, int32_t index)
{
    const slide *one = &s->slides[index];
    camera c = camera_of(s, one, index);
    kf_time after = index + 1 < s->count ? one[1].joining / 2 : 0;
    const kf_time t[2] = {-one->joining / 2, one->duration + after};
    double room = (fmax(c.scale[0], c.scale[1]) - 1) / 2;
    kf_json_key(&r->w, "transform");
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "fit", "cover");
    film_point(r, "box_position", s->box.x, s->box.y);
    film_point(r, "box_size", s->box.w, s->box.h);
    if (c.scale[0] != 1 || c.scale[1] != 1) {
        write_keys(r, "scale", t, (reel_point[]){{c.scale[0], c.scale[0]}, {c.scale[1], c.scale[1]}});
    }
    if (c.x[0] != 0 || c.y[0] != 0) {
        reel_point from = {c.x[0] * room * s->box.w, c.y[0] * room * s->box.h};
        reel_point to = {c.x[1] * room * s->box.w, c.y[1] * room * s->box.h};
        write_keys(r, "offset", t, (reel_point[]){from, to});
    }
    kf_json_end_object(&r->w);
}

/* ---- Writing ---- */

static void write_transition(reel *r, const slide *one)
{
    if (one->joining <= 0) {
        return;
    }
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "transition", join_of[one->said.join]);
    film_time(r, "duration", one->joining);
    kf_json_put_string(&r->w, "curve", "ease");
    kf_json_end_object(&r->w);
}

static void write_pictures(reel *r, const show *s)
{
    film_track_begin(r, "slides", false);
    film_clips_begin(r);
    for (int32_t i = 0; i < s->count && s->slides[i].start < r->duration; i++) {
        const slide *one = &s->slides[i];
        kf_time length = i + 1 == s->count ? r->duration - one->start : least(one->duration, r->duration - one->start);
        write_transition(r, one);
        film_asset_begin(r, one->said.image, one->asset, (reel_span){one->start, moves(r, one) ? one->duration : length});
        if (moves(r, one)) {
            film_time(r, "in", kf_frame_start(kf_frame_at(s->said->joining / 2, r->rate) + 1, r->rate));
            kf_json_put_bool(&r->w, "audio", false);
        }
        write_camera(r, s, i);
        film_clip_end(r);
    }
    film_track_end(r);
}

static double caption_top(const reel *r, const show *s, const slide *one)
{
    double h = one->lines * 1.3 * s->size, margin = 0.1 * r->area.h;
    if (s->look.card > 0) {
        return s->box.y + s->box.h + (r->area.h - s->box.y - s->box.h - h) / 2;
    }
    return r->area.y + (s->said->place == 0 ? r->area.h - margin - h : s->said->place == 1 ? (r->area.h - h) / 2 : margin);
}

static reel_span caption_span(const reel *r, const slide *one)
{
    kf_time start = one->start + one->joining / 2, end = least(one->start + one->duration, r->duration);
    return (reel_span){start, end - start};
}

static void write_fades(reel *r, kf_time length)
{
    bool compact = r->w.compact;
    kf_time fade = reel_frame(r, least(KF_SECOND * 3 / 10, length / 3));
    const kf_time t[4] = {0, fade, length - fade, length};
    film_keys_begin(r, "opacity");
    r->w.compact = true;
    for (int i = 0; i < 4; i++) {
        film_key_begin(r, t[i], NULL);
        kf_json_write_number(&r->w, i == 1 || i == 2 ? 1 : 0);
        film_key_end(r);
    }
    r->w.compact = compact;
    film_keys_end(r);
}

static void write_caption(reel *r, const show *s, const slide *one, bool band)
{
    reel_span span = caption_span(r, one);
    double top = round(caption_top(r, s, one)), line = round(1.3 * s->size);
    int32_t w = reel_even(one->width + 2 * 36 * r->unit), h = reel_even(one->lines * line + 2 * 22 * r->unit);
    if (one->lines == 0 || span.duration <= 0) {
        return;
    }
    if (band) {
        reel_shape shape = {.fill = s->look.back, .radius = fmin((double)s->look.radius * r->unit, h / 2.0),
            .box = {r->area.x + (r->area.w - w) / 2, (int32_t)(top - 22 * r->unit), w, h}};
        film_shape_begin(r, "band", &shape, span);
    } else {
        reel_title title = {.text = one->caption, .font = s->look.font, .size = s->size, .line = line,
            .weight = s->look.weight, .color = s->look.text, .rtl = reel_text_is_rtl(one->caption),
            .x = r->area.x + r->area.w / 2, .y = round(reel_baseline(top, s->size, line))};
        film_title_begin(r, "caption", &title, span);
    }
    write_fades(r, span.duration);
    film_clip_end(r);
}

static void write_captions(reel *r, const show *s, bool band)
{
    film_track_begin(r, band ? "bands" : "captions", false);
    film_clips_begin(r);
    for (int32_t i = 0; i < s->count && s->slides[i].start < r->duration; i++) {
        write_caption(r, s, &s->slides[i], band);
    }
    film_track_end(r);
}

static bool has_captions(const show *s)
{
    for (int32_t i = 0; i < s->count; i++) {
        if (s->slides[i].lines > 0) {
            return true;
        }
    }
    return false;
}

/* A sequence of its own, so that the pictures move behind the card's corners. */
static void write_card(reel *r, const show *s)
{
    film_sequence_begin(r, "slides", "Slides", s->box.w, s->box.h);
    film_tracks_begin(r);
    show inside = *s;
    inside.box = (reel_box){0, 0, s->box.w, s->box.h};
    write_pictures(r, &inside);
    film_sequence_end(r);
}

static void write_sequences(reel *r)
{
    const show *s = r->state;
    if (s->look.card > 0) {
        write_card(r, s);
    }
}

static void write_framed(reel *r, const show *s)
{
    reel_span span = {0, r->duration};
    film_track_begin(r, "card", false);
    film_clips_begin(r);
    film_nested_begin(r, "slides", "slides", span);
    film_place(r, s->box.x, s->box.y);
    film_mask(r, (reel_box){0, 0, s->box.w, s->box.h}, (reel_point){s->box.w, s->box.h},
              (double)s->look.radius * r->unit);
    film_clip_end(r);
    film_track_end(r);
}

static void write_tracks(reel *r)
{
    const show *s = r->state;
    if (s->look.card > 0) {
        write_framed(r, s);
    } else {
        write_pictures(r, s);
    }
    if (has_captions(s)) {
        if (s->look.back[3] > 0) {
            write_captions(r, s, true);
        }
        write_captions(r, s, false);
    }
}

extern const reel_kind reel_kind_slideshow;

const reel_kind reel_kind_slideshow = {
    .name = "slideshow", .help = "Pictures that a slow camera moves over, with transitions, captions and music.",
    .template_at = template_at, .sections = sections, .section_count = (int)(sizeof sections / sizeof *sections),
    .settings_size = sizeof(show_config), .lay_out = lay_out, .write_tracks = write_tracks,
    .write_sequences = write_sequences,
};
