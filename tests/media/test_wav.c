/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recorded files byte by byte, large ones by their headers, and a disk that fills up. */
#include "folder.h"
#include "full_disk.h"
#include "media/api/wav.h"
#include "media/out/internal.h"
#include "test.h"

static long read_file(const char *path, uint8_t *bytes, size_t most)
{
    FILE *f = fopen(path, "rb");
    if (!f) return -1;
    size_t n = fread(bytes, 1, most, f);
    fclose(f);
    return (long)n;
}

static uint64_t number(const uint8_t *p, int bytes)
{
    uint64_t v = 0;
    for (int i = bytes; i-- > 0;) v = v << 8 | p[i];
    return v;
}

/* Three frames of one channel are 9 bytes and one to fill up. */
TEST(writes_every_byte)
{
    const char *path = util_path("three.wav");
    kf_wav *wav;
    const float samples[3] = {0.5f, -1.0f, 2.0f}, *const planes[1] = {samples};
    REQUIRE(kf_wav_create(&(kf_wav_params){.path = path, .rate = 48000, .channels = 1}, &wav, NULL) == KF_OK);
    CHECK_INT(kf_wav_write(wav, planes, 3, NULL), KF_OK);
    CHECK_INT(kf_wav_frames(wav), 3);
    struct stat st;
    CHECK(stat(path, &st) != 0); /* not before it is whole */
    CHECK_INT(kf_wav_finish(wav, NULL), KF_OK);
    uint8_t b[200];
    static const uint8_t format[24] = {'f', 'm', 't', ' ', 16, 0, 0, 0, 1, 0, 1,  0,
                                       0x80, 0xbb, 0, 0, 0x80, 0x32, 2, 0, 3, 0, 24, 0};
    static const uint8_t data[18] = {'d', 'a', 't', 'a', 9, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x80, 0xff, 0xff, 0x7f, 0};
    CHECK_INT(read_file(path, b, sizeof b), 90);
    CHECK(memcmp(b, "RIFF\x52\0\0\0WAVEJUNK\x1c\0\0\0", 20) == 0); /* 0x52 = 90 - 8 */
    CHECK(memcmp(b + 48, format, 24) == 0);
    CHECK(memcmp(b + 72, data, 18) == 0);
}

/* Ten hours of eight channels at 96 kHz: 3 456 000 000 frames, 82 944 000 000 bytes. */
TEST(large_files_have_sizes_of_64_bits)
{
    uint8_t h[KF_OUT_WAV_HEADER];
    CHECK_INT(kf_out_wav_header(96000, 8, INT64_C(3456000000), h), 104);
    CHECK(memcmp(h, "RF64\xff\xff\xff\xffWAVE" "ds64\x1c\0\0\0", 20) == 0);
    CHECK_INT((int64_t)number(h + 20, 8), INT64_C(82944000000) + 96);
    CHECK_INT((int64_t)number(h + 28, 8), INT64_C(82944000000));
    CHECK_INT((int64_t)number(h + 36, 8), INT64_C(3456000000));
    CHECK(memcmp(h + 48, "fmt \x28\0\0\0\xfe\xff\x08\0", 12) == 0);
    CHECK(memcmp(h + 96, "data\xff\xff\xff\xff", 8) == 0);
    /* the last that fits: data = 2^32 - 1 - 72 would make a riff size of 2^32 - 1; 6 bytes per frame */
    int64_t most = (INT64_C(4294967295) - 72) / 6;
    kf_out_wav_header(48000, 2, most, h);
    CHECK(memcmp(h, "RIFF", 4) == 0);
    kf_out_wav_header(48000, 2, most + 1, h);
    CHECK(memcmp(h, "RF64", 4) == 0);
}

/* Room for the header of 80 bytes and one block of 1024 stereo frames, 6144 bytes, but not for another. */
TEST(keeps_what_fits_on_a_full_disk)
{
    const char *path = util_path("full.wav");
    kf_wav *wav;
    kf_error err = {0};
    static float l[3000], r[3000];
    const float *const planes[2] = {l, r};
    for (int i = 0; i < 3000; i++) l[i] = 0.25f;
    REQUIRE(kf_wav_create(&(kf_wav_params){.path = path, .rate = 48000, .channels = 2}, &wav, NULL) == KF_OK);
    full_disk_left = 6144 + 1000;
    CHECK_INT(kf_wav_write(wav, planes, 3000, &err), KF_ERR_NO_SPACE);
    CHECK(strstr(err.message, "full.wav") && strstr(err.message, "free some space"));
    CHECK_INT(kf_wav_write(wav, planes, 10, &err), KF_ERR_NO_SPACE);
    CHECK_INT(kf_wav_frames(wav), 1024);
    CHECK_INT(kf_wav_finish(wav, &err), KF_OK);
    full_disk_left = INT64_MAX;
    static uint8_t b[10000];
    CHECK_INT(read_file(path, b, sizeof b), 80 + 6144);
    CHECK_INT((int64_t)number(b + 4, 4), 80 + 6144 - 8);
    CHECK_INT((int64_t)number(b + 76, 4), 6144);
    CHECK_INT((int64_t)number(b + 80 + 6138, 3), 0x200000);
}

TEST(refuses_and_leaves_nothing)
{
    kf_wav *wav;
    kf_error err;
    const char *path = util_path("there.wav");
    FILE *f = fopen(path, "w");
    REQUIRE(f);
    fclose(f);
    int before = util_count(util_path("."));
    kf_wav_params p = {.path = path, .rate = 48000, .channels = 2};
    CHECK_INT(kf_wav_create(&p, &wav, &err), KF_ERR_EXISTS);
    CHECK(wav == NULL);
    p.path = util_path("no/such/folder.wav");
    CHECK_INT(kf_wav_create(&p, &wav, &err), KF_ERR_NOT_FOUND);
    p.path = "/dev/null";
    CHECK_INT(kf_wav_create(&p, &wav, &err), KF_ERR_INVALID);
    p.path = path;
    p.overwrite = true;
    CHECK_INT(kf_wav_create(&p, &wav, &err), KF_OK);
    kf_wav_discard(wav);
    kf_wav_discard(NULL);
    CHECK_INT(util_count(util_path(".")), before);
}

int main(void)
{
    RUN(writes_every_byte);
    RUN(large_files_have_sizes_of_64_bits);
    RUN(keeps_what_fits_on_a_full_disk);
    RUN(refuses_and_leaves_nothing);
    util_clean();
    return test_end();
}
