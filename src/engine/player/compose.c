/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The thread that makes pictures: which one next, and the making of it. */
#include <string.h>

#include "base/api/alloc.h"
#include "engine/canvas.h"
#include "engine/player/internal.h"
#include "engine/player/picture.h"
#include "engine/player/same.h"

enum { AHEAD_MAX = 32, NEIGHBOURS = 8, NEIGHBOURS_BACK = 2, STAND_IN_MS = 25 };

/* ---- Which one ---- */

/* How many pictures may be made before they are needed: those in the cache and those in use are to fit. */
static int ahead(const kf_player *p)
{
    const kf_sequence_view *q = &p->programme->view;
    int64_t divide = p->divide, bytes = q->width / divide * (q->height / divide) * 3 / 2;
    int64_t n = kf_frames_room(p->frames) / 2 / (bytes > 0 ? bytes : 1);
    return (int)(n < 2 ? 2 : n > AHEAD_MAX ? AHEAD_MAX : n);
}

/* The first of the run's next pictures that is not there and can be in time. */
static bool wish_playing(kf_player *p, int64_t now, kf_wish *wish)
{
    kf_time at = 0, ready = 0;
    bool begun = kf_player_elapsed(p, now, &at);
    wish->runs = p->run.rate > 0;
    if (p->run.rate < 0 && wish->look == 1) wish->look = 2; /* whole GOPs have to be kept */
    if (begun) ready = at + kf_muldiv_floor((int64_t)p->compose_ns, KF_SECOND, 1000000000);
    for (int i = 0, n = ahead(p); i < n; i++) {
        kf_time next = kf_run_next(&p->run, at);
        int64_t frame = kf_run_frame(&p->run, at);
        bool over = begun && next != KF_TIME_NONE && next < ready;
        if (!over && !kf_frames_has(p->frames, frame)) {
            wish->frame = frame;
            wish->urgent = i == 0;
            p->composed = kf_frame_start(frame, p->run.frames);
            return true;
        }
        if (next == KF_TIME_NONE) return false;
        at = next;
    }
    return false;
}

static bool wish_neighbour(kf_player *p, int64_t frame, kf_wish *wish)
{
    int64_t frames = kf_programme_frames(p->programme);
    int most = ahead(p) / 2;
    for (int i = 1; i <= NEIGHBOURS + NEIGHBOURS_BACK; i++) {
        bool back = i > NEIGHBOURS;
        int step = back ? i - NEIGHBOURS : i;
        int64_t f = frame + (back ? -step : step) * p->direction;
        if (step > most || f < 0 || f >= frames || kf_frames_has(p->frames, f)) continue;
        wish->frame = f;
        return true;
    }
    return false;
}

static bool wish_standing(kf_player *p, int64_t now, kf_wish *wish)
{
    int64_t frame = kf_player_frame(p, now);
    if (kf_frames_has(p->frames, frame)) return wish_neighbour(p, frame, wish);
    wish->frame = frame;
    wish->urgent = true;
    if (!p->stand_in || p->stand_in_for != frame) wish->deadline = p->moved_ns + STAND_IN_MS * INT64_C(1000000);
    return true;
}

/* Under the lock. */
static bool next_wish(kf_player *p, kf_wish *wish)
{
    int64_t now = kf_clock_ns();
    *wish = (kf_wish){.divide = p->divide, .look = p->divide};
    if (!p->programme || !(p->playing ? wish_playing(p, now, wish) : wish_standing(p, now, wish))) return false;
    wish->programme = kf_programme_ref(p->programme);
    return true;
}

/* ---- Making it ---- */

typedef struct composer {
    kf_player *player;
    kf_programme *programme; /* that all below is for; held */
    int divide;
    kf_rasters *rasters;
    char *folder;            /* of the rasters' film */
    kf_compile_sources sources;
    kf_compiler *compiler;
    kf_cpu *cpu;
    kf_canvas canvas;
    kf_look look;
} composer;

static void drop_programme(composer *c)
{
    kf_compiler_destroy(c->compiler);
    kf_programme_unref(c->programme);
    c->compiler = NULL;
    c->programme = NULL;
}

static bool same_output(const kf_graph_output *a, const kf_graph_output *b)
{
    return a->format == b->format && a->width == b->width && a->height == b->height &&
           memcmp(&a->color, &b->color, sizeof a->color) == 0;
}

/* Its frames serve film after film of one size. */
static kf_status take_canvas(composer *c, const kf_graph_output *output, kf_error *err)
{
    c->canvas.cpu = c->cpu;
    if (c->canvas.shelf && same_output(&c->canvas.output, output)) return KF_OK;
    kf_shelf_destroy(c->canvas.shelf);
    c->canvas.output = *output;
    c->canvas.shelf = kf_shelf_create(output);
    return c->canvas.shelf ? KF_OK : kf_fail_memory(err);
}

static void drop_rasters(composer *c)
{
    kf_rasters_destroy(c->rasters);
    kf_free(c->folder);
    c->rasters = NULL;
    c->folder = NULL;
}

/* Text and files that were read stay from film to film, if their paths mean the same. */
static kf_status take_rasters(composer *c, const kf_programme *programme, kf_error *err)
{
    const char *folder = kf_film_folder(programme->film);
    if (c->rasters && strcmp(folder, c->folder) == 0) return KF_OK;
    drop_rasters(c);
    c->folder = kf_strdup(folder);
    if (!c->folder) return kf_fail_memory(err);
    return kf_rasters_create(c->folder, &c->player->warnings, c->player->params.memory / 16, &c->rasters, err);
}

static bool is_hdr(const kf_color *color)
{
    return color->transfer == KF_TRC_PQ || color->transfer == KF_TRC_HLG;
}

static kf_graph_output output_of(const kf_sequence_view *q, int divide)
{
    kf_graph_output o = {.format = is_hdr(&q->color) ? KF_PIX_YUV420P10 : KF_PIX_YUV420P8,
                         .width = (q->width + divide - 1) / divide, .height = (q->height + divide - 1) / divide};
    o.color = kf_color_resolve(q->color, o.format, q->width, q->height);
    return o;
}

static kf_status take_programme(composer *c, const kf_wish *wish, kf_error *err)
{
    if (c->programme == wish->programme && c->divide == wish->divide) return KF_OK;
    kf_graph_output output = output_of(&wish->programme->view, wish->divide);
    drop_programme(c);
    kf_status status = take_rasters(c, wish->programme, err);
    if (status == KF_OK) status = take_canvas(c, &output, err);
    if (status != KF_OK) return status;
    c->programme = kf_programme_ref(wish->programme);
    c->divide = wish->divide;
    c->programme->providers.rasters = c->rasters;
    c->programme->providers.look = &c->look;
    c->sources = kf_providers_sources(&c->programme->providers);
    kf_compiler_params cp = {c->programme->snapshot, c->programme->sequence, output.width, output.height, &c->sources,
                             false, c->programme->part};
    status = kf_compiler_create(&cp, &c->compiler, err);
    if (status != KF_OK) drop_programme(c);
    return status;
}

static kf_status make_frame(composer *c, const kf_wish *wish, kf_frame **out, kf_error *err)
{
    kf_compiled *compiled = NULL;
    bool passed;
    kf_status status = take_programme(c, wish, err);
    if (status != KF_OK) return status;
    c->look = (kf_look){.divide = wish->look, .deadline = wish->deadline, .cancel = &c->player->abandon, .runs = wish->runs};
    status = kf_compile_frame(c->compiler, kf_frame_start(wish->frame, c->programme->view.rate), &compiled, err);
    if (status == KF_OK) status = kf_canvas_compose(&c->canvas, compiled, out, &passed, err);
    kf_compiled_release(compiled);
    return status;
}

/* What cannot be made is black, and told. */
static kf_frame *black(const kf_sequence_view *q, int divide)
{
    const kf_graph_output o = output_of(q, divide);
    kf_frame *frame = kf_frame_create(KF_PIX_RGBA8, o.width, o.height);
    if (!frame) return NULL;
    memset(frame->image.plane[0], 0, (size_t)frame->image.stride[0] * (size_t)o.height);
    frame->image.color = kf_color_resolve((kf_color){KF_PRI_UNSPECIFIED, KF_TRC_UNSPECIFIED, KF_MAT_UNSPECIFIED},
                                          KF_PIX_RGBA8, o.width, o.height);
    return frame;
}

/* NULL: it was abandoned, or there is no memory. */
static kf_picture *make_picture(composer *c, const kf_wish *wish)
{
    const kf_sequence_view *q = &wish->programme->view;
    kf_error error;
    kf_frame *frame = NULL;
    kf_status status = make_frame(c, wish, &frame, &error);
    if (status == KF_ERR_CANCELLED) return NULL;
    if (status != KF_OK) {
        kf_warn(&c->player->warnings, status, "frame %lld: %s", (long long)wish->frame, error.message);
        frame = black(q, wish->divide);
    }
    kf_picture *picture = frame ? kf_picture_wrap(frame) : NULL;
    kf_frame_unref(frame);
    if (!picture) return NULL;
    picture->full_width = q->width;
    picture->full_height = q->height;
    picture->pixel_aspect = q->pixel_aspect;
    picture->frame = wish->frame;
    picture->time = kf_frame_start(wish->frame, q->rate);
    picture->exact = status != KF_OK || !c->look.inexact;
    return picture;
}

/* ---- The thread; what follows is under the lock ---- */

static void burn_waste(kf_player *p)
{
    kf_frames_waste waste = kf_frames_take_waste(p->frames);
    if (!waste.items) return;
    pthread_mutex_unlock(&p->lock);
    kf_frames_burn(waste);
    pthread_mutex_lock(&p->lock);
}

static void put_stand_in(kf_player *p, kf_picture *picture)
{
    kf_frames_discard(p->frames, p->stand_in);
    p->stand_in = kf_engine_picture_ref(picture);
    p->stand_in_for = picture->frame;
}

static void put_late(kf_player *p, kf_picture *picture)
{
    kf_frames_discard(p->frames, p->late);
    p->late = kf_engine_picture_ref(picture);
}

static bool still_same(const kf_programme *from, const kf_programme *to, int64_t frame)
{
    kf_same *same = kf_same_create(from, to);
    bool is = kf_same_frame(same, frame);
    kf_same_destroy(same);
    return is;
}

/* Of a state that edits have overtaken: under a hand that drags a slider, it is better than nothing. */
static bool overtaken(const kf_wish *wish, const kf_programme *now)
{
    return now && wish->programme->snapshot.store == now->snapshot.store && wish->programme->view.uid == now->view.uid &&
           kf_view_part_equal(wish->programme->part, now->part);
}

static void put(kf_player *p, const kf_wish *wish, kf_picture *picture)
{
    kf_programme *now = p->programme;
    bool soft = wish->look > wish->divide, backward = p->playing && p->run.rate < 0;
    picture->serial = ++p->pictures;
    p->stats.composed++;
    if (!now || wish->divide != p->divide || (soft && !backward)) return;
    bool stale = wish->programme != now && !still_same(wish->programme, now, wish->frame);
    if (stale && !overtaken(wish, now)) return;
    if (!picture->exact || (stale && !p->playing)) {
        picture->exact = false;
        put_stand_in(p, picture);
    } else {
        p->soft |= soft;
        kf_frames_add(p->frames, picture, stale);
        if (p->playing) put_late(p, picture);
    }
    kf_signal_raise(&p->show);
}

static void note_cost(kf_player *p, int64_t ns)
{
    p->compose_ns = p->compose_ns > 0 ? p->compose_ns * 0.875 + (double)ns * 0.125 : (double)ns;
    p->stats.compose_ms = p->compose_ns / 1e6;
}

static void fulfil(composer *c, const kf_wish *wish)
{
    kf_player *p = c->player;
    p->making = wish->frame;
    atomic_store(&p->abandon, false);
    pthread_mutex_unlock(&p->lock);
    int64_t started = kf_clock_ns();
    kf_picture *picture = make_picture(c, wish);
    int64_t cost = kf_clock_ns() - started;
    kf_programme_unref(wish->programme);
    pthread_mutex_lock(&p->lock);
    p->making = -1;
    if (!picture) return;
    note_cost(p, cost);
    put(p, wish, picture);
    kf_engine_picture_unref(picture);
}

static void close_composer(composer *c)
{
    drop_programme(c);
    drop_rasters(c);
    kf_shelf_destroy(c->canvas.shelf);
    kf_cpu_destroy(c->cpu);
}

void *kf_player_compose(void *arg)
{
    kf_player *p = arg;
    composer c = {.player = p};
    kf_cpu_params up = {p->pool, kf_cpu_isa()};
    kf_error error;
    if (kf_cpu_create(&up, &c.cpu, &error) != KF_OK) kf_warn(&p->warnings, error.status, "%s", error.message);
    pthread_mutex_lock(&p->lock);
    while (!p->quit && c.cpu) {
        kf_wish wish;
        bool wanted = next_wish(p, &wish);
        if (wanted) fulfil(&c, &wish);
        burn_waste(p);
        if (wanted) continue;
        kf_signal_wait(&p->compose, &p->lock, 0); /* show raises it as time goes on */
    }
    pthread_mutex_unlock(&p->lock);
    close_composer(&c);
    return NULL;
}
