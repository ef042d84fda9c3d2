/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <stdio.h>

#include "base/api/alloc.h"
#include "engine/player/internal.h"
#include "engine/player/same.h"

#define DEFAULT_MEMORY (INT64_C(1) << 30)
#define LEAST_MEMORY (INT64_C(32) << 20)
enum { DEFAULT_BUFFER = 512, KEPT = 2, DECODER_THREADS_MAX = 16, LANE_FRAMES = 1 << 17 };

kf_player_params kf_engine_player_params(void)
{
    return (kf_player_params){.memory = DEFAULT_MEMORY, .buffer_frames = DEFAULT_BUFFER};
}

/* ---- Making and ending ---- */

static kf_status copy_params(kf_player *p, const kf_player_params *params, kf_error *err)
{
    p->params = *params;
    if (p->params.memory <= 0) p->params.memory = DEFAULT_MEMORY;
    if (p->params.memory < LEAST_MEMORY) p->params.memory = LEAST_MEMORY;
    if (p->params.threads <= 0) p->params.threads = kf_cpu_count();
    if (p->params.buffer_frames == 0) p->params.buffer_frames = DEFAULT_BUFFER;
    p->params.audio_system = p->params.audio_device = NULL;
    return kf_player_choose(&p->choice, params->audio_system, params->audio_device, err);
}

/* A quarter of the memory for composed pictures; of what is left, most for looking at media and some for playing them. */
static kf_status make_parts(kf_player *p, kf_error *err)
{
    int threads = p->params.threads < DECODER_THREADS_MAX ? p->params.threads : DECODER_THREADS_MAX;
    kf_library_params lp = {.threads = threads, .interactive = true, .cache_bytes = p->params.memory / 4, .kept = KEPT};
    kf_library_params rp = {.threads = threads, .cache_bytes = p->params.memory / 12, .kept = KEPT};
    p->pool = kf_pool_create(p->params.threads);
    p->frames = kf_frames_create(p->params.memory / 4);
    if (!p->pool || !p->frames) return kf_fail_memory(err);
    kf_status status = kf_library_create(&lp, &p->library, err);
    return status == KF_OK ? kf_library_create(&rp, &p->running, err) : status;
}

static kf_status start_threads(kf_player *p, kf_error *err)
{
    static void *(*const run[])(void *) = {kf_player_compose, kf_player_show, kf_player_load,
                                          kf_player_ahead, kf_player_sound};
    static const char *const names[] = {"kerf-compose", "kerf-show", "kerf-load", "kerf-ahead", "kerf-sound"};
    kf_status status = KF_OK;
    for (int i = 0; i < KF_PLAYER_THREADS && status == KF_OK; i++) {
        status = kf_thread_start(&p->threads[i], names[i], run[i], p, err);
        p->thread_count += status == KF_OK;
    }
    return status;
}

static void raise_all(kf_player *p)
{
    kf_signal_raise(&p->compose);
    kf_signal_raise(&p->show);
    kf_signal_raise(&p->load);
    kf_signal_raise(&p->ahead);
    kf_signal_raise(&p->sound);
}

static void init_signals(kf_player *p)
{
    kf_signal_init(&p->compose);
    kf_signal_init(&p->show);
    kf_signal_init(&p->load);
    kf_signal_init(&p->ahead);
    kf_signal_init(&p->sound);
}

static void finish_signals(kf_player *p)
{
    kf_signal_finish(&p->compose);
    kf_signal_finish(&p->show);
    kf_signal_finish(&p->load);
    kf_signal_finish(&p->ahead);
    kf_signal_finish(&p->sound);
}

kf_status kf_engine_player_create(const kf_player_params *params, kf_player **out, kf_error *err)
{
    *out = NULL;
    kf_player *p = KF_NEW(kf_player);
    if (!p) return kf_fail_memory(err);
    pthread_mutex_init(&p->lock, NULL);
    init_signals(p);
    kf_meters_init(&p->meters);
    kf_warnings_init(&p->warnings, params->problem, params->context);
    p->in = p->out = KF_TIME_NONE;
    p->making = -1;
    p->direction = p->divide = 1;
    p->proxies = true;
    kf_status status = copy_params(p, params, err);
    if (status == KF_OK) status = make_parts(p, err);
    if (status == KF_OK) status = kf_lanes_init(&p->lanes, LANE_FRAMES, err);
    if (status == KF_OK) status = start_threads(p, err);
    if (status == KF_OK)
        *out = p;
    else
        kf_engine_player_destroy(p);
    return status;
}

static void stop_threads(kf_player *p)
{
    pthread_mutex_lock(&p->lock);
    p->quit = true;
    atomic_store(&p->abandon, true);
    raise_all(p);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->thread_count; i++) pthread_join(p->threads[i], NULL);
}

void kf_engine_player_destroy(kf_player *p)
{
    if (!p) return;
    stop_threads(p);
    kf_engine_picture_unref(p->front);
    kf_engine_picture_unref(p->stand_in);
    kf_engine_picture_unref(p->late);
    kf_frames_destroy(p->frames);
    kf_audio_device_close(p->device);
    kf_lanes_finish(&p->lanes);
    kf_meters_finish(&p->meters);
    kf_player_forget_media(p->wanted);
    kf_score_unref(p->score);
    kf_programme_unref(p->programme);
    kf_library_destroy(p->library);
    kf_library_destroy(p->running);
    kf_pool_destroy(p->pool);
    finish_signals(p);
    kf_warnings_finish(&p->warnings);
    pthread_mutex_destroy(&p->lock);
    kf_player_forget_choice(&p->choice);
    kf_free(p);
}

/* ---- What is played ---- */

static void drop_passing(kf_player *p)
{
    kf_frames_discard(p->frames, p->stand_in);
    kf_frames_discard(p->frames, p->late);
    p->stand_in = p->late = NULL;
}

/* Under the lock. True: pictures of another size are to be made. */
static bool set_divide(kf_player *p)
{
    int divide = p->quality == KF_QUALITY_AUTO ? 1 : 1 << p->quality, before = p->divide;
    if (p->quality == KF_QUALITY_AUTO && p->programme && p->view_width > 0 && p->view_height > 0) {
        const kf_sequence_view *q = &p->programme->view;
        while (divide < 4 && (q->width / (2 * divide) >= p->view_width || q->height / (2 * divide) >= p->view_height))
            divide *= 2;
    }
    p->divide = divide;
    if (divide == before) return false;
    kf_frames_drop(p->frames, true);
    drop_passing(p);
    atomic_store(&p->abandon, true);
    return true;
}

static bool stays(void *ctx, int64_t frame)
{
    return kf_same_frame(ctx, frame);
}

/* Two states of one sequence: a picture of one is better than none of the other. */
static bool related(const kf_programme *a, const kf_programme *b)
{
    return a && b && a->snapshot.store == b->snapshot.store && a->view.uid == b->view.uid &&
           a->view.width == b->view.width && a->view.height == b->view.height && kf_view_part_equal(a->part, b->part);
}

/* Under the lock; takes the programme over and returns the one before. */
static kf_programme *swap_programme(kf_player *p, kf_programme *programme)
{
    kf_programme *old = p->programme;
    kf_same *same = kf_same_create(old, programme);
    p->programme = programme;
    kf_frames_age(p->frames, stays, same);
    if (!p->playing || !related(old, programme)) kf_frames_drop(p->frames, !related(old, programme));
    drop_passing(p);
    kf_same_destroy(same);
    set_divide(p);
    if (!programme) p->playing = false;
    if (!p->playing) kf_player_place(p);
    bool other_times = old && programme &&
                       (old->view.duration != programme->view.duration ||
                        !kf_rational_equal(old->view.rate, programme->view.rate));
    if (p->playing && programme->view.duration <= 0) p->playing = false;
    if (p->playing && other_times) kf_player_rerun(p);
    if (!programme || !old || old->snapshot.store != programme->snapshot.store) atomic_store(&p->abandon, true);
    kf_player_changed(p);
    return old;
}

/* Of a state and a sequence of it, under the settings that hold now. */
static kf_status make_programme(kf_player *p, const kf_film *film, const char *sequence, kf_programme **out, kf_error *err)
{
    *out = NULL;
    if (!film) return KF_OK;
    kf_programme_params params = {sequence, p->library, p->running, &p->warnings, .serial = 0};
    pthread_mutex_lock(&p->lock);
    params.serial = ++p->serials;
    params.proxies = p->proxies;
    params.part = p->part;
    pthread_mutex_unlock(&p->lock);
    return kf_programme_create(film, &params, out, err);
}

kf_status kf_engine_player_set_film(kf_player *p, const kf_film *film, const char *sequence, kf_error *err)
{
    kf_programme *programme;
    kf_status status = make_programme(p, film, sequence, &programme, err);
    if (status != KF_OK) return status;
    pthread_mutex_lock(&p->lock);
    kf_programme *old = swap_programme(p, programme);
    pthread_mutex_unlock(&p->lock);
    kf_programme_unref(old);
    return KF_OK;
}

/* ---- Settings ---- */

void kf_engine_player_set_quality(kf_player *p, kf_player_quality quality)
{
    pthread_mutex_lock(&p->lock);
    p->quality = quality;
    set_divide(p);
    kf_player_changed(p);
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_set_view(kf_player *p, int32_t width, int32_t height)
{
    pthread_mutex_lock(&p->lock);
    p->view_width = width;
    p->view_height = height;
    if (set_divide(p)) kf_player_changed(p);
    pthread_mutex_unlock(&p->lock);
}

static bool never(void *ctx, int64_t frame)
{
    return false;
}

/* The same state of the film, looked at with other eyes. */
static void look_again(kf_player *p)
{
    kf_programme *next = NULL, *old = NULL;
    pthread_mutex_lock(&p->lock);
    kf_programme *now = p->programme ? kf_programme_ref(p->programme) : NULL;
    pthread_mutex_unlock(&p->lock);
    if (now && make_programme(p, now->film, now->view.id, &next, NULL) == KF_OK) {
        pthread_mutex_lock(&p->lock);
        if (p->programme == now) {
            kf_frames_age(p->frames, never, NULL);
            old = swap_programme(p, next);
        }
        pthread_mutex_unlock(&p->lock);
        kf_programme_unref(old ? old : next);
    }
    kf_programme_unref(now);
}

void kf_engine_player_set_proxies(kf_player *p, bool use)
{
    pthread_mutex_lock(&p->lock);
    bool other = p->proxies != use;
    p->proxies = use;
    kf_player_changed(p);
    pthread_mutex_unlock(&p->lock);
    if (other) look_again(p);
}

void kf_engine_player_set_part(kf_player *p, const kf_player_part *shown)
{
    const kf_view_part part = {shown->clip, shown->angles};
    pthread_mutex_lock(&p->lock);
    bool other = !kf_view_part_equal(p->part, part);
    p->part = part;
    kf_player_changed(p);
    pthread_mutex_unlock(&p->lock);
    if (other) look_again(p);
}

void kf_engine_player_refresh(kf_player *p, const char *file)
{
    bool looked_at = kf_library_outdate(p->library, file), run = kf_library_outdate(p->running, file);
    if (looked_at || run) look_again(p);
}

void kf_engine_player_angle_cell(int32_t count, int32_t index, double out[4])
{
    kf_grid_cell(count, index, out);
}

/* Under the lock. */
static void set_level(kf_player *p)
{
    atomic_store(&p->lanes.gain, p->mute ? 0 : kf_db_to_gain(p->gain_db));
    kf_player_changed(p);
}

void kf_engine_player_set_gain(kf_player *p, float db)
{
    pthread_mutex_lock(&p->lock);
    p->gain_db = isnan(db) ? 0 : fminf(24, fmaxf(-144, db));
    set_level(p);
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_set_mute(kf_player *p, bool mute)
{
    pthread_mutex_lock(&p->lock);
    p->mute = mute;
    set_level(p);
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_set_scrub_sound(kf_player *p, bool sound)
{
    pthread_mutex_lock(&p->lock);
    p->scrub_sound = sound;
    kf_player_changed(p);
    pthread_mutex_unlock(&p->lock);
}

/* ---- What comes out ---- */

bool kf_engine_player_picture(kf_player *p, kf_picture **out)
{
    pthread_mutex_lock(&p->lock);
    *out = p->front ? kf_engine_picture_ref(p->front) : NULL;
    pthread_mutex_unlock(&p->lock);
    return *out != NULL;
}

static void describe_device(const kf_audio_device *device, kf_player_stats *out)
{
    const kf_audio_device_info *info = kf_audio_device_get_info(device);
    snprintf(out->audio_system, sizeof out->audio_system, "%s", info->system);
    snprintf(out->audio_device, sizeof out->audio_device, "%s", info->name);
    out->sample_rate = info->rate;
    out->buffer_frames = info->frames;
    out->gaps = kf_audio_device_get_stats(device).gaps;
    out->latency_ms = 1000.0 * info->latency / info->rate;
}

void kf_engine_player_get_stats(kf_player *p, kf_player_stats *out)
{
    pthread_mutex_lock(&p->lock);
    *out = p->stats;
    out->cache_bytes = kf_frames_bytes(p->frames);
    out->underruns = atomic_load(&p->lanes.underruns) - p->underruns_before;
    if (p->device) describe_device(p->device, out);
    pthread_mutex_unlock(&p->lock);
}

void kf_engine_player_reset_stats(kf_player *p)
{
    pthread_mutex_lock(&p->lock);
    p->stats = (kf_player_stats){.compose_ms = p->stats.compose_ms};
    p->underruns_before = atomic_load(&p->lanes.underruns);
    pthread_mutex_unlock(&p->lock);
}

int32_t kf_engine_player_get_meters(kf_player *p, kf_player_meter *master, kf_player_meter *tracks, int32_t count)
{
    kf_time elapsed;
    pthread_mutex_lock(&p->lock);
    int32_t n = p->programme ? p->programme->view.track_count : 0;
    uint64_t run = kf_player_elapsed(p, kf_clock_ns(), &elapsed) ? p->run_id : 0;
    int32_t rate = p->device_rate;
    pthread_mutex_unlock(&p->lock);
    kf_meters_get(&p->meters, run, run ? kf_sample_at(elapsed, rate) : 0, master, tracks, count);
    return n;
}
