/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scopes of colour bars: the codes are those of 75 % bars in BT.709, the cells are computed by hand from the formulas of
 * kerf/scopes.h. */
#include "kerf/scopes.h"
#include "test.h"

enum { BARS = 8, HIGH = 121, SIDE = 221 }; /* 100.83 cells to 1; 200.91 to 1 of chroma, 110 in the middle */

static const int bars[BARS][3] = {{180, 128, 128}, {168, 44, 136}, {145, 147, 44}, {133, 63, 52},
                                  {63, 193, 204}, {51, 109, 212}, {28, 212, 120}, {16, 128, 128}};

static kf_picture *picture_of(kf_picture_format format, int width, int height)
{
    kf_picture *p = kf_picture_create(format, width, height);
    if (!p) abort();
    p->full_width = width;
    p->full_height = height;
    p->primaries = p->transfer = p->matrix = 1;
    return p;
}

static void set_sample(kf_picture *p, int plane, int x, int y, int code)
{
    uint8_t *row = p->plane[plane] + y * p->stride[plane];
    if (p->format == KF_PICTURE_YUV420P10)
        ((uint16_t *)row)[x] = (uint16_t)(code * 4);
    else
        row[x] = (uint8_t)code;
}

/* Bars of 2 x 4 pixels. */
static kf_picture *bars_of(kf_picture_format format)
{
    kf_picture *p = picture_of(format, 2 * BARS, 4);
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < (plane ? 2 : 4); y++)
            for (int x = 0; x < (plane ? BARS : 2 * BARS); x++)
                set_sample(p, plane, x, y, bars[plane ? x : x / 2][plane]);
    return p;
}

static uint32_t cells[4 * 512 * 512];

static bool count(const kf_picture *p, kf_scope_kind kind, int width, int height)
{
    const kf_scope_params params = {kind, width, height, 1};
    return kf_scope_count(p, &params, cells, NULL) == KF_OK;
}

/* Cell from the bottom in which a column has all its `n` pixels; -1: they are in several, or missing. */
static int level(int column, int width, int height, uint32_t n)
{
    for (int row = 0; row < height; row++)
        if (cells[row * width + column] == n) return height - 1 - row;
    return -1;
}

static void check_levels(const kf_picture *p)
{
    /* ((Y - 16) / 219 + 0.1) * 100.83: white 85.6, yellow 80.1, cyan 69.5, green 63.9, magenta 31.7, red 26.2, ... */
    static const int luma[BARS] = {85, 80, 69, 63, 31, 26, 15, 10};
    /* R' = Y' + 1.5748 Cr; B' = Y' + 1.8556 Cb; G' = Y' - 0.4681 Cr - 0.1873 Cb: 0.75 is in cell 85, 0 in 10; rounded codes make
     * 0.7531 of magenta's blue */
    static const int red[BARS] = {85, 85, 9, 10, 85, 85, 9, 10}, blue[BARS] = {85, 9, 85, 9, 86, 10, 85, 10};
    REQUIRE(count(p, KF_SCOPE_WAVEFORM, BARS, HIGH));
    for (int i = 0; i < BARS; i++) CHECK_INT(level(i, BARS, HIGH, 8), luma[i]);
    REQUIRE(count(p, KF_SCOPE_PARADE, 3 * BARS, HIGH));
    for (int i = 0; i < BARS; i++) {
        CHECK_INT(level(i, 3 * BARS, HIGH, 8), red[i]);
        int green = level(BARS + i, 3 * BARS, HIGH, 8);
        CHECK_MSG(i < 4 ? green == 85 : green == 9 || green == 10, "green of bar %d: %d", i, green);
        CHECK_INT(level(2 * BARS + i, 3 * BARS, HIGH, 8), blue[i]);
    }
}

static uint32_t vector_at(int column, int row)
{
    return cells[row * SIDE + column];
}

static void check_vectors(const kf_picture *p)
{
    REQUIRE(count(p, KF_SCOPE_VECTORSCOPE, SIDE, SIDE));
    CHECK_INT(vector_at(110, 110), 16);       /* white and black: 0, 0 */
    CHECK_INT(vector_at(35, 103), 8);         /* yellow: -84/224, 8/224 */
    CHECK_INT(vector_at(127, 185), 8);        /* cyan: 19/224, -84/224 */
    CHECK_INT(vector_at(52, 178), 8);         /* green: -65/224, -76/224 */
    CHECK_INT(vector_at(168, 42), 8);         /* magenta: 65/224, 76/224 */
    CHECK_INT(vector_at(93, 35), 8);          /* red: -19/224, 84/224 */
    CHECK_INT(vector_at(185, 117), 8);        /* blue: 84/224, -8/224 */
}

TEST(bars_of_8_and_10_bits)
{
    static const kf_picture_format formats[] = {KF_PICTURE_YUV420P8, KF_PICTURE_YUV420P10};
    for (int i = 0; i < 2; i++) {
        kf_picture *p = bars_of(formats[i]);
        check_levels(p);
        check_vectors(p);
        kf_picture_release(p);
    }
}

/* 75 % red of BT.601 (65, 100, 212): R' = 49/219 + 1.402 * 84/224 = 0.7495; BT.709 would say 0.8143. */
TEST(matrix_of_the_picture)
{
    static const int codes[3] = {65, 100, 212};
    kf_picture *p = picture_of(KF_PICTURE_YUV420P8, 2, 2);
    p->matrix = 6;
    for (int i = 0; i < 4; i++) set_sample(p, 0, i & 1, i >> 1, codes[0]);
    for (int plane = 1; plane < 3; plane++) set_sample(p, plane, 0, 0, codes[plane]);
    REQUIRE(count(p, KF_SCOPE_PARADE, 3, HIGH));
    CHECK_INT(level(0, 3, HIGH, 4), 85);
    p->matrix = 1;
    REQUIRE(count(p, KF_SCOPE_PARADE, 3, HIGH));
    CHECK_INT(level(0, 3, HIGH, 4), 92);
    kf_picture_release(p);
}

/* Codes 0 and 255: -16/219 and 239/219 of the limited range, 0 and 1 of the full one. */
TEST(beyond_black_and_white)
{
    kf_picture *p = picture_of(KF_PICTURE_YUV420P8, 4, 2);
    for (int i = 0; i < 8; i++) set_sample(p, 0, i % 4, i / 4, i % 4 < 2 ? 0 : 255);
    for (int i = 0; i < 4; i++) set_sample(p, 1 + i / 2, i % 2, 0, 128);
    REQUIRE(count(p, KF_SCOPE_WAVEFORM, 4, HIGH));
    CHECK_INT(level(0, 4, HIGH, 2), 2);
    CHECK_INT(level(3, 4, HIGH, 2), 120);
    p->full_range = true;
    REQUIRE(count(p, KF_SCOPE_WAVEFORM, 4, HIGH));
    CHECK_INT(level(0, 4, HIGH, 2), 10);
    CHECK_INT(level(3, 4, HIGH, 2), 110);
    kf_picture_release(p);
}

static void set_pixel(kf_picture *p, int x, int r, int g, int b, int a)
{
    uint8_t *pixel = p->plane[0] + 4 * x;
    pixel[0] = (uint8_t)r, pixel[1] = (uint8_t)g, pixel[2] = (uint8_t)b, pixel[3] = (uint8_t)a;
}

/* Y' of red 204/255 = 0.8: 0.1701, cell 27; half covered 0.0853 (128/255), cell 18. Cr of 0.8: 0.4, 110.5 - 80.4 = 30. */
TEST(rgb_and_alpha)
{
    kf_picture *p = picture_of(KF_PICTURE_RGBA8, 3, 1);
    p->matrix = 0;
    p->alpha = true;
    set_pixel(p, 0, 204, 0, 0, 255);
    set_pixel(p, 1, 204, 0, 0, 128);
    set_pixel(p, 2, 255, 255, 255, 0);
    REQUIRE(count(p, KF_SCOPE_WAVEFORM, 3, HIGH));
    CHECK_INT(level(0, 3, HIGH, 1), 27);
    CHECK_INT(level(1, 3, HIGH, 1), 18);
    CHECK_INT(level(2, 3, HIGH, 1), 10);
    p->premultiplied = true; /* as it is then */
    REQUIRE(count(p, KF_SCOPE_WAVEFORM, 3, HIGH));
    CHECK_INT(level(1, 3, HIGH, 1), 27);
    CHECK_INT(level(2, 3, HIGH, 1), 110);
    p->alpha = false;
    REQUIRE(count(p, KF_SCOPE_VECTORSCOPE, SIDE, SIDE));
    CHECK_INT(vector_at(92, 30), 2); /* Cb = -0.1701 / 1.8556 */
    kf_picture_release(p);
}

TEST(histogram_counts_values)
{
    kf_picture *p = picture_of(KF_PICTURE_RGBA8, 5, 1);
    p->matrix = 0;
    for (int i = 0; i < 5; i++) set_pixel(p, i, i < 4 ? 204 : 0, 255, 0, 255);
    REQUIRE(count(p, KF_SCOPE_HISTOGRAM, HIGH, 100));
    CHECK_INT(kf_scope_cells(&(kf_scope_params){KF_SCOPE_HISTOGRAM, HIGH, 100, 1}), 4 * HIGH);
    CHECK_INT(cells[90], 4);                  /* 0.8: (0.8 + 0.1) * 100.83 = 90.75 */
    CHECK_INT(cells[10], 1);
    CHECK_INT(cells[HIGH + 110], 5);
    CHECK_INT(cells[2 * HIGH + 10], 5);
    CHECK_INT(cells[3 * HIGH + 99], 4);       /* 0.7152 + 0.1701: 99.35 */
    CHECK_INT(cells[3 * HIGH + 82], 1);       /* 0.7152: 82.2 */
    kf_picture_release(p);
}

/* One cell of a column has its 2 * 2 pixels: n g = 4 * (8 * 121) / (16 * 2) = 121, of which it keeps half: 60.5/61.5 of it
 * is covered, and 30.25/31.25 of those above and below. */
TEST(draws_the_trace)
{
    static uint8_t rgba[HIGH][8 * 4 + 12];
    kf_picture *p = picture_of(KF_PICTURE_YUV420P8, 16, 2);
    for (int i = 0; i < 32; i++) set_sample(p, 0, i % 16, i / 16, 126); /* 0.5023: cell 60 */
    for (int i = 0; i < 16; i++) set_sample(p, 1 + i / 8, i % 8, 0, 128);
    kf_scope_params params = {KF_SCOPE_WAVEFORM, 8, HIGH, 1};
    memset(rgba, 77, sizeof rgba);
    REQUIRE(kf_scope_draw(p, &params, &rgba[0][0], sizeof rgba[0], NULL) == KF_OK);
    for (int x = 0; x < 8; x++) {
        CHECK_INT(rgba[HIGH - 1 - 60][4 * x + 3], 251);
        CHECK(rgba[HIGH - 1 - 60][4 * x] > 200 && rgba[HIGH - 1 - 60][4 * x] <= 251);
        CHECK_INT(rgba[HIGH - 1 - 59][4 * x + 3], 247);
        CHECK_INT(rgba[HIGH - 1 - 61][4 * x + 3], 247);
        CHECK_INT(rgba[0][4 * x + 3] + rgba[HIGH - 1 - 58][4 * x + 3] + rgba[HIGH - 1][4 * x], 0);
    }
    CHECK_INT(rgba[3][8 * 4], 77);            /* beyond the row's pixels */
    params.kind = KF_SCOPE_VECTORSCOPE;
    REQUIRE(kf_scope_draw(p, &params, &rgba[0][0], sizeof rgba[0], NULL) == KF_OK);
    CHECK(rgba[60][4 * 4 + 3] > 250);
    params.kind = KF_SCOPE_HISTOGRAM;
    REQUIRE(kf_scope_draw(p, &params, &rgba[0][0], sizeof rgba[0], NULL) == KF_OK);
    CHECK(rgba[HIGH - 1][4 * 4 + 3] > 0 && rgba[0][4 * 4 + 3] > 0); /* 0.6023 / 1.2 * 8 = 4.02: column 4, full height */
    CHECK_INT(rgba[HIGH - 1][4 * 7 + 3], 0);
    kf_picture_release(p);
}

TEST(odd_sizes_and_wrong_params)
{
    static uint8_t rgba[64 * 64 * 4];
    kf_error error = {0};
    for (int width = 1; width <= 7; width += 3) {
        for (int format = KF_PICTURE_YUV420P8; format <= KF_PICTURE_RGBA8; format++) {
            kf_picture *p = picture_of((kf_picture_format)format, width, 3);
            for (int plane = 0; plane < 3; plane++)
                if (p->plane[plane]) memset(p->plane[plane], 100, (size_t)p->stride[plane] * (plane ? 2 : 3));
            for (int kind = KF_SCOPE_WAVEFORM; kind <= KF_SCOPE_HISTOGRAM; kind++) {
                kf_scope_params params = {(kf_scope_kind)kind, 64, 31, 1};
                CHECK_INT(kf_scope_draw(p, &params, rgba, 256, NULL), KF_OK);
                uint64_t sum = 0;
                CHECK(count(p, (kf_scope_kind)kind, 64, 31));
                for (size_t i = 0; i < kf_scope_cells(&params); i++) sum += cells[i];
                /* each of 3 rows once in each of 64 columns, once per pixel, or once per pixel and channel */
                CHECK_INT(sum, kind <= KF_SCOPE_PARADE ? 3 * 64 : 3 * width * (kind == KF_SCOPE_HISTOGRAM ? 4 : 1));
            }
            kf_picture_release(p);
        }
    }
    kf_picture *p = picture_of(KF_PICTURE_RGBA8, 1, 1);
    kf_scope_params wrong[] = {{KF_SCOPE_WAVEFORM, 2, 31, 1}, {KF_SCOPE_WAVEFORM, 64, 5000, 1},
                               {(kf_scope_kind)9, 64, 64, 1}, {KF_SCOPE_WAVEFORM, 64, 64, 0}, {KF_SCOPE_WAVEFORM, 64, 64, NAN}};
    for (int i = 0; i < 5; i++) CHECK_INT(kf_scope_draw(p, &wrong[i], rgba, 256, &error), KF_ERR_USAGE);
    CHECK_INT(kf_scope_cells(&wrong[0]), 0);
    kf_scope_params params = {KF_SCOPE_WAVEFORM, 64, 31, 1};
    CHECK_INT(kf_scope_draw(p, &params, rgba, 255, &error), KF_ERR_USAGE);
    kf_picture_release(p);
}

int main(void)
{
    RUN(bars_of_8_and_10_bits);
    RUN(matrix_of_the_picture);
    RUN(beyond_black_and_white);
    RUN(rgb_and_alpha);
    RUN(histogram_counts_values);
    RUN(draws_the_trace);
    RUN(odd_sizes_and_wrong_params);
    return test_end();
}
