/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text.h"

#include <stdarg.h>

char *kerf_json_quote(const char *text)
{
    if (!text) return g_strdup("null");
    GString *out = g_string_new("\"");
    for (const char *p = text; *p; p++) {
        const unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            g_string_append_c(out, '\\');
            g_string_append_c(out, (char)c);
        } else if (c < 0x20) {
            g_string_append_printf(out, "\\u%04x", c);
        } else {
            g_string_append_c(out, (char)c);
        }
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

KerfTimeText kerf_json_time(kf_time t)
{
    /* a flick is 1.417e-9 s: eleven decimals tell two of them apart */
    KerfTimeText out;
    const guint64 size = t < 0 ? 0 - (guint64)t : (guint64)t;
    const guint64 whole = size / (guint64)KF_SECOND, rest = size % (guint64)KF_SECOND;
    const guint64 unit = G_GUINT64_CONSTANT(100000000000);
    guint64 fraction = 0, left = rest;
    for (guint64 digit = unit / 10; digit > 0; digit /= 10) {
        left *= 10;
        fraction += left / (guint64)KF_SECOND * digit;
        left %= (guint64)KF_SECOND;
    }
    if (left * 2 >= (guint64)KF_SECOND) fraction++;
    g_snprintf(out.text, sizeof out.text, "%s%" G_GUINT64_FORMAT ".%011" G_GUINT64_FORMAT, t < 0 ? "-" : "",
               whole + fraction / unit, fraction % unit);
    return out;
}

char *kerf_json_operation(const char *name, const char *format, ...)
{
    GString *out = g_string_new("{\"op\": \"");
    g_string_append(out, name);
    g_string_append_c(out, '"');
    if (format) {
        va_list args;
        va_start(args, format);
        g_string_append(out, ", ");
        g_string_append_vprintf(out, format, args);
        va_end(args);
    }
    g_string_append(out, "}\n");
    return g_string_free(out, FALSE);
}

char *kerf_json_ids(const uint64_t *ids, size_t count)
{
    GString *out = g_string_new("[");
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, i ? "," : "", (guint64)ids[i]);
    }
    g_string_append_c(out, ']');
    return g_string_free(out, FALSE);
}

char *kerf_duration_text(kf_time t)
{
    const gint64 seconds = (t + KF_SECOND / 2) / KF_SECOND;
    if (seconds >= 3600) {
        return g_strdup_printf("%d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
    }
    return g_strdup_printf("%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}
