/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Draws sample titles, shapes and subtitles over a grey picture as PNG files, to look at: draw_samples FOLDER */
#include <cairo.h>
#include <stdio.h>
#include <string.h>

#include "base/api/image.h"
#include "text/api/text.h"

static cairo_surface_t *background(int width, int height)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(s);
    cairo_pattern_t *p = cairo_pattern_create_linear(0, 0, width, height);
    cairo_pattern_add_color_stop_rgb(p, 0, 0.25, 0.45, 0.55);
    cairo_pattern_add_color_stop_rgb(p, 1, 0.75, 0.6, 0.45);
    cairo_set_source(cr, p);
    cairo_paint(cr);
    cairo_pattern_destroy(p);
    cairo_destroy(cr);
    return s;
}

static void put(cairo_surface_t *picture, kf_raster *r, double x, double y)
{
    if (!r->frame) return;
    kf_image *i = &r->frame->image;
    cairo_surface_t *s =
        cairo_image_surface_create_for_data(i->plane[0], CAIRO_FORMAT_ARGB32, i->width, i->height, (int)i->stride[0]);
    cairo_t *cr = cairo_create(picture);
    cairo_set_source_surface(cr, s, x + r->x, y + r->y);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(s);
    kf_raster_finish(r);
}

static void save(cairo_surface_t *picture, const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.png", folder, name);
    cairo_surface_write_to_png(picture, path);
    cairo_surface_destroy(picture);
}

static void put_title(kf_text_context *context, cairo_surface_t *picture, const kf_title_params *p, double x, double y)
{
    kf_raster r;
    kf_error err = {0};
    kf_text_report report;
    if (kf_text_title_render(context, p, &r, &report, &err)) fprintf(stderr, "%s\n", err.message);
    char message[300];
    kf_text_report_message(&report, message, sizeof message);
    if (*message) fprintf(stderr, "%s\n", message);
    put(picture, &r, x, y);
}

static void draw_titles(kf_text_context *context, const char *folder)
{
    cairo_surface_t *s = background(1280, 900);
    kf_title_params p = kf_title_defaults();
    p.text = "Kerf reference title";
    p.font = "Sans Bold";
    p.outline_width = 5;
    p.shadow_color[3] = 0.8f;
    p.shadow_offset[0] = p.shadow_offset[1] = 10;
    p.shadow_blur = 6;
    p.box = KF_TEXT_BOX_WHOLE;
    p.box_color[0] = 0.5f;
    p.box_radius = 20;
    put_title(context, s, &p, 640, 100);
    p.text = "several <i>lines</i>\n<span foreground='yellow'>with markup</span> and\n<u>boxes</u> of their own";
    p.markup = true;
    p.size = 40;
    p.box = KF_TEXT_BOX_LINES;
    p.outline_width = 0;
    p.box_color[0] = 0;
    p.box_padding[0] = 16;
    p.box_padding[1] = 4;
    p.box_radius = 12;
    put_title(context, s, &p, 640, 280);
    p = kf_title_defaults();
    p.size = 60;
    p.text = "שלום עולם, Kerf 17\nمرحبا بالعالم";
    p.align = KF_ALIGN_RIGHT;
    p.shadow_color[3] = 0.6f;
    put_title(context, s, &p, 640, 480);
    p.text = "Emoji 😀🎬🚀👩‍👩‍👧 ok";
    p.outline_width = 3;
    put_title(context, s, &p, 640, 640);
    p.text = "A long caption that has to be wrapped and then cut off because it is longer than two lines";
    p.size = 36;
    p.font = "No Such Font Bold";
    p.max_width = 500;
    p.max_lines = 2;
    p.ellipsize = KF_ELLIPSIZE_END;
    put_title(context, s, &p, 640, 780);
    save(s, folder, "titles");
}

static void draw_bubbles(kf_text_context *context, const char *folder)
{
    static const char *const lines[] = {"Are you coming tonight? 🎉",
                                        "Yes! The train is 10 minutes late, save me a seat", "ok 👍"};
    cairo_surface_t *s = background(720, 600);
    double y = 60;
    for (int i = 0; i < 3; i++) {
        bool mine = i % 2;
        kf_title_params t = kf_title_defaults();
        t.text = lines[i];
        t.size = 36;
        t.max_width = 420;
        t.align = KF_ALIGN_LEFT;
        t.anchor_h = KF_ANCHOR_LEFT;
        t.anchor_v = KF_ANCHOR_TOP;
        if (!mine) t.color[0] = t.color[1] = t.color[2] = 0.1f;
        kf_text_metrics m;
        if (kf_text_measure(context, &t, &m, NULL)) return;
        kf_shape_params b = kf_shape_defaults();
        b.kind = KF_SHAPE_ROUNDED;
        b.w = (float)m.logical.w + 56;
        b.h = (float)m.logical.h + 36;
        for (int c = 0; c < 4; c++) b.radius[c] = 32;
        b.radius[mine ? 2 : 3] = 6;
        if (mine) b.fill[0] = 0.1f, b.fill[1] = 0.5f, b.fill[2] = 0.95f;
        b.shadow_color[3] = 0.35f;
        b.shadow_blur = 8;
        double x = mine ? 680 - b.w : 40;
        kf_raster r;
        kf_shape_render(&b, &r, NULL);
        put(s, &r, x, y);
        put_title(context, s, &t, x + 28, y + 18);
        y += b.h + 28;
        kf_text_metrics_finish(&m);
    }
    kf_shape_params star = kf_shape_defaults();
    kf_raster r;
    star.kind = KF_SHAPE_PATH;
    star.path = "M 0,-60 L 35,48 -57,-19 57,-19 -35,48 Z M 100 0 a 40 40 0 1 1 0 1 z m 120 0 q 40 -80 80 0 t 80 0 v 40 "
                "h -160 z";
    star.even_odd = true;
    star.stroke_width = 4;
    star.feather = 1;
    star.fill[2] = 0;
    if (!kf_shape_render(&star, &r, NULL)) put(s, &r, 120, 500);
    save(s, folder, "bubbles");
}

static void draw_subtitles(kf_text_context *context, const char *folder, kf_subtitle_engine engine, const char *name)
{
    static const char srt[] = "1\n00:00:01,000 --> 00:00:03,000\n<i>Subtitles</i> at 1080p with <font "
                              "color=\"#ffcc00\">colour</font>\nand two lines, שלום 😀\n\n"
                              "2\n00:00:01,500 --> 00:00:04,000\nA second one at the same time\n\n3\n00:00:01,000 --> "
                              "00:00:04,000\n{\\an8}At the <b>top</b>\n";
    kf_subtitles *subs;
    kf_error err;
    if (kf_subtitles_parse(context, srt, sizeof srt - 1, "sample.srt", KF_SUBTITLES_AUTO, &subs, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return;
    }
    kf_subtitle_style style = kf_subtitle_style_defaults();
    style.engine = engine;
    style.box = engine == KF_SUBTITLE_ENGINE_PANGO;
    kf_subtitles_view view = {2 * KF_SECOND, 1920, 1080, &style};
    cairo_surface_t *s = background(1920, 1080);
    kf_raster r;
    if (kf_subtitles_render(subs, &view, &r, NULL, &err)) fprintf(stderr, "%s\n", err.message);
    else put(s, &r, 0, 0);
    kf_subtitles_destroy(subs);
    save(s, folder, name);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : ".";
    kf_text_context *context;
    kf_error err;
    if (kf_text_context_create(NULL, &context, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    draw_titles(context, folder);
    draw_bubbles(context, folder);
    draw_subtitles(context, folder, KF_SUBTITLE_ENGINE_AUTO, "subtitles");
    draw_subtitles(context, folder, KF_SUBTITLE_ENGINE_PANGO, "subtitles_pango");
    kf_text_context_destroy(context);
    return 0;
}
