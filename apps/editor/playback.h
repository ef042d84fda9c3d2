/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A player for the main thread: its callbacks come as signals there, at most once for each turn of the main loop.
 *
 *   "picture"   there is a new one: kf_player_picture gives it
 *   "state"     transport, position or statistics are others: kerf_playback_state
 *   "problem" (char *text)   media that cannot be shown, a device that was lost */
#ifndef KERF_EDITOR_PLAYBACK_H
#define KERF_EDITOR_PLAYBACK_H

#include <gio/gio.h>

#include "kerf/player.h"

#define KERF_TYPE_PLAYBACK (kerf_playback_get_type())
G_DECLARE_FINAL_TYPE(KerfPlayback, kerf_playback, KERF, PLAYBACK, GObject)

/* settings: group "audio" (backend, system, device, rate, buffer), group "memory" (player, in MiB); may be NULL. A player that
 * cannot be made (no memory) leaves a playback that shows nothing. */
KerfPlayback *kerf_playback_new(GKeyFile *settings);
/* One for pictures beside others: no sound, some memory (MiB). */
KerfPlayback *kerf_playback_new_silent(int memory);
/* Its player; NULL if there is none. All of kerf/player.h may be called. */
kf_player *kerf_playback_player(KerfPlayback *playback);
/* As of the last signal. Borrowed. */
const kf_player_state *kerf_playback_state(KerfPlayback *playback);
/* Ends the player; the object goes on as an empty one. */
void kerf_playback_close(KerfPlayback *playback);

#endif
