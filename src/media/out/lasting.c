/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/api/alloc.h"
#include "media/out/internal.h"

enum { GOP_DEFAULT = 250 };

void kf_out_lasting_init(kf_out_lasting *l, const AVCodecContext *ctx)
{
    *l = (kf_out_lasting){.on = true, .gop = ctx->gop_size > 0 ? ctx->gop_size : GOP_DEFAULT};
}

void kf_out_lasting_finish(kf_out_lasting *l)
{
    kf_free(l->list);
    *l = (kf_out_lasting){0};
}

kf_status kf_out_lasting_add(kf_out_lasting *l, AVFrame *frame, int32_t periods, kf_error *err)
{
    if (!l->on) {
        return KF_OK;
    }
    if (frame->pts - l->key >= l->gop) {
        frame->pict_type = AV_PICTURE_TYPE_I;
        l->key = frame->pts;
    }
    if (kf_grow((void **)&l->list, &l->capacity, l->count + 1, sizeof *l->list)) {
        return kf_fail_memory(err);
    }
    l->list[l->count++] = (struct kf_out_shown){frame->pts, periods};
    return KF_OK;
}

int64_t kf_out_lasting_take(kf_out_lasting *l, int64_t pts)
{
    size_t i = 0;
    while (i < l->count && l->list[i].pts != pts) {
        i++;
    }
    if (i == l->count) {
        return 1;
    }
    int64_t periods = l->list[i].periods;
    l->list[i] = l->list[--l->count];
    return periods;
}
