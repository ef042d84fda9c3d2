/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of drivers, nodes on the heap, and the two simplest nodes. */
#include "audio/dsp/internal.h"

static const kf_dsp_driver *const drivers[KF_DSP_KIND_COUNT] = {
    [KF_DSP_GAIN] = &kf_dsp_gain_driver,   [KF_DSP_PAN] = &kf_dsp_pan_driver,
    [KF_DSP_EQ] = &kf_dsp_eq_driver,       [KF_DSP_COMPRESSOR] = &kf_dsp_compressor_driver,
    [KF_DSP_DUCK] = &kf_dsp_duck_driver,   [KF_DSP_GATE] = &kf_dsp_gate_driver,
    [KF_DSP_DELAY] = &kf_dsp_delay_driver, [KF_DSP_REVERB] = &kf_dsp_reverb_driver,
    [KF_DSP_LIMITER] = &kf_dsp_limiter_driver,
};

const kf_dsp_driver *kf_dsp_driver_get(kf_dsp_kind kind)
{
    return (unsigned)kind < KF_DSP_KIND_COUNT ? drivers[kind] : NULL;
}

const kf_dsp_driver *kf_dsp_driver_find(const char *name)
{
    for (int i = 0; i < KF_DSP_KIND_COUNT; i++) {
        if (strcmp(drivers[i]->name, name) == 0) return drivers[i];
    }
    return NULL;
}

kf_status kf_dsp_node_init(kf_dsp_node *node, kf_dsp_kind kind, const kf_dsp_setup *setup, const void *params,
                           kf_error *err)
{
    memset(node, 0, sizeof *node);
    const kf_dsp_driver *driver = kf_dsp_driver_get(kind);
    if (!driver) return kf_fail(err, KF_ERR_INVALID, "audio effect kind %d does not exist", (int)kind);
    if (setup->rate < 8000 || setup->rate > 384000 || setup->channels < 1 || setup->channels > KF_DSP_MAX_CHANNELS) {
        return kf_fail(err, KF_ERR_INVALID,
                       "%s: %d Hz with %d channels is out of range (8000..384000 Hz, 1..%d channels)", driver->name,
                       (int)setup->rate, (int)setup->channels, KF_DSP_MAX_CHANNELS);
    }
    void *state = kf_alloc_aligned(driver->state_size);
    if (!state) return kf_fail_memory(err);
    memset(state, 0, driver->state_size);
    kf_status status = driver->prepare(state, setup, params ? params : driver->defaults, err);
    node->driver = driver;
    node->state = state;
    if (status) kf_dsp_node_finish(node);
    return status;
}

void kf_dsp_node_finish(kf_dsp_node *node)
{
    if (node->state) {
        if (node->driver->finish) node->driver->finish(node->state);
        kf_free_aligned(node->state);
    }
    memset(node, 0, sizeof *node);
}

int32_t kf_dsp_zero_i32(const void *state)
{
    return 0;
}

/* A gain that moves to its new value over one grid step. */
typedef struct ramped {
    float now, from, to;
    int32_t left;
} ramped;

static void ramped_set(ramped *r, float to)
{
    r->from = r->now;
    r->to = to;
    r->left = r->now == to ? 0 : KF_DSP_GRID;
}

static void ramped_process(ramped *r, int32_t n, float *io)
{
    int32_t part = r->left < n ? r->left : n;
    if (part > 0) {
        int32_t i0 = KF_DSP_GRID - r->left;
        for (int32_t i = 0; i < part; i++) io[i] *= r->from + (r->to - r->from) * ((float)(i0 + i + 1) / KF_DSP_GRID);
        r->left -= part;
        r->now = r->left ? r->from + (r->to - r->from) * ((float)(KF_DSP_GRID - r->left) / KF_DSP_GRID) : r->to;
    }
    if (n > part) kf_gain_const(r->to, n - part, io + part);
}

typedef struct gain_state {
    int32_t channels;
    ramped gain;
} gain_state;

static float gain_of(const kf_gain_params *p)
{
    return kf_db_to_gain(kf_dsp_range(p->gain_db, -144.0f, 48.0f, 0.0f));
}

static kf_status gain_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    gain_state *s = state;
    s->channels = setup->channels;
    s->gain.now = s->gain.to = gain_of(params);
    return KF_OK;
}

static void gain_reset(void *state)
{
    gain_state *s = state;
    s->gain.now = s->gain.to;
    s->gain.left = 0;
}

static void gain_set(void *state, const void *params)
{
    ramped_set(&((gain_state *)state)->gain, gain_of(params));
}

static void gain_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    gain_state *s = state;
    ramped start = s->gain;
    for (int c = 0; c < s->channels; c++) {
        ramped r = start;
        ramped_process(&r, n, io[c]);
        s->gain = r;
    }
}

static const kf_gain_params gain_defaults = {.gain_db = 0.0f};
const kf_dsp_driver kf_dsp_gain_driver = {
    .kind = KF_DSP_GAIN, .name = "gain", .params_size = sizeof(kf_gain_params), .state_size = sizeof(gain_state),
    .defaults = &gain_defaults, .prepare = gain_prepare, .reset = gain_reset, .set = gain_set, .process = gain_process,
    .latency = kf_dsp_zero_i32, .settle = kf_dsp_zero_i32,
};

typedef struct pan_state {
    int32_t channels;
    ramped side[2];
} pan_state;

static void pan_gains(const kf_pan_params *p, float gain[2])
{
    kf_pan_gains(p->law == KF_PAN_POWER ? KF_PAN_POWER : KF_PAN_BALANCE, p->pan, &gain[0], &gain[1]);
}

static kf_status pan_prepare(void *state, const kf_dsp_setup *setup, const void *params, kf_error *err)
{
    pan_state *s = state;
    float gain[2];
    s->channels = setup->channels;
    pan_gains(params, gain);
    for (int c = 0; c < 2; c++) s->side[c].now = s->side[c].to = gain[c];
    return KF_OK;
}

static void pan_reset(void *state)
{
    pan_state *s = state;
    for (int c = 0; c < 2; c++) {
        s->side[c].now = s->side[c].to;
        s->side[c].left = 0;
    }
}

static void pan_set(void *state, const void *params)
{
    pan_state *s = state;
    float gain[2];
    pan_gains(params, gain);
    for (int c = 0; c < 2; c++) ramped_set(&s->side[c], gain[c]);
}

static void pan_process(void *state, int64_t at, int32_t n, float *const *io, const float *const *side)
{
    pan_state *s = state;
    if (s->channels != 2) return;
    for (int c = 0; c < 2; c++) ramped_process(&s->side[c], n, io[c]);
}

static const kf_pan_params pan_defaults = {.pan = 0.0f, .law = KF_PAN_BALANCE};
const kf_dsp_driver kf_dsp_pan_driver = {
    .kind = KF_DSP_PAN, .name = "pan", .params_size = sizeof(kf_pan_params), .state_size = sizeof(pan_state),
    .defaults = &pan_defaults, .prepare = pan_prepare, .reset = pan_reset, .set = pan_set, .process = pan_process,
    .latency = kf_dsp_zero_i32, .settle = kf_dsp_zero_i32,
};
