/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that draw with Pango share. */
#ifndef KF_TEXT_PANGO_H
#define KF_TEXT_PANGO_H

#include <pango/pangocairo.h>

#include "text/private.h"

struct kf_text_context {
    struct _FcConfig *config;
    PangoFontMap *map;
    PangoContext *pango;
    char **font_files; /* copies, NULL-terminated, for libass */
};

/* Description from `font` (NULL: "Sans") without a size; pango_font_description_free it. */
PangoFontDescription *kf_text_description(kf_text_context *context, const char *font);
/* Adds the first family of `families` (comma list) to the report if it is not installed. */
void kf_text_report_families(kf_text_context *context, const char *families, kf_text_report *report);

#endif
