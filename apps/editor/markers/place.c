/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "place.h"

#include "monitor/deck.h"
#include "text.h"

static gboolean find_clip(KerfDocument *d, kf_timeline_item *out)
{
    return kerf_document_find(d, kerf_document_focus(d), out) && out->kind == KF_TIMELINE_CLIP;
}

/* Index; -1: none. */
static int32_t find_asset(KerfDocument *d, kf_asset_info *out)
{
    const KerfSource *source = kerf_document_source(d);
    const int32_t index = source->sequence || !source->uid ? -1 : kf_film_asset_index(kerf_document_film(d), source->uid);
    return kf_film_asset(kerf_document_film(d), index, out) ? index : -1;
}

int32_t kerf_markers_count(KerfDocument *d, kf_marker_owner owner)
{
    kf_timeline_item clip;
    kf_asset_info asset;
    switch (owner) {
    case KF_MARKER_SEQUENCE: return kerf_document_sequence_info(d)->markers;
    case KF_MARKER_ASSET: return find_asset(d, &asset) >= 0 ? asset.markers : 0;
    case KF_MARKER_CLIP: return find_clip(d, &clip) ? clip.markers : 0;
    }
    return 0;
}

gboolean kerf_markers_at(KerfDocument *d, kf_marker_owner owner, int32_t i, kf_marker_info *out)
{
    const kf_film_handle *film = kerf_document_film(d);
    kf_timeline_item clip;
    kf_asset_info asset;
    if (owner == KF_MARKER_CLIP) return find_clip(d, &clip) && kf_timeline_marker(film, &clip, i, out);
    return kf_film_marker(film, owner, owner == KF_MARKER_ASSET ? find_asset(d, &asset) : kerf_document_sequence(d), i, out);
}

gboolean kerf_markers_have(KerfDocument *d, kf_marker_owner owner)
{
    kf_timeline_item clip;
    kf_asset_info asset;
    return owner == KF_MARKER_SEQUENCE || (owner == KF_MARKER_CLIP ? find_clip(d, &clip) : find_asset(d, &asset) >= 0);
}

const kf_sequence_info *kerf_markers_clock(KerfDocument *d, kf_marker_owner owner)
{
    return owner == KF_MARKER_ASSET ? kerf_deck_info(kerf_deck_source(d)) : kerf_document_sequence_info(d);
}

kf_time kerf_markers_shown(KerfDocument *d, kf_marker_owner owner, kf_time time)
{
    kf_timeline_item clip;
    return owner == KF_MARKER_CLIP && find_clip(d, &clip) ? clip.start + time : time;
}

kf_time kerf_markers_now(KerfDocument *d, kf_marker_owner owner)
{
    kf_timeline_item clip;
    if (owner == KF_MARKER_ASSET) return kerf_deck_position(kerf_deck_source(d));
    return kerf_document_playhead(d) - (owner == KF_MARKER_CLIP && find_clip(d, &clip) ? clip.start : 0);
}

void kerf_markers_go(KerfDocument *d, kf_marker_owner owner, kf_time time)
{
    if (owner == KF_MARKER_ASSET) {
        kerf_deck_seek(kerf_deck_source(d), time, FALSE);
    } else {
        kerf_document_seek(d, kerf_markers_shown(d, owner, time));
    }
}

/* ---- Edits ---- */

/* "clip": 12, or the like; new. */
static char *owner_text(KerfDocument *d, kf_marker_owner owner)
{
    kf_asset_info asset;
    if (owner == KF_MARKER_CLIP) return g_strdup_printf("\"clip\": %" G_GUINT64_FORMAT, (guint64)kerf_document_focus(d));
    const gboolean is_asset = owner == KF_MARKER_ASSET && find_asset(d, &asset) >= 0;
    g_autofree char *id = kerf_json_quote(is_asset ? asset.id : kerf_document_sequence_info(d)->id);
    return g_strdup_printf("\"%s\": %s", is_asset ? "asset" : "sequence", id);
}

gboolean kerf_markers_add(KerfDocument *d, kf_marker_owner owner, kf_time time)
{
    g_autofree char *of = owner_text(d, owner);
    if (!kerf_markers_have(d, owner)) return FALSE;
    return kerf_document_edit(
        d, "Add Marker", kerf_json_operation("add_marker", "%s, \"set\": {\"time\": %s}", of, kerf_json_time(time).text));
}

gboolean kerf_markers_set(KerfDocument *d, kf_marker_owner owner, uint64_t marker, const char *set)
{
    g_autofree char *of = owner_text(d, owner);
    return kerf_document_edit(d, "Change Marker",
                              kerf_json_operation("set_marker", "%s, \"marker\": %" G_GUINT64_FORMAT ", \"set\": %s", of,
                                                  (guint64)marker, set));
}

gboolean kerf_markers_remove(KerfDocument *d, kf_marker_owner owner, uint64_t marker)
{
    g_autofree char *of = owner_text(d, owner);
    return kerf_document_edit(d, "Remove Marker",
                              kerf_json_operation("remove_marker", "%s, \"marker\": %" G_GUINT64_FORMAT, of, (guint64)marker));
}
