/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "media/in/mix.h"

#include <string.h>

/* ---- formats ---- */

#define ROW(type, value) \
    do { \
        const type *from = (const type *)(const void *)data + (planar ? 0 : channel); \
        for (int i = 0; i < n; i++) { \
            type x = from[(ptrdiff_t)i * step]; \
            out[i] = (value); \
        } \
    } while (0)

/* One channel as floats. */
static bool float_row(const AVFrame *f, int channel, float *out)
{
    enum AVSampleFormat format = (enum AVSampleFormat)f->format;
    bool planar = av_sample_fmt_is_planar(format);
    const uint8_t *data = planar ? f->extended_data[channel] : f->extended_data[0];
    int n = f->nb_samples, step = planar ? 1 : f->ch_layout.nb_channels;
    switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8: ROW(uint8_t, (float)(x - 128) / 128.0f); return true;
    case AV_SAMPLE_FMT_S16: ROW(int16_t, (float)x / 32768.0f); return true;
    case AV_SAMPLE_FMT_S32: ROW(int32_t, (float)x / 2147483648.0f); return true;
    case AV_SAMPLE_FMT_S64: ROW(int64_t, (float)x / 9223372036854775808.0f); return true;
    case AV_SAMPLE_FMT_FLT: ROW(float, x); return true;
    case AV_SAMPLE_FMT_DBL: ROW(double, (float)x); return true;
    default: return false;
    }
}

/* ---- weights ---- */

/* What a channel gives to the left and the right (ITU-R BS.775). */
static void weigh(enum AVChannel channel, float *left, float *right)
{
    const float half_power = 0.70710678f;
    *left = *right = 0;
    switch (channel) {
    case AV_CHAN_FRONT_LEFT:
    case AV_CHAN_FRONT_LEFT_OF_CENTER:
    case AV_CHAN_WIDE_LEFT:
    case AV_CHAN_STEREO_LEFT: *left = 1; break;
    case AV_CHAN_FRONT_RIGHT:
    case AV_CHAN_FRONT_RIGHT_OF_CENTER:
    case AV_CHAN_WIDE_RIGHT:
    case AV_CHAN_STEREO_RIGHT: *right = 1; break;
    case AV_CHAN_FRONT_CENTER: *left = *right = half_power; break;
    case AV_CHAN_BACK_LEFT:
    case AV_CHAN_SIDE_LEFT:
    case AV_CHAN_TOP_FRONT_LEFT:
    case AV_CHAN_TOP_BACK_LEFT:
    case AV_CHAN_TOP_SIDE_LEFT: *left = half_power; break;
    case AV_CHAN_BACK_RIGHT:
    case AV_CHAN_SIDE_RIGHT:
    case AV_CHAN_TOP_FRONT_RIGHT:
    case AV_CHAN_TOP_BACK_RIGHT:
    case AV_CHAN_TOP_SIDE_RIGHT: *right = half_power; break;
    case AV_CHAN_BACK_CENTER:
    case AV_CHAN_TOP_CENTER:
    case AV_CHAN_TOP_FRONT_CENTER:
    case AV_CHAN_TOP_BACK_CENTER: *left = *right = 0.5f; break;
    default: break; /* the low-frequency channel is left out */
    }
}

static void set_weights(kf_in_mixer *m, const AVChannelLayout *layout)
{
    int count = layout->nb_channels < KF_IN_MAX_CHANNELS ? layout->nb_channels : KF_IN_MAX_CHANNELS;
    memset(m->weight, 0, sizeof m->weight);
    for (int c = 0; c < count; c++) {
        float left = 1, right = 1;
        if (layout->nb_channels > 1) {
            weigh(av_channel_layout_channel_from_index(layout, (unsigned)c), &left, &right);
        }
        m->weight[0][c] = m->channels == 1 ? (left + right) / 2 : left;
        m->weight[1][c] = right;
    }
    m->plain = m->channels > 2 || m->channels == layout->nb_channels;
}

static bool prepare(kf_in_mixer *m, const AVFrame *f, int channels)
{
    if (f->nb_samples > m->row_capacity) {
        float *row = kf_realloc(m->row, (size_t)f->nb_samples * sizeof *row);
        if (!row) {
            return false;
        }
        m->row = row;
        m->row_capacity = f->nb_samples;
    }
    if (m->channels == channels && av_channel_layout_compare(&m->layout, &f->ch_layout) == 0) {
        return true;
    }
    AVChannelLayout usual = {0};
    if (av_channel_layout_copy(&m->layout, &f->ch_layout) < 0) {
        return false;
    }
    m->channels = channels;
    if (f->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
        av_channel_layout_default(&usual, f->ch_layout.nb_channels);
    }
    set_weights(m, usual.nb_channels ? &usual : &m->layout);
    av_channel_layout_uninit(&usual);
    return true;
}

/* ---- mixing ---- */

static bool mix_plain(const AVFrame *f, float *const *to, int channels)
{
    bool known = true;
    for (int c = 0; c < channels && known; c++) {
        if (c < f->ch_layout.nb_channels) {
            known = float_row(f, c, to[c]);
        } else {
            memset(to[c], 0, (size_t)f->nb_samples * sizeof(float));
        }
    }
    return known;
}

static bool mix_weighted(kf_in_mixer *m, const AVFrame *f, float *const *to, int channels)
{
    bool known = true;
    for (int o = 0; o < channels; o++) {
        memset(to[o], 0, (size_t)f->nb_samples * sizeof(float));
    }
    int count = f->ch_layout.nb_channels < KF_IN_MAX_CHANNELS ? f->ch_layout.nb_channels : KF_IN_MAX_CHANNELS;
    for (int c = 0; c < count && known; c++) {
        if (m->weight[0][c] == 0 && m->weight[1][c] == 0) {
            continue;
        }
        known = float_row(f, c, m->row);
        for (int o = 0; known && o < channels; o++) {
            float w = m->weight[o][c], *out = to[o];
            for (int i = 0; w != 0 && i < f->nb_samples; i++) {
                out[i] += w * m->row[i];
            }
        }
    }
    return known;
}

kf_status kf_in_mix(kf_in_mixer *m, const AVFrame *f, float *const *to, int channels, kf_error *err)
{
    if (!prepare(m, f, channels)) {
        return kf_fail_memory(err);
    }
    bool known = m->plain ? mix_plain(f, to, channels) : mix_weighted(m, f, to, channels);
    return known ? KF_OK : kf_fail(err, KF_ERR_UNSUPPORTED, "sound in samples of format %d cannot be read", f->format);
}

void kf_in_mixer_finish(kf_in_mixer *m)
{
    av_channel_layout_uninit(&m->layout);
    kf_free(m->row);
    *m = (kf_in_mixer){0};
}
