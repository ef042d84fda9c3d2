/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was replaced while drawing, in words. */
#include <stdio.h>

#include "base/api/str.h"
#include "text/private.h"

void kf_text_report_glyph(kf_text_report *report, uint32_t code_point)
{
    report->missing_glyph_count++;
    for (int i = 0; i < report->missing_glyph_kinds; i++) {
        if (report->missing_glyphs[i] == code_point) return;
    }
    if (report->missing_glyph_kinds < KF_TEXT_REPORT_GLYPHS)
        report->missing_glyphs[report->missing_glyph_kinds++] = code_point;
}

void kf_text_report_message(const kf_text_report *report, char *buffer, size_t size)
{
    kf_str s = {0};
    for (int i = 0; i < report->missing_font_count; i++) {
        const char *fallback = report->missing_fonts[i].fallback;
        kf_str_addf(&s, "%sfont \"%s\" is not installed, ", s.length ? "; " : "", report->missing_fonts[i].wanted);
        if (*fallback) kf_str_addf(&s, "using \"%s\"", fallback);
        else kf_str_add(&s, "and there is no other");
    }
    if (report->missing_glyph_kinds) kf_str_addf(&s, "%sno font has", s.length ? "; " : "");
    for (int i = 0; i < report->missing_glyph_kinds; i++) {
        kf_str_addf(&s, "%s U+%04X", i ? "," : "", (unsigned)report->missing_glyphs[i]);
    }
    if (size) snprintf(buffer, size, "%s", s.data ? s.data : "");
    kf_str_finish(&s);
}
