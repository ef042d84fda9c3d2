/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "context.h"

#include "app.h"

static const char *const clip_menu[] = {"edit-cut",
                                        "edit-copy",
                                        "edit-paste",
                                        "edit-paste-attributes",
                                        "",
                                        "edit-delete",
                                        "edit-ripple-delete",
                                        "",
                                        "clip-enable",
                                        "clip-link",
                                        "clip-group",
                                        "clip-ungroup",
                                        "clip-nest",
                                        "",
                                        "clip-speed",
                                        "clip-freeze",
                                        "clip-join",
                                        "clip-rename",
                                        "clip-multicam",
                                        "clip-detach-audio",
                                        "",
                                        "sequence-transition",
                                        "sequence-razor",
                                        "",
                                        "match-frame",
                                        "clip-reveal",
                                        NULL};
static const char *const gap_menu[] = {
    "sequence-close-gap", "sequence-close-gaps", "", "edit-paste", "edit-paste-insert", "", "edit-select-all", "",
    "sequence-add-video-track", "sequence-add-audio-track", NULL};
static const char *const transition_menu[] = {"edit-delete",    "",  "transition-center", "transition-start",
                                              "transition-end", NULL};
static const char *const ruler_menu[] = {
    "mark-in",    "mark-out",         "mark-clip",         "mark-clear",      "",
    "marker-add", "marker-remove",    "marker-next",       "marker-previous", "marker-clear-all",
    "",           "timeline-zoom-in", "timeline-zoom-out", "timeline-fit",    NULL};

static GMenuModel *menu_of(KerfTimelineArea *area, const char *const *names)
{
    GMenu *menu = g_menu_new(), *section = g_menu_new();
    KerfKeymap *keymap = kerf_app_keymap(kerf_window_app(area->window));
    for (;; names++) {
        if (!*names || !**names) {
            if (g_menu_model_get_n_items(G_MENU_MODEL(section)))
                g_menu_append_section(menu, NULL, G_MENU_MODEL(section));
            g_object_unref(section);
            if (!*names) return G_MENU_MODEL(menu);
            section = g_menu_new();
            continue;
        }
        const KerfAction *action = kerf_action_find(*names);
        if (!action) continue;
        g_autofree char *detailed = g_strconcat("win.", *names, NULL);
        g_autoptr(GMenuItem) item = g_menu_item_new(action->label, detailed);
        const char *key = kerf_keymap_key(keymap, *names);
        if (key) g_menu_item_set_attribute(item, "accel", "s", key);
        g_menu_append_item(section, item);
    }
}

static gboolean unparent_later(gpointer popover)
{
    gtk_widget_unparent(popover);
    return G_SOURCE_REMOVE;
}

/* The chosen action runs after the menu was closed. */
static void closed(GtkPopover *popover, gpointer data)
{
    g_idle_add(unparent_later, popover);
}

static void popup(KerfTimelineArea *area, const char *const *names, double x, double y)
{
    g_autoptr(GMenuModel) model = menu_of(area, names);
    GtkWidget *popover = gtk_popover_menu_new_from_model(model);
    gtk_widget_set_parent(popover, GTK_WIDGET(area));
    gtk_popover_set_pointing_to(GTK_POPOVER(popover), &(GdkRectangle){(int)x, (int)y, 1, 1});
    gtk_popover_set_has_arrow(GTK_POPOVER(popover), FALSE);
    gtk_widget_set_halign(popover, GTK_ALIGN_START);
    g_signal_connect(popover, "closed", G_CALLBACK(closed), NULL);
    kerf_window_update_actions(area->window);
    gtk_popover_popup(GTK_POPOVER(popover));
}

void kt_context_menu(KerfTimelineArea *area, const kt_hit *hit)
{
    if (hit->zone >= KT_ZONE_RULER && hit->zone <= KT_ZONE_MARK_OUT) {
        kerf_document_seek(area->document, hit->zone == KT_ZONE_MARKER ? hit->marker.time : hit->time);
        popup(area, ruler_menu, hit->x, hit->y);
        return;
    }
    if (kt_hit_on_clip(hit) || kt_hit_on_transition(hit)) {
        if (!kerf_document_selected(area->document, hit->item.id)) kt_select_pressed(area, hit);
        kerf_document_set_focus(area->document, hit->item.id);
        popup(area, kt_hit_on_clip(hit) ? clip_menu : transition_menu, hit->x, hit->y);
        return;
    }
    kt_select_gap(area, hit);
    popup(area, gap_menu, hit->x, hit->y);
}

void kt_context_menu_at_focus(KerfTimelineArea *area)
{
    kf_timeline_item item;
    double x = kt_view_x(&area->view, kerf_document_playhead(area->document)), y = KT_RULER;
    const char *const *names = ruler_menu;
    if (kerf_document_find(area->document, kerf_document_focus(area->document), &item)) {
        const kt_row *row = kt_view_row_of(&area->view, item.track);
        names = item.kind == KF_TIMELINE_CLIP ? clip_menu : transition_menu;
        x = kt_view_x(&area->view, item.start) + 8;
        if (row) y = kt_view_row_y(&area->view, row) + 8;
    }
    popup(area, names, CLAMP(x, 0, area->view.width - 1), CLAMP(y, 0, area->view.height - 1));
}

void kt_open_nested(KerfTimelineArea *area, const kf_timeline_item *clip)
{
    kf_sequence_info info;
    if (kf_film_sequence(kerf_document_film(area->document), clip->source_index, &info)) {
        kerf_document_show_sequence(area->document, info.uid);
    }
}
