/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/library.h"

#include <string.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "base/api/time.h"
#include "engine/material.h"

#define RETRY_NS INT64_C(2000000000) /* what failed to open may have come meanwhile */
#define RECENT_NS INT64_C(3000000000) /* what was used since then is in use */

kf_status kf_library_create(const kf_library_params *params, kf_library **out, kf_error *err)
{
    kf_library *l = KF_NEW(kf_library);
    *out = l;
    if (!l) return kf_fail_memory(err);
    l->params = *params;
    pthread_mutex_init(&l->lock, NULL);
    return KF_OK;
}

/* ---- Making and freeing materials; the library's lock is held ---- */

static void free_material(kf_material *m)
{
    kf_material_close(m);
    pthread_mutex_destroy(&m->lock);
    kf_free(m->file);
    kf_free(m->name);
    kf_free(m);
}

static void unlink_material(kf_library *l, kf_material *m)
{
    kf_material **at = &l->first;
    while (*at != m) at = &(*at)->next;
    *at = m->next;
    free_material(m);
}

static kf_status make_material(kf_library *l, const kf_interpretation *how, kf_material **out, kf_error *err)
{
    kf_material *m = KF_NEW(kf_material);
    if (!m) return kf_fail_memory(err);
    pthread_mutex_init(&m->lock, NULL);
    m->library = l;
    m->how = *how;
    m->file = kf_strdup(how->file);
    m->name = kf_strdup(how->name);
    if (!m->file || !m->name) {
        free_material(m);
        return kf_fail_memory(err);
    }
    m->how.file = m->file;
    m->how.name = m->name;
    m->next = l->first;
    l->first = m;
    *out = m;
    return KF_OK;
}

static bool same(const kf_interpretation *a, const kf_interpretation *b)
{
    return strcmp(a->file, b->file) == 0 && (*a->file || strcmp(a->name, b->name) == 0) &&
           a->rate.num == b->rate.num && a->rate.den == b->rate.den &&
           memcmp(&a->color, &b->color, sizeof a->color) == 0 && a->deinterlace == b->deinterlace && a->alpha == b->alpha;
}

/* One whose lock is taken is being used, or opened. */
static bool stale(kf_material *m)
{
    if (pthread_mutex_trylock(&m->lock) != 0) return false;
    bool is = m->tried && m->status != KF_OK && kf_clock_ns() - m->tried_ns > RETRY_NS;
    pthread_mutex_unlock(&m->lock);
    return is;
}

kf_status kf_library_get(kf_library *l, const kf_interpretation *how, kf_material **out, kf_error *err)
{
    kf_status status = KF_OK;
    *out = NULL;
    pthread_mutex_lock(&l->lock);
    for (kf_material *m = l->first; m && !*out; m = m->next)
        if (!m->outdated && same(&m->how, how) && !stale(m)) *out = m;
    if (!*out) status = make_material(l, how, out, err);
    if (*out) (*out)->refs++;
    pthread_mutex_unlock(&l->lock);
    return status;
}

/* ---- Closing what is too much ---- */

/* Open materials that nobody is reading from right now may be closed: they open again when asked. */
static bool close_if_idle(kf_material *m)
{
    if (pthread_mutex_trylock(&m->lock) != 0) return false;
    bool idle = m->media && m->busy == 0;
    if (idle) kf_material_close(m);
    pthread_mutex_unlock(&m->lock);
    return idle;
}

static void close_oldest(kf_library *l)
{
    for (;;) {
        kf_material *oldest = NULL;
        int open = 0;
        for (kf_material *m = l->first; m; m = m->next) {
            if (!atomic_load(&m->open)) continue;
            open++;
            if (!oldest || atomic_load(&m->used) < atomic_load(&oldest->used)) oldest = m;
        }
        if (open <= l->params.kept || kf_clock_ns() - atomic_load(&oldest->used) < RECENT_NS) return;
        if (!close_if_idle(oldest)) return;
    }
}

/* The library's lock is held. */
static bool is_done_with(const kf_material *m)
{
    return m->refs == 0 && (m->outdated || !atomic_load(&m->open));
}

bool kf_library_outdate(kf_library *l, const char *file)
{
    bool any = false;
    pthread_mutex_lock(&l->lock);
    for (kf_material *m = l->first, *next; m; m = next) {
        next = m->next;
        if (strcmp(m->file, file) != 0) continue;
        any = m->outdated = true;
        if (is_done_with(m)) unlink_material(l, m);
    }
    pthread_mutex_unlock(&l->lock);
    return any;
}

void kf_library_trim(kf_library *l)
{
    pthread_mutex_lock(&l->lock);
    if (l->params.kept > 0) close_oldest(l);
    for (kf_material *m = l->first, *next; m; m = next) {
        next = m->next;
        if (is_done_with(m)) unlink_material(l, m);
    }
    pthread_mutex_unlock(&l->lock);
}

void kf_material_release(kf_material *m)
{
    if (!m) return;
    kf_library *l = m->library;
    pthread_mutex_lock(&l->lock);
    m->refs--;
    if (is_done_with(m)) unlink_material(l, m);
    pthread_mutex_unlock(&l->lock);
}

void kf_library_destroy(kf_library *l)
{
    if (!l) return;
    while (l->first) unlink_material(l, l->first);
    pthread_mutex_destroy(&l->lock);
    kf_free(l);
}

kf_source_stats kf_library_stats(kf_library *l)
{
    kf_source_stats sum = {0};
    pthread_mutex_lock(&l->lock);
    for (kf_material *m = l->first; m; m = m->next) {
        pthread_mutex_lock(&m->lock);
        for (int v = 0; v < m->video_count; v++) {
            kf_source_stats s = kf_video_source_stats(m->video[v].source);
            sum.decoded += s.decoded;
            sum.seeks += s.seeks;
            sum.decoders += s.decoders;
            sum.cache_hits += s.cache_hits;
            sum.cache_misses += s.cache_misses;
            sum.cache_bytes_peak += s.cache_bytes_peak;
            sum.decode_ns += s.decode_ns;
        }
        pthread_mutex_unlock(&m->lock);
    }
    pthread_mutex_unlock(&l->lock);
    return sum;
}
