/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One message as a picture: bubble, picture, text, marks. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reel/chat/chat.h"
#include "reel/chat/outline.h"

static const chat_bubble *style(const chat *c, const chat_message *m)
{
    return m->right ? &c->look.sent : &c->look.received;
}

static double unit_px(const chat *c, float length)
{
    return (double)length * c->r->unit;
}

/* ---- The bubble ---- */

static void bubble_clip(chat *c, const chat_message *m, bool tail, reel_span span)
{
    const chat_bubble *b = style(c, m);
    kf_str path = chat_outline(&c->look, m, c->r->unit, tail);
    reel_shape shape = {.box = m->bubble, .path = path.data, .fill = b->fill, .stroke = b->stroke,
        .stroke_width = unit_px(c, b->stroke_width), .shadow = b->shadow, .shadow_blur = unit_px(c, b->shadow_blur),
        .shadow_offset = {round(unit_px(c, b->shadow_x)), round(unit_px(c, b->shadow_y))}};
    film_shape(c->r, "bubble", &shape, span);
    c->r->w.out->failed |= path.failed;
    kf_str_finish(&path);
}

/* The tail is at the last message there is. */
static void write_outline(chat *c, const chat_message *m, kf_time length)
{
    kf_time until = c->look.tail >= TAIL_CURVE ? chat_last_until(c, m) - m->start : 0;
    film_track_begin(c->r, "bubble", false);
    film_clips_begin(c->r);
    if (until > 0) {
        bubble_clip(c, m, true, (reel_span){0, until});
    }
    if (until < length) {
        bubble_clip(c, m, false, (reel_span){until, length - until});
    }
    film_track_end(c->r);
}

/* A gradient as large as the bubble, in a sequence of that size: fitted into the bubble's box, its corners cut round. */
static void write_gradient(chat *c, const chat_message *m, reel_span span)
{
    const chat_bubble *b = style(c, m);
    kf_stop stops[2] = {{.at = 0}, {.at = 1}};
    memcpy(stops[0].color, b->fill, sizeof b->fill);
    memcpy(stops[1].color, b->end, sizeof b->end);
    double w = c->view.w, h = m->height, radius = fmin(unit_px(c, c->look.radius), fmin(m->bubble.w, m->bubble.h) / 2.0);
    film_track_begin(c->r, "bubble", false);
    film_clips_begin(c->r);
    film_generator_begin(c->r, "bubble", "gradient", span);
    kf_json_put_number(&c->r->w, "angle", 60);
    film_point(c->r, "center", (m->bubble.x + m->bubble.w / 2.0) / w, (m->bubble.y + m->bubble.h / 2.0) / h);
    kf_json_put_number(&c->r->w, "size", fmax(m->bubble.w / w, m->bubble.h / h));
    film_stops(c->r, &(kf_stops){stops, 2});
    film_params_end(c->r);
    film_mask(c->r, m->bubble, (reel_point){w, h}, radius);
    film_clip_end(c->r);
    film_track_end(c->r);
}

static void write_bubble(chat *c, const chat_message *m, reel_span span)
{
    const chat_bubble *b = style(c, m);
    if (m->bare || c->look.rows) {
        return;
    }
    if (b->end[3] > 0) {
        write_gradient(c, m, span);
    } else {
        write_outline(c, m, span.duration);
    }
}

/* ---- Text ---- */

static reel_title text_of(const chat *c, const chat_message *m)
{
    const chat_look *l = &c->look;
    double line = m->size * (m->bare ? 1.2 : (double)l->line), pad_x = m->bare ? 0 : unit_px(c, l->pad_x);
    double top = m->bubble.y + (m->bare ? 0 : unit_px(c, l->pad_y));
    double bottom = m->bubble.y + m->bubble.h - (m->bare ? 0 : unit_px(c, l->pad_y)) - m->lines * line;
    double left = m->bubble.x + pad_x, right = m->bubble.x + m->bubble.w - pad_x;
    if (m->lines * line <= line && m->picture < 0 && !c->look.rows && !c->settings->overlay.read_marks) {
        left = m->bubble.x + (m->bubble.w - (double)m->text_width) / 2; /* a short text in a bubble of the least width */
        right = left + (double)m->text_width;
    }
    return (reel_title){.text = m->text, .font = l->font, .x = round(m->rtl ? right : left),
        .y = round(reel_baseline(m->picture >= 0 ? bottom : top, m->size, line)), .size = m->size, .line = line,
        .weight = l->weight, .color = style(c, m)->text, .align = m->rtl ? 1 : -1, .rtl = m->rtl};
}

enum { TYPED_STEPS = 240 }; /* at most, of one message */

/* Letter by letter: clips with more and more of the text, on frames. */
static void write_typed(chat *c, const chat_message *m, const reel_title *whole, kf_time length)
{
    int32_t count = 0, done = 0;
    for (const char *at = m->text; *at; at = reel_next_cluster(at)) {
        count++;
    }
    kf_time each = kf_time_from_seconds(0.045 / (double)c->r->config.animation.speed), most = m->hold / 10 * 8;
    kf_time typing = count * each < most ? count * each : most;
    int32_t steps = count < TYPED_STEPS ? count : TYPED_STEPS;
    kf_time from = 0;
    const char *at = m->text;
    for (int32_t i = 1; i <= steps; i++) {
        kf_time until = i == steps ? length : reel_frame(c->r, typing * i / steps);
        while (*at && (int64_t)done * steps < (int64_t)i * count) {
            at = reel_next_cluster(at);
            done++;
        }
        if (until <= from || until > length) {
            continue;
        }
        reel_title part = *whole;
        part.text = kf_arena_strndup(&c->r->arena, m->text, (size_t)(at - m->text));
        if (!part.text) {
            c->r->w.out->failed = true;
            return;
        }
        film_title(c->r, "text", &part, (reel_span){from, until - from});
        from = until;
    }
}

static void write_text(chat *c, const chat_message *m, reel_span span)
{
    const reel_animation_settings *a = &c->r->config.animation;
    reel_title title = text_of(c, m);
    film_track_begin(c->r, "text", false);
    film_clips_begin(c->r);
    if (a->type == ANIMATION_TYPEWRITER && a->show && !m->bare) {
        write_typed(c, m, &title, span.duration);
    } else {
        film_title(c->r, "text", &title, span);
    }
    film_track_end(c->r);
}

static void write_name(chat *c, const chat_message *m, reel_span span)
{
    const chat_look *l = &c->look;
    float color[4];
    double size = reel_px(c->r, (double)(l->size * (l->rows ? 0.92f : 0.66f)));
    double room = unit_px(c, l->size * (l->rows ? 1.3f : 1.0f));
    memcpy(color, l->name_color, sizeof color);
    if (!(color[3] > 0)) {
        chat_name_color(m->said.sender, color);
    }
    reel_title name = {.text = m->said.sender, .font = l->font, .size = size, .weight = l->name_weight, .color = color,
        .align = -1, .rtl = reel_text_is_rtl(m->said.sender), .x = m->bubble.x + round(l->rows ? 0 : unit_px(c, l->pad_x)),
        .y = round(m->bubble.y - room + reel_baseline(0, size, room * 0.92)),
        .room = fmax(c->view.w - m->bubble.x - 2 * unit_px(c, l->margin), size)};
    film_title_track(c->r, "name", &name, span);
}

/* ---- Pictures and voices ---- */

static void write_image(chat *c, const chat_message *m, reel_span span)
{
    reel_box box = {m->bubble.x + m->image.x, m->bubble.y + m->image.y, m->image.w, m->image.h};
    double radius = fmax(unit_px(c, c->look.radius) - (m->bare ? 0 : m->image.y), 4 * c->r->unit);
    film_track_begin(c->r, "picture", false);
    film_clips_begin(c->r);
    film_asset_begin(c->r, "picture", m->picture, span);
    if (!c->r->assets[m->picture].facts.still) {
        kf_json_put_bool(&c->r->w, "audio", false);
        kf_json_put_bool(&c->r->w, "loop", true);
    }
    film_cover(c->r, m->picture, box, radius);
    film_clip_end(c->r);
    film_track_end(c->r);
}

/* A triangle, and bars of a made-up voice. */
static void write_voice_note(chat *c, const chat_message *m, reel_span span)
{
    static const int bars[] = {30, 55, 80, 45, 95, 60, 35, 70, 100, 50, 75, 40, 85, 60, 30, 65, 90, 45, 55, 25};
    enum { BARS = sizeof bars / sizeof *bars };
    kf_str path = {0};
    double h = m->bubble.h, side = 0.36 * h, left = unit_px(c, c->look.pad_x), first = left + 1.5 * side;
    double step = (m->bubble.w - first - left) / BARS;
    kf_str_add(&path, "M");
    chat_path_point(&path, left, h / 2 - side / 2);
    kf_str_add(&path, "L");
    chat_path_point(&path, left + 0.86 * side, h / 2);
    kf_str_add(&path, "L");
    chat_path_point(&path, left, h / 2 + side / 2);
    kf_str_add(&path, "Z");
    for (int i = 0; i < BARS; i++) {
        chat_path_rect(&path, first + i * step, h / 2 - 0.28 * h * bars[i] / 100, 0.52 * step, 0.56 * h * bars[i] / 100);
    }
    film_shape_track(c->r, "voice", &(reel_shape){.box = m->bubble, .path = path.data, .fill = style(c, m)->text}, span);
    c->r->w.out->failed |= path.failed;
    kf_str_finish(&path);
}

/* ---- Marks ---- */

static void write_ticks(chat *c, const chat_message *m, reel_span span)
{
    static const char *const ticks = "M0,9 L7,16 L22,0 M13,13 L16,16 L31,0";
    const chat_look *l = &c->look;
    kf_str path = {0};
    double u = c->r->unit;
    chat_path_scaled(&path, ticks, u);
    reel_shape shape = {.box = {m->bubble.x + m->bubble.w - reel_px(c->r, 62), m->bubble.y + m->bubble.h - reel_px(c->r, 38), 0, 0},
        .path = path.data, .stroke = l->accent, .stroke_width = 4 * u};
    film_shape_track(c->r, "marks", &shape, span);
    c->r->w.out->failed |= path.failed;
    kf_str_finish(&path);
}

/* "Delivered", then "Read" when the answer begins. */
static void write_receipt(chat *c, const chat_message *m, kf_time length)
{
    const chat_look *l = &c->look;
    double size = reel_px(c->r, 28);
    kf_time late = m->move + KF_SECOND / 5, read = m + 1 < c->messages + c->count ? m[1].appear - m->start : length;
    reel_title title = {.text = "Delivered", .font = l->font, .size = size, .weight = 500, .color = l->bar_dim, .align = 1,
        .x = m->bubble.x + m->bubble.w - reel_px(c->r, 8),
        .y = round(m->bubble.y + m->bubble.h + unit_px(c, l->sent.shadow_y) + chat_tail_height(c) +
                   reel_baseline(0, size, 52 * c->r->unit))};
    late = reel_frame(c->r, late);
    read = read < length ? read : length;
    if (late >= read) {
        late = read;
    }
    film_track_begin(c->r, "marks", false);
    film_clips_begin(c->r);
    if (read > late) {
        film_title(c->r, "delivered", &title, (reel_span){late, read - late});
    }
    title.text = "Read";
    if (length > read) {
        film_title(c->r, "read", &title, (reel_span){read, length - read});
    }
    film_track_end(c->r);
}

static void write_marks(chat *c, const chat_message *m, reel_span span)
{
    if (!c->settings->overlay.read_marks || !m->right || c->look.rows) {
        return;
    }
    if (c->look.marks == MARKS_TEXT && m->last) {
        write_receipt(c, m, span.duration);
    } else if (c->look.marks == MARKS_TICKS && !m->bare) {
        write_ticks(c, m, span);
    }
}

/* ---- Strips ---- */

void chat_write_strip(chat *c, const chat_message *m)
{
    reel_span span = {0, m->end - m->start};
    write_bubble(c, m, span);
    if (m->picture >= 0) {
        write_image(c, m, span);
    }
    if (m->lines > 0) {
        write_text(c, m, span);
    } else if (m->picture < 0) {
        write_voice_note(c, m, span);
    }
    if (m->named) {
        write_name(c, m, span);
    }
    if (m->avatar.w > 0) {
        reel_span shown = {0, c->look.rows ? span.duration : chat_last_until(c, m) - m->start};
        chat_write_avatar(c, m->said.sender, m->face, m->avatar, shown);
    }
    write_marks(c, m, span);
}

/* ---- The dots of who types ---- */

/* A dot rests and rises in turn, each a little later than the one before. */
static void write_beats(chat *c, int index)
{
    static const reel_curve curve = {"ease", {0}};
    kf_time beat = KF_SECOND / 5, at = beat / 2 * index + 2 * beat, last = 0;
    bool up = true;
    film_keys_begin(c->r, "offset");
    film_key_begin(c->r, 0, &curve);
    film_point_value(c->r, 0, 0);
    film_key_end(c->r);
    for (; at < c->typing; at += up ? 2 * beat : beat) {
        kf_time frame = reel_frame(c->r, at);
        if (frame > last) {
            film_key_begin(c->r, frame, &curve);
            film_point_value(c->r, 0, up ? -14 * c->r->unit : 0);
            film_key_end(c->r);
            up = !up;
        }
        last = frame;
    }
    film_keys_end(c->r);
}

static void write_dot(chat *c, const reel_box *bubble, int index)
{
    int32_t side = reel_even(18 * c->r->unit), x = bubble->x + bubble->w / 2 + (index - 1) * reel_px(c->r, 34);
    reel_box box = {x - side / 2, bubble->y + bubble->h / 2 - side / 2, side, side};
    film_track_begin(c->r, "dot", false);
    film_clips_begin(c->r);
    film_shape_begin(c->r, "dot", &(reel_shape){.box = box, .ellipse = true, .fill = c->look.received.text},
                     (reel_span){0, c->typing});
    film_opacity(c->r, 0.55);
    kf_json_key(&c->r->w, "transform");
    kf_json_begin_object(&c->r->w);
    write_beats(c, index);
    kf_json_end_object(&c->r->w);
    film_clip_end(c->r);
    film_track_end(c->r);
}

void chat_write_typing(chat *c, const chat_message *like)
{
    chat_message m = *like;
    int32_t height = reel_even((double)(c->look.size * c->look.line + 2 * c->look.pad_y) * c->r->unit);
    m.bubble.w = reel_even(168 * c->r->unit);
    m.bubble.h = height;
    m.bare = false;
    m.last = true;
    m.start = 0;
    m.end = c->typing;
    write_bubble(c, &m, (reel_span){0, c->typing});
    for (int i = 0; i < 3; i++) {
        write_dot(c, &m.bubble, i);
    }
}
