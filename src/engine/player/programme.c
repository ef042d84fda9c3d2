/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/player/programme.h"

#include "base/api/alloc.h"
#include "base/api/time.h"
#include "engine/settings.h"

static kf_status fill(kf_programme *p, const kf_programme_params *params, kf_error *err)
{
    p->serial = params->serial;
    p->snapshot = kf_film_snapshot(p->film);
    p->proxies = params->proxies;
    kf_status status = kf_settings_sequence(p->snapshot, params->sequence, &p->sequence, err);
    if (status != KF_OK) return status;
    if (!kf_sequence_at(p->snapshot, p->sequence, &p->view))
        return kf_fail(err, KF_ERR_INTERNAL, "the sequence cannot be read");
    kf_assets_params ap = {.snapshot = p->snapshot,
                           .folder = kf_film_folder(p->film),
                           .library = params->library,
                           .allow_missing = true,
                           .lenient = true,
                           .proxies = params->proxies,
                           .placeholder_width = p->view.width,
                           .placeholder_height = p->view.height,
                           .warnings = params->warnings};
    return kf_assets_create(&ap, &p->providers.assets, err);
}

kf_status kf_programme_create(const kf_film *film, const kf_programme_params *params, kf_programme **out,
                              kf_error *err)
{
    *out = NULL;
    kf_programme *p = KF_NEW(kf_programme);
    if (!p) return kf_fail_memory(err);
    atomic_init(&p->refs, 1);
    kf_status status = kf_film_pin(film, &p->film, err);
    if (status == KF_OK) status = fill(p, params, err);
    if (status == KF_OK)
        *out = p;
    else
        kf_programme_unref(p);
    return status;
}

kf_programme *kf_programme_ref(kf_programme *p)
{
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

void kf_programme_unref(kf_programme *p)
{
    if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1) return;
    kf_assets_destroy(p->providers.assets);
    kf_film_destroy(p->film);
    kf_free(p);
}

int64_t kf_programme_frames(const kf_programme *p)
{
    return p->view.duration > 0 ? kf_frame_at(p->view.duration - 1, p->view.rate) + 1 : 1;
}
