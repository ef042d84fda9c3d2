/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "measure.h"

#include <string.h>

#define HURRIED_ROWS 270

typedef struct Work {
    KerfMeasure *measure;
    GdkTexture *textures[KERF_SCOPES];
} Work;

static void work_free(gpointer data)
{
    Work *w = data;
    kf_picture_release(w->measure->picture);
    for (guint i = 0; i < KERF_SCOPES; i++) {
        g_clear_object(&w->textures[i]);
    }
    g_free(w->measure);
    g_free(w);
}

static void copy_rows(const kf_picture *from, kf_picture *to, int plane, int step)
{
    const int chroma = plane > 0 && from->format != KF_PICTURE_RGBA8;
    const int rows = chroma ? (to->height + 1) / 2 : to->height, together = chroma ? 1 : 2;
    const size_t bytes = (size_t)MIN(from->stride[plane], to->stride[plane]);
    for (int y = 0; y < rows; y++) {
        const int source = y / together * together * step + y % together;
        memcpy(to->plane[plane] + y * to->stride[plane], from->plane[plane] + source * from->stride[plane], bytes);
    }
}

/* Some of the rows, in pairs, which share their chroma: values stay what they are, as they would not in a smaller picture. A
 * new reference, or NULL. */
static kf_picture *thin(kf_picture *picture)
{
    const int step = (picture->height + HURRIED_ROWS - 1) / HURRIED_ROWS;
    const int height = picture->height / (2 * step) * 2;
    if (step < 2 || height < 2) return kf_picture_ref(picture);
    kf_picture *few = kf_picture_create(picture->format, picture->width, height);
    if (!few) return NULL;
    few->pixel_aspect = picture->pixel_aspect;
    few->primaries = picture->primaries;
    few->transfer = picture->transfer;
    few->matrix = picture->matrix;
    few->full_range = picture->full_range;
    few->chroma = picture->chroma;
    few->alpha = picture->alpha;
    few->premultiplied = picture->premultiplied;
    for (int plane = 0; plane < 4 && picture->plane[plane]; plane++) {
        copy_rows(picture, few, plane, step);
    }
    return few;
}

static GdkTexture *draw(const kf_picture *picture, const kf_scope_params *params)
{
    const gsize stride = (gsize)params->width * 4, size = stride * (gsize)params->height;
    uint8_t *pixels = g_malloc(size);
    if (kf_scope_draw(picture, params, pixels, (ptrdiff_t)stride, NULL) != KF_OK) {
        g_free(pixels);
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_bytes_new_take(pixels, size);
    return gdk_memory_texture_new(params->width, params->height, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, bytes, stride);
}

static void measure(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    Work *w = data;
    kf_picture *picture = w->measure->hurry ? thin(w->measure->picture) : kf_picture_ref(w->measure->picture);
    for (guint i = 0; picture && i < w->measure->count; i++) {
        w->textures[i] = draw(picture, &w->measure->scopes[i]);
    }
    kf_picture_release(picture);
    g_task_return_boolean(task, TRUE);
}

void kerf_measure_async(KerfMeasure *taken, GAsyncReadyCallback done, gpointer data)
{
    g_autoptr(GTask) task = g_task_new(NULL, NULL, done, data);
    Work *w = g_new0(Work, 1);
    w->measure = taken;
    g_task_set_task_data(task, w, work_free);
    g_task_run_in_thread(task, measure);
}

const KerfMeasure *kerf_measure_finish(GAsyncResult *result, GdkTexture *const **textures)
{
    Work *w = g_task_get_task_data(G_TASK(result));
    *textures = w->textures;
    return w->measure;
}
