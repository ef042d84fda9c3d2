/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/gl/internal.h"

static const char vertex_text[] =
    "uniform vec4 rect;\n" /* left, top, right, bottom in clip coordinates */
    "uniform vec2 size;\n" /* of the picture */
    "out vec2 at;\n"       /* in pixels of the picture */
    "void main() {\n"
    "    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));\n"
    "    at = corner * size;\n"
    "    gl_Position = vec4(mix(rect.xy, rect.zw, corner), 0.0, 1.0);\n"
    "}\n";

/* The mean of a plane over the pixel of the screen: as many evenly spaced bilinear samples as it covers texels. Samples
 * are averaged as they are coded. */
static const char area_text[] =
    "uniform sampler2D plane0, plane1, plane2, plane3;\n"
    "uniform vec2 footprint;\n" /* of a pixel of the screen, in pixels of the picture */
    "uniform vec4 chroma, decode[3], behind, dark;\n"
    "uniform vec2 alpha;\n"     /* scale; 1 if it is multiplied in already */
    "in vec2 at;\n"
    "out vec4 color;\n"
    "vec4 area(sampler2D plane, vec4 place) {\n"
    "    vec2 span = footprint * place.xy;\n"
    "    ivec2 count = ivec2(clamp(ceil(span - 0.01), 1.0, 16.0));\n"
    "    vec2 texel = 1.0 / vec2(textureSize(plane, 0));\n"
    "    vec2 hop = span / vec2(count);\n"
    "    vec2 first = (at * place.xy + place.zw - 0.5 * (span - hop)) * texel;\n"
    "    hop *= texel;\n"
    "    vec4 sum = vec4(0.0);\n"
    "    for (int y = 0; y < count.y; y++)\n"
    "        for (int x = 0; x < count.x; x++)\n"
    "            sum += textureLod(plane, first + hop * vec2(float(x), float(y)), 0.0);\n"
    "    return sum / float(count.x * count.y);\n"
    "}\n"
    "const vec4 whole = vec4(1.0, 1.0, 0.0, 0.0);\n";

static const char *const samples_text[GL_LAYOUT_COUNT] = {
    [GL_LAYOUT_GRAY] = "vec4 samples() { return vec4(area(plane0, whole).x, 0.0, 0.0, 0.0); }\n",
    [GL_LAYOUT_PACKED] = "vec4 samples() { return area(plane0, whole); }\n",
    [GL_LAYOUT_SEMI] = "vec4 samples() { return vec4(area(plane0, whole).x, area(plane1, chroma).xy, 0.0); }\n",
    [GL_LAYOUT_PLANES] = "vec4 samples() { return vec4(area(plane0, whole).x, area(plane1, chroma).x,\n"
                         "                             area(plane2, chroma).x, 0.0); }\n",
    [GL_LAYOUT_ALPHA] = "vec4 samples() { return vec4(area(plane0, whole).x, area(plane1, chroma).x,\n"
                        "                             area(plane2, chroma).x, area(plane3, whole).x); }\n",
};

/* Under it lie squares of 8 px in two colours, which may be one. alpha.x is 0 for pictures without. */
static const char main_text[] =
    "void main() {\n"
    "    vec4 code = samples();\n"
    "    vec4 one = vec4(code.xyz, 1.0);\n"
    "    vec3 rgb = clamp(vec3(dot(decode[0], one), dot(decode[1], one), dot(decode[2], one)), 0.0, 1.0);\n"
    "    if (alpha.x > 0.0) {\n"
    "        float opaque = clamp(code.w * alpha.x, 0.0, 1.0);\n"
    "        ivec2 square = ivec2(gl_FragCoord.xy) >> 3;\n"
    "        vec3 under = ((square.x + square.y) & 1) == 0 ? behind.xyz : dark.xyz;\n"
    "        rgb = rgb * mix(opaque, 1.0, alpha.y) + under * (1.0 - opaque);\n"
    "    }\n"
    "    color = vec4(rgb, 1.0);\n"
    "}\n";

/* Texels lie on pixels of the screen. */
static const char copy_text[] =
    "uniform sampler2D plane0;\n"
    "in vec2 at;\n"
    "out vec4 color;\n"
    "void main() { color = texture(plane0, at); }\n";

static const char *head(const kf_gl *gl)
{
    return gl->call.es ? "#version 300 es\nprecision highp float;\nprecision highp int;\nprecision highp sampler2D;\n"
                       : "#version 150\n";
}

static unsigned compile(const kf_gl *gl, unsigned type, const char *const *text, int count, kf_error *err)
{
    const gl_calls *call = &gl->call;
    unsigned shader = call->CreateShader(type);
    call->ShaderSource(shader, count, text, NULL);
    call->CompileShader(shader);
    int good = 0;
    call->GetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (good) return shader;
    char log[600] = "";
    call->GetShaderInfoLog(shader, sizeof log, NULL, log);
    kf_fail(err, KF_ERR_UNSUPPORTED, "the graphics driver refuses the monitor's shader: %s", log);
    call->DeleteShader(shader);
    return 0;
}

static unsigned link(const kf_gl *gl, unsigned vertex, unsigned fragment, kf_error *err)
{
    const gl_calls *call = &gl->call;
    unsigned program = call->CreateProgram();
    call->AttachShader(program, vertex);
    call->AttachShader(program, fragment);
    call->LinkProgram(program);
    int good = 0;
    call->GetProgramiv(program, GL_LINK_STATUS, &good);
    if (good) return program;
    char log[600] = "";
    call->GetProgramInfoLog(program, sizeof log, NULL, log);
    kf_fail(err, KF_ERR_UNSUPPORTED, "the graphics driver cannot link the monitor's shaders: %s", log);
    call->DeleteProgram(program);
    return 0;
}

static unsigned build(const kf_gl *gl, gl_layout layout, kf_error *err)
{
    const char *const vertex_parts[] = {head(gl), vertex_text};
    const char *const fragment_parts[] = {head(gl), area_text, samples_text[layout], main_text};
    const char *const copy_parts[] = {head(gl), copy_text};
    bool copy = layout == GL_LAYOUT_COPY;
    unsigned vertex = compile(gl, GL_VERTEX_SHADER, vertex_parts, 2, err);
    if (!vertex) return 0;
    unsigned fragment = compile(gl, GL_FRAGMENT_SHADER, copy ? copy_parts : fragment_parts, copy ? 2 : 4, err);
    unsigned program = fragment ? link(gl, vertex, fragment, err) : 0;
    gl->call.DeleteShader(vertex);
    if (fragment) gl->call.DeleteShader(fragment);
    return program;
}

static void find_uniforms(const gl_calls *call, gl_program *p)
{
    p->rect = call->GetUniformLocation(p->id, "rect");
    p->size = call->GetUniformLocation(p->id, "size");
    p->footprint = call->GetUniformLocation(p->id, "footprint");
    p->chroma = call->GetUniformLocation(p->id, "chroma");
    p->decode = call->GetUniformLocation(p->id, "decode");
    p->alpha = call->GetUniformLocation(p->id, "alpha");
    p->behind = call->GetUniformLocation(p->id, "behind");
    p->dark = call->GetUniformLocation(p->id, "dark");
    static const char *const planes[4] = {"plane0", "plane1", "plane2", "plane3"};
    call->UseProgram(p->id);
    for (int i = 0; i < 4; i++) call->Uniform1i(call->GetUniformLocation(p->id, planes[i]), i);
}

const gl_program *gl_program_get(kf_gl *gl, gl_layout layout, kf_error *err)
{
    gl_program *p = &gl->program[layout];
    if (p->id) return p;
    p->id = build(gl, layout, err);
    if (!p->id) return NULL;
    find_uniforms(&gl->call, p);
    return p;
}
