/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An effect, transition or generator in the browser's list. */
#ifndef KERF_EDITOR_EFFECTS_ITEM_H
#define KERF_EDITOR_EFFECTS_ITEM_H

#include <gdk/gdk.h>

#include "kerf/catalog.h"

#define KERF_TYPE_EFFECT_ITEM (kerf_effect_item_get_type())
G_DECLARE_FINAL_TYPE(KerfEffectItem, kerf_effect_item, KERF, EFFECT_ITEM, GObject)

const kf_catalog_kind *kerf_effect_item_kind(KerfEffectItem *item);
const char *kerf_effect_item_icon(KerfEffectItem *item);
/* A small picture of what it does; NULL: none (yet). Property "preview". */
GdkTexture *kerf_effect_item_preview(KerfEffectItem *item);
void kerf_effect_item_set_preview(KerfEffectItem *item, GdkTexture *preview);
/* Whether all words of a search are in its name, category or help; "" finds all. */
gboolean kerf_effect_item_matches(KerfEffectItem *item, const char *search);
/* All of them, by type and category. */
GListStore *kerf_effect_items_new(void);

#endif
