/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A take of a voice-over: its file, and its place in the film. */
#ifndef KERF_EDITOR_MIXER_TAKE_H
#define KERF_EDITOR_MIXER_TAKE_H

#include "document.h"
#include "kerf/audio.h"

typedef struct KerfTakeFile KerfTakeFile;
typedef struct KerfTake {
    KerfTakeFile *file;
    kf_time from; /* the playhead when it began */
} KerfTake;

/* What a recorder told of its end, for another thread. */
typedef struct KerfTakeEnd {
    char *path, *problem; /* problem NULL: it is all there */
    kf_time duration;
    gint64 start_ns, bytes, frames;
} KerfTakeEnd;

/* Finds a name for the file in the folder "Voice-over" beside the project (untitled: of the user's data), which is
 * made; in the background. */
void kerf_take_prepare(KerfTake *take, KerfDocument *document);
/* NULL: not found yet, or there is a problem. */
const char *kerf_take_path(const KerfTake *take);
const char *kerf_take_problem(const KerfTake *take);
void kerf_take_clear(KerfTake *take);

void kerf_take_end_init(KerfTakeEnd *end, const kf_recorder_take *take); /* looks at the file */
void kerf_take_end_clear(KerfTakeEnd *end);
/* Imports it and puts it onto the first target audio track, one edit. drift: position of the sequence minus the
 * monotonic clock, ns; G_MININT64: nothing was heard. */
void kerf_take_place(const KerfTake *take, KerfDocument *document, const KerfTakeEnd *end, gint64 drift);

#endif
