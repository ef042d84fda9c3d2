/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Angles of multicam sequences: which track is seen, which is heard. */
#include "sound_kit.h"

/* Three angles, red, green (hidden) and blue (with an audio track between them); %s: keys of the sequence and of the
 * clip. */
static const char *const angles =
    "{\"kerf\":1,\"assets\":{\"r\":\"flat:ff0000\",\"g\":\"flat:00ff00\",\"b\":\"flat:0000ff\"},\"sequences\":["
    "{\"id\":\"top\",\"size\":[16,16],\"rate\":25,\"background\":\"#808080\",\"tracks\":[{\"clips\":["
    "{\"sequence\":\"cams\",\"duration\":1%s}]}]},"
    "{\"id\":\"cams\",\"size\":[16,16],\"rate\":25%s,\"tracks\":[{\"clips\":[{\"asset\":\"r\",\"duration\":2}]},"
    "{\"kind\":\"audio\"},{\"hide\":true,\"clips\":[{\"asset\":\"g\",\"duration\":2}]},"
    "{\"clips\":[{\"asset\":\"b\",\"duration\":2}]}]}]}";

static void check_seen(const char *clip, const char *sequence, int r, int g, int b)
{
    char json[2000];
    kit_film film;
    snprintf(json, sizeof json, angles, clip, sequence);
    CHECK(kit_load(&film, json));
    kf_compiled *compiled = kit_compile(&film, 0.5, 16, 16);
    kf_graph_output output = kit_output(compiled, KF_PIX_RGBA8, 16, 16);
    kf_frame *frame = kit_render_ref(compiled, &output);
    for (int c = 0; frame && c < 3; c++) {
        double got = kit_sample(&frame->image, 0, 4 * 8 + c, 8);
        CHECK_MSG(got == (c == 0 ? r : c == 1 ? g : b), "%s%s: component %d is %g", clip, sequence, c, got);
    }
    CHECK(frame != NULL);
    kf_frame_unref(frame);
    kf_compiled_release(compiled);
    kit_drop(&film);
}

#define MULTICAM ",\"multicam\":true"
TEST(one_angle_is_seen)
{
    check_seen("", MULTICAM, 0, 0, 255);
    check_seen(",\"angle\":0", MULTICAM, 0, 0, 255);
    check_seen(",\"angle\":1", MULTICAM, 255, 0, 0);
    check_seen(",\"angle\":2", MULTICAM, 0, 255, 0);
    check_seen(",\"angle\":3", MULTICAM, 0, 0, 255);
    check_seen(",\"angle\":4", MULTICAM, 128, 128, 128);
    check_seen(",\"angle\":1", "", 0, 0, 255);
    check_seen(",\"audio_angle\":1", MULTICAM, 0, 0, 255);
}

/* Cuts between angles of one sequence: each clip keeps its own. */
TEST(cuts_between_angles)
{
    static const char *const film =
        "{\"kerf\":1,\"assets\":{\"r\":\"flat:ff0000\",\"b\":\"flat:0000ff\"},\"sequences\":["
        "{\"id\":\"top\",\"size\":[16,16],\"rate\":25,\"tracks\":[{\"clips\":["
        "{\"sequence\":\"cams\",\"duration\":1,\"angle\":1},{\"sequence\":\"cams\",\"in\":1,\"duration\":1,"
        "\"angle\":2},"
        "{\"sequence\":\"cams\",\"in\":2,\"duration\":1,\"angle\":1}]}]},"
        "{\"id\":\"cams\",\"multicam\":true,\"size\":[16,16],\"rate\":25,\"tracks\":["
        "{\"clips\":[{\"asset\":\"r\",\"duration\":4}]},{\"clips\":[{\"asset\":\"b\",\"duration\":4}]}]}]}";
    kit_film f;
    REQUIRE(kit_load(&f, film));
    for (int i = 0; i < 3; i++) {
        kf_compiled *compiled = kit_compile(&f, i + 0.5, 16, 16);
        kf_graph_output output = kit_output(compiled, KF_PIX_RGBA8, 16, 16);
        kf_frame *frame = kit_render_ref(compiled, &output);
        CHECK(frame && kit_sample(&frame->image, 0, 4 * 8, 8) == (i == 1 ? 0 : 255));
        CHECK_STR(f.calls.asked, i == 1 ? "flat:0000ff " : "flat:ff0000 ");
        kf_frame_unref(frame);
        kf_compiled_release(compiled);
    }
    kit_drop(&f);
}

/* Angle 1 is at 0.25, angle 2 at 0.125, muted; a track of sound at 0.0625. */
static void check_heard(const char *clip, const char *sequence, double value)
{
    static const char *const film =
        "{\"kerf\":1,\"assets\":{\"quarter\":\"quarter\"},\"sequences\":["
        "{\"id\":\"top\",\"size\":[16,16],\"rate\":25,\"limiter\":false,\"tracks\":[{\"clips\":["
        "{\"sequence\":\"cams\",\"duration\":1%s},{\"sequence\":\"cams\",\"duration\":1,\"audio_angle\":1}]}]},"
        "{\"id\":\"cams\",\"size\":[16,16],\"rate\":25%s,\"tracks\":["
        "{\"clips\":[{\"asset\":\"quarter\",\"duration\":2}]},"
        "{\"kind\":\"audio\",\"gain\":-12.041199826559248,\"clips\":[{\"asset\":\"quarter\",\"duration\":2}]},"
        "{\"mute\":true,\"gain\":-6.020599913279624,\"clips\":[{\"asset\":\"quarter\",\"duration\":2}]}]}]}";
    char json[2000];
    sound s;
    snprintf(json, sizeof json, film, clip, sequence);
    CHECK(sound_load_json(&s, json));
    double got = s.renderer ? sound_at(&s, 24000, 0) : NAN;
    CHECK_MSG(fabs(got - value) < 1e-6, "%s%s: %g, expected %g", clip, sequence, got, value);
    got = s.renderer ? sound_at(&s, 72000, 0) : NAN;
    CHECK_NEAR(got, *sequence ? 0.25 : 0.3125, 1e-6);
    sound_drop(&s);
}

TEST(one_angle_is_heard)
{
    check_heard("", MULTICAM, 0.3125);
    check_heard(",\"angle\":2", MULTICAM, 0.3125);
    check_heard(",\"audio_angle\":1", MULTICAM, 0.25);
    check_heard(",\"audio_angle\":2", MULTICAM, 0.125);
    check_heard(",\"audio_angle\":3", MULTICAM, 0);
    check_heard(",\"audio_angle\":2", "", 0.3125);
}

int main(void)
{
    RUN(one_angle_is_seen);
    RUN(cuts_between_angles);
    RUN(one_angle_is_heard);
    kit_finish();
    return test_end();
}
