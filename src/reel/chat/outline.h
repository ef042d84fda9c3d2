/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Outlines as SVG paths. */
#ifndef KF_REEL_OUTLINE_H
#define KF_REEL_OUTLINE_H

#include "reel/chat/chat.h"

/* Of a message's bubble, from its top left; `unit` is px per px of the look. New; kf_str_finish. */
kf_str chat_outline(const chat_look *look, const chat_message *m, double unit, bool tail);

void chat_path_point(kf_str *path, double x, double y);
void chat_path_rect(kf_str *path, double x, double y, double w, double h);
/* A path of letters and numbers, its numbers times `factor`. */
void chat_path_scaled(kf_str *path, const char *text, double factor);

#endif
