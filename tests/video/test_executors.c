/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fused executor against the reference on every scene, and against itself on every instruction set and number of
 * threads. */
#include "scenes.h"
#include "test.h"
#include "video/cpu/api/cpu.h"
#include "video/ref/api/ref.h"

#define RANDOM_SCENES 2000

static const int pool_sizes[] = {1, 2, 8};
enum { POOLS = 3, ISAS = KF_ISA_AVX512 + 1 };
static kf_pool *pools[POOLS];
static kf_cpu *executors[ISAS][POOLS]; /* kept from scene to scene, so that leftovers would show */

static bool start_executors(void)
{
    for (int p = 0; p < POOLS; p++) {
        pools[p] = kf_pool_create(pool_sizes[p]);
        for (int isa = KF_ISA_C; pools[p] && isa <= (int)kf_cpu_isa(); isa++) {
            kf_cpu_params params = {.pool = pools[p], .isa = (kf_isa)isa};
            if (kf_cpu_create(&params, &executors[isa][p], NULL) != KF_OK) return false;
        }
    }
    return executors[KF_ISA_C][POOLS - 1] != NULL;
}

static void stop_executors(void)
{
    for (int p = 0; p < POOLS; p++) {
        for (int isa = 0; isa < ISAS; isa++) kf_cpu_destroy(executors[isa][p]);
        kf_pool_destroy(pools[p]);
    }
}

/* Samples and rows of one plane. */
static void plane_size(const kf_image *image, int plane, int *samples, int *rows)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    bool chroma = info->model == KF_MODEL_YUV && (plane == 1 || plane == 2);
    *samples = chroma ? (image->width + (1 << info->sub_w) - 1) >> info->sub_w : image->width;
    *rows = chroma ? (image->height + (1 << info->sub_h) - 1) >> info->sub_h : image->height;
    if (info->packed) *samples *= info->components;
    if (info->semiplanar && chroma) *samples *= 2;
}

static double sample_at(const kf_image *image, int plane, int x, int y)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(image->format);
    const uint8_t *row = image->plane[plane] + y * image->stride[plane];
    if (info->bits > 16) return ((const float *)(const void *)row)[x];
    if (info->bits > 8) return ((const uint16_t *)(const void *)row)[x] >> info->shift;
    return row[x];
}

typedef struct difference {
    double worst;
    int plane, x, y, over; /* where, and how many samples exceed the tolerance */
} difference;

static difference compare(const kf_image *a, const kf_image *b, double tolerance)
{
    difference d = {0};
    for (int p = 0; p < kf_pixfmt_get(a->format)->planes; p++) {
        int samples, rows;
        plane_size(a, p, &samples, &rows);
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < samples; x++) {
                double delta = fabs(sample_at(a, p, x, y) - sample_at(b, p, x, y));
                if (!(delta <= 1e30)) delta = 1e30; /* NaN */
                d.over += delta > tolerance;
                if (delta > d.worst) d = (difference){delta, p, x, y, d.over};
            }
        }
    }
    return d;
}

/* Planes side by side, brightest where the difference is 16 codes of 8 bits or more. */
static void write_difference(const char *name, const kf_image *a, const kf_image *b, double unit)
{
    char path[300];
    snprintf(path, sizeof path, "difference %s.ppm", name);
    FILE *f = fopen(path, "wb");
    if (!f) return;
    int planes = kf_pixfmt_get(a->format)->planes, width = 0, samples, rows;
    for (int p = 0; p < planes; p++) {
        plane_size(a, p, &samples, &rows);
        width += samples;
    }
    fprintf(f, "P6\n%d %d\n255\n", width, a->height);
    for (int y = 0; y < a->height; y++) {
        for (int p = 0; p < planes; p++) {
            plane_size(a, p, &samples, &rows);
            for (int x = 0; x < samples; x++) {
                double delta = y < rows ? (sample_at(b, p, x, y) - sample_at(a, p, x, y)) / unit * 16 : 0;
                int up = delta > 0 ? (int)fmin(delta, 255) : 0, down = delta < 0 ? (int)fmin(-delta, 255) : 0;
                fputc(up, f);
                fputc(0, f);
                fputc(down, f);
            }
        }
    }
    fclose(f);
    printf("# wrote \"%s\": red is too bright, blue too dark\n", path);
}

static bool same_bits(const kf_image *a, const kf_image *b)
{
    const kf_pixfmt_info *info = kf_pixfmt_get(a->format);
    size_t bytes = info->bits > 16 ? 4 : info->bits > 8 ? 2 : 1;
    for (int p = 0; p < info->planes; p++) {
        int samples, rows;
        plane_size(a, p, &samples, &rows);
        for (int y = 0; y < rows; y++) {
            if (memcmp(a->plane[p] + y * a->stride[p], b->plane[p] + y * b->stride[p], (size_t)samples * bytes) != 0)
                return false;
        }
    }
    return true;
}

static kf_frame *run(kf_cpu *cpu, scene_instance *s)
{
    kf_frame *out = kf_frame_create(s->output.format, s->output.width, s->output.height);
    if (!out) return NULL;
    kf_error err = {0};
    if (kf_cpu_render(cpu, s->context.graph, s->root, &s->output, &out->image, &err) != KF_OK) {
        printf("# %s\n", err.message);
        kf_frame_unref(out);
        return NULL;
    }
    return out;
}

static void check_scene(const char *name, scene_instance *s)
{
    kf_frame *expected = NULL, *first = NULL;
    REQUIRE(kf_ref_render(s->root, &s->output, &expected, NULL) == KF_OK);
    const kf_pixfmt_info *info = kf_pixfmt_get(s->output.format);
    double unit = info->bits > 16 ? 1 / 255.0 : 1 << (info->bits - 8), tolerance = info->bits > 16 ? 0.75 * unit : unit;
    for (int isa = KF_ISA_C; isa <= (int)kf_cpu_isa(); isa++) {
        for (int p = 0; p < POOLS; p++) {
            kf_frame *got = run(executors[isa][p], s);
            CHECK_MSG(got, "%s, %s, %d threads: not rendered", name, kf_isa_name((kf_isa)isa), pool_sizes[p]);
            if (!got) continue;
            if (first) {
                CHECK_MSG(same_bits(&first->image, &got->image), "%s: %s with %d threads differs from c with 1", name,
                          kf_isa_name((kf_isa)isa), pool_sizes[p]);
                kf_frame_unref(got);
                continue;
            }
            first = got;
            difference d = compare(&expected->image, &got->image, tolerance);
            CHECK_MSG(d.over == 0, "%s: %d samples differ, worst %g (of %g) in plane %d at (%d, %d): %g, reference %g",
                      name, d.over, d.worst, tolerance, d.plane, d.x, d.y, sample_at(&got->image, d.plane, d.x, d.y),
                      sample_at(&expected->image, d.plane, d.x, d.y));
            if (d.over) write_difference(name, &expected->image, &got->image, unit);
        }
    }
    kf_frame_unref(expected);
    kf_frame_unref(first);
}

static const scene *current;

TEST(scene)
{
    scene_instance s;
    bool made = scene_make(current, &s);
    CHECK(made);
    if (made) check_scene(current->name, &s);
    scene_drop(&s);
}

TEST(random_trees)
{
    for (uint32_t seed = 0; seed < RANDOM_SCENES; seed++) {
        scene_instance s;
        char name[40];
        snprintf(name, sizeof name, "random %u", (unsigned)seed);
        int failed = test_failed_now;
        bool made = scene_make_random(seed, &s);
        CHECK(made);
        if (made) check_scene(name, &s);
        if (test_failed_now > failed && s.root && getenv("KERF_TEST_DESCRIBE")) {
            char *text = kf_graph_describe(s.root);
            printf("# %s\n", text);
            kf_free(text);
        }
        scene_drop(&s);
    }
}

static const scene *scene_named(const char *name)
{
    for (int i = 0; i < scene_count; i++)
        if (strcmp(scenes[i].name, name) == 0) return &scenes[i];
    return NULL;
}

/* Renders with each allocation failing in turn: an error or a picture, never a crash, and nothing that spoils the next
 * render. */
static void fail_allocations(const scene *s)
{
    scene_instance good, bad;
    REQUIRE(scene_make(s, &good));
    kf_frame *expected = run(executors[KF_ISA_C][0], &good);
    REQUIRE(expected);
    bool rendered = false;
    for (uint64_t n = 1; !rendered && n < 1000; n++) {
        kf_cpu *cpu = NULL;
        kf_error err = {0};
        REQUIRE(scene_make(s, &bad) && kf_cpu_create(&(kf_cpu_params){.isa = KF_ISA_C}, &cpu, NULL) == KF_OK);
        kf_frame *out = kf_frame_create(bad.output.format, bad.output.width, bad.output.height);
        kf_alloc_fail_from(n);
        kf_status status = kf_cpu_render(cpu, bad.context.graph, bad.root, &bad.output, &out->image, &err);
        rendered = kf_alloc_count() < n;
        kf_alloc_fail_from(0);
        CHECK_MSG(status == KF_OK || status == KF_ERR_MEMORY, "%s: status %d: %s", s->name, (int)status, err.message);
        status = kf_cpu_render(cpu, good.context.graph, good.root, &good.output, &out->image, &err);
        CHECK_MSG(status == KF_OK && same_bits(&expected->image, &out->image), "%s: after failure of allocation %d",
                  s->name, (int)n);
        kf_frame_unref(out);
        kf_cpu_destroy(cpu);
        scene_drop(&bad);
    }
    CHECK_MSG(rendered, "%s: still not rendered after 1000 allocations", s->name);
    kf_frame_unref(expected);
    scene_drop(&good);
}

TEST(allocation_failures)
{
    static const char *const names[] = {"nested",         "stack",     "mosaic", "large blur 406",
                                        "large blur 806", "unbounded", "blur 8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const scene *s = scene_named(names[i]);
        CHECK_MSG(s, "no scene is called %s", names[i]);
        if (s) fail_allocations(s);
    }
}

/* test_executors [name]: all scenes, or the one of that name ("random" for the random trees). */
int main(int argc, char **argv)
{
    if (!start_executors()) {
        puts("Bail out! no executor could be made");
        return 1;
    }
    for (int i = 0; i < scene_count; i++) {
        current = &scenes[i];
        if (argc < 2 || strcmp(argv[1], current->name) == 0) test_run(current->name, test_scene);
    }
    if (argc < 2 || strcmp(argv[1], "random") == 0) RUN(random_trees);
    if (argc < 2) RUN(allocation_failures);
    stop_executors();
    return test_end();
}
