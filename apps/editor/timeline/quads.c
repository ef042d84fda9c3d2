/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "quads.h"

#include <stdlib.h>

#include <gtk/gtk.h>

kt_rgba kt_mix(kt_rgba a, kt_rgba b, double part)
{
    a.r = (uint8_t)(a.r + (b.r - a.r) * part + 0.5);
    a.g = (uint8_t)(a.g + (b.g - a.g) * part + 0.5);
    a.b = (uint8_t)(a.b + (b.b - a.b) * part + 0.5);
    return a;
}

void kt_quads_finish(kt_quads *list)
{
    g_free(list->quads);
    *list = (kt_quads){0};
}

kt_quad *kt_quads_push(kt_quads *list, kt_quad_kind kind, kt_rgba color)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 256;
        list->quads = g_renew(kt_quad, list->quads, list->capacity);
    }
    kt_quad *quad = &list->quads[list->count++];
    *quad = (kt_quad){.c0 = -KT_FOREVER, .c1 = KT_FOREVER, .color = color, .kind = (uint8_t)kind};
    return quad;
}

kt_quad *kt_quads_rect(kt_quads *list, kt_quad_kind kind, kt_rect rect, kt_rgba color)
{
    kt_quad *quad = kt_quads_push(list, kind, color);
    quad->x0 = (float)rect.x;
    quad->x1 = (float)(rect.x + rect.width);
    quad->y0 = (float)rect.y;
    quad->y1 = (float)(rect.y + rect.height);
    return quad;
}
