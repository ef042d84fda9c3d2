/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits for tests: applying them from text, and tracks as text in frames. */
#ifndef KF_TEST_EDIT_UTIL_H
#define KF_TEST_EDIT_UTIL_H

#include "film_util.h"
#include "model/api/edit.h"

static kf_error edit_error;

/* A film of 25 fps with assets a, b (video and sound, 250 frames), s (sound only, 500 frames) and these tracks. */
static inline kf_film *edit_film(const char *tracks)
{
    kf_str text = {0};
    kf_film *film = NULL;
    kf_str_addf(&text, "{\"kerf\":1,\"size\":[640,360],\"rate\":25,\"assets\":{"
                "\"a\":{\"path\":\"a.mp4\",\"media\":{\"video\":true,\"audio\":true,\"duration\":10}},"
                "\"b\":{\"path\":\"b.mp4\",\"media\":{\"video\":true,\"audio\":true,\"duration\":10}},"
                "\"s\":{\"path\":\"s.wav\",\"media\":{\"audio\":true,\"duration\":20}}},\"tracks\":[%s]}", tracks);
    if (load_text(text.data, &film, &edit_error) != KF_OK) {
        printf("# %s\n", edit_error.message);
    }
    kf_str_finish(&text);
    return film;
}

/* Edits the film with one operation, as one step. */
static inline kf_status edit(kf_film *film, const char *op)
{
    kf_json_doc *doc;
    kf_edit *e;
    kf_str text = {0};
    for (const char *c = op; *c; c++) { /* ' stands for " */
        kf_str_add_n(&text, *c == '\'' ? "\"" : c, 1);
    }
    kf_status status = kf_json_parse(text.data, text.length, "edit", 0, &doc, &edit_error);
    if (status == KF_OK) {
        status = kf_edit_begin(film, &e, &edit_error);
        if (status == KF_OK) {
            status = kf_edit_apply(e, kf_json_root(doc), "edit", &edit_error);
            status = status == KF_OK ? kf_edit_commit(e, NULL, NULL, &edit_error) : (kf_edit_abort(e), status);
        }
        kf_json_free(doc);
    }
    kf_str_finish(&text);
    return status;
}

static inline void frames(kf_str *s, kf_time t)
{
    int64_t n = kf_frame_at(t, (kf_rational){25, 1});
    kf_str_addf(s, kf_frame_start(n, (kf_rational){25, 1}) == t ? "%lld" : "%lld.", (long long)n);
}

/* Track `index` of a sequence: "a@0+50 -25 ~10 b@5+20": asset a from source frame 0 for 50 frames, a gap of 25, a
 * transition of 10. Reversed: "a<", frozen: "a!", other speeds: "a*2/1". */
static inline const char *track_text_of(const kf_film *film, int32_t which, int32_t index)
{
    static kf_str s;
    kf_snapshot state = kf_film_snapshot(film);
    kf_sequence_view sequence;
    kf_track_view track;
    kf_cursor c;
    s.length = 0;
    kf_str_add(&s, "");
    if (!kf_sequence_at(state, which, &sequence) || !kf_track_get(state, &sequence, index, &track)) {
        return "none";
    }
    kf_cursor_init(&c, state, &track);
    while (kf_cursor_next(&c)) {
        kf_clip_view clip;
        kf_transition_view transition;
        kf_asset_view asset;
        kf_str_add(&s, s.length ? " " : "");
        if (kf_cursor_clip(&c, &clip)) {
            bool known = clip.source == KF_SOURCE_ASSET && kf_asset_at(state, kf_asset_index(state, clip.source_uid), &asset);
            kf_str_addf(&s, "%s%s", known ? asset.id : "?", clip.reverse ? "<" : clip.frozen ? "!" : "");
            if (clip.speed.num != clip.speed.den) {
                kf_str_addf(&s, "*%d/%d", clip.speed.num, clip.speed.den);
            }
            kf_str_add(&s, "@");
            frames(&s, clip.frozen ? clip.freeze : clip.source_in);
            kf_str_add(&s, "+");
            frames(&s, clip.duration);
        } else if (kf_cursor_transition(&c, &transition)) {
            kf_str_add(&s, "~");
            frames(&s, transition.duration);
        } else {
            kf_str_add(&s, "-");
            frames(&s, c.item.duration);
        }
    }
    return s.data;
}

static inline const char *track_text(const kf_film *film, int32_t index)
{
    return track_text_of(film, 0, index);
}

/* Id of the n-th clip of a track, from 0. */
static inline uint64_t clip_id(const kf_film *film, int32_t index, int n)
{
    kf_snapshot state = kf_film_snapshot(film);
    kf_sequence_view sequence;
    kf_track_view track;
    kf_cursor c;
    kf_clip_view clip;
    if (kf_sequence_at(state, 0, &sequence) && kf_track_get(state, &sequence, index, &track)) {
        kf_cursor_init(&c, state, &track);
        while (kf_cursor_next(&c)) {
            if (kf_cursor_clip(&c, &clip) && n-- == 0) {
                return clip.id;
            }
        }
    }
    return 0;
}

#define CHECK_TRACK(film, index, expected) \
    do { \
        const char *found_ = track_text(film, index); \
        CHECK_MSG(strcmp(found_, expected) == 0, "track %d is %s, not %s", index, found_, expected); \
    } while (0)
#define EDIT(film, op) CHECK_MSG(edit(film, op) == KF_OK, "%s", edit_error.message)
#define REFUSED(film, op, says) \
    CHECK_MSG(edit(film, op) != KF_OK && strstr(edit_error.message, says), "\"%s\"", edit_error.message)

#endif
