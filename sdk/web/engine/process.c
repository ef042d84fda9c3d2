/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Effects on single pictures: a film of one picture, as the native engine makes of the same list. */
#include <string.h>

#include "base/api/json.h"
#include "catalog/api/catalog.h"
#include "script/api/script.h"
#include "web.h"

KW_EXPORT(kw_process_open)
kw_film *kw_process_open(kw_engine *e, const char *effects, int32_t width, int32_t height, int32_t rate);
KW_EXPORT(kw_process_run) int32_t kw_process_run(kw_film *f, kf_frame *in, kf_frame *out, double frame);
KW_EXPORT(kw_catalog) kf_status kw_catalog(kw_engine *e);

/* Does any of the effects (the normal form) look at a pixel's neighbours? */
static bool looks_around(const kf_str *normal)
{
    static const char *const names[] = {"\"blur\"", "\"directional_blur\"", "\"sharpen\"", "\"glow\""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(normal->data, names[i])) return true;
    return false;
}

/* A film of the picture with the effects (JSON). NULL: failed. */
kw_film *kw_process_open(kw_engine *e, const char *effects, int32_t width, int32_t height, int32_t rate)
{
    kf_script script = {0};
    kf_film *film = NULL;
    const kf_script_canvas canvas = {width, height, {rate, 1}, NULL};
    kf_status status = kf_script_read(effects, &script, &e->error);
    if (status == KF_OK) status = kf_script_film(&script, &canvas, &film, &e->error);
    const bool around = status == KF_OK && looks_around(&script.normal);
    kf_script_finish(&script);
    kw_film *f = status == KF_OK ? kw_film_of(e, film) : NULL;
    if (f) f->around = around;
    return f;
}

/* The film's frame with this picture in it; NULL: failed. */
static const kf_frame *compose(kw_film *f, kf_frame *in, double frame)
{
    int32_t needed = kw_film_plan(f, frame);
    for (int32_t i = 0; i < needed; i++) kw_film_put(f, i, in);
    const kf_frame *made = needed >= 0 ? kw_film_render(f, frame, (int32_t)in->image.format) : NULL;
    for (int32_t i = 0; i < needed; i++) kw_film_put(f, i, NULL);
    return made;
}

static kf_frame *planes_of(kw_film *f, const kf_image *rgba)
{
    if (!f->planes) f->planes = kf_frame_create(KF_PIX_GBRP8, rgba->width, rgba->height);
    if (!f->planes) return NULL;
    f->planes->image.color = rgba->color;
    kw_split(rgba, &f->planes->image);
    return f->planes;
}

/* The picture `in` (RGBA8) with the effects of a frame, into `out`, which may be `in`. A kf_status. */
int32_t kw_process_run(kw_film *f, kf_frame *in, kf_frame *out, double frame)
{
    const bool opaque = kw_is_opaque(&in->image), planes = opaque && f->around;
    kf_frame *from = planes ? planes_of(f, &in->image) : in;
    if (!from) return kf_fail_memory(&f->engine->error);
    in->image.premultiplied = f->premultiplied = opaque; /* the same, and less to do */
    const kf_frame *made = compose(f, from, frame);
    in->image.premultiplied = f->premultiplied = false;
    if (!made) return f->engine->error.status;
    if (planes) kw_join(&made->image, &out->image);
    else kw_copy(&made->image, &out->image);
    return KF_OK;
}

/* ---- The catalogue ---- */

static void put_range(kf_json_writer *w, const kf_field *f)
{
    if (f->type != KF_FIELD_INT && f->type != KF_FIELD_FLOAT && f->type != KF_FIELD_VEC2) return;
    kf_json_put_number(w, "min", f->min);
    kf_json_put_number(w, "max", f->max);
}

static void put_default(kf_json_writer *w, const kf_field *f)
{
    const int n = kf_field_numbers(f->type);
    kf_json_key(w, "default");
    if (f->type == KF_FIELD_BOOL) {
        kf_json_write_bool(w, f->def[0] != 0);
    } else if (f->type == KF_FIELD_ENUM) {
        kf_json_write_string(w, f->choices[(int)f->def[0]]);
    } else if (f->type == KF_FIELD_POINTS || f->type == KF_FIELD_STOPS) {
        kf_json_write_raw(w, f->def_text ? f->def_text : "[]");
    } else if (n == 0) {
        kf_json_write_string(w, f->def_text ? f->def_text : "");
    } else if (n == 1) {
        kf_json_write_number(w, f->def[0]);
    } else {
        kf_json_begin_array(w);
        for (int i = 0; i < n; i++) kf_json_write_number(w, f->def[i]);
        kf_json_end_array(w);
    }
}

static void put_choices(kf_json_writer *w, const kf_field *f)
{
    if (f->type != KF_FIELD_ENUM) return;
    kf_json_key(w, "values");
    kf_json_begin_array(w);
    for (const char *const *c = f->choices; *c; c++) kf_json_write_string(w, *c);
    kf_json_end_array(w);
}

static void put_field(kf_json_writer *w, const kf_field *f)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "id", f->name);
    kf_json_put_string(w, "type", kf_field_type_name(f->type));
    if (f->unit && *f->unit) kf_json_put_string(w, "unit", f->unit);
    put_range(w, f);
    put_default(w, f);
    put_choices(w, f);
    kf_json_put_bool(w, "animated", f->animatable);
    kf_json_put_string(w, "description", f->help);
    kf_json_end_object(w);
}

static void put_kind(kf_json_writer *w, const kf_kind *kind)
{
    kf_json_begin_object(w);
    kf_json_put_string(w, "id", kind->name);
    kf_json_put_string(w, "kind", kf_kind_class_name(kind->cls));
    kf_json_put_string(w, "description", kind->help);
    kf_json_key(w, "params");
    kf_json_begin_array(w);
    for (int i = 0; i < kind->field_count; i++) put_field(w, &kind->fields[i]);
    kf_json_end_array(w);
    kf_json_end_object(w);
}

/* The text is JSON: EffectInfo[] of types.ts. */
kf_status kw_catalog(kw_engine *e)
{
    kf_json_writer w = {.out = kw_text_start(e), .compact = true};
    kf_json_begin_array(&w);
    for (int i = 0; i < kf_kind_count(); i++) {
        const kf_kind *kind = kf_kind_at(i);
        if (kind->cls == KF_CLASS_EFFECT || kind->cls == KF_CLASS_TRANSITION || kind->cls == KF_CLASS_GENERATOR)
            put_kind(&w, kind);
    }
    kf_json_end_array(&w);
    return e->text.failed ? kf_fail_memory(&e->error) : KF_OK;
}
