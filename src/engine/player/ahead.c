/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread that makes media ready for playing on. The first pictures of a run, or of a clip, come from where somebody
 * scrubs; meanwhile others begin a little further on, in decoders that do nothing else, and take over from there. */
#include "engine/player/internal.h"

#define AGAIN_NS INT64_C(400000000)
#define LEAD KF_SECOND                   /* of the clock */
#define COMING (3 * KF_SECOND)           /* clips that begin so soon are announced */

static bool plays_on(const kf_player *p)
{
    return p->playing && p->programme && p->run.rate > 0;
}

/* The lock is held on entry and on return, and not in between. */
static void warm(kf_player *p)
{
    kf_programme *programme = kf_programme_ref(p->programme);
    kf_time lead = kf_muldiv_floor(LEAD, p->run.rate, 1000);
    const kf_programme_moment moment = {p->composed, lead, p->composed + COMING};
    pthread_mutex_unlock(&p->lock);
    kf_programme_warm(programme, &moment);
    kf_programme_unref(programme);
    pthread_mutex_lock(&p->lock);
}

void *kf_player_ahead(void *arg)
{
    kf_player *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->quit) {
        bool plays = plays_on(p);
        if (plays) warm(p);
        if (!p->quit) kf_signal_wait(&p->ahead, &p->lock, plays ? kf_clock_ns() + AGAIN_NS : 0);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}
