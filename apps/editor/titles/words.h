/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of a title, with styles for parts of them. What is typed shows at once; it is one step of history when typing rests
 * or the focus goes elsewhere. */
#ifndef KERF_EDITOR_WORDS_H
#define KERF_EDITOR_WORDS_H

#include "document.h"

#include <gtk/gtk.h>

#define KERF_TYPE_WORDS (kerf_words_get_type())
G_DECLARE_FINAL_TYPE(KerfWords, kerf_words, KERF, WORDS, GtkWidget)

GtkWidget *kerf_words_new(KerfDocument *document);
/* Shows a title's; 0: none. Not what is being typed. */
void kerf_words_show(KerfWords *words, uint64_t title);
/* Puts the cursor into the text and selects all of it. */
void kerf_words_begin(KerfWords *words);

#endif
