/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Planes into textures. */
#include <string.h>

#include "base/api/alloc.h"
#include "color/api/color.h"
#include "video/gl/internal.h"
#include "video/gl/samples.h"

/* What a plane's texels are. */
typedef struct texels {
    unsigned internal, format, type;
    int bytes;         /* of one, in memory */
    bool narrow;       /* 16 bits in memory that this GL takes as 8 only */
} texels;

static texels texels_of(const gl_calls *gl, const kf_pixfmt_info *info, int plane)
{
    int components = info->packed ? info->components : info->semiplanar && plane ? 2 : 1;
    static const unsigned formats[5] = {0, GL_RED, GL_RG, GL_RGB, GL_RGBA};
    static const unsigned bits8[5] = {0, GL_R8, GL_RG8, GL_RGB8, GL_RGBA8};
    static const unsigned bits16[5] = {0, GL_R16, GL_RG16, 0, GL_RGBA16};
    texels t = {.format = formats[components]};
    if (info->bits == 32) {
        t.internal = GL_R16F;
        t.type = GL_FLOAT;
        t.bytes = 4;
    } else if (info->bits == 8) {
        t.internal = bits8[components];
        t.type = GL_UNSIGNED_BYTE;
        t.bytes = components;
    } else {
        t.narrow = !gl->norm16;
        t.internal = t.narrow ? bits8[components] : bits16[components];
        t.type = t.narrow ? GL_UNSIGNED_BYTE : GL_UNSIGNED_SHORT;
        t.bytes = 2 * components;
    }
    return t;
}

/* ---- Samples to R'G'B' ---- */

/* Code values (as kf_color_decode counts them) that a sample of 1 is worth. */
static float codes_of_one(const kf_pixfmt_info *info, bool narrow)
{
    if (info->bits == 32) return 1;
    if (info->bits == 8) return 255;
    float word = 65535.0f / (float)(1 << info->shift);
    /* narrowed samples keep their highest 8 bits */
    return narrow ? 255.0f * (float)(1 << (info->bits - 8)) : word;
}

/* Which component of kf_color_decode the i-th sample of the program is. */
static int component_of(kf_pixfmt format, const kf_pixfmt_info *info, int i)
{
    static const int of_gbr[3] = {1, 2, 0};
    if (format == KF_PIX_BGRA8) return 2 - i;
    return info->model == KF_MODEL_RGB && !info->packed && info->bits != 32 ? of_gbr[i] : i;
}

static void set_decode(kf_gl *gl, const kf_image *image, const kf_pixfmt_info *info, kf_color color)
{
    kf_affine decode = info->bits == 32 ? kf_affine_identity : kf_color_decode(color, info);
    float one = codes_of_one(info, info->bits > 8 && info->bits < 32 && !gl->call.norm16);
    for (int row = 0; row < 3; row++) {
        for (int i = 0; i < 3; i++) gl->decode[row][i] = decode.m[row][component_of(image->format, info, i)] * one;
        gl->decode[row][3] = decode.m[row][3];
    }
    gl->alpha_scale = info->bits == 32 ? 1 : one / (float)((1 << info->bits) - 1);
    gl->premultiplied = image->premultiplied;
}

static gl_layout layout_of(const kf_pixfmt_info *info)
{
    if (info->model == KF_MODEL_GRAY) return GL_LAYOUT_GRAY;
    if (info->packed) return GL_LAYOUT_PACKED;
    if (info->semiplanar) return GL_LAYOUT_SEMI;
    return info->alpha ? GL_LAYOUT_ALPHA : GL_LAYOUT_PLANES;
}

/* ---- Samples ---- */

static void set_filter(const gl_calls *call, bool pixels)
{
    int filter = pixels ? GL_NEAREST : GL_LINEAR;
    call->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
    call->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
}

/* Binds the texture and makes sure that it has the size and form. */
static kf_status prepare(kf_gl *gl, gl_texture *t, const texels *form, int width, int height, kf_error *err)
{
    const gl_calls *call = &gl->call;
    bool fresh = t->id == 0;
    if (fresh) call->GenTextures(1, &t->id);
    call->BindTexture(GL_TEXTURE_2D, t->id);
    if (fresh) {
        call->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
        call->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        call->TexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        set_filter(call, gl->pixels);
    }
    if (t->width == width && t->height == height && t->internal == form->internal) return KF_OK;
    while (call->GetError() != GL_NO_ERROR) continue; /* of others, before */
    call->TexImage2D(GL_TEXTURE_2D, 0, (int)form->internal, width, height, 0, form->format, form->type, NULL);
    bool good = call->GetError() == GL_NO_ERROR;
    t->width = good ? width : 0;
    t->height = good ? height : 0;
    t->internal = form->internal;
    return good ? KF_OK
                : kf_fail(err, KF_ERR_MEMORY, "the graphics card has no room for a picture of %dx%d", width, height);
}

/* Sets how rows lie in memory. False when GL cannot be told. */
static bool set_stride(const gl_calls *call, ptrdiff_t stride, int bytes)
{
    ptrdiff_t pixels = stride / bytes;
    for (int alignment = 8; alignment; alignment /= 2) {
        if ((pixels * bytes + alignment - 1) / alignment * alignment != stride) continue;
        call->PixelStorei(GL_UNPACK_ALIGNMENT, alignment);
        call->PixelStorei(GL_UNPACK_ROW_LENGTH, (int)pixels);
        return true;
    }
    call->PixelStorei(GL_UNPACK_ALIGNMENT, 1);
    call->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    return false;
}

static void send_rows(const gl_calls *call, const gl_texture *t, const texels *form, const uint8_t *data,
                      ptrdiff_t stride)
{
    bool whole = set_stride(call, stride, form->bytes);
    int step = whole ? t->height : 1;
    for (int y = 0; y < t->height; y += step)
        call->TexSubImage2D(GL_TEXTURE_2D, 0, 0, y, t->width, step, form->format, form->type, data + y * stride);
}

static kf_status send_narrow(const gl_calls *call, const gl_texture *t, const texels *form, const uint8_t *data,
                             ptrdiff_t stride, int drop, kf_error *err)
{
    int count = t->width * form->bytes / 2;
    uint8_t *row = kf_alloc((size_t)count);
    if (!row) return kf_fail_memory(err);
    call->PixelStorei(GL_UNPACK_ALIGNMENT, 1);
    call->PixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    for (int y = 0; y < t->height; y++) {
        const uint8_t *from = data + y * stride;
        for (int i = 0; i < count; i++) {
            uint16_t word;
            memcpy(&word, from + (size_t)2 * i, sizeof word);
            word >>= drop;
            row[i] = (uint8_t)(word > 255 ? 255 : word);
        }
        call->TexSubImage2D(GL_TEXTURE_2D, 0, 0, y, t->width, 1, form->format, form->type, row);
    }
    kf_free(row);
    return KF_OK;
}

static kf_status upload_plane(kf_gl *gl, const kf_image *image, const kf_pixfmt_info *info, int plane, kf_error *err)
{
    texels form = texels_of(&gl->call, info, plane);
    size_t row_bytes;
    int rows;
    kf_pixfmt_plane(image->format, image->width, image->height, plane, &row_bytes, &rows);
    gl_texture *t = &gl->texture[plane];
    gl->call.ActiveTexture(GL_TEXTURE0 + (unsigned)plane);
    kf_status status = prepare(gl, t, &form, (int)(row_bytes / (size_t)form.bytes), rows, err);
    if (status != KF_OK) return status;
    if (form.narrow) {
        int drop = info->bits - 8 + info->shift;
        return send_narrow(&gl->call, t, &form, image->plane[plane], image->stride[plane], drop, err);
    }
    send_rows(&gl->call, t, &form, image->plane[plane], image->stride[plane]);
    return KF_OK;
}

static kf_status check_form(const kf_gl *gl, const kf_image *image, const kf_pixfmt_info *info, kf_error *err)
{
    if (info->planes == 0) return kf_fail(err, KF_ERR_INVALID, "a picture without a pixel format cannot be shown");
    if (image->width > gl->call.max_size || image->height > gl->call.max_size)
        return kf_fail(err, KF_ERR_UNSUPPORTED,
                       "a picture of %dx%d is larger than the graphics card can show (%d): lower the monitor's quality",
                       image->width, image->height, gl->call.max_size);
    return KF_OK;
}

static void reset_unpacking(const gl_calls *call)
{
    call->BindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
    call->PixelStorei(GL_UNPACK_SKIP_ROWS, 0);
    call->PixelStorei(GL_UNPACK_SKIP_PIXELS, 0);
}

static kf_status upload_planes(kf_gl *gl, const kf_image *image, const kf_pixfmt_info *info, kf_error *err)
{
    kf_status status = check_form(gl, image, info, err);
    if (status != KF_OK) return status;
    reset_unpacking(&gl->call);
    for (int plane = 0; plane < info->planes; plane++) {
        status = upload_plane(gl, image, info, plane, err);
        if (status != KF_OK) return status;
    }
    kf_color color = kf_color_resolve(image->color, image->format, image->width, image->height);
    set_decode(gl, image, info, color);
    gl_chroma_place(info, color, gl->chroma);
    gl->layout = layout_of(info);
    return KF_OK;
}

kf_status kf_gl_upload(kf_gl *gl, const kf_image *image, bool opaque, kf_error *err)
{
    gl->shows = false;
    if (!image) return KF_OK;
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    gl->soft = gl->call.software && soft_takes(image) && (opaque || !info->alpha);
    kf_status status = gl->soft ? soft_picture_set(&gl->held, image, err) : upload_planes(gl, image, info, err);
    if (status != KF_OK) return status;
    gl->has_alpha = info->alpha && !opaque;
    gl->width = image->width;
    gl->height = image->height;
    gl->shows = true;
    return KF_OK;
}

kf_status gl_send_rgba(kf_gl *gl, const void *pixels, int width, int height, kf_error *err)
{
    const texels form = {.internal = GL_RGBA8, .format = GL_RGBA, .type = GL_UNSIGNED_BYTE, .bytes = 4};
    reset_unpacking(&gl->call);
    gl->call.ActiveTexture(GL_TEXTURE0);
    kf_status status = prepare(gl, &gl->texture[0], &form, width, height, err);
    if (status == KF_OK) send_rows(&gl->call, &gl->texture[0], &form, pixels, (ptrdiff_t)width * 4);
    return status;
}

void gl_set_pixels(kf_gl *gl, bool pixels)
{
    if (gl->pixels == pixels) return;
    gl->pixels = pixels;
    for (unsigned i = 0; i < 4; i++) {
        if (!gl->texture[i].id) continue;
        gl->call.ActiveTexture(GL_TEXTURE0 + i);
        gl->call.BindTexture(GL_TEXTURE_2D, gl->texture[i].id);
        set_filter(&gl->call, pixels);
    }
}
