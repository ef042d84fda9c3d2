/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reel/config.h"

extern const reel_kind reel_kind_chat;

const reel_kind *const reel_kinds[] = {&reel_kind_chat, NULL};
