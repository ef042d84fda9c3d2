/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bringing files into a project: folders are walked and files looked at in the background; what is media becomes one edit. */
#ifndef KERF_EDITOR_MEDIA_IMPORT_H
#define KERF_EDITOR_MEDIA_IMPORT_H

#include "document.h"
#include "workers.h"

/* Imports files and all that is in folders into a bin ("": the top). Several imports may be under way. What is no media is
 * left out, and told by the document's message. Files that the project has already are not added again. */
void kerf_import(KerfDocument *document, KerfWorker *worker, const char *const *paths, const char *bin);
/* The operation that adds a file of which all is known, and the id that it gives; both new. */
char *kerf_import_operation(KerfDocument *document, const char *path, const char *bin, const kf_media_summary *facts, char **id);
/* Progress of the imports of a document, 0..1; negative: none is under way. Cancelling keeps nothing of them. */
double kerf_import_progress(KerfDocument *document);
void kerf_import_cancel(KerfDocument *document);

#endif
