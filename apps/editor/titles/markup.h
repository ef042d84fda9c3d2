/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Styled text between a GtkTextBuffer, whose parts have tags, and the markup that a title holds: weight, slant, underline,
 * strike-through, colour, size and family of parts. */
#ifndef KERF_EDITOR_MARKUP_H
#define KERF_EDITOR_MARKUP_H

#include <gtk/gtk.h>

typedef enum KerfTextStyle { KERF_TEXT_BOLD, KERF_TEXT_ITALIC, KERF_TEXT_UNDERLINE, KERF_TEXT_STRIKE, KERF_TEXT_STYLES } KerfTextStyle;

/* Fills a buffer. FALSE: the markup holds more than can be shown here; then it stands there as it is written. */
gboolean kerf_markup_load(GtkTextBuffer *buffer, const char *text, gboolean markup);
/* What to store. *markup FALSE: it is plain text, nothing has a style. New. */
char *kerf_markup_save(GtkTextBuffer *buffer, gboolean *markup);
/* Text without its markup; new. */
char *kerf_markup_plain(const char *text, gboolean markup);

/* Of the selection, or of all if nothing is selected: on, unless all of it is. */
void kerf_markup_toggle(GtkTextBuffer *buffer, KerfTextStyle style);
void kerf_markup_color(GtkTextBuffer *buffer, const GdkRGBA *color);
/* Percent of the title's size. */
void kerf_markup_size(GtkTextBuffer *buffer, int percent);
void kerf_markup_clear(GtkTextBuffer *buffer);

#endif
