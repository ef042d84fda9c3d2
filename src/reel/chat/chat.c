/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chat as sequences: each message is one of its own, so that it moves and fades as one; the chat holds them all, and
 * scrolls as one. */
#include <stdio.h>
#include <string.h>

#include "reel/chat/chat.h"

static const char *message_id(const chat *c, const chat_message *m, char out[32])
{
    snprintf(out, 32, "message %d", (int)(m - c->messages) + 1);
    return out;
}

/* "Anna: Are you there?", for the timeline. */
static const char *message_name(const chat_message *m, char out[100])
{
    const char *text = *m->said.text ? m->said.text : m->picture >= 0 ? "picture" : "voice";
    size_t n = strcspn(text, "\n");
    snprintf(out, 100, "%.40s%s%.*s", m->said.sender, *m->said.sender ? ": " : "", (int)(n < 48 ? n : 48), text);
    out[kf_utf8_prefix(out, strlen(out))] = '\0';
    return out;
}

/* ---- How messages come in ---- */

static bool is_animated(const chat *c, const chat_message *m, reel_animation type)
{
    return m->move > 0 && c->r->config.animation.type == (int32_t)type;
}

static void write_transform(chat *c, const chat_message *m)
{
    kf_json_writer *w = &c->r->w;
    bool pops = is_animated(c, m, ANIMATION_POP);
    double x = pops ? m->bubble.x + (m->right ? m->bubble.w : 0) : 0, y = pops ? m->bubble.y + m->bubble.h : 0;
    kf_json_key(w, "transform");
    kf_json_begin_object(w);
    kf_json_put_string(w, "fit", "none");
    film_point(c->r, "anchor", x / c->view.w, y / m->height);
    film_point(c->r, "position", x, m->top + y);
    if (pops) {
        film_move_point(c->r, "scale", (reel_point){0.3, 0.3}, (reel_point){1, 1}, m->move, &reel_curve_back);
    } else if (is_animated(c, m, ANIMATION_SLIDE)) {
        double way = (m->right && !c->look.rows ? 0.5 : -0.5) * c->view.w;
        film_move_point(c->r, "offset", (reel_point){way, 0}, (reel_point){0, 0}, m->move, &reel_curve_out);
    }
    kf_json_end_object(w);
}

static void write_opacity(chat *c, const chat_message *m)
{
    static const reel_curve curve = {"ease_out", {0}};
    kf_time length = is_animated(c, m, ANIMATION_FADE) ? m->move : reel_frame(c->r, m->move / 2);
    if (m->move > 0) {
        film_move_number(c->r, "opacity", 0, 1, length, &curve);
    }
}

static void write_message(chat *c, const chat_message *m)
{
    char id[32], name[100];
    film_nested_begin(c->r, message_name(m, name), message_id(c, m, id), (reel_span){m->start, m->end - m->start});
    write_transform(c, m);
    write_opacity(c, m);
    film_clip_end(c->r);
}

static bool types(const chat *c, const chat_message *m)
{
    return m->start > m->appear && m->start <= c->r->duration;
}

static void write_dots(chat *c, const chat_message *m)
{
    film_nested_begin(c->r, "typing", "typing", (reel_span){m->appear, m->start - m->appear});
    film_place(c->r, 0, m->top);
    film_clip_end(c->r);
}

static void write_lane(chat *c, int32_t lane)
{
    char name[40];
    snprintf(name, sizeof name, "messages %d", (int)lane + 1);
    film_track_begin(c->r, name, false);
    film_clips_begin(c->r);
    for (int32_t i = 0; i < c->count; i++) {
        const chat_message *m = &c->messages[i];
        if (m->lane != lane) {
            continue;
        }
        if (types(c, m)) {
            write_dots(c, m);
        }
        if (chat_shows(c, m)) {
            write_message(c, m);
        }
    }
    film_track_end(c->r);
}

/* ---- Scrolling: an adjustment moves everything below it ---- */

static void write_scroll_key(chat *c, kf_time t, int32_t y, const reel_curve *curve)
{
    film_key_begin(c->r, t, curve);
    film_point_value(c->r, 0, -y);
    film_key_end(c->r);
}

/* How long the chat moves for a message: never longer than until the next one makes its place. */
static kf_time scroll_length(const chat *c, const chat_message *m)
{
    kf_time room = (m + 1 < c->messages + c->count ? m[1].appear : c->r->duration) - m->appear;
    return m->move < room ? m->move : room;
}

static bool scrolls_at(const chat *c, const chat_message *m, int32_t at)
{
    return m->scroll != at && m->appear < c->r->duration;
}

static void write_scroll_keys(chat *c)
{
    static const reel_curve hold = {"hold", {0}};
    bool compact = c->r->w.compact;
    int32_t at = 0;
    film_keys_begin(c->r, "offset");
    c->r->w.compact = true;
    for (const chat_message *m = c->messages; m < c->messages + c->count; m++) {
        kf_time length = scroll_length(c, m);
        bool last_here = m + 1 == c->messages + c->count || m[1].appear > m->appear;
        if (!scrolls_at(c, m, at) || !last_here) {
            continue;
        }
        if (length > 0) {
            write_scroll_key(c, m->appear, at, &reel_curve_in_out);
        }
        at = m->scroll;
        write_scroll_key(c, m->appear + length, at, &hold);
    }
    c->r->w.compact = compact;
    film_keys_end(c->r);
}

static bool scrolls(const chat *c)
{
    for (const chat_message *m = c->messages; m < c->messages + c->count; m++) {
        if (scrolls_at(c, m, 0)) {
            return true;
        }
    }
    return false;
}

static void write_scroll(chat *c)
{
    kf_json_writer *w = &c->r->w;
    film_track_begin(c->r, "scroll", false);
    film_clips_begin(c->r);
    kf_json_begin_object(w);
    kf_json_put_string(w, "name", "scroll");
    kf_json_put_bool(w, "adjustment", true);
    film_time(c->r, "duration", c->r->duration);
    kf_json_key(w, "effects");
    kf_json_begin_array(w);
    kf_json_begin_object(w);
    kf_json_put_string(w, "effect", "transform");
    write_scroll_keys(c);
    kf_json_end_object(w);
    kf_json_end_array(w);
    film_clip_end(c->r);
    film_track_end(c->r);
}

/* ---- Sequences ---- */

static void write_chat(chat *c)
{
    film_sequence_begin(c->r, "chat", "Chat", c->view.w, c->view.h);
    film_tracks_begin(c->r);
    for (int32_t lane = 0; lane < c->lanes; lane++) {
        write_lane(c, lane);
    }
    if (scrolls(c)) {
        write_scroll(c);
    }
    film_sequence_end(c->r);
}

static void write_strip(chat *c, const chat_message *m)
{
    char id[32], name[100];
    film_sequence_begin(c->r, message_id(c, m, id), message_name(m, name), c->view.w, m->height);
    film_tracks_begin(c->r);
    chat_write_strip(c, m);
    film_sequence_end(c->r);
}

static void write_typing(chat *c)
{
    for (const chat_message *m = c->messages; m < c->messages + c->count; m++) {
        if (types(c, m)) {
            film_sequence_begin(c->r, "typing", "Typing", c->view.w, 2 * m->bubble.y + m->height);
            film_tracks_begin(c->r);
            chat_write_typing(c, m);
            film_sequence_end(c->r);
            return;
        }
    }
}

void chat_write_sequences(reel *r);
void chat_write_tracks(reel *r);

void chat_write_sequences(reel *r)
{
    chat *c = r->state;
    if (c->count > 0) {
        write_chat(c);
        write_typing(c);
    }
    for (const chat_message *m = c->messages; m < c->messages + c->count; m++) {
        if (chat_shows(c, m)) {
            write_strip(c, m);
        }
    }
    if (c->bar.h > 0) {
        film_sequence_begin(r, "header", "Header", c->bar.w, c->bar.h);
        film_tracks_begin(r);
        chat_write_bar(c);
        film_sequence_end(r);
    }
}

/* Under a bar that floats, messages fade out rather than end at a line. */
static void write_fade(chat *c)
{
    kf_json_writer *w = &c->r->w;
    double feather = 70 * c->r->unit, h = c->view.h;
    if (c->look.bar != BAR_PILL || c->bar.h == 0) {
        return;
    }
    kf_json_key(w, "effects");
    kf_json_begin_array(w);
    kf_json_begin_object(w);
    kf_json_put_string(w, "effect", "mask");
    film_point(c->r, "center", 0.5, 0.5 + (1.5 * feather + feather / 2) / h / 2);
    film_point(c->r, "size", 1.5, 1 + feather / h);
    kf_json_put_number(w, "feather", feather);
    kf_json_end_object(w);
    kf_json_end_array(w);
}

static void write_view(chat *c, reel_span span)
{
    film_track_begin(c->r, "chat", false);
    film_clips_begin(c->r);
    film_nested_begin(c->r, "chat", "chat", span);
    film_place(c->r, c->view.x, c->view.y);
    write_fade(c);
    film_clip_end(c->r);
    film_track_end(c->r);
}

void chat_write_tracks(reel *r)
{
    chat *c = r->state;
    reel_span span = {0, r->duration};
    reel_box back = {c->bar.x, c->bar.y, c->bar.w, c->bar.h + c->view.h};
    if (c->look.back[3] > 0) {
        film_shape_track(r, "sheet", &(reel_shape){.box = back, .fill = c->look.back}, span);
    }
    if (c->count > 0) {
        write_view(c, span);
    }
    if (c->bar.h > 0) {
        film_nested_track(r, "header", "header", (reel_point){c->bar.x, c->bar.y}, span);
    }
}
