/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio effects: the catalogue's structs to those of audio/dsp, by tables, and keyframes to automation. */
#include <stddef.h>
#include <string.h>

#include "compile/audio_internal.h"

void *kf_audio_make(kf_audio_build *b, size_t count, size_t size)
{
    return kf_arena_alloc(&b->a->arena, (count ? count : 1) * size);
}

/* ---- Curves ---- */

enum { EASE_STEPS = 16 };

typedef struct curve_builder {
    kf_audio_point *points;
    int32_t count;
} curve_builder;

/* Points must ascend: a later one on the same sample replaces the former. */
static void add_point(curve_builder *c, int64_t sample, double value, bool hold)
{
    if (c->count > 0 && c->points[c->count - 1].sample >= sample) c->count--;
    if (c->count > 0 && c->points[c->count - 1].sample >= sample) return;
    c->points[c->count++] = (kf_audio_point){sample, (float)value, hold};
}

kf_status kf_audio_curve_of(kf_audio_build *b, const kf_params *params, int field, kf_time t0, kf_audio_curve *out)
{
    kf_param_value v;
    const kf_field *f = &params->kind->fields[field];
    *out = (kf_audio_curve){.constant = (float)f->def[0]};
    if (!kf_params_get(params, field, &v)) return KF_OK;
    out->constant = (float)v.number[0];
    if (v.key_count == 0) return KF_OK;
    curve_builder c = {kf_audio_make(b, (size_t)v.key_count * EASE_STEPS, sizeof *c.points), 0};
    if (!c.points) return kf_fail_memory(b->err);
    for (int32_t i = 0; i < v.key_count; i++) {
        const kf_key *k = &v.keys[i];
        add_point(&c, kf_sample_at(t0 + k->time, b->rate), k->value[0], k->interp == KF_INTERP_HOLD);
        if (k->interp != KF_INTERP_BEZIER || i + 1 == v.key_count) continue;
        for (int s = 1; s < EASE_STEPS; s++) {
            kf_time t = k->time + (v.keys[i + 1].time - k->time) * s / EASE_STEPS;
            double value;
            kf_keys_eval(v.keys, v.key_count, 1, t, &value);
            add_point(&c, kf_sample_at(t0 + t, b->rate), value, false);
        }
    }
    out->points = c.points;
    out->count = c.count;
    return KF_OK;
}

/* ---- Effects ---- */

/* A float of the catalogue's struct is a float of audio/dsp's struct, times `factor`. */
typedef struct link {
    uint16_t from, to;
    float factor;
} link;

typedef struct mapping {
    uint16_t kind;
    kf_dsp_kind dsp;
    size_t size;
    const link *links;
    int count;
    void (*more)(const void *values, void *params); /* what is not a float; may be NULL */
} mapping;

#define LINK(S, f, D, t, k) {offsetof(S, f), offsetof(D, t), k}
#define BAND(f, n, t) LINK(kf_afx_eq, f, kf_eq_params, band[n].t, 1)

static const link gain_links[] = {LINK(kf_afx_gain, gain, kf_gain_params, gain_db, 1)};
static const link pan_links[] = {LINK(kf_afx_pan, pan, kf_pan_params, pan, 1)};
static const link eq_links[] = {
    BAND(low_cut, 0, hz), BAND(low_frequency, 1, hz), BAND(low_gain, 1, gain_db),
    BAND(peak1_frequency, 2, hz), BAND(peak1_gain, 2, gain_db), BAND(peak1_q, 2, q),
    BAND(peak2_frequency, 3, hz), BAND(peak2_gain, 3, gain_db), BAND(peak2_q, 3, q),
    BAND(peak3_frequency, 4, hz), BAND(peak3_gain, 4, gain_db), BAND(peak3_q, 4, q),
    BAND(high_frequency, 5, hz), BAND(high_gain, 5, gain_db), BAND(high_cut, 6, hz),
};
static const link compressor_links[] = {
    LINK(kf_afx_compressor, threshold, kf_compressor_params, threshold_db, 1),
    LINK(kf_afx_compressor, ratio, kf_compressor_params, ratio, 1),
    LINK(kf_afx_compressor, knee, kf_compressor_params, knee_db, 1),
    LINK(kf_afx_compressor, attack, kf_compressor_params, attack_ms, 1),
    LINK(kf_afx_compressor, release, kf_compressor_params, release_ms, 1),
    LINK(kf_afx_compressor, makeup, kf_compressor_params, makeup_db, 1),
    LINK(kf_afx_compressor, mix, kf_compressor_params, mix, 1),
};
static const link duck_links[] = {
    LINK(kf_afx_duck, threshold, kf_duck_params, threshold_db, 1),
    LINK(kf_afx_duck, amount, kf_duck_params, amount_db, -1),
    LINK(kf_afx_duck, attack, kf_duck_params, attack_ms, 1),
    LINK(kf_afx_duck, hold, kf_duck_params, hold_ms, 1),
    LINK(kf_afx_duck, release, kf_duck_params, release_ms, 1),
    LINK(kf_afx_duck, look_ahead, kf_duck_params, look_ahead_ms, 1),
};
static const link gate_links[] = {
    LINK(kf_afx_gate, threshold, kf_gate_params, threshold_db, 1),
    LINK(kf_afx_gate, hysteresis, kf_gate_params, hysteresis_db, 1),
    LINK(kf_afx_gate, range, kf_gate_params, range_db, -1),
    LINK(kf_afx_gate, attack, kf_gate_params, attack_ms, 1),
    LINK(kf_afx_gate, hold, kf_gate_params, hold_ms, 1),
    LINK(kf_afx_gate, release, kf_gate_params, release_ms, 1),
};
static const link delay_links[] = {
    LINK(kf_afx_delay, time, kf_delay_params, time_ms, 1),
    LINK(kf_afx_delay, feedback, kf_delay_params, feedback, 1),
    LINK(kf_afx_delay, low_pass, kf_delay_params, low_pass_hz, 1),
    LINK(kf_afx_delay, mix, kf_delay_params, mix, 1),
};
static const link reverb_links[] = {
    LINK(kf_afx_reverb, decay, kf_reverb_params, decay_s, 1),
    LINK(kf_afx_reverb, pre_delay, kf_reverb_params, pre_delay_ms, 1),
    LINK(kf_afx_reverb, damping, kf_reverb_params, damping, 1),
    LINK(kf_afx_reverb, size, kf_reverb_params, size, 1),
    LINK(kf_afx_reverb, width, kf_reverb_params, width, 1),
    LINK(kf_afx_reverb, wet, kf_reverb_params, wet, 1),
    LINK(kf_afx_reverb, dry, kf_reverb_params, dry, 1),
};
static const link limiter_links[] = {
    LINK(kf_afx_limiter, ceiling, kf_limiter_params, ceiling_db, 1),
    LINK(kf_afx_limiter, look_ahead, kf_limiter_params, look_ahead_ms, 1),
    LINK(kf_afx_limiter, release, kf_limiter_params, release_ms, 1),
    LINK(kf_afx_limiter, input, kf_limiter_params, input_db, 1),
};

static void more_eq(const void *values, void *params)
{
    const kf_afx_eq *v = values;
    kf_eq_params *p = params;
    static const int32_t types[6] = {KF_EQ_OFF, KF_EQ_LOW_SHELF, KF_EQ_PEAK, KF_EQ_PEAK, KF_EQ_PEAK, KF_EQ_HIGH_SHELF};
    for (int i = 1; i < 6; i++) p->band[i].type = types[i];
    p->band[0].type = v->low_cut > 0 ? KF_EQ_HIGH_PASS : KF_EQ_OFF;
    p->band[6].type = v->high_cut > 0 ? KF_EQ_LOW_PASS : KF_EQ_OFF;
    p->band[0].q = p->band[1].q = p->band[5].q = p->band[6].q = 0.70710678f;
}

static void more_pan(const void *values, void *params)
{
    ((kf_pan_params *)params)->law = ((const kf_afx_pan *)values)->law;
}

static void more_delay(const void *values, void *params)
{
    const kf_afx_delay *v = values;
    kf_delay_params *p = params;
    p->ping_pong = v->ping_pong;
    if (v->low_pass <= 0) p->low_pass_hz = 20000;
}

#define MAP(kind, dsp, S, links, more) {kind, dsp, sizeof(S), links, (int)(sizeof links / sizeof *links), more}
static const mapping mappings[] = {
    MAP(KF_AFX_GAIN, KF_DSP_GAIN, kf_gain_params, gain_links, NULL),
    MAP(KF_AFX_PAN, KF_DSP_PAN, kf_pan_params, pan_links, more_pan),
    MAP(KF_AFX_EQ, KF_DSP_EQ, kf_eq_params, eq_links, more_eq),
    MAP(KF_AFX_COMPRESSOR, KF_DSP_COMPRESSOR, kf_compressor_params, compressor_links, NULL),
    MAP(KF_AFX_DUCK, KF_DSP_DUCK, kf_duck_params, duck_links, NULL),
    MAP(KF_AFX_GATE, KF_DSP_GATE, kf_gate_params, gate_links, NULL),
    MAP(KF_AFX_DELAY, KF_DSP_DELAY, kf_delay_params, delay_links, more_delay),
    MAP(KF_AFX_REVERB, KF_DSP_REVERB, kf_reverb_params, reverb_links, NULL),
    MAP(KF_AFX_LIMITER, KF_DSP_LIMITER, kf_limiter_params, limiter_links, NULL),
};

static const mapping *find_mapping(uint16_t kind)
{
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++)
        if (mappings[i].kind == kind) return &mappings[i];
    return NULL;
}

static const link *find_link(const mapping *m, uint16_t from)
{
    for (int i = 0; i < m->count; i++)
        if (m->links[i].from == from) return &m->links[i];
    return NULL;
}

static kf_status automate(kf_audio_build *b, const mapping *m, const kf_params *params, kf_time t0,
                          kf_audio_effect *out)
{
    kf_audio_automation *list = kf_audio_make(b, (size_t)params->kind->field_count, sizeof *list);
    if (!list) return kf_fail_memory(b->err);
    out->automation = list;
    for (int i = 0; i < params->kind->field_count; i++) {
        kf_param_value v;
        const link *l = find_link(m, params->kind->fields[i].offset);
        if (!l || !kf_params_get(params, i, &v) || v.key_count == 0) continue;
        kf_audio_automation *a = &list[out->automation_count++];
        a->offset = l->to;
        KF_TRY(kf_audio_curve_of(b, params, i, t0, &a->curve));
        for (int32_t k = 0; k < a->curve.count; k++) ((kf_audio_point *)a->curve.points)[k].value *= l->factor;
    }
    return KF_OK;
}

/* The track that a duck listens to, by name, else by its number from 1; 0: none of that name. */
static int32_t find_sidechain(kf_audio_build *b, const char *name)
{
    for (int32_t i = 0; i < b->sequence->track_count; i++) {
        kf_track_view track;
        if (kf_track_get(b->a->snapshot, b->sequence, i, &track) && strcmp(track.name, name) == 0) return i + 1;
    }
    return 0;
}

static kf_status lower_effect(kf_audio_build *b, const mapping *m, const kf_params *params, kf_time t0,
                              kf_audio_effect *out)
{
    _Alignas(16) char values[KF_KIND_MAX_VALUES];
    char *dsp = kf_audio_make(b, 1, m->size);
    if (!dsp) return kf_fail_memory(b->err);
    kf_params_eval(params, 0, values);
    memcpy(dsp, kf_dsp_driver_get(m->dsp)->defaults, m->size);
    for (int i = 0; i < m->count; i++) {
        float v;
        memcpy(&v, values + m->links[i].from, sizeof v);
        v *= m->links[i].factor;
        memcpy(dsp + m->links[i].to, &v, sizeof v);
    }
    if (m->more) m->more(values, dsp);
    *out = (kf_audio_effect){.kind = m->dsp, .params = dsp, .name = params->kind->name};
    if (params->kind_id == KF_AFX_DUCK) {
        const char *name = ((const kf_afx_duck *)values)->sidechain;
        out->sidechain = find_sidechain(b, name);
        if (!out->sidechain)
            return kf_fail(b->err, KF_ERR_INVALID,
                           "duck: there is no track called \"%s\"; name the track it listens to in \"sidechain\"",
                           name);
    }
    return params->constant ? KF_OK : automate(b, m, params, t0, out);
}

kf_status kf_audio_effects_of(kf_audio_build *b, kf_effects effects, kf_time t0, kf_audio_chain *pre,
                              kf_audio_chain *chain)
{
    kf_audio_effect *list = kf_audio_make(b, (size_t)effects.count, sizeof *list);
    if (!list) return kf_fail_memory(b->err);
    int32_t n = 0, leading = 0;
    for (int32_t i = 0; i < effects.count; i++) {
        kf_params params;
        if (!kf_effect_at(b->a->snapshot, effects, i, &params) || !params.enabled || !params.kind) continue;
        const mapping *m = find_mapping(params.kind_id);
        if (!m) continue;
        KF_TRY(lower_effect(b, m, &params, t0, &list[n]));
        if (pre && leading == n && m->dsp == KF_DSP_EQ) leading++;
        n++;
    }
    if (pre) *pre = (kf_audio_chain){list, leading};
    *chain = (kf_audio_chain){list + leading, n - leading};
    return KF_OK;
}
