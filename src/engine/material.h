/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to library.c and material.c. Locks: the library's before a material's. */
#ifndef KF_ENGINE_MATERIAL_H
#define KF_ENGINE_MATERIAL_H

#include "engine/library.h"

enum { KF_MATERIAL_STREAMS = 8, KF_MATERIAL_READERS = 16 };

struct kf_library {
    kf_library_params params;
    pthread_mutex_t lock;    /* of the list and the counts of references */
    kf_material *first;
};

/* A sound decoder. One clip at a time owns it; when that clip has ended, another takes it over where it stands. */
typedef struct kf_reader {
    kf_audio_source *source;
    int stream;
    int32_t rate, channels;
    int64_t at;                  /* the sample after the last one read */
    struct kf_clip_sound *owner; /* NULL: free */
} kf_reader;

/* Where pictures were taken last. */
enum { KF_MATERIAL_PLACES = 6 };
typedef struct kf_material_place {
    int stream;
    kf_time t;
    int64_t ns;                  /* kf_clock_ns then; 0: never */
} kf_material_place;

struct kf_material {
    kf_material *next;
    kf_library *library;
    kf_interpretation how;       /* its texts are: */
    char *file, *name;
    int refs;
    bool outdated;               /* the file is another one now: nobody gets it any more; under the library's lock */
    atomic_bool open;
    atomic_int_fast64_t used;    /* kf_clock_ns of the last use */
    pthread_mutex_t lock;        /* of all that follows */
    bool tried;
    int64_t tried_ns;
    kf_status status;            /* of opening */
    kf_error error;
    kf_media *media;
    int busy;                    /* pictures being decoded and readers owned: it stays open */
    struct { int stream; kf_video_source *source; kf_video_info info; kf_frame *still; } video[KF_MATERIAL_STREAMS];
    int video_count;
    kf_material_place places[KF_MATERIAL_PLACES];
    kf_reader readers[KF_MATERIAL_READERS];
    int reader_count;
};

/* Under the material's lock, or when nobody else can have it. */
void kf_material_close(kf_material *material);
/* Closes and frees what is too much. With no lock held. */
void kf_library_trim(kf_library *library);

#endif
