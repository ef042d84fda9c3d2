/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound of films: every sample comes from where the film says, after hours too; gains, fades, pans, ducks, tones. */
#include "sound_kit.h"

static double worst_late, worst_early; /* samples off the exact place at normal speed */

/* At `sample` is source position `want`, or up to a sample after it (the first sample at or after a time). */
static void check_place(sound *s, int64_t sample, double want)
{
    double d = sound_error(s, sample, want);
    CHECK_MSG(d > -1e-6 && d < 1, "%.150s: sample %lld is %.3f samples off", s->name, (long long)sample, d);
    if (d > worst_late) worst_late = d;
    if (d < worst_early) worst_early = d;
}

static void check_silent(sound *s, int64_t sample)
{
    CHECK_MSG(sound_at(s, sample, 0) == 0, "%.150s: sample %lld is %g, not silent", s->name, (long long)sample,
        sound_at(s, sample, 0));
}

static void check_value(sound *s, int64_t sample, int channel, double want, double tolerance)
{
    double got = sound_at(s, sample, channel);
    CHECK_MSG(fabs(got - want) <= tolerance, "%.200s: sample %lld of channel %d is %.6f, expected %.6f", s->name,
        (long long)sample,
              channel, got, want);
}

#define LOAD(s, tracks, more) \
    sound s; \
    bool s##_loaded = sound_load(&s, tracks, more); \
    CHECK_MSG(s##_loaded, "%.200s", tracks); \
    if (!s##_loaded) { \
        sound_drop(&s); \
        return; \
    }

/* ---- Positions ---- */

TEST(clips_lie_on_their_samples)
{
    LOAD(s, "{\"clips\":[{\"gap\":1},{\"asset\":\"ramp\",\"in\":3,\"duration\":2},{\"asset\":\"ramp\",\"in\":0.5,"
        "\"duration\":1}]}", NULL);
    check_silent(&s, 47999);
    CHECK_NEAR(sound_error(&s, 48000, 144000), 0, 0);
    CHECK_NEAR(sound_error(&s, 100000, 196000), 0, 0);
    CHECK_NEAR(sound_error(&s, 143999, 239999), 0, 0);
    CHECK_NEAR(sound_error(&s, 144000, 24000), 0, 0);
    CHECK_NEAR(sound_error(&s, 191999, 71999), 0, 0);
    check_silent(&s, 192000);
    CHECK_INT(kf_audio_graph_end(kf_compiled_audio_graph(s.audio)), 192000);
    sound_drop(&s);
}

/* Cuts at every frame of 29.97: frames are 1601.6 samples (48 kHz) or 1471.47 (44.1 kHz). */
static void check_cuts(int rate)
{
    enum { CUTS = 500 };
    char more[120];
    kf_str tracks = {0};
    kf_rational fps = {30000, 1001};
    kf_str_add(&tracks, "{\"clips\":[");
    for (int i = 0; i < CUTS; i++)
        kf_str_addf(&tracks, "%s{\"asset\":\"ramp\",\"in\":\"%df\",\"duration\":\"1f\"}", i ? "," : "", (i * 37) % 200);
    kf_str_add(&tracks, "]}");
    snprintf(more, sizeof more, "\"sample_rate\":%d", rate);
    kf_str film = {0};
    kf_str_addf(&film, "{\"kerf\":1,\"assets\":{\"ramp\":\"ramp\"},\"size\":[16,16],\"rate\":29.97,\"limiter\":false,"
        "%s,\"tracks\":[%s]}",
                more, tracks.data);
    sound s;
    REQUIRE(sound_load_json(&s, film.data));
    s.name = more;
    for (int i = 0; i < CUTS; i++) {
        kf_time from = kf_frame_start(i, fps), in = kf_frame_start((i * 37) % 200, fps);
        int64_t first = kf_sample_at(from, rate), last = kf_sample_at(kf_frame_start(i + 1, fps), rate) - 1;
        double shift = ((double)in - (double)from) / (double)KF_SECOND * rate;
        check_place(&s, first, (double)first + shift);
        check_place(&s, last, (double)last + shift);
    }
    sound_drop(&s);
    kf_str_finish(&tracks);
    kf_str_finish(&film);
}

TEST(cuts_at_every_frame)
{
    check_cuts(48000);
    check_cuts(44100);
    check_cuts(96000);
}

TEST(nothing_drifts_in_ten_hours)
{
    static const char tracks[] =
        "{\"clips\":[{\"asset\":\"ramp\",\"duration\":36010}]},"
        "{\"mute\":true,\"clips\":[{\"asset\":\"ramp\",\"duration\":1}]}";
    LOAD(s, tracks, "\"sample_rate\":44100");
    for (int64_t at = 0; at < INT64_C(36010) * 44100; at += 44100 * INT64_C(3600) - 12345)
        CHECK_NEAR(sound_error(&s, at, (double)(at % SOUND_WRAP)), 0, 0);
    check_silent(&s, INT64_C(36010) * 44100);
    sound_drop(&s);

    /* a clip at 10 h and a third of a frame, and its twin in a nested sequence */
    static const char late[] = "{\"kerf\":1,\"assets\":{\"ramp\":\"ramp\"},\"sequences\":[{\"id\":\"top\",\"size\":[16,"
        "16],\"rate\":25,"
        "\"limiter\":false,\"tracks\":[{\"clips\":[{\"gap\":36000.0133},{\"asset\":\"ramp\",\"in\":0.7,\"duration\":2},"
        "{\"sequence\":\"in\",\"in\":35999.5,\"duration\":2}]}]},{\"id\":\"in\",\"size\":[16,16],\"rate\":25,"
            "\"tracks\":[{\"clips\":["
        "{\"gap\":35999},{\"asset\":\"ramp\",\"duration\":10}]}]}]}";
    REQUIRE(sound_load_json(&s, late));
    int64_t first = 1728000639; /* ceil(36000.0133 * 48000 = 1728000638.4) */
    check_silent(&s, first - 1);
    for (int64_t i = first; i < first + 96000; i += 7919) check_place(&s, i, (double)(i - first) + 0.6 + 33600);
    int64_t second = first + 96000;
    for (int64_t i = second; i < second + 96000; i += 7919) check_place(&s, i, (double)(i - second) + 0.6 + 24000);
    sound_drop(&s);
}

/* ---- Speed, reverse, loops, remaps ---- */

static void check_speed(const char *clip, double in, double slope, double tolerance)
{
    char tracks[400];
    snprintf(tracks, sizeof tracks, "{\"clips\":[{\"gap\":1},{\"asset\":\"ramp\",\"pitch_preserve\":false,%s}]}", clip);
    LOAD(s, tracks, NULL);
    check_silent(&s, 47000);
    for (int i = 100; i < 90000; i += 9973) {
        double d = sound_error(&s, 48000 + i, in * 48000 + slope * i);
        CHECK_MSG(fabs(d) <= tolerance, "%s: sample %d is %.4f samples off", clip, i, d);
    }
    sound_drop(&s);
}

TEST(speeds_and_reverse)
{
    check_speed("\"in\":2,\"duration\":2,\"speed\":2", 2, 2, 0.1);
    check_speed("\"in\":2,\"duration\":2,\"speed\":\"1/3\"", 2, 1 / 3.0, 0.1);
    check_speed("\"in\":2,\"duration\":2,\"speed\":\"1001/1000\"", 2, 1.001, 0.1);
    check_speed("\"in\":2,\"duration\":2,\"reverse\":true", 4 - 1 / 48000.0, -1, 0);
    check_speed("\"in\":2,\"duration\":2,\"speed\":-2", 6 - 1 / 48000.0, -2, 0.1);
}

TEST(loops)
{
    LOAD(s, "{\"clips\":[{\"asset\":\"ramp\",\"in\":1,\"out\":1.5,\"loop\":true,\"duration\":4}]}", NULL);
    for (int i = 0; i < 192000; i += 7919) CHECK_NEAR(sound_error(&s, i, 48000 + i % 24000), 0, 0);
    sound_drop(&s);
    sound_end = 2 * KF_SECOND;
    LOAD(whole, "{\"clips\":[{\"asset\":\"ramp\",\"in\":0.5,\"loop\":true,\"duration\":9}]}", NULL);
    sound_end = KF_TIME_NONE;
    for (int i = 0; i < 432000; i += 7919) CHECK_NEAR(sound_error(&whole, i, 24000 + i % 72000), 0, 0);
    sound_drop(&whole);
}

static void check_mute_outside(sound *s, int64_t first, int64_t last)
{
    check_silent(s, first - 1);
    check_silent(s, last + 1);
}

TEST(remaps)
{
    static const char linear[] = "{\"clips\":[{\"asset\":\"ramp\",\"duration\":6,\"pitch_preserve\":false,"
        "\"remap\":[{\"t\":1,\"source\":5},"
        "{\"t\":2,\"source\":6},{\"t\":4,\"source\":2,\"interp\":\"hold\"},{\"t\":5,\"source\":1}]}]}";
    LOAD(s, linear, NULL);
    check_silent(&s, 24000); /* stands still before the first key */
    for (int i = 100; i < 47900; i += 4999) CHECK_NEAR(sound_error(&s, 48000 + i, 240000 + i), 0, 0);
    for (int i = 100; i < 95900; i += 4999) CHECK_NEAR(sound_error(&s, 96000 + i, 288000 - 2.0 * i), 0, 0.1);
    check_silent(&s, 4 * 48000 + 24000); /* holds */
    check_silent(&s, 5 * 48000 + 24000); /* past the last key */
    sound_drop(&s);

    static const char curved[] = "{\"clips\":[{\"asset\":\"ramp\",\"duration\":10,\"pitch_preserve\":false,"
        "\"remap\":[{\"t\":0,\"source\":1,"
        "\"bezier\":[0.42,0,0.58,1]},{\"t\":10,\"source\":16}]}]}";
    LOAD(curve, curved, NULL);
    double off = 0;
    for (int i = 1000; i < 479000; i += 4999) {
        double want = 48000 + 15 * 48000.0 * kf_bezier_ease((double[]){0.42, 0, 0.58, 1}, i / 480000.0);
        off = fmax(off, fabs(sound_error(&curve, i, want)));
    }
    CHECK_MSG(off < 2, "curved remap: %g samples off", off);
    printf("# curved remap: worst %.2f samples off\n", off);
    sound_drop(&curve);
}

/* ---- What is heard at all ---- */

static void check_heard(const char *tracks, bool heard)
{
    LOAD(s, tracks, NULL);
    CHECK_MSG((sound_at(&s, 24000, 0) != 0) == heard, "%s", tracks);
    CHECK_MSG(kf_compiled_audio_sounds(s.audio) == (heard || strstr(tracks, "mute") || strstr(tracks, "solo")), "%s",
        tracks);
    sound_drop(&s);
}

TEST(who_is_heard)
{
    check_heard("{\"clips\":[{\"asset\":\"quarter\",\"duration\":1}]}", true);
    check_heard("{\"kind\":\"audio\",\"clips\":[{\"asset\":\"quarter\",\"duration\":1}]}", true);
    check_heard("{\"hide\":true,\"clips\":[{\"asset\":\"quarter\",\"duration\":1}]}", true);
    check_heard("{\"clips\":[{\"asset\":\"quarter\",\"duration\":1,\"audio\":false}]}", false);
    check_heard("{\"clips\":[{\"asset\":\"quarter\",\"duration\":1,\"enabled\":false}]}", false);
    check_heard("{\"clips\":[{\"asset\":\"quarter\",\"duration\":1,\"freeze\":0}]}", false);
    check_heard("{\"clips\":[{\"asset\":\"picture\",\"duration\":1}]}", false);
    check_heard("{\"mute\":true,\"clips\":[{\"asset\":\"quarter\",\"duration\":1}]}", false);
    check_heard("{\"clips\":[{\"asset\":\"quarter\",\"duration\":1}]},{\"solo\":true,\"clips\":[]}", false);
    check_heard("{\"clips\":[{\"generator\":\"solid\",\"duration\":1}]}", false);
    check_heard("{\"clips\":[{\"adjustment\":true,\"duration\":1}]}", false);
    check_heard("{\"clips\":[]}", false);
}

TEST(sound_may_be_heard_later_or_earlier)
{
    LOAD(s, "{\"clips\":[{\"gap\":1},{\"asset\":\"ramp\",\"in\":3,\"duration\":2,\"av_offset\":0.25},"
         "{\"asset\":\"ramp\",\"in\":9,\"duration\":1,\"av_offset\":-0.1}]}", NULL);
    check_mute_outside(&s, 60000, 192000 - 4800 - 1 + 60000);
    CHECK_NEAR(sound_error(&s, 60000, 144000), 0, 0);
    check_silent(&s, 186000 + 6000);
    sound_drop(&s);
    LOAD(before, "{\"clips\":[{\"asset\":\"ramp\",\"in\":3,\"duration\":2,\"av_offset\":-0.5}]}", NULL);
    CHECK_NEAR(sound_error(&before, 0, 168000), 0, 0); /* what would come before the film is cut off */
    CHECK_NEAR(sound_error(&before, 71999, 239999), 0, 0);
    check_silent(&before, 72000);
    sound_drop(&before);
}

/* ---- Fades and transitions ---- */

TEST(fades)
{
    LOAD(s, "{\"clips\":[{\"asset\":\"quarter\",\"duration\":4,\"fade_in\":1,\"fade_in_curve\":\"linear\","
        "\"fade_out\":2}]}", NULL);
    for (int i = 0; i < 48000; i += 4999) check_value(&s, i, 0, 0.25 * (i + 0.5) / 48000, 1e-6);
    check_value(&s, 60000, 1, 0.25, 0);
    for (int i = 0; i < 96000; i += 4999) check_value(&s, 96000 + i, 0, 0.25 * cos((i + 0.5) / 96000 * M_PI / 2), 1e-5);
    sound_drop(&s);
}

TEST(transitions_cross)
{
    /* different recordings: in power */
    LOAD(s, "{\"clips\":[{\"asset\":\"quarter\",\"duration\":2},{\"transition\":\"dissolve\",\"duration\":1},"
         "{\"asset\":\"quarter2\",\"in\":1,\"duration\":2}]}", NULL);
    check_value(&s, 71999, 0, 0.25, 0);
    for (int i = 0; i < 48000; i += 3001) {
        double u = (i + 0.5) / 48000 * M_PI / 2;
        check_value(&s, 72000 + i, 0, 0.25 * (sin(u) + cos(u)), 1e-5);
    }
    check_value(&s, 120000, 0, 0.25, 0);
    sound_drop(&s);
    /* two pieces of one recording that go on: nothing is heard of the cut */
    LOAD(same, "{\"clips\":[{\"asset\":\"ramp\",\"duration\":2},{\"transition\":\"wipe\",\"duration\":1},"
         "{\"asset\":\"ramp\",\"in\":2,\"duration\":2}]}", NULL);
    for (int i = 0; i < 192000; i += 3001) CHECK_NEAR(sound_error(&same, i, i), 0, 0.05);
    check_silent(&same, 192000);
    sound_drop(&same);
    /* from and to nothing, aligned to the clip */
    LOAD(ends, "{\"clips\":[{\"gap\":1},{\"transition\":\"dissolve\",\"duration\":0.5},{\"asset\":\"quarter\","
        "\"duration\":3},"
         "{\"transition\":\"dissolve\",\"duration\":0.5}]}", NULL);
    check_silent(&ends, 47999);
    for (int i = 0; i < 24000; i += 3001) {
        double u = (i + 0.5) / 24000 * M_PI / 2;
        check_value(&ends, 48000 + i, 0, 0.25 * sin(u), 1e-5);
        check_value(&ends, 168000 + i, 0, 0.25 * cos(u), 1e-5);
    }
    check_value(&ends, 100000, 0, 0.25, 0);
    check_silent(&ends, 192000);
    sound_drop(&ends);
}

/* ---- Gain, pan ---- */

static double db(double gain)
{
    return pow(10, gain / 20);
}

TEST(gains_and_pans)
{
    LOAD(s, "{\"gain\":-6,\"clips\":[{\"gap\":1},{\"asset\":\"quarter\",\"duration\":4,\"gain\":{\"keys\":[{\"t\":1,"
        "\"v\":0},"
         "{\"t\":3,\"v\":-20}]}}]}", "\"master_gain\":2");
    check_value(&s, 48000, 0, 0.25 * db(-4), 1e-5);
    for (int i = 0; i <= 96000; i += 6400) check_value(&s, 96000 + i, 0, 0.25 * db(-4 - 20.0 * i / 96000), 1e-5);
    check_value(&s, 239999, 1, 0.25 * db(-24), 1e-5);
    sound_drop(&s);
    LOAD(held, "{\"gain\":{\"keys\":[{\"t\":0,\"v\":-6,\"interp\":\"hold\"},{\"t\":2,\"v\":0}]},"
        "\"clips\":[{\"asset\":\"quarter\","
         "\"duration\":4}]}", NULL);
    check_value(&held, 95900, 0, 0.25 * db(-6), 1e-5);
    check_value(&held, 96000, 0, 0.25, 1e-5);
    sound_drop(&held);
    LOAD(eased, "{\"clips\":[{\"asset\":\"quarter\",\"duration\":4,\"gain\":{\"keys\":[{\"t\":0,\"v\":0,"
        "\"bezier\":[0.25,1,0.75,1]},"
         "{\"t\":2,\"v\":-10}]}}]}", NULL);
    check_value(&eased, 48000, 0, 0.25 * db(-8.75), 0.25 * (db(0.05) - 1));
    sound_drop(&eased);
    LOAD(pan, "{\"pan\":-0.5,\"clips\":[{\"asset\":\"quarter\",\"duration\":4,\"pan\":{\"keys\":[{\"t\":0,\"v\":-1},"
        "{\"t\":4,\"v\":1}]}}]}",
         NULL);
    for (int i = 0; i < 192000; i += 6400) {
        double p = -1 + 2.0 * i / 192000, far = cos(fabs(p) * M_PI / 2);
        check_value(&pan, i, 0, 0.25 * (p > 0 ? far : 1), 2e-4);
        check_value(&pan, i, 1, 0.25 * (p < 0 ? far : 1) * cos(M_PI / 4), 2e-4);
    }
    sound_drop(&pan);
    LOAD(effect, "{\"audio_effects\":[{\"effect\":\"gain\",\"gain\":{\"keys\":[{\"t\":1,\"v\":-144,"
        "\"interp\":\"hold\"},{\"t\":2,\"v\":-3}]}}],"
         "\"clips\":[{\"asset\":\"quarter\",\"duration\":4,\"audio_effects\":[{\"effect\":\"gain\",\"gain\":-2}]}]}",
             NULL);
    check_value(&effect, 48000, 0, 0, 1e-6);
    check_value(&effect, 150000, 0, 0.25 * db(-5), 1e-5);
    sound_drop(&effect);
}

/* Music goes down by 12 dB while the voice is heard, a little before it, and comes back; the voice's track is muted. */
TEST(ducks_listen_to_another_track)
{
    LOAD(s, "{\"name\":\"voice\",\"mute\":true,\"clips\":[{\"gap\":2},{\"generator\":\"tone\",\"duration\":1}]},"
         "{\"audio_effects\":[{\"effect\":\"duck\",\"sidechain\":\"voice\",\"amount\":-12,\"attack\":20,\"hold\":100,"
             "\"release\":100,"
         "\"look_ahead\":100}],\"clips\":[{\"asset\":\"quarter\",\"duration\":6}]}", NULL);
    float left[400], right[400];
    double seen[60];
    for (int i = 0; i < 60; i++) {
        for (int k = 0; k < 12; k++) REQUIRE(sound_render(&s, i * 4800 + k * 400, 400, left, right));
        seen[i] = left[399];
    }
    CHECK_NEAR(seen[10], 0.25, 1e-4);
    CHECK_NEAR(seen[17], 0.25, 0.25 * 0.02);
    CHECK_NEAR(seen[20], 0.25 * db(-12), 0.25 * 0.02); /* down when the voice begins */
    CHECK_NEAR(seen[29], 0.25 * db(-12), 0.25 * 0.01);
    CHECK_NEAR(seen[50], 0.25, 0.25 * 0.02);
    sound_drop(&s);
}

/* ---- Generators ---- */

TEST(tones)
{
    LOAD(s, "{\"clips\":[{\"gap\":1},{\"generator\":\"tone\",\"duration\":2,\"params\":{\"frequency\":440,"
        "\"level\":-12}},"
         "{\"generator\":\"bars\",\"duration\":2,\"params\":{\"tone_level\":-18}},"
         "{\"generator\":\"bars\",\"duration\":1,\"params\":{\"tone\":false}},{\"generator\":\"tone\",\"in\":0.001,"
             "\"duration\":1}]}", NULL);
    check_silent(&s, 40000);
    for (int i = 0; i < 96000; i += 977) check_value(&s, 48000 + i, i & 1, db(-12) * sin(2 * M_PI * 440 * i / 48000.0),
        1e-5);
    for (int i = 0; i < 96000; i += 977) check_value(&s, 144000 + i, i & 1,
        db(-18) * sin(2 * M_PI * 1000 * i / 48000.0), 1e-5);
    for (int i = 0; i < 48000; i += 977) check_silent(&s, 240000 + i);
    for (int i = 0; i < 48000; i += 977) check_value(&s, 288000 + i, 0, 0.1 * sin(2 * M_PI * 1000 * (i + 48) / 48000.0),
        1e-5);
    sound_drop(&s);
}

TEST(countdowns_pip_on_each_second)
{
    LOAD(s, "{\"clips\":[{\"generator\":\"countdown\",\"duration\":5,\"params\":{\"from\":3}}]}", NULL);
    static float left[240000], right[240000];
    REQUIRE(sound_render(&s, 0, 240000, left, right));
    for (int second = 0; second < 5; second++) {
        double loud = 0, after = 0;
        for (int i = 0; i < 48000; i++) {
            double v = fabs(left[second * 48000 + i]);
            if (i < 4000) loud = fmax(loud, v);
            else after = fmax(after, v);
        }
        CHECK_NEAR(loud, second < 3 ? 0.1 : 0, 1e-4);
        CHECK_NEAR(after, 0, 0);
    }
    sound_drop(&s);
}

/* ---- Nested sequences ---- */

#define NESTED(clips, inner_keys, inner_tracks) "{\"kerf\":1,\"assets\":{\"ramp\":\"ramp\",\"quarter\":\"quarter\"}," \
    "\"sequences\":[" \
    "{\"id\":\"top\",\"size\":[16,16],\"rate\":25,\"limiter\":false,\"tracks\":[{\"clips\":[" clips "]}]}," \
    "{\"id\":\"in\",\"size\":[16,16],\"rate\":30,\"sample_rate\":44100" inner_keys ",\"tracks\":[" inner_tracks "]}]}"

TEST(nested_sequences)
{
    sound s;
    REQUIRE(sound_load_json(&s, NESTED("{\"gap\":2},{\"sequence\":\"in\",\"in\":0.5,\"duration\":3},"
        "{\"sequence\":\"in\",\"reverse\":true,"
                            "\"in\":1,\"duration\":2}", "", "{\"clips\":[{\"gap\":1},{\"asset\":\"ramp\",\"in\":3,"
                                "\"duration\":9}]}")));
    check_silent(&s, 96000 + 23999);
    for (int i = 0; i < 120000; i += 7919) CHECK_NEAR(sound_error(&s, 96000 + 24000 + i, 144000 + i), 0, 0);
    for (int i = 0; i < 96000; i += 7919) CHECK_NEAR(sound_error(&s, 240000 + i, 144000 + 95999 - i), 0, 0);
    sound_drop(&s);
    REQUIRE(sound_load_json(&s, NESTED("{\"sequence\":\"in\",\"loop\":true,\"duration\":9}", "",
                                       "{\"clips\":[{\"asset\":\"ramp\",\"duration\":2}]}")));
    for (int i = 0; i < 432000; i += 7919) CHECK_NEAR(sound_error(&s, i, i % 96000), 0, 0);
    sound_drop(&s);
    REQUIRE(sound_load_json(&s, NESTED("{\"sequence\":\"in\",\"duration\":2,\"gain\":-3}", ",\"master_gain\":-4",
                                       "{\"gain\":-5,\"clips\":[{\"asset\":\"quarter\",\"duration\":9}]},"
                                       "{\"mute\":true,\"clips\":[{\"asset\":\"quarter\",\"duration\":9}]}")));
    s.name = "nested gains";
    check_value(&s, 5000, 0, 0.25 * db(-12), 1e-5);
    sound_drop(&s);
}

/* Far more sequences with sound than a film usually has, the last of which nests another. */
TEST(hundreds_of_nested_sequences)
{
    enum { COUNT = 300 };
    kf_str json = {0};
    kf_str_add(&json, "{\"kerf\":1,\"assets\":{\"quarter\":\"quarter\"},\"sequences\":[{\"id\":\"top\",\"size\":[16,"
        "16],\"rate\":25,"
               "\"limiter\":false,\"tracks\":[{\"clips\":[");
    for (int i = 0; i < COUNT; i++) kf_str_addf(&json, "%s{\"sequence\":\"s%d\",\"duration\":1}", i ? "," : "", i);
    kf_str_add(&json, "]}]}");
    for (int i = 0; i < COUNT; i++) {
        kf_str_addf(&json, ",{\"id\":\"s%d\",\"size\":[16,16],\"rate\":25,"
            "\"tracks\":[{\"clips\":[{\"asset\":\"quarter\",\"duration\":1}",
                    i);
        if (i > 250 && i < COUNT - 1) kf_str_addf(&json, ",{\"sequence\":\"s%d\",\"duration\":1}", COUNT - 1);
        kf_str_add(&json, "]}]}");
    }
    kf_str_add(&json, "]}");
    sound s;
    REQUIRE(sound_load_json(&s, json.data));
    s.name = "hundreds";
    for (int i = 0; i < COUNT; i += 23) check_value(&s, i * INT64_C(48000) + 100, 0, 0.25, 0);
    sound_drop(&s);
    kf_str_finish(&json);
}

/* ---- Loudness ---- */

static void check_loudness(const char *more, bool has, double target, double ceiling)
{
    double t = 0, c = 0;
    LOAD(s, "{\"clips\":[{\"asset\":\"quarter\",\"duration\":1}]}", more);
    CHECK(kf_compiled_audio_loudness(s.audio, &t, &c) == has);
    if (has) CHECK_NEAR(t, target, 1e-6);
    if (has) CHECK_NEAR(c, ceiling, 1e-6);
    sound_drop(&s);
}

TEST(loudness_is_told)
{
    check_loudness(NULL, false, 0, 0);
    check_loudness("\"loudness\":-16", true, -16, -1);
    check_loudness("\"audio_effects\":[{\"effect\":\"loudness_normalize\",\"target\":-23,\"ceiling\":-2}]", true, -23,
        -2);
    check_loudness("\"audio_effects\":[{\"effect\":\"loudness_normalize\",\"enabled\":false}]", false, 0, 0);
}

int main(void)
{
    RUN(clips_lie_on_their_samples);
    RUN(cuts_at_every_frame);
    RUN(nothing_drifts_in_ten_hours);
    RUN(speeds_and_reverse);
    RUN(loops);
    RUN(remaps);
    RUN(who_is_heard);
    RUN(sound_may_be_heard_later_or_earlier);
    RUN(fades);
    RUN(transitions_cross);
    RUN(gains_and_pans);
    RUN(ducks_listen_to_another_track);
    RUN(tones);
    RUN(countdowns_pip_on_each_second);
    RUN(nested_sequences);
    RUN(hundreds_of_nested_sequences);
    RUN(loudness_is_told);
    printf("# worst place at normal speed: %.3f samples early, %.3f late\n", -worst_early, worst_late);
    return test_end();
}
