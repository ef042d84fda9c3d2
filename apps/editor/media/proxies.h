/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Proxies of a document's assets: made by the worker, noted in the project when they are there. */
#ifndef KERF_EDITOR_MEDIA_PROXIES_H
#define KERF_EDITOR_MEDIA_PROXIES_H

#include "document.h"
#include "workers.h"

/* Begins a proxy of an asset's file; when it is ready the asset uses it. What fails is told by the document's message. */
void kerf_make_proxy(KerfDocument *document, KerfWorker *worker, const char *asset, const char *file);

#endif
