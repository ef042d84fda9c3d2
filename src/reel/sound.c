/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Voices, music that steps back for them, and the sounds of messages. */
#include <math.h>

#include "reel/film.h"

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

kf_status reel_prepare_sound(reel *r)
{
    const reel_audio_settings *a = &r->config.audio;
    r->music = r->sounds[0] = r->sounds[1] = -1;
    kf_status status = a->enable ? reel_sound_get(r, named(r, "music"), a->music, &r->music) : KF_OK;
    if (status == KF_OK && a->enable) {
        status = reel_sound_get(r, named(r, "receiveSound"), a->receive_sound, &r->sounds[0]);
    }
    if (status == KF_OK && a->enable) {
        status = reel_sound_get(r, named(r, "sendSound"), a->send_sound, &r->sounds[1]);
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

/* ---- Voices ---- */

void reel_add_voice(reel *r, reel_voice voice)
{
    if (kf_grow((void **)&r->voices, &r->voice_capacity, r->voice_count + 1, sizeof voice) == 0) {
        r->voices[r->voice_count++] = voice;
    } else {
        r->w.out->failed = true;
    }
}

void reel_add_effect(reel *r, reel_effect effect)
{
    if (kf_grow((void **)&r->effects, &r->effect_capacity, r->effect_count + 1, sizeof effect) == 0) {
        r->effects[r->effect_count++] = effect;
    } else {
        r->w.out->failed = true;
    }
}

/* A voice is heard to its end, unless the next one speaks before. */
static void write_voice(reel *r, size_t index)
{
    const reel_voice *v = &r->voices[index];
    kf_time length = r->assets[v->asset].facts.duration, until = r->duration;
    if (index + 1 < r->voice_count && v[1].start < until) {
        until = v[1].start;
    }
    length = length > 0 ? length : v->hold;
    length = length < until - v->start ? length : until - v->start;
    if (length > 0) {
        film_asset_begin(r, v->name, v->asset, (reel_span){v->start, length});
        film_clip_end(r);
    }
}

static void write_voices(reel *r)
{
    film_track_begin(r, "voice", true);
    write_gain(r, r->config.audio.voice_volume);
    film_clips_begin(r);
    for (size_t i = 0; i < r->voice_count; i++) {
        write_voice(r, i);
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

typedef struct note { double at, length, frequency, level; } note; /* s, s, Hz, dBFS */

static void write_note(reel *r, const note *n, kf_time start, kf_time until)
{
    kf_time from = start + kf_time_from_seconds(n->at), length = kf_time_from_seconds(n->length);
    if (from + length > until) {
        return;
    }
    film_generator_begin(r, "message", "tone", (reel_span){from, length});
    kf_json_put_number(&r->w, "frequency", n->frequency);
    kf_json_put_number(&r->w, "level", n->level);
    film_params_end(r);
    film_time(r, "fade_in", kf_time_from_seconds(0.004));
    film_time(r, "fade_out", kf_time_from_seconds(n->length - 0.006));
    film_clip_end(r);
}

/* Sounds that need no files: a drop, or two notes; lower when received. */
static void write_notes(reel *r, const reel_effect *e, kf_time until)
{
    static const note notes[2][2][2] = {
        {{{0, 0.09, 440, -14}, {0.09, 0.07, 587, -18}}, {{0, 0.07, 659, -14}, {0.07, 0.06, 880, -18}}},
        {{{0, 0.16, 659, -14}, {0.16, 0.34, 523, -14}}, {{0, 0.16, 784, -14}, {0.16, 0.34, 1047, -14}}},
    };
    const note *two = notes[r->config.audio.effects == EFFECTS_CHIME][e->sent];
    write_note(r, &two[0], e->start, until);
    write_note(r, &two[1], e->start, until);
}

static void write_effect(reel *r, size_t index)
{
    const reel_effect *e = &r->effects[index];
    int32_t asset = r->sounds[e->sent];
    kf_time until = index + 1 < r->effect_count && e[1].start < r->duration ? e[1].start : r->duration;
    if (e->start >= until) {
        return;
    }
    if (asset < 0) {
        write_notes(r, e, until);
        return;
    }
    kf_time length = r->assets[asset].facts.duration;
    film_asset_begin(r, "message", asset,
                     (reel_span){e->start, length > 0 && length < until - e->start ? length : until - e->start});
    film_clip_end(r);
}

static bool has_effect(const reel *r, bool sent)
{
    return r->sounds[sent] >= 0 || r->config.audio.effects != EFFECTS_NONE;
}

static bool has_effects(const reel *r)
{
    return r->effect_count > 0 && (has_effect(r, false) || has_effect(r, true));
}

static void write_effects(reel *r)
{
    film_track_begin(r, "sounds", true);
    write_gain(r, r->config.audio.effects_volume);
    film_clips_begin(r);
    for (size_t i = 0; i < r->effect_count; i++) {
        if (has_effect(r, r->effects[i].sent)) {
            write_effect(r, i);
        }
    }
    film_track_end(r);
}

bool reel_is_heard(const reel *r)
{
    return r->config.audio.enable && (r->voice_count > 0 || r->music >= 0 || has_effects(r));
}

void reel_write_sound(reel *r)
{
    if (!r->config.audio.enable) {
        return;
    }
    if (r->voice_count > 0) {
        write_voices(r);
    }
    if (r->music >= 0) {
        write_music(r, r->voice_count > 0);
    }
    if (has_effects(r)) {
        write_effects(r);
    }
}
