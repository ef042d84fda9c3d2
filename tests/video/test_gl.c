/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures drawn in a GL context of the test's own, without a display, against the formulas of color. */
#include "test.h"

#include <epoxy/egl.h>
#include <epoxy/gl.h>

#include "color/api/color.h"
#include "video/gl/api/gl.h"

typedef struct screen {
    EGLDisplay display;
    EGLContext context;
    kf_gl *gl;
    unsigned framebuffer, texture;
    int width, height;
    uint8_t *pixels; /* RGBA, top row first */
} screen;

static void *load(void *ctx, const char *name)
{
    void *found = NULL;
    void (*address)(void) = eglGetProcAddress(name);
    memcpy(&found, &address, sizeof found);
    return found;
}

/* As GLES without GL_EXT_texture_norm16. */
static const GLubyte *no_extension(GLenum name, GLuint index)
{
    return (const GLubyte *)"GL_nothing";
}

/* As a graphics card, so that pictures take the way through shaders on a machine that has none. */
static const GLubyte *other_string(GLenum name)
{
    return name == GL_RENDERER ? (const GLubyte *)"a card" : glGetString(name);
}

static void *load_hard(void *ctx, const char *name)
{
    void *found = NULL;
    const GLubyte *(*address)(GLenum) = other_string;
    if (strcmp(name, "glGetString") != 0) return load(ctx, name);
    memcpy(&found, &address, sizeof found);
    return found;
}

static void *load_little(void *ctx, const char *name)
{
    void *found = NULL;
    const GLubyte *(*address)(GLenum, GLuint) = no_extension;
    if (strcmp(name, "glGetStringi") != 0) return load_hard(ctx, name);
    memcpy(&found, &address, sizeof found);
    return found;
}

static bool make_context(screen *s, bool es)
{
    if (!epoxy_has_egl_extension(EGL_NO_DISPLAY, "EGL_MESA_platform_surfaceless")) return false;
    s->display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, NULL, NULL);
    if (!s->display || !eglInitialize(s->display, NULL, NULL) || !eglBindAPI(es ? EGL_OPENGL_ES_API : EGL_OPENGL_API))
        return false;
    const EGLint gl[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 2, EGL_CONTEXT_OPENGL_PROFILE_MASK,
                         EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
    const EGLint gles[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 0, EGL_NONE};
    s->context = eglCreateContext(s->display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, es ? gles : gl);
    return s->context && eglMakeCurrent(s->display, EGL_NO_SURFACE, EGL_NO_SURFACE, s->context);
}

/* False: no GL here. */
static bool screen_open_with(screen *s, kf_gl_load_fn *find, bool es, int width, int height)
{
    *s = (screen){.width = width, .height = height};
    if (!make_context(s, es)) return false;
    kf_error err;
    if (kf_gl_create(find, NULL, &s->gl, &err) != KF_OK) {
        printf("# %s\n", err.message);
        return false;
    }
    glGenTextures(1, &s->texture);
    glBindTexture(GL_TEXTURE_2D, s->texture);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glGenFramebuffers(1, &s->framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, s->framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, s->texture, 0);
    s->pixels = malloc((size_t)width * height * 4);
    return s->pixels && glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

typedef enum way { SOFT, HARD, HARD_GLES } way;

static bool screen_open(screen *s, way how, int width, int height)
{
    return screen_open_with(s, how == SOFT ? load : load_hard, how == HARD_GLES, width, height);
}

static void screen_close(screen *s)
{
    kf_gl_destroy(s->gl);
    free(s->pixels);
    if (s->context) {
        CHECK_INT(glGetError(), GL_NO_ERROR);
        glDeleteFramebuffers(1, &s->framebuffer);
        glDeleteTextures(1, &s->texture);
        eglMakeCurrent(s->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        eglDestroyContext(s->display, s->context);
    }
}

static void screen_read(screen *s)
{
    size_t row = (size_t)s->width * 4;
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    for (int y = 0; y < s->height; y++)
        glReadPixels(0, s->height - 1 - y, s->width, 1, GL_RGBA, GL_UNSIGNED_BYTE, s->pixels + row * y);
}

static const uint8_t *pixel(const screen *s, int x, int y)
{
    return s->pixels + ((size_t)y * s->width + x) * 4;
}

#define CHECK_PIXEL(s, x, y, r, g, b, tolerance) \
    do { \
        const uint8_t *p_ = pixel(s, x, y); \
        CHECK_MSG(abs(p_[0] - (r)) <= (tolerance) && abs(p_[1] - (g)) <= (tolerance) && abs(p_[2] - (b)) <= (tolerance), \
                  "%d %d %d at %d, %d, expected %d %d %d", p_[0], p_[1], p_[2], x, y, r, g, b); \
    } while (0)

static kf_gl_view whole(const screen *s)
{
    return (kf_gl_view){.width = s->width, .height = s->height, .w = (float)s->width, .h = (float)s->height};
}

static void show(screen *s, const kf_image *image, const kf_gl_view *view)
{
    kf_error err = {0};
    CHECK_MSG(kf_gl_upload(s->gl, image, false, &err) == KF_OK, "%s", err.message);
    CHECK_MSG(kf_gl_draw(s->gl, view, &err) == KF_OK, "%s", err.message);
    screen_read(s);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void put(const kf_image *image, int plane, int index, int y, int bytes, unsigned value)
{
    uint8_t *at = image->plane[plane] + image->stride[plane] * y + (ptrdiff_t)index * bytes;
    at[0] = (uint8_t)value;
    if (bytes == 2) at[1] = (uint8_t)(value >> 8);
}

static unsigned get(const kf_image *image, int plane, int index, int y, int bytes)
{
    const uint8_t *at = image->plane[plane] + image->stride[plane] * y + (ptrdiff_t)index * bytes;
    return bytes == 2 ? at[0] | (unsigned)at[1] << 8 : at[0];
}

/* Every sample any code there is. */
static void fill(kf_image *image, uint32_t seed)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int bytes = info->bits > 8 ? 2 : 1;
    for (int plane = 0; plane < info->planes; plane++) {
        size_t row_bytes;
        int rows;
        kf_pixfmt_plane(image->format, image->width, image->height, plane, &row_bytes, &rows);
        for (int y = 0; y < rows; y++) {
            for (size_t x = 0; x < row_bytes / (size_t)bytes; x++)
                put(image, plane, (int)x, y, bytes, (next_random(&seed) & ((1u << info->bits) - 1)) << info->shift);
        }
    }
}

/* A code of a component of an unsubsampled picture, chroma repeated for the others. */
static float code_at(const kf_image *image, int c, int x, int y)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int bytes = info->bits > 8 ? 2 : 1, plane = c, index = x;
    if (info->packed) {
        plane = 0;
        index = x * info->components + (image->format == KF_PIX_BGRA8 && c < 3 ? 2 - c : c);
    } else if (info->model == KF_MODEL_RGB && c < 3) {
        plane = (c + 2) % 3;
    }
    return (float)get(image, plane, index, y, bytes);
}

static int to_8_bits(double nominal)
{
    return (int)lrint(fmin(fmax(nominal, 0), 1) * 255);
}

static void expect_rgb(const kf_image *image, int x, int y, int rgb[3])
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    kf_affine m = kf_color_decode(kf_color_resolve(image->color, image->format, image->width, image->height), info);
    float code[3] = {0};
    for (int c = 0; c < (info->model == KF_MODEL_GRAY ? 1 : 3); c++) code[c] = code_at(image, c, x, y);
    float alpha = info->alpha ? code_at(image, 3, x, y) / (float)((1 << info->bits) - 1) : 1;
    for (int i = 0; i < 3; i++) {
        float v = m.m[i][0] * code[0] + m.m[i][1] * code[1] + m.m[i][2] * code[2] + m.m[i][3];
        rgb[i] = to_8_bits(fminf(fmaxf(v, 0), 1) * alpha);
    }
}

/* ---- Cases, each for both kinds of GL, and without shaders where GL runs on the CPU ---- */

static void check_colors(screen *s, kf_pixfmt format, kf_color color, int tolerance)
{
    kf_frame *frame = kf_frame_create(format, s->width, s->height);
    REQUIRE(frame);
    frame->image.color = color;
    fill(&frame->image, 7 + format);
    kf_gl_view view = whole(s);
    show(s, &frame->image, &view);
    int worst = 0;
    for (int y = 0; y < s->height; y++) {
        for (int x = 0; x < s->width; x++) {
            int rgb[3];
            expect_rgb(&frame->image, x, y, rgb);
            for (int i = 0; i < 3; i++) {
                int off = abs(rgb[i] - pixel(s, x, y)[i]);
                worst = off > worst ? off : worst;
            }
        }
    }
    CHECK_MSG(worst <= tolerance, "%s, matrix %d, range %d: off by %d", kf_pixfmt_get(format)->name, color.matrix, color.range,
              worst);
    kf_frame_unref(frame);
}

static void check_exact(screen *s, kf_pixfmt format, kf_color color)
{
    check_colors(s, format, color, 1);
}

static void colors_match(way how)
{
    screen s;
    if (!screen_open(&s, how, 37, 19)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    static const kf_pixfmt formats[] = {KF_PIX_GRAY8,      KF_PIX_GRAY10,     KF_PIX_GRAY16,  KF_PIX_YUV444P8,
                                        KF_PIX_YUV444P10,  KF_PIX_YUV444P12,  KF_PIX_YUVA444P8, KF_PIX_YUVA444P10,
                                        KF_PIX_GBRP8,      KF_PIX_GBRP10,     KF_PIX_GBRAP12, KF_PIX_RGB24,
                                        KF_PIX_RGBA8,      KF_PIX_BGRA8,      KF_PIX_RGBA16};
    static const uint8_t matrices[] = {KF_MAT_BT709, KF_MAT_SMPTE170M, KF_MAT_BT2020_NCL};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        for (int k = 0; k < 6; k++)
            check_exact(&s, formats[i], (kf_color){.matrix = matrices[k / 2], .range = k % 2 ? KF_RANGE_FULL : KF_RANGE_LIMITED});
    }
    screen_close(&s);
}

/* Chroma that rises by 2 codes with each of its columns: at luma column x it is what lies there on the line. */
static void check_chroma(screen *s, kf_pixfmt format, kf_chroma_loc place, double shift)
{
    kf_frame *frame = kf_frame_create(format, s->width, s->height);
    REQUIRE(frame);
    frame->image.color = (kf_color){.matrix = KF_MAT_BT709, .range = KF_RANGE_FULL, .chroma_loc = place};
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    int bytes = info->bits > 8 ? 2 : 1, up = info->bits - 8 + info->shift;
    for (int y = 0; y < s->height; y++)
        for (int x = 0; x < s->width; x++) put(&frame->image, 0, x, y, bytes, 100u << up);
    for (int y = 0; y < (s->height + 1) / 2; y++) {
        for (int x = 0; x < s->width / 2; x++) {
            put(&frame->image, 1, info->semiplanar ? 2 * x : x, y, bytes, 128u << up);
            put(&frame->image, info->semiplanar ? 1 : 2, info->semiplanar ? 2 * x + 1 : x, y, bytes,
                (unsigned)(100 + 2 * x) << up);
        }
    }
    kf_gl_view view = whole(s);
    show(s, &frame->image, &view);
    double luma = 100.0 * (1 << (info->bits - 8)) / ((1 << info->bits) - 1);
    for (int x = 4; x < s->width - 4; x++) {
        double cr = 100 + 2 * (x / 2.0 - shift);
        double red = luma + 2 * (1 - 0.2126) * (cr - 128) * (1 << (info->bits - 8)) / ((1 << info->bits) - 1);
        CHECK_NEAR(pixel(s, x, 3)[0], red * 255, 1.6);
    }
    kf_frame_unref(frame);
}

static void chroma_lies_right(way how)
{
    screen s;
    if (!screen_open(&s, how, 40, 8)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    static const kf_pixfmt formats[] = {KF_PIX_YUV420P8, KF_PIX_YUV420P10, KF_PIX_NV12, KF_PIX_P010};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        check_chroma(&s, formats[i], KF_CHROMA_LEFT, 0);
        check_chroma(&s, formats[i], KF_CHROMA_CENTER, 0.25);
    }
    screen_close(&s);
}

static kf_frame *gray_columns(int width, int height, int period)
{
    kf_frame *frame = kf_frame_create(KF_PIX_GRAY8, width, height);
    for (int y = 0; frame && y < height; y++)
        for (int x = 0; x < width; x++) put(&frame->image, 0, x, y, 1, x / period % 2 ? 255 : 0);
    return frame;
}

/* Lines of one pixel, shrunk to a quarter, are an even grey: no pixel of the source is left out. */
static void shrinks_evenly(way how)
{
    screen s;
    if (!screen_open(&s, how, 32, 8)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    kf_frame *frame = gray_columns(128, 32, 1);
    kf_gl_view view = whole(&s);
    show(&s, &frame->image, &view);
    for (int x = 1; x < 31; x++) CHECK_PIXEL(&s, x, 4, 128, 128, 128, 1);
    kf_frame_unref(frame);
    screen_close(&s);
}

/* Two pixels on eight: a slope between their middles, or squares. */
static void enlarges(way how)
{
    screen s;
    if (!screen_open(&s, how, 8, 4)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    kf_frame *frame = gray_columns(2, 1, 1);
    kf_gl_view view = whole(&s);
    show(&s, &frame->image, &view);
    static const int slope[8] = {0, 0, 32, 96, 159, 223, 255, 255};
    for (int x = 0; x < 8; x++) CHECK_PIXEL(&s, x, 1, slope[x], slope[x], slope[x], 1);
    view.pixels = true;
    show(&s, &frame->image, &view);
    for (int x = 0; x < 8; x++) CHECK_PIXEL(&s, x, 1, x < 4 ? 0 : 255, x < 4 ? 0 : 255, x < 4 ? 0 : 255, 0);
    kf_frame_unref(frame);
    screen_close(&s);
}

/* Where the picture goes, top left first, and what is around it. */
static void places(way how)
{
    screen s;
    if (!screen_open(&s, how, 20, 10)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    static uint8_t two_rows[2 * 8] = {250, 0, 0, 255, 250, 0, 0, 255, 0, 0, 200, 255, 0, 0, 200, 255};
    kf_image image = {.format = KF_PIX_RGBA8, .width = 2, .height = 2, .plane = {two_rows}, .stride = {8}};
    kf_gl_view view = {.width = 20, .height = 10, .x = 4, .y = 2, .w = 8, .h = 4, .surround = {0.2f, 0.4f, 0.6f}};
    view.pixels = true;
    show(&s, &image, &view);
    CHECK_PIXEL(&s, 4, 2, 250, 0, 0, 0);
    CHECK_PIXEL(&s, 11, 3, 250, 0, 0, 0);
    CHECK_PIXEL(&s, 4, 4, 0, 0, 200, 0);
    CHECK_PIXEL(&s, 3, 2, 51, 102, 153, 0);
    CHECK_PIXEL(&s, 12, 5, 51, 102, 153, 0);
    CHECK_PIXEL(&s, 4, 6, 51, 102, 153, 0);
    CHECK(kf_gl_upload(s.gl, NULL, false, NULL) == KF_OK);
    CHECK(kf_gl_draw(s.gl, &view, NULL) == KF_OK);
    screen_read(&s);
    CHECK_PIXEL(&s, 5, 3, 51, 102, 153, 0);
    screen_close(&s);
}

/* Half a red over white, straight and multiplied in; over a checkerboard two neighbouring squares differ. */
static void alpha_shows_what_is_behind(way how)
{
    screen s;
    if (!screen_open(&s, how, 32, 8)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    static uint8_t straight[4] = {200, 0, 0, 128}, multiplied[4] = {100, 0, 0, 128};
    kf_image image = {.format = KF_PIX_RGBA8, .width = 1, .height = 1, .plane = {straight}, .stride = {4}};
    kf_gl_view view = whole(&s);
    view.behind[0] = view.behind[1] = view.behind[2] = 1;
    show(&s, &image, &view);
    CHECK_PIXEL(&s, 3, 3, 227, 127, 127, 1);
    image.plane[0] = multiplied;
    image.premultiplied = true;
    show(&s, &image, &view);
    CHECK_PIXEL(&s, 3, 3, 227, 127, 127, 1);
    view.checker = true;
    show(&s, &image, &view);
    CHECK_INT(abs(pixel(&s, 3, 3)[1] - pixel(&s, 11, 3)[1]) > 15, true);
    CHECK_INT(pixel(&s, 3, 3)[1], pixel(&s, 19, 3)[1]);
    CHECK(kf_gl_upload(s.gl, &image, true, NULL) == KF_OK && kf_gl_draw(s.gl, &view, NULL) == KF_OK);
    screen_read(&s);
    CHECK_PIXEL(&s, 3, 3, 100, 0, 0, 0);
    screen_close(&s);
}

/* Rows that end anywhere, also where GL cannot be told. */
static void takes_any_stride(way how)
{
    screen s;
    if (!screen_open(&s, how, 5, 3)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    for (int stride = 15; stride < 40; stride++) {
        uint8_t data[3 * 40];
        memset(data, 77, sizeof data);
        kf_image image = {.format = KF_PIX_RGB24, .width = 5, .height = 3, .plane = {data}, .stride = {stride}};
        fill(&image, (uint32_t)stride);
        kf_gl_view view = whole(&s);
        show(&s, &image, &view);
        const uint8_t *last = data + 2 * stride + 12;
        CHECK_PIXEL(&s, 4, 2, last[0], last[1], last[2], 0);
    }
    screen_close(&s);
}

/* A picture, then one of another size and form, then the first again. */
static void pictures_may_change(way how)
{
    screen s;
    if (!screen_open(&s, how, 37, 19)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    const kf_color color = {.matrix = KF_MAT_BT709, .range = KF_RANGE_LIMITED};
    check_exact(&s, KF_PIX_YUV444P8, color);
    kf_frame *small = gray_columns(2, 2, 1);
    kf_gl_view view = whole(&s);
    show(&s, &small->image, &view);
    kf_frame_unref(small);
    check_exact(&s, KF_PIX_YUV444P10, color);
    check_exact(&s, KF_PIX_YUV444P8, color);
    screen_close(&s);
}

/* Where 16 bits cannot be filtered, the 8 highest are shown: at most one code too little of each, 1.86 of blue. */
TEST(more_than_8_bits_without_textures_for_them)
{
    screen s;
    if (!screen_open_with(&s, load_little, true, 37, 19)) {
        screen_close(&s);
        SKIP("no GL here");
    }
    static const kf_pixfmt formats[] = {KF_PIX_GRAY16, KF_PIX_YUV444P10, KF_PIX_YUVA444P12, KF_PIX_RGBA16};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        check_colors(&s, formats[i], (kf_color){.matrix = KF_MAT_BT709, .range = KF_RANGE_LIMITED}, 4);
    check_chroma(&s, KF_PIX_P010, KF_CHROMA_CENTER, 0.25);
    screen_close(&s);
}

static void smooth(kf_image *image)
{
    for (int y = 0; y < image->height; y++)
        for (int x = 0; x < image->width; x++) put(image, 0, x, y, 1, (unsigned)(20 + 2 * x + y));
    for (int y = 0; y < image->height / 2; y++) {
        for (int x = 0; x < image->width / 2; x++) {
            put(image, 1, x, y, 1, (unsigned)(90 + x + y));
            put(image, 2, x, y, 1, (unsigned)(160 - x));
        }
    }
}

/* Shaders and code put the same pixels in the same places: enlarged and moved aside, shrunk at odd sizes, in squares. */
TEST(both_ways_agree)
{
    static const kf_gl_view views[] = {{.width = 61, .height = 33, .x = -100.3f, .y = -20.7f, .w = 400, .h = 200},
                                       {.width = 61, .height = 33, .x = 3.25f, .y = 5.4f, .w = 37.3f, .h = 19.9f},
                                       {.width = 61, .height = 33, .x = -7, .y = -9, .w = 320, .h = 160, .pixels = true}};
    kf_frame *frame = kf_frame_create(KF_PIX_YUV420P8, 80, 40);
    smooth(&frame->image);
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        screen soft, hard;
        if (!screen_open(&soft, SOFT, 61, 33)) {
            screen_close(&soft);
            kf_frame_unref(frame);
            SKIP("no GL here");
        }
        show(&soft, &frame->image, &views[i]);
        CHECK(screen_open(&hard, HARD, 61, 33));
        show(&hard, &frame->image, &views[i]);
        int worst = 0;
        for (int k = 0; k < 61 * 33 * 4; k++) {
            int off = abs(soft.pixels[k] - hard.pixels[k]);
            worst = off > worst ? off : worst;
        }
        CHECK_MSG(worst <= 3, "view %d: off by %d", (int)i, worst);
        screen_close(&hard);
        eglMakeCurrent(soft.display, EGL_NO_SURFACE, EGL_NO_SURFACE, soft.context);
        screen_close(&soft);
    }
    kf_frame_unref(frame);
}

static void *load_nothing(void *ctx, const char *name)
{
    return NULL;
}

TEST(a_context_without_functions_is_refused)
{
    kf_gl *gl;
    kf_error err;
    CHECK_INT(kf_gl_create(load_nothing, NULL, &gl, &err), KF_ERR_UNSUPPORTED);
    CHECK(!gl && strstr(err.message, "glActiveTexture"));
    kf_gl_destroy(NULL);
}

#define EACH(name) \
    TEST(name##_in_code) { name(SOFT); } \
    TEST(name##_gl) { name(HARD); } \
    TEST(name##_gles) { name(HARD_GLES); }
EACH(colors_match)
EACH(chroma_lies_right)
EACH(shrinks_evenly)
EACH(enlarges)
EACH(places)
EACH(alpha_shows_what_is_behind)
EACH(takes_any_stride)
EACH(pictures_may_change)
#define RUN_EACH(name) RUN(name##_in_code); RUN(name##_gl); RUN(name##_gles)

int main(void)
{
    RUN(a_context_without_functions_is_refused);
    RUN(more_than_8_bits_without_textures_for_them);
    RUN(both_ways_agree);
    RUN_EACH(colors_match);
    RUN_EACH(chroma_lies_right);
    RUN_EACH(shrinks_evenly);
    RUN_EACH(enlarges);
    RUN_EACH(places);
    RUN_EACH(alpha_shows_what_is_behind);
    RUN_EACH(takes_any_stride);
    RUN_EACH(pictures_may_change);
    return test_end();
}
