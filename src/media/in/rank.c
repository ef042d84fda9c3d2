/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times for streams whose packets do not carry them (AVI, MPEG programme streams, raw ones): the order of presentation
 * follows from the pictures' own headers, the times from what is known of the packets. */
#include <stdlib.h>

#include "media/in/walk.h"

void kf_in_walk_finish(kf_in_walk *w)
{
    av_parser_close(w->parser);
    avcodec_free_context(&w->parsing);
    av_vorbis_parse_free(&w->vorbis);
    kf_free(w->items);
}

void kf_in_walk_prepare(kf_in_walk *w, const AVCodecParameters *par)
{
    switch (par->codec_id) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MPEG4: break;
    default: return;
    }
    w->parser = av_parser_init(par->codec_id);
    w->parsing = avcodec_alloc_context3(NULL);
    if (w->parser && w->parsing && avcodec_parameters_to_context(w->parsing, par) >= 0) {
        w->parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    } else {
        av_parser_close(w->parser);
        w->parser = NULL;
    }
}

void kf_in_walk_parse(kf_in_walk *w, const AVPacket *packet, kf_in_walked *item)
{
    if (!w->parser) {
        return;
    }
    uint8_t *out;
    int size;
    av_parser_parse2(w->parser, w->parsing, &out, &size, packet->data, packet->size, packet->pts, packet->dts,
                     packet->pos);
    item->count = w->parser->output_picture_number;
    item->bipredictive = w->parser->pict_type == AV_PICTURE_TYPE_B;
    bool counted = w->parsing->codec_id == AV_CODEC_ID_H264 || w->parsing->codec_id == AV_CODEC_ID_HEVC;
    item->restart = counted && item->key && item->count <= 0;
}

/* ---- ranking ---- */

typedef struct ranked {
    int32_t group, count, order;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    int64_t d = x->group != y->group   ? (int64_t)x->group - y->group
                : x->count != y->count ? (int64_t)x->count - y->count
                                       : x->order - y->order;
    return (d > 0) - (d < 0);
}

/* Pictures that are not bipredictive wait for the next such one. */
static void rank_by_type(const kf_in_walk *w, ranked *r)
{
    size_t n = 0;
    int32_t held = -1;
    for (size_t i = 0; i < w->count; i++) {
        if (w->items[i].bipredictive) {
            r[n++].order = (int32_t)i;
        } else {
            if (held >= 0) {
                r[n++].order = held;
            }
            held = (int32_t)i;
        }
    }
    if (held >= 0) {
        r[n].order = held;
    }
}

static void rank_by_count(const kf_in_walk *w, ranked *r)
{
    int32_t group = 0;
    for (size_t i = 0; i < w->count; i++) {
        group += w->items[i].restart;
        r[i] = (ranked){group, w->items[i].count, (int32_t)i};
    }
    qsort(r, w->count, sizeof *r, compare_ranked);
}

static void rank(const kf_in_walk *w, ranked *r)
{
    bool counted = w->parser && (w->parsing->codec_id == AV_CODEC_ID_H264 || w->parsing->codec_id == AV_CODEC_ID_HEVC);
    if (counted) {
        rank_by_count(w, r);
    } else {
        rank_by_type(w, r);
    }
}

/* ---- times ---- */

/* What is missing follows from the neighbours. */
static void interpolate(kf_in_walk *w, const ranked *r, int64_t step)
{
    size_t first = 0;
    while (first < w->count && w->items[r[first].order].pts == AV_NOPTS_VALUE) {
        first++;
    }
    for (size_t i = first; i-- > 0;) {
        w->items[r[i].order].pts = w->items[r[i + 1].order].pts - step;
    }
    for (size_t i = first + 1; i < w->count; i++) {
        kf_in_walked *item = &w->items[r[i].order];
        item->pts = item->pts == AV_NOPTS_VALUE ? w->items[r[i - 1].order].pts + step : item->pts;
    }
}

/* The n-th picture is shown when the n-th packet is decoded, but for a constant delay. */
static void copy_dts(kf_in_walk *w, const ranked *r, int64_t start, int64_t step)
{
    int64_t next = w->count && w->items[0].dts != AV_NOPTS_VALUE ? w->items[0].dts : 0, shift = start - next;
    for (size_t i = 0; i < w->count; i++) {
        int64_t dts = w->items[i].dts == AV_NOPTS_VALUE ? next : w->items[i].dts;
        w->items[r[i].order].pts = dts + shift;
        next = dts + (w->items[i].duration > 0 ? w->items[i].duration : step);
    }
}

kf_status kf_in_walk_time(kf_in_walk *w, bool numbered, int64_t start, int64_t step, kf_error *err)
{
    ranked *r = kf_alloc_zero(w->count ? w->count : 1, sizeof *r);
    if (!r) {
        return kf_fail_memory(err);
    }
    rank(w, r);
    size_t known = 0;
    for (size_t i = 0; i < w->count; i++) {
        known += w->items[i].pts != AV_NOPTS_VALUE;
    }
    if (!numbered && known > w->count / 2) {
        interpolate(w, r, step);
    } else {
        copy_dts(w, r, start, step);
    }
    kf_free(r);
    return KF_OK;
}
