/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing in a program: the listener, outcomes, gestures, history as data. */
#include "api_util.h"

/* Two clips of 50 frames, with a gap of 10 between. */
static const char two_clips[] = "{'clips':[{'asset':'a','in':'100f','duration':'50f','id':1},{'gap':'10f'},"
                                "{'asset':'b','in':'100f','duration':'50f','id':2}]}";
static const char later[] = "{\"op\":\"move\",\"clips\":[1],\"to\":\"110f\"}";
static const char trim_20[] = "{\"op\":\"trim\",\"clip\":1,\"edge\":\"tail\",\"by\":\"-20f\"}";
static const char trim_30[] = "{\"op\":\"trim\",\"clip\":1,\"edge\":\"tail\",\"by\":\"-30f\"}";
static const char too_much[] = "{\"op\":\"trim\",\"clip\":1,\"edge\":\"tail\",\"by\":\"-50f\"}";

typedef struct heard {
    int calls;
    size_t count;
    kf_project_change last;
} heard;

static void hear(void *context, const kf_project_change *changes, size_t count)
{
    heard *h = context;
    h->calls++;
    h->count = count;
    h->last = count ? changes[count - 1] : (kf_project_change){0};
}

static kf_time length_of(kf_project *project, uint64_t id)
{
    kf_project_place place;
    kf_film_handle *film;
    kf_timeline_item item = {0};
    if (kf_project_find(project, id, &place, &api_error) != KF_OK || kf_project_film(project, &film, NULL) != KF_OK) {
        return -1;
    }
    bool there = kf_timeline_item_at(film, place.sequence, place.track, place.index, &item) && item.id == id;
    kf_film_close(film);
    return there ? item.duration : -1;
}

static kf_status apply(kf_project *project, const char *text, kf_edit_outcome *outcome)
{
    const kf_edit_script script = {.text = text, .length = strlen(text)};
    return kf_project_apply(project, &script, outcome, &api_error);
}

TEST(tells_what_an_edit_did)
{
    kf_project *project = api_project(two_clips);
    heard h = {0};
    kf_edit_outcome outcome;
    REQUIRE(project);
    kf_project_listen(project, hear, &h);
    REQUIRE(apply(project, "{\"op\":\"append\",\"asset\":\"s\",\"track\":\"V1\",\"duration\":\"25f\"}", &outcome) !=
                KF_OK ||
            outcome.id_count > 0);
    h.calls = 0;
    CHECK(apply(project, trim_20, &outcome) == KF_OK);
    CHECK_INT(h.calls, 1);
    CHECK(h.last.kind == KF_PROJECT_ITEMS_CHANGED && h.last.track != 0);
    CHECK_INT(h.last.old_index, 0);
    CHECK_INT(h.last.old_start, 0);
    CHECK_INT(h.last.old_end, h.last.new_end); /* the gap grew */
    CHECK(apply(project, "{\"op\":\"razor\",\"at\":\"10f\"}", &outcome) == KF_OK);
    CHECK_INT(outcome.id_count, 1);
    CHECK_INT(length_of(project, outcome.ids[0]), FRAMES(20));
    CHECK_INT(h.calls, 2);
    CHECK(apply(project, too_much, &outcome) == KF_ERR_INVALID);
    CHECK_INT(outcome.id_count, 0);
    CHECK_INT(h.calls, 2);
    kf_project_listen(project, NULL, NULL);
    CHECK(kf_project_undo(project, NULL) == KF_OK);
    CHECK_INT(h.calls, 2);
    CHECK(kf_project_close(project, NULL) == KF_OK);
}

TEST(a_drag_is_one_step)
{
    kf_project *project = api_project(two_clips);
    kf_gesture *drag, *other;
    heard h = {0};
    REQUIRE(project && kf_gesture_begin(project, &drag, &api_error) == KF_OK);
    kf_project_listen(project, hear, &h);
    CHECK(kf_gesture_begin(project, &other, &api_error) == KF_ERR_INVALID && !other);
    CHECK(apply(project, trim_20, NULL) == KF_ERR_INVALID);
    CHECK(kf_project_undo(project, &api_error) == KF_ERR_INVALID);
    CHECK(kf_gesture_update(drag, trim_20, strlen(trim_20), NULL, &api_error) == KF_OK);
    CHECK_INT(length_of(project, 1), FRAMES(30));
    CHECK(kf_gesture_update(drag, trim_30, strlen(trim_30), NULL, &api_error) == KF_OK);
    CHECK_INT(length_of(project, 1), FRAMES(20)); /* from where it began */
    CHECK_INT(h.calls, 2);
    CHECK(kf_gesture_update(drag, too_much, strlen(too_much), NULL, &api_error) == KF_ERR_INVALID);
    CHECK_INT(length_of(project, 1), FRAMES(20)); /* as it stood */
    CHECK(kf_gesture_commit(drag, "Drag", &api_error) == KF_OK);
    CHECK_INT(h.calls, 2);
    CHECK_INT(length_of(project, 1), FRAMES(20));
    CHECK_STR(kf_project_undo_label(project), "Drag");
    CHECK(kf_project_undo(project, &api_error) == KF_OK);
    CHECK_INT(h.calls, 3);
    CHECK_INT(length_of(project, 1), FRAMES(50));
    CHECK_STR(kf_project_redo_label(project), "Drag");
    CHECK(!kf_project_undo_label(project) || strcmp(kf_project_undo_label(project), "Drag") != 0);
    CHECK(kf_project_close(project, NULL) == KF_OK);
}

TEST(a_drag_is_cancelled)
{
    kf_project *project = api_project(two_clips);
    kf_gesture *drag;
    kf_film_handle *during, *after;
    kf_timeline_item item;
    heard h = {0};
    REQUIRE(project && kf_gesture_begin(project, &drag, &api_error) == KF_OK);
    kf_project_listen(project, hear, &h);
    CHECK(kf_gesture_update(drag, later, strlen(later), NULL, &api_error) == KF_OK);
    REQUIRE(kf_gesture_film(drag, &during, &api_error) == KF_OK);
    kf_gesture_cancel(drag);
    CHECK_INT(h.calls, 2); /* there and back */
    CHECK(h.count > 0);
    REQUIRE(kf_project_film(project, &after, &api_error) == KF_OK);
    CHECK(kf_timeline_at(during, 0, 0, FRAMES(120), &item) && item.id == 1);
    CHECK(kf_timeline_at(after, 0, 0, 0, &item) && item.id == 1);
    kf_film_close(during);
    kf_film_close(after);
    CHECK(kf_gesture_begin(project, &drag, &api_error) == KF_OK);
    CHECK(kf_gesture_update(drag, later, strlen(later), NULL, &api_error) == KF_OK);
    CHECK(kf_project_close(project, NULL) == KF_OK); /* with the gesture in it */
}

/* A film as JSON is rewritten when the gesture ends, not before. */
TEST(a_drag_of_a_json_film)
{
    kf_project *project = api_project(two_clips);
    const char *path = util_path("film.json");
    kf_gesture *drag;
    kf_project_close(project, NULL);
    REQUIRE(kf_project_open(path, NULL, &project, &api_error) == KF_OK);
    REQUIRE(kf_gesture_begin(project, &drag, &api_error) == KF_OK);
    CHECK(kf_gesture_update(drag, trim_20, strlen(trim_20), NULL, &api_error) == KF_OK);
    kf_project *now;
    REQUIRE(kf_project_open(path, &(kf_project_params){.read_only = true}, &now, &api_error) == KF_OK);
    CHECK_INT(length_of(now, 1), FRAMES(50));
    kf_project_close(now, NULL);
    CHECK(kf_gesture_commit(drag, NULL, &api_error) == KF_OK);
    REQUIRE(kf_project_open(path, &(kf_project_params){.read_only = true}, &now, &api_error) == KF_OK);
    CHECK_INT(length_of(now, 1), FRAMES(30));
    CHECK(!kf_project_undo_label(now) && !kf_project_redo_label(now) && !kf_project_unsaved(now));
    CHECK(kf_gesture_begin(now, &drag, &api_error) == KF_ERR_INVALID); /* read only */
    kf_project_close(now, NULL);
    kf_project_close(project, NULL);
}

typedef struct steps {
    int count;
    uint64_t present, newest;
    char undone[20]; /* 'u' or '.' for each, from the newest on */
} steps;

static bool take_step(void *context, const kf_project_step *step)
{
    steps *s = context;
    s->newest = s->count == 0 ? step->number : s->newest;
    s->present = step->present ? step->number : s->present;
    s->undone[s->count++] = step->undone ? 'u' : '.';
    return s->count < 19;
}

TEST(history_is_data)
{
    kf_project *project = api_project(two_clips);
    steps s = {0};
    REQUIRE(project && kf_project_history(project, take_step, &s, &api_error) == KF_OK);
    CHECK_INT(s.count, 1);
    CHECK(!kf_project_undo_label(project) && !kf_project_unsaved(project));
    CHECK(apply(project, trim_20, NULL) == KF_OK && apply(project, later, NULL) == KF_OK);
    CHECK(kf_project_unsaved(project));
    CHECK(kf_project_save(project, &api_error) == KF_OK && !kf_project_unsaved(project));
    CHECK(kf_project_undo(project, &api_error) == KF_OK && kf_project_unsaved(project));
    s = (steps){0};
    CHECK(kf_project_history(project, take_step, &s, &api_error) == KF_OK);
    CHECK_STR(s.undone, "u..");
    CHECK_INT(s.present, s.newest - 1);
    CHECK(kf_project_undo(project, &api_error) == KF_OK && apply(project, trim_30, NULL) == KF_OK);
    s = (steps){0};
    CHECK(kf_project_history(project, take_step, &s, &api_error) == KF_OK);
    CHECK_STR(s.undone, ".uu.");
    CHECK(!kf_project_redo_label(project));
    CHECK(kf_project_revert(project, &api_error) == KF_OK && !kf_project_unsaved(project));
    CHECK_INT(length_of(project, 1), FRAMES(30));
    CHECK_STR(kf_project_undo_label(project), "Revert to saved");
    kf_project_close(project, NULL);
}

TEST(compaction_keeps_the_listener)
{
    kf_project *project = api_project(two_clips);
    heard h = {0};
    REQUIRE(project);
    kf_project_listen(project, hear, &h);
    CHECK(kf_project_compact(project, false, &api_error) == KF_OK);
    CHECK_INT(h.calls, 0);
    CHECK(apply(project, trim_20, NULL) == KF_OK);
    CHECK_INT(h.calls, 1);
    CHECK(h.last.kind == KF_PROJECT_ITEMS_CHANGED);
    CHECK_INT(h.last.new_start, 0);
    kf_project_close(project, NULL);
}

static long size_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (file) {
        fclose(file);
    }
    return size;
}

/* What drags pass through is taken out of the file when it is more than half of it. */
TEST(drags_do_not_fill_the_file)
{
    kf_project *project = api_project(two_clips);
    kf_gesture *drag;
    REQUIRE(project && kf_gesture_begin(project, &drag, &api_error) == KF_OK);
    for (int i = 0; i < 30000; i++) {
        const char *text = i % 2 ? trim_20 : trim_30;
        kf_gesture_update(drag, text, strlen(text), NULL, NULL);
    }
    CHECK(kf_gesture_commit(drag, "Long drag", &api_error) == KF_OK);
    CHECK(kf_project_close(project, NULL) == KF_OK);
    CHECK_MSG(size_of(util_path("film.kerf")) < 100000, "%ld bytes", size_of(util_path("film.kerf")));
    REQUIRE(kf_project_open(util_path("film.kerf"), NULL, &project, &api_error) == KF_OK);
    CHECK_INT(length_of(project, 1), FRAMES(30));
    CHECK_STR(kf_project_undo_label(project), "Long drag");
    CHECK(kf_project_undo(project, NULL) == KF_OK);
    CHECK_INT(length_of(project, 1), FRAMES(50));
    kf_project_close(project, NULL);
}

int main(void)
{
    RUN(tells_what_an_edit_did);
    RUN(a_drag_is_one_step);
    RUN(a_drag_is_cancelled);
    RUN(a_drag_of_a_json_film);
    RUN(history_is_data);
    RUN(compaction_keeps_the_listener);
    RUN(drags_do_not_fill_the_file);
    util_clean();
    return test_end();
}
