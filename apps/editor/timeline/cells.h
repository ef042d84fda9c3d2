/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A texture of equal cells (thumbnails, pieces of waveforms) that are found again by a key; what was not used for
 * longest makes room, but never what this frame uses. */
#ifndef KERF_TIMELINE_CELLS_H
#define KERF_TIMELINE_CELLS_H

#include <gtk/gtk.h>
#include "texture.h"

typedef struct kt_cell {
    uint64_t key;             /* 0: empty */
    uint32_t used;            /* frame it was last used in */
    bool partial;             /* to be filled again when there is more */
    float width, height;      /* px of the cell that are filled */
} kt_cell;

typedef struct kt_cells {
    kt_texture texture;
    int cell_width, cell_height, columns, count;
    kt_cell *cells;
    GHashTable *by_key;       /* uint64_t * in cells -> index + 1 */
    uint32_t frame;
    int hand;
} kt_cells;

void kt_cells_init(kt_cells *cells, int width, int height, int cell_width, int cell_height);
void kt_cells_finish(kt_cells *cells);
/* Index of a key's cell, which is then used in this frame; -1: none. */
int kt_cells_find(kt_cells *cells, uint64_t key);
/* A cell for a new key; -1 if all are used in this frame. */
int kt_cells_take(kt_cells *cells, uint64_t key);
/* Says that a cell is used in this frame; false: it holds something else by now. */
bool kt_cells_touch(kt_cells *cells, int index, uint64_t key);
void kt_cells_forget(kt_cells *cells);
/* Pixel rectangle of a cell. */
kt_rect kt_cells_place(const kt_cells *cells, int index);

/* A key from two numbers; never 0. */
uint64_t kt_cells_key(uint64_t one, uint64_t two);

#endif
