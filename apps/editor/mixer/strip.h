/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A strip of the mixer: name, effects, pan, mute and solo, fader and meter of a track; the master's has loudness in
 * place of pan and switches. */
#ifndef KERF_EDITOR_MIXER_STRIP_H
#define KERF_EDITOR_MIXER_STRIP_H

#include "channel.h"

typedef struct KerfStrip KerfStrip;

/* Owned by its widget. track NULL: the master. */
KerfStrip *kerf_strip_new(KerfDocument *document, const kf_track_info *track);
GtkWidget *kerf_strip_widget(KerfStrip *strip);
uint64_t kerf_strip_track(KerfStrip *strip); /* uid; 0: the master */
/* Shows what is there now; the track that it is of, and its index (-1: the master). */
void kerf_strip_update(KerfStrip *strip, const kf_track_info *track, int32_t index);
int32_t kerf_strip_index(KerfStrip *strip);
/* A reading; TRUE: something still moves. */
gboolean kerf_strip_feed(KerfStrip *strip, const kf_player_meter *reading, gint64 now);

#endif
