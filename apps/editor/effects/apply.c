/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply.h"

#include <string.h>

#include "inspector/targets.h"
#include "text.h"

/* ---- Effects ---- */

static void add_effect(KerfDocument *document, const kf_catalog_kind *kind)
{
    KerfTargets *targets = kerf_targets_new(document);
    const gboolean audio = kind->type == KF_CATALOG_AUDIO_EFFECT;
    g_autofree char *json = g_strdup_printf("{\"effect\": \"%s\"}", kind->name);
    g_autofree char *label = g_strdup_printf("Add %s", kind->label);
    char *operations = kerf_targets_op_add_effect(targets, audio, json);
    if (*operations) {
        kerf_document_edit(document, label, operations);
    } else {
        g_free(operations);
        kerf_document_say(document, FALSE,
                          audio ? "Select a clip for %s first." : "Select a clip with a picture for %s first.",
                          kind->label);
    }
    kerf_targets_free(targets);
}

/* ---- Transitions ---- */

static gboolean is_picture(KerfDocument *document, const kf_timeline_item *item)
{
    kf_track_info track;
    return item->kind == KF_TIMELINE_CLIP &&
           kf_film_track(kerf_document_film(document), item->sequence, item->track, &track) && !track.audio;
}

/* At the end of each selected clip that is nearer to the playhead. */
static char *at_selected(KerfDocument *document, const kf_catalog_kind *kind)
{
    GString *out = g_string_new(NULL);
    size_t count;
    const uint64_t *ids = kerf_document_selection(document, &count);
    const kf_time playhead = kerf_document_playhead(document);
    for (size_t i = 0; i < count; i++) {
        kf_timeline_item item;
        if (!kerf_document_find(document, ids[i], &item) || !is_picture(document, &item)) continue;
        const gboolean head = playhead < item.start + item.duration / 2;
        g_string_append_printf(out, "{\"op\": \"add_transition\", \"clip\": %" G_GUINT64_FORMAT
                                    ", \"edge\": \"%s\", \"transition\": \"%s\"}\n",
                               (guint64)ids[i], head ? "head" : "tail", kind->name);
    }
    return g_string_free(out, FALSE);
}

/* The clip whose end, head or tail, is a cut nearest to the playhead, on the lowest video track that has one. */
static char *at_playhead(KerfDocument *document, const kf_catalog_kind *kind)
{
    const kf_film_handle *film = kerf_document_film(document);
    const int32_t sequence = kerf_document_sequence(document);
    const kf_time playhead = kerf_document_playhead(document);
    kf_track_info track;
    kf_timeline_item item;
    for (int32_t i = 0; kf_film_track(film, sequence, i, &track); i++) {
        if (track.audio || !kf_timeline_at(film, sequence, i, playhead, &item) || item.kind != KF_TIMELINE_CLIP)
            continue;
        const gboolean head = playhead < item.start + item.duration / 2;
        return kerf_json_operation("add_transition",
                                   "\"clip\": %" G_GUINT64_FORMAT ", \"edge\": \"%s\", \"transition\": \"%s\"",
                                   (guint64)item.id, head ? "head" : "tail", kind->name);
    }
    return g_strdup("");
}

static void add_transition(KerfDocument *document, const kf_catalog_kind *kind)
{
    g_autofree char *label = g_strdup_printf("Add %s", kind->label);
    char *operations = at_selected(document, kind);
    if (!*operations) {
        g_free(operations);
        operations = at_playhead(document, kind);
    }
    if (*operations) {
        kerf_document_edit(document, label, operations);
    } else {
        g_free(operations);
        kerf_document_say(document, FALSE, "Select a clip, or go to a cut, for %s.", kind->label);
    }
}

/* ---- Generators ---- */

static bool is_clip(void *context, const kf_timeline_item *item)
{
    *(gboolean *)context = item->kind == KF_TIMELINE_CLIP;
    return item->kind != KF_TIMELINE_CLIP;
}

/* The lowest track of its kind that is free over the time, pictures above all that lie there; *count: tracks of its
 * kind. -1: there is none. */
static int32_t free_track(KerfDocument *document, gboolean audio, kf_time from, kf_time to, int32_t *count)
{
    const kf_film_handle *film = kerf_document_film(document);
    kf_track_info track;
    int32_t found = -1;
    *count = 0;
    for (int32_t i = 0; kf_film_track(film, kerf_document_sequence(document), i, &track); i++) {
        const kf_timeline_range range = {
            .sequence = kerf_document_sequence(document), .track = i, .from = from, .to = to};
        gboolean taken = FALSE;
        if (track.audio != audio) continue;
        *count = track.number;
        kf_timeline_each(film, &range, is_clip, &taken);
        if (taken || track.lock) {
            found = audio ? found : -1;
        } else if (found < 0) {
            found = track.number;
        }
    }
    return found;
}

static void put_generator(KerfDocument *document, const kf_catalog_kind *kind)
{
    const gboolean audio = strcmp(kind->category, "Sound") == 0;
    const kf_time at = kerf_document_playhead(document), length = 5 * KF_SECOND;
    const char *sequence = kerf_document_sequence_info(document)->id;
    int32_t count, track = free_track(document, audio, at, at + length, &count);
    g_autofree char *id = kerf_json_quote(sequence);
    g_autofree char *label = g_strdup_printf("Add %s", kind->label);
    GString *out = g_string_new(NULL);
    if (track < 0) {
        track = count + 1;
        g_string_append_printf(out, "{\"op\": \"add_track\", \"sequence\": %s, \"kind\": \"%s\"}\n", id,
                               audio ? "audio" : "video");
    }
    g_string_append_printf(out, "{\"op\": \"overwrite\", \"sequence\": %s, \"track\": \"%c%d\", \"at\": %s, "
                                "\"clip\": {\"generator\": \"%s\", \"duration\": 5}}\n",
                           id, audio ? 'A' : 'V', track, kerf_json_time(at).text, kind->name);
    if (!kerf_document_edit(document, label, g_string_free(out, FALSE))) return;
    size_t made;
    const uint64_t *ids = kerf_document_created(document, &made);
    if (made) kerf_document_select(document, ids + made - 1, 1);
}

void kerf_effects_apply(KerfDocument *document, const kf_catalog_kind *kind)
{
    switch (kind->type) {
    case KF_CATALOG_TRANSITION:
        add_transition(document, kind);
        break;
    case KF_CATALOG_GENERATOR:
        put_generator(document, kind);
        break;
    default:
        add_effect(document, kind);
        break;
    }
}
