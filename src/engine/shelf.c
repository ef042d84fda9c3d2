/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/shelf.h"

#include "base/api/alloc.h"
#include "base/api/thread.h"

enum { KEPT_MAX = 16 };

struct kf_shelf {
    pthread_mutex_t lock;
    kf_graph_output output;
    kf_frame *kept[KEPT_MAX];
    int count;
    int out;             /* frames in use, plus one for the owner */
};

kf_shelf *kf_shelf_create(const kf_graph_output *output)
{
    kf_shelf *s = KF_NEW(kf_shelf);
    if (!s) return NULL;
    pthread_mutex_init(&s->lock, NULL);
    s->output = *output;
    s->out = 1;
    return s;
}

/* One use less; the last one frees all. Called with the lock held, returns without it. */
static void leave(kf_shelf *s)
{
    bool last = --s->out == 0;
    pthread_mutex_unlock(&s->lock);
    if (!last) return;
    for (int i = 0; i < s->count; i++) kf_frame_free(s->kept[i]);
    pthread_mutex_destroy(&s->lock);
    kf_free(s);
}

static void come_home(kf_frame *frame)
{
    kf_shelf *s = frame->owner;
    pthread_mutex_lock(&s->lock);
    if (s->count < KEPT_MAX)
        s->kept[s->count++] = frame;
    else
        kf_frame_free(frame);
    leave(s);
}

kf_frame *kf_shelf_take(kf_shelf *s)
{
    pthread_mutex_lock(&s->lock);
    kf_frame *f = s->count > 0 ? s->kept[--s->count] : NULL;
    s->out++;
    pthread_mutex_unlock(&s->lock);
    if (!f) f = kf_frame_create(s->output.format, s->output.width, s->output.height);
    if (!f) {
        pthread_mutex_lock(&s->lock);
        leave(s);
        return NULL;
    }
    f->image.color = s->output.color;
    f->image.premultiplied = s->output.premultiplied;
    f->release = come_home;
    f->owner = s;
    atomic_store(&f->refs, 1);
    return f;
}

void kf_shelf_destroy(kf_shelf *s)
{
    if (!s) return;
    pthread_mutex_lock(&s->lock);
    leave(s);
}
