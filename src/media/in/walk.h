/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What walking the packets of a stream collects, and how it becomes times. */
#ifndef KF_MEDIA_IN_WALK_H
#define KF_MEDIA_IN_WALK_H

#include <libavcodec/vorbis_parser.h>

#include "media/in/internal.h"

typedef struct kf_in_walked {
    int64_t pts, dts, duration;
    int32_t order;
    int32_t count;         /* H.264, HEVC: picture order count; restarts with `restart` */
    bool key, hidden;
    bool restart, bipredictive;
    int skip, discard;     /* audio: samples to cut at the start and the end */
    int samples;           /* audio: exact count, -1 if only duration tells */
} kf_in_walked;

typedef struct kf_in_walk {
    kf_in_walked *items;
    size_t count, capacity;
    int64_t expected;      /* packets that the header promises, when no more may be read */
    AVCodecParserContext *parser; /* where times may be missing; NULL: not needed */
    AVCodecContext *parsing;
    AVVorbisParseContext *vorbis; /* NULL: not needed */
} kf_in_walk;

/* ---- rank.c ---- */

void kf_in_walk_finish(kf_in_walk *w);
/* Makes a parser for the stream if it is of a kind that may lack times. */
void kf_in_walk_prepare(kf_in_walk *w, const AVCodecParameters *par);
/* Fills what the packet's own bits tell of its place in the order of presentation. */
void kf_in_walk_parse(kf_in_walk *w, const AVPacket *packet, kf_in_walked *item);
/* Samples that a packet of sound gives, where its bytes tell; else -1. */
int kf_in_walk_samples(kf_in_walk *w, const AVCodecParameters *par, const AVPacket *packet);
/* Gives every item a pts, from the order of presentation and the times there are. numbered: as kf_media; `step` is the
 * usual duration, `start` the time of the first frame. */
kf_status kf_in_walk_time(kf_in_walk *w, bool numbered, int64_t start, int64_t step, kf_error *err);

#endif
