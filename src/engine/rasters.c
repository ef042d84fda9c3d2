/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/rasters.h"
#include "text/api/drawn.h"

/* A file that was read: subtitles, a table, a matte. */
typedef struct file_entry {
    struct file_entry *next;
    char *path;              /* as the film says */
    char *file;              /* to open */
    kf_subtitles *subtitles;
    kf_lut1d *lut1;
    kf_lut3d *lut3;
    kf_frame *still;
} file_entry;

struct kf_rasters {
    kf_warnings *warnings;
    kf_text_context *text;
    kf_drawn *drawn;
    file_entry *files;
    const char *folder;      /* of the film */
};

kf_status kf_rasters_create(const char *folder, kf_warnings *warnings, int64_t cache_bytes, kf_rasters **out, kf_error *err)
{
    *out = KF_NEW(kf_rasters);
    if (!*out) return kf_fail_memory(err);
    (*out)->folder = folder;
    (*out)->warnings = warnings;
    (*out)->drawn = kf_drawn_create(cache_bytes);
    return (*out)->drawn ? KF_OK : kf_fail_memory(err);
}

void kf_rasters_destroy(kf_rasters *r)
{
    if (!r) return;
    while (r->files) {
        file_entry *f = r->files;
        r->files = f->next;
        kf_subtitles_destroy(f->subtitles);
        kf_lut1d_destroy(f->lut1);
        kf_lut3d_destroy(f->lut3);
        kf_frame_unref(f->still);
        kf_free(f->path);
        kf_free(f->file);
        kf_free(f);
    }
    kf_drawn_destroy(r->drawn);
    kf_text_context_destroy(r->text);
    kf_free(r);
}

/* Fonts are looked for only by films that show text. */
static kf_status need_text(kf_rasters *r, kf_error *err)
{
    return r->text ? KF_OK : kf_text_context_create(NULL, &r->text, err);
}

static kf_placed placed(kf_raster raster)
{
    return (kf_placed){raster.frame, raster.x, raster.y};
}

static void warn_report(kf_rasters *r, const kf_text_report *report)
{
    char text[512];
    kf_text_report_message(report, text, sizeof text);
    if (text[0]) kf_warn(r->warnings, KF_ERR_NOT_FOUND, "%s", text);
}

/* ---- Titles and shapes ---- */

kf_status kf_rasters_title(void *ctx, const kf_gen_title *title, kf_placed *out, kf_error *err)
{
    kf_rasters *r = ctx;
    kf_title_params p = kf_title_params_of(title);
    uint64_t key = kf_title_key(&p);
    kf_raster raster = {0};
    kf_text_report report = {0};
    kf_status status = KF_OK;
    if (!kf_drawn_find(r->drawn, key, &raster)) {
        status = need_text(r, err);
        if (status == KF_OK) status = kf_text_title_render(r->text, &p, &raster, &report, err);
        if (status != KF_OK) return status;
        warn_report(r, &report);
        raster = kf_drawn_keep(r->drawn, key, raster);
    }
    *out = placed(raster);
    return KF_OK;
}

kf_status kf_rasters_shape(void *ctx, const kf_gen_shape *shape, kf_placed *out, kf_error *err)
{
    kf_raster raster = {0};
    kf_status status = kf_drawn_shape(((kf_rasters *)ctx)->drawn, shape, &raster, err);
    *out = placed(raster);
    return status;
}

/* ---- Files ---- */

static file_entry *find_file(kf_rasters *r, const char *path)
{
    for (file_entry *f = r->files; f; f = f->next)
        if (strcmp(f->path, path) == 0) return f;
    file_entry *f = KF_NEW(file_entry);
    if (!f) return NULL;
    f->path = kf_strdup(path);
    f->file = kf_path_join(r->folder, path);
    if (!f->path || !f->file) {
        kf_free(f->path);
        kf_free(f->file);
        kf_free(f);
        return NULL;
    }
    f->next = r->files;
    r->files = f;
    return f;
}

static kf_subtitle_style subtitle_style(const kf_gen_subtitles *v)
{
    kf_subtitle_style s = kf_subtitle_style_defaults();
    s.font = v->font;
    s.size = v->size;
    s.outline_width = v->outline_width;
    s.box = v->box;
    s.box_radius = v->box_radius;
    s.margin_h = v->margin_h;
    s.margin_v = v->margin_v;
    s.place = v->place == KF_GEN_ANCHOR_TOP      ? KF_ANCHOR_TOP
              : v->place == KF_GEN_ANCHOR_MIDDLE ? KF_ANCHOR_MIDDLE
                                                 : KF_ANCHOR_BOTTOM;
    for (int i = 0; i < 4; i++) {
        s.color[i] = v->color[i];
        s.outline_color[i] = v->outline_color[i];
        s.shadow_color[i] = v->shadow_color[i];
        s.box_color[i] = v->box_color[i];
    }
    for (int i = 0; i < 2; i++) {
        s.shadow_offset[i] = v->shadow_offset[i];
        s.box_padding[i] = v->box_padding[i];
    }
    return s;
}

static kf_status load_subtitles(kf_rasters *r, const char *path, kf_subtitles **out, kf_error *err)
{
    int line = 0;
    file_entry *f = find_file(r, path);
    if (!f) return kf_fail_memory(err);
    if (!f->subtitles) {
        kf_status status = need_text(r, err);
        if (status == KF_OK) status = kf_subtitles_load(r->text, f->file, KF_SUBTITLES_AUTO, &f->subtitles, err);
        if (status != KF_OK) return status;
        int skipped = kf_subtitles_skipped(f->subtitles, &line);
        if (skipped)
            kf_warn(r->warnings, KF_ERR_PARSE, "%s: %d cues could not be read, the first in line %d", path, skipped,
                    line);
    }
    *out = f->subtitles;
    return KF_OK;
}

kf_status kf_rasters_subtitles(void *ctx, const kf_gen_subtitles *v, kf_time t, int width, int height, kf_placed *out,
                               kf_error *err)
{
    kf_rasters *r = ctx;
    kf_subtitles *subtitles = NULL;
    *out = (kf_placed){0};
    kf_status status = load_subtitles(r, v->file, &subtitles, err);
    if (status != KF_OK) return status;
    uint64_t change = kf_subtitles_change_key(subtitles, t);
    if (!change) return KF_OK;
    kf_subtitle_style style = subtitle_style(v);
    uint64_t key = change * 0x9E3779B97F4A7C15u ^ kf_subtitle_style_key(&style) ^
                   ((uint64_t)width << 32 | (uint32_t)height) ^ (uint64_t)(uintptr_t)subtitles;
    kf_raster raster = {0};
    if (!kf_drawn_find(r->drawn, key, &raster)) {
        kf_text_report report = {0};
        kf_subtitles_view view = {t, width, height, &style};
        status = kf_subtitles_render(subtitles, &view, &raster, &report, err);
        if (status != KF_OK) return status;
        warn_report(r, &report);
        raster = kf_drawn_keep(r->drawn, key, raster);
    }
    *out = placed(raster);
    return KF_OK;
}

kf_status kf_rasters_still(void *ctx, const char *file, kf_frame **out, kf_error *err)
{
    kf_rasters *r = ctx;
    kf_media_params params = kf_media_params_default();
    kf_media *media = NULL;
    kf_video_source *source = NULL;
    file_entry *f = find_file(r, file);
    *out = NULL;
    if (!f) return kf_fail_memory(err);
    if (!f->still) {
        kf_status status = kf_media_open(f->file, &params, &media, err);
        if (status == KF_OK) status = kf_video_source_open(media, -1, &source, err);
        if (status == KF_OK) status = kf_video_source_get(source, 0, &f->still, NULL, err);
        kf_video_source_close(source);
        kf_media_close(media);
        if (status != KF_OK) return status;
    }
    *out = kf_frame_ref(f->still);
    return KF_OK;
}

kf_status kf_rasters_cube(void *ctx, const char *file, kf_cube *out, kf_error *err)
{
    file_entry *f = find_file(ctx, file);
    if (!f) return kf_fail_memory(err);
    if (!f->lut1 && !f->lut3) {
        kf_status status = kf_cube_load(f->file, &f->lut1, &f->lut3, err);
        if (status != KF_OK) return status;
    }
    *out = (kf_cube){f->lut1, f->lut3};
    return KF_OK;
}

/* ---- Placeholder ---- */

static void fill_stripes(kf_image *image)
{
    int step = image->height / 12 + 1;
    for (int y = 0; y < image->height; y++) {
        uint8_t *row = image->plane[0] + y * image->stride[0];
        for (int x = 0; x < image->width; x++) {
            uint8_t v = ((x + y) / step) & 1 ? 58 : 46;
            memcpy(row + 4 * x, (uint8_t[4]){v, v, (uint8_t)(v + 24), 255}, 4);
        }
    }
}

static void draw_over(kf_image *image, const kf_raster *raster, int cx, int cy)
{
    const kf_image *in = &raster->frame->image;
    for (int y = 0; y < in->height; y++) {
        int ty = cy + raster->y + y;
        if (ty < 0 || ty >= image->height) continue;
        for (int x = 0; x < in->width; x++) {
            int tx = cx + raster->x + x;
            if (tx < 0 || tx >= image->width) continue;
            const uint8_t *s = in->plane[0] + y * in->stride[0] + 4 * x;
            uint8_t *d = image->plane[0] + ty * image->stride[0] + 4 * tx;
            for (int c = 0; c < 4; c++) d[c] = (uint8_t)(s[c] + d[c] * (255 - s[3]) / 255);
        }
    }
}

kf_status kf_placeholder_draw(int width, int height, const char *name, kf_frame **out, kf_error *err)
{
    char text[600];
    kf_text_context *context = NULL;
    kf_raster raster = {0};
    kf_frame *frame = kf_frame_create(KF_PIX_BGRA8, width, height);
    if (!frame) return kf_fail_memory(err);
    frame->image.color = kf_color_resolve((kf_color){KF_PRI_UNSPECIFIED, KF_TRC_UNSPECIFIED, KF_MAT_UNSPECIFIED},
                                          KF_PIX_BGRA8, width, height);
    fill_stripes(&frame->image);
    snprintf(text, sizeof text, "Media missing\n%.500s", kf_path_name(name));
    kf_title_params p = kf_title_defaults();
    p.text = text;
    p.size = fmaxf(8, (float)height / 18);
    p.max_width = (float)width * 0.9f;
    /* Without fonts the stripes alone have to say it. */
    if (kf_text_context_create(NULL, &context, NULL) == KF_OK &&
        kf_text_title_render(context, &p, &raster, NULL, NULL) == KF_OK && raster.frame)
        draw_over(&frame->image, &raster, width / 2, height / 2);
    kf_raster_finish(&raster);
    kf_text_context_destroy(context);
    *out = frame;
    return KF_OK;
}
