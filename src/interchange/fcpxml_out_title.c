/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles and generators on the way out. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interchange/fcpxml_out.h"

static void add_number(kf_str *out, double v)
{
    kf_json_writer w = {.out = out, .compact = true};
    kf_json_write_number(&w, v == 0 ? 0 : v);
}

static void put_numbers(fo_story *s, const char *attribute, const double *numbers, int count)
{
    kf_str text = {0};
    for (int i = 0; i < count; i++) {
        kf_str_add(&text, i ? " " : "");
        add_number(&text, round(numbers[i] * 1e6) / 1e6);
    }
    kf_xml_put_attr(s->x, attribute, text.data);
    s->o->failed |= text.failed;
    kf_str_finish(&text);
}

static void put_size(fo_story *s, const char *attribute, double v)
{
    put_numbers(s, attribute, &v, 1);
}

static void put_color(fo_story *s, const char *attribute, const float color[4])
{
    double numbers[4] = {(double)color[0], (double)color[1], (double)color[2], (double)color[3]};
    put_numbers(s, attribute, numbers, 4);
}

static bool is_set(const fo_clip *c, const char *name)
{
    kf_param_value v;
    return fo_param(&c->clip.generator, name, &v);
}

/* ---- Titles ---- */

static void put_shadow(fo_story *s, const kf_gen_title *t, double unit)
{
    double x = (double)t->shadow_offset[0] / unit, y = (double)t->shadow_offset[1] / unit;
    double turn = atan2(-y, x) * 180 / 3.14159265358979323846;
    double polar[2] = {hypot(x, y), turn < 0 ? turn + 360 : turn};
    if (t->shadow_color[3] > 0) {
        put_color(s, "shadowColor", t->shadow_color);
        put_numbers(s, "shadowOffset", polar, 2);
        put_size(s, "shadowBlurRadius", (double)t->shadow_blur / unit);
    }
}

static void put_style(fo_story *s, const fo_clip *c, const kf_gen_title *t, double unit)
{
    static const char *const align[] = {"left", "center", "right"};
    kf_xml_put_attr(s->x, "font", t->font);
    put_size(s, "fontSize", (double)t->size / unit);
    put_color(s, "fontColor", t->color);
    kf_xml_put_attr(s->x, "bold", t->weight >= 600 ? "1" : NULL);
    kf_xml_put_attr(s->x, "italic", t->italic ? "1" : NULL);
    if (t->outline_width > 0) {
        put_color(s, "strokeColor", t->outline_color);
        put_size(s, "strokeWidth", (double)t->outline_width / unit);
    }
    put_shadow(s, t, unit);
    if (t->box != KF_GEN_BOX_NONE) {
        put_color(s, "backgroundColor", t->box_color);
    }
    if (is_set(c, "letter_spacing")) {
        put_size(s, "kerning", (double)t->letter_spacing / unit);
    }
    kf_xml_put_attr(s->x, "alignment", align[t->align >= 0 && t->align < 3 ? t->align : 1]);
}

static void put_position(fo_story *s, const kf_gen_title *t, double unit)
{
    double at[2], center[2] = {s->view.width / 2.0, s->view.height / 2.0};
    if (t->position[0] == KF_POSITION_CENTER && t->position[1] == KF_POSITION_CENTER) {
        return;
    }
    for (int i = 0; i < 2; i++) {
        double from = t->position[i] == KF_POSITION_CENTER ? 0 : (double)t->position[i] - center[i];
        at[i] = (i ? -from : from) / unit;
    }
    kf_xml_begin(s->x, "param");
    kf_xml_put_attr(s->x, "name", "Position");
    kf_xml_put_attr(s->x, "key", "9999/999166631/999166633/1/100/101");
    put_numbers(s, "value", at, 2);
    kf_xml_end(s->x, "param");
}

static void report_title(fo_story *s, const fo_clip *c, const kf_gen_title *t)
{
    static const char *const lost[] = {"markup", "line_spacing", "max_width", "max_lines", "ellipsize", "anchor_h",
                                       "anchor_v", "direction", "language", "box_padding", "box_radius"};
    kf_param_value v;
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        if (is_set(c, lost[i])) {
            fo_lose_clip(s, c, KF_LOSS_DROPPED, "the title's %s", lost[i]);
        }
    }
    for (int i = 0; i < c->clip.generator.kind->field_count; i++) {
        if (kf_params_get(&c->clip.generator, i, &v) && v.key_count) {
            fo_lose_clip(s, c, KF_LOSS_CHANGED, "the title's %s stays as it is at the beginning",
                         c->clip.generator.kind->fields[i].name);
        }
    }
    if (t->weight && t->weight != 700) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "the title's weight %d became %s", (int)t->weight,
                     t->weight >= 600 ? "bold" : "regular");
    }
    if (t->box == KF_GEN_BOX_WHOLE) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "the box is behind each line of the title");
    }
}

void fo_put_title(fo_story *s, const fo_clip *c)
{
    kf_gen_title t;
    char id[32];
    double unit = s->view.height / 1080.0;
    if (!kf_params_eval(&c->clip.generator, 0, &t)) {
        kf_kind_defaults(c->clip.generator.kind, &t);
    }
    snprintf(id, sizeof id, "ts%lld", (long long)++s->o->next_style);
    put_position(s, &t, unit);
    kf_xml_begin(s->x, "text");
    kf_xml_begin(s->x, "text-style");
    kf_xml_put_attr(s->x, "ref", id);
    kf_xml_put_text(s->x, t.text);
    kf_xml_end(s->x, "text-style");
    kf_xml_end(s->x, "text");
    kf_xml_begin(s->x, "text-style-def");
    kf_xml_put_attr(s->x, "id", id);
    kf_xml_begin(s->x, "text-style");
    put_style(s, c, &t, unit);
    kf_xml_end(s->x, "text-style");
    kf_xml_end(s->x, "text-style-def");
    report_title(s, c, &t);
}

/* ---- Generators ---- */

void fo_put_solid(fo_story *s, const fo_clip *c)
{
    kf_gen_solid solid = {{0, 0, 0, 1}};
    bool known = c->clip.generator.kind_id == KF_GEN_SOLID;
    bool kept = c->kept.root && fo_kept_text(c->kept.root, "effect");
    kf_param_value v;
    if (known) {
        kf_params_eval(&c->clip.generator, 0, &solid);
    } else {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "the generator %s became a black picture", c->clip.generator.kind->name);
    }
    if (known && fo_param(&c->clip.generator, "color", &v) && v.key_count) {
        fo_lose_clip(s, c, KF_LOSS_CHANGED, "its colour stays as it is at the beginning");
    }
    if (kept && !is_set(c, "color")) {
        return; /* a generator of another sort, with parameters of its own */
    }
    kf_xml_begin(s->x, "param");
    kf_xml_put_attr(s->x, "name", "Color");
    put_color(s, "value", solid.color);
    kf_xml_end(s->x, "param");
}
