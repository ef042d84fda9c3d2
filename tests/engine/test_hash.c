/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Against values that other implementations of XXH64 give. */
#include <string.h>

#include "base/api/hash.h"
#include "test.h"

/* In pieces of `step` bytes. */
static uint64_t hash_of(const char *text, size_t step)
{
    kf_hasher h;
    kf_hasher_init(&h);
    for (size_t at = 0, n = strlen(text); at < n; at += step)
        kf_hasher_add(&h, text + at, n - at < step ? n - at : step);
    return kf_hasher_end(&h);
}

TEST(known_values)
{
    CHECK(hash_of("", 1) == 0xef46db3751d8e999u);
    CHECK(hash_of("a", 1) == 0xd24ec4f1a98c6e5bu);
    CHECK(hash_of("abc", 3) == 0x44bc2cf5ad770999u);
    CHECK(hash_of("Nobody inspects the spammish repetition", 100) == 0xfbcea83c8a378bf1u);
}

TEST(pieces_make_no_difference)
{
    static const char text[] = "Nobody inspects the spammish repetition, nobody inspects the spammish repetition again.";
    const uint64_t whole = hash_of(text, sizeof text);
    for (size_t step = 1; step < sizeof text; step++) CHECK(hash_of(text, step) == whole);
}

int main(void)
{
    RUN(known_values);
    RUN(pieces_make_no_difference);
    return test_end();
}
