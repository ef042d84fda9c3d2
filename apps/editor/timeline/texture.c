/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "texture.h"

#include <gtk/gtk.h>

void kt_texture_drop_pieces(kt_texture *texture)
{
    for (int i = 0; i < texture->count; i++) g_free(texture->pieces[i].pixels);
    texture->count = 0;
}

void kt_texture_finish(kt_texture *texture)
{
    kt_texture_drop_pieces(texture);
    g_free(texture->pieces);
    texture->pieces = NULL;
    texture->capacity = 0;
}

uint8_t *kt_texture_put(kt_texture *texture, int x, int y, int width, int height)
{
    if (texture->count == texture->capacity) {
        texture->capacity = texture->capacity ? texture->capacity * 2 : 16;
        texture->pieces = g_renew(kt_texture_piece, texture->pieces, texture->capacity);
    }
    kt_texture_piece *piece = &texture->pieces[texture->count++];
    *piece = (kt_texture_piece){x, y, width, height, g_malloc0((size_t)width * height * texture->channels)};
    return piece->pixels;
}

static uint16_t part(double at, int size)
{
    double value = at / size * 65535 + 0.5;
    return value < 0 ? 0 : value > 65535 ? 65535 : (uint16_t)value;
}

void kt_texture_place(const kt_texture *texture, kt_rect pixels, kt_quad *quad)
{
    quad->u0 = part(pixels.x, texture->width);
    quad->v0 = part(pixels.y, texture->height);
    quad->u1 = part(pixels.x + pixels.width, texture->width);
    quad->v1 = part(pixels.y + pixels.height, texture->height);
}
