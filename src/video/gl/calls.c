/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "video/gl/calls.h"

#include <stdlib.h>
#include <string.h>

static kf_status find_functions(gl_calls *gl, kf_gl_load_fn *load, void *ctx, kf_error *err)
{
#define X(result, name, parameters) \
    { \
        void *found = load(ctx, "gl" #name); \
        if (!found) return kf_fail(err, KF_ERR_UNSUPPORTED, "this OpenGL has no gl" #name ": update the graphics driver"); \
        memcpy(&gl->name, &found, sizeof found); \
    }
    KF_GL_CALLS(X)
#undef X
    return KF_OK;
}

static bool has_extension(const gl_calls *gl, const char *name)
{
    int count = 0;
    gl->GetIntegerv(GL_NUM_EXTENSIONS, &count);
    for (int i = 0; i < count; i++) {
        const char *found = (const char *)gl->GetStringi(GL_EXTENSIONS, (unsigned)i);
        if (found && strcmp(found, name) == 0) return true;
    }
    return false;
}

/* "3.2 (Core Profile) ..." or "OpenGL ES 3.0 ...": the version times ten, 0 if there is none. */
static int read_version(gl_calls *gl, const char *text)
{
    gl->es = strncmp(text, "OpenGL ES ", 10) == 0;
    const char *number = gl->es ? text + 10 : text;
    char *dot;
    long major = strtol(number, &dot, 10);
    long minor = *dot == '.' ? strtol(dot + 1, NULL, 10) : 0;
    return major > 0 && major < 100 && minor >= 0 && minor < 10 ? (int)(major * 10 + minor) : 0;
}

static bool is_software(const gl_calls *gl)
{
    static const char *const names[] = {"llvmpipe", "softpipe", "SwiftShader"};
    const char *renderer = (const char *)gl->GetString(GL_RENDERER);
    for (size_t i = 0; renderer && i < sizeof names / sizeof *names; i++) {
        if (strstr(renderer, names[i])) return true;
    }
    return false;
}

kf_status gl_calls_load(gl_calls *gl, kf_gl_load_fn *load, void *ctx, kf_error *err)
{
    kf_status status = find_functions(gl, load, ctx, err);
    if (status != KF_OK) return status;
    const char *version = (const char *)gl->GetString(GL_VERSION);
    if (!version) return kf_fail(err, KF_ERR_USAGE, "no OpenGL context is current");
    if (read_version(gl, version) < (gl->es ? 30 : 32))
        return kf_fail(err, KF_ERR_UNSUPPORTED, "OpenGL is \"%s\"; the monitors need OpenGL 3.2 or OpenGL ES 3.0", version);
    gl->software = is_software(gl);
    gl->norm16 = !gl->es || has_extension(gl, "GL_EXT_texture_norm16");
    gl->GetIntegerv(GL_MAX_TEXTURE_SIZE, &gl->max_size);
    return KF_OK;
}
