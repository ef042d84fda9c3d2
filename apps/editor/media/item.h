/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One entry of the media panel: a bin, an asset or a sequence, and the tree of them that follows a document. */
#ifndef KERF_EDITOR_MEDIA_ITEM_H
#define KERF_EDITOR_MEDIA_ITEM_H

#include <gio/gio.h>

#include "document.h"
#include "workers.h"

typedef enum KerfMediaKind { KERF_MEDIA_BIN, KERF_MEDIA_SEQUENCE, KERF_MEDIA_ASSET } KerfMediaKind;

#define KERF_TYPE_MEDIA_ITEM (kerf_media_item_get_type())
G_DECLARE_FINAL_TYPE(KerfMediaItem, kerf_media_item, KERF, MEDIA_ITEM, GObject)

/* Signal "updated": something of it is another. */
struct _KerfMediaItem {
    GObject parent;
    KerfMediaKind kind;
    uint64_t uid, version;    /* of an asset or sequence */
    uint64_t key;             /* of both: an asset and a sequence may have the same uid */
    char *id, *name, *bin;    /* bin: path of the one it is in, or of a bin its own path */
    char *file;               /* of an asset: to open it by; NULL: none */
    kf_asset_info asset;      /* numbers only: its texts are not kept */
    kf_sequence_info sequence; /* the same */
    char *label, *proxy_state;
    int uses;
    gboolean missing;         /* the worker cannot read the file */
    char *problem;            /* why, or NULL */
    char *codec;              /* once it is known */
    GListStore *children;     /* of a bin */
};

void kerf_media_item_updated(KerfMediaItem *item);

/* The tree. Its top level, and "children" of bins, are GListStores of items that stay the same objects for as long as the
 * thing is in the film. */
typedef struct KerfMediaTree KerfMediaTree;
KerfMediaTree *kerf_media_tree_new(KerfDocument *document, KerfWorker *worker);
void kerf_media_tree_free(KerfMediaTree *tree);
GListModel *kerf_media_tree_top(KerfMediaTree *tree);
/* All assets and sequences in one list, for searching; and with the bins, which come first. Borrowed. */
GListModel *kerf_media_tree_all(KerfMediaTree *tree);
GListModel *kerf_media_tree_everything(KerfMediaTree *tree);

#endif
