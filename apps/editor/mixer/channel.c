/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "channel.h"

#include "text.h"

kf_param_place kerf_channel_place(const KerfChannel *c, kf_param_group group, int32_t index)
{
    return (kf_param_place){
        .sequence = kerf_document_sequence(c->document), .track = c->index, .group = group, .index = index};
}

kf_param_now kerf_channel_read(const KerfChannel *c, const kf_param_place *place, const char *param)
{
    kf_param_now now = {.text = ""};
    kf_film_param(kerf_document_film(c->document), place, param, kerf_document_playhead(c->document), &now);
    return now;
}

/* ---- Operations ---- */

char *kerf_channel_op(const KerfChannel *c, const char *op, const char *rest)
{
    g_autofree char *sequence = kerf_json_quote(kerf_document_sequence_info(c->document)->id);
    if (!c->track) return kerf_json_operation(op, "\"sequence\": %s, %s", sequence, rest);
    return kerf_json_operation(op, "\"sequence\": %s, \"track\": \"#%" G_GUINT64_FORMAT "\", %s", sequence,
                               (guint64)c->track, rest);
}

static char *op_key(const KerfChannel *c, int32_t effect, const char *param, const char *value)
{
    const KerfTimeText at = kerf_json_time(kerf_document_playhead(c->document));
    g_autofree char *rest =
        g_strdup_printf("\"effect\": %d, \"field\": \"%s\", \"at\": %s, \"value\": %s", effect, param, at.text, value);
    return kerf_channel_op(c, "set_key", rest);
}

static gboolean is_keyed(const KerfChannel *c, const kf_param_place *place, const char *param)
{
    return c->track && kerf_channel_read(c, place, param).keys > 0;
}

char *kerf_channel_op_number(const KerfChannel *c, const char *param, double value)
{
    const kf_param_place place = kerf_channel_place(c, KF_PARAMS_AUDIO, 0);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.4f", value);
    if (is_keyed(c, &place, param)) return op_key(c, -1, param, number);
    g_autofree char *rest = g_strdup_printf("\"set\": {\"%s\": %s}", param, number);
    return kerf_channel_op(c, c->track ? "set_track" : "set_sequence", rest);
}

char *kerf_channel_op_effect(const KerfChannel *c, int32_t index, const char *param, const char *value)
{
    const kf_param_place place = kerf_channel_place(c, KF_PARAMS_AUDIO_EFFECT, index);
    if (is_keyed(c, &place, param)) return op_key(c, c->picture_effects + index, param, value);
    g_autofree char *rest =
        g_strdup_printf("\"index\": %d, \"set\": {\"%s\": %s}", c->picture_effects + index, param, value);
    return kerf_channel_op(c, "set_effect", rest);
}

/* ---- Edits ---- */

void kerf_channel_edit(const KerfChannel *c, KerfPhase phase, const char *label, char *operation)
{
    switch (phase) {
    case KERF_PHASE_BEGIN: kerf_document_gesture_begin(c->document); return;
    case KERF_PHASE_UPDATE: kerf_document_gesture_update(c->document, operation, NULL); return;
    case KERF_PHASE_COMMIT: kerf_document_gesture_commit(c->document, label); return;
    case KERF_PHASE_CANCEL: kerf_document_gesture_cancel(c->document); return;
    case KERF_PHASE_ONCE: kerf_document_edit(c->document, label, operation); return;
    }
}
