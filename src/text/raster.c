/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/api/alloc.h"
#include "text/private.h"

void kf_raster_finish(kf_raster *raster)
{
    if (!raster) return;
    kf_frame_unref(raster->frame);
    *raster = (kf_raster){0};
}

kf_text_rect kf_text_rect_union(kf_text_rect a, kf_text_rect b)
{
    if (kf_rect_empty(a)) return b;
    if (kf_rect_empty(b)) return a;
    double x0 = fmin(a.x, b.x), y0 = fmin(a.y, b.y);
    double x1 = fmax(a.x + a.w, b.x + b.w), y1 = fmax(a.y + a.h, b.y + b.h);
    return (kf_text_rect){x0, y0, x1 - x0, y1 - y0};
}

kf_text_rect kf_rect_grow(kf_text_rect r, double dx, double dy)
{
    return (kf_text_rect){r.x - dx, r.y - dy, r.w + 2 * dx, r.h + 2 * dy};
}

kf_status kf_text_check_range(const char *what, double value, double min, double max, kf_error *err)
{
    if (value >= min && value <= max) return KF_OK;
    return kf_fail(err, KF_ERR_INVALID, "%s is %g; it must be from %g to %g", what, value, min, max);
}

kf_status kf_check_color(const char *what, const float color[4], kf_error *err)
{
    for (int i = 0; i < 4; i++) {
        if (!isfinite(color[i]))
            return kf_fail(err, KF_ERR_INVALID, "%s has a component that is not a finite number", what);
    }
    return KF_OK;
}

kf_status kf_check_shadow(const float color[4], const float offset[2], float blur, kf_error *err)
{
    kf_status status = kf_check_color("shadow colour", color, err);
    for (int i = 0; i < 2 && !status; i++) status = kf_text_check_range("shadow offset", offset[i], -4096, 4096, err);
    return status ? status : kf_text_check_range("shadow blur", blur, 0, 256, err);
}

double kf_unit(double v)
{
    return v > 0 ? (v < 1 ? v : 1) : 0;
}

static kf_status canvas_allocate(kf_canvas *canvas, kf_canvas_kind kind, kf_error *err)
{
    canvas->kind = kind;
    canvas->stride = ((ptrdiff_t)canvas->width * kind + 3) & ~(ptrdiff_t)3;
    canvas->pixels = kf_alloc_zero((size_t)canvas->height, (size_t)canvas->stride);
    return canvas->pixels ? KF_OK : kf_fail_memory(err);
}

kf_status kf_canvas_create(kf_canvas *canvas, kf_canvas_kind kind, kf_text_rect bounds, const char *what, kf_error *err)
{
    *canvas = (kf_canvas){0};
    double x0 = floor(bounds.x), y0 = floor(bounds.y), x1 = ceil(bounds.x + bounds.w), y1 = ceil(bounds.y + bounds.h);
    double w = x1 - x0, h = y1 - y0;
    if (!(w <= KF_TEXT_MAX_SIDE && h <= KF_TEXT_MAX_SIDE && w * h <= KF_TEXT_MAX_PIXELS)) {
        return kf_fail(err, KF_ERR_INVALID,
                       "%s would be %.0f x %.0f px; the limit is %d on a side and %d million pixels: "
                       "use a smaller size, less text or a wrapping width",
                       what, w, h, KF_TEXT_MAX_SIDE, KF_TEXT_MAX_PIXELS / 1000000);
    }
    if (!(fabs(x0) <= 1 << 24 && fabs(y0) <= 1 << 24)) {
        return kf_fail(err, KF_ERR_INVALID, "%s lies at %.0f, %.0f px, too far from its origin", what, x0, y0);
    }
    canvas->x = (int)x0;
    canvas->y = (int)y0;
    canvas->width = w < 1 ? 1 : (int)w;
    canvas->height = h < 1 ? 1 : (int)h;
    return canvas_allocate(canvas, kind, err);
}

kf_status kf_canvas_create_like(kf_canvas *canvas, kf_canvas_kind kind, const kf_canvas *other, kf_error *err)
{
    *canvas = *other;
    return canvas_allocate(canvas, kind, err);
}

void kf_canvas_finish(kf_canvas *canvas)
{
    kf_free(canvas->pixels);
    canvas->pixels = NULL;
}

static uint8_t *canvas_row(const kf_canvas *canvas, int y)
{
    return canvas->pixels + y * canvas->stride;
}

kf_status kf_canvas_cover(kf_canvas *mask, const kf_outline *outline, bool even_odd, kf_error *err)
{
    kf_coverage to = {mask->pixels, mask->stride, mask->x, mask->y, mask->width, mask->height};
    return kf_outline_fill(outline, even_odd, &to, err);
}

kf_status kf_canvas_fill(kf_canvas *canvas, const kf_outline *outline, bool even_odd, const float color[4],
                         kf_error *err)
{
    kf_canvas mask;
    kf_status status = kf_canvas_create_like(&mask, KF_CANVAS_MASK, canvas, err);
    if (status) return status;
    status = kf_canvas_cover(&mask, outline, even_odd, err);
    if (!status) kf_canvas_tint_over(canvas, &mask, color, 0, 0);
    kf_canvas_finish(&mask);
    return status;
}

void kf_canvas_tint_over(kf_canvas *dst, const kf_canvas *mask, const float color[4], int dx, int dy)
{
    uint8_t tint[4]; /* B, G, R, A straight */
    for (int c = 0; c < 3; c++) tint[c] = (uint8_t)(kf_unit(color[2 - c]) * 255 + 0.5);
    tint[3] = (uint8_t)(kf_unit(color[3]) * 255 + 0.5);
    int x_shift = mask->x + dx - dst->x, y_shift = mask->y + dy - dst->y;
    int x0 = x_shift > 0 ? x_shift : 0, x1 = x_shift + mask->width < dst->width ? x_shift + mask->width : dst->width;
    int y0 = y_shift > 0 ? y_shift : 0,
        y1 = y_shift + mask->height < dst->height ? y_shift + mask->height : dst->height;
    for (int y = y0; y < y1; y++) {
        const uint8_t *m = canvas_row(mask, y - y_shift) - x_shift;
        uint8_t *d = canvas_row(dst, y);
        for (int x = x0; x < x1; x++) {
            uint32_t a = kf_mul255(m[x], tint[3]);
            if (!a) continue;
            uint8_t s[4] = {(uint8_t)kf_mul255(tint[0], a), (uint8_t)kf_mul255(tint[1], a),
                            (uint8_t)kf_mul255(tint[2], a), (uint8_t)a};
            kf_over_pixel(d + 4 * x, s);
        }
    }
}

void kf_canvas_over(kf_canvas *dst, const kf_canvas *layer)
{
    for (int y = 0; y < dst->height; y++) {
        const uint8_t *s = canvas_row(layer, y);
        uint8_t *d = canvas_row(dst, y);
        for (int x = 0; x < dst->width; x++) kf_over_pixel(d + 4 * x, s + 4 * x);
    }
}

void kf_canvas_take_alpha(kf_canvas *mask, const kf_canvas *layer)
{
    for (int y = 0; y < mask->height; y++) {
        const uint8_t *s = canvas_row(layer, y);
        uint8_t *d = canvas_row(mask, y);
        for (int x = 0; x < mask->width; x++) d[x] = s[4 * x + 3];
    }
}

kf_status kf_canvas_blur(kf_canvas *mask, double sigma, kf_error *err)
{
    return kf_blur_a8(mask->pixels, mask->width, mask->height, mask->stride, sigma, err);
}

/* Each channel goes through the same monotonic integer filter, so colour stays at or below alpha. */
kf_status kf_canvas_blur_color(kf_canvas *canvas, double sigma, kf_error *err)
{
    if (!(sigma > 0)) return KF_OK;
    size_t pixels = (size_t)canvas->width * (size_t)canvas->height;
    uint8_t *plane = kf_alloc(pixels);
    if (!plane) return kf_fail_memory(err);
    kf_status status = KF_OK;
    for (int c = 0; c < 4 && !status; c++) {
        for (int y = 0; y < canvas->height; y++) {
            const uint8_t *s = canvas_row(canvas, y) + c;
            uint8_t *d = plane + (size_t)y * (size_t)canvas->width;
            for (int x = 0; x < canvas->width; x++) d[x] = s[4 * x];
        }
        status = kf_blur_a8(plane, canvas->width, canvas->height, canvas->width, sigma, err);
        for (int y = 0; y < canvas->height && !status; y++) {
            uint8_t *d = canvas_row(canvas, y) + c;
            const uint8_t *s = plane + (size_t)y * (size_t)canvas->width;
            for (int x = 0; x < canvas->width; x++) d[4 * x] = s[x];
        }
    }
    kf_free(plane);
    return status;
}

kf_frame *kf_text_frame_create(kf_pixfmt format, int width, int height)
{
    kf_frame *frame = kf_frame_create(format, width, height);
    if (!frame) return NULL;
    frame->image.color = (kf_color){KF_PRI_BT709, KF_TRC_SRGB, KF_MAT_RGB, KF_RANGE_FULL, KF_CHROMA_UNSPECIFIED};
    frame->image.premultiplied = format == KF_PIX_BGRA8;
    frame->number = -1;
    return frame;
}

typedef struct span { int x0, y0, x1, y1; } span;

/* BGRA8 rows, from a canvas or a frame. */
typedef struct rows { uint8_t *data; ptrdiff_t stride; int width, height; } rows;

static const uint8_t *row_of(const rows *r, int y)
{
    return r->data + y * r->stride;
}

static bool row_has_ink(const rows *r, int y)
{
    const uint8_t *row = row_of(r, y);
    for (int x = 0; x < r->width; x++) {
        if (row[4 * x + 3]) return true;
    }
    return false;
}

static span find_ink(const rows *r)
{
    span s = {r->width, 0, 0, r->height};
    while (s.y0 < s.y1 && !row_has_ink(r, s.y0)) s.y0++;
    while (s.y1 > s.y0 && !row_has_ink(r, s.y1 - 1)) s.y1--;
    for (int y = s.y0; y < s.y1; y++) {
        const uint8_t *row = row_of(r, y);
        for (int x = 0; x < s.x0; x++) {
            if (row[4 * x + 3]) s.x0 = x;
        }
        for (int x = r->width; x > s.x1; x--) {
            if (row[4 * (x - 1) + 3]) s.x1 = x;
        }
    }
    return s;
}

/* The ink of `r`, whose top left lies at (x, y), as a new frame. */
static kf_status crop(const rows *r, int x, int y, kf_pixfmt format, kf_raster *out, kf_error *err)
{
    *out = (kf_raster){0};
    span s = find_ink(r);
    if (s.x0 >= s.x1 || s.y0 >= s.y1) return KF_OK;
    kf_frame *frame = kf_text_frame_create(format, s.x1 - s.x0, s.y1 - s.y0);
    if (!frame) return kf_fail_memory(err);
    for (int i = s.y0; i < s.y1; i++) {
        const uint8_t *row = row_of(r, i) + 4 * s.x0;
        uint8_t *d = frame->image.plane[0] + (i - s.y0) * frame->image.stride[0];
        if (format == KF_PIX_BGRA8) {
            memcpy(d, row, 4 * (size_t)(s.x1 - s.x0));
        } else {
            for (int k = 0; k < s.x1 - s.x0; k++) d[k] = row[4 * k + 3];
        }
    }
    *out = (kf_raster){frame, x + s.x0, y + s.y0};
    return KF_OK;
}

kf_status kf_canvas_to_raster(const kf_canvas *canvas, kf_pixfmt format, kf_raster *out, kf_error *err)
{
    rows r = {canvas->pixels, canvas->stride, canvas->width, canvas->height};
    return crop(&r, canvas->x, canvas->y, format, out, err);
}

kf_status kf_raster_crop(kf_raster *raster, kf_error *err)
{
    if (!raster->frame) return KF_OK;
    kf_raster old = *raster;
    const kf_image *i = &old.frame->image;
    rows r = {i->plane[0], i->stride[0], i->width, i->height};
    kf_status status = crop(&r, old.x, old.y, KF_PIX_BGRA8, raster, err);
    kf_raster_finish(&old);
    return status;
}

/* ---- Merging ---- */

static span raster_span(const kf_raster *r, int width, int height)
{
    if (!r->frame) return (span){0};
    int x1 = r->x + r->frame->image.width, y1 = r->y + r->frame->image.height;
    return (span){r->x > 0 ? r->x : 0, r->y > 0 ? r->y : 0, x1 < width ? x1 : width, y1 < height ? y1 : height};
}

static void merge_one(kf_raster *out, const kf_raster *r, span s)
{
    kf_image *to = &out->frame->image;
    const kf_image *from = &r->frame->image;
    for (int y = s.y0; y < s.y1; y++) {
        uint8_t *d = to->plane[0] + (y - out->y) * to->stride[0] + 4 * (s.x0 - out->x);
        const uint8_t *p = from->plane[0] + (y - r->y) * from->stride[0] + 4 * (s.x0 - r->x);
        for (int x = 0; x < s.x1 - s.x0; x++) kf_over_pixel(d + 4 * x, p + 4 * x);
    }
}

kf_frame *kf_text_frame_clear(int width, int height)
{
    kf_frame *frame = kf_text_frame_create(KF_PIX_BGRA8, width, height);
    if (frame) memset(frame->image.plane[0], 0, (size_t)frame->image.stride[0] * (size_t)height);
    return frame;
}

static kf_status merge_all(const kf_raster *rasters, int count, int width, int height, kf_raster *out, kf_error *err)
{
    span all = {width, height, 0, 0};
    for (int i = 0; i < count; i++) {
        span s = raster_span(&rasters[i], width, height);
        if (s.x0 >= s.x1 || s.y0 >= s.y1) continue;
        all = (span){s.x0 < all.x0 ? s.x0 : all.x0, s.y0 < all.y0 ? s.y0 : all.y0, s.x1 > all.x1 ? s.x1 : all.x1,
                     s.y1 > all.y1 ? s.y1 : all.y1};
    }
    if (all.x0 >= all.x1 || all.y0 >= all.y1) return KF_OK;
    *out = (kf_raster){kf_text_frame_clear(all.x1 - all.x0, all.y1 - all.y0), all.x0, all.y0};
    if (!out->frame) return kf_fail_memory(err);
    for (int i = 0; i < count; i++) {
        span s = raster_span(&rasters[i], width, height);
        if (s.x0 < s.x1 && s.y0 < s.y1) merge_one(out, &rasters[i], s);
    }
    return KF_OK;
}

kf_status kf_rasters_merge(kf_raster *rasters, int count, int width, int height, kf_raster *out, kf_error *err)
{
    *out = (kf_raster){0};
    if (count == 1) {
        *out = rasters[0];
        return KF_OK;
    }
    kf_status status = merge_all(rasters, count, width, height, out, err);
    for (int i = 0; i < count; i++) kf_raster_finish(&rasters[i]);
    return status;
}
