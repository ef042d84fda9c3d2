/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed_time.h"

#include <string.h>

enum { FIELDS = 4 };          /* hours, minutes, seconds, frames */

static int nominal_rate(const kf_sequence_info *s)
{
    return s->rate.den > 0 ? (s->rate.num + s->rate.den / 2) / s->rate.den : 25;
}

/* "1200" and "1:2." into fields from the right. FALSE if it is neither digits nor fields. */
static gboolean read_fields(const char *text, gint64 fields[FIELDS])
{
    gint64 given[FIELDS] = {0};
    int count = 0;
    const gboolean marked = strpbrk(text, ":;.,") != NULL;
    const size_t length = strlen(text);
    if (length == 0 || length > 11) return FALSE;
    for (const char *c = text; *c;) {
        size_t digits = strspn(c, "0123456789");
        /* without marks, fields have two digits, the first one what is left */
        if (!marked && length > 2) digits = (strlen(c) - 1) % 2 + 1;
        if (count == FIELDS || digits > 2 || (!marked && (digits == 0 || strspn(c, "0123456789") < digits))) return FALSE;
        for (size_t i = 0; i < digits; i++) given[count] = given[count] * 10 + (c[i] - '0');
        count++;
        c += digits;
        if (marked && *c && !strchr(":;.,", *c++)) return FALSE;
        if (marked && !*c && strchr(":;.,", c[-1]) && count < FIELDS) given[count++] = 0; /* "1." is "1:00" */
    }
    for (int i = 0; i < FIELDS; i++) fields[i] = i < FIELDS - count ? 0 : given[i - (FIELDS - count)];
    return TRUE;
}

static gint64 frames_of(const kf_sequence_info *s, const gint64 fields[FIELDS])
{
    return ((fields[0] * 60 + fields[1]) * 60 + fields[2]) * nominal_rate(s) + fields[3];
}

/* Fields that overflow carry over, and a label that drop-frame leaves out is the next one that is there. */
static gboolean label_time(const kf_sequence_info *s, const gint64 fields[FIELDS], kf_time *out)
{
    const gint64 rate = nominal_rate(s);
    for (gint64 i = 0; i <= 4; i++) {
        const gint64 n = frames_of(s, fields) + i;
        char text[48];
        g_snprintf(text, sizeof text, "%02d:%02d:%02d%c%02d", (int)(n / rate / 3600), (int)(n / rate / 60 % 60),
                   (int)(n / rate % 60), s->drop_frame ? ';' : ':', (int)(n % rate));
        if (kf_sequence_parse_time(s, text, out, NULL) == KF_OK) return TRUE;
    }
    return FALSE;
}

gboolean kerf_typed_time(const kf_sequence_info *s, const char *typed, kf_time now, kf_time *out)
{
    g_autofree char *text = g_strstrip(g_strdup(typed));
    gint64 fields[FIELDS];
    if (*text == '+' || *text == '-') {
        if (!read_fields(text + 1, fields)) return FALSE;
        const gint64 by = frames_of(s, fields), frame = kf_sequence_frame(s, now) + (*text == '-' ? -by : by);
        *out = kf_sequence_frame_time(s, MAX(frame, 0));
        return TRUE;
    }
    if (read_fields(text, fields)) return label_time(s, fields, out);
    return kf_sequence_parse_time(s, text, out, NULL) == KF_OK;
}
