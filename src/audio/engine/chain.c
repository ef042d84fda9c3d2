/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A row of effects with their automation and sidechains. */
#include "audio/engine/internal.h"

static const char *effect_name(const kf_audio_effect *e)
{
    if (e->name) return e->name;
    const kf_dsp_driver *driver = kf_dsp_driver_get(e->kind);
    return driver ? driver->name : "effect";
}

static kf_status curve_check(const kf_audio_curve *curve, const char *where, const char *what, kf_error *err)
{
    if (curve->count < 0 || (curve->count && !curve->points))
        return kf_fail(err, KF_ERR_INVALID, "%s: %s: broken automation", where, what);
    for (int32_t i = 1; i < curve->count; i++) {
        if (curve->points[i].sample <= curve->points[i - 1].sample) {
            return kf_fail(err, KF_ERR_INVALID, "%s: %s: automation point %d does not come after the one before", where,
                           what, (int)i);
        }
    }
    return KF_OK;
}

static kf_status effect_check(const kf_audio_effect *e, int32_t track_count, const char *where, kf_error *err)
{
    const kf_dsp_driver *driver = kf_dsp_driver_get(e->kind);
    if (!driver) return kf_fail(err, KF_ERR_INVALID, "%s: audio effect kind %d does not exist", where, (int)e->kind);
    if (e->sidechain < 0 || e->sidechain > track_count) {
        return kf_fail(err, KF_ERR_INVALID, "%s: %s listens to track %d of %d", where, effect_name(e),
                       (int)e->sidechain, (int)track_count);
    }
    for (int32_t i = 0; i < e->automation_count; i++) {
        const kf_audio_automation *a = &e->automation[i];
        if (a->offset % sizeof(float) || a->offset + sizeof(float) > driver->params_size) {
            return kf_fail(err, KF_ERR_INVALID, "%s: %s has no parameter at offset %d", where, effect_name(e),
                           (int)a->offset);
        }
        kf_status status = curve_check(&a->curve, where, effect_name(e), err);
        if (status) return status;
    }
    return KF_OK;
}

kf_status kf_chain_check(const kf_audio_chain *description, int32_t track_count, const char *where, kf_error *err)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; i < description->count && !status; i++)
        status = effect_check(&description->effects[i], track_count, where, err);
    return status;
}

static kf_status fx_init(kf_fx *fx, const kf_audio_effect *e, const kf_dsp_setup *setup, kf_error *err)
{
    fx->effect = e;
    fx->fresh = true;
    kf_status status = kf_dsp_node_init(&fx->node, e->kind, setup, e->params, err);
    if (status || !e->automation_count) return status;
    fx->params = kf_alloc(fx->node.driver->params_size);
    fx->cursor = kf_alloc_zero((size_t)e->automation_count, sizeof *fx->cursor);
    if (!fx->params || !fx->cursor) return kf_fail_memory(err);
    memcpy(fx->params, e->params ? e->params : fx->node.driver->defaults, fx->node.driver->params_size);
    return KF_OK;
}

kf_status kf_chain_init(kf_chain *chain, const kf_audio_chain *description, const kf_dsp_setup *setup,
                        const char *where, kf_error *err)
{
    memset(chain, 0, sizeof *chain);
    if (description->count <= 0) return KF_OK;
    chain->fx = kf_alloc_zero((size_t)description->count, sizeof *chain->fx);
    if (!chain->fx) return kf_fail_memory(err);
    chain->count = description->count;
    for (int32_t i = 0; i < chain->count; i++) {
        kf_fx *fx = &chain->fx[i];
        kf_status status = fx_init(fx, &description->effects[i], setup, err);
        if (status) return status;
        chain->latency += fx->node.driver->latency(fx->node.state);
        chain->settle += fx->node.driver->settle(fx->node.state);
    }
    return KF_OK;
}

void kf_chain_finish(kf_chain *chain)
{
    for (int32_t i = 0; i < chain->count; i++) {
        kf_dsp_node_finish(&chain->fx[i].node);
        kf_free(chain->fx[i].params);
        kf_free(chain->fx[i].cursor);
    }
    kf_free(chain->fx);
    memset(chain, 0, sizeof *chain);
}

void kf_chain_reset(kf_chain *chain)
{
    for (int32_t i = 0; i < chain->count; i++) {
        chain->fx[i].node.driver->reset(chain->fx[i].node.state);
        chain->fx[i].fresh = true;
    }
}

int32_t kf_chain_latency_from(const kf_chain *chain, int32_t first)
{
    int32_t sum = 0;
    for (int32_t i = first; i < chain->count; i++) sum += chain->fx[i].node.driver->latency(chain->fx[i].node.state);
    return sum;
}

/* Fills in automated values as of the grid position at or before `at`. */
static void automate(kf_fx *fx, int64_t at)
{
    int64_t grid = at - (at & (KF_DSP_GRID - 1));
    for (int32_t i = 0; i < fx->effect->automation_count; i++) {
        const kf_audio_automation *a = &fx->effect->automation[i];
        float value = kf_curve_at(&a->curve, grid, &fx->cursor[i]);
        memcpy((char *)fx->params + a->offset, &value, sizeof value);
    }
    fx->node.driver->set(fx->node.state, fx->params);
    if (fx->fresh) fx->node.driver->reset(fx->node.state); /* start at the value, do not move to it */
}

static void fx_process(kf_fx *fx, kf_audio_renderer *r, int64_t at, int32_t n, float *const *planes)
{
    const float *const *side = fx->effect->sidechain ? kf_side_read(r, fx->effect->sidechain - 1, at, n) : NULL;
    if (!fx->params) {
        fx->fresh = false;
        kf_dsp_node_process(&fx->node, at, n, planes, side);
        return;
    }
    int channels = r->setup.channels;
    for (int32_t done = 0; done < n;) {
        float *io[KF_DSP_MAX_CHANNELS];
        const float *detect[KF_DSP_MAX_CHANNELS];
        int64_t now = at + done;
        int32_t part = KF_DSP_GRID - (int32_t)(now & (KF_DSP_GRID - 1));
        if (part > n - done) part = n - done;
        for (int c = 0; c < channels; c++) {
            io[c] = planes[c] + done;
            detect[c] = side ? side[c] + done : NULL;
        }
        if (fx->fresh || (now & (KF_DSP_GRID - 1)) == 0) automate(fx, now);
        fx->fresh = false;
        kf_dsp_node_process(&fx->node, now, part, io, side ? detect : NULL);
        done += part;
    }
}

void kf_chain_process(kf_chain *chain, kf_audio_renderer *r, int64_t at, int32_t n, float *const *planes)
{
    for (int32_t i = 0; i < chain->count; i++) {
        fx_process(&chain->fx[i], r, at, n, planes);
        at -= chain->fx[i].node.driver->latency(chain->fx[i].node.state);
    }
}
