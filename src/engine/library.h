/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Media that are open. A film comes and goes with each edit, but what it shows stays: media are known by their file and how
 * it is interpreted, are opened when first asked for, and are shared by all films, clips and threads that do.
 * Thread-safe. */
#ifndef KF_ENGINE_LIBRARY_H
#define KF_ENGINE_LIBRARY_H

#include "base/api/thread.h"
#include "compile/api/compile.h"
#include "media/api/source.h"

typedef struct kf_library kf_library;
typedef struct kf_material kf_material; /* one file with its interpretation */

typedef struct kf_library_params {
    int threads;             /* of a decoder */
    bool single;             /* one picture of each is wanted, not a run */
    bool interactive;        /* a person looks at them, see kf_media_params */
    int64_t cache_bytes;     /* per video source */
    int kept;                /* how many may stay open that were not used for some seconds; 0: no limit */
} kf_library_params;
kf_status kf_library_create(const kf_library_params *params, kf_library **out, kf_error *err);
void kf_library_destroy(kf_library *library); /* NULL is fine. No material may be held */

/* How an asset's file is read; `file` is a path to open. "" : offline, always fails to open. */
typedef struct kf_interpretation {
    const char *file, *name; /* name: of the asset, for messages */
    kf_rational rate;
    kf_color color;
    kf_deinterlace deinterlace;
    kf_alpha_mode alpha;
} kf_interpretation;
/* Does not open it yet. *out is a new reference; texts are copied. What failed to open is tried anew when it is asked for
 * again some seconds later. */
kf_status kf_library_get(kf_library *library, const kf_interpretation *how, kf_material **out, kf_error *err);
void kf_material_release(kf_material *material); /* NULL is fine */
/* The file changed, vanished or came back: from now on kf_library_get opens it anew. True: somebody had it. */
bool kf_library_outdate(kf_library *library, const char *file);

/* Opens it if need be; *pictures: and prepares its best pictures (walks the index). Waits for the disk. */
kf_status kf_material_open(kf_material *material, bool pictures, kf_error *err);
/* NULL before it was opened. Good while it is held and the library has no limit. */
const kf_media *kf_material_media(kf_material *material);
/* Of what is shown and heard with these streams (-1: the best one). Opens it. */
kf_status kf_material_facts(kf_material *material, int video, int audio, kf_asset_facts *out, kf_error *err);
/* How pictures are looked at by a person; of interactive libraries. */
typedef struct kf_look {
    int divide;              /* 1, 2, 4: of the sides of the stored picture so much is wanted */
    int64_t deadline;        /* kf_clock_ns when a stand-in is better than none; 0: never */
    const atomic_bool *cancel; /* once true, pictures fail with KF_ERR_CANCELLED */
    bool runs;               /* they are looked at one after the other: see kf_assets_params.running */
    bool inexact;            /* set when a stand-in was given */
} kf_look;
/* The picture at media time t, which may take long. *damaged: another one stands in. frame is NULL if there are no pictures.
 * look: may be NULL. */
kf_status kf_material_picture(kf_material *material, int stream, kf_time t, kf_look *look, kf_asset_picture *out,
                              bool *damaged, kf_error *err);
/* Sees to it that it is decoded meanwhile, with those of `span` after it. */
void kf_material_announce(kf_material *material, int stream, kf_time t, kf_time span);
/* Of libraries that are not interactive: whether a picture shortly before t was given not long ago, so that the one at t is
 * soon there. */
bool kf_material_is_near(kf_material *material, int stream, kf_time t);
/* Samples for one clip; the material is held until kf_clip_sound_destroy. */
typedef struct kf_clip_sound kf_clip_sound;
kf_status kf_material_sound(kf_material *material, int stream, int32_t rate, int32_t channels, kf_clip_sound **out,
                            kf_error *err);
kf_sample_source kf_clip_sound_source(kf_clip_sound *sound);
void kf_clip_sound_destroy(kf_clip_sound *sound); /* NULL is fine */

kf_source_stats kf_library_stats(kf_library *library); /* sums over all that is open */

#endif
