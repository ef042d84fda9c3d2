/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public symbols of include/kerf/player.h and picture.h: arguments are checked here, the work is done in engine. */
#include "engine/api/player.h"

#include "api/films.h"
#include "base/api/alloc.h"

kf_picture *kf_picture_create(kf_picture_format format, int32_t width, int32_t height)
{
    return kf_engine_picture_create(format, width, height);
}

kf_picture *kf_picture_ref(kf_picture *picture)
{
    return kf_engine_picture_ref(picture);
}

void kf_picture_release(kf_picture *picture)
{
    kf_engine_picture_unref(picture);
}

/* ---- Making and ending ---- */

kf_player_params kf_player_params_default(void)
{
    return kf_engine_player_params();
}

kf_status kf_player_create(const kf_player_params *params, kf_player **out, kf_error *error)
{
    kf_player_params p = params ? *params : kf_player_params_default();
    *out = NULL;
    if (p.threads < 0 || p.threads > 1024)
        return kf_fail(error, KF_ERR_USAGE, "%d threads: give a number from 1 to 1024, or 0 for one per CPU",
                       (int)p.threads);
    if (p.memory < 0) return kf_fail(error, KF_ERR_USAGE, "the memory limit is negative");
    if (p.buffer_frames != 0 && (p.buffer_frames < 64 || p.buffer_frames > 2048))
        return kf_fail(error, KF_ERR_USAGE, "an audio buffer of %d frames: give a number from 64 to 2048",
                       (int)p.buffer_frames);
    if (p.sample_rate != 0 && (p.sample_rate < 8000 || p.sample_rate > 384000))
        return kf_fail(error, KF_ERR_USAGE, "a sample rate of %d Hz: give a number from 8000 to 384000",
                       (int)p.sample_rate);
    return kf_engine_player_create(&p, out, error);
}

void kf_player_destroy(kf_player *player)
{
    kf_engine_player_destroy(player);
}

/* ---- What is played ---- */

kf_status kf_player_set_film(kf_player *player, const kf_film_handle *film, const char *sequence, kf_error *error)
{
    return kf_engine_player_set_film(player, film ? film->film : NULL, sequence, error);
}

static kf_engine_media media_of(const kf_media_source *source)
{
    return (kf_engine_media){source->path, source->rate, source->film ? source->film->film : NULL, source->asset};
}

kf_status kf_film_of_media(const kf_media_source *source, kf_film_handle **out, kf_error *error)
{
    const kf_engine_media media = media_of(source);
    *out = NULL;
    kf_film_handle *h = KF_NEW(kf_film_handle);
    if (!h) return kf_fail_memory(error);
    kf_status status = kf_engine_media_film(&media, &h->film, error);
    if (status == KF_OK)
        *out = h;
    else
        kf_free(h);
    return status;
}

kf_status kf_player_set_media(kf_player *player, const kf_media_source *source, kf_error *error)
{
    const kf_engine_media media = media_of(source);
    return kf_engine_player_set_media(player, &media, error);
}

/* ---- Transport ---- */

void kf_player_play(kf_player *player, double rate)
{
    kf_engine_player_play(player, rate);
}

void kf_player_play_range(kf_player *player, kf_time from, kf_time to, kf_time pre_roll, kf_time post_roll)
{
    kf_engine_player_play_range(player, from, to, pre_roll < 0 ? 0 : pre_roll, post_roll < 0 ? 0 : post_roll);
}

void kf_player_pause(kf_player *player)
{
    kf_engine_player_play(player, 0);
}

void kf_player_set_loop(kf_player *player, bool loop)
{
    kf_engine_player_set_loop(player, loop);
}

void kf_player_set_range(kf_player *player, kf_time in, kf_time out)
{
    kf_engine_player_set_range(player, in, out);
}

void kf_player_seek(kf_player *player, kf_time t)
{
    kf_engine_player_seek(player, t, false);
}

void kf_player_scrub(kf_player *player, kf_time t)
{
    kf_engine_player_seek(player, t, true);
}

void kf_player_step(kf_player *player, int32_t frames)
{
    kf_engine_player_step(player, frames);
}

/* ---- Settings ---- */

void kf_player_set_quality(kf_player *player, kf_player_quality quality)
{
    kf_engine_player_set_quality(player, quality > KF_QUALITY_AUTO ? KF_QUALITY_FULL : quality);
}

void kf_player_set_view(kf_player *player, int32_t width, int32_t height)
{
    kf_engine_player_set_view(player, width, height);
}

void kf_player_set_proxies(kf_player *player, bool use)
{
    kf_engine_player_set_proxies(player, use);
}

void kf_player_set_part(kf_player *player, const kf_player_part *part)
{
    const kf_player_part whole = {0};
    kf_engine_player_set_part(player, part ? part : &whole);
}

void kf_player_angle_cell(int32_t count, int32_t index, double out[4])
{
    kf_engine_player_angle_cell(count < 1 ? 1 : count, index, out);
}

void kf_player_refresh(kf_player *player, const char *file)
{
    kf_engine_player_refresh(player, file);
}

void kf_player_set_gain(kf_player *player, float db)
{
    kf_engine_player_set_gain(player, db);
}

void kf_player_set_mute(kf_player *player, bool mute)
{
    kf_engine_player_set_mute(player, mute);
}

void kf_player_set_scrub_sound(kf_player *player, bool sound)
{
    kf_engine_player_set_scrub_sound(player, sound);
}

kf_status kf_player_set_device(kf_player *player, const char *system, const char *device, kf_error *error)
{
    return kf_engine_player_set_device(player, system, device, error);
}

/* ---- What comes out ---- */

bool kf_player_picture(kf_player *player, kf_picture **out)
{
    return kf_engine_player_picture(player, out);
}

void kf_player_get_state(kf_player *player, kf_player_state *out)
{
    kf_engine_player_get_state(player, out);
}

void kf_player_get_stats(kf_player *player, kf_player_stats *out)
{
    kf_engine_player_get_stats(player, out);
}

void kf_player_reset_stats(kf_player *player)
{
    kf_engine_player_reset_stats(player);
}

int32_t kf_player_get_meters(kf_player *player, kf_player_meter *master, kf_player_meter *tracks, int32_t count)
{
    return kf_engine_player_get_meters(player, master, tracks, count < 0 || !tracks ? 0 : count);
}
