/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Test harness: TAP on stdout. A test file lists its cases in main():
 *     int main(void) { RUN(parses_numbers); RUN(rejects_duplicates); return test_end(); }
 * CHECK records a failure and goes on; REQUIRE leaves the case; SKIP leaves it as skipped with a reason. */
#ifndef KF_TEST_H
#define KF_TEST_H

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int test_number, test_failed_total, test_failed_now;
static const char *test_skip_reason;

#define TEST(name) static void test_##name(void)
#define CHECK(cond) \
    do { if (!(cond)) { printf("# %s:%d: CHECK(%s)\n", __FILE__, __LINE__, #cond); test_failed_now++; } } while (0)
#define CHECK_MSG(cond, ...) \
    do { \
        if (!(cond)) { \
            printf("# %s:%d: CHECK(%s): ", __FILE__, __LINE__, #cond); \
            printf(__VA_ARGS__); \
            puts(""); \
            test_failed_now++; \
        } \
    } while (0)
#define REQUIRE(cond) \
    do { \
        if (!(cond)) { \
            printf("# %s:%d: REQUIRE(%s)\n", __FILE__, __LINE__, #cond); \
            test_failed_now++; \
            return; \
        } \
    } while (0)
#define CHECK_INT(a, b) \
    do { \
        int64_t a_ = (a), b_ = (b); \
        if (a_ != b_) { \
            printf("# %s:%d: %s is %" PRId64 ", expected %" PRId64 "\n", __FILE__, __LINE__, #a, a_, b_); \
            test_failed_now++; \
        } \
    } while (0)
#define CHECK_STR(a, b) \
    do { \
        const char *a_ = (a), *b_ = (b); \
        if (!a_ || strcmp(a_, b_) != 0) { \
            printf("# %s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #a, a_ ? a_ : "(null)", b_); \
            test_failed_now++; \
        } \
    } while (0)
#define CHECK_NEAR(a, b, tolerance) \
    do { \
        double a_ = (a), b_ = (b); \
        if (!(fabs(a_ - b_) <= (tolerance))) { \
            printf("# %s:%d: %s is %.9g, expected %.9g\n", __FILE__, __LINE__, #a, a_, b_); \
            test_failed_now++; \
        } \
    } while (0)
#define SKIP(reason) do { test_skip_reason = (reason); return; } while (0)
#define RUN(name) test_run(#name, test_##name)

static inline void test_run(const char *name, void (*fn)(void))
{
    test_failed_now = 0;
    test_skip_reason = NULL;
    fn();
    test_number++;
    if (test_skip_reason && !test_failed_now) {
        printf("ok %d - %s # SKIP %s\n", test_number, name, test_skip_reason);
    } else {
        printf("%sok %d - %s\n", test_failed_now ? "not " : "", test_number, name);
    }
    test_failed_total += test_failed_now != 0;
    fflush(stdout);
}

static inline int test_end(void)
{
    printf("1..%d\n", test_number);
    return test_failed_total ? 1 : 0;
}

/* The folder of shared real clips (KERF_MEDIA, else ../shared/media beside the source), or NULL when absent. */
static inline const char *test_media_folder(void)
{
    static char path[1024];
    const char *env = getenv("KERF_MEDIA");
    snprintf(path, sizeof path, "%s", env ? env : KF_SOURCE_ROOT "/../shared/media");
    char probe[1100];
    snprintf(probe, sizeof probe, "%s/flower.mp4", path);
    FILE *f = fopen(probe, "rb");
    if (!f) return NULL;
    fclose(f);
    return path;
}

#endif
