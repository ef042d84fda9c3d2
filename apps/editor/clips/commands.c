/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is done to selected clips, and to the sequence, wherever the focus is. */
#include <math.h>

#include "clips/clipboard.h"
#include "dialogs.h"
#include "forms.h"
#include "text.h"

/* ---- The selection ---- */

/* The selected clips (no transitions) as a JSON list; NULL: none. New. */
static char *selected_clips(KerfWindow *window)
{
    KerfDocument *document = kerf_window_document(window);
    size_t count, clips = 0;
    const uint64_t *ids = kerf_document_selection(document, &count);
    g_autofree uint64_t *list = g_new(uint64_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        kf_timeline_item item;
        if (kerf_document_find(document, ids[i], &item) && item.kind == KF_TIMELINE_CLIP) list[clips++] = ids[i];
    }
    return clips ? kerf_json_ids(list, clips) : NULL;
}

static gboolean focused_clip(KerfWindow *window, kf_timeline_item *out)
{
    KerfDocument *document = kerf_window_document(window);
    return document && kerf_document_find(document, kerf_document_focus(document), out) && out->kind == KF_TIMELINE_CLIP;
}

static gboolean has_clip(KerfWindow *window)
{
    kf_timeline_item item;
    return focused_clip(window, &item);
}

static void edit_selected(KerfWindow *window, const char *op, const char *rest)
{
    g_autofree char *clips = selected_clips(window);
    if (clips) kerf_document_edit(kerf_window_document(window), NULL, kerf_json_operation(op, "\"clips\": %s%s", clips, rest));
}

/* ---- Clipboard ---- */

static void edit_copy(KerfWindow *window) { kerf_copy_clips(window); }

static void edit_cut(KerfWindow *window)
{
    if (!kerf_copy_clips(window)) return;
    edit_selected(window, "delete", "");
}

static void edit_paste(KerfWindow *window) { kerf_paste_clips(window, FALSE); }
static void edit_paste_insert(KerfWindow *window) { kerf_paste_clips(window, TRUE); }

static gboolean can_paste_attributes(KerfWindow *window) { return has_clip(window) && kerf_copied_clip(window) != 0; }

static gboolean paste_attributes(KerfWindow *window, const KerfFormValue *values, gpointer data)
{
    static const char *const names[] = {"transform", "opacity", "effects", "gain", "audio_effects", "speed"};
    g_autoptr(GString) what = g_string_new(NULL);
    g_autofree char *clips = selected_clips(window);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (values[i].on) g_string_append_printf(what, "%s%s", what->len ? "," : "", names[i]);
    }
    if (!clips || what->len == 0) return TRUE;
    return kerf_document_edit(kerf_window_document(window), NULL,
                              kerf_json_operation("paste_attributes", "\"from\": %" G_GUINT64_FORMAT ", \"clips\": %s, \"what\": \"%s\"",
                                                  (guint64)kerf_copied_clip(window), clips, what->str));
}

static void edit_paste_attributes(KerfWindow *window)
{
    static const KerfFormField fields[] = {
        {"Transform", "Position, scale, rotation", KERF_FORM_SWITCH, .on = TRUE}, {"Opacity", NULL, KERF_FORM_SWITCH, .on = TRUE},
        {"Effects", NULL, KERF_FORM_SWITCH, .on = TRUE}, {"Gain", NULL, KERF_FORM_SWITCH, .on = TRUE},
        {"Audio effects", NULL, KERF_FORM_SWITCH, .on = TRUE}, {"Speed", NULL, KERF_FORM_SWITCH}, {0}};
    kerf_form_show(window, "Paste Attributes", fields, paste_attributes, NULL, NULL);
}

/* ---- Clips ---- */

static gboolean speed_given(KerfWindow *window, const KerfFormValue *values, gpointer data)
{
    kf_timeline_item item;
    if (!focused_clip(window, &item)) return TRUE;
    const gint64 percent = (gint64)llround(values[0].number * 1000);
    return kerf_document_edit(kerf_window_document(window), NULL,
                              kerf_json_operation("rate_stretch", "\"clip\": %" G_GUINT64_FORMAT
                                                  ", \"speed\": \"%" G_GINT64_FORMAT "/100000\", \"reverse\": %s, \"ripple\": %s",
                                                  (guint64)item.id, percent, values[1].on ? "true" : "false",
                                                  values[2].on ? "true" : "false"));
}

static void clip_speed(KerfWindow *window)
{
    kf_timeline_item item;
    if (!focused_clip(window, &item)) return;
    const double speed = 100.0 * item.speed.num / MAX(item.speed.den, 1);
    const KerfFormField fields[] = {
        {"Speed", "Percent of the source's own", KERF_FORM_NUMBER, NULL, speed, 1, 10000, 1, 2},
        {"Turn the direction around", NULL, KERF_FORM_SWITCH},
        {"What follows moves along", NULL, KERF_FORM_SWITCH, .on = TRUE}, {0}};
    kerf_form_show(window, "Speed and Duration", fields, speed_given, NULL, NULL);
}

static void clip_freeze(KerfWindow *window)
{
    kf_timeline_item item;
    if (!focused_clip(window, &item)) return;
    KerfDocument *document = kerf_window_document(window);
    kerf_document_edit(document, NULL, kerf_json_operation("freeze_frame", "\"clip\": %" G_GUINT64_FORMAT ", \"at\": %s", (guint64)item.id,
                                                           kerf_json_time(kerf_document_playhead(document)).text));
}

static void clip_enable(KerfWindow *window)
{
    kf_timeline_item item;
    if (!focused_clip(window, &item)) return;
    edit_selected(window, "set_clip", item.enabled ? ", \"set\": {\"enabled\": false}" : ", \"set\": {\"enabled\": true}");
}

static void clip_link(KerfWindow *window)
{
    kf_timeline_item item;
    if (focused_clip(window, &item)) edit_selected(window, item.linked ? "unlink" : "link", "");
}

static void clip_group(KerfWindow *window) { edit_selected(window, "group", ""); }
static void clip_ungroup(KerfWindow *window) { edit_selected(window, "ungroup", ""); }

/* An id that no sequence has. New. */
static char *free_sequence_id(KerfDocument *document, const char *base)
{
    char *id = g_strdup(base);
    for (int n = 2; kf_film_sequence_find(kerf_document_film(document), id) >= 0; n++) {
        g_free(id);
        id = g_strdup_printf("%s %d", base, n);
    }
    return id;
}

static void nest(KerfWindow *window, const char *base, gboolean multicam)
{
    KerfDocument *document = kerf_window_document(window);
    g_autofree char *clips = selected_clips(window), *id = free_sequence_id(document, base), *quoted = kerf_json_quote(id);
    if (!clips) return;
    GString *script = g_string_new(NULL);
    g_string_append_printf(script, "{\"op\": \"nest\", \"clips\": %s, \"id\": %s}\n", clips, quoted);
    if (multicam) g_string_append_printf(script, "{\"op\": \"set_sequence\", \"sequence\": %s, \"set\": {\"multicam\": true}}\n", quoted);
    kerf_document_edit(document, multicam ? "Make a multicam clip" : NULL, g_string_free(script, FALSE));
}

static void clip_nest(KerfWindow *window) { nest(window, "Nested", FALSE); }
static void clip_multicam(KerfWindow *window) { nest(window, "Multicam", TRUE); }

static void clip_detach(KerfWindow *window)
{
    kf_timeline_item item;
    if (!focused_clip(window, &item)) return;
    kerf_document_edit(kerf_window_document(window), NULL,
                       kerf_json_operation("detach_audio", "\"clip\": %" G_GUINT64_FORMAT, (guint64)item.id));
}

static void renamed(KerfWindow *window, const char *text)
{
    g_autofree char *name = kerf_json_quote(text), *rest = g_strdup_printf(", \"set\": {\"name\": %s}", name);
    edit_selected(window, "set_clip", rest);
}

static void clip_rename(KerfWindow *window)
{
    kf_timeline_item item;
    const KerfQuestion question = {.title = "Rename the clip", .accept = "_Rename"};
    if (focused_clip(window, &item)) kerf_ask_text(window, &question, item.name, renamed);
}

/* ---- Sequence and project ---- */


static const char *const rate_labels[] = {"23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60", NULL};
static const char *const rate_values[] = {"24000/1001", "24/1", "25/1", "30000/1001", "30/1", "48/1", "50/1", "60000/1001", "60/1"};
static const char *const sample_rates[] = {"44100", "48000", "96000", NULL};

static guint rate_index(kf_rational rate)
{
    g_autofree char *text = g_strdup_printf("%d/%d", rate.num, rate.den);
    for (guint i = 0; i < G_N_ELEMENTS(rate_values); i++) {
        if (strcmp(text, rate_values[i]) == 0) return i;
    }
    return GTK_INVALID_LIST_POSITION;
}

static gboolean sequence_given(KerfWindow *window, const KerfFormValue *values, gpointer data)
{
    KerfDocument *document = kerf_window_document(window);
    g_autofree char *id = kerf_json_quote(kerf_document_sequence_info(document)->id), *name = kerf_json_quote(values[0].text);
    GString *set = g_string_new(NULL);
    g_string_append_printf(set, "\"name\": %s, \"size\": [%d, %d]", name, (int)values[1].number, (int)values[2].number);
    if (values[3].chosen < G_N_ELEMENTS(rate_values)) g_string_append_printf(set, ", \"rate\": \"%s\"", rate_values[values[3].chosen]);
    if (values[4].chosen < 3) g_string_append_printf(set, ", \"sample_rate\": %s", sample_rates[values[4].chosen]);
    const gboolean done = kerf_document_edit(document, "Sequence settings",
                                             kerf_json_operation("set_sequence", "\"sequence\": %s, \"set\": {%s}", id, set->str));
    g_string_free(set, TRUE);
    return done;
}

static void sequence_settings(KerfWindow *window)
{
    const kf_sequence_info *s = kerf_document_sequence_info(kerf_window_document(window));
    const guint sound = s->sample_rate == 44100 ? 0 : s->sample_rate == 96000 ? 2 : 1;
    const KerfFormField fields[] = {
        {"Name", NULL, KERF_FORM_TEXT, s->name},
        {"Width", "Pixels", KERF_FORM_NUMBER, NULL, s->width, 16, 16384, 2, 0},
        {"Height", "Pixels", KERF_FORM_NUMBER, NULL, s->height, 16, 16384, 2, 0},
        {"Frame rate", NULL, KERF_FORM_CHOICE, .choices = rate_labels, .chosen = rate_index(s->rate)},
        {"Sample rate", "Hz", KERF_FORM_CHOICE, .choices = sample_rates, .chosen = sound}, {0}};
    kerf_form_show(window, "Sequence Settings", fields, sequence_given, NULL, NULL);
}

static gboolean project_given(KerfWindow *window, const KerfFormValue *values, gpointer data)
{
    g_autofree char *name = kerf_json_quote(values[0].text);
    return kerf_document_edit(kerf_window_document(window), "Project settings",
                              kerf_json_operation("set_project", "\"set\": {\"name\": %s}", name));
}

static void project_settings(KerfWindow *window)
{
    const KerfFormField fields[] = {{"Name", NULL, KERF_FORM_TEXT, kerf_document_title(kerf_window_document(window))}, {0}};
    kerf_form_show(window, "Project Settings", fields, project_given, NULL, NULL);
}

const KerfAction kerf_clip_actions[] = {
    {"edit-cut", "Cut", "Edit", "<Control>x", edit_cut, has_clip},
    {"edit-copy", "Copy", "Edit", "<Control>c", edit_copy, has_clip},
    {"edit-paste", "Paste", "Edit", "<Control>v", edit_paste, kerf_window_has_document},
    {"edit-paste-insert", "Paste Insert", "Edit", "<Control><Shift>v", edit_paste_insert, kerf_window_has_document},
    {"edit-paste-attributes", "Paste Attributes...", "Edit", "<Control><Alt>v", edit_paste_attributes, can_paste_attributes},
    {"clip-speed", "Speed and Duration...", "Clip", "<Control>r", clip_speed, has_clip},
    {"clip-freeze", "Freeze Frame at Playhead", "Clip", "<Shift>k", clip_freeze, has_clip},
    {"clip-enable", "Enable or Disable", "Clip", "<Shift>e", clip_enable, has_clip},
    {"clip-link", "Link or Unlink", "Clip", "<Control><Shift>l", clip_link, has_clip},
    {"clip-group", "Group", "Clip", "<Control>g", clip_group, has_clip},
    {"clip-ungroup", "Ungroup", "Clip", "<Control><Shift>g", clip_ungroup, has_clip},
    {"clip-nest", "Nest...", "Clip", NULL, clip_nest, has_clip},
    {"clip-multicam", "Make a Multicam Clip", "Clip", NULL, clip_multicam, has_clip},
    {"clip-detach-audio", "Detach Audio", "Clip", NULL, clip_detach, has_clip},
    {"clip-rename", "Rename...", "Clip", "F2", clip_rename, has_clip},
    {"sequence-settings", "Sequence Settings...", "Sequence", NULL, sequence_settings, kerf_window_has_document},
    {"project-settings", "Project Settings...", "File", NULL, project_settings, kerf_window_has_document},
    {0},
};
