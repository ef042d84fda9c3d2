/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cells.h"

void kt_cells_init(kt_cells *cells, int width, int height, int cell_width, int cell_height)
{
    *cells = (kt_cells){.texture = {.width = width, .height = height, .channels = 4, .linear = true},
                        .cell_width = cell_width, .cell_height = cell_height, .columns = width / cell_width};
    cells->count = cells->columns * (height / cell_height);
    cells->cells = g_new0(kt_cell, cells->count);
    cells->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
}

void kt_cells_finish(kt_cells *cells)
{
    kt_texture_finish(&cells->texture);
    g_clear_pointer(&cells->by_key, g_hash_table_unref);
    g_clear_pointer(&cells->cells, g_free);
}

int kt_cells_find(kt_cells *cells, uint64_t key)
{
    int index = GPOINTER_TO_INT(g_hash_table_lookup(cells->by_key, &key)) - 1;
    if (index >= 0) cells->cells[index].used = cells->frame;
    return index;
}

int kt_cells_take(kt_cells *cells, uint64_t key)
{
    for (int tried = 0; tried < cells->count; tried++) {
        int index = cells->hand;
        cells->hand = (cells->hand + 1) % cells->count;
        kt_cell *cell = &cells->cells[index];
        if (cell->key && cell->used == cells->frame) continue;
        if (cell->key) g_hash_table_remove(cells->by_key, &cell->key);
        *cell = (kt_cell){.key = key, .used = cells->frame};
        g_hash_table_insert(cells->by_key, &cell->key, GINT_TO_POINTER(index + 1));
        return index;
    }
    return -1;
}

bool kt_cells_touch(kt_cells *cells, int index, uint64_t key)
{
    if (cells->cells[index].key != key) return false;
    cells->cells[index].used = cells->frame;
    return true;
}

void kt_cells_forget(kt_cells *cells)
{
    g_hash_table_remove_all(cells->by_key);
    for (int i = 0; i < cells->count; i++) cells->cells[i] = (kt_cell){0};
}

kt_rect kt_cells_place(const kt_cells *cells, int index)
{
    return (kt_rect){index % cells->columns * cells->cell_width, index / cells->columns * cells->cell_height,
                     cells->cell_width, cells->cell_height};
}

uint64_t kt_cells_key(uint64_t one, uint64_t two)
{
    uint64_t h = one * UINT64_C(0x9e3779b97f4a7c15) ^ (two + UINT64_C(0x7f4a7c159e3779b9));
    h = (h ^ h >> 31) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ h >> 29) * UINT64_C(0x94d049bb133111eb);
    h ^= h >> 32;
    return h ? h : 1;
}
