/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two media files, picture by picture. */
#include <math.h>
#include <string.h>

#include "base/api/time.h"
#include "engine/api/media.h"
#include "engine/footage.h"
#include "engine/ssim.h"

kf_status kf_engine_file_film(const char *path, kf_film **out, kf_error *err)
{
    const kf_footage_spec own = {0};
    return kf_footage_film(path, &own, out, err);
}

typedef struct comparing {
    const kf_compare_params *params;
    kf_footage *a, *b;
    kf_pool *pool;
    int64_t frames, count;   /* that both have; that are compared */
    double ssim, squares;
} comparing;

static kf_status open_both(comparing *c, const char *first, const char *second, kf_error *err)
{
    const kf_compare_params *p = c->params;
    kf_footage_spec spec = {.plain_color = true, .threads = p->threads, .memory = p->memory / 2};
    kf_status status = kf_footage_open(first, &spec, &c->a, err);
    if (status != KF_OK) return status;
    spec = kf_footage_shape(c->a);
    spec.plain_color = true;
    spec.threads = p->threads;
    spec.memory = p->memory / 2;
    status = kf_footage_open(second, &spec, &c->b, err);
    if (status != KF_OK) return status;
    c->pool = kf_pool_create(p->threads > 0 ? p->threads : kf_cpu_count());
    return c->pool ? KF_OK : kf_fail_memory(err);
}

static kf_status compare_frame(comparing *c, int64_t i, kf_likeness *out, kf_error *err)
{
    kf_frame *a = NULL, *b = NULL;
    kf_status status = kf_footage_frame(c->a, i, &a, err);
    if (status == KF_OK) status = kf_footage_frame(c->b, i, &b, err);
    if (status == KF_OK) status = kf_likeness_measure(&a->image, &b->image, c->pool, out, err);
    kf_frame_unref(a);
    kf_frame_unref(b);
    return status;
}

static kf_status compare_next(comparing *c, int64_t k, kf_compare_report *out, kf_error *err)
{
    kf_likeness likeness;
    int64_t i = c->count < c->frames ? (2 * k + 1) * c->frames / (2 * c->count) : k;
    kf_status status = compare_frame(c, i, &likeness, err);
    if (status != KF_OK) return status;
    c->ssim += likeness.ssim;
    c->squares += likeness.squares;
    if (k > 0 && likeness.ssim >= out->ssim_worst) return KF_OK;
    out->ssim_worst = likeness.ssim;
    out->worst = i;
    return KF_OK;
}

static kf_status compare_all(comparing *c, kf_compare_report *out, kf_error *err)
{
    const kf_compare_params *p = c->params;
    kf_status status = KF_OK;
    for (int64_t k = 0; k < c->count && status == KF_OK; k++) {
        if (p->cancel && *(const volatile bool *)p->cancel)
            return kf_fail(err, KF_ERR_CANCELLED, "the comparison was stopped");
        status = compare_next(c, k, out, err);
        if (p->progress) p->progress(p->context, (double)(k + 1) / (double)c->count);
    }
    return status;
}

static void fill(const comparing *c, kf_compare_report *out)
{
    const kf_footage_spec shape = kf_footage_shape(c->a);
    int64_t longer = kf_footage_frames(c->b) - kf_footage_frames(c->a);
    double mean = c->squares / ((double)c->count * shape.width * shape.height);
    kf_time difference = kf_frame_start(longer < 0 ? -longer : longer, shape.rate);
    out->ssim = c->ssim / (double)c->count;
    out->psnr = mean > 0 ? 10 * log10(255.0 * 255.0 / mean) : INFINITY;
    out->frames = c->count;
    out->length_difference = longer < 0 ? -difference : difference;
}

kf_status kf_engine_compare(const char *first, const char *second, const kf_compare_params *params,
                            kf_compare_report *out, kf_error *err)
{
    comparing c = {.params = params};
    *out = (kf_compare_report){0};
    kf_status status = open_both(&c, first, second, err);
    if (status == KF_OK) {
        int64_t a = kf_footage_frames(c.a), b = kf_footage_frames(c.b);
        c.frames = a < b ? a : b;
        c.count = params->frames > 0 && params->frames < c.frames ? params->frames : c.frames;
        status = compare_all(&c, out, err);
    }
    if (status == KF_OK) fill(&c, out);
    kf_footage_close(c.a);
    kf_footage_close(c.b);
    kf_pool_destroy(c.pool);
    return status;
}
