/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many samples a packet holds, where containers round durations (Matroska does, to milliseconds) or cut them (Ogg).
 */
#include "media/in/walk.h"

/* Samples at 48 kHz, by RFC 6716. */
static int opus_samples(const uint8_t *b, int size)
{
    static const int frame[32] = {480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960,
                                  120, 240, 480,  960,  120, 240, 480,  960,  120, 240, 480,  960,  120, 240, 480, 960};
    int code = b[0] & 3, frames = code == 0 ? 1 : code < 3 ? 2 : size > 1 ? b[1] & 63 : 0;
    return frames * frame[b[0] >> 3];
}

/* The block size in a frame header, by RFC 9639; -1 if it is none. */
static int flac_samples(const uint8_t *b, int size)
{
    if (size < 7 || b[0] != 0xff || (b[1] & 0xfc) != 0xf8) {
        return -1;
    }
    int code = b[2] >> 4;
    if (code == 6 || code == 7) { /* behind the frame number, which is coded like UTF-8 */
        int at = 4, lead = b[4], more = 0;
        while (more < 7 && lead & (0x80 >> more)) {
            more++;
        }
        at += more ? more : 1;
        return at + 2 > size ? -1 : code == 6 ? b[at] + 1 : (b[at] << 8 | b[at + 1]) + 1;
    }
    return code == 1 ? 192 : code >= 2 && code <= 5 ? 576 << (code - 2) : code >= 8 ? 256 << (code - 8) : -1;
}

static int vorbis_samples(kf_in_walk *w, const AVCodecParameters *par, const AVPacket *packet)
{
    if (!w->vorbis) {
        w->vorbis = av_vorbis_parse_init(par->extradata, par->extradata_size);
    }
    return w->vorbis ? av_vorbis_parse_frame(w->vorbis, packet->data, packet->size) : -1;
}

int kf_in_walk_samples(kf_in_walk *w, const AVCodecParameters *par, const AVPacket *packet)
{
    int bits = av_get_exact_bits_per_sample(par->codec_id), channels = par->ch_layout.nb_channels;
    if (packet->size < 1 || par->codec_type != AVMEDIA_TYPE_AUDIO) {
        return -1;
    }
    if (bits > 0 && channels > 0) {
        return (int)((int64_t)packet->size * 8 / bits / channels);
    }
    switch (par->codec_id) {
    case AV_CODEC_ID_OPUS: return par->sample_rate == 48000 ? opus_samples(packet->data, packet->size) : -1;
    case AV_CODEC_ID_FLAC: return flac_samples(packet->data, packet->size);
    case AV_CODEC_ID_VORBIS: return vorbis_samples(w, par, packet);
    default: return -1;
    }
}
