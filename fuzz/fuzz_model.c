/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments of films, as edits take them: whatever stands in a list of items, it is read into the film that is there,
 * or there is a message. What is read can be written, and reads back the same. */
#include "base/api/alloc.h"
#include "fuzz.h"
#include "model/json/fragment.h"
#include "model/json/writer.h"

static const char *const base =
    "{\"kerf\":1,\"assets\":{\"a\":{\"path\":\"a.mp4\",\"media\":{\"size\":[64,36],\"rate\":25,\"duration\":9}}},"
    "\"sequences\":[{\"id\":\"s\",\"size\":[64,36],\"rate\":25,\"tracks\":[{\"name\":\"V1\"}]},"
    "{\"id\":\"n\",\"size\":[64,36],\"rate\":30,\"tracks\":[{\"clips\":[{\"asset\":\"a\"}]}]}]}";

/* The items as a list of JSON. */
static kf_str write_run(kf_snapshot snapshot, const fragment_run *run)
{
    kf_str out = {0};
    film_writer fw = {.w = {.out = &out, .compact = true}, .snapshot = snapshot, .rate = {25, 1}};
    kf_time at = 0;
    kf_json_begin_array(&fw.w);
    for (size_t i = 0; i < run->count; i++) {
        kf_clip_view clip;
        kf_transition_view transition;
        kf_item_view item = {run->items[i].kind, (int64_t)i, at, run->items[i].duration, run->items[i].ref};
        at += item.duration;
        if (item.kind == KF_ITEM_GAP) {
            write_gap(&fw, &item);
        } else if (item.kind == KF_ITEM_CLIP) {
            FUZZ_REQUIRE(clip_open(snapshot.store, &item, run->track, &clip));
            write_clip(&fw, &clip);
        } else {
            FUZZ_REQUIRE(transition_open(snapshot.store, item.ref, at, &transition));
            write_transition(&fw, &transition);
        }
    }
    kf_json_end_array(&fw.w);
    FUZZ_REQUIRE(!out.failed);
    return out;
}

/* Reads a list of items; with `written`, writes it. False: refused. */
static bool read_back(const fragment_scope *scope, const char *bytes, size_t length, kf_track_kind track,
                      kf_str *written)
{
    kf_json_doc *doc = NULL;
    fragment_run run = {.track = track};
    *scope->err = (kf_error){0};
    if (kf_json_parse(bytes, length, "fuzz", 0, &doc, scope->err) != KF_OK) {
        return false;
    }
    run.json = kf_json_root(doc);
    kf_status status = fragment_read_runs(scope, &run, 1);
    FUZZ_REQUIRE(status == KF_OK || (scope->err->message[0] && run.count == 0));
    if (status == KF_OK) {
        *written = write_run(scope->snapshot, &run);
    }
    fragment_runs_finish(&run, 1);
    kf_json_free(doc);
    return status == KF_OK;
}

static void fuzz_one(const char *bytes, size_t length)
{
    kf_film *film = NULL;
    kf_error err;
    uint64_t next_id = 1000;
    FUZZ_REQUIRE(kf_film_load_json(base, strlen(base), NULL, &film, &err) == KF_OK);
    fragment_scope scope = {.store = film->store, .snapshot = kf_film_snapshot(film), .sequence = 1,
                            .next_id = &next_id, .keep_ids = true, .err = &err};
    for (int track = KF_TRACK_VIDEO; track <= KF_TRACK_AUDIO; track++) {
        kf_str once = {0}, twice = {0};
        if (read_back(&scope, bytes, length, (kf_track_kind)track, &once)) {
            FUZZ_REQUIRE(read_back(&scope, once.data, once.length, (kf_track_kind)track, &twice));
            FUZZ_REQUIRE(strcmp(once.data, twice.data) == 0);
        }
        kf_str_finish(&once);
        kf_str_finish(&twice);
    }
    kf_film_destroy(film);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "[{\"asset\":\"a\",\"in\":1,\"out\":\"75f\",\"link\":3,\"metadata\":{\"k\":1}},{\"transition\":\"dissolve\","
    "\"duration\":0.5,\"align\":\"center\"},{\"asset\":\"a\",\"link\":3,"
    "\"effects\":[{\"effect\":\"blur\",\"radius\":4}],"
    "\"markers\":[{\"time\":1,\"id\":44}]},{\"gap\":1,\"name\":\"g\"},{\"sequence\":\"n\",\"angle\":1,\"group\":2}]",
    "[{\"asset\":\"a\",\"start\":2,\"audio_effects\":[{\"effect\":\"duck\",\"sidechain\":\"V1\"}],\"gain\":-3},"
    "{\"generator\":\"tone\",\"duration\":1,\"color\":\"#0f0\"}]",
    NULL};
static const char *const words[] = {"{\"gap\":1}", "\"sequence\":\"s\"", "\"sequence\":\"n\"", "\"id\":7", "\"link\":3",
                                    "\"group\":3", "\"start\":9", "\"duration\":", "\"loop\":true", "\"freeze\":1",
                                    "{\"asset\":\"a\"}", "\"opacity\":{\"keys\":[{\"t\":0,\"v\":1}]}", "null", "-1",
                                    "9007199254740991", "\"metadata\":{\"a\":[1e400]}", "[", "]", "{", "}", ",", NULL};
FUZZ_MAIN(corpus, words)
#else
FUZZ_MAIN(, )
#endif
