/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kerf/monitor.h"

#include <string.h>

#include "base/api/alloc.h"
#include "video/gl/api/gl.h"

struct kf_monitor {
    kf_gl *gl;
};

kf_status kf_monitor_create(const kf_monitor_params *params, kf_monitor **out, kf_error *error)
{
    *out = NULL;
    if (!params || !params->get_proc_address)
        return kf_fail(error, KF_ERR_USAGE, "a monitor needs get_proc_address");
    kf_monitor *m = KF_NEW(kf_monitor);
    if (!m) return kf_fail_memory(error);
    kf_status status = kf_gl_create(params->get_proc_address, params->context, &m->gl, error);
    if (status != KF_OK) {
        kf_free(m);
        return status;
    }
    *out = m;
    return KF_OK;
}

void kf_monitor_destroy(kf_monitor *monitor)
{
    if (!monitor) return;
    kf_gl_destroy(monitor->gl);
    kf_free(monitor);
}

static kf_image image_of(const kf_picture *p)
{
    static const kf_pixfmt formats[] = {[KF_PICTURE_YUV420P8] = KF_PIX_YUV420P8,
                                        [KF_PICTURE_YUV420P10] = KF_PIX_YUV420P10,
                                        [KF_PICTURE_RGBA8] = KF_PIX_RGBA8};
    static const uint8_t places[] = {[KF_PICTURE_CHROMA_LEFT] = KF_CHROMA_LEFT,
                                     [KF_PICTURE_CHROMA_CENTER] = KF_CHROMA_CENTER,
                                     [KF_PICTURE_CHROMA_TOP_LEFT] = KF_CHROMA_TOPLEFT};
    kf_image image = {.format = formats[p->format], .width = p->width, .height = p->height};
    memcpy(image.plane, p->plane, sizeof image.plane);
    memcpy(image.stride, p->stride, sizeof image.stride);
    image.color = (kf_color){p->primaries, p->transfer, p->matrix, p->full_range ? KF_RANGE_FULL : KF_RANGE_LIMITED,
                             places[p->chroma]};
    image.premultiplied = p->premultiplied;
    return image;
}

kf_status kf_monitor_show(kf_monitor *monitor, const kf_picture *picture, kf_error *error)
{
    if (!picture) return kf_gl_upload(monitor->gl, NULL, true, error);
    if (picture->format < KF_PICTURE_YUV420P8 || picture->format > KF_PICTURE_RGBA8)
        return kf_fail(error, KF_ERR_USAGE, "a monitor cannot show pictures of format %d", (int)picture->format);
    kf_image image = image_of(picture);
    return kf_gl_upload(monitor->gl, &image, !picture->alpha, error);
}

kf_monitor_draw_params kf_monitor_draw_params_default(void)
{
    return (kf_monitor_draw_params){0};
}

kf_status kf_monitor_draw(kf_monitor *monitor, const kf_monitor_draw_params *params, kf_error *error)
{
    kf_gl_view view = {.width = params->width, .height = params->height, .x = params->x, .y = params->y,
                       .w = params->w, .h = params->h, .pixels = params->pixels};
    view.checker = params->under == KF_MONITOR_CHECKER;
    memcpy(view.surround, params->surround, sizeof view.surround);
    memcpy(view.behind, params->behind, sizeof view.behind);
    return kf_gl_draw(monitor->gl, &view, error);
}
