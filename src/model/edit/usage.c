/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/edit/usage.h"

static bool find_on_track(kf_snapshot state, const kf_track_view *track, kf_clip_source source, uint64_t uid,
                          kf_clip_view *out)
{
    kf_cursor c;
    kf_cursor_init(&c, state, track);
    while (kf_cursor_next(&c)) {
        if (kf_cursor_clip(&c, out) && out->source == source && out->source_uid == uid) {
            return true;
        }
    }
    return false;
}

kf_status check_unused(kf_edit *e, kf_clip_source source, uint64_t uid, const char *what)
{
    kf_snapshot state = edit_state(e);
    kf_sequence_view sequence;
    kf_track_view track;
    kf_clip_view clip;
    char name[160];
    for (int32_t q = 0; kf_sequence_at(state, q, &sequence); q++) {
        for (int32_t i = 0; kf_track_get(state, &sequence, i, &track); i++) {
            if (find_on_track(state, &track, source, uid, &clip)) {
                return REFUSE(e, "%s is in use: %s in sequence \"%.60s\" shows it", what, clip_name(e, &clip, name),
                              sequence.id);
            }
        }
    }
    return KF_OK;
}
