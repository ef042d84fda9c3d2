/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preview.h"

#include <glib/gstdio.h>
#include <string.h>

#include "kerf/kerf.h"

/* ---- What is shown ---- */

/* A landscape that has all that effects work on: bright and dark, colours, edges, a green field. */
#define SHAPE(kind, x, y, w, h, fill) \
    "{\"clips\":[{\"generator\":\"shape\",\"params\":{\"kind\":\"" kind "\",\"position\":[" x "," y "],\"size\":[" w \
    "," h "]," \
    "\"fill\":\"" fill "\"},\"duration\":4}]}"
#define SCENE(id, sky, light, sun, field) \
    "{\"id\":\"" id \
    "\",\"size\":[160,90],\"rate\":25,\"tracks\":[{\"clips\":[{\"generator\":\"gradient\",\"params\":{\"stops\":" \
    "[[0,\"" sky "\"],[1,\"" light \
    "\"]]},\"duration\":4}]}," SHAPE("ellipse", "116", "26", "26", "26", sun) "," SHAPE( \
        "ellipse", "40", "98", "150", "90", "#24405c") "," SHAPE("ellipse", "130", "108", "180", "90", field) "]}"
static const char scenes[] = SCENE("day", "#3c78c8", "#f4d8b0", "#fff4d0", "#00b200") ","
    SCENE("dusk", "#281848", "#e06848", "#ffd890", "#603078");

/* Where the defaults change nothing, or too much for so small a picture. */
static const struct { const char *name, *params;
} samples[] = {{"transform", "\"scale\":[0.65,0.65],\"rotation\":12"},
               {"brightness_contrast", "\"brightness\":0.1,\"contrast\":1.6"},
               {"saturation", "\"amount\":0"},
               {"exposure", "\"stops\":1.2"},
               {"white_balance", "\"temperature\":0.7"},
               {"gamma", "\"gamma\":2"},
               {"lift_gamma_gain", "\"lift\":[0,0.05,0.15,1],\"gain\":[1.2,1,0.75,1]"},
               {"curves", "\"master\":[[0,0],[0.3,0.1],[0.7,0.9],[1,1]]"},
               {"hue", "\"angle\":150"},
               {"levels", "\"in_black\":0.3,\"in_white\":0.8"},
               {"blur", "\"radius\":4"},
               {"directional_blur", "\"length\":26"},
               {"sharpen", "\"amount\":4"},
               {"vignette", "\"amount\":0.9"},
               {"luma_key", "\"lo\":0.45"},
               {"pixelate", "\"size\":10"},
               {"grain", "\"amount\":0.35"},
               {"glow", "\"radius\":8,\"amount\":1.5"},
               {"mask", "\"shape\":\"ellipse\",\"size\":[0.7,0.8],\"feather\":6"},
               {"title", "\"text\":\"Abc\",\"size\":36"},
               {"shape", "\"kind\":\"rounded\",\"size\":[90,50],\"radius\":10,\"fill\":\"#ffc978\""},
               {"gradient", "\"stops\":[[0,\"#3c78c8\"],[1,\"#f4d8b0\"]]"},
               {"solid", "\"color\":\"#b04848\""},
               {"noise", "\"size\":3"},
               {"wipe", "\"angle\":20"},
               {"drop_shadow", "\"offset\":[5,5],\"blur\":4"}};

static const char *sample_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        if (strcmp(samples[i].name, name) == 0) return samples[i].params;
    }
    return "";
}

/* The clips of a film that shows a kind at 1.2 s, which is past the middle of a transition; new. NULL: it has no
 * picture, or needs a file. */
static char *clips_of(const kf_catalog_kind *kind)
{
    const char *params = sample_of(kind->name), *comma = *params ? "," : "";
    if (strcmp(kind->name, "lut") == 0 || strcmp(kind->name, "subtitles") == 0 ||
        strcmp(kind->name, "luma_matte") == 0 || strcmp(kind->category, "Sound") == 0) {
        return NULL;
    }
    switch (kind->type) {
    case KF_CATALOG_VIDEO_EFFECT:
        return g_strdup_printf(
            "{\"sequence\":\"day\",\"duration\":2,\"effects\":[%s{\"effect\":\"%s\"%s%s}]}",
            strcmp(kind->name, "drop_shadow") == 0 ? "{\"effect\":\"transform\",\"scale\":[0.7,0.7]}," : "", kind->name,
            comma, params);
    case KF_CATALOG_TRANSITION:
        return g_strdup_printf("{\"sequence\":\"day\",\"duration\":1},{\"transition\":\"%s\",\"duration\":1%s%s},"
                               "{\"sequence\":\"dusk\",\"in\":1,\"duration\":1}", kind->name, comma, params);
    case KF_CATALOG_GENERATOR:
        return g_strdup_printf("{\"generator\":\"%s\",\"params\":{%s},\"duration\":2}", kind->name, params);
    default:
        return NULL;
    }
}

/* ---- Making ---- */

/* Where the pictures of this version are kept; new. */
static char *folder_of_cache(void)
{
    return g_build_filename(g_get_user_cache_dir(), "kerf", "effects-" G_STRINGIFY(KF_VERSION_MAJOR) "." G_STRINGIFY(
                            KF_VERSION_MINOR) "." G_STRINGIFY(KF_VERSION_PATCH), NULL);
}

static gboolean render(const char *clips, const char *path)
{
    g_autofree char *json = g_strdup_printf("{\"kerf\":1,\"main\":\"preview\",\"sequences\":[%s,{\"id\":\"preview\","
                                            "\"size\":[160,90],\"rate\":25,\"tracks\":"
                                            "[{\"clips\":[{\"generator\":\"solid\",\"params\":{\"color\":\"#303034\"},"
                                            "\"duration\":2}]},{\"clips\":[%s]}]}]}",
                                            scenes, clips);
    kf_render_params params = kf_render_params_default();
    kf_film_handle *film;
    kf_error error;
    params.overwrite = true;
    params.threads = 1;
    if (kf_film_open_json(json, strlen(json), "preview", "", &film, &error) != KF_OK) {
        g_warning("%s", error.message);
        return FALSE;
    }
    const kf_status status = kf_render_frame(film, KF_SECOND * 6 / 5, path, &params, &error);
    if (status != KF_OK) g_warning("%s", error.message);
    kf_film_close(film);
    return status == KF_OK;
}

static GdkTexture *picture_of(const kf_catalog_kind *kind, const char *folder)
{
    g_autofree char *name = g_strdup_printf("%d-%s.png", (int)kind->type, kind->name);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *clips = clips_of(kind);
    if (!clips || (g_access(path, R_OK) != 0 && !render(clips, path))) return NULL;
    return gdk_texture_new_from_filename(path, NULL);
}

typedef struct Made {
    KerfEffectItem *item;
    GdkTexture *picture;
} Made;

static gboolean give(gpointer data)
{
    Made *made = data;
    kerf_effect_item_set_preview(made->item, made->picture);
    g_object_unref(made->item);
    g_object_unref(made->picture);
    g_free(made);
    return G_SOURCE_REMOVE;
}

static void make_all(GTask *task, gpointer source, gpointer data, GCancellable *cancel)
{
    GPtrArray *items = data;
    g_autofree char *folder = folder_of_cache();
    if (g_mkdir_with_parents(folder, 0700) != 0) return;
    for (guint i = 0; i < items->len && !g_cancellable_is_cancelled(cancel); i++) {
        GdkTexture *picture = picture_of(kerf_effect_item_kind(items->pdata[i]), folder);
        if (!picture) continue;
        Made *made = g_new(Made, 1);
        *made = (Made){g_object_ref(items->pdata[i]), picture};
        g_idle_add(give, made);
    }
}

void kerf_previews_make(GListModel *items, GCancellable *cancel)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < g_list_model_get_n_items(items); i++) {
        g_ptr_array_add(list, g_list_model_get_item(items, i));
    }
    g_autoptr(GTask) task = g_task_new(NULL, cancel, NULL, NULL);
    g_task_set_task_data(task, list, (GDestroyNotify)g_ptr_array_unref);
    g_task_run_in_thread(task, make_all);
}
