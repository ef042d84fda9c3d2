/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CMX3600 edit decision lists: the driver, and what reading and writing have in common. */
#include "interchange/edl.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "interchange/internal.h"

/* Locator colours as Avid names them. */
static const struct { const char *name, *value; } colors[] = {
    {"RED", "#ff0000"},   {"GREEN", "#00ff00"},   {"BLUE", "#0000ff"},   {"CYAN", "#00ffff"}, {"MAGENTA", "#ff00ff"},
    {"YELLOW", "#ffff00"}, {"BLACK", "#000000"},  {"WHITE", "#ffffff"},  {"PINK", "#ffc0cb"}, {"ORANGE", "#ffa500"},
    {"PURPLE", "#800080"}, {"FOREST", "#228b22"}, {"DENIM", "#1560bd"},  {"VIOLET", "#8f00ff"}, {"PLUM", "#8e4585"},
    {"GOLD", "#ffd700"},   {"GREY", "#808080"},
};
enum { COLORS = sizeof colors / sizeof *colors };

const char *edl_color_value(const char *name)
{
    for (int i = 0; i < COLORS; i++) {
        if (strcasecmp(colors[i].name, name) == 0) {
            return colors[i].value;
        }
    }
    return NULL;
}

static int channel(const char *value, int index)
{
    const char *digits = "0123456789abcdef", *p = value + 1 + 2 * index;
    return (int)(strchr(digits, p[0]) - digits) * 16 + (int)(strchr(digits, p[1]) - digits);
}

const char *edl_color_name(const float color[4])
{
    int best = 0;
    double nearest = 1e9;
    for (int i = 0; i < COLORS; i++) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            double off = (double)color[c] - channel(colors[i].value, c) / 255.0;
            sum += off * off;
        }
        if (sum < nearest) {
            nearest = sum;
            best = i;
        }
    }
    return color[3] > 0 ? colors[best].name : "RED";
}

static bool begins(const char *text, const char *const *with)
{
    for (; *with; with++) {
        if (strncasecmp(text, *with, strlen(*with)) == 0) {
            return true;
        }
    }
    return false;
}

bool edl_is_rewritten(const char *comment)
{
    static const char *const keys[] = {"FROM CLIP NAME:", "TO CLIP NAME:", "KEY CLIP NAME:", "SOURCE FILE:", "LOC:",
                                       "FREEZE FRAME", NULL};
    return begins(comment, keys);
}

bool edl_is_cdl(const char *comment)
{
    static const char *const keys[] = {"ASC_SOP", "ASC_SAT", NULL};
    return begins(comment, keys);
}

static void put_wheel(kf_json_writer *w, const char *key, const double v[3])
{
    kf_json_key(w, key);
    kf_json_begin_array(w);
    for (int i = 0; i < 3; i++) {
        kf_json_write_number(w, v[i]);
    }
    kf_json_write_number(w, 1);
    kf_json_end_array(w);
}

/* CDL: (in * slope + offset)^power. The wheels: (in * (gain - lift) + lift)^(1 / gamma). */
static bool wheels_of(const edl_event *e, double lift[3], double gamma[3], double gain[3])
{
    for (int i = 0; e->has_sop && i < 3; i++) {
        double slope = e->sop[i], offset = e->sop[i + 3], power = e->sop[i + 6];
        lift[i] = offset;
        gain[i] = slope + offset;
        gamma[i] = power > 0 ? 1 / power : 0;
        if (fabs(lift[i]) > 1 || gain[i] < 0 || gain[i] > 20 || gamma[i] < 0.05 || gamma[i] > 20) {
            return false;
        }
    }
    return !e->has_sat || (e->sat >= 0 && e->sat <= 10);
}

bool edl_put_cdl(kf_json_writer *w, const edl_event *e)
{
    double lift[3], gamma[3], gain[3];
    if (!wheels_of(e, lift, gamma, gain)) {
        return false;
    }
    kf_json_key(w, "effects");
    kf_json_begin_array(w);
    if (e->has_sop) {
        kf_json_begin_object(w);
        kf_json_put_string(w, "effect", "lift_gamma_gain");
        kf_json_put_string(w, "name", "ASC CDL");
        put_wheel(w, "lift", lift);
        put_wheel(w, "gamma", gamma);
        put_wheel(w, "gain", gain);
        kf_json_end_object(w);
    }
    if (e->has_sat) {
        kf_json_begin_object(w);
        kf_json_put_string(w, "effect", "saturation");
        kf_json_put_string(w, "name", "ASC CDL");
        kf_json_put_number(w, "amount", e->sat);
        kf_json_end_object(w);
    }
    kf_json_end_array(w);
    return true;
}

/* SMPTE 258M codes of straight edges; a code plus 100 runs the other way in some lists, but not in all: not read. */
static const struct { int code; double angle; } wipes[] = {{1, 0}, {2, 90}, {41, 45}, {42, 135}};

bool edl_put_wipe(kf_json_writer *w, int code)
{
    kf_json_put_number(w, "feather", 0);
    for (size_t i = 0; i < sizeof wipes / sizeof *wipes; i++) {
        if (wipes[i].code == code) {
            kf_json_put_number(w, "angle", wipes[i].angle);
            return true;
        }
    }
    return false;
}

int edl_wipe_code(double angle)
{
    double turned = angle - 360 * floor(angle / 360);
    for (size_t i = 0; i < sizeof wipes / sizeof *wipes; i++) {
        if (fabs(wipes[i].angle - turned) < 0.5) {
            return wipes[i].code;
        }
    }
    return 0;
}

static const char *const extensions[] = {"edl", NULL};

const kf_interchange ix_edl = {
    .name = "edl",
    .label = "CMX3600 edit decision list",
    .extensions = extensions,
    .sniff = edl_sniff,
    .import = edl_import,
    .export = edl_export,
};
