/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Generators, transitions and multiclips of xmeml. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/api/alloc.h"
#include "interchange/xmeml.h"

/* ---- Generators ---- */

static const kf_xml *parameter(const kf_xml *effect, const char *id)
{
    const kf_xml *p = kf_xml_child(effect, "parameter");
    for (; p; p = kf_xml_again(p)) {
        const char *own = kf_xml_text(p, "parameterid");
        if (own && strcasecmp(own, id) == 0) {
            return kf_xml_child(p, "value");
        }
    }
    return NULL;
}

static void put_color(kf_json_writer *w, const char *key, const kf_xml *value)
{
    static const char *const parts[] = {"red", "green", "blue", "alpha"};
    char text[16];
    unsigned c[4];
    for (int i = 0; i < 4; i++) {
        int64_t v = xm_int(value, parts[i], 255);
        c[i] = v < 0 ? 0 : v > 255 ? 255 : (unsigned)v;
    }
    snprintf(text, sizeof text, "#%02x%02x%02x%02x", c[0], c[1], c[2], c[3]);
    kf_json_put_string(w, key, text);
}

static void put_font(kf_json_writer *w, const kf_xml *effect)
{
    char font[200];
    const kf_xml *name = parameter(effect, "fontname"), *style = parameter(effect, "fontstyle");
    double number = xm_number(style ? style->text : NULL, 1);
    const char *suffix = number == 2 ? " Bold" : number == 3 ? " Italic" : number == 4 ? " Bold Italic" : "";
    if (name && *name->text && strlen(name->text) < 160) {
        snprintf(font, sizeof font, "%s%s", name->text, suffix);
        kf_json_put_string(w, "font", font);
    }
    const kf_xml *size = parameter(effect, "fontsize");
    double px = xm_number(size ? size->text : NULL, 36);
    kf_json_put_number(w, "size", px < 1 ? 1 : px > 4096 ? 4096 : px);
}

static void put_title(xm_scope *s, const kf_xml *effect)
{
    static const char *const aligns[] = {"left", "center", "right"};
    kf_json_writer *w = &s->seq.w;
    const kf_xml *text = parameter(effect, "str"), *align = parameter(effect, "fontalign");
    const kf_xml *color = parameter(effect, "fontcolor"), *origin = parameter(effect, "origin");
    double side = xm_number(align ? align->text : NULL, 2);
    double width = s->width > 0 ? s->width : 1920, height = s->height > 0 ? s->height : 1080;
    kf_json_put_string(w, "generator", "title");
    kf_json_key(w, "params");
    kf_json_begin_object(w);
    kf_json_put_string(w, "text", text ? text->text : "");
    put_font(w, effect);
    if (color) {
        put_color(w, "color", color);
    }
    kf_json_put_string(w, "align", aligns[side == 1 ? 0 : side == 3 ? 2 : 1]);
    double x = xm_number(kf_xml_text(origin, "horiz"), 0), y = xm_number(kf_xml_text(origin, "vert"), 0);
    if ((x != 0 || y != 0) && x > -10 && x < 10 && y > -10 && y < 10) {
        kf_json_key(w, "position");
        kf_json_begin_array(w);
        kf_json_write_number(w, width * (0.5 + x));
        kf_json_write_number(w, height * (0.5 + y));
        kf_json_end_array(w);
    }
    kf_json_end_object(w);
}

bool xm_write_generator(xm_scope *s, const xm_clip *clip)
{
    ix_place place;
    kf_json_writer *w = &s->seq.w;
    const kf_xml *effect = kf_xml_child(clip->node, "effect");
    const char *id = kf_xml_text(effect, "effectid"), *name = kf_xml_text(effect, "name");
    id = id && *id ? id : name ? name : "";
    const kf_xml *color = parameter(effect, "fillcolor");
    color = color ? color : parameter(effect, "color");
    if (parameter(effect, "str")) {
        put_title(s, effect);
        return true;
    }
    bool solid = strcasecmp(id, "Color") == 0 || strcasecmp(id, "Matte") == 0 || strcasecmp(id, "Color Solid") == 0;
    bool bars = strstr(id, "Bars") != NULL, slug = strcasecmp(id, "Slug") == 0;
    if (!(solid && color) && !bars && !slug) {
        kf_report_add(s->im->report, KF_LOSS_DROPPED, xm_where(s, clip, place),
                      "Kerf has no generator %.60s: its place stays empty.", id);
        return false;
    }
    kf_json_put_string(w, "generator", bars ? "bars" : "solid");
    kf_json_key(w, "params");
    kf_json_begin_object(w);
    if (!bars && color) {
        put_color(w, "color", color);
    } else if (!bars) {
        kf_json_put_string(w, "color", "#000000");
    }
    kf_json_end_object(w);
    return true;
}

/* ---- Transitions ---- */

static void put_wipe(xm_scope *s, const kf_xml *effect)
{
    static const struct { int code; int angle; } wipes[] = {{1, 0}, {2, 90}, {41, 45}, {42, 135}};
    int64_t code = xm_int(effect, "wipecode", 1);
    int angle = xm_true(effect, "reverse", false) ? 180 : 0;
    for (size_t i = 0; i < sizeof wipes / sizeof *wipes; i++) {
        angle += wipes[i].code == code ? wipes[i].angle : 0;
    }
    kf_json_put_string(&s->seq.w, "transition", "wipe");
    kf_json_put_int(&s->seq.w, "angle", angle);
    kf_json_put_number(&s->seq.w, "feather", 0);
}

void xm_write_transition_kind(xm_scope *s, const kf_xml *node)
{
    static const struct { const char *name, *kind, *color; } kinds[] = {
        {"Additive Dissolve", "additive_dissolve", NULL}, {"Dip to White", "dip_to_color", "#ffffff"},
        {"Dip", "dip_to_color", "#000000"}, {"Fade In Fade Out", "dip_to_color", "#000000"},
        {"Dissolve", "dissolve", NULL}, {"Cross", "dissolve", NULL}, {"Film", "dissolve", NULL},
        {"KGAudioTrans", "dissolve", NULL}, {"Constant", "dissolve", NULL}, {"Exponential", "dissolve", NULL},
        {"Push", "push", NULL}, {"Slide", "slide", NULL}};
    ix_place place;
    kf_json_writer *w = &s->seq.w;
    const kf_xml *effect = kf_xml_child(node, "effect");
    const char *name = kf_xml_text(effect, "name");
    name = name && *name ? name : "Cross Dissolve";
    if (strstr(name, "Wipe")) {
        put_wipe(s, effect);
        return;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strstr(name, kinds[i].name)) {
            kf_json_put_string(w, "transition", kinds[i].kind);
            ix_put_text(w, "color", kinds[i].color);
            return;
        }
    }
    xm_clip at = {.node = node, .start = xm_time(xm_int(node, "start", 0), s->rate)};
    kf_report_add(s->im->report, KF_LOSS_CHANGED, xm_where(s, &at, place),
                  "Kerf has no transition %.60s: it became a dissolve.", name);
    kf_json_put_string(w, "transition", "dissolve");
    ix_put_text(w, "name", name);
}

/* ---- Multiclips ---- */

/* The file of an angle's clip; it starts at the clip's in. */
static const kf_xml *angle_file(const xm_import *im, const kf_xml *clip)
{
    const kf_xml *media = kf_xml_child(clip, "media"), *file = kf_xml_child(clip, "file");
    const kf_xml *track = kf_xml_child(kf_xml_child(media, "video"), "track");
    const kf_xml *item = kf_xml_child(track, "clipitem");
    return xm_resolve(im, file ? file : kf_xml_child(item, "file"));
}

static void write_angle(xm_import *im, ix_sequence *seq, const kf_xml *clip, kf_rational rate)
{
    kf_json_writer *w = &seq->w;
    const kf_xml *file = angle_file(im, clip);
    const char *name = kf_xml_text(clip, "name");
    int64_t duration = xm_int(clip, "duration", xm_int(file, "duration", 0));
    rate = xm_rate(clip, rate);
    kf_json_begin_object(w);
    ix_put_text(w, "name", name);
    kf_json_key(w, "clips");
    kf_json_begin_array(w);
    if (file && duration > 0) {
        kf_json_begin_object(w);
        kf_json_put_string(w, "asset", xm_asset(im, file, name));
        int64_t in = xm_int(clip, "in", 0);
        ix_put_time(w, "in", xm_time(in > 0 ? in : 0, rate), rate);
        ix_put_time(w, "duration", xm_time(duration, rate), rate);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
    kf_json_end_object(w);
}

kf_status xm_multiclip(xm_import *im, const kf_xml *element, const char **id, int *angle)
{
    char key[200];
    ix_sequence seq;
    element = xm_resolve(im, element);
    const char *own = kf_xml_attr(element, "id"), *name = kf_xml_text(element, "name");
    int number = 1;
    snprintf(key, sizeof key, "multiclip %.100s %p", own ? own : "", own ? NULL : (const void *)element);
    *angle = 0;
    for (const kf_xml *a = kf_xml_child(element, "angle"); a; a = kf_xml_again(a), number++) {
        *angle = xm_true(a, "activevideoangle", false) && number <= KF_MODEL_MAX_ANGLE ? number : *angle;
    }
    ix_entry *known = ix_table_add(&im->sequences, key);
    if (!known) {
        return kf_fail_memory(im->err);
    }
    if (known->text) {
        *id = known->text;
        return KF_OK;
    }
    kf_rational rate = xm_rate(element, (kf_rational){30000, 1001});
    ix_sequence_begin(&im->film, &seq, name && *name ? name : "multiclip", rate);
    known->text = kf_strdup(seq.id);
    *id = known->text;
    kf_json_put_bool(&seq.w, "multicam", true);
    kf_json_key(&seq.w, "tracks");
    kf_json_begin_array(&seq.w);
    number = 0;
    for (const kf_xml *a = kf_xml_child(element, "angle"); a && number < KF_MODEL_MAX_ANGLE; a = kf_xml_again(a)) {
        write_angle(im, &seq, kf_xml_child(a, "clip") ? kf_xml_child(a, "clip") : a, rate);
        number++;
    }
    kf_json_end_array(&seq.w);
    ix_sequence_end(&im->film, &seq);
    return *id ? KF_OK : kf_fail_memory(im->err);
}
