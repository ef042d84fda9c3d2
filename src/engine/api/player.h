/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The player behind kerf/player.h and the pictures of kerf/picture.h: the functions of those headers, of the same names but
 * for "engine", with films instead of handles. */
#ifndef KF_ENGINE_PLAYER_API_H
#define KF_ENGINE_PLAYER_API_H

#include "kerf/player.h"
#include "model/api/model.h"

kf_picture *kf_engine_picture_create(kf_picture_format format, int32_t width, int32_t height);
kf_picture *kf_engine_picture_ref(kf_picture *picture);
void kf_engine_picture_unref(kf_picture *picture);

kf_player_params kf_engine_player_params(void);
kf_status kf_engine_player_create(const kf_player_params *params, kf_player **out, kf_error *err);
void kf_engine_player_destroy(kf_player *player);

/* film NULL: nothing is shown any more. */
kf_status kf_engine_player_set_film(kf_player *player, const kf_film *film, const char *sequence, kf_error *err);
/* Media as a film; asset_film and asset as in kf_media_source. */
typedef struct kf_engine_media {
    const char *path;
    kf_rational rate;
    const kf_film *film;     /* may be NULL */
    const char *asset;
} kf_engine_media;
kf_status kf_engine_media_film(const kf_engine_media *source, kf_film **out, kf_error *err);
kf_status kf_engine_player_set_media(kf_player *player, const kf_engine_media *source, kf_error *err);

void kf_engine_player_play(kf_player *player, double rate);
void kf_engine_player_play_range(kf_player *player, kf_time from, kf_time to, kf_time pre_roll, kf_time post_roll);
void kf_engine_player_set_loop(kf_player *player, bool loop);
void kf_engine_player_set_range(kf_player *player, kf_time in, kf_time out);
void kf_engine_player_seek(kf_player *player, kf_time t, bool scrub);
void kf_engine_player_step(kf_player *player, int32_t frames);

void kf_engine_player_set_quality(kf_player *player, kf_player_quality quality);
void kf_engine_player_set_view(kf_player *player, int32_t width, int32_t height);
void kf_engine_player_set_proxies(kf_player *player, bool use);
void kf_engine_player_set_part(kf_player *player, const kf_player_part *part);
void kf_engine_player_angle_cell(int32_t count, int32_t index, double out[4]);
void kf_engine_player_refresh(kf_player *player, const char *file);
void kf_engine_player_set_gain(kf_player *player, float db);
void kf_engine_player_set_mute(kf_player *player, bool mute);
void kf_engine_player_set_scrub_sound(kf_player *player, bool sound);
kf_status kf_engine_player_set_device(kf_player *player, const char *system, const char *device, kf_error *err);

bool kf_engine_player_picture(kf_player *player, kf_picture **out);
void kf_engine_player_get_state(kf_player *player, kf_player_state *out);
void kf_engine_player_get_stats(kf_player *player, kf_player_stats *out);
void kf_engine_player_reset_stats(kf_player *player);
int32_t kf_engine_player_get_meters(kf_player *player, kf_player_meter *master, kf_player_meter *tracks, int32_t count);

#endif
