/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading media: describe a file, and take pictures and samples out of it at exact times.
 *
 * Time. Media time 0 is the start of what a player shows first: the earliest start of any stream that plays, after edit
 * lists, so that sound and picture of one file keep their distance. A video stream's frame at time t is the last one
 * whose presentation time is <= t (before the first: the first). Presentation times come from an index of the stream in
 * its own time base, made once by walking the packets without decoding, so variable frame rates are exact.
 *
 * A decoder belongs to the source. Any number of clips, on any number of threads, ask one source; requests that lie
 * near each other, or alternate between a few places, are served by a few decoders that run ahead and by the cache,
 * never by a seek per frame. */
#ifndef KF_MEDIA_SOURCE_H
#define KF_MEDIA_SOURCE_H

#include <stdatomic.h>

#include "base/api/image.h"
#include "base/api/status.h"

/* ---- Description ---- */

typedef enum kf_stream_type { KF_STREAM_VIDEO, KF_STREAM_AUDIO, KF_STREAM_SUBTITLE, KF_STREAM_OTHER } kf_stream_type;
typedef enum kf_field_order { KF_FIELDS_PROGRESSIVE, KF_FIELDS_TOP_FIRST, KF_FIELDS_BOTTOM_FIRST } kf_field_order;

typedef struct kf_stream_info {
    kf_stream_type type;
    const char *codec, *codec_label, *profile; /* "h264", "H.264 / AVC ...", "High"; "" if unknown */
    const char *language, *title;              /* "" if none */
    bool is_default, attached_picture;
    kf_time start, duration;                   /* in media time; duration KF_TIME_NONE if unknown */
    int64_t bit_rate;                          /* 0 if unknown */
    int64_t frames;                            /* as the container says; 0 if unknown. Exact after kf_media_index */
    /* video */
    int width, height;                         /* of the stored picture */
    int shown_width, shown_height;             /* square pixels, upright */
    kf_rational sample_aspect;                 /* {1, 1} square */
    int rotation;                              /* clockwise degrees to show it upright: 0, 90, 180, 270 */
    bool mirrored;                             /* flip left-right after the rotation */
    kf_rational rate;                          /* average; {0, 0} unknown */
    bool variable_rate;                        /* known only after kf_media_index, or when the container says so */
    kf_field_order fields;
    kf_pixfmt format;                          /* as delivered; KF_PIX_NONE: converted on reading */
    const char *pixel_format;                  /* libav's name, "" if unknown */
    kf_color color;                            /* as tagged, not resolved */
    bool alpha;
    /* audio */
    int sample_rate, channels;
    const char *layout;                        /* "stereo", "5.1(side)", ... */
} kf_stream_info;

typedef struct kf_media_info {
    const char *path, *container, *container_label;
    kf_time duration;                          /* longest stream's end; KF_TIME_NONE unknown; stills: 0 */
    int64_t bytes, bit_rate;
    bool still;                                /* one picture */
    bool sequence;                             /* numbered pictures */
    int stream_count;
    const kf_stream_info *streams;
    int best_video, best_audio;                /* index into streams, -1 none */
    int chapter_count, metadata_count;
    const struct kf_media_chapter { kf_time start, end; const char *title; } *chapters;
    const struct kf_media_tag { const char *key, *value; } *metadata;
    const char *timecode;                      /* "" if none */
    kf_rational timecode_rate;
} kf_media_info;

/* An opened file. Thread-safe. Everything of the description lives as long as it. */
typedef struct kf_media kf_media;

typedef struct kf_media_params {
    kf_rational rate;          /* numbered pictures: frames per second; {0, 0} = 25 */
    int64_t cache_bytes;       /* of decoded pictures kept per video source; 0 = 64 MiB. Frames in use do not count */
    int threads;               /* per decoder; 0 = one per CPU, at most 6, and 2 for small pictures */
    bool no_deinterlace, force_deinterlace; /* default: pictures that say they are interlaced */
    bool no_alpha;
    bool single;               /* single pictures are asked for, not runs: each is given as soon as what it needs is
                                * decoded, at the price of a seek for the next */
    bool interactive;          /* video sources serve a person at a monitor, see kf_video_source_show: cache_bytes (0 =
                                * 256 MiB) then has room for decoders, too; the second may go beyond it by some 10
                                * pictures */
    kf_color color;            /* overrides of what the file says; unspecified (0) parts are taken from it */
} kf_media_params;
kf_media_params kf_media_params_default(void);

/* Opens and describes. `path` may be a numbered sequence ("shot.%04d.png"; it starts at the lowest number that exists
 * and ends at the first that is missing). Reads headers and the first packets only. Errors: NOT_FOUND; IO (not
 * readable); MEDIA (a folder, an empty file, one that is cut off, a text, something that is not media, no stream that
 * can be decoded: each says so and what to do); UNSUPPORTED; MEMORY. *out NULL on failure. */
kf_status kf_media_open(const char *path, const kf_media_params *params, kf_media **out, kf_error *err);
void kf_media_close(kf_media *media); /* NULL is fine; sources of it must be closed before */
const kf_media_info *kf_media_describe(const kf_media *media);
/* Walks all packets: makes frames, starts, durations, rates and variable_rate exact. Called by sources as needed. */
kf_status kf_media_index(kf_media *media, kf_error *err);

/* ---- Pictures ---- */

typedef struct kf_video_source kf_video_source; /* thread-safe */

/* stream: among the video streams, -1 = the best. Borrows media. Opens no decoder yet. */
kf_status kf_video_source_open(kf_media *media, int stream, kf_video_source **out, kf_error *err);
void kf_video_source_close(kf_video_source *source); /* frames handed out stay valid */

typedef struct kf_video_info {
    const kf_stream_info *stream;
    int64_t frames;            /* exact */
    kf_time start, end;        /* of the first frame's start and the last frame's end, media time */
    kf_pixfmt format;          /* of the frames */
    kf_color color;            /* resolved */
} kf_video_info;
kf_status kf_video_source_describe(kf_video_source *source, kf_video_info *out, kf_error *err); /* makes the index */

/* Index of the frame shown at t, clamped to [0, frames). O(log n) at most, O(1) for times near the last one asked. */
int64_t kf_video_source_frame_at(kf_video_source *source, kf_time t);
/* Start of frame i, clamped; i = frames gives the end. */
kf_time kf_video_source_frame_time(kf_video_source *source, int64_t i);
/* Frame i (clamped), a new reference on success. Blocks while it is decoded. The frame's kf_image has size, format,
 * resolved color, straight or premultiplied alpha as stored. Frames whose data libav* decoded are handed out without a
 * copy. Damaged media: the nearest frame that could be decoded before it stands in and *damaged (may be NULL) is true;
 * an error only when nothing can be decoded. */
kf_status kf_video_source_get(kf_video_source *source, int64_t i, kf_frame **out, bool *damaged, kf_error *err);
/* Hint: frames from..to will be asked for soon, in that order (from > to: backward). Decoding runs ahead, bounded, and
 * not past `to`; what other clips pass and this one wants is kept. One call per clip, just before it begins, will do.
 * Without hints the pattern of what is asked for is followed, and a few frames past each cut are decoded in vain.
 * Interactive sources keep to the last few hints. Never blocks long. */
void kf_video_source_want(kf_video_source *source, int64_t from, int64_t to);

/* ---- Pictures for a person: scrubbing, stepping, playing both ways ---- */

/* One picture for the screen. Zero-initialise. */
typedef struct kf_picture_request {
    int64_t frame;             /* clamped */
    int width, height;         /* samples that the stored picture (before rotation and sample aspect) is shown with; 0:
                                * all. One larger than the stored picture counts as 0. Stay with one size, as long as
                                * the monitor keeps its quality: pictures are kept at the size asked for last */
    int64_t deadline;          /* of kf_clock_ns(): when the exact picture cannot be there by then, the nearest that is
                                * at hand stands in, at once if that is foreseen; 0: the exact one is waited for */
    const atomic_bool *cancel; /* once true, nobody waits for it any more; looked at between packets; NULL: never. It
                                * must live until the call has returned */
} kf_picture_request;
typedef struct kf_picture_reply {
    kf_frame *frame;           /* a reference of the caller's. Its number and time say which picture it is */
    bool exact;                /* the frame asked for, in the size asked for; else a stand-in, which may be that frame
                                * in a smaller size. The exact one is being decoded; on_arrival says when it has come */
    bool damaged;              /* as in kf_video_source_get */
} kf_picture_reply;
/* For sources of interactive media. They keep the pictures of the GOPs that they decode, so that steps back and reverse
 * play find them, those further away smaller where a GOP would not fit in the size asked for; keep decoders at several
 * places; let the newest request go first; and decode ahead in the direction of movement, which kf_video_source_want
 * tells sooner and further. A scaled picture has the stored format and is the same for every number of threads and
 * whatever was asked before; pictures of formats that cannot be scaled come whole. CANCELLED: *out is empty. Other
 * errors as kf_video_source_get. Any number of threads may wait. Of media that are not interactive, the exact picture is
 * waited for as in kf_video_source_get. */
kf_status kf_video_source_show(kf_video_source *source, const kf_picture_request *request, kf_picture_reply *out,
                               kf_error *err);
/* fn(ctx, frame) is called on the decoding thread, without a lock held, when a frame has come for which a stand-in was
 * given. It must return soon; it may not close the source. Set it before the first show. */
void kf_video_source_on_arrival(kf_video_source *source, void (*fn)(void *ctx, int64_t frame), void *ctx);

/* What decoding has cost. */
typedef struct kf_source_stats {
    int64_t decoded, seeks, decoders, cache_hits, cache_misses, cache_bytes_peak;
    int64_t decode_ns;         /* CPU or wall time inside libavcodec on our threads */
} kf_source_stats;
kf_source_stats kf_video_source_stats(kf_video_source *source);

/* ---- Samples ---- */

typedef struct kf_audio_source kf_audio_source; /* one thread at a time */

/* stream: among the audio streams, -1 = the best. Delivers float planes at sample_rate with `channels` channels (1, 2,
 * or 0 = as the file has, in the order of WAVE). Downmix to stereo (ITU-R BS.775): L' = L + 0.7071 C + 0.7071 Ls (+
 * 0.7071 Lb), the same for right, LFE left out, not normalised; to mono: half the sum of that. Mono to stereo: both get
 * it unchanged. swresample only where rate or layout differ. */
kf_status kf_audio_source_open(kf_media *media, int stream, int sample_rate, int channels, kf_audio_source **out,
                               kf_error *err);
void kf_audio_source_close(kf_audio_source *source);
int kf_audio_source_channels(const kf_audio_source *source);
/* Samples in [0, length): length in output samples, from the index; start of the stream is included as silence. */
int64_t kf_audio_source_length(kf_audio_source *source);
/* Fills planes[c][0..n) with samples [position, position + n) of media time (sample k is at k / sample_rate s); outside
 * the stream there is silence. Sample-accurate for any order of positions (seeks pre-roll, encoder priming cut),
 * fastest when going forward. */
kf_status kf_audio_source_read(kf_audio_source *source, int64_t position, float *const *planes, int n, kf_error *err);

#endif
