/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a source along a warp: exact positions, a sliding window over the source, and the choice of engine. */
#include "audio/dsp/internal.h"

/* ---- Window ---- */

void kf_window_init(kf_window *window, kf_sample_source source, int32_t channels)
{
    memset(window, 0, sizeof *window);
    window->source = source;
    window->channels = channels;
}

void kf_window_finish(kf_window *window)
{
    for (int c = 0; c < window->channels; c++) kf_free(window->plane[c]);
    memset(window, 0, sizeof *window);
}

static kf_status window_reserve(kf_window *w, int64_t count, kf_error *err)
{
    if (count > KF_WINDOW_MAX) {
        return kf_fail(err, KF_ERR_INTERNAL, "a sound reader asked for %lld samples at once", (long long)count);
    }
    if (count <= w->capacity) return KF_OK;
    int32_t capacity = (int32_t)count + (int32_t)count / 2;
    for (int c = 0; c < w->channels; c++) {
        float *grown = kf_realloc(w->plane[c], (size_t)capacity * sizeof(float));
        if (!grown) return kf_fail_memory(err);
        w->plane[c] = grown;
    }
    w->capacity = capacity;
    return KF_OK;
}

static kf_status window_read(kf_window *w, int64_t first, int64_t count, kf_error *err)
{
    if (count <= 0) return KF_OK;
    float *planes[KF_DSP_MAX_CHANNELS];
    for (int c = 0; c < w->channels; c++) planes[c] = w->plane[c] + (first - w->first);
    return w->source.read(w->source.ctx, first, (int32_t)count, planes, w->channels, err);
}

kf_status kf_window_need(kf_window *w, int64_t lo, int64_t hi, bool backwards, kf_error *err)
{
    int64_t end = w->first + w->count;
    if (w->count && lo >= w->first && hi <= end) return KF_OK;
    if (backwards) lo -= lo < w->first || !w->count ? 32768 : 0;
    int64_t keep_lo = lo > w->first ? lo : w->first, keep_hi = hi < end ? hi : end;
    if (!w->count || keep_lo >= keep_hi) keep_lo = keep_hi = lo;
    kf_status status = window_reserve(w, hi - lo, err);
    if (status) {
        w->count = 0;
        return status;
    }
    if (keep_hi > keep_lo) {
        for (int c = 0; c < w->channels; c++) {
            memmove(w->plane[c] + (keep_lo - lo), w->plane[c] + (keep_lo - w->first),
                    (size_t)(keep_hi - keep_lo) * sizeof(float));
        }
    }
    w->first = lo;
    w->count = 0; /* until both reads are done */
    status = window_read(w, lo, keep_lo - lo, err);
    if (!status) status = window_read(w, keep_hi, hi - keep_hi, err);
    if (!status) w->count = (int32_t)(hi - lo);
    return status;
}

/* ---- Warp ---- */

kf_warp_pos kf_warp_at(const kf_warp *warp, int64_t i, int32_t *cursor)
{
    const kf_warp_point *p = warp->points;
    int32_t k = *cursor, last = warp->count - 2;
    if (k > last || k < 0 || (k > 0 && i < p[k].at) ||
        (k + 1 <= last && k + 2 <= warp->count - 1 && i >= p[k + 2].at)) {
        int32_t lo = 0, hi = last; /* last segment that starts at or before i */
        while (lo < hi) {
            int32_t mid = (lo + hi + 1) / 2;
            if (p[mid].at <= i) lo = mid;
            else hi = mid - 1;
        }
        k = lo;
    } else if (k < last && i >= p[k + 1].at) {
        k++;
    }
    *cursor = k;
    int64_t den = p[k + 1].at - p[k].at, num = p[k + 1].source - p[k].source;
    __int128 product = (__int128)(i - p[k].at) * num;
    __int128 whole = product / den, frac = product % den;
    if (frac < 0) {
        frac += den;
        whole--;
    }
    return (kf_warp_pos){p[k].source + (int64_t)whole, (int64_t)frac, den, num};
}

kf_status kf_warp_check(const kf_warp *warp, kf_error *err)
{
    const int64_t most = INT64_C(1) << 53;
    if (warp->count < 2) return kf_fail(err, KF_ERR_INVALID, "a time remap needs at least two points");
    for (int32_t i = 0; i < warp->count; i++) {
        const kf_warp_point *p = &warp->points[i];
        if (p->at <= -most || p->at >= most || p->source <= -most || p->source >= most) {
            return kf_fail(err, KF_ERR_INVALID, "time remap point %d is out of range", (int)i);
        }
        if (i && p->at <= p[-1].at)
            return kf_fail(err, KF_ERR_INVALID, "time remap point %d does not come after the one before", (int)i);
    }
    return KF_OK;
}

/* ---- Reader ---- */

struct kf_speed_reader {
    kf_speed_params params;
    kf_warp_point *points;
    kf_resample_bank *own_bank;
    kf_window window;
    kf_wsola *wsola;
    kf_rubber *rubber;
    int32_t cursor;
};

static bool constant_speed(const kf_warp *warp)
{
    return warp->count == 2;
}

static kf_status make_engine(kf_speed_reader *r, kf_error *err)
{
    if (r->params.mode == KF_SPEED_STRETCH && constant_speed(&r->params.warp)) r->rubber = kf_rubber_create(&r->params);
    if (r->params.mode != KF_SPEED_VARISPEED && !r->rubber) {
        r->wsola = kf_wsola_create(&r->params);
        if (!r->wsola) return kf_fail_memory(err);
    }
    if (r->params.mode == KF_SPEED_VARISPEED && !r->params.bank) {
        r->params.bank = r->own_bank = kf_resample_bank_create();
        if (!r->own_bank) return kf_fail_memory(err);
    }
    return KF_OK;
}

kf_status kf_speed_reader_create(const kf_speed_params *params, kf_speed_reader **out, kf_error *err)
{
    *out = NULL;
    kf_status status = kf_warp_check(&params->warp, err);
    if (status) return status;
    if (params->rate < 8000 || params->rate > 384000 || params->channels < 1 ||
        params->channels > KF_DSP_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_INVALID, "cannot change the speed of %d channels at %d Hz", (int)params->channels,
                       (int)params->rate);
    }
    kf_speed_reader *r = KF_NEW(kf_speed_reader);
    if (!r) return kf_fail_memory(err);
    r->params = *params;
    size_t bytes = (size_t)params->warp.count * sizeof *r->points;
    r->points = kf_alloc(bytes);
    if (!r->points) {
        kf_free(r);
        return kf_fail_memory(err);
    }
    memcpy(r->points, params->warp.points, bytes);
    r->params.warp.points = r->points;
    kf_window_init(&r->window, params->source, params->channels);
    status = make_engine(r, err);
    if (status) kf_speed_reader_destroy(r);
    else *out = r;
    return status;
}

void kf_speed_reader_destroy(kf_speed_reader *r)
{
    if (!r) return;
    kf_wsola_destroy(r->wsola);
    kf_rubber_destroy(r->rubber);
    kf_resample_bank_destroy(r->own_bank);
    kf_window_finish(&r->window);
    kf_free(r->points);
    kf_free(r);
}

enum { PART = 64 };

/* Kernel of a segment; NULL with *copy for slopes of 1 and -1, which fall on samples. */
static const kf_resample_kernel *kernel_of(kf_speed_reader *r, const kf_warp_pos *p, bool *copy)
{
    *copy = p->slope_num == p->den || p->slope_num == -p->den;
    if (*copy) return NULL;
    return kf_resample_bank_get(r->params.bank, fabs((double)p->slope_num / (double)p->den));
}

/* n outputs that lie in one segment, from first. */
static kf_status read_segment(kf_speed_reader *r, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    kf_warp_pos from = kf_warp_at(&r->params.warp, first, &r->cursor);
    int channels = r->params.channels;
    if (kf_warp_silent(&from)) {
        for (int c = 0; c < channels; c++) memset(out[c], 0, (size_t)n * sizeof(float));
        return KF_OK;
    }
    bool copy;
    const kf_resample_kernel *kernel = kernel_of(r, &from, &copy);
    if (!kernel && !copy) return kf_fail_memory(err);
    kf_warp_pos to = kf_warp_at(&r->params.warp, first + n - 1, &r->cursor);
    int32_t reach = copy ? 0 : kf_resample_kernel_reach(kernel);
    int64_t lo = from.whole < to.whole ? from.whole : to.whole, hi = from.whole < to.whole ? to.whole : from.whole;
    kf_status status = kf_window_need(&r->window, lo - reach, hi + reach + 1, from.slope_num < 0, err);
    if (status) return status;
    for (int32_t i = 0; i < n; i++) {
        kf_warp_pos p = kf_warp_at(&r->params.warp, first + i, &r->cursor);
        for (int c = 0; c < channels; c++) {
            out[c][i] = copy ? *kf_window_at(&r->window, c, p.whole)
                             : kf_resample_at(kernel, r->window.plane[c], r->window.first, p.whole, p.frac, p.den);
        }
    }
    return KF_OK;
}

/* Samples from first that lie in its segment, at most n. */
static int32_t segment_part(kf_speed_reader *r, int64_t first, int32_t n)
{
    kf_warp_at(&r->params.warp, first, &r->cursor);
    if (r->cursor >= r->params.warp.count - 2) return n;
    int64_t left = r->points[r->cursor + 1].at - first;
    return left < n ? (int32_t)left : n;
}

static kf_status varispeed_read(kf_speed_reader *r, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    kf_status status = KF_OK;
    for (int32_t done = 0; done < n && !status;) {
        float *part_out[KF_DSP_MAX_CHANNELS];
        for (int c = 0; c < r->params.channels; c++) part_out[c] = out[c] + done;
        int32_t part = segment_part(r, first + done, n - done < PART ? n - done : PART);
        status = read_segment(r, first + done, part, part_out, err);
        done += part;
    }
    return status;
}

kf_status kf_speed_reader_read(kf_speed_reader *r, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    if (r->rubber) return kf_rubber_read(r->rubber, first, n, out, err);
    if (r->wsola) return kf_wsola_read(r->wsola, first, n, out, err);
    return varispeed_read(r, first, n, out, err);
}
