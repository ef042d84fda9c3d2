/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One state of a film with one of its sequences, as it is played. Shared by threads; the last to leave ends it. */
#ifndef KF_ENGINE_PROGRAMME_H
#define KF_ENGINE_PROGRAMME_H

#include "engine/providers.h"

typedef struct kf_programme {
    atomic_int refs;
    uint64_t serial;         /* the caller's */
    kf_film *film;           /* pinned */
    kf_snapshot snapshot;
    int32_t sequence;        /* index */
    kf_sequence_view view;
    bool proxies;
    kf_view_part part;
    kf_providers providers;  /* rasters are the composing thread's to set */
} kf_programme;

typedef struct kf_programme_params {
    const char *sequence;    /* id; NULL: the main one */
    kf_library *library, *running; /* borrowed */
    kf_warnings *warnings;   /* borrowed */
    bool proxies;
    kf_view_part part;
    uint64_t serial;
} kf_programme_params;
/* Takes microseconds: opens nothing. The film is pinned. */
kf_status kf_programme_create(const kf_film *film, const kf_programme_params *params, kf_programme **out,
                              kf_error *err);
kf_programme *kf_programme_ref(kf_programme *programme);
void kf_programme_unref(kf_programme *programme); /* NULL is fine */
/* Makes ready for playing, which waits for disk and decoders. `at` is being composed: media that show then are begun to be
 * decoded one picture after the other from a `lead` later on (see kf_assets_params.running), and clips that begin until `to`
 * are announced to where somebody scrubs, so that their first pictures are there until they are begun in their turn. */
typedef struct kf_programme_moment {
    kf_time at, lead, to;
} kf_programme_moment;
void kf_programme_warm(kf_programme *programme, const kf_programme_moment *moment);
int64_t kf_programme_frames(const kf_programme *programme); /* of the sequence, at least 1 */

#endif
