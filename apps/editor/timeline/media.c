/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media.h"

#include <math.h>
#include <string.h>

static void free_file(gpointer data)
{
    kt_file *file = data;
    g_free(file->path);
    g_free(file);
}

void kt_media_init(kt_media *media, kf_worker *worker)
{
    *media = (kt_media){.worker = worker};
    kt_cells_init(&media->cells[KT_MEDIA_SMALL], 1032, 2016, 86, 48);
    kt_cells_init(&media->cells[KT_MEDIA_LARGE], 2064, 2016, 172, 96);
    kt_cells_init(&media->cells[KT_MEDIA_WAVE], 1024, 1024, KT_TILE, 1);
    media->cells[KT_MEDIA_WAVE].texture.linear = false;
    media->files = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_file);
}

void kt_media_finish(kt_media *media)
{
    if (media->worker) kf_worker_forget(media->worker, media);
    for (int i = 0; i < KT_MEDIA_KINDS; i++) kt_cells_finish(&media->cells[i]);
    g_clear_pointer(&media->files, g_hash_table_unref);
}

void kt_media_frame(kt_media *media, uint32_t frame)
{
    for (int i = 0; i < KT_MEDIA_KINDS; i++) media->cells[i].frame = frame;
}

void kt_media_forget_files(kt_media *media)
{
    g_hash_table_remove_all(media->files);
}

void kt_media_forget_cells(kt_media *media)
{
    for (int i = 0; i < KT_MEDIA_KINDS; i++) kt_cells_forget(&media->cells[i]);
}

const kt_file *kt_media_file(kt_media *media, const kf_film_handle *film, int32_t asset)
{
    kf_asset_info info;
    if (!kf_film_asset(film, asset, &info)) return NULL;
    kt_file *file = g_hash_table_lookup(media->files, &info.uid);
    if (file) return file;
    file = g_new0(kt_file, 1);
    *file = (kt_file){.uid = info.uid, .video = !info.known || info.video, .audio = !info.known || info.audio};
    file->aspect = info.width > 0 && info.height > 0 ? (double)info.width / info.height : 16.0 / 9;
    char *path = info.offline ? NULL : kf_film_asset_file(film, asset);
    file->path = g_strdup(path);
    kf_string_free(path);
    g_hash_table_insert(media->files, &file->uid, file);
    return file;
}

/* ---- Uses ---- */

void kt_uses_finish(kt_uses *uses)
{
    g_free(uses->uses);
    *uses = (kt_uses){0};
}

static void note(kt_uses *uses, kt_media_kind kind, int cell, uint64_t key)
{
    if (uses->count == uses->capacity) {
        uses->capacity = uses->capacity ? uses->capacity * 2 : 32;
        uses->uses = g_renew(kt_use, uses->uses, uses->capacity);
    }
    uses->uses[uses->count++] = (kt_use){kind, cell, key};
}

bool kt_media_touch(kt_media *media, const kt_uses *uses)
{
    bool whole = true;
    for (int i = 0; i < uses->count; i++) {
        whole &= kt_cells_touch(&media->cells[uses->uses[i].kind], uses->uses[i].cell, uses->uses[i].key);
    }
    return whole;
}

/* ---- Pictures ---- */

/* What is wider than a cell loses its sides. */
static void fill_picture(kt_cells *cells, int index, const kf_thumbnail *thumbnail)
{
    kt_rect place = kt_cells_place(cells, index);
    int width = MIN(thumbnail->width, cells->cell_width), height = MIN(thumbnail->height, cells->cell_height);
    int left = (thumbnail->width - width) / 2;
    uint8_t *out = kt_texture_put(&cells->texture, (int)place.x, (int)place.y, width, height);
    for (int y = 0; y < height; y++) {
        memcpy(out + (size_t)y * width * 4, thumbnail->pixels + (size_t)y * thumbnail->stride + (size_t)left * 4,
               (size_t)width * 4);
    }
    cells->cells[index].width = (float)width;
    cells->cells[index].height = (float)height;
}

static int picture_cell(kt_media *media, kt_media_kind kind, const kf_thumbnail *thumbnail, kt_uses *uses)
{
    kt_cells *cells = &media->cells[kind];
    uint64_t key = kt_cells_key(thumbnail->id, 1);
    int cell = kt_cells_find(cells, key);
    if (cell < 0) {
        cell = kt_cells_take(cells, key);
        if (cell < 0) return -1;
        fill_picture(cells, cell, thumbnail);
    }
    note(uses, kind, cell, key);
    return cell;
}

int kt_media_picture(kt_media *media, const kt_picture_query *query, kt_uses *uses, kt_media_kind *kind, bool *waiting)
{
    const kf_thumbnail *thumbnail = NULL;
    *kind = query->height <= 48 ? KT_MEDIA_SMALL : KT_MEDIA_LARGE;
    const kf_thumbnail_request request = {.path = query->file->path, .stream = -1, .at = MAX(query->at, 0),
                                          .spacing = query->spacing, .height = *kind == KT_MEDIA_SMALL ? 48 : 96,
                                          .urgency = query->soon ? KF_WORK_SOON : KF_WORK_VISIBLE, .owner = media};
    kf_work_state state = kf_worker_thumbnail(media->worker, &request, &thumbnail);
    if (state == KF_WORK_PENDING) *waiting = true;
    if (!thumbnail) return -1;
    if (thumbnail->height > 48) *kind = KT_MEDIA_LARGE; /* a stand-in of another size */
    int cell = thumbnail->height <= 96 ? picture_cell(media, *kind, thumbnail, uses) : -1;
    kf_thumbnail_release(thumbnail);
    return cell;
}

/* ---- Waveforms ---- */

/* Quiet sound is shown larger than it is, as the ear hears it. */
static float shown(float value)
{
    return copysignf(powf(MIN(fabsf(value), 1.0f), 0.7f), value);
}

static uint8_t level(float value)
{
    return (uint8_t)lrintf((shown(value) * 0.5f + 0.5f) * 255);
}

static bool fill_wave(kt_media *media, int index, const kf_peaks_query *query)
{
    kt_cells *cells = &media->cells[KT_MEDIA_WAVE];
    kf_peak_column columns[KT_TILE];
    memset(columns, 0, sizeof columns);
    kf_work_state state = kf_worker_peaks(media->worker, query, columns, NULL);
    kt_rect place = kt_cells_place(cells, index);
    uint8_t *out = kt_texture_put(&cells->texture, (int)place.x, (int)place.y, KT_TILE, 1);
    for (int i = 0; i < KT_TILE; i++, out += 4) {
        out[0] = level(columns[i].max);
        out[1] = level(columns[i].min);
        out[2] = (uint8_t)lrintf(shown(columns[i].rms) * 255);
        out[3] = 255;
    }
    return state == KF_WORK_PENDING;
}

int kt_media_wave(kt_media *media, const kt_file *file, kf_time from, kf_time column, kt_uses *uses, bool *waiting)
{
    kt_cells *cells = &media->cells[KT_MEDIA_WAVE];
    uint64_t key = kt_cells_key(kt_cells_key(file->uid, (uint64_t)from), (uint64_t)column);
    int cell = kt_cells_find(cells, key);
    bool new_cell = cell < 0;
    if (new_cell) cell = kt_cells_take(cells, key);
    if (cell < 0) return -1;
    if (new_cell || cells->cells[cell].partial) {
        const kf_peaks_query query = {.path = file->path, .stream = -1, .channel = -1, .from = from,
                                      .to = from + column * KT_TILE, .count = KT_TILE, .urgency = KF_WORK_VISIBLE,
                                      .owner = media};
        cells->cells[cell].partial = fill_wave(media, cell, &query);
    }
    *waiting |= cells->cells[cell].partial;
    note(uses, KT_MEDIA_WAVE, cell, key);
    return cell;
}
