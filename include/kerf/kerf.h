/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kerf's public C API: load a film, check it, render it, look at a frame; probe media; list what this build can do.
 *
 * Conventions. A function that can fail returns kf_status and fills *error (borrowed, may be NULL) with a message that
 * names the thing and the way out. Handles are opaque; destroy functions accept NULL. Strings given to Kerf are
 * borrowed for the call unless said otherwise; strings from Kerf end with kf_string_free. Params structs start from
 * their *_default function. Thread-safety is stated per type. Nothing here blocks on user input, prints, or exits. */
#ifndef KERF_KERF_H
#define KERF_KERF_H

#include "kerf/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define KF_VERSION_MAJOR 0
#define KF_VERSION_MINOR 1
#define KF_VERSION_PATCH 0

/* "0.1.0"; of the library at run time. */
KF_API const char *kf_version(void);
/* Short stable name of a status: "ok", "parse", "not-found", ... Never NULL. */
KF_API const char *kf_status_text(kf_status status);
/* Frees a string that Kerf returned. NULL is fine. */
KF_API void kf_string_free(char *text);

/* How descriptions are written. */
typedef enum kf_text_format { KF_TEXT_PLAIN, KF_TEXT_JSON } kf_text_format;

/* ---- Films ---- */

/* A loaded film. Immutable; may be used from any number of threads at once. */
typedef struct kf_film_handle kf_film_handle;

/* Reads a film: JSON (docs/film-format.md), or any form of docs/interchange.md, told by its content or extension (what
 * such a form cannot say of a film is left out without a word: see kf_convert). Media files are not opened yet. *out is
 * new on success, NULL on failure. */
KF_API kf_status kf_film_open(const char *path, kf_film_handle **out, kf_error *error);
/* As kf_film_open from memory. name starts error messages; relative media paths resolve against folder (NULL: current).
 */
KF_API kf_status kf_film_open_json(const char *json, size_t length, const char *name, const char *folder,
                                   kf_film_handle **out, kf_error *error);
KF_API void kf_film_close(kf_film_handle *film);

typedef struct kf_film_summary {
    int32_t width, height;    /* of the main sequence, px; media that decides an "auto" size has been looked at */
    kf_rational rate;         /* frames per second */
    int32_t sample_rate;
    kf_time duration;
    int32_t sequences, assets, video_tracks, audio_tracks, clips;
    bool drop_frame;
    int64_t start_timecode;   /* frame count of the first frame's timecode */
} kf_film_summary;
KF_API kf_status kf_film_summarize(const kf_film_handle *film, kf_film_summary *out, kf_error *error);

/* Reads a time as the CLI does: seconds, hh:mm:ss.mmm, SMPTE timecode (drop-frame too), or "123f", at the film's rate.
 */
KF_API kf_status kf_film_parse_time(const kf_film_handle *film, const char *text, kf_time *out, kf_error *error);

/* Opens every asset, compares every clip with its media, and tries titles, subtitles, lookup tables and mattes; decodes no
 * video. Each problem is given once to `problem` (called on this thread, may be NULL; status KF_OK for warnings) and the
 * first error is returned. */
typedef void kf_problem_fn(void *context, const kf_error *problem);
KF_API kf_status kf_film_check(const kf_film_handle *film, kf_problem_fn *problem, void *context, kf_error *error);

/* ---- Other editors' forms ---- */

/* When a loss was found: reading the source, writing the target, or comparing what was written with the source. */
typedef enum kf_convert_stage { KF_CONVERT_READ, KF_CONVERT_WRITE, KF_CONVERT_VERIFY } kf_convert_stage;
typedef struct kf_convert_loss {
    kf_convert_stage stage;
    const char *kind;          /* "dropped", "changed", "metadata" (kept, but only as metadata), "note" */
    const char *where;         /* "Reel 1 / V1 / 00:00:10:00 bunny.mp4"; may be "" */
    const char *what;          /* one sentence */
} kf_convert_loss;
typedef struct kf_convert_params {
    const char *from_format;   /* name of a form; NULL: by the file's content, then its extension */
    const char *to_format;     /* NULL: by the extension */
    const char *sequence;      /* id of the one to write, for forms that hold one; NULL: the main one */
    kf_rational rate;          /* of sources that do not say theirs (EDL, captions); {0, 0}: the form's default */
    bool overwrite;
    bool dry_run;              /* do everything, write nothing */
    void (*loss)(void *context, const kf_convert_loss *loss); /* on this thread, before anything is written; may be NULL */
    void *context;
} kf_convert_params;
KF_API kf_convert_params kf_convert_params_default(void);

/* Reads a film in any form, turns it into another, reads that back and compares, and then writes the file, whole or not
 * at all. params may be NULL. Media are looked at only where the film leaves its size or rate to them. */
KF_API kf_status kf_convert(const char *from, const char *to, const kf_convert_params *params, kf_error *error);
/* The same of a film that is open: of params, from_format and rate are not used. */
KF_API kf_status kf_film_convert(const kf_film_handle *film, const char *to, const kf_convert_params *params,
                                 kf_error *error);
/* The forms there are. Texts live forever. */
typedef struct kf_interchange_form {
    const char *name, *label;
    const char *const *extensions; /* without dot, the usual one first; ends with NULL */
    bool read, write;
    bool captions;             /* it holds nothing but texts */
} kf_interchange_form;
KF_API bool kf_interchange_form_at(int32_t index, kf_interchange_form *out); /* false: no such one */
/* All of them as text. New string. */
KF_API kf_status kf_describe_interchange(kf_text_format format, char **out, kf_error *error);

/* ---- Rendering ---- */

typedef enum kf_progress_stage { KF_STAGE_OPEN, KF_STAGE_RENDER, KF_STAGE_FINISH } kf_progress_stage;
typedef struct kf_progress {
    kf_progress_stage stage;
    int64_t frame, frames;     /* frames handed to the encoder; all there are */
    double seconds;            /* wall time since the start */
    double frames_per_second;  /* over the last second or so */
    double speed;              /* film time per wall time, since the start */
    double eta_seconds;        /* negative when not known */
} kf_progress;

/* Takes all `length` bytes of a stream, which come in order, and returns 0; another number, an errno, ends what writes
 * them with KF_ERR_IO. It may wait: then everything waits, and no more than a few frames pile up. On some thread, one call
 * at a time. */
typedef int kf_write_fn(void *context, const uint8_t *bytes, size_t length);

/* A hash per frame (video = XXH64, seed 0, of the output planes, row by row) and per frame's span of PCM. */
typedef void kf_hash_fn(void *context, int64_t frame, uint64_t video, uint64_t audio);

typedef struct kf_render_params {
    const char *output;        /* path; NULL with null_output or write */
    bool null_output;          /* everything but encoding and writing */
    bool overwrite;
    bool allow_missing;        /* missing media: a labelled placeholder and a warning instead of an error */
    bool clamp_ranges;         /* a source range beyond its media: hold the last frame and warn instead of an error */
    kf_time start, end;        /* of the sequence; KF_TIME_NONE: its own ends */
    const char *sequence;      /* id; NULL: the main one */
    const char *preset;        /* name from `kerf formats`; NULL: by the output's extension */
    const char *video_codec, *audio_codec, *speed, *pixel_format, *profile; /* NULL: as the preset says */
    int32_t crf;               /* < 0: as the preset says */
    int64_t video_bitrate, audio_bitrate; /* bits per second; 0: as the preset says */
    int32_t width, height;     /* 0: as the sequence (or preset) says */
    kf_rational rate;          /* {0, 0}: as the sequence (or preset) says */
    bool variable_rate;        /* mp4, mov, mkv, webm: a picture that stays as it was is not encoded again, it is shown
                                * longer (a second at most). Also if the preset says so */
    int32_t threads;           /* 0: one per CPU */
    int64_t memory;            /* bytes for frames in flight and caches; 0: 128 MiB */
    bool reference;            /* compose with the reference executor (slow; for tests) */
    const char *instruction_set; /* "c", "avx2", "avx512"; NULL: the best there is */
    bool profile_stages;       /* measure stages, clips and effects (see kf_render_report.profile) */
    void (*progress)(void *context,
                     const kf_progress *progress); /* about ten times a second, on some thread; may be NULL */
    kf_hash_fn *hash;          /* in order of frames, on some thread; may be NULL */
    kf_problem_fn *warning;    /* on some thread; may be NULL */
    kf_write_fn *write;        /* not NULL: the bytes go here while they are made, and no file is written. MP4 and MOV come in
                                * fragments of at most a second (or a frame), which play while they arrive; not for GIF, AVI,
                                * WAV and numbered pictures. A render that failed has written what it had made */
    const char *container;     /* of what `write` gets: "mp4", "webm", "mkv", ...; NULL: as the preset says, else mp4 */
    void *context;             /* given to the callbacks */
    const bool
        *cancel; /* polled; set it to true to stop with KF_ERR_CANCELLED (also from a signal handler); may be NULL */
} kf_render_params;
KF_API kf_render_params kf_render_params_default(void);

typedef struct kf_render_report {
    int64_t frames, samples;
    kf_time duration;
    double seconds;            /* wall */
    double speed;              /* film time per wall time */
    int64_t decoded_frames, passed_frames; /* passed: went through untouched, without a copy */
    int64_t repeated_frames;   /* the same as the frame before, and not composed again */
    int64_t bytes;             /* of the file */
    int64_t cache_hits, cache_misses; /* source frames that were there when they were wanted; that had to be waited for */
    double compose_seconds;    /* wall time of composing, all frames together */
    int64_t peak_memory;       /* bytes: most that the process has had in memory so far; 0: not known */
    float peak_db, rms_db, true_peak_db, lufs; /* of the sound; -INFINITY for silence, NAN when not measured */
    char *profile;             /* text, when asked for; kf_string_free */
} kf_render_report;

/* Renders the film. The output appears under its name only when it is complete; a failed or stopped render leaves an
 * older file untouched and nothing else behind. report may be NULL. */
KF_API kf_status kf_render(const kf_film_handle *film, const kf_render_params *params, kf_render_report *report,
                           kf_error *error);

/* What kf_render would do, per second of film: what is decoded, composed, encoded. Decodes nothing. New string. */
KF_API kf_status kf_render_plan(const kf_film_handle *film, const kf_render_params *params, kf_text_format format,
                                char **out, kf_error *error);

/* One frame of the film as PNG, JPEG or WebP. Of params: sequence, size, allow_missing, clamp_ranges, overwrite,
 * reference, threads. Opens only the media that shows then. */
KF_API kf_status kf_render_frame(const kf_film_handle *film, kf_time at, const char *path,
                                 const kf_render_params *params, kf_error *error);

/* ---- Jobs ---- */

/* Of long work that is listed: renders (kerf/queue.h), proxies and the like (kerf/worker.h). */
typedef enum kf_job_state {
    KF_JOB_QUEUED, KF_JOB_RUNNING, KF_JOB_PAUSED, KF_JOB_DONE, KF_JOB_FAILED, KF_JOB_CANCELLED
} kf_job_state;
/* "queued", "running", ... Never NULL. */
KF_API const char *kf_job_state_name(kf_job_state state);

/* ---- Descriptions ---- */

typedef struct kf_probe_params {
    bool loudness;             /* decode the sound and measure it (takes a while) */
    bool index;                /* read all packets: frames, durations, rates and whether they vary become exact */
} kf_probe_params;
/* Describes a media file. New string. */
KF_API kf_status kf_probe(const char *path, const kf_probe_params *params, kf_text_format format, char **out,
                          kf_error *error);

/* Every effect, transition, generator, audio effect and preset with typed parameters, or the one called `name`. New
 * string. */
KF_API kf_status kf_describe_effects(const char *name, kf_text_format format, char **out, kf_error *error);
/* Containers, codecs, pixel formats and presets that this build can write. New string. */
KF_API kf_status kf_describe_formats(kf_text_format format, char **out, kf_error *error);
/* Presets of sequences: size, rate and sound by name. New string. */
KF_API kf_status kf_describe_presets(kf_text_format format, char **out, kf_error *error);
/* The JSON Schema of films. New string. */
KF_API kf_status kf_describe_schema(char **out, kf_error *error);

/* Finds by how much two recordings of the same event are apart, by their sound: the second one starts *offset later
 * than the first (negative: earlier). confidence is 0..1; below 0.2 nothing was found (KF_ERR_NOT_FOUND). */
KF_API kf_status kf_sync_by_sound(const char *first, const char *second, kf_time *offset, double *confidence,
                                  kf_error *error);

#ifdef __cplusplus
}
#endif
#endif
