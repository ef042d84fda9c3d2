/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables keep their own promises. */
#include <string.h>

#include "catalog/api/catalog.h"
#include "test.h"

TEST(ids_and_names_are_unique)
{
    for (int i = 0; i < kf_kind_count(); i++) {
        const kf_kind *a = kf_kind_at(i);
        CHECK_MSG(kf_kind_get(a->id) == a, "%s", a->name);
        CHECK_MSG(kf_kind_find(a->cls, a->name) == a, "%s", a->name);
        CHECK_MSG(a->values_size <= KF_KIND_MAX_VALUES && a->field_count <= KF_KIND_MAX_FIELDS, "%s", a->name);
    }
    CHECK(kf_kind_at(kf_kind_count()) == NULL && kf_kind_at(-1) == NULL && kf_kind_get(9999) == NULL);
}

static void check_field(const kf_kind *kind, int i)
{
    const kf_field *f = &kind->fields[i];
    CHECK_MSG(kf_kind_field(kind, f->name) == i, "%s.%s is there twice", kind->name, f->name);
    CHECK_MSG(f->offset + kf_field_size(f->type) <= kind->values_size, "%s.%s", kind->name, f->name);
    CHECK_MSG(f->help && f->help[0] && f->unit, "%s.%s has no help", kind->name, f->name);
    CHECK_MSG((f->type == KF_FIELD_ENUM) == (f->choices != NULL), "%s.%s", kind->name, f->name);
    CHECK_MSG(f->type == KF_FIELD_TIME || kf_field_numbers(f->type) == 0 || kf_field_in_range(f, f->def),
              "%s.%s: its default is out of range", kind->name, f->name);
}

TEST(fields_are_sound)
{
    for (int i = 0; i < kf_kind_count(); i++)
        for (int f = 0; f < kf_kind_at(i)->field_count; f++) check_field(kf_kind_at(i), f);
}

TEST(defaults_fill_structs)
{
    kf_fx_transform t;
    kf_kind_defaults(kf_kind_get(KF_FX_TRANSFORM), &t);
    CHECK(t.fit == KF_FIT_CONTAIN && t.scale[1] == 1 && t.position[0] == KF_POSITION_CENTER && !t.flip_v);
    kf_gen_title title;
    kf_kind_defaults(kf_kind_get(KF_GEN_TITLE), &title);
    CHECK(strcmp(title.text, "Title") == 0 && title.size == 72 && title.language[0] == 0);
    kf_gen_gradient g;
    kf_kind_defaults(kf_kind_get(KF_GEN_GRADIENT), &g);
    CHECK(g.stops.count == 2 && g.stops.s[1].color[0] == 1);
}

TEST(near_misses_are_suggested)
{
    const char *s = kf_kind_suggest(KF_CLASS_EFFECT, "vignete");
    CHECK(s && strcmp(s, "vignette") == 0);
    s = kf_preset_suggest("youtube1080p");
    CHECK(s && strcmp(s, "youtube-1080p") == 0);
}

TEST(presets_by_extension)
{
    CHECK(kf_preset_for_extension("MP4") && strcmp(kf_preset_for_extension("MP4")->container, "mp4") == 0);
    CHECK(kf_preset_for_extension("xyz") == NULL);
}

TEST(sequence_presets_are_sound)
{
    for (int i = 0; i < kf_sequence_preset_count(); i++) {
        const kf_sequence_preset *p = kf_sequence_preset_at(i);
        CHECK_MSG(kf_sequence_preset_find(p->name) == p, "%s stands twice", p->name);
        CHECK(p->width > 0 && p->width % 2 == 0 && p->height > 0 && p->height % 2 == 0 && p->rate.num > 0);
        CHECK(p->rate.den == 1 || p->rate.den == 1001);
        CHECK(p->sample_rate == 48000 && p->channels == 2 && *p->label && *p->help && strlen(p->name) <= 16);
    }
    CHECK(kf_sequence_preset_at(-1) == NULL && kf_sequence_preset_at(kf_sequence_preset_count()) == NULL);
    CHECK(kf_sequence_preset_find("1080p25")->rate.num == 25);
    CHECK(strcmp(kf_sequence_preset_suggest("1080p2997"), "1080p29.97") == 0);
}

int main(void)
{
    RUN(ids_and_names_are_unique);
    RUN(fields_are_sound);
    RUN(defaults_fill_structs);
    RUN(near_misses_are_suggested);
    RUN(presets_by_extension);
    RUN(sequence_presets_are_sound);
    return test_end();
}
