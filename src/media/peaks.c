/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <zlib.h>

#include "base/api/alloc.h"
#include "media/api/peaks.h"

enum { FAN = 4, HEAD = 40 };
static const char magic[8] = "KFPEAK1";

/* A bucket that is being filled, of one channel. */
typedef struct filling {
    float min, max;
    double square;
} filling;

/* Buckets of all channels interleaved. */
typedef struct level {
    kf_peak *buckets;
    size_t count, capacity;    /* in buckets of one channel */
} level;

struct kf_peaks {
    pthread_mutex_t mutex;     /* for what follows the settings */
    int channels, rate;
    int64_t expected;
    level levels[KF_PEAK_LEVELS];
    int64_t samples;           /* appended */
    bool complete;
    filling *filling;          /* the appender's own */
    int filled;
};

kf_peaks *kf_peaks_create(int channels, int rate, int64_t expected)
{
    kf_peaks *p = KF_NEW(kf_peaks);
    if (!p) return NULL;
    pthread_mutex_init(&p->mutex, NULL);
    p->channels = channels;
    p->rate = rate;
    p->expected = expected > 0 ? expected : 0;
    p->filling = kf_alloc_zero((size_t)channels, sizeof *p->filling);
    if (p->filling) return p;
    kf_peaks_destroy(p);
    return NULL;
}

void kf_peaks_destroy(kf_peaks *p)
{
    if (!p) return;
    for (int l = 0; l < KF_PEAK_LEVELS; l++) kf_free(p->levels[l].buckets);
    kf_free(p->filling);
    pthread_mutex_destroy(&p->mutex);
    kf_free(p);
}

/* ---- Filling ---- */

/* The first time, room for all that is expected. */
static bool reserve(kf_peaks *p, int l, size_t need)
{
    level *v = &p->levels[l];
    if (need <= v->capacity) return true;
    int64_t all = (p->expected / KF_PEAK_SAMPLES >> (2 * l)) + 2;
    size_t want = v->capacity ? v->capacity + v->capacity / 2 : (size_t)(all < (1 << 20) ? all : 1 << 20);
    want = want < need ? need : want;
    kf_peak *more = kf_realloc(v->buckets, want * (size_t)p->channels * sizeof *more);
    if (!more) return false;
    v->buckets = more;
    v->capacity = want;
    return true;
}

static kf_peak together(const kf_peak *peaks, int n, int stride)
{
    kf_peak out = peaks[0];
    double square = 0;
    for (int i = 0; i < n; i++) {
        const kf_peak *k = peaks + (ptrdiff_t)i * stride;
        out.min = k->min < out.min ? k->min : out.min;
        out.max = k->max > out.max ? k->max : out.max;
        square += (double)k->rms * k->rms;
    }
    out.rms = (uint16_t)(sqrt(square / n) + 0.5);
    return out;
}

/* Adds buckets to the levels above, where enough of them are below; all: also what is left over. */
static bool raise(kf_peaks *p, bool all)
{
    for (int l = 0; l + 1 < KF_PEAK_LEVELS; l++) {
        const level *below = &p->levels[l];
        level *above = &p->levels[l + 1];
        while (above->count * FAN < below->count) {
            size_t n = below->count - above->count * FAN;
            if (n < FAN && !all) break;
            if (!reserve(p, l + 1, above->count + 1)) return false;
            below = &p->levels[l];
            for (int c = 0; c < p->channels; c++)
                above->buckets[above->count * (size_t)p->channels + (size_t)c] =
                    together(below->buckets + above->count * FAN * (size_t)p->channels + c, n < FAN ? (int)n : FAN,
                             p->channels);
            above->count++;
        }
    }
    return true;
}

static float clip(float v)
{
    return v > 1 ? 1 : v < -1 ? -1 : v == v ? v : 0;
}

static bool finish_bucket(kf_peaks *p)
{
    level *foot = &p->levels[0];
    if (!reserve(p, 0, foot->count + 1)) return false;
    for (int c = 0; c < p->channels; c++) {
        filling *f = &p->filling[c];
        foot->buckets[foot->count * (size_t)p->channels + (size_t)c] =
            (kf_peak){(int16_t)lrintf(clip(f->min) * 32767), (int16_t)lrintf(clip(f->max) * 32767),
                      (uint16_t)(sqrt(f->square / p->filled) * 32767 + 0.5)};
        *f = (filling){0};
    }
    foot->count++;
    p->filled = 0;
    return true;
}

static void fill(filling *f, const float *samples, int n, bool first)
{
    float min = first ? clip(samples[0]) : f->min, max = first ? min : f->max;
    double square = 0;
    for (int i = 0; i < n; i++) {
        float v = clip(samples[i]);
        min = v < min ? v : min;
        max = v > max ? v : max;
        square += (double)v * v;
    }
    f->min = min;
    f->max = max;
    f->square += square;
}

bool kf_peaks_append(kf_peaks *p, const float *const *planes, int n)
{
    bool good = true;
    pthread_mutex_lock(&p->mutex);
    for (int at = 0; at < n && good;) {
        int room = KF_PEAK_SAMPLES - p->filled, some = n - at < room ? n - at : room;
        for (int c = 0; c < p->channels; c++) fill(&p->filling[c], planes[c] + at, some, p->filled == 0);
        at += some;
        p->filled += some;
        if (p->filled == KF_PEAK_SAMPLES) good = finish_bucket(p);
    }
    p->samples += n;
    good = good && raise(p, false);
    pthread_mutex_unlock(&p->mutex);
    return good;
}

bool kf_peaks_end(kf_peaks *p)
{
    pthread_mutex_lock(&p->mutex);
    bool good = (p->filled == 0 || finish_bucket(p)) && raise(p, true);
    p->complete = good;
    p->expected = p->samples;
    pthread_mutex_unlock(&p->mutex);
    return good;
}

static int64_t ready(const kf_peaks *p)
{
    int64_t n = (int64_t)p->levels[0].count * KF_PEAK_SAMPLES;
    return n < p->samples ? n : p->samples;
}

kf_peaks_facts kf_peaks_get_facts(kf_peaks *p)
{
    pthread_mutex_lock(&p->mutex);
    kf_peaks_facts f = {p->channels, p->rate, ready(p), p->expected > p->samples ? p->expected : p->samples, p->complete, 0};
    for (int l = 0; l < KF_PEAK_LEVELS; l++)
        f.bytes += (int64_t)(p->levels[l].capacity * (size_t)p->channels * sizeof(kf_peak));
    pthread_mutex_unlock(&p->mutex);
    return f;
}

/* ---- Reading ---- */

static int level_for(double samples)
{
    int l = 0;
    for (double size = KF_PEAK_SAMPLES * FAN; l + 1 < KF_PEAK_LEVELS && size <= samples; size *= FAN) l++;
    return l;
}

/* Of the buckets [from, to) of a level. */
static kf_peak span(const kf_peaks *p, int l, int channel, int64_t from, int64_t to)
{
    const level *v = &p->levels[l];
    from = from < 0 ? 0 : from;
    to = to > (int64_t)v->count ? (int64_t)v->count : to;
    if (from >= to) return (kf_peak){0};
    const kf_peak *first = v->buckets + from * p->channels;
    if (channel < 0) return together(first, (int)(to - from) * p->channels, 1);
    return together(first + channel, (int)(to - from), p->channels);
}

/* A span of samples at the finest level that is not slow; where a level's last bucket is not yet there, the one below
 * tells. */
static kf_peak column(const kf_peaks *p, int l, int channel, double from, double to)
{
    for (;; l--) {
        double size = (double)((int64_t)KF_PEAK_SAMPLES << (2 * l));
        int64_t a = (int64_t)floor(from / size), b = (int64_t)ceil(to / size);
        b = b <= a ? a + 1 : b;
        if (l == 0 || b <= (int64_t)p->levels[l].count) return span(p, l, channel, a, b);
    }
}

void kf_peaks_read(kf_peaks *p, int channel, double from, double to, kf_peak *columns, int count)
{
    double step = (to - from) / count;
    pthread_mutex_lock(&p->mutex);
    int l = level_for(step);
    double end = (double)ready(p);
    for (int i = 0; i < count; i++) {
        double a = from + step * i, b = from + step * (i + 1);
        b = b > end ? end : b;
        bool some = b > 0 && a < end && channel < p->channels;
        columns[i] = some ? column(p, l, channel, a < 0 ? 0 : a, b) : (kf_peak){0};
    }
    pthread_mutex_unlock(&p->mutex);
}

/* ---- Bytes ---- */

typedef struct head {
    char magic[8];
    int32_t channels, rate;
    int64_t samples, buckets;
    uint64_t reserved;
} head;
_Static_assert(sizeof(head) == HEAD, "the head's size is part of the format");

/* Only the foot is kept; the levels above are made from it again. Each number as its difference from the bucket before
 * deflates better. */
static void to_differences(uint16_t *words, size_t count, size_t stride)
{
    for (size_t i = count; i-- > stride;) words[i] = (uint16_t)(words[i] - words[i - stride]);
}

static void from_differences(uint16_t *words, size_t count, size_t stride)
{
    for (size_t i = stride; i < count; i++) words[i] = (uint16_t)(words[i] + words[i - stride]);
}

static uint8_t *pack(const kf_peaks *p, size_t *length)
{
    size_t words = p->levels[0].count * (size_t)p->channels * 3, raw = 2 * words;
    uLongf packed = compressBound(raw);
    uint16_t *copy = kf_alloc(raw ? raw : 1);
    uint8_t *out = kf_alloc(HEAD + packed);
    bool good = copy && out;
    if (good && raw) memcpy(copy, p->levels[0].buckets, raw);
    if (good) to_differences(copy, words, 3 * (size_t)p->channels);
    good = good && compress2(out + HEAD, &packed, (const Bytef *)copy, raw, 1) == Z_OK;
    kf_free(copy);
    if (!good) {
        kf_free(out);
        return NULL;
    }
    head h = {.channels = p->channels, .rate = p->rate, .samples = p->samples, .buckets = (int64_t)p->levels[0].count};
    memcpy(h.magic, magic, sizeof magic);
    memcpy(out, &h, HEAD);
    *length = HEAD + packed;
    return out;
}

uint8_t *kf_peaks_pack(kf_peaks *p, size_t *length)
{
    pthread_mutex_lock(&p->mutex);
    uint8_t *out = p->complete ? pack(p, length) : NULL;
    pthread_mutex_unlock(&p->mutex);
    return out;
}

static bool plausible(const head *h, size_t length)
{
    if (memcmp(h->magic, magic, sizeof magic) != 0 || h->channels < 1 || h->channels > KF_PEAK_CHANNELS) return false;
    if (h->rate < 1 || h->rate > 10000000 || h->samples < 0 || h->buckets < 0 || h->buckets > INT64_C(1) << 32) return false;
    bool fits = h->buckets == (h->samples + KF_PEAK_SAMPLES - 1) / KF_PEAK_SAMPLES;
    return fits && (uint64_t)h->buckets * (uint64_t)h->channels * 6 / 1100 <= length; /* deflate's limit: no bombs */
}

static bool unpack(kf_peaks *p, const head *h, const uint8_t *bytes, size_t length)
{
    size_t words = (size_t)h->buckets * (size_t)h->channels * 3;
    uLongf raw = 2 * words, got = raw;
    if (h->buckets && !reserve(p, 0, (size_t)h->buckets)) return false;
    if (raw && (uncompress((Bytef *)p->levels[0].buckets, &got, bytes, length) != Z_OK || got != raw)) return false;
    from_differences((uint16_t *)(void *)p->levels[0].buckets, words, 3 * (size_t)h->channels);
    p->levels[0].count = (size_t)h->buckets;
    p->samples = h->samples;
    return kf_peaks_end(p);
}

kf_peaks *kf_peaks_unpack(const uint8_t *bytes, size_t length)
{
    head h;
    if (length < HEAD) return NULL;
    memcpy(&h, bytes, HEAD);
    if (!plausible(&h, length)) return NULL;
    kf_peaks *p = kf_peaks_create(h.channels, h.rate, h.samples);
    if (p && unpack(p, &h, bytes + HEAD, length - HEAD)) return p;
    kf_peaks_destroy(p);
    return NULL;
}
