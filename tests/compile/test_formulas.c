/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What films of flat colours look like, computed from the formulas of catalog/api/kinds.h and of W3C Compositing
 * Level 1. Both executors must come within one code of 8 bits. */
#include "kit.h"
#include "test.h"

typedef struct rgb { double c[3]; } rgb;
static double worst;

/* ---- Asking ---- */

static void check_pixel(const char *name, const kf_frame *f, int x, int y, const double *want)
{
    for (int c = 0; f && c < 3; c++) {
        double expected = 255 * fmin(1, fmax(0, want[c])), got = kit_sample(&f->image, 0, 4 * x + c, y),
            d = fabs(got - expected);
        CHECK_MSG(d <= 1, "%s: channel %d is %g, expected %.2f", name, c, got, expected);
        if (d > worst) worst = d;
    }
}

/* The middle of the film at `seconds` is `want` (display-referred). */
static void check_at(const char *name, const char *tracks, const char *more, double seconds, const double *want)
{
    kit_film film;
    bool loaded = kit_load_tracks(&film, tracks, more);
    kf_compiled *compiled = loaded ? kit_compile(&film, seconds, 0, 0) : NULL;
    CHECK_MSG(compiled, "%s", name);
    if (compiled) {
        kf_graph_output output = kit_output(compiled, KF_PIX_RGBA8, KIT_WIDTH, KIT_HEIGHT);
        kf_frame *ref = kit_render_ref(compiled, &output), *cpu = kit_render_cpu(compiled, &output, kf_cpu_isa(), 1);
        CHECK(ref && cpu);
        check_pixel(name, ref, KIT_WIDTH / 2, KIT_HEIGHT / 2, want);
        check_pixel(name, cpu, KIT_WIDTH / 2, KIT_HEIGHT / 2, want);
        kf_frame_unref(ref);
        kf_frame_unref(cpu);
    }
    kf_compiled_release(compiled);
    kit_drop(&film);
}

static const unsigned colors[] = {0x000000, 0xffffff, 0xc83214, 0x3264c8, 0x808080, 0x0a141e, 0x64e632};
enum { COLORS = sizeof colors / sizeof *colors };

static rgb color(unsigned hex)
{
    return (rgb){{(hex >> 16) / 255.0, (hex >> 8 & 255) / 255.0, (hex & 255) / 255.0}};
}

static double luma(const double *c)
{
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

/* ---- Effects ---- */

typedef void formula(const double *in, const double *v, double *out); /* v: the numbers of the case */

static void brightness_contrast(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) out[c] = (in[c] - 0.5) * v[1] + 0.5 + v[0];
}
static void saturation(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) out[c] = luma(in) + (in[c] - luma(in)) * v[0];
}
static void exposure(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) out[c] = pow(pow(in[c], 2.4) * exp2(v[0]), 1 / 2.4);
}
static void white_balance(const double *in, const double *v, double *out)
{
    double k[3] = {exp2(v[0] / 2 + v[1] / 4), exp2(-v[1] / 2), exp2(-v[0] / 2 + v[1] / 4)}, white = luma(k);
    for (int c = 0; c < 3; c++) out[c] = pow(pow(in[c], 2.4) * k[c] / white, 1 / 2.4);
}
static void gamma_(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) out[c] = pow(in[c], 1 / v[0]);
}
static void lift_gamma_gain(const double *in, const double *v, double *out) /* v: lift, gamma, gain of R, G, B */
{
    for (int c = 0; c < 3; c++) {
        double x = in[c] * (v[6 + c] - v[c]) + v[c];
        out[c] = x > 0 ? pow(x, 1 / v[3 + c]) : x;
    }
}
static void levels(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) {
        double t = fmin(1, fmax(0, (in[c] - v[0]) / (v[1] - v[0])));
        out[c] = v[3] + pow(t, 1 / v[2]) * (v[4] - v[3]);
    }
}
static void invert(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) out[c] = in[c] + (1 - in[c] - in[c]) * v[0];
}
static void swap_red_green(const double *in, const double *v, double *out) /* three.cube */
{
    for (int c = 0; c < 3; c++) out[c] = in[c] + (in[c == 0 ? 1 : c == 1 ? 0 : 2] - in[c]) * v[0];
}
static void same(const double *in, const double *v, double *out)
{
    for (int c = 0; c < 3; c++) out[c] = in[c];
}
/* Cb, Cr turned by the angle, luma kept. */
static void hue(const double *in, const double *v, double *out)
{
    double y = luma(in), cb = (in[2] - y) / 1.8556, cr = (in[0] - y) / 1.5748, a = v[0] * M_PI / 180;
    double cb2 = cos(a) * cb - sin(a) * cr, cr2 = sin(a) * cb + cos(a) * cr;
    out[0] = y + 1.5748 * cr2;
    out[2] = y + 1.8556 * cb2;
    out[1] = (y - 0.2126 * out[0] - 0.0722 * out[2]) / 0.7152;
}

static const struct { const char *effect; formula *fn; double v[9]; } effects[] = {
    {"\"brightness_contrast\",\"brightness\":0.1,\"contrast\":1.3", brightness_contrast, {0.1, 1.3}},
    {"\"brightness_contrast\",\"brightness\":-0.3,\"contrast\":0.4", brightness_contrast, {-0.3, 0.4}},
    {"\"brightness_contrast\",\"contrast\":10", brightness_contrast, {0, 10}},
    {"\"saturation\",\"amount\":0", saturation, {0}}, {"\"saturation\",\"amount\":1.6", saturation, {1.6}},
    {"\"exposure\",\"stops\":1", exposure, {1}}, {"\"exposure\",\"stops\":-2.5", exposure, {-2.5}},
    {"\"white_balance\",\"temperature\":0.5,\"tint\":0.2", white_balance, {0.5, 0.2}},
    {"\"white_balance\",\"temperature\":-1,\"tint\":-1", white_balance, {-1, -1}},
    {"\"gamma\",\"gamma\":2.2", gamma_, {2.2}}, {"\"gamma\",\"gamma\":0.45", gamma_, {0.45}}, {"\"gamma\",\"gamma\":20",
        gamma_, {20}},
    {"\"lift_gamma_gain\",\"lift\":[0.1,0,-0.1,0],\"gamma\":[1,1.5,0.7,1],\"gain\":[1.2,0.9,1,1]", lift_gamma_gain,
     {0.1, 0, -0.1, 1, 1.5, 0.7, 1.2, 0.9, 1}},
    {"\"levels\",\"in_black\":0.1,\"in_white\":0.8,\"gamma\":1.4,\"out_black\":0.05,\"out_white\":0.9", levels,
     {0.1, 0.8, 1.4, 0.05, 0.9}},
    {"\"levels\",\"in_black\":1,\"in_white\":0", levels, {1, 0, 1, 0, 1}},
    {"\"invert\"", invert, {1}}, {"\"invert\",\"mix\":0.3", invert, {0.3}},
    {"\"lut\",\"file\":\"three.cube\"", swap_red_green, {1}}, {"\"lut\",\"file\":\"three.cube\",\"mix\":0.4",
        swap_red_green, {0.4}},
    {"\"hue\",\"angle\":0", hue, {0}}, {"\"hue\",\"angle\":50", hue, {50}}, {"\"hue\",\"angle\":180", hue, {180}},
    {"\"curves\"", same, {0}}, {"\"curves\",\"master\":[[0,1],[1,0]]", invert, {1}},
    {"\"curves\",\"master\":[[0,1],[1,0]],\"mix\":0.3", invert, {0.3}},
    {"\"curves\",\"master\":[[0,1],[1,0]],\"red\":[[0,1],[1,0]],\"green\":[[0,1],[1,0]],\"blue\":[[0,1],[1,0]]", same,
        {0}},
    {"\"blur\",\"radius\":5", same, {0}}, {"\"blur\",\"radius\":30,\"kind\":\"box\"", same, {0}},
    {"\"directional_blur\",\"angle\":20", same, {0}}, {"\"sharpen\",\"amount\":3", same, {0}},
        {"\"pixelate\",\"size\":10", same, {0}},
    {"\"vignette\"", same, {0}}, {"\"grain\",\"amount\":0", same, {0}}, {"\"transform\"", same, {0}},
    {"\"brightness_contrast\",\"enabled\":false,\"brightness\":1", same, {0}}, {"\"luma_key\",\"lo\":0", same, {0}},
};

TEST(colour_effects_follow_their_formulas)
{
    char tracks[600];
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        for (int c = 0; c < COLORS; c++) {
            double out[3];
            rgb in = color(colors[c]);
            effects[i].fn(in.c, effects[i].v, out);
            snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"flat:%06x\",\"duration\":4,"
                "\"effects\":[{\"effect\":%s}]}]}",
                     colors[c], effects[i].effect);
            check_at(effects[i].effect, tracks, c & 1 ? "\"working\":\"linear\"" : NULL, 1, out);
        }
    }
}

/* Light is scaled by the curve of the sequence. */
TEST(exposure_in_other_transfers)
{
    static const struct { const char *name; kf_transfer transfer; } curves[] = {
        {"bt709", KF_TRC_BT709}, {"srgb", KF_TRC_SRGB}, {"gamma22", KF_TRC_GAMMA22}, {"gamma28", KF_TRC_GAMMA28},
        {"linear", KF_TRC_LINEAR}, {"pq", KF_TRC_PQ}, {"hlg", KF_TRC_HLG}};
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        for (double stops = -1.5; stops < 1; stops += 1) {
            char tracks[300], more[80];
            rgb in = color(0x64b432);
            double want[3];
            for (int c = 0; c < 3; c++) {
                double light = kf_color_to_linear(curves[i].transfer, in.c[c]) * exp2(stops);
                want[c] = kf_color_from_linear(curves[i].transfer, light);
            }
            snprintf(more, sizeof more, "\"color\":{\"transfer\":\"%s\"}", curves[i].name);
            snprintf(tracks, sizeof tracks, "{\"clips\":[{\"generator\":\"solid\",\"duration\":4,\"params\":{\"color\":"
                "\"#64b432\"},\"effects\":[{\"effect\":\"exposure\",\"stops\":%g}]}]}", stops);
            check_at(curves[i].name, tracks, more, 1, want);
        }
}

/* Grey keeps its grey and luma stays, whatever the angle, on every colour. */
TEST(hue_keeps_luma)
{
    for (double angle = -300; angle <= 300; angle += 37) {
        rgb in = color(0x96785a);
        double out[3], v[1] = {angle};
        hue(in.c, v, out);
        CHECK_NEAR(luma(out), luma(in.c), 1e-12);
        char tracks[300];
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"flat:96785a\",\"duration\":4,"
            "\"effects\":[{\"effect\":\"hue\","
                 "\"angle\":%g}]}]}", angle);
        check_at("hue", tracks, NULL, 1, out);
    }
}

/* Values beyond 0..1 (codes under 16 and over 235) follow the formulas too. The output keeps the full code range. */
static void check_grey(const char *effect, int code, double want)
{
    char tracks[300];
    kit_film film;
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"grey:%d\",\"duration\":4,"
        "\"effects\":[{\"effect\":%s}]}]}", code, effect);
    bool loaded = kit_load_tracks(&film, tracks, NULL);
    kf_compiled *compiled = loaded ? kit_compile(&film, 0, 0, 0) : NULL;
    CHECK(compiled);
    if (compiled) {
        kf_graph_output output = kit_output(compiled, KF_PIX_YUV420P8, KIT_WIDTH, KIT_HEIGHT);
        kf_frame *ref = kit_render_ref(compiled, &output), *cpu = kit_render_cpu(compiled, &output, kf_cpu_isa(), 1);
        want = fmin(255, fmax(0, 16 + 219 * want));
        CHECK_MSG(fabs(kit_sample(&ref->image, 0, 99, 50) - want) <= 1, "%s of %d: %g, expected %.2f", effect, code,
                  kit_sample(&ref->image, 0, 99, 50), want);
        CHECK_NEAR(kit_sample(&cpu->image, 0, 99, 50), want, 1);
        kf_frame_unref(ref);
        kf_frame_unref(cpu);
    }
    kf_compiled_release(compiled);
    kit_drop(&film);
}

TEST(values_beyond_black_and_white)
{
    for (int code = 0; code <= 255; code += 5) {
        double x = (code - 16) / 219.0;
        check_grey("\"gamma\",\"gamma\":2.2", code, x <= 0 ? x : pow(x, 1 / 2.2));
        check_grey("\"gamma\",\"gamma\":0.7", code, x <= 0 ? x : pow(x, 1 / 0.7));
        check_grey("\"levels\"", code, fmin(1, fmax(0, x)));
        check_grey("\"levels\",\"in_black\":-0.06,\"in_white\":1.07", code, fmin(1, fmax(0, (x + 0.06) / 1.13)));
        check_grey("\"brightness_contrast\",\"brightness\":0.05", code, x + 0.05);
    }
}

/* ---- Blending: W3C Compositing Level 1 ---- */

static double lum(const double *c)
{
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2];
}
static double sat(const double *c)
{
    return fmax(c[0], fmax(c[1], c[2])) - fmin(c[0], fmin(c[1], c[2]));
}
static void set_lum(const double *in, double l, double *out)
{
    double d = l - lum(in);
    for (int i = 0; i < 3; i++) out[i] = in[i] + d;
    double lo = fmin(out[0], fmin(out[1], out[2])), hi = fmax(out[0], fmax(out[1], out[2])), at = lum(out);
    for (int i = 0; i < 3 && lo < 0; i++) out[i] = at + (out[i] - at) * at / (at - lo);
    for (int i = 0; i < 3 && hi > 1; i++) out[i] = at + (out[i] - at) * (1 - at) / (hi - at);
}
static void set_sat(const double *in, double s, double *out)
{
    double lo = fmin(in[0], fmin(in[1], in[2])), span = sat(in);
    for (int i = 0; i < 3; i++) out[i] = span > 0 ? (in[i] - lo) * s / span : 0;
}

static double separable(kf_mode mode, double b, double s)
{
    switch (mode) {
    case KF_MODE_NORMAL: return s;
    case KF_MODE_MULTIPLY: return b * s;
    case KF_MODE_SCREEN: return b + s - b * s;
    case KF_MODE_OVERLAY: return separable(KF_MODE_HARD_LIGHT, s, b);
    case KF_MODE_DARKEN: return fmin(b, s);
    case KF_MODE_LIGHTEN: return fmax(b, s);
    case KF_MODE_COLOR_DODGE: return b == 0 ? 0 : s == 1 ? 1 : fmin(1, b / (1 - s));
    case KF_MODE_COLOR_BURN: return b == 1 ? 1 : s == 0 ? 0 : 1 - fmin(1, (1 - b) / s);
    case KF_MODE_HARD_LIGHT: return s <= 0.5 ? b * 2 * s : b + (2 * s - 1) - b * (2 * s - 1);
    case KF_MODE_SOFT_LIGHT:
        if (s <= 0.5) return b - (1 - 2 * s) * b * (1 - b);
        return b + (2 * s - 1) * ((b <= 0.25 ? ((16 * b - 12) * b + 4) * b : sqrt(b)) - b);
    case KF_MODE_DIFFERENCE: return fabs(b - s);
    case KF_MODE_EXCLUSION: return b + s - 2 * b * s;
    case KF_MODE_ADD: return b + s;
    case KF_MODE_SUBTRACT: return b - s;
    default: return 0;
    }
}

static void blended(kf_mode mode, const double *b, const double *s, double *out)
{
    double t[3];
    switch (mode) {
    case KF_MODE_HUE: set_sat(s, sat(b), t); set_lum(t, lum(b), out); return;
    case KF_MODE_SATURATION: set_sat(b, sat(s), t); set_lum(t, lum(b), out); return;
    case KF_MODE_COLOR: set_lum(s, lum(b), out); return;
    case KF_MODE_LUMINOSITY: set_lum(b, lum(s), out); return;
    default:
        for (int i = 0; i < 3; i++) out[i] = separable(mode, b[i], s[i]);
    }
}

static const char *const modes[KF_MODE_COUNT] = {
    "normal", "multiply", "screen", "overlay", "darken", "lighten", "color_dodge", "color_burn", "hard_light",
        "soft_light",
    "difference", "exclusion", "add", "subtract", "hue", "saturation", "color", "luminosity"};

/* Premultiplied result of a source of alpha `as` over a backdrop of alpha `ab`. */
static void check_blend(kf_mode mode, unsigned below, int below_alpha, unsigned above, int above_alpha, double opacity)
{
    char tracks[500], name[80];
    double mix[3], want[3], ab = below_alpha / 255.0, as = above_alpha / 255.0 * opacity;
    rgb b = color(below), s = color(above);
    blended(mode, b.c, s.c, mix);
    for (int i = 0; i < 3; i++) want[i] = (1 - ab) * as * s.c[i] + (1 - as) * ab * b.c[i] + as * ab * mix[i];
    snprintf(name, sizeof name, "%s of %06x %d%% on %06x %d%%", modes[mode], above, above_alpha, below, below_alpha);
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"flat:%06x%02x\",\"duration\":4}]},{\"clips\":[{\"asset\":"
             "\"flat:%06x%02x\",\"duration\":4,\"opacity\":%g,\"blend_mode\":\"%s\"}]}", below, below_alpha, above,
                 above_alpha,
             opacity, modes[mode]);
    check_at(name, tracks, "\"background\":\"#00000000\"", 1, want);
}

TEST(blend_modes_follow_w3c)
{
    for (int mode = 0; mode < KF_MODE_COUNT; mode++)
        for (int b = 0; b < COLORS; b++) {
            unsigned above = colors[(b * 3 + mode + 1) % COLORS];
            check_blend((kf_mode)mode, colors[b], 255, above, 255, 1);
            check_blend((kf_mode)mode, colors[b], b & 1 ? 255 : 120, above, b & 1 ? 100 : 200, 0.6);
        }
}

/* ---- Opacity, mattes, adjustment, keyframes ---- */

static rgb mixed(unsigned a, double wa, unsigned b, double wb)
{
    rgb x = color(a), y = color(b), out;
    for (int c = 0; c < 3; c++) out.c[c] = wa * x.c[c] + wb * y.c[c];
    return out;
}

/* Mixed in linear light. */
static rgb mixed_light(unsigned a, double wa, unsigned b, double wb)
{
    rgb x = color(a), y = color(b), out;
    for (int c = 0; c < 3; c++) out.c[c] = pow(wa * pow(x.c[c], 2.4) + wb * pow(y.c[c], 2.4), 1 / 2.4);
    return out;
}

#define LOW "{\"clips\":[{\"asset\":\"flat:c83214\",\"duration\":4}]}"
#define HIGH(more) "{\"clips\":[{\"asset\":\"flat:3264c8\",\"duration\":4" more "}]}"
#define LIGHT "\"working\":\"linear\""

TEST(opacity_weighs)
{
    check_at("clip", LOW "," HIGH(",\"opacity\":0.3"), NULL, 1, mixed(0xc83214, 0.7, 0x3264c8, 0.3).c);
    check_at("clip, linear", LOW "," HIGH(",\"opacity\":0.3"), LIGHT, 1, mixed_light(0xc83214, 0.7, 0x3264c8, 0.3).c);
    check_at("track", LOW ",{\"opacity\":0.5,\"clips\":[{\"asset\":\"flat:3264c8\",\"duration\":4,\"opacity\":0.5}]}",
        NULL, 1,
             mixed(0xc83214, 0.75, 0x3264c8, 0.25).c);
    check_at("only track", "{\"opacity\":0.5,\"clips\":[{\"asset\":\"flat:3264c8\",\"duration\":4}]}",
        "\"background\":\"#c83214\"",
             1, mixed(0xc83214, 0.5, 0x3264c8, 0.5).c);
    check_at("none", LOW "," HIGH(",\"opacity\":0"), NULL, 1, color(0xc83214).c);
    check_at("disabled", LOW "," HIGH(",\"enabled\":false"), NULL, 1, color(0xc83214).c);
    check_at("hidden", LOW ",{\"hide\":true,\"clips\":[{\"asset\":\"flat:3264c8\",\"duration\":4}]}", NULL, 1,
        color(0xc83214).c);
    check_at("past the end", LOW, "\"background\":\"#3264c8\"", 4, color(0x3264c8).c);
}

static void check_matte(const char *how, const char *matte, double share)
{
    char tracks[600];
    snprintf(tracks, sizeof tracks, LOW ",{%s,\"clips\":[{\"asset\":\"flat:3264c8\",\"duration\":4}]},"
             "{\"clips\":[{\"asset\":\"flat:%s\",\"duration\":2}]}", how, matte);
    check_at(how, tracks, NULL, 1, mixed(0xc83214, 1 - share, 0x3264c8, share).c);
}

TEST(mattes_cut)
{
    rgb c = color(0x64e632);
    check_matte("\"matte\":\"alpha\"", "64e63266", 0x66 / 255.0);
    check_matte("\"matte\":\"alpha\",\"matte_invert\":true", "64e63266", 1 - 0x66 / 255.0);
    check_matte("\"matte\":\"luma\"", "64e632", luma(c.c));
    check_matte("\"matte\":\"luma\",\"matte_invert\":true", "64e632", 1 - luma(c.c));
    check_matte("\"matte\":\"luma\"", "64e63266", luma(c.c) * 0x66 / 255.0);
    static const char tracks[] = LOW ",{\"matte\":\"alpha\",\"clips\":[{\"asset\":\"flat:3264c8\",\"duration\":4}]},"
                                 "{\"clips\":[{\"asset\":\"flat:ffffff\",\"duration\":2}]}";
    check_at("matte", tracks, NULL, 1, color(0x3264c8).c);
    check_at("matte past its end", tracks, NULL, 3, color(0xc83214).c);
}

TEST(adjustment_layers_change_what_is_below)
{
    static const char full[] = LOW ",{\"clips\":[{\"adjustment\":true,\"duration\":4,"
        "\"effects\":[{\"effect\":\"invert\"}]}]}," HIGH(
        ",\"opacity\":0.5");
    check_at("full", full, NULL, 1, mixed(0x37cdeb, 0.5, 0x3264c8, 0.5).c);
    check_at("partly", LOW ",{\"clips\":[{\"adjustment\":true,\"opacity\":0.25,\"duration\":4,"
        "\"effects\":[{\"effect\":\"invert\"}]}]}",
             NULL, 1, mixed(0xc83214, 0.75, 0x37cdeb, 0.25).c);
    check_at("its track's opacity", LOW ",{\"opacity\":0.5,\"clips\":[{\"adjustment\":true,\"opacity\":0.5,"
        "\"duration\":4,"
             "\"effects\":[{\"effect\":\"invert\"}]}]}", NULL, 1, mixed(0xc83214, 0.75, 0x37cdeb, 0.25).c);
    static const char faded[] = LOW ",{\"clips\":[{\"transition\":\"dissolve\",\"duration\":1},{\"adjustment\":true,"
        "\"duration\":4,"
                                "\"effects\":[{\"effect\":\"invert\"}]},{\"transition\":\"dissolve\",\"duration\":2}]}";
    check_at("fading in", faded, NULL, 0.25, mixed(0xc83214, 0.75, 0x37cdeb, 0.25).c);
    check_at("between its fades", faded, NULL, 1.5, color(0x37cdeb).c);
    check_at("fading out", faded, NULL, 3.5, mixed(0xc83214, 0.75, 0x37cdeb, 0.25).c);
}

TEST(keyframes_interpolate)
{
    static const struct { const char *keys; double t, share; } cases[] = {
        {"{\"t\":1,\"v\":0.2},{\"t\":3,\"v\":1}", 0.5, 0.2}, {"{\"t\":1,\"v\":0.2},{\"t\":3,\"v\":1}", 1, 0.2},
        {"{\"t\":1,\"v\":0.2},{\"t\":3,\"v\":1}", 1.5, 0.4}, {"{\"t\":1,\"v\":0.2},{\"t\":3,\"v\":1}", 3.5, 1},
        {"{\"t\":0,\"v\":0.2,\"interp\":\"hold\"},{\"t\":3,\"v\":1}", 2.96, 0.2},
        {"{\"t\":0,\"v\":0.2,\"interp\":\"hold\"},{\"t\":3,\"v\":1}", 3, 1},
        {"{\"t\":0,\"v\":0,\"interp\":\"ease\"},{\"t\":2,\"v\":1}", 1, 0.8024}, /* CSS: (0.25, 0.1, 0.25, 1) */
        {"{\"t\":0,\"v\":0,\"bezier\":[0,0,1,1]},{\"t\":2,\"v\":1}", 0.5, 0.25},
        {"{\"t\":0,\"v\":0,\"bezier\":[0.25,1,0.75,1]},{\"t\":2,\"v\":1}", 1, 0.875}, /* s = 1/2: y = 3/8 + 3/8 + 1/8 */
    };
    char tracks[500];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rgb want = mixed(0xc83214, 1 - cases[i].share, 0x3264c8, cases[i].share);
        snprintf(tracks, sizeof tracks, LOW "," HIGH(",\"opacity\":{\"keys\":[%s]}"), cases[i].keys);
        check_at(cases[i].keys, tracks, NULL, cases[i].t, want.c);
        /* a clip's keys count from its start, a track's are sequence time */
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"flat:c83214\",\"duration\":9}]},"
            "{\"clips\":[{\"gap\":2.5},"
                 "{\"asset\":\"flat:3264c8\",\"in\":1,\"duration\":4,\"opacity\":{\"keys\":[%s]}}]}", cases[i].keys);
        check_at(cases[i].keys, tracks, NULL, cases[i].t + 2.5, want.c);
        snprintf(tracks, sizeof tracks, LOW ",{\"opacity\":{\"keys\":[%s]},\"clips\":[{\"gap\":0.4},"
            "{\"asset\":\"flat:3264c8\","
                 "\"duration\":4}]}", cases[i].keys);
        check_at(cases[i].keys, tracks, NULL, cases[i].t, want.c);
    }
}

/* ---- Transitions ---- */

/* c83214 to 3264c8 over the second from 1.5 to 2.5, on 64e632. */
static void check_joined(const char *transition, const char *more, double p, const double *want)
{
    char tracks[600];
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"flat:64e632\",\"duration\":4}]},{\"clips\":[{\"asset\":"
             "\"flat:c83214\",\"duration\":2},{\"transition\":%s,\"duration\":1},{\"asset\":\"flat:3264c8\","
                 "\"duration\":2}]}",
             transition);
    check_at(transition, tracks, more, 1.5 + p, want);
}

/* 3264c8 from (in) or c83214 to (out) 64e632, over a second. */
static void check_faded(const char *transition, bool in, double p, const double *want)
{
    char tracks[600];
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"flat:64e632\",\"duration\":4}]},"
        "{\"clips\":[%s{\"transition\":%s,"
             "\"duration\":1}%s]}", in ? "{\"gap\":1}," : "{\"asset\":\"flat:c83214\",\"duration\":2},", transition,
             in ? ",{\"asset\":\"flat:3264c8\",\"duration\":3}" : "");
    check_at(transition, tracks, NULL, 1 + p, want);
}

TEST(dissolves_weigh)
{
    for (double p = 0.125; p < 1; p += 0.125) {
        check_joined("\"dissolve\"", NULL, p, mixed(0xc83214, 1 - p, 0x3264c8, p).c);
        check_joined("\"dissolve\"", LIGHT, p, mixed_light(0xc83214, 1 - p, 0x3264c8, p).c);
        check_joined("\"luma_matte\"", NULL, p, mixed(0xc83214, 1 - p, 0x3264c8, p).c); /* without a matte */
        check_faded("\"dissolve\"", true, p, mixed(0x64e632, 1 - p, 0x3264c8, p).c);
        check_faded("\"dissolve\"", false, p, mixed(0xc83214, 1 - p, 0x64e632, p).c);
        check_joined("\"additive_dissolve\"", NULL, p, mixed(0xc83214, fmin(1, 2 - 2 * p), 0x3264c8, fmin(1, 2 * p)).c);
        double seen = fmin(1, 2 * p); /* over what is below */
        check_faded("\"additive_dissolve\"", true, p, mixed(0x64e632, 1 - seen, 0x3264c8, seen).c);
    }
    check_joined("\"dissolve\",\"curve\":\"ease\"", NULL, 0.5, mixed(0xc83214, 0.5, 0x3264c8, 0.5).c);
    double u = 0.315, y = 3 * u * u * (1 - u) + u * u * u; /* ease_in: y of s = 0.315, which is at x = */
    double x = 3 * u * (1 - u) * (1 - u) * 0.42 + 3 * u * u * (1 - u) + u * u * u;
    check_joined("\"dissolve\",\"curve\":\"ease_in\"", NULL, x, mixed(0xc83214, 1 - y, 0x3264c8, y).c);
}

TEST(dips_go_through_their_colour)
{
    static const char dip[] = "\"dip_to_color\",\"color\":\"#ffffff\"";
    check_joined(dip, NULL, 0.125, mixed(0xc83214, 0.75, 0xffffff, 0.25).c);
    check_joined(dip, NULL, 0.5, color(0xffffff).c);
    check_joined(dip, NULL, 0.75, mixed(0xffffff, 0.5, 0x3264c8, 0.5).c);
    check_joined(dip, LIGHT, 0.75, mixed_light(0xffffff, 0.5, 0x3264c8, 0.5).c);
    check_faded(dip, true, 0.75, mixed(0xffffff, 0.5, 0x3264c8, 0.5).c);
    check_faded(dip, true, 0.25, mixed(0x64e632, 0.5, 0xffffff, 0.5).c);
    check_faded(dip, false, 0.25, mixed(0xc83214, 0.5, 0xffffff, 0.5).c);
    check_faded(dip, false, 0.75, mixed(0x64e632, 0.5, 0xffffff, 0.5).c);
}

TEST(moving_transitions_show_either_picture)
{
    check_joined("\"wipe\"", NULL, 0.2, color(0xc83214).c);
    check_joined("\"wipe\"", NULL, 0.8, color(0x3264c8).c);
    check_joined("\"wipe\",\"angle\":90", NULL, 0.2, color(0xc83214).c);
    check_joined("\"slide\"", NULL, 0.2, color(0xc83214).c);
    check_joined("\"slide\",\"direction\":\"up\"", NULL, 0.8, color(0x3264c8).c);
    check_joined("\"push\",\"direction\":\"down\"", NULL, 0.2, color(0xc83214).c);
    check_joined("\"push\"", NULL, 0.8, color(0x3264c8).c);
    check_joined("\"zoom\"", NULL, 0.25, mixed(0xc83214, 0.75, 0x3264c8, 0.25).c);
    for (double p = 0.1; p < 1; p += 0.2) {
        /* b shows where the matte is darker than p: a grey of luma 0.5, feather 0.1 */
        double share = fmin(1, fmax(0, (p * 1.1 - 0.1 - 128 / 255.0) / 0.1 + 1));
        check_joined("\"luma_matte\",\"file\":\"flat:808080\"", NULL, p, mixed(0xc83214, 1 - share, 0x3264c8, share).c);
    }
}

/* ---- Generators, nesting ---- */

TEST(generators_make_their_colours)
{
    check_at("solid", "{\"clips\":[{\"generator\":\"solid\",\"duration\":4,\"params\":{\"color\":\"#3264c8\"}}]}", NULL,
        1,
             color(0x3264c8).c);
    check_at("half a solid", LOW ",{\"clips\":[{\"generator\":\"solid\",\"duration\":4,"
        "\"params\":{\"color\":\"#3264c880\"}}]}", NULL,
             1, mixed(0xc83214, 127 / 255.0, 0x3264c8, 128 / 255.0).c);
    check_at("half a solid in light", LOW ",{\"clips\":[{\"generator\":\"solid\",\"duration\":4,"
        "\"params\":{\"color\":\"#3264c880\"}}]}",
             LIGHT, 1, mixed_light(0xc83214, 127 / 255.0, 0x3264c8, 128 / 255.0).c);
    check_at("gradient", "{\"clips\":[{\"generator\":\"gradient\",\"duration\":4}]}", NULL, 1, color(0x808080).c);
    check_at("bars", "{\"clips\":[{\"generator\":\"bars\",\"duration\":4,\"params\":{\"kind\":\"smpte\"}}]}", NULL, 1,
             color(0x00bf00).c); /* 75 % green is in the middle */
    check_at("keyframed colour", "{\"clips\":[{\"generator\":\"solid\",\"duration\":4,"
        "\"params\":{\"color\":{\"keys\":[{\"t\":0,\"v\":"
             "\"#c83214\"},{\"t\":2,\"v\":\"#3264c8\"}]}}}]}", NULL, 1.5, mixed(0xc83214, 0.25, 0x3264c8, 0.75).c);
}

int main(void)
{
    RUN(colour_effects_follow_their_formulas);
    RUN(exposure_in_other_transfers);
    RUN(hue_keeps_luma);
    RUN(values_beyond_black_and_white);
    RUN(blend_modes_follow_w3c);
    RUN(opacity_weighs);
    RUN(mattes_cut);
    RUN(adjustment_layers_change_what_is_below);
    RUN(keyframes_interpolate);
    RUN(dissolves_weigh);
    RUN(dips_go_through_their_colour);
    RUN(moving_transitions_show_either_picture);
    RUN(generators_make_their_colours);
    printf("# worst difference from a formula: %.2f codes of 255\n", worst);
    kit_finish();
    return test_end();
}
