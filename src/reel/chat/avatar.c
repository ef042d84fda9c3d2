/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Round pictures of people: their own, or their initial on a colour that is theirs. */
#include <math.h>
#include <string.h>

#include "reel/chat/chat.h"

void chat_name_color(const char *name, float out[4])
{
    static const unsigned char colors[][3] = {{0xe5, 0x6b, 0x5d}, {0xe0, 0x9a, 0x3e}, {0x5f, 0xa8, 0x55}, {0x3b, 0xa5, 0xa0},
        {0x4f, 0x8f, 0xe0}, {0x7a, 0x6f, 0xdc}, {0xb4, 0x66, 0xc9}, {0xd8, 0x5f, 0x93}};
    uint32_t hash = 2166136261u;
    for (; *name; name++) {
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    }
    const unsigned char *c = colors[(hash >> 8) % (sizeof colors / sizeof *colors)];
    for (int i = 0; i < 3; i++) {
        out[i] = (float)c[i] / 255.0f;
    }
    out[3] = 1;
}

/* The first character of the name, a capital if it is a Latin letter. */
static void initial_of(const char *name, char out[64])
{
    size_t n = (size_t)(reel_next_cluster(name) - name);
    n = n < 63 ? n : 0;
    memcpy(out, name, n);
    out[n] = '\0';
    if (n == 1 && *out >= 'a' && *out <= 'z') {
        *out = (char)(*out - 'a' + 'A');
    }
}

static void write_initial(chat *c, const char *name, reel_box box, reel_span span)
{
    static const float white[4] = {1, 1, 1, 1};
    float color[4];
    char initial[64];
    double size = round(box.h * 0.44);
    chat_name_color(name, color);
    initial_of(name, initial);
    film_shape_track(c->r, "avatar", &(reel_shape){.box = box, .ellipse = true, .fill = color}, span);
    reel_title title = {.text = initial, .font = c->look.font, .size = size, .weight = 600, .color = white, .align = 0,
        .x = box.x + box.w / 2, .y = round(reel_baseline(box.y, size, box.h))};
    if (*initial) {
        film_title_track(c->r, "initial", &title, span);
    }
}

void chat_write_avatar(chat *c, const char *name, int32_t picture, reel_box box, reel_span span)
{
    if (picture < 0) {
        write_initial(c, name, box, span);
        return;
    }
    film_track_begin(c->r, "avatar", false);
    film_clips_begin(c->r);
    film_asset_begin(c->r, "avatar", picture, span);
    if (!c->r->assets[picture].facts.still) {
        kf_json_put_bool(&c->r->w, "audio", false);
        kf_json_put_bool(&c->r->w, "loop", true);
    }
    film_cover(c->r, picture, box, box.w / 2.0);
    film_clip_end(c->r);
    film_track_end(c->r);
}
