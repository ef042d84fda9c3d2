/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/chat/chat.h"
#include "reel/fields.h"

static const char *const side_names[] = {"auto", "left", "right", NULL};

#define O chat_overlay
static const kf_field overlay_fields[] = {
    SWITCH(O, header, "showHeader", 1, "The bar above the messages."),
    SWITCH(O, status_bar, "showStatusBar", 0, "The phone's clock, signal and battery."),
    SWITCH(O, typing, "typingIndicator", 0, "Dots before each message on the left."),
    SWITCH(O, read_marks, "readMarks", 0, "Marks at messages on the right."),
    SWITCH(O, avatars, "showAvatars", NAN, "A round picture beside messages on the left."),
    SWITCH(O, names, "showNames", NAN, "The sender's name above messages on the left."),
    TEXT(O, name, "name", "", "Name in the header; without one, the first sender on the left."),
    TEXT(O, status, "status", "", "Line under the name; without one, as the template has it."),
    FILE_OF(O, avatar, "avatar", "Picture in the header; without one, initials."),
    TEXT(O, clock, "time", "9:41", "Time in the status bar."),
    TEXT(O, font, "fontFamily", "", "Font families, in order of preference; without one, the template's."),
    WHOLE(O, font_size, "fontSize", 0, 400, 0, "px", "Size of messages in a chat 1080 px wide; 0: the template's."),
};
#undef O
#define M chat_said
static const kf_field message_fields[] = {
    TEXT(M, text, "text", "", "What is said."),
    TEXT(M, sender, "sender", "", "Who says it."),
    CHOICE(M, side, "side", side_names, SIDE_AUTO,
           "`auto`: right if the sender is me, myself, self, user, sender or right; else left."),
    FILE_OF(M, image, "image", "A picture in the bubble."),
    FILE_OF(M, audio, "audio", "The voice; the message stays for as long as it takes."),
    SECONDS(M, audio_duration, "audioDuration", 0.01, 3600, NAN,
            "How long the message stays; without it, the length of the voice, or 2 s."),
    SECONDS(M, delay, "delay", 0, 600, 0, "Before the message, beside messageDelay."),
    FILE_OF(M, avatar, "avatar", "The sender's picture; without one, that of the header, or initials."),
};
#undef M

const reel_section chat_message_table = {"messages", FIELDS(message_fields), 0, "What is said, in order.", 0};

static const reel_section sections[] = {
    {"chatOverlay", FIELDS(overlay_fields), offsetof(chat_settings, overlay), "What is around the messages.", 0},
    {"messages", FIELDS(message_fields), offsetof(chat_settings, messages), "What is said, in order.",
     KF_REEL_MAX_MESSAGES},
};

/* ---- The kind ---- */

/* What the config says in place of the template; nothing, if its first component is NaN. */
static void pick(const float given[4], float out[4])
{
    for (int i = 0; i < 4 && !isnan(given[0]); i++) {
        out[i] = given[i];
    }
}

static void pick_bubble(const float fill[4], const float text[4], chat_bubble *out)
{
    pick(fill, out->fill);
    pick(text, out->text);
    out->end[3] = isnan(fill[0]) ? out->end[3] : 0;
}

static void choose_look(chat *c)
{
    const reel_colors *colors = &c->r->config.colors;
    const chat_overlay *o = &c->settings->overlay;
    chat_look *l = &c->look;
    *l = *(const chat_look *)(const void *)c->r->config.look;
    pick_bubble(colors->sent, colors->sent_text, &l->sent);
    pick_bubble(colors->received, colors->received_text, &l->received);
    pick(colors->header, l->bar_fill);
    pick(colors->header_text, l->bar_text);
    pick(colors->accent, l->accent);
    pick(colors->name, l->name_color);
    pick(colors->background, l->back);
    l->size = o->font_size > 0 ? (float)o->font_size : l->size;
    l->font = *o->font ? o->font : l->font;
    l->avatars = o->avatars < 0 ? l->avatars : o->avatars;
    l->names = o->names < 0 ? l->names : o->names;
}

static kf_status lay_out(reel *r)
{
    chat *c = kf_arena_alloc(&r->arena, sizeof *c);
    if (!c) {
        return kf_fail_memory(r->err);
    }
    *c = (chat){.r = r, .settings = r->config.settings};
    r->state = c;
    choose_look(c);
    r->ground = (kf_stops){c->look.ground, c->look.ground_count};
    r->angle = c->look.angle;
    kf_status status = chat_read_messages(c);
    if (status == KF_OK) {
        status = chat_time_messages(c);
    }
    return status == KF_OK ? chat_lay_out(c) : status;
}

void chat_write_tracks(reel *r);
void chat_write_sequences(reel *r);
extern const reel_kind reel_kind_chat;

const reel_kind reel_kind_chat = {
    .name = "chat", .help = "Messages that come in one after the other, timed by their voices.",
    .template_at = chat_template_at, .sections = sections, .section_count = (int)(sizeof sections / sizeof *sections),
    .settings_size = sizeof(chat_settings), .lay_out = lay_out, .write_tracks = chat_write_tracks,
    .write_sequences = chat_write_sequences,
};
