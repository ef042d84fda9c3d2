/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Private to the reading half of media. */
#ifndef KF_MEDIA_IN_INTERNAL_H
#define KF_MEDIA_IN_INTERNAL_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "base/api/alloc.h"
#include "base/api/thread.h"
#include "base/api/time.h"
#include "media/api/source.h"

/* ---- demux.c ---- */

typedef enum kf_in_kind { KF_IN_FILE, KF_IN_PICTURE, KF_IN_SEQUENCE } kf_in_kind;

/* What is opened, again for each decoder. */
typedef struct kf_in_place {
    char *path;
    kf_in_kind kind;
    kf_rational rate;      /* of a sequence */
    int64_t first, count;  /* of a sequence: lowest number, how many */
} kf_in_place;

/* One libavformat context over a file of its own. Not thread-safe. */
typedef struct kf_in_demux {
    AVFormatContext *format;
    AVIOContext *io;       /* NULL: libavformat opens the files */
    int fd;
    int64_t position, size;
    bool hollow;           /* reads deliver nothing but their length: for walks that look at headers in memory only */
} kf_in_demux;
/* Opens and reads the header. On failure *d is as after close. */
kf_status kf_in_demux_open(const kf_in_place *place, kf_in_demux *d, kf_error *err);
void kf_in_demux_close(kf_in_demux *d);
bool kf_in_demux_is(const kf_in_demux *d, const char *format); /* by one of the demuxer's names */
/* Decides what path is: a pattern, a picture or a file. place->path is new (kf_free). */
kf_status kf_in_place_find(const char *path, const kf_media_params *params, kf_in_place *place, kf_error *err);
/* The text of an AVERROR. */
const char *kf_in_error_text(int code, char buffer[128]);

/* ---- index.c ---- */

typedef struct kf_in_entry {
    int64_t pts;           /* in ticks of the stream */
    int32_t order;         /* number of the packet in the file */
} kf_in_entry;
typedef struct kf_in_key {
    int64_t pts, dts;
    int32_t order;
    _Atomic bool bad;      /* decoding from here does not work */
} kf_in_key;
/* Of a video stream. */
typedef struct kf_in_index {
    kf_in_entry *frames;   /* shown, sorted by pts */
    int64_t count;
    kf_in_entry *hidden;   /* packets that show nothing, sorted by pts */
    int64_t hidden_count;
    kf_in_key *keys;       /* in order */
    int64_t key_count;
    int64_t end;           /* ticks: end of the last frame */
    int32_t *shown;        /* number of packet -> number of frame, -1: none */
    int32_t packets;
    kf_in_entry *marks;    /* if by_dts: packets sorted by dts (in pts) */
    bool by_dts;           /* packets carry no pts: they are known by their dts */
    bool untimed;          /* nor a dts: they are known by their number only */
    bool variable;
    kf_rational grid;      /* frames begin at multiples of 1/grid s after the first, though the container rounds them to
                            * ticks; {0, 0}: their times are what they are */
    int reorder;           /* packets that may come before a frame is put out */
} kf_in_index;
/* One packet of sound. */
typedef struct kf_in_sound {
    int64_t pts, dts;      /* ticks */
    int64_t sample;        /* exact position of its first sample, in the stream's rate, from the stream's zero */
} kf_in_sound;
typedef struct kf_in_sound_index {
    kf_in_sound *packets;
    int64_t count;
    int64_t start, end;    /* samples that play */
} kf_in_sound_index;

/* ---- media.c ---- */

typedef struct kf_in_stream {
    AVCodecParameters *par;
    AVRational base;
    int64_t start;         /* ticks; of what plays */
    kf_in_index index;          /* video */
    kf_in_sound_index sound;    /* audio */
    bool direct;           /* audio: positions follow from pts, without an index */
    AVPacket *attached;    /* the picture, NULL if none */
    int frame_bits;        /* bits per sample of the first frame */
    bool alpha_layer;      /* VP8/VP9 with alpha in side data */
} kf_in_stream;

struct kf_media {
    kf_in_place place;
    kf_media_params params;
    kf_arena arena;
    kf_media_info info;
    kf_in_stream *streams;
    kf_time origin;        /* time stamp of media time 0 */
    bool quick;            /* all packet times are in the header (mp4, mov) */
    bool numbered;         /* packets are numbered rather than timed (AVI): the dts is exact, a pts a guess */
    bool timed;            /* each packet carries its own time (Matroska) */
    pthread_mutex_t mutex; /* for what follows */
    bool indexed;
    kf_error index_error;
    kf_in_demux demux;
};
kf_time kf_in_time(const kf_media *media, int stream, int64_t ticks);
/* The largest tick whose time is <= t. */
int64_t kf_in_ticks(const kf_media *media, int stream, kf_time t);
/* Stream number in the file of the n-th stream of a type, -1 = the best; -1 if there is none. */
int kf_in_find_stream(const kf_media *media, kf_stream_type type, int n);
const char *kf_in_name(const kf_media *media); /* for messages */

/* describe.c */
kf_status kf_in_describe(kf_media *media, kf_error *err);
void kf_in_describe_index(kf_media *media); /* adds what the index tells */

/* index.c */
kf_status kf_in_index_make(kf_media *media, kf_error *err); /* under the mutex; closes media->demux */
void kf_in_index_free(kf_in_stream *stream);
/* Number of the packet with this pts, or dts if by_dts; -1 if unknown. */
int32_t kf_in_index_order(const kf_in_index *index, int64_t pts);
/* Frame that comes from a packet; -1 if none. */
int64_t kf_in_index_shown(const kf_in_index *index, int32_t order);
/* When a frame with this pts begins, and the pts up to which frames have begun at t: as kf_in_time and kf_in_ticks, but
 * without the container's rounding where frames lie on a grid. */
kf_time kf_in_index_time(const kf_media *media, int stream, int64_t pts);
int64_t kf_in_index_ticks(const kf_media *media, int stream, kf_time t);
/* Last frame with pts <= ticks, clamped. */
int64_t kf_in_index_at(const kf_in_index *index, int64_t ticks);
/* Number in `keys` of the last key at or before a packet; -1 if none. */
int64_t kf_in_index_key_before(const kf_in_index *index, int32_t order);
/* Number in `keys` of the key from which frame i can be decoded; -1: from the start of the file. */
int64_t kf_in_index_key(const kf_in_index *index, int64_t i);
/* First frame (by time) that decoding from this key gives. */
int64_t kf_in_index_key_frame(const kf_in_index *index, int64_t key);
/* Notes that frame i could not be decoded from its key. False: there is no earlier one to try. */
bool kf_in_index_distrust(const kf_in_index *index, int64_t i);

/* ---- decoder.c ---- */

/* A place in a video stream with a decoder. Not thread-safe. */
typedef struct kf_in_decoder kf_in_decoder;
/* Roughly: soon rather than exactly, on the calling thread alone. */
typedef enum kf_in_way { KF_IN_AS_STORED, KF_IN_DEINTERLACED, KF_IN_ROUGHLY } kf_in_way;
kf_status kf_in_decoder_open(kf_media *media, int stream, kf_in_way way, kf_in_decoder **out, kf_error *err);
void kf_in_decoder_close(kf_in_decoder *d);
/* Packets to decode until frame i comes out; INT64_MAX if it cannot come without seeking. */
int64_t kf_in_decoder_cost(const kf_in_decoder *d, int64_t i);
/* Frame i is the last one wanted before the next seek, so that it may come without what would follow; -1: not known. */
void kf_in_decoder_until(kf_in_decoder *d, int64_t i);
/* stop(ctx) is asked between packets: once true, kf_in_decoder_next ends with CANCELLED, and may be called again. */
void kf_in_decoder_stop(kf_in_decoder *d, bool (*stop)(void *ctx), void *ctx);
/* Packets to decode to come back to where it stands; 0 where hardly anything comes before a key or the end. */
int64_t kf_in_decoder_rebuild_cost(const kf_in_decoder *d);
bool kf_in_decoder_passed(const kf_in_decoder *d, int64_t i); /* frame i lies behind it */
/* Packets to decode until frame i comes out after a seek to it. */
int64_t kf_in_decoder_seek_cost(const kf_media *media, int stream, int64_t i, bool deinterlace);
kf_status kf_in_decoder_seek(kf_in_decoder *d, int64_t i, kf_error *err);
/* Next frame in order of time into `frame` (unreferenced before), its number in *i; -1 at the end. Frames before
 * `needed` that nothing refers to may be left out. */
kf_status kf_in_decoder_next(kf_in_decoder *d, int64_t needed, AVFrame *frame, int64_t *i, kf_error *err);
int64_t kf_in_decoder_decoded(const kf_in_decoder *d); /* frames put out so far */
int64_t kf_in_decoder_ns(const kf_in_decoder *d);
/* Decodes one frame for it. Needs the index of the stream. */
kf_field_order kf_in_decoder_look_at_fields(kf_media *media, int stream);
/* A codec context for the stream, opened. threads as kf_media_params. */
kf_status kf_in_codec_open(const kf_media *media, int stream, int threads, AVCodecContext **out, kf_error *err);

/* ---- picture.c ---- */

struct SwsContext;
typedef struct kf_in_converter {
    struct SwsContext *sws;
    int width, height, from;
} kf_in_converter;
/* How frames of a libav format are delivered; *copy: they are converted. NONE if impossible. */
kf_pixfmt kf_in_format(enum AVPixelFormat format, bool no_alpha, bool *copy);
kf_color kf_in_color(const AVFrame *frame, const AVCodecParameters *par);
/* With the caller's overrides, resolved. */
kf_color kf_in_final_color(const kf_media *media, kf_color c, kf_pixfmt format, int width, int height);
/* Wraps or converts; takes what *av refers to on success (and leaves it blank). */
kf_status kf_in_picture(const kf_media *media, int stream, kf_in_converter *c, AVFrame *av, kf_frame **out,
                        kf_error *err);
kf_frame *kf_in_picture_share(kf_frame *frame, int64_t number, kf_time time); /* another number for the same picture */
void kf_in_converter_finish(kf_in_converter *c);

/* ---- shrink.c ---- */

/* Not thread-safe. Zero-initialise. */
typedef struct kf_in_shrinker {
    struct SwsContext *sws; /* NULL: pictures like the last cannot be scaled */
    kf_pixfmt format;
    int from_width, from_height, width, height;
    uint8_t range, chroma_loc;
} kf_in_shrinker;
/* Whether a picture shrinks to this size (0: none). */
bool kf_in_smaller(const kf_image *image, int width, int height);
/* A new reference to a copy of that size, by area; to the frame itself where it does not shrink to it, or is of a format
 * that cannot be scaled. NULL when out of memory. */
kf_frame *kf_in_shrink(kf_in_shrinker *s, kf_frame *frame, int width, int height);
void kf_in_shrinker_finish(kf_in_shrinker *s);

/* ---- cache.c ---- */

typedef struct kf_in_cached {
    kf_frame *frame;
    int64_t i;
    uint64_t stamp;        /* of the last use */
    bool damaged;
    bool given;            /* to somebody */
    int width, height;     /* that it was scaled to; 0: as it is stored */
} kf_in_cached;
/* Frames by number; sorted. Not thread-safe. */
typedef struct kf_in_cache {
    kf_in_cached *items;
    size_t count, capacity;
    int64_t bytes, peak;
    uint64_t clock;
} kf_in_cache;
kf_in_cached *kf_in_cache_find(kf_in_cache *c, int64_t i); /* valid until the cache changes; NULL if absent */
bool kf_in_cache_add(kf_in_cache *c, int64_t i, kf_frame *frame, bool damaged); /* takes a reference of its own */
void kf_in_cache_remove(kf_in_cache *c, size_t at);
void kf_in_cache_finish(kf_in_cache *c);

#endif
