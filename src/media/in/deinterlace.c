/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/in/deinterlace.h"

#include <stdio.h>

#include "media/filters.h"

struct kf_in_deinterlacer {
    kf_filters av;
    AVFilterGraph *graph;
    AVFilterContext *in, *out;
    int width, height, format;
    bool finished;
};

/* Frames carry their number as time stamp, in units of a second. */
static const AVRational numbers = {1, 1};

static int build(kf_in_deinterlacer *d, bool all)
{
    char args[160], how[64];
    snprintf(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=1/1:pixel_aspect=1/1", d->width, d->height,
             d->format);
    snprintf(how, sizeof how, "mode=send_frame:parity=auto:deint=%s", all ? "all" : "interlaced");
    AVFilterContext *filter = NULL;
    const AVFilter *source = d->av.avfilter_get_by_name("buffer"), *sink = d->av.avfilter_get_by_name("buffersink");
    const AVFilter *bwdif = d->av.avfilter_get_by_name("bwdif");
    if (!source || !sink || !bwdif) {
        return AVERROR_FILTER_NOT_FOUND;
    }
    d->graph->nb_threads = 1;
    int code = d->av.avfilter_graph_create_filter(&d->in, source, "in", args, NULL, d->graph);
    code = code < 0 ? code : d->av.avfilter_graph_create_filter(&filter, bwdif, "bwdif", how, NULL, d->graph);
    code = code < 0 ? code : d->av.avfilter_graph_create_filter(&d->out, sink, "out", NULL, NULL, d->graph);
    code = code < 0 ? code : d->av.avfilter_link(d->in, 0, filter, 0);
    code = code < 0 ? code : d->av.avfilter_link(filter, 0, d->out, 0);
    return code < 0 ? code : d->av.avfilter_graph_config(d->graph, NULL);
}

kf_status kf_in_deinterlacer_open(const AVFrame *like, bool all, kf_in_deinterlacer **out, kf_error *err)
{
    *out = NULL;
    kf_in_deinterlacer *d = KF_NEW(kf_in_deinterlacer);
    if (!d) {
        return kf_fail_memory(err);
    }
    d->width = like->width;
    d->height = like->height;
    d->format = like->format;
    kf_status status = kf_filters_load(&d->av, err);
    if (status) {
        kf_free(d);
        return status;
    }
    d->graph = d->av.avfilter_graph_alloc();
    int code = d->graph ? build(d, all) : AVERROR(ENOMEM);
    if (code < 0) {
        char text[128];
        kf_in_deinterlacer_close(d);
        return code == AVERROR(ENOMEM)
                   ? kf_fail_memory(err)
                   : kf_fail(err, KF_ERR_UNSUPPORTED, "cannot deinterlace (%s); turn deinterlacing off for this file",
                             kf_in_error_text(code, text));
    }
    *out = d;
    return KF_OK;
}

void kf_in_deinterlacer_close(kf_in_deinterlacer *d)
{
    if (d) {
        d->av.avfilter_graph_free(&d->graph);
        kf_free(d);
    }
}

kf_status kf_in_deinterlacer_push(kf_in_deinterlacer *d, AVFrame *frame, int64_t number, kf_error *err)
{
    char text[128];
    if (frame && (frame->width != d->width || frame->height != d->height || frame->format != d->format)) {
        return KF_OK; /* a change of size in the middle: left out, the frame before stands in */
    }
    if (frame) {
        frame->pts = number;
    } else {
        d->finished = true;
    }
    int code = d->av.av_buffersrc_add_frame_flags(d->in, frame, 0);
    return code >= 0 ? KF_OK
           : code == AVERROR(ENOMEM)
               ? kf_fail_memory(err)
               : kf_fail(err, KF_ERR_MEDIA, "deinterlacing failed (%s)", kf_in_error_text(code, text));
}

bool kf_in_deinterlacer_pull(kf_in_deinterlacer *d, AVFrame *frame, int64_t *number)
{
    if (d->av.av_buffersink_get_frame(d->out, frame) < 0) {
        return false;
    }
    *number = av_rescale_q(frame->pts, d->av.av_buffersink_get_time_base(d->out), numbers);
    return true;
}

bool kf_in_deinterlacer_finished(const kf_in_deinterlacer *d)
{
    return d->finished;
}
