/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "interchange/internal.h"

static void add_part(char *place, const char *separator, const char *part)
{
    size_t used = strlen(place), room = sizeof(ix_place) - used;
    if (part && *part) {
        snprintf(place + used, room, "%s%.100s", used ? separator : "", part);
        place[kf_utf8_prefix(place, strlen(place))] = '\0';
    }
}

const char *ix_where(ix_place place, const kf_sequence_view *sequence, const char *track, kf_time t, const char *clip)
{
    char label[32] = "";
    place[0] = '\0';
    add_part(place, "", *sequence->name ? sequence->name : sequence->id);
    add_part(place, " / ", track);
    if (t != KF_TIME_NONE) {
        kf_timecode_format(kf_frame_at(t, sequence->rate) + sequence->start_timecode, sequence->rate,
                           sequence->drop_frame, label);
    }
    add_part(place, " / ", label);
    add_part(place, *label ? " " : " / ", clip);
    return place;
}

kf_status ix_export_sequence(kf_snapshot snapshot, const kf_export_params *params, kf_sequence_view *out,
                             kf_error *err)
{
    kf_project_view project;
    if (!kf_project_get(snapshot, &project)) {
        return kf_fail(err, KF_ERR_INTERNAL, "there is no film in this snapshot");
    }
    int32_t index = params->sequence < 0 ? project.main_sequence : params->sequence;
    if (!kf_sequence_at(snapshot, index, out)) {
        return kf_fail(err, KF_ERR_INVALID, "there is no sequence %d; the film has %d", index,
                       project.sequence_count);
    }
    return KF_OK;
}
