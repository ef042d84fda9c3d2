/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with a config is said with its path and a way out; whatever it holds, nothing breaks. */
#include <time.h>

#include "base/api/alloc.h"
#include "reel_util.h"

static void check_error(const char *config, kf_status status, const char *message)
{
    util_reel r = util_make(config);
    CHECK_MSG(r.status == status, "%s: status %d (%s)", config, r.status, r.error.message);
    CHECK_MSG(strstr(r.error.message, message), "\"%s\" lacks \"%s\"", r.error.message, message);
    CHECK(r.film.length == 0);
    util_finish(&r);
}

#define ONE "\"messages\":[{\"text\":\"a\"}]"

TEST(names_unknown_keys)
{
    check_error("{\"videoSetings\":{}}", KF_ERR_INVALID, "videoSetings: unknown; did you mean \"videoSettings\"?");
    check_error("{\"videoSettings\":{\"fsp\":30}," ONE "}", KF_ERR_INVALID, "videoSettings.fsp: unknown; did you mean \"fps\"?");
    check_error("{\"messages\":[{\"text\":\"a\"},{\"txt\":\"b\"}]}", KF_ERR_INVALID,
                "messages[1].txt: unknown; did you mean \"text\"?");
    check_error("{\"template\":\"modern-ligth\"," ONE "}", KF_ERR_INVALID, "did you mean \"modern-light\"?");
    check_error("{\"animationSettings\":{\"messageAnimationType\":\"slid\"}," ONE "}", KF_ERR_INVALID,
                "animationSettings.messageAnimationType: \"slid\" is unknown; did you mean \"slide\"?");
    check_error("{\"settings\":{\"widht\":1},\"input\":{\"config\":{}}}", KF_ERR_INVALID,
                "settings.widht: unknown; did you mean \"width\"?");
}

TEST(names_values_out_of_range)
{
    check_error("{\"videoSettings\":{\"fps\":0}," ONE "}", KF_ERR_INVALID, "videoSettings.fps: 0 is out of range: it is from 1 to 240");
    check_error("{\"animationSettings\":{\"baseDelay\":5000}," ONE "}", KF_ERR_INVALID, "it is in seconds");
    check_error("{\"videoSettings\":{\"resolution\":\"1080*1920\"}," ONE "}", KF_ERR_INVALID, "videoSettings.resolution: ");
    check_error("{\"videoSettings\":{\"resolution\":\"1081x1920\"}," ONE "}", KF_ERR_INVALID, "each even");
    check_error("{\"colorCustomization\":{\"sentBubbleColor\":\"blue\"}," ONE "}", KF_ERR_INVALID,
                "colorCustomization.sentBubbleColor: must be a colour");
    check_error("{\"audioSettings\":{\"masterVolume\":\"80\"}," ONE "}", KF_ERR_INVALID, "audioSettings.masterVolume: must be a number");
    check_error("{\"audioSettings\":{\"voices\":{}}," ONE "}", KF_ERR_INVALID, "audioSettings.voices: must be a list");
    check_error("{\"messages\":[{}]}", KF_ERR_INVALID, "messages[0]: says nothing");
    check_error("{}", KF_ERR_INVALID, "there is nothing to show");
    check_error("[]", KF_ERR_INVALID, "a config is an object");
    check_error("{", KF_ERR_PARSE, "reel:1");
}

TEST(names_missing_files)
{
    check_error("{\"messages\":[{\"text\":\"a\",\"audio\":\"gone.ogg\"}]}", KF_ERR_NOT_FOUND, "messages[0].audio: gone.ogg: no such file");
    check_error("{\"messages\":[{\"text\":\"a\",\"audio\":\"a.png\"}]}", KF_ERR_INVALID, "messages[0].audio: a.png has no sound");
    check_error("{\"messages\":[{\"image\":\"1.wav\"}]}", KF_ERR_INVALID, "messages[0].image: 1.wav is neither a picture nor a video");
    check_error("{\"backgroundSettings\":{\"backgroundType\":\"video\"}," ONE "}", KF_ERR_INVALID, "needs a \"backgroundUrl\"");
    check_error("{\"videoSettings\":{\"brainrotMode\":true}," ONE "}", KF_ERR_INVALID, "needs a \"footageUrl\"");
}

TEST(refuses_remote_files)
{
    static const char *const addresses[] = {"http://10.0.0.1/a.wav", "https://evil.test/1.wav", "//evil.test/1.wav",
        "HTTP://good.test@evil.test/1.wav", "ftp://good.test.evil.test/1.wav", "https://notgood.test/1.wav",
        "https://evil.test\\\\.good.test/1.wav", "https://evil.test#.sub.test/1.wav", "https://evil.test?.sub.test/1.wav"};
    static const char *const hosts[] = {"good.test", ".sub.test", NULL};
    kf_reel_options options = {.allowed_hosts = hosts};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char config[300];
        snprintf(config, sizeof config, "{\"messages\":[{\"text\":\"a\",\"audio\":\"%s\"}]}", addresses[i]);
        util_reel r = util_make_with(config, &options);
        CHECK_MSG(r.status == KF_ERR_INVALID && strstr(r.error.message, "remote files are not fetched"), "%s: %s", addresses[i], r.error.message);
        util_finish(&r);
    }
    check_error("{\"messages\":[{\"text\":\"a\",\"audio\":\"file:///etc/passwd\"}]}", KF_ERR_INVALID, "is an address, not a file");
    check_error("{\"messages\":[{\"text\":\"a\",\"audio\":\"concat:a.wav|b.wav\"}]}", KF_ERR_INVALID, "is an address, not a file");
    check_error("{\"audioSettings\":{\"voices\":[\"http://10.0.0.1/1.wav\"]}," ONE "}", KF_ERR_INVALID, "voices[0]: http://10.0.0.1/1.wav is remote");
}

TEST(allows_named_hosts)
{
    static const char *const hosts[] = {"good.test", ".sub.test", NULL};
    static const char *const addresses[] = {"https://good.test/1.wav", "https://GOOD.test:8080/1.wav", "http://a.b.sub.test/1.wav",
        "https://user@good.test/1.wav"};
    kf_reel_options options = {.allowed_hosts = hosts};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char config[300];
        snprintf(config, sizeof config, "{\"messages\":[{\"text\":\"a\",\"audioDuration\":1,\"audio\":\"%s\"}]}", addresses[i]);
        util_reel r = util_make_with(config, &options);
        CHECK_MSG(r.status == KF_OK, "%s: %s", addresses[i], r.error.message);
        util_finish(&r);
    }
}

/* ---- Mutations ---- */

static const char rich[] =
    "{\"template\":\"aurora\",\"videoSettings\":{\"duration\":9,\"resolution\":\"720x1280\",\"fps\":29.97,\"quality\":\"ultra\","
    "\"brainrotMode\":true,\"footageUrl\":\"5000.mp4\"},\"audioSettings\":{\"masterVolume\":70,\"music\":\"2000.wav\",\"ducking\":true,"
    "\"soundEffects\":\"pop\",\"voices\":[\"800.wav\",null]},\"backgroundSettings\":{\"backgroundType\":\"gradient\",\"gradientColors\":"
    "[\"#123\",[0.5,\"#abcdef80\"],[1,0.5,0]],\"backgroundOpacity\":90},\"animationSettings\":{\"messageAnimationType\":\"typewriter\","
    "\"animationSpeed\":1.5,\"transitionDuration\":300,\"messageDelay\":0.1},\"colorCustomization\":{\"sentBubbleColor\":[0,0.5,1]},"
    "\"chatOverlay\":{\"showStatusBar\":true,\"typingIndicator\":true,\"readMarks\":true,\"name\":\"\xD7\xA9\",\"avatar\":\"a.png\"},"
    "\"messages\":[{\"sender\":\"Anna\",\"text\":\"Hi \xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\\nthere\"},{\"sender\":\"me\",\"text\":\"b\",\"image\":\"b.png\"},"
    "{\"side\":\"right\",\"audio\":\"900.wav\",\"delay\":0.3},{\"text\":\"\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85\",\"audioDuration\":1.25}]}";

static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static char other_digit(char c, uint32_t random)
{
    return c >= '0' && c <= '9' ? (char)('0' + random % 10) : c;
}

/* Another digit; another value or key in place of one; bytes that make no sense. */
static size_t mutate(char *text, size_t length, size_t capacity, uint32_t *random)
{
    static const char *const pieces[] = {"-1", "1e308", "null", "true", "\"\"", "[]", "{}", "\"#\"", "0", "99999999999999999999",
        "\"\\ud83d\"", "[[[]]]", "0.0001", "\"\\n\\n\"", "\xFF", ",", ":", "\"text\":", "}"};
    for (int i = 0; i < 60; i++) {
        size_t at = next_random(random) % length;
        text[at] = other_digit(text[at], next_random(random));
    }
    for (uint32_t n = next_random(random) % 3; n > 0; n--) {
        const char *piece = pieces[next_random(random) % (sizeof pieces / sizeof *pieces)];
        size_t size = strlen(piece), at = next_random(random) % length, cut = strcspn(text + at, ",:]}[{");
        if (next_random(random) % 3 == 0) {
            text[at] = (char)(next_random(random) % 256);
            text[at] = text[at] ? text[at] : 'x';
            continue;
        }
        at += next_random(random) % 2 && text[at] && strchr(",:[{", text[at]) ? 1 : 0;
        cut = at + cut > length ? length - at : cut;
        if (length - cut + size >= capacity) {
            continue;
        }
        memmove(text + at + size, text + at + cut, length - at - cut + 1);
        memcpy(text + at, piece, size);
        length += size - cut;
    }
    return length;
}

TEST(survives_mutations)
{
    const char *rounds = getenv("KF_REEL_MUTATIONS");
    int count = rounds ? atoi(rounds) : 1000, good = 0;
    uint32_t random = 2463534242u;
    for (int i = 0; i < count; i++) {
        char text[4096];
        memcpy(text, rich, sizeof rich);
        size_t length = mutate(text, sizeof rich - 1, sizeof text, &random);
        kf_str film = {0};
        kf_error error = {0};
        kf_reel_output output;
        kf_status status = kf_reel_make(text, length, &util_resolver, NULL, &film, &output, &error);
        good += status == KF_OK;
        CHECK_MSG(status == KF_OK || error.message[0], "status %d without a message", status);
        CHECK_MSG(status != KF_ERR_INTERNAL, "%s\n%s", error.message, text);
        CHECK_MSG(status == KF_OK || !strstr(error.message, "sequences["), "the film is wrong: %s\n%s", error.message, text);
        CHECK((film.length > 0) == (status == KF_OK));
        kf_str_finish(&film);
    }
    CHECK_MSG(count < 500 || good > count / 50, "only %d of %d were good", good, count);
}

TEST(survives_failing_allocations)
{
    kf_alloc_fail_from(0);
    util_reel whole = util_make(rich);
    uint64_t all = kf_alloc_count();
    CHECK_MSG(whole.status == KF_OK, "%s", whole.error.message);
    util_finish(&whole);
    for (uint64_t n = 1; n <= all; n += 1 + n / 40) {
        kf_str film = {0};
        kf_error error = {0};
        kf_alloc_fail_from(n);
        kf_status status = kf_reel_make(rich, sizeof rich - 1, &util_resolver, NULL, &film, NULL, &error);
        kf_alloc_fail_from(0);
        CHECK_MSG(status == KF_ERR_MEMORY || status == KF_OK, "allocation %d: status %d: %s", (int)n, status, error.message);
        kf_str_finish(&film);
    }
}

/* ---- Documents ---- */

static char *read_docs(void)
{
    char *bytes = NULL;
    size_t length = 0;
    return kf_file_read(KF_SOURCE_ROOT "/docs/reel.md", 1 << 20, &bytes, &length, NULL) == KF_OK ? bytes : NULL;
}

TEST(the_reference_is_as_the_tables_are)
{
    kf_str reference = {0};
    char *docs = read_docs();
    REQUIRE(docs && kf_reel_reference_write(&reference, NULL) == KF_OK);
    const char *there = strstr(docs, "\n## Reference\n");
    CHECK_MSG(there && strcmp(there + strlen("\n## Reference\n"), reference.data) == 0,
              "put what `build/tests/reel/test_reel_config reference` prints after \"## Reference\" in docs/reel.md");
    kf_free(docs);
    kf_str_finish(&reference);
}

TEST(the_schema_is_json)
{
    kf_str schema = {0};
    kf_json_doc *doc = NULL;
    kf_error error = {0};
    REQUIRE(kf_reel_schema_write(&schema, &error) == KF_OK);
    REQUIRE(kf_json_parse(schema.data, schema.length, "schema", 0, &doc, &error) == KF_OK);
    const kf_json *p = kf_json_get(kf_json_root(doc), "properties");
    CHECK_STR(util_text(p, "videoSettings.properties.resolution.default"), "1080x1920");
    CHECK_NEAR(util_number(p, "audioSettings.properties.masterVolume.default"), 80, 0);
    CHECK_NEAR(util_number(p, "animationSettings.properties.transitionDuration.default"), 500, 0);
    CHECK_STR(util_text(p, "template.default"), "modern-light");
    CHECK_STR(util_text(p, "messages.items.properties.side.default"), "auto");
    kf_json_free(doc);
    kf_str_finish(&schema);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "reference") == 0) {
        kf_str reference = {0};
        kf_status status = kf_reel_reference_write(&reference, NULL);
        fputs(reference.data ? reference.data : "", stdout);
        kf_str_finish(&reference);
        return (int)status;
    }
    RUN(names_unknown_keys);
    RUN(names_values_out_of_range);
    RUN(names_missing_files);
    RUN(refuses_remote_files);
    RUN(allows_named_hosts);
    RUN(survives_mutations);
    RUN(survives_failing_allocations);
    RUN(the_reference_is_as_the_tables_are);
    RUN(the_schema_is_json);
    return test_end();
}
