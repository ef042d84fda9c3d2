/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread for all that may wait for the disk or the system: films of media, the sound of a film, devices. */
#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/player/internal.h"

bool kf_player_has_score(const kf_player *p)
{
    if (!p->device || p->device_stale) return false;
    if (p->score_done == p->programme->serial) return true;
    return p->score && p->score->programme->snapshot.store == p->programme->snapshot.store; /* an edit: it follows */
}

/* ---- Media ---- */

void kf_player_forget_media(kf_engine_media *m)
{
    if (!m) return;
    kf_free((char *)m->path);
    kf_free((char *)m->asset);
    kf_film_destroy((kf_film *)m->film);
    kf_free(m);
}

static kf_status copy_media(const kf_engine_media *source, kf_engine_media **out, kf_error *err)
{
    kf_film *film = NULL;
    *out = NULL;
    kf_engine_media *m = KF_NEW(kf_engine_media);
    if (!m) return kf_fail_memory(err);
    *m = (kf_engine_media){.path = kf_strdup(source->path), .rate = source->rate, .asset = kf_strdup(source->asset)};
    kf_status status = source->film ? kf_film_pin(source->film, &film, err) : KF_OK;
    m->film = film;
    if (status == KF_OK && ((source->path && !m->path) || (source->asset && !m->asset))) status = kf_fail_memory(err);
    if (status == KF_OK)
        *out = m;
    else
        kf_player_forget_media(m);
    return status;
}

kf_status kf_engine_player_set_media(kf_player *p, const kf_engine_media *source, kf_error *err)
{
    kf_engine_media *m, *old;
    if (!source->path && !source->film) return kf_fail(err, KF_ERR_USAGE, "name a file, or an asset of a film");
    kf_status status = copy_media(source, &m, err);
    if (status != KF_OK) return status;
    pthread_mutex_lock(&p->lock);
    old = p->wanted;
    p->wanted = m;
    kf_signal_raise(&p->load);
    pthread_mutex_unlock(&p->lock);
    kf_player_forget_media(old);
    return KF_OK;
}

/* In the jobs below the lock is held on entry and on return, and not in between. */

static void load_media(kf_player *p)
{
    kf_engine_media *m = p->wanted;
    kf_film *film = NULL;
    kf_error error;
    p->wanted = NULL;
    pthread_mutex_unlock(&p->lock);
    kf_status status = kf_engine_media_film(m, &film, &error);
    if (status == KF_OK) status = kf_engine_player_set_film(p, film, NULL, &error);
    if (status != KF_OK) kf_warn(&p->warnings, status, "%s", error.message);
    kf_film_destroy(film);
    kf_player_forget_media(m);
    pthread_mutex_lock(&p->lock);
}

/* ---- Sound ---- */

static bool wants_score(const kf_player *p)
{
    return p->programme && p->programme->serial != p->score_serial;
}

static void load_score(kf_player *p)
{
    kf_programme *programme = kf_programme_ref(p->programme);
    kf_score *score = NULL;
    kf_error error;
    p->score_serial = programme->serial; /* one that cannot be made is not tried again */
    pthread_mutex_unlock(&p->lock);
    kf_status status = kf_score_create(programme, &score, &error);
    if (status != KF_OK) kf_warn(&p->warnings, status, "the sound cannot be played: %s", error.message);
    pthread_mutex_lock(&p->lock);
    kf_score *old = p->score;
    p->score = score;
    p->score_done = p->score_serial;
    kf_signal_raise(&p->sound);
    kf_signal_raise(&p->show);
    pthread_mutex_unlock(&p->lock);
    kf_score_unref(old);
    kf_programme_unref(programme);
    pthread_mutex_lock(&p->lock);
}

/* ---- Devices ---- */

kf_status kf_player_choose(kf_device_choice *out, const char *system, const char *device, kf_error *err)
{
    *out = (kf_device_choice){kf_strdup(system), kf_strdup(device)};
    if ((!system || out->system) && (!device || out->device)) return KF_OK;
    kf_player_forget_choice(out);
    return kf_fail_memory(err);
}

void kf_player_forget_choice(kf_device_choice *c)
{
    kf_free(c->system);
    kf_free(c->device);
    *c = (kf_device_choice){0};
}

static int32_t wanted_rate(const kf_player *p)
{
    return p->params.sample_rate > 0 ? p->params.sample_rate : p->programme->view.sample_rate;
}

/* It is opened when something is to be heard for the first time. */
static bool wants_device(const kf_player *p)
{
    if (!p->programme || (!p->playing && !p->grain_id && !p->device)) return false;
    return !p->device || p->device_stale || p->device_rate != wanted_rate(p);
}

static void deliver(void *ctx, float *const *planes, int32_t n, const kf_audio_block *block)
{
    kf_player *p = ctx;
    kf_lanes_play(&p->lanes, planes, n, block->frame);
}

static void lost(void *ctx, const kf_error *why)
{
    kf_player *p = ctx;
    kf_warn(&p->warnings, why->status, "%s", why->message);
    pthread_mutex_lock(&p->lock);
    p->device_stale = true;
    kf_signal_raise(&p->load);
    pthread_mutex_unlock(&p->lock);
}

/* NULL: not even the null device opens. */
static kf_audio_device *open_device(kf_player *p, const kf_audio_device_params *wanted)
{
    kf_audio_device_params d = *wanted;
    kf_audio_device *device;
    kf_error error;
    if (kf_audio_device_open(&d, &device, &error) == KF_OK) return device;
    kf_warn(&p->warnings, error.status, "%s; it plays without sound", error.message);
    d.system = "null";
    d.device = NULL;
    if (kf_audio_device_open(&d, &device, &error) == KF_OK) return device;
    kf_warn(&p->warnings, error.status, "%s", error.message);
    return NULL;
}

static void load_device(kf_player *p)
{
    kf_audio_device *old = p->device;
    kf_audio_device_params d = kf_audio_device_params_default();
    kf_device_choice choice = p->choice; /* taken, and given back below unless another one has come */
    int32_t rate = wanted_rate(p), before = p->device_rate;
    p->choice = (kf_device_choice){0};
    d.system = choice.system;
    d.device = choice.device;
    d.rate = rate;
    d.channels = KF_LANE_CHANNELS;
    d.frames = p->params.buffer_frames;
    d.callback = deliver;
    d.lost = lost;
    d.ctx = p;
    p->device = NULL;
    p->device_stale = p->device_chosen = false;
    pthread_mutex_unlock(&p->lock);
    kf_audio_device_close(old);
    kf_audio_device *device = open_device(p, &d);
    pthread_mutex_lock(&p->lock);
    if (p->device_chosen)
        kf_player_forget_choice(&choice);
    else
        p->choice = choice;
    p->device = device;
    p->device_rate = rate;
    if (!device) kf_player_halt(p);
    if (before && before != rate) kf_player_restart(p);
    kf_player_changed(p);
}

kf_status kf_engine_player_set_device(kf_player *p, const char *system, const char *device, kf_error *err)
{
    kf_device_choice choice;
    kf_status status = kf_player_choose(&choice, system, device, err);
    if (status != KF_OK) return status;
    pthread_mutex_lock(&p->lock);
    kf_device_choice old = p->choice;
    p->choice = choice;
    p->device_stale = p->device_chosen = true;
    kf_player_changed(p);
    pthread_mutex_unlock(&p->lock);
    kf_player_forget_choice(&old);
    return KF_OK;
}

void *kf_player_load(void *arg)
{
    kf_player *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->quit) {
        if (p->wanted)
            load_media(p);
        else if (wants_device(p))
            load_device(p);
        else if (wants_score(p))
            load_score(p);
        else
            kf_signal_wait(&p->load, &p->lock, 0);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}
