/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where pictures land, by numbers worked out by hand; which frames are asked for, and which are not. */
#include "compile/internal.h"
#include "kit.h"
#include "test.h"

/* ---- The arithmetic ---- */

typedef struct placed_case {
    const char *name;
    void (*set)(kf_fx_transform *t);
    double w, h, scale;       /* of the picture; canvas px per px of a frame of 800x600 */
    double m[6];
    float crop[4];            /* all 0: not cropped */
} placed_case;

static void set_nothing(kf_fx_transform *t) {}
static void set_none(kf_fx_transform *t) { t->fit = KF_FIT_NONE; }
static void set_cover(kf_fx_transform *t) { t->fit = KF_FIT_COVER; }
static void set_stretch(kf_fx_transform *t) { t->fit = KF_FIT_STRETCH; }
static void set_box(kf_fx_transform *t)
{
    t->box_position[0] = 100, t->box_position[1] = 50;
    t->box_size[0] = 200, t->box_size[1] = 400;
}
static void set_cover_box(kf_fx_transform *t)
{
    set_box(t);
    t->fit = KF_FIT_COVER;
}
static void set_half(kf_fx_transform *t) { t->scale[0] = t->scale[1] = 0.5f; }
static void set_corner(kf_fx_transform *t)
{
    t->anchor[0] = t->anchor[1] = 0;
    t->position[0] = 10, t->position[1] = 20;
    t->offset[0] = 1, t->offset[1] = 2;
    t->scale[0] = 0.5f;
}
static void set_turned(kf_fx_transform *t)
{
    t->fit = KF_FIT_NONE;
    t->rotation = 90;
}
static void set_turned_back(kf_fx_transform *t)
{
    t->fit = KF_FIT_NONE;
    t->rotation = -90;
    t->offset[0] = 7;
}
static void set_turned_corner(kf_fx_transform *t) /* 450 degrees about the top left corner, at (100, 100) */
{
    t->fit = KF_FIT_NONE;
    t->rotation = 450;
    t->anchor[0] = t->anchor[1] = 0;
    t->position[0] = t->position[1] = 100;
}
static void set_flip(kf_fx_transform *t) { t->flip_h = true; }
static void set_flip_crop(kf_fx_transform *t)
{
    t->flip_v = true;
    t->crop_left = 0.25f, t->crop_bottom = 0.5f;
}
static void set_mirror_about_left(kf_fx_transform *t)
{
    t->fit = KF_FIT_NONE;
    t->scale[0] = -1;
    t->anchor[0] = 0;
}

static const placed_case placed_cases[] = {
    {"contain, wide", set_nothing, 400, 150, 1, {2, 0, 0, 0, 2, 150}},
    {"contain, tall", set_nothing, 200, 300, 1, {2, 0, 200, 0, 2, 0}},
    {"contain, halved canvas", set_nothing, 400, 150, 0.5, {1, 0, 0, 0, 1, 75}},
    {"none", set_none, 400, 150, 1, {1, 0, 200, 0, 1, 225}},
    {"none, doubled canvas", set_none, 400, 150, 2, {2, 0, 400, 0, 2, 450}},
    {"cover", set_cover, 400, 150, 1, {4, 0, -400, 0, 4, 0}}, /* overflow lies outside of the frame anyway */
    {"stretch", set_stretch, 400, 150, 1, {2, 0, 0, 0, 4, 0}},
    {"box", set_box, 100, 100, 1, {2, 0, 100, 0, 2, 150}},
    {"cover a box", set_cover_box, 100, 100, 1, {4, 0, 0, 0, 4, 50}, {25, 0, 75, 100}},
    {"half", set_half, 800, 600, 1, {0.5, 0, 200, 0, 0.5, 150}},
    {"by a corner", set_corner, 400, 300, 1, {1, 0, 11, 0, 2, 22}},
    {"by a corner, halved canvas", set_corner, 400, 300, 0.5, {0.5, 0, 5.5, 0, 1, 11}},
    {"turned", set_turned, 400, 200, 1, {0, -1, 500, 1, 0, 100}},
    {"turned back", set_turned_back, 400, 200, 1, {0, 1, 307, -1, 0, 500}},
    {"turned about a corner", set_turned_corner, 400, 200, 1, {0, -1, 100, 1, 0, 100}},
    {"flipped", set_flip, 400, 300, 1, {-2, 0, 800, 0, 2, 0}},
    {"flipped, cropped", set_flip_crop, 400, 300, 1, {2, 0, 0, 0, -2, 600}, {100, 0, 400, 150}},
    {"mirrored about its left edge", set_mirror_about_left, 400, 300, 1, {-1, 0, 200, 0, 1, 150}},
};

TEST(placements_by_hand)
{
    static const double frame[2] = {800, 600};
    for (size_t i = 0; i < sizeof placed_cases / sizeof *placed_cases; i++) {
        const placed_case *c = &placed_cases[i];
        kf_fx_transform t;
        kf_placement p;
        kf_transform_default(&t);
        c->set(&t);
        kf_place(&t, c->w, c->h, frame, c->scale, &p);
        for (int k = 0; k < 6; k++)
            CHECK_MSG(fabs(p.forward.m[k] - c->m[k]) < 1e-9, "%s: m[%d] is %.9g, expected %.9g", c->name, k,
                p.forward.m[k], c->m[k]);
        CHECK_MSG(p.cropped == (c->crop[2] > 0), "%s", c->name);
        for (int k = 0; p.cropped && k < 4; k++)
            CHECK_MSG(fabsf(p.crop[k] - c->crop[k]) < 1e-4f, "%s: crop[%d] is %g, expected %g", c->name, k, p.crop[k],
                c->crop[k]);
    }
}

/* ---- Pixels ---- */

typedef struct view { kit_film film; kf_compiled *compiled; kf_frame *ref, *cpu; } view;

/* A sequence of w x h on blue with one clip, on a canvas of cw x ch (0: w x h). */
static bool look(view *v, const char *clip, const char *more, const int size[2], const int canvas[2])
{
    char json[1500], asset[64] = "";
    sscanf(strstr(clip, "\"asset\":\"") + 9, "%63[^\"]", asset);
    snprintf(json, sizeof json, "{\"kerf\":1,\"assets\":{\"%s\":\"%s\"},\"size\":[%d,%d],\"rate\":25,"
        "\"background\":\"#0000ff\","
             "\"tracks\":[{\"clips\":[{%s,\"duration\":4}]}]%s}", asset, asset, size[0], size[1], clip, more);
    *v = (view){0};
    int w = canvas[0] ? canvas[0] : size[0], h = canvas[1] ? canvas[1] : size[1];
    if (!kit_load(&v->film, json) || !(v->compiled = kit_compile(&v->film, 0, canvas[0], canvas[1]))) return false;
    kf_graph_output output = kit_output(v->compiled, KF_PIX_RGBA8, w, h);
    v->ref = kit_render_ref(v->compiled, &output);
    v->cpu = kit_render_cpu(v->compiled, &output, kf_cpu_isa(), 1);
    return v->ref && v->cpu;
}

static void look_away(view *v)
{
    kf_frame_unref(v->ref);
    kf_frame_unref(v->cpu);
    kf_compiled_release(v->compiled);
    kit_drop(&v->film);
}

/* At (x, y) is pixel (sx, sy) of the picture (fractions: between pixels); sx < 0: the background. */
static void check_seen(const char *name, const view *v, int x, int y, double sx, double sy, double tolerance)
{
    const kf_frame *frames[2] = {v->ref, v->cpu};
    for (int i = 0; i < 2; i++) {
        const kf_image *image = &frames[i]->image;
        double r = kit_sample(image, 0, 4 * x, y), g = kit_sample(image, 0, 4 * x + 1, y), b = kit_sample(image, 0,
            4 * x + 2, y);
        bool right = sx < 0 ? r == 0 && g == 0 && b == 255
                            : fabs(r - sx - 1) <= tolerance && fabs(g - sy - 1) <= tolerance && b >= 199 && b <= 201;
        CHECK_MSG(right, "%s, %s: at (%d, %d) is (%g, %g, %g), expected pixel (%g, %g)", name, i ? "fused"
            : "reference", x, y,
                  r, g, b, sx, sy);
    }
}

/* Source pixel of canvas pixel (x, y): (a x + b y + c, d x + e y + f); what lies outside of `size` is background. */
typedef struct seen_case {
    const char *clip;
    int size[2], canvas[2], picture[2];
    double map[6], tolerance;
} seen_case;

static const seen_case seen_cases[] = {
    {"\"asset\":\"place:40x30\"", {40, 30}, {0, 0}, {40, 30}, {1, 0, 0, 0, 1, 0}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\"}", {80, 60}, {0, 0}, {40, 30}, {1, 0, -20, 0, 1, -15},
        0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"offset\":[3,-2]}", {80, 60}, {0, 0}, {40, 30},
     {1, 0, -23, 0, 1, -13}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"anchor\":0,\"position\":[10,12]}", {80, 60}, {0, 0},
        {40, 30},
     {1, 0, -10, 0, 1, -12}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"rotation\":90}", {80, 60}, {0, 0}, {40, 30},
     {0, 1, -10, -1, 0, 54}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"rotation\":-90}", {80, 60}, {0, 0}, {40, 30},
     {0, -1, 49, 1, 0, -25}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"flip_h\":true}", {80, 60}, {0, 0}, {40, 30}, {-1, 0,
        59, 0, 1, -15}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"flip_v\":true,\"rotation\":180}", {80, 60}, {0, 0},
        {40, 30},
     {-1, 0, 59, 0, 1, -15}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"scale\":[1,-1]}", {80, 60}, {0, 0}, {40, 30},
     {1, 0, -20, 0, -1, 44}, 0},
    /* metadata: how the stored picture is shown */
    {"\"asset\":\"turned90:place:40x20\"", {20, 40}, {0, 0}, {40, 20}, {0, 1, 0, -1, 0, 19}, 0},
    {"\"asset\":\"turned180:place:40x20\"", {40, 20}, {0, 0}, {40, 20}, {-1, 0, 39, 0, -1, 19}, 0},
    {"\"asset\":\"turned270:place:40x20\"", {20, 40}, {0, 0}, {40, 20}, {0, -1, 39, 1, 0, 0}, 0},
    {"\"asset\":\"mirrored:place:40x20\"", {40, 20}, {0, 0}, {40, 20}, {-1, 0, 39, 0, 1, 0}, 0},
    {"\"asset\":\"turned90mirrored:place:40x20\"", {20, 40}, {0, 0}, {40, 20}, {0, 1, 0, 1, 0, 0}, 0},
    {"\"asset\":\"turned90:place:40x20\",\"transform\":{\"rotation\":-90}", {40, 40}, {0, 0}, {40, 20}, {1, 0, 0, 0, 1,
        -10}, 0},
    {"\"asset\":\"turned90:place:40x20\",\"effects\":[{\"effect\":\"transform\",\"flip_h\":true}]", {20, 40}, {0, 0},
        {40, 20},
     {0, 1, 0, 1, 0, 0}, 0},
    {"\"asset\":\"anamorphic:place:20x40\",\"transform\":{\"fit\":\"none\"}", {60, 60}, {0, 0}, {20, 40},
     {0.5, 0, -5.25, 0, 1, -10}, 0.75},
    /* other canvases */
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\"}", {80, 60}, {100, 60}, {40, 30}, {1, 0, -30, 0, 1,
        -15}, 0},
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\"}", {80, 60}, {80, 90}, {40, 30}, {1, 0, -20, 0, 1, -30},
        0},
    {"\"asset\":\"place:80x60\",\"transform\":{\"fit\":\"none\",\"offset\":[30,0]}", {80, 60}, {100, 60}, {50, 60},
     {1, 0, -40, 0, 1, 0}, 0}, /* what hangs over the film does not show beside it */
    {"\"asset\":\"place:40x30\",\"transform\":{\"fit\":\"none\",\"anchor\":0,\"position\":[20,16]}", {80, 60}, {160,
        120}, {40, 30},
     {0.5, 0, -20.25, 0, 0.5, -16.25}, 0.75},
    {"\"asset\":\"place:80x60\",\"transform\":{\"crop_left\":0.25,\"crop_top\":0.5}", {80, 60}, {40, 30}, {80, 60},
     {2, 0, 0.5, 0, 2, 0.5}, 0.75},
};

TEST(pixels_by_hand)
{
    for (size_t i = 0; i < sizeof seen_cases / sizeof *seen_cases; i++) {
        const seen_case *c = &seen_cases[i];
        const double *m = c->map;
        view v;
        bool seen = look(&v, c->clip, "", c->size, c->canvas);
        CHECK_MSG(seen, "%s", c->clip);
        bool crop = strstr(c->clip, "crop_left") != NULL;
        int w = c->canvas[0] ? c->canvas[0] : c->size[0], h = c->canvas[1] ? c->canvas[1] : c->size[1];
        for (int y = 0; seen && y < h; y += 3)
            for (int x = 0; x < w; x += 3) {
                double sx = m[0] * x + m[1] * y + m[2], sy = m[3] * x + m[4] * y + m[5], soft = c->tolerance > 0 ? 2
                    : 0;
                double lo[2] = {crop ? 0.25 * c->picture[0] : 0, crop ? 0.5 * c->picture[1] : 0};
                bool in = sx >= lo[0] + soft && sy >= lo[1] + soft && sx <= c->picture[0] - 1 - soft
                    && sy <= c->picture[1] - 1 - soft;
                bool out = sx < lo[0] - 1 || sy < lo[1] - 1 || sx > c->picture[0] || sy > c->picture[1];
                if (soft == 0) out = !in;
                if (in) check_seen(c->clip, &v, x, y, sx, sy, c->tolerance);
                else if (out) check_seen(c->clip, &v, x, y, -1, -1, 0);
            }
        look_away(&v);
    }
}

/* Canvases and films of extreme shapes have at least a pixel. */
TEST(thin_films)
{
    static const int sizes[][4] = {{16384, 1, 16, 16}, {1, 16384, 16, 16}, {1, 1, 33, 7}, {3000, 2, 1, 1}};
    for (int i = 0; i < 4; i++) {
        char json[400];
        kit_film film;
        snprintf(json, sizeof json, "{\"kerf\":1,\"size\":[%d,%d],\"rate\":25,"
            "\"tracks\":[{\"clips\":[{\"generator\":\"bars\","
                 "\"duration\":4}]}]}", sizes[i][0], sizes[i][1]);
        bool loaded = kit_load(&film, json);
        kf_compiled *compiled = loaded ? kit_compile(&film, 0, sizes[i][2], sizes[i][3]) : NULL;
        CHECK(compiled);
        if (compiled) {
            kf_graph_output output = kit_output(compiled, KF_PIX_RGBA8, sizes[i][2], sizes[i][3]);
            kf_frame *ref = kit_render_ref(compiled, &output), *cpu = kit_render_cpu(compiled, &output, kf_cpu_isa(),
                1);
            CHECK(ref && cpu && kit_difference(&ref->image, &cpu->image) <= 1);
            kf_frame_unref(ref);
            kf_frame_unref(cpu);
        }
        kf_compiled_release(compiled);
        kit_drop(&film);
    }
}

TEST(everything_scaled_to_nothing_leaves_the_background)
{
    kit_film film;
    REQUIRE(kit_load_tracks(&film, "{\"clips\":[{\"asset\":\"noise\",\"duration\":4}]},"
        "{\"clips\":[{\"adjustment\":true,\"duration\":4,"
                            "\"effects\":[{\"effect\":\"transform\",\"scale\":0}]}]}", NULL));
    for (int width = 0; width <= 400; width += 400) {
        kf_compiled *compiled = kit_compile(&film, 1, width, width / 2);
        CHECK(compiled && compiled->root);
        kf_compiled_release(compiled);
    }
    kit_drop(&film);
}

/* ---- What is not asked for ---- */

/* `top` lies over a track of noise; is the noise asked for? */
static void check_asked(const char *top, double t, bool asked, int64_t layers)
{
    char tracks[900];
    kit_film film;
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"asset\":\"noise\",\"duration\":9}]},%s", top);
    bool loaded = kit_load_tracks(&film, tracks, NULL);
    kf_compiled *compiled = loaded ? kit_compile(&film, t, 0, 0) : NULL;
    CHECK_MSG(compiled, "%s", top);
    CHECK_MSG((strstr(film.calls.asked, "noise") != NULL) == asked, "%s: asked for %s", top, film.calls.asked);
    if (compiled) CHECK_MSG(compiled->layers == layers, "%s: %d layers", top, (int)compiled->layers);
    kf_compiled_release(compiled);
    kit_drop(&film);
}

#define FLAT "\"asset\":\"flat:3264c8\",\"duration\":4"
#define TRACK(clip) "{\"clips\":[{" clip "}]}"

TEST(covered_tracks_are_not_asked_for_pictures)
{
    check_asked(TRACK(FLAT), 1, false, 1);
    check_asked(TRACK(FLAT), 5, true, 1); /* past its end */
    check_asked(TRACK(FLAT ",\"effects\":[{\"effect\":\"invert\"},{\"effect\":\"saturation\"}]"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"effects\":[{\"effect\":\"gamma\"},{\"effect\":\"saturation\"}]"), 1, false, 1);
    check_asked(TRACK(FLAT ",\"effects\":[{\"effect\":\"mask\"}]"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"effects\":[{\"effect\":\"mask\",\"enabled\":false}]"), 1, false, 1);
    check_asked(TRACK(FLAT ",\"opacity\":0.99"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":1,\"v\":1}]}"), 0.5, true, 2);
    check_asked(TRACK(FLAT ",\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":1,\"v\":1}]}"), 1.5, false, 1);
    check_asked(TRACK(FLAT ",\"blend_mode\":\"screen\""), 1, true, 2);
    check_asked(TRACK(FLAT ",\"transform\":{\"scale\":0.99}"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"transform\":{\"scale\":[-2,1.5]}"), 1, false, 1);
    check_asked(TRACK(FLAT ",\"transform\":{\"offset\":[1,0]}"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"transform\":{\"rotation\":45,\"scale\":4}"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"transform\":{\"crop_left\":0.1}"), 1, true, 2);
    check_asked(TRACK(FLAT ",\"enabled\":false"), 1, true, 1);
    check_asked(TRACK("\"asset\":\"flat:3264c8:64x64\",\"duration\":4"), 1, true, 2); /* bars at the sides */
    check_asked(TRACK("\"asset\":\"flat:3264c8:64x64\",\"duration\":4,\"transform\":{\"fit\":\"cover\"}"), 1, false, 1);
    check_asked(TRACK("\"asset\":\"flat:3264c8:64x64\",\"duration\":4,\"transform\":{\"fit\":\"stretch\"}"), 1, false,
        1);
    check_asked(TRACK("\"asset\":\"flat:3264c8fe\",\"duration\":4"), 1, true, 2);
    check_asked(TRACK("\"asset\":\"turned90:flat:3264c8:119x211\",\"duration\":4"), 1, false, 1);
    check_asked("{\"hide\":true,\"clips\":[{" FLAT "}]}", 1, true, 1);
    check_asked("{\"opacity\":0.5,\"clips\":[{" FLAT "}]}", 1, true, 2);
    check_asked("{\"blend_mode\":\"add\",\"clips\":[{" FLAT "}]}", 1, true, 2);
    check_asked("{\"effects\":[{\"effect\":\"blur\"}],\"clips\":[{" FLAT "}]}", 1, true, 2);
    check_asked("{\"matte\":\"alpha\",\"clips\":[{" FLAT "}]}," TRACK("\"asset\":\"alpha\",\"duration\":4"), 1, true,
        3);
    check_asked("{\"clips\":[{\"transition\":\"dissolve\",\"duration\":1},{" FLAT "}]}", 0.5, true, 2);
    check_asked("{\"clips\":[{\"transition\":\"dissolve\",\"duration\":1},{" FLAT "}]}", 1.5, false, 1);
}

/* A matte that covers is not shown and hides nothing. */
TEST(mattes_hide_nothing)
{
    kit_film film;
    REQUIRE(kit_load_tracks(&film, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":4}]},{\"matte\":\"luma\","
        "\"clips\":[{\"asset\":\"noise\","
                            "\"duration\":4}]}," TRACK(FLAT), NULL));
    kf_compiled *compiled = kit_compile(&film, 1, 0, 0);
    CHECK(compiled);
    CHECK(strstr(film.calls.asked, "ramp") && strstr(film.calls.asked, "noise") && strstr(film.calls.asked, "flat"));
    CHECK_INT(film.calls.pictures, 3);
    kf_compiled_release(compiled);
    kit_drop(&film);
}

/* ---- Which moment of the source ---- */

static void check_moment(const char *clip, double t, kf_time end, int64_t flicks)
{
    char tracks[600];
    kit_film film;
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"gap\":2},{\"asset\":\"noise\",%s}]}", clip);
    bool loaded = kit_load_tracks(&film, tracks, NULL);
    film.media_end = end;
    kf_compiled *compiled = loaded ? kit_compile(&film, t, 0, 0) : NULL;
    CHECK_MSG(compiled && film.calls.pictures == 1, "%s", clip);
    CHECK_MSG(film.calls.last == flicks, "%s at %g: %.9f s, expected %.9f s", clip, t, kf_time_seconds(film.calls.last),
              kf_time_seconds(flicks));
    kf_compiled_release(compiled);
    kit_drop(&film);
}

TEST(clips_ask_for_the_right_moment)
{
    kf_time s = KF_SECOND, none = KF_TIME_NONE;
    check_moment("\"in\":3,\"duration\":4", 2.5, none, 7 * s / 2);
    check_moment("\"in\":3,\"duration\":4,\"speed\":\"3/2\"", 3, none, 9 * s / 2);
    check_moment("\"in\":3,\"duration\":4,\"reverse\":true", 2, none, 7 * s - 1);
    check_moment("\"in\":3,\"duration\":4,\"speed\":-2", 3, none, 9 * s - 1);
    check_moment("\"freeze\":1.25,\"duration\":4", 4, none, 5 * s / 4);
    check_moment("\"in\":1,\"out\":2,\"loop\":true,\"duration\":4", 4.25, none, 5 * s / 4);
    check_moment("\"in\":1,\"loop\":true,\"duration\":8", 9, 4 * s, 2 * s);
    check_moment("\"duration\":4,\"remap\":[{\"t\":1,\"source\":5},{\"t\":2,\"source\":3}]", 2.5, none, 5 * s);
    check_moment("\"duration\":4,\"remap\":[{\"t\":1,\"source\":5},{\"t\":2,\"source\":3}]", 3.25, none, 9 * s / 2);
    check_moment("\"duration\":4,\"remap\":[{\"t\":1,\"source\":5},{\"t\":2,\"source\":3}]", 5.5, none, 3 * s);
}

/* ---- Many nested sequences at once ---- */

TEST(more_nested_sequences_than_places_are_kept_for)
{
    enum { TRACKS = 300 };
    kf_str json = {0};
    kf_str_add(&json, "{\"kerf\":1,\"assets\":{\"a\":\"flat:01010180:8x8\"},\"sequences\":[{\"id\":\"top\",\"size\":[8,"
        "8],\"rate\":25,"
               "\"tracks\":[");
    for (int i = 0; i < TRACKS; i++)
        kf_str_addf(&json, "%s{\"clips\":[{\"sequence\":\"in\",\"duration\":1},{\"sequence\":\"in\",\"duration\":1}]}",
            i ? "," : "");
    kf_str_add(&json, "]},{\"id\":\"in\",\"size\":[8,8],\"rate\":25,\"tracks\":[{\"clips\":[{\"asset\":\"a\","
        "\"duration\":2}]}]}]}");
    kit_film film;
    kf_compiler *compiler = NULL;
    kf_error err = {0};
    REQUIRE(kit_load(&film, json.data));
    kf_compiler_params params = {.snapshot = kf_film_snapshot(film.film), .sources = &film.sources};
    REQUIRE(kf_compiler_create(&params, &compiler, &err) == KF_OK);
    for (int frame = 0; frame < 50; frame += 7) {
        kf_compiled *compiled = NULL;
        CHECK_INT(kf_compile_frame(compiler, frame * KF_SECOND / 25, &compiled, &err), KF_OK);
        if (compiled) CHECK_INT(compiled->layers, 2 * TRACKS);
        kf_compiled_release(compiled);
    }
    kf_compiler_destroy(compiler);
    kit_drop(&film);
    kf_str_finish(&json);
}

int main(void)
{
    RUN(placements_by_hand);
    RUN(pixels_by_hand);
    RUN(thin_films);
    RUN(everything_scaled_to_nothing_leaves_the_background);
    RUN(covered_tracks_are_not_asked_for_pictures);
    RUN(mattes_hide_nothing);
    RUN(clips_ask_for_the_right_moment);
    RUN(more_nested_sequences_than_places_are_kept_for);
    kit_finish();
    return test_end();
}
