/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes out of the disk cache: whatever the bytes, there is a picture or peaks of a sane size, or nothing. */
#include "base/api/alloc.h"
#include "fuzz.h"
#include "media/api/peaks.h"
#include "media/api/thumbs.h"

static uint8_t *pack_picture(int alpha, size_t *length)
{
    kf_frame *f = kf_frame_create(KF_PIX_RGBA8, 40, 24);
    if (!f) abort();
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 4 * 40; x++)
            f->image.plane[0][y * f->image.stride[0] + x] = (uint8_t)(x % 4 == 3 ? alpha : x * y);
    uint8_t *bytes = kf_thumb_pack(&f->image, length);
    kf_frame_unref(f);
    return bytes;
}

static uint8_t *pack_peaks(size_t *length)
{
    float samples[2000];
    const float *planes[1] = {samples};
    for (int i = 0; i < 2000; i++) samples[i] = (float)(i % 100) / 100;
    kf_peaks *p = kf_peaks_create(1, 48000, 2000);
    if (!p || !kf_peaks_append(p, planes, 2000) || !kf_peaks_end(p)) abort();
    uint8_t *bytes = kf_peaks_pack(p, length);
    kf_peaks_destroy(p);
    return bytes;
}

static void unpack(const uint8_t *bytes, size_t length)
{
    kf_frame *f = kf_thumb_unpack(bytes, length);
    if (f) FUZZ_REQUIRE(f->image.format == KF_PIX_RGBA8 && f->image.width <= 4096 && f->image.height <= 4096);
    kf_frame_unref(f);
    kf_peaks *p = kf_peaks_unpack(bytes, length);
    if (!p) return;
    kf_peak columns[16];
    kf_peaks_facts facts = kf_peaks_get_facts(p);
    FUZZ_REQUIRE(facts.channels > 0 && facts.sample_rate > 0 && facts.complete);
    kf_peaks_read(p, -1, -100, (double)facts.ready + 100, columns, 16);
    kf_peaks_read(p, facts.channels - 1, 0, 16, columns, 16);
    kf_peaks_destroy(p);
}

/* The input is laid over bytes that are right: its first two say from where on, and how much of them there is. */
static void spoil(uint8_t *bytes, size_t length, const char *with, size_t n)
{
    if (!bytes) return;
    size_t at = n > 0 ? (uint8_t)with[0] * length / 256 : 0, end = n > 1 && (uint8_t)with[1] < 100 ? (uint8_t)with[1] * length / 100
                                                                                                  : length;
    for (size_t i = 2; i < n && at + i - 2 < length; i++) bytes[at + i - 2] ^= (uint8_t)with[i];
    unpack(bytes, end);
    kf_free(bytes);
}

static void fuzz_one(const char *bytes, size_t length)
{
    size_t n = 0;
    unpack((const uint8_t *)bytes, length);
    uint8_t *packed = pack_picture(255, &n);
    spoil(packed, n, bytes, length);
    packed = pack_picture(90, &n);
    spoil(packed, n, bytes, length);
    packed = pack_peaks(&n);
    spoil(packed, n, bytes, length);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {"", "\x01\xff\x01", "KFTA\x10\x01\x10\x01", "KFPEAK1", "\x80\xff\x01\x02\x03\x04", "\xff\xd8\xff\xe0", NULL};
static const char *const dictionary[] = {"\x01", "\x80", "\xff", "\xff\xd8", "\x7f\x7f\x7f\x7f", NULL};

FUZZ_MAIN(corpus, dictionary)
#else
FUZZ_MAIN(, )
#endif
