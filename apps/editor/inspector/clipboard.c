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
