/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits: whatever a script asks, line by line, it is done or refused with a reason, and the film that comes of it can be
 * written and loads again. */
#include "base/api/alloc.h"
#include "base/api/str.h"
#include "fuzz.h"
#include "model/api/edit.h"

static const char base[] =
    "{\"kerf\":1,\"name\":\"F\",\"main\":\"s\",\"bins\":[\"B\"],\"assets\":{"
    "\"a\":{\"path\":\"a.mp4\",\"media\":{\"video\":true,\"audio\":true,\"size\":[64,36],\"rate\":25,\"duration\":9},"
    "\"subclips\":[{\"name\":\"p\",\"in\":1,\"out\":2}],\"markers\":[{\"time\":1,\"id\":90}]},"
    "\"b\":{\"path\":\"b.png\",\"media\":{\"video\":true,\"still\":true}},\"u\":\"u.mov\"},"
    "\"sequences\":[{\"id\":\"s\",\"size\":[64,36],\"rate\":25,\"mark_in\":1,\"mark_out\":2,"
    "\"markers\":[{\"time\":1,\"id\":91}],\"tracks\":["
    "{\"id\":50,\"name\":\"V1\",\"clips\":[{\"id\":1,\"link\":1,\"asset\":\"a\",\"in\":1,\"duration\":2,"
    "\"opacity\":{\"keys\":[{\"t\":0,\"v\":0},{\"t\":1,\"v\":1}]},\"effects\":[{\"effect\":\"blur\",\"radius\":3}],"
    "\"markers\":[{\"time\":1,\"id\":92}]},{\"id\":60,\"transition\":\"dissolve\",\"duration\":0.4},"
    "{\"id\":2,\"asset\":\"a\",\"in\":3,\"duration\":2,\"speed\":\"3/2\",\"reverse\":true,\"group\":1},"
    "{\"gap\":1,\"name\":\"slug\"},{\"id\":3,\"asset\":\"b\",\"duration\":1,\"group\":1},"
    "{\"id\":4,\"asset\":\"a\",\"in\":1,\"out\":2,\"loop\":true,\"duration\":3},"
    "{\"id\":5,\"asset\":\"a\",\"duration\":1,\"remap\":[{\"t\":0,\"source\":0},{\"t\":1,\"source\":3}]}]},"
    "{\"id\":51,\"clips\":[{\"id\":6,\"sequence\":\"n\",\"angle\":1},{\"id\":7,\"generator\":\"title\",\"duration\":2,"
    "\"params\":{\"text\":\"x\"}},{\"id\":8,\"adjustment\":true,\"duration\":1,\"effects\":[{\"effect\":\"hue\"}]}]},"
    "{\"id\":52,\"kind\":\"audio\",\"clips\":[{\"id\":9,\"link\":1,\"asset\":\"a\",\"in\":1,\"duration\":2,"
    "\"audio_effects\":[{\"effect\":\"eq\"}]}]},{\"id\":53,\"kind\":\"audio\",\"lock\":true,\"clips\":[]}]},"
    "{\"id\":\"n\",\"multicam\":true,\"size\":[64,36],\"rate\":30,\"tracks\":[{\"clips\":[{\"id\":20,\"asset\":\"a\",\"duration\":4}]},"
    "{\"clips\":[{\"id\":21,\"asset\":\"a\",\"duration\":4}]}]}]}";

/* Every item of every track lasts, and they add up. */
static void check_tracks(kf_snapshot state)
{
    kf_sequence_view s;
    kf_track_view track;
    for (int32_t q = 0; kf_sequence_at(state, q, &s); q++) {
        for (int32_t i = 0; kf_track_get(state, &s, i, &track); i++) {
            kf_cursor c;
            kf_time sum = 0;
            int64_t count = 0;
            kf_cursor_init(&c, state, &track);
            for (; kf_cursor_next(&c); count++) {
                FUZZ_REQUIRE(c.item.kind == KF_ITEM_TRANSITION ? c.item.duration == 0 : c.item.duration > 0);
                sum += c.item.duration;
            }
            FUZZ_REQUIRE(sum == track.duration && count == track.item_count && sum <= KF_MODEL_MAX_TIME);
        }
    }
}

static void check_written(kf_snapshot state)
{
    kf_str text = {0};
    kf_film *again = NULL;
    kf_error err = {0};
    check_tracks(state);
    FUZZ_REQUIRE(kf_film_write_json(state, &text, &err) == KF_OK);
    if (kf_film_load_json(text.data, text.length, NULL, &again, &err) != KF_OK) {
        fprintf(stderr, "%s\n", err.message);
        FUZZ_REQUIRE(!"what an edit made loads again");
    }
    kf_film_destroy(again);
    kf_str_finish(&text);
}

/* One edit; false: refused, and nothing happened. */
static bool apply(kf_edit *edit, const char *line, size_t length)
{
    kf_json_doc *doc = NULL;
    kf_error err = {0};
    kf_ref root = kf_edit_snapshot(edit).root;
    if (kf_json_parse(line, length, "fuzz", 0, &doc, &err) != KF_OK) {
        return false;
    }
    kf_status status = kf_edit_apply(edit, kf_json_root(doc), "fuzz", &err);
    FUZZ_REQUIRE(status == KF_OK || err.message[0]);
    FUZZ_REQUIRE(status != KF_ERR_INTERNAL && status != KF_ERR_PARSE);
    FUZZ_REQUIRE(status == KF_OK || kf_edit_snapshot(edit).root == root);
    kf_json_free(doc);
    return status == KF_OK;
}

static void fuzz_one(const char *bytes, size_t length)
{
    kf_film *film = NULL;
    kf_edit *edit = NULL;
    kf_error err = {0};
    bool any = false;
    FUZZ_REQUIRE(kf_film_load_json(base, sizeof base - 1, NULL, &film, &err) == KF_OK);
    FUZZ_REQUIRE(kf_edit_begin(film, &edit, &err) == KF_OK);
    for (size_t at = 0, end; at < length; at = end + 1) {
        const char *line_end = memchr(bytes + at, '\n', length - at);
        end = line_end ? (size_t)(line_end - bytes) : length;
        any = apply(edit, bytes + at, end - at) || any;
    }
    if (any) {
        check_written(kf_edit_snapshot(edit));
    }
    kf_ref before = kf_film_snapshot(film).root;
    FUZZ_REQUIRE(kf_edit_commit(edit, NULL, NULL, &err) == KF_OK);
    if (kf_film_snapshot(film).root != before) {
        FUZZ_REQUIRE(kf_film_undo(film, NULL, &err) == KF_OK && kf_film_snapshot(film).root == before);
    }
    kf_film_destroy(film);
}

#ifndef KF_LIBFUZZER
static const char *const corpus[] = {
    "{\"op\":\"insert\",\"track\":\"V1\",\"audio_track\":\"A1\",\"at\":1,\"asset\":\"a\",\"in\":1,\"out\":2,\"sync\":true,\"markers\":true}\n"
    "{\"op\":\"overwrite\",\"at\":1,\"until\":3,\"asset\":\"a\",\"in\":1,\"out\":2,\"fit\":\"speed\"}\n"
    "{\"op\":\"append\",\"asset\":\"b\",\"duration\":2}\n{\"op\":\"append\",\"asset\":\"a\",\"subclip\":\"p\"}",
    "{\"op\":\"lift\",\"from\":1,\"to\":3}\n{\"op\":\"extract\",\"tracks\":\"V1,A1\",\"from\":0.5,\"to\":1}\n{\"op\":\"razor\",\"at\":2}\n"
    "{\"op\":\"join\",\"clip\":1}\n{\"op\":\"delete\",\"clips\":[3,4]}\n{\"op\":\"close_gap\",\"track\":\"V1\",\"sync\":false}",
    "{\"op\":\"ripple_delete\",\"clips\":[2],\"sync\":false}\n{\"op\":\"insert_gap\",\"at\":1,\"duration\":2}\n"
    "{\"op\":\"trim\",\"clip\":1,\"by\":\"-10f\",\"ripple\":true,\"sync\":false}\n{\"op\":\"roll\",\"clip\":4,\"by\":0.2}\n"
    "{\"op\":\"slip\",\"clip\":2,\"to\":1}\n{\"op\":\"slide\",\"clip\":4,\"by\":-0.2}",
    "{\"op\":\"rate_stretch\",\"clip\":2,\"speed\":\"2/3\",\"reverse\":true,\"ripple\":true,\"sync\":false}\n"
    "{\"op\":\"rate_stretch\",\"clip\":1,\"duration\":1}\n{\"op\":\"swap\",\"clip\":1,\"with\":2}\n"
    "{\"op\":\"freeze_frame\",\"clip\":1,\"at\":1,\"duration\":0.5}\n{\"op\":\"freeze_frame\",\"clip\":4,\"at\":7}",
    "{\"op\":\"move\",\"clips\":[1,2],\"by\":1,\"track\":\"V2\",\"mode\":\"insert\"}\n{\"op\":\"move\",\"clips\":[3],\"to\":0,\"copy\":true}\n"
    "{\"op\":\"replace\",\"clip\":2,\"with\":{\"generator\":\"bars\"},\"in\":1}\n{\"op\":\"detach_audio\",\"clip\":2}\n"
    "{\"op\":\"nest\",\"clips\":[3,4],\"id\":\"m\",\"name\":\"N\"}\n{\"op\":\"angle\",\"clip\":6,\"angle\":2,\"at\":1}",
    "{\"op\":\"link\",\"clips\":[2,3]}\n{\"op\":\"unlink\",\"clips\":[1]}\n{\"op\":\"group\",\"clips\":[1,7]}\n{\"op\":\"ungroup\",\"clips\":[2]}\n"
    "{\"op\":\"add_transition\",\"clip\":4,\"edge\":\"tail\",\"transition\":\"wipe\",\"duration\":0.4,\"align\":\"end\",\"params\":{\"angle\":3}}\n"
    "{\"op\":\"set_transition\",\"transition\":60,\"set\":{\"duration\":0.2}}\n{\"op\":\"remove_transition\",\"transition\":60}",
    "{\"op\":\"set_clip\",\"clips\":[1,2],\"set\":{\"name\":\"x\",\"opacity\":{\"keys\":[{\"t\":0,\"v\":1}]},\"effects\":null,\"speed\":2}}\n"
    "{\"op\":\"add_effect\",\"clip\":2,\"effect\":{\"effect\":\"blur\"},\"index\":0}\n{\"op\":\"set_effect\",\"clip\":1,\"index\":0,\"set\":{\"radius\":9}}\n"
    "{\"op\":\"move_effect\",\"clip\":1,\"index\":0,\"to\":0}\n{\"op\":\"remove_effect\",\"clip\":9,\"index\":0}",
    "{\"op\":\"set_key\",\"clip\":1,\"field\":\"transform.scale\",\"at\":0.5,\"value\":2,\"interp\":\"hold\"}\n"
    "{\"op\":\"remove_key\",\"clip\":1,\"field\":\"opacity\",\"at\":1}\n{\"op\":\"paste_attributes\",\"from\":1,\"clips\":[2,3],\"what\":\"effects,speed\"}\n"
    "{\"op\":\"set_key\",\"track\":\"V1\",\"field\":\"opacity\",\"at\":1,\"value\":0.5}",
    "{\"op\":\"add_track\",\"kind\":\"audio\",\"index\":1,\"set\":{\"name\":\"x\"}}\n{\"op\":\"set_track\",\"track\":\"V2\",\"set\":{\"matte\":\"luma\",\"lock\":true}}\n"
    "{\"op\":\"move_track\",\"track\":\"V1\",\"index\":1}\n{\"op\":\"remove_track\",\"track\":\"#51\"}\n"
    "{\"op\":\"add_marker\",\"clip\":1,\"set\":{\"time\":1,\"name\":\"m\"}}\n{\"op\":\"set_marker\",\"marker\":91,\"set\":{\"time\":2}}\n"
    "{\"op\":\"remove_marker\",\"asset\":\"a\",\"marker\":90}",
    "{\"op\":\"add_sequence\",\"id\":\"q\",\"set\":{\"rate\":24}}\n{\"op\":\"set_sequence\",\"set\":{\"rate\":30,\"mark_in\":null}}\n"
    "{\"op\":\"duplicate_sequence\",\"sequence\":\"s\",\"id\":\"t\"}\n{\"op\":\"remove_sequence\",\"sequence\":\"n\"}\n"
    "{\"op\":\"add_asset\",\"asset\":\"z\",\"set\":{\"path\":\"z.mov\"}}\n{\"op\":\"set_asset\",\"asset\":\"a\",\"set\":{\"path\":\"q.mp4\"}}\n"
    "{\"op\":\"remove_asset\",\"asset\":\"u\"}\n{\"op\":\"add_bin\",\"bin\":\"C/D\"}\n{\"op\":\"rename_bin\",\"bin\":\"B\",\"to\":\"C/D\"}\n"
    "{\"op\":\"remove_bin\",\"bin\":\"B\"}\n{\"op\":\"set_project\",\"set\":{\"name\":\"G\",\"main\":\"n\",\"metadata\":{\"a\":1}}}",
    NULL};
static const char *const words[] = {"\"at\":1e300", "\"at\":-1e300", "3600000", "3599999.99", "9223372036854775807",
                                    "-9223372036854775808", "18446744073709551615", "1e-12", "\"1/1000000000\"",
                                    "\"999999999999f\"", "\"99:99:99:99\"", "NaN", "null", "true", "[]", "{}", "\"all\"", "\"V1,V1\"",
                                    "\"\"", "\"#50\"", "\"A1\"", "\"A2\"", "\"V2\"", "\"s\"", "\"n\"", "[1,1,1]", "[1,9]", "[6,20]", "60",
                                    "\n", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\"clip\":4", "\"clip\":5", "\"clip\":6", "\"clip\":7",
                                    "\"linked\":false", "\"ripple\":true", "\"sync\":false", "\"markers\":true", "\"copy\":true",
                                    "{\"sequence\":\"s\"}", "{\"sequence\":\"n\",\"duration\":1}", "0.04", "-0.04", NULL};
FUZZ_MAIN(corpus, words)
#else
FUZZ_MAIN(, )
#endif
