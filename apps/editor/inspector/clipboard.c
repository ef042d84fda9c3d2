/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clipboard.h"

#include <string.h>

#include "text.h"

/* An effect's JSON with its class before it: pictures' and sounds' effects share names. */
static const char *const marks[] = {"kerf-effect:", "kerf-audio-effect:"};

void kerf_clipboard_copy_effect(KerfWindow *window, KerfTargets *targets, const KerfSet *set)
{
    const kf_timeline_item *item = kerf_targets_focus(targets);
    const kf_param_place place = {.item = item, .group = set->group, .index = set->index};
    char *json = item ? kf_film_effect_json(kerf_document_film(kerf_window_document(window)), &place) : NULL;
    if (!json) return;
    g_autofree char *text = g_strconcat(marks[set->group == KF_PARAMS_AUDIO_EFFECT], json, NULL);
    kf_string_free(json);
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(window)), text);
}

static void paste_text(KerfDocument *document, const char *text)
{
    for (int audio = 0; audio < 2; audio++) {
        if (!g_str_has_prefix(text, marks[audio])) continue;
        KerfTargets *targets = kerf_targets_new(document);
        char *operations = kerf_targets_op_add_effect(targets, audio, text + strlen(marks[audio]));
        kerf_document_edit(document, "Paste effect", operations);
        kerf_targets_free(targets);
        return;
    }
    kerf_document_say(document, FALSE, "There is no effect to paste: copy one from the inspector first.");
}

static void text_read(GObject *clipboard, GAsyncResult *result, gpointer data)
{
    g_autoptr(KerfWindow) window = data;
    g_autofree char *text = gdk_clipboard_read_text_finish(GDK_CLIPBOARD(clipboard), result, NULL);
    KerfDocument *document = kerf_window_document(window);
    if (document) paste_text(document, text ? text : "");
}

void kerf_clipboard_paste_effect(KerfWindow *window)
{
    gdk_clipboard_read_text_async(gtk_widget_get_clipboard(GTK_WIDGET(window)), NULL, text_read, g_object_ref(window));
}

/* ---- Attributes ---- */

static const char key[] = "kerf-attributes-from";

void kerf_clipboard_copy_attributes(KerfWindow *window)
{
    KerfDocument *document = kerf_window_document(window);
    const uint64_t focus = kerf_document_focus(document);
    g_object_set_data_full(G_OBJECT(document), key, focus ? g_memdup2(&focus, sizeof focus) : NULL, g_free);
}

gboolean kerf_clipboard_has_attributes(KerfWindow *window)
{
    KerfDocument *document = kerf_window_document(window);
    const uint64_t *from = document ? g_object_get_data(G_OBJECT(document), key) : NULL;
    kf_timeline_item item;
    return from && kerf_document_focus(document) && kerf_document_find(document, *from, &item);
}

void kerf_clipboard_paste_attributes(KerfWindow *window)
{
    KerfDocument *document = kerf_window_document(window);
    const uint64_t *from = g_object_get_data(G_OBJECT(document), key);
    size_t count;
    const uint64_t *ids = kerf_document_selection(document, &count);
    if (!from || !count) return;
    g_autofree char *clips = kerf_json_ids(ids, count);
    kerf_document_edit(document, "Paste attributes",
                       kerf_json_operation("paste_attributes", "\"from\": %" G_GUINT64_FORMAT ", \"clips\": %s",
                                           (guint64)*from, clips));
}
