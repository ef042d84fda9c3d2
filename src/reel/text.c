/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must be known of a text before it is drawn: its direction, its lines, its characters as people see them. */
#include <math.h>
#include <string.h>

#include "reel/film.h"

/* The code point at *text, which moves on; what is no UTF-8 is U+FFFD. */
static uint32_t next_code_point(const char **text)
{
    const unsigned char *c = (const unsigned char *)*text;
    int more = *c < 0x80 ? 0 : *c >> 5 == 6 ? 1 : *c >> 4 == 14 ? 2 : *c >> 3 == 30 ? 3 : -1;
    uint32_t value = more > 0 ? *c & (0x3Fu >> more) : *c;
    for (int i = 1; i <= more; i++) {
        if (c[i] >> 6 != 2) {
            more = -1;
            break;
        }
        value = value << 6 | (c[i] & 0x3F);
    }
    *text += more > 0 ? more + 1 : 1;
    return more < 0 ? 0xFFFD : value;
}

typedef struct range { uint32_t first, last; } range;

static bool within(uint32_t c, const range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}
#define WITHIN(c, table) within(c, table, sizeof(table) / sizeof *(table))

/* ---- Direction ---- */

static const range rtl_letters[] = {{0x0590, 0x08FF}, {0x200F, 0x200F}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFC},
    {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}};
/* What takes the direction of what is around it: digits, signs, arrows, symbols, emoji, selectors. */
static const range neutral[] = {{0x01, 0x40}, {0x5B, 0x60}, {0x7B, 0xA9}, {0xAB, 0xB4}, {0xB6, 0xB9}, {0xBB, 0xBF},
    {0xD7, 0xD7}, {0xF7, 0xF7}, {0x2000, 0x200D}, {0x2010, 0x2BFF}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0xFE00, 0xFE6F},
    {0xFEFF, 0xFEFF}, {0xFFFC, 0xFFFD}, {0x1F000, 0x1FAFF}, {0xE0001, 0xE01EF}};

bool reel_text_is_rtl(const char *text)
{
    while (*text) {
        uint32_t c = next_code_point(&text);
        if (WITHIN(c, rtl_letters)) {
            return true;
        }
        if (!WITHIN(c, neutral)) {
            return false;
        }
    }
    return false;
}

/* ---- Characters as people see them ---- */

static const range extending[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
    {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x0EB1, 0x0EB1},
    {0x0EB4, 0x0EBC}, {0x0EC8, 0x0ECD}, {0x1160, 0x11FF}, {0x17B4, 0x17D3}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF}, {0x302A, 0x302F}, {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF},
    {0xE0020, 0xE007F}, {0xE0100, 0xE01EF}};
enum { JOINER = 0x200D };

/* Signs of the nine scripts of India share their places in blocks of 128. */
static bool is_indic_sign(uint32_t c)
{
    static const range signs[] = {{0x00, 0x03}, {0x3A, 0x3C}, {0x3E, 0x4F}, {0x51, 0x57}, {0x62, 0x63}};
    return c >= 0x0900 && c <= 0x0D7F && WITHIN(c & 0x7F, signs);
}

static bool is_virama(uint32_t c)
{
    return c >= 0x0900 && c <= 0x0D7F && (c & 0x7F) == 0x4D;
}

static bool is_flag_letter(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

const char *reel_next_cluster(const char *text)
{
    uint32_t last = *text ? next_code_point(&text) : 0;
    bool pair = is_flag_letter(last);
    while (*text) {
        const char *after = text;
        uint32_t c = next_code_point(&after);
        bool joined = last == JOINER || (is_virama(last) && c >= 0x0900 && c <= 0x0D7F);
        bool flag = pair && is_flag_letter(c);
        if (c != JOINER && !joined && !flag && !WITHIN(c, extending) && !is_indic_sign(c)) {
            break;
        }
        pair = pair && !flag;
        last = c;
        text = after;
    }
    return text;
}

static const range emoji[] = {{0x203C, 0x203C}, {0x2049, 0x2049}, {0x2194, 0x21AA}, {0x231A, 0x231B}, {0x23E9, 0x23FA},
    {0x25AA, 0x25FE}, {0x2600, 0x27BF}, {0x2934, 0x2935}, {0x2B05, 0x2B55}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F170, 0x1F251}, {0x1F300, 0x1FAFF}};

int reel_count_emoji(const char *text)
{
    int count = 0;
    while (*text) {
        const char *at = text;
        uint32_t c = next_code_point(&at);
        text = reel_next_cluster(text);
        if (c == ' ' || c == '\n') {
            continue;
        }
        if (!WITHIN(c, emoji) && !is_flag_letter(c)) {
            return 0;
        }
        count++;
    }
    return count;
}

/* ---- Lines ---- */

double reel_baseline(double top, double size, double line)
{
    return top + line / 2 + 0.36 * size;
}

static size_t trimmed(const char *text, size_t length)
{
    while (length > 0 && strchr(" \t\r\n", text[length - 1])) {
        length--;
    }
    return length;
}

static char *join(kf_arena *arena, const char *text, const kf_reel_line *lines, int32_t count)
{
    size_t size = 1;
    for (int32_t i = 0; i < count; i++) {
        size += (size_t)lines[i].length + 1;
    }
    char *out = kf_arena_alloc(arena, size), *at = out;
    for (int32_t i = 0; out && i < count; i++) {
        size_t n = trimmed(text + lines[i].start, (size_t)lines[i].length);
        memcpy(at, text + lines[i].start, n);
        at += n;
        *at++ = i + 1 < count ? '\n' : '\0';
    }
    return out;
}

/* A resolver is somebody else's: what it says of lines must lie in the text. */
static bool sane(const kf_reel_line *lines, int32_t count, size_t length)
{
    for (int32_t i = 0; i < count; i++) {
        int64_t start = lines[i].start, n = lines[i].length;
        if (start < 0 || n < 0 || start + n > (int64_t)length || !isfinite(lines[i].width)) {
            return false;
        }
    }
    return count >= 0;
}

static kf_status take_lines(reel *r, const kf_json *json, const char *text, const kf_reel_line *line, int32_t count,
                            const char **broken, float *width)
{
    if (count > KF_REEL_MAX_LINES) {
        return REEL_FAIL(r, json, "%d lines of text; %d are possible", (int)count, KF_REEL_MAX_LINES);
    }
    if (!sane(line, count, strlen(text))) {
        return kf_fail(r->err, KF_ERR_INTERNAL, "lines lie outside of their text");
    }
    *width = 0;
    for (int32_t i = 0; i < count; i++) {
        *width = fmaxf(*width, line[i].width);
    }
    *broken = join(&r->arena, text, line, count);
    return *broken ? KF_OK : kf_fail_memory(r->err);
}

kf_status reel_break(reel *r, const kf_json *json, const kf_reel_text *text, const char **broken, int32_t *lines,
                     float *width)
{
    kf_reel_line *line = kf_alloc_zero(KF_REEL_MAX_LINES, sizeof *line);
    kf_error cause = {0};
    if (!line) {
        return kf_fail_memory(r->err);
    }
    kf_status status = r->resolver->lines(r->resolver->ctx, text, line, KF_REEL_MAX_LINES, lines, &cause);
    if (status == KF_OK) {
        status = take_lines(r, json, text->text, line, *lines, broken, width);
    } else {
        REEL_FAIL(r, json, "%s", cause.message);
        status = kf_fail(r->err, status, "%s", r->err ? r->err->message : "");
    }
    kf_free(line);
    return status;
}
