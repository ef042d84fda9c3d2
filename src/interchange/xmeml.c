/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Final Cut Pro XML: the driver, values, and tables that reading and writing share. */
#include "interchange/xmeml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int64_t xm_int(const kf_xml *element, const char *child, int64_t otherwise)
{
    const char *text = kf_xml_text(element, child);
    char *end = NULL;
    long long value = text ? strtoll(text, &end, 10) : 0;
    return text && end != text ? value : otherwise;
}

double xm_number(const char *text, double otherwise)
{
    char *end = NULL;
    double value = text ? strtod(text, &end) : 0;
    return text && end != text && value > -1e15 && value < 1e15 ? value : otherwise;
}

bool xm_true(const kf_xml *element, const char *child, bool otherwise)
{
    const char *text = kf_xml_text(element, child);
    text = text ? text + strspn(text, " \t\r\n") : "";
    return *text ? strncasecmp(text, "true", 4) == 0 || *text == '1' : otherwise;
}

kf_rational xm_rate(const kf_xml *element, kf_rational otherwise)
{
    kf_rational out;
    const kf_xml *rate = kf_xml_child(element, "rate");
    int64_t timebase = xm_int(rate, "timebase", 0);
    if (timebase < 1 || timebase > 1000) {
        return otherwise;
    }
    bool ntsc = xm_true(rate, "ntsc", false) && timebase % 25 != 0;
    return kf_rational_make(timebase * (ntsc ? 1000 : 1), ntsc ? 1001 : 1, &out) ? out : otherwise;
}

kf_time xm_time(int64_t frames, kf_rational rate)
{
    kf_time t = kf_frame_start(frames, rate);
    return t > KF_MODEL_MAX_TIME ? KF_MODEL_MAX_TIME : t < -KF_MODEL_MAX_TIME ? -KF_MODEL_MAX_TIME : t;
}

static const struct { const char *composite, *blend; int32_t mode; } composites[] = {
    {"normal", "normal", KF_MODE_NORMAL},
    {"add", "add", KF_MODE_ADD},
    {"subtract", "subtract", KF_MODE_SUBTRACT},
    {"difference", "difference", KF_MODE_DIFFERENCE},
    {"multiply", "multiply", KF_MODE_MULTIPLY},
    {"screen", "screen", KF_MODE_SCREEN},
    {"overlay", "overlay", KF_MODE_OVERLAY},
    {"hardlight", "hard_light", KF_MODE_HARD_LIGHT},
    {"softlight", "soft_light", KF_MODE_SOFT_LIGHT},
    {"darken", "darken", KF_MODE_DARKEN},
    {"lighten", "lighten", KF_MODE_LIGHTEN},
};
enum { COMPOSITES = sizeof composites / sizeof *composites };

/* "Hard Light" and "hardlight" are the same. */
static bool same_mode(const char *a, const char *b)
{
    for (; *a; a++) {
        if (*a == ' ' || *a == '_') {
            continue;
        }
        if ((*a | 0x20) != *b) {
            return false;
        }
        b++;
    }
    return *b == '\0';
}

const char *xm_blend_mode(const char *composite)
{
    for (int i = 0; i < COMPOSITES; i++) {
        if (same_mode(composite, composites[i].composite)) {
            return composites[i].blend;
        }
    }
    return NULL;
}

const char *xm_composite(int32_t blend_mode)
{
    for (int i = 0; i < COMPOSITES; i++) {
        if (composites[i].mode == blend_mode) {
            return composites[i].composite;
        }
    }
    return NULL;
}

static bool sniff(const char *bytes, size_t length)
{
    size_t take = length < 4096 ? length : 4096;
    return memmem(bytes, take, "<xmeml", 6) != NULL;
}

static const char *const extensions[] = {"xml", NULL};

const kf_interchange ix_xmeml = {
    .name = "xmeml",
    .label = "Final Cut Pro XML (Premiere, Resolve, Final Cut Pro 7)",
    .extensions = extensions,
    .sniff = sniff,
    .import = xmeml_import,
    .export = xmeml_export,
};
