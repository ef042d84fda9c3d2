/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "three_point.h"

#include "deck.h"
#include "text.h"

/* ---- What there is ---- */

static gboolean topmost(KerfDocument *d, kf_timeline_item *out)
{
    const kf_film_handle *film = kerf_document_film(d);
    const int32_t sequence = kerf_document_sequence(d);
    const kf_time t = kerf_document_playhead(d);
    for (int audio = 0; audio < 2; audio++) {
        for (int32_t i = kerf_document_sequence_info(d)->tracks - 1; i >= 0; i--) {
            kf_track_info track;
            if (!kf_film_track(film, sequence, i, &track) || track.audio != (audio == 1)) continue;
            if (kf_timeline_at(film, sequence, i, t, out) && out->kind == KF_TIMELINE_CLIP) return TRUE;
        }
    }
    return FALSE;
}

gboolean kerf_three_point_around(KerfDocument *d, kf_time *from, kf_time *to)
{
    size_t count;
    const uint64_t *ids = kerf_document_selection(d, &count);
    kf_timeline_item item;
    gboolean found = FALSE;
    for (size_t i = 0; i < count; i++) {
        if (!kerf_document_find(d, ids[i], &item) || item.kind != KF_TIMELINE_CLIP) continue;
        *from = found ? MIN(*from, item.start) : item.start;
        *to = found ? MAX(*to, item.start + item.duration) : item.start + item.duration;
        found = TRUE;
    }
    if (found) return TRUE;
    if (!topmost(d, &item)) return FALSE;
    *from = item.start;
    *to = item.start + item.duration;
    return TRUE;
}

gboolean kerf_match_frame(KerfDocument *d)
{
    const kf_film_handle *film = kerf_document_film(d);
    kf_timeline_item item;
    kf_asset_info asset;
    if (!topmost(d, &item) || item.source != KF_TIMELINE_ASSET || !kf_film_asset(film, item.source_index, &asset)) {
        kerf_document_say(d, FALSE, "There is no clip of media at the playhead");
        return FALSE;
    }
    const KerfSource *old = kerf_document_source(d);
    KerfSource source = {.uid = asset.uid, .in = KF_TIME_NONE, .out = KF_TIME_NONE};
    if (old->uid == asset.uid && !old->sequence) source = *old;
    source.position = kf_timeline_source_time(film, &item, kerf_document_playhead(d));
    kerf_document_set_source(d, &source);
    return TRUE;
}

/* ---- Putting in ---- */

/* Points that are given; KF_TIME_NONE: not. */
typedef struct Points {
    kf_time at, until, in, out;
} Points;

/* Of the source; KF_TIME_NONE: not known here, the edit looks. */
static kf_time end_of(KerfDocument *d, const KerfSource *source)
{
    const kf_sequence_info *shown = kerf_deck_info(kerf_deck_source(d));
    const kf_film_handle *film = kerf_document_film(d);
    kf_sequence_info sequence = {0};
    kf_asset_info asset = {0};
    if (shown->uid == source->uid && shown->duration > 0) return shown->duration;
    if (source->sequence) {
        kf_film_sequence(film, kf_film_sequence_index(film, source->uid), &sequence);
        return sequence.duration;
    }
    kf_film_asset(film, kf_film_asset_index(film, source->uid), &asset);
    return asset.duration > 0 ? asset.duration : KF_TIME_NONE;
}

static Points points_of(KerfDocument *d, const KerfSource *source)
{
    const kf_sequence_info *s = kerf_document_sequence_info(d);
    const gboolean in = source->in != KF_TIME_NONE, out = source->out != KF_TIME_NONE;
    const gboolean at = s->mark_in != KF_TIME_NONE, until = s->mark_out != KF_TIME_NONE;
    const kf_time end = end_of(d, source);
    Points p = {at ? s->mark_in : kerf_document_playhead(d), KF_TIME_NONE, in ? source->in : 0, out ? source->out : end};
    if (at && until && !(in && out)) { /* the sequence says how long */
        p.until = s->mark_out;
        *(out ? &p.in : &p.out) = KF_TIME_NONE;
    } else if (!at && until && in && out) { /* back from its end */
        p.until = s->mark_out;
        p.at = KF_TIME_NONE;
    }
    return p;
}

/* Clips end on frames of the sequence, also where the source has others: the nearest length that the source has. */
static void fit_to_frames(const kf_sequence_info *s, Points *p, kf_time end)
{
    if (p->at == KF_TIME_NONE || p->in == KF_TIME_NONE || p->out == KF_TIME_NONE || p->until != KF_TIME_NONE) return;
    const gint64 frame = kf_sequence_frame(s, p->at);
    const kf_time start = kf_sequence_frame_time(s, frame), half = kf_sequence_frame_time(s, 1) / 2;
    const gint64 frames = MAX(kf_sequence_frame(s, p->out - p->in + half), 1);
    p->out = p->in + kf_sequence_frame_time(s, frame + frames) - start;
    if (end != KF_TIME_NONE && p->out > end && frames > 1) p->out = p->in + kf_sequence_frame_time(s, frame + frames - 1) - start;
}

static void append_time(GString *out, const char *name, kf_time t)
{
    if (t != KF_TIME_NONE) g_string_append_printf(out, ", \"%s\": %s", name, kerf_json_time(t).text);
}

/* "asset": id, or a clip that is a nested sequence; new. NULL: it is gone. */
static char *source_text(KerfDocument *d, const KerfSource *source)
{
    const kf_film_handle *film = kerf_document_film(d);
    kf_sequence_info sequence;
    kf_asset_info asset;
    if (source->sequence && kf_film_sequence(film, kf_film_sequence_index(film, source->uid), &sequence)) {
        g_autofree char *id = kerf_json_quote(sequence.id);
        return g_strdup_printf("\"clip\": {\"sequence\": %s}", id);
    }
    if (source->sequence || !kf_film_asset(film, kf_film_asset_index(film, source->uid), &asset)) return NULL;
    g_autofree char *id = kerf_json_quote(asset.id);
    g_autofree char *tracks = kerf_document_targets(d, !asset.known || asset.video, asset.known && asset.audio && !asset.still);
    return g_strdup_printf("\"asset\": %s, %s", id, tracks);
}

static void go_after_created(KerfDocument *d)
{
    size_t count;
    const uint64_t *ids = kerf_document_created(d, &count);
    kf_timeline_item item;
    kf_time end = 0;
    for (size_t i = 0; i < count; i++) {
        if (!kerf_document_find(d, ids[i], &item) || item.kind != KF_TIMELINE_CLIP) continue;
        if (i == 0 || item.start + item.duration < end) end = item.start + item.duration;
    }
    if (end > 0) kerf_document_seek(d, end);
}

void kerf_three_point(KerfDocument *d, const KerfSource *source, const char *operation, const char *label)
{
    g_autofree char *what = source_text(d, source);
    if (!what) {
        kerf_document_say(d, TRUE, "That is not in the project any more");
        return;
    }
    Points p = points_of(d, source);
    fit_to_frames(kerf_document_sequence_info(d), &p, end_of(d, source));
    g_autofree char *id = kerf_json_quote(kerf_document_sequence_info(d)->id);
    GString *rest = g_string_new(NULL);
    g_string_append_printf(rest, "\"sequence\": %s, %s", id, what);
    append_time(rest, "at", p.at);
    append_time(rest, "until", p.until);
    append_time(rest, "in", p.in);
    append_time(rest, "out", p.out);
    if (kerf_document_edit(d, label, kerf_json_operation(operation, "%s", rest->str))) go_after_created(d);
    g_string_free(rest, TRUE);
}
