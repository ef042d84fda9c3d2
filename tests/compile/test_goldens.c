/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every effect, transition, blend mode and generator, compiled from a film and rendered by the reference and by the
 * fused executor: within one code of 8 bits of each other (four of 10 bits), and the same bits for every instruction
 * set and number of threads. */
#include "kit.h"
#include "test.h"

enum { CLASS_EFFECT, CLASS_TRANSITION, CLASS_BLEND, CLASS_GENERATOR, CLASS_COMPOSITE, CLASS_WIDE_BLUR,
    CLASS_COUNT };
static const char *const class_names[CLASS_COUNT] = {"effects", "transitions", "blend modes", "generators",
    "composites", "blurs in linear light"};
static const kf_pixfmt formats[] = {KF_PIX_YUV420P8, KF_PIX_YUV420P10, KF_PIX_RGBA8};
enum { FORMATS = 3 };
static double worst[CLASS_COUNT][FORMATS];
static int cases[CLASS_COUNT];

/* ---- One picture ---- */

/* Wide blurs are approximate, and near black the way back from linear light is steep (color.h). */
static double slack = 1;

static void check_format(const char *name, int cls, int format, const kf_compiled *compiled, int width, int height)
{
    kf_graph_output output = kit_output(compiled, formats[format], width, height);
    kf_frame *expected = kit_render_ref(compiled, &output), *first = kit_render_cpu(compiled, &output, KF_ISA_C, 1);
    CHECK_MSG(expected && first, "%s", name);
    for (int isa = KF_ISA_C; first && isa <= (int)kf_cpu_isa(); isa++) {
        int threads = isa == KF_ISA_AVX2 ? 1 : 3;
        kf_frame *got = kit_render_cpu(compiled, &output, (kf_isa)isa, threads);
        CHECK_MSG(got && kit_same_bits(&first->image, &got->image), "%s, %s: %s with %d threads differs from c with 1",
            name,
                  kf_pixfmt_get(formats[format])->name, kf_isa_name((kf_isa)isa), threads);
        kf_frame_unref(got);
    }
    double tolerance = slack * (formats[format] == KF_PIX_YUV420P10 ? 4 : 1);
    double d = expected && first ? kit_difference(&expected->image, &first->image) : 0;
    CHECK_MSG(d <= tolerance, "%s, %s: fused and reference differ by %g", name, kf_pixfmt_get(formats[format])->name,
        d);
    if (!(d <= worst[cls][format])) worst[cls][format] = d;
    kf_frame_unref(expected);
    kf_frame_unref(first);
}

static void check_film(const char *name, int cls, kit_film *film, double t)
{
    int failed = test_failed_now;
    kf_compiled *compiled = kit_compile(film, t, 0, 0);
    CHECK_MSG(compiled, "%s: not compiled", name);
    if (!compiled) return;
    for (int f = 0; f < FORMATS; f++) check_format(name, cls, f, compiled, KIT_WIDTH, KIT_HEIGHT);
    cases[cls]++;
    if (test_failed_now > failed && getenv("KERF_TEST_DESCRIBE")) {
        char *text = kf_graph_describe(compiled->root);
        printf("# %s\n", text);
        kf_free(text);
    }
    kf_compiled_release(compiled);
}

static void check_tracks(const char *name, int cls, const char *tracks, const char *more, double t)
{
    kit_film film;
    bool loaded = kit_load_tracks(&film, tracks, more);
    CHECK_MSG(loaded, "%s", name);
    if (loaded) check_film(name, cls, &film, t);
    kit_drop(&film);
}

/* ---- Effects ---- */

static const char *const effects[] = {
    "\"brightness_contrast\",\"brightness\":0.13,\"contrast\":1.4", "\"brightness_contrast\",\"brightness\":-1,"
        "\"contrast\":10",
    "\"brightness_contrast\",\"contrast\":0", "\"saturation\",\"amount\":0", "\"saturation\",\"amount\":1.7",
    "\"saturation\",\"amount\":10", "\"exposure\",\"stops\":0.8", "\"exposure\",\"stops\":-10",
        "\"exposure\",\"stops\":6",
    "\"white_balance\",\"temperature\":0.4,\"tint\":-0.3", "\"white_balance\",\"temperature\":-1,\"tint\":1",
    "\"gamma\",\"gamma\":2.2", "\"gamma\",\"gamma\":0.05", "\"gamma\",\"gamma\":20",
    "\"lift_gamma_gain\",\"lift\":[0.1,0,-0.1,0],\"gamma\":[1,1.4,0.7,1],\"gain\":[1.2,0.9,1,1]",
    "\"lift_gamma_gain\",\"lift\":[-1,1,0,0],\"gamma\":[0.05,20,1,1],\"gain\":[20,0,3,1]",
    "\"curves\",\"master\":[[0,0.1],[0.3,0.6],[1,0.9]],\"red\":[[0,1],[1,0]],\"mix\":0.7",
    "\"curves\",\"master\":[[0,0],[0.5,0],[0.501,1],[1,1]]",
    "\"hue\",\"angle\":75", "\"hue\",\"angle\":-35999",
    "\"levels\",\"in_black\":0.2,\"in_white\":0.7,\"gamma\":1.5,\"out_black\":0.1,\"out_white\":0.95",
    "\"levels\",\"in_black\":1,\"in_white\":0,\"gamma\":0.3", "\"levels\",\"in_black\":-1,\"in_white\":2,"
        "\"out_white\":2",
    "\"lut\",\"file\":\"three.cube\"", "\"lut\",\"file\":\"three.cube\",\"mix\":0.35",
        "\"lut\",\"file\":\"one.cube\",\"mix\":0.6",
    "\"blur\",\"radius\":3.3", "\"blur\",\"radius\":11,\"edge\":\"transparent\"",
        "\"blur\",\"radius\":7.5,\"kind\":\"box\"",
    "\"blur\",\"radius\":300,\"kind\":\"box\",\"edge\":\"transparent\"", "\"blur\",\"radius\":90",
    "\"directional_blur\",\"angle\":30,\"length\":21", "\"directional_blur\",\"angle\":-90,\"length\":7,"
        "\"edge\":\"transparent\"",
    "\"sharpen\",\"amount\":0.8", "\"sharpen\",\"amount\":10,\"radius\":4", "\"vignette\",\"amount\":0.8,\"size\":0.3",
    "\"vignette\",\"amount\":-1,\"size\":0,\"softness\":0,\"roundness\":1,\"center\":[0.2,1.1]",
    "\"chroma_key\",\"color\":[0.1,0.7,0.2],\"tolerance\":0.2,\"softness\":0.2",
    "\"chroma_key\",\"color\":[0.5,0.5,0.5],\"tolerance\":0.05,\"softness\":1,\"spill\":1",
    "\"luma_key\",\"lo\":0.3,\"hi\":0.6,\"softness\":0.2", "\"luma_key\",\"lo\":0.5,\"softness\":0.1,\"invert\":true",
    "\"invert\"", "\"invert\",\"mix\":0.5", "\"invert\",\"alpha\":true,\"mix\":0.8", "\"pixelate\",\"size\":9",
    "\"pixelate\",\"size\":2000", "\"grain\",\"amount\":0.2,\"size\":2",
        "\"grain\",\"amount\":1,\"monochrome\":false,\"seed\":77",
    "\"drop_shadow\"", "\"drop_shadow\",\"color\":[0.9,0.1,0.2,1],\"offset\":[-20.5,13.25],\"blur\":0",
    "\"drop_shadow\",\"only\":true,\"blur\":3,\"color\":[1,1,1,0.7]", "\"glow\",\"threshold\":0.4,\"radius\":6",
    "\"glow\",\"threshold\":1,\"radius\":0,\"amount\":10", "\"glow\",\"threshold\":0,\"radius\":40,\"amount\":0.3",
    "\"mask\",\"size\":[0.7,0.6],\"radius\":12,\"rotation\":20,\"feather\":9",
    "\"mask\",\"shape\":\"ellipse\",\"center\":[0.3,0.6],\"invert\":true", "\"mask\",\"size\":0,\"invert\":true",
    "\"mask\",\"shape\":\"polygon\",\"points\":[[0.1,0.1],[0.9,0.3],[0.4,0.95]],\"feather\":3",
    "\"transform\",\"scale\":0.6,\"rotation\":15", "\"transform\",\"scale\":[-2.5,1.5],\"offset\":[11,-7.5],"
        "\"crop_left\":0.2",
    "\"transform\",\"scale\":0.0000001", "\"transform\",\"fit\":\"none\",\"flip_v\":true,\"anchor\":[0,0],"
        "\"position\":[20,30]",
};

TEST(effects_on_a_picture)
{
    char tracks[700];
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"noise\",\"duration\":4,"
            "\"effects\":[{\"effect\":%s}]}]}",
                 effects[i]);
        check_tracks(effects[i], CLASS_EFFECT, tracks, "\"background\":\"#205060\"", 0.2);
    }
}

TEST(effects_on_a_picture_with_alpha)
{
    char tracks[700];
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},"
                 "{\"clips\":[{\"asset\":\"%s\",\"duration\":4,\"transform\":{\"scale\":0.9},"
                     "\"effects\":[{\"effect\":%s}]}]}",
                 i & 1 ? "alpha" : "edges", effects[i]);
        check_tracks(effects[i], CLASS_EFFECT, tracks, NULL, 1);
    }
}

TEST(effects_in_linear_light)
{
    char tracks[700];
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i += 3) {
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},"
                 "{\"effects\":[{\"effect\":\"saturation\",\"amount\":0.8}],\"clips\":[{\"asset\":\"%s\","
                     "\"duration\":4,"
                 "\"opacity\":0.8,\"effects\":[{\"effect\":%s}]}]}", i & 1 ? "alpha" : "noise", effects[i]);
        slack = strstr(effects[i], "blur") ? 4 : 1;
        check_tracks(effects[i], slack > 1 ? CLASS_WIDE_BLUR : CLASS_EFFECT, tracks, "\"working\":\"linear\"", 1);
    }
    slack = 1;
}

/* ---- Transitions ---- */

static const char *const transitions[] = {
    "\"dissolve\"", "\"dissolve\",\"curve\":\"ease_in\"", "\"additive_dissolve\"", "\"dip_to_color\"",
    "\"dip_to_color\",\"color\":[1,0.3,0,0.5]", "\"wipe\"", "\"wipe\",\"angle\":-125,\"feather\":0.5",
        "\"wipe\",\"feather\":0",
    "\"slide\"", "\"slide\",\"direction\":\"down\"", "\"push\",\"direction\":\"right\"",
        "\"push\",\"direction\":\"up\"",
    "\"zoom\"", "\"zoom\",\"scale\":40", "\"luma_matte\",\"file\":\"ramp\"",
    "\"luma_matte\",\"file\":\"noise\",\"feather\":1,\"invert\":true", "\"luma_matte\"",
};

static void check_transition(const char *name, const char *transition, const char *before, const char *after,
    const char *more)
{
    static const double progress[3] = {0.2, 0.5, 0.8};
    char tracks[900];
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},"
        "{\"clips\":[%s{\"transition\":%s,"
             "\"duration\":1,\"align\":\"center\"}%s]}", before, transition, after);
    for (int i = 0; i < 3; i++) check_tracks(name, CLASS_TRANSITION, tracks, more, 1.5 + progress[i]);
}

#define CLIP_A "{\"asset\":\"noise\",\"in\":2,\"duration\":2},"
#define CLIP_B ",{\"asset\":\"alpha\",\"in\":2,\"duration\":2,\"transform\":{\"fit\":\"cover\"}}"
#define CLIP_C ",{\"asset\":\"edges\",\"in\":2,\"duration\":2}"

TEST(transitions_between_two_clips)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++)
        check_transition(transitions[i], transitions[i], CLIP_A, i & 1 ? CLIP_B : CLIP_C, NULL);
}

TEST(transitions_from_and_to_nothing)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        check_transition(transitions[i], transitions[i], "{\"gap\":2},", CLIP_B, NULL);
        check_transition(transitions[i], transitions[i], CLIP_A, ",{\"gap\":2}", NULL);
    }
}

TEST(transitions_in_linear_light)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i += 2)
        check_transition(transitions[i], transitions[i], CLIP_A, CLIP_B, "\"working\":\"linear\"");
}

/* ---- Blend modes ---- */

static const char *const modes[] = {
    "normal", "multiply", "screen", "overlay", "darken", "lighten", "color_dodge", "color_burn", "hard_light",
        "soft_light",
    "difference", "exclusion", "add", "subtract", "hue", "saturation", "color", "luminosity"};
_Static_assert(sizeof modes / sizeof *modes == KF_MODE_COUNT, "every mode");

TEST(blend_modes)
{
    char tracks[500];
    for (int i = 0; i < KF_MODE_COUNT; i++) {
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},"
            "{\"clips\":[{\"asset\":\"alpha\","
                 "\"duration\":4,\"blend_mode\":\"%s\",\"opacity\":0.8}]}", modes[i]);
        check_tracks(modes[i], CLASS_BLEND, tracks, NULL, 0);
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},{\"blend_mode\":\"%s\","
            "\"clips\":["
                 "{\"asset\":\"noise\",\"duration\":4}]}", modes[i]);
        check_tracks(modes[i], CLASS_BLEND, tracks, NULL, 0);
        check_tracks(modes[i], CLASS_BLEND, tracks, "\"working\":\"linear\"", 0);
    }
}

/* ---- Generators ---- */

static const char *const generators[] = {
    "\"solid\",\"params\":{\"color\":[0.2,0.5,0.9,0.6]}", "\"gradient\"",
    "\"gradient\",\"params\":{\"angle\":33,\"size\":0.4,\"center\":[0.3,0.6],\"stops\":[[0,\"#f00\"],[0.4,\"#0f08\"],"
        "[1,\"#0000\"]]}",
    "\"gradient\",\"params\":{\"kind\":\"radial\",\"size\":0.8,\"stops\":[[0,\"#fff\"],[0.5,\"#26a\"],[1,\"#000\"]]}",
    "\"bars\"", "\"bars\",\"params\":{\"kind\":\"ebu\"}", "\"countdown\"", "\"countdown\",\"params\":{\"from\":2}",
    "\"noise\"", "\"noise\",\"params\":{\"size\":7,\"seed\":5,\"monochrome\":false,\"still\":true}",
    "\"title\",\"params\":{\"text\":\"Hello\",\"size\":30}",
    "\"title\",\"params\":{\"text\":\"Hi\",\"size\":40,\"position\":[20.4,\"center\"],\"color\":[1,0.5,0,0.7]}",
    "\"subtitles\",\"params\":{\"file\":\"a.srt\",\"size\":90}", "\"shape\",\"params\":{\"size\":[90,50],\"fill\":[0.3,"
        "0.9,0.1,0.8]}",
    "\"shape\",\"params\":{\"kind\":\"polygon\",\"points\":[[-40,-30],[50,-10],[10,45]],\"position\":[80,60]}",
        "\"tone\"",
};

TEST(generators)
{
    char tracks[700];
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++) {
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"noise\",\"duration\":4}]},"
            "{\"clips\":[{\"duration\":4,"
                 "\"generator\":%s}]}", generators[i]);
        check_tracks(generators[i], CLASS_GENERATOR, tracks, NULL, 1.4);
        snprintf(tracks, sizeof tracks, "{\"clips\":[{\"duration\":4,\"transform\":{\"rotation\":10,\"scale\":0.8},"
                 "\"generator\":%s,\"effects\":[{\"effect\":\"gamma\",\"gamma\":1.3}]}]}", generators[i]);
        check_tracks(generators[i], CLASS_GENERATOR, tracks, "\"working\":\"linear\"", 2.2);
    }
}

/* ---- What clips and tracks do together ---- */

#define BELOW "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},"
#define ON(clip) BELOW "{\"clips\":[" clip "]}"
#define MOVED(transform) ON("{\"asset\":\"noise\",\"duration\":4,\"transform\":{" transform "}}")
#define TURNED(asset) ON("{\"asset\":\"" asset "\",\"duration\":4,\"transform\":{\"scale\":0.8}}")
#define MATTE(how) BELOW "{" how ",\"clips\":[{\"asset\":\"noise\",\"duration\":4}]}," \
    "{\"clips\":[{\"asset\":\"alpha\",\"duration\":3,\"transform\":{\"scale\":0.9}}]}"
#define ADJUST(more) "{\"clips\":[{\"asset\":\"noise\",\"duration\":4}]},{\"clips\":[{\"adjustment\":true," \
    "\"duration\":4" more "}]}"

static const struct composite { const char *name, *tracks, *more; double t; } composites[] = {
    {"nothing", "{\"clips\":[]}", "\"background\":[0.2,0.4,0.6,0.5]", 0},
    {"untouched", "{\"clips\":[{\"asset\":\"noise\",\"duration\":4}]}", NULL, 0},
    {"untouched, linear", "{\"clips\":[{\"asset\":\"noise\",\"duration\":4}]}", "\"working\":\"linear\"", 0},
    {"transparent background", "{\"clips\":[{\"asset\":\"alpha\",\"duration\":4}]}", "\"background\":\"#00000000\"", 0},
    {"smaller", MOVED("\"scale\":0.37"), NULL, 1},
    {"larger", MOVED("\"scale\":[2.3,1.7],\"offset\":[13.3,-8.1]"), NULL, 1},
    {"mirrored by scale", MOVED("\"scale\":[-0.7,0.9]"), NULL, 1},
    {"flipped", MOVED("\"flip_h\":true,\"flip_v\":true,\"scale\":0.8"), NULL, 1},
    {"turned", MOVED("\"rotation\":33,\"scale\":0.8"), NULL, 1},
    {"turned by a right angle", MOVED("\"rotation\":90"), NULL, 1},
    {"turned about a corner", MOVED("\"rotation\":-20,\"anchor\":[0,1],\"position\":[10,100]"), NULL, 1},
    {"cropped", MOVED("\"crop_left\":0.13,\"crop_top\":0.21,\"crop_right\":0.05,\"crop_bottom\":0.3"), NULL, 1},
    {"cropped, turned", MOVED("\"crop_left\":0.13,\"crop_bottom\":0.3,\"rotation\":12"), NULL, 1},
    {"cropped away", MOVED("\"crop_left\":0.6,\"crop_right\":0.5"), NULL, 1},
    {"cover", MOVED("\"fit\":\"cover\""), NULL, 1},
    {"cover a box", MOVED("\"fit\":\"cover\",\"box_position\":[20,10],\"box_size\":[60,90]"), NULL, 1},
    {"stretch into a box", MOVED("\"fit\":\"stretch\",\"box_position\":[20.5,10],\"box_size\":[60,90]"), NULL, 1},
    {"none", MOVED("\"fit\":\"none\",\"offset\":[0.5,0.25]"), NULL, 1},
    {"scaled to nothing", MOVED("\"scale\":0"), NULL, 1},
    {"scaled to almost nothing", MOVED("\"scale\":[0.0000001,1]"), NULL, 1},
    {"rotation 90", TURNED("turned90:ramp"), NULL, 0}, {"rotation 180", TURNED("turned180:noise"), NULL, 0},
    {"rotation 270", TURNED("turned270:alpha"), NULL, 0}, {"mirrored", TURNED("mirrored:noise"), NULL, 0},
    {"rotation 90, mirrored", TURNED("turned90mirrored:edges"), NULL, 0}, {"anamorphic", TURNED("anamorphic:noise"),
        NULL, 0},
    {"anamorphic, cropped", ON("{\"asset\":\"anamorphic:noise\",\"duration\":4,\"transform\":{\"crop_left\":0.2}}"),
        NULL, 0},
    {"turned, blurred", ON("{\"asset\":\"turned90:noise\",\"duration\":4,\"effects\":[{\"effect\":\"blur\","
        "\"radius\":4}]}"), NULL, 0},
    {"opacity", ON("{\"asset\":\"noise\",\"duration\":4,\"opacity\":0.4}"), NULL, 0},
    {"track opacity", BELOW "{\"opacity\":0.3,\"clips\":[{\"asset\":\"alpha\",\"duration\":4,\"opacity\":0.8}]}", NULL,
        0},
    {"nothing to show", ON("{\"asset\":\"gone\",\"duration\":4}"), NULL, 0},
    {"alpha matte", MATTE("\"matte\":\"alpha\""), NULL, 1}, {"luma matte", MATTE("\"matte\":\"luma\""), NULL, 1},
    {"inverted alpha matte", MATTE("\"matte\":\"alpha\",\"matte_invert\":true"), NULL, 1},
    {"inverted luma matte", MATTE("\"matte\":\"luma\",\"matte_invert\":true"), NULL, 1},
    {"matte past its end", MATTE("\"matte\":\"alpha\""), NULL, 3.5},
    {"inverted matte past its end", MATTE("\"matte\":\"luma\",\"matte_invert\":true"), NULL, 3.5},
    {"luma matte, linear", MATTE("\"matte\":\"luma\""), "\"working\":\"linear\"", 1},
    {"adjustment", ADJUST(",\"effects\":[{\"effect\":\"hue\",\"angle\":40},{\"effect\":\"blur\",\"radius\":2}]"), NULL,
        1},
    {"adjustment, partly", ADJUST(",\"opacity\":0.4,\"effects\":[{\"effect\":\"invert\"}]"), NULL, 1},
    {"adjustment, linear", ADJUST(",\"opacity\":0.4,\"effects\":[{\"effect\":\"invert\"}]"), "\"working\":\"linear\"",
        1},
    {"adjustment that masks", ADJUST(",\"effects\":[{\"effect\":\"mask\",\"feather\":9}]"), NULL, 1},
    {"track effects", BELOW "{\"effects\":[{\"effect\":\"drop_shadow\"},{\"effect\":\"sharpen\"}],"
        "\"clips\":[{\"asset\":\"alpha\","
     "\"duration\":4,\"transform\":{\"scale\":0.5,\"rotation\":7}}]}", NULL, 1},
    {"keyframes", ON("{\"asset\":\"noise\",\"duration\":4,\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":3,\"v\":1}]},"
     "\"transform\":{\"rotation\":{\"keys\":[{\"t\":0,\"v\":0,\"interp\":\"ease\"},{\"t\":2,\"v\":90}]}},\"effects\":["
     "{\"effect\":\"blur\",\"radius\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":4,\"v\":8}]}}]}"), NULL, 1.3},
    {"many effects", ON("{\"asset\":\"noise\",\"duration\":4,\"effects\":[{\"effect\":\"exposure\",\"stops\":0.5},"
     "{\"effect\":\"saturation\",\"amount\":1.3},{\"effect\":\"gamma\",\"gamma\":1.1},{\"effect\":\"lut\","
         "\"file\":\"three.cube\","
     "\"mix\":0.5},{\"effect\":\"vignette\"},{\"effect\":\"grain\"},{\"effect\":\"transform\",\"scale\":0.9}]}"), NULL,
         1.3},
};

TEST(composites)
{
    for (size_t i = 0; i < sizeof composites / sizeof *composites; i++) {
        const struct composite *c = &composites[i];
        check_tracks(c->name, CLASS_COMPOSITE, c->tracks, c->more, c->t);
    }
}

/* A sequence of another size and rate in a sequence; %s: what the outer clip adds, what the sequences are. */
static void check_nested(const char *name, const char *clip, const char *outer, const char *inner, double t)
{
    char json[2500];
    snprintf(json, sizeof json, "{\"kerf\":1,\"assets\":{\"noise\":\"noise\",\"alpha\":\"alpha\"},\"sequences\":["
             "{\"id\":\"top\",\"size\":[%d,%d],\"rate\":25%s,\"tracks\":[{\"clips\":[{\"asset\":\"noise\","
                 "\"duration\":4}]},"
             "{\"clips\":[{\"sequence\":\"in\",\"duration\":4%s}]}]},"
             "{\"id\":\"in\",\"size\":[160,200],\"rate\":\"30000/1001\"%s,\"tracks\":["
             "{\"clips\":[{\"generator\":\"gradient\",\"duration\":5,\"transform\":{\"scale\":0.8}}]},"
             "{\"clips\":[{\"asset\":\"alpha\",\"duration\":1},{\"transition\":\"wipe\",\"duration\":0.5},"
                 "{\"asset\":\"noise\","
             "\"duration\":4,\"transform\":{\"fit\":\"cover\"},\"opacity\":0.7}]}]}]}", KIT_WIDTH, KIT_HEIGHT, outer,
                 clip, inner);
    kit_film film;
    bool loaded = kit_load(&film, json);
    CHECK_MSG(loaded, "%s", name);
    if (loaded) check_film(name, CLASS_COMPOSITE, &film, t);
    kit_drop(&film);
}

TEST(nested_sequences)
{
    static const char linear[] = ",\"working\":\"linear\"";
    check_nested("nested", "", "", "", 0.5);
    check_nested("nested, in a transition", "", "", "", 1.1);
    check_nested("nested, moved", ",\"transform\":{\"scale\":1.4,\"rotation\":10},\"opacity\":0.8", "", "", 2);
    check_nested("nested, cropped, cover", ",\"transform\":{\"fit\":\"cover\",\"crop_top\":0.3}", "", "", 2);
    check_nested("nested, effects", ",\"effects\":[{\"effect\":\"blur\",\"radius\":3},{\"effect\":\"invert\"}]", "", "",
        2);
    check_nested("nested, mode", ",\"blend_mode\":\"overlay\",\"speed\":\"-1/2\"", "", "", 2);
    check_nested("linear in display", "", "", linear, 2);
    check_nested("display in linear", "", linear, "", 2);
    check_nested("linear in linear", ",\"opacity\":0.5", linear, linear, 2);
    check_nested("bt2020 in bt709", "", "", ",\"color\":{\"primaries\":\"bt2020\",\"matrix\":\"bt2020\","
        "\"transfer\":\"pq\"}", 2);
}

static void report(void)
{
    for (int c = 0; c < CLASS_COUNT; c++)
        printf("# %s: %d films, worst difference of fused and reference: %g (yuv420p), %g (yuv420p10), %g (rgba)\n",
               class_names[c], cases[c], worst[c][0], worst[c][1], worst[c][2]);
}

int main(void)
{
    RUN(effects_on_a_picture);
    RUN(effects_on_a_picture_with_alpha);
    RUN(effects_in_linear_light);
    RUN(transitions_between_two_clips);
    RUN(transitions_from_and_to_nothing);
    RUN(transitions_in_linear_light);
    RUN(blend_modes);
    RUN(generators);
    RUN(composites);
    RUN(nested_sequences);
    report();
    kit_finish();
    return test_end();
}
