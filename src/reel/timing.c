/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When messages come. Times are added up exactly, and each start is then moved to the next frame. */
#include <string.h>
#include <strings.h>

#include "reel/reel.h"

#define HOLD (2 * KF_SECOND) /* of a message without a voice */

kf_time reel_frame(const reel *r, kf_time t)
{
    int64_t frame = kf_frame_at(t, r->rate);
    kf_time start = kf_frame_start(frame, r->rate);
    return start < t ? kf_frame_start(frame + 1, r->rate) : start;
}

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

static const kf_json *member_or(const kf_json *object, const char *key)
{
    const kf_json *m = kf_json_get(object, key);
    return m ? m : object;
}

/* The voice that audioSettings.voices has for a message without one of its own. */
static kf_status voice_of(reel *r, uint32_t index, const kf_json **json, const char **file)
{
    const kf_json *voices = r->config.audio.voices;
    const kf_json *entry = voices ? kf_json_at(voices, index) : NULL;
    if (**file || !entry || entry->type == KF_JSON_NULL) {
        return KF_OK;
    }
    if (entry->type != KF_JSON_STRING) {
        return REEL_FAIL(r, entry, "must be a file, or null");
    }
    *json = entry;
    *file = entry->text;
    return KF_OK;
}

static kf_status check_voices(reel *r)
{
    const kf_json *voices = r->config.audio.voices;
    return !voices || voices->type == KF_JSON_ARRAY
               ? KF_OK
               : REEL_FAIL(r, voices, "must be a list of files, in the order of the messages");
}

static kf_status read_message(reel *r, reel_reader *reader, const kf_json *json, reel_message *m)
{
    m->json = json;
    m->voice = m->picture = -1;
    m->text = "";
    reel_defaults(&reel_message_table, &m->said);
    kf_status status = reel_read(reader, json, &reel_message_table, &m->said);
    const kf_json *voice = member_or(json, "audio");
    if (status == KF_OK) {
        status = voice_of(r, json->index, &voice, &m->said.audio);
    }
    if (status == KF_OK && *m->said.audio && voice->type == KF_JSON_STRING) {
        status = reel_check_file(reader, voice);
    }
    if (status == KF_OK) {
        status = reel_asset_get(r, voice, m->said.audio, &m->voice);
    }
    if (status == KF_OK && m->voice >= 0 && r->resolver->media && !r->assets[m->voice].facts.audio) {
        status = REEL_FAIL(r, voice, "%.200s has no sound", m->said.audio);
    }
    if (status == KF_OK) {
        status = reel_asset_get(r, member_or(json, "image"), m->said.image, &m->picture);
    }
    if (status == KF_OK && m->picture >= 0 && !r->assets[m->picture].facts.video) {
        status = REEL_FAIL(r, member_or(json, "image"), "%.200s is no picture", m->said.image);
    }
    if (status == KF_OK && !*m->said.text && m->picture < 0 && m->voice < 0) {
        status = REEL_FAIL(r, json, "says nothing: give it a \"text\", an \"image\" or an \"audio\"");
    }
    m->right = m->said.side == SIDE_RIGHT || (m->said.side == SIDE_AUTO && is_me(m->said.sender));
    m->rtl = reel_text_is_rtl(m->said.text);
    return status;
}

static bool same_sender(const reel_message *a, const reel_message *b)
{
    return a->right == b->right && strcmp(a->said.sender, b->said.sender) == 0;
}

static void find_groups(reel *r)
{
    for (int32_t i = 0; i < r->message_count; i++) {
        reel_message *m = &r->messages[i];
        m->first = i == 0 || !same_sender(m, m - 1);
        m->last = i == r->message_count - 1 || !same_sender(m, m + 1);
    }
}

kf_status reel_read_messages(reel *r)
{
    const kf_json *list = r->config.messages;
    reel_reader reader = {.name = r->name, .params = r->params, .arena = &r->arena, .err = r->err};
    kf_status status = check_voices(r);
    r->message_count = list ? (int32_t)list->count : 0;
    r->messages = kf_arena_alloc(&r->arena, ((size_t)r->message_count + 1) * sizeof *r->messages);
    if (!r->messages) {
        return kf_fail_memory(r->err);
    }
    int32_t i = 0;
    for (const kf_json *json = list ? list->first : NULL; json && status == KF_OK; json = json->next, i++) {
        status = read_message(r, &reader, json, &r->messages[i]);
    }
    find_groups(r);
    return status;
}

/* ---- Timing ---- */

static kf_status hold_of(reel *r, const reel_message *m, kf_time *out)
{
    *out = HOLD;
    if (m->said.audio_duration != KF_TIME_NONE) {
        *out = m->said.audio_duration;
    } else if (m->voice >= 0) {
        *out = r->assets[m->voice].facts.duration;
        if (*out <= 0) {
            return REEL_FAIL(r, m->json, "nothing says how long %.200s is: give \"audioDuration\" in seconds",
                             m->said.audio);
        }
    }
    return KF_OK;
}

kf_status reel_time_messages(reel *r)
{
    const reel_animation_settings *a = &r->config.animation;
    bool still = !a->show || a->type == ANIMATION_NONE;
    kf_time move = still ? 0 : kf_time_from_seconds((double)(a->transition / 1000 / a->speed));
    kf_time t = a->base_delay;
    for (int32_t i = 0; i < r->message_count; i++) {
        reel_message *m = &r->messages[i];
        kf_status status = hold_of(r, m, &m->hold);
        if (status != KF_OK) {
            return status;
        }
        t += m->said.delay;
        m->start = reel_frame(r, t);
        t += m->hold;
        m->move = reel_frame(r, move < m->hold ? move : m->hold);
        t += i + 1 < r->message_count ? a->message_delay : 0;
    }
    kf_time wanted = r->config.video.duration;
    r->duration = reel_frame(r, wanted != KF_TIME_NONE ? wanted : t);
    return KF_OK;
}
