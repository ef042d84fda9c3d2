/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bar above the messages. */
#include <math.h>
#include <string.h>

#include "reel/reel.h"

static const char *header_name(const reel *r)
{
    if (*r->config.overlay.name) {
        return r->config.overlay.name;
    }
    for (int32_t i = 0; i < r->message_count; i++) {
        if (!r->messages[i].right && *r->messages[i].said.sender) {
            return r->messages[i].said.sender;
        }
    }
    return "";
}

void reel_write_header_sequence(reel *r)
{
    const reel_look *l = &r->look;
    reel_span span = {0, r->duration};
    int32_t w = r->header.w, h = r->header.h, line = reel_px(r, 2) > 0 ? reel_px(r, 2) : 1;
    double size = reel_px(r, 44);
    reel_title title = {.text = header_name(r), .x = w / 2, .y = round(h - reel_px(r, 48)), .size = size, .line = size * 1.3,
        .weight = 600, .color = l->header_text, .align = 0};
    title.rtl = reel_text_is_rtl(title.text);
    film_sequence_begin(r, "header", "Header", w, h);
    film_tracks_begin(r);
    film_rect_track(r, "bar", (reel_box){0, 0, w, h}, 0, l->header, span);
    film_rect_track(r, "line", (reel_box){0, h - line - line % 2, w, line + line % 2}, 0, l->header_line, span);
    if (*title.text) {
        film_title_track(r, "name", &title, span);
    }
    film_sequence_end(r);
}

void reel_write_header(reel *r)
{
    if (r->header.h == 0) {
        return;
    }
    film_track_begin(r, "header", false);
    film_clips_begin(r);
    film_nested_begin(r, "header", "header", (reel_span){0, r->duration});
    film_place(r, r->header.x, r->header.y);
    film_clip_end(r);
    film_track_end(r);
}
