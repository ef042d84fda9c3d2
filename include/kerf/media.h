/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API, media files: what is in them, what two have in common, how to make one smaller. All at once and on
 * request; kerf/worker.h does the first in the background, for windows.
 *
 * Conventions as in kerf.h. Calls take as long as they take, on the calling thread and threads of their own; any number
 * may run at once. */
#ifndef KERF_MEDIA_H
#define KERF_MEDIA_H

#include "kerf/frames.h"
#include "kerf/worker.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A film that shows and sounds like a media file: its size, rate and colour, one clip. With it, what is there for films is
 * there for media: kf_render_frame and kf_render_pixels give a frame, kf_render another file. A still lasts a second. */
KF_API kf_status kf_film_open_media(const char *path, kf_film_handle **out, kf_error *error);

/* ---- Looking ---- */

/* What kf_worker_probe says, at once: a few packets are read. Errors also in out->error. */
KF_API kf_status kf_media_summarize(const char *path, kf_media_summary *out, kf_error *error);

typedef struct kf_thumbnails_params {
    int32_t stream;            /* among the video streams; -1: the best */
    int32_t height;            /* px, 1 to 4096; the width follows */
    int32_t count;             /* how many */
    const kf_time *at;         /* `count` media times, best ascending, whose frames are wanted; NULL: the middles of as many
                                * equal parts, each from near there, which costs less */
    /* picture `index`, upright, in sRGB, RGBA premultiplied, which is good until it returns; on this thread. False: stop */
    bool (*picture)(void *context, int32_t index, kf_time at, const kf_pixels *picture);
    void *context;
    const bool *cancel;        /* polled; may be NULL */
} kf_thumbnails_params;
KF_API kf_thumbnails_params kf_thumbnails_params_default(void); /* 10 of 96 px */
/* Small pictures of a file, one after another. */
KF_API kf_status kf_thumbnails(const char *path, const kf_thumbnails_params *params, kf_error *error);

/* The waveform of query->path: decodes the stream from its start to the end, then fills `count` columns (1 to 1 000 000)
 * for from..to, where to = KF_TIME_NONE is the end. urgency and owner are not used. info may be NULL. */
KF_API kf_status kf_waveform(const kf_peaks_query *query, kf_peak_column *columns, kf_peaks_info *info,
                             const bool *cancel, kf_error *error);

/* ---- Comparing ---- */

typedef struct kf_compare_params {
    int64_t frames;            /* how many to compare, spread evenly; 0: all */
    int32_t threads;           /* 0: one per CPU */
    int64_t memory;            /* bytes for frames in flight and caches; 0: 128 MiB */
    void (*progress)(void *context, double part); /* 0..1, on this thread; may be NULL */
    void *context;
    const bool *cancel;        /* polled; may be NULL */
} kf_compare_params;
KF_API kf_compare_params kf_compare_params_default(void);

/* By luma (Y' of BT.709, 8 bits, limited range), at the first file's size and frame times.
 * SSIM: Wang, Bovik, Sheikh, Simoncelli 2004, with Gaussian windows of 11x11 px (sigma 1.5), K1 = 0.01, K2 = 0.03, L = 255;
 * the mean over windows 4 px apart, then over frames. PSNR: 10 log10(255^2 / mean squared error of all frames). */
typedef struct kf_compare_report {
    double ssim, ssim_worst;   /* mean; of the worst frame. 1: equal */
    double psnr;               /* dB; INFINITY: equal */
    int64_t frames;            /* compared */
    int64_t worst;             /* number of the frame with ssim_worst */
    kf_time length_difference; /* how much longer the second one's picture is; negative: shorter */
} kf_compare_report;
KF_API kf_status kf_compare(const char *first, const char *second, const kf_compare_params *params,
                            kf_compare_report *out, kf_error *error);

/* ---- Making smaller ---- */

typedef struct kf_optimize_params {
    const char *input, *output; /* files; the output's extension says which container and codecs */
    int64_t target;            /* bytes that the output is to have, or up to 3 % fewer */
    bool overwrite;
    const char *video_codec, *audio_codec, *speed; /* NULL: as the container's preset says */
    int32_t threads;           /* 0: one per CPU */
    int64_t memory;            /* bytes for frames in flight and caches; 0: 128 MiB */
    bool no_quality;           /* leave out the comparison with the original at the end */
    /* 0..1, and what is done now: "measuring", "encoding", "comparing"; on some thread; may be NULL */
    void (*progress)(void *context, double part, const char *doing);
    kf_problem_fn *warning;    /* that the picture was made smaller, and the like; on some thread; may be NULL */
    void *context;
    const bool *cancel;        /* polled; may be NULL */
} kf_optimize_params;
KF_API kf_optimize_params kf_optimize_params_default(void); /* target: 50 MB */

typedef struct kf_optimize_report {
    int64_t original_bytes, bytes;
    double ratio;              /* original_bytes / bytes */
    double ssim, psnr;         /* of up to 240 frames, as kf_compare; 1 and INFINITY for a copy; NAN with no_quality */
    bool copied;               /* the original is small enough, and was copied */
    bool scaled;               /* the picture had to be made smaller: at its own size so few bytes look worse still */
    int32_t width, height;     /* of the output's picture */
    int64_t video_bitrate, audio_bitrate; /* bits per second asked for */
    int32_t encodes;           /* how often the whole was encoded, first passes included */
} kf_optimize_report;
/* Encodes a media file anew so that it has at most `target` bytes, and at least 97 % of that where the encoder can use
 * them up: in two passes where it knows those (H.264), else once, corrected by what came out and repeated until it fits.
 * Sound and container count. The first pictures and sounds of a file are kept, subtitles are not. The output appears under
 * its name only when it is whole. KF_ERR_UNSUPPORTED: no moving pictures; KF_ERR_INVALID: a target that is too small for
 * anything, or the output is the input. report may be NULL. */
KF_API kf_status kf_optimize(const kf_optimize_params *params, kf_optimize_report *report, kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
