/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests that look at films as a whole after edits. */
#ifndef KF_TEST_WHOLE_UTIL_H
#define KF_TEST_WHOLE_UTIL_H

#include "edit_util.h"

/* Refused with these words, and the film is what it was, to the root. */
#define LEFT_ALONE(film, op, says) \
    do { \
        kf_ref before_ = kf_film_snapshot(film).root; \
        REFUSED(film, op, says); \
        CHECK(kf_film_snapshot(film).root == before_); \
    } while (0)

/* The film as compact as its JSON can be searched. */
static inline const char *film_text(const kf_film *film)
{
    static kf_str s;
    s.length = 0;
    kf_film_write_json(kf_film_snapshot(film), &s, NULL);
    return s.data ? s.data : "";
}

/* It is a film that loads. */
static inline bool loads(const kf_film *film)
{
    kf_film *again = NULL;
    bool good = load_text(film_text(film), &again, &edit_error) == KF_OK;
    if (!good) {
        printf("# %s\n", edit_error.message);
    }
    kf_film_destroy(again);
    return good;
}

static inline bool sequence_of(const kf_film *film, const char *id, kf_sequence_view *out)
{
    kf_snapshot s = kf_film_snapshot(film);
    return kf_sequence_at(s, *id ? kf_sequence_find(s, id) : 0, out);
}

#endif
