/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <locale.h>

#include "base/api/alloc.h"
#include "base/api/json.h"
#include "test.h"

static kf_json_doc *parse(const char *text, int flags, kf_error *err)
{
    kf_json_doc *doc = NULL;
    kf_status status = kf_json_parse(text, strlen(text), "t.json", flags, &doc, err);
    if (status != KF_OK) {
        CHECK(doc == NULL);
    }
    return doc;
}

static kf_json_doc *good(const char *text)
{
    kf_error err = {0};
    kf_json_doc *doc = parse(text, 0, &err);
    CHECK_MSG(doc != NULL, "%s: %s", text, err.message);
    return doc;
}

static void bad(const char *text, const char *message)
{
    kf_error err = {0};
    kf_json_doc *doc = parse(text, 0, &err);
    CHECK_MSG(doc == NULL, "%s", text);
    kf_json_free(doc);
    CHECK_INT(err.status, KF_ERR_PARSE);
    CHECK_STR(err.message, message);
}

TEST(reads_every_type)
{
    kf_json_doc *doc = good(" { \"a\" : [ 1 , -2.5e1 , \"x\" , true , false , null , { } , [ ] ] } \n");
    REQUIRE(doc);
    const kf_json *root = kf_json_root(doc), *a = kf_json_get(root, "a");
    CHECK_INT(root->type, KF_JSON_OBJECT);
    CHECK_INT(root->count, 1);
    REQUIRE(a && a->type == KF_JSON_ARRAY);
    CHECK_STR(a->key, "a");
    CHECK_INT(a->count, 8);
    CHECK_INT(kf_json_at(a, 0)->integer, 1);
    CHECK_NEAR(kf_json_at(a, 1)->number, -25, 0);
    CHECK_STR(kf_json_at(a, 2)->text, "x");
    CHECK(kf_json_at(a, 3)->type == KF_JSON_BOOL && kf_json_at(a, 3)->boolean);
    CHECK(kf_json_at(a, 4)->type == KF_JSON_BOOL && !kf_json_at(a, 4)->boolean);
    CHECK_INT(kf_json_at(a, 5)->type, KF_JSON_NULL);
    CHECK(kf_json_at(a, 6)->type == KF_JSON_OBJECT && kf_json_at(a, 6)->count == 0);
    CHECK(kf_json_at(a, 7)->type == KF_JSON_ARRAY && kf_json_at(a, 7)->count == 0);
    CHECK(kf_json_at(a, 8) == NULL);
    CHECK(kf_json_get(a, "a") == NULL);
    CHECK(kf_json_get(root, "b") == NULL);
    CHECK(kf_json_get(NULL, "b") == NULL);
    kf_json_free(doc);
}

TEST(numbers_are_exact)
{
    static const struct { const char *text; bool integer; int64_t i; double d; } cases[] = {
        {"0", true, 0, 0.0},
        {"-0", true, 0, -0.0},
        {"9223372036854775807", true, INT64_MAX, 9223372036854775807.0},
        {"-9223372036854775808", true, INT64_MIN, -9223372036854775808.0},
        {"9223372036854775808", false, 0, 9223372036854775808.0},
        {"1.0", true, 1, 1},
        {"1e3", true, 1000, 1000},
        {"120e-1", true, 12, 12},
        {"1.5", false, 0, 1.5},
        {"0.1", false, 0, 0.1},
        {"2.2250738585072014e-308", false, 0, 2.2250738585072014e-308},
        {"5e-324", false, 0, 5e-324},
        {"1.7976931348623157e308", false, 0, 1.7976931348623157e308},
        {"9007199254740993", true, INT64_C(9007199254740993), 9007199254740992.0},
        {"9007199254740993.0000000000000000000000000000001", false, 0, 9007199254740994.0},
        {"123456789012345678901234567890", false, 0, 123456789012345678901234567890.0},
        {"0.000000000000000000000000000000000000000001e42", true, 1, 1},
        {"0e999999999999", true, 0, 0},
        {"1e-999999999999", false, 0, 0},
        {"3.14159265358979323846264338327950288", false, 0, 3.14159265358979323846264338327950288},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kf_json_doc *doc = good(cases[i].text);
        REQUIRE(doc);
        const kf_json *n = kf_json_root(doc);
        CHECK_STR(n->text, cases[i].text);
        CHECK_MSG(n->is_integer == cases[i].integer, "%s", cases[i].text);
        CHECK_INT(n->is_integer ? n->integer : 0, cases[i].i);
        CHECK_MSG(memcmp(&n->number, &cases[i].d, sizeof(double)) == 0, "%s gave %.17g", cases[i].text, n->number);
        kf_json_free(doc);
    }
}

TEST(refuses_bad_numbers)
{
    static const char *const texts[] = {"01",   "-",     "1.",  ".5",       "1e",        "1e+",   "+1", "--1",
                                        "0x10", "1_000", "NaN", "Infinity", "-Infinity", "1e999", "-01"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kf_error err = {0};
        kf_json_doc *doc = parse(texts[i], 0, &err);
        CHECK_MSG(doc == NULL && err.status == KF_ERR_PARSE, "%s", texts[i]);
        kf_json_free(doc);
    }
}

TEST(tolerates_nan_on_request)
{
    kf_error err;
    kf_json_doc *doc = parse("[NaN, Infinity, -Infinity, -1]", KF_JSON_ALLOW_NAN, &err);
    REQUIRE(doc);
    const kf_json *root = kf_json_root(doc);
    CHECK(isnan(kf_json_at(root, 0)->number) && !kf_json_at(root, 0)->is_integer);
    CHECK(kf_json_at(root, 1)->number == INFINITY);
    CHECK(kf_json_at(root, 2)->number == -INFINITY);
    CHECK_STR(kf_json_at(root, 2)->text, "-Infinity");
    CHECK_INT(kf_json_at(root, 3)->integer, -1);
    kf_json_free(doc);
    CHECK(parse("[Nan]", KF_JSON_ALLOW_NAN, &err) == NULL);
    CHECK(parse("[-NaN]", KF_JSON_ALLOW_NAN, &err) == NULL);
}

TEST(decodes_strings)
{
    kf_json_doc *doc =
        good("\"\\\"\\\\\\/\\b\\f\\n\\r\\t \\u0041\\u00e9\\u20AC\\uD83D\\uDE00 \xC3\xA9\xF0\x9F\x98\x80\"");
    REQUIRE(doc);
    CHECK_STR(kf_json_root(doc)->text,
              "\"\\/\b\f\n\r\t A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \xC3\xA9\xF0\x9F\x98\x80");
    CHECK_INT(kf_json_root(doc)->length, strlen(kf_json_root(doc)->text));
    kf_json_free(doc);
    doc = good("\"a\\u0000b\"");
    REQUIRE(doc);
    CHECK_INT(kf_json_root(doc)->length, 3);
    CHECK(memcmp(kf_json_root(doc)->text, "a\0b", 4) == 0);
    kf_json_free(doc);
    doc = good("\xEF\xBB\xBF[]");
    kf_json_free(doc);
}

TEST(refuses_bad_strings)
{
    bad("\"abc", "t.json:1:1: this string is not closed");
    bad("\"abc\\\"", "t.json:1:1: this string is not closed");
    bad("[\"a\\x\"]", "t.json:1:4: [0]: unknown escape in a string");
    bad("\"\\u12g4\"", "t.json:1:2: \\u needs four hexadecimal digits, and a surrogate its partner");
    bad("\"\\ud800\"", "t.json:1:2: \\u needs four hexadecimal digits, and a surrogate its partner");
    bad("\"\\udc00\"", "t.json:1:2: \\u needs four hexadecimal digits, and a surrogate its partner");
    bad("\"\\ud800\\u0041\"", "t.json:1:2: \\u needs four hexadecimal digits, and a surrogate its partner");
    bad("\"a\nb\"", "t.json:1:3: control character in a string: write it as an escape");
    bad("[1,\n \"\xC0\x80\"]", "t.json:2:3: this is not UTF-8 text");
    bad("{\"a\\u0000b\": 1}", "t.json:1:12: a key must not hold \\u0000");
}

TEST(errors_name_the_path)
{
    bad("{\"tracks\": [{}, {\"clips\": [1, {\"in\" 2}]}]}", "t.json:1:37: tracks[1].clips[1]: ':' must follow a key");
    bad("{\n  \"a\": [1,\n    2,\n    x\n  ]\n}", "t.json:4:5: a[2]: this is no JSON value");
    bad("[1, 2", "t.json:1:6: the file ends in the middle of a value");
    bad("{\"odd key\": {\"b\": tru}}", "t.json:1:19: [\"odd key\"].b: this is no JSON value");
    bad("[1,]", "t.json:1:4: a comma must not stand before ']'");
    bad("{\"a\":1,}", "t.json:1:8: a comma must not stand before '}'");
    bad("[1 2]", "t.json:1:4: ',' or ']' must stand here");
    bad("{\"a\":1 \"b\":2}", "t.json:1:8: ',' or '}' must stand here");
    bad("[] []", "t.json:1:4: there is more after the end of the value");
    bad("", "t.json:1:1: the file ends where a value must stand");
    bad("{a: 1}", "t.json:1:2: a key in quotes must stand here");
}

TEST(refuses_duplicate_keys)
{
    bad("{\"x\": {\"a\": 1,\n \"b\": 2, \"a\": 3}}", "t.json:2:10: x: the key \"a\" appears twice in this object");
    kf_str text = {0};
    kf_str_add(&text, "{");
    for (int i = 0; i < 50; i++) {
        kf_str_addf(&text, "\"k%d\": %d,\n", i * 7 % 50, i);
    }
    kf_str_add(&text, "\"k21\": 0}");
    bad(text.data, "t.json:51:1: the key \"k21\" appears twice in this object");
    kf_str_finish(&text);
}

TEST(bounds_the_depth)
{
    char text[600];
    memset(text, '[', 128);
    memset(text + 128, ']', 128);
    text[256] = '\0';
    kf_json_free(good(text));
    memset(text, '[', 300);
    text[300] = '\0';
    kf_error err = {0};
    CHECK(parse(text, 0, &err) == NULL);
    CHECK(strstr(err.message, "deeper than 128") != NULL);
}

TEST(looks_up_in_large_containers)
{
    kf_str text = {0};
    kf_str_add(&text, "{\"list\": [");
    for (int i = 0; i < 5000; i++) {
        kf_str_addf(&text, "%s%d", i ? "," : "", i * 3);
    }
    kf_str_add(&text, "]");
    for (int i = 0; i < 1000; i++) {
        kf_str_addf(&text, ",\"k%d\":%d", i, i);
    }
    kf_str_add(&text, "}");
    kf_json_doc *doc = good(text.data);
    kf_str_finish(&text);
    REQUIRE(doc);
    const kf_json *root = kf_json_root(doc), *list = kf_json_get(root, "list");
    CHECK_INT(root->count, 1001);
    for (int i = 0; i < 5000; i += 11) {
        CHECK_INT(kf_json_at(list, i)->integer, i * 3);
        CHECK_INT(kf_json_at(list, i)->index, i);
    }
    for (int i = 0; i < 1000; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        const kf_json *v = kf_json_get(root, key);
        REQUIRE(v != NULL);
        CHECK_INT(v->integer, i);
    }
    CHECK(kf_json_get(root, "k1000") == NULL);
    const kf_json *v = root->first;
    for (int i = -1; i < 1000; i++, v = v->next) {
        REQUIRE(v != NULL);
    }
    CHECK(v == NULL);
    kf_json_free(doc);
}

TEST(paths_and_messages)
{
    kf_json_doc *doc = good("{\"sequences\": [\n{\"tracks\": [{}, {}, {\"opacty\": 1, \"zzz\": 2}]}]}");
    REQUIRE(doc);
    const kf_json *track =
        kf_json_at(kf_json_get(kf_json_at(kf_json_get(kf_json_root(doc), "sequences"), 0), "tracks"), 2);
    REQUIRE(track);
    kf_str path = {0};
    kf_json_path(kf_json_get(track, "zzz"), &path);
    CHECK_STR(path.data, "sequences[0].tracks[2].zzz");
    kf_str_finish(&path);
    kf_error err = {0};
    CHECK_INT(kf_json_fail(kf_json_get(track, "opacty"), "f.json", &err, "must be at most %d", 1), KF_ERR_INVALID);
    CHECK_STR(err.message, "f.json:2: sequences[0].tracks[2].opacty: must be at most 1");
    kf_json_free(doc);
}

static void write_sample(kf_json_writer *w)
{
    kf_json_begin_object(w);
    kf_json_key(w, "a");
    kf_json_begin_array(w);
    kf_json_write_int(w, INT64_MIN);
    kf_json_write_number(w, 0.1);
    kf_json_write_string(w, "q\"\\\n\x01\xC3\xA9");
    kf_json_write_bool(w, true);
    kf_json_write_null(w);
    kf_json_end_array(w);
    kf_json_key(w, "empty");
    kf_json_begin_object(w);
    kf_json_end_object(w);
    kf_json_key(w, "none");
    kf_json_write_string(w, NULL);
    kf_json_end_object(w);
}

TEST(writes)
{
    kf_str compact = {0}, pretty = {0};
    kf_json_writer w = {.out = &compact, .compact = true};
    write_sample(&w);
    CHECK_STR(
        compact.data,
        "{\"a\":[-9223372036854775808,0.1,\"q\\\"\\\\\\n\\u0001\xC3\xA9\",true,null],\"empty\":{},\"none\":null}");
    w = (kf_json_writer){.out = &pretty};
    write_sample(&w);
    CHECK_STR(pretty.data, "{\n  \"a\": [\n    -9223372036854775808,\n    0.1,\n    \"q\\\"\\\\\\n\\u0001\xC3\xA9\",\n "
                           "   true,\n    null\n  ],\n"
                           "  \"empty\": {},\n  \"none\": null\n}\n");
    kf_json_doc *doc = good(pretty.data);
    REQUIRE(doc);
    CHECK_INT(kf_json_at(kf_json_get(kf_json_root(doc), "a"), 0)->integer, INT64_MIN);
    CHECK_STR(kf_json_at(kf_json_get(kf_json_root(doc), "a"), 2)->text, "q\"\\\n\x01\xC3\xA9");
    kf_json_free(doc);
    kf_str_finish(&compact);
    kf_str_finish(&pretty);
}

TEST(writes_broken_utf8_as_replacement)
{
    kf_str out = {0};
    kf_json_writer w = {.out = &out, .compact = true};
    kf_json_write_string(&w, "a\xFF\"b\xC3");
    CHECK_STR(out.data, "\"a\xEF\xBF\xBD\\\"b\xEF\xBF\xBD\"");
    kf_str_finish(&out);
}

static void number_text(double v, const char *expected)
{
    kf_str out = {0};
    kf_json_writer w = {.out = &out};
    kf_json_write_number(&w, v);
    CHECK_STR(out.data, expected);
    kf_str_finish(&out);
}

TEST(writes_shortest_numbers)
{
    number_text(0.1, "0.1");
    number_text(1, "1");
    number_text(-0.0, "-0");
    number_text(1.0 / 3, "0.3333333333333333");
    number_text(5e-324, "5e-324");
    number_text(1.7976931348623157e308, "1.7976931348623157e+308");
    number_text(9007199254740993.0, "9007199254740992");
    number_text(123456.789, "123456.789");
    number_text(NAN, "null");
    number_text(-INFINITY, "null");
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double v, back;
        uint64_t bits = state ^ state >> 29;
        memcpy(&v, &bits, 8);
        if (!isfinite(v)) {
            continue;
        }
        kf_str out = {0};
        kf_json_writer w = {.out = &out};
        kf_json_write_number(&w, v);
        kf_json_doc *doc = good(out.data);
        REQUIRE(doc);
        back = kf_json_root(doc)->number;
        REQUIRE(memcmp(&back, &v, 8) == 0);
        kf_json_free(doc);
        kf_str_finish(&out);
    }
}

TEST(a_decimal_comma_changes_nothing)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "ru_RU.UTF-8"};
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names && !any; i++) {
        any = setlocale(LC_NUMERIC, names[i]) != NULL;
    }
    if (!any) {
        SKIP("no locale with a decimal comma is installed");
    }
    number_text(0.5, "0.5");
    kf_json_doc *doc = good("3.14159265358979323846");
    CHECK_NEAR(doc ? kf_json_root(doc)->number : 0, 3.14159265358979323846, 0);
    kf_json_free(doc);
    setlocale(LC_NUMERIC, "C");
}

TEST(survives_every_allocation_failure)
{
    kf_str text = {0};
    kf_str_add(&text, "{\"list\": [");
    for (int i = 0; i < 400; i++) {
        kf_str_addf(&text, "{\"name\": \"clip \\u00e9 %d\", \"in\": %d.25, \"tags\": [true, null]},", i, i);
    }
    kf_str_add(&text, "0]}");
    REQUIRE(!text.failed);
    kf_status status = KF_ERR_MEMORY;
    uint64_t n = 0;
    while (status != KF_OK && n < 1000) {
        kf_json_doc *doc = NULL;
        kf_error err = {0};
        kf_alloc_fail_from(++n);
        status = kf_json_parse(text.data, text.length, "t.json", 0, &doc, &err);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || (status == KF_ERR_MEMORY && doc == NULL && err.status == KF_ERR_MEMORY));
        kf_json_free(doc);
    }
    CHECK(status == KF_OK && n > 5);
    for (n = 1; n < 10; n++) { /* errors whose path cannot be built still arrive */
        kf_json_doc *doc = NULL;
        kf_error err = {0};
        kf_alloc_fail_from(n);
        status = kf_json_parse("{\"a\": [1, {\"b\": x}]}", 20, "t.json", 0, &doc, &err);
        kf_alloc_fail_from(0);
        CHECK(doc == NULL && status == err.status && err.message[0]);
    }
    kf_str_finish(&text);
}

TEST(every_prefix_and_flip_ends_well)
{
    const char *text =
        "{\"a\": [1, -2.5e3, \"x\\u00e9\\ud83d\\ude00\", {\"b\": null}], \"c\": true, \"d\": {\"e\": [[[]]]}}";
    size_t length = strlen(text);
    int parsed = 0;
    for (size_t n = 0; n < length; n++) {
        char *copy = malloc(n ? n : 1); /* exact size, so that a sanitizer sees a read past the end */
        memcpy(copy, text, n);
        kf_json_doc *doc = NULL;
        CHECK_INT(kf_json_parse(copy, n, "t", 0, &doc, NULL), KF_ERR_PARSE);
        free(copy);
    }
    for (size_t at = 0; at < length; at++) {
        for (int byte = 0; byte < 256; byte++) {
            char *copy = malloc(length);
            memcpy(copy, text, length);
            copy[at] = (char)byte;
            kf_json_doc *doc = NULL;
            kf_error err = {0};
            kf_status status = kf_json_parse(copy, length, "t", KF_JSON_ALLOW_NAN, &doc, &err);
            CHECK((status == KF_OK) == (doc != NULL));
            parsed += doc != NULL;
            kf_json_free(doc);
            free(copy);
        }
    }
    CHECK(parsed > 100);
}

int main(void)
{
    RUN(reads_every_type);
    RUN(numbers_are_exact);
    RUN(refuses_bad_numbers);
    RUN(tolerates_nan_on_request);
    RUN(decodes_strings);
    RUN(refuses_bad_strings);
    RUN(errors_name_the_path);
    RUN(refuses_duplicate_keys);
    RUN(bounds_the_depth);
    RUN(looks_up_in_large_containers);
    RUN(paths_and_messages);
    RUN(writes);
    RUN(writes_broken_utf8_as_replacement);
    RUN(writes_shortest_numbers);
    RUN(a_decimal_comma_changes_nothing);
    RUN(survives_every_allocation_failure);
    RUN(every_prefix_and_flip_ends_well);
    return test_end();
}
