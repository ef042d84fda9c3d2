/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing media: a film (container with at most one video and one audio stream), an image sequence, or one picture.
 *
 * A writer works on a temporary name beside the final path (".NAME.kerf-part-PID-N") and renames it when all is
 * written, so that a failed or stopped render neither leaves a broken file nor touches an older one.
 *
 * Threads: kf_writer_video and kf_writer_audio may be called at the same time from two threads (one call of each at a
 * time); each encodes on its caller's thread (plus the encoder's own) and only the hand-over to the muxer is
 * serialised. All other functions need the writer to themselves. Distinct writers are independent.
 *
 * Interleaving: packets wait in the muxer until the other stream has caught up, at most KF_WRITER_LEAD of film. A
 * stream that is further ahead of the other than that waits inside its call, provided the other is being fed from
 * another thread. A single thread that feeds both is never made to wait, nor is anybody for longer than a second
 * without the other moving: then packets go out in the order they came, which makes a valid file that is less well
 * interleaved. */
#ifndef KF_MEDIA_WRITER_H
#define KF_MEDIA_WRITER_H

#include "base/api/image.h"
#include "base/api/status.h"
#include "base/api/thread.h"

#define KF_WRITER_LEAD (4 * KF_SECOND)

/* libav and the encoders print lines of their own unless told not to. Process-wide and not thread-safe: call it once,
 * at the start of the program. */
void kf_media_log_libav(bool on);

/* ---- What this build can write ---- */

typedef struct kf_container_info {
    const char *name;                /* "mp4" */
    const char *label;               /* "MPEG-4" */
    const char *const *extensions;   /* NULL-terminated, without dot; the first is the usual one */
    const char *const *video;        /* names of video codecs it carries, NULL-terminated, the default first */
    const char *const *audio;        /* likewise */
    bool faststart, chapters, timecode;
    bool variable;                   /* frames may show for several periods of the rate */
    bool pictures;                   /* a numbered sequence of files */
    bool available;                  /* this libavformat has it */
} kf_container_info;
int kf_container_count(void);
kf_container_info kf_container_get(int index);   /* index in [0, count) */
/* By name, by extension (any case), or by a path's extension; -1 if unknown. */
int kf_container_find(const char *name_or_path);

typedef struct kf_video_codec_info {
    const char *name;                /* "h264" */
    const char *label;               /* "H.264 / AVC" */
    const char *encoder;             /* libavcodec's name of the encoder in use, NULL if not available */
    const char *missing;             /* if not available: why, and what to use instead */
    const char *const *profiles;     /* NULL-terminated, may be empty; the default first */
    kf_pixfmt formats[KF_PIX_COUNT]; /* what the encoder takes, KF_PIX_NONE-terminated; the default first */
    bool alpha;                      /* some format carries alpha */
    bool even_size;                  /* subsampled directions need an even size */
    bool speed;                      /* has a choice of speed */
    int crf_min, crf_max, crf_default; /* lower is better; all 0 if the codec has no constant quality */
} kf_video_codec_info;
int kf_video_codec_count(void);
kf_video_codec_info kf_video_codec_get(int index);
int kf_video_codec_find(const char *name);             /* -1 if unknown */

typedef struct kf_audio_codec_info {
    const char *name;                /* "aac" */
    const char *label;
    const char *encoder;             /* NULL if not available */
    const char *missing;
    bool lossless;
    int bitrate_default;             /* bits per second for stereo, 0 if it has none */
} kf_audio_codec_info;
int kf_audio_codec_count(void);
kf_audio_codec_info kf_audio_codec_get(int index);
int kf_audio_codec_find(const char *name);

/* The generic speeds, fastest first, NULL-terminated: "ultrafast" ... "veryslow". */
const char *const *kf_speed_names(void);

/* ---- Writing a film ---- */

typedef struct kf_writer_option {
    const char *key, *value;
} kf_writer_option;

typedef struct kf_writer_video_params {
    const char *codec;         /* name from the table; NULL = the container's default; "none" = no video */
    int width, height;
    kf_rational rate;
    kf_rational sample_aspect; /* {0, 0} = square */
    kf_pixfmt format;          /* KF_PIX_NONE = the codec's (or profile's) default */
    kf_color color;            /* unspecified parts are resolved (kf_color_resolve) and written as tags */
    int crf;                   /* constant quality; < 0 = default, unless bitrate is given */
    int64_t bitrate;           /* bits per second, 0 = none */
    const char *speed;         /* generic name, or the encoder's own word or number; NULL = the codec's default */
    const char *profile;       /* NULL = default. ProRes: proxy lt standard hq 4444 4444xq; DNxHR: lb sq hq hqx 444 */
    int gop;                   /* greatest distance of keyframes in frames; 0 = the codec's default */
    int threads;               /* 0 = automatic */
    kf_rational tick;          /* seconds: frames begin at their own kf_frame.time, rounded down to ticks, rather than at
                                * multiples of 1/rate. {0, 0} = no */
    int64_t frames;            /* with tick: how many there will be, and when the last one ends */
    kf_time end;
    bool variable;             /* frames may show for several periods of the rate: mp4, mov, mkv, webm */
    int rotation;              /* mp4, mov: clockwise degrees to show it upright, in quarter turns */
    bool mirrored;             /* flipped left-right after that */
    bool gif_frame_palette; /* gif: a palette per frame (streams at once) rather than one per film (spooled to disk) */
    const kf_writer_option *options; /* passed to the encoder as they are; an unknown one is an error */
    int option_count;
} kf_writer_video_params;

typedef struct kf_writer_audio_params {
    const char *codec;         /* as above; "none" = no audio */
    int sample_rate, channels; /* channels in the order of WAVE: L R C LFE Ls Rs ... */
    int64_t bitrate;           /* 0 = the codec's default */
    int bits;                  /* flac, alac: 16 or 24; 0 = 24 */
} kf_writer_audio_params;

typedef struct kf_writer_chapter {
    kf_time start, end;
    const char *title;         /* UTF-8, may be NULL */
} kf_writer_chapter;

/* Where bytes go instead of a file. Called from the threads that feed the writer, one call at a time. */
typedef struct kf_writer_sink {
    void *ctx;
    /* Takes all bytes and returns 0, or an errno. Bytes come in order; there is no seeking back. */
    int (*write)(void *ctx, const uint8_t *bytes, size_t length);
} kf_writer_sink;

/* Everything is borrowed for the call of kf_writer_open only (sink.ctx until finish or abort). */
typedef struct kf_writer_params {
    const char *path;          /* final name; image sequences: one %d or %0Nd ("out/frame%05d.png"), numbered from 1.
                                * With a sink: only a name for messages */
    const char *container;     /* name from the table; NULL = by extension of path */
    const kf_writer_sink *sink; /* not NULL: write here. mp4 and mov are then fragmented. Not for gif and sequences */
    bool overwrite;
    bool faststart;            /* mp4, mov: index in front (rewrites the file once at the end) */
    bool fragmented;           /* mp4, mov: fragments, playable while being written; excludes faststart */
    bool one_feeder;           /* one thread at a time feeds both streams, if not always the same: neither ever waits */
    bool bitexact;             /* no version strings or clock times in the file */
    kf_writer_video_params video;
    kf_writer_audio_params audio;
    const kf_writer_chapter
        *chapters; /* in order of start; left out where the container has none (kf_container_info) */
    int chapter_count;
    int64_t timecode; /* frame count of the first frame's timecode; -1 = none. Left out where the container has none */
    bool timecode_drop;
    const kf_writer_option *metadata; /* "title", "comment", "artist", ... */
    int metadata_count;
} kf_writer_params;

/* Defaults: crf -1, timecode -1, everything else zero; no video size or audio rate. */
kf_writer_params kf_writer_params_default(void);

typedef struct kf_writer_stats {
    int64_t frames, samples;   /* taken in */
    int64_t video_bytes, audio_bytes, file_bytes;
    int64_t video_ns, audio_ns, mux_ns,
        wait_ns; /* time inside the encoders, the muxer, and waiting for the other stream */
} kf_writer_stats;

typedef struct kf_writer kf_writer;

/* Checks everything that can be checked, opens encoders and the temporary file. *out is new on success (end it with
 * finish or abort), NULL on failure, in which case nothing is left on disk. Errors: UNSUPPORTED (codec not in this
 * build, container cannot carry it, format not taken, odd size), INVALID, EXISTS, NOT_FOUND (folder), IO, NO_SPACE,
 * ENCODE. */
kf_status kf_writer_open(const kf_writer_params *params, kf_writer **out, kf_error *err);

/* What kf_writer_video wants, so that the compositor can write it at once. KF_PIX_NONE without video. */
kf_pixfmt kf_writer_video_format(const kf_writer *writer);
kf_color kf_writer_video_color(const kf_writer *writer); /* fully resolved */
bool kf_writer_has_video(const kf_writer *writer);
bool kf_writer_has_audio(const kf_writer *writer);

/* The next frame, of the writer's size and format, which shows for `periods` of the rate (1 or more; more than 1 only if
 * the rate is variable: it is encoded once, and the next one comes that much later). Takes a reference of its own (planes are not copied) that is given
 * back when the encoder has done with it, possibly on another thread; the samples must not change. After a failure the
 * writer can only be aborted; every later call repeats the first error. */
kf_status kf_writer_video(kf_writer *writer, kf_frame *frame, int32_t periods, kf_error *err);

/* The next n samples of each channel, nominally -1..1 (integer formats round to nearest, without dither, and clip). Any
 * n. */
kf_status kf_writer_audio(kf_writer *writer, const float *const *planes, int n, kf_error *err);

/* Optional: no more will come of this stream. Flushes its encoder, on this thread; the other stream no longer waits for
 * it. Counts as a call of kf_writer_video or kf_writer_audio for the rules on threads. */
kf_status kf_writer_end_video(kf_writer *writer, kf_error *err);
kf_status kf_writer_end_audio(kf_writer *writer, kf_error *err);

/* Optional, before finish or abort: writes all but the name, so that the size is known. stats may be NULL. After a failure
 * the writer can only be aborted. */
kf_status kf_writer_complete(kf_writer *writer, kf_writer_stats *stats, kf_error *err);

/* Flushes, closes, syncs, renames onto the final path and syncs its folder. Frees the writer in every case; on failure
 * the temporary file is removed. stats may be NULL. */
kf_status kf_writer_finish(kf_writer *writer, kf_writer_stats *stats, kf_error *err);

/* From any thread, also while others feed it: whoever waits in it or flushes comes back soon, with this error, and so does
 * every later call. The writer is still to be aborted. */
void kf_writer_stop(kf_writer *writer, const kf_error *why);

/* Stops and removes what was written. Frees the writer. NULL is fine. */
void kf_writer_abort(kf_writer *writer);

/* A copy of a file under another name, which it has once it is whole. Errors as for kf_writer_open. */
kf_status kf_writer_copy(const char *from, const char *to, bool overwrite, kf_error *err);

/* Removes what writers to this path left beside it that were killed; those that still write are not touched. Opening a
 * writer does the same first. */
void kf_writer_clean(const char *path);

/* ---- Writing one picture ---- */

/* PNG, JPEG or WebP by the extension of path. Any format but RGBAF32. 16-bit where PNG and the picture have more than 8;
 * premultiplied alpha is divided out; alpha is dropped (over black) for JPEG. Written beside and renamed. pool (borrowed,
 * NULL: none) shares the work of PNG; the bytes are the same without. Errors as for kf_writer_open. */
kf_status kf_image_write(const char *path, const kf_image *image, bool overwrite, kf_pool *pool, kf_error *err);
/* The same bytes to a sink. format: "png", "jpg" or "webp". */
kf_status kf_image_encode(const char *format, const kf_image *image, const kf_writer_sink *sink, kf_pool *pool,
                          kf_error *err);

#endif
