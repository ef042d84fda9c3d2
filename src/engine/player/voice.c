/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/voice.h"

#include <string.h>

#include "base/api/alloc.h"
#include "base/api/time.h"

enum { NORMAL = 1000, FASTEST_HEARD = 4 * NORMAL, BLOCK = 1024, CHUNKS = 4 };

/* ---- Scores ---- */

kf_status kf_score_create(kf_programme *programme, kf_score **out, kf_error *err)
{
    const kf_audio_sources sources = kf_providers_audio(&programme->providers);
    *out = NULL;
    kf_score *s = KF_NEW(kf_score);
    if (!s) return kf_fail_memory(err);
    atomic_init(&s->refs, 1);
    s->programme = kf_programme_ref(programme);
    kf_status status = kf_compile_audio(programme->snapshot, programme->sequence, &sources, &s->audio, err);
    if (status != KF_OK) {
        kf_score_unref(s);
        return status;
    }
    if (kf_compiled_audio_sounds(s->audio)) {
        kf_compiled_audio_graph(s->audio)->meters = KF_AUDIO_METER_TRACKS;
    } else {
        kf_compiled_audio_destroy(s->audio);
        s->audio = NULL;
    }
    *out = s;
    return KF_OK;
}

kf_score *kf_score_ref(kf_score *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void kf_score_unref(kf_score *s)
{
    if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1) return;
    kf_compiled_audio_destroy(s->audio);
    kf_programme_unref(s->programme);
    kf_free(s);
}

/* ---- Voices ---- */

/* A stretch of the film's sound in stereo, for what does not simply go on. */
typedef struct chunk {
    float *plane[KF_LANE_CHANNELS];
    int64_t number;          /* -1: empty */
    uint64_t used;
} chunk;

struct kf_voice {
    kf_score *score;
    kf_run run;
    int32_t rate, film_rate;
    int channels;            /* of the film */
    bool silent;
    int64_t lo, hi, start;   /* samples of the film: [lo, hi), and the one that is heard first */
    kf_audio_renderer *renderer;
    kf_speed_reader *reader; /* NULL: the film's samples as they are */
    float *block[KF_DSP_MAX_CHANNELS]; /* BLOCK samples of the film */
    int64_t chunk_size;
    chunk chunks[CHUNKS];
    uint64_t clock;
};

static int64_t magnitude(int64_t rate)
{
    return rate < 0 ? -rate : rate;
}

/* ITU-R BS.775, as media are mixed: centre and surrounds at -3 dB, no low frequency effects. */
static void mix_down(int channels, int32_t n, float *const *in, float *const *out)
{
    bool center = channels == 3 || channels >= 5;
    memcpy(out[0], in[0], (size_t)n * sizeof(float));
    memcpy(out[1], in[channels > 1 ? 1 : 0], (size_t)n * sizeof(float));
    for (int c = 2; c < channels; c++) {
        bool both = center && c == 2, effects = channels >= 6 && c == 3;
        bool left = both || (channels >= 6 ? c % 2 == 0 : (c - (center ? 3 : 2)) % 2 == 0);
        for (int32_t i = 0; i < n && !effects; i++) {
            float v = 0.70710678f * in[c][i];
            if (left) out[0][i] += v;
            if (both || !left) out[1][i] += v;
        }
    }
}

/* Samples of the film from its renderer; any n. */
static kf_status render_film(kf_voice *v, int64_t first, int32_t n, float *const *out, kf_error *err)
{
    for (int32_t done = 0; done < n;) {
        int32_t part = n - done < BLOCK ? n - done : BLOCK;
        float *const at[KF_LANE_CHANNELS] = {out[0] + done, out[1] + done};
        kf_status status = kf_audio_render(v->renderer, first + done, part, v->block, err);
        if (status != KF_OK) return status;
        mix_down(v->channels, part, v->block, at);
        done += part;
    }
    return KF_OK;
}

static kf_status find_chunk(kf_voice *v, int64_t number, chunk **out, kf_error *err)
{
    chunk *oldest = &v->chunks[0];
    *out = NULL;
    for (int i = 0; i < CHUNKS && !*out; i++) {
        if (v->chunks[i].number == number) *out = &v->chunks[i];
        if (v->chunks[i].used < oldest->used) oldest = &v->chunks[i];
    }
    kf_status status = KF_OK;
    if (!*out) {
        oldest->number = -1;
        status = render_film(v, number * v->chunk_size, (int32_t)v->chunk_size, oldest->plane, err);
        if (status == KF_OK) oldest->number = number;
        *out = oldest;
    }
    (*out)->used = ++v->clock;
    return status;
}

/* Part of one chunk that begins (backward: ends) with the film's sample `at`; returns how many. */
static kf_status read_chunk(kf_voice *v, int64_t at, int32_t *n, float *const *out, kf_error *err)
{
    chunk *c;
    int64_t number = at / v->chunk_size, offset = at % v->chunk_size;
    bool back = v->run.rate < 0;
    int64_t there = back ? offset + 1 : v->chunk_size - offset;
    if (*n > there) *n = (int32_t)there;
    kf_status status = find_chunk(v, number, &c, err);
    for (int ch = 0; ch < KF_LANE_CHANNELS && status == KF_OK; ch++)
        for (int32_t i = 0; i < *n; i++) out[ch][i] = c->plane[ch][back ? offset - i : offset + i];
    return status;
}

/* The film's sample at a distance from the start of the run, and how many follow in a row; false: beyond its ends. */
static bool place(const kf_voice *v, int64_t distance, int64_t *at, int64_t *row)
{
    bool back = v->run.rate < 0;
    int64_t span = v->hi - v->lo, into = (back ? v->hi - 1 - v->start : v->start - v->lo) + distance;
    *row = into < 0 ? -into : INT64_MAX;
    if (v->run.loop) into = (into % span + span) % span;
    if (into < 0 || into >= span) return false;
    *row = span - into;
    *at = back ? v->hi - 1 - into : v->lo + into;
    return true;
}

static void silence(int32_t n, float *const *out)
{
    for (int c = 0; c < KF_LANE_CHANNELS; c++) memset(out[c], 0, (size_t)n * sizeof(float));
}

/* The run's sound at normal speed: n samples at a distance. A source for the stretcher. */
static kf_status read_run(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    kf_voice *v = ctx;
    bool simple = !v->reader;
    for (int32_t done = 0; done < n;) {
        float *const out[KF_LANE_CHANNELS] = {planes[0] + done, planes[1] + done};
        int64_t at, row;
        int32_t part = n - done;
        bool sounds = place(v, first + done, &at, &row);
        if (part > row) part = (int32_t)row;
        kf_status status = KF_OK;
        if (!sounds)
            silence(part, out);
        else if (simple)
            status = render_film(v, at, part, out, err);
        else
            status = read_chunk(v, at, &part, out, err);
        if (status != KF_OK) return status;
        done += part;
    }
    return KF_OK;
}

/* ---- Making them ---- */

static kf_status make_reader(kf_voice *v, kf_error *err)
{
    int64_t rate = magnitude(v->run.rate);
    if (v->run.rate == NORMAL && v->film_rate == v->rate) return KF_OK;
    const kf_warp_point line[2] = {{0, 0}, {(int64_t)v->rate * NORMAL, v->film_rate * rate}};
    kf_speed_params params = {.rate = v->film_rate, .channels = KF_LANE_CHANNELS,
                              .mode = rate == NORMAL ? KF_SPEED_VARISPEED : KF_SPEED_STRETCH, .warp = {line, 2},
                              .source = {.read = read_run, .ctx = v}};
    v->chunk_size = v->run.rate < 0 ? v->film_rate : v->film_rate / 4;
    for (int i = 0; i < CHUNKS; i++) {
        v->chunks[i].number = -1;
        for (int c = 0; c < KF_LANE_CHANNELS; c++) {
            v->chunks[i].plane[c] = kf_alloc_zero((size_t)v->chunk_size, sizeof(float));
            if (!v->chunks[i].plane[c]) return kf_fail_memory(err);
        }
    }
    return kf_speed_reader_create(&params, &v->reader, err);
}

static kf_status make_sound(kf_voice *v, kf_error *err)
{
    const kf_audio_graph *graph = kf_compiled_audio_graph(v->score->audio);
    v->film_rate = graph->rate;
    v->channels = graph->channels;
    v->lo = kf_sample_at(v->run.lo, v->film_rate);
    v->hi = kf_sample_at(v->run.hi, v->film_rate);
    v->start = v->run.rate < 0 ? kf_sample_at(v->run.start + 1, v->film_rate) - 1 : kf_sample_at(v->run.start, v->film_rate);
    if (v->hi <= v->lo) v->hi = v->lo + 1;
    for (int c = 0; c < v->channels; c++)
        if (!(v->block[c] = kf_alloc_zero(BLOCK, sizeof(float)))) return kf_fail_memory(err);
    kf_status status = kf_audio_renderer_create(graph, &v->renderer, err);
    return status == KF_OK ? make_reader(v, err) : status;
}

kf_status kf_voice_create(const kf_voice_params *params, kf_voice **out, kf_error *err)
{
    *out = NULL;
    kf_voice *v = KF_NEW(kf_voice);
    if (!v) return kf_fail_memory(err);
    v->run = params->run;
    v->rate = params->rate;
    v->score = params->score ? kf_score_ref(params->score) : NULL;
    v->silent = !v->score || !v->score->audio || magnitude(v->run.rate) > FASTEST_HEARD;
    kf_status status = v->silent ? KF_OK : make_sound(v, err);
    if (status == KF_OK)
        *out = v;
    else
        kf_voice_destroy(v);
    return status;
}

void kf_voice_destroy(kf_voice *v)
{
    if (!v) return;
    kf_speed_reader_destroy(v->reader);
    kf_audio_renderer_destroy(v->renderer);
    for (int c = 0; c < KF_DSP_MAX_CHANNELS; c++) kf_free(v->block[c]);
    for (int i = 0; i < CHUNKS; i++)
        for (int c = 0; c < KF_LANE_CHANNELS; c++) kf_free(v->chunks[i].plane[c]);
    kf_score_unref(v->score);
    kf_free(v);
}

/* ---- Rendering ---- */

kf_status kf_voice_render(kf_voice *v, int64_t first, int32_t n, float *const planes[KF_LANE_CHANNELS], kf_error *err)
{
    kf_status status = KF_OK;
    if (v->silent)
        silence(n, planes);
    else if (v->reader)
        status = kf_speed_reader_read(v->reader, first, n, planes, err);
    else
        status = read_run(v, first, n, planes, KF_LANE_CHANNELS, err);
    if (status != KF_OK) silence(n, planes);
    return status;
}

int64_t kf_voice_end(const kf_voice *v)
{
    kf_time length = kf_run_length(&v->run);
    return length == KF_TIME_NONE ? INT64_MAX : kf_sample_at(length, v->rate);
}

bool kf_voice_meter(kf_voice *v, int32_t track, kf_meter *out)
{
    if (!v->renderer) return false;
    *out = kf_audio_renderer_meter(v->renderer, track);
    return true;
}

int kf_voice_channels(const kf_voice *v)
{
    return v->channels > 0 ? v->channels : KF_LANE_CHANNELS;
}

void kf_voice_reset_meters(kf_voice *v)
{
    if (v->renderer) kf_audio_renderer_reset_meters(v->renderer);
}
