/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Palettes for GIF through libavfilter. One palette per film needs all frames before the first can go out: they wait in
 * an unnamed file beside the output, width * height * 4 bytes each, so that memory stays flat. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "media/filters.h"
#include "media/out/internal.h"

#define PER_FRAME "[in]split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1:dither=sierra2_4a[out]"
#define GENERATE "[in]palettegen=stats_mode=full[out]"
#define APPLY "[in][palette]paletteuse=dither=sierra2_4a:diff_mode=rectangle[out]"

typedef struct chain {
    kf_filters av;
    AVFilterGraph *graph;
    AVFilterContext *in, *palette, *out;
} chain;

struct kf_out_gif {
    int width, height;
    AVRational time_base;
    bool per_frame;
    chain first;       /* per frame: all; else GENERATE */
    int spool;         /* fd, -1 per frame */
    char *spool_path;  /* for messages */
    int64_t spooled;   /* frames */
};

static void close_chain(chain *c)
{
    if (c->graph) {
        c->av.avfilter_graph_free(&c->graph);
    }
    *c = (chain){0};
}

static kf_status filter_failed(int code, kf_error *err)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    return code == AVERROR(ENOMEM) ? kf_fail_memory(err)
                                   : kf_fail(err, KF_ERR_ENCODE, "choosing the colours of the gif failed (%s)", text);
}

static int add_source(chain *c, const char *name, int width, int height, AVRational time_base, AVFilterContext **out)
{
    char args[200];
    snprintf(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=1/1", width, height,
             AV_PIX_FMT_BGRA, time_base.num, time_base.den);
    return c->av.avfilter_graph_create_filter(out, c->av.avfilter_get_by_name("buffer"), name, args, NULL, c->graph);
}

static bool prepend_pad(const chain *c, AVFilterInOut **list, const char *name, AVFilterContext *filter)
{
    AVFilterInOut *pad = c->av.avfilter_inout_alloc();
    if (!pad) {
        return false;
    }
    pad->name = av_strdup(name);
    pad->filter_ctx = filter;
    pad->next = *list;
    *list = pad;
    return pad->name != NULL;
}

static int connect_chain(chain *c, const char *text)
{
    AVFilterInOut *sources = NULL, *sinks = NULL;
    bool ok = prepend_pad(c, &sinks, "out", c->out) &&
              (!c->palette || prepend_pad(c, &sources, "palette", c->palette)) && prepend_pad(c, &sources, "in", c->in);
    int code = ok ? c->av.avfilter_graph_parse_ptr(c->graph, text, &sinks, &sources, NULL) : AVERROR(ENOMEM);
    c->av.avfilter_inout_free(&sources);
    c->av.avfilter_inout_free(&sinks);
    return code < 0 ? code : c->av.avfilter_graph_config(c->graph, NULL);
}

static kf_status open_chain(const kf_out_gif *g, const char *text, bool palette, chain *c, kf_error *err)
{
    *c = (chain){0};
    kf_status status = kf_filters_load(&c->av, err);
    if (status) {
        return status;
    }
    c->graph = c->av.avfilter_graph_alloc();
    if (!c->graph) {
        return kf_fail_memory(err);
    }
    const char *needed[] = {"buffer", "buffersink", "palettegen", "paletteuse", "split"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!c->av.avfilter_get_by_name(needed[i])) {
            return kf_fail(err, KF_ERR_UNSUPPORTED,
                           "gif needs the filter %s, which this libavfilter lacks; write a PNG sequence", needed[i]);
        }
    }
    c->graph->nb_threads = 1;
    int code = add_source(c, "in", g->width, g->height, g->time_base, &c->in);
    code = code < 0 || !palette ? code : add_source(c, "palette", 16, 16, g->time_base, &c->palette);
    code = code < 0
               ? code
               : c->av.avfilter_graph_create_filter(&c->out, c->av.avfilter_get_by_name("buffersink"), "out", NULL, NULL, c->graph);
    code = code < 0 ? code : connect_chain(c, text);
    return code < 0 ? filter_failed(code, err) : KF_OK;
}

/* Hands on what the chain has ready. */
static kf_status pull(const kf_out_gif *g, chain *c, kf_out_frame_fn *fn, void *ctx, kf_error *err)
{
    AVFrame *frame = av_frame_alloc();
    kf_status status = frame ? KF_OK : kf_fail_memory(err);
    while (!status) {
        int code = c->av.av_buffersink_get_frame(c->out, frame);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) {
            break;
        }
        if (code < 0) {
            status = filter_failed(code, err);
            break;
        }
        if (frame->pts != AV_NOPTS_VALUE) {
            frame->pts = av_rescale_q(frame->pts, c->av.av_buffersink_get_time_base(c->out), g->time_base);
        }
        frame->pict_type = AV_PICTURE_TYPE_NONE;
        status = fn(ctx, frame, err);
        av_frame_unref(frame);
    }
    av_frame_free(&frame);
    return status;
}

/* frame NULL: the end. */
static kf_status push(const chain *c, AVFilterContext *source, AVFrame *frame, kf_error *err)
{
    int code = c->av.av_buffersrc_add_frame_flags(source, frame, AV_BUFFERSRC_FLAG_KEEP_REF);
    return code < 0 ? filter_failed(code, err) : KF_OK;
}

/* --- the spool --- */

static kf_status open_spool(kf_out_gif *g, const char *beside, kf_error *err)
{
    char *folder = kf_path_folder(beside);
    if (!folder) {
        return kf_fail_memory(err);
    }
    g->spool = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    for (int n = 0; g->spool < 0 && n < 100; n++) { /* a file system without unnamed files */
        char *name = kf_out_temp_name(beside, n + 1000);
        g->spool = name ? open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
        if (g->spool >= 0) {
            unlink(name);
        }
        kf_free(name);
    }
    kf_status status =
        g->spool < 0 ? kf_fail_errno(err, errno, "cannot keep the frames of the gif in %s", folder) : KF_OK;
    kf_free(folder);
    return status;
}

static int transfer(int fd, uint8_t *bytes, size_t length, int64_t at, bool out)
{
    while (length > 0) {
        ssize_t n = out ? pwrite(fd, bytes, length, at) : pread(fd, bytes, length, at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : EIO;
        }
        bytes += n;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

static kf_status move_frame(const kf_out_gif *g, AVFrame *frame, int64_t number, bool out, kf_error *err)
{
    size_t row = (size_t)g->width * 4;
    int64_t at = number * (int64_t)row * g->height;
    for (int y = 0; y < g->height; y++, at += (int64_t)row) {
        int code = transfer(g->spool, frame->data[0] + (ptrdiff_t)y * frame->linesize[0], row, at, out);
        if (code) {
            return kf_fail_errno(err, code,
                                 "%s: %s the waiting frames of the gif failed; a palette per frame needs no room",
                                 g->spool_path, out ? "writing" : "reading");
        }
    }
    return KF_OK;
}

/* --- use --- */

kf_status kf_out_gif_open(const kf_writer_video_params *params, const char *spool_path, kf_out_gif **out, kf_error *err)
{
    kf_out_gif *g = KF_NEW(kf_out_gif);
    *out = g;
    if (!g) {
        return kf_fail_memory(err);
    }
    g->width = params->width;
    g->height = params->height;
    g->time_base = (AVRational){params->rate.den, params->rate.num};
    g->per_frame = params->gif_frame_palette;
    g->spool = -1;
    g->spool_path = kf_strdup(spool_path ? spool_path : "");
    kf_status status = !g->spool_path ? kf_fail_memory(err) : g->per_frame ? KF_OK : open_spool(g, spool_path, err);
    return status ? status : open_chain(g, g->per_frame ? PER_FRAME : GENERATE, false, &g->first, err);
}

kf_status kf_out_gif_push(kf_out_gif *g, AVFrame *frame, kf_out_frame_fn *fn, void *ctx, kf_error *err)
{
    kf_status status = g->per_frame ? KF_OK : move_frame(g, frame, g->spooled++, true, err);
    status = status ? status : push(&g->first, g->first.in, frame, err);
    return status || !g->per_frame ? status : pull(g, &g->first, fn, ctx, err);
}

static kf_status feed_palette(void *ctx, AVFrame *palette, kf_error *err)
{
    chain *apply = ctx;
    palette->pts = 0;
    kf_status status = push(apply, apply->palette, palette, err);
    return status ? status : push(apply, apply->palette, NULL, err);
}

static kf_status replay(kf_out_gif *g, chain *apply, kf_out_frame_fn *fn, void *ctx, kf_error *err)
{
    kf_status status = KF_OK;
    for (int64_t n = 0; !status && n < g->spooled; n++) {
        AVFrame *frame = av_frame_alloc();
        if (frame) {
            frame->format = AV_PIX_FMT_BGRA;
            frame->width = g->width;
            frame->height = g->height;
            frame->pts = n;
            frame->sample_aspect_ratio = (AVRational){1, 1};
        }
        status =
            frame && av_frame_get_buffer(frame, 0) >= 0 ? move_frame(g, frame, n, false, err) : kf_fail_memory(err);
        status = status ? status : push(apply, apply->in, frame, err);
        status = status ? status : pull(g, apply, fn, ctx, err);
        av_frame_free(&frame);
    }
    status = status ? status : push(apply, apply->in, NULL, err);
    return status ? status : pull(g, apply, fn, ctx, err);
}

kf_status kf_out_gif_end(kf_out_gif *g, kf_out_frame_fn *fn, void *ctx, kf_error *err)
{
    kf_status status = push(&g->first, g->first.in, NULL, err);
    if (status || g->per_frame) {
        return status ? status : pull(g, &g->first, fn, ctx, err);
    }
    if (g->spooled == 0) {
        return KF_OK;
    }
    chain apply;
    status = open_chain(g, APPLY, true, &apply, err);
    status = status ? status : pull(g, &g->first, feed_palette, &apply, err);
    status = status ? status : replay(g, &apply, fn, ctx, err);
    close_chain(&apply);
    return status;
}

void kf_out_gif_close(kf_out_gif *g)
{
    if (!g) {
        return;
    }
    close_chain(&g->first);
    if (g->spool >= 0) {
        close(g->spool);
    }
    kf_free(g->spool_path);
    kf_free(g);
}
