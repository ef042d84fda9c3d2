/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures and waveforms of assets for the drawn timeline: what the worker has, in textures. They belong to the source:
 * clips of one file share them. */
#ifndef KERF_TIMELINE_MEDIA_H
#define KERF_TIMELINE_MEDIA_H

#include "cells.h"
#include "kerf/timeline.h"
#include "kerf/worker.h"

enum { KT_TILE = 256 };       /* columns of a waveform in a cell */

typedef enum kt_media_kind { KT_MEDIA_SMALL, KT_MEDIA_LARGE, KT_MEDIA_WAVE, KT_MEDIA_KINDS } kt_media_kind;

typedef struct kt_media {
    kf_worker *worker;        /* NULL: nothing is shown */
    kt_cells cells[KT_MEDIA_KINDS];
    GHashTable *files;        /* uid of an asset -> kt_file */
    uint32_t news;            /* grows when something has come */
} kt_media;

/* worker may be NULL, and must outlive it. */
void kt_media_init(kt_media *media, kf_worker *worker);
void kt_media_finish(kt_media *media);
void kt_media_frame(kt_media *media, uint32_t frame);
/* Assets are others: paths are read anew. */
void kt_media_forget_files(kt_media *media);
/* The textures were lost. */
void kt_media_forget_cells(kt_media *media);

/* What is known of an asset's file; good until kt_media_forget_files. */
typedef struct kt_file {
    uint64_t uid;
    char *path;               /* NULL: none */
    bool video, audio;
    double aspect;
} kt_file;
const kt_file *kt_media_file(kt_media *media, const kf_film_handle *film, int32_t asset);

/* What a list of quads shows of the textures, so that it stays there. */
typedef struct kt_use {
    kt_media_kind kind;
    int cell;
    uint64_t key;
} kt_use;
typedef struct kt_uses {
    kt_use *uses;
    int count, capacity;
} kt_uses;
void kt_uses_finish(kt_uses *uses);
/* Says that all of it is used in this frame; false: some of it is gone. */
bool kt_media_touch(kt_media *media, const kt_uses *uses);

/* A cell for a picture of a file at a source time; -1: none yet. *waiting: a better one will come. */
typedef struct kt_picture_query {
    const kt_file *file;
    kf_time at, spacing;
    double height;            /* device px */
    bool soon;                /* not visible, but near */
} kt_picture_query;
int kt_media_picture(kt_media *media, const kt_picture_query *query, kt_uses *uses, kt_media_kind *kind, bool *waiting);
/* A cell of KT_TILE columns from source time `from` on, each of `column` flicks. */
int kt_media_wave(kt_media *media, const kt_file *file, kf_time from, kf_time column, kt_uses *uses, bool *waiting);

#endif
