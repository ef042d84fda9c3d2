/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames through effects where each allocation fails in turn: an error, and nothing lost. */
#include "base/api/alloc.h"
#include "engine/api/frames.h"
#include "test.h"

enum { W = 20, H = 14 };
static const char list[] = "[{\"effect\":\"blur\",\"radius\":3},{\"brightness\":0.1,\"sharpen\":1},{\"effect\":\"curves\","
                           "\"master\":[[0,0.1],[1,1]]},{\"generator\":\"gradient\",\"opacity\":0.5},{\"effect\":\"glow\"}]";

static kf_status once(uint8_t *bytes)
{
    kf_frame_processor_params p = {.width = W, .height = H, .effects = list, .threads = 1};
    kf_frame_processor *x = NULL;
    kf_error error = {0};
    kf_status status = kf_engine_processor_create(&p, &x, &error);
    kf_pixels pixels = kf_engine_pixels_in(KF_PIXELS_RGBA8, W, H, bytes);
    if (status == KF_OK) status = kf_engine_processor_run(x, &pixels, &pixels, 0, &error);
    CHECK(status == KF_OK || error.message[0]);
    kf_engine_processor_destroy(x);
    return status;
}

TEST(fails_in_order)
{
    static uint8_t bytes[W * H * 4];
    kf_alloc_fail_from(0);
    CHECK_INT(once(bytes), KF_OK);
    uint64_t all = kf_alloc_count(), failed = 0;
    for (uint64_t n = 1; n <= all; n += n < 40 ? 1 : 5) {
        kf_alloc_fail_from(n);
        kf_status status = once(bytes);
        kf_alloc_fail_from(0);
        failed += status == KF_ERR_MEMORY;
        CHECK_MSG(status == KF_ERR_MEMORY || status == KF_OK, "allocation %d: %d", (int)n, status);
    }
    CHECK_MSG(failed > 20, "%d of %d allocations", (int)failed, (int)all);
}

/* Whatever is written there, it is a list of effects or an error that says so. */
TEST(mutated_lists)
{
    static uint8_t bytes[W * H * 4];
    unsigned state = 1;
    int good = 0;
    for (int i = 0; i < 400; i++) {
        char text[sizeof list];
        memcpy(text, list, sizeof list);
        for (int k = 0; k < 1 + i % 3; k++) {
            state = state * 1664525 + 1013904223;
            char *at = &text[(state >> 8) % (sizeof list - 1)], digit = (char)('0' + (state >> 24) % 10);
            *at = i % 2 ? (*at >= '0' && *at <= '9' ? digit : *at) : " {}[],:\"0123456789.-e"[(state >> 24) % 21];
        }
        kf_frame_processor_params p = {.width = W, .height = H, .effects = text, .threads = 1};
        kf_frame_processor *x = NULL;
        kf_error error = {0};
        kf_pixels pixels = kf_engine_pixels_in(KF_PIXELS_I420, W, H, bytes);
        if (kf_engine_processor_create(&p, &x, &error) == KF_OK) {
            good++;
            CHECK_INT(kf_engine_processor_run(x, &pixels, &pixels, KF_SECOND, &error), KF_OK);
        } else {
            CHECK_MSG(strncmp(error.message, "effects", 7) == 0, "%s: %s", text, error.message);
        }
        kf_engine_processor_destroy(x);
    }
    CHECK_MSG(good > 5 && good < 395, "%d good", good);
}

int main(void)
{
    RUN(fails_in_order);
    RUN(mutated_lists);
    return test_end();
}
