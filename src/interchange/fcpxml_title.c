/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Titles, captions and generators. Titles are laid out on 1080 lines, whatever the sequence's size. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interchange/fcpxml.h"

/* ---- Styles ---- */

/* A style's attribute: what stands at the text itself goes before what its definition says. */
typedef struct style {
    const kf_xml *own, *defined;
} style;

static const char *style_attr(const style *t, const char *name)
{
    const char *text = kf_xml_attr(t->own, name);
    return text ? text : kf_xml_attr(t->defined, name);
}

static const kf_xml *definition(const kf_xml *title, const char *id)
{
    const kf_xml *def = kf_xml_child(title, "text-style-def");
    while (def && !(id && fx_attr_is(def, "id", id))) {
        def = kf_xml_again(def);
    }
    return kf_xml_child(def, "text-style");
}

static style first_style(const kf_xml *title)
{
    const kf_xml *own = kf_xml_child(kf_xml_child(title, "text"), "text-style");
    const char *ref = kf_xml_attr(own, "ref");
    return (style){own,
                   ref ? definition(title, ref) : kf_xml_child(kf_xml_child(title, "text-style-def"), "text-style")};
}

/* All text of a title; `styles`: how many pieces it has. */
static void add_text(const kf_xml *title, kf_str *out, int *styles)
{
    *styles = 0;
    for (const kf_xml *text = kf_xml_child(title, "text"); text; text = kf_xml_again(text)) {
        kf_str_add(out, out->length ? "\n" : "");
        kf_str_add(out, text->text);
        for (const kf_xml *e = kf_xml_child(text, "text-style"); e; e = kf_xml_again(e)) {
            kf_str_add(out, e->text);
            (*styles)++;
        }
    }
}

static void put_color(kf_json_writer *w, const char *key, const char *text)
{
    double c[4] = {0, 0, 0, 1};
    if (!text || fx_read_numbers(text, c, 4) < 3) {
        return;
    }
    kf_json_key(w, key);
    kf_json_begin_array(w);
    for (int i = 0; i < 4; i++) {
        kf_json_write_number(w, c[i] < 0 ? 0 : c[i] > 1 ? 1 : c[i]);
    }
    kf_json_end_array(w);
}

/* `otherwise`: what a title has if nothing is said. */
static void put_size(kf_json_writer *w, const char *key, const char *text, double unit, double least, double most,
                     double otherwise)
{
    double v = otherwise;
    if (text && fx_read_numbers(text, &v, 1) == 1) {
        v = fabs(v) * unit;
        v = v < least ? least : v > most ? most : v;
    }
    if (text && v != otherwise) {
        kf_json_put_number(w, key, v);
    }
}

static void put_font(kf_json_writer *w, const style *t)
{
    const char *family = style_attr(t, "font"), *face = style_attr(t, "fontFace"), *bold = style_attr(t, "bold");
    const char *italic = style_attr(t, "italic");
    bool plain = !face || strcmp(face, "Regular") == 0;
    char font[200];
    if (family && (strcmp(family, "Sans") != 0 || !plain)) {
        snprintf(font, sizeof font, "%.120s%s%.60s", family, plain ? "" : " ", plain ? "" : face);
        font[kf_utf8_prefix(font, strlen(font))] = '\0';
        kf_json_put_string(w, "font", font);
    }
    if (bold && strcmp(bold, "1") == 0) {
        kf_json_put_int(w, "weight", 700);
    }
    if (italic && strcmp(italic, "1") == 0) {
        kf_json_put_bool(w, "italic", true);
    }
}

/* Distance and angle, anticlockwise from the right. */
static void put_shadow(kf_json_writer *w, const style *t, double unit)
{
    double polar[2];
    const char *offset = style_attr(t, "shadowOffset");
    put_color(w, "shadow_color", style_attr(t, "shadowColor"));
    put_size(w, "shadow_blur", style_attr(t, "shadowBlurRadius"), unit, 0, 256, 4);
    if (offset && fx_read_numbers(offset, polar, 2) == 2 && fabs(polar[0]) * unit <= 4096) {
        double turn = polar[1] * 3.14159265358979323846 / 180, x = polar[0] * cos(turn) * unit;
        double y = -polar[0] * sin(turn) * unit;
        kf_json_key(w, "shadow_offset");
        kf_json_begin_array(w);
        kf_json_write_number(w, round(x * 1000) / 1000);
        kf_json_write_number(w, round(y * 1000) / 1000);
        kf_json_end_array(w);
    }
}

/* As titles are. */
static bool is_white(const char *text)
{
    double c[4] = {0, 0, 0, 1};
    return text && fx_read_numbers(text, c, 4) >= 3 && c[0] == 1 && c[1] == 1 && c[2] == 1 && c[3] == 1;
}

static void put_style(kf_json_writer *w, const style *t, double unit)
{
    const char *align = style_attr(t, "alignment"), *spacing = style_attr(t, "kerning");
    double v;
    put_font(w, t);
    put_size(w, "size", style_attr(t, "fontSize"), unit, 1, 4096, 72);
    if (!is_white(style_attr(t, "fontColor"))) {
        put_color(w, "color", style_attr(t, "fontColor"));
    }
    if (style_attr(t, "strokeColor") || style_attr(t, "strokeWidth")) {
        put_color(w, "outline_color", style_attr(t, "strokeColor"));
        put_size(w, "outline_width", style_attr(t, "strokeWidth"), unit, 0, 512, 0);
    }
    put_shadow(w, t, unit);
    if (style_attr(t, "backgroundColor")) {
        kf_json_put_string(w, "box", "lines");
        put_color(w, "box_color", style_attr(t, "backgroundColor"));
    }
    if (align && (strcmp(align, "left") == 0 || strcmp(align, "right") == 0)) {
        kf_json_put_string(w, "align", align);
    }
    if (spacing && fx_read_numbers(spacing, &v, 1) == 1 && fabs(v * unit) <= 1000) {
        kf_json_put_number(w, "letter_spacing", v * unit);
    }
}

/* ---- Places ---- */

static const char *param_value(const kf_xml *element, const char *name)
{
    const kf_xml *param = kf_xml_child(element, "param");
    while (param && !fx_attr_is(param, "name", name)) {
        param = kf_xml_again(param);
    }
    return kf_xml_attr(param, "value");
}

static double height_of(const fx_story *s)
{
    return s->format.height ? s->format.height : 1080;
}

static double limit(double v)
{
    return v < -100000 ? -100000 : v > 100000 ? 100000 : v;
}

static void put_position(fx_story *s, const kf_xml *title, double unit)
{
    double at[2], h = height_of(s), w = s->format.width ? s->format.width : h * 16 / 9;
    const char *text = param_value(title, "Position");
    bool caption = kf_xml_is(title, "caption");
    if (!caption && (!text || fx_read_numbers(text, at, 2) != 2)) {
        return;
    }
    kf_json_key(&s->w, "position");
    kf_json_begin_array(&s->w);
    kf_json_write_number(&s->w, caption ? w / 2 : limit(w / 2 + at[0] * unit));
    kf_json_write_number(&s->w, caption ? h * 0.95 : limit(h / 2 - at[1] * unit));
    kf_json_end_array(&s->w);
    if (caption) {
        kf_json_put_string(&s->w, "anchor_v", "bottom");
    }
}

/* ---- Titles ---- */

static void report_template(fx_story *s, const fx_placed *p, int styles)
{
    const kf_xml *title = p->source.element, *effect = fx_resource(s->r, title, "ref", "effect");
    if (kf_xml_is(title, "caption")) {
        fx_lose(s, KF_LOSS_CHANGED, p, "the caption became a title at the bottom of the picture");
    } else if (effect && strcmp(fx_name(effect), "Basic Title") != 0) {
        fx_lose(s, KF_LOSS_CHANGED, p, "the title template \"%.80s\" became a plain title", fx_name(effect));
    }
    if (styles > 1) {
        fx_lose(s, KF_LOSS_CHANGED, p, "it has text in %d pieces: all have the style of the first", styles);
    }
}

void fx_write_title(fx_story *s, const fx_placed *p)
{
    const kf_xml *title = p->source.element;
    double unit = height_of(s) / 1080;
    int styles;
    kf_str text = {0};
    style t = first_style(title);
    add_text(title, &text, &styles);
    s->failed |= text.failed;
    kf_json_put_string(&s->w, "generator", "title");
    kf_json_key(&s->w, "params");
    kf_json_begin_object(&s->w);
    kf_json_put_string(&s->w, "text", text.data ? text.data : "");
    put_style(&s->w, &t, unit);
    put_position(s, title, unit);
    kf_json_end_object(&s->w);
    kf_str_finish(&text);
    report_template(s, p, styles);
}

/* ---- Generators ---- */

void fx_write_generator(fx_story *s, const fx_placed *p)
{
    const kf_xml *element = p->source.element, *effect = fx_resource(s->r, element, "ref", "effect");
    const char *color = param_value(element, "Color");
    kf_json_put_string(&s->w, "generator", "solid");
    if (color) {
        kf_json_key(&s->w, "params");
        kf_json_begin_object(&s->w);
        put_color(&s->w, "color", color);
        kf_json_end_object(&s->w);
    } else {
        fx_lose(s, KF_LOSS_CHANGED, p, "the generator \"%.80s\" became a black picture", fx_name(effect));
    }
}
