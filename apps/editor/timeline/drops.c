/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "drops.h"

#include <math.h>
#include <stdlib.h>

#include "app.h"
#include "kerf/catalog.h"
#include "media/import.h"
#include "ops.h"

typedef struct drops {
    KerfTimelineArea *area;   /* whose controller it is */
    KerfDrag *drag;           /* that is over the area; NULL: none, or files */
} drops;

static const char *const OWN = "kerf-drops";

static drops *drops_of(KerfTimelineArea *area)
{
    return g_object_get_data(G_OBJECT(area), OWN);
}

static GdkModifierType keys_held(KerfTimelineArea *area)
{
    GdkSeat *seat = gdk_display_get_default_seat(gtk_widget_get_display(GTK_WIDGET(area)));
    GdkDevice *keyboard = seat ? gdk_seat_get_keyboard(seat) : NULL;
    return keyboard ? gdk_device_get_modifier_state(keyboard) : 0;
}

/* ---- Clips ---- */

static const kt_row *row_under(KerfTimelineArea *area)
{
    return kt_view_row_at(&area->view, area->drag.y);
}

static char *put_operations(KerfTimelineArea *area)
{
    const kt_put put = {.drag = drops_of(area)->drag, .row = row_under(area), .at = area->drag.by,
                        .insert = kt_drag_with(area->drag.modifiers, GDK_CONTROL_MASK)};
    return put.row && put.drag ? kt_put_operations(area, &put) : NULL;
}

static void put_describe(KerfTimelineArea *area, char *text, size_t size)
{
    char at[32];
    kf_sequence_timecode(kerf_document_sequence_info(area->document), area->drag.by, at, sizeof at);
    g_snprintf(text, size, "%s at %s", kt_drag_with(area->drag.modifiers, GDK_CONTROL_MASK) ? "insert" : "overwrite",
               at);
}

static void put_ended(KerfTimelineArea *area, bool cancelled)
{
    size_t count;
    const uint64_t *ids = kerf_document_created(area->document, &count);
    if (area->drag.applied && !cancelled && count) kerf_document_select(area->document, ids, count);
}

static const kt_action put = {
    .label = "Drop", .operations = put_operations, .describe = put_describe, .ended = put_ended, .at_once = true,
};

/* ---- Transitions: at the nearest cut ---- */

static bool nearest_cut(KerfTimelineArea *area, uint64_t *clip, bool *head)
{
    const kt_hit_query query = kerf_timeline_area_query(area);
    kt_hit hit = kt_hit_at(&query, area->drag.x, area->drag.y);
    if (!kt_hit_on_clip(&hit)) return false;
    *clip = hit.item.id;
    *head = hit.time < hit.item.start + hit.item.duration / 2;
    double x = kt_view_x(&area->view, *head ? hit.item.start : hit.item.start + hit.item.duration);
    return fabs(x - area->drag.x) < 120;
}

static char *transition_operations(KerfTimelineArea *area)
{
    uint64_t clip;
    bool head;
    const KerfDrag *drag = drops_of(area)->drag;
    if (!drag || !nearest_cut(area, &clip, &head)) return NULL;
    g_autofree char *kind = kerf_json_quote(drag->names[0]);
    return kerf_json_operation("add_transition", "\"clip\": " KT_ID ", \"edge\": \"%s\", \"transition\": %s", clip,
                               head ? "head" : "tail", kind);
}

static void transition_describe(KerfTimelineArea *area, char *text, size_t size)
{
    const KerfDrag *drag = drops_of(area)->drag;
    kf_catalog_kind kind;
    bool known = drag && kf_catalog_find(KF_CATALOG_TRANSITION, drag->names[0], &kind);
    g_strlcpy(text, area->drag.applied && known ? kind.label : "drop it on a cut", size);
}

static const kt_action transition = {
    .label = "Add Transition", .operations = transition_operations, .describe = transition_describe, .free_time = true,
    .at_once = true,
};

/* ---- Effects: on a clip, or on all that are selected if it is one of them ---- */

static char *add_effects(const KerfDrag *drag, uint64_t clip)
{
    char *operations = NULL;
    for (int i = 0; drag->names[i]; i++) {
        g_autofree char *kind = kerf_json_quote(drag->names[i]);
        operations = kt_ops_join(
            operations,
            kerf_json_operation("add_effect", "\"clip\": " KT_ID ", \"effect\": {\"effect\": %s}", clip, kind));
    }
    return operations;
}

static char *effect_operations(KerfTimelineArea *area)
{
    const KerfDrag *drag = drops_of(area)->drag;
    const kt_hit_query query = kerf_timeline_area_query(area);
    kt_hit hit = kt_hit_at(&query, area->drag.x, area->drag.y);
    if (!drag || !kt_hit_on_clip(&hit)) return NULL;
    if (!kerf_document_selected(area->document, hit.item.id)) return add_effects(drag, hit.item.id);
    size_t count;
    char *operations = NULL;
    const uint64_t *ids = kerf_document_selection(area->document, &count);
    for (size_t i = 0; i < count; i++) {
        kf_timeline_item item;
        kf_track_info track;
        if (!kerf_document_find(area->document, ids[i], &item) || item.kind != KF_TIMELINE_CLIP) continue;
        kf_film_track(kerf_document_film(area->document), item.sequence, item.track, &track);
        if (track.audio == hit.row.audio) operations = kt_ops_join(operations, add_effects(drag, ids[i]));
    }
    return operations;
}

static void effect_describe(KerfTimelineArea *area, char *text, size_t size)
{
    g_strlcpy(text, area->drag.applied ? "add effect" : "drop it on a clip", size);
}

static const kt_action effect = {
    .label = "Add Effect",
    .operations = effect_operations,
    .describe = effect_describe,
    .free_time = true,
    .at_once = true,
};

/* ---- Files: imported first ---- */

typedef struct waiting {
    KerfTimelineArea *area;   /* referenced */
    char **paths;
    kf_time at;
    uint64_t track;
    gulong handler;
} waiting;

static void free_waiting(gpointer data, GClosure *closure)
{
    waiting *w = data;
    g_object_unref(w->area);
    g_strfreev(w->paths);
    g_free(w);
}

/* Ids of the assets that the files became; as many as there are by now. */
static GPtrArray *assets_of(const waiting *w)
{
    const kf_film_handle *film = kerf_document_film(w->area->document);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    kf_asset_info asset;
    for (char **path = w->paths; *path; path++) {
        for (int32_t i = 0; kf_film_asset(film, i, &asset); i++) {
            char *file = kf_film_asset_file(film, i);
            bool same = file && g_str_equal(file, *path);
            kf_string_free(file);
            if (!same) continue;
            g_ptr_array_add(names, g_strdup(asset.id));
            break;
        }
    }
    return names;
}

static void place_imported(waiting *w, GPtrArray *names)
{
    g_ptr_array_add(names, NULL);
    KerfDrag *drag = kerf_drag_new(KERF_DRAG_ASSETS, (const char *const *)names->pdata);
    for (int32_t i = 0; i < w->area->view.row_count; i++) {
        const kt_put put_there = {.drag = drag, .row = &w->area->view.rows[i], .at = w->at};
        if (put_there.row->uid != w->track) continue;
        char *operations = kt_put_operations(w->area, &put_there);
        if (operations) kerf_document_edit(w->area->document, "Drop Files", operations);
        break;
    }
    kerf_drag_free(drag);
}

static gboolean place_later(gpointer data)
{
    waiting *w = data;
    g_autoptr(GPtrArray) names = assets_of(w);
    bool all = names->len == g_strv_length(w->paths), over = kerf_import_progress(w->area->document) < 0;
    if (!all && !over) return G_SOURCE_CONTINUE;
    if (names->len) place_imported(w, names);
    return G_SOURCE_REMOVE;
}

static void finish_waiting(gpointer data)
{
    free_waiting(data, NULL);
}

static bool drop_files(KerfTimelineArea *area, const GSList *files, double x, double y)
{
    const kt_row *row = kt_view_row_at(&area->view, y);
    KerfWorker *worker = kerf_app_worker(kerf_window_app(area->window));
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (; files; files = files->next) {
        char *path = g_file_get_path(files->data);
        if (path) g_ptr_array_add(paths, path);
    }
    g_ptr_array_add(paths, NULL);
    waiting *w = g_new0(waiting, 1);
    w->area = g_object_ref(area);
    w->paths = g_strdupv((char **)paths->pdata);
    w->at = kf_sequence_frame_time(kerf_document_sequence_info(area->document),
                                   kf_sequence_frame(kerf_document_sequence_info(area->document),
                                                     MAX(kt_view_time(&area->view, x), 0)));
    w->track = row ? row->uid : area->view.row_count ? area->view.rows[0].uid : 0;
    kerf_import(area->document, worker, (const char *const *)paths->pdata, "");
    g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, 100, place_later, w, finish_waiting);
    return true;
}

/* ---- The target ---- */

static const kt_action *action_of(const KerfDrag *drag)
{
    switch (drag->kind) {
    case KERF_DRAG_TRANSITION: return &transition;
    case KERF_DRAG_EFFECTS: return &effect;
    default: return &put;
    }
}

/* It has no place yet: its start is time 0, so that `by` is where it goes. */
static void begin(drops *d, double x, double y)
{
    KerfTimelineArea *area = d->area;
    const kt_hit nowhere = {.x = x, .y = y};
    kt_drag_begin(area, action_of(d->drag), &nowhere);
    if (action_of(d->drag) != &put) return;
    kt_drag_add_edge(area, 0);
    kt_drag_add_edge(area, kt_put_length(area, d->drag));
}

static void update(drops *d, double x, double y)
{
    if (!d->drag) return;
    if (!d->area->drag.action) begin(d, x, y);
    kt_drag_update(d->area, x, y, keys_held(d->area));
}

static void take_value(drops *d, GtkDropTarget *target)
{
    const GValue *value = gtk_drop_target_get_value(target);
    if (d->drag || !value || !G_VALUE_HOLDS(value, KERF_TYPE_DRAG)) return;
    d->drag = kerf_drag_copy(g_value_get_boxed(value));
}

static GdkDragAction moved(GtkDropTarget *target, double x, double y, drops *d)
{
    take_value(d, target);
    update(d, x, y);
    return GDK_ACTION_COPY;
}

static void left(GtkDropTarget *target, drops *d)
{
    if (d->drag) kt_drag_end(d->area, true);
    g_clear_pointer(&d->drag, kerf_drag_free);
}

static gboolean dropped(GtkDropTarget *target, const GValue *value, double x, double y, drops *d)
{
    if (G_VALUE_HOLDS(value, GDK_TYPE_FILE_LIST)) return drop_files(d->area, g_value_get_boxed(value), x, y);
    if (!d->drag) d->drag = kerf_drag_copy(g_value_get_boxed(value));
    update(d, x, y);
    bool applied = d->area->drag.applied;
    if (!applied && d->area->marks.refusal) kerf_document_say(d->area->document, TRUE, "%s", d->area->marks.bubble);
    kt_drag_end(d->area, !applied);
    g_clear_pointer(&d->drag, kerf_drag_free);
    gtk_widget_grab_focus(GTK_WIDGET(d->area));
    return applied;
}

static void free_drops(gpointer data)
{
    drops *d = data;
    g_clear_pointer(&d->drag, kerf_drag_free);
    g_free(d);
}

void kt_drops_add(KerfTimelineArea *area)
{
    drops *d = g_new0(drops, 1);
    GType types[] = {KERF_TYPE_DRAG, GDK_TYPE_FILE_LIST};
    GtkDropTarget *target = gtk_drop_target_new(G_TYPE_INVALID, GDK_ACTION_COPY | GDK_ACTION_MOVE);
    d->area = area;
    g_object_set_data_full(G_OBJECT(area), OWN, d, free_drops);
    gtk_drop_target_set_gtypes(target, types, G_N_ELEMENTS(types));
    gtk_drop_target_set_preload(target, TRUE);
    g_signal_connect(target, "enter", G_CALLBACK(moved), d);
    g_signal_connect(target, "motion", G_CALLBACK(moved), d);
    g_signal_connect(target, "leave", G_CALLBACK(left), d);
    g_signal_connect(target, "drop", G_CALLBACK(dropped), d);
    gtk_widget_add_controller(GTK_WIDGET(area), GTK_EVENT_CONTROLLER(target));
}
