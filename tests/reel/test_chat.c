/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where things are and when, computed by hand: at 1080 px modern-light has letters of 46 px (23 wide here), lines of
 * 58.88, 40 and 26 px between bubble and text, margins of 44, a bar of 232 and 6 px around a strip for tails. */
#include "reel_util.h"

#define TWO "{\"messages\":[{\"sender\":\"Anna\",\"text\":\"Hello\",\"audio\":\"1410.wav\"},{\"sender\":\"me\",\"text\":\"Hi\"}]}"

TEST(places_bubbles_on_both_sides)
{
    util_reel r = util_make(TWO);
    REQUIRE(r.status == KF_OK);
    CHECK_INT(r.output.width, 1080);
    CHECK_INT(r.output.height, 1920);
    CHECK_INT(r.output.crf, 18);
    /* 5 letters are 115 wide: the bubble is 195, made even; 58.88 + 52 = 110.88 high, made even. */
    const kf_json *left = util_clip(&r, "message 1", "bubble", 0), *right = util_clip(&r, "message 2", "bubble", 0);
    CHECK_NEAR(util_number(left, "params.position.0"), 44, 0);
    CHECK_NEAR(util_number(left, "params.position.1"), 6, 0);
    CHECK_STR(util_text(left, "params.fill"), "#e9e9eb");
    /* 2 letters: 46 + 80 = 126 */
    CHECK_NEAR(util_number(right, "params.position.0"), 1080 - 44 - 126, 0);
    CHECK_STR(util_text(right, "params.fill"), "#0a7cff");
    const kf_json *text = util_clip(&r, "message 1", "text", 0);
    CHECK_STR(util_text(text, "params.text"), "Hello");
    CHECK_NEAR(util_number(text, "params.position.0"), 85, 0);  /* 44 + (196 - 115) / 2 */
    CHECK_NEAR(util_number(text, "params.position.1"), 78, 0);  /* 6 + 26 + 58.88 / 2 + 0.36 * 46 */
    CHECK_NEAR(util_number(text, "params.line_height"), 58.88, 1e-4);
    util_finish(&r);
}

TEST(stacks_strips)
{
    util_reel r = util_make(TWO);
    REQUIRE(r.status == KF_OK);
    /* The first begins 30 - 6 below the bar, is 6 + 112 + 6 high; the second comes 30 below its bubble. */
    CHECK_NEAR(util_number(util_clip(&r, "chat", "messages 1", 0), "transform.position.1"), 24, 0);
    CHECK_NEAR(util_number(util_clip(&r, "chat", "messages 2", 0), "transform.position.1"), 24 + 112 + 30, 0);
    const kf_json *chat = util_clip(&r, "main", "chat", 0);
    CHECK_NEAR(util_number(chat, "transform.position.1"), 232, 0);
    CHECK(!util_track(&r, "chat", "scroll"));
    util_finish(&r);
}

TEST(follows_voices)
{
    util_reel r = util_make(TWO);
    REQUIRE(r.status == KF_OK);
    /* 1.41 s is 42.3 frames: the second message comes with frame 43, and stays for 2 s: 3.41 s are 102.3 frames. */
    CHECK_NEAR(util_time(util_clip(&r, "chat", "messages 2", 0), "start"), 43 / 30.0, 1e-9);
    CHECK_INT(r.output.duration, kf_frame_start(103, r.output.rate));
    const kf_json *voice = util_clip(&r, "main", "voice", 0);
    CHECK_NEAR(util_time(voice, "start"), 0, 0);
    CHECK_NEAR(util_time(voice, "duration"), 1.41, 1e-9);
    CHECK_STR(util_text(voice, "name"), "Anna");
    CHECK_INT(r.output.audio_bitrate, 128000);
    util_finish(&r);
}

TEST(adds_times_up_exactly)
{
    util_reel r = util_make("{\"animationSettings\":{\"baseDelay\":0.25,\"messageDelay\":0.1},\"messages\":["
                            "{\"text\":\"a\",\"audioDuration\":0.71},{\"text\":\"b\",\"delay\":0.5,\"audioDuration\":1},"
                            "{\"text\":\"c\",\"audio\":\"1500.wav\"}]}");
    REQUIRE(r.status == KF_OK);
    CHECK_NEAR(util_time(util_clip(&r, "chat", "messages 1", 0), "start"), 8 / 30.0, 1e-9);  /* 0.25: 7.5 frames */
    CHECK_NEAR(util_time(util_clip(&r, "chat", "messages 2", 0), "start"), 47 / 30.0, 1e-9); /* 1.56: 46.8 */
    CHECK_NEAR(util_time(util_clip(&r, "chat", "messages 3", 0), "start"), 80 / 30.0, 1e-9); /* 2.66: 79.8 */
    CHECK_INT(r.output.duration, kf_frame_start(125, r.output.rate));                       /* 4.16: 124.8 */
    util_finish(&r);
}

TEST(takes_voices_from_the_list)
{
    util_reel r = util_make("{\"voiceAudioSettings\":{\"voices\":[null,\"3000.wav\"]},\"audioSettings\":{\"masterVolume\":50},"
                            "\"messages\":[{\"text\":\"a\"},{\"text\":\"b\"}]}");
    REQUIRE(r.status == KF_OK);
    CHECK_INT(r.output.duration, 5 * KF_SECOND);
    CHECK_NEAR(util_time(util_clip(&r, "main", "voice", 0), "start"), 2, 1e-9);
    CHECK_NEAR(util_number(util_find(kf_json_get(kf_json_root(r.doc), "sequences"), "id", "main"), "master_gain"), -6.02, 1e-9);
    util_finish(&r);
}

TEST(animates_as_asked)
{
    static const char *const types[] = {"slide", "fade", "pop", "none"};
    static const char *const keys[] = {"transform.offset.keys", "opacity.keys", "transform.scale.keys", "transform.keys"};
    for (int i = 0; i < 4; i++) {
        char config[300];
        snprintf(config, sizeof config, "{\"animationSettings\":{\"messageAnimationType\":\"%s\",\"animationSpeed\":2,"
                 "\"transitionDuration\":800},\"messages\":[{\"text\":\"a\"}]}", types[i]);
        util_reel r = util_make(config);
        REQUIRE(r.status == KF_OK);
        const kf_json *clip = util_clip(&r, "chat", "messages 1", 0), *list = util_at(clip, keys[i]);
        CHECK_MSG((list != NULL) == (i < 3), "%s", types[i]);
        if (list) {
            CHECK_NEAR(util_time(list, "1.t"), 0.4, 1e-9); /* 800 ms at twice the speed */
        }
        CHECK((util_at(clip, "opacity") != NULL) == (i < 3));
        util_finish(&r);
    }
}

TEST(types_letter_by_letter)
{
    util_reel r = util_make("{\"animationSettings\":{\"messageAnimationType\":\"typewriter\"},"
                            "\"messages\":[{\"text\":\"ab\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80!\"}]}");
    REQUIRE(r.status == KF_OK);
    /* Four characters, the third of them a woman, a joiner and a rocket: 45 ms each are 1.35 frames. */
    const kf_json *clips = util_at(util_track(&r, "message 1", "text"), "clips");
    REQUIRE(clips && clips->count == 4);
    CHECK_STR(util_text(clips, "0.params.text"), "a");
    CHECK_STR(util_text(clips, "2.params.text"), "ab\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80");
    CHECK_NEAR(util_time(clips, "1.start"), 2 / 30.0, 1e-9);
    CHECK_NEAR(util_time(clips, "3.start"), 5 / 30.0, 1e-9);
    CHECK_NEAR(util_time(clips, "3.start") + util_time(clips, "3.duration"), 2, 1e-6);
    util_finish(&r);
}

static void add_messages(kf_str *s, int count)
{
    kf_str_add(s, "{\"messages\":[");
    for (int i = 0; i < count; i++) {
        kf_str_addf(s, "%s{\"text\":\"m%d\",\"side\":\"%s\"}", i ? "," : "", i, i % 2 ? "left" : "right");
    }
    kf_str_add(s, "]}");
}

TEST(scrolls_when_it_overflows)
{
    kf_str config = {0};
    add_messages(&config, 30);
    util_reel r = util_make(config.data);
    REQUIRE(r.status == KF_OK);
    /* Each takes 30 + 112: the n-th ends at 142 n. With 44 below, 11 fit into 1688: the 12th moves the chat up. */
    const kf_json *keys = util_at(util_track(&r, "chat", "scroll"), "clips.0.effects.0.offset.keys");
    REQUIRE(keys);
    CHECK_NEAR(util_time(keys, "0.t"), 22, 1e-9);
    CHECK_NEAR(util_number(keys, "0.v.1"), 0, 0);
    CHECK_NEAR(util_time(keys, "1.t"), 22.5, 1e-9);
    CHECK_NEAR(util_number(keys, "1.v.1"), -(12 * 142 + 44 - 1688), 0);
    CHECK_STR(util_text(keys, "1.interp"), "hold");
    CHECK_INT(keys->count, 2 * 19);
    /* What has left is not in the film any more: its track is used again. */
    const kf_json *chat = util_find(kf_json_get(kf_json_root(r.doc), "sequences"), "id", "chat");
    CHECK(util_at(chat, "tracks")->count <= 15);
    const kf_json *first = util_clip(&r, "chat", "messages 1", 0);
    CHECK(util_time(first, "duration") < 30);
    util_finish(&r);
    kf_str_finish(&config);
}

TEST(ducks_and_loops_music)
{
    util_reel r = util_make("{\"audioSettings\":{\"music\":\"1000.wav\",\"duckingAmount\":9,\"musicVolume\":100},"
                            "\"messages\":[{\"text\":\"a\",\"audio\":\"4000.wav\"}]}");
    REQUIRE(r.status == KF_OK);
    const kf_json *track = util_track(&r, "main", "music");
    CHECK_STR(util_text(track, "audio_effects.0.sidechain"), "voice");
    CHECK_NEAR(util_number(track, "audio_effects.0.amount"), -9, 0);
    CHECK(!util_at(track, "gain"));
    CHECK(util_at(track, "clips.0.loop")->boolean);
    CHECK_NEAR(util_time(track, "clips.0.duration"), 4, 1e-9);
    util_finish(&r);
}

TEST(has_backgrounds)
{
    util_reel r = util_make("{\"backgroundSettings\":{\"backgroundType\":\"video\",\"backgroundUrl\":\"1000.mp4\","
                            "\"backgroundColor\":\"#f00\",\"backgroundOpacity\":40,\"blur\":8},\"messages\":[{\"text\":\"a\"}]}");
    REQUIRE(r.status == KF_OK);
    const kf_json *clip = util_clip(&r, "main", "background", 0);
    CHECK_NEAR(util_number(clip, "opacity"), 0.4, 0);
    CHECK_STR(util_text(util_find(kf_json_get(kf_json_root(r.doc), "sequences"), "id", "main"), "background"), "#ff0000");
    CHECK_NEAR(util_number(clip, "effects.0.radius"), 8, 0);
    CHECK(util_at(clip, "loop")->boolean);
    CHECK(!util_at(clip, "audio")->boolean);
    util_finish(&r);
    r = util_make("{\"backgroundSettings\":{\"backgroundType\":\"video\",\"backgroundUrl\":\"1500.mp4\",\"loop\":false},"
                  "\"messages\":[{\"text\":\"a\"}]}");
    REQUIRE(r.status == KF_OK);
    CHECK_NEAR(util_time(util_clip(&r, "main", "background", 1), "freeze"), 1.46, 1e-9); /* the frame before the end */
    CHECK_NEAR(util_time(util_clip(&r, "main", "background", 1), "start"), 1.5, 1e-9);
    util_finish(&r);
    r = util_make("{\"videoSettings\":{\"greenScreen\":true},\"messages\":[{\"text\":\"a\"}]}");
    REQUIRE(r.status == KF_OK);
    CHECK_STR(util_text(util_clip(&r, "main", "background", 0), "params.color"), "#00ff00");
    util_finish(&r);
}

TEST(splits_the_screen)
{
    util_reel r = util_make("{\"videoSettings\":{\"brainrotMode\":true,\"footageUrl\":\"700.mp4\"},\"messages\":[{\"text\":\"a\"}]}");
    REQUIRE(r.status == KF_OK);
    const kf_json *clip = util_clip(&r, "main", "footage", 0);
    CHECK_NEAR(util_number(clip, "transform.box_position.1"), 960, 0);
    CHECK_NEAR(util_number(clip, "transform.box_size.1"), 960, 0);
    CHECK(util_at(clip, "loop")->boolean);
    CHECK_NEAR(util_number(util_find(kf_json_get(kf_json_root(r.doc), "sequences"), "id", "chat"), "size.1"), 960 - 232, 0);
    util_finish(&r);
}

TEST(aligns_by_direction)
{
    util_reel r = util_make("{\"messages\":[{\"text\":\"12 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\"},{\"text\":\"1 a \xD7\xA9\"},{\"text\":\"\xF0\x9F\x98\x80\"}]}");
    REQUIRE(r.status == KF_OK);
    CHECK_STR(util_text(util_clip(&r, "message 1", "text", 0), "params.direction"), "rtl");
    CHECK_STR(util_text(util_clip(&r, "message 1", "text", 0), "params.align"), "right");
    CHECK_STR(util_text(util_clip(&r, "message 2", "text", 0), "params.direction"), "ltr");
    CHECK(!util_track(&r, "message 3", "bubble")); /* nothing but emoji: larger, and no bubble */
    CHECK_NEAR(util_number(util_clip(&r, "message 3", "text", 0), "params.size"), 120, 0);
    util_finish(&r);
}

TEST(breaks_lines_itself)
{
    util_reel r = util_make("{\"messages\":[{\"text\":\"aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd\"}]}");
    REQUIRE(r.status == KF_OK);
    /* 0.74 * 1080 - 80 = 719.2: 31 letters */
    CHECK_STR(util_text(util_clip(&r, "message 1", "text", 0), "params.text"), "aaaaaaaaaa bbbbbbbbbb\ncccccccccc dddddddddd");
    CHECK(!util_at(util_clip(&r, "message 1", "text", 0), "params.max_width"));
    util_finish(&r);
}

TEST(reads_the_older_form)
{
    util_reel r = util_make("{\"type\":\"chat\",\"inputPath\":\"9000.mp4\",\"settings\":{\"width\":720,\"height\":1280,\"fps\":25,"
                            "\"quality\":\"low\"},\"input\":{\"config\":\"{\\\"messages\\\":[{\\\"text\\\":\\\"a\\\"}]}\"}}");
    REQUIRE(r.status == KF_OK);
    CHECK_INT(r.output.width, 720);
    CHECK_INT(r.output.height, 1280);
    CHECK_INT(r.output.rate.num, 25);
    CHECK_INT(r.output.crf, 28);
    CHECK_STR(util_text(util_at(kf_json_root(r.doc), "assets"), "file 1.path"), "9000.mp4");
    util_finish(&r);
    r = util_make("\"{\\\"messages\\\":[{\\\"text\\\":\\\"a\\\"}]}\"");
    CHECK_INT(r.status, KF_OK);
    util_finish(&r);
}

TEST(makes_every_template)
{
    static const char *const names[] = {"modern-light", "modern-dark", "meadow", "aurora", "workspace", "terminal", "comic",
                                        "glass"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char config[800];
        snprintf(config, sizeof config,
                 "{\"template\":\"%s\",\"chatOverlay\":{\"showStatusBar\":true,\"typingIndicator\":true,\"readMarks\":true,"
                 "\"showAvatars\":true,\"showNames\":true,\"avatar\":\"a.png\"},\"audioSettings\":{\"soundEffects\":\"chime\"},"
                 "\"messages\":[{\"sender\":\"Anna\",\"text\":\"a\"},{\"sender\":\"me\",\"text\":\"b\",\"image\":\"b.png\"},"
                 "{\"sender\":\"me\",\"image\":\"b.png\"},{\"sender\":\"Bob\",\"audio\":\"900.wav\"}]}", names[i]);
        util_reel r = util_make(config);
        CHECK_MSG(r.status == KF_OK, "%s: %s", names[i], r.error.message);
        util_finish(&r);
    }
}

TEST(types_before_messages_on_the_left)
{
    util_reel r = util_make("{\"chatOverlay\":{\"typingIndicator\":true},\"messages\":[{\"sender\":\"me\",\"text\":\"a\"},{\"text\":\"b\"}]}");
    REQUIRE(r.status == KF_OK);
    const kf_json *dots = util_clip(&r, "chat", "messages 2", 0);
    CHECK_STR(util_text(dots, "sequence"), "typing");
    CHECK_NEAR(util_time(dots, "start"), 2, 1e-9);
    CHECK_NEAR(util_time(util_clip(&r, "chat", "messages 2", 1), "start"), 3.2, 1e-9);
    CHECK_INT(r.output.duration, 5200 * (KF_SECOND / 1000));
    util_finish(&r);
}

int main(void)
{
    RUN(places_bubbles_on_both_sides);
    RUN(stacks_strips);
    RUN(follows_voices);
    RUN(adds_times_up_exactly);
    RUN(takes_voices_from_the_list);
    RUN(animates_as_asked);
    RUN(types_letter_by_letter);
    RUN(types_before_messages_on_the_left);
    RUN(scrolls_when_it_overflows);
    RUN(ducks_and_loops_music);
    RUN(has_backgrounds);
    RUN(splits_the_screen);
    RUN(aligns_by_direction);
    RUN(breaks_lines_itself);
    RUN(reads_the_older_form);
    RUN(makes_every_template);
    return test_end();
}
