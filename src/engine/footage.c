/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/footage.h"

#include <stdio.h>
#include <string.h>

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "engine/api/engine.h"
#include "engine/canvas.h"
#include "engine/session.h"

/* ---- The film ---- */

static void put_color(kf_json_writer *w, kf_color c)
{
    kf_json_key(w, "color");
    kf_json_begin_object(w);
    kf_json_put_string(w, "matrix", kf_color_name(kf_matrix_names, kf_matrix_codes, c.matrix));
    kf_json_put_string(w, "primaries", kf_color_name(kf_primaries_names, kf_primaries_codes, c.primaries));
    kf_json_put_string(w, "transfer", kf_color_name(kf_transfer_names, kf_transfer_codes, c.transfer));
    kf_json_put_string(w, "range", kf_color_name(kf_range_names, kf_range_codes, c.range));
    kf_json_end_object(w);
}

/* What the film's own colour should be, so that pictures need no conversion; false: BT.709 limited. */
static bool own_color(const kf_stream_info *v, kf_color *out)
{
    if (v->format == KF_PIX_NONE || kf_pixfmt_get(v->format)->model != KF_MODEL_YUV) return false;
    *out = kf_color_resolve(v->color, v->format, v->width, v->height);
    return true;
}

static void put_sound(kf_json_writer *w, const kf_stream_info *a)
{
    bool usual = a->sample_rate >= 8000 && a->sample_rate <= 192000;
    if (usual) kf_json_put_int(w, "sample_rate", a->sample_rate);
    kf_json_put_int(w, "channels", a->channels == 1 ? 1 : 2); /* sources give these, or their own */
}

static void put_shape(kf_json_writer *w, const kf_footage_spec *s)
{
    char rate[40];
    if (s->width > 0 && s->height > 0) {
        kf_json_key(w, "size");
        kf_json_begin_array(w);
        kf_json_write_int(w, s->width);
        kf_json_write_int(w, s->height);
        kf_json_end_array(w);
    }
    snprintf(rate, sizeof rate, "%d/%d", (int)s->rate.num, (int)s->rate.den);
    if (s->rate.num > 0) kf_json_put_string(w, "rate", rate);
}

static void write_film(kf_json_writer *w, const char *path, const kf_footage_spec *s, const kf_media_info *m)
{
    kf_color color;
    const kf_stream_info *v = m->best_video >= 0 ? &m->streams[m->best_video] : NULL;
    kf_json_begin_object(w);
    kf_json_put_int(w, "kerf", 1);
    kf_json_key(w, "assets");
    kf_json_begin_object(w);
    kf_json_put_string(w, "media", path);
    kf_json_end_object(w);
    put_shape(w, s);
    if (v && !s->plain_color && own_color(v, &color)) put_color(w, color);
    if (m->best_audio >= 0) put_sound(w, &m->streams[m->best_audio]);
    kf_json_put_bool(w, "limiter", false);
    kf_json_key(w, "tracks");
    kf_json_begin_array(w);
    kf_json_begin_object(w);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    kf_json_begin_object(w);
    kf_json_put_string(w, "asset", "media");
    if (m->still) kf_json_put_int(w, "duration", 1);
    if (s->width > 0) {
        kf_json_key(w, "transform");
        kf_json_write_raw(w, "{\"fit\":\"stretch\"}");
    }
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

kf_status kf_footage_film(const char *path, const kf_footage_spec *spec, kf_film **out, kf_error *err)
{
    kf_media_params mp = kf_media_params_default();
    kf_media *media;
    kf_str text = {0};
    kf_json_writer w = {.out = &text, .compact = true};
    kf_film_load load = {.name = path, .media = kf_engine_media_facts};
    kf_status status = kf_media_open(path, &mp, &media, err);
    if (status != KF_OK) return status;
    write_film(&w, path, spec, kf_media_describe(media));
    kf_media_close(media);
    status = text.failed ? kf_fail_memory(err) : kf_film_load_json(text.data, text.length, &load, out, err);
    kf_str_finish(&text);
    return status;
}

/* ---- Pictures ---- */

struct kf_footage {
    kf_film *film;
    kf_settings settings;
    kf_session session;
    bool open;
    kf_compiler *compiler;
    kf_cpu *cpu;
    kf_canvas canvas;
};

static kf_status open_canvas(kf_footage *f, kf_error *err)
{
    const kf_settings *s = &f->settings;
    kf_graph_output output = {KF_PIX_YUV420P8, s->width, s->height,
                              kf_color_resolve(s->view.color, KF_PIX_YUV420P8, s->width, s->height), false};
    kf_compiler_params cp = {.snapshot = f->session.snapshot, .sequence = s->sequence, .sources = &f->session.sources};
    kf_cpu_params up = {f->session.pool, kf_cpu_isa()};
    kf_status status = kf_compiler_create(&cp, &f->compiler, err);
    if (status == KF_OK) status = kf_cpu_create(&up, &f->cpu, err);
    if (status != KF_OK) return status;
    f->canvas = (kf_canvas){f->cpu, kf_shelf_create(&output), output};
    return f->canvas.shelf ? KF_OK : kf_fail_memory(err);
}

static kf_status open_footage(kf_footage *f, const char *path, const kf_footage_spec *spec, kf_error *err)
{
    kf_render_params params = {.start = KF_TIME_NONE, .end = KF_TIME_NONE, .crf = -1, .null_output = true,
                               .clamp_ranges = true, .threads = spec->threads, .memory = spec->memory};
    kf_status status = kf_footage_film(path, spec, &f->film, err);
    if (status == KF_OK) status = kf_settings_resolve(kf_film_snapshot(f->film), &params, &f->settings, err);
    if (status == KF_OK) status = kf_session_open(&f->session, f->film, &params, &f->settings, err);
    f->open = status == KF_OK;
    return status == KF_OK ? open_canvas(f, err) : status;
}

kf_status kf_footage_open(const char *path, const kf_footage_spec *spec, kf_footage **out, kf_error *err)
{
    kf_footage *f = KF_NEW(kf_footage);
    *out = NULL;
    if (!f) return kf_fail_memory(err);
    kf_status status = open_footage(f, path, spec, err);
    if (status == KF_OK)
        *out = f;
    else
        kf_footage_close(f);
    return status;
}

void kf_footage_close(kf_footage *f)
{
    if (!f) return;
    kf_compiler_destroy(f->compiler);
    kf_cpu_destroy(f->cpu);
    if (f->open) kf_session_close(&f->session);
    kf_shelf_destroy(f->canvas.shelf);
    kf_settings_finish(&f->settings);
    kf_film_destroy(f->film);
    kf_free(f);
}

int64_t kf_footage_frames(const kf_footage *f)
{
    return f->settings.frames;
}

kf_footage_spec kf_footage_shape(const kf_footage *f)
{
    return (kf_footage_spec){.width = f->settings.width, .height = f->settings.height, .rate = f->settings.rate};
}

kf_status kf_footage_frame(kf_footage *f, int64_t i, kf_frame **out, kf_error *err)
{
    kf_compiled *compiled;
    bool passed;
    kf_status status = kf_compile_frame(f->compiler, kf_settings_frame_time(&f->settings, i), &compiled, err);
    if (status != KF_OK) return status;
    status = kf_canvas_compose(&f->canvas, compiled, out, &passed, err);
    kf_compiled_release(compiled);
    return status;
}
