/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The chat: a sequence of messages, each a small sequence of its own, so that it moves and fades as one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reel/bubble.h"
#include "reel/reel.h"

static const char *message_id(int32_t index, char out[32])
{
    snprintf(out, 32, "message %d", (int)index + 1);
    return out;
}

/* "Anna: Are you there?", for the timeline. */
static void message_name(const reel_message *m, char out[80])
{
    const char *text = *m->said.text ? m->said.text : m->picture >= 0 ? "picture" : "voice";
    size_t n = strcspn(text, "\n");
    n = kf_utf8_prefix(text, n < 40 ? n : 40);
    snprintf(out, 80, "%.30s%s%.*s", m->said.sender, *m->said.sender ? ": " : "", (int)n, text);
    out[kf_utf8_prefix(out, strlen(out))] = '\0';
}

/* ---- How messages come in ---- */

static void write_slide(reel *r, const reel_message *m)
{
    double way = (m->right ? 0.5 : -0.5) * r->chat.w;
    film_move_point(r, "offset", (reel_point){way, 0}, (reel_point){0, 0}, m->move, &reel_curve_out);
}

static void write_pop(reel *r, const reel_message *m)
{
    film_move_point(r, "scale", (reel_point){0.3, 0.3}, (reel_point){1, 1}, m->move, &reel_curve_back);
}

static void write_transform(reel *r, const reel_message *m)
{
    double edge = bubble_margin(r), w = m->bubble.w + 2 * edge, h = m->bubble.h + 2 * edge;
    reel_point corner = {m->right ? m->bubble.w : 0, m->bubble.h};
    bool pops = m->move > 0 && r->config.animation.type == ANIMATION_POP;
    if (!pops) {
        corner = (reel_point){-edge, -edge};
    }
    kf_json_key(&r->w, "transform");
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "fit", "none");
    film_point(r, "anchor", (corner.x + edge) / w, (corner.y + edge) / h);
    film_point(r, "position", m->bubble.x + corner.x, m->bubble.y + corner.y);
    if (pops) {
        write_pop(r, m);
    } else if (m->move > 0 && r->config.animation.type == ANIMATION_SLIDE) {
        write_slide(r, m);
    }
    kf_json_end_object(&r->w);
}

static void write_opacity(reel *r, const reel_message *m)
{
    static const reel_curve curve = {"ease_out", {0}};
    bool whole = r->config.animation.type == ANIMATION_FADE;
    kf_time length = whole ? m->move : reel_frame(r, m->move / 2);
    if (m->move > 0) {
        film_move_number(r, "opacity", 0, 1, length, &curve);
    }
}

static void write_message_clip(reel *r, int32_t index)
{
    const reel_message *m = &r->messages[index];
    char id[32], name[80];
    message_name(m, name);
    film_nested_begin(r, name, message_id(index, id), (reel_span){m->start, m->end - m->start});
    write_transform(r, m);
    write_opacity(r, m);
    film_clip_end(r);
}

static bool shows(const reel *r, const reel_message *m)
{
    return m->start < m->end && m->start < r->duration;
}

static void write_lane(reel *r, int32_t lane)
{
    char name[40];
    snprintf(name, sizeof name, "messages %d", (int)lane + 1);
    film_track_begin(r, name, false);
    film_clips_begin(r);
    for (int32_t i = 0; i < r->message_count; i++) {
        if (r->messages[i].track == lane && shows(r, &r->messages[i])) {
            write_message_clip(r, i);
        }
    }
    film_track_end(r);
}

/* ---- Scrolling: everything below moves up as one ---- */

static void write_scroll_key(reel *r, kf_time t, int32_t y, const reel_curve *curve)
{
    film_key_begin(r, t, curve);
    kf_json_begin_array(&r->w);
    kf_json_write_int(&r->w, 0);
    kf_json_write_int(&r->w, -y);
    kf_json_end_array(&r->w);
    film_key_end(r);
}

/* A step never takes longer than until the next. */
static void write_scroll_keys(reel *r)
{
    static const reel_curve hold = {"hold", {0}};
    bool compact = r->w.compact;
    int32_t at = 0;
    film_keys_begin(r, "offset");
    r->w.compact = true;
    for (int32_t i = 0; i < r->message_count && r->messages[i].start < r->duration; i++) {
        const reel_message *m = &r->messages[i];
        if (m->scroll == at) {
            continue;
        }
        kf_time until = m->start + m->move;
        if (m->move > 0) {
            write_scroll_key(r, m->start, at, &reel_curve_in_out);
        }
        at = m->scroll;
        write_scroll_key(r, until, at, &hold);
    }
    r->w.compact = compact;
    film_keys_end(r);
}

static bool scrolls(const reel *r)
{
    for (int32_t i = 0; i < r->message_count; i++) {
        if (r->messages[i].scroll > 0 && r->messages[i].start < r->duration) {
            return true;
        }
    }
    return false;
}

static void write_scroll(reel *r)
{
    film_track_begin(r, "scroll", false);
    film_clips_begin(r);
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "name", "scroll");
    kf_json_put_bool(&r->w, "adjustment", true);
    film_time(r, "duration", r->duration);
    kf_json_key(&r->w, "effects");
    kf_json_begin_array(&r->w);
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "effect", "transform");
    write_scroll_keys(r);
    kf_json_end_object(&r->w);
    kf_json_end_array(&r->w);
    kf_json_end_object(&r->w);
    film_track_end(r);
}

/* ---- Sequences ---- */

static void write_messages(reel *r)
{
    film_sequence_begin(r, "chat", "Chat", r->chat.w, r->chat.h);
    film_tracks_begin(r);
    for (int32_t lane = 0; lane < r->track_count; lane++) {
        write_lane(r, lane);
    }
    if (scrolls(r)) {
        write_scroll(r);
    }
    film_sequence_end(r);
}

kf_status reel_write_chat_sequences(reel *r)
{
    char id[32], name[80];
    if (r->message_count == 0) {
        return KF_OK;
    }
    write_messages(r);
    for (int32_t i = 0; i < r->message_count; i++) {
        const reel_message *m = &r->messages[i];
        if (!shows(r, m)) {
            continue;
        }
        message_name(m, name);
        film_sequence_begin(r, message_id(i, id), name, m->bubble.w + 2 * bubble_margin(r),
                            m->bubble.h + 2 * bubble_margin(r));
        film_tracks_begin(r);
        bubble_write(r, m);
        film_sequence_end(r);
    }
    return KF_OK;
}

kf_status reel_write_chat(reel *r)
{
    if (r->message_count == 0) {
        return KF_OK;
    }
    film_track_begin(r, "chat", false);
    film_clips_begin(r);
    film_nested_begin(r, "chat", "chat", (reel_span){0, r->duration});
    film_place(r, r->chat.x, r->chat.y);
    film_clip_end(r);
    film_track_end(r);
    return KF_OK;
}
