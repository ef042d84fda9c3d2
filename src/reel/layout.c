/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where everything is. Boxes lie on whole px, with even sides: shapes are placed by their centres. */
#include <math.h>
#include <string.h>

#include "reel/reel.h"

int32_t reel_px(const reel *r, double length)
{
    return (int32_t)lround(length * r->unit);
}

static int32_t even(double length)
{
    return 2 * (int32_t)ceil(length / 2 - 1e-9);
}

/* ---- Text ---- */

/* The code point at *text, which moves on; what is no UTF-8 is U+FFFD. */
static uint32_t next_code_point(const char **text)
{
    const unsigned char *c = (const unsigned char *)*text;
    int more = *c < 0x80 ? 0 : *c >> 5 == 6 ? 1 : *c >> 4 == 14 ? 2 : *c >> 3 == 30 ? 3 : -1;
    uint32_t value = more == 0 ? *c : *c & (0x3Fu >> (more > 0 ? more : 0));
    for (int i = 1; i <= more; i++) {
        if (c[i] >> 6 != 2) {
            more = -1;
            break;
        }
        value = value << 6 | (c[i] & 0x3F);
    }
    *text += more > 0 ? more + 1 : 1;
    return more < 0 ? 0xFFFD : value;
}

static bool is_rtl_letter(uint32_t c)
{
    return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFF) ||
           (c >= 0x10800 && c <= 0x10FFF) || (c >= 0x1E800 && c <= 0x1EFFF) || c == 0x200F;
}

/* Letters; not digits, signs, arrows, symbols and emoji, which take the direction of what is around them. */
static bool is_ltr_letter(uint32_t c)
{
    bool sign = c < 'A' || (c > 'Z' && c < 'a') || (c > 'z' && c < 0xAA) || (c >= 0x2000 && c <= 0x2BFF && c != 0x200E) ||
                (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) || (c >= 0xFE00 && c <= 0xFE6F) ||
                (c >= 0x1F000 && c <= 0x1FAFF) || c == 0xD7 || c == 0xF7 || (c >= 0xAB && c < 0xC0 && c != 0xB5 && c != 0xBA);
    return !sign;
}

bool reel_text_is_rtl(const char *text)
{
    while (*text) {
        uint32_t c = next_code_point(&text);
        if (is_rtl_letter(c)) {
            return true;
        }
        if (is_ltr_letter(c)) {
            return false;
        }
    }
    return false;
}

static char *join(kf_arena *arena, const char *text, const kf_reel_line *lines, int32_t count)
{
    size_t size = 1;
    for (int32_t i = 0; i < count; i++) {
        size += (size_t)lines[i].length + 1;
    }
    char *out = kf_arena_alloc(arena, size), *at = out;
    for (int32_t i = 0; out && i < count; i++) {
        memcpy(at, text + lines[i].start, (size_t)lines[i].length);
        at += lines[i].length;
        *at++ = i + 1 < count ? '\n' : '\0';
    }
    return out;
}

kf_status reel_break(reel *r, const kf_json *json, const kf_reel_text *text, const char **broken, int32_t *lines,
                     float *width)
{
    static const kf_reel_line none = {0};
    kf_reel_line *line = kf_alloc_zero(KF_REEL_MAX_LINES, sizeof *line);
    kf_error cause = {0};
    int32_t count = 0;
    if (!line) {
        return kf_fail_memory(r->err);
    }
    line[0] = none;
    kf_status status = r->resolver->lines(r->resolver->ctx, text, line, KF_REEL_MAX_LINES, &count, &cause);
    if (status != KF_OK) {
        REEL_FAIL(r, json, "%s", cause.message);
    } else if (count > KF_REEL_MAX_LINES) {
        status = REEL_FAIL(r, json, "%d lines of text; %d are possible", (int)count, KF_REEL_MAX_LINES);
    }
    *width = 0;
    for (int32_t i = 0; status == KF_OK && i < count; i++) {
        *width = fmaxf(*width, line[i].width);
    }
    if (status == KF_OK) {
        *broken = join(&r->arena, text->text, line, count);
        *lines = count;
        status = *broken ? KF_OK : kf_fail_memory(r->err);
    }
    kf_free(line);
    return status;
}

/* ---- The frame ---- */

/* Where the chat is: all of a frame that is upright, a column in the middle of a wide one. */
static void place_areas(reel *r)
{
    int32_t h = r->config.video.brainrot ? even(r->height / 2.0) : r->height, w = r->width;
    if (w > 0.8 * r->height && !r->config.video.brainrot) {
        w = even(0.8 * r->height);
    }
    r->area = (reel_box){(r->width - w) / 2, 0, w, h};
    r->unit = w / 1080.0;
    int32_t bar = r->config.overlay.header ? even(reel_px(r, (double)r->look.header_height)) : 0;
    bar = bar < h / 2 ? bar : even(h / 4.0);
    r->header = (reel_box){r->area.x, r->area.y, w, bar};
    r->chat = (reel_box){r->area.x, r->area.y + bar, w, h - bar};
}

/* ---- Messages ---- */

static kf_status measure_text(reel *r, reel_message *m, double size)
{
    const reel_look *l = &r->look;
    kf_reel_text text = {.text = m->said.text, .font = l->font, .size = (float)size, .weight = l->weight, .rtl = m->rtl,
        .max_width = (float)(l->max_width * r->chat.w - 2 * l->pad_x * r->unit)};
    if (!*m->said.text) {
        return KF_OK;
    }
    const kf_json *said = kf_json_get(m->json, "text");
    return reel_break(r, said ? said : m->json, &text, &m->text, &m->lines, &m->text_width);
}

/* A picture as wide as a bubble may be, not taller than wide. */
static void size_image(reel *r, reel_message *m)
{
    if (m->picture < 0) {
        return;
    }
    const kf_media_facts *f = &r->assets[m->picture].facts;
    double w = 0.62 * r->chat.w, aspect = f->width > 0 && f->height > 0 ? (double)f->height / f->width : 1;
    m->image = (reel_box){0, 0, even(w), even(fmin(w * aspect, w * 1.25))};
}

static void size_bubble(reel *r, reel_message *m, double size)
{
    const reel_look *l = &r->look;
    double w = m->text_width + 2 * l->pad_x * r->unit, h = m->lines * size * l->line + 2 * l->pad_y * r->unit;
    bool text = m->lines > 0;
    w = fmax(text ? w : 0, m->image.w);
    h = (text || m->picture < 0 ? h : 0) + m->image.h;
    w = fmax(w, 2 * l->radius * r->unit);
    m->bubble.w = even(fmin(w, r->chat.w));
    m->bubble.h = even(h);
}

static int32_t place_bubble(reel *r, reel_message *m, int32_t y)
{
    int32_t margin = reel_px(r, (double)r->look.margin);
    m->bubble.x = m->right ? r->chat.w - margin - m->bubble.w : margin;
    m->bubble.y = y;
    return y + m->bubble.h;
}

static kf_status place_messages(reel *r)
{
    const reel_look *l = &r->look;
    double size = reel_px(r, (double)l->size);
    int32_t y = reel_px(r, (double)l->group_gap), below = reel_px(r, (double)l->margin);
    for (int32_t i = 0; i < r->message_count; i++) {
        reel_message *m = &r->messages[i];
        kf_status status = measure_text(r, m, size);
        if (status != KF_OK) {
            return status;
        }
        size_image(r, m);
        size_bubble(r, m, size);
        y += i > 0 ? reel_px(r, (double)(m->first ? l->group_gap : l->gap)) : 0;
        y = place_bubble(r, m, y);
        m->scroll = y + below > r->chat.h ? y + below - r->chat.h : 0;
    }
    return KF_OK;
}

/* ---- What is seen ---- */

/* A message that the chat has moved past is not in the film any more, and its track is free for another. */
static void find_ends(reel *r)
{
    for (int32_t i = 0; i < r->message_count; i++) {
        reel_message *m = &r->messages[i];
        int32_t reach = m->bubble.y + m->bubble.h + reel_px(r, (double)r->look.margin);
        m->end = r->duration;
        for (int32_t k = i + 1; k < r->message_count; k++) {
            kf_time moved = r->messages[k].start + r->messages[k].move;
            if (r->messages[k].scroll >= reach) {
                m->end = moved < r->duration ? moved : r->duration;
                break;
            }
        }
    }
}

static kf_status choose_tracks(reel *r)
{
    size_t n = (size_t)r->message_count;
    kf_time *free_at = kf_alloc_zero(n + 1, sizeof *free_at);
    if (!free_at) {
        return kf_fail_memory(r->err);
    }
    for (size_t i = 0; i < n; i++) {
        int32_t track = 0;
        while (track < r->track_count && free_at[track] > r->messages[i].start) {
            track++;
        }
        r->track_count = track == r->track_count ? track + 1 : r->track_count;
        r->messages[i].track = track;
        free_at[track] = r->messages[i].end;
    }
    kf_free(free_at);
    return KF_OK;
}

kf_status reel_lay_out(reel *r)
{
    place_areas(r);
    kf_status status = place_messages(r);
    if (status != KF_OK) {
        return status;
    }
    find_ends(r);
    return choose_tracks(r);
}
