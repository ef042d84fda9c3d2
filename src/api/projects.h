/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Projects, for the files of this room. */
#ifndef KF_API_PROJECTS_H
#define KF_API_PROJECTS_H

#include "base/api/json.h"
#include "kerf/project.h"
#include "model/api/edit.h"

struct kf_project {
    kf_film *film;
    char *path;
    bool kerf, read_only;
    struct known_media *media;
    kf_gesture *gesture;     /* under way; NULL: none */
    kf_edit_result outcome;  /* of the last kf_project_apply */
    uint64_t waste;          /* bytes of states that gestures have passed through */
    struct {
        kf_project_changed_fn *fn; /* NULL: nobody */
        void *context;
        kf_ref seen;         /* root of the state that it knows */
        kf_changes changes;  /* both lists keep their memory for the next time */
        kf_project_change *told;
        size_t capacity;
    } listener;
};

kf_status project_check_writable(const kf_project *project, kf_error *error);
kf_status project_check_history(const kf_project *project, kf_error *error);

/* How its film is loaded: media are asked about once. Borrows the project, its path and the folder. */
kf_film_load project_film_load(kf_project *project, const char *folder);
/* A name in the user's data folder that is not in use. */
kf_status project_untitled_path(kf_str *out, kf_error *error);

/* The operations of a script (name given) as a JSON list, to be ended with kf_json_free. */
kf_status project_parse(const kf_edit_script *script, kf_json_doc **out, kf_error *error);
/* A film as JSON is written as it will be; before the commit, so that a disk that fails undoes nothing. */
kf_status project_write_ahead(kf_project *project, kf_edit *edit, kf_error *error);

/* A film that stays at the gesture's present state. */
kf_status gesture_pin(kf_gesture *gesture, kf_film **out, kf_error *error);

/* Tells the listener what differs from what it knows. */
void project_tell(kf_project *project);
void project_listener_finish(kf_project *project);
void outcome_set(const kf_edit_result *result, kf_edit_outcome *out); /* out may be NULL */

#endif
