/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words as clips: on lane i lie the i-th words of all pages, before, while and after they are said. */
#include <math.h>

#include "reel/captions/captions.h"

static kf_time least(kf_time a, kf_time b)
{
    return a < b ? a : b;
}

static bool is_shown(const captions *c, const caption_page *page)
{
    return page->start < least(page->end, c->r->duration);
}

/* ---- Under the words ---- */

static void write_video(captions *c)
{
    reel *r = c->r;
    const kf_media_facts *f = &r->assets[c->video].facts;
    bool still = f->still || f->duration <= 0;
    film_track_begin(r, "video", false);
    film_clips_begin(r);
    film_asset_begin(r, "video", c->video, (reel_span){0, still ? r->duration : least(f->duration, r->duration)});
    kf_json_put_bool(&r->w, "audio", false);
    film_fit(r, "cover", r->area);
    film_clip_end(r);
    film_track_end(r);
}

static void write_plates(captions *c)
{
    reel *r = c->r;
    int32_t x = reel_px(r, 36), y = reel_px(r, 18);
    film_track_begin(r, "plates", false);
    film_clips_begin(r);
    for (const caption_page *p = c->pages; p < c->pages + c->page_count; p++) {
        reel_shape shape = {.fill = c->look.plate, .radius = 28 * r->unit,
            .box = {p->box.x - x, p->box.y - y, reel_even(p->box.w + 2 * x), reel_even(p->box.h + 2 * y)}};
        if (is_shown(c, p)) {
            film_shape(r, "plate", &shape, (reel_span){p->start, least(p->end, r->duration) - p->start});
        }
    }
    film_track_end(r);
}

/* When the next word of the page is said, or the page ends. */
static kf_time said_until(const captions *c, const caption_page *page, int32_t index)
{
    kf_time next = index + 1 < page->count ? c->words[page->first + index + 1].start : page->end;
    return least(next, c->r->duration);
}

static void write_box(captions *c, const caption_page *page, int32_t index)
{
    const caption_word *w = &c->words[page->first + index];
    kf_time end = said_until(c, page, index);
    double x = 0.2 * page->size, up = 0.96 * page->size, down = 0.28 * page->size;
    reel_shape shape = {.fill = c->look.box, .radius = round(0.2 * page->size),
        .box = {(int32_t)(w->at.x - x), (int32_t)(w->at.y - up), reel_even(w->width + 2 * x), reel_even(up + down)}};
    if (end > w->start) {
        film_shape(c->r, w->text, &shape, (reel_span){w->start, end - w->start});
    }
}

static void write_boxes(captions *c)
{
    film_track_begin(c->r, "boxes", false);
    film_clips_begin(c->r);
    for (const caption_page *p = c->pages; p < c->pages + c->page_count; p++) {
        for (int32_t i = 0; i < p->count; i++) {
            write_box(c, p, i);
        }
    }
    film_track_end(c->r);
}

/* ---- Words ---- */

/* Grows about its middle to its own size. */
static void write_pop(captions *c, const caption_page *page, const caption_word *w, kf_time length)
{
    reel *r = c->r;
    kf_time move = reel_frame(r, least(KF_SECOND * 18 / 100, length));
    double x = w->at.x + w->width / 2, y = w->at.y - 0.36 * page->size;
    kf_json_key(&r->w, "transform");
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "fit", "none");
    film_point(r, "anchor", x / r->width, y / r->height);
    film_point(r, "position", x, y);
    film_move_point(r, "scale", (reel_point){0.6, 0.6}, (reel_point){1, 1}, move, &reel_curve_back);
    kf_json_end_object(&r->w);
}

static void write_piece(captions *c, const caption_page *page, const caption_word *w, reel_span span, bool spoken,
                        bool pops)
{
    const caption_look *l = &c->look;
    bool boxed = spoken && l->style == STYLE_BOX;
    reel_title title = {.text = w->text, .font = l->font, .x = w->at.x, .y = w->at.y, .size = page->size,
        .weight = l->weight, .color = spoken ? l->spoken : l->text, .align = -1, .rtl = reel_text_is_rtl(w->text),
        .outline = boxed ? 0 : round((double)l->outline * page->size / (double)l->size), .outline_color = l->outline_color,
        .shadow = l->shadow[3] > 0 ? l->shadow : NULL, .shadow_y = (double)l->shadow_y * c->r->unit,
        .shadow_blur = (double)l->shadow_blur * c->r->unit};
    if (span.duration <= 0) {
        return;
    }
    film_title_begin(c->r, w->text, &title, span);
    if (pops) {
        write_pop(c, page, w, span.duration);
    }
    film_clip_end(c->r);
}

static void write_word(captions *c, const caption_page *page, int32_t index)
{
    const caption_word *w = &c->words[page->first + index];
    kf_time end = least(page->end, c->r->duration), start = least(w->start, end), until = said_until(c, page, index);
    int32_t style = c->look.style;
    bool appears = style == STYLE_REVEAL || style == STYLE_POP;
    if (style == STYLE_NONE) {
        write_piece(c, page, w, (reel_span){page->start, end - page->start}, false, false);
        return;
    }
    if (!appears) {
        write_piece(c, page, w, (reel_span){page->start, start - page->start}, false, false);
    }
    write_piece(c, page, w, (reel_span){start, until - start}, style != STYLE_REVEAL, style == STYLE_POP);
    write_piece(c, page, w, (reel_span){until, end - until}, style == STYLE_KARAOKE, false);
}

static void write_lane(captions *c, int32_t lane)
{
    film_track_begin(c->r, "words", false);
    film_clips_begin(c->r);
    for (const caption_page *p = c->pages; p < c->pages + c->page_count; p++) {
        if (lane < p->count && is_shown(c, p)) {
            write_word(c, p, lane);
        }
    }
    film_track_end(c->r);
}

void captions_write_tracks(reel *r)
{
    captions *c = r->state;
    if (c->video >= 0) {
        write_video(c);
    }
    if (c->look.plate[3] > 0) {
        write_plates(c);
    }
    if (c->look.style == STYLE_BOX) {
        write_boxes(c);
    }
    for (int32_t lane = 0; lane < c->look.words; lane++) {
        write_lane(c, lane);
    }
}
