/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Milliseconds that the fused executor takes for one frame of each kind of work, at five sizes and in each instruction
 * set, and the ratio to the floor: copying as many bytes as the work must read and write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/alloc.h"
#include "video/cpu/api/cpu.h"

enum { MAX_RUNS = 2000, MIN_RUNS = 5 };

typedef struct bench_options {
    int lines;         /* 0: all sizes */
    int isa;           /* -1: all there are */
    int threads;
    double seconds;    /* per measurement */
    const char *only;  /* part of a work's name */
} bench_options;

/* What a work draws from: pictures of the output's size, and a small overlay. */
typedef struct material {
    kf_frame *a, *b;      /* yuv420p8 */
    kf_frame *rgba;       /* rgba8, straight alpha */
    kf_frame *title;      /* rgba8, premultiplied, a sixth of the height */
    kf_frame *ten;        /* yuv420p10 */
    kf_lut3d *look;
    int width, height;
} material;

typedef const kf_graph_node *build_fn(kf_graph *g, const material *m);
typedef struct work {
    const char *name;
    build_fn *build;
    kf_pixfmt output;
    int sources;       /* full pictures read, for the floor */
} work;

/* ---- graphs ---- */

static const kf_affine grade = {
    {{1.27f, -0.16f, -0.01f, -0.02f}, {-0.05f, 1.16f, -0.01f, -0.02f}, {-0.05f, -0.16f, 1.31f, -0.02f}}};

static kf_graph_node *picture(kf_graph *g, kf_frame *frame)
{
    return kf_graph_source(g, frame, KF_CHROMA_REPLICATE);
}

static const kf_graph_node *build_convert(kf_graph *g, const material *m)
{
    return picture(g, m->a);
}

static const kf_graph_node *build_from_rgba(kf_graph *g, const material *m)
{
    return picture(g, m->rgba);
}

static const kf_graph_node *build_from_ten_bits(kf_graph *g, const material *m)
{
    return picture(g, m->ten);
}

static const kf_graph_node *build_grade(kf_graph *g, const material *m)
{
    return kf_graph_matrix(g, picture(g, m->a), &grade);
}

static const kf_graph_node *build_dissolve(kf_graph *g, const material *m)
{
    return kf_graph_mix(g, picture(g, m->a), 0.4f, picture(g, m->b), 0.6f);
}

static const kf_graph_node *build_dissolve_grade(kf_graph *g, const material *m)
{
    return kf_graph_matrix(g, build_dissolve(g, m), &grade);
}

static const kf_graph_node *over(kf_graph *g, const kf_graph_node *backdrop, const kf_graph_node *source)
{
    return kf_graph_blend(g, backdrop, source, KF_BLEND_NORMAL, 1);
}

static kf_graph_node *placed(kf_graph *g, const kf_graph_node *node, double scale_x, double scale_y, double x, double y)
{
    kf_transform2d t = {{scale_x, 0, x, 0, scale_y, y}};
    return kf_graph_transform(g, node, &t, KF_FILTER_BICUBIC);
}

static const kf_graph_node *build_title(kf_graph *g, const material *m)
{
    return over(g, picture(g, m->a), placed(g, picture(g, m->title), 1, 1, 0, m->height * 3 / 4));
}

static const kf_graph_node *build_inset(kf_graph *g, const material *m)
{
    return over(g, picture(g, m->a), placed(g, picture(g, m->b), 0.25, 0.25, m->width * 0.7, m->height * 0.05));
}

/* The reference timeline's frame within a dissolve: dissolve, grade, a picture in the picture, a title. */
static const kf_graph_node *build_reference(kf_graph *g, const material *m)
{
    const kf_graph_node *below = over(g, build_dissolve_grade(g, m),
                                      placed(g, picture(g, m->b), 0.25, 0.25, m->width * 0.7, m->height * 0.05));
    return over(g, below, placed(g, picture(g, m->title), 1, 1, 0, m->height * 3 / 4));
}

static const kf_graph_node *build_scale_up(kf_graph *g, const material *m)
{
    return placed(g, picture(g, m->a), 2, 2, -0.5 * m->width, -0.5 * m->height);
}

static const kf_graph_node *build_scale_down(kf_graph *g, const material *m)
{
    return placed(g, picture(g, m->a), 0.5, 0.5, 0, 0);
}

static const kf_graph_node *build_rotate(kf_graph *g, const material *m)
{
    kf_transform2d t = {{0.995, -0.0998, 0.05 * m->height, 0.0998, 0.995, -0.05 * m->width}};
    return kf_graph_transform(g, picture(g, m->a), &t, KF_FILTER_BICUBIC);
}

static const kf_graph_node *build_multiply(kf_graph *g, const material *m)
{
    return kf_graph_blend(g, picture(g, m->a), picture(g, m->b), KF_BLEND_MULTIPLY, 0.7f);
}

static const kf_graph_node *blurred(kf_graph *g, const material *m, float sigma)
{
    kf_blur blur = {.type = KF_BLUR_GAUSSIAN, .edge = KF_EDGE_CLAMP, .x = sigma, .y = sigma};
    return kf_graph_blur(g, picture(g, m->a), &blur);
}

static const kf_graph_node *build_blur_small(kf_graph *g, const material *m)
{
    return blurred(g, m, 2);
}

static const kf_graph_node *build_blur_large(kf_graph *g, const material *m)
{
    return blurred(g, m, 20);
}

static const kf_graph_node *build_lut(kf_graph *g, const material *m)
{
    return kf_graph_lut3d(g, picture(g, m->a), m->look, 1);
}

static const kf_graph_node *build_chroma_key(kf_graph *g, const material *m)
{
    kf_chroma_key key = {.cb = -0.3f, .cr = -0.4f, .tolerance = 0.2f, .softness = 0.1f, .spill = 0.5f};
    return over(g, picture(g, m->b), kf_graph_chroma_key(g, picture(g, m->a), &key));
}

static const work works[] = {
    {"yuv420p to yuv420p", build_convert, KF_PIX_YUV420P8, 1},
    {"yuv420p to nv12", build_convert, KF_PIX_NV12, 1},
    {"yuv420p to rgba", build_convert, KF_PIX_RGBA8, 1},
    {"rgba to yuv420p", build_from_rgba, KF_PIX_YUV420P8, 1},
    {"rgba to nv12", build_from_rgba, KF_PIX_NV12, 1},
    {"yuv420p10 to yuv420p", build_from_ten_bits, KF_PIX_YUV420P8, 1},
    {"yuv420p to yuv422p10", build_convert, KF_PIX_YUV422P10, 1},
    {"grade", build_grade, KF_PIX_YUV420P8, 1},
    {"dissolve", build_dissolve, KF_PIX_YUV420P8, 2},
    {"dissolve, grade", build_dissolve_grade, KF_PIX_YUV420P8, 2},
    {"title over picture", build_title, KF_PIX_YUV420P8, 1},
    {"inset at a quarter", build_inset, KF_PIX_YUV420P8, 2},
    {"dissolve, grade, inset, title", build_reference, KF_PIX_YUV420P8, 2},
    {"multiply", build_multiply, KF_PIX_YUV420P8, 2},
    {"bicubic up by 2", build_scale_up, KF_PIX_YUV420P8, 1},
    {"bicubic down by 2", build_scale_down, KF_PIX_YUV420P8, 1},
    {"rotate by 6 degrees", build_rotate, KF_PIX_YUV420P8, 1},
    {"gaussian blur, 2 px", build_blur_small, KF_PIX_YUV420P8, 1},
    {"gaussian blur, 20 px", build_blur_large, KF_PIX_YUV420P8, 1},
    {"3D LUT, 33 points", build_lut, KF_PIX_YUV420P8, 1},
    {"chroma key over picture", build_chroma_key, KF_PIX_YUV420P8, 2},
};
enum { WORKS = sizeof works / sizeof *works };
static const int sizes[] = {480, 720, 1080, 1440, 2160};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* ---- material ---- */

static size_t frame_bytes(kf_pixfmt format, int width, int height)
{
    size_t bytes = 0;
    for (int p = 0; p < 4; p++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(format, width, height, p, &row, &rows);
        bytes += row * (size_t)rows;
    }
    return bytes;
}

/* Smooth shapes with some noise, so that neither caches nor branches have it easier than with footage. */
static void paint(kf_image *image, uint32_t seed)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    int high = info->bits > 8;
    for (int p = 0; p < info->planes; p++) {
        size_t row;
        int rows;
        kf_pixfmt_plane(image->format, image->width, image->height, p, &row, &rows);
        for (int y = 0; y < rows; y++)
            for (size_t x = 0; x < row >> high; x++) {
                seed = seed * 1664525u + 1013904223u;
                uint32_t v = 40 + ((uint32_t)x / 7 + (uint32_t)y / 5 + (uint32_t)p * 60) % 150 + (seed >> 29);
                uint8_t *at = image->plane[p] + y * image->stride[p];
                if (high) ((uint16_t *)(void *)at)[x] = (uint16_t)(v << (info->bits - 8));
                else at[x] = (uint8_t)v;
            }
    }
}

static kf_frame *make_frame(kf_pixfmt format, int width, int height, uint32_t seed)
{
    kf_frame *frame = kf_frame_create(format, width, height);
    if (!frame) return NULL;
    frame->image.color = kf_color_resolve((kf_color){2, 2, 2, 0, 0}, format, width, height);
    paint(&frame->image, seed);
    return frame;
}

static kf_lut3d *make_look(void)
{
    enum { SIZE = 33 };
    kf_lut3d *lut = kf_lut3d_create(SIZE);
    if (!lut) return NULL;
    for (int i = 0; i < SIZE * SIZE * SIZE; i++) {
        float rgb[3] = {(float)(i % SIZE) / (SIZE - 1), (float)(i / SIZE % SIZE) / (SIZE - 1),
                        (float)(i / SIZE / SIZE) / (SIZE - 1)};
        for (int c = 0; c < 3; c++)
            lut->value[3 * i + c] = rgb[c] * rgb[c] * (3 - 2 * rgb[c]) * 0.9f + rgb[(c + 1) % 3] * 0.1f;
    }
    return lut;
}

static bool material_init(material *m, int lines)
{
    m->height = lines;
    m->width = (lines * 16 / 9 + 1) & ~1;
    m->a = make_frame(KF_PIX_YUV420P8, m->width, m->height, 1);
    m->b = make_frame(KF_PIX_YUV420P8, m->width, m->height, 2);
    m->rgba = make_frame(KF_PIX_RGBA8, m->width, m->height, 3);
    m->ten = make_frame(KF_PIX_YUV420P10, m->width, m->height, 4);
    m->title = make_frame(KF_PIX_RGBA8, m->width, m->height / 6, 5);
    if (m->title) m->title->image.premultiplied = true;
    m->look = make_look();
    return m->a && m->b && m->rgba && m->ten && m->title && m->look;
}

static void material_finish(material *m)
{
    kf_frame_unref(m->a);
    kf_frame_unref(m->b);
    kf_frame_unref(m->rgba);
    kf_frame_unref(m->ten);
    kf_frame_unref(m->title);
    kf_lut3d_destroy(m->look);
}

/* ---- measuring ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median milliseconds of fn(context) over about `seconds`; negative when it failed. */
static double measure(bool (*fn)(void *context), void *context, double seconds)
{
    static double ms[MAX_RUNS];
    int runs = 0;
    int64_t end = kf_clock_ns() + (int64_t)(seconds * 1e9);
    if (!fn(context)) return -1; /* warms up */
    while (runs < MAX_RUNS && (runs < MIN_RUNS || kf_clock_ns() < end)) {
        int64_t start = kf_clock_ns();
        if (!fn(context)) return -1;
        ms[runs++] = (double)(kf_clock_ns() - start) / 1e6;
    }
    qsort(ms, (size_t)runs, sizeof *ms, by_value);
    return ms[runs / 2];
}

typedef struct copy_job {
    uint8_t *from, *to;
    size_t bytes;
} copy_job;

static bool copy_once(void *context)
{
    copy_job *job = context;
    memcpy(job->to, job->from, job->bytes);
    job->from[0]++; /* keeps the copy from being left out */
    return true;
}

/* Copying `bytes`: what reads and writes bytes / 2 each. */
static double measure_floor(size_t bytes, double seconds)
{
    copy_job job = {kf_alloc_zero(bytes, 1), kf_alloc_zero(bytes, 1), bytes};
    double ms = job.from && job.to ? measure(copy_once, &job, seconds / 4) : -1;
    kf_free(job.from);
    kf_free(job.to);
    return ms;
}

typedef struct render_job {
    kf_cpu *cpu;
    const work *work;
    const material *material;
    kf_frame *out;
} render_job;

static bool render_once(void *context)
{
    render_job *job = context;
    kf_error error = {0};
    kf_graph *graph = kf_graph_create();
    const kf_graph_node *root = graph ? job->work->build(graph, job->material) : NULL;
    kf_image *out = &job->out->image;
    kf_graph_output output = {.format = out->format, .width = out->width, .height = out->height, .color = out->color};
    kf_status status = root ? kf_cpu_render(job->cpu, graph, root, &output, out, &error) : KF_ERR_MEMORY;
    kf_graph_destroy(graph);
    if (status != KF_OK) fprintf(stderr, "kernels: %s: %s\n", job->work->name, error.message);
    return status == KF_OK;
}

static double measure_work(const work *w, const material *m, kf_cpu *cpu, double seconds)
{
    kf_frame *out = make_frame(w->output, m->width, m->height, 9);
    if (!out) return -1;
    render_job job = {cpu, w, m, out};
    double ms = measure(render_once, &job, seconds);
    kf_frame_unref(out);
    return ms;
}

/* ---- the run ---- */

static bool print_work(const work *w, const material *m, kf_cpu *const *cpus, const bench_options *o)
{
    size_t in = frame_bytes(KF_PIX_YUV420P8, m->width, m->height) * (size_t)w->sources;
    size_t bytes = (in + frame_bytes(w->output, m->width, m->height)) / 2;
    double floor_ms = measure_floor(bytes, o->seconds);
    printf("%5d  %-30s %8.3f", m->height, w->name, floor_ms);
    for (int isa = KF_ISA_C; isa <= KF_ISA_AVX512; isa++) {
        if (!cpus[isa]) continue;
        double ms = measure_work(w, m, cpus[isa], o->seconds);
        if (ms < 0) return false;
        printf(" %9.3f %5.1fx", ms, ms / floor_ms);
    }
    puts("");
    fflush(stdout);
    return true;
}

static bool run_size(int lines, kf_cpu *const *cpus, const bench_options *o)
{
    material m = {0};
    bool good = material_init(&m, lines);
    for (int i = 0; good && i < WORKS; i++)
        if (!o->only || strstr(works[i].name, o->only)) good = print_work(&works[i], &m, cpus, o);
    material_finish(&m);
    return good;
}

static bool run(const bench_options *o)
{
    kf_pool *pool = kf_pool_create(o->threads);
    kf_cpu *cpus[KF_ISA_AVX512 + 1] = {NULL};
    bool good = pool != NULL;
    printf("%d thread%s; milliseconds per frame and the ratio to the floor\n%5s  %-30s %8s", o->threads,
           o->threads == 1 ? "" : "s", "lines", "work", "floor");
    for (int isa = KF_ISA_C; good && isa <= (int)kf_cpu_isa(); isa++) {
        if (o->isa >= 0 && o->isa != isa) continue;
        kf_cpu_params params = {.pool = pool, .isa = (kf_isa)isa};
        good = kf_cpu_create(&params, &cpus[isa], NULL) == KF_OK;
        printf(" %9s       ", kf_isa_name((kf_isa)isa));
    }
    puts("");
    for (int i = 0; good && i < SIZES; i++)
        if (!o->lines || o->lines == sizes[i]) good = run_size(sizes[i], cpus, o);
    for (int isa = KF_ISA_C; isa <= KF_ISA_AVX512; isa++) kf_cpu_destroy(cpus[isa]);
    kf_pool_destroy(pool);
    return good;
}

static int parse_isa(const char *text)
{
    for (int isa = KF_ISA_C; isa <= KF_ISA_AVX512; isa++)
        if (strcmp(text, kf_isa_name((kf_isa)isa)) == 0) return isa;
    return -1;
}

static bool parse(int argc, char **argv, bench_options *o)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = argv[i + 1]; /* argv ends with NULL */
        if (!value) return false;
        if (strcmp(argv[i], "--lines") == 0) o->lines = atoi(value);
        else if (strcmp(argv[i], "--isa") == 0) o->isa = parse_isa(value);
        else if (strcmp(argv[i], "--threads") == 0) o->threads = atoi(value);
        else if (strcmp(argv[i], "--seconds") == 0) o->seconds = atof(value);
        else if (strcmp(argv[i], "--only") == 0) o->only = value;
        else return false;
    }
    return o->threads > 0 && o->seconds > 0;
}

int main(int argc, char **argv)
{
    bench_options options = {.isa = -1, .threads = 1, .seconds = 0.3};
    if (!parse(argc, argv, &options)) {
        fputs("usage: kernels [--lines 480|720|1080|1440|2160] [--isa c|avx2|avx512] [--threads N] [--seconds S] "
              "[--only NAME]\n",
              stderr);
        return 1;
    }
    return run(&options) ? 0 : 1;
}
