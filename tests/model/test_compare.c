/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between films: of one store, of two, and out of memory. */
#include "edit_util.h"
#include "model/api/compare.h"

/* "changed clip 1 V1: duration 2 1.6; " */
static void note(void *ctx, const kf_difference *d)
{
    static const char *const kinds[] = {"added", "removed", "changed", "moved"};
    kf_str *s = ctx;
    kf_str_addf(s, "%s %s %s %s", kinds[d->kind], d->what, d->id, d->track);
    for (int i = 0; i < d->field_count; i++) {
        const kf_difference_field *f = &d->fields[i];
        kf_str_addf(s, "%s%s %s %s", i ? ", " : ": ", f->key, f->from ? f->from : "-", f->to ? f->to : "-");
    }
    if (d->kind == KF_DIFFERENCE_MOVED) {
        kf_str_addf(s, ": %lld by ", (long long)d->count);
        frames(s, d->moved_by);
    }
    kf_str_add(s, "; ");
}

static const char *compared(kf_snapshot from, kf_snapshot to)
{
    static kf_str s;
    s.length = 0;
    kf_str_add(&s, "");
    return kf_snapshot_compare(from, to, note, &s, &edit_error) == KF_OK ? s.data : edit_error.message;
}

#define THREE "{\"id\":50,\"clips\":[{\"id\":1,\"asset\":\"a\",\"duration\":2},{\"id\":2,\"asset\":\"b\",\"duration\":2}," \
              "{\"id\":3,\"asset\":\"a\",\"in\":1,\"duration\":2}]},{\"id\":51,\"clips\":[]}"

/* After each edit: what changed since the beginning, the same with a copy of the film that came through JSON. */
static void check_edit(kf_film *film, const kf_film *before, const char *op, const char *expected)
{
    kf_str text = {0};
    kf_film *other = NULL;
    EDIT(film, op);
    CHECK_STR(compared(kf_film_snapshot(before), kf_film_snapshot(film)), expected);
    CHECK_STR(compared(kf_film_snapshot(film), kf_film_snapshot(film)), "");
    REQUIRE(kf_film_write_json(kf_film_snapshot(film), &text, &edit_error) == KF_OK);
    REQUIRE(load_text(text.data, &other, &edit_error) == KF_OK);
    CHECK_STR(compared(kf_film_snapshot(before), kf_film_snapshot(other)), expected);
    CHECK_STR(compared(kf_film_snapshot(film), kf_film_snapshot(other)), "");
    kf_film_destroy(other);
    kf_str_finish(&text);
    REQUIRE(kf_film_undo(film, NULL, &edit_error) == KF_OK);
}

TEST(what_an_edit_changed)
{
    kf_film *f = edit_film(THREE), *before = edit_film(THREE), *pinned = NULL;
    REQUIRE(f && before && kf_film_pin(f, &pinned, &edit_error) == KF_OK);
    const kf_film *const begins[] = {before, pinned};
    for (int i = 0; i < 2; i++) {
        const kf_film *b = begins[i];
        check_edit(f, b, "{'op':'trim','clip':1,'by':'-10f','ripple':true}",
                   "changed clip 1 V1: duration 2 1.6; moved clip 2 V1: 2 by -10; ");
        check_edit(f, b, "{'op':'delete','clips':[2]}", "removed clip 2 V1; ");
        check_edit(f, b, "{'op':'move','clips':[3],'track':'V2','to':1}", "changed clip 3 V2: track \"V1\" \"V2\", start 4 1; ");
        check_edit(f, b, "{'op':'move','clips':[3],'track':'V2'}", "changed clip 3 V2: track \"V1\" \"V2\"; ");
        check_edit(f, b, "{'op':'set_clip','clips':[2],'set':{'opacity':0.5}}", "changed clip 2 V1: opacity - 0.5; ");
        check_edit(f, b, "{'op':'set_track','track':'V1','set':{'lock':true}}", "changed track 50 V1: lock - true; ");
        check_edit(f, b, "{'op':'move_track','track':'V2','index':0}",
                   "changed track 51 V1: index 1 0; changed track 50 V2: index 0 1; ");
        check_edit(f, b, "{'op':'set_project','set':{'name':'N'}}", "changed project  : name - \"N\"; ");
        check_edit(f, b, "{'op':'set_asset','asset':'a','set':{'path':'c.mp4'}}",
                   "changed asset a : path \"a.mp4\" \"c.mp4\"; ");
        check_edit(f, b, "{'op':'remove_asset','asset':'s'}", "removed asset s ; ");
        check_edit(f, b, "{'op':'add_sequence','id':'n'}", "added sequence n ; ");
        check_edit(f, b, "{'op':'add_transition','clip':2,'edge':'tail','duration':'4f','align':'end'}",
                   "added transition 52 V1; ");
    }
    kf_film_destroy(pinned);
    kf_film_destroy(before);
    kf_film_destroy(f);
}

TEST(out_of_memory)
{
    kf_film *a = edit_film(THREE), *b = edit_film("{\"id\":50,\"clips\":[{\"id\":1,\"asset\":\"b\",\"duration\":3}]}");
    kf_status status = KF_ERR_MEMORY;
    REQUIRE(a && b);
    for (uint64_t n = 1; n < 10000 && status != KF_OK; n++) {
        kf_str s = {0};
        kf_alloc_fail_from(n);
        status = kf_snapshot_compare(kf_film_snapshot(a), kf_film_snapshot(b), note, &s, &edit_error);
        kf_alloc_fail_from(0);
        CHECK(status == KF_OK || status == KF_ERR_MEMORY);
        kf_str_finish(&s);
    }
    CHECK_INT(status, KF_OK);
    kf_film_destroy(a);
    kf_film_destroy(b);
}

TEST(the_rich_film_with_itself)
{
    kf_film *a = NULL, *b = NULL;
    REQUIRE(load_text(rich_film, &a, &edit_error) == KF_OK && load_text(rich_film, &b, &edit_error) == KF_OK);
    CHECK_STR(compared(kf_film_snapshot(a), kf_film_snapshot(b)), "");
    kf_film_destroy(a);
    kf_film_destroy(b);
}

int main(void)
{
    RUN(what_an_edit_changed);
    RUN(out_of_memory);
    RUN(the_rich_film_with_itself);
    return test_end();
}
