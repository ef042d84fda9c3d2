/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine itself: memory, errors, texts, what is known of media. */
#include <string.h>

#include "base/api/alloc.h"
#include "web.h"

KW_EXPORT(kw_alloc) void *kw_alloc(size_t size);
KW_EXPORT(kw_free) void kw_free(void *p);
KW_EXPORT(kw_create) kw_engine *kw_create(void);
KW_EXPORT(kw_destroy) void kw_destroy(kw_engine *e);
KW_EXPORT(kw_status) int32_t kw_status(const kw_engine *e);
KW_EXPORT(kw_message) const char *kw_message(const kw_engine *e);
KW_EXPORT(kw_text) const char *kw_text(const kw_engine *e);
KW_EXPORT(kw_know) kf_status kw_know(kw_engine *e, const char *path, const double *facts);

enum { DRAWN_BYTES = 64 << 20 };

void *kw_alloc(size_t size)
{
    return kf_alloc_aligned(size);
}

void kw_free(void *p)
{
    kf_free_aligned(p);
}

kw_engine *kw_create(void)
{
    kw_engine *e = KF_NEW(kw_engine);
    kf_cpu_params params = {NULL, KF_ISA_C};
    if (!e) return NULL;
    e->drawn = kf_drawn_create(DRAWN_BYTES);
    if (e->drawn && kf_cpu_create(&params, &e->cpu, &e->error) == KF_OK) return e;
    kw_destroy(e);
    return NULL;
}

static void free_known(kw_known *known)
{
    kf_free(known->path);
    kf_free(known);
}

void kw_destroy(kw_engine *e)
{
    while (e->known) {
        kw_known *next = e->known->next;
        free_known(e->known);
        e->known = next;
    }
    kf_cpu_destroy(e->cpu);
    kf_drawn_destroy(e->drawn);
    kf_text_context_destroy(e->letters);
    kf_str_finish(&e->text);
    kf_free(e);
}

/* kf_status of the call that failed last. */
int32_t kw_status(const kw_engine *e)
{
    return e->error.status;
}

/* NUL-terminated; of the call that failed last. */
const char *kw_message(const kw_engine *e)
{
    return e->error.message;
}

/* NUL-terminated; of the call that gave a text last. */
const char *kw_text(const kw_engine *e)
{
    return e->text.data ? e->text.data : "";
}

kf_str *kw_text_start(kw_engine *e)
{
    kf_str_finish(&e->text);
    e->text = (kf_str){0};
    return &e->text;
}

const kw_known *kw_find_known(const kw_engine *e, const char *path)
{
    for (const kw_known *k = e->known; k; k = k->next)
        if (strcmp(k->path, path) == 0) return k;
    return NULL;
}

static kw_known *make_known(kw_engine *e, const char *path)
{
    kw_known *k = (kw_known *)kw_find_known(e, path);
    if (k) return k;
    k = KF_NEW(kw_known);
    if (!k) return NULL;
    k->path = kf_strdup(path);
    if (!k->path) {
        kf_free(k);
        return NULL;
    }
    k->next = e->known;
    e->known = k;
    return k;
}

enum { HAS_VIDEO = 1, HAS_AUDIO = 2, HAS_ALPHA = 4, IS_STILL = 8 };

/* facts: flags (HAS_*, or negative: it cannot be had), width and height as shown, the lengths of picture and sound in
 * seconds, clockwise degrees, pixel aspect, frames per second (0: not known). */
kf_status kw_know(kw_engine *e, const char *path, const double *facts)
{
    kw_known *k = make_known(e, path);
    if (!k) return kf_fail_memory(&e->error);
    int flags = (int)facts[0];
    k->failed = flags < 0;
    if (k->failed) return KF_OK;
    bool video = flags & HAS_VIDEO, audio = flags & HAS_AUDIO, still = flags & IS_STILL;
    kf_time video_end = video && !still ? kf_time_from_seconds(facts[3]) : KF_TIME_NONE;
    kf_time audio_end = audio ? kf_time_from_seconds(facts[4]) : KF_TIME_NONE;
    kf_rational rate = {0, 0};
    if (facts[7] > 0) kf_rational_make((int64_t)(facts[7] * 1001 + 0.5), 1001, &rate);
    k->asset = (kf_asset_facts){video, audio, flags & HAS_ALPHA, (int)facts[1], (int)facts[2], video_end, audio_end};
    k->media = (kf_media_facts){video, audio, still, (int)facts[1], (int)facts[2], rate,
                                video_end > audio_end ? video_end : audio_end};
    k->rotation = (int)facts[5];
    kf_rational_make((int64_t)(facts[6] * 1000000 + 0.5), 1000000, &k->sample_aspect);
    return KF_OK;
}
