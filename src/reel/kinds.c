/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/config.h"

extern const reel_kind reel_kind_chat, reel_kind_captions, reel_kind_quote, reel_kind_slideshow;

const reel_kind *const reel_kinds[] = {&reel_kind_chat, &reel_kind_captions, &reel_kind_slideshow, &reel_kind_quote,
                                       NULL};
