/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Voices, music that steps back for them, and the sounds of messages. */
#include <math.h>

#include "reel/reel.h"

static const kf_json *named(const reel *r, const char *key)
{
    static const char *const sections[] = {"voiceAudioSettings", "audioSettings"};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const kf_json *value = kf_json_get(kf_json_get(r->config.root, sections[i]), key);
        if (value) {
            return value;
        }
    }
    return r->config.root;
}

static kf_status get_sound(reel *r, const char *key, const char *file, int32_t *out)
{
    kf_status status = reel_asset_get(r, named(r, key), file, out);
    if (status == KF_OK && *out >= 0 && r->resolver->media && !r->assets[*out].facts.audio) {
        status = REEL_FAIL(r, named(r, key), "%.200s has no sound", file);
    }
    return status;
}

kf_status reel_prepare_sound(reel *r)
{
    const reel_audio_settings *a = &r->config.audio;
    r->music = r->sounds[0] = r->sounds[1] = -1;
    kf_status status = a->enable ? get_sound(r, "music", a->music, &r->music) : KF_OK;
    if (status == KF_OK && a->enable) {
        status = get_sound(r, "receiveSound", a->receive_sound, &r->sounds[0]);
    }
    if (status == KF_OK && a->enable) {
        status = get_sound(r, "sendSound", a->send_sound, &r->sounds[1]);
    }
    return status;
}

double reel_gain(float percent)
{
    return percent > 0 ? fmax(round(2000 * log10((double)percent / 100)) / 100, -144) : -144;
}

static void write_gain(reel *r, float percent)
{
    if (percent != 100) {
        kf_json_put_number(&r->w, "gain", reel_gain(percent));
    }
}

static bool has_voices(const reel *r)
{
    for (int32_t i = 0; i < r->message_count; i++) {
        if (r->messages[i].voice >= 0) {
            return true;
        }
    }
    return false;
}

/* ---- Voices ---- */

/* When the next voice speaks, or the film ends. */
static kf_time silence_after(const reel *r, int32_t index)
{
    for (int32_t i = index + 1; i < r->message_count; i++) {
        if (r->messages[i].voice >= 0 && r->messages[i].start < r->duration) {
            return r->messages[i].start;
        }
    }
    return r->duration;
}

static void write_voice(reel *r, int32_t index)
{
    const reel_message *m = &r->messages[index];
    kf_time length = r->assets[m->voice].facts.duration, room = silence_after(r, index) - m->start;
    length = length > 0 ? length : m->hold;
    film_asset_begin(r, m->said.sender, m->voice, (reel_span){m->start, length < room ? length : room});
    film_clip_end(r);
}

static void write_voices(reel *r)
{
    film_track_begin(r, "voice", true);
    write_gain(r, r->config.audio.voice_volume);
    film_clips_begin(r);
    for (int32_t i = 0; i < r->message_count; i++) {
        if (r->messages[i].voice >= 0 && r->messages[i].start < r->duration) {
            write_voice(r, i);
        }
    }
    film_track_end(r);
}

/* ---- Music ---- */

static void write_duck(reel *r)
{
    kf_json_key(&r->w, "audio_effects");
    kf_json_begin_array(&r->w);
    kf_json_begin_object(&r->w);
    kf_json_put_string(&r->w, "effect", "duck");
    kf_json_put_string(&r->w, "sidechain", "voice");
    kf_json_put_number(&r->w, "amount", -(double)r->config.audio.ducking_amount);
    kf_json_end_object(&r->w);
    kf_json_end_array(&r->w);
}

static void write_music(reel *r, bool voices)
{
    const reel_audio_settings *a = &r->config.audio;
    kf_time length = r->assets[r->music].facts.duration;
    bool loops = a->music_loop && length > 0 && length < r->duration;
    film_track_begin(r, "music", true);
    write_gain(r, a->music_volume);
    if (a->ducking && voices && a->ducking_amount > 0) {
        write_duck(r);
    }
    film_clips_begin(r);
    film_asset_begin(r, "music", r->music, (reel_span){0, loops || length <= 0 || length > r->duration ? r->duration : length});
    if (loops) {
        kf_json_put_bool(&r->w, "loop", true);
    }
    film_time(r, "fade_in", a->music_fade_in < r->duration ? a->music_fade_in : r->duration);
    film_time(r, "fade_out", a->music_fade_out < r->duration ? a->music_fade_out : r->duration);
    film_clip_end(r);
    film_track_end(r);
}

/* ---- Sounds of messages ---- */

static void write_sound(reel *r, int32_t index)
{
    const reel_message *m = &r->messages[index];
    int32_t asset = r->sounds[m->right];
    kf_time room = (index + 1 < r->message_count ? m[1].start : r->duration) - m->start;
    room = room < r->duration - m->start ? room : r->duration - m->start;
    kf_time length = r->assets[asset].facts.duration;
    film_asset_begin(r, "message", asset, (reel_span){m->start, length > 0 && length < room ? length : room});
    film_clip_end(r);
}

static void write_sounds(reel *r)
{
    film_track_begin(r, "sounds", true);
    write_gain(r, r->config.audio.effects_volume);
    film_clips_begin(r);
    for (int32_t i = 0; i < r->message_count; i++) {
        const reel_message *m = &r->messages[i];
        bool room = i + 1 == r->message_count || m[1].start > m->start;
        if (r->sounds[m->right] >= 0 && m->start < r->duration && room) {
            write_sound(r, i);
        }
    }
    film_track_end(r);
}

bool reel_is_heard(const reel *r)
{
    return r->config.audio.enable && (has_voices(r) || r->music >= 0 || r->sounds[0] >= 0 || r->sounds[1] >= 0);
}

kf_status reel_write_sound(reel *r)
{
    bool voices = has_voices(r);
    if (!reel_is_heard(r)) {
        return KF_OK;
    }
    if (voices) {
        write_voices(r);
    }
    if (r->music >= 0) {
        write_music(r, voices);
    }
    if (r->sounds[0] >= 0 || r->sounds[1] >= 0) {
        write_sounds(r);
    }
    return KF_OK;
}
