/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters and keyframes. */
#include "film_util.h"
#include "model/json/reader.h"

/* ---- The curve ---- */

/* y of the curve at u by plain bisection. */
static double slow_ease(const double b[4], double u)
{
    double low = 0, high = 1;
    for (int i = 0; i < 200; i++) {
        double s = (low + high) / 2, r = 1 - s;
        if (3 * s * r * r * b[0] + 3 * s * s * r * b[2] + s * s * s < u) {
            low = s;
        } else {
            high = s;
        }
    }
    double s = (low + high) / 2, r = 1 - s;
    return 3 * s * r * r * b[1] + 3 * s * s * r * b[3] + s * s * s;
}

TEST(bezier_ease)
{
    static const double curves[][4] = {{0.25, 0.1, 0.25, 1}, {0.42, 0, 1, 1},   {0, 0, 0.58, 1},
                                       {1, 0, 0, 1},         {0, 1, 1, 0},      {0, 0, 0, 0},
                                       {1, 1, 1, 1},         {0.5, -2, 0.5, 3}, {1.0 / 3, 1.0 / 3, 2.0 / 3, 2.0 / 3}};
    double worst = 0;
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++) {
        for (int i = 1; i < 1000; i++) {
            /* where the curve stands upright, u says little about s */
            bool upright = curves[c][0] == 1 && curves[c][2] == 0 && abs(i - 500) < 3;
            double off = fabs(kf_bezier_ease(curves[c], i / 1000.0) - slow_ease(curves[c], i / 1000.0));
            worst = off > worst && !upright ? off : worst;
        }
        CHECK(kf_bezier_ease(curves[c], 0) == 0 && kf_bezier_ease(curves[c], -1) == 0);
        CHECK(kf_bezier_ease(curves[c], 1) == 1 && kf_bezier_ease(curves[c], 2) == 1);
        CHECK(kf_bezier_ease(curves[c], NAN) == 0);
    }
    CHECK_MSG(worst < 1e-6, "off by %g", worst);
    CHECK_NEAR(kf_bezier_ease(curves[8], 0.3), 0.3, 1e-12);
}

TEST(keys)
{
    kf_key k[4] = {{.time = 10, .interp = KF_INTERP_LINEAR, .value = {1, 10}},
                   {.time = 20, .interp = KF_INTERP_HOLD, .value = {3, -10}},
                   {.time = 30, .interp = KF_INTERP_BEZIER, .bezier = {0.25, 0.1, 0.25, 1}, .value = {5, 0}},
                   {.time = 40, .value = {7, 8}}};
    double v[4] = {0};
    const struct { kf_time t; double x; } expected[] = {
        {INT64_MIN, 1}, {9, 1}, {10, 1}, {15, 2}, {20, 3}, {29, 3}, {30, 5}, {40, 7}, {41, 7}, {INT64_MAX, 7}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        kf_keys_eval(k, 4, 2, expected[i].t, v);
        CHECK_NEAR(v[0], expected[i].x, 1e-12);
    }
    kf_keys_eval(k, 4, 2, 35, v);
    double y = slow_ease(k[2].bezier, 0.5);
    CHECK_NEAR(v[0], 5 + 2 * y, 1e-9);
    CHECK_NEAR(v[1], 8 * y, 1e-9);
    kf_keys_eval(k, 1, 2, 35, v);
    CHECK(v[0] == 1 && v[1] == 10);
}

TEST(many_keys)
{
    enum { COUNT = 1000 };
    kf_key *k = calloc(COUNT, sizeof *k);
    for (int i = 0; i < COUNT; i++) {
        k[i] = (kf_key){.time = i * 100, .interp = KF_INTERP_LINEAR, .value = {i}};
    }
    int wrong = 0;
    for (int t = 0; t < (COUNT - 1) * 100; t += 7) {
        double v;
        kf_keys_eval(k, COUNT, 1, t, &v);
        wrong += fabs(v - t / 100.0) > 1e-9;
    }
    CHECK_INT(wrong, 0);
    free(k);
}

/* ---- Parameters of a film ---- */

TEST(transform_and_effects)
{
    kf_clip_view clip;
    kf_film *film = load_clips(
        "{\"asset\":\"a\",\"duration\":4,\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":\"00:00:02.000\",\"v\":1}]},"
        "\"blend_mode\":\"screen\",\"gain\":-6,\"fade_in\":0.25,\"transform\":{\"position\":[\"center\",90],\"scale\":"
        "2,"
        "\"rotation\":{\"keys\":[{\"t\":1,\"v\":0,\"interp\":\"ease\"},{\"t\":3,\"v\":90}]}},"
        "\"effects\":[{\"effect\":\"blur\",\"radius\":8,\"kind\":\"box\"},{\"effect\":\"invert\",\"enabled\":false,"
        "\"name\":\"neg\"}]}");
    REQUIRE(clip_of(film, 0, &clip));
    kf_clip_video video;
    kf_clip_audio audio;
    kf_fx_transform transform;
    kf_fx_blur blur;
    kf_params effect;
    CHECK(!clip.video.constant && clip.sound.constant && !clip.transform.constant);
    CHECK(kf_params_eval(&clip.video, KF_SECOND, &video));
    CHECK_NEAR((double)video.opacity, 0.5, 1e-6);
    CHECK_INT(video.blend_mode, KF_MODE_SCREEN);
    CHECK(kf_params_eval(&clip.sound, 0, &audio));
    CHECK(audio.gain == -6 && audio.pan == 0 && audio.pitch_preserve);
    CHECK_INT(audio.fade_in, KF_SECOND / 4);
    CHECK(kf_params_eval(&clip.transform, 2 * KF_SECOND, &transform));
    CHECK(transform.position[0] == KF_POSITION_CENTER && transform.position[1] == 90);
    CHECK(transform.scale[0] == 2 && transform.scale[1] == 2 && transform.fit == KF_FIT_CONTAIN);
    CHECK_NEAR((double)transform.rotation, 90 * slow_ease((const double[4]){0.25, 0.1, 0.25, 1}, 0.5), 1e-4);
    REQUIRE(clip.effects.count == 2 && kf_effect_at(kf_film_snapshot(film), clip.effects, 0, &effect));
    CHECK(effect.kind_id == KF_FX_BLUR && effect.enabled && effect.constant && kf_params_eval(&effect, 0, &blur));
    CHECK(blur.radius == 8 && blur.kind == KF_FX_BLUR_BOX && blur.edge == KF_FX_EDGE_CLAMP);
    REQUIRE(kf_effect_at(kf_film_snapshot(film), clip.effects, 1, &effect));
    CHECK(!effect.enabled);
    CHECK_STR(effect.name, "neg");
    CHECK(!kf_effect_at(kf_film_snapshot(film), clip.effects, 2, &effect));
    kf_film_destroy(film);
}

TEST(texts_points_and_stops)
{
    kf_clip_view clip;
    kf_film *film = load_clips(
        "{\"generator\":\"title\",\"duration\":1,\"params\":{\"text\":\"d\\u00e9j\\u00e0\",\"color\":\"#ff0000\"},"
        "\"effects\":["
        "{\"effect\":\"lut\",\"file\":\"looks/a.cube\"},{\"effect\":\"curves\",\"master\":[[0,0],[0.5,0.25],[1,1]]},"
        "{\"effect\":\"lift_gamma_gain\",\"gain\":1.5}]},"
        "{\"generator\":\"gradient\",\"duration\":1,\"params\":{\"stops\":[[0,\"#000000\"],{\"at\":1,\"color\":[1,0.5,"
        "0]}]}}");
    kf_snapshot s = {0};
    kf_gen_title title;
    kf_fx_lut lut;
    kf_fx_curves curves;
    kf_fx_lift_gamma_gain wheels;
    kf_gen_gradient gradient;
    kf_params effect;
    kf_param_value value;
    REQUIRE(clip_of(film, 0, &clip));
    s = kf_film_snapshot(film);
    CHECK(kf_params_eval(&clip.generator, 0, &title));
    CHECK_STR(title.text, "d\xc3\xa9j\xc3\xa0");
    CHECK(title.color[0] == 1 && title.color[1] == 0 && title.color[3] == 1);
    REQUIRE(kf_effect_at(s, clip.effects, 0, &effect) && kf_params_eval(&effect, 0, &lut));
    CHECK_STR(lut.file, "looks/a.cube");
    REQUIRE(kf_params_get(&effect, kf_kind_field(effect.kind, "file"), &value));
    CHECK_STR(value.text, "looks/a.cube");
    CHECK(!kf_params_get(&effect, kf_kind_field(effect.kind, "mix"), &value) && !value.set);
    REQUIRE(kf_effect_at(s, clip.effects, 1, &effect) && kf_params_eval(&effect, 0, &curves));
    CHECK(curves.master.count == 3 && curves.master.p[1][0] == 0.5f && curves.master.p[1][1] == 0.25f &&
          curves.red.count == 0);
    REQUIRE(kf_effect_at(s, clip.effects, 2, &effect) && kf_params_eval(&effect, 0, &wheels));
    CHECK(wheels.gain[0] == 1.5f && wheels.gain[2] == 1.5f && wheels.gamma[1] == 1 && wheels.lift[0] == 0);
    REQUIRE(clip_of(film, 1, &clip) && kf_params_eval(&clip.generator, 0, &gradient));
    REQUIRE(gradient.stops.count == 2);
    CHECK(gradient.stops.s[1].at == 1 && gradient.stops.s[1].color[1] == 0.5f);
    kf_film_destroy(film);
}

/* What no parameter says is at its default; nothing set means no node. */
TEST(defaults)
{
    kf_clip_view clip;
    kf_film *film = load_clips("{\"asset\":\"a\",\"duration\":1},{\"generator\":\"bars\",\"duration\":1}");
    REQUIRE(clip_of(film, 0, &clip));
    CHECK(clip.transform.ref == KF_REF_NONE && clip.video.ref == KF_REF_NONE && clip.transform.constant);
    kf_fx_transform values, defaults;
    kf_kind_defaults(kf_kind_get(KF_FX_TRANSFORM), &defaults);
    memset(&values, 0xAA, sizeof values);
    CHECK(kf_params_eval(&clip.transform, 0, &values));
    CHECK(memcmp(&values, &defaults, sizeof values) == 0);
    REQUIRE(clip_of(film, 1, &clip));
    CHECK(clip.generator.kind_id == KF_GEN_BARS && clip.generator.kind && clip.generator.ref == KF_REF_NONE);
    kf_params unknown = {.kind_id = 9999};
    CHECK(!kf_params_eval(&unknown, 0, &values));
    kf_film_destroy(film);
}

/* Overshoot of a curve stays within the parameter's range. */
TEST(values_stay_in_range)
{
    kf_clip_view clip;
    kf_film *film =
        load_clips("{\"asset\":\"a\",\"duration\":4,\"opacity\":{\"keys\":[{\"t\":0,\"v\":0,\"bezier\":[0.5,-3,0.5,4]},"
                   "{\"t\":4,\"v\":1}]}}");
    REQUIRE(clip_of(film, 0, &clip));
    int outside = 0;
    for (kf_time t = 0; t < 4 * KF_SECOND; t += KF_SECOND / 50) {
        kf_clip_video v;
        kf_params_eval(&clip.video, t, &v);
        outside += !(v.opacity >= 0 && v.opacity <= 1);
    }
    CHECK_INT(outside, 0);
    kf_film_destroy(film);
}

static const json_object *keys_beside(const kf_kind *kind)
{
    static const json_object *const of[KF_CLASS_COUNT] = {NULL, &object_effect, &object_transition, NULL,
                                                          &object_effect};
    bool clip = kind->id == KF_PROP_CLIP_VIDEO || kind->id == KF_PROP_CLIP_AUDIO;
    return kind->cls == KF_CLASS_PROPERTIES ? (clip ? &object_clip : &object_track) : of[kind->cls];
}

TEST(fields_do_not_collide_with_keys)
{
    for (int k = 0; k < kf_kind_count(); k++) {
        const kf_kind *kind = kf_kind_at(k);
        const json_object *keys = keys_beside(kind);
        CHECK_MSG(kind->values_size <= KF_KIND_MAX_VALUES && kind->field_count <= KF_KIND_MAX_FIELDS, "%s", kind->name);
        for (int i = 0; i < kind->field_count; i++) {
            const kf_field *f = &kind->fields[i];
            CHECK_MSG(kf_field_numbers(f->type) == 0 || kf_field_in_range(f, f->def),
                      "%s.%s: its default is out of range", kind->name, f->name);
            CHECK_MSG(!keys || !find_key(keys, f->name), "%s.%s stands in the way of a key", kind->name, f->name);
        }
    }
}

int main(void)
{
    RUN(bezier_ease);
    RUN(keys);
    RUN(many_keys);
    RUN(transform_and_effects);
    RUN(texts_points_and_stops);
    RUN(defaults);
    RUN(values_stay_in_range);
    RUN(fields_do_not_collide_with_keys);
    return test_end();
}
