/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fuzz harness is a file with fuzz_one, its corpus and its dictionary, ending in FUZZ_MAIN. Built in every build:
 *     fuzz_film FILE...            runs each file once
 *     fuzz_film [-n COUNT] [-s SEED] [-t SECONDS]
 *                                  runs the corpus, then COUNT mutations of it (2 000; with KERF_SOAK in the
 *                                  environment 200 000)
 * A finding aborts; before each run of a mutation that may crash, the input can be kept with -k FILE. With
 * -DKF_LIBFUZZER the main is left to libFuzzer. */
#ifndef KF_FUZZ_H
#define KF_FUZZ_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a harness defines. fuzz_one must not keep `bytes`; it aborts when a promise is broken. */
static void fuzz_one(const char *bytes, size_t length);

#define FUZZ_REQUIRE(cond) \
    do { \
        if (!(cond)) { \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #cond); \
            abort(); \
        } \
    } while (0)

#ifdef KF_LIBFUZZER
#define FUZZ_MAIN(corpus, dictionary) \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { fuzz_one((const char *)data, size); return 0; }
#else

enum { FUZZ_LONGEST = 1 << 16 };

typedef struct fuzz_set {
    const char *const *items; /* NULL-terminated */
    size_t count;
} fuzz_set;

static uint32_t fuzz_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

static size_t fuzz_below(uint64_t *state, size_t n)
{
    return n ? fuzz_random(state) % n : 0;
}

static void fuzz_splice(char *text, size_t *length, size_t at, size_t cut, const char *put, size_t put_length)
{
    if (*length - cut + put_length > FUZZ_LONGEST) {
        return;
    }
    memmove(text + at + put_length, text + at + cut, *length - at - cut);
    memcpy(text + at, put, put_length);
    *length += put_length - cut;
}

/* Puts another number in the place of one, or doubles what stands in a pair of braces: text stays well-formed. */
static void fuzz_number(char *text, size_t *length, size_t at, uint64_t *state)
{
    static const char *const odd[] = {"0",    "-1",    "1e9",         "0.1", "0.33333333333",
                                      "1e-9", "16384", "99999999999", "0.5", "2"};
    char number[32];
    size_t end;
    while (at < *length && (text[at] < '0' || text[at] > '9')) {
        at++;
    }
    for (end = at; end < *length && strchr("0123456789.-+eE", text[end]) && text[end]; end++) {
    }
    if (fuzz_random(state) % 2) {
        snprintf(number, sizeof number, "%s", odd[fuzz_below(state, sizeof odd / sizeof *odd)]);
    } else {
        snprintf(number, sizeof number, "%g", fuzz_random(state) % 1000 / 100.0);
    }
    fuzz_splice(text, length, at, end - at, number, strlen(number));
}

static void fuzz_double(char *text, size_t *length, size_t at)
{
    char piece[2048];
    size_t end, depth = 0;
    while (at < *length && text[at] != '{') {
        at++;
    }
    for (end = at; end < *length; end++) {
        depth += text[end] == '{';
        if (text[end] == '}' && --depth == 0) {
            break;
        }
    }
    size_t span = end + 1 - at;
    if (end < *length && span + 1 < sizeof piece) {
        memcpy(piece, text + at, span);
        piece[span] = ',';
        fuzz_splice(text, length, at, 0, piece, span + 1);
    }
}

/* One change: a bit, a byte, a piece lost or doubled, a word of the dictionary, a piece of another input, a
 * number, or something doubled. */
static void fuzz_mutate(char *text, size_t *length, fuzz_set corpus, fuzz_set words, uint64_t *state)
{
    char piece[256];
    size_t at = fuzz_below(state, *length + 1), left = *length - at;
    size_t span = fuzz_below(state, left < sizeof piece ? left + 1 : sizeof piece);
    const char *word = words.items[fuzz_below(state, words.count)];
    const char *other = corpus.items[fuzz_below(state, corpus.count)];
    size_t from = fuzz_below(state, strlen(other) + 1);
    switch (fuzz_random(state) % 16) {
    case 0:
        if (left) {
            text[at] = (char)(text[at] ^ (1 << fuzz_random(state) % 8));
        }
        break;
    case 1:
        if (left) {
            text[at] = (char)fuzz_random(state);
        }
        break;
    case 2:
        fuzz_splice(text, length, at, span, "", 0);
        break;
    case 3:
        memcpy(piece, text + at, span);
        fuzz_splice(text, length, at, 0, piece, span);
        break;
    case 4:
        fuzz_splice(text, length, at, 0, word, strlen(word));
        break;
    case 5:
        fuzz_splice(text, length, at, span < 12 ? span : 12, word, strlen(word));
        break;
    case 6:
        span = strlen(other + from) < span ? strlen(other + from) : span;
        fuzz_splice(text, length, at, 0, other + from, span);
        break;
    case 7:
        snprintf(piece, sizeof piece, "%d", (int)fuzz_random(state) >> fuzz_random(state) % 32);
        fuzz_splice(text, length, at, left ? 1 : 0, piece, strlen(piece));
        break;
    case 8:
    case 9:
    case 10:
        fuzz_double(text, length, at);
        break;
    default:
        fuzz_number(text, length, at, state);
        break;
    }
}

static int fuzz_files(int count, char **paths)
{
    for (int i = 0; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        char *bytes = malloc(1 << 24);
        size_t n = file && bytes ? fread(bytes, 1, 1 << 24, file) : 0;
        if (!file) {
            fprintf(stderr, "%s: cannot open\n", paths[i]);
            free(bytes);
            return 1;
        }
        fclose(file);
        fuzz_one(bytes, n);
        free(bytes);
    }
    return 0;
}

static void fuzz_keep(const char *path, const char *bytes, size_t length)
{
    FILE *file = path ? fopen(path, "wb") : NULL;
    if (file) {
        fwrite(bytes, 1, length, file);
        fclose(file);
    }
}

/* Each input in a block of its own size, so that a sanitizer sees reads past its end. */
static void fuzz_exact(const char *bytes, size_t length)
{
    char *copy = malloc(length ? length : 1);
    if (copy) {
        memcpy(copy, bytes, length);
        fuzz_one(copy, length);
        free(copy);
    }
}

static int fuzz_corpus(fuzz_set corpus, fuzz_set words, long runs, uint64_t seed, long seconds, const char *keep)
{
    static char text[FUZZ_LONGEST + 256];
    time_t end = seconds > 0 ? time(NULL) + seconds : 0;
    long done = 0;
    for (size_t i = 0; i < corpus.count; i++) {
        fuzz_exact(corpus.items[i], strlen(corpus.items[i]));
    }
    for (; end ? time(NULL) < end : done < runs; done++) {
        const char *start = corpus.items[fuzz_below(&seed, corpus.count)];
        size_t length = strlen(start);
        length = length < FUZZ_LONGEST ? length : FUZZ_LONGEST;
        memcpy(text, start, length);
        for (size_t n = 1 + fuzz_below(&seed, 4); n > 0; n--) {
            fuzz_mutate(text, &length, corpus, words, &seed);
        }
        fuzz_keep(keep, text, length);
        fuzz_exact(text, length);
    }
    printf("%zu inputs and %ld mutations: nothing broke\n", corpus.count, done);
    return 0;
}

static fuzz_set fuzz_set_of(const char *const *items)
{
    fuzz_set set = {items, 0};
    while (items[set.count]) {
        set.count++;
    }
    return set;
}

static int fuzz_main(int argc, char **argv, const char *const *corpus, const char *const *words)
{
    long runs = getenv("KERF_SOAK") ? 200000 : 2000, seconds = 0;
    uint64_t seed = 1;
    const char *keep = NULL;
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        switch (argv[i][1]) {
        case 'n':
            runs = atol(argv[i + 1]);
            break;
        case 's':
            seed = (uint64_t)atoll(argv[i + 1]);
            break;
        case 't':
            seconds = atol(argv[i + 1]);
            break;
        case 'k':
            keep = argv[i + 1];
            break;
        default:
            fprintf(stderr, "usage: %s FILE... | [-n COUNT] [-s SEED] [-t SECONDS] [-k KEPT]\n", argv[0]);
            return 1;
        }
    }
    return i < argc ? fuzz_files(argc - i, argv + i)
                    : fuzz_corpus(fuzz_set_of(corpus), fuzz_set_of(words), runs, seed, seconds, keep);
}

#define FUZZ_MAIN(corpus, dictionary) \
    int main(int argc, char **argv) { return fuzz_main(argc, argv, corpus, dictionary); }
#endif

#endif
