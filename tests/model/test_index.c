/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding items by id after random edits, undo and redo, against walking all tracks. */
#include "edit_util.h"

static bool same_everywhere(kf_film *film)
{
    kf_snapshot state = kf_film_snapshot(film);
    kf_sequence_view sequence;
    kf_track_view track;
    kf_error err;
    for (int32_t q = 0; kf_sequence_at(state, q, &sequence); q++) {
        for (int32_t i = 0; kf_track_get(state, &sequence, i, &track); i++) {
            kf_cursor c;
            kf_clip_view clip;
            kf_cursor_init(&c, state, &track);
            while (kf_cursor_next(&c)) {
                kf_item_place place;
                if (kf_cursor_clip(&c, &clip) &&
                    (kf_film_find(film, clip.id, &place, &err) != KF_OK || place.sequence != q || place.track != i ||
                     place.item.index != c.item.index || place.item.start != c.item.start ||
                     place.item.ref != c.item.ref)) {
                    return false;
                }
            }
        }
    }
    return true;
}

TEST(follows_edits_and_history)
{
    kf_film *f = edit_film("{\"clips\":[]},{\"clips\":[]},{\"kind\":\"audio\",\"clips\":[]}");
    uint64_t random = 5;
    REQUIRE(f);
    for (int i = 0; i < 600; i++) {
        char op[200];
        unsigned at = test_random(&random) % 2000, track = 1 + test_random(&random) % 2;
        switch (test_random(&random) % 8) {
        case 0: case 1: case 2: case 3:
            snprintf(op, sizeof op, "{'op':'insert','track':'V%u','audio_track':'A1','at':'%uf','asset':'a','out':'%uf'}", track,
                     at, 20 + at % 60);
            break;
        case 4:
            snprintf(op, sizeof op, "{'op':'razor','at':'%uf'}", at);
            break;
        case 5:
            snprintf(op, sizeof op, "{'op':'extract','from':'%uf','to':'%uf'}", at, at + 30);
            break;
        case 6:
            kf_film_undo(f, NULL, &edit_error);
            continue;
        default:
            kf_film_redo(f, NULL, &edit_error);
            continue;
        }
        edit(f, op);
        if (i % 10 == 0) {
            REQUIRE(same_everywhere(f));
        }
    }
    CHECK(same_everywhere(f));
    kf_item_place place;
    CHECK(kf_film_find(f, 1234567, &place, &edit_error) == KF_ERR_NOT_FOUND);
    kf_film_destroy(f);
}

int main(void)
{
    RUN(follows_edits_and_history);
    return test_end();
}
