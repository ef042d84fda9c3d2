/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who listens to whom, in which order tracks run, how far each runs ahead, and how much pre-roll a seek takes. */
#include "audio/engine/internal.h"

static kf_status add_edge(kf_audio_renderer *r, int32_t consumer, int32_t producer, int64_t post, kf_error *err)
{
    if (kf_grow((void **)&r->edges, &r->edge_capacity, r->edge_count + 1, sizeof *r->edges)) return kf_fail_memory(err);
    r->edges[r->edge_count++] = (kf_side_edge){consumer, producer, post};
    return KF_OK;
}

/* Edges of a chain whose output still has `after` samples of latency before it. */
static kf_status chain_edges(kf_audio_renderer *r, const kf_chain *chain, int32_t consumer, int64_t after,
                             kf_error *err)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; i < chain->count && !status; i++) {
        int32_t side = chain->fx[i].effect->sidechain;
        if (side) status = add_edge(r, consumer, side - 1, kf_chain_latency_from(chain, i) + after, err);
    }
    return status;
}

static kf_status clip_edges(kf_audio_renderer *r, const kf_audio_clip *clip, int32_t consumer, int64_t after,
                            kf_error *err)
{
    bool listens = false;
    for (int32_t i = 0; i < clip->effects.count; i++) listens = listens || clip->effects.effects[i].sidechain;
    if (!listens) return KF_OK;
    kf_chain chain; /* only to learn its latency */
    kf_status status = kf_chain_init(&chain, &clip->effects, &r->setup, "clip", err);
    if (!status) status = chain_edges(r, &chain, consumer, after, err);
    kf_chain_finish(&chain);
    return status;
}

static kf_status track_edges(kf_audio_renderer *r, int32_t index, kf_error *err)
{
    kf_track_run *t = &r->tracks[index];
    kf_status status = chain_edges(r, &t->inserts, index, 0, err);
    if (!status) status = chain_edges(r, &t->pre, index, t->inserts.latency, err);
    int64_t after = (int64_t)t->pre.latency + t->inserts.latency;
    for (int64_t i = 0; i < t->track->clip_count && !status; i++)
        status = clip_edges(r, &t->track->clips[i], index, after, err);
    return status;
}

/* Tracks such that producers come first; an error if that cannot be. */
static kf_status make_order(kf_audio_renderer *r, kf_error *err)
{
    int32_t count = r->graph->track_count, done = 0;
    int64_t *waiting = kf_alloc_zero((size_t)count + 1, sizeof *waiting);
    if (!waiting) return kf_fail_memory(err);
    for (size_t e = 0; e < r->edge_count; e++) {
        if (r->edges[e].consumer >= 0) waiting[r->edges[e].consumer]++;
    }
    for (int32_t i = 0; i < count; i++) {
        if (!waiting[i]) r->order[done++] = i;
    }
    for (int32_t next = 0; next < done; next++) {
        for (size_t e = 0; e < r->edge_count; e++) {
            const kf_side_edge *edge = &r->edges[e];
            if (edge->producer == r->order[next] && edge->consumer >= 0 && --waiting[edge->consumer] == 0)
                r->order[done++] = edge->consumer;
        }
    }
    int32_t stuck = 0;
    while (done < count && stuck < count && waiting[stuck] <= 0) stuck++;
    kf_free(waiting);
    if (done < count) {
        return kf_fail(err, KF_ERR_INVALID,
                       "audio track %d listens to a track that listens to it (sidechains form a circle)",
                       (int)stuck + 1);
    }
    return KF_OK;
}

static void find_needed(kf_audio_renderer *r)
{
    bool any_solo = false;
    for (int32_t i = 0; i < r->graph->track_count; i++) any_solo = any_solo || r->graph->tracks[i].solo;
    for (int32_t i = 0; i < r->graph->track_count; i++) {
        kf_track_run *t = &r->tracks[i];
        t->audible = t->needed = !t->track->mute && (!any_solo || t->track->solo);
    }
    for (size_t e = 0; e < r->edge_count; e++) {
        if (r->edges[e].consumer < 0) r->tracks[r->edges[e].producer].needed = true;
    }
    for (int32_t k = r->graph->track_count - 1; k >= 0; k--) {
        if (!r->tracks[r->order[k]].needed) continue;
        for (size_t e = 0; e < r->edge_count; e++) {
            if (r->edges[e].consumer == r->order[k]) r->tracks[r->edges[e].producer].needed = true;
        }
    }
}

static void find_leads(kf_audio_renderer *r)
{
    for (int32_t i = 0; i < r->graph->track_count; i++) r->tracks[i].out_lead = r->master_lead;
    for (size_t e = 0; e < r->edge_count; e++) {
        const kf_side_edge *edge = &r->edges[e];
        kf_track_run *producer = &r->tracks[edge->producer];
        producer->ringed = true;
        if (edge->consumer < 0 && edge->post > producer->out_lead) producer->out_lead = edge->post;
    }
    for (int32_t k = r->graph->track_count - 1; k >= 0; k--) {
        for (size_t e = 0; e < r->edge_count; e++) {
            const kf_side_edge *edge = &r->edges[e];
            if (edge->consumer != r->order[k]) continue;
            int64_t lead = r->tracks[edge->consumer].out_lead + edge->post;
            if (lead > r->tracks[edge->producer].out_lead) r->tracks[edge->producer].out_lead = lead;
        }
    }
    r->most_lead = r->master_lead;
    for (int32_t i = 0; i < r->graph->track_count; i++) {
        kf_track_run *t = &r->tracks[i];
        int64_t lead = t->out_lead + t->pre.latency + t->inserts.latency;
        if (t->needed && lead > r->most_lead) r->most_lead = lead;
    }
}

static void find_preroll(kf_audio_renderer *r)
{
    int64_t most = 0, cap = 20 * (int64_t)r->setup.rate;
    for (int32_t k = 0; k < r->graph->track_count; k++) {
        kf_track_run *t = &r->tracks[r->order[k]];
        int64_t before = 0;
        for (size_t e = 0; e < r->edge_count; e++) {
            if (r->edges[e].consumer == r->order[k] && r->tracks[r->edges[e].producer].settle > before)
                before = r->tracks[r->edges[e].producer].settle;
        }
        t->settle = before + t->pre.settle + t->inserts.settle;
        if (t->needed && t->settle > most) most = t->settle;
    }
    most += r->master.settle;
    if (r->limiter.driver) most += r->limiter.driver->settle(r->limiter.state);
    r->preroll = most < cap ? most : cap;
}

static kf_status make_rings(kf_audio_renderer *r, kf_error *err)
{
    kf_status status = KF_OK;
    for (int32_t i = 0; i < r->graph->track_count && !status; i++) {
        kf_track_run *t = &r->tracks[i];
        if (t->ringed && t->needed) status = kf_ring_init(&t->ring, r->setup.channels, t->out_lead + 2 * KF_CHUNK, err);
    }
    return status;
}

kf_status kf_plan_make(kf_audio_renderer *r, kf_error *err)
{
    kf_status status = chain_edges(r, &r->master, -1, r->limiter_latency, err);
    for (int32_t i = 0; i < r->graph->track_count && !status; i++) status = track_edges(r, i, err);
    if (!status) status = make_order(r, err);
    if (status) return status;
    find_needed(r);
    find_leads(r);
    find_preroll(r);
    return make_rings(r, err);
}
