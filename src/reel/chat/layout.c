/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the messages are. Each has a strip as wide as the chat; the strips stand below each other, and scroll. */
#include <math.h>
#include <string.h>

#include "reel/chat/chat.h"

static int32_t px(const chat *c, float length)
{
    return reel_px(c->r, (double)length);
}

/* ---- The frame ---- */

enum { STATUS_BAR = 92 };

static int32_t bar_height(const chat *c)
{
    const chat_overlay *o = &c->settings->overlay;
    double h = (o->header ? (double)c->look.bar_height : 0) + (o->status_bar ? STATUS_BAR : 0);
    double most = c->r->area.h / 3.0;
    return 2 * (int32_t)(fmin(h * c->r->unit, most) / 2);
}

/* All of a frame that is upright; in a wide one bubbles have a column in the middle, rows all of it. */
static void place_areas(chat *c)
{
    reel_box area = c->r->area;
    int32_t w = area.w;
    if (w > 0.8 * c->r->height && !c->r->config.video.brainrot) {
        w = reel_even(0.8 * c->r->height);
    }
    c->r->unit = w / 1080.0;
    w = c->look.rows ? area.w : w;
    int32_t h = bar_height(c), x = area.x + (area.w - w) / 2;
    c->bar = (reel_box){x, area.y, w, h};
    c->view = (reel_box){x, area.y + h, w, area.h - h};
}

int32_t chat_tail_height(const chat *c)
{
    return c->look.tail == TAIL_POINT ? reel_even(0.8 * (double)c->look.radius * c->r->unit) : 0;
}

int32_t chat_strip_edge(const chat *c)
{
    const chat_look *l = &c->look;
    double tail = l->tail == TAIL_CURVE ? 0.1 * (double)l->radius : l->tail == TAIL_POINT ? (double)l->radius : 0, line = fmax((double)l->sent.stroke_width, (double)l->received.stroke_width);
    double sent = 3 * (double)l->sent.shadow_blur + (double)l->sent.shadow_y;
    double received = 3 * (double)l->received.shadow_blur + (double)l->received.shadow_y;
    return reel_even(fmax(fmax(sent, received), tail) * c->r->unit + line);
}

/* ---- One message ---- */

static double text_room(const chat *c)
{
    const chat_look *l = &c->look;
    double avatar = l->avatars ? 2.4 * (double)l->size : 0;
    double most = l->rows ? c->view.w - (2 * (double)l->margin + avatar) * c->r->unit
                          : fmin((double)l->max_width * c->view.w, c->view.w - (2 * (double)l->margin + avatar) * c->r->unit);
    return most - 2 * (double)l->pad_x * c->r->unit;
}

static kf_status measure_text(chat *c, chat_message *m)
{
    const chat_look *l = &c->look;
    int emoji = l->rows || m->picture >= 0 ? 0 : reel_count_emoji(m->said.text);
    m->bare = emoji > 0 && emoji <= 3;
    m->size = px(c, l->size * (m->bare ? 2.6f : 1));
    kf_reel_text text = {.text = m->said.text, .font = l->font, .size = (float)m->size, .weight = l->weight, .rtl = m->rtl,
        .max_width = (float)fmax(text_room(c), 2 * m->size)};
    return *m->said.text ? reel_break(c->r, reel_member(m->json, "text"), &text, &m->text, &m->lines, &m->text_width)
                         : KF_OK;
}

/* Of a picture this wide, not much higher than wide. */
static void size_image(const chat *c, chat_message *m, double w)
{
    const kf_media_facts *f = &c->r->assets[m->picture].facts;
    double aspect = f->width > 0 && f->height > 0 ? (double)f->height / f->width : 0.75;
    m->image.w = reel_even(w);
    m->image.h = reel_even(fmin(w * aspect, fmin(w * 1.3, 0.7 * c->view.h)));
}

/* Marks stand beside the text. */
static double ticks_width(const chat *c, const chat_message *m)
{
    bool ticks = c->settings->overlay.read_marks && c->look.marks == MARKS_TICKS && m->right && !m->bare;
    return ticks ? 62 * c->r->unit : 0;
}

static void size_bubble(chat *c, chat_message *m)
{
    const chat_look *l = &c->look;
    m->bare = m->bare || (m->picture >= 0 && m->lines == 0);
    double pad_x = m->bare ? 0 : (double)l->pad_x * c->r->unit, pad_y = m->bare ? 0 : (double)l->pad_y * c->r->unit;
    double line = m->size * (m->bare ? 1.2 : (double)l->line), frame = m->bare || l->rows ? 0 : 12 * c->r->unit;
    double w = m->lines ? m->text_width + 2 * pad_x + ticks_width(c, m) : 0, h = m->lines ? m->lines * line + 2 * pad_y : 0;
    if (m->picture >= 0) {
        w = fmax(l->rows ? 0 : w, 0.6 * fmin(c->view.w, 1080 * c->r->unit));
        size_image(c, m, w - 2 * frame);
        h += m->image.h + frame;
    } else if (!m->lines) { /* a voice note */
        w = 475 * c->r->unit;
        h = (double)(l->size * l->line) * c->r->unit + 2 * (double)l->pad_y * c->r->unit;
    }
    double least = l->rows || m->bare ? 0 : 2 * (double)l->radius * c->r->unit;
    m->bubble.w = reel_even(fmin(fmax(w, least), c->view.w));
    m->bubble.h = reel_even(h);
    m->image.x = m->image.y = reel_even(frame);
}

static int32_t name_height(const chat *c, const chat_message *m)
{
    return m->named ? reel_even((double)(c->look.size * (c->look.rows ? 1.3f : 1.0f)) * c->r->unit) : 0;
}

static int32_t mark_height(const chat *c, const chat_message *m)
{
    bool text = c->settings->overlay.read_marks && c->look.marks == MARKS_TEXT && m->right && m->last && !c->look.rows;
    return text ? reel_even((48 + (double)c->look.sent.shadow_y) * c->r->unit) + chat_tail_height(c) : 0;
}

/* A picture beside the last of a group, or the first of rows. */
static void place_avatar(chat *c, chat_message *m)
{
    bool there = c->look.avatars && (c->look.rows ? m->first : !m->right && m->last);
    int32_t side = reel_even(1.9 * (double)c->look.size * c->r->unit);
    int32_t y = c->look.rows ? chat_strip_edge(c) : m->bubble.y + m->bubble.h - side;
    m->avatar = there ? (reel_box){px(c, c->look.margin), y > 0 ? y : 0, side, side} : (reel_box){0};
}

static void place_strip(chat *c, chat_message *m)
{
    const chat_look *l = &c->look;
    int32_t edge = chat_strip_edge(c), margin = px(c, l->margin);
    int32_t beside = l->avatars && (l->rows || !m->right) ? reel_even((double)(l->size * 2.4f) * c->r->unit) : 0;
    m->bubble.x = m->right && !l->rows ? c->view.w - margin - m->bubble.w : margin + beside;
    m->bubble.y = edge + name_height(c, m);
    m->height = m->bubble.y + m->bubble.h + mark_height(c, m) + edge;
    place_avatar(c, m);
    int32_t least = m->avatar.y + m->avatar.h + edge;
    m->height = m->height < least ? least : m->height;
}

static kf_status place_messages(chat *c)
{
    const chat_look *l = &c->look;
    int32_t edge = chat_strip_edge(c), y = px(c, l->group_gap) - edge, below = px(c, l->margin);
    for (int32_t i = 0; i < c->count; i++) {
        chat_message *m = &c->messages[i];
        kf_status status = measure_text(c, m);
        if (status != KF_OK) {
            return status;
        }
        size_bubble(c, m);
        place_strip(c, m);
        y += i > 0 ? px(c, m->first ? l->group_gap : l->gap) : 0;
        m->top = y;
        y += m->height - 2 * edge;
        m->scroll = y + edge + below > c->view.h ? y + edge + below - c->view.h : 0;
    }
    return KF_OK;
}

/* ---- What is seen ---- */

bool chat_shows(const chat *c, const chat_message *m)
{
    return m->start < c->r->duration && m->start < m->end;
}

kf_time chat_last_until(const chat *c, const chat_message *m)
{
    bool more = !m->last && m[1].start < m->end;
    return more ? m[1].start : m->end;
}

/* A message that the chat has moved past is not in the film any more, and its track is free for another. */
static void find_ends(chat *c)
{
    for (int32_t i = 0; i < c->count; i++) {
        chat_message *m = &c->messages[i];
        m->end = c->r->duration;
        for (int32_t k = i + 1; k < c->count; k++) {
            kf_time moved = c->messages[k].appear + c->messages[k].move;
            if (c->messages[k].scroll >= m->top + m->height && moved > m->start) {
                m->end = moved < c->r->duration ? moved : c->r->duration;
                break;
            }
        }
    }
}

static kf_status choose_lanes(chat *c)
{
    kf_time *free_at = kf_alloc_zero((size_t)c->count + 1, sizeof *free_at);
    if (!free_at) {
        return kf_fail_memory(c->r->err);
    }
    for (int32_t i = 0; i < c->count; i++) {
        int32_t lane = 0;
        while (lane < c->lanes && free_at[lane] > c->messages[i].appear) {
            lane++;
        }
        c->lanes = lane == c->lanes ? lane + 1 : c->lanes;
        c->messages[i].lane = lane;
        free_at[lane] = c->messages[i].end;
    }
    kf_free(free_at);
    return KF_OK;
}

kf_status chat_lay_out(chat *c)
{
    place_areas(c);
    kf_status status = place_messages(c);
    if (status != KF_OK) {
        return status;
    }
    find_ends(c);
    return choose_lanes(c);
}
