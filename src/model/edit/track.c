/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Windows on tracks: a run of items as a list, changed and then spliced back. */
#include <string.h>

#include "base/api/alloc.h"
#include "model/edit/edit.h"

enum { MARGIN = 2 }; /* gaps and clips on either side of what is asked for */

void window_finish(window *w)
{
    kf_free(w->items);
    w->items = NULL;
    w->count = w->capacity = 0;
}

static kf_status make_room(window *w, size_t at, size_t count)
{
    void *items = w->items;
    if (kf_grow(&items, &w->capacity, w->count + count + 1, sizeof *w->items) != 0) {
        return kf_fail_memory(w->e->err);
    }
    w->items = items;
    memmove(w->items + at + count, w->items + at, (w->count - at) * sizeof *w->items);
    w->count += count;
    return KF_OK;
}

static bool solid(const window_item *item)
{
    return item->item.kind != KF_ITEM_TRANSITION;
}

/* What a transition knows of its neighbour: gaps and the track's ends look alike. */
static kf_ref neighbour_ref(const window *w, size_t i)
{
    return i < w->count ? w->items[i].item.ref : KF_REF_NONE;
}

static kf_time neighbour_duration(const window *w, size_t i)
{
    return i < w->count ? w->items[i].item.duration : 0;
}

/* ---- Loading ---- */

/* Moves the cursor back to where the window begins. */
static void step_back(kf_cursor *c)
{
    for (int passed = 0; c->item.index > 0 && passed < MARGIN;) {
        if (!kf_cursor_previous(c)) {
            kf_cursor_next(c);
            return;
        }
        passed += c->item.kind != KF_ITEM_TRANSITION;
    }
    /* with the transition at its head, which may reach over the item before that */
    if (c->item.index > 0 && kf_cursor_previous(c) && c->item.kind != KF_ITEM_TRANSITION) {
        kf_cursor_next(c);
    }
}

static kf_status load(window *w, kf_cursor *c, kf_time to)
{
    int passed = 0;
    w->first = c->item.index;
    w->start = c->item.start;
    while (c->item.kind != KF_ITEM_NONE && passed <= MARGIN) {
        kf_status status = make_room(w, w->count, 1);
        if (status != KF_OK) {
            return status;
        }
        w->items[w->count - 1] = (window_item){.item = {c->item.duration, c->item.ref, c->item.kind}, .loaded = true};
        passed += c->item.start > to && c->item.kind != KF_ITEM_TRANSITION;
        kf_cursor_next(c);
    }
    /* a transition belongs to the item before it */
    if (c->item.kind == KF_ITEM_TRANSITION) {
        kf_status status = make_room(w, w->count, 1);
        if (status != KF_OK) {
            return status;
        }
        w->items[w->count - 1] = (window_item){.item = {0, c->item.ref, c->item.kind}, .loaded = true};
        kf_cursor_next(c);
    }
    w->to_end = c->item.kind == KF_ITEM_NONE;
    return KF_OK;
}

static void note_neighbours(window *w)
{
    for (size_t i = 0; i < w->count; i++) {
        window_item *t = &w->items[i];
        if (!solid(t)) {
            t->left = i > 0 ? neighbour_ref(w, i - 1) : KF_REF_NONE;
            t->right = neighbour_ref(w, i + 1);
            t->left_duration = i > 0 ? neighbour_duration(w, i - 1) : 0;
            t->right_duration = neighbour_duration(w, i + 1);
        }
    }
}

kf_status window_open(kf_edit *e, int32_t track, kf_time from, kf_time to, window *out)
{
    *out = (window){.e = e, .track = track};
    kf_status status = track_unlocked(e, track);
    if (status == KF_OK) {
        status = track_view(e, track, &out->view);
    }
    if (status != KF_OK) {
        return status;
    }
    kf_cursor c;
    kf_cursor_init(&c, edit_state(e), &out->view);
    if (!kf_cursor_seek(&c, from < 0 ? 0 : from) && !kf_cursor_previous(&c)) {
        out->first = 0;
        out->to_end = true;
        return KF_OK;
    }
    step_back(&c);
    status = load(out, &c, to);
    out->loaded = (int64_t)out->count;
    note_neighbours(out);
    if (status != KF_OK) {
        window_finish(out);
    }
    return status;
}

/* ---- Reading ---- */

kf_time window_time(const window *w, size_t place)
{
    kf_time t = w->start;
    for (size_t i = 0; i < place; i++) {
        t += w->items[i].item.duration;
    }
    return t;
}

bool window_clip(const window *w, size_t place, kf_clip_view *out)
{
    const track_item *item = place < w->count ? &w->items[place].item : NULL;
    kf_item_view view;
    if (!item || item->kind != KF_ITEM_CLIP) {
        return false;
    }
    view = (kf_item_view){.kind = item->kind, .start = window_time(w, place), .duration = item->duration, .ref = item->ref};
    return clip_open(w->e->store, &view, w->view.kind, out);
}

size_t window_find(const window *w, uint64_t id)
{
    for (size_t i = 0; i < w->count; i++) {
        size_t size;
        const clip_body *body = w->items[i].item.kind == KF_ITEM_CLIP
                                    ? node_body(w->e->store, w->items[i].item.ref, NODE_CLIP, sizeof *body, &size)
                                    : NULL;
        if (body && body->id == id) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* ---- Changing ---- */

kf_status window_replace(window *w, size_t from, size_t to, const track_item *items, size_t count)
{
    kf_status status = KF_OK;
    if (count > to - from) {
        status = make_room(w, to, count - (to - from));
    } else {
        memmove(w->items + from + count, w->items + to, (w->count - to) * sizeof *w->items);
        w->count -= to - from - count;
    }
    for (size_t i = 0; status == KF_OK && i < count; i++) {
        w->items[from + i] = (window_item){.item = items[i]};
    }
    return status;
}

/* Cuts item i, `way` after it begins. */
static kf_status split_item(window *w, size_t i, kf_time way, unsigned right)
{
    track_item whole = w->items[i].item, halves[2] = {whole, whole};
    halves[0].duration = way;
    halves[1].duration = whole.duration - way;
    kf_clip_view clip;
    kf_status status = KF_OK;
    if (whole.kind == KF_ITEM_CLIP) {
        if (!window_clip(w, i, &clip)) {
            return kf_fail(w->e->err, KF_ERR_PARSE, "the project is damaged: a clip cannot be read");
        }
        status = clip_cut(w->e, &clip, 0, way, CUT_TAIL, &halves[0].ref);
        if (status == KF_OK) {
            status = clip_cut(w->e, &clip, way, whole.duration, CUT_HEAD | right, &halves[1].ref);
        }
    }
    return status == KF_OK ? window_replace(w, i, i + 1, halves, 2) : status;
}

/* right: CUT_NEW_ID, or 0 if the left half is about to go and the right one stays the clip it was. */
static kf_status split(window *w, kf_time t, unsigned right, size_t *place)
{
    kf_time at = w->start;
    size_t i = 0;
    for (; i < w->count && (at < t || !solid(&w->items[i])); i++) {
        kf_time next = at + w->items[i].item.duration;
        if (next > t) {
            kf_status status = split_item(w, i, t - at, right);
            *place = i + 1;
            return status;
        }
        at = next;
    }
    *place = i;
    if (at >= t) {
        return KF_OK;
    }
    track_item gap = {.duration = t - at, .kind = KF_ITEM_GAP};
    *place = i + 1;
    return window_replace(w, i, i, &gap, 1);
}

kf_status window_split(window *w, kf_time t, size_t *place)
{
    return split(w, t, CUT_NEW_ID, place);
}

kf_status window_open_span(kf_edit *e, int32_t track, kf_time from, kf_time to, window *out, size_t *first, size_t *last)
{
    kf_status status = window_open(e, track, from, to, out);
    if (status != KF_OK) {
        return status;
    }
    status = window_split(out, from, first);
    if (status == KF_OK) {
        status = split(out, to, 0, last);
    }
    if (status != KF_OK) {
        window_finish(out);
    }
    return status;
}

kf_status window_open_clip(kf_edit *e, const clip_place *place, window *out, size_t *at)
{
    kf_time start = place->view.start;
    kf_status status = window_open(e, place->track, start, start + place->view.duration, out);
    if (status != KF_OK) {
        return status;
    }
    *at = window_find(out, place->view.id);
    if (*at == SIZE_MAX) {
        window_finish(out);
        return kf_fail(e->err, KF_ERR_INTERNAL, "clip %llu is not where it was", (unsigned long long)place->view.id);
    }
    return KF_OK;
}

size_t window_drop_transition(window *w, size_t place)
{
    if (place > 0 && !solid(&w->items[place - 1])) {
        memmove(w->items + place - 1, w->items + place, (w->count - place) * sizeof *w->items);
        w->count--;
        return place - 1;
    }
    return place;
}

size_t window_neighbour(const window *w, size_t place, bool after)
{
    do {
        place = after ? place + 1 : place - 1; /* before 0 comes SIZE_MAX */
    } while (place < w->count && !solid(&w->items[place]));
    return place < w->count ? place : SIZE_MAX;
}

/* ---- Tidying up ---- */

static void erase(window *w, size_t i)
{
    memmove(w->items + i, w->items + i + 1, (w->count - i - 1) * sizeof *w->items);
    w->count--;
}

static bool is_gap(const window *w, size_t i)
{
    return i < w->count && w->items[i].item.kind == KF_ITEM_GAP;
}

/* Items without length go, gaps side by side become one, and a gap at the end of the track goes. */
static void join_gaps(window *w)
{
    for (size_t i = 0; i < w->count;) {
        window_item *item = &w->items[i];
        if (solid(item) && item->item.duration <= 0) {
            erase(w, i);
            i -= i > 0;
        } else if (is_gap(w, i) && is_gap(w, i + 1)) {
            item->item.duration += w->items[i + 1].item.duration;
            if (item->item.ref == KF_REF_NONE) {
                item->item.ref = w->items[i + 1].item.ref;
            }
            erase(w, i + 1);
        } else {
            i++;
        }
    }
    if (w->to_end && w->count > 0 && is_gap(w, w->count - 1)) {
        w->count--;
    }
}

/* How much of a transition may lie on item i on the side `after` its cut: what the transition at the item's other end
 * leaves, and the handle of the clip that is to be seen there. */
static kf_time room_on(const window *w, size_t i, size_t transition, bool after)
{
    if (i >= w->count) {
        return after ? KF_MODEL_MAX_TIME : 0;
    }
    kf_time room = w->items[i].item.duration;
    size_t other = after ? i + 1 : i - 1;
    kf_transition_view view;
    if (other < w->count && !solid(&w->items[other]) && transition_open(w->e->store, w->items[other].item.ref, 0, &view)) {
        room -= after ? -view.start : view.start + view.duration;
    }
    return room > 0 ? room : 0;
}

static kf_time handle_of(const window *w, size_t i, bool tail)
{
    kf_clip_view clip;
    kf_time head = KF_MODEL_MAX_TIME, end = KF_MODEL_MAX_TIME;
    if (i < w->count && window_clip(w, i, &clip)) {
        clip_handles(w->e, &clip, &head, &end);
    }
    return tail ? end : head;
}

static kf_time least(kf_time a, kf_time b)
{
    return a < b ? a : b;
}

kf_time window_transition_room(const window *w, size_t i, kf_time *before, kf_time *after)
{
    bool left = i > 0 && w->items[i - 1].item.kind == KF_ITEM_CLIP;
    bool right = i + 1 < w->count && w->items[i + 1].item.kind == KF_ITEM_CLIP;
    *before = room_on(w, i - 1, i, false);
    *after = room_on(w, i + 1, i, true);
    if (left && right) {
        *before = least(*before, handle_of(w, i + 1, false));
        *after = least(*after, handle_of(w, i - 1, true));
    }
    return *before + *after;
}

/* As much of a transition as there is room for before and after its cut. A split of its own keeps its proportion, in whole
 * frames. */
static void shrink(const window *w, transition_body *body, const kf_time part[2], const kf_time room[2])
{
    kf_time whole = body->duration, most = whole, share[2];
    for (int k = 0; k < 2; k++) {
        most = part[k] > room[k] ? least(most, kf_muldiv_floor(whole, room[k], part[k])) : most;
    }
    body->duration = most;
    if ((body->split & 3) == ALIGN_BEFORE) {
        for (int k = 0; k < 2; k++) {
            share[k] = sequence_floor(w->e, kf_muldiv_floor(part[k], most, whole));
        }
        body->duration = share[0] + share[1];
        body->split = transition_split_at(share[0], body->duration);
    }
}

static kf_status rewrite(window *w, size_t i, const transition_body *body)
{
    const kf_node *node = kf_store_node(w->e->store, w->items[i].item.ref, NODE_TRANSITION, sizeof *body);
    if (!node) {
        return kf_fail(w->e->err, KF_ERR_PARSE, "the project is damaged: a transition cannot be read");
    }
    build_load(&w->e->build, node);
    build_body(&w->e->build, 0, body, sizeof *body);
    return build_append(&w->e->build, w->e->store, NODE_TRANSITION, &w->items[i].item.ref, w->e->err);
}

static bool is_as_it_was(const window *w, size_t i)
{
    const window_item *t = &w->items[i];
    return t->loaded && t->left == (i > 0 ? neighbour_ref(w, i - 1) : KF_REF_NONE) && t->right == neighbour_ref(w, i + 1) &&
           t->left_duration == (i > 0 ? neighbour_duration(w, i - 1) : 0) &&
           t->right_duration == neighbour_duration(w, i + 1);
}

static bool has_clip(const window *w, size_t i)
{
    bool left = i > 0 && w->items[i - 1].item.kind == KF_ITEM_CLIP;
    return left || (i + 1 < w->count && w->items[i + 1].item.kind == KF_ITEM_CLIP);
}

/* Makes the transition fit; *gone if it had to go. */
static kf_status fit_transition(window *w, size_t i, bool *gone)
{
    kf_transition_view view;
    size_t size;
    const transition_body *body = node_body(w->e->store, w->items[i].item.ref, NODE_TRANSITION, sizeof *body, &size);
    kf_time cut = window_time(w, i), part[2], room[2];
    *gone = !body || !transition_open(w->e->store, w->items[i].item.ref, cut, &view) || !has_clip(w, i) ||
            (i > 0 && !solid(&w->items[i - 1]));
    if (*gone) {
        edit_note(w->e, "the transition at %s is gone with its clip", time_text(w->e, cut));
        return KF_OK;
    }
    window_transition_room(w, i, &room[0], &room[1]);
    part[0] = cut - view.start;
    part[1] = view.duration - part[0];
    if (part[0] <= room[0] && part[1] <= room[1]) {
        return KF_OK;
    }
    transition_body fitting = *body;
    shrink(w, &fitting, part, room);
    *gone = fitting.duration < sequence_frame(w->e);
    edit_note(w->e, *gone ? "the transition at %s is gone: there is no room for it" : "the transition at %s is shorter: it fits no more",
              time_text(w->e, cut));
    return *gone ? KF_OK : rewrite(w, i, &fitting);
}

static kf_status fit_transitions(window *w)
{
    kf_status status = KF_OK;
    for (size_t i = 0; i < w->count && status == KF_OK;) {
        bool gone = false;
        bool outside = (i == 0 && w->first > 0) || (i + 1 == w->count && !w->to_end);
        if (!solid(&w->items[i]) && !outside && !is_as_it_was(w, i)) {
            status = fit_transition(w, i, &gone);
        }
        if (gone) {
            erase(w, i);
        } else {
            i++;
        }
    }
    return status;
}

/* ---- Writing ---- */

static kf_status write_track(window *w, kf_ref tree, const tree_sum *sum)
{
    kf_edit *e = w->e;
    const kf_node *node = kf_store_node(e->store, e->sequence.tracks[w->track], NODE_TRACK, sizeof(track_body));
    if (!node) {
        return kf_fail(e->err, KF_ERR_PARSE, "the project is damaged: a track cannot be read");
    }
    if (sum->items > KF_MODEL_MAX_ITEMS || sum->duration > KF_MODEL_MAX_TIME) {
        char name[80];
        return REFUSE(e, "track %s would be longer than 1000 hours or %d items", track_name(e, w->track, name),
                      KF_MODEL_MAX_ITEMS);
    }
    build_load(&e->build, node);
    build_set_ref(&e->build, TRACK_TREE, tree);
    build_body(&e->build, offsetof(track_body, item_count), &sum->items, sizeof sum->items);
    build_body(&e->build, offsetof(track_body, clip_count), &sum->clips, sizeof sum->clips);
    build_body(&e->build, offsetof(track_body, duration), &sum->duration, sizeof sum->duration);
    e->sequence.changed = true;
    return build_append(&e->build, e->store, NODE_TRACK, &e->sequence.tracks[w->track], e->err);
}

static kf_status splice_back(window *w)
{
    track_item *items = kf_alloc_zero(w->count + 1, sizeof *items);
    if (!items) {
        return kf_fail_memory(w->e->err);
    }
    for (size_t i = 0; i < w->count; i++) {
        items[i] = w->items[i].item;
    }
    tree_change change = {.index = w->first, .remove = w->loaded, .items = items, .count = w->count};
    kf_ref tree;
    tree_sum sum;
    kf_status status = tree_splice(w->e->store, w->view.tree, &change, &tree, &sum, w->e->err);
    kf_free(items);
    return status == KF_OK ? write_track(w, tree, &sum) : status;
}

kf_status window_close(window *w)
{
    join_gaps(w);
    kf_status status = fit_transitions(w);
    if (status == KF_OK) {
        join_gaps(w);
        status = splice_back(w);
    }
    window_finish(w);
    return status;
}

kf_status window_end(window *w, kf_status status)
{
    if (status == KF_OK) {
        return window_close(w);
    }
    window_finish(w);
    return status;
}
