/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reels: whatever the bytes, there is a film that the model reads, or a message. */
#include "base/api/alloc.h"
#include "fuzz.h"
#include "reel/api/reel.h"

/* Lines of at most 20 bytes: some end within a character. */
static kf_status lines(void *ctx, const kf_reel_text *text, kf_reel_line *out, int32_t capacity, int32_t *count,
                       kf_error *err)
{
    int32_t length = (int32_t)strlen(text->text);
    *count = 0;
    for (int32_t at = 0; at < length; at += 20) {
        int32_t n = length - at < 20 ? length - at : 20;
        if (*count < capacity) {
            out[*count] = (kf_reel_line){at, n, text->size * (float)n / 2};
        }
        ++*count;
    }
    return KF_OK;
}

static kf_status media(void *ctx, const char *file, kf_media_facts *out, kf_error *err)
{
    size_t n = strlen(file);
    if (n % 5 == 0) {
        snprintf(err->message, sizeof err->message, "%.100s: not there", file);
        return err->status = KF_ERR_NOT_FOUND;
    }
    *out = (kf_media_facts){.video = n % 3 != 0, .still = n % 4 == 0, .audio = n % 2, .width = (int32_t)(n * 7),
                            .height = (int32_t)(n * 5), .rate = {(int32_t)n, 1}, .duration = (kf_time)n * KF_SECOND / 7};
    return KF_OK;
}

static void fuzz_one(const char *bytes, size_t length)
{
    const kf_reel_resolver resolver = {NULL, lines, media};
    kf_str film = {0};
    kf_error err = {0};
    kf_status status = kf_reel_make(bytes, length, &resolver, NULL, &film, NULL, &err);
    FUZZ_REQUIRE(status == KF_OK ? film.length > 0 : err.message[0] && err.status == status);
    kf_str_finish(&film);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "{\"template\":\"aurora\",\"videoSettings\":{\"resolution\":\"720x1280\",\"fps\":29.97,\"brainrotMode\":true,"
    "\"footageUrl\":\"ab.mp4\"},\"audioSettings\":{\"music\":\"abc.wav\",\"soundEffects\":\"pop\",\"voices\":[\"a.wav\",null]},"
    "\"chatOverlay\":{\"typingIndicator\":true,\"readMarks\":true,\"avatar\":\"a.png\"},\"messages\":[{\"sender\":\"Anna\","
    "\"text\":\"Hello you there, how are you today?\"},{\"sender\":\"me\",\"image\":\"b.png\"}]}",
    "{\"template\":\"terminal\",\"animationSettings\":{\"messageAnimationType\":\"typewriter\",\"animationSpeed\":2,"
    "\"transitionDuration\":300,\"baseDelay\":1,\"messageDelay\":0.2},\"backgroundSettings\":{\"gradientColors\":[\"#123\",[0.5,"
    "\"#abcdef\"],[1,0,0.5]],\"backgroundOpacity\":50},\"messages\":[{\"text\":\"a\",\"audioDuration\":2.5,\"delay\":1}]}",
    "{\"type\":\"chat\",\"inputPath\":\"abcd.mp4\",\"settings\":{\"width\":720,\"height\":1280},\"input\":{\"config\":"
    "\"{\\\"messages\\\":[{\\\"text\\\":\\\"a\\\"}]}\"}}", NULL};
static const char *const dictionary[] = {"\"text\":", "\"side\":\"right\"", "\"audio\":\"a.wav\"", "\"duration\":", "-1", "1e30",
    "0.001", "null", "true", "\"\"", "[]", "{}", "\"\\n\"", "\"https://a.b/c\"", "\"template\":\"comic\"", "\"#fff\"", NULL};
#endif
FUZZ_MAIN(corpus, dictionary)
