/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A texture that is filled piece by piece: pieces wait in memory until the renderer has its GL context. */
#ifndef KERF_TIMELINE_TEXTURE_H
#define KERF_TIMELINE_TEXTURE_H

#include <stdint.h>
#include "quads.h"

typedef struct kt_texture_piece {
    int x, y, width, height;
    uint8_t *pixels;          /* no padding between rows */
} kt_texture_piece;

typedef struct kt_texture {
    int width, height;
    int channels;             /* 1 or 4 bytes a pixel */
    bool linear;              /* how it is sampled */
    unsigned name;            /* GL's; 0: not made yet */
    kt_texture_piece *pieces;
    int count, capacity;
} kt_texture;

/* Forgets pieces; GL's object is the renderer's. */
void kt_texture_finish(kt_texture *texture);
/* Room for a piece's pixels, to fill before the next frame. */
uint8_t *kt_texture_put(kt_texture *texture, int x, int y, int width, int height);
void kt_texture_drop_pieces(kt_texture *texture);
/* Texture coordinates of a rectangle. */
void kt_texture_place(const kt_texture *texture, kt_rect pixels, kt_quad *quad);

#endif
