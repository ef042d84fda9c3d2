/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to media/out: the tables, the temporary file, the encoders, and what stands between them. */
#ifndef KF_MEDIA_OUT_INTERNAL_H
#define KF_MEDIA_OUT_INTERNAL_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "base/api/thread.h"
#include "media/api/writer.h"

#define KF_OUT_SPEEDS 9
#define KF_OUT_MAX_CHANNELS 8

/* ---- formats.c ---- */

/* How one libavcodec encoder is driven. */
typedef struct kf_out_encoder {
    const char *name;
    bool gpl;
    const char *speed_option;                /* NULL: none */
    const char *speeds[KF_OUT_SPEEDS];       /* its words for the generic speeds; NULL: the generic word itself */
    int speed_default;                       /* index of the generic speed, -1 = leave it */
    const char *crf_option;                  /* NULL: none; "q" = AV_CODEC_FLAG_QSCALE with global_quality */
    bool crf_needs_zero_bitrate;
    const char *fixed;                       /* options always set, "key=value:key=value" */
} kf_out_encoder;

typedef struct kf_out_profile {
    const char *name, *value;                /* value of the encoder's option "profile"; NULL = the name */
    kf_pixfmt format;                        /* default of this profile, NONE = the codec's */
} kf_out_profile;

typedef struct kf_out_video_codec {
    const char *name, *label;
    const kf_out_encoder *encoders[4];       /* in order of preference, NULL-terminated */
    const kf_out_profile *profiles;          /* ends with name NULL; the default first; NULL: none */
    const char *const *profile_names;
    kf_pixfmt format;                        /* default */
    bool even_size;
    int crf_min, crf_max, crf_default;
    const char *instead;                     /* what to use when the encoder is missing */
} kf_out_video_codec;

typedef struct kf_out_audio_codec {
    const char *name, *label;
    const char *encoders[3];
    bool lossless;
    int bitrate_default;                     /* stereo */
    enum AVSampleFormat format;              /* preferred, NONE = the encoder's first */
    const char *instead;
} kf_out_audio_codec;

typedef struct kf_out_container {
    const char *name, *label, *muxer;
    const char *const *extensions, *const *video, *const *audio;
    bool faststart, chapters, timecode, variable, pictures, hvc1, needs_seek;
} kf_out_container;

const kf_out_container *kf_out_container_at(int index);
const kf_out_video_codec *kf_out_video_codec_at(int index);
const kf_out_audio_codec *kf_out_audio_codec_at(int index);
/* The first encoder of the codec that this build has, NULL if none. */
const AVCodec *kf_out_find_video(const kf_out_video_codec *codec, const kf_out_encoder **how);
const AVCodec *kf_out_find_audio(const kf_out_audio_codec *codec);
/* Formats of a codec, the default first; NONE-terminated. Returns how many. */
int kf_out_formats(const kf_out_video_codec *codec, const AVCodec *av, kf_pixfmt out[KF_PIX_COUNT]);
bool kf_out_listed(const char *const *list, const char *name);
void kf_out_join(const char *const *list, char *out, size_t size); /* "a, b, c" */
int kf_out_speed_index(const char *name); /* of a generic speed, -1 if it is none */

/* ---- pixels.c ---- */

/* What libavcodec calls a format in front of this encoder; AV_PIX_FMT_NONE if the encoder does not take it. *swap:
 * 16-bit samples must be turned to big-endian on the way. */
enum AVPixelFormat kf_out_av_format(const AVCodec *av, kf_pixfmt format, bool *swap);
enum AVPixelFormat kf_out_av_plain(kf_pixfmt format); /* the same memory layout; NONE for RGBAF32 */
/* Lists of libavcodec that moved in FFmpeg 7.1; NULL = anything. Terminated by NONE or 0. */
const enum AVPixelFormat *kf_out_pixel_formats(const AVCodec *av);
const enum AVSampleFormat *kf_out_sample_formats(const AVCodec *av);
const int *kf_out_sample_rates(const AVCodec *av);
const AVChannelLayout *kf_out_layouts(const AVCodec *av);
/* A frame over the planes of `frame`, holding a reference of it; or, with swap, a big-endian copy. NULL: out of memory.
 */
AVFrame *kf_out_wrap(kf_frame *frame, enum AVPixelFormat format, bool swap);
void kf_out_tag(AVFrame *frame, kf_color color);

/* ---- file.c ---- */

/* One output under its temporary name. Not thread-safe. */
typedef struct kf_out_file {
    char *final_path, *temp_path;   /* temp NULL: a device or pipe, written directly; both NULL: a sink */
    int fd;
    bool overwrite, seekable;
    int64_t position, size;
    int error;                      /* errno of the first failed write */
    const char *name;               /* for messages */
    char *name_copy;
    kf_writer_sink sink;
    AVIOContext *io;                /* made on demand */
} kf_out_file;
kf_status kf_out_file_open(const char *path, bool overwrite, kf_out_file *file, kf_error *err);
kf_status kf_out_file_sink(const kf_writer_sink *sink, const char *name, kf_out_file *file, kf_error *err);
kf_status kf_out_file_io(kf_out_file *file, kf_error *err);       /* makes file->io */
/* Writes all bytes at the position; errno on failure, else 0. */
int kf_out_file_write(kf_out_file *file, const uint8_t *bytes, size_t length);
kf_status kf_out_file_error(const kf_out_file *file, int code, kf_error *err);
/* Syncs, renames, syncs the folder. Frees what the file holds, removing the temporary on failure. */
kf_status kf_out_file_commit(kf_out_file *file, kf_error *err);
void kf_out_file_discard(kf_out_file *file);
kf_status kf_out_exists(const char *path, kf_error *err);          /* KF_ERR_EXISTS with its message */
/* Renames; without overwrite never over an existing file. */
kf_status kf_out_rename(const char *from, const char *to, bool overwrite, kf_error *err);
kf_status kf_out_sync_folder(const char *path, kf_error *err);     /* the folder of path */
char *kf_out_temp_name(const char *path, int n);                   /* kf_free */
/* Locks a temporary file or folder that was just made, for as long as it is open: what is not locked was left behind.
 * False: it was taken for such and removed at once. */
bool kf_out_temp_claim(int fd);

/* ---- wav.c ---- */

enum { KF_OUT_WAV_HEADER = 104 }; /* most bytes */
/* frames < 0: up to the end of the file. Returns its length. */
size_t kf_out_wav_header(int32_t rate, int32_t channels, int64_t frames, uint8_t out[KF_OUT_WAV_HEADER]);

/* ---- video.c, audio.c ---- */

typedef struct kf_out_video {
    const kf_out_video_codec *codec;
    const AVCodec *av;
    AVCodecContext *ctx;
    kf_pixfmt format;
    kf_color color;
    bool swap;
    int64_t next;       /* number of the next frame, in periods of the rate */
    int64_t taken;      /* frames */
} kf_out_video;
/* `global_header` as the muxer asks. Fills v; kf_out_video_close frees. */
kf_status kf_out_video_open(const kf_writer_params *params, const kf_out_video_codec *codec, bool global_header,
                            kf_out_video *v, kf_error *err);
void kf_out_video_close(kf_out_video *v);

/* ---- lasting.c ---- */

/* How long the frames inside an encoder of a variable rate show, which encoders do not say of their packets. Zeroed: all
 * frames show for one period. */
typedef struct kf_out_lasting {
    bool on;
    int64_t gop, key;           /* greatest distance of keyframes, in periods; when the last one was asked for */
    struct kf_out_shown {
        int64_t pts, periods;
    } *list;
    size_t count, capacity;
} kf_out_lasting;
void kf_out_lasting_init(kf_out_lasting *l, const AVCodecContext *ctx);
void kf_out_lasting_finish(kf_out_lasting *l);
/* Before the frame goes to the encoder. Makes it a keyframe if there was none for too long, as an encoder, which counts
 * frames, cannot know. */
kf_status kf_out_lasting_add(kf_out_lasting *l, AVFrame *frame, int32_t periods, kf_error *err);
/* Periods of the packet with this time. */
int64_t kf_out_lasting_take(kf_out_lasting *l, int64_t pts);

typedef struct kf_out_audio {
    const kf_out_audio_codec *codec;
    const AVCodec *av;
    AVCodecContext *ctx;
    AVFrame *frame;     /* being filled, NULL if none */
    int filled, block;
    int64_t next;       /* number of the first sample of `frame` */
} kf_out_audio;
kf_status kf_out_audio_open(const kf_writer_params *params, const kf_out_audio_codec *codec, bool global_header,
                            kf_out_audio *a, kf_error *err);
void kf_out_audio_close(kf_out_audio *a);
/* x * scale rounded to nearest even, within low .. high; NaN gives 0. */
int32_t kf_out_quantise(float x, float scale, float low, float high);
/* Converts up to n samples from `at` on into the frame. Returns how many went in, -1 if out of memory; the frame is
 * full when filled == block. */
int kf_out_audio_fill(kf_out_audio *a, const float *const *planes, int at, int n);
/* Takes the frame out, cut to what is filled; NULL if it is empty. */
AVFrame *kf_out_audio_take(kf_out_audio *a);

/* ---- gif.c ---- */

/* Reduces BGRA frames to a palette. */
typedef struct kf_out_gif kf_out_gif;
typedef kf_status kf_out_frame_fn(void *ctx, AVFrame *frame, kf_error *err); /* frame borrowed */
kf_status kf_out_gif_open(const kf_writer_video_params *params, const char *spool_path, kf_out_gif **out,
                          kf_error *err);
kf_status kf_out_gif_push(kf_out_gif *gif, AVFrame *frame, kf_out_frame_fn *fn, void *ctx, kf_error *err);
kf_status kf_out_gif_end(kf_out_gif *gif, kf_out_frame_fn *fn, void *ctx, kf_error *err);
void kf_out_gif_close(kf_out_gif *gif);

/* ---- sequence.c ---- */

/* Numbered files, collected in a temporary folder beside them. */
typedef struct kf_out_sequence kf_out_sequence;
kf_status kf_out_sequence_open(const char *pattern, bool overwrite, kf_out_sequence **out, kf_error *err);
kf_status kf_out_sequence_add(kf_out_sequence *s, const uint8_t *bytes, size_t length, kf_error *err);
kf_status kf_out_sequence_commit(kf_out_sequence *s, kf_error *err); /* frees in every case */
void kf_out_sequence_discard(kf_out_sequence *s);

/* ---- png.c ---- */

/* A frame of packed RGB, RGBA or gray, 8 bits or 16 big-endian, into a packet that is blank. pool may be NULL. */
kf_status kf_out_png(const AVFrame *frame, kf_pool *pool, AVPacket *packet, kf_error *err);

#endif
