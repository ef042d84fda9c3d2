/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that were asked about, whether they have changed, and the bounds of memory. */
#include <string.h>
#include <sys/stat.h>

#include "base/api/alloc.h"
#include "base/api/str.h"
#include "engine/api/worker.h"
#include "engine/worker.h"

static const int64_t look_again_ns = 5000000000;

static uint64_t hash_text(const char *text)
{
    uint64_t h = 14695981039346656037u;
    for (; *text; text++) h = (h ^ (uint8_t)*text) * 1099511628211u;
    return h;
}

static kf_work_file *new_file(kf_worker *w, const char *path, uint64_t hash)
{
    kf_work_file *f = KF_NEW(kf_work_file);
    if (!f) return NULL;
    f->path = kf_strdup(path);
    if (!f->path) {
        kf_free(f);
        return NULL;
    }
    f->hash = hash;
    f->duration = KF_TIME_NONE;
    f->look = (kf_task){.kind = &kf_task_look, .file = f};
    f->probe = (kf_task){.kind = &kf_task_probe, .file = f};
    f->digest = (kf_task){.kind = &kf_task_digest, .file = f, .lane = KF_LANE_SOUND};
    f->chain = w->files[hash % KF_WORK_FILE_BUCKETS];
    w->files[hash % KF_WORK_FILE_BUCKETS] = f;
    return f;
}

kf_work_file *kf_work_file_get(kf_worker *w, const char *path, kf_work_urgency urgency)
{
    uint64_t hash = hash_text(path);
    kf_work_file *f = w->files[hash % KF_WORK_FILE_BUCKETS];
    while (f && (f->hash != hash || strcmp(f->path, path) != 0)) f = f->chain;
    if (!f) return new_file(w, path, hash);
    bool stale = f->known && !f->look.waiting && !f->look.running && kf_clock_ns() - f->looked_ns > look_again_ns;
    if (stale) kf_work_ask(w, &f->look, urgency, NULL);
    return f;
}

/* ---- Looking ---- */

/* Numbered pictures have no file of that name: their folder's time tells. */
static bool identify(const char *path, int64_t *size, int64_t *modified_ns)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (!there && strchr(kf_path_name(path), '%')) {
        char *folder = kf_path_folder(path);
        there = folder && stat(folder, &st) == 0;
        kf_free(folder);
    }
    *size = there ? (int64_t)st.st_size : -1;
    *modified_ns = there ? (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec : 0;
    return there;
}

static void forget_file(kf_worker *w, kf_work_file *f)
{
    f->generation++;
    f->opened = f->still = false;
    f->duration = KF_TIME_NONE;
    kf_work_thumbs_forget(w, f);
    kf_work_sounds_forget(w, f);
    kf_work_conformed_forget(f);
    kf_work_facts_forget(f);
}

void kf_work_file_look(kf_worker *w, kf_work_file *f)
{
    int64_t size, modified;
    if (f->known && kf_clock_ns() - f->looked_ns < look_again_ns / 5) return;
    pthread_mutex_unlock(&w->mutex);
    bool there = identify(f->path, &size, &modified);
    pthread_mutex_lock(&w->mutex);
    bool changed = f->known && (f->size != size || f->modified_ns != modified || f->there != there);
    f->known = true;
    f->there = there;
    f->size = size;
    f->modified_ns = modified;
    f->looked_ns = kf_clock_ns();
    if (!changed) return;
    forget_file(w, f);
    pthread_mutex_unlock(&w->mutex);
    kf_work_tell(w, &(kf_work_event){.kind = KF_WORK_CHANGED, .path = f->path, .stream = -1, .done = true});
    pthread_mutex_lock(&w->mutex);
}

static void run_look(kf_worker *w, kf_work_thread *thread, kf_task *task)
{
    kf_work_file_look(w, task->file);
    task->running = false;
}

static void drop_look(kf_worker *w, kf_task *task)
{
}

const kf_task_kind kf_task_look = {run_look, drop_look};

void kf_engine_worker_refresh(kf_worker *w, const char *path)
{
    pthread_mutex_lock(&w->mutex);
    kf_work_file *f = kf_work_file_get(w, path, KF_WORK_SOON);
    if (f) {
        if (!f->known || !f->there || (f->probed.failed || f->digested.failed)) forget_file(w, f);
        f->looked_ns = INT64_MIN / 2;
        kf_work_ask(w, &f->look, KF_WORK_VISIBLE, NULL);
    }
    pthread_mutex_unlock(&w->mutex);
}

char *kf_work_file_key(const kf_work_file *f, const char *kind)
{
    kf_str s = {0};
    kf_str_addf(&s, "%s|%lld|%lld|%s|", kind, (long long)f->size, (long long)f->modified_ns, f->path);
    if (!s.failed) return s.data;
    kf_str_finish(&s);
    return NULL;
}

void kf_work_files_finish(kf_worker *w)
{
    for (int i = 0; i < KF_WORK_FILE_BUCKETS; i++)
        while (w->files[i]) {
            kf_work_file *f = w->files[i];
            w->files[i] = f->chain;
            while (f->sounds) {
                kf_sound *s = f->sounds;
                f->sounds = s->next;
                kf_peaks_destroy(s->peaks);
                kf_free(s);
            }
            kf_work_conformed_free(f);
            kf_work_facts_forget(f);
            kf_free(f->path);
            kf_free(f);
        }
}

/* ---- The cache ---- */

kf_disk_cache *kf_work_cache(kf_worker *w)
{
    pthread_mutex_lock(&w->cache_mutex);
    if (!w->cache_tried && w->folder) w->cache = kf_disk_cache_open(w->folder, w->params.disk_bytes);
    w->cache_tried = true;
    kf_disk_cache *cache = w->cache;
    pthread_mutex_unlock(&w->cache_mutex);
    return cache;
}

static kf_sound *oldest_sound(kf_worker *w)
{
    kf_sound *oldest = w->loaded;
    for (kf_sound *s = w->loaded; s; s = s->next_loaded) oldest = s->used < oldest->used ? s : oldest;
    return oldest;
}

/* The last used one of each stays: it is what is looked at. */
void kf_work_trim(kf_worker *w)
{
    while (w->bytes > w->params.memory_bytes) {
        kf_sound *sound = oldest_sound(w);
        kf_thumb *thumb = w->oldest != w->newest ? w->oldest : NULL;
        if (sound && (!thumb || sound->used < thumb->used))
            kf_work_sound_unload(w, sound);
        else if (thumb)
            kf_work_thumb_remove(w, thumb);
        else
            return;
    }
}

void kf_engine_worker_clear_cache(kf_worker *w)
{
    pthread_mutex_lock(&w->mutex);
    for (int i = 0; i < KF_WORK_FILE_BUCKETS; i++)
        for (kf_work_file *f = w->files[i]; f; f = f->chain) forget_file(w, f);
    pthread_mutex_unlock(&w->mutex);
    kf_disk_cache_clear(kf_work_cache(w));
}
