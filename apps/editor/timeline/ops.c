/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ops.h"

char *kt_ops_join(char *one, char *two)
{
    if (!one || !two) return one ? one : two;
    char *both = g_strconcat(one, two, NULL);
    g_free(one);
    g_free(two);
    return both;
}

kt_number kt_ops_number(double value)
{
    kt_number out;
    g_ascii_formatd(out.text, sizeof out.text, "%.9g", value);
    return out;
}

char *kt_ops_trim(const kt_trim_ops *t)
{
    g_autofree char *ids = kerf_json_ids(t->with, t->with_count);
    g_autofree char *with = t->with_count ? g_strdup_printf(", \"with\": %s", ids) : g_strdup("");
    return kerf_json_operation(
        "trim", "\"clip\": " KT_ID ", \"edge\": \"%s\", \"by\": %s, \"ripple\": %s, \"linked\": %s%s", t->clip,
        t->head ? "head" : "tail", kerf_json_time(t->by).text, t->ripple ? "true" : "false", t->linked, with);
}

char *kt_ops_roll(uint64_t clip, kf_time by, const char *linked)
{
    return kerf_json_operation("roll", "\"clip\": " KT_ID ", \"by\": %s, \"linked\": %s", clip, kerf_json_time(by).text,
                               linked);
}

char *kt_ops_slip(uint64_t clip, kf_time by, const char *linked)
{
    return kerf_json_operation("slip", "\"clip\": " KT_ID ", \"by\": %s, \"linked\": %s", clip, kerf_json_time(by).text,
                               linked);
}

char *kt_ops_slide(uint64_t clip, kf_time by, const char *linked)
{
    return kerf_json_operation("slide", "\"clip\": " KT_ID ", \"by\": %s, \"linked\": %s", clip,
                               kerf_json_time(by).text, linked);
}

char *kt_ops_razor(const char *sequence, kf_time at, const char *tracks)
{
    g_autofree char *name = kerf_json_quote(sequence), *list = kerf_json_quote(tracks);
    return kerf_json_operation("razor", "\"sequence\": %s, \"at\": %s, \"tracks\": %s", name, kerf_json_time(at).text,
                               list);
}

char *kt_ops_set_clips(const uint64_t *ids, size_t count, const char *key, const char *json)
{
    g_autofree char *list = kerf_json_ids(ids, count);
    return kerf_json_operation("set_clip", "\"clips\": %s, \"set\": {\"%s\": %s}", list, key, json);
}

char *kt_ops_move(const kt_move_ops *move)
{
    g_autofree char *ids = kerf_json_ids(move->ids, move->count);
    char track[48] = "";
    if (move->track) g_snprintf(track, sizeof track, ", \"track\": \"#" KT_ID "\"", move->track);
    return kerf_json_operation("move", "\"clips\": %s, \"by\": %s, \"mode\": \"%s\", \"copy\": %s, \"linked\": %s%s",
                               ids, kerf_json_time(move->by).text, move->insert ? "insert" : "overwrite",
                               move->copy ? "true" : "false", move->linked, track);
}
