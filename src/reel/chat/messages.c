/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages are read, and given their times: these are added up exactly, and each start is moved to the next frame. */
#include <string.h>
#include <strings.h>

#include "reel/chat/chat.h"

#define HOLD (2 * KF_SECOND)            /* of a message without a voice */
#define TYPING (KF_SECOND + KF_SECOND / 5) /* of dots at speed 1 */

/* ---- Reading ---- */

static bool is_me(const char *sender)
{
    static const char *const words[] = {"me", "myself", "self", "user", "sender", "right"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(sender, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The voice that audioSettings.voices has for a message without one of its own. */
static kf_status voice_of(chat *c, reel_reader *reader, chat_message *m, const kf_json **json)
{
    const kf_json *voices = c->r->config.audio.voices;
    const kf_json *entry = voices && !*m->said.audio ? kf_json_at(voices, m->json->index) : NULL;
    if (!entry || entry->type == KF_JSON_NULL) {
        return KF_OK;
    }
    if (entry->type != KF_JSON_STRING || strlen(entry->text) != entry->length) {
        return REEL_FAIL(c->r, entry, "must be a file, or null");
    }
    *json = entry;
    m->said.audio = entry->text;
    return reel_check_file(reader, entry);
}

static kf_status get_files(chat *c, reel_reader *reader, chat_message *m)
{
    const kf_json *voice = reel_member(m->json, "audio");
    kf_status status = voice_of(c, reader, m, &voice);
    if (status == KF_OK) {
        status = reel_sound_get(c->r, voice, m->said.audio, &m->voice);
    }
    if (status == KF_OK) {
        status = reel_picture_get(c->r, reel_member(m->json, "image"), m->said.image, &m->picture);
    }
    if (status == KF_OK) {
        status = reel_picture_get(c->r, reel_member(m->json, "avatar"), m->said.avatar, &m->face);
    }
    return status;
}

static kf_status read_message(chat *c, reel_reader *reader, const kf_json *json, chat_message *m)
{
    *m = (chat_message){.json = json, .voice = -1, .picture = -1, .face = -1, .text = ""};
    reel_defaults(&chat_message_table, &m->said);
    kf_status status = reel_read(reader, json, &chat_message_table, &m->said);
    if (status == KF_OK) {
        status = get_files(c, reader, m);
    }
    if (status == KF_OK && !*m->said.text && m->picture < 0 && m->voice < 0) {
        status = REEL_FAIL(c->r, json, "says nothing: give it a \"text\", an \"image\" or an \"audio\"");
    }
    m->right = m->said.side == SIDE_RIGHT || (m->said.side == SIDE_AUTO && is_me(m->said.sender));
    m->rtl = reel_text_is_rtl(m->said.text);
    return status;
}

static bool same_sender(const chat_message *a, const chat_message *b)
{
    return a->right == b->right && strcmp(a->said.sender, b->said.sender) == 0;
}

static void find_groups(chat *c)
{
    for (int32_t i = 0; i < c->count; i++) {
        chat_message *m = &c->messages[i];
        m->first = i == 0 || !same_sender(m, m - 1);
        m->last = i == c->count - 1 || !same_sender(m, m + 1);
        m->named = m->first && c->look.names && *m->said.sender && (c->look.rows || !m->right);
    }
}

const char *chat_partner(const chat *c)
{
    if (*c->settings->overlay.name) {
        return c->settings->overlay.name;
    }
    for (int32_t i = 0; i < c->count; i++) {
        if (!c->messages[i].right && *c->messages[i].said.sender) {
            return c->messages[i].said.sender;
        }
    }
    return "";
}

/* The header's picture is that of who is named there. */
static void share_face(chat *c)
{
    const char *partner = chat_partner(c);
    for (int32_t i = 0; i < c->count; i++) {
        chat_message *m = &c->messages[i];
        bool his = !*m->said.sender || strcmp(m->said.sender, partner) == 0;
        m->face = m->face < 0 && !m->right && his ? c->face : m->face;
    }
}

static kf_status check_voices(chat *c)
{
    const kf_json *voices = c->r->config.audio.voices;
    return !voices || voices->type == KF_JSON_ARRAY
               ? KF_OK
               : REEL_FAIL(c->r, voices, "must be a list of files, in the order of the messages");
}

kf_status chat_read_messages(chat *c)
{
    const kf_json *list = c->settings->messages;
    const kf_json *overlay = reel_member(c->r->config.root, "chatOverlay");
    reel_reader reader = reel_reader_of(c->r);
    kf_status status = check_voices(c);
    c->count = list ? (int32_t)list->count : 0;
    c->messages = kf_arena_alloc(&c->r->arena, ((size_t)c->count + 1) * sizeof *c->messages);
    if (!c->messages) {
        return kf_fail_memory(c->r->err);
    }
    if (status == KF_OK) {
        status = reel_picture_get(c->r, reel_member(overlay, "avatar"), c->settings->overlay.avatar, &c->face);
    }
    int32_t i = 0;
    for (const kf_json *json = list ? list->first : NULL; json && status == KF_OK; json = json->next, i++) {
        status = read_message(c, &reader, json, &c->messages[i]);
    }
    if (status == KF_OK) {
        find_groups(c);
        share_face(c);
    }
    return status;
}

/* ---- Timing ---- */

static kf_status hold_of(chat *c, const chat_message *m, kf_time *out)
{
    *out = HOLD;
    if (m->said.audio_duration != KF_TIME_NONE) {
        *out = m->said.audio_duration;
    } else if (m->voice >= 0) {
        *out = c->r->assets[m->voice].facts.duration;
        if (*out <= 0) {
            return REEL_FAIL(c->r, m->json, "nothing says how long %.200s is: give \"audioDuration\" in seconds",
                             m->said.audio);
        }
    }
    return KF_OK;
}

static void add_sounds(chat *c, const chat_message *m)
{
    if (m->start >= c->r->duration) {
        return;
    }
    reel_add_effect(c->r, (reel_effect){m->start, m->right});
    if (m->voice >= 0) {
        reel_add_voice(c->r, (reel_voice){m->voice, m->said.sender, m->start, m->hold});
    }
}

static kf_time faster(kf_time t, float speed)
{
    return kf_time_from_seconds(kf_time_seconds(t) / (double)speed);
}

kf_status chat_time_messages(chat *c)
{
    const reel_animation_settings *a = &c->r->config.animation;
    bool still = !a->show || a->type == ANIMATION_NONE;
    kf_time move = still ? 0 : faster(kf_time_from_seconds((double)a->transition / 1000), a->speed), t = a->base_delay;
    c->typing = c->settings->overlay.typing ? faster(TYPING, a->speed) : 0;
    for (int32_t i = 0; i < c->count; i++) {
        chat_message *m = &c->messages[i];
        kf_status status = hold_of(c, m, &m->hold);
        if (status != KF_OK) {
            return status;
        }
        t += m->said.delay;
        m->appear = reel_frame(c->r, t);
        t += m->right ? 0 : c->typing;
        m->start = reel_frame(c->r, t);
        t += m->hold;
        m->move = reel_frame(c->r, move < m->hold ? move : m->hold);
        t += i + 1 < c->count ? a->message_delay : 0;
    }
    reel_set_duration(c->r, t);
    for (int32_t i = 0; i < c->count; i++) {
        add_sounds(c, &c->messages[i]);
    }
    return KF_OK;
}
