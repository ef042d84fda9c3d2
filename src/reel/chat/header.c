/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bar above the messages, and the phone's status bar in it. */
#include <math.h>
#include <string.h>

#include "reel/chat/outline.h"

static double status_height(const chat *c)
{
    return c->settings->overlay.status_bar ? fmin(92 * c->r->unit, c->bar.h) : 0;
}

/* ---- Icons: drawn in a square of 100 ---- */

static void write_icon(chat *c, const char *name, const char *path, double x, double y, double side, const float color[4],
                       double stroke)
{
    kf_str scaled = {0};
    chat_path_scaled(&scaled, path, side / 100);
    reel_shape shape = {.box = {(int32_t)lround(x), (int32_t)lround(y), 0, 0}, .path = scaled.data,
        .fill = stroke > 0 ? NULL : color, .stroke = stroke > 0 ? color : NULL, .stroke_width = stroke};
    film_shape_track(c->r, name, &shape, (reel_span){0, c->r->duration});
    c->r->w.out->failed |= scaled.failed;
    kf_str_finish(&scaled);
}

static const char icon_back[] = "M60,10 L20,50 L60,90";
static const char icon_video[] = "M14,26 L58,26 A10,10 0 0 1 68,36 L68,64 A10,10 0 0 1 58,74 L14,74 A10,10 0 0 1 4,64 "
                                 "L4,36 A10,10 0 0 1 14,26 Z M74,42 L96,28 L96,72 L74,58 Z";
static const char icon_phone[] = "M20,8 L36,6 L46,32 L34,40 C40,54 48,62 62,68 L70,56 L95,66 L92,82 C88,92 78,95 68,92 "
                                 "C38,84 16,60 9,32 C7,22 10,12 20,8 Z";
static const char icon_signal[] = "M0,70 L16,70 L16,100 L0,100 Z M28,48 L44,48 L44,100 L28,100 Z M56,26 L72,26 L72,100 "
                                  "L56,100 Z M84,4 L100,4 L100,100 L84,100 Z";
static const char icon_wifi[] = "M50,94 L34,74 A24,24 0 0 1 66,74 Z M26,62 A36,36 0 0 1 74,62 L66,52 A46,46 0 0 0 34,52 Z "
                                "M10,42 A58,58 0 0 1 90,42 L100,30 A74,74 0 0 0 0,30 Z";
static const char icon_battery[] = "M12,20 L128,20 A14,14 0 0 1 142,34 L142,66 A14,14 0 0 1 128,80 L12,80 A14,14 0 0 1 0,66 "
                                   "L0,34 A14,14 0 0 1 12,20 Z M150,40 L158,40 L158,60 L150,60 Z";

static void write_status_bar(chat *c)
{
    const float *color = c->look.bar_text;
    double u = c->r->unit, h = status_height(c), size = reel_px(c->r, 38), y = h / 2 - 17 * u, x = c->bar.w - 64 * u;
    reel_title clock = {.text = c->settings->overlay.clock, .font = c->look.font, .size = size, .weight = 600, .color = color,
        .align = -1, .x = reel_px(c->r, 70), .y = round(reel_baseline(0, size, h))};
    if (h <= 0) {
        return;
    }
    film_title_track(c->r, "time", &clock, (reel_span){0, c->r->duration});
    write_icon(c, "battery", icon_battery, x - 56 * u, y, 36 * u, color, 0);
    write_icon(c, "wi-fi", icon_wifi, x - 112 * u, y, 36 * u, color, 0);
    write_icon(c, "signal", icon_signal, x - 166 * u, y, 34 * u, color, 0);
}

/* ---- Bars ---- */

static reel_title line_of(const chat *c, const char *text, double size, int32_t weight, const float color[4])
{
    return (reel_title){.text = text, .font = c->look.font, .size = reel_px(c->r, size), .weight = weight, .color = color,
        .rtl = reel_text_is_rtl(text)};
}

/* In at most `room` px. */
static void write_line(chat *c, const char *name, reel_title *title, int align, double x, double y, double room)
{
    title->align = align;
    title->room = fmax(room, title->size);
    title->x = round(x);
    title->y = round(y);
    if (*title->text) {
        film_title_track(c->r, name, title, (reel_span){0, c->r->duration});
    }
}

static void write_ground(chat *c, reel_box box)
{
    reel_span span = {0, c->r->duration};
    int32_t line = reel_even(fmax(2, (double)c->look.received.stroke_width) * c->r->unit);
    film_shape_track(c->r, "bar", &(reel_shape){.box = box, .fill = c->look.bar_fill}, span);
    if (c->look.bar_line[3] > 0) {
        reel_box edge = {box.x, box.y + box.h - line, box.w, line};
        film_shape_track(c->r, "line", &(reel_shape){.box = edge, .fill = c->look.bar_line}, span);
    }
}

static const char *status_of(const chat *c, const char *otherwise)
{
    return *c->settings->overlay.status ? c->settings->overlay.status : otherwise;
}

/* A picture above the name, in the middle. */
static void write_center(chat *c, double top)
{
    const chat_look *l = &c->look;
    double u = c->r->unit, h = c->bar.h - top, middle = c->bar.w / 2.0;
    int32_t side = reel_even(fmin(120 * u, h * 0.55));
    reel_title name = line_of(c, chat_partner(c), 34, 600, l->bar_text), status = line_of(c, status_of(c, ""), 27, 400, l->bar_dim);
    double rise = *status.text ? 0.10 * h : 0;
    reel_box face = {(int32_t)middle - side / 2, (int32_t)(top + 0.11 * h - rise * 0.5), side, side};
    write_icon(c, "back", icon_back, 38 * u, top + h / 2 - 30 * u, 60 * u, l->accent, 7 * u);
    write_icon(c, "call", icon_video, c->bar.w - 116 * u, top + h / 2 - 36 * u, 72 * u, l->accent, 0);
    chat_write_avatar(c, name.text, c->face, face, (reel_span){0, c->r->duration});
    write_line(c, "name", &name, 0, middle, top + h * 0.86 - rise, c->bar.w - 280 * u);
    write_line(c, "status", &status, 0, middle, top + h * 0.93, c->bar.w - 280 * u);
}

/* A picture, and name and status beside it. */
static void write_left(chat *c, double top)
{
    const chat_look *l = &c->look;
    double u = c->r->unit, h = c->bar.h - top, middle = top + h / 2;
    int32_t side = reel_even(fmin(96 * u, h * 0.66));
    reel_title name = line_of(c, chat_partner(c), 42, 600, l->bar_text);
    reel_title status = line_of(c, status_of(c, "online"), 29, 400, l->bar_dim);
    reel_box face = {reel_px(c->r, 104), (int32_t)middle - side / 2, side, side};
    write_icon(c, "back", icon_back, 34 * u, middle - 28 * u, 56 * u, l->bar_text, 7 * u);
    chat_write_avatar(c, name.text, c->face, face, (reel_span){0, c->r->duration});
    double x = face.x + side + 30 * u, room = c->bar.w - 250 * u - x;
    write_line(c, "name", &name, -1, x, middle - 4 * u, room);
    write_line(c, "status", &status, -1, x, middle + 38 * u, room);
    write_icon(c, "call", icon_phone, c->bar.w - 104 * u, middle - 27 * u, 54 * u, l->bar_text, 0);
    write_icon(c, "video", icon_video, c->bar.w - 216 * u, middle - 33 * u, 66 * u, l->bar_text, 0);
}

/* The title bar of a window. */
static void write_window(chat *c, double top)
{
    static const float colors[3][4] = {{1, 0.37f, 0.34f, 1}, {1, 0.74f, 0.18f, 1}, {0.16f, 0.78f, 0.25f, 1}};
    const chat_look *l = &c->look;
    double u = c->r->unit, h = c->bar.h - top;
    int32_t side = reel_even(30 * u);
    reel_title name = line_of(c, chat_partner(c), 36, 600, l->bar_text);
    for (int i = 0; i < 3; i++) {
        reel_box dot = {reel_px(c->r, 48 + 50 * i), (int32_t)(top + h / 2) - side / 2, side, side};
        film_shape_track(c->r, "button", &(reel_shape){.box = dot, .ellipse = true, .fill = colors[i]}, (reel_span){0, c->r->duration});
    }
    write_line(c, "name", &name, 0, c->bar.w / 2.0, reel_baseline(top, name.size, h), c->bar.w - 460 * u);
}

/* Picture and name on a pill that floats. */
static void write_pill(chat *c, double top)
{
    const chat_look *l = &c->look;
    double u = c->r->unit, h = c->bar.h - top;
    int32_t side = reel_even(86 * u), w = reel_even(560 * u), tall = reel_even(126 * u);
    reel_box pill = {(c->bar.w - w) / 2, (int32_t)(top + (h - tall) / 2), w, tall};
    reel_box face = {pill.x + reel_px(c->r, 22), pill.y + (tall - side) / 2, side, side};
    reel_title name = line_of(c, chat_partner(c), 38, 600, l->bar_text);
    reel_title status = line_of(c, status_of(c, "active now"), 27, 400, l->bar_dim);
    reel_shape ground = {.box = pill, .radius = tall / 2.0, .fill = l->bar_fill, .stroke = l->bar_line, .stroke_width = 2 * u};
    film_shape_track(c->r, "bar", &ground, (reel_span){0, c->r->duration});
    chat_write_avatar(c, name.text, c->face, face, (reel_span){0, c->r->duration});
    double x = face.x + side + 24 * u, room = pill.x + w - 40 * u - x;
    write_line(c, "name", &name, -1, x, pill.y + tall / 2.0 - 4 * u, room);
    write_line(c, "status", &status, -1, x, pill.y + tall / 2.0 + 34 * u, room);
}

void chat_write_bar(chat *c)
{
    static void (*const bars[])(chat *, double) = {
        [BAR_CENTER] = write_center, [BAR_LEFT] = write_left, [BAR_WINDOW] = write_window, [BAR_PILL] = write_pill};
    if (c->look.bar != BAR_PILL) {
        write_ground(c, (reel_box){0, 0, c->bar.w, c->bar.h});
    }
    write_status_bar(c);
    if (c->settings->overlay.header) {
        bars[c->look.bar](c, status_height(c));
    }
}
