/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sequence's sound as one graph: every clip with its place in samples, its source, its curves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compile/audio_internal.h"

static kf_status build_sequence(kf_audio_build *b, int32_t angle, kf_audio_graph *graph);

/* ---- Generators ---- */

static kf_status read_tone(void *ctx, int64_t first, int32_t n, float *const *planes, int channels, kf_error *err)
{
    const kf_tone_source *t = ctx;
    float amplitude = kf_db_to_gain(t->tone.level);
    if (t->tone.wave == KF_GEN_WAVE_SINE)
        kf_tone_fill((int64_t)llround(t->tone.frequency * 1000.0), t->rate, amplitude, first, n, planes[0]);
    else
        kf_noise_fill(t->tone.wave == KF_GEN_WAVE_PINK ? KF_NOISE_PINK : KF_NOISE_WHITE, 1, amplitude, first, n,
                      planes[0]);
    if (t->kind == KF_GEN_COUNTDOWN) { /* a pip of two frames at 24 on every second but the last */
        for (int32_t i = 0; i < n; i++) {
            int64_t at = first + i, second = at / t->rate, into = at % t->rate;
            if (at < 0 || into >= t->rate / 12 || second >= t->from) planes[0][i] = 0;
        }
    }
    for (int c = 1; c < channels; c++) memcpy(planes[c], planes[0], (size_t)n * sizeof(float));
    return KF_OK;
}

static kf_status generator_source(kf_audio_build *b, const kf_clip_view *clip, kf_sample_source *out, bool *sounds)
{
    _Alignas(16) char values[KF_KIND_MAX_VALUES];
    kf_tone_source t = {.kind = clip->generator.kind_id, .rate = b->rate, .tone = {KF_GEN_WAVE_SINE, 1000, -20}};
    *sounds = false;
    if (!kf_params_eval(&clip->generator, 0, values)) return KF_OK;
    if (t.kind == KF_GEN_TONE) {
        t.tone = *(const kf_gen_tone *)(const void *)values;
    } else if (t.kind == KF_GEN_BARS) {
        const kf_gen_bars *v = (const void *)values;
        t.tone.level = v->tone ? v->tone_level : -200;
    } else if (t.kind == KF_GEN_COUNTDOWN) {
        const kf_gen_countdown *v = (const void *)values;
        t.tone.level = v->tone ? -20 : -200;
        t.from = v->from;
    } else {
        return KF_OK;
    }
    if (t.tone.level <= -144) return KF_OK;
    kf_tone_source *own = kf_audio_make(b, 1, sizeof *own);
    if (!own) return kf_fail_memory(b->err);
    *own = t;
    *out = (kf_sample_source){.read = read_tone, .ctx = own};
    *sounds = true;
    return KF_OK;
}

/* ---- Nested sequences ---- */

static kf_status nested_graph(kf_audio_build *b, const kf_sequence_view *nested, int32_t angle, kf_audio_graph **out)
{
    kf_compiled_audio *a = b->a;
    for (size_t i = 0; i < a->nested_count; i++)
        if (a->nested[i]->uid == nested->uid && a->nested[i]->angle == angle) {
            *out = &a->nested[i]->graph;
            return KF_OK;
        }
    kf_nested_audio *n = kf_audio_make(b, 1, sizeof *n);
    kf_sequence_view *view = kf_audio_make(b, 1, sizeof *view);
    if (!n || !view) return kf_fail_memory(b->err);
    *view = *nested;
    n->uid = nested->uid;
    n->angle = angle;
    kf_audio_build inner = *b;
    inner.sequence = view;
    inner.depth++;
    KF_TRY(build_sequence(&inner, angle, &n->graph));
    n->graph.limiter_off = true;
    if (kf_grow((void **)&a->nested, &a->nested_capacity, a->nested_count + 1, sizeof *a->nested))
        return kf_fail_memory(b->err);
    a->nested[a->nested_count++] = n;
    *out = &n->graph;
    return KF_OK;
}

static kf_status nested_source(kf_audio_build *b, const kf_clip_view *clip, kf_sample_source *out, bool *sounds,
                               kf_time *end)
{
    kf_sequence_view nested;
    kf_audio_graph *graph = NULL;
    int32_t index = kf_sequence_index(b->a->snapshot, clip->source_uid);
    *sounds = false;
    if (index < 0 || !kf_sequence_at(b->a->snapshot, index, &nested) || b->depth >= KF_MODEL_MAX_NESTING) return KF_OK;
    KF_TRY(nested_graph(b, &nested, nested.multicam ? clip->audio_angle : 0, &graph));
    *end = nested.duration;
    if (kf_audio_graph_end(graph) == 0) return KF_OK;
    kf_audio_graph_source *source = kf_audio_make(b, 1, sizeof *source);
    if (!source || kf_grow((void **)&b->a->inner, &b->a->inner_capacity, b->a->inner_count + 1, sizeof *b->a->inner))
        return kf_fail_memory(b->err);
    b->a->inner[b->a->inner_count++] = source;
    source->graph = graph;
    *out = kf_audio_graph_source_of(source);
    *sounds = true;
    return KF_OK;
}

/* ---- Clips ---- */

/* *end: source time of the end of the sound, KF_TIME_NONE: not known. */
static kf_status clip_source(kf_audio_build *b, const kf_clip_view *clip, kf_sample_source *out, bool *sounds,
                             kf_time *end)
{
    *end = KF_TIME_NONE;
    *sounds = false;
    if (clip->source == KF_SOURCE_GENERATOR) return generator_source(b, clip, out, sounds);
    if (clip->source == KF_SOURCE_SEQUENCE) return nested_source(b, clip, out, sounds, end);
    if (clip->source != KF_SOURCE_ASSET) return KF_OK;
    kf_asset_view asset;
    kf_asset_facts facts = {0};
    int32_t index = kf_asset_index(b->a->snapshot, clip->source_uid);
    if (index < 0 || !kf_asset_at(b->a->snapshot, index, &asset)) return KF_OK;
    KF_TRY(b->a->sources.facts(b->a->sources.ctx, &asset, clip->audio_stream, &facts, b->err));
    if (!facts.audio) return KF_OK;
    /* Loops turn where the picture's do, so that both stay together. */
    *end = facts.video && facts.video_end != KF_TIME_NONE ? facts.video_end : facts.audio_end;
    *sounds = true;
    return b->a->sources.sound(b->a->sources.ctx, &asset, clip->audio_stream, b->rate, b->channels, out, b->err);
}

/* Curves are followed in pieces of 10 ms: lips stay within a few samples. */
enum { REMAP_STEPS = 16, REMAP_STEPS_MAX = 1 << 16 };

static int remap_steps(const kf_clip_view *clip, int32_t i)
{
    if (clip->remap[i].interp != KF_INTERP_BEZIER || i + 1 >= clip->remap_count) return 1;
    int64_t steps = (clip->remap[i + 1].time - clip->remap[i].time) / (KF_SECOND / 100);
    return steps < REMAP_STEPS ? REMAP_STEPS : steps > REMAP_STEPS_MAX ? REMAP_STEPS_MAX : (int)steps;
}

static kf_status remap_warp(kf_audio_build *b, const kf_clip_view *clip, kf_audio_clip *out)
{
    size_t room = 2; /* what holds before the first and after the last key */
    for (int32_t i = 0; i < clip->remap_count; i++) room += (size_t)remap_steps(clip, i) + 1;
    kf_warp_point *p = kf_audio_make(b, room, sizeof *p);
    if (!p) return kf_fail_memory(b->err);
    int32_t n = 0;
    int64_t base = out->source_first, before = kf_sample_at(clip->remap[0].time, b->rate) - b->rate;
    p[n++] = (kf_warp_point){before, kf_sample_at(clip->remap[0].source, b->rate) - base};
    for (int32_t i = 0; i < clip->remap_count; i++) {
        const kf_time_key *k = &clip->remap[i];
        int steps = remap_steps(clip, i);
        for (int s = 0; s < steps; s++) {
            kf_time t = k->time;
            if (s > 0) t += kf_muldiv_floor(clip->remap[i + 1].time - k->time, s, steps);
            int64_t at = kf_sample_at(t, b->rate),
                    source = kf_sample_at(kf_clip_source_time(clip, t, KF_TIME_NONE), b->rate) - base;
            if (n > 0 && at <= p[n - 1].at) continue;
            p[n++] = (kf_warp_point){at, source};
        }
        if (k->interp == KF_INTERP_HOLD &&
            i + 1 < clip->remap_count) { /* stands still up to just before the next key */
            int64_t at = kf_sample_at(clip->remap[i + 1].time, b->rate) - 1;
            if (at > p[n - 1].at) p[n] = (kf_warp_point){at, p[n - 1].source}, n++;
        }
    }
    if (n > 0) p[n] = (kf_warp_point){p[n - 1].at + b->rate, p[n - 1].source}, n++; /* holds past the last key */
    out->warp = (kf_warp){p, n};
    return KF_OK;
}

/* Where the source is at the clip's first sample, and how it runs. */
static kf_status set_source_range(kf_audio_build *b, const kf_clip_view *clip, kf_time from, kf_time end,
                                  kf_audio_clip *out)
{
    if (clip->remap_count > 0) {
        out->source_first = 0;
        KF_TRY(remap_warp(b, clip, out));
        int64_t shift = kf_sample_at(from, b->rate);
        for (int32_t i = 0; i < out->warp.count; i++) ((kf_warp_point *)out->warp.points)[i].at -= shift;
        return KF_OK;
    }
    out->speed_num = clip->speed.num;
    out->speed_den = clip->speed.den;
    out->reverse = clip->reverse;
    out->source_first =
        kf_sample_at(clip->source_in + kf_muldiv_floor(from, clip->speed.num, clip->speed.den), b->rate);
    if (clip->reverse) {
        kf_time length = kf_muldiv_ceil(clip->duration, clip->speed.num, clip->speed.den);
        out->source_first =
            kf_sample_at(clip->source_in + length - kf_muldiv_floor(from, clip->speed.num, clip->speed.den), b->rate) -
            1;
    }
    kf_time loop_end = clip->source_out != KF_TIME_NONE ? clip->source_out : end;
    if (clip->loop && loop_end != KF_TIME_NONE && loop_end > clip->source_in) {
        out->loop_first = kf_sample_at(clip->source_in, b->rate);
        out->loop_length = kf_sample_at(loop_end, b->rate) - out->loop_first;
    }
    return KF_OK;
}

/* What a transition does to one of its clips: it reaches to the transition's far end and fades there. */
typedef struct clip_span {
    kf_time start, end;          /* on the timeline */
    kf_time fade_in, fade_out;
    int32_t in_shape, out_shape;
} clip_span;

static clip_span plain_span(const kf_clip_view *clip, const kf_clip_audio *v)
{
    return (clip_span){clip->start, clip->start + clip->duration, v->fade_in, v->fade_out, v->fade_in_curve,
        v->fade_out_curve};
}

static void join_spans(const kf_transition_view *t, bool outgoing, clip_span *span)
{
    /* Two pieces of one recording add up in amplitude, different ones in power. */
    bool same = t->from && t->to && t->from->source == KF_SOURCE_ASSET && t->to->source == KF_SOURCE_ASSET &&
                t->from->source_uid == t->to->source_uid;
    int32_t shape = same ? KF_FADE_LINEAR : KF_FADE_POWER;
    if (outgoing) {
        span->end = t->start + t->duration;
        span->fade_out = t->duration;
        span->out_shape = shape;
    } else {
        span->start = t->start;
        span->fade_in = t->duration;
        span->in_shape = shape;
    }
}

static kf_status lower_clip(kf_audio_build *b, const kf_clip_view *clip, const clip_span *span, kf_audio_clip *out,
                            bool *sounds)
{
    kf_time end;
    kf_clip_audio v;
    *out = (kf_audio_clip){.name = clip->name};
    kf_kind_defaults(kf_kind_get(KF_PROP_CLIP_AUDIO), &v);
    kf_params_eval(&clip->sound, 0, &v);
    KF_TRY(clip_source(b, clip, &out->source, sounds, &end));
    if (!*sounds) return KF_OK;
    kf_time start = span->start + v.av_offset, stop = span->end + v.av_offset, t0 = clip->start + v.av_offset;
    if (start < 0) start = 0;
    out->start = kf_sample_at(start, b->rate);
    out->length = kf_sample_at(stop, b->rate) - out->start;
    *sounds = out->length > 0;
    if (!*sounds) return KF_OK;
    KF_TRY(set_source_range(b, clip, kf_sample_start(out->start, b->rate) - t0, end, out));
    out->pitch_preserve = v.pitch_preserve;
    out->fade_in = kf_sample_at(span->start + v.av_offset + span->fade_in, b->rate) -
                   kf_sample_at(span->start + v.av_offset, b->rate);
    out->fade_out = kf_sample_at(stop, b->rate) - kf_sample_at(stop - span->fade_out, b->rate);
    if (out->fade_in > out->length) out->fade_in = out->length;
    if (out->fade_out > out->length) out->fade_out = out->length;
    out->fade_in_shape = span->in_shape;
    out->fade_out_shape = span->out_shape;
    if (clip->sound.kind) {
        KF_TRY(kf_audio_curve_of(b, &clip->sound, kf_kind_field(clip->sound.kind, "gain"), t0, &out->gain));
        KF_TRY(kf_audio_curve_of(b, &clip->sound, kf_kind_field(clip->sound.kind, "pan"), t0, &out->pan));
    }
    return kf_audio_effects_of(b, clip->audio_effects, t0, NULL, &out->effects);
}

/* ---- Tracks ---- */

static int by_start(const void *a, const void *b)
{
    const kf_audio_clip *x = a, *y = b;
    return x->start < y->start ? -1 : x->start > y->start;
}

static bool heard(const kf_track_view *track, const kf_clip_view *clip)
{
    return clip->enabled && !clip->frozen && clip->source != KF_SOURCE_ADJUSTMENT &&
           (clip->audio || track->kind == KF_TRACK_AUDIO);
}

static kf_status lower_clips(kf_audio_build *b, const kf_track_view *track, kf_audio_track *out)
{
    kf_audio_clip *clips = kf_audio_make(b, (size_t)track->clip_count, sizeof *clips);
    if (!clips) return kf_fail_memory(b->err);
    kf_cursor cursor;
    kf_cursor_init(&cursor, b->a->snapshot, track);
    while (kf_cursor_next(&cursor)) {
        kf_clip_view clip;
        kf_clip_audio v;
        bool sounds = false;
        if (cursor.item.kind != KF_ITEM_CLIP || !kf_cursor_clip(&cursor, &clip) || !heard(track, &clip)) continue;
        if (out->clip_count >= track->clip_count) break;
        kf_kind_defaults(kf_kind_get(KF_PROP_CLIP_AUDIO), &v);
        kf_params_eval(&clip.sound, 0, &v);
        clip_span span = plain_span(&clip, &v);
        kf_transition_view t;
        kf_cursor near = cursor;
        if (kf_cursor_previous(&near) && near.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&near, &t))
            join_spans(&t, false, &span);
        near = cursor;
        if (kf_cursor_next(&near) && near.item.kind == KF_ITEM_TRANSITION && kf_cursor_transition(&near, &t))
            join_spans(&t, true, &span);
        KF_TRY(lower_clip(b, &clip, &span, &clips[out->clip_count], &sounds));
        out->clip_count += sounds;
    }
    qsort(clips, (size_t)out->clip_count, sizeof *clips, by_start);
    out->clips = clips;
    return KF_OK;
}

static kf_status lower_track(kf_audio_build *b, const kf_track_view *track, kf_audio_track *out)
{
    out->mute = track->mute;
    out->solo = track->solo;
    out->name = track->name;
    KF_TRY(lower_clips(b, track, out));
    if (track->audio.kind) {
        KF_TRY(kf_audio_curve_of(b, &track->audio, kf_kind_field(track->audio.kind, "gain"), 0, &out->gain));
        KF_TRY(kf_audio_curve_of(b, &track->audio, kf_kind_field(track->audio.kind, "pan"), 0, &out->pan));
    }
    return kf_audio_effects_of(b, track->audio_effects, 0, &out->pre, &out->inserts);
}

static void find_loudness(kf_audio_build *b)
{
    kf_compiled_audio *a = b->a;
    a->ceiling = -1;
    a->has_loudness = b->sequence->has_loudness;
    a->target = b->sequence->loudness;
    for (int32_t i = 0; i < b->sequence->audio_effects.count; i++) {
        kf_params p;
        kf_afx_loudness_normalize v;
        if (!kf_effect_at(a->snapshot, b->sequence->audio_effects, i, &p) || p.kind_id != KF_AFX_LOUDNESS_NORMALIZE ||
            !p.enabled)
            continue;
        if (!kf_params_eval(&p, 0, &v)) continue;
        a->has_loudness = true;
        a->target = v.target;
        a->ceiling = v.ceiling;
    }
}

/* With an angle, that track alone is heard, muted or not. */
static kf_status lower_tracks(kf_audio_build *b, int32_t angle, kf_audio_track *tracks)
{
    int32_t only = angle > 0 ? kf_angle_track(b->a->snapshot, b->sequence, angle) : -1;
    for (int32_t i = 0; i < b->sequence->track_count; i++) {
        kf_track_view track;
        if ((angle > 0 && i != only) || !kf_track_get(b->a->snapshot, b->sequence, i, &track)) continue;
        if (angle > 0) track.mute = track.solo = false;
        KF_TRY(lower_track(b, &track, &tracks[i]));
    }
    return KF_OK;
}

static kf_status build_sequence(kf_audio_build *b, int32_t angle, kf_audio_graph *graph)
{
    const kf_sequence_view *q = b->sequence;
    kf_audio_track *tracks = kf_audio_make(b, (size_t)q->track_count, sizeof *tracks);
    if (!tracks) return kf_fail_memory(b->err);
    *graph = (kf_audio_graph){.rate = b->rate, .channels = b->channels, .tracks = tracks, .track_count = q->track_count,
                              .master_gain = {.constant = q->master_gain}, .limiter_off = !q->limiter};
    KF_TRY(lower_tracks(b, angle, tracks));
    return kf_audio_effects_of(b, q->audio_effects, 0, NULL, &graph->master);
}

kf_status kf_compile_audio(kf_snapshot snapshot, int32_t sequence, const kf_audio_sources *sources,
                           kf_compiled_audio **out, kf_error *err)
{
    kf_sequence_view view;
    *out = NULL;
    kf_compiled_audio *a = KF_NEW(kf_compiled_audio);
    if (!a) return kf_fail_memory(err);
    a->snapshot = snapshot;
    a->sources = *sources;
    kf_status status = kf_sequence_at(snapshot, sequence, &view)
                           ? KF_OK
                           : kf_fail(err, KF_ERR_NOT_FOUND, "the film has no sequence %d", sequence + 1);
    if (status == KF_OK) {
        kf_audio_build b = {a, &view, view.sample_rate, view.channels, 0, err};
        find_loudness(&b);
        status = build_sequence(&b, 0, &a->graph);
    }
    if (status != KF_OK) {
        kf_compiled_audio_destroy(a);
        return status;
    }
    *out = a;
    return KF_OK;
}

void kf_compiled_audio_destroy(kf_compiled_audio *a)
{
    if (!a) return;
    for (size_t i = 0; i < a->inner_count; i++) kf_audio_graph_source_finish(a->inner[i]);
    kf_free(a->inner);
    kf_free(a->nested);
    kf_arena_finish(&a->arena);
    kf_free(a);
}

kf_audio_graph *kf_compiled_audio_graph(kf_compiled_audio *audio)
{
    return &audio->graph;
}

bool kf_compiled_audio_loudness(const kf_compiled_audio *audio, double *target, double *ceiling)
{
    *target = audio->target;
    *ceiling = audio->ceiling;
    return audio->has_loudness;
}

bool kf_compiled_audio_sounds(const kf_compiled_audio *audio)
{
    return kf_audio_graph_end(&audio->graph) > 0;
}
