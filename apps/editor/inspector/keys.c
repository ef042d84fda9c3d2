/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keys.h"

#include "text.h"

void kerf_keys_read(KerfKeys *keys, KerfTargets *targets, const KerfParam *param)
{
    kf_key_info key;
    g_array_set_size(keys, 0);
    for (int32_t i = 0; kerf_targets_key(targets, param, i, &key); i++) {
        g_array_append_val(keys, key);
    }
}

static void add_way(GString *out, const kf_key_info *key)
{
    if (key->interp == KF_KEY_HOLD) g_string_append(out, ", \"interp\": \"hold\"");
    if (key->interp != KF_KEY_BEZIER) return;
    g_string_append(out, ", \"interp\": \"bezier\", \"bezier\": [");
    for (int i = 0; i < 4; i++) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(out, "%s%s", i ? "," : "", g_ascii_formatd(text, sizeof text, "%.6g", key->bezier[i]));
    }
    g_string_append_c(out, ']');
}

char *kerf_keys_json(KerfKeys *keys, const KerfParam *param, int moved)
{
    GString *out = g_string_new("{\"keys\": [");
    const kf_time taken = moved >= 0 ? kerf_key_at(keys, moved)->time : KF_TIME_NONE;
    const char *comma = "";
    for (guint i = 0; i < keys->len; i++) {
        const kf_key_info *key = kerf_key_at(keys, (int)i);
        if ((int)i != moved && key->time == taken) continue;
        g_autofree char *value = kerf_param_value(param, key->value);
        g_string_append_printf(out, "%s{\"t\": %s, \"v\": %s", comma, kerf_json_time(key->time).text, value);
        add_way(out, key);
        g_string_append_c(out, '}');
        comma = ", ";
    }
    g_string_append(out, "]}");
    return g_string_free(out, FALSE);
}

int kerf_keys_beside(KerfKeys *keys, kf_time time, int direction)
{
    int found = -1;
    for (int i = 0; i < (int)keys->len; i++) {
        const kf_time at = kerf_key_at(keys, i)->time;
        if (direction < 0 && at < time) found = i;
        if (direction > 0 && at > time) return i;
    }
    return found;
}

/* Coordinate at s of a cubic from 0 to 1. */
static double cubic(double a, double b, double s)
{
    return 3 * s * (1 - s) * (1 - s) * a + 3 * s * s * (1 - s) * b + s * s * s;
}

static double ease(const double bezier[4], double part)
{
    double low = 0, high = 1;
    for (int i = 0; i < 40; i++) {
        const double s = (low + high) / 2;
        *(cubic(bezier[0], bezier[2], s) > part ? &high : &low) = s;
    }
    return cubic(bezier[1], bezier[3], low);
}

double kerf_key_between(const kf_key_info *from, const kf_key_info *to, double part, int number)
{
    const double way = from->interp == KF_KEY_HOLD     ? 0
                       : from->interp == KF_KEY_BEZIER ? ease(from->bezier, part)
                                                       : part;
    return from->value[number] + (to->value[number] - from->value[number]) * way;
}
