/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PNG. libavcodec deflates a picture on one thread, which takes longer than all else in writing one frame of a film;
 * here bands of rows are deflated side by side. The bytes do not depend on the number of threads. */
#include <libavutil/pixdesc.h>

#include <string.h>
#include <zlib.h>

#include "base/api/alloc.h"
#include "media/out/internal.h"

enum { BAND_BYTES = 512 << 10, CHUNK_EXTRA = 12 };

typedef struct band {
    uint8_t *data;    /* deflated; NULL: no memory */
    size_t size, raw; /* bytes of data; of what was deflated */
    uLong adler;
} band;

typedef struct png {
    const AVFrame *frame;
    size_t row;      /* bytes of a row */
    int rows, count; /* of a band; bands */
    band *bands;
} png;

/* ---- Bands ---- */

/* Each row less the one above, which deflates well and depends on no other band's work. */
static void filter_row(const AVFrame *frame, int y, size_t n, uint8_t *out)
{
    const uint8_t *row = frame->data[0] + (ptrdiff_t)y * frame->linesize[0], *above = row - frame->linesize[0];
    out[0] = y > 0 ? 2 : 0;
    if (y == 0) {
        memcpy(out + 1, row, n);
        return;
    }
    for (size_t i = 0; i < n; i++) { out[1 + i] = (uint8_t)(row[i] - above[i]); }
}

/* As fast as it goes: who wants small files has other programs. Runs of rows that are alike are worth most, and found
 * soonest. */
static bool deflate_band(const uint8_t *raw, bool last, band *b)
{
    z_stream z = {0};
    if (deflateInit2(&z, 1, Z_DEFLATED, -15, 9, Z_RLE) != Z_OK) { return false; }
    size_t room = deflateBound(&z, (uLong)b->raw) + 16;
    b->data = kf_alloc(room);
    z.next_in = (uint8_t *)(uintptr_t)raw;
    z.avail_in = (uInt)b->raw;
    z.next_out = b->data;
    z.avail_out = (uInt)room;
    bool good = b->data && deflate(&z, last ? Z_FINISH : Z_SYNC_FLUSH) == (last ? Z_STREAM_END : Z_OK) && !z.avail_in;
    b->size = good ? z.total_out : 0;
    deflateEnd(&z);
    return good;
}

static void make_band(void *ctx, int i, int worker)
{
    (void)worker;
    png *p = ctx;
    band *b = &p->bands[i];
    int first = i * p->rows, rows = p->frame->height - first < p->rows ? p->frame->height - first : p->rows;
    b->raw = (p->row + 1) * (size_t)rows;
    uint8_t *raw = kf_alloc(b->raw);
    for (int y = 0; raw && y < rows; y++) { filter_row(p->frame, first + y, p->row, raw + (size_t)y * (p->row + 1)); }
    if (raw) { b->adler = adler32(1, raw, (uInt)b->raw); }
    if (!raw || !deflate_band(raw, i == p->count - 1, b)) {
        kf_free(b->data);
        b->data = NULL;
    }
    kf_free(raw);
}

/* ---- Chunks ---- */

static uint8_t *put32(uint8_t *to, uint32_t v)
{
    for (int i = 0; i < 4; i++) { to[i] = (uint8_t)(v >> (24 - 8 * i)); }
    return to + 4;
}

static uint8_t *put_chunk(uint8_t *to, const char *type, const uint8_t *data, size_t size)
{
    uint8_t *start = put32(to, (uint32_t)size);
    memcpy(start, type, 4);
    if (size) { memmove(start + 4, data, size); }
    return put32(start + 4 + size, (uint32_t)crc32(0, start, (uInt)(size + 4)));
}

static uint8_t *put_header(uint8_t *to, const AVFrame *f, int components, int bits)
{
    static const uint8_t types[5] = {0, 0, 4, 2, 6}; /* by components */
    uint8_t data[13] = {0};
    put32(put32(data, (uint32_t)f->width), (uint32_t)f->height);
    data[8] = (uint8_t)bits;
    data[9] = types[components];
    return put_chunk(to, "IHDR", data, sizeof data);
}

/* CIE x and y of white, red, green and blue in units of 1/100000. */
static const uint32_t *chromaticities(enum AVColorPrimaries primaries)
{
    static const uint32_t bt709[8] = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};
    static const uint32_t bt2020[8] = {31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600};
    static const uint32_t p3_d65[8] = {31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000};
    static const uint32_t p3_dci[8] = {31400, 35100, 68000, 32000, 26500, 69000, 15000, 6000};
    switch (primaries) {
    case AVCOL_PRI_BT2020: return bt2020;
    case AVCOL_PRI_SMPTE432: return p3_d65;
    case AVCOL_PRI_SMPTE431: return p3_dci;
    default: return bt709;
    }
}

/* sRGB is said as such. Else the codes of H.273, and for readers that do not know these the primaries. */
static uint8_t *put_color(uint8_t *to, const AVFrame *f)
{
    if (f->color_primaries == AVCOL_PRI_BT709 && f->color_trc == AVCOL_TRC_IEC61966_2_1) {
        return put_chunk(to, "sRGB", (const uint8_t[1]){1}, 1);
    }
    const uint8_t codes[4] = {(uint8_t)f->color_primaries, (uint8_t)f->color_trc, 0, 1};
    const uint32_t *xy = chromaticities(f->color_primaries);
    uint8_t chroma[32], *at = chroma;
    for (int i = 0; i < 8; i++) { at = put32(at, xy[i]); }
    return put_chunk(put_chunk(to, "cICP", codes, sizeof codes), "cHRM", chroma, sizeof chroma);
}

/* One chunk per band; together they are one zlib stream, with its header before the first and its sum after the last.
 */
static uint8_t *put_bands(uint8_t *to, const png *p)
{
    uLong sum = p->bands[0].adler;
    for (int i = 1; i < p->count; i++) { sum = adler32_combine(sum, p->bands[i].adler, (z_off_t)p->bands[i].raw); }
    for (int i = 0; i < p->count; i++) {
        uint8_t *data = to + 8, *at = data;
        if (i == 0) {
            *at++ = 0x78;
            *at++ = 0x01;
        }
        memcpy(at, p->bands[i].data, p->bands[i].size);
        at += p->bands[i].size;
        if (i == p->count - 1) { at = put32(at, (uint32_t)sum); }
        to = put_chunk(to, "IDAT", data, (size_t)(at - data));
    }
    return to;
}

static kf_status join(const png *p, int components, int bits, AVPacket *packet, kf_error *err)
{
    enum { HEADERS = 256 };
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    size_t size = HEADERS;
    for (int i = 0; i < p->count; i++) {
        if (!p->bands[i].data) { return kf_fail_memory(err); }
        size += p->bands[i].size + CHUNK_EXTRA;
    }
    if (size > INT32_MAX / 2 || av_new_packet(packet, (int)size) < 0) { return kf_fail_memory(err); }
    memcpy(packet->data, signature, sizeof signature);
    uint8_t *end = put_header(packet->data + sizeof signature, p->frame, components, bits);
    end = put_bands(put_color(end, p->frame), p);
    end = put_chunk(end, "IEND", NULL, 0);
    av_shrink_packet(packet, (int)(end - packet->data));
    return KF_OK;
}

kf_status kf_out_png(const AVFrame *frame, kf_pool *pool, AVPacket *packet, kf_error *err)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(frame->format);
    int components = d->nb_components, bits = d->comp[0].depth;
    png p = {.frame = frame, .row = (size_t)frame->width * (size_t)(components * bits / 8)};
    p.rows = (int)(BAND_BYTES / (p.row + 1)) + 1;
    p.count = (frame->height + p.rows - 1) / p.rows;
    p.bands = kf_alloc_zero((size_t)p.count, sizeof *p.bands);
    kf_status status = p.bands ? KF_OK : kf_fail_memory(err);
    if (!status) {
        kf_pool_for(pool, p.count, make_band, &p);
        status = join(&p, components, bits, packet, err);
    }
    for (int i = 0; p.bands && i < p.count; i++) { kf_free(p.bands[i].data); }
    kf_free(p.bands);
    return status;
}
