/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each allocation of compiling a frame and a sound fails in turn: KF_ERR_MEMORY, or the whole graph; nothing leaks
 * (under the address sanitizer), and the compiler goes on as if nothing had been. */
#include "sound_kit.h"

/* Everything at once: effects with tables, transitions, mattes, nested and linear sequences, masks, generators. */
static const char film_text[] =
    "{\"kerf\":1,\"assets\":{\"noise\":\"noise\",\"alpha\":\"alpha\",\"turned\":\"turned90:edges\",\"ramp\":\"ramp\"},"
        "\"sequences\":["
    "{\"id\":\"top\",\"size\":[64,40],\"rate\":25,\"working\":\"linear\",\"background\":\"#123\",\"tracks\":["
    "{\"name\":\"a\",\"clips\":[{\"asset\":\"noise\",\"duration\":2,\"effects\":[{\"effect\":\"gamma\",\"gamma\":2},"
        "{\"effect\":\"curves\","
    "\"master\":[[0,0.2],[1,1]]},{\"effect\":\"levels\",\"gamma\":2},{\"effect\":\"lut\",\"file\":\"one.cube\","
        "\"mix\":0.5},"
    "{\"effect\":\"drop_shadow\"},{\"effect\":\"glow\"},{\"effect\":\"transform\",\"crop_left\":0.1,\"scale\":0.9},"
        "{\"effect\":\"mask\","
    "\"shape\":\"polygon\",\"points\":[[0,0],[1,0],[0.5,1]]},{\"effect\":\"invert\",\"alpha\":true},"
        "{\"effect\":\"sharpen\"},"
    "{\"effect\":\"chroma_key\"},{\"effect\":\"grain\"},{\"effect\":\"blur\"}]},{\"transition\":\"%s\",\"duration\":1},"
    "{\"asset\":\"turned\",\"duration\":2,\"transform\":{\"rotation\":20,\"scale\":0.5,\"crop_top\":0.1},"
        "\"opacity\":0.5}]},"
    "{\"name\":\"b\",\"matte\":\"luma\",\"opacity\":0.7,\"effects\":[{\"effect\":\"vignette\"}],"
        "\"clips\":[{\"sequence\":\"in\",\"duration\":3,"
    "\"audio_effects\":[{\"effect\":\"eq\",\"low_gain\":{\"keys\":[{\"t\":0,\"v\":0,\"interp\":\"ease\"},{\"t\":2,"
        "\"v\":3}]}}]}]},"
    "{\"clips\":[{\"asset\":\"alpha\",\"duration\":3}]},"
    "{\"clips\":[{\"adjustment\":true,\"duration\":4,\"opacity\":0.5,\"effects\":[{\"effect\":\"hue\",\"angle\":9},"
        "{\"effect\":\"pixelate\"}]}]},"
    "{\"clips\":[{\"generator\":\"countdown\",\"duration\":4,\"opacity\":0.5,\"blend_mode\":\"screen\"}]},"
    "{\"clips\":[{\"generator\":\"gradient\",\"duration\":4,\"opacity\":0.2}]},"
    "{\"kind\":\"audio\",\"gain\":{\"keys\":[{\"t\":0,\"v\":0,\"interp\":\"ease\"},{\"t\":2,\"v\":-3}]},"
        "\"audio_effects\":[{\"effect\":\"duck\","
    "\"sidechain\":\"a\"},{\"effect\":\"compressor\"}],\"clips\":[{\"asset\":\"ramp\",\"duration\":3,"
        "\"remap\":[{\"t\":0,\"source\":0,"
    "\"interp\":\"ease\"},{\"t\":2,\"source\":4}]}]}]},"
    "{\"id\":\"in\",\"size\":[32,32],\"rate\":30,\"color\":{\"primaries\":\"bt2020\",\"matrix\":\"bt2020\"},"
        "\"tracks\":[{\"clips\":["
    "{\"generator\":\"solid\",\"duration\":9},{\"asset\":\"alpha\",\"duration\":1}]},{\"clips\":[{\"asset\":\"noise\","
        "\"duration\":9,"
    "\"transform\":{\"scale\":0.5}}]}]}]}";

static const char *const transitions[] = {"dissolve", "additive_dissolve", "dip_to_color", "wipe", "slide", "push",
    "zoom",
                                         "luma_matte\",\"file\":\"ramp"};

static bool load(kit_film *film, const char *transition)
{
    char json[5000];
    snprintf(json, sizeof json, film_text, transition);
    return kit_load(film, json);
}

static char *described(kf_compiler *compiler, kf_time t)
{
    kf_compiled *compiled = NULL;
    kf_error err = {0};
    if (kf_compile_frame(compiler, t, &compiled, &err) != KF_OK) printf("# %s\n", err.message);
    char *text = compiled ? kf_graph_describe(compiled->root) : NULL;
    kf_compiled_release(compiled);
    return text;
}

/* One frame with allocation n failing; true: it was compiled without coming so far. */
static bool compile_failing(kf_compiler *compiler, kf_time t, uint64_t n, const char *expected)
{
    kf_compiled *compiled = NULL;
    kf_error err = {0};
    kf_alloc_fail_from(n);
    kf_status status = kf_compile_frame(compiler, t, &compiled, &err);
    bool done = kf_alloc_count() < n;
    kf_alloc_fail_from(0);
    CHECK_MSG(status == KF_OK || (status == KF_ERR_MEMORY && !compiled && err.message[0]),
        "allocation %d: status %d: %s", (int)n,
              (int)status, err.message);
    if (status == KF_OK) {
        char *text = kf_graph_describe(compiled->root);
        CHECK_MSG(strcmp(text, expected) == 0, "allocation %d failed, and something is missing without an error",
            (int)n);
        kf_free(text);
    }
    kf_compiled_release(compiled);
    return done;
}

/* fresh: a compiler for each failure, so that tables and places are made anew. */
static int sweep(const char *transition, kf_time t, bool fresh)
{
    kit_film film;
    kf_compiler *compiler = NULL;
    kf_error err = {0};
    bool loaded = load(&film, transition);
    CHECK(loaded);
    if (!loaded) return 0;
    kf_compiler_params params = {.snapshot = kf_film_snapshot(film.film), .width = 80, .height = 40,
        .sources = &film.sources};
    CHECK(kf_compiler_create(&params, &compiler, &err) == KF_OK);
    char *expected = described(compiler, t);
    int count = 0;
    for (bool done = !expected; !done && count < 3000; ) {
        kf_compiler *used = compiler;
        if (fresh) CHECK(kf_compiler_create(&params, &used, &err) == KF_OK);
        done = compile_failing(used, t, (uint64_t)++count, expected);
        if (fresh) kf_compiler_destroy(used);
    }
    char *after = described(compiler, t);
    CHECK(expected && after && strcmp(expected, after) == 0);
    kf_free(expected);
    kf_free(after);
    kf_compiler_destroy(compiler);
    kit_drop(&film);
    return count;
}

TEST(frames)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        int n = sweep(transitions[i], 2 * KF_SECOND, false);
        CHECK_MSG(n > 20, "%s: %d allocations", transitions[i], n);
    }
}

TEST(frames_of_fresh_compilers)
{
    int n = sweep("push", 2 * KF_SECOND, true);
    CHECK_MSG(n > 40, "%d allocations", n);
    printf("# %d allocations of a frame\n", n);
}

TEST(creating_compilers)
{
    kit_film film;
    REQUIRE(load(&film, "push"));
    kf_compiler_params params = {.snapshot = kf_film_snapshot(film.film), .sources = &film.sources};
    kf_compiler *compiler = NULL;
    for (uint64_t n = 1; n < 20 && !compiler; n++) {
        kf_error err = {0};
        kf_alloc_fail_from(n);
        kf_status status = kf_compiler_create(&params, &compiler, &err);
        kf_alloc_fail_from(0);
        CHECK((status == KF_OK) == (compiler != NULL) && (compiler || status == KF_ERR_MEMORY));
    }
    CHECK(compiler);
    kf_compiler_destroy(compiler);
    kit_drop(&film);
}

TEST(sounds)
{
    kit_film film;
    REQUIRE(load(&film, "push"));
    kf_snapshot snapshot = kf_film_snapshot(film.film);
    kf_compiled_audio *audio = NULL;
    uint64_t n = 0;
    while (!audio && n < 3000) {
        kf_error err = {0};
        kf_alloc_fail_from(++n);
        kf_status status = kf_compile_audio(snapshot, 0, &sound_sources, &audio, &err);
        bool clean = kf_alloc_count() < n;
        kf_alloc_fail_from(0);
        CHECK_MSG(status == KF_OK ? audio && clean : !audio && status == KF_ERR_MEMORY && err.message[0],
            "allocation %d: status %d: %s",
                  (int)n, (int)status, err.message);
    }
    CHECK(audio && n > 3);
    if (audio) CHECK(kf_compiled_audio_sounds(audio));
    printf("# %d allocations of a sound\n", (int)n - 1);
    kf_compiled_audio_destroy(audio);
    kit_drop(&film);
}

/* A source that fails ends the compilation with its own error. */
static kf_status lost(void *ctx, const kf_asset_view *asset, int stream, kf_time t, kf_asset_picture *out,
    kf_error *err)
{
    err->status = KF_ERR_MEDIA;
    snprintf(err->message, sizeof err->message, "%s: lost", asset->path);
    return KF_ERR_MEDIA;
}

TEST(errors_of_sources_are_given_on)
{
    kit_film film;
    kf_compiler *compiler = NULL;
    kf_compiled *compiled = NULL;
    kf_error err = {0};
    REQUIRE(load(&film, "push"));
    film.sources.picture = lost;
    kf_compiler_params params = {.snapshot = kf_film_snapshot(film.film), .sources = &film.sources};
    REQUIRE(kf_compiler_create(&params, &compiler, &err) == KF_OK);
    CHECK_INT(kf_compile_frame(compiler, 0, &compiled, &err), KF_ERR_MEDIA);
    CHECK(!compiled);
    CHECK_STR(err.message, "noise: lost");
    kf_compiler_destroy(compiler);
    params.sequence = 7;
    CHECK_INT(kf_compiler_create(&params, &compiler, &err), KF_ERR_NOT_FOUND);
    kit_drop(&film);
}

/* Without any source there is a picture: the background and what is made. */
TEST(sources_may_be_absent)
{
    kit_film film;
    kf_compiler *compiler = NULL;
    kf_compiled *compiled = NULL;
    kf_error err = {0};
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        REQUIRE(load(&film, transitions[i]));
        kf_compiler_params params = {.snapshot = kf_film_snapshot(film.film), .sources = &(kf_compile_sources){0}};
        REQUIRE(kf_compiler_create(&params, &compiler, &err) == KF_OK);
        CHECK_INT(kf_compile_frame(compiler, 2 * KF_SECOND, &compiled, &err), KF_OK);
        CHECK(compiled && compiled->root);
        kf_compiled_release(compiled);
        kf_compiler_destroy(compiler);
        kit_drop(&film);
    }
}

int main(void)
{
    kf_alloc_fail_from(0);
    RUN(frames);
    RUN(frames_of_fresh_compilers);
    RUN(creating_compilers);
    RUN(sounds);
    RUN(errors_of_sources_are_given_on);
    RUN(sources_may_be_absent);
    kit_finish();
    return test_end();
}
