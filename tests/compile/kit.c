/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/str.h"
#include "base/api/time.h"

/* ---- Pictures ---- */

static uint32_t mixed(uint32_t x)
{
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}

static double noise_at(int component, int x, int y, double phase)
{
    double grain = (mixed((uint32_t)(x + 977 * y + 100003 * component)) & 0xffff) / 65535.0;
    return 0.5 + 0.3 * sin(0.11 * x + 0.07 * y + component * 1.7 + phase) + 0.2 * (grain - 0.5);
}

static double ramp_at(int component, int x, int y, double phase)
{
    static const double across[4] = {1 / 231.0, 0.6 / 116.0, 0, 0}, down[4] = {0, 0, 0.7 / 131.0, 1 / 131.0};
    return 0.02 + 0.95 * fmin(1, across[component] * x + down[component] * y + (component ? 0.15 : 0));
}

static double wave_at(int component, int x, int y, double phase)
{
    double v = 0.5 + 0.42 * sin(0.09 * (x + y) + 2.1 * component) * cos(0.05 * (x - 2 * y));
    return component == 3 ? fmin(1, fmax(0, 1.6 * v - 0.3)) : v;
}

static double edges_at(int component, int x, int y, double phase)
{
    int square = x / 13 + 7 * (y / 11);
    if (component == 3) return square % 3 == 0 ? 0.5 : square % 5 == 0 ? 0 : 1;
    return (mixed((uint32_t)(square * 4 + component)) & 0xff) / 255.0;
}

typedef double value_at(int component, int x, int y, double phase);
static const struct { const char *name; kf_pixfmt format; int width, height; value_at *at; } pictures[] = {
    {"noise", KF_PIX_YUV420P8, 160, 90, noise_at},
    {"ramp", KF_PIX_YUV422P10, 231, 131, ramp_at},
    {"alpha", KF_PIX_YUVA444P8, 120, 100, wave_at},
    {"edges", KF_PIX_BGRA8, 97, 61, edges_at},
};

static int plane_samples(const kf_image *image, int plane, int *rows)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    size_t bytes;
    kf_pixfmt_plane(image->format, image->width, image->height, plane, &bytes, rows);
    return (int)(bytes / (info->bits > 16 ? 4 : info->bits > 8 ? 2 : 1));
}

static void put(kf_image *image, int plane, int x, int y, double v)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    uint8_t *row = image->plane[plane] + y * image->stride[plane];
    if (info->bits > 8) ((uint16_t *)(void *)row)[x] = (uint16_t)(v * 1023 + 0.5);
    else row[x] = (uint8_t)(v * 255 + 0.5);
}

static kf_color color_of(kf_pixfmt format)
{
    if (kf_pixfmt_get(format)->model == KF_MODEL_RGB)
        return (kf_color){KF_PRI_BT709, KF_TRC_SRGB, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};
    return (kf_color){KF_PRI_BT709, KF_TRC_BT709, KF_MAT_BT709, KF_RANGE_LIMITED, KF_CHROMA_LEFT};
}

static kf_frame *made(kf_pixfmt format, int width, int height, value_at *at, double phase)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(format);
    kf_frame *f = kf_frame_create(format, width, height);
    if (!f) return NULL;
    f->image.color = color_of(format);
    static const int bgra[4] = {2, 1, 0, 3};
    for (int p = 0; p < info->planes; p++) {
        int rows, samples = plane_samples(&f->image, p, &rows), step = info->packed ? info->components : 1;
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < samples; x++) {
                int component = !info->packed ? p : format == KF_PIX_BGRA8 ? bgra[x % step] : x % step;
                put(&f->image, p, x, y, fmin(1, fmax(0, at(component, x / step, y, phase))));
            }
    }
    return f;
}

static kf_frame *flat(const char *spec)
{
    unsigned rgba[4] = {0, 0, 0, 255};
    int width = KIT_WIDTH, height = KIT_HEIGHT, count = sscanf(spec, "%2x%2x%2x%2x", &rgba[0], &rgba[1], &rgba[2],
        &rgba[3]);
    const char *size = strchr(spec, ':');
    if (count < 3 || (size && sscanf(size, ":%dx%d", &width, &height) != 2)) return NULL;
    kf_frame *f = kf_frame_create(KF_PIX_RGBA8, width, height);
    if (!f) return NULL;
    f->image.color = color_of(KF_PIX_RGBA8);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < 4 * width; x++) f->image.plane[0][y * f->image.stride[0] + x] = (uint8_t)rgba[x & 3];
    return f;
}

static kf_frame *grey(const char *spec)
{
    kf_frame *f = kf_frame_create(KF_PIX_YUV420P8, KIT_WIDTH, KIT_HEIGHT);
    if (!f) return NULL;
    f->image.color = color_of(KF_PIX_YUV420P8);
    for (int p = 0; p < 3; p++) {
        int rows, samples = plane_samples(&f->image, p, &rows);
        for (int y = 0; y < rows; y++) memset(f->image.plane[p] + y * f->image.stride[p], p ? 128 : atoi(spec),
            (size_t)samples);
    }
    return f;
}

static kf_frame *places(const char *spec)
{
    int width = 0, height = 0;
    if (sscanf(spec, "%dx%d", &width, &height) != 2) return NULL;
    kf_frame *f = kf_frame_create(KF_PIX_RGB24, width, height);
    if (!f) return NULL;
    f->image.color = color_of(KF_PIX_RGB24);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            uint8_t *p = f->image.plane[0] + y * f->image.stride[0] + 3 * x;
            p[0] = (uint8_t)(x + 1);
            p[1] = (uint8_t)(y + 1);
            p[2] = 200;
        }
    return f;
}

typedef struct shot { kf_rational aspect; int rotation; bool mirrored; const char *rest; } shot;

/* Takes the words of metadata off a path. */
static shot metadata(const char *path)
{
    static const struct { const char *word; int rotation; bool mirrored, wide; } words[] = {
        {"turned90:", 90}, {"turned180:", 180}, {"turned270:", 270}, {"mirrored:", 0, true},
        {"turned90mirrored:", 90, true}, {"anamorphic:", 0, false, true}};
    shot s = {{1, 1}, 0, false, path};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i].word);
        if (strncmp(s.rest, words[i].word, n) != 0) continue;
        s.rotation = words[i].rotation;
        s.mirrored = words[i].mirrored;
        if (words[i].wide) s.aspect = (kf_rational){2, 1};
        s.rest += n;
    }
    return s;
}

kf_frame *kit_picture(const char *path, kf_time t)
{
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (strcmp(path, pictures[i].name) == 0)
            return made(pictures[i].format, pictures[i].width, pictures[i].height, pictures[i].at, kf_time_seconds(t));
    if (strncmp(path, "flat:", 5) == 0) return flat(path + 5);
    if (strncmp(path, "grey:", 5) == 0) return grey(path + 5);
    if (strncmp(path, "place:", 6) == 0) return places(path + 6);
    return NULL;
}

/* ---- Sources ---- */

static kf_status facts(void *ctx, const kf_asset_view *asset, int stream, kf_asset_facts *out, kf_error *err)
{
    const kit_film *film = ctx;
    shot s = metadata(asset->path);
    *out = (kf_asset_facts){.video = true, .video_end = film->media_end, .audio_end = film->media_end};
    kf_frame *f = kit_picture(s.rest, 0);
    if (!f) return KF_OK;
    const kf_pixfmt_info *info = kf_pixfmt_get(f->image.format);
    int w = f->image.width * s.aspect.num / s.aspect.den, h = f->image.height;
    bool turned = s.rotation % 180 != 0;
    /* flat colours are RGBA8 whatever they are: what they say of themselves is what counts */
    out->alpha = info->alpha && !(strncmp(s.rest, "flat:", 5) == 0 && f->image.plane[0][3] == 255);
    out->width = turned ? h : w;
    out->height = turned ? w : h;
    kf_frame_unref(f);
    return KF_OK;
}

static kf_status picture(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
    kf_error *err)
{
    kit_film *film = ctx;
    shot s = metadata(asset->path);
    kit_calls *calls = &film->calls;
    calls->pictures++;
    calls->last = t;
    size_t used = strlen(calls->asked);
    snprintf(calls->asked + used, sizeof calls->asked - used, "%s ", asset->path);
    *out = (kf_asset_picture){kit_picture(s.rest, t), s.aspect, s.rotation, s.mirrored};
    return out->frame || strcmp(s.rest, "gone") == 0 ? KF_OK : kf_fail_memory(err);
}

/* Titles and shapes are rounded blots whose size comes from what is asked for. */
static kf_status blot(double width, double height, const float color[4], kf_placed *out, kf_error *err)
{
    int w = (int)fmax(1, ceil(width)), h = (int)fmax(1, ceil(height));
    *out = (kf_placed){kf_frame_create(KF_PIX_RGBA8, w, h), -w / 2, -h / 2};
    if (!out->frame) return kf_fail_memory(err);
    out->frame->image.color = color_of(KF_PIX_RGBA8);
    out->frame->image.premultiplied = true;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            double d = hypot((x + 0.5) / w * 2 - 1, (y + 0.5) / h * 2 - 1), a = fmin(1, fmax(0,
                (1 - d) * h / 4)) * color[3];
            uint8_t *p = out->frame->image.plane[0] + y * out->frame->image.stride[0] + 4 * x;
            for (int c = 0; c < 3; c++) p[c] = (uint8_t)(color[c] * a * 255 + 0.5);
            p[3] = (uint8_t)(a * 255 + 0.5);
        }
    return KF_OK;
}

static kf_status title(void *ctx, const kf_gen_title *title, kf_placed *out, kf_error *err)
{
    return blot(title->size * 0.5 * (double)strlen(title->text), title->size, title->color, out, err);
}

static kf_status shape(void *ctx, const kf_gen_shape *shape, kf_placed *out, kf_error *err)
{
    if (shape->kind != KF_GEN_SHAPE_POLYGON) return blot(shape->size[0], shape->size[1], shape->fill, out, err);
    float lo[2] = {1e9f, 1e9f}, hi[2] = {-1e9f, -1e9f};
    for (int i = 0; i < shape->points.count; i++)
        for (int c = 0; c < 2; c++) {
            lo[c] = fminf(lo[c], shape->points.p[i][c]);
            hi[c] = fmaxf(hi[c], shape->points.p[i][c]);
        }
    kf_status status = blot(hi[0] - lo[0], hi[1] - lo[1], shape->fill, out, err);
    out->x = (int)floorf(lo[0]);
    out->y = (int)floorf(lo[1]);
    return status;
}

static kf_status subtitles(void *ctx, const kf_gen_subtitles *style, kf_time t, int width, int height, kf_placed *out,
                           kf_error *err)
{
    kf_status status = blot(width * 0.6, style->size * height / 1080 * 2, style->color, out, err);
    out->x += width / 2;
    out->y += height * 4 / 5;
    return status;
}

static kf_status still(void *ctx, const char *file, kf_frame **out, kf_error *err)
{
    *out = kit_picture(file, 0);
    return *out ? KF_OK : kf_fail_memory(err);
}

static kf_lut1d *lut1;
static kf_lut3d *lut3;

static kf_status cube(void *ctx, const char *file, kf_cube *out, kf_error *err)
{
    static const char one[] = "LUT_1D_SIZE 3\n0 0.1 1\n0.7 0.5 0.5\n1 0.9 0\n";
    /* swaps R and G */
    static const char three[] = "LUT_3D_SIZE 2\n0 0 0\n0 1 0\n1 0 0\n1 1 0\n0 0 1\n0 1 1\n1 0 1\n1 1 1\n";
    *out = (kf_cube){0};
    if (!lut1) {
        kf_lut3d *no3 = NULL;
        kf_lut1d *no1 = NULL;
        kf_status status = kf_cube_parse(one, sizeof one - 1, "one", &lut1, &no3, err);
        if (status == KF_OK) status = kf_cube_parse(three, sizeof three - 1, "three", &no1, &lut3, err);
        if (status != KF_OK) return status;
    }
    if (strcmp(file, "one.cube") == 0) out->lut1 = lut1;
    else out->lut3 = lut3;
    return KF_OK;
}

/* ---- Films ---- */

bool kit_load(kit_film *out, const char *json)
{
    kf_error err = {0};
    *out = (kit_film){.media_end = KF_TIME_NONE};
    out->sources = (kf_compile_sources){.ctx = out, .facts = facts, .picture = picture, .title = title, .shape = shape,
                                        .subtitles = subtitles, .still = still, .cube = cube};
    if (kf_film_load_json(json, strlen(json), NULL, &out->film, &err) == KF_OK) return true;
    printf("# %s\n# in %s\n", err.message, json);
    return false;
}

static void declare_assets(kf_str *text, const char *tracks)
{
    char seen[2000] = "";
    kf_str_add(text, "\"assets\":{");
    for (const char *at = tracks; (at = strstr(at, "\"asset\":\"")); ) {
        char id[64] = "", entry[160];
        at += 9;
        sscanf(at, "%63[^\"]", id);
        snprintf(entry, sizeof entry, "%s\"%s\":\"%s\"", seen[0] ? "," : "", id, id);
        if (strstr(seen, seen[0] ? entry + 1 : entry)) continue;
        kf_str_add(text, entry);
        size_t used = strlen(seen);
        snprintf(seen + used, sizeof seen - used, "%s", entry);
    }
    kf_str_add(text, "}");
}

bool kit_load_tracks(kit_film *out, const char *tracks, const char *more)
{
    kf_str text = {0};
    kf_str_add(&text, "{\"kerf\":1,");
    declare_assets(&text, tracks);
    kf_str_addf(&text, ",\"size\":[%d,%d],\"rate\":25,", KIT_WIDTH, KIT_HEIGHT);
    if (more) kf_str_addf(&text, "%s,", more);
    kf_str_add(&text, "\"tracks\":[");
    kf_str_add(&text, tracks);
    kf_str_add(&text, "]}");
    bool loaded = text.data && kit_load(out, text.data);
    kf_str_finish(&text);
    return loaded;
}

void kit_drop(kit_film *film)
{
    kf_film_destroy(film->film);
    film->film = NULL;
}

kf_compiled *kit_compile(kit_film *film, double seconds, int width, int height)
{
    kf_compiler *compiler = NULL;
    kf_compiled *compiled = NULL;
    kf_error err = {0};
    film->calls = (kit_calls){0};
    kf_snapshot snapshot = kf_film_snapshot(film->film);
    kf_project_view project;
    kf_compiler_params params = {.snapshot = snapshot, .width = width, .height = height, .sources = &film->sources};
    if (kf_project_get(snapshot, &project)) params.sequence = project.main_sequence;
    kf_status status = kf_compiler_create(&params, &compiler, &err);
    if (status == KF_OK) status = kf_compile_frame(compiler, kf_time_from_seconds(seconds), &compiled, &err);
    if (status != KF_OK) printf("# compile: %s\n", err.message);
    kf_compiler_destroy(compiler);
    return compiled;
}

/* ---- Rendering ---- */

enum { ISAS = KF_ISA_AVX512 + 1 };
static kf_pool *pool;
static kf_cpu *executors[ISAS][2]; /* alone, and with three threads; kept, so that leftovers would show */

kf_graph_output kit_output(const kf_compiled *compiled, kf_pixfmt format, int width, int height)
{
    kf_color color = compiled->color;
    if (kf_pixfmt_get(format)->model == KF_MODEL_RGB) {
        color.matrix = KF_MAT_RGB;
        color.range = KF_RANGE_FULL;
    }
    return (kf_graph_output){format, width, height, kf_color_resolve(color, format, width, height), true};
}

kf_frame *kit_render_ref(const kf_compiled *compiled, const kf_graph_output *output)
{
    kf_frame *frame = NULL;
    kf_error err = {0};
    if (kf_ref_render(compiled->root, output, &frame, &err) != KF_OK) printf("# reference: %s\n", err.message);
    return frame;
}

static kf_cpu *executor(kf_isa isa, int threads)
{
    kf_cpu **cpu = &executors[isa][threads > 1];
    if (threads > 1 && !pool) pool = kf_pool_create(3);
    kf_cpu_params params = {.pool = threads > 1 ? pool : NULL, .isa = isa};
    if (!*cpu && kf_cpu_create(&params, cpu, NULL) != KF_OK) *cpu = NULL;
    return *cpu;
}

kf_frame *kit_render_cpu(const kf_compiled *compiled, const kf_graph_output *output, kf_isa isa, int threads)
{
    kf_error err = {0};
    kf_cpu *cpu = executor(isa, threads);
    kf_frame *frame = kf_frame_create(output->format, output->width, output->height);
    if (!cpu || !frame || kf_cpu_render(cpu, compiled->graph, compiled->root, output, &frame->image, &err) != KF_OK) {
        printf("# %s: %s\n", kf_isa_name(isa), err.message);
        kf_frame_unref(frame);
        return NULL;
    }
    return frame;
}

void kit_finish(void)
{
    for (int isa = 0; isa < ISAS; isa++)
        for (int i = 0; i < 2; i++) kf_cpu_destroy(executors[isa][i]);
    memset(executors, 0, sizeof executors);
    kf_pool_destroy(pool);
    pool = NULL;
    kf_lut1d_destroy(lut1);
    kf_lut3d_destroy(lut3);
    lut1 = NULL;
    lut3 = NULL;
}

double kit_sample(const kf_image *image, int plane, int x, int y)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    const uint8_t *row = image->plane[plane] + y * image->stride[plane];
    if (info->bits > 16) return ((const float *)(const void *)row)[x];
    return info->bits > 8 ? ((const uint16_t *)(const void *)row)[x] >> info->shift : row[x];
}

double kit_difference(const kf_image *a, const kf_image *b)
{
    double worst = 0;
    for (int p = 0; p < kf_pixfmt_get(a->format)->planes; p++) {
        int rows, samples = plane_samples(a, p, &rows);
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < samples; x++) {
                double d = fabs(kit_sample(a, p, x, y) - kit_sample(b, p, x, y));
                if (!(d <= worst)) worst = d;
            }
    }
    return worst;
}

bool kit_same_bits(const kf_image *a, const kf_image *b)
{
    for (int p = 0; p < kf_pixfmt_get(a->format)->planes; p++) {
        size_t bytes;
        int rows;
        kf_pixfmt_plane(a->format, a->width, a->height, p, &bytes, &rows);
        for (int y = 0; y < rows; y++)
            if (memcmp(a->plane[p] + y * a->stride[p], b->plane[p] + y * b->stride[p], bytes) != 0) return false;
    }
    return true;
}
