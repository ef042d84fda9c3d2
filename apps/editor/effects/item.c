/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "item.h"

#include <string.h>

struct _KerfEffectItem {
    GObject parent;
    kf_catalog_kind kind;
    char *words;              /* to search in, case-folded */
    GdkTexture *preview;
};

enum { PREVIEW = 1, PROPERTIES };
static GParamSpec *properties[PROPERTIES];

G_DEFINE_FINAL_TYPE(KerfEffectItem, kerf_effect_item, G_TYPE_OBJECT)

static void finalize(GObject *object)
{
    g_free(KERF_EFFECT_ITEM(object)->words);
    g_clear_object(&KERF_EFFECT_ITEM(object)->preview);
    G_OBJECT_CLASS(kerf_effect_item_parent_class)->finalize(object);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    g_value_set_object(value, KERF_EFFECT_ITEM(object)->preview);
}

static void kerf_effect_item_class_init(KerfEffectItemClass *class)
{
    GObjectClass *object = G_OBJECT_CLASS(class);
    object->finalize = finalize;
    object->get_property = get_property;
    properties[PREVIEW] = g_param_spec_object("preview", NULL, NULL, GDK_TYPE_TEXTURE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties(object, PROPERTIES, properties);
}

static void kerf_effect_item_init(KerfEffectItem *item) {}

const kf_catalog_kind *kerf_effect_item_kind(KerfEffectItem *item) { return &item->kind; }

GdkTexture *kerf_effect_item_preview(KerfEffectItem *item) { return item->preview; }

void kerf_effect_item_set_preview(KerfEffectItem *item, GdkTexture *preview)
{
    if (g_set_object(&item->preview, preview)) g_object_notify_by_pspec(G_OBJECT(item), properties[PREVIEW]);
}

const char *kerf_effect_item_icon(KerfEffectItem *item)
{
    static const struct { kf_catalog_type type; const char *category, *icon;
    } icons[] = {{KF_CATALOG_VIDEO_EFFECT, "Place", "kerf-fx-place-symbolic"},
                 {KF_CATALOG_VIDEO_EFFECT, "Colour", "kerf-fx-colour-symbolic"},
                 {KF_CATALOG_VIDEO_EFFECT, "Blur", "kerf-fx-blur-symbolic"},
                 {KF_CATALOG_VIDEO_EFFECT, "Key", "kerf-fx-key-symbolic"},
                 {KF_CATALOG_VIDEO_EFFECT, "Stylise", "kerf-fx-stylise-symbolic"},
                 {KF_CATALOG_AUDIO_EFFECT, "Level", "kerf-fx-level-symbolic"},
                 {KF_CATALOG_AUDIO_EFFECT, "Tone", "kerf-fx-tone-symbolic"},
                 {KF_CATALOG_AUDIO_EFFECT, "Dynamics", "kerf-fx-dynamics-symbolic"},
                 {KF_CATALOG_AUDIO_EFFECT, "Space", "kerf-fx-space-symbolic"},
                 {KF_CATALOG_TRANSITION, "Dissolve", "kerf-tr-dissolve-symbolic"},
                 {KF_CATALOG_TRANSITION, "Wipe", "kerf-tr-wipe-symbolic"},
                 {KF_CATALOG_TRANSITION, "Move", "kerf-tr-move-symbolic"},
                 {KF_CATALOG_GENERATOR, "Picture", "kerf-gen-picture-symbolic"},
                 {KF_CATALOG_GENERATOR, "Text", "kerf-gen-text-symbolic"},
                 {KF_CATALOG_GENERATOR, "Test", "kerf-gen-test-symbolic"},
                 {KF_CATALOG_GENERATOR, "Sound", "kerf-gen-sound-symbolic"}};
    for (size_t i = 0; i < G_N_ELEMENTS(icons); i++) {
        if (icons[i].type == item->kind.type && strcmp(icons[i].category, item->kind.category) == 0)
            return icons[i].icon;
    }
    return "kerf-effects-symbolic";
}

gboolean kerf_effect_item_matches(KerfEffectItem *item, const char *search)
{
    g_autofree char *folded = g_utf8_casefold(search, -1);
    g_auto(GStrv) words = g_strsplit_set(folded, " \t", -1);
    for (char **word = words; *word; word++) {
        if (!strstr(item->words, *word)) return FALSE;
    }
    return TRUE;
}

static KerfEffectItem *new_item(const kf_catalog_kind *kind)
{
    KerfEffectItem *item = g_object_new(KERF_TYPE_EFFECT_ITEM, NULL);
    g_autofree char *words = g_strjoin(" ", kind->label, kind->name, kind->category, kind->help, NULL);
    item->kind = *kind;
    item->words = g_utf8_casefold(words, -1);
    return item;
}

static int compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const kf_catalog_kind *x = &KERF_EFFECT_ITEM((gpointer)a)->kind, *y = &KERF_EFFECT_ITEM((gpointer)b)->kind;
    const int category = strcmp(x->category, y->category);
    if (x->type != y->type) return (int)x->type - (int)y->type;
    return category ? category : strcmp(x->label, y->label);
}

GListStore *kerf_effect_items_new(void)
{
    static const kf_catalog_type types[] = {KF_CATALOG_VIDEO_EFFECT, KF_CATALOG_AUDIO_EFFECT, KF_CATALOG_TRANSITION,
                                            KF_CATALOG_GENERATOR};
    GListStore *store = g_list_store_new(KERF_TYPE_EFFECT_ITEM);
    for (size_t t = 0; t < G_N_ELEMENTS(types); t++) {
        kf_catalog_kind kind;
        for (int32_t i = 0; kf_catalog_at(types[t], i, &kind); i++) {
            g_autoptr(KerfEffectItem) item = new_item(&kind);
            g_list_store_append(store, item);
        }
    }
    g_list_store_sort(store, compare, NULL);
    return store;
}
