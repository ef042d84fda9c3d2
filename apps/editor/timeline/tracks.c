/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tracks.h"

#include <math.h>
#include <time.h>

static const double RESOLUTION = 3;    /* px: clips that are shorter are merged */
static const double MARGIN = 0.5;      /* of the width, to either side */
static const double SCALE_DRIFT = 1.3; /* of zoom, until details are made anew */
enum { KEEP_FRAMES = 600 };            /* how long a track that is not seen is kept */

typedef struct track_cache {
    uint64_t uid, version;
    kt_quads quads;
    kt_gl_list list;
    kf_time base, from, to;
    double scale, height;
    uint32_t epoch, text_generation, last_frame;
    kt_uses uses;
    uint32_t news;            /* of the media, when it was made */
    bool made, upload, incomplete, waiting;
} track_cache;

int64_t kt_thread_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void free_cache(gpointer data)
{
    track_cache *cache = data;
    kt_quads_finish(&cache->quads);
    kt_uses_finish(&cache->uses);
    g_free(cache);
}

void kt_tracks_init(kt_tracks *tracks)
{
    *tracks = (kt_tracks){.epoch = 1};
    tracks->by_uid = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_cache);
}

void kt_tracks_drop_gl(kt_tracks *tracks, bool gl)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, tracks->by_uid);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        track_cache *cache = value;
        if (gl) kt_gl_list_finish(&cache->list);
        cache->list = (kt_gl_list){0};
        cache->upload = true;
    }
}

void kt_tracks_finish(kt_tracks *tracks, bool gl)
{
    if (!tracks->by_uid) return;
    kt_tracks_drop_gl(tracks, gl);
    g_clear_pointer(&tracks->by_uid, g_hash_table_unref);
}

void kt_tracks_changed(kt_tracks *tracks)
{
    tracks->epoch++;
}

static track_cache *cache_of(kt_tracks *tracks, uint64_t uid)
{
    track_cache *cache = g_hash_table_lookup(tracks->by_uid, &uid);
    if (!cache) {
        cache = g_new0(track_cache, 1);
        cache->uid = uid;
        g_hash_table_insert(tracks->by_uid, &cache->uid, cache);
    }
    cache->last_frame = tracks->frame;
    return cache;
}

/* ---- Making lists ---- */

typedef struct filling {
    kt_painter painter;
    int64_t items;
} filling;

static bool fill_item(void *context, const kf_timeline_item *item)
{
    filling *f = context;
    kt_paint_item(&f->painter, item);
    f->items++;
    return true;
}

static void make(kt_tracks *tracks, const kt_scene *scene, const kt_row *row, track_cache *cache, uint64_t version)
{
    const kt_view *view = scene->view;
    kf_time margin = kt_view_span(view, view->width * MARGIN);
    kf_time from = MAX(view->from - margin, 0), to = kt_view_end(view) + margin;
    kt_quads_clear(&cache->quads);
    cache->uses.count = 0;
    filling f = {.painter = {.film = scene->film,
                             .theme = scene->theme,
                             .text = scene->text,
                             .list = &cache->quads,
                             .media = scene->media,
                             .uses = &cache->uses,
                             .selected = scene->selected,
                             .context = scene->context,
                             .base = view->from,
                             .from = from,
                             .to = to,
                             .scale = view->scale,
                             .height = row->height,
                             .audio = row->audio}};
    const kf_timeline_range range = {.sequence = scene->sequence, .track = row->track, .from = from, .to = to,
                                     .resolution = kt_view_span(view, RESOLUTION)};
    kf_timeline_each(scene->film, &range, fill_item, &f);
    cache->base = view->from;
    cache->from = from;
    cache->to = to;
    cache->scale = view->scale;
    cache->height = row->height;
    cache->version = version;
    cache->epoch = tracks->epoch;
    cache->text_generation = scene->text->generation;
    cache->incomplete = f.painter.incomplete;
    cache->waiting = f.painter.waiting;
    cache->news = scene->media ? scene->media->news : 0;
    cache->made = cache->upload = true;
    tracks->built++;
    tracks->items += f.items;
}

/* What is drawn would be wrong, or missing. */
static bool void_now(const kt_tracks *tracks, const kt_scene *scene, const kt_row *row, const track_cache *cache,
                     uint64_t version)
{
    if (!cache->made || cache->version != version || cache->epoch != tracks->epoch || cache->height != row->height)
        return true;
    if (cache->text_generation != scene->text->generation) return true;
    if (scene->media && !kt_media_touch(scene->media, &cache->uses)) return true;
    double ratio = scene->view->scale / cache->scale;
    if (ratio > 4 || ratio < 0.25) return true;
    return scene->view->from < cache->from || kt_view_end(scene->view) > cache->to;
}

/* What is drawn could be better. */
static bool dated(const kt_scene *scene, const track_cache *cache)
{
    if (cache->incomplete) return true;
    if (cache->waiting && cache->news != scene->media->news) return true;
    double ratio = scene->view->scale / cache->scale;
    if (ratio > SCALE_DRIFT || ratio < 1 / SCALE_DRIFT) return true;
    kf_time little = kt_view_span(scene->view, scene->view->width * MARGIN * 0.3);
    return (scene->view->from < cache->from + little && cache->from > 0) ||
           kt_view_end(scene->view) + little > cache->to;
}

static bool prepare_rows(kt_tracks *tracks, const kt_scene *scene, int64_t start)
{
    bool more = false;
    for (int32_t i = 0; i < scene->view->row_count; i++) {
        const kt_row *row = &scene->view->rows[i];
        kf_track_info track;
        if (!kt_view_row_visible(scene->view, row)) continue;
        if (!kf_film_track(scene->film, scene->sequence, row->track, &track)) continue;
        track_cache *cache = cache_of(tracks, row->uid);
        if (void_now(tracks, scene, row, cache, track.version)) {
            make(tracks, scene, row, cache, track.version);
        } else if (dated(scene, cache)) {
            bool time_left = kt_thread_ns() - start < scene->budget_ns;
            if (time_left) make(tracks, scene, row, cache, track.version);
            more |= !time_left;
        }
        more |= cache->incomplete;
    }
    return more;
}

static gboolean is_forgotten(gpointer key, gpointer value, gpointer data)
{
    const kt_tracks *tracks = data;
    track_cache *cache = value;
    if (tracks->frame - cache->last_frame < KEEP_FRAMES) return FALSE;
    kt_gl_list_finish(&cache->list);
    return TRUE;
}

bool kt_tracks_prepare(kt_tracks *tracks, const kt_scene *scene)
{
    int64_t start = kt_thread_ns();
    tracks->frame++;
    if (scene->media) kt_media_frame(scene->media, tracks->frame);
    tracks->built = 0;
    tracks->items = 0;
    uint32_t generation = scene->text->generation;
    bool more = prepare_rows(tracks, scene, start);
    if (scene->text->generation != generation) more |= prepare_rows(tracks, scene, start);
    return more;
}

void kt_tracks_draw(kt_tracks *tracks, kt_gl *gl, const kt_scene *scene)
{
    const kt_view *view = scene->view;
    for (int32_t i = 0; i < view->row_count; i++) {
        const kt_row *row = &view->rows[i];
        if (!kt_view_row_visible(view, row)) continue;
        track_cache *cache = cache_of(tracks, row->uid);
        if (cache->upload) kt_gl_upload(&cache->list, &cache->quads);
        cache->upload = false;
        const kt_gl_draw draw = {view->scale, kt_view_x(view, cache->base), kt_view_row_y(view, row),
                                 kt_view_half(view, row->audio)};
        kt_gl_list_draw(gl, &cache->list, &draw);
    }
    g_hash_table_foreach_remove(tracks->by_uid, is_forgotten, tracks);
}
