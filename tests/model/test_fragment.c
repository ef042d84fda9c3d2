/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects of the film format, read into a film that is there. */
#include "film_util.h"
#include "model/json/fragment.h"
#include "model/json/writer.h"

static const char *const base_film =
    "{\"kerf\":1,\"assets\":{\"a\":\"a.mp4\",\"away\":{\"offline\":true,\"media\":{\"video\":true,\"duration\":7}}},"
    "\"sequences\":[{\"id\":\"top\",\"size\":[640,360],\"rate\":25,\"tracks\":["
    "{\"name\":\"V1\",\"id\":1,\"clips\":[{\"id\":2,\"asset\":\"a\",\"effects\":[{\"effect\":\"blur\",\"radius\":3}]},"
    "{\"id\":3,\"sequence\":\"mid\"}]}]},"
    "{\"id\":\"mid\",\"size\":[640,360],\"rate\":30,\"tracks\":[{\"clips\":[{\"sequence\":\"low\"}]}]},"
    "{\"id\":\"low\",\"size\":[640,360],\"rate\":30,"
    "\"tracks\":[{\"clips\":[{\"generator\":\"bars\",\"duration\":2}]}]}]}";

/* A film, and what fragments of its first sequence are read with. */
typedef struct bench {
    kf_film *film;
    fragment_scope scope;
    uint64_t next_id;
    kf_error err;
    kf_json_doc *doc;
} bench;

static bool begin(bench *b)
{
    *b = (bench){.next_id = 1000};
    bool good = load_text(base_film, &b->film, &b->err) == KF_OK;
    CHECK_MSG(good, "%s", b->err.message);
    if (good) {
        b->scope = (fragment_scope){.store = b->film->store, .snapshot = kf_film_snapshot(b->film), .sequence = 1,
                                    .next_id = &b->next_id, .folder = "/films", .media = test_facts, .err = &b->err};
    }
    return good;
}

static void end(bench *b)
{
    kf_json_free(b->doc);
    kf_film_destroy(b->film);
}

static const kf_json *json_of(bench *b, const char *text)
{
    kf_json_free(b->doc);
    b->doc = NULL;
    b->err = (kf_error){0};
    CHECK(kf_json_parse(text, strlen(text), "edit", 0, &b->doc, &b->err) == KF_OK);
    return b->doc ? kf_json_root(b->doc) : NULL;
}

static kf_status read_clip_text(bench *b, const char *text, fragment_clip *clip)
{
    clip->json = json_of(b, text);
    return fragment_read_clip(&b->scope, clip);
}

static bool open_clip(const bench *b, const fragment_clip *clip, kf_clip_view *out)
{
    kf_item_view item = {.kind = KF_ITEM_CLIP, .duration = clip->duration, .ref = clip->ref};
    return clip_open(b->scope.store, &item, clip->track, out);
}

TEST(clips_look_up_the_film)
{
    bench b;
    fragment_clip clip = {0};
    kf_clip_view view;
    REQUIRE(begin(&b));
    CHECK_MSG(read_clip_text(&b, "{\"asset\":\"a\",\"in\":\"25f\",\"id\":2,\"opacity\":0.5}", &clip) == KF_OK, "%s",
              b.err.message);
    CHECK(clip.duration == 9 * KF_SECOND && clip.start == KF_TIME_NONE && clip.id == 1000 && b.next_id == 1001);
    REQUIRE(open_clip(&b, &clip, &view));
    CHECK(view.source == KF_SOURCE_ASSET && view.source_uid == 4 && view.source_in == KF_SECOND && view.id == 1000);
    CHECK(read_clip_text(&b, "{\"asset\":\"away\",\"start\":1}", &clip) == KF_OK);
    CHECK(clip.duration == 7 * KF_SECOND && clip.start == KF_SECOND);
    CHECK(read_clip_text(&b, "{\"sequence\":\"low\"}", &clip) == KF_OK);
    CHECK(clip.duration == 2 * KF_SECOND);
    b.scope.keep_ids = true;
    CHECK(read_clip_text(&b, "{\"asset\":\"a\",\"id\":2,\"markers\":[{\"time\":1,\"id\":5000},{\"time\":2}]}", &clip) ==
          KF_OK);
    CHECK(clip.id == 2 && b.next_id == 5002);
    end(&b);
}

static void expect_clip(bench *b, const char *text, const char *message)
{
    fragment_clip clip = {0};
    uint64_t next = b->next_id;
    kf_status status = read_clip_text(b, text, &clip);
    CHECK_MSG(status == KF_ERR_INVALID && strstr(b->err.message, message), "%s\n#   says: %s", text, b->err.message);
    CHECK(b->next_id == next);
}

TEST(clips_are_refused_as_in_films)
{
    bench b;
    REQUIRE(begin(&b));
    expect_clip(&b, "{\"asset\":\"b\"}", "edit:1: asset: there is no asset \"b\"");
    expect_clip(&b, "{\"asset\":\"awya\"}", "did you mean \"away\"?");
    expect_clip(&b, "{\"sequence\":\"lwo\"}", "there is no sequence \"lwo\"; did you mean \"low\"?");
    expect_clip(&b, "{\"asset\":\"a\",\"opacty\":1}", "opacty: unknown; did you mean \"opacity\"?");
    expect_clip(&b, "[]", "a clip must stand here");
    expect_clip(&b, "{\"asset\":\"a\",\"audio_effects\":[{\"effect\":\"duck\",\"sidechain\":\"V2\"}]}",
                "there is no track called \"V2\" in this sequence");
    expect_clip(&b, "{\"sequence\":\"top\"}", "\"top\" cannot be put into \"top\": it contains that one, or is it");
    b.scope.sequence = 3; /* low, which lies in mid, which lies in top */
    expect_clip(&b, "{\"sequence\":\"top\"}", "\"top\" cannot be put into \"low\"");
    b.scope.sequence = 2;
    expect_clip(&b, "{\"sequence\":\"top\"}", "\"top\" cannot be put into \"mid\"");
    end(&b);
}

static kf_links links_of(const bench *b, const track_item *item, kf_link_kind which)
{
    kf_clip_view view = {0};
    kf_item_view at = {.kind = KF_ITEM_CLIP, .duration = item->duration, .ref = item->ref};
    CHECK(clip_open(b->scope.store, &at, KF_TRACK_VIDEO, &view));
    return kf_clip_links(b->scope.snapshot, &view, which);
}

TEST(runs_are_linked_among_each_other)
{
    bench b;
    REQUIRE(begin(&b));
    const kf_json *json = json_of(&b, "[[{\"asset\":\"a\",\"link\":4},{\"gap\":1},{\"asset\":\"a\",\"link\":9}],"
                                      "[{\"asset\":\"a\",\"link\":4,\"group\":1,\"start\":2},{\"transition\":"
                                      "\"dissolve\",\"duration\":1},{\"asset\":\"a\",\"group\":1}]]");
    fragment_run runs[2] = {{.json = json->first}, {.json = json->first->next, .track = KF_TRACK_AUDIO}};
    CHECK_MSG(fragment_read_runs(&b.scope, runs, 2) == KF_OK, "%s", b.err.message);
    REQUIRE(runs[0].count == 3 && runs[1].count == 4 && runs[1].items[0].duration == 2 * KF_SECOND);
    kf_links one = links_of(&b, &runs[0].items[0], KF_LINK), two = links_of(&b, &runs[1].items[1], KF_LINK);
    CHECK(one.count == 2 && one.ids == two.ids && one.ids[0] == 1000 && one.ids[1] == 1002);
    CHECK(links_of(&b, &runs[0].items[2], KF_LINK).count == 0);
    CHECK(links_of(&b, &runs[1].items[1], KF_GROUP).count == 2 && links_of(&b, &runs[0].items[0], KF_GROUP).count == 0);
    kf_clip_view view;
    kf_item_view at = {.kind = KF_ITEM_CLIP, .duration = 1, .ref = runs[0].items[0].ref};
    fragment_clip again = {0};
    REQUIRE(clip_open(b.scope.store, &at, KF_TRACK_VIDEO, &view));
    again.links[KF_LINK] = view.link;
    CHECK(read_clip_text(&b, "{\"asset\":\"a\",\"link\":77}", &again) == KF_OK);
    CHECK(open_clip(&b, &again, &view) && kf_clip_links(b.scope.snapshot, &view, KF_LINK).ids == one.ids);
    CHECK(again.id == b.next_id - 1);
    fragment_runs_finish(runs, 2);
    end(&b);
}

TEST(transitions_know_their_sides)
{
    bench b;
    REQUIRE(begin(&b));
    track_item left = {.duration = 4 * KF_SECOND, .kind = KF_ITEM_CLIP}, gap = {.duration = KF_SECOND,
                                                                                .kind = KF_ITEM_GAP};
    const char *text = "{\"transition\":\"wipe\",\"duration\":2,\"angle\":90,\"name\":\"w\"}";
    fragment_transition t = {.json = json_of(&b, text), .left = &left, .right = &left};
    kf_transition_view view;
    CHECK_MSG(fragment_read_transition(&b.scope, &t) == KF_OK, "%s", b.err.message);
    CHECK(t.before == KF_SECOND && t.after == KF_SECOND);
    REQUIRE(transition_open(b.scope.store, t.ref, 5 * KF_SECOND, &view));
    CHECK(view.start == 4 * KF_SECOND && view.id == 1000);
    CHECK_STR(view.name, "w");
    t.right = NULL;
    CHECK(fragment_read_transition(&b.scope, &t) == KF_OK && t.before == 2 * KF_SECOND && t.after == 0);
    t.left = &gap;
    CHECK(fragment_read_transition(&b.scope, &t) == KF_ERR_INVALID && strstr(b.err.message, "at least one side"));
    left.duration = KF_SECOND;
    t.left = &left;
    CHECK(fragment_read_transition(&b.scope, &t) == KF_ERR_INVALID);
    CHECK_MSG(strstr(b.err.message, "2 s of this transition lie before its cut, but what lies there is 1 s long"), "%s",
              b.err.message);
    end(&b);
}

/* What an effect's parameters are, as JSON. */
static kf_str effect_text(const bench *b, kf_ref ref)
{
    kf_str out = {0};
    film_writer fw = {.w = {.out = &out, .compact = true}, .snapshot = b->scope.snapshot, .rate = {25, 1}};
    kf_params params = params_open(b->scope.store, ref, 0);
    if (params.kind) {
        write_effect(&fw, &params);
    }
    return out;
}

static void expect_over(bench *b, kf_ref *ref, const char *patch, const char *after)
{
    kf_params params = params_open(b->scope.store, *ref, 0);
    kf_status status = fragment_read_params(&b->scope, *ref, params.kind_id, json_of(b, patch), ref);
    CHECK_MSG(status == KF_OK, "%s", b->err.message);
    kf_str text = effect_text(b, *ref);
    CHECK_STR(text.data, after);
    kf_str_finish(&text);
}

TEST(parameters_lie_over_others)
{
    bench b;
    kf_ref ref, out = 1;
    REQUIRE(begin(&b));
    const kf_json *json = json_of(&b, "{\"effect\":\"lut\",\"file\":\"x.cube\",\"name\":\"look\"}");
    CHECK_MSG(fragment_read_effect(&b.scope, json, KF_CLASS_EFFECT, false, &ref) == KF_OK, "%s", b.err.message);
    expect_over(&b, &ref, "{\"mix\":0.5}",
                "{\"effect\":\"lut\",\"name\":\"look\",\"file\":\"x.cube\",\"mix\":0.5}");
    expect_over(&b, &ref, "{\"enabled\":false,\"name\":\"\",\"mix\":{\"keys\":[{\"t\":\"25f\",\"v\":1}]}}",
                "{\"effect\":\"lut\",\"enabled\":false,\"file\":\"x.cube\",\"mix\":{\"keys\":[{\"t\":1,\"v\":1}]}}");
    kf_param_value value;
    kf_params params = params_open(b.scope.store, ref, 0);
    CHECK(!params.constant && kf_params_get(&params, kf_kind_field(params.kind, "file"), &value));
    CHECK_STR(value.text, "x.cube");
    expect_over(&b, &ref, "{\"mix\":null,\"file\":null}", "{\"effect\":\"lut\",\"enabled\":false}");
    CHECK(fragment_read_params(&b.scope, ref, params.kind_id, json_of(&b, "{\"mxi\":1}"), &out) == KF_ERR_INVALID);
    CHECK(strstr(b.err.message, "did you mean \"mix\"?"));
    CHECK(fragment_read_params(&b.scope, ref, params.kind_id, json_of(&b, "{\"effect\":\"blur\"}"), &out) ==
          KF_ERR_INVALID);
    /* Properties: nothing set is no node. */
    CHECK(fragment_read_params(&b.scope, KF_REF_NONE, KF_PROP_CLIP_VIDEO, json_of(&b, "{\"opacity\":0.25}"), &ref) ==
          KF_OK);
    CHECK(ref != KF_REF_NONE);
    CHECK(fragment_read_params(&b.scope, ref, KF_PROP_CLIP_VIDEO, json_of(&b, "{\"opacity\":null}"), &ref) == KF_OK);
    CHECK(ref == KF_REF_NONE);
    end(&b);
}

TEST(markers_assets_tracks_sequences)
{
    bench b;
    mark_item mark = {0};
    kf_ref ref = KF_REF_NONE;
    REQUIRE(begin(&b));
    CHECK(fragment_read_marker(&b.scope, json_of(&b, "{\"time\":\"50f\",\"duration\":1}"), false, &mark) == KF_OK);
    CHECK(mark.time == 2 * KF_SECOND && mark.end == 3 * KF_SECOND && mark.id == 1000 && mark.ref);
    CHECK(fragment_read_asset(&b.scope, json_of(&b, "\"x.mov\""), "x", 3, &ref) == KF_OK && ref);
    CHECK(fragment_read_asset(&b.scope, json_of(&b, "\"x.mov\""), "a", 3, &ref) == KF_ERR_INVALID);
    CHECK(strstr(b.err.message, "there is another asset \"a\""));
    CHECK(fragment_read_asset(&b.scope, json_of(&b, "\"x.mov\""), "a", 4, &ref) == KF_OK);
    const char *track = "{\"name\":\"V2\",\"clips\":[{\"asset\":\"a\",\"group\":1},{\"asset\":\"a\",\"group\":1}]}";
    CHECK_MSG(fragment_read_track(&b.scope, json_of(&b, track), &ref) == KF_OK && ref, "%s", b.err.message);
    const char *sequence = "{\"rate\":25,\"tracks\":[{\"name\":\"d\",\"clips\":[{\"sequence\":\"mid\",\"link\":1},"
                           "{\"asset\":\"a\",\"link\":1}]},{\"audio_effects\":[{\"effect\":\"duck\","
                           "\"sidechain\":\"d\"}]}]}";
    CHECK_MSG(fragment_read_sequence(&b.scope, json_of(&b, sequence), "new", 4, &ref) == KF_OK, "%s", b.err.message);
    size_t size;
    const sequence_body *body = node_body(b.scope.store, ref, NODE_SEQUENCE, sizeof *body, &size);
    REQUIRE(body != NULL);
    CHECK(body->uid == 4 && body->track_count == 2 && body->width == 640 && body->duration == 12 * KF_SECOND);
    CHECK(fragment_read_sequence(&b.scope, json_of(&b, sequence), "low", 4, &ref) == KF_ERR_INVALID);
    end(&b);
}

/* ---- There and back ---- */

typedef struct text_pair {
    kf_str once, twice;
} text_pair;

static void same_texts(text_pair *t)
{
    CHECK(t->once.length > 5 && t->twice.length > 5);
    CHECK_STR(t->twice.data ? t->twice.data : "", t->once.data ? t->once.data : "");
    kf_str_finish(&t->once);
    kf_str_finish(&t->twice);
}

static void item_back(bench *b, const kf_track_view *track, kf_cursor *cursor, kf_rational rate)
{
    text_pair t = {0};
    kf_clip_view view;
    kf_snapshot s = b->scope.snapshot;
    if (!kf_cursor_clip(cursor, &view)) {
        return;
    }
    fragment_clip clip = {.track = track->kind, .links = {view.link, view.group}};
    CHECK(kf_clip_write_json(s, rate, &view, &t.once, &b->err) == KF_OK);
    CHECK_MSG(read_clip_text(b, t.once.data, &clip) == KF_OK, "%s\n%s", t.once.data, b->err.message);
    CHECK(clip.id == view.id && open_clip(b, &clip, &view));
    CHECK(kf_clip_write_json(s, rate, &view, &t.twice, &b->err) == KF_OK);
    same_texts(&t);
}

static void track_back(bench *b, const kf_track_view *track, kf_rational rate)
{
    kf_cursor cursor;
    text_pair t = {0};
    kf_ref ref;
    kf_track_view again;
    kf_cursor_init(&cursor, b->scope.snapshot, track);
    while (kf_cursor_next(&cursor)) {
        item_back(b, track, &cursor, rate);
    }
    CHECK(kf_track_write_json(b->scope.snapshot, rate, track, &t.once, &b->err) == KF_OK);
    kf_status status = fragment_read_track(&b->scope, json_of(b, t.once.data), &ref);
    CHECK_MSG(status == KF_OK, "%s", b->err.message);
    CHECK(track_open(b->scope.store, ref, &again));
    CHECK(kf_track_write_json(b->scope.snapshot, rate, &again, &t.twice, &b->err) == KF_OK);
    if (!strstr(t.once.data, "\"link\"") && !strstr(t.once.data, "\"group\"")) { /* partners in other tracks */
        same_texts(&t);
    }
    kf_str_finish(&t.once);
    kf_str_finish(&t.twice);
}

/* Clips and tracks of the rich film, written and read into it again. */
TEST(objects_come_back)
{
    bench b = {.next_id = 100000};
    REQUIRE(load_text(rich_film, &b.film, &b.err) == KF_OK);
    kf_snapshot s = kf_film_snapshot(b.film);
    kf_sequence_view q;
    kf_track_view track;
    b.scope = (fragment_scope){.store = b.film->store, .snapshot = s, .next_id = &b.next_id, .folder = "/films",
                               .keep_ids = true, .media = test_facts, .err = &b.err};
    for (int32_t i = 0; kf_sequence_at(s, i, &q); i++) {
        b.scope.sequence = q.uid;
        for (int32_t k = 0; kf_track_get(s, &q, k, &track); k++) {
            track_back(&b, &track, q.rate);
        }
    }
    kf_asset_view asset;
    for (int32_t i = 0; kf_asset_at(s, i, &asset); i++) {
        kf_str text = {0};
        kf_ref ref = KF_REF_NONE;
        CHECK(kf_asset_write_json(s, &asset, &text, &b.err) == KF_OK);
        kf_status status = fragment_read_asset(&b.scope, json_of(&b, text.data), asset.id, asset.uid, &ref);
        CHECK_MSG(status == KF_OK && ref != KF_REF_NONE, "%s", b.err.message);
        kf_str_finish(&text);
    }
    end(&b);
}

TEST(sequences_come_back)
{
    bench b;
    kf_sequence_view q;
    kf_ref ref;
    kf_str text = {0};
    REQUIRE(begin(&b) && kf_sequence_at(b.scope.snapshot, 1, &q));
    CHECK(kf_sequence_write_json(b.scope.snapshot, &q, &text, &b.err) == KF_OK);
    CHECK_MSG(fragment_read_sequence(&b.scope, json_of(&b, text.data), "copy", 9, &ref) == KF_OK, "%s", b.err.message);
    size_t size;
    const sequence_body *body = node_body(b.scope.store, ref, NODE_SEQUENCE, sizeof *body, &size);
    CHECK(body && body->uid == 9 && body->duration == q.duration && body->clip_count == 1);
    CHECK_STR(body ? body_text(body, size, body->id) : "", "copy");
    kf_marker marker = {.id = 7, .time = KF_SECOND / 30, .kind = "comment", .name = "n", .note = "", .metadata = ""};
    text.length = 0;
    CHECK(kf_marker_write_json(b.scope.snapshot, (kf_rational){30, 1}, &marker, &text, &b.err) == KF_OK);
    CHECK_STR(text.data, "{\"id\":7,\"time\":\"1f\",\"name\":\"n\"}");
    kf_str_finish(&text);
    end(&b);
}

/* Every allocation fails in turn. */
TEST(out_of_memory)
{
    bench b;
    REQUIRE(begin(&b));
    const kf_json *json = json_of(&b, "[{\"asset\":\"a\",\"link\":4,\"metadata\":{\"k\":1}},{\"sequence\":\"low\","
                                      "\"link\":4,\"markers\":[{\"time\":1}],\"effects\":[{\"effect\":\"blur\"}]}]");
    kf_status status = KF_ERR_MEMORY;
    for (uint64_t n = 1; n < 1000 && status != KF_OK; n++) {
        fragment_run run = {.json = json};
        kf_alloc_fail_from(n);
        status = fragment_read_runs(&b.scope, &run, 1);
        kf_alloc_fail_from(0);
        CHECK_MSG(status == KF_OK || status == KF_ERR_MEMORY, "%d: %s", (int)n, b.err.message);
        fragment_runs_finish(&run, 1);
    }
    CHECK_INT(status, KF_OK);
    end(&b);
}

int main(void)
{
    RUN(clips_look_up_the_film);
    RUN(clips_are_refused_as_in_films);
    RUN(runs_are_linked_among_each_other);
    RUN(transitions_know_their_sides);
    RUN(parameters_lie_over_others);
    RUN(markers_assets_tracks_sequences);
    RUN(objects_come_back);
    RUN(sequences_come_back);
    RUN(out_of_memory);
    return test_end();
}
