/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures with rows and columns exchanged: what a TRANSFORM by a quarter turn filters as others filter the picture
 * itself. */
#include "video/cpu/passes.h"

#include <string.h>

typedef uint8_t bytes_16 __attribute__((vector_size(16)));
typedef uint16_t words_8 __attribute__((vector_size(16)));
typedef uint32_t words_4 __attribute__((vector_size(16)));

/* Interleaving rows i and i + half, log2(rows) times over, exchanges rows and columns. */
static void turn_block_8(uint8_t *dst, ptrdiff_t dst_stride, const uint8_t *src, ptrdiff_t stride)
{
    bytes_16 row[16], next[16];
    for (int i = 0; i < 16; i++) memcpy(&row[i], src + i * stride, 16);
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; i < 8; i++) {
            bytes_16 a = row[i], b = row[i + 8];
            next[2 * i] = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            next[2 * i + 1] =
                __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        memcpy(row, next, sizeof row);
    }
    for (int i = 0; i < 16; i++) memcpy(dst + i * dst_stride, &row[i], 16);
}

static void turn_block_16(uint8_t *dst, ptrdiff_t dst_stride, const uint8_t *src, ptrdiff_t stride)
{
    words_8 row[8], next[8];
    for (int i = 0; i < 8; i++) memcpy(&row[i], src + i * stride, 16);
    for (int stage = 0; stage < 3; stage++) {
        for (int i = 0; i < 4; i++) {
            next[2 * i] = __builtin_shufflevector(row[i], row[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
            next[2 * i + 1] = __builtin_shufflevector(row[i], row[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
        }
        memcpy(row, next, sizeof row);
    }
    for (int i = 0; i < 8; i++) memcpy(dst + i * dst_stride, &row[i], 16);
}

static void turn_block_32(uint8_t *dst, ptrdiff_t dst_stride, const uint8_t *src, ptrdiff_t stride)
{
    words_4 row[4], next[4];
    for (int i = 0; i < 4; i++) memcpy(&row[i], src + i * stride, 16);
    for (int stage = 0; stage < 2; stage++) {
        for (int i = 0; i < 2; i++) {
            next[2 * i] = __builtin_shufflevector(row[i], row[i + 2], 0, 4, 1, 5);
            next[2 * i + 1] = __builtin_shufflevector(row[i], row[i + 2], 2, 6, 3, 7);
        }
        memcpy(row, next, sizeof row);
    }
    for (int i = 0; i < 4; i++) memcpy(dst + i * dst_stride, &row[i], 16);
}

typedef struct turning {
    const component *from;
    const component *to;
} turning;

enum { COLUMNS = 64 };

/* Columns [x0, x1) and rows [y0, y1) one by one. */
static void turn_slowly(const turning *t, int x0, int x1, int y0, int y1)
{
    const component *from = t->from, *to = t->to;
    size_t bytes = (size_t)from->bytes;
    for (int y = y0; y < y1; y++) {
        const uint8_t *src = from->data + y * from->stride;
        for (int x = x0; x < x1; x++)
            memcpy((uint8_t *)to->data + x * to->stride + y * from->bytes,
                   src + (ptrdiff_t)x * from->step * from->bytes, bytes);
    }
}

/* COLUMNS columns of the source. */
static void turn_task(rows_ctx *ctx, void *arg, int band)
{
    const turning *t = arg;
    const component *from = t->from, *to = t->to;
    int x0 = band * COLUMNS, x1 = x0 + COLUMNS < from->width ? x0 + COLUMNS : from->width, size = 16 / from->bytes;
    int whole_x = from->step == 1 ? x0 + (x1 - x0) / size * size : x0, whole_y = from->height / size * size;
    for (int y = 0; y < whole_y; y += size) {
        for (int x = x0; x < whole_x; x += size) {
            const uint8_t *src = from->data + y * from->stride + (ptrdiff_t)x * from->bytes;
            uint8_t *dst = (uint8_t *)to->data + x * to->stride + (ptrdiff_t)y * from->bytes;
            if (size == 16)
                turn_block_8(dst, to->stride, src, from->stride);
            else if (size == 8)
                turn_block_16(dst, to->stride, src, from->stride);
            else
                turn_block_32(dst, to->stride, src, from->stride);
        }
    }
    turn_slowly(t, whole_x, x1, 0, whole_y);
    turn_slowly(t, x0, x1, whole_y, from->height);
}

static component turned(const component *c)
{
    component t = *c;
    t.step = 1;
    t.width = c->height;
    t.height = c->width;
    t.sub_w = c->sub_h;
    t.sub_h = c->sub_w;
    t.stride = ((ptrdiff_t)c->height * c->bytes + 63) & ~(ptrdiff_t)63;
    return t;
}

kf_status run_turn(struct kf_cpu *cpu, prepared *p, size_t slot, const picture *from, kf_error *err)
{
    picture *to = kf_arena_alloc(&cpu->arena, sizeof *to);
    if (!to) return kf_fail_memory(err);
    *to = *from;
    to->packed = 0;
    size_t bytes = 0;
    for (int c = 0; c < 4; c++) {
        if (!from->c[c].data) continue;
        to->c[c] = turned(&from->c[c]);
        bytes += (size_t)to->c[c].stride * (size_t)to->c[c].height;
    }
    uint8_t *memory = (uint8_t *)slot_floats(cpu, slot, bytes / sizeof(float));
    if (!memory) return kf_fail_memory(err);
    for (int c = 0; c < 4; c++) {
        if (!from->c[c].data) continue;
        to->c[c].data = memory;
        memory += (size_t)to->c[c].stride * (size_t)to->c[c].height;
        turning t = {&from->c[c], &to->c[c]};
        run_tasks(cpu, (from->c[c].width + COLUMNS - 1) / COLUMNS, turn_task, &t);
    }
    p->turned = to;
    return KF_OK;
}
