/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One of a document's two players as monitors work it: that of the sequence that is edited, whose position is the document's
 * playhead, or that of the source monitor, whose position rests in the document's KerfSource.
 *
 * Signals
 *   "picture"   there is a new picture, and the position may be another one
 *   "state"     transport, position, marks or what is shown are others */
#ifndef KERF_EDITOR_DECK_H
#define KERF_EDITOR_DECK_H

#include "document.h"

#define KERF_TYPE_DECK (kerf_deck_get_type())
G_DECLARE_FINAL_TYPE(KerfDeck, kerf_deck, KERF, DECK, GObject)

/* Of a document; made when they are first asked for, and gone with it. Borrowed. */
KerfDeck *kerf_deck_program(KerfDocument *document);
KerfDeck *kerf_deck_source(KerfDocument *document);
gboolean kerf_deck_is_source(KerfDeck *deck);

/* NULL if there is none. Transport and settings that are not below are called on it directly. */
kf_player *kerf_deck_player(KerfDeck *deck);
/* The newest picture; NULL: none. Borrowed until the main loop goes on. */
kf_picture *kerf_deck_picture(KerfDeck *deck);
const kf_player_state *kerf_deck_state(KerfDeck *deck);
/* What it counts by: rate, first timecode, duration, marks. Of the sequence that is edited, or of the source. */
const kf_sequence_info *kerf_deck_info(KerfDeck *deck);
kf_time kerf_deck_position(KerfDeck *deck);

/* Moves to the frame at a time; hand: more moves will follow, so nearby pictures may stand in. Ends with one without. */
void kerf_deck_seek(KerfDeck *deck, kf_time t, gboolean hand);
/* J and L: each press doubles the speed that way, up to 8; from the other way it begins anew. */
void kerf_deck_shuttle(KerfDeck *deck, int direction);
void kerf_deck_toggle(KerfDeck *deck);
void kerf_deck_pause(KerfDeck *deck);
/* Plays a margin before and after a time, round and round until it is stopped, and comes back to it then. */
void kerf_deck_play_around(KerfDeck *deck, kf_time at, kf_time margin);
gboolean kerf_deck_plays_around(KerfDeck *deck);
void kerf_deck_set_quality(KerfDeck *deck, kf_player_quality quality);
/* How large its pictures are drawn in a monitor, or on the whole screen, px of the screen; 0: not there. */
typedef enum KerfDeckView { KERF_VIEW_MONITOR, KERF_VIEW_FULL_SCREEN, KERF_VIEWS } KerfDeckView;
void kerf_deck_set_view(KerfDeck *deck, KerfDeckView view, int width, int height);

#endif
