/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this room uses of GL, by the names and numbers of the Khronos registry. */
#ifndef KF_GL_CALLS_H
#define KF_GL_CALLS_H

#include <stddef.h>

#include "video/gl/api/gl.h"

enum {
    GL_NO_ERROR = 0,
    GL_TRIANGLE_STRIP = 0x0005,
    GL_CULL_FACE = 0x0B44,
    GL_DEPTH_TEST = 0x0B71,
    GL_STENCIL_TEST = 0x0B90,
    GL_BLEND = 0x0BE2,
    GL_SCISSOR_TEST = 0x0C11,
    GL_UNPACK_ROW_LENGTH = 0x0CF2,
    GL_UNPACK_SKIP_ROWS = 0x0CF3,
    GL_UNPACK_SKIP_PIXELS = 0x0CF4,
    GL_UNPACK_ALIGNMENT = 0x0CF5,
    GL_MAX_TEXTURE_SIZE = 0x0D33,
    GL_TEXTURE_2D = 0x0DE1,
    GL_UNSIGNED_BYTE = 0x1401,
    GL_UNSIGNED_SHORT = 0x1403,
    GL_FLOAT = 0x1406,
    GL_RED = 0x1903,
    GL_RGB = 0x1907,
    GL_RGBA = 0x1908,
    GL_RENDERER = 0x1F01,
    GL_VERSION = 0x1F02,
    GL_NEAREST = 0x2600,
    GL_LINEAR = 0x2601,
    GL_TEXTURE_MAG_FILTER = 0x2800,
    GL_TEXTURE_MIN_FILTER = 0x2801,
    GL_TEXTURE_WRAP_S = 0x2802,
    GL_TEXTURE_WRAP_T = 0x2803,
    GL_COLOR_BUFFER_BIT = 0x4000,
    GL_RGB8 = 0x8051,
    GL_RGBA8 = 0x8058,
    GL_RGBA16 = 0x805B,
    GL_CLAMP_TO_EDGE = 0x812F,
    GL_RG = 0x8227,
    GL_R8 = 0x8229,
    GL_R16 = 0x822A,
    GL_RG8 = 0x822B,
    GL_RG16 = 0x822C,
    GL_R16F = 0x822D,
    GL_TEXTURE0 = 0x84C0,
    GL_TEXTURE_MAX_LEVEL = 0x813D,
    GL_PIXEL_UNPACK_BUFFER = 0x88EC,
    GL_FRAGMENT_SHADER = 0x8B30,
    GL_VERTEX_SHADER = 0x8B31,
    GL_COMPILE_STATUS = 0x8B81,
    GL_LINK_STATUS = 0x8B82,
    GL_NUM_EXTENSIONS = 0x821D,
    GL_EXTENSIONS = 0x1F03
};

/* X(result, name, parameters) */
#define KF_GL_CALLS(X) \
    X(void, ActiveTexture, (unsigned unit)) \
    X(void, AttachShader, (unsigned program, unsigned shader)) \
    X(void, BindBuffer, (unsigned target, unsigned buffer)) \
    X(void, BindTexture, (unsigned target, unsigned texture)) \
    X(void, BindVertexArray, (unsigned array)) \
    X(void, Clear, (unsigned mask)) \
    X(void, ClearColor, (float r, float g, float b, float a)) \
    X(void, ColorMask, (unsigned char r, unsigned char g, unsigned char b, unsigned char a)) \
    X(void, CompileShader, (unsigned shader)) \
    X(unsigned, CreateProgram, (void)) \
    X(unsigned, CreateShader, (unsigned type)) \
    X(void, DeleteProgram, (unsigned program)) \
    X(void, DeleteShader, (unsigned shader)) \
    X(void, DeleteTextures, (int n, const unsigned *textures)) \
    X(void, DeleteVertexArrays, (int n, const unsigned *arrays)) \
    X(void, Disable, (unsigned capability)) \
    X(void, DrawArrays, (unsigned mode, int first, int count)) \
    X(void, GenTextures, (int n, unsigned *textures)) \
    X(void, GenVertexArrays, (int n, unsigned *arrays)) \
    X(unsigned, GetError, (void)) \
    X(void, GetIntegerv, (unsigned name, int *value)) \
    X(void, GetProgramInfoLog, (unsigned program, int size, int *length, char *log)) \
    X(void, GetProgramiv, (unsigned program, unsigned name, int *value)) \
    X(void, GetShaderInfoLog, (unsigned shader, int size, int *length, char *log)) \
    X(void, GetShaderiv, (unsigned shader, unsigned name, int *value)) \
    X(const unsigned char *, GetString, (unsigned name)) \
    X(const unsigned char *, GetStringi, (unsigned name, unsigned index)) \
    X(int, GetUniformLocation, (unsigned program, const char *name)) \
    X(void, LinkProgram, (unsigned program)) \
    X(void, PixelStorei, (unsigned name, int value)) \
    X(void, ShaderSource, (unsigned shader, int n, const char *const *text, const int *length)) \
    X(void, TexImage2D, (unsigned target, int level, int internal, int width, int height, int border, \
                         unsigned format, unsigned type, const void *pixels)) \
    X(void, TexParameteri, (unsigned target, unsigned name, int value)) \
    X(void, TexSubImage2D, (unsigned target, int level, int x, int y, int width, int height, unsigned format, \
                            unsigned type, const void *pixels)) \
    X(void, Uniform1i, (int at, int value)) \
    X(void, Uniform2f, (int at, float x, float y)) \
    X(void, Uniform4f, (int at, float x, float y, float z, float w)) \
    X(void, Uniform4fv, (int at, int n, const float *values)) \
    X(void, UseProgram, (unsigned program)) \
    X(void, Viewport, (int x, int y, int width, int height))

typedef struct gl_calls {
#define X(result, name, parameters) result (*name) parameters;
    KF_GL_CALLS(X)
#undef X
    bool es, norm16; /* GLES; 16-bit textures that are filtered */
    bool software;   /* shaders run on the CPU */
    int max_size;    /* of textures, px */
} gl_calls;

/* Finds all functions and looks at what the current context can do. */
kf_status gl_calls_load(gl_calls *gl, kf_gl_load_fn *load, void *ctx, kf_error *err);

#endif
