/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One message as a picture: its bubble, its text, its image. */
#ifndef KF_REEL_BUBBLE_H
#define KF_REEL_BUBBLE_H

#include "reel/reel.h"

/* Around the bubble, for tail and shadow: a message's sequence is larger than its bubble by this much on every side, px. */
int32_t bubble_margin(const reel *r);
/* The tracks of the message's sequence. */
void bubble_write(reel *r, const reel_message *m);

#endif
