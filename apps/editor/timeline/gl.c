/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "gl.h"

#include <epoxy/gl.h>
#include <gtk/gtk.h>
#include <math.h>
#include <stddef.h>

#include "shaders.h"

enum { A_TIME, A_PX, A_UV, A_COLOR, A_BORDER, A_STYLE, ATTRIBUTES };

struct kt_gl {
    GLuint program;
    GLint viewport, map, dpr, samplers[KT_GL_TEXTURES];
    kt_gl_frame frame;
};

/* ---- Program ---- */

static GLuint compile(GLenum kind, const char *source, bool es, char **message)
{
    const char *head = es ? "#version 300 es\nprecision highp float;\nprecision highp int;\n" : "#version 150\n";
    const char *parts[] = {head, source};
    GLuint shader = glCreateShader(kind);
    glShaderSource(shader, 2, parts, NULL);
    glCompileShader(shader);
    GLint ok = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &ok);
    if (ok) return shader;
    char log[2000] = "";
    glGetShaderInfoLog(shader, sizeof log, NULL, log);
    g_free(*message);
    *message = g_strdup_printf("The timeline's shader was refused by the graphics driver: %s", log);
    glDeleteShader(shader);
    return 0;
}

static GLuint link_program(GLuint vertex, GLuint fragment, char **message)
{
    static const char *const names[ATTRIBUTES] = {"a_time", "a_px", "a_uv", "a_color", "a_border", "a_style"};
    GLuint program = glCreateProgram();
    for (int i = 0; i < ATTRIBUTES; i++) glBindAttribLocation(program, i, names[i]);
    glAttachShader(program, vertex);
    glAttachShader(program, fragment);
    glLinkProgram(program);
    GLint ok = 0;
    glGetProgramiv(program, GL_LINK_STATUS, &ok);
    if (ok) return program;
    char log[2000] = "";
    glGetProgramInfoLog(program, sizeof log, NULL, log);
    g_free(*message);
    *message = g_strdup_printf("The timeline's shaders were refused by the graphics driver: %s", log);
    glDeleteProgram(program);
    return 0;
}

static GLuint make_program(bool es, char **message)
{
    GLuint vertex = compile(GL_VERTEX_SHADER, kt_vertex_shader, es, message);
    GLuint fragment = vertex ? compile(GL_FRAGMENT_SHADER, kt_fragment_shader, es, message) : 0;
    GLuint program = fragment ? link_program(vertex, fragment, message) : 0;
    glDeleteShader(vertex);
    glDeleteShader(fragment);
    return program;
}

kt_gl *kt_gl_create(bool es, char **message)
{
    GLuint program = make_program(es, message);
    if (!program) return NULL;
    kt_gl *gl = g_new0(kt_gl, 1);
    gl->program = program;
    gl->viewport = glGetUniformLocation(program, "u_viewport");
    gl->map = glGetUniformLocation(program, "u_map");
    gl->dpr = glGetUniformLocation(program, "u_dpr");
    static const char *const samplers[KT_GL_TEXTURES] = {"u_text", "u_thumb_small", "u_thumb_large", "u_wave"};
    for (int i = 0; i < KT_GL_TEXTURES; i++) gl->samplers[i] = glGetUniformLocation(program, samplers[i]);
    return gl;
}

void kt_gl_destroy(kt_gl *gl)
{
    if (!gl) return;
    glDeleteProgram(gl->program);
    g_free(gl);
}

/* ---- Lists ---- */

static void attribute(int index, int size, GLenum type, bool normalized, size_t offset)
{
    glEnableVertexAttribArray(index);
    glVertexAttribPointer(index, size, type, normalized, sizeof(kt_quad), (const void *)offset);
    glVertexAttribDivisor(index, 1);
}

static void make_list(kt_gl_list *list)
{
    glGenVertexArrays(1, &list->array);
    glGenBuffers(1, &list->buffer);
    glBindVertexArray(list->array);
    glBindBuffer(GL_ARRAY_BUFFER, list->buffer);
    attribute(A_TIME, 4, GL_FLOAT, false, offsetof(kt_quad, t0));
    attribute(A_PX, 4, GL_FLOAT, false, offsetof(kt_quad, x0));
    attribute(A_UV, 4, GL_UNSIGNED_SHORT, true, offsetof(kt_quad, u0));
    attribute(A_COLOR, 4, GL_UNSIGNED_BYTE, true, offsetof(kt_quad, color));
    attribute(A_BORDER, 4, GL_UNSIGNED_BYTE, true, offsetof(kt_quad, border));
    glEnableVertexAttribArray(A_STYLE);
    glVertexAttribIPointer(A_STYLE, 4, GL_UNSIGNED_BYTE, sizeof(kt_quad), (const void *)offsetof(kt_quad, kind));
    glVertexAttribDivisor(A_STYLE, 1);
}

void kt_gl_upload(kt_gl_list *list, const kt_quads *quads)
{
    if (!list->array) make_list(list);
    glBindBuffer(GL_ARRAY_BUFFER, list->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)quads->count * sizeof(kt_quad), quads->quads, GL_DYNAMIC_DRAW);
    list->count = quads->count;
}

void kt_gl_list_finish(kt_gl_list *list)
{
    if (list->array) glDeleteVertexArrays(1, &list->array);
    if (list->buffer) glDeleteBuffers(1, &list->buffer);
    *list = (kt_gl_list){0};
}

/* ---- Textures ---- */

static void make_texture(kt_texture *texture)
{
    bool alpha = texture->channels == 1;
    glGenTextures(1, &texture->name);
    glBindTexture(GL_TEXTURE_2D, texture->name);
    glTexImage2D(GL_TEXTURE_2D, 0, alpha ? GL_R8 : GL_RGBA8, texture->width, texture->height, 0,
                 alpha ? GL_RED : GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    GLint filter = texture->linear ? GL_LINEAR : GL_NEAREST;
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

void kt_gl_drop_texture(kt_texture *texture)
{
    if (texture->name) glDeleteTextures(1, &texture->name);
    texture->name = 0;
}

static void refresh_texture(kt_texture *texture)
{
    if (!texture->name && !texture->count) return;
    if (!texture->name) make_texture(texture);
    glBindTexture(GL_TEXTURE_2D, texture->name);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    GLenum format = texture->channels == 1 ? GL_RED : GL_RGBA;
    for (int i = 0; i < texture->count; i++) {
        const kt_texture_piece *piece = &texture->pieces[i];
        glTexSubImage2D(GL_TEXTURE_2D, 0, piece->x, piece->y, piece->width, piece->height, format, GL_UNSIGNED_BYTE,
                        piece->pixels);
    }
    kt_texture_drop_pieces(texture);
}

/* ---- Frames ---- */

void kt_gl_begin(kt_gl *gl, const kt_gl_frame *frame)
{
    gl->frame = *frame;
    glUseProgram(gl->program);
    for (int i = 0; i < KT_GL_TEXTURES; i++) {
        glActiveTexture(GL_TEXTURE0 + i);
        if (frame->textures[i]) refresh_texture(frame->textures[i]);
        glUniform1i(gl->samplers[i], i);
    }
    glUniform2f(gl->viewport, (float)frame->width, (float)frame->height);
    glUniform1f(gl->dpr, (float)frame->dpr);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_SCISSOR_TEST);
    glEnable(GL_BLEND);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    glClearColor(frame->background.r / 255.f, frame->background.g / 255.f, frame->background.b / 255.f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glEnable(GL_SCISSOR_TEST);
}

static void clip(const kt_gl *gl, const kt_rect *rect)
{
    double dpr = gl->frame.dpr, bottom = gl->frame.height - (rect->y + rect->height);
    glScissor((int)lround(rect->x * dpr), (int)lround(bottom * dpr), (int)lround(MAX(rect->width, 0) * dpr),
              (int)lround(MAX(rect->height, 0) * dpr));
}

void kt_gl_list_draw(kt_gl *gl, const kt_gl_list *list, const kt_gl_draw *draw)
{
    if (!list->count || draw->clip.height <= 0) return;
    clip(gl, &draw->clip);
    glUniform3f(gl->map, (float)draw->scale, (float)draw->x, (float)draw->y);
    glBindVertexArray(list->array);
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, (GLsizei)list->count);
}

void kt_gl_end(kt_gl *gl)
{
    glDisable(GL_SCISSOR_TEST);
    glBindVertexArray(0);
    glUseProgram(0);
    glActiveTexture(GL_TEXTURE0);
}
