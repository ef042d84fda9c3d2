/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits at random on a project in a file, with undo, redo, transactions given up, pinned states and compactions, held
 * against plain lists and against what must hold for every film.
 *
 *     test_random [--edits N] [--seed S] [--clips N] [--every N] [--compact N] [--other]
 *
 * goes through one run of N edits from a seed, with about so many clips in the film, looking at all of it after every
 * --every edits; --other adds the operations that the plain lists do not know. Without arguments some short runs; with
 * KERF_SOAK=N (or 1: ten million) so many edits, in runs of 100 000. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/time.h"
#include "film_check.h"
#include "folder.h"
#include "request.h"
#include "test.h"

enum { PAST = 64, PINS = 4, RATE = 25 };

/* A state of the history: what it is, by the root and in plain. */
typedef struct past {
    kf_ref root;             /* KF_REF_NONE: it has moved to another file */
    plain_film plain;
} past;

typedef struct pin {
    kf_film *film;
    uint64_t hash;
} pin;

typedef struct settings {
    uint64_t seed;
    long edits, compact;     /* how many, and how many between compactions */
    int clips, every;
    bool other;
} settings;

typedef struct run {
    settings s;
    uint64_t random;
    kf_film *film;
    flat_film flat;          /* of the present state */
    plain_film plain;
    past past[PAST];         /* the present one is at `at` */
    int count, at;
    pin pins[PINS];
    request last;
    kf_json_doc *doc;        /* of the last request */
    kf_error err;
    long step, done, refused, undone;
} run;

static bool say(const char *format, ...) KF_PRINTF(1, 2);
static bool say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# ");
    vprintf(format, args);
    puts("");
    va_end(args);
    return false;
}

static const plain_asset assets[] = {{"a", 2, 10 * KF_SECOND}, {"b", 3, 10 * KF_SECOND}, {"s", 4, 20 * KF_SECOND}};

/* ---- Film against lists ---- */

/* Which link of the film a link of the lists is. */
typedef struct link_pairs {
    struct { int plain; kf_ref film; } list[2048];
    int count;
} link_pairs;

static bool same_link(link_pairs *p, int plain, kf_ref film)
{
    if (plain == 0 || film == KF_REF_NONE) {
        return plain == 0 && film == KF_REF_NONE;
    }
    for (int i = 0; i < p->count; i++) {
        if (p->list[i].plain == plain || p->list[i].film == film) {
            return p->list[i].plain == plain && p->list[i].film == film;
        }
    }
    if (p->count < 2048) {
        p->list[p->count].plain = plain;
        p->list[p->count++].film = film;
    }
    return true;
}

static void print_track(const plain_track *t)
{
    printf("#");
    for (int i = 0; i < t->count; i++) {
        const plain_clip *c = &t->clips[i];
        printf(" %lld:%lld+%lld@%lld", (long long)c->id, (long long)c->start, (long long)c->duration, (long long)c->in);
    }
    puts("");
}

static bool same_clip(link_pairs *links, plain_clip *p, const kf_clip_view *c)
{
    if (p->id >= PLAIN_NEW && c->id < PLAIN_NEW) {
        p->id = c->id;
    }
    bool same = p->id == c->id && p->start == c->start && p->duration == c->duration && p->in == c->source_in &&
                (uint64_t)p->asset == c->source_uid && kf_rational_equal(p->speed, c->speed) && p->reverse == c->reverse;
    if (!same) {
        return say("clip %lld at %lld+%lld from %lld, speed %d/%d; expected %lld at %lld+%lld from %lld, speed %d/%d",
                   (long long)c->id, (long long)c->start, (long long)c->duration, (long long)c->source_in, c->speed.num,
                   c->speed.den, (long long)p->id, (long long)p->start, (long long)p->duration, (long long)p->in, p->speed.num,
                   p->speed.den);
    }
    return same_link(links, p->link, c->link) || say("clip %lld is linked with others than expected", (long long)c->id);
}

static bool same_track(kf_snapshot state, const kf_track_view *view, plain_track *t, link_pairs *links)
{
    kf_cursor c;
    kf_clip_view clip;
    int i = 0;
    bool same = view->lock == t->lock && view->sync_lock == t->sync;
    kf_cursor_init(&c, state, view);
    while (same && kf_cursor_next(&c)) {
        if (kf_cursor_clip(&c, &clip)) {
            same = i < t->count && same_clip(links, &t->clips[i], &clip);
            i++;
        }
    }
    return (same && i == t->count) || (print_track(t), say("track %s differs", view->name));
}

static bool same_film(run *r, kf_snapshot state)
{
    kf_sequence_view s;
    kf_track_view view;
    link_pairs links = {.count = 0};
    bool same = r->s.other || kf_sequence_at(state, 0, &s);
    for (int i = 0; i < PLAIN_TRACKS && same && !r->s.other; i++) {
        same = kf_track_get(state, &s, i, &view) && same_track(state, &view, &r->plain.tracks[i], &links);
    }
    return same;
}

static void print_difference(const char *a, const char *b)
{
    size_t i = 0, from;
    while (a[i] && a[i] == b[i]) {
        i++;
    }
    from = i > 100 ? i - 100 : 0;
    printf("# %.160s\n# %.160s\n", a + from, b + from);
}

/* Takes the links and groups out: one of which only one clip is left is written, and nothing when it is read. */
static void drop_links(kf_str *s)
{
    static const char *const keys[] = {"\"link\": ", "\"group\": "};
    for (int i = 0; i < 2; i++) {
        for (char *at; (at = strstr(s->data, keys[i]));) {
            char *end = strchr(at, '\n');
            for (; *at != '\n'; at--) {
            }
            memmove(at, end, strlen(end) + 1);
        }
    }
    s->length = strlen(s->data);
}

/* What is written loads again and is written the same. */
static bool same_written(run *r)
{
    kf_str first = {0}, second = {0};
    kf_film *film = NULL;
    const kf_film_load load = {.name = "written", .folder = "/films"};
    bool good = kf_film_write_json(kf_film_snapshot(r->film), &first, &r->err) == KF_OK &&
                kf_film_load_json(first.data, first.length, &load, &film, &r->err) == KF_OK &&
                kf_film_write_json(kf_film_snapshot(film), &second, &r->err) == KF_OK;
    if (good) {
        drop_links(&first);
        drop_links(&second);
    }
    bool same = good && first.length == second.length && memcmp(first.data, second.data, first.length) == 0;
    if (!same && good) {
        print_difference(first.data, second.data);
    }
    kf_film_destroy(film);
    kf_str_finish(&first);
    kf_str_finish(&second);
    return same || say("as JSON: %s", good ? "not the same after reading it back" : r->err.message);
}

/* ---- History ---- */

static void forget(run *r, int from, int to)
{
    for (int i = from; i < to; i++) {
        plain_finish(&r->past[i].plain);
    }
    memmove(r->past + from, r->past + to, (size_t)(r->count - to) * sizeof *r->past);
    r->count -= to - from;
    r->at -= r->at >= to ? to - from : 0;
}

static void remember(run *r)
{
    forget(r, r->at + 1, r->count);
    if (r->count == PAST) {
        forget(r, 0, PAST / 2);
    }
    r->at = r->count++;
    r->past[r->at] = (past){.root = kf_film_snapshot(r->film).root, .plain = plain_copy(&r->plain)};
}

/* ---- Looking at all ---- */

static void print_flat(const char *name, const flat_film *film)
{
    for (size_t i = 0; i < film->count; i++) {
        printf("# %s, track %lld:", name, (long long)film->tracks[i].uid);
        for (int64_t k = 0; k < film->tracks[i].count; k++) {
            const flat_item *item = &film->tracks[i].items[k];
            printf(" %c%lld:%lld+%lld", "?-c~"[item->view.kind], (long long)item->id, (long long)item->view.start,
                   (long long)item->view.duration);
        }
        puts("");
    }
}

/* After the film moved: `changes` leads from r->flat to what it is now. */
static bool look(run *r, const kf_changes *changes)
{
    kf_snapshot state = kf_film_snapshot(r->film);
    flat_film now = flat_read(state);
    bool good = check_state(state, &now) && (!changes || check_changes(&r->flat, &now, changes)) && same_film(r, state);
    if (good && (r->step % 20 == 0 || r->s.every > 1)) {
        good = check_index(r->film, &now);
    }
    if (!good && getenv("KERF_VERBOSE")) {
        print_flat("before", &r->flat);
        print_flat("after", &now);
    }
    flat_finish(&r->flat);
    r->flat = now;
    return good;
}

static bool check_pin(run *r, pin *p)
{
    if (!p->film) {
        return true;
    }
    flat_film flat = flat_read(kf_film_snapshot(p->film));
    bool same = flat_hash(&flat) == p->hash;
    flat_finish(&flat);
    kf_film_destroy(p->film);
    *p = (pin){0};
    return same || say("a pinned state changed");
}

/* Lets one pinned state go, after a look at it, and pins the present one. */
static bool step_pin(run *r)
{
    pin *p = &r->pins[random_below(&r->random, PINS)];
    if (!check_pin(r, p) || kf_film_pin(r->film, &p->film, &r->err) != KF_OK) {
        return false;
    }
    flat_film flat = flat_read(kf_film_snapshot(r->film));
    p->hash = flat_hash(&flat);
    flat_finish(&flat);
    return true;
}

static bool step_history(run *r)
{
    bool undo = random_below(&r->random, 5) < 3;
    int to = undo ? r->at - 1 : r->at + 1;
    kf_changes changes = {0};
    if (to < 0 || to >= r->count) {
        return true;
    }
    kf_status status = undo ? kf_film_undo(r->film, &changes, &r->err) : kf_film_redo(r->film, &changes, &r->err);
    kf_ref root = kf_film_snapshot(r->film).root;
    past *p = &r->past[to];
    bool good = status == KF_OK && (p->root == KF_REF_NONE || p->root == root);
    if (!good) {
        say("%s: %s", undo ? "undo" : "redo", status == KF_OK ? "not the root of that state" : r->err.message);
    }
    p->root = root;
    r->at = to;
    r->undone++;
    plain_finish(&r->plain);
    r->plain = plain_copy(&p->plain);
    good = good && look(r, r->s.every > 1 ? NULL : &changes);
    kf_changes_finish(&changes);
    return good;
}

static bool compact(run *r, bool keep)
{
    kf_compact *c;
    kf_store *store = NULL;
    const kf_compact_params params = {.path = util_path("random.kerf"), .keep_history = keep};
    kf_status status = kf_compact_begin(kf_film_store(r->film), &params, &c, &r->err);
    if (status != KF_OK) {
        return say("compaction: %s", r->err.message);
    }
    status = kf_compact_run(c, &r->err);
    status = status == KF_OK ? kf_compact_finish(c, &store, &r->err) : status;
    kf_compact_destroy(c);
    if (status != KF_OK) {
        return say("compaction: %s", r->err.message);
    }
    kf_film_set_store(r->film, store);
    if (!keep) {
        forget(r, r->at + 1, r->count);
        forget(r, 0, r->at);
    }
    for (int i = 0; i < r->count; i++) {
        r->past[i].root = KF_REF_NONE;
    }
    r->past[r->at].root = kf_film_snapshot(r->film).root;
    return look(r, NULL) && same_written(r);
}

/* ---- Edits ---- */

static scene see(run *r, const flat_film *flat)
{
    scene s = {.random = &r->random, .frame = KF_SECOND / RATE, .wanted = r->s.clips};
    for (size_t i = 0; i < flat->count; i++) {
        s.count += (int)flat->tracks[i].count;
    }
    s.clips = calloc((size_t)s.count + 1, sizeof *s.clips);
    s.count = 0;
    for (size_t i = 0; s.clips && i < flat->count; i++) {
        const flat_track *t = &flat->tracks[i];
        s.duration = t->view.duration > s.duration ? t->view.duration : s.duration;
        for (int64_t k = 0; k < t->count; k++) {
            if (t->items[k].id) {
                s.clips[s.count++] = (target){t->items[k].id, t->items[k].view.start, t->items[k].view.duration, (int)i};
            }
        }
    }
    return s;
}

static void choose(run *r, const flat_film *flat)
{
    scene s = see(r, flat);
    if (r->s.other && random_below(&r->random, 2)) {
        request_other(&s, &r->last);
    } else {
        request_plain(&s, &r->last);
    }
    free(s.clips);
}

static kf_status ask(run *r, kf_edit *e)
{
    request *q = &r->last;
    kf_json_free(r->doc);
    r->doc = *q->text ? request_json(q->text) : NULL;
    r->err = (kf_error){0};
    if (q->op == KF_EDIT_SET_TRACK) {
        q->args.track.set = kf_json_root(r->doc);
    }
    return q->op ? kf_edit_operate(e, q->op, &q->args, &r->err) : kf_edit_apply(e, kf_json_root(r->doc), "edit", &r->err);
}

/* One operation on both. */
static bool operate(run *r, kf_edit *e, const flat_film *flat)
{
    choose(r, flat);
    kf_status status = ask(r, e);
    bool known = status == KF_OK || status == KF_ERR_INVALID || status == KF_ERR_NOT_FOUND || status == KF_ERR_RANGE ||
                 status == KF_ERR_UNSUPPORTED;
    if (!known || (status != KF_OK && !*r->err.message)) {
        return say("%s: %s", kf_status_name(status), r->err.message);
    }
    r->refused += status != KF_OK;
    if (r->s.other) {
        return true;
    }
    plain_film before = plain_copy(&r->plain);
    bool accepted = plain_apply(&r->plain, r->last.op, &r->last.args);
    if (!accepted) {
        plain_finish(&r->plain);
        r->plain = before;
    } else {
        plain_finish(&before);
    }
    return accepted == (status == KF_OK) || say("%s, expected the opposite", status == KF_OK ? "accepted" : r->err.message);
}

/* Some more operations on what the first one gave. */
static bool operate_more(run *r, kf_edit *e, int count)
{
    bool good = true;
    for (int i = 0; i < count && good; i++) {
        kf_snapshot state = kf_edit_snapshot(e);
        flat_film flat = flat_read(state);
        good = same_film(r, state) && operate(r, e, &flat);
        flat_finish(&flat);
    }
    return good;
}

static bool give_up(run *r, kf_edit *e, bool end)
{
    plain_finish(&r->plain);
    r->plain = plain_copy(&r->past[r->at].plain);
    if (end) {
        kf_edit_abort(e);
    } else {
        kf_edit_reset(e);
    }
    return true;
}

static bool commit(run *r, kf_edit *e)
{
    kf_ref root = kf_film_snapshot(r->film).root;
    kf_changes changes = {0};
    if (kf_edit_commit(e, NULL, &changes, &r->err) != KF_OK) {
        kf_edit_abort(e);
        return say("commit: %s", r->err.message);
    }
    bool all = r->s.every <= 1 || r->step % r->s.every == 0;
    bool good = all ? look(r, r->s.every > 1 ? NULL : &changes) : same_film(r, kf_film_snapshot(r->film));
    kf_changes_finish(&changes);
    if (good && kf_film_snapshot(r->film).root != root) {
        r->done++;
        remember(r);
    }
    return good;
}

static bool step_edit(run *r)
{
    kf_edit *e;
    uint32_t kind = random_below(&r->random, 20);
    if (kf_edit_begin(r->film, &e, &r->err) != KF_OK) {
        return say("begin: %s", r->err.message);
    }
    bool good = operate(r, e, &r->flat);
    if (good && kind == 0) {
        good = operate_more(r, e, (int)random_below(&r->random, 4));
    } else if (good && kind == 1) { /* a drag */
        good = give_up(r, e, false) && operate(r, e, &r->flat);
    } else if (good && kind == 2) {
        give_up(r, e, true);
        return kf_film_snapshot(r->film).root == r->past[r->at].root || say("an abort left something");
    }
    if (!good) {
        kf_edit_abort(e);
        return false;
    }
    return commit(r, e);
}

static bool step(run *r)
{
    r->step++;
    if (r->step % r->s.compact == 0) {
        return compact(r, r->step / r->s.compact % 2);
    }
    switch (random_below(&r->random, 16)) {
    case 0:
        return step_history(r);
    case 1:
        return random_below(&r->random, 4) || step_pin(r);
    default:
        return step_edit(r);
    }
}

/* ---- A run ---- */

/* A film with clips at other speeds and backwards, and the same in lists. */
static void make_track(run *r, int track, kf_str *text)
{
    static const kf_rational speeds[] = {{1, 1}, {1, 1}, {2, 1}, {1, 3}, {7, 5}};
    kf_time frame = KF_SECOND / RATE, at = 0;
    kf_str_addf(text, "%s{\"kind\":\"%s\",\"name\":\"%s\",\"clips\":[", track ? "," : "", track < 3 ? "video" : "audio",
                plain_name(track));
    for (int i = 0; i < r->s.clips / PLAIN_TRACKS; i++) {
        const plain_asset *asset = &assets[random_below(&r->random, 3)];
        int start = (int)random_below(&r->random, 3) * 10, in = (int)random_below(&r->random, 50);
        plain_clip c = {.id = (uint64_t)(track * 100000 + i + 1), .asset = asset->uid, .start = at + start * frame,
                        .duration = (1 + random_below(&r->random, 60)) * frame, .in = in * frame,
                        .speed = speeds[random_below(&r->random, 5)], .reverse = random_below(&r->random, 4) == 0};
        plain_add(&r->plain, track, c);
        at = c.start + c.duration;
        kf_str_addf(text, "%s{\"id\":%llu,\"asset\":\"%s\",\"start\":\"%lldf\",\"duration\":\"%lldf\",\"in\":\"%df\",\"speed\":\"%d/%d\","
                    "\"reverse\":%s}", i ? "," : "", (unsigned long long)c.id, asset->id, (long long)(c.start / frame),
                    (long long)(c.duration / frame), in, c.speed.num, c.speed.den, c.reverse ? "true" : "false");
    }
    kf_str_add(text, "]}");
}

static kf_film *make_film(run *r)
{
    kf_str text = {0};
    kf_film *film = NULL;
    const kf_film_load load = {.name = "random", .folder = "/films"};
    r->plain = (plain_film){.assets = assets, .asset_count = 3, .ids = PLAIN_NEW, .frame = KF_SECOND / RATE};
    kf_str_addf(&text, "{\"kerf\":1,\"size\":[640,360],\"rate\":%d,\"assets\":{"
                "\"a\":{\"path\":\"a.mp4\",\"media\":{\"video\":true,\"audio\":true,\"duration\":10}},"
                "\"b\":{\"path\":\"b.mp4\",\"media\":{\"video\":true,\"audio\":true,\"duration\":10}},"
                "\"s\":{\"path\":\"s.wav\",\"media\":{\"audio\":true,\"duration\":20}}},\"tracks\":[", RATE);
    for (int i = 0; i < PLAIN_TRACKS; i++) {
        r->plain.tracks[i].sync = true;
        make_track(r, i, &text);
    }
    kf_str_add(&text, "]}");
    if (kf_film_load_json(text.data, text.length, &load, &film, &r->err) != KF_OK) {
        say("%s", r->err.message);
    }
    kf_str_finish(&text);
    return film;
}

static void finish(run *r)
{
    for (int i = 0; i < PINS; i++) {
        kf_film_destroy(r->pins[i].film);
    }
    forget(r, 0, r->count);
    plain_finish(&r->plain);
    flat_finish(&r->flat);
    kf_json_free(r->doc);
    kf_film_destroy(r->film);
    remove(util_path("random.kerf"));
}

static bool go(const settings *s)
{
    static run r;
    r = (run){.s = *s, .random = s->seed * 2654435761u + 12345};
    r.film = make_film(&r);
    bool good = r.film != NULL;
    if (good) {
        remember(&r);
        good = look(&r, NULL) && compact(&r, false);
    }
    while (good && r.step < s->edits) {
        good = step(&r);
    }
    if (!good) {
        request_print(&r.last);
        say("step %ld: --seed %llu --edits %ld --clips %d --every %d --compact %ld%s", r.step, (unsigned long long)s->seed, r.step, s->clips,
            s->every, s->compact, s->other ? " --other" : "");
    }
    for (int i = 0; i < PINS && good; i++) {
        good = check_pin(&r, &r.pins[i]);
    }
    printf("# seed %llu: %ld steps, %ld edits, %ld refused, %ld undone or redone\n", (unsigned long long)s->seed, r.step, r.done,
           r.refused, r.undone);
    fflush(stdout);
    finish(&r);
    return good;
}

static void go_many(settings s, int runs)
{
    for (int i = 0; i < runs; i++, s.seed++) {
        CHECK(go(&s));
    }
}

TEST(as_in_plain_lists)
{
    go_many((settings){.seed = 1, .edits = 2500, .compact = 600, .clips = 40, .every = 1}, 4);
    go_many((settings){.seed = 100, .edits = 1000, .compact = 400, .clips = 8, .every = 1}, 4);
}

TEST(what_must_hold_with_everything)
{
    go_many((settings){.seed = 1, .edits = 1500, .compact = 600, .clips = 40, .every = 1, .other = true}, 4);
}

static int soak(long edits)
{
    bool good = true;
    for (uint64_t seed = 1000; edits > 0 && good; seed++, edits -= 100000) {
        const settings s = {.seed = seed, .edits = edits < 100000 ? edits : 100000, .compact = 20000,
                            .clips = seed % 4 ? 40 : 400, .every = seed % 4 ? 1 : 50, .other = seed % 2};
        good = go(&s);
    }
    return good ? 0 : 1;
}

static int one_run(int argc, char **argv)
{
    settings s = {.seed = 1, .edits = 10000, .compact = 600, .clips = 40, .every = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "0";
        s.other = s.other || strcmp(argv[i], "--other") == 0;
        s.seed = strcmp(argv[i], "--seed") == 0 ? strtoull(value, NULL, 10) : s.seed;
        s.edits = strcmp(argv[i], "--edits") == 0 ? atol(value) : s.edits;
        s.compact = strcmp(argv[i], "--compact") == 0 ? atol(value) : s.compact;
        s.clips = strcmp(argv[i], "--clips") == 0 ? atoi(value) : s.clips;
        s.every = strcmp(argv[i], "--every") == 0 ? atoi(value) : s.every;
    }
    return go(&s) ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *wanted = getenv("KERF_SOAK");
    if (argc > 1) {
        return one_run(argc, argv);
    }
    if (wanted) {
        return soak(atol(wanted) > 1 ? atol(wanted) : 10000000);
    }
    RUN(as_in_plain_lists);
    RUN(what_must_hold_with_everything);
    return test_end();
}
