/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "media/in/walk.h"

static int compare_pts(const void *a, const void *b)
{
    const kf_in_entry *x = a, *y = b;
    return x->pts != y->pts ? (x->pts > y->pts) - (x->pts < y->pts) : (x->order > y->order) - (x->order < y->order);
}

/* ---- walking ---- */

/* Packets of VP8 and VP9 that only refresh references. */
static bool shows_nothing(const AVCodecParameters *par, const AVPacket *packet)
{
    const uint8_t *b = packet->data;
    if (packet->size < 4) {
        return packet->size == 0;
    }
    if (par->codec_id == AV_CODEC_ID_VP8) {
        return !(b[0] & 0x10);
    }
    if (par->codec_id == AV_CODEC_ID_VP9) {
        int profile = (b[0] >> 5 & 1) | (b[0] >> 3 & 2),
            at = profile == 3 ? 5 : 4; /* bits before show_existing_frame */
        bool existing = b[0] >> (7 - at) & 1, shown = b[0] >> (7 - at - 2) & 1;
        bool super = (b[packet->size - 1] & 0xe0) == 0xc0; /* several frames, of which the last shows */
        return !super && !existing && !shown;
    }
    return false;
}

static int note_packet(const kf_media *media, kf_in_walk *w, const AVPacket *packet)
{
    const AVCodecParameters *par = media->streams[packet->stream_index].par;
    if (w->count >= INT32_MAX - 1 || kf_grow((void **)&w->items, &w->capacity, w->count + 1, sizeof *w->items)) {
        return -1;
    }
    kf_in_walked *item = &w->items[w->count];
    *item = (kf_in_walked){
        .pts = packet->pts, .dts = packet->dts, .duration = packet->duration, .order = (int32_t)w->count};
    item->key = packet->flags & AV_PKT_FLAG_KEY;
    item->hidden = (packet->flags & AV_PKT_FLAG_DISCARD) || (!media->quick && shows_nothing(par, packet));
    size_t size;
    const uint8_t *skip = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
    if (skip && size >= 10) {
        item->skip = (int)(skip[0] | skip[1] << 8 | skip[2] << 16 | (uint32_t)skip[3] << 24);
        item->discard = (int)(skip[4] | skip[5] << 8 | skip[6] << 16 | (uint32_t)skip[7] << 24);
    }
    item->samples = media->quick ? -1 : kf_in_walk_samples(w, par, packet);
    kf_in_walk_parse(w, packet, item);
    w->count++;
    return 0;
}

static bool wanted(const kf_media *media, int i)
{
    const kf_in_stream *s = &media->streams[i];
    enum AVMediaType type = s->par->codec_type;
    return !s->attached && (type == AVMEDIA_TYPE_VIDEO || (type == AVMEDIA_TYPE_AUDIO && !s->direct));
}

/* Sets what may be discarded; *expected is the number of packets that may be read, 0: to the end. */
static void prepare_walk(kf_media *media, kf_in_walk *walks, int64_t *expected)
{
    *expected = 0;
    for (unsigned i = 0; i < media->demux.format->nb_streams; i++) {
        AVStream *st = media->demux.format->streams[i];
        bool want = (int)i < media->info.stream_count && wanted(media, (int)i);
        st->discard = want ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
        if (want && media->quick) {
            walks[i].expected = avformat_index_get_entries_count(st);
            *expected += walks[i].expected;
        } else if (want && !media->timed) {
            kf_in_walk_prepare(&walks[i], st->codecpar);
        }
    }
}

static kf_status walk_packets(kf_media *media, kf_in_walk *walks, kf_error *err)
{
    int64_t expected;
    prepare_walk(media, walks, &expected);
    media->demux.hollow = media->quick;
    if (media->quick) {
        media->demux.format->flags |= AVFMT_FLAG_NOPARSE;
    }
    AVPacket *packet = av_packet_alloc();
    kf_status status = packet ? KF_OK : kf_fail_memory(err);
    for (int64_t n = 0; !status && (!media->quick || n < expected); n++) {
        if (av_read_frame(media->demux.format, packet) < 0) {
            break; /* the end, or damage: what came before counts */
        }
        int i = packet->stream_index;
        if (i < media->info.stream_count && wanted(media, i) && note_packet(media, &walks[i], packet)) {
            status = kf_fail_memory(err);
        }
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return status;
}

/* ---- pictures ---- */

static void find_times(const kf_in_walk *w, bool *all_pts, bool *all_dts)
{
    *all_pts = *all_dts = true;
    for (size_t i = 0; i < w->count; i++) {
        const kf_in_walked *item = &w->items[i];
        *all_pts &= item->pts != AV_NOPTS_VALUE;
        *all_dts &= item->dts != AV_NOPTS_VALUE && (!i || item->dts > item[-1].dts);
    }
}

static int64_t usual_step(const kf_media *media, int stream)
{
    kf_rational rate = media->info.streams[stream].rate;
    AVRational base = media->streams[stream].base;
    if (rate.num <= 0 || rate.den <= 0) {
        rate = (kf_rational){25, 1};
    }
    int64_t step = av_rescale_q(1, (AVRational){rate.den, rate.num}, base);
    return step > 0 ? step : 1;
}

/* Moves entries whose time another already has to the hidden ones. */
static void part_doubles(kf_in_index *x)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < x->count; i++) {
        if (kept && x->frames[kept - 1].pts == x->frames[i].pts) {
            x->hidden[x->hidden_count++] = x->frames[i];
        } else {
            x->frames[kept++] = x->frames[i];
        }
    }
    x->count = kept;
}

static int reorder_of(const kf_in_index *x)
{
    int32_t most = 0, seen = 0;
    for (int64_t i = 0; i < x->count; i++) {
        seen = x->frames[i].order > seen ? x->frames[i].order : seen;
        int32_t late = seen - x->frames[i].order;
        most = late > most ? late : most;
    }
    return most > 16 ? 16 : most;
}

static bool varies(const kf_in_index *x)
{
    int64_t low = INT64_MAX, high = 0;
    for (int64_t i = 1; i < x->count; i++) {
        int64_t step = x->frames[i].pts - x->frames[i - 1].pts;
        low = step < low ? step : low;
        high = step > high ? step : high;
    }
    return x->count > 2 && high - low > 1 + low / 50;
}

/* ---- times that the container has rounded ---- */

enum { GRID_TICKS_MIN = 6 }; /* with fewer ticks to a frame anything would seem to lie on a grid */

/* Ticks to a frame as num / den. */
static void grid_step(AVRational base, kf_rational rate, int64_t *num, int64_t *den)
{
    *num = (int64_t)base.den * rate.den;
    *den = (int64_t)base.num * rate.num;
}

/* The multiple of a frame that lies nearest to `ticks`. */
static int64_t grid_number(int64_t ticks, int64_t num, int64_t den)
{
    int64_t half = num / den / 2;
    return kf_muldiv_floor(ticks < INT64_MAX - half ? ticks + half : ticks, den, num);
}

/* Whether all times are those of different multiples of 1/rate s, rounded up or down to a tick. */
static bool on_grid(const kf_in_index *x, AVRational base, kf_rational rate)
{
    int64_t num, den, ticks, before = -1;
    if (rate.num <= 0 || rate.den <= 0) {
        return false;
    }
    grid_step(base, rate, &num, &den);
    if (num / den < GRID_TICKS_MIN || num % den == 0) {
        return false;
    }
    for (int64_t i = 0; i < x->count; i++) {
        if (__builtin_sub_overflow(x->frames[i].pts, x->frames[0].pts, &ticks)) {
            return false;
        }
        int64_t n = grid_number(ticks, num, den);
        if (n <= before || ticks < kf_muldiv_floor(n, num, den) || ticks > kf_muldiv_ceil(n, num, den)) {
            return false;
        }
        before = n;
    }
    return true;
}

/* The usual rate that is nearest to the given one, or that one. */
static kf_rational find_grid(const kf_media *media, int stream, const kf_in_index *x)
{
    static const kf_rational usual[] = {{24000, 1001}, {24, 1}, {25, 1},       {30000, 1001}, {30, 1},        {48, 1},
                                        {50, 1},       {60000, 1001}, {60, 1}, {100, 1},      {120000, 1001}, {120, 1}};
    const AVRational base = media->streams[stream].base;
    kf_rational given = media->info.streams[stream].rate, best = {0, 0};
    double least = 0.01;
    for (size_t i = 0; i < sizeof usual / sizeof *usual && given.den > 0 && x->count > 1; i++) {
        double off = fabs((double)usual[i].num * given.den / ((double)usual[i].den * given.num) - 1);
        if (off < least && on_grid(x, base, usual[i])) {
            least = off;
            best = usual[i];
        }
    }
    return best.num || x->count < 2 || !on_grid(x, base, given) ? best : given;
}

/* Streams that carry no times get them here. */
static kf_status complete_times(kf_media *media, int stream, kf_in_walk *w, kf_error *err)
{
    kf_in_index *x = &media->streams[stream].index;
    bool all_pts, all_dts;
    find_times(w, &all_pts, &all_dts);
    x->by_dts = !all_pts;
    x->untimed = !all_pts && (!all_dts || !media->numbered); /* after a seek libavformat would only guess */
    if (all_pts) {
        return KF_OK;
    }
    x->marks = kf_alloc_zero(w->count, sizeof *x->marks);
    if (!x->marks) {
        return kf_fail_memory(err);
    }
    for (size_t i = 0; i < w->count; i++) {
        x->marks[i] = (kf_in_entry){w->items[i].dts, (int32_t)i};
    }
    return kf_in_walk_time(w, media->numbered, media->streams[stream].start, usual_step(media, stream), err);
}

static kf_status reserve(kf_in_index *x, size_t packets, kf_error *err)
{
    size_t n = packets ? packets : 1;
    x->frames = kf_alloc_zero(n, sizeof *x->frames);
    x->hidden = kf_alloc_zero(n, sizeof *x->hidden);
    x->keys = kf_alloc_zero(n, sizeof *x->keys);
    x->shown = kf_alloc(n * sizeof *x->shown);
    x->packets = (int32_t)packets;
    return x->frames && x->hidden && x->keys && x->shown ? KF_OK : kf_fail_memory(err);
}

static void number_packets(kf_in_index *x)
{
    for (int32_t i = 0; i < x->packets; i++) {
        x->shown[i] = -1;
    }
    for (int64_t i = 0; i < x->count; i++) {
        x->shown[x->frames[i].order] = (int32_t)i;
    }
}

static kf_status make_video(kf_media *media, int stream, kf_in_walk *w, kf_error *err)
{
    kf_in_index *x = &media->streams[stream].index;
    kf_status status = reserve(x, w->count, err);
    if (!status) {
        status = complete_times(media, stream, w, err);
    }
    if (status) {
        return status;
    }
    int64_t last_duration = 0, last_pts = INT64_MIN;
    for (size_t i = 0; i < w->count; i++) {
        const kf_in_walked *p = &w->items[i];
        kf_in_entry entry = {p->pts, p->order};
        if (p->hidden) {
            x->hidden[x->hidden_count++] = entry;
        } else {
            x->frames[x->count++] = entry;
            last_duration = p->pts >= last_pts ? p->duration : last_duration;
            last_pts = p->pts >= last_pts ? p->pts : last_pts;
        }
        if (p->key) {
            x->keys[x->key_count++] = (kf_in_key){p->pts, p->dts, p->order};
        }
    }
    qsort(x->frames, (size_t)x->count, sizeof *x->frames, compare_pts);
    part_doubles(x);
    qsort(x->hidden, (size_t)x->hidden_count, sizeof *x->hidden, compare_pts);
    if (last_duration <= 0) {
        last_duration =
            x->count > 1 ? x->frames[x->count - 1].pts - x->frames[x->count - 2].pts : usual_step(media, stream);
    }
    x->end = x->count ? x->frames[x->count - 1].pts + last_duration : 0;
    x->variable = varies(x);
    x->grid = find_grid(media, stream, x);
    x->reorder = reorder_of(x);
    number_packets(x);
    return KF_OK;
}

/* Numbered pictures and single ones need no walk. */
static kf_status make_pictures(kf_media *media, int stream, int64_t count, kf_error *err)
{
    kf_in_index *x = &media->streams[stream].index;
    kf_status status = reserve(x, (size_t)count, err);
    if (status) {
        return status;
    }
    int64_t step = media->place.kind == KF_IN_SEQUENCE ? usual_step(media, stream) : 1;
    for (int64_t i = 0; i < count; i++) {
        x->frames[i] = (kf_in_entry){media->streams[stream].start + i * step, (int32_t)i};
        x->keys[i] = (kf_in_key){x->frames[i].pts, x->frames[i].pts, (int32_t)i};
    }
    x->count = x->key_count = count;
    x->end = media->streams[stream].start + count * step;
    number_packets(x);
    return KF_OK;
}

/* ---- sound ---- */

static int64_t to_samples(const kf_in_stream *s, int64_t ticks)
{
    return av_rescale_q(ticks, s->base, (AVRational){1, s->par->sample_rate});
}

static int64_t samples_of(const kf_in_stream *s, const kf_in_walked *p, bool coarse)
{
    if (p->samples >= 0) {
        return p->samples;
    }
    bool constant = s->par->frame_size > 0 && coarse; /* a rounded duration says less */
    return p->duration > 0 && !constant ? to_samples(s, p->duration) : s->par->frame_size;
}

/* Exact positions: a packet begins where the last ended, unless its time says clearly otherwise. */
static kf_status make_sound(kf_media *media, int stream, const kf_in_walk *w, kf_error *err)
{
    kf_in_stream *s = &media->streams[stream];
    kf_in_sound_index *x = &s->sound;
    x->packets = kf_alloc_zero(w->count ? w->count : 1, sizeof *x->packets);
    if (!x->packets) {
        return kf_fail_memory(err);
    }
    int64_t grain = av_rescale_q_rnd(1, s->base, (AVRational){1, s->par->sample_rate}, AV_ROUND_UP);
    int64_t next = 0, last_end = 0;
    for (size_t i = 0; i < w->count; i++) {
        const kf_in_walked *p = &w->items[i];
        int64_t pts = p->pts != AV_NOPTS_VALUE ? p->pts : p->dts;
        int64_t at = pts == AV_NOPTS_VALUE ? next : to_samples(s, pts);
        int skip = i ? 0 : p->skip > 0 ? p->skip : media->timed && pts < 0 ? s->par->initial_padding : 0;
        if (skip > 0 && grain > 1 && llabs(at + skip) <= grain) {
            at = -skip; /* what plays begins at 0 */
        }
        at = i && llabs(at - next) <= grain + 2 ? next : at;
        x->packets[x->count++] = (kf_in_sound){pts, p->dts, at};
        if (i == 0) {
            x->start = at + skip;
        }
        next = at + samples_of(s, p, grain > 1);
        if (!p->hidden && next - p->discard > last_end) {
            last_end = next - p->discard;
        }
    }
    x->end = last_end > x->start ? last_end : x->start;
    return KF_OK;
}

/* ---- all ---- */

static kf_status make_stream(kf_media *media, int i, kf_in_walk *w, kf_error *err)
{
    const kf_in_stream *s = &media->streams[i];
    if (s->attached) {
        return make_pictures(media, i, 1, err);
    }
    if (media->info.streams[i].type == KF_STREAM_VIDEO) {
        return make_video(media, i, w, err);
    }
    return media->info.streams[i].type == KF_STREAM_AUDIO && !s->direct ? make_sound(media, i, w, err) : KF_OK;
}

static kf_status walk_file(kf_media *media, kf_error *err)
{
    kf_in_walk *walks = kf_alloc_zero((size_t)media->info.stream_count, sizeof *walks);
    kf_status status = walks ? KF_OK : kf_fail_memory(err);
    if (!status && media->quick) { /* its first packets have been read */
        kf_in_demux_close(&media->demux);
        status = kf_in_demux_open(&media->place, &media->demux, err);
    }
    if (!status) {
        status = walk_packets(media, walks, err);
    }
    for (int i = 0; !status && i < media->info.stream_count; i++) {
        status = make_stream(media, i, &walks[i], err);
    }
    for (int i = 0; walks && i < media->info.stream_count; i++) {
        kf_in_walk_finish(&walks[i]);
    }
    kf_free(walks);
    return status;
}

kf_status kf_in_index_make(kf_media *media, kf_error *err)
{
    kf_status status = media->place.kind != KF_IN_FILE
                           ? make_pictures(media, media->info.best_video, media->place.count, err)
                           : walk_file(media, err);
    kf_in_demux_close(&media->demux);
    return status;
}

void kf_in_index_free(kf_in_stream *s)
{
    kf_free(s->index.frames);
    kf_free(s->index.hidden);
    kf_free(s->index.keys);
    kf_free(s->index.shown);
    kf_free(s->index.marks);
    kf_free(s->sound.packets);
}

/* ---- looking up ---- */

kf_time kf_in_index_time(const kf_media *media, int stream, int64_t pts)
{
    const kf_in_index *x = &media->streams[stream].index;
    if (!x->grid.num) {
        return kf_in_time(media, stream, pts);
    }
    int64_t num, den;
    grid_step(media->streams[stream].base, x->grid, &num, &den);
    return kf_in_time(media, stream, x->frames[0].pts) +
           kf_frame_start(grid_number(pts - x->frames[0].pts, num, den), x->grid);
}

int64_t kf_in_index_ticks(const kf_media *media, int stream, kf_time t)
{
    const kf_in_index *x = &media->streams[stream].index;
    if (!x->grid.num) {
        return kf_in_ticks(media, stream, t);
    }
    int64_t num, den, most = INT64_MAX / 4;
    t = (t > most ? most : t < -most ? -most : t) - kf_in_time(media, stream, x->frames[0].pts);
    grid_step(media->streams[stream].base, x->grid, &num, &den);
    return x->frames[0].pts + kf_muldiv_ceil(kf_frame_at(t, x->grid), num, den);
}

/* Last entry with pts <= ticks; -1 if none. */
static int64_t search(const kf_in_entry *entries, int64_t count, int64_t ticks)
{
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (entries[mid].pts <= ticks) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low - 1;
}

int64_t kf_in_index_at(const kf_in_index *x, int64_t ticks)
{
    int64_t i = search(x->frames, x->count, ticks);
    return i < 0 ? 0 : i;
}

int64_t kf_in_index_shown(const kf_in_index *x, int32_t order)
{
    return order >= 0 && order < x->packets ? x->shown[order] : -1;
}

int32_t kf_in_index_order(const kf_in_index *x, int64_t pts)
{
    if (x->by_dts) {
        int64_t m = search(x->marks, x->packets, pts);
        return m >= 0 && x->marks[m].pts == pts ? x->marks[m].order : -1;
    }
    int64_t i = search(x->frames, x->count, pts);
    if (i >= 0 && x->frames[i].pts == pts) {
        return x->frames[i].order;
    }
    i = search(x->hidden, x->hidden_count, pts);
    return i >= 0 && x->hidden[i].pts == pts ? x->hidden[i].order : -1;
}

int64_t kf_in_index_key_before(const kf_in_index *x, int32_t order)
{
    int64_t low = 0, high = x->key_count;
    while (low < high) {
        int64_t mid = low + (high - low) / 2;
        if (x->keys[mid].order <= order) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low - 1;
}

int64_t kf_in_index_key(const kf_in_index *x, int64_t i)
{
    int64_t k = kf_in_index_key_before(x, x->frames[i].order);
    while (k >= 0 && (x->keys[k].bad || x->keys[k].pts > x->frames[i].pts)) {
        k--; /* frames shown before the key, but decoded after it, refer to what came before */
    }
    return k;
}

int64_t kf_in_index_key_frame(const kf_in_index *x, int64_t key)
{
    int64_t i = key < 0 ? 0 : search(x->frames, x->count, x->keys[key].pts);
    return i < 0 ? 0 : i;
}

bool kf_in_index_distrust(const kf_in_index *x, int64_t i)
{
    int64_t key = kf_in_index_key(x, i);
    if (key <= 0) {
        return false;
    }
    atomic_store(&x->keys[key].bad, true);
    return true;
}
