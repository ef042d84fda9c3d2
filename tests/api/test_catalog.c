/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The catalogue for inspectors. */
#include "kerf/catalog.h"
#include "test.h"

TEST(kinds_by_type_and_name)
{
    kf_catalog_kind kind, found;
    int effects = kf_catalog_count(KF_CATALOG_VIDEO_EFFECT);
    CHECK(effects > 20 && kf_catalog_count(KF_CATALOG_EDIT) > 50);
    for (int t = KF_CATALOG_PROPERTIES; t <= KF_CATALOG_EDIT; t++) {
        kf_catalog_type type = (kf_catalog_type)t;
        for (int32_t i = 0; i < kf_catalog_count(type); i++) {
            REQUIRE(kf_catalog_at(type, i, &kind) && kf_catalog_find(type, kind.name, &found));
            CHECK_MSG(found.id == kind.id && kind.type == type && *kind.label && *kind.category && *kind.help, "%s",
                      kind.name);
        }
        CHECK(!kf_catalog_at(type, kf_catalog_count(type), &kind) && !kf_catalog_at(type, -1, &kind));
    }
    CHECK(!kf_catalog_find(KF_CATALOG_TRANSITION, "blur", &kind));
    REQUIRE(kf_catalog_find(kf_catalog_type_of(KF_PARAMS_TRANSFORM), "transform", &kind));
    CHECK_STR(kind.label, "Transform");
}

static void check_param(const kf_catalog_kind *kind, const kf_catalog_param *p)
{
    bool number = p->value == KF_VALUE_NUMBER || p->value == KF_VALUE_WHOLE || p->value == KF_VALUE_POINT;
    CHECK_MSG(p->soft_min >= p->min && p->soft_max <= p->max, "%s.%s", kind->name, p->name);
    CHECK_MSG(!number || p->soft_max > p->soft_min, "%s.%s has no range", kind->name, p->name);
    CHECK_MSG(!number || p->centers || (p->number[0] >= p->soft_min && p->number[0] <= p->soft_max),
              "%s.%s: its default %g is outside %g..%g", kind->name, p->name, p->number[0], p->soft_min, p->soft_max);
    CHECK_MSG(!number || p->step > 0, "%s.%s", kind->name, p->name);
    CHECK_MSG((p->value == KF_VALUE_CHOICE) == (p->choice_count > 0), "%s.%s", kind->name, p->name);
    CHECK_MSG(*p->label && *p->help && p->text && p->unit, "%s.%s", kind->name, p->name);
}

TEST(every_parameter_can_be_shown)
{
    kf_catalog_kind kind;
    kf_catalog_param param;
    for (int type = KF_CATALOG_PROPERTIES; type < KF_CATALOG_EDIT; type++) {
        for (int32_t i = 0; kf_catalog_at((kf_catalog_type)type, i, &kind); i++) {
            int32_t n = 0;
            for (; kf_catalog_param_at(&kind, n, &param); n++) {
                check_param(&kind, &param);
            }
            CHECK_INT(n, kind.params);
        }
    }
}

TEST(parameters_are_those_of_the_tables)
{
    kf_catalog_kind kind;
    kf_catalog_param p;
    REQUIRE(kf_catalog_find(KF_CATALOG_VIDEO_EFFECT, "blur", &kind) && kf_catalog_param_find(&kind, "radius", &p));
    CHECK(p.value == KF_VALUE_NUMBER && p.min == 0 && p.max == 1000 && p.number[0] == 10 && p.animatable);
    CHECK(p.soft_min == 0 && p.soft_max == 100 && p.step == 0.5 && p.digits == 1);
    CHECK_STR(p.unit, "px");
    REQUIRE(kf_catalog_param_find(&kind, "kind", &p));
    CHECK(p.value == KF_VALUE_CHOICE && p.choice_count == 2 && !p.animatable);
    CHECK_STR(p.choices[1], "box");
    CHECK(!kf_catalog_param_find(&kind, "colour", &p));
    REQUIRE(kf_catalog_find(KF_CATALOG_VIDEO_EFFECT, "lift_gamma_gain", &kind) && kf_catalog_param_at(&kind, 1, &p));
    CHECK(p.value == KF_VALUE_WHEEL && p.number[0] == 1 && p.number[2] == 1);
    REQUIRE(kf_catalog_find(KF_CATALOG_VIDEO_EFFECT, "transform", &kind) &&
            kf_catalog_param_find(&kind, "position", &p));
    CHECK(p.centers && p.number[0] == p.min);
    REQUIRE(kf_catalog_param_find(&kind, "scale", &p));
    CHECK(!p.centers && p.soft_min == 0 && p.soft_max == 3);
    REQUIRE(kf_catalog_find(KF_CATALOG_EDIT, "trim", &kind) && kf_catalog_param_find(&kind, "clip", &p));
    CHECK(p.value == KF_VALUE_ID && p.required);
}

TEST(labels_are_words)
{
    char label[48];
    kf_catalog_label("color_dodge", label, sizeof label);
    CHECK_STR(label, "Colour dodge");
    kf_catalog_label("peak1_q", label, sizeof label);
    CHECK_STR(label, "Peak 1 Q");
    kf_catalog_label("flip_h", label, sizeof label);
    CHECK_STR(label, "Flip horizontal");
    kf_catalog_label("color_dodge", label, 6);
    CHECK_STR(label, "Colou");
    kf_catalog_label("", label, sizeof label);
    CHECK_STR(label, "");
}

TEST(presets_have_names)
{
    kf_sequence_preset_info s;
    kf_export_preset_info e;
    bool hd = false, sound_only = false;
    int32_t n = 0;
    for (; kf_catalog_sequence_preset(n, &s); n++) {
        hd |= strcmp(s.name, "1080p25") == 0 && s.width == 1920 && s.rate.num == 25;
        CHECK(*s.label && *s.help);
    }
    CHECK(n > 5 && hd);
    for (n = 0; kf_catalog_export_preset(n, &e); n++) {
        sound_only |= e.audio && !e.video;
        CHECK_MSG(*e.label && *e.help && (e.video || e.audio), "%s", e.name);
    }
    CHECK(n > 5 && sound_only);
}

static bool find_codec(const char *name, kf_codec_desc *out)
{
    for (int32_t i = 0; kf_catalog_codec(i, out); i++)
        if (strcmp(out->name, name) == 0) return true;
    return false;
}

TEST(containers_name_codecs_that_there_are)
{
    kf_container_desc c;
    kf_codec_desc codec;
    int32_t n = 0;
    for (; kf_catalog_container(n, &c); n++) {
        CHECK(*c.label && *c.extensions[0]);
        for (int i = 0; c.video[i]; i++) CHECK_MSG(find_codec(c.video[i], &codec) && !codec.audio, "%s", c.video[i]);
        for (int i = 0; c.audio[i]; i++) CHECK_MSG(find_codec(c.audio[i], &codec) && codec.audio, "%s", c.audio[i]);
    }
    CHECK(n > 10 && !kf_catalog_container(n, &c) && !kf_catalog_container(-1, &c) && !kf_catalog_codec(-1, &codec));
    CHECK(find_codec("h264", &codec) && codec.crf_min == 0 && codec.crf_max == 51 && codec.crf_default == 20);
    CHECK(find_codec("flac", &codec) && codec.audio && codec.lossless);
}

TEST(export_presets_say_what_they_write_with)
{
    kf_export_preset_info e;
    kf_codec_desc codec;
    for (int32_t i = 0; kf_catalog_export_preset(i, &e); i++) {
        CHECK_MSG(e.video == (strcmp(e.video_codec, "none") != 0) && (!e.video || find_codec(e.video_codec, &codec)),
                  "%s", e.name);
        CHECK_MSG(!e.audio || find_codec(e.audio_codec, &codec), "%s", e.name);
        if (strcmp(e.name, "youtube-1080p") == 0)
            CHECK(e.crf == 18 && e.audio_bitrate == 256000 && strcmp(e.container, "mp4") == 0);
        if (strcmp(e.name, "wav") == 0) CHECK(e.crf == -1 && !e.video && strcmp(e.audio_codec, "pcm_s24") == 0);
    }
}

int main(void)
{
    RUN(kinds_by_type_and_name);
    RUN(every_parameter_can_be_shown);
    RUN(parameters_are_those_of_the_tables);
    RUN(labels_are_words);
    RUN(presets_have_names);
    RUN(containers_name_codecs_that_there_are);
    RUN(export_presets_say_what_they_write_with);
    return test_end();
}
