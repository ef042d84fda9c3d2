/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One thread edits, undoes and compacts a project in a file while others walk through states that it pinned for them, and
 * another one copies for the compaction. Meant for the thread sanitizer too. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/api/json.h"
#include "film_check.h"
#include "folder.h"
#include "test.h"

enum { READERS = 4, SLOTS = 8, CLIPS = 300, EDITS = 1500, COMPACTION = 300 };

/* Pinned states on their way to readers. */
typedef struct queue {
    pthread_mutex_t lock;
    struct { kf_film *film; uint64_t hash; } slots[SLOTS];
    atomic_bool over;
    atomic_long walks, wrong;
} queue;

static uint64_t hash_of(kf_snapshot state)
{
    flat_film flat = flat_read(state);
    uint64_t hash = flat_hash(&flat);
    flat_finish(&flat);
    return hash;
}

/* Takes a state out, or puts one into a free slot; false: there is none. */
static bool trade(queue *q, bool put, kf_film **film, uint64_t *hash)
{
    bool done = false;
    pthread_mutex_lock(&q->lock);
    for (int i = 0; i < SLOTS && !done; i++) {
        done = (q->slots[i].film == NULL) == put;
        if (done && put) {
            q->slots[i].film = *film;
            q->slots[i].hash = *hash;
        } else if (done) {
            *film = q->slots[i].film;
            *hash = q->slots[i].hash;
            q->slots[i].film = NULL;
        }
    }
    pthread_mutex_unlock(&q->lock);
    return done;
}

static void *read_states(void *ctx)
{
    queue *q = ctx;
    kf_film *film;
    uint64_t hash;
    for (bool last = false; !last;) {
        last = q->over;
        while (trade(q, false, &film, &hash)) {
            q->wrong += hash_of(kf_film_snapshot(film)) != hash;
            q->wrong += hash_of(kf_film_snapshot(film)) != hash;
            q->walks++;
            kf_film_destroy(film);
            last = false;
        }
    }
    return NULL;
}

/* ---- The writer ---- */

typedef struct writer {
    kf_film *film;
    uint64_t random;
    queue *q;
    kf_compact *compact;
    pthread_t compacting;
    kf_error err, compact_err;
} writer;

static uint32_t below(writer *w, uint32_t n)
{
    w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(w->random >> 33) % n;
}

static bool edit(writer *w)
{
    char op[200];
    kf_json_doc *doc;
    kf_edit *e;
    uint32_t at = below(w, 300), frames = 1 + below(w, 40);
    static const char *const ops[] = {
        "{\"op\":\"insert\",\"track\":\"V1\",\"at\":%u,\"asset\":\"a\",\"in\":0,\"duration\":\"%uf\"}", "{\"op\":\"razor\",\"at\":%u.%u}",
        "{\"op\":\"lift\",\"from\":%u,\"to\":\"%u00f\"}", "{\"op\":\"move\",\"clips\":[%u],\"by\":\"%uf\"}"};
    snprintf(op, sizeof op, ops[below(w, 4)], at, frames);
    if (kf_json_parse(op, strlen(op), "edit", 0, &doc, &w->err) != KF_OK || kf_edit_begin(w->film, &e, &w->err) != KF_OK) {
        return false;
    }
    kf_status status = kf_edit_apply(e, kf_json_root(doc), "edit", &w->err);
    kf_json_free(doc);
    if (status != KF_OK) {
        kf_edit_abort(e);
        return status == KF_ERR_INVALID || status == KF_ERR_NOT_FOUND;
    }
    return kf_edit_commit(e, NULL, NULL, &w->err) == KF_OK;
}

static bool hand_over(writer *w)
{
    kf_film *pinned;
    if (kf_film_pin(w->film, &pinned, &w->err) != KF_OK) {
        return false;
    }
    uint64_t hash = hash_of(kf_film_snapshot(w->film));
    if (!trade(w->q, true, &pinned, &hash)) {
        kf_film_destroy(pinned);
    }
    return true;
}

static void *copy(void *ctx)
{
    writer *w = ctx;
    kf_compact_run(w->compact, &w->compact_err);
    return NULL;
}

static bool begin_compaction(writer *w)
{
    const kf_compact_params params = {.path = util_path("readers.kerf"), .keep_history = below(w, 2)};
    w->compact_err = (kf_error){0};
    return kf_compact_begin(kf_film_store(w->film), &params, &w->compact, &w->err) == KF_OK &&
           pthread_create(&w->compacting, NULL, copy, w) == 0;
}

static bool end_compaction(writer *w)
{
    kf_store *store = NULL;
    pthread_join(w->compacting, NULL);
    bool good = w->compact_err.status == KF_OK && kf_compact_finish(w->compact, &store, &w->err) == KF_OK;
    kf_compact_destroy(w->compact);
    w->compact = NULL;
    if (good) {
        kf_film_set_store(w->film, store);
    }
    return good;
}

static bool write_states(writer *w)
{
    bool good = begin_compaction(w) && end_compaction(w);
    for (int i = 1; i <= EDITS && good; i++) {
        uint32_t what = below(w, 8);
        if (what == 0) {
            kf_film_undo(w->film, NULL, &w->err);
        } else if (what == 1) {
            kf_film_redo(w->film, NULL, &w->err);
        } else {
            good = edit(w);
        }
        good = good && hand_over(w);
        if (good && i % COMPACTION == 0) {
            good = begin_compaction(w);
        } else if (good && i % COMPACTION == 50 && w->compact) {
            good = end_compaction(w);
        }
    }
    return (!w->compact || end_compaction(w)) && good;
}

static kf_film *make_film(void)
{
    kf_str text = {0};
    kf_film *film = NULL;
    kf_error err;
    kf_str_add(&text, "{\"kerf\":1,\"rate\":25,\"size\":[64,36],\"assets\":{\"a\":{\"path\":\"a.mp4\",\"media\":{\"video\":true,"
               "\"duration\":100}}},\"tracks\":[{\"clips\":[");
    for (int i = 1; i <= CLIPS; i++) {
        kf_str_addf(&text, "%s{\"id\":%d,\"asset\":\"a\",\"duration\":1}", i > 1 ? "," : "", i);
    }
    kf_str_add(&text, "]},{\"clips\":[{\"asset\":\"a\",\"start\":20,\"duration\":50}]}]}");
    if (kf_film_load_json(text.data, text.length, NULL, &film, &err) != KF_OK) {
        printf("# %s\n", err.message);
    }
    kf_str_finish(&text);
    return film;
}

TEST(readers_keep_their_states)
{
    static queue q = {.lock = PTHREAD_MUTEX_INITIALIZER};
    writer w = {.film = make_film(), .random = 1, .q = &q};
    pthread_t threads[READERS];
    REQUIRE(w.film);
    for (int i = 0; i < READERS; i++) {
        REQUIRE(pthread_create(&threads[i], NULL, read_states, &q) == 0);
    }
    CHECK_MSG(write_states(&w), "%s %s", w.err.message, w.compact_err.message);
    q.over = true;
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
    }
    CHECK_INT(q.wrong, 0);
    CHECK_MSG(q.walks > 10, "%ld walks", (long)q.walks);
    printf("# %ld states read\n", (long)q.walks);
    kf_film_destroy(w.film);
    remove(util_path("readers.kerf"));
}

int main(void)
{
    RUN(readers_keep_their_states);
    return test_end();
}
