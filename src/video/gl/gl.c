/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/gl/internal.h"

#include <math.h>

#include "base/api/alloc.h"

kf_status kf_gl_create(kf_gl_load_fn *load, void *ctx, kf_gl **out, kf_error *err)
{
    *out = NULL;
    kf_gl *gl = KF_NEW(kf_gl);
    if (!gl) return kf_fail_memory(err);
    kf_status status = gl_calls_load(&gl->call, load, ctx, err);
    if (status != KF_OK) {
        kf_free(gl);
        return status;
    }
    gl->call.GenVertexArrays(1, &gl->vertex_array);
    *out = gl;
    return KF_OK;
}

void kf_gl_destroy(kf_gl *gl)
{
    if (!gl) return;
    for (int i = 0; i < GL_LAYOUT_COUNT; i++) {
        if (gl->program[i].id) gl->call.DeleteProgram(gl->program[i].id);
    }
    for (int i = 0; i < 4; i++) {
        if (gl->texture[i].id) gl->call.DeleteTextures(1, &gl->texture[i].id);
    }
    gl->call.DeleteVertexArrays(1, &gl->vertex_array);
    soft_picture_finish(&gl->held);
    soft_scaler_finish(&gl->scaler);
    kf_free(gl);
}

static void reset(const gl_calls *call, const kf_gl_view *view)
{
    static const unsigned off[] = {GL_BLEND, GL_DEPTH_TEST, GL_STENCIL_TEST, GL_SCISSOR_TEST, GL_CULL_FACE};
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) call->Disable(off[i]);
    call->ColorMask(1, 1, 1, 1);
    call->Viewport(0, 0, view->width, view->height);
    call->ClearColor(view->surround[0], view->surround[1], view->surround[2], 1);
    call->Clear(GL_COLOR_BUFFER_BIT);
}

static void set_under(const gl_calls *call, const gl_program *p, const kf_gl_view *view)
{
    static const float light[3] = {0.60f, 0.60f, 0.60f}, dark[3] = {0.40f, 0.40f, 0.40f};
    const float *a = view->checker ? light : view->behind, *b = view->checker ? dark : view->behind;
    call->Uniform4f(p->behind, a[0], a[1], a[2], 1);
    call->Uniform4f(p->dark, b[0], b[1], b[2], 1);
}

/* Pixels from the top left to clip coordinates. */
static void set_rect(const gl_calls *call, const gl_program *p, const kf_gl_view *view, const float rect[4])
{
    float left = 2 * rect[0] / (float)view->width - 1, right = 2 * (rect[0] + rect[2]) / (float)view->width - 1;
    float top = 1 - 2 * rect[1] / (float)view->height, bottom = 1 - 2 * (rect[1] + rect[3]) / (float)view->height;
    call->Uniform4f(p->rect, left, top, right, bottom);
}

static void set_uniforms(const kf_gl *gl, const gl_program *p, const kf_gl_view *view)
{
    const gl_calls *call = &gl->call;
    set_rect(call, p, view, (float[4]){view->x, view->y, view->w, view->h});
    call->Uniform2f(p->size, (float)gl->width, (float)gl->height);
    call->Uniform2f(p->footprint, (float)gl->width / view->w, (float)gl->height / view->h);
    call->Uniform4fv(p->chroma, 1, gl->chroma);
    call->Uniform4fv(p->decode, 3, gl->decode[0]);
    call->Uniform2f(p->alpha, gl->has_alpha ? gl->alpha_scale : 0, gl->premultiplied ? 1 : 0);
    set_under(call, p, view);
}

static void bind_textures(const kf_gl *gl)
{
    for (unsigned i = 0; i < 4; i++) {
        gl->call.ActiveTexture(GL_TEXTURE0 + i);
        gl->call.BindTexture(GL_TEXTURE_2D, gl->texture[i].id);
    }
}

static void draw_square(const kf_gl *gl)
{
    bind_textures(gl);
    gl->call.BindVertexArray(gl->vertex_array);
    gl->call.DrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    gl->call.BindVertexArray(0);
}

static kf_status draw_planes(kf_gl *gl, const kf_gl_view *view, kf_error *err)
{
    const gl_program *p = gl_program_get(gl, gl->layout, err);
    if (!p) return KF_ERR_UNSUPPORTED;
    gl_set_pixels(gl, view->pixels && view->w > (float)gl->width);
    gl->call.UseProgram(p->id);
    set_uniforms(gl, p, view);
    draw_square(gl);
    return KF_OK;
}

static kf_status draw_soft(kf_gl *gl, const kf_gl_view *view, kf_error *err)
{
    const gl_program *p = gl_program_get(gl, GL_LAYOUT_COPY, err);
    if (!p) return KF_ERR_UNSUPPORTED;
    bool changed;
    kf_status status = soft_scale(&gl->scaler, &gl->held, view, &changed, err);
    const soft_region *r = &gl->scaler.region;
    if (status != KF_OK || !gl->scaler.out) return status;
    gl_set_pixels(gl, true);
    if (changed) status = gl_send_rgba(gl, gl->scaler.out, r->width, r->height, err);
    if (status != KF_OK) return status;
    gl->call.UseProgram(p->id);
    set_rect(&gl->call, p, view, (float[4]){(float)r->x, (float)r->y, (float)r->width, (float)r->height});
    gl->call.Uniform2f(p->size, 1, 1);
    draw_square(gl);
    return KF_OK;
}

kf_status kf_gl_draw(kf_gl *gl, const kf_gl_view *view, kf_error *err)
{
    if (view->width < 1 || view->height < 1) return KF_OK;
    reset(&gl->call, view);
    bool visible = gl->shows && view->w > 0 && view->h > 0 && isfinite(view->x) && isfinite(view->y) &&
                   isfinite(view->w) && isfinite(view->h);
    if (!visible) return KF_OK;
    return gl->soft ? draw_soft(gl, view, err) : draw_planes(gl, view, err);
}
